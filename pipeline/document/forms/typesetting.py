"""Documents without paper set as if they were printed: tables and lines of text get the places that distances are measured by.

Belongs here: how wide a column, how high a row and how far in a text stands, in points of a sheet that nobody prints. What is told by
distance in print (indentation of names, texts that stand apart, what stands above a table, whether two tables have the same columns) is so
told here too. Does not belong here: what the words say, and any one file format. None of these places is published (`Content.printed`).

A character is as wide as it is high (half of that for Latin ones), as Chinese is set. A column is as wide as its longest line, within
bounds; numbers stand flush right, all other texts flush left behind their indentation; rows follow one another without a gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import msgspec

from pipeline.budget.amounts import AMOUNT, parse_amount
from pipeline.document.content import Box, Cell, Grid, Page, TextLine, Word
from pipeline.document.pictures_in_text import with_picture

CHARACTER = 10.0
"""Points: width and height of a Chinese character."""

_NARROWEST, _WIDEST = 30.0, 240.0  # points: of a column, whatever stands in it
_PAD = 2.0  # points between a cell's border and its text
_LEADING = 1.2  # of a character: from line to line
_MARGIN = 50.0  # points: above and left of everything
_BEFORE_TABLE = 12.0  # points: more than half a line, or words above a header would be taken for words pushed out of it
_BETWEEN = 6.0  # points between lines of text
_APART = 5 * CHARACTER  # between the parts of a line: more than the three heights that part two texts
_FIRST_LETTER, _LETTERS = ord("A"), 26
_LATIN = 0x1100  # from this code on a character is set full width


@dataclass(frozen=True, slots=True)
class SetCell:
    """A cell before it has a place.

    Attributes:
        row, column, row_span, column_span, text, drawn: as in `Cell`.
        indent: points by which its text is set in.
        address: in the sheet or table of the document.
    """

    row: int
    column: int
    text: str
    address: str
    row_span: int = 1
    column_span: int = 1
    indent: float = 0.0
    drawn: bool = False


@dataclass(slots=True)
class Sheet:
    """A page being set, from its top down."""

    number: int
    reader: str
    lines: list[TextLine] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    loose: list[Word] = field(default_factory=list)
    pictured: list[tuple[Page, float]] = field(default_factory=list)
    _y: float = _MARGIN
    _right: float = _MARGIN

    def line(self, texts: Sequence[str], *, indent: float = 0.0, in_table: bool = False) -> None:
        """Set a line of text, closed; several texts stand apart in it. With `in_table` its numbers count as outside all cells."""
        parts, x = [], _MARGIN + indent
        for text in texts:
            parts.append(Word(text, Box(x, self._y, x + width_of(text), self._y + CHARACTER)))
            x = parts[-1].box.x1 + _APART
        box = Box(parts[0].box.x0, self._y, parts[-1].box.x1, self._y + CHARACTER)
        self.lines.append(TextLine(" ".join(texts), box, parts=tuple(parts) if len(parts) > 1 else (), closed=True))
        if in_table:
            self.loose += [word for word in parts if parse_amount(word.text) is not None and AMOUNT.search(word.text)]
        self._y = box.y1 + _BETWEEN
        self._right = max(self._right, box.x1)

    def table(self, cells: Sequence[SetCell], rows: int, columns: int, widths: Sequence[float] = (), left: float = 0.0) -> None:
        """Set a table. Places that no cell covers are empty cells.

        Args:
            cells: of the table.
            rows: how many it has.
            columns: how many it has.
            widths: of its columns, where tables of a sheet share them; else each is as wide as its texts ask for.
            left: how far right of the margin it begins.
        """
        top = self._y + _BEFORE_TABLE
        xs = _edges(_MARGIN + left, widths or widths_of(cells, columns))
        ys = _edges(top, _heights(cells, rows))
        placed = tuple(_place(_with_numbers_apart(cell), xs, ys) for cell in (*cells, *_blanks(cells, rows, columns)))
        self.grids.append(Grid(self.number, rows, columns, placed, Box(xs[0], ys[0], xs[-1], ys[-1]), self.reader))
        for cell in sorted(placed, key=lambda cell: (cell.row, cell.column)):
            if cell.text_box is not None:
                self.lines.append(TextLine(cell.text, cell.text_box, in_grid=True))
                found = AMOUNT.findall(cell.text)
                if len(found) > 1:
                    self.loose += [Word(text, cell.text_box) for text in found]
        self._y = ys[-1] + _BEFORE_TABLE
        self._right = max(self._right, xs[-1])

    def picture(self, read: Page) -> None:
        """Set what was recognised in a picture: its cells get addresses, those of a second table follow those of the first."""
        grids, rows = [], 0
        for grid in read.grids:
            cells = tuple(msgspec.structs.replace(cell, address=address(rows + cell.row, cell.column)) for cell in grid.cells)
            grids.append(replace(grid, cells=cells))
            rows += grid.rows
        self.pictured.append((replace(read, grids=tuple(grids)), self._y + _BEFORE_TABLE))
        self._y += read.height + 2 * _BEFORE_TABLE
        self._right = max(self._right, _MARGIN + read.width)

    @property
    def holds_table(self) -> bool:
        """Whether a table stands on it, set or in a picture."""
        return bool(self.grids or self.pictured)

    def page(self) -> Page:
        """Return what was set; an empty page has an extent too."""
        page = Page(self.number, self._right + _MARGIN, self._y + _MARGIN, tuple(self.lines), tuple(self.grids), tuple(self.loose))
        for read, top in self.pictured:
            page = with_picture(page, read, _MARGIN, top)
        return page


def width_of(text: str) -> float:
    """Return how wide a line of text is set, in points."""
    return sum(CHARACTER if ord(char) >= _LATIN else CHARACTER / 2 for char in text)


def widths_of(cells: Iterable[SetCell], columns: int) -> list[float]:
    """Return how wide columns are set, in points: as their texts that stand in one column alone ask for, within bounds."""
    widths = [_NARROWEST] * columns
    for cell in cells:
        if cell.column_span == 1 and cell.text:
            wanted = cell.indent + max(width_of(line) for line in cell.text.split("\n")) + 2 * _PAD
            widths[cell.column] = max(widths[cell.column], min(wanted, _WIDEST))
    return widths


def address(row: int, column: int) -> str:
    """Return the address of a cell, as spreadsheets have it: `D14` for row 13, column 3 (from 0)."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, _LETTERS)
        letters = chr(_FIRST_LETTER + letter) + letters
    return f"{letters}{row + 1}"


def _with_numbers_apart(cell: SetCell) -> SetCell:
    """Return a cell of which every line is a number with these parted: no paper was too narrow for one number, they are two."""
    lines = cell.text.split("\n")
    numbers = len(lines) > 1 and all(parse_amount(line) is not None for line in lines)
    return replace(cell, text=" / ".join(lines)) if numbers else cell


def _heights(cells: Iterable[SetCell], rows: int) -> list[float]:
    heights = [CHARACTER * _LEADING + 2 * _PAD] * rows
    for cell in cells:
        if cell.row_span == 1:
            heights[cell.row] = max(heights[cell.row], (cell.text.count("\n") + 1) * CHARACTER * _LEADING + 2 * _PAD)
    return heights


def _edges(start: float, sizes: Iterable[float]) -> list[float]:
    edges = [start]
    for size in sizes:
        edges.append(edges[-1] + size)
    return edges


def _blanks(cells: Iterable[SetCell], rows: int, columns: int) -> list[SetCell]:
    covered = [[False] * columns for _ in range(rows)]
    for cell in cells:
        for r in range(cell.row, cell.row + cell.row_span):
            covered[r][cell.column : cell.column + cell.column_span] = [True] * cell.column_span
    return [SetCell(r, c, "", "") for r, row in enumerate(covered) for c, taken in enumerate(row) if not taken]


def _place(cell: SetCell, xs: Sequence[float], ys: Sequence[float]) -> Cell:
    box = Box(xs[cell.column], ys[cell.row], xs[cell.column + cell.column_span], ys[cell.row + cell.row_span])
    text_box = None
    if cell.text.strip():
        lines = cell.text.split("\n")
        wide = min(max(map(width_of, lines)), box.x1 - box.x0 - 2 * _PAD)
        high = min(len(lines) * CHARACTER * _LEADING, box.y1 - box.y0 - 2 * _PAD)
        x0 = box.x1 - _PAD - wide if parse_amount(cell.text) is not None else min(box.x0 + _PAD + cell.indent, box.x1 - _PAD - 1)
        text_box = Box(x0, box.y0 + _PAD, min(x0 + wide, box.x1 - _PAD), box.y0 + _PAD + high)
    return Cell(cell.row, cell.column, cell.text, box, cell.row_span, cell.column_span, text_box, cell.drawn, cell.address or None)
