"""What paint hides and shows: opaque areas over earlier text, clips, colours.

Belongs here: asking single objects of a loaded page. Does not belong here: collecting them (`drawing.py`), glyphs.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, repeat
from operator import attrgetter

import numpy as np
import pypdfium2.raw as raw
from numpy.typing import NDArray

from pipeline.document.content import Box, box_with
from pipeline.document.pdf.drawing import WHITE_FROM, Area, Drawing, Ruling, directed, outlines, subpaths, transform
from pipeline.document.pdf.pdfium import (
    BOUNDS,
    COLOUR,
    COLOUR_AT,
    COLOURS,
    INTEGER,
    POINTER,
    POINTS,
    SIDES,
    PageOrientation,
    bind,
    count_segments,
    fill_colour,
    object_bounds,
    segment_point,
)

_is_transparent = bind(raw.FPDFPageObj_HasTransparency, INTEGER, POINTER)
_clip_path = bind(raw.FPDFPageObj_GetClipPath, POINTER, POINTER)
_clip_paths = bind(raw.FPDFClipPath_CountPaths, INTEGER, POINTER)
_clip_segments = bind(raw.FPDFClipPath_CountPathSegments, INTEGER, POINTER)
_clip_segment = bind(raw.FPDFClipPath_GetPathSegment, POINTER, POINTER)

_HALVED = 0.75
"""Points. A border half as wide as this stands inside the edge of what a clip shows: a line whose middle lies between border and edge is
cut in half, and would be taken for one of the row below."""

_TALL = 3.5
"""Points of a character. The middle of lower ones, points and commas, tells nothing of their line: they stand at its foot."""

Floats = NDArray[np.float64]

_PLACE = attrgetter("at")

_CROSSED = 3
"""Texts. White lines that run through so many are no borders of the cells that these stand in; one or two may stick out of a cell."""

_INSIDE = 1.0
"""Points from its ends at which a line runs through a text, not along it, and from an edge of what a clip shows."""


def colours_of(handles: list[int]) -> list[int]:
    """Return the colours that objects are filled with, as 0xRRGGBB; black for a pattern."""
    parts, _ = COLOURS.of(fill_colour, handles)
    found: list[int] = (parts[:, 0] << 16 | parts[:, 1] << 8 | parts[:, 2]).tolist()
    return found


def is_white(colour: int) -> bool:
    """Tell whether a colour (0xRRGGBB) is that of paper."""
    return min(colour >> 16, colour >> 8 & 0xFF, colour & 0xFF) >= WHITE_FROM


def clipped(handles: Sequence[int], place: PageOrientation, factor: float = 1.0) -> dict[int, float]:
    """Tell which objects are drawn outside the extent of one path of their clip, so that they do not show, or not half of them.

    Args:
        handles: of the objects.
        place: how page space maps to the upright page, on which lines run from left to right.
        factor: by which the page is enlarged.

    Returns:
        Position of each such object → how far below it (points of the enlarged upright page, negative: above) the nearest place lies
        that its clip shows.
    """
    paths = list(map(_clip_path, handles))
    parts = list(map(_clip_paths, paths))
    cut = [n for n, count in enumerate(parts) if count > 0]
    if not cut:
        return {}
    extents, clips = _extents([paths[n] for n in cut], [parts[n] for n in cut])
    bounds, known = _bounds_of([handles[n] for n in cut])
    extents, bounds = place.upright(extents) * factor, place.upright(bounds) * factor
    left, top, right, bottom = bounds[clips].T
    middle = (top + bottom) / 2
    x0, y0, x1, y1 = extents.T
    halved = np.where(bottom - top >= _TALL, _HALVED, 0.0)
    missed = known[clips] & ((right < x0) | (left > x1) | ~((y0 + halved <= middle) & (middle <= y1 - halved)))
    return {cut[clip]: _way_down(bounds[clip], extents[clips == clip]) for clip in dict.fromkeys(clips[missed].tolist())}


def _bounds_of(handles: list[int]) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the bounds of objects, left bottom right top, and which of them have any."""
    bounds, known = BOUNDS.of(object_bounds, handles)
    return bounds.astype(np.float64), np.array(known, np.bool_)


def _way_down(bounds: Floats, extents: Floats) -> float:
    """Return how far below the middle of an object the nearest place lies that its clip shows."""
    middle = at = float(bounds[1] + bounds[3]) / 2
    for low, high in extents[:, 1::2].tolist():
        at = _into(at, low, high)
    return at - middle


def _into(at: float, low: float, high: float) -> float:
    """Return the place nearest to `at` that lies well between two ends."""
    margin = min(_INSIDE, (high - low) / 2)
    return min(max(at, low + margin), high - margin)


def painted_over(handles: Sequence[int], boxes: NDArray[np.float32], drawn: Drawing, place: PageOrientation) -> NDArray[np.bool_]:
    """Tell which glyphs are covered, with their centre, by an opaque area that is drawn after them.

    Args:
        handles: for each glyph the text object that draws it.
        boxes: n × 4, where the glyphs stand on the upright page.
        drawn: what the page draws beside.
        place: how page space maps to the upright page.
    """
    over = np.zeros(len(handles), np.bool_)
    if not drawn.areas or not len(handles) or drawn.areas[-1].drawn < drawn.first_text:
        return over
    places = dict(zip(drawn.objects, range(len(drawn.objects)), strict=True))
    last = drawn.areas[-1].drawn  # what cannot be told is not covered
    when = np.fromiter((places.get(handle, last) for handle in handles), np.int64, len(handles))
    earliest = int(when.min())
    x, y = ((boxes[:, :2] + boxes[:, 2:]) / 2).T
    by_height = np.argsort(y, kind="stable")
    heights = y[by_height]
    for area in drawn.areas:
        if area.drawn <= earliest:
            continue
        level = by_height[np.searchsorted(heights, area.box.y0) : np.searchsorted(heights, area.box.y1, "right")]
        under = level[(when[level] < area.drawn) & (x[level] > area.box.x0) & (x[level] < area.box.x1)]
        for box in _opaque(area, place) if len(under) else ():
            over[under[(x[under] > box.x0) & (x[under] < box.x1) & (y[under] > box.y0) & (y[under] < box.y1)]] = True
    return over


def tinted(areas: Sequence[Area]) -> list[Box]:
    """Return the boxes of the areas that are not filled with white."""
    return [area.box for area in areas if not fill_colour(area.handle, *COLOUR_AT) or min(COLOUR[:3]) < WHITE_FROM]


def with_white_lines(drawn: Drawing, texts: Sequence[Box]) -> Drawing:
    """Return what a loaded page draws with its white lines among the rulings, unless nobody sees them and they run through texts.

    Args:
        drawn: what the page draws.
        texts: where its texts stand.
    """
    if not drawn.white:
        return drawn
    behind = [] if drawn.images else tinted(drawn.areas)
    unseen = [line for line in drawn.white if not drawn.images and not any(_lies_on(line, area) for area in behind)]
    horizontal, vertical = directed(unseen)
    upright, level = sorted(vertical), sorted(horizontal)
    crossed = (
        None
        for x0, y0, x1, y1 in (texts if unseen else ())
        if _runs_through(upright, x0, x1, (y0 + y1) / 2) or _runs_through(level, y0, y1, (x0 + x1) / 2)
    )
    shown = drawn.white if len(list(islice(crossed, _CROSSED))) < _CROSSED else [line for line in drawn.white if line not in unseen]
    across, down = directed(shown)
    return replace(drawn, horizontal=drawn.horizontal + across, vertical=drawn.vertical + down)


def _runs_through(rulings: Sequence[Ruling], start: float, end: float, middle: float) -> bool:
    """Tell whether one of some rulings, in their order, stands well between two sides of a text and passes its middle."""
    first = bisect_right(rulings, start + _INSIDE, key=_PLACE)
    last = bisect_left(rulings, end - _INSIDE, first, key=_PLACE)
    return any(ruling.start < middle < ruling.end for ruling in rulings[first:last])


def _lies_on(line: Box, area: Box) -> bool:
    x, y = (line.x0 + line.x1) / 2, (line.y0 + line.y1) / 2
    return area.x0 - _INSIDE <= x <= area.x1 + _INSIDE and area.y0 - _INSIDE <= y <= area.y1 + _INSIDE


def _opaque(area: Area, place: PageOrientation) -> Iterator[Box]:
    """Yield the parts of an area that hide what was drawn before, as far as its clip shows them."""
    if _is_transparent(area.handle) or not fill_colour(area.handle, *COLOUR_AT):
        return
    left, bottom, right, top = -np.inf, -np.inf, np.inf, np.inf
    clip = _clip_path(area.handle)
    for extent in _extents([clip], [max(_clip_paths(clip), 0)])[0].tolist() if clip else ():
        x0, y0, x1, y1 = transform(extent, area.outer) if area.outer else extent
        left, bottom, right, top = max(left, x0), max(bottom, y0), min(right, x1), min(top, y1)
    (outline,) = outlines([area.handle], [count_segments(area.handle)], area.outer)
    for x0, y0, x1, y1 in subpaths(outline):
        shown = (max(x0, left), max(y0, bottom), min(x1, right), min(y1, top))
        if shown[0] < shown[2] and shown[1] < shown[3]:
            (box,) = place.upright(np.array([shown], np.float32)).tolist()
            yield box_with(box)


def _extents(clips: Sequence[int], parts: Sequence[int]) -> tuple[Floats, NDArray[np.int64]]:
    """Return the extents of the paths of clips, and of each extent the position of its clip. A path without points cuts nothing.

    A path is known by the address of its first point: the texts of a page share their clips, and asking for the points of each took a
    tenth of reading a page.

    Args:
        clips: handles of clips.
        parts: how many paths each has.

    Returns:
        n × 4 left, bottom, right, top, those of a clip in its order; n positions.
    """
    paths = [clip for clip, count in zip(clips, parts, strict=True) for _ in range(count)]
    places = [place for count in parts for place in range(count)]
    firsts = list(map(_clip_segment, paths, places, repeat(0)))
    owners = np.repeat(np.arange(len(clips)), parts)
    if not all(firsts):
        drawn = [n for n, first in enumerate(firsts) if first]
        firsts, paths, places = ([values[n] for n in drawn] for values in (firsts, paths, places))
        owners = owners[drawn]
    different = dict(zip(firsts, zip(paths, places, strict=True), strict=True))
    known = dict(zip(different, range(len(different)), strict=True))
    return _extents_of(list(different.values()))[list(map(known.__getitem__, firsts))], owners


def _extents_of(paths: Sequence[tuple[int, int]]) -> Floats:
    """Return left, bottom, right and top of some paths, each a clip and a place in it, which have points."""
    if not paths:
        return np.empty((0, SIDES))
    counts = [_clip_segments(clip, place) for clip, place in paths]
    asked = [(clip, place, step) for (clip, place), count in zip(paths, counts, strict=True) for step in range(count)]
    points, _ = POINTS.of(segment_point, [_clip_segment(*segment) for segment in asked])
    starts = np.cumsum([0, *counts[:-1]])
    return np.concatenate((np.minimum.reduceat(points, starts), np.maximum.reduceat(points, starts)), axis=1).astype(np.float64)
