"""The statements of a budget as sheets: which rows and columns each has, and what every amount in it means.

Belongs here: the content of statements under a layout. Does not belong here: pages, fonts, files.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pipeline.budget.codes.printed_codes import level_of
from pipeline.samples.sample_budget import FISCAL, ZERO, Budget, government_codes
from pipeline.samples.sample_sheets import (
    Cell,
    Column,
    ColumnMeaning,
    ExpectedLine,
    Layout,
    Sheet,
    amount_cell,
    amounts_of,
    code_cells,
    code_columns,
    number_row,
    total_cells,
)
from pipeline.samples.sample_titles import FUND_HEADINGS, title_of
from pipeline.samples.summaries import Part, side_by_side, summary


def build(statement: str, budget: Budget, layout: Layout) -> Sheet:
    """Return the statement `statement` (an id of DOMAIN) of the budget under the layout."""
    sheet = _BUILDERS[statement](budget, layout)
    _further(sheet, layout)
    numbers = number_row(layout, sheet.columns)
    if numbers and not any(column.key for column in sheet.columns[_first_amount(sheet) :]):
        sheet.rows.insert(0, numbers)
        sheet.repeated = 1
    return sheet


def _first_amount(sheet: Sheet) -> int:
    return next(n for n, column in enumerate(sheet.columns) if column.numeric)


def _sheet(statement: str, budget: Budget, layout: Layout, keys: list[Column], amounts: list[ColumnMeaning]) -> Sheet:
    return Sheet(
        statement,
        title_of(statement, layout, budget.fiscal_year),
        [*keys, *(Column(a.headings, numeric=True) for a in amounts)],
    )


def _add_total(sheet: Sheet, budget: Budget, layout: Layout, total: ExpectedLine, amounts: list[ColumnMeaning]) -> None:
    """Put the total row where the layout has it."""
    row = total_cells(layout, sum(column.key for column in sheet.columns)) + amounts_of(budget, layout, total, amounts)
    sheet.rows.insert(0 if layout.total == "top" else len(sheet.rows), row)


def _nature_columns(layout: Layout, fund: str, *, more: bool) -> list[ColumnMeaning]:
    """合计, 基本支出 (whole or in its parts), 项目支出 and, with `more`, the natures that are mostly empty."""
    columns = [ColumnMeaning(("本年支出合计" if layout.final and more else "合计",), fund, "total")]
    if layout.split_basic:
        columns += [ColumnMeaning(("基本支出", "小计"), fund, "basic")] if layout.basic_subtotal else []
        columns += [
            ColumnMeaning(("基本支出", "人员经费"), fund, "basic_personnel"),
            ColumnMeaning(("基本支出", "公用经费"), fund, "basic_operating"),
        ]
    else:
        columns.append(ColumnMeaning(("基本支出",), fund, "basic"))
    columns.append(ColumnMeaning(("项目支出",), fund, "project"))
    if more:
        columns += [
            ColumnMeaning(("事业单位经营支出",), fund, "operating"),
            ColumnMeaning(("上缴上级支出",), fund, "remittance_to_superiors"),
            ColumnMeaning(("对附属单位补助支出",), fund, "subsidy_to_subordinates"),
        ]
    return columns


def _fund_columns(nature: str, *, nested: bool) -> list[ColumnMeaning]:
    """合计 and one column per fund; `nested` puts those of 财政拨款 under one heading with a 小计."""
    columns = [ColumnMeaning(("合计",), "total", nature)]
    if nested:
        columns.append(ColumnMeaning(("财政拨款收入", "小计"), "fiscal_appropriation", nature))
        columns += [ColumnMeaning(("财政拨款收入", FUND_HEADINGS[f]), f, nature) for f in FISCAL]
        return columns + [ColumnMeaning((FUND_HEADINGS[f],), f, nature) for f in FUND_HEADINGS if f not in FISCAL]
    return columns + [ColumnMeaning((heading,), fund, nature) for fund, heading in FUND_HEADINGS.items()]


def _unit_of(budget: Budget, name: str) -> str | None:
    """Return the budget unit that lines under a name belong to: none where it is the department's own."""
    return name if name and name != budget.department else None


def _by_function(statement: str, budget: Budget, layout: Layout, amounts: list[ColumnMeaning], flow: str, funds: tuple[str, ...]) -> Sheet:
    """A statement with a row per function code, with unit rows or a unit column where the layout asks for them."""
    keys = code_columns(layout)
    unit_heading = [Column(("预算单位",), key=True)] if layout.units != "none" else []
    sheet = _sheet(statement, budget, layout, unit_heading + keys, amounts)

    base = ExpectedLine(statement, flow, "function", None, 0, layout.total_name(), None, "total", ZERO, layout.unit)
    for unit, name in budget.units if unit_heading else [("", "")]:
        codes = budget.functions(unit=unit, funds=funds)
        named = replace(base, unit=_unit_of(budget, name))
        if layout.units == "rows" and codes:
            meaning = replace(base, scheme="unit", level=1, name=name)
            cells = [Cell(name), *(Cell() for _ in keys)]
            sheet.rows.append(cells + amounts_of(budget, layout, meaning, amounts, unit=unit))
        for code in codes:
            if layout.codes == "dashed" and len(code) < 7:
                continue
            lead = [Cell(name if layout.units == "column" else "")] if unit_heading else []
            label = budget.names[code]
            meaning = replace(named, code=code, level=level_of(code), name=label)
            cells = lead + code_cells(layout, code, label)
            sheet.rows.append(cells + amounts_of(budget, layout, meaning, amounts, function=code, unit=unit))
    _add_total(sheet, budget, layout, base, amounts)
    return sheet


def _expenditure_summary(budget: Budget, layout: Layout) -> Sheet:
    if layout.cross:
        return _expenditure_by_both_classifications(budget, layout)
    amounts = _nature_columns(layout, "total", more=True)
    return _by_function("expenditure_summary", budget, layout, amounts, "expenditure", tuple(FUND_HEADINGS))


def _expenditure_by_both_classifications(budget: Budget, layout: Layout) -> Sheet:
    """支出总表 with a row per function 项, government and departmental economic 款 together."""
    amounts = _nature_columns(replace(layout, split_basic=False), "total", more=True)
    keys = [Column((h,), key=True) for h in ("支出功能分类科目", "政府支出经济分类科目", "部门支出经济分类科目")]
    sheet = _sheet("expenditure_summary", budget, layout, keys, amounts)
    total = ExpectedLine("expenditure_summary", "expenditure", "function", None, 0, layout.total_name(), None, "total", ZERO, layout.unit)
    for function, economic in sorted({(e.function, e.economic) for e in budget.entries}):
        government = government_codes()[economic]
        meaning = replace(
            total,
            code=function,
            level=3,
            name=budget.names[function],
            department_economic_code=economic,
            government_economic_code=government,
        )
        labels = [Cell(f"{code}-{budget.names[code]}") for code in (function, government, economic)]
        sheet.rows.append(labels + amounts_of(budget, layout, meaning, amounts, function=function, economic=economic))
    _add_total(sheet, budget, layout, total, amounts)
    return sheet


def _general_public(budget: Budget, layout: Layout) -> Sheet:
    amounts = _nature_columns(layout, "general_public", more=False)
    return _by_function("general_public_by_function", budget, layout, amounts, "expenditure", ("general_public",))


def _fiscal_by_function(budget: Budget, layout: Layout) -> Sheet:
    amounts = _nature_columns(layout, "fiscal_appropriation", more=False)
    return _by_function("fiscal_appropriation_by_function", budget, layout, amounts, "expenditure", FISCAL)


def _single_fund(statement: str, fund: str) -> Callable[[Budget, Layout], Sheet]:
    def built(budget: Budget, layout: Layout) -> Sheet:
        plain = replace(layout, split_basic=False, units="none")
        sheet = _by_function(statement, budget, plain, _nature_columns(plain, fund, more=False), "expenditure", (fund,))
        if len(sheet.rows) == 1:
            sheet.rows += [[Cell() for _ in sheet.columns] for _ in range(3)]
        return sheet

    return built


def _revenue_summary(budget: Budget, layout: Layout) -> Sheet:
    amounts = _fund_columns("total", nested=layout.titles % 2 == 0)
    if layout.appropriation or layout.final:
        apart = [ColumnMeaning((h,), f, "total") for f, h in FUND_HEADINGS.items() if f not in FISCAL]
        amounts = [amounts[0], ColumnMeaning(("财政拨款收入",), "fiscal_appropriation", "total"), *apart]
    if layout.final:
        amounts = [ColumnMeaning(("本年收入合计",), "current_year", "total", open_fund=True), *amounts[1:-1]]
    plain = replace(layout, further=frozenset())
    return _by_function("revenue_summary", budget, plain, amounts, "revenue", tuple(FUND_HEADINGS))


def _basic_by_economic(budget: Budget, layout: Layout) -> Sheet:
    statement, fund = "general_public_basic_by_economic", "general_public"
    if layout.blocks and not layout.cross:
        return _basic_in_blocks(budget, layout)
    if layout.split_basic or layout.cross:
        amounts = [ColumnMeaning(("合计",), fund, "basic")]
        amounts += [ColumnMeaning(("人员经费",), fund, "basic_personnel"), ColumnMeaning(("公用经费",), fund, "basic_operating")]
    else:
        amounts = [ColumnMeaning((layout.figure_heading(),), fund, "basic")]
    plain = replace(layout, codes="joined" if layout.codes == "dashed" else layout.codes)
    keys = code_columns(plain, economic=True)
    if layout.cross:
        keys = [Column((h,), key=True) for h in ("政府支出经济分类科目", "部门支出经济分类科目")]
    sheet = _sheet(statement, budget, layout, keys, amounts)
    base = ExpectedLine(statement, "expenditure", "department_economic", None, 0, layout.total_name(), None, "basic", ZERO, layout.unit)
    for code in budget.economics():
        name = budget.names[code]
        meaning = replace(base, code=code, level=level_of(code), name=name)
        labels = code_cells(plain, code, name, economic=True)
        if layout.cross:
            if len(code) == 3:
                continue
            government = government_codes()[code]
            meaning = replace(meaning, government_economic_code=government)
            labels = [Cell(f"{c}-{budget.names[c]}") for c in (government, code)]
        sheet.rows.append(labels + amounts_of(budget, layout, meaning, amounts, economic=code))
    _add_total(sheet, budget, layout, base, amounts)
    return sheet


def _basic_in_blocks(budget: Budget, layout: Layout) -> Sheet:
    """The basic statement in two blocks side by side: personnel on the left, operating on the right, a total below each."""
    statement = "general_public_basic_by_economic"
    base = ExpectedLine(statement, "expenditure", "department_economic", None, 0, None, "general_public", "basic", ZERO, layout.unit)
    joined = replace(layout, codes="joined")
    parts = []
    for nature, total in (("basic_personnel", "人员经费合计"), ("basic_operating", "公用经费合计")):
        column = ColumnMeaning((layout.figure_heading(),), "general_public", "basic")
        keys = code_columns(joined, economic=True, titles=("科目编码", "科目名称"))
        part = Part([*keys, Column(column.headings, numeric=True)])
        for code in budget.economics(nature=nature):
            name = budget.names[code]
            meaning = replace(base, code=code, level=level_of(code), name=name)
            part.rows.append(code_cells(joined, code, name, economic=True) + amounts_of(budget, layout, meaning, [column], economic=code))
        amount = budget.amount(fund="general_public", nature=nature)
        closing = amount_cell(layout, replace(base, name=total, nature=nature, amount=amount))
        part.ends = [[Cell(total, span=2, centred=True), Cell(span=0), closing]]
        parts.append(part)
    return side_by_side(statement, title_of(statement, layout, budget.fiscal_year), parts)


def _three_public(budget: Budget, layout: Layout) -> Sheet:
    three, statement = budget.three_public, "three_public"
    title = title_of(statement, layout, budget.fiscal_year)
    base = ExpectedLine(statement, "expenditure", "three_public", None, None, None, "fiscal_appropriation", "total", ZERO, layout.unit)
    items = [
        ("total", 0, ("合计",), "“三公”经费合计", three.total),
        ("abroad", 1, ("因公出国（境）费",), "一、因公出国（境）费", three.abroad),
        ("reception", 1, ("公务接待费",), "二、公务接待费", three.reception),
        ("vehicles", 1, ("公务用车购置及运行费", "小计"), "三、公务用车购置及运行费", three.vehicles),
        ("vehicle_purchase", 2, ("公务用车购置及运行费", "购置费"), "其中：公务用车购置费", three.vehicle_purchase),
        ("vehicle_operation", 2, ("公务用车购置及运行费", "运行费"), "公务用车运行费", three.vehicle_operation),
    ]
    cells = [amount_cell(layout, replace(base, code=code, level=level, amount=amount)) for code, level, _, _, amount in items]
    if layout.three_public == "items":
        sheet = Sheet(statement, title, [Column(("项目",), key=True), Column((layout.figure_heading(),), numeric=True)])
        sheet.rows = [[Cell(label), cell] for (_, _, _, label, _), cell in zip(items, cells, strict=True)]
        return sheet
    columns = [Column(headings, numeric=True) for _, _, headings, _, _ in items]
    if layout.three_public == "units":
        sheet = Sheet(statement, title, [Column(("单位名称",), key=True), *columns])
        named = [replace(c, meaning=replace(c.meaning, unit=_unit_of(budget, budget.units[0][1]))) if c.meaning else c for c in cells]
        sheet.rows = [[Cell(layout.total_word), *cells], [Cell(budget.units[0][1]), *named]]
        return sheet
    sheet = Sheet(statement, title, columns)
    sheet.rows = [cells]
    return sheet


def _projects(budget: Budget, layout: Layout) -> Sheet:
    statement = "project_expenditure"
    amounts = _fund_columns("project", nested=False)
    keys = [Column(("单位名称",), key=True), Column(("项目名称",), key=True)]
    sheet = _sheet(statement, budget, layout, keys, amounts)
    base = ExpectedLine(statement, "expenditure", "project", None, 0, layout.total_name(), None, "project", ZERO, layout.unit)
    names = dict(budget.units)
    for unit, project in budget.projects():
        meaning = replace(base, level=1, name=project, unit=_unit_of(budget, names[unit]))
        cells = amounts_of(budget, layout, meaning, amounts, unit=unit, project=project)
        sheet.rows.append([Cell(names[unit]), Cell(project), *cells])
    _add_total(sheet, budget, layout, base, amounts)
    return sheet


def _by_unit(budget: Budget, layout: Layout) -> Sheet:
    statement = "expenditure_by_unit"
    amounts = _nature_columns(replace(layout, split_basic=True, basic_subtotal=False), "total", more=False)
    sheet = _sheet(statement, budget, layout, [Column(("序号",), key=True), Column(("预算单位",), key=True)], amounts)
    base = ExpectedLine(statement, "expenditure", "unit", None, 0, layout.total_name(), None, "total", ZERO, layout.unit)
    for number, (unit, name) in enumerate(budget.units, 1):
        meaning = replace(base, level=1, name=name)
        cells = amounts_of(budget, layout, meaning, amounts, unit=unit)
        sheet.rows.append([Cell(str(number)), Cell(name), *cells])
    _add_total(sheet, budget, layout, base, amounts)
    return sheet


def _further(sheet: Sheet, layout: Layout) -> None:
    """Add the columns that stand beside the budget, to statements by code with a first column of totals."""
    if not layout.further or sheet.statement not in ("general_public_by_function", "fiscal_appropriation_by_function"):
        return
    first = _first_amount(sheet)
    prior = {"prior_year": "上年预算数", "change": "增减额", "percent": "增减率"}
    for kind in ("procurement", "prior_year", "change", "percent"):
        if kind not in layout.further:
            continue
        sheet.columns.append(Column(("其中：政府采购",) if kind == "procurement" else ("比上年", prior[kind]), numeric=True))
        for row in sheet.rows:
            meaning = row[first].meaning
            row.append(_derived_cell(kind, layout, meaning) if meaning else Cell())


def _derived_cell(kind: str, layout: Layout, meaning: ExpectedLine) -> Cell:
    """The cell of a column beside the budget, worked out of the budget amount (four fifths of it stood in the year before)."""
    before = meaning.amount * 4 / 5
    if kind == "percent":
        return Cell("25.00%")
    if kind == "procurement":
        return amount_cell(layout, replace(meaning, amount=meaning.amount / 5, nature="of_which_procurement"))
    if kind == "prior_year":
        return amount_cell(layout, replace(meaning, amount=before, measure="prior_year_budget"))
    return amount_cell(layout, replace(meaning, amount=meaning.amount - before, measure="change"))


_BUILDERS: dict[str, Callable[[Budget, Layout], Sheet]] = {
    "revenue_expenditure_summary": lambda budget, layout: summary("revenue_expenditure_summary", budget, layout),
    "revenue_summary": _revenue_summary,
    "expenditure_summary": _expenditure_summary,
    "expenditure_by_unit": _by_unit,
    "fiscal_appropriation_summary": lambda budget, layout: summary("fiscal_appropriation_summary", budget, layout),
    "fiscal_appropriation_by_function": _fiscal_by_function,
    "general_public_by_function": _general_public,
    "general_public_basic_by_economic": _basic_by_economic,
    "government_fund_by_function": _single_fund("government_fund_by_function", "government_fund"),
    "state_capital_by_function": _single_fund("state_capital_by_function", "state_capital"),
    "three_public": _three_public,
    "project_expenditure": _projects,
}
