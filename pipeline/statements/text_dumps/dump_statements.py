"""From a text dump to its statements: the way from bare lines to budget lines, whatever the layout was.

The words of a dump are put back into a table (header paths, labels) and read by the same reader as grids are; which column
each number stands in is then settled over all statements of the document together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from pipeline.accounting.within_statements import equations
from pipeline.budget.characters import fold
from pipeline.budget.codes.book import CodeBook
from pipeline.budget.line import Line
from pipeline.budget.sums import CODED
from pipeline.document.model import Box, Cell, Content
from pipeline.statements.inference.leaves import mark_leaves
from pipeline.statements.inference.nesting import mark_parents
from pipeline.statements.meaning.table_heading import Heading
from pipeline.statements.model import Statement, Table, TableRow
from pipeline.statements.table_reader import read_table
from pipeline.statements.text_dumps.cell_equations import equations_between_cells
from pipeline.statements.text_dumps.header_phrases import Header, HeaderColumns, read_header_lines, read_two_sided_header
from pipeline.statements.text_dumps.lost_columns import LooseRow, consistent, place
from pipeline.statements.text_dumps.segments import Segment, segments_of
from pipeline.statements.text_dumps.text_rows import DumpRow, DumpTable, Half, read_table_rows
from schemas.statements import OTHER, kind_of
from schemas.vocabulary import read_header, read_row_label

_NOWHERE = Box(0.0, 0.0, 0.0, 0.0)
_PLACEHOLDER = "0.00"


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of the document before its statements are read."""

    fiscal_year: int | None
    kind: str | None
    department: str | None


def read_dump_statements(
    content: Content,
    *,
    fiscal_year: int | None,
    kind: str | None,
    department: str | None,
    book: CodeBook,
) -> list[Statement]:
    """Return the statements printed in a text dump, in document order, with their lines.

    Args:
        content: pages of text lines without boxes.
        fiscal_year: of the document, as far as it is known (so too the next two).
        kind: `budget` or `final_account`.
        department: the body that the document is about.
        book: code names.

    Returns:
        Statements numbered from 1, empty ones too. `amounts_printed` counts every number of the table; those that are in no
        line were not captured. A statement whose unit is not printed has `unit_text` None and its amounts in the printed unit.
    """
    known = _Known(fiscal_year, kind, department)
    tables: list[_DumpStatement] = []
    for segment in segments_of(content):
        table = _read(segment, len(tables) + 1, known, book)
        if table is not None:
            tables.append(table)
    for group in ([t for t in tables if t.statement.unit_text], *([t] for t in tables if not t.statement.unit_text)):
        _settle(group)
    return [t.statement for t in tables]


@dataclass(slots=True)
class _DumpStatement:
    statement: Statement
    rows: list[LooseRow]

    @property
    def leaky(self) -> bool:
        """Whether sums down its rows are unknown: some numbers stand in no row, or names without a code hide what contains what."""
        held = sum(number is not None for row in self.rows for number in row.numbers)
        nameless = any(cell.scheme in CODED and cell.level and not cell.code for row in self.rows for cell in row.cells)
        return nameless or held < self.statement.amounts_printed


def _settle(tables: Sequence[_DumpStatement]) -> None:
    """Place the numbers of statements of one document together, and give each its lines."""
    announced = [(t.statement.number, t.statement.kind, t.statement.title) for t in tables]
    rows = [row for t in tables for row in t.rows]
    negative = any(number < 0 for row in rows for number in row.numbers if number is not None)
    leaky = frozenset(t.statement.number for t in tables if t.leaky)
    placed = place(rows, partial(equations_between_cells, statements=announced, only_positive=not negative), leaky=leaky)
    position = 0
    for table in tables:
        statement = table.statement
        for lines in placed.rows[position : position + len(table.rows)]:
            statement.lines += lines
        position += len(table.rows)
        statement.conflicts += [c for c in placed.conflicts if statement.number in c.statements]
        if statement.unit_text is None:
            statement.lines = [replace(line, unit_text="") for line in statement.lines]
        mark_leaves(statement.lines)
        mark_parents(statement.lines)


def _read(segment: Segment, number: int, known: _Known, book: CodeBook) -> _DumpStatement | None:
    """Return what one table says, or None where it is no statement."""
    meaning = segment.meaning
    if meaning is None:
        return _unknown(segment, number, book)
    kind = kind_of(meaning.statement)
    two_sided = kind.is_summary
    table = read_table_rows(segment.lines, book, two_sided=two_sided)
    if not (table.rows or table.header or segment.unit_text):
        return None  # a title that announces nothing, as in a list of contents
    if kind.holds_targets:
        return _DumpStatement(Statement(number, meaning.statement, segment.title, segment.unit_text, entity=segment.entity), [])
    headers = read_two_sided_header(table.header, meaning) if two_sided else (read_header_lines(table.header, meaning),)
    if not two_sided and not headers[0].readings and not headers[0].unknown and table.amounts:
        headers = (_header_without_words(table),)
    readings = _readings(segment, table, headers, number, known, book)
    best = _choose(readings)
    statement = best.statement if best else Statement(number, meaning.statement, segment.title, segment.unit_text, entity=segment.entity)
    statement.amounts_printed = table.amounts
    statement.unit_text = segment.unit_text
    statement.unknown = sorted({phrase for header in headers for phrase in header.unknown})
    return _DumpStatement(statement, best.rows if best else [])


def _unknown(segment: Segment, number: int, book: CodeBook) -> _DumpStatement | None:
    """Return a table whose title says nothing known: its numbers are counted, none of them is claimed for a column."""
    if not segment.has_amounts or not (segment.mark or segment.unit_text):
        return None
    table = read_table_rows(segment.lines, book, two_sided=False)
    statement = Statement(number, OTHER.id, segment.title, segment.unit_text, entity=segment.entity)
    statement.amounts_printed = table.amounts
    return _DumpStatement(statement, [])


def _header_without_words(table: DumpTable) -> Header:
    """Where no header phrase is printed, one number a row is the amount; more cannot be told apart."""
    widest = max(len(half.numbers) for row in table.rows for half in row.halves) if table.rows else 0
    return Header(readings=[HeaderColumns((("预算数",),), frozenset())] if widest == 1 else [])


def _readings(
    segment: Segment, table: DumpTable, headers: Sequence[Header], number: int, known: _Known, book: CodeBook
) -> list[_DumpStatement]:
    """Return the statement under each reading of its header that has a column for every number."""
    found = []
    if any(header.unknown for header in headers):
        return []
    for right in headers[-1].readings:
        sides = [right] if len(headers) == 1 else [headers[0].readings[0], right] if headers[0].readings else []
        if sides:
            assembled = _Assembly(segment, table, headers, sides, book)
            statement = read_table(
                assembled.table(),
                Heading(segment.title, segment.meaning, segment.unit_text or "元", segment.entity),
                number,
                fiscal_year=known.fiscal_year,
                kind=known.kind,
                department=known.department,
                book=book,
            )
            if statement is not None and (rows := assembled.loose_rows(statement)) is not None:
                statement.lines = []
                found.append(_DumpStatement(statement, rows))
    return found


def _choose(readings: list[_DumpStatement]) -> _DumpStatement | None:
    """Return the reading of a header that its rows allow: by their sums, by a row that fills every column, else the first."""
    if len(readings) < 2:
        return readings[0] if readings else None
    summing = [r for r in readings if consistent(r.rows, equations)] or readings
    full = [r for r in summing if any(len(row.numbers) == len(row.cells) for row in r.rows)]
    return (full or summing)[0]


class _Assembly:
    """A dump's words as a table: label columns and amount columns, a placeholder wherever a number may stand."""

    def __init__(
        self, segment: Segment, table: DumpTable, headers: Sequence[Header], sides: Sequence[HeaderColumns], book: CodeBook
    ) -> None:
        self.dump, self.headers, self.sides = table, headers, sides
        self.book = book
        self.coded = any(half.code for row in table.rows for half in row.halves)
        self.by_unit = any(read_header(text).get("role") == "unit_name" for h in headers for text in h.labels)
        self.three_public = segment.meaning is not None and kind_of(segment.meaning.statement).items is not None
        self.blocks = [self._label_columns(header) for header in headers]
        self.depth = max(len(path) for side in sides for path in side.paths)

    def _label_columns(self, header: Header) -> list[tuple[str, str]]:
        """Return the label columns of a block as (role, header text)."""

        def printed(role: str, fallback: str) -> str:
            return max((t for t in header.labels if read_header(t).get("role") == role and len(t) > 1), key=len, default=fallback)

        if len(self.headers) > 1:
            return [("name", "项目")]
        columns = []
        if self.by_unit:
            columns.append(("unit_name", printed("unit_name", "单位名称")))
        if self.coded:
            columns.append(("code", printed("code", "科目编码")))
        labelled = any(half.label for row in self.dump.rows for half in row.halves)
        if self.coded or (not self.by_unit and (labelled or not self.three_public)):
            columns.append(("name", printed("name", "科目名称")))
        return columns

    def table(self) -> Table:
        """Return the table: header rows, then one row per printed row."""
        header: list[list[Cell | None]] = [[] for _ in range(self.depth)]
        for labels, side in zip(self.blocks, self.sides, strict=True):
            for path in [*((text,) for _, text in labels), *side.paths]:
                cell = _cell(path[0])
                for level in range(self.depth):
                    cell = _cell(path[level]) if 0 < level < len(path) else cell
                    header[level].append(cell)
        rows = [
            TableRow(0, tuple(cells), tuple(level == 0 or cell is not above for cell, above in zip(cells, header[level - 1], strict=True)))
            for level, cells in enumerate(header)
        ]
        rows += [self._body_row(row) for row in self.dump.rows]
        width = len(header[0])
        return Table([], rows, [float(n) for n in range(width)])

    def _body_row(self, row: DumpRow) -> TableRow:
        cells: list[Cell | None] = []
        for half, labels, side in zip(self._halves(row), self.blocks, self.sides, strict=True):
            for role, _ in labels:
                cells.append(_cell(_label(half, role)) if half else None)
            cells += [_cell(_PLACEHOLDER) if half else None for _ in side.paths]
        return TableRow(row.line.page, tuple(cells), (True,) * len(cells))

    def _halves(self, row: DumpRow) -> list[Half | None]:
        """Return a row's half for each block, None where a block prints nothing."""
        if len(self.sides) == 1:
            return [row.halves[0]]
        placed: list[Half | None] = [None, None]
        for n, half in enumerate(row.halves):
            side = self._side(half, n, len(row.halves))
            placed[side] = half if placed[side] is None else placed[side]
        return placed

    def _side(self, half: Half, position: int, of: int) -> int:
        name = fold(half.label).lstrip("一二三四五六七八九十0123456789()、.,")
        says = read_row_label(name)
        if self.book.candidates("function", half.label) or half.code or "nature" in says:
            return 1
        if says.get("total") and ("收入" in name) != ("支出" in name):
            return int("支出" in name)
        return 0 if "fund" in says or "carryover" in says else min(position, 1) if of > 1 else int("支出" in name)

    def loose_rows(self, statement: Statement) -> list[LooseRow] | None:
        """Return each printed row with its candidate cells; None where a row has more numbers than the header has columns."""
        by_row: dict[int, list[Line]] = {}
        for line in statement.lines:
            by_row.setdefault(line.row - self.depth - 1, []).append(line)
        starts, position = [], 0
        for labels, side in zip(self.blocks, self.sides, strict=True):
            starts.append(position + len(labels) + 1)
            position += len(labels) + len(side.paths)
        found = []
        for r, row in enumerate(self.dump.rows):
            cells = {line.column: replace(line, row=r + 1, x0=None, y0=None, x1=None, y1=None) for line in by_row.get(r, ())}
            parts = []
            for half, side, start in zip(self._halves(row), self.sides, starts, strict=True):
                own = tuple(cells[start + n] for n in range(len(side.paths)) if start + n in cells)
                if half is not None and len(own) == len(side.paths):
                    parts.append(_loose(half, own, side.before))
            found += _joined(parts)
        if any(len(row.numbers) > len(row.cells) for row in found):
            return None
        return found


def _loose(half: Half, cells: tuple[Line, ...], before: frozenset[tuple[int, int]]) -> LooseRow:
    return LooseRow(cells, tuple(value for value, _ in half.numbers), tuple(text for _, text in half.numbers), before)


def _joined(parts: list[LooseRow]) -> list[LooseRow]:
    """Return the halves of a row as one where the right one has too many numbers: some of them belong to the left."""
    if len(parts) == 2 and len(parts[1].numbers) > len(parts[1].cells) and not parts[0].numbers:
        left, right = parts
        shift = len(left.cells)
        before = {*left.before, *((a + shift, b + shift) for a, b in right.before)}
        before |= {(a, b + shift) for a in range(shift) for b in range(len(right.cells))}
        return [LooseRow(left.cells + right.cells, right.numbers, right.texts, frozenset(before))]
    return parts


def _label(half: Half, role: str) -> str:
    if role == "code":
        return half.code or ""
    if role == "unit_name":
        return "" if half.code else f"{half.unit_code or ''}{half.label}"
    return half.label


def _cell(text: str) -> Cell:
    return Cell(0, 0, text, _NOWHERE)
