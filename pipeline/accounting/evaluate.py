"""An equation with the amounts put in: whether it holds, and by how much not."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum

import msgspec

from pipeline.accounting.check_row import Check, check_row
from pipeline.accounting.equation import Equation, Side
from pipeline.budget.line import Line, LineId
from pipeline.budget.sums import rounding_tolerance

_ZERO = Decimal(0)


class Excuse(Enum):
    """Why an equation that does not hold accuses nobody, in the words of `checks.detail`."""

    WITHHELD = "withheld: the same gap in every column"
    WITHHELD_BY_NATURE = "withheld: the gaps of the natures of spending make up that of the total"
    OTHER_SCOPE = "the table leaves carried-over funds out"
    LEFT_OUT = "the total leaves out what is carried over or forward, which is printed beside it"
    ELIMINATED = "the total leaves out what the units pay each other"
    PART_ALONE = "one part is printed, which need not be all"
    UNKNOWN_COLUMN = "the row prints an amount of which it is not known what it is"
    OF_NO_BUDGET = "the statement is of money that is in no department's budget"
    FEWER_DECIMALS = "printed with fewer decimals"
    LAST_DIGIT = "one last digit"
    ROUNDING = "within rounding, but every other sum is exact"


class IdentityResult(msgspec.Struct, frozen=True, gc=False):
    """One equation tried.

    Attributes:
        equation: what was tried.
        whole, parts: the side of it that comes nearest.
        expected, actual: sums of the parts and of the whole, in yuan.
        tolerance: how far these may differ.
        outcome: `pass`, `fail`, or `not_applicable` where it turns out to compare two things.
        severity: `error` or `warning`.
        excuse: why its failure is none of an error.
    """

    equation: Equation
    whole: tuple[LineId, ...]
    parts: tuple[LineId, ...]
    expected: Decimal
    actual: Decimal
    tolerance: Decimal
    outcome: str
    severity: str
    excuse: Excuse | None = None

    @property
    def difference(self) -> Decimal:
        """How much the whole exceeds its parts."""
        return self.actual - self.expected

    @property
    def exact(self) -> bool:
        """Whether both sides are the same number."""
        return self.actual == self.expected

    @property
    def members(self) -> frozenset[LineId]:
        """The lines on both sides."""
        return frozenset((*self.whole, *self.parts))

    def holds_with(self, lines: Mapping[LineId, Line], changed: Mapping[LineId, Decimal]) -> bool:
        """Tell whether the equation would hold if some lines had other amounts, in yuan."""
        for side in self.equation.sides():
            gap = sum((changed[i] if i in changed else lines[i].amount for i in side[0]), _ZERO)
            gap -= sum((changed[i] if i in changed else lines[i].amount for i in side[1]), _ZERO)
            if _holds(self.equation, gap, _tolerance(self.equation, side)):
                return True
        return False

    def row(self) -> Check:
        """Return the row of `checks`."""
        sign = "≥" if self.equation.at_least else "="
        actual = _yuan(self.actual)
        detail = f"{actual} {sign} Σ of {len(self.parts)}: {actual if self.exact else _yuan(self.expected)}"
        if not self.exact and not self.equation.at_least:
            detail += f", differs by {_yuan(self.difference)}"
        return check_row(
            self.equation.check_id,
            self.equation.statement,
            str(self.equation.subject),
            self.outcome,
            f"{detail}; {self.excuse.value}" if self.excuse else detail,
            severity=self.severity,
            expected=self.expected,
            actual=self.actual,
            tolerance=self.tolerance,
        )


def evaluate(equation: Equation, lines: Mapping[LineId, Line]) -> IdentityResult:
    """Put the amounts of a document's lines into an equation; of several sides the one that comes nearest is told."""
    nearest: tuple[Decimal, Decimal, Decimal, Side] | None = None
    for side in equation.sides():
        actual, expected = _total(side[0], lines), _total(side[1], lines)
        distance = expected - actual if equation.at_least else abs(actual - expected)
        if nearest is None or distance < nearest[0]:
            nearest = distance, actual, expected, side
    if nearest is None:
        raise ValueError(f"{equation.identity} has no side")
    _, actual, expected, side = nearest
    tolerance = _tolerance(equation, side)
    outcome = "pass" if _holds(equation, actual - expected, tolerance) else "fail"
    return IdentityResult(equation, *side, expected, actual, tolerance, outcome, equation.severity)


def _tolerance(equation: Equation, side: Side) -> Decimal:
    return equation.tolerance if equation.step is None else rounding_tolerance(equation.step, len(side[1]))


def _holds(equation: Equation, gap: Decimal, tolerance: Decimal) -> bool:
    return abs(gap) <= tolerance or (equation.at_least and gap >= 0)


def _total(members: tuple[LineId, ...], lines: Mapping[LineId, Line]) -> Decimal:
    return sum([lines[i].amount for i in members], _ZERO)


def _yuan(amount: Decimal) -> str:
    return f"{amount:,.2f}".removesuffix(".00")
