"""Tables of targets whose cells a text gives a line each, as browsers do that copy a page: put together to a row a line.

Belongs here: which lines are the cells of one row. Does not belong here: what the row says (`flattened_tables.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.budget.characters import fold, without_spaces
from pipeline.narrative.text.paragraphs import NUMBERING, fold_in_place
from pipeline.targets.target_headers import column_named, column_of
from pipeline.targets.target_rows import OPERATORS, RowPlace, is_known_level, is_level, target_words
from pipeline.targets.target_values import is_signed, read_weight, says_something

_LEVELS = ("dimension", "sub_dimension")
_COLUMNS = (*_LEVELS, "indicator", *OPERATORS, "target", "unit", "weight")
_LONGEST_CELL = 60  # characters of an indicator or its target; a longer line is a sentence
_LINES_ABOVE = 25  # lines above the header that may hold the fields of the form

Printed = tuple[RowPlace, str]
"""A line with its place."""


def rows_of_cells(printed: Sequence[Printed]) -> tuple[list[Printed], list[RowPlace]]:
    """Return the lines of a document, those that are cells of tables of targets put together, and the places of rows that cannot be.

    A row has its levels, those that hold on from the row above left out, then a cell for each other column. Where cells are missing
    or wrapped the table ends: nothing tells whose the others are.
    """
    found: list[Printed] = []
    lost: list[RowPlace] = []
    at = 0
    while at < len(printed):
        heads = _heads(printed, at)
        if not heads:
            found.append(printed[at])
            at += 1
            continue
        _join_fields(found)
        found.append(_joined(printed[at : at + len(heads)]))
        at += len(heads)
        levels = sum(head in _LEVELS for head in heads)
        first = True
        while size := _row(printed, at, heads, levels, first):
            found.append(_joined(printed[at : at + size]))
            at, first = at + size, False
        rest = [without_spaces(text) for _, text in printed[at : at + len(heads)]]
        if any(is_level(text) or is_signed(text) for text in rest):
            lost.append(printed[at][0])
    return found, lost


def _heads(printed: Sequence[Printed], at: int) -> list[str]:
    """Return what the columns of a header hold whose cells stand in lines of their own from `at` on; empty where there is none."""
    heads: list[str] = []
    if column_named(fold(printed[at][1])) not in _COLUMNS:
        return heads  # as nearly all lines
    for _, text in printed[at : at + len(_COLUMNS)]:
        head = column_of(without_spaces(text))
        if head not in _COLUMNS or head in heads or len(text.split()) > 1:
            break
        heads.append(head)
    levels = sum(head in _LEVELS for head in heads)
    return heads if levels and {"indicator", "target"} <= set(heads) and set(heads[:levels]) <= set(_LEVELS) else []


def _row(printed: Sequence[Printed], at: int, heads: Sequence[str], levels: int, first: bool) -> int:
    """Return how many lines from `at` on are the cells of a row; 0 where they are none."""
    cells = [without_spaces(text) for _, text in printed[at : at + len(heads)]]
    said = next((place for place, cell in enumerate(cells[:levels]) if not is_known_level(cell)), min(levels, len(cells)))
    beside = cells[said : said + len(heads) - levels]
    if len(beside) < len(heads) - levels or (first and said < levels) or any(map(is_level, beside)):
        return 0
    parts = dict(zip(heads[levels:], beside, strict=True))
    if any(len(cell) > _LONGEST_CELL or "。" in cell or NUMBERING.match(fold_in_place(cell)) for cell in beside):
        return 0
    if not (says_something(parts["indicator"]) and says_something(parts["target"])):
        return 0
    if says_something(parts.get("weight", "")) and read_weight(parts["weight"]) is None:
        return 0
    end = at + said + len(beside)
    if end < len(printed) and is_signed(without_spaces(printed[end][1])):
        return 0  # a cell above is wrapped: what seemed its target is the end of the indicator's name
    return said + len(beside) if said or is_signed(parts["target"]) else 0


def _join_fields(found: list[Printed]) -> None:
    """Put labels of the form above a header together with what stands in the line below them."""
    labels = target_words("flat_label")
    for at in range(max(0, len(found) - _LINES_ABOVE), len(found) - 1):
        label, value = (without_spaces(text) for _, text in found[at : at + 2])
        if fold(label) in labels and fold(value) not in labels and not column_of(value):
            found[at : at + 2] = [(found[at][0], f"{label} {value}"), (found[at + 1][0], value)]


def _joined(cells: Sequence[Printed]) -> Printed:
    return cells[0][0], " ".join(without_spaces(text) for _, text in cells)
