"""Totals whose name nobody knows: found where all sums say so, never where one does not."""

from __future__ import annotations

import pytest

from pipeline.budget.line import Line
from tests.pipeline.statements.paper import LEFT, Rows, lines, page

FUNCTION = [("科目编码", "科目名称", "合计", "基本支出", "项目支出")]
CODED = [
    ("201", "一般公共服务支出", "6.00", "4.00", "2.00"),
    ("20103", "政府办公厅（室）及相关机构事务", "6.00", "4.00", "2.00"),
    ("2010301", "行政运行", "4.00", "4.00", ""),
    ("2010302", "一般行政管理事务", "2.00", "", "2.00"),
    ("208", "社会保障和就业支出", "3.00", "3.00", ""),
]
PROJECTS = [("项目名称", "合计", "一般公共预算")]
UNKNOWN = ["合共", "总共数", "部门汇总", "全部支出", "支出规模"]


def levels(found: list[Line]) -> dict[str, set[tuple[int, bool]]]:
    return {name: {(line.level, line.is_leaf) for line in found if line.name == name} for name in {line.name for line in found}}


def by_leaves(found: list[Line], nature: str = "total") -> int:
    return int(sum(line.amount for line in found if line.is_leaf and line.nature == nature) / 10_000)


@pytest.mark.parametrize("word", UNKNOWN)
@pytest.mark.parametrize("above", [True, False])
def test_an_unknown_word_over_or_under_all_codes_is_their_total(word: str, above: bool) -> None:
    total = [("", word, "9.00", "7.00", "2.00")]
    found = lines(page("支出总表", "单位：万元", FUNCTION + (total + CODED if above else CODED + total)))
    assert levels(found)[word] == {(0, False)}
    assert {line.scheme for line in found} == {"function"}
    assert (by_leaves(found), by_leaves(found, "basic"), by_leaves(found, "project")) == (9, 7, 2)


@pytest.mark.parametrize("word", UNKNOWN)
@pytest.mark.parametrize("above", [True, False])
def test_an_unknown_word_over_or_under_all_projects_is_their_total(word: str, above: bool) -> None:
    total = [(word, "9.00", "5.00")]
    rows = [("食品抽检", "4.00", ""), ("设备监察", "5.00", "5.00")]
    found = lines(page("项目支出表", "单位：万元", PROJECTS + (total + rows if above else rows + total)))
    assert levels(found) == {word: {(0, False)}, "食品抽检": {(1, True)}, "设备监察": {(1, True)}}


@pytest.mark.parametrize("word", ["合共", "总共数", "全部合计数"])
def test_of_one_project_and_its_total_the_word_tells(word: str) -> None:
    found = lines(page("项目支出表", "单位：万元", [("项目名称", "合计"), ("食品抽检", "4.00"), (word, "4.00")]))
    assert levels(found) == {word: {(0, False)}, "食品抽检": {(1, True)}}


def test_two_projects_of_one_amount_are_two() -> None:
    found = lines(page("项目支出表", "单位：万元", [("项目名称", "合计"), ("食品抽检", "4.00"), ("设备监察", "4.00")]))
    assert levels(found) == {"食品抽检": {(1, True)}, "设备监察": {(1, True)}}


def test_a_project_that_is_by_chance_the_sum_of_others_stays_one_below_a_known_total() -> None:
    rows = [("合计", "10.00"), ("食品抽检", "2.00"), ("设备监察", "3.00"), ("信息化", "5.00")]
    found = lines(page("项目支出表", "单位：万元", [("项目名称", "合计"), *rows]))
    assert levels(found)["信息化"] == {(1, True)}


def test_a_row_that_misses_one_column_is_no_total() -> None:
    rows = [("食品抽检", "4.00", "4.00"), ("设备监察", "5.00", "5.00"), ("信息化", "9.00", "1.00")]
    found = lines(page("项目支出表", "单位：万元", [*PROJECTS, *rows]))
    assert levels(found)["信息化"] == {(1, True)}


def test_a_project_below_the_only_item_is_the_leaf() -> None:
    rows = [
        ("212", "城乡社区支出", "8.00"),
        ("21201", "城乡社区管理事务", "8.00"),
        ("2120101", "行政运行", "8.00"),
        ("", "示范街区改造", "8.00"),
    ]
    found = lines(page("支出总表", "单位：万元", [("科目编码", "科目名称", "合计"), *rows]))
    assert {line.name: line.level for line in found}["示范街区改造"] == 3


def test_unknown_totals_in_both_halves_of_a_summary() -> None:
    rows: Rows = [
        ["收入", LEFT, "支出", LEFT],
        ["项目", "预算数", "项目", "预算数"],
        ["一、一般公共预算拨款收入", "8.00", "一、一般公共服务支出", "6.00"],
        ["二、事业收入", "1.00", "二、社会保障和就业支出", "3.00"],
        ["本年收入规模", "9.00", "本年支出规模", "9.00"],
        ["上年结转", "1.00", "结转下年", "1.00"],
        ["收入盘子", "10.00", "支出盘子", "10.00"],
    ]
    found = lines(page("收支总表", "单位：万元", rows))
    revenue = [(line.name, line.level, line.fund, line.is_leaf) for line in found if line.flow == "revenue"]
    assert revenue == [
        ("一般公共预算拨款收入", 1, "general_public", True),
        ("事业收入", 1, "business", True),
        ("本年收入规模", 0, "current_year", False),
        ("上年结转", 1, "carryover", True),
        ("收入盘子", 0, "total", False),
    ]
    spent = [(line.name, line.level, line.nature, line.is_leaf) for line in found if line.flow == "expenditure"]
    assert spent == [
        ("一般公共服务支出", 1, "total", True),
        ("社会保障和就业支出", 1, "total", True),
        ("本年支出规模", 0, "total", False),
        ("结转下年", 0, "carryforward", True),
        ("支出盘子", 0, "total", False),
    ]


def test_an_unknown_word_over_units_is_their_total_but_the_department_is_a_unit() -> None:
    units = [("清风数据局机关", "4.00"), ("清风数据中心", "5.00")]
    for first, level in (("合共", 0), ("清风数据局", 1)):
        found = lines(page("支出预算分单位表", "单位：万元", [("单位名称", "合计"), (first, "9.00"), *units]))
        assert {(line.name, line.level, line.is_leaf) for line in found} == {
            (first, level, False), ("清风数据局机关", 1, True), ("清风数据中心", 1, True),
        }  # fmt: skip


def test_an_unknown_word_over_the_items_of_three_public_is_their_total() -> None:
    rows = [("公务费规模", "9.00"), ("因公出国（境）费", "2.00"), ("公务接待费", "3.00"), ("公务用车购置及运行费", "4.00")]
    found = lines(page("“三公”经费预算表", "单位：万元", [("项目", "预算数"), *rows]))
    assert [(line.code, line.level, line.is_leaf) for line in found] == [
        ("total", 0, False), ("abroad", 1, True), ("reception", 1, True), ("vehicles", 1, True),
    ]  # fmt: skip


def test_the_only_unit_over_its_rows_is_a_unit() -> None:
    rows = [("合计", "", "6.00"), ("清风数据局（本级）", "", "6.00"), ("201", "一般公共服务支出", "6.00"), ("2010301", "行政运行", "6.00")]
    found = lines(
        page(
            "支出总表",
            "单位：万元",
            [
                ("科目编码", "科目名称", "合计"),
                *((code, name, amount) if code.isdigit() else ("", code, amount) for code, name, amount in rows),
            ],
        )
    )
    assert {(line.name, line.scheme, line.level) for line in found if "本级" in line.name} == {("清风数据局（本级）", "unit", 1)}


def test_an_unknown_word_over_units_with_the_items_of_three_public_beside_is_their_total() -> None:
    header = ("单位名称", "合计", "因公出国（境）费", "公务接待费", "公务用车购置及运行费")
    units = [("清风数据局机关", "5.00", "1.00", "1.00", "3.00"), ("清风数据中心", "4.00", "1.00", "2.00", "1.00")]
    found = lines(page("“三公”经费预算表", "单位：万元", [header, ("部门汇总", "9.00", "2.00", "3.00", "4.00"), *units]))
    assert [(line.unit, line.is_leaf) for line in found if line.code == "reception"] == [
        (None, False), ("清风数据局机关", True), ("清风数据中心", True),
    ]  # fmt: skip


@pytest.mark.parametrize("above", [True, False])
def test_an_unknown_word_over_groups_of_items_is_their_total(above: bool) -> None:
    total = [("采购总规模", "12.00")]
    rows = [("货物", "5.00"), ("复印纸", "2.00"), ("计算机", "3.00"), ("服务", "7.00"), ("物业管理", "4.00"), ("法律服务", "3.00")]
    found = lines(page("政府采购预算表", "单位：万元", [("采购品目", "合计"), *(total + rows if above else rows + total)]))
    assert levels(found)["采购总规模"] == {(0, False)}
    assert [line.name for line in found if line.is_leaf] == ["复印纸", "计算机", "物业管理", "法律服务"]


def test_an_unknown_word_in_the_column_of_codes_is_the_total_too() -> None:
    found = lines(page("支出总表", "单位：万元", [*FUNCTION, ("合共", LEFT, "9.00", "7.00", "2.00"), *CODED]))
    assert levels(found)["合共"] == {(0, False)}


def test_an_unknown_total_over_natures_in_rows_is_read_as_a_known_one() -> None:
    rows = [("基本支出", "7.00"), ("人员经费", "5.00"), ("公用经费", "2.00"), ("项目支出", "2.00")]
    read = [lines(page("支出总表", "单位：万元", [("项目", "预算数"), (word, "9.00"), *rows])) for word in ("支出盘子", "合计")]
    unknown, known = ([(line.level, line.nature, line.amount, line.is_leaf) for line in found] for found in read)
    assert unknown == known
