"""Fonts that a PDF names but does not embed: it is read the same with whatever fonts the machine has."""

from __future__ import annotations

import ctypes

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest

from pipeline.document.pdf.pdfium import load_page, open_document
from tests.pipeline.document.sheets import Sheet, pdf

DESCRIPTOR = (
    b"/FontDescriptor << /Type /FontDescriptor /FontName /%s /Flags 32 /FontBBox [0 -141 1000 859] /ItalicAngle 0"
    b" /Ascent 859 /Descent -141 /CapHeight 683 /StemV 80 >>"
)
SIMPLE = (
    b"/F3 << /Type /Font /Subtype /TrueType /BaseFont /%s /Encoding /WinAnsiEncoding /FirstChar 48 /LastChar 50 /Widths [430 520 610] %s >>"
)
COMPOSITE = (
    b"/F3 << /Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /ToUnicode 3 0 R /DescendantFonts [ << /Type /Font"
    b" /Subtype /CIDFontType2 /BaseFont /%s /CIDToGIDMap /Identity /DW 1000 /W [7 [450]]"
    b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> %s >> ] >>"
)
TO_UNICODE = (
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def 1 begincodespacerange <0000> <FFFF> endcodespacerange"
    b" 2 beginbfchar <0007> <0035> <F00D> <653F> endbfchar endcmap"
)
NAMES = [b"SimSun", b"FangSong_GB2312", b"DejaVuSans", b"LiberationSans", b"NotoSansCJKsc-Regular", b"WenQuanYiZenHei", b"NoSuchFont"]


def boxes(data: bytes) -> list[tuple[str, list[float]]]:
    """The characters of page 1 that print something, with left, bottom, right, top in page space."""
    with open_document(data) as document, load_page(document, 1) as (_, text):
        return [(sign, box(text, index)) for index in range(text.count_chars()) if (sign := text.get_text_range(index, 1)).strip()]


def box(text: pdfium.PdfTextPage, index: int) -> list[float]:
    sides = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(text, index, ctypes.byref(sides))
    return [round(side, 1) for side in (sides.left, sides.bottom, sides.right, sides.top)]


def test_a_glyph_drawn_alone_does_not_vanish() -> None:
    """A font that lacks the character has no box for it: pdfium leaves text objects out that have no width."""
    sheet = Sheet()
    sheet.text(50, 100, "款")
    assert boxes(pdf(sheet)) == [("款", [50, 198.8, 60, 208.8])]


@pytest.mark.parametrize("name", NAMES)
def test_glyph_numbers_of_a_font_that_is_not_there_are_placed_by_the_stated_widths(name: bytes) -> None:
    sheet = Sheet()
    for x, code in ((50, "F00D"), (80, "0007"), (100, "00070007F00D")):
        sheet.operators.append(f"BT /F3 10 Tf 1 0 0 1 {x} 200 Tm <{code}> Tj ET")
    found = boxes(pdf(sheet, fonts=COMPOSITE % (name, name, DESCRIPTOR % name), to_unicode=TO_UNICODE))
    places = [("政", 50, 60), ("5", 80, 84.5), ("5", 100, 104.5), ("5", 104.5, 109), ("政", 109, 119)]
    assert found == [(sign, [left, 198.6, right, 208.6]) for sign, left, right in places]


@pytest.mark.parametrize("name", NAMES)
def test_letters_of_a_font_that_is_not_there_are_placed_by_the_stated_widths(name: bytes) -> None:
    sheet = Sheet()
    sheet.operators.append("BT /F3 10 Tf 1 0 0 1 50 200 Tm (0112) Tj ET")
    found = boxes(pdf(sheet, fonts=SIMPLE % (name, DESCRIPTOR % name)))
    edges = [50, 54.3, 59.5, 64.7, 70.8]
    assert found == [(sign, [edges[i], 198.6, edges[i + 1], 208.6]) for i, sign in enumerate("0112")]


@pytest.mark.parametrize("name", NAMES)
def test_a_font_without_any_measures_has_those_of_the_project(name: bytes) -> None:
    sheet = Sheet()
    sheet.operators.append("BT /F3 10 Tf 1 0 0 1 50 200 Tm (12) Tj ET")
    fonts = b"/F3 << /Type /Font /Subtype /TrueType /BaseFont /%s /Encoding /WinAnsiEncoding >>" % name
    assert boxes(pdf(sheet, fonts=fonts)) == [("1", [50, 198.8, 55, 208.8]), ("2", [55, 198.8, 60, 208.8])]


@pytest.mark.parametrize("name", [b"Helvetica", b"ArialMT", b"Arial"])
def test_standard_fonts_keep_their_known_widths(name: bytes) -> None:
    sheet = Sheet()
    sheet.operators.append("BT /F3 10 Tf 1 0 0 1 50 200 Tm (1i1) Tj ET")
    found = boxes(pdf(sheet, fonts=b"/F3 << /Type /Font /Subtype /TrueType /BaseFont /%s /Encoding /WinAnsiEncoding >>" % name))
    assert [sides[0] for _, sides in found] == [50, 55.6, 57.8]
