"""Tables that a page of text shows as pictures: found by their rulings; their numbers are in no text.

Belongs here: whether a picture beside text holds a ruled table. Does not belong here: pages that are pictures (`pipeline.document.scans`),
reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from PIL import Image

from pipeline.document.content import Box
from pipeline.document.pdf.pdfium import PageOrientation


@dataclass(frozen=True, slots=True)
class PicturedTableSettings:
    """What of a picture is a table."""

    covers: float = 0.05
    """Of the page. A smaller picture is a seal, a logo or an icon."""
    beside: int = 12
    """Characters of text over it. A picture with more is the ground that text is printed on."""
    scale: float = 100 / 72
    """Pixels per point: a hairline is still seen."""
    dark: int = 208
    """Gray. A hairline drawn so coarsely is no darker."""
    across: float = 0.6
    """Of the picture's width. A row so dark is a ruling; the bars of a chart stand apart."""
    down: float = 0.7
    """Of the height from its first level ruling to its last: the axis of a chart is shorter than the frame around it."""
    rows: int = 4
    """Rulings: a header and two rows. A chart has as many level ones, and two upright ones at most."""
    columns: int = 3
    thick: int = 4
    """Pixels. A thicker row is a tinted area."""
    apart: int = 12
    """Pixels. Nearer to another it is the double line of a frame, or its shadow."""


PICTURED_TABLES = PicturedTableSettings()


def pictured_tables(
    page: pdfium.PdfPage,
    place: PageOrientation,
    images: Sequence[Box],
    texts: Sequence[tuple[Box, int]],
    settings: PicturedTableSettings = PICTURED_TABLES,
) -> list[Box]:
    """Return the pictures of a loaded page of text that show a ruled table.

    Args:
        page: loaded.
        place: how it is turned.
        images: of it, upright.
        texts: its runs of text, with how many characters each has.
        settings: thresholds.
    """
    wide, high = place.size
    least = settings.covers * wide * high
    found = [box for box in images if (box.x1 - box.x0) * (box.y1 - box.y0) > least and characters_over(texts, box) <= settings.beside]
    if not found:
        return []
    drawn = page.render(scale=settings.scale, rotation=(place.turns * 90 - page.get_rotation()) % 360, grayscale=True).to_numpy()
    dark = drawn.reshape(drawn.shape[0], drawn.shape[1]) < settings.dark
    return [box for box in found if _is_table(dark[_pixels(box.y0, box.y1, settings), _pixels(box.x0, box.x1, settings)], settings)]


def shows_table(gray: NDArray[np.uint8], scale: float, settings: PicturedTableSettings = PICTURED_TABLES) -> bool:
    """Tell whether a picture shows a ruled table.

    Args:
        gray: the picture, rows from the top.
        scale: its pixels per point.
        settings: thresholds.
    """
    high, wide = (max(1, round(side * settings.scale / scale)) for side in gray.shape)
    drawn = np.asarray(Image.fromarray(gray).resize((wide, high), Image.Resampling.BOX))
    return _is_table(drawn < settings.dark, settings)


def characters_over(texts: Iterable[tuple[Box, int]], image: Box) -> int:
    """Count the characters of texts whose middle stands in a picture; each text with its number of characters."""
    return sum(count for box, count in texts if image.x0 < (box.x0 + box.x1) / 2 < image.x1 and image.y0 < (box.y0 + box.y1) / 2 < image.y1)


def _pixels(start: float, end: float, settings: PicturedTableSettings) -> slice:
    return slice(max(0, round(start * settings.scale)), max(0, round(end * settings.scale)))


def _is_table(dark: NDArray[np.bool_], settings: PicturedTableSettings) -> bool:
    if not dark.size:
        return False
    level = dark.mean(axis=1) >= settings.across
    if _thin(level, settings) < settings.rows:
        return False
    rows = np.flatnonzero(level)
    upright = dark[rows[0] : rows[-1] + 1].mean(axis=0) >= settings.down
    if (_runs(upright)[:, 1] > settings.thick).any():
        return False  # the bars of a chart
    return _thin(upright, settings) >= settings.columns


def _thin(filled: NDArray[np.bool_], settings: PicturedTableSettings) -> int:
    """Count the runs of dark rows that are thin and stand apart."""
    runs = _runs(filled)
    starts = runs[runs[:, 1] <= settings.thick, 0]
    return int((np.diff(starts, prepend=-settings.apart) >= settings.apart).sum())


def _runs(filled: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return where runs of dark rows start, and how long they are."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], filled, [False])))).reshape(-1, 2)
    return np.stack((edges[:, 0], edges[:, 1] - edges[:, 0]), axis=1)
