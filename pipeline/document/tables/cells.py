"""Text into cells: each run of a page goes into the one cell it belongs to, or stays outside the tables.

Belongs here: placing runs, splitting those that stand over a border, the text and text box of a cell, the proof that
each amount stands alone in one cell. Does not belong here: finding the cells.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import msgspec

from pipeline.budget.amounts import AMOUNT, parse_amount
from pipeline.document.content import Box, Cell, Grid, TextLine, Word
from pipeline.document.pdf.runs import TextRun, amounts_in, bounding_box, lines_of, parted, text_of_line
from pipeline.document.tables.ruled import TableStructure
from pipeline.document.tables.settings import CELLS, CellSettings


@dataclass(slots=True)
class Placed:
    """Runs of a page, each in one place.

    Attributes:
        inside: for each skeleton and each of its spans the runs inside.
        outside: runs outside all tables.
        overflowing: (skeleton, span) of cells whose text begins, unseen, above what their clip shows: where they stand first on
            their page, the rest of a cell that the page break cut.
    """

    inside: list[list[list[TextRun]]]
    outside: list[TextRun]
    overflowing: list[tuple[int, int]]


def place(skeletons: Sequence[TableStructure], runs: Sequence[TextRun], settings: CellSettings = CELLS) -> Placed:
    """Put runs into the cells of tables.

    Text drawn outside its clip does not show: it belongs to the cell at the edge of what the clip shows, one that is too low for
    its text or goes on beyond the page break. Where that is no cell, it is put into the cell of its column at the table's edge.
    """
    placed = Placed([[[] for _ in skeleton.spans] for skeleton in skeletons], [], [])
    by_area = sorted(range(len(skeletons)), key=lambda i: _area(skeletons[i].box))
    tables = [(skeletons[i], placed.inside[i], skeletons[i].box, len(skeletons[i].xs) - 1, len(skeletons[i].ys) - 1) for i in by_area]
    margin = settings.margin
    torn: list[tuple[TableStructure, list[list[TextRun]], list[TextRun]]] = []
    for run in runs:
        y = run.y + (run.hidden or 0)
        left, _, right, _ = run.box
        x = (left + right) / 2
        for skeleton, inside, (x0, y0, x1, y1), columns, rows in tables:
            if y0 <= y <= y1 and x0 <= x <= x1:
                xs = skeleton.xs
                owners = skeleton.owner[bisect_right(skeleton.ys, y, 1, rows) - 1]  # as `interval_at`, without its call
                first_owner = owners[bisect_right(xs, left + margin, 1, columns) - 1]
                last_owner = owners[bisect_right(xs, right - margin, 1, columns) - 1]
                if first_owner == last_owner:
                    inside[first_owner].append(run)
                else:
                    pieces = list(_split_at_borders(run, skeleton, settings))
                    for piece in pieces:
                        inside[skeleton.at(piece.x, y)].append(piece)
                    if len(pieces) > 1 and run.hidden is None and _drawn_singly(run, settings):
                        torn.append((skeleton, inside, pieces))
                break
        else:
            placed.outside.append(run)
    if skeletons and placed.outside:
        _take_in_clipped_runs(skeletons, placed)
    for skeleton, inside, pieces in torn:
        _return_torn(skeleton, inside, pieces)
    for index, cells in enumerate(placed.inside if any(run.hidden is not None for run in runs) else ()):
        above = [span for span, held in enumerate(cells) if any(run.hidden is not None and run.hidden > 0 for run in held)]
        placed.overflowing += [(index, span) for span in above if (index, span) not in placed.overflowing]
    for skeleton, inside in zip(skeletons, placed.inside, strict=True):
        _move_overflow_back(skeleton, inside, settings)
    return placed


def _return_torn(skeleton: TableStructure, inside: list[list[TextRun]], pieces: Sequence[TextRun]) -> None:
    """Move the end of a name that runs over into the cell of an amount back to the name that it was torn from.

    Each of its characters is an object of its own, so that nothing else tells where it ends. A piece without digits is none of
    a cell that holds a number beside it, nor of an empty cell in a column of numbers.
    """
    words = [piece for piece in pieces if not any(char.isdigit() for char in piece.text)]
    homes = {skeleton.at(piece.x, piece.y): piece for piece in words}
    strays = [home for home, piece in homes.items() if _is_of_numbers(skeleton, inside, home, piece)]
    kept = [home for home in homes if home not in strays]
    for home in strays if kept else ():
        piece = homes[home]
        nearest = min(kept, key=lambda other: abs(homes[other].x - piece.x))
        _move([piece], inside[home], inside[nearest])


def _is_of_numbers(skeleton: TableStructure, inside: Sequence[Sequence[TextRun]], home: int, piece: TextRun) -> bool:
    """Tell whether a cell holds a number beside a piece of text, or nothing else, but its column holds numbers."""
    others = [run for run in inside[home] if run is not piece]
    if others:
        return _is_number(others)
    column = skeleton.spans[home].column, skeleton.spans[home].columns
    below = [inside[n] for n, span in enumerate(skeleton.spans) if (span.column, span.columns) == column and inside[n] and n != home]
    return 2 * sum(map(_is_number, below)) > len(below)


def _is_number(runs: Sequence[TextRun]) -> bool:
    return parse_amount("".join(text_of_line(line) for line in lines_of(runs))) is not None


def _move_overflow_back(skeleton: TableStructure, inside: list[list[TextRun]], settings: CellSettings) -> None:
    """Move a wrapped line that a row too low for it pushed over the border back to the text that it belongs to.

    Two lines centred in a cell of one line's height stand out of it above and below. Neither alone stands in the middle
    of its cell, together they do. A number never moves: it is the content of its own cell. A cell whose text its clip cuts off has
    all of it already.
    """
    spans, owner, last_row = skeleton.spans, skeleton.owner, len(skeleton.ys) - 1
    for above, (span, runs) in enumerate(zip(spans, inside, strict=True)):
        below_row = span.row + span.rows
        if not runs or below_row >= last_row:
            continue
        below = owner[below_row][span.column]
        if not inside[below] or spans[below].columns != span.columns:
            continue
        border = span.box.y1
        if _top(inside[below]) >= border >= _bottom(runs):
            continue
        last, first = lines_of(inside[above])[-1], lines_of(inside[below])[0]
        low, high = bounding_box(run.box for run in first), bounding_box(run.box for run in last)
        tall = low.y1 - low.y0
        if not settings.pitch_from * tall <= first[0].y - last[0].y <= settings.pitch_to * tall:
            continue
        if border - low.y0 > settings.least_crossing * tall and _centres(inside[above], first, span.box, settings.centred * tall):
            _move(first, inside[below], inside[above])
        elif high.y1 - border > settings.least_crossing * tall and _centres(
            inside[below], last, skeleton.spans[below].box, settings.centred * tall
        ):
            _move(last, inside[above], inside[below])


def _top(runs: Sequence[TextRun]) -> float:
    return runs[0].box.y0 if len(runs) == 1 else min(run.box.y0 for run in runs)


def _bottom(runs: Sequence[TextRun]) -> float:
    return runs[0].box.y1 if len(runs) == 1 else max(run.box.y1 for run in runs)


def _centres(runs: Sequence[TextRun], line: Sequence[TextRun], cell: Box, near: float) -> bool:
    """Tell whether a line brings the text of a cell, which stood off it, to the cell's middle."""
    if parse_amount(text_of_line(line)) is not None or any(run.hidden is not None for run in runs):
        return False
    middle = (cell.y0 + cell.y1) / 2
    alone, whole = bounding_box(run.box for run in runs), bounding_box(run.box for run in (*runs, *line))
    off = abs((alone.y0 + alone.y1) / 2 - middle)
    return off > 2 * near and abs((whole.y0 + whole.y1) / 2 - middle) < near


def _move(line: Sequence[TextRun], source: list[TextRun], target: list[TextRun]) -> None:
    source[:] = [run for run in source if not any(run is moved for moved in line)]
    target.extend(line)


def _take_in_clipped_runs(skeletons: Sequence[TableStructure], placed: Placed) -> None:
    """Move clipped runs above and below a table into its edge cells; drop those clipped elsewhere (they do not show)."""
    shown: list[TextRun] = []
    for run in placed.outside:
        if run.hidden is None:
            shown.append(run)
            continue
        x = run.x
        reach = [(max(s.ys[0] - run.y, run.y - s.ys[-1]), index) for index, s in enumerate(skeletons) if s.xs[0] <= x <= s.xs[-1]]
        if not reach:
            continue
        index = min(reach)[1]
        span = skeletons[index].at(x, run.y)
        placed.inside[index][span].append(run)
        if run.y < skeletons[index].ys[0] and (index, span) not in placed.overflowing:
            placed.overflowing.append((index, span))
    placed.outside = shown


def _area(box: Box) -> float:
    return (box.x1 - box.x0) * (box.y1 - box.y0)


def _split_at_borders(run: TextRun, skeleton: TableStructure, settings: CellSettings) -> Iterator[TextRun]:
    """Yield the parts of a run that stands over a border, by the cells they belong to.

    It is torn where its text objects meet, or, if each glyph is an object of its own, at the border. What reads as one
    amount sticks out of its cell and stays whole, unless a border stands just where two text objects meet: then they are
    neighbours that touch.
    """
    text, boxes = run.text, run.glyphs.boxes[run.start : run.end]
    if len(text) < 2:
        yield run
        return
    homes = [skeleton.at(x, run.y) for x in (boxes[:, [0, 2]].sum(axis=1) / 2).tolist()]
    borders = [i for i in range(1, len(homes)) if homes[i] != homes[i - 1]]
    cuts, drawn_singly = _cuts(run), _drawn_singly(run, settings)
    amount = AMOUNT.search(text)
    if amount and amount.span() == (0, len(text)):
        met = [i for i in borders if i in cuts]
        cuts = [i for i in met if _on_border(skeleton, (boxes[i - 1, 2] + boxes[i, 0]) / 2, settings.margin)] if drawn_singly else met
    elif drawn_singly:
        cuts = borders
    for start, end in pairwise([0, *cuts, len(text)]):
        yield run.part(start, end)


def _cuts(run: TextRun) -> list[int]:
    """Return the positions in a run at which another text object begins."""
    objects = run.glyphs.objects[run.start : run.end]
    return [i for i in range(1, len(objects)) if objects[i] != objects[i - 1]]


def _drawn_singly(run: TextRun, settings: CellSettings) -> bool:
    return len(_cuts(run)) >= max(settings.fewest_objects, len(run.text) // settings.drawn_singly)


def _on_border(skeleton: TableStructure, x: float, margin: float) -> bool:
    index = bisect_right(skeleton.xs, x)
    return any(abs(border - x) <= margin for border in skeleton.xs[max(index - 1, 0) : index + 1])


def grid(page: int, skeleton: TableStructure, contents: Sequence[Sequence[TextRun]], reader: str, drawn: Collection[int] = ()) -> Grid:
    """Return a skeleton with its text as a grid; `drawn` are the spans that show something although they have no text."""
    cells = []
    for n, (span, runs) in enumerate(zip(skeleton.spans, contents, strict=True)):
        if not runs:
            text, text_box = "", None
        elif len(runs) == 1:
            text, text_box = runs[0].text, runs[0].box
        else:
            lines = lines_of(runs)
            text = "\n".join(text_of_line(line) for line in lines)
            # a wrapped name goes on at the cell's edge: only its first line shows the indentation
            _, y0, x1, y1 = bounding_box([run.box for run in runs])
            text_box = Box(min([run.box.x0 for run in lines[0]]), y0, x1, y1)
        cells.append(Cell(span.row, span.column, text, span.box, span.rows, span.columns, text_box, n in drawn))
    return Grid(page, len(skeleton.ys) - 1, len(skeleton.xs) - 1, tuple(cells), skeleton.box, reader)


def join_cells_over_page_break(above: Grid, below: Grid, overflowing: Sequence[int]) -> tuple[Grid, Grid]:
    """Join cells that a page break cut, where both pages draw (and clip) the text of the whole cell.

    Args:
        above: the last table of a page.
        below: the first table of the next page.
        overflowing: positions in `below.cells` of the cells whose text begins above what shows of them. Only those count over which
            the page prints nothing but a header again.

    Returns:
        Both tables; a joined cell has its whole text in the upper one and none in the lower one.
    """
    upper, lower = list(above.cells), list(below.cells)
    printed = {cell.text for cell in upper}
    repeated = next((row for row in range(below.rows) if any(c.row == row and c.text not in ("", *printed) for c in lower)), below.rows)
    for position in overflowing:
        cell = lower[position]
        if cell.row > repeated:
            continue
        for index, other in enumerate(upper):
            if other.column != cell.column or other.column_span != cell.column_span or other.row + other.row_span != above.rows:
                continue
            before, after = other.text.split("\n"), cell.text.split("\n")
            shared = next((k for k in range(min(len(before), len(after)), 0, -1) if before[-k:] == after[:k]), 0)
            if shared or cell.text in other.text:
                upper[index] = msgspec.structs.replace(other, text="\n".join(before + after[shared:]) if shared else other.text)
                lower[position] = msgspec.structs.replace(cell, text="", text_box=None)
    return replace(above, cells=tuple(upper)), replace(below, cells=tuple(lower))


def text_lines(runs: Sequence[TextRun], in_grid: bool) -> list[TextLine]:
    """Return runs as printed lines."""
    found = []
    for line in lines_of(runs):
        if len(line) == 1:
            found.append(TextLine(line[0].text, line[0].box, in_grid))
            continue
        parts = () if in_grid else tuple(parted(line))
        text = " ".join([part.text for part in parts]) if parts else text_of_line(line)
        found.append(TextLine(text, bounding_box([run.box for run in line]), in_grid, parts if len(parts) > 1 else ()))
    return found


def loose_amounts(placed: Placed, settings: CellSettings = CELLS) -> list[Word]:
    """Return the amounts that stand in no cell, or share one with another amount."""
    loose = [word for run in placed.outside for word in amounts_in(run)]
    for cells in placed.inside:
        for runs in cells:
            if len(runs) > 1 or (runs and len(runs[0].text) > settings.shortest_pair):
                found = [word for run in runs for word in amounts_in(run)]
                if len(found) > 1:
                    loose.extend(found)
    return loose
