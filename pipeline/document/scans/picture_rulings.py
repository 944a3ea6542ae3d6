"""Ruling lines of a page that is a picture: long, thin and dark.

Belongs here: from dark pixels to rulings in points, as `pipeline.document.pdf.drawing` gives those of paths. What they mean is found by the
same detector (`pipeline.document.tables.ruled`).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.document.pdf.drawing import Ruling
from pipeline.document.scans.gray import Gray
from pipeline.document.scans.pictures import Picture

Mask = NDArray[np.uint8]
"""Rows and columns of a picture: 255 where something is, else 0."""


@dataclass(frozen=True, slots=True)
class PictureRulingSettings:
    """What of a picture is a ruling. Lengths are points."""

    dark: int = 222
    """Gray. A hairline that blur and noise have spread is no darker; noise of a copier and losses of JPEG are lighter."""
    across: float = 16.0
    """A level ruling is dark for so long without a gap: two wide characters; strokes of characters are shorter."""
    down: float = 9.0
    """An upright ruling is dark for so long: a row of the smallest print."""
    gap: float = 1.2
    """Gaps up to this are noise."""
    thick: float = 3.0
    """A ruling is no thicker than this, as in drawings."""
    alone: float = 60.0
    """A ruling so long is one wherever it stands: no stroke of a title is."""
    long: float = 24.0
    """A ruling so long is one where it crosses others: no stroke of ordinary print is."""
    meets: float = 0.7
    """Ends so near to the edge of a ruling meet it."""
    even: float = 0.6
    """Of a ruling's usual darkness. It is lighter than this hardly anywhere; a row of strokes is, between them."""
    hardly: float = 3.0
    """Percent of a ruling's length that may be lighter: dirt, folds."""
    aligned: float = 1.2
    """A shorter one is the side of a single cell: its ends meet others, and it lies on the line of a long one within this."""


PICTURE_RULINGS = PictureRulingSettings()


@dataclass(frozen=True, slots=True)
class PictureRulings:
    """Rulings of a page, in points, and where their pixels are."""

    horizontal: list[Ruling]
    vertical: list[Ruling]
    mask: Mask


def picture_rulings(picture: Picture, settings: PictureRulingSettings = PICTURE_RULINGS) -> PictureRulings:
    """Return the ruling lines of a page."""
    dark: Mask = np.where(picture.gray < settings.dark, 255, 0).astype(np.uint8)
    scale = picture.scale
    level = _lines(picture.gray, dark, settings.across * scale, scale, settings)
    turned = _lines(np.ascontiguousarray(picture.gray.T), np.ascontiguousarray(dark.T), settings.down * scale, scale, settings)
    rows, columns = _rulings(level, turned, scale, settings)
    mask = np.zeros_like(dark)
    for line in rows:
        own = slice(max(line.top - 1, 0), line.bottom + 1), slice(line.start, line.end)
        mask[own] |= dark[own]
    for line in columns:
        own = slice(line.start, line.end), slice(max(line.top - 1, 0), line.bottom + 1)
        mask[own] |= dark[own]
    horizontal, vertical = ([Ruling(line.at / scale, line.start / scale, line.end / scale) for line in lines] for lines in (rows, columns))
    return PictureRulings(horizontal, vertical, mask)


@dataclass(frozen=True, slots=True)
class _Line:
    """A dark line in pixels; `top` to `bottom` is across it."""

    at: float
    start: int
    end: int
    top: int
    bottom: int

    @property
    def length(self) -> int:
        """From its start to its end."""
        return self.end - self.start


def _lines(gray: Gray, dark: Mask, length: float, scale: float, settings: PictureRulingSettings) -> list[_Line]:
    """Return the level lines of a picture."""
    closed = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, _strip(settings.gap * scale))
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, _strip(length))
    count, _, stats, centres = cv2.connectedComponentsWithStats(opened, connectivity=8)
    thickest = settings.thick * scale + 1
    lines = [
        _Line(float(centre[1]) + 0.5, x, x + wide, y, y + high)
        for (x, y, wide, high, area), centre in zip(stats[1:count].tolist(), centres[1:count].tolist(), strict=True)
        if area <= thickest * wide
    ]
    return [line for line in lines if _is_even(gray, line, settings)]


def _strip(length: float) -> Mask:
    """Return a level strip, an odd number of pixels long: an even one would move what it is laid on."""
    return np.ones((1, 2 * round(length / 2) + 1), np.uint8)


def _is_even(gray: Gray, line: _Line, settings: PictureRulingSettings) -> bool:
    """Tell whether a line is equally dark all along. Darkness is summed across it, so that it does not matter how it lies to the pixels."""
    across = gray[max(line.top - 1, 0) : line.bottom + 1, line.start : line.end]
    darkness = (255.0 - across).sum(axis=0)
    return bool(np.percentile(darkness, settings.hardly) >= settings.even * np.median(darkness))


def _rulings(level: list[_Line], turned: list[_Line], scale: float, settings: PictureRulingSettings) -> tuple[list[_Line], list[_Line]]:
    """Return those of the dark lines that are rulings: the others are strokes of characters."""
    alone, long, near = settings.alone * scale, settings.long * scale, settings.meets * scale
    rows, columns = ([line for line in lines if line.length >= long] for lines in (level, turned))
    sure = [line for line in rows if line.length >= alone], [line for line in columns if line.length >= alone]
    rows = [line for line in rows if line.length >= alone or any(_cross(line, other, near) for other in sure[1])]
    columns = [line for line in columns if line.length >= alone or any(_cross(line, other, near) for other in rows)]
    shorter = [line for line in turned if line.length < long and _is_side(line, rows, columns, near, settings.aligned * scale)]
    columns += shorter
    rows += [line for line in level if line.length < long and _is_side(line, columns, rows, near, settings.aligned * scale)]
    return rows, columns


def _cross(one: _Line, other: _Line, near: float) -> bool:
    return other.start - near <= one.at <= other.end + near and one.start - near <= other.at <= one.end + near


def _is_side(line: _Line, across: list[_Line], along: list[_Line], near: float, aligned: float) -> bool:
    """Tell whether both ends of a short line meet lines of the other direction, and it lies in line with a long one."""
    if not any(abs(other.at - line.at) <= aligned for other in along):
        return False
    crossing = [other for other in across if other.start - near <= line.at <= other.end + near]
    return all(any(other.top - near <= end <= other.bottom + near for other in crossing) for end in (line.start, line.end))
