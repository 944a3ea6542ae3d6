"""Reading tables of text with separators (CSV, TSV): one sheet.

Belongs here: from fields to a sheet. Does not belong here: telling such a text from others (`separators.py`), its
tables (`sheet_tables.py`).
"""

from __future__ import annotations

import csv
import io

from pipeline.document.content import Content, UnreadableDocument
from pipeline.document.forms.sheet_tables import RawSheet, page_of, shown_text
from pipeline.document.separators import separator_of
from pipeline.document.text_dump import decode

SEPARATED = "csv"
"""Name of the reader."""

_LARGEST_FIELD = 1 << 20  # characters: a longer one is a quote that was not closed


def read_separated(data: bytes) -> Content:
    """Read a table of text with separators as one sheet.

    Raises:
        UnreadableDocument: it is no text of one encoding, or shows nothing.
    """
    text, encoding = decode(data)
    separator = separator_of(text)
    if separator is None:
        raise UnreadableDocument("The text has no separators that make a table.")
    csv.field_size_limit(_LARGEST_FIELD)
    cells = {}
    try:
        for r, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator)):
            for c, field in enumerate(row):
                if shown := shown_text(field):
                    cells[r, c] = shown
    except csv.Error as error:
        raise UnreadableDocument(f"The table of text cannot be read: {error}.") from None
    if not cells:
        raise UnreadableDocument("The file holds no text.")
    warnings = () if encoding in ("utf-8", "ascii") else (f"The text is encoded as {encoding}.",)
    return Content("grids", SEPARATED, (page_of(RawSheet("", cells), 1, SEPARATED),), warnings, printed=False)
