"""What is read of tables that say the same and are laid out otherwise, as another city lays them out.

    python -m benchmarks.rearranged_tables FOLDER [--ways totals_right split_codes …] [--verbose]

Reads every PDF below a folder, and again with the cells of its statements' tables moved before they are understood: columns in another
order, codes parted or written before the names, rows and columns added that many places print, tables torn over pages. The same lines
are asked for, but for the rows that a way leaves out: a line that is gone is held back or lost, a new one has another attribute, and is
the one to look at. Tables that a way does not fit (no codes, labels between the amounts) stay as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import msgspec

from benchmarks.changed_pages import ATTRIBUTES, read_again
from benchmarks.moved_tables import Added, Order, Table, rearranged, tables_of, with_texts
from benchmarks.written_otherwise import Said, compare_ways
from pipeline.budget.characters import without_spaces
from pipeline.budget.line import Line
from pipeline.document.content import Box, Cell, Content, Grid, Page, with_boxes
from pipeline.document.outside.programs import NO_PROGRAMS
from pipeline.stages.extraction import Extracted
from pipeline.stages.reading import STAGES

_NARROW = 30.0
"""PDF points. The width of a column that is added: three digits."""
_LOW = 15.0
"""PDF points. The height of a row that is added: one line."""

Rearrangement = tuple[Table, Order | None, Order | None]
"""A table, perhaps with other texts, and the order of its columns and rows."""


def _labels(table: Table) -> list[int]:
    return [c for c in range(table.grid.columns) if c < min(table.amounts)]


def totals_right(table: Table) -> Rearrangement | None:
    """Columns of amounts in the reverse order, those below one heading together: the total behind its parts."""
    amounts = [c for group in reversed(table.groups) for c in group]
    if amounts == sorted(amounts):
        return None
    return _renumbered(table, amounts), [*_labels(table), *amounts], None


def _renumbered(table: Table, amounts: Sequence[int]) -> Table:
    """Return a table whose numbers of columns are in their order when the columns of amounts have another one, or are fewer."""
    own = {(cell.row, cell.column): cell.text for cell in table.grid.cells if cell.row in range(table.heads.stop, table.first)}
    before = sorted(table.amounts)
    return with_texts(table, {(row, new): own[row, old] for new, old in zip(amounts, before, strict=False) for row, c in own if c == old})


def serial_numbers(table: Table) -> Rearrangement | None:
    """A first column of serial numbers, headed 序号."""
    rows = sorted({cell.row for cell in table.grid.cells if cell.column in table.amounts and cell.row >= table.first})
    texts = {row: str(n) for n, row in enumerate(rows, 1)}
    return table, [Added(texts, _NARROW, _headed(table, "序号")), *range(table.grid.columns)], None


def _headed(table: Table, text: str) -> tuple[tuple[str, int, int], ...]:
    return ((text, table.heads.start, table.heads.stop),) if table.heads else ()


def split_codes(table: Table) -> Rearrangement | None:
    """Codes parted by level in columns headed 类, 款 and 项."""
    return _in_levels(table, lambda code, level: _LEVELS[level](code))


def sparse_codes(table: Table) -> Rearrangement | None:
    """Codes parted by level, each row with the digits of its own level alone."""
    return _in_levels(table, lambda code, level: _LEVELS[level](code) if level == (len(code) - 3) // 2 else "")


_LEVELS = (lambda code: code[:3], lambda code: code[3:5], lambda code: code[5:7])


def _in_levels(table: Table, part: Callable[[str, int], str]) -> Rearrangement | None:
    if table.codes is None:
        return None
    over = next((c for c in table.grid.cells if c.column == table.codes and c.row + c.row_span == table.heads.stop), None)
    if table.heads and (over is None or over.column_span > 1):
        return None
    levels = range((table.widest - 1) // 2)
    heads = list[tuple[tuple[str, int, int], ...]]([()] * len(levels))
    if over is not None and over.row_span > 1:
        heads = [((over.text, over.row, table.heads.stop - 1), (level, table.heads.stop - 1, table.heads.stop)) for level in "类款项"]
    elif over is not None:
        heads = [((over.text, over.row, table.heads.stop),)] * len(levels)
    codes = table.texts(table.codes)
    parts = []
    for level in levels:
        texts = {row: part(text, level) for row, text in codes.items() if _is_code(text)}
        texts |= {row: text for row, text in codes.items() if not _is_code(text) and row >= table.first and not level}
        parts.append(Added(texts, _NARROW, heads[level]))
    return table, [*range(table.codes), *parts, *range(table.codes + 1, table.grid.columns)], None


def _is_code(text: str) -> bool:
    return text.isdigit() and len(text) in (3, 5, 7)


def codes_in_names(table: Table) -> Rearrangement | None:
    """Codes before the names in their cells."""
    if table.codes is None or table.names is None:
        return None
    codes, names = table.texts(table.codes), table.texts(table.names)
    if any(not _is_code(text) for row, text in codes.items() if row >= table.first):
        return None
    texts = {(row, table.names): f"{codes[row]} {name}" for row, name in names.items() if row >= table.first and row in codes}
    texts |= {(row, table.names): _both(name) for row, name in names.items() if row in table.heads}
    return with_texts(table, texts), [c for c in range(table.grid.columns) if c != table.codes], None


def _both(head: str) -> str:
    return head.replace("名称", "编码及名称") if "名称" in head else f"{head}编码及名称"


def names_first(table: Table) -> Rearrangement | None:
    """Names before their codes."""
    if table.codes is None or table.names != table.codes + 1:
        return None
    order = list(range(table.grid.columns))
    order[table.codes], order[table.names] = order[table.names], order[table.codes]
    return table, order, None


def column_numbers(table: Table) -> Rearrangement | None:
    """A row that numbers the columns below the heads: 栏次 1 2 3."""
    if not table.heads or table.heads.stop != table.first:
        return None
    texts = {c: str(n) for n, c in enumerate(sorted(table.amounts), 1)} | {0: "栏次"}
    return table, None, [*range(table.first), Added(texts, _LOW), *range(table.first, table.grid.rows)]


def totals_below(table: Table) -> Rearrangement | None:
    """The row of the total, first so far, below all others."""
    if not table.leads or table.first not in table.totals or len(table.totals) > 1:
        return None
    return table, None, [r for r in range(table.grid.rows) if r != table.first] + [table.first]


def without_empty_columns(table: Table) -> Rearrangement | None:
    """Without the columns of amounts in which nothing is printed."""
    if len(table.filled) == len(table.amounts):
        return None
    kept = sorted(table.filled)
    return _renumbered(table, kept), [*_labels(table), *kept], None


def remarks(table: Table) -> Rearrangement | None:
    """A last column headed 备注, empty."""
    return table, [*range(table.grid.columns), Added({}, _NARROW, _headed(table, "备注"))], None


def items_only(table: Table) -> Rearrangement | None:
    """The total and the rows of the lowest level alone: rows of classes and divisions are left out, so that their lines are gone."""
    if table.codes is None:
        return None
    codes = table.texts(table.codes)
    inner = {row for row, code in codes.items() if row >= table.first and any(c != code and c.startswith(code) for c in codes.values())}
    return (table, None, [r for r in range(table.grid.rows) if r not in inner]) if inner else None


def heads_in_one_row(table: Table) -> Rearrangement | None:
    """Heads of several storeys in one row: 基本支出-人员经费."""
    if len(table.heads) < 2:
        return None
    texts = dict[int, str]()
    for column in range(table.grid.columns):
        over = [c for c in table.grid.cells if c.row in table.heads and c.column <= column < c.column + c.column_span and c.text.strip()]
        path = [without_spaces(cell.text) for cell in over]
        texts[column] = "-".join(path) if column in table.amounts else path[-1] if path else ""
    height = sum(cell.box.y1 - cell.box.y0 for cell in table.grid.cells if cell.row in table.heads) / len(table.heads)
    row = Added(texts, height)
    return table, None, [*range(table.heads.start), row, *range(table.heads.stop, table.grid.rows)]


_OF_TABLES: dict[str, Callable[[Table], Rearrangement | None]] = {
    way.__name__: way
    for way in (
        totals_right,
        serial_numbers,
        split_codes,
        sparse_codes,
        codes_in_names,
        names_first,
        column_numbers,
        totals_below,
        without_empty_columns,
        remarks,
        items_only,
        heads_in_one_row,
    )
}


def torn(content: Content, tables: Mapping[int, Table]) -> Content:
    """Each table goes on on a further page, half of its rows on each, its heads on the first alone."""
    return _torn(content, tables, again=False)


def torn_with_heads(content: Content, tables: Mapping[int, Table]) -> Content:
    """Each table goes on on a further page, half of its rows on each, under the same heads."""
    return _torn(content, tables, again=True)


def _torn(content: Content, tables: Mapping[int, Table], *, again: bool) -> Content:
    pages = list[Page]()
    for page in content.pages:
        table = tables.get(page.number)
        cut = _middle(table) if table and (table.heads or not again) else None
        if table is None or cut is None:
            pages.append(_numbered(page, len(pages) + 1))
            continue
        y = min(cell.box.y0 for cell in table.grid.cells if cell.row == cut)
        upper = [cell for cell in table.grid.cells if cell.row < cut]
        lower = [msgspec.structs.replace(cell, row=cell.row - cut) for cell in table.grid.cells if cell.row >= cut]
        rest = _with_grid(_within(page, y, page.height), table.grid, lower, table.grid.rows - cut)
        pages.append(_numbered(_with_grid(_within(page, 0, y), table.grid, upper, cut), len(pages) + 1))
        pages.append(_numbered(_headed_again(rest, table, y) if again else rest, len(pages) + 1))
    return replace(content, pages=tuple(pages))


def _middle(table: Table) -> int | None:
    """Return the row with which the second half of a table begins; None where there is none without tearing a cell."""
    middle = (table.first + table.grid.rows) // 2
    spanned = {row for cell in table.grid.cells for row in range(cell.row + 1, cell.row + cell.row_span)}
    rows = [row for row in range(table.first + 1, table.grid.rows) if row not in spanned]
    return min(rows, key=lambda row: abs(row - middle), default=None)


def _numbered(page: Page, number: int) -> Page:
    return replace(page, number=number, grids=tuple(replace(grid, page=number) for grid in page.grids))


def _within(page: Page, top: float, bottom: float) -> Page:
    """Return what stands on a page between two heights, but for its grids."""

    def inside(box: Box | None) -> bool:
        return box is not None and top <= (box.y0 + box.y1) / 2 < bottom

    return replace(
        page,
        lines=tuple(line for line in page.lines if inside(line.box)),
        grids=(),
        loose_amounts=tuple(word for word in page.loose_amounts if inside(word.box)),
        numbers=None if page.numbers is None else tuple(word for word in page.numbers if inside(word.box)),
    )


def _with_grid(page: Page, grid: Grid, cells: Sequence[Cell], rows: int) -> Page:
    top, bottom = min(cell.box.y0 for cell in cells), max(cell.box.y1 for cell in cells)
    return replace(page, grids=(replace(grid, rows=rows, cells=tuple(cells), box=Box(grid.box.x0, top, grid.box.x1, bottom)),))


def _headed_again(page: Page, table: Table, top: float) -> Page:
    """Return a page of the lower half of a table, from a height on, with the table's heads above it."""
    heads = [cell for cell in table.grid.cells if cell.row in table.heads]
    start, height = min(cell.box.y0 for cell in heads), max(c.box.y1 for c in heads) - min(c.box.y0 for c in heads)
    moved = _lower(page, height)
    own = _lower(_with_grid(page, table.grid, heads, 0), top - start)
    above = [msgspec.structs.replace(cell, row=cell.row - table.heads.start) for cell in own.grids[0].cells]
    below = [msgspec.structs.replace(cell, row=cell.row + len(table.heads)) for cell in moved.grids[0].cells]
    return replace(_with_grid(moved, table.grid, [*above, *below], len(table.heads) + moved.grids[0].rows), height=page.height + height)


def _lower(page: Page, by: float) -> Page:
    return with_boxes(page, lambda box: Box(box.x0, box.y0 + by, box.x1, box.y1 + by))


def two_on_a_page(content: Content, _: Mapping[int, Table]) -> Content:
    """Every second page stands below the one before it."""
    pages = list[Page]()
    for page in content.pages:
        if page.number % 2:
            pages.append(_numbered(page, len(pages) + 1))
            continue
        upper = pages.pop()
        lower = _numbered(_lower(page, upper.height), upper.number)
        numbers = None if upper.numbers is None or lower.numbers is None else upper.numbers + lower.numbers
        pages.append(
            replace(
                upper,
                width=max(upper.width, lower.width),
                height=upper.height + lower.height,
                lines=upper.lines + lower.lines,
                grids=upper.grids + lower.grids,
                loose_amounts=upper.loose_amounts + lower.loose_amounts,
                numbers=numbers,
                damaged=upper.damaged or lower.damaged,
            )
        )
    return replace(content, pages=tuple(pages))


_OF_DOCUMENTS: dict[str, Callable[[Content, Mapping[int, Table]], Content]] = {
    way.__name__: way for way in (torn, torn_with_heads, two_on_a_page)
}
WAYS = (*_OF_TABLES, *_OF_DOCUMENTS)


def _rows(lines: Iterable[Line]) -> Said:
    return Counter(repr(tuple(getattr(x, name) for name in ATTRIBUTES)) for x in lines if x.source == "table"), {}


@cache
def _whole(path: Path) -> tuple[Extracted, tuple[Line, ...]]:
    extracted = STAGES.extract(path.read_bytes(), NO_PROGRAMS)
    return extracted, tuple(read_again(extracted, path.name).lines)


def _read(path: Path, way: str | None) -> Said:
    extracted, lines = _whole(path)
    if way is None or extracted.content is None:
        return _rows(lines)
    tables = tables_of(extracted.content, lines)
    content = (
        _OF_DOCUMENTS[way](extracted.content, tables) if way in _OF_DOCUMENTS else _by_table(extracted.content, tables, _OF_TABLES[way])
    )
    return _rows(read_again(replace(extracted, content=content), path.name).lines)


def _by_table(content: Content, tables: Mapping[int, Table], way: Callable[[Table], Rearrangement | None]) -> Content:
    pages = {page.number: page for page in content.pages}
    found = {number: way(table) for number, table in tables.items()}
    moved = {number: own and rearranged(pages[number], own[0].grid, *own[1:]) for number, own in found.items()}
    torn = {id(tables[number].groups) for number, new in moved.items() if new is None}  # one of a statement's tables does not fit
    own = [page if (new := moved.get(n)) is None or id(tables[n].groups) in torn else new for n, page in pages.items()]
    return replace(content, pages=tuple(own))


if __name__ == "__main__":
    compare_ways(_read, WAYS, __doc__ or "")
