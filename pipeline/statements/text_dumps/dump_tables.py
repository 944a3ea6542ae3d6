"""Text dumps, last step: the words of bare lines put back into tables, whose numbers are not placed yet.

A table has its header texts by column and its labels in cells, as one from a grid has; each row's numbers stand beside them, with
the columns in which they may stand. Titles, headers and labels are then understood as those of any table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations

from pipeline.budget.characters import fold
from pipeline.budget.codes.book import CodeList
from pipeline.document.content import Cell, Content
from pipeline.statements.meaning.table_heading import Heading
from pipeline.statements.statement_model import NO_BOX, PrintedNumber, Table, TableRow, UnplacedNumbers
from pipeline.statements.text_dumps.aligned_lines import with_whole_names, words_by_column
from pipeline.statements.text_dumps.bare_rows import DumpRow, DumpTable, HeaderLine, RowSide
from pipeline.statements.text_dumps.cut_names import hold_cut_classes, hold_lost_codes, hold_subtotals_without_names, mend_cut_names
from pipeline.statements.text_dumps.header_phrases import Header, HeaderColumns, read_header_lines, read_two_sided_header
from pipeline.statements.text_dumps.row_codes import names_a_row
from pipeline.statements.text_dumps.second_tables import keep_one_table
from pipeline.statements.text_dumps.segments import Segment, segments_of
from pipeline.statements.text_dumps.text_rows import read_table_rows
from pipeline.statements.text_dumps.torn_headings import TornHeading, names_column, read_torn_heading
from schemas.statements import kind_of
from schemas.vocabulary import read_header, read_row_label
from schemas.vocabulary.titles import TitleMeaning

_OF_CLASS = {"function": "支出功能分类科目", "government_economic": "政府支出经济分类科目", "department_economic": "部门支出经济分类科目"}
"""Headings of label columns that name a class with its code, by scheme."""

_MOST_CODED = 0.8
"""Of the rows. Names of projects and units wrap, and nothing proves that they are whole; rows of classes have codes, but for totals."""

_GOVERNMENT_ROLES = ("government_code", "government_name")  # of the code and the name of a row's second classification


@dataclass(frozen=True, slots=True)
class LooseTable:
    """A table of which the columns are lost.

    Attributes:
        heading: what the words around it say.
        amounts: how many numbers it prints, those included that stand in no row.
        unknown: header phrases that were not understood: no column is claimed then.
        pages: on which it is printed.
        readings: the table under each reading of its header; none where of no number can be said what it is.
    """

    heading: Heading
    amounts: int
    unknown: tuple[str, ...]
    pages: tuple[int, ...]
    readings: tuple[Table, ...]


def loose_tables_of(content: Content, book: CodeList) -> list[LooseTable]:
    """Return the tables printed in a text dump, in document order.

    Args:
        content: pages of text lines without boxes.
        book: tells whether a fragment completes the name of a code.
    """
    printed = "\n".join(fold(line.text) for page in content.pages for line in page.lines)
    return [table for segment in segments_of(content, book) if (table := _read(segment, book, printed)) is not None]


def _read(segment: Segment, book: CodeList, printed: str) -> LooseTable | None:
    """Return one table, or None where it is no statement."""
    meaning = segment.meaning
    heading = Heading(segment.title, meaning, segment.money_units, segment.entity)
    pages = tuple(sorted({line.page for line in segment.lines}))
    if meaning is None:  # its numbers are counted, none of them is claimed for a column
        if not segment.has_amounts or not (segment.mark or segment.money_units):
            return None
        return LooseTable(heading, read_table_rows(segment.lines, book, two_sided=False).amounts, (), pages, ())
    kind = kind_of(meaning.statement)
    two_sided = kind.is_summary
    table = read_table_rows(
        segment.lines if two_sided else with_whole_names(segment.lines, partial(names_a_row, book)), book, two_sided=two_sided
    )
    if not two_sided:
        hold_cut_classes(table)
        hold_subtotals_without_names(table)
        hold_lost_codes(table, book)
        keep_one_table(table, kind, book)
        mend_cut_names(table, printed, partial(names_a_row, book))
    if not (table.rows or table.header or segment.money_units):
        return None  # a title that announces nothing, as in a list of contents
    if kind.holds_targets:
        return LooseTable(heading, 0, (), pages, ())
    headers = read_two_sided_header(table.header, meaning) if two_sided else (_one_sided_header(table, meaning),)
    if not two_sided and (torn := read_torn_heading(table, meaning)):
        headers = (_in_order(torn),)
    elif not two_sided and headers[0].unknown and _rows_have_codes(table) and (whole := _header_by_column(table, meaning)):
        headers = (whole,)
    if not two_sided and not headers[0].readings and not headers[0].unknown and table.amounts:
        headers = (_header_without_words(table),)
    unknown = sorted({phrase for header in headers for phrase in header.unknown})
    readings = () if unknown else tuple(_readings(table, headers, book, of_items=kind.items is not None))
    return LooseTable(heading, table.amounts, tuple(unknown), pages, readings)


def _one_sided_header(table: DumpTable, meaning: TitleMeaning) -> Header:
    """Return the columns; where no row prints two numbers and one column stands above the rows, words below are labels of empty rows."""
    widest = max((len(half.numbers) for row in table.rows for half in row.halves), default=0)
    if widest == 1:
        above = read_header_lines([line for line in table.header if line.stretch == table.header[0].stretch], meaning)
        if above.readings and all(len(reading.paths) == 1 for reading in above.readings):
            return above
    return read_header_lines(table.header, meaning)


def _in_order(torn: TornHeading) -> Header:
    order = frozenset(combinations(range(len(torn.paths)), 2))
    return Header(torn.labels, [HeaderColumns(torn.paths, order)])


def _rows_have_codes(table: DumpTable) -> bool:
    """Tell whether most rows that print numbers name a class by its code: then it is known of a number which row's it is."""
    sides = [half for row in table.rows for half in row.halves if half.numbers and not half.is_total]
    return sum(bool(half.code or half.classes) for half in sides) >= _MOST_CODED * len(sides) > 0


def _header_by_column(table: DumpTable, meaning: TitleMeaning) -> Header | None:
    """Return the columns of a heading whose words are all understood once the pieces that stand below one another are put together."""
    for words in words_by_column(table.set_above, lambda text: names_column(text, meaning)):
        header = read_header_lines([HeaderLine(tuple(words), 0)], meaning) if words else Header()
        if header.readings and not header.unknown and all(names_column(word, meaning) for word in words):
            return header
    return None


def _header_without_words(table: DumpTable) -> Header:
    """Where no header phrase is printed, one number a row is the amount; more cannot be told apart."""
    widest = max(len(half.numbers) for row in table.rows for half in row.halves) if table.rows else 0
    return Header(readings=[HeaderColumns((("预算数",),), frozenset())] if widest == 1 else [])


def _readings(table: DumpTable, headers: Sequence[Header], book: CodeList, *, of_items: bool) -> list[Table]:
    found = []
    for right in headers[-1].readings:
        sides = [right] if len(headers) == 1 else [headers[0].readings[0], right] if headers[0].readings else []
        if sides:
            found.append(_TableBuilder(table, headers, sides, book, of_items=of_items).table())
    return found


class _TableBuilder:
    """A dump's words as a table: label columns, and columns in which its numbers may stand."""

    def __init__(
        self, table: DumpTable, headers: Sequence[Header], sides: Sequence[HeaderColumns], book: CodeList, *, of_items: bool
    ) -> None:
        self.dump, self.headers, self.sides = table, headers, sides
        self.book = book
        self.coded = any(half.code for row in table.rows for half in row.halves)
        self.by_unit = any(read_header(text).get("role") == "unit_name" for h in headers for text in h.labels)
        self.of_items = of_items
        self.lone_totals: set[str] = set()
        self.blocks = [self._label_columns(header) for header in headers]
        self.filled = len(sides) == 1 and self._fills(sides[0])

    def _fills(self, side: HeaderColumns) -> bool:
        """Tell whether all columns are in a known order and every row prints a number in each: then nothing is to be placed."""
        width = len(side.paths)
        printed = [len(half.numbers) for row in self.dump.rows for half in row.halves if half.numbers]
        return width > 1 and len(side.before) == width * (width - 1) // 2 and set(printed) == {width}

    def _label_columns(self, header: Header) -> list[tuple[str, str]]:
        """Return the label columns of a block as (role, header text)."""

        def printed(role: str, fallback: str) -> str:
            return max((t for t in header.labels if read_header(t).get("role") == role and len(t) > 1), key=len, default=fallback)

        if len(self.headers) > 1:
            return [("name", "项目")]
        schemes = {scheme for row in self.dump.rows for half in row.halves for scheme in half.classes}
        if schemes:
            return [(scheme, heading) for scheme, heading in _OF_CLASS.items() if scheme in schemes]
        columns = []
        if self.by_unit:
            columns.append(("unit_name", printed("unit_name", "单位名称")))
        if self.coded:
            columns.append(("code", printed("code", "科目编码")))
        labelled = any(half.label for row in self.dump.rows for half in row.halves)
        if any(half.government for row in self.dump.rows for half in row.halves):
            columns += zip(_GOVERNMENT_ROLES, ("政府经济科目编码", "政府经济科目名称"), strict=True)
        if self.coded or (not self.by_unit and (labelled or not self.of_items)):
            columns.append(("name", printed("name", "科目名称")))
        return columns

    def table(self) -> Table:
        """Return the table."""
        headers: list[tuple[str, ...]] = []
        before: set[tuple[int, int]] = set()
        for labels, side in zip(self.blocks, self.sides, strict=True):
            headers += [(text,) for _, text in labels]
            before |= {(len(headers) + a, len(headers) + b) for a, b in side.before}
            headers += side.paths
        rows = tuple(self._row(row, halves, len(headers)) for row in self.dump.rows for halves in self._halves(row))
        return Table((), rows, (), headers=tuple(headers), before=tuple(sorted(before)))

    def _row(self, row: DumpRow, halves: Sequence[RowSide | None], width: int) -> TableRow:
        cells: list[Cell | None] = []
        unplaced: list[UnplacedNumbers] = []
        for half, labels, side in zip(halves, self.blocks, self.sides, strict=True):
            cells += [Cell(0, len(cells) + n, _label(half, role), NO_BOX) if half else None for n, (role, _) in enumerate(labels)]
            if half and half.numbers and self.filled:
                cells += [Cell(0, len(cells) + n, text, NO_BOX) for n, (_, text) in enumerate(half.numbers)]
                continue
            if half:
                numbers = tuple(PrintedNumber(value, text) for value, text in half.numbers)
                unplaced.append(UnplacedNumbers(tuple(range(len(cells), len(cells) + len(side.paths))), numbers))
            cells += [None] * len(side.paths)
        apart = any(half.apart for half in halves if half)
        return TableRow(row.line.page, tuple(cells), (True,) * width, (True,) * width, unplaced=tuple(unplaced), apart=apart)

    def _halves(self, row: DumpRow) -> list[list[RowSide | None]]:
        """Return a line's halves for the blocks, None where a block prints nothing; two rows where both halves are of one block."""
        if len(self.sides) == 1:
            return [[row.halves[0]]]
        rows: list[list[RowSide | None]] = [[None, None]]
        for n, half in enumerate(row.halves):
            side = self._side(half, n, len(row.halves))
            if rows[-1][side] is not None:
                rows.append([None, None])
            rows[-1][side] = half
        return rows

    def _side(self, half: RowSide, position: int, of: int) -> int:
        name = fold(half.label).lstrip("一二三四五六七八九十0123456789()、.,")
        says = read_row_label(name)
        if position and of == 2:
            return 1
        names_spending = self.book.candidates("function", half.label) and ("fund" not in says or "支出" in name)  # 政府性基金预算 is either
        if half.code or "nature" in says or names_spending:
            return 1
        if says.get("total") and ("收入" in name) != ("支出" in name):
            return int("支出" in name)
        if of == 1 and says.get("total") and name != "小计":  # 总计 of income, and on a line of its own 总计 of spending
            known = name in self.lone_totals
            self.lone_totals.add(name)
            return int(known)
        return 0 if "fund" in says or "carryover" in says else min(position, 1) if of > 1 else int("支出" in name)


def _label(half: RowSide, role: str) -> str:
    if role in _GOVERNMENT_ROLES:
        return half.government[_GOVERNMENT_ROLES.index(role)] if half.government else ""
    if role in _OF_CLASS:
        return half.classes.get(role, "" if half.classes else half.label)
    if role == "code":
        return half.code or half.unit_code or ""
    if role == "unit_name":
        return "" if half.code else f"{half.unit_code or ''}{half.label}"
    return f"{half.indent}{half.label}"
