"""Tables whose columns no rule separates, read against their own sums: what they say of their columns is held back.

Without vertical rulings, which heading stands over which column is a reading, not a fact. Where the rows of such a table contradict it, the
amounts stay as printed, but no column is said to be of a fund or nature.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from pipeline.accounting.identities import evaluate_identities
from pipeline.statements.statement_model import Statement
from schemas.check_catalogue import ALONG_ROWS

_TOLERATED_ROWS = 1
"""Rows that may contradict a reading that other rows confirm: a misprint."""


def mark_contradicted_ambiguous(statements: Sequence[Statement], incomplete: Collection[int]) -> list[Statement]:
    """Return the statements, the columns of tables without vertical rulings ambiguous where their rows contradict them.

    Args:
        statements: of a document.
        incomplete: numbers of statements of which some amount was not captured.
    """
    return [s if s.ruled or not _is_contradicted(s, incomplete) else _ambiguous(s) for s in statements]


def _ambiguous(statement: Statement) -> Statement:
    lines = tuple(replace(line, fund=None, nature=None, column_evidence="ambiguous") for line in statement.lines)
    return replace(statement, lines=lines)


def _is_contradicted(statement: Statement, incomplete: Collection[int]) -> bool:
    rows: dict[str, set[int]] = {"fail": set(), "pass": set()}
    for result in evaluate_identities(statement.lines, [(statement.number, statement.kind, statement.title)], incomplete):
        nothing = result.outcome == "pass" and not result.expected  # zeros agree with any reading
        if result.equation.family in ALONG_ROWS and result.severity == "error" and not nothing:
            rows[result.outcome].add(min(i.row for i in result.members))
    confirmed = rows["pass"] - rows["fail"]
    return len(rows["fail"]) > (_TOLERATED_ROWS if confirmed else 0)
