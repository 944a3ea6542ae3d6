"""A page as a picture with boxes drawn over it: what was found where, for debugging and as proof.

Belongs here: drawing. Does not belong here: what the boxes mean (callers give label and colour).
"""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image

from pipeline.document.content import Box, UnreadableDocument
from pipeline.document.page_labels import LONGEST, with_boxes
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
        if not 1 <= page <= len(document):
            raise ValueError(f"page {page} is not among the {len(document)} pages")
        with load_page(document, page) as (sheet, text):
            place = orientation_of(sheet, text)
            width, height = place.size
            if width <= 0 or height <= 0:
                raise UnreadableDocument(f"Page {page} has no extent.")
            scale = min(scale, LONGEST / max(width, height))
            turn = (place.turns * 90 - sheet.get_rotation()) % 360
            image: Image.Image = sheet.render(scale=scale, rotation=turn).to_pil().convert("RGB")
    return with_boxes(image, scale, boxes)
