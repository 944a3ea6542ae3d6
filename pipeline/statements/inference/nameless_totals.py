"""Rows of totals without a name: which numbers they print that no label explains, but sums prove."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from msgspec.structs import replace

from pipeline.budget.amounts import parse_amount, to_yuan
from pipeline.budget.characters import without_spaces
from pipeline.budget.line import Line
from pipeline.budget.sums import adds_up, printed_step
from pipeline.document.content import Cell
from pipeline.statements.statement_model import UNNAMED, Column, TableRow


@dataclass(frozen=True, slots=True)
class UnlabelledRows:
    """The rows of a table, to be searched for totals without a name.

    Some publishers leave the cell of 合计 empty, or print the total twice, once rounded.

    Attributes:
        rows: of the table, its header included.
        body: how many rows its header has.
        amounts: its columns of amounts.
        passed_over: rows, by index, whose label says that their numbers are no amounts.
    """

    rows: Sequence[TableRow]
    body: int
    amounts: Sequence[Column]
    passed_over: Collection[int] = ()

    def repeated_totals(self, lines: Sequence[Line]) -> list[Line]:
        """Return the lines of rows above the first labelled one of which each number is its column's total again.

        A number that is no total of its column stays uncaptured.
        """
        totals = {line.column: line for line in lines if line.level == 0 and line.nature and line.scheme != "three_public"}
        found: list[Line] = []
        for r in range(self.body, min(line.row for line in lines) - 1) if totals else ():
            pairs = [(totals.get(c.index + 1), cell, value, page) for c, cell, value, page in self._numbers(r)]
            if pairs and all(t and (value is None or _is_again(t, value)) for t, _, value, _ in pairs):
                found += [_repeated_total(t, cell, v, r + 1, page) for t, cell, v, page in pairs if t]
        return found

    def closing_total(self, lines: Sequence[Line]) -> list[Line]:
        """Return the lines of a last row of which each number is the sum of its column, where no other total is printed."""
        last = max((line.row for line in lines), default=0)
        if not last or last >= len(self.rows) or any(line.level == 0 for line in lines):
            return []
        leaves: defaultdict[int, list[Line]] = defaultdict(list)
        for line in lines:
            if line.is_leaf and line.unit_text and line.scheme != "three_public":
                leaves[line.column].append(line)
        printed = [(leaves[c.index + 1], cell, value, page) for c, cell, value, page in self._numbers(last)]
        if not all(len(own) > 1 and (value is None or _sum_of(own, value)) for own, _, value, _ in printed):
            return []
        return [_repeated_total(_total_of(own), cell, value, last + 1, page) for own, cell, value, page in printed]

    def _numbers(self, r: int) -> list[tuple[Column, Cell | None, Decimal | None, int]]:
        """Return the numbers that a row prints in the columns of amounts, with their pages; None where an unplaced one may stand."""
        row = self.rows[r]
        loose = {c for part in row.unplaced for c in part.columns}
        found: list[tuple[Column, Cell | None, Decimal | None, int]] = []
        for column in self.amounts if r not in self.passed_over else ():
            cell = row.cells[column.index]
            value = parse_amount(cell.text) if cell else None
            if value is not None or column.index in loose:
                found.append((column, cell, value, row.page_of(column.index)))
        return found


def _is_again(total: Line, value: Decimal) -> bool:
    return abs(total.amount - to_yuan(value, total.unit_text or "元")) < printed_step(total)


def _sum_of(parts: Sequence[Line], value: Decimal) -> bool:
    return adds_up(to_yuan(value, parts[0].unit_text), parts, min(map(printed_step, parts)))


def _total_of(parts: Sequence[Line]) -> Line:
    uncoded = replace(parts[0], code=None, code_source=None, standard_name=None)
    whole = replace(uncoded, department_economic_code=None, government_economic_code=None)
    return replace(whole, level=0, unit=None, is_leaf=False)


def _repeated_total(total: Line, cell: Cell | None, value: Decimal | None, row: int, page: int) -> Line:
    """Return a total printed a second time, in a row without a name."""
    if cell is None or value is None:
        return replace(total, row=row, page=page, name="", standard_name=UNNAMED)
    x0, y0, x1, y1 = (cell.text_box or cell.box) if cell.address is None else (None, None, None, None)
    amount = to_yuan(value, total.unit_text) if total.unit_text else value
    moved = replace(total, row=row, page=page, x0=x0, y0=y0, x1=x1, y1=y1, cell=cell.address)
    return replace(moved, name="", standard_name=UNNAMED, amount=amount, amount_text=without_spaces(cell.text))
