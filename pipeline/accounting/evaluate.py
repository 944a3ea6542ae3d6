"""An equation with the amounts put in: whether it holds, and by how much not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from pipeline.accounting.check_row import Check, check_row
from pipeline.accounting.equation import Equation
from pipeline.budget.line import Line
from pipeline.budget.sums import slack

_ZERO = Decimal(0)


class Tried:
    """One equation tried: the side that comes nearest, the difference, the outcome, and why a failure is none of an error."""

    def __init__(self, equation: Equation, lines: Sequence[Line]) -> None:
        self.equation = equation
        gaps = [_total(w, lines) - _total(p, lines) for w, p in equation.sides()]
        sides = [
            (-gap if equation.at_least else abs(gap), n, w, p) for n, (gap, (w, p)) in enumerate(zip(gaps, equation.sides(), strict=True))
        ]
        _, _, self.whole, self.parts = min(sides)
        self.expected, self.actual = _total(self.parts, lines), _total(self.whole, lines)
        self.difference = self.actual - self.expected
        self.tolerance = equation.tolerance if equation.step is None else slack(equation.step, len(self.parts))
        holds = abs(self.difference) <= self.tolerance or (equation.at_least and self.difference >= 0)
        self.outcome = "pass" if holds else "fail"
        self.severity = equation.severity
        self.cause = ""

    @property
    def exact(self) -> bool:
        """Whether both sides are the same number."""
        return self.difference == 0

    @property
    def members(self) -> set[int]:
        """Indexes of the lines on both sides."""
        return {*self.whole, *self.parts}

    def holds_with(self, lines: Sequence[Line], changed: Mapping[int, Decimal]) -> bool:
        """Tell whether the equation would hold if some lines had other amounts (index → amount in yuan)."""
        for whole, parts in self.equation.sides():
            gap = sum((changed.get(i, lines[i].amount) for i in whole), _ZERO) - sum(
                (changed.get(i, lines[i].amount) for i in parts), _ZERO
            )
            tolerance = self.equation.tolerance if self.equation.step is None else slack(self.equation.step, len(parts))
            if abs(gap) <= tolerance or (self.equation.at_least and gap >= 0):
                return True
        return False

    def row(self) -> Check:
        """Return the row of `checks`."""
        sign = "≥" if self.equation.at_least else "="
        detail = f"{_yuan(self.actual)} {sign} Σ of {len(self.parts)}: {_yuan(self.expected)}"
        if not self.exact and not self.equation.at_least:
            detail += f", differs by {_yuan(self.difference)}"
        return check_row(
            self.equation.check_id,
            self.equation.statement,
            self.equation.subject,
            self.outcome,
            f"{detail}; {self.cause}" if self.cause else detail,
            severity=self.severity,
            expected=self.expected,
            actual=self.actual,
            tolerance=self.tolerance,
        )


def _total(indexes: Sequence[int], lines: Sequence[Line]) -> Decimal:
    return sum((lines[i].amount for i in indexes), _ZERO)


def _yuan(amount: Decimal) -> str:
    return f"{amount:,.2f}".removesuffix(".00")
