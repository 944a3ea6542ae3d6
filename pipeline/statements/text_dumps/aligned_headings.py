"""Text dumps that keep columns by spaces (`pdftotext -layout`): the words of a heading in the order of the columns that they stand over.

Such a text sets the pieces of one cell below one another, and on each of its lines pieces of all cells. Read line after line they are torn
apart; read column after column they stand together, a text over several columns before the first that it can head.

Belongs here: which pieces stand below one another. Proves nothing: what the words say is claimed only where rows add up
(`torn_headings.py`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.budget.characters import fold

_WORD = re.compile(r"\S+(?:(?<=\d) (?=年)\S+)*")
"""A word of a heading; the year before 年 belongs to it (2026 年预算)."""

_OVERLAP = 0.5
"""Of the narrower word: words that share so much of their width stand below one another, as in `column_headings.py`."""


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
        for word in _WORD.finditer(line):
            yield _Piece(number, ends[word.start()], ends[word.end()], fold(word[0]))


def _by_column(pieces: Sequence[_Piece], is_name: Callable[[str], bool]) -> list[str]:
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
    words: list[list[str]] = [[] for _ in stacks]
    for at, (heads, _) in enumerate(split):
        for head in heads:
            others = [n for n, (own, _) in enumerate(split) if n != at and any(other.line == head.line for other in own)]
            words[_first_headed(head, at, leaves, others)].append(head.text)
    return [word for own, leaf in zip(words, leaves, strict=True) for word in (*own, *_joined(leaf, is_name))]


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
