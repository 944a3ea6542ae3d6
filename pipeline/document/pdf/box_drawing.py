"""Tables drawn with characters (│ ─ ┼): the characters are rulings, no text.

Belongs here: which lines a character draws, and where. Does not belong here: what lines mean.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import numpy as np

from pipeline.document.pdf.drawing import Ruling
from pipeline.document.pdf.glyphs import Glyphs

_DRAWING = re.compile("[\u2500-\u257f]")

_MEETS = 0.5
"""Heights by which a line reaches beyond its character: text lines are set up to twice their height apart, and lines go on between."""


def rulings(letters: Glyphs) -> tuple[Glyphs, list[Ruling], list[Ruling]]:
    """Return the glyphs of a page without its box-drawing characters, and the horizontal and vertical rulings that these draw."""
    drawing = [match.start() for match in _DRAWING.finditer(letters.text)]
    if not drawing:
        return letters, [], []
    horizontal: list[Ruling] = []
    vertical: list[Ruling] = []
    for n in drawing:
        x0, y0, x1, y1 = letters.boxes[n].tolist()
        x, y, more = (x0 + x1) / 2, (y0 + y1) / 2, _MEETS * (y1 - y0)
        arms = _arms(letters.text[n])
        if arms & {"LEFT", "RIGHT"}:
            horizontal.append(Ruling(y, x0 if "LEFT" in arms else x, x1 if "RIGHT" in arms else x))
        if arms & {"UP", "DOWN"}:
            vertical.append(Ruling(x, y0 - more if "UP" in arms else y, y1 + more if "DOWN" in arms else y))
    drawn = set(drawing)
    keep = [n for n in range(len(letters.text)) if n not in drawn]
    rest = replace(
        letters,
        text="".join(letters.text[n] for n in keep),
        boxes=letters.boxes[np.array(keep, np.int64)],
        handles=letters.handles.some(keep),
        objects=tuple(letters.objects[n] for n in keep),
    )
    return rest, horizontal, vertical


@cache
def _arms(character: str) -> frozenset[str]:
    """Return the directions in which a character draws lines from its middle, as its Unicode name says them."""
    return frozenset(_directions(unicodedata.name(character)))


def _directions(name: str) -> Iterator[str]:
    for word in name.split():
        if word == "HORIZONTAL":
            yield from ("LEFT", "RIGHT")
        elif word == "VERTICAL":
            yield from ("UP", "DOWN")
        elif word in ("LEFT", "RIGHT", "UP", "DOWN"):
            yield word
