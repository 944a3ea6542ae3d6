"""What bytes are, by their content, whatever a name or an address says of them.

Belongs here: sniffing, and the names of the media types that the project speaks of. Does not belong here: reading (`registry.py`).
"""

from __future__ import annotations

import re

from pipeline.document.content import UnreadableDocument
from pipeline.document.separators import separator_of
from pipeline.document.text_dump import decode, is_html

PDF = "application/pdf"
TEXT = "text/plain"
CSV = "text/csv"
HTML = "text/html"
EMPTY = "application/x-empty"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSM = "application/vnd.ms-excel.sheet.macroenabled.12"
XLSB = "application/vnd.ms-excel.sheet.binary.macroenabled.12"
XLS = "application/vnd.ms-excel"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
ODT = "application/vnd.oasis.opendocument.text"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DOC = "application/msword"
RTF = "application/rtf"
OFD = "application/ofd"
ENCRYPTED = "application/encrypted"
OLE = "application/x-ole-storage"
ZIP = "application/zip"
RAR = "application/vnd.rar"
SEVEN_ZIP = "application/x-7z-compressed"
GZIP = "application/gzip"
PNG = "image/png"
JPEG = "image/jpeg"
TIFF = "image/tiff"
OTHER = "application/octet-stream"

_RTF_MARK = b"{\\rtf"
_HEAD = 1024  # bytes: a PDF bears its mark within the first kilobyte
_MARKS = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF8", "image/gif"),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"Rar!", RAR),
    (b"7z\xbc\xaf\x27\x1c", SEVEN_ZIP),
    (b"\x1f\x8b", GZIP),
    (_RTF_MARK, RTF),
)
_BEGINNING = 1 << 16  # bytes in which a text shows its encoding and a web page its first tag: the rest is for who reads it
_OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Names of the streams of a compound file, as its directory has them. One with a password has nothing beside it.
_STREAMS = tuple(
    (name.encode("utf-16-le"), kind)
    for name, kind in (("EncryptedPackage", ENCRYPTED), ("WordDocument", DOC), ("Workbook\0", XLS), ("Book\0", XLS))
)
# Parts that name what a package is, narrower ones first.
_PARTS = (
    (re.compile(rb"xl/workbook\.bin"), XLSB),
    (re.compile(rb"xl/vbaProject\.bin"), XLSM),
    (re.compile(rb"xl/"), XLSX),
    (re.compile(rb"word/"), DOCX),
    (re.compile(rb"OFD\.xml"), OFD),
)
_OPEN_DOCUMENT = re.compile(rb"mimetype(?:application/vnd\.oasis\.opendocument\.(spreadsheet|text))")
ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")
_DIRECTORY, _END, _END_SIZE = b"PK\x01\x02", b"PK\x05\x06", 22
_NAME_AT = 46  # bytes from the beginning of an entry of a ZIP's directory to the file's name

MEDIA_TYPES = frozenset(
    {PDF, TEXT, CSV, HTML, EMPTY, OTHER, ZIP, ODS, ODT, OLE, *(kind for _, kind in (*_MARKS, *_STREAMS)), *(kind for _, kind in _PARTS)}
)
"""All types that `media_type` tells apart."""


def media_type(data: bytes) -> str:
    """Return what `data` is by its content, whatever its name says: a MIME type.

    A PDF is recognised by its header in the first kilobyte or, where that is damaged, by its objects; a package of an office program by
    the names of its parts; a text by strict decoding of its first 64 KiB (whether the rest is text too, shows when it is read).
    """
    if not data:
        return EMPTY
    for mark, kind in _MARKS:
        if data.startswith(mark):
            return kind
    if data.startswith(_OLE_MARK):
        return next((kind for name, kind in _STREAMS if name in data), OLE)
    if data.startswith(ZIP_MARKS):
        return _package_type(data)
    if b"%PDF-" in data[:_HEAD] or b"endobj" in data or b"startxref" in data:
        return PDF
    try:
        text, _ = decode(data[:_BEGINNING], whole=len(data) <= _BEGINNING)
    except UnreadableDocument:
        # a web page says its encoding itself, and may be of one that is none of a text dump's
        return HTML if is_html(data[:_HEAD].decode("latin-1")) else OTHER
    if is_html(text):
        return HTML
    return TEXT if separator_of(text) is None else CSV


def looks_like_office(beginning: bytes) -> bool:
    """Tell by its first bytes whether a file may be of a form that only an office program reads; workbooks look so too."""
    return beginning.startswith((_OLE_MARK, _RTF_MARK))


def _package_type(data: bytes) -> str:
    """Return what a ZIP file is by the names in its own directory; where that is lost, by the names anywhere."""
    if match := _OPEN_DOCUMENT.search(data, 0, _HEAD):
        return ODS if match[1] == b"spreadsheet" else ODT
    end = data.rfind(_END)
    size, start = (int.from_bytes(data[end + at : end + at + 4], "little") for at in (12, 16))
    if end >= 0 and end + _END_SIZE <= len(data) and start + size <= end:
        names = _DIRECTORY + rb".{%d}" % (_NAME_AT - len(_DIRECTORY))
        for part, kind in _PARTS:
            if re.compile(names + part.pattern, re.DOTALL).search(data, start, start + size):
                return kind
        return ZIP
    return next((kind for part, kind in _PARTS if part.search(data)), ZIP)
