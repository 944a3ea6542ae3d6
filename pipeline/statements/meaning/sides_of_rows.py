"""Which rows are income and which spending, planned and spent, where these stand one above the other in one column.

Belongs here: where one side ends and the other begins, and columns whose words tell rows apart by measure alone. Does not belong here:
halves side by side (`header_columns.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from msgspec.structs import replace

from pipeline.budget.characters import REMEMBERED, fold
from pipeline.statements.meaning.header_attributes import measure_of_row, read_header_text
from pipeline.statements.meaning.row_names import clean_name
from pipeline.statements.statement_model import Column, TableRow
from schemas.vocabulary.phrases import WordPattern, any_of

_FEWEST_MEASURES = 2  # that a column names: of one alone all rows are, and it says nothing of any
_LABELLING = ("code", "name", "unit_code", "unit_name")
_INCOME = WordPattern(lambda: any_of("statement_words.csv", "income_end") + "$")


def first_row_of_spending(rows: Sequence[TableRow], columns: Sequence[Column]) -> int:
    """Return how many leading rows are income: those to the last row named after it, or to the first one named after spending.

    Returns 0 where the rows do not say it: a row of one side stands among those of the other, or only one side is named.
    """
    if any(read_header_text(text).get("flow") for column in columns if column.role == "amount" for text in column.path):
        return 0
    sides = [(n, side) for n, row in enumerate(rows) if (side := _side(row, columns))]
    income = [n for n, side in sides if side == "revenue"]
    spending = [n for n, side in sides if side == "expenditure"]
    if not income or not spending or income[-1] > spending[0]:
        return 0
    return spending[0] if income[0] == 0 else income[-1] + 1


def with_columns_of_measures(columns: Sequence[Column], rows: Sequence[TableRow]) -> tuple[Column, ...]:
    """Return the columns; one that says of what measure each row is (预算数 over 决算数), beside one that names it, is one of years."""
    named = [c.index for c in columns if c.role in _LABELLING]
    return tuple(replace(c, role="year") if set(named) - {c.index} and _names_measures(c, rows) else c for c in columns)


def _names_measures(column: Column, rows: Sequence[TableRow]) -> bool:
    if column.role not in ("name", "group", "text"):
        return False
    said = set[str]()
    for row in rows:
        cell = row.cells[column.index] if row.top[column.index] else None
        if cell is not None and (text := fold(cell.text)):
            measure = measure_of_row(text, None)
            if measure is None:
                return False
            said.add(measure)
    return len(said) >= _FEWEST_MEASURES


@lru_cache(maxsize=REMEMBERED)
def names_income(name: str) -> bool:
    """Tell whether a row's name is that of an item or a total of income (事业收入, 本年收入合计)."""
    folded = fold(name)
    return _side_said(folded) == "revenue" or _INCOME.search(folded) is not None


def _side(row: TableRow, columns: Sequence[Column]) -> str | None:
    """Return the side that a row is named after alone (收入总计, 本年支出), if it is."""
    cell = next((row.cells[c.index] for c in columns if c.role == "name" and row.cells[c.index] is not None), None)
    return _side_said(fold(clean_name(cell.text)[0])) if cell is not None else None


def _side_said(folded: str) -> str | None:
    says = read_header_text(folded)
    return says.get("flow") or says.get("total") or says.get("current_total") or None
