"""Tables one below the other in one grid, each under a title that is a row of it: a sheet pasted whole.

Belongs here: taking such a grid apart. Does not belong here: titles in the first rows of a grid (`surroundings.py`).
"""

from __future__ import annotations

from dataclasses import replace

import msgspec

from pipeline.budget.characters import fold
from pipeline.document.content import Box, Grid, Page
from pipeline.statements.layout.surroundings import heading_of, heading_rows
from pipeline.statements.meaning.table_heading import is_title, read_heading


def with_tables_apart(page: Page, before: Page | None) -> Page:
    """Return a page whose grids hold one table each: where a row of a grid is the title of another statement, a grid begins.

    A title that is that of the table above it is left in its row: the table goes on under it.

    Args:
        page: any page.
        before: the one before it, which may end with the title of its first grid.
    """
    grids: list[Grid] = []
    for position, grid in enumerate(page.grids):
        starts = [0]
        if titles := _title_rows(grid):
            above, _ = heading_of(page, position, before)
            inner, skip = heading_rows(grid)
            said = read_heading(above + inner).meaning
            for row, title in titles:
                meaning = read_heading([title]).meaning
                if row > skip and said is not None and meaning is not None and meaning != said:
                    starts.append(row)
                    said = meaning
        grids += [_part(grid, start, stop) for start, stop in zip(starts, [*starts[1:], grid.rows], strict=True)]
    return replace(page, grids=tuple(grids)) if len(grids) > len(page.grids) else page


def _title_rows(grid: Grid) -> list[tuple[int, str]]:
    """Return the rows of a grid that hold a title alone, over its whole width, between other rows; most grids have none."""
    return [
        (cell.row, cell.text)
        for cell in grid.cells
        if cell.column_span == grid.columns and cell.row_span == 1 and 0 < cell.row < grid.rows - 1 and is_title(fold(cell.text))
    ]


def _part(grid: Grid, start: int, stop: int) -> Grid:
    """Return the rows of a grid from `start` to before `stop` as a grid of their own."""
    if (start, stop) == (0, grid.rows):
        return grid
    cells = tuple(msgspec.structs.replace(cell, row=cell.row - start) for cell in grid.cells if start <= cell.row < stop)
    upper, lower = min(cell.box.y0 for cell in cells), max(cell.box.y1 for cell in cells)
    return replace(grid, rows=stop - start, cells=cells, box=Box(grid.box.x0, upper, grid.box.x1, lower))
