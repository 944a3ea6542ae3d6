"""From a document's grids to its statements: the way from cells to lines, whatever the layout."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from pipeline.budget.amounts import AMOUNT, is_blank, parse_amount, to_yuan
from pipeline.budget.characters import fold, squeeze
from pipeline.budget.codes.book import CodeBook
from pipeline.budget.line import Line
from pipeline.budget.sums import CODED, PARTS_OF_BASIC
from pipeline.document.model import Cell, Content
from pipeline.identity.same_body import is_own_office, same_body
from pipeline.statements.inference.basic_parts import choose_parts
from pipeline.statements.inference.leaves import mark_leaves
from pipeline.statements.inference.nameless_totals import BareRows
from pipeline.statements.inference.nesting import mark_parents
from pipeline.statements.inference.open_columns import decide_open_columns
from pipeline.statements.layout.stitching import tables_of
from pipeline.statements.meaning.classify import Classifier
from pipeline.statements.meaning.columns import header_depth, is_column_numbers, read_columns
from pipeline.statements.meaning.header_attributes import is_rate, measure_of, says_of
from pipeline.statements.meaning.row_labels import RowContext, clean_name, read_rows, three_public_level
from pipeline.statements.meaning.table_heading import Heading, read_heading
from pipeline.statements.meaning.unit_rows import mark_heads, mark_whole, may_be_unit, unit_name
from pipeline.statements.model import Column, RowLabel, Statement, Table, TableRow
from schemas.statement_kind import StatementKind
from schemas.statements import OTHER, kind_of
from schemas.vocabulary.titles import TitleMeaning


def read_grid_statements(
    content: Content,
    *,
    fiscal_year: int | None,
    kind: str | None,
    department: str | None,
    book: CodeBook,
) -> list[Statement]:
    """Return the statements printed as tables, in document order, with their lines.

    Args:
        content: pages with grids.
        fiscal_year: of the document, as far as it is known (so too the next two).
        kind: `budget` or `final_account`.
        department: the body that the document is about.
        book: code names.

    Returns:
        Statements numbered from 1. A statement whose unit is not printed has `unit_text` None and its amounts are in the
        printed unit until `pipeline.statements.inference.unit_of_money` proves one.
    """
    statements: list[Statement] = []
    readers = [_Reader(table, read_heading(table.heading), fiscal_year, kind or "budget", department, book) for table in tables_of(content)]
    targets: list[bool] = []
    for reader in readers:
        targets.append(reader.is_of_targets() or (bool(targets) and targets[-1] and reader.says_nothing()))
    # a table of targets names whoever carries them out, tasks and classes of spending
    named = (n for reader, of_targets in zip(readers, targets, strict=True) if not of_targets for n in reader.unit_names())
    unit_names = frozenset(named) | ({fold(department)} if department else set())
    for reader, of_targets in zip(readers, targets, strict=True):
        if not of_targets and (statement := reader.read(len(statements) + 1, unit_names)):
            statements.append(statement)
    return statements


def read_table(
    table: Table,
    heading: Heading,
    number: int,
    *,
    fiscal_year: int | None,
    kind: str | None,
    department: str | None,
    book: CodeBook,
) -> Statement | None:
    """Return what one table says as statement `number`, or None where it is no statement (see `read_grid_statements`)."""
    reader = _Reader(table, heading, fiscal_year, kind or "budget", department, book)
    return reader.read(number, frozenset(reader.unit_names() | ({fold(department)} if department else set())))


class _Reader:
    """Reads one printed table."""

    def __init__(
        self,
        table: Table,
        heading: Heading,
        fiscal_year: int | None,
        kind: str,
        department: str | None,
        book: CodeBook,
    ) -> None:
        self.table, self.heading = table, heading
        self.fiscal_year, self.kind, self.department = fiscal_year, kind, department
        self.book = book
        self.classifier = Classifier(book, fiscal_year)
        depth, self.body = header_depth(table)
        entity = heading.entity
        self.entity = entity if entity and department and (is_own_office(entity) or not same_body(entity, department)) else None
        self.columns = read_columns(table, depth, self.body, heading.meaning, fiscal_year=fiscal_year, kind=kind)

    def unit_names(self) -> set[str]:
        """Return the folded names that this table gives to budget units: in its fields and in its unit column."""
        names = {self.heading.entity} if self.heading.entity else set()
        for column in self.columns:
            if column.role == "unit_name":
                cells = (row.cells[column.index] for row in self.table.rows[self.body :])
                names |= {unit_name(cell.text)[1] for cell in cells if cell is not None}
        return {folded for name in names if may_be_unit(folded := fold(clean_name(name)[0])) and not self._is_class(folded)}

    def _is_class(self, folded: str) -> bool:
        """Tell whether a name is that of a class of the classifications, as targets are listed by them (卫生健康支出)."""
        return any(self.book.candidates(scheme, folded, self.fiscal_year) for scheme in CODED)

    def is_of_targets(self) -> bool:
        """Tell whether the table holds performance targets, by its title or, whatever stands above it, by its header."""
        meaning = self.heading.meaning
        if meaning is not None and (kind := kind_of(meaning.statement)).is_known:
            return kind.holds_targets
        return any("绩效" in text for c in self.columns for text in c.path)

    def says_nothing(self) -> bool:
        """Tell whether neither title nor header of the table says what it is."""
        return self.heading.meaning is None and not any(says_of(text) for c in self.columns if c.role == "amount" for text in c.path)

    def read(self, number: int, unit_names: frozenset[str]) -> Statement | None:
        """Return the statement, or None where the table is none (no amounts and no known title).

        Args:
            number: that the statement gets.
            unit_names: folded names of all budget units that the document names as such.
        """
        self.known_units = unit_names
        meaning = self.heading.meaning
        amounts = [c for c in self.columns if c.role == "amount"]
        printed = self._numbers()
        if meaning is None and (not amounts or printed == 0):
            return None
        meaning = self._refine()
        statement = Statement(
            number,
            meaning.statement,
            self.heading.title,
            self.heading.unit_text,
            entity=self.heading.entity,
            pages=tuple(sorted({r.page for r in self.table.rows})),
            ruled=self.table.ruled,
        )
        if self.heading.meaning is None:
            statement.unknown_title = squeeze(self.table.heading[-1]) if self.table.heading else "(nothing stands above the table)"
        statement.amounts_printed = printed
        statement.unknown = sorted({" > ".join(c.path) for c in amounts if not c.understood and c.path})
        kind = kind_of(statement.kind)
        if not (kind.is_summary or kind.items):
            decide_open_columns(self.columns, self.table.rows[self.body :])
        for block in sorted({c.block for c in amounts}):
            self._read_block(statement, [c for c in self.columns if c.block == block])
        if self.department and kind.items:
            mark_whole(statement.lines, fold(self.department))
        choose_parts(statement.lines)
        bare = BareRows(self.table.rows, self.body, amounts)
        statement.lines += bare.totals_again(statement.lines)
        mark_leaves(statement.lines)
        mark_parents(statement.lines)
        statement.lines += bare.closing_total(statement.lines)
        strips = _empty_strips(self.table.rows)
        for line in statement.lines:
            line.column -= strips
        return statement

    def _numbers(self) -> int:
        """Count the numbers that the table prints: whatever parses in an amount column, and amounts anywhere else in it."""
        amounts = {c.index for c in self.columns if c.role == "amount"}
        rates = {c.index for c in self.columns if is_rate(c.path)}
        seen: dict[int, tuple[Cell, bool]] = {}
        for r, row in enumerate(self.table.rows):
            body = r >= self.body and not is_column_numbers(row)
            for c, cell in enumerate(row.cells):
                if cell is not None and c not in rates:
                    in_body = body and c in amounts
                    seen[id(cell)] = (cell, in_body or seen.get(id(cell), (cell, False))[1])
        return sum(_count(cell.text, in_body=in_body) for cell, in_body in seen.values())

    def _refine(self) -> TitleMeaning:
        """Let the rows' codes correct what a title leaves open: function or economic classification, units or codes."""
        meaning, columns = self.heading.meaning, self.columns
        if meaning is None:
            return TitleMeaning(OTHER.id, None, None)
        first = Counter(self._first_digits())
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
        kind = kind_of(meaning.statement).becomes.get(classified or "", meaning.statement)
        return TitleMeaning(kind, meaning.fund, meaning.nature)

    def _first_digits(self) -> list[str]:
        digits = []
        for row in self.table.rows[self.body :]:
            for column in self.columns:
                cell = row.cells[column.index]
                if (
                    column.role in ("code", "name")
                    and cell is not None
                    and (m := re.match(r"[\[(]?([235])\d{2}(?:\d\d){0,2}(?!\d)", fold(cell.text)))
                ):
                    digits.append(m[1])
                    break
        return digits

    def _read_block(self, statement: Statement, columns: list[Column]) -> None:
        rows = self.table.rows[self.body :]
        amounts = [c for c in columns if c.role == "amount"]
        flow = amounts[0].flow or "expenditure"
        context = RowContext(statement.kind, flow, self._scheme(kind_of(statement.kind), columns, flow), self.known_units, self.fiscal_year)
        labels = read_rows(rows, columns, context)
        self.classifier.resolve(labels, context)
        mark_heads(labels)
        items_in_columns = kind_of(statement.kind).items is not None and any(c.item for c in amounts)
        unlabelled = all(label is None for label in labels)
        counted = _counted(rows, labels, amounts)
        first = min(c.index for c in columns)
        for r, (row, label) in enumerate(zip(rows, labels, strict=True)):
            if is_column_numbers(row):
                continue
            if label is None:
                if not (unlabelled or items_in_columns):
                    continue
                label = RowLabel("合计", context.scheme or "item", 0)
            used: list[Cell] = []
            for column in amounts:
                cell = row.cells[column.index]
                if cell is None or not row.top[column.index] or is_blank(cell.text) or any(cell is c for c in used):
                    continue
                used.append(cell)
                value = parse_amount(cell.text)
                if value is None:
                    continue
                if label.measure in ("percent", "count") or (column.index, r) in counted:
                    statement.amounts_printed -= 1
                    continue
                line = self._line(statement, column, label, cell, value, r + self.body + 1, row.page_of(column.index), items_in_columns)
                if label.level == 0 and label.nature is None and _reaches_back(row, first) and line.nature in PARTS_OF_BASIC:
                    line.nature = kind_of(statement.kind).nature or "total"  # 合计 below halves of 人员经费 and 公用经费
                statement.lines.append(line)

    def _scheme(self, kind: StatementKind, columns: Sequence[Column], flow: str) -> str | None:
        for column in columns:
            if column.role in ("code", "name") and column.scheme:
                return column.scheme
        if flow == "revenue" and kind.is_summary:
            return None
        if kind.sides == "revenue" and not any(c.role in ("code", "unit_name") for c in columns):
            return None
        if kind.is_list:
            return kind.rows
        if any(c.role in ("unit_name", "unit_code") for c in columns) and not any(c.role in ("code", "name") for c in columns):
            return "unit"
        return kind.rows

    def _line(
        self, statement: Statement, column: Column, label: RowLabel, cell: Cell, value: Decimal, row: int, page: int, items_in_columns: bool
    ) -> Line:
        unit = column.unit_text or statement.unit_text
        kind = kind_of(statement.kind)
        scheme, code, level, name, source = label.scheme, label.code, label.level, label.name, label.code_source
        fund, nature = column.fund, column.nature
        group = label.unit
        measure = column.measure or "budget"
        flow = column.flow or "expenditure"
        if items_in_columns:
            if label.scheme == "unit" and label.level:
                group = None if label.heads_units else label.name
            scheme, code, name, source = kind.items or label.scheme, column.item, clean_name(column.named)[0] or label.name, "printed"
            level = three_public_level(column.item) if column.item else 0
            measure = measure_of(fold(label.name), self.fiscal_year) or measure
        measure = label.measure or measure
        if label.fund and flow == "revenue" and nature == "total":
            fund = label.fund if fund == "total" or label.fund.startswith("carryover") or label.level else fund
        if label.nature:
            narrower = nature == "total" or (nature == "basic" and label.nature in PARTS_OF_BASIC)
            nature = label.nature if narrower or nature == kind.nature else nature
        if kind.default_fund and fund == "total":
            fund = kind.default_fund
        if kind.is_summary and scheme == "revenue_item" and label.level and label.fund is None and label.nature is None:
            fund = None
        # Without a title, a total may be of one fund or nature only.
        scoped = self.heading.meaning is not None or (fund != "total" and (nature != "total" or flow == "revenue"))
        understood = column.understood and scoped and fund is not None
        box = cell.text_box or cell.box
        if group is None:
            group = self.entity
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
            amount_text=squeeze(cell.text),
            unit_text=unit or "",
            row=row,
            column=column.index + 1,
            statement_title=statement.title,
            unit=None if scheme == "unit" else group,
            code=code,
            code_source=source if code else None,
            standard_name=self.book.standard_name(scheme, code, self.fiscal_year) if code and scheme in CODED else None,
            department_economic_code=label.department_economic_code,
            government_economic_code=label.government_economic_code,
            measure=measure,
            column_evidence="ambiguous" if not understood else "solved" if column.solved else "printed",
            page=page,
            x0=box.x0,
            y0=box.y0,
            x1=box.x1,
            y1=box.y1,
        )


def _empty_strips(rows: Sequence[TableRow]) -> int:
    """Number of strips without any text left of the table's first column: between its border and a line that no one sees."""
    return min((c for row in rows for c, cell in enumerate(row.cells) if cell and cell.text.strip()), default=0)


def _reaches_back(row: TableRow, first: int) -> bool:
    """Tell whether a row's label begins left of its block: it closes the blocks before as well."""
    cell = row.cells[first]
    return cell is not None and cell.column < first and not is_blank(cell.text)


def _counted(rows: Sequence[TableRow], labels: Sequence[RowLabel | None], amounts: Sequence[Column]) -> set[tuple[int, int]]:
    """Return the cells (column, row) that go on counting below a row that counts: whole numbers where amounts have decimals."""
    found: set[tuple[int, int]] = set()
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


def _count(text: str, *, in_body: bool) -> int:
    if parse_amount(text) is not None:
        return int(in_body or AMOUNT.search(fold(text)) is not None)
    return len(AMOUNT.findall(unicodedata.normalize("NFKC", text)))
