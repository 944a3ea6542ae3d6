"""Pieces of patterns that many modules share: units of money, numbering, years.

Belongs here: what is printed in one way all over these documents, as pieces to build patterns of. Does not belong here: amounts
(`amounts.py`), words that carry meaning (`schemas/vocabulary`).
"""

from __future__ import annotations

import re

from pipeline.budget.amounts import YUAN_PER

UNIT = "(?:" + "|".join(sorted(YUAN_PER, key=len, reverse=True)) + ")"
"""A unit that statements are printed in."""

ANY_UNIT = "[十百千万亿]{0,3}[美欧港日]?元"
"""Any unit of money that a table may print: 千元, 亿元, 万美元 too, in which no statement is published."""

_RENMINBI = "(?:人民币)?"
_OTHER_UNIT = rf"(?![/、或,]{UNIT})"  # 元/万元 says two things

UNIT_IN_BRACKETS = re.compile(rf"[(](?:单位:)?{_RENMINBI}({ANY_UNIT})[)]")
"""(万元), (单位:万元), (人民币元), (千元) behind a folded header or label."""

UNIT_AT_END = re.compile(rf"[(（](?:单位[:：])?{_RENMINBI}{ANY_UNIT}[)）]$")
"""The same at the end of a title, folded or as printed."""

UNIT_LABEL = re.compile("(?:计量|金额|货币)?单位:?")
"""What stands before a unit, folded; alone where the unit has a cell of its own."""

UNIT_MARK = re.compile(
    rf"(?:(?:单位|计量单位|金额单位)[:;.为]?[(]?{_RENMINBI}[:(]*({ANY_UNIT}|万$)|[(]{_RENMINBI}({ANY_UNIT}){_RENMINBI}[)]"
    rf"|以{_RENMINBI}({ANY_UNIT})为单位|人民币[:(]*({ANY_UNIT})){_OTHER_UNIT}"
)
"""单位:万元 above a table, folded; (人民币元), 以万元为单位. 单位:万 is 万元 whose last character fell into the table."""


def unit_of(match: re.Match[str]) -> str:
    """Return the unit that a match of `UNIT_MARK` names, of whatever kind."""
    found = next(group for group in match.groups() if group)
    return found if found.endswith("元") else f"{found}元"


UNIT_LINE = re.compile(r"单位\s*+[:：]?\s*+(?:人民币)?\s*+[万千百亿]?元")
"""单位：万元 in a line as printed, in any unit: whatever stands there, it is no row of the table."""

HAN = "一二三四五六七八九十"
"""Han numerals up to 99, in numbering."""

HAN_NUMBER = f"[{HAN}]{{1,8}}"
ARABIC_NUMBER = r"\d{1,2}"
CIRCLED_NUMBER = "[①-⑳]"
LEVEL_WORDS = "类款项"
"""Words for the levels of a classification, outermost first."""

YEAR_DIGITS = r"20\d\d"
"""Any year that a budget may speak of: of a plan, of a law."""

FISCAL_YEAR = r"20[0-3]\d"
"""A year that a budget may be of (`filing.py`): a number beyond is no year."""

NAMED_YEAR = rf"{FISCAL_YEAR}年?度?"
"""A year as titles name it."""

DATE = r"(?<!\d)(20\d\d)\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)"
"""A day as pages print it: year, month, day."""

_HAN_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_HAN_YEAR = re.compile(r"二[〇○零][一二三四五六七八九〇○零]{2}(?=年)")


def with_year_digits(text: str) -> str:
    """Return a text whose years in Han numerals (二〇二六年) are in digits."""
    return _HAN_YEAR.sub(lambda match: match[0].translate(_HAN_DIGITS), text)


_HAN_COUNT = re.compile(rf"(?:(?<=[设共含])|(?<![没无]有)(?<=有)|(?<=包括))[{HAN[:-1]}两](?=[个家][^,;。]{{0,4}}单位)")
_COUNTED = str.maketrans("一二三四五六七八九两", "1234567892")


def with_count_digits(text: str) -> str:
    """Return a text whose counts of units up to nine in Han numerals (下设一个预算单位) are in digits, as long as the text."""
    return _HAN_COUNT.sub(lambda match: match[0].translate(_COUNTED), text)


SENTENCE = re.compile(r"[。；;，]|\d\s*(?:万|亿)?元|\d\s*[%％]|[:：]\s*\d")
"""What a line of words says that a row of a table does not: its numbers are the narrative's."""
