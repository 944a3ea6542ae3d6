"""Checks of sentences: tables said to be empty, the percentage of the budget that was spent, counts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pipeline.budget.line import Line
from pipeline.checks.of_prose.sentence_checks import check_sentences
from pipeline.document.content import Content, Page, TextLine

KIND = "government_fund_by_function"


def said(text: str) -> Content:
    lines = tuple(TextLine(text[at : at + 12]) for at in range(0, len(text), 12))  # wrapped as pages wrap them
    return Content("grids", "test", (Page(1, 595, 842, lines),))


def tried(text: str, check_id: str, lines: list[Line] | None = None, **other: Any) -> list[tuple[str, str | None]]:
    given = {"statements": [(1, KIND, None)], "figures": [], "indicators": []} | other
    checks = check_sentences(said(text), lines or [], given["statements"], given["figures"], given["indicators"])
    assert all(c["severity"] == "warning" for c in checks)
    return [(c["outcome"], c["statement"]) for c in checks if c["check_id"] == check_id]


def amount(text: str) -> Line:
    return Line(KIND, 1, "table", "expenditure", "function", 0, "合计", "government_fund", "total", Decimal(text), text, "元", 1, 1)


@pytest.mark.parametrize(
    ("text", "lines", "expected"),
    [
        ("本单位2026年没有使用政府性基金预算拨款安排的支出。", [], "pass"),
        ("注：本部门无政府性基金预算财政拨款安排的预算，故本表为空表。", [amount("0.00")], "pass"),
        ("说明：本部门本年度没有政府性基金收入，也没有使用政府性基金安排的支出，故本表无数据。", [amount("12.00")], "fail"),
        ("政府性基金预算支出12万元。", [amount("12.00")], "not_applicable"),
    ],
)
def test_a_table_said_to_be_empty_prints_no_amount(text: str, lines: list[Line], expected: str) -> None:
    assert tried(text, "E1", lines)[0] == (expected, KIND)


def test_a_table_that_is_not_printed_is_not_tested() -> None:
    assert ("not_applicable", "state_capital_by_function") in tried("本单位没有国有资本经营预算安排的支出。", "E1")
    assert tried("本单位没有政府性基金预算安排的支出。", "E1", statements=[])[0] == ("not_applicable", KIND)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("年初预算为200.00万元，支出决算为150.00万元，完成年初预算的75.00%。", "pass"),
        ("年初预算为200.00万元，支出决算为150.00万元，完成年初预算的75.01%。", "fail"),
        ("年初预算为2.00万元，支出决算为1.50万元，完成年初预算的75.31%。", "pass"),  # 1.505 of 1.995 is 75.44 %
        ("年初预算为2.00万元，支出决算为1.50万元，完成年初预算的75.45%。", "fail"),
        ("年初预算为200万元，支出决算为1500000元，完成年初预算的75%。", "pass"),
        ("年初预算为 0 万元，全年预算为321.02万元，支出决算为307.82万元，完成年初预算的95.89%。", "pass"),
        ("年初预算为0.00万元，支出决算为150.00万元，完成年初预算的75.00%。", "not_applicable"),
        ("支出决算为150.00万元。", "not_applicable"),
    ],
)
def test_the_percentage_of_the_budget_follows_from_its_numbers(text: str, expected: str) -> None:
    assert [outcome for outcome, _ in tried(text, "N3")] == [expected]


def counted(**figures: int) -> list[dict[str, Any]]:
    return [{"indicator": name, "value": value, "unit": "count"} for name, value in figures.items()]


@pytest.mark.parametrize(("institutions", "expected"), [(3, "pass"), (4, "fail")])
def test_units_are_of_two_kinds(institutions: int, expected: str) -> None:
    figures = counted(budget_units=5, budget_units_administrative=2, budget_units_public_institution=institutions)
    assert tried("", "N4", figures=figures) == [(expected, "key_figures")]


@pytest.mark.parametrize(("beside", "expected"), [(5, "pass"), (6, "fail")])
def test_units_beside_the_office_are_one_less_than_those_of_all_kinds(beside: int, expected: str) -> None:
    figures = counted(
        budget_units_subordinate=beside,
        budget_units_administrative=1,
        budget_units_civil_service_managed=1,
        budget_units_public_institution=4,
    )
    assert tried("", "N4", figures=figures) == [(expected, "key_figures")]


@pytest.mark.parametrize(
    ("projects", "expected"), [(("甲", "乙"), "pass"), (("甲",), "pass"), (("甲", "乙", "丙"), "fail"), ((), "not_applicable")]
)
def test_no_more_projects_have_targets_than_are_said_to(projects: tuple[str, ...], expected: str) -> None:
    listed = [{"project": project} for project in projects for _ in range(3)]
    assert [o for o, _ in tried("", "N4", figures=counted(performance_projects=2), indicators=listed)] == [expected]
