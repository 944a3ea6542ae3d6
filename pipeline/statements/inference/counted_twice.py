"""Rows without a code that a sum over leaves would count twice: what is printed below a row shows it, or the total does.

Belongs here: leaves that only sums can tell among rows of a classification. Does not belong here: what codes and numbering tell
(`leaves.py`), and lists of which no row has a code (`nesting.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import takewhile

from pipeline.budget.line import Line, LineId
from pipeline.budget.sums import CODED, adds_up, funds_within, printed_step, rounding_tolerance
from pipeline.statements.inference.leaves import with_leaves
from pipeline.statements.inference.nesting import parents_by_sums


def with_leaves_counted_once(lines: Sequence[Line]) -> list[Line]:
    """Return the lines without leaves that count twice.

    These are rows that finer rows without a code make up, finer rows that do not, projects that coded rows below them make up, what
    exceeds the total, and rows that are the sum of those right below them where only so the leaves add up to the total.

    Args:
        lines: of one statement, with the leaves that codes, numbering and lists tell.
    """
    rows = [line for line in lines if line.scheme in CODED and line.level]
    if any(line.code is None for line in rows):
        columns: dict[tuple[object, ...], list[Line]] = defaultdict(list)
        for line in sorted(rows, key=lambda line: line.row):
            columns[line.column, line.unit, line.scheme].append(line)
        lines = _without_leaves(lines, {line.id for column in columns.values() for line in _twice_below(column)})
    lines = _without_leaves(lines, {line.id for line in _projects_over_codes(lines)})
    lines = _without_leaves(lines, {line.id for line in _in_excess(lines)})
    return _without_leaves(lines, {line.id for line in _wholes_by_sums(lines)})


def _without_leaves(lines: Sequence[Line], twice: set[LineId]) -> list[Line]:
    if not twice:
        return list(lines)
    return with_leaves(lines, (line.is_leaf and line.id not in twice for line in lines))


def _twice_below(column: Sequence[Line]) -> Iterator[Line]:
    """Of a row and the rows without a code below it, the finer ones are leaves where they make it up; else the row is one."""
    no_leaves: set[LineId] = set()
    for n, line in enumerate(column):
        end = next((m for m in range(n + 1, len(column)) if column[m].level <= line.level), len(column))
        below = [other for other in column[n + 1 : end] if other.level == min(other.level for other in column[n + 1 : end])]
        if not below or not line.is_leaf or line.id in no_leaves or (line.code and any(other.code for other in below)):
            continue
        if adds_up(line.amount, below, min(map(printed_step, (line, *below)))):
            twice = [line]
        else:
            twice = list(column[n + 1 : end]) if line.code else []
        no_leaves |= {other.id for other in twice}
        yield from twice


def _projects_over_codes(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the projects that the coded rows printed below them divide."""
    columns: dict[int, list[Line]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: line.row):
        columns[line.column].append(line)
    for column in columns.values():
        for n, line in enumerate(column):
            if line.scheme == "project" and line.level and line.is_leaf and not line.code:
                below = list(takewhile(lambda other: other.scheme in CODED and other.level and other.code, column[n + 1 :]))
                leaves = [other for other in below if other.is_leaf]
                if leaves and adds_up(line.amount, leaves, min(map(printed_step, (line, *leaves)))):
                    yield line


def _in_excess(lines: Sequence[Line]) -> Sequence[Line]:
    """A row without a code is no leaf where each column's leaves exceed its total by exactly what this row prints there.

    Where the row above it prints the same amounts, that one is no leaf: what stands below is the finer one.
    """
    excess = {column: (over, tolerance) for column, over, tolerance in _excesses(lines)}
    if not any(over > tolerance for over, tolerance in excess.values()):
        return ()
    rows: dict[int, list[Line]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: line.row):
        if line.level and line.is_leaf and line.scheme != "three_public":
            rows[line.row].append(line)
    above: list[Line] = []
    for row in rows.values():
        printed = {line.column: line.amount for line in row}
        uncoded = all(line.code is None and line.scheme != "revenue_item" for line in row)
        if uncoded and all(abs(over - printed.get(column, Decimal(0))) <= tolerance for column, (over, tolerance) in excess.items()):
            return above if {line.column: line.amount for line in above} == printed else row
        above = row
    return ()


def _wholes_by_sums(lines: Sequence[Line]) -> list[Line]:
    """Return the leaves that rows right below them make up, where neither codes nor indentation say so and each column then has its total.

    Of rows that have codes the codes tell: one of the two must have none.
    """
    columns = {column: found for column in {line.column for line in lines} if (found := _leaves_and_total(lines, column)) is not None}
    if not any(sum((leaf.amount for leaf in leaves), Decimal(0)) > total.amount for leaves, total in columns.values()):
        return []
    longest, whole = max(columns.values(), key=lambda found: len(found[0]))
    step = min(map(printed_step, (whole, *longest)))
    wholes = parents_by_sums([leaf.amount for leaf in longest], whole.amount, step)
    if not wholes or any(longest[n].code and longest[n + 1].code for n in wholes):
        return []
    if longest[0].scheme == "revenue_item" and not all(_may_be_within(longest[n], longest[n + 1 :]) for n in wholes):
        return []
    rows = {longest[n].row for n in wholes}
    for leaves, total in columns.values():
        left = [leaf for leaf in leaves if leaf.row not in rows]
        if not adds_up(total.amount, left, min(map(printed_step, (total, *leaves)))):
            return []
    return [line for leaves, _ in columns.values() for line in leaves if line.row in rows]


def _may_be_within(whole: Line, below: Sequence[Line]) -> bool:
    """Tell whether the items that make up one above them may be of its fund: 事业收入 is no part of 财政拨款收入, whatever it comes to."""
    within = {None, whole.fund, *funds_within(whole.fund or "")}  # an item that no fund is named after may be of any
    rest = whole.amount
    for part in below:
        if rest <= printed_step(whole):  # but for rounding
            break
        if part.fund not in within:
            return False
        rest -= part.amount
    return True


def _leaves_and_total(lines: Sequence[Line], column: int) -> tuple[list[Line], Line] | None:
    """Return the leaves of a column that its only total covers, in printed order, and that total; None where there is none.

    The total of revenue covers what stands above it, if anything does.
    """
    known = (line for line in lines if line.column == column and ((line.fund and line.nature) or line.scheme == "revenue_item"))
    own = sorted(known, key=lambda line: line.row)
    totals = [line for line in own if not line.level and not line.is_leaf and not line.unit and line.fund]
    leaves = [line for line in own if line.level and line.is_leaf and line.scheme != "three_public"]
    if not totals or not leaves or len({line.scheme for line in leaves}) > 1 or len({(line.flow, line.measure) for line in own}) > 1:
        return None
    if leaves[0].scheme == "revenue_item":
        leaves = [leaf for leaf in leaves if leaf.row < totals[0].row] or leaves
    elif len({line.amount for line in totals}) > 1 or len({(line.fund, line.nature) for line in leaves}) > 1:
        return None
    return leaves, totals[0]


def _excesses(lines: Sequence[Line]) -> list[tuple[int, Decimal, Decimal]]:
    """Return by how much the leaves of each column exceed its total, and how far rounding may go, where it has one total."""
    columns: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        if line.fund and line.nature and line.scheme not in ("three_public", "revenue_item"):
            columns[line.column].append(line)
    found = []
    for number, column in columns.items():
        totals = {line.amount for line in column if not line.level and not line.is_leaf and not line.unit}
        leaves = [line for line in column if line.level and line.is_leaf]
        if len(totals) == 1 and leaves and len({(line.flow, line.fund, line.nature, line.measure) for line in leaves}) == 1:
            over = sum((line.amount for line in leaves), Decimal(0)) - totals.pop()
            found.append((number, over, rounding_tolerance(min(map(printed_step, leaves)), len(leaves))))
    return found
