"""Sentences cut into clauses, and the words of change and share inside a clause.

Belongs here: the grammar of one clause. Does not belong here: what was said before it (`sentence_reader.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import msgspec

from pipeline.budget.amounts import DIGITS, YUAN_PER, value_of
from pipeline.budget.patterns import HAN, YEAR_DIGITS
from pipeline.narrative.text.comparison_base import basis_in
from pipeline.narrative.text.printed_number import Number
from schemas.vocabulary.narrative import either, words
from schemas.vocabulary.phrases import WordPattern

_DIGITS = rf"-?{DIGITS}(?:\.\d+)?"
_MYRIAD = r"万(?=[,;。:()]|$)"
_CENTS = rf"(?<=\.\d\d){_MYRIAD}"
MONEY = re.compile(
    rf"(?<![\d.,\ufe50-])(?<![\d.,] )(?P<digits>{_DIGITS})(?P<unit>万元|亿元|千元|元|{_CENTS})(?P<tail>\(?含?\)?以[上下内外]|左右|/|每)?"
)
"""An amount with its unit (0.40万 to the cent, and no word behind it, is money too); `tail`: it is a threshold, an estimate or a rate."""

NO_NUMBER = re.compile(rf"(?<![\d.,\ufe50-])(?<![\d.,] )\d++(?:(?:[.,\ufe50]\d++)+(?:万|亿|千|)元|(?:\.\d++)?(?P<of>{_MYRIAD}))")
"""Digits with a unit that are no `MONEY`: a point or comma too many (1,541.50.00万元), a comma that may part two texts
(`paragraphs.UNTOLD`), or ten thousands of what is not said (3.2万)."""
UNIT_OF_MONEY = {**{unit: unit for unit in YUAN_PER}, "万": "万元"}

PERCENT = re.compile(rf"(?<![\d.,])(?P<digits>{_DIGITS})%")

_AMOUNT_BEFORE = re.compile(rf"(?:{'|'.join(YUAN_PER)})[,、(和及]$")
_LISTED, _GROUP = WordPattern(lambda: either("listed")), 3  # digits between thousands commas
_SEPARATORS = ",;。:"
_AFTER_NUMBER = "%)"
_WHEN = WordPattern(
    lambda: (
        rf"(?:{either('than')}(?:{either('year_before')}|(?P<year>{YEAR_DIGITS})年度?)(?:同期)?(?:\([^)]*\))?(?:同期)?"
        rf"|{either('than_before')})"
    )
)
_BEYOND = WordPattern(
    lambda: (
        rf"(?:(?P<rise>{either('above')})|(?P<fall>{either('below')}))(?:{either('year_before')}|(?P<year>{YEAR_DIGITS})年度?)"
        rf"(?P<basis>[^,;。\d]{{0,12}}?)(?={_DIGITS})"
    )
)
_FROM_BUDGET = WordPattern(
    lambda: (
        rf"^(?:{either('spent', 'unsaid')})?(?:(?:{either('above', 'below')}){either('own_budget')}"
        rf"|{either('than')}{either('own_budget')}[^,;。\d]{{0,6}}{either('rise', 'fall')}了?|差[值额异][为是]?)(?={_DIGITS})"
    )
)
_YEAR_BEFORE = WordPattern(lambda: either("year_before"))
_COMPARED = WordPattern(lambda: either("compared"))
_WITH_BUDGET = WordPattern(lambda: rf"{either('than')}{either('own_budget')}[^,;。\d]{{0,6}}?{either('flat', 'rise', 'fall')}")


class Clause(msgspec.Struct, frozen=True, gc=False):
    """A stretch of a paragraph: offsets, the separator that ends it, and how many brackets with amounts it stands in."""

    start: int
    end: int
    stop: str
    depth: int


def number(match: re.Match[str], unit: str) -> Number:
    """Return the printed number of a match of `MONEY` or `PERCENT`."""
    return Number(match["digits"], value_of(match["digits"]), UNIT_OF_MONEY.get(unit, unit))


def amount_of(match: re.Match[str] | None) -> Number | None:
    """Return the amount of a match of `MONEY`; None for thresholds, estimates, rates and units that statements do not use."""
    return number(match, match["unit"]) if match and not match["tail"] and match["unit"] in UNIT_OF_MONEY else None


def directly_follows_amount(before: str) -> bool:
    """Tell whether what stands after `before` directly follows an amount."""
    return _AMOUNT_BEFORE.search(before) is not None


def follows_amount(before: str) -> bool:
    """Tell whether what stands after `before` directly follows an amount, in a sentence that lists none (分别为…)."""
    return directly_follows_amount(before) and not _LISTED.search(before, before.rfind("。") + 1)


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


def end_of_brackets(text: str) -> int | None:
    """Return where the brackets close that `text` begins with; None where it begins with none, or they stay open."""
    level = 0
    for at, char in enumerate(text):
        level += (char == "(") - (char == ")")
        if level == 0:
            return at or None
    return None


def _separates(printed: str, folded: str, at: int, begin: int) -> bool:
    if folded[at] == "、":
        return at > begin and (folded[at - 1] in _AFTER_NUMBER or folded[at - 1] in words("counter"))
    return folded[at] in _SEPARATORS and not _thousands(printed, folded, at)


def _thousands(printed: str, folded: str, at: int) -> bool:
    after, beyond = folded[at + 1 : at + 1 + _GROUP], folded[at + 1 + _GROUP : at + 2 + _GROUP]
    grouped = len(after) == _GROUP and after.isdigit() and not beyond.isdigit()
    return printed[at] == "," and folded[at - 1 : at].isdigit() and grouped


@dataclass(frozen=True, slots=True)
class ChangePhrase:
    """The words of change in one clause.

    Attributes:
        subject: words that name what changed, before or inside the comparison (may be empty).
        basis: `prior_year_execution`, `prior_year_budget`, `prior_year`; None where no comparison stands in this clause.
        year: the year compared with, if it is named.
        base: last year's amount, if stated; `base_at`: where in the clause its digits start;
            `base_words`: those that say what it is of the year compared with.
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
    base_at: int = 0
    base_words: str = ""


_VERB = WordPattern(lambda: rf"(?P<flat>{either('flat')})|(?P<rise>{either('rise')}|增(?=\d))|(?P<fall>{either('fall')}|减(?=\d))")
_AFTER_VERB = re.compile(r"(?:了|额|幅度?|率|数|金额)?(?:为|约|达|共)?(?:收入|支出|资金|经费|预算)?")
_MOVED_TO = WordPattern(lambda: rf"(?<!幅){either('moved_to')}(?={_DIGITS}(?!\d|\.\d|%))")
"""Words behind a verb that may say to what it moved (减少为5万元), and not by how much; 增幅为 and 增长为20% do not."""


_PERCENT_IN_BRACKETS = WordPattern(lambda: r"\((?:" + either("rise", "fall") + r")?" + PERCENT.pattern + r"\)")
_PERCENT_NEXT = WordPattern(
    lambda: rf"[,、(](?:{either('than_before')})?{either('rise', 'fall')}(?:了|额|幅度?|率)?(?:为|约|达)?{PERCENT.pattern}"
)
_EITHER_WAY = WordPattern(lambda: rf"\({either('rise', 'fall')}\)")
_REASON = WordPattern(
    lambda: (
        rf"{either('reason_of')}?{either('reason_move')}?(?:的)?{either('reason')}{either('reason_link')}?[,:]?"
        rf"|是?{either('cause')}|因(?={either('this_one')})|[{HAN[:-1]}]是"
    )
)
CAUSE = WordPattern(lambda: rf"[,、]?(?:是?{either('cause')}|因(?={either('this_one')}))")
"""Words that introduce a cause before or after what it explains."""

_CAUSED = WordPattern(
    lambda: (
        rf"(?!{either('no_cause', 'usage')})(?:{either('caused_by')}(?P<said>[^,;。:\d]{{2,60}}{either('caused')})"
        rf"|{either('caused_by')}?(?P<affected>{either('affected_by')}[^,;。:\d]{{2,60}}{either('caused', 'influenced')}))"
    )
)
_ENDS_AS_REASON = WordPattern(
    lambda: (
        rf"(?!{either('no_cause', 'usage')})[^,;。:]{{0,100}}"
        rf"(?:{either('caused')}|{either('affected_by')}[^,;。:]{{2,60}}{either('influenced')})"
    )
)
_REASON_FROM_BUDGET = WordPattern(
    lambda: (
        rf"(?:{YEAR_DIGITS}年度?)?[^,;。:()\d]{{0,40}}?{either('above', 'below', 'than', 'equals')}{either('own_budget')}"
        rf"[^,;。:()\d]{{0,8}}?的?{either('reason')}{either('reason_link')}?[,:]?"
    )
)
_AGAINST_BUDGET = WordPattern(lambda: rf"{either('above', 'below', 'than', 'fulfilled')}{either('own_budget')}")
_USAGE = WordPattern(lambda: either("usage"))


def move(text: str) -> int:
    """Return the sign of the first word of change in `text`, 0 where there is none."""
    verb = _VERB.search(text)
    return 0 if verb is None or verb["flat"] else 1 if verb["rise"] else -1


def has_comparison(text: str) -> bool:
    """Tell whether `text` compares with the year before."""
    return _WHEN.search(text) is not None


def opens_change(text: str, at: int, amount: int) -> bool:
    """Tell whether the words from `at` to the amount that starts at `amount` are those of a change."""
    beyond = _BEYOND.search(text, at)
    return read_change(text[:amount], at, True) is not None or (beyond is not None and beyond.end() == amount)


def from_budget(text: str) -> bool:
    """Tell whether a clause states how far an amount is from the year's own budget (`决算数大于预算数5万元`), which no table holds."""
    return _FROM_BUDGET.search(text) is not None and _WHEN.search(text) is None


def compared_with_budget(text: str) -> str | None:
    """Return the words that name what a clause without an amount compares with the year's own budget; None where it compares nothing."""
    found = _WITH_BUDGET.search(text)
    return None if found is None or _WHEN.search(text) else text[: found.start()]


def opens_comparison(text: str) -> bool:
    """Tell whether a clause begins with a comparison and states its change, or that there is none."""
    changed = read_change(text) if _WHEN.match(text) else None
    return changed is not None and changed.sign is not None


def percent_follows(text: str, at: int) -> bool:
    """Tell whether the clause behind `at` goes on with the percentage of a change (`，下降3.85%`)."""
    return _PERCENT_NEXT.match(text, at) is not None


def reason_at(text: str) -> re.Match[str] | None:
    """Return the match of words that introduce a reason at the start of `text`, or None."""
    return _REASON.match(text)


def ends_in_change(text: str) -> bool:
    """Tell whether words end in a change that they state, and not in an amount."""
    changed = read_change(text, 0, open_basis=True)
    return changed is not None and changed.sign is not None and changed.end >= len(text)


def caused_in(clause: str) -> int | None:
    """Return where a reason starts in a clause that closes with what it did (`系人员增加所致`); None where the clause is none.

    The clause must begin with a word of cause: `公务用车购置费减少系车辆报废所致` is of what it names itself.
    """
    found = _CAUSED.fullmatch(clause)
    return None if found is None else max(found.start("said"), found.start("affected"))


def ends_as_reason(clause: str) -> bool:
    """Tell whether a clause closes with what a reason did, whatever it begins with."""
    return _ENDS_AS_REASON.fullmatch(clause) is not None


def reason_from_budget(text: str, start: int, end: int) -> re.Match[str] | None:
    """Return the match of words at `start` that introduce why an amount is not the year's own budget (`决算数小于预算数的主要原因：`)."""
    return _REASON_FROM_BUDGET.match(text, start, end)


def against_budget(text: str) -> bool:
    """Tell whether words set an amount against the year's own budget (`完成年初预算的91%`, `决算数大于预算数`)."""
    return _AGAINST_BUDGET.search(text) is not None


def names_year_before(text: str) -> bool:
    """Tell whether words name the year before."""
    return _YEAR_BEFORE.search(text) is not None


def usage_at(text: str) -> re.Match[str] | None:
    """Return the match of words that introduce what money is used for at the start of `text`, or None."""
    return _USAGE.match(text)


def read_change(text: str, at: int = 0, open_basis: bool = False) -> ChangePhrase | None:
    """Read the words of change in `text` from `at` on.

    Args:
        text: one clause, folded.
        at: where to start.
        open_basis: whether an earlier clause of the sentence has named the comparison (`与上年相比，`), so that a verb suffices.
    """
    beyond = _BEYOND.search(text, at)
    if beyond:
        return _beyond(text, at, beyond)
    when = _WHEN.search(text, at)
    verb = _VERB.search(text, when.end() if when else at)
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
    year = int(when["year"]) if when["year"] else None
    subject = text[at : when.start()] + after.strip(",")
    changed = _changed(text, verb, subject, basis_in(said), year, number(base, base["unit"]) if base else None)
    return replace(changed, base_words=said, base_at=when.end() + base.start() if base else 0) if changed else None


def _beyond(text: str, at: int, beyond: re.Match[str]) -> ChangePhrase | None:
    """Read a change in the form `本年数小于上年预算数40.05万元`."""
    money, percent = MONEY.match(text, beyond.end()), PERCENT.match(text, beyond.end())
    found = percent or (money if money and not money["tail"] else None)
    if found is None:
        return None
    year = int(beyond["year"]) if beyond["year"] else None
    amount = number(money, money["unit"]) if money and not percent else None
    return ChangePhrase(
        text[at : beyond.start()], basis_in(beyond["basis"]), year, None, 1 if beyond["rise"] else -1, amount,
        number(percent, "%") if percent else None, found.end(),
    )  # fmt: skip


def _changed(
    text: str, verb: re.Match[str] | None, subject: str, basis: str | None, year: int | None, base: Number | None
) -> ChangePhrase | None:
    if verb is None:
        return ChangePhrase(subject, basis, year, base, None, None, None, len(text))
    if verb["flat"]:
        return ChangePhrase(subject, basis, year, base, 0, None, None, verb.end())
    if _MOVED_TO.match(text, verb.end()):
        return ChangePhrase(subject, basis, year, base, None, None, None, verb.end())
    sign = 1 if verb["rise"] else -1
    link = _AFTER_VERB.match(text, verb.end())
    at = link.end() if link else verb.end()
    either_way = _EITHER_WAY.match(text, at)
    at = either_way.end() if either_way else at
    money, percent = MONEY.match(text, at), PERCENT.match(text, at)
    if either_way and money and value_of(money["digits"]):
        return None  # 增加（减少）5万元 of a template does not say which
    if sign < 0 and any(said and said["digits"].startswith("-") for said in (money, percent)):
        return None  # 减少-5万元: the other way round, or a sign too many
    if money and not money["tail"]:
        bracket = _PERCENT_IN_BRACKETS.match(text, money.end())
        amount = number(money, money["unit"])
        return ChangePhrase(
            subject, basis, year, base, sign, amount, _percent_beside(amount, sign, bracket), bracket.end() if bracket else money.end()
        )
    if percent:
        return ChangePhrase(subject, basis, year, base, sign, None, number(percent, "%"), percent.end())
    return ChangePhrase(subject, basis, year, base, None, None, None, verb.end())


def _percent_beside(amount: Number, sign: int, bracket: re.Match[str] | None) -> Number | None:
    """Return the percentage in brackets behind the amount of a change; its own sign says once more that it fell (`减少5万元（-6.28%）`)."""
    if bracket is None:
        return None
    percent = number(bracket, "%")
    if percent.value >= 0 or amount.value < 0:
        return percent
    return Number(percent.text.lstrip("-"), -percent.value, "%") if sign < 0 else None


_SHARE = re.compile(rf"占(?:比)?(?P<whole>[^\d,;。]{{0,40}}?)(?:的)?(?:比重|比例)?(?:为|是)?(?P<digits>{_DIGITS})%")


def read_share(text: str, at: int = 0) -> tuple[str, Number, int] | None:
    """Read `占…p%` at `at`: the words that name the whole, the percentage, and where it ends; None if there is none."""
    match = _SHARE.match(text, at)
    return (match["whole"], number(match, "%"), match.end()) if match else None
