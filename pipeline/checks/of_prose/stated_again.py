"""Amounts of sentences that were not understood, but stand in a row of the dataset: what they state is not missing.

Belongs here: whether the amounts of a clause are those of published rows. Does not belong here: what the clause says of them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from decimal import Decimal

from pipeline.budget.amounts import YUAN_PER
from pipeline.budget.characters import fold
from pipeline.narrative.text.clauses import MONEY, amount_of
from pipeline.narrative.text.printed_number import Number

_FEWEST_DIGITS = 4
"""Digits, without leading and trailing zeros, from which two amounts of one document are hardly equal by chance: there are 9,000 of
four, 900 of three, and a document states some hundreds of amounts."""


class PublishedAmounts:
    """The amounts of a document's rows, asked for what a sentence prints, at the precision that it prints."""

    def __init__(self, yuan: Iterable[Decimal]) -> None:
        """Take the amounts and values of all rows of the document, in yuan."""
        self._sorted = sorted({abs(value) for value in yuan})

    def state(self, text: str) -> bool:
        """Tell whether `text` states amounts of money, and each of them is an amount of some row."""
        amounts = [amount_of(match) for match in MONEY.finditer(fold(text))]
        return bool(amounts) and all(amount is not None and self._has(amount) for amount in amounts)

    def _has(self, amount: Number) -> bool:
        if len(amount.value.normalize().as_tuple().digits) < _FEWEST_DIGITS:
            return False
        half = YUAN_PER[amount.unit] / Decimal(10) ** amount.decimals / 2
        at = bisect_left(self._sorted, abs(amount.yuan) - half)
        return at < len(self._sorted) and self._sorted[at] <= abs(amount.yuan) + half
