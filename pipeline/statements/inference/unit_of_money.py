"""Units that are not printed: proven from another place of the same document, or the statement is held back.

A slip is a factor of 10,000, so nothing short of a proof counts: the statement's total is a number that another statement
or the narrative states with its unit; or the unit of the other statements on its page is the only one in which its total is
neither more than the document's nor less than any body spends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from pipeline.budget.amounts import YUAN_PER, to_yuan
from pipeline.budget.line import Line
from pipeline.budget.sums import step_of
from pipeline.statements.statement_model import Statement

_LEAST_DIGITS = 4  # a shorter number may be the same by chance
_LEAST_ROUNDED_DIGITS = 5  # one more where the other number is printed to more places
_LEAST_TOTAL = Decimal(1000)  # yuan: printed totals of statements are 5,000 yuan or more


def infer_units_of_money(statements: Sequence[Statement], narrative: Iterable[Line]) -> list[Statement]:
    """Give statements without a printed unit the only one that other totals of the document prove.

    Args:
        statements: of one document; amounts of lines without `unit_text` are in the printed unit, and are converted here.
        narrative: lines of the narrative, whose amounts print their unit.

    Returns:
        The statements that remain without a unit: their lines are taken away, as nothing of them may be published.
    """
    told = list(narrative)
    open_ones = [s for s in statements if any(not line.unit_text for line in s.lines)]
    found = True
    while found:  # what is proven proves others
        known = told + [line for s in statements for line in s.lines if line.unit_text and line.level == 0]
        found = False
        for statement in open_ones:
            proven = [unit for unit in YUAN_PER if any(_is_known(t, unit, known) for t in _totals(statement))]
            if len(proven) == 1:
                _convert(statement, proven[0])
                found = True
        open_ones = [s for s in open_ones if s.unit_text is None]
    for statement in open_ones:
        if unit := _unit_of_page(statement, statements):
            _convert(statement, unit)
    held = [s for s in open_ones if s.unit_text is None]
    for statement in held:
        statement.lines = [line for line in statement.lines if line.unit_text]
    return held


def _totals(statement: Statement) -> list[Line]:
    """Return the totals of a statement that have no unit and so many digits that no other number is the same by chance."""
    totals = [line for line in statement.lines if not line.unit_text and line.level == 0 and line.amount]
    return [line for line in totals if _digits(line) >= _LEAST_DIGITS]


def _digits(line: Line) -> int:
    """Return how many digits the printed number of a line has."""
    return sum(char.isdigit() for char in line.amount_text.lstrip("0.¥￥-△(（"))


def _is_known(total: Line, unit: str, known: Iterable[Line]) -> bool:
    """Tell whether a total in `unit` is an amount that is stated with its unit, exactly or as far as the shorter print goes."""
    amount, step = to_yuan(abs(total.amount), unit), step_of(unit, total.amount_text)
    for line in known:
        if amount == abs(line.amount):
            return True
        other = step_of(line.unit_text, line.amount_text)
        shorter = line if other > step else total
        same = line.level == 0 and line.flow == total.flow and _digits(shorter) >= _LEAST_ROUNDED_DIGITS
        if same and other != step and abs(amount - abs(line.amount)) <= max(other, step) / 2:
            return True
    return False


def _unit_of_page(statement: Statement, statements: Sequence[Statement]) -> str | None:
    """Return the unit of all other statements on the pages of a statement, if its total cannot be in any other unit."""
    pages = set(statement.pages)
    others = {s.unit_text for s in statements if s is not statement and s.unit_text and pages & set(s.pages)}
    totals = [abs(line.amount) for line in statement.lines if not line.unit_text and line.level == 0]
    most = max((abs(line.amount) for s in statements for line in s.lines if line.unit_text and line.level == 0), default=Decimal(0))
    if len(others) != 1 or not totals or not max(totals):
        return None
    possible = [unit for unit in YUAN_PER if _LEAST_TOTAL <= to_yuan(max(totals), unit) <= most]
    return possible[0] if set(possible) == others else None


def _convert(statement: Statement, unit: str) -> None:
    statement.unit_text = unit
    for line in statement.lines:
        if not line.unit_text:
            line.unit_text, line.amount = unit, to_yuan(line.amount, unit)
