"""Words that a page has lost: what is left of a row says less of it, and never something else."""

from __future__ import annotations

import pytest

from pipeline.budget.line import Line
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
