"""What a page prints beside the tables that were read is counted with its place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.checks.findings import beside_statements
from pipeline.checks.grades import grade_of
from pipeline.document.content import Box, Content, Grid, Page, TextLine, Word
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
    found = beside_statements(Content("grids", "pdfium", (page(text, *numbers),)), [STATEMENT], [])
    assert [(row["subject"], row["frequency"], row["page"]) for row in found] == expected


def test_an_amount_in_a_line_of_the_dataset_is_captured() -> None:
    own = replace(line(1), page=1, x0=100.0, y0=120.0, x1=140.0, y1=130.0)
    content = Content("grids", "pdfium", (page("合计 1,234.50", ("1,234.50", 100)),))
    assert beside_statements(content, [STATEMENT], [own]) == []


def test_a_page_of_pictures_among_the_statements_is_said() -> None:
    pages = [Page(number, 300, 300, pictured=number in (1, 2, 4)) for number in (1, 2, 3, 4)]
    found = beside_statements(Content("grids", "pdfium", tuple(pages)), [STATEMENT], [])
    assert [(row["finding"], row["page"]) for row in found] == [("amount_not_captured", 2)]


def test_no_document_with_amounts_beside_its_tables_is_of_the_best_grade() -> None:
    lines = [line(row, proofs=1) for row in range(1, 101)]
    assert grade_of(lines, [check()], 100, 100) == "A"
    assert grade_of(lines, [check()], 100, 100, beside=1) == "B"
    assert grade_of(lines, [check()], 100, 100, targets=1) == "B"
