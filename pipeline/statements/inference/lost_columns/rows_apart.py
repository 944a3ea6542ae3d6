"""Rows of bare text whose numbers stand on another line than their label: which number is of which row is a reading, not a fact.

A tool that writes a table cell after cell, or column after column, leaves labels and numbers on lines of their own. Such a row is read
where sums over other rows prove it; elsewhere its numbers are held back and count as printed, not captured.

Belongs here: the proof of such rows. Does not belong here: where their numbers stand (`row_placement.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.accounting.evaluate import IdentityResult
from pipeline.accounting.identities import evaluate_identities, support_of
from pipeline.budget.line import LineId
from pipeline.statements.statement_model import Statement


def hold_unproven_rows(statements: Sequence[Statement]) -> list[Statement]:
    """Return the statements without the rows whose numbers stand apart from their labels, unless sums prove them.

    A sum with other rows, or with another statement, proves a row. One that fails speaks against all such rows of its statement: where one
    number is of another row, the next ones may be too.

    Args:
        statements: of a document, with their lines in yuan as far as their unit is known.
    """
    if not any(s.apart for s in statements):
        return list(statements)
    lines = [line for s in statements if s.unit_text for line in s.lines]
    announced = [(s.number, s.kind, s.title) for s in statements]
    results = [result for result in evaluate_identities(lines, announced) if _joins_rows(result)]
    support = support_of(results, {line.id: line.amount for line in lines})
    proven = {(i.statement_no, i.row) for i, own in support.items() if own.proofs}
    denied = {(i.statement_no, i.row) for i in _failing(results)}
    return [_without(s, {r for r in s.apart if (s.number, r) not in proven - denied}) for s in statements]


def _joins_rows(result: IdentityResult) -> bool:
    return len({(i.statement_no, i.row) for i in result.members}) > 1


def _failing(results: Iterable[IdentityResult]) -> Iterable[LineId]:
    return (i for result in results if result.outcome == "fail" and result.severity == "error" for i in result.members)


def _without(statement: Statement, rows: Iterable[int]) -> Statement:
    held = frozenset(rows)
    if not held:
        return statement
    return replace(statement, lines=tuple(line for line in statement.lines if line.row not in held))
