"""The one font that stands for every font which a PDF names but does not embed.

pdfium would take the fonts of the machine instead: then boxes would differ from machine to machine, and where none has the
character, text drawn glyph by glyph would vanish without a word. The stand-in has a glyph for every character and every
glyph number; where text stands follows from the widths and heights that the PDF itself states.

Belongs here: the stand-in's form, handing it to pdfium. Does not belong here: measuring glyphs, fonts that are embedded.
"""

from __future__ import annotations

import ctypes
import struct
from functools import cache
from typing import Any

import numpy as np
import pypdfium2.raw as raw

EM = 100
"""Units per em of the stand-in."""

ASCENT, DESCENT = 88, -12
"""Units above and below the baseline, for a PDF that does not state them: those of the usual Chinese fonts."""

HALF_WIDTHS = 0x2E80
"""Characters below are half an em wide for a PDF that does not state widths, the others (from the CJK radicals on) one em."""

_GLYPHS = 0xFFFF  # the most that a font can have
_INK = (5, 0, 15, 70)  # left, bottom, right, top: as tall as a digit, inside the narrowest advance, so that no box grows by it
_WHOLE_FONT = 0  # the "table" that means the whole font

_STANDARD = {
    *(f"{family}{style}".encode() for family in ("Courier", "Helvetica") for style in ("", "-Bold", "-BoldOblique", "-Oblique")),
    *(f"Times-{style}".encode() for style in ("Roman", "Bold", "BoldItalic", "Italic")),
    b"Symbol",
    b"ZapfDingbats",
}
"""The fonts that pdfium brings along, with the widths that a PDF may leave out for them."""


@cache
def stand_in() -> bytes:
    """Return the stand-in as a TrueType font: the same upright box for each glyph, glyph n for the character n."""
    left, bottom, right, top = _INK
    # header, one contour that ends at point 3, no instructions; four points on the curve as one-byte steps from the last one
    glyph = struct.pack(">hhhhhHH", 1, left, bottom, right, top, 3, 0)
    glyph += bytes([0x33, 0x35, 0x33, 0x15, left, right - left, top - bottom, top - bottom])
    half, whole = struct.pack(">Hh", EM // 2, left), struct.pack(">Hh", EM, left)
    segments = struct.pack(">HHHHHHHHH", 0xFFFE, 0xFFFF, 0, 0, 0xFFFF, 0, 1, 0, 0)  # ends, padding, starts, shifts, no arrays
    mapping = struct.pack(">HHHHHHH", 4, 14 + len(segments), 0, 4, 4, 1, 0) + segments
    box = (0, DESCENT, EM, ASCENT)
    tables = {
        b"cmap": struct.pack(">HHHHI", 0, 1, 3, 1, 12) + mapping,  # for Unicode
        b"glyf": glyph * _GLYPHS,
        b"head": struct.pack(">IIIIHHqqhhhhHHhhh", 0x10000, 0x10000, 0, 0x5F0F3CF5, 0, EM, 0, 0, *box, 0, 8, 2, 1, 0),
        b"hhea": struct.pack(">IhhhHhhhhhhhhhhhH", 0x10000, ASCENT, DESCENT, 0, EM, left, 0, right, 1, *[0] * 7, HALF_WIDTHS + 1),
        b"hmtx": half * HALF_WIDTHS + whole + struct.pack(">h", left) * (_GLYPHS - HALF_WIDTHS - 1),
        b"loca": (np.arange(_GLYPHS + 1) * len(glyph)).astype(">u4").tobytes(),
        b"maxp": struct.pack(">IHHHHHHHHHHHHHH", 0x10000, _GLYPHS, 4, 1, 0, 0, 1, *[0] * 8),
    }
    start = 12 + 16 * len(tables)
    directory, body = struct.pack(">IHHHH", 0x10000, len(tables), 64, 2, 16 * len(tables) - 64), b""
    for name, table in tables.items():
        directory += name + struct.pack(">III", 0, start + len(body), len(table))
        body += table + b"\0" * (-len(table) % 4)
    return directory + body


def _map_font(_info: Any, _weight: int, _italic: int, _charset: int, _pitch: int, face: Any, _exact: Any) -> int | None:
    """Answer which font stands for `face`: none of the machine's, so that pdfium takes its own, or the stand-in."""
    return None if ctypes.cast(face, ctypes.c_char_p).value in _STANDARD else 1


def _font_data(_info: Any, _font: Any, table: int, buffer: Any, size: int) -> int:
    """Copy the stand-in into `buffer` if it has room, and return how many bytes it has."""
    if table != _WHOLE_FONT:
        return 0
    data = stand_in()
    if buffer and size >= len(data):
        ctypes.memmove(buffer, data, len(data))
    return len(data)


def _font_callbacks() -> Any:
    kinds = dict(raw.FPDF_SYSFONTINFO._fields_)
    functions = {
        "MapFont": _map_font,
        "GetFont": lambda *_: None,
        "GetFontData": _font_data,
        "DeleteFont": lambda *_: None,
    }
    return raw.FPDF_SYSFONTINFO(version=1, **{name: kinds[name](function) for name, function in functions.items()})


_ANSWERS = _font_callbacks()  # pdfium keeps its address until the process ends


def use_project_fonts() -> None:
    """Let pdfium use none of the machine's fonts in this process: its own standard ones, else the stand-in."""
    raw.FPDF_SetSystemFontInfo(_ANSWERS)
