"""From statements as understood to budget lines: codes for names, and what only the sums of the rows can tell.

Does not belong here: what titles, headers and row names mean (`statement_recognition.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import msgspec

from pipeline.budget.amounts import LARGEST, YUAN_PER, count_numbers, is_blank, parse_amount, parse_with_unit, to_yuan
from pipeline.budget.characters import fold, without_spaces
from pipeline.budget.codes.book import DEPARTMENT_ECONOMIC, CodeList
from pipeline.budget.codes.misprinted_codes import without_names_of_others
from pipeline.budget.line import Line
from pipeline.budget.sums import CODED, PARTS_OF_BASIC, step_of
from pipeline.document.content import Cell
from pipeline.identity.same_body import is_own_office, same_body
from pipeline.statements.column_numbers import is_column_numbers
from pipeline.statements.inference.basic_parts import with_of_which_decided, with_of_which_of_document
from pipeline.statements.inference.counted_twice import with_leaves_counted_once
from pipeline.statements.inference.funds_of_sections import with_funds_of_sections, with_units_of_sums
from pipeline.statements.inference.leaves import addend_columns, with_leaves_by_code
from pipeline.statements.inference.lost_columns.unplaced_numbers import (
    StatementToPlace,
    choose_interpretation,
    place_numbers,
    unplaced_rows,
)
from pipeline.statements.inference.nameless_totals import UnlabelledRows
from pipeline.statements.inference.nesting import with_leaves_of_list
from pipeline.statements.inference.open_columns import solve_unidentified_columns
from pipeline.statements.inference.spanning_amounts import places_covered, with_spanning_placed
from pipeline.statements.inference.totals_by_sums import LabelledRow, PrintedAmount, with_totals
from pipeline.statements.meaning.codes_of_rows import Classifier
from pipeline.statements.meaning.purchases import with_kinds_above
from pipeline.statements.meaning.row_labels import three_public_level
from pipeline.statements.meaning.row_names import clean_name
from pipeline.statements.meaning.rows_of_years import are_of_one_measure, measure_of_label
from pipeline.statements.meaning.sides_of_rows import implied_fund, names_income, scope_of
from pipeline.statements.meaning.table_heading import the_unit
from pipeline.statements.meaning.unit_rows import with_department_above, with_department_rows, with_rows_of_whole_department
from pipeline.statements.meaning.units_of_rows import NO_MONEY, units_of_rows
from pipeline.statements.statement_model import (
    NO_AMOUNTS,
    NO_BOX,
    UNNAMED,
    Block,
    Column,
    Quantity,
    RecognisedStatement,
    RowLabel,
    Statement,
    TableInterpretation,
    TableRow,
)
from schemas.statements import kind_of


def code_statements(
    recognised: Sequence[RecognisedStatement], *, fiscal_year: int | None, department: str | None, book: CodeList
) -> list[Statement]:
    """Return statements with their lines.

    Args:
        recognised: all statements of a document.
        fiscal_year: of the document, as far as it is known.
        department: the body that the document is about.
        book: code names.

    Returns:
        One statement for each that was recognised, in the same order. A statement whose unit is not printed has `unit_text` None
        and its amounts are in the printed unit until `pipeline.statements.inference.unprinted_units` proves one. Numbers whose
        columns are lost are placed where the sums over all statements force them; of the others only is said what is certain.
    """
    coder = _Coder(book, fiscal_year, department)
    return with_spanning_placed(with_of_which_of_document(place_numbers([coder.code(statement) for statement in recognised])))


_CENT = Decimal("0.01")  # the dataset keeps two decimals
_TOO_LARGE = dict[str | None, Decimal]({None: LARGEST / max(YUAN_PER.values())} | {u: LARGEST / yuan for u, yuan in YUAN_PER.items()})
"""In each unit, and in one that is not known: no amount of money is so large."""

_UNPLACED = Decimal(0)
"""Stands where a number may be that is still to be placed."""


@dataclass(frozen=True, slots=True)
class _Coder:
    book: CodeList
    fiscal_year: int | None
    department: str | None

    def code(self, recognised: RecognisedStatement) -> StatementToPlace:
        """Return one statement with its lines, and the rows of which the numbers are to be placed."""
        readings = [self._read(recognised, reading) for reading in recognised.readings]
        return choose_interpretation([r for r in readings if r is not None]) or StatementToPlace(_empty(recognised, recognised.kind), ())

    def _read(self, recognised: RecognisedStatement, reading: TableInterpretation) -> StatementToPlace | None:
        """Return a statement under one reading, or None where a row prints more numbers than it has columns."""
        columns = reading.columns
        kind = kind_of(reading.kind)
        if not (kind.is_summary or kind.items):
            columns = solve_unidentified_columns(columns, reading.rows[reading.body :])
        blank, lines, quantities, no_amounts = _empty(recognised, reading.kind), list[Line](), list[Quantity](), 0
        spanning = list[tuple[Line, ...]]()
        for block in reading.blocks:
            own = [c for c in columns if c.block == block.number]
            coded, numbers = self._code_block(recognised, reading, blank, block, own)
            lines += [places[0] for places in coded if len(places) == 1]
            spanning += [places for places in coded if len(places) > 1]
            counted, more = _quantities(reading, block, own) if kind.rows == "procurement_item" else ([], 0)
            quantities += counted
            no_amounts += numbers + more
        if self.department and kind.items:
            lines = with_rows_of_whole_department(lines, fold(self.department))
        lines = with_of_which_decided(lines)
        counts = {
            r for block in reading.blocks for r, label in enumerate(block.labels, reading.body) if label and label.measure in NO_AMOUNTS
        }
        bare = UnlabelledRows(reading.rows, reading.body, [c for c in columns if c.role == "amount"], counts)
        lines += bare.repeated_totals(lines)
        addends = addend_columns(columns, lines)
        lines = without_names_of_others(lines, self.book)
        indents = {r: x.indent for block in reading.blocks[:1] for r, x in enumerate(block.labels, reading.body + 1) if x}
        lines = with_leaves_counted_once(with_leaves_of_list(with_leaves_by_code(lines, addends), indents))
        lines += bare.closing_total(lines)
        body = self.department if recognised.entity and self.department and same_body(recognised.entity, self.department) else None
        lines = with_department_above(lines, (label for block in reading.blocks for label in block.labels), columns, body)
        rows = unplaced_rows(reading, lines)
        if any(len(row.numbers) > len(row.cells) for row in rows):
            return None
        loose = {r for r, row in enumerate(reading.rows, start=1) if row.unplaced}
        strips = _empty_columns_left(reading)
        placed = tuple(
            msgspec.structs.replace(line, column=line.column - strips) if strips else line for line in lines if line.row not in loose
        )
        classes = tuple(name for block in reading.blocks for label in block.labels if label and (name := self._open_class(label)))
        return StatementToPlace(
            replace(
                blank,
                lines=placed,
                amounts_printed=blank.amounts_printed - no_amounts,
                quantities=tuple(quantities),
                spanning=tuple(tuple(msgspec.structs.replace(x, column=x.column - strips) for x in places) for places in spanning),
                open_classes=classes,
                apart=frozenset(r for r, row in enumerate(reading.rows, start=1) if row.apart),
            ),
            tuple(rows),
            frozenset(number - strips for number in addends),
        )

    def _open_class(self, label: RowLabel) -> str | None:
        """Return the economic class that a purchase prints by a name that has no code, or several; None where there is none."""
        if label.economic_name is None or label.department_economic_code is not None:
            return None
        codes = self.book.codes(DEPARTMENT_ECONOMIC, label.economic_name, year=self.fiscal_year)
        return label.economic_name if len(codes) != 1 else None

    def _code_block(
        self, recognised: RecognisedStatement, reading: TableInterpretation, statement: Statement, block: Block, columns: Sequence[Column]
    ) -> tuple[list[tuple[Line, ...]], int]:
        """Return for each amount of a block the lines that it may be, and how many numbers of its columns are counts: no amounts at all."""
        found, no_amounts = list[tuple[Line, ...]](), 0
        rows = reading.rows[reading.body :]
        amounts = [c for c in columns if c.role == "amount"]
        labels = with_department_rows(Classifier(self.book, self.fiscal_year).resolve(reading.kind, block))
        labels = with_kinds_above(labels) if kind_of(reading.kind).rows == "procurement_item" else labels
        items_in_columns = kind_of(reading.kind).items is not None and any(c.item for c in amounts)
        default_fund = implied_fund(kind_of(reading.kind), amounts, labels)
        units = units_of_rows(rows, columns, statement.unit_text)
        printed = [tuple(_amounts(row, amounts)) for row in rows]
        table = [_labelled(*each, statement.unit_text) for each in zip(printed, labels, units, strict=True)]
        labels = with_totals(with_funds_of_sections(with_units_of_sums(table)) if block.flow == "expenditure" else table)
        numbering = [is_column_numbers(row) for row in rows]
        nameless = [n for n, label in enumerate(labels) if label is None and not numbering[n]]
        may_be_total = (items_in_columns or not any(labels)) and sum(_prints_numbers(printed[n]) for n in nameless) == 1
        may_be_total = may_be_total and are_of_one_measure(labels, self.fiscal_year)
        counted = _cells_of_counts(rows, labels, amounts)
        first = min(c.index for c in columns)
        begun = [c for c in amounts if any(_begins(row, c) for row in reading.rows)]
        for r, (row, label, row_unit) in enumerate(zip(rows, labels, units, strict=True)):
            if numbering[r]:
                continue
            if label is None:
                if not may_be_total:
                    continue  # of several rows without a name at most one is the total, and nothing says which
                label = RowLabel("", block.scheme or "item", 0)
            for column, cell in printed[r]:
                if label.measure in NO_AMOUNTS or (column.index, r) in counted or row_unit == NO_MONEY:
                    no_amounts += count_numbers(cell.text, in_body=True, alone=True) if cell else 0
                    continue
                places = places_covered(rows, labels, r, column, begun) if cell else [(r, column)]
                lines: list[Line] = []
                for at, own in places if all(units[at] != NO_MONEY for at, _ in places) else ():
                    whose, place = labels[at] or label, (at + reading.body + 1, rows[at].page_of(column.index))
                    line = self._line(recognised, statement, own, whose, cell, units[at], *place, items_in_columns, default_fund)
                    closes = line and not whose.level and whose.nature is None and _closes_blocks_before(row, first)
                    if line and closes and line.nature in PARTS_OF_BASIC:  # 合计 below halves of 人员经费 and 公用经费
                        line = msgspec.structs.replace(line, nature=kind_of(reading.kind).nature or "total")
                    lines += [line] if line else []
                if lines:
                    found.append(tuple(lines))
        return found, no_amounts

    def _standard_name(self, scheme: str, code: str | None, name: str) -> str | None:
        if code and scheme in CODED:
            return self.book.standard_name(scheme, code, self.fiscal_year)
        return None if name else UNNAMED

    def _line(
        self,
        recognised: RecognisedStatement,
        statement: Statement,
        column: Column,
        label: RowLabel,
        cell: Cell | None,
        row_unit: str | None,
        row: int,
        page: int,
        items_in_columns: bool,
        default_fund: str | None,
    ) -> Line | None:
        value, own_unit = parse_with_unit(cell.text) if cell else (_UNPLACED, None)
        if value is None:
            return None
        # where unplaced numbers have no unit, they are kept as printed
        unit = own_unit or row_unit or column.unit_text or statement.unit_text or ("元" if cell is None else None)
        if unit and (unit not in YUAN_PER or (row_unit and not own_unit and column.unit_text not in (None, row_unit))):
            return None  # printed in a unit that is not published, or in two
        unit_evidence = "amount" if own_unit else "row" if row_unit else "header" if column.unit_text else "table"
        if abs(value) >= _TOO_LARGE[unit]:
            return None  # the number of a seal or a document: no amount of money
        kind = kind_of(statement.kind)
        scheme, code, level, name, source = label.scheme, label.code, label.level, label.name, label.code_source
        group = label.unit
        measure = column.measure or "budget"
        flow = label.flow or column.flow or "expenditure"
        if flow == "expenditure" and (scheme == "revenue_item" or (kind.is_summary and code is None and names_income(name))):
            return None  # spending that bears the name of an item of income: the name of another half of the table
        if items_in_columns:
            if label.scheme == "unit" and label.level:
                group = None if label.heads_units else label.name
            scheme, code, name, source = kind.items or label.scheme, column.item, clean_name(column.named)[0] or label.name, "printed"
            level = three_public_level(column.item) if column.item else 0
            measure = measure_of_label(label, self.fiscal_year) or measure
        measure = label.measure or measure
        fund, nature = scope_of(label, column, kind, flow=flow, scheme=scheme, code=code, default_fund=default_fund)
        # Without a title, a total may be of one fund or nature only.
        scoped = recognised.titled or (fund != "total" and (nature != "total" or flow == "revenue"))
        understood = column.understood and scoped and None not in (fund, nature)
        box = (cell.text_box or cell.box) if cell and cell.address is None and cell.box != NO_BOX else None
        entity = recognised.entity
        if group is None and entity and self.department and (is_own_office(entity) or not same_body(entity, self.department)):
            group = entity
        return Line(
            statement=statement.kind,
            statement_no=statement.number,
            source="table",
            flow=flow,
            scheme=scheme,
            level=level,
            name=name,
            fund=fund if understood else None,
            nature=nature if understood else None,
            amount=to_yuan(value, unit) if unit else value,
            amount_text=without_spaces(cell.text) if cell else "",
            unit_text=unit or "",
            row=row,
            column=column.index + 1,
            statement_title=statement.title,
            unit=None if scheme == "unit" else group,
            code=code,
            code_source=source if code else None,
            standard_name=self._standard_name(scheme, code, name),
            department_economic_code=label.department_economic_code,
            government_economic_code=label.government_economic_code,
            function_code=label.function_code,
            catalogue_code=label.catalogue_code,
            project=label.project,
            unit_evidence=unit_evidence,
            measure=measure,
            column_evidence="ambiguous" if not understood else "solved" if column.solved else "printed",
            page=page,
            x0=box.x0 if box else None,
            y0=box.y0 if box else None,
            x1=box.x1 if box else None,
            y1=box.y1 if box else None,
            cell=cell.address if cell else None,
        )


def _empty(recognised: RecognisedStatement, kind: str) -> Statement:
    return Statement(
        recognised.number,
        kind,
        recognised.title,
        the_unit(recognised.money_units),
        amounts_printed=recognised.amounts_printed,
        unknown=recognised.unknown,
        unknown_title=recognised.unknown_title,
        entity=recognised.entity,
        ruled=recognised.ruled,
        pages=recognised.pages,
        printed_on=recognised.printed_on,
        money_units=() if the_unit(recognised.money_units) else recognised.money_units,
    )


def _amounts(row: TableRow, columns: Sequence[Column]) -> Iterator[tuple[Column, Cell | None]]:
    """Yield the cells of a row that may hold amounts, each once; where an unplaced amount may stand, no cell."""
    loose = {c for part in row.unplaced for c in part.columns}
    used: set[int] = set()
    for column in columns:
        at = column.index
        cell = row.cells[at]
        if at in loose:
            yield column, None
        elif cell is not None and row.top[at] and not is_blank(cell.text) and (start := row.start_of(at)) not in used:
            used.add(start)
            yield column, cell


_Printed = Sequence[tuple[Column, Cell | None]]
"""The cells of a row that may hold amounts (see `_amounts`)."""


def _begins(row: TableRow, column: Column) -> bool:
    """Tell whether a cell with text begins in a column: the row that numbers the columns may part what no other row does."""
    cell = row.cells[column.index]
    return row.left[column.index] and cell is not None and not is_blank(cell.text)


def _prints_numbers(cells: _Printed) -> bool:
    return any(cell is None or parse_amount(cell.text) is not None for _, cell in cells)


def _labelled(cells: _Printed, label: RowLabel | None, row_unit: str | None, unit_text: str | None) -> LabelledRow | None:
    """Return a row with what it prints, in yuan as far as its unit is known; without its unplaced numbers."""
    if label is None:
        return None
    amounts = {}
    for column, cell in cells:
        value, own_unit = parse_with_unit(cell.text) if cell else (None, None)
        if cell and value is not None:
            unit = own_unit or row_unit or column.unit_text or unit_text or ""
            known = unit in YUAN_PER
            amounts[column.index] = PrintedAmount(
                to_yuan(value, unit) if known else value, step_of(unit if known else "", without_spaces(cell.text))
            )
    return LabelledRow(label, amounts)


def _empty_columns_left(reading: TableInterpretation) -> int:
    """Number of strips without any text left of the table's first column: between its border and a line that no one sees."""
    filled = {c for row in reading.rows for c, cell in enumerate(row.cells) if cell and cell.text.strip()}
    return min(filled | {c.index for c in reading.columns if c.headers}, default=0)


def _quantities(reading: TableInterpretation, block: Block, columns: Sequence[Column]) -> tuple[list[Quantity], int]:
    """Return how many of what the rows of a block buy, and how many of these numbers look like amounts."""
    found, like_amounts = list[Quantity](), 0
    counted = [column for column in columns if column.role == "quantity"]
    for row, label in zip(reading.rows[reading.body :], block.labels, strict=True):
        for column, cell in _amounts(row, counted) if label is not None and not is_column_numbers(row) else ():
            value = parse_amount(cell.text) if cell else None
            if cell is None or label is None or value is None or value != value.quantize(_CENT):
                continue
            box = (cell.text_box or cell.box) if cell.address is None else None
            found.append(Quantity(label.name or UNNAMED, value, not label.is_bought, row.page_of(column.index), box, cell.address))
            like_amounts += count_numbers(cell.text, in_body=False, alone=False)
    return found, like_amounts


def _closes_blocks_before(row: TableRow, first: int) -> bool:
    """Tell whether a row's label begins left of its block: it closes the blocks before as well."""
    cell = row.cells[first]
    return cell is not None and cell.column < first and not is_blank(cell.text)


def _cells_of_counts(rows: Sequence[TableRow], labels: Sequence[RowLabel | None], amounts: Sequence[Column]) -> set[tuple[int, int]]:
    """Return the cells (column, row) that go on counting below a row that counts: whole numbers where amounts have decimals."""
    found: set[tuple[int, int]] = set()
    if not any(label is not None and label.measure == "count" for label in labels):
        return found
    for index in (c.index for c in amounts):
        texts = ["" if (cell := row.cells[index]) is None else fold(cell.text) for row in rows]
        counting = False
        for r, (text, label) in enumerate(zip(texts, labels, strict=True)):
            if label is not None and label.measure == "count":
                counting = any("." in t for t in texts)
            elif "." in text:
                counting = False
            elif counting and text.isdigit():
                found.add((index, r))
    return found
