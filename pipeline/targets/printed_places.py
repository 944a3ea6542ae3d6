"""Where rows of projects and performance indicators are printed: the cell, or the line of text, that states what a row says.

Belongs here: from the rows of grids that gave a row to the one cell that prints its amount or its target. Does not belong here: reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from pipeline.budget.amounts import YUAN_PER, to_yuan
from pipeline.budget.characters import fold, without_spaces
from pipeline.document.content import Box, Cell, Content, Page, printed_place
from pipeline.narrative.text.paragraphs import LinePosition
from pipeline.targets.target_pieces import PrintedGrid, PrintedGrids
from pipeline.targets.target_rows import Places, RowPlace, Targets, read_printed_money

_OVER = 3.0  # points by which small print may stand out of its cell and still be seen
_IN_NUMBERS = (".", ",", "，")
_LONGEST_AMOUNT = 40  # characters of a cell that is an amount and its unit


class _Printed(NamedTuple):
    """A cell or a line of text: its page, its box or its address, its text, and whether that is seen there.

    Of a cell that a page break cuts, pages may have the whole text, and show the part of it that stands inside the cell's lines.
    """

    page: int | None = None
    box: Box | None = None
    text: str = ""
    address: str | None = None
    is_seen: bool = True


def place_rows(content: Content, grids: PrintedGrids, targets: Targets) -> None:
    """Give each row of `targets` the columns of where it is printed, in place of its `printed`.

    Of a project that is the cell or number of its amount, else its name; of an indicator the cell of its target, else its name; else
    the first row or line that gave it.

    Args:
        content: pages of lines and grids.
        grids: of these pages.
        targets: of the same document, complete.
    """
    cells = _Cells(content, grids)
    for row in targets.projects:
        _place(row, cells, _states_amount(row["amount"]), _states_text(row["project"]))
    for row in targets.indicators:
        target, name = row["target"], row["indicator"]
        _place(row, cells, _is_text(target), _states_beside(target, name), _states_text(target), _states_text(name))


def _place(row: dict[str, Any], cells: _Cells, *asked: Callable[[str], bool]) -> None:
    printed = [*cells.of(row.pop("printed"))]
    unseen: _Printed | None = None
    for place in (place for states in asked for place in printed if states(place.text)):
        if place.is_seen:
            found = place
            break
        unseen = unseen or place
    else:
        found = unseen or (printed[0] if printed else _Printed())
    row |= {**printed_place(found.page, found.box if found.address is None else None), "cell": found.address}


class _Cells:
    """The cells of the rows of grids, each made once: a goal stands beside many rows."""

    def __init__(self, content: Content, grids: PrintedGrids) -> None:
        self._on_paper = content.printed
        self._pages: Mapping[int, Page] = {page.number: page for page in content.pages}
        self._grids: Mapping[int, Sequence[PrintedGrid]] = {page.number: own for page, own in grids}
        self._cells: dict[tuple[int, int, int], _Printed] = {}

    def of(self, places: Places) -> Iterator[_Printed]:
        """Yield the cells and lines of places, in their order."""
        for place in places:
            if isinstance(place, LinePosition):
                yield _Printed(place.page, place.box)
            elif place.table:
                yield from self._row(place)
            else:
                line = self._pages[place.page].lines[place.row]
                yield _Printed(place.page, line.box if self._on_paper else None, line.text)

    def _row(self, place: RowPlace) -> Iterator[_Printed]:
        printed = self._grids[place.page][place.table - 1]
        for index in dict.fromkeys(printed.owners[place.row]):
            if index is not None:
                yield self._cell(place.page, place.table, index, printed.grid.cells[index])

    def _cell(self, page: int, table: int, index: int, cell: Cell) -> _Printed:
        found = self._cells.get((page, table, index))
        if found is None:
            begins = _begins_inside(cell.text_box, cell.box)
            found = self._cells[page, table, index] = _Printed(page, cell.text_box or cell.box, cell.text, cell.address, begins)
        return found


def _begins_inside(text: Box | None, cell: Box) -> bool:
    return text is None or cell.y0 - _OVER <= text.y0 <= cell.y1 + _OVER


def _states_amount(amount: Decimal | None) -> Callable[[str], bool]:
    def states(text: str) -> bool:
        found = read_printed_money(text) if amount is not None and len(text) <= _LONGEST_AMOUNT else None
        return found is not None and amount in ({to_yuan(found[0], found[1])} if found[1] else {to_yuan(found[0], u) for u in YUAN_PER})

    return states


def _is_text(sought: str) -> Callable[[str], bool]:
    folded = fold(sought)
    return lambda text: fold(text) == folded


def _states_beside(sought: str, name: str) -> Callable[[str], bool]:
    """Ask for a text that states a target, and not in a longer number or in what names the indicator: 2 in 12345诉求件数, 1 in 指标1."""
    bare, named = without_spaces(sought), without_spaces(name)

    def states(text: str) -> bool:
        text = without_spaces(text)
        at = text.find(bare)
        while at >= 0 and named not in text:
            before, after = text[max(at - 1, 0) : at], text[at + len(bare) : at + len(bare) + 1]
            if not (_goes_on(before, bare[:1]) or _goes_on(after, bare[-1:])):
                return True
            at = text.find(bare, at + 1)
        return False

    return states


def _goes_on(beside: str, end: str) -> bool:
    """Tell whether a character beside the end of a text belongs to the same number."""
    return end.isdecimal() and (beside.isdecimal() or beside in _IN_NUMBERS)


def _states_text(sought: str) -> Callable[[str], bool]:
    bare = without_spaces(sought)
    return lambda text: bare in without_spaces(text)
