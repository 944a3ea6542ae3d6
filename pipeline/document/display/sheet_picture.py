"""A page of a document without paper as a picture: its cells and lines where they were set.

Belongs here: drawing what was set (`typesetting.py`). Does not belong here: what boxes over it mean (callers give label and colour).
"""

from __future__ import annotations

from PIL import Image, ImageDraw

from pipeline.document.content import Page
from pipeline.document.display.page_labels import LONGEST, font_of

_RULE = "#c0c0c0"
_INK = "black"
_SIZE = 0.9
"""Height of a character's glyph, of the height of its line."""


def sheet_picture(page: Page, scale: float = 2.0) -> tuple[Image.Image, float]:
    """Return a page as a picture, and its pixels per point: a long sheet is drawn smaller.

    Args:
        page: set, not printed.
        scale: pixels per point at most.
    """
    scale = min(scale, LONGEST / max(page.width, page.height, 1.0))
    image = Image.new("RGB", (max(1, round(page.width * scale)), max(1, round(page.height * scale))), "white")
    canvas = ImageDraw.Draw(image)
    for grid in page.grids:
        for cell in grid.cells:
            canvas.rectangle([side * scale for side in cell.box], outline=_RULE)
    texts = [(line.text, line.box) for line in page.lines if line.box is not None]
    for text, box in texts:
        rows = text.split("\n")
        high = (box.y1 - box.y0) / len(rows)
        font = font_of(max(1, round(_SIZE * high * scale)))
        for n, row in enumerate(rows):
            canvas.text((box.x0 * scale, (box.y0 + n * high) * scale), row, font=font, fill=_INK)
    return image, scale
