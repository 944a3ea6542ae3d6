"""What pdfium says of a page: glyphs of the text layer and ruling lines, in upright page coordinates.

Belongs here: every call into pdfium that reading needs, in bulk (one C-level loop per kind of call, no Python per glyph).
Does not belong here: runs of text, grids, anything that decides what a table is.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from numpy.typing import NDArray

from pipeline.characters import mend
from pipeline.readers.page import Box, UnreadableDocument

Floats = NDArray[np.float32]

_P, _I, _F = ctypes.c_void_p, ctypes.c_int, ctypes.c_float


def _bind(function: Any, result: Any, *arguments: Any) -> Any:
    """Return `function` of pdfium taking plain addresses and integers: thrice as fast as the checked binding."""
    return ctypes.PYFUNCTYPE(result, *arguments)(ctypes.cast(function, _P).value or 0)


_char_box = _bind(raw.FPDFText_GetLooseCharBox, _I, _P, _I, _P)
_char_unicode = _bind(raw.FPDFText_GetUnicode, ctypes.c_uint, _P, _I)
_char_angle = _bind(raw.FPDFText_GetCharAngle, _F, _P, _I)
_char_object = _bind(raw.FPDFText_GetTextObject, _P, _P, _I)
_char_error = _bind(raw.FPDFText_HasUnicodeMapError, _I, _P, _I)
_page_object = _bind(raw.FPDFPage_GetObject, _P, _P, _I)
_form_object = _bind(raw.FPDFFormObj_GetObject, _P, _P, ctypes.c_ulong)
_object_type = _bind(raw.FPDFPageObj_GetType, _I, _P)
_object_bounds = _bind(raw.FPDFPageObj_GetBounds, _I, _P, _P, _P, _P, _P)
_object_matrix = _bind(raw.FPDFPageObj_GetMatrix, _I, _P, _P)
_draw_mode = _bind(raw.FPDFPath_GetDrawMode, _I, _P, _P, _P)
_count_segments = _bind(raw.FPDFPath_CountSegments, _I, _P)
_segment = _bind(raw.FPDFPath_GetPathSegment, _P, _P, _I)
_segment_point = _bind(raw.FPDFPathSegment_GetPoint, _I, _P, _P, _P)
_segment_type = _bind(raw.FPDFPathSegment_GetType, _I, _P)
_clip_path = _bind(raw.FPDFPageObj_GetClipPath, _P, _P)
_clip_paths = _bind(raw.FPDFClipPath_CountPaths, _I, _P)
_clip_segments = _bind(raw.FPDFClipPath_CountPathSegments, _I, _P, _I)
_clip_segment = _bind(raw.FPDFClipPath_GetPathSegment, _P, _P, _I, _I)
_segment_close = _bind(raw.FPDFPathSegment_GetClose, _I, _P)

THIN = 3.0
"""A drawn rectangle up to this many points thick is a ruling line."""
MOST_OBJECTS = 200_000
MOST_SEGMENTS = 20_000
_DEEPEST_FORM = 6


class Ruling(NamedTuple):
    """A ruling line: `at` is its y (horizontal) or x (vertical), running from `start` to `end` on the other axis."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class Glyphs:
    """The visible, non-blank glyphs of a page in the order of its text layer.

    Attributes:
        text: one character per glyph, mended.
        boxes: n × 4, x0 y0 x1 y1 of the advance box, upright page.
        unmapped: how many characters of the page have no reliable Unicode value.
        slanted: how many glyphs were dropped because they run across the page (watermarks).
        indices: position of each glyph in pdfium's text page.
        handle: address of pdfium's text page; valid only while the page is loaded.
    """

    text: str
    boxes: Floats
    unmapped: int
    slanted: int
    indices: list[int]
    handle: int

    def objects(self, start: int, end: int) -> list[int]:
        """Return ids of the text objects that the glyphs from `start` to `end` belong to (page still loaded)."""
        return [_char_object(self.handle, index) or 0 for index in self.indices[start:end]]

    def clipped(self, position: int) -> bool:
        """Tell whether the glyph at `position` is drawn outside its clip path, so that it does not show (page still loaded)."""
        address = _char_object(self.handle, self.indices[position])
        if not address or not _object_bounds(address, *_BOUNDS_AT):
            return False
        left, bottom, right, top = _bounds
        path = _clip_path(address)
        for index in range(max(_clip_paths(path), 0) if path else 0):
            points = []
            for step in range(_clip_segments(path, index)):
                segment = _clip_segment(path, index, step)
                if segment and _segment_point(segment, _X_AT, _Y_AT):
                    points.append(tuple(_point))
            if points:
                xs, ys = zip(*points, strict=True)
                if not (min(xs) <= (left + right) / 2 <= max(xs) and min(ys) <= (bottom + top) / 2 <= max(ys)):
                    return True
        return False


@dataclass(slots=True)
class Drawing:
    """What a page draws beside text. `fills` are filled areas too thick for a ruling; `images` counts image objects."""

    horizontal: list[Ruling]
    vertical: list[Ruling]
    fills: list[Box]
    images: int


class Placement(NamedTuple):
    """How page space maps to the upright page: quarter turns clockwise and the visible box (left, bottom, right, top)."""

    turns: int
    left: float
    bottom: float
    right: float
    top: float

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the upright page in points."""
        across, along = self.right - self.left, self.top - self.bottom
        return (along, across) if self.turns % 2 else (across, along)

    def upright(self, boxes: Any) -> Any:
        """Map an n × 4 array of page-space boxes (left, bottom, right, top) to upright x0 y0 x1 y1."""
        left, bottom, right, top = boxes[:, 0], boxes[:, 1], boxes[:, 2], boxes[:, 3]
        turned = {
            0: (left - self.left, self.top - top, right - self.left, self.top - bottom),
            1: (bottom - self.bottom, left - self.left, top - self.bottom, right - self.left),
            2: (self.right - right, bottom - self.bottom, self.right - left, top - self.bottom),
            3: (self.top - top, self.right - right, self.top - bottom, self.right - left),
        }[self.turns]
        return np.stack(turned, axis=1)


@contextmanager
def opened(data: bytes) -> Iterator[pdfium.PdfDocument]:
    """Open a PDF.

    Raises:
        UnreadableDocument: pdfium refuses it (encrypted, damaged) or it has no pages.
    """
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise UnreadableDocument(_refusal(error, data)) from error
    try:
        if len(document) < 1:
            raise UnreadableDocument("The PDF has no pages.")
        yield document
    finally:
        document.close()


def _refusal(error: pdfium.PdfiumError, data: bytes) -> str:
    code = getattr(error, "err_code", None)
    if code == raw.FPDF_ERR_PASSWORD:
        return "The PDF is encrypted and needs a password."
    if code == raw.FPDF_ERR_SECURITY:
        return "The PDF is encrypted with a scheme that is not supported."
    if b"%%EOF" not in data[-2048:]:
        return "The PDF is truncated: its end is missing and it cannot be opened."
    return "The PDF is damaged and cannot be opened."


@contextmanager
def loaded(document: pdfium.PdfDocument, number: int) -> Iterator[tuple[pdfium.PdfPage, pdfium.PdfTextPage]]:
    """Load page `number` (from 1) with its text layer, both closed again at the end.

    Raises:
        UnreadableDocument: the page cannot be loaded.
    """
    try:
        page = document[number - 1]
    except pdfium.PdfiumError as error:
        raise UnreadableDocument(f"Page {number} of the PDF is damaged and cannot be loaded.") from error
    try:
        text = page.get_textpage()
        try:
            yield page, text
        finally:
            text.close()
    except pdfium.PdfiumError as error:
        raise UnreadableDocument(f"The text of page {number} cannot be loaded.") from error
    finally:
        page.close()


def placement(page: pdfium.PdfPage, text: pdfium.PdfTextPage) -> Placement:
    """Return how the page is turned so that most of its text reads from left to right, and its visible box."""
    turns = page.get_rotation() // 90
    handle, count = _address(text), raw.FPDFText_CountChars(text.raw)
    quarters = [0, 0, 0, 0]
    for index in range(0, count, count // 48 + 1):
        if _char_unicode(handle, index) > 32:
            quarter = round(_char_angle(handle, index) / (np.pi / 2) * 64) / 64
            if quarter == int(quarter):
                quarters[int(-quarter - turns) % 4] += 1  # pdfium counts angles clockwise
    reading = quarters.index(max(quarters)) if max(quarters) > 0.8 * sum(quarters) else 0
    return Placement((turns + reading) % 4, *page.get_bbox())


def _address(handle: Any) -> int:
    return ctypes.cast(handle.raw, _P).value or 0


def glyphs(text: pdfium.PdfTextPage, place: Placement) -> Glyphs:
    """Return the glyphs of a page. Blank and invisible ones, and those outside the visible page, are left out."""
    handle, count = _address(text), raw.FPDFText_CountChars(text.raw)
    if count <= 0:
        return Glyphs("", np.empty((0, 4), np.float32), 0, 0, [], handle)
    unicode = np.array(list(map(_char_unicode, repeat(handle, count), range(count))), np.uint32)
    unicode[(unicode == 2) | (unicode == 0xFFFE)] = 0x2D  # pdfium's mark for a hyphen at a line's end
    loose = np.zeros((count, 4), np.float32)  # left, top, right, bottom
    start = loose.ctypes.data
    deque(map(_char_box, repeat(handle, count), range(count), range(start, start + 16 * count, 16)), maxlen=0)
    boxes = place.upright(loose[:, [0, 3, 2, 1]])
    width, height = place.size
    shown = _PRINTS[np.minimum(unicode, 0xFFFF)] & (unicode <= 0x10FFFF)
    centre = (boxes[:, :2] + boxes[:, 2:]) / 2
    shown &= (centre >= -1).all(axis=1) & (centre <= (width + 1, height + 1)).all(axis=1)  # also false where not a number
    keep = np.flatnonzero(shown)
    upright = _upright(handle, keep, boxes[keep])
    slanted = len(keep) - int(upright.sum())
    keep = keep[upright]
    keep = keep[_once(unicode[keep], boxes[keep])]
    characters = unicode[keep].astype("<u4").tobytes().decode("utf-32-le")
    mended = mend(characters)
    if len(mended) != len(characters):
        mended = "".join(mend(character) or "\ufffd" for character in characters)
    return Glyphs(mended, boxes[keep], _unmapped(handle, unicode), slanted, keep.tolist(), handle)


def _printing() -> NDArray[np.bool_]:
    """Return for each of the first 65,536 code points whether it prints something (private use does not say what)."""
    table = np.ones(0x10000, np.bool_)
    for first, last in ((0, 32), (0x7F, 0xA0), (0xAD, 0xAD), (0x2000, 0x200F), (0x2028, 0x202F), (0x205F, 0x2064), (0x3000, 0x3000)):
        table[first : last + 1] = False
    for first, last in ((0xD800, 0xF8FF), (0xFEFF, 0xFEFF), (0xFFFF, 0xFFFF)):
        table[first : last + 1] = False
    return table


_PRINTS = _printing()
_PRINTS[0xFFFF] = True  # stands for all planes beyond the first


def _upright(handle: int, keep: NDArray[np.int64], boxes: Floats) -> NDArray[np.bool_]:
    """Tell which glyphs stand at a multiple of a quarter turn. Only those without a neighbour in their line are asked."""
    upright = np.ones(len(keep), np.bool_)
    if not len(keep):
        return upright
    centre, height = (boxes[:, 1] + boxes[:, 3]) / 2, boxes[:, 3] - boxes[:, 1]
    step = np.abs(np.diff(centre, prepend=np.inf, append=np.inf))
    alone = np.flatnonzero(np.minimum(step[:-1], step[1:]) > 0.05 * height)
    quarters = np.array([_char_angle(handle, index) for index in keep[alone].tolist()]) / (np.pi / 2)
    upright[alone] = np.abs(quarters - np.round(quarters)) < 0.04
    return upright


def _unmapped(handle: int, unicode: NDArray[np.uint32]) -> int:
    """Count characters without a reliable Unicode value: none in a sample counts as none."""
    count = len(unicode)
    private = int(((unicode >= 0xE000) & (unicode <= 0xF8FF)).sum())
    if any(map(_char_error, repeat(handle), range(0, count, 3))):
        private += sum(map(_char_error, repeat(handle, count), range(count)))
    return private


def _once(unicode: NDArray[np.uint32], boxes: Floats) -> NDArray[np.bool_]:
    """Tell which glyphs to keep: fake bold draws the same glyph twice with a small offset, one of them is enough."""
    keep = np.ones(len(unicode), np.bool_)
    if len(unicode) < 2:
        return keep
    x, y = boxes[:, 0], boxes[:, 1]
    near = np.maximum(0.2 * (boxes[:, 3] - boxes[:, 1]), 0.4)
    for shift in (0.0, 2.0):  # two bands, so that no pair is torn by the edge of one
        order = np.lexsort((x, np.floor((y + shift) / 4), unicode))
        first, second = order[:-1], order[1:]
        same = (unicode[first] == unicode[second]) & (np.abs(x[first] - x[second]) < near[first])
        same &= np.abs(y[first] - y[second]) < near[first]
        keep[np.maximum(first[same], second[same])] = False
    return keep


def drawing(page: pdfium.PdfPage, place: Placement) -> Drawing:
    """Return the ruling lines, filled areas and images of a page, also from inside form XObjects.

    Raises:
        UnreadableDocument: the page draws so many objects that it is no document.
    """
    found = _Found([], [], 0, 0)
    count = raw.FPDFPage_CountObjects(page.raw)
    _collect(map(_page_object, repeat(_address(page), count), range(count)), count, None, found, 0)
    result = Drawing([], [], [], found.images)
    if found.lines:
        for x0, y0, x1, y1 in place.upright(np.array(found.lines, np.float32)).tolist():
            if x1 - x0 >= y1 - y0:
                result.horizontal.append(Ruling((y0 + y1) / 2, x0, x1))
            else:
                result.vertical.append(Ruling((x0 + x1) / 2, y0, y1))
    if found.fills:
        result.fills = [Box(*box) for box in place.upright(np.array(found.fills, np.float32)).tolist()]
    return result


_Matrix = tuple[float, float, float, float, float, float]
_Bounds = tuple[float, float, float, float]


@dataclass(slots=True)
class _Found:
    lines: list[_Bounds]
    fills: list[_Bounds]
    images: int
    objects: int


def _collect(addresses: Iterator[int], count: int, outer: _Matrix | None, found: _Found, depth: int) -> None:
    found.objects += count
    if found.objects > MOST_OBJECTS:
        raise UnreadableDocument(f"A page draws more than {MOST_OBJECTS} objects.")
    objects = list(addresses)
    bounds = np.zeros((count, 4), np.float32)
    start = bounds.ctypes.data
    for index, (address, kind) in enumerate(zip(objects, map(_object_type, objects), strict=True)):
        if kind == raw.FPDF_PAGEOBJ_PATH:
            at = start + 16 * index
            if _object_bounds(address, at, at + 4, at + 8, at + 12):
                _path(address, bounds[index].tolist(), outer, found)
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            found.images += 1
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST_FORM:
            inner = raw.FPDFFormObj_CountObjects(ctypes.cast(address, raw.FPDF_PAGEOBJECT))
            if inner > 0:
                matrix = _multiply(_matrix_of(address), outer)
                _collect(map(_form_object, repeat(address, inner), range(inner)), inner, matrix, found, depth + 1)


_fill_mode, _stroke = ctypes.c_int(), ctypes.c_int()
_FILL_AT, _STROKE_AT = ctypes.addressof(_fill_mode), ctypes.addressof(_stroke)
_point = (ctypes.c_float * 2)()
_X_AT, _Y_AT = ctypes.addressof(_point), ctypes.addressof(_point) + 4
_bounds = (ctypes.c_float * 4)()
_BOUNDS_AT = [ctypes.addressof(_bounds) + 4 * side for side in range(4)]
_matrix = (ctypes.c_float * 6)()
_MATRIX_AT = ctypes.addressof(_matrix)


def _path(address: int, bounds: list[float], outer: _Matrix | None, found: _Found) -> None:
    """Sort one painted path into rulings and fills."""
    if not _draw_mode(address, _FILL_AT, _STROKE_AT) or not (_fill_mode.value or _stroke.value):
        return
    left, bottom, right, top = _transform(bounds, outer) if outer else bounds
    if min(right - left, top - bottom) <= THIN:
        if max(right - left, top - bottom) > THIN:
            found.lines.append((left, bottom, right, top))
        return
    segments = _count_segments(address)
    if segments > MOST_SEGMENTS:
        return
    matrix = _multiply(_matrix_of(address), outer)
    for edge in _edges(address, segments, matrix):
        thickness, length = sorted((edge[2] - edge[0], edge[3] - edge[1]))
        if _stroke.value:
            if thickness <= 0.5 and length > THIN:
                found.lines.append(edge)
    if not _stroke.value:
        for box in _subpaths(address, segments, matrix):
            thickness, length = sorted((box[2] - box[0], box[3] - box[1]))
            if thickness > THIN:
                found.fills.append(box)
            elif length > THIN:
                found.lines.append(box)


def _points(address: int, segments: int, matrix: _Matrix) -> Iterator[tuple[int, bool, float, float]]:
    a, b, c, d, e, f = matrix
    for index in range(segments):
        segment = _segment(address, index)
        if segment and _segment_point(segment, _X_AT, _Y_AT):
            x, y = _point
            yield _segment_type(segment), bool(_segment_close(segment)), a * x + c * y + e, b * x + d * y + f


def _edges(address: int, segments: int, matrix: _Matrix) -> Iterator[_Bounds]:
    """Yield the straight edges of a path as boxes without thickness."""
    first = last = (0.0, 0.0)
    for kind, closes, x, y in _points(address, segments, matrix):
        if kind == raw.FPDF_SEGMENT_MOVETO:
            first = (x, y)
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield min(x, last[0]), min(y, last[1]), max(x, last[0]), max(y, last[1])
        last = (x, y)
        if closes:
            yield min(x, first[0]), min(y, first[1]), max(x, first[0]), max(y, first[1])


def _subpaths(address: int, segments: int, matrix: _Matrix) -> Iterator[_Bounds]:
    """Yield the bounds of each subpath that has straight edges only."""
    xs: list[float] = []
    ys: list[float] = []
    straight = True
    for kind, _, x, y in _points(address, segments, matrix):
        if kind == raw.FPDF_SEGMENT_MOVETO:
            if straight and len(xs) > 1:
                yield min(xs), min(ys), max(xs), max(ys)
            xs, ys, straight = [], [], True
        straight = straight and kind != raw.FPDF_SEGMENT_BEZIERTO
        xs.append(x)
        ys.append(y)
    if straight and len(xs) > 1:
        yield min(xs), min(ys), max(xs), max(ys)


def _matrix_of(address: int) -> _Matrix:
    if not _object_matrix(address, _MATRIX_AT):
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
