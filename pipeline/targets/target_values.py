"""Printed targets and weights taken apart: operator, number, unit.

Belongs here: the grammar of one cell. Does not belong here: which cell it is (`target_tables.py`, `flattened_tables.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from pipeline.budget.amounts import parse_amount
from pipeline.budget.characters import REMEMBERED, fold, translation
from schemas.vocabulary.phrases import WordPattern, any_of, meanings

_WORDS = "performance_words.csv"
_NUMBER = r"(?P<number>\d[\d,]*(?:\.\d+)?)"
_SIGNED = WordPattern(
    lambda: rf"(?P<operator>{any_of(_WORDS, 'sign')}){_NUMBER}\(?(?P<unit>[^\d()≥≤=<>》《,;、]{{0,8}}(?:m[23])?(?:/[^\d()]{{1,6}})?)\)?"
)
_WORDS_BEFORE = r"[^\d()≥≤=<>》《,;:、。]{1,16}?"
_BOUND_IN_WORDS = WordPattern(
    lambda: (
        rf"(?:{_WORDS_BEFORE})?(?P<operator>{any_of(_WORDS, 'sign_in_words')}){_NUMBER}"
        rf"(?P<unit>[十百千万亿]*(?:{any_of(_WORDS, 'counted')})(?:/{any_of(_WORDS, 'counted')})*)"
    )
)
_BOUND_AFTER_WORDS = WordPattern(lambda: rf"{_WORDS_BEFORE}{_SIGNED.compiled.pattern}")
_BOUND_BEHIND = WordPattern(
    lambda: (
        rf"(?:{any_of(_WORDS, 'reached')})?{_NUMBER}(?P<unit>[十百千万亿]*(?:{any_of(_WORDS, 'counted')})(?:/{any_of(_WORDS, 'counted')})*)"
        rf"\(?(?P<operator>{any_of(_WORDS, 'sign_behind')})\)?"
    )
)
_RATE = WordPattern(lambda: rf"{_WORDS_BEFORE}(?<={any_of(_WORDS, 'rate_end')}){_NUMBER}(?P<unit>%)")
_SIGN_AMONG = WordPattern(lambda: any_of(_WORDS, "sign", "sign_in_words"))
_OTHER_BOUND = WordPattern(  # 不得<5%, 小于≥5%: which bound is meant is not said
    lambda: rf"{any_of(_WORDS, 'turns_bound')}{any_of(_WORDS, 'sign', 'sign_in_words')}"
)
_CHANGED = WordPattern(lambda: rf"{any_of(_WORDS, 'not_reached')}(?!率|幅)")  # 较上年提高满意度5%, 第二季度98%
_SIGN_FIRST = re.compile(r"[≥≤=<>]{1,2}(?P<rest>[^≥≤=<>》《,;、。]+)")
_SIGN_AS_PRINTED = re.compile(r"^[\s(（]*[≥≧⩾≤≦⩽=＝<＜﹤>＞﹥》]+\s*")
_SQUARE_AND_CUBE = ("㎡", "㎥", "m²", "m³")
_COUNTED = WordPattern(lambda: rf"{_NUMBER}\(?(?P<unit>(?:[十百千万亿]*{any_of(_WORDS, 'counted')})(?:/{any_of(_WORDS, 'counted')})*)\)?")
_UNIT = WordPattern(lambda: rf"[十百千万亿]*(?:{any_of(_WORDS, 'counted')})(?:/{any_of(_WORDS, 'counted')})*")
_GRADES = ("级", "类")
"""Units of a grade: of 3级以上 it is not said whether it has a higher number."""
_ITEM = WordPattern(lambda: rf"{any_of(_WORDS, 'blank')}\d{{1,2}}[:：、.．]?|\d{{1,2}}[、.．](?!\d)|[(（]\d{{1,2}}[)）]|[①-⑳]")
_NAME_AND_TARGET = re.compile(r"(?P<name>[^≥≧⩾≤≦⩽=＝<＜﹤>＞﹥》]{2,60})(?P<target>[≥≧⩾≤≦⩽=＝<＜﹤>＞﹥》]{1,2}[^≥≧⩾≤≦⩽=＝<＜﹤>＞﹥》]+)")
_BLANK = WordPattern(lambda: rf"{any_of(_WORDS, 'blank')}\d*[:.]*|[.…·:]+")
_IN_BRACKETS = re.compile(r"\(([^()]+)\)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_BRACKETED_UNIT = re.compile(r".+\((?P<unit>[^()\d]{1,6})\)")
_with_angles = translation(dict(zip("＝﹥﹤＞＜", "=><><", strict=True)))
_MARKS = re.compile(r"[%％分]|百分点")
FULL_MARKS = (Decimal(100), Decimal(90))
"""Percent that all weights make up: ten may be kept for how the money is spent."""


DASHES = ("", "/", "-", "--")
"""What a cell prints that states nothing."""


@lru_cache(maxsize=REMEMBERED)
def says_something(printed: str) -> bool:
    """Tell whether a cell says something: no dash, and not only the number of an indicator that a form leaves blank (`指标1：`)."""
    folded = fold(printed)
    return folded not in DASHES and _BLANK.fullmatch(folded) is None


def is_signed(printed: str) -> bool:
    """Tell whether a cell is a number with the sign of a bound before it: `≥95%`."""
    return not printed[:1].isdigit() and _is_signed(printed)  # bare numbers, as most texts of a table are


@lru_cache(maxsize=REMEMBERED)
def _is_signed(printed: str) -> bool:
    return _SIGNED.fullmatch(_signs(fold(printed))) is not None


def _signs(folded: str) -> str:
    """Return a folded text without brackets around the whole of it, its signs spelt one way."""
    folded = _with_angles(folded)
    whole = _IN_BRACKETS.fullmatch(folded)
    return whole[1] if whole else folded


def numbered(lines: Sequence[str]) -> list[str]:
    """Return the items that the lines of a cell number (`1.场次`, `指标2：人数`), each whole; empty where they number none."""
    items: list[str] = []
    for line in lines:
        if _ITEM.match(line):
            items.append(line)
        elif not items:
            return []
        else:
            items[-1] += line
    return items


def paired(names: Sequence[str], targets: Sequence[str]) -> list[tuple[str, str]]:
    """Return indicators and targets that two cells list one below the other, in pairs; empty where it cannot be told which go together.

    Args:
        names: the lines of the one cell, as printed.
        targets: those of the other.
    """
    items = numbered(names)
    reached = numbered(targets) or list(targets)
    return list(zip(items, (_ITEM.sub("", text) for text in reached), strict=True)) if 1 < len(items) == len(reached) else []


def is_cut_number(upper: str, lower: str) -> bool:
    """Tell whether two texts are one number with its unit, cut within the unit or before it: `≥10公` over `里`."""
    if any(char.isdigit() for char in lower):
        return False
    alone, whole = (_SIGN_AS_PRINTED.sub("", fold(text)) for text in (upper, upper + lower))
    return _COUNTED.fullmatch(alone) is None and _COUNTED.fullmatch(whole) is not None


def name_and_target(printed: str) -> tuple[str, str] | None:
    """Part an indicator from the target behind it in one cell (`加固长度≥5公里`); None where no one sign of a bound parts them."""
    found = _NAME_AND_TARGET.fullmatch(printed)
    if found is None or not is_signed(found["target"]):
        return None
    bound = _SIGNED.fullmatch(_signs(fold(found["target"])))
    if bound is None or (bound["unit"] and not _UNIT.fullmatch(bound["unit"])):
        return None  # 单价≥50万元设备购置 is a name
    return found["name"].rstrip("：:"), found["target"]


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
    if operator and fold(operator) in meanings(_WORDS, "quantitative"):
        target = read_target(printed, None, unit, indicator)
        return target._replace(operator=target.operator or _symbol(operator))
    folded = _signs(fold(printed))
    signed, counted = _SIGNED.fullmatch(folded), _COUNTED.fullmatch(folded)
    said = None if signed or counted else _in_words(printed, folded)
    if said and operator and said.operator and _symbol(operator) != _symbol(said.operator):
        text, value = printed, None  # a column of operators says another bound than the words
    elif said:
        operator, text, value, unit = operator or said.operator, said.text, said.value, unit or said.unit
    elif signed:
        operator, text = operator or meanings(_WORDS, "sign")[signed["operator"]], signed["number"]
        value, unit = parse_amount(text), unit or signed["unit"] or None
    elif counted and not (counted["unit"] == "年" and _YEAR.fullmatch(counted["number"])):
        apart = operator or folded[counted.end("number")] == "("  # 90.00(度): a form puts the two together
        text, value, unit = counted["number"] if apart else printed, parse_amount(counted["number"]), unit or counted["unit"]
    else:
        text, value = printed, parse_amount(printed)
    if unit is None and value is not None and (bracket := _BRACKETED_UNIT.fullmatch(fold(indicator))):
        unit = bracket["unit"]
    return Target(_symbol(operator), text, value, unit and _as_printed(unit, printed))


def _in_words(printed: str, folded: str) -> Target | None:
    """Return a target whose bound or number stands among words: these stay in its text, since they say of what it is."""
    if _OTHER_BOUND.search(folded) or (_CHANGED.search(folded) and not _SIGN_AMONG.search(folded)):
        return None
    if (bound := _BOUND_IN_WORDS.fullmatch(folded)) and not _is_date(bound):
        return Target(meanings(_WORDS, "sign_in_words")[bound["operator"]], printed, parse_amount(bound["number"]), bound["unit"])
    if (bound := _BOUND_AFTER_WORDS.fullmatch(folded)) and not _is_date(bound):
        return Target(meanings(_WORDS, "sign")[bound["operator"]], printed, parse_amount(bound["number"]), bound["unit"] or None)
    if (bound := _BOUND_BEHIND.fullmatch(folded)) and not _is_date(bound) and bound["unit"] not in _GRADES:
        return Target(meanings(_WORDS, "sign_behind")[bound["operator"]], printed, parse_amount(bound["number"]), bound["unit"])
    if rate := _RATE.fullmatch(folded):
        return Target(None, printed, parse_amount(rate["number"]), rate["unit"])
    if bound := _SIGN_FIRST.fullmatch(folded):  # ≤资金下达后2日
        rest = _SIGN_AS_PRINTED.sub("", printed).strip()
        rest = rest[:-1] if printed.lstrip()[:1] in ("(", "（") else rest  # brackets around the whole
        sign = folded[: bound.start("rest")]
        return Target(meanings(_WORDS, "sign").get(sign), rest, parse_amount(rest), None) if sign in meanings(_WORDS, "sign") else None
    return None


def _is_date(bound: re.Match[str]) -> bool:
    """Tell of a bound with its unit whether it is a year or a month of one (完成时间≤12月底), and no number that is reached."""
    return bound["unit"].startswith("月") or (bound["unit"].startswith("年") and _YEAR.fullmatch(bound["number"]) is not None)


def _as_printed(unit: str, printed: str) -> str:
    """Return a unit with ㎡ where that is printed: folded, it is m2."""
    for sign in _SQUARE_AND_CUBE:
        if sign in printed:
            unit = unit.replace(fold(sign), sign)
    return unit


def _symbol(operator: str | None) -> str | None:
    """Return an operator as printed, or the sign that it spells otherwise (`>=`, 大于等于)."""
    return None if operator is None else meanings(_WORDS, "spelling").get(fold(operator), operator)


def read_weight(printed: str) -> Decimal | None:
    """Return a weight in percent: `15`, `15%`, `15分`, `(15分)`; None for what is none."""
    bare = fold(printed)
    whole = _IN_BRACKETS.fullmatch(bare)
    weight = parse_amount(_MARKS.sub("", whole[1] if whole else bare))
    return weight if weight is not None and 0 <= weight <= max(FULL_MARKS) else None
