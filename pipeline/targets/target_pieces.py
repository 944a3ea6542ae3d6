"""Grids cut into pieces that are one table of targets each, with the lines of text above them.

Belongs here: where a table starts in a grid, and what is printed over it. Does not belong here: reading it (`target_tables.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import NamedTuple

from pipeline.budget.characters import fold, without_spaces
from pipeline.document.content import Box, Content, Page, single_pages, with_boxes
from pipeline.statements.meaning.table_heading import is_title, the_unit
from pipeline.targets.target_forms import opens_form
from pipeline.targets.target_headers import Header, Owners, Rows, find_header, may_have_header, names_level, owners_of, texts_of, units_in
from pipeline.targets.target_rows import AMOUNTS, RowPlace
from schemas.statements import kind_of, read_title


class PrintedGrid:
    """A grid with its texts, taken once for all that is asked of it. Laid out are few: a look at the texts is enough for the others.

    Attributes:
        grid: of cells.
        sheet, number: where it is printed: number of the sheet, and its own one there.
        above: the lines of text between it and the grid above it, nearest first.
        texts: of its cells, each once.
    """

    def __init__(self, page: Page, number: int, before: int = 0, sheet: int | None = None) -> None:
        """Take a grid of a page, before which its sheet shows so many; the sheet is the page, unless its number is given."""
        self.grid, self.number, self.above = page.grids[number], before + number, lines_above(page, number)
        self.sheet = page.number if sheet is None else sheet
        self.texts = set(map(without_spaces, {cell.text for cell in self.grid.cells}))

    @cached_property
    def owners(self) -> Owners:
        """The number of the cell that covers each place."""
        return owners_of(self.grid)

    @cached_property
    def rows(self) -> Rows:
        """Its texts, in rows."""
        return texts_of(self.grid, self.owners)


class Piece:
    """Rows of a grid that are one table: a grid may hold several forms below each other.

    Attributes:
        printed: the grid.
        grid, number: the same, and its number on its page.
        start: the row of the grid that is its first.
        opens: whether it is a form of its own, not the next table of the one above it.
        above: the lines of text above the grid, nearest first; empty for lower pieces.
    """

    def __init__(self, printed: PrintedGrid, start: int, end: int | None, opens: bool, above: list[str]) -> None:
        """Take the rows from `start` to `end` of a grid."""
        self.printed, self.grid, self.number = printed, printed.grid, printed.number
        self.start, self._end, self.opens, self.above = start, end, opens, above

    @cached_property
    def rows(self) -> Rows:
        """Its texts."""
        return self.printed.rows[self.start : self._end]

    @cached_property
    def owners(self) -> Owners:
        """The number of the cell that covers each place."""
        return self.printed.owners[self.start : self._end]

    def place(self, row: int) -> RowPlace:
        """Return where one of its rows is printed."""
        return RowPlace(self.printed.sheet, self.number + 1, self.start + row)


PrintedGrids = Sequence[tuple[Page, Sequence[PrintedGrid]]]
"""The pages of a document, each with its grids."""


def printed_grids(content: Content) -> PrintedGrids:
    """Return the grids of a document with their texts."""
    found: list[tuple[Page, Sequence[PrintedGrid]]] = []
    for sheet in content.pages:
        before = 0
        for page in single_pages([sheet]):
            found.append((page, [PrintedGrid(page, number, before) for number in range(len(page.grids))]))
            before += len(page.grids)
    return found


def in_a_row(pages: PrintedGrids) -> PrintedGrids:
    """Return pages as if each were a sheet of its own: two of one sheet have one number, and stand beside each other.

    A table goes on over pages that follow one another, and its columns stand at the same places on them.
    """
    numbers = [page.number for page, _ in pages]
    if len(set(numbers)) == len(numbers):
        return pages
    found: list[tuple[Page, Sequence[PrintedGrid]]] = []
    for n, (page, grids) in enumerate(pages):
        left = pages[n - 1][0].width if n and numbers[n - 1] == page.number else 0.0
        moved = with_boxes(page, partial(_moved, left=left))
        alone = replace(moved, number=n + 1, grids=tuple(replace(grid, page=n + 1) for grid in moved.grids))
        before = grids[0].number if grids else 0
        found.append((alone, [PrintedGrid(alone, number, before, page.number) for number in range(len(grids))]))
    return found


def _moved(box: Box, left: float) -> Box:
    return Box(box.x0 - left, box.y0, box.x1 - left, box.y1)


class Upper(NamedTuple):
    """The upper part of a form whose header of indicators is still to come.

    Attributes:
        page: its page.
        rows, owners: its rows, and the cells that cover each place.
        places: where each row is printed.
    """

    page: int
    rows: Rows
    owners: Owners
    places: list[RowPlace]

    def and_below(self, piece: Piece, end: int) -> Upper:
        """Return it with the rows of the next grid below, up to `end`, whose cells are none of its own."""
        shift = 1 + max((index for row in self.owners for index in row if index is not None), default=0)
        shifted = [[None if index is None else index + shift for index in row] for row in piece.owners[:end]]
        places = [piece.place(row) for row in range(end)]
        return Upper(self.page, [*self.rows, *piece.rows[:end]], [*self.owners, *shifted], [*self.places, *places])


NO_FORM = Upper(0, [], [], [])
"""No upper part of a form."""


def pieces_of(pages: PrintedGrids) -> Iterator[tuple[Piece, Page]]:
    """Yield the pieces of a document's grids in their order, each with its page."""
    before: list[str] = []
    for page, grids in pages:
        for printed in grids:
            above = printed.above or (before if printed is grids[0] else [])
            for piece in _pieces(printed, above):
                yield piece, page
        before = _lines_below(page)


def _pieces(printed: PrintedGrid, above: list[str]) -> Iterator[Piece]:
    """Cut a grid where the next form opens, or the next header of indicators stands."""
    if not may_have_header(printed.texts):
        yield Piece(printed, 0, None, True, above)
        return
    rows, owners = printed.rows, printed.owners
    cuts = [0]
    header = find_header(rows, owners)
    first = next((r for r in range(1, header.top) if opens_form(rows[r])), 0) if header is not None else 0
    if any(map(names_level, rows[:first])):  # the last rows of the form before, from the page before
        cuts.append(first)
        header = find_header(rows[first:], owners[first:])
    while header is not None:
        start = cuts[-1] + header.below
        opening = next((r for r in range(start, len(rows)) if opens_form(rows[r])), None)
        following = find_header(rows[start:], owners[start:])
        again = start + following.row if following else None
        cut = min((place for place in (opening, again) if place is not None), default=None)
        if cut is None:
            break
        cuts.append(cut)
        header = find_header(rows[cut:], owners[cut:])
    for start, end in zip(cuts, [*cuts[1:], len(rows)], strict=True):
        opens = start == 0 or opens_form(rows[start])
        yield Piece(printed, start, end, opens, above if start == 0 else [])


def unit_of(piece: Piece, page: Page, header: Header) -> str | None:
    """Return the unit of money of a table of targets that does not print it with each amount.

    It stands in the header of the amounts, or above the table, or somewhere on a page that has no other statement: two tables of a
    page may be in two units.
    """
    amounts = [column for name, column in header.columns.items() if name in AMOUNTS]
    rows = [list(row) for row in piece.rows[: header.row + 1]]
    if amounts:  # 单价（元） says nothing of the column beside it
        rows = [row if len(set(row) - {""}) == 1 else [row[column] for column in amounts] for row in rows]
    above = [[text] for text in piece.above or piece.printed.above]
    loose = [line.text for line in page.lines if not line.in_grid]
    places = (rows, above, [] if is_of_statement(loose) else [[text] for text in loose])
    return the_unit(next((units for place in places if (units := units_in(place))), ()))


def is_of_statement(texts: Sequence[str]) -> bool:
    """Tell whether one of some texts is the title of a statement of amounts."""
    found = (read_title(folded) for text in texts if is_title(folded := fold(text)))
    return any(meaning is not None and (kind := kind_of(meaning.statement)).is_known and not kind.holds_targets for meaning in found)


def lines_above(page: Page, number: int) -> list[str]:
    """Return the lines of text between a grid and the one above it, nearest first."""
    top = page.grids[number].box.y0
    floor = max((grid.box.y1 for grid in page.grids if grid.box.y1 <= top), default=0.0)
    lines = [line for line in page.lines if not line.in_grid and line.box is not None and line.text.strip()]
    found = [line for line in lines if line.box is not None and floor - 1 <= line.box.y0 and line.box.y1 <= top + 1]
    return [line.text for line in reversed(found)]


def _lines_below(page: Page) -> list[str]:
    """Return the lines of text under the last grid of a page, nearest to its foot first."""
    floor = max((grid.box.y1 for grid in page.grids), default=0.0)
    return [line.text for line in reversed(page.lines) if not line.in_grid and line.box is not None and line.box.y0 >= floor - 1]
