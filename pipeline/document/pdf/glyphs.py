"""The text layer of a page as glyphs: characters with boxes, in upright page coordinates.

Belongs here: what is printed and where, without fake bold, watermarks, and invisible text behind visible.
Does not belong here: runs, lines, tables.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any, overload

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from numpy.typing import NDArray

from pipeline.budget.characters import normalise_characters
from pipeline.document.content import Word
from pipeline.document.pdf.drawing import Drawing
from pipeline.document.pdf.number_sequence import LAST_OF_PLANE, Floats, numbers_in_sequence
from pipeline.document.pdf.paint import painted_over
from pipeline.document.pdf.pdfium import INTEGER, POINTER, Answers, PageOrientation, address, at, bind, char_angle, char_unicode

_LINE_HYPHENS = (2, 0xFFFE)  # what pdfium gives for a hyphen at a line's end
_HYPHEN = 0x2D
_LAST_CODE_POINT = 0x10FFFF
_SURROGATES = (0xD800, 0xDFFF)
_UNKNOWN = 0xFFFE  # stands in a page's text for a character of which nothing is known, and for some hyphens
_PRIVATE_USE = (0xE000, 0xF8FF)  # says which glyph, not which character
_SAME_LINE = 0.05  # of the height: glyphs whose middles differ by less stand in one line, and are turned alike
_SLANTED = 0.04  # of a quarter turn, some four degrees: what leans more is a watermark, not a page fed askew
_BANDS = 0x10000  # more than a page has bands of four points
_PLACES = 26  # bits for the place of a glyph: a page has fewer than 67 million; character and band take 37 of 63
_ASKED_FOR_ERRORS = 3  # one character in so many is asked whether its font maps it to Unicode; all are, if one is not

_char_box = bind(raw.FPDFText_GetLooseCharBox, INTEGER)
_char_object = bind(raw.FPDFText_GetTextObject, POINTER)
_char_error = bind(raw.FPDFText_HasUnicodeMapError, INTEGER)
_boxes = Answers(np.float32, 4, 1)  # left, top, right, bottom
_render_mode = bind(raw.FPDFTextObj_GetTextRenderMode, INTEGER, POINTER)

_COPY_ADVANCE = 0.4
"""Copies of a glyph are at most this share of its advance apart: equal digits in a row are a whole advance apart, or not much less."""
_COPY_HEIGHT = 0.2
"""... and at most this share of the height, if that is less. Alone it does not tell: in a font 2.4 em tall digits are 0.5 em wide."""

_MARK_HEIGHT = 0.8
"""A raised digit of less than this share of the height of the digit before it is the mark of a note: type set small is two thirds high."""
_MARK_RAISED = 0.2
"""... if its foot stands higher by more than this share of that height: digits of two sizes on one line differ by less."""
_MARK_GAP = 0.3
"""... and it stands no farther behind that digit than this share of that height, as letters of one word do."""
_LONGEST_DECIMALS = 6  # decimals that documents print
_LONGEST_MARK = 2  # digits; of two behind a whole number nothing tells whether they are its cents

_PROBED_GLYPHS = 24
"""So many glyphs of a page tell whether it has invisible text: a layer of it is a large part of the page."""
_RASTER = 1000
"""So many places along a page's longer side tell where visible text stands; at most one per point."""

RECOGNISED = "the text is an invisible layer that a machine recognised: it may err"
"""What is said of pages that show a picture and lay its recognised text over it, unseen."""


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The non-blank glyphs of a page in the order of its text layer.

    Attributes:
        text: one character per glyph, mended.
        boxes: n × 4, x0 y0 x1 y1 of the advance box, upright page.
        unmapped: how many characters of the page have no reliable Unicode value.
        mostly_invisible: most of the text is drawn invisibly: the layer that text recognition lays over a scan.
        slanted: how many glyphs were dropped because they run across the page (watermarks).
        handles: for each glyph the text object that draws it, of the loaded page.
        objects: for each glyph what tells its text object from others, whatever the reader names them by.
        numbers: of the text layer in its own sequence, all copies of what shows: a second reading of what the glyphs make up.
    """

    text: str
    boxes: Floats
    unmapped: int
    mostly_invisible: bool
    slanted: int
    handles: TextObjects
    objects: Sequence[int]
    numbers: tuple[Word, ...] = ()


class TextObjects(Sequence[int]):
    """The text objects that draw glyphs of a loaded page. Each is asked for when it is wanted: those of most glyphs never are."""

    def __init__(self, text: Any, characters: list[int]) -> None:
        """Know the glyphs by the address of the text layer and their places in it."""
        self._text, self._characters = text, characters

    def some(self, at: Sequence[int]) -> TextObjects:
        """Return those of some of the glyphs."""
        return TextObjects(self._text, [self._characters[n] for n in at])

    def __len__(self) -> int:
        """Return how many glyphs there are."""
        return len(self._characters)

    def __iter__(self) -> Iterator[int]:
        """Ask for all of them."""
        return map(_char_object, repeat(self._text), self._characters)

    @overload
    def __getitem__(self, at: int) -> int: ...

    @overload
    def __getitem__(self, at: slice) -> list[int]: ...

    def __getitem__(self, at: int | slice) -> int | list[int]:
        """Ask for that of one glyph, or of several."""
        if isinstance(at, slice):
            return list(map(_char_object, repeat(self._text), self._characters[at]))
        found: int = _char_object(self._text, self._characters[at])
        return found


NO_OBJECTS = TextObjects(None, [])
"""Of glyphs that pdfium does not draw."""


def glyphs(text: pdfium.PdfTextPage, place: PageOrientation, drawn: Drawing) -> Glyphs:
    """Return the glyphs of a page that show. Blank ones and those outside the visible page are left out.

    So is text that an opaque area covers, and invisible text where visible text stands: it is for those places of a page that show
    a picture of text only.
    """
    handle, count = at(address(text)), raw.FPDFText_CountChars(text.raw)
    if count <= 0:
        return Glyphs("", np.empty((0, 4), np.float32), 0, False, 0, NO_OBJECTS, ())
    unicode = _code_points(text, count)
    unicode[(unicode == _LINE_HYPHENS[0]) | (unicode == _LINE_HYPHENS[1])] = _HYPHEN
    printing = _IS_PRINTING[np.minimum(unicode, LAST_OF_PLANE)] & (unicode <= _LAST_CODE_POINT)
    asked = np.flatnonzero(printing)  # blanks are a quarter of many pages
    loose = np.zeros((count, 4), np.float32)
    loose[asked], _ = _boxes.of(_char_box, [handle] * len(asked), asked.tolist())
    boxes = place.upright(loose[:, [0, 3, 2, 1]])
    width, height = place.size
    x, y = (boxes[:, :2] + boxes[:, 2:]).T / 2
    right, bottom = np.float64(width + 1), np.float64(height + 1)
    shown = printing & (x >= -1) & (y >= -1) & (x <= right) & (y <= bottom)  # also false where not a number
    keep = np.flatnonzero(shown)
    kept = boxes.take(keep, 0)
    upright = _upright(handle, keep, kept)
    slanted = len(keep) - int(np.count_nonzero(upright))
    if slanted:
        keep, kept = keep[upright], kept[upright]
    objects = TextObjects(handle, keep.tolist())
    over = painted_over(objects, kept, drawn, place)
    hidden = _hidden(objects)
    if over.any() or hidden.any():
        shows = ~over & (~hidden | ~_behind(kept, ~hidden & ~over, place.size))
        keep, kept, hidden = keep[shows], kept[shows], hidden[shows]
    if len(marks := _marks_of_notes(unicode.take(keep), kept)):
        keep, kept, hidden = np.delete(keep, marks), np.delete(kept, marks, 0), np.delete(hidden, marks)
    numbers = numbers_in_sequence(unicode, boxes, printing, keep)
    own = unicode.take(keep)
    first = _without_fake_bold(own, kept)
    if not first.all():
        keep, kept, own, hidden = keep[first], kept[first], own[first], hidden[first]
    if len(keep) < len(objects):
        objects = TextObjects(handle, keep.tolist())
    characters = own.astype("<u4").tobytes().decode("utf-32-le")
    mended = normalise_characters(characters)
    if len(mended) != len(characters):
        mended = "".join(normalise_characters(character) or "\ufffd" for character in characters)
    return Glyphs(
        mended,
        kept,
        _unmapped(handle, unicode),
        2 * int(np.count_nonzero(hidden)) > len(keep),
        slanted,
        objects,
        objects,
        numbers,
    )


def _code_points(text: pdfium.PdfTextPage, count: int) -> NDArray[np.uint32]:
    """Return the code points of a page, asked for in one call where one unit of UTF-16 stands for each, as on nearly all pages."""
    units = np.zeros(2 * count + 1, np.uint16)  # room for two of each, and the zero at the end
    written = raw.FPDFText_GetText(text.raw, 0, count, units.ctypes.data_as(ctypes.POINTER(ctypes.c_ushort)))
    units = units[:count]
    plain = (units > 0) & (units < _UNKNOWN) & ((units < _SURROGATES[0]) | (units > _SURROGATES[1]))
    if written == count + 1 and plain.all():
        return units.astype(np.uint32)
    return np.array(list(map(char_unicode, repeat(at(address(text)), count), range(count))), np.uint32)


def _printing() -> NDArray[np.bool_]:
    """Return for each of the first 65,536 code points whether it prints something (private use does not say what)."""
    table = np.ones(0x10000, np.bool_)
    for first, last in ((0, 32), (0x7F, 0xA0), (0xAD, 0xAD), (0x2000, 0x200F), (0x2028, 0x202F), (0x205F, 0x2064), (0x3000, 0x3000)):
        table[first : last + 1] = False
    for first, last in ((0xD800, 0xF8FF), (0xFEFF, 0xFEFF), (0xFFFF, 0xFFFF)):
        table[first : last + 1] = False
    return table


_IS_PRINTING = _printing()
_IS_PRINTING[0xFFFF] = True  # stands for all planes beyond the first


def _upright(handle: Any, keep: NDArray[np.int64], boxes: Floats) -> NDArray[np.bool_]:
    """Tell which glyphs stand at a multiple of a quarter turn. Only those without a neighbour in their line are asked."""
    upright = np.ones(len(keep), np.bool_)
    if not len(keep):
        return upright
    centre, height = (boxes[:, 1] + boxes[:, 3]) / 2, boxes[:, 3] - boxes[:, 1]
    step = np.full(len(keep) + 1, np.inf, centre.dtype)
    np.abs(centre[1:] - centre[:-1], out=step[1:-1])
    alone = np.flatnonzero(np.minimum(step[:-1], step[1:]) > _SAME_LINE * height)
    quarters = np.array(list(map(char_angle, repeat(handle), keep[alone].tolist()))) / (np.pi / 2)
    upright[alone] = np.abs(quarters - np.round(quarters)) < _SLANTED
    return upright


def _hidden(objects: TextObjects) -> NDArray[np.bool_]:
    """Tell which glyphs are drawn invisibly, by their text objects. All are asked only if one of a sample is."""
    probed = filter(None, objects[:: len(objects) // _PROBED_GLYPHS + 1])
    if raw.FPDF_TEXTRENDERMODE_INVISIBLE not in map(_render_mode, probed):
        return np.zeros(len(objects), np.bool_)
    return np.fromiter(map(_invisible, objects), np.bool_, len(objects))


def _invisible(text_object: int) -> bool:
    return bool(text_object) and _render_mode(text_object) == raw.FPDF_TEXTRENDERMODE_INVISIBLE


def _behind(boxes: Floats, visible: NDArray[np.bool_], size: tuple[float, float]) -> NDArray[np.bool_]:
    """Tell which glyphs stand, with their centre, where visible text is printed, or less than its height beside it."""
    step = max(1.0, max(size) / _RASTER)
    columns, rows = (int(side / step) + 2 for side in size)
    printed = np.zeros((rows, columns), np.bool_)
    shown = boxes[visible]
    shown = shown + (shown[:, 3:] - shown[:, 1:2]) * np.array([-1, 0, 1, 0], np.float32)
    limits = np.array([columns, rows, columns, rows]) - 1
    for x0, y0, x1, y1 in np.clip(shown / step, 0, limits).astype(np.int64).tolist():
        printed[y0 : y1 + 1, x0 : x1 + 1] = True
    x, y = np.clip((boxes[:, :2] + boxes[:, 2:]) / 2 / step, 0, limits[:2]).astype(np.int64).T
    covered: NDArray[np.bool_] = printed[y, x]
    return covered


def _unmapped(handle: Any, unicode: NDArray[np.uint32]) -> int:
    """Count characters without a reliable Unicode value: none in a sample counts as none."""
    count = len(unicode)
    private = int(np.count_nonzero((unicode >= _PRIVATE_USE[0]) & (unicode <= _PRIVATE_USE[1])))
    if any(map(_char_error, repeat(handle), range(0, count, _ASKED_FOR_ERRORS))):
        private += sum(map(_char_error, repeat(handle, count), range(count)))
    return private


def _marks_of_notes(unicode: NDArray[np.uint32], boxes: Floats) -> list[int]:
    """Return the places of digits that are marks of notes: small ones raised behind a number (935.95²), and such in circles (935.95①)."""
    digit = (unicode >= ord("0")) & (unicode <= ord("9"))
    x0, y0, x1, y1 = boxes.T
    height = y1 - y0
    tall = height[:-1]
    small = digit[1:] & digit[:-1] & (height[1:] < _MARK_HEIGHT * tall)
    circled = digit[:-1] & (unicode[1:] >= ord("①")) & (unicode[1:] <= ord("⑳"))
    if not (small.any() or circled.any()):  # as on nearly all pages
        return []
    behind = (np.abs(x0[1:] - x1[:-1]) < _MARK_GAP * tall) & (y1[1:] > y0[:-1]) & (y0[1:] < y1[:-1])  # and on the same line
    small &= behind & (y1[:-1] - y1[1:] > _MARK_RAISED * tall)
    circled &= behind
    found = (np.flatnonzero(circled) + 1).tolist()
    for first in (np.flatnonzero(small) + 1).tolist():
        alike = np.abs(y1[first : first + _LONGEST_MARK + 2] - y1[first]) < _MARK_RAISED * height[first]
        end = first + (len(alike) if alike.all() else int(np.argmin(alike)))
        small_print = unicode[first:end]
        before = unicode[max(0, first - _LONGEST_DECIMALS - 1) : first]
        if digit[first:end].all() and (len(small_print) == 1 or (len(small_print) <= _LONGEST_MARK and ord(".") in before)):
            found += range(first, end)
    return found


def _without_fake_bold(unicode: NDArray[np.uint32], boxes: Floats) -> NDArray[np.bool_]:
    """Tell which glyphs to keep: fake bold draws the same glyph several times with small offsets, the first is enough."""
    keep = np.ones(len(unicode), np.bool_)
    if len(unicode) < 2:
        return keep
    x, y = boxes[:, 0], boxes[:, 1]
    width, height = boxes[:, 2] - x, boxes[:, 3] - y
    near = np.minimum(_COPY_ADVANCE * width, _COPY_HEIGHT * height)
    by_x = np.argsort(x, kind="stable")
    characters, places = _BANDS * unicode.astype(np.int64), np.arange(len(by_x))
    for shift in (0.0, 2.0):  # two bands, so that no copies are torn by the edge of one
        band = (characters + np.floor((y + shift) / 4).astype(np.int64))[by_x]
        # character, band and place from left to right in one number: sorting numbers takes a third of the time of sorting places by them
        order = by_x[np.sort(band << _PLACES | places) & (1 << _PLACES) - 1]
        character, across, down, reach = unicode[order], x[order], y[order], near[order[:-1]]
        apart = (character[:-1] != character[1:]) | (np.abs(across[:-1] - across[1:]) > reach) | (np.abs(down[:-1] - down[1:]) > reach)
        if apart.all():
            continue
        starts = np.concatenate(([0], np.flatnonzero(apart) + 1))
        copies = np.ones(len(unicode), np.bool_)
        copies[np.minimum.reduceat(order, starts)] = False
        keep &= ~copies
    return keep
