"""Numbers printed with fewer decimals than the others: what that explains, and what a number alone does not."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from pipeline.accounting.decimals_left_out import DecimalsLeftOut
from pipeline.accounting.evaluate import IdentityResult
from pipeline.accounting.identities import evaluate_identities
from pipeline.budget.line import Line, by_id

KINDS = [(1, "expenditure_summary", None), (2, "general_public_by_function", None)]


def line(text: str, row: int, column: int = 1, code: str | None = None, **other: Any) -> Line:
    values: dict[str, Any] = {
        "statement": "expenditure_summary", "statement_no": 1, "source": "table", "flow": "expenditure", "scheme": "function",
        "level": (len(code) - 1) // 2 if code else 0, "name": code or "合计", "code": code, "fund": "total", "nature": "total",
        "amount": Decimal(text) * 10_000, "amount_text": text, "unit_text": "万元", "row": row, "column": column,
    }  # fmt: skip
    return Line(**(values | other))


def failed(lines: Sequence[Line]) -> list[tuple[IdentityResult, bool]]:
    tried = evaluate_identities(lines, KINDS)
    left_out = DecimalsLeftOut(tried, by_id(lines))
    return [(t, left_out.explain_sum(t)) for t in tried if t.outcome == "fail"]


def classes(*texts: str, first_row: int = 2) -> list[Line]:
    return [line(text, n, code=f"2{n:02}") for n, text in enumerate(texts, first_row)]


WITH_ZEROS = ("12.50", "7.20", "3.10")


@pytest.mark.parametrize(
    ("total", "whole", "explained"),
    [
        ("122.80", "100", False),  # holds
        ("123.29", "100", True),  # 100.49 rounded
        ("123.79", "100", True),  # 100.99 cut off
        ("122.31", "100", True),  # 99.51 rounded
        ("122.20", "100", False),  # 99.40 is neither
        ("123.81", "100", False),
    ],
)
def test_a_number_alone_explains_its_own_decimals(total: str, whole: str, explained: bool) -> None:
    lines = [line(total, 1), *classes(whole, *WITH_ZEROS)]
    assert [told for _, told in failed(lines)] == ([] if total == "122.80" else [explained])


def test_a_number_that_a_sum_of_finer_ones_makes_exact_explains_nothing() -> None:
    """Its row says that nothing was left out; so the total of its column has another fault."""
    row = [line("100", 2, code="202"), line("60.25", 2, 2, "202", nature="basic"), line("39.75", 2, 3, "202", nature="project")]
    lines = [line("123.29", 1), *row, *classes(*WITH_ZEROS, first_row=3)]
    assert [told for t, told in failed(lines) if t.equation.check_id == "H1" and t.whole[0].column == 1] == [False]


def test_two_sums_must_have_lost_the_same() -> None:
    """100.49 by its column, and 100.20 by its row: one number has one value."""
    for basic, agree in (("60.74", True), ("60.45", False)):
        row = [line("100", 2, code="202"), line(basic, 2, 2, "202", nature="basic"), line("39.75", 2, 3, "202", nature="project")]
        lines = [line("123.29", 1), *row, *classes(*WITH_ZEROS, first_row=3)]
        assert [told for t, told in failed(lines) if row[0].id in t.members] == [agree, agree]


def outcome(coarse: str, fine: str, *beside: str) -> str:
    """How grave it is that a total differs in two tables, the first with further numbers beside it."""
    rows = [line(text, n, 1, f"2{n:02}", nature="basic") for n, text in enumerate(beside, 2)]
    other = line(fine, 1, statement="general_public_by_function", statement_no=2, fund="general_public")
    summary: dict[str, Any] = {"statement": "fiscal_appropriation_summary", "fund": "general_public"}
    lines = [line(coarse, 1, **summary), *(line(r.amount_text, r.row, 2, r.code, nature="basic", **summary) for r in rows), other]
    tried = evaluate_identities(lines, [(1, "fiscal_appropriation_summary", None), (2, "general_public_by_function", None)])
    return next(t.severity for t in tried if t.equation.check_id == "X2" and t.outcome == "fail")


@pytest.mark.parametrize(
    ("coarse", "fine", "beside", "severity"),
    [
        ("100", "100.99", ("5", "7"), "warning"),  # a table in whole 万元
        ("101", "100.99", ("5", "7"), "warning"),
        ("101", "100.20", ("5", "7"), "warning"),  # one last digit
        ("101", "100.20", ("5.50", "7.25"), "error"),  # neither rounded nor cut off
        ("100", "100.99", ("5.50", "7.25"), "warning"),  # one number without the decimals of its table
        ("100", "100.99", ("5.5", "7.25"), "error"),  # where 5.50 is printed 5.5, 100 is 100.00
        ("0", "0.70", ("5.50", "7.25"), "error"),  # a bare zero among decimals is none that was cut off
        ("0", "0.70", ("5", "7"), "warning"),
    ],
)
def test_one_number_in_two_tables(coarse: str, fine: str, beside: tuple[str, ...], severity: str) -> None:
    assert outcome(coarse, fine, *beside) == severity


OF_FUNDS = ("general_public_by_function", "government_fund_by_function")


@pytest.mark.parametrize(("funds", "outcome"), [(("60.5", "39.4"), "pass"), (("60.5", "39.3"), "fail"), (("61", "39.2"), "pass")])
def test_the_sum_of_several_statements_is_as_exact_as_the_coarsest_of_them(funds: tuple[str, str], outcome: str) -> None:
    """What each statement rounds by itself need not add up to what another one rounds."""
    whole = line("100.0", 1, statement="fiscal_appropriation_summary", fund="fiscal_appropriation")
    kinds = [(1, "fiscal_appropriation_summary", None)]
    lines = [whole]
    for n, (kind, fund, text) in enumerate(zip(OF_FUNDS, ("general_public", "government_fund"), funds, strict=True), 2):
        lines.append(line(text, 1, statement=kind, statement_no=n, fund=fund))
        kinds.append((n, kind, None))
    tried = evaluate_identities(lines, kinds)
    assert [t.outcome for t in tried if t.equation.check_id == "X2" and len(t.parts) == 2] == [outcome]
