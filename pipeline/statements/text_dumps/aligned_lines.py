"""Text dumps that keep columns by spaces (`pdftotext -layout`): what the places of words on lines next to each other say.

A heading sets the pieces of one cell below one another, and on each of its lines pieces of all cells. Read line after line they are torn
apart; read column after column they stand together, a text over several columns before the first that it can head.

A row's name that is wrapped stands around the line of its numbers, and is put into it:

    机关事业单位基本养老
          2080505   433.31   433.31   0.00
    保险缴费支出

A cell of two lines stands with one above and one below the middle of its row. The line of numbers is then blank where the name's lines
stand: between its code and its first number, or before both.

Belongs here: which pieces stand below one another. Proves nothing of columns: what the words of a heading say is claimed only where rows
add up (`torn_headings.py`). Does not belong here: names that other tools cut (`cut_names.py`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.budget.amounts import is_blank
from pipeline.budget.characters import fold
from pipeline.budget.codes.printed_codes import parse_code
from pipeline.statements.meaning.unit_rows import may_be_unit, names_body
from pipeline.statements.text_dumps.bare_rows import is_number
from pipeline.statements.text_dumps.line_words import HAN_CHARACTER
from pipeline.statements.text_dumps.segments import DumpLine
from schemas.vocabulary import read_header, read_row_label

_HEADING_WORD = re.compile(r"\S+(?:(?<=\d) (?=年)\S+)*")
"""A word of a heading; the year before 年 belongs to it (2026 年预算)."""

_OVERLAP = 0.5
"""Of the narrower word: words that share so much of their width stand below one another."""

_WORD = re.compile(r"\S+")
_OF_WHICH = "其中"
_OFF_MIDDLE = 0.08
"""Of the width of what a word stands over: so far off its middle spaces may set it; a column less of five moves the middle by a tenth."""

_FEWEST_NUMBERS = 2
"""Numbers on the line: one alone may be of any of the two labels around it."""
_SHORT_OF_WIDTH = 2
"""Characters. A name is wrapped where its column ends, or so many before: narrow signs, and marks that begin no line."""
_INDENT = 1
"""Characters. The second line of a name begins where the first does, or further left, where only the first is indented."""


@dataclass(slots=True)
class _Piece:
    """A word: its line, from where to where it stands (in characters), what it says folded."""

    line: int
    start: int
    end: int
    text: str

    @property
    def middle(self) -> float:
        return (self.start + self.end) / 2


@dataclass(slots=True)
class _Stack:
    """Pieces below one another, from the top."""

    pieces: list[_Piece]

    @property
    def start(self) -> int:
        return min(piece.start for piece in self.pieces)

    @property
    def end(self) -> int:
        return max(piece.end for piece in self.pieces)


def words_by_column(lines: Sequence[str], is_name: Callable[[str], bool]) -> Iterator[list[str]]:
    """Yield the words of a heading column by column, folded: once with all characters of one width, once with Chinese ones of two.

    Args:
        lines: of the heading, as printed, from the top.
        is_name: whether a text is the name of a column, or of a group of columns.
    """
    found: list[list[str]] = []
    for wide in (1, 2):
        words = _by_column(list(_pieces(lines, wide)), is_name)
        if words not in found:
            found.append(words)
            yield words


def _pieces(lines: Sequence[str], wide: int) -> Iterator[_Piece]:
    for number, line in enumerate(lines):
        ends = [0]
        for character in line:
            ends.append(ends[-1] + (wide if unicodedata.east_asian_width(character) in "WF" else 1))
        for word in _HEADING_WORD.finditer(line):
            yield _Piece(number, ends[word.start()], ends[word.end()], fold(word[0]))


def _by_column(pieces: Sequence[_Piece], is_name: Callable[[str], bool]) -> list[str]:
    """Return the words; none where 其中 stands over others than all columns behind a total's: such may repeat a part of them."""
    of_which = [piece for piece in pieces if piece.text.rstrip(":") == _OF_WHICH]
    pieces = [piece for piece in pieces if piece not in of_which]
    stacks: list[_Stack] = []
    for piece in sorted(pieces, key=lambda piece: -piece.line):
        below = [stack for stack in stacks if _stand_below(stack.pieces[0], piece)]
        if below:
            nearest = min(below, key=lambda stack: abs(stack.pieces[0].middle - piece.middle))
            nearest.pieces.insert(0, piece)
        else:
            stacks.append(_Stack([piece]))
    stacks.sort(key=lambda stack: stack.pieces[-1].middle)
    split = [_heads_and_leaf(stack, is_name) for stack in stacks]
    leaves = [leaf for _, leaf in split]
    if of_which and not (len(of_which) == 1 and _is_over_all_parts(of_which[0], leaves)):
        return []
    words: list[list[str]] = [[] for _ in stacks]
    for at, (heads, _) in enumerate(split):
        for head in heads:
            others = [n for n, (own, _) in enumerate(split) if n != at and any(other.line == head.line for other in own)]
            words[_first_headed(head, at, leaves, others)].append(head.text)
    return [word for own, leaf in zip(words, leaves, strict=True) for word in (*own, *_joined(leaf, is_name))]


def _is_over_all_parts(piece: _Piece, leaves: Sequence[_Stack]) -> bool:
    """Tell whether a word stands in the middle of all columns behind a total's."""
    total = next((n for n, leaf in enumerate(leaves) if read_row_label(_text(leaf.pieces)).get("total")), None)
    parts = leaves[total + 1 :] if total is not None else []
    if not parts:
        return False
    left, right = parts[0].start, parts[-1].end
    return abs((left + right) / 2 - piece.middle) <= _OFF_MIDDLE * (right - left)


def _stand_below(lower: _Piece, upper: _Piece) -> bool:
    shared = min(lower.end, upper.end) - max(lower.start, upper.start)
    return lower.line > upper.line and shared >= _OVERLAP * min(lower.end - lower.start, upper.end - upper.start)


def _as_one(pieces: Sequence[_Piece]) -> _Piece:
    return _Piece(pieces[0].line, min(p.start for p in pieces), max(p.end for p in pieces), _text(pieces))


def _heads_and_leaf(stack: _Stack, is_name: Callable[[str], bool]) -> tuple[list[_Piece], _Stack]:
    """Return the names over a column's own, and the pieces of its own: what is below a name is another where it is one in itself."""
    heads: list[_Piece] = []
    rest = stack.pieces
    while len(rest) > 1:
        cut = next((n for n in range(1, len(rest)) if is_name(_text(rest[:n])) and _divides(rest[n:], is_name)), 0)
        if not cut:
            break
        heads.append(_as_one(rest[:cut]))
        rest = rest[cut:]
    return heads, _Stack(rest)


def _divides(pieces: Sequence[_Piece], is_name: Callable[[str], bool]) -> bool:
    """Tell whether pieces are names one below the other."""
    return any(is_name(_text(pieces[:n])) and (n == len(pieces) or _divides(pieces[n:], is_name)) for n in range(1, len(pieces) + 1))


def _first_headed(head: _Piece, at: int, leaves: Sequence[_Stack], others: Sequence[int]) -> int:
    """Return the first of the neighbouring columns in whose middle a head stands; `others` are those that stand below another one."""
    least = max((n + 1 for n in others if n < at), default=0)
    most = min((n for n in others if n > at), default=len(leaves))
    spans = [(first, last) for first in range(least, at + 1) for last in range(at, most)]
    return min(spans, key=lambda span: (abs((leaves[span[0]].start + leaves[span[1]].end) / 2 - head.middle), span[1] - span[0]))[0]


def _joined(stack: _Stack, is_name: Callable[[str], bool]) -> list[str]:
    text = _text(stack.pieces)
    return [text] if is_name(text) else [piece.text for piece in stack.pieces]


def _text(pieces: Sequence[_Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def with_whole_names(lines: Sequence[DumpLine], names_row: Callable[[str], bool]) -> list[DumpLine]:
    """Return lines, those of a name above and below its numbers put into the line of these.

    Args:
        lines: of a table.
        names_row: whether a text is the whole name of a class.
    """
    found: list[DumpLine] = []
    at = 0
    while at < len(lines):
        following = lines[at + 3] if at + 3 < len(lines) else None
        whole = _with_name(lines[at], lines[at + 1], lines[at + 2], following) if at + 2 < len(lines) else None
        if whole and not _are_one_name(lines[at], lines[at + 2], lines, names_row):
            whole = None
        found.append(whole or lines[at])
        at += 3 if whole else 1
    return found


def _are_one_name(above: DumpLine, below: DumpLine, lines: Sequence[DumpLine], names_row: Callable[[str], bool]) -> bool:
    """Tell whether two lines may be of one name: neither is one in itself, and the first goes on as far as any beside numbers."""
    first, second = above.text.strip(), below.text.strip()
    if names_row(first + second):
        return True
    if names_row(first) or names_row(second) or all(names_body(text) and may_be_unit(text) for text in (first, second)):
        return False
    start, end = len(above.text) - len(above.text.lstrip()), len(above.text.rstrip())
    return all(
        word.end() <= end + _SHORT_OF_WIDTH
        for line in lines
        if (word := _name_beside_numbers(line)) and word.start() < end and word.end() > start
    )


def _name_beside_numbers(line: DumpLine) -> re.Match[str] | None:
    """Return the first text of a line that prints numbers."""
    words = list(_WORD.finditer(line.text))
    if sum(is_number(word[0]) for word in words) < _FEWEST_NUMBERS:
        return None
    return next((word for word in words if HAN_CHARACTER.search(word[0])), None)


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
    of_class = _is_of_class(first[0])
    if not _lacks_name(row, left, right, of_class=of_class):
        return None
    if following is not None and _next(below, following) and _lacks_name(following, left, right, of_class=of_class):
        return None  # `below` is as well the name of the next row, or its beginning
    before, after = row.text[:left].rstrip(), row.text[right:]
    text = f"{before}{' ' * max(1, left - len(before))}{first[0]}{second[0]} {after}"
    return replace(row, text=text, folded=fold(text))


def _lacks_name(line: DumpLine, left: int, right: int, *, of_class: bool) -> bool:
    """Tell whether a line prints numbers right of a place, codes alone left of it, and nothing there.

    Behind the name the row may name another class, with its code; one that prints no code of its own prints numbers alone. A row that
    names its class in several classifications (`of_class`) prints their codes with their names.
    """
    before, between, after = line.text[:left].split(), line.text[left:right].strip(), line.text[right:]
    if between or not (all(fold(word).isdigit() for word in before) or (of_class and all(map(_is_of_class, before)))):
        return False
    numbers = sum(is_number(word) or is_blank(word) for word in after.split())
    return numbers >= _FEWEST_NUMBERS and (bool(before) or not HAN_CHARACTER.search(after))


def _next(upper: DumpLine, lower: DumpLine) -> bool:
    return upper.page == lower.page and lower.number == upper.number + 1


def _only_text(line: DumpLine) -> re.Match[str] | None:
    """Return the one word of a line that is text."""
    words = list(_WORD.finditer(line.text))
    return words[0] if len(words) == 1 and HAN_CHARACTER.search(words[0][0]) and not is_number(words[0][0]) else None


def _is_of_class(word: str) -> bool:
    """Tell whether a word names a class with its code (50501-工资福利支出)."""
    printed = parse_code(word)
    return printed is not None and bool(printed.name)
