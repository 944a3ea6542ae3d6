"""Whether a number alone in a cell is money: by the head of its column, the label of its row, or the unit declared for its table.

Belongs here: what print around a cell says. Does not belong here: which numbers are in no row (`uncaptured.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.budget.amounts import is_amount_alone
from pipeline.budget.characters import fold
from pipeline.budget.patterns import ANY_UNIT, UNIT_IN_BRACKETS
from pipeline.document.content import Cell, Grid, Page
from pipeline.targets.target_headers import is_money
from pipeline.targets.target_rows import AMOUNTS, target_words

_HEADS = 2  # nearest texts above a number that may be the head of its column: a head of two storeys
_BRACKETS = re.compile(r"[(][^()]*[)]$")
_DECLARED = re.compile(rf"单位:(?:人民币)?{ANY_UNIT}")
_PART = "其中:"


def says_money(page: Page, grid: Grid, cell: Cell) -> bool:
    """Tell whether a head or label of a cell says money, or else a unit of money is declared and they say no other thing.

    Args:
        page: that it stands on.
        grid: that it is a cell of.
        cell: that holds a number alone.
    """
    heads = list(_heads(grid, cell))
    if any(map(_names_money, heads)):
        return True
    if any(map(_names_other, heads)):
        return False
    return any(_DECLARED.search(fold(text)) for text in (*(line.text for line in page.lines), *(each.text for each in grid.cells)))


def _heads(grid: Grid, cell: Cell) -> Iterator[str]:
    """Yield the texts left of a cell, and the nearest ones above it, folded."""
    texts = [(each, fold(each.text)) for each in grid.cells if each.text and not is_amount_alone(fold(each.text))]
    yield from (text for each, text in texts if each.column < cell.column and each.row <= cell.row < each.row + each.row_span)
    above = [
        (each.row, text) for each, text in texts if each.row < cell.row and each.column <= cell.column < each.column + each.column_span
    ]
    yield from (text for _, text in sorted(above, reverse=True)[:_HEADS])


def _names_money(text: str) -> bool:
    if UNIT_IN_BRACKETS.search(text):
        return True
    bare = _BRACKETS.sub("", text.rstrip(":")).removeprefix(_PART)
    return is_money(bare) or target_words("label").get(bare) in AMOUNTS or bare.endswith(tuple(target_words("money_word")))


def _names_other(text: str) -> bool:
    return _BRACKETS.sub("", text).endswith(tuple(target_words("no_money")))
