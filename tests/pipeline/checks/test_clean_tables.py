"""Nobody is blamed for a table that was not read whole and cleanly, nor for what no slip in an intact table can cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from pipeline.budget.line import Line
from pipeline.checks.of_pages.clean_tables import doubts
from pipeline.checks.repair import evaluate_and_repair
from pipeline.document.content import Box, Content, Grid, Page, Word
from pipeline.statements.statement_model import Statement
from schemas.check_catalogue import CauseKind

KIND = "general_public_by_function"
ROWS = (
    (None, "合计", "100.00", "70.00", "30.00"),
    ("201", "一般公共服务支出", "60.00", "40.00", "20.00"),
    ("20101", "人大事务", "45.00", "30.00", "15.00"),
    ("20102", "政协事务", "15.00", "10.00", "5.00"),
    ("208", "社会保障和就业支出", "40.00", "30.00", "10.00"),
)
NATURES = ("total", "basic", "project")


def box(row: int, column: int) -> Box:
    return Box(100.0 * column, 20.0 * row, 100.0 * column + 40, 20.0 * row + 10)


def table(**printed: str) -> list[Line]:
    """The table as read; `r2c1="61.00"` prints another number there."""
    lines = []
    for row, (code, name, *amounts) in enumerate(ROWS, 1):
        for column, (amount, nature) in enumerate(zip(amounts, NATURES, strict=True), 1):
            text = printed.get(f"r{row}c{column}", amount)
            x0, y0, x1, y1 = box(row, column)
            level = (len(code) - 1) // 2 if code else 0
            values = (name, "general_public", nature, Decimal(text), text, "元", row, column)
            own = Line(KIND, 1, "table", "expenditure", "function", level, *values)
            lines.append(msgspec.structs.replace(own, code=code, page=1, x0=x0, y0=y0, x1=x1, y1=y1))
    return lines


def page(lines: Sequence[Line], *further: Word) -> Content:
    words = tuple(Word(line.amount_text, box(line.row, line.column)) for line in lines)
    grid = Grid(1, 6, 4, (), Box(0, 0, 500, 130), "pdfium")
    return Content("grids", "pdfium", (Page(1, 500, 500, grids=(grid,), numbers=words + further),))


def cause(lines: Sequence[Line], content: Content, printed: int | None = None) -> CauseKind:
    statement = Statement(1, KIND, None, "元", list(lines), amounts_printed=len(lines) if printed is None else printed, pages=(1,))
    announced = [(1, KIND, None)]
    asked = lambda own: [line.amount_text for line in own]  # noqa: E731
    incomplete = {1} if statement.amounts_printed > len(lines) else set()
    found = evaluate_and_repair(lines, announced, incomplete, asked, doubts(content, [statement], lines))
    (kind,) = {cause.kind for cause in found.causes}
    return kind


SLIP = table(r2c1="61.00")


def test_a_slip_in_a_table_read_whole_is_the_publishers() -> None:
    assert cause(SLIP, page(SLIP)) == "publisher"


@pytest.mark.parametrize(
    "further",
    [
        Word("7.50", Box(110, 65, 135, 74)),  # a row that came to nothing, in a column
        Word("7", Box(110, 65, 115, 74)),
        Word("1,234.50", Box(30, 65, 60, 74)),  # an amount among the labels
    ],
)
def test_a_table_with_a_number_in_no_line_blames_nobody(further: Word) -> None:
    assert cause(SLIP, page(SLIP, further)) == "undecided"


@pytest.mark.parametrize("further", [Word("2080501", Box(30, 65, 60, 74)), Word("1", Box(110, 5, 115, 14))])
def test_codes_and_numbers_of_columns_are_none_of_a_line(further: Word) -> None:
    assert cause(SLIP, page(SLIP, further)) == "publisher"


def test_a_table_of_which_a_cell_is_two_numbers_blames_nobody() -> None:
    content = page(SLIP, Word("9.00", Box(245, 102, 265, 109)))
    assert cause(SLIP, content) == "undecided"


@pytest.mark.parametrize("changed", [{"code": "203"}, {"name": "国防支出"}])
def test_a_row_under_the_code_of_another_blames_nobody(changed: dict[str, Any]) -> None:
    lines = [msgspec.structs.replace(line, **changed) if line.row == 5 else line for line in SLIP]
    assert cause(lines, page(SLIP)) == "undecided"


def test_a_number_outside_its_column_blames_nobody() -> None:
    lines = [msgspec.structs.replace(line, x0=300.0, x1=340.0) if (line.row, line.column) == (5, 1) else line for line in SLIP]
    assert cause(lines, page(lines)) == "undecided"


@pytest.mark.parametrize("what", ["page", "list of pages"])
def test_damaged_bytes_blame_nobody(what: str) -> None:
    content = page(SLIP)
    content = replace(content, torn=True) if what == "list of pages" else replace(content, pages=(replace(content.pages[0], damaged=True),))
    assert cause(SLIP, content) == "undecided"


def test_parts_that_are_too_small_in_every_sum_may_be_a_row_that_is_missing() -> None:
    lines = [line for line in table() if line.row != 4 and line.column == 1]
    assert cause(lines, page(lines)) == "undecided"


def test_a_header_misread_blames_nobody() -> None:
    """What two columns say is exchanged: each row fails alike."""
    other = {"total": "basic", "basic": "total", "project": "project"}
    lines = [msgspec.structs.replace(line, nature=other[line.nature or ""]) for line in table()]
    assert cause(lines, page(lines)) == "undecided"


def test_what_no_single_change_explains_blames_nobody() -> None:
    lines = table(r2c1="61.00", r3c1="47.00", r5c2="33.00", r4c3="9.00")
    assert cause(lines, page(lines)) == "undecided"
