"""Files that a PDF holds beside its pages: what is attached to it, and the documents of a portfolio.

Belongs here: whether a PDF holds files, and the bytes of each, within limits. For workers behind walls. Does not belong here: the pages
(`pdf_reader.py`), how such files become inputs (`archives.py`).
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

PDF_MARK = b"%PDF-"
FILE_MARK = b"/EmbeddedFile"
"""Beginning of the name of the list of files, and of the type of each: that list may stand in a compressed object, the type never does."""

FILES_OF_PDF = "(files in it)"
"""Name of what a PDF holds and nobody takes out."""

_TOO_MANY = "The PDF holds more than {} files: the others were not taken out."
_DAMAGED = "The file that the PDF holds is damaged."


def holds_files(data: bytes) -> bool:
    """Tell by its bytes whether a PDF may hold files."""
    return data.startswith(PDF_MARK) and FILE_MARK in data


def attached_files(data: bytes, most: int, largest: int) -> Iterator[tuple[str, bytes | str]]:
    """Yield the files that a PDF holds, in their order, each with its name and its bytes, or the one-sentence reason why there are none.

    Args:
        data: of the PDF.
        most: files that are taken out.
        largest: bytes of a file.

    Raises:
        UnreadableDocument: the PDF cannot be opened.
    """
    import pypdfium2 as pdfium  # loaded in workers only: few PDFs hold files
    import pypdfium2.raw as raw

    from pipeline.document.pdf.pdfium import open_document

    with open_document(data) as document:
        count = raw.FPDFDoc_GetAttachmentCount(document.raw)
        for n in range(min(count, most)):
            try:
                file = document.get_attachment(n)
                yield file.get_name(), _bytes_of(file, largest)
            except pdfium.PdfiumError:
                yield "", _DAMAGED
        if count > most:
            yield "", _TOO_MANY.format(most)


def _bytes_of(file: object, largest: int) -> bytes | str:
    import pypdfium2.raw as raw

    size = ctypes.c_ulong()
    if not raw.FPDFAttachment_GetFile(file, None, 0, size):
        return _DAMAGED
    if size.value > largest:
        return f"The file unpacks to more than {largest >> 20} MiB."
    found = ctypes.create_string_buffer(max(size.value, 1))
    if size.value and not raw.FPDFAttachment_GetFile(file, found, size.value, size):
        return _DAMAGED
    return found.raw[: size.value]
