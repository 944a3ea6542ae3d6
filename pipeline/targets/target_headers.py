"""The header of a table of targets: which column says what.

Belongs here: rows of words that name columns. Does not belong here: what a form says above them (`target_forms.py`), the rows below
(`target_tables.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.budget.characters import fold, without_spaces
from pipeline.document.content import Grid
from pipeline.targets.target_rows import target_words

_STOREYS = 2  # rows of a header above its last one
_WANTED = ({"dimension", "indicator"}, {"indicator", "target"}, {"sub_dimension", "target"}, {"project", "amount", "goal"})
_OF_INDICATORS = ("activity", "dimension", "sub_dimension", "indicator", "operator", "target", "unit", "weight")
_BEHIND = re.compile(r"\([^()]*\)$")

Rows = list[list[str]]
"""A grid as rows of texts, each cell's text in all places that it covers."""

Owners = list[list[int | None]]
"""A grid as rows of numbers of cells, each in all places that the cell covers."""


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a table of targets.

    Attributes:
        row: its row with the words that tell it.
        columns: attribute → column.
        top: its first row.
        below: the first row under it.
    """

    row: int
    columns: dict[str, int]
    top: int
    below: int


def owners_of(grid: Grid) -> Owners:
    """Return the grid as rows of numbers of cells."""
    rows: Owners = [[None] * grid.columns for _ in range(grid.rows)]
    for index, cell in enumerate(grid.cells):
        for row in range(cell.row, min(cell.row + cell.row_span, grid.rows)):
            for column in range(cell.column, min(cell.column + cell.column_span, grid.columns)):
                rows[row][column] = index
    return rows


def texts_of(grid: Grid, owners: Owners) -> Rows:
    """Return the grid as rows of texts."""
    texts = [without_spaces(cell.text) for cell in grid.cells]
    return [["" if index is None else texts[index] for index in row] for row in owners]


def names(attribute: str, text: str) -> bool:
    """Tell whether a text names one of the words of an attribute."""
    return any(word in text for word in target_words(attribute))


def column_of(text: str) -> str:
    """Return the attribute that a header cell names, with or without what stands in brackets behind it; empty for none."""
    folded = fold(text)
    words = target_words("column")
    return words.get(folded) or words.get(_BEHIND.sub("", folded), "")


def find_header(rows: Rows, owners: Owners) -> Header | None:
    """Return the header of the first table of targets in a grid, or None where it has none."""
    heads = [_heads(row) for row in rows]
    at = next((i for need in _WANTED for i, row in enumerate(heads) if need <= set(row)), None)
    if at is None:
        return None
    columns: dict[str, int] = {}
    for above in range(at, max(-1, at - _STOREYS - 1), -1):
        for column, name in enumerate(heads[above]):
            if name == "target" and name in columns and names("year", fold(rows[above][column])):
                columns[name] = column
            elif name:
                columns.setdefault(name, column)
    below = _below(owners, at, columns)
    for row in range(at + 1, below):
        for column, name in enumerate(heads[row]):
            if name in ("fiscal_amount", "other_amount"):  # 其中：财政资金 | 其他资金 under a head over two rows
                columns.setdefault(name, column)
            elif name == "target" and names("year", fold(rows[row][column])):  # 前年 | 上年 | 当年 under 指标值
                columns[name] = column
    if "indicator" not in columns and "sub_dimension" in columns and "target" in columns:
        columns["indicator"] = columns.pop("sub_dimension")  # two levels of indicators: the second one is the indicator
    if "indicator" in columns and "project" in columns and heads[at][columns["project"]] != "project":
        columns = {name: column for name, column in columns.items() if name in _OF_INDICATORS}
    if "indicator" in columns:
        columns = {n: c for n, c in columns.items() if n != "unit" or c > columns["indicator"]}  # 单位 before it is a body
    return Header(at, columns, _top(owners, at, columns), below)


def _heads(row: Sequence[str]) -> list[str]:
    """Return the attribute that each cell of a row names; a word like 绩效指标 is the indicator only right of the levels above it."""
    heads = [column_of(text) for text in row]
    if "indicator" not in heads and "target" in heads:
        levels = [column for column, name in enumerate(heads) if name in ("dimension", "sub_dimension")]
        for column in range(max(levels, default=-1) + 1, len(row)):
            heads[column] = heads[column] or target_words("lone_column").get(fold(row[column]), "")
    return heads


def _top(owners: Owners, at: int, columns: dict[str, int]) -> int:
    """Return the first row of a header whose cells may stand over several rows."""
    row = at
    while row > 0 and any(owners[row - 1][c] == owners[at][c] is not None for c in columns.values()):
        row -= 1
    return row


def _below(owners: Owners, at: int, columns: dict[str, int]) -> int:
    """Return the first row under a header whose cells may stand over several rows."""
    told = [column for name, column in columns.items() if name in ("project", "indicator", "dimension")]
    row = at + 1
    while row < len(owners) and any(owners[row][c] == owners[at][c] is not None for c in told):
        row += 1
    return row
