"""From ruling lines to the skeleton of tables: which cells there are and what they span.

Belongs here: geometry of rulings. Does not belong here: text, PDF engines.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter
from statistics import median

import msgspec

from pipeline.document.content import Box, box_with
from pipeline.document.pdf.drawing import Ruling, ruling_with
from pipeline.document.tables.settings import RULED, RuledSettings

_START = attrgetter("start")


class StructureCell(msgspec.Struct, frozen=True, gc=False):  # a page has hundreds: made in a tenth of the time
    """A cell of a skeleton: its first row and column, how many it covers, and its rectangle."""

    row: int
    column: int
    rows: int
    columns: int
    box: Box


@dataclass(frozen=True, slots=True)
class TableStructure:
    """A table without its text.

    Attributes:
        xs, ys: borders of the elementary columns and rows, ascending (one more than there are columns and rows).
        spans: the cells in reading order.
        owner: for each elementary row and column, which span covers it.
    """

    xs: list[float]
    ys: list[float]
    spans: list[StructureCell]
    owner: list[list[int]]

    @property
    def box(self) -> Box:
        """The table's rectangle."""
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def at(self, x: float, y: float) -> int:
        """Return the index of the span at a point inside the table (points outside count to the nearest edge cell)."""
        return self.owner[interval_at(self.ys, y)][interval_at(self.xs, x)]


def interval_at(borders: Sequence[float], at: float) -> int:
    """Return the index of the strip between two borders that a position falls in, of the nearest one outside."""
    return bisect_right(borders, at, 1, len(borders) - 1) - 1


def merged(rulings: Sequence[Ruling], settings: RuledSettings = RULED) -> list[Ruling]:
    """Join rulings that continue or repeat one another, sorted by position and start."""
    result: list[Ruling] = []
    group: list[Ruling] = []
    first = 0.0  # where the first of the group stands
    for ruling in sorted(rulings):
        at, _, _ = ruling
        if group and at - first > settings.same:
            result += _joined(group, settings.joined)
            group = []
        if not group:
            first = at
        group.append(ruling)
    result += _joined(group, settings.joined)
    return result


def _joined(group: list[Ruling], gap: float) -> list[Ruling]:
    if len(group) < 2:
        return group
    at = sum([at for at, _, _ in group]) / len(group)
    joined: list[Ruling] = []
    (_, start, end), *others = sorted(group, key=_START)
    for _, following, its_end in others:
        if following - end > gap:
            joined.append(ruling_with((at, start, end)))
            start, end = following, its_end
        elif its_end > end:
            end = its_end
    joined.append(ruling_with((at, start, end)))
    return joined


def table_structures(horizontal: Sequence[Ruling], vertical: Sequence[Ruling], settings: RuledSettings = RULED) -> list[TableStructure]:
    """Return the tables that rulings draw, top to bottom: groups of crossing rulings that enclose at least two cells."""
    across, down = merged(horizontal, settings), merged(vertical, settings)
    if max(len(across), len(down)) > settings.most_rulings:
        return []
    found = []
    groups = _crossing(across, down, settings.joined)
    alone = [v for rows, columns in groups if not rows for v in columns]
    for rows, columns in groups:
        if not rows or not columns:
            continue
        skeleton = _skeleton(rows, sorted(columns + _outer_sides(rows, columns, alone, settings)), settings)
        if skeleton and len(skeleton.spans) > 1:
            found.append(skeleton)
    return sorted(found, key=lambda s: (s.ys[0], s.xs[0]))


def _crossing(across: list[Ruling], down: list[Ruling], gap: float) -> list[tuple[list[Ruling], list[Ruling]]]:
    """Group rulings that cross or touch one another, directly or through others."""
    parent = list(range(len(across) + len(down)))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    heights = [h.at for h in across]
    for index, (at, start, end) in enumerate(down, len(across)):
        own = root(index)
        for h in range(bisect_left(heights, start - gap), bisect_right(heights, end + gap)):
            if parent[h] != own and across[h].start - gap <= at <= across[h].end + gap:
                parent[root(h)] = own
    groups: dict[int, tuple[list[Ruling], list[Ruling]]] = {}
    for index, ruling in enumerate(across):
        groups.setdefault(root(index), ([], []))[0].append(ruling)
    for index, ruling in enumerate(down, len(across)):
        groups.setdefault(root(index), ([], []))[1].append(ruling)
    return list(groups.values())


def _outer_sides(rows: list[Ruling], columns: list[Ruling], alone: list[Ruling], settings: RuledSettings) -> list[Ruling]:
    """Return the sides of a table's outer columns that no ruling reaches: cells that go on over both page breaks.

    Such sides are as long as the table is high, and stand nearer to it than it is wide.
    """
    top, bottom = rows[0].at, rows[-1].at
    left, right = columns[0].at, columns[-1].at
    joined, open_side = settings.joined, settings.open_side
    if bottom - top < open_side:
        return []
    wide = right - left
    return [
        v
        for v in alone
        if abs(v.start - top) <= joined
        and abs(v.end - bottom) <= joined
        and (left - wide < v.at < left - open_side or right + open_side < v.at < right + wide)
    ]


def _skeleton(across: list[Ruling], down: list[Ruling], settings: RuledSettings) -> TableStructure | None:
    xs, ys = _borders(down, across, settings), _borders(across, down, settings)
    if len(xs) < 2 or len(ys) < 2 or len(xs) * len(ys) > settings.most_cells:
        return None
    if min(median(b - a for a, b in pairwise(xs)), median(b - a for a, b in pairwise(ys))) < settings.smallest:
        return None
    return structure_from_borders(xs, ys, _covered(down, xs, ys, settings.same), _covered(across, ys, xs, settings.same))


def structure_from_borders(
    xs: list[float], ys: list[float], left: Sequence[Sequence[bool]], above: Sequence[Sequence[bool]]
) -> TableStructure:
    """Return the table with given borders: elementary cells without a border between them are one cell.

    Args:
        xs: borders of the elementary columns, ascending.
        ys: borders of the elementary rows, ascending.
        left: left[c][r] tells whether a border stands left of column c in row r.
        above: above[r][c] tells whether a border stands above row r in column c.
    """
    rows, columns = len(ys) - 1, len(xs) - 1
    owner = [[-1] * columns for _ in range(rows)]
    spans: list[list[int]] = []
    open_spans: dict[tuple[int, int], int] = {}
    parted: tuple[bool, ...] | None = None
    parts: list[tuple[int, int]] = []
    for r, borders in enumerate(zip(*left, strict=True)):
        continued: dict[tuple[int, int], int] = {}
        lids, owners = above[r], owner[r]
        if borders != parted:  # most rows are parted as the one above
            parted, parts = borders, list(pairwise([0, *(c for c in range(1, columns) if borders[c]), columns]))
        for part in parts:
            c, end = part
            wide = end - c
            index = open_spans.get(part, -1)
            if index >= 0 and not (lids[c] if wide == 1 else 2 * sum(lids[c:end]) >= wide):
                spans[index][2] += 1
            else:
                index = len(spans)
                spans.append([r, c, 1, wide])
            continued[part] = index
            if wide == 1:
                owners[c] = index
            else:
                owners[c:end] = [index] * wide
        open_spans = continued
    cells = [StructureCell(r, c, height, width, box_with((xs[c], ys[r], xs[c + width], ys[r + height]))) for r, c, height, width in spans]
    return TableStructure(xs, ys, cells, owner)


def _borders(lines: list[Ruling], crossing: list[Ruling], settings: RuledSettings) -> list[float]:
    """Return the positions of `lines`, and of open outer sides that `crossing` rulings reach beyond them."""
    positions: list[float] = []
    for line in lines:
        if not positions or line.at - positions[-1] > settings.same:
            positions.append(line.at)
    before = sorted(c.start for c in crossing if c.start < positions[0] - settings.open_side)
    after = sorted(c.end for c in crossing if c.end > positions[-1] + settings.open_side)
    if _is_open(before, crossing, settings):
        positions.insert(0, before[len(before) // 2])
    if _is_open(after, crossing, settings):
        positions.append(after[len(after) // 2])
    return positions


def _is_open(ends: list[float], crossing: list[Ruling], settings: RuledSettings) -> bool:
    """Tell whether rulings that end beyond the outermost line show a side without one.

    Many do, or the first and the last, at one place: between these the cells of the outer column go over several rows.
    """
    if len(ends) < settings.fewest_open:
        return False
    if settings.open_one_in * len(ends) >= len(crossing):
        return True
    frame = crossing[0].at, crossing[-1].at
    whole = all(any(end in (c.start, c.end) for c in crossing if abs(c.at - at) <= settings.same for end in ends) for at in frame)
    return whole and len(ends) > settings.fewest_open and ends[-1] - ends[0] <= settings.same


def _covered(lines: list[Ruling], positions: list[float], crossing: list[float], same: float) -> list[list[bool]]:
    """Tell for each of `positions` and each interval of `crossing` whether a line covers the interval's middle."""
    middles = [(a + b) / 2 for a, b in pairwise(crossing)]
    table = [[False] * len(middles) for _ in positions]
    for line in lines:
        row = table[min(max(bisect_left(positions, line.at - same), 0), len(positions) - 1)]
        first, end = bisect_left(middles, line.start), bisect_right(middles, line.end)
        if first < end:
            row[first:end] = [True] * (end - first)
    return table
