"""Tables too wide for their sheets: the columns that go on beside it on further pages.

Belongs here: from the pages after a table to its columns further right. Which pages go on below it is in `stitching.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from pipeline.budget.amounts import is_amount_alone
from pipeline.budget.characters import fold
from pipeline.budget.patterns import UNIT_MARK
from pipeline.document.content import Page
from pipeline.statements.layout.rows_of_grids import has_amount, rows_of, rows_of_head, table_row, without_repeated
from pipeline.statements.layout.surroundings import heading_rows, is_field, texts_above
from pipeline.statements.meaning.table_heading import is_title
from pipeline.statements.statement_model import TableRow
from schemas.vocabulary import read_header

_OF_ALL = {"total", "current_total", "plain"}  # what a heading says that stands over amounts of everything


def continuation_to_the_right(table: Sequence[TableRow], pages: Sequence[Page]) -> list[TableRow]:
    """Return the rows that go on to the right of a table on as many further pages as it has, or nothing where none do.

    A table too wide and too long for its sheets is printed down, then over: each further page has the rows of
    one page of the table, no title, and a heading that names amounts, mostly in known words, and no labels but those of the table's rows.
    """
    numbers = sorted({r.page for r in table})
    if len(pages) < len(numbers) or any(row.beside is not None for row in table):
        return []
    right: list[TableRow] = []
    alike, headed = True, False
    for number, page in zip(numbers, pages, strict=True):
        above = texts_above(page, 0) if page.grids else []
        if not page.grids or any(is_title(fold(text)) for text in above):
            return []
        headed = headed or not all(map(is_field, above))
        _, skip = heading_rows(page.grids[0])
        own = [row for row in table if row.page == number]
        if not right and page.grids[0].rows - skip > len(own):
            return []  # as a page that goes on below: rows are added to the fewer, never taken away
        rows, _ = rows_of(page.grids[0], skip)
        if right:
            rows = without_repeated(rows, right)
        alike = alike and len(rows) == len(own)
        rows = _with_storeys(rows, own)
        if len(rows) != len(own) or not any(map(has_amount, rows)):
            return []
        if right and len(rows[0].cells) != len(right[0].cells):
            return []
        right += rows
    labels = _repeated_labels(right, table)
    right = [table_row(row.page, row.cells[labels:], row.top[labels:]) for row in right]
    surely = alike and not labels
    return right if right and (surely or not headed) and _names_further_amounts(right, table, surely=surely) else []


def _with_storeys(rows: Sequence[TableRow], own: Sequence[TableRow]) -> list[TableRow]:
    """Return the rows of a sheet with as many rows of heading as the table's own: cells that go down over all are ruled as one row."""
    head, wanted = map(rows_of_head, (rows, own))
    lacking = len(wanted) - len(head)
    if not head or lacking <= 0 or len(rows) + lacking != len(own):
        return list(rows)
    again = replace(head[-1], top=(False,) * len(head[-1].cells))
    return [*head, *[again] * lacking, *rows[len(head) :]]


def _repeated_labels(right: Sequence[TableRow], table: Sequence[TableRow]) -> int:
    """Count the first columns of sheets that say in every row what the table's first columns say, as a sheet may be made to repeat them.

    Amounts are none of them: another statement of the same body may have the same totals.
    """
    count = 0
    amounts = [n for row in right if has_amount(row) for n in range(len(row.cells)) if is_amount_alone(_text(row, n))]
    most = min(*amounts, len(right[0].cells), len(table[0].cells)) if right else 0
    while count < most and all(_text(one, count) == _text(other, count) for one, other in zip(right, table, strict=True)):
        count += 1
    return count


def _names_further_amounts(right: Sequence[TableRow], table: Sequence[TableRow], *, surely: bool) -> bool:
    """Tell whether headings name amounts, mostly in known words, and no labels.

    Where the sheets repeat the table's labels, or have other rows of headings, they may be of another statement that lists the same
    rows, its title lost, or go on below: then none of them is a total of all, or says what a heading of the table says. Items of 三公
    are no spending by code: below a table without them they are another.
    """
    paths, before = (_paths(rows_of_head(rows)) for rows in (right, table))
    texts = dict.fromkeys(text for path in paths for text in path if not UNIT_MARK.search(text) and not text.isdigit())
    says = [read_header(text) for text in texts]
    if 2 * sum(map(bool, says)) <= len(says) or any(said.get("role") for said in says):
        return False
    items = any("three_public" in said for said in says)
    if items and not any("three_public" in read_header(text) for path in before for text in path):
        return False
    known = {*before, *((text,) for path in before for text in path)}
    return surely or not any(path in known or (len(path) == 1 and _is_of_all(path[0])) for path in paths)


def _is_of_all(text: str) -> bool:
    """Tell whether a heading stands over amounts of everything: 合计, or a flow and no part of it (本年支出)."""
    says = read_header(text).keys()
    return bool(says & _OF_ALL) or says == {"flow"}


def _paths(head: Sequence[TableRow]) -> list[tuple[str, ...]]:
    """Return the folded headings over each column, top to bottom."""
    return [tuple(dict.fromkeys(text for row in head if (text := _text(row, n)))) for n in range(len(head[0].cells))] if head else []


def _text(row: TableRow, n: int) -> str:
    cell = row.cells[n]
    return fold(cell.text) if cell is not None else ""


def with_columns(table: Sequence[TableRow], right: Sequence[TableRow], *, over: int) -> list[TableRow]:
    """Return the rows of a table with the columns that go on to its right on further pages, `over` so many pages on."""
    count = len(table[0].cells)
    rows: list[TableRow] = []
    open_above = [True] * len(right[0].cells)
    for left, more in zip(table, right, strict=True):
        cells, tops = list(more.cells), list(more.top)
        if rows and has_amount(left):
            open_above = [False] * len(cells)
        for c, cell in enumerate(cells):
            # a group of columns that the sheet cut has its heading on the first part only
            last = (cells[c - 1], tops[c - 1]) if c else (left.cells[-1], left.top[-1])
            blank = cell is None or (more.top[c] and not cell.text.strip())
            open_above[c] = open_above[c] and blank and (c == 0 or open_above[c - 1])
            if open_above[c]:
                cells[c], tops[c] = last
        rows.append(replace(table_row(left.page, (*left.cells, *cells), (*left.top, *tops)), beside=count, over=over))
    return rows
