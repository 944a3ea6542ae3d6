"""Ruled tables of which a drawing lost some borders: two columns or rows in one cell are parted, what is one cell stays one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.document.content import Grid
from pipeline.document.pdf_reader import read_pdf
from tests.pipeline.document.sheets import Sheet, pdf

XS = (20.0, 70.0, 190.0, 270.0, 350.0)
"""Borders: code, name, two amounts."""
TOP, HIGH = 40.0, 20.0
ROWS = (
    ("301", "工资福利支出", "1,500.00", "1,200.00"),
    ("30101", "基本工资", "1,100.00", "900.00"),
    ("30102", "津贴补贴", "400.00", "300.00"),
    ("302", "商品和服务支出", "250.00", "50.00"),
    ("30201", "办公费", "250.00", "50.00"),
)
HEAD = ("科目编码", "科目名称", "合计", "基本支出")
EXPECTED = [list(HEAD), *map(list, ROWS)]


def table(
    without_columns: Sequence[int] = (),
    without_rows: Sequence[int] = (),
    gaps: Sequence[tuple[int, int]] = (),
    low: Sequence[tuple[int, int]] = (),
) -> Sheet:
    """The table, without some of its borders.

    Args:
        without_columns: numbers of vertical borders that are not there at all.
        without_rows: numbers of horizontal borders that are not there at all.
        gaps: (border, row) of pieces of vertical borders that are not there.
        low: (border, column) of pieces of horizontal borders that are not there.
    """
    sheet = Sheet()
    ys = [TOP + HIGH * n for n in range(len(EXPECTED) + 1)]
    for border, x in enumerate(XS):
        for row in range(len(ys) - 1):
            if border not in without_columns and (border, row) not in gaps:
                sheet.line(x, ys[row], x, ys[row + 1])
    for border, y in enumerate(ys):
        for column in range(len(XS) - 1):
            if border not in without_rows and (border, column) not in low:
                sheet.line(XS[column], y, XS[column + 1], y)
    for n, texts in enumerate(EXPECTED):
        base = TOP + HIGH * n + 13
        for column, text in enumerate(texts):
            if n and column > 1:
                sheet.right(XS[column + 1] - 4, base, text, 9)
            elif n:
                sheet.text(XS[column] + 4, base, text, 9)
            else:
                sheet.text((XS[column] + XS[column + 1] - 9 * len(text)) / 2, base, text, 9)
    return sheet


def rows(grid: Grid) -> list[list[str]]:
    """The texts of each row of cells, left to right."""
    found: dict[int, list[tuple[int, str]]] = {}
    for cell in grid.cells:
        found.setdefault(cell.row, []).append((cell.column, cell.text))
    return [[text for _, text in sorted(found[row])] for row in sorted(found)]


def read(sheet: Sheet) -> list[list[str]]:
    (grid,) = read_pdf(pdf(sheet)).pages[0].grids
    assert grid.reader == "pdfium"
    return rows(grid)


def test_a_table_with_all_its_borders_is_as_it_is_ruled() -> None:
    assert read(table()) == EXPECTED


@pytest.mark.parametrize("lost", [(1,), (2,), (3,), (2, 3)])
def test_columns_that_share_a_cell_in_every_row_are_parted(lost: Sequence[int]) -> None:
    assert read(table(without_columns=lost)) == EXPECTED


@pytest.mark.parametrize("gaps", [[(2, 2)], [(3, 0)], [(3, 1), (3, 3)], [(1, 2), (2, 2), (3, 2)]])
def test_a_cell_over_a_border_that_its_neighbours_have_is_parted_by_what_stands_in_it(gaps: Sequence[tuple[int, int]]) -> None:
    assert read(table(gaps=gaps)) == EXPECTED


@pytest.mark.parametrize("low", [[(3, 2), (3, 3)], [(2, 0), (2, 1)], [(2, 0), (2, 1), (3, 2), (3, 3), (5, 2)]])
def test_a_cell_of_two_rows_is_parted_where_its_neighbours_are(low: Sequence[tuple[int, int]]) -> None:
    assert read(table(low=low)) == EXPECTED


def test_a_name_in_the_middle_of_two_rows_is_of_both() -> None:
    sheet = table(low=[(2, 1), (5, 1)])
    for n in (0, 1, 3, 4):
        sheet.operators = [drawn for drawn in sheet.operators if ROWS[n][1].encode("utf-16-be").hex() not in drawn]
    sheet.text(XS[1] + 4, TOP + 2 * HIGH + 3, "人员", 9)
    sheet.text(XS[1] + 4, TOP + 5 * HIGH + 3, "公用", 9)
    assert [row[1] for row in read(sheet) if len(row) == len(XS) - 1] == ["科目名称", "人员", "津贴补贴", "公用"]


def test_a_word_set_wide_over_two_columns_stays_one() -> None:
    sheet = table(gaps=[(3, 0)])
    sheet.operators = [drawn for drawn in sheet.operators if all(word.encode("utf-16-be").hex() not in drawn for word in HEAD[2:])]
    sheet.text(XS[2] + 36, TOP + 13, "支", 9)
    sheet.text(XS[3] + 36, TOP + 13, "出", 9)
    assert read(sheet)[0] == ["科目编码", "科目名称", "支 出"]


@pytest.mark.parametrize("lost", [(3,), (2, 3)])
def test_rows_that_share_their_cells_in_every_column_are_parted_at_their_codes(lost: Sequence[int]) -> None:
    assert read(table(without_rows=lost)) == EXPECTED


def print_two_storeys(sheet: Sheet, xs: Sequence[float], ys: Sequence[float], heads: Sequence[tuple[str, int, int, float]]) -> None:
    """Print heads (their text, the borders between which each stands in the middle, and its height in rows), and rows of amounts below."""
    for text, start, end, row in heads:
        sheet.text((xs[start] + xs[end] - 9 * len(text)) / 2, TOP + HIGH * row + 3, text, 9)
    for row in range(2, 6):
        sheet.text(xs[0] + 4, ys[row] + 13, "机关处室", 9)
        for x in xs[2:]:
            sheet.right(x - 4, ys[row] + 13, f"{row}.50", 9)


def two_storeys(*gaps: int) -> list[list[str]]:
    """The upper storeys of a table with groups of two and of three columns, without the pieces of these borders in the first row."""
    sheet = Sheet(width=560)
    xs = [20.0, 110.0, 190.0, 270.0, 350.0, 430.0, 510.0]
    ys = [TOP + HIGH * n for n in range(7)]
    for n, x in enumerate(xs):
        sheet.line(x, ys[1] if n in (2, 4, 5, *gaps) else ys[0], x, ys[-1])
    for y in ys:
        sheet.line(xs[0] if y != ys[1] else xs[1], y, xs[-1], y)
    heads = [("名称", 0, 1, 1.0), ("财政拨款", 1, 3, 0.5), ("单位资金", 3, 6, 0.5)]
    heads += [(text, n, n + 1, 1.5) for n, text in enumerate(["预算", "基金", "事业", "经营", "其他"], 1)]
    print_two_storeys(sheet, xs, ys, heads)
    return read(sheet)[:2]


@pytest.mark.parametrize("gaps", [(), (3,)])
def test_heads_that_came_into_one_cell_share_its_columns(gaps: Sequence[int]) -> None:
    assert two_storeys(*gaps) == [["名称", "财政拨款", "单位资金"], ["预算", "基金", "事业", "经营", "其他"]]


def test_a_head_is_none_of_the_columns_beside_those_in_whose_middle_it_stands() -> None:
    sheet = Sheet(width=480)
    xs = [20.0, 110.0, 190.0, 270.0, 350.0, 430.0]
    ys = [TOP + HIGH * n for n in range(7)]
    for n, x in enumerate(xs):
        sheet.line(x, ys[1] if n in (2, 3, 4) else ys[0], x, ys[-1])  # that between the group and the column beside it is lost
    for y in ys:
        sheet.line(xs[0] if y != ys[1] else xs[1], y, xs[-1] if y != ys[1] else xs[4], y)
    heads = [
        ("名称", 0, 1, 1.0),
        ("财政拨款", 1, 4, 0.5),
        ("小计", 1, 2, 1.5),
        ("预算", 2, 3, 1.5),
        ("基金", 3, 4, 1.5),
        ("其他", 4, 5, 1.5),
    ]
    print_two_storeys(sheet, xs, ys, heads)
    (grid,) = read_pdf(pdf(sheet)).pages[0].grids
    assert next((cell.column, cell.column_span) for cell in grid.cells if cell.text == "财政拨款") == (1, 3)


def test_an_amount_in_a_middle_column_of_a_wide_cell_is_of_that_column() -> None:
    sheet = Sheet(width=400)
    xs, ys = [20.0, 110.0, 190.0, 270.0, 350.0], [TOP + HIGH * n for n in range(7)]
    for n, x in enumerate(xs):
        sheet.line(x, ys[0], x, ys[2] if n in (2, 3) else ys[-1])
    for y in ys:
        sheet.line(xs[0], y, xs[-1], y)
    for text, column in [("名称", 0), ("合计", 1), ("基本", 2), ("项目", 3)]:
        sheet.text((xs[column] + xs[column + 1] - 18) / 2, ys[0] + 13, text, 9)
    for row in range(1, 6):
        sheet.text(xs[0] + 4, ys[row] + 13, "机关处室", 9)
        sheet.right(xs[3] - 4, ys[row] + 13, f"{row}.50", 9)
    assert [row[2] for row in read(sheet)] == ["基本", *(f"{row}.50" for row in range(1, 6))]


def test_a_note_with_a_number_as_wide_as_the_table_stays_one_cell() -> None:
    sheet = table()
    bottom = TOP + HIGH * len(EXPECTED)
    for x in (XS[0], XS[-1]):
        sheet.line(x, bottom, x, bottom + HIGH)
    sheet.line(XS[0], bottom + HIGH, XS[-1], bottom + HIGH)
    sheet.text(XS[1] + 4, bottom + 13, "注：上年结转", 9)
    sheet.right(XS[3] - 4, bottom + 13, "1,234.00", 9)
    sheet.text(XS[3] + 4, bottom + 13, "万元已列入", 9)
    assert read(sheet) == [*EXPECTED, ["注：上年结转 1,234.00 万元已列入"]]


def test_remarks_that_state_amounts_are_no_column_of_amounts() -> None:
    sheet = table()
    sheet.width, right = 480.0, XS[-1] + 100
    for n in range(len(EXPECTED) + 1):
        sheet.line(XS[-1], TOP + HIGH * n, right, TOP + HIGH * n)
    sheet.line(right, TOP, right, TOP + HIGH * len(EXPECTED))
    sheet.text(XS[-1] + 40, TOP + 13, "备注", 9)
    for n in range(1, len(EXPECTED)):
        sheet.text(XS[-1] + 4, TOP + HIGH * n + 13, "上年", 9)
        sheet.right(right - 4, TOP + HIGH * n + 13, f"1{n}.00", 9)
    assert [row[-1] for row in read(sheet)] == ["备注", *(f"上年 1{n}.00" for n in range(1, len(EXPECTED)))]


@pytest.mark.parametrize("codes", [("30101", "30102", "30103"), ("一", "二", "三")])
def test_amounts_below_one_another_are_no_codes(codes: Sequence[str]) -> None:
    sheet = Sheet()
    for x in XS:
        sheet.line(x, TOP, x, TOP + 4 * HIGH)
    for y in (TOP, TOP + HIGH, TOP + 4 * HIGH):
        sheet.line(XS[0], y, XS[-1], y)
    for column, text in enumerate(HEAD):
        sheet.text(XS[column] + 10, TOP + 13, text, 9)
    printed = [(code, "基本工资", amount, amount) for code, amount in zip(codes, ("30000.00", "10000.00", "25000.00"), strict=True)]
    for n, texts in enumerate(printed, start=1):
        for column, text in enumerate(texts):
            if column > 1:
                sheet.right(XS[column + 1] - 4, TOP + HIGH * n + 13, text, 9)
            else:
                sheet.text(XS[column] + 4, TOP + HIGH * n + 13, text, 9)
    assert read(sheet) == [list(HEAD), *map(list, printed)]


def _with_codes_in_the_names(indent: bool) -> Sheet:
    """The table, codes and names in one cell: each name two spaces behind its code, or all names in one line."""
    sheet = table(without_columns=(1,))
    texts = {text.encode("utf-16-be").hex() for row in ROWS for text in row[1:2]}
    sheet.operators = [drawn for drawn in sheet.operators if not any(text in drawn for text in texts)]
    for n, (code, name, *_) in enumerate(ROWS, 1):
        sheet.text(XS[1] + 4 if indent else XS[0] + 4 + 5.4 * len(code) + 9, TOP + HIGH * n + 13, name, 9)
    return sheet


def test_names_that_each_begin_behind_their_own_code_stand_in_one_cell_with_it() -> None:
    found = read(_with_codes_in_the_names(indent=False))
    assert [row[0].replace(" ", "") for row in found[1:]] == [code + name for code, name, *_ in ROWS]
    assert [row[0] for row in read(_with_codes_in_the_names(indent=True))[1:]] == [code for code, *_ in ROWS]


def test_an_amount_alone_in_a_cell_over_two_columns_of_amounts_may_be_of_both() -> None:
    sheet = table(gaps=[(3, 2)])
    sheet.operators = [drawn for drawn in sheet.operators if b"1,100.00".hex() not in drawn]
    found = read(sheet)
    assert found[2] == ["30101", "基本工资", "900.00"]
