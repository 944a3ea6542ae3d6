"""Amounts stand on the page in the order of their columns."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.checks.of_pages.printed_order import check_order
from tests.pipeline.publish.samples import line


def placed(*places: tuple[int, int, float], **other: Any) -> list[tuple[str, str]]:
    lines = [line(row, column=column, x0=x, x1=x + 20, **other) for row, column, x in places]
    return [(c["outcome"], c["severity"]) for c in check_order(lines)]


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([(1, 1, 100.0), (1, 2, 200.0), (2, 1, 300.0)], "pass"),
        ([(1, 1, 200.0), (1, 2, 100.0)], "fail"),
        ([(1, 1, 100.0), (1, 3, 50.0), (2, 1, 100.0), (2, 2, 200.0)], "fail"),
        ([(1, 1, 100.0), (1, 1, 150.0)], "pass"),
    ],
)
def test_the_order_on_the_page_is_that_of_the_columns(places: list[tuple[int, int, float]], expected: str) -> None:
    assert placed(*places) == [(expected, "error")]


def test_without_places_nothing_is_tested() -> None:
    assert [c["outcome"] for c in check_order([line(1, x0=None, x1=None)])] == ["not_applicable"]
    assert [c["outcome"] for c in check_order([])] == ["not_applicable"]


def test_columns_beside_the_sheet_are_on_a_page_of_their_own() -> None:
    lines = [line(1, column=1, page=3, x0=300.0, x1=320.0), line(1, column=2, page=4, x0=50.0, x1=70.0)]
    assert [c["outcome"] for c in check_order(lines)] == ["pass"]
