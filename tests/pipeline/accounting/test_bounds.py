"""Bounds and sums beyond the first identities: U1, X6, R3, sums of 其中 columns, headings of lists."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from pipeline.accounting.identities import identity_checks
from pipeline.budget.line import Line

Statements = Sequence[tuple[int, str, str | None]]


def line(text: str, row: int = 1, column: int = 1, code: str | None = None, **other: Any) -> Line:
    values: dict[str, Any] = {
        "statement": "expenditure_summary", "statement_no": 1, "source": "table", "flow": "expenditure", "scheme": "function",
        "level": (len(code) - 1) // 2 if code else 0, "name": code or "合计", "code": code, "fund": "total", "nature": "total",
        "amount": Decimal(text), "amount_text": text, "unit_text": "元", "row": row, "column": column,
    }  # fmt: skip
    return Line(**(values | other))


def outcomes(lines: Sequence[Line], statements: Statements, check_id: str) -> list[tuple[str, str]]:
    return [(c["outcome"], c["severity"]) for c in identity_checks(lines, statements) if c["check_id"] == check_id]


SUMMARY: dict[str, Any] = {"statement": "revenue_expenditure_summary", "scheme": "revenue_item", "flow": "revenue"}
TWO: Statements = [(1, "revenue_expenditure_summary", None), (2, "procurement", None)]


@pytest.mark.parametrize(("largest", "expected"), [("900", "pass"), ("1000", "pass"), ("1001", "fail"), ("9000000", "fail")])
def test_no_statement_is_larger_than_the_whole_budget(largest: str, expected: str) -> None:
    item = line(largest, statement="procurement", statement_no=2, scheme="procurement_item", level=1)
    lines = [line("1000", name="收入总计", **SUMMARY), item]
    assert outcomes(lines, TWO, "U1") == [(expected, "error")]
    assert item.proofs == 0  # a bound proves no amount


def test_without_a_summary_the_size_is_not_tested() -> None:
    item = line("5", statement="procurement", statement_no=1, scheme="procurement_item", level=1)
    assert outcomes([item], [(1, "procurement", None)], "U1") == [("not_applicable", "warning")]


def test_last_years_amounts_are_no_part_of_this_years_budget() -> None:
    lines = [line("10", name="收入总计", **SUMMARY), line("5", statement="procurement", statement_no=2)]
    lines.append(line("99", column=2, measure="prior_year_budget", statement="procurement", statement_no=2))
    assert outcomes(lines, TWO, "U1") == [("pass", "error")]


@pytest.mark.parametrize(("basic", "project", "expected"), [("6", "4", ["pass", "pass"]), ("4", "6", ["fail", "pass"])])
def test_all_funds_spend_at_least_what_one_fund_spends(basic: str, project: str, expected: list[str]) -> None:
    lines = [
        line(basic, nature="basic", column=2),
        line(project, nature="project", column=3),
        line("6", nature="basic", column=2, statement="general_public_by_function", statement_no=2, fund="general_public"),
        line("3", nature="project", column=3, statement="general_public_by_function", statement_no=2, fund="general_public"),
    ]
    statements: Statements = [(1, "expenditure_summary", None), (2, "general_public_by_function", None)]
    assert [outcome for outcome, _ in outcomes(lines, statements, "X6")] == expected


def test_what_is_not_basic_is_compared_where_projects_are_not_printed() -> None:
    def lines(basic: str) -> list[Line]:
        other: dict[str, Any] = {"statement": "general_public_by_function", "statement_no": 2, "fund": "general_public"}
        economic: dict[str, Any] = {**other, "statement": "general_public_basic_by_economic", "statement_no": 3}
        return [
            line("10"),
            line(basic, column=2, nature="basic"),
            line("10", **other),
            line("4", scheme="department_economic", nature="basic", **economic),
        ]

    statements: Statements = [(n, kind, None) for n, kind in enumerate(
        ("expenditure_summary", "general_public_by_function", "general_public_basic_by_economic"), start=1
    )]  # fmt: skip
    assert [o for o, _ in outcomes(lines("4"), statements, "X6")] == ["pass", "pass"]
    assert "fail" in [o for o, _ in outcomes(lines("6"), statements, "X6")]  # basic and project changed places


@pytest.mark.parametrize(("change", "expected"), [("-2", "pass"), ("2", "fail")])
@pytest.mark.parametrize("years_in_rows", [False, True])
def test_this_year_is_last_year_and_the_change(change: str, expected: str, years_in_rows: bool) -> None:
    measures = ("budget", "prior_year_budget", "change")
    lines = [
        line(text, row=n if years_in_rows else 1, column=1 if years_in_rows else n, measure=measure, code="201")
        for n, (text, measure) in enumerate(zip(("8", "10", change), measures, strict=True), start=1)
    ]
    assert outcomes(lines, [(1, "expenditure_summary", None)], "R3") == [(expected, "error")]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ((("8", "budget"), ("8", "change")), [("pass", "warning")]),  # nothing last year
        ((("10", "prior_year"), ("-10", "change")), [("pass", "warning")]),  # nothing this year
        ((("8", "budget"), ("3", "change")), [("fail", "warning")]),
        ((("8", "budget"), ("10", "prior_year")), []),  # no change is printed
    ],
)
def test_a_blank_amount_of_one_year_is_zero(printed: tuple[tuple[str, str], ...], expected: list[tuple[str, str]]) -> None:
    columns = {"budget": 1, "prior_year": 2, "change": 3}
    rows = [(("8", "budget"), ("10", "prior_year"), ("-2", "change")), printed]
    lines = [
        line(text, row=row, column=columns[measure], measure=measure, code=f"20{row}")
        for row, cells in enumerate(rows, start=1)
        for text, measure in cells
    ]
    assert outcomes(lines, [(1, "expenditure_summary", None)], "R3") == [("pass", "error"), *expected]


def test_a_table_of_one_year_and_its_change_says_nothing_of_the_other() -> None:
    lines = [line("8", measure="budget", code="201"), line("3", column=2, measure="change", code="201")]
    assert [outcome for outcome, _ in outcomes(lines, [(1, "expenditure_summary", None)], "R3")] in ([], ["not_applicable"])


def test_a_column_that_repeats_a_part_of_others_adds_up_by_code() -> None:
    nature = "of_which_procurement"
    lines = [
        *(line(t, row=r, code=c) for r, (t, c) in enumerate((("9", "201"), ("5", "20101"), ("4", "20102")), start=1)),
        *(
            line(t, row=r, column=2, code=c, nature=nature)
            for r, (t, c) in enumerate((("30", "201"), ("20", "20101"), ("20", "20102")), start=1)
        ),
    ]
    checks = [c for c in identity_checks(lines, [(1, "expenditure_summary", None)]) if c["check_id"] == "H1"]
    assert sorted((nature in c["subject"], c["outcome"]) for c in checks) == [(False, "pass"), (True, "fail")]


def items(*rows: tuple[str, bool]) -> list[Line]:
    listed = {"statement": "project_expenditure", "scheme": "project", "level": 1, "name": "项目"}
    return [line(text, row=r, is_leaf=leaf, **listed) for r, (text, leaf) in enumerate(rows, start=1)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("9", False), ("5", True), ("4", True), ("7", False), ("7", True)], ["pass", "pass"]),
        ([("16", False), ("9", False), ("5", True), ("4", True), ("7", False), ("7", True)], ["pass", "pass", "pass"]),
        ([("9", False), ("5", True), ("1", True), ("7", False), ("7", True)], ["fail", "pass"]),
    ],
)
def test_a_heading_row_of_a_list_is_the_sum_of_what_follows(rows: list[tuple[str, bool]], expected: list[str]) -> None:
    assert [o for o, _ in outcomes(items(*rows), [(1, "project_expenditure", None)], "X5")] == expected


def test_a_heading_of_rounded_rows_may_be_off_by_rounding() -> None:
    assert outcomes(items(("10", False), ("5", True), ("4", True)), [(1, "project_expenditure", None)], "X5") == [("pass", "error")]


@pytest.mark.parametrize(
    ("title", "outcome"),
    [
        ("社会保险基金预算收支表", "not_applicable"),
        ("2024年医保基金收入支出表", "not_applicable"),
        ("非税收入征缴计划表", "not_applicable"),
        ("省对下转移支付预算表", "not_applicable"),
        ("国有资产占用情况表", "not_applicable"),
        ("固定资产情况表", "not_applicable"),
        ("新增固定资产购置预算表", "fail"),  # is bought with the budget
        ("新增资产情况表", "fail"),
        ("税收征收经费支出表", "fail"),
        ("非税收入安排的支出表", "fail"),
        ("政府购买服务支出预算表", "fail"),
        (None, "fail"),
    ],
)
def test_money_that_is_in_no_departments_budget_is_not_bounded_by_it(title: str | None, outcome: str) -> None:
    item = line("9000", statement="other", statement_no=2, scheme="item", level=1)
    lines = [line("1000", name="收入总计", **SUMMARY), item]
    (check,) = (c for c in identity_checks(lines, [(1, "revenue_expenditure_summary", None), (2, "other", title)]) if c["check_id"] == "U1")
    assert (check["outcome"], "no department's budget" in check["detail"]) == (outcome, outcome == "not_applicable")
