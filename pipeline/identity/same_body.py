"""Whether two printed names are of one body: with or without its place, （本级） or （汇总）, its second name, or shortened.

Belongs here: comparing two names within one document. The identity of offices across documents and years is in `departments.py`.
"""

from __future__ import annotations

import re
from functools import cache

from pipeline.budget.characters import fold
from pipeline.identity.named_places import places_of, without_places
from pipeline.identity.words import either, words_of
from schemas.vocabulary.phrases import WordPattern

_NOTE = re.compile(r"[（(][^（()）]*[）)]")
_CODE = re.compile(r"^(?:\[\d+\]|\d+)[-_—]?")
_FIELD_END = WordPattern(lambda: either("field_end"))
_OWN_OFFICE = WordPattern(lambda: either("own_office") + "$")
_LONGEST_OFFICE = 10  # characters between a body and the last word of an office within it: 规划财务和行政审批
_INNER_OFFICE = WordPattern(lambda: rf"{either('has_inner_offices')}[^局厅]{{0,{_LONGEST_OFFICE}}}{either('inner_office')}$")
_SHORT = range(3, 7)  # characters of a short form without its place: 发改委, 市场监管局; a longer name is a name of its own


@cache
def is_own_office(name: str) -> bool:
    """Tell whether a name is that of a body's own office alone: 某局（本级）, 某局机关本级."""
    marks = [mark[1:-1] for mark in _NOTE.findall(fold(name))]
    return any(words_of("office").get(mark) for mark in marks) or _OWN_OFFICE.search(fold(name)) is not None


def without_own_office(name: str) -> str:
    """Return a name as printed without what marks a body's own office, and without brackets at its end."""
    return _OWN_OFFICE.sub("", _NOTE.sub("", name))


def bare_name(name: str) -> str:
    """Return a body's name without what stands around it: a code, brackets （汇总）, a second name, 机关本级, the next field."""
    text = _CODE.sub("", _NOTE.sub("", fold(name)).replace(":", "："))
    if end := _FIELD_END.search(text):
        text = text[: end.start()]
    return _OWN_OFFICE.sub("", text)


@cache
def same_body(name: str, other: str) -> bool:
    """Tell whether two names of one document are of one body: 某市发展和改革委员会（本级）, 市发展和改革委员会, 市发改委.

    Bodies of two places are two, whatever they are called.
    """
    one, two = bare_name(name), bare_name(other)
    if one == two:
        return True
    longer, shorter = sorted((one, two), key=lambda text: (-len(text), text))
    if places_of(longer) and places_of(shorter):
        return set(places_of(longer)) == set(places_of(shorter)) and _same_office(without_places(longer), without_places(shorter))
    if not places_of(longer):
        return _same_office(longer, shorter)
    place = len(longer) - len(without_places(longer))
    if longer.endswith(shorter) and len(longer) - len(shorter) <= place:
        return True
    own_kind = shorter[:1] if shorter[:1] == longer[place - 1] else ""  # 市 of 某市: 市发改委
    return _same_office(without_places(longer), shorter.removeprefix(own_kind))


def is_inner_office(name: str, body: str) -> bool:
    """Tell whether a name is that of an office within a body (某局办公室), or within whatever body: it has no budget of its own.

    Args:
        name: with its place.
        body: with its place, in the forms that documents print.
    """
    own, whole = bare_name(name), bare_name(body)
    return (own != whole and own.startswith(whole)) or _INNER_OFFICE.search(own) is not None


def _same_office(long: str, short: str) -> bool:
    """Tell whether `short` is `long` or is made of characters of it in their order, the first among them, as short forms are."""
    if long == short:
        return True
    if len(short) not in _SHORT or len(short) >= len(long) or short[:1] != long[:1]:
        return False
    if long.startswith(short):
        return False  # 某局福田管理局 is a body below 某局
    if not short.endswith(tuple(words_of("short_form_end"))):
        return False  # 第一中学 is no short form of 第二十一中学
    rest = iter(long)
    return all(character in rest for character in short) and _kind_of(short) == _kind_of(long)


def _kind_of(name: str) -> str:
    return "委" if name.endswith("委员会") else name[-1:]
