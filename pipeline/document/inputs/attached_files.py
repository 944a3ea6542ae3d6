"""Files that a PDF holds beside its pages: what is attached to it, and the documents of a portfolio.

Belongs here: whether a PDF holds files, and the bytes of each, within limits. For workers behind walls. Files that hang on a place of a
page (annotations) are not in the list that is looked through, and are not found. Does not belong here: the pages (`pdf_reader.py`), how
such files become inputs (`archives.py`).
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pipeline.document.content import UnreadableDocument

PDF_MARK = b"%PDF-"
FILE_MARK = b"/EmbeddedFile"
"""Beginning of the name of the list of files, and of the type of each. That list may stand in a compressed object; the type stands beside
the bytes of a file, which never do, but a program may leave it out: files of a PDF with neither in sight are named by who reads its pages
(`pdf_reader.py`), as files to be saved beside it."""

FILES_OF_PDF = "(files in it)"
"""Name of what a PDF holds and nobody takes out."""

_TOO_MANY = "The PDF holds more than {} files: the others were not taken out."
_DAMAGED = "The file that the PDF holds is damaged."


def holds_files(data: bytes) -> bool:
    """Tell by its bytes whether a PDF may hold files."""
    return data.startswith(PDF_MARK) and FILE_MARK in data


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file that an open PDF holds: its name, and where its bytes are, or the one-sentence reason why there are none."""

    name: str
    where: object = None
    unavailable: str | None = None

    def taken_out(self, largest: int, left: int) -> bytes:
        """Return its bytes.

        Args:
            largest: bytes that it may have.
            left: bytes that it and those after it may have together.

        Raises:
            UnreadableDocument: it has more, or is damaged.
            FilesTooLarge: it has more than are left.
        """
        import pypdfium2.raw as raw

        size = ctypes.c_ulong()
        if self.unavailable is not None or not raw.FPDFAttachment_GetFile(self.where, None, 0, size):
            raise UnreadableDocument(self.unavailable or _DAMAGED)
        if size.value > largest:
            raise UnreadableDocument(f"The file unpacks to more than {largest >> 20} MiB.")
        if size.value > left:
            raise FilesTooLarge
        found = ctypes.create_string_buffer(max(size.value, 1))
        if size.value and not raw.FPDFAttachment_GetFile(self.where, found, size.value, size):
            raise UnreadableDocument(_DAMAGED)
        return found.raw[: size.value]


class FilesTooLarge(Exception):
    """The files that a PDF holds have more bytes than they may have together."""


@contextmanager
def attached_files(data: bytes, most: int) -> Iterator[list[AttachedFile]]:
    """Give the files that a PDF holds, in their order; none of their bytes is taken yet.

    Args:
        data: of the PDF, which is open as long as the files are given.
        most: files that are given; one more says so where there are more.

    Raises:
        UnreadableDocument: the PDF cannot be opened.
    """
    import pypdfium2 as pdfium  # loaded in workers only: few PDFs hold files
    import pypdfium2.raw as raw

    from pipeline.document.pdf.pdfium import open_document

    with open_document(data) as document:
        count = raw.FPDFDoc_GetAttachmentCount(document.raw)
        files = []
        for n in range(min(count, most)):
            try:
                file = document.get_attachment(n)
                files.append(AttachedFile(file.get_name(), file))
            except pdfium.PdfiumError:
                files.append(AttachedFile("", unavailable=_DAMAGED))
        if count > most:
            files.append(AttachedFile("", unavailable=_TOO_MANY.format(most)))
        yield files
