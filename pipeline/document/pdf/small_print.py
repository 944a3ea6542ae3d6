"""Pages of small print are enlarged while they are read: what is said in points of tables and their rulings is meant for ordinary print.

A wide table that was fitted to a sheet is printed at four points and less. Factors are powers of two, so that what is enlarged and
reduced again is the same to the last bit. Belongs here: by how much, and what of a page. Does not belong here: any threshold of tables.
"""

from __future__ import annotations

from dataclasses import replace

import msgspec
import numpy as np
from numpy.typing import NDArray

from pipeline.document.content import Box, Page, with_boxes
from pipeline.document.pdf.drawing import DRAWING, Drawing, DrawingSettings, Ruling
from pipeline.document.pdf.glyphs import Glyphs

LEAST_PRINT = 5.0
"""Points. Height of the print of half a page's characters: of lower print, borders and gaps come near to what is taken for one place."""

_MOST = 64.0
"""Times at most. Print that would be lower still is not for eyes."""

_THICK = 2.0
"""Points. Rules are drawn so thick on any paper, whatever the height of the print between them ..."""
_THICK_OF_PRINT = DRAWING.thin / LEAST_PRINT
"""... but not thicker than this share of that height, as in the lowest ordinary print: rows are higher than their print."""


def enlargement(letters: Glyphs) -> float:
    """Return by how much a page is enlarged while it is read: 1 for ordinary print."""
    heights = _heights(letters)
    if 2 * np.count_nonzero(heights >= LEAST_PRINT) > len(heights):  # as on nearly all pages: counting takes a tenth of sorting
        return 1.0
    height, factor = print_height(letters), 1.0
    while 0 < height * factor < LEAST_PRINT and factor < _MOST:
        factor *= 2
    return factor


def print_height(letters: Glyphs) -> float:
    """Return the height of the print of half a page's characters; 0 where there are none."""
    return float(np.median(_heights(letters))) if len(letters.boxes) else 0.0


def _heights(letters: Glyphs) -> NDArray[np.float32]:
    return letters.boxes[:, 3] - letters.boxes[:, 1]


def settings_of(factor: float, height: float) -> DrawingSettings:
    """Return what of a drawing is a ruling on a page that is enlarged, of print of a height in points of its paper."""
    thin = max(DRAWING.thin / factor, min(_THICK, _THICK_OF_PRINT * height))
    return replace(DRAWING, thin=thin, straight=DRAWING.straight / factor)


def enlarged(box: Box, factor: float) -> Box:
    """Return a box of a page on the enlarged one."""
    return Box(*(side * factor for side in box))


def enlarged_glyphs(letters: Glyphs, factor: float) -> Glyphs:
    """Return the glyphs of a page as they stand on the enlarged one."""
    numbers = tuple(msgspec.structs.replace(number, box=enlarged(number.box, factor)) for number in letters.numbers)
    return replace(letters, boxes=letters.boxes * np.float32(factor), numbers=numbers)


def enlarged_drawing(drawn: Drawing, factor: float) -> Drawing:
    """Return what a page draws beside text as it stands on the enlarged one."""

    def lines(of: list[Ruling]) -> list[Ruling]:
        return [Ruling(*(place * factor for place in ruling)) for ruling in of]

    def boxes(of: list[Box]) -> list[Box]:
        return [enlarged(box, factor) for box in of]

    return replace(
        drawn,
        horizontal=lines(drawn.horizontal),
        vertical=lines(drawn.vertical),
        white=boxes(drawn.white),
        fills=boxes(drawn.fills),
        images=boxes(drawn.images),
        areas=[area._replace(box=enlarged(area.box, factor)) for area in drawn.areas],
    )


def reduced(page: Page, factor: float) -> Page:
    """Return an enlarged page in the points of its paper."""
    placed = with_boxes(page, lambda box: enlarged(box, 1 / factor))
    middle = None if page.middle is None else page.middle / factor
    return replace(placed, width=page.width / factor, height=page.height / factor, middle=middle)
