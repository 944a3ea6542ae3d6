"""Units of money that the document contradicts: one of two places is misprinted, and no wrong one is published."""

from __future__ import annotations

import time
from typing import Any

import pytest

from pipeline.budget.line import Line
from pipeline.statements.inference.contradicted_units import hold_contradicted_units
from pipeline.statements.statement_model import Statement
from tests.pipeline.statements.test_unprinted_units import line, told


def table(number: int, unit: str, *totals: str, kind: str = "expenditure_summary", **other: Any) -> Statement:
    natures = ("total", "basic", "project")
    own = tuple(
        line(text, unit, statement=kind, statement_no=number, row=1, column=n, **({"nature": natures[n], "unit_evidence": "table"} | other))
        for n, text in enumerate(totals)
    )
    return Statement(number, kind, "支出总表", unit, own, len(own))


def held(statements: list[Statement], *sentences: Line) -> tuple[list[int], int]:
    """The numbers of statements that are held back, and how many sentences."""
    left, numbers, told_left, unbelieved = hold_contradicted_units(statements, sentences)
    assert [s.number for s in left] == [s.number for s in statements]
    assert [s.number for s in left if not s.lines] == numbers
    assert len(told_left) + len(unbelieved) == len(sentences)
    return numbers, len(unbelieved)


def test_statements_that_agree_are_left_alone() -> None:
    tables = [table(1, "万元", "1,338.13", "990.13", "348.00"), table(2, "元", "13,381,300.00", "9,901,300.00", "3,480,000.00")]
    assert held(tables, told("1338.13"), told("990.13", nature="basic")) == ([], 0)


def test_rounded_amounts_agree() -> None:
    assert held([table(1, "元", "13,381,267.45"), table(2, "万元", "1,338.13")], told("1338.1")) == ([], 0)


@pytest.mark.parametrize(
    ("right", "wrong"), [(("万元", "1,338.13"), ("元", "1,338.13")), (("元", "13,381,300.00"), ("万元", "13,381,300.00"))]
)
def test_one_statement_against_two_is_held_back(right: tuple[str, str], wrong: tuple[str, str]) -> None:
    assert held([table(1, *right), table(2, *wrong), table(3, *right)]) == ([2], 0)


def test_a_sentence_against_tables_and_another_sentence_is_held_back() -> None:
    tables = [table(1, "万元", "1,338.13"), table(2, "万元", "1,338.13")]
    assert held(tables, told("1338.13"), told("1338.13", "元")) == ([], 1)


def test_a_side_on_which_no_body_could_live_is_believed_in_no_case() -> None:
    tables = [table(1, "元", "1,338.13"), table(2, "元", "1,338.13")]
    assert held(tables, told("1338.13"), told("1338.13")) == ([1, 2], 2)
    assert held(tables, told("1338.13")) == ([1, 2], 1)
    assert held([*tables, table(3, "万元", "1,338.13")], told("1338.13")) == ([1, 2], 0)


def test_a_small_body_is_not_ten_thousand_times_as_large_by_one_sentence() -> None:
    amounts = ("85,432.10", "60,432.10", "25,000.00")
    assert held([table(1, "元", *amounts), table(2, "元", *amounts)], told("85432.10")) == ([1, 2], 1)


def test_thousands_of_sentences_are_compared_in_little_time() -> None:
    sentences = [told(f"{12_000 + n}.{n % 89 + 10}", code=f"2{n:06d}", level=3) for n in range(4000)]
    started = time.process_time()
    assert held([table(1, "万元", "1,338.13")], *sentences) == ([], 0)
    assert held([table(1, "万元", "1,338.13")], *[told("1338.13")] * 4000, told("1338.13", "元")) == ([], 1)
    assert time.process_time() - started < 5


def test_where_nothing_tells_which_is_misprinted_both_are_held_back() -> None:
    assert held([table(1, "万元", "13,381,300.00"), table(2, "元", "13,381,300.00")]) == ([1, 2], 0)
    assert held([table(1, "万元", "13,381,300.00"), table(2, "万元", "13,381,300.00")], told("1338.13"), told("1338.13")) == ([1, 2], 2)


def test_totals_of_two_funds_contradict_each_other_too() -> None:
    all_funds = table(1, "元", "1,338.13", "990.13")
    one_fund = table(2, "万元", "1,338.13", "990.13", kind="general_public_by_function", fund="general_public")
    assert held([all_funds, one_fund]) == ([1, 2], 0)
    assert held([all_funds, one_fund], told("1338.13", fund="general_public")) == ([1], 0)


def test_few_digits_are_the_same_by_chance() -> None:
    assert held([table(1, "元", "250,000.00"), table(2, "万元", "250,000.00", kind="project_expenditure", fund="government_fund")]) == (
        [],
        0,
    )
    assert held([table(1, "万元", "120.00"), table(2, "元", "120.00")]) == ([], 0)


def test_other_things_may_be_ten_thousand_times_as_large() -> None:
    parts = [line("1,338.13", "元", level=1, code="201", statement_no=1), line("13,381.30", "万元", level=1, code="208", statement_no=2)]
    tables = [
        Statement(n, "expenditure_summary", None, x.unit_text, (x, line("9,999,999.00", "元", statement_no=n)), 2)
        for n, x in enumerate(parts, 1)
    ]
    assert held(tables) == ([], 0)


def test_no_statement_beside_others_in_wan_comes_to_some_yuan() -> None:
    beside = table(2, "万元", "1,338.13")
    assert held([table(1, "元", "18.60", "16.00", kind="three_public"), beside]) == ([1], 0)
    assert held([table(1, "元", "0.00", kind="three_public"), beside]) == ([], 0)
    assert held([table(1, "元", "180.00", kind="three_public"), beside]) == ([], 0)
    assert held([table(1, "元", "18.60", "16.00", kind="three_public")]) == ([], 0)


def test_amounts_that_print_their_own_unit_stay() -> None:
    own = line("500.00", "万元", level=1, row=2, statement_no=2, unit_evidence="amount")
    wrong = table(2, "元", "1,338.13")
    mixed = Statement(2, wrong.kind, wrong.title, "元", (*wrong.lines, own), 2)
    left, numbers, _, _ = hold_contradicted_units([table(1, "万元", "1,338.13"), mixed, table(3, "万元", "1,338.13")], [])
    assert numbers == [2]
    assert left[1].lines == (own,)


def test_a_part_in_wan_that_comes_to_many_times_the_whole_is_held_back() -> None:
    items = {"kind": "three_public", "fund": "fiscal_appropriation", "scheme": "three_public", "code": "total"}
    whole, large, small = [table(1, "万元", "1,338.13"), table(2, "万元", "1,338.13")], ("万元", "186,000.00"), ("万元", "18.64")
    assert held([*whole, table(3, *large, **items)]) == ([3], 0)
    assert held([*whole, table(3, "万元", "20,072.00", **items)]) == ([], 0)
    assert held([whole[0], table(3, *large, **items)]) == ([], 0)
    # a whole that stands alone is not too large for the part on which others agree
    assert held([table(1, "万元", "9,338.13"), table(2, *small, **items), table(3, *small, **items)]) == ([], 0)
