"""Which reader serves which media type: a new kind of document is a module with a reader, and a line here.

A reader is imported when it first reads: each brings a parser of its format (pdfium, lxml, Pillow …), and a build reads documents in other
processes, most builds next to none.

Belongs here: what a reader must offer, and the list of readers. Does not belong here: reading itself, what bytes are (`media_types.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from pipeline.document.content import Box, Content, UnreadableDocument
from pipeline.document.media_types import (
    CSV,
    DOCX,
    EMPTY,
    ENCRYPTED,
    GZIP,
    HTML,
    JPEG,
    ODS,
    OFD,
    OLE,
    PDF,
    PNG,
    RAR,
    SEVEN_ZIP,
    TEXT,
    TIFF,
    XLS,
    XLSB,
    XLSM,
    XLSX,
    ZIP,
    media_type,
)
from pipeline.document.outside.conversion import CONVERTED, converted
from pipeline.document.outside.programs import NO_PROGRAMS, Programs
from pipeline.document.text_dump import read_text

if TYPE_CHECKING:
    from PIL import Image


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
        """Return page `page` (from 1) as a picture with boxes over it (see `pipeline.document.display.page_picture.draw_page`)."""

    def draw_pages(self, data: bytes, pages: Iterable[int], width: int) -> Iterator[tuple[int, Image.Image, float]]:
        """Yield pages as pictures with their pixels per point (see `pipeline.document.display.page_picture.draw_pages`)."""


class PdfReader:
    """Reads PDFs: pages with grids."""

    media_types = frozenset({PDF})

    def read(self, data: bytes) -> Content:
        """Return the pages of a PDF (see `read_pdf`)."""
        from pipeline.document.pdf_reader import read_pdf

        return read_pdf(data)

    def draw(self, data: bytes, page: int, boxes: Sequence[tuple[Box, str, str]]) -> Image.Image:
        """Draw a page (see `draw_page`); one that was read from its picture as it was straightened for that."""
        from pipeline.document.display.page_labels import with_boxes
        from pipeline.document.display.page_picture import draw_page
        from pipeline.document.pdf_reader import straightened_page

        straight = straightened_page(data, page)
        return with_boxes(*straight, boxes) if straight else draw_page(data, page, boxes)

    def draw_pages(self, data: bytes, pages: Iterable[int], width: int) -> Iterator[tuple[int, Image.Image, float]]:
        """Draw some pages, as `draw` does (see `draw_pages`)."""
        from pipeline.document.display.page_picture import as_wide, draw_pages
        from pipeline.document.pdf_reader import straightened_page

        for page in pages:
            if straight := straightened_page(data, page):
                yield (page, *as_wide(*straight, width))
            else:
                yield from draw_pages(data, [page], width)


class PictureReader:
    """Reads pictures: a page per picture, by the extra `ocr`."""

    media_types = frozenset({PNG, JPEG, TIFF})

    def read(self, data: bytes) -> Content:
        """Return the pages of a file of pictures (see `read_picture_file`)."""
        from pipeline.document.scans.picture_files import read_picture_file

        return read_picture_file(data)

    def draw(self, data: bytes, page: int, boxes: Sequence[tuple[Box, str, str]]) -> Image.Image:
        """Draw a page as it was straightened to be read."""
        from pipeline.document.display.page_labels import with_boxes
        from pipeline.document.scans.picture_files import straightened_picture

        return with_boxes(*straightened_picture(data, page), boxes)

    def draw_pages(self, data: bytes, pages: Iterable[int], width: int) -> Iterator[tuple[int, Image.Image, float]]:
        """Draw some pages, as `draw` does."""
        from pipeline.document.display.page_picture import as_wide
        from pipeline.document.scans.picture_files import straightened_picture

        for page in pages:
            yield (page, *as_wide(*straightened_picture(data, page), width))


class TextReader:
    """Reads text dumps: bare lines, or tables that are drawn with bars or tabs."""

    media_types = frozenset({TEXT})

    def read(self, data: bytes) -> Content:
        """Return the lines of a text dump (see `read_text`), or its tables (see `read_bar_tables`)."""
        from pipeline.document.bar_tables import read_bar_tables

        lines = read_text(data)
        return read_bar_tables(data) or lines


class _SetPages:
    """Pages of documents that no library draws, shown as their texts and cells were set or placed."""

    def draw(self: DocumentReader, data: bytes, page: int, boxes: Sequence[tuple[Box, str, str]]) -> Image.Image:
        """Draw a page (see `sheet_picture`)."""
        from pipeline.document.display.page_labels import with_boxes
        from pipeline.document.display.sheet_picture import sheet_picture

        return with_boxes(*sheet_picture(self.read(data).pages[page - 1]), boxes)

    def draw_pages(self: DocumentReader, data: bytes, pages: Iterable[int], width: int) -> Iterator[tuple[int, Image.Image, float]]:
        """Draw some pages, as `draw` does."""
        from pipeline.document.display.page_picture import as_wide
        from pipeline.document.display.sheet_picture import sheet_picture

        set_pages = self.read(data).pages
        for page in pages:
            yield (page, *as_wide(*sheet_picture(set_pages[page - 1]), width))


class WorkbookReader(_SetPages):
    """Reads workbooks: a page per sheet."""

    media_types = frozenset({XLSX, XLSM, XLSB, XLS, ODS})

    def read(self, data: bytes) -> Content:
        """Return the sheets of a workbook (see `read_workbook`)."""
        from pipeline.document.forms.workbooks import read_workbook

        return read_workbook(data, media_type(data))


class SeparatedReader(_SetPages):
    """Reads tables of text with separators."""

    media_types = frozenset({CSV})

    def read(self, data: bytes) -> Content:
        """Return the table (see `read_separated`)."""
        from pipeline.document.forms.separated_text import read_separated

        return read_separated(data)


class WebPageReader(_SetPages):
    """Reads web pages: a page per table."""

    media_types = frozenset({HTML})

    def read(self, data: bytes) -> Content:
        """Return what a browser shows of the file (see `read_web_page`)."""
        from pipeline.document.forms.web_pages import read_web_page

        return read_web_page(data)


class WordReader(_SetPages):
    """Reads Word documents: a page per table."""

    media_types = frozenset({DOCX})

    def read(self, data: bytes) -> Content:
        """Return the paragraphs and tables of the document (see `read_word`)."""
        from pipeline.document.forms.word import read_word

        return read_word(data)


class OfdReader(_SetPages):
    """Reads OFD: pages with grids."""

    media_types = frozenset({OFD})

    def read(self, data: bytes) -> Content:
        """Return the pages of an OFD document (see `read_ofd`)."""
        from pipeline.document.ofd.ofd_reader import read_ofd

        return read_ofd(data)


READERS: tuple[DocumentReader, ...] = (
    PdfReader(),
    PictureReader(),
    TextReader(),
    WorkbookReader(),
    SeparatedReader(),
    WebPageReader(),
    WordReader(),
    OfdReader(),
)
_MODULES = (
    "pipeline.document.bar_tables",
    "pipeline.document.display.page_labels",
    "pipeline.document.display.page_picture",
    "pipeline.document.pdf_reader",
    "pipeline.document.scans.picture_files",
    "pipeline.document.display.sheet_picture",
    "pipeline.document.forms.workbooks",
    "pipeline.document.forms.separated_text",
    "pipeline.document.forms.web_pages",
    "pipeline.document.forms.word",
    "pipeline.document.ofd.ofd_reader",
)
"""Where the readers read, each imported by its own."""
_CONVERT = "is not read: open it in an office program and save it as {}."
_REFUSED = {
    EMPTY: "The file is empty.",
    OLE: f"The file is of an old office format and damaged, or of a kind that {_CONVERT.format('XLSX, DOCX or PDF')}",
    ENCRYPTED: "The file is encrypted with a password.",
    ZIP: "The file is an archive (ZIP): its documents are inputs of their own.",
    RAR: "The file is an archive (RAR): its documents are inputs of their own.",
    SEVEN_ZIP: "The file is an archive (7z): its documents are inputs of their own.",
    GZIP: "The file is an archive of a kind that is not unpacked (gzip): unpack it, or pack it as ZIP.",
}


def load_readers() -> None:
    """Import what all readers need: for the process that workers are forked from, each of which would import it again."""
    for module in _MODULES:
        import_module(module)


def reader_for(kind: str) -> DocumentReader:
    """Return the reader of a media type.

    Raises:
        UnreadableDocument: no reader serves it; the message is the reason in one sentence.
    """
    for reader in READERS:
        if kind in reader.media_types:
            return reader
    raise UnreadableDocument(_REFUSED.get(kind, f"No reader is registered for the content of the file: {kind}."))


def drawer_for(kind: str) -> PageDrawer | None:
    """Return the reader of a media type if it can show pages, else None; a document that is converted is shown as what it becomes."""
    shown = DOCX if kind in CONVERTED else kind
    return next((reader for reader in READERS if shown in reader.media_types and isinstance(reader, PageDrawer)), None)


def as_read(data: bytes, programs: Programs) -> bytes:
    """Return a document as its reader takes it: converted, where only an office program reads its form.

    Raises:
        UnreadableDocument: it cannot be converted.
    """
    kind = media_type(data)
    return converted(data, kind, programs).data if kind in CONVERTED else data


def read_content(data: bytes, programs: Programs = NO_PROGRAMS) -> Content:
    """Return the pages of a document, by the reader that its bytes ask for.

    Args:
        data: of the document.
        programs: of the system that may be run on them.

    Raises:
        UnreadableDocument: no reader serves such bytes, or the one that does cannot read them.
    """
    kind = media_type(data)
    if kind not in CONVERTED:
        return reader_for(kind).read(data)
    made, by = converted(data, kind, programs)
    content = reader_for(media_type(made)).read(made)
    said = f"The file was converted by {by}: it is of {CONVERTED[kind]}."
    return replace(content, reader=f"{by}, {content.reader}", warnings=(said, *content.warnings))
