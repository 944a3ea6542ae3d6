"""Documents that flow (web pages, texts of a word processor): paragraphs and tables in their order, set on a page per table.

Belongs here: the model between such a file and its pages, which tables are tables and which only lay out a page, where spanning cells
stand. Does not belong here: file formats, what the words say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.budget.amounts import is_amount_alone, parse_amount
from pipeline.budget.characters import fold
from pipeline.document.content import Page, UnreadableDocument
from pipeline.document.forms.sheet_tables import Merged, RawSheet, set_titled_tables
from pipeline.document.forms.typesetting import SetCell, Sheet, address, widths_of
from pipeline.document.pictures_in_text import FilesOfPictures

MOST_COLUMNS = 2_000
"""Columns of a table: no statement has a hundred; spans that somebody made up reach any number."""

MOST_CELLS = 1_000_000
"""Places of all tables of a document: a hundred times those of the largest ones."""

MOST_NESTED = 100
"""Tables inside one another: pages laid out by tables nest ten deep."""

_DATA = 4  # amounts that stand alone in cells of their own: a table with so many is one, whatever else is nested in it
_HEADER_ROWS = 3  # a table with more is one of its own, whatever follows it
_PAGE_NUMBER = re.compile(r"[-—–_· 第]{0,9}\d{1,4}[-—–_·/ 页共\d]{0,12}")
_CLOSING = re.compile(r"[^,。:;\d]{0,8}总计")  # names the total that closes a table: a 小计 or 合计 may close a group of its rows
_ENDS_IN_AMOUNT = re.compile(r"(?:^-?[\d,]+|\.\d{1,6})$")  # a row of a list, or an amount below its name: a sentence has a unit behind it
_ARTICLE = 200  # characters in one cell, of several paragraphs: the text of a page that a table lays out


NOTE = re.compile(r"[\[［(（]?(?:\d{1,2}|[a-z*※①-⑳])[\]］)）]?")
"""The mark of a note: raised behind a number it is none of its digits, 300.5¹ is no 300.51."""

STRUCK = "{} pieces of text that are struck through were left out."
"""What readers say of text that its publisher has taken back, and browsers and word processors still show with a line through it."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with its line breaks; `indent` is by how many points its first line is set in."""

    text: str
    indent: float = 0.0


@dataclass(frozen=True, slots=True)
class FlowCell:
    """A cell as its file gives it: what is in it, and how many rows and columns it covers (0 rows: all that are left).

    `drawn` says that it shows something that is no text.
    """

    blocks: tuple[Paragraph | FlowTable | Picture, ...]
    rows: int = 1
    columns: int = 1
    drawn: bool = False


@dataclass(frozen=True, slots=True)
class FlowTable:
    """A table: rows of the cells that begin in them, and the columns that are not shown."""

    rows: tuple[tuple[FlowCell, ...], ...]
    hidden: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that is large enough to show a table: the bytes of its file."""

    data: bytes


Block = Paragraph | FlowTable | Picture


def pages_of(blocks: Sequence[Block], reader: str, pictures: FilesOfPictures) -> tuple[Page, ...]:
    """Return a document as pages: each ends with a table, which gives it its number, and the last one with what stands below.

    Args:
        blocks: of the document, in their order.
        reader: its name.
        pictures: reads those that show tables.

    Raises:
        UnreadableDocument: its tables are too large, or nested too deeply.
    """
    sheet = Sheet(1, reader)
    done: list[Page] = []
    places = 0
    above: _Above | None = None
    between: list[str] = []
    for block in _with_headers(_laid_out(blocks, 0)):
        if isinstance(block, Picture):
            number = sheet.number + sheet.holds_table
            if (table := pictures.table_of(block.data, number)) is not None:
                if sheet.holds_table:
                    done.append(sheet.page())
                    sheet = Sheet(number, reader)
                sheet.picture(table)
                above = None
            continue
        if isinstance(block, Paragraph):
            for line in block.text.split("\n"):
                if line.strip():
                    bare = is_amount_alone(fold(line))  # of a table that is none in the file: missing, and told so
                    sheet.line([line], indent=block.indent, in_table=bare)
                    between.append(line)
            continue
        cells, rows, columns, raw = _placed(block)
        if not any(cell.text or cell.drawn for cell in cells):
            continue
        places += rows * columns
        if places > MOST_CELLS:
            raise UnreadableDocument(f"The tables have more than {MOST_CELLS} cells.")
        if sheet.holds_table:
            done.append(sheet.page())
            sheet = Sheet(len(done) + 1, reader)
        own = _Above.of(cells, columns)
        if above is not None and own.goes_on(above, between):
            own = own.below(above)
        above, between = own, []
        if not any(cell.drawn for cell in cells) and set_titled_tables(sheet, raw):
            above = None
        else:
            sheet.table(cells, rows, columns, own.widths)
    return (*done, sheet.page())


@dataclass(frozen=True, slots=True)
class _Above:
    """What of a table tells whether the one below it goes on with it: their columns stand below each other then, as on paper.

    Attributes:
        widths: of its columns.
        head: the texts of its first row that shows something, with their columns.
        named, counted: columns in which texts and numbers stand.
        leading: columns of the texts above its first numbers, those of the row with these not counted; None where it has no numbers.
        closed: whether its last row, below others with numbers, is a total (支出总计): what follows is another table.
    """

    widths: Sequence[float]
    head: Sequence[tuple[int, str]]
    named: frozenset[int]
    counted: frozenset[int]
    leading: frozenset[int] | None
    closed: bool

    @classmethod
    def of(cls, cells: Sequence[SetCell], columns: int) -> _Above:
        """Return it for the cells of a table."""
        filled = [(cell, parse_amount(cell.text) is not None) for cell in cells if cell.text.strip()]
        first = min((cell.row for cell, _ in filled), default=0)
        numbers = min((cell.row for cell, is_number in filled if is_number), default=None)
        last = max((cell.row for cell, _ in filled), default=0)
        ends = [fold(cell.text) for cell, is_number in filled if cell.row == last and not is_number]
        return cls(
            widths_of(cells, columns),
            [(cell.column, fold(cell.text)) for cell, _ in filled if cell.row == first],
            frozenset(cell.column for cell, is_number in filled if not is_number),
            frozenset(cell.column for cell, is_number in filled if is_number),
            None if numbers is None else frozenset(cell.column for cell, _ in filled if cell.row < numbers),
            numbers is not None and numbers < last and any(map(_CLOSING.fullmatch, ends)),
        )

    def goes_on(self, above: _Above, between: Sequence[str]) -> bool:
        """Tell whether the table has the columns of the one above it: it repeats its head, or has rows alone and nothing stands between."""
        if len(self.widths) != len(above.widths):
            return False
        if self.head == above.head and self.leading != frozenset():
            return True
        same_columns = self.counted & above.counted and self.named.isdisjoint(above.counted - above.named)
        rows_alone = not above.closed and self.leading is not None and self.leading.isdisjoint(above.counted) and bool(same_columns)
        return rows_alone and all(_PAGE_NUMBER.fullmatch(text) for text in between)

    def below(self, above: _Above) -> _Above:
        """Return it for both tables together."""
        return replace(self, widths=above.widths, head=above.head, named=self.named | above.named, counted=self.counted | above.counted)


def _with_headers(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield blocks, a table that is but a header joined to the table of as many columns that follows at once: so pages keep it in sight."""
    header: FlowTable | None = None
    for block in blocks:
        if header is not None:
            if isinstance(block, FlowTable) and _columns(block) == _columns(header):
                block = FlowTable((*header.rows, *block.rows), block.hidden)
            else:
                yield header
            header = None
        if isinstance(block, FlowTable) and len(block.rows) <= _HEADER_ROWS and not _has_digits(block):
            header = block
        else:
            yield block
    if header is not None:
        yield header


def _columns(table: FlowTable) -> int:
    return max((sum(cell.columns for cell in row) for row in table.rows), default=0)


def _has_digits(table: FlowTable) -> bool:
    return any(parse_amount(_own_text(cell)) is not None for row in table.rows for cell in row)


def _laid_out(blocks: Iterable[Block], depth: int) -> Iterator[Block]:
    """Yield blocks in reading order, with what stands in tables that only lay out the page in place of these."""
    if depth > MOST_NESTED:
        raise UnreadableDocument(f"Tables are nested more than {MOST_NESTED} deep.")
    for block in blocks:
        if isinstance(block, FlowTable) and _lays_out(block):
            for row in block.rows:
                for cell in row:
                    yield from _laid_out(cell.blocks, depth + 1)
        else:
            yield block
            if isinstance(block, FlowTable):
                yield from (inner for row in block.rows for cell in row for inner in cell.blocks if isinstance(inner, Picture))
                for inner in _inner_tables(block):
                    if not _is_text(inner):
                        yield from _laid_out([inner], depth + 1)


def _lays_out(table: FlowTable) -> bool:
    """Tell whether a table is none: it has a cell, or one a row, or other tables, or an article in a cell, and few amounts of its own."""
    cells = [cell for row in table.rows for cell in row]
    filled = [cell for cell in cells if any(not isinstance(block, Picture) for block in cell.blocks)]
    if len(filled) <= 1:
        return True
    own = [_own_text(cell) for cell in filled]
    if sum(is_amount_alone(fold(text)) for text in own) >= _DATA:
        return False
    if _is_text(table) and not any(_ENDS_IN_AMOUNT.search(fold(text)) for text in own):
        return True  # a row for each paragraph, or for title and unit above a table
    nested = any(not _is_text(inner) for inner in _inner_tables(table))
    return nested or any(len(cell.blocks) > 1 and len(text) > _ARTICLE for cell, text in zip(filled, own, strict=True))


def _inner_tables(table: FlowTable) -> Iterator[FlowTable]:
    for row in table.rows:
        for cell in row:
            yield from (block for block in cell.blocks if isinstance(block, FlowTable))


def _is_text(table: FlowTable) -> bool:
    """Tell whether a table inside a cell is but the text of that cell: neither it nor what lies in it has rows of several cells."""
    if not all(map(_is_text, _inner_tables(table))):
        return False
    return max((sum(bool(cell.blocks) for cell in row) for row in table.rows), default=0) <= 1


def _own_text(cell: FlowCell) -> str:
    """Return the text of a cell, a line per paragraph, without tables that are read for themselves."""
    return "\n".join(_texts(cell.blocks))


def _texts(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, FlowTable) and _is_text(block):
            for row in block.rows:
                for cell in row:
                    yield from _texts(cell.blocks)


def _placed(table: FlowTable) -> tuple[list[SetCell], int, int, RawSheet]:
    """Return the cells of a table in their places, as browsers put them: each where no cell of a row above reaches down; and as a sheet.

    Columns in which no cell begins, and rows that are but reached from above, take no place.
    """
    cells: list[tuple[int, int, int, int, FlowCell]] = []
    taken: dict[tuple[int, int], bool] = {}
    for r, row in enumerate(table.rows):
        c = 0
        for cell in row:
            while (r, c) in taken:
                c += 1
            if c + cell.columns > MOST_COLUMNS:
                raise UnreadableDocument(f"A table has more than {MOST_COLUMNS} columns.")
            down = min(cell.rows or len(table.rows), len(table.rows) - r)
            taken.update(((r + dr, c + dc), True) for dr in range(down) for dc in range(cell.columns))
            if len(taken) > MOST_CELLS:
                raise UnreadableDocument(f"The tables have more than {MOST_CELLS} cells.")
            if not table.hidden.issuperset(range(c, c + cell.columns)):
                cells.append((r, c, down, cell.columns, cell))
            c += cell.columns
    columns = sorted({c for _, c, _, _, _ in cells})
    at = {column: n for n, column in enumerate(columns)}
    found: list[SetCell] = []
    texts: dict[tuple[int, int], str] = {}
    merged: list[Merged] = []
    indents: dict[tuple[int, int], float] = {}
    for r, c, down, across, cell in cells:
        wide = sum(c <= column < c + across for column in columns)
        text = _own_text(cell)
        first = next((block for block in cell.blocks if isinstance(block, Paragraph)), None)
        indent = first.indent if first and parse_amount(text) is None else 0.0
        found.append(SetCell(r, at[c], text, address(r, c), down, wide, indent, cell.drawn and not text))
        if text.strip():
            texts[r, c], indents[r, c] = text, indent
            if down > 1 or across > 1:
                merged.append(Merged(r, c, r + down - 1, c + across - 1))
    return found, len(table.rows), len(columns), RawSheet("", texts, merged, indents=indents)
