"""Which rows without codes are sums of the rows below them: units above units, groups above projects, kinds above items.

Such rows print no code and often no indentation; only the amounts say what is a part of what. A row is a parent where the
rows that follow it add up to it exactly, and the whole statement then adds up to its total. A list without a total is told by
indentation and sums together: neither is enough alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from msgspec.structs import replace

from pipeline.budget.line import Line
from pipeline.budget.sums import adds_up, is_of_which, is_prefix_of_others, printed_step, rounding_tolerance
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


def with_leaves_of_list(lines: Sequence[Line], indents: Mapping[int, float] | None = None) -> list[Line]:
    """Return the lines of a statement; where it is a list, rows that are sums of rows below them, or parts of one above, are no leaves.

    Args:
        lines: of one statement.
        indents: by how many points the names of rows are set in, by their rows.
    """
    named = _parts_named_by_rows([line for line in lines if kind_of(line.statement).is_list])
    parents = _parent_rows(lines, indents or {}) | named
    return [replace(line, is_leaf=False) if line.row in parents and line.is_leaf else line for line in lines]


def _parent_rows(lines: Sequence[Line], indents: Mapping[int, float]) -> set[int]:
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
    if any(not line.level for line in lines):
        return set()
    return _parents_by_indentation(columns, {row: round(indent) for row, indent in indents.items()})


def _parents_by_indentation(columns: Mapping[int, Sequence[Line]], indents: Mapping[int, int]) -> set[int]:
    """Return the rows of a list that those set in below them make up, in each column.

    Names in the middle of their cells are set in by their length: parts are several of one indentation, or one of an indentation that
    parts have elsewhere in the list.
    """
    longest = max(columns.values(), key=len, default=())
    rows = sorted(line.row for line in longest)
    below: dict[int, list[int]] = {}
    for n, row in enumerate(rows):
        end = next((m for m in range(n + 1, len(rows)) if indents.get(rows[m], 0) <= indents.get(row, 0)), len(rows))
        inner = rows[n + 1 : end]
        own = [other for other in inner if indents[other] == indents[inner[0]]] if inner else []
        if own and min(indents[other] for other in inner) == indents[own[0]] and _make_up(columns.values(), row, own):
            below[row] = own
    steps = {(indents.get(row, 0), indents[own[0]]) for row, own in below.items() if len(own) > 1}
    return {row for row, own in below.items() if (indents.get(row, 0), indents[own[0]]) in steps}


def _make_up(columns: Iterable[Sequence[Line]], row: int, parts: Sequence[int]) -> bool:
    """Tell whether rows add up to one above them in each column in which that has an amount."""
    whole = [(line, column) for column in columns for line in column if line.row == row]
    return any(line.amount for line, _ in whole) and all(
        adds_up(line.amount, [part for part in column if part.row in parts], _step(column)) for line, column in whole
    )


def _parts_named_by_rows(lines: Sequence[Line]) -> set[int]:
    """Return the rows of a list that name a part of the row above them (其中：政府采购): in columns of which others name all."""
    columns: dict[int, dict[int, bool]] = defaultdict(dict)
    for line in lines:
        columns[line.column][line.row] = is_of_which(line.nature)
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
