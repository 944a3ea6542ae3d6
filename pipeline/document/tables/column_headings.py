"""Headings of tables without vertical rules: which words head which column, and which words stand over several columns.

Belongs here: the geometry of headings. A word that heads one column stands at the height of its neighbours or, below another,
lower; a word over several columns stands above them, in their middle. Nothing here knows what a word means.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from pipeline.document.content import Box
from pipeline.document.pdf.drawing import Ruling
from pipeline.document.pdf.runs import TextRun, bounding_box, lines_of
from pipeline.document.tables.settings import HEADINGS, HeadingSettings

Interval = tuple[float, float]
"""Where something stands across: left and right, points."""

_IMPOSSIBLE = 10_000.0  # points: a cost beyond that of any way of sharing the columns of a page


@dataclass(slots=True)
class HeadingText:
    """One text of a heading, wrapped or not; `under` are the texts below it that it heads together."""

    box: Box
    under: list[HeadingText] = field(default_factory=list)

    @property
    def x(self) -> float:
        """Horizontal centre."""
        return (self.box.x0 + self.box.x1) / 2

    @property
    def y(self) -> float:
        """Vertical centre."""
        return (self.box.y0 + self.box.y1) / 2

    def leaves(self) -> list[HeadingText]:
        """Return the texts that head one column each, from left to right."""
        return [leaf for words in self.under for leaf in words.leaves()] if self.under else [self]


@dataclass(frozen=True, slots=True)
class HeadingOverColumns:
    """A heading laid over columns.

    Attributes:
        columns: all columns from left to right; those that the body leaves blank are among them.
        cells: (first column, columns, top, bottom) of each cell of the heading.
    """

    columns: list[Interval]
    cells: list[tuple[int, int, float, float]]


@dataclass(frozen=True, slots=True)
class _Field:
    """What lies around the words of a heading: the columns below it, the rules within it, and the thresholds."""

    bodies: Sequence[Interval]
    rules: Sequence[Ruling]
    settings: HeadingSettings

    def gap(self, one: Interval, other: Interval) -> float:
        """How far two intervals are apart, and a little for how far their middles are."""
        between = max(0.0, max(one[0], other[0]) - min(one[1], other[1]))
        return between + self.settings.off_centre * abs(sum(one) - sum(other)) / 2


def lay_heading(
    runs: Sequence[TextRun],
    bodies: Sequence[Interval],
    rules: Sequence[Ruling],
    top: float,
    bottom: float,
    settings: HeadingSettings = HEADINGS,
) -> HeadingOverColumns:
    """Lay a heading over the columns of its table.

    Args:
        runs: the heading's text.
        bodies: where the text of each column stands below the heading.
        rules: horizontal rules of the page.
        top: where the heading begins.
        bottom: where it ends.
        settings: thresholds.

    Returns:
        Columns and heading cells; the columns are `bodies` where the heading is empty.
    """
    if not runs:
        return HeadingOverColumns(list(bodies), [])
    inner = [rule for rule in rules if top + settings.frame < rule.at < bottom - settings.frame]
    about = _Field(bodies, inner, settings)
    tree = _nested(_ruled_heads(_heading_texts(runs, about), about), about)
    leaves = [leaf for words in tree for leaf in words.leaves()]
    columns, place = _aligned([(leaf.box.x0, leaf.box.x1) for leaf in leaves], about)
    cells: list[tuple[int, int, float, float]] = []
    at = 0
    for words in tree:
        at = _cells(words, place, at, top, bottom, cells)
    return HeadingOverColumns(columns, cells)


def _cells(words: HeadingText, place: Sequence[int], at: int, top: float, bottom: float, cells: list[tuple[int, int, float, float]]) -> int:
    """Add the cells of `words` and what it heads; `at` counts the leaves before it. Return the count after it."""
    end = at + len(words.leaves())
    if not words.under:
        cells.append((place[at], 1, top, bottom))
        return end
    below = min(child.box.y0 for child in words.under)
    middle = (words.box.y1 + below) / 2
    cells.append((place[at], place[end - 1] - place[at] + 1, top, middle))
    for child in words.under:
        at = _cells(child, place, at, middle, bottom, cells)
    return end


def _heading_texts(runs: Sequence[TextRun], about: _Field) -> list[HeadingText]:
    """Join runs to texts: wrapped lines below one another, and letters spaced apart within one column (合 计)."""
    groups = [[run] for run in sorted(runs, key=lambda run: (run.box.x0, run.box.y0))]
    merged = True
    while merged:
        merged = False
        for i, one in enumerate(groups):
            for j in range(i + 1, len(groups)):
                if _belong(one, groups[j], about):
                    one += groups.pop(j)
                    merged = True
                    break
            if merged:
                break
    return [HeadingText(bounding_box(run.box for run in group)) for group in _heads_apart(groups)]


def _heads_apart(groups: Sequence[Sequence[TextRun]]) -> Iterator[Sequence[TextRun]]:
    """Yield the texts, in two where words set close above others are their head: these stand elsewhere alone, level with others' heads.

    The columns of each half of a table have the same names.
    """
    texts = [HeadingText(bounding_box(run.box for run in group)) for group in groups]
    heads = [text.y for text in texts if any(_under(text, other) and _across(text, other) for other in texts)]
    lines = [lines_of(group) for group in groups]
    alone = Counter(map(_text, lines))
    for group, (first, *below) in zip(groups, lines, strict=True):
        level = bounding_box(run.box for run in first)
        if below and alone[_text(below)] and any(level.y0 < y < level.y1 for y in heads):
            yield first
            yield [run for line in below for run in line]
        else:
            yield group


def _text(lines: Sequence[Sequence[TextRun]]) -> str:
    return "".join(run.text for line in lines for run in line)


def _belong(one: Sequence[TextRun], other: Sequence[TextRun], about: _Field) -> bool:
    settings = about.settings
    a, b = bounding_box(run.box for run in one), bounding_box(run.box for run in other)
    height = min(min(run.box.y1 - run.box.y0 for run in group) for group in (one, other))
    across = min(a.x1, b.x1) - max(a.x0, b.x0)
    down = max(a.y0, b.y0) - min(a.y1, b.y1)
    if across > settings.overlap * min(a.x1 - a.x0, b.x1 - b.x0):
        return down < settings.same_cell * height and not any(_between(rule, a, b) for rule in about.rules)
    letters = all(len(run.text.strip()) == 1 for run in (*one, *other))
    level = abs((a.y0 + a.y1) - (b.y0 + b.y1)) < settings.level * height
    if level and letters and -across < settings.spaced_letters * height:
        return not _own_columns(a, b, height, about)
    return level and -across < settings.touching * height


def _between(rule: Ruling, one: Box, other: Box) -> bool:
    """Tell whether a rule runs between two texts, one above the other."""
    upper, lower = sorted((one, other), key=lambda box: box.y0 + box.y1)
    middle = (max(one.x0, other.x0) + min(one.x1, other.x1)) / 2
    return (upper.y0 + upper.y1) / 2 < rule.at < (lower.y0 + lower.y1) / 2 and rule.start < middle < rule.end


def _own_columns(one: Box, other: Box, height: float, about: _Field) -> bool:
    """Tell whether two letters head two narrow columns (类 款 项), rather than being one word set wide (收 入)."""
    places: list[Interval] = [(box.x0, box.x1) for box in (one, other)]
    near = [min(about.bodies, key=lambda body: about.gap(place, body)) for place in places]
    narrow = all(x1 - x0 < about.settings.narrow * height for x0, x1 in near)
    close = about.settings.own_column * height
    return near[0] != near[1] and narrow and all(about.gap(place, body) < close for place, body in zip(places, near, strict=True))


def _ruled_heads(words: Sequence[HeadingText], about: _Field) -> list[HeadingText]:
    """Lay what stands below a rule under what stands just above it, from the lowest rule up.

    Returns:
        The texts that stand under no other.
    """
    free = list(words)
    for rule in sorted(about.rules, key=lambda rule: -rule.at):
        inside = [w for w in free if rule.start - 1 < w.x < rule.end + 1]
        under = sorted((w for w in inside if w.y > rule.at), key=lambda w: w.x)
        heads = [w for w in inside if w.y < rule.at and not w.under and rule.at - w.box.y1 < w.box.y1 - w.box.y0]
        lowest = max((w.y for w in heads), default=0.0)
        heads = sorted((w for w in heads if lowest - w.y < about.settings.level * (w.box.y1 - w.box.y0)), key=lambda w: w.x)
        if not heads or not under or any(w.box.y0 < rule.at - 1 for w in under):
            continue
        shared = [(heads[0], under)] if len(heads) == 1 else _share_out(heads, under, replace(about, rules=()))
        for head, children in shared:
            head.under = children
        taken = {id(w) for _, children in shared for w in children}
        free = [w for w in free if id(w) not in taken]
    return free


def _nested(words: list[HeadingText], about: _Field) -> list[HeadingText]:
    """Return the texts of one storey from left to right, with those that they stand over below them."""
    words = sorted(words, key=lambda w: w.x)
    if len(words) < 2 or any(w.under for w in words):
        return words  # rules say what stands under what
    step = about.settings.level * min(w.box.y1 - w.box.y0 for w in words)
    whole = _level_of_whole(words, step, about.settings)
    heads_too = {id(w) for w in words if w.y <= whole + step and any(_under(w, other) and _across(w, other) for other in words)}
    upper = [w for w in words if w.y < whole - step and any(_under(w, other) for other in words)]
    if not upper:
        return words
    ids = {id(w) for w in upper}
    lower = [w for w in words if id(w) not in ids]
    covered: set[int] = set()
    for run in _runs_below(lower, whole + step, heads_too):
        above = [w for w in upper if run[0].box.x0 - 1 <= w.x <= run[-1].box.x1 + 1]
        for head, own in _outermost(above, run, step, about):
            inner = [w for w in above if w.y > head.y + step and own[0].box.x0 - 1 <= w.x <= own[-1].box.x1 + 1]
            head.under = _nested([*own, *inner], about)
            covered |= {id(word) for child in head.under for word in _all(child)}
    return sorted((w for w in words if id(w) not in covered), key=lambda w: w.x)


def _outermost(
    above: Sequence[HeadingText], run: Sequence[HeadingText], step: float, about: _Field
) -> list[tuple[HeadingText, list[HeadingText]]]:
    """Share neighbours out among those of the texts above them that stand under no other.

    Where heads stand at several heights, the lower ones may stand under the higher, or beside them in higher cells: whichever lets each
    stand nearest to the middle of what it heads.
    """
    levels = sorted({w.y for w in above})
    levels = [y for n, y in enumerate(levels) if n + 1 == len(levels) or levels[n + 1] - y > step]
    ways = [_share_out([w for w in above if w.y <= level], run, about) for level in levels]
    ways = [way for way in ways if way]
    return min(ways, key=_off_middle, default=[])


def _off_middle(shared: Sequence[tuple[HeadingText, Sequence[HeadingText]]]) -> float:
    """Return how far the heads stand from the middles of what they head, all together, in whole columns' widths."""
    widths = [(own[-1].box.x1 - own[0].box.x0) / len(own) for _, own in shared]
    off = sum(abs(own[0].box.x0 + own[-1].box.x1 - 2 * head.x) / 2 for head, own in shared)
    return round(2 * off / (sum(widths) / len(widths)))


def _level_of_whole(words: Sequence[HeadingText], step: float, settings: HeadingSettings) -> float:
    """Return the height at which texts stand whose cells reach from the top of the heading to its bottom: near its middle.

    The print does not tell the heading's edges, so that its middle is not known to the point: it is where texts stand that have others
    both above and below their level.
    """
    middle = (min(w.box.y0 for w in words) + max(w.box.y1 for w in words)) / 2
    levels = sorted({w.y for w in words}, key=lambda y: abs(y - middle))
    near = levels[0]
    if abs(near - middle) <= step or not any(w.y > near + step for w in words) or not any(w.y < near - step for w in words):
        return middle
    return near if abs(near - middle) <= settings.whole * min(w.box.y1 - w.box.y0 for w in words) else middle


def _across(one: HeadingText, other: HeadingText) -> bool:
    return one.box.x0 < other.box.x1 and other.box.x0 < one.box.x1


def _under(one: HeadingText, other: HeadingText) -> bool:
    return other.box.y0 >= one.box.y1 - 1


def _all(words: HeadingText) -> list[HeadingText]:
    return [words, *(w for child in words.under for w in _all(child))]


def _runs_below(words: Sequence[HeadingText], middle: float, heads: set[int]) -> list[list[HeadingText]]:
    """Return the longest runs of neighbours that stand below the middle, or stand over such: something must stand over them."""
    runs: list[list[HeadingText]] = []
    low = False
    for w in words:
        if w.y <= middle and id(w) not in heads:
            low = False
            continue
        if low:
            runs[-1].append(w)
        else:
            runs.append([w])
        low = True
    return runs


def _share_out(heads: Sequence[HeadingText], run: Sequence[HeadingText], about: _Field) -> list[tuple[HeadingText, list[HeadingText]]]:
    """Share neighbours out among the texts over them: as a rule between them says, else so that each stands in the middle."""
    if not heads:
        return []
    ruled = [(head, _ruled(head, run, about.rules)) for head in heads]
    if all(children for _, children in ruled) and len({id(w) for _, c in ruled for w in c}) == sum(len(c) for _, c in ruled):
        return ruled
    columns, place = _aligned([(leaf.box.x0, leaf.box.x1) for w in run for leaf in w.leaves()], about)
    wide: list[Interval] = []
    for w in run:
        own, place = place[: len(w.leaves())], place[len(w.leaves()) :]
        wide.append((columns[own[0]][0], columns[own[-1]][1]))
    edges = [wide[0][0], *((a[1] + b[0]) / 2 for a, b in pairwise(wide)), wide[-1][1]]
    count, total = len(heads), len(run)
    if count > total:
        return []
    best: list[list[tuple[float, int]]] = [[(0.0, 0)] + [(_IMPOSSIBLE, 0)] * total]
    for head in heads:
        ways = [
            min((best[-1][start][0] + abs((edges[start] + edges[end]) / 2 - head.x), start) for start in range(end))
            for end in range(1, total + 1)
        ]
        best.append([(_IMPOSSIBLE, 0), *ways])
    cuts = [total]
    for n in range(count, 0, -1):
        cuts.append(best[n][cuts[-1]][1])
    cuts.reverse()
    return [(head, list(run[a:b])) for head, (a, b) in zip(heads, pairwise(cuts), strict=True)]


def _ruled(head: HeadingText, run: Sequence[HeadingText], rules: Sequence[Ruling]) -> list[HeadingText]:
    """Return the texts that a rule just below `head` spans, if there is such a rule and it spans not all."""
    for rule in rules:
        if head.box.y1 - 2 < rule.at < min(w.box.y0 for w in run) + 2 and rule.start < head.x < rule.end:
            return [w for w in run if rule.start < w.x < rule.end]
    return []


def _aligned(leaves: Sequence[Interval], about: _Field) -> tuple[list[Interval], list[int]]:
    """Match headings to columns in order, each with one near it or with none.

    Returns:
        All columns from left to right (the body's, and one for each heading over nothing), each as wide as its texts; and
        for each heading its column.
    """
    bodies, alone = about.bodies, about.settings.alone
    rows, width = len(leaves) + 1, len(bodies) + 1
    cost = [[0.0] * width for _ in range(rows)]
    for i in range(rows):
        for j in range(width):
            if i and j:
                matched = cost[i - 1][j - 1] + about.gap(leaves[i - 1], bodies[j - 1])
                cost[i][j] = min(matched, cost[i - 1][j] + alone, cost[i][j - 1] + alone)
            else:
                cost[i][j] = (i + j) * alone
    steps: list[tuple[int | None, int | None]] = []
    i, j = rows - 1, width - 1
    while i or j:
        if i and j and cost[i][j] == cost[i - 1][j - 1] + about.gap(leaves[i - 1], bodies[j - 1]):
            i, j = i - 1, j - 1
            steps.append((i, j))
        elif i and cost[i][j] == cost[i - 1][j] + alone:
            i -= 1
            steps.append((i, None))
        else:
            j -= 1
            steps.append((None, j))
    steps.reverse()
    columns: list[Interval] = []
    place = [0] * len(leaves)
    for leaf, body in steps:
        parts = [] if leaf is None else [leaves[leaf]]
        parts += [] if body is None else [bodies[body]]
        columns.append((min(x0 for x0, _ in parts), max(x1 for _, x1 in parts)))
        if leaf is not None:
            place[leaf] = len(columns) - 1
    return columns, place


def borders(columns: Sequence[Interval], bodies: Sequence[float], edge: float) -> list[float]:
    """Return the borders between columns: the middles of the gaps; where texts overlap, a border of the body between them.

    The outer sides stand `edge` points off the text.
    """
    found = [min(x0 for x0, _ in columns) - edge]  # a heading over nothing may stand left of a column that begins further left
    for (left, right), (after, _) in pairwise(columns):
        if right <= after:
            found.append((right + after) / 2)
            continue
        inside = bisect_right(bodies, left)
        found.append(bodies[inside] if inside < len(bodies) and bodies[inside] < right else (right + after) / 2)
    found.append(max(x1 for _, x1 in columns) + edge)
    return found
