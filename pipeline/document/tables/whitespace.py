"""Tables without vertical rulings: columns from the white corridors between aligned text, rows from lines or rules.

Belongs here: finding such tables among the text outside ruled ones, as skeletons. Prose is never a table: an amount counts
only where it stands apart from its neighbours, and enough of them must be aligned with one another.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import dropwhile, pairwise
from statistics import median

from pipeline.budget.amounts import is_amount_alone
from pipeline.budget.patterns import HAN, UNIT_LINE
from pipeline.document.content import Box
from pipeline.document.pdf.drawing import Ruling
from pipeline.document.pdf.runs import TextRun, lines_of
from pipeline.document.tables.chunks import DASH, NUMBER_LIKE, Chunk, ChunkedLine, chunked_line, split_touching_amount
from pipeline.document.tables.column_headings import HeadingOverColumns, borders, lay_heading
from pipeline.document.tables.row_bands import row_bands
from pipeline.document.tables.ruled import StructureCell, TableStructure, interval_at, merged
from pipeline.document.tables.settings import CHUNKS, WHITESPACE, ChunkSettings, WhitespaceSettings

MARK_LINE = re.compile(rf"(?:附件?|预算|公开|部门|单位)*表\s*[\d{HAN}-]+\s*[:：]?")
_COUNT = re.compile(r"\d{1,2}|\*{1,2}|栏次|行次|[栏行次]")  # 栏次 may be set wide
_PAGE_LINE = re.compile(r"[-—–\s第]*\d+[-—–\s页]*(?:共\d+页)?")


def tables_without_rulings(
    runs: Sequence[TextRun],
    horizontal: Sequence[Ruling],
    heads: Sequence[TableStructure] = (),
    settings: WhitespaceSettings = WHITESPACE,
) -> list[TableStructure]:
    """Return the tables among runs that stand outside ruled tables, top to bottom.

    Args:
        runs: text outside ruled tables, of one page.
        horizontal: all horizontal rulings of the page; where they separate the rows, they decide them.
        heads: ruled tables of the page without any amount: rows below one of them may be its own, in its columns.
        settings: thresholds.
    """
    aligned = settings.chunks.aligned
    rules = merged(horizontal, settings.ruled)
    framed = _frames(rules, settings)
    runs = [part for run in runs for part in split_touching_amount(run)]
    if not framed and not heads and sum(1 for run in runs if is_amount_alone(run.text)) < settings.chunks.fewest_lines:
        return []
    starts = Counter(round(run.box.x0 / aligned) for run in runs)
    lines = [chunked_line(line, starts, settings.chunks) for line in lines_of(runs)]
    regions, headed = _regions(lines, rules, heads, settings) if any(line.amounts for line in lines) else ([], [])
    taken = {id(line) for region in regions for line in region}
    for top, bottom in framed:
        inside = [line for line in lines if top < line.y < bottom]
        if sum(len(line.chunks) > 1 for line in inside) > 1 and not any(id(line) in taken for line in inside):
            regions.append(inside)
    found = [skeleton for region in regions if (skeleton := _skeleton(region, rules, settings))]
    found += [_rows_below(head, region, rules, settings) for head, region in headed]
    return sorted(found, key=lambda skeleton: skeleton.ys[0])


def tabular_amounts(runs: Sequence[TextRun], settings: ChunkSettings = CHUNKS) -> int:
    """Count the amounts that stand like a table's: at least two in a line, apart from words."""
    if len(runs) < 2 or sum(1 for run in runs if is_amount_alone(run.text)) < 2:
        return 0
    return sum(amounts for line in lines_of(runs) if (amounts := chunked_line(line, settings=settings).amounts) > 1)


def _frames(rules: Sequence[Ruling], settings: WhitespaceSettings) -> list[tuple[float, float]]:
    """Return the bands that at least three rules of one length enclose: tables, whatever they print."""
    frames: list[list[Ruling]] = []
    for rule in rules:
        if rule.end - rule.start < settings.frame_length:
            continue
        for frame in frames:
            if max(abs(frame[-1].start - rule.start), abs(frame[-1].end - rule.end)) < settings.frame_drift:
                frame.append(rule)
                break
        else:
            frames.append([rule])
    return [(frame[0].at, frame[-1].at) for frame in frames if len(frame) >= settings.frame_rules]


def _regions(
    lines: list[ChunkedLine], rules: Sequence[Ruling], heads: Sequence[TableStructure], settings: WhitespaceSettings
) -> tuple[list[list[ChunkedLine]], list[tuple[TableStructure, list[ChunkedLine]]]]:
    """Return runs of lines that look like tables, header lines first, and those that are rows of the ruled head above them."""
    regions: list[list[ChunkedLine]] = []
    current: list[ChunkedLine] = []
    heights = [line.height for line in lines if line.amounts]
    reach = settings.reach * median(heights)
    width = max(line.box.x1 for line in lines) - min(line.box.x0 for line in lines)
    for line in lines:
        ends = line.prose(width, settings.chunks) or (not line.amounts and (UNIT_LINE.search(line.text) or MARK_LINE.fullmatch(line.text)))
        far = bool(current) and line.box.y0 - current[-1].box.y1 > reach and not _joined_by_rules(current[-1], line, rules, settings)
        if current and (far or ends):
            regions.append(current)
            current = []
        if not ends:
            current.append(line)
    regions.append(current)
    headed: list[tuple[TableStructure, list[ChunkedLine]]] = []
    free: list[list[ChunkedLine]] = []
    for region in regions:
        head = next((head for head in heads if region and 0 <= region[0].box.y0 - head.ys[-1] < reach), None)
        own = _rows_of(head, region, settings) if head is not None else 0
        if head is not None and own:
            headed.append((head, region[:own]))
        elif trimmed := _trimmed(region, rules, settings):
            free.append(trimmed)
    return free, headed


def _rows_of(head: TableStructure, region: Sequence[ChunkedLine], settings: WhitespaceSettings) -> int:
    """Return how many lines of a region are rows of the ruled head above it: amounts stand in its columns, words cross a border rarely."""
    own = crossing = amounts = 0
    for line in region:
        outside = [chunk for chunk in line.chunks if not _in_one_column(chunk, head.xs, settings.edge)]
        if any(chunk.amount for chunk in outside):
            return 0
        if (outside or not own) and len(line.chunks) == 1:
            break  # a note, or a title
        own += 1
        crossing += bool(outside)
        amounts += line.amounts
    enough = amounts >= settings.amounts_below_head and len(head.xs) >= settings.fewest_columns
    return own if enough and crossing <= max(1, own // settings.crossing_one_in) else 0


def _in_one_column(chunk: Chunk, xs: Sequence[float], edge: float) -> bool:
    return any(left - edge < chunk.box.x0 and chunk.box.x1 < right + edge for left, right in pairwise(xs))


def _rows_below(head: TableStructure, region: list[ChunkedLine], rules: Sequence[Ruling], settings: WhitespaceSettings) -> TableStructure:
    """Return rows in the columns of the ruled head above them."""
    rows = row_bands(region, [rule for rule in rules if rule.at > head.ys[-1] + settings.edge], head.xs, settings.rows)
    spans: list[StructureCell] = []
    owner: list[list[int]] = []
    _row_spans(region, rows, head.xs, spans, owner)
    return TableStructure(head.xs, [band[0] for band in rows] + [rows[-1][1]], spans, owner)


def _joined_by_rules(above: ChunkedLine, below: ChunkedLine, rules: Sequence[Ruling], settings: WhitespaceSettings) -> bool:
    """Tell whether rules stand between two distant lines, so that they are still one table (rows without text)."""
    long = settings.bridge_width * (below.box.x1 - below.box.x0)
    between = [rule for rule in rules if above.y < rule.at < below.y and rule.end - rule.start > long]
    return len(between) >= settings.bridge_rules


def _trimmed(region: list[ChunkedLine], rules: Sequence[Ruling], settings: WhitespaceSettings) -> list[ChunkedLine]:
    """Cut what stands above the header and below the last row; nothing is left of a region that is no table."""
    body = [index for index, line in enumerate(region) if line.amounts and len(line.chunks) > 1]
    enough = len(body) >= settings.chunks.fewest_lines
    rows = _is_first_part(region, body, rules, settings.chunks) or (enough and _aligned([region[index] for index in body], settings))
    if not rows and not _may_be_few_rows(region, body, settings):
        return []
    size = median(region[index].height for index in body)
    large, wide = settings.larger_print * size, settings.widest_heading * size
    first, last = body[0], body[-1]
    while first > 0:
        above = region[first - 1]
        if above.tallest > large or region[body[0]].y - above.y > settings.heading_height * size:
            break
        if len(above.runs) == 1 and len(region[first].chunks) > 1 and above.box.x1 - above.box.x0 > wide:
            break
        first -= 1
    left = min(line.box.x0 for line in region[first : last + 1])
    while last + 1 < len(region):
        below = region[last + 1]
        if below.tallest > large or _PAGE_LINE.fullmatch(below.text):
            break
        if len(below.chunks) == 1 and (below.box.x1 - below.box.x0 > wide or below.box.x0 < left - size):
            break
        last += 1
    if not rows and not _heads_each(region[first : body[0]], region[body[0] : body[-1] + 1], rules, settings):
        return []
    return region[first : last + 1]


def _is_first_part(region: Sequence[ChunkedLine], body: Sequence[int], rules: Sequence[Ruling], settings: ChunkSettings) -> bool:
    """Tell whether a page ends with the first rows of a table whose heading stands between two rules of one length."""
    if not 0 < len(body) < settings.fewest_lines or body[0] == 0 or min(region[index].amounts for index in body) < 2:
        return False
    first, last = region[body[0]], region[body[-1]]
    above = [rule for rule in rules if region[0].box.y0 - 2 * first.height < rule.at < first.y]
    pairs = [(a, b) for a, b in pairwise(above) if max(abs(a.start - b.start), abs(a.end - b.end)) < settings.aligned]
    return any(a.start < first.box.x0 and last.box.x1 < a.end and any(a.at < line.y < b.at for line in region) for a, b in pairs)


def _may_be_few_rows(region: Sequence[ChunkedLine], body: Sequence[int], settings: WhitespaceSettings) -> bool:
    """Tell whether a region may hold a table of fewer rows than a column needs to be seen: below words, amounts behind names and codes."""
    if not 0 < len(body) < settings.chunks.fewest_lines or body[0] == 0 or body[-1] - body[0] >= len(body):
        return False
    rows = [region[index] for index in body]
    behind = (chunk for row in rows for chunk in dropwhile(lambda chunk: not chunk.amount, row.chunks))
    return sum(row.amounts for row in rows) >= settings.amounts_of_few_rows and all(NUMBER_LIKE.fullmatch(chunk.text) for chunk in behind)


def _heads_each(heads: Sequence[ChunkedLine], rows: Sequence[ChunkedLine], rules: Sequence[Ruling], settings: WhitespaceSettings) -> bool:
    """Tell whether each column of amounts in rows stands below a heading of its own."""
    top, bottom = _heading_band([*heads, *rows], len(heads), rules, settings)
    texts = _texts(_columns(rows, settings), rows)
    heading = lay_heading([run for line in heads for run in line.runs], texts, rules, top, bottom, settings.headings)
    headed = {column for column, wide, _, low in heading.cells if wide == 1 and low == bottom}
    first = min(chunk.box.x0 for row in rows for chunk in row.chunks if chunk.amount)
    return all(column in headed or x1 < first for column, (_, x1) in enumerate(heading.columns))


def _aligned(body: Sequence[ChunkedLine], settings: WhitespaceSettings) -> bool:
    """Tell whether most amounts share their right edge or centre with amounts of other lines."""
    rights = [(chunk.box.x1, index) for index, line in enumerate(body) for chunk in line.chunks if chunk.amount]
    centres = [((chunk.box.x0 + chunk.box.x1) / 2, index) for index, line in enumerate(body) for chunk in line.chunks if chunk.amount]
    return max(_clustered(rights, settings.chunks), _clustered(centres, settings.chunks)) >= settings.share_aligned


def _clustered(edges: list[tuple[float, int]], settings: ChunkSettings) -> float:
    """Return the share of edges that stand in a group of at least three (two of two lines do not make a column)."""
    edges.sort()
    shared, group = 0, [edges[0]]
    for edge in [*edges[1:], (float("inf"), -1)]:
        if edge[0] - group[-1][0] <= settings.aligned:
            group.append(edge)
            continue
        if len({line for _, line in group}) >= settings.fewest_lines:
            shared += len(group)
        group = [edge]
    return shared / len(edges)


def _skeleton(region: list[ChunkedLine], rules: Sequence[Ruling], settings: WhitespaceSettings) -> TableStructure | None:
    first = next((index for index, line in enumerate(region) if line.amounts), 0)
    inner = _columns(region[first:], settings)
    if len(inner) < settings.fewest_columns:
        return None
    body = next((index for index in range(first) if _only_numbers_columns(region[index])), _first_of_row(region, first, settings))
    top, bottom = _heading_band(region, body, rules, settings)
    words = [run for line in region[:body] for run in line.runs]
    heading = lay_heading(words, _texts(inner, region[first:]), rules, top, bottom, settings.headings)
    xs = borders(heading.columns, inner, settings.edge)
    below = [rule for rule in rules if rule.at > bottom - settings.edge]
    rows = row_bands(region[body:], below, xs, settings.rows)
    if body:
        rows[0] = (bottom, max(rows[0][1], bottom + 1))
    ys = [band[0] for band in rows] + [rows[-1][1]]
    spans: list[StructureCell] = []
    owner: list[list[int]] = []
    if body:
        heads = sorted({y for cell in heading.cells for y in cell[2:]} | {top, bottom})
        ys = [*heads[:-1], *ys]
        _head_spans(heading, heads, xs, spans, owner)
    _row_spans(region[body:], rows, xs, spans, owner)
    return TableStructure(xs, ys, spans, owner)


def _first_of_row(region: Sequence[ChunkedLine], first: int, settings: WhitespaceSettings) -> int:
    """Return the first line of the row whose amounts stand in line `first`: a name of two lines begins half a line above them."""
    while first and region[first].y - region[first - 1].y < settings.beside * region[first].height:
        first -= 1
    return first


def _only_numbers_columns(line: ChunkedLine) -> bool:
    """Tell whether a line only numbers the columns (1 2 3)."""
    return len(line.chunks) > 1 and sum(_COUNT.fullmatch(chunk.text) is not None for chunk in line.chunks) > len(line.chunks) / 2


def _heading_band(region: Sequence[ChunkedLine], body: int, rules: Sequence[Ruling], settings: WhitespaceSettings) -> tuple[float, float]:
    """Return where the heading begins and ends: at rules that run the table's width, else in the middle of the gap."""
    top = region[0].box.y0 - 1
    if not body:
        return top, top
    last, first = max(line.box.y1 for line in region[:body]), region[body].box.y0
    width = max(line.box.x1 for line in region) - min(line.box.x0 for line in region)
    long = [rule.at for rule in rules if rule.end - rule.start > settings.heading_rule * width]
    between = [at for at in long if last - settings.edge < at < first + settings.edge]
    return top, between[0] if between else (last + max(first, last)) / 2


def _texts(inner: Sequence[float], body: Sequence[ChunkedLine]) -> list[tuple[float, float]]:
    """Return from where to where the text of each column stands."""
    boxes = [chunk.box for line in body for chunk in line.chunks]
    texts: list[tuple[float, float]] = []
    for left, right in pairwise(inner):
        own = [box for box in boxes if left <= (box.x0 + box.x1) / 2 < right]
        texts.append((max(left, min(box.x0 for box in own)), min(right, max(box.x1 for box in own))) if own else (left, right))
    return texts


def _head_spans(
    heading: HeadingOverColumns, ys: Sequence[float], xs: Sequence[float], spans: list[StructureCell], owner: list[list[int]]
) -> None:
    """Add the spans of the heading's cells; what no cell covers is blank, one cell per column."""
    owner += [[-1] * (len(xs) - 1) for _ in pairwise(ys)]
    cells = sorted(heading.cells, key=lambda cell: (cell[2], cell[0]))
    for column, wide, top, bottom in cells:
        rows = [row for row, (above, under) in enumerate(pairwise(ys)) if top < (above + under) / 2 < bottom]
        if rows:
            box = Box(xs[column], ys[rows[0]], xs[column + wide], ys[rows[-1] + 1])
            spans.append(StructureCell(rows[0], column, len(rows), wide, box))
            for row in rows:
                owner[row][column : column + wide] = [len(spans) - 1] * wide
    for row, owners in enumerate(owner):
        for column, covered in enumerate(owners):
            if covered < 0:
                spans.append(StructureCell(row, column, 1, 1, Box(xs[column], ys[row], xs[column + 1], ys[row + 1])))
                owners[column] = len(spans) - 1


def _row_spans(
    lines: Sequence[ChunkedLine],
    rows: Sequence[tuple[float, float]],
    xs: Sequence[float],
    spans: list[StructureCell],
    owner: list[list[int]],
) -> None:
    """Add the spans of the rows below the heading: one cell per column, joined where words run over a border."""
    offset = len(owner)
    for number, (top, bottom) in enumerate(rows, offset):
        joined = [False] * len(xs)  # joined[c]: no border left of column c in this row
        for line in lines:
            if top <= line.y < bottom:
                for chunk in line.chunks:
                    for c in range(interval_at(xs, chunk.box.x0 + 1) + 1, interval_at(xs, chunk.box.x1 - 1) + 1):
                        joined[c] = joined[c] or not chunk.amount
        owners: list[int] = []
        for c in range(len(xs) - 1):
            if c and joined[c]:
                spans[-1] = StructureCell(number, spans[-1].column, 1, spans[-1].columns + 1, Box(spans[-1].box.x0, top, xs[c + 1], bottom))
            else:
                spans.append(StructureCell(number, c, 1, 1, Box(xs[c], top, xs[c + 1], bottom)))
            owners.append(len(spans) - 1)
        owner.append(owners)


def _columns(body: Sequence[ChunkedLine], settings: WhitespaceSettings) -> list[float]:
    """Return column borders: the middles of corridors that (nearly) no text of the body crosses, and the outer sides."""
    chunks = [chunk for line in body for chunk in line.chunks]
    boxes = [chunk.box for chunk in chunks]
    # a total's label may stand in the middle of several columns: one word across a corridor does not close it, a figure does
    tolerated = max(len(body) // settings.crossing_one_in, len(body) >= settings.many_lines)
    weighed = [(chunk.box, 1 + tolerated * (NUMBER_LIKE.fullmatch(chunk.text) is not None)) for chunk in chunks]
    events = sorted([(box.x0, weight) for box, weight in weighed] + [(box.x1, -weight) for box, weight in weighed])
    borders = [events[0][0] - settings.edge]
    depth = 0
    corridor: list[tuple[int, float, float]] = []  # (texts that cross, minus its width, its middle) of each part of the corridor
    for (x, change), (following, _) in pairwise(events):
        depth += change
        if depth > tolerated:
            borders += [min(corridor)[2]] if corridor else []
            corridor = []
        elif following - x > settings.least_gutter or (
            following - x > settings.hairline and _columns_touch(boxes, x, following, settings.chunks)
        ):
            corridor.append((depth, x - following, (x + following) / 2))
    borders.append(events[-1][0] + settings.edge)
    return _without_dashes(_without_empty(borders, boxes), body, settings)


def _without_dashes(borders: list[float], body: Sequence[ChunkedLine], settings: WhitespaceSettings) -> list[float]:
    """Drop borders between dashes set in the middle of a column and its amounts, which are flush right: no line has both."""
    texts: list[list[tuple[int, Chunk]]] = [[] for _ in borders]
    for number, line in enumerate(body):
        for chunk in line.chunks:
            texts[interval_at(borders, (chunk.box.x0 + chunk.box.x1) / 2)].append((number, chunk))
    dropped = set()
    for column, (dashes, amounts) in enumerate(pairwise(texts)):
        if not dashes or not amounts or not all(DASH.fullmatch(chunk.text) for _, chunk in dashes):
            continue
        ends = [chunk.box.x1 for _, chunk in amounts]
        apart = not {number for number, _ in dashes} & {number for number, _ in amounts}
        if apart and max(ends) - min(ends) < settings.chunks.aligned and all(NUMBER_LIKE.fullmatch(chunk.text) for _, chunk in amounts):
            dropped.add(column + 1)
    return [border for number, border in enumerate(borders) if number not in dropped]


def _columns_touch(boxes: Sequence[Box], x: float, following: float, settings: ChunkSettings) -> bool:
    """Tell whether two columns meet with hardly a gap: lines enough end at one place, and lines enough begin at the next."""
    ends = sum(x - settings.aligned < box.x1 <= x for box in boxes)
    starts = sum(following <= box.x0 < following + settings.aligned for box in boxes)
    return min(ends, starts) >= settings.fewest_lines


def _without_empty(borders: list[float], boxes: Sequence[Box]) -> list[float]:
    """Drop borders between which no text is centred (two corridors beside one another are one)."""
    kept = borders[:1]
    centres = sorted((box.x0 + box.x1) / 2 for box in boxes)
    for border in borders[1:]:
        if bisect_right(centres, border) > bisect_right(centres, kept[-1]):
            kept.append(border)
        elif len(kept) > 1:
            kept[-1] = (kept[-1] + border) / 2
    return kept
