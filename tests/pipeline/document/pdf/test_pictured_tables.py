"""A table that a page of text shows as a picture is told; a chart, a seal and the ground of a page are none."""

from __future__ import annotations

import io

import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw

from pipeline.document.registry import read_content
from tests.pipeline.document.sheets import Sheet, pdf

TOLD = "a picture beside the text shows a table"


def table(columns: int) -> Image.Image:
    picture = Image.new("L", (800, 400), 255)
    draw = ImageDraw.Draw(picture)
    for y in range(60, 400, 56):
        draw.line((10, y, 790, y), fill=0, width=2)
    for n in range(columns + 1):
        x = 10 + round(780 * n / columns)
        draw.line((x, 60, x, 396), fill=0, width=2)
    return picture


def chart() -> Image.Image:
    picture = Image.new("L", (800, 400), 255)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((4, 4, 795, 395), outline=0, width=2)
    for y in range(80, 320, 40):
        draw.line((60, y, 760, y), fill=120, width=2)
    draw.line((60, 80, 60, 320), fill=0, width=2)
    for n, x in enumerate(range(120, 700, 140)):
        draw.rectangle((x, 120 + 30 * n, x + 70, 320), fill=90)
    return picture


def page(picture: Image.Image, over: str = "", size: tuple[float, float] = (400, 200)) -> bytes:
    sheet = Sheet(595, 842)
    sheet.text(72, 62, "Text above the picture, as any page of a report has.")
    if over:
        sheet.text(90, 280, over)
    document = pdfium.PdfDocument(pdf(sheet))
    image = pdfium.PdfImage.new(document)
    image.set_bitmap(pdfium.PdfBitmap.from_pil(picture))
    image.set_matrix(pdfium.PdfMatrix().scale(*size).translate(72, 500))
    shown = document[0]
    shown.insert_obj(image)
    shown.gen_content()
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (page(table(4)), True),
        (page(table(2)), True),
        (page(chart()), False),
        (page(table(4), size=(80, 40)), False),
        (page(table(4), over="words that are printed upon the picture"), False),
    ],
    ids=["table", "two columns", "chart", "small", "ground"],
)
def test_a_table_in_a_picture_is_told(data: bytes, told: bool) -> None:
    content = read_content(data)
    assert any(TOLD in warning for warning in content.warnings) is told
    assert content.pages[0].recognised is None
