"""What is far from what one would expect: rows of `outliers`, each with the line that prints it, as pages show them.

Belongs here: which rows of `outliers` are one thing to look at. That they are far is decided in `pipeline/publish/outliers.py`; that being
far accuses nobody is said by the front end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from pipeline.site.pages.references import Row
from pipeline.site.tables import fen

_CELL = ("document_id", "statement", "flow", "code", "fund", "nature", "measure", "page", "name", "amount")
"""Columns by which the line of a row of `outliers` is known again; totals have no code in either."""


def outliers_of(rows: Iterable[Row], lines: Iterable[Row]) -> list[dict[str, Any]]:
    """Return what is far from what one would expect of it, each thing once: the same amount may stand in several statements.

    Args:
        rows: of `outliers`, of one body or document.
        lines: of `budget_lines` of the same.

    Returns:
        What is told of each, the farthest first: amounts in fen, `of` the number of statements, `lines` with `statement_no`, `row` and
        `column` of those that print it.
    """
    alike: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        about = tuple(row[name] for name in ("document_id", "code", "name", "measure", "amount", "compared_with"))
        alike[about].append(row)
    wanted = {_cell(row) for of in alike.values() for row in of}
    places: dict[tuple[Any, ...], list[tuple[int, int, int]]] = defaultdict(list)
    for line in lines if wanted else ():
        if (cell := _cell(line)) in wanted:
            places[cell].append((line["statement_no"], line["row"], line["column"]))
    found = [{**_told(of), "lines": sorted({place for row in of for place in places[_cell(row)]})} for of in alike.values()]
    return sorted(found, key=lambda one: (-one["times"], one["document_id"], one["name"]))


def _cell(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in _CELL)


def _told(of: Sequence[Row]) -> dict[str, Any]:
    """Return what is told of one thing: against the most bodies, or the other year."""
    row = max(of, key=lambda one: (one["bodies"] or 0, one["statement"]))
    kept = ("document_id", "statement", "scheme", "code", "name", "measure", "page", "compared_with", "bodies", "other_year")
    amounts = {name: fen(row[name]) for name in ("amount", "typical")}
    return {**{name: row[name] for name in kept}, **amounts, "times": _times(row["amount"], row["typical"]), "of": len(of)}


def _times(amount: Decimal, typical: Decimal) -> int:
    """Return how many times the smaller one the larger of two amounts is; 0 where one is nothing."""
    less, more = sorted((amount, typical))
    return round(more / less) if less > 0 else 0
