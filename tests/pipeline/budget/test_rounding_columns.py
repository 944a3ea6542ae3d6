"""Rounding over whole tables is rounding of each amount."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.budget import rounding_columns, sums

CENT = Decimal("0.01")


@pytest.mark.parametrize("unit", ["元", "万元"])
@pytest.mark.parametrize("text", ["0", "12", "1,234", "12.3", "12.30", "-0.50", "0.1234", "12.345678", "(1.20)"])
def test_the_step_of_a_line_is_that_of_its_amount(unit: str, text: str) -> None:
    frame = pl.DataFrame({"unit_text": [unit], "amount_text": [text]})
    step = frame.select(rounding_columns.step(rounding_columns.places())).item()
    assert step == sums.step_of(unit, text).quantize(CENT)


def test_an_amount_without_a_unit_counts_in_what_it_is_printed_in() -> None:
    frame = pl.DataFrame({"unit_text": [""], "amount_text": ["12.3"]})
    assert frame.select(rounding_columns.step(rounding_columns.places())).item() == sums.step_of("", "12.3")


@settings(deadline=None, max_examples=25)
@given(st.sampled_from([Decimal("0.01"), Decimal("0.10"), Decimal(1), Decimal(100)]), st.integers(0, 400))
def test_the_slack_of_a_column_is_that_of_a_sum(step: Decimal, addends: int) -> None:
    frame = pl.DataFrame({"step": [step], "n": [addends]}, schema={"step": rounding_columns.MONEY, "n": pl.UInt32})
    assert frame.select(rounding_columns.slack(pl.col("step"), pl.col("n"))).item() == sums.rounding_tolerance(step, addends).quantize(CENT)
