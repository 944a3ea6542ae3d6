"""Which rows without codes are sums of the rows below them: units above units, groups above projects, kinds above items.

Such rows print no code and often no indentation; only the amounts say what is a part of what. A row is a parent where the
rows that follow it add up to it exactly, and the whole statement then adds up to its total.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from pipeline.checks.identities import LISTS
from pipeline.statements.line import Line

_MOST_STEPS = 20_000
_DEEPEST = 6


def parents_by_sums(amounts: Sequence[Decimal], total: Decimal) -> set[int] | None:
    """Return the positions of rows that are the sum of rows following them, so that the top rows add up to `total`.

    Args:
        amounts: of the rows between the total row and the end, in printed order.
        total: the printed total.

    Returns:
        Positions of the parents (empty for a flat list), or None if the rows nest in no way that gives the total.
    """
    if sum(amounts) == total:
        return set()
    steps = 0
    known: dict[tuple[int, Decimal, int], tuple[int, frozenset[int]] | None] = {}

    last = len(amounts)

    def nest(start: int, target: Decimal, depth: int) -> tuple[int, frozenset[int]] | None:
        """Find the first end > start such that the top rows of [start, end) add up to target."""
        nonlocal steps
        if depth and (start, target, depth) in known:
            return known[start, target, depth]
        trail: list[tuple[int, Decimal, frozenset[int]]] = [(start, Decimal(0), frozenset())]
        while trail:
            steps += 1
            if steps > _MOST_STEPS:
                return None
            position, reached, parents = trail.pop()
            if position > start and reached == target and (depth or position == last):
                known[start, target, depth] = (position, parents)
                return position, parents
            if position >= last or (reached > target > 0):
                continue
            amount = amounts[position]
            trail.append((position + 1, reached + amount, parents))
            if amount and depth < _DEEPEST and (inner := nest(position + 1, amount, depth + 1)):
                trail.append((inner[0], reached + amount, parents | {position} | inner[1]))
        known[start, target, depth] = None
        return None

    found = nest(0, total, 0)
    return set(found[1]) if found else None


def mark_parents(lines: Sequence[Line]) -> None:
    """Set `is_leaf` to False for rows of one list that are sums of rows below them."""
    schemes = ("unit", "project", "procurement_item", "item")
    if any(line.scheme not in schemes and line.statement not in LISTS for line in lines):
        return
    columns: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        columns[line.column].append(line)
    for column in sorted(columns.values(), key=len, reverse=True):
        totals = [line for line in column if not line.level]
        body = [line for line in column if line.level]
        if len({line.row for line in totals}) != 1 or len(body) < 2:
            continue
        parents = parents_by_sums([line.amount for line in body], totals[0].amount)
        if parents is None:
            return
        rows = {body[p].row for p in parents}
        for line in lines:
            if line.row in rows:
                line.is_leaf = False
        return
