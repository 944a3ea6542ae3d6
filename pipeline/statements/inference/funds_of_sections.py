"""Rows that name a fund, or the sum of a body, and head or close a section of rows: what stands there is of it, if their sums say so.

Belongs here: sections one below the other in the same columns. Does not belong here: a cell of each row that names its fund
(`meaning/sides_of_rows.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from operator import itemgetter

from msgspec.structs import replace

from pipeline.budget.characters import fold
from pipeline.budget.sums import CODED
from pipeline.statements.inference.totals_by_sums import LabelledRow, is_below, is_sum
from pipeline.statements.meaning.sides_of_rows import names_carried
from pipeline.statements.meaning.unit_rows import may_be_unit, names_body, sum_of_unit

_FEWEST_SECTIONS = 2  # one fund's row is a part of the total, or the only money there is


def with_funds_of_sections(rows: Sequence[LabelledRow | None]) -> list[LabelledRow | None]:
    """Return a block's rows; those that name a fund each, and are the sums of the coded rows below or above, have sections.

    Where rows of two funds stand among coded ones and are not their sums, the fund of what is in no such section is not known.

    Args:
        rows: in printed order, with their codes, of one unit after another; None for rows without any label.
    """
    found = list(rows)
    units = _by_unit(rows)
    proven = any(_sections(rows, places, _FEWEST_SECTIONS) for places in units)
    for places in units:
        sections = _sections(rows, places, 1) if proven else {}  # where one unit has sections, another may have money of one fund only
        if not sections and _divides_rows(rows, places):
            sections = _sections_that_hold(rows, places)
            within = {n for head, section in sections.items() for n in (head, *section)}
            for n in places:
                if n not in within and (row := rows[n]) is not None and row.is_coded and row.label.measure is None:
                    found[n] = replace(row, label=replace(row.label, fund_beside=""))
        for head, section in sections.items():
            for n in (head, *section):
                if (row := found[n]) is not None and (heading := rows[head]) is not None:
                    level = 0 if n == head else row.label.level
                    found[n] = replace(row, label=replace(row.label, level=level, fund_beside=heading.label.fund))
    return found


def _divides_rows(rows: Sequence[LabelledRow | None], places: Sequence[int]) -> bool:
    """Tell whether rows that name a fund, each another one, have coded rows between them."""
    named = _naming(rows, places)
    funds = {row.label.fund for n in named if (row := rows[n]) is not None}
    if not _FEWEST_SECTIONS <= len(named) == len(funds):
        return False
    return any((row := rows[n]) is not None and row.is_coded for n in places if named[0] < n < named[-1])


def _sections_that_hold(rows: Sequence[LabelledRow | None], places: Sequence[int]) -> dict[int, list[int]]:
    """Return the sections of which the row that names the fund is the sum, all read one way: below these rows, or above them."""
    ways = [
        {n: own for n, own in sections.items() if own and _has_amounts(rows, n) and _is_sum_of(rows, n, own, above=above)}
        for above, sections in _ways(rows, places)
    ]
    below, above = ways
    return {} if below and above else below or above


def _has_amounts(rows: Sequence[LabelledRow | None], place: int) -> bool:
    return (row := rows[place]) is not None and any(printed.amount for printed in row.amounts.values())


def _naming(rows: Sequence[LabelledRow | None], places: Sequence[int]) -> list[int]:
    """Return the places of the rows that name a fund."""
    return [n for n in places if (row := rows[n]) is not None and _names_fund(row)]


def _by_unit(rows: Sequence[LabelledRow | None]) -> list[list[int]]:
    """Return the places of rows with a label, those of one unit together."""
    labelled = [(n, row.label.unit) for n, row in enumerate(rows) if row is not None]
    return [[n for n, _ in group] for _, group in groupby(labelled, key=itemgetter(1))]


def _sections(rows: Sequence[LabelledRow | None], places: Sequence[int], fewest: int) -> dict[int, list[int]]:
    """Return for each row that names a fund the rows of its section, below it or above it; none where one is not the sum of its section."""
    named = _naming(rows, places)
    funds = {row.label.fund for n in named if (row := rows[n]) is not None}
    if len(funds) < max(fewest, len(named)):
        return {}
    for above, sections in _ways(rows, places):
        if any(sections.values()) and all(_is_sum_of(rows, n, section, above=above) for n, section in sections.items()):
            return sections
    return {}


def _ways(rows: Sequence[LabelledRow | None], places: Sequence[int]) -> Iterator[tuple[bool, dict[int, list[int]]]]:
    """Yield the sections of the rows that name a fund: first those below each, then those above; and whether they are above."""
    named = _naming(rows, places)
    below = [(head, range(head + 1, end)) for head, end in pairwise([*named, len(rows)])]
    above = [(foot, range(start + 1, foot)) for start, foot in pairwise([-1, *named])]
    for is_above, way in ((False, below), (True, above)):
        yield (
            is_above,
            {
                fund: [n for n in places if n in between and (row := rows[n]) is not None and row.label.level and row.label.measure is None]
                for fund, between in way
            },
        )


def _names_fund(row: LabelledRow) -> bool:
    label = row.label
    plain = label.code is None and label.nature is None and label.measure is None and label.scheme in CODED
    own = label.fund is not None and not names_carried(label.name)
    return plain and label.level > 0 and own and label.flow != "revenue"


def _is_sum_of(rows: Sequence[LabelledRow | None], place: int, section: Sequence[int], *, above: bool) -> bool:
    """Tell whether a row is the sum of its section; one without amounts heads that below it by its number (一、), or has none."""
    named = rows[place]
    others = [row for n in section if (row := rows[n]) is not None]
    if named is None or not all(row.is_coded for row in others):
        return False
    if not any(printed.amount for printed in named.amounts.values()):
        return (named.label.numbered is not None and not above) or not any(row.amounts for row in others)
    codes = {row.label.code for row in others}
    return is_sum(named, [row for row in others if not is_below(row, codes)])


def with_units_of_sums(rows: Sequence[LabelledRow | None]) -> list[LabelledRow | None]:
    """Return a block's rows; those between the sums of bodies are of these bodies, where each sum is of all rows below, or all above it.

    Args:
        rows: in printed order, with their codes; None for rows without any label.
    """
    found = list(rows)
    sums = {n: body for n, row in enumerate(rows) if row is not None and (body := _body_of(row)) is not None}
    if not sums or any(row.label.unit or row.label.scheme == "unit" for n, row in enumerate(rows) if row is not None and n not in sums):
        return found
    below = {head: range(head + 1, end) for head, end in pairwise([*sums, len(rows)])}
    above = {foot: range(start + 1, foot) for start, foot in pairwise([-1, *sums])}
    ways = [way for way in (below, above) if all(_holds(rows, n, between) for n, between in way.items())]
    if len(ways) != 1:
        return found
    for n, between in ways[0].items():
        own = [m for m in between if (row := rows[m]) is not None and row.label.level]
        for m in (n, *own):
            if (row := rows[m]) is not None:
                found[m] = replace(row, label=replace(row.label, unit=sums[n]))
        if (row := found[n]) is not None and (first := found[own[0]]) is not None:
            name = row.label.name[len(sums[n]) :]
            found[n] = replace(row, label=replace(row.label, name=name, level=0, scheme=first.label.scheme))
    return found


def _body_of(row: LabelledRow) -> str | None:
    """Return the body of which a row is named as the sum."""
    label = row.label
    body = sum_of_unit(label.name) if label.level and label.code is None and label.unit is None and label.flow != "revenue" else None
    return body if body is not None and names_body(body) and may_be_unit(fold(body)) else None


def _holds(rows: Sequence[LabelledRow | None], place: int, between: range) -> bool:
    """Tell whether the sum of a body is of all rows between it and the next one."""
    whole, own = rows[place], [row for n in between if (row := rows[n]) is not None and row.label.level]
    if whole is None or not whole.amounts or not own:
        return False
    codes = {row.label.code for row in own}
    return is_sum(whole, [row for row in own if not is_below(row, codes)])
