"""A row that a page break cuts is one row, and a row that a page begins with stays one."""

from __future__ import annotations

import pytest

from pipeline.statements.layout.stitching import tables_of
from tests.pipeline.statements.paper import Rows, content, lines, page

HEADER = ["科目编码", "科目名称", "合计", "基本支出"]
ABOVE_BREAK: Rows = [
    HEADER,
    ["301", "工资福利支出", "12,345.60", "12,345.60"],
    ["30101", "基本工资", "10,000.00", "10,000.00"],
    ["30102", "津贴补贴", "1,000.50", "1,000.50"],
    ["30113", "住房公积金", "1,000.00", "1,000.00"],
]


def below(last: list[str], first: list[str]) -> list[list[str]]:
    """The rows of a coded table whose page ends with `last`, while the next page begins with `first`."""
    (table,) = tables_of(
        content(
            page("一般公共预算基本支出表", "单位：万元", [*ABOVE_BREAK, last]),
            page([HEADER, first, ["302", "商品和服务支出", "5.00", "5.00"]], number=2),
        )
    )
    return [["".join(cell.text.split()) if cell else "" for cell in row.cells] for row in table.rows[len(ABOVE_BREAK) : -1]]


def test_the_last_digit_of_a_number_wrapped_at_a_page_break_is_not_lost() -> None:
    found = below(["30199", "其他工", "27,956.4", "27,956.4"], ["", "资福利支出", "9", "9"])
    assert found == [["30199", "其他工资福利支出", "27,956.49", "27,956.49"]]


def test_the_amount_of_a_cut_row_is_published_whole() -> None:
    cut = ["30199", "其他工", "345.1", "345.1"]
    found = lines(
        page("一般公共预算基本支出表", "单位：万元", [*ABOVE_BREAK, cut]),
        page([HEADER, ["", "资福利支出", "0", "0"], ["302", "商品和服务支出", "5.00", "5.00"]], number=2),
    )
    assert [(line.code, line.name, str(line.amount)) for line in found if line.row == 6] == [
        ("30199", "其他工资福利支出", "3451000.00")
    ] * 2


def test_the_rest_of_a_name_has_no_code_where_all_rows_have_one() -> None:
    found = below(["30199", "其他工资", "345.10", "345.10"], ["", "福利支出", "", ""])
    assert found == [["30199", "其他工资福利支出", "345.10", "345.10"]]


def test_the_rest_of_a_numbered_name_has_no_number() -> None:
    left: Rows = [["项目", "预算数"], *([f"{n}、{n}类支出", f"{row}.00"] for row, n in enumerate("一二三四五"))]
    (table,) = tables_of(content(page("收支总表", left), page([["保障支出", ""], ["七、其他支出", "3.00"]], number=2)))
    assert table.rows[5].cells[0] is not None
    assert table.rows[5].cells[0].text == "五、五类支出\n保障支出"


@pytest.mark.parametrize(
    "first",
    [
        ["", "小计", "", ""],  # a total without amounts
        ["30199", "其他工资福利支出", "", ""],  # a coded row that prints no amounts
        ["", "清风数据中心", "8.00", ""],  # whole amounts
        ["", "", "9", ""],  # 9 does not complete 345.10
    ],
)
def test_a_row_of_its_own_stays_one(first: list[str]) -> None:
    last = ["30114", "医疗费", "345.10", "345.10"]
    assert below(last, first) == [last, first]


def test_below_a_blank_cell_nothing_goes_on() -> None:
    last, first = ["30114", "医疗费", "345.10", ""], ["", "支出", "", "9"]
    assert below(last, first) == [last, first]


def test_the_last_digit_of_a_code_comes_back_with_those_of_its_amount() -> None:
    assert below(["301990", "其他工资福利支出", "27,956.4", "9.50"], ["2", "", "9", ""]) == [
        ["3019902", "其他工资福利支出", "27,956.49", "9.50"]
    ]


def test_two_digits_alone_are_the_rest_of_a_code() -> None:
    assert below(["301", "其他工资福利支出", "7.00", "9.50"], ["99", "", "", ""]) == [["30199", "其他工资福利支出", "7.00", "9.50"]]


def test_two_digits_with_a_name_may_be_a_row() -> None:
    assert len(below(["301", "工资福利支出", "7.00", "9.50"], ["99", "其他工资福利支出", "", ""])) == 2


# --- names of lists, of which all rows print amounts ---------------------------------------------------------------

LIST = ["采购品目", "采购项目", "一般公共预算", "合计"]


def names(last: list[str], first: list[str], *, heading: bool = False) -> list[tuple[str, str, int | None]]:
    """What is published of a list whose page ends with `last`, while the next page begins with `first`."""
    before: Rows = [LIST, ["合计", "", "90.00", "95.00"], ["货物", "", "" if heading else "40.00", "" if heading else "45.00"]]
    after: Rows = [["清河外国语学校", "", "10.00", "10.00"], ["服务", "", "50.00", "50.00"], ["清河教育局（本级）", "", "50.00", "50.00"]]
    found = lines(page("政府采购预算表", "单位：万元", [*before, last]), page([first, *after], number=2))
    return [(line.name, line.amount_text, line.page) for line in found if line.column == 4][1 if heading else 2 : -3]


@pytest.mark.parametrize(
    ("upper", "lower"), [("清河市第", "三中学"), ("清河市特殊教育学", "校"), ("市级教育装备", "采购中心"), ("计算机设备维", "修和保养服务")]
)
def test_a_name_cut_before_its_amounts_is_one(upper: str, lower: str) -> None:
    assert names([upper, "", "", ""], [lower, "", "30.00", "35.00"]) == [(upper + lower, "35.00", 2)]


@pytest.mark.parametrize(("upper", "lower"), [("清河市第", "三中学"), ("计算机设备维", "修和保养服务")])
def test_a_name_cut_behind_its_amounts_is_one(upper: str, lower: str) -> None:
    assert names([upper, "", "30.00", "35.00"], [lower, "", "", ""]) == [(upper + lower, "35.00", 1)]


def test_a_heading_without_amounts_at_the_foot_of_a_page_is_no_name_where_others_have_none() -> None:
    assert names(["工程", "", "", ""], ["校舍维修", "", "30.00", "35.00"], heading=True) == [("校舍维修", "35.00", 2)]


def test_a_row_with_words_in_further_columns_is_one_of_its_own() -> None:
    assert names(["工程", "", "", ""], ["校舍维修", "校舍项目", "30.00", "35.00"])[0][0] in ("校舍维修", "校舍项目")


def test_a_total_on_the_next_page_is_no_rest() -> None:
    assert names(["清河市第", "", "", ""], ["小计", "", "30.00", "35.00"]) == [("小计", "35.00", 2)]


# --- numbered names, of which most print no amount -----------------------------------------------------------------

CLASSES = ["一、一般公共服务支出", "二、公共安全支出", "三、教育支出", "四、自然资源海洋气象等支"]


def classes(first: str, last: str = CLASSES[-1]) -> list[tuple[str, str | None]]:
    """What a summary prints on its second page, which begins with `first`: names and codes of what has an amount."""
    before: Rows = [
        ["收入", "<", "支出", "<"],
        ["项目", "预算数", "项目", "预算数"],
        *(["", "", name, ""] for name in [*CLASSES[:-1], last]),
    ]
    before[2][:2] = ["一、一般公共预算拨款收入", "3.00"]
    after: Rows = [["", "", first, ""], ["", "", "五、住房保障支出", "3.00"], ["收入总计", "3.00", "支出总计", "3.00"]]
    found = lines(page("收支总表", "单位：万元", before), page(after, number=2))
    return [(line.name, line.code) for line in found if line.flow == "expenditure" and line.level]


def test_a_numbered_name_without_an_amount_goes_on_over_the_page() -> None:
    assert classes("出") == [("住房保障支出", "221")]


def test_a_row_that_names_a_nature_is_no_rest_of_the_name_above() -> None:
    assert classes("结转下年", last="四、卫生健康支出") == [("住房保障支出", "221")]
