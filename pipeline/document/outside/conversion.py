"""Documents of forms that only an office program reads (DOC, WPS, RTF, ODT), as DOCX, by LibreOffice.

Belongs here: which forms these are, what is looked for in them before an office sees them (it opens half a file without a word), what of
its answer is believed. Does not belong here: reading DOCX (`forms/word.py`), how programs are run (`pipeline.store.processes`).
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Mapping
from typing import NamedTuple

from pipeline.document.compound_files import stream_of
from pipeline.document.content import NotNow, UnreadableDocument
from pipeline.document.media_types import DOC, DOCX, ODT, RTF, media_type
from pipeline.document.outside.programs import Programs

OFFICE = "soffice"
"""Name of the office program."""

CONVERTED: Mapping[str, str] = {
    DOC: "Word's old binary format (DOC), or of WPS Writer",
    RTF: "Rich Text Format (RTF)",
    ODT: "OpenDocument text (ODT)",
}
"""Media types of the documents that are converted, and what they are called."""

_NOT_LOADED, _NOT_SAVED = 3, 4
"""Codes that the office ends with where it does not load, or not save, this document (`office_kit.py`)."""

_LARGEST = 64 << 20  # bytes of a converted document: unpacked it must be a package within limits
_COMPLAINT = 160  # characters of what an office complains of
_MADE_BY = re.compile(rb"<Application>LibreOffice\w*/([\d.]+)")
_ENCRYPTED = "The file is encrypted with a password."
_DAMAGED = "The document is damaged or cut off."
_WORD_MARK, _FLAGS_AT = 0xA5EC, 10  # of the head of a Word document
_FLAG_ENCRYPTED, _FLAG_SECOND_TABLE = 0x0100, 0x0200


class Converted(NamedTuple):
    """A document in another form: its bytes, and the program and version that made it."""

    data: bytes
    by: str


def converted(data: bytes, kind: str, programs: Programs) -> Converted:
    """Return a document as DOCX.

    Args:
        data: of the document.
        kind: its media type, of those in `CONVERTED`.
        programs: that may be run.

    Raises:
        UnreadableDocument: it is damaged or encrypted, no office is there, or it cannot convert it.
        NotNow: the office does not work, whatever the document.
    """
    _refuse_damaged(data, kind)
    if not programs.has(OFFICE):
        raise UnreadableDocument(
            f"The file needs LibreOffice (soffice), which is not installed, as it is of {CONVERTED[kind]}: install it, or open the file in "
            "an office program and save it as DOCX or PDF."
        )
    ran = programs.run(OFFICE, ("docx",), data, _LARGEST)
    if ran.code not in (0, _NOT_LOADED, _NOT_SAVED):
        last = ran.complaints.strip().rpartition("\n")[2][:_COMPLAINT].rstrip(".")  # of a traceback what went wrong
        raise NotNow(f"LibreOffice could not begin: {last or f'it ended with {ran.code}'}.")
    made_by = _maker_of(ran.output) if ran.well and media_type(ran.output) == DOCX else None
    if made_by is None:
        raise UnreadableDocument(f"The file could not be converted by LibreOffice: it is of {CONVERTED[kind]}.")
    return Converted(ran.output, made_by)


def _maker_of(package: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as opened:
            found = _MADE_BY.search(opened.read("docProps/app.xml"))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, NotImplementedError, RuntimeError):
        return None
    return f"LibreOffice {found[1].decode()}" if found else None


def _refuse_damaged(data: bytes, kind: str) -> None:
    """Refuse what is not whole, or has a password.

    Raises:
        UnreadableDocument: it is so.
    """
    if kind == DOC:
        try:
            _refuse_damaged_word(data)
        except struct.error:
            raise UnreadableDocument(_DAMAGED) from None
    elif kind == RTF and not data.rstrip(b"\0 \t\r\n").endswith(b"}"):
        raise UnreadableDocument(_DAMAGED)
    elif kind == ODT:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                manifest = package.read("META-INF/manifest.xml")
        except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, NotImplementedError, RuntimeError):
            raise UnreadableDocument(_DAMAGED) from None
        if b"encryption-data" in manifest:
            raise UnreadableDocument(_ENCRYPTED)


def _refuse_damaged_word(data: bytes) -> None:
    document = stream_of(data, "WordDocument")
    if document is None or not document.whole or struct.unpack_from("<H", document.data)[0] != _WORD_MARK:
        raise UnreadableDocument(_DAMAGED)
    (flags,) = struct.unpack_from("<H", document.data, _FLAGS_AT)
    if flags & _FLAG_ENCRYPTED:
        raise UnreadableDocument(_ENCRYPTED)
    table = stream_of(data, "1Table" if flags & _FLAG_SECOND_TABLE else "0Table")
    if table is None or not table.whole:
        raise UnreadableDocument(_DAMAGED)
