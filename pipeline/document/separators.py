"""Whether a text is a table of fields with separators between them (CSV, TSV), told by its first rows.

Belongs here: telling it from a dump of a document's words, in which commas separate thousands and clauses. Does not belong here:
reading it.
"""

from __future__ import annotations

import csv
import re

_SNIFFED = 1 << 16  # characters that show whether a text is a table
_SNIFFED_ROWS = 200
_FEWEST_ROWS, _FEWEST_FIELDS = 3, 3
_ALIKE = 0.8  # of the rows: the others are titles and notes
_WORDED = 0.5  # of the rows: so many have a word at least; a column of numbers with commas has none
_LONGEST_LABEL = 200  # characters: a field that is longer and has full stops is prose with commas in it
_THOUSANDS = re.compile(r"[^\s,]\s+\d{1,3},\d{3}(?!\d)")
_TWO_NUMBERS = re.compile(r"\d\s+\d")
_NUMBER = re.compile(r"[-\d.,\s]*")


def separator_of(text: str) -> str | None:
    """Return the separator by which a text is a table; None where it is none.

    Most rows have the same number of fields, three or more; what stands above and below them has fewer. Commas within numbers that blanks
    part are separators of thousands: then the text is no table of fields.
    """
    beginning = text[:_SNIFFED]
    return next((separator for separator in "\t,;" if separator in beginning and _is_table(beginning, separator)), None)


def _is_table(text: str, separator: str) -> bool:
    lines = text.splitlines(keepends=True)[:_SNIFFED_ROWS]
    try:
        rows = [row for row in csv.reader(lines, delimiter=separator) if any(field.strip() for field in row)]
    except csv.Error:
        return False
    sizes = [len(row) for row in rows]
    if len(sizes) < _FEWEST_ROWS:
        return False
    size = max(set(sizes), key=lambda n: (sizes.count(n), n))
    if size < _FEWEST_FIELDS or max(sizes) > size or sizes.count(size) < _ALIKE * len(sizes):
        return False
    if separator == "," and (any(map(_THOUSANDS.search, lines)) or any(_TWO_NUMBERS.search(field) for row in rows for field in row)):
        return False
    worded = sum(any(not _NUMBER.fullmatch(field) for field in row) for row in rows)
    prose = any("。" in field and len(field) > _LONGEST_LABEL for row in rows for field in row)
    return worded >= _WORDED * len(rows) and not prose
