"""The words that carry meaning in budget statements, as reviewed data: one row per phrase.

Three lists: `titles.csv` (which statement a title announces, and the scope that it fixes where the statement's kind does not;
see `titles.py`), `headers.csv` (what a column header says) and `row_labels.csv` (what a row's name says where it is no code
of a classification). All phrases are in folded form (no white space, ASCII punctuation), and so must be the text that is
asked about.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class _Phrase:
    phrase: str
    match: str
    attribute: str
    value: str


@cache
def phrase_rows(name: str) -> tuple[Mapping[str, str], ...]:
    """Return the rows of a list of phrases (`headers.csv`, …) by column, in the order of the file."""
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def _phrases(name: str) -> tuple[dict[str, list[_Phrase]], tuple[_Phrase, ...]]:
    """Return the exact phrases by text and the others, longest first."""
    exact: dict[str, list[_Phrase]] = {}
    rest = []
    for r in phrase_rows(name):
        phrase = _Phrase(r["phrase"], r["match"], r["attribute"], r["value"])
        if phrase.match == "exact":
            exact.setdefault(phrase.phrase, []).append(phrase)
        else:
            rest.append(phrase)
    return exact, tuple(sorted(rest, key=lambda p: -len(p.phrase)))


_WIDEST_FUND = "fiscal_appropriation"
"""Said together with another fund it only says where that comes from: 政府性基金预算财政拨款收入, 非财政拨款收入."""

_ITEMS = "three_public"
"""Attribute of the items of 三公."""

_CARRIED_ON = "carryforward"
"""Nature of what is carried over to the year to come; words of what came from the last one hold its words."""

_NOT = "非"

_OPEN = "open"
"""Attribute of texts that say nothing, though words in them would."""

_ASIDE = re.compile(r"\((?:不含|不包括|含|包括|单位|详见|注|万元|元)[^()]*\)")


_TRANSLATION = re.compile(
    "[A-Za-z][A-Za-z.,&'-]{3,}"  # English words, not PPP or IC
    "|[\u0600-\u06ff\u0750-\u077f\u0f00-\u0fff\u1800-\u18af\ua000-\ua4cf\uac00-\ud7af\ufb50-\ufdff\ufe70-\ufeff]+"
)
"""Words that stand beside the Chinese ones and say the same: in English, Uyghur, Tibetan, Mongolian, Yi or Korean."""

_CHINESE = re.compile("[\u4e00-\u9fff]")


def _read(name: str, folded: str) -> dict[str, str]:
    exact, rest = _phrases(name)
    if folded in exact:
        return {p.attribute: p.value for p in exact[folded] if p.attribute != _OPEN}
    if _TRANSLATION.search(folded) and _CHINESE.search(folded):
        return _read(name, _TRANSLATION.sub("", folded))
    text = _ASIDE.sub("", folded)
    if text in exact:
        return {p.attribute: p.value for p in exact[text] if p.attribute != _OPEN}
    found: dict[str, str] = {}
    if _names_several(text, exact, rest):
        rest = tuple(p for p in rest if p.attribute != _ITEMS)
    carryover, carried = False, list[str]()
    for p in rest:
        hit = text.endswith(p.phrase) if p.match == "ends" else p.phrase in text
        if not hit:
            continue
        if p.attribute == "fund" and is_negated(p.phrase, text):
            text = text if "fund" in found else text.replace(_NOT + p.phrase, "")  # no shorter word of it says a fund either
            continue
        if p.value == _CARRIED_ON and any(p.phrase in word for word in carried):
            continue  # 上年年末结转
        if p.attribute == "fund" and p.value == "carryover":
            carryover = True
            carried.append(p.phrase)
        elif p.value == "change":
            found["measure"] = "change"  # 预算数增减额: a change of whatever else is named
        elif p.attribute == "fund" and found.get("fund") == _WIDEST_FUND:
            found["fund"] = p.value
        else:
            found.setdefault(p.attribute, p.value)
    if carryover:
        found["carryover"] = "carryover"
    return found


def is_negated(phrase: str, text: str) -> bool:
    """Tell whether a phrase stands in a text only behind 非: 非财政资金 is of any other source."""
    return f"{_NOT}{phrase}" in text and phrase not in text.replace(f"{_NOT}{phrase}", "")


def _names_several(text: str, exact: Mapping[str, Sequence[_Phrase]], rest: Sequence[_Phrase]) -> bool:
    """Tell whether a text names two items, as two cells run together do: 公务用车购置费公务用车运行费; it is of neither."""
    at: list[tuple[int, int, str]] = []
    hits = [(text.find(p.phrase), p) for p in rest if p.attribute == _ITEMS and p.phrase in text]
    if not hits:
        return False
    hits += [(text.rfind(phrase), p) for phrase, own in exact.items() for p in own if p.attribute == _ITEMS and text.endswith(phrase)]
    for start, p in sorted(hits, key=lambda hit: -len(hit[1].phrase)):  # the longest first: what stands inside it says nothing else
        end = start + len(p.phrase)
        if all(end <= other or start >= until for other, until, _ in at):
            at.append((start, end, p.value))
    return len({value for _, _, value in at}) > 1


@cache
def read_header(folded: str) -> dict[str, str]:
    """Return what one header cell says, as attribute → value; empty where no phrase is known.

    Attributes: `role` (of a label column), `flow`, `total`, `current_total`, `plain`, `fund`, `carryover`, `nature`,
    `of_which`, `three_public`, `measure`, `percent`. Of several phrases for one attribute the longest counts, a change
    counts whatever else is named, and 财政拨款 only where no other fund is.
    """
    return _read("headers.csv", folded)


@cache
def read_row_label(folded: str) -> dict[str, str]:
    """Return what a row's folded name (numbering removed) says, as attribute → value; empty where no phrase is known.

    Attributes: `total` (`total` or `current`), `fund`, `carryover`, `drawn` (of surpluses), `nature`, `three_public`.
    """
    return _read("row_labels.csv", folded)
