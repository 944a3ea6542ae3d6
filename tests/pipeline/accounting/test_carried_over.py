"""Totals with what is carried over or forward: where it stands in them, where beside them, and where a total leaves it out."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.accounting.identities import identity_checks
from pipeline.budget.line import by_id
from pipeline.checks.causes import publisher_error_rows
from pipeline.checks.leaf_sums import check_leaves
from pipeline.checks.repair import evaluate_and_repair
from schemas.check_catalogue import CauseKind
from tests.pipeline.statements.paper import lines as read
from tests.pipeline.statements.paper import page

Half = Sequence[tuple[str, str]]

INCOME: Half = [("一、一般公共预算拨款收入", "80.00"), ("二、其他收入", "20.00")]
SPENT: Half = [("一、一般公共服务支出", "60.00"), ("二、教育支出", "40.00")]
ALL: Half = [("一、一般公共服务支出", "60.00"), ("二、教育支出", "50.00")]
CARRIED, FORWARD = ("上年结转", "10.00"), ("结转下年", "10.00")
LEFT_OUT = ("fail", "warning")


def summary(left: Half, right: Half) -> list[list[str]]:
    rows = max(len(left), len(right))
    halves = ([*half, *[("", "")] * (rows - len(half))] for half in (left, right))
    return [["项目", "预算数", "项目", "预算数"], *([*one, *other] for one, other in zip(*halves, strict=True))]


def failures(left: Half, right: Half) -> list[tuple[str, str, str]]:
    found = read(page("收支预算总表", "单位：万元", summary(left, right)))
    tried = identity_checks(found, [(1, "revenue_expenditure_summary", "收支预算总表")])
    assert sum(row["outcome"] == "pass" for row in tried) >= 2
    return [(row["check_id"], row["outcome"], row["severity"]) for row in (*tried, *check_leaves(found)) if row["outcome"] == "fail"]


WHERE_INCOME_IS_CARRIED_OVER: dict[str, Half] = {
    "between two totals": [*INCOME, ("本年收入合计", "100.00"), CARRIED, ("收入总计", "110.00")],
    "between two totals, the first of no year": [*INCOME, ("收入合计", "100.00"), CARRIED, ("收入总计", "110.00")],
    "above the one total": [*INCOME, CARRIED, ("收入总计", "110.00")],
    "below the one total": [*INCOME, ("收入总计", "110.00"), CARRIED],
    "below all, the total first": [("收入总计", "110.00"), ("本年收入合计", "100.00"), *INCOME, CARRIED],
    "nothing of it": [*INCOME, ("本年收入合计", "100.00"), ("上年结转", "0.00"), ("收入总计", "100.00")],
    "less than nothing": [*INCOME, ("本年收入合计", "100.00"), ("上年结转", "-10.00"), ("收入总计", "90.00")],
    "an item that names no fund": [*INCOME, ("本年收入合计", "100.00"), ("某种结余", "4.00"), ("上年结转", "6.00"), ("收入总计", "110.00")],
}


@pytest.mark.parametrize("where", WHERE_INCOME_IS_CARRIED_OVER)
def test_income_adds_up_wherever_what_is_carried_over_stands(where: str) -> None:
    left = WHERE_INCOME_IS_CARRIED_OVER[where]
    total = next(amount for name, amount in left if name == "收入总计")
    found = failures(left, [("一、一般公共服务支出", total), ("支出总计", total)])
    assert [row for row in found if row[0] != "L1"] == []


@pytest.mark.parametrize(
    "left",
    [
        [("一、一般公共预算拨款收入", "90.00"), ("二、其他收入", "20.00"), ("收入总计", "110.00"), CARRIED],
        [("一、一般公共预算拨款收入", "90.00"), ("二、其他收入", "20.00"), CARRIED, ("收入总计", "110.00")],
        [("一、一般公共预算拨款收入", "90.00"), ("二、其他收入", "20.00"), ("本年收入合计", "110.00"), CARRIED, ("收入总计", "110.00")],
    ],
)
def test_a_total_that_leaves_out_what_is_carried_over_is_said_and_accuses_nobody(left: Half) -> None:
    assert ("R2", *LEFT_OUT) in failures(left, [*ALL, ("支出总计", "110.00")])
    found = read(page("收支预算总表", "单位：万元", summary(left, [*ALL, ("支出总计", "110.00")])))
    judged = evaluate_and_repair(found, [(1, "revenue_expenditure_summary", None)], (), lambda asked: [one.amount_text for one in asked])
    assert [cause.kind for cause in judged.causes] == [CauseKind.LEFT_OUT]
    assert [row for cause in judged.causes for row in publisher_error_rows(cause, by_id(found))] == []


WHERE_SPENDING_IS_CARRIED_FORWARD: dict[str, Half] = {
    "between two totals": [*SPENT, ("本年支出合计", "100.00"), FORWARD, ("支出总计", "110.00")],
    "between two totals, the first of no year": [*SPENT, ("支出合计", "100.00"), FORWARD, ("支出总计", "110.00")],
    "above the one total": [*SPENT, FORWARD, ("支出总计", "110.00")],
    "below the one total": [*SPENT, ("支出总计", "110.00"), FORWARD],
    "beside what is spent by nature": [("基本支出", "60.00"), ("项目支出", "40.00"), FORWARD, ("支出总计", "110.00")],
}


@pytest.mark.parametrize("where", WHERE_SPENDING_IS_CARRIED_FORWARD)
def test_spending_adds_up_wherever_what_is_carried_forward_stands(where: str) -> None:
    assert failures([*INCOME, ("三、事业收入", "10.00"), ("收入总计", "110.00")], WHERE_SPENDING_IS_CARRIED_FORWARD[where]) == []


@pytest.mark.parametrize(
    ("right", "check"),
    [
        ([*ALL, ("支出总计", "110.00"), FORWARD], "H1"),
        ([*ALL, FORWARD, ("支出总计", "110.00")], "H1"),
        ([*ALL, ("本年支出合计", "110.00"), FORWARD, ("支出总计", "110.00")], "R1"),
    ],
)
def test_a_total_that_leaves_out_what_is_carried_forward_is_said(right: Half, check: str) -> None:
    assert failures([*INCOME, ("三、事业收入", "10.00"), ("收入总计", "110.00")], right) == [(check, *LEFT_OUT)]


def test_a_grand_total_that_is_neither_with_nor_without_it_is_an_error() -> None:
    left = [*INCOME, ("本年收入合计", "100.00"), CARRIED, ("收入总计", "112.00")]
    right = [*SPENT, ("本年支出合计", "100.00"), FORWARD, ("支出总计", "112.00")]
    assert [row for row in failures(left, right) if row[0] != "L1"] == [("R1", "fail", "error"), ("R2", "fail", "error")]


def across(left: Half, right: Half, table_total: str) -> list[tuple[str, str]]:
    """What B1 and X1 say of a summary beside a table of spending with a total."""
    table = [["科目编码", "科目名称", "合计"], ["", "合计", table_total], ["201", "一般公共服务支出", table_total]]
    found = read(page("收支预算总表", "单位：万元", summary(left, right)), page("支出预算总表", "单位：万元", table, number=2))
    kinds = [(1, "revenue_expenditure_summary", "收支预算总表"), (2, "expenditure_summary", "支出预算总表")]
    tried = [
        row
        for row in identity_checks(found, kinds)
        if row["check_id"] == "B1" or (row["check_id"] == "X1" and row["subject"].endswith("total"))
    ]
    return [(row["check_id"], row["outcome"]) for row in tried if row["outcome"] != "not_applicable"]


def test_without_a_grand_total_what_stands_beside_the_year_is_added() -> None:
    year = [*INCOME, ("本年收入合计", "100.00"), CARRIED]
    assert across(year, [*ALL, ("支出总计", "110.00")], "110.00") == [("B1", "pass"), ("X1", "pass")]
    assert across(year, [*ALL, ("支出总计", "111.00")], "111.00") == [("B1", "fail"), ("X1", "pass")]
    assert across([*INCOME, ("收入总计", "100.00")], [*ALL, ("支出总计", "110.00")], "110.00") == [("B1", "fail"), ("X1", "pass")]


def test_a_table_of_spending_may_leave_out_what_the_one_total_of_the_summary_carries_forward() -> None:
    income = [*INCOME, ("三、事业收入", "10.00"), ("收入总计", "110.00")]
    right = [*SPENT, FORWARD, ("支出总计", "110.00")]
    assert [across(income, right, total)[1] for total in ("100.00", "110.00", "105.00")] == [("X1", "pass"), ("X1", "pass"), ("X1", "fail")]


def test_what_is_carried_over_and_forward_is_added_on_both_sides_or_on_neither() -> None:
    """An income of 100 and 10 carried over is not the 90 that are spent and 10 carried forward."""
    year = [*INCOME, ("本年收入合计", "100.00"), CARRIED]
    half = [("一、一般公共服务支出", "50.00"), ("二、教育支出", "40.00"), ("本年支出合计", "90.00"), FORWARD]
    assert ("B1", "fail", "error") in failures(year, half)
    balanced = [*half[:2], ("本年支出合计", "90.00"), ("结转下年", "20.00")]
    assert failures(year, balanced) == failures(year, [*SPENT, ("本年支出合计", "100.00")]) == []


def test_a_table_with_what_is_carried_over_is_no_larger_than_a_summary_without_a_grand_total() -> None:
    halves = summary([*INCOME, ("本年收入合计", "100.00"), CARRIED], [*SPENT, ("本年支出合计", "100.00")])
    for table, outcome in (("110.00", "pass"), ("111.00", "fail")):
        rows = [["科目编码", "科目名称", "合计", "上年结转"], ["", "合计", table, "10.00"], ["201", "一般公共服务支出", table, "10.00"]]
        found = read(page("收支预算总表", "单位：万元", halves), page("收入预算总表", "单位：万元", rows, number=2))
        tried = identity_checks(found, [(1, "revenue_expenditure_summary", None), (2, "revenue_summary", None)])
        assert [row["outcome"] for row in tried if row["check_id"] == "U1"] == [outcome]


def test_one_part_of_an_item_need_not_be_all_of_it_and_is_never_more() -> None:
    for part, outcome in (("80.00", "pass"), ("70.00", "not_applicable"), ("90.00", "fail")):
        left = [("一、财政拨款收入", "80.00"), ("其中：一般公共预算拨款", part), ("二、其他收入", "20.00"), ("收入总计", "100.00")]
        found = read(page("收支预算总表", "单位：万元", summary(left, [*SPENT, ("支出总计", "100.00")])))
        tried = identity_checks(found, [(1, "revenue_expenditure_summary", None)])
        assert [row["outcome"] for row in tried if row["subject"].startswith("fiscal_appropriation")] == [outcome]


@pytest.mark.parametrize("total", [[("本年支出合计", "100.00")], []])
@pytest.mark.parametrize(
    "parts",
    [
        [("其中：一般公共预算结转", "6.00"), ("政府性基金预算结转", "4.00")],
        [("基本支出结转", "6.00"), ("项目支出结转和结余", "4.00")],
        [("其中：项目支出结转", "10.00")],
    ],
)
def test_the_parts_of_what_is_carried_forward_are_not_added_to_it(total: Half, parts: Half) -> None:
    left = [*INCOME, ("三、事业收入", "10.00"), ("收入总计", "110.00")]
    assert failures(left, [*SPENT, *total, FORWARD, *parts, ("支出总计", "110.00")]) == []
    other = [(name, f"{float(amount) + 1:.2f}") for name, amount in parts]
    assert ("fail", "error") in {row[1:] for row in failures(left, [*SPENT, *total, FORWARD, *other, ("支出总计", "110.00")])}


def test_the_parts_of_what_is_carried_over_are_not_added_to_it() -> None:
    right = [*ALL, ("支出总计", "110.00")]
    parts = [("基本支出结转", "3.00"), ("项目支出结转和结余", "7.00")]
    left = [*INCOME, ("本年收入合计", "100.00"), CARRIED, *parts, ("收入总计", "110.00")]
    assert [row for row in failures(left, right) if row[0] != "L1"] == []
    other = [*INCOME, ("本年收入合计", "100.00"), CARRIED, ("基本支出结转", "4.00"), parts[1], ("收入总计", "110.00")]
    assert ("R2", "fail", "error") in failures(other, right)
