"""Which reader serves which media type: a new kind of document is a module with a reader, and a line here.

Belongs here: what a reader must offer, and the list of readers. Does not belong here: reading itself, what bytes are (`media_types.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from PIL import Image

from pipeline.document.content import Box, Content, UnreadableDocument
from pipeline.document.media_types import EMPTY, HTML, PDF, TEXT, media_type
from pipeline.document.pdf.overlay import draw_page
from pipeline.document.pdf.pdf_reader import read_pdf
from pipeline.document.text_dump import read_text


class DocumentReader(Protocol):
    """Reads the documents of some media types."""

    @property
    def media_types(self) -> frozenset[str]:
        """The media types that it reads."""

    def read(self, data: bytes) -> Content:
        """Return what the document holds.

        Raises:
            UnreadableDocument: the bytes cannot be read; the message says why in one sentence.
        """


@runtime_checkable
class PageDrawer(Protocol):
    """A reader whose documents have pages that can be shown."""

    def draw(self, data: bytes, page: int, boxes: Sequence[tuple[Box, str, str]]) -> Image.Image:
        """Return page `page` (from 1) as a picture with boxes over it (see `pipeline.document.pdf.overlay.draw_page`)."""


class PdfReader:
    """Reads PDFs: pages with grids."""

    media_types = frozenset({PDF})

    def read(self, data: bytes) -> Content:
        """Return the pages of a PDF (see `read_pdf`)."""
        return read_pdf(data)

    def draw(self, data: bytes, page: int, boxes: Sequence[tuple[Box, str, str]]) -> Image.Image:
        """Draw a page (see `draw_page`)."""
        return draw_page(data, page, boxes)


class TextReader:
    """Reads text dumps: bare lines."""

    media_types = frozenset({TEXT})

    def read(self, data: bytes) -> Content:
        """Return the lines of a text dump (see `read_text`)."""
        return read_text(data)


READERS: tuple[DocumentReader, ...] = (PdfReader(), TextReader())
_REFUSED = {
    EMPTY: "The file is empty.",
    HTML: "The file is a web page (HTML), not a document.",
}


def reader_for(kind: str) -> DocumentReader:
    """Return the reader of a media type.

    Raises:
        UnreadableDocument: no reader serves it; the message is the reason in one sentence.
    """
    for reader in READERS:
        if kind in reader.media_types:
            return reader
    raise UnreadableDocument(_REFUSED.get(kind, f"The file is no PDF and no text: its content is {kind}."))


def drawer_for(kind: str) -> PageDrawer | None:
    """Return the reader of a media type if it can show pages, else None."""
    return next((reader for reader in READERS if kind in reader.media_types and isinstance(reader, PageDrawer)), None)


def read_content(data: bytes) -> Content:
    """Return the pages of a document, by the reader that its bytes ask for.

    Raises:
        UnreadableDocument: no reader serves such bytes, or the one that does cannot read them.
    """
    return reader_for(media_type(data)).read(data)
