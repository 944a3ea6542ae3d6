"""Units that are not printed: proven from another place of the same document, or the statement is held back.

A slip is a factor of 10,000, so nothing short of a proof counts: the statement's total is a number that another statement
or the narrative states with its unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.budget.amounts import YUAN_PER, to_yuan
from pipeline.budget.line import Line
from pipeline.statements.model import Statement

_LEAST_DIGITS = 4  # a shorter number may be the same by chance


def prove_units(statements: Sequence[Statement], narrative: Iterable[Line]) -> list[Statement]:
    """Give statements without a printed unit the only one that other totals of the document prove.

    Args:
        statements: of one document; amounts of lines without `unit_text` are in the printed unit, and are converted here.
        narrative: lines of the narrative, whose amounts print their unit.

    Returns:
        The statements that remain without a unit: their lines are taken away, as nothing of them may be published.
    """
    known = {abs(line.amount) for line in narrative} | {
        abs(line.amount) for s in statements for line in s.lines if line.unit_text and line.level == 0
    }
    open_ones = [s for s in statements if any(not line.unit_text for line in s.lines)]
    held = []
    for statement in open_ones:
        totals = [line.amount for line in statement.lines if not line.unit_text and line.level == 0 and line.amount]
        totals = [t for t in totals if len(t.as_tuple().digits) >= _LEAST_DIGITS]
        proven = [unit for unit in YUAN_PER if any(to_yuan(abs(t), unit) in known for t in totals)]
        if len(proven) == 1:
            statement.unit_text = proven[0]
            for line in statement.lines:
                if not line.unit_text:
                    line.unit_text, line.amount = proven[0], to_yuan(line.amount, proven[0])
        else:
            statement.lines = [line for line in statement.lines if line.unit_text]
            held.append(statement)
    return held
