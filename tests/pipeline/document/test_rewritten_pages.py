"""Pages that show the same, written otherwise, are read the same: at any size, on any paper, however texts and rulings are drawn."""

from __future__ import annotations

import random
from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.rewritten_pages import PAGES, WAYS, rewritten, rows_of
from pipeline.document.content import Box
from pipeline.document.pdf.glyphs import NO_OBJECTS, Glyphs
from pipeline.document.pdf.small_print import LEAST_PRINT, enlargement
from pipeline.document.pdf_reader import read_pdf
from pipeline.samples.layouts import CATALOGUE, budget_for, print_budget
from pipeline.samples.sample_pdf import PdfWriter

DOCUMENTS = {layout.name: print_budget(budget_for(layout, random.Random(7)), layout).data for layout in islice(CATALOGUE, 0, None, 4)}

_EACH = 4  # of these documents one is written in all ways
_ALL = [
    way for way in WAYS if way != "two_on_a_sheet"
]  # their pages have no numbers, and little prose: nothing tells two tables on a sheet from two pages


@pytest.fixture(scope="module")
def as_it_is() -> dict[str, object]:
    return {name: rows_of(data) for name, data in DOCUMENTS.items()}


@pytest.mark.parametrize(("name", "way"), [(name, way) for n, name in enumerate(DOCUMENTS) for way in (_ALL if n % _EACH == 0 else PAGES)])
def test_the_same_rows(name: str, way: str, as_it_is: dict[str, object]) -> None:
    assert rows_of(rewritten(DOCUMENTS[name], way)) == as_it_is[name]


def test_boxes_are_those_of_the_paper() -> None:
    data = next(iter(DOCUMENTS.values()))
    whole, half = read_pdf(data), read_pdf(rewritten(data, "halved"))
    for before, after in zip(whole.pages, half.pages, strict=True):
        assert (after.width, after.height) == pytest.approx((before.width / 2, before.height / 2), abs=0.01)
        for one, other in zip(before.grids, after.grids, strict=True):
            for cell, smaller in zip(one.cells, other.cells, strict=True):
                assert smaller.text == cell.text
                assert smaller.box == pytest.approx([side / 2 for side in cell.box], abs=0.05)
                assert (smaller.text_box is None) == (cell.text_box is None)
        for line, smaller_line in zip(before.lines, after.lines, strict=True):
            assert line.box is not None
            assert smaller_line.box is not None
            assert smaller_line.box == pytest.approx([side / 2 for side in line.box], abs=0.05)


def letters(heights: list[float]) -> Glyphs:
    boxes = np.array([Box(0.0, 0.0, 3.0, height) for height in heights], np.float32).reshape(-1, 4)
    return Glyphs("数" * len(heights), boxes, 0, False, 0, NO_OBJECTS, ())


@pytest.mark.parametrize(
    ("heights", "factor"),
    [
        ([], 1.0),
        ([LEAST_PRINT], 1.0),
        ([LEAST_PRINT - 0.1], 2.0),
        ([2.0, 2.0, 12.0], 4.0),  # a large title above a table of small print
        ([12.0, 12.0, 2.0], 1.0),  # a note of small print below ordinary one
        ([0.0, 0.0], 1.0),
        ([1e-9], 64.0),
    ],
)
def test_small_print_is_enlarged_until_it_is_ordinary(heights: list[float], factor: float) -> None:
    assert enlargement(letters(heights)) == factor


@given(st.lists(st.sampled_from([0.5, 2.0, 4.9, LEAST_PRINT, 5.1, 12.0]), max_size=7))
def test_a_page_is_enlarged_by_the_print_of_half_its_characters(heights: list[float]) -> None:
    height = float(np.median(np.array(heights, np.float32))) if heights else 0.0
    assert (enlargement(letters(heights)) == 1) == (height == 0 or height >= LEAST_PRINT)


@pytest.mark.parametrize(("print_size", "notes"), [(10.0, 8), (4.0, 0), (10.0, 0)])
@pytest.mark.parametrize("thickness", [0.5, 1.6, 2.0])
def test_rules_of_any_thickness_are_borders_whatever_the_print(print_size: float, notes: int, thickness: float) -> None:
    writer = PdfWriter()
    page = writer.page()
    width, height, half = 12 * print_size, 2.2 * print_size, thickness / 2
    for at in (50 + n * height for n in range(4)):
        page.rectangle(50, at - half, 50 + 3 * width, at + half, filled=True)
    for at in (50 + n * width for n in range(4)):
        page.rectangle(at - half, 50, at + half, 50 + 3 * height, filled=True)
    for row in range(3):
        for column in range(3):
            page.text(53 + column * width, 50 + (row + 0.7) * height, print_size, f"{row}{column}.00")
    for n in range(notes):  # more characters than the table has
        page.text(50, 400 + 6 * n, 3.5, "12345 67890 " * 6)
    (grid,) = read_pdf(writer.to_bytes()).pages[0].grids
    assert (grid.rows, grid.columns) == (3, 3)
    assert [cell.text for cell in grid.cells] == [f"{row}{column}.00" for row in range(3) for column in range(3)]
