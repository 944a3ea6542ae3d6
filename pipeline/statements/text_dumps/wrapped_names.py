"""Text dumps that keep columns by spaces: a row's name that is wrapped around the line of its numbers, put into that line.

    机关事业单位基本养老
          2080505   433.31   433.31   0.00
    保险缴费支出

A cell of two lines stands with one above and one below the middle of its row, where the numbers stand. The line of numbers is then blank
where the name's lines stand: between its code and its first number, or before both.

Belongs here: what the places of words on lines next to each other say. Does not belong here: names that other tools cut (`cut_names.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.budget.amounts import is_blank
from pipeline.budget.characters import fold
from pipeline.statements.text_dumps.bare_rows import is_number
from pipeline.statements.text_dumps.line_words import HAN_CHARACTER
from pipeline.statements.text_dumps.segments import DumpLine
from schemas.vocabulary import read_header, read_row_label

_WORD = re.compile(r"\S+")
_FEWEST_NUMBERS = 2
"""Numbers on the line: one alone may be of any of the two labels around it."""
_INDENT = 1
"""Characters. The second line of a name begins where the first does, or further left, where only the first is indented."""


def with_whole_names(lines: Sequence[DumpLine]) -> list[DumpLine]:
    """Return lines, those of a name above and below its numbers put into the line of these."""
    found: list[DumpLine] = []
    at = 0
    while at < len(lines):
        following = lines[at + 3] if at + 3 < len(lines) else None
        whole = _with_name(lines[at], lines[at + 1], lines[at + 2], following) if at + 2 < len(lines) else None
        found.append(whole or lines[at])
        at += 3 if whole else 1
    return found


def _with_name(above: DumpLine, row: DumpLine, below: DumpLine, following: DumpLine | None) -> DumpLine | None:
    """Return the row with its name, None where the three lines are no such row."""
    if not (_next(above, row) and _next(row, below)):
        return None
    first, second = _only_text(above), _only_text(below)
    if first is None or second is None or second.start() > first.start() + _INDENT or second.end() > first.end() + _INDENT:
        return None
    if read_header(fold(first[0])) or any(read_row_label(fold(word[0])).get("total") for word in (first, second)):
        return None
    left, right = min(first.start(), second.start()), first.end()
    if not _lacks_name(row, left, right):
        return None
    if following is not None and _next(below, following) and _lacks_name(following, left, right):
        return None  # `below` is as well the name of the next row, or its beginning
    before, after = row.text[:left].rstrip(), row.text[right:]
    text = f"{before}{' ' * max(1, left - len(before))}{first[0]}{second[0]} {after}"
    return replace(row, text=text, folded=fold(text))


def _lacks_name(line: DumpLine, left: int, right: int) -> bool:
    """Tell whether a line prints numbers right of a place, codes alone left of it, and nothing there.

    Behind the name the row may name another class, with its code; one that prints no code of its own prints numbers alone.
    """
    before, between, after = line.text[:left].split(), line.text[left:right].strip(), line.text[right:]
    if between or not all(_is_code(word) for word in before):
        return False
    numbers = sum(is_number(word) or is_blank(word) for word in after.split())
    return numbers >= _FEWEST_NUMBERS and (bool(before) or not HAN_CHARACTER.search(after))


def _next(upper: DumpLine, lower: DumpLine) -> bool:
    return upper.page == lower.page and lower.number == upper.number + 1


def _only_text(line: DumpLine) -> re.Match[str] | None:
    """Return the one word of a line that is text."""
    words = list(_WORD.finditer(line.text))
    return words[0] if len(words) == 1 and HAN_CHARACTER.search(words[0][0]) and not is_number(words[0][0]) else None


def _is_code(word: str) -> bool:
    return fold(word).isdigit()
