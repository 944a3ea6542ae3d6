"""What an identity states of the lines of one document, before it is known whether it holds."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Equation:
    """Σ whole = Σ parts, over indexes into the list of lines that the equations were built from.

    Attributes:
        check_id: identity of DOMAIN.md §5 (`H1`, `R1`, …).
        statement: the statement it belongs to (of the whole).
        subject: the row, code or pair it is about, for people.
        whole, parts: line indexes; a blank cell is no line and counts as zero.
        tolerance: how far the sides may differ, in yuan, for rounding (0 where one number is printed twice).
        severity: `error`, or `warning` where a difference is no proof of a fault.
        at_least: the whole need only be ≥ the parts (T2).
        alternatives: further (whole, parts) pairs, any of which may hold instead (a total with or without carry-over).
        step: last printed place in yuan, where the pairs have different numbers of parts: each then has its own tolerance.
    """

    check_id: str
    statement: str
    subject: str
    whole: tuple[int, ...]
    parts: tuple[int, ...]
    tolerance: Decimal
    severity: str = "error"
    at_least: bool = False
    alternatives: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...] = ()
    step: Decimal | None = None

    def sides(self) -> tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]:
        """Return all (whole, parts) pairs, one of which must hold."""
        return ((self.whole, self.parts), *self.alternatives)
