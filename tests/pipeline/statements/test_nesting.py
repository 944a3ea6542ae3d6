"""Which rows without codes are sums of rows below them: found where the total proves it, never where it does not."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.budget.line import Line
from pipeline.statements.inference.nesting import parents_by_sums, with_leaves_of_list

Tree = int | list["Tree"]  # a leaf's amount, or the rows below a parent

trees = st.recursive(st.integers(0, 10**6), lambda inner: st.lists(inner, min_size=1, max_size=4), max_leaves=12)


def value(tree: Tree) -> int:
    return tree if isinstance(tree, int) else sum(value(child) for child in tree)


def printed(tree: Tree) -> list[int]:
    """A parent is printed above its rows."""
    return [tree] if isinstance(tree, int) else [value(tree), *(amount for child in tree for amount in printed(child))]


def decimals(amounts: Sequence[int]) -> list[Decimal]:
    return [Decimal(amount) / 100 for amount in amounts]


def ends(amounts: Sequence[Decimal], parents: set[int], start: int, target: Decimal) -> set[int]:
    """Where a run of rows from `start` may end so that its top rows add up to `target`, each parent with its own run below it."""
    found = set()
    states = [(start, Decimal(0))]
    while states:
        position, reached = states.pop()
        if reached == target and (position > start or not amounts):
            found.add(position)
        if position < len(amounts):
            amount = amounts[position]
            following = ends(amounts, parents, position + 1, amount) if position in parents else {position + 1}
            states += [(end, reached + amount) for end in following]
    return found


@pytest.mark.parametrize(
    ("amounts", "total", "parents"),
    [
        ([4, 3, 2], 9, set()),
        ([9, 4, 5], 9, {0}),
        ([9, 4, 5, 7, 3, 4], 16, {0, 3}),
        ([9, 5, 2, 3, 4], 9, {0, 1}),
        ([9, 4, 5, 6], 15, {0}),
        ([6, 9, 4, 5], 15, {1}),
        ([9, 9], 9, {0}),
        ([1, 9, 4, 5], 10, {1}),
        ([3, 1, 2, 2], 5, {0}),
        ([-3, 2, -5], -3, {0}),
        ([], 0, set()),
        ([0, 0], 0, set()),
    ],
)
def test_a_row_is_a_parent_where_the_rows_after_it_make_it(amounts: list[int], total: int, parents: set[int]) -> None:
    assert parents_by_sums(decimals(amounts), Decimal(total) / 100) == parents


@pytest.mark.parametrize(("amounts", "total"), [([9, 4, 5], 10), ([4, 3], 9), ([4, 5, 9], 9), ([9, 4, 5, 1], 9), ([], 5)])
def test_rows_that_make_the_total_in_no_way_are_none(amounts: list[int], total: int) -> None:
    assert parents_by_sums(decimals(amounts), Decimal(total) / 100) is None


@settings(deadline=None)  # how long a search takes is no property
@given(st.lists(trees, min_size=1, max_size=5))
def test_rows_that_nest_are_found_to_nest_and_leaves_never_count_twice(rows: list[Tree]) -> None:
    amounts = decimals([amount for row in rows for amount in printed(row)])
    total = Decimal(sum(value(row) for row in rows)) / 100
    parents = parents_by_sums(amounts, total)
    assert parents is not None
    leaves = [amount for position, amount in enumerate(amounts) if position not in parents]
    assert sum(leaves, Decimal(0)) == total


@given(st.lists(st.integers(-50, 50), max_size=7), st.integers(-100, 100))
def test_no_set_of_parents_that_does_not_add_up(amounts: list[int], total: int) -> None:
    rows, whole = decimals(amounts), Decimal(total) / 100
    parents = parents_by_sums(rows, whole)
    if parents is not None:
        assert len(rows) in ends(rows, parents, 0, whole)


@given(st.lists(st.integers(1, 10**6), min_size=2, max_size=12))
def test_a_flat_list_stays_flat(amounts: list[int]) -> None:
    assert parents_by_sums(decimals(amounts), Decimal(sum(amounts)) / 100) == set()


def test_a_long_list_without_a_solution_ends_soon() -> None:
    start = process_time()
    parents_by_sums([Decimal(n % 7 + 1) for n in range(300)], Decimal("0.5"))
    assert process_time() - start < 5


# --- rows of a list ------------------------------------------------------------------------------------------------


def row(
    text: str, number: int, *, level: int = 1, scheme: str = "project", column: int = 1, statement: str = "project_expenditure"
) -> Line:
    return Line(
        statement=statement, statement_no=1, source="table", flow="expenditure", scheme=scheme, level=level, name=f"第{number}行",
        fund="total", nature="project", amount=Decimal(text), amount_text=text, unit_text="元", row=number, column=column,
    )  # fmt: skip


def leaves(lines: Sequence[Line]) -> list[int]:
    return [line.row for line in lines if line.is_leaf]


def test_projects_below_their_group_are_the_leaves() -> None:
    lines = [row("9", 1, level=0), row("5", 2), row("2", 3), row("3", 4), row("4", 5)]
    lines = with_leaves_of_list(lines)
    assert leaves(lines) == [1, 3, 4, 5]


def test_units_above_units() -> None:
    lines = [row("9", 1, level=0, scheme="unit", statement="expenditure_by_unit")]
    lines += [row(text, n, scheme="unit", statement="expenditure_by_unit") for n, text in enumerate(["9", "5", "4"], 2)]
    lines = with_leaves_of_list(lines)
    assert leaves(lines) == [1, 3, 4]


def test_a_parent_is_one_in_all_its_columns() -> None:
    lines = [row("9", 1, level=0), row("9", 2), row("5", 3), row("4", 4), row("7", 1, level=0, column=2), row("7", 2, column=2)]
    lines = with_leaves_of_list(lines)
    assert [(line.row, line.column) for line in lines if not line.is_leaf] == [(2, 1), (2, 2)]


def test_rows_that_do_not_add_up_stay_as_they_are() -> None:
    lines = [row("10", 1, level=0), row("9", 2), row("5", 3), row("4", 4)]
    lines = with_leaves_of_list(lines)
    assert leaves(lines) == [1, 2, 3, 4]


def test_without_a_total_nothing_is_known() -> None:
    lines = [row("9", 2), row("5", 3), row("4", 4)]
    lines = with_leaves_of_list(lines)
    assert leaves(lines) == [2, 3, 4]


def test_classified_rows_nest_by_their_codes_not_by_sums() -> None:
    lines = [
        row(text, n, level=bool(n - 1), scheme="function", statement="expenditure_summary")
        for n, text in enumerate(["9", "9", "5", "4"], 1)
    ]
    lines = with_leaves_of_list(lines)
    assert leaves(lines) == [1, 2, 3, 4]
