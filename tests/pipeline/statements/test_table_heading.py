"""What stands above a table, and which grids are one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec
import pytest

from pipeline.budget.amounts import parse_amount
from pipeline.budget.characters import fold
from pipeline.document.content import Box, Grid, Page
from pipeline.statements.layout.stitching import tables_of
from pipeline.statements.meaning.table_heading import is_title, read_heading
from pipeline.statements.statement_model import Table
from tests.pipeline.statements.paper import ABOVE, LEFT, Rows, content, grid, lines, page

HEADER = ["科目编码", "科目名称", "合计", "基本支出", "项目支出"]
FIRST = [HEADER, ["", "合计", "12.00", "8.00", "4.00"], ["201", "一般公共服务支出", "7.00", "5.00", "2.00"]]
MORE = [["205", "教育支出", "3.00", "2.00", "1.00"], ["208", "社会保障和就业支出", "2.00", "1.00", "1.00"]]


# --- headings ------------------------------------------------------------------------------------------------------


def test_title_body_and_unit() -> None:
    heading = read_heading(["预算公开表3", "支出预算总表", "编制单位：清风数据局", "单位：万元"])
    assert heading.meaning is not None
    assert (heading.title, heading.meaning.statement, heading.entity, heading.unit_text) == (
        "支出预算总表",
        "expenditure_summary",
        "清风数据局",
        "万元",
    )


@pytest.mark.parametrize(
    ("below", "scope"),
    [
        ("（按支出功能分类科目-不含上年结转）", "（按支出功能分类科目-不含上年结转）"),
        ("（不含上年结转）", "（不含上年结转）"),
        ("（单位：元）", ""),
        ("（续表）", ""),
        ("（清风数据局）", ""),
    ],
)
def test_a_bracket_below_a_title_that_limits_it_is_a_part_of_it(below: str, scope: str) -> None:
    heading = read_heading(["2021年一般公共预算基本支出明细表", below, "单位：元"])
    assert heading.meaning is not None and heading.meaning.statement.startswith(("general_public_basic", "basic_expenditure"))
    assert (heading.title, heading.unit_text) == (f"2021年一般公共预算基本支出明细表{scope}", "元")


def test_body_and_unit_on_one_line() -> None:
    heading = read_heading(["收支预算总表", "部门名称：清风数据局 单位：元"])
    assert (heading.entity, heading.unit_text) == ("清风数据局", "元")


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("单位：万元", "万元"),
        ("单位:元", "元"),
        ("金额单位：人民币元", "元"),
        ("（万元）", "万元"),
        ("单位：人民币万元", "万元"),
        ("金额单位：元", "元"),
        ("单 位：万 元", "万元"),
        ("单位：清风数据局", None),
        ("（人民币元）", "元"),
        ("收支总表（人民币：万元）", "万元"),
        ("（单位：人民币万元）", "万元"),
        ("单位：人民币（元）", "元"),
        ("计量单位：元", "元"),
        ("单位 元", "元"),
        ("单位；万元", "万元"),
        ("以万元为单位", "万元"),
        ("单位：元部门：清风数据局", "元"),
        ("单位：元/万元", None),  # two units
        ("单位：元（万元）", None),
        ("单位：元谋县财政局", None),  # the beginning of a name
        ("金位：元", None),  # a word that says nothing
        ("单位：千元", None),
        ("单位：人", None),
    ],
)
def test_the_unit_is_that_printed(text: str, unit: str | None) -> None:
    assert read_heading(["支出总表", text]).unit_text == unit


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("部门：清风数据局 金位：元", "清风数据局"),  # another field, whatever its label is
        ("部门：清风数据局 负责人：张三 单位：元", "清风数据局"),
        ("单位：元谋县财政局 单位：万元", "元谋县财政局"),
        ("单位：元/万元", None),
    ],
)
def test_a_field_ends_where_the_next_begins(text: str, entity: str | None) -> None:
    assert read_heading(["支出总表", text]).entity == entity


def test_the_nearest_unit_and_title_count() -> None:
    heading = read_heading(["收入总表", "单位：元", "支出总表", "单位：万元"])
    assert heading.meaning is not None
    assert (heading.meaning.statement, heading.unit_text) == ("expenditure_summary", "万元")


def test_a_unit_is_no_part_of_the_title() -> None:
    assert read_heading(["支出总表（单位：万元）"]).title == "支出总表"


def test_words_without_a_title() -> None:
    heading = read_heading(["第二部分", "说明如下"])
    assert (heading.title, heading.meaning, heading.unit_text, heading.entity) == (None, None, None, None)


@pytest.mark.parametrize(
    "text",
    [
        "支出预算总表",
        "表3 财政拨款收支总表",
        "一般公共预算支出表（按功能分类）",
        "2023年部门收支总体情况表",
        "“三公”经费支出表",
        "一般公共预算基本支出表-人员经费（工资福利支出）（按政府预算经济分类）",
        "基本支出预算明细表——商品和服务支出",
        "《部门收入总表》",
        "三、《财政拨款收支总表》",
    ],
)
def test_a_line_that_reads_as_a_title(text: str) -> None:
    assert is_title(fold(text))


@pytest.mark.parametrize(
    "text",
    [
        "支出预算总表详见附件",
        "2023年支出预算总表共有12行；其中",
        "本部门2023年收入支出情况如下。",
        "收入总表，支出总表",
        "总表",
        "一般公共预算支出",
        "机构设置情况表",
        "一般公共预算支出" + "很" * 60 + "表",
        "本部门的数字见《部门收入总表》",
        "《部门收入总表》和《部门支出总表》的口径相同",
        "项目支出表—2023年增加",
        "决算公开表—收支情况说明",
    ],
)
def test_a_sentence_or_a_label_is_no_title(text: str) -> None:
    assert not is_title(fold(text))


# --- tables over pages ---------------------------------------------------------------------------------------------


def texts(table: Table) -> list[list[str]]:
    return [[cell.text if cell else "" for cell in row.cells] for row in table.rows]


def test_a_page_that_goes_on_without_a_title_is_the_same_table() -> None:
    (table,) = tables_of(content(page("支出总表", "单位：万元", FIRST), page(MORE, number=2)))
    assert texts(table) == [*FIRST, *MORE]
    assert [row.page for row in table.rows] == [1, 1, 1, 2, 2]


def test_a_repeated_heading_is_printed_once() -> None:
    (table,) = tables_of(content(page("支出总表", "单位：万元", FIRST), page("支出总表", "单位：万元", [HEADER, *MORE], number=2)))
    assert texts(table) == [*FIRST, *MORE]


def test_a_repeated_header_of_two_rows_is_printed_once() -> None:
    header = [["科目", LEFT, "支出", LEFT, LEFT], HEADER]
    (table,) = tables_of(content(page("支出总表", [*header, *FIRST[1:]]), page([*header, *MORE], number=2)))
    assert [row[0] for row in texts(table)] == ["科目", "科目编码", "", "201", "205", "208"]


def test_a_row_that_repeats_one_of_the_page_before_is_a_row_all_the_same() -> None:
    again = ["201", "一般公共服务支出", "7.00", "5.00", "2.00"]
    (table,) = tables_of(content(page("支出总表", FIRST), page([again, *MORE], number=2)))
    assert texts(table) == [*FIRST, again, *MORE]


def test_another_title_is_another_table() -> None:
    tables = tables_of(content(page("支出总表", FIRST), page("一般公共预算支出表", [HEADER, *MORE], number=2)))
    assert [len(table.rows) for table in tables] == [3, 3]


def test_the_same_title_for_another_body_is_another_table() -> None:
    tables = tables_of(content(page("支出总表", "编制单位：甲数据中心", FIRST), page("支出总表", "编制单位：乙数据中心", FIRST, number=2)))
    assert len(tables) == 2


def test_other_columns_are_another_table() -> None:
    tables = tables_of(content(page("支出总表", FIRST), page([["项目", "金额"], ["差旅费", "3.00"]], number=2)))
    assert len(tables) == 2


def flush(table: Grid, ends: Sequence[float]) -> Grid:
    """The table with its numbers ending at the given places, wherever the borders stand."""
    cells = [
        msgspec.structs.replace(c, text_box=Box(ends[c.column] - 6 * len(c.text), c.text_box.y0, ends[c.column], c.text_box.y1))
        if c.text_box and parse_amount(c.text) is not None and "." in c.text
        else c
        for c in table.cells
    ]
    return replace(table, cells=tuple(cells))


def test_a_page_that_shows_only_its_filled_columns_goes_on_where_its_amounts_end() -> None:
    """Without rulings, the next page has three columns with borders of its own: 基本支出 is blank on it."""
    first = flush(grid(FIRST, widths=[50, 90, 80, 80, 80]), [0, 0, 265, 340, 425])
    more = flush(grid([["208", "社会保障和就业支出", "14.00", "4.00"]], page=2, widths=[56, 84, 115, 140]), [0, 0, 264, 426])
    (table,) = tables_of(content(page("支出总表", first), page(more, number=2)))
    assert texts(table)[len(FIRST) :] == [["208", "社会保障和就业支出", "14.00", "", "4.00"]]


def test_amounts_that_end_elsewhere_are_of_another_table() -> None:
    first = flush(grid(FIRST, widths=[50, 90, 80, 80, 80]), [0, 0, 265, 340, 425])
    more = flush(grid([["208", "社会保障和就业支出", "14.00", "4.00"]], page=2, widths=[56, 84, 115, 140]), [0, 0, 250, 411])
    assert len(tables_of(content(page("支出总表", first), page(more, number=2)))) == 2


def test_a_page_in_between_ends_a_table() -> None:
    tables = tables_of(content(page("支出总表", FIRST), page("说明文字", number=2), page(MORE, number=3)))
    assert len(tables) == 2


def test_a_page_number_is_no_title_and_no_break() -> None:
    (table,) = tables_of(content(page("支出总表", FIRST, footer="- 3 -"), page(MORE, number=2, footer="4")))
    assert len(table.rows) == 5


def test_two_tables_on_a_page_have_each_their_own_heading() -> None:
    one, two = tables_of(content(page("收入总表", "单位：元", FIRST, "支出总表", "单位：万元", FIRST)))
    assert [read_heading(t.heading).unit_text for t in (one, two)] == ["元", "万元"]
    assert [t.heading for t in (one, two)] == [("收入总表", "单位：元"), ("支出总表", "单位：万元")]


def test_a_title_inside_the_grid_is_heading_not_row() -> None:
    rows: Rows = [["支出预算总表", LEFT, LEFT, LEFT, LEFT], ["编制单位：清风数据局", LEFT, LEFT, "单位：万元", LEFT], *FIRST]
    (table,) = tables_of(content(page(rows)))
    heading = read_heading(table.heading)
    assert (heading.title, heading.entity, heading.unit_text) == ("支出预算总表", "清风数据局", "万元")
    assert texts(table) == FIRST


def test_a_cell_that_covers_several_stands_in_each() -> None:
    rows: Rows = [["科目名称", "支出", LEFT], [ABOVE, "基本支出", "项目支出"], ["教育支出", "2.00", "1.00"]]
    (table,) = tables_of(content(page("支出总表", rows)))
    assert texts(table)[:2] == [["科目名称", "支出", "支出"], ["科目名称", "基本支出", "项目支出"]]
    assert [row.top for row in table.rows[:2]] == [(True, True, True), (False, True, True)]


def test_columns_without_cells_on_the_next_page_keep_their_place() -> None:
    """A page that rules fewer columns (none is printed in 项目支出) still prints below the right ones."""
    widths = [60.0, 120.0, 80.0, 80.0, 80.0]
    first = grid(FIRST, widths=widths, top=80)
    second = grid([["205", "教育支出", "3.00", "3.00"]], page=2, widths=widths[:4], top=60)
    (table,) = tables_of(content(page("支出总表", first), page(second, number=2)))
    assert texts(table)[-1][:4] == ["205", "教育支出", "3.00", "3.00"]


def test_a_table_too_wide_for_its_sheet_goes_on_beside_it() -> None:
    left: Rows = [["科目编码", "科目名称", "合计"], ["", "合计", "12.00"], ["205", "教育支出", "12.00"]]
    right: Rows = [["基本支出", "项目支出"], ["8.00", "4.00"], ["8.00", "4.00"]]
    (table,) = tables_of(content(page("支出总表", "单位：万元", left), page(right, number=2)))
    assert texts(table)[1] == ["", "合计", "12.00", "8.00", "4.00"]
    assert (table.rows[1].page_of(2), table.rows[1].page_of(3)) == (1, 2)


WIDE: Rows = [["科目编码", "科目名称", "总计", "本年支出"], [ABOVE, ABOVE, ABOVE, "小计"]]
OVER: Rows = [["", "", "结转支出"], ["基本支出", "项目支出", ABOVE]]
DOWN: Sequence[tuple[Rows, Rows]] = [
    ([["201", "一般公共服务支出", "9.00", "6.00"]], [["4.00", "2.00", "3.00"]]),
    ([["205", "教育支出", "5.00", "4.00"], ["208", "社会保障和就业支出", "1.00", "1.00"]], [["3.00", "1.00", "1.00"], ["1.00", "", ""]]),
]


def test_a_table_too_wide_and_too_long_is_printed_down_then_over() -> None:
    """Four sheets: two with the labels, then two with the further columns; the group 本年支出 is named on the first alone."""
    left = [page("支出总表", "单位：万元", [*WIDE, *DOWN[0][0]]), page([*WIDE, *DOWN[1][0]], number=2)]
    right = [page([*OVER, *DOWN[0][1]], number=3), page([*OVER, *DOWN[1][1]], number=4)]
    (table,) = tables_of(content(*left, *right))
    assert texts(table) == [
        ["科目编码", "科目名称", "总计", "本年支出", "本年支出", "本年支出", "结转支出"],
        ["科目编码", "科目名称", "总计", "小计", "基本支出", "项目支出", "结转支出"],
        ["201", "一般公共服务支出", "9.00", "6.00", "4.00", "2.00", "3.00"],
        ["205", "教育支出", "5.00", "4.00", "3.00", "1.00", "1.00"],
        ["208", "社会保障和就业支出", "1.00", "1.00", "1.00", "", ""],
    ]
    assert [(row.page_of(3), row.page_of(4)) for row in table.rows[2:]] == [(1, 3), (2, 4), (2, 4)]


def test_a_page_with_a_title_of_its_own_is_not_beside_a_table() -> None:
    left = [page("支出总表", "单位：万元", [*WIDE, *DOWN[0][0]]), page([*WIDE, *DOWN[1][0]], number=2)]
    right = [page([*OVER, *DOWN[0][1]], number=3), page("项目支出表", [*OVER, *DOWN[1][1]], number=4)]
    assert len(tables_of(content(*left, *right))) > 1


def test_pages_with_other_numbers_of_rows_are_not_beside_a_table() -> None:
    left = [page("支出总表", "单位：万元", [*WIDE, *DOWN[0][0]]), page([*WIDE, *DOWN[1][0]], number=2)]
    right = [page([*OVER, *DOWN[0][1]], number=3), page([*OVER, *DOWN[0][1]], number=4)]
    assert len(tables_of(content(*left, *right))) > 1


def test_a_heading_left_at_the_foot_of_the_page_before_is_of_the_table_that_follows() -> None:
    one, two = tables_of(content(page("收入总表", FIRST, "支出总表", "单位：万元"), page([HEADER, *MORE], number=2)))
    assert [read_heading(t.heading).title for t in (one, two)] == ["收入总表", "支出总表"]


def test_a_note_at_the_foot_of_a_page_heads_nothing() -> None:
    (table,) = tables_of(content(page("收入总表", FIRST, "注：本表反映支出总表以外的收入"), page(MORE, number=2)))
    assert len(table.rows) == 5


def test_numbers_alone_are_no_heading() -> None:
    (table,) = tables_of(content(page("支出总表", [["7", "", "8"], ["205", "教育支出", "3.00"]])))
    assert len(table.rows) == 2


# --- over a page break, with other borders ------------------------------------------------------------------------

ENDS_IN_TOTAL = ["科目编码", "科目名称", "项目支出", "基本支出", "合计"]
UPPER = [ENDS_IN_TOTAL, ["201", "一般公共服务支出", "2.00", "5.00", "7.00"], ["20103", "政府办公厅事务", "1.00", "2.00", "3.00"]]
LOWER = [
    ["205", "教育支出", "", "3.00", "3.00"],
    ["208", "社会保障和就业支出", "1.00", "1.00", "2.00"],
    ["", "合计", "3.00", "9.00", "12.00"],
]
NARROW = [50.0, 170.0, 60.0, 90.0, 60.0]


def over_two_pages(upper: Rows, lower: Rows, *above: str) -> list[Table]:
    return tables_of(
        content(
            page("一般公共预算支出表", "单位：万元", upper),
            page(*above, grid(lower, page=2, top=60.0 + 16 * len(above), widths=NARROW[: len(lower[0])]), number=2),
        )
    )


@pytest.mark.parametrize(
    "above", [[], ["续表"], ["（续表1）"], ["单位：万元"], ["一般公共预算支出表（续）", "单位：万元"], ["续表：一般公共预算支出表"]]
)
def test_rows_go_on_in_columns_of_other_widths(above: list[str]) -> None:
    (table,) = over_two_pages(UPPER, LOWER, *above)
    assert len(table.rows) == len(UPPER) + len(LOWER)


@pytest.mark.parametrize("above", ["政府性基金预算支出表（续）", "部门：清风水文站", "说明如下"])
def test_words_of_another_table_stand_above_another_table(above: str) -> None:
    assert len(over_two_pages(UPPER, LOWER, above)) == 2


def test_a_repeated_header_of_other_widths_is_printed_once() -> None:
    (table,) = over_two_pages(UPPER, [ENDS_IN_TOTAL, *LOWER])
    assert len(table.rows) == len(UPPER) + len(LOWER)


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        (UPPER, [row[:4] for row in LOWER]),  # another number of columns
        (UPPER, [["205", "3.00", "教育支出", "", "3.00"], ["208", "2.00", "社会保障和就业支出", "1.00", "1.00"]]),  # in another order
        (UPPER, [["205", "教育支出", "3.00", "3.00", ""], ["208", "就业", "2.00", "1.00", "1.00"]]),  # another column adds up
        ([*UPPER, ["", "合计", "3.00", "9.00", "12.00"]], LOWER),  # the table above has ended
        (UPPER, [["单位名称", "科目名称", "“三公”经费", "会议费", "培训费"], *LOWER]),  # a header of its own
    ],
)
def test_what_may_be_another_table_is_not_stitched(upper: Rows, lower: Rows) -> None:
    assert len(over_two_pages(upper, lower)) == 2


NAMES = ["科目编码", "科目名称", "合计", "基本支出", "项目支出"]
ROW = ["201", "一般公共服务支出", "7.00", "5.00", "2.00"]


@pytest.mark.parametrize(
    ("above", "widths", "below"),
    [(NAMES, [80.0] * 5, [ROW]), (["科目", "一般公共预算支出"], [160.0, 240.0], [NAMES, ROW])],
    ids=["whole above", "groups above"],
)
def test_a_header_on_the_page_before_its_rows(above: list[str], widths: list[float], below: Rows) -> None:
    upper = grid([above], top=72.0, widths=widths)
    found = lines(page("一般公共预算支出表", "单位：万元", upper), page(below, number=2))
    assert [(one.nature, str(one.amount)) for one in found] == [("total", "70000.00"), ("basic", "50000.00"), ("project", "20000.00")]


def test_a_header_torn_by_a_page_break() -> None:
    upper = grid([["科目编码", "科目名称", "合计", "基本支出", "项目支出"]], top=72.0, widths=[80, 80, 80, 240, 80])
    lower = [
        ["", "", "", "小计", "人员经费", "公用经费", ""],
        ["201", "一般公共服务支出", "7.00", "5.00", "4.00", "1.00", "2.00"],
        ["205", "教育支出", "3.00", "2.00", "1.00", "1.00", "1.00"],
    ]
    found = lines(page("一般公共预算支出表", "单位：万元", upper), page(lower, number=2))
    assert [(one.nature, str(one.amount)) for one in found if one.code == "201"] == [
        ("total", "70000.00"),
        ("basic", "50000.00"),
        ("basic_personnel", "40000.00"),
        ("basic_operating", "10000.00"),
        ("project", "20000.00"),
    ]


def test_an_empty_table_does_not_take_the_header_of_the_next() -> None:
    upper = [["科目编码", "科目名称", "合计", "基本支出", "项目支出"]]
    lower = [["单位名称", "", "合计", "会议费", "培训费"], ["清风水文站", "", "3.00", "2.00", "1.00"]]
    assert len(tables_of(content(page("政府性基金预算支出表", "单位：万元", upper), page(lower, number=2)))) == 2


# --- headings in boxes of their own --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "box",
    [
        [["支出预算总表"], ["单位：万元"]],
        [["支出预算总表", LEFT], ["编制单位：清风数据局", "单位：万元"]],
        [["公开03表", LEFT], ["支出预算总表", LEFT], ["编制单位：清风数据局", "单位：万元"]],
    ],
)
def test_a_box_around_a_heading_is_no_table(box: Rows) -> None:
    (table,) = tables_of(content(page(grid(box, top=40, widths=[400 / len(box[0])] * len(box[0])), FIRST)))
    heading = read_heading(table.heading)
    assert (heading.title, heading.unit_text, len(table.rows)) == ("支出预算总表", "万元", len(FIRST))


def test_a_box_at_the_foot_of_a_page_heads_the_table_of_the_next() -> None:
    below = page(grid([["支出预算总表"], ["单位：万元"]], top=700, widths=[400]))
    (table,) = tables_of(content(below, page(FIRST, number=2)))
    assert read_heading(table.heading).title == "支出预算总表"


def test_a_table_with_a_title_of_its_own_takes_nothing_from_a_box_above() -> None:
    box = grid([["收入预算总表"], ["单位：元"]], top=40, widths=[400])
    (table,) = tables_of(content(page(box, number=1), page("支出预算总表", FIRST, number=2)))
    heading = read_heading(table.heading)
    assert (heading.title, heading.unit_text) == ("支出预算总表", None)


def test_boxes_that_repeat_on_each_page_do_not_part_a_table() -> None:
    def sheet(number: int, rows: Rows) -> Page:
        return page(grid([["编制单位：清风数据局", "单位：万元"]], top=40, widths=[200, 200], page=number), rows, number=number)

    tables = tables_of(content(page("支出预算总表", "单位：万元", FIRST), sheet(2, MORE)))
    assert [len(table.rows) for table in tables] == [len(FIRST) + len(MORE)]
