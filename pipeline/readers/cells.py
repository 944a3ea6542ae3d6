"""Text into cells: each run of a page goes into the one cell it belongs to, or stays outside the tables.

Belongs here: placing runs, splitting those that stand over a border, the text and text box of a cell, the proof that
each amount stands alone in one cell. Does not belong here: finding the cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.readers.page import Box, Cell, Grid, TextLine, Word
from pipeline.readers.ruled import Skeleton
from pipeline.readers.runs import AMOUNT, Run, around, lines_of, spoken

_MARGIN = 1.0  # a run may stick out of its cell by this much without being torn


def place(skeletons: Sequence[Skeleton], runs: Sequence[Run]) -> tuple[list[list[list[Run]]], list[Run]]:
    """Put runs into the cells of tables.

    Returns:
        For each skeleton and each of its spans the runs inside; and the runs outside all tables.
    """
    inside: list[list[list[Run]]] = [[[] for _ in skeleton.spans] for skeleton in skeletons]
    outside: list[Run] = []
    by_area = sorted(range(len(skeletons)), key=lambda i: _area(skeletons[i].box))
    for run in runs:
        x, y = run.x, run.y
        for index in by_area:
            x0, y0, x1, y1 = skeletons[index].box
            if x0 <= x <= x1 and y0 <= y <= y1:
                for piece in _pieces(run, skeletons[index]):
                    inside[index][skeletons[index].at(piece.x, piece.y)].append(piece)
                break
        else:
            outside.append(run)
    return inside, outside


def _area(box: Box) -> float:
    return (box.x1 - box.x0) * (box.y1 - box.y0)


def _pieces(run: Run, skeleton: Skeleton) -> Iterator[Run]:
    """Yield the parts of a run that belong to different cells.

    A run over a border is torn only where that makes sense: between two amounts, or where its text objects meet; a
    single amount that sticks out of its cell stays whole.
    """
    first = skeleton.at(run.box.x0 + _MARGIN, run.y)
    last = skeleton.at(run.box.x1 - _MARGIN, run.y)
    if first == last or run.end - run.start < 2:
        yield run
        return
    text = run.text
    if len(text) == run.end - run.start:
        amounts = list(AMOUNT.finditer(text))
        if len(amounts) == 1 and amounts[0].span() == (0, len(text)):
            yield run
            return
    objects = run.glyphs.objects[run.start : run.end].tolist()
    cuts = [0, *(i for i in range(1, len(objects)) if objects[i] != objects[i - 1]), len(objects)]
    if len(cuts) - 1 > max(2, len(objects) // 2):  # glyphs drawn one by one: objects say nothing, borders must
        homes = [skeleton.at(x, run.y) for x in ((run.glyphs.boxes[run.start : run.end, [0, 2]].sum(axis=1)) / 2).tolist()]
        cuts = [0, *(i for i in range(1, len(homes)) if homes[i] != homes[i - 1]), len(homes)]
    for start, end in zip(cuts, cuts[1:], strict=False):
        yield run.part(run.start + start, run.start + end)


def grid(page: int, skeleton: Skeleton, contents: Sequence[Sequence[Run]], reader: str) -> Grid:
    """Return a skeleton with its text as a grid."""
    cells = []
    for span, runs in zip(skeleton.spans, contents, strict=True):
        text, text_box = "", None
        if runs:
            text = "\n".join(spoken(line) for line in lines_of(runs)) if len(runs) > 1 else runs[0].text
            text_box = around(run.box for run in runs)
        cells.append(Cell(span.row, span.column, text, span.box, span.rows, span.columns, text_box))
    return Grid(page, len(skeleton.ys) - 1, len(skeleton.xs) - 1, tuple(cells), skeleton.box, reader)


def text_lines(runs: Sequence[Run], in_grid: bool) -> list[TextLine]:
    """Return runs as printed lines."""
    return [TextLine(spoken(line), around(run.box for run in line), in_grid) for line in lines_of(runs)]


def loose_amounts(contents: Sequence[Sequence[Sequence[Run]]], outside: Sequence[Run]) -> list[Word]:
    """Return the amounts that stand in no cell, or share one with another amount."""
    loose = [Word(match.group(), run.box) for run in outside for match in AMOUNT.finditer(run.text)]
    for cells in contents:
        for runs in cells:
            found = [(match.group(), run.box) for run in runs for match in AMOUNT.finditer(run.text)]
            if len(found) > 1:
                loose.extend(Word(text, box) for text, box in found)
    return loose
