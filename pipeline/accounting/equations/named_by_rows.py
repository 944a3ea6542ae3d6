"""Columns whose funds, or natures, are named by their rows: a row per source of money, or sums of funds below each other.

Belongs here: which columns name funds so, and what adds up across funds and natures. Does not belong here: the equations
(`within_statements.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pipeline.budget.line import Line
from pipeline.budget.sums import NATURES_OF_TOTAL, PARTS_OF_BASIC, funds_within


def columns_of_sources(lines: Iterable[Line]) -> frozenset[int]:
    """Return the columns of spending whose rows name their funds: no other column divides these.

    Args:
        lines: of one statement.
    """
    funds: dict[int, set[str]] = defaultdict(set)
    of_sums: dict[int, set[str]] = defaultdict(set)
    for line in lines:
        if line.flow == "expenditure" and line.scheme != "three_public":
            (funds if line.level else of_sums)[line.column].add(line.fund or "")
    said = [funds[column] | of_sums[column] for column in {*funds, *of_sums}]
    of_columns = {fund for own in said if len(own) == 1 for fund in own}
    return frozenset(
        column for column in {*funds, *of_sums} if len(funds[column]) > 1 or _has_part(of_sums[column], of_columns | {"current_year"})
    )


def columns_of_natures(lines: Iterable[Line]) -> frozenset[int]:
    """Return the columns of a statement whose natures are named by their rows, not by their header."""
    natures: dict[int, set[str]] = defaultdict(set)
    for line in lines:
        natures[line.column].add(line.nature or "")
    return frozenset(column for column, found in natures.items() if len(found) > 1)


def columns_of_unknown(lines: Iterable[Line], statement_no: int) -> frozenset[int]:
    """Return the columns of a statement in which the fund of a row is not known: what they add up to is not known either."""
    return frozenset(line.column for line in lines if line.statement_no == statement_no and not line.fund)


def _has_part(funds: set[str], but: set[str]) -> bool:
    """Tell whether one of some funds is a part of another, apart from those that are columns, or totals, of their own."""
    return any(fund in funds_within(whole) - but for whole in funds for fund in funds)


def is_part(part: Line, whole: Line) -> bool:
    """Tell whether a line is of a part of the fund, or of the nature, that another is of; both are else alike."""
    if (part.column, part.flow, part.measure) != (whole.column, whole.flow, whole.measure) or None in (part.fund, part.nature):
        return False
    of_fund = part.fund in funds_within(whole.fund or "")
    of_nature = part.nature in ((*NATURES_OF_TOTAL, *PARTS_OF_BASIC) if whole.nature == "total" else ())
    return (of_fund and (of_nature or part.nature == whole.nature)) or (of_nature and part.fund == whole.fund)


def parts_of_others(
    lines: Sequence[Line], members: Iterable[int], places: Mapping[int, str], families: Iterable[tuple[str, Sequence[str]]]
) -> dict[int, list[int]]:
    """Return the rows that are parts of a row of a wider fund or nature (a code over rows from two sources), by the line of the wider row.

    Args:
        lines: of the document.
        members: of them, those of one hierarchy in columns whose rows name funds or natures.
        places: of each line in its hierarchy.
        families: each place that has others directly below it, and these.
    """
    printed: dict[str, list[int]] = defaultdict(list)
    for i in members:
        printed[places[i]].append(i)
    found: dict[int, list[int]] = defaultdict(list)
    for parent, below in families:
        for i in (i for child in below for i in printed[child]):
            wholes = [w for w in printed[parent] if lines[w].column == lines[i].column]
            if len(wholes) == 1 and is_part(lines[i], lines[wholes[0]]):
                found[wholes[0]].append(i)
    return found
