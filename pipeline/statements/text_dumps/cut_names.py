"""Text dumps: names that a wrap cuts, whole again where the document prints them unbroken elsewhere.

A name without a code (of a unit, of a project) leaves its pieces on lines of their own above its numbers; so does a row that prints no
number, and nothing in the table tells the two apart. What cannot be told is held back: a piece is no name.

Belongs here: rows without a code. Does not belong here: names that their code completes (`text_rows.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.budget.characters import fold
from pipeline.budget.codes.book import GOVERNMENT_ECONOMIC, CodeList
from pipeline.budget.codes.printed_codes import SCHEME_OF_DIGIT
from pipeline.statements.text_dumps.bare_rows import DumpRow, DumpTable, RowSide
from pipeline.statements.text_dumps.row_codes import codes_named
from schemas.vocabulary import read_header

_FEWEST_CODED = 0.5
"""Share of rows with a code in a table that prints them: elsewhere a name without a code is the rule."""

_SUBTOTAL = "小计"
_SHORTEST_NAME = 5
"""Characters: shorter ones stand in some line of every document."""


def mend_cut_names(table: DumpTable, printed: str, means: Callable[[str], bool]) -> None:
    """Put the names of a table's rows together; take out rows of which the name is lost, and count their numbers as stray.

    Args:
        table: with one block of rows.
        printed: the folded lines of the document, one a line.
        means: tells whether a name is one of a code, or says what a row is.
    """
    known = (line for line in table.header if all(read_header(fold(word)) for word in line.words))
    heading = {fold("".join(line.words)) for line in (*table.above, *known)}
    kept = []
    for row in table.rows:
        half = row.halves[0]
        pieces = [] if half.code or half.unit_code or half.is_total or not half.numbers else _pieces(row, heading)
        if pieces and not _mended(half, pieces, printed, means):
            table.stray += len(half.numbers)
            continue
        kept.append(row)
    table.rows = kept


def hold_cut_classes(table: DumpTable) -> None:
    """Take out the rows that name fewer classes than the other rows of their table do: the first of them stands on a line above.

    The numbers that are taken out are counted as stray.
    """
    if any(row.halves[0].government for row in table.rows):
        _hold(table, [row for row in table.rows if row.halves[0].government is None and _is_government(row.halves[0].code)])
    schemes = {scheme for row in table.rows for scheme in row.halves[0].classes}
    cut = [row for row in table.rows if schemes and row.halves[0].code and row.halves[0].classes.keys() != schemes]
    _hold(table, cut)


def hold_subtotals_without_names(table: DumpTable) -> None:
    """Take out the rows that are called 小计 alone beside a total: what they are the sum of is said by a cell left of them.

    The numbers that are taken out are counted as stray.
    """
    bare = [row for row in table.rows if row.halves[0].label == _SUBTOTAL and not row.halves[0].code]
    if any(row.halves[0].is_total or not row.halves[0].label for row in table.rows if row not in bare):
        _hold(table, bare)


def _hold(table: DumpTable, rows: Sequence[DumpRow]) -> None:
    table.stray += sum(len(row.halves[0].numbers) for row in rows)
    table.rows = [row for row in table.rows if row not in rows]


def _is_government(code: str | None) -> bool:
    return code is not None and SCHEME_OF_DIGIT.get(code[0]) == GOVERNMENT_ECONOMIC


def hold_lost_codes(table: DumpTable, book: CodeList) -> None:
    """Take out the rows that have lost their code where the others have one: the name alone says neither the code nor the level.

    The numbers that are taken out are counted as stray.
    """
    coded = sum(bool(row.halves[0].code or row.halves[0].lost_code) for row in table.rows)
    if coded < _FEWEST_CODED * len(table.rows):
        return
    lost = [row for row in table.rows if not row.halves[0].code and _has_lost_code(row.halves[0], book)]
    _hold(table, lost)


def _has_lost_code(half: RowSide, book: CodeList) -> bool:
    return half.lost_code or (not half.is_total and not half.unit_code and bool(codes_named(book, half.label)))


def _pieces(row: DumpRow, heading: set[str]) -> list[str]:
    """Return the lines of text above a row, without those of a heading that is printed again on its page."""
    again = max((n for n, piece in enumerate(row.pieces, start=1) if fold(piece) in heading), default=0)
    return list(row.pieces[again:])


def _mended(half: RowSide, pieces: Sequence[str], printed: str, means: Callable[[str], bool]) -> bool:
    """Tell whether a row's name is whole, after it was put together with the pieces above where they are its beginning."""
    own = _own(half.label, pieces)
    for first in range(len(pieces)):
        whole = "".join(pieces[first:]) + own
        if len(whole) >= _SHORTEST_NAME and (fold(whole) in printed or _closes(pieces[first], own)):
            half.label = whole
            return True
        if whole == half.label and not first:
            return True  # the reader has put it together, or its numbers stand on the line below it
    return all(map(means, pieces)) or (bool(own) and means(own))


def _own(label: str, pieces: Sequence[str]) -> str:
    """Return what of a label is printed beside its numbers."""
    starts = ("".join(pieces[first:]) for first in range(len(pieces)))
    return next((label.removeprefix(start) for start in starts if label.startswith(start)), label)


def _closes(piece: str, own: str) -> bool:
    """Tell whether a piece opens a bracket that the rest closes: together they are one name."""
    opened, closed = (fold(text) for text in (piece, own))
    return opened.count("(") == opened.count(")") + 1 and closed.count(")") == closed.count("(") + 1
