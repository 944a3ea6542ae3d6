"""Units that are not printed: proven from another place of the same document, or the statement is held back.

A slip is a factor of 10,000, so nothing short of a proof counts: the statement's total is a number that another statement
or the narrative states with its unit; or the unit of the other statements on its page is the only one in which its total is
neither more than the document's nor less than any statement comes to. What a document says of itself once may be misprinted: a
sentence proves no unit that the other sentences do not use, and none in which no body's budget is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

import msgspec

from pipeline.budget.amounts import YUAN_PER, to_yuan
from pipeline.budget.line import Line
from pipeline.budget.sums import step_of
from pipeline.statements.statement_model import Statement

_LEAST_DIGITS = 4  # up to the last that is no zero: a shorter number may be the same by chance
_LEAST_DIGITS_OF_OTHERS = 5  # one more where the other number is printed to more places, or is no total of the same side
_LEAST_TOTAL = Decimal(100)  # yuan: no statement that has amounts comes to less in a year
_BUDGETS = range(100_000, 1_000_000_000_000)  # yuan: what a body spends in a year, from the smallest office to the largest ministry


def infer_units_of_money(statements: Sequence[Statement], narrative: Iterable[Line]) -> tuple[list[Statement], list[int]]:
    """Return statements with the unit of money that other totals of the document prove where none is printed.

    Args:
        statements: of one document; amounts of lines without `unit_text` are in the printed unit, and are converted here.
        narrative: lines of the narrative, whose amounts print their unit.

    Returns:
        The statements in the same order, and the numbers of those that remain without a unit: they have no more the lines whose
        amounts it would say, as nothing of these may be published.
    """
    told = list(narrative)
    usual = _usual_units(told)
    told = [line for line in told if line.unit_text in usual]
    settled = list(statements)
    found = True
    while found:  # what is proven proves others
        known = told + [line for s in settled for line in s.lines if line.unit_text and line.level == 0]
        found = False
        for n, statement in enumerate(settled):
            if _is_open(statement):
                proven = [unit for unit in YUAN_PER if any(_is_known(t, unit, known) for t in _totals(statement))]
                if len(proven) == 1 and proven[0] in _possible(statement) and _is_of_a_body(statement, proven[0], known):
                    settled[n] = _in_unit(statement, proven[0], "total")
                    found = True
    for n, statement in enumerate(settled):
        if _is_open(statement) and (unit := _unit_of_page(statement, settled)):
            settled[n] = _in_unit(statement, unit, "page")
    held = [s.number for s in settled if _is_open(s)]
    return [replace(s, lines=tuple(x for x in s.lines if x.unit_text)) if s.number in held else s for s in settled], held


def _usual_units(told: Iterable[Line]) -> set[str]:
    """Return the units that sentences use: of two, one that most use. One that stands out may have lost its 万, or got one too many."""
    counted = Counter(line.unit_text for line in told)
    return {unit for unit, count in counted.items() if 2 * count > counted.total()}


def _possible(statement: Statement) -> set[str]:
    """Return the units that a statement may be in: of those that it prints, where it prints several, or one that is not published."""
    return YUAN_PER.keys() & set(statement.money_units) if statement.money_units else set(YUAN_PER)


def _is_open(statement: Statement) -> bool:
    """Tell whether amounts of a statement are of no known unit of money."""
    return statement.unit_text is None and any(not line.unit_text for line in statement.lines)


def _is_of_a_body(statement: Statement, unit: str, known: Iterable[Line]) -> bool:
    """Tell whether the largest total of a document is what a body may spend in a year, if a statement is in `unit`."""
    own = (to_yuan(abs(line.amount), unit) for line in statement.lines if not line.unit_text)
    return int(max([*own, *(abs(line.amount) for line in known)])) in _BUDGETS


def _totals(statement: Statement) -> list[Line]:
    """Return the totals of a statement that have no unit and so many digits that no other number is the same by chance."""
    totals = [line for line in statement.lines if not line.unit_text and line.level == 0 and line.amount]
    return [line for line in totals if _digits(line) >= _LEAST_DIGITS]


def _digits(line: Line) -> int:
    """Return how many digits the printed number of a line has, without the zeros at its ends: 1,200.00 has two."""
    return len("".join(filter(str.isdigit, line.amount_text)).strip("0"))


def _is_known(total: Line, unit: str, known: Iterable[Line]) -> bool:
    """Tell whether a total in `unit` is an amount that is stated with its unit, exactly or as far as the shorter print goes."""
    amount, step = to_yuan(abs(total.amount), unit), step_of(unit, total.amount_text)
    for line in known:
        same = line.level == 0 and line.flow == total.flow
        if amount == abs(line.amount):
            if same or _digits(total) >= _LEAST_DIGITS_OF_OTHERS:
                return True
            continue
        other = step_of(line.unit_text, line.amount_text)
        shorter = line if other > step else total
        enough = same and _digits(shorter) >= _LEAST_DIGITS_OF_OTHERS
        if enough and other != step and abs(amount - abs(line.amount)) <= max(other, step) / 2:
            return True
    return False


def _unit_of_page(statement: Statement, statements: Sequence[Statement]) -> str | None:
    """Return the unit of all other statements on the pages of a statement, if its total cannot be in any other unit."""
    pages = set(statement.pages)
    others = {s.unit_text for s in statements if s is not statement and s.unit_text and pages & set(s.pages)}
    totals = [abs(line.amount) for line in statement.lines if not line.unit_text and line.level == 0]
    most = max((abs(line.amount) for s in statements for line in s.lines if line.unit_text and line.level == 0), default=Decimal(0))
    if statement.money_units or len(others) != 1 or not totals or not max(totals):
        return None
    possible = [unit for unit in YUAN_PER if _LEAST_TOTAL <= to_yuan(max(totals), unit) <= most]
    return possible[0] if set(possible) == others else None


def _in_unit(statement: Statement, unit: str, evidence: str) -> Statement:
    """Return a statement with its amounts in a unit; `evidence` as in `budget_lines.unit_evidence`."""

    def converted(line: Line) -> Line:
        if line.unit_text:
            return line
        return msgspec.structs.replace(line, unit_text=unit, amount=to_yuan(line.amount, unit), unit_evidence=evidence)

    return replace(statement, unit_text=unit, lines=tuple(map(converted, statement.lines)))
