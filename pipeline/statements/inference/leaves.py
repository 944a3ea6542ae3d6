"""Which lines are leaves: the finest rows of their statement, over which a sum never counts twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from pipeline.budget.codes.printed_codes import parents_of
from pipeline.budget.line import Line
from pipeline.budget.sums import CODED, adds_up, comprises, funds_within, printed_step

_BELOW = {
    "total": {"abroad", "reception", "vehicles"},
    "vehicles": {"vehicle_purchase", "vehicle_operation"},
    "with_meetings_training": {"total"},
}

_FEWEST_UNITS = 2  # below a department: of two rows of one amount none can be told to be the other's sum


def mark_leaves(lines: Sequence[Line]) -> None:
    """Set `is_leaf`: no finer row of the same statement stands below the line's row.

    Args:
        lines: of one statement.
    """
    codes = {(line.unit, line.scheme, line.code) for line in lines if line.code and line.scheme in CODED}
    parents = {(u, s, p) for u, s, c in codes for p in parents_of(c)}
    finer = {_says(line) for line in lines if line.level and line.scheme != "three_public"}
    units_with_rows = {line.unit for line in lines if line.unit and line.scheme != "unit"}
    items_of_revenue = any(line.scheme == "revenue_item" and line.level for line in lines)
    items = {line.code for line in lines if line.scheme == "three_public"}
    of_units = {(line.code, line.fund, line.measure) for line in lines if line.scheme == "three_public" and line.unit}
    for line in lines:
        if line.scheme in CODED and line.code:
            line.is_leaf = (line.unit, line.scheme, line.code) not in parents
        elif line.scheme == "three_public":
            whole = line.unit is None and (line.code, line.fund, line.measure) in of_units
            line.is_leaf = not whole and not _BELOW.get(line.code or "", set()) & items
        elif line.scheme == "unit" and line.level:
            line.is_leaf = line.name not in units_with_rows
        elif line.level == 0:
            line.is_leaf = _says(line) not in finer and not (line.scheme == "revenue_item" and items_of_revenue)
    _mark_head_of_units([line for line in lines if line.scheme == "unit" and line.level])
    _mark_revenue_leaves([line for line in lines if line.scheme == "revenue_item" and line.level])
    _keep_one(lines)


def _mark_head_of_units(units: Sequence[Line]) -> None:
    """A first or last unit row that is the sum of all other unit rows, column by column, is the department above them: no leaf."""
    rows = sorted({line.row for line in units})
    for row in (rows[0], rows[-1]) if len(rows) > _FEWEST_UNITS else ():
        heads, others = [line for line in units if line.row == row], [line for line in units if line.row != row]
        if {line.column for line in others if line.amount} <= {line.column for line in heads} and comprises(heads, others):
            for line in heads:
                line.is_leaf = False
            return


def _says(line: Line) -> tuple[str, str | None, str | None, str]:
    return line.flow, line.fund, line.nature, line.measure


def _mark_revenue_leaves(items: Sequence[Line]) -> None:
    """An item is a leaf unless the items printed below it make it up: 其中 rows that name a part of it leave it one."""
    columns: dict[int, list[Line]] = defaultdict(list)
    for line in items:
        columns[line.column].append(line)
    for column in columns.values():
        within = 0  # up to here, what is printed is a part of a leaf
        for n, line in enumerate(column):
            end = next((m for m in range(n + 1, len(column)) if column[m].level <= line.level), len(column))
            line.is_leaf = n >= within and not _made_up(line, column[n + 1 : end]) and not _is_sum_of_funds(line, column, n)
            if line.is_leaf:
                within = max(within, end)


def _is_sum_of_funds(line: Line, column: Sequence[Line], n: int) -> bool:
    """Tell whether the items next to one at their level, below it or above it, name parts of its fund and add up to it."""
    within = funds_within(line.fund or "")
    for beside in (column[n + 1 :], column[:n][::-1]):
        end = next((m for m, other in enumerate(beside) if other.level < line.level or other.fund not in within), len(beside))
        parts = [other for other in beside[:end] if other.level == line.level and other.nature == "total"]
        if line.amount and adds_up(line.amount, parts, min(map(printed_step, (line, *parts)))):
            return True
    return False


def _made_up(whole: Line, below: Sequence[Line]) -> bool:
    """Tell whether items add up to the one above them, but for rounding."""
    level = min((line.level for line in below), default=0)
    parts = [line for line in below if line.level == level]
    step = min(map(printed_step, (whole, *parts)))
    return adds_up(whole.amount, parts, step)


def _keep_one(lines: Sequence[Line]) -> None:
    """Of rows, columns and classifications that say the same thing twice, only one has leaves."""
    schemes: dict[tuple[object, ...], str] = {}
    rows: set[tuple[object, ...]] = set()
    totals: dict[tuple[object, ...], Line] = {}
    for line in sorted(lines, key=lambda line: (line.column, line.row)):
        key = _says(line)
        if line.scheme in CODED and line.level and schemes.setdefault(key, line.scheme) != line.scheme:
            line.is_leaf = False  # the same money by another classification, beside the first
        if line.scheme != "three_public" and line.fund:
            own = (line.row, line.name, line.code, line.unit, *key)
            line.is_leaf = line.is_leaf and own not in rows  # the same total in a second column
            rows.add(own)
            if line.level == 0 and line.is_leaf:
                earlier = totals.setdefault((line.column, line.unit, *key), line)
                earlier.is_leaf = earlier is line  # 本年支出合计 above 支出总计
                totals[(line.column, line.unit, *key)] = line
