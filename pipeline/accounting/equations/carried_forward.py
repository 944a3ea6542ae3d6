"""Totals of spending with what is carried forward (结转下年) and what else stands beside the spending of the year.

Belongs here: in which totals it is. What is carried over into the year is income: see `item_sums.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from pipeline.accounting.equation import Equation
from pipeline.accounting.equations.printed_table import PrintedTable, is_of_this_year
from pipeline.accounting.subjects import NatureRows
from pipeline.budget.sums import NATURES_OUTSIDE_THE_YEAR, rounding_tolerance, without_own_parts


def with_carried_forward(table: PrintedTable, equation: Equation, total: int) -> Equation:
    """Return the sum of a total with what is carried forward, as 支出总计 has it and 本年支出合计 has not; in sentences with or without.

    Args:
        table: the lines of one statement.
        equation: the total, and the rows that it is the sum of.
        total: the line of the total.
    """
    line = table.lines[total]
    forward = [] if line.nature != "total" or is_of_this_year(line) else _carried_forward(table, total)
    if not forward or (line.source == "table" and _totals_below(table, total)):
        return equation
    parts = (*equation.parts, *table.printed.named(forward))
    if line.source == "narrative":
        return table.or_else(equation, equation.whole, parts)
    return replace(equation, parts=parts, tolerance=rounding_tolerance(table.step, len(parts)))


def grand_total(table: PrintedTable, totals: Sequence[int]) -> list[Equation]:
    """Return `R1`: 支出总计 is 本年支出合计 and what is carried forward, where a table prints both.

    Args:
        table: the lines of one statement.
        totals: the first row of totals, in one column.
    """
    if not totals or table.lines[totals[0]].source != "table":
        return []
    below, forward = _totals_below(table, totals[0]), _carried_forward(table, totals[0])
    if len(below) != 1 or not forward or is_of_this_year(table.lines[below[0]]):
        return []
    return [table.equation("R1", NatureRows(table.lines[below[0]].name), below, [totals[0], *forward])]


def _carried_forward(table: PrintedTable, total: int) -> list[int]:
    """Return the rows beside the spending of the year that are of the money, and in a table in the column, of a total."""
    own = table.lines[total]
    beside = [
        i for i in table.members
        if (line := table.lines[i]).nature in NATURES_OUTSIDE_THE_YEAR and not line.level
        and (line.flow, line.fund, line.measure) == (own.flow, own.fund, own.measure)
        and (own.source == "narrative" or line.column == own.column)
    ]  # fmt: skip
    if own.source == "narrative":
        return beside
    kept = {line.id for line in without_own_parts([table.lines[i] for i in beside])}
    return [i for i in beside if table.lines[i].id in kept]


def _totals_below(table: PrintedTable, total: int) -> list[int]:
    """Return the further total rows below one, in its column."""
    own = table.lines[total]
    return [
        i for i in table.members
        if not (line := table.lines[i]).level and line.row > own.row and line.nature == "total"
        and (line.column, line.unit, line.flow, line.fund, line.measure) == (own.column, own.unit, own.flow, own.fund, own.measure)
    ]  # fmt: skip
