"""The rows of a table that no rule separates: which lines of text are one row.

Belongs here: where a row ends, inside tables found elsewhere (`whitespace.py`, `ruled.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise, takewhile
from statistics import median

from pipeline.budget.amounts import is_amount_alone
from pipeline.document.content import Box
from pipeline.document.pdf.drawing import Ruling
from pipeline.document.pdf.runs import TextRun, bounding_box, lines_of
from pipeline.document.tables.chunks import DASH, NUMBER_LIKE, ChunkedLine, chunked_line
from pipeline.document.tables.ruled import TableStructure, structure_from_borders
from pipeline.document.tables.settings import ROWS, RowSettings

_CODE = re.compile(r"\d{3,7}")
_CODE_OF_LINE = re.compile(r"[\[(]?[235]\d\d(?P<below>\d\d(?:\d\d)?)?(?:$|[-—\])\u4e00-\u9fff])")
_WHOLE_CODES = (5, 7)  # digits of a class and of an item of the functional classification: what wraps is one of them


def row_bands(
    region: Sequence[ChunkedLine], rules: Sequence[Ruling], xs: Sequence[float], settings: RowSettings = ROWS
) -> list[tuple[float, float]]:
    """Return the bands of the rows: between rules where these separate the lines of amounts, else around the lines."""
    top, bottom = region[0].box.y0 - 1, region[-1].box.y1 + 1
    width = xs[-1] - xs[0]
    long = [rule.at for rule in rules if rule.end - rule.start >= settings.rule_width * width]
    ats = [at for at in long if top - settings.rule_reach < at < bottom + settings.rule_reach]
    anchors = [line for line in region if line.amounts]
    between = [[at for at in ats if above.y < at < below.y] for above, below in pairwise(anchors)]
    if len(ats) > settings.fewest_rules and sum(map(bool, between)) >= settings.share_of_rules_that_decide * len(between):
        edges = sorted({min(top, ats[0]), *ats, max(bottom, ats[-1])})
        return _gapless([(a, b) for a, b in pairwise(edges) if b - a > settings.lowest_band], region)
    groups = group_lines_into_rows(list(region), settings)
    return list(pairwise([top, *row_borders(groups), bottom]))


def row_borders(groups: Sequence[Sequence[ChunkedLine]]) -> list[float]:
    """Return the heights halfway between groups of lines, one below the other."""
    return [(max(x.box.y1 for x in a) + min(x.box.y0 for x in b)) / 2 for a, b in pairwise(groups)]


def _gapless(bands: list[tuple[float, float]], region: Sequence[ChunkedLine]) -> list[tuple[float, float]]:
    """Drop bands without text at both ends."""
    filled = [index for index, (a, b) in enumerate(bands) if any(a <= line.y < b for line in region)]
    return bands[filled[0] : filled[-1] + 1]


def group_lines_into_rows(lines: list[ChunkedLine], settings: RowSettings = ROWS) -> list[list[ChunkedLine]]:
    """Group lines into rows: a line without amounts that hugs its neighbour is the wrapped rest of a name."""
    anchors = [line for line in lines if line.amounts]
    pitch = median([below.y - above.y for above, below in pairwise(anchors)] or [0.0])
    apart = _nearly_greatest([below.y - above.y for above, below in pairwise(lines)], settings.share_of_steps)
    starting = sum(_CODE.fullmatch(line.chunks[0].text) is not None for line in anchors)
    coded = len(anchors) > settings.chunks.fewest_lines and starting >= settings.share_of_coded_rows * len(anchors)
    groups: list[list[ChunkedLine]] = []
    leading = False  # the last group is the beginning of a name, whose code and amounts stand further down

    def hugs(above: ChunkedLine, below: ChunkedLine) -> bool:
        step = below.y - above.y
        return step < settings.wrapped_pitch * pitch and step < settings.wrapped_height * max(above.height, below.height)

    for at, (line, after) in enumerate(zip(lines, [*lines[1:], None], strict=True)):
        if groups:
            if leading:
                groups[-1].append(line)
                leading = not line.amounts
                continue
            last = groups[-1][-1]
            step = line.y - last.y
            height = max(line.height, last.height)
            if not line.amounts and after and after.y - line.y < settings.nearer * step and (coded or hugs(line, after)):
                groups.append([line])  # a heading over rows, unless it begins the name of the code below
                leading = _begins_name(lines, at, settings)
                continue
            if coded and step < settings.coded_reach * height and _rest_of_coded(groups[-1], line, settings):
                groups[-1].append(line)
                continue
            alone = not line.amounts or not any(x.amounts for x in groups[-1])
            goes_on = step < settings.solid_height * height or step < settings.nearer * apart
            if alone and hugs(last, line) and goes_on and _is_wrapped_rest(groups[-1], line, settings):
                groups[-1].append(line)
                continue
        groups.append([line])
    return groups


def _begins_name(lines: Sequence[ChunkedLine], at: int, settings: RowSettings) -> bool:
    """Tell whether a line without amounts is the beginning of the name of the row below it: set near it, and as wide as names get.

    A line that begins with a code is a row, and so is a short one: it had room for the next word.
    """
    led = list(takewhile(lambda line: not line.amounts, lines[at:]))
    row = lines[at + len(led)] if at + len(led) < len(lines) else None
    if row is None or any(len(line.chunks) > 1 or line.chunks[0].text[0].isdigit() for line in led):
        return False
    left = led[0].box.x0
    names = [chunk.box for line in lines for chunk in line.chunks if not chunk.amount and abs(chunk.box.x0 - left) < line.height]
    widest = max(box.x1 for box in names)
    full = all(line.box.x1 + line.height > widest for line in led)
    return full and all(b.y - a.y < settings.led_height * max(a.height, b.height) for a, b in pairwise((*led, row)))


def _nearly_greatest(steps: Sequence[float], share: float) -> float:
    """Return the step that a share of the steps do not exceed; 0 where there is none."""
    return sorted(steps)[min(int(share * len(steps)), len(steps) - 1)] if steps else 0.0


def _rest_of_coded(group: Sequence[ChunkedLine], line: ChunkedLine, settings: RowSettings) -> bool:
    """Tell whether `line` is the wrapped rest of a row in a table whose rows all begin with a code: it has no code and no amount.

    Each of its texts begins where one of the row does, or stands in the middle below it, and digits only go on with digits
    that are no whole code.
    """
    head = next((x for x in group if x.amounts), group[0])
    if line.amounts or not head.amounts or _CODE.fullmatch(line.chunks[0].text):
        return False
    for chunk in line.chunks:
        above = next((x for x in head.chunks if not x.amount and _below(x.box, chunk.box, settings.chunks.aligned)), None)
        figure = NUMBER_LIKE.fullmatch(chunk.text) is not None
        if above is None or figure != (NUMBER_LIKE.fullmatch(above.text) is not None):
            return False
        if figure and not (chunk.text.isdigit() and len(above.text) + len(chunk.text) in _WHOLE_CODES):
            return False
    return True


def _below(above: Box, box: Box, aligned: float) -> bool:
    return abs(above.x0 - box.x0) < aligned or abs(above.x0 + above.x1 - box.x0 - box.x1) < 2 * aligned


def _is_wrapped_rest(group: Sequence[ChunkedLine], line: ChunkedLine, settings: RowSettings) -> bool:
    """Tell whether `line` may continue the row of `group`: the shorter of the two prints but one or two columns.

    Where both print a code and its name they are two rows.
    """
    if all(len(x.chunks) > 1 and _CODE.fullmatch(x.chunks[0].text) for x in (group[0], line)):
        return False
    return min(len(line.chunks), min(len(x.chunks) for x in group)) <= settings.few_columns


def split_fused_rows(
    skeleton: TableStructure, contents: Sequence[Sequence[TextRun]], settings: RowSettings = ROWS
) -> TableStructure | None:
    """Split the rows of a ruled table that hold several printed rows (only columns are ruled, or only every few rows).

    Args:
        skeleton: the table.
        contents: the runs of each of its spans.
        settings: thresholds.

    Returns:
        The table with more rows, or None if no row holds several lines of amounts or codes.
    """
    alone = [index for index, runs in enumerate(contents) if len(runs) > 1 and skeleton.spans[index].rows == 1]
    fused = {skeleton.spans[index].row for index in alone if _stacked(contents[index])}
    coded = _rows_of_codes(skeleton, contents, alone)
    if not fused and not coded:
        return None
    bands: list[tuple[float, float]] = []
    origin: list[int] = []
    for row, (top, bottom) in enumerate(pairwise(skeleton.ys)):
        parts = [(top, bottom)]
        if row in coded:
            parts = list(pairwise([top, *((a.y1 + b.y0) / 2 for a, b in pairwise(coded[row])), bottom]))
        elif row in fused:
            own = [run for span, runs in zip(skeleton.spans, contents, strict=True) if span.row == row and span.rows == 1 for run in runs]
            groups = group_lines_into_rows([chunked_line(line, settings=settings.chunks) for line in lines_of(own)], settings)
            parts = list(pairwise([top, *row_borders(groups), bottom]))
        bands += parts
        origin += [row] * len(parts)
    last = len(skeleton.xs) - 1
    left = [[c == 0 or skeleton.owner[r][c] != skeleton.owner[r][c - 1] for r in origin] for c in range(last)]
    above: list[list[bool]] = []
    for number, row in enumerate(origin):
        before = skeleton.owner[origin[number - 1]] if number else [-1] * last
        here = skeleton.owner[row]
        above.append([here[c] != before[c] or skeleton.spans[here[c]].rows == 1 for c in range(last)])
    return structure_from_borders(skeleton.xs, [bands[0][0], *(bottom for _, bottom in bands)], left, above)


def _rows_of_codes(skeleton: TableStructure, contents: Sequence[Sequence[TextRun]], cells: Sequence[int]) -> dict[int, list[Box]]:
    """Return the lines with codes that begin printed rows, by the row that holds them: of its first such cell, and beside amounts alone.

    A row that prints more amounts below one another than codes is parted by its amounts.
    """
    found: dict[int, list[Box]] = {}
    for index in sorted(cells, key=lambda index: skeleton.spans[index].column):
        row, lines = skeleton.spans[index].row, _lines_with_codes(contents[index])
        if len(lines) > 1 and row not in found and 0 < _most_amounts(skeleton, contents, row) <= len(lines):
            found[row] = lines
    return found


def _most_amounts(skeleton: TableStructure, contents: Sequence[Sequence[TextRun]], row: int) -> int:
    """Return how many lines of amounts alone a cell that begins in a row prints at most."""
    cells = [contents[index] for index in set(skeleton.owner[row]) if skeleton.spans[index].row == row]
    return max(len(lines_of([run for run in runs if is_amount_alone(run.text)])) for runs in cells)


def _lines_with_codes(runs: Sequence[TextRun]) -> list[Box]:
    """Return the lines of a cell that begin with a code: each begins a row. Of classes alone, it may be a longer code wrapped.

    None where other lines begin with digits: they are numbers.
    """
    lines = lines_of(runs)
    coded = [(line, match) for line in lines if (match := _CODE_OF_LINE.match(line[0].text))]
    if len(coded) < sum(line[0].text[:1].isdigit() for line in lines) or not any(match["below"] for _, match in coded):
        return []
    return [bounding_box(run.box for run in line) for line, _ in coded]


def _stacked(runs: Sequence[TextRun]) -> bool:
    """Tell whether a cell prints two amounts or more, one below the other and nothing else but dashes in the place of others."""
    amounts = [is_amount_alone(run.text) for run in runs]
    others = (run for run, amount in zip(runs, amounts, strict=True) if not amount)
    return sum(amounts) > 1 and all(DASH.fullmatch(run.text) for run in others) and len(lines_of(runs)) == len(runs)
