"""Text objects of glyphs, asked for as they are wanted."""

from __future__ import annotations

import pytest

from pipeline.document.pdf.drawing import drawing
from pipeline.document.pdf.glyphs import glyphs
from pipeline.document.pdf.pdfium import load_page, open_document, orientation_of
from tests.pipeline.document.sheets import Sheet, pdf


def test_they_are_the_same_however_they_are_asked_for() -> None:
    sheet = Sheet()
    sheet.text(50, 100, "1,234.56")
    sheet.text(50, 150, "78.90")
    with open_document(pdf(sheet)) as document, load_page(document, 1) as (page, text):
        where = orientation_of(page, text)
        found = glyphs(text, where, drawing(page, where))
        one_by_one = [found.handles[n] for n in range(len(found.handles))]
        assert len(found.handles) == len(found.text) == len("1,234.5678.90")
        assert found.handles[:] == one_by_one == list(found.handles)
        assert found.handles[2:5] == one_by_one[2:5]
        assert len(set(one_by_one[:8])) == len(set(one_by_one[8:])) == 1 != len(set(one_by_one))
        with pytest.raises(IndexError):
            found.handles[len(one_by_one)]
