"""Why identities fail: one cause for all failures it explains, the wrong number named, publishers told from misreadings."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec import structs

from pipeline.budget.line import Line, by_id
from pipeline.checks.attribution import Cause
from pipeline.checks.causes import cause_finding, publisher_error_rows, repair_finding
from pipeline.checks.repair import evaluate_and_repair, possible_amounts

BY_FUNCTION = [(1, "general_public_by_function", None)]


def line(text: str, row: int, column: int = 1, code: str | None = None, **other: Any) -> Line:
    values: dict[str, Any] = {
        "statement": "general_public_by_function", "statement_no": 1, "source": "table", "flow": "expenditure", "scheme": "function",
        "level": (len(code) - 1) // 2 if code else 0, "name": code or "合计", "code": code, "fund": "general_public", "nature": "total",
        "amount": Decimal(text.replace(",", "")), "amount_text": text, "unit_text": "元", "row": row, "column": column, "page": 3,
        "x0": 10.0 * column, "y0": 10.0 * row, "x1": 10.0 * column + 8, "y1": 10.0 * row + 8,
    }  # fmt: skip
    return Line(**(values | other))


def budget(**changed: str) -> list[Line]:
    """A table of four classes by total, basic and project; `r2c1="9"` prints another number there."""
    rows = [(None, 100, 70, 30), ("201", 60, 40, 20), ("20101", 45, 30, 15), ("20102", 15, 10, 5), ("208", 40, 30, 10)]
    natures = ("total", "basic", "project")
    return [
        line(changed.get(f"r{r}c{c}", f"{amount}.00"), r, c, code, nature=nature)
        for r, (code, *amounts) in enumerate(rows, start=1)
        for c, (amount, nature) in enumerate(zip(amounts, natures, strict=True), start=1)
    ]


def as_read(lines: Sequence[Line]) -> list[str | None]:
    return [one.amount_text for one in lines]


def causes(lines: list[Line], printed: Any = as_read, incomplete: Sequence[int] = ()) -> list[Cause]:
    return list(evaluate_and_repair(lines, BY_FUNCTION, incomplete, printed).causes)


def cells(cause: Cause) -> set[tuple[int, int]]:
    return {(i.row, i.column) for i in cause.cells}


def test_what_adds_up_has_no_cause() -> None:
    assert causes(budget()) == []


@pytest.mark.parametrize(("row", "column"), [(1, 1), (2, 1), (2, 3), (3, 2), (5, 1)])
def test_one_wrong_number_is_one_cause_with_all_that_it_breaks(row: int, column: int) -> None:
    lines = budget(**{f"r{row}c{column}": "77.00"})
    right = next(one for one in budget() if (one.row, one.column) == (row, column)).amount
    (cause,) = causes(lines)
    assert (cause.kind, cause.severity, cells(cause)) == ("publisher", "error", {(row, column)})
    assert list(cause.implied.values()) == [right]
    assert len(cause.broken) >= 2
    finding = cause_finding(cause, by_id(lines))
    assert (finding["cause"], finding["severity"], finding["frequency"]) == ("publisher", "error", len(cause.broken))
    assert len(finding["identities"]) == len(cause.broken)
    assert finding["cells"] == [
        f"page 3 [{10.0 * column} {10.0 * row} {10.0 * column + 8} {10.0 * row + 8}] {lines[3 * row - 3].name}: 77.00"
    ]
    (error,) = publisher_error_rows(cause, by_id(lines))
    assert (error["amount"], error["implied"], error["amount_text"], error["row"]) == (Decimal(77), right, "77.00", row)


@given(st.sets(st.integers(0, 14)), st.sets(st.tuples(st.integers(1, 5), st.integers(1, 3))))
def test_every_cause_names_numbers_whichever_are_blank_or_zero(blank: set[int], zeros: set[tuple[int, int]]) -> None:
    """A blank total counts as zero: what fails then has a cause that can be shown."""
    lines = [one for n, one in enumerate(budget(**{f"r{row}c{column}": "0.00" for row, column in zeros})) if n not in blank]
    found = causes(lines)
    assert all(cause.cells for cause in found)
    assert [cause_finding(cause, by_id(lines))["page"] for cause in found] == [3] * len(found)


def test_two_wrong_numbers_far_apart_are_two_causes() -> None:
    lines = budget(r3c2="31.00", r5c1="55.00")
    assert {tuple(sorted(cells(c))) for c in causes(lines)} == {((3, 2),), ((5, 1),)}


def test_neighbours_that_changed_places() -> None:
    lines = budget(r3c2="15.00", r3c3="30.00")
    (cause,) = causes(lines)
    assert (cause.kind, cells(cause)) == ("shifted_column", {(3, 2), (3, 3)})


def test_a_row_listed_and_left_out_of_the_total() -> None:
    lines = [line("60.00", 1), line("60.00", 2, code="201"), line("40.00", 3, code="208")]
    (cause,) = causes(lines)
    assert cause.kind == "publisher"
    assert "208" in cause.evidence and "left out" in cause.evidence


def test_a_table_in_the_wrong_unit() -> None:
    lines = [
        line("1000000.00", 1, statement="revenue_expenditure_summary", scheme="revenue_item", flow="revenue", fund="total", name="收入总计")
    ]
    three = {"statement": "three_public", "statement_no": 2, "scheme": "three_public", "level": 1}
    amounts = {"total": "70000000.00", "abroad": "40000000.00", "reception": "30000000.00"}
    lines += [line(text, row, code=code, **three) for row, (code, text) in enumerate(amounts.items(), start=1)]
    found = evaluate_and_repair(lines, [(1, "revenue_expenditure_summary", None), (2, "three_public", None)], (), as_read).causes
    assert [cause.kind for cause in found] == ["wrong_unit"]


def test_parts_too_small_in_a_table_with_numbers_not_captured_are_a_missing_row() -> None:
    lines = [one for one in budget() if one.row != 5]
    assert {c.kind for c in causes(lines, incomplete=(1,))} == {"missing_row"}


def test_the_same_gap_in_every_column_is_withheld_and_a_warning() -> None:
    lines = [one for one in budget() if one.row != 5]
    (cause,) = causes(lines)
    assert (cause.kind, cause.severity, len(cause.broken)) == ("withheld", "warning", 3)
    assert not list(publisher_error_rows(cause, by_id(lines)))


def test_where_nothing_tells_the_numbers_apart_all_are_named() -> None:
    lines = [line("10.00", 1, code="201"), line("4.00", 2, code="20101"), line("7.00", 3, code="20102")]
    (cause,) = causes(lines)
    assert (cause.kind, cause.alternatives, len(cause.cells)) == ("publisher", 3, 3)
    assert [row["implied"] for row in publisher_error_rows(cause, by_id(lines))] == [None, None, None]


def test_what_cannot_be_asked_again_is_undecided() -> None:
    (cause,) = causes(budget(r3c2="31.00"), printed=lambda lines: [None] * len(lines))
    assert cause.kind == "undecided"


# --- repair ----------------------------------------------------------------------------------------------------------


def glyphs_of(lines: Sequence[Line], row: int, column: int, text: str) -> Any:
    return lambda asked: [text if (one.row, one.column) == (row, column) else one.amount_text for one in asked]


@pytest.mark.parametrize(("read", "glyphs"), [("3.00", "30.00"), ("30", "30.00"), ("3000.00", "30,00"), ("7.00", "30.00")])
def test_a_misread_number_is_mended_where_its_identities_prove_it(read: str, glyphs: str) -> None:
    lines = budget(r3c2=read)
    judged = evaluate_and_repair(lines, BY_FUNCTION, (), glyphs_of(lines, 3, 2, glyphs))
    cell = next(one for one in judged.lines if (one.row, one.column) == (3, 2))
    assert (cell.amount, cell.amount_text, cell.amount_evidence) == (Decimal(30), read, "repaired" if Decimal(read) != 30 else "printed")
    assert not judged.causes
    assert all(t.outcome == "pass" for t in judged.tried)
    assert lines == budget(r3c2=read)  # what was given is as it was
    assert cell.proofs >= 2 and cell.contradictions == 0
    if Decimal(read) != 30:
        finding = repair_finding(judged.repairs[0], by_id(judged.lines))
        assert (finding["finding"], finding["cause"]) == ("repaired", "misread_cell")
        assert glyphs in finding["detail"] and len(finding["identities"]) >= 2


def test_a_number_printed_as_read_is_never_changed() -> None:
    lines = budget(r3c2="3.00")
    judged = evaluate_and_repair(lines, BY_FUNCTION, (), as_read)
    assert ([cause.kind for cause in judged.causes], judged.repairs) == (["publisher"], ())
    assert next(one for one in judged.lines if (one.row, one.column) == (3, 2)).amount == 3


def test_glyphs_that_prove_nothing_mend_nothing() -> None:
    lines = budget(r3c2="3.00")
    judged = evaluate_and_repair(lines, BY_FUNCTION, (), glyphs_of(lines, 3, 2, "31.00"))
    assert ([cause.kind for cause in judged.causes], judged.repairs) == (["misread_cell"], ())
    assert {one.amount_evidence for one in judged.lines} == {"printed"}


@example(3, 2, Decimal("0.00"), Decimal("4.99"))
@given(st.integers(0, 4), st.integers(0, 2), st.decimals(0, 1000, places=2), st.decimals(0, 1000, places=2))
def test_no_repair_breaks_an_identity_or_leaves_the_print(row: int, column: int, read: Decimal, glyphs: Decimal) -> None:
    lines = budget(**{f"r{row + 1}c{column + 1}": str(read)})
    judged = evaluate_and_repair(lines, BY_FUNCTION, (), glyphs_of(lines, row + 1, column + 1, str(glyphs)))
    cell = judged.lines[3 * row + column]
    assert cell.amount_text == str(read)
    assert cell.amount in (read, *possible_amounts(str(read), str(glyphs), "元"))
    if cell.amount_evidence == "repaired":
        assert cell.amount == budget()[3 * row + column].amount


@pytest.mark.parametrize(
    ("read", "glyphs", "expected"),
    [
        ("12,86", "12,868.0", {"12868.00"}),
        ("1.234", "1,234", {"1234.00"}),
        ("5.00", "5.00", {"500.00"}),
    ],
)
def test_what_the_glyphs_allow(read: str, glyphs: str, expected: set[str]) -> None:
    assert expected <= {str(value) for value in possible_amounts(read, glyphs, "元")}
    assert Decimal(read.replace(",", "")) not in possible_amounts(read, glyphs, "元") or read == "12,86"


def test_nobody_is_blamed_for_a_table_that_was_not_read_whole() -> None:
    lines = budget(r2c1="77.00")
    assert {c.kind for c in causes(lines)} == {"publisher"}
    assert {c.kind for c in causes(lines, incomplete=(1,))} == {"undecided"}
    assert "publisher" not in {c.kind for c in causes([one for one in lines if (one.row, one.column) != (3, 2)], incomplete=(1,))}


ROUNDED = {"r1c1": "100.34", "r2c1": "60.34", "r4c1": "15.34", "r4c2": "10.34", "r2c2": "40.34", "r1c2": "70"}
"""A table with 34 fen of which one number has none."""


def test_a_number_printed_without_its_decimals_is_nobodys_error() -> None:
    lines = budget(**ROUNDED)
    found = evaluate_and_repair(lines, BY_FUNCTION, (), as_read)
    assert [cause.kind.value for cause in found.causes] == ["rounding"]
    assert {t.severity for t in found.tried if t.outcome == "fail"} == {"warning"}
    assert [row for cause in found.causes for row in publisher_error_rows(cause, by_id(lines))] == []
    assert {one.contradictions for one in found.lines} == {0}


@pytest.mark.parametrize("printed", ["68", "71"])
def test_a_whole_unit_is_more_than_the_decimals_left_out(printed: str) -> None:
    lines = budget(**(ROUNDED | {"r1c2": printed}))
    assert {t.severity for t in evaluate_and_repair(lines, BY_FUNCTION, (), as_read).tried if t.outcome == "fail"} == {"error"}


def test_where_zeros_at_the_end_are_left_out_a_whole_number_is_exact() -> None:
    texts = {one.amount_text: one.amount_text.removesuffix(".00") for one in budget()}
    lines = [
        structs.replace(one, amount_text=texts.get(one.amount_text, one.amount_text)) for one in budget(**ROUNDED)
    ]  # 40, 30 and 20 beside 100.34
    assert {t.severity for t in evaluate_and_repair(lines, BY_FUNCTION, (), as_read).tried if t.outcome == "fail"} == {"error"}


def test_decimals_that_the_page_prints_and_the_cell_lost_are_mended() -> None:
    lines = budget(**ROUNDED)

    def printed(asked: Sequence[Line]) -> list[str | None]:
        return ["70.34" if (one.row, one.column) == (1, 2) else one.amount_text for one in asked]

    (repair,) = evaluate_and_repair(lines, BY_FUNCTION, (), printed).repairs
    assert repair.after == Decimal("70.34")


def test_a_zero_in_another_unit_says_nothing_of_decimals() -> None:
    parts = [("total", "100000.01", "10.00"), ("basic", "60000", "6.00"), ("project", "40000", "4.00")]
    zero = line("0", 4, nature="remittance_to_superiors", unit_text="元", source="narrative", statement_no=0)
    lines = [
        structs.replace(line(text, n, nature=nature), unit_text="万元", source="narrative", statement_no=0, amount=Decimal(amount))
        for n, (nature, amount, text) in enumerate(parts, start=1)
    ]
    assert {t.outcome for t in evaluate_and_repair([*lines, zero], [], (), as_read).tried} == {"pass"}


@pytest.mark.parametrize("total", ["104.00", "100.60"])
def test_a_table_that_prints_its_parts_without_decimals_leaves_none_out(total: str) -> None:
    lines = [line(total, 1), *(line("10", n + 2, code=f"2{n:02}") for n in range(10))]
    assert {t.severity for t in evaluate_and_repair(lines, BY_FUNCTION, (), as_read).tried if t.outcome == "fail"} == {"error"}


def test_what_many_numbers_may_have_been_rounded_by_is_less_than_one() -> None:
    exact = [line("10.50", n + 6, code=f"21{n}") for n in range(8)]
    for total, severity in (("124.60", "warning"), ("125.50", "error")):
        lines = [line(total, 1), *(line("10", n + 2, code=f"20{n}") for n in range(1, 5)), *exact]
        assert {t.severity for t in evaluate_and_repair(lines, BY_FUNCTION, (), as_read).tried if t.outcome == "fail"} == {severity}


def test_what_only_meets_a_bound_does_not_tell_which_number_is_wrong() -> None:
    """Each of the items may be the wrong one; that one of them would be large enough for its code too says nothing."""
    three = {"statement": "three_public", "statement_no": 1, "scheme": "three_public", "level": 1, "fund": "fiscal_appropriation"}
    amounts = {"total": "87.00", "abroad": "30.00", "reception": "20.00", "vehicles": "30.00"}
    items = [line(text, 1, column, code, **three) for column, (code, text) in enumerate(amounts.items(), 1)]
    basic = {"statement": "general_public_basic_by_economic", "statement_no": 2, "scheme": "department_economic", "nature": "basic"}
    lines = [*items, line("20.40", 1, code="30217", **basic)]
    kinds = [(1, "three_public", None), (2, "general_public_basic_by_economic", None)]
    (cause,) = (c for c in evaluate_and_repair(lines, kinds, (), as_read).causes if c.broken[0].equation.check_id == "T1")
    assert (cause.alternatives, len(cause.cells)) == (4, 4)


@pytest.mark.parametrize("years", [("8", "", "3"), ("", "8", "-3")])
def test_a_blank_beside_a_change_charges_nobody(years: tuple[str, str, str]) -> None:
    rows = [("8", "10", "-2"), ("20", "15", "5"), ("7", "7", "0"), years]
    lines = [
        line(f"{text}.00", row, column, f"20{row}", measure=measure)
        for row, amounts in enumerate(rows, start=1)
        for column, (text, measure) in enumerate(zip(amounts, ("budget", "prior_year", "change"), strict=True), start=1)
        if text
    ]
    (cause,) = causes(lines)
    assert (cause.kind, cause.severity) == ("undecided", "warning")


def test_a_change_that_this_year_s_amount_equals_is_not_charged_by_the_sum_of_its_row() -> None:
    codes = ("with_meetings_training", "total", "conference", "training")
    printed = {
        "budget": ("13.50", "2.00", "4.50", "7.00"),
        "prior_year": ("2.00", "", "0.22", "2.04"),
        "change": ("11.50", "2.00", "4.28", "4.96"),
    }
    lines = [
        line(text, 1, column, code, measure=measure, scheme="three_public", level=1, statement="three_public")
        for column, (measure, code, text) in enumerate(
            ((measure, code, text) for measure, texts in printed.items() for code, text in zip(codes, texts, strict=True)), start=1
        )
        if text
    ]
    found = evaluate_and_repair(lines, [(1, "three_public", None)], (), as_read).causes
    assert {cause.kind for cause in found} == {"undecided"}
