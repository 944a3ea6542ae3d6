"""Where the tables of a spreadsheet's sheet are: its filled cells as lines of text and tables, set on a page.

Belongs here: what a sheet is, whatever file it came from, and which of its rows are one table: blank rows part tables (not those of a
form that are left blank), so does a title amid the rows; what stands alone above or below a table is a line of text. Does not belong here:
file formats, what the words say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import NamedTuple

from pipeline.budget.amounts import YUAN_PER, is_amount_alone, parse_amount
from pipeline.budget.characters import fold
from pipeline.document.content import Page, UnreadableDocument
from pipeline.document.forms.typesetting import SetCell, Sheet, address, widths_of

MOST_CELLS = 1_000_000
"""Filled cells of one sheet, and places of one of its tables: a hundred times those of the largest statements."""

_MOST_FIELDS = 12  # rows above a table that may be fields
_FEW_FIELDS = 3  # texts in one row above a table that are fields: body, date, unit
_SPARSE = 0.6  # of the table's columns: fields above it cover less, a header more
_WIDE = 0.5  # of the table's columns: a title amid the rows covers more
_TITLE_ROWS = 3  # rows from a title amid the rows down to the header below it
_AMOUNTS = 4  # in a table that has titles in its cells: forms with fewer are no statements
_SPACED = 1  # blank rows after each row of a sheet that is set widely
_LEFT_BLANK = 12  # rows of a form that nothing is written in, before its total
_YEARS = range(1990, 2100)  # numbers that head columns
_LONG = 15  # characters: a text alone in a row at the foot of a table is a note and no name of a row


class Merged(NamedTuple):
    """A merged range: its first and last row and column, from 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet as its file has it; rows and columns count from 0.

    Attributes:
        name: of the sheet; empty where there are no sheets (CSV).
        cells: (row, column) → text as shown, of the cells that show something.
        merged: ranges of merged cells.
        hidden_rows, hidden_columns: which are not shown.
        indents: (row, column) → points by which the text is set in.
        hidden: whether the whole sheet is.
    """

    name: str
    cells: Mapping[tuple[int, int], str]
    merged: Sequence[Merged] = ()
    hidden_rows: Set[int] = frozenset()
    hidden_columns: Set[int] = frozenset()
    indents: Mapping[tuple[int, int], float] = field(default_factory=dict)
    hidden: bool = False


class _Text(NamedTuple):
    """A text in its row: its first and last column."""

    column: int
    last: int
    text: str

    @property
    def is_number(self) -> bool:
        return parse_amount(self.text) is not None


def page_of(sheet: RawSheet, number: int, reader: str) -> Page:
    """Return a sheet as page `number`; nothing stands on that of a hidden one.

    Raises:
        UnreadableDocument: the sheet is too large.
    """
    page = Sheet(number, reader)
    if not sheet.hidden and sheet.cells:
        if len(sheet.cells) > MOST_CELLS:
            raise UnreadableDocument(f"A sheet has {len(sheet.cells)} filled cells: more than {MOST_CELLS} are not read.")
        if sheet.name:
            page.line([sheet.name])
        for block in _blocks(_Shown(sheet)):
            block.set_on(page)
    return page.page()


def set_titled_tables(page: Sheet, table: RawSheet) -> bool:
    """Set a table that has titles in cells of its own as the tables and lines that it is.

    Returns:
        Whether it is such a table: rows of amounts stand above and below a title, or a title stands in the first of several columns.
        Nothing is set of another.
    """
    if not table.cells:
        return False
    shown = _Shown(table)
    whole = _Block.of(shown, shown.numbers())
    parts = list(whole.split_at_titles())
    several = len(parts) > 1 and all(part.is_of_money() for part in parts)
    if not several and not (whole.begins_with_narrow_title() and whole.is_of_money()):
        return False
    for part in parts if several else [whole]:
        part.set_on(page)
    return True


class _Shown:
    """The part of a sheet that is shown: rows with their texts, and the merged ranges as far as they are seen."""

    END = -1
    """In place of a column: where the last one ends."""

    def __init__(self, sheet: RawSheet) -> None:
        self.sheet = sheet
        self.rows: dict[int, list[_Text]] = {}
        self.merged: dict[tuple[int, int], Merged] = {}
        self.covered: set[int] = set()
        """Rows into which a merged text reaches down from above."""
        under: dict[int, list[Merged]] = {}
        for merged in self._seen():
            for row in range(merged.top, merged.bottom + 1):
                under.setdefault(row, []).append(merged)
        for (row, column), text in sheet.cells.items():
            visible = row not in sheet.hidden_rows and column not in sheet.hidden_columns
            if visible and not any(m.left <= column <= m.right for m in under.get(row, ())):
                self.rows.setdefault(row, []).append(_Text(column, column, text))
        for texts in self.rows.values():
            texts.sort()
        self.edges = self._column_edges()

    def _column_edges(self) -> dict[int, float]:
        """Return where each column that shows something begins, from the left of the sheet: the tables of a sheet share its columns."""
        beside = [text for texts in self.rows.values() if len(texts) > 1 for text in texts]
        columns = sorted({text.column for texts in self.rows.values() for text in texts})
        at = {column: n for n, column in enumerate(columns)}
        own = [SetCell(0, at[text.column], text.text, "") for text in beside if text.column == text.last]
        edges = accumulate(widths_of(own, len(columns)), initial=0.0)
        return dict(zip([*columns, self.END], edges, strict=True))

    def _seen(self) -> Iterator[Merged]:
        """Yield the merged ranges, each with its text put where its first shown row and column are."""
        last_row = max(row for row, _ in self.sheet.cells)
        last_column = max(column for _, column in self.sheet.cells)
        tall = 0
        for merged in self.sheet.merged:
            bottom, right = min(merged.bottom, last_row), min(merged.right, last_column)
            tall += max(bottom - merged.top, 0)
            if tall > MOST_CELLS:
                raise UnreadableDocument(f"The merged ranges of a sheet reach over more than {MOST_CELLS} rows.")
            top = next((row for row in range(merged.top, bottom + 1) if row not in self.sheet.hidden_rows), None)
            left = next((column for column in range(merged.left, right + 1) if column not in self.sheet.hidden_columns), None)
            yield Merged(merged.top, merged.left, bottom, right)
            text = self.sheet.cells.get((merged.top, merged.left))
            if text is None or top is None or left is None:
                continue
            self.merged[top, left] = Merged(top, left, bottom, right)
            self.rows.setdefault(top, []).append(_Text(left, right, text))
            self.covered.update(row for row in range(top + 1, bottom + 1) if row not in self.sheet.hidden_rows)

    def numbers(self) -> list[int]:
        """Return the rows that show something, a merged cell of a row above included."""
        return sorted({*self.rows, *self.covered})

    def blank(self, row: int, following: int) -> int:
        """Count the blank rows that are shown between two rows."""
        return sum(between not in self.sheet.hidden_rows for between in range(row + 1, following))


def _blocks(shown: _Shown) -> Iterator[_Block]:
    """Yield the rows of a sheet in parts: blank rows part them, and titles amid the rows; not where a blank row follows every row."""
    rows = shown.numbers()
    blanks = [min(shown.blank(row, following), _SPACED + 1) for row, following in pairwise(rows)]
    spaced = _SPACED if len(blanks) > _TITLE_ROWS and blanks.count(0) * 4 < blanks.count(_SPACED) else 0
    start = 0
    for n in range(1, len(rows) + 1):
        if n == len(rows) or (blanks[n - 1] > spaced and not _goes_on(shown, rows[start:n], rows[n : n + _LEFT_BLANK])):
            yield from _Block.of(shown, rows[start:n]).split_at_titles()
            start = n


def _goes_on(shown: _Shown, above: Sequence[int], below: Sequence[int]) -> bool:
    """Tell whether rows below blank ones are of the table above them: names with numbers where that table has some, and no header."""
    filled = {text.column for row in above for text in shown.rows.get(row, ())}
    counted = {text.column for row in above for text in shown.rows.get(row, ()) if text.is_number}
    for before, row in pairwise((above[-1], *below)):
        texts = shown.rows.get(row, [])
        if shown.blank(before, row) > _LEFT_BLANK:
            return False
        if any(text.column not in filled or text.text.endswith((":", "：")) for text in texts):
            return False
        if any(text.is_number != bool(counted.intersection(range(text.column, text.last + 1))) for text in texts):
            return False
        if numbers := [parse_amount(text.text) for text in texts if text.is_number]:
            return not texts[0].is_number and not all(number in _YEARS for number in numbers)
    return False


@dataclass(frozen=True, slots=True)
class _Block:
    """Rows without a blank one between them; `columns` are those in which their texts begin."""

    shown: _Shown
    rows: Sequence[int]
    columns: frozenset[int]

    @classmethod
    def of(cls, shown: _Shown, rows: Sequence[int]) -> _Block:
        """Return rows of a sheet as a block."""
        return cls(shown, rows, frozenset(text.column for row in rows for text in shown.rows.get(row, ())))

    def _texts(self, row: int) -> list[_Text]:
        return self.shown.rows.get(row, [])

    def _filled(self) -> frozenset[int]:
        """Return the columns of the rows that have numbers, where any have: titles and fields may stand beside the table's columns."""
        of_numbers = [texts for texts in map(self._texts, self.rows) if any(text.is_number for text in texts)]
        return frozenset(text.column for texts in of_numbers for text in texts) or self.columns

    def split_at_titles(self) -> Iterator[_Block]:
        """Yield the block, in parts where a title stands below rows of numbers and a header below the title."""
        start, numbers = 0, False
        for n, row in enumerate(self.rows):
            if numbers and self._is_title(n):
                yield _Block.of(self.shown, self.rows[start:n])
                start, numbers = n, False
            numbers = numbers or any(text.is_number for text in self._texts(row))
        yield _Block.of(self.shown, self.rows[start:])

    def is_of_money(self) -> bool:
        """Tell whether the block has several amounts, or several numbers and a unit of money above them."""
        texts = [text for row in self.rows for text in self._texts(row)]
        if sum(is_amount_alone(fold(text.text)) for text in texts) >= _AMOUNTS:
            return True
        head = (text.text for row in self.rows[: 1 + _TITLE_ROWS] for text in self._texts(row))
        return sum(text.is_number for text in texts) >= _AMOUNTS and any(unit in text for text in head for unit in YUAN_PER)

    def begins_with_narrow_title(self) -> bool:
        """Tell whether the first row is a text alone that covers less than a heading above a table does, and a row of several follows."""
        return self._stands_alone(0) and self._cover(self._texts(self.rows[0])) <= _WIDE * len(self.columns) and self._head() > 0

    def _is_title(self, n: int) -> bool:
        if not self._stands_alone(n):
            return False
        filled = len(self.columns)
        wide = self._cover(self._texts(self.rows[n])) > _WIDE * filled
        for row in self.rows[n + 1 : n + 1 + _TITLE_ROWS]:
            found = self._texts(row)
            if any(text.is_number for text in found):
                return False
            if len(found) > 1 and (wide or len(found) > max(_FEW_FIELDS, _WIDE * filled)):
                return True
        return False

    def _stands_alone(self, n: int) -> bool:
        texts = self._texts(self.rows[n])
        return len(texts) == 1 and not texts[0].is_number and self.rows[n] not in self.shown.covered

    def _cover(self, texts: Sequence[_Text]) -> int:
        """Count the columns of the block that texts of one row cover."""
        return _covered(texts, self.columns)

    def set_on(self, page: Sheet) -> None:
        """Set the block: lines of text above, the table, lines of text below."""
        start, end = self._head(), len(self.rows)
        while end > start and self._is_note(end - 1):
            end -= 1
        body = self.rows[start:end]
        if len(body) == 1 and not any(text.is_number for text in self._texts(body[0])):
            start = end
        for row in self.rows[:start]:
            self._line(page, row)
        if start < end:
            self._table(page, self.rows[start:end])
        for row in self.rows[max(start, end) :]:
            self._line(page, row)

    def _line(self, page: Sheet, row: int) -> None:
        texts = [" ".join(text.text.split("\n")) for text in self._texts(row)]
        if texts:
            page.line(texts, in_table=True)

    def _head(self) -> int:
        """Return how many leading rows are no table: texts alone in their row, and few fields that cover little of the table's width.

        A field may be a number (a total above the table), if a header stands below it.
        """
        filled = self._filled()
        for n, row in enumerate(self.rows):
            texts = self._texts(row)
            if row in self.shown.covered or any(self._goes_down(row, text) for text in texts):
                return n
            if len(texts) > 1:
                fields = len(texts) <= _FEW_FIELDS and (not any(text.is_number for text in texts) or self._is_header_below(n))
                if not fields or n >= _MOST_FIELDS or _covered(texts, filled) >= _SPARSE * len(filled):
                    return n
        return len(self.rows)

    def _is_header_below(self, n: int) -> bool:
        """Tell whether the first row below with several texts has words alone, as wide as the table."""
        below = (self._texts(row) for row in self.rows[n + 1 : n + 1 + _TITLE_ROWS])
        several = next((texts for texts in below if len(texts) > 1), [])
        filled = self._filled()
        return not any(text.is_number for text in several) and _covered(several, filled) >= _SPARSE * len(filled)

    def _goes_down(self, row: int, text: _Text) -> bool:
        merged = self.shown.merged.get((row, text.column))
        return merged is not None and merged.bottom > merged.top

    def _is_note(self, n: int) -> bool:
        """Tell whether a row at the foot is a note, or fields of the form: who made it, their telephone."""
        texts = self._texts(self.rows[n])
        if sum(not text.is_number for text in texts) > 1 and any(text.text.endswith((":", "：")) for text in texts):
            return True
        if not self._stands_alone(n):
            return False
        return len(texts[0].text) > _LONG or self._cover(texts) > _WIDE * len(self.columns)

    def _table(self, page: Sheet, rows: Sequence[int]) -> None:
        # A column in which no text begins shows nothing of its own: it is part of the one before it.
        columns = sorted({text.column for row in rows for text in self._texts(row)})
        if len(rows) * len(columns) > MOST_CELLS:
            raise UnreadableDocument(f"A table has {len(rows)} rows and {len(columns)} columns: more than {MOST_CELLS} cells are not read.")
        at = {column: n for n, column in enumerate(columns)}
        place = {row: n for n, row in enumerate(rows)}
        cells = []
        for row in rows:
            for text in self._texts(row):
                merged = self.shown.merged.get((row, text.column))
                down = sum(row <= other <= merged.bottom for other in rows[place[row] :]) if merged else 1
                across = sum(text.column <= column <= text.last for column in columns)
                indent = self.shown.sheet.indents.get((row, text.column), 0.0)
                cells.append(SetCell(place[row], at[text.column], text.text, address(row, text.column), down, across, indent))
        edges = [self.shown.edges[column] for column in (*columns, _Shown.END)]
        page.table(cells, len(rows), len(columns), [right - left for left, right in pairwise(edges)], edges[0])


def _covered(texts: Sequence[_Text], columns: Set[int]) -> int:
    return sum(any(text.column <= column <= text.last for text in texts) for column in columns)


def shown_text(text: str) -> str:
    """Return the text of a cell without what no one sees of it: spaces behind, blank lines around, one kind of line break and of space."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", "").replace("\xa0", " ")
    return "\n".join(line.rstrip() for line in text.strip("\n").split("\n")).rstrip()
