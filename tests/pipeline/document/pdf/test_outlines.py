"""Outlines of paths, whose points are asked for at once: filled areas, thin parts and stroked edges."""

from __future__ import annotations

import pytest

from pipeline.document.content import Box
from pipeline.document.pdf import drawing as drawings
from pipeline.document.pdf.drawing import DrawingSettings, drawing
from pipeline.document.pdf.pdfium import load_page, open_document, orientation_of
from tests.pipeline.document.sheets import Sheet, pdf

Drawn = tuple[list[Box], list[drawings.Ruling], list[drawings.Ruling]]


def drawn_by(*operators: str, settings: DrawingSettings = drawings.DRAWING, in_form: bool = False) -> Drawn:
    """Return the fills and rulings of a page of 400 × 300 points."""
    sheet = Sheet(operators=list(operators))
    with open_document(pdf(sheet, in_form=in_form)) as document, load_page(document, 1) as (page, text):
        found = drawing(page, orientation_of(page, text), settings)
        return found.fills, found.horizontal, found.vertical


AREA = "50 200 100 20 re f"
TWO_AREAS = "10 10 30 40 re 100 10 30 40 re f"
FRAME_OF_THIN_PARTS = "50 100 100 1 re 50 150 100 1 re f"
STROKED = "200 100 m 300 100 l 300 150 l h S"
ROUND = "10 250 m 20 260 30 270 40 250 c f"
PAGE = (AREA, TWO_AREAS, FRAME_OF_THIN_PARTS, STROKED, ROUND, AREA)


def test_each_part_of_a_path_is_an_area_or_a_ruling() -> None:
    fills, horizontal, vertical = drawn_by(*PAGE)
    assert fills == [(50, 80, 150, 100), (10, 250, 40, 290), (100, 250, 130, 290), (50, 80, 150, 100)]  # a round one is none
    assert sorted(horizontal) == [(149.5, 50, 150), (199.5, 50, 150), (200, 200, 300)]
    assert vertical == [(300, 150, 200)]  # the slope that closes the path is none


@pytest.mark.parametrize("in_form", [False, True])
@pytest.mark.parametrize("at_once", [1, 6, 10, 11])
def test_it_does_not_matter_how_many_points_are_asked_for_at_once(at_once: int, in_form: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = drawn_by(*PAGE, in_form=in_form)
    monkeypatch.setattr(drawings, "_POINTS_AT_ONCE", at_once)
    assert drawn_by(*PAGE, in_form=in_form) == whole


def test_a_path_that_is_a_picture_hides_no_other() -> None:
    picture = " ".join(f"{n} {n % 7 * 10} l" for n in range(1, 60))
    fills, *rulings = drawn_by(AREA, f"0 0 m {picture} f", TWO_AREAS, settings=DrawingSettings(most_segments=20))
    assert (fills, rulings) == ([(50, 80, 150, 100), (10, 250, 40, 290), (100, 250, 130, 290)], [[], []])


def dots(x: float, y: float, count: int, *, across: bool = True, step: float = 1.6) -> list[str]:
    """Areas of less than a point in a row."""
    return [f"{x + n * step * across:.2f} {y + n * step * (not across):.2f} 0.8 0.8 re f" for n in range(count)]


def test_dots_in_a_row_are_a_ruling() -> None:
    _, horizontal, vertical = drawn_by(*dots(50, 100, 40), *dots(50, 100, 12, across=False))
    assert [tuple(round(side, 1) for side in line) for line in horizontal] == [(199.6, 50, 113.2)]
    assert [tuple(round(side, 1) for side in line) for line in vertical] == [(50.4, 181.6, 200)]


def test_dots_of_one_path_are_a_ruling() -> None:
    _, horizontal, vertical = drawn_by(" ".join(each.removesuffix("f") for each in dots(50, 100, 40)) + " f")
    assert ([round(line.end) for line in horizontal], vertical) == ([113], [])


@pytest.mark.parametrize(
    "operators",
    [
        dots(50, 100, 5),  # a mark of omission
        dots(50, 100, 40, step=5.0),  # apart: bullets, the points of a chart
        [each for row in range(30) for each in dots(50, 100 + 1.6 * row, 30)],  # an area printed in gray
        [f"{50 + 3 * n} {100 + 7 * (n % 5)} 0.8 0.8 re f" for n in range(40)],  # scattered
        ["1 g", *dots(50, 100, 40)],  # that nobody sees
    ],
)
def test_other_dots_are_none(operators: list[str]) -> None:
    assert drawn_by(*operators)[1:] == ([], [])


def test_what_stands_beside_the_page_is_not_drawn_on_it() -> None:
    outside = ("450 100 m 600 100 l S", "-200 50 100 30 re f", "50 400 m 50 500 l S")
    assert drawn_by(*outside) == ([], [], [])
    _, horizontal, _ = drawn_by("-100 100 m 900 100 l S")  # of a table that was cut in two
    assert horizontal == [(200, -1, 401)]
