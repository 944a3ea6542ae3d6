"""First stage: the bytes of a document become pages of text lines and grids of cells.

This is the only stage that opens the document; which reader serves which bytes is said by `pipeline.document.registry`.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.document.content import Content, UnreadableDocument
from pipeline.document.registry import read_content


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
