"""The numbers of the narrative that were neither captured nor held back: counted by section, so that nothing is missing in silence.

Belongs here: which numbers of a paragraph a reader would expect in the dataset, and which of them were read. A number is read where
the words that state it were understood, whatever came of them. Does not belong here: the understanding (`sentence_reader.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.narrative.claims.facts import ListedAmount, Unread
from pipeline.narrative.text.clauses import MONEY, NO_NUMBER, PERCENT
from pipeline.narrative.text.paragraphs import UNTOLD, Paragraph
from pipeline.narrative.text.quotations import begin_of_quotation
from schemas.vocabulary.narrative import either
from schemas.vocabulary.phrases import WordPattern

_CUT = re.compile(r"(?<=\d )[\d,]*(?:\.\d+)?(?:万元|亿元|千元|元)")
"""An amount whose first digits end a line and may be a code: no number is read of the two."""

_DIGIT = re.compile(r"\d")
_COUNT = re.compile(r"(?<![\d.,])\d+(?:辆|台)")
_CHANGED = WordPattern(lambda: rf"{either('rise', 'fall')}(?:了|额|幅度?|率)?(?:为|约|达)?{PERCENT.pattern}")
_BETWEEN = re.compile(r"[^,，;；。\d]*")  # words between the name of a project and its amount
_NAME_END = 12  # characters of a project's name by which it is known again


class UnreadNumbers:
    """Marks what was read of each paragraph, and counts the rest."""

    def __init__(self) -> None:
        """Start without a paragraph."""
        self._read: list[tuple[int, int]] = []
        self._found: dict[tuple[str, int | None], list[str]] = {}

    def begin(self) -> None:
        """Begin a paragraph: nothing of it has been read."""
        self._read.clear()

    def mark(self, start: int, end: int) -> None:
        """Say that the numbers between two offsets of the paragraph were read, or held back with their own finding."""
        self._read.append((start, end))

    def end(self, paragraph: Paragraph, section: str, counts: bool) -> None:
        """Count the numbers of the paragraph that were not read.

        Args:
            paragraph: that has been read.
            section: the heading above it.
            counts: whether counts of vehicles and equipment belong into the dataset here.
        """
        for start, end in _numbers(paragraph.folded, counts):
            if not any(begin <= start < stop for begin, stop in self._read):
                key = (section, paragraph.place(start).page or None)
                self._found.setdefault(key, []).append(paragraph.text[begin_of_quotation(paragraph.folded, start) : end])

    def close(self) -> list[Unread]:
        """Return what was not read, by section and page, in the order of the document."""
        return [Unread(section, page, tuple(found)) for (section, page), found in self._found.items()]


def without_projects(unread: Sequence[Unread], listed: Sequence[ListedAmount]) -> list[Unread]:
    """Return what was not read, without the amounts that were taken as projects'.

    Args:
        unread: as `UnreadNumbers.close` returns it.
        listed: of each project that the sentences list, and of each statement of an amount in a project's story.
    """
    left = list(listed)
    kept = [replace(said, numbers=tuple(n for n in said.numbers if not _take(left, n, said.page))) for said in unread]
    return [said for said in kept if said.numbers]


def _take(listed: list[ListedAmount], number: str, page: int | None) -> bool:
    """Tell whether a number on a page was taken as a project's; a statement that captures it is taken out, it captures no other."""
    own = next((p for p in listed if p.page in (None, page) and _names(number, p.words, p.amount)), None)
    if own is not None and own.page is not None:
        listed.remove(own)
    return own is not None and not own.rounded_otherwise


def _names(number: str, project: str, amount: str) -> bool:
    """Tell whether the words before a number end in a project's name, and the number is its amount."""
    before, name = number.removesuffix(amount), project[-_NAME_END:]
    at = before.rfind(name) if number.endswith(amount) else -1
    return at >= 0 and _BETWEEN.fullmatch(before, at + len(name)) is not None


def _numbers(folded: str, counts: bool) -> list[tuple[int, int]]:
    """Return start and end of amounts, of percentages of change, and of counts."""
    if not _DIGIT.search(folded):
        return []
    found = {m.span() for m in MONEY.finditer(folded) if not m["tail"]}
    found |= {m.span() for m in _CUT.finditer(folded)}
    found |= {m.span() for m in NO_NUMBER.finditer(folded) if UNTOLD in m[0]}
    found |= {(m.start("digits"), m.end()) for m in _CHANGED.finditer(folded)}
    return sorted(found | ({m.span() for m in _COUNT.finditer(folded)} if counts else set()))
