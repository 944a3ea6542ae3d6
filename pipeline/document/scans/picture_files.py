"""Files that are pictures of pages: PNG, JPEG, TIFF.

Belongs here: from bytes to pages, within limits. Does not belong here: reading a page (`pipeline.document.scans`).
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageOps, ImageSequence

from pipeline.document.content import Content, Page, UnreadableDocument
from pipeline.document.scans.availability import INSTALL, OCR, can_recognise
from pipeline.document.scans.gray import Gray

_MOST = 40_000_000
"""Pixels of a page: a sheet of A2 at 300 dots per inch has less."""
_MOST_PAGES = 500
"""Pages of one file."""
_SHORT_SIDE = 595.0
"""Points: the shorter side of A4, that a page is taken for whose file does not say how large it is."""
_FINEST, _COARSEST, _LEAST = 240 / 72, 150 / 72, 72 / 72
"""Pixels per point: finer pictures are made smaller, coarser ones larger; what says that it has less does not know it."""
_WARNING = "A machine recognised the text of a picture: it may err."


def read_picture_file(data: bytes) -> Content:
    """Read a file of pictures: a page per picture.

    Raises:
        UnreadableDocument: it is no picture, too large, shows no text, or the extra that recognises text is not installed.
    """
    if not can_recognise():
        raise UnreadableDocument(f"The file is a picture: {INSTALL}.")
    from pipeline.document.scans.scanned_page import read_picture

    pages: list[Page] = [read_picture(gray, scale, number) for number, (gray, scale) in enumerate(_pictures(data), start=1)]
    if not any(page.lines for page in pages):
        raise UnreadableDocument("The picture shows no text.")
    return Content("grids", OCR, tuple(pages), (_WARNING,))


def picture_of(data: bytes) -> tuple[Gray, float]:
    """Return the first picture of a file in gray, and its pixels per point.

    Raises:
        UnreadableDocument: it cannot be opened, or is too large.
    """
    for picture in _pictures(data):
        return picture
    raise UnreadableDocument("The picture shows no text.")


def size_of(data: bytes) -> tuple[int, int]:
    """Return the width and height in pixels of the first picture of a file, which is not decoded.

    Raises:
        UnreadableDocument: it cannot be opened.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Image.open(io.BytesIO(data)).size
    except (Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise UnreadableDocument("The picture is damaged and cannot be opened.") from error


def straightened_picture(data: bytes, number: int) -> tuple[Image.Image, float]:
    """Return a page (from 1) of a file of pictures as it is read, straightened, and its pixels per point.

    Raises:
        UnreadableDocument: it cannot be read.
        ValueError: there is no such page.
    """
    from pipeline.document.scans.scanned_page import upright

    for at, picture in enumerate(_pictures(data), start=1):
        if at == number:
            straight = upright(*picture).picture
            return Image.fromarray(straight.gray).convert("RGB"), straight.scale
    raise ValueError(f"there is no picture {number} in the file")


def _pictures(data: bytes) -> Iterator[tuple[Gray, float]]:
    """Yield the pictures of a file in gray, with their pixels per point. None is decoded that is too large."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of large pictures: those are refused here
            image = Image.open(io.BytesIO(data))
            for number, frame in enumerate(ImageSequence.Iterator(image), start=1):
                if number > _MOST_PAGES:
                    raise UnreadableDocument(f"The file has more than {_MOST_PAGES} pictures.")
                if frame.width * frame.height > _MOST:
                    raise UnreadableDocument(f"The picture is larger than any page: {frame.width} × {frame.height} pixels.")
                yield _in_gray(frame)
    except Image.DecompressionBombError as error:
        raise UnreadableDocument("The picture is larger than any page.") from error
    except (OSError, ValueError, SyntaxError) as error:
        raise UnreadableDocument("The picture is damaged and cannot be opened.") from error


def _in_gray(frame: Image.Image) -> tuple[Gray, float]:
    said = frame.info.get("dpi", (0, 0))[0]
    upright = ImageOps.exif_transpose(frame)
    if "A" in upright.getbands() or "transparency" in upright.info:
        shown = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", shown.size, "white"), shown)
    gray = upright.convert("L")
    said = float(said) / 72
    scale = said if said > _LEAST else max(min(gray.size) / _SHORT_SIDE, _LEAST)
    wanted = min(max(scale, _COARSEST), _FINEST)
    if wanted != scale:
        size = max(1, round(gray.width * wanted / scale)), max(1, round(gray.height * wanted / scale))
        if size[0] * size[1] > _MOST:
            raise UnreadableDocument(f"The picture is larger than any page: {frame.width} × {frame.height} pixels.")
        gray = gray.resize(size, Image.Resampling.LANCZOS if wanted < scale else Image.Resampling.BICUBIC)
    return np.asarray(gray, np.uint8), wanted
