"""Equations between the years that one statement prints side by side: `R3`.

Belongs here: what a change column says of the columns beside it. Last year's own document is compared in `previous_year.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from pipeline.accounting.equation import Equation
from pipeline.accounting.printed_lines import PrintedLines
from pipeline.accounting.subjects import Row
from pipeline.budget.sums import printed_step, rounding_tolerance

_THIS_YEAR = ("budget", "final")
LAST_YEAR = ("prior_year", "prior_year_budget", "prior_year_final")
"""Measures of last year's amounts."""


def changes(printed: PrintedLines, members: Sequence[int]) -> list[Equation]:
    """Return `R3`: this year's amount is last year's and the printed change.

    Years stand in columns (then the three share a row) or in rows (then they share a column). Built only where no more than one
    amount of each year and one change are printed of a thing. Where one year's is blank in a table that prints both, it is
    zero, which a failure puts in doubt rather than the numbers: then it is a warning.

    Args:
        printed: lines of one document.
        members: positions of the lines of one printed table.
    """
    lines = printed.lines
    if not any(lines[i].measure == "change" for i in members):
        return []
    in_rows: dict[int, set[str]] = defaultdict(set)
    for i in members:
        in_rows[lines[i].row].add(lines[i].measure)
    by_row = any(len(measures) > 1 for measures in in_rows.values())
    things: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for i in members:
        line = lines[i]
        place = line.row if by_row else line.column
        things[place, line.unit, line.flow, line.scheme, line.code, "" if line.code else line.name, line.fund, line.nature].append(i)
    measures = {lines[i].measure for i in members}
    prints_both = not measures.isdisjoint(_THIS_YEAR) and not measures.isdisjoint(LAST_YEAR)
    found = []
    for own in things.values():
        now = [i for i in own if lines[i].measure in _THIS_YEAR]
        before = [i for i in own if lines[i].measure in LAST_YEAR]
        change = [i for i in own if lines[i].measure == "change"]
        if len(change) == max(len(now), len(before)) == 1 and prints_both:
            line = lines[now[0] if now else change[0]]
            step = min(printed_step(lines[i]) for i in own)
            subject = Row(line.row, line.code or line.name, line.nature, line.fund, by_year=True)
            sides = printed.named(now), printed.named([*before, *change])
            severity, tolerance = ("error", rounding_tolerance(step, 2)) if now and before else ("warning", Decimal(0))
            found.append(Equation("R3", line.statement, subject, *sides, tolerance, severity))
    return found
