"""Which budget sentences of a final account state, by the tables beside them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline.budget.line import Line
from pipeline.narrative.budgets_of_tables import with_budgets_of_tables


def _line(source: str, measure: str, amount: str = "9.00", *, name: str = "“三公”经费支出预算", code: str = "total") -> Line:
    money, text = Decimal(amount) * 10000, amount
    return Line(
        "three_public", 9 if source == "table" else 0, source, "expenditure", "three_public", 0, name, "general_public", "total",
        money, text, "万元", 1, 1, code=code, measure=measure,
    )  # fmt: skip


def _measures(stated: list[Line], printed: list[Line]) -> list[str]:
    return [line.measure for line in with_budgets_of_tables(stated, printed)]


def test_a_budget_that_the_table_prints_as_adjusted_is_adjusted() -> None:
    stated = [_line("narrative", "budget"), _line("narrative", "final", "6.00")]
    printed = [_line("table", "adjusted_budget"), _line("table", "final", "6.00")]
    assert _measures(stated, printed) == ["adjusted_budget", "final"]


@pytest.mark.parametrize(
    ("stated", "printed"),
    [
        (_line("narrative", "budget", name="“三公”经费支出年初预算"), [_line("table", "adjusted_budget")]),
        (_line("narrative", "budget"), [_line("table", "adjusted_budget"), _line("table", "budget")]),  # they are the same amount
        (_line("narrative", "budget"), [_line("table", "adjusted_budget", "8.00")]),
        (_line("narrative", "budget"), [_line("table", "adjusted_budget", code="reception")]),
        (_line("narrative", "budget"), [_line("table", "budget")]),
        (_line("narrative", "budget"), []),
    ],
)
def test_a_budget_is_left_as_its_words_say_where_no_table_says_more(stated: Line, printed: list[Line]) -> None:
    assert _measures([stated], printed) == ["budget"]
