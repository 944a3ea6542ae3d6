"""What a page draws beside text: ruling lines, filled areas, images, in upright page coordinates.

Belongs here: path objects, also inside form XObjects, and the order in which a page draws. Does not belong here: what the lines
mean, what areas hide (`paint.py`).
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from itertools import pairwise, repeat
from typing import NamedTuple

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from numpy.typing import NDArray

from pipeline.document.content import Box, box_with
from pipeline.document.pdf.dotted_lines import lines_of_dots
from pipeline.document.pdf.pdfium import (
    BOUNDS,
    COLOUR,
    COLOUR_AT,
    COLOURS,
    INTEGER,
    POINTER,
    POINTS,
    SIDES,
    Answers,
    PageOrientation,
    address,
    at,
    bind,
    count_segments,
    fill_colour,
    object_bounds,
    segment_point,
)

_page_object = bind(raw.FPDFPage_GetObject, POINTER)
_form_object = bind(raw.FPDFFormObj_GetObject, POINTER, POINTER, ctypes.c_ulong)
_object_type = bind(raw.FPDFPageObj_GetType, INTEGER, POINTER)
_object_matrix = bind(raw.FPDFPageObj_GetMatrix, INTEGER, POINTER)
_draw_mode = bind(raw.FPDFPath_GetDrawMode, INTEGER, POINTER)
_segment = bind(raw.FPDFPath_GetPathSegment, POINTER, POINTER)
_segment_type = bind(raw.FPDFPathSegment_GetType, INTEGER, POINTER)
_stroke_colour = bind(raw.FPDFPageObj_GetStrokeColor, INTEGER, POINTER)
_segment_close = bind(raw.FPDFPathSegment_GetClose, INTEGER, POINTER)


@dataclass(frozen=True, slots=True)
class DrawingSettings:
    """What of a drawing is a ruling, and how much of it is looked at."""

    thin: float = 3.0
    """Points. A drawn rectangle up to this thickness is a ruling line: rules are a half to two, print is higher.

    Same from 1.5 to 6 (measured as in `document/tables/settings.py`).
    """
    straight: float = 0.5
    """Points. A stroked edge that rises or leans by more is no ruling."""
    most_objects: int = 200_000
    """Objects of one page. With more it is no document; a page of ten thousand glyphs drawn singly has a twentieth."""
    most_segments: int = 20_000
    """Segments of one path. A longer path is a picture, not the lines of a table."""
    deepest_form: int = 6
    """Form XObjects inside one another. Writers nest two or three; deeper ones may be endless."""


DRAWING = DrawingSettings()

WHITE_FROM = 0xF8
"""Red, green and blue from this value on are the colour of paper."""


Matrix = tuple[float, float, float, float, float, float]
"""An affine map, as PDF has it."""


class Ruling(NamedTuple):
    """A ruling line: `at` is its y (horizontal) or x (vertical), running from `start` to `end` on the other axis."""

    at: float
    start: float
    end: float


ruling_with: Callable[[Iterable[float]], Ruling] = partial(tuple.__new__, Ruling)


class Area(NamedTuple):
    """A filled path that is no ruling: the box around it, when it is drawn, its handle, and the matrix of the form that it is in."""

    box: Box
    drawn: int
    handle: int
    outer: Matrix | None


@dataclass(slots=True)
class Drawing:
    """What a page draws beside text. Handles are those of the loaded page.

    Attributes:
        horizontal, vertical: ruling lines.
        white: ruling lines in the colour of paper, as boxes: they show only on a tinted area.
        fills: filled areas with straight edges, too thick for a ruling.
        images: where pictures stand.
        areas: filled paths of whatever form, in the order in which they are drawn.
        objects: handles of all objects that are drawn one after the other, in order: their places are the numbers of `Area.drawn`.
        first_text: when the first text is drawn.
    """

    horizontal: list[Ruling]
    vertical: list[Ruling]
    fills: list[Box]
    images: list[Box]
    areas: list[Area]
    objects: list[int]
    white: list[Box]
    first_text: int


def drawing(page: pdfium.PdfPage, place: PageOrientation, settings: DrawingSettings = DRAWING) -> Drawing:
    """Return the ruling lines, filled areas and images of a page, also from inside form XObjects.

    Raises:
        TooManyObjects: the page draws so many objects that it is no document.
    """
    found = _Found([], [], [], [], [], [], [], [], settings, settings.most_objects)
    count = raw.FPDFPage_CountObjects(page.raw)
    _collect(map(_page_object, repeat(at(address(page)), count), range(count)), count, None, found, 0)
    result = Drawing([], [], [], [], [], found.objects, [], found.first_text)
    if found.dots:
        found.lines += lines_of_dots(np.concatenate(found.dots), settings.thin)
    if found.images:
        result.images = _boxes(found.images, place)
    if found.thin or found.lines:
        lines = np.concatenate((*found.thin, np.array(found.lines, np.float32).reshape(-1, SIDES)))
        result.horizontal, result.vertical = directed(place.cut(place.upright(lines)))
    if found.white:
        result.white = _boxes(found.white, place)
    if found.fills:
        result.fills = _boxes(found.fills, place)
    if found.areas:
        boxes = map(box_with, place.upright(np.array([bounds for bounds, *_ in found.areas], np.float32)).tolist())
        result.areas = [Area(box, drawn, handle, outer) for box, (_, drawn, handle, outer) in zip(boxes, found.areas, strict=True)]
    return result


def _boxes(bounds: Sequence[_Bounds], place: PageOrientation) -> list[Box]:
    """Return the boxes of page space that the upright page shows, or a part of them."""
    boxes = place.upright(np.array(bounds, np.float32))
    return list(map(box_with, boxes[place.shows(boxes)].tolist()))


_Places = NDArray[np.float64]


def directed(lines: Sequence[Sequence[float]] | NDArray[np.float32]) -> tuple[list[Ruling], list[Ruling]]:
    """Return lines, given as x0 y0 x1 y1 on the upright page, as horizontal and vertical rulings."""
    x0, y0, x1, y1 = np.array(lines, np.float64).reshape(-1, SIDES).T
    level = x1 - x0 >= y1 - y0
    return _rulings((y0 + y1) / 2, x0, x1, level), _rulings((x0 + x1) / 2, y0, y1, ~level)


def _rulings(at: _Places, start: _Places, end: _Places, which: NDArray[np.bool_]) -> list[Ruling]:
    return list(map(ruling_with, zip(at[which].tolist(), start[which].tolist(), end[which].tolist(), strict=True)))


class TooManyObjects(Exception):
    """A page draws more objects than its only argument."""


_Bounds = tuple[float, float, float, float]


@dataclass(slots=True)
class _Found:
    thin: list[NDArray[np.float32]]
    lines: list[_Bounds]
    white: list[_Bounds]
    fills: list[_Bounds]
    areas: list[tuple[_Bounds, int, int, Matrix | None]]
    images: list[_Bounds]
    objects: list[int]
    dots: list[NDArray[np.float32]]
    settings: DrawingSettings
    first_text: int


def _collect(handles: Iterator[int], count: int, outer: Matrix | None, found: _Found, depth: int) -> None:
    if len(found.objects) + count > found.settings.most_objects:
        raise TooManyObjects(found.settings.most_objects)
    objects = list(handles)
    kinds = bytes(map(_object_type, objects))
    for handle, kind in zip(objects, kinds, strict=True) if _IMAGE in kinds else ():
        if kind == _IMAGE and object_bounds(handle, *_SIDES_AT):
            found.images.append(transform(list(_extent), outer) if outer else (_extent[0], _extent[1], _extent[2], _extent[3]))
    start = 0
    for form in [n for n, kind in enumerate(kinds) if kind == _FORM] if _FORM in kinds and depth < found.settings.deepest_form else ():
        _paths(objects[start:form], kinds[start:form], outer, found)
        start = form + 1
        inner = raw.FPDFFormObj_CountObjects(ctypes.cast(objects[form], raw.FPDF_PAGEOBJECT))
        if inner > 0:
            matrix = multiply(matrix_of(objects[form]), outer)
            _collect(map(_form_object, repeat(objects[form], inner), range(inner)), inner, matrix, found, depth + 1)
    _paths(objects[start:], kinds[start:], outer, found)


_PATH, _IMAGE, _FORM, _TEXT = raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM, raw.FPDF_PAGEOBJ_TEXT
_UNMOVED: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_extent = (ctypes.c_float * SIDES)()
_SIDES_AT = [ctypes.byref(_extent, ctypes.sizeof(ctypes.c_float) * side) for side in range(SIDES)]
_modes = Answers(np.int32, 2, 2)  # fill, stroke
_matrices = Answers(np.float32, len(_UNMOVED), 1)


def _paths(objects: list[int], kinds: bytes, outer: Matrix | None, found: _Found) -> None:
    """Sort the painted paths among objects into rulings and fills. Bounds decide for thin ones, the path itself for the others."""
    before = len(found.objects)
    found.objects += objects
    if _TEXT in kinds:
        found.first_text = min(found.first_text, before + kinds.index(_TEXT))
    drawn = np.flatnonzero(np.frombuffer(kinds, np.uint8) == _PATH).tolist()
    handles = [objects[n] for n in drawn]
    count = len(handles)
    if not count:
        return
    bounds, modes = BOUNDS.of(object_bounds, handles)[0], _modes.of(_draw_mode, handles)[0]
    left, bottom, right, top = np.isfinite(bounds).T  # column by column: a tenth of the time of `all` along so short rows
    painted = ((modes[:, 0] | modes[:, 1]) != 0) & left & bottom & right & top
    if outer:
        bounds = _transformed(bounds, outer)
    wide, high = (bounds[:, 2:] - bounds[:, :2]).T
    thin = np.minimum(wide, high) <= found.settings.thin
    rulings = np.flatnonzero(painted & thin & (np.maximum(wide, high) > found.settings.thin))
    white = _are_white(handles, rulings.tolist(), modes)
    found.thin.append(bounds[rulings[~white]])
    found.white.extend(map(tuple, bounds[rulings[white]].tolist()))
    if len(dots := np.flatnonzero(painted & thin & (np.maximum(wide, high) <= found.settings.thin))):
        found.dots.append(bounds[dots[~_are_white(handles, dots.tolist(), modes)]])
    thick = np.flatnonzero(painted & ~thin)
    if not len(thick):
        return
    stroked = []
    for index, box, (filled, strokes) in zip(thick.tolist(), bounds[thick].tolist(), modes[thick].tolist(), strict=True):
        stroked.append(bool(strokes))
        if filled:
            found.areas.append((tuple(box), before + drawn[index], handles[index], outer))
    _thick([handles[index] for index in thick.tolist()], stroked, outer, found)


def _are_white(handles: list[int], wanted: list[int], modes: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Tell which of the wanted paths are drawn in the colour of paper."""
    white = np.zeros(len(wanted), np.bool_)
    strokes = modes[wanted, 1] != 0
    for ask, asked in ((_stroke_colour, np.flatnonzero(strokes)), (fill_colour, np.flatnonzero(~strokes))):
        if len(asked):
            colours, _ = COLOURS.of(ask, [handles[wanted[n]] for n in asked.tolist()])
            red, green, blue, _ = (colours >= WHITE_FROM).T
            white[asked] = red & green & blue
    return white


def _thick(handles: list[int], stroked: list[bool], outer: Matrix | None, found: _Found) -> None:
    """Take paths apart that are more than one thin line: stroked edges and thin filled parts are rulings."""
    thin = found.settings.thin
    dots: list[_Bounds] = []
    counts = [count if count <= found.settings.most_segments else 0 for count in map(count_segments, handles)]
    for outline, is_stroked in zip(outlines(handles, counts, outer), stroked, strict=True):
        if is_stroked:
            is_white = _stroke_colour(outline.handle, *COLOUR_AT) and min(COLOUR[:3]) >= WHITE_FROM
            lines = found.white if is_white else found.lines
            for edge in _edges(outline):
                thickness, length = sorted((edge[2] - edge[0], edge[3] - edge[1]))
                if thickness <= found.settings.straight and (length > thin or not is_white):
                    (lines if length > thin else dots).append(edge)
            continue
        for box in subpaths(outline):
            thickness, length = sorted((box[2] - box[0], box[3] - box[1]))
            if thickness > thin:
                found.fills.append(box)
            else:
                (found.lines if length > thin else dots).append(box)
    if dots:
        found.dots.append(np.array(dots, np.float32))


class Outline(NamedTuple):
    """The points of a path in page space, and for each the segment that leads to it and its kind."""

    handle: int
    segments: Sequence[int]
    kinds: Sequence[int]
    xs: Sequence[float]
    ys: Sequence[float]


_POINTS_AT_ONCE = 20_000  # of outlines: as many as a page has, and no more memory than two megabytes


def outlines(handles: Sequence[int], counts: Sequence[int], outer: Matrix | None) -> Iterator[Outline]:
    """Yield the outlines of paths that one form, or none, holds. The points of several are asked for at once: most are rectangles.

    Args:
        handles: of the paths.
        counts: how many segments each has.
        outer: the matrix of the form.
    """
    matrices, known = _matrices.of(_object_matrix, list(handles))
    inner = [tuple(matrix) if is_known else _UNMOVED for matrix, is_known in zip(matrices.tolist(), known, strict=True)]
    start = 0
    while start < len(handles):
        end, points = start + 1, counts[start]
        while end < len(handles) and points + counts[end] <= _POINTS_AT_ONCE:
            points += counts[end]
            end += 1
        own = counts[start:end]
        paths = [handle for handle, count in zip(handles[start:end], own, strict=True) for _ in range(count)]
        segments = list(map(_segment, paths, [place for count in own for place in range(count)]))
        kinds = list(map(_segment_type, segments))
        places = POINTS.of(segment_point, segments)[0].tolist()
        at = 0
        for n, count in enumerate(own, start):
            a, b, c, d, e, f = multiply(inner[n], outer)
            part = slice(at, at + count)
            xs, ys = [a * x + c * y + e for x, y in places[part]], [b * x + d * y + f for x, y in places[part]]
            yield Outline(handles[n], segments[part], kinds[part], xs, ys)
            at += count
        start = end


def _edges(outline: Outline) -> Iterator[_Bounds]:
    """Yield the straight edges of a path as boxes without thickness."""
    first = last = (0.0, 0.0)
    for segment, kind, x, y in zip(*outline[1:], strict=True):
        if kind == raw.FPDF_SEGMENT_MOVETO:
            first = (x, y)
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield min(x, last[0]), min(y, last[1]), max(x, last[0]), max(y, last[1])
        last = (x, y)
        if _segment_close(segment):
            yield min(x, first[0]), min(y, first[1]), max(x, first[0]), max(y, first[1])


def subpaths(outline: Outline) -> Iterator[_Bounds]:
    """Yield the bounds of each subpath that has straight edges only."""
    _, _, kinds, xs, ys = outline
    starts = [n for n, kind in enumerate(kinds) if n and kind == raw.FPDF_SEGMENT_MOVETO]
    for start, end in pairwise([0, *starts, len(kinds)]):
        if end - start > 1 and raw.FPDF_SEGMENT_BEZIERTO not in kinds[start:end]:
            own_xs, own_ys = xs[start:end], ys[start:end]
            yield min(own_xs), min(own_ys), max(own_xs), max(own_ys)


def matrix_of(handle: int) -> Matrix:
    """Return the matrix of an object, the identity where it has none."""
    matrices, (is_known,) = _matrices.of(_object_matrix, [handle])
    return tuple(matrices[0].tolist()) if is_known else _UNMOVED


def multiply(inner: Matrix, outer: Matrix | None) -> Matrix:
    """Return the map that is first `inner`, then `outer`."""
    if outer is None:
        return inner
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _transformed(bounds: NDArray[np.float32], matrix: Matrix) -> NDArray[np.float32]:
    """Return many boxes as `transform` maps each of them, with its digits."""
    a, b, c, d, e, f = matrix
    left, bottom, right, top = bounds.astype(np.float64).T
    with np.errstate(all="ignore"):  # of what a page does not paint, bounds may be no numbers
        xs = [a * x + c * y + e for x, y in ((left, bottom), (right, bottom), (left, top), (right, top))]
        ys = [b * x + d * y + f for x, y in ((left, bottom), (right, bottom), (left, top), (right, top))]
        sides = (reduce(np.minimum, xs), reduce(np.minimum, ys), reduce(np.maximum, xs), reduce(np.maximum, ys))
        return np.stack(sides, axis=1).astype(np.float32)


def transform(bounds: Sequence[float], matrix: Matrix) -> _Bounds:
    """Return the box around a box (left, bottom, right, top) that a matrix maps."""
    a, b, c, d, e, f = matrix
    left, bottom, right, top = bounds
    xs = [a * x + c * y + e for x, y in ((left, bottom), (right, bottom), (left, top), (right, top))]
    ys = [b * x + d * y + f for x, y in ((left, bottom), (right, bottom), (left, top), (right, top))]
    return min(xs), min(ys), max(xs), max(ys)
