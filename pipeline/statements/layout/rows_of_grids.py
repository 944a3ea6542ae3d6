"""Rows of grids: cells in each column that they cover, and what a page repeats of the rows of the page before."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from pipeline.budget.amounts import is_separated, parse_amount
from pipeline.budget.characters import fold
from pipeline.document.content import Cell, Grid
from pipeline.statements.statement_model import TableRow

_REPEATED_ROWS = 8  # rows that a page may repeat from the head of its table: header and a total


def table_row(page: int, cells: Sequence[Cell | None], top: Sequence[bool]) -> TableRow:
    """Return a row of cells, of which one that covers several columns stands in each of them."""
    left = tuple([n == 0 or cell is None or cell is not cells[n - 1] for n, cell in enumerate(cells)])
    return TableRow(page, tuple(cells), tuple(top), left)


def rows_of(grid: Grid, skip: int) -> tuple[list[TableRow], list[float]]:
    """Return the grid's rows from `skip` on, cells repeated over their spans, without columns that hold nothing."""
    cells: list[list[Cell | None]] = [[None] * grid.columns for _ in range(grid.rows)]
    tops: dict[int, list[bool]] = {}  # of the rows that a cell of several rows or columns stands in
    edges = [float("inf")] * grid.columns
    for cell in grid.cells:
        row, column = cell.row, cell.column
        if (left := cell.box.x0) < edges[column]:
            edges[column] = left
        if cell.row_span == cell.column_span == 1 and row < grid.rows and row not in tops:  # as most are
            cells[row][column] = cell
            continue
        for r in range(row, min(row + cell.row_span, grid.rows)):
            own = tops.setdefault(r, [True] * grid.columns)
            for c in range(column, min(column + cell.column_span, grid.columns)):
                cells[r][c] = cell
                own[c] = r == max(row, skip)
    left = 0.0
    for c in range(grid.columns):
        edges[c] = left if edges[c] == float("inf") else edges[c]
        left = edges[c]
    plain = (True,) * grid.columns
    return [
        table_row(grid.page, cells[r], tops[r]) if r in tops else TableRow(grid.page, tuple(cells[r]), plain, plain)
        for r in range(skip, grid.rows)
    ], edges


def without_repeated(rows: list[TableRow], above: Sequence[TableRow]) -> list[TableRow]:
    """Return the rows of a page without those, before the first amount, that stand at the head of its table already."""
    leading = rows_of_head(rows[:_REPEATED_ROWS])
    known = {_row_texts(r) for r in above[:_REPEATED_ROWS]} if leading else set()
    repeated = list(takewhile(lambda row: _row_texts(row) in known, leading))
    return rows[len(repeated) :]


def _row_texts(row: TableRow) -> tuple[str, ...]:
    return tuple(fold(c.text) if c else "" for c in row.cells)


def has_amount(row: TableRow) -> bool:
    """Tell whether a row prints a number that is written as amounts are, with a point or a comma."""
    return any(c is not None and is_separated(c.text) and parse_amount(c.text) is not None for c in row.cells)


def rows_of_head(rows: Sequence[TableRow]) -> list[TableRow]:
    """Return the rows before the first amount."""
    return list(takewhile(lambda row: not has_amount(row), rows))
