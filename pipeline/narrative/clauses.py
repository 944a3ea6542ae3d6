"""Sentences cut into clauses, and the words of change and share inside a clause.

Belongs here: the grammar of one clause. Does not belong here: what was said before it (`walk.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pipeline.amounts import DIGITS, YUAN_PER, value_of
from pipeline.narrative.claims import Number
from schemas.vocabulary.narrative import either, word_value, words

_DIGITS = rf"-?{DIGITS}(?:\.\d+)?"
MONEY = re.compile(rf"(?<![\d.,-])(?<![\d.,] )(?P<digits>{_DIGITS})(?P<unit>万元|亿元|千元|元)(?P<tail>\(?含?\)?以[上下内外]|左右|/|每)?")
"""An amount with its unit; `tail` is set where it is a threshold, an estimate or a rate instead."""

PERCENT = re.compile(rf"(?<![\d.,])(?P<digits>{_DIGITS})%")

_SEPARATORS = ",;。:"
_AFTER_NUMBER = "元%辆台套家个)"
_WHEN = re.compile(r"(?:与|比|较|同|和)(?:上年度?|去年度?|上一年度?|同期|(?P<year>20\d\d)年度?)(?:同期)?(?:\([^)]*\))?(?:同期)?")
_COMPARED = re.compile(r"相比较?|比较|对比")


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a paragraph: offsets, the separator that ends it, and how many brackets with amounts it stands in."""

    start: int
    end: int
    stop: str
    depth: int


def number(match: re.Match[str], unit: str) -> Number:
    """Return the printed number of a match of `MONEY` or `PERCENT`."""
    return Number(match["digits"], value_of(match["digits"]), unit)


def amount_of(match: re.Match[str] | None) -> Number | None:
    """Return the amount of a match of `MONEY`; None for thresholds, estimates, rates and units that statements do not use."""
    return number(match, match["unit"]) if match and not match["tail"] and match["unit"] in YUAN_PER else None


def clauses(printed: str, folded: str, start: int = 0) -> list[Clause]:
    """Cut a paragraph into clauses at `，；。：`, at `、` after an amount or count, and at brackets that state amounts.

    Brackets without amounts, and quotes, stay inside their clause.
    """
    found: list[Clause] = []
    begin, depth, plain = start, 0, 0
    inside: list[bool] = []
    for at in range(start, len(folded)):
        char = folded[at]
        if char == "(":
            money = _states_money(folded, at)
            inside.append(money)
            if money:
                found.append(Clause(begin, at, "(", depth))
                depth, begin = depth + 1, at + 1
            else:
                plain += 1
        elif char == ")" and inside:
            if inside.pop():
                found.append(Clause(begin, at, ")", depth))
                depth, begin = depth - 1, at + 1
            else:
                plain -= 1
        elif plain == 0 and _separates(printed, folded, at, begin):
            found.append(Clause(begin, at, char, depth))
            begin = at + 1
    if begin < len(folded):
        found.append(Clause(begin, len(folded), "", depth))
    return found


def _states_money(folded: str, at: int) -> bool:
    level = 0
    for end in range(at, len(folded)):
        level += (folded[end] == "(") - (folded[end] == ")")
        if level == 0:
            return any(not m["tail"] for m in MONEY.finditer(folded, at, end))
    return False


def _separates(printed: str, folded: str, at: int, begin: int) -> bool:
    if folded[at] == "、":
        return at > begin and folded[at - 1] in _AFTER_NUMBER
    return folded[at] in _SEPARATORS and not _thousands(printed, folded, at)


def _thousands(printed: str, folded: str, at: int) -> bool:
    after = folded[at + 1 : at + 5]
    return printed[at] == "," and folded[at - 1 : at].isdigit() and after[:3].isdigit() and len(after) > 2 and not after[3:].isdigit()


@dataclass(frozen=True, slots=True)
class Changed:
    """The words of change in one clause.

    Attributes:
        subject: words that name what changed, before or inside the comparison (may be empty).
        basis: `prior_year_execution`, `prior_year_budget`, `prior_year`; None where no comparison stands in this clause.
        year: the year compared with, if it is named.
        base: last year's amount, if stated.
        sign: +1, -1; 0 for 持平; None where the comparison stops before its verb.
        amount, percent: as printed.
        end: where in the clause the words of change end.
    """

    subject: str
    basis: str | None
    year: int | None
    base: Number | None
    sign: int | None
    amount: Number | None
    percent: Number | None
    end: int


@cache
def _verb() -> re.Pattern[str]:
    return re.compile(f"(?P<flat>{either('flat')})|(?P<rise>{either('rise')})|(?P<fall>{either('fall')})")


_AFTER_VERB = re.compile(r"(?:了|额|幅度?|率|数)?(?:为|约)?(?:收入|支出)?")


@cache
def _percent_in_brackets() -> re.Pattern[str]:
    return re.compile(r"\((?:" + either("rise", "fall") + r")?" + PERCENT.pattern + r"\)")


@cache
def _reason() -> re.Pattern[str]:
    moved = r"(?:其|变动|增减|变化)?(?:变化|增加|增长|上升|减少|下降|降低|变动)?(?:的)?"
    named = moved + either("reason") + r"(?:是|为|:|系|在于|由于|如下)?"
    return re.compile(named + r"|原因[是为:]?|由于|因为?(?!公)|[一二三四五六七八九]是")


@cache
def _usage() -> re.Pattern[str]:
    return re.compile(either("usage"))


def reason_at(text: str) -> re.Match[str] | None:
    """Return the match of words that introduce a reason at the start of `text`, or None."""
    return _reason().match(text)


def usage_at(text: str) -> re.Match[str] | None:
    """Return the match of words that introduce what money is used for at the start of `text`, or None."""
    return _usage().match(text)


def read_change(text: str, at: int = 0, open_basis: bool = False) -> Changed | None:
    """Read the words of change in `text` from `at` on.

    Args:
        text: one clause, folded.
        at: where to start.
        open_basis: whether an earlier clause of the sentence has named the comparison (`与上年相比，`), so that a verb suffices.
    """
    when = _WHEN.search(text, at)
    verb = _verb().search(text, when.end() if when else at)
    if when is None:
        if verb is None or not (verb.start() == at or open_basis):
            return None
        if MONEY.search(text, at, verb.start()):
            return None
        return _changed(text, verb, text[at : verb.start()], None, None, None)
    middle = text[when.end() : verb.start() if verb else len(text)]
    base = MONEY.search(middle)
    compared = _COMPARED.search(middle, base.end() if base else 0)
    if base and base["tail"]:
        return None
    said = middle[: base.start()] if base else middle[: compared.start()] if compared else middle
    after = middle[compared.end() :] if compared else middle[base.end() :] if base else ""
    basis = next((word_value("basis", w) for w in words("basis") if w in said), "prior_year")
    year = int(when["year"]) if when["year"] else None
    subject = text[at : when.start()] + after.strip(",")
    return _changed(text, verb, subject, basis, year, number(base, base["unit"]) if base else None)


def _changed(
    text: str, verb: re.Match[str] | None, subject: str, basis: str | None, year: int | None, base: Number | None
) -> Changed | None:
    if verb is None:
        return Changed(subject, basis, year, base, None, None, None, len(text))
    if verb["flat"]:
        return Changed(subject, basis, year, base, 0, None, None, verb.end())
    sign = 1 if verb["rise"] else -1
    link = _AFTER_VERB.match(text, verb.end())
    at = link.end() if link else verb.end()
    money, percent = MONEY.match(text, at), PERCENT.match(text, at)
    if money and not money["tail"]:
        bracket = _percent_in_brackets().match(text, money.end())
        return Changed(
            subject, basis, year, base, sign, number(money, money["unit"]),
            number(bracket, "%") if bracket else None, bracket.end() if bracket else money.end(),
        )  # fmt: skip
    if percent:
        return Changed(subject, basis, year, base, sign, None, number(percent, "%"), percent.end())
    return Changed(subject, basis, year, base, None, None, None, verb.end())


_SHARE = re.compile(rf"占(?:比)?(?P<whole>[^\d,;。]{{0,40}}?)(?:的)?(?:比重|比例)?(?:为|是)?(?P<digits>{_DIGITS})%")


def read_share(text: str, at: int = 0) -> tuple[str, Number, int] | None:
    """Read `占…p%` at `at`: the words that name the whole, the percentage, and where it ends; None if there is none."""
    match = _SHARE.match(text, at)
    return (match["whole"], number(match, "%"), match.end()) if match else None
