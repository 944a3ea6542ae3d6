"""Tables without rulings that have one row alone, dashes set in the middle of columns of amounts, numbers of columns set wide."""

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


def test_two_rows_are_a_table_where_each_column_of_amounts_has_a_head() -> None:
    rows = [["", "合计", "8.00", "0.00", "8.00"], ["223", "补助支出", "8.00", "0.00", "8.00"]]
    (grid,) = grids([["编码", "科目名称", "合计", "基本支出", "项目支出"], *rows])
    assert [texts(grid, 1), texts(grid, 2)] == rows


def test_two_lines_whose_words_stand_behind_their_numbers_are_none() -> None:
    assert not grids([["编码", "合计", "说明"], ["223", "8.00", "补助"], ["224", "8.00", "补助"]])


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


def test_dashes_below_amounts_are_rows_where_columns_alone_are_ruled() -> None:
    rows = [["甲项支出", "12.00", "9.37"], ["乙项支出", "11.00", "9.00"], ["丙项次数", "—", "96"], ["丁项人数", "—", "3"]]
    sheet = Sheet(width=400, height=300)
    sheet.lattice([40, 160, 240, 320], [50, 70, 160])
    for n, row in enumerate([["名称", "预算数", "决算数"], *rows]):
        for left, right, text in zip([40, 160, 240], [160, 240, 320], row, strict=True):
            if text[0].isdigit():
                sheet.right(right - 3, 64 + 20 * n, text, SIZE)
            else:
                sheet.text(left + 3, 64 + 20 * n, text, SIZE)
    (grid,) = read_pdf(pdf(sheet)).pages[0].grids
    assert [texts(grid, n) for n in range(1, 5)] == rows


@pytest.mark.parametrize("wide", ["", "　　"])
def test_numbers_of_columns_below_wide_words_are_no_heading(wide: str) -> None:
    """栏次 in the middle of a column of long names: as a heading it would stand over nothing, right of where the names begin."""
    names = ["一、财政拨款收入预算资金", "二、上级补助收入", "三、事业收入", "四、其他收入"]
    sheet = Sheet(width=400, height=300)
    for y, words in ((60, f"项{wide}目"), (78, f"栏{wide}次")):
        for n, word in enumerate(words.split(wide) if wide else [words]):
            sheet.text(110 + 30 * n, y, word, SIZE)
    for y, words in ((60, ("行次", "预算数")), (78, ("", "1"))):
        for x, word in zip((210, 280), words, strict=True):
            sheet.text(x, y, word, SIZE)
    for n, name in enumerate(names):
        sheet.text(43, 96 + 18 * n, name, SIZE)
        sheet.text(215, 96 + 18 * n, str(n + 1), SIZE)
        sheet.right(310, 96 + 18 * n, f"{n + 1}00.00", SIZE)
    (grid,) = read_pdf(pdf(sheet)).pages[0].grids
    assert [[text for text in texts(grid, 2 + n) if text] for n in range(4)] == [
        [name, str(n + 1), f"{n + 1}00.00"] for n, name in enumerate(names)
    ]
