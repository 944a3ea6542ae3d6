"""The exact solver: never a wrong claim of uniqueness, and unique answers found."""

from __future__ import annotations

from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.statements.inference.lost_columns.solver import Constraint, Solution, Variable, solve


def placements(numbers: list[int], cells: list[int]) -> Variable:
    """All order-preserving ways to put printed numbers into cells."""
    return Variable(tuple(dict(zip(at, numbers, strict=True)) for at in combinations(cells, len(numbers))))


def brute_force(choices: list[Variable], constraints: list[Constraint]) -> list[tuple[int, ...]]:
    solutions = []
    for picked in product(*(range(len(choice.alternatives)) for choice in choices)):
        amounts: dict[int, int] = {}
        for choice, index in zip(choices, picked, strict=True):
            amounts.update(choice.alternatives[index])
        sides = [sum(amounts.get(c, 0) for c in k.whole) - sum(amounts.get(c, 0) for c in k.parts) for k in constraints]
        if all(k.low <= side and (k.high is None or side <= k.high) for k, side in zip(constraints, sides, strict=True)):
            solutions.append(picked)
    return solutions


def test_row_sum_and_parent_decide_the_blank_column() -> None:
    # columns: total, basic, project; a parent with both, two children with one each
    choices = [placements([159, 26, 133], [0, 1, 2]), placements([26, 26], [3, 4, 5]), placements([133, 133], [6, 7, 8])]
    constraints = [Constraint((r,), (r + 1, r + 2)) for r in (0, 3, 6)] + [Constraint((c,), (c + 3, c + 6)) for c in (0, 1, 2)]
    solution = solve(choices, constraints)
    assert not solution.conflicts and not solution.undecided
    settled = [choice.alternatives[index] for choice, (index,) in zip(choices, solution.possible, strict=True)]
    assert settled == [{0: 159, 1: 26, 2: 133}, {3: 26, 4: 26}, {6: 133, 8: 133}]


def test_equal_siblings_stay_ambiguous() -> None:
    choices = [placements([10, 5, 5], [0, 1, 2]), placements([5, 5], [3, 4, 5]), placements([5, 5], [6, 7, 8])]
    constraints = [Constraint((r,), (r + 1, r + 2)) for r in (0, 3, 6)] + [Constraint((c,), (c + 3, c + 6)) for c in (0, 1, 2)]
    solution = solve(choices, constraints)
    assert [len(p) for p in solution.possible] == [1, 2, 2]


def test_an_inequality_decides_between_two_cells() -> None:
    # 28.00 is either bought or run; the running costs are at least 28.00 by another statement
    row = placements([28, 28], [0, 1, 2])
    known = Variable(({9: 28},))
    vehicles = Constraint((0,), (1, 2))
    assert len(solve([row, known], [vehicles]).possible[0]) == 2
    (index,) = solve([row, known], [vehicles, Constraint((2,), (9,), 0, None)]).possible[0]
    assert row.alternatives[index] == {0: 28, 2: 28}


def test_a_difference_within_the_tolerance_is_no_conflict() -> None:
    choices = [placements([100], [0]), placements([33], [1]), placements([66], [2])]
    assert not solve(choices, [Constraint((0,), (1, 2), -1, 1)]).conflicts
    assert solve(choices, [Constraint((0,), (1, 2))]).conflicts


def test_conflict_is_smallest_and_its_rows_prove_nothing_about_others() -> None:
    # three rows under a total; the second row does not add up in itself
    rows = [placements([30, 10, 20], [0, 1, 2]), placements([10, 9], [3, 4, 5]), placements([20, 20], [6, 7, 8])]
    constraints = [Constraint((r,), (r + 1, r + 2)) for r in (0, 3, 6)] + [Constraint((c,), (c + 3, c + 6)) for c in (0, 1, 2)]
    solution = solve(rows, constraints)
    assert [c.constraints for c in solution.conflicts] == [(1,)]
    assert len(solution.possible[1]) == 3
    assert len(solution.possible[2]) == 2  # its own sum still rules out a blank total, but no sum over the wrong row decides


def test_out_of_steps_claims_nothing() -> None:
    numbers = [7919 * (n + 3) ** 2 % 100_003 for n in range(24)]
    choices = [placements([n], [2 * i, 2 * i + 1]) for i, n in enumerate(numbers)]
    target = Variable(({100: sum(numbers[::2])},))
    solution = solve([*choices, target], [Constraint((100,), tuple(2 * i for i in range(24)))], steps=500)
    assert set(range(24)) <= solution.undecided
    assert all(len(p) == 2 for p in solution.possible[:24])


ONE = Variable(({99: 1},))
"""A number that is known to be one."""


def coin(cell: int) -> Variable:
    """One or nothing in a cell."""
    return Variable(({cell: 1}, {}))


def exactly_one(*cells: int) -> Constraint:
    return Constraint((99,), cells)


ODD_RING = [exactly_one(0, 1), exactly_one(1, 2), exactly_one(0, 2)]
"""Of three coins each two differ: no two of these sums contradict each other, all three do."""


def test_what_no_sum_alone_excludes_is_searched_for() -> None:
    solution = solve([ONE, *map(coin, range(3))], ODD_RING)
    assert [c.constraints for c in solution.conflicts] == [(0, 1, 2)]
    assert solution.possible == ((0,), (0, 1), (0, 1), (0, 1))
    # the same without any number that is known
    solution = solve(list(map(coin, range(3))), [Constraint(pair, (), 1, 1) for pair in ((0, 1), (1, 2), (0, 2))])
    assert [c.constraints for c in solution.conflicts] == [(0, 1, 2)]


def test_a_search_proves_each_alternative() -> None:
    # of three coins two are equal, and a fourth says which
    ring = [*ODD_RING[:2], Constraint((99, 3), (0, 2))]
    solution = solve([ONE, *map(coin, range(4))], ring)
    assert solution.possible == ((0,), (0,), (1,), (0,), (0,))
    # the same with the wrong alternative first: what fails is left for the next
    reversed_coins = [Variable(({}, {cell: 1})) for cell in range(4)]
    solution = solve([ONE, *reversed_coins], ring)
    assert (solution.possible, solution.conflicts) == (((0,), (1,), (0,), (1,), (1,)), ())


def test_every_addend_of_a_sum_counts() -> None:
    rows = [Variable(tuple({cell: amount} for amount in amounts)) for cell, amounts in enumerate([(2, 30), (3, 40), (4, 50)])]
    solution = solve([Variable(({9: 75},)), *rows], [Constraint((0, 1, 2), (9,), -1, 1)])
    assert solution.possible == ((0,), (1,), (1,), (0,))
    solution = solve([Variable(({9: 9},)), *rows], [Constraint((0, 1, 2), (9,))])
    assert solution.possible == ((0,), (0,), (0,), (0,))


def test_a_cell_may_stand_on_a_side_twice_or_nowhere() -> None:
    row = Variable(({0: 1}, {0: 2}, {0: 3}))
    assert solve([Variable(({9: 4},)), row], [Constraint((9, 50), (0, 0, 51))]).possible == ((0,), (1,))
    assert solve([row], [Constraint((0,), (0,))]).possible == ((0, 1, 2),)


def chain(length: int) -> tuple[list[Variable], list[Constraint]]:
    """Numbers each equal to the next, the first one and the last two: all these sums together are in conflict."""
    between = [Variable(({cell: 1}, {cell: 2})) for cell in range(1, length)]
    choices = [Variable(({0: 1},)), *between, Variable(({length: 2},))]
    return choices, [Constraint((n,), (n + 1,)) for n in range(length)]


@pytest.mark.parametrize("length", [2, 3, 5, 9])
def test_a_conflict_has_all_that_it_needs_and_nothing_else(length: int) -> None:
    choices, sums = chain(length)
    beside = [Constraint((n, 60), (n, 61)) for n in range(length)]  # always true
    solution = solve([*choices, Variable(({60: 5},)), Variable(({61: 5},))], [*beside, *sums])
    assert [c.constraints for c in solution.conflicts] == [tuple(range(length, 2 * length))]
    assert solution.possible[: length + 1] == tuple(tuple(range(len(choice.alternatives))) for choice in choices)


def test_what_has_no_part_in_a_conflict_is_decided_all_the_same() -> None:
    choices, sums = chain(3)
    others = [placements([7], [70, 71]), Variable(({72: 7},))]
    solution = solve([*choices, *others], [*sums, Constraint((72,), (71,))])
    assert [c.constraints for c in solution.conflicts] == [(0, 1, 2)]
    assert solution.possible[-2:] == ((1,), (0,))


def test_two_conflicts_are_two() -> None:
    known = [Variable(({cell: cell},)) for cell in range(4)]
    solution = solve(known, [Constraint((0,), (1,)), Constraint((2,), (3,)), Constraint((1, 1), (2,))])
    assert {c.constraints for c in solution.conflicts} == {(0,), (1,)}


def test_however_few_steps_are_allowed_a_conflict_is_one() -> None:
    choices, sums = chain(9)
    seen = set()
    for steps in range(0, 1500, 5):
        solution = solve(choices, sums, steps=steps)
        seen.add(bool(solution.conflicts))
        for conflict in solution.conflicts:
            assert conflict.constraints == tuple(range(9))
        assert solution.possible == tuple(tuple(range(len(choice.alternatives))) for choice in choices)
        assert solution.conflicts or solution.undecided == frozenset(range(1, 9))
    assert seen == {True, False}


def test_without_a_single_solution_nothing_that_hangs_on_it_is_decided() -> None:
    # three coins of which each two differ, and a number that its sum with one of them narrows to one alternative
    hanging = Variable(({4: 1}, {4: 5}))
    apart = placements([7], [70, 71])
    choices = [ONE, *map(coin, range(3)), hanging, apart, Variable(({72: 7},))]
    sums = [*ODD_RING, Constraint((4,), (0,), -1, 2), Constraint((72,), (71,))]
    seen = set()
    for steps in (*range(300), 5000):
        solution = solve(choices, sums, steps=steps)
        assert solution.possible[:5] == ((0,), (0, 1), (0, 1), (0, 1), (0, 1))
        assert solution.conflicts or solution.undecided >= {1, 2, 3, 4}
        seen.add((bool(solution.conflicts), solution.possible[5]))
    # found out; nothing at all; and what hangs on nothing is decided though the coins are not
    assert seen >= {(True, (1,)), (False, (0, 1)), (False, (1,))}


def test_each_part_for_which_the_steps_run_out_is_undecided() -> None:
    coins = [ONE, *map(coin, range(9))]
    sums = [exactly_one(0, 1), exactly_one(1, 2), Constraint((99, 3), (0, 2)), exactly_one(4, 5), exactly_one(5, 6), exactly_one(6, 7)]
    sums.append(Constraint((99, 8), (4, 6)))
    whole = solve(coins, sums)
    assert not whole.undecided
    assert whole.possible == ((0,), (0,), (1,), (0,), (0,), (0,), (1,), (0,), (1,), (0,))
    for steps in range(600):
        solution = solve(coins, sums, steps=steps)
        for n, (possible, proven) in enumerate(zip(solution.possible, whole.possible, strict=True)):
            assert set(proven) <= set(possible)
            assert n in solution.undecided or possible == proven


def test_however_few_steps_are_allowed_no_solution_is_excluded() -> None:
    rows = [placements([10, 5, 5], [0, 1, 2]), placements([5, 5], [3, 4, 5]), placements([5, 5], [6, 7, 8])]
    sums = [Constraint((r,), (r + 1, r + 2)) for r in (0, 3, 6)] + [Constraint((c,), (c + 3, c + 6)) for c in (0, 1, 2)]
    whole = solve(rows, sums).possible
    for steps in range(0, 200):
        solution = solve(rows, sums, steps=steps)
        assert not solution.conflicts
        for n, (possible, some) in enumerate(zip(solution.possible, whole, strict=True)):
            assert set(some) <= set(possible)
            assert n in solution.undecided or possible == some


amounts = st.integers(0, 12)


@st.composite
def small_problems(draw: st.DrawFn) -> tuple[list[Variable], list[Constraint]]:
    """A few rows of blank-dropped numbers under arbitrary sums, consistent or not."""
    width = draw(st.integers(2, 3))
    rows = draw(st.integers(1, 4))
    choices = []
    for row in range(rows):
        numbers = draw(st.lists(st.integers(-3, 9).filter(bool), min_size=1, max_size=width))
        choices.append(placements(numbers, list(range(row * width, (row + 1) * width))))
    cell = st.integers(0, rows * width - 1)
    constraints = []
    for _ in range(draw(st.integers(0, 4))):
        whole, parts = draw(st.lists(cell, min_size=1, max_size=2)), draw(st.lists(cell, max_size=4))
        low = draw(st.integers(-1, 0))
        constraints.append(Constraint(tuple(whole), tuple(parts), low, draw(st.sampled_from([None, 0, 1]))))
    return choices, constraints


@given(small_problems())
@settings(max_examples=3 * settings.default.max_examples, deadline=None)
def test_agrees_with_brute_force(problem: tuple[list[Variable], list[Constraint]]) -> None:
    choices, constraints = problem
    solutions = brute_force(choices, constraints)
    found = solve(choices, constraints)
    if solutions:
        assert not found.conflicts
        assert [set(p) for p in found.possible] == [set(column) for column in zip(*solutions, strict=True)]
        return
    assert found.conflicts
    first = found.conflicts[0].constraints
    assert not brute_force(choices, [constraints[i] for i in first])
    for left_out in first:  # none of them is dispensable
        assert brute_force(choices, [constraints[i] for i in first if i != left_out])


@st.composite
def budgets(draw: st.DrawFn) -> tuple[list[list[int]], list[int | None]]:
    """A hierarchy of three levels: rows (total, basic, project) and each row's parent (None for the grand total)."""
    rows: list[list[int]] = [[0, 0, 0]]
    parents: list[int | None] = [None]
    amount = st.one_of(st.just(0), st.integers(1, 60), st.integers(1, 9_999_999))
    for _ in range(draw(st.integers(1, 3))):
        group = len(rows)
        rows.append([0, 0, 0])
        parents.append(0)
        for _ in range(draw(st.integers(1, 2))):
            subgroup = len(rows)
            rows.append([0, 0, 0])
            parents.append(group)
            for _ in range(draw(st.integers(1, 3))):
                basic, project = draw(amount), draw(amount)
                rows.append([basic + project, basic, project])
                parents.append(subgroup)
                for above in (subgroup, group, 0):
                    rows[above] = [a + b for a, b in zip(rows[above], rows[-1], strict=True)]
    return rows, parents


def as_problem(rows: list[list[int]], parents: list[int | None]) -> tuple[list[Variable], list[Constraint]]:
    choices, constraints = [], []
    for number, row in enumerate(rows):
        choices.append(placements([amount for amount in row if amount], [3 * number, 3 * number + 1, 3 * number + 2]))
        constraints.append(Constraint((3 * number,), (3 * number + 1, 3 * number + 2)))
        children = [n for n, parent in enumerate(parents) if parent == number]
        if children:
            constraints.extend(Constraint((3 * number + c,), tuple(3 * n + c for n in children)) for c in range(3))
    return choices, constraints


@given(budgets())
@settings(max_examples=settings.default.max_examples * 3 // 2, deadline=None)
def test_truth_is_never_excluded_and_uniqueness_is_found(budget: tuple[list[list[int]], list[int | None]]) -> None:
    rows, parents = budget
    choices, constraints = as_problem(rows, parents)
    solution = solve(choices, constraints)
    assert not solution.conflicts and not solution.undecided
    for number, (row, choice, possible) in enumerate(zip(rows, choices, solution.possible, strict=True)):
        truth = {3 * number + column: amount for column, amount in enumerate(row) if amount}
        assert truth in [choice.alternatives[i] for i in possible]
        for index in possible:  # each one left has a solution of its own
            fixed = [*choices]
            fixed[number] = Variable((choice.alternatives[index],))
            assert not solve(fixed, constraints).conflicts


@given(budgets(), st.data())
@settings(max_examples=settings.default.max_examples * 3 // 2, deadline=None)
def test_one_wrong_number_is_never_cleanly_solved_wrong(budget: tuple[list[list[int]], list[int | None]], data: st.DataObject) -> None:
    rows, parents = budget
    cells = [(r, c) for r, row in enumerate(rows) for c, amount in enumerate(row) if amount]
    if not cells:
        return
    row, column = data.draw(st.sampled_from(cells))
    right = rows[row][column]
    wrong = [list(r) for r in rows]
    wrong[row][column] = data.draw(st.integers(1, 9_999_999).filter(lambda n: n != right))
    choices, constraints = as_problem(wrong, parents)
    solution = solve(choices, constraints)
    assert isinstance(solution, Solution)
    if not solution.conflicts:
        # Everything adds up with the wrong number in it: then some cell must be left open.
        assert any(len(possible) > 1 for possible in solution.possible)
    for number, (choice, possible) in enumerate(zip(choices, solution.possible, strict=True)):
        if number != row and len(possible) == 1 and solution.conflicts:
            truth = {3 * number + c: amount for c, amount in enumerate(rows[number]) if amount}
            assert choice.alternatives[possible[0]] == truth
