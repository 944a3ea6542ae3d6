"""Runs of glyphs: text without a gap, as it stands on a page, and the lines that runs make.

Belongs here: from glyphs to runs, splitting a run, joining runs to lines and to the text of a cell.
Does not belong here: PDF engines, grids.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

import msgspec
import numpy as np

from pipeline.budget.amounts import AMOUNT, HINT_OF_AMOUNT
from pipeline.document.content import Box, Word, box_with
from pipeline.document.pdf.glyphs import Glyphs

_HEIGHT, _LEFT = attrgetter("y"), attrgetter("box.x0")


@dataclass(frozen=True, slots=True)
class RunSettings:
    """Thresholds of runs and lines, all in heights of the glyphs at hand; the ranges were measured as in `document/tables/settings.py`."""

    gap: float = 0.3
    """A gap wider than this ends a run: letters of one word stand closer, a space is a half.

    Same from 0.3 to 0.6; at 0.24 two pages change.
    """
    back: float = 0.5
    """A glyph that begins so far before the end of the one before it begins another text: kerning is less.

    Same from 0.25 to 1.
    """
    over: float = 0.1
    """Glyphs of one text that overlap by more are of two texts, drawn over one another: letters stand side by side."""
    raised: float = 0.35
    """Glyphs whose middles differ by more stand in different lines; a comma and a digit differ by less.

    Same from 0.18 to 0.7.
    """
    same_line: float = 0.4
    """Runs whose middles differ by no more than this stand in one line: print of two sizes, fonts with other boxes.

    Same from 0.2 to 0.5; at 0.8 two pages change.
    """


RUNS = RunSettings()


class TextRun(msgspec.Struct, gc=False):
    """Glyphs `start` to `end` of a page that stand in one line without a gap between them.

    `y` is their vertical centre; `hidden` is said of those that are drawn outside their clip path, so that they do not show: how far
    below them (points, negative: above) the nearest place lies that their clip shows; `colour` is 0xRRGGBB.
    """

    glyphs: Glyphs
    start: int
    end: int
    box: Box
    text: str
    y: float
    hidden: float | None = None
    colour: int = 0

    @property
    def x(self) -> float:
        """Horizontal centre."""
        return (self.box.x0 + self.box.x1) / 2

    def part(self, start: int, end: int) -> TextRun:
        """Return the run of this run's characters from `start` to `end`."""
        start, end = self.start + start, self.start + end
        boxes = self.glyphs.boxes[start:end]
        (x0, y0), (x1, y1) = boxes[:, :2].min(axis=0).tolist(), boxes[:, 2:].max(axis=0).tolist()
        return TextRun(
            self.glyphs, start, end, box_with((x0, y0, x1, y1)), self.glyphs.text[start:end], (y0 + y1) / 2, self.hidden, self.colour
        )

    def singly(self) -> list[TextRun]:
        """Return a run for each of this run's characters."""
        glyphs, hidden, colour = self.glyphs, self.hidden, self.colour
        boxes = map(box_with, glyphs.boxes[self.start : self.end].tolist())
        return [
            TextRun(glyphs, at, at + 1, box, character, (box.y0 + box.y1) / 2, hidden, colour)
            for at, (box, character) in enumerate(zip(boxes, self.text, strict=True), self.start)
        ]


def runs_of(glyphs: Glyphs, settings: RunSettings = RUNS) -> list[TextRun]:
    """Return the runs of a page in the order of its text layer."""
    count = len(glyphs.boxes)
    if not count:
        return []
    x0, y0, x1, y1 = glyphs.boxes.T
    height = y1 - y0
    centre = (y0 + y1) / 2
    tall = np.maximum(height[1:], height[:-1])
    gap = x0[1:] - x1[:-1]
    apart = (gap > settings.gap * tall) | (gap < -settings.back * tall)
    breaks = apart | (np.abs(centre[1:] - centre[:-1]) > settings.raised * tall)
    starts = np.concatenate(([0], np.flatnonzero(breaks) + 1))
    ends = np.append(starts[1:], count)
    low, high = np.minimum.reduceat(glyphs.boxes[:, :2], starts), np.maximum.reduceat(glyphs.boxes[:, 2:], starts)
    boxes = np.concatenate((low, high), axis=1).tolist()
    text = glyphs.text
    return [
        TextRun(glyphs, start, end, box_with(box), text[start:end], (box[1] + box[3]) / 2)
        for start, end, box in zip(starts.tolist(), ends.tolist(), boxes, strict=True)
    ]


def woven(runs: Sequence[TextRun], settings: RunSettings = RUNS) -> set[int]:
    """Return which runs of a page may hold glyphs of two texts that are drawn over one another, which the text layer has in turn.

    That are runs in which glyphs overlap, and those beside and between them.
    """
    bands: list[tuple[float, float]] = []
    for y0, y1 in sorted((run.box.y0, run.box.y1) for run in _overlapping(runs, settings)):
        if bands and y0 <= bands[-1][1]:
            bands[-1] = (bands[-1][0], max(y1, bands[-1][1]))
        else:
            bands.append((y0, y1))
    if not bands:
        return set()
    tops = [y0 for y0, _ in bands]
    return {n for n, run in enumerate(runs) if len(run.text) > 1 and (at := bisect_right(tops, run.y)) > 0 and run.y <= bands[at - 1][1]}


def _overlapping(runs: Sequence[TextRun], settings: RunSettings) -> list[TextRun]:
    """Return those of a page's runs in which glyphs overlap."""
    if not runs:
        return []
    x0, y0, x1, y1 = runs[0].glyphs.boxes.T
    height = y1 - y0
    over = x0[1:] - x1[:-1] < -settings.over * np.maximum(height[1:], height[:-1])
    starts = np.array([run.start for run in runs])
    over[starts[1:] - 1] = False  # of two runs
    found = np.flatnonzero(over)
    return [runs[n] for n in dict.fromkeys((np.searchsorted(starts, found, "right") - 1).tolist())] if len(found) else []


def joined(parts: Sequence[TextRun], whole: Collection[tuple[int, int]]) -> list[TextRun]:
    """Return the glyphs of runs that were taken apart as runs again, those together that show, or do not show, alike.

    Args:
        parts: runs and their parts, in order.
        whole: start and end of each run as it was.
    """
    ends = {end for _, end in whole}
    groups: list[list[TextRun]] = []
    for part in parts:
        before = groups[-1][-1] if groups else None
        if before is not None and before.end == part.start and before.end not in ends and (before.hidden is None) == (part.hidden is None):
            groups[-1].append(part)
        else:
            groups.append([part])
    return [group[0] if len(group) == 1 else group[0].part(0, group[-1].end - group[0].start) for group in groups]


def amounts_in(run: TextRun) -> list[Word]:
    """Return the amounts printed inside a run, each with its own box."""
    if not HINT_OF_AMOUNT.search(run.text):
        return []
    found = list(AMOUNT.finditer(run.text))
    if len(found) == 1 and found[0].end() - found[0].start() == len(run.text):
        return [Word(run.text, run.box)]
    return [Word(match.group(), run.part(*match.span()).box) for match in found]


def lines_of(runs: Iterable[TextRun], settings: RunSettings = RUNS) -> list[list[TextRun]]:
    """Group runs into printed lines, top to bottom, each from left to right."""
    near = settings.same_line
    lines: list[list[TextRun]] = []
    line: list[TextRun] = []
    middle = tall = 0.0  # of the run before
    for run in sorted(runs, key=_HEIGHT):
        _, y0, _, y1 = run.box
        y, height = run.y, y1 - y0
        if line and y - middle <= near * (height if height < tall else tall):
            line.append(run)
        else:
            line = [run]
            lines.append(line)
        middle, tall = y, height
    for line in lines:
        if len(line) > 1:
            line.sort(key=_LEFT)
    return lines


def parted(line: Sequence[TextRun], settings: RunSettings = RUNS) -> list[Word]:
    """Return one line as what gaps part: runs that touch are joined."""
    return [Word("".join([run.text for run in part]), bounding_box([run.box for run in part])) for part in _parts(line, settings)]


def text_of_line(line: Sequence[TextRun], settings: RunSettings = RUNS) -> str:
    """Return the text of one line: runs that touch are joined, a gap is one space."""
    if len(line) == 1:  # as most
        return line[0].text
    return " ".join(["".join([run.text for run in part]) for part in _parts(line, settings)])


def _parts(line: Sequence[TextRun], settings: RunSettings) -> list[list[TextRun]]:
    """Group the runs of a line that touch."""
    parts = [[line[0]]]
    _, y0, end, y1 = line[0].box
    height = y1 - y0  # of the run before
    for run in line[1:]:
        x0, y0, x1, y1 = run.box
        if x0 - end > settings.gap * min(y1 - y0, height):
            parts.append([run])
        else:
            parts[-1].append(run)
        end, height = x1, y1 - y0
    return parts


def bounding_box(boxes: Iterable[Box]) -> Box:
    """Return the smallest box that holds all boxes (at least one)."""
    first, *others = boxes
    if not others:  # as in most cells and lines
        return first
    left, top, right, bottom = first
    for x0, y0, x1, y1 in others:  # few: no call for any of them
        left, top = x0 if x0 < left else left, y0 if y0 < top else top
        right, bottom = x1 if x1 > right else right, y1 if y1 > bottom else bottom
    return box_with((left, top, right, bottom))
