"""Boxes with labels drawn over the picture of a page: what was found where, for debugging and as proof.

Belongs here: drawing over a picture. Does not belong here: the picture itself, what the boxes mean (callers give label and colour).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageColor, ImageDraw, ImageFont

from pipeline.document.content import Box

LONGEST = 6000  # pixels of a side: pages are drawn smaller rather than beyond it
_LABEL = 5  # points: height of a label, smaller than print
_LEGIBLE = 9  # pixels: no label is drawn smaller


class Mark(NamedTuple):
    """A box to draw, in points of the upright page, with a short label ("" for none) and a colour name or #rrggbb."""

    box: Box
    label: str
    colour: str


def with_boxes(image: Image.Image, scale: float, boxes: Sequence[tuple[Box, str, str]]) -> Image.Image:
    """Draw boxes, given in points, over an RGB image of `scale` pixels per point, and return it."""
    canvas = ImageDraw.Draw(image, "RGBA")
    font = font_of(max(_LEGIBLE, round(_LABEL * scale)))
    for box, label, colour in boxes:
        red, green, blue = ImageColor.getrgb(colour)[:3]
        corners = [value * scale for value in box]
        canvas.rectangle(corners, outline=(red, green, blue, 255), fill=(red, green, blue, 40), width=max(1, round(scale / 2)))
        if label:
            # Beside the number, not over it: left of the box, or right of it at the page's edge.
            length = canvas.textlength(label, font=font)
            x, y = corners[0] - length - 2, corners[1]
            x = x if x >= 0 else corners[2] + 2
            canvas.rectangle(canvas.textbbox((x, y), label, font=font), fill=(255, 255, 255, 200))
            canvas.text((x, y), label, font=font, fill=(red, green, blue, 255))
    return image


_CHINESE = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansSC-Regular.otf",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "simsun.ttc",
    "msyh.ttc",
    "PingFang.ttc",
)


@cache
def font_of(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return a font that can print Chinese labels where the system has one, else Pillow's own."""
    for root in (Path("/usr/share/fonts"), Path("/System/Library/Fonts"), Path("C:/Windows/Fonts"), Path.home() / ".local/share/fonts"):
        for name in _CHINESE if root.is_dir() else ():
            for found in sorted(root.rglob(name)):
                return ImageFont.truetype(found, size)
    return ImageFont.load_default(size)
