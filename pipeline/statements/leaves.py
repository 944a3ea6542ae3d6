"""Which lines are leaves: the finest rows of their statement, over which a sum never counts twice."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.checks.identities import CODED
from pipeline.statements.line import Line


def mark_leaves(lines: Sequence[Line]) -> None:
    """Set `is_leaf`: no finer row of the same statement stands below the line's row."""
    codes = {(line.unit, line.scheme, line.code) for line in lines if line.code and line.scheme in CODED}
    parents = {(u, s, c[:n]) for u, s, c in codes for n in range(3, len(c), 2)}
    finer = {(line.flow, line.scheme == "three_public") for line in lines if line.level}
    units_with_rows = {line.unit for line in lines if line.unit and line.scheme != "unit"}
    vehicles = {line.code for line in lines if line.scheme == "three_public"}
    deepest: dict[tuple[str, int], int] = {}
    for line in lines:
        deepest[line.flow, line.row] = max(line.level, deepest.get((line.flow, line.row), 0))
    for line in lines:
        if line.scheme in CODED and line.code:
            line.is_leaf = (line.unit, line.scheme, line.code) not in parents
        elif line.scheme == "three_public":
            below = {"total": {"abroad", "reception", "vehicles"}, "vehicles": {"vehicle_purchase", "vehicle_operation"}}
            line.is_leaf = not below.get(line.code or "", {"total"} if line.code == "with_meetings_training" else set()) & vehicles
        elif line.scheme == "unit" and line.level:
            line.is_leaf = line.name not in units_with_rows
        elif line.level == 0:
            line.is_leaf = (line.flow, False) not in finer
    _mark_revenue_leaves([line for line in lines if line.scheme == "revenue_item" and line.level])


def _mark_revenue_leaves(items: Sequence[Line]) -> None:
    columns: dict[int, list[Line]] = {}
    for line in items:
        columns.setdefault(line.column, []).append(line)
    for column in columns.values():
        for line, following in zip(column, [*column[1:], None], strict=True):
            line.is_leaf = following is None or following.level <= line.level
