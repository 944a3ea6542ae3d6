"""A number read a second time, straight from pdfium's text at its place: independent of how glyphs became cells.

Belongs here: asking a page what it prints inside a box, a little wider than the number was read. Decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.document.model import Box, UnreadableDocument
from pipeline.document.pdf.pdfium import Placement, loaded, opened, placement

_WIDER = 0.5  # of the number's height: a digit that stands directly beside it belongs to it
_DIGITS = re.compile(r"[-+△▲−(（]?[¥￥]?\d[\d,.，．'’]*[)）]?")


def printed_at(data: bytes, places: Sequence[tuple[int, Box]]) -> list[str | None]:
    """Return the number that a PDF prints at each place, as its text layer has it.

    Args:
        data: the bytes of a PDF.
        places: page (from 1) and box, in points of the upright page.

    Returns:
        The digits with their separators and signs, lines joined; None where the page cannot be read.
    """
    found: list[str | None] = [None] * len(places)
    try:
        with opened(data) as document:
            for number in sorted({page for page, _ in places}):
                if not 1 <= number <= len(document):
                    continue
                with loaded(document, number) as (sheet, text):
                    place = placement(sheet, text)
                    for n, (page, box) in enumerate(places):
                        if page == number:
                            margin = _WIDER * (box.y1 - box.y0)
                            wide = Box(box.x0 - margin, box.y0, box.x1 + margin, box.y1)
                            found[n] = _number(text.get_text_bounded(*_on_page(place, wide)))
    except UnreadableDocument:
        return found
    return found


def _number(text: str) -> str:
    joined = "".join(text.split())
    match = _DIGITS.search(joined)
    return match[0] if match else joined


def _on_page(place: Placement, box: Box) -> tuple[float, float, float, float]:
    """Return left, bottom, right, top in page space of a box of the upright page."""
    x0, y0, x1, y1 = box
    return {
        0: (x0 + place.left, place.top - y1, x1 + place.left, place.top - y0),
        1: (y0 + place.left, x0 + place.bottom, y1 + place.left, x1 + place.bottom),
        2: (place.right - x1, y0 + place.bottom, place.right - x0, y1 + place.bottom),
        3: (place.right - y1, place.top - x1, place.right - y0, place.top - x0),
    }[place.turns]
