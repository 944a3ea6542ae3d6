"""From a document's grids to its statements: the way from cells to lines, whatever the layout."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from pipeline.amounts import is_blank, parse_amount, to_yuan
from pipeline.characters import fold, squeeze
from pipeline.checks.identities import LISTS, PARTS_OF_BASIC, printed_step
from pipeline.codes.book import CodeBook
from pipeline.codes.parse import level_of
from pipeline.codes.resolve import resolve_names
from pipeline.readers.page import Cell, Content
from pipeline.statements.choices import choose_parts
from pipeline.statements.columns import header_depth, is_column_numbers, read_columns
from pipeline.statements.line import Line
from pipeline.statements.nesting import mark_parents
from pipeline.statements.recognise import Heading, read_heading, tables_of
from pipeline.statements.rows import RowContext, RowLabel, read_rows, three_public_level, unit_name
from pipeline.statements.statement import Column, Statement, Table
from schemas.vocabulary import TitleMeaning, read_row_label

_AMOUNT_LIKE = re.compile(r"(?<![\d.,])-?(?:\d{1,3}(?:,\d{3})+(?:\.\d{2,6})?|\d+\.\d{2,6})(?![\d.,%])")
_CODED = ("function", "department_economic", "government_economic")
_SUMMARIES = ("revenue_expenditure_summary", "fiscal_appropriation_summary")


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
        fiscal_year, kind, department: identity of the document, as far as it is known.
        book: code names.

    Returns:
        Statements numbered from 1. A statement whose unit is not printed has `unit_text` None and its amounts are in the
        printed unit until `pipeline.statements.units` proves one.
    """
    statements: list[Statement] = []
    readers = [
        _Reader(table, read_heading(table.heading), fiscal_year, kind or "budget", department, book) for table in tables_of(content)
    ]
    unit_names = frozenset(n for reader in readers for n in reader.unit_names()) | ({fold(department)} if department else set())
    for reader in readers:
        statement = reader.read(len(statements) + 1, unit_names)
        if statement is not None:
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
        depth, self.body = header_depth(table)
        self.columns = read_columns(table, depth, self.body, heading.meaning, fiscal_year=fiscal_year, kind=kind)

    def unit_names(self) -> set[str]:
        """Return the folded names that this table gives to budget units: in its fields and in its unit column."""
        names = {self.heading.entity} if self.heading.entity else set()
        for column in self.columns:
            if column.role == "unit_name":
                cells = (row.cells[column.index] for row in self.table.rows[self.body :])
                names |= {unit_name(cell.text)[1] for cell in cells if cell is not None}
        return {folded for name in names if len(folded := fold(name)) > 4 and not read_row_label(folded)}

    def read(self, number: int, unit_names: frozenset[str]) -> Statement | None:
        """Return the statement, or None where the table is none (no amounts and no known title).

        Args:
            number: that the statement gets.
            unit_names: folded names of all budget units that the document names as such.
        """
        self.known_units = unit_names
        body, columns, meaning = self.body, self.columns, self.heading.meaning
        amounts = [c for c in columns if c.role == "amount"]
        printed = self._numbers()
        if meaning is None and (not amounts or printed == 0):
            return None
        if meaning is not None and meaning.statement == "performance_targets":
            return None
        meaning = self._refine(meaning, columns, body)
        statement = Statement(
            number,
            meaning.statement,
            self.heading.title,
            self.heading.unit_text,
            entity=self.heading.entity,
            pages=tuple(sorted({r.page for r in self.table.rows})),
        )
        statement.amounts_printed = printed
        statement.unknown = sorted({" > ".join(c.path) for c in amounts if not c.understood and c.path})
        for block in sorted({c.block for c in amounts}):
            self._read_block(statement, meaning, [c for c in columns if c.block == block], body)
        choose_parts(statement.lines)
        self._read_bare_totals(statement)
        mark_leaves(statement.lines)
        mark_parents(statement.lines)
        return statement

    def _numbers(self) -> int:
        """Count the distinct cells of the table that print an amount."""
        seen = {id(c): c for r in self.table.rows for c in r.cells if c is not None}
        return sum(1 for c in seen.values() if _AMOUNT_LIKE.search(fold(c.text)))

    def _refine(self, meaning: TitleMeaning | None, columns: Sequence[Column], body: int) -> TitleMeaning:
        """Let the rows' codes correct what a title leaves open: function or economic classification, units or codes."""
        if meaning is None:
            return TitleMeaning("other", None, None)
        first = Counter(self._first_digits(columns, body))
        economic = first["3"] + first["5"] > first["2"]
        by_name = {c.scheme for c in columns if c.role in ("code", "name")}
        if not first:
            economic = bool(by_name & {"department_economic", "government_economic"}) and "function" not in by_name
        functional = first["2"] > 0 or not first and "function" in by_name
        kind = meaning.statement
        if economic and not functional:
            kind = {
                "general_public_by_function": "general_public_by_economic",
                "fiscal_appropriation_by_function": "fiscal_appropriation_basic_by_economic" if meaning.nature == "basic" else kind,
            }.get(kind, kind)
        elif functional and not economic:
            kind = {
                "general_public_basic_by_economic": "basic_expenditure",
                "fiscal_appropriation_basic_by_economic": "basic_expenditure",
                "general_public_by_economic": "general_public_by_function",
                "fiscal_appropriation_by_unit": "fiscal_appropriation_by_function",
            }.get(kind, kind)
        elif kind == "fiscal_appropriation_by_function" and any(c.role == "unit_name" for c in columns) and not first:
            kind = "fiscal_appropriation_by_unit"
        return TitleMeaning(kind, meaning.fund, meaning.nature)

    def _first_digits(self, columns: Sequence[Column], body: int) -> list[str]:
        digits = []
        for row in self.table.rows[body:]:
            for column in columns:
                cell = row.cells[column.index]
                if column.role in ("code", "name") and cell is not None and (m := re.match(r"[\[(]?([235])\d{2}(?:\d\d){0,2}(?!\d)", fold(cell.text))):
                    digits.append(m[1])
                    break
        return digits

    def _read_block(self, statement: Statement, meaning: TitleMeaning, columns: list[Column], body: int) -> None:
        rows = self.table.rows[body:]
        amounts = [c for c in columns if c.role == "amount"]
        flow = amounts[0].flow or "expenditure"
        context = RowContext(statement.kind, flow, self._scheme(statement.kind, columns, flow), self.known_units)
        labels = read_rows(rows, columns, context)
        self._resolve(labels, context, statement.kind, flow)
        items_in_columns = statement.kind == "three_public" and any(c.item for c in amounts)
        unlabelled = all(label is None for label in labels)
        for r, (row, label) in enumerate(zip(rows, labels, strict=True)):
            if is_column_numbers(row):
                continue
            if label is None:
                if not (unlabelled or items_in_columns):
                    continue
                label = RowLabel("合计", context.scheme or "item", 0)
            for column in amounts:
                cell = row.cells[column.index]
                if cell is None or not row.top[column.index] or is_blank(cell.text):
                    continue
                value = parse_amount(cell.text)
                if value is None:
                    continue
                line = self._line(statement, column, label, cell, value, r + body + 1, row.page_of(column.index), items_in_columns)
                statement.lines.append(line)

    def _read_bare_totals(self, statement: Statement) -> None:
        """Add a row without any label above the first labelled one where each of its numbers is its column's total again.

        Some publishers leave the cell of 合计 empty, or print the total twice, once rounded. A number that is no total of its
        column stays uncaptured.
        """
        labelled = {line.row for line in statement.lines}
        totals = {line.column: line for line in statement.lines if line.level == 0 and line.nature and line.scheme != "three_public"}
        if not labelled or not totals:
            return
        for r in range(self.body, min(labelled) - 1):
            row = self.table.rows[r]
            cells = [(c, row.cells[c.index]) for c in self.columns if c.role == "amount"]
            printed = [(c, cell, value) for c, cell in cells if cell and (value := parse_amount(cell.text)) is not None]
            known = [totals.get(c.index + 1) for c, _, _ in printed]
            if printed and all(t and abs(t.amount - to_yuan(v, t.unit_text or "元")) < printed_step(t) for t, (_, _, v) in zip(known, printed, strict=True)):
                for total, (_, cell, value) in zip(known, printed, strict=True):
                    if total is None:
                        continue
                    box = cell.text_box or cell.box
                    text = squeeze(cell.text)
                    amount = to_yuan(value, total.unit_text) if total.unit_text else value
                    place = {"x0": box.x0, "y0": box.y0, "x1": box.x1, "y1": box.y1, "page": row.page_of(total.column - 1)}
                    statement.lines.append(replace(total, row=r + 1, amount=amount, amount_text=text, name="", **place))

    def _scheme(self, kind: str, columns: Sequence[Column], flow: str) -> str | None:
        for column in columns:
            if column.role in ("code", "name") and column.scheme:
                return column.scheme
        if flow == "revenue" and kind in _SUMMARIES:
            return None
        if kind == "revenue_summary" and not any(c.role in ("code", "unit_name") for c in columns):
            return None
        if kind in ("project_expenditure",):
            return "project"
        if kind == "procurement":
            return "procurement_item"
        if any(c.role in ("unit_name", "unit_code") for c in columns) and not any(c.role in ("code", "name") for c in columns):
            return "unit"
        if kind in ("other", "performance_targets", "three_public"):
            return "item"
        if "economic" in kind or kind == "agency_operating":
            return "department_economic"
        return "function"

    def _resolve(self, labels: list[RowLabel | None], context: RowContext, kind: str, flow: str) -> None:
        """Give codes to rows that print only names, and the block's scheme to its totals."""
        _unrepeat(labels)
        coded = Counter(label.scheme for label in labels if label and label.code and label.scheme in _CODED)
        if kind in LISTS and _repeats_codes(labels):
            _as_items(labels, "procurement_item" if kind == "procurement" else "project")
            return
        main = coded.most_common(1)[0][0] if coded else context.scheme
        open_rows = [label for label in labels if label and label.code is None and label.level and label.scheme in (*_CODED, "item")]
        if open_rows and coded:
            self._resolve_between(labels)
        elif open_rows and (flow == "expenditure" or context.scheme in _CODED) and kind not in ("procurement", "three_public", "project_expenditure"):
            scheme = self._scheme_of_names(open_rows, context.scheme if context.scheme in _CODED else None)
            if scheme:
                self._resolve_in(scheme, labels)
                main = main if coded else scheme
        for label in labels:
            if label is None:
                continue
            if label.level == 0 and label.scheme != "three_public":
                if main in _CODED and not label.nature:
                    label.scheme = main
                elif main and label.scheme not in ("revenue_item",) and flow == "expenditure":
                    label.scheme = main
                elif flow == "revenue" and context.scheme is None:
                    label.scheme = "revenue_item"

    def _resolve_between(self, labels: Sequence[RowLabel | None]) -> None:
        """Give a row whose code is misprinted or missing, among coded rows, the only code that its name has below them."""
        previous: RowLabel | None = None
        for label in labels:
            if label is None or not label.level or label.scheme == "unit":
                continue
            if label.code is None and label.digits != (previous and previous.code) and previous is not None and previous.code and label.scheme in (*_CODED, "item"):
                for length in range(len(previous.code), 2, -2):
                    named = self.book.codes(previous.scheme, label.name, previous.code[:length], self.fiscal_year)
                    found = [code for code in named if not label.digits or code.endswith(label.digits[-2:])]
                    if len(found) == 1:
                        label.scheme, label.code, label.code_source, label.level = previous.scheme, found[0], "name", level_of(found[0])
                        break
            if label.code:
                previous = label
            elif previous is not None and label.scheme in (*_CODED, "item") and label.digits != previous.code:
                label.level = previous.level

    def _scheme_of_names(self, labels: Sequence[RowLabel], hint: str | None) -> str | None:
        votes: Counter[str] = Counter()
        for label in labels:
            for scheme in _CODED:
                if self.book.candidates(scheme, label.name, self.fiscal_year):
                    votes[scheme] += 1
        if not votes:
            return hint
        most = max(votes.values())
        return hint if hint and votes[hint] == most else votes.most_common(1)[0][0]

    def _resolve_in(self, scheme: str, labels: Sequence[RowLabel | None]) -> None:
        groups: list[list[RowLabel]] = [[]]
        for label in labels:
            if label is None:
                continue
            if label.scheme == "unit" or label.level == 0 and label.nature:
                groups.append([])
            elif label.code is None and label.level and label.scheme in (*_CODED, "item"):
                groups[-1].append(label)
        for group in groups:
            if not group:
                continue
            if all(label.numbered for label in group):
                indents: list[float | None] = [label.numbered for label in group]
            else:
                indents = _rounded([label.indent for label in group])
            codes = resolve_names(scheme, [(i, label.name) for i, label in zip(indents, group, strict=True)], self.fiscal_year, self.book)
            steps = sorted({i for i in indents if i is not None})
            levels = {indent: rank for rank, indent in enumerate(steps, start=1)} | {indent: level_of(code) for indent, code in zip(indents, codes, strict=True) if code is not None and indent is not None}
            for label, code, indent in zip(group, codes, indents, strict=True):
                label.scheme = scheme
                if code is not None:
                    label.code, label.code_source, label.level = code, "name", level_of(code)
                else:
                    label.level = levels.get(indent, label.level)

    def _line(
        self, statement: Statement, column: Column, label: RowLabel, cell: Cell, value: Decimal, row: int, page: int, items_in_columns: bool
    ) -> Line:
        unit = column.unit_text or statement.unit_text
        scheme, code, level, name, source = label.scheme, label.code, label.level, label.name, label.code_source
        fund, nature = column.fund, column.nature
        group = label.unit
        measure = column.measure or "budget"
        flow = column.flow or "expenditure"
        if items_in_columns:
            if label.scheme == "unit" and label.level:
                group = label.name
            scheme, code, name, source = "three_public", column.item, column.path[-1] if column.path else label.name, "printed"
            level = three_public_level(column.item) if column.item else 0
            measure = _measure_of_row(label.name, self.fiscal_year) or measure
        if label.fund and flow == "revenue" and nature == "total":
            fund = label.fund if fund == "total" or label.fund.startswith("carryover") or label.level else fund
        if label.nature:
            narrower = nature == "total" or nature == "basic" and label.nature in PARTS_OF_BASIC
            nature = label.nature if narrower or nature == statement_nature(statement) else nature
        if statement.kind == "three_public" and fund == "total":
            fund = "fiscal_appropriation"
        if statement.kind in _SUMMARIES and scheme == "revenue_item" and label.level and label.fund is None and label.nature is None:
            fund = None
        understood = column.understood and fund is not None
        box = cell.text_box or cell.box
        entity = self.heading.entity
        if group is None and entity and self.department and fold(entity) != fold(self.department):
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
            amount_text=squeeze(cell.text),
            unit_text=unit or "",
            row=row,
            column=column.index + 1,
            statement_title=statement.title,
            unit=None if scheme == "unit" else group,
            code=code,
            code_source=source if code else None,
            standard_name=self.book.standard_name(scheme, code, self.fiscal_year) if code and scheme in _CODED else None,
            department_economic_code=label.department_economic_code,
            government_economic_code=label.government_economic_code,
            measure=measure,
            column_evidence="printed" if understood else "ambiguous",
            page=page,
            x0=box.x0,
            y0=box.y0,
            x1=box.x1,
            y1=box.y1,
        )


def _repeats_codes(labels: Sequence[RowLabel | None]) -> bool:
    codes = [(label.unit, label.code) for label in labels if label and label.code and label.scheme in _CODED]
    return len(codes) > len(set(codes))


def _as_items(labels: Sequence[RowLabel | None], scheme: str) -> None:
    """The rows of a list whose codes repeat are its items: the code says what an item is booked under, not which row it is."""
    for label in labels:
        if label is None or label.scheme == "unit":
            continue
        if label.scheme == "department_economic":
            label.department_economic_code = label.code
        elif label.scheme == "government_economic":
            label.government_economic_code = label.code
        label.scheme, label.code, label.code_source = scheme, None, None
        label.level = min(label.level, 1)


def _unrepeat(labels: Sequence[RowLabel | None]) -> None:
    """A row that repeats the code and the name of the row above it is its only child, printed without digits of its own."""
    previous: RowLabel | None = None
    for label in labels:
        if label is None:
            continue
        if (
            previous is not None
            and label.code
            and (label.code, label.name, label.unit) == (previous.code, previous.name, previous.unit)
            and len(label.code) == 5
            and label.scheme == "function"
            and not label.department_economic_code
            and not label.government_economic_code
        ):
            label.code, label.code_source, label.level, label.digits = None, None, label.level + 1, label.code
        previous = label


def statement_nature(statement: Statement) -> str | None:
    """Return the nature that a statement's scope fixes, if any."""
    basic = ("basic_expenditure", "general_public_basic_by_economic", "fiscal_appropriation_basic_by_economic")
    return "project" if statement.kind == "project_expenditure" else "basic" if statement.kind in basic else None


def _measure_of_row(name: str, fiscal_year: int | None) -> str | None:
    year = re.search(r"(20\d\d)年?", name)
    return "prior_year_budget" if year and fiscal_year and int(year[1]) < fiscal_year else None


def _rounded(indents: Sequence[float]) -> list[float | None]:
    """Group indentations that differ by less than the width of half a character."""
    levels: list[float] = []
    for indent in sorted(set(indents)):
        if not levels or indent - levels[-1] > 3.0:
            levels.append(indent)
    if len(levels) < 2 or len(levels) > 4:  # flush left, or ragged: the print says nothing of levels
        return [None] * len(indents)
    return [max((lv for lv in levels if lv <= i + 0.01), default=0.0) for i in indents]


def mark_leaves(lines: Sequence[Line]) -> None:
    """Set `is_leaf`: no finer row of the same statement stands below the line's row."""
    codes = {(line.unit, line.scheme, line.code) for line in lines if line.code and line.scheme in _CODED}
    parents = {(u, s, c[:n]) for u, s, c in codes for n in range(3, len(c), 2)}
    finer = {(line.flow, line.scheme == "three_public") for line in lines if line.level}
    units_with_rows = {line.unit for line in lines if line.unit and line.scheme != "unit"}
    vehicles = {line.code for line in lines if line.scheme == "three_public"}
    deepest: dict[tuple[str, int], int] = {}
    for line in lines:
        deepest[line.flow, line.row] = max(line.level, deepest.get((line.flow, line.row), 0))
    for line in lines:
        if line.scheme in _CODED and line.code:
            line.is_leaf = (line.unit, line.scheme, line.code) not in parents
        elif line.scheme == "three_public":
            below = {"total": {"abroad", "reception", "vehicles"}, "vehicles": {"vehicle_purchase", "vehicle_operation"}}
            line.is_leaf = not below.get(line.code or "", {"total"} if line.code == "with_meetings_training" else set()) & vehicles
        elif line.scheme == "unit" and line.level:
            line.is_leaf = line.name not in units_with_rows
        elif line.level == 0:
            line.is_leaf = (line.flow, False) not in finer
    _mark_revenue_leaves([line for line in lines if line.scheme == "revenue_item" and line.level])


def _mark_revenue_leaves(items: Sequence[Line]) -> None:
    columns: dict[int, list[Line]] = {}
    for line in items:
        columns.setdefault(line.column, []).append(line)
    for column in columns.values():
        for line, following in zip(column, [*column[1:], None], strict=True):
            line.is_leaf = following is None or following.level <= line.level
