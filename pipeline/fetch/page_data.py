"""Addresses that stand as data in scripts, calls and answers of a page, which are read as texts: nothing is run.

Belongs here: from a text to the addresses in it, with the names beside them. Does not belong here: the elements of a page
(`web_page.py`), which addresses are of interest (`finding.py`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from pipeline.fetch.addresses import DOCUMENT_ENDINGS, PAGE_ENDINGS, ending_of

MOST_NEXT_PAGES = 200
"""Pages of one list: at twenty rows a page, more offices than any government has."""

LONGEST_ADDRESS_IN_TEXT = 600
"""Characters of a text in quotes that may be an address."""

LONGEST_CALL = 2_000
"""Characters of a call of a script, or an attribute, that are looked at."""

_STRING = re.compile(
    rf"""(?<!\\)(?:\"((?:[^"\\\n]|\\.){{1,{LONGEST_ADDRESS_IN_TEXT}}}+)\"|'((?:[^'\\\n]|\\.){{1,{LONGEST_ADDRESS_IN_TEXT}}}+)')"""
)
"""A text in quotes; what a backslash stands before opens none."""
_OBJECT = re.compile(rf"\{{[^{{}}]{{1,{LONGEST_CALL}}}\}}")
_CALL = re.compile(rf"\(([^(){{}}]{{1,{LONGEST_CALL}}}+)\)")
_WRITTEN_LINK = re.compile(
    rf"<a\s([^<>\n]{{1,{LONGEST_ADDRESS_IN_TEXT}}}+)>([^<>\n]{{1,{LONGEST_ADDRESS_IN_TEXT}}}+)<\\?/a>", re.IGNORECASE
)
_LINK_TARGET = re.compile(r"""\bhref\s?=\s?\\?["']([^"'\\<>+\s]{1,600})\\?["']""", re.IGNORECASE)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LIST_CALL = re.compile(
    r"""createPage\w{0,20}\(\s*(["'][^"'\n]{0,40}["']\s*,\s*)?(\d{1,4})\s*,\s*(\d{1,4})\s*,\s*["']([\w-]{1,40})["']\s*,\s*["'](s?html?)["']"""
)
_COUNT = re.compile(r"\bcountPage\s{0,4}=\s{0,4}(\d{1,4})")
_CURRENT = re.compile(r"\bcurrentPage\s{0,4}=\s{0,4}(\d{1,4})")
_WRITTEN_ENDING = re.compile(r"""["'.](s?html?)\\?["']""")
_SENT_ON = re.compile(r"""\blocation(?:\.href\s{0,4}=|\s{0,4}=|\.replace\(|\.assign\()\s{0,4}["']([^"'\s]{1,500})["']""")
_RECORD, _RECORD_END, _FURTHER = "<![CDATA[", "]]>", "<nextgroup>"


@dataclass(frozen=True, slots=True)
class NamedAddress:
    """An address as it stands in a text, and what the texts beside it say of it."""

    address: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Records:
    """A list that a page holds as records of elements: those of its rows, and those that lead to further records."""

    rows: str = ""
    further: str = ""


def further_pages(script: str, own_name: str) -> Iterator[str]:
    """Yield the further pages of a list whose links are written by a script that is told, or counts, how many there are.

    Args:
        script: its text.
        own_name: name of the file that the page is, without its number and ending.
    """
    for place, count, current, name, ending in _LIST_CALL.findall(script):
        # with the place to write to before them, numbers begin with one; else with none, and the first page bears no number
        first = 2 if place else 1
        for number in range(first, min(int(count), MOST_NEXT_PAGES) + first - 1):
            if number != int(current):
                yield f"{name}_{number}.{ending}"
    count, current, ending = _COUNT.search(script), _CURRENT.search(script), _WRITTEN_ENDING.search(script)
    if count and current and ending:
        for number in range(1, min(int(count[1]), MOST_NEXT_PAGES)):
            if number != int(current[1]):
                yield f"{own_name}_{number}.{ending[1]}"


def sent_on(script: str) -> str | None:
    """Return the address that a script sends whoever loads the page on to, where it stands there as it is."""
    match = _SENT_ON.search(script)
    return match[1] if match else None


def records_in(text: str) -> Records:
    """Return the elements that stand as character data in a text: rows of a list, and the way to further ones."""
    rows: list[str] = []
    further: list[str] = []
    before, *pieces = text.split(_RECORD)
    for piece in pieces:
        held, end, after = piece.partition(_RECORD_END)
        if end:
            (further if before.rstrip().endswith(_FURTHER) else rows).append(held)
        before = after
    return Records("".join(rows), "".join(further))


def named_addresses(script: str) -> Iterator[NamedAddress]:
    """Yield the addresses of documents in a script, and those of pages with a name beside them in an object, a call or a link."""
    for attributes, words in _WRITTEN_LINK.findall(script):
        target = _LINK_TARGET.search(attributes)
        if target and is_address(target[1], in_call=True):
            yield NamedAddress(target[1], words)
    for strings in chain(_objects(script), (list(_strings(held)) for held in _CALL.findall(script))):
        found = [text for text in strings if is_address(text)]
        words = " ".join(text for text in strings if text not in found and (_HAN.search(text) or ending_of(f"http://page/{text}")))
        if len(found) == 1 and words:
            yield NamedAddress(found[0], words)
    yield from (NamedAddress(text) for text in _strings(script) if "/" in text and is_address(text) and _is_of_document(text))


def _objects(script: str) -> Iterator[list[str]]:
    """Yield the texts of each object in a script; of a script that is data alone, whatever stands inside its objects."""
    if script.lstrip().startswith(("{", "[")):
        try:
            yield from _objects_of(json.loads(script))
            return
        except (ValueError, RecursionError):
            pass  # a script that begins with a block, or data that is broken or nested without end
    yield from (list(_strings(held)) for held in _OBJECT.findall(script))


def _objects_of(data: object) -> Iterator[list[str]]:
    waiting = [data]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            yield [value.strip() for value in found.values() if isinstance(value, str)]
            waiting += reversed(list(found.values()))
        elif isinstance(found, list):
            waiting += reversed(found)


def addresses_in_call(call: str) -> Iterator[NamedAddress]:
    """Yield the addresses in a call of a function, with the names that stand in it beside them."""
    strings = list(_strings(call))
    found = [text for text in strings if is_address(text, in_call=True)]
    if any("/" in text for text in found):  # the others name the file as it is to be saved
        found = [text for text in found if "/" in text]
    words = " ".join(text for text in strings if text not in found and _HAN.search(text))
    yield from (NamedAddress(text, words) for text in found)


def is_address(value: str, *, in_call: bool = False) -> bool:
    """Return whether a text is an address of a document or a page, and no word, number or selector.

    Args:
        value: the text.
        in_call: whether it stands in a call of a function, where the name of a page alone is its address too.
    """
    if value.startswith("#") or any(mark in value for mark in " {}[]<>|$") or len(value) > LONGEST_ADDRESS_IN_TEXT:
        return False
    if value.startswith(("http://", "https://", "//")):
        return True
    if "." not in value:
        return False
    return _is_of_document(value) or ((in_call or value.startswith(("/", "./", "../"))) and _ending(value) in PAGE_ENDINGS)


def _is_of_document(value: str) -> bool:
    return _ending(value) in DOCUMENT_ENDINGS


def _ending(value: str) -> str:
    try:
        return ending_of(value if value.startswith(("http:", "https:")) else f"http://page/{value.lstrip('/')}")
    except ValueError:
        return ""


def _strings(text: str) -> Iterator[str]:
    """Yield the texts in quotes, as they are meant."""
    for double, single in _STRING.findall(text):
        found = double or single
        if "\\" in found:
            try:
                found = json.loads(f'"{found}"')
            except ValueError:
                found = found.replace("\\/", "/")
        yield found.strip()
