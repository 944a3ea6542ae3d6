"""Tables of statements as they were found, and the same cells in another order: for trials of layouts (`rearranged_tables.py`).

Belongs here: what a table's columns and rows are, and moving cells, numbers and lines with them. Does not belong here: the layouts.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import msgspec

from pipeline.budget.characters import without_spaces
from pipeline.budget.line import Line
from pipeline.document.content import Box, Cell, Content, Grid, Page, with_boxes
from pipeline.statements.column_numbers import numbers_columns


@dataclass(frozen=True)
class Added:
    """A column or row that a table does not have.

    Attributes:
        texts: by the row (or column) of the table as it is.
        extent: its width (or height) in points.
        heads: texts over rows of the table, each with its first row and the one behind its last; equal ones side by side are one cell.
    """

    texts: Mapping[int, str]
    extent: float
    heads: tuple[tuple[str, int, int], ...] = ()


Order = Sequence[int | Added]
"""The columns or rows of a table as they are to stand: numbers of the ones that it has, and what is added."""


@dataclass(frozen=True)
class Table:
    """A grid with amounts of a statement.

    Attributes:
        grid: its cells.
        first: the first row with an amount.
        heads: the rows of its heads, without titles above and numbers of columns below.
        amounts: columns with amounts.
        filled: those in which the statement prints anything.
        groups: the columns of amounts as heads hold them together.
        codes: column of codes, if there is one.
        names: column of names beside it, if there is one.
        totals: rows of totals.
        widest: digits of its longest code.
        leads: whether the statement begins here, with its heads.
    """

    grid: Grid
    first: int
    heads: range
    amounts: frozenset[int]
    filled: frozenset[int]
    groups: tuple[tuple[int, ...], ...]
    codes: int | None
    names: int | None
    totals: frozenset[int]
    widest: int
    leads: bool

    def texts(self, column: int) -> dict[int, str]:
        """Return the texts of a column's own cells, by their rows."""
        return {cell.row: cell.text for cell in self.grid.cells if cell.column == column and cell.column_span == 1 and cell.text.strip()}


def _edges(spans: Iterable[tuple[int, int, float, float]], count: int, end: float) -> list[float]:
    """Return where the columns or rows of a grid begin, and where the last one ends."""
    starts: dict[int, float] = {}
    for place, _, start, _ in spans:
        starts[place] = min(start, starts.get(place, start))
    edges = [starts.get(place, end) for place in range(count)] + [end]
    for place in range(count - 1, -1, -1):
        edges[place] = min(edges[place], edges[place + 1])
    return edges


@dataclass(frozen=True)
class Axis:
    """How the columns (or rows) of a grid move: where each begins before and after."""

    order: Order
    edges: Sequence[float]

    @property
    def starts(self) -> list[float]:
        """Where those in their new order begin, and where the last ends."""
        extents = (item.extent if isinstance(item, Added) else self.edges[item + 1] - self.edges[item] for item in self.order)
        return list(accumulate(extents, initial=self.edges[0]))

    def place(self, first: int, span: int) -> tuple[int, int] | None:
        """Return where a cell over `span` columns from `first` on stands, and its span; None if they are parted, or are no more."""
        places = sorted(new for new, item in enumerate(self.order) if isinstance(item, int) and first <= item < first + span)
        if not places or places[-1] - places[0] + 1 != len(places):
            if len(places) < span or not places:
                return None
            if any(isinstance(item, int) for item in self.order[places[0] : places[-1] + 1] if item not in range(first, first + span)):
                return None
        return places[0], places[-1] - places[0] + 1

    def moved(self, at: float) -> float:
        """Return by how many points something at a place moves."""
        if not self.edges[0] <= at <= self.edges[-1]:
            return self.starts[-1] - self.edges[-1] if at > self.edges[-1] else 0.0
        old = min(bisect_right(self.edges, at) - 1, len(self.edges) - 2)
        return next((self.starts[new] - self.edges[old] for new, item in enumerate(self.order) if item == old), 0.0)


def rearranged(page: Page, grid: Grid, columns: Order | None, rows: Order | None) -> Page | None:
    """Return a page with one grid rearranged; None where a cell would be torn."""
    columns = columns or range(grid.columns)
    rows = rows or range(grid.rows)
    x_axis = Axis(columns, _edges(((c.column, c.column_span, c.box.x0, c.box.x1) for c in grid.cells), grid.columns, grid.box.x1))
    y_axis = Axis(rows, _edges(((c.row, c.row_span, c.box.y0, c.box.y1) for c in grid.cells), grid.rows, grid.box.y1))
    xs, ys, cells = x_axis.starts, y_axis.starts, list[Cell]()

    def shift(box: Box) -> Box:
        x, y = x_axis.moved((box.x0 + box.x1) / 2), y_axis.moved((box.y0 + box.y1) / 2)
        return Box(box.x0 + x, box.y0 + y, box.x1 + x, box.y1 + y)

    def cell_at(cell: Cell, column: int, row: int, width: int, height: int) -> Cell:
        box = Box(xs[column], ys[row], xs[column + width], ys[row + height])
        dx, dy = box.x0 - cell.box.x0, box.y0 - cell.box.y0
        text_box = cell.text_box and Box(cell.text_box.x0 + dx, cell.text_box.y0 + dy, cell.text_box.x1 + dx, cell.text_box.y1 + dy)
        return msgspec.structs.replace(cell, column=column, row=row, column_span=width, row_span=height, box=box, text_box=text_box)

    for cell in grid.cells:
        kept_columns = [c for c in range(cell.column, cell.column + cell.column_span) if c in columns]
        kept_rows = [r for r in range(cell.row, cell.row + cell.row_span) if r in rows]
        if not kept_columns or not kept_rows:
            continue
        across, down = x_axis.place(kept_columns[0], cell.column_span), y_axis.place(kept_rows[0], cell.row_span)
        if across is None or down is None:
            return None
        cells.append(cell_at(cell, across[0], down[0], across[1], down[1]))
    cells += list(_added(columns, rows, xs, ys, cells))
    new = replace(
        grid,
        rows=len(rows),
        columns=len(columns),
        cells=tuple(sorted(cells, key=lambda cell: (cell.row, cell.column))),
        box=Box(xs[0], ys[0], xs[-1], ys[-1]),
    )

    def placed(box: Box) -> Box:
        x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
        inside = grid.box.x0 <= x <= grid.box.x1 and grid.box.y0 <= y
        return shift(box) if inside else box

    moved = with_boxes(page, placed)
    number = [other.box for other in page.grids].index(grid.box)
    grids = [new if n == number else other for n, other in enumerate(moved.grids)]
    return replace(
        moved,
        width=page.width + max(0.0, xs[-1] - grid.box.x1),
        height=page.height + max(0.0, ys[-1] - grid.box.y1),
        grids=tuple(grids),
        lines=tuple(sorted(moved.lines, key=lambda line: line.box.y0 if line.box else 0.0)),
    )


def _added(columns: Order, rows: Order, xs: Sequence[float], ys: Sequence[float], cells: Iterable[Cell]) -> Iterator[Cell]:
    """Yield the cells of what is added, and empty ones in all places without a cell."""
    taken = {(r, c) for x in cells for r in range(x.row, x.row + x.row_span) for c in range(x.column, x.column + x.column_span)}
    for c, column in enumerate(columns):
        for head in column.heads if isinstance(column, Added) else ():
            text, top, bottom = head
            if (top, c) not in taken:
                width = next((n for n, x in enumerate(columns[c:]) if not (isinstance(x, Added) and head in x.heads)), len(columns) - c)
                box = Box(xs[c], ys[top], xs[c + width], ys[bottom])
                yield Cell(top, c, text, box, bottom - top, width, _text_box(text, box))
                taken |= {(r, x) for r in range(top, bottom) for x in range(c, c + width)}
    for r, row in enumerate(rows):
        for c, column in enumerate(columns):
            if (r, c) not in taken:
                box = Box(xs[c], ys[r], xs[c + 1], ys[r + 1])
                text = _text_at(column, row)
                yield Cell(r, c, text, box, text_box=_text_box(text, box))


def _text_at(column: int | Added, row: int | Added) -> str:
    if isinstance(column, Added):
        return "" if isinstance(row, Added) else column.texts.get(row, "")
    return row.texts.get(column, "") if isinstance(row, Added) else ""


def _text_box(text: str, box: Box) -> Box | None:
    """Return where a text that is added stands in its cell."""
    middle = (box.y0 + box.y1) / 2
    return Box(box.x0 + 2, middle - 5, min(box.x0 + 2 + 5 * len(text), box.x1), middle + 5) if text else None


def with_texts(table: Table, texts: Mapping[tuple[int, int], str]) -> Table:
    """Return a table with other texts in some cells."""
    cells = tuple(
        msgspec.structs.replace(cell, text=texts[cell.row, cell.column]) if (cell.row, cell.column) in texts else cell
        for cell in table.grid.cells
    )
    return replace(table, grid=replace(table.grid, cells=cells))


def tables_of(content: Content, lines: Sequence[Line]) -> Mapping[int, Table]:
    """Return the tables of statements by their pages, where each of a statement is alone on its page and has the same columns."""
    of_page = defaultdict[int, list[Line]](list)
    for line in lines:
        if line.source == "table" and line.page and line.x0 is not None:
            of_page[line.page].append(line)
    found = defaultdict[int | None, list[Table]](list)
    torn = set[int | None]()
    for page in content.pages:
        statements = {line.statement_no for line in of_page[page.number]}
        tables = [table for grid in page.grids for table in _table(grid, of_page[page.number], found) if table]
        if len(statements) == len(tables) == 1:
            found[next(iter(statements))] += tables
        else:
            torn |= statements
    whole = {number: tables for number, tables in found.items() if number not in torn and len({_columns(t) for t in tables}) == 1}
    return {table.grid.page: table for tables in whole.values() for table in _grouped_alike(tables)}


def _columns(table: Table) -> tuple[object, ...]:
    return table.grid.columns, min(table.amounts), table.codes, table.names


def _grouped_alike(tables: Sequence[Table]) -> list[Table]:
    """Return the tables of a statement with what is said of all: groups by the heads on its first page, columns that print anything."""
    groups = _groups(tables[0].grid, tables[0].first, tables[0].amounts)
    filled = frozenset[int]().union(*(table.filled for table in tables))
    widest = max(table.widest for table in tables)
    return [replace(table, groups=groups, filled=filled, widest=widest) for table in tables]


def _groups(grid: Grid, first: int, amounts: Collection[int]) -> tuple[tuple[int, ...], ...]:
    """Return the columns of amounts as the uppermost cells over them hold them together."""
    bound = {c: c for c in amounts}
    for cell in grid.cells:
        over = range(cell.column, cell.column + cell.column_span)
        if 1 < cell.column_span < len(amounts) and cell.row < first and set(over) <= set(amounts):
            for c in over:
                bound[c] = min(bound[c], bound[cell.column])
    return tuple(tuple(c for c in bound if bound[c] == start) for start in sorted(set(bound.values())))


def _table(grid: Grid, lines: Sequence[Line], found: Mapping[int | None, Sequence[Table]]) -> Iterator[Table | None]:
    """Yield what a grid is, if lines are read from it; None where it cannot be told, or labels stand between its amounts."""
    cells = [(cell, line) for line in lines if (cell := _cell_of(grid, line)) is not None]
    if not cells:
        return
    first = min(cell.row for cell, _ in cells)
    low = min(cell.column for cell, _ in cells)
    filled = {c for c in range(low, grid.columns) if any(x.column == c and x.row >= first and x.text.strip() for x in grid.cells)}
    if filled - {cell.column for cell, _ in cells}:
        yield None
        return
    coded = {cell.row: line.code for cell, line in cells if line.code and line.scheme != "revenue_item"}
    printed = {(x.row, x.column): x.text for x in grid.cells}
    codes = next((c for c in range(low) if coded and all(printed.get((row, c)) == code for row, code in coded.items())), None)
    widest = max(map(len, coded.values()), default=0)
    before = found.get(cells[0][1].statement_no, ())
    heads = _heads(grid, first)
    if before and _said(grid, heads) != _said(before[0].grid, before[0].heads):
        heads = range(0)
    yield Table(
        grid,
        first,
        heads,
        frozenset(range(low, grid.columns)),
        frozenset(filled),
        (),
        codes if widest in (5, 7) else None,
        codes + 1 if codes is not None and codes + 1 < low else None,
        frozenset(cell.row for cell, line in cells if line.level == 0),
        widest,
        not before,
    )


def _said(grid: Grid, rows: range) -> list[str]:
    return [without_spaces(cell.text) for cell in grid.cells if cell.row in rows]


def _heads(grid: Grid, first: int) -> range:
    """Return the rows above the first amount without titles, which go over the whole table, and numbers of columns."""
    rows = [[c for c in grid.cells if c.row == row] for row in range(first)]
    titles = next((n for n, row in enumerate(rows) if len([c for c in row if c.text.strip()]) > 1), first)
    numbers = next((n for n, row in enumerate(rows) if numbers_columns([c.text for c in row if c.text.strip()])), first)
    return range(titles, max(titles, numbers))


def _cell_of(grid: Grid, line: Line) -> Cell | None:
    if line.x0 is None or line.x1 is None or line.y0 is None or line.y1 is None:
        return None
    x, y = (line.x0 + line.x1) / 2, (line.y0 + line.y1) / 2
    return next((c for c in grid.cells if c.text.strip() and c.box.x0 <= x <= c.box.x1 and c.box.y0 <= y <= c.box.y1), None)
