"""Which equations stand between lines: each identity where it must be, with its tolerance, and never where it would be wrong."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pipeline.accounting.equation import Equation
from pipeline.accounting.equations.within_statements import equations
from pipeline.budget.line import Line, LineId, by_id
from pipeline.budget.sums import (
    FUND_TREE,
    NATURES_OF_TOTAL,
    PARTS_OF_BASIC,
    fund_parts,
    nature_parts,
    parent_code,
    printed_step,
    rounding_steps,
    rounding_tolerance,
)
from schemas import columns

NAMES = {"": "合计", "201": "一般公共服务支出", "20103": "政府办公厅事务", "2010301": "行政运行"}


def line(text: str, code: str | None = None, **other: Any) -> Line:
    """An amount in 元 of a table by function; the code sets its level, no code is the total row."""
    values: dict[str, Any] = {
        "statement": "general_public_by_function", "statement_no": 1, "source": "table", "flow": "expenditure", "scheme": "function",
        "level": (len(code) - 1) // 2 if code else 0, "name": NAMES.get(code or "", code or "合计"), "code": code, "fund": "general_public",
        "nature": "total", "amount": Decimal(text.replace(",", "")), "amount_text": text, "unit_text": "元", "row": 1, "column": 1,
    }  # fmt: skip
    return Line(**(values | other))


def table(*rows: tuple[str | None, Sequence[str]], natures: Sequence[str] = ("total",), **other: Any) -> list[Line]:
    """Rows of (code, amounts), one amount for each nature, blank where the cell is; rows numbered as they stand."""
    return [
        line(text, code, row=r, column=c, **({"nature": nature} | other))
        for r, (code, texts) in enumerate(rows, 1)
        for c, (nature, text) in enumerate(zip(natures, texts, strict=True), 1)
        if text
    ]


def moved(lines: Sequence[Line], *, rows: int = 0, columns: int = 0) -> list[Line]:
    """The same lines further down or to the right."""
    return [replace(one, row=one.row + rows, column=one.column + columns) for one in lines]


def distinct(lines: Sequence[Line]) -> dict[LineId, Line]:
    """The lines by what names them; no two have one name."""
    known = by_id(lines)
    assert len(known) == len(lines)
    return known


def found(lines: Sequence[Line], *check_ids: str) -> set[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """The equations of some identities as the amounts on either side."""
    known = distinct(lines)
    return {
        (e.check_id, tuple(known[i].amount_text for i in e.whole), tuple(known[i].amount_text for i in e.parts))
        for e in equations(lines)
        if not check_ids or e.check_id in check_ids
    }


def holds(equation: Equation, lines: Sequence[Line]) -> bool:
    known = distinct(lines)
    difference = sum(known[i].amount for i in equation.whole) - sum(known[i].amount for i in equation.parts)
    return abs(difference) <= equation.tolerance


# --- parts of funds and natures ------------------------------------------------------------------------------------


def ancestors(fund: str) -> set[str]:
    above = {whole for whole, parts in FUND_TREE.items() if fund in parts}
    return above | {a for whole in above for a in ancestors(whole)}


def test_the_tree_of_funds_is_one_tree_over_the_funds_of_the_contract() -> None:
    children = [part for parts in FUND_TREE.values() for part in parts]
    assert len(children) == len(set(children))
    assert {*FUND_TREE, *children} == set(columns.FUNDS)
    assert {*NATURES_OF_TOTAL, *PARTS_OF_BASIC, "total"} == set(columns.NATURES)


@pytest.mark.parametrize(
    ("fund", "present", "parts"),
    [
        ("total", ["current_year", "carryover"], ("current_year", "carryover")),
        ("total", ["fiscal_appropriation", "business", "other"], ("fiscal_appropriation", "business", "other")),
        ("total", ["fiscal_appropriation", "general_public", "business"], ("fiscal_appropriation", "business")),
        (
            "total",
            ["general_public", "government_fund", "carryover_general_public"],
            ("general_public", "government_fund", "carryover_general_public"),
        ),
        ("total", ["current_year", "general_public", "carryover", "carryover_general_public"], ("current_year", "carryover")),
        (
            "fiscal_appropriation",
            ["general_public", "government_fund", "state_capital", "business"],
            ("general_public", "government_fund", "state_capital"),
        ),
        ("unit_funds", ["business", "other", "general_public"], ("business", "other")),
        ("carryover", ["carryover_general_public", "carryover_unit_funds"], ("carryover_general_public", "carryover_unit_funds")),
        ("business", ["other"], ()),
        ("total", [], ()),
        ("total", ["total"], ()),
    ],
)
def test_the_parts_of_a_fund_are_those_printed(fund: str, present: list[str], parts: tuple[str, ...]) -> None:
    assert fund_parts(fund, present) == parts


@given(st.sampled_from(sorted(FUND_TREE)), st.sets(st.sampled_from(sorted(columns.FUNDS))))
def test_no_fund_is_counted_twice_and_none_is_left_out(fund: str, present: set[str]) -> None:
    parts = fund_parts(fund, present)
    assert len(parts) == len(set(parts)) and set(parts) <= present - {fund}
    for part in parts:
        assert fund in ancestors(part)
        assert not ancestors(part) & set(parts)  # no part of a part
    for other in present - {fund}:  # whatever is printed of the fund is a part, or inside of one
        if fund in ancestors(other):
            assert ({other} | ancestors(other)) & set(parts)


@pytest.mark.parametrize(
    ("nature", "present", "parts"),
    [
        ("total", ["basic", "project"], ("basic", "project")),
        ("total", ["basic", "basic_personnel", "basic_operating", "project"], ("basic", "project")),
        ("total", ["basic_personnel", "basic_operating", "project"], ("basic_personnel", "basic_operating", "project")),
        ("total", ["basic", "project", "operating", "carryforward"], ("basic", "project", "operating", "carryforward")),
        ("total", ["basic_personnel", "basic_operating"], ("basic_personnel", "basic_operating")),
        ("total", ["basic"], ()),  # one part alone cannot be complete
        ("total", ["carryforward", "reserve"], ()),  # nothing of what a year is spent on
        ("total", ["basic", "basic_personnel"], ()),
        ("basic", ["basic_personnel", "basic_operating", "project"], ("basic_personnel", "basic_operating")),
        ("basic", ["basic_personnel"], ()),
        ("project", ["basic", "total"], ()),
        ("total", ["basic", "of_which_procurement"], ()),
    ],
)
def test_the_parts_of_a_nature_are_those_printed_if_they_can_be_complete(nature: str, present: list[str], parts: tuple[str, ...]) -> None:
    assert nature_parts(nature, present) == parts


@given(st.sets(st.sampled_from(sorted(columns.NATURES))))
def test_no_nature_is_counted_twice(present: set[str]) -> None:
    parts = nature_parts("total", present)
    assert set(parts) <= present - {"total"} and len(parts) != 1
    assert "basic" not in parts or not {"basic_personnel", "basic_operating"} & set(parts)


@pytest.mark.parametrize(
    ("code", "known", "parent"),
    [
        ("2010301", {"201", "20103"}, "20103"),
        ("2010301", {"201"}, "201"),
        ("2010301", {"20104", "202"}, None),
        ("201", {"201"}, None),
        ("3021502", {"302", "30215"}, "30215"),
        ("20103", {"2010301", "201"}, "201"),
    ],
)
def test_the_parent_of_a_code_is_its_nearest_printed_ancestor(code: str, known: set[str], parent: str | None) -> None:
    assert parent_code(code, known) == parent == parent_code(code, sorted(known))


# --- tolerance -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "unit", "step"),
    [("12", "元", "1"), ("12.30", "元", "0.01"), ("12.30", "万元", "100"), ("12", "万元", "10000"), ("0.123456", "万元", "0.01")],
)
def test_the_step_of_an_amount_is_its_last_printed_place(text: str, unit: str, step: str) -> None:
    assert printed_step(line(text, unit_text=unit)) == Decimal(step)


def test_a_table_rounds_to_the_most_decimals_that_any_amount_of_it_prints() -> None:
    lines = [line("12"), line("12.5"), line("12.25"), line("7", statement_no=2, unit_text="万元")]
    assert rounding_steps(lines) == {1: Decimal("0.01"), 2: Decimal(10_000)}


@pytest.mark.parametrize(("addends", "allowed"), [(0, "0"), (1, "0"), (2, "1.5"), (3, "2"), (10, "5.5")])
def test_a_sum_may_be_off_by_half_a_place_for_each_number_in_it(addends: int, allowed: str) -> None:
    assert rounding_tolerance(Decimal(1), addends) == Decimal(allowed)


def test_the_tolerance_of_an_equation_comes_from_the_whole_table() -> None:
    lines = [line("300", "201"), line("100", "20103", row=2), line("200.5", "20104", row=3)]
    (equation,) = equations(lines)
    assert equation.tolerance == Decimal("0.15")


# --- H1, H2 --------------------------------------------------------------------------------------------------------


def test_each_parent_is_the_sum_of_its_children_and_the_total_of_the_classes() -> None:
    lines = table((None, ["10"]), ("201", ["7"]), ("20103", ["7"]), ("2010301", ["4"]), ("2010302", ["3"]), ("205", ["3"]))
    assert found(lines) == {
        ("H1", ("7",), ("7",)),
        ("H1", ("7",), ("4", "3")),
        ("H1", ("10",), ("7", "3")),
    }
    assert all(holds(e, lines) and e.severity == "error" for e in equations(lines))


def test_a_row_that_goes_over_a_missing_level_counts_in_the_next_one() -> None:
    lines = table(("201", ["7"]), ("2010301", ["4"]), ("2010302", ["3"]))
    assert found(lines) == {("H1", ("7",), ("4", "3"))}


def test_each_column_adds_up_by_itself() -> None:
    lines = table(("201", ["7", "5", "2"]), ("20103", ["4", "3", "1"]), ("20104", ["3", "2", "1"]), natures=("total", "basic", "project"))
    assert found(lines, "H1") == {("H1", ("7",), ("4", "3")), ("H1", ("5",), ("3", "2")), ("H1", ("2",), ("1", "1"))}


def test_a_blank_cell_counts_as_zero_on_either_side() -> None:
    lines = table(("201", ["7", ""]), ("20103", ["7", "2"]), natures=("total", "basic"))
    assert found(lines, "H1") == {("H1", ("7",), ("7",)), ("H1", (), ("2",))}
    lines = table(("201", ["7", "2"]), ("20103", ["7", ""]), natures=("total", "basic"))
    assert ("H1", ("2",), ()) in found(lines)


def test_economic_codes_add_up_as_h2() -> None:
    lines = table((None, ["9"]), ("301", ["9"]), ("30101", ["5"]), ("30102", ["4"]), scheme="department_economic")
    assert found(lines) == {("H2", ("9",), ("5", "4")), ("H2", ("9",), ("9",))}


def test_departmental_and_government_codes_are_two_hierarchies() -> None:
    lines = [
        *table(("301", ["9"]), ("30101", ["9"]), scheme="department_economic"),
        *moved(table(("501", ["8"]), ("50101", ["8"]), scheme="government_economic"), columns=1),
    ]
    assert found(lines) == {("H2", ("9",), ("9",)), ("H2", ("8",), ("8",))}


def test_the_units_of_a_table_add_up_apart() -> None:
    rows = (("201", ["7"]), ("20103", ["7"]))
    lines = [*table(*rows, unit="甲中心"), *moved(table(("201", ["5"]), ("20103", ["5"]), unit="乙中心"), rows=2)]
    assert found(lines) == {("H1", ("7",), ("7",)), ("H1", ("5",), ("5",))}


def test_tables_add_up_apart() -> None:
    lines = [*table(("201", ["7"]), ("20103", ["7"])), *table(("201", ["5"]), ("20103", ["5"]), statement_no=2)]
    assert found(lines) == {("H1", ("7",), ("7",)), ("H1", ("5",), ("5",))}


def test_a_row_without_a_code_stands_below_the_row_above_it() -> None:
    lines = [line("7", "201"), line("4", "20103", row=2), line("3", None, level=2, name="某某事务", row=3)]
    assert found(lines) == {("H1", ("7",), ("4", "3"))}


def test_rows_without_codes_below_each_other_count_once() -> None:
    lines = [line("7", "201"), line("6", None, level=2, name="某某事务", row=2), line("5", None, level=3, name="某某工作", row=3)]
    assert found(lines) == {("H1", ("7",), ("6",)), ("H1", ("6",), ("5",))}


def test_coded_rows_below_a_row_without_a_code_are_parts_of_it_alone() -> None:
    lines = [line("7", "201"), line("6", None, level=2, name="某某事务", row=2), line("5", "2010301", row=3)]
    assert found(lines) == {("H1", ("7",), ("6",)), ("H1", ("6",), ("5",))}
    lines = [line("7"), line("6", None, level=1, name="某某支出", row=2), line("5", "20103", row=3)]
    assert found(lines) == {("H1", ("7",), ("6",)), ("H1", ("6",), ("5",))}


def test_amounts_whose_column_is_open_take_part_in_nothing() -> None:
    lines = table(("201", ["7"]), ("20103", ["6"]))
    lines[1] = replace(lines[1], fund=None, nature=None, column_evidence="ambiguous")
    assert equations(lines) == []


def test_columns_that_repeat_a_part_take_part_in_nothing() -> None:
    assert equations(table(("201", ["7"]), ("20103", ["6"]), natures=("of_which_procurement",))) == []


def test_a_list_of_projects_adds_up_by_its_rows_not_by_the_codes_that_they_print() -> None:
    lines = table((None, ["9"]), ("2010302", ["4"]), ("2010302", ["5"]), statement="project_expenditure", nature="project")
    assert found(lines) == {("X5", ("9",), ("4", "5"))}


def test_equations_do_not_look_at_amounts() -> None:
    right, wrong = table(("201", ["7"]), ("20103", ["7"])), table(("201", ["7"]), ("20103", ["9"]))
    assert equations(right) == equations(wrong)


# --- totals, units, projects ---------------------------------------------------------------------------------------


def unit_row(text: str, name: str, row: int, **other: Any) -> Line:
    own: dict[str, Any] = {"name": name, "level": 1, "scheme": "unit", "statement": "expenditure_by_unit", "fund": "total", "row": row}
    return line(text, **(own | other))


def test_a_department_is_the_sum_of_its_units() -> None:
    lines = [
        line("9", scheme="unit", statement="expenditure_by_unit", fund="total"),
        unit_row("5", "甲中心", 2),
        unit_row("4", "乙中心", 3),
    ]
    assert found(lines) == {("X4", ("9",), ("5", "4"))}


def test_units_that_are_all_parts_of_something_have_no_total() -> None:
    """Units without codes that are sums of other rows: nothing adds up to the total, and nothing is said of it."""
    units = [line(text, row=r, scheme="unit", level=1, name=f"{r}局", is_leaf=False) for r, text in enumerate(("5", "4"), start=2)]
    assert found([line("9"), *units], "X4") == set()


def test_units_with_nested_codes_count_once() -> None:
    lines = [
        line("9", scheme="unit", statement="expenditure_by_unit", fund="total"),
        unit_row("9", "某部门", 2, code="301"),
        unit_row("5", "甲中心", 3, code="301001"),
        unit_row("4", "乙中心", 4, code="301002"),
    ]
    assert ("X4", ("9",), ("9",)) in found(lines)


def test_a_unit_that_is_the_sum_of_those_below_it_counts_once() -> None:
    lines = [
        line("9", scheme="unit", statement="expenditure_by_unit", fund="total"),
        unit_row("9", "某部门", 2, is_leaf=False),
        unit_row("5", "甲中心", 3),
        unit_row("4", "乙中心", 4),
    ]
    assert found(lines) == {("X4", ("9",), ("5", "4"))}


def test_a_unit_above_coded_rows_is_their_total() -> None:
    own = {"statement": "expenditure_summary", "fund": "total"}
    lines = [
        line("12", **own),
        unit_row("7", "甲中心", 2, statement="expenditure_summary"),
        line("4", "201", row=3, unit="甲中心", **own),
        line("3", "205", row=4, unit="甲中心", **own),
        unit_row("5", "乙中心", 5, statement="expenditure_summary"),
        line("5", "201", row=6, unit="乙中心", **own),
    ]
    assert found(lines) == {("X4", ("12",), ("7", "5")), ("H1", ("7",), ("4", "3")), ("H1", ("5",), ("5",))}


def test_side_by_side_halves_with_totals_of_their_own_add_up_apart() -> None:
    """A summary that prints its expenditure by function and by economic code: each half has its total."""
    own = {"statement": "revenue_expenditure_summary", "fund": "total"}
    lines = [
        line("7", "201", column=4, **own), line("2", "205", row=2, column=4, **own), line("9", row=3, column=4, name="支出总计", **own),
        line("8", "301", column=6, scheme="department_economic", **own),
        line("1", "302", row=2, column=6, scheme="department_economic", **own),
        line("9", row=3, column=6, name="支出总计", scheme="department_economic", **own),
    ]  # fmt: skip
    assert found(lines, "H1", "H2") == {("H1", ("9",), ("7", "2")), ("H2", ("9",), ("8", "1"))}


def test_halves_of_different_length_add_up_apart() -> None:
    own = {"statement": "revenue_expenditure_summary", "fund": "total"}
    lines = [
        line("9", "201", column=4, **own),
        line("9", row=2, column=4, name="支出总计", **own),
        line("8", "301", column=6, scheme="department_economic", **own),
        line("1", "302", row=2, column=6, scheme="department_economic", **own),
        line("9", row=3, column=6, name="合计", scheme="department_economic", **own),
    ]
    assert found(lines, "H1", "H2") == {("H1", ("9",), ("9",)), ("H2", ("9",), ("8", "1"))}


def test_the_classes_are_the_expenditure_of_the_year_not_what_is_carried_forward() -> None:
    own = {"statement": "revenue_expenditure_summary", "fund": "total"}
    lines = [
        line("7", "201", **own), line("2", "205", row=2, **own), line("9", row=3, name="本年支出合计", **own),
        line("1", row=4, name="结转下年", **own | {"nature": "carryforward"}), line("10", row=5, name="支出总计", **own),
    ]  # fmt: skip
    assert ("H1", ("9",), ("7", "2")) in found(lines)
    assert not {w for _, w, p in found(lines) if p == ("7", "2")} - {("9",)}


# --- R1, R2 --------------------------------------------------------------------------------------------------------


def test_a_row_is_the_sum_of_its_natures() -> None:
    lines = table(
        ("2010301", ["9", "7", "4", "3", "2"]), natures=("total", "basic", "basic_personnel", "basic_operating", "project")
    )  # fmt: skip
    assert found(lines) == {("R1", ("9",), ("7", "2")), ("R1", ("7",), ("4", "3"))}


def test_basic_spending_may_be_printed_by_its_parts_alone() -> None:
    lines = table(("2010301", ["9", "4", "3", "2"]), natures=("total", "basic_personnel", "basic_operating", "project"))
    assert found(lines) == {("R1", ("9",), ("4", "3", "2"))}


def test_a_nature_that_the_table_prints_elsewhere_is_zero_in_a_row_without_it() -> None:
    lines = table(("2010301", ["9", "9", ""]), ("2010302", ["5", "", "5"]), natures=("total", "basic", "project"))
    assert found(lines, "R1") == {("R1", ("9",), ("9",)), ("R1", ("5",), ("5",))}


def test_a_table_with_one_nature_beside_the_total_says_nothing_of_the_rest() -> None:
    assert equations(table(("2010301", ["9", "7"]), natures=("total", "basic"))) == []


def funds(row: Sequence[str], names: Sequence[str], **other: Any) -> list[Line]:
    own: dict[str, Any] = {"statement": "revenue_summary", "flow": "revenue", "code": "2010301", "level": 3} | other
    return [line(text, fund=name, column=c, **own) for c, (text, name) in enumerate(zip(row, names, strict=True), 1) if text]


def test_a_row_is_the_sum_of_its_funds() -> None:
    lines = funds(["9", "6", "5", "1", "3"], ["total", "fiscal_appropriation", "general_public", "government_fund", "business"])
    assert found(lines) == {("R2", ("9",), ("6", "3")), ("R2", ("6",), ("5", "1"))}


def test_what_is_carried_over_stands_beside_the_funds_of_the_year() -> None:
    names = ["total", "current_year", "general_public", "other", "carryover", "carryover_general_public", "carryover_unit_funds"]
    lines = funds(["12", "9", "6", "3", "3", "2", "1"], names)
    assert found(lines) == {("R2", ("12",), ("9", "3")), ("R2", ("9",), ("6", "3")), ("R2", ("3",), ("2", "1"))}


def test_funds_and_natures_of_another_measure_are_another_sum() -> None:
    lines = [
        *funds(["9", "6", "3"], ["total", "general_public", "business"]),
        *moved(funds(["8", "5"], ["total", "general_public"], measure="prior_year"), columns=3),
    ]
    assert found(lines) == {("R2", ("9",), ("6", "3"))}


def test_a_total_printed_twice_in_a_row_holds_each_time() -> None:
    lines = table(("2010301", ["9", "9", "7", "2"]), natures=("total", "total", "basic", "project"))
    assert [e.whole for e in equations(lines) if e.check_id == "R1"] == [(lines[0].id,), (lines[1].id,)]


# --- revenue items -------------------------------------------------------------------------------------------------


def item(text: str, fund: str, row: int, level: int = 1, **other: Any) -> Line:
    own: dict[str, Any] = {
        "statement": "revenue_expenditure_summary",
        "flow": "revenue",
        "scheme": "revenue_item",
        "level": level,
        "name": fund,
    }
    return line(text, fund=fund, row=row, **(own | other))


def test_revenue_items_add_up_to_their_total() -> None:
    lines = [item("6", "general_public", 1), item("1", "business", 2), item("7", "total", 3, 0, name="收入总计")]
    assert found(lines) == {("R2", ("7",), ("6", "1"))}


def test_a_fund_above_its_parts_counts_once() -> None:
    lines = [
        item("6", "fiscal_appropriation", 1),
        item("5", "general_public", 2, 2),
        item("1", "government_fund", 3, 2),
        item("2", "business", 4),
        item("8", "total", 5, 0, name="收入总计"),
    ]
    assert found(lines) == {("R2", ("6",), ("5", "1")), ("R2", ("8",), ("6", "2"))}


def test_the_total_of_the_year_leaves_out_what_is_carried_over() -> None:
    lines = [
        item("6", "general_public", 1),
        item("1", "business", 2),
        item("7", "current_year", 3, 0, name="本年收入合计"),
        item("2", "carryover", 4),
        item("9", "total", 5, 0, name="收入总计"),
    ]
    assert ("R2", ("7",), ("6", "1")) in found(lines)
    assert {p for _, w, p in found(lines) if w == ("9",)} <= {("7", "2"), ("6", "1", "2")}
    assert any(w == ("9",) for _, w, p in found(lines))
    assert all(holds(e, lines) for e in equations(lines))


def test_an_item_below_an_item_of_its_own_fund_counts_once() -> None:
    lines = [item("6", "general_public", 1), item("5", "general_public", 2, 2), item("1", "business", 3), item("7", "total", 4, 0)]
    assert found(lines) == {("R2", ("7",), ("6", "1"))}


def test_a_total_is_the_sum_of_what_stands_above_it() -> None:
    lines = [
        item("6", "general_public", 1),
        item("1", "business", 2),
        item("7", "total", 3, 0, name="收入合计"),
        item("2", "carryover", 4),
        item("9", "total", 5, 0, name="收入总计"),
    ]
    assert found(lines) == {("R2", ("7",), ("6", "1")), ("R2", ("9",), ("6", "1", "2"))}


def test_the_years_income_as_a_sum_is_a_part_of_all_income() -> None:
    lines = [
        item("9", "total", 1, 0, name="收入总计"),
        item("7", "current_year", 2, 0, name="本年收入合计"),
        item("0", "non_fiscal_surplus", 3),
        item("2", "carryover", 4),
    ]
    assert ("R2", ("9",), ("7", "0", "2")) in found(lines)
    assert all(holds(e, lines) for e in equations(lines))


def test_a_total_above_its_items_is_their_sum() -> None:
    lines = [item("7", "total", 1, 0, name="收入总计"), item("6", "general_public", 2), item("1", "business", 3)]
    assert found(lines) == {("R2", ("7",), ("6", "1"))}


# --- natures named by rows -----------------------------------------------------------------------------------------


def test_rows_that_name_natures_add_up_to_the_total_and_head_their_own_rows() -> None:
    own = {"statement": "revenue_expenditure_summary", "fund": "total", "scheme": "department_economic"}
    lines = [
        line("7", name="基本支出", **own | {"nature": "basic"}),
        line("4", "301", row=2, **own | {"nature": "basic"}),
        line("3", "302", row=3, **own | {"nature": "basic"}),
        line("2", name="项目支出", row=4, **own | {"nature": "project"}),
        line("2", "302", row=5, **own | {"nature": "project"}),
        line("9", name="支出总计", row=6, **own),
    ]
    assert found(lines, "R1") == {("R1", ("9",), ("7", "2"))}
    assert {("H2", ("7",), ("4", "3")), ("H2", ("2",), ("2",))} <= found(lines, "H2")
    assert all(holds(e, lines) for e in equations(lines))


def test_the_total_of_the_year_leaves_out_what_is_carried_forward() -> None:
    own = {"statement": "revenue_expenditure_summary", "fund": "total"}
    lines = [
        line("7", name="基本支出", **own | {"nature": "basic"}),
        line("2", name="项目支出", row=2, **own | {"nature": "project"}),
        line("9", name="本年支出合计", row=3, **own),
        line("1", name="结转下年", row=4, **own | {"nature": "carryforward"}),
    ]
    assert found(lines, "R1") == {("R1", ("9",), ("7", "2"))}


# --- T1 ------------------------------------------------------------------------------------------------------------


def three(row: int, **amounts: str) -> list[Line]:
    own: dict[str, Any] = {"statement": "three_public", "scheme": "three_public", "fund": "fiscal_appropriation", "level": 1, "row": row}
    return [line(text, code, column=c, name=code, **own) for c, (code, text) in enumerate(amounts.items(), 1) if text]


def test_three_public_is_abroad_reception_and_vehicles() -> None:
    lines = three(1, total="63", abroad="30", reception="5", vehicles="28", vehicle_purchase="", vehicle_operation="28")
    assert found(lines) == {("T1", ("63",), ("30", "5", "28")), ("T1", ("28",), ("28",))}


def test_vehicles_may_be_printed_by_their_parts_alone() -> None:
    lines = three(1, total="63", abroad="30", reception="5", vehicle_purchase="18", vehicle_operation="10")
    assert found(lines) == {("T1", ("63",), ("30", "5", "18", "10"))}


def test_a_total_with_meetings_and_training() -> None:
    lines = three(1, with_meetings_training="70", total="63", abroad="30", reception="5", vehicles="28", conference="4", training="3")
    assert found(lines) == {("T1", ("70",), ("63", "4", "3")), ("T1", ("63",), ("30", "5", "28"))}


def test_operating_costs_printed_beside_are_no_part() -> None:
    lines = three(1, total="63", abroad="30", reception="5", vehicles="28", agency_operating="500")
    assert found(lines) == {("T1", ("63",), ("30", "5", "28"))}


def test_each_row_of_units_or_years_adds_up_by_itself() -> None:
    lines = [*three(1, total="63", abroad="30", reception="5", vehicles="28"), *three(2, total="9", abroad="", reception="9", vehicles="")]
    assert found(lines) == {("T1", ("63",), ("30", "5", "28")), ("T1", ("9",), ("9",))}


def test_items_in_rows_add_up_down_their_column() -> None:
    lines = [
        line(text, code, row=row, scheme="three_public", statement="three_public", fund="fiscal_appropriation", level=1, name=code)
        for row, (code, text) in enumerate(
            {"total": "63", "abroad": "30", "reception": "5", "vehicles": "28", "vehicle_operation": "28"}.items(), 1
        )
    ]
    assert found(lines) == {("T1", ("63",), ("30", "5", "28")), ("T1", ("28",), ("28",))}


# --- narrative -----------------------------------------------------------------------------------------------------


def test_sums_of_prose_do_not_accuse() -> None:
    lines = [
        line(text, code, row=row, source="narrative", statement_no=0, unit_text="万元")
        for row, (code, text) in enumerate([("201", "7.00"), ("20103", "4.00"), ("20104", "3.00")], 1)
    ]
    (equation,) = equations(lines)
    assert (equation.check_id, equation.severity) == ("H1", "warning")


def test_prose_on_two_statements_is_two_sets_of_sums() -> None:
    own: dict[str, Any] = {"source": "narrative", "statement_no": 0}
    lines = [line("7", "201", **own), line("5", "20103", row=2, **own | {"statement": "revenue_expenditure_summary"})]
    assert equations(lines) == []


# --- any consistent budget -----------------------------------------------------------------------------------------


@st.composite
def budgets(draw: st.DrawFn) -> list[Line]:
    """A table by function with basic and project columns that adds up, printed with blanks for zero."""
    leaves: dict[str, tuple[int, int]] = {}
    for kind in draw(st.lists(st.sampled_from(["201", "205", "208", "221"]), min_size=1, max_size=3, unique=True)):
        for section in draw(st.lists(st.sampled_from(["01", "03", "99"]), min_size=1, max_size=2, unique=True)):
            for last in draw(st.lists(st.sampled_from(["01", "02", "99"]), min_size=1, max_size=2, unique=True)):
                leaves[kind + section + last] = (draw(st.integers(0, 10**6)), draw(st.integers(0, 10**6)))
    sums: dict[str, list[int]] = {}
    for code, amounts in leaves.items():
        for length in (0, 3, 5, 7):
            node = sums.setdefault(code[:length], [0, 0])
            node[0], node[1] = node[0] + amounts[0], node[1] + amounts[1]
    rows: list[tuple[str | None, list[str]]] = []
    for code in sorted(sums):
        basic, project = sums[code]
        rows.append((code or None, [str(basic + project), str(basic or ""), str(project or "")]))
    return table(*rows, natures=("total", "basic", "project"))


@given(budgets())
def test_every_equation_of_a_budget_that_adds_up_holds(lines: list[Line]) -> None:
    assert all(holds(e, lines) for e in equations(lines))


@given(budgets(), st.data())
def test_every_amount_of_such_a_budget_takes_part_and_a_change_is_seen(lines: list[Line], data: st.DataObject) -> None:
    found = equations(lines)
    assert {i for e in found for i in e.members()} == set(by_id(lines))
    i = data.draw(st.integers(0, len(lines) - 1))
    lines[i] = replace(lines[i], amount=lines[i].amount + 100)
    assert not all(holds(e, lines) for e in found)
