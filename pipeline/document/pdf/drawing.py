"""What a page draws beside text: ruling lines, filled areas, images, in upright page coordinates.

Belongs here: path objects, also inside form XObjects, and in which order a page draws. Does not belong here: what the lines mean.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import repeat
from typing import NamedTuple

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from pipeline.document.model import Box, UnreadableDocument
from pipeline.document.pdf.pdfium import INTEGER, POINTER, Placement, address, bind, object_bounds, segment_point

_page_object = bind(raw.FPDFPage_GetObject, POINTER, POINTER, INTEGER)
_form_object = bind(raw.FPDFFormObj_GetObject, POINTER, POINTER, ctypes.c_ulong)
_object_type = bind(raw.FPDFPageObj_GetType, INTEGER, POINTER)
_object_matrix = bind(raw.FPDFPageObj_GetMatrix, INTEGER, POINTER, POINTER)
_draw_mode = bind(raw.FPDFPath_GetDrawMode, INTEGER, POINTER, POINTER, POINTER)
_count_segments = bind(raw.FPDFPath_CountSegments, INTEGER, POINTER)
_segment = bind(raw.FPDFPath_GetPathSegment, POINTER, POINTER, INTEGER)
_segment_type = bind(raw.FPDFPathSegment_GetType, INTEGER, POINTER)
_segment_close = bind(raw.FPDFPathSegment_GetClose, INTEGER, POINTER)
_fill_colour = bind(raw.FPDFPageObj_GetFillColor, INTEGER, POINTER, POINTER, POINTER, POINTER, POINTER)
_is_transparent = bind(raw.FPDFPageObj_HasTransparency, INTEGER, POINTER)
_clip_path = bind(raw.FPDFPageObj_GetClipPath, POINTER, POINTER)
_clip_paths = bind(raw.FPDFClipPath_CountPaths, INTEGER, POINTER)
_clip_segments = bind(raw.FPDFClipPath_CountPathSegments, INTEGER, POINTER, INTEGER)
_clip_segment = bind(raw.FPDFClipPath_GetPathSegment, POINTER, POINTER, INTEGER, INTEGER)


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


class Ruling(NamedTuple):
    """A ruling line: `at` is its y (horizontal) or x (vertical), running from `start` to `end` on the other axis."""

    at: float
    start: float
    end: float


class Cover(NamedTuple):
    """An opaque filled area, and when it is drawn: what was drawn there before does not show."""

    box: Box
    drawn: int


@dataclass(slots=True)
class Drawing:
    """What a page draws beside text.

    Attributes:
        horizontal, vertical: ruling lines.
        fills: filled areas too thick for a ruling.
        images: how many image objects there are.
        covers: opaque areas that are filled after some text was drawn, in the order in which they are drawn.
        texts: when each text object is drawn, by its handle; the numbers are comparable with `Cover.drawn`.
    """

    horizontal: list[Ruling]
    vertical: list[Ruling]
    fills: list[Box]
    images: int
    covers: list[Cover] = field(default_factory=list)
    texts: dict[int, int] = field(default_factory=dict)


def drawing(page: pdfium.PdfPage, place: Placement, settings: DrawingSettings = DRAWING) -> Drawing:
    """Return the ruling lines, filled areas and images of a page, also from inside form XObjects.

    Raises:
        UnreadableDocument: the page draws so many objects that it is no document.
    """
    found = _Found([], [], [], [], {}, 0, 0, settings)
    count = raw.FPDFPage_CountObjects(page.raw)
    _collect(map(_page_object, repeat(address(page), count), range(count)), count, None, found, 0)
    result = Drawing([], [], [], found.images, texts=found.texts)
    if found.lines:
        for x0, y0, x1, y1 in place.upright(np.array(found.lines, np.float32)).tolist():
            if x1 - x0 >= y1 - y0:
                result.horizontal.append(Ruling((y0 + y1) / 2, x0, x1))
            else:
                result.vertical.append(Ruling((x0 + x1) / 2, y0, y1))
    if found.fills:
        result.fills = [Box(*box) for box in place.upright(np.array(found.fills, np.float32)).tolist()]
    if found.covers:
        boxes = place.upright(np.array(found.covers, np.float32)).tolist()
        result.covers = [Cover(Box(*box), drawn) for box, drawn in zip(boxes, found.covered, strict=True)]
    return result


_Matrix = tuple[float, float, float, float, float, float]
_Bounds = tuple[float, float, float, float]


@dataclass(slots=True)
class _Found:
    """What was found; `covered` says of each of the covers when it was drawn."""

    lines: list[_Bounds]
    fills: list[_Bounds]
    covers: list[_Bounds]
    covered: list[int]
    texts: dict[int, int]
    images: int
    objects: int
    settings: DrawingSettings


def _collect(handles: Iterator[int], count: int, outer: _Matrix | None, found: _Found, depth: int) -> None:
    if found.objects + count > found.settings.most_objects:
        raise UnreadableDocument(f"A page draws more than {found.settings.most_objects} objects.")
    objects = list(handles)
    kinds = list(map(_object_type, objects))
    found.images += kinds.count(_IMAGE)
    start = 0
    for end in [n for n, kind in enumerate(kinds) if kind == _FORM] if depth < found.settings.deepest_form else ():
        _drawn(objects[start:end], kinds[start:end], outer, found)
        start = end + 1
        inner = raw.FPDFFormObj_CountObjects(ctypes.cast(objects[end], raw.FPDF_PAGEOBJECT))
        if inner > 0:
            matrix = _multiply(_matrix_of(objects[end]), outer)
            _collect(map(_form_object, repeat(objects[end], inner), range(inner)), inner, matrix, found, depth + 1)
    _drawn(objects[start:], kinds[start:], outer, found)


def _drawn(objects: list[int], kinds: list[int], outer: _Matrix | None, found: _Found) -> None:
    """Take what is drawn one after the other, no form between."""
    first = found.objects
    found.objects += len(objects)
    for n, kind in enumerate(kinds, first):
        if kind == _TEXT:
            found.texts[objects[n - first]] = n
    paths = [n for n, kind in enumerate(kinds) if kind == _PATH]
    _paths([objects[n] for n in paths], [first + n for n in paths], outer, found)


_PATH, _IMAGE, _FORM, _TEXT = raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM, raw.FPDF_PAGEOBJ_TEXT
_BYTES = 4  # of a C float or int
_SIDES = 4  # left bottom right top
_MATRIX = 6  # numbers of an affine map
_point = (ctypes.c_float * 2)()
_X_AT, _Y_AT = ctypes.addressof(_point), ctypes.addressof(_point) + _BYTES
_matrix = (ctypes.c_float * _MATRIX)()
_MATRIX_AT = ctypes.addressof(_matrix)
_colour = (ctypes.c_uint * 4)()
_COLOUR_AT = [ctypes.addressof(_colour) + _BYTES * n for n in range(4)]


def _paths(handles: list[int], drawn: list[int], outer: _Matrix | None, found: _Found) -> None:
    """Sort painted paths into rulings and fills. Bounds decide for thin ones, the path itself for the others."""
    count = len(handles)
    if not count:
        return
    bounds, modes = np.zeros((count, _SIDES), np.float32), np.zeros((count, 2), np.int32)  # left bottom right top; fill, stroke
    box, side, first = _SIDES * _BYTES, bounds.ctypes.data, modes.ctypes.data
    sides = [range(at, at + box * count, box) for at in range(side, side + box, _BYTES)]
    deque(map(object_bounds, handles, *sides), maxlen=0)
    deque(map(_draw_mode, handles, *(range(at, at + 2 * _BYTES * count, 2 * _BYTES) for at in (first, first + _BYTES))), maxlen=0)
    painted = modes.any(axis=1) & np.isfinite(bounds).all(axis=1)
    if outer:
        bounds = np.array([_transform(bound, outer) for bound in bounds.tolist()], np.float32)
    extent = bounds[:, 2:] - bounds[:, :2]
    thin = extent.min(axis=1) <= found.settings.thin
    found.lines.extend(map(tuple, bounds[painted & thin & (extent.max(axis=1) > found.settings.thin)].tolist()))
    for index in np.flatnonzero(painted & ~thin).tolist():
        filled, stroked = modes[index].tolist()
        if filled and found.texts and not _is_transparent(handles[index]) and _fill_colour(handles[index], *_COLOUR_AT):
            _cover(handles[index], drawn[index], outer, found)
        _thick(handles[index], bool(stroked), outer, found)


def _cover(handle: int, drawn: int, outer: _Matrix | None, found: _Found) -> None:
    """Take an opaque path as areas that cover what was drawn before, as far as its clip shows them."""
    segments = _count_segments(handle)
    if segments > found.settings.most_segments:
        return
    left, bottom, right, top = -np.inf, -np.inf, np.inf, np.inf
    for x, y in clip_extents(handle):
        left, bottom, right, top = max(left, x[0]), max(bottom, y[0]), min(right, x[1]), min(top, y[1])
    if outer and np.isfinite((left, bottom, right, top)).all():
        left, bottom, right, top = _transform([left, bottom, right, top], outer)
    for x0, y0, x1, y1 in _subpaths(handle, segments, _multiply(_matrix_of(handle), outer)):
        shown = (max(x0, left), max(y0, bottom), min(x1, right), min(y1, top))
        if min(shown[2] - shown[0], shown[3] - shown[1]) > found.settings.thin:
            found.covers.append(shown)
            found.covered.append(drawn)


def clip_extents(handle: int) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """Yield the extent of each path of an object's clip: lowest and highest x, lowest and highest y."""
    path = _clip_path(handle)
    for index in range(max(_clip_paths(path), 0) if path else 0):
        xs: list[float] = []
        ys: list[float] = []
        for step in range(_clip_segments(path, index)):
            segment = _clip_segment(path, index, step)
            if segment and segment_point(segment, _X_AT, _Y_AT):
                xs.append(_point[0])
                ys.append(_point[1])
        if xs:
            yield (min(xs), max(xs)), (min(ys), max(ys))


def _thick(handle: int, stroked: bool, outer: _Matrix | None, found: _Found) -> None:
    """Take a path apart that is more than one thin line: stroked edges and thin filled parts are rulings."""
    segments = _count_segments(handle)
    if segments > found.settings.most_segments:
        return
    matrix, thin = _multiply(_matrix_of(handle), outer), found.settings.thin
    if stroked:
        for edge in _edges(handle, segments, matrix):
            thickness, length = sorted((edge[2] - edge[0], edge[3] - edge[1]))
            if thickness <= found.settings.straight and length > thin:
                found.lines.append(edge)
        return
    for box in _subpaths(handle, segments, matrix):
        thickness, length = sorted((box[2] - box[0], box[3] - box[1]))
        if thickness > thin:
            found.fills.append(box)
        elif length > thin:
            found.lines.append(box)


def _points(handle: int, segments: int, matrix: _Matrix) -> Iterator[tuple[int, bool, float, float]]:
    a, b, c, d, e, f = matrix
    for index in range(segments):
        segment = _segment(handle, index)
        if segment and segment_point(segment, _X_AT, _Y_AT):
            x, y = _point
            yield _segment_type(segment), bool(_segment_close(segment)), a * x + c * y + e, b * x + d * y + f


def _edges(handle: int, segments: int, matrix: _Matrix) -> Iterator[_Bounds]:
    """Yield the straight edges of a path as boxes without thickness."""
    first = last = (0.0, 0.0)
    for kind, closes, x, y in _points(handle, segments, matrix):
        if kind == raw.FPDF_SEGMENT_MOVETO:
            first = (x, y)
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield min(x, last[0]), min(y, last[1]), max(x, last[0]), max(y, last[1])
        last = (x, y)
        if closes:
            yield min(x, first[0]), min(y, first[1]), max(x, first[0]), max(y, first[1])


def _subpaths(handle: int, segments: int, matrix: _Matrix) -> Iterator[_Bounds]:
    """Yield the bounds of each subpath that has straight edges only."""
    xs: list[float] = []
    ys: list[float] = []
    straight = True
    for kind, _, x, y in _points(handle, segments, matrix):
        if kind == raw.FPDF_SEGMENT_MOVETO:
            if straight and len(xs) > 1:
                yield min(xs), min(ys), max(xs), max(ys)
            xs, ys, straight = [], [], True
        straight = straight and kind != raw.FPDF_SEGMENT_BEZIERTO
        xs.append(x)
        ys.append(y)
    if straight and len(xs) > 1:
        yield min(xs), min(ys), max(xs), max(ys)


def _matrix_of(handle: int) -> _Matrix:
    if not _object_matrix(handle, _MATRIX_AT):
        return (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    return tuple(_matrix)


def _multiply(inner: _Matrix, outer: _Matrix | None) -> _Matrix:
    if outer is None:
        return inner
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _transform(bounds: list[float], matrix: _Matrix) -> _Bounds:
    a, b, c, d, e, f = matrix
    left, bottom, right, top = bounds
    xs = [a * x + c * y + e for x, y in ((left, bottom), (right, bottom), (left, top), (right, top))]
    ys = [b * x + d * y + f for x, y in ((left, bottom), (right, bottom), (left, top), (right, top))]
    return min(xs), min(ys), max(xs), max(ys)
