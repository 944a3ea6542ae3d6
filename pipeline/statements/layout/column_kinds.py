"""Columns of two pages as the same ones by what stands in them, where their borders do not tell.

Belongs here: comparing columns by content. Does not belong here: by place (`stitching.py`), what headers say (`meaning/columns.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cache, lru_cache

from pipeline.budget.amounts import is_blank, parse_amount
from pipeline.budget.characters import REMEMBERED, fold
from pipeline.statements.statement_model import TableRow
from schemas.vocabulary import phrase_rows, read_row_label

_CODE = re.compile(r"\d{2,3}|\d{5,12}")
_FEWEST_AMOUNTS = 2  # columns of amounts on both pages: one column may be of anything
_SHORTEST_MISREAD = 4  # characters: of fewer, one tells heads apart (小计, 合计)
_FEWEST_SUMS = 2  # rows that show which column adds up the others


def same_columns(above: Sequence[TableRow], below: Sequence[TableRow]) -> bool:
    """Tell whether the rows of a page have the columns of the rows before the page break, in their order.

    There are as many of them, with codes, names and amounts in the same places, and what adds up the others above does so below.
    A table that ends in its total does not go on.
    """
    if len(above[0].cells) != len(below[0].cells) or _is_total(above[-1]):
        return False
    kinds = list(zip(_kinds(above), _kinds(below), strict=True))
    if any(a != b for a, b in kinds if a and b) or any(b and b != "amount" and not a for a, b in kinds):
        return False
    both = [c for c, (a, b) in enumerate(kinds) if a == b == "amount"]
    named = any(a == b == "name" for a, b in kinds)
    if not named or len(both) < _FEWEST_AMOUNTS:
        return False
    amounts = [c for c, kind in enumerate(kinds) if "amount" in kind]
    upper, lower = _adding_up(above, amounts), _adding_up(below, amounts)
    return not upper or lower is None or bool(upper & lower)


def amount_columns(rows: Sequence[TableRow]) -> set[int]:
    """Return the columns in which most rows with amounts have one."""
    return {c for c, kind in enumerate(_kinds(rows)) if kind == "amount"}


def misread(word: str, head: str) -> bool:
    """Tell whether a word may be a head of which one character was misrecognised, as one that is no character of known heads.

    Figures tell years and quarters apart, 本 and 上 them too; a short word with another character is another word.
    """
    differing = [a for a, b in zip(word, head, strict=False) if a != b]
    if len(word) != len(head) or len(head) < _SHORTEST_MISREAD or len(differing) != 1:
        return False
    return not differing[0].isdigit() and differing[0] not in _characters_of_heads()


@cache
def _characters_of_heads() -> frozenset[str]:
    return frozenset().union(*(row["phrase"] for row in phrase_rows("headers.csv")))


def _own(row: TableRow, c: int) -> str:
    cell = row.cells[c]
    return fold(cell.text) if cell is not None and row.top[c] and row.left[c] and not is_blank(cell.text) else ""


def _is_total(row: TableRow) -> bool:
    return any("total" in read_row_label(text) for c in range(len(row.cells)) if (text := _own(row, c)))


def _kinds(rows: Sequence[TableRow]) -> list[str | None]:
    """Return what most rows with amounts have in each column: `code`, `amount`, `name`; None where it is empty."""
    columns = range(len(rows[0].cells))
    kinds = [[_kind_of(text) if (text := _own(row, c)) else None for c in columns] for row in rows]
    body = [own for own in kinds if "amount" in own]
    return [_most([own[c] for own in body if own[c]]) for c in columns]


def _most(kinds: Sequence[str | None]) -> str | None:
    return max(set(kinds), key=lambda kind: (kinds.count(kind), kind or "")) if kinds else None


@lru_cache(maxsize=REMEMBERED)
def _kind_of(text: str) -> str:
    if _CODE.fullmatch(text):
        return "code"
    return "amount" if parse_amount(text) is not None else "name"


def _amount(text: str) -> Decimal | None:
    return parse_amount(text) if text and not _CODE.fullmatch(text) else None


def _adding_up(rows: Sequence[TableRow], columns: Sequence[int]) -> set[int] | None:
    """Return the columns that are in each row the sum of the others, None where too few rows print several amounts."""
    values = [{c: value for c in columns if (value := _amount(_own(row, c))) is not None} for row in rows]
    values = [own for own in values if len(own) > 1]
    if len(values) < _FEWEST_SUMS:
        return None
    return {c for c in columns if all(c in own and 2 * own[c] == sum(own.values()) for own in values)}
