"""Which tables were read whole and cleanly: nobody is blamed for a table of which that is not shown.

Belongs here: what speaks against the reading of a table as a whole, asked of its pages. Does not belong here: what fails in it
(`attribution.py`). It is asked only where something fails.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import combinations
from statistics import median

from msgspec.structs import replace

from pipeline.accounting.equations.within_statements import equations
from pipeline.accounting.evaluate import evaluate
from pipeline.accounting.printed_lines import PrintedLines
from pipeline.budget.amounts import is_amount_alone
from pipeline.budget.characters import fold
from pipeline.budget.codes.book import code_book, loose_key
from pipeline.budget.line import Line, by_id
from pipeline.budget.sums import CODED
from pipeline.checks.of_pages.printed_numbers import is_spelt
from pipeline.checks.of_pages.uncaptured import box_of, holds, unread_in_table
from pipeline.document.content import Content, Page
from pipeline.document.text_layer import NumbersOfPages
from pipeline.statements.statement_model import Statement

Doubt = Callable[[int], str | None]
"""Gives what speaks against the reading of a statement, by its number; None where nothing does."""

_NO_DIGIT = re.compile(r"\D")
_MOST_COLUMNS = 12
"""Columns of which each two are tried exchanged: a table has three to ten kinds of amounts."""
_LEAST_OF_A_COLUMN = 4
"""Numbers of a column on one page that tell where it stands."""


def no_doubt(_: int) -> str | None:
    """Tell of no statement that anything speaks against its reading."""
    return None


def doubts(content: Content, statements: Sequence[Statement], lines: Iterable[Line]) -> Doubt:
    """Return what tells why the reading of a statement may be at fault.

    Args:
        content: pages of the document.
        statements: of the document.
        lines: of the document.
    """
    own: dict[int, list[Line]] = defaultdict(list)
    placed: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        if line.source == "table":
            own[line.statement_no].append(line)
        if line.page and line.x0 is not None:
            placed[line.page].append(line)
    by_number = {statement.number: statement for statement in statements}
    printed = NumbersOfPages(content)

    @cache
    def doubt(number: int) -> str | None:
        return next(_doubts(content, printed, by_number[number], own[number], placed), None) if number in by_number else None

    return doubt


def _doubts(
    content: Content, printed: NumbersOfPages, statement: Statement, lines: Sequence[Line], placed: dict[int, list[Line]]
) -> Iterator[str]:
    pages = [page for page in content.pages if page.number in {line.page for line in lines}]
    if content.torn or any(page.damaged for page in pages):
        yield "bytes of the document are damaged"
    if len(lines) < statement.amounts_printed:
        yield "not every number of the table was captured"
    for page in pages:
        if page.numbers is not None and unread_in_table(page, [line for line in lines if line.page == page.number], placed[page.number]):
            yield f"page {page.number} prints numbers in the table that are in no line"
    if any(is_spelt(printed, line) is False for line in lines):
        yield "a number of the table is not the one that the text of the page has there"
    if any(_misplaced(lines)):
        yield "a number of the table stands outside its column"
    if any(_misnamed(lines)):
        yield "a row of the table has another name than its code"
    if any(_miscoded(printed, lines)):
        yield "a row of the table prints another code than its own"
    if any(_in_other_cells(pages, lines)):
        yield "a number of the table stands in another cell than it was read in"
    if _exchanged(lines):
        yield "two columns of the table exchanged would make it add up"


def _misplaced(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines whose number stands beside where the others of its column stand."""
    columns: dict[tuple[int, int], list[Line]] = defaultdict(list)
    for line in lines:
        if line.x0 is not None and line.page:
            columns[line.page, line.column].append(line)
    for own in columns.values():
        if len(own) >= _LEAST_OF_A_COLUMN:
            left, right = median(box_of(line).x0 for line in own), median(box_of(line).x1 for line in own)
            yield from (line for line in own if box_of(line).x1 < left or box_of(line).x0 > right)


def _miscoded(printed: NumbersOfPages, lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines with a printed code that is not what their row prints before its amounts."""
    for line in lines:
        if line.scheme not in CODED or line.code_source != "printed" or not line.code or not line.page or line.x0 is None:
            continue
        box = box_of(line)
        middle = (box.y0 + box.y1) / 2
        row = [word for word in printed.near(line.page, box) or () if word.box.y0 < middle < word.box.y1 and word.box.x1 < box.x0]
        words = [fold(word.text) for word in sorted(row, key=lambda word: word.box.x0)]
        digits = _NO_DIGIT.sub("", "".join(word for word in words if not is_amount_alone(word)))
        if digits and line.code not in digits and not line.code.endswith(digits):
            yield line


def _in_other_cells(pages: Iterable[Page], lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines whose number is not in the cell that lies at its place."""
    for page in pages:
        cells = [cell for grid in page.grids for cell in grid.cells]
        for line in lines:
            if line.page == page.number and line.x0 is not None:
                box = box_of(line)
                under = [cell for cell in cells if holds(cell.box, box)]
                if under and not any(fold(line.amount_text) in fold(cell.text) for cell in under):
                    yield line


_Said = tuple[str | None, str | None, str]
"""Fund, nature and measure of an amount: what its column says."""


def _exchanged(lines: Sequence[Line]) -> bool:
    """Tell whether more of a table holds, and less fails, if what two of its columns say is exchanged."""
    said = sorted({_said(line) for line in lines}, key=str)
    as_read = _outcomes(lines)
    if len(said) > _MOST_COLUMNS or not as_read["fail"]:
        return False
    exchanged = (_outcomes([_saying(line, one, other) for line in lines]) for one, other in combinations(said, 2))
    return any(as_read["fail"] > own["fail"] and own["pass"] - as_read["pass"] >= as_read["fail"] - own["fail"] for own in exchanged)


def _said(line: Line) -> _Said:
    return line.fund, line.nature, line.measure


def _saying(line: Line, one: _Said, other: _Said) -> Line:
    own = _said(line)
    if own not in (one, other):
        return line
    fund, nature, measure = other if own == one else one
    return replace(line, fund=fund, nature=nature, measure=measure)


def _outcomes(lines: Sequence[Line]) -> Counter[str]:
    known = by_id(lines)
    return Counter(evaluate(equation, known).outcome for equation in equations(PrintedLines(lines)))


def _misnamed(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines whose name is that of other codes, or that share their code with a row of another name."""
    book = code_book()
    names: dict[tuple[str | None, str, str], str] = {}
    for line in lines:
        if line.scheme not in CODED or not line.code or not line.level:
            continue
        named = book.candidates(line.scheme, line.name)
        known = names.setdefault((line.unit, line.scheme, line.code), loose_key(line.name))
        if (named and line.code not in named) or known != loose_key(line.name):
            yield line
