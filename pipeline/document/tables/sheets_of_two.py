"""Two pages side by side on one sheet, or a text in two columns: where the one ends and the other begins, and the tables of each.

Read line by line, sentences of both would be woven into one another, and rows of two tables. Belongs here: telling such a sheet by what
is free in its middle. Does not belong here: which half is read first (`content.single_pages`), how the tables of one page are read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.budget.amounts import is_amount_alone
from pipeline.budget.patterns import HAN, UNIT_LINE
from pipeline.document.content import Box
from pipeline.document.pdf.drawing import Ruling
from pipeline.document.pdf.runs import TextRun, lines_of, parted, text_of_line
from pipeline.document.tables.cells import Placed
from pipeline.document.tables.page_tables import Lines, PageTables, SecondReader, page_tables
from pipeline.document.tables.ruled import TableStructure
from pipeline.document.tables.whitespace import MARK_LINE

_NUMBER_OF_PAGE = re.compile(r"[-—–_·第共/]*+(\d{0,3})[-—–_·页/]*+")
"""A number of a page, or a piece of one: `- 3 -` is three runs. What has four digits is a year."""
_HAN = re.compile(r"[\u4e00-\u9fff]")
_MARK = re.compile(rf"[\u4e00-\u9fff]{{0,6}}[\d{HAN}]{{1,3}}(?:-\d{{1,2}})?表")  # 公开01表


@dataclass(frozen=True, slots=True)
class SheetSettings:
    """When what stands left and right of the middle of a sheet are two pages."""

    free: float = 1.5
    """Heights of its print by which the middle is free of print and rules. Columns of a text stand two apart, letters set wide one."""
    full: float = 0.6
    """Of the width that a half prints: a line of prose, without a gap, is longer; names in a column differ more in their lengths."""
    longest_name: int = 12
    """Chinese characters. A line of prose has more; labels of forms, which stand in two columns too, have fewer."""
    fewest: int = 3
    """Full lines that are prose: a label that is wrapped has two."""
    level: float = 0.3
    """Heights. Rows of one table are printed level within this."""
    fewest_rows: int = 3
    """Rows with amounts. One or two are level with others by chance."""
    edge: float = 0.12
    """Of the sheet's height: so near to its upper and lower edge the numbers of pages stand."""


SHEETS = SheetSettings()


def middle_of(
    runs: Sequence[TextRun], lines: Lines, size: tuple[float, float], *, as_others: bool = False, settings: SheetSettings = SHEETS
) -> float | None:
    """Return where the left one of two pages on a sheet ends; None where the sheet is one page.

    Nothing stands over the middle but the number of the sheet. Either each half is numbered, the right one with the next number, or one
    is prose, and the other is prose or a ruled table, or earlier sheets of this size had two pages; halves of one table without rules are
    neither of the latter.

    Args:
        runs: of the sheet.
        lines: its rulings.
        size: its width and height.
        as_others: whether the document has an earlier sheet of this size with two pages.
        settings: thresholds.
    """
    width, height = size
    middle, margin = width / 2, settings.edge * height
    if any(run.box.x0 < middle < run.box.x1 and margin <= run.y <= height - margin for run in runs):
        return None  # as on most pages
    numbers = [run for run in runs if not margin <= run.y <= height - margin and _NUMBER_OF_PAGE.fullmatch(run.text)]
    shown = [run for run in runs if not any(run is number for number in numbers)]
    if not shown:
        return None
    heights = sorted(run.box.y1 - run.box.y0 for run in shown)
    beside = settings.free / 2 * heights[len(heights) // 2]
    if any(run.box.x0 < middle + beside and run.box.x1 > middle - beside for run in shown):
        return None
    if any(ruling.start < middle + beside and ruling.end > middle - beside for ruling in lines.horizontal):
        return None
    if _are_numbered(numbers, size):
        return middle
    halves = sides(shown, middle)
    ruled = [half.horizontal and half.vertical for half in _lines_of_both(lines, middle)]
    if all(halves) and not all(ruled) and _is_one_table(halves[0], halves[1], settings):
        return None
    if as_others:
        return middle
    if not all(halves):
        return None
    prose = [_is_prose(half, settings) for half in halves]
    return middle if any(prose) and all(a or b for a, b in zip(prose, ruled, strict=True)) else None


def sides(runs: Sequence[TextRun], middle: float | None) -> list[list[TextRun]]:
    """Return the runs of each page of a sheet: left and right of its middle, all of them where it has none."""
    if middle is None:
        return [list(runs)]
    return [[run for run in runs if run.x < middle], [run for run in runs if run.x >= middle]]


def tables_of_both(lines: Lines, runs: Sequence[TextRun], ruled_reader: str, second: SecondReader, middle: float) -> PageTables:
    """Read the tables of the two pages of a sheet, each by itself, the left one first.

    Args:
        lines: what parts cells.
        runs: the text of the sheet.
        ruled_reader: name of the reader of ruled tables.
        second: asked last, where amounts are left.
        middle: where the left page ends.
    """
    found = PageTables([], [], Placed([], [], []))
    for is_left, own, texts in zip((True, False), _lines_of_both(lines, middle), sides(runs, middle), strict=True):

        def seen(is_left: bool = is_left) -> list[TableStructure]:
            return [frame for frame in second.tables() if (_centre(frame.box) < middle) == is_left]

        half = page_tables(own, texts, ruled_reader, SecondReader(second.name, seen))
        found.placed.overflowing.extend((frame + len(found.frames), span) for frame, span in half.placed.overflowing)
        found.frames.extend(half.frames)
        found.names.extend(half.names)
        found.placed.inside.extend(half.placed.inside)
        found.placed.outside.extend(half.placed.outside)
    return found


def _lines_of_both(lines: Lines, middle: float) -> list[Lines]:
    def left(ruling: Ruling) -> bool:
        return (ruling.start + ruling.end) / 2 < middle

    return [
        Lines(
            [ruling for ruling in lines.horizontal if left(ruling) == is_left],
            [ruling for ruling in lines.vertical if (ruling.at < middle) == is_left],
            [fill for fill in lines.fills if (_centre(fill) < middle) == is_left],
        )
        for is_left in (True, False)
    ]


def _are_numbered(numbers: Sequence[TextRun], size: tuple[float, float]) -> bool:
    """Tell whether one number stands at the same edge of each half, the right one being the next after the left one."""
    width, height = size
    matches = [[(_NUMBER_OF_PAGE.fullmatch(run.text), run) for run in half] for half in sides(numbers, width / 2)]
    left, right = ([(int(match[1]), run.y < height / 2) for match, run in half if match and match[1]] for half in matches)
    return len(left) == len(right) == 1 and right[0] == (left[0][0] + 1, left[0][1])


def _is_prose(runs: Sequence[TextRun], settings: SheetSettings) -> bool:
    """Tell whether full lines stand in a half, each without a gap."""
    printed = max(run.box.x1 for run in runs) - min(run.box.x0 for run in runs)
    lines = [parts[0] for line in lines_of(runs) if len(parts := parted(line)) == 1]
    full = [line for line in lines if line.box.x1 - line.box.x0 > settings.full * printed]
    return sum(len(_HAN.findall(line.text)) > settings.longest_name for line in full) >= settings.fewest


def _is_one_table(left: Sequence[TextRun], right: Sequence[TextRun], settings: SheetSettings) -> bool:
    """Tell whether halves hold those of one table (收入 and 支出): level row by row, with its title above the left one alone."""
    above, rows = ([line for line in lines_of(half) if not _is_mark(text_of_line(line))] for half in (left, right))
    names, amounts = ([line for line in half if any(is_amount_alone(run.text) for run in line)] for half in (above, rows))
    if len(amounts) < settings.fewest_rows or not names:
        return False

    def is_level(line: Sequence[TextRun], others: Sequence[Sequence[TextRun]]) -> bool:
        near = settings.level * (line[0].box.y1 - line[0].box.y0)
        return any(abs(line[0].y - other[0].y) < near for other in others)

    return all(is_level(line, names) for line in amounts) and not is_level(above[0], rows) and is_level(rows[0], above)


def _is_mark(text: str) -> bool:
    return UNIT_LINE.search(text) is not None or any(mark.fullmatch(text) for mark in (MARK_LINE, _MARK))


def _centre(box: Box) -> float:
    return (box.x0 + box.x1) / 2
