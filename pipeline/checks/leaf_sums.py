"""`L1`: the leaves of a statement, fund, nature and measure sum to the total that it prints for them, per unit where it prints one.

Belongs here: what a sum over leaves promises its readers, whatever shows that a row is a leaf. A failure says that such a sum is not
the printed total, by the publisher's fault or the reading's: which of them, the identities of the hierarchy tell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal

from pipeline.accounting.check_row import Check, check_row
from pipeline.budget.line import Line
from pipeline.budget.sums import NATURES_OUTSIDE_THE_YEAR, printed_step, rounding_tolerance, without_own_parts

_THREE_PUBLIC = ("abroad", "reception", "vehicles", "vehicle_purchase", "vehicle_operation")
_WHOLES: dict[str, tuple[str, ...]] = {"total": _THREE_PUBLIC, "with_meetings_training": (*_THREE_PUBLIC, "conference", "training")}
"""The totals of a 三公 statement and the items that each covers."""

Key = tuple[int, str, str, str, str]
"""Number of a statement, flow, fund, nature and measure."""


def check_leaves(lines: Iterable[Line]) -> list[Check]:
    """Return one row for each statement, fund, nature and measure with leaves below a printed total, and for each unit's group.

    Args:
        lines: of one document. Amounts of which the column is not known are in no group.
    """
    groups: dict[Key, list[Line]] = defaultdict(list)
    forward: dict[Key, list[Line]] = defaultdict(list)
    open_items: dict[tuple[int, int], list[Line]] = defaultdict(list)
    for line in lines:
        if line.source == "table" and line.scheme == "revenue_item" and line.fund is None:
            open_items[line.statement_no, line.column].append(line)
        elif line.source == "table" and line.fund and line.nature:
            fund = "*" if line.scheme == "revenue_item" else line.fund  # revenue items are parts of a total of another fund
            groups[line.statement_no, line.flow, fund, line.nature, line.measure].append(line)
            if line.nature in NATURES_OUTSIDE_THE_YEAR and not line.level:
                forward[line.statement_no, line.flow, fund, "total", line.measure].append(line)
    for (number, _, fund, _, _), group in groups.items():
        for column in {line.column for line in group} if fund == "*" else ():
            group += open_items.pop((number, column), ())  # of no fund that is known, and of the total
    found = [row for key in sorted(groups) for row in _of_group(key, groups[key], forward[key])]
    return found or [check_row("L1", None, "document", "not_applicable", "no statement prints a total over finer rows")]


def _of_group(key: Key, lines: Sequence[Line], forward: Sequence[Line]) -> Iterator[Check]:
    number, flow, fund, nature, measure = key
    about = f"statement {number} {flow} {fund} {nature} {measure}"
    items = [line for line in lines if line.scheme == "three_public"]
    for code, parts in _WHOLES.items():
        wholes = [line for line in items if line.code == code and not line.is_leaf and not line.unit]
        yield from _compared(f"{about} {code}", wholes, [line for line in items if line.is_leaf and line.code in parts])
    rows = [line for line in lines if line.scheme != "three_public"]
    totals = [line for line in rows if not line.level and not line.is_leaf and not line.unit]
    leaves = [line for line in rows if line.level and line.is_leaf]
    if fund == "*" and totals and leaves and leaves[0].row < totals[0].row:
        ends = {total.row: [leaf for leaf in leaves if leaf.row < total.row] for total in totals}
        last = max(ends)
        for total in totals:  # what is carried over may stand between the total of the year and the whole one, or below that
            yield from _compared(f"{about} {total.name}", [total], ends[total.row], *([leaves] if total.row == last else []))
        return
    with_forward = [[*leaves, *without_own_parts(forward)]] if leaves and forward else []  # 支出总计 has 结转下年 in it
    yield from _compared(about, totals, leaves, *with_forward)
    heads = sorted({line.row for line in rows if line.scheme == "unit" and line.level})
    for unit in (line for line in rows if line.row in heads and line.scheme == "unit" and not line.is_leaf):
        end = next((row for row in heads if row > unit.row), None)  # one unit may head several groups
        group = [leaf for leaf in leaves if leaf.unit == unit.name and unit.row < leaf.row and (end is None or leaf.row < end)]
        yield from _compared(f"{about} {unit.name}", [unit], group)


def _compared(subject: str, wholes: Collection[Line], *leaves: Sequence[Line]) -> Iterator[Check]:
    """Compare leaves with the total that they come nearest to: of the year alone, or with what is carried over or forward.

    Args:
        subject: of the row.
        wholes: totals of the leaves.
        leaves: all of them, without or with what may stand beside the year.
    """
    pairs = [(line, own) for own in leaves if own for line in wholes]
    if not pairs:
        return
    whole, nearest = min(pairs, key=lambda pair: abs(pair[0].amount - _sum(pair[1])))
    expected = _sum(nearest)
    tolerance = rounding_tolerance(min(map(printed_step, (whole, *nearest))), len(nearest))
    outcome = "pass" if abs(whole.amount - expected) <= tolerance else "fail"
    detail = f"{len(nearest)} leaves, {whole.name or 'total'} in row {whole.row}"
    yield check_row("L1", whole.statement, subject, outcome, detail, expected=expected, actual=whole.amount, tolerance=tolerance)


def _sum(lines: Sequence[Line]) -> Decimal:
    return sum((line.amount for line in lines), Decimal(0))
