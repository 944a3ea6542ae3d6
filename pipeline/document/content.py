"""What a reader hands on: pages of text lines and grids of cells, whatever engine read them.

Belongs here: the neutral page model. Does not belong here: anything that knows budgets, or any PDF engine.
All coordinates are PDF points with the origin at the top left of the upright (rotated as shown) page. Documents without paper
(spreadsheets, web pages, texts of a word processor) are set by `forms/typesetting.py`, so that distances and indentation mean what they
do in print; then `Content.printed` is false and none of their boxes is published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal, NamedTuple, TypedDict, TypeVar

import msgspec


class Box(NamedTuple):
    """A rectangle in PDF points, origin top left of the upright page."""

    x0: float
    y0: float
    x1: float
    y1: float


box_with: Callable[[Iterable[float]], Box] = partial(tuple.__new__, Box)
"""Return the box with four sides, in the order of its fields: a third of the time of `Box(*sides)`, for the hundreds of a page."""


class PrintedPlace(TypedDict):
    """Columns of a row that say where it is printed: page from 1 and a box in points; None where the document has none."""

    page: int | None
    x0: float | None
    y0: float | None
    x1: float | None
    y1: float | None


def printed_place(page: int | None, box: Box | None) -> PrintedPlace:
    """Return the columns of a page (0 or None: there is none) and a box on it."""
    x0, y0, x1, y1 = box or (None, None, None, None)
    return {"page": page or None, "x0": x0, "y0": y0, "x1": x1, "y1": y1}


class Word(msgspec.Struct, frozen=True, gc=False):
    """A run of characters without a gap."""

    text: str
    box: Box


class TextLine(msgspec.Struct, frozen=True, gc=False):
    """One printed line of text, words joined as they stand (a wide gap is one space).

    `in_grid` is true where the line stands inside a recognised grid. Text dumps have lines without boxes. `parts` are what
    gaps part, from left to right, of a line outside all grids that has several. `closed` says that the document itself ends a paragraph
    with it: no line goes on with it, however far it reaches.
    """

    text: str
    box: Box | None = None
    in_grid: bool = False
    parts: tuple[Word, ...] = ()
    closed: bool = False


class Cell(msgspec.Struct, frozen=True, gc=False):
    """A cell of a grid.

    Attributes:
        row, column: position of its first row and column in the grid, from 0.
        row_span, column_span: how many grid rows and columns it covers (≥ 1).
        text: the printed text, wrapped lines joined with a line break.
        box: the cell's rectangle.
        text_box: where the text stands inside it (its x0 shows indentation); None if empty.
        drawn: whether it shows something although it has no text: a picture, outlines of characters.
        address: where a document without paper has it (`D14`): in its sheet or table.
    """

    row: int
    column: int
    text: str
    box: Box
    row_span: int = 1
    column_span: int = 1
    text_box: Box | None = None
    drawn: bool = False
    address: str | None = None


@dataclass(frozen=True, slots=True)
class RecognisedNumber:
    """A number that a machine recognised in a picture.

    Attributes:
        text: as it was read.
        box: where it stands.
        confidence: probability of its least certain character, from 0 to 1, in hundredths.
        others: what it may be else, likelier ones first.
    """

    text: str
    box: Box
    confidence: float
    others: tuple[str, ...] = ()


WHITESPACE = "whitespace"
"""Reader of tables whose columns no ruling separates."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's cells on one page, in reading order. `reader` names the engine that found it (provenance)."""

    page: int
    rows: int
    columns: int
    cells: tuple[Cell, ...]
    box: Box
    reader: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page.

    Attributes:
        number: from 1.
        width, height: of the upright page, in points.
        lines: all text lines, top to bottom, those inside grids marked `in_grid`; of two pages on a sheet first those of the left one.
        grids: tables, likewise.
        loose_amounts: amounts of the text layer on this page that stand in no grid cell, or share one with another
            amount (the completeness proof of the reader: empty on a page of tables only).
        numbers: in the sequence of the text layer; None where the document has none (a text dump).
        pictured: whether it shows pictures and no text.
        drawn: whether it may show more than its lines say: rulings, areas, pictures, characters of which nothing is known.
        damaged: whether bytes that print it are damaged: what it shows may be other than what was read.
        recognised: its numbers where a machine recognised its text in a picture; None where the document spells it.
        unclear: where it recognised a character, of no number, that may well be another.
        pictures: where it was recognised in pictures beside text that the document spells; none where the whole page is one picture.
        middle: where the left one of two pages ends that are printed side by side on it; None where it is one page.
    """

    number: int
    width: float
    height: float
    lines: tuple[TextLine, ...] = ()
    grids: tuple[Grid, ...] = ()
    loose_amounts: tuple[Word, ...] = ()
    numbers: tuple[Word, ...] | None = None
    pictured: bool = False
    drawn: bool = True
    damaged: bool = False
    recognised: tuple[RecognisedNumber, ...] | None = None
    unclear: tuple[Box, ...] = ()
    pictures: tuple[Box, ...] = ()
    middle: float | None = None

    def is_recognised(self, box: Box) -> bool:
        """Tell whether a machine recognised what stands in a box; else the document spells it."""
        if self.recognised is None or not self.pictures:
            return self.recognised is not None
        x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
        return any(picture.x0 <= x <= picture.x1 and picture.y0 <= y <= picture.y1 for picture in self.pictures)


def single_pages(pages: Iterable[Page]) -> list[Page]:
    """Return pages as they are read one after the other: of two that are printed on one sheet the left one, then the right one.

    Both have the number of the sheet, and stand where they stand on it.
    """
    found: list[Page] = []
    for page in pages:
        if page.middle is None:
            found.append(page)
            continue
        for is_left in (True, False):
            lines = tuple(line for line in page.lines if ((line.box is None) or line.box.x0 < page.middle) == is_left)
            grids = tuple(grid for grid in page.grids if (grid.box.x0 < page.middle) == is_left)
            found.append(replace(page, width=page.middle if is_left else page.width, lines=lines, grids=grids, middle=None))
    return found


_Placed = TypeVar("_Placed", TextLine, Word, Cell)


def with_boxes(page: Page, box_of: Callable[[Box], Box]) -> Page:
    """Return a page with all that stands on it at other places; its size and its pictures stay."""

    def placed(things: Iterable[_Placed]) -> tuple[_Placed, ...]:
        return tuple(msgspec.structs.replace(thing, box=thing.box and box_of(thing.box)) for thing in things)

    cells = [
        tuple(msgspec.structs.replace(cell, text_box=cell.text_box and box_of(cell.text_box)) for cell in placed(grid.cells))
        for grid in page.grids
    ]
    return replace(
        page,
        lines=tuple(msgspec.structs.replace(line, parts=placed(line.parts)) for line in placed(page.lines)),
        grids=tuple(replace(grid, box=box_of(grid.box), cells=own) for grid, own in zip(page.grids, cells, strict=True)),
        loose_amounts=placed(page.loose_amounts),
        numbers=None if page.numbers is None else placed(page.numbers),
        recognised=None if page.recognised is None else tuple(replace(number, box=box_of(number.box)) for number in page.recognised),
        unclear=tuple(map(box_of, page.unclear)),
    )


@dataclass(frozen=True, slots=True)
class Content:
    """All that a reader took from one document.

    Attributes:
        tables: how its tables are given: as `grids` of cells, or as bare `lines` that lost their columns.
        reader: name of the reader that served (the most used one where pages differ).
        pages: in order; a text dump is one page per form feed, its lines without boxes.
        warnings: what the reader noticed (pages without Unicode maps, image-only pages…), one sentence each.
        printed: whether boxes are places on paper. Where they are not, cells have addresses.
        torn: whether pages may be missing, doubled or in another order.
    """

    tables: Literal["grids", "lines"]
    reader: str
    pages: tuple[Page, ...]
    warnings: tuple[str, ...] = field(default=())
    printed: bool = True
    torn: bool = False

    @property
    def sheets(self) -> int | None:
        """How many printed pages there are; None where a page has no extent (the lines of a text dump)."""
        return len(self.pages) if all(page.width for page in self.pages) else None


def in_spans(numbers: Sequence[int]) -> str:
    """Return numbers of pages or rows, in ascending order, as words: `3, 5-9`."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(f"{first}" if first == last else f"{first}-{last}" for first, last in spans)


class UnreadableDocument(Exception):
    """The bytes cannot be read as a document; the message is the one-sentence reason for its `documents` row."""


class NotNow(UnreadableDocument):
    """The bytes could not be read this time, for no reason that lies in them: a busy machine. Nothing is kept of it."""
