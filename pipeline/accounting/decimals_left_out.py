"""Numbers printed with fewer decimals than the others: which differences of sums that explains, and which it does not.

Belongs here: that a number was rounded, or cut off, when it was printed. What every number of a table leaves to rounding is in the
tolerance of its equations.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from pipeline.accounting.evaluate import IdentityResult
from pipeline.budget.amounts import YUAN_PER, decimals
from pipeline.budget.line import Line, LineId
from pipeline.budget.sums import printed_step, rounding_steps

_LEAST_OF_A_SUM = 3
"""Numbers other than zero in a sum that shows one of them to be exact: of two, the one is the other again, cut off alike."""


class DecimalsLeftOut:
    """What is known of the decimals of a document's numbers.

    A number may have been rounded or cut off where its table prints the zeros at the end of decimals (12.50) and most of its numbers have
    them: there a whole number is a rounded one, elsewhere it may be exact. It has lost less than one of its own last place, and nothing
    where a sum of finer numbers holds with it as it is printed.

    Attributes:
        steps: by the number of a statement the last place, in yuan, that its numbers are printed to.
    """

    def __init__(self, tried: Sequence[IdentityResult], lines: Mapping[LineId, Line]) -> None:
        """Look at the numbers of `lines`, and at the sums among all that were tried on them."""
        self._lines = lines
        self.steps = rounding_steps(lines.values())
        with_zeros: set[int] = set()
        self._without_zeros: set[int] = set()
        coarser: dict[int, Counter[bool]] = defaultdict(Counter)
        for line in lines.values():
            if line.amount:
                step = self.steps[line.statement_no]
                coarser[line.statement_no][printed_step(line) > step] += 1
                if printed_step(line) == step and step < YUAN_PER.get(line.unit_text, 1) and line.amount % (10 * step) == 0:
                    with_zeros.add(line.statement_no)
                if printed_step(line) > step and decimals(line.amount_text):
                    self._without_zeros.add(line.statement_no)
        self._rounds = with_zeros & {number for number, told in coarser.items() if told[True] < told[False]}
        self._without_zeros -= with_zeros
        self._exact = {i for r in tried if self._shows_exact(r) for i in r.members}
        lost: dict[LineId, list[tuple[Decimal, Decimal]]] = defaultdict(list)
        for r in tried:
            if r.outcome == "fail" and not r.equation.at_least and len(coarse := self._coarse(r)) == 1:
                lost[coarse[0].id].append((_lost(r, coarse[0]), r.tolerance))
        self._at_odds = {i for i, told in lost.items() if not _agree(told)}

    def explain_sum(self, result: IdentityResult) -> bool:
        """Tell whether numbers printed with fewer decimals than their tables print explain a failed sum."""
        if result.outcome != "fail" or result.equation.at_least:
            return False
        if not all(self._lines[i].statement_no in self._rounds for i in result.members):
            return False
        coarse = self._coarse(result)
        if len(coarse) == 1:
            return coarse[0].id not in self._at_odds and _was_cut(coarse[0], _lost(result, coarse[0]))
        step = max(map(printed_step, coarse), default=Decimal(0))
        return abs(result.difference) < step and abs(result.difference) <= sum(map(printed_step, coarse)) / 2

    def explain_twice(self, result: IdentityResult) -> bool:
        """Tell whether the same number is printed in two places, in one of them with fewer decimals."""
        one, other = self._lines[result.whole[0]], self._lines[result.parts[0]]
        if printed_step(one) == printed_step(other):
            return False
        coarse, fine = (one, other) if printed_step(one) > printed_step(other) else (other, one)
        alone = printed_step(coarse) > self.steps[coarse.statement_no]  # a bare 0 among decimals is none that was cut off
        if coarse.id in self._exact or (alone and (not coarse.amount or coarse.statement_no in self._without_zeros)):
            return False
        return _was_cut(coarse, fine.amount - coarse.amount)

    def _coarse(self, result: IdentityResult) -> list[Line]:
        """Return the numbers of a sum that may have lost decimals which others of it have."""
        members = [self._lines[i] for i in result.members]
        fine = min((self.steps[line.statement_no] for line in members), default=Decimal(0))
        return [line for line in members if line.amount and printed_step(line) > fine and line.id not in self._exact]

    def _shows_exact(self, result: IdentityResult) -> bool:
        """Tell whether a sum holds in which one number alone has fewer decimals: it has lost none."""
        if result.outcome != "pass" or result.equation.at_least:
            return False
        members = [line for i in result.members if (line := self._lines[i]).amount]
        fine = min((self.steps[line.statement_no] for line in members), default=Decimal(0))
        coarse = sum(printed_step(line) > fine for line in members)
        return coarse == 1 and len(members) >= _LEAST_OF_A_SUM


def _lost(result: IdentityResult, line: Line) -> Decimal:
    """Return what a number of a failed sum lacks for it to hold."""
    return -result.difference if line.id in result.whole else result.difference


def _agree(lost: Sequence[tuple[Decimal, Decimal]]) -> bool:
    """Tell whether one amount, lost by one number, can explain several sums; each with its tolerance."""
    return max(amount - tolerance for amount, tolerance in lost) <= min(amount + tolerance for amount, tolerance in lost)


def _was_cut(line: Line, lost: Decimal) -> bool:
    """Tell whether a number that was rounded or cut off can have lost an amount (negative: have gained it)."""
    step = printed_step(line)
    away_from_zero = lost if line.amount > 0 else -lost if line.amount < 0 else abs(lost)
    return abs(lost) <= step / 2 or 0 < away_from_zero < step
