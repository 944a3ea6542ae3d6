"""What the words of a header say, each text by itself.

Belongs here: reading one folded text. Does not belong here: what a column is, by all the texts over it (`header_attributes.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from pipeline.budget.characters import REMEMBERED, fold
from pipeline.budget.named_parts import with_named_part
from pipeline.budget.patterns import UNIT_IN_BRACKETS, YEAR_DIGITS
from pipeline.budget.sums import PARTS_OF_BASIC, funds_within
from schemas.vocabulary import read_header
from schemas.vocabulary.phrases import WordPattern, any_of, phrases

YEAR = re.compile(rf"({YEAR_DIGITS})年?度?")
_ONLY_YEAR = re.compile(rf"[(]?{YEAR_DIGITS}(?:年度?)?[)]?")
_COMPARISON = re.compile(rf"({YEAR_DIGITS})(?:年度?)?[^0-9]*[比较与减-][^0-9]*({YEAR_DIGITS})|^[比较与]{YEAR_DIGITS}")

OF_WHICH = re.compile(r"^(?:其中[:,]?|其[:,]|含[:])")
"""How a text begins that is a part of the one beside or above it."""

_WORDS = "statement_words.csv"
_JOINT = re.compile(r"[-－—–/／:：]+")
_MEASURES = {"measure", "plain"}
_CODE_AND_NAME = WordPattern(
    lambda: (
        rf"[(]?(?:{any_of(_WORDS, 'code_head')}{any_of(_WORDS, 'joins_heads')}?[(]?{any_of(_WORDS, 'name_head')}"
        rf"|{any_of(_WORDS, 'name_head')}{any_of(_WORDS, 'joins_heads')}?[(]?{any_of(_WORDS, 'code_head')})[)]?$"
    )
)
_COUNTED = WordPattern(lambda: rf"[(]{any_of(_WORDS, 'counted')}[)]$|{any_of(_WORDS, 'counted_end')}$")


def counts(folded: str) -> bool:
    """Tell whether a folded header or row label says that its numbers count heads or things, and are no money."""
    return _COUNTED.search(folded) is not None


def compares_years(folded: str) -> bool:
    """Tell whether a folded header compares a year with another (2022年比2021年), or with what the words before name."""
    found = _COMPARISON.search(folded)
    return found is not None and (found[1] is None or found[1] != found[2])  # 2026年政府采购-其中:2026年 names one year twice


def names_years(folded: str) -> bool:
    """Tell whether a folded header is a year (2021年), or one year compared with another (2022年比2021年)."""
    return _ONLY_YEAR.fullmatch(folded) is not None or compares_years(folded)


def without_year_and_unit(folded: str) -> str:
    """Return a folded header or label without year, unit and 其中."""
    return YEAR.sub("", OF_WHICH.sub("", UNIT_IN_BRACKETS.sub("", folded)))


@lru_cache(maxsize=REMEMBERED)
def read_header_text(folded: str) -> dict[str, str]:
    """Return what a folded header text says (see `schemas.vocabulary.read_header`), with or without year and unit."""
    says = read_header(without_year_and_unit(folded)) or read_header(folded) or _of_codes_and_names(folded)
    measures = [part for part in _JOINT.split(folded) if _MEASURES & read_header(without_year_and_unit(part)).keys()]
    if len(measures) > 1 and "percent" not in says and says.get("measure") != "change" and not all(map(YEAR.match, measures)):
        return {}  # 预算数-决算数 is neither
    return with_named_part(says, folded, "headers.csv", read_header)


@lru_cache(maxsize=REMEMBERED)
def storeys_of(text: str) -> tuple[str, ...]:
    """Return the headings that a header text joins as one over the other (基本支出-人员经费), uppermost first; else the text itself.

    Each of them is known by itself, and none contradicts the one above: 预算数-决算数 is a difference, 收入/支出 both.
    """
    parts = tuple(part for part in _JOINT.split(text) if part)
    if len(parts) < 2 or compares_years(fold(text)):
        return (text,)
    years = [names_years(folded) or folded in phrases(_WORDS, "this_year") for folded in map(fold, parts)]
    said = [read_header_text(fold(part)) for part in parts]
    if sum(years) > 1 or not all(says or is_year for says, is_year in zip(said, years, strict=True)):
        return (text,)
    return parts if all(_goes_below(upper, lower) for n, lower in enumerate(said) for upper in said[:n]) else (text,)


def _goes_below(upper: dict[str, str], lower: dict[str, str]) -> bool:
    """Tell whether what a heading says is a part of what the one above says, or something else."""
    if "role" in upper or "role" in lower or (_MEASURES & upper.keys() and _MEASURES & lower.keys()):
        return False
    if "flow" in upper and "flow" in lower and upper["flow"] != lower["flow"]:
        return False
    if "nature" in upper and "nature" in lower:
        return upper["nature"] == "basic" and lower["nature"] in PARTS_OF_BASIC
    if "fund" in upper and "fund" in lower:
        return lower["fund"] in funds_within(upper["fund"])
    return True


def _of_codes_and_names(folded: str) -> dict[str, str]:
    """Return what the head of names says, for a head of codes and names in one cell (科目编码及名称)."""
    if not (found := _CODE_AND_NAME.search(folded)):
        return {}
    return read_header(f"{folded[: found.start()]}{phrases(_WORDS, 'name_head')[0]}")


def says_nothing(heading: str) -> bool:
    """Tell whether the words of a heading mean nothing that is known, and are not those of a year."""
    return not (read_header_text(heading) or YEAR.search(heading) or heading.startswith(phrases(_WORDS, "this_year")))


def is_rate(path: Sequence[str]) -> bool:
    """Tell whether a column's folded header says that its numbers are shares or rates: itself, or over it (增减% over 合计)."""
    bottom = read_header_text(path[-1]) if path else {}
    return "percent" in bottom or ("measure" not in bottom and any("percent" in read_header_text(text) for text in path))
