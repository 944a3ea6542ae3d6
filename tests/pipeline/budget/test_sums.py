"""Sums but for rounding, and the department above its units."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pipeline.budget.line import Line
from pipeline.budget.sums import adds_up, comprises, is_sum


def line(text: str, column: int = 1, **other: Any) -> Line:
    values: dict[str, Any] = {
        "statement": "expenditure_by_unit", "statement_no": 1, "source": "table", "flow": "expenditure", "scheme": "unit", "level": 1,
        "name": "某中心", "fund": "total", "nature": "total", "amount": Decimal(text), "amount_text": text, "unit_text": "元", "row": 1,
        "column": column,
    }  # fmt: skip
    return Line(**(values | other))


@pytest.mark.parametrize(
    ("whole", "parts", "holds"),
    [("10", ["4", "6"], True), ("11", ["4", "6"], True), ("12", ["4", "6"], False), ("5", ["4"], False), ("0", [], True), ("1", [], False)],
)
def test_a_sum_holds_but_for_the_rounding_of_its_addends(whole: str, parts: list[str], holds: bool) -> None:
    assert is_sum(Decimal(whole), list(map(Decimal, parts)), Decimal(1)) is holds
    assert adds_up(Decimal(whole), list(map(line, parts)), Decimal(1)) is (holds and bool(parts))


def test_a_department_is_the_sum_of_its_units_in_every_column() -> None:
    units = [line("4"), line("6"), line("1", 2), line("2", 2)]
    assert comprises([line("10"), line("3", 2)], units)
    assert not comprises([line("10"), line("9", 2)], units)
    assert not comprises([line("10"), line("3", 3)], units)


def test_the_years_of_one_column_add_up_apart() -> None:
    units = [line("4", measure="budget"), line("6", measure="budget"), line("50", measure="prior_year")]
    assert comprises([line("10", measure="budget")], units)


def test_nothing_and_zeros_are_no_department() -> None:
    assert not comprises([], [line("4")])
    assert not comprises([line("0")], [line("0"), line("0")])
    assert not comprises([line("4")], [])
