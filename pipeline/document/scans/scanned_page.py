"""A page that is a picture, read: its rulings make cells, what stands in each is recognised, and the page is as any other.

Belongs here: the order of reading. Does not belong here: its steps, and what makes characters into runs (`printed_text.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.document.content import Page, Word
from pipeline.document.scans.availability import OCR
from pipeline.document.scans.picture_rulings import Mask, PictureRulings, picture_rulings
from pipeline.document.scans.pictures import Gray, Picture, prepared
from pipeline.document.scans.pieces import Piece, height_of_print, ink_of, pieces_of
from pipeline.document.scans.printed_text import SCAN, RecognisedText, ScanSettings, recognised_text
from pipeline.document.scans.recogniser import Reading, recogniser
from pipeline.document.tables.cells import grid, loose_amounts, text_lines
from pipeline.document.tables.page_tables import Lines, page_tables
from pipeline.document.tables.ruled import TableStructure, table_structures


def read_picture(gray: Gray, scale: float, number: int, settings: ScanSettings = SCAN) -> Page:
    """Read a page from its picture.

    Args:
        gray: the page, upright, rows from the top.
        scale: pixels per point.
        number: of the page, from 1.
        settings: thresholds.
    """
    picture = prepared(gray, scale)
    rulings = picture_rulings(picture)
    text = _text_of(picture, rulings, settings)
    tables = page_tables(Lines(rulings.horizontal, rulings.vertical), text.runs, OCR)
    grids = tuple(
        grid(number, frame, content, name) for frame, content, name in zip(tables.frames, tables.placed.inside, tables.names, strict=True)
    )
    inside = [run for cells in tables.placed.inside for cell in cells for run in cell]
    lines = text_lines(tables.placed.outside, False) + text_lines(inside, True)
    lines.sort(key=lambda line: line.box.y0 if line.box else 0.0)
    words = tuple(Word(one.text, one.box) for one in text.numbers)
    loose = tuple(loose_amounts(tables.placed))
    return Page(number, *picture.size, tuple(lines), grids, loose, words, recognised=text.numbers)


def _text_of(picture: Picture, rulings: PictureRulings, settings: ScanSettings) -> RecognisedText:
    """Recognise all print of a page, cell by cell where there are cells."""
    scale = picture.scale
    ink = ink_of(picture.gray, rulings.mask, scale)
    print_height = height_of_print(ink, scale)
    pieces = list(_pieces(ink, table_structures(rulings.horizontal, rulings.vertical), print_height, scale))
    crops = [_crop(picture.gray, piece, rulings.mask, round(settings.edge * scale), settings) for piece in pieces]
    lowest = settings.shortest * print_height
    readings: Sequence[Reading] = recogniser().read(crops, [max(piece.height, lowest) for piece in pieces]) if crops else ()
    return recognised_text(list(zip(pieces, readings, strict=True)), ink, lowest, scale, settings)


def _pieces(ink: Mask, frames: Sequence[TableStructure], print_height: float, scale: float) -> Iterator[Piece]:
    """Yield what is recognised at once: in cells, then beside the tables."""
    rest = ink.copy()
    for frame in frames:
        for span in frame.spans:
            x0, y0, x1, y1 = (max(0, round(side * scale)) for side in span.box)
            yield from pieces_of(rest[y0:y1, x0:x1], x0, y0, print_height, scale)
            rest[y0:y1, x0:x1] = 0
    yield from pieces_of(rest, 0, 0, print_height, scale)


def _crop(gray: Gray, piece: Piece, rulings: Mask, edge: int, settings: ScanSettings) -> Gray:
    """Return the picture of a piece on paper, without rulings."""
    y0, y1, x0, x1 = max(piece.y0 - edge, 0), piece.y1 + edge, max(piece.x0 - edge, 0), piece.x1 + edge
    crop = gray[y0:y1, x0:x1].copy()
    crop[(crop >= settings.white_from) | (rulings[y0:y1, x0:x1] > 0)] = 255
    return crop
