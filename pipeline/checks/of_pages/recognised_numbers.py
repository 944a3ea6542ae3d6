"""Numbers that a machine recognised in pictures: how certain each line's is, what it may be else, and which are held back.

Belongs here: the recognised numbers of a document asked for lines. Does not belong here: recognising, and choosing another reading by
proof (`pipeline.checks.repair`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import msgspec

from pipeline.budget.amounts import decimals
from pipeline.budget.codes.book import code_book
from pipeline.budget.codes.misprinted_codes import is_misnamed
from pipeline.budget.line import Line
from pipeline.document.content import Box, Content, RecognisedNumber
from pipeline.statements.statement_model import Statement

CLEAR = 0.7
"""Confidence from which a reading that contradicts nothing is published although nothing proves it."""

SURE = 0.97
"""Confidence from which a reading stands although it contradicts sums: then the sums, or what they are made of, may be at fault."""

USUAL = 0.9
"""Of a statement's numbers that have places. So many have the same, if it is one that rounds all alike; workbooks' own numbers do not."""

FEWEST = 8
"""Numbers of a statement that tell how many places are usual."""

LOST = 0.1
"""Of the numbers that a recognised table prints. Where more are in no line, a stamp, faint rulings or the back of the page disturb it."""

_SLACK = 0.5
"""Points by which a recognised number may stand outside the box of its line."""


class RecognisedNumbers:
    """The recognised numbers of a document, found by where they stand."""

    def __init__(self, content: Content) -> None:
        """Take the pages that were recognised; the others have none."""
        self._pages = {page.number: page for page in content.pages if page.recognised is not None}
        self._cells = {
            number: {cell.address: cell.box for grid in page.grids for cell in grid.cells if cell.address}
            for number, page in self._pages.items()
        }
        self._unclear = {page.number: page.unclear for page in content.pages if page.unclear}

    def __bool__(self) -> bool:
        """Tell whether any page was recognised."""
        return bool(self._pages)

    def of(self, line: Line) -> list[RecognisedNumber] | None:
        """Return what a line's number was recognised as, in pieces where it was wrapped; None where its page spells it."""
        page, box = self._pages.get(line.page or 0), self._box_of(line)
        if page is None or box is None or not page.is_recognised(box):
            return None
        return [number for number in page.recognised or () if _stands_in(number.box, box)]

    def others(self, line: Line) -> tuple[str, ...]:
        """Return what a line's number may be else; nothing where it was wrapped, or is spelt."""
        found = self.of(line) or ()
        return found[0].others if len(found) == 1 else ()

    def is_unclear(self, line: Line) -> bool:
        """Tell whether a character of the line's name, in its row left of its number, may be another than the one recognised."""
        own = self._box_of(line)
        if own is None:
            return False
        return any(box.x1 <= own.x0 and own.y0 <= (box.y0 + box.y1) / 2 <= own.y1 for box in self._unclear.get(line.page or 0, ()))

    def _box_of(self, line: Line) -> Box | None:
        """Return where a line's number stands on its page: in its cell, where the page is none of paper."""
        if line.x0 is None or line.y0 is None or line.x1 is None or line.y1 is None:
            return self._cells.get(line.page or 0, {}).get(line.cell or "")
        return Box(line.x0, line.y0, line.x1, line.y1)

    def with_confidence(self, line: Line) -> Line:
        """Return a line with how certain its number is: as its least certain piece; zero where no piece is found."""
        found = self.of(line)
        return (
            line if found is None else msgspec.structs.replace(line, confidence=min((number.confidence for number in found), default=0.0))
        )


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
    places = _usual_places(recognised)

    def is_doubtful(line: Line) -> bool:
        if is_misnamed(line, code_book()) or (line.code is None and is_unclear(line)):
            return True
        nameless = line.code is None and not line.name
        odd = bool(line.amount) and decimals(line.amount_text) != places.get(line.statement_no, decimals(line.amount_text))
        return line.amount_evidence != "repaired" and (_is_doubtful(line) or ((odd or nameless) and not _is_proven(line)))

    return [line for line in recognised if is_doubtful(line)]


def of_broken_tables(statements: Iterable[Statement], judged: Sequence[Line]) -> list[Line]:
    """Return unproven lines of recognised tables of which numbers are missing and sums prove less than half: their columns may be others.

    Args:
        statements: with the numbers that they print.
        judged: their lines, with what sums say of them.
    """
    of_statement: dict[int, list[Line]] = defaultdict(list)
    for line in judged:
        if line.confidence is not None and line.source == "table":
            of_statement[line.statement_no].append(line)
    found: list[Line] = []
    for statement in statements:
        lines = of_statement[statement.number]
        proven = sum(map(_is_proven, lines))
        if statement.amounts_printed - len(statement.lines) > LOST * statement.amounts_printed and 2 * proven < len(lines):
            found += [line for line in lines if not _is_proven(line) and line.amount_evidence != "repaired"]
    return found


def _usual_places(lines: Iterable[Line]) -> dict[int, int]:
    """Return the decimal places that nearly all numbers of a statement print that have any, if most have: another lost its point."""
    found: dict[int, Counter[int]] = defaultdict(Counter)
    for line in lines:
        if line.source == "table":
            found[line.statement_no][decimals(line.amount_text)] += 1
    usual = {number: counts.most_common(1)[0] for number, counts in found.items() if counts.total() >= FEWEST}
    return {
        number: places
        for number, (places, count) in usual.items()
        if places and 2 * count > found[number].total() and count >= USUAL * (found[number].total() - found[number][0])
    }


def _is_proven(line: Line) -> bool:
    """Tell whether sums hold by a line's amount. They hold by a zero as well as by none."""
    return bool(line.proofs) and not line.contradictions and bool(line.amount)


def _is_doubtful(line: Line) -> bool:
    confidence = line.confidence or 0.0
    if line.contradictions:
        return confidence < SURE
    return not _is_proven(line) and confidence < CLEAR


def without(statements: Sequence[Statement], held: Iterable[Line]) -> list[Statement]:
    """Return statements without some of their lines; their count of printed amounts stays, so that these are known to be missing."""
    taken: dict[int, set[object]] = defaultdict(set)
    for line in held:
        taken[line.statement_no].add(line.id)
    return [replace(s, lines=tuple(line for line in s.lines if line.id not in taken[s.number])) for s in statements]


def _stands_in(inner: Box, outer: Box) -> bool:
    x, y = (inner.x0 + inner.x1) / 2, (inner.y0 + inner.y1) / 2
    return outer.x0 - _SLACK <= x <= outer.x1 + _SLACK and outer.y0 - _SLACK <= y <= outer.y1 + _SLACK
