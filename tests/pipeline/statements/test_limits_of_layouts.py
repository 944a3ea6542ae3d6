"""Where what a layout seems to say is not so: other tables behind one, codes of classes beside bodies, parts that are projects."""

from __future__ import annotations

import dataclasses

import msgspec
import pytest

from pipeline.document.content import Box
from pipeline.statements.meaning.unit_rows import unit_name
from tests.pipeline.statements.paper import ABOVE, LEFT, Rows, grid, lines, page, statements

HEAD = ["科目编码", "科目名称", "合计"]


# --- further sheets ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("above", [[], ["附表九："]])
def test_items_of_three_public_behind_a_table_of_codes_are_none_of_its_columns(above: list[str]):
    left: Rows = [
        ["科目编码", "科目名称", "财政拨款", LEFT],
        [ABOVE, ABOVE, "小计", "一般公共预算"],
        ["201", "一般公共服务支出", "9.00", "9.00"],
    ]
    right: Rows = [["因公出国（境）费", "公务接待费", "公务用车购置费", "公务用车运行费"], ["0.00", "1.00", "0.00", "2.00"]]
    first, second = statements(page("支出总表", "单位：万元", left), page(*above, right, number=2))
    assert {line.column for line in first.lines} == {3, 4}
    assert all(line.code is None for line in second.lines)


def test_a_sheet_that_names_all_spending_anew_is_another_statement():
    """What its only row is called, 合计, every table has."""
    left = [[*HEAD, "基本支出"], ["", "合计", "9.00", "5.00"]]
    right = [["科目编码", "科目名称", "本年支出", "年末结转"], ["", "合计", "0.00", "0.00"]]
    first, second = statements(page("一般公共预算支出表", "单位：万元", left), page(right, number=2))
    assert [line.amount for line in first.lines] == [90_000, 50_000]
    assert second.kind == "other"


def test_sheets_that_repeat_labels_below_a_line_of_their_own_are_another_table():
    left = [[*HEAD, "基本支出"], ["201", "公共服务", "9.00", "5.00"], ["205", "教育", "4.00", "3.00"]]
    right = [["科目编码", "科目名称", "项目支出"], ["201", "公共服务", "4.00"], ["205", "教育", "1.00"]]
    found = statements(page("支出总表", "单位：万元", left), page("其他资金安排", right, number=2))
    assert all(line.column < 5 for statement in found for line in statement.lines)


@pytest.mark.parametrize(("over", "tables"), [(["2022年"], 2), (["2023年度"], 1), ([], 1)])
def test_rows_under_another_year_are_another_table(over: list[str], tables: int):
    rows: Rows = [HEAD, ["201", "一般公共服务支出", "9.00"], ["205", "教育支出", "4.00"]]
    found = statements(page("支出总表（2023年）", "单位：万元", rows), page(*over, rows, number=2))
    assert len(found) == tables
    assert len(found[0].lines) == (4 if tables == 1 else 2)


# --- codes of classes beside bodies --------------------------------------------------------------------------------


def test_bodies_of_one_code_spend_in_its_class():
    rows = [["20502", "普通教育", "60.00"], ["20502", "清风县第一小学", "20.00"], ["20502", "清风县第二小学", "40.00"]]
    found = lines(page("支出总表", "单位：万元", [HEAD, *rows]))
    assert [(line.scheme, line.code, line.unit) for line in found] == [("function", "20502", None)] * 3


def test_a_body_below_the_class_of_its_code_spends_in_it():
    rows = [["208", "社会保障和就业支出", "60.00"], ["208", "清风县民政局", "20.00"], ["210", "卫生健康支出", "40.00"]]
    found = lines(page("支出总表", "单位：万元", [HEAD, *rows]))
    assert [(line.scheme, line.unit) for line in found] == [("function", None)] * 3


def _coded_units(*codes: str):
    named = [
        ["单位编码", "单位名称", "合计"],
        ["", "合计", "40.00"],
        ["305001", "清风县水利局本级", "15.00"],
        ["305002", "清风县水文站", "25.00"],
    ]
    rows = [
        ["213", "农林水支出", "15.00"],
        ["2130301", "行政运行", "15.00"],
        ["213", "农林水支出", "25.00"],
        ["2130305", "水利工程建设", "25.00"],
    ]
    spent = [["单位编码", *HEAD], ["", "", "合计", "40.00"], *([code, *row] for code, row in zip(codes, rows, strict=True))]
    _, found = statements(
        page("部门收入总表", "单位：万元", named), page("部门支出总表", "单位：万元", spent, number=2), department="清风县水利局"
    )
    return [(line.unit, line.is_leaf) for line in found.lines if line.level]


def test_a_unit_s_code_at_its_first_row_alone_parts_no_class_from_what_is_below_it():
    assert _coded_units("305001", "", "305002", "") == [(None, False), (None, True)] * 2
    assert _coded_units("305001", "305001", "305002", "305002") == [
        ("清风县水利局本级", False),
        ("清风县水利局本级", True),
        ("清风县水文站", False),
        ("清风县水文站", True),
    ]


# --- classes in columns --------------------------------------------------------------------------------------------


def test_the_sum_of_a_class_is_of_the_class_to_its_left():
    rows = [
        ["合计", "", "", "100.00"],
        ["农林水支出", "小计", "", "75.00"],
        ["农林水支出", "水利", "小计", "45.00"],
        ["农林水支出", "水利", "行政运行", "45.00"],
        ["农林水支出", "林业和草原", "小计", "30.00"],
        ["农林水支出", "林业和草原", "行政运行", "30.00"],
        ["教育支出", "小计", "", "25.00"],
        ["教育支出", "普通教育", "小学教育", "25.00"],
    ]
    found = lines(page("一般公共预算支出表", "单位：万元", [["类", "款", "项", "合计"], *rows]))
    assert [line.code for line in found] == [None, "213", "21303", "2130301", "21302", "2130201", "205", "2050202"]


# --- parts and wholes ----------------------------------------------------------------------------------------------


def test_a_project_named_after_a_part_is_a_project():
    rows = [["合计", "100.00"], ["信息化", "100.00"], ["其中：政府采购设备", "60.00"], ["网络维护", "40.00"]]
    found = lines(page("项目支出预算表", "单位：万元", [["项目名称", "金额"], *rows]))
    assert [(line.nature, line.is_leaf) for line in found] == [("project", False), ("project", False), ("project", True), ("project", True)]
    said = lines(page("项目支出预算表", "单位：万元", [["项目名称", "金额"], *rows[:2], ["其中：政府采购金额", "60.00"]]))
    assert [(line.nature, line.is_leaf) for line in said[1:]] == [("project", True), ("of_which_procurement", False)]


def test_items_of_other_funds_are_no_parts_of_one_whatever_they_come_to():
    rows = [
        ["一、财政拨款收入", "5.00"],
        ["二、事业收入", "3.00"],
        ["三、其他收入", "2.00"],
        ["四、上级补助收入", "5.00"],
        ["本年收入合计", "10.00"],
    ]
    found = lines(page("收入总表", "单位：万元", [["项目", "预算数"], *rows]))
    assert [line.is_leaf for line in found] == [True, True, True, True, False]


def test_a_total_over_rows_of_no_known_fund_is_no_leaf():
    rows = [
        ["", "合计", "10.00"],
        ["", "一般公共预算", "8.00"],
        ["201", "一般公共服务支出", "8.01"],
        ["", "政府性基金预算", "2.00"],
        ["212", "城乡社区支出", "1.99"],
    ]
    found = lines(page("支出总表", "单位：万元", [HEAD, *rows]))
    assert [(line.fund, line.is_leaf) for line in found if line.code or not line.level] == [("total", False), (None, True), (None, True)]


# --- names ---------------------------------------------------------------------------------------------------------


def test_a_code_beside_a_project_s_name_is_of_whose_project_it_is():
    units: Rows = [
        ["单位编码", "单位名称", "合计"],
        ["", "合计", "40.00"],
        ["305001", "清风县水利局本级", "15.00"],
        ["305002", "清风县水文站", "25.00"],
    ]
    projects: Rows = [
        ["单位编码", "项目名称", "合计"],
        ["", "合计", "40.00"],
        ["305001", "灌区改造", "15.00"],
        ["305002", "水文监测", "25.00"],
    ]
    _, found = statements(
        page("部门收入总表", "单位：万元", units), page("项目支出表", "单位：万元", projects, number=2), department="清风县水利局"
    )
    assert [(line.scheme, line.name, line.unit) for line in found.lines[1:]] == [
        ("project", "灌区改造", "清风县水利局本级"),
        ("project", "水文监测", "清风县水文站"),
    ]
    headed: Rows = [projects[0], ["305002", "清风县水文站", "25.00"], ["", "水文监测", "25.00"]]
    (listed,) = statements(page("项目支出表", "单位：万元", headed), department="清风县水利局")
    assert [(line.scheme, line.name, line.unit) for line in listed.lines] == [
        ("unit", "清风县水文站", None),
        ("project", "水文监测", "清风县水文站"),
    ]


@pytest.mark.parametrize(
    ("printed", "code", "name"),
    [
        ("120急救中心", None, "120急救中心"),
        ("12345政务服务便民热线中心", None, "12345政务服务便民热线中心"),
        ("120清风县科技局", "120", "清风县科技局"),
        ("其中：清风县第一小学", None, "清风县第一小学"),
    ],
)
def test_digits_in_front_of_a_body_s_name(printed: str, code: str | None, name: str):
    assert unit_name(printed) == (code, name)


def _listed(*, centred: bool) -> list[bool]:
    """A list without a total: three rows of which the first comes to the sum of the two after it, with names set in."""
    rows = [
        ["项目名称", "金额"],
        ["防汛抗旱物资储备及维护", "10.00"],
        ["会议", "5.00"],
        ["差旅", "5.00"],
        ["水利工程设施运行养护费", "7.00"],
    ]
    made = grid(rows, widths=[200.0, 80.0])
    cells = []
    for cell in made.cells:
        wide, box = 10.0 * len(cell.text), cell.box
        left = (box.x1 - box.x0 - wide) / 2 if centred else 2.0 + 40.0 * (len(cell.text) == 2)
        cells.append(msgspec.structs.replace(cell, text_box=Box(box.x0 + left, box.y0 + 5, box.x0 + left + wide, box.y0 + 15)))
    return [line.is_leaf for line in lines(page("项目支出表", "单位：万元", dataclasses.replace(made, cells=tuple(cells))))]


def test_names_in_the_middle_of_their_cells_are_not_set_in():
    assert _listed(centred=True) == [True] * 4
    assert _listed(centred=False) == [False, True, True, True]


def test_a_class_with_nothing_below_it_keeps_its_code_beside_classes_in_columns():
    rows = [
        ["合计", "", "75.00"],
        ["教育支出", "", "40.00"],
        ["教育支出", "普通教育", "40.00"],
        ["教育支出", "小学教育", "40.00"],
        ["住房保障支出", "", "35.00"],
    ]
    found = lines(page("一般公共预算支出表", "单位：万元", [["类", "款项", "合计"], *rows]))
    assert [(line.code, line.level) for line in found[1:]] == [("205", 1), ("20502", 2), ("2050202", 3), ("221", 1)]
    assert [line.is_leaf for line in found[1:]] == [False, False, True, True]


def test_strokes_before_a_unit_s_name_are_no_part_of_it():
    assert unit_name("——清风县水文站") == (None, "清风县水文站")
    assert unit_name("305002-清风县水文站") == ("305002", "清风县水文站")
