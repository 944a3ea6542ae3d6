"""Amounts in cells that begin beside the last row of a header and reach down into the body: they are of the row in which they end."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from pipeline.budget.amounts import is_blank, parse_with_unit
from pipeline.budget.characters import fold
from pipeline.statements.meaning.headers.header_texts import read_header_text
from pipeline.statements.statement_model import Table, TableRow

_FEWEST_WORDS = 2  # one known word may be a label beside its amount


def with_amounts_in_the_body(table: Table, depth: int) -> Table:
    """Return the table, its header not ended by an amount whose cell only begins in the header's last row.

    One item of a 三公 statement may print no 预算数 and 决算数: its only amount covers the row of these words and the row of amounts below.

    Args:
        table: the stitched table.
        depth: number of its header rows (see `header_columns.header_depth`).
    """
    if not 0 < depth < len(table.rows) - 1:
        return table
    row, below = table.rows[depth], table.rows[depth + 1]
    tall = _tall_amounts(row, below)
    if not tall or not _heads_amounts(row, below, tall):
        return table
    head = msgspec.structs.replace(row, cells=tuple(None if c in tall else cell for c, cell in enumerate(row.cells)))
    body = msgspec.structs.replace(below, top=tuple(top or c in tall for c, top in enumerate(below.top)))
    return replace(table, rows=(*table.rows[:depth], head, body, *table.rows[depth + 2 :]))


def _tall_amounts(row: TableRow, below: TableRow) -> frozenset[int]:
    """Return the columns of amounts whose cells begin in a row and reach into the one below it."""
    if row.page != below.page:
        return frozenset()
    return frozenset(
        c
        for c, cell in enumerate(row.cells)
        if cell is not None and row.top[c] and not below.top[c] and parse_with_unit(cell.text)[0] is not None
    )


def _heads_amounts(row: TableRow, below: TableRow, tall: frozenset[int]) -> bool:
    """Tell whether all else that a row prints are words of a header, each over an amount or a blank, and some over amounts."""
    words, amounts = 0, 0
    for c, (cell, under) in enumerate(zip(row.cells, below.cells, strict=True)):
        if c in tall or cell is None or not row.top[c] or not row.left[c] or not cell.text.strip():
            continue
        if not below.top[c] or not read_header_text(fold(cell.text)):
            return False
        if under is None or not (is_blank(under.text) or parse_with_unit(under.text)[0] is not None):
            return False
        words += 1
        amounts += not is_blank(under.text)
    return words >= _FEWEST_WORDS and amounts > 0
