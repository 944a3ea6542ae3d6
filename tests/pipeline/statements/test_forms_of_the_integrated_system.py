"""Forms of the integrated system: codes before units' names, kinds of projects as columns, projects beside their functions."""

from __future__ import annotations

import pytest

from pipeline.statements.meaning.row_names import clean_name
from pipeline.statements.meaning.unit_rows import unit_name
from tests.pipeline.statements.paper import ABOVE, LEFT, lines, page, statements

HEAD = ["科目编码", "单位/科目名称", "合计", "基本支出", "项目支出"]
CLASSES = [
    ["208", "社会保障和就业支出", "20.00", "20.00", ""],
    ["20805", "行政事业单位养老支出", "20.00", "20.00", ""],
    ["2080505", "机关事业单位基本养老保险缴费支出", "20.00", "20.00", ""],
]


def _totals(*rows: list[str], title: str = "部门支出总表", department: str = "清风县水利局"):
    found = lines(page(title, "单位：万元", [HEAD, ["", "合计", "40.00", "40.00", ""], *rows]), department=department)
    return [(line.scheme, line.code, line.name, line.unit, line.is_leaf) for line in found if line.column == 3 and line.level]


@pytest.mark.parametrize("printed", ["305002-清风县水文站", "[305002]清风县水文站", "305002清风县水文站", "305002_清风县水文站"])
def test_the_budget_code_in_front_of_a_unit_s_name_is_no_part_of_it(printed: str):
    found = _totals(["", printed, "40.00", "40.00", ""], *CLASSES)
    assert found[0] == ("unit", "305002", "清风县水文站", None, False)
    assert {unit for *_, unit, _ in found[1:]} == {"清风县水文站"}


def test_a_year_in_front_of_a_name_is_no_budget_code():
    assert unit_name("2024年清风县水文站") == (None, "2024年清风县水文站")
    assert unit_name("3024清风县水文站") == ("3024", "清风县水文站")


def test_a_department_s_code_may_be_that_of_a_class():
    found = _totals(
        ["305", "清风县水利局", "40.00", "40.00", ""],
        ["305001", "清风县水利局机关", "20.00", "20.00", ""],
        *CLASSES,
        ["305002", "清风县水文站", "20.00", "20.00", ""],
        *CLASSES,
    )
    assert [row[:3] for row in found if row[0] == "unit"] == [
        ("unit", "305", "清风县水利局"),
        ("unit", "305001", "清风县水利局机关"),
        ("unit", "305002", "清风县水文站"),
    ]
    assert [row[1] for row in found if row[4]] == ["2080505", "2080505"]


def test_a_department_coded_as_a_class_that_stands_below_it_as_well():
    rows = [["208", "清风县民政局", "20.00", "20.00", ""], *CLASSES]
    found = _totals(*rows, department="清风县财政局")
    assert found[0][:3] == ("unit", "208", "清风县民政局")
    assert [(row[1], row[3]) for row in found[1:]] == [(code, "清风县民政局") for code in ("208", "20805", "2080505")]


def test_a_class_that_bears_a_body_s_name_stays_one_where_its_rows_follow():
    found = _totals(["208", "清风县民政局", "20.00", "20.00", ""], *CLASSES[1:], department="清风县财政局")
    assert found[0][:2] == ("function", "208")


PARTS = ["科目编码", "科目名称", "合计", "基本支出", LEFT, LEFT, LEFT, "项目支出"]
BELOW = [ABOVE, ABOVE, ABOVE, "小计", "人员经费", "公用经费", "对个人和家庭的补助", ABOVE]


def _natures(header: list[list[str]], *rows: list[str]):
    (found,) = statements(page("一般公共预算支出表", "单位：万元", [*header, *rows]))
    assert found.lines
    own = {line.column: (line.nature, line.column_evidence, line.is_leaf) for line in found.lines if line.code == "2130301"}
    return [own.get(column) for column in range(3, len(header[0]) + 1)]


def test_money_for_individuals_beside_staff_and_running_costs_is_staff_s_where_the_sums_need_it():
    found = _natures(
        [PARTS, BELOW],
        ["", "合计", "100.00", "70.00", "50.00", "15.00", "5.00", "30.00"],
        ["2130301", "行政运行", "70.00", "70.00", "50.00", "15.00", "5.00", ""],
        ["2130305", "水利工程建设", "30.00", "", "", "", "", "30.00"],
    )
    assert found[2:5] == [
        ("basic_personnel", "printed", True),
        ("basic_operating", "printed", True),
        ("basic_personnel", "solved", True),
    ]


def test_money_for_individuals_that_the_sums_do_not_need_stays_open():
    found = _natures(
        [PARTS, BELOW],
        ["", "合计", "100.00", "70.00", "55.00", "15.00", "5.00", "30.00"],
        ["2130301", "行政运行", "70.00", "70.00", "55.00", "15.00", "5.00", ""],
        ["2130305", "水利工程建设", "30.00", "", "", "", "", "30.00"],
    )
    assert found[4][:2] == (None, "ambiguous")


def test_of_zeros_no_sum_tells_what_they_are_part_of():
    found = _natures(
        [PARTS, BELOW],
        ["", "合计", "100.00", "70.00", "55.00", "15.00", "0.00", "30.00"],
        ["2130301", "行政运行", "70.00", "70.00", "55.00", "15.00", "0.00", ""],
        ["2130305", "水利工程建设", "30.00", "", "", "", "", "30.00"],
    )
    assert found[4][:2] == (None, "ambiguous")


KINDS = ["科目编码", "科目名称", "合计", "人员类项目", "公用经费项目", "其他运转类项目", "特定目标类项目"]


def test_classes_of_projects_are_project_spending_where_they_complete_the_total():
    found = _natures(
        [KINDS],
        ["", "合计", "100.00", "50.00", "20.00", "10.00", "20.00"],
        ["2130301", "行政运行", "100.00", "50.00", "20.00", "10.00", "20.00"],
    )
    assert [each[0] for each in found] == ["total", "basic_personnel", "basic_operating", "project", "project"]
    assert all(leaf for *_, leaf in found)


def test_a_class_of_projects_beside_all_project_spending_is_none_of_the_total():
    found = _natures(
        [["科目编码", "科目名称", "合计", "基本支出", "项目支出", "特定目标类项目"]],
        ["", "合计", "100.00", "70.00", "30.00", "20.00"],
        ["2130301", "行政运行", "100.00", "70.00", "30.00", "20.00"],
    )
    assert found[3][:2] == (None, "ambiguous")


def _projects(head: list[str], *rows: list[str]):
    found = lines(page("项目支出预算表", "单位：万元", [head, *rows]))
    return [(line.scheme, line.code, line.function_code, line.name, line.is_leaf) for line in found if line.column == len(head)]


BOOKED = [("2130305", "水利工程建设", "灌区续建配套工程", "60.00"), ("2130314", "防汛", "防汛物资储备", "11.50")]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (0, 2, 1)])
def test_a_project_is_named_by_itself_wherever_what_it_is_booked_under_stands(order: tuple[int, ...]):
    head = ["功能科目编码", "功能科目名称", "项目名称"]
    rows = [[*(row[n] for n in order), row[3]] for row in BOOKED]
    total = ["合计", "", "", "71.50"] if order[0] else ["", "合计", "", "71.50"]
    assert _projects([*(head[n] for n in order), "合计"], total, *rows) == [
        ("project", None, None, "合计", False),
        ("project", None, "2130305", "灌区续建配套工程", True),
        ("project", None, "2130314", "防汛物资储备", True),
    ]


def test_the_class_above_its_projects_is_no_leaf_of_the_list():
    found = _projects(
        ["功能科目编码", "功能科目名称", "项目名称", "合计"],
        ["", "合计", "", "71.50"],
        ["2130305", "水利工程建设", "", "71.50"],
        ["2130305", "水利工程建设", "灌区续建配套工程", "60.00"],
        ["2130305", "水利工程建设", "灌区维修", "11.50"],
    )
    assert [(name, leaf) for *_, name, leaf in found] == [
        ("合计", False),
        ("水利工程建设", False),
        ("灌区续建配套工程", True),
        ("灌区维修", True),
    ]


def test_a_list_of_projects_by_function_alone_stays_one_by_function():
    found = _projects(["功能科目编码", "项目名称", "合计"], ["", "合计", "71.50"], *[[row[0], row[1], row[3]] for row in BOOKED])
    assert [(scheme, code) for scheme, code, *_ in found[1:]] == [("function", "2130305"), ("function", "2130314")]


LEVELS = [["功能分类科目名称", LEFT, LEFT, "合计"], ["类", "款", "项", ABOVE]]


def test_classes_named_in_columns_of_their_own_tell_rows_of_one_name_apart():
    rows = [
        ["合计", "", "", "100.00"],
        ["一般公共服务支出", "政府办公厅（室）及相关机构事务", "行政运行", "40.00"],
        ["农林水支出", "水利", "行政运行", "35.00"],
        [ABOVE, ABOVE, "水利工程建设", "25.00"],
    ]
    found = lines(page("一般公共预算支出表", "单位：万元", [*LEVELS, *rows]))
    assert [(line.code, line.level, line.name) for line in found[1:]] == [
        ("2010301", 3, "行政运行"),
        ("2130301", 3, "行政运行"),
        ("2130305", 3, "水利工程建设"),
    ]


def test_a_row_below_classes_that_its_name_is_not_of_has_no_code():
    rows = [
        ["合计", "", "", "75.00"],
        ["一般公共服务支出", "水利", "行政运行", "40.00"],
        ["农林水支出", "水利", "水利工程建设", "35.00"],
    ]
    found = lines(page("一般公共预算支出表", "单位：万元", [*LEVELS, *rows]))
    assert [(line.code, line.name) for line in found[1:]] == [(None, "行政运行"), ("2130305", "水利工程建设")]


def test_a_total_spread_over_the_columns_of_codes_leaves_them_codes():
    rows = [["合", "计", "", "75.00"], ["213", "03", "05", "75.00"]]
    found = lines(page("一般公共预算支出表", "单位：万元", [["功能分类科目编码", LEFT, LEFT, "合计"], ["类", "款", "项", ABOVE], *rows]))
    assert [(line.code, line.level) for line in found] == [(None, 0), ("2130305", 3)]


def test_a_heading_over_the_rows_of_a_unit_may_say_that_it_names_one():
    found = _totals(["单位：[305002]清风县水文站", LEFT, LEFT, LEFT, LEFT], *CLASSES, ["208", "社会保障和就业支出", "20.00", "20.00", ""])
    assert {unit for *_, unit, _ in found} == {"清风县水文站"}


def test_a_unit_s_code_may_be_that_of_a_class_of_two_levels():
    rows = [["30501", "清风县水利局机关", "20.00", "20.00", ""], *CLASSES, ["30502", "清风县水文站", "20.00", "20.00", ""], *CLASSES]
    found = _totals(*rows)
    assert [row[:3] for row in found if row[0] == "unit"] == [("unit", "30501", "清风县水利局机关"), ("unit", "30502", "清风县水文站")]
    assert [row[3] for row in found[1:4]] == ["清风县水利局机关"] * 3


def test_codes_of_spending_beside_those_who_spend_it_stay_codes():
    found = _totals(["20502", "清风县第一小学", "20.00", "20.00", ""], ["20503", "清风县第一中学", "20.00", "20.00", ""])
    assert [row[:2] for row in found] == [("function", "20502"), ("function", "20503")]


def test_a_class_named_in_short_as_a_body_is_stays_one():
    rows = [["201", "一般公共服务支出", "40.00", "40.00", ""], ["20103", "政府办公厅", "40.00", "40.00", ""]]
    assert [row[:2] for row in _totals(*rows)] == [("function", "201"), ("function", "20103")]
    assert [row[:2] for row in _totals(rows[1], ["2210201", "住房公积金", "0.00", "0.00", ""])] == [
        ("function", "20103"),
        ("function", "2210201"),
    ]


def test_a_class_with_its_name_may_stand_beside_the_codes_below_it():
    rows = [
        ["合计", LEFT, LEFT, "75.00"],
        ["201 一般公共服务支出", "20103", "政府办公厅（室）及相关机构事务", "40.00"],
        [ABOVE, "2010301", "行政运行", "40.00"],
        ["213 农林水支出", "21303", "水利", "35.00"],
        [ABOVE, "2130305", "水利工程建设", "35.00"],
    ]
    found = lines(page("一般公共预算支出表", "单位：万元", [["类", "科目编码", "科目名称", "合计"], *rows]))
    assert [line.code for line in found] == [None, "20103", "2010301", "21303", "2130305"]


def test_what_a_project_buys_is_a_part_of_it_and_no_project():
    rows = [
        ["合计", "100.00"],
        ["渠道维护", "60.00"],
        ["其中：政府采购", "60.00"],
        ["河道巡查", "40.00"],
        ["其中：政府采购", "10.00"],
    ]
    found = lines(page("项目支出预算表", "单位：万元", [["项目名称", "金额"], *rows]))
    assert [(line.name, line.nature, line.is_leaf) for line in found] == [
        ("合计", "project", False),
        ("渠道维护", "project", True),
        ("政府采购", "of_which_procurement", False),
        ("河道巡查", "project", True),
        ("政府采购", "of_which_procurement", False),
    ]


def test_projects_below_one_that_they_make_up_are_projects():
    rows = [["合计", "100.00"], ["灌区改造", "100.00"], ["其中：渠道衬砌", "60.00"], ["闸门更新", "40.00"]]
    found = lines(page("项目支出预算表", "单位：万元", [["项目名称", "金额"], *rows]))
    assert [(line.name, line.nature, line.is_leaf) for line in found[1:]] == [
        ("灌区改造", "project", False),
        ("渠道衬砌", "project", True),
        ("闸门更新", "project", True),
    ]


@pytest.mark.parametrize(("printed", "name"), [("——水利", "水利"), ("－－水利", "水利"), ("·水利", "水利"), ("—", "—"), ("-5.00", "-5.00")])
def test_strokes_that_show_a_level_are_no_part_of_a_name(printed: str, name: str):
    assert clean_name(printed)[0] == name


@pytest.mark.parametrize("head", ["部门/单位", "单位（部门）", "部门（单位）名称"])
def test_a_column_of_departments_or_units_names_units(head: str):
    rows = [["合计", "", "", "75.00"], ["305001-清风县水文站", "2130305", "水利工程建设", "75.00"]]
    found = lines(page("部门支出总表", "单位：万元", [[head, "科目编码", "科目名称", "合计"], *rows]), department="清风县水利局")
    assert [(line.code, line.unit) for line in found] == [(None, None), ("2130305", "清风县水文站")]


def test_units_may_stand_right_of_the_amounts():
    rows = [
        ["", "合计", "75.00", "", ""],
        ["2130305", "水利工程建设", "35.00", "305001", "清风县水利局机关"],
        ["2130305", "水利工程建设", "40.00", "305002", "清风县水文站"],
    ]
    head = ["科目编码", "科目名称", "合计", "单位编码", "单位名称"]
    found = lines(page("部门支出总表", "单位：万元", [head, *rows]), department="清风县水利局")
    assert [(line.code, line.unit) for line in found] == [(None, None), ("2130305", "清风县水利局机关"), ("2130305", "清风县水文站")]


def test_the_sum_of_a_unit_is_no_unit():
    rows = [
        ["清风县水文站", "2130305", "水利工程建设", "35.00"],
        ["清风县水文站小计", LEFT, LEFT, "35.00"],
        ["清风县灌区管理所", "2130306", "水利工程运行与维护", "40.00"],
        ["清风县灌区管理所小计", LEFT, LEFT, "40.00"],
        ["总计", LEFT, LEFT, "75.00"],
    ]
    found = lines(page("部门支出总表", "单位：万元", [["单位名称", "科目编码", "科目名称", "合计"], *rows]), department="清风县水利局")
    assert [(line.name, line.level, line.unit, line.is_leaf) for line in found] == [
        ("水利工程建设", 3, "清风县水文站", True),
        ("小计", 0, "清风县水文站", False),
        ("水利工程运行与维护", 3, "清风县灌区管理所", True),
        ("小计", 0, "清风县灌区管理所", False),
        ("总计", 0, None, False),
    ]


@pytest.mark.parametrize("head", [["类", "款项"], ["功能分类（类）", "功能分类（款、项）"]])
def test_classes_and_what_is_below_them_in_two_columns(head: list[str]):
    rows = [
        ["合计", "", "75.00", "75.00"],
        ["一般公共服务支出", "政府办公厅（室）及相关机构事务", "40.00", "40.00"],
        ["一般公共服务支出", "行政运行", "40.00", "40.00"],
        ["农林水支出", "水利", "35.00", "35.00"],
        ["农林水支出", "行政运行", "35.00", "35.00"],
    ]
    found = lines(page("一般公共预算支出表", "单位：万元", [[*head, "合计", "基本支出"], *rows]))
    assert [line.code for line in found if line.column == 3] == [None, "20103", "2010301", "21303", "2130301"]
