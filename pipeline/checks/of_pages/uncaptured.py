"""Numbers that a person sees on a page of figures and that no row of the dataset has: completeness per page, whatever was recognised.

Belongs here: which numbers of the text layer were captured, and the rows of `findings` for those that were not. Numbers in sentences are
the narrative's. Does not belong here: how many of a recognised table were captured (`completeness.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import islice
from typing import Any

from pipeline.budget.amounts import YUAN_PER, is_amount_alone, parse_amount, to_yuan
from pipeline.budget.characters import fold
from pipeline.budget.line import Line
from pipeline.budget.patterns import SENTENCE
from pipeline.checks.of_pages.money_cells import says_money
from pipeline.checks.of_pages.published_texts import PublishedTexts
from pipeline.document.content import Box, Cell, Content, Grid, Page, Word, box_with
from pipeline.document.text_layer import PlacedNumbers
from pipeline.statements.statement_model import Statement

_FEW_SENTENCES = 2
"""Full stops on a page of figures: a note below a table has one or two."""
_FEWEST_AMOUNTS = 4
"""So many amounts make a page without a recognised table look like one of figures."""
_SLACK = 0.5
"""Points by which a number may stand outside the box of its line."""
_NO_AMOUNTS = ("%", "％", "年")
"""What makes a number before it another thing than an amount: `4．2024年` is the fourth of a list."""
_SHOWN = 8
"""Numbers named in a finding."""

_IN_NO_TABLE = "Amounts of the page that stand in no table that could be read."
NOT_SAID_TO_BE_MONEY = "Numbers alone in cells of the page that are in no row: no head, label or unit says that they are money."
_IN_NO_LINE = "Numbers that the page prints in the table and that are in no line."
_PICTURES = "The page shows nothing but pictures: what they print could not be read."

Finding = dict[str, Any]


def uncaptured(
    content: Content,
    statements: Sequence[Statement],
    lines: Sequence[Line],
    known: Collection[Decimal],
    texts: PublishedTexts | None = None,
) -> list[Finding]:
    """List, page by page, the numbers that are printed and in no row of the dataset, and the pages of pictures among the statements.

    Args:
        content: pages of the document.
        statements: of the document.
        lines: of the document.
        known: amounts and values of all other rows of the document.
        texts: of all rows of the document: a number inside a text is captured with it.
    """
    texts = texts or PublishedTexts()
    own = {page for statement in statements for page in statement.pages}
    missing = {s.number: s.amounts_printed - len(s.lines) for s in statements}  # counted as such
    by_page: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        if line.page and line.x0 is not None:
            by_page[line.page].append(line)
    said = {abs(value) for value in known} | {abs(line.amount) for line in lines if line.source != "table" or line.page is None}
    free = {
        page.number: _without_line(page, by_page[page.number]) for page in content.pages if not page.damaged
    }  # those are counted as such
    unread = _unread(content, by_page, free)
    unread = {number: words for number, words in unread.items() if len(words) > missing.get(number, 0)}
    found = []
    for page in content.pages:
        missed = [word for words in unread.values() for number, word in words if number == page.number]
        if missed:
            found.append(_finding(missed, _IN_NO_LINE, page.number))
        counted = [box_of(line) for line in by_page[page.number] if line.source == "table" and missing.get(line.statement_no, 0) > 0]
        tables = [grid.box for grid in page.grids if any(holds(grid.box, box) for box in counted)]
        others = [word for word in free.get(page.number, ()) if word not in missed]
        values = said | {abs(line.amount) for line in by_page[page.number]}  # a row of another page says nothing of a table of this one
        beside = [
            (word, is_money)
            for word, is_money in _beside(page, others, values, page.number in own, texts)
            if not any(holds(table, word.box) for table in tables)
        ]
        money = [word for word, is_money in beside if is_money]
        others = [word for word, is_money in beside if not is_money]
        found += [_finding(words, why, page.number) for words, why in ((money, _IN_NO_TABLE), (others, NOT_SAID_TO_BE_MONEY)) if words]
        if page.pictured and own and min(own) < page.number < len(content.pages):
            found.append({**_finding((), _PICTURES, page.number), "subject": "(pictures)", "frequency": 1})
    return found


def _without_line(page: Page, placed: Iterable[Line]) -> list[Word]:
    """Return the numbers of a page's text layer that stand in none of the lines placed on it."""
    numbers, boxes = page.numbers or (), [box_of(line) for line in placed]
    if not boxes:
        return list(numbers)
    by_place = PlacedNumbers(numbers)
    taken: set[int] = set()
    for box in boxes:
        top, bottom = box.y0 - _SLACK, box.y1 + _SLACK  # they are around it sideways
        taken.update([n for n, word in by_place.around(box, _SLACK) if top <= (word.box.y0 + word.box.y1) / 2 <= bottom])
    return [word for n, word in enumerate(numbers) if n not in taken]


def _unread(
    content: Content, by_page: Mapping[int, Sequence[Line]], free: Mapping[int, Sequence[Word]]
) -> dict[int, list[tuple[int, Word]]]:
    """Return for each statement the numbers printed in its tables that are in no line, with their pages."""
    found: dict[int, list[tuple[int, Word]]] = defaultdict(list)
    for page in content.pages:
        if not free.get(page.number):
            continue
        own: dict[int, list[Line]] = defaultdict(list)
        for line in by_page[page.number]:
            if line.source == "table":
                own[line.statement_no].append(line)
        for number, lines in sorted(own.items()):
            found[number] += [(page.number, word) for word in _in_columns(page, lines, free[page.number])]
    return found


def unread_in_table(page: Page, lines: Sequence[Line], placed: Iterable[Line]) -> list[Word]:
    """Return the numbers that a page prints in the table of `lines` and in no line: in one of its columns of amounts, or as amounts.

    Args:
        page: with the numbers of its text layer.
        lines: of one statement on that page.
        placed: all lines on it that have a place.
    """
    free = _without_line(page, placed)
    tables = _tables_of(page, lines)
    amounts = [word for word in free if is_amount_alone(fold(word.text)) and any(holds(table, word.box) for table in tables)]
    return [*_in_columns(page, lines, free), *amounts]


def _tables_of(page: Page, lines: Iterable[Line]) -> list[Box]:
    boxes = [box_of(line) for line in lines if line.x0 is not None]
    return [grid.box for grid in page.grids if any(holds(grid.box, box) for box in boxes)]


def _in_columns(page: Page, lines: Sequence[Line], free: Iterable[Word]) -> Iterator[Word]:
    """Yield the free numbers that stand in the columns of amounts of a table, not above its first line."""
    if page.middle is not None:  # of a table that goes on over two pages of one sheet, a column stands on each
        middle, words = page.middle, list(free)
        for is_left in (True, False):
            own = [line for line in lines if line.x0 is not None and (line.x0 < middle) == is_left]
            yield from _in_columns(replace(page, middle=None), own, [word for word in words if (word.box.x0 < middle) == is_left])
        return
    columns = columns_of(lines).values()
    top = min((box.y0 for box in columns), default=0.0)
    inside = []
    for word in free:
        x, y = (word.box.x0 + word.box.x1) / 2, (word.box.y0 + word.box.y1) / 2
        if y > top and any(column.x0 <= x <= column.x1 for column in columns):
            inside.append(word)
    tables = _tables_of(page, lines) if inside else []  # on most pages every number of a column is in a line
    for word in inside:
        if any(holds(table, word.box) for table in tables):
            yield word


def columns_of(lines: Iterable[Line]) -> Mapping[tuple[int, int], Box]:
    """Return the box around the numbers of each column on one page, by page and column."""
    found: dict[tuple[int, int], list[Box]] = defaultdict(list)
    for line in lines:
        if line.x0 is not None:
            found[line.page or 0, line.column].append(box_of(line))
    sides = {column: tuple(zip(*boxes, strict=True)) for column, boxes in found.items()}
    return {column: Box(min(x0), min(y0), max(x1), max(y1)) for column, (x0, y0, x1, y1) in sides.items()}


def _beside(
    page: Page, free: Iterable[Word], values: Collection[Decimal], of_statements: bool, texts: PublishedTexts
) -> Iterator[tuple[Word, bool]]:
    """Yield the free amounts outside all tables of a page of statements, else those whose value no row has, nor a text of one.

    On a page of sentences, or of few amounts, these are the ones that fill a cell: the head of a form of targets. With each comes
    whether it is money: a number alone may be a date or an area.
    """
    free = [word for word in free if is_amount_alone(fold(word.text))]
    if not free:
        return
    amounts = (word for word in page.numbers or () if is_amount_alone(fold(word.text)))
    few = len([*islice(amounts, _FEWEST_AMOUNTS)]) < _FEWEST_AMOUNTS or sum(line.text.count("。") for line in page.lines) > _FEW_SENTENCES
    printed = [(line.box, line.text, line.in_grid) for line in page.lines if line.box]
    for word in free:
        in_table = any(holds(grid.box, word.box) for grid in page.grids)
        grid, cell = _cell_of(page, word)
        whole = _wrapped(word, cell)
        alone = cell is not None and is_amount_alone(fold(cell.text))
        if (in_table or not of_statements) and ((few and not alone) or _is_known(whole.text, values)):
            continue
        middle = (word.box.y0 + word.box.y1) / 2
        lines = [line for line in printed if line[0].y0 - _SLACK <= middle <= line[0].y1 + _SLACK]
        around = [(text, in_grid) for box, text, in_grid in lines if holds(box, word.box)]
        if any(f"{word.text}{more}" in text for text, _ in around for more in _NO_AMOUNTS):
            continue
        if not in_table and any(SENTENCE.search(text) for text, in_grid in around if not in_grid):
            continue
        if any(texts.hold(word.text, text, page.number) for text in ([cell.text] if cell else [text for text, _ in around])):
            continue
        yield whole, not (few and grid is not None and cell is not None) or says_money(page, grid, cell)


def _cell_of(page: Page, word: Word) -> tuple[Grid | None, Cell | None]:
    """Return the cell that a number stands in, and its grid."""
    cells = ((grid, cell) for grid in page.grids if holds(grid.box, word.box) for cell in grid.cells if holds(cell.box, word.box))
    return next(cells, (None, None))


def _wrapped(word: Word, cell: Cell | None) -> Word:
    """Return the number of a cell that holds nothing else, of which the word is what one of its lines prints (`37.34521` over `7`)."""
    whole = fold(cell.text) if cell is not None else ""
    return Word(whole, word.box) if len(whole) > len(fold(word.text)) and is_amount_alone(whole) else word


def _is_known(text: str, values: Collection[Decimal]) -> bool:
    value = abs(parse_amount(text) or Decimal(0))
    return not value or value in values or any(to_yuan(value, unit) in values for unit in YUAN_PER)


def box_of(line: Line) -> Box:
    """Return where the number of a line stands, which has a place."""
    return box_with((line.x0 or 0.0, line.y0 or 0.0, line.x1 or 0.0, line.y1 or 0.0))


def holds(outer: Box, inner: Box) -> bool:
    """Tell whether the middle of a box lies in another one, or hardly beside it."""
    x, y = (inner.x0 + inner.x1) / 2, (inner.y0 + inner.y1) / 2
    return outer.x0 - _SLACK <= x <= outer.x1 + _SLACK and outer.y0 - _SLACK <= y <= outer.y1 + _SLACK


def _finding(words: Sequence[Word], detail: str, page: int) -> Finding:
    subject = " ".join(word.text for word in words[:_SHOWN])
    return {"finding": "amount_not_captured", "subject": subject, "frequency": len(words), "page": page, "detail": detail}
