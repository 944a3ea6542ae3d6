"""Counts of people that a table prints in a column of its own: who takes part in each of several meetings or courses of training.

Belongs here: the rows of `findings` for such counts, which no row of the dataset holds: key figures are of all. Does not belong here:
counts in sentences (`narrative/figures`), amounts (`uncaptured.py`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from pipeline.budget.characters import fold
from pipeline.budget.line import Line
from pipeline.checks.of_pages.uncaptured import box_of, holds
from pipeline.document.content import Box, Cell, Content, Grid

_HEAD = re.compile(r"[^,;。:()\d]{0,8}人[数次](?:\([^()]*\))?")
_COUNT = re.compile(r"\d{1,7}(?:人次?|名)?")
_SHOWN = 8
"""Counts named in a finding."""
DETAIL = "Counts of people in a column of the table: no row of the dataset holds them."


def counts_of_people(content: Content, lines: Iterable[Line]) -> Iterator[dict[str, Any]]:
    """Yield a finding for each table of amounts that has a column of counts of people.

    Args:
        content: pages of the document.
        lines: of the document.
    """
    placed: dict[int, list[Box]] = defaultdict(list)
    for line in lines:
        if line.page and line.x0 is not None and line.source == "table":
            placed[line.page].append(box_of(line))
    for page in content.pages:
        boxes = placed.get(page.number, ())
        for grid in page.grids if boxes else ():
            if any(holds(grid.box, box) for box in boxes) and (counts := [cell.text for cell in _counts(grid, boxes)]):
                found = {"subject": " ".join(counts[:_SHOWN]), "frequency": len(counts), "page": page.number, "detail": DETAIL}
                yield {"finding": "remark_not_captured", **found}


def _counts(grid: Grid, captured: Iterable[Box]) -> Iterator[Cell]:
    """Yield the cells of a grid that hold counts of people, below the heads of their columns, and no published amount."""
    heads = {cell.column: cell.row for cell in grid.cells if "人" in (text := fold(cell.text)) and _HEAD.fullmatch(text) is not None}
    for cell in grid.cells if heads else ():
        below = cell.column in heads and cell.row > heads[cell.column]
        if below and _COUNT.fullmatch(fold(cell.text)) and not any(holds(cell.box, box) for box in captured):
            yield cell
