"""What the objects of an OFD page draw: characters with their boxes, and ruling lines; in points, from the top left.

Belongs here: the geometry of text and path objects (GB/T 33190). Does not belong here: parts of the file (`ofd_reader.py`), tables.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

from lxml import etree

from pipeline.document.content import Box, UnreadableDocument
from pipeline.document.pdf.drawing import Ruling

POINT = 72 / 25.4
"""Points of a millimetre: OFD measures in these."""

MOST_OBJECTS = 200_000
"""Objects of a page: a table of a thousand cells has some thousands."""

_MOST_DEEP = 50
_ASCENT, _DESCENT = 0.86, 0.14  # of the size: what a Chinese font has above and below its baseline
_LATIN = 0x1100  # from this code on a character is as wide as it is high, before it half as wide
_LEVEL = 0.6  # points by which a line may slope
_THICK = 3.0  # points: a filled area that is thinner is a ruling
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_PATH = re.compile(rf"[MSLQBAC]|{_NUMBER.pattern}")
_OPERANDS = {"M": 2, "S": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
_MOST_REPEATED = 100_000  # characters of one text
_TRUE, _FALSE = ("true", "1"), ("false", "0")

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]


class Character(NamedTuple):
    """A character of a page, its box, the number of the text object that draws it, and whether that draws it so that it does not show."""

    text: str
    box: Box
    drawn_by: int
    invisible: bool


@dataclass(slots=True)
class PageObjects:
    """What was drawn so far: characters in the order of the file; rulings; pictures.

    Attributes:
        factor: by which the page is enlarged.
        characters: all of them.
        horizontal, vertical: rulings.
        pictures: where each stands.
    """

    factor: float = 1.0
    characters: list[Character] = field(default_factory=list)
    horizontal: list[Ruling] = field(default_factory=list)
    vertical: list[Ruling] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    _seen: int = 0

    def add(self, content: Any, depth: int = 0) -> None:
        """Add what the layers and blocks of a page's content draw.

        Raises:
            UnreadableDocument: there are too many objects, or blocks too deep.
        """
        if depth > _MOST_DEEP:
            raise UnreadableDocument(f"The blocks of a page are nested more than {_MOST_DEEP} deep.")
        for node in content:
            if not isinstance(node.tag, str) or node.get("Visible") in _FALSE:
                continue
            self._seen += 1
            if self._seen > MOST_OBJECTS:
                raise UnreadableDocument(f"The page draws more than {MOST_OBJECTS} objects.")
            kind = etree.QName(node).localname
            if kind in ("Layer", "PageBlock"):
                self.add(node, depth + 1)
            elif kind == "TextObject":
                self._text(node)
            elif kind == "PathObject":
                self._path(node)
            elif kind == "ImageObject":
                left, top, wide, high = (side * POINT * self.factor for side in _boundary(node))
                self.pictures.append(Box(left, top, left + wide, top + high))

    @property
    def read(self) -> list[Character]:
        """The visible characters; of a page that shows none the layer that text recognition laid over its picture."""
        return [character for character in self.characters if not character.invisible] or self.characters

    def _text(self, node: Any) -> None:
        size, (horizontal, vertical) = _number(node, "Size", 0.0), _boundary(node)[:2]
        matrix, stretch, invisible = _matrix(node), _number(node, "HScale", 1.0), _is_invisible(node)
        if size <= 0 or node.get("ReadDirection", "0") not in ("0", "180"):
            return
        x = y = 0.0
        for code in node.iterfind("{*}TextCode"):
            characters = code.text or ""
            x, y = _number(code, "X", x), _number(code, "Y", y)
            across, down = (_deltas(code.get(name), len(characters)) for name in ("DeltaX", "DeltaY"))
            at = x, y
            for n, character in enumerate(characters):
                wide = size * stretch * (1.0 if ord(character) >= _LATIN else 0.5)
                step = across[n] if n < len(across) else 0.0 if n < len(down) else wide
                if not character.isspace():
                    advance = min(wide, step) if step > 0 else wide
                    corners = [
                        self._placed((at[0] + dx, at[1] + dy), matrix, horizontal, vertical)
                        for dx in (0, advance)
                        for dy in (-_ASCENT * size, _DESCENT * size)
                    ]
                    self._character(character, corners, invisible=invisible)
                at = at[0] + step, at[1] + (down[n] if n < len(down) else 0.0)

    def _character(self, character: str, corners: Sequence[Point], *, invisible: bool) -> None:
        xs, ys = zip(*corners, strict=True)
        self.characters.append(Character(character, Box(min(xs), min(ys), max(xs), max(ys)), self._seen, invisible))

    def _path(self, node: Any) -> None:
        data = node.find("{*}AbbreviatedData")
        if data is None or not data.text:
            return
        horizontal, vertical = _boundary(node)[:2]
        matrix = _matrix(node)
        stroked, filled = node.get("Stroke", "true") in _TRUE, node.get("Fill", "false") in _TRUE
        for points in _figures(data.text):
            placed = [self._placed(point, matrix, horizontal, vertical) for point in points]
            if stroked:
                for one, other in pairwise(placed):
                    self._ruling(one, other)
            elif filled:
                self._thin_area(placed)

    def _placed(self, point: Point, matrix: Matrix, left: float, top: float) -> Point:
        """Return a point of an object on its page, in points."""
        (x, y), (a, b, c, d, e, f) = point, matrix
        scale = POINT * self.factor
        return (left + a * x + c * y + e) * scale, (top + b * x + d * y + f) * scale

    def _ruling(self, one: Point, other: Point) -> None:
        (x0, y0), (x1, y1) = one, other
        if abs(y1 - y0) <= _LEVEL < abs(x1 - x0):
            self.horizontal.append(Ruling((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif abs(x1 - x0) <= _LEVEL < abs(y1 - y0):
            self.vertical.append(Ruling((x0 + x1) / 2, min(y0, y1), max(y0, y1)))

    def _thin_area(self, points: Sequence[Point]) -> None:
        xs, ys = zip(*points, strict=True)
        wide, high = max(xs) - min(xs), max(ys) - min(ys)
        if high <= _THICK < wide:
            self.horizontal.append(Ruling((min(ys) + max(ys)) / 2, min(xs), max(xs)))
        elif wide <= _THICK < high:
            self.vertical.append(Ruling((min(xs) + max(xs)) / 2, min(ys), max(ys)))


def numbers_of(text: str | None) -> list[float]:
    """Return the numbers of an attribute or element: `0 0 210 297`."""
    return [value for match in _NUMBER.findall(text or "") if math.isfinite(value := float(match))]


def _is_invisible(node: Any) -> bool:
    """Tell whether a text object is wholly transparent, or its characters are neither filled nor stroked."""
    return not _number(node, "Alpha", 255) or (node.get("Fill", "true") in _FALSE and node.get("Stroke", "false") not in _TRUE)


def _number(node: Any, name: str, otherwise: float) -> float:
    found = numbers_of(node.get(name))
    return found[0] if found else otherwise


def _boundary(node: Any) -> tuple[float, float, float, float]:
    found = numbers_of(node.get("Boundary"))
    return (found[0], found[1], found[2], found[3]) if len(found) == 4 else (0.0, 0.0, 0.0, 0.0)


def _matrix(node: Any) -> Matrix:
    found = numbers_of(node.get("CTM"))
    return (found[0], found[1], found[2], found[3], found[4], found[5]) if len(found) == 6 else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def _deltas(text: str | None, characters: int) -> list[float]:
    """Return the advances from character to character: `g 3 4.2` says 4.2 three times."""
    found: list[float] = []
    parts = iter((text or "").split())
    for part in parts:
        if part == "g":
            count, step = next(parts, ""), next(parts, "")
            if count.isdigit():
                found += numbers_of(step)[:1] * min(int(count), characters, _MOST_REPEATED)
        else:
            found += numbers_of(part)[:1]
        if len(found) >= characters:
            break
    return found


def _figures(data: str) -> Iterator[list[Point]]:
    """Yield the corners of each figure of a path; a curve goes straight to its end: it is no ruling either way."""
    tokens = _PATH.findall(data)
    points: list[Point] = []
    at = 0
    while at < len(tokens):
        command = tokens[at]
        count = _OPERANDS.get(command)
        operands = tokens[at + 1 : at + 1 + (count or 0)]
        if count is None or len(operands) < count or any(operand in _OPERANDS for operand in operands):
            at += 1
            continue
        at += 1 + count
        if command == "C":
            points += points[:1]
            continue
        end = float(operands[-2]), float(operands[-1])
        if command in "MS":
            if len(points) > 1:
                yield points
            points = [end]
        else:
            points.append(end)
    if len(points) > 1:
        yield points
