"""The equations that settle lost columns: all identities of a document, and what holds while blank cells are still open.

Belongs here: relations that no check states, because on finished lines they say nothing new or hold only where a column is
blank. All of them are keys against keys, never amounts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from pipeline.accounting.equation import Equation
from pipeline.accounting.equations.between_statements import equations_between
from pipeline.accounting.equations.within_statements import equations
from pipeline.accounting.printed_lines import PrintedLines
from pipeline.accounting.statement_set import Announced
from pipeline.accounting.subjects import Bound, FundColumn
from pipeline.budget.line import Line, LineId
from schemas.statements import statement_kinds


def equations_between_cells(lines: Sequence[Line], statements: Announced, *, only_positive: bool) -> list[Equation]:
    """Return the equations between all cells of a document's tables, blank ones included.

    Args:
        lines: one per cell; amounts are not looked at.
        statements: all recognised statements, empty ones too.
        only_positive: whether no negative amount is printed (then a part is never more than its whole).
    """
    printed = PrintedLines(lines)
    found = equations(printed) + equations_between(printed, statements) + _funds_of_the_summary(printed.lines)
    return found + _parts_of_all_funds(printed.lines) if only_positive else found


def _parts_of_all_funds(lines: Sequence[Line]) -> list[Equation]:
    """What one fund spends on a code, by nature, is at most what all funds spend on it: the table of all spending says how much."""
    bounds = {kind.id: bound for kind, bound in statement_kinds().compared("X6", "total") if not kind.by_economic}
    wholes = {bound.whole for bound in bounds.values()}
    whole: dict[tuple[str, tuple[str | None, ...]], list[LineId]] = defaultdict(list)
    part: dict[tuple[str, tuple[str | None, ...]], list[LineId]] = defaultdict(list)
    for line in lines:
        if line.scheme != "function" or line.flow != "expenditure" or line.unit or not (line.code or not line.level):
            continue
        key = (line.code, line.nature, line.measure)
        if line.statement in wholes and line.fund == "total":
            whole[line.statement, key].append(line.id)
        elif line.statement in bounds and line.fund == bounds[line.statement].fund:
            part[line.statement, key].append(line.id)
    found = []
    for (kind, on), own in part.items():
        all_funds = whole.get((bounds[kind].whole, on), [])
        if len(own) == len(all_funds) == 1:
            subject = Bound(f"{on[0] or 'total'} {on[1]}", kind)
            sides = (all_funds[0],), (own[0],)
            found.append(Equation("X2", bounds[kind].whole, subject, *sides, Decimal(0), "warning", at_least=True))
    return found


def _funds_of_the_summary(lines: Sequence[Line]) -> list[Equation]:
    """A summary without carry-over names the same funds as a revenue table with a column for it: that column can only be blank."""
    return [e for kind, same in statement_kinds().compared("X1", "funds") for e in _same_funds(lines, same.whole, kind.id)]


def _same_funds(lines: Sequence[Line], summary: str, table: str) -> list[Equation]:
    items: dict[str, list[LineId]] = defaultdict(list)
    columns: dict[str, list[LineId]] = defaultdict(list)
    for line in lines:
        if line.flow != "revenue" or line.nature != "total" or line.unit or not line.fund:
            continue
        if line.statement == summary and line.scheme == "revenue_item" and line.level:
            items[line.fund].append(line.id)
        elif line.statement == table and not line.level:
            columns[line.fund].append(line.id)
    if any(f.startswith("carryover") for f in items) or not any(f.startswith("carryover") for f in columns):
        return []
    return [
        Equation("X1", summary, FundColumn(fund, table), (own[0],), (columns[fund][0],), Decimal(0))
        for fund, own in items.items()
        if len(own) == 1 and len(columns.get(fund, ())) == 1
    ]
