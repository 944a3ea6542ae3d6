"""Pages that a file has twice, one behind the other: whoever put it together took a sheet two times, and each row would count twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.document.content import Grid, Page

_FEWEST_LINES = 5
"""Pages of fewer, and no table, may have the same caption below different pictures."""

COPIED = "all stands that the page before shows, at the same places: the copy was left out"
"""What is said of such pages."""


def copies_of(pages: Sequence[Page]) -> list[int]:
    """Return the numbers of printed pages that show what the page before shows, place for place, their printed page numbers too.

    Two pages of a list may be alike where all rows of it are; those are none.
    """
    return [page.number for before, page in pairwise(pages) if _is_copy(before, page)]


def without_copies(pages: Sequence[Page], copies: Sequence[int]) -> tuple[Page, ...]:
    """Return the pages, blank ones in the place of copies."""
    return tuple(Page(page.number, page.width, page.height, numbers=(), drawn=False) if page.number in copies else page for page in pages)


def _is_copy(before: Page, page: Page) -> bool:
    if (not page.grids and len(page.lines) < _FEWEST_LINES) or page.recognised is not None or page.damaged:
        return False
    grids = tuple(replace(grid, page=before.number) for grid in page.grids)
    return replace(page, number=before.number, grids=grids) == before and not any(map(_repeats, grids))


def _repeats(grid: Grid) -> bool:
    """Tell whether most rows of a table say the same."""
    rows: dict[int, list[str]] = {}
    for cell in grid.cells:
        rows.setdefault(cell.row, []).append(cell.text)
    return 2 * len(set(map(tuple, rows.values()))) <= len(rows)
