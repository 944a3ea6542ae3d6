"""Which amounts make the marts: of which document, which statement, which rows. Every expected amount is added up by hand."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from pipeline.publish.marts.additive_lines import AdditiveLines, select_additive_lines
from pipeline.stages.checking import Checked
from pipeline.store.frames import document_frames
from tests.pipeline.publish.samples import facts, line

Frames = dict[str, pl.DataFrame]


def spent(row: int, level: int, code: str | None, amount: str, **changes: Any) -> Any:
    """A row of spending by function; an amount in 万元 is given as printed."""
    given: dict[str, Any] = {"statement": "expenditure_summary", "fund": "total", "level": level, "code": code}
    given |= {"name": f"科目{code or row}"}
    given |= {"code_source": "printed" if code else None, **changes}
    if given.get("unit_text") == "万元":
        return line(row, str(Decimal(amount) * 10_000), **{"amount_text": amount, **given})
    return line(row, amount, **given)


def total(row: int, amount: str, **changes: Any) -> Any:
    return spent(row, 0, None, amount, **{"name": "合计", **changes})


def unit(row: int, name: str, amount: str, **changes: Any) -> Any:
    return spent(row, 1, None, amount, **{"name": name, "scheme": "unit", **changes})


def document(lines: Sequence[Any], mark: str = "a", **changes: Any) -> Frames:
    about = {"status": "published", "fiscal_year": 2024, "province": "CN-ZJ", "region_code": "330000", "department": "某局"}
    about |= {"level": "department", "kind": "budget", "statements": [], "pages": 1, **changes}
    return document_frames(Checked(document=about, lines=list(lines)), facts(mark, f"{mark}.pdf"))


def chosen(*documents: Frames) -> AdditiveLines:
    return select_additive_lines(pl.concat([one["documents"] for one in documents]), pl.concat([one["budget_lines"] for one in documents]))


def coverage(made: AdditiveLines, figure: str = "expenditure", *columns: str) -> list[tuple[Any, ...]]:
    rows = made.coverage.filter(pl.col("figure") == figure).sort("document_id", "measure")
    return rows.select(columns or ("outcome", "rows", "amount", "printed_total")).rows()


def used(made: AdditiveLines, figure: str = "expenditure") -> list[tuple[Any, ...]]:
    return made.lines.filter(pl.col("figure") == figure).sort("code", "nature", "amount").select("code", "nature", "amount").rows()


def totals(made: AdditiveLines) -> list[tuple[Any, ...]]:
    return made.totals.sort("disclosure_no", "figure", "measure").select("disclosure_no", "figure", "measure", "total").rows()


def outcomes(made: AdditiveLines) -> list[str]:
    return [row[0] for row in coverage(made)]


PLAIN = [spent(1, 1, "201", "60"), spent(2, 1, "208", "40"), total(3, "100")]


# --- rows against the total ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "outcome", "whole"),
    [
        ("1.00", "complete", "1.00"),
        ("1.01", "complete", "1.01"),  # three rounded addends: two steps of the last place
        ("0.97", "complete", "0.97"),
        ("1.02", "incomplete", "1.02"),
        ("0.96", "exceeds_total", None),
    ],
)
def test_a_sum_may_be_off_by_what_its_addends_are_rounded(printed: str, outcome: str, whole: str | None) -> None:
    rows = [spent(n, 1, code, "0.33", unit_text="万元") for n, code in enumerate(("201", "208", "221"), start=1)]
    made = chosen(document([*rows, total(4, printed, unit_text="万元")]))
    assert coverage(made) == [(outcome, 3, 9900, Decimal(printed) * 10_000)]
    assert totals(made) == ([(0, "expenditure", "budget", Decimal(whole) * 10_000)] if whole else [])
    assert len(used(made)) == (3 if whole else 0)


def test_a_single_row_is_the_total_or_not() -> None:
    assert coverage(chosen(document([spent(1, 1, "201", "60"), total(2, "61")]))) == [("incomplete", 1, 60, 61)]
    assert coverage(chosen(document([spent(1, 1, "201", "61"), total(2, "60")]))) == [("exceeds_total", 1, 61, 60)]


def test_without_a_total_the_rows_count() -> None:
    made = chosen(document(PLAIN[:2]))
    assert coverage(made) == [("no_total", 2, 100, None)]
    assert totals(made) == [(0, "expenditure", "budget", 100)]


def test_a_total_alone_counts_where_it_is_one_and_nothing_contradicts_it() -> None:
    made = chosen(document([total(1, "100")]))
    assert coverage(made) == [("total_only", None, None, 100)]
    assert totals(made) == [(0, "expenditure", "budget", 100)]
    assert used(made) == []
    assert coverage(chosen(document([total(1, "100"), total(2, "100")]))) == [("total_only", None, None, 100)]
    assert coverage(chosen(document([total(1, "100"), total(2, "90")]))) == []
    assert coverage(chosen(document([total(1, "100", contradictions=1)]))) == []


def test_of_several_totals_the_nearest_counts() -> None:
    made = chosen(document([*PLAIN, total(4, "130"), total(5, "99.99")]))
    assert coverage(made, "expenditure", "printed_total", "difference") == [(100, 0)]
    made = chosen(document([*PLAIN[:2], total(4, "103"), total(5, "97")]))
    assert coverage(made) == [("exceeds_total", 2, 100, 97)]


def test_a_total_that_is_contradicted_is_held_against_the_rows_and_not_used() -> None:
    made = chosen(document([*PLAIN[:2], total(3, "150", contradictions=1)]))
    assert coverage(made) == [("incomplete", 2, 100, 150)]
    assert totals(made) == [(0, "expenditure", "budget", 100)]
    made = chosen(document([*PLAIN[:2], total(3, "101", contradictions=1)]))
    assert (coverage(made), totals(made)) == ([("complete", 2, 100, 101)], [(0, "expenditure", "budget", 101)])


def test_a_row_that_is_contradicted_is_not_used() -> None:
    made = chosen(document([*PLAIN, spent(4, 1, "221", "7", contradictions=1)]))
    assert coverage(made) == [("complete", 2, 100, 100)]


def test_a_total_of_another_fund_nature_or_unit_is_none() -> None:
    others = [total(4, "90", fund="general_public"), total(5, "90", nature="basic"), total(6, "90", unit="甲")]
    assert coverage(chosen(document([*PLAIN[:2], *others]))) == [("no_total", 2, 100, None)]


def test_basic_and_project_spending_are_those_of_the_rows_that_count() -> None:
    parts = [
        spent(n, 1, code, a, nature=nature, column=c)
        for n, code, pair in ((1, "201", "42"), (2, "208", "31"))
        for c, (a, nature) in enumerate(zip(pair, ("basic", "project"), strict=True), start=2)
    ]
    above = [spent(0, 2, "99901", "8", nature="basic")]
    made = chosen(document([*PLAIN, *parts, *above]))
    assert used(made) == [
        ("201", "basic", 4),
        ("201", "project", 2),
        ("201", "total", 60),
        ("208", "basic", 3),
        ("208", "project", 1),
        ("208", "total", 40),
    ]
    assert coverage(made) == [("complete", 2, 100, 100)]


def test_lines_of_the_narrative_are_no_rows() -> None:
    told = [spent(1, 1, "201", "60", source="narrative", statement_no=0), total(2, "60", source="narrative", statement_no=0)]
    assert coverage(chosen(document(told))) == []


def test_rows_of_a_fund_are_held_against_the_total_of_the_fund() -> None:
    of_fund = {"statement": "general_public_by_function", "fund": "general_public"}
    made = chosen(document([spent(1, 1, "201", "60", **of_fund), spent(2, 1, "208", "40", **of_fund), total(3, "100", **of_fund)]))
    assert coverage(made, "general_public") == [("complete", 2, 100, 100)]


def test_a_source_of_revenue_opens_into_those_below_it() -> None:
    revenue = {"statement": "revenue_expenditure_summary", "scheme": "revenue_item", "flow": "revenue"}
    rows = ((1, "fiscal_appropriation", "90"), (2, "general_public", "80"), (2, "government_fund", "10"), (1, "business", "5"))
    lines = [spent(n, level, None, amount, fund=fund, **revenue) for n, (level, fund, amount) in enumerate(rows, start=1)]
    made = chosen(document([*lines, total(9, "95", **revenue)]))
    assert coverage(made, "revenue") == [("complete", 3, 95, 95)]
    assert sorted(made.lines["fund"]) == ["business", "general_public", "government_fund"]


def test_revenue_and_expenditure_are_apart() -> None:
    revenue = {"statement": "revenue_expenditure_summary", "scheme": "revenue_item", "flow": "revenue", "statement_no": 2}
    lines = [
        spent(n, 1, None, a, fund=f, **revenue) for n, (f, a) in enumerate((("fiscal_appropriation", "90"), ("business", "10")), start=1)
    ]
    for fund in ("total", "current_year"):
        made = chosen(document([*lines, total(3, "100", fund=fund, **revenue), *PLAIN]))
        assert coverage(made, "revenue") == [("complete", 2, 100, 100)]
        assert coverage(made) == [("complete", 2, 100, 100)]
    made = chosen(document([*lines, total(3, "100", fund="business", **revenue)]))
    assert coverage(made, "revenue") == [("no_total", 2, 100, None)]


# --- which statement ---------------------------------------------------------------------------------------------------


def statement(*amounts: str, **changes: Any) -> list[Any]:
    """Two rows and, where given, a total."""
    rows = [spent(1, 1, "201", amounts[0], **changes), spent(2, 1, "208", amounts[1], **changes)]
    return [*rows, *(total(3, amount, **changes) for amount in amounts[2:])]


def which(*lines: Any) -> tuple[Any, ...]:
    ((name, number),) = (
        chosen(document(lines)).coverage.filter(pl.col("figure") == "expenditure").select("statement", "statement_no").rows()
    )
    return name, number


SUMMARY = {"statement": "revenue_expenditure_summary"}


def test_the_most_detailed_statement_counts() -> None:
    assert which(*statement("60", "40", "100", **SUMMARY), *statement("60", "40", "100", statement_no=2)) == ("expenditure_summary", 2)


def test_of_equal_statements_the_first_counts() -> None:
    assert which(*statement("60", "40", "100", statement_no=3), *statement("60", "40", "100", statement_no=2)) == ("expenditure_summary", 2)


def test_rows_of_the_department_come_before_those_of_its_units() -> None:
    of_units = [spent(11, 3, "2010301", "100", unit="甲")]
    assert which(*of_units, *statement("60", "40", "100")) == ("expenditure_summary", 1)
    assert coverage(chosen(document([*of_units, *statement("60", "40", "100")]))) == [("complete", 2, 100, 100)]
    assert which(*of_units, total(5, "100")) == ("expenditure_summary", 1)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (("60", "40", "100"), ("60", "40", "120")),
        (("60", "40", "120"), ("60", "40")),
        (("60", "40"), ("60", "40", "90")),
    ],
    ids=["complete before incomplete", "incomplete before no total", "no total before too much"],
)
def test_what_is_proven_best_counts(better: tuple[str, ...], worse: tuple[str, ...]) -> None:
    assert which(*statement(*better, statement_no=2, **SUMMARY), *statement(*worse, statement_no=1)) == ("revenue_expenditure_summary", 2)


def test_rows_before_a_total_alone_and_a_total_alone_before_rows_that_exceed_it() -> None:
    alone = total(9, "100", statement_no=1)
    assert which(alone, *statement("60", "40", statement_no=2, **SUMMARY)) == ("revenue_expenditure_summary", 2)
    assert which(*statement("60", "40", "90", statement_no=1), total(9, "100", statement_no=2, **SUMMARY)) == (
        "revenue_expenditure_summary",
        2,
    )


# --- rows of units -------------------------------------------------------------------------------------------------------


def of_units(*amounts: tuple[str, str], printed: Sequence[tuple[str, str]] = (), **changes: Any) -> list[Any]:
    rows = [spent(n, 3, "2010301", amount, unit=name, **changes) for n, (name, amount) in enumerate(amounts, start=1)]
    return rows + [unit(n, name, amount, **changes) for n, (name, amount) in enumerate(printed, start=20)]


UNITS = (("甲", "60"), ("乙", "40"))


def test_the_rows_of_units_give_the_total() -> None:
    assert coverage(chosen(document(of_units(*UNITS, printed=UNITS)))) == [("complete", 2, 100, 100)]


def test_a_row_of_units_that_is_the_sum_of_the_others_is_the_department() -> None:
    assert coverage(chosen(document(of_units(*UNITS, printed=[("某局", "100"), *UNITS])))) == [("complete", 2, 100, 100)]
    # three rounded rows may be off by two steps
    cents = {"unit_text": "万元"}
    pair = (("甲", "0.60"), ("乙", "0.40"))
    for whole, expected in (("1.02", 10200), ("1.03", 20300)):
        made = chosen(document(of_units(*pair, printed=[("某局", whole), *pair], **cents)))
        assert coverage(made, "expenditure", "printed_total") == [(expected,)]


def test_a_printed_total_counts_before_the_sum_of_units() -> None:
    made = chosen(document([*of_units(*UNITS, printed=(("甲", "50"), ("乙", "40"))), total(30, "100")]))
    assert coverage(made) == [("complete", 2, 100, 100)]


def test_units_that_are_contradicted_give_no_total_of_their_own() -> None:
    assert coverage(chosen(document([unit(1, "甲", "60"), unit(2, "乙", "40", contradictions=1)]))) == []
    assert coverage(chosen(document([unit(1, "甲", "60"), unit(2, "乙", "40")]))) == [("total_only", None, None, 100)]
    below = [unit(1, "甲", "60"), unit(2, "乙", "40"), spent(3, 2, None, "7", name="丙", scheme="unit")]
    assert coverage(chosen(document(below))) == [("total_only", None, None, 100)]


def test_each_unit_has_its_own_rows_and_parents() -> None:
    rows = []
    for at, name in ((1, "甲"), (10, "乙")):
        rows += [
            spent(at, 1, "201", "50", unit=name),
            spent(at + 1, 2, "20103", "50", unit=name),
            spent(at + 2, 3, "2010301", "50", unit=name),
        ]
    made = chosen(document([*rows, total(30, "100")]))
    assert used(made) == [("2010301", "total", 50)] * 2
    assert coverage(made, "expenditure", "outcome", "amount") == [("complete", 100)]


# --- rows that nest --------------------------------------------------------------------------------------------------------


def nested(*rows: tuple[int, str | None, str], **changes: Any) -> list[tuple[Any, ...]]:
    """The codes and amounts that count, of rows by level, code and amount."""
    made = chosen(document([spent(n, level, code, amount, **changes) for n, (level, code, amount) in enumerate(rows, start=1)]))
    return [(code, str(amount.normalize())) for code, _, amount in used(made)]


def test_children_stand_for_a_row_that_they_add_up_to() -> None:
    rows = [(1, "201", "100"), (2, "20101", "60"), (3, "2010101", "35"), (3, "2010102", "25"), (2, "20103", "4E+1")]
    assert nested(*rows) == [("2010101", "35"), ("2010102", "25"), ("20103", "4E+1")]
    assert nested((1, "201", "97"), *rows[1:]) == [("201", "97")]  # the inner ones add up, the outer ones do not
    assert nested(rows[0], (2, "20101", "60"), (3, "2010101", "3E+1"), (3, "2010102", "25"), rows[4]) == [
        ("20101", "6E+1"),
        ("20103", "4E+1"),
    ]


@pytest.mark.parametrize(("parent", "opened"), [("1.00", True), ("1.01", True), ("1.02", False), ("0.97", True), ("0.96", False)])
def test_children_may_be_off_by_what_they_are_rounded(parent: str, opened: bool) -> None:
    rows = [spent(1, 1, "201", parent, unit_text="万元")]
    rows += [spent(n, 2, f"2010{n}", "0.33", unit_text="万元") for n in (2, 3, 4)]
    assert [code for code, _, _ in used(chosen(document(rows)))] == (["20102", "20103", "20104"] if opened else ["201"])


def test_an_only_child_is_its_row_exactly() -> None:
    assert nested((1, "201", "1.01"), (2, "20101", "1.02")) == [("201", "1.01")]
    assert nested((1, "201", "1.01"), (2, "20101", "1.01")) == [("20101", "1.01")]


def test_items_without_groups_stand_below_their_class() -> None:
    assert nested((1, "201", "7"), (3, "2010101", "3"), (3, "2010301", "4")) == [("2010101", "3"), ("2010301", "4")]
    assert nested((1, "201", "7"), (2, "20101", "7"), (1, "208", "5"), (3, "2080501", "5")) == [("20101", "7"), ("2080501", "5")]


def test_rows_without_codes_nest_by_their_place() -> None:
    assert nested((1, "201", "7"), (2, None, "3"), (2, None, "4")) == [(None, "3"), (None, "4")]
    assert nested((1, None, "7"), (2, None, "7"), (3, None, "3"), (3, None, "4")) == [(None, "3"), (None, "4")]


def test_rows_under_another_heading_nest_by_their_code() -> None:
    classes = [(1, "201", "3"), (1, "208", "4")]
    assert nested(*classes, (2, "20101", "3"), (2, "20805", "4")) == [("20101", "3"), ("20805", "4")]
    groups = [(1, "201", "7"), (2, "20101", "3"), (2, "20103", "4")]
    assert nested(*groups, (3, "2010101", "3"), (3, "2010301", "4")) == [("2010101", "3"), ("2010301", "4")]


def test_a_code_that_stands_twice_is_nobodys_parent_elsewhere() -> None:
    twice = [(1, "201", "3"), (1, "201", "3"), (1, "208", "4")]
    assert nested(*twice, (2, "20101", "3")) == [("201", "3"), ("201", "3"), ("20101", "3"), ("208", "4")]


def test_rows_of_two_statements_do_not_nest_in_each_other() -> None:
    made = chosen(document([spent(1, 1, "201", "7"), spent(2, 2, "20101", "7", statement_no=2), spent(3, 2, "20103", "9", statement_no=2)]))
    assert coverage(made, "expenditure", "outcome", "statement_no", "amount") == [("no_total", 1, 7)]


# --- 三公 --------------------------------------------------------------------------------------------------------------------


def part(row: int, code: str, amount: str, **changes: Any) -> Any:
    given = {"statement": "three_public", "scheme": "three_public", "fund": "fiscal_appropriation", "name": code}
    return spent(row, 0 if code == "total" else 1, code, amount, **{**given, **changes})


PARTS = [
    part(1, "total", "63"),
    part(2, "abroad", "30"),
    part(3, "reception", "5"),
    part(4, "vehicles", "28"),
    part(5, "vehicle_operation", "28"),
]


def three_public(*lines: Any) -> list[tuple[Any, ...]]:
    return coverage(chosen(document(lines)), "three_public")


def test_parts_of_three_public_add_up_once() -> None:
    assert three_public(*PARTS) == [("complete", 3, 63, 63)]
    assert three_public(*PARTS[:3], part(5, "vehicle_operation", "20"), part(6, "vehicle_purchase", "8")) == [("complete", 4, 63, 63)]
    assert three_public(*PARTS, part(6, "conference", "9"), part(7, "training", "2")) == [("complete", 3, 63, 63)]


def test_three_public_is_in_one_fund() -> None:
    whole = [part(n, code, amount, fund="total") for n, (code, amount) in enumerate((("total", "70"), ("abroad", "70")), start=10)]
    assert three_public(*PARTS, *whole) == [("complete", 3, 63, 63)]
    funds = [
        part(20, "total", "5", fund="general_public"),
        part(21, "total", "2", fund="government_fund"),
        part(22, "total", "1", fund="state_capital"),
    ]
    assert three_public(*whole, *funds) == [("complete", 1, 70, 70)]
    assert three_public(*funds) == [("total_only", None, None, 8)]
    assert three_public(part(1, "total", "9", fund="business")) == []


def test_three_public_of_the_document_comes_before_that_of_its_units() -> None:
    own = [part(1, "total", "63"), part(2, "abroad", "63")]
    of_unit = [
        part(3, "total", "20", unit="甲"),
        part(4, "abroad", "20", unit="甲"),
        part(5, "total", "30", unit="乙"),
        part(6, "abroad", "30", unit="乙"),
    ]
    assert three_public(*of_unit, *own) == [("complete", 1, 63, 63)]
    assert three_public(*of_unit) == [("complete", 2, 50, 50)]


def test_each_unit_has_its_own_vehicles() -> None:
    first = [part(1, "total", "10", unit="甲"), part(2, "vehicles", "10", unit="甲")]
    bought = [part(4, "vehicle_operation", "5", unit="乙"), part(5, "vehicle_purchase", "3", unit="乙")]
    assert three_public(*first, part(3, "total", "8", unit="乙"), *bought) == [("complete", 3, 18, 18)]


def test_a_part_of_three_public_that_is_printed_twice_counts_once() -> None:
    assert three_public(*PARTS, *(part(n + 10, one.code, str(one.amount)) for n, one in enumerate(PARTS))) == [("complete", 3, 63, 63)]


@pytest.mark.parametrize("changes", [{"contradictions": 1}, {"nature": "basic"}, {"scheme": "item"}, {"statement": "expenditure_summary"}])
def test_what_is_no_sure_part_of_three_public_is_left_out(changes: dict[str, Any]) -> None:
    assert three_public(*PARTS[:3], part(9, "vehicles", "28", **changes)) == [("incomplete", 2, 35, 63)]


def test_three_public_of_the_narrative_counts_where_no_table_has_it() -> None:
    told = [part(1, "total", "70", source="narrative", statement_no=0), part(2, "abroad", "70", source="narrative", statement_no=0)]
    assert three_public(*told) == [("complete", 1, 70, 70)]
    assert three_public(*told, *PARTS) == [("complete", 3, 63, 63)]


# --- which document ----------------------------------------------------------------------------------------------------------


def documents_chosen(made: AdditiveLines) -> list[tuple[Any, ...]]:
    return [tuple(x and x[0] for x in row) for row in made.disclosures.select("budget_document_id", "final_document_id").rows()]


ALSO = {"statement": "general_public_by_function", "fund": "general_public", "statement_no": 2}
ALSO_PUBLIC = spent(1, 1, "201", "60", **ALSO)


@pytest.mark.parametrize(
    ("worse", "about", "better"),
    [
        (PLAIN[:2], {}, PLAIN),
        (PLAIN, {}, [*PLAIN, ALSO_PUBLIC]),
        ([spent(1, 1, "201", "99"), total(2, "99")], {}, PLAIN),
        ([*PLAIN[:2], spent(4, 1, "221", "900"), total(5, "1000")], {"level": "unit"}, PLAIN),
        (PLAIN, {"kind": "final_account"}, PLAIN),
        (PLAIN[:1], {}, PLAIN[:2]),
    ],
    ids=["more proven", "more figures", "more money", "the department's", "of the measure's kind", "more money without a total"],
)
def test_the_better_document_of_a_department_counts(worse: list[Any], about: dict[str, Any], better: list[Any]) -> None:
    made = chosen(document(worse, "a", **about), document(better, "b"))
    assert ("b", None) in documents_chosen(made)
    assert outcomes(made)[0] in ("other_document", "part_of_department")
    assert made.lines["document_id"].unique().to_list() == ["b" * 16]


def test_each_statement_of_a_disclosure_is_taken_from_its_fullest_file() -> None:
    public = [spent(n, 1, c, a, **ALSO) for n, c, a in ((1, "201", "60"), (2, "208", "30"))]
    explanation = [spent(1, 1, "201", "70"), *public]
    made = chosen(document(explanation, "a"), document([*PLAIN, public[0]], "b"))
    assert made.lines.sort("figure", "code").select("figure", "document_id", "amount").rows() == [
        ("expenditure", "b" * 16, 60),
        ("expenditure", "b" * 16, 40),
        ("general_public", "a" * 16, 60),
        ("general_public", "a" * 16, 30),
    ]
    assert coverage(made, "general_public", "outcome") == [("no_total",), ("other_document",)]


def test_of_equal_documents_one_counts() -> None:
    made = chosen(document(PLAIN, "b"), document(PLAIN, "a"))
    assert documents_chosen(made) == [("a", None)]
    assert outcomes(made) == ["complete", "other_document"]
    assert made.disclosures["documents"].to_list() == [2]
    assert made.totals["document_id"].to_list() == ["a" * 16]


def test_the_document_of_a_department_comes_before_that_of_a_unit_whatever_its_kind() -> None:
    made = chosen(document(PLAIN, "a", level="unit"), document(PLAIN, "b", kind="final_account"))
    assert outcomes(made) == ["other_document", "complete"]
    assert made.lines["document_id"].unique().to_list() == ["b" * 16]


def test_a_final_account_is_that_of_its_own_document() -> None:
    final = [spent(n, 1, c, a, measure="final", column=2) for n, c, a in ((1, "201", "61"), (2, "208", "41"))]
    made = chosen(document([*PLAIN, *final[:1]], "a"), document([*PLAIN[:1], *final], "b", kind="final_account"))
    assert documents_chosen(made) == [("a", None), (None, "b")]
    assert totals(made) == [(0, "expenditure", "budget", 100), (1, "expenditure", "final", 102)]
    assert made.disclosures.select("level", "documents", "reconciled").rows() == [("department", 1, None)] * 2
    assert coverage(made, "expenditure", "measure", "outcome") == [
        ("budget", "complete"),
        ("final", "other_document"),
        ("budget", "other_document"),
        ("final", "no_total"),
    ]


def test_departments_are_told_apart_by_year_place_and_name() -> None:
    others = [{"fiscal_year": 2023}, {"region_code": "330100"}, {"department": "他局"}, {"region_code": None}]
    made = chosen(document(PLAIN, "0"), *(document(PLAIN, mark, **other) for mark, other in zip("1234", others, strict=True)))
    assert made.disclosures["disclosure_no"].to_list() == [0, 1, 2, 3, 4]
    assert made.totals.sort("disclosure_no")["total"].to_list() == [100] * 5
    assert sorted(made.disclosures["fiscal_year"]) == [2023, 2024, 2024, 2024, 2024]
    assert made.disclosures["region_code"].null_count() == 1


def test_a_document_whose_rows_are_not_used_has_none_in_the_marts() -> None:
    made = chosen(document([*PLAIN[:2], total(3, "90")]))
    assert made.disclosures.height == 1 and made.lines.is_empty() and made.totals.is_empty()
    assert outcomes(made) == ["exceeds_total"]


# --- units of departments ------------------------------------------------------------------------------------------------------


def standing(**said: Any) -> str:
    """What becomes of the document of a unit beside that of 某局."""
    made = chosen(document(PLAIN, "a"), document(PLAIN, "b", **{"level": "unit", "department": "信息中心", **said}))
    return outcomes(made)[1]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"parent_department": "某局"}, "part_of_department"),
        ({"parent_department": "某局机关"}, "part_of_department"),
        ({"department": "某局信息中心"}, "part_of_department"),
        ({"department": "省某局"}, "perhaps_part_of_department"),
        ({}, "perhaps_part_of_department"),
        ({"parent_department": "他局"}, "complete"),
        ({"parent_department": "某局", "fiscal_year": 2023}, "complete"),
        ({"parent_department": "某局", "region_code": "330100"}, "complete"),
        ({"parent_department": "某局", "kind": "final_account"}, "complete"),
        ({"parent_department": "某局", "level": "department"}, "complete"),
        ({"department": None}, "no_department"),
    ],
)
def test_a_unit_counts_where_no_department_of_its_comprises_it(said: dict[str, Any], expected: str) -> None:
    assert standing(**said) == expected


def test_departments_in_no_known_place_comprise_their_units_there() -> None:
    nowhere = {"region_code": None}
    made = chosen(
        document(PLAIN, "a", **nowhere), document(PLAIN, "b", level="unit", department="中心", parent_department="某局", **nowhere)
    )
    assert outcomes(made) == ["complete", "part_of_department"]


def test_one_department_of_several_comprises_a_unit() -> None:
    made = chosen(
        document(PLAIN, "a"),
        document(PLAIN, "b", department="他局"),
        document(PLAIN, "c", level="unit", department="中心", parent_department="某局"),
    )
    assert outcomes(made) == ["complete", "complete", "part_of_department"]


# --- what is said of all this --------------------------------------------------------------------------------------------------


def test_a_document_that_prints_nothing_of_the_marts_is_said() -> None:
    made = chosen(document([], "a"), document([], "b", kind="final_account"), document([], "c", department=None))
    assert made.coverage.sort("document_id").select("figure", "measure", "outcome").rows() == [
        ("none", "budget", "no_statement"),
        ("none", "final", "no_statement"),
        ("none", "budget", "no_department"),
    ]


def test_coverage_says_what_is_missing() -> None:
    made = chosen(document([*PLAIN[:2], total(3, "130")], region_name="某省"))
    (row,) = made.coverage.to_dicts()
    assert {name: row[name] for name in ("figure", "measure", "statement", "statement_no", "difference")} == {
        "figure": "expenditure",
        "measure": "budget",
        "statement": "expenditure_summary",
        "statement_no": 1,
        "difference": 30,
    }


def test_lines_say_what_they_are_used_for() -> None:
    (row, _) = chosen(document(PLAIN, region_name="某省")).lines.sort("code").to_dicts()
    assert {
        name: row[name]
        for name in ("disclosure_no", "figure", "measure", "document_id", "statement", "code", "name", "fund", "nature", "amount")
    } == {
        "disclosure_no": 0,
        "figure": "expenditure",
        "measure": "budget",
        "document_id": "a" * 16,
        "statement": "expenditure_summary",
        "code": "201",
        "name": "科目201",
        "fund": "total",
        "nature": "total",
        "amount": 60,
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"column_evidence": "ambiguous"},
        {"measure": "change"},
        {"nature": "of_which_other"},
        {"fund": "business"},
        {"scheme": "item"},
        {"flow": "revenue"},
        {"statement": "other"},
    ],
)
def test_what_is_not_of_the_figure_is_left_out(changes: dict[str, Any]) -> None:
    made = chosen(document([*PLAIN[:2], spent(9, 1, "221", "7", **changes)]))
    assert coverage(made, "expenditure", "rows", "amount") == [(2, 100)]


def test_documents_that_are_not_published_do_not_count() -> None:
    made = chosen(document(PLAIN), document(PLAIN, "b", department="他局", status="quarantined", reason="x"))
    assert made.coverage["document_id"].unique().to_list() == ["a" * 16]


def test_rows_that_cross_classifications_are_no_row_twice() -> None:
    """One function stands in a row for each economic class, and two of these may be of one amount: only the same row twice is doubtful."""
    rows = [spent(n, 3, "2010101", "3", department_economic_code=economic) for n, economic in ((1, "30101"), (2, "30102"))]
    again = [spent(n, 3, "2010101", "3", department_economic_code="30101") for n in (1, 2)]
    reasons = [coverage(chosen(document([*lines, total(3, "6")])), "expenditure", "amount", "outcome", "reason") for lines in (rows, again)]
    assert reasons[0] == [(6, "complete", None)]
    assert [reason for ((_, _, reason),) in reasons[1:]] == ["科目2010101 stands twice with one amount"]
