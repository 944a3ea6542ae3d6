"""Layouts of places that nobody here had seen: what a header, a row or a group says must not hang on words that are known."""

from __future__ import annotations

import pytest

from pipeline.accounting.identities import identity_checks
from pipeline.document.text_dump import read_text
from tests.pipeline.statements.paper import ABOVE, LEFT, lines, page, read, statements


def _of(found, column):
    return [(line.code, line.name, line.fund, line.nature, line.amount_text) for line in found if line.column == column]


def test_a_first_row_that_names_the_codes_is_the_header_though_most_of_its_words_are_unknown():
    table = page(
        "一般公共预算项目支出情况表",
        "单位：万元",
        [
            [
                *("科目编码", LEFT, LEFT, "科目名称", "项目名称", "项目支出合计"),
                *("工资福利支出", "商品和服务支出", "对个人和家庭的补助", "资本性支出", "其他支出"),
            ],
            ["类", "款", "项", *[ABOVE] * 8],
            ["", "", "", "总计", "", "71.50", "", "11.50", "", "60.00", ""],
            ["213", "03", "05", "水利工程建设", "灌区续建配套", "60.00", "", "", "", "60.00", ""],
            ["213", "03", "05", "水利工程建设", "河道巡查经费", "11.50", "", "11.50", "", "", ""],
        ],
    )
    found = lines(table)
    assert [(*said[1:],) for said in _of(found, 6)] == [
        ("总计", "general_public", "project", "71.50"),
        ("灌区续建配套", "general_public", "project", "60.00"),
        ("河道巡查经费", "general_public", "project", "11.50"),
    ]
    assert all(line.column_evidence == "ambiguous" for line in found if line.column > 6)


def test_what_spans_a_row_that_labels_columns_is_header_in_whatever_words():
    table = page(
        "一般公共预算基本支出情况表",
        "单位：万元",
        [
            ["部门预算经济分类", LEFT, LEFT, "政府预算经济分类", LEFT, LEFT, "一般公共预算基本支出", LEFT, LEFT],
            ["类", "款", "科目名称", "类", "款", "科目名称", "小计", "人员经费", "公用经费"],
            ["", "", "合计", "", "", "", "60.00", "50.00", "10.00"],
            ["301", "01", "基本工资", "501", "01", "工资奖金津补贴", "50.00", "50.00", ""],
            ["302", "01", "办公费", "502", "01", "办公经费", "10.00", "", "10.00"],
        ],
    )
    found = lines(table)
    assert [(line.scheme, line.code, line.government_economic_code, line.nature) for line in found if line.column == 7] == [
        ("department_economic", None, None, "basic"),
        ("department_economic", "30101", "50101", "basic"),
        ("department_economic", "30201", "50201", "basic"),
    ]
    assert {line.nature for line in found if line.column > 7} == {"basic_personnel", "basic_operating"}


def test_the_department_above_its_units_is_no_item_of_revenue():
    table = page(
        "部门收入总表",
        "单位：万元",
        [
            ["项目", LEFT, "合计", "一般公共预算拨款收入", "事业收入"],
            ["单位代码", "单位名称（科目）", ABOVE, ABOVE, ABOVE],
            ["", "合计", "212.00", "202.00", "10.00"],
            ["", "清风数据局", "212.00", "202.00", "10.00"],
            ["305001", "清风数据局机关", "162.00", "162.00", ""],
            ["305002", "清风数据中心", "50.00", "40.00", "10.00"],
        ],
    )
    found = [line for line in lines(table) if line.column == 3]
    assert [(line.scheme, line.code, line.is_leaf) for line in found if line.level] == [
        ("unit", None, False),
        ("unit", "305001", True),
        ("unit", "305002", True),
    ]


def test_the_sum_of_a_group_that_nobody_knows_is_no_total():
    table = page(
        "一般公共预算支出预算表",
        "单位：万元",
        [
            ["科目编码", "科目名称", "合计", "工资福利支出", LEFT, LEFT, "商品和服务支出", LEFT, LEFT],
            [ABOVE, ABOVE, ABOVE, "小计", "基本工资", "津贴补贴", "小计", "办公费", "差旅费"],
            ["2130301", "行政运行", "100.00", "78.00", "50.00", "28.00", "22.00", "10.00", "12.00"],
        ],
    )
    found = lines(table)
    assert _of(found, 3) == [("2130301", "行政运行", "general_public", "total", "100.00")]
    assert all(line.fund is None and line.column_evidence == "ambiguous" for line in found if line.column > 3)


def test_the_sum_of_a_half_is_its_total_however_the_half_is_divided():
    table = page(
        "部门收支总表",
        "单位：万元",
        [
            ["收入", LEFT, "支出", LEFT, LEFT],
            ["项目", "预算数", "项目", "按用途划分", LEFT],
            [ABOVE, ABOVE, ABOVE, "合计", "一般公共预算"],
            ["一般公共预算拨款收入", "5.00", "农林水支出", "5.00", "5.00"],
            ["收入总计", "5.00", "支出总计", "5.00", "5.00"],
        ],
    )
    assert [(line.fund, line.nature, line.column_evidence) for line in lines(table) if line.column == 4] == [
        ("total", "total", "printed")
    ] * 2


def test_the_sum_of_what_is_headed_this_year_is_its_total():
    table = page(
        "一般公共预算拨款“三公”经费及会议费、培训费支出预算表",
        "单位：万元",
        [
            ["单位名称", "上年", LEFT, LEFT, "当年", LEFT, LEFT],
            [ABOVE, "合计", "公务接待费", "会议费", "合计", "公务接待费", "会议费"],
            ["清风数据局", "3.00", "1.00", "2.00", "4.00", "1.00", "3.00"],
        ],
    )
    assert [(line.code, line.fund, line.measure) for line in lines(table) if line.column == 5] == [
        ("with_meetings_training", "general_public", "budget")
    ]


def test_rows_of_a_final_account_say_which_is_the_budget():
    table = page(
        "财政拨款“三公”经费支出决算表",
        "单位：万元",
        [
            ["项目", "合计", "因公出国（境）费", "公务用车购置及运行费", LEFT, LEFT, "公务接待费"],
            [ABOVE, ABOVE, ABOVE, "小计", "公务用车购置费", "公务用车运行费", ABOVE],
            ["预算数", "6.80", "", "6.00", "", "6.00", "0.80"],
            ["决算数", "6.50", "", "6.00", "", "6.00", "0.50"],
        ],
    )
    found = lines(table, kind="final_account")
    assert [(line.code, line.measure, line.amount_text) for line in found if line.column == 2] == [
        ("total", "budget", "6.80"),
        ("total", "final", "6.50"),
    ]


def test_an_appropriation_over_units_own_money_is_the_sum_of_all_funds_below_it():
    table = page(
        "项目支出预算表",
        "单位：万元",
        [
            ["项目名称", "合计", "本年拨款", LEFT, LEFT, "上年结转"],
            [ABOVE, ABOVE, "小计", "一般公共预算", "单位资金", ABOVE],
            ["灌区续建配套", "65.00", "60.00", "48.00", "12.00", "5.00"],
            ["河道巡查经费", "11.50", "11.50", "11.50", "", ""],
        ],
    )
    found = lines(table)
    assert {line.column: line.fund for line in found} == {
        2: "total",
        3: "current_year",
        4: "general_public",
        5: "unit_funds",
        6: "carryover",
    }
    only = page(
        "项目支出预算表",
        "单位：万元",
        [
            ["项目名称", "合计", "本年拨款", LEFT, LEFT, "单位资金"],
            [ABOVE, ABOVE, "小计", "一般公共预算", "政府性基金预算", ABOVE],
            ["灌区续建配套", "60.00", "48.00", "40.00", "8.00", "12.00"],
        ],
    )
    assert next(line.fund for line in lines(only) if line.column == 3) == "fiscal_appropriation"


def test_income_above_spending_in_one_column_is_income():
    rows = [
        ["一、收入总计", "212.00"],
        ["（一）一般公共预算拨款收入", "202.00"],
        ["（二）事业收入", "10.00"],
        ["二、支出总计", "212.00"],
        ["（一）基本支出", "140.50"],
        ["其中：人员经费", "118.50"],
        ["　　　公用经费", "22.00"],
        ["（二）项目支出", "71.50"],
    ]
    found = lines(page("部门收支总表", "单位：万元", [["项目", "2023年预算数"], *rows]))
    assert [(line.flow, line.scheme, line.fund, line.nature) for line in found] == [
        ("revenue", "revenue_item", "total", "total"),
        ("revenue", "revenue_item", "general_public", "total"),
        ("revenue", "revenue_item", "business", "total"),
        ("expenditure", "function", "total", "total"),
        ("expenditure", "function", "total", "basic"),
        ("expenditure", "function", "total", "basic_personnel"),
        ("expenditure", "function", "total", "basic_operating"),
        ("expenditure", "function", "total", "project"),
    ]
    last = [*rows[1:3], ["收入总计", "212.00"], *rows[4:], ["支出总计", "212.00"]]
    found = lines(page("部门收支总表", "单位：万元", [["项目", "2023年预算数"], *last]))
    assert [line.flow for line in found] == ["revenue"] * 3 + ["expenditure"] * 5


def test_a_line_across_one_row_leaves_its_label_whole():
    table = page(
        "一般公共预算支出表",
        "单位：万元",
        [
            ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
            ["21303", "水利", "100.00", "88.00", ""],
            [ABOVE, ABOVE, ABOVE, "", "12.00"],
            ["", "合计", "100.00", "88.00", "12.00"],
        ],
    )
    assert [(line.code, line.level) for line in lines(table) if line.name == "水利"] == [("21303", 2)] * 3


def test_the_fund_of_running_costs_is_the_one_of_their_title():
    table = page(
        "机关运行经费预算财政拨款情况统计表",
        "单位：万元",
        [["单位名称", "2023年预算数", "备注"], ["合计", "22.00", ""], ["清风数据局机关", "22.00", ""]],
    )
    found = lines(table)
    assert {(line.statement, line.fund) for line in found} == {("agency_operating", "fiscal_appropriation")}


def test_units_above_their_projects_are_told_by_their_names_and_by_how_far_in_the_projects_stand():
    table = page(
        "项目支出预算表",
        "单位：万元",
        [
            ["单位（项目）名称", "合计", "一般公共预算"],
            ["清风数据局", "71.50", "71.50"],
            ["  清风数据局机关", "60.00", "60.00"],
            ["    灌区续建配套工程", "60.00", "60.00"],
            ["  清风水文站", "11.50", "11.50"],
            ["    河道巡查经费", "11.50", "11.50"],
        ],
    )
    found = [line for line in lines(table) if line.column == 2]
    assert [(line.scheme, line.name, line.unit, line.is_leaf) for line in found] == [
        ("unit", "清风数据局", None, False),
        ("unit", "清风数据局机关", None, False),
        ("project", "灌区续建配套工程", "清风数据局机关", True),
        ("unit", "清风水文站", None, False),
        ("project", "河道巡查经费", "清风水文站", True),
    ]


def test_a_row_per_source_of_money_has_the_fund_that_it_names():
    table = page(
        "部门支出总表",
        "单位：万元",
        [
            ["资金来源", "合计", "基本支出", "项目支出"],
            ["一般公共预算", "200.00", "140.50", "59.50"],
            ["单位资金", "12.00", "", "12.00"],
            ["合计", "212.00", "140.50", "71.50"],
        ],
    )
    found = statements(table)
    assert [(line.fund, line.nature, line.is_leaf) for line in found[0].lines if line.column in (2, 4)] == [
        ("general_public", "total", True),
        ("general_public", "project", True),
        ("unit_funds", "total", True),
        ("unit_funds", "project", True),
        ("total", "total", True),
        ("total", "project", True),
    ]
    tried = identity_checks(found[0].lines, [(found[0].number, found[0].kind, found[0].title)])
    assert {check["outcome"] for check in tried if check["check_id"] in ("R1", "R2", "H1") and check["outcome"] != "not_applicable"} == {
        "pass"
    }


def test_income_beside_spending_of_one_fund_is_listed_by_items_of_income():
    table = page(
        "政府性基金预算收支表",
        "单位：万元",
        [
            ["收入", LEFT, "支出", LEFT, LEFT, LEFT],
            ["项目", "预算数", "项目", "合计", "基本支出", "项目支出"],
            ["一、政府性基金预算拨款收入", "150.00", "一、城乡社区支出", "150.00", "", "150.00"],
            ["二、上年结转", "10.00", "二、其他支出", "10.00", "", "10.00"],
            ["收入合计", "160.00", "支出合计", "160.00", "", "160.00"],
        ],
    )
    assert [(line.scheme, line.flow, line.fund) for line in lines(table) if line.column == 2] == [
        ("revenue_item", "revenue", "government_fund"),
        ("revenue_item", "revenue", "carryover_government_fund"),
        ("revenue_item", "revenue", "government_fund"),
    ]


def test_items_of_another_statement_are_no_second_total():
    table = page(
        "机关运行经费预算表",
        "单位：万元",
        [
            ["单位编码", "单位名称", "机关运行经费合计", "办公费", "公务接待费", "公务用车运行维护费"],
            ["101001", "清风数据局机关", "16.80", "10.00", "0.80", "6.00"],
        ],
    )
    assert [line.column_evidence for line in lines(table)] == ["printed", "ambiguous", "ambiguous", "ambiguous"]


def test_a_list_of_projects_without_any_is_empty():
    blank = ["", "", ""]
    assert lines(page("项目支出预算表", "单位：万元", [["单位（项目）名称", "合计", "一般公共预算"], blank, blank])) == []


def test_spending_that_only_items_of_income_name_is_held_back():
    table = page(
        "部门收支总表",
        "单位：万元",
        [
            ["收入", "收入", "支出"],
            ["项目", "预算数", "预算数"],
            ["财政拨款收入", "200.00", "140.00"],
            ["事业收入", "12.00", "72.00"],
        ],
    )
    found = lines(table)
    assert {line.flow for line in found} == {"revenue"}
    assert [line.amount_text for line in found] == ["200.00", "12.00"]


def test_the_public_budget_of_older_forms_is_the_general_one():
    table = page(
        "2013年公共预算财政拨款支出决算表",
        "单位：万元",
        [
            ["科目编码", "科目名称", "合计", "基本支出", LEFT, LEFT, "项目支出"],
            [ABOVE, ABOVE, ABOVE, "小计", "人员经费", "日常公用经费", ABOVE],
            ["", "合计", "30.00", "20.00", "15.00", "5.00", "10.00"],
            ["213", "农林水事务", "30.00", "20.00", "15.00", "5.00", "10.00"],
        ],
    )
    found = lines(table, kind="final_account")
    assert {(line.statement, line.fund) for line in found} == {("general_public_by_function", "general_public")}
    assert [line.nature for line in found if line.code] == ["total", "basic", "basic_personnel", "basic_operating", "project"]


def test_money_of_the_special_account_is_no_summary_of_all():
    table = page(
        "财政专户管理资金收入支出决算表",
        "单位：元",
        [
            ["科目编码", "科目名称", "本年收入", "本年支出", LEFT, LEFT],
            [ABOVE, ABOVE, ABOVE, "合计", "基本支出", "项目支出"],
            ["205", "教育支出", "30,000.00", "30,000.00", "30,000.00", ""],
            ["", "合计", "30,000.00", "30,000.00", "30,000.00", ""],
        ],
    )
    found = lines(table, kind="final_account")
    assert {(line.statement, line.fund) for line in found} == {("other", "special_account")}
    assert [(line.flow, line.nature) for line in found if line.code] == [
        ("revenue", "total"), ("expenditure", "total"), ("expenditure", "basic"),
    ]  # fmt: skip


def test_a_list_of_debt_service_is_no_expenditure_of_the_department():
    table = page(
        "债务支出预算表",
        "单位：万元",
        [
            ["科目编码", "科目名称", "债务项目名称", "合计"],
            ["", "合计", "", "5.00"],
            ["231", "债务还本支出", "", "5.00"],
            ["23103", "地方政府一般债务还本支出", "", "5.00"],
            ["2310303", "地方政府其他一般债务还本支出", "水库除险加固", "5.00"],
        ],
    )
    found = lines(table)
    assert {line.statement for line in found} == {"other"}
    assert found[-1].name == "地方政府其他一般债务还本支出"


def test_codes_filled_up_with_noughts_are_those_of_their_level():
    table = page(
        "一般公共预算支出表",
        "单位：万元",
        [
            ["科目编码", "科目名称", "合计"],
            ["2080000", "社会保障和就业支出", "20.00"],
            ["2080500", "行政事业单位养老支出", "20.00"],
            ["2080505", "机关事业单位基本养老保险缴费支出", "20.00"],
        ],
    )
    assert [(line.code, line.level, line.is_leaf) for line in lines(table)] == [
        ("208", 1, False), ("20805", 2, False), ("2080505", 3, True),
    ]  # fmt: skip


def test_things_to_be_bought_are_named_by_what_they_are():
    table = page(
        "新增资产配置预算表",
        "单位：万元",
        [
            ["单位名称", "资产名称", "数量", "计量单位", "总金额"],
            ["合计", "", "12", "", "11.20"],
            ["清风数据局机关", "台式计算机", "10", "台", "6.00"],
            ["清风数据局机关", "复印机", "2", "台", "5.20"],
        ],
    )
    assert [line.name for line in lines(table) if line.level] == ["台式计算机", "复印机"]


def test_a_group_of_projects_is_no_unit():
    table = page(
        "项目支出表",
        "单位：万元",
        [
            ["项目代码", "项目名称", "项目单位", "合计", "一般公共预算", "单位资金"],
            ["合计", LEFT, LEFT, "71.50", "60.00", "11.50"],
            ["本级财力项目", LEFT, LEFT, "11.50", "", "11.50"],
            ["230822240000000012345", "河道巡查经费", "清风数据局机关", "11.50", "", "11.50"],
            ["上级转移支付项目", LEFT, LEFT, "60.00", "60.00", ""],
            ["230822240000000012346", "灌区续建配套", "清风数据局机关", "60.00", "60.00", ""],
        ],
    )
    assert {line.unit for line in lines(table) if "项目" in line.name} == {None}


DUMP = """清风县中医医院2020年度部门决算
收入支出决算总表
公开01表
金额单位:万元
{cells}
"""
CELLS = (
    "收入 支出 项目 行次 决算数 项目 行次 决算数 栏次 _ 1 栏次 _ 2 一、一般公共预算财政拨款收入 1 4,194.89 一、一般公共服务支出 31 0.00 "
    "二、事业收入 2 38,358.13 二、卫生健康支出 32 42,553.02 "
    "本年收入合计 27 42,553.02 本年支出合计 57 42,553.02 总计 30 42,553.02 总计 60 42,553.02"
)


def test_borders_of_cells_that_a_text_keeps_are_no_part_of_its_words():
    cells = "\n".join(f"{cell.replace('_', '')} |" for cell in CELLS.split())
    (statement,) = [
        s for s in read(read_text(DUMP.format(cells=cells).encode()), year=2020, kind="final_account", department=None) if s.lines
    ]
    assert [(x.flow, x.code or x.fund, x.name, x.amount_text) for x in statement.lines] == [
        ("revenue", "general_public", "一般公共预算财政拨款收入", "4,194.89"),
        ("expenditure", "201", "一般公共服务支出", "0.00"),
        ("revenue", "business", "事业收入", "38,358.13"),
        ("expenditure", "210", "卫生健康支出", "42,553.02"),
        ("revenue", "current_year", "本年收入合计", "42,553.02"),
        ("expenditure", "total", "本年支出合计", "42,553.02"),
        ("revenue", "total", "总计", "42,553.02"),
        ("expenditure", "total", "总计", "42,553.02"),
    ]


@pytest.mark.parametrize("name", ["事业收入", "上级补助收入", "本年收入合计", "上年结转收入总计"])
def test_spending_in_a_summary_named_after_income_is_held_back(name: str):
    rows = [["支出", LEFT], ["项目", "预算数"], ["教育支出", "6.00"], [name, "3.00"], ["支出总计", "9.00"]]
    found = lines(page("部门收支总表", "单位：万元", rows))
    assert [(line.flow, line.name) for line in found] == [("expenditure", "教育支出"), ("expenditure", "支出总计")]


def test_spending_by_source_of_money_outside_a_summary_is_named_after_income():
    rows = [["项目", "支出预算数"], ["事业收入", "3.00"], ["其他收入", "6.00"], ["合计", "9.00"]]
    found = lines(page("支出总表", "单位：万元", rows))
    assert [(line.name, line.fund) for line in found if line.level] == [("事业收入", "business"), ("其他收入", "other")]


def test_a_second_subtotal_of_income_stays_income():
    cells = CELLS.replace("二、事业收入 2", "小计 2 4,194.89 二、事业收入 3").replace(
        "二、卫生健康支出 32", "小计 4 38,358.13 二、卫生健康支出 32"
    )
    text = DUMP.format(cells="\n".join(f"{cell.replace('_', '')} |" for cell in cells.split()))
    found = [x for s in read(read_text(text.encode()), year=2020, kind="final_account", department=None) for x in s.lines]
    assert [(x.flow, x.amount_text) for x in found if x.name == "小计"] == [("revenue", "4,194.89"), ("revenue", "38,358.13")]
    assert [x.flow for x in found if x.name == "总计"] == ["revenue", "expenditure"]


@pytest.mark.parametrize(
    ("head", "codes"),
    [
        (["类", "款", "项"], [["208", "05", "05"], ["213", "03", "01"], ["213", "03", "05"]]),
        (["类", "款项"], [["208", "0505"], ["213", "0301"], ["213", "0305"]]),
        (["类款", "项"], [["20805", "05"], ["21303", "01"], ["21303", "05"]]),
    ],
)
def test_units_below_the_department_s_own_row_head_their_rows(head, codes):
    blank = [""] * len(head)
    pension, running, works = codes
    table = page(
        "部门支出总表",
        "单位：万元",
        [
            ["科目编码", *[LEFT] * (len(head) - 1), "单位名称（科目名称）", "合计", "基本支出", "项目支出"],
            [*head, ABOVE, ABOVE, ABOVE, ABOVE],
            [*blank, "合计", "212.00", "140.50", "71.50"],
            [*blank, "清风数据局", "212.00", "140.50", "71.50"],
            [*blank, "清风数据局机关", "200.00", "130.50", "69.50"],
            [*pension, "机关事业单位基本养老保险缴费支出", "20.00", "20.00", ""],
            [*running, "行政运行", "110.50", "110.50", ""],
            [*works, "水利工程建设", "69.50", "", "69.50"],
            [*blank, "清风数据中心", "12.00", "10.00", "2.00"],
            [*running, "行政运行", "12.00", "10.00", "2.00"],
        ],
    )
    (statement,) = statements(table)
    found = [line for line in statement.lines if line.column == len(head) + 2]
    office, centre = "清风数据局机关", "清风数据中心"
    assert [(line.scheme, line.code, line.name if line.scheme == "unit" else line.unit, line.is_leaf) for line in found] == [
        ("function", None, None, False),
        ("unit", None, "清风数据局", False),
        ("unit", None, office, False),
        ("function", "2080505", office, True),
        ("function", "2130301", office, True),
        ("function", "2130305", office, True),
        ("unit", None, centre, False),
        ("function", "2130301", centre, True),
    ]
    tried = identity_checks(statement.lines, [(statement.number, statement.kind, statement.title)])
    assert {check["outcome"] for check in tried} <= {"pass", "not_applicable"}
    assert (
        sum(check["outcome"] == "pass" for check in tried) >= 9
    )  # three sums of rows, two of units, in each of the columns that print them


def test_a_part_of_the_general_public_budget_is_of_no_wider_fund():
    table = page(
        "部门收入总表",
        "单位：万元",
        [
            ["项目", "预算数"],
            ["收入总计", "80.00"],
            ["一、一般公共预算资金", "70.00"],
            ["1. 公共财政拨款（补助）资金", "70.00"],
            ["二、其他资金", "10.00"],
            ["1. 其他收入", "10.00"],
        ],
    )
    assert [(line.level, line.fund, line.is_leaf) for line in lines(table)] == [
        (0, "total", False),
        (1, "general_public", False),
        (2, "general_public", True),
        (1, "other", False),
        (2, "other", True),
    ]


@pytest.mark.parametrize("below", ["一般公共预算基本支出表", "一般公共预算支出表"])
def test_a_title_within_a_grid_begins_another_table_unless_it_is_that_of_the_table_above(below):
    table = page(
        "一般公共预算支出表",
        "单位：万元",
        [
            ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
            ["2130301", "行政运行", "110.50", "110.50", ""],
            ["2130305", "水利工程建设", "69.50", "", "69.50"],
            [below, LEFT, LEFT, LEFT, LEFT],
            ["金额单位：万元", LEFT, LEFT, LEFT, LEFT],
            ["科目编码", "科目名称", "合计", "人员经费", "公用经费"],
            ["30101", "基本工资", "100.00", "100.00", ""],
            ["30201", "办公费", "10.50", "", "10.50"],
        ],
    )
    found = statements(table)
    if below == "一般公共预算支出表":
        assert len(found) == 1
        return
    assert [statement.title for statement in found] == ["一般公共预算支出表", below]
    assert [(line.code, line.nature) for line in found[1].lines] == [
        ("30101", "basic"),
        ("30101", "basic_personnel"),
        ("30201", "basic"),
        ("30201", "basic_operating"),
    ]


def test_codes_and_names_right_of_the_amounts_label_their_rows():
    table = page(
        "财政拨款结转资金支出表",
        "单位：万元",
        [
            [
                *("预算单位代码", "预算单位名称", "预算项目名称", "金额", "功能分类科目代码", "功能分类科目名称"),
                *("政府经济分类科目代码", "政府经济分类科目名称", "备注"),
            ],
            ["305001", "清风市某局", "河道整治", "9.00", "2130305", "水利工程建设", "50299", "其他商品和服务支出", ""],
            ["305001", "清风市某局", "堤防维修", "2.61", "2130306", "水利工程运行与维护", "50299", "其他商品和服务支出", ""],
        ],
    )
    assert [(line.scheme, line.code, line.government_economic_code, line.name, line.amount_text) for line in lines(table)] == [
        ("function", "2130305", "50299", "水利工程建设", "9.00"),
        ("function", "2130306", "50299", "水利工程运行与维护", "2.61"),
    ]


def test_a_text_of_which_nothing_says_what_it_is_names_a_row_before_one_whose_header_does():
    table = page(
        "政府采购预算表",
        "单位：万元",
        [
            ["采购品目大类", "专项名称", "购置的东西", "采购组织形式", "总计"],
            ["合计", "", "", "", "20.00"],
            ["一、货物", "", "", "", "20.00"],
            ["", "设备购置费", "", "", "20.00"],
            ["", "", "小型机", "分散采购", "12.00"],
            ["", "", "交换设备", "集中采购", "8.00"],
        ],
    )
    assert [line.name for line in lines(table)] == ["合计", "货物", "设备购置费", "小型机", "交换设备"]


@pytest.mark.parametrize(
    ("heading", "basic"),
    [
        ("一般公共预算", ("general_public", "basic", "printed")),
        ("横向课题款", (None, None, "ambiguous")),
        ("本级安排", (None, None, "ambiguous")),
        ("国债", (None, None, "ambiguous")),
    ],
)
def test_what_stands_below_a_heading_that_nobody_knows_is_not_of_all_sources(
    heading: str, basic: tuple[str | None, str | None, str]
) -> None:
    table = page(
        "部门支出总表",
        "单位：万元",
        [
            ["科目编码", "科目名称", "合计", heading, LEFT, LEFT, "财政专户管理资金", LEFT, LEFT],
            [ABOVE, ABOVE, ABOVE, "小计", "基本支出", "项目支出", "小计", "基本支出", "项目支出"],
            ["", "合计", "20.00", "12.00", "7.00", "5.00", "8.00", "6.00", "2.00"],
            ["2010301", "行政运行", "13.00", "7.00", "7.00", "", "6.00", "6.00", ""],
            ["2010302", "一般行政管理事务", "7.00", "5.00", "", "5.00", "2.00", "", "2.00"],
        ],
    )
    assert {(line.fund, line.nature, line.column_evidence) for line in lines(table) if line.column == 5} == {basic}


def test_a_heading_of_words_that_limit_nothing_is_no_source_beside_single_columns() -> None:
    table = page(
        "部门支出总表",
        "单位：万元",
        [
            ["科目编码", "科目名称", "合计", "支出性质", LEFT, "政府性基金", "财政专户管理资金"],
            [ABOVE, ABOVE, ABOVE, "基本支出", "项目支出", ABOVE, ABOVE],
            ["", "合计", "20.00", "13.00", "7.00", "2.00", "8.00"],
            ["2010301", "行政运行", "13.00", "13.00", "", "", "6.00"],
            ["2010302", "一般行政管理事务", "7.00", "", "7.00", "2.00", "2.00"],
        ],
    )
    found = {line.column: (line.fund, line.nature) for line in lines(table)}
    assert (found[4], found[5], found[6]) == (("total", "basic"), ("total", "project"), ("government_fund", "total"))


@pytest.mark.parametrize(
    ("header", "nature"),
    [
        ("基本支出", "basic"),
        ("本年基本支出预算数", "basic"),
        ("日常公用经费", "basic_operating"),
        ("横向课题基本支出", None),
        ("离退休人员经费", None),
        ("一次性项目支出", None),
    ],
)
def test_a_nature_with_words_beside_it_that_nobody_knows_may_be_of_a_part(header: str, nature: str | None) -> None:
    table = page(
        "部门支出总表",
        "单位：万元",
        [
            ["科目编码", "科目名称", "合计", header, "其他"],
            ["", "合计", "20.00", "12.00", "7.00"],
            ["2010301", "行政运行", "13.00", "7.00", "5.00"],
            ["2010302", "一般行政管理事务", "7.00", "5.00", "2.00"],
        ],
    )
    assert {line.nature for line in lines(table) if line.column == 4} == {nature}


def test_an_item_of_revenue_that_nobody_knows_is_of_no_fund_that_is_known() -> None:
    table = page(
        "收入预算表",
        "单位：万元",
        [
            ["项目", "预算数"],
            ["合计", "25.00"],
            ["一、财政拨款收入", "10.00"],
            ["1.定额拨付", "7.00"],
            ["2.专项补助", "3.00"],
            ["二、事业收入", "8.00"],
            ["三、非同级财政拨款收入", "4.00"],
            ["四、投资收益", "2.00"],
            ["五、租金收入", "1.00"],
        ],
    )
    assert [(line.name, line.fund, line.column_evidence) for line in lines(table)] == [
        ("合计", "total", "printed"),
        ("财政拨款收入", "fiscal_appropriation", "printed"),
        ("定额拨付", "fiscal_appropriation", "printed"),
        ("专项补助", "fiscal_appropriation", "printed"),
        ("事业收入", "business", "printed"),
        ("非同级财政拨款收入", "other", "printed"),
        ("投资收益", None, "ambiguous"),
        ("租金收入", None, "ambiguous"),
    ]


def test_an_item_of_revenue_that_nobody_knows_is_of_the_funds_that_the_columns_name() -> None:
    table = page(
        "收入预算表",
        "单位：万元",
        [
            ["项目", "合计", "财政拨款", "事业收入"],
            ["合计", "20.00", "12.00", "8.00"],
            ["投资收益", "20.00", "12.00", "8.00"],
        ],
    )
    assert [(line.column, line.fund) for line in lines(table) if line.level] == [(2, "total"), (3, "fiscal_appropriation"), (4, "business")]


@pytest.mark.parametrize(
    ("name", "nature"),
    [
        ("项目支出小计", "project"),
        ("一次性项目支出", None),
        ("人员及公用经费", "basic"),
        ("离退休人员经费", None),
        ("日常公用支出", "basic_operating"),
    ],
)
def test_a_row_of_a_nature_with_words_that_nobody_knows_may_be_of_a_part(name: str, nature: str | None) -> None:
    table = page("部门支出总表", "单位：万元", [["项目", "预算数"], ["合计", "25.00"], [name, "10.00"], ["教育支出", "15.00"]])
    assert [line.nature for line in lines(table) if line.name == name] == [nature]


def test_numbered_names_below_words_that_nobody_knows_name_the_amounts_right_of_them() -> None:
    table = page(
        "2021年部门综合预算收支总表",
        "单位：元",
        [
            ["收入", LEFT, "支出", LEFT, LEFT, LEFT],
            ["项目", "预算数", "支出功能分科目（按大类）", "预算数", "部门开支的大类", "预算数"],
            ["一、部门预算", "100.00", "一、部门预算", "100.00", "一、部门预算", "100.00"],
            ["1、财政拨款", "100.00", "1、一般公共服务支出", "70.00", "1、人员经费和公用经费支出", "80.00"],
            ["(1)一般公共预算拨款", "100.00", "2、外交支出", "0.00", "(1)工资福利支出", "60.00"],
            ["(2)政府性基金拨款", "0.00", "3、国防支出", "0.00", "(2)商品和服务支出", "20.00"],
            ["2、上级补助收入", "0.00", "4、公共安全支出", "30.00", "2、专项业务经费支出", "20.00"],
        ],
    )
    assert [(line.code, line.name, line.amount_text) for line in lines(table) if line.column == 6 and line.level] == [
        ("301", "工资福利支出", "60.00"),
        ("302", "商品和服务支出", "20.00"),
    ]


@pytest.mark.parametrize(("purchase", "code"), [("购置费", "vehicle_purchase"), ("购车款", None)])
def test_a_column_of_an_item_below_words_that_nobody_knows_is_not_the_item(purchase: str, code: str | None) -> None:
    table = page(
        "一般公共预算“三公”经费支出表",
        "单位：万元",
        [
            ["单位名称", "合计", "因公出国（境）费", "公务用车购置及运行费", LEFT, LEFT, "公务接待费"],
            [ABOVE, ABOVE, ABOVE, "小计", purchase, "运行维护费", ABOVE],
            ["某局", "20.00", "3.00", "12.00", "4.00", "8.00", "5.00"],
        ],
    )
    assert [line.code for line in lines(table)] == ["total", "abroad", "vehicles", code, "vehicle_operation", "reception"]


def test_numbers_below_numbers_in_brackets_are_one_level_deeper_and_a_part_below_a_total_is_of_no_item_above_it() -> None:
    table = page(
        "部门收入总表",
        "单位：万元",
        [
            ["项目", "预算数"],
            ["一、本年收入", "13.00"],
            ["（一）财政拨款", "10.00"],
            ["1.一般公共预算", "9.00"],
            ["2.政府性基金", "1.00"],
            ["（二）单位资金", "3.00"],
            ["1.事业收入", "2.00"],
            ["2.捐赠收入", "1.00"],
            ["收入总计", "15.00"],
            ["其中：上年结转", "2.00"],
        ],
    )
    assert [(line.name, line.level, line.fund, line.nature, line.is_leaf) for line in lines(table)] == [
        ("本年收入", 0, "current_year", "total", False),
        ("财政拨款", 2, "fiscal_appropriation", "total", False),
        ("一般公共预算", 3, "general_public", "total", True),
        ("政府性基金", 3, "government_fund", "total", True),
        ("单位资金", 2, "unit_funds", "total", False),
        ("事业收入", 3, "business", "total", True),
        ("捐赠收入", 3, "unit_funds", "total", True),
        ("收入总计", 0, "total", "total", False),
        ("上年结转", 2, "carryover", "total", True),
    ]
