"""Numbers that a machine recognised in pictures: how certain each line's is, what it may be else, and which are held back.

Belongs here: the recognised numbers of a document asked for lines. Does not belong here: recognising, and choosing another reading by
proof (`pipeline.checks.repair`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from pipeline.budget.codes.book import code_book
from pipeline.budget.line import Line
from pipeline.budget.sums import CODED
from pipeline.document.content import Box, Content, RecognisedNumber
from pipeline.statements.statement_model import Statement

CLEAR = 0.7
"""Confidence from which a reading that contradicts nothing is published although nothing proves it."""

SURE = 0.97
"""Confidence from which a reading stands although it contradicts sums: then the sums, or what they are made of, may be at fault."""

_SLACK = 0.5
"""Points by which a recognised number may stand outside the box of its line."""


class RecognisedNumbers:
    """The recognised numbers of a document, found by where they stand."""

    def __init__(self, content: Content) -> None:
        """Take the pages that were recognised; the others have none."""
        self._pages = {page.number: page.recognised for page in content.pages if page.recognised is not None}
        self._unclear = {page.number: page.unclear for page in content.pages if page.unclear}

    def __bool__(self) -> bool:
        """Tell whether any page was recognised."""
        return bool(self._pages)

    def of(self, line: Line) -> list[RecognisedNumber] | None:
        """Return what a line's number was recognised as, in pieces where it was wrapped; None where its page spells it."""
        if line.page not in self._pages or line.x0 is None:
            return None
        box = Box(line.x0, line.y0 or 0.0, line.x1 or 0.0, line.y1 or 0.0)
        return [number for number in self._pages[line.page] or () if _stands_in(number.box, box)]

    def others(self, line: Line) -> tuple[str, ...]:
        """Return what a line's number may be else; nothing where it was wrapped, or is spelt."""
        found = self.of(line) or ()
        return found[0].others if len(found) == 1 else ()

    def is_unclear(self, line: Line) -> bool:
        """Tell whether a character of the line's name, in its row left of its number, may be another than the one recognised."""
        if line.x0 is None or line.y0 is None or line.y1 is None:
            return False
        return any(box.x1 <= line.x0 and line.y0 <= (box.y0 + box.y1) / 2 <= line.y1 for box in self._unclear.get(line.page or 0, ()))

    def with_confidence(self, line: Line) -> Line:
        """Return a line with how certain its number is: as its least certain piece; zero where no piece is found."""
        found = self.of(line)
        return line if found is None else replace(line, confidence=min((number.confidence for number in found), default=0.0))


def with_confidence(content: Content, statements: Sequence[Statement]) -> list[Statement]:
    """Return the statements of a document, the lines of recognised pages with their confidence."""
    numbers = RecognisedNumbers(content)
    return [replace(s, lines=tuple(map(numbers.with_confidence, s.lines))) for s in statements] if numbers else list(statements)


def lines_with_confidence(content: Content, lines: Sequence[Line]) -> list[Line]:
    """Return lines, those of recognised pages with their confidence."""
    return list(map(RecognisedNumbers(content).with_confidence, lines))


def _none_unclear(_: Line) -> bool:
    return False


def doubtful(lines: Iterable[Line], is_unclear: Callable[[Line], bool] = _none_unclear) -> list[Line]:
    """Return the lines that are not to be published.

    These were recognised with little confidence, and are contradicted or proven by nothing; or in a row of which code and name do not go
    together, so that either was misread; or with a name that may be another and has no code: no sum proves a name.

    Args:
        lines: of a document.
        is_unclear: tells whether a line's name may be another than the one recognised.
    """
    recognised = [line for line in lines if line.confidence is not None]
    unnamed = {line.id for line in recognised if is_misnamed(line) or (line.code is None and is_unclear(line))}
    return [line for line in recognised if line.id in unnamed or (line.amount_evidence != "repaired" and _is_doubtful(line))]


def is_misnamed(line: Line) -> bool:
    """Tell whether a line prints a code and the name of other codes, none of them above its own."""
    if line.scheme not in CODED or line.code_source != "printed" or not line.code:
        return False
    named = code_book().candidates(line.scheme, line.name)
    return bool(named) and not any(line.code.startswith(code) for code in named)


def _is_doubtful(line: Line) -> bool:
    confidence = line.confidence or 0.0
    if line.contradictions:
        return confidence < SURE
    return not line.proofs and confidence < CLEAR


def without(statements: Sequence[Statement], held: Iterable[Line]) -> list[Statement]:
    """Return statements without some of their lines; their count of printed amounts stays, so that these are known to be missing."""
    taken: dict[int, set[object]] = defaultdict(set)
    for line in held:
        taken[line.statement_no].add(line.id)
    return [replace(s, lines=tuple(line for line in s.lines if line.id not in taken[s.number])) for s in statements]


def _stands_in(inner: Box, outer: Box) -> bool:
    x, y = (inner.x0 + inner.x1) / 2, (inner.y0 + inner.y1) / 2
    return outer.x0 - _SLACK <= x <= outer.x1 + _SLACK and outer.y0 - _SLACK <= y <= outer.y1 + _SLACK
