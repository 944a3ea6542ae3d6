"""What bytes are, by their content, whatever a name or an address says of them.

Belongs here: sniffing, and the names of the media types that the project speaks of. Does not belong here: reading (`registry.py`).
"""

from __future__ import annotations

from pipeline.document.content import UnreadableDocument
from pipeline.document.text_dump import decode, is_html

PDF = "application/pdf"
TEXT = "text/plain"
HTML = "text/html"
EMPTY = "application/x-empty"
OTHER = "application/octet-stream"

_HEAD = 1024  # bytes: a PDF bears its mark within the first kilobyte
_MARKS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"Rar!", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
)
_ZIP = "application/zip"
_BEGINNING = 1 << 16  # bytes in which a text shows its encoding and a web page its first tag: the rest is for who reads it
_OFFICE = (
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
)

MEDIA_TYPES = frozenset({PDF, TEXT, HTML, EMPTY, OTHER, _ZIP, *(kind for _, kind in (*_MARKS, *_OFFICE))})
"""All types that `media_type` tells apart."""


def media_type(data: bytes) -> str:
    """Return what `data` is by its content, whatever its name says: a MIME type.

    A PDF is recognised by its header in the first kilobyte or, where that is damaged, by its objects; a text by strict decoding
    of its first 64 KiB (whether the rest is text too, shows when it is read).
    """
    if not data:
        return EMPTY
    for mark, kind in _MARKS:
        if data.startswith(mark):
            return kind
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return next((kind for part, kind in _OFFICE if part in data), _ZIP)
    if b"%PDF-" in data[:_HEAD] or b"endobj" in data or b"startxref" in data:
        return PDF
    try:
        text, _ = decode(data[:_BEGINNING], whole=len(data) <= _BEGINNING)
    except UnreadableDocument:
        return OTHER
    return HTML if is_html(text) else TEXT
