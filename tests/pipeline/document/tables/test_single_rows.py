"""Tables without vertical rulings that have one row alone, and dashes set in the middle of columns of amounts."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.document.content import Grid
from pipeline.document.pdf_reader import read_pdf
from tests.pipeline.document.sheets import Sheet, pdf

SIZE = 10.0
WIDE = 60.0
COSTS = ["合计", "出国费", "车辆费", "接待费"]


def grids(lines: Sequence[Sequence[str]], *, right: Sequence[str] = (), step: float = 18.0) -> Sequence[Grid]:
    """The tables of a page of lines: words in the middle of columns sixty points wide, amounts and what `right` holds flush right."""
    sheet = Sheet(width=int(WIDE * max(map(len, lines))) + 80, height=400)
    for n, line in enumerate(lines):
        for column, text in enumerate(line):
            left, y = 40 + WIDE * column, 60 + step * n
            if text in right or text.replace(".", "").isdigit():
                sheet.right(left + WIDE - 3, y, text, SIZE)
            elif text:
                sheet.text(left + (WIDE - SIZE * len(text)) / 2, y, text, SIZE)
    return read_pdf(pdf(sheet)).pages[0].grids


def texts(grid: Grid, row: int) -> list[str]:
    return [cell.text for cell in sorted(grid.cells, key=lambda cell: cell.column) if cell.row == row]


def test_one_row_of_amounts_below_as_many_heads_is_a_table() -> None:
    (grid,) = grids([COSTS, ["9.37", "0.00", "9.00", "0.37"]])
    assert [texts(grid, 0), texts(grid, 1)] == [COSTS, ["9.37", "0.00", "9.00", "0.37"]]


def test_a_column_that_the_row_leaves_blank_keeps_its_head() -> None:
    (grid,) = grids([[*COSTS, *COSTS], ["9.37", "", "9.00", "0.37", "8.10", "", "8.00", "0.10"]])
    assert texts(grid, 1) == ["9.37", "", "9.00", "0.37", "8.10", "", "8.00", "0.10"]


def test_the_numbers_of_its_columns_may_stand_above_the_row() -> None:
    (grid,) = grids([COSTS, ["1", "2", "3", "4"], ["9.37", "0.50", "8.50", "0.37"]])
    assert [texts(grid, 1), texts(grid, 2)] == [["1", "2", "3", "4"], ["9.37", "0.50", "8.50", "0.37"]]


@pytest.mark.parametrize(
    "lines",
    [
        [["9.37", "0.00", "9.00", "0.37"]],
        [["", "合计", "", ""], ["9.37", "0.00", "9.00", "0.37"]],
        [COSTS, ["1", "2", "3", "4"]],
        [COSTS[:3], ["9.37", "0.00", "9.00"]],
        [[*COSTS, ""], ["9.37", "0.00", "9.00", "0.37", "5.20"]],
    ],
    ids=["no heads", "one head", "numbers of columns alone", "few", "an amount without a head"],
)
def test_a_line_of_numbers_is_no_table_of_its_own(lines: Sequence[Sequence[str]]) -> None:
    assert not grids(lines)


def test_dashes_in_the_middle_of_a_column_and_its_amounts_are_one_column() -> None:
    rows = [["甲项", "—", "4.80"], ["乙项", "7.00", "—"], ["丙项", "7.00", "4.00"], ["丁项", "—", "0.80"]]
    (grid,) = grids([["名称", "预算数", "决算数"], *rows])
    assert grid.columns == 3
    assert [texts(grid, n) for n in range(1, 5)] == rows


def test_dashes_beside_amounts_in_one_line_are_a_column() -> None:
    rows = [["甲项", "—", "4.80"], ["乙项", "—", "3.10"], ["丙项", "—", "4.00"]]
    (grid,) = grids([["名称", "预算数", "决算数"], *rows])
    assert [texts(grid, n) for n in range(1, 4)] == rows
