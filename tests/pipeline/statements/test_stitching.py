"""Which grids are one table: what is stitched over pages, what is not, and where the cells then stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document.content import WHITESPACE, Box, Cell, Grid, Page, TextLine
from pipeline.statements.layout.stitching import tables_of
from pipeline.statements.statement_model import Table
from tests.pipeline.statements.paper import ABOVE, LEFT, Rows, content, grid, page

TITLE = "支出总表"
UNIT = "单位：万元"
HEADER = ["科目编码", "科目名称", "合计", "基本支出"]
BODY: Rows = [["201", "一般公共服务支出", "5.00", "4.00"], ["205", "教育支出", "4.00", "2.00"]]
MORE: Rows = [["208", "社会保障支出", "3.00", "1.00"], ["210", "卫生健康支出", "2.00", "1.50"]]
FIRST: Rows = [HEADER, *BODY]


def stitched(*pages: Page) -> list[Table]:
    return tables_of(content(*pages))


def texts(table: Table) -> list[list[str | None]]:
    return [[None if cell is None else cell.text for cell in row.cells] for row in table.rows]


def sizes(*pages: Page) -> list[int]:
    """How many rows each table has."""
    return [len(table.rows) for table in stitched(*pages)]


def moved(table: Grid, by: float, *, columns: Sequence[int] | None = None) -> Grid:
    """The grid with (some of) its columns further right."""
    cells = tuple(
        msgspec.structs.replace(cell, box=cell.box._replace(x0=cell.box.x0 + by)) if columns is None or cell.column in columns else cell
        for cell in table.cells
    )
    return replace(table, cells=cells)


def boxed(rows: Rows, places: Sequence[tuple[float, float]], *, number: int, ends: Sequence[float | None], top: float = 100.0) -> Grid:
    """A table without rules: columns from x to x, the text of each ends at a place, or (None) begins at its left edge."""
    cells = []
    for r, row in enumerate(rows):
        y = top + 20 * r
        for c, text in enumerate(row):
            (x0, x1), end = places[c], ends[c]
            wide = 5.0 * len(text)
            start = x0 + 2 if end is None else end - wide
            inside = Box(start, y + 5, start + wide, y + 15) if text else None
            cells.append(Cell(r, c, text, Box(x0, y, x1, y + 20), text_box=inside))
    return Grid(number, len(rows), len(places), tuple(cells), Box(places[0][0], top, places[-1][1], top + 20 * len(rows)), WHITESPACE)


# --- one page ------------------------------------------------------------------------------------------------------


def test_a_table_has_its_heading_and_its_edges_and_every_row_its_page() -> None:
    (table,) = stitched(page(TITLE, UNIT, FIRST, number=7))
    assert table.heading == (TITLE, UNIT)
    assert table.edges == (50.0, 130.0, 210.0, 290.0)
    assert table.ruled
    assert texts(table) == [list(row) for row in FIRST]
    assert {row.page for row in table.rows} == {7}
    assert {(row.beside, row.over) for row in table.rows} == {(None, 1)}


def test_a_cell_stands_in_every_row_and_column_that_it_covers() -> None:
    rows: Rows = [
        ["科目", LEFT, "支出", LEFT],
        ["编码", "名称", "合计", "基本"],
        ["201", "公共", "5.00", "4.00"],
        [ABOVE, "外交", "1.00", "2.00"],
    ]
    (table,) = stitched(page(TITLE, UNIT, rows))
    assert texts(table)[0] == ["科目", "科目", "支出", "支出"]
    assert texts(table)[3] == ["201", "外交", "1.00", "2.00"]
    assert [row.left for row in table.rows[:2]] == [(True, False, True, False), (True, True, True, True)]
    assert [row.top for row in table.rows[2:]] == [(True, True, True, True), (False, True, True, True)]


def test_spans_beyond_the_grid_are_cut_and_what_no_cell_covers_is_none() -> None:
    whole = grid([["科目", "支出", "合计"], ["201", "5.00", "4.00"]])
    wide = msgspec.structs.replace(whole.cells[4], column_span=5, row_span=5)
    (table,) = stitched(page(TITLE, replace(whole, cells=(*whole.cells[:4], wide))))
    assert texts(table) == [["科目", "支出", "合计"], ["201", "5.00", "5.00"]]
    (table,) = stitched(page(TITLE, replace(whole, cells=whole.cells[:4])))
    assert texts(table)[1] == ["201", None, None]
    assert table.rows[1].left == (True, True, True)
    assert table.rows[1].top == (True, True, True)


def test_a_column_in_which_no_cell_begins_has_the_edge_left_of_it() -> None:
    rows: Rows = [["科目", LEFT, "合计", "基本支出"], ["公共", LEFT, "5.00", "4.00"]]
    (table,) = stitched(page(TITLE, UNIT, rows))
    assert table.edges == (50.0, 50.0, 210.0, 290.0)
    without_first = grid(FIRST)
    without_first = replace(without_first, cells=tuple(cell for cell in without_first.cells if cell.column))
    assert stitched(page(TITLE, without_first))[0].edges == (0.0, 130.0, 210.0, 290.0)


def test_an_edge_is_the_leftmost_of_the_column() -> None:
    table = grid(FIRST)
    cells = [
        msgspec.structs.replace(cell, box=cell.box._replace(x0=cell.box.x0 - 3)) if cell.row == 1 and cell.column == 2 else cell
        for cell in table.cells
    ]
    assert stitched(page(TITLE, replace(table, cells=tuple(cells))))[0].edges == (50.0, 130.0, 207.0, 290.0)


# --- the heading of a table ----------------------------------------------------------------------------------------


def test_a_title_set_in_the_table_is_its_heading() -> None:
    rows: Rows = [["支出总表", LEFT, LEFT, LEFT], ["", LEFT, LEFT, LEFT], ["部门：某某数据局", LEFT, "单位：万元", LEFT], *FIRST]
    (table,) = stitched(page("某某部门", rows))
    assert table.heading == ("某某部门", "支出总表", "部门：某某数据局", "单位：万元")
    assert texts(table) == [list(row) for row in FIRST]


def test_a_mark_and_a_title_that_covers_most_columns_are_heading() -> None:
    rows: Rows = [["表3", LEFT, LEFT, LEFT], ["支出总表", LEFT, LEFT, ""], *FIRST]
    assert stitched(page(rows))[0].heading == ("表3", "支出总表")


def test_a_title_over_half_the_columns_is_the_head_of_a_group() -> None:
    rows: Rows = [["支出总表", LEFT, "", ""], *FIRST]
    (table,) = stitched(page(rows))
    assert table.heading == ()
    assert len(table.rows) == 4


def test_a_title_must_cover_more_than_most_of_the_columns_that_hold_something() -> None:
    blank = ["", "", ""]
    filled = [[*row[:3], *blank] for row in FIRST]
    assert stitched(page([["支出总表", LEFT, LEFT, *blank], *filled]))[0].heading == ("支出总表",)
    five = [[*row, "1.00"] for row in FIRST]
    assert stitched(page([["支出总表", LEFT, LEFT, "", ""], *five]))[0].heading == ()
    assert stitched(page([["支出总表", LEFT, LEFT, LEFT, ""], *five]))[0].heading == ("支出总表",)


def test_a_mark_is_heading_over_the_whole_width_or_beside_a_unit() -> None:
    assert stitched(page([["3", LEFT, LEFT, LEFT], ["支出总表", LEFT, LEFT, LEFT], *FIRST]))[0].heading == ("3", "支出总表")
    assert stitched(page(TITLE, [["表3", "", "", UNIT], *FIRST]))[0].heading == (TITLE, "表3", UNIT)
    assert stitched(page(TITLE, [["3", "", "", UNIT], *FIRST]))[0].heading == (TITLE,)


def test_a_table_of_one_column_may_begin_with_its_title() -> None:
    (table,) = stitched(page([["支出总表"], ["办公费用五元"], ["水电费用六元"]]))
    assert (table.heading, texts(table)) == (("支出总表",), [["办公费用五元"], ["水电费用六元"]])


def test_a_heading_ends_where_the_table_begins() -> None:
    rows: Rows = [[UNIT, LEFT, LEFT, LEFT], HEADER, [UNIT, LEFT, LEFT, LEFT], *BODY]
    (table,) = stitched(page(TITLE, rows))
    assert table.heading == (TITLE, UNIT)
    assert texts(table)[0] == HEADER
    assert len(table.rows) == 4


def test_blank_rows_alone_are_no_heading() -> None:
    for number in (1, 5, 6):
        (table,) = stitched(page(TITLE, [["", "", "", ""]] * number + FIRST))
        assert len(table.rows) == number + 3


def test_a_heading_has_at_most_five_rows() -> None:
    rows: Rows = [[UNIT, LEFT, LEFT, LEFT]] * 7 + [HEADER]
    assert len(stitched(page(rows))[0].heading) == 5


def test_a_row_of_more_than_three_fields_is_no_heading() -> None:
    fields = [UNIT, "部门：某局", UNIT, UNIT]
    assert stitched(page(TITLE, [fields, *FIRST]))[0].heading == (TITLE,)
    assert stitched(page(TITLE, [[*fields[:3], ""], *FIRST]))[0].heading == (TITLE, *fields[:3])


def test_a_heading_cell_that_covers_two_rows_counts_in_both() -> None:
    rows: Rows = [["支出总表", LEFT, LEFT, LEFT], [ABOVE, ABOVE, ABOVE, ABOVE], *FIRST]
    (table,) = stitched(page(rows))
    assert texts(table) == [list(row) for row in FIRST]


def test_words_between_two_tables_head_the_second() -> None:
    first, second = stitched(page(TITLE, UNIT, FIRST, "收入总表", UNIT, FIRST))
    assert (first.heading, second.heading) == ((TITLE, UNIT), ("收入总表", UNIT))


def test_page_numbers_head_nothing_and_only_the_nearest_lines_do() -> None:
    above = [f"第{n}段说明文字" for n in range(14)]
    (table,) = stitched(page(*above, TITLE, "- 12 -", UNIT, FIRST))
    assert table.heading == (*above[-10:], TITLE, UNIT)


def test_lines_in_the_table_and_below_it_are_no_heading() -> None:
    table = grid(FIRST, top=100)
    lines = (
        TextLine("支出总表", Box(50, 80, 90, 104)),  # reaches four points into the first row, which is cut low
        TextLine("支出总表二", Box(50, 80, 90, 104.1)),
        TextLine("没有位置"),
        TextLine("表格之中", Box(50, 60, 90, 70), in_grid=True),
        TextLine("收入总表", Box(50, 300, 90, 312)),
    )
    (found,) = tables_of(content(Page(1, 600, 842, lines, (table,))))
    assert found.heading == ("支出总表",)


def test_a_line_may_reach_a_little_into_the_table_above() -> None:
    upper, lower = grid(FIRST, top=100), grid(FIRST, top=200)
    for y0, heading in ((158.0, ("收入总表",)), (157.9, ())):
        lines = (TextLine("收入总表", Box(50, y0, 90, 190)),)
        found = tables_of(content(Page(1, 600, 842, lines, (upper, lower))))
        assert found[-1].heading == heading
        assert len(found) == (2 if heading else 1)


def test_words_above_a_table_do_not_head_the_one_that_touches_it() -> None:
    upper, lower = grid(FIRST, top=100), grid([["项目", "预算数"], ["办公", "1.00"]], top=159, widths=[100, 60])
    found = tables_of(content(Page(1, 900, 842, (TextLine(TITLE, Box(50, 80, 90, 92)),), (upper, lower))))
    assert [table.heading for table in found] == [(TITLE,), ()]


def test_tables_side_by_side_have_one_heading() -> None:
    left, right = grid(FIRST, top=100), moved(grid([HEADER[:3], ["1", "2", "3.00"]], top=100), 400)
    lines = (TextLine("支出总表", Box(50, 80, 90, 92)),)
    found = tables_of(content(Page(1, 900, 842, lines, (left, right))))
    assert [table.heading for table in found] == [("支出总表",), ("支出总表",)]


@pytest.mark.parametrize(
    ("left_behind", "heading"),
    [
        ((TITLE,), (TITLE,)),
        ((TITLE, UNIT), (TITLE, UNIT)),
        ((TITLE, "部门：某某数据局", UNIT), (TITLE, "部门：某某数据局", UNIT)),
        (("说明如下", "表3", TITLE, UNIT), ("表3", TITLE, UNIT)),
        ((TITLE, UNIT, "说明如下的一段文字"), ()),
        ((TITLE, "说明如下的一段文字"), ()),
        (("支出总表 单位：万元",), ("支出总表 单位：万元",)),
        ((TITLE, UNIT, "— 6 —"), (TITLE, UNIT)),
    ],
)
def test_a_title_at_the_foot_of_a_page_heads_the_next_one(left_behind: tuple[str, ...], heading: tuple[str, ...]) -> None:
    other: Rows = [["项目", "预算数"], ["办公", "1.00"]]
    first, second = stitched(page("收入总表", other, *left_behind), page(FIRST, number=2))
    assert (first.heading, second.heading) == (("收入总表",), heading)


@pytest.mark.parametrize(("y0", "heading"), [(158.1, (TITLE,)), (158.0, ())])
def test_what_is_left_behind_may_reach_a_little_into_the_table_above(y0: float, heading: tuple[str, ...]) -> None:
    lines = (TextLine("收入总表", Box(50, 80, 90, 95)), TextLine(TITLE, Box(50, y0, 90, 175)))
    first = Page(1, 600, 842, lines, (grid([["项目", "预算数"], ["办公", "1.00"], ["水电", "2.00"]], top=100),))
    assert tables_of(content(first, page(FIRST, number=2)))[-1].heading == heading


def test_only_the_first_table_of_a_page_takes_the_heading_left_behind() -> None:
    below = grid([["项目", "预算数"], ["办公", "1.00"]], page=2, top=300, widths=[100, 60])
    found = stitched(page("收入总表", [["项目", "预算数"], ["办公", "1.00"]], TITLE), page(FIRST, below, number=2))
    assert [table.heading for table in found] == [("收入总表",), (TITLE,), ()]


def test_a_heading_of_its_own_counts_more_than_one_left_behind() -> None:
    found = stitched(page("收入总表", [["项目", "预算数"], ["办公", "1.00"]], TITLE), page("基本支出表", FIRST, number=2))
    assert found[-1].heading == ("基本支出表",)


def test_a_title_above_the_table_of_a_page_is_not_left_behind() -> None:
    found = stitched(page(TITLE, [["项目", "预算数"], ["办公", "1.00"]]), page(FIRST, number=2))
    assert [table.heading for table in found] == [(TITLE,), ()]


# --- over pages ----------------------------------------------------------------------------------------------------


def test_a_table_goes_on_where_the_next_page_has_no_title() -> None:
    (table,) = stitched(page(TITLE, UNIT, FIRST), page(MORE, number=2), page([["229", "其他支出", "1.00", "1.00"]], number=3))
    assert texts(table) == [list(row) for row in (*FIRST, *MORE)] + [["229", "其他支出", "1.00", "1.00"]]
    assert [row.page for row in table.rows] == [1, 1, 1, 2, 2, 3]
    assert table.ruled
    assert table.heading == (TITLE, UNIT)


def test_a_page_without_a_table_ends_a_table() -> None:
    assert sizes(page(TITLE, UNIT, FIRST), page("说明", number=2), page(MORE, number=3)) == [3, 2]


def test_a_header_repeated_on_the_next_page_stands_once() -> None:
    (table,) = stitched(page(TITLE, UNIT, FIRST), page([HEADER, *MORE], number=2))
    assert texts(table) == [list(row) for row in (*FIRST, *MORE)]


def test_a_page_of_nothing_but_the_header_adds_nothing() -> None:
    assert sizes(page(TITLE, UNIT, FIRST), page([HEADER], number=2), page(MORE, number=3)) == [5]


def test_the_numbers_of_the_columns_are_repeated_with_the_header() -> None:
    numbers = ["1", "2", "3", "4"]
    (table,) = stitched(page(TITLE, UNIT, [HEADER, numbers, *BODY]), page([HEADER, numbers, *MORE], number=2))
    assert texts(table) == [list(row) for row in (HEADER, numbers, *BODY, *MORE)]


def test_a_header_is_repeated_whether_a_blank_cell_is_drawn_or_not() -> None:
    header = ["科目编码", "科目名称", "合计", ""]
    drawn = grid([header, *BODY])
    open_corner = replace(drawn, cells=tuple(cell for cell in drawn.cells if (cell.row, cell.column) != (0, 3)))
    (table,) = stitched(page(TITLE, UNIT, open_corner), page([header, *MORE], number=2))
    assert texts(table) == [[*header[:3], None], *map(list, BODY), *map(list, MORE)]


def test_rows_of_whole_thousands_are_never_taken_for_a_repeated_header() -> None:
    row = ["201", "一般公共服务支出", "1,234", ""]
    assert sizes(page(TITLE, UNIT, [HEADER, row]), page([HEADER, row], number=2)) == [3]


def test_rows_with_amounts_are_never_taken_for_a_repeated_header() -> None:
    (table,) = stitched(page(TITLE, UNIT, FIRST), page([HEADER, BODY[0], *MORE], number=2))
    assert texts(table) == [list(row) for row in (*FIRST, BODY[0], *MORE)]


def test_a_repeated_header_is_looked_for_among_the_first_rows_only() -> None:
    names: Rows = [[f"甲{n}", f"乙{n}", "", ""] for n in range(9)]
    (table,) = stitched(page(TITLE, UNIT, [HEADER, *names, *BODY]), page([HEADER, *names, *MORE], number=2))
    assert texts(table)[12:] == [list(row) for row in (*names[7:], *MORE)]


def test_a_table_continues_only_without_words_above_on_the_same_page() -> None:
    assert sizes(page(TITLE, UNIT, FIRST, MORE)) == [5]
    assert sizes(page(TITLE, UNIT, FIRST, "说明一段文字", MORE)) == [3, 2]
    other = grid([["208", "社会保障", "3.00"]], top=300, widths=[100, 80, 80])
    assert sizes(page(TITLE, UNIT, FIRST, other)) == [3, 1]


@pytest.mark.parametrize(
    ("title", "header", "rows"),
    [
        ([TITLE, UNIT], HEADER, [5]),  # the same title, the same header
        (["收入总表", UNIT], HEADER, [3, 3]),
        ([TITLE, "部门：某某数据局"], HEADER, [3, 3]),
        ([TITLE, UNIT], ["科目编码", "科目名称", "合计", "项目支出"], [3, 3]),
    ],
    ids=["the same", "another title", "another body", "another header"],
)
def test_a_title_repeated_with_its_body_and_header_continues_the_table(title: list[str], header: list[str], rows: list[int]) -> None:
    assert sizes(page(TITLE, UNIT, FIRST), page(*title, [header, *MORE], number=2)) == rows


def test_a_repeated_title_continues_a_table_of_the_same_columns_only() -> None:
    assert sizes(page(TITLE, UNIT, FIRST), page(TITLE, UNIT, [HEADER[:3], ["208", "社会保障", "3.00"]], number=2)) == [3, 2]
    assert sizes(page(TITLE, UNIT, FIRST, TITLE, UNIT, FIRST)) == [3, 3]


@pytest.mark.parametrize(
    ("head", "again", "rows"),
    [
        ([["项目", "预算数"], ["1", "2"]], [["项目", "预算数"], ["1", "3"]], [3, 3]),
        ([["甲类", "预算数"], ["编码", "名称"]], [["乙类", "预算数"], ["编码", "名称"]], [3, 3]),
        ([["项目", "预算数"], ["甲", "1,234"]], [["项目", "预算数"], ["乙", "1,234"]], [5]),
    ],
    ids=["a row of numbers", "the first of two rows", "a row of amounts is none of the header"],
)
def test_which_rows_of_a_repeated_header_are_compared(head: Rows, again: Rows, rows: list[int]) -> None:
    assert sizes(page(TITLE, [*head, ["办公", "5.00"]]), page(TITLE, [*again, ["水电", "6.00"]], number=2)) == rows


def test_further_texts_of_a_repeated_header_may_differ() -> None:
    first = [[*HEADER, "项目支出"], ["201", "公共服务", "5.00", "4.00", "1.00"]]
    again = [[*HEADER, "项目"], ["208", "社会保障", "3.00", "2.00", "1.00"]]
    assert sizes(page(TITLE, first), page(TITLE, again, number=2)) == [4]


def test_another_header_without_a_title_begins_another_table() -> None:
    other: Rows = [["项目名称", "预算数", "基本支出", "项目支出"], ["1", "2", "3.00", "4.00"]]
    assert sizes(page(TITLE, UNIT, FIRST), page(other, number=2)) == [3, 2]
    # the header goes on, though with fewer texts: the same two first words
    assert sizes(page(TITLE, UNIT, FIRST), page([[*HEADER[:3], "项目支出"], *MORE], number=2)) == [6]


def test_the_same_labels_over_other_amounts_begin_another_table() -> None:
    first: Rows = [["科目编码", "科目名称", "一般公共预算", "事业收入"], *BODY]
    assert sizes(page("收入总表", UNIT, first), page([["科目编码", "科目名称", "基本支出", "项目支出"], *MORE], number=2)) == [3, 3]
    assert sizes(page(TITLE, UNIT, FIRST), page([["部门", "人员", "车辆数", "房屋面积"], *MORE], number=2)) == [3, 3]


@pytest.mark.parametrize(
    "again", [["科目编码", "科目名称", "合", "基本支"], ["科目编码", "科目名称", "总计", "基本支出"], ["", "", "合计", "基本支出"]]
)
def test_a_repeated_header_may_be_cut_off_or_say_the_same_in_other_words(again: list[str]) -> None:
    assert len(sizes(page(TITLE, UNIT, FIRST), page([again, *MORE], number=2))) == 1


def test_a_repeated_header_may_be_misread_by_a_character() -> None:
    first: Rows = [["科目编码", "科目名称", "基本支出", "项目支出"], *BODY]
    assert sizes(page(TITLE, UNIT, first), page([["科目编码", "科目名称", "基夲支出", "项曰支出"], *MORE], number=2)) == [6]
    years: Rows = [["科目编码", "科目名称", "2023年金额", "2024年金额"], *BODY]
    assert sizes(page(TITLE, UNIT, years), page([["科目编码", "科目名称", "2025年金额", "2026年金额"], *MORE], number=2)) == [3, 3]
    other: Rows = [["科目编码", "科目名称", "上年结转", "上年执行"], *BODY]
    assert sizes(page(TITLE, UNIT, other), page([["科目编码", "科目名称", "本年收入", "本年执行"], *MORE], number=2)) == [3, 3]


def test_heads_that_came_out_of_their_grid_begin_another_table_too() -> None:
    first: Rows = [["科目编码", "科目名称", "一般公共预算", "事业收入"], *BODY]
    assert sizes(page("收入总表", UNIT, first), page("科目编码 科目名称 基本支出 项目支出", MORE, number=2)) == [3, 2]
    assert sizes(page("收入总表", UNIT, first), page("科目编码 科目名称 一般公共预算 事业收入", MORE, number=2)) == [5]
    assert sizes(page("收入总表", UNIT, first), page("某局2024年部门预算", "第2页", MORE, number=2)) == [5]


def test_a_page_may_repeat_the_last_storey_of_a_header_alone() -> None:
    header: Rows = [["科目编码", "科目名称", "基本支出", LEFT], [ABOVE, ABOVE, "人员经费", "公用经费"]]
    assert sizes(page(TITLE, UNIT, [*header, *BODY]), page([["", "", "人员经费", "公用经费"], *MORE], number=2)) == [7]


def test_words_beside_amounts_of_the_next_page_are_no_heads() -> None:
    rows: Rows = [["", "（一）某项工作", "", "含上年"], *MORE]
    assert sizes(page(TITLE, UNIT, FIRST), page(rows, number=2)) == [6]


def test_one_known_word_is_no_header() -> None:
    rows: Rows = [["甲类事项", "乙类事项", "丙类事项", "基本支出"], *MORE]
    assert sizes(page(TITLE, UNIT, FIRST), page(rows, number=2)) == [6]


def test_closing_rows_without_amounts_are_no_header() -> None:
    rows: Rows = [["上年结转", "", "合计", ""], ["", "5.00", "", "6.00"]]
    first: Rows = [["项目", "预算数", "项目", "预算数"], ["财政拨款", "5.00", "公共服务", "4.00"], ["事业收入", "1.00", "教育", "2.00"]]
    assert sizes(page(TITLE, UNIT, first), page(rows, number=2)) == [5]


def test_a_body_cut_by_the_page_goes_on_in_the_row_above() -> None:
    names: Rows = [[f"3010{n}", f"第{n}项支出", f"{n}.50", f"{n}.50"] for n in range(1, 6)]
    last = ["30199", "其他工", "27,956.4", "27,956.4"]
    (table,) = stitched(page(TITLE, [HEADER, *names, last]), page([["", "资福利支出", "0", "0"], *MORE], number=2))
    assert texts(table)[6:] == [["30199", "其他工\n资福利支出", "27,956.4\n0", "27,956.4\n0"], *map(list, MORE)]


def test_a_table_is_ruled_only_if_all_its_pages_are() -> None:
    def unruled(rows: Rows, number: int) -> Page:
        return page(replace(grid(rows, page=number), reader=WHITESPACE), number=number)

    assert [t.ruled for t in stitched(page(TITLE, FIRST), unruled(MORE, 2), page([["229", "其他", "1.00", "1.00"]], number=3))] == [False]
    assert [t.ruled for t in stitched(unruled(FIRST, 1), page(MORE, number=2))] == [False]


# --- which columns fit ---------------------------------------------------------------------------------------------


def test_a_page_set_further_right_has_the_same_columns() -> None:
    assert sizes(page(TITLE, FIRST), page(moved(grid(MORE, page=2), 30), number=2)) == [5]


@pytest.mark.parametrize(("by", "rows"), [(19.0, [5]), (-19.0, [5]), (19.3, [3, 2]), (-19.3, [3, 2])])
def test_columns_may_differ_by_less_than_a_twelfth_of_the_width(by: float, rows: list[int]) -> None:
    # from the first edge to the last one are 240 points, of which 8 % are 19.2
    assert sizes(page(TITLE, FIRST), page("说明一段文字", moved(grid(MORE, page=2), by, columns=[2]), number=2)) == rows


@pytest.mark.parametrize(("by", "rows"), [(7.9, [4]), (8.1, [2, 2])])
def test_narrow_tables_are_compared_as_if_they_were_wider(by: float, rows: list[int]) -> None:
    def narrow(rows: Rows, number: int) -> Grid:
        return grid(rows, page=number, widths=[30, 30, 30])

    second = moved(narrow([["丁类", "5.00", "6.00"], ["戊类", "8.00", "9.00"]], 2), by, columns=[1])
    first = page(TITLE, narrow([["甲类", "乙类", "丙类"], ["己类", "2.00", "3.00"]], 1))
    assert sizes(first, page("说明一段文字", second, number=2)) == rows


@pytest.mark.parametrize(("by", "rows"), [(3.9, [4]), (4.0, [3, 1])])
def test_a_page_may_rule_fewer_columns_at_the_same_places(by: float, rows: list[int]) -> None:
    fewer = grid([["208", "社会保障支出", "3.00"]], page=2, widths=[80, 80, 160])
    assert sizes(page(TITLE, FIRST), page(moved(fewer, by, columns=[1]), number=2)) == rows


def test_a_page_of_one_column_does_not_continue_a_table() -> None:
    assert sizes(page(TITLE, FIRST), page(grid([["一段文字"]], page=2, widths=[320]), number=2)) == [3, 1]


def test_cells_of_a_page_with_fewer_columns_stand_where_they_cover_the_columns() -> None:
    (table,) = stitched(page(TITLE, FIRST), page(grid([["208", "社会保障支出", "3.00"]], page=2, widths=[80, 80, 160]), number=2))
    assert texts(table)[3] == ["208", "社会保障支出", "3.00", "3.00"]
    assert table.rows[3].left == (True, True, True, False)
    assert table.rows[3].page == 2


def test_cells_of_a_page_with_more_columns_stand_in_those_that_the_table_has() -> None:
    first: Rows = [["科目编码", "科目名称", "合计"], ["201", "公共服务", "5.00"]]
    second = grid([["208", "社会保障", "3.00", ""]], page=2, widths=[80, 80, 60, 20])
    (table,) = stitched(page(TITLE, grid(first, widths=[80, 80, 80])), page(second, number=2))
    assert texts(table)[2] == ["208", "社会保障", "3.00"]


def test_the_last_column_is_looked_for_where_its_first_digits_stand() -> None:
    first: Rows = [["科目编码", "科目名称", "合计"], ["201", "公共服务", "5.00"]]
    second = grid([["208", "社会保障", "", "3.00", ""]], page=2, widths=[80, 80, 4, 7, 20])
    (table,) = stitched(page(TITLE, grid(first, widths=[80, 80, 80])), page(second, number=2))
    assert texts(table)[2] == ["208", "社会保障", "3.00"]


def test_a_cell_covers_the_place_where_it_begins() -> None:
    second = grid([["205", "208", "社会保障", "3.00", "1.00"]], page=2, widths=[40, 40, 80, 80, 80])
    (table,) = stitched(page(TITLE, FIRST), page(second, number=2))
    assert texts(table)[3] == ["208", "社会保障", "3.00", "1.00"]


def test_a_column_that_no_cell_covers_is_empty() -> None:
    narrow = grid([["208", "社会保障支出"]], page=2)
    (table,) = stitched(page(TITLE, FIRST), page(narrow, number=2))
    assert texts(table)[3] == ["208", "社会保障支出", None, None]
    assert table.rows[3].top == (True, True, True, True)


# --- without rules -------------------------------------------------------------------------------------------------

PLACES = [(50.0, 120.0), (120.0, 240.0), (240.0, 330.0), (330.0, 420.0), (420.0, 500.0)]
ENDS = [None, None, 320.0, 410.0, 490.0]
SPREAD: Rows = [
    ["编码", "名称", "全部数", "甲项数", "乙项数"],
    ["201", "公共服务", "9.00", "5.00", "4.00"],
    ["205", "教育", "4.00", "3.00", "1.00"],
]


def in_line(rows: Rows, places: Sequence[tuple[float, float]], ends: Sequence[float | None]) -> list[list[list[str | None]]]:
    first = page(TITLE, boxed(SPREAD, PLACES, number=1, ends=ENDS))
    return [texts(table) for table in stitched(first, page(boxed(rows, places, number=2, ends=ends), number=2))]


FEWER: Rows = [["208", "社会保障", "3.00", "3.00"], ["210", "卫生", "2.00", "2.00"]]
TIGHT = [(50.0, 100.0), (125.0, 230.0), (290.0, 380.0), (430.0, 500.0)]


def test_amounts_that_end_in_line_show_the_columns() -> None:
    found = in_line(FEWER, TIGHT, [None, None, 320.0, 490.0])
    assert len(found) == 1
    assert found[0][3:] == [["208", "社会保障", "3.00", None, "3.00"], ["210", "卫生", "2.00", None, "2.00"]]
    first = page(TITLE, boxed(SPREAD, PLACES, number=1, ends=ENDS))
    (table,) = stitched(first, page(boxed(FEWER, TIGHT, number=2, ends=[None, None, 320.0, 490.0]), number=2))
    assert [row.page for row in table.rows] == [1, 1, 1, 2, 2]


@pytest.mark.parametrize(("end", "tables"), [(322.9, 1), (317.1, 1), (323.0, 2), (317.0, 2)])
def test_amounts_that_end_elsewhere_are_of_another_table(end: float, tables: int) -> None:
    assert len(in_line(FEWER, TIGHT, [None, None, end, 490.0])) == tables


def test_one_column_in_line_may_be_chance() -> None:
    assert len(in_line([["208", "社会保障", "3.00"], ["210", "卫生", "2.00"]], TIGHT[:3], [None, None, 320.0])) == 2


def test_two_columns_never_stand_in_one() -> None:
    assert len(in_line(FEWER, TIGHT, [None, None, 319.0, 321.0])) == 2


def test_columns_keep_their_order() -> None:
    assert len(in_line(FEWER, TIGHT, [None, None, 490.0, 320.0])) == 2


@pytest.mark.parametrize(
    ("rows", "places", "ends"),
    [
        ([["208", "3.00", "3.00"]], [(50.0, 100.0), (250.0, 380.0), (430.0, 500.0)], [None, 300.0, 490.0]),
        ([["1,003.00", "1,003.00"]], [(150.0, 230.0), (430.0, 500.0)], [200.0, 490.0]),
        ([["社会保障", "3.00", "3.00"]], [(260.0, 280.0), (290.0, 380.0), (430.0, 500.0)], [None, 320.0, 490.0]),
    ],
    ids=["amounts between", "amounts first", "a name first"],
)
def test_every_column_must_be_found(rows: Rows, places: list[tuple[float, float]], ends: list[float | None]) -> None:
    assert len(in_line(rows, places, ends)) == 2


def test_text_that_begins_at_an_edge_stands_right_of_it() -> None:
    assert len(in_line(FEWER, [TIGHT[0], (118.0, 230.0), *TIGHT[2:]], [None, None, 320.0, 490.0])) == 1


def test_names_stand_in_a_column_of_names() -> None:
    places = [(50.0, 100.0), (260.0, 280.0), (290.0, 380.0), (430.0, 500.0)]
    assert len(in_line(FEWER, places, [None, None, 320.0, 490.0])) == 2


def test_a_header_or_words_above_keep_pages_apart_where_the_columns_do_not_fit() -> None:
    header: Rows = [["科目编码", "科目名称", "合计", "基本支出"], *FEWER]
    assert len(in_line(header, TIGHT, [None, None, 320.0, 490.0])) == 2
    first = page(TITLE, boxed(SPREAD, PLACES, number=1, ends=ENDS))
    assert len(stitched(first, page("说明一段文字", boxed(FEWER, TIGHT, number=2, ends=[None, None, 320.0, 490.0]), number=2))) == 2


def test_an_empty_column_stands_nowhere() -> None:
    rows: Rows = [["208", "社会保障", "", "3.00", "3.00"], ["210", "卫生", "", "2.00", "2.00"]]
    places = [*TIGHT[:2], (235.0, 280.0), *TIGHT[2:]]
    found = in_line(rows, places, [None, None, None, 320.0, 490.0])
    assert [row[2:] for row in found[0][3:]] == [["3.00", None, "3.00"], ["2.00", None, "2.00"]]


# --- beside the sheet ----------------------------------------------------------------------------------------------

LEFT_HALF: Rows = [["科目编码", "科目名称", "合计"], ["201", "公共服务", "9.00"], ["205", "教育", "4.00"]]
RIGHT_HALF: Rows = [["基本支出", "项目支出"], ["5.00", "4.00"], ["3.00", "1.00"]]


def test_what_is_printed_over_goes_on_to_the_right() -> None:
    (table,) = stitched(page(TITLE, LEFT_HALF), page(UNIT, RIGHT_HALF, number=2))
    assert texts(table) == [[*left, *right] for left, right in zip(LEFT_HALF, RIGHT_HALF, strict=True)]
    assert {(row.page, row.beside, row.over) for row in table.rows} == {(1, 3, 1)}
    assert table.edges == (50.0, 130.0, 210.0, 1250.0, 1330.0)
    assert table.heading == (TITLE, UNIT)
    assert [row.page_of(column) for row in table.rows[:1] for column in range(5)] == [1, 1, 1, 2, 2]


def test_a_table_of_two_pages_goes_on_on_two_further_ones() -> None:
    more_left: Rows = [LEFT_HALF[0], ["208", "社会保障", "2.00"]]
    more_right: Rows = [RIGHT_HALF[0], ["1.50", "0.50"]]
    after = page("收入总表", LEFT_HALF, number=5)
    pages = (page(TITLE, LEFT_HALF), page(more_left, number=2), page(RIGHT_HALF, number=3), page(more_right, number=4))
    table, other = stitched(*pages, after)
    assert texts(table)[3] == ["208", "社会保障", "2.00", "1.50", "0.50"]
    assert [row.page for row in table.rows] == [1, 1, 1, 2]
    assert {row.over for row in table.rows} == {2}
    assert other.heading == ("收入总表",)
    assert len(stitched(*pages[:3])) > 1  # the other sheet is missing


def test_the_other_sheets_must_hold_tables() -> None:
    more_left: Rows = [LEFT_HALF[0], ["208", "社会保障", "2.00"]]
    pages = (page(TITLE, LEFT_HALF), page(more_left, number=2), page(RIGHT_HALF, number=3), page("说明一段文字", number=4))
    assert all(row.beside is None for table in stitched(*pages) for row in table.rows)


@pytest.mark.parametrize(
    "right",
    [
        [["基本支出", "项目支出"], ["5.00", "4.00"]],
        [["基本支出", "项目支出"], ["5.00", "4.00"], ["3.00", "1.00"], ["1.00", "1.00"]],
        [["基本支出", "项目支出"], ["甲", "乙"], ["丙", "丁"]],
        [["甲方向", "乙方向"], ["5.00", "4.00"], ["3.00", "1.00"]],
        [["基本支出", "乙方向"], ["5.00", "4.00"], ["3.00", "1.00"]],
        [["科目名称", "项目支出"], ["5.00", "4.00"], ["3.00", "1.00"]],
    ],
    ids=["too few rows", "too many rows", "no amounts", "unknown words", "half unknown", "labels"],
)
def test_other_pages_do_not_go_on_to_the_right(right: Rows) -> None:
    assert len(stitched(page(TITLE, LEFT_HALF), page(grid(right, page=2, widths=[100, 60]), number=2))) == 2


def test_a_page_with_a_title_does_not_go_on_to_the_right() -> None:
    assert len(stitched(page(TITLE, LEFT_HALF), page("收入总表", RIGHT_HALF, number=2))) == 2


def test_nothing_goes_on_twice_to_the_right() -> None:
    third: Rows = [["政府性基金", "一般公共预算"], ["5.00", "4.00"], ["3.00", "1.00"]]
    assert len(stitched(page(TITLE, LEFT_HALF), page(RIGHT_HALF, number=2), page(third, number=3))) == 2


def test_the_heading_of_a_group_that_the_sheet_cut_stands_over_the_other_half_too() -> None:
    left: Rows = [["科目编码", "科目名称", "本年支出"], [ABOVE, ABOVE, "合计"], ["201", "公共服务", "9.00"]]
    right: Rows = [["", ""], ["基本支出", "项目支出"], ["", "4.00"]]
    (table,) = stitched(page(TITLE, left), page(right, number=2))
    assert texts(table) == [
        ["科目编码", "科目名称", "本年支出", "本年支出", "本年支出"],
        ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
        ["201", "公共服务", "9.00", "", "4.00"],
    ]
    assert table.rows[0].left == (True, True, True, False, False)


def test_a_group_of_several_storeys_goes_on_over_the_other_half() -> None:
    left: Rows = [["科目", "科目", "本年支出"], ["编码", "名称", ABOVE], [ABOVE, ABOVE, "合计"], ["201", "公共服务", "9.00"]]
    right: Rows = [["", ""], ["", ""], ["基本支出", "项目支出"], ["5.00", "4.00"]]
    (table,) = stitched(page(TITLE, left), page(right, number=2))
    assert [row[3:] for row in texts(table)] == [["本年支出"] * 2, ["本年支出"] * 2, ["基本支出", "项目支出"], ["5.00", "4.00"]]
    assert [row.top for row in table.rows[:2]] == [(True, True, True, True, True), (True, True, False, False, False)]


def test_a_blank_right_of_a_heading_of_its_own_is_no_part_of_the_group() -> None:
    right: Rows = [["基本支出", ""], ["5.00", "4.00"], ["3.00", "1.00"]]
    (table,) = stitched(page(TITLE, LEFT_HALF), page(right, number=2))
    assert texts(table)[0][3:] == ["基本支出", ""]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(1, 3), st.integers(1, 3)), max_size=3))
def test_each_place_of_a_row_knows_the_cell_over_it_and_whether_the_cell_begins_there(spans: list[tuple[int, int, int, int]]) -> None:
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    cells: list[Cell] = []
    for row, column, high, wide in [*spans, *((r, c, 1, 1) for r in range(4) for c in range(4))]:
        places = [(r, c) for r in range(row, min(row + high, 4)) for c in range(column, min(column + wide, 4))]
        if owner.keys().isdisjoint(places):
            owner |= dict.fromkeys(places, (row, column))
            box = Box(100.0 * column, 20.0 * row, 100.0 * (column + wide), 20.0 * (row + high))
            cells.append(Cell(row, column, f"第{row}行第{column}列", box, high, wide, box))
    cells.sort(key=lambda cell: (cell.row, cell.column))
    (table,) = tables_of(content(Page(1, 500.0, 800.0, grids=(Grid(1, 4, 4, tuple(cells), Box(0, 0, 400, 80), "pdfium"),))))
    assert len(table.rows) == 4
    for r, row in enumerate(table.rows):
        assert [cell and (cell.row, cell.column) for cell in row.cells] == [owner[r, c] for c in range(4)]
        assert row.top == tuple(owner[r, c][0] == r for c in range(4))
        assert row.left == tuple(c == 0 or owner[r, c] != owner[r, c - 1] for c in range(4))


# --- the backs of sheets -------------------------------------------------------------------------------------------


def test_an_empty_page_stands_between_two_of_one_table() -> None:
    empty = Page(2, 595, 842, (TextLine("— 2 —", Box(290, 800, 310, 810)),), numbers=(), drawn=False)
    assert (
        sizes(page(TITLE, UNIT, FIRST), empty, page([HEADER, *MORE], number=3))
        == sizes(page(TITLE, UNIT, FIRST), page([HEADER, *MORE], number=2))
        == [5]
    )


@pytest.mark.parametrize("change", [{"drawn": True}, {"damaged": True}, {"lines": (TextLine("二、名词解释", Box(50, 100, 150, 110)),)}])
def test_a_page_that_shows_something_parts_tables(change: dict[str, object]) -> None:
    other = replace(Page(2, 595, 842, numbers=(), drawn=False), **change)
    assert len(sizes(page(TITLE, UNIT, FIRST), other, page(MORE, number=3))) == 2


def test_amounts_of_wide_characters_go_on_beside_their_table() -> None:
    wide = str.maketrans("0123456789.", "０１２３４５６７８９．")
    left: Rows = [["科目编码", "科目名称", "合计"], ["201", "一般公共服务支出", "5.00"]]
    right: Rows = [["基本支出", "项目支出"], ["4.00", "1.00"]]
    narrow = sizes(page(TITLE, UNIT, left), page(right, number=2))
    assert sizes(page(TITLE, UNIT, left), page([[text.translate(wide) for text in row] for row in right], number=2)) == narrow == [2]


REPEATED: Rows = [["科目编码", "科目名称", "合计", "基本支出"], ["201", "公共服务", "9.00", "5.00"], ["205", "教育", "4.00", "3.00"]]


def test_sheets_to_the_right_may_repeat_the_labels_of_the_rows() -> None:
    right = [[*left[:2], more[1]] for left, more in zip(LEFT_HALF, RIGHT_HALF, strict=True)]
    (table,) = stitched(page(TITLE, UNIT, REPEATED), page(right, number=2))
    assert texts(table) == [[*left, more[1]] for left, more in zip(REPEATED, RIGHT_HALF, strict=True)]
    assert len(table.edges) == 5


@pytest.mark.parametrize(
    "right",
    [
        [["合计", "项目支出"], ["9.00", "4.00"], ["4.00", "1.00"]],
        [["基本支出", "项目支出"], ["5.00", "4.00"], ["3.00", "1.00"]],
    ],
    ids=["a total of its own", "a column of the table"],
)
def test_the_same_rows_under_headings_of_their_own_are_another_table(right: Rows) -> None:
    page_of_others = [[*left[:2], *more] for left, more in zip(LEFT_HALF, right, strict=True)]
    tables = stitched(page(TITLE, UNIT, REPEATED), page(grid(page_of_others, page=2, widths=[60, 90, 120, 70]), number=2))
    assert [row.beside for table in tables for row in table.rows] == [None] * 6


def test_other_rows_are_not_those_to_the_left() -> None:
    right = [["科目编码", "科目名称", "项目支出"], ["201", "公共服务", "4.00"], ["208", "社会保障", "1.00"]]
    assert all(row.beside is None for table in stitched(page(TITLE, UNIT, REPEATED), page(right, number=2)) for row in table.rows)


def test_headings_that_go_down_over_all_rows_of_the_header_are_one_row_of_their_sheet() -> None:
    left: Rows = [["科目编码", "科目名称", "财政拨款", LEFT], [ABOVE, ABOVE, "小计", "一般公共预算"], ["201", "公共服务", "9.00", "5.00"]]
    (table,) = stitched(page(TITLE, UNIT, left), page([["事业收入", "其他收入"], ["1.00", ""]], number=2))
    assert [row[4:] for row in texts(table)] == [["事业收入", "其他收入"], ["事业收入", "其他收入"], ["1.00", ""]]
    assert [row.top[4:] for row in table.rows] == [(True, True), (False, False), (True, True)]


def of_fund(name: str, *rows: Sequence[str]) -> Rows:
    return [["科目编码", "科目名称", name, LEFT, LEFT], [ABOVE, ABOVE, "小计", "其中：基本支出", "项目支出"], *rows]


FUND: Rows = of_fund("政府性基金预算支出", ["212", "城乡社区支出", "5.00", "4.00", "1.00"])


@pytest.mark.parametrize(
    ("name", "tables"),
    [
        ("国有资本经营预算支出", 2),  # all else is the same
        ("政府性基金预算支出", 1),
        ("政府性基金预算财政拨款支出", 1),  # the same fund in other words
        ("财政拨款支出", 1),  # one that holds it
        ("预算支出", 1),  # none
    ],
)
def test_a_page_that_heads_its_amounts_by_another_fund_is_another_table(name: str, tables: int) -> None:
    below = of_fund(name, ["223", "国有资本经营预算支出", "3.00", "1.00", "2.00"])
    assert len(stitched(page("清风数据局", UNIT, FUND), page(UNIT, below, number=2))) == tables


def test_names_of_funds_among_the_rows_of_a_further_page_head_nothing() -> None:
    below: Rows = [["", "国有资本经营预算支出", "", "", ""], ["223", "国有资本经营预算支出", "3.00", "1.00", "2.00"]]
    assert len(stitched(page("清风数据局", UNIT, FUND), page(below, number=2))) == 1
