"""The identities that each line of a document takes part in, with the lines on both sides: what a number's page writes out.

The tables say how many identities hold of a line (`proofs`) and what became of each identity (`checks`), not which lines are in it.
That follows from the lines: the same equations are built again, as `yusuan verify` does.

Belongs here: equations of published lines. What they state is in `pipeline/accounting`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl
from msgspec.structs import replace

from pipeline.accounting.evaluate import Excuse, IdentityResult
from pipeline.accounting.identities import evaluate_identities
from pipeline.budget.line import Line
from pipeline.site.tables import in_64_bits

_LINE_FIELDS = Line.__struct_fields__
_EMPTY_STATEMENTS_FROM = 10_000
"""Numbers of statements that print nothing: above those of any document."""

SCHEMA: Mapping[str, pl.DataType] = {
    "check_id": pl.String(),
    "statement": pl.String(),
    "subject": pl.String(),
    "at_least": pl.Boolean(),
    "outcome": pl.String(),
    "severity": pl.String(),
    "excuse": pl.String(),
    "expected": pl.Int64(),
    "actual": pl.Int64(),
    "tolerance": pl.String(),
    "whole": pl.List(pl.Int32()),
    "parts": pl.List(pl.Int32()),
}
"""Columns of the file: sides in fen, the tolerance in yuan as text, members as row numbers (from 0) of the document's lines."""


def identities_of(lines: pl.DataFrame, statements: Sequence[str], failed: Iterable[Mapping[str, Any]] = ()) -> pl.DataFrame:
    """Return the identities between the lines of one document.

    Args:
        lines: its rows of `budget_lines`.
        statements: kinds of the statements recognised in it, empty ones too (`documents.statements`).
        failed: its rows of `checks` that fail: what accuses nobody was told by asking the pages too, which are not at hand here.

    Returns:
        One row for each identity that was tried, with the columns of `SCHEMA`; members are numbered in the order of `lines`.
    """
    rows = [Line(**row) for row in lines.select(_LINE_FIELDS).iter_rows(named=True)]
    number = {line.id: n for n, line in enumerate(rows)}
    tried = evaluate_identities(rows, list(_announced(rows, statements)))
    published = {_of_check(row): row for row in failed}
    tried = [_as_published(result, published.get(_of_check(result.row()))) for result in tried]
    found = [
        {
            "check_id": result.equation.check_id,
            "statement": result.equation.statement,
            "subject": str(result.equation.subject),
            "at_least": result.equation.at_least,
            "outcome": result.outcome,
            "severity": result.severity,
            "excuse": result.excuse.name.lower() if result.excuse else None,
            "expected": in_64_bits(result.expected),
            "actual": in_64_bits(result.actual),
            "tolerance": f"{result.tolerance:f}",
            "whole": [number[i] for i in result.whole],
            "parts": [number[i] for i in result.parts],
        }
        for result in tried
    ]
    return pl.DataFrame(found, schema=SCHEMA, orient="row")


def _of_check(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what tells one check of a document from another."""
    return tuple(row[name] for name in ("check_id", "statement", "subject", "expected", "actual"))


def _as_published(result: IdentityResult, check: Mapping[str, Any] | None) -> IdentityResult:
    """Return an identity with the severity and the excuse of its row of `checks`."""
    if check is None or result.outcome != "fail":
        return result
    excuse = next((excuse for excuse in Excuse if check["detail"].endswith(f"; {excuse.value}")), None)
    return replace(result, severity=check["severity"], excuse=excuse)


def _announced(lines: Sequence[Line], kinds: Sequence[str]) -> Iterator[tuple[int, str, Any]]:
    """Yield number, kind and title of each statement, those without lines last."""
    printed = {line.statement_no: (line.statement_no, line.statement, line.statement_title) for line in lines if line.source == "table"}
    yield from (printed[number] for number in sorted(printed))
    empty = Counter(kinds) - Counter(kind for _, kind, _ in printed.values())
    yield from ((_EMPTY_STATEMENTS_FROM + n, kind, None) for n, kind in enumerate(empty.elements()))
