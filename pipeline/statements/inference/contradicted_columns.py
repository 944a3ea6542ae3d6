"""Tables whose columns no rule separates, read against their own sums: what they say of their columns is held back.

Without vertical rulings, which heading stands over which column is a reading, not a fact. Where the rows of such a table contradict it, the
amounts stay as printed, but no column is said to be of a fund or nature.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pipeline.accounting.identities import try_identities
from pipeline.statements.model import Statement

_ALONG_ROWS = ("R", "T")
"""First letters of the identities that hold along a row, between its columns."""

_BY_CHANCE = 1
"""Rows that may contradict a reading that other rows confirm: a misprint."""


def hold_contradicted(statements: Sequence[Statement], incomplete: Collection[int]) -> None:
    """Make the columns of tables without vertical rulings ambiguous where their rows contradict them.

    Args:
        statements: of a document; their lines are changed in place.
        incomplete: numbers of statements of which some amount was not captured.
    """
    for statement in statements:
        if statement.ruled or not _is_contradicted(statement, incomplete):
            continue
        for line in statement.lines:
            line.fund = line.nature = None
            line.column_evidence = "ambiguous"


def _is_contradicted(statement: Statement, incomplete: Collection[int]) -> bool:
    rows: dict[str, set[int]] = {"fail": set(), "pass": set()}
    for result in try_identities(statement.lines, [(statement.number, statement.kind, statement.title)], incomplete):
        nothing = result.outcome == "pass" and not result.expected  # zeros agree with any reading
        if result.equation.check_id.startswith(_ALONG_ROWS) and result.severity == "error" and not nothing:
            rows[result.outcome].add(statement.lines[min(result.members)].row)
    confirmed = rows["pass"] - rows["fail"]
    return len(rows["fail"]) > (_BY_CHANCE if confirmed else 0)
