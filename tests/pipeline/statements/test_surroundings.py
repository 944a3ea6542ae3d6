"""Words around grids: whose they are, by the place where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec
import pytest

from pipeline.document.content import Box, Grid, Page, TextLine, Word
from pipeline.statements.layout.surroundings import heading_rows
from pipeline.statements.statement_model import Statement
from tests.pipeline.statements.paper import LEFT, Rows, grid, lines, page, statements

SUMMARY = [
    ["收入", LEFT, "支出", LEFT],
    ["项目", "预算数", "项目", "预算数"],
    ["一般公共预算拨款收入", "9.99", "公共安全支出", "9.99"],
    ["本年收入合计", "9.99", "本年支出合计", "9.99"],
]
HEADER = ["科目编码", "科目名称", "合计", "基本支出", "项目支出"]
BY_FUNCTION = [HEADER, ["204", "公共安全支出", "9.99", "9.99", ""], ["", "合计", "9.99", "9.99", ""]]
SPENDING = "2023年一般公共预算支出表"


def printed(y: float, *parts: tuple[float, str]) -> TextLine:
    """A line of words that begin at the given places, 10 points each character, 10 points high."""
    words = tuple(Word(text, Box(x, y, x + 10 * len(text), y + 10)) for x, text in parts)
    whole = Box(words[0].box.x0, y, words[-1].box.x1, y + 10)
    return TextLine(" ".join(word.text for word in words), whole, parts=words if len(words) > 1 else ())


def spread(texts: Sequence[TextLine], *grids: Grid) -> Page:
    inside = [TextLine(cell.text, cell.text_box, in_grid=True) for table in grids for cell in table.cells if cell.text_box]
    return Page(1, 1200.0, 842.0, (*texts, *inside), grids)


def said(found: Sequence[Statement]) -> list[tuple[str, str | None, str | None, str | None]]:
    return [(s.kind, s.title, s.unit_text, s.entity) for s in found]


# --- side by side --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("top", [100.0, 140.0])
def test_two_statements_on_a_spread_have_each_their_own_words(top: float) -> None:
    texts = [
        printed(40, (150, "2023年部门收支总表")),
        printed(top - 60, (700, SPENDING)),
        printed(60, (50, "部门：清风数据局"), (300, "单位：万元")),
        printed(top - 40, (600, "部门：清风数据局"), (950, "单位：元")),
    ]
    if top == 100.0:
        texts = [printed(40, (150, "2023年部门收支总表"), (700, SPENDING))]
        texts += [printed(60, (50, "部门：清风数据局"), (300, "单位：万元"), (600, "部门：清风数据局"), (950, "单位：元"))]
    found = statements(spread(texts, grid(SUMMARY, top=100), grid(BY_FUNCTION, top=top, left=600)))
    assert said(found) == [
        ("revenue_expenditure_summary", "2023年部门收支总表", "万元", "清风数据局"),
        ("general_public_by_function", SPENDING, "元", "清风数据局"),
    ]


def test_what_stands_over_both_tables_is_of_both() -> None:
    texts = [
        printed(20, (330, "单"), (360, "位："), (390, "万元"), (420, "（以下各表相同）")),
        printed(60, (100, "支出总表"), (700, SPENDING)),
    ]
    found = statements(spread(texts, grid(SUMMARY, top=100), grid(BY_FUNCTION, top=100, left=500)))
    assert [s.unit_text for s in found] == ["万元", "万元"]


def test_one_table_in_two_halves_has_one_title_and_unit() -> None:
    texts = [printed(40, (430, SPENDING)), printed(60, (50, "部门：清风数据局"), (900, "单位：万元"))]
    rows = [["205", "教育支出", "3.00", "2.00", "1.00"], ["", "合计", "12.99", "11.99", "1.00"]]
    (found,) = statements(spread(texts, grid(BY_FUNCTION[:2], top=100), grid(rows, top=100, left=600)))
    assert (found.kind, found.unit_text, len(found.lines), found.amounts_printed) == ("general_public_by_function", "万元", 8, 8)


def test_a_table_beside_a_titled_one_has_no_title() -> None:
    texts = [printed(40, (100, "2023年部门收支总表")), printed(60, (300, "单位：万元"))]
    found = statements(spread(texts, grid(SUMMARY, top=100), grid(BY_FUNCTION, top=100, left=600)))
    assert [(s.title, s.unit_text) for s in found] == [("2023年部门收支总表", "万元"), (None, None)]


def test_a_letterspaced_title_is_one() -> None:
    texts = [printed(60, (200, "收"), (230, "支"), (260, "总"), (290, "表"), (700, SPENDING), (950, "单位：元"))]
    found = statements(spread(texts, grid(SUMMARY, top=100), grid(BY_FUNCTION, top=100, left=600)))
    assert [(s.kind, s.unit_text) for s in found][:1] == [("revenue_expenditure_summary", None)]
    assert (found[1].kind, found[1].unit_text) == ("general_public_by_function", "元")


# --- over a page break ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("foot", "head"),
    [
        ([SPENDING], ["部门：清风数据局 单位：万元"]),
        ([SPENDING, "部门：清风数据局"], ["单位：万元"]),
        (["预算公开表5", SPENDING], ["单位：万元"]),
        (["清风数据局2023年一般公共预算支出预", "算表"], ["部门：清风数据局", "单位：万元"]),
        ([SPENDING, "单位：万元"], []),
        (["五、一般公共预算支出表", SPENDING, "单位：万元"], []),  # as a heading of the text, and over the table
        (["表5", SPENDING, "（按功能分类科目）", "部门：清风数据局", "单位：万元"], []),
        ([SPENDING, "（按功能分类科目）"], ["单位：万元"]),
        (["表5", "清风数据局2023年一般公共预算支出表（按支出功能分类科", "目-不含上年结转）", "单位：万元"], []),
    ],
)
def test_a_title_at_the_foot_of_the_page_before(foot: list[str], head: list[str]) -> None:
    found = statements(page("2023年部门收支总表", "单位：万元", SUMMARY, *foot, footer="2"), page(*head, BY_FUNCTION, number=2))
    assert [(s.kind, s.unit_text) for s in found] == [("revenue_expenditure_summary", "万元"), ("general_public_by_function", "万元")]


@pytest.mark.parametrize(
    ("foot", "head"),
    [
        (["三、支出总表", "四、一般公共预算支出表"], ["单位：万元"]),  # a list of contents
        (["三、支出总表", "四、一般公共预算支出表", "五、一般公共预算支出表（续）"], ["单位：万元"]),
        (["三、支出总表", "四、一般公共预算支出表", "部门：清风数据局", "单位：万元", "金额单位：万元"], []),
        ([SPENDING, "（本表无数据）", "（按功能分类科目）"], ["单位：万元"]),
        ([SPENDING, "本表无数据。"], ["单位：万元"]),
        ([SPENDING], ["说明如下", "单位：万元"]),  # a heading of its own
        (["详见一般公共预算支出表"], ["单位：万元"]),
    ],
)
def test_words_at_the_foot_that_head_nothing(foot: list[str], head: list[str]) -> None:
    found = statements(page("2023年部门收支总表", "单位：万元", SUMMARY, *foot), page(*head, BY_FUNCTION, number=2))
    assert "general_public_by_function" not in {s.kind for s in found}


# --- the unit, wherever it stands ----------------------------------------------------------------------------------


def unit(*parts: str | Rows, more: Sequence[str | Rows] = ()) -> str | None:
    pages = [page(*parts), *([page(*more, number=2)] if more else [])]
    return statements(*pages)[0].unit_text


def test_a_unit_below_its_table() -> None:
    assert unit(SPENDING, BY_FUNCTION, "计量单位：元") == "元"
    assert unit(SPENDING, BY_FUNCTION, "注：本表以万元为单位") == "万元"
    assert unit(SPENDING, "单位：万元", BY_FUNCTION, "单位：元") == "万元"


def test_a_unit_between_two_tables_is_of_the_lower_one() -> None:
    assert unit(SPENDING, BY_FUNCTION, "单位：元", "2023年部门收支总表", SUMMARY) is None
    assert unit(SPENDING, BY_FUNCTION, "2023年部门收支总表", "单位：元", SUMMARY) is None
    assert unit(SPENDING, BY_FUNCTION, "单位：万元", "2023年部门收支总表", "单位：元", SUMMARY) == "万元"


def test_a_unit_on_a_further_page() -> None:
    more = [["205", "教育支出", "9.99", "9.99", ""]]
    assert unit(SPENDING, BY_FUNCTION[:2], more=["单位：元", more]) == "元"
    assert unit(SPENDING, BY_FUNCTION[:2], "单位：万元", more=["单位：元", more]) is None


@pytest.mark.parametrize("fields", [["部门：清风数据局", LEFT, LEFT, "单位", "元"], ["", "", "", "金额单位：", "人民币元"]])
def test_a_unit_in_two_cells(fields: list[str]) -> None:
    assert unit(SPENDING, [fields, *BY_FUNCTION]) == "元"


# --- words that a header cell has lost -----------------------------------------------------------------------------


def overflown(*above: TextLine) -> list[tuple[str | None, str | None]]:
    rows = [["科目编码", "科目名称", "合计", "预算拨款收入", "管理资金收入"], ["204", "公共安全支出", "9.99", "9.99", "0.00"]]
    found = lines(spread([printed(40, (50, "单位：万元")), *above], grid(rows, top=100, widths=[100] * 5)))
    return [(line.fund, line.statement_title) for line in found]


def test_words_of_a_header_that_stand_above_the_table() -> None:
    whole = [("total", "收入总表"), ("general_public", "收入总表"), ("special_account", "收入总表")]
    assert overflown(printed(85, (200, "收入总表"), (360, "一般公共"), (460, "财政专户"))) == whole
    assert overflown(printed(60, (200, "收入总表")), printed(87, (360, "一般公共"), (460, "财政专户"))) == whole


def test_words_that_stand_elsewhere_are_of_no_header() -> None:
    assert overflown(printed(60, (200, "收入总表"), (360, "一般公共"), (460, "财政专户")))[1][0] is None  # too high
    assert overflown(printed(85, (200, "收入总表"), (330, "一般公共"), (430, "财政专户")))[1][0] is None  # over a border


@pytest.mark.parametrize(
    ("first", "texts"),
    [(["4.00", "4.00", ""], []), (["公开01表", "", ""], ["公开01表"]), (["表3", "单位：万元", ""], ["表3", "单位：万元"])],
)
def test_a_row_of_short_amounts_is_no_heading(first: list[str], texts: list[str]) -> None:
    found, skipped = heading_rows(grid([first, ["项目", "预算数", "备注"], ["合计", "9.99", ""]]))
    assert (found, skipped) == (texts, 1 if texts else 0)


@pytest.mark.parametrize("when", ["2024年", "2024年度", "2024年3月", "2024年3月15日"])
def test_a_year_or_a_day_beside_body_and_unit_is_of_the_heading(when: str) -> None:
    rows = [["部门：清风数据局", when, "单位：万元"], ["科目编码", "科目名称", "合计"], ["201", "一般公共服务支出", "9.99"]]
    assert heading_rows(grid(rows)) == (list(rows[0]), 1)


@pytest.mark.parametrize(
    "first",
    [["单位：万元", "2023年", "2024年"], ["2022年", "2023年", "2024年"], ["单位：万元", "", "2024年"]],
    ids=["two years", "years alone", "a year over amounts"],
)
def test_years_over_amounts_are_heads_of_columns(first: list[str]) -> None:
    assert heading_rows(grid([first, ["一般公共服务支出", "9.98", "9.99"], ["教育支出", "1.00", "2.00"]])) == ([], 0)


@pytest.mark.parametrize("year", ["2023年", "2023年度"])
@pytest.mark.parametrize("heads", [["基本支出", "项目支出"], ["预算数", "执行数"]])
def test_a_year_over_several_columns_is_theirs(year: str, heads: list[str]) -> None:
    rows = [["单位：万元", year, LEFT], ["科目名称", *heads], ["合计", "9.99", "8.88"], ["教育支出", "9.99", "8.88"]]
    found = lines(page("财政拨款支出表", rows), year=2024)
    assert {line.measure.startswith("prior_year") for line in found} == {True}
    assert heading_rows(grid([["单位：万元", year], ["项目", "执行数"], ["合计", "9.99"]])) == ([], 0)


@pytest.mark.parametrize("text", ["2101101", "123456"])
@pytest.mark.parametrize("over", [0.5, 9.0])
def test_digits_that_go_over_the_sides_of_their_cell_are_a_rows(text: str, over: float) -> None:
    rows = grid([[text, "", ""], ["2101102", "事业单位医疗", "20"]])
    cells = tuple(
        msgspec.structs.replace(c, text_box=c.text_box._replace(x1=c.box.x1 + over)) if c.text == text and c.text_box else c
        for c in rows.cells
    )
    assert heading_rows(replace(rows, cells=cells)) == ([], 0)
