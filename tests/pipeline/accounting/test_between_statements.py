"""Equations between statements: like is compared with like, and nothing else is."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from pipeline.accounting.equations.between_statements import equations_between
from pipeline.budget.line import Line, by_id

Statements = list[tuple[int, str, str | None]]


def line(text: str, **other: Any) -> Line:
    values: dict[str, Any] = {
        "statement": "", "statement_no": 0, "source": "table", "flow": "expenditure", "scheme": "function", "level": 0, "name": "合计",
        "fund": "total", "nature": "total", "amount": Decimal(text), "amount_text": text, "unit_text": "元", "row": 1, "column": 1,
    }  # fmt: skip
    return Line(**(values | other))


def code(text: str, digits: str, **other: Any) -> Line:
    scheme = {"2": "function", "3": "department_economic", "5": "government_economic"}[digits[0]]
    return line(text, **({"code": digits, "level": (len(digits) - 1) // 2, "scheme": scheme, "name": digits, "row": int(digits)} | other))


def document(*tables: tuple[str, Sequence[Line]], titles: Sequence[str | None] = ()) -> tuple[list[Line], Statements]:
    """Number the tables and their lines."""
    lines: list[Line] = []
    statements: Statements = []
    for number, (kind, members) in enumerate(tables, 1):
        statements.append((number, kind, titles[number - 1] if titles else None))
        lines += [replace(member, statement=kind, statement_no=number) for member in members]
    return lines, statements


def found(
    *tables: tuple[str, Sequence[Line]], titles: Sequence[str | None] = ()
) -> set[tuple[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]]:
    """The equations as their identity and the amounts on either side, every alternative of it."""
    lines, statements = document(*tables, titles=titles)
    known = by_id(lines)
    assert len(known) == len(lines)
    return {
        (e.check_id, tuple(sorted((tuple(known[i].amount_text for i in w), tuple(known[i].amount_text for i in p)) for w, p in e.sides())))
        for e in equations_between(lines, statements)
    }


def one(check_id: str, whole: str, *parts: str) -> tuple[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]:
    return check_id, (((whole,) if whole else (), parts),)


def summary(revenue: str, expenditure: str, *more: Line) -> tuple[str, list[Line]]:
    return (
        "revenue_expenditure_summary",
        [line(revenue, flow="revenue", scheme="revenue_item", name="收入总计"), line(expenditure, column=2, name="支出总计"), *more],
    )


def fiscal(total: str, *more: Line) -> tuple[str, list[Line]]:
    return "fiscal_appropriation_summary", [line(total, fund="fiscal_appropriation"), *more]


# --- B1 ------------------------------------------------------------------------------------------------------------


def test_revenue_is_expenditure() -> None:
    assert found(summary("9", "8")) == {one("B1", "9", "8")}


def test_the_grand_totals_balance_not_those_of_the_year() -> None:
    """9 in the year and 2 carried over against 10 in the year and 1 carried forward."""
    tables = (
        "revenue_expenditure_summary",
        [
            line("9", flow="revenue", fund="current_year", name="本年收入合计"),
            line("11", flow="revenue", name="收入总计", row=3),
            line("10", column=2, name="本年支出合计"),
            line("11 ", column=2, name="支出总计", row=3),
        ],
    )
    assert found(tables) == {one("B1", "11", "11 ")}


def test_fiscal_revenue_is_fiscal_expenditure() -> None:
    revenue = line("7", flow="revenue", fund="fiscal_appropriation", name="收入总计", column=2)
    assert found(fiscal("6", revenue)) == {one("B1", "7", "6")}


def test_one_side_alone_balances_nothing() -> None:
    assert found(("revenue_expenditure_summary", [line("9", flow="revenue")])) == set()


# --- X1, X3, X5 ----------------------------------------------------------------------------------------------------


def test_the_summary_is_the_revenue_table_and_the_expenditure_table() -> None:
    tables = (
        summary("9", "8"),
        ("revenue_summary", [line("7", flow="revenue")]),
        ("expenditure_summary", [line("6")]),
        ("expenditure_by_unit", [line("5", scheme="unit")]),
    )
    assert found(*tables) == {one("B1", "9", "8"), one("X1", "9", "7"), one("X1", "8", "6"), one("X1", "8", "5")}


def test_a_table_may_stand_beside_the_total_of_the_year_or_the_grand_total() -> None:
    tables = (
        (
            "revenue_expenditure_summary",
            [line("9", flow="revenue", fund="current_year", name="本年收入合计"), line("11", flow="revenue", name="收入总计", row=3)],
        ),
        ("revenue_summary", [line("9 ", flow="revenue")]),
    )
    assert found(*tables) == {("X1", ((("11",), ("9 ",)), (("9",), ("9 ",))))}


def test_each_class_stands_in_both_tables() -> None:
    halves = [code("5", "201", column=2), code("3", "205", column=2)]
    tables = (summary("8", "8", *halves), ("expenditure_summary", [line("8 "), code("5 ", "201"), code("1", "20103"), code("2", "208")]))
    assert found(*tables) - {one("B1", "8", "8"), one("X1", "8", "8 ")} == {one("X1", "5", "5 "), one("X1", "3"), one("X1", "", "2")}


@pytest.mark.parametrize("nature", ["carryforward", "surplus_distribution", "undisposed_balance"])
def test_the_classes_of_the_revenue_table_include_what_is_carried_forward(nature: str) -> None:
    own: dict[str, Any] = {"flow": "revenue", "column": 3}
    forward = line("1", nature=nature, name="结转下年", column=2, row=2)
    tables = (summary("6", "6", code("5 ", "201", column=2), forward), ("revenue_summary", [line("6", **own), code(" 6", "201", **own)]))
    lines, statements = document(*tables)
    assert not [e.subject for e in equations_between(lines, statements) if e.check_id == "X1" and "201" in str(e.subject)]


def test_the_classes_of_the_revenue_table_are_compared_where_there_is_no_expenditure_table() -> None:
    own = {"flow": "revenue"}
    tables = (summary("5", "5", code("5 ", "201", column=2)), ("revenue_summary", [line("5", **own), code(" 5", "201", **own)]))
    lines, statements = document(*tables)
    known = by_id(lines)
    pairs = {
        (known[e.whole[0]].amount_text, known[e.parts[0]].amount_text)
        for e in equations_between(lines, statements)
        if e.check_id == "X1" and "201" in str(e.subject)
    }
    assert pairs == {("5 ", " 5")}


def test_basic_and_project_spending_are_the_same_in_their_own_tables() -> None:
    tables = (
        ("expenditure_summary", [line("9"), line("7", nature="basic", column=2), line("2", nature="project", column=3)]),
        ("basic_expenditure", [line("6", nature="basic")]),
        ("project_expenditure", [line("3", nature="project", scheme="project")]),
    )
    assert found(*tables) == {one("X3", "7", "6"), one("X5", "2", "3")}


def test_basic_spending_by_function_is_that_by_economic_code() -> None:
    own = {"fund": "general_public"}
    tables = (
        (
            "general_public_by_function",
            [
                line("9", **own),
                line("7", nature="basic", column=2, **own),
                line("5", nature="basic_personnel", column=3, **own),
                line("2", nature="basic_operating", column=4, **own),
            ],
        ),
        (
            "general_public_basic_by_economic",
            [
                line("6", nature="basic", scheme="department_economic", **own),
                line("4", nature="basic_personnel", column=2, scheme="department_economic", **own),
                line("1", nature="basic_operating", column=3, scheme="department_economic", **own),
            ],
        ),
    )
    assert found(*tables) == {one("X3", "7", "6"), one("X3", "5", "4"), one("X3", "2", "1")}


def test_each_fund_of_the_summary_is_that_column_of_the_revenue_table() -> None:
    own: dict[str, Any] = {"flow": "revenue", "level": 1, "scheme": "revenue_item", "row": 5}
    items = [line("6", fund="general_public", **own), line("3", fund="business", **own | {"row": 6})]
    table = (
        "revenue_summary",
        [
            line(text, flow="revenue", fund=fund, column=column)
            for column, (text, fund) in enumerate((("9 ", "total"), ("6 ", "general_public"), ("2", "business")), 1)
        ],
    )
    assert found(summary("9", "9", *items), table) == {one("B1", "9", "9"), one("X1", "9", "9 "), one("X1", "6", "6 "), one("X1", "3", "2")}


def test_funds_are_not_compared_where_only_one_statement_tells_carry_over_apart() -> None:
    own: dict[str, Any] = {"flow": "revenue", "level": 1, "scheme": "revenue_item", "row": 5}
    items = [line("6", fund="general_public", **own), line("3", fund="carryover", **own | {"row": 6})]
    table = ("revenue_summary", [line("9 ", flow="revenue"), line("9  ", flow="revenue", fund="general_public", column=2)])
    compared = {(check, sides[0]) for check, sides in found(summary("9", "9", *items), table)}
    assert compared == {("B1", (("9",), ("9",))), ("X1", (("9",), ("9 ",)))}


# --- X2 ------------------------------------------------------------------------------------------------------------


def public(text: str, *more: Line) -> tuple[str, list[Line]]:
    return "general_public_by_function", [line(text, fund="general_public"), *more]


def fund(text: str) -> tuple[str, list[Line]]:
    return "government_fund_by_function", [line(text, fund="government_fund")] if text else []


def capital(text: str) -> tuple[str, list[Line]]:
    return "state_capital_by_function", [line(text, fund="state_capital")] if text else []


def test_fiscal_spending_is_the_sum_of_its_funds() -> None:
    assert found(fiscal("9"), public("6"), fund("2"), capital("1")) == {one("X2", "9", "6", "2", "1")}


def test_an_empty_statement_is_zero() -> None:
    assert found(fiscal("9"), public("6"), fund(""), capital("")) == {one("X2", "9", "6")}


def test_a_fund_that_the_summary_prints_is_compared_with_its_own_statement_even_an_empty_one() -> None:
    summary_with_funds = fiscal("9", line("6", fund="general_public", column=2), line("3", fund="government_fund", column=3))
    assert found(summary_with_funds, public("6 "), fund("")) == {one("X2", "6", "6 "), one("X2", "3"), one("X2", "9", "6 ")}


def test_without_the_general_public_statement_the_sum_is_not_complete() -> None:
    assert found(fiscal("9"), fund("2")) == set()


def test_a_fund_stated_without_carry_over_leaves_the_sum_open() -> None:
    tables = (fiscal("9"), public("6"), fund("3"))
    assert ("X2", ((("9",), ("3", "6")),)) in {(c, tuple((w, tuple(sorted(p))) for w, p in sides)) for c, sides in found(*tables)}
    assert not found(*tables, titles=[None, None, "政府性基金支出表（不含上年结转）"])


def test_each_class_of_a_fund_stands_in_both() -> None:
    columns = [code("5", "201", fund="general_public", column=2), code("1", "205", fund="general_public", column=2)]
    tables = (fiscal("6", *columns), public("6 ", code("5 ", "201", fund="general_public"), code("1 ", "205", fund="general_public")))
    assert found(*tables) == {one("X2", "6", "6 "), one("X2", "5", "5 "), one("X2", "1", "1 ")}


# --- T2 ------------------------------------------------------------------------------------------------------------


def items(**amounts: str) -> tuple[str, list[Line]]:
    own: dict[str, Any] = {"scheme": "three_public", "fund": "fiscal_appropriation", "level": 1}
    return "three_public", [line(text, code=item, column=c, name=item, **own) for c, (item, text) in enumerate(amounts.items(), 1)]


def economic(*rows: tuple[str, str]) -> tuple[str, list[Line]]:
    return "general_public_basic_by_economic", [code(text, digits, fund="general_public", nature="basic") for digits, text in rows]


def test_an_item_is_at_least_its_code_in_the_basic_statement() -> None:
    tables = (
        items(abroad="30", reception="5", vehicle_operation="28", conference="4"),
        economic(("30212", "29"), ("30217", "4"), ("30231", "27"), ("30215", "4")),
    )
    lines, statements = document(*tables)
    equations = equations_between(lines, statements)
    assert all((e.check_id, e.at_least, e.severity) == ("T2", True, "warning") for e in equations)
    assert found(*tables) == {one("T2", "30", "29"), one("T2", "5", "4"), one("T2", "28", "27"), one("T2", "4", "4")}


def test_a_code_beside_the_name_of_something_else_is_no_item() -> None:
    kind, rows = economic(("30212", "29"), ("30217", "6"))
    named = [replace(row, code_source="printed", standard_name=name) for row, name in zip(rows, (None, "公务接待费"), strict=True)]
    assert found(items(abroad="0", reception="5"), (kind, named)) == {one("T2", "5", "6")}


def test_items_of_units_are_not_compared_with_the_department() -> None:
    kind, own = items(reception="5")
    own[0] = replace(own[0], unit="甲中心")
    assert found((kind, own), economic(("30217", "4"))) == set()


def test_last_years_items_are_not_compared() -> None:
    kind, own = items(reception="5")
    own.append(
        line("8", code="reception", column=9, measure="prior_year_budget", scheme="three_public", fund="fiscal_appropriation", level=1)
    )
    assert found((kind, own), economic(("30217", "4"))) == {one("T2", "5", "4")}


# --- scope ---------------------------------------------------------------------------------------------------------


def test_a_statement_of_another_scope_is_left_out() -> None:
    tables = (summary("9", "9"), ("expenditure_summary", [line("8")]))
    assert found(*tables, titles=[None, "支出总表（不含上年结转）"]) == {one("B1", "9", "9")}


def test_two_statements_of_one_kind_are_not_chosen_between() -> None:
    tables = (summary("9", "9"), ("expenditure_summary", [line("8")]), ("expenditure_summary", [line("9 ")]))
    assert found(*tables) == {one("B1", "9", "9")}


def test_sets_of_statements_are_compared_within_themselves() -> None:
    tables = (summary("9", "9"), ("expenditure_summary", [line("9 ")]), summary("4", "4"), ("expenditure_summary", [line("4 ")]))
    assert found(*tables) == {one("B1", "9", "9"), one("X1", "9", "9 "), one("B1", "4", "4"), one("X1", "4", "4 ")}


def test_a_unit_is_not_compared_with_its_department() -> None:
    unit = "甲中心"
    tables = (
        summary("9", "9"),
        ("revenue_expenditure_summary", [line("4", flow="revenue", unit=unit), line("4 ", column=2, unit=unit)]),
        ("expenditure_summary", [line("4  ", unit=unit)]),
    )
    assert found(*tables) == {one("B1", "9", "9"), one("B1", "4", "4 "), one("X1", "4 ", "4  ")}


def test_a_final_account_compares_what_was_spent() -> None:
    both = [line("9", flow="revenue", column=1, measure="budget"), line("7", flow="revenue", column=2, measure="final")]
    spent = [line("9 ", column=3, measure="budget"), line("7 ", column=4, measure="final")]
    assert found(("revenue_expenditure_summary", both + spent)) == {one("B1", "7", "7 ")}


def test_a_number_printed_twice_has_no_tolerance() -> None:
    lines, statements = document(summary("9", "9"), ("expenditure_summary", [line("9")]))
    assert {e.tolerance for e in equations_between(lines, statements)} == {Decimal(0)}


def test_ambiguous_amounts_and_prose_are_not_compared() -> None:
    lines, statements = document(
        summary("9", "9"), ("expenditure_summary", [line("9", fund=None, nature=None, column_evidence="ambiguous")])
    )
    lines.append(line("5", statement="expenditure_summary", source="narrative"))
    assert [e.check_id for e in equations_between(lines, statements)] == ["B1"]
