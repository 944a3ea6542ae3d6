"""Borders of ruled tables that the drawing lost: where two columns, or two rows, came into one cell.

Belongs here: cells parted again by what stands in them. A cell never prints two amounts, nor an amount beside words; one that goes over
borders which its neighbours have is parted at them where its texts stand as those of its neighbours do. Does not belong here: rows that
nothing rules (`row_bands.py`), tables without rulings (`whitespace.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from pipeline.budget.amounts import is_amount_alone
from pipeline.document.content import Box
from pipeline.document.pdf.runs import TextRun, bounding_box, lines_of
from pipeline.document.tables.ruled import StructureCell, TableStructure, interval_at, structure_from_borders
from pipeline.document.tables.settings import LOST, LostBorderSettings

_LONG_CODE = r"[\[(]?[235]\d{4}(?:\d\d)?(?:$|[-—\])\u4e00-\u9fff])"  # of a 款 or 项, whatever its name may follow
_CODE = re.compile(rf"[\[(]?(?:\d\d|[235]\d\d)(?:$|[-—])|{_LONG_CODE}")
_CODE_OF_ROW = re.compile(rf"{_LONG_CODE}|\d\d$|[235]\d\d$")
_PAIR = 2
_Runs = Sequence[TextRun]
_Place = Callable[[TableStructure], list[list[TextRun]]]


def with_lost_borders(
    skeleton: TableStructure, contents: Sequence[_Runs], place: _Place, settings: LostBorderSettings = LOST
) -> TableStructure | None:
    """Return a ruled table with the borders that its drawing lost, or None where none is missing.

    Args:
        skeleton: the table.
        contents: the runs of each of its spans.
        place: puts the page's runs into the spans of another skeleton.
        settings: thresholds.
    """
    if not _is_of_amounts(skeleton, contents, settings):
        return None
    found = skeleton
    for step in (_parted_columns, _more_columns, _parted_rows):
        parted = step(found, contents, settings)
        if parted is not None:
            found, contents = parted, place(parted)
    return None if found is skeleton else found


def _is_of_amounts(skeleton: TableStructure, contents: Sequence[_Runs], settings: LostBorderSettings) -> bool:
    """Tell whether most rows print amounts, and no text is clipped.

    In a table of words nothing tells a lost border from a cell over several rows; clipped texts do not stand in their rows.
    """
    if any(run.hidden is not None for runs in contents for run in runs):
        return False
    filled = [(span.row, runs) for span, runs in zip(skeleton.spans, contents, strict=True) if runs]
    amounts: set[int] = set()
    for row, runs in filled:
        if row not in amounts and _has_amount(runs):
            amounts.add(row)
    return len(amounts) >= settings.rows_with_amounts * len({row for row, _ in filled}) > 0


class _Flags(NamedTuple):
    """Where cells end: left[c][r] tells whether a border stands left of column c in row r, above[r][c] whether above row r in column c."""

    left: list[list[bool]]
    above: list[list[bool]]


def _flags(skeleton: TableStructure) -> _Flags:
    owner = skeleton.owner
    rows, columns = range(len(owner)), range(len(owner[0]))
    return _Flags(
        [[c == 0 or owner[r][c] != owner[r][c - 1] for r in rows] for c in columns],
        [[r == 0 or owner[r][c] != owner[r - 1][c] for c in columns] for r in rows],
    )


def _parted_columns(skeleton: TableStructure, contents: Sequence[_Runs], settings: LostBorderSettings) -> TableStructure | None:
    """Part the cells that go over borders of columns, each text of which stands in one column as the texts of that column do."""
    wide = [n for n, (span, runs) in enumerate(zip(skeleton.spans, contents, strict=True)) if span.columns > 1 and runs]
    if not wide:
        return None
    first = next((span.row for span, runs in zip(skeleton.spans, contents, strict=True) if _has_amount(runs)), 0)
    borders: dict[int, Iterable[int]] = {}
    for n in wide:
        span, homes = skeleton.spans[n], _homes(contents[n], skeleton.xs, settings)
        if homes and _own_columns(skeleton, contents, n, homes, settings):
            borders[n] = range(span.column + 1, span.column + span.columns)
        elif span.row + span.rows <= first and (between := _borders_of_heads(skeleton.xs, span, contents[n], settings)):
            borders[n] = between
    if not borders:
        return None
    left, above = _flags(skeleton)
    for n, at in borders.items():
        span = skeleton.spans[n]
        for c in at:
            left[c][span.row : span.row + span.rows] = [True] * span.rows
    return structure_from_borders(skeleton.xs, skeleton.ys, left, above)


def _borders_of_heads(xs: Sequence[float], span: StructureCell, runs: _Runs, settings: LostBorderSettings) -> list[int]:
    """Return the borders of columns between heads that came into one cell, or between one and columns that are not its own.

    A head stands in the middle of what it heads: those beside one another share the cell's columns so, one alone has those of which it
    stands in the middle.
    """
    texts = _texts_apart(runs)
    first, last = span.column, span.column + span.columns
    if len(texts) == 1 and abs(sum(texts[0]) - xs[first] - xs[last]) < 2 * settings.aligned:
        return []
    wide = settings.apart * (runs[0].box.y1 - runs[0].box.y0)  # so far in stands no text that begins at its cell's left side
    ways: list[tuple[int, ...]] = [(start,) for start in range(first, last)]
    for x0, x1 in texts:
        ways = [
            (*way, end)
            for way in ways
            for end in range(way[-1] + 1, last + 1)
            if abs(x0 + x1 - xs[way[-1]] - xs[end]) < 2 * settings.aligned
            and x0 - xs[way[-1]] > (wide if len(texts) == 1 < end - way[-1] else 0.0)
        ]
    shared = min(ways, key=lambda way: way[0] - way[-1], default=())
    return [border for border in shared if first < border < last]


def _texts_apart(runs: _Runs) -> list[tuple[float, float]]:
    """Return from where to where the texts of a cell stand that are set beside one another; letters alone are one word set wide."""
    texts: list[tuple[float, float]] = []
    letters = all(len(run.text.strip()) == 1 for run in runs)
    for x0, _, x1, _ in sorted(run.box for run in runs):
        if texts and (letters or x0 < texts[-1][1]):
            texts[-1] = texts[-1][0], max(texts[-1][1], x1)
        else:
            texts.append((x0, x1))
    return texts


def _homes(runs: _Runs, xs: Sequence[float], settings: LostBorderSettings) -> dict[int, list[TextRun]]:
    """Return the runs of a cell by the column in which each stands; nothing where one stands over a border."""
    homes: dict[int, list[TextRun]] = {}
    for run in runs:
        start, end = run.box.x0 + settings.margin, run.box.x1 - settings.margin
        home = interval_at(xs, start)
        if start < end and interval_at(xs, end) != home:
            return {}
        homes.setdefault(home, []).append(run)
    return homes


def _own_columns(
    skeleton: TableStructure, contents: Sequence[_Runs], n: int, homes: dict[int, list[TextRun]], settings: LostBorderSettings
) -> bool:
    """Tell whether the texts of a cell are those of several columns: amounts, codes, words that stand as their columns' do.

    A cell as wide as the table is a note, whatever number it states, unless something stands in each column.
    """
    if len(homes) < skeleton.spans[n].columns == len(skeleton.xs) - 1 or (len(homes) == 1 and len(contents[n]) > 1):
        return False
    if len(homes) > 1 and all(len(run.text.strip()) == 1 for runs in homes.values() for run in runs):
        return False  # one word set wide
    amounts = [home for home, runs in homes.items() if _has_amount(runs)]
    if len(homes) > 1 and all(map(_begins_with_code, homes.values())):
        return True
    if len(homes) > 1 and amounts:
        return all(_stands_as_its_column(skeleton, contents, n, home, homes[home], settings) for home in amounts)
    if len(homes) == 1 and (not amounts or _may_be_of_all(skeleton, contents, n, amounts[0], settings)):
        return False
    return all(_stands_as_its_column(skeleton, contents, n, home, runs, settings) for home, runs in homes.items())


def _may_be_of_all(skeleton: TableStructure, contents: Sequence[_Runs], n: int, home: int, settings: LostBorderSettings) -> bool:
    """Tell whether an amount alone at the right of a cell may well be of all its columns, for each of them is one of amounts."""
    own = skeleton.spans[n]
    amounts = [span.column for span, runs in zip(skeleton.spans, contents, strict=True) if span.columns == 1 and _is_amount(runs)]
    last = home == own.column + own.columns - 1
    return last and all(amounts.count(column) >= settings.fewest_lines for column in range(own.column, home + 1))


def _is_amount(runs: _Runs) -> bool:
    return len(runs) == 1 and is_amount_alone(runs[0].text)


def _begins_with_code(runs: _Runs) -> bool:
    """Tell whether a line of a cell begins with a code."""
    return any(_CODE.match(line[0].text) for line in lines_of(runs))


def _stands_as_its_column(
    skeleton: TableStructure, contents: Sequence[_Runs], n: int, home: int, runs: _Runs, settings: LostBorderSettings
) -> bool:
    box = bounding_box(run.box for run in runs)
    if len(contents[n]) > 1 and abs(box.x0 + box.x1 - skeleton.xs[home] - skeleton.xs[home + 1]) < 2 * settings.aligned:
        return True  # in the middle of its column
    side = 2 if is_amount_alone(runs[0].text) else 0
    # in a wide cell an amount stands at the right: that of another column than the last is not set so
    inside = side and len(contents[n]) == 1 and home + 1 < skeleton.spans[n].column + skeleton.spans[n].columns
    places = [
        bounding_box(run.box for run in own)[side]
        for span, own in zip(skeleton.spans, contents, strict=True)
        if own
        and is_amount_alone(own[0].text) == bool(side)
        and ((span.column, span.columns) == (home, 1) or (inside and span.column <= home < span.column + span.columns))
    ]
    return sum(abs(place - box[side]) < settings.aligned for place in places) >= settings.fewest_lines


def _more_columns(skeleton: TableStructure, contents: Sequence[_Runs], settings: LostBorderSettings) -> TableStructure | None:
    """Add borders between amounts and what stands beside them in the cells of one column, row after row."""
    cells: dict[int, list[_Runs]] = {}
    for span, runs in zip(skeleton.spans, contents, strict=True):
        if runs and span.columns == 1:
            cells.setdefault(span.column, []).append(runs)
    borders: list[tuple[int, float]] = []
    for column, own in cells.items():
        several = [runs for runs in own if len(runs) > 1]
        gaps = [gap for runs in several for gap in (*_gaps_in_lines(runs, settings), *_gaps_beside_amounts(runs, settings))]
        gaps = _without_spaces_behind_codes(gaps, settings)
        numbers = [run.box for runs in own for run in runs if is_amount_alone(run.text)] if gaps else []
        borders += [(column, at) for at in _corridors(gaps, numbers, settings)]
    return _with_columns(skeleton, contents, borders, settings) if borders else None


class _Gap(NamedTuple):
    """The white between two texts.

    Attributes:
        x0, x1: its sides.
        sure: whether one of them is an amount, or the first begins with a code: a head may be one text.
        of_columns: whether no remark is printed so: both are amounts, both are heads, or the first begins with a code.
        behind_code: whether the first is a code and the second no amount.
    """

    x0: float
    x1: float
    sure: bool
    of_columns: bool
    behind_code: bool = False


def _gaps_in_lines(runs: _Runs, settings: LostBorderSettings) -> Iterator[_Gap]:
    for line in lines_of(runs):
        for one, other in pairwise(line):
            if other.box.x0 - one.box.x1 > settings.apart * (one.box.y1 - one.box.y0):
                amounts = sum(is_amount_alone(run.text) for run in (one, other))
                if amounts or min(len(one.text), len(other.text)) > 1:
                    coded = _CODE.match(one.text) is not None
                    sure, of_columns, behind_code = bool(amounts or coded), amounts != 1 or coded, coded and not amounts
                    yield _Gap(one.box.x1, other.box.x0, sure, of_columns, behind_code)


def _without_spaces_behind_codes(gaps: list[_Gap], settings: LostBorderSettings) -> list[_Gap]:
    """Return the gaps without those between codes and names that no straight line goes through, and that are all equally wide.

    They are spaces in one cell: each name begins behind its own code, wherever that ends.
    """
    coded = [gap for gap in gaps if gap.behind_code]
    widths = [gap.x1 - gap.x0 for gap in coded]
    if not coded or max(gap.x0 for gap in coded) < min(gap.x1 for gap in coded) or max(widths) - min(widths) > settings.aligned:
        return gaps
    return [gap for gap in gaps if not gap.behind_code]


def _gaps_beside_amounts(runs: _Runs, settings: LostBorderSettings) -> Iterator[_Gap]:
    """Yield the white between an amount and words of more lines, in the middle of which it stands."""
    for line in lines_of(runs):
        if len(line) == 1 and is_amount_alone(line[0].text):
            amount = line[0].box
            least = settings.apart * (amount.y1 - amount.y0)
            words = [run.box for run in runs if not is_amount_alone(run.text)]
            left, right = max((box.x1 for box in words), default=amount.x1), min((box.x0 for box in words), default=amount.x0)
            if amount.x0 - left > least:
                yield _Gap(left, amount.x0, sure=True, of_columns=False)
            if right - amount.x1 > least:
                yield _Gap(amount.x1, right, sure=True, of_columns=False)


def _corridors(gaps: Sequence[_Gap], numbers: Sequence[Box], settings: LostBorderSettings) -> list[float]:
    """Return where two columns part: between amounts or codes and what is beside them, line after line, or heads above numbers of both.

    No number runs over it.
    """
    found: list[float] = []
    left = list(gaps)
    while left:
        at = max(
            (gap.x0 for gap in left),
            key=lambda x: (sum(gap.x0 <= x < gap.x1 for gap in left), min(g.x1 for g in left if g.x0 <= x < g.x1) - x),
        )
        together = [gap for gap in left if gap.x0 <= at < gap.x1]
        left = [gap for gap in left if not gap.x0 <= at < gap.x1]
        low, high = at, min(gap.x1 for gap in together)
        middle = (low + high) / 2
        before = [box.x1 for box in numbers if box.x0 + box.x1 < 2 * middle]
        after = [box.x0 for box in numbers if box.x0 + box.x1 >= 2 * middle]
        low, high = max([low, *before]), min([high, *after])
        enough = sum(gap.sure for gap in together) >= settings.fewest_lines and any(gap.of_columns for gap in together)
        if high - low > settings.margin and (enough or (before and after and len(numbers) >= settings.fewest_lines)):
            found.append((low + high) / 2)
    return sorted(found)


def _with_columns(
    skeleton: TableStructure, contents: Sequence[_Runs], borders: Sequence[tuple[int, float]], settings: LostBorderSettings
) -> TableStructure:
    left, above = _flags(skeleton)
    xs = list(skeleton.xs)
    for column, at in sorted(borders, reverse=True):
        crossed = {
            n
            for n, (span, runs) in enumerate(zip(skeleton.spans, contents, strict=True))
            if span.column == column and any(run.box.x0 + settings.margin < at < run.box.x1 - settings.margin for run in runs)
        }
        owners = [row[column] for row in skeleton.owner]
        parted = [skeleton.spans[owner].columns == 1 and owner not in crossed for owner in owners]
        xs.insert(column + 1, at)
        left.insert(column + 1, parted)
        for flags in above:
            flags.insert(column + 1, flags[column])
    return structure_from_borders(xs, skeleton.ys, left, above)


def _parted_rows(skeleton: TableStructure, contents: Sequence[_Runs], settings: LostBorderSettings) -> TableStructure | None:
    """Part the cells that go over borders of rows, each line of which stands in one row as the row's other texts do."""
    apart: dict[int, list[_Band]] = {}
    for n, (span, runs) in enumerate(zip(skeleton.spans, contents, strict=True)):
        bands = _bands(skeleton.ys, span, runs, settings) if span.rows > 1 and runs else []
        if len(bands) > 1 and _own_rows(skeleton, contents, span, bands, settings):
            apart[n] = bands
    if not apart:
        return None
    left, above = _flags(skeleton)
    for n, bands in apart.items():
        span = skeleton.spans[n]
        for band in bands[1:]:
            above[band.start][span.column : span.column + span.columns] = [True] * span.columns
    return structure_from_borders(skeleton.xs, skeleton.ys, left, above)


class _Band(NamedTuple):
    """Rows `start` to `end` of a cell, between borders of its neighbours that its text does not run over, and what stands there."""

    start: int
    end: int
    runs: list[TextRun]


def _bands(ys: Sequence[float], span: StructureCell, runs: _Runs, settings: LostBorderSettings) -> list[_Band]:
    bands: list[_Band] = []
    start, last = span.row, span.row + span.rows
    for border in range(start + 1, last + 1):
        crossed = any(run.box.y0 + settings.margin < ys[border] < run.box.y1 - settings.margin for run in runs)
        if border == last or not crossed:
            bands.append(_Band(start, border, [run for run in runs if ys[start] <= run.y < ys[border]]))
            start = border
    return bands


def _own_rows(
    skeleton: TableStructure, contents: Sequence[_Runs], span: StructureCell, bands: Sequence[_Band], settings: LostBorderSettings
) -> bool:
    """Tell whether the lines of a cell are those of several rows: amounts or codes in each, or names set apart in their rows' middles."""
    filled = [band for band in bands if band.runs]
    if len(filled) == 1:  # of two rows, as a border between them was lost: an amount beside amounts of that row alone
        beside = [contents[n] for n in set(skeleton.owner[filled[0].start]) if skeleton.spans[n].rows == 1]
        amount = _has_amount(filled[0].runs) and any(map(_has_amount, beside))
        return amount and span.rows == _PAIR and _in_the_middle(skeleton.ys, filled[0], settings)
    amounts = [_has_amount(band.runs) for band in filled]
    coded = [any(_CODE_OF_ROW.match(line[0].text) for line in lines_of(band.runs)) for band in filled]
    codes = [has_code and _row_has_amount(skeleton, contents, band) for has_code, band in zip(coded, filled, strict=True)]
    if all(amounts) or all(codes):
        return True
    below = bands[bands.index(filled[0]) + 1 :]
    if (all(amounts[1:]) or all(codes[1:])) and len(below) == len(filled) - 1:  # below a head
        return all(_in_the_middle(skeleton.ys, band, settings) for band in below)
    if len(filled) < len(bands):
        return False
    if not all(_in_the_middle(skeleton.ys, band, settings) and _row_has_amount(skeleton, contents, band) for band in filled):
        return False
    boxes = [bounding_box(run.box for run in band.runs) for band in filled]
    width = sum(box.x1 - box.x0 for box in boxes)
    return width < span.box.x1 - span.box.x0 - 2 * settings.aligned  # wrapped it would not be: it has room in one line


def _has_amount(runs: _Runs) -> bool:
    for run in runs:  # noqa: SIM110 (most cells hold one run, and a generator costs more than its text)
        if is_amount_alone(run.text):
            return True
    return False


def _row_has_amount(skeleton: TableStructure, contents: Sequence[_Runs], band: _Band) -> bool:
    top, bottom = skeleton.ys[band.start], skeleton.ys[band.end]
    owners = {n for row in skeleton.owner[band.start : band.end] for n in row}
    return _has_amount([run for n in owners for run in contents[n] if top <= run.y < bottom])


def _in_the_middle(ys: Sequence[float], band: _Band, settings: LostBorderSettings) -> bool:
    box = bounding_box(run.box for run in band.runs)
    return abs(box.y0 + box.y1 - ys[band.start] - ys[band.end]) < 2 * settings.centred * (box.y1 - box.y0)
