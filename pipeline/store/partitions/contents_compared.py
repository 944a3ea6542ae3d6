"""What one document holds of what another holds: its lines, and the rows of its other tables.

Belongs here: comparing the rows of two documents. Does not belong here: which of the two counts (`superseded.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import polars as pl

from schemas.tables import BUDGET_LINES, DOCUMENT_KEYS, KEY_FIGURES, PERFORMANCE_INDICATORS, PROJECTS, YEAR_ON_YEAR, Table

Row = dict[str, Any]
TableOf = Callable[[Row, Table], pl.DataFrame]
"""Gives what a document adds to a table."""

_LINE = ("unit", "statement", "flow", "scheme", "code", "name", "fund", "nature", "measure", "amount")
_SAID: tuple[tuple[Table, tuple[str, ...], tuple[str, ...]], ...] = (
    (BUDGET_LINES, ("source", "statement", "unit"), ("flow", "scheme", "code", "name")),
    (YEAR_ON_YEAR, ("statement",), ("code", "name", "fund", "nature")),
    (KEY_FIGURES, (), ("indicator",)),
    (PROJECTS, (), ("project",)),
    (PERFORMANCE_INDICATORS, ("project",), ("dimension", "sub_dimension", "indicator")),
)
"""Per table the columns that say which part of a document a row is of, and those that say what the row is about."""

_RECURRING = 0.5  # of the rows of a part: a correction names some rows anew, another table has other rows


def same_lines(row: Row, other: Row, table_of: TableOf) -> bool:
    """Tell whether two documents have the same budget lines, wherever they stand in print."""
    one, two = (table_of(document, BUDGET_LINES).select(_LINE).sort(_LINE) for document in (row, other))
    return one.equals(two)


def states_otherwise(row: Row, other: Row, table_of: TableOf) -> bool:
    """Tell whether two documents state different amounts for some line that both have."""
    about = [name for name in _LINE if name != "amount"]
    one, two = (table_of(document, BUDGET_LINES).select(_LINE).unique(about, keep="none") for document in (row, other))
    return not one.join(two, on=about, nulls_equal=True).filter(pl.col("amount") != pl.col("amount_right")).is_empty()


def says_all(row: Row, other: Row, table_of: TableOf) -> bool:
    """Tell whether `row` has every row of the tables beside `budget_lines` that `other` has, values included."""
    for table, _, _ in _SAID:
        if table is not BUDGET_LINES:
            own, wanted = (_values(table_of(document, table)) for document in (row, other))
            if wanted.join(own, on=wanted.columns, how="anti", nulls_equal=True).height:
                return False
    return True


def holds_all_parts(later: Row, earlier: Row, table_of: TableOf) -> bool:
    """Tell whether `later` has every part that `earlier` has, with as many rows about mostly the same things; amounts may differ.

    A part is a statement of a unit in tables or narrative, the indicators of a project, or another table. A correction may rename rows,
    but takes none away: one that is smaller corrects a part only.
    """
    for table, part, about in _SAID:
        own, wanted = (_parts(table_of(document, table), part, about) for document in (later, earlier))
        for key, rows in wanted.items():
            if len(own[key]) < len(rows) or len(own[key] & rows) < _RECURRING * len(rows):
                return False
    return True


def _values(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.drop(*DOCUMENT_KEYS, "item").unique()


def _parts(frame: pl.DataFrame, part: tuple[str, ...], about: tuple[str, ...]) -> defaultdict[tuple[Any, ...], set[tuple[Any, ...]]]:
    found: defaultdict[tuple[Any, ...], set[tuple[Any, ...]]] = defaultdict(set)
    for values in frame.select(*part, *about).iter_rows():
        found[values[: len(part)]].add(values[len(part) :])
    return found
