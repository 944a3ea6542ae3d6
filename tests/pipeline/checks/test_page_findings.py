"""What a page prints beside the tables that were read is counted with its place."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import msgspec
import pytest

from pipeline.checks.grades import grade_of, is_reconciled
from pipeline.checks.of_pages.completeness import check_completeness
from pipeline.checks.of_pages.published_texts import PublishedTexts
from pipeline.checks.of_pages.uncaptured import box_of, uncaptured
from pipeline.document.content import Box, Cell, Content, Grid, Page, TextLine, Word
from pipeline.statements.statement_model import Statement
from tests.pipeline.publish.samples import check, line

STATEMENT = Statement(1, "revenue_summary", None, "万元", pages=(1, 3))
GRID = Grid(1, 1, 1, (), Box(0, 0, 300, 100), "pdfium")


def page(text: str, *numbers: tuple[str, float]) -> Page:
    """A page with a table, and a line of text below it with numbers at their x."""
    words = tuple(Word(number, Box(x, 120, x + 40, 130)) for number, x in numbers)
    inside = Word("9.50", Box(50, 50, 80, 60))
    return Page(1, 300, 300, (TextLine(text, Box(0, 120, 300, 130)),), (GRID,), numbers=(inside, *words))


@pytest.mark.parametrize(
    ("text", "numbers", "expected"),
    [
        ("合计 1,234.50 34.50", [("1,234.50", 100), ("34.50", 200)], [("1,234.50 34.50", 2, 1)]),
        ("合计 1,234.50", [("1,234.50", 100)], [("1,234.50", 1, 1)]),
        ("预算1,234.50万元", [("1,234.50", 100)], []),
        ("增长12.50%", [("12.50", 100)], []),
        ("其中1,234.50，用于学校。", [("1,234.50", 100)], []),
        ("2024年 第3页", [("2024", 10), ("3", 100)], []),
    ],
)
def test_each_amount_below_a_table_counts_unless_a_sentence_says_it(
    text: str, numbers: list[tuple[str, float]], expected: list[tuple[str, int, int]]
) -> None:
    found = uncaptured(Content("grids", "pdfium", (page(text, *numbers),)), [STATEMENT], [], ())
    assert [(row["subject"], row["frequency"], row["page"]) for row in found] == expected


def test_an_amount_in_a_line_of_the_dataset_is_captured() -> None:
    own = msgspec.structs.replace(line(1), page=1, x0=100.0, y0=120.0, x1=140.0, y1=130.0)
    content = Content("grids", "pdfium", (page("合计 1,234.50", ("1,234.50", 100)),))
    assert uncaptured(content, [STATEMENT], [own], ()) == []


@pytest.mark.parametrize(("on", "told"), [(1, 0), (2, 2)])
def test_a_row_of_another_page_does_not_stand_for_a_table_that_was_not_read(on: int, told: int) -> None:
    """The amounts of 三公 may stand in the basic spending, too."""
    sheet = replace(page("", ("4.00", 100), ("0.80", 200), ("4.80", 20), ("7.00", 250)), grids=(), lines=())
    known = [msgspec.structs.replace(line(row), amount=Decimal(text), page=on) for row, text in enumerate(("40000", "8000"), 1)]
    said = (Decimal("48000"), Decimal("70000"), Decimal("95000"))
    found = uncaptured(Content("grids", "pdfium", (sheet,)), [], known, said)
    assert sum(row["frequency"] for row in found) == told


def test_a_page_of_pictures_among_the_statements_is_said() -> None:
    pages = [Page(number, 300, 300, pictured=number in (1, 2, 4)) for number in (1, 2, 3, 4)]
    found = uncaptured(Content("grids", "pdfium", tuple(pages)), [STATEMENT], [], ())
    assert [(row["finding"], row["page"]) for row in found] == [("amount_not_captured", 2)]


def test_no_document_with_amounts_beside_its_tables_is_of_the_best_grade() -> None:
    lines = [line(row, proofs=1) for row in range(1, 101)]
    assert grade_of(lines, [check()], 100, 100) == "A"
    assert grade_of(lines, [check()], 100, 100, beside=1) == "B"
    assert grade_of(lines, [check()], 100, 100, targets=1) == "B"


COLUMN = [
    msgspec.structs.replace(line(row), page=1, row=row, column=1, x0=200.0, y0=20.0 * row, x1=240.0, y1=20.0 * row + 10)
    for row in (1, 2, 4)
]


def figures(*further: Word, titled: bool = True) -> Content:
    """A page with a table of three lines, and the numbers in `further`."""
    words = tuple(Word(own.amount_text, box_of(own)) for own in COLUMN)
    grid = replace(GRID, box=Box(0, 0, 300, 150))
    return Content("grids", "pdfium", (Page(1 if titled else 2, 300, 300, (), (grid,), numbers=words + further),))


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("7.50", Box(205, 60, 235, 70), 1),  # a row of the table that gave no line
        ("7", Box(220, 60, 225, 70), 1),
        ("2080501", Box(20, 60, 60, 70), 0),  # a code
        ("1", Box(220, 5, 225, 15), 0),  # the number of a column
        ("34,567.80", Box(20, 60, 60, 70), 1),  # an amount inside a text
    ],
)
def test_a_number_of_a_table_in_no_line_is_counted_where_it_stands(text: str, place: Box, expected: int) -> None:
    statement = Statement(1, "revenue_summary", None, "万元", list(COLUMN), amounts_printed=3, pages=(1,))
    found = uncaptured(figures(Word(text, place)), [statement], COLUMN, ())
    assert sum(row["frequency"] for row in found) == expected


@pytest.mark.parametrize(("middle", "expected"), [(None, 1), (100.0, 0)])
def test_codes_between_the_columns_of_two_pages_on_a_sheet_are_in_no_column(middle: float | None, expected: int) -> None:
    """The table goes on from the left page to the right one, where its codes stand between the amounts of both."""
    own = [msgspec.structs.replace(COLUMN[0], x0=40.0, x1=80.0), *COLUMN[1:]]
    (sheet,) = figures(Word("2130305", Box(120, 80, 160, 90))).pages
    (grid,) = sheet.grids
    grids = (replace(grid, box=Box(0, 0, 90, 150)), replace(grid, box=Box(110, 0, 300, 150)))
    content = Content("grids", "pdfium", (replace(sheet, grids=grids, middle=middle),))
    statement = Statement(1, "revenue_summary", None, "万元", own, amounts_printed=3, pages=(1,))
    found = [row for row in uncaptured(content, [statement], own, ()) if "2130305" in row["subject"]]
    assert len(found) == expected


def test_a_number_counted_as_missing_of_its_table_is_not_counted_again() -> None:
    statement = Statement(1, "revenue_summary", None, "万元", list(COLUMN), amounts_printed=4, pages=(1,))
    assert uncaptured(figures(Word("7.50", Box(205, 60, 235, 70))), [statement], COLUMN, ()) == []


@pytest.mark.parametrize(("known", "expected"), [((), 2), ((Decimal("75000"),), 1), ((Decimal("75000"), Decimal("12.5")), 0)])
def test_a_page_of_figures_that_no_statement_has_is_counted_by_what_no_row_has(known: tuple[Decimal, ...], expected: int) -> None:
    content = figures(Word("7.50", Box(20, 60, 60, 70)), Word("12.50", Box(20, 100, 60, 110)), titled=False)
    values = [own.amount for own in COLUMN]
    assert sum(row["frequency"] for row in uncaptured(content, [], [], [*known, *values])) == expected


def test_a_page_whose_table_nobody_recognised_costs_the_best_grade_and_the_sums() -> None:
    further = [Word(text, Box(20, 60 + 20 * n, 60, 70 + 20 * n)) for n, text in enumerate(("7.50", "12.50"))]
    beside = uncaptured(figures(*further, titled=False), [], [], ())
    checks = [check(), *check_completeness([], beside)]
    assert [(row["check_id"], row["subject"]) for row in checks if row["outcome"] == "fail"] == [("C1", "page 2")]
    assert is_reconciled(checks) is None


def head_of_form(*known: Decimal) -> list[tuple[str, int | None]]:
    """Return what is told of a page of sentences with a form whose head says amounts, some of them in rows of the dataset."""
    texts = ["12,345.678901", "某局2026年投入\n34.50万元办好事。", "10,000.25\n00", "2,345.42"]
    cells = tuple(Cell(0, at, text, Box(70.0 * at, 0, 70.0 * at + 70, 40)) for at, text in enumerate(texts))
    numbers = tuple(
        Word(text, Box(70.0 * at + 5, y, 70.0 * at + 60, y + 10))
        for at, text, y in ((0, "12,345.678901", 5), (1, "34.50", 20), (2, "10,000.25", 5), (2, "00", 20), (3, "2,345.42", 5))
    )
    lines = tuple(TextLine("做好一件事。", Box(0, 100 + 12 * row, 200, 110 + 12 * row)) for row in range(4))
    grid = Grid(1, 1, 4, cells, Box(0, 0, 280, 40), "pdfium")
    found = uncaptured(Content("grids", "pdfium", (Page(1, 300, 300, lines, (grid,), numbers=numbers),)), [], [], known)
    return [(row["subject"], row["page"]) for row in found]


def test_an_amount_alone_in_a_cell_is_told_on_a_page_of_sentences_too() -> None:
    assert head_of_form() == [("12,345.678901 10,000.2500 2,345.42", 1)]
    assert head_of_form(Decimal("123456789.01"), Decimal("23454200")) == [("10,000.2500", 1)]
    assert head_of_form(Decimal("123456789.01"), Decimal("100002500"), Decimal("23454200")) == []  # the number goes on in its cell


def of_cells(texts: list[list[str]], *lines: str) -> tuple[list[str], int]:
    """Return the numbers told of a grid on a page of sentences, and how many of them cost the document its completeness."""
    places = [(r, c, text) for r, row in enumerate(texts) for c, text in enumerate(row)]
    cells = tuple(Cell(r, c, text, Box(70.0 * c, 40.0 * r, 70.0 * c + 70, 40.0 * r + 40)) for r, c, text in places)
    numbers = tuple(Word(t, Box(70.0 * c + 5, 40.0 * r + 5, 70.0 * c + 60, 40.0 * r + 15)) for r, c, t in places if t[0].isdigit())
    box = Box(0, 0, 70.0 * len(texts[0]), 40.0 * len(texts))
    said = enumerate((*lines, *["做好一件事。"] * 4))
    printed = tuple(TextLine(text, Box(0, 400.0 + 12 * at, 200, 410.0 + 12 * at)) for at, text in said)
    grid = Grid(1, len(texts), len(texts[0]), cells, box, "pdfium")
    found = uncaptured(Content("grids", "pdfium", (Page(1, 600, 800, printed, (grid,), numbers=numbers),)), [], [], ())
    costs = [row for row in check_completeness([], found) if row["outcome"] == "fail"]
    return [text for row in found for text in row["subject"].split()], sum(int(row["expected"]) for row in costs)


@pytest.mark.parametrize(
    ("texts", "lines", "told", "costs"),
    [
        ([["日期", "文号"], ["2022.10", "12.5"]], [], ["2022.10"], 0),
        ([["指标", "权重"], ["数量", "10.00"]], [], ["10.00"], 0),
        ([["资产", "面积（平方米）"], ["房屋", "1,234.50"]], ["单位：万元"], ["1,234.50"], 0),
        ([["预算执行率", "12.34"]], ["单位：万元"], ["12.34"], 0),
        ([["资产", "数量"], ["房屋", "2,345.60"]], [], ["2,345.60"], 0),
        ([["年度资金总额", "2,345.60"], ["其中：财政拨款", "345.60"]], [], ["2,345.60", "345.60"], 2),
        ([["事项", "概算（万元）"], ["房屋", "2,345.60"]], [], ["2,345.60"], 1),
        ([["事项", "补助"], ["房屋", "2,345.60"]], ["单位：万元"], ["2,345.60"], 1),
        ([["事项", "预算金额", "面积"], ["房屋", "2,345.60", "12.50"]], [], ["2,345.60", "12.50"], 1),
    ],
)
def test_a_number_alone_in_a_cell_costs_where_something_says_that_it_is_money(
    texts: list[list[str]], lines: list[str], told: list[str], costs: int
) -> None:
    assert of_cells(texts, *lines) == (told, costs)


def targets(cell: str, *numbers: str) -> Content:
    """A page of targets with four amounts, and further numbers in one cell."""
    own = tuple(Word(f"{n}.25", Box(200, 20.0 * n, 240, 20.0 * n + 10)) for n in range(1, 5))
    further = tuple(Word(number, Box(20 + 40 * n, 60, 50 + 40 * n, 70)) for n, number in enumerate(numbers))
    grid = replace(GRID, box=Box(0, 0, 300, 150), cells=(Cell(0, 0, cell, Box(10, 50, 190, 80)),))
    return Content("grids", "pdfium", (Page(2, 300, 300, (), (grid,), numbers=own + further),))


VALUES = [Decimal(n * 10000) + 2500 for n in range(1, 5)]


@pytest.mark.parametrize(
    ("cell", "numbers", "texts", "expected"),
    [
        ("48.26513\n4", ["48.26513"], [], []),  # a number that its cell wraps, and a row has
        ("48.26513\n5", ["48.26513"], [], ["48.265135"]),  # and one that no row has, told whole
        ("培训讲师12人，每人\n0.45 万元。", ["0.45"], [(2, "培训讲师12人，每人0.45万元。")], []),
        ("培训讲师12人，每人\n0.45 万元。", ["0.45"], [(1, "新任职人员培训讲师12人，每人0.45万元。")], []),  # from the page before
        ("培训讲师12人，每人\n0.45 万元。", ["0.45"], [(1, "培训讲师12人，每人0.45万元。")], ["0.45"]),  # of another form, whole there
        ("新任职讲师讲课费每人0.45", ["0.45"], [(3, "新任职讲师讲课费每人0.45万元。")], []),  # goes on on the next page
        ("培训讲师12人，每人\n0.45 万元。", ["0.45"], [(7, "培训讲师12人，每人0.45万元。")], ["0.45"]),
        ("讲课费0.45万元/场", ["0.45"], [(2, "讲课费0.45万元/场")], []),
        ("讲课费0.45万元/场 0.45", ["0.45", "0.45"], [(2, "讲课费0.45万元/场")], ["0.45", "0.45"]),  # its amount is in no row
        ("0.45万元", ["0.45"], [(2, "培训讲师12人，每人0.45万元。")], ["0.45"]),  # a cell of its own, not the text's
        ("0.45", ["0.45"], [(2, "培训讲师12人，每人0.45万元。")], ["0.45"]),
    ],
)
def test_a_number_that_its_cell_wraps_or_that_stands_in_the_words_of_a_row_is_captured_with_them(
    cell: str, numbers: list[str], texts: list[tuple[int, str]], expected: list[str]
) -> None:
    known = [*VALUES, Decimal("482651.34")]
    found = uncaptured(targets(cell, *numbers), [], [], known, PublishedTexts(texts))
    assert [text for row in found for text in row["subject"].split()] == expected
