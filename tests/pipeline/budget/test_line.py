"""The line in memory."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal

import pytest

from pipeline.budget.line import Line, with_values

LINE = Line("summary", 1, "table", "revenue", "item", 1, "合计", None, "total", Decimal("1.00"), "1.00", "元", 2, 3, proofs=2, page=4)


@pytest.mark.parametrize("name", [field.name for field in fields(Line)])
def test_another_value_of_one_column_leaves_the_others(name: str) -> None:
    assert with_values(LINE, **{name: "other"}) == replace(LINE, **{name: "other"})


def test_several_columns_at_once() -> None:
    assert with_values(LINE, proofs=5, contradictions=1) == replace(LINE, proofs=5, contradictions=1)


def test_a_column_that_no_line_has_is_refused() -> None:
    with pytest.raises(KeyError):
        with_values(LINE, colour="red")
