"""Words that a page has lost: what is left of a row says less of it, and never something else."""

from __future__ import annotations

import pytest

from pipeline.budget.line import Line
from pipeline.statements.meaning.headers.joined_names import are_several_names
from tests.pipeline.statements.paper import ABOVE, LEFT, lines, page

# --- one of two codes is gone --------------------------------------------------------------------------------------

CROSSED = ("支出功能分类科目", "政府支出经济分类科目", "部门支出经济分类科目", "合计")


def crossed(*rows: tuple[str, ...], head: tuple[str, ...] = CROSSED) -> list[Line]:
    return lines(page("支出总表", "单位：万元", [head, *rows]))


def said(found: list[Line]) -> list[tuple[str, str | None, str]]:
    return [(line.scheme, line.code, line.amount_text) for line in found if line.level]


def test_a_row_without_the_first_of_its_codes_is_no_row_of_the_second():
    found = crossed(
        ("2010301-行政运行", "50101-工资奖金津补贴", "30101-基本工资", "7.00"),
        ("2010301-行政运行", "50101-工资奖金津补贴", "30102-津贴补贴", "5.00"),
        ("", "50201-办公经费", "30201-办公费", "3.00"),
        ("2010302-一般行政管理事务", "50201-办公经费", "30202-印刷费", "2.00"),
        ("合计", LEFT, LEFT, "17.00"),
    )
    assert said(found) == [("function", "2010301", "7.00"), ("function", "2010301", "5.00"), ("function", "2010302", "2.00")]
    assert [line.amount_text for line in found if not line.level] == ["17.00"]


def test_beside_the_departmental_code_that_is_gone_the_governments_is_not_the_rows():
    found = crossed(
        ("30101-基本工资", "50101-工资奖金津补贴", "7.00"),
        ("", "50901-社会福利和救助", "3.00"),
        ("30201-办公费", "50201-办公经费", "2.00"),
        head=("部门预算支出经济分类科目", "政府预算支出经济分类科目", "合计"),
    )
    assert said(found) == [("department_economic", "30101", "7.00"), ("department_economic", "30201", "2.00")]


def test_rows_of_the_second_classification_below_a_row_of_the_first_are_its_own():
    found = crossed(
        ("2010301-行政运行", "", "12.00"),
        ("", "30101-基本工资", "7.00"),
        ("", "30102-津贴补贴", "5.00"),
        head=("支出功能分类科目", "部门支出经济分类科目", "合计"),
    )
    assert said(found) == [
        ("function", "2010301", "12.00"),
        ("department_economic", "30101", "7.00"),
        ("department_economic", "30102", "5.00"),
    ]


def test_a_list_may_print_the_first_code_once_for_the_rows_below_it():
    found = crossed(
        ("2010301-行政运行", "30101-基本工资", "7.00"),
        ("", "30102-津贴补贴", "5.00"),
        ("", "30201-办公费", "5.00"),
        ("2010302-一般行政管理事务", "30201-办公费", "4.00"),
        ("", "30202-印刷费", "4.00"),
        head=("支出功能分类科目", "部门支出经济分类科目", "合计"),
    )
    assert [amount for _, _, amount in said(found)] == ["7.00", "5.00", "5.00", "4.00", "4.00"]


def test_totals_of_the_second_classification_in_the_first_column_keep_their_codes():
    found = crossed(
        ("30101-基本工资", "50101-工资奖金津补贴", "7.00"),
        ("30102-津贴补贴", "50101-工资奖金津补贴", "5.00"),
        ("50101-工资奖金津补贴", "", "12.00"),
        head=("部门预算支出经济分类科目", "政府预算支出经济分类科目", "合计"),
    )
    assert said(found)[-1] == ("government_economic", "50101", "12.00")


@pytest.mark.parametrize("second", ["政府预算支出经济分类科目", "科目名称"])
def test_codes_beside_departmental_ones_are_the_governments_whatever_their_heading_says(second: str):
    head = [
        ["科目编码", LEFT, "部门预算支出经济分类科目", "科目编码", LEFT, second, "合计"],
        ["类", "款", ABOVE, "类", "款", ABOVE, ABOVE],
    ]
    rows = [
        ["302", "", "商品和服务支出", "502", "", "机关商品和服务支出", "12.00"],
        ["302", "01", "办公费", "502", "01", "办公经费", "7.00"],
        ["302", "02", "印刷费", "502", "01", "办公经费", "5.00"],
    ]
    found = lines(page("基本支出预算情况表", "单位：万元", [*head, *rows]))
    assert [(line.scheme, line.code, line.name, line.government_economic_code) for line in found] == [
        ("department_economic", "302", "商品和服务支出", "502"),
        ("department_economic", "30201", "办公费", "50201"),
        ("department_economic", "30202", "印刷费", "50201"),
    ]


# --- the word for a year is gone -----------------------------------------------------------------------------------

YEARS = ["预算单位", "年度", "合计", "因公出国（境）费", "公务接待费", "公务用车运行费"]


def by_years(*rows: list[str]) -> list[Line]:
    return lines(page("“三公”经费预算表", "单位：万元", [YEARS, *rows]))


def test_a_row_without_a_name_among_rows_of_several_years_is_of_none():
    found = by_years(
        ["清风数据局", "2022年", "6.00", "1.00", "2.00", "3.00"],
        ["", "2023年", "5.00", "1.00", "1.00", "3.00"],
        ["", "", "-1.00", "0.00", "-1.00", "0.00"],
    )
    assert {(line.measure, line.row) for line in found} == {("prior_year", 2), ("budget", 3)}


def test_a_row_without_a_name_among_rows_of_one_year_is_their_total():
    found = by_years(
        ["清风数据局", "2023年", "6.00", "1.00", "2.00", "3.00"],
        ["清风信息中心", "2023年", "5.00", "1.00", "1.00", "3.00"],
        ["", "", "11.00", "2.00", "3.00", "6.00"],
    )
    assert [line.amount_text for line in found if line.unit is None and line.measure == "budget"] == ["11.00", "2.00", "3.00", "6.00"]


def test_a_units_row_that_lost_its_year_is_of_none():
    found = by_years(
        ["清风数据局", "", "6.00", "1.00", "2.00", "3.00"],
        ["", "2023年", "5.00", "1.00", "1.00", "3.00"],
        ["", "增减变化金额", "-1.00", "0.00", "-1.00", "0.00"],
    )
    assert {(line.measure, line.row) for line in found} == {("budget", 3), ("change", 4)}


def test_digits_of_a_units_code_are_no_year():
    head = ["单位编码", "单位名称", "合计", "因公出国（境）费", "公务接待费", "公务用车运行费"]
    rows = [["122", "清风数据局", "6.00", "1.00", "2.00", "3.00"], ["122001", "", "6.00", "1.00", "2.00", "3.00"]]
    assert {line.measure for line in lines(page("“三公”经费预算表", "单位：万元", [head, *rows]))} == {"budget"}


# --- the ruling between two cells is gone --------------------------------------------------------------------------


@pytest.mark.parametrize("text", [
    "基本支出项目支出",
    "人员经费支出项目支出",
    "事业收入经营收入",
    "财政拨款收入上级补助收入",
    "经营收入附属单位上缴收入其他收入",
    "公务接待费公务用车运行费",
    "因公出国(境)费公务接待费",
    "因公出国公务接待费",
])  # fmt: skip
def test_two_names_in_a_header_are_those_of_two_columns(text: str):
    assert are_several_names(text)


@pytest.mark.parametrize("text", [
    "",
    "基本支出",
    "一般公共预算基本支出",  # a fund and a nature
    "政府性基金预算财政拨款收入",  # a fund, and what holds it
    "人员经费公用经费",  # both parts, for the whole
    "人员经费和公用经费",
    "基本支出、项目支出",
    "事业收入(含经营收入)",
    "事业单位经营收入",
    "公务用车购置及运行费",
    "公务用车购置费和运行费",
    "“三公”经费会议费培训费",
    "上缴上级支出",
    "对附属单位补助支出",
    "商品和服务支出",
])  # fmt: skip
def test_one_name_may_hold_the_words_of_others(text: str):
    assert not are_several_names(text)


def test_a_column_under_two_names_is_of_neither():
    found = expenditure(
        ("201", "一般公共服务支出", "9.00", "9.00", "0.00"),
        ("206", "科学技术支出", "5.00", "5.00", "0.00"),
        head=("科目编码", "科目名称", "合计", "基本支出项目支出", "经营支出"),
    )
    assert [(line.nature, line.column_evidence) for line in found[:3]] == [
        ("total", "printed"),
        (None, "ambiguous"),
        ("operating", "printed"),
    ]


def expenditure(*rows: tuple[str, ...], head: tuple[str, ...]) -> list[Line]:
    return lines(page("支出总表", "单位：万元", [head, *rows]))


def summary(*rows: tuple[str, ...]) -> list[tuple[str, str]]:
    found = lines(page("收支总表", "单位：万元", [("项目", "预算数", "项目", "预算数"), *rows]))
    return [(line.name, line.amount_text) for line in found]


@pytest.mark.parametrize("name", [
    "本年收入合计上年结转",
    "政府性基金预算收入三、国有资本经营预算收入",
    "上级补助收入附属单位上缴收入",
])  # fmt: skip
def test_a_row_named_after_two_of_a_summary_is_none_of_them(name: str):
    found = summary(
        ("一般公共预算拨款收入", "9.00", "一般公共服务支出", "9.00"),
        (name, "5.00", "科学技术支出", "5.00"),
        ("收入总计", "14.00", "支出总计", "14.00"),
    )
    assert [each for each in found if each[1] != "14.00"] == [
        ("一般公共预算拨款收入", "9.00"),
        ("一般公共服务支出", "9.00"),
        ("科学技术支出", "5.00"),
    ]


@pytest.mark.parametrize("name", ["上年结转收入合计", "财政拨款收入小计", "收入合计（不含上年结转）", "本年收入合计数"])
def test_a_total_may_name_what_it_is_the_total_of(name: str):
    found = summary(("一般公共预算拨款收入", "9.00", "一般公共服务支出", "9.00"), (name, "9.00", "本年支出合计", "9.00"))
    assert len(found) == 4


def test_digits_of_a_code_in_the_cell_of_the_name_leave_the_code_open():
    found = lines(
        page(
            "支出总表",
            "单位：万元",
            [
                ["科目编码", LEFT, "科目名称", "合计"],
                ["类", "款", ABOVE, ABOVE],
                ["201", "", "一般公共服务支出", "9.00"],
                ["201", "03", "政府办公厅（室）及相关机构事务", "9.00"],
                ["201", "", "01行政运行", "5.00"],
                ["201", "", "50事业运行", "4.00"],
            ],
        )
    )
    assert [(line.code, line.amount_text) for line in found] == [("201", "9.00"), ("20103", "9.00")]


def test_a_code_that_goes_on_under_a_name_is_not_whole():
    found = expenditure(
        ("201", "", "", "一般公共服务支出", "9.00"),
        ("201", "03", "", "政府办公厅（室）及相关机构事务", "9.00"),
        ("201", "03", "01", "行政运行", "9.00"),
        head=("功能分类科目编码", "科目名称", "科目名称", "功能分类科目名称", "合计"),
    )
    assert [(line.code, line.name) for line in found] == [("201", "一般公共服务支出")]


def test_an_amount_in_the_name_of_the_other_code_took_the_rows_own_into_it():
    found = crossed(
        ("30101-基本工资", "50101-工资奖金津补贴", "7.000000"),
        ("", "50501-工资福利支出30102-津贴补贴5.000000", "5.000000"),
        ("30103-奖金", "50501-工资福利支出", "3.000000"),
        head=("部门预算支出经济分类科目", "政府预算支出经济分类科目", "合计"),
    )
    assert said(found) == [("department_economic", "30101", "7.000000"), ("department_economic", "30103", "3.000000")]


def test_items_of_income_under_a_heading_cut_to_that_of_a_code_keep_their_funds():
    found = lines(
        page(
            "收支总表",
            "单位：万元",
            [
                ["收入", LEFT, "支出", LEFT],
                ["项", "预算数", "项目", "预算数"],
                ["一、财政拨款收入", "9.00", "一般公共服务支出", "9.00"],
                ["二、事业收入", "5.00", "科学技术支出", "5.00"],
                ["收入总计", "14.00", "支出总计", "14.00"],
            ],
        )
    )
    assert [(line.fund, line.amount_text) for line in found if line.flow == "revenue"] == [
        ("fiscal_appropriation", "9.00"),
        ("business", "5.00"),
        ("total", "14.00"),
    ]
