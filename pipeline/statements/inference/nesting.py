"""Which rows without codes are sums of the rows below them: units above units, groups above projects, kinds above items.

Such rows print no code and often no indentation; only the amounts say what is a part of what. A row is a parent where the
rows that follow it add up to it exactly, and the whole statement then adds up to its total.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from msgspec.structs import replace

from pipeline.budget.line import Line
from pipeline.budget.sums import is_prefix_of_others, printed_step, rounding_tolerance
from schemas.statements import kind_of

_STEP_LIMIT = 200_000
_EXACT = Decimal(0)


def parents_by_sums(amounts: Sequence[Decimal], total: Decimal, step: Decimal = _EXACT) -> set[int] | None:
    """Return the positions of rows that are the sum of rows following them, so that the top rows add up to `total`.

    Args:
        amounts: of the rows between the total row and the end, in printed order.
        total: the printed total.
        step: the last printed place, where sums may be off by rounding; exact sums are sought first.

    Returns:
        Positions of the parents (empty for a flat list), or None if the rows nest in no way that gives the total.
    """
    if abs(sum(amounts) - total) <= (rounding_tolerance(step, len(amounts)) if step else 0):
        return set()
    exact = _nested(amounts, total, _EXACT)
    return exact if exact is not None or not step else _nested(amounts, total, step)


def _nested(amounts: Sequence[Decimal], total: Decimal, step: Decimal) -> set[int] | None:
    last = len(amounts)
    steps = 0
    room = rounding_tolerance(step, last + 1)  # no sum of these rows may be off by more
    # For each row, where the rows below it may end if it is a parent, with the parents among them.
    below: list[dict[int, frozenset[int]]] = [{} for _ in amounts]

    def runs(start: int, target: Decimal) -> dict[int, frozenset[int]]:
        """Return the ends of runs of rows from `start` whose top rows add up to `target`, with the parents in them."""
        nonlocal steps
        found: dict[int, frozenset[int]] = {}
        seen: set[tuple[int, Decimal]] = set()
        trail: list[tuple[int, Decimal, int, frozenset[int]]] = [(start, Decimal(0), 0, frozenset())]
        while trail and steps < _STEP_LIMIT:
            steps += 1
            position, reached, addends, parents = trail.pop()
            if (position, reached) in seen:
                continue
            seen.add((position, reached))
            if position > start and abs(reached - target) <= rounding_tolerance(step, addends):
                found.setdefault(position, parents)
            if position < last and not reached - room > target > 0:
                amount = amounts[position]
                trail.append((position + 1, reached + amount, addends + 1, parents))
                trail += [(end, reached + amount, addends + 1, parents | {position} | inner) for end, inner in below[position].items()]
        return found

    for position in range(last - 1, -1, -1):
        if amounts[position]:
            below[position] = runs(position + 1, amounts[position])
    whole = runs(0, total).get(last)
    return None if whole is None else set(whole)


def with_leaves_of_list(lines: Sequence[Line]) -> list[Line]:
    """Return the lines of a statement; where it is a list, rows that are sums of rows below them, or parts of one above, are no leaves."""
    parents = _parent_rows(lines) | _parts_named_by_rows([line for line in lines if kind_of(line.statement).is_list])
    return [replace(line, is_leaf=False) if line.row in parents and line.is_leaf else line for line in lines]


def _parent_rows(lines: Sequence[Line]) -> set[int]:
    """Return the rows of a list that are sums of rows below them."""
    schemes = ("unit", "project", "procurement_item", "item")
    if any(line.scheme not in schemes and not kind_of(line.statement).is_list for line in lines):
        return set()
    columns: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        columns[line.column].append(line)
    for column in sorted(columns.values(), key=len, reverse=True):
        totals = [line for line in column if not line.level]
        parts = _parts_named_by_rows(column)  # 其中：政府采购 may be all of the row above
        body = [line for line in column if line.level and line.row not in parts]
        if len({line.row for line in totals}) != 1 or len(body) < 2:
            continue
        rows = _parents_in_groups(body)
        if rows is None:
            parents = parents_by_sums([line.amount for line in body], totals[0].amount, _step(column))
            if parents is None:
                return set()
            rows = {body[p].row for p in parents}
        return rows
    return set()


def _parts_named_by_rows(lines: Sequence[Line]) -> set[int]:
    """Return the rows of a list that name a part of the row above them (其中：政府采购): in columns of which others name all."""
    columns: dict[int, dict[int, bool]] = defaultdict(dict)
    for line in lines:
        columns[line.column][line.row] = (line.nature or "").startswith("of_which_")
    return {row for told in columns.values() if not all(told.values()) for row, is_part in told.items() if is_part}


def _step(lines: Sequence[Line]) -> Decimal:
    return min(map(printed_step, lines))


def _parents_in_groups(body: Sequence[Line]) -> set[int] | None:
    """Return the rows that are sums, group by group, where unit rows head groups of other rows; None where they do not."""
    heads = [n for n, line in enumerate(body) if line.scheme == "unit"]
    if not heads or heads[0] or all(line.scheme == "unit" for line in body):
        return None
    rows: set[int] = set()
    for start, end in zip(heads, [*heads[1:], len(body)], strict=True):
        group = body[start + 1 : end]
        if not group:
            continue  # a department above its units, or a unit without rows
        parents = parents_by_sums([line.amount for line in group], body[start].amount, _step(body))
        if parents is None:
            return None
        rows |= {body[start].row} | {group[p].row for p in parents}
    bare = [body[n] for n, end in zip(heads, [*heads[1:], len(body)], strict=True) if end == n + 1]
    codes = [body[n].code or "" for n in heads]
    return rows | {line.row for line in bare if is_prefix_of_others(line.code, codes)}
