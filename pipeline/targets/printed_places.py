"""Where rows of projects and performance indicators are printed: the cell, or the line of text, that states what a row says.

Belongs here: from the rows of grids that gave a row to the one cell that prints its amount or its target. Does not belong here: reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from pipeline.budget.amounts import YUAN_PER, to_yuan
from pipeline.budget.characters import fold, without_spaces
from pipeline.document.content import Cell, Content, Page, TextLine, printed_place
from pipeline.narrative.text.paragraphs import LinePosition
from pipeline.targets.target_pieces import PrintedGrid, PrintedGrids
from pipeline.targets.target_rows import Places, Targets, read_printed_money

_OVER = 3.0  # points by which small print may stand out of its cell and still be seen
_IN_NUMBERS = (".", ",", "，")
_LONGEST_AMOUNT = 40  # characters of a cell that is an amount and its unit


_Printed = tuple[int, str, Cell | TextLine | LinePosition]
"""A page, and a cell or a line on it with its text, empty where that is not known."""


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
    found: _Printed | None
    for place in (place for states in asked for place in printed if states(place[1])):
        if _is_seen(place[2]):
            found = place
            break
        unseen = unseen or place
    else:
        found = unseen or (printed[0] if printed else None)
    row |= {**printed_place(None, None), "cell": None} if found is None else cells.columns_of(found)


class _Cells:
    """The cells of the rows of grids, and the lines beside them."""

    def __init__(self, content: Content, grids: PrintedGrids) -> None:
        self._on_paper = content.printed
        self._pages: Mapping[int, Page] = {page.number: page for page in content.pages}
        self._grids: dict[int, list[PrintedGrid]] = {}
        for page, own in grids:
            self._grids.setdefault(page.number, []).extend(own)

    def of(self, places: Places) -> Iterator[_Printed]:
        """Yield the cells and lines of places, in their order."""
        for place in places:
            if isinstance(place, LinePosition):
                yield place.page, "", place
            elif place.table:
                printed = self._grids[place.page][place.table - 1]
                cells = [printed.grid.cells[index] for index in dict.fromkeys(printed.owners[place.row]) if index is not None]
                yield from [(place.page, cell.text, cell) for cell in cells]
            else:
                line = self._pages[place.page].lines[place.row]
                yield place.page, line.text, line

    def columns_of(self, printed: _Printed) -> dict[str, Any]:
        """Return the columns that say where a cell or a line is printed."""
        page, _, thing = printed
        if isinstance(thing, Cell):
            box = thing.text_box or thing.box if thing.address is None else None
            return {**printed_place(page, box), "cell": thing.address}
        return {**printed_place(page, thing.box if self._on_paper or isinstance(thing, LinePosition) else None), "cell": None}


def _is_seen(thing: Cell | TextLine | LinePosition) -> bool:
    """Tell whether a text is seen where it stands.

    Of a cell that a page break cuts, pages may have the whole text, and show the part of it that stands inside the cell's lines.
    """
    if not isinstance(thing, Cell) or thing.text_box is None:
        return True
    return thing.box.y0 - _OVER <= thing.text_box.y0 <= thing.box.y1 + _OVER


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
