"""Tables whose columns no rule separates, read against their own sums: what they say of their columns is held back.

Without vertical rulings, which heading stands over which column is a reading, not a fact. Where the rows of such a table contradict it, the
amounts stay as printed, but no column is said to be of a fund or nature.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from pipeline.checks.tried import Tried
from pipeline.line import Line
from pipeline.statements.statement import Statement

_ALONG_ROWS = ("R", "T")
"""First letters of the identities that hold along a row, between its columns."""

_BY_CHANCE = 1
"""Rows that may contradict a reading that other rows confirm: a misprint."""


def hold_contradicted(statements: Sequence[Statement], tried: Sequence[Tried], lines: Sequence[Line]) -> bool:
    """Make the columns of tables without vertical rulings ambiguous where their rows contradict them.

    Args:
        statements: of a document.
        tried: its identities.
        lines: what these refer to; changed in place.

    Returns:
        Whether anything was held back.
    """
    rows: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for result in tried:
        first = lines[min(result.members)]
        nothing = result.outcome == "pass" and not result.expected  # zeros agree with any reading
        if result.equation.check_id.startswith(_ALONG_ROWS) and result.severity == "error" and not nothing:
            rows[first.statement_no][result.outcome].add(first.row)
    held = False
    for statement in statements:
        failed, passed = (rows[statement.number][outcome] for outcome in ("fail", "pass"))
        if statement.ruled or len(failed) <= (_BY_CHANCE if passed - failed else 0):
            continue
        for line in statement.lines:
            line.fund = line.nature = None
            line.column_evidence = "ambiguous"
        held = True
    return held
