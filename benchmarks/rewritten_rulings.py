"""Ways to draw the same rulings otherwise: strokes as filled areas and the reverse, in pieces, not quite meeting, with white areas below.

Belongs here: paths. Does not belong here: texts, pages, documents.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from benchmarks.pdf_objects import Operator, PdfObjects

_THICKEST = 3.0  # points: what is thicker is an area
_BUILD = {"m", "l", "c", "v", "y", "re", "h"}
_STROKE, _FILL, _CLIP = {"S", "s"}, {"f", "F", "f*"}, {"W", "W*"}
_PAINT = {*_STROKE, *_FILL, "B", "B*", "b", "b*", "n"}
_STROKE_TO_FILL = {"G": "g", "RG": "rg", "K": "k"}
_LEVEL = 0.02  # points


class Rule(NamedTuple):
    """A ruling in the units of its content: ends of its middle line, thickness, and how many units a point has."""

    x0: float
    y0: float
    x1: float
    y1: float
    thickness: float
    point: float

    @property
    def is_level(self) -> bool:
        """Tell whether it runs across."""
        return self.y0 == self.y1

    def moved(self, start: float, end: float, beside: float = 0.0) -> Rule:
        """Return it with its ends moved along, and all of it beside, by points."""
        start, end, beside = start * self.point, end * self.point, beside * self.point
        if self.is_level:
            return self._replace(x0=self.x0 + start, x1=self.x1 + end, y0=self.y0 + beside, y1=self.y1 + beside)
        return self._replace(y0=self.y0 + start, y1=self.y1 + end, x0=self.x0 + beside, x1=self.x1 + beside)


def drawn(
    rules: Callable[[Rule], list[Rule]], *, filled: bool | None = None, dashes: list[float] | None = None
) -> Callable[[PdfObjects], None]:
    """Return a way in which each ruling is drawn as others.

    Args:
        rules: that are drawn for it.
        filled: as areas, or as strokes; as it was if None.
        dashes: points of the pattern of strokes.
    """

    def change(operators: list[Operator], _: object) -> list[Operator]:
        return list(_redrawn(operators, rules, filled, dashes))

    return lambda pdf: pdf.rewrite(change)


def _redrawn(
    operators: list[Operator], rules: Callable[[Rule], list[Rule]], filled: bool | None, dashes: list[float] | None
) -> Iterator[Operator]:
    state: dict[str, Any] = {"scale": 1.0, "width": 1.0, "stroke": ("G", [0]), "fill": ("g", [0]), "plain": True}
    kept: list[dict[str, Any]] = []
    path: list[Operator] = []
    for name, operands in operators:
        if name in _BUILD or name in _CLIP:
            path.append((name, operands))
            continue
        if name in _PAINT:
            as_filled = name in _FILL
            found = _rules(path, as_filled, state) if name in _STROKE | _FILL and state["plain"] else None
            if found is None:
                yield from path
                yield name, operands
            else:
                for rule in (other for each in found for other in rules(each)):
                    yield from _rule(rule, as_filled, as_filled if filled is None else filled, state, dashes)
            path = []
            continue
        yield from path
        path = []
        _follow(name, operands, state, kept)
        yield name, operands


def _follow(name: str, operands: list[Any], state: dict[str, Any], kept: list[dict[str, Any]]) -> None:
    """Follow what operators change of the graphics state."""
    if name == "q":
        kept.append(dict(state))
    elif name == "Q" and kept:
        state.update(kept.pop())
    elif name == "cm":
        a, b, c, d = operands[:4]
        state["scale"] *= math.sqrt(abs(a * d - b * c))
    elif name == "w":
        state["width"] = operands[0]
    elif name in _STROKE_TO_FILL:
        state["stroke"] = (name, operands)
    elif name in _STROKE_TO_FILL.values():
        state["fill"] = (name, operands)
    elif name in ("CS", "cs", "SC", "SCN", "sc", "scn"):
        _named_colour(name, operands, state)
    elif name == "d":
        state["plain"] = not operands[0]


def _named_colour(name: str, operands: list[Any], state: dict[str, Any]) -> None:
    """Follow colours of named spaces: one number is taken for gray, three for red, green and blue."""
    if name in ("SC", "SCN", "sc", "scn") and all(isinstance(each, int | float) for each in operands):
        of = {1: "G", 3: "RG", 4: "K"}.get(len(operands))
        if of:
            state["stroke" if name.isupper() else "fill"] = (of if name.isupper() else of.lower(), operands)


def _rules(path: list[Operator], filled: bool, state: dict[str, Any]) -> list[Rule] | None:
    """Return the rulings that a path draws; None if it draws anything else."""
    point = 1 / state["scale"] if state["scale"] else 1.0
    found: list[Rule] = []
    start = last = (0.0, 0.0)
    corners: list[tuple[float, float]] = []
    for name, operands in [*path, ("end", [])]:
        if filled and name in ("m", "re", "end") and corners:
            rule = _thin(corners, point)
            if rule is None:
                return None
            found.append(rule)
            corners = []
        if name == "m":
            start = last = (operands[0], operands[1])
            corners = [last]
        elif name == "l" or name == "h":
            here = (operands[0], operands[1]) if name == "l" else start
            if not filled and here != last and not _edge(last, here, state["width"], point, found):
                return None
            last = here
            corners.append(here)
        elif name == "re":
            x, y, w, h = operands
            around = [(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)]
            if filled:
                corners = around
                continue
            for one, other in pairwise(around):
                if one != other and not _edge(one, other, state["width"], point, found):
                    return None
        elif name != "end":
            return None
    return found if found else None


def _edge(one: tuple[float, float], other: tuple[float, float], width: float, point: float, found: list[Rule]) -> bool:
    (x0, y0), (x1, y1) = sorted((one, other))
    if abs(y1 - y0) <= _LEVEL * point:
        found.append(Rule(x0, y0, x1, y0, width, point))
    elif abs(x1 - x0) <= _LEVEL * point:
        found.append(Rule(x0, min(y0, y1), x0, max(y0, y1), width, point))
    else:
        return False
    return width <= _THICKEST * point


def _thin(corners: list[tuple[float, float]], point: float) -> Rule | None:
    """Return a filled outline as a ruling, if it is an upright rectangle as thin as one."""
    xs, ys = {round(x, 4) for x, _ in corners}, {round(y, 4) for _, y in corners}
    if len(xs) != 2 or len(ys) != 2 or len(corners) not in (4, 5):
        return None
    (x0, x1), (y0, y1) = sorted(xs), sorted(ys)
    wide, high = x1 - x0, y1 - y0
    if min(wide, high) > _THICKEST * point or max(wide, high) <= _THICKEST * point:
        return None
    if high <= wide:
        return Rule(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2, high, point)
    return Rule((x0 + x1) / 2, y0, (x0 + x1) / 2, y1, wide, point)


def _rule(rule: Rule, was_filled: bool, filled: bool, state: dict[str, Any], dashes: list[float] | None) -> Iterator[Operator]:
    """Yield the operators that draw a ruling."""
    name, operands = state["fill" if was_filled else "stroke"]
    yield "q", []
    yield (name.lower() if filled else name.upper()), operands
    if filled:
        half = max(rule.thickness, 0.1 * rule.point) / 2  # a stroke of no width is as thin as the device can
        x, y = (rule.x0, rule.y0 - half) if rule.is_level else (rule.x0 - half, rule.y0)
        size = [rule.x1 - rule.x0, 2 * half] if rule.is_level else [2 * half, rule.y1 - rule.y0]
        yield "re", [float(x), float(y), *map(float, size)]
        yield "f", []
    else:
        yield "w", [rule.thickness]
        if dashes:
            yield "d", [[each * rule.point for each in dashes], 0]
        yield "m", [rule.x0, rule.y0]
        yield "l", [rule.x1, rule.y1]
        yield "S", []
    yield "Q", []


def pieces(length: float, gap: float = 0.0) -> Callable[[Rule], list[Rule]]:
    """Return how to draw a ruling in pieces of so many points, with a gap between them."""

    def cut(rule: Rule) -> list[Rule]:
        whole = (rule.x1 - rule.x0 if rule.is_level else rule.y1 - rule.y0) / rule.point
        count = max(1, round(whole / length))
        step = whole / count
        return [rule.moved(n * step, (n + 1) * step - whole - (gap if n < count - 1 else 0)) for n in range(count)]

    return cut


def as_it_is(rule: Rule) -> list[Rule]:
    """Draw a ruling as it is."""
    return [rule]


def doubled(rule: Rule) -> list[Rule]:
    """Draw a ruling as two thin ones, a point apart."""
    return [rule.moved(0, 0, -0.5), rule.moved(0, 0, 0.5)]


def longer(by: float) -> Callable[[Rule], list[Rule]]:
    """Return how to draw a ruling whose ends stand out, or fall short, by points."""
    return lambda rule: [rule.moved(-by, by)]


def on_white(pdf: PdfObjects) -> None:
    """Fill the page with white before anything is drawn."""
    for page in pdf.pages():
        box = [float(pdf.of(side)) for side in pdf.of(page["MediaBox"])]
        area = b"q 1 g %f %f %f %f re f Q\n" % (box[0], box[1], box[2] - box[0], box[3] - box[1])
        pdf.set_content(page, area + pdf.content(page))


RULINGS: Mapping[str, Callable[[PdfObjects], None]] = {
    "filled": drawn(as_it_is, filled=True),
    "stroked": drawn(as_it_is, filled=False),
    "in_pieces": drawn(pieces(7.0)),
    "dashed": drawn(as_it_is, filled=False, dashes=[2.0, 1.0]),
    "dotted": drawn(pieces(1.6, 0.8), filled=True),
    "doubled_rules": drawn(doubled),
    "short": drawn(longer(-1.0)),
    "overshooting": drawn(longer(0.8)),
    "on_white": on_white,
}
"""Ways by their names."""
