"""The outcome of each identity tried: what passes, what fails and how severely, and what could not be tried and why."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from pipeline.accounting.identities import evaluate_identities, identity_checks, with_support
from pipeline.budget.line import Line
from schemas.tables import TABLES

IDENTITIES = {"H1", "H2", "R1", "R2", "B1", "X1", "X2", "X3", "X4", "X5", "T1", "T2", "X6", "R3", "U1"}
Statements = Sequence[tuple[int, str, str | None]]


def line(text: str, digits: str | None = None, **other: Any) -> Line:
    values: dict[str, Any] = {
        "statement": "general_public_by_function", "statement_no": 1, "source": "table", "flow": "expenditure", "scheme": "function",
        "level": (len(digits) - 1) // 2 if digits else 0, "name": digits or "合计", "code": digits, "fund": "general_public",
        "nature": "total", "amount": Decimal(text.replace(",", "")), "amount_text": text, "unit_text": "元", "row": 1, "column": 1,
    }  # fmt: skip
    return Line(**(values | other))


def table(*rows: tuple[str | None, Sequence[str]], natures: Sequence[str] = ("total",), **other: Any) -> list[Line]:
    return [
        line(text, code, **({"row": r, "column": c, "nature": nature} | other))
        for r, (code, texts) in enumerate(rows, 1)
        for c, (nature, text) in enumerate(zip(natures, texts, strict=True), 1)
        if text
    ]


def tried(lines: Sequence[Line], statements: Statements = ((1, "general_public_by_function", None),)) -> list[dict[str, Any]]:
    """What was tried but the size of the statements (U1), which has tests of its own."""
    return [check for check in identity_checks(lines, statements) if check["outcome"] != "not_applicable" and check["check_id"] != "U1"]


def proofs(lines: Sequence[Line], statements: Statements = ((1, "general_public_by_function", None),)) -> list[int]:
    return [one.proofs for one in with_support(lines, evaluate_identities(lines, statements))]


def contradictions(lines: Sequence[Line], statements: Statements = ((1, "general_public_by_function", None),)) -> list[int]:
    return [one.contradictions for one in with_support(lines, evaluate_identities(lines, statements))]


def verdicts(checks: Sequence[dict[str, Any]]) -> set[tuple[str, str, str]]:
    return {(check["check_id"], check["outcome"], check["severity"]) for check in checks}


def test_a_sum_that_holds_passes_and_proves_each_amount_in_it() -> None:
    lines = [*table((None, ["7"]), ("201", ["7"]), ("20103", ["4"]), ("20104", ["3"])), line("1", "99", statement_no=2)]
    lines[0] = replace(lines[0], proofs=17, contradictions=17)  # of an earlier run
    checks = tried(lines)
    assert [(c["outcome"], c["difference"]) for c in checks] == [("pass", 0), ("pass", 0)]
    assert proofs(lines) == [1, 2, 1, 1, 0]
    assert contradictions(lines) == [0, 0, 0, 0, 0]


def test_a_sum_that_does_not_hold_is_an_error_that_proves_nothing() -> None:
    lines = table(("201", ["70"]), ("20103", ["40"]), ("20104", ["20"]))
    (check,) = tried(lines)
    assert (check["check_id"], check["outcome"], check["severity"]) == ("H1", "fail", "error")
    assert (check["actual"], check["expected"], check["difference"]) == (70, 60, 10)
    assert check["statement"] == "general_public_by_function"
    assert "201" in check["subject"]
    assert proofs(lines) == [0, 0, 0]
    assert contradictions(lines) == [1, 1, 1]


def test_a_warning_contradicts_no_amount() -> None:
    summary = replace(line("7.00", "201"), statement="revenue_expenditure_summary", fund="total")
    table_of_spending = replace(line("7.01", "201", row=2), statement="expenditure_summary", statement_no=2, fund="total")
    lines = [summary, table_of_spending]
    statements = ((1, "revenue_expenditure_summary", None), (2, "expenditure_summary", None))
    assert verdicts(tried(lines, statements)) == {("X1", "fail", "warning")}
    assert contradictions(lines, statements) == [0, 0]


def test_a_sum_of_rounded_numbers_may_be_off_in_the_last_place() -> None:
    """154 over parts that sum to 155: rounded from finer numbers."""
    (check,) = tried(table(("201", ["154"]), ("20103", ["77"]), ("20104", ["78"])))
    assert (check["outcome"], check["difference"], check["tolerance"]) == ("pass", -1, Decimal("1.5"))
    (check,) = tried(table(("201", ["153"]), ("20103", ["77"]), ("20104", ["78"])))
    assert check["outcome"] == "fail"


def test_a_single_child_is_the_same_number() -> None:
    (check,) = tried(table(("201", ["154"]), ("20103", ["155"])))
    assert (check["outcome"], check["severity"], check["tolerance"]) == ("fail", "error", 0)


def test_rows_of_checks_fit_the_table() -> None:
    names = set(TABLES["checks"].names) - {"document_id", "fiscal_year", "province", "region_code", "department", "item"}
    for check in identity_checks(table(("201", ["7"]), ("20103", ["6"])), []):
        assert set(check) == names


def test_what_was_not_tried_is_not_applicable_with_the_reason_and_never_a_pass() -> None:
    checks = identity_checks(table(("201", ["7"]), ("20103", ["7"])), [])
    by_id = {check["check_id"]: check for check in checks}
    assert set(by_id) == IDENTITIES
    assert by_id["H1"]["outcome"] == "pass"
    for check_id in IDENTITIES - {"H1"}:
        assert by_id[check_id]["outcome"] == "not_applicable"
        assert len(by_id[check_id]["detail"]) > 20


def test_a_document_without_lines_tries_nothing() -> None:
    assert {check["outcome"] for check in identity_checks([], [])} == {"not_applicable"}


# --- withheld ------------------------------------------------------------------------------------------------------


def withheld(*, also: Sequence[Line] = ()) -> list[Line]:
    rows = (("204", ["79", "60", "19"]), ("20402", ["66", "47", "19"]))
    return [*table(*rows, natures=("total", "basic", "project")), *also]


def test_the_same_gap_in_every_column_is_withheld() -> None:
    checks = [c for c in tried(withheld()) if c["check_id"] == "H1"]
    failed = [c for c in checks if c["outcome"] == "fail"]
    assert len(failed) == 2
    assert all(c["severity"] == "warning" and "withheld: the same gap" in c["detail"] for c in failed)


def test_a_gap_in_one_column_alone_is_an_error() -> None:
    (check,) = tried(table(("204", ["79"]), ("20402", ["66"])))
    assert (check["severity"], "withheld" in check["detail"]) == ("error", False)


def test_children_above_their_parent_withhold_nothing() -> None:
    lines = table(("204", ["66", "47", "19"]), ("20402", ["79", "60", "19"]), natures=("total", "basic", "project"))
    assert {c["severity"] for c in tried(lines) if c["outcome"] == "fail"} == {"error"}


def test_where_rows_do_not_add_up_a_gap_is_a_misreading() -> None:
    lines = withheld(also=table(("205", ["9", "5", "50"]), natures=("total", "basic", "project"), row=9))
    failed = [c for c in tried(lines) if c["outcome"] == "fail"]
    assert {c["check_id"] for c in failed} == {"H1", "R1"}
    assert {c["severity"] for c in failed} == {"error"}


def test_gaps_in_the_natures_that_make_the_gap_in_the_total_are_withheld() -> None:
    lines = table(("204", ["79", "60", "19"]), ("20402", ["66", "50", "16"]), natures=("total", "basic", "project"))
    failed = [c for c in tried(lines) if c["outcome"] == "fail"]
    assert {(c["difference"], c["severity"]) for c in failed} == {(13, "warning"), (10, "warning"), (3, "warning")}
    assert all("make up that of the total" in c["detail"] and "the same gap" not in c["detail"] for c in failed)


def test_gaps_that_do_not_belong_together_are_errors() -> None:
    lines = [*table(("204", ["79"]), ("20402", ["66"])), *table(("204", ["60"]), ("20402", ["50"]), statement_no=2)]
    assert [c["severity"] for c in tried(lines) if c["outcome"] == "fail"] == ["error", "error"]


def test_what_sentences_leave_unsaid_is_not_withheld() -> None:
    lines = [replace(x, source="narrative", statement_no=0) for x in withheld()]
    assert not any("withheld" in c["detail"] for c in identity_checks(lines, []))


def test_the_same_gap_in_two_statements_is_withheld() -> None:
    lines = [*table(("204", ["79"]), ("20402", ["66"])), *table(("204", ["60"]), ("20402", ["47"]), statement_no=2)]
    assert [c["severity"] for c in tried(lines) if c["outcome"] == "fail"] == ["warning", "warning"]


def test_a_gap_in_a_statement_with_uncaptured_amounts_may_be_a_lost_row() -> None:
    checks = identity_checks(withheld(), [(1, "general_public_by_function", None)], incomplete={1})
    assert {c["severity"] for c in checks if c["outcome"] == "fail"} == {"error"}


# --- one last digit ------------------------------------------------------------------------------------------------


def twice(first: str, second: str, unit: str = "万元", second_unit: str = "万元") -> list[dict[str, Any]]:
    def amount(text: str, unit: str) -> Decimal:
        return Decimal(text) * (10_000 if unit == "万元" else 1)

    own: dict[str, Any] = {"fund": "total", "name": "支出总计"}
    lines = [
        line(first, statement="revenue_expenditure_summary", unit_text=unit, **own | {"amount": amount(first, unit)}),
        line(
            second, statement="expenditure_summary", statement_no=2, unit_text=second_unit, **own | {"amount": amount(second, second_unit)}
        ),
    ]
    return tried(lines, [(1, "revenue_expenditure_summary", None), (2, "expenditure_summary", None)])


@pytest.mark.parametrize(
    ("first", "second", "outcome", "severity"),
    [
        ("12.34", "12.34", "pass", "error"),
        ("12.34", "12.35", "fail", "warning"),
        ("12.34", "12.33", "fail", "warning"),
        ("12.34", "12.36", "fail", "error"),
        ("12.34", "21.34", "fail", "error"),
    ],
)
def test_a_number_printed_in_two_tables_may_differ_by_one_last_digit(first: str, second: str, outcome: str, severity: str) -> None:
    (check,) = twice(first, second)
    assert (check["check_id"], check["outcome"], check["severity"]) == ("X1", outcome, severity)
    assert ("one last digit" in check["detail"]) == (severity == "warning")


def test_a_number_printed_with_fewer_decimals_is_the_same_number() -> None:
    for coarse, fine, severity in (("12", "12.49", "warning"), ("12", "13.01", "error")):
        (check,) = tried(table(("201", [coarse]), ("20103", [fine])))
        assert (check["outcome"], check["severity"]) == ("fail", severity)


def test_the_coarser_table_counts() -> None:
    (check,) = twice("12.34", "123412", second_unit="元")
    assert (check["outcome"], check["severity"]) == ("fail", "warning")
    (check,) = twice("12.34", "123512", second_unit="元")
    assert (check["outcome"], check["severity"]) == ("fail", "error")


def test_within_one_table_one_last_digit_is_an_error() -> None:
    (check,) = tried(table(("201", ["12.34"]), ("20103", ["12.35"])))
    assert check["severity"] == "error"


# --- rounding that is none -----------------------------------------------------------------------------------------


def exact_budget(classes: int) -> list[Line]:
    """So many classes with two children each, all sums exact."""
    rows: list[tuple[str | None, list[str]]] = []
    for n in range(classes):
        code = f"2{n + 1:02d}"
        rows += [(code, [str(100 + 2 * n)]), (f"{code}01", [str(40 + n)]), (f"{code}02", [str(60 + n)])]
    return table(*rows)


def test_a_difference_within_rounding_where_every_other_sum_is_exact_is_a_warning() -> None:
    lines = exact_budget(6)
    lines[1] = replace(lines[1], amount=lines[1].amount + 1, amount_text="41")
    (failed,) = [c for c in tried(lines) if c["outcome"] == "fail"]
    assert (failed["severity"], failed["difference"]) == ("warning", -1)
    assert "every other sum is exact" in failed["detail"]
    assert proofs(lines)[:3] == [0, 0, 0]


def test_a_difference_within_rounding_is_normal_where_few_sums_are_known() -> None:
    lines = exact_budget(3)
    lines[1] = replace(lines[1], amount=lines[1].amount + 1)
    assert {c["outcome"] for c in tried(lines)} == {"pass"}


def test_differences_in_several_places_are_rounding() -> None:
    lines = exact_budget(8)
    lines[1] = replace(lines[1], amount=lines[1].amount + 1)
    lines[4] = replace(lines[4], amount=lines[4].amount - 1)
    assert {c["outcome"] for c in tried(lines)} == {"pass"}


def test_a_changed_digit_in_two_sums_is_found_once_around_one_amount() -> None:
    lines = exact_budget(6)
    natures = table(("20101", ["40", "30", "10"]), natures=("total", "basic", "project"), statement_no=2)
    natures[0] = replace(natures[0], amount=natures[0].amount + 1)
    failed = [c for c in tried([*lines, *natures]) if c["outcome"] == "fail"]
    assert [(c["check_id"], c["severity"]) for c in failed] == [("R1", "warning")]


# --- at least ------------------------------------------------------------------------------------------------------


def reception(item: str, code: str) -> list[dict[str, Any]]:
    lines = [
        line(
            item, level=1, code="reception", scheme="three_public", statement="three_public", fund="fiscal_appropriation", name="公务接待费"
        ),
        line(code, "30217", scheme="department_economic", statement="general_public_basic_by_economic", statement_no=2, nature="basic"),
    ]
    return tried(lines, [(1, "three_public", None), (2, "general_public_basic_by_economic", None)])


def test_an_item_may_exceed_its_code_but_not_fall_short_of_it() -> None:
    for item, code, outcome in (("5.00", "5.00", "pass"), ("7.00", "5.00", "pass"), ("4.00", "5.00", "fail")):
        (check,) = reception(item, code)
        assert (check["check_id"], check["outcome"], check["severity"]) == ("T2", outcome, "warning")


# --- alternatives --------------------------------------------------------------------------------------------------


def test_a_total_may_be_that_of_the_year_or_with_carry_over() -> None:
    own: dict[str, Any] = {"flow": "revenue", "fund": "total", "statement": "revenue_expenditure_summary", "scheme": "revenue_item"}
    year = line("9", name="本年收入合计", **own | {"fund": "current_year"})
    grand = line("11", name="收入总计", row=3, **own)
    for text, outcome in (("9", "pass"), ("11", "pass"), ("10", "fail")):
        other = line(text, flow="revenue", fund="total", statement="revenue_summary", statement_no=2)
        lines, statements = [year, grand, other], [(1, "revenue_expenditure_summary", None), (2, "revenue_summary", None)]
        assert [c["outcome"] for c in tried(lines, statements) if c["check_id"] == "X1"] == [outcome]
        assert proofs(lines, statements)[2] == 0  # the same number again is no proof of it


def test_the_same_number_twice_is_a_proof_only_where_a_sum_holds_with_it() -> None:
    """Misread alike it would be as equal."""
    alone = [*table((None, ["7"]), ("201", ["7"]), ("20103", ["7"]))]
    assert proofs(alone) == [0, 0, 0]
    assert proofs([*table((None, ["9"]), ("201", ["7"]), ("20103", ["7"]), ("208", ["2"]))]) == [1, 2, 1, 1]
    assert proofs([*table((None, ["0"]), ("201", ["0"]))]) == [1, 1]


def test_prose_that_names_some_parts_only_is_a_warning() -> None:
    lines = table(("201", ["7.00"]), ("20103", ["4.00"]), source="narrative", statement_no=0)
    assert verdicts(tried(lines, [])) == {("H1", "fail", "warning")}


def test_the_detail_says_both_sides_and_the_difference() -> None:
    (check,) = tried(table(("201", ["1234567.00"]), ("20103", ["1234000.50"])))
    for said in ("1,234,567", "1,234,000.50", "566.50"):
        assert said in check["detail"]
