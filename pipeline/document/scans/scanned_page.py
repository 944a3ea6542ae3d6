"""A page that is a picture, read: its rulings make cells, what stands in each is recognised, and the page is as any other.

Belongs here: the order of reading, and which way up a page is. Does not belong here: its steps, and what makes characters into runs
(`printed_text.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import mean

import numpy as np

from pipeline.document.content import Page, Word
from pipeline.document.scans.availability import OCR
from pipeline.document.scans.gray import Gray
from pipeline.document.scans.picture_rulings import Mask, PictureRulings, picture_rulings
from pipeline.document.scans.pictures import Picture, prepared
from pipeline.document.scans.pieces import Piece, height_of_print, ink_of, pieces_of
from pipeline.document.scans.printed_text import SCAN, ScanSettings, recognised_text
from pipeline.document.scans.recogniser import Reading, recogniser
from pipeline.document.tables.cells import grid, loose_amounts, text_lines
from pipeline.document.tables.page_tables import Lines, page_tables
from pipeline.document.tables.ruled import TableStructure, table_structures


def read_picture(gray: Gray, scale: float, number: int, settings: ScanSettings = SCAN) -> Page:
    """Read a page from its picture.

    Args:
        gray: the page, rows from the top; it may lean, lie on its side or stand on its head.
        scale: pixels per point.
        number: of the page, from 1.
        settings: thresholds.

    Returns:
        The page, straightened: boxes are places on it as it stands upright and level.
    """
    page = upright(gray, scale, settings)
    readings = page.read(page.pieces)
    text = recognised_text(list(zip(page.pieces, readings, strict=True)), page.ink, page.lowest, scale, settings)
    tables = page_tables(Lines(page.rulings.horizontal, page.rulings.vertical), text.runs, OCR)
    grids = tuple(
        grid(number, frame, content, name) for frame, content, name in zip(tables.frames, tables.placed.inside, tables.names, strict=True)
    )
    inside = [run for cells in tables.placed.inside for cell in cells for run in cell]
    lines = text_lines(tables.placed.outside, False) + text_lines(inside, True)
    lines.sort(key=lambda line: line.box.y0 if line.box else 0.0)
    words = tuple(Word(one.text, one.box) for one in text.numbers)
    loose = tuple(loose_amounts(tables.placed))
    return Page(number, *page.picture.size, tuple(lines), grids, loose, words, recognised=text.numbers, unclear=text.unclear)


@dataclass(slots=True)
class PageInPieces:
    """A page before it is recognised.

    Attributes:
        picture: straightened.
        rulings: of it.
        ink: where it has print.
        pieces: what is recognised at once.
        lowest: pixels that print is high at least.
        settings: thresholds.
    """

    picture: Picture
    rulings: PictureRulings
    ink: Mask
    pieces: list[Piece]
    lowest: float
    settings: ScanSettings

    def read(self, pieces: Sequence[Piece]) -> list[Reading]:
        """Return what pieces say."""
        edge = round(self.settings.edge * self.picture.scale)
        crops = [_crop(self.picture.gray, piece, self.rulings.mask, edge, self.settings) for piece in pieces]
        return recogniser().read(crops, [max(piece.height, self.lowest) for piece in pieces]) if crops else []

    def wide(self) -> float:
        """Return how much of the pieces' width is of pieces that are wider than a character."""
        wide = sum(piece.x1 - piece.x0 for piece in self.pieces if piece.x1 - piece.x0 > self.settings.wide * piece.height)
        return wide / max(1, sum(piece.x1 - piece.x0 for piece in self.pieces))

    def legible(self) -> float:
        """Return how well a sample of the pieces is read: the mean probability of its characters, zero where there are none."""
        longest = sorted(self.pieces, key=lambda piece: piece.x0 - piece.x1)[: self.settings.sample]
        parts = [replace(piece, x1=min(piece.x1, piece.x0 + round(self.settings.sample_width * piece.height))) for piece in longest]
        likely = [one.probability for reading in self.read(parts) for one in reading.characters]
        return mean(likely) if likely else 0.0


def upright(gray: Gray, scale: float, settings: ScanSettings = SCAN) -> PageInPieces:
    """Return a page the way up in which it is legible, level, in pieces."""
    page = _in_pieces(gray, scale, settings)
    if len(page.pieces) < settings.fewest_pieces:
        return page
    if page.wide() < settings.mostly:
        turned = _in_pieces(np.ascontiguousarray(np.rot90(gray)), scale, settings)
        page = max(page, turned, key=PageInPieces.wide)
    legible = page.legible()
    if legible >= settings.legible:
        return page
    other = _in_pieces(np.ascontiguousarray(np.rot90(page.picture.gray, 2)), scale, settings)
    return other if other.legible() > legible else page


def _in_pieces(gray: Gray, scale: float, settings: ScanSettings) -> PageInPieces:
    picture = prepared(gray, scale)
    rulings = picture_rulings(picture)
    ink = ink_of(picture.gray, rulings.mask, scale)
    print_height = height_of_print(ink.heights, scale)
    pieces = list(_pieces(ink.mask, table_structures(rulings.horizontal, rulings.vertical), print_height, scale))
    return PageInPieces(picture, rulings, ink.mask, pieces, settings.shortest * print_height, settings)


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
