"""Marks of notes behind numbers: none of their digits, however near they stand."""

from __future__ import annotations

import pytest

from pipeline.document.pdf.drawing import drawing
from pipeline.document.pdf.glyphs import glyphs
from pipeline.document.pdf.pdfium import load_page, open_document, orientation_of
from pipeline.samples.sample_pdf import PdfWriter


def _read(*texts: tuple[str, float, float]) -> tuple[str, list[str]]:
    """What is read of texts set one behind the other, each of a size and so many points above the line."""
    writer = PdfWriter()
    page, x = writer.page(), 100.0
    for text, size, raised in texts:
        page.text(x, 200 - raised, size, text)
        x += page.font.width(text, size)
    with open_document(writer.to_bytes()) as document, load_page(document, 1) as (shown, text_layer):
        where = orientation_of(shown, text_layer)
        found = glyphs(text_layer, where, drawing(shown, where))
        return found.text, [number.text for number in found.numbers]


@pytest.mark.parametrize(
    ("number", "mark"),
    [("935.95", ("2", 5.0, 4.0)), ("935.95", ("12", 6.0, 3.0)), ("1,234", ("1", 5.5, 3.5)), ("0.00", ("3", 6.0, 4.0))],
)
def test_small_raised_digits_behind_a_number_are_none_of_its_own(number, mark):
    assert _read((number, 9.0, 0.0), mark) == (number, [number])


@pytest.mark.parametrize(
    "texts",
    [
        (("935.", 9.0, 0.0), ("95", 6.0, 0.0)),  # smaller, on the line
        (("935.", 9.0, 0.0), ("95", 6.0, 3.0)),  # cents that are set high
        (("935", 9.0, 0.0), ("95", 6.0, 3.0)),  # two digits behind a whole number: cents, or a mark
        (("935.9", 9.0, 0.0), ("123", 6.0, 3.0)),  # longer than a mark
        (("9", 9.0, 0.0), ("35.95", 5.0, 4.0)),  # another number, in small print
        (("935", 9.0, 0.0), (".95", 9.0, 3.0)),  # of the same size
    ],
)
def test_other_digits_stay(texts):
    assert _read(*texts)[0] == "".join(text for text, _, _ in texts)


def test_a_number_in_the_next_cell_stays():
    writer = PdfWriter()
    page = writer.page()
    page.text(100, 200, 9, "935.95")
    page.text(100 + page.font.width("935.95", 9) + 4, 196, 5, "2")
    with open_document(writer.to_bytes()) as document, load_page(document, 1) as (shown, text_layer):
        where = orientation_of(shown, text_layer)
        assert glyphs(text_layer, where, drawing(shown, where)).text == "935.952"


def test_what_stands_on_another_line_stays():
    writer = PdfWriter()
    page = writer.page()
    page.text(100, 200, 9, "935.95")
    page.text(100 + page.font.width("935.95", 9), 150, 5, "2")
    with open_document(writer.to_bytes()) as document, load_page(document, 1) as (shown, text_layer):
        where = orientation_of(shown, text_layer)
        assert glyphs(text_layer, where, drawing(shown, where)).text == "935.952"
