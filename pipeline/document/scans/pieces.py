"""Pieces of print in a picture: what stands in one line without a wide gap, to be recognised at once.

Belongs here: cutting a region where it is blank, again and again. Does not belong here: what a piece says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.document.scans.picture_rulings import Mask


@dataclass(frozen=True, slots=True)
class PieceSettings:
    """Where print is cut."""

    dark: int = 176
    """Gray. A dot or a short stroke of ink is darker somewhere; what is lighter is noise."""
    faint: int = 208
    """Gray. Thin strokes of ink are darker; what is lighter are soft edges."""
    stroke: float = 3.0
    """Points. What is faint and so long is a stroke, as that of 一, with no dark place in it."""
    speck: float = 0.55
    """Points. What is smaller both ways is dirt: the dots of a decimal point and of a comma are larger."""
    sliver: float = 1.3
    """Points. What is narrower than this and long is the edge of a ruling."""
    tallest_stroke: float = 12.0
    """Points. No character has so long an upright stroke, but in large print, where strokes are thicker."""
    longest_stroke: float = 40.0
    """Points. No character has so long a level stroke; a dash is two characters wide."""
    gap: float = 1.1
    """Heights of a line. A wider gap parts two pieces; after a comma or before a bracket it is a little less."""
    tall: float = 1.75
    """Heights of the page's print. What is taller and has no blank row are two lines that touch, cut where there is least ink."""
    narrow: float = 0.5
    """Of a piece's height. Characters of one line are wider: ideographs are square, digits half as wide as their line is high."""
    most_of_widths: float = 75.0
    """Percent of the characters. So many are looked at: points and parts of characters are narrow in any print."""
    least_ink: float = 0.12
    """Of the most ink in a row. A row with less can part two lines that touch."""
    smallest: float = 2.0
    """Points. Print is higher than this where it is not a dash or a dot."""
    blank_rows: float = 0.35
    """Points without ink that part two lines."""
    square: tuple[float, float] = (0.6, 1.4)
    """Of its height. An ideograph is as wide: where all parts of a line are, they are single characters spaced apart."""


PIECES = PieceSettings()


@dataclass(frozen=True, slots=True)
class Piece:
    """Print that stands together, in pixels."""

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def height(self) -> int:
        """From its highest to its lowest ink."""
        return self.y1 - self.y0


@dataclass(frozen=True, slots=True)
class Ink:
    """Where a page has print, and how high each of its connected parts is, in pixels."""

    mask: Mask
    heights: NDArray[np.int32]


def ink_of(gray: NDArray[np.uint8], rulings: Mask, scale: float, settings: PieceSettings = PIECES) -> Ink:
    """Return where a page has print: dark, no ruling, no dirt."""
    around = cv2.dilate(rulings, np.ones((3, 3), np.uint8))
    ink: Mask = np.where((gray < settings.faint) & (around == 0), 255, 0).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    longer = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    is_dark = np.zeros(count, np.bool_)
    is_dark[labels[(gray < settings.dark) & (ink > 0)]] = True
    kept = ((longer >= settings.speck * scale) & is_dark) | (longer >= settings.stroke * scale)
    wide, high = stats[:, cv2.CC_STAT_WIDTH] / scale, stats[:, cv2.CC_STAT_HEIGHT] / scale
    kept &= ~((wide < settings.sliver) & (high > settings.tallest_stroke)) & ~((high < settings.sliver) & (wide > settings.longest_stroke))
    kept[0] = False
    ink[~kept[labels]] = 0
    return Ink(ink, stats[kept, cv2.CC_STAT_HEIGHT])


def height_of_print(heights: NDArray[np.int32], scale: float, settings: PieceSettings = PIECES) -> float:
    """Return the height, in pixels, of the page's ordinary print: of most of its characters' parts that are high enough to tell."""
    heights = heights[(heights > 2 * settings.smallest * scale) & (heights < 30 * scale)]
    return float(np.median(heights)) if len(heights) else 8.0 * scale


def pieces_of(ink: Mask, left: int, top: int, print_height: float, scale: float, settings: PieceSettings = PIECES) -> Iterator[Piece]:
    """Yield the pieces of a region, which begins at `left` and `top` of the page."""
    tight = _tight(ink)
    if tight is None:
        return
    x0, y0, x1, y1 = tight
    ink, left, top = ink[y0:y1, x0:x1], left + x0, top + y0
    bands = _with_their_marks(_parts(_filled(ink, 1), max(1, round(settings.blank_rows * scale))), settings.smallest * scale, print_height)
    if len(bands) > 1:
        for start, end in bands:
            yield from pieces_of(ink[start:end], left, top + start, print_height, scale, settings)
        return
    high = y1 - y0
    columns = _parts(_filled(ink, 0), max(2, round(settings.gap * max(min(high, 2 * print_height), 0.8 * print_height))))
    if len(columns) > 1:
        apart = _are_spaced_characters(ink, columns, settings)
        for start, end in columns:
            if apart:  # 合 alone has a blank row in it: what is one line beside others is not cut into two
                yield _piece(ink[:, start:end], left + start, top)
                continue
            yield from pieces_of(ink[:, start:end], left + start, top, print_height, scale, settings)
        return
    cut = _least_row(ink, print_height, settings) if high > settings.tall * print_height and _are_narrow(ink, settings) else None
    if cut:
        yield from pieces_of(ink[:cut], left, top, print_height, scale, settings)
        yield from pieces_of(ink[cut:], left, top + cut, print_height, scale, settings)
        return
    yield Piece(left, top, left + ink.shape[1], top + ink.shape[0])


def _are_spaced_characters(ink: Mask, columns: Sequence[tuple[int, int]], settings: PieceSettings) -> bool:
    """Tell whether the parts of a line without a blank row are ideographs set apart from one another, as in the name of a total."""
    heights = [bottom - top for start, end in columns for _, top, _, bottom in [_tight(ink[:, start:end]) or (0, 0, 0, 0)]]
    narrowest, widest = settings.square
    return all(narrowest * high <= end - start <= widest * high for high, (start, end) in zip(heights, columns, strict=True))


def _piece(ink: Mask, left: int, top: int) -> Piece:
    x0, y0, x1, y1 = _tight(ink) or (0, 0, ink.shape[1], ink.shape[0])
    return Piece(left + x0, top + y0, left + x1, top + y1)


def _filled(ink: Mask, axis: int) -> NDArray[np.bool_]:
    """Tell which rows (axis 1) or columns (axis 0) have ink."""
    return np.asarray((ink > 0).any(axis=axis), np.bool_)


def _tight(ink: Mask) -> tuple[int, int, int, int] | None:
    rows, columns = np.flatnonzero(_filled(ink, 1)), np.flatnonzero(_filled(ink, 0))
    if not len(rows):
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _parts(filled: NDArray[np.bool_], blank: int) -> list[tuple[int, int]]:
    """Return where a strip is filled; blanks shorter than `blank` part nothing."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], filled, [False]))))
    parts: list[tuple[int, int]] = []
    for start, end in edges.reshape(-1, 2).tolist():
        if parts and start - parts[-1][1] < blank:
            parts[-1] = (parts[-1][0], end)
        else:
            parts.append((start, end))
    return parts


def _with_their_marks(bands: list[tuple[int, int]], small: float, print_height: float) -> list[tuple[int, int]]:
    """Join bands that are parts of one line: upper and lower strokes of 二 or ：, dots; no two lines are so low together."""
    joined = [bands[0]]
    for start, end in bands[1:]:
        before = joined[-1]
        low = min(end - start, before[1] - before[0]) < 0.6 * print_height
        if low and end - before[0] <= 1.5 * print_height and start - before[1] <= max(small, 0.5 * print_height):
            joined[-1] = (before[0], end)
        else:
            joined.append((start, end))
    return joined


def _are_narrow(ink: Mask, settings: PieceSettings) -> bool:
    """Tell whether the characters of a tall piece are too narrow for its height: then they are of two lines, not of larger print."""
    widths = [end - start for start, end in _parts(_filled(ink, 0), 1)]
    return bool(np.percentile(widths, settings.most_of_widths) < settings.narrow * ink.shape[0])


def _least_row(ink: Mask, print_height: float, settings: PieceSettings) -> int | None:
    """Return where two lines that touch are parted, None where there is ink in all rows."""
    filled = (ink > 0).sum(axis=1)
    margin = int(0.6 * print_height)
    inner = filled[margin : len(filled) - margin]
    if not len(inner) or inner.min() > settings.least_ink * filled.max():
        return None
    least = np.flatnonzero(inner == inner.min())
    return margin + int(least[len(least) // 2])
