"""Reading a PDF: the readers in their order, and which of them serves a page.

The first reader takes pdfium's own rulings and glyphs. Every page is proven: each amount of its text layer stands alone
in one cell, or is counted as loose.
"""

from __future__ import annotations

from pipeline.readers.cells import grid, loose_amounts, place, text_lines
from pipeline.readers.page import Content, Page
from pipeline.readers.pdfium import drawing, glyphs, loaded, opened, placement
from pipeline.readers.ruled import skeletons
from pipeline.readers.runs import runs_of

RULED = "pdfium"


def read_pdf(data: bytes) -> Content:
    """Read a PDF: pages with their text lines and tables.

    Args:
        data: the bytes of the file.

    Returns:
        All pages in order; `reader` names the engine that served most tables.

    Raises:
        UnreadableDocument: the bytes are no readable PDF; the message says why in one sentence.
    """
    pages = []
    with opened(data) as document:
        for number in range(1, len(document) + 1):
            with loaded(document, number) as (page, text):
                where = placement(page, text)
                drawn = drawing(page, where)
                letters = glyphs(text, where)
                frames = skeletons(drawn.horizontal, drawn.vertical)
                placed = place(frames, runs_of(letters))
            grids = tuple(grid(number, frame, content, RULED) for frame, content in zip(frames, placed.inside, strict=True))
            inside = [run for cells in placed.inside for cell in cells for run in cell]
            lines = sorted(text_lines(placed.outside, False) + text_lines(inside, True), key=lambda line: line.box.y0 if line.box else 0.0)
            width, height = where.size
            pages.append(Page(number, width, height, tuple(lines), grids, tuple(loose_amounts(placed))))
    return Content("application/pdf", RULED, tuple(pages))
