"""The equations that settle lost columns: all identities of a document, and what holds while blank cells are still open.

Belongs here: relations that no check states, because on finished lines they say nothing new or hold only where a column is
blank. All of them are keys against keys, never amounts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from pipeline.accounting.between_statements import equations_across
from pipeline.accounting.equation import Equation
from pipeline.accounting.printed_lines import PrintedLines
from pipeline.accounting.statement_set import Announced
from pipeline.accounting.subjects import Bound, FundColumn
from pipeline.accounting.within_statements import equations
from pipeline.budget.line import Line, LineId

_ONE_FUND = {"general_public_by_function": "general_public", "fiscal_appropriation_by_function": "fiscal_appropriation"}


def equations_between_cells(lines: Sequence[Line], statements: Announced, *, only_positive: bool) -> list[Equation]:
    """Return the equations between all cells of a document's tables, blank ones included.

    Args:
        lines: one per cell; amounts are not looked at.
        statements: all recognised statements, empty ones too.
        only_positive: whether no negative amount is printed (then a part is never more than its whole).
    """
    printed = PrintedLines(lines)
    found = equations(printed) + equations_across(printed, statements) + _funds_of_the_summary(printed.lines)
    return found + _parts_of_all_funds(printed.lines) if only_positive else found


def _parts_of_all_funds(lines: Sequence[Line]) -> list[Equation]:
    """What one fund spends on a code, by nature, is at most what all funds spend on it: the table of all spending says how much."""
    whole: dict[tuple[str | None, ...], list[LineId]] = defaultdict(list)
    part: dict[tuple[tuple[str | None, ...], str], list[LineId]] = defaultdict(list)
    for line in lines:
        if line.scheme != "function" or line.flow != "expenditure" or line.unit or not (line.code or not line.level):
            continue
        key = (line.code, line.nature, line.measure)
        if line.statement == "expenditure_summary" and line.fund == "total":
            whole[key].append(line.id)
        elif line.fund == _ONE_FUND.get(line.statement):
            part[key, line.statement].append(line.id)
    return [
        Equation(
            "X2",
            "expenditure_summary",
            Bound(f"{key[0] or 'total'} {key[1]}", kind),
            (all_funds[0],),
            (own[0],),
            Decimal(0),
            "warning",
            at_least=True,
        )
        for (key, kind), own in part.items()
        if len(own) == 1 and len(all_funds := whole.get(key, [])) == 1
    ]


def _funds_of_the_summary(lines: Sequence[Line]) -> list[Equation]:
    """A summary without carry-over names the same funds as a revenue table with a column for it: that column can only be blank."""
    items: dict[str, list[LineId]] = defaultdict(list)
    columns: dict[str, list[LineId]] = defaultdict(list)
    for line in lines:
        if line.flow != "revenue" or line.nature != "total" or line.unit or not line.fund:
            continue
        if line.statement == "revenue_expenditure_summary" and line.scheme == "revenue_item" and line.level:
            items[line.fund].append(line.id)
        elif line.statement == "revenue_summary" and not line.level:
            columns[line.fund].append(line.id)
    if any(f.startswith("carryover") for f in items) or not any(f.startswith("carryover") for f in columns):
        return []
    return [
        Equation("X1", "revenue_expenditure_summary", FundColumn(fund, "revenue_summary"), (own[0],), (columns[fund][0],), Decimal(0))
        for fund, own in items.items()
        if len(own) == 1 and len(columns.get(fund, ())) == 1
    ]
