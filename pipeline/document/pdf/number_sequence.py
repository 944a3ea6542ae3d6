"""The numbers that a page's text layer spells, in its own sequence: a second reading of what the glyphs make up.

Belongs here: where a number begins and ends among characters. Does not belong here: which characters show (`glyphs.py`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.document.content import Word, box_with
from pipeline.document.text_layer import NUMBER

Floats = NDArray[np.float32]

LAST_OF_PLANE = 0xFFFF
"""Stands for all code points beyond the first plane: none of them is a digit."""

_SPACE = 0x20

_LEAP = 1.2
"""Heights. Characters of one number are nearer, spaced letters among them."""

_LINE_FEED, _CARRIAGE_RETURN = 0x0A, 0x0D
_TOUCHING = 0.1
"""Heights. Characters of one text are nearer than this, if they are not set wide; a line that breaks goes on elsewhere."""

_OFF_LINE = 0.6
"""Heights. The middles of one number's characters differ by less."""


def numbers_in_sequence(
    unicode: NDArray[np.uint32], boxes: Floats, printing: NDArray[np.bool_], keep: NDArray[np.int64]
) -> tuple[Word, ...]:
    """Return the numbers that the text layer spells, with the box around the characters of each.

    Args:
        unicode: of all its characters.
        boxes: of these.
        printing: whether each prints something.
        keep: positions of those that show; others part numbers, and so do characters that stand apart. Those without width part none.
    """
    if (silent := _IS_SILENT[np.minimum(unicode, LAST_OF_PLANE)] | _broken(unicode, boxes, printing)).any():
        keep = (np.cumsum(~silent) - 1)[keep]
        unicode, boxes, printing = unicode[~silent], boxes[~silent], printing[~silent]
    if len(keep) < int(printing.sum()):
        shows = np.zeros(len(unicode), np.bool_)
        shows[keep] = True
        unicode = np.where(printing & ~shows, np.uint32(_SPACE), unicode)
    # one character for each: halves of a pair are replaced singly, and what stands on another plane is no digit
    text = np.minimum(unicode, LAST_OF_PLANE).astype("<u4").tobytes().decode("utf-32-le", "replace")
    found = [match.span() for match in NUMBER.finditer(text)]
    if not found:
        return ()
    if (leaps := _leaps(boxes)).any():
        found = _parted(text, found, leaps)
    ends = np.array(found).ravel()
    padded = np.concatenate((boxes, boxes[-1:]))  # the last number may end where the text does
    low, high = np.minimum.reduceat(padded[:, :2], ends)[::2], np.maximum.reduceat(padded[:, 2:], ends)[::2]
    of_numbers = np.concatenate((low, high), axis=1).tolist()
    return tuple([Word(text[start:end], box_with(box)) for (start, end), box in zip(found, of_numbers, strict=True)])


def _broken(unicode: NDArray[np.uint32], boxes: Floats, printing: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which characters are line breaks between two that touch: few texts, each a glyph, are taken for lines that run down."""
    broken = np.zeros(len(unicode), np.bool_)
    breaks = (unicode == _LINE_FEED) | (unicode == _CARRIAGE_RETURN)
    edges = np.flatnonzero(breaks[1:] != breaks[:-1])  # the last character before a run of breaks, the last of the run, and so on
    if breaks[:1].any():
        edges = edges[1:]  # nothing stands before the first run
    before, after = edges[: len(edges) // 2 * 2].reshape(-1, 2).T  # nothing stands behind a last run without an end
    between = printing[before] & printing[after + 1]
    before, after = before[between], after[between] + 1
    (x0, y0, _, y1), (_, top, x1, bottom) = boxes[after].T, boxes[before].T
    tall = np.maximum(y1 - y0, bottom - top)
    touching = (np.abs(x0 - x1) < _TOUCHING * tall) & (np.abs((y0 + y1) - (top + bottom)) < 2 * _OFF_LINE * tall)
    for start, end in zip((before[touching] + 1).tolist(), after[touching].tolist(), strict=True):
        broken[start:end] = True
    return broken


def _leaps(boxes: Floats) -> NDArray[np.bool_]:
    """Tell for each character whether it stands apart from the one before it: texts drawn one after the other, no separator between."""
    x0, y0, x1, y1 = boxes.T
    leaps = np.zeros(len(boxes), np.bool_)
    leaps[1:] = _apart(x0, x1, y0, y1)
    sideways = x1 - x0 > y1 - y0  # digits are higher than wide, unless they are turned
    turned = sideways[1:] & sideways[:-1]
    if (leaps[1:] & turned).any():
        leaps[1:] &= ~turned | _apart(y0, y1, x0, x1)
    return leaps


def _apart(start: Floats, end: Floats, top: Floats, bottom: Floats) -> NDArray[np.bool_]:
    """Tell for each character but the first whether it stands apart from the one before it, along the line or across it."""
    height, middle = bottom - top, (top + bottom) / 2
    tall = np.maximum(height[1:], height[:-1])
    gap = np.minimum(np.abs(start[1:] - end[:-1]), np.abs(start[:-1] - end[1:]))  # texts on their heads go on to the left
    apart: NDArray[np.bool_] = (gap > _LEAP * tall) | (np.abs(middle[1:] - middle[:-1]) > _OFF_LINE * tall)
    return apart


def _parted(text: str, spans: Sequence[tuple[int, int]], leaps: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return where the numbers stand of which numbers of the text layer are made."""
    places = np.flatnonzero(leaps).tolist()
    parted: list[tuple[int, int]] = []
    for start, end in spans:
        cuts = places[bisect_right(places, start) : bisect_left(places, end)]
        if cuts:  # few have any
            pieces = pairwise([start, *cuts, end])
            parted += [match.span() for begin, stop in pieces for match in NUMBER.finditer(text, begin, stop)]
        else:
            parted.append((start, end))
    return parted


def _silent() -> NDArray[np.bool_]:
    """Return for each of the first 65,536 code points whether it takes no place between its neighbours."""
    table = np.zeros(0x10000, np.bool_)
    for first, last in ((0xAD, 0xAD), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x2064), (0xFEFF, 0xFEFF)):
        table[first : last + 1] = True
    return table


_IS_SILENT = _silent()
