"""A number as a sentence prints it.

Belongs here: the value, exact, with its digits and unit. Does not belong here: what it is the number of.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pipeline.budget.amounts import YUAN_PER, to_yuan


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number: its digits as printed, its value in the printed unit, and the unit (`%`, `万元`, `元`)."""

    text: str
    value: Decimal
    unit: str

    @property
    def decimals(self) -> int:
        """How many decimal places are printed."""
        return len(self.text.partition(".")[2])

    @property
    def step(self) -> Decimal:
        """One in the last printed place, in yuan. Only of amounts of money, in 元 or 万元."""
        return Decimal(10) ** -self.decimals * YUAN_PER[self.unit]

    @property
    def yuan(self) -> Decimal:
        """The amount in yuan. Only of amounts of money, in 元 or 万元."""
        return to_yuan(self.value, self.unit)
