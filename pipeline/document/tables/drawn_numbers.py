"""Cells in which a number is drawn, not written: as a picture, or as the outlines of its characters.

Belongs here: which cells without text show something. What is drawn there cannot be read, only counted.
"""

from __future__ import annotations

from collections.abc import Sequence

import pypdfium2.raw as raw

from pipeline.document.content import Box
from pipeline.document.pdf.drawing import Area, Drawing
from pipeline.document.pdf.pdfium import INTEGER, POINTER, bind
from pipeline.document.pdf.runs import TextRun
from pipeline.document.tables.ruled import TableStructure

_count_segments = bind(raw.FPDFPath_CountSegments, INTEGER, POINTER)

_MOST_OF_A_BOX = 6
"""Segments of a path. A rectangle has five, with a corner twice six; the outline of any digit but 1 has more."""

_PART = 0.9
"""Of a cell's height and width. What is drawn as large as the cell is its background."""


def drawn_cells(drawn: Drawing, skeleton: TableStructure, inside: Sequence[Sequence[TextRun]]) -> set[int]:
    """Return the spans of a table of a loaded page that have no text, but a picture or outlines in them.

    A picture that also lies behind text is none of numbers: a seal, a background.

    Args:
        drawn: what the page draws.
        skeleton: the table.
        inside: for each of its spans the runs in it.
    """
    empty = {n for n, runs in enumerate(inside) if not runs}
    if not empty:
        return set()
    found = {span for area in drawn.areas if (span := _home(area.box, skeleton)) in empty and _is_outline(area, skeleton.spans[span].box)}
    for picture in drawn.images:
        under = [n for n, span in enumerate(skeleton.spans) if _overlaps(span.box, picture)]
        if all(n in empty for n in under):
            found.update(under)
    return found


def _is_outline(area: Area, cell: Box) -> bool:
    box = area.box
    fits = box.y1 - box.y0 < _PART * (cell.y1 - cell.y0) and box.x1 - box.x0 < _PART * (cell.x1 - cell.x0)
    return fits and bool(_count_segments(area.handle) > _MOST_OF_A_BOX)


def _home(box: Box, skeleton: TableStructure) -> int:
    """Return the span in which the middle of a box lies, -1 for none."""
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    x0, y0, x1, y1 = skeleton.box
    return skeleton.at(x, y) if x0 < x < x1 and y0 < y < y1 else -1


def _overlaps(cell: Box, picture: Box) -> bool:
    """Tell whether a picture stands in a cell, or over it."""
    x, y = (picture.x0 + picture.x1) / 2, (picture.y0 + picture.y1) / 2
    middle = (cell.x0 + cell.x1) / 2, (cell.y0 + cell.y1) / 2
    inside = cell.x0 < x < cell.x1 and cell.y0 < y < cell.y1
    return inside or (picture.x0 < middle[0] < picture.x1 and picture.y0 < middle[1] < picture.y1)
