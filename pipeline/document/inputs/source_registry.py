"""Source registries: tables (CSV) of documents, by path or address, with what is said of each.

Belongs here: the rows as text, and what is no registry. What a row means is told by who reads it: files by `places.py`, addresses by
`pipeline.fetch`.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from pathlib import Path

from pipeline.document.content import UnreadableDocument
from pipeline.document.text_dump import decode


class SourceError(Exception):
    """A source that was asked for cannot be used at all; the message says why, for the person who asked."""


def registry_rows(registry: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a registry as column → text without spaces around it; columns that a row does not reach are left out.

    Raises:
        SourceError: it cannot be read, or has neither a column `path` nor a column `url`.
    """
    try:
        text, _ = decode(registry.read_bytes())
    except (UnreadableDocument, OSError) as error:
        raise SourceError(f"The registry {printable_path(registry)} cannot be read: {error}") from None
    table = csv.DictReader(io.StringIO(text, newline=""))
    columns = set(table.fieldnames or ())
    if not columns & {"path", "url"}:
        raise SourceError(f"{printable_path(registry)} is no source registry: it has neither a column `path` nor a column `url`.")
    for row in table:
        yield {column: (row.get(column) or "").strip() for column in columns if isinstance(row.get(column), str)}


def printable_path(path: Path) -> str:
    """Return a path as text that any format can hold: bytes that are no UTF-8 are written as escapes."""
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")
