"""Sums of items that a statement lists by name: the revenue of a summary (`R2`) and 三公 (`T1`).

Belongs here: which items are the sum of which. Rows that nest by code, by units or without either are elsewhere.
"""

from __future__ import annotations

from collections import defaultdict

from msgspec.structs import replace

from pipeline.accounting.equation import Equation
from pipeline.accounting.equations.printed_table import PrintedTable, is_of_this_year
from pipeline.accounting.subjects import RevenueItems, ThreePublicItem
from pipeline.budget.sums import FUND_TREE, FUNDS_OUTSIDE_THE_YEAR, fund_parts, without_own_parts

_Money = tuple[str | None, str | None, str, str | None]
"""Fund, nature, measure and unit."""


def revenue_items(table: PrintedTable) -> list[Equation]:
    """R2 down the revenue half of a summary: the total, and each fund with parts, is the sum of its items."""
    found = []
    items: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    totals: dict[str, list[int]] = defaultdict(list)
    for i in table.members:
        line = table.lines[i]
        if line.scheme == "revenue_item" and line.flow == "revenue" and line.nature == "total":
            if line.level == 0:
                totals[line.measure].append(i)
            else:
                items[line.measure][line.fund or ""].append(i)
    for measure, by_fund in items.items():
        top = {fund: _shallowest(table, members) for fund, members in by_fund.items()}
        top |= {fund: _once(table, top[fund]) for fund in top.keys() & FUNDS_OUTSIDE_THE_YEAR}
        for fund in FUND_TREE:
            parts = fund_parts(fund, top) if fund in top else ()
            if len(parts) > 1 or (parts == ("general_public",) and _below(table, top["general_public"], top[fund])):
                found.append(table.equation("R2", RevenueItems(fund, measure), top[fund], [i for p in parts for i in top[p]]))
        this_year = [j for j in totals[measure] if is_of_this_year(table.lines[j])]
        for i in totals[measure]:
            fund = "current_year" if is_of_this_year(table.lines[i]) else "total"
            # A total stands below the items that it sums (carry-over may follow it), or above all of them.
            row = table.lines[i].row
            above = {f: [j for j in members if table.lines[j].row < row] for f, members in top.items()}
            here = {f: members for f, members in above.items() if members} or top
            if fund == "total" and here is not top and all(table.lines[j].row <= row for j in totals[measure]):
                # what was carried over may be printed below the last total as well: it is in it, or left out (`Excuse.LEFT_OUT`)
                here |= {f: members for f, members in top.items() if f in FUNDS_OUTSIDE_THE_YEAR}
            if fund == "total" and len(this_year) == 1 and "current_year" not in here and not fund_parts("current_year", here):
                here = {**here, "current_year": this_year}  # the year's income is stated as a sum, without its items
            parts = fund_parts(fund, here) if fund not in here else (fund,)
            if parts:
                equation = table.equation("R2", RevenueItems(table.lines[i].name, measure), [i], [j for p in parts for j in here[p]])
                if unknown := [j for j in _of_unknown_fund(table, measure) if (table.lines[j].row < row) == (here is not top)]:
                    # of an item that names no known fund nothing tells whether it is a part of another one
                    equation = replace(
                        table.or_else(equation, equation.whole, (*equation.parts, *table.printed.named(unknown))), severity="warning"
                    )
                of_year = [j for p in parts if not p.startswith("carryover") for j in here[p]]
                if table.lines[i].source == "narrative" and 0 < len(of_year) < len(equation.parts):
                    # a sentence may name what was carried over beside the income of the year, and not as a part of it
                    equation = table.or_else(equation, equation.whole, table.printed.named(of_year))
                found.append(equation)
    return found


def _of_unknown_fund(table: PrintedTable, measure: str) -> list[int]:
    """Return the items of income of a printed table whose name says no known fund."""
    first = table.lines[table.members[0]]
    return [
        i for i, line in enumerate(table.lines)
        if not line.fund and (line.source, line.statement_no) == ("table", first.statement_no) == (first.source, first.statement_no)
        and (line.scheme, line.flow, line.measure) == ("revenue_item", "revenue", measure) and line.level
    ]  # fmt: skip


def _once(table: PrintedTable, members: list[int]) -> list[int]:
    """Return rows of what is carried over without those that repeat one above them; sentences have no such order."""
    lines = [table.lines[i] for i in members]
    if any(line.source == "narrative" for line in lines):
        return members
    kept = {line.id for line in without_own_parts(lines)}
    return [i for i in members if table.lines[i].id in kept]


def three_public(table: PrintedTable) -> list[Equation]:
    """T1: 三公 = abroad + reception + vehicles; vehicles = purchase + operation; with meetings and training."""
    found = []
    groups: dict[tuple[int | None, _Money], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    printed: dict[_Money, set[str]] = defaultdict(set)
    # Items stand in columns (a row per unit or year) or in rows (a column per fund).
    items = [table.lines[i] for i in table.members if table.lines[i].scheme == "three_public"]
    across: dict[int, set[str | None]] = defaultdict(set)
    for line in items:
        across[line.row].add(line.code)
    by_row = any(len(codes) > 1 for codes in across.values())
    one_fund = by_row and len({(line.row, line.code, line.measure) for line in items}) == len(items)
    for i in table.members:
        line = table.lines[i]
        if line.scheme != "three_public" or not line.code:
            continue
        side = (None if one_fund else line.fund, line.nature, line.measure, line.unit)
        groups[line.row if by_row else None, side][line.code].append(i)
        printed[side].add(line.code)
    for (row, side), cells in groups.items():
        known = printed[side]
        fund, _, measure, _ = side
        for whole, parts in (
            ("vehicles", ("vehicle_purchase", "vehicle_operation")),
            (
                "total",
                ("abroad", "reception", "vehicles")
                if "vehicles" in known
                else ("abroad", "reception", "vehicle_purchase", "vehicle_operation"),
            ),
            (
                "with_meetings_training",
                ("total", "conference", "training") if "total" in known else ("abroad", "reception", "vehicles", "conference", "training"),
            ),
        ):
            right = [i for p in parts for i in cells.get(p, ())]
            left = cells.get(whole, [])
            if whole in known and known & set(parts) and (left or right):
                found.append(table.equation("T1", ThreePublicItem(whole, row, fund, measure), left, right))
    return found


def _below(table: PrintedTable, items: list[int], whole: list[int]) -> bool:
    """Tell whether items are printed as parts of an item (its other parts being blank)."""
    return all(table.lines[i].level > table.lines[j].level and table.lines[i].row > table.lines[j].row for i in items for j in whole)


def _shallowest(table: PrintedTable, members: list[int]) -> list[int]:
    """Of items of one fund, keep those that are not printed below another one of it."""
    level = min(table.lines[i].level for i in members)
    return [i for i in members if table.lines[i].level == level]
