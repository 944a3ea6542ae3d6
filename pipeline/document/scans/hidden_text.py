"""The invisible text that an office's own recognition laid over a scan: another reading of the same picture, never the truth.

Belongs here: comparing it with ours, number by number. Does not belong here: choosing between them: only sums can (`pipeline.checks`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.budget.amounts import parse_amount
from pipeline.document.content import Box, Page, RecognisedNumber, Word

_DIFFERS = 0.9
"""Confidence that a number has at most of which the two readings differ."""
_SLACK = 3.0
"""Points by which a number of the hidden text may stand beside its picture: pages are straightened, and such boxes are rough."""


def compared(page: Page, hidden: Sequence[Word]) -> Page:
    """Return a recognised page whose numbers know what the hidden text has at their place.

    Args:
        page: recognised.
        hidden: numbers of the text layer of the page.
    """
    return replace(page, recognised=tuple(_compared(number, hidden) for number in page.recognised or ()))


def _compared(number: RecognisedNumber, hidden: Iterable[Word]) -> RecognisedNumber:
    there = [word for word in hidden if _stands_in(word.box, number.box)]
    if len(there) != 1 or parse_amount(there[0].text) is None or parse_amount(there[0].text) == parse_amount(number.text):
        return number
    others = tuple(dict.fromkeys((there[0].text, *number.others)))
    return replace(number, others=others, confidence=min(number.confidence, _DIFFERS))


def _stands_in(inner: Box, outer: Box) -> bool:
    x, y = (inner.x0 + inner.x1) / 2, (inner.y0 + inner.y1) / 2
    return outer.x0 - _SLACK <= x <= outer.x1 + _SLACK and outer.y0 - _SLACK <= y <= outer.y1 + _SLACK
