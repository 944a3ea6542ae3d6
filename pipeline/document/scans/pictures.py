"""A page as a picture: its paper made white, its lines made level, its limits held.

Belongs here: gray pictures and what is true of them as a whole. Does not belong here: rulings, text (`picture_rulings.py`, `pieces.py`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from pipeline.document.scans.gray import Gray


@dataclass(frozen=True, slots=True)
class PictureSettings:
    """How a picture is prepared."""

    stroke: float = 8.0
    """Points. What is dark and narrower than this is print or a ruling, what is wider is a tinted area: it counts as paper."""
    darkest_paper: int = 64
    """Gray. Areas darker than this are print, however wide: a page is not blackened by its own photograph."""
    steepest: float = 3.0
    """Degrees. A page fed further askew is not straightened: nobody publishes such a scan."""
    coarse: float = 0.1
    """Degrees between the slopes that are tried first."""
    fine: float = 0.01
    """Degrees between those tried around the best: over a page's width that is a third of a pixel at 200 dpi."""
    level: float = 0.015
    """Degrees. A page that leans by less is level: turning blurs."""
    ink: int = 160
    """Gray. What is darker is ink, where slopes are measured."""
    most_points: int = 60_000
    """Dark points that tell the slope: more only cost time."""


PICTURE = PictureSettings()


@dataclass(frozen=True, slots=True)
class Picture:
    """A page, upright.

    Attributes:
        gray: the picture, its paper white.
        scale: pixels per point.
    """

    gray: Gray
    scale: float

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        high, wide = self.gray.shape
        return wide / self.scale, high / self.scale


def prepared(gray: Gray, scale: float, settings: PictureSettings = PICTURE) -> Picture:
    """Return a page as it is read: paper white, lines level.

    Args:
        gray: as scanned or rendered, upright but for a slope.
        scale: pixels per point.
        settings: thresholds.
    """
    white = _with_white_paper(gray, scale, settings)
    slope = _slope(white, settings)
    return Picture(_turned(white, slope) if abs(slope) >= settings.level else white, scale)


def _with_white_paper(gray: Gray, scale: float, settings: PictureSettings) -> Gray:
    """Divide by the paper's own shade, which is that of the lightest around, so that shadows and tinted areas become white."""
    shrink = max(1, int(2 * scale))
    smaller = max(1, gray.shape[1] // shrink), max(1, gray.shape[0] // shrink)
    small = cv2.resize(gray, smaller, interpolation=cv2.INTER_AREA)
    size = max(3, 2 * round(settings.stroke * scale / shrink / 2) + 1)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8), borderType=cv2.BORDER_REPLICATE)
    paper = np.maximum(cv2.blur(paper, (3, 3)), settings.darkest_paper)
    shade = cv2.resize(paper, (gray.shape[1], gray.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(gray, shade, scale=255), np.uint8)


def _slope(gray: Gray, settings: PictureSettings) -> float:
    """Return by how many degrees the lines of a page fall to the right: where rows of ink are told apart best."""
    ys, xs = np.nonzero(gray < settings.ink)
    if len(ys) < 2:
        return 0.0
    step = len(ys) // settings.most_points + 1
    ys, xs = ys[::step].astype(np.float32), xs[::step].astype(np.float32)
    reach = int(gray.shape[1] * math.tan(math.radians(settings.steepest))) + 2

    def sharpness(degrees: float) -> float:
        rows = np.bincount((ys - xs * math.tan(math.radians(degrees))).astype(np.int64) + reach, minlength=1)
        return float((rows.astype(np.float64) ** 2).sum())

    coarse = np.arange(-settings.steepest, settings.steepest + settings.coarse / 2, settings.coarse)
    best = float(max(coarse, key=sharpness))
    fine = np.arange(best - settings.coarse, best + settings.coarse + settings.fine / 2, settings.fine)
    return float(max(fine, key=sharpness))


def _turned(gray: Gray, degrees: float) -> Gray:
    high, wide = gray.shape
    matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(gray, matrix, (wide, high), flags=cv2.INTER_CUBIC, borderValue=255), np.uint8)
