"""Reading a PDF: the readers in their order, and which of them serves a page.

The first reader takes pdfium's own rulings and glyphs, the second the white corridors of what is left, the third is
camelot, asked only where amounts are left that stand like a table's. Every page is proven: each amount of its text layer
stands alone in one cell, or is counted as loose.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image

from pipeline.document.content import Box, Content, Page, TextLine, UnreadableDocument, in_spans
from pipeline.document.inputs.attached_files import holds_files
from pipeline.document.page_copies import COPIED, copies_of, without_copies
from pipeline.document.pdf.box_drawing import rulings
from pipeline.document.pdf.drawing import Drawing, TooManyObjects, drawing
from pipeline.document.pdf.file_structure.damage import damage_of, without_shapes
from pipeline.document.pdf.foreign_text import foreign, own_numbers, unseen, without
from pipeline.document.pdf.glyphs import RECOGNISED, Glyphs, glyphs
from pipeline.document.pdf.paint import clipped, colours_of, with_white_lines
from pipeline.document.pdf.pdfium import PageOrientation, load_page, open_document, orientation_of
from pipeline.document.pdf.pictured_tables import pictured_tables
from pipeline.document.pdf.runs import TextRun, joined, runs_of, woven
from pipeline.document.pdf.small_print import enlarged, enlarged_drawing, enlarged_glyphs, enlargement, print_height, reduced, settings_of
from pipeline.document.pictures_in_text import MOST_PICTURES, READ, read_table, with_picture
from pipeline.document.scans.availability import INSTALL, OCR, can_recognise
from pipeline.document.tables.camelot_tables import CAMELOT
from pipeline.document.tables.camelot_tables import tables as second_reading
from pipeline.document.tables.cells import grid, join_cells_over_page_break, loose_amounts, text_lines
from pipeline.document.tables.drawn_numbers import drawn_cells
from pipeline.document.tables.page_tables import Lines, SecondReader, page_tables
from pipeline.document.tables.sheets_of_two import middle_of, sides, tables_of_both

RULED = "pdfium"
_SAME_SIZE = 2.0  # points: sheets of one size differ by less
_NAMED, _LONGEST_NAME = 20, 100  # attached files that are named, and characters of such a name


@dataclass(frozen=True, slots=True)
class ReadingSettings:
    """When the text of a page is not trusted."""

    few_unmapped: int = 5
    """Characters without a Unicode value. So few are ornaments, whatever the length of the page."""
    unmapped_one_in: int = 20
    """With more than one in so many the page's text cannot be trusted: ornaments and bullets are fewer."""
    covers: float = 0.5
    """Of the page. An image that covers more is the page, and stray characters on it (a page number, a stamp) are beside it."""
    stray: int = 12
    """Characters. So many at most stand beside the picture of a page: fewer than any title."""


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
    doubts = _PageWarnings([], [], [], [], [], [], [], [])
    damage = damage_of(data)
    data = without_shapes(data, damage)
    left = MOST_PICTURES
    sheets_of_two: list[tuple[float, float]] = []
    with open_document(data) as document:
        torn = damage.is_torn(len(document))
        doubts.attached.extend(_attached(document, as_inputs=holds_files(data)))
        for number in range(1, len(document) + 1):
            page, overflowing, letters, asked, has_table = _page(data, document, number, settings, left, sheets_of_two)
            if page.middle is not None:
                sheets_of_two.append((page.width, page.height))
            left -= asked
            if overflowing and pages and pages[-1].grids and not pages[-1].pictures:
                above, below = join_cells_over_page_break(pages[-1].grids[-1], page.grids[0], overflowing)
                pages[-1] = replace(pages[-1], grids=(*pages[-1].grids[:-1], above))
                page = replace(page, grids=(below, *page.grids[1:]))
            if number in damage.pages:
                page = replace(page, damaged=True)
                doubts.damaged.append(number)
            pages.append(page)
            if page.recognised is not None:
                doubts.read.append(number)
            if page.recognised is not None and not page.pictures:
                continue
            if _is_unmapped(letters, settings):
                doubts.unmapped.append(number)
            if letters.mostly_invisible:
                doubts.recognised.append(number)
            if page.pictured:
                doubts.pictures.append(number)
            elif has_table:
                doubts.tables.append(number)
    doubts.copied.extend(number for number in copies_of(pages) if number not in doubts.tables)
    pages[:] = without_copies(pages, doubts.copied)
    written = sum(bool(page.lines) for page in pages)
    if not written:
        why = "and no text that could be recognised" if can_recognise() else f"and no text: {INSTALL}"
        raise UnreadableDocument(f"The PDF has only images {why}." if doubts.pictures else "The PDF has no text.")
    if 2 * len(doubts.unmapped) > written:
        raise UnreadableDocument("The fonts of the PDF do not say which characters they print, so that its text cannot be trusted.")
    served = Counter(OCR if page.recognised is not None and not page.pictures else t.reader for page in pages for t in page.grids)
    return Content("grids", served.most_common(1)[0][0] if served else RULED, tuple(pages), doubts.said(), torn=torn)


@dataclass(frozen=True, slots=True)
class _PageWarnings:
    """Numbers of pages that cannot be read, or not be trusted, and why; what is said of files that are attached."""

    unmapped: list[int]
    recognised: list[int]
    pictures: list[int]
    tables: list[int]
    damaged: list[int]
    read: list[int]
    copied: list[int]
    attached: list[str]

    def said(self) -> tuple[str, ...]:
        """Return the doubts as sentences."""
        sentences = (
            (self.unmapped, "characters print without a Unicode value: the text there cannot be trusted"),
            (self.recognised, RECOGNISED),
            (self.pictures, "there are only images: nothing was read there"),
            (self.tables, "a picture beside the text shows a table: its numbers were not read"),
            (self.read, READ),
            (self.copied, COPIED),
            (self.damaged, "the bytes are damaged: what is printed may be other than what was read"),
        )
        of_pages = [f"On {_page_list(numbers)} {sentence}." for numbers, sentence in sentences if numbers]
        return (*of_pages, *self.attached)


def _page(
    data: bytes,
    document: pdfium.PdfDocument,
    number: int,
    settings: ReadingSettings,
    most: int,
    sheets_of_two: Collection[tuple[float, float]] = (),
) -> tuple[Page, list[int], Glyphs, int, bool]:
    """Read one page.

    Args:
        data: of the document.
        document: open.
        number: of the page.
        settings: thresholds.
        most: pictures beside the text that may be recognised.
        sheets_of_two: widths and heights of earlier sheets with two pages side by side.

    Returns:
        The page, cells of its first table that overflow from the page before, its glyphs, how many pictures beside the text were to be
        recognised, and whether a picture shows a table that was not read.
    """
    with load_page(document, number) as (page, text):
        where = orientation_of(page, text)
        try:
            drawn = drawing(page, where)
        except TooManyObjects as error:
            raise UnreadableDocument(f"Page {number} draws more than {error} objects.") from None
        letters, across, down = rulings(glyphs(text, where, drawn))
        if can_recognise() and _is_picture(letters, drawn, where, settings) and (seen := _scanned(page, where, number, letters)):
            return seen, [], letters, 0, False
        factor = enlargement(letters)
        if factor > 1:
            drawn = drawing(page, where, settings_of(factor, print_height(letters)))
        if across or down:
            drawn = replace(drawn, horizontal=drawn.horizontal + across, vertical=drawn.vertical + down)
        pictures = drawn.images
        if factor > 1:
            drawn, letters = enlarged_drawing(drawn, factor), enlarged_glyphs(letters, factor)
        runs = _as_painted(letters, where, factor)
        shown = pictured_tables(page, where, pictures, [(enlarged(run.box, 1 / factor), len(run.text)) for run in runs]) if pictures else []
        asked = shown[:most] if can_recognise() else []
        recognised = list(_tables_of(page, where, number, asked)) if asked else []
        drawn = with_white_lines(drawn, [run.box for run in runs])
        strange = unseen(runs, drawn)
        width, height = (side * factor for side in where.size)
        parting = Lines(drawn.horizontal, drawn.vertical, drawn.fills)
        second = SecondReader(CAMELOT, lambda: second_reading(data, number, factor))
        own = without(runs, strange)
        as_others = any(max(abs(a - b) for a, b in zip(where.size, size, strict=True)) < _SAME_SIZE for size in sheets_of_two)
        middle = middle_of(own, parting, (width, height), as_others=as_others)
        reading = page_tables(parting, own, RULED, second) if middle is None else tables_of_both(parting, own, RULED, second, middle)
        pictured = [drawn_cells(drawn, frame, cells) for frame, cells in zip(reading.frames, reading.placed.inside, strict=True)]
    coloured = len({run.colour for run in runs}) > 1
    if coloured and (over := foreign(cell for cells in reading.placed.inside for cell in cells)):
        strange += over
        for cells in reading.placed.inside:
            cells[:] = [without(cell, over) for cell in cells]
    frames, names, placed = reading.frames, reading.names, reading.placed
    grids = tuple(grid(number, *table) for table in zip(frames, placed.inside, names, pictured, strict=True))
    inside = [run for cells in placed.inside for cell in cells for run in cell]
    lines = [line for half in sides(placed.outside, middle) for line in text_lines(half, False)]
    lines += [line for half in sides(inside, middle) for line in text_lines(half, True)]
    lines.sort(key=partial(_place_of, middle=middle))
    overflowing = [span for frame, span in placed.overflowing if frame == 0]
    numbers = own_numbers(letters.numbers, strange)
    only_pictures = bool(drawn.images) and not lines
    shows = bool(letters.unmapped or pictures or drawn.horizontal or drawn.vertical or drawn.areas)
    read = Page(number, width, height, tuple(lines), grids, tuple(loose_amounts(placed)), numbers, only_pictures, shows, middle=middle)
    if factor > 1:
        read = reduced(read, factor)
    for box, table in recognised:
        read = with_picture(read, table, box.x0, box.y0)
    return read, [] if recognised else overflowing, letters, len(asked), len(recognised) < len(shown)


def _place_of(line: TextLine, middle: float | None) -> tuple[bool, float]:
    """Return what comes before what on a page: of two pages on a sheet the left one, on each what stands higher."""
    box = line.box
    return (False, 0.0) if box is None else (middle is not None and box.x0 >= middle, box.y0)


def _tables_of(page: pdfium.PdfPage, where: PageOrientation, number: int, pictures: Sequence[Box]) -> Iterator[tuple[Box, Page]]:
    """Yield the pictures of a loaded page of text of which a table is read, with what is."""
    from pipeline.document.scans.pdf_pages import page_picture

    drawn = page_picture(page, where, of_pictures=True)
    if drawn is None:
        return
    gray, scale = drawn
    for box in pictures:
        x0, y0, x1, y1 = (max(0, round(side * scale)) for side in box)
        table = read_table(gray[y0:y1, x0:x1].copy(), scale, number)
        # one that lies on its side has no places on this page
        if table is not None and abs(table.width * scale - (x1 - x0)) <= 1:
            yield box, table


def _attached(document: pdfium.PdfDocument, *, as_inputs: bool) -> list[str]:
    """Return what is said of the files that a PDF holds (a portfolio has its documents so).

    Args:
        document: that holds them.
        as_inputs: whether they are taken for inputs of their own.
    """
    count = raw.FPDFDoc_GetAttachmentCount(document.raw)
    names = [document.get_attachment(n).get_name() for n in range(min(count, _NAMED))]
    plain = ["".join(char if char.isprintable() else "_" for char in name)[:_LONGEST_NAME] or "(without a name)" for name in names]
    what = "are inputs of their own" if as_inputs else "were not read, save them beside it"
    return [f"Files that the PDF holds {what}: {', '.join([*plain, *(['…'] if count > _NAMED else [])])}."] if names else []


def _is_unmapped(letters: Glyphs, settings: ReadingSettings) -> bool:
    return letters.unmapped > max(settings.few_unmapped, len(letters.text) // settings.unmapped_one_in)


def _is_picture(letters: Glyphs, drawn: Drawing, where: PageOrientation, settings: ReadingSettings) -> bool:
    """Tell whether what a page shows is a picture of text, or its text cannot be trusted."""
    if _is_unmapped(letters, settings) or (letters.mostly_invisible and drawn.images):
        return True
    if not letters.text:
        return bool(drawn.images)
    return len(letters.text) <= settings.stray and _is_covered(drawn.images, where.size, settings)


def _is_covered(images: Sequence[Box], size: tuple[float, float], settings: ReadingSettings) -> bool:
    """Tell whether one image is most of what a page shows."""
    return any((box.x1 - box.x0) * (box.y1 - box.y0) > settings.covers * size[0] * size[1] for box in images)


def _scanned(page: pdfium.PdfPage, where: PageOrientation, number: int, letters: Glyphs) -> Page | None:
    """Return what is recognised on a loaded page, compared with the text layer that lies hidden over it; None where nothing is."""
    from pipeline.document.scans.hidden_text import compared  # loaded where they are needed: most documents are no scans
    from pipeline.document.scans.pdf_pages import page_picture
    from pipeline.document.scans.scanned_page import read_picture

    picture = page_picture(page, where)
    if picture is None or not (read := read_picture(*picture, number)).lines:
        return None
    return compared(read, letters.numbers) if letters.mostly_invisible else read


def straightened_page(data: bytes, number: int, settings: ReadingSettings = READING) -> tuple[Image.Image, float] | None:
    """Return a page (from 1) that is read from its picture as that picture, straightened, and its pixels per point; None for another.

    Raises:
        UnreadableDocument: the PDF or the page cannot be read.
    """
    if not can_recognise():
        return None
    from pipeline.document.scans.pdf_pages import page_picture
    from pipeline.document.scans.scanned_page import upright

    with open_document(data) as document, load_page(document, number) as (page, text):
        where = orientation_of(page, text)
        drawn = drawing(page, where)
        if not _is_picture(glyphs(text, where, drawn), drawn, where, settings) or (picture := page_picture(page, where)) is None:
            return None
        straight = upright(*picture).picture
    return Image.fromarray(straight.gray).convert("RGB"), straight.scale


def _as_painted(letters: Glyphs, where: PageOrientation, factor: float) -> list[TextRun]:
    """Return the runs of the glyphs of a loaded page, told what the first glyph of each says of its colour and clip.

    Where two texts are drawn over one another, each glyph is asked: what does not show is no part of the run that does. `factor` is by how
    much the page is enlarged.
    """
    parts = runs = runs_of(letters)
    if over_one_another := woven(runs):
        parts = [part for n, run in enumerate(runs) for part in (run.singly() if n in over_one_another else (run,))]
    handles = list(letters.handles.some([run.start for run in parts]))
    hidden = clipped(handles, where, factor)
    for n, (run, colour) in enumerate(zip(parts, colours_of(handles), strict=True)):
        run.colour, run.hidden = colour, hidden.get(n)
    return parts if len(parts) == len(runs) else joined(parts, {(run.start, run.end) for run in runs})


def _page_list(numbers: Sequence[int]) -> str:
    """Return page numbers as words: pages 3, 5-9."""
    return ("page " if len(numbers) == 1 else "pages ") + in_spans(numbers)
