"""Printed targets and weights taken apart: operator, number, unit.

Belongs here: the grammar of one cell. Does not belong here: which cell it is (`target_tables.py`, `flattened_tables.py`).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from pipeline.budget.amounts import parse_amount
from pipeline.budget.characters import fold
from schemas.vocabulary.phrases import WordPattern, any_of, meanings

_WORDS = "performance_words.csv"
_NUMBER = r"(?P<number>\d[\d,]*(?:\.\d+)?)"
_SIGNED = WordPattern(
    lambda: rf"(?P<operator>{any_of(_WORDS, 'sign')}){_NUMBER}\(?(?P<unit>[^\d()≥≤=<>》《,;、]{{0,8}}(?:m[23])?(?:/[^\d()]{{1,6}})?)\)?"
)
_COUNTED = WordPattern(lambda: rf"{_NUMBER}\(?(?P<unit>(?:[十百千万亿]*{any_of(_WORDS, 'counted')})(?:/{any_of(_WORDS, 'counted')})*)\)?")
_IN_BRACKETS = re.compile(r"\(([^()]+)\)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_BRACKETED_UNIT = re.compile(r".+\((?P<unit>[^()\d]{1,6})\)")
_ANGLES = str.maketrans("＝﹥﹤＞＜", "=><><")
_MARKS = re.compile(r"[%％分]|百分点")
_FULL_MARKS = 100  # percent: a weight beyond is none

DASHES = ("", "/", "-", "--")
"""What a cell prints that states nothing."""


class Target(NamedTuple):
    """A target taken apart: `text` is the number alone where an operator is printed with it, otherwise as printed."""

    operator: str | None
    text: str
    value: Decimal | None
    unit: str | None


def read_target(printed: str, operator: str | None, unit: str | None, indicator: str = "") -> Target:
    """Return what a target says.

    Args:
        printed: its cell: a number, a number between an operator and a unit, or words.
        operator: of a column of its own, as printed; None where there is none.
        unit: of a column of its own; None where there is none.
        indicator: the indicator's name, whose end may say the unit in brackets.
    """
    operator = None if operator is None or fold(operator) in DASHES else operator
    folded = fold(printed).translate(_ANGLES)
    whole = _IN_BRACKETS.fullmatch(folded)
    folded = whole[1] if whole else folded
    signed, counted = _SIGNED.fullmatch(folded), _COUNTED.fullmatch(folded)
    if signed:
        operator, text = operator or meanings(_WORDS, "sign")[signed["operator"]], signed["number"]
        value, unit = parse_amount(text), unit or signed["unit"] or None
    elif counted and not (counted["unit"] == "年" and _YEAR.fullmatch(counted["number"])):
        text, value, unit = counted["number"] if operator else printed, parse_amount(counted["number"]), unit or counted["unit"]
    else:
        text, value = printed, parse_amount(printed)
    if unit is None and value is not None and (bracket := _BRACKETED_UNIT.fullmatch(fold(indicator))):
        unit = bracket["unit"]
    return Target(_symbol(operator), text, value, unit)


def _symbol(operator: str | None) -> str | None:
    """Return an operator as printed, or the sign that it spells otherwise (`>=`, 大于等于)."""
    return None if operator is None else meanings(_WORDS, "spelling").get(fold(operator), operator)


def read_weight(printed: str) -> Decimal | None:
    """Return a weight in percent: `15`, `15%`, `15分`, `(15分)`; None for what is none."""
    bare = fold(printed)
    whole = _IN_BRACKETS.fullmatch(bare)
    weight = parse_amount(_MARKS.sub("", whole[1] if whole else bare))
    return weight if weight is not None and 0 <= weight <= _FULL_MARKS else None
