"""Rows that print the codes of two classifications, of which one has lost the first: what is left says only half of what it is.

Belongs here: which rows of a block these are. Does not belong here: what a row's cells say (`row_labels.py`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from pipeline.budget.characters import fold
from pipeline.budget.sums import CODED
from pipeline.statements.statement_model import LABEL_ROLES, Column, RowLabel, TableRow

_DIGITS = re.compile(r"[(\[]?(\d{3,7})")


def without_rows_of_one_code(
    labels: Sequence[RowLabel | None], rows: Sequence[TableRow], columns: Sequence[Column]
) -> list[RowLabel | None]:
    """Return the labels of a block without those that lack the code which the rows around them have in front of the same column.

    `2010301-行政运行 | 30202-印刷费` crosses two classifications, and `(blank) | 30202-印刷费` below it is no row of the second:
    its first code is not there. A list may leave a first code out where it is that of the row above, and then does so throughout;
    one that heads the rows of the second stands on a row of its own.
    """
    crossing = [n for n, label in enumerate(labels) if label and label.code and label.scheme in CODED and _second_codes(label)]
    if not crossing:
        return list(labels)
    main = Counter(label.scheme for n in crossing if (label := labels[n])).most_common(1)[0][0]
    crossing = [n for n in crossing if (label := labels[n]) and label.scheme == main]
    naming = [c.index for c in columns if c.role in LABEL_ROLES or c.role == "text"]
    first = {c for n in crossing if (label := labels[n]) for c in _columns_of(label.code or "", rows[n], naming)}
    second = {c for n in crossing if (label := labels[n]) for code in _second_codes(label) for c in _columns_of(code, rows[n], naming)}
    alone = set()
    for n, label in enumerate(labels):
        if label and label.code and label.scheme in CODED and label.scheme != main:
            at = set(_columns_of(label.code, rows[n], naming))
            if at & second and not at & first:
                alone.add(n)
    repeated = any(m - n == 1 and _code(labels[n]) == _code(labels[m]) for n, m in pairwise(crossing))
    if not repeated and len(crossing) <= len(alone):
        return list(labels)
    return [None if n in alone else label for n, label in enumerate(labels)]


def _code(label: RowLabel | None) -> str | None:
    return label.code if label else None


def _second_codes(label: RowLabel) -> list[str]:
    return [code for code in (label.department_economic_code, label.government_economic_code) if code]


def _columns_of(code: str, row: TableRow, naming: Sequence[int]) -> list[int]:
    """Return the columns in which a row prints a code, or its first digits."""
    found = []
    for c in naming:
        cell = row.cells[c]
        if cell is not None and (digits := _DIGITS.match(fold(cell.text))) and code.startswith(digits[1]):
            found.append(row.start_of(c))
    return found
