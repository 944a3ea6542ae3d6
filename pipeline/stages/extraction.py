"""First stage: the bytes of a document become pages of text lines and grids of cells.

This is the only stage that opens the document; which reader serves which bytes is said by `pipeline.document.registry`.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.document.content import Content, NotNow, UnreadableDocument
from pipeline.document.media_types import EMPTY, media_type
from pipeline.document.outside.programs import NO_PROGRAMS, Programs
from pipeline.document.registry import read_content


@dataclass(frozen=True, slots=True)
class Extracted:
    """A document's pages, or the one-sentence reason why its bytes are no readable document (then `content` is None).

    Attributes:
        content: what it holds.
        refused: why it cannot be read.
        media_type: what its bytes are, see `pipeline.document.media_types`.
    """

    content: Content | None
    refused: str | None = None
    media_type: str = EMPTY


def extract(data: bytes, programs: Programs = NO_PROGRAMS) -> Extracted:
    """Return the pages of a document, or why there are none.

    Args:
        data: its bytes.
        programs: of the system that may be run on them.

    Raises:
        NotNow: it may be readable another time.
    """
    kind = media_type(data)
    try:
        return Extracted(read_content(data, programs), media_type=kind)
    except NotNow:
        raise
    except UnreadableDocument as error:
        return Extracted(None, str(error), kind)
