"""The 收支 tables: revenue and spending side by side, each part with its own rows, closed by the same sums.

Belongs here: tables of several parts. Does not belong here: tables with one row per code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipeline.budget.codes.printed_codes import level_of
from pipeline.samples.sample_budget import FISCAL, ZERO, Budget
from pipeline.samples.sample_sheets import INDENT, Cell, Column, ColumnMeaning, ExpectedLine, Layout, Sheet, amount_cell, amounts_of
from pipeline.samples.sample_titles import CLASSES, FUND_HEADINGS, ordinal, title_of


@dataclass(slots=True)
class Part:
    """One part of a table of several: its columns, its rows, and the rows that close it (blank ones to stand level)."""

    columns: list[Column]
    rows: list[list[Cell]] = field(default_factory=list)
    ends: list[list[Cell]] = field(default_factory=list)


def side_by_side(statement: str, title: str, parts: Sequence[Part]) -> Sheet:
    """Return the sheet that sets the parts beside each other, the shorter filled with blank rows, the ends level."""
    sheet = Sheet(statement, title, [column for part in parts for column in part.columns])
    depth, closing = max(len(part.rows) for part in parts), max(len(part.ends) for part in parts)
    for n in range(depth):
        sheet.rows.append([cell for part in parts for cell in (part.rows[n] if n < len(part.rows) else [Cell() for _ in part.columns])])
    for n in range(closing):
        sheet.rows.append([cell for part in parts for cell in (part.ends[n] if n < len(part.ends) else [Cell() for _ in part.columns])])
    return sheet


def summary(statement: str, budget: Budget, layout: Layout) -> Sheet:
    """Return 收支总表 or 财政拨款收支总表."""
    fiscal = statement == "fiscal_appropriation_summary"
    long_end = layout.titles % 2 == 0 or layout.final or bool(budget.amount(fund="carryover"))
    parts = [_revenue(statement, budget, layout, long_end=long_end), _functions(statement, budget, layout, long_end=long_end)]
    if layout.purposes and not fiscal:
        parts.append(_purposes(statement, budget, layout, long_end=long_end))
    sheet = side_by_side(statement, title_of(statement, layout, budget.fiscal_year), parts)
    return _numbered(sheet) if layout.line_numbers else sheet


def _revenue(statement: str, budget: Budget, layout: Layout, *, long_end: bool) -> Part:
    fiscal = statement == "fiscal_appropriation_summary"
    scope = "fiscal_appropriation" if fiscal else "total"
    base = ExpectedLine(statement, "revenue", "revenue_item", None, None, None, None, "total", ZERO, layout.unit)

    def row(label: str, name: str, fund: str, *, level: int | None = None, open_fund: bool = False) -> list[Cell]:
        amount = budget.amount(fund=fund)
        return [Cell(label), amount_cell(layout, replace(base, name=name, fund=None if open_fund else fund, amount=amount, level=level))]

    part = Part([Column(("收入", "项目"), key=True), Column(("收入", layout.figure_heading()), numeric=True)])
    part.rows = [row(label, name, fund) for label, name, fund in _incomes(layout, fiscal=fiscal)]
    before = "年初结转和结余" if layout.final else "上年结转"
    total, current = ("总计", "本年收入合计") if layout.final else ("收入总计", "本年收入合计")
    part.ends = [row(layout.word(total), total, scope, level=0)]
    if long_end:
        own = scope if fiscal else "current_year"
        carried = [Cell(before), Cell()] if fiscal else row(before, before, "carryover")
        part.ends = [row(layout.word(current), current, own, level=0, open_fund=True), carried, *part.ends]
    return part


def _incomes(layout: Layout, *, fiscal: bool) -> list[tuple[str, str, str]]:
    """The revenue items as (printed label, name, fund)."""
    apart = [(f, h) for f, h in FUND_HEADINGS.items() if f not in (*FISCAL, "carryover")]
    if layout.appropriation and not fiscal:
        parts = [(f"{n}. {FUND_HEADINGS[f]}资金", f"{FUND_HEADINGS[f]}资金", f) for n, f in enumerate(FISCAL, 1)]
        rest = [(f"{ordinal(n)}、{h}", h, f) for n, (f, h) in enumerate(apart, 2)]
        return [("一、财政拨款收入", "财政拨款收入", "fiscal_appropriation"), *parts, *rest]
    end = "财政拨款收入" if layout.final else "拨款收入"
    own = [(f, FUND_HEADINGS[f] + end) for f in FISCAL]
    names = own if fiscal else own + [(f, h + "收入" if f == "special_account" else h) for f, h in apart]
    return [(f"{ordinal(n)}、{name}", name, f) for n, (f, name) in enumerate(names, 1)]


def _functions(statement: str, budget: Budget, layout: Layout, *, long_end: bool) -> Part:
    fiscal = statement == "fiscal_appropriation_summary"
    scope = "fiscal_appropriation" if fiscal else "total"
    columns = [ColumnMeaning((layout.figure_heading(),), scope, "total")]
    if layout.wide_halves:
        columns = [ColumnMeaning(("合计",), scope, "total")]
        if fiscal:
            columns += [ColumnMeaning((FUND_HEADINGS[f],), f, "total") for f in FISCAL]
        else:
            columns += [ColumnMeaning(("基本支出",), scope, "basic"), ColumnMeaning(("项目支出",), scope, "project")]
    base = ExpectedLine(statement, "expenditure", "function", None, 0, None, None, "total", ZERO, layout.unit)
    above = ("支出", "支出功能分类") if layout.purposes and not fiscal else ("支出",)
    part = Part([Column((*above, "项目"), key=True), *(Column((*above, *c.headings), numeric=True) for c in columns)])

    def row(label: str, meaning: ExpectedLine, code: str = "") -> list[Cell]:
        return [Cell(label), *amounts_of(budget, layout, meaning, columns, function=code)]

    used = budget.functions(funds=FISCAL if fiscal else tuple(FUND_HEADINGS))
    classes = [item.split(" ") for item in CLASSES.split(",")]
    shown = [code for code, _ in classes if layout.all_classes or code in used]
    names = {**dict(classes), **budget.names}
    if layout.nested:
        shown = used
    number = 0
    for code in shown:
        level = level_of(code)
        number += level == 1
        numeral = f"{ordinal(number)}、" if level == 1 and layout.nested != "plain" else ""
        part.rows.append(row(INDENT * (level - 1) + numeral + names[code], replace(base, code=code, level=level, name=names[code]), code))
    total = "总计" if layout.final else "支出总计"
    part.ends = [row(layout.word(total), replace(base, name=total))]
    if long_end:
        after = "年末结转和结余" if layout.final else "结转下年"
        blank = [Cell(after), *(Cell() for _ in columns)]
        part.ends = [row(layout.word("本年支出合计"), replace(base, name="本年支出合计")), blank, *part.ends]
    return part


def _purposes(statement: str, budget: Budget, layout: Layout, *, long_end: bool) -> Part:
    """Spending by purpose: rows that name a nature."""
    base = ExpectedLine(statement, "expenditure", "function", None, 0, None, "total", "total", ZERO, layout.unit)
    part = Part([Column(("支出", "支出用途", "项目"), key=True), Column(("支出", "支出用途", layout.figure_heading()), numeric=True)])
    for numeral, (name, nature) in enumerate((("基本支出", "basic"), ("项目支出", "project")), 1):
        meaning = replace(base, name=name, nature=nature, amount=budget.amount(nature=nature))
        part.rows.append([Cell(f"{ordinal(numeral)}、{name}"), amount_cell(layout, meaning)])
    if long_end:
        part.ends = [[Cell(), Cell()], [Cell(), Cell()]]
    part.ends.append([Cell("支出总计"), amount_cell(layout, replace(base, name="支出总计", amount=budget.amount()))])
    return part


def _numbered(sheet: Sheet) -> Sheet:
    """Put a column of line numbers (行次) after each key column, counted on from part to part."""
    counted = 0
    columns: list[Column] = []
    rows: list[list[Cell]] = [[] for _ in sheet.rows]
    for n, column in enumerate(sheet.columns):
        columns.append(column)
        for at, row in enumerate(sheet.rows):
            rows[at].append(row[n])
            if column.key:
                rows[at].append(Cell(str(counted + at + 1), centred=True))
        if column.key:
            columns.append(Column((*column.headings[:-1], "行次"), key=True))
            counted += len(sheet.rows)
    return Sheet(sheet.statement, sheet.title, columns, rows)
