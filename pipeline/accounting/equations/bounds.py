"""Inequalities between the statements of one document: a part is at most the whole, whatever else the documents leave open.

Belongs here: `T2` (三公 and the codes of basic spending), `X6` (one fund and all funds), `U1` (the size of a statement's amounts).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from pipeline.accounting.equation import Equation
from pipeline.accounting.equations.printed_table import is_of_this_year
from pipeline.accounting.statement_set import StatementSet, kinds_compared
from pipeline.accounting.subjects import Bound, Statements, Subject
from pipeline.budget.line import Line
from schemas.statement_kind import Comparison, StatementKind
from schemas.statements import REVENUE_EXPENDITURE_SUMMARY, kind_of, statement_kinds

_THREE_PUBLIC_CODES = {
    "abroad": ("30212",),
    "reception": ("30217",),
    "vehicle_operation": ("30231",),
    "vehicle_purchase": ("31013", "30913"),
    "conference": ("30215",),
    "training": ("30216",),
}


def at_least(group: StatementSet) -> list[Equation]:
    """Return `T2` and `X6` of one body's statements; amounts are not looked at."""
    return [*_three_public(group), *_fund_within_all(group)]


def _three_public(group: StatementSet) -> list[Equation]:
    """T2: each item of 三公, which all spending pays, is at least its code in the basic statement."""
    return [e for kind, bound in statement_kinds().compared("T2") for e in _items(group, kind, bound)]


def _items(group: StatementSet, kind: StatementKind, bound: Comparison) -> list[Equation]:
    numbers = group.tables.get(bound.whole, [])
    codes = group.by_code(kind.id, bound.natures[0])
    if len(numbers) != 1 or not codes:
        return []
    items: dict[str, list[int]] = defaultdict(list)
    for i in group.members[numbers[0]]:
        line = group.lines[i]
        if (
            line.code in _THREE_PUBLIC_CODES
            and line.fund in (kind_of(bound.whole).default_fund, bound.fund)
            and line.measure == group.measure
            and not line.unit
        ):
            items[line.code].append(i)
    found = []
    for item, own in items.items():
        parts = [i for code in _THREE_PUBLIC_CODES[item] for i in codes.get(code, ()) if not _is_named_otherwise(group.lines[i])]
        if len(own) == 1 and len(parts) == 1:
            found.append(_inequality(group, "T2", bound.whole, Bound(item, ", ".join(_THREE_PUBLIC_CODES[item])), own, parts))
    return found


def _is_named_otherwise(line: Line) -> bool:
    """Tell whether a row prints a code beside the name of something else, as where the rows of a class are numbered anew."""
    return line.code_source == "printed" and line.standard_name is None


def _fund_within_all(group: StatementSet) -> list[Equation]:
    """X6: basic and project spending from all funds is at least that from one of them."""
    found = []
    for kind, bound in kinds_compared("X6", "total"):
        for nature in bound.natures:
            whole = group.totals(bound.whole, flow="expenditure", fund=bound.fund_of_whole, nature=nature)
            part = group.totals(kind.id, flow="expenditure", fund=bound.fund, nature=nature)
            if whole and part:
                subject = Statements(bound.whole, kind.id, nature, at_least=True)
                found.append(_inequality(group, "X6", bound.whole, subject, whole[0], part[0]))
    return found + [e for kind, bound in statement_kinds().compared("X6", "rest") for e in _without_basic(group, kind, bound)]


def _without_basic(group: StatementSet, kind: StatementKind, bound: Comparison) -> list[Equation]:
    """What is not basic: all - all basic ≥ one fund - its basic, where the project spending of that fund is not printed."""
    found = []
    everything = group.totals(bound.whole, flow="expenditure", fund=bound.fund_of_whole, nature="total")
    basic = group.totals(bound.whole, flow="expenditure", fund=bound.fund_of_whole, nature="basic")
    of_fund = group.totals(kind.id, flow="expenditure", fund=bound.fund, nature="total")
    for by_code in (other.id for other, same in statement_kinds().compared("X3") if same.whole == kind.id):
        basic_of_fund = group.totals(by_code, flow="expenditure", fund=bound.fund, nature="basic")
        if everything and basic and of_fund and basic_of_fund:
            whole_side, part_side = [*everything[0], *basic_of_fund[0]], [*of_fund[0], *basic[0]]
            subject = Statements(bound.whole, kind.id, "all but basic", at_least=True)
            found.append(_inequality(group, "X6", bound.whole, subject, whole_side, part_side))
    return found


def size_inequalities(group: StatementSet, of_document: Sequence[list[int]]) -> list[Equation]:
    """Return `U1`: no amount of a statement is larger than the whole budget; one that is was read in the wrong unit of money.

    Of each statement its largest amount is compared, so that this is for finished lines only.

    Args:
        group: the statements of one body.
        of_document: total rows of all summaries of the document, for a body that has none of its own.
    """
    wholes = group.grand_totals() or of_document
    summary = REVENUE_EXPENDITURE_SUMMARY.id
    heads = [group.lines[whole[0]] for whole in wholes]
    whole_flows = {line.flow for line in heads if not is_of_this_year(line)}
    for line, whole in zip(heads, wholes, strict=True):
        if line.flow not in whole_flows:  # no grand total is printed
            wholes = [*wholes, *with_what_stands_beside(group, summary, line.flow, whole)[1:]]
    found = []
    for kind, numbers in group.tables.items() if wholes else ():
        for number in numbers if kind != summary else ():
            own = [i for i in group.members[number] if group.lines[i].measure == group.measure]
            if own:
                largest = max(own, key=lambda i: (abs(group.lines[i].amount), -i))
                sides = [(group.printed.named(whole), group.printed.named((largest,))) for whole in wholes]
                subject = Bound(summary, f"statement {number}")
                statement = group.lines[largest].statement
                found.append(Equation("U1", statement, subject, *sides[0], Decimal(0), "error", True, tuple(sides[1:])))
    return found


def with_what_stands_beside(group: StatementSet, kind: str, flow: str, total: list[int]) -> list[list[int]]:
    """Return a total, and where that is of the year alone also with what a grand total would have in it."""
    beside = group.beside_the_year(kind, flow=flow) if is_of_this_year(group.lines[total[0]]) else []
    return [total, [*total, *beside]] if beside else [total]


def _inequality(group: StatementSet, check: str, statement: str, subject: Subject, whole: list[int], parts: list[int]) -> Equation:
    named = group.printed.named
    return Equation(check, statement, subject, named(whole), named(parts), Decimal(0), "warning", True)
