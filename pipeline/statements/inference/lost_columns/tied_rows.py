"""Rows that sums leave open one by one, decided class by class: rows of one class stand in the same columns, if the printed totals say so.

Of forty rows `30101 基本工资 1,184.99 1,184.99` each may print 人员经费 or 公用经费, and many ways to divide them meet both totals of the
table. A publisher divides by class: all of 301 stand in one column. Where exactly one division by class meets the totals, and so few
divisions were tried that none of them meets a total of so many digits by chance, it is taken; else the rows stay open.

Belongs here: which rows are decided together, and how much a total proves. Does not belong here: the search (`solver.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from math import prod

from pipeline.budget.line import Line
from pipeline.statements.inference.lost_columns.solver import Constraint, Solution, Variable, solve

_STEPS = 400_000  # of the solver for the rows of one table: a tenth of what it may spend on the document
_CHANCE = 1_000
"""Sums that a table's total tells apart, for each division that is tried: one in so many tables is divided wrongly by chance."""
_FEWEST_ROWS = 3
"""Rows that are decided together: of two, each is the other's only witness."""
_CLASS = 3  # digits

Patterns = Sequence[Sequence[tuple[int, ...]]]
"""For each row its placements: the cells, from 0, in which its numbers stand."""


def decide_together(
    cells: Sequence[Line], choices: Sequence[Variable], patterns: Patterns, constraints: Sequence[Constraint], solution: Solution
) -> tuple[tuple[int, ...], ...]:
    """Return what is possible of each row, less where rows of one class are decided together.

    Args:
        cells: of each row its first one, which says the table, the code and the classes.
        choices: the rows' placements, with their amounts.
        patterns: the same, as places in the row.
        constraints: between all cells.
        solution: what the constraints alone leave possible.
    """
    owner = {cell: n for n, choice in enumerate(choices) for way in choice.alternatives for cell in way}
    touches = [frozenset(owner[cell] for cell in (*c.whole, *c.parts) if cell in owner) for c in constraints]
    doubtful = {n for conflict in solution.conflicts for number in conflict.constraints for n in touches[number]}
    used = [(constraint, rows) for constraint, rows in zip(constraints, touches, strict=True) if doubtful.isdisjoint(rows)]
    possible = list(solution.possible)
    waiting = sorted({cells[n].statement_no for n, left in enumerate(possible) if len(left) > 1 and n not in doubtful})
    tried = set[int]()
    while waiting:
        table = waiting.pop(0)
        own = {n for n, left in enumerate(possible) if len(left) > 1 and cells[n].statement_no == table and n not in doubtful}
        around = [(constraint, rows) for constraint, rows in used if rows & own]
        for class_of in (_code, _economic_class, _code_and_class):
            decided = _decided(_groups(own, cells, patterns, possible, class_of), choices, patterns, around, possible)
            if decided:
                for n, left in decided.items():
                    possible[n] = left
                reached = tried & {cells[n].statement_no for _, rows in used if rows & decided.keys() for n in rows}
                waiting += sorted(reached)  # what one table decides may decide another
                tried -= reached
                break
        else:
            tried.add(table)
    return tuple(possible)


def _code(line: Line) -> object:
    return line.code


def _economic_class(line: Line) -> object:
    economic = line.department_economic_code or (line.code if line.scheme == "department_economic" else None)
    return economic[:_CLASS] if economic else None


def _code_and_class(line: Line) -> object:
    return (line.code, _economic_class(line))


def _groups(
    own: Iterable[int], cells: Sequence[Line], patterns: Patterns, possible: Sequence[tuple[int, ...]], class_of: Callable[[Line], object]
) -> list[list[int]]:
    """Return the open rows of a table by class; rows of one class that may stand in other columns are another group."""
    groups: dict[object, list[int]] = defaultdict(list)
    for n in sorted(own):
        groups[class_of(cells[n]), frozenset(patterns[n][way] for way in possible[n])].append(n)
    return list(groups.values())


def _decided(
    groups: Sequence[Sequence[int]],
    choices: Sequence[Variable],
    patterns: Patterns,
    around: Sequence[tuple[Constraint, frozenset[int]]],
    possible: Sequence[tuple[int, ...]],
) -> dict[int, tuple[int, ...]]:
    """Return the one placement of the rows of each group that the totals prove."""
    tied = [n for group in groups for n in group]
    if len(tied) < _FEWEST_ROWS or len(groups) == len(tied):
        return {}
    ways = [sorted({patterns[n][way] for n in group for way in possible[n]}) for group in groups]
    divisions = prod(len(way) for way in ways)
    telling = [(c, rows) for c, rows in around if _is_witness(rows, tied, possible) and _tells(c, rows, tied, choices, divisions)]
    if not telling:
        return {}
    beside = sorted({n for _, rows in around for n in rows} - set(tied))
    together = [_tied(group, way, choices, patterns, possible) for group, way in zip(groups, ways, strict=True)]
    alone = [Variable(tuple(choices[n].alternatives[way] for way in possible[n])) for n in beside]
    found = solve([*together, *alone], [constraint for constraint, _ in around], steps=_STEPS)
    if found.conflicts or found.undecided:
        return {}
    settled = {n for n, left in zip(beside, found.possible[len(groups) :], strict=True) if len(left) == 1}
    settled |= {n for group, left in zip(groups, found.possible, strict=False) if len(left) == 1 for n in group}
    decided: dict[int, tuple[int, ...]] = {}
    for group, way, as_one, left in zip(groups, ways, together, found.possible, strict=False):
        held = [c for c, rows in telling if settled >= rows >= set(group)]
        if len(left) == 1 and any(_parts_ways(c, as_one, left[0]) for c in held):
            for n in group:
                decided[n] = (next(own for own in possible[n] if patterns[n][own] == way[left[0]]),)
    return decided


def _is_witness(rows: frozenset[int], tied: Sequence[int], possible: Sequence[tuple[int, ...]]) -> bool:
    """Tell whether a sum holds rows that are decided already, as a total is, beside those that are tried."""
    others = rows.difference(tied)
    return bool(others) and len(others) < len(rows) and all(len(possible[n]) == 1 for n in others)


def _parts_ways(constraint: Constraint, group: Variable, taken: int) -> bool:
    """Tell whether a sum holds with one placement of a group and with no other: a sum down 合计 holds with all."""
    values = [
        sum(amounts.get(cell, 0) for cell in constraint.whole) - sum(amounts.get(cell, 0) for cell in constraint.parts)
        for amounts in group.alternatives
    ]
    slack = (constraint.high or 0) - constraint.low
    return all(abs(value - values[taken]) > slack for way, value in enumerate(values) if way != taken)


def _tied(
    group: Sequence[int],
    ways: Sequence[tuple[int, ...]],
    choices: Sequence[Variable],
    patterns: Patterns,
    possible: Sequence[tuple[int, ...]],
) -> Variable:
    found = []
    for way in ways:
        amounts: dict[int, int] = {}
        for n in group:
            amounts |= next(choices[n].alternatives[own] for own in possible[n] if patterns[n][own] == way)
        found.append(amounts)
    return Variable(tuple(found))


def _tells(constraint: Constraint, rows: frozenset[int], tied: Sequence[int], choices: Sequence[Variable], divisions: int) -> bool:
    """Tell whether a sum is exact and of so many digits that one of the divisions tried meets it by chance only."""
    if constraint.high is None or not constraint.whole or not constraint.parts:
        return False
    own = rows & set(tied)
    spread = sum(max((abs(amount) for way in choices[n].alternatives for amount in way.values()), default=0) for n in own)
    step = _step([amount for n in own for way in choices[n].alternatives for amount in way.values() if amount])
    slack = constraint.high - constraint.low + 1
    return divisions * _CHANCE * max(slack, step) <= spread


def _step(amounts: Sequence[int]) -> int:
    """Return the largest power of ten that divides all amounts: in its multiples they are printed."""
    step = 1
    while amounts and all(amount % (10 * step) == 0 for amount in amounts):
        step *= 10
    return step
