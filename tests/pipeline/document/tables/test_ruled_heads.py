"""Tables of which a part alone has rulings: a head, whose columns those of the rows below are, or a frame without columns."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.document.content import Grid
from pipeline.document.pdf_reader import read_pdf
from tests.pipeline.document.sheets import Sheet, pdf

SIZE = 10.0
XS = [40, 120, 260, 340, 420, 500]
HEAD = ["科目编码", "科目名称", "合计", "基本支出", "项目支出"]
ROWS = [
    ["", "合计", "42.00", "42.00", ""],
    ["201", "一般公共服务支出", "30.00", "30.00", ""],
    ["208", "社会保障支出", "12.00", "12.00", ""],
]


def grids(rows: Sequence[Sequence[str]], *, head: Sequence[Sequence[str]] = (HEAD,), gap: float = 0.0) -> Sequence[Grid]:
    """The tables of a page: a ruled head, and rows without rulings `gap` points below it, amounts flush right, words flush left."""
    sheet = Sheet(width=560, height=400)
    bottom = 50 + 20 * len(head)
    sheet.lattice(XS, [50 + 20 * n for n in range(len(head) + 1)])
    for n, row in enumerate(head):
        for left, text in zip(XS, row, strict=False):
            sheet.text(left + 3, 64 + 20 * n, text, SIZE)
    for n, row in enumerate(rows):
        y = bottom + 14 + gap + 18 * n
        for left, right, text in zip(XS, XS[1:], row, strict=False):
            if text.replace(".", "").isdigit() and "." in text:
                sheet.right(right - 3, y, text, SIZE)
            elif text:
                sheet.text(left + 3, y, text, SIZE)
    return read_pdf(pdf(sheet)).pages[0].grids


def texts(grid: Grid) -> list[list[str]]:
    """The rows of a table, blank for each column that a cell covers beside its first."""
    rows = [[""] * grid.columns for _ in range(grid.rows)]
    for cell in grid.cells:
        rows[cell.row][cell.column] = cell.text
    return rows


def test_rows_stand_in_the_columns_of_their_head_where_one_is_blank() -> None:
    head, rows = grids(ROWS)
    assert (texts(head), texts(rows)) == ([HEAD], ROWS)


def test_the_first_row_may_print_no_amount() -> None:
    _, rows = grids([["一、", "本年支出", "", "", ""], *ROWS])
    assert texts(rows)[0] == ["一、", "本年支出", "", "", ""]


def test_a_table_may_have_one_row_below_its_head() -> None:
    _, rows = grids(ROWS[1:2])
    assert texts(rows) == ROWS[1:2]


def test_a_note_below_the_rows_is_none_of_them() -> None:
    _, rows = grids([*ROWS, ["注：本表反映部门本年度各项支出的情况，不含上年结转的资金"]])
    assert texts(rows) == ROWS


@pytest.mark.parametrize(
    ("rows", "head", "gap"),
    [
        ([["注", "42.00"]], [HEAD], 0.0),
        (ROWS[:1], [HEAD], 90.0),
        (ROWS[:1], [HEAD, ["201", "教育支出", "7,000.00", "7,000.00", ""]], 0.0),
    ],
    ids=["one number", "further below", "below a table with rows"],
)
def test_what_else_stands_below_is_no_row(rows: Sequence[Sequence[str]], head: Sequence[Sequence[str]], gap: float) -> None:
    assert len(grids(rows, head=head, gap=gap)) == 1


def test_amounts_that_stand_in_no_column_of_a_head_are_of_another_table() -> None:
    """Their columns are their own."""
    sheet = Sheet(width=560, height=400)
    sheet.lattice(XS, [50, 70])
    for left, text in zip(XS, HEAD, strict=False):
        sheet.text(left + 3, 64, text, SIZE)
    for n in range(4):
        sheet.text(43, 90 + 18 * n, "机关处室", SIZE)
        sheet.right(275, 90 + 18 * n, f"{n + 1},000.00", SIZE)
        sheet.right(435, 90 + 18 * n, f"{n + 1},000.00", SIZE)
    _, rows = read_pdf(pdf(sheet)).pages[0].grids
    assert rows.columns == 3


HALVES = [["一、财政拨款收入", "600.00", "一、教育支出", "560.00"], ["二、事业收入", "85.50", "二、社会保障支出", "70.00"]]


def framed(rows: Sequence[Sequence[str]], *, across: bool) -> Sequence[Grid]:
    """The tables of a page: two halves in one frame, a rule below the head and, where told so, between all rows."""
    sheet = Sheet(width=560, height=400)
    ends = [190, 260, 420, 500]
    for n, row in enumerate([["收入项目", "预算数", "支出项目", "预算数"], *rows]):
        y = 64 + 20 * n
        for left, right, text in zip([40, *ends], ends, row, strict=False):
            if n and "." in text:
                sheet.right(right - 3, y, text, SIZE)
            else:
                sheet.text(left + 3 if n else (left + right - SIZE * len(text)) / 2, y, text, SIZE)
    bottom = 70 + 20 * len(rows)
    sheet.lattice([40, 500], [50, 70, bottom] if not across else [50 + 20 * n for n in range(len(rows) + 2)])
    return read_pdf(pdf(sheet)).pages[0].grids


@pytest.mark.parametrize("across", [False, True])
def test_a_frame_and_rules_across_it_part_no_columns(across: bool) -> None:
    rows = [*HALVES, ["三、其他收入", "2.25", "三、卫生健康支出", "20.00"], ["本年收入合计", "687.75", "本年支出合计", "650.00"]]
    (grid,) = framed(rows, across=across)
    assert texts(grid) == [["收入项目", "预算数", "支出项目", "预算数"], *rows]


def test_boxes_around_single_amounts_stay_a_table() -> None:
    sheet = Sheet(width=560, height=400)
    sheet.lattice([40, 120], [50 + 20 * n for n in range(7)])
    for n in range(6):
        sheet.right(117, 64 + 20 * n, f"{n + 1},000.00", SIZE)
    (grid,) = read_pdf(pdf(sheet)).pages[0].grids
    assert (grid.rows, grid.columns, grid.reader) == (6, 1, "pdfium")
