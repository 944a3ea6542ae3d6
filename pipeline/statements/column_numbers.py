"""Rows that number the columns of a table (栏次 1 2 3): they stand between its header and its body.

Belongs here: telling them by their texts. Does not belong here: what a column holds (`meaning/headers/header_columns.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from pipeline.budget.characters import REMEMBERED, fold
from pipeline.budget.patterns import LEVEL_WORDS
from pipeline.statements.statement_model import TableRow

CODE_PARTS = tuple(LEVEL_WORDS)
"""Headings of code columns that reach down beside the column numbers."""

_JOINED_PARTS = re.compile(r"(?!.$)类?款?项?")  # such headings in one cell: without rulings, their columns run together
_SEQUENCE = re.compile(r"\d{1,2}|[a-z]|类?款?项?[栏行]次|\*+|[-—/]|\d+=[\d+\-()]+|[甲乙丙丁]", re.IGNORECASE)
_SIGN = re.compile(r"(?!.*[\u4e00-\u9fff]{2})\D{1,3}")  # ** however it was recognised (★火): no two characters of a word
_SURE_NUMBERS = 3
"""So many numbers from 1 on in one row number the columns: no amounts do."""


def is_column_numbers(row: TableRow) -> bool:
    """Tell whether a row only numbers the columns (栏次 1 2 3, ** 1 2 …), whatever sign stands before several of them."""
    first = next(own_texts(row), "")
    return (not first or _may_number_columns(first)) and not row.unplaced and numbers_columns(own_texts(row))


@lru_cache(maxsize=REMEMBERED)  # asked of the first text of each row, three times
def _may_number_columns(text: str) -> bool:
    """Tell whether a text may be the first of those that number columns, as that of hardly any row."""
    first = fold(text)
    return _heads_codes(first) or _SIGN.fullmatch(first) is not None or _SEQUENCE.fullmatch(first) is not None


def numbers_columns(printed: Iterable[str]) -> bool:
    """Tell whether the texts of a row, or the words of a line, number columns and say nothing else."""
    joined = False  # 款项 is a word, too: beside it stands a sign of column numbers, or more of them than amounts could be
    texts: list[str] = []
    for text in printed:
        folded = fold(text)
        if not _heads_codes(folded):
            texts.append(folded)
        elif len(folded) > 1:
            joined = True
        if len(texts) == 1 and not _may_number_columns(texts[0]):
            return False
    if not texts or (joined and texts[0].isdigit() and len(texts) < _SURE_NUMBERS):
        return False
    if len(texts) > _SURE_NUMBERS and _SIGN.fullmatch(texts[0]) and texts[1:] == [str(n) for n in range(1, len(texts))]:
        return True
    return len(texts) >= 2 and all(_SEQUENCE.fullmatch(t) for t in texts) and _ascends(texts)


def _heads_codes(folded: str) -> bool:
    return folded in CODE_PARTS or (bool(folded) and _JOINED_PARTS.fullmatch(folded) is not None)


def _ascends(texts: list[str]) -> bool:
    numbers = [int(t) for t in texts if t.isdigit()]
    return (len(numbers) < 2 and not numbers) or all(b - a == 1 for a, b in pairwise(numbers))


def own_texts(row: TableRow) -> Iterator[str]:
    """Yield the texts of a row's cells, each once, spanning ones only in their first row."""
    for cell, top, left in zip(row.cells, row.top, row.left, strict=True):
        if cell is not None and top and left and cell.text.strip():
            yield cell.text
