"""Units that no print says: proven by another place of the document, or held back; never guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.budget.amounts import to_yuan
from pipeline.budget.line import Line
from pipeline.statements.inference.unprinted_units import infer_units_of_money
from pipeline.statements.statement_model import Statement


def line(text: str, unit: str = "", **other: Any) -> Line:
    values: dict[str, Any] = {
        "statement": "expenditure_summary", "statement_no": 1, "source": "table", "flow": "expenditure", "scheme": "function", "level": 0,
        "name": "合计", "fund": "total", "nature": "total", "amount_text": text, "unit_text": unit, "row": 1, "column": 1,
        "amount": to_yuan(Decimal(text.replace(",", "")), unit) if unit else Decimal(text.replace(",", "")),
    }  # fmt: skip
    return Line(**(values | other))


def statement(*lines: Line, number: int = 1, unit: str | None = None) -> Statement:
    return Statement(number, "expenditure_summary", "支出总表", unit, lines, len(lines))


def told(text: str, unit: str = "万元", **other: Any) -> Line:
    return line(text, unit, source="narrative", statement_no=0, **other)


def test_a_total_that_the_narrative_states_proves_the_unit() -> None:
    table = statement(line("7896.16"), line("7000.16", level=1, row=2), line("896.00", level=1, row=3))
    (table,), held = infer_units_of_money([table], [told("7896.16")])
    assert held == []
    assert table.unit_text == "万元"
    assert [(str(one.amount), one.unit_text) for one in table.lines] == [
        ("78961600.00", "万元"),
        ("70001600.00", "万元"),
        ("8960000.00", "万元"),
    ]


def test_whole_yuan_are_proven_by_the_same_amount_in_wan() -> None:
    table = statement(line("78961600"))
    (table,), held = infer_units_of_money([table], [told("7896.16")])
    assert held == []
    assert (table.unit_text, table.lines[0].amount) == ("元", Decimal("78961600.00"))


def test_a_total_of_another_statement_proves_the_unit() -> None:
    table, other = statement(line("7896.16")), statement(line("78961600", "元"), number=2, unit="元")
    (table, other), held = infer_units_of_money([table, other], [])
    assert held == []
    assert table.unit_text == "万元"
    assert other.lines[0].amount == Decimal("78961600.00")


def test_a_part_of_another_statement_proves_nothing() -> None:
    table, other = statement(line("7896.16")), statement(line("78961600", "元", level=1), number=2, unit="元")
    (table, other), held = infer_units_of_money([table, other], [])
    assert held == [1]


def test_a_part_of_the_statement_itself_proves_nothing() -> None:
    table = statement(line("9999.99"), line("7896.16", level=1, row=2))
    (table,), held = infer_units_of_money([table], [told("7896.16")])
    assert held == [1]


def test_without_a_proof_nothing_of_the_statement_is_published() -> None:
    table = statement(line("7896.16"), line("7896.16", level=1, row=2))
    (table,), held = infer_units_of_money([table], [told("1234.56")])
    assert held == [1]
    assert table.lines == () and table.unit_text is None
    assert table.amounts_printed == 2  # what is not captured stays counted


def test_a_short_number_may_be_the_same_by_chance() -> None:
    table = statement(line("120"))
    (table,), held = infer_units_of_money([table], [told("120")])
    assert held == [1]


def test_a_proof_for_either_unit_is_none() -> None:
    table = statement(line("123456.00"))
    (table,), held = infer_units_of_money([table], [told("123456.00"), told("123456.00", "元")])
    assert held == [1]


def test_a_zero_proves_nothing() -> None:
    table = statement(line("0.00"))
    (table,), held = infer_units_of_money([table], [told("0.00")])
    assert held == [1]


def test_a_column_that_prints_its_own_unit_keeps_it_and_its_lines() -> None:
    own = line("500.00", "元", column=2)
    table = statement(line("7896.16"), own)
    (table,), held = infer_units_of_money([table], [])
    assert held == [1]
    assert table.lines == (own,) and own.amount == Decimal("500.00")
    table = statement(line("7896.16"), own)
    (table,), held = infer_units_of_money([table], [told("7896.16")])
    assert held == []
    assert [str(one.amount) for one in table.lines] == ["78961600.00", "500.00"]


def test_a_negative_total_is_proven_by_its_size() -> None:
    table = statement(line("-7896.16"))
    (table,), held = infer_units_of_money([table], [told("7896.16")])
    assert held == []
    assert table.lines[0].amount == Decimal("-78961600.00")


def test_statements_with_units_are_left_alone() -> None:
    table = statement(line("7896.16", "万元"), unit="万元")
    (table, _), held = infer_units_of_money([table, statement(number=2)], [])
    assert held == []
    assert table.lines[0].amount == Decimal("78961600.00")


@given(
    st.lists(st.decimals(1000, 10**9, places=2), min_size=1, max_size=4),
    st.lists(st.decimals(1000, 10**9, places=2), max_size=4),
    st.sampled_from(["元", "万元"]),
)
def test_a_proven_unit_is_one_that_the_document_states(totals: Sequence[Decimal], stated: Sequence[Decimal], unit: str) -> None:
    table = statement(*(line(str(t), row=r) for r, t in enumerate(totals, 1)))
    narrative = [told(str(s), unit) for s in stated]
    known = {one.amount for one in narrative}
    (table,), held = infer_units_of_money([table], narrative)
    if held:
        assert not table.lines
    else:
        assert table.unit_text
        assert known & {one.amount for one in table.lines}
        assert [one.amount for one in table.lines] == [to_yuan(t, table.unit_text) for t in totals]


@pytest.mark.parametrize("unit", ["元", "万元"])
def test_the_right_unit_is_found(unit: str) -> None:
    table = statement(line("123456.78"), line("123456.78", level=1))
    (table,), held = infer_units_of_money([table], [line("123456.78", unit, source="narrative")])
    assert held == []
    assert table.unit_text == unit


@pytest.mark.parametrize(
    ("total", "stated", "unit"),
    [
        ("21,943,672.74", "2194.37", "元"),
        ("2,194.37", "2194.3673", "万元"),
        ("21,943,672.74", "2194.4", "元"),
        ("21,943,672.74", "2194.36", None),  # cut off, or another amount
        ("21,943,672.74", "2194", None),  # too few digits to be no chance
        ("21,943,672.74", "21943672.74", "万元"),
    ],
)
def test_a_total_stated_to_fewer_places_proves_the_unit(total: str, stated: str, unit: str | None) -> None:
    table = statement(line(total))
    (table,), _ = infer_units_of_money([table], [told(stated)])
    assert table.unit_text == unit


def test_a_rounded_part_or_revenue_proves_no_total() -> None:
    for other in ({"level": 1}, {"flow": "revenue"}):
        table = statement(line("21943672.74"))
        (table,), held = infer_units_of_money([table], [line("2194.37", "万元", source="narrative", **other)])
        assert held == [1]


def test_a_proven_unit_proves_further_ones() -> None:
    first = statement(line("21943672.74"), line("1184203.91", row=2))
    second = statement(line("1184203.91"), number=2)
    (second, first), held = infer_units_of_money([second, first], [told("2194.37")])
    assert held == []
    assert (first.unit_text, second.unit_text) == ("元", "元")


def on_page(page: int, *lines: Line, number: int, unit: str | None = None) -> Statement:
    return replace(statement(*lines, number=number, unit=unit), pages=(page,))


@pytest.mark.parametrize(
    ("total", "unit", "page", "proven"),
    [
        ("18.60", "万元", 1, "万元"),  # 18.60 yuan is no year's spending
        ("186,000.00", "元", 1, "元"),  # 186,000万元 is more than all
        ("1,860.00", "万元", 1, None),  # either
        ("18.60", "元", 1, None),  # its neighbours are in another unit than it must be
        ("18.60", "万元", 2, None),  # no neighbour
        ("3,000.00", "万元", 1, None),  # more than all: not in the unit of its neighbours
    ],
)
def test_the_unit_of_the_page_counts_where_no_other_is_possible(total: str, unit: str, page: int, proven: str | None) -> None:
    whole = "2,277.00" if unit == "万元" else "22,770,000.00"
    other = on_page(page, line(whole, unit), number=1, unit=unit)
    table = on_page(1, line(total), number=2)
    (other, table), held = infer_units_of_money([other, table], [])
    assert held == ([] if proven else [2])
    assert table.unit_text == proven


def test_a_unit_that_is_not_printed_says_how_it_is_known() -> None:
    (table,), _ = infer_units_of_money([statement(line("7896.16"))], [told("7896.16")])
    assert {one.unit_evidence for one in table.lines} == {"total"}
    own = line("500.00", "元", column=2)
    (table,), _ = infer_units_of_money([statement(line("7896.16"), own)], [told("7896.16")])
    assert [one.unit_evidence for one in table.lines] == ["total", own.unit_evidence]
