"""Characters of the text layer, asked for in one call where that gives the same as asking for each, and the numbers that they spell."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.document.content import Box
from pipeline.document.pdf.drawing import drawing
from pipeline.document.pdf.glyphs import Glyphs, glyphs
from pipeline.document.pdf.number_sequence import numbers_in_sequence
from pipeline.document.pdf.pdfium import load_page, open_document, orientation_of
from tests.pipeline.document.sheets import Sheet, pdf

FONT = (
    b"/F3 << /Type /Font /Subtype /Type0 /BaseFont /NoSuchFont /Encoding /Identity-H /ToUnicode 3 0 R /DescendantFonts [ << /Type /Font"
    b" /Subtype /CIDFontType2 /BaseFont /NoSuchFont /CIDToGIDMap /Identity /DW 1000"
    b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >> ] >>"
)
MAP = (
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def 1 begincodespacerange <0000> <FFFF> endcodespacerange"
    b" 4 beginbfchar <0001> <0031> <0002> <%s> <0003> <0032> <0004> <653F> endbfchar endcmap"
)


def read(second: bytes) -> Glyphs:
    """The glyphs of a page that prints 1, the character that `second` encodes in UTF-16, 2, a blank and 政."""
    sheet = Sheet()
    sheet.operators.append("BT /F3 10 Tf 1 0 0 1 50 200 Tm <0001> Tj 1 0 0 1 80 200 Tm <0002> Tj 1 0 0 1 110 200 Tm <0003> Tj ET")
    sheet.operators.append("BT /F3 10 Tf 1 0 0 1 160 200 Tm <0004> Tj ET")
    with open_document(pdf(sheet, fonts=FONT, to_unicode=MAP % second)) as document, load_page(document, 1) as (page, text):
        where = orientation_of(page, text)
        return glyphs(text, where, drawing(page, where))


@pytest.mark.parametrize(("second", "printed"), [(b"4E00", "一"), (b"00660069", "fi"), (b"0000", ""), (b"D840DC0B", "")])
def test_each_character_keeps_its_place_whatever_stands_before_it(second: bytes, printed: str) -> None:
    found = read(second)
    assert found.text == f"1{printed}2政"
    places = dict(zip(found.text, found.boxes[:, 0].round().tolist(), strict=True))
    assert (places["1"], places["2"], places["政"]) == (50, 110, 160)
    assert [word.text for word in found.numbers] == ["1", "2"]
    assert [round(word.box.x0) for word in found.numbers] == [50, 110]


@pytest.mark.parametrize(
    ("second", "spelt"),
    [
        (Box(5, 0, 10, 10), ["12"]),
        (Box(16.9, 0, 21.9, 10), ["12"]),  # spaced letters
        (Box(17.1, 0, 22, 10), ["1", "2"]),  # the number of another column
        (Box(-30, 0, -25, 10), ["1", "2"]),  # of a column further left, drawn after it
        (Box(5, 5.9, 10, 15.9), ["12"]),
        (Box(5, 6.1, 10, 16.1), ["1", "2"]),  # of another line
    ],
)
def test_characters_that_stand_apart_are_of_two_numbers(second: Box, spelt: list[str]) -> None:
    unicode = np.array([ord("1"), ord("2")], np.uint32)
    boxes = np.array([Box(0, 0, 5, 10), second], np.float64)
    found = numbers_in_sequence(unicode, boxes, np.ones(2, np.bool_), np.arange(2))
    assert [word.text for word in found] == spelt
    assert found[-1].box.x1 == max(second.x1, 5 if len(spelt) == 1 else second.x1)


@pytest.mark.parametrize(
    ("boxes", "spelt"),
    [
        ([Box(0, 20, 10, 25), Box(0, 15, 10, 20), Box(0, 10, 10, 15)], ["123"]),  # turned to the left
        ([Box(0, 0, 10, 5), Box(0, 5, 10, 10), Box(0, 10, 10, 15)], ["123"]),  # to the right
        ([Box(0, 0, 10, 5), Box(0, 5, 10, 10), Box(12, 0, 22, 5)], ["12", "3"]),  # the next line of turned print
        ([Box(20, 0, 25, 10), Box(15, 0, 20, 10), Box(10, 0, 15, 10)], ["123"]),  # on their heads
        ([Box(0, 0, 5, 10), Box(0, 10, 5, 20), Box(0, 20, 5, 30)], ["1", "2", "3"]),  # upright ones of a column, drawn one below the other
    ],
)
def test_numbers_of_turned_print_are_whole(boxes: list[Box], spelt: list[str]) -> None:
    unicode = np.array([ord(c) for c in "123"], np.uint32)
    found = numbers_in_sequence(unicode, np.array(boxes, np.float64), np.ones(3, np.bool_), np.arange(3))
    assert [word.text for word in found] == spelt


SPELLED = [
    ("1\u200b2\ufeff3", ["123"]),  # what takes no place parts nothing
    ("1\u00ad23", ["123"]),
    ("1 23", ["1", "23"]),
    ("1\r\n2\r\n3", ["123"]),  # between glyphs that touch no line breaks
    ("\r\n1\n23\r\n", ["123"]),  # nor do breaks before the first glyph and behind the last
    ("\n1\n \n23", ["1", "23"]),  # a blank among breaks parts
]


@pytest.mark.parametrize(("text", "spelt"), SPELLED)
def test_what_parts_a_number_stands_between_its_characters(text: str, spelt: list[str]) -> None:
    printing = np.array([character.isdigit() for character in text])
    boxes = np.zeros((len(text), 4))
    boxes[printing] = [Box(5 * n, 0, 5 * n + 5, 10) for n in range(3)]
    found = numbers_in_sequence(np.array([ord(c) for c in text], np.uint32), boxes, printing, np.flatnonzero(printing))
    assert [word.text for word in found] == spelt


def test_a_line_breaks_where_the_next_one_stands_elsewhere() -> None:
    boxes = np.array([Box(0, 0, 5, 10), Box(0, 0, 0, 0), Box(5, 12, 10, 22)], np.float64)
    printing = np.array([True, False, True])
    found = numbers_in_sequence(np.array([ord(c) for c in "1\n2"], np.uint32), boxes, printing, np.array([0, 2]))
    assert [word.text for word in found] == ["1", "2"]


def test_numbers_beside_the_page_are_none_of_its_own() -> None:
    sheet = Sheet()
    sheet.operators.append("BT /F1 10 Tf 1 0 0 1 50 200 Tm (12) Tj 1 0 0 1 4000 200 Tm (34) Tj ET")
    with open_document(pdf(sheet)) as document, load_page(document, 1) as (page, text):
        where = orientation_of(page, text)
        found = glyphs(text, where, drawing(page, where))
    assert (found.text, [word.text for word in found.numbers]) == ("12", ["12"])
