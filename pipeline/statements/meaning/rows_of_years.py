"""Rows of several years or measures (2025年 | 2026年 | 增减变化): what a row says of its own, and which rows have lost it.

Belongs here: the measure of a row. Does not belong here: what a cell's words say (`headers/header_attributes.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.budget.characters import fold
from pipeline.statements.meaning.headers.header_attributes import measure_of_row
from pipeline.statements.statement_model import NO_AMOUNTS, Column, RowLabel, TableRow


def measure_of_label(label: RowLabel, fiscal_year: int | None) -> str | None:
    """Return the measure that a row says by a cell of its own or by its name.

    A unit may be named by its code alone, of which no digits say a year (122001).
    """
    named = label.scheme != "unit" or label.name != label.code
    return label.measure or (measure_of_row(fold(label.name), fiscal_year) if named else None)


def are_of_one_measure(labels: Sequence[RowLabel | None], fiscal_year: int | None) -> bool:
    """Tell whether rows do not differ by year or measure, so that one without a name is of theirs."""
    return len({measure_of_label(label, fiscal_year) for label in labels if label} - set(NO_AMOUNTS)) < 2


def without_rows_of_open_years(
    labels: Sequence[RowLabel | None], rows: Sequence[TableRow], columns: Sequence[Column]
) -> list[RowLabel | None]:
    """Return the labels without those of rows whose cell for the year is blank, where the other rows are of several years."""
    years = [c.index for c in columns if c.role == "year"]
    blank = [not any((cell := row.cells[c]) and cell.text.strip() for c in years) for row in rows]
    several = len({label.measure for label, is_blank in zip(labels, blank, strict=True) if label and not is_blank}) > 1
    return [None if years and several and is_blank else label for label, is_blank in zip(labels, blank, strict=True)]
