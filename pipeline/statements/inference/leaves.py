"""Which lines are leaves: the finest rows of their statement, over which a sum never counts twice.

Belongs here: what codes, numbering and items tell. Does not belong here: lists (`nesting.py`), and rows of a classification that only
sums can tell (`counted_twice.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from pipeline.budget.codes.printed_codes import parents_of
from pipeline.budget.line import Line
from pipeline.budget.sums import CODED, adds_up, comprises, funds_within, printed_step

_PARTS_OF_ITEM = {
    "total": {"abroad", "reception", "vehicles"},
    "vehicles": {"vehicle_purchase", "vehicle_operation"},
    "with_meetings_training": {"total"},
}

_FEWEST_UNITS = 2  # below a department: of two rows of one amount none can be told to be the other's sum


def with_leaves_by_code(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with `is_leaf`: no finer row of the same statement stands below the line's row.

    Args:
        lines: of one statement.
    """
    is_leaf = _finest_rows(lines)
    for n in _head_of_units(lines):
        is_leaf[n] = False
    is_leaf |= _leaves_of_revenue(lines)
    _leave_out_repetitions(lines, is_leaf)
    return with_leaves(lines, (is_leaf[n] for n in range(len(lines))))


def with_leaves(lines: Sequence[Line], is_leaf: Iterable[bool]) -> list[Line]:
    """Return lines with other values of `is_leaf`, one for each."""
    return [line if line.is_leaf == leaf else replace(line, is_leaf=leaf) for line, leaf in zip(lines, is_leaf, strict=True)]


def _finest_rows(lines: Sequence[Line]) -> dict[int, bool]:
    """Return for each line, by its place, whether no other line has a code, item or unit below its own."""
    codes = {(line.unit, line.scheme, line.code) for line in lines if line.code and line.scheme in CODED}
    parents = {(u, s, p) for u, s, c in codes for p in parents_of(c)}
    finer = {_attributes(line) for line in lines if line.level and line.scheme != "three_public"}
    units_with_rows = {line.unit for line in lines if line.unit and line.scheme != "unit"}
    items_of_revenue = any(line.scheme == "revenue_item" and line.level for line in lines)
    items = {line.code for line in lines if line.scheme == "three_public"}
    of_units = {(line.code, line.fund, line.measure) for line in lines if line.scheme == "three_public" and line.unit}

    def is_finest(line: Line) -> bool:
        if line.scheme in CODED and line.code:
            return (line.unit, line.scheme, line.code) not in parents
        if line.scheme == "three_public":
            whole = line.unit is None and (line.code, line.fund, line.measure) in of_units
            return not whole and not _PARTS_OF_ITEM.get(line.code or "", set()) & items
        if line.scheme == "unit" and line.level:
            return line.name not in units_with_rows
        if line.level == 0:
            return _attributes(line) not in finer and not (line.scheme == "revenue_item" and items_of_revenue)
        return line.is_leaf

    return {n: is_finest(line) for n, line in enumerate(lines)}


def _head_of_units(lines: Sequence[Line]) -> list[int]:
    """A first or last unit row that is the sum of all other unit rows, column by column, is the department above them: no leaf."""
    units = [line for line in lines if line.scheme == "unit" and line.level]
    rows = sorted({line.row for line in units})
    for row in (rows[0], rows[-1]) if len(rows) > _FEWEST_UNITS else ():
        heads, others = [line for line in units if line.row == row], [line for line in units if line.row != row]
        if {line.column for line in others if line.amount} <= {line.column for line in heads} and comprises(heads, others):
            return [n for n, line in enumerate(lines) if line.scheme == "unit" and line.level and line.row == row]
    return []


def _attributes(line: Line) -> tuple[str, str | None, str | None, str]:
    return line.flow, line.fund, line.nature, line.measure


def _leaves_of_revenue(lines: Sequence[Line]) -> dict[int, bool]:
    """An item of revenue is a leaf unless the items printed below it make it up: 其中 rows are none, and leave what they repeat one."""
    columns: dict[int, list[int]] = defaultdict(list)
    is_leaf: dict[int, bool] = {}
    for n, line in enumerate(lines):
        if line.scheme == "revenue_item" and line.level:
            if (line.nature or "").startswith("of_which_"):
                is_leaf[n] = False
            else:
                columns[line.column].append(n)
    for places in columns.values():
        column = [lines[n] for n in places]
        within = 0  # up to here, what is printed is a part of a leaf
        for n, line in enumerate(column):
            end = next((m for m in range(n + 1, len(column)) if column[m].level <= line.level), len(column))
            leaf = n >= within and not _is_sum_of(line, column[n + 1 : end]) and not _is_sum_of_funds(line, column, n)
            is_leaf[places[n]] = leaf
            if leaf:
                within = max(within, end)
    return is_leaf


def _is_sum_of_funds(line: Line, column: Sequence[Line], n: int) -> bool:
    """Tell whether the items next to one at their level, below it or above it, name parts of its fund and add up to it."""
    within = funds_within(line.fund or "")
    for beside in (column[n + 1 :], column[:n][::-1]):
        end = next((m for m, other in enumerate(beside) if other.level < line.level or other.fund not in within), len(beside))
        parts = [other for other in beside[:end] if other.level == line.level]
        if line.amount and adds_up(line.amount, parts, min(map(printed_step, (line, *parts)))):
            return True
    return False


def _is_sum_of(whole: Line, below: Sequence[Line]) -> bool:
    """Tell whether items add up to the one above them, but for rounding."""
    level = min((line.level for line in below), default=0)
    parts = [line for line in below if line.level == level]
    step = min(map(printed_step, (whole, *parts)))
    return adds_up(whole.amount, parts, step)


def _leave_out_repetitions(lines: Sequence[Line], is_leaf: dict[int, bool]) -> None:
    """Of rows, columns and classifications that say the same thing twice, leave leaves (by their places) in one only."""
    schemes: dict[tuple[object, ...], str] = {}
    rows: set[tuple[object, ...]] = set()
    totals: dict[tuple[object, ...], int] = {}
    for n, line in sorted(enumerate(lines), key=lambda item: (item[1].column, item[1].row)):
        key = _attributes(line)
        if line.scheme in CODED and line.level and schemes.setdefault(key, line.scheme) != line.scheme:
            is_leaf[n] = False  # the same money by another classification, beside the first
        if line.scheme != "three_public" and line.fund:
            own = (line.row, line.name, line.code, line.unit, *key)
            is_leaf[n] = is_leaf[n] and own not in rows  # the same total in a second column
            rows.add(own)
            if line.level == 0 and is_leaf[n]:
                earlier = totals.setdefault((line.column, line.unit, *key), n)
                is_leaf[earlier] = earlier == n  # 本年支出合计 above 支出总计
                totals[(line.column, line.unit, *key)] = n
