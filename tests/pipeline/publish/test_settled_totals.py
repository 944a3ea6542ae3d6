"""Which printed total counts, and what holds it back."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from pipeline.publish.marts.settled_totals import Explanation, Key, Printed, Settled, of_other_scale, settle, settle_all

D = Decimal


def printed(amount: str, source: str = "table", **changes: Any) -> Printed:
    given = {"step": D("0.01"), "document_id": "a", "statement": source, "statement_no": 1, "page": 1, "sound": True}
    return Printed(D(amount), source=source, **{**given, **changes})


def settled(*numbers: Printed, figure: str = "expenditure", beside: tuple[Explanation, ...] = ()) -> tuple[Any, ...]:
    one = settle(numbers, beside, figure)
    return one.printed.amount, one.printed.source, one.grand, one.held


def test_the_figures_own_table_comes_first_then_summary_other_table_narrative() -> None:
    order = ["table", "summary", "other_table", "narrative", "rows", "empty_table"]
    for first, later in pairwise(order):
        assert settled(printed("100", later), printed("100", first))[:2] == (100, first)


def test_a_number_printed_to_fewer_places_is_the_same_number() -> None:
    exact, coarse = printed("1048475.67", "summary"), printed("1048500", "table", step=D(100))
    assert settled(exact, coarse) == (D(1048500), "table", D(1048500), None)
    assert settled(printed("100.00"), printed("100.02", "summary"))[3] == "contradicted"


def test_what_is_carried_forward_is_not_spent_this_year() -> None:
    numbers = (printed("100"), printed("120", "summary"))
    assert settled(*numbers, beside=(Explanation(D(20), True),)) == (100, "table", 120, None)
    assert settled(*numbers, beside=(Explanation(D(15), True), Explanation(D(5), True))) == (100, "table", 120, None)
    # what came over from last year is spent: the larger one is the whole
    assert settled(*numbers, beside=(Explanation(D(20), False),)) == (120, "summary", 120, None)


def test_what_nothing_explains_is_held_back_unless_more_places_print_the_larger() -> None:
    assert settled(printed("100"), printed("120", "summary"))[3] == "contradicted"
    twice = (printed("120", "summary"), printed("120", "summary", statement_no=2))
    assert settled(printed("100"), *twice) == (120, "summary", 120, None)
    assert settle((printed("100"), *twice), (), "expenditure").reason
    many = (printed("100"), printed("100", "summary", statement_no=3), printed("120", "summary"))
    assert settled(*many)[3] == "contradicted"


def test_prose_that_differs_is_a_doubt_and_holds_back_only_where_the_units_must_differ() -> None:
    one = settle((printed("100"), printed("90", "narrative")), (), "expenditure")
    assert (one.printed.amount, one.held) == (100, None)
    assert one.reason == "100.00 (table of a) and 90.00 (narrative, narrative of a) differ"
    assert settled(printed("1000000"), printed("100", "narrative"))[3] == "other_scale"
    assert settle((printed("100"), printed("90", "narrative"), printed("100", "narrative")), (), "expenditure").reason is None


def test_totals_of_units_do_not_contradict_that_of_all() -> None:
    assert settled(printed("63"), printed("20", statement_no=2), figure="three_public") == (63, "table", 63, None)


def test_a_number_that_an_identity_contradicts_counts_only_where_another_place_says_it_too() -> None:
    doubtful = printed("100", sound=False)
    assert settled(doubtful)[3] == "contradicted"
    assert settled(doubtful, printed("90", "narrative"))[:2] == (90, "narrative")
    assert settled(doubtful, printed("100", "narrative"))[:2] == (100, "table")
    assert settled(printed("1000000", sound=False), printed("100", "summary"))[3] == "other_scale"
    assert settled(printed("110", sound=False), printed("100", "summary"))[3] is None


def test_a_part_is_at_most_the_whole_and_a_unit_at_most_its_department() -> None:
    def held(whole: str, part: str, figure: str = "general_public", **more: Any) -> str | None:
        key = Key("x", figure, "budget")
        return settle_all({Key("x", "expenditure", "budget"): [printed(whole)], key: [printed(part)]}, {}, {}, more)[key].held

    assert held("100", "100") is None
    assert held("100", "100.02") == "exceeds_whole"
    assert held("100", "120", "revenue") is None
    unit = {Key("u", "expenditure", "budget"): [printed("120")], Key("d", "expenditure", "budget"): [printed("100")]}
    both = settle_all(unit, {}, {"u": "d"}, {})
    assert (both[Key("u", "expenditure", "budget")].held, both[Key("d", "expenditure", "budget")].held) == ("exceeds_department", None)


def test_a_whole_below_its_basic_spending_is_held_back() -> None:
    keys = [Key("x", name, "budget") for name in ("general_public", "general_public_basic")]
    one = settle_all({keys[0]: [printed("9")], keys[1]: [printed("58000")]}, {}, {}, {})
    assert one[keys[0]].held == "contradicted"
    assert settle_all({keys[0]: [printed("90000")], keys[1]: [printed("58000")]}, {}, {}, {})[keys[0]].held is None


def test_spending_of_a_fund_is_of_the_scale_of_its_revenue() -> None:
    key = Key("x", "government_fund", "budget")

    def held(*revenue: int) -> str | None:
        return settle_all({key: [printed("123")]}, {}, {}, {}, {key: [D(amount) for amount in revenue]})[key].held

    assert held(1230000) == "other_scale"
    assert held(1230000, 100) is None and held() is None and held(100) is None


def test_last_years_document_holds_back_what_is_of_another_scale() -> None:
    key = Key("x", "three_public", "budget")
    one: Settled = settle_all({key: [printed("5")]}, {}, {}, {key: "last year 5 here, 50,000 there"})[key]
    assert (one.held, one.reason) == ("other_scale", "last year 5 here, 50,000 there")


@pytest.mark.parametrize(("one", "other", "expected"), [(1, 1000, True), (1, 999, False), (0, 5, False), (-10000, 1, True)])
def test_a_factor_of_a_thousand_is_another_scale(one: int, other: int, expected: bool) -> None:
    assert of_other_scale(D(one), D(other)) is expected
