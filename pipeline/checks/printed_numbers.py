"""What a document prints where lines stand, read a second time (see `pipeline.document.text_layer`)."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.budget.line import Line
from pipeline.document.model import Box, Content
from pipeline.document.text_layer import printed_at


def printed_numbers(content: Content, lines: Sequence[Line]) -> list[str | None]:
    """Return the number that the page prints at the place of each line; None for all where one of them has no place."""
    places = [
        (line.page, Box(line.x0, line.y0, line.x1, line.y1))
        for line in lines
        if line.page and line.x0 is not None and line.y0 is not None and line.x1 is not None and line.y1 is not None
    ]
    return printed_at(content, places) if len(places) == len(lines) else [None] * len(lines)
