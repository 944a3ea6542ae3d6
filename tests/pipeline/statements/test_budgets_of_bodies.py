"""Forms of budgets of bodies: sums of units in lists of projects, codes of projects, headers that were torn, digits of one level."""

from __future__ import annotations

import pytest

from pipeline.accounting.identities import evaluate_identities
from pipeline.budget.codes.printed_codes import join_code
from pipeline.statements.meaning.purchases import with_kinds_above
from pipeline.statements.meaning.table_heading import read_heading
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


@pytest.mark.parametrize("over", [["一、基本支出", LEFT, LEFT, LEFT], ["", "", "", ""], ["2130301", "行政运行", "——", "——"]])
def test_a_row_without_amounts_over_the_first_amounts_tears_no_header(over: list[str]):
    rows = [over, ["213", "农林水支出", "9.00", "9.00"]]
    found = lines(page("支出总表", "单位：万元", [["科目编码", "科目名称", "合计", "基本支出"], *rows]))
    assert {line.column_evidence for line in found} == {"printed"}


def test_a_name_of_a_column_that_reaches_into_the_first_row_tears_no_header():
    rows: Rows = [["指导性目录", LEFT, LEFT, "预算金额"], ["一级", "二级", "三级", ABOVE], ["合 计", "", "", "9.00"]]
    rows = [*rows, ["01-公共服务", "0101-公共安全服务", "安全风险评估服务", "9.00"]]
    found = lines(page("政府购买服务预算表", "单位：万元", rows))
    assert {line.column_evidence for line in found} == {"printed"}


def test_a_header_whole_over_its_columns_is_understood():
    whole: Rows = [["科目编码", "科目名称", "合计", "基本支出", LEFT, LEFT], [ABOVE, ABOVE, ABOVE, "小计", "人员经费", "公用经费"]]
    (found,) = statements(page("支出总表", "单位：万元", [*whole, *BODY]))
    assert {line.column_evidence for line in found.lines} == {"printed"}


def test_a_list_of_purchases_without_rows_has_no_kinds():
    assert with_kinds_above([]) == []


# --- codes that the rows above, or strokes, complete ---------------------------------------------------------------


def test_a_code_that_no_list_has_is_kept_where_its_name_is_of_a_code_with_other_digits():
    """The book may know the name of an older code alone: 2130143 says nothing against 2130705."""
    head = [["功能分类科目编码", LEFT, LEFT, "科目名称", "合计"], ["类", "款", "项", ABOVE, ABOVE]]
    rows = [
        ["213", "", "", "农林水支出", "9.00"],
        ["", "07", "", "农村综合改革", "9.00"],
        ["", "", "05", "对村民委员会和村党支部的补助", "9.00"],
    ]
    found = lines(page("支出总表", "单位：万元", [*head, *rows]))
    assert [line.code for line in found] == ["213", "21307", "2130705"]


@pytest.mark.parametrize("stroke", ["-", ".", "－"])
def test_strokes_between_the_levels_of_a_code_are_no_part_of_it(stroke: str):
    rows = [
        [stroke.join(parts), name, "9.00"]
        for *parts, name in (("213", "农林水支出"), ("213", "03", "水利"), ("213", "03", "05", "水利工程建设"))
    ]
    found = lines(page("支出总表", "单位：万元", [["科目编码", "科目名称", "合计"], *rows]))
    assert [(line.code, line.code_source) for line in found] == [(code, "printed") for code in ("213", "21303", "2130305")]


@pytest.mark.parametrize("printed", ["2024-03-05", "213-3", "213-00", "0213-03"])
def test_other_digits_with_strokes_are_no_code(printed: str):
    assert join_code([printed]) is None


# --- amounts in names, two titles in one ----------------------------------------------------------------------------


def test_a_row_whose_name_came_into_one_cell_with_an_amount_is_held():
    rows = [
        ["一般公共预算拨款收入", "9.00", "农林水支出", "9.00"],
        ["事业收入", "", "3.00教育支出", "5.00"],
        ["其他收入", "1.00", "合计4.00", "14.00"],
    ]
    found = lines(page("收支总表", "单位：万元", [["收入", LEFT, "支出", LEFT], ["项目", "预算数", "项目", "预算数"], *rows]))
    assert not [line for line in found if any(char.isdigit() for char in line.name)]
    assert [line.name for line in found if line.column == 4] == ["农林水支出"]


def test_numbers_in_the_names_of_projects_are_theirs():
    rows = [["35.00千伏线路改造", "60.00"], ["排涝站改造1.50", "45.00"]]
    found = lines(page("项目支出预算表", "单位：万元", [["项目名称", "合计"], *rows]))
    assert [line.name for line in found] == [row[0] for row in rows]


@pytest.mark.parametrize(
    ("title", "known"),
    [
        ("一般公共预算基本支出表一般公共预算“三公”经费支出表", False),
        ("一般公共预算基本支出表", True),
        ("附表六一般公共预算基本支出表", True),
        ("一般公共预算基本支出表（部门预算经济分类表）", True),
    ],
)
def test_two_titles_on_one_line_are_of_tables_side_by_side(title: str, known: bool):
    assert (read_heading([title, "单位：万元"]).meaning is not None) == known


# --- units beside the middle of their rows ---------------------------------------------------------------------------

UNITS = [["单位名称", "科目编码", "科目名称", "合计"]]


def _units(rows: list[list[str]], department: str = "清风县水利局"):
    found = lines(page("部门支出总表", "单位：万元", [*UNITS, ["", "", "合计", "27.00"], *rows]), department=department)
    return [(line.code, line.unit) for line in found if line.level]


FIRST = [
    ["", "208", "社会保障和就业支出", "5.00"],
    ["", "2080505", "机关事业单位基本养老保险缴费支出", "5.00"],
    ["", "213", "农林水支出", "7.00"],
]
SECOND = [
    ["", "208", "社会保障和就业支出", "6.00"],
    ["", "2080505", "机关事业单位基本养老保险缴费支出", "6.00"],
    ["", "213", "农林水支出", "9.00"],
]


def _named(rows: list[list[str]], at: int, name: str) -> list[list[str]]:
    return [[name if n == at else "", *row[1:]] for n, row in enumerate(rows)]


def test_a_name_beside_the_middle_of_a_unit_s_rows_is_of_all_of_them():
    found = _units([*_named(FIRST, 1, "清风县水利局机关"), *_named(SECOND, 1, "清风县水文站")])
    assert [unit for _, unit in found] == ["清风县水利局机关"] * 3 + ["清风县水文站"] * 3


def test_names_on_the_first_row_of_their_unit_go_on_below_it():
    whole = [["", code, name, f"{n}.00"] for n, (_, code, name, _) in enumerate(FIRST, 11)]
    found = _units([*whole, *_named(FIRST, 0, "清风县水利局机关"), *_named(SECOND, 0, "清风县水文站")])
    assert [unit for _, unit in found] == [None] * 3 + ["清风县水利局机关"] * 3 + ["清风县水文站"] * 3


def test_rows_of_units_that_nothing_tells_apart_are_of_none():
    assert _units([*_named(FIRST, 1, "清风县水利局机关"), *SECOND]) == []


def test_names_of_units_of_one_row_below_one_another_are_not_one_name():
    single = [["清风县水利局机关", "2130301", "行政运行", "5.00"], ["清风县水文站", "2130305", "水利工程建设", "7.00"]]
    more = _named([*FIRST, ["", "2130301", "行政运行", "7.00"]], 2, "清风县河道所")
    assert not any("清风县水利局机关清风县水文站" in (unit or "") for _, unit in _units([*single, *more]))


@pytest.mark.parametrize("middle", [[], ["210"], ["210", "211"]])
def test_a_code_out_of_order_is_not_given_to_the_unit_below(middle: list[str]):
    """The names stand on the first rows: nothing but the order of codes would say that 201 begins the second unit."""
    codes = ["208", *middle, "213"]
    office = [["清风县水利局机关" if n == 0 else "", code, "", "5.00"] for n, code in enumerate([*codes, "201"])]
    station = [["清风县水文站" if n == 0 else "", code, "", "6.00"] for n, code in enumerate(codes)]
    assert ("201", "清风县水文站") not in _units([*office, *station])


def test_a_name_far_off_the_middle_of_its_rows_is_not_of_all_of_them():
    rows = [["", code, "", "5.00"] for code in ("205", "208", "210", "213", "221")]
    found = _units([*_named(rows, 4, "清风县水利局机关"), *_named(rows, 2, "清风县水文站")])
    assert not any(unit == "清风县水利局机关" for code, unit in found if code == "205")


def test_names_that_most_rows_print_are_those_of_their_rows():
    rows = [["清风县水利局机关", *FIRST[0][1:]], ["清风县水利局机关", *FIRST[1][1:]], ["", *FIRST[2][1:]], ["清风县水文站", *SECOND[1][1:]]]
    assert [unit for _, unit in _units(rows)] == ["清风县水利局机关"] * 3 + ["清风县水文站"]


# --- sums over two classifications -----------------------------------------------------------------------------------


def test_economic_rows_below_their_functions_are_no_second_part_of_the_total():
    head = ["科目编码", "科目名称", "合计"]
    rows = [["", "合计", "14.00"], ["213", "农林水支出", "9.00"], ["2130301", "行政运行", "9.00"], ["30101", "基本工资", "7.00"]]
    rows += [
        ["30201", "办公费", "2.00"],
        ["221", "住房保障支出", "5.00"],
        ["2210201", "住房公积金", "5.00"],
        ["30113", "住房公积金", "5.00"],
    ]
    found = statements(page("一般公共预算支出明细表", "单位：万元", [head, *rows]))
    results = evaluate_identities(found[0].lines, [(1, found[0].kind, found[0].title)], ())
    assert not [result.detail for result in results if result.outcome == "fail"]
    assert any(result.outcome == "pass" and result.equation.check_id == "H1" for result in results)


# --- two classifications beside each other ---------------------------------------------------------------------------

TORN = ["部门预算支出经济分类科目", LEFT, LEFT, LEFT, "政府预算支出经济分类科目", LEFT, "基本支出"]


def _both(*rows: list[str]):
    head = [TORN, ["类", "款", "科目名称", "类", "科目编码款", "科目名称", ABOVE]]
    found = lines(page("一般公共预算基本支出表", "单位：万元", [*head, *rows]))
    return [(line.scheme, line.code, line.government_economic_code) for line in found]


def test_governmental_classes_below_the_heading_of_the_departmental_ones_are_governmental():
    found = _both(
        ["301", "01", "基本工资", "501", "01", "工资奖金津补贴", "9.00"], ["302", "11", "差旅费", "502", "01", "办公经费", "1.00"]
    )
    assert found == [("department_economic", "30101", "50101"), ("department_economic", "30211", "50201")]


def test_digits_of_the_departmental_classes_alone_stay_departmental():
    head = [["科目编码", LEFT, "科目名称", "合计"], ["类", "款", ABOVE, ABOVE]]
    found = lines(page("一般公共预算基本支出表", "单位：万元", [*head, ["301", "01", "基本工资", "9.00"], ["302", "11", "差旅费", "1.00"]]))
    assert [(line.scheme, line.code) for line in found] == [("department_economic", "30101"), ("department_economic", "30211")]


@pytest.mark.parametrize("digits", [False, True], ids=["whole codes", "digits of each level"])
def test_names_behind_governmental_codes_below_a_heading_of_both_are_not_those_of_the_departmental_row(digits: bool):
    if digits:
        half = ["经济科目编码", LEFT, "经济科目名称"]
        head = [[*half, *half, "合计"], ["类", "款", ABOVE, "类", "款", ABOVE, ABOVE]]
        rows = [
            ["301", "01", "基本工资", "501", "01", "工资奖金津补贴", "9.00"],
            ["301", "07", "绩效工资", "505", "01", "工资福利支出", "4.00"],
        ]
    else:
        head = [[*["经济科目编码", "经济科目名称"] * 2, "合计"]]
        rows = [["30101", "基本工资", "50101", "工资奖金津补贴", "9.00"], ["30107", "绩效工资", "50501", "工资福利支出", "4.00"]]
    found = lines(page("一般公共预算基本支出表", "单位：万元", [*head, *rows]))
    assert [(line.code, line.name, line.government_economic_code) for line in found] == [
        ("30101", "基本工资", "50101"),
        ("30107", "绩效工资", "50501"),
    ]


@pytest.mark.parametrize(("first", "known"), [("更新数", False), ("小计", True)])
def test_an_unknown_column_beside_a_part_of_an_item_is_not_the_item(first: str, known: bool):
    head: Rows = [["单位", "合计", "公务用车购置及运行费", LEFT, "公务接待费"], [ABOVE, ABOVE, first, "运行费", ABOVE]]
    found = lines(page("一般公共预算“三公”经费支出表", "单位：万元", [*head, ["清风县水利局", "8.00", "3.00", "3.00", "1.00"]]))
    (own,) = [line for line in found if line.column == 3]
    assert (own.code == "vehicles") == known
    assert (own.column_evidence == "printed") == known
