"""From a document's tables to statements as understood: what titles, headers and row names say, whatever the layout.

Belongs here: the order in which a table is read, and what one part of it says of another. Does not belong here: codes for names
and what only sums can tell (`statement_coding.py`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from pipeline.budget.amounts import count_numbers, has_digits, is_sentence, parse_amount, without_counts
from pipeline.budget.characters import fold, without_spaces
from pipeline.budget.patterns import FISCAL_YEAR, YEAR_DIGITS
from pipeline.document.content import Cell, Content
from pipeline.statements.column_numbers import is_column_numbers
from pipeline.statements.layout.parts_of_file import covers, kind_said, of_other_documents
from pipeline.statements.layout.stitching import tables_of
from pipeline.statements.meaning.headers.header_columns import header_depth, read_columns
from pipeline.statements.meaning.headers.header_texts import is_rate, read_header_text
from pipeline.statements.meaning.headers.notes import measured_as_noted
from pipeline.statements.meaning.headers.tall_amounts import with_amounts_in_the_body
from pipeline.statements.meaning.revenue_items import blocks_of_income_codes
from pipeline.statements.meaning.row_labels import read_rows
from pipeline.statements.meaning.row_names import clean_name
from pipeline.statements.meaning.sides_of_rows import (
    first_row_of_spending,
    with_codes_of_income,
    with_columns_of_measures,
    with_projects_over_codes,
    with_said_beside,
    without_ways_of_classifying,
)
from pipeline.statements.meaning.table_heading import Heading, read_heading, units_in
from pipeline.statements.meaning.unit_rows import (
    may_be_unit,
    unit_name,
    with_totals_of_units,
    with_units_by_code,
    with_units_in_the_middle,
)
from pipeline.statements.meaning.units_of_rows import with_one_unit
from pipeline.statements.statement_model import (
    LABEL_ROLES,
    Block,
    Column,
    RecognisedStatement,
    RowContext,
    RowLabel,
    Table,
    TableInterpretation,
    TableRow,
)
from schemas.statement_kind import StatementKind
from schemas.statements import OTHER, kind_of
from schemas.vocabulary.phrases import WordPattern, any_of, meanings
from schemas.vocabulary.titles import TitleMeaning

_WHOLE_YEAR = WordPattern(lambda: any_of("statement_words.csv", "whole_year"))
_PART_OF_YEAR = WordPattern(lambda: rf"{any_of('statement_words.csv', 'part_of_year')}|[-—–~至到止](?:{YEAR_DIGITS}年)?(?:[1-9]|1[01])月")
_EXECUTED = WordPattern(lambda: any_of("statement_words.csv", "executed"))
_YEAR = re.compile(rf"(?<!\d){FISCAL_YEAR}(?!\d)")


def recognise_statements(
    content: Content, *, fiscal_year: int | None, kind: str | None, department: str | None
) -> tuple[RecognisedStatement, ...]:
    """Return the statements printed in grids, in document order, as understood.

    Args:
        content: pages with grids.
        fiscal_year: of the document, as far as it is known (so too the next two).
        kind: `budget` or `final_account`.
        department: the body that the document is about.

    Returns:
        Statements numbered from 1, empty ones too.
    """
    document = recogniser(fiscal_year, kind, department)
    tables = [document.with_header(table, read_heading(table.heading, table.marks, table.further)) for table in tables_of(content)]
    targets: list[bool] = []
    for table in tables:
        targets.append(table.is_of_targets() or (bool(targets) and targets[-1] and table.is_unrecognised()))
    # a table of targets names whoever carries them out, tasks and classes of spending
    named = (table.unit_names() for table, of_targets in zip(tables, targets, strict=True) if not of_targets)
    document = replace(document, units=document.units.union(*named))
    own_year = {table.heading.meaning for table in tables if table.year() == fiscal_year}
    own_kind = {table.heading.meaning for table in tables if kind_said(fold(table.heading.title or "")) in (document.kind, None)}
    first_pages, meanings = [table.table.rows[0].page for table in tables], [table.heading.meaning for table in tables]
    bound_in = of_other_documents(first_pages, meanings, covers(content), year=fiscal_year, kind=document.kind)
    found: list[RecognisedStatement] = []
    for n, (table, of_targets) in enumerate(zip(tables, targets, strict=True)):
        if not of_targets and (statement := document.printed(table, len(found) + 1)):
            # last year's table beside this year's: its numbers are of no year of this document. Alone, its title may be one left standing
            of_another = table.year() not in (None, fiscal_year) and table.heading.meaning in own_year - {None}
            of_another = of_another or n in bound_in or (table.is_of_kind_beside(document.kind) and table.heading.meaning in own_kind)
            found.append(replace(statement, readings=()) if of_another else statement)
    return with_units_by_code(found)


@dataclass(frozen=True, slots=True)
class TableWithHeader:
    """A table of which title and header are read, and its rows not yet; `body` rows come before the first one of its body."""

    table: Table
    heading: Heading
    body: int
    columns: tuple[Column, ...]

    @property
    def rows(self) -> tuple[TableRow, ...]:
        """The rows of the body."""
        return self.table.rows[self.body :]

    def year(self) -> int | None:
        """Return the year that the title names, if it names one."""
        years = set(_YEAR.findall(self.heading.title or ""))
        return int(years.pop()) if len(years) == 1 else None

    def is_of_kind_beside(self, kind: str) -> bool:
        """Tell whether the title says the other kind of document: what was spent among plans, or plans among what was spent.

        A table of plans among what was spent may have columns of both.
        """
        amounts = [c for c in self.columns if c.role == "amount"]
        of_both = len({c.measure for c in amounts}) > 1 or any(_EXECUTED.search(text) for c in amounts for text in c.path)
        if kind == "final_account" and of_both:
            return False
        return self.heading.meaning is not None and kind_said(fold(self.heading.title or "")) not in (kind, None)

    def unit_names(self) -> set[str]:
        """Return the folded names that this table gives to budget units: in its fields and in its unit column."""
        names = {self.heading.entity} if self.heading.entity else set()
        for column in self.columns:
            if column.role == "unit_name":
                cells = (row.cells[column.index] for row in self.rows)
                names |= {unit_name(cell.text)[1] for cell in cells if cell is not None}
        return {folded for name in names if may_be_unit(folded := fold(clean_name(name)[0]))}

    def is_of_targets(self) -> bool:
        """Tell whether the table holds performance targets, by its title or, whatever stands above it, by its header."""
        meaning = self.heading.meaning
        if meaning is not None and (kind := kind_of(meaning.statement)).is_known:
            return kind.holds_targets
        return any("绩效" in text for c in self.columns for text in c.path)

    def is_unrecognised(self) -> bool:
        """Tell whether neither title nor header of the table says what it is."""
        return self.heading.meaning is None and not any(
            read_header_text(text) for c in self.columns if c.role == "amount" for text in c.path
        )


def recogniser(fiscal_year: int | None, kind: str | None, department: str | None) -> Recogniser:
    """Return what recognises the tables of a document of which so much is known."""
    return Recogniser(fiscal_year, kind or "budget", frozenset({fold(department)} if department else ()))


@dataclass(frozen=True, slots=True)
class Recogniser:
    """What is known of a document before its rows are read; `units` are folded names of budget units."""

    fiscal_year: int | None
    kind: str
    units: frozenset[str]

    def with_header(self, table: Table, heading: Heading) -> TableWithHeader:
        """Return a table with its title and header read."""
        depth, body = header_depth(table)
        if (mended := with_amounts_in_the_body(table, depth)) is not table:
            table, (depth, body) = mended, header_depth(mended)
        columns = read_columns(table, depth, body, heading.meaning, fiscal_year=self.fiscal_year, kind=self.kind)
        columns = with_codes_of_income(columns) if heading.meaning and heading.meaning.statement == OTHER.id else columns
        columns = [msgspec.structs.replace(c, understood=False) if _is_of_part_of_year(c) else c for c in columns]
        columns = _whole_years(columns) if self.kind != "final_account" else measured_as_noted(columns, table)
        if not heading.money_units and table.headers is None:
            heading = replace(heading, money_units=_units_over_labels(table.rows[:depth], columns))
        heading, columns = with_one_unit(heading, columns)
        return TableWithHeader(table, heading, body, with_columns_of_measures(columns, table.rows[body:]))

    def printed(self, understood: TableWithHeader, number: int) -> RecognisedStatement | None:
        """Return the statement printed in a grid, or None where the table is none (no amounts and no known title)."""
        table, heading = understood.table, understood.heading
        amounts = [c for c in understood.columns if c.role == "amount"]
        numbers = _numbers(table.rows, understood.body, understood.columns)
        if heading.meaning is None and (not amounts or numbers.total() == 0):
            return None
        above = without_spaces(table.heading[-1]) if table.heading else "(nothing stands above the table)"
        return recognised_statement(
            number,
            heading,
            unknown_title=None if heading.meaning is not None else above,
            amounts_printed=numbers.total(),
            printed_on=tuple(sorted(numbers.items())),
            unknown=tuple(sorted({" > ".join(c.path) for c in amounts if not c.understood and c.path})),
            pages=tuple(sorted({r.page for r in table.rows})),
            ruled=table.ruled,
            readings=(self.reading(understood),),
        )

    def reading(self, understood: TableWithHeader) -> TableInterpretation:
        """Return a table with its rows read."""
        columns, rows = understood.columns, understood.rows
        kind = _kind_by_codes(understood.heading.meaning, columns, rows)
        numbers = sorted({c.block for c in columns if c.role == "amount"})
        blocks = [self._block(number, kind, [c for c in columns if c.block == number], rows) for number in numbers]
        if kind_of(kind).sides != "both":
            blocks = _with_units_beside(blocks, columns, rows)
        return TableInterpretation(
            kind,
            understood.table.rows,
            understood.body,
            columns,
            understood.table.before,
            tuple(blocks),
        )

    def _block(self, number: int, kind: str, columns: Sequence[Column], rows: Sequence[TableRow]) -> Block:
        flow = next(c.flow for c in columns if c.role == "amount") or "expenditure"
        scheme = _scheme(kind_of(kind), columns, flow)
        turn = first_row_of_spending(rows, columns) if kind_of(kind).sides == "both" and flow == "expenditure" and not number else 0
        income = read_rows(rows[:turn], columns, RowContext(kind, "revenue", None, self.units, self.fiscal_year))
        labels = read_rows(rows[turn:], columns, RowContext(kind, flow, scheme, self.units, self.fiscal_year))
        labels = with_projects_over_codes(labels, rows[turn:], columns, kind_of(kind))
        labels = without_ways_of_classifying(labels, rows[turn:], columns)
        labels = with_said_beside(labels, rows[turn:], columns, kind_of(kind))
        labels = with_totals_of_units(labels) if flow == "revenue" else with_units_in_the_middle(labels, rows[turn:], columns)
        above = [
            msgspec.structs.replace(x, flow="revenue", scheme=x.scheme if x.scheme == "unit" else "revenue_item") if x else None
            for x in income
        ]
        return Block(number, flow, scheme, (*above, *labels))


def _is_of_part_of_year(column: Column) -> bool:
    """Tell whether a column's header names months of a year (1-9月执行数): its numbers are no year's, of whatever measure."""
    return column.role == "amount" and any(_PART_OF_YEAR.search(text) for text in column.path)


def _whole_years(columns: Sequence[Column]) -> list[Column]:
    """Return the columns of a budget, 全年预算数 as the budget where no column is beside it that it might be an adjustment of."""
    planned = any(c.role == "amount" and c.measure in ("budget", "final") and c.understood for c in columns)
    return [
        msgspec.structs.replace(c, measure="budget")
        if c.measure == "adjusted_budget" and not planned and c.path and _WHOLE_YEAR.search(c.path[-1])
        else c
        for c in columns
    ]


def _units_over_labels(header: Sequence[TableRow], columns: Sequence[Column]) -> frozenset[str]:
    """Return the units of money in the header over what labels the rows (单位：万元 ｜ 2023年 ｜ 2024年)."""
    labels = [c.index for c in columns if c.role != "amount"]
    return frozenset().union(*(units_in(cell.text) for row in header for c in labels if (cell := row.cells[c]) is not None))


def _with_units_beside(blocks: Sequence[Block], columns: Sequence[Column], rows: Sequence[TableRow]) -> list[Block]:
    """Return the blocks; where the first names units alone, some over several rows, what is listed beside each unit is the unit's.

    Units of one row each may be another list beside the first.
    """
    naming = [c for c in columns if c.block == 0 and c.role in LABEL_ROLES]
    units = [c.index for c in naming if c.role == "unit_name"]
    if len(units) != 1 or all(row.top[units[0]] for row in rows) or any(c.role not in ("unit_name", "unit_code", "serial") for c in naming):
        return list(blocks)

    def of_unit(label: RowLabel | None, row: TableRow) -> RowLabel | None:
        cell = row.cells[units[0]]
        name = unit_name(cell.text)[1] if cell is not None else ""
        if label is None or not label.level or label.unit is not None or label.scheme == "unit" or not may_be_unit(fold(name)):
            return label
        return msgspec.structs.replace(label, unit=name)

    return [
        replace(block, labels=tuple(map(of_unit, block.labels, rows))) if block.number and block.flow != "revenue" else block
        for block in blocks
    ]


def recognised_statement(
    number: int,
    heading: Heading,
    *,
    unknown_title: str | None,
    amounts_printed: int,
    unknown: tuple[str, ...],
    pages: tuple[int, ...],
    ruled: bool,
    readings: tuple[TableInterpretation, ...],
    printed_on: tuple[tuple[int, int], ...] = (),
) -> RecognisedStatement:
    """Return a statement with what the words around it say (see `RecognisedStatement`)."""
    return RecognisedStatement(
        number,
        heading.meaning.statement if heading.meaning else OTHER.id,
        heading.title,
        tuple(sorted(heading.money_units)),
        heading.entity,
        heading.meaning is not None,
        unknown_title,
        amounts_printed,
        unknown,
        pages,
        ruled,
        readings,
        printed_on,
    )


def _numbers(rows: Sequence[TableRow], body: int, columns: Sequence[Column]) -> Counter[int]:
    """Count the numbers that a table prints, page by page: what has digits in an amount column or is drawn there, amounts anywhere else.

    What a description or a goal counts in its sentences is no amount of the table.
    What goes over other columns too (a note below the table) stands in no amount column.
    """
    amounts = {c.index for c in columns if c.role == "amount"}
    rates = {c.index for c in columns if is_rate(c.path)}
    digits = [c.index for c in columns if c.role == "digit"]  # those of a row are one number
    amounts.update(digits)
    cells: dict[tuple[int, int], Cell] = {}  # by their first row and column
    within, beside = set[tuple[int, int]](), set[tuple[int, int]]()  # columns of amounts below the header, and other places
    first_rows = [0] * len(columns)  # of the cell over each column, in the row that is looked at
    for r, row in enumerate(rows):
        in_body = r >= body and not is_column_numbers(row)
        for c, cell in enumerate(row.cells):
            if cell is None:
                continue
            if row.top[c] or not r or rows[r - 1].page != row.page or rows[r - 1].cells[c] != cell:
                first_rows[c] = r
            if (cell.drawn or has_digits(cell.text)) and c not in rates:
                place = (first_rows[c], digits[0] if c in digits else c if row.left[c] else row.start_of(c))
                cells.setdefault(place, cell)
                (within if in_body and c in amounts else beside).add(place)
    found = Counter[int]()
    goals = {c.index for c in columns if any(meanings("performance_words.csv", "column").get(fold(text)) == "goal" for text in c.path)}
    for place, cell in cells.items():
        text = cell.text
        if place not in within and is_sentence(text):
            of_row = (rows[place[0]].cells[c] for c in amounts)
            read = (parse_amount(amount.text) for amount in of_row if amount is not None)
            told = None if place[1] in goals else {amount for amount in read if amount is not None}
            text = without_counts(text, told)
        seen = int(place not in beside) if cell.drawn else count_numbers(text, in_body=place in within, alone=place not in beside)
        found[rows[place[0]].page_of(place[1])] += seen
    return found


def _kind_by_codes(meaning: TitleMeaning | None, columns: Sequence[Column], rows: Sequence[TableRow]) -> str:
    """Let the rows' codes correct what a title leaves open: function or economic classification, units or codes."""
    if meaning is None:
        return OTHER.id
    first = Counter(_first_digits(columns, rows))
    economic = first["3"] + first["5"] > first["2"]
    by_name = {c.scheme for c in columns if c.role in ("code", "name")}
    if not first:
        economic = bool(by_name & {"department_economic", "government_economic"}) and "function" not in by_name
    functional = first["2"] > 0 or (not first and "function" in by_name)
    classified: str | None = None
    if economic != functional:
        classified = "economic" if economic else "function"
    elif any(c.role == "unit_name" for c in columns) and not first:
        classified = "unit"
    return kind_of(meaning.statement).becomes.get(classified or "", meaning.statement)


def _first_digits(columns: Sequence[Column], rows: Sequence[TableRow]) -> list[str]:
    digits = []
    for row in rows:
        for column in columns:
            cell = row.cells[column.index]
            if (
                column.role in ("code", "name")
                and cell is not None
                and (m := re.match(r"[\[(]?([235])\d{2}(?:\d\d){0,2}(?!\d)", fold(cell.text)))
            ):
                digits.append(m[1])
                break
    return digits


def _scheme(kind: StatementKind, columns: Sequence[Column], flow: str) -> str | None:
    for column in columns:
        if column.role in ("code", "name") and column.scheme:
            return column.scheme
    if flow == "revenue" and blocks_of_income_codes(columns):
        return None
    half = kind.sides != "revenue" and all(c.flow == "revenue" for c in columns if c.role == "amount")
    if flow == "revenue" and (kind.is_summary or half):
        return None
    if kind.sides == "revenue" and not any(c.role in ("code", "unit_name") for c in columns):
        return None
    if kind.is_list:
        return kind.rows
    if any(c.role in ("unit_name", "unit_code") for c in columns) and not any(c.role in ("code", "name") for c in columns):
        return "unit"
    return kind.rows
