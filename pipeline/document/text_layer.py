"""Numbers as a page's text layer has them, in its own sequence: a second reading, independent of how glyphs became cells.

Belongs here: asking a page what number it prints at a place. Decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.document.model import Box, Content, Word

NUMBER = re.compile(r"[-+△▲−(（]?\d[\d,.，．]*[)）]?")
"""A number with its separators and signs, as the text layer spells it."""

_WIDER = 0.5
"""Of a number's height: a digit that stands directly beside it belongs to it."""


def printed_at(content: Content, places: Sequence[tuple[int, Box]]) -> list[str | None]:
    """Return the number that a document prints at each place, as its text layer has it.

    Args:
        content: pages with `numbers`.
        places: page (from 1) and box of the number as it was read, in points of the upright page.

    Returns:
        The digits with their separators and signs, empty where the page prints none there; None where there is no such page, or the
        document has no text layer.
    """
    return [_at(content.pages[page - 1].numbers, box) if 1 <= page <= len(content.pages) else None for page, box in places]


def _at(numbers: Sequence[Word] | None, box: Box) -> str | None:
    if numbers is None:
        return None
    margin = _WIDER * (box.y1 - box.y0)
    joined = "".join(
        word.text
        for word in numbers
        if word.box.x1 > box.x0 - margin and word.box.x0 < box.x1 + margin and word.box.y1 > box.y0 and word.box.y0 < box.y1
    )
    match = NUMBER.search(joined)
    return match[0] if match else joined
