"""Pages of a PDF that show a picture of text, as pictures.

Belongs here: drawing them as finely as they were scanned. Does not belong here: reading them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from pipeline.document.pdf.pdfium import PageOrientation
from pipeline.document.scans.gray import Gray


@dataclass(frozen=True, slots=True)
class PagePictureSettings:
    """How finely a page is drawn."""

    coarsest: float = 150 / 72
    """Pixels per point. A coarser scan is drawn larger, since print of six pixels has no edges."""
    usual: float = 200 / 72
    """Pixels per point of a page that is no picture, but has no other text that can be trusted."""
    finest: float = 240 / 72
    """Pixels per point. A finer scan is drawn smaller: it tells no more, and costs by the pixel before anything is read."""
    most: int = 40_000_000
    """Pixels of a page: a sheet of A2 at 300 dots per inch has less."""
    most_of_image: int = 120_000_000
    """Pixels of one image of the file. A larger one is not decoded: it is no page, or made to break who reads it."""


PAGE_PICTURE = PagePictureSettings()


def page_picture(
    page: pdfium.PdfPage, place: PageOrientation, settings: PagePictureSettings = PAGE_PICTURE, *, of_pictures: bool = False
) -> tuple[Gray, float] | None:
    """Return a loaded page, upright, in gray, and its pixels per point; None where it has no extent or an image is too large.

    Args:
        page: loaded.
        place: how it is turned.
        settings: thresholds.
        of_pictures: whether pictures beside text are what is to be read: as finely as the finest of them.
    """
    width, height = place.size
    if width <= 0 or height <= 0:
        return None
    finest, least = 0.0, (0.0 if of_pictures else 0.5)
    for image in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]):
        wide, high = image.get_px_size()
        if wide * high > settings.most_of_image:
            return None
        left, bottom, right, top = image.get_bounds()
        if right - left > least * width or top - bottom > least * height:
            finest = max(finest, max(wide, high) / max(right - left, top - bottom))
    scale = min(max(finest or settings.usual, settings.coarsest), settings.finest)
    scale = min(scale, (settings.most / (width * height)) ** 0.5)
    turn = (place.turns * 90 - page.get_rotation()) % 360
    drawn = page.render(scale=scale, rotation=turn, grayscale=True).to_numpy()
    return np.ascontiguousarray(drawn.reshape(drawn.shape[0], drawn.shape[1])), scale
