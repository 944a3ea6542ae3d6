"""A picture of a page shows each box where the reader found it."""

import pytest

from pipeline.document.content import Box, UnreadableDocument
from pipeline.document.display.page_picture import draw_page
from pipeline.document.pdf_reader import read_pdf
from tests.pipeline.document.sheets import Sheet, pdf


def test_a_box_is_drawn_in_its_place() -> None:
    sheet = Sheet()
    sheet.text(100, 100, "x")
    image = draw_page(pdf(sheet), 1, [(Box(50, 60, 150, 120), "label", "red")], scale=2)
    assert image.size == (800, 600)
    red, green, blue = image.getpixel((280, 230))
    assert red > green == blue
    assert image.getpixel((20, 20)) == (255, 255, 255)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_ink_lies_under_the_text_box_however_the_page_is_turned(turn: int) -> None:
    sheet = Sheet(rotate=turn)
    sheet.lattice([50, 150, 250], [50, 90, 130])
    sheet.text(60, 80, "MMMMMM", size=14)
    data = pdf(sheet)
    cell = next(cell for cell in read_pdf(data).pages[0].grids[0].cells if cell.text)
    assert cell.text_box is not None
    image = draw_page(data, 1, [], scale=2).convert("L")
    corner = [round(value * 2) for value in cell.text_box]
    assert image.crop(tuple(corner)).getextrema()[0] < 80


def test_what_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="page 2"):
        draw_page(pdf(Sheet()), 2, [])
    with pytest.raises(UnreadableDocument):
        draw_page(b"<html>", 1, [])
