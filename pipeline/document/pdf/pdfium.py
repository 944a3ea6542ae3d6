"""pdfium documents and pages: opening, refusing with a reason, how a page is turned; the fast way to call pdfium.

Belongs here: what every reading of pdfium shares. Does not belong here: glyphs, drawings, anything of tables.
"""

from __future__ import annotations

import ctypes
import platform
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from numpy.typing import NDArray

from pipeline.document.content import UnreadableDocument
from pipeline.document.pdf.fonts import use_project_fonts

use_project_fonts()  # before the first document is opened: pdfium remembers the fonts it has found

_HEAD = 1024  # bytes: the first kilobyte must hold the version's mark (ISO 32000, Annex I: implementations accept it there)
_TAIL = 2048  # bytes: the end's mark stands in the last kilobyte; a second one for what servers append
_LINEAR_HEAD = 2048  # bytes: the parameters of a linearized file stand in the first kilobyte, after the version's mark
_SNIFFED = 4096  # bytes: enough to tell HTML, XML and binary data
_SAMPLE = 48  # glyphs of a page whose angle is asked for: a page is turned as a whole
_SPACE = 32  # code points up to here print nothing
_TURN_STEPS = 64  # angles are rounded to a 64th of a quarter turn: pdfium's are floats
_MOSTLY = 0.8  # of the sampled glyphs: so many must read in one direction to turn the page

POINTER, INTEGER = ctypes.c_void_p, ctypes.c_int

_DECLARES_ALL = platform.system() == "Darwin"
"""Apple's ARM passes what follows the declared arguments on the stack, as of a function with any number of them: pdfium looks elsewhere."""
_AT_ONCE = 512  # objects asked before their answers are copied: half a page of glyphs


def bind(function: Any, result: Any, *arguments: Any) -> Any:
    """Return `function` of pdfium taking plain addresses and integers: thrice as fast as the checked binding.

    What follows the declared arguments is passed as it is, in half of the time: C ints, and addresses made by `at`, none as a number.
    """
    if _DECLARES_ALL:
        arguments = tuple(kind if kind in (INTEGER, ctypes.c_ulong) else POINTER for kind in function.argtypes)
    return ctypes.PYFUNCTYPE(result, *arguments)(ctypes.cast(function, POINTER).value or 0)


def at(address: int) -> Any:
    """Return an address as an undeclared argument of a bound function: worth making where it is passed many times."""
    return ctypes.byref(ctypes.c_char.from_address(address))


char_unicode = bind(raw.FPDFText_GetUnicode, ctypes.c_uint)
char_angle = bind(raw.FPDFText_GetCharAngle, ctypes.c_float)
object_bounds = bind(raw.FPDFPageObj_GetBounds, INTEGER, POINTER)
segment_point = bind(raw.FPDFPathSegment_GetPoint, INTEGER, POINTER)


class Answers:
    """Room for what pdfium writes when it is asked the same of many objects, with its addresses made once for all pages."""

    def __init__(self, kind: Any, columns: int, asked: int) -> None:
        """Make room for rows of `columns` numbers of a `kind` of four bytes; a call writes them to `asked` addresses."""
        self._room = np.zeros((_AT_ONCE, columns), kind)
        start, (row, number) = self._room.ctypes.data, self._room.strides
        places = range(start, start + number * asked, number)
        self._places = [[at(place + row * n) for n in range(_AT_ONCE)] for place in places]

    def of(self, function: Any, *arguments: list[Any]) -> tuple[NDArray[Any], list[int]]:
        """Ask `function` of each of the arguments, some at once.

        Returns:
            What it wrote, a row for each, zeros where nothing; what it returned.
        """
        count = len(arguments[0])
        written = np.empty((count, self._room.shape[1]), self._room.dtype)
        returned: list[int] = []
        for start in range(0, count, _AT_ONCE):
            self._room[:] = 0
            returned += map(function, *(each[start : start + _AT_ONCE] for each in arguments), *self._places)
            written[start : start + _AT_ONCE] = self._room[: count - start]
        return written, returned


_BYTES = 4  # of a C float or int
SIDES = 4  # of a box: left bottom right top
_PARTS = 4  # of a colour: red, green, blue, opacity

fill_colour = bind(raw.FPDFPageObj_GetFillColor, INTEGER, POINTER)
count_segments = bind(raw.FPDFPath_CountSegments, INTEGER, POINTER)

BOUNDS = Answers(np.float32, SIDES, SIDES)
"""Of `object_bounds`, asked of many objects."""
COLOURS = Answers(np.uint32, _PARTS, _PARTS)
"""Of `fill_colour` and its like, asked of many objects."""
POINTS = Answers(np.float32, 2, 2)
"""Of `segment_point`, asked of the segments of many paths."""
COLOUR = (ctypes.c_uint * _PARTS)()
COLOUR_AT = [ctypes.byref(COLOUR, _BYTES * part) for part in range(_PARTS)]
"""Where `fill_colour` and its like put the colour of one object, which is then in `COLOUR`."""


class PageOrientation(NamedTuple):
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
        match self.turns:
            case 0:
                turned = (left - self.left, self.top - top, right - self.left, self.top - bottom)
            case 1:
                turned = (bottom - self.bottom, left - self.left, top - self.bottom, right - self.left)
            case 2:
                turned = (self.right - right, bottom - self.bottom, self.right - left, top - self.bottom)
            case _:
                turned = (self.top - top, self.right - right, self.top - bottom, self.right - left)
        boxes = np.empty((len(boxes), SIDES), boxes.dtype)  # row by row, as boxes are taken from it
        for side, values in enumerate(turned):
            boxes[:, side] = values
        return boxes

    def shows(self, boxes: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Tell which boxes of the upright page it shows, or a part of them: a page cut out of a sheet draws what stands beside it, too."""
        x0, y0, x1, y1 = boxes.T
        width, height = self.size
        shown: NDArray[np.bool_] = (x1 >= -_BESIDE) & (y1 >= -_BESIDE) & (x0 <= width + _BESIDE) & (y0 <= height + _BESIDE)
        return shown

    def cut(self, lines: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return what of lines the page shows: a rule may go on over the edge at which the page was cut off."""
        width, height = self.size
        ends = np.array([width, height, width, height], np.float32) + np.float32(_BESIDE)
        return np.clip(lines[self.shows(lines)], np.float32(-_BESIDE), ends)


_BESIDE = 1.0
"""Points by which a border may stand beside the page whose edge it draws."""


@contextmanager
def open_document(data: bytes) -> Iterator[pdfium.PdfDocument]:
    """Open a PDF.

    Raises:
        UnreadableDocument: the bytes are no PDF, pdfium refuses them (encrypted, damaged), the end is missing, or there are no pages.
    """
    if b"%PDF-" not in data[:_HEAD]:
        raise UnreadableDocument(f"The file is no PDF but {kind_of(data)}.")
    try:
        document = pdfium.PdfDocument(data)
        document.init_forms()  # gives fields an appearance where the file has none
    except pdfium.PdfiumError as error:
        raise UnreadableDocument(_reason(error, data)) from error
    try:
        if len(document) < 1:
            raise UnreadableDocument("The PDF has no pages.")
        if _is_truncated(data):
            raise UnreadableDocument(_TRUNCATED)
        yield document
    finally:
        document.close()


_SIGNATURES = (
    (b"PK\x03\x04", "a ZIP archive or Office document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"{\\rtf", "a rich text document"),
    (b"%!PS", "a PostScript file"),
)


def kind_of(data: bytes) -> str:
    """Say in a few words what bytes are that are no PDF."""
    if not data.strip():
        return "an empty file"
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            return name
    head = data[:_SNIFFED].lower()
    if any(mark in head for mark in (b"<html", b"<!doctype html", b"<head", b"<script", b"<body")):
        return "an HTML page"
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<?xml"):
        return "an XML file"
    return "a binary file of unknown kind" if b"\x00" in data[:_SNIFFED] else "a text or a file of unknown kind"


_TRUNCATED = "The PDF is truncated: its end is missing."
_LINEARIZED = re.compile(rb"/Linearized\b.{0,400}?/L\s+(\d+)", re.DOTALL)


def _is_truncated(data: bytes) -> bool:
    """Tell whether the end of a PDF is missing, although pdfium mended what is there (it may have lost pages then)."""
    end = data.rfind(b"%%EOF")
    if end < 0 or (data.find(b" obj", end) >= 0 and data.find(b"startxref", end) < 0):
        return True
    linear = _LINEARIZED.search(data[:_LINEAR_HEAD])
    return bool(linear and len(data) < int(linear[1]))


def _reason(error: pdfium.PdfiumError, data: bytes) -> str:
    code = getattr(error, "err_code", None)
    if code == raw.FPDF_ERR_PASSWORD:
        return "The PDF is encrypted and needs a password."
    if code == raw.FPDF_ERR_SECURITY:
        return "The PDF is encrypted in a way that is not supported."
    return _TRUNCATED if b"%%EOF" not in data[-_TAIL:] else "The PDF is damaged and cannot be opened."


@contextmanager
def load_page(document: pdfium.PdfDocument, number: int) -> Iterator[tuple[pdfium.PdfPage, pdfium.PdfTextPage]]:
    """Load page `number` (from 1) with its text layer, both closed again at the end.

    What form fields and notes show is text and drawing of the page, as for whoever looks at it.

    Raises:
        UnreadableDocument: the page cannot be loaded.
    """
    try:
        page = document[number - 1]
        if _has_fields(page) and raw.FPDFPage_Flatten(page.raw, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS:
            page.close()
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


_UNSEEN_ANNOTATIONS = (raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP)


def _has_fields(page: pdfium.PdfPage) -> bool:
    """Tell whether a page has form fields, stamps or notes: what shows, but is no part of the page's own content."""
    for index in range(raw.FPDFPage_GetAnnotCount(page.raw)):
        annotation = raw.FPDFPage_GetAnnot(page.raw, index)
        kind = raw.FPDFAnnot_GetSubtype(annotation)
        raw.FPDFPage_CloseAnnot(annotation)
        if kind not in _UNSEEN_ANNOTATIONS:
            return True
    return False


def orientation_of(page: pdfium.PdfPage, text: pdfium.PdfTextPage) -> PageOrientation:
    """Return how the page is turned so that most of its text reads from left to right, and its visible box."""
    turns = page.get_rotation() // 90
    handle, count = at(address(text)), raw.FPDFText_CountChars(text.raw)
    quarters = [0, 0, 0, 0]
    sample = range(0, count, count // _SAMPLE + 1)
    printing = [index for index, code in zip(sample, map(char_unicode, repeat(handle), sample), strict=False) if code > _SPACE]
    for angle, glyphs in Counter(map(char_angle, repeat(handle), printing)).items():  # nearly all have one
        quarter = round(angle / (np.pi / 2) * _TURN_STEPS) / _TURN_STEPS
        if quarter == int(quarter):
            quarters[int(-quarter - turns) % 4] += glyphs  # pdfium counts angles clockwise
    reading = quarters.index(max(quarters)) if max(quarters) > _MOSTLY * sum(quarters) else 0
    return PageOrientation((turns + reading) % 4, *page.get_bbox())


def address(handle: Any) -> int:
    """Return the address behind a pypdfium2 object, for bound functions."""
    return ctypes.cast(handle.raw, POINTER).value or 0
