"""Reading a PDF: the readers in their order, and which of them serves a page.

The first reader takes pdfium's own rulings and glyphs, the second the white corridors of what is left, the third is
camelot, asked only where amounts are left that stand like a table's. Every page is proven: each amount of its text layer
stands alone in one cell, or is counted as loose.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pypdfium2 as pdfium

from pipeline.document.content import WHITESPACE, Box, Content, Page, UnreadableDocument, in_spans
from pipeline.document.pdf.box_drawing import rulings
from pipeline.document.pdf.drawing import Drawing, Ruling, TooManyObjects, drawing
from pipeline.document.pdf.file_structure.damage import damage_of, without_shapes
from pipeline.document.pdf.foreign_text import foreign, own_numbers, unseen, without
from pipeline.document.pdf.glyphs import Glyphs, glyphs
from pipeline.document.pdf.paint import clipped, colours_of, with_white_lines
from pipeline.document.pdf.pdfium import PageOrientation, load_page, open_document, orientation_of
from pipeline.document.pdf.runs import TextRun, runs_of
from pipeline.document.tables.camelot_tables import CAMELOT
from pipeline.document.tables.camelot_tables import tables as second_reading
from pipeline.document.tables.cells import Placed, grid, join_cells_over_page_break, loose_amounts, place, text_lines
from pipeline.document.tables.drawn_numbers import drawn_cells
from pipeline.document.tables.row_bands import split_fused_rows
from pipeline.document.tables.ruled import TableStructure, table_structures
from pipeline.document.tables.whitespace import tables_without_rulings, tabular_amounts

RULED = "pdfium"


@dataclass(frozen=True, slots=True)
class ReadingSettings:
    """When a page is read once more, and when its text is not trusted."""

    fewest_fills: int = 6
    """Coloured areas. So many on a page without ruled tables may be cells: two rows of three."""
    worth_asking: int = 4
    """Amounts without a cell of their own, standing like a table's. So many are worth a second reading, which costs a second."""
    near_table: float = 3.0
    """Points. A ruling no further above or below a ruled table is part of it: a double border."""
    few_unmapped: int = 5
    """Characters without a Unicode value. So few are ornaments, whatever the length of the page."""
    unmapped_one_in: int = 20
    """With more than one in so many the page's text cannot be trusted: ornaments and bullets are fewer."""


READING = ReadingSettings()


def read_pdf(data: bytes, settings: ReadingSettings = READING) -> Content:
    """Read a PDF: pages with their text lines and tables.

    Args:
        data: the bytes of the file.
        settings: thresholds.

    Returns:
        All pages in order; `reader` names the engine that served most tables.

    Raises:
        UnreadableDocument: the bytes are no readable PDF; the message says why in one sentence.
    """
    pages: list[Page] = []
    doubts = _PageWarnings([], [], [], [])
    damage = damage_of(data)
    data = without_shapes(data, damage)
    with open_document(data) as document:
        torn = damage.is_torn(len(document))
        for number in range(1, len(document) + 1):
            page, overflowing, letters = _page(data, document, number, settings)
            if overflowing and pages and pages[-1].grids:
                above, below = join_cells_over_page_break(pages[-1].grids[-1], page.grids[0], overflowing)
                pages[-1] = replace(pages[-1], grids=(*pages[-1].grids[:-1], above))
                page = replace(page, grids=(below, *page.grids[1:]))
            if number in damage.pages:
                page = replace(page, damaged=True)
                doubts.damaged.append(number)
            pages.append(page)
            if letters.unmapped > max(settings.few_unmapped, len(letters.text) // settings.unmapped_one_in):
                doubts.unmapped.append(number)
            if letters.mostly_invisible:
                doubts.recognised.append(number)
            if page.pictured:
                doubts.pictures.append(number)
    written = sum(bool(page.lines) for page in pages)
    if not written:
        raise UnreadableDocument("The PDF has only images and no text." if doubts.pictures else "The PDF has no text.")
    if 2 * len(doubts.unmapped) > written:
        raise UnreadableDocument("The fonts of the PDF do not say which characters they print, so that its text cannot be trusted.")
    served = Counter(table.reader for page in pages for table in page.grids)
    return Content("grids", served.most_common(1)[0][0] if served else RULED, tuple(pages), doubts.said(), torn=torn)


@dataclass(frozen=True, slots=True)
class _PageWarnings:
    """Numbers of pages that cannot be read, or not be trusted, and why."""

    unmapped: list[int]
    recognised: list[int]
    pictures: list[int]
    damaged: list[int]

    def said(self) -> tuple[str, ...]:
        """Return the doubts as sentences."""
        sentences = (
            (self.unmapped, "characters print without a Unicode value: the text there cannot be trusted"),
            (self.recognised, "the text is an invisible layer that a machine recognised: it may err"),
            (self.pictures, "there are only images: nothing was read there"),
            (self.damaged, "the bytes are damaged: what is printed may be other than what was read"),
        )
        return tuple(f"On {_page_list(numbers)} {sentence}." for numbers, sentence in sentences if numbers)


def _page(data: bytes, document: pdfium.PdfDocument, number: int, settings: ReadingSettings) -> tuple[Page, list[int], Glyphs]:
    """Read one page: the page, cells of its first table that overflow from the page before, its glyphs."""
    with load_page(document, number) as (page, text):
        where = orientation_of(page, text)
        try:
            drawn = drawing(page, where)
        except TooManyObjects as error:
            raise UnreadableDocument(f"Page {number} draws more than {error} objects.") from None
        letters, across, down = rulings(glyphs(text, where, drawn))
        drawn = replace(drawn, horizontal=drawn.horizontal + across, vertical=drawn.vertical + down)
        runs = runs_of(letters)
        runs = _as_painted(runs, where)
        drawn = with_white_lines(drawn, [run.box for run in runs])
        strange = unseen(runs, drawn)
        reading = _find_tables(data, number, drawn, without(runs, strange), settings)
        pictured = [drawn_cells(drawn, frame, cells) for frame, cells in zip(reading.frames, reading.placed.inside, strict=True)]
    coloured = len({run.colour for run in runs}) > 1
    if coloured and (over := foreign(cell for cells in reading.placed.inside for cell in cells)):
        strange += over
        for cells in reading.placed.inside:
            cells[:] = [without(cell, over) for cell in cells]
    frames, names, placed = reading.frames, reading.names, reading.placed
    grids = tuple(grid(number, *table) for table in zip(frames, placed.inside, names, pictured, strict=True))
    inside = [run for cells in placed.inside for cell in cells for run in cell]
    lines = text_lines(placed.outside, False) + text_lines(inside, True)
    lines.sort(key=lambda line: line.box.y0 if line.box else 0.0)
    width, height = where.size
    overflowing = [span for frame, span in placed.overflowing if frame == 0]
    numbers = own_numbers(letters.numbers, strange)
    only_pictures = bool(drawn.images) and not lines
    read = Page(number, width, height, tuple(lines), grids, tuple(loose_amounts(placed)), numbers, only_pictures)
    return read, overflowing, letters


def _as_painted(runs: list[TextRun], where: PageOrientation) -> list[TextRun]:
    """Return the runs of the loaded page with what the first glyph of each says of its colour and clip."""
    handles = [run.glyphs.handles[run.start] for run in runs]
    hidden = clipped(handles, where)
    return [
        replace(run, colour=colour, hidden=hidden.get(n)) if colour or n in hidden else run
        for n, (run, colour) in enumerate(zip(runs, colours_of(handles), strict=True))
    ]


@dataclass(frozen=True, slots=True)
class _Tables:
    """The tables of a page, top to bottom, the reader of each, and where the text went."""

    frames: list[TableStructure]
    names: list[str]
    placed: Placed


def _find_tables(data: bytes, number: int, drawn: Drawing, runs: list[TextRun], settings: ReadingSettings) -> _Tables:
    """Read the tables of a page, one rung after another as long as amounts are left that stand like a table's."""
    ruled = table_structures(drawn.horizontal, drawn.vertical)
    if not ruled and len(drawn.fills) >= settings.fewest_fills and tabular_amounts(runs) >= settings.worth_asking:
        ruled = table_structures([*drawn.horizontal, *_edges_of_fills(drawn.fills, 1)], [*drawn.vertical, *_edges_of_fills(drawn.fills, 0)])
    placed = place(ruled, runs)
    frames = [split_fused_rows(frame, content) or frame for frame, content in zip(ruled, placed.inside, strict=True)]
    tables = [(frame, RULED) for frame in frames]
    if any(frame is not old for frame, old in zip(frames, ruled, strict=True)):
        placed = place(frames, runs)
    tables += [
        (frame, WHITESPACE)
        for frame in tables_without_rulings(placed.outside, _outside_tables(drawn.horizontal, frames, settings.near_table))
    ]
    reading = _with_text(tables, placed if len(tables) == len(frames) else None, runs)
    left = _unplaced(reading.placed)
    if left >= settings.worth_asking:
        other = _with_text([(frame, CAMELOT) for frame in second_reading(data, number)], None, runs)
        if _unplaced(other.placed) < left and len(loose_amounts(other.placed)) < len(loose_amounts(reading.placed)):
            return other
    return reading


def _with_text(tables: list[tuple[TableStructure, str]], placed: Placed | None, runs: list[TextRun]) -> _Tables:
    tables = sorted(tables, key=lambda table: table[0].ys[0])
    frames = [frame for frame, _ in tables]
    return _Tables(frames, [name for _, name in tables], placed or place(frames, runs))


def _unplaced(placed: Placed) -> int:
    """Count the amounts that look like a table's and stand in no cell of their own."""
    return tabular_amounts(placed.outside) + sum(tabular_amounts(cell) for cells in placed.inside for cell in cells if len(cell) > 1)


def _edges_of_fills(fills: Sequence[Box], axis: int) -> list[Ruling]:
    """Return the sides of filled areas as rulings, vertical ones for axis 0: tables without lines may colour their cells."""
    across = 1 - axis
    return [Ruling(fill[side], fill[across], fill[across + 2]) for fill in fills for side in (axis, axis + 2)]


def _outside_tables(rulings: Sequence[Ruling], tables: Sequence[TableStructure], near: float) -> list[Ruling]:
    """Return the rulings that are no part of a ruled table."""
    boxes = [table.box for table in tables]
    return [r for r in rulings if not any(b.y0 - near <= r.at <= b.y1 + near and r.end > b.x0 and r.start < b.x1 for b in boxes)]


def _page_list(numbers: Sequence[int]) -> str:
    """Return page numbers as words: pages 3, 5-9."""
    return ("page " if len(numbers) == 1 else "pages ") + in_spans(numbers)
