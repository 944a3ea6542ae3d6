"""From header rows to columns: which rows are header, and what each column's amounts are (flow, fund, nature, measure)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.amounts import is_blank, parse_amount
from pipeline.characters import fold, squeeze
from pipeline.statements.statement import LABEL_ROLES, Column, Table, TableRow
from schemas.vocabulary import TitleMeaning, read_header, read_row_label

_YEAR = re.compile(r"(20\d\d)年?度?")
_SEQUENCE = re.compile(r"\d{1,2}|[a-z]|栏次|行次|\*+|[-—/]|\d+=[\d+\-()]+|[甲乙丙丁]", re.IGNORECASE)
_OF_WHICH = re.compile(r"^(?:其中[:,]?|其[:,]|含[:])")
_UNIT = re.compile(r"[(](?:单位[:])?(万元|元)[)]")
_NARROW = ("general_public", "government_fund", "state_capital")
_CARRYOVER_PARTS = ("general_public", "government_fund", "state_capital", "fiscal_appropriation", "special_account", "unit_funds")


def header_depth(table: Table) -> tuple[int, int]:
    """Return how many leading rows are header, and how many rows (column numbers included) to skip before the body."""
    rows = table.rows
    depth = 0
    for r, row in enumerate(rows[:12]):
        if is_column_numbers(row) and r > 0:
            return r, r + 1
        if not _is_header_row(rows, r, depth):
            break
        depth = r + 1
    return depth, depth


def is_column_numbers(row: TableRow) -> bool:
    """Tell whether a row only numbers the columns (栏次 1 2 3, ** 1 2 …)."""
    texts = [fold(t) for t in _own_texts(row)]
    return len(texts) >= 2 and all(_SEQUENCE.fullmatch(t) for t in texts) and _ascends(texts)


def _ascends(texts: list[str]) -> bool:
    numbers = [int(t) for t in texts if t.isdigit()]
    return (len(numbers) < 2 and not numbers) or all(b - a == 1 for a, b in zip(numbers, numbers[1:], strict=False))


def _own_texts(row: TableRow) -> list[str]:
    """Return the texts of a row's cells, each once, spanning ones only in their first row."""
    seen: set[int] = set()
    texts = []
    for cell, top in zip(row.cells, row.top, strict=True):
        if cell is not None and top and id(cell) not in seen and cell.text.strip():
            seen.add(id(cell))
            texts.append(cell.text)
    return texts


def _is_header_row(rows: Sequence[TableRow], r: int, depth: int) -> bool:
    row = rows[r]
    texts = [fold(t) for t in _own_texts(row)]
    if any(parse_amount(t) is not None and ("." in t or "," in t or len(t) > 4) for t in texts):
        return False
    covered = any(
        cell is not None and not top and cell.text.strip() and depth == r
        for cell, top in zip(row.cells, row.top, strict=True)
    )
    if not texts:
        return covered and depth == r
    if r and len(texts) <= 2 and all(read_row_label(_bare(t)).get("total") for t in texts) and not covered:
        return False
    known = sum(1 for t in texts if _says(t))
    if covered and known:
        return True
    if known * 2 < len(texts):
        return False
    # A first data row may hold a known word as a row label (一般公共预算 …): a header names a label column, too, or goes on.
    return r == 0 or (known == len(texts) and len(texts) > 1) or known > 2


def _bare(folded: str) -> str:
    return _YEAR.sub("", _OF_WHICH.sub("", _UNIT.sub("", folded)))


def _says(folded: str) -> dict[str, str]:
    return read_header(_bare(folded)) or read_header(folded)


def read_columns(
    table: Table,
    depth: int,
    body: int,
    meaning: TitleMeaning | None,
    *,
    fiscal_year: int | None,
    kind: str,
) -> list[Column]:
    """Return what each column of a table holds.

    Args:
        table: the stitched table.
        depth: number of header rows; body: index of the first body row (see `header_depth`).
        meaning: what the title announces.
        fiscal_year: of the document, to tell its own year's columns from others.
        kind: `budget` or `final_account`.
    """
    width = len(table.edges)
    columns = []
    for c in range(width):
        header = _header_cells(table.rows[:depth], c)
        column = _read_column(c, tuple(fold(t) for t in header), _column_texts(table.rows[body:], c))
        column.header = squeeze(header[-1]) if header else ""
        columns.append(column)
    _inherit_schemes(columns)
    _number_blocks(columns)
    _attribute(columns, meaning, fiscal_year, kind)
    return columns


def _header_cells(header: Sequence[TableRow], c: int) -> list[str]:
    """Return the texts of the header cells over a column, top to bottom, each once."""
    texts: list[str] = []
    for row in header:
        cell = row.cells[c]
        if cell is not None and fold(cell.text) and (not texts or fold(texts[-1]) != fold(cell.text)):
            texts.append(cell.text)
    return texts


def _column_texts(rows: Sequence[TableRow], c: int) -> list[str]:
    return [cell.text for row in rows if (cell := row.cells[c]) is not None and row.top[c] and cell.text.strip()]


def _share_of_amounts(texts: Sequence[str]) -> float:
    filled = [t for t in texts if not is_blank(t)]
    return sum(parse_amount(t) is not None for t in filled) / len(filled) if filled else 0.0


def _scheme(path: tuple[str, ...]) -> str | None:
    joined = "".join(path)
    if "政府" in joined and "经济" in joined:
        return "government_economic"
    if "经济" in joined:
        return "department_economic"
    return "function" if "功能" in joined else None


def _read_column(c: int, path: tuple[str, ...], texts: list[str]) -> Column:
    role = next((says["role"] for text in reversed(path) if (says := _says(text)).get("role")), None)
    bottom = _says(path[-1]) if path else {}
    amounts = _share_of_amounts(texts)
    speaks = bool(set(bottom) - {"role"}) and "role" not in bottom
    scheme = _scheme(path)
    if bottom.get("percent"):
        return Column(c, "text", path=path)
    if role in ("count", "year") and not speaks:
        return Column(c, "text", path=path)
    if speaks or (role is None and amounts > 0.5 and not _looks_like_codes(texts)):
        if texts and amounts == 0 and not any(char.isdigit() for text in texts for char in text):
            return Column(c, "text" if speaks else "name", path=path, scheme=scheme)
        return Column(c, "amount", path=path, understood=any(_says(text) for text in path))
    if role in ("name", "code", "group", "unit_name", "text") and amounts > 0.8 and not _looks_like_codes(texts):
        return Column(c, "amount", path=path, understood=False)
    if role is None:
        role = "code" if _looks_like_codes(texts) else "name" if texts else "text"
    if role in ("code", "name") and scheme == "government_economic":
        role = "government_" + role
    return Column(c, role, path=path, scheme=scheme)


def _looks_like_codes(texts: Sequence[str]) -> bool:
    folded = [fold(t) for t in texts]
    return bool(folded) and sum(bool(re.fullmatch(r"\d{2,3}|\d{5}|\d{6,12}", t)) for t in folded) > 0.6 * len(folded)


def _inherit_schemes(columns: list[Column]) -> None:
    """A code column without a scheme of its own takes that of the name column right of it."""
    for c in range(len(columns) - 2, -1, -1):
        column, right = columns[c], columns[c + 1]
        if column.role == "code" and column.scheme is None and right.role in ("code", "name", "government_code", "government_name"):
            column.scheme = right.scheme
            if right.role.startswith("government_"):
                column.role = "government_code"


def _number_blocks(columns: list[Column]) -> None:
    block, amounts = 0, False
    for column in columns:
        if column.role in LABEL_ROLES and amounts and column.role != "group":
            block, amounts = block + 1, False
        column.block = block
        amounts = amounts or column.role == "amount"
    if not amounts and block:  # a trailing label column without amounts belongs to the block before it
        for column in columns:
            if column.block == block:
                column.role, column.block = "text", block - 1
    government_only = {c.block for c in columns} - {c.block for c in columns if c.role in ("code", "name", "unit_name", "unit_code", "group")}
    for column in columns:
        if column.block in government_only and column.role.startswith("government_"):
            column.role = column.role.removeprefix("government_")


def _attribute(columns: list[Column], meaning: TitleMeaning | None, fiscal_year: int | None, kind: str) -> None:
    statement = meaning.statement if meaning else "other"
    amounts = [c for c in columns if c.role == "amount"]
    finals = any("决算" in text for c in amounts for text in c.path)
    for column in amounts:
        _attribute_one(column, columns, meaning, statement, fiscal_year, kind, finals)
    if any(c.item for c in amounts):
        _name_totals(amounts)
    _name_subtotals(amounts)


def _attribute_one(
    column: Column,
    columns: list[Column],
    meaning: TitleMeaning | None,
    statement: str,
    fiscal_year: int | None,
    kind: str,
    finals: bool,
) -> None:
    fund = nature = of_which = measure = None
    carryover = False
    scope_fund = meaning.fund if meaning else None
    scope_nature = meaning.nature if meaning else None
    scoped_carryover = bool(scope_fund and scope_fund.startswith("carryover"))
    for text in column.path:
        says = _says(text)
        column.flow = says.get("flow") or says.get("total") or says.get("current_total") or column.flow
        if unit := _UNIT.search(text):
            column.unit_text = unit[1]
        if statement == "three_public" and "three_public" in says and not _is_whole_header(text):
            column.item = says["three_public"]
        carryover = carryover or "carryover" in says
        if "fund" in says:
            fund = says["fund"]
            if fund == "other" and "资金" in text and sum(text in c.path for c in columns if c.role == "amount") > 1:
                fund = "unit_funds"  # 其他资金 over several columns is a subtotal of them
        if "current_total" in says:
            fund = "current_year"
        if "nature" in says:
            nature = says["nature"]
        if "of_which" in says and statement != "procurement":
            of_which = says["of_which"]
        elif _OF_WHICH.match(text) and text not in ("其中:", "其中") and "nature" not in says and fund is None:
            of_which = "of_which_other"
        measure = _measure(text, says, fiscal_year) or measure
    if carryover or (scoped_carryover and fund):
        fund = f"carryover_{fund}" if fund in _CARRYOVER_PARTS else "carryover"
    if scope_fund in _NARROW and fund in (None, "fiscal_appropriation", "total"):
        fund = scope_fund
    if any("本年" in t and _says(t).get("flow") == "revenue" for t in column.path[:-1]) and fund is None and "total" in _says(column.path[-1]):
        fund = "current_year"
    column.fund = fund or scope_fund or "total"
    column.nature = of_which or nature or scope_nature or "total"
    column.measure = measure or _default_measure(column, kind, finals)
    if statement == "revenue_summary":
        column.flow, column.nature = "revenue", of_which or "total"
    elif statement not in ("revenue_expenditure_summary", "fiscal_appropriation_summary", "government_fund_by_function", "state_capital_by_function"):
        column.flow = "expenditure"
    elif column.flow is None:
        column.flow = "revenue" if column.block == 0 and any(c.block for c in columns) else "expenditure"


def _is_whole_header(text: str) -> bool:
    """A header over the whole 三公 table says nothing of one column, unless it says 合计."""
    return ("三公" in text) and not re.search(r"合计|小计|总额|总计|总数", text)


def _measure(text: str, says: dict[str, str], fiscal_year: int | None) -> str | None:
    measure = says.get("measure")
    if measure == "change":
        return measure
    year = _YEAR.search(text)
    if year and fiscal_year and int(year[1]) < fiscal_year:
        if "决算" in text or "执行" in text or "完成" in text:
            return "prior_year_final"
        return "prior_year_budget" if "预算" in text else "prior_year"
    return measure


def _default_measure(column: Column, kind: str, finals: bool) -> str:
    if kind != "final_account":
        return "budget"
    joined = "".join(column.path)
    if "决算" in joined or not finals:
        return "final"
    return "adjusted_budget" if "调整" in joined or "全年" in joined else "budget" if "预算数" in joined else "final"


def _name_totals(amounts: list[Column]) -> None:
    """Within a 三公 statement with its items in columns, tell what a bare 合计 or 小计 covers."""
    meetings = {c.path[:-1] for c in amounts if c.item in ("conference", "training")}
    for column in amounts:
        if column.item is None and column.path and "total" in _says(column.path[-1]):
            column.item = "total"
        # A whole over columns of meetings and training includes them; a 小计 under 三公 beside them does not.
        if column.item == "total" and meetings and not any("三公" in t for t in column.path):
            column.item = "with_meetings_training"


def _name_subtotals(amounts: list[Column]) -> None:
    """A second bare total, under a group header with carry-over outside the group, is that of the year's funds."""
    first: set[tuple[int, str | None, str | None]] = set()
    for column in amounts:
        if (column.fund, column.nature) != ("total", "total") or column.item:
            continue
        key = (column.block, column.measure, column.flow)
        if key in first and len(column.path) > 1:
            outside = (c for c in amounts if c.block == column.block and c.path[:1] != column.path[:1])
            if any((c.fund or "").startswith("carryover") for c in outside):
                column.fund = "current_year"
        first.add(key)
