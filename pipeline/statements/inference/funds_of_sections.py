"""Rows that name a fund and head a section of rows: what stands below them is of that fund, if their sums say so.

Belongs here: sections one below the other in the same columns. Does not belong here: a cell of each row that names its fund
(`meaning/sides_of_rows.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise
from operator import itemgetter

from msgspec.structs import replace

from pipeline.budget.codes.printed_codes import parents_of
from pipeline.budget.sums import CODED
from pipeline.statements.inference.totals_by_sums import LabelledRow, is_sum

_FEWEST_SECTIONS = 2  # one fund's row is a part of the total, or the only money there is


def with_funds_of_sections(rows: Sequence[LabelledRow | None]) -> list[LabelledRow | None]:
    """Return a block's rows; those that name a fund each, and are the sums of the coded rows below them, head sections of their funds.

    Args:
        rows: in printed order, with their codes, of one unit after another; None for rows without any label.
    """
    found = list(rows)
    for places in _by_unit(rows):
        for head, section in _sections(rows, places).items():
            for n in (head, *section):
                if (row := found[n]) is not None and (heading := rows[head]) is not None:
                    level = 0 if n == head else row.label.level
                    found[n] = replace(row, label=replace(row.label, level=level, fund_beside=heading.label.fund))
    return found


def _by_unit(rows: Sequence[LabelledRow | None]) -> list[list[int]]:
    """Return the places of rows with a label, those of one unit together."""
    labelled = [(n, row.label.unit) for n, row in enumerate(rows) if row is not None]
    return [[n for n, _ in group] for _, group in groupby(labelled, key=itemgetter(1))]


def _sections(rows: Sequence[LabelledRow | None], places: Sequence[int]) -> dict[int, list[int]]:
    """Return for each row that heads a section of one fund the rows below it; none where one of them is not the sum of its section."""
    heads = [n for n in places if (row := rows[n]) is not None and _names_fund(row)]
    funds = {row.label.fund for n in heads if (row := rows[n]) is not None}
    if len(funds) < max(_FEWEST_SECTIONS, len(heads)):
        return {}
    sections = {
        head: [n for n in places if head < n < end and (row := rows[n]) is not None and row.label.level and row.label.measure is None]
        for head, end in pairwise([*heads, len(rows)])
    }
    proven = any(sections.values()) and all(_is_headed(rows, head, section) for head, section in sections.items())
    return sections if proven else {}


def _names_fund(row: LabelledRow) -> bool:
    label = row.label
    plain = label.code is None and label.nature is None and label.measure is None and label.scheme in CODED
    return plain and label.level > 0 and label.fund is not None and label.flow != "revenue"


def _is_headed(rows: Sequence[LabelledRow | None], head: int, section: Sequence[int]) -> bool:
    """Tell whether a row is the sum of the section below it; one that prints no amount heads it by its number (一、), or heads none."""
    heading = rows[head]
    below = [row for n in section if (row := rows[n]) is not None]
    if heading is None or not all(row.is_coded for row in below):
        return False
    if not any(printed.amount for printed in heading.amounts.values()):
        return heading.label.numbered is not None or not any(row.amounts for row in below)
    codes = {row.label.code for row in below}
    return is_sum(heading, [row for row in below if not codes & set(parents_of(row.label.code or ""))])
