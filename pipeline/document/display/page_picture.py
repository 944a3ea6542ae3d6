"""A page as a picture with boxes drawn over it: what was found where, for debugging and as proof.

Belongs here: drawing. Does not belong here: what the boxes mean (callers give label and colour).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import pypdfium2 as pdfium
from PIL import Image

from pipeline.document.content import Box, UnreadableDocument
from pipeline.document.display.page_labels import LONGEST, with_boxes
from pipeline.document.pdf.pdfium import load_page, open_document, orientation_of


def draw_page(data: bytes, page: int, boxes: Sequence[tuple[Box, str, str]], *, scale: float = 2.0) -> Image.Image:
    """Render a page upright and draw boxes over it.

    Args:
        data: the bytes of a PDF.
        page: from 1.
        boxes: marks (or tuples of box, label, colour), as page readers give them: points, origin top left.
        scale: pixels per point.

    Returns:
        An RGB image.

    Raises:
        UnreadableDocument: the PDF or the page cannot be read.
        ValueError: there is no such page.
    """
    with open_document(data) as document:
        image, scale = _rendered(document, page, lambda *_: scale)
    return with_boxes(image, scale, boxes)


def draw_pages(data: bytes, pages: Iterable[int], width: int) -> Iterator[tuple[int, Image.Image, float]]:
    """Render some pages upright, opening the document once.

    Args:
        data: the bytes of a PDF.
        pages: numbers from 1.
        width: pixels of an upright page; a page that is broader than high gets as many in height.

    Yields:
        The number of a page, an RGB image of it, and its pixels per point.

    Raises:
        UnreadableDocument: the PDF or a page cannot be read.
        ValueError: there is no such page.
    """
    with open_document(data) as document:
        for page in pages:
            yield (page, *_rendered(document, page, lambda across, down: width / min(across, down)))


def as_wide(image: Image.Image, scale: float, width: int) -> tuple[Image.Image, float]:
    """Return a picture of a page, of `scale` pixels per point, with no more than `width` pixels on its shorter side, and its scale then."""
    shorter = min(image.size)
    if shorter <= width:
        return image, scale
    smaller = image.resize((round(image.width * width / shorter), round(image.height * width / shorter)), Image.Resampling.LANCZOS)
    return smaller, scale * width / shorter


def _rendered(document: pdfium.PdfDocument, page: int, scale_for: Callable[[float, float], float]) -> tuple[Image.Image, float]:
    """Return a page of an open document upright, and its pixels per point: as `scale_for` says of its width and height, or fewer."""
    if not 1 <= page <= len(document):
        raise ValueError(f"page {page} is not among the {len(document)} pages")
    with load_page(document, page) as (sheet, text):
        place = orientation_of(sheet, text)
        width, height = place.size
        if width <= 0 or height <= 0:
            raise UnreadableDocument(f"Page {page} has no extent.")
        scale = min(scale_for(width, height), LONGEST / max(width, height))
        turn = (place.turns * 90 - sheet.get_rotation()) % 360
        image: Image.Image = sheet.render(scale=scale, rotation=turn).to_pil().convert("RGB")
    return image, scale
