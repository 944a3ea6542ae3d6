"""What an identity states of the lines of one document, before it is known whether it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import msgspec

from pipeline.accounting.subjects import Subject
from pipeline.budget.line import LineId
from schemas.check_catalogue import RULES, Family

Side = tuple[tuple[LineId, ...], tuple[LineId, ...]]
"""The lines of a whole, and those of its parts."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Which identity of what: all that tells one from another in a document."""

    check_id: str
    statement: str
    subject: Subject

    def __str__(self) -> str:
        return f"{self.check_id} {self.statement}: {self.subject}"


class Equation(msgspec.Struct, frozen=True, gc=False):
    """Σ whole = Σ parts, over lines of one document.

    Attributes:
        check_id: identity of docs/checks.md (`H1`, `R1`, …).
        statement: the statement it belongs to (of the whole).
        subject: the row, code or pair it is about.
        whole, parts: what names the lines; a blank cell is no line and counts as zero.
        tolerance: how far the sides may differ, in yuan, for rounding (0 where one number is printed twice).
        severity: `error`, or `warning` where a difference is no proof of a fault.
        at_least: the whole need only be ≥ the parts (T2).
        alternatives: further (whole, parts) pairs, any of which may hold instead (a total with or without carry-over).
        step: last printed place in yuan, where the pairs have different numbers of parts: each then has its own tolerance.
    """

    check_id: str
    statement: str
    subject: Subject
    whole: tuple[LineId, ...]
    parts: tuple[LineId, ...]
    tolerance: Decimal
    severity: str = "error"
    at_least: bool = False
    alternatives: tuple[Side, ...] = ()
    step: Decimal | None = None

    @property
    def identity(self) -> Identity:
        """Which identity it is."""
        return Identity(self.check_id, self.statement, self.subject)

    @property
    def family(self) -> Family:
        """The family that the catalogue of checks declares for it."""
        return RULES[self.check_id].family

    def sides(self) -> tuple[Side, ...]:
        """Return all (whole, parts) pairs, one of which must hold."""
        return ((self.whole, self.parts), *self.alternatives)

    def members(self) -> Iterator[LineId]:
        """Yield the lines of all sides; some may come twice."""
        for whole, parts in self.sides():
            yield from whole
            yield from parts


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Equations that cannot hold together wherever the printed numbers are placed, none of them dispensable."""

    equations: tuple[Equation, ...]

    @property
    def identities(self) -> tuple[Identity, ...]:
        """The identities, each once."""
        return tuple(dict.fromkeys(e.identity for e in self.equations))

    @property
    def statements(self) -> frozenset[int]:
        """Numbers of the statements that they speak of."""
        return frozenset(i.statement_no for e in self.equations for i in e.members())

    @property
    def severity(self) -> str:
        """`warning` where one of them is a bound, whose sides may be of different things, else `error`."""
        return "warning" if any(e.at_least for e in self.equations) else "error"

    def __str__(self) -> str:
        return "; ".join(map(str, self.identities))
