"""Recording figures: their value, their place, and which numbers were read.

Belongs here: what the readers of figures share. Does not belong here: what a figure is of.
"""

from __future__ import annotations

import re
from decimal import Decimal

from pipeline.budget.amounts import value_of
from pipeline.narrative.claims.ledger import NarrativeRecord
from pipeline.narrative.claims.unread import UnreadNumbers
from pipeline.narrative.text.number_boxes import NumberBoxes, of_words
from pipeline.narrative.text.paragraphs import LinePosition, Paragraph
from pipeline.narrative.text.printed_number import Number
from pipeline.narrative.text.subject_names import year_named

_CLAUSE_END = re.compile(r"[,;。]")
_YEAR_ALONE = re.compile(r"20\d\d年度?")


class FigureRecorder:
    """Records figures of the paragraph that is read."""

    def __init__(self, ledger: NarrativeRecord, unread: UnreadNumbers, boxes: NumberBoxes, fiscal_year: int | None) -> None:
        """Prepare for one document.

        Args:
            ledger: receives the figures.
            unread: is told which numbers were read.
            boxes: tells where they stand.
            fiscal_year: of the document; None if unknown.
        """
        self.ledger = ledger
        self.unread = unread
        self.paragraph: Paragraph | None = None
        self._boxes = boxes
        self._year = fiscal_year

    def record(self, indicator: str, match: re.Match[str], group: str, unit: str = "count", offset: int = 0) -> None:
        """Record the number of a match.

        Args:
            indicator: that it is of.
            match: in the paragraph, or in a part of it.
            group: of the match, with the digits.
            unit: of the figure.
            offset: of the part in the paragraph.
        """
        value = value_of(match[group])
        place = self.place(offset + match.start(group), match[group])
        self.ledger.figure(indicator, value, unit, Number(match[group], value, unit), place)
        self.unread.mark(offset + match.start(group), offset + match.end(group))

    def record_none(self, indicator: str, start: int, words: str) -> None:
        """Record a figure that words say to be none; its place is that of the words."""
        if indicator not in self.ledger.figures:
            none = Number("0", Decimal(0), "count")
            assert self.paragraph is not None
            self.ledger.figure(indicator, none.value, "count", none, of_words(self.paragraph, slice(start, start + len(words))))

    def place(self, start: int, digits: str) -> LinePosition:
        """Return where digits stand that begin at an offset of the paragraph."""
        assert self.paragraph is not None
        return self._boxes.of(self.paragraph, start, len(digits))

    def remark(self, said: str, offset: int, why: str) -> None:
        """Tell what no table holds of the words `said` at an offset of the paragraph, and why."""
        assert self.paragraph is not None
        self.ledger.remark(self.paragraph.text[offset : offset + len(said)], self.paragraph.place(offset), why)

    def is_other(self, year: int | None) -> bool:
        """Tell whether a year is not the document's."""
        return year is not None and self._year is not None and year != self._year

    def is_of_another_year(self, said: re.Match[str]) -> bool:
        """Tell whether words are of a year that is not the document's (`2021年未购置车辆` or `2021年，未购置车辆` in a budget of 2022)."""
        *before, clause = _CLAUSE_END.split(said.string[: said.start()])
        year = year_named(clause + said[0])
        if year is None and before and _YEAR_ALONE.fullmatch(before[-1]):
            year = year_named(before[-1])
        return self.is_other(year)
