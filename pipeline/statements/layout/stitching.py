"""Which grids are one table: what is printed over several pages, or beside itself on further sheets, is stitched together.

Belongs here: from the grids of pages to whole tables. Which words are around a grid is
in `surroundings.py`, what they say in `meaning/table_heading.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product, takewhile

from pipeline.budget.amounts import is_amount_alone, is_blank, is_separated, parse_amount
from pipeline.budget.characters import fold
from pipeline.budget.patterns import FISCAL_YEAR, UNIT_IN_BRACKETS, UNIT_MARK
from pipeline.budget.sums import funds_within
from pipeline.document.content import WHITESPACE, Cell, Content, Page, single_pages
from pipeline.statements.layout.column_kinds import amount_columns, misread, same_columns
from pipeline.statements.layout.cut_rows import headed, is_head, is_remainder, joined
from pipeline.statements.layout.further_sheets import continuation_to_the_right, with_columns
from pipeline.statements.layout.rows_of_grids import has_amount, rows_of, table_row, without_repeated
from pipeline.statements.layout.stacked_tables import with_tables_apart
from pipeline.statements.layout.surroundings import (
    closing_marks,
    heading_of,
    heading_on_previous_page,
    heading_rows,
    is_empty,
    is_field,
    marks_before_title,
    marks_below,
    note_below,
)
from pipeline.statements.meaning.table_heading import Heading, read_heading, without_continuation
from pipeline.statements.statement_model import Table, TableRow
from schemas.vocabulary import read_header

_NARROWEST = 8.0  # points: no column of amounts is narrower
_SAME_END = 3.0  # points: amounts of one column, flush right, end within
_HEADER_ROWS = 6  # rows that a header may have
_HEADER_TEXTS = 6  # texts of a header that are asked for their meaning
_KNOWN_TEXTS = 2  # of them that mean something: one may be a word of the body
_SAME_TEXTS = 4  # texts of a repeated header that must be the same: further ones may be cut off
_OTHER_PLACE = 0.08  # of the table's width: columns of one table stand nearer on both pages
_LEAST_WIDTH = 100.0  # points: narrower tables are compared as if they were so wide
_SAME_EDGE = 4.0  # points: edges of columns of one table, ruled on two pages, differ by less
_YEAR = re.compile(rf"({FISCAL_YEAR})年(?:度)?")
_FEWEST_FOREIGN = 2  # heads of other columns that make another table: one may be a remark, or a unit of money
_FEWEST_IN_LINE = 2  # columns of amounts that must end alike on two pages, to be those of one table


def tables_of(content: Content) -> list[Table]:
    """Return the printed tables of a document, each stitched over its pages.

    A grid continues the table before it where it has no title of its own, or repeats the same title for the same body,
    and its columns fit. A grid of headings alone is a box around the heading of the next grid.
    """
    tables: list[_Growing] = []
    boxed: list[str] = []  # the heading that a box of its own holds, for the next grid
    last: tuple[Heading, list[str]] | None = None
    previous = -1  # the last page with a table
    beside = 0  # the last page that goes on beside the table before
    shown = [page for page in single_pages(content.pages) if not (content.printed and is_empty(page))]
    pages = [with_tables_apart(page, before) for before, page in zip((None, *shown), shown, strict=False)]
    for index, page in enumerate(pages):
        if index < beside:
            previous = index
            continue
        first = True  # of the tables of the page
        closing = closing_marks(page)
        for position in range(len(page.grids)):
            above, grid = heading_of(page, position, pages[index - 1] if index else None)
            marks = closing[position] if closing else marks_below(page, position)
            note = note_below(page, position)
            early = marks_before_title(above)
            if early and not position:
                early = _of_foot(early, pages[index - 1] if index else None)
            if early and tables and ((closing and position) or not _has_unit(tables[-1])):
                above = [text for text in above if text not in early]
            inner, skip = heading_rows(grid)
            texts = above + inner
            rows, edges = rows_of(grid, skip)
            if not rows:
                boxed = texts
                continue
            heading = read_heading(texts)
            if boxed and heading.meaning is None:
                texts = boxed + texts
                heading = read_heading(texts)
            boxed = []
            header = _header_texts(rows)
            near = index - previous <= 1
            if tables and index - previous == 1 and first and heading.meaning is None:
                length = len({r.page for r in tables[-1].rows})
                if right := continuation_to_the_right(tables[-1].rows, pages[index : index + length]):
                    tables[-1].heading += [t for t in texts if UNIT_MARK.search(fold(t))]
                    tables[-1].rows[:] = with_columns(tables[-1].rows, right, over=length)
                    tables[-1].edges += [edge + page.width for edge in edges[-len(right[0].cells) :]]
                    previous, beside = index, index + length
                    break
            if tables and last and near and first and heading.meaning is None and _tears_header(tables[-1], rows, edges, header):
                table = tables[-1]
                table.rows[:], table.edges = [*_align(table.rows, table.edges, edges), *rows], edges
                table.ruled &= grid.reader != WHITESPACE
                table.marks += marks
                table.note += note
                last = (last[0], [*last[1], *header])
            elif tables and last and near and _continues(tables[-1], last, heading, texts, edges, rows, header, first):
                table = tables[-1]
                mapped = _align(rows, edges, table.edges) if _same_edges(table.edges, edges) else _aligned_by_text(rows, table) or rows
                more = without_repeated(mapped, table.rows)
                if more and is_remainder(table.rows, more[0], more[1:]):
                    table.rows[-1] = joined(table.rows[-1], more.pop(0))
                elif more and is_head(table.rows, more):
                    more[0] = headed(table.rows.pop(), more[0])
                table.rows.extend(more)
                table.ruled &= grid.reader != WHITESPACE
                table.further += [text for text in texts if UNIT_MARK.search(fold(text))]
                table.marks += marks
                table.note += note
            else:
                tables.append(_Growing(texts, rows, edges, grid.reader != WHITESPACE, marks, note=note))
                last = (heading, header)
            previous, first = index, False
    return [
        Table(tuple(t.heading), tuple(t.rows), tuple(t.edges), t.ruled, marks=tuple(t.marks), further=tuple(t.further), note=t.note)
        for t in tables
    ]


def _of_foot(marks: Sequence[str], before: Page | None) -> list[str]:
    """Return which texts stand below a grid at the foot of the page before."""
    return [text for text in marks if text in heading_on_previous_page(before)] if before is not None and before.grids else []


def _has_unit(table: _Growing) -> bool:
    """Tell whether a table that prints amounts prints their unit, so that one below it is the next table's."""
    in_header = any(UNIT_IN_BRACKETS.search(text) for text in _header_texts(table.rows))
    heading = read_heading(table.heading, table.marks, table.further)
    return in_header or bool(heading.money_units) or not any(map(has_amount, table.rows))


@dataclass(slots=True)
class _Growing:
    """A table to which further pages may be stitched."""

    heading: list[str]
    rows: list[TableRow]
    edges: list[float]
    ruled: bool
    marks: list[str]
    further: list[str] = field(default_factory=list)
    note: str = ""


def _header_texts(rows: Sequence[TableRow]) -> list[str]:
    """Return the folded texts of the leading rows that hold no amount, for comparison with the next page's."""
    texts: list[str] = []
    for row in rows[:_HEADER_ROWS]:
        own = [fold(c.text) for c, top in zip(row.cells, row.top, strict=True) if c is not None and c.text.strip()]
        if any(is_separated(t) and parse_amount(t) is not None for t in own):
            break
        texts += own
    return texts


def _is_of_another_year(texts: Sequence[str], heading: Sequence[str]) -> bool:
    """Tell whether a year alone stands over rows, and the heading of the table above says another one only."""
    years = {match[1] for text in texts if (match := _YEAR.fullmatch(fold(text)))}
    own = {year for text in heading for year in _YEAR.findall(fold(text))} if years else set()
    return bool(own) and years.isdisjoint(own)


def _continues(
    table: _Growing,
    last: tuple[Heading, list[str]],
    heading: Heading,
    texts: list[str],
    edges: list[float],
    rows: Sequence[TableRow],
    header: list[str],
    first: bool,
) -> bool:
    before, header_before = last
    if heading.meaning is None and (
        _heads_others(rows, texts, header_before)
        or _is_of_another_year(texts, table.heading)
        or _heads_other_funds(rows, header, header_before)
    ):
        return False
    fits = _same_edges(table.edges, edges)
    repeats = header == header_before and _is_header(header)
    if heading.meaning is None:
        if not first:
            # Below another table on the same page only a table of the very same columns goes on.
            return fits and not texts
        if not fits and not _is_header(header) and not texts and _aligned_by_text(rows, table):
            return True
        if not fits and (repeats or (not _is_header(header) and all(map(is_field, texts)))):
            return heading.entity in (None, before.entity) and same_columns(table.rows, rows)
        other = header[:2] != header_before[:2] and not set(header) <= set(header_before)  # a page may repeat the last storey alone
        return fits and not (other and _is_header(header) and _heads_amounts(rows))
    if without_continuation(heading.title) != without_continuation(before.title) or heading.entity not in (before.entity, None):
        return False
    if heading.entity != before.entity and heading.title == before.title:
        return False
    if not first:  # the other half of a table stands beside it, under one title
        return fits and not _is_header(header) and same_columns(table.rows, rows)
    same = fits and header[:_SAME_TEXTS] == header_before[:_SAME_TEXTS]
    return same or ((repeats or not _is_header(header)) and same_columns(table.rows, rows))


def _tears_header(table: _Growing, rows: Sequence[TableRow], edges: list[float], header: Sequence[str]) -> bool:
    """Tell whether a page break tore a header: all that is printed of the table is heads, and the page goes on with further ones.

    Rows are named above the break or below it: where both do, below it another table begins, where neither does, a row. The columns
    above are columns of the page, or groups of them.
    """
    if table.rows[-1].page == rows[0].page or any(c and c.text.strip() and parse_amount(c.text) for row in table.rows for c in row.cells):
        return False
    above = [read_header(t) for t in _header_texts(table.rows)]
    below = [read_header(t) for t in header]
    if any("role" in said for said in above) == any("role" in said for said in below):
        return False
    if not any(above) or 2 * sum(map(bool, below)) <= len(below):
        return False
    if len(edges) < len(table.edges) or any(parse_amount(c.text) is not None for c in rows[0].cells if c is not None):
        return False
    return _same_edges(table.edges, edges) and any(map(has_amount, rows))


def _is_header(texts: list[str]) -> bool:
    known = sum(bool(read_header(t)) for t in texts[:_HEADER_TEXTS])
    return known >= _KNOWN_TEXTS


def _heads_amounts(rows: Sequence[TableRow]) -> bool:
    """Tell whether a row without numbers has words over numbers: a heading has, the closing rows of a summary (上年结转) have not."""
    numbers = [{n for n, c in enumerate(row.cells) if c is not None and parse_amount(c.text) is not None} for row in rows]
    numeric = set().union(*numbers)
    wordy = [row for row, own in zip(rows, numbers, strict=True) if not own]
    return not numeric or any(n in numeric and c is not None and not is_blank(c.text) for row in wordy for n, c in enumerate(row.cells))


def _heads_others(rows: Sequence[TableRow], texts: Sequence[str], above: Sequence[str]) -> bool:
    """Tell whether the words over the amounts of a page are not those of the table before, not even cut off or in other words.

    They may have come out of the grid, among the texts around it: there only words count that heads are known to be.
    """
    leading = list(takewhile(lambda row: not any(c is not None and parse_amount(c.text) is not None for c in row.cells), rows))
    numeric = amount_columns(rows) if leading else ()
    words = {fold(c.text) for row in leading for n, c in enumerate(row.cells) if n in numeric and c is not None and not is_blank(c.text)}
    words |= {word for text in texts if not is_field(text) for word in map(fold, text.split()) if read_header(word)}
    says = [said for text in above if (said := read_header(text))]
    foreign = [w for w in words if not any(w in text or text in w for text in above if text) and read_header(w) not in says]
    lost = [text for text in above if text not in words]
    return len([word for word in foreign if not any(misread(word, text) for text in lost)]) >= _FEWEST_FOREIGN


def _heads_other_funds(rows: Sequence[TableRow], header: Sequence[str], above: Sequence[str]) -> bool:
    """Tell whether a page heads its amounts by other funds than the table before: all else may be the same in both tables."""
    own, before = ({fund for text in texts if (fund := read_header(text).get("fund"))} for texts in (header, above))
    nested = any(funds_within(one) & {other} for one, other in (*product(own, before), *product(before, own)))
    return bool(own and before) and not own & before and not nested and _is_header(list(header)) and _heads_amounts(rows)


def _same_edges(a: list[float], b: list[float]) -> bool:
    if len(a) == len(b):
        near = _OTHER_PLACE * max(a[-1] - a[0], _LEAST_WIDTH)
        return all(abs((x - a[0]) - (y - b[0])) < near for x, y in zip(a, b, strict=True))
    # A page may rule fewer columns (nothing printed in some): each of its edges must be one of the table's.
    few, many = (a, b) if len(a) < len(b) else (b, a)
    return len(few) > 1 and all(min(abs(x - y) for y in many) < _SAME_EDGE for x in few)


def _align(rows: list[TableRow], edges: list[float], target: list[float]) -> list[TableRow]:
    """Return rows whose cells stand in the columns of the table that they continue."""
    if len(edges) == len(target):
        return rows
    middles = [(x + y) / 2 for x, y in zip(target, [*target[1:], target[-1] + 2 * _NARROWEST], strict=True)]
    return [_placed(row, middles) for row in rows]


def _placed(row: TableRow, middles: Sequence[float]) -> TableRow:
    """Return a row with, for each column of another page, the cell that covers the column's middle."""
    cells: list[Cell | None] = []
    tops: list[bool] = []
    for middle in middles:
        at = next((c for c, cell in enumerate(row.cells) if cell is not None and cell.box.x0 <= middle < cell.box.x1), None)
        cells.append(None if at is None else row.cells[at])
        tops.append(at is None or row.top[at])
    return table_row(row.page, cells, tops)


def _aligned_by_text(rows: Sequence[TableRow], table: _Growing) -> list[TableRow] | None:
    """Return rows in the columns of the table above a page break by where their text stands, or None where it stands elsewhere.

    Without vertical rules each page shows only the columns that it fills, with borders of its own; the amounts of a column
    still end at one place on all pages.
    """
    ends = _ends(table.rows)
    starts = [*table.edges[1:], float("inf")]
    places: list[int | None] = []
    own = _ends(rows)
    for column in range(len(rows[0].cells)):
        boxes = [c.text_box for row in rows if (c := row.cells[column]) is not None and c.column_span == 1 and c.text_box]
        if not boxes:
            places.append(None)
        elif column in own:
            places.append(next((n for n, end in ends.items() if abs(end - own[column]) < _SAME_END), -1))
        else:
            left = min(box.x0 for box in boxes)
            places.append(next((n for n, edge in enumerate(starts) if left < edge and n not in ends), -1))
    found = [n for n in places if n is not None]
    if -1 in found or len(own) < _FEWEST_IN_LINE or len(set(found)) < len(found) or found != sorted(found):
        return None
    back = {target: column for column, target in enumerate(places) if target is not None}
    at = [back.get(n) for n in range(len(table.edges))]
    return [table_row(row.page, [None if c is None else row.cells[c] for c in at], [c is None or row.top[c] for c in at]) for row in rows]


def _ends(rows: Sequence[TableRow]) -> dict[int, float]:
    """Return where the amounts of each column end that has some, and all at one place."""
    found: dict[int, list[float]] = {}
    for row in rows:
        for n, cell in enumerate(row.cells):
            if cell is not None and cell.text_box and cell.column_span == 1 and is_amount_alone(fold(cell.text)):
                found.setdefault(n, []).append(cell.text_box.x1)
    return {n: max(ends) for n, ends in found.items() if max(ends) - min(ends) < _SAME_END}
