"""Texts of the project in another language: rows of a text with `{}` for what is filled in, and the same with `{0}`, `{1}`.

Belongs here: finding the row of a text and filling it in. Which texts have rows, and who says them, is elsewhere (`details.py`, the
command line).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

GAP = "{}"


@dataclass(frozen=True)
class Templates:
    """Rows to be looked up, of which the first that fits counts.

    Attributes:
        whole: texts without gaps, and the same in the other language.
        filled: the pieces of texts around their gaps, and the same in the other language.
    """

    whole: Mapping[str, str]
    filled: Sequence[tuple[Sequence[str], str]]

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str]]) -> Templates:
        """Arrange rows of a text and the same in the other language."""
        known = list(rows)
        return cls(
            {text: other for text, other in known if GAP not in text}, [(text.split(GAP), other) for text, other in known if GAP in text]
        )

    def said(self, text: str, say_gap: Callable[[str], str]) -> str | None:
        """Return a text in the other language; None where no row has it.

        Args:
            text: as the code has it, filled in.
            say_gap: how what is filled in is said in the other language.
        """
        if text in self.whole:
            return self.whole[text]
        for pieces, other in self.filled:
            gaps = _gaps(pieces, text)
            if gaps is not None:
                return other.format(*map(say_gap, gaps))
        return None


def _gaps(pieces: Sequence[str], text: str) -> list[str] | None:
    """Return what a text has between pieces, None where it is another text."""
    if not (text.startswith(pieces[0]) and text.endswith(pieces[-1])):
        return None
    end = len(text) - len(pieces[-1])
    at, found = len(pieces[0]), []
    for piece in pieces[1:-1]:
        next_one = text.find(piece, at, end)
        if next_one < 0:
            return None
        found.append(text[at:next_one])
        at = next_one + len(piece)
    return [*found, text[at:end]] if at <= end else None
