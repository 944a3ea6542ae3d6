"""The tables of one page, whatever gave its rulings and its text: the readers in their order, and which of them serves.

The first reader takes rulings, the second the white corridors of what is left, the third is asked only where amounts are left that stand
like a table's. Belongs here: that order. Does not belong here: where rulings and text come from (`document/pdf`, `document/scans`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.budget.amounts import is_amount_alone
from pipeline.document.content import WHITESPACE, Box
from pipeline.document.pdf.drawing import Ruling
from pipeline.document.pdf.runs import TextRun
from pipeline.document.tables.cells import Placed, loose_amounts, place
from pipeline.document.tables.lost_borders import with_lost_borders
from pipeline.document.tables.row_bands import split_fused_rows
from pipeline.document.tables.ruled import TableStructure, table_structures
from pipeline.document.tables.whitespace import tables_without_rulings, tabular_amounts

_SIDES = 2
"""Vertical borders of what has one column."""


@dataclass(frozen=True, slots=True)
class ReadingOrderSettings:
    """When a page is read once more."""

    fewest_fills: int = 6
    """Coloured areas. So many on a page without ruled tables may be cells: two rows of three."""
    fewest_bands: int = 3
    """Coloured areas that begin and end alike, one below the other: so many are the bands of rows, not a title's ground."""
    worth_asking: int = 4
    """Amounts without a cell of their own, standing like a table's. So many are worth a second reading, which costs a second."""
    near_table: float = 3.0
    """Points. A ruling no further above or below a ruled table is part of it: a double border."""


READING_ORDER = ReadingOrderSettings()


@dataclass(frozen=True, slots=True)
class Lines:
    """What parts the cells of a page: ruling lines, and coloured areas that may be cells."""

    horizontal: Sequence[Ruling]
    vertical: Sequence[Ruling]
    fills: Sequence[Box] = ()


@dataclass(frozen=True, slots=True)
class SecondReader:
    """Another opinion of a page: its name, and the tables that it sees."""

    name: str
    tables: Callable[[], list[TableStructure]]


@dataclass(frozen=True, slots=True)
class PageTables:
    """The tables of a page, top to bottom, the reader of each, and where the text went."""

    frames: list[TableStructure]
    names: list[str]
    placed: Placed


def page_tables(
    lines: Lines, runs: list[TextRun], ruled_reader: str, second: SecondReader | None = None, settings: ReadingOrderSettings = READING_ORDER
) -> PageTables:
    """Read the tables of a page, one rung after another as long as amounts are left that stand like a table's.

    Args:
        lines: what parts cells.
        runs: the text of the page.
        ruled_reader: name of the reader of ruled tables (provenance).
        second: asked last, where amounts are left.
        settings: thresholds.
    """
    ruled = table_structures(lines.horizontal, lines.vertical)
    if not ruled and len(lines.fills) >= settings.fewest_fills and tabular_amounts(runs) >= settings.worth_asking:
        fills = lines.fills
        filled = table_structures([*lines.horizontal, *_edges_of_fills(fills, 1)], [*lines.vertical, *_edges_of_fills(fills, 0)])
        ruled = [frame for frame in filled if len(frame.xs) > _SIDES]
        if not ruled:  # bands of whole rows part no columns
            lines = replace(lines, horizontal=[*lines.horizontal, *_edges_of_fills(_bands(fills, settings.fewest_bands), 1)])
    placed = place(ruled, runs)
    if ruled != (ruled := [*_without_bare_frames(ruled, placed, settings)]):
        placed = place(ruled, runs)
    frames = [split_fused_rows(frame, content) or frame for frame, content in zip(ruled, placed.inside, strict=True)]
    reading = _with_frames(frames, placed if frames == ruled else place(frames, runs), lines, runs, ruled_reader, settings)
    left = _unplaced(reading.placed)
    other: PageTables | None = None
    if second and left >= settings.worth_asking:
        seen = _with_text([(frame, second.name) for frame in second.tables()], None, runs)
        if _unplaced(seen.placed) < left and len(loose_amounts(seen.placed)) < len(loose_amounts(reading.placed)):
            other = seen
    whole = [_whole(*drawn, runs) for drawn in zip(ruled, placed.inside, frames, strict=True)]
    if any(frame is not old for frame, old in zip(whole, frames, strict=True)):
        reading = _with_frames(whole, place(whole, runs), lines, runs, ruled_reader, settings)
    return other if other is not None and _unplaced(other.placed) <= _unplaced(reading.placed) else reading


def _without_bare_frames(ruled: Sequence[TableStructure], placed: Placed, settings: ReadingOrderSettings) -> Iterator[TableStructure]:
    """Yield the ruled tables but those of one column with amounts beside other texts: a frame, and rules across it, part no columns."""
    for frame, cells in zip(ruled, placed.inside, strict=True):
        amounts = sum(is_amount_alone(run.text) for cell in cells if len(cell) > 1 for run in cell) if len(frame.xs) == _SIDES else 0
        if amounts < settings.worth_asking:
            yield frame


def _with_frames(
    frames: list[TableStructure], placed: Placed, lines: Lines, runs: list[TextRun], reader: str, settings: ReadingOrderSettings
) -> PageTables:
    """Return the ruled tables of a page, and those that stand outside them without rulings."""
    rules = _outside_tables(lines.horizontal, frames, settings.near_table)
    heads = [
        frame for frame, cells in zip(frames, placed.inside, strict=True) if not any(is_amount_alone(r.text) for c in cells for r in c)
    ]
    tables = [(frame, reader) for frame in frames] + [(frame, WHITESPACE) for frame in tables_without_rulings(placed.outside, rules, heads)]
    return _with_text(tables, placed if len(tables) == len(frames) else None, runs)


def _whole(frame: TableStructure, content: list[list[TextRun]], split: TableStructure, runs: list[TextRun]) -> TableStructure:
    """Return a ruled table with the borders that its drawing lost, or never had between its rows.

    Args:
        frame: the table as it is drawn.
        content: the runs of each of its spans.
        split: the same with its fused rows split; `frame` itself where there are none.
        runs: of the page.
    """

    def inside(other: TableStructure) -> list[list[TextRun]]:
        return place([other], runs).inside[0]

    whole = frame
    if (parted := with_lost_borders(frame, content, inside)) is not None:
        whole, split = parted, split_fused_rows(parted, inside(parted)) or parted
    return split if split is whole else with_lost_borders(split, inside(split), inside) or split


def _with_text(tables: list[tuple[TableStructure, str]], placed: Placed | None, runs: list[TextRun]) -> PageTables:
    tables = sorted(tables, key=lambda table: table[0].ys[0])
    frames = [frame for frame, _ in tables]
    return PageTables(frames, [name for _, name in tables], placed or place(frames, runs))


def _unplaced(placed: Placed) -> int:
    """Count the amounts that look like a table's and stand in no cell of their own."""
    return tabular_amounts(placed.outside) + sum(tabular_amounts(cell) for cells in placed.inside for cell in cells if len(cell) > 1)


def _bands(fills: Sequence[Box], fewest: int) -> list[Box]:
    """Return the coloured areas that as many others are as wide as, at the same place: the bands of a table's rows."""
    sides = Counter((round(fill.x0), round(fill.x1)) for fill in fills)
    return [fill for fill in fills if sides[round(fill.x0), round(fill.x1)] >= fewest]


def _edges_of_fills(fills: Sequence[Box], axis: int) -> list[Ruling]:
    """Return the sides of filled areas as rulings, vertical ones for axis 0: tables without lines may colour their cells."""
    across = 1 - axis
    return [Ruling(fill[side], fill[across], fill[across + 2]) for fill in fills for side in (axis, axis + 2)]


def _outside_tables(rulings: Sequence[Ruling], tables: Sequence[TableStructure], near: float) -> list[Ruling]:
    """Return the rulings that are no part of a ruled table."""
    left = list(rulings)
    for x0, y0, x1, y1 in (table.box for table in tables):
        left = [r for r in left if not (y0 - near <= r.at <= y1 + near and r.end > x0 and r.start < x1)]
    return left
