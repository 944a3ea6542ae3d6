"""Equations between the statements of one document: `B1`, `X1`, `X2`, `X3`, `X5` (docs/checks.md); those with ≥ are in `bounds.py`.

They hold between statements of the same scope, funds and level: statements are compared within one set (the department's
own, or one unit's), by what their lines say, never by their place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import product

from pipeline.accounting.equation import Equation
from pipeline.accounting.equations.bounds import at_least, size_inequalities, with_what_stands_beside
from pipeline.accounting.equations.printed_table import is_of_this_year
from pipeline.accounting.printed_lines import PrintedLines, in_order
from pipeline.accounting.statement_set import Announced, StatementSet, kinds_compared
from pipeline.accounting.subjects import Balance, Statements, Subject
from pipeline.budget.line import Line
from pipeline.budget.sums import NATURES_OUTSIDE_THE_YEAR
from schemas.statement_kind import Comparison, StatementKind
from schemas.statements import REVENUE_EXPENDITURE_SUMMARY, kind_of, statement_kinds
from schemas.vocabulary.phrases import WordPattern, any_of

_SOME_ONLY = WordPattern(lambda: any_of("statement_words.csv", "some_only"))


def size_bounds(lines: Iterable[Line] | PrintedLines, statements: Announced) -> list[Equation]:
    """Return what bounds the amounts of each statement (`U1`), of finished lines."""
    groups = _sets(in_order(lines), statements)
    totals = [total for group in groups for total in group.grand_totals()]
    return [equation for group in groups for equation in size_inequalities(group, totals)]


def equations_between(lines: Iterable[Line] | PrintedLines, statements: Announced) -> list[Equation]:
    """Return the equations between statements.

    Args:
        lines: of one document, in any order, as for `pipeline.accounting.equations.within_statements.equations`.
        statements: (number, kind, title) of all recognised statements, empty ones too: an empty statement is zero.
    """
    found: list[Equation] = []
    for group in _sets(in_order(lines), statements):
        found += _balance(group)
        found += _same_totals(group)
        found += _same_classes(group)
        found += _same_funds(group)
        found += _fiscal(group)
        found += _basic(group)
        found += at_least(group)
    return found


def _sets(printed: PrintedLines, statements: Announced) -> list[StatementSet]:
    lines = printed.lines
    members: dict[int, list[int]] = defaultdict(list)
    for i, line in enumerate(lines):
        if line.source == "table" and line.fund and line.nature:
            members[line.statement_no].append(i)
    bodies: dict[tuple[str | None, int], dict[str, list[int]]] = {}
    seen: dict[str | None, int] = defaultdict(int)
    current: dict[str | None, dict[str, list[int]]] = {}
    last: str | None = None
    for number, kind, title in statements:
        units = {lines[i].unit for i in members.get(number, [])}
        body = units.pop() if len(units) == 1 else None if units else last
        last = body
        if title and ("不含" in title or "不包括" in title or (kind_of(kind).is_list and _SOME_ONLY.search(title))):
            kind = _other_scope(kind)  # carried-over funds left out, or some projects: not to be compared with the others
        tables = current.get(body)
        if tables is None or (kind == REVENUE_EXPENDITURE_SUMMARY.id and kind in tables):
            seen[body] += 1
            tables = current[body] = bodies[body, seen[body]] = {}
        tables.setdefault(kind, []).append(number)
    return [StatementSet(printed, tables, members) for tables in bodies.values()]


def _other_scope(kind: str) -> str:
    return f"{kind}, of another scope"


def _equal(
    check: str, subject: Subject, group: StatementSet, left: Sequence[list[int]] | None, right: Sequence[list[int]] | None
) -> list[Equation]:
    """One number printed in two statements; a total may be that of the year or with carry-over, on either side."""
    if left is None or right is None or not (left or right):
        return []
    return [_one_number(check, subject, group, list(product(left or [[]], right or [[]])))]


def _one_number(check: str, subject: Subject, group: StatementSet, pairs: Sequence[tuple[list[int], list[int]]]) -> Equation:
    """Return the equation that one of several pairs of sides is equal."""
    first = (pairs[0][0] or pairs[0][1])[0]
    named = group.printed.named
    sides = [(named(whole), named(parts)) for whole, parts in pairs]
    several = max(len(parts) for _, parts in pairs) > 1  # the sum of several statements is as exact as the coarsest of them
    step = group.step(i for pair in pairs for side in pair for i in side) if several else None
    return Equation(check, group.lines[first].statement, subject, *sides[0], tolerance=Decimal(0), alternatives=tuple(sides[1:]), step=step)


def _balance(group: StatementSet) -> list[Equation]:
    found = []
    for kind, fund in ((kind.id, kind.fund or "total") for kind in statement_kinds().values() if kind.is_summary):
        revenue = group.totals(kind, flow="revenue", fund=fund, nature="total")
        expenditure = group.totals(kind, flow="expenditure", fund=fund, nature="total")
        if revenue and expenditure:
            whole, spent = _last_total(group, revenue), _last_total(group, expenditure)
            row = group.lines[spent[0]].row
            wholes = with_what_stands_beside(group, kind, "revenue", whole)
            for n, half in enumerate(e for e in expenditure if group.lines[e[0]].row == row):  # one for each classification beside it
                halves = with_what_stands_beside(group, kind, "expenditure", half)
                # what is carried over balances what is carried forward: both are added, or neither
                pairs = zip(wholes, halves, strict=True) if len(wholes) == len(halves) else product(wholes, halves)
                found.append(_one_number("B1", Balance(kind, n + 1), group, list(pairs)))
    return found


def _last_total(group: StatementSet, totals: Sequence[list[int]]) -> list[int]:
    """Return the total with what is carried over or forward in it: the last that is not said to be of the year alone."""
    return next((total for total in reversed(totals) if not is_of_this_year(group.lines[total[0]])), totals[-1])


def _same_totals(group: StatementSet) -> list[Equation]:
    """The totals that a statement shares with one of all funds, with or without carry-over on either side."""
    kinds = statement_kinds()
    found = [e for kind, same in kinds.compared("X1", "total") for e in _totals(group, kind, same)]
    for check in ("X3", "X5"):
        found += [e for kind, same in kinds.compared(check) if same.fund_of_whole == "total" for e in _totals(group, kind, same)]
    return found


def _totals(group: StatementSet, kind: StatementKind, same: Comparison, most: int | None = None) -> list[Equation]:
    found = []
    for nature in same.natures:
        left = group.totals(same.whole, flow=same.flow, fund=same.fund_of_whole, nature=nature)
        right = group.totals(kind.id, flow=same.flow, fund=same.fund, nature=nature)
        if left and right:
            beside = group.beside_the_year(same.whole, flow=same.flow) if nature == "total" and most is None else []
            if beside:  # a summary that prints one total alone, with or without it, beside a table without or with it
                left, right = [*left, [*left[0], *beside]], [*right, [*right[0], *beside]]
            found += _equal(same.check_id, Statements(same.whole, kind.id, nature), group, left[:most], right[:most])
    return found


def _equal_amounts(
    check: str, pair: tuple[str, str], group: StatementSet, left: dict[str, list[int]] | None, right: dict[str, list[int]] | None
) -> list[Equation]:
    if left is None or right is None:
        return []
    return [
        equation
        for code in sorted({*left, *right})
        for equation in _equal(check, Statements(*pair, code), group, [left.get(code, [])], [right.get(code, [])])
    ]


def _same_classes(group: StatementSet) -> list[Equation]:
    """Per 类 what a summary says is spent: the table of expenditure, or failing that the table of revenue, which may list them too.

    The table of revenue has under its classes also what the summary carries forward to the next year, under none.
    """
    found: list[Equation] = []
    for kind, same in sorted(statement_kinds().compared("X1", "classes"), key=lambda both: both[1].flow):
        if same.flow == "revenue" and (found or _carries_forward(group, same.whole)):
            continue
        left = group.classes(same.whole, flow="expenditure", fund="total", nature="total")
        right = group.classes(kind.id, flow=same.flow, fund="total", nature="total")
        found += _equal_amounts("X1", (same.whole, kind.id), group, left, right)
    return found


def _carries_forward(group: StatementSet, summary: str) -> bool:
    return any(group.totals(summary, flow="expenditure", fund="total", nature=nature) for nature in NATURES_OUTSIDE_THE_YEAR)


def _same_funds(group: StatementSet) -> list[Equation]:
    """Each fund among the summary's revenue items is that fund's column of the revenue table, if both tell carry-over apart or neither."""
    return [e for kind, same in statement_kinds().compared("X1", "funds") for e in _funds(group, same.whole, kind.id)]


def _funds(group: StatementSet, summary: str, table: str) -> list[Equation]:
    numbers = group.tables.get(summary, [])
    if len(numbers) != 1:
        return []
    items: dict[str, list[int]] = defaultdict(list)
    for i in group.members[numbers[0]]:
        line = group.lines[i]
        if line.scheme == "revenue_item" and line.level and line.fund and (line.nature, line.measure) == ("total", group.measure):
            items[line.fund].append(i)
    columns = {group.lines[i].fund or "" for number in group.tables.get(table, []) for i in group.members[number]}
    if any(fund.startswith("carryover") for fund in items) != any(fund.startswith("carryover") for fund in columns):
        return []
    found = []
    for fund, own in sorted(items.items()):
        right = group.totals(table, flow="revenue", fund=fund, nature="total")
        if len(own) == 1 and right:
            found += _equal("X1", Statements(summary, table, fund), group, [own], right)
    return found


def _income(group: StatementSet, kind: str, fund: str) -> list[list[int]]:
    """Return the year's income of a fund as a summary's revenue half lists it, beside carried-over funds."""
    members = [i for number in group.tables.get(kind, []) for i in group.members[number]]
    items = [i for i in members if group.lines[i].scheme == "revenue_item" and group.lines[i].measure == group.measure]
    own = [i for i in items if (group.lines[i].fund, group.lines[i].nature) == (fund, "total") and group.lines[i].level]
    carried = any((group.lines[i].fund or "").startswith("carryover") for i in items)
    return [own] if len(own) == 1 and carried else []


def _fiscal(group: StatementSet) -> list[Equation]:
    of_funds = statement_kinds().compared("X2", "total")
    summaries = dict.fromkeys(same.whole for _, same in of_funds)
    return [e for summary in summaries for e in _funds_of(group, summary, [kind for kind, same in of_funds if same.whole == summary])]


def _funds_of(group: StatementSet, summary: str, kinds: Sequence[StatementKind]) -> list[Equation]:
    """A summary's columns of funds are the statements of these funds, and its whole is their sum."""
    found = []
    parts: list[int] = []
    parts_of_income: list[int] = []
    complete = True
    for kind in kinds:
        fund = kind.fund or "total"
        totals = group.totals(kind.id, flow="expenditure", fund=fund, nature="total")
        left = group.totals(summary, flow="expenditure", fund=fund, nature="total")
        if totals is None:
            complete = complete and kind.often_empty and _other_scope(kind.id) not in group.tables
            continue
        parts += totals[0] if totals else []
        income = _income(group, summary, fund)
        if left:  # a table may leave out what carried-over funds pay: then it is the income of the year
            found += _equal("X2", Statements(summary, kind.id, "total"), group, [*left, *income], totals)
            parts_of_income += income[0] if income else []
        found += _equal_amounts(
            "X2",
            (summary, kind.id),
            group,
            group.classes(summary, flow="expenditure", fund=fund, nature="total"),
            group.classes(kind.id, flow="expenditure", fund=fund, nature="total"),
        )
    whole = group.totals(summary, flow="expenditure", fund=kind_of(summary).fund or "total", nature="total")
    if complete and whole and parts:
        wholes = [*whole, parts_of_income] if parts_of_income else whole
        found += _equal("X2", Statements(summary, "Σ funds", "total"), group, wholes, [parts])
    return found


def _basic(group: StatementSet) -> list[Equation]:
    """Basic spending from one fund by function and by economic code."""
    by_code = [(kind, same) for kind, same in kinds_compared("X3", "total") if same.fund_of_whole != "total"]
    return [e for kind, same in by_code for e in _totals(group, kind, same, 1)]
