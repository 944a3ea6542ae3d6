"""Forms of budgets of bodies: sums of units in lists of projects, codes of projects, headers that were torn, digits of one level."""

from __future__ import annotations

import pytest

from pipeline.statements.meaning.purchases import with_kinds_above
from tests.pipeline.statements.paper import ABOVE, LEFT, Rows, lines, page, statements

# --- sums of bodies ------------------------------------------------------------------------------------------------

PROJECTS = ["项目名称", "合计", "一般公共预算"]
TOTAL = ["合计", "117.00", "117.00"]
OFFICE = [["清风县水利局本级小计", "105.00", "105.00"], ["渠道维护", "60.00", "60.00"], ["河道巡查", "45.00", "45.00"]]
STATION = [["清风县水文站小计", "12.00", "12.00"], ["水文监测", "12.00", "12.00"]]


def _projects(*rows: list[str]):
    found = lines(page("项目支出预算表", "单位：万元", [PROJECTS, *rows]), department="清风县水利局")
    return [(line.name, line.level, line.unit, line.is_leaf) for line in found if line.column == 2]


@pytest.mark.parametrize("above", [True, False])
def test_rows_that_a_body_s_sum_heads_or_closes_are_of_that_body(above: bool):
    groups = [[*rows[1:], rows[0]] if above else rows for rows in (OFFICE, STATION)]
    found = _projects(TOTAL, *groups[0], *groups[1])
    assert [unit for *_, unit, _ in found] == [None, *["清风县水利局本级"] * 3, *["清风县水文站"] * 2]
    assert {(name, level, leaf) for name, level, _, leaf in found if level == 0} == {("合计", 0, False), ("小计", 0, False)}
    assert sum(leaf for *_, leaf in found) == 3


def test_a_body_s_sum_that_is_not_one_of_the_rows_beside_it_says_nothing_of_them():
    found = _projects(["合计", "130.00", "130.00"], ["清风县水文站小计", "13.00", "13.00"], ["渠道维护", "60.00", "60.00"])
    assert {unit for *_, unit, _ in found} == {None}


def test_sums_that_hold_both_ways_tell_of_no_side():
    rows = [["渠道维护", "60.00", "60.00"], ["清风县水文站小计", "60.00", "60.00"], ["河道巡查", "60.00", "60.00"]]
    assert {unit for *_, unit, _ in _projects(*rows)} == {None}


def test_sums_of_what_is_no_body_are_no_units():
    found = _projects(
        ["小计", "60.00", "60.00"], ["渠道维护", "60.00", "60.00"], ["运转类项目小计", "12.00", "12.00"], ["巡查", "12.00", "12.00"]
    )
    assert {unit for *_, unit, _ in found} == {None}


def test_the_total_of_a_list_of_units_is_of_units_though_its_header_speaks_of_subjects():
    head = ["单位代码", "单位名称（科目）", "合计", "一般公共预算拨款收入"]
    units = [["305001", "清风县水利局机关", "20.00", "20.00"], ["305002", "清风县水文站", "10.00", "10.00"]]
    total = ["", "合计", "30.00", "30.00"]
    found = lines(page("部门收入总表", "单位：万元", [head, total, *units]), department="清风县水利局")
    assert {line.scheme for line in found} == {"unit"}
    mixed = [*units, ["", "事业收入", "5.00", ""]]
    found = lines(page("部门收入总表", "单位：万元", [head, ["", "合计", "35.00", "30.00"], *mixed]), department="清风县水利局")
    assert [line.scheme for line in found if line.level == 0] == ["revenue_item"] * 2


# --- codes ---------------------------------------------------------------------------------------------------------

LIST = ["项目代码", "项目名称", "功能科目编码", "功能科目名称", "金额"]


@pytest.mark.parametrize("code", ["530122231100001122334", "50010024T000001234567"])
def test_a_project_keeps_its_code_though_its_function_stands_beside_it(code: str):
    rows = [[code, "渠道维护", "2130305", "水利工程建设", "60.00"], [f"{code[:-1]}9", "河道巡查", "2130305", "水利工程建设", "45.00"]]
    found = lines(page("项目支出预算表", "单位：万元", [LIST, *rows]))
    assert [(line.scheme, line.code, line.function_code, line.name) for line in found] == [
        ("project", code, "2130305", "渠道维护"),
        ("project", f"{code[:-1]}9", "2130305", "河道巡查"),
    ]


def test_amounts_under_the_name_of_a_code_are_no_codes():
    """Of a misprinted header; an amount has a point, commas, or fewer digits."""
    for amount in ("1234567.00", "123,456,789", "60.00"):
        found = statements(page("项目支出预算表", "单位：元", [["项目名称", "项目代码", "金额"], ["渠道维护", amount, "60.00"]]))
        assert all(line.code is None for statement in found for line in statement.lines)


def test_a_column_headed_as_one_of_subjects_that_prints_codes_alone_has_codes():
    rows = [["水利资金", "2130305", "75.00"], ["防汛资金", "2130314", "15.00"], ["合计", LEFT, "90.00"]]
    found = lines(page("对下转移支付预算表", "单位：万元", [["项目名称", "功能科目", "合计"], *rows]))
    assert [line.code for line in found] == ["2130305", "2130314", None]


def test_digits_of_one_level_below_the_name_of_the_classification_are_part_of_the_code():
    """The row that says 类, 款 and 项 was read as a row: `208 | 05 | 05` must not become 20805 without its middle."""
    head: Rows = [["", "功能科目", "", "功能科目名称", "总计"], ["类", "款", "项", "", ""]]
    rows = [["208", "05", "05", "机关事业单位基本养老保险缴费支出", "30.00"], ["213", "03", "05", "水利工程建设", "9.00"]]
    found = lines(page("支出总表", "单位：万元", [head[0], ["", "", "", "合计", "39.00"], head[1], *rows]))
    assert [line.code for line in found if line.level] == ["2080505", "2130305"]


def test_names_of_subjects_stay_names_beside_their_codes():
    rows = [["213", "农林水支出", "9.00"], ["2130305", "水利工程建设", "9.00"]]
    found = lines(page("支出总表", "单位：万元", [["功能科目编码", "功能科目", "合计"], *rows]))
    assert [(line.code, line.name) for line in found] == [("213", "农林水支出"), ("2130305", "水利工程建设")]


# --- torn headers --------------------------------------------------------------------------------------------------

BODY = [["208", "社会保障和就业支出", "30.00", "30.00", "28.00", "2.00"], ["213", "农林水支出", "9.00", "9.00", "8.00", "1.00"]]


def test_a_group_s_heading_over_one_of_its_columns_does_not_name_it():
    torn: Rows = [["科目编码", "科目名称", "合计", "", "基本支出", ""], ["", "", "", "小计", "人员经费", "公用经费"]]
    torn = [[*torn[0]], ["", "功能分类", "", "", "", ""], [*torn[1]]]
    (found,) = statements(page("支出总表", "单位：万元", [*torn, *BODY]))
    assert not [line for line in found.lines if line.column == 5 and line.column_evidence == "printed" and line.nature != "basic_personnel"]


def test_amounts_of_parts_set_left_of_those_of_wholes_below_one_name_are_understood():
    head: Rows = [["科目编码", "科目名称", "基本支出", LEFT]]
    rows = [
        ["301", "工资福利支出", "", "362.47"],
        ["30101", "基本工资", "362.47", ""],
        ["302", "商品和服务支出", "", "34.00"],
        ["30201", "办公费", "34.00", ""],
    ]
    (found,) = statements(page("一般公共预算基本支出表", "单位：万元", [*head, *rows]))
    assert {(line.nature, line.column_evidence) for line in found.lines} == {("basic", "printed")}


def test_a_header_whole_over_its_columns_is_understood():
    whole: Rows = [["科目编码", "科目名称", "合计", "基本支出", LEFT, LEFT], [ABOVE, ABOVE, ABOVE, "小计", "人员经费", "公用经费"]]
    (found,) = statements(page("支出总表", "单位：万元", [*whole, *BODY]))
    assert {line.column_evidence for line in found.lines} == {"printed"}


def test_a_list_of_purchases_without_rows_has_no_kinds():
    assert with_kinds_above([]) == []
