"""Final accounts and comparisons as they are printed: only money of its own year and measure is a budget."""

from __future__ import annotations

import pytest

from pipeline.accounting.identities import identity_checks
from tests.pipeline.statements.paper import ABOVE, LEFT, lines, of_column, page, statements


def _says(found, column):
    line = of_column(found, column)
    return line.flow, line.fund, line.nature, line.measure


def test_column_numbers_beside_the_parts_of_a_code_are_no_amounts():
    table = page(
        "支出决算表",
        "单位：万元",
        [
            ["项目", LEFT, LEFT, LEFT, "本年支出合计", "基本支出", "项目支出"],
            ["功能分类科目编码", LEFT, LEFT, "科目名称", ABOVE, ABOVE, ABOVE],
            ["类", "款", "项", "栏次", "1", "2", "3"],
            [ABOVE, ABOVE, ABOVE, "合计", "30.00", "10.00", "20.00"],
            ["201", LEFT, LEFT, "一般公共服务支出", "30.00", "10.00", "20.00"],
        ],
    )
    found = lines(table, kind="final_account")
    assert [(line.name, line.amount_text) for line in found if line.column == 5] == [("合计", "30.00"), ("一般公共服务支出", "30.00")]
    assert {line.measure for line in found} == {"final"}


def test_a_summary_in_three_parts_keeps_its_line_numbers_and_measures_apart():
    table = page(
        "收入支出决算总表",
        "单位：万元",
        [
            ["收入", LEFT, LEFT, LEFT, "支出", LEFT, LEFT, LEFT, LEFT, LEFT, LEFT, LEFT],
            [
                *("项目", "行次", "年初预算数", "决算数", "项目（按功能分类）", "行次", "年初预算数", "决算数"),
                *("项目（按支出性质和经济分类）", "行次", "年初预算数", "决算数"),
            ],
            ["栏次", "", "1", "2", "栏次", "", "3", "4", "栏次", "", "5", "6"],
            [
                *("一、一般公共预算财政拨款收入", "1", "9.00", "12.00", "一、一般公共服务支出", "4", "9.00", "12.00"),
                *("一、基本支出", "7", "5.00", "6.00"),
            ],
            ["", "2", "", "", "", "5", "", "", "二、项目支出", "8", "4.00", "6.00"],
            ["", "", "", "", "", "", "", "", "　　其中：基本建设类项目", "9", "1.00", "2.00"],
            ["", "", "", "", "", "", "", "", "经济分类支出合计", "10", "9.00", "12.00"],
            ["", "", "", "", "", "", "", "", "　　工资福利支出", "11", "9.00", "12.00"],
            ["本年收入合计", "3", "9.00", "12.00", "本年支出合计", "6", "9.00", "12.00", "本年支出合计", "12", "9.00", "12.00"],
        ],
    )
    found = lines(table, kind="final_account")
    assert {line.column: line.measure for line in found} == {3: "budget", 4: "final", 7: "budget", 8: "final", 11: "budget", 12: "final"}
    third = [(line.scheme, line.code, line.level, line.nature, line.amount_text) for line in found if line.column == 12]
    assert third == [
        ("department_economic", None, 0, "basic", "6.00"),
        ("department_economic", None, 0, "project", "6.00"),
        ("department_economic", None, 0, "of_which_capital_construction", "2.00"),
        ("department_economic", None, 0, "total", "12.00"),
        ("department_economic", "301", 1, "total", "12.00"),
        ("department_economic", None, 0, "total", "12.00"),
    ]
    assert next(line.code for line in found if line.column == 8) == "201"


def test_a_statement_from_the_opening_to_the_closing_balance_keeps_its_four_parts_apart():
    table = page(
        "政府性基金预算财政拨款收入支出决算表",
        "单位：万元",
        [
            ["项目", LEFT, "年初结转和结余", "本年收入", "本年支出", LEFT, LEFT, "年末结转和结余", LEFT],
            ["科目编码", "科目名称", ABOVE, ABOVE, "小计", "基本支出", "项目支出", "合计", "项目支出结转和结余"],
            ["229", "其他支出", "10.00", "100.00", "105.00", "1.00", "104.00", "5.00", "4.00"],
        ],
    )
    found = lines(table, kind="final_account")
    assert {column: _says(found, column) for column in range(3, 10)} == {
        3: ("revenue", "carryover_government_fund", "total", "final"),
        4: ("revenue", "government_fund", "total", "final"),
        5: ("expenditure", "government_fund", "total", "final"),
        6: ("expenditure", "government_fund", "basic", "final"),
        7: ("expenditure", "government_fund", "project", "final"),
        8: ("expenditure", "government_fund", "carryforward", "final"),
        9: ("expenditure", "government_fund", "of_which_carryforward_project", "final"),
    }


def test_counts_of_heads_and_things_are_no_money():
    table = page(
        "机构运行信息表",
        "单位：万元",
        [
            ["项目", "行次", "统计数"],
            ["（一）支出合计", "1", "46.00"],
            ["1．因公出国（境）费", "2", "30.00"],
            ["2．公务接待费", "3", "16.00"],
            ["因公出国（境）团组数（个）", "4", "3"],
            ["国内公务接待人次（人）", "5", "380"],
            ["（一）车辆数合计（辆）", "6", "12"],
            ["1．主要负责人用车", "7", "1"],
            ["（一）政府采购支出合计", "8", "25.50"],
        ],
    )
    (statement,) = statements(table, kind="final_account")
    assert [line.amount_text for line in statement.lines] == ["46.00", "30.00", "16.00", "25.50"]
    assert statement.amounts_printed == 4


def test_columns_of_counts_are_no_money():
    table = page(
        "“三公”经费支出决算表",
        "单位：万元",
        [
            ["合计", "公务接待费", "因公出国（境）费", "公务用车购置数（辆）", "国内公务接待人次（人）"],
            ["3.00", "1.00", "2.00", "4", "56"],
        ],
    )
    assert {line.column for line in lines(table, kind="final_account")} == {1, 2, 3}


def test_what_stands_below_a_three_public_item_repeats_a_part_of_it():
    table = page(
        "“三公”经费支出决算表",
        "单位：万元",
        [
            ["项目", "行次", "预算数", "决算数"],
            ["合计", "1", "12.00", "10.00"],
            ["1.因公出国（境）费", "2", "", ""],
            ["2.公务接待费", "3", "12.00", "10.00"],
            ["（1）国内接待费", "4", "—", "9.00"],
            ["因公出国（境）团组数（个）", "5", "—", "2"],
        ],
    )
    found = lines(table, kind="final_account")
    assert [(line.name, line.nature) for line in found if line.measure == "final" and line.is_leaf] == [
        ("公务接待费", "total"),
        ("国内接待费", "of_which_other"),
    ]


def test_the_year_before_its_change_and_rates_are_no_budget():
    table = page(
        "一般公共预算支出表",
        "单位：万元",
        [
            ["科目编码", "科目名称", "2022年执行数", "2023年预算数", LEFT, LEFT, "2023年预算数比2022年执行数", LEFT],
            [ABOVE, ABOVE, ABOVE, "合计", "基本支出", "项目支出", "增减额", "增减%"],
            ["201", "一般公共服务支出", "80.00", "90.00", "60.00", "30.00", "10.00", "12.50"],
        ],
    )
    found = lines(table)
    assert {line.column: (line.fund, line.nature, line.measure) for line in found} == {
        3: ("general_public", "total", "prior_year_final"),
        4: ("general_public", "total", "budget"),
        5: ("general_public", "basic", "budget"),
        6: ("general_public", "project", "budget"),
        7: ("general_public", "total", "change"),
    }


def test_a_fund_inside_another_that_is_no_part_of_it_by_name_repeats_some_of_it():
    table = page(
        "收入总表",
        "单位：万元",
        [
            ["科目编码", "科目名称", "合计", "财政拨款收入", LEFT, "事业收入", LEFT],
            [ABOVE, ABOVE, ABOVE, "小计", "其中：一般公共预算", "金额", "其中：教育收费"],
            ["205", "教育支出", "30.00", "20.00", "20.00", "10.00", "4.00"],
        ],
    )
    assert {line.column: (line.fund, line.nature) for line in lines(table)} == {
        3: ("total", "total"),
        4: ("fiscal_appropriation", "total"),
        5: ("general_public", "total"),
        6: ("business", "total"),
        7: ("business", "of_which_other"),
    }


def _checks(*pages):
    found = statements(*pages)
    every = [line for statement in found for line in statement.lines]
    return identity_checks(every, [(s.number, s.kind, s.title) for s in found])


def _summary_and_table(total, *classes):
    summary = page(
        "财政拨款收支总表",
        "单位：万元",
        [
            ["收入", LEFT, "支出", LEFT, LEFT],
            ["项目", "预算数", "项目", "合计", "一般公共预算"],
            ["一、本年收入", "90.00", "一、本年支出", "100.00", "100.00"],
            ["（一）一般公共预算拨款", "90.00", "（一）一般公共服务支出", "70.00", "70.00"],
            ["二、上年结转", "10.00", "（二）教育支出", "30.00", "30.00"],
            ["收入总计", "100.00", "支出总计", "100.00", "100.00"],
        ],
    )
    table = page(
        "一般公共预算支出表",
        "单位：万元",
        [["科目编码", "科目名称", "合计"], ["201", "一般公共服务支出", classes[0]], ["205", "教育支出", classes[1]], ["合计", "", total]],
        number=2,
    )
    return summary, table


def test_a_table_that_leaves_carried_over_funds_out_is_no_error():
    checks = [c for c in _checks(*_summary_and_table("90.00", "60.00", "30.00")) if c["check_id"] == "X2"]
    assert {c["outcome"] for c in checks} == {"pass", "not_applicable"}


def test_a_table_that_is_neither_the_expenditure_nor_the_income_is_an_error():
    failed = {c["subject"] for c in _checks(*_summary_and_table("91.00", "61.00", "30.00")) if c["outcome"] == "fail"}
    assert "fiscal_appropriation_summary = general_public_by_function: total" in failed
    assert "fiscal_appropriation_summary = general_public_by_function: 201" in failed


def test_a_wrong_class_is_an_error_where_the_totals_agree():
    failed = {c["subject"] for c in _checks(*_summary_and_table("100.00", "71.00", "29.00")) if c["outcome"] == "fail"}
    assert "fiscal_appropriation_summary = general_public_by_function: 201" in failed


def test_the_part_of_this_year_beside_carry_over_is_not_the_whole_again():
    table = page(
        "一般公共预算支出预算表",
        "单位：万元",
        [
            ["科目编码", "科目名称", "合计", "当年财政拨款安排", "上年结转安排"],
            ["201", "一般公共服务支出", "30.00", "20.00", "10.00"],
        ],
    )
    assert [line.fund for line in lines(table)] == ["general_public", "current_year", "carryover_general_public"]


def test_a_class_named_above_its_coded_rows_bears_their_code():
    table = page(
        "财政拨款支出预算表（部门经济分类科目）",
        "单位：万元",
        [
            ["科目编码", LEFT, "单位名称（科目）", "总计"],
            ["类", "款", ABOVE, ABOVE],
            ["", "", "合计", "50.00"],
            ["", "", "工资福利支出", "30.00"],
            ["301", "01", "基本工资", "30.00"],
            ["", "", "商品和服务支出", "20.00"],
            ["302", "01", "办公费", "20.00"],
        ],
    )
    found = lines(table)
    assert [(line.code, line.is_leaf) for line in found] == [
        (None, False),
        ("301", False),
        ("30101", True),
        ("302", False),
        ("30201", True),
    ]
    assert {(line.statement, line.scheme) for line in found} == {("other", "department_economic")}


def test_the_department_above_its_units_is_the_total_again():
    table = page(
        "部门收入总表",
        "单位：万元",
        [
            ["科目编码", "单位名称（科目）", "合计"],
            ["", "合计", "30.00"],
            ["", "清风数据局部门", "30.00"],
            ["", "清风数据局", "30.00"],
            ["2010301", "行政运行", "30.00"],
        ],
    )
    assert [(line.scheme, line.level, line.unit, line.is_leaf) for line in lines(table)] == [
        ("function", 0, None, False),
        ("function", 0, None, False),
        ("unit", 1, None, False),
        ("function", 3, "清风数据局", True),
    ]


def test_shares_of_a_subtotal_by_something_else_repeat_a_part_of_it():
    table = page(
        "支出预算表",
        "单位：万元",
        [
            ["科目编码", "科目名称", "总计", "基本支出", LEFT, LEFT, "项目支出", LEFT, LEFT],
            [ABOVE, ABOVE, ABOVE, "小计", "工资福利支出", "商品和服务支出", "小计", "一般性项目", "专项资金"],
            ["201", "一般公共服务支出", "60.00", "30.00", "20.00", "10.00", "30.00", "10.00", "20.00"],
        ],
    )
    natures = ["total", "basic", "of_which_other", "of_which_other", "project", "of_which_other", "of_which_other"]
    assert [line.nature for line in lines(table)] == natures


def test_a_column_of_an_unknown_source_under_a_fund_is_not_the_fund_again():
    table = page(
        "支出经济分类汇总表",
        "单位：万元",
        [
            ["科目编码", "科目名称", "总计", "一般公共预算", LEFT, LEFT, "政府性基金"],
            [ABOVE, ABOVE, ABOVE, "小计", "财政拨款", "专项收入、罚没收入", ABOVE],
            ["301", "工资福利支出", "60.00", "50.00", "40.00", "10.00", "10.00"],
        ],
    )
    assert [(line.statement, line.fund, line.nature) for line in lines(table)] == [
        ("other", "total", "total"),
        ("other", "general_public", "total"),
        ("other", "general_public", "of_which_other"),
        ("other", "general_public", "of_which_other"),
        ("other", "government_fund", "total"),
    ]


def test_a_table_of_heads_vehicles_and_floors_is_no_statement():
    table = page(
        "部门基本情况表",
        [
            ["单位名称", "单位性质", "编制人数", "实有人数", LEFT, "车辆数（辆）", "房屋面积（平方米）"],
            [ABOVE, ABOVE, ABOVE, "小计", "在职", ABOVE, ABOVE],
            ["清风数据局", "行政", "120", "95", "58", "4", "5,200.50"],
        ],
    )
    assert statements(table) == []


def test_a_row_coded_by_function_and_by_economic_classification_keeps_both_codes():
    table = page(
        "基本支出预算表",
        "单位：万元",
        [
            ["项目代码", "项目名称", "功能科目编码", "功能科目名称", "部门经济科目编码", "部门经济科目名称", "总计", "一般公共预算"],
            ["530000210000000015678", "人员工资", "2140101", "行政运行", "30101", "基本工资", "30.00", "30.00"],
            ["530000210000000015678", "人员工资", "2140101", "行政运行", "30102", "津贴补贴", "15.00", "15.00"],
            ["合计", LEFT, LEFT, LEFT, LEFT, LEFT, "45.00", "45.00"],
        ],
    )
    rows = [(line.scheme, line.code, line.name, line.department_economic_code) for line in lines(table) if line.column == 7]
    assert rows == [
        ("function", "2140101", "行政运行", "30101"),
        ("function", "2140101", "行政运行", "30102"),
        ("function", None, "合计", None),
    ]


def test_a_list_of_projects_is_named_by_its_projects_whatever_codes_stand_beside():
    table = page(
        "项目支出预算表",
        "单位：万元",
        [
            ["项目名称", "功能科目编码", "功能科目名称", "经济科目编码", "经济科目名称", "合计", "本年拨款", LEFT, "单位资金"],
            [ABOVE, ABOVE, ABOVE, ABOVE, ABOVE, ABOVE, "小计", "一般公共预算", ABOVE],
            ["农村公路养护", "2140106", "公路养护", "30227", "委托业务费", "32.00", "30.00", "30.00", "2.00"],
        ],
    )
    assert [(line.scheme, line.name, line.department_economic_code, line.fund) for line in lines(table)] == [
        ("project", "农村公路养护", "30227", "total"),
        ("project", "农村公路养护", "30227", "fiscal_appropriation"),
        ("project", "农村公路养护", "30227", "general_public"),
        ("project", "农村公路养护", "30227", "unit_funds"),
    ]


def test_a_revenue_item_with_one_named_part_stays_a_leaf_and_its_part_is_none():
    table = page(
        "收入支出决算总表",
        "单位：万元",
        [
            ["项目", "行次", "金额", "项目", "行次", "金额"],
            ["一、财政拨款收入", "1", "11.00", "一、教育支出", "5", "15.00"],
            ["其中：政府性基金预算财政拨款", "2", "2.00", "", "6", ""],
            ["二、单位资金收入", "3", "4.00", "", "7", ""],
            ["　1.事业收入", "4", "1.00", "", "8", ""],
            ["　2.其他收入", "5", "3.00", "", "9", ""],
            ["总计", "6", "15.00", "总计", "10", "15.00"],
        ],
    )
    leaves = [line.amount_text for line in lines(table, kind="final_account") if line.flow == "revenue" and line.is_leaf]
    assert leaves == ["11.00", "1.00", "3.00"]


def test_purchases_planned_and_made_are_two_measures():
    table = page(
        "政府采购情况表",
        "单位：万元",
        [
            ["项目", "行次", "采购计划金额", LEFT, "实际采购金额", LEFT],
            [ABOVE, ABOVE, "总计", "一般公共预算", "总计", "一般公共预算"],
            ["货物", "1", "6.00", "6.00", "5.00", "5.00"],
        ],
    )
    assert [line.measure for line in lines(table, kind="final_account")] == ["budget", "budget", "final", "final"]


def test_a_total_below_both_halves_is_of_neither():
    table = page(
        "一般公共预算基本支出情况表",
        "单位：万元",
        [
            ["人员经费", LEFT, LEFT, "公用经费", LEFT, LEFT],
            ["科目编码", "科目名称", "预算数", "科目编码", "科目名称", "预算数"],
            ["301", "工资福利支出", "30.00", "302", "商品和服务支出", "20.00"],
            ["人员经费合计", LEFT, "30.00", "公用经费合计", LEFT, "20.00"],
            ["合计", LEFT, LEFT, LEFT, LEFT, "50.00"],
        ],
    )
    totals = [(line.nature, line.amount_text) for line in lines(table) if not line.level]
    assert totals == [("basic_personnel", "30.00"), ("basic_operating", "20.00"), ("basic", "50.00")]


def test_budgets_beside_a_final_account_are_never_final():
    table = page(
        "一般公共预算财政拨款支出决算表",
        "单位：万元",
        [
            ["科目编码", "科目名称", "年初预算", "调整预算", "决算", LEFT, LEFT, "完成调整预算%", "上年决算"],
            [ABOVE, ABOVE, ABOVE, ABOVE, "合计", "基本支出", "项目支出", ABOVE, ABOVE],
            ["201", "一般公共服务支出", "8.00", "9.00", "7.00", "5.00", "2.00", "77.78", "6.00"],
        ],
    )
    found = lines(table, kind="final_account")
    assert {line.column: (line.fund, line.nature, line.measure) for line in found} == {
        3: ("general_public", "total", "budget"),
        4: ("general_public", "total", "adjusted_budget"),
        5: ("general_public", "total", "final"),
        6: ("general_public", "basic", "final"),
        7: ("general_public", "project", "final"),
        9: ("general_public", "total", "prior_year_final"),
    }


def test_a_bare_budget_column_of_a_final_account_is_the_budget():
    table = page(
        "“三公”经费支出决算表",
        "单位：万元",
        [["项目", "预算", "决算"], ["合计", "8.00", "7.00"], ["公务接待费", "8.00", "7.00"]],
    )
    assert {line.column: line.measure for line in lines(table, kind="final_account")} == {2: "budget", 3: "final"}


def test_line_numbers_without_a_header_are_no_amounts():
    table = page(
        "收入支出决算总表",
        "单位：万元",
        [
            ["项目", "", "决算数", "项目", "", "决算数"],
            ["一、财政拨款收入", "1", "7.00", "一、一般公共服务支出", "5", "4.00"],
            ["二、事业收入", "2", "1.00", "二、教育支出", "6", "4.00"],
            ["三、其他收入", "3", "", "", "7", ""],
            ["总计", "4", "8.00", "总计", "8", "8.00"],
        ],
    )
    assert [line.amount_text for line in lines(table, kind="final_account")] == ["7.00", "1.00", "8.00", "4.00", "4.00", "8.00"]


def test_two_rows_of_one_item_say_which_is_planned_and_which_is_spent():
    rows = [
        ["科目编码", "科目名称", "项目", "合计", "基本支出"],
        ["20805", "行政事业单位养老支出", "年初预算数", "30.00", "30.00"],
        [ABOVE, ABOVE, "决算数", "29.60", "29.60"],
        ["2080505", "机关事业单位基本养老保险缴费支出", "年初预算数", "20.00", "20.00"],
        [ABOVE, ABOVE, "决算数", "19.60", "19.60"],
    ]
    found = lines(page("一般公共预算财政拨款支出决算表", "单位：万元", rows), kind="final_account")
    assert [(line.code, line.name, line.measure, line.amount_text) for line in found if line.column == 4] == [
        ("20805", "行政事业单位养老支出", "budget", "30.00"),
        ("20805", "行政事业单位养老支出", "final", "29.60"),
        ("2080505", "机关事业单位基本养老保险缴费支出", "budget", "20.00"),
        ("2080505", "机关事业单位基本养老保险缴费支出", "final", "19.60"),
    ]


def test_rows_that_name_a_measure_and_nothing_else_are_named_by_it():
    rows = [["项目", "合计", "公务接待费"], ["年初预算数", "8.00", "8.00"], ["决算数", "7.00", "7.00"]]
    found = lines(page("“三公”经费支出决算表", "单位：万元", rows), kind="final_account")
    assert [(line.code, line.measure) for line in found if line.column == 3] == [("reception", "budget"), ("reception", "final")]


def test_the_whole_year_beside_its_quarters_is_a_budget_and_beside_a_plan_an_adjusted_one():
    quarters = [["科目编码", "科目名称", "全年预算数", "一季度", "二季度"], ["213", "农林水支出", "9.00", "4.00", "5.00"]]
    found = lines(page("一般公共预算支出表", "单位：万元", quarters))
    assert [(line.column, line.measure, line.column_evidence) for line in found] == [
        (3, "budget", "printed"),
        (4, "budget", "ambiguous"),
        (5, "budget", "ambiguous"),
    ]
    adjusted = [["科目编码", "科目名称", "年初预算数", "全年预算数"], ["213", "农林水支出", "9.00", "8.00"]]
    assert of_column(lines(page("一般公共预算支出表", "单位：万元", adjusted)), 4).measure == "adjusted_budget"
    spent = [["科目编码", "科目名称", "全年预算数", "决算数"], ["213", "农林水支出", "9.00", "8.00"]]
    assert of_column(lines(page("一般公共预算支出决算表", "单位：万元", spent), kind="final_account"), 3).measure == "adjusted_budget"


def test_the_movement_of_projects_is_of_projects_and_spends_what_was_carried_over_too() -> None:
    found = lines(
        page(
            "项目收入支出决算表",
            "单位：万元",
            [
                ["项目名称", "年初结转和结余", "本年收入", LEFT, "本年支出", LEFT, "年末结转和结余"],
                [ABOVE, ABOVE, "合计", "其中：财政拨款", "合计", "其中：财政拨款支出", ABOVE],
                ["合计", "3.00", "10.00", "9.00", "12.00", "11.00", "1.00"],
                ["河道巡查经费", "3.00", "10.00", "9.00", "12.00", "11.00", "1.00"],
            ],
        ),
        kind="final_account",
    )
    assert [(x.statement, x.flow, x.fund, x.nature) for x in found if not x.level] == [
        ("project_expenditure", "revenue", "carryover", "project"),
        ("project_expenditure", "revenue", "current_year", "project"),
        ("project_expenditure", "revenue", "fiscal_appropriation", "project"),
        ("project_expenditure", "expenditure", "total", "project"),
        ("project_expenditure", "expenditure", "fiscal_appropriation", "project"),
        ("project_expenditure", "expenditure", "total", "carryforward"),
    ]


_PLANNED_AND_SPENT = [
    ["预算数", LEFT, LEFT, "决算数", LEFT, LEFT],
    ["合计", "因公出国（境）费", "公务接待费", "合计", "因公出国（境）费", "公务接待费"],
    ["9.00", "4.00", "5.00", "6.00", "2.00", "4.00"],
]


@pytest.mark.parametrize(
    ("note", "measure"),
    [
        ("注：预算数为全年预算数，反映按规定程序调整后的预算数；决算数是实际支出。", "adjusted_budget"),
        ("注：本表反映部门本年度支出情况。其中，预算数指调整后预算数。", "adjusted_budget"),
        ("说明：1.“预算数”为全年预算数。", "adjusted_budget"),
        ("注：预算数为年初预算数，决算数为全年支出。", "budget"),
        ("注：预算数为年初预算数，不含调整预算数。", "budget"),
        ("注：预算数为年初预算数，决算数是全年预算数调整后的实际支出。", "budget"),
        ("注：本表反映全年预算数和决算数。", "budget"),  # says nothing of which column
        ("本单位全年预算数为9万元。", "budget"),  # no note
        ("", "budget"),
    ],
)
def test_a_note_below_the_table_says_which_budget_its_columns_hold(note, measure):
    table = page("“三公”经费支出决算表", "单位：万元", _PLANNED_AND_SPENT, *([note] if note else []))
    found = lines(table, kind="final_account")
    assert {line.column: line.measure for line in found} == {1: measure, 2: measure, 3: measure, 4: "final", 5: "final", 6: "final"}


def test_a_note_on_two_lines_and_one_in_the_last_row_of_the_table_say_it_too():
    below = page("“三公”经费支出决算表", "单位：万元", _PLANNED_AND_SPENT, "注：本表反映支出情况。其中，预算数为“三公”经", "费全年预算数。")
    row = ["注：预算数为全年预算数。", LEFT, LEFT, LEFT, LEFT, LEFT]
    within = page("“三公”经费支出决算表", "单位：万元", [*_PLANNED_AND_SPENT, row])
    for table in (below, within):
        assert {line.measure for line in lines(table, kind="final_account")} == {"adjusted_budget", "final"}


def test_a_note_changes_no_column_that_says_which_budget_it_is_and_none_of_another_table():
    named = [["年初预算数", "全年预算数", "决算数"], ["9.00", "8.00", "6.00"]]
    note = "注：预算数为全年预算数。"
    table = page("“三公”经费支出决算表", "单位：万元", [["项目", *named[0]], ["公务接待费", *named[1]]], note)
    assert [line.measure for line in lines(table, kind="final_account")] == ["budget", "adjusted_budget", "final"]
    two = page(
        "“三公”经费支出决算表", "单位：万元", _PLANNED_AND_SPENT, "“三公”经费支出决算表（二）", "单位：万元", _PLANNED_AND_SPENT, note
    )
    first = [line.measure for line in lines(two, kind="final_account") if line.statement_no == 1]
    assert "adjusted_budget" not in first


def test_a_note_in_a_budget_changes_none():
    table = page("“三公”经费支出预算表", "单位：万元", [["项目", "预算数"], ["公务接待费", "9.00"]], "注：预算数为全年预算数。")
    assert {line.measure for line in lines(table)} == {"budget"}


def test_parts_of_an_item_that_one_column_alone_prints_leave_it_a_part_of_the_sum_in_the_other():
    """国内接待费 is asked for in what was spent, and is — beside the plan."""
    rows = [
        ["一、“三公”经费支出", "—", "—", "二、机关运行经费", "22.00"], ["（一）支出合计", "7.80", "4.80", "（一）行政单位", "22.00"],
        ["1．公务用车运行维护费", "7.00", "4.00", "三、国有资产占用情况", "—"],
        ["2．公务接待费", "0.80", "0.80", "（一）车辆数合计（辆）", "2"],
        ["（1）国内接待费", "—", "0.80", "四、政府采购支出信息", "—"],
        ["（二）相关统计数", "—", "—", "（一）政府采购支出合计", "31.00"],
    ]  # fmt: skip
    head = ["项目", "预算数", "决算数", "项目", "决算数"]
    found = statements(page("机构运行信息表", "单位：万元", [head, *rows]), kind="final_account")
    checks = identity_checks(found[0].lines, [(s.number, s.kind, s.title) for s in found])
    assert [(check["outcome"], check["actual"]) for check in checks if check["check_id"] == "X5"] == [("pass", 78_000)]
