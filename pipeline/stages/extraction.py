"""First stage: the bytes of a document become pages of text lines and grids of cells.

Belongs here: which reader serves which bytes, and their refusals. This is the only stage that opens the document.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.document.model import Content, UnreadableDocument
from pipeline.document.pdf.pdf_reader import read_pdf
from pipeline.document.sources import media_type
from pipeline.document.text_dump import read_text

_NO_DOCUMENT = {
    "application/x-empty": "The file is empty.",
    "text/html": "The file is a web page (HTML), not a document.",
}


@dataclass(frozen=True, slots=True)
class Extracted:
    """A document's pages, or the one-sentence reason why its bytes are no readable document (then `content` is None)."""

    content: Content | None
    refused: str | None = None


def extract(data: bytes) -> Extracted:
    """Return the pages of a document, or why there are none."""
    try:
        return Extracted(read_content(data))
    except UnreadableDocument as error:
        return Extracted(None, str(error))


def read_content(data: bytes) -> Content:
    """Return the pages of a document, by whichever reader its bytes ask for.

    Raises:
        UnreadableDocument: no reader serves them; the message is the reason in one sentence.
    """
    kind = media_type(data)
    if kind == "application/pdf":
        return read_pdf(data)
    if kind == "text/plain":
        return read_text(data)
    raise UnreadableDocument(_NO_DOCUMENT.get(kind, f"The file is no PDF and no text: its content is {kind}."))
