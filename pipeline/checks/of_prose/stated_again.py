"""Amounts of sentences that were not understood, but stand in a row of the dataset: what they state is not missing.

Belongs here: whether the amounts of a clause are those of published rows. Does not belong here: what the clause says of them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from itertools import islice

from pipeline.budget.characters import fold
from pipeline.narrative.text.clauses import MONEY, amount_of
from pipeline.narrative.text.printed_number import Number

_FEWEST_DIGITS = 4
"""Digits, without leading and trailing zeros, from which two amounts of one document are hardly equal by chance: there are 9,000 of
four, 900 of three, and a document states some hundreds of amounts."""
_SHORTEST_NAME = 4
"""Characters of a name that hardly stands in other words: 增人增资."""


class PublishedAmounts:
    """The amounts of a document's rows, asked for what a sentence prints, at the precision that it prints."""

    def __init__(self, rows: Sequence[tuple[str, Decimal]]) -> None:
        """Take the amounts and values of all rows of the document, in yuan, each with the name of its row (empty where it has none)."""
        self._rows = rows

    @cached_property
    def _sorted(self) -> list[tuple[Decimal, str]]:
        """Amounts with the names of their rows, in ascending order; few documents are asked for any."""
        return sorted({(abs(value), _core(name)) for name, value in self._rows})

    def state(self, text: str) -> bool:
        """Tell whether `text` states amounts of money, and each of them is an amount of some row."""
        folded = fold(text)
        amounts = [amount_of(match) for match in MONEY.finditer(folded)]
        return bool(amounts) and all(amount is not None and self._has(amount, folded) for amount in amounts)

    def _has(self, amount: Number, said: str) -> bool:
        """Tell whether a row has the amount; one of few digits must be called by the row's name in the words around it."""
        half = amount.step / 2
        long = len(amount.value.normalize().as_tuple().digits) >= _FEWEST_DIGITS
        first = bisect_left(self._sorted, (abs(amount.yuan) - half, ""))
        for value, name in islice(self._sorted, first, None):
            if value > abs(amount.yuan) + half:
                return False
            if long or (len(name) >= _SHORTEST_NAME and name in _core(said)):
                return True
        return False


def _core(words: str) -> str:
    """Return words without the particle that a name may have or not: 对个人和家庭的补助, 对个人和家庭补助."""
    return fold(words).replace("的", "")
