"""A program of its own: converts a file by LibreOffice's library (LibreOfficeKit), and writes what came of it to standard output.

    python -IS office_kit.py FOLDER FONT FORM        FOLDER holds LibreOffice's libraries; the file is `input` in the working folder

The office's own program opens sockets and begins anew when its profile is new; its library does neither, so that both work behind walls.
Macros are never run: the library loads documents so unless it is told otherwise. Of fonts the office sees its own symbols only, so that
no font of the system has a part in what comes out.

Belongs here: the calls of the library. This file is run, never imported by the project's code: it can import nothing but the standard
library. Does not belong here: walls and limits (`outside_programs.py`), what is asked for and believed (`document/outside/conversion.py`).
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Sequence
from pathlib import Path

LIBRARIES = ("libmergedlo.so", "libsofficeapp.so")
"""Names of the library that has LibreOfficeKit, as LibreOffice is built in one piece or in many."""

INPUT, _OUTPUT = "input", "output"
_SYMBOLS = "opens___.ttf"  # the font that comes with every LibreOffice
_FONT_FOLDERS = ("../share/fonts", "/usr/share/fonts")
_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{here}/fonts</dir><cachedir>{here}/font-cache</cachedir></fontconfig>"""
_NOT_LOADED, _NOT_SAVED = 3, 4  # exit codes
_POINTER, _TEXT = ctypes.c_void_p, ctypes.c_char_p


class _OfficeCalls(ctypes.Structure):
    """Beginning of the table of an office's calls."""

    _fields_ = (
        ("size", ctypes.c_size_t),
        ("destroy", _POINTER),
        ("load", _POINTER),
        ("error", ctypes.CFUNCTYPE(_POINTER, _POINTER)),
        ("load_with_options", ctypes.CFUNCTYPE(_POINTER, _POINTER, _TEXT, _TEXT)),
    )


class _DocumentCalls(ctypes.Structure):
    """Beginning of the table of a document's calls."""

    _fields_ = (
        ("size", ctypes.c_size_t),
        ("destroy", _POINTER),
        ("save_as", ctypes.CFUNCTYPE(ctypes.c_int, _POINTER, _TEXT, _TEXT, _TEXT)),
    )


class _Office(ctypes.Structure):
    _fields_ = (("calls", ctypes.POINTER(_OfficeCalls)),)


class _Document(ctypes.Structure):
    _fields_ = (("calls", ctypes.POINTER(_DocumentCalls)),)


def library_in(folder: Path) -> Path | None:
    """Return LibreOffice's library with the kit in a folder, if it is there."""
    return next((folder / name for name in LIBRARIES if (folder / name).is_file()), None)


def font_of(folder: Path) -> Path:
    """Return the office's font of symbols, wherever its makers or those of the system put it: without a font it does not begin."""
    found = (found for place in _FONT_FOLDERS for found in sorted((folder / place).resolve().rglob(_SYMBOLS)))
    return next(found, folder / _SYMBOLS)


def places_of(folder: Path) -> tuple[Path, ...]:
    """Return what an office reads besides its program: its own folders, and where links in them lead."""
    links = [Path(parent) / name for parent, inner, files in os.walk(folder.parent) for name in (*inner, *files)]
    led = {link.resolve() for link in links if link.is_symlink()}
    return (folder.parent, *sorted(led), font_of(folder), Path("/usr/share/liblangtag"))


def main(arguments: Sequence[str]) -> int:
    """Convert the file `input`; arguments are the folder of libraries, a font, and the form that is wanted (`docx`, `xlsx`)."""
    folder, font, form = Path(arguments[0]), Path(arguments[1]), arguments[2]
    here = Path.cwd()
    out = os.dup(1)
    os.dup2(2, 1)  # the library may print
    _show_font(font, here)
    library = ctypes.CDLL(str(library_in(folder)), mode=ctypes.RTLD_GLOBAL)
    begin = library.libreofficekit_hook_2
    begin.restype, begin.argtypes = _POINTER, (_TEXT, _TEXT)
    office = begin(os.fsencode(folder), (here / "profile").as_uri().encode())
    calls = ctypes.cast(office, ctypes.POINTER(_Office)).contents.calls.contents
    document = calls.load_with_options(office, (here / INPUT).as_uri().encode(), b"Batch=true")
    if not document:
        os.write(2, ctypes.string_at(calls.error(office)))
        return _NOT_LOADED
    saved = ctypes.cast(document, ctypes.POINTER(_Document)).contents.calls.contents.save_as
    if not saved(document, (here / _OUTPUT).as_uri().encode(), form.encode(), b""):
        return _NOT_SAVED
    left = memoryview((here / _OUTPUT).read_bytes())
    while left:
        left = left[os.write(out, left) :]
    return 0


def _show_font(font: Path, here: Path) -> None:
    (here / "fonts").mkdir()
    (here / "fonts" / font.name).write_bytes(font.read_bytes())
    settings = here / "fonts.conf"
    settings.write_text(_FONTS.format(here=here), encoding="utf-8")
    os.environ["FONTCONFIG_FILE"] = str(settings)


if __name__ == "__main__":
    os._exit(main(sys.argv[1:]))  # its threads wait for more, and taking an office apart takes its time
