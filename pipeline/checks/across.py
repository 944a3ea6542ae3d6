"""Equations between the statements of one document: `B1`, `X1`, `X2`, `X3`, `X5`, `T2` (DOMAIN.md §5).

They hold between statements of the same scope, funds and level: statements are compared within one set (the department's
own, or one unit's), by what their lines say, never by their place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from pipeline.checks.identities import Equation
from pipeline.checks.structure import SUMMARIES
from pipeline.line import Line

_FUNDS = {
    "general_public": "general_public_by_function",
    "government_fund": "government_fund_by_function",
    "state_capital": "state_capital_by_function",
}
_THREE_PUBLIC_CODES = {
    "abroad": ("30212",),
    "reception": ("30217",),
    "vehicle_operation": ("30231",),
    "vehicle_purchase": ("31013", "30913"),
}


class _Set:
    """The statements of one body: for each kind the numbers of its printed tables, and access to their totals."""

    def __init__(self, lines: Sequence[Line], tables: dict[str, list[int]], members: dict[int, list[int]]) -> None:
        self.lines, self.tables, self.members = lines, tables, members
        self.measure = "final" if any(lines[i].measure == "final" for own in members.values() for i in own) else "budget"

    def totals(self, kind: str, *, flow: str, fund: str, nature: str) -> list[list[int]] | None:
        """Return the alternative total rows of the only statement of a kind: None if there is not exactly one, [] if empty."""
        numbers = self.tables.get(kind, [])
        if len(numbers) != 1:
            return None
        rows: dict[tuple[int, int], list[int]] = defaultdict(list)
        for i in self.members[numbers[0]]:
            line = self.lines[i]
            if line.level or line.scheme == "three_public" or (line.flow, line.nature, line.measure) != (flow, nature, self.measure):
                continue
            if line.fund == fund or (fund == "total" and line.fund == "current_year" and kind in SUMMARIES):
                rows[line.row, line.column].append(i)
        return list(rows.values())

    def classes(self, kind: str, *, flow: str, fund: str, nature: str) -> dict[str, list[int]] | None:
        """Return per 类 the lines of the only statement of a kind, None where it does not list function classes."""
        numbers = self.tables.get(kind, [])
        if len(numbers) != 1:
            return None
        found: dict[str, list[int]] = defaultdict(list)
        for i in self.members[numbers[0]]:
            line = self.lines[i]
            if line.scheme != "function" or line.level != 1 or not line.code or line.unit:
                continue
            if (line.flow, line.fund, line.nature, line.measure) == (flow, fund, nature, self.measure):
                found[line.code].append(i)
        return found or None

    def by_code(self, kind: str, nature: str) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for number in self.tables.get(kind, []):
            for i in self.members[number]:
                line = self.lines[i]
                if line.scheme == "department_economic" and line.code and line.nature == nature and line.measure == self.measure:
                    found[line.code].append(i)
        return found


def equations_across(lines: Sequence[Line], statements: Sequence[tuple[int, str, str | None]]) -> list[Equation]:
    """Return the equations between statements.

    Args:
        lines: of one document, as for `pipeline.checks.identities.equations`.
        statements: (number, kind, title) of all recognised statements, empty ones too: an empty statement is zero.
    """
    found: list[Equation] = []
    for group in _sets(lines, statements):
        found += _balance(group)
        found += _same_totals(group)
        found += _same_classes(group)
        found += _same_funds(group)
        found += _fiscal(group)
        found += _basic(group)
        found += _three_public(group)
    return found


def _sets(lines: Sequence[Line], statements: Sequence[tuple[int, str, str | None]]) -> list[_Set]:
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
        if title and ("不含" in title or "不包括" in title):
            kind = _other_scope(kind)  # carried-over funds left out: not to be compared with the others
        tables = current.get(body)
        if tables is None or (kind == "revenue_expenditure_summary" and kind in tables):
            seen[body] += 1
            tables = current[body] = bodies[body, seen[body]] = {}
        tables.setdefault(kind, []).append(number)
    return [_Set(lines, tables, members) for tables in bodies.values()]


def _other_scope(kind: str) -> str:
    return f"{kind}, of another scope"


def _equal(check: str, subject: str, lines: Sequence[Line], left: list[list[int]] | None, right: list[list[int]] | None) -> list[Equation]:
    """One number printed in two statements; a total may be that of the year or with carry-over, on either side."""
    if left is None or right is None or not (left or right):
        return []
    whole = left or [[]]
    parts = right or [[]]
    first = (whole[0] or parts[0])[0]
    alternatives = tuple((tuple(w), tuple(p)) for w in whole for p in parts)
    return [Equation(check, lines[first].statement, subject, *alternatives[0], tolerance=Decimal(0), alternatives=alternatives[1:])]


def _balance(group: _Set) -> list[Equation]:
    found = []
    for kind, fund in (("revenue_expenditure_summary", "total"), ("fiscal_appropriation_summary", "fiscal_appropriation")):
        revenue = group.totals(kind, flow="revenue", fund=fund, nature="total")
        expenditure = group.totals(kind, flow="expenditure", fund=fund, nature="total")
        if revenue and expenditure:
            found += _equal("B1", f"{kind}: revenue = expenditure", group.lines, revenue[-1:], expenditure[-1:])
    return found


def _same_totals(group: _Set) -> list[Equation]:
    found = []
    summary = "revenue_expenditure_summary"
    for kind, flow in (("revenue_summary", "revenue"), ("expenditure_summary", "expenditure"), ("expenditure_by_unit", "expenditure")):
        left = group.totals(summary, flow=flow, fund="total", nature="total")
        right = group.totals(kind, flow=flow, fund="total", nature="total")
        if left and right:
            found += _equal("X1", f"{summary} = {kind}: total", group.lines, left, right)
    for nature in ("basic", "project"):
        left = group.totals("expenditure_summary", flow="expenditure", fund="total", nature=nature)
        kind = "basic_expenditure" if nature == "basic" else "project_expenditure"
        right = group.totals(kind, flow="expenditure", fund="total", nature=nature)
        if left and right:
            found += _equal("X5" if nature == "project" else "X3", f"expenditure_summary = {kind}: {nature}", group.lines, left, right)
    return found


def _pairs(
    check: str, name: str, lines: Sequence[Line], left: dict[str, list[int]] | None, right: dict[str, list[int]] | None
) -> list[Equation]:
    if left is None or right is None:
        return []
    return [
        e for code in sorted({*left, *right}) for e in _equal(check, f"{name}: {code}", lines, [left.get(code, [])], [right.get(code, [])])
    ]


def _same_classes(group: _Set) -> list[Equation]:
    left = group.classes("revenue_expenditure_summary", flow="expenditure", fund="total", nature="total")
    found: list[Equation] = []
    for kind, flow in (("expenditure_summary", "expenditure"), ("revenue_summary", "revenue")):
        right = group.classes(kind, flow=flow, fund="total", nature="total")
        if not (kind == "revenue_summary" and found):
            found += _pairs("X1", f"revenue_expenditure_summary = {kind}", group.lines, left, right)
    return found


def _same_funds(group: _Set) -> list[Equation]:
    """Each fund among the summary's revenue items is that fund's column of the revenue table, if both tell carry-over apart or neither."""
    summary, table = group.tables.get("revenue_expenditure_summary", []), "revenue_summary"
    if len(summary) != 1:
        return []
    items: dict[str, list[int]] = defaultdict(list)
    for i in group.members[summary[0]]:
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
            found += _equal("X1", f"revenue_expenditure_summary = {table}: {fund}", group.lines, [own], right)
    return found


def _income(group: _Set, kind: str, fund: str) -> list[list[int]]:
    """Return the year's income of a fund as a summary's revenue half lists it, beside carried-over funds."""
    members = [i for number in group.tables.get(kind, []) for i in group.members[number]]
    items = [i for i in members if group.lines[i].scheme == "revenue_item" and group.lines[i].measure == group.measure]
    own = [i for i in items if (group.lines[i].fund, group.lines[i].nature) == (fund, "total") and group.lines[i].level]
    carried = any((group.lines[i].fund or "").startswith("carryover") for i in items)
    return [own] if len(own) == 1 and carried else []


def _fiscal(group: _Set) -> list[Equation]:
    found = []
    summary = "fiscal_appropriation_summary"
    parts: list[int] = []
    parts_of_income: list[int] = []
    complete = True
    for fund, kind in _FUNDS.items():
        totals = group.totals(kind, flow="expenditure", fund=fund, nature="total")
        left = group.totals(summary, flow="expenditure", fund=fund, nature="total")
        if totals is None:
            complete = complete and fund != "general_public" and _other_scope(kind) not in group.tables
            continue
        parts += totals[0] if totals else []
        income = _income(group, summary, fund)
        if left:  # a table may leave out what carried-over funds pay: then it is the income of the year
            found += _equal("X2", f"{summary} = {kind}: total", group.lines, [*left, *income], totals)
            parts_of_income += income[0] if income else []
        found += _pairs(
            "X2",
            f"{summary} = {kind}",
            group.lines,
            group.classes(summary, flow="expenditure", fund=fund, nature="total"),
            group.classes(kind, flow="expenditure", fund=fund, nature="total"),
        )
    whole = group.totals(summary, flow="expenditure", fund="fiscal_appropriation", nature="total")
    if complete and whole and parts:
        found += _equal("X2", f"{summary} = Σ funds: total", group.lines, [*whole, parts_of_income] if parts_of_income else whole, [parts])
    return found


def _basic(group: _Set) -> list[Equation]:
    found = []
    for by_function, by_economic, fund in (
        ("general_public_by_function", "general_public_basic_by_economic", "general_public"),
        ("fiscal_appropriation_by_function", "fiscal_appropriation_basic_by_economic", "fiscal_appropriation"),
    ):
        for nature in ("basic", "basic_personnel", "basic_operating"):
            left = group.totals(by_function, flow="expenditure", fund=fund, nature=nature)
            right = group.totals(by_economic, flow="expenditure", fund=fund, nature=nature)
            if left and right:
                found += _equal("X3", f"{by_function} = {by_economic}: {nature}", group.lines, left[:1], right[:1])
    return found


def _three_public(group: _Set) -> list[Equation]:
    numbers = group.tables.get("three_public", [])
    codes = group.by_code("general_public_basic_by_economic", "basic")
    if len(numbers) != 1 or not codes:
        return []
    items: dict[str, list[int]] = defaultdict(list)
    for i in group.members[numbers[0]]:
        line = group.lines[i]
        if (
            line.code in _THREE_PUBLIC_CODES
            and line.fund in ("fiscal_appropriation", "general_public")
            and line.measure == group.measure
            and not line.unit
        ):
            items[line.code].append(i)
    found = []
    for item, own in items.items():
        parts = [i for code in _THREE_PUBLIC_CODES[item] for i in codes.get(code, ())]
        if len(own) == 1 and len(parts) == 1:
            found.append(
                Equation(
                    "T2",
                    "three_public",
                    f"{item} ≥ {', '.join(_THREE_PUBLIC_CODES[item])}",
                    tuple(own),
                    tuple(parts),
                    Decimal(0),
                    "warning",
                    True,
                )
            )
    return found
