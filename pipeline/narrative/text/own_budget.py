"""The year's own budget in a clause on what was spent: `比年初预算数1.80万元减少0.2万元`, `完成年初预算1.80万元的88.9%`.

Belongs here: the grammar of one such clause, and whether its numbers fit each other. Does not belong here: what was spent on.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pipeline.narrative.text.clauses import MONEY, PERCENT, amount_of, number
from pipeline.narrative.text.printed_number import Number
from schemas.vocabulary.narrative import either
from schemas.vocabulary.phrases import WordPattern

FROM_OWN_BUDGET = "a difference from the year's own budget"
"""Why an amount is held back that no table holds."""

_HUNDRED = 100
_BESIDE = WordPattern(
    lambda: (
        rf"(?P<subject>[^,;。\d]{{0,40}}?)(?:(?P<than>{either('than')})|{either('executes')})(?P<budget>{either('own_budget')})[为的]?(?=\d)"
    )
)
_MOVED = WordPattern(lambda: rf"(?:(?P<flat>{either('flat')})|(?P<rise>{either('rise', 'above')})|(?P<fall>{either('fall', 'below')})了?)")


@dataclass(frozen=True, slots=True)
class OwnBudget:
    """What a clause says of the year's own budget.

    Attributes:
        subject: words before the comparison, that name what it is of; may be empty.
        words: where 年初预算数 stands.
        budget: the amount that was planned; `start`: where its digits do.
        sign: of what was spent beside it; 0 where it is the same, and where the clause gives its share instead.
        difference: of the two, where it is stated.
        executed: how much of the budget was spent, in percent, where it is stated.
        end: where all this ends.
    """

    subject: str
    words: slice
    budget: Number
    start: int
    sign: int
    difference: Number | None
    executed: Number | None
    end: int

    def agrees(self, spent: Number) -> bool:
        """Tell whether what was spent, the budget, and the difference or share that is stated are one another's, as printed."""
        slack = (spent.step + self.budget.step) / 2
        if self.difference is not None:
            return abs(spent.yuan - self.budget.yuan - self.sign * self.difference.yuan) <= slack + self.difference.step / 2
        assert self.executed is not None
        half = Decimal(10) ** -self.executed.decimals / 2
        low, high = ((self.executed.value + side) / _HUNDRED for side in (-half, half))
        return low * self.budget.yuan - slack <= spent.yuan <= high * self.budget.yuan + slack


def own_budget(text: str, at: int = 0) -> OwnBudget | None:
    """Read what a clause states from `at` on of the year's own budget with its amount; None where it states none.

    Args:
        text: folded, up to the end of the clause.
        at: where to start.
    """
    beside = _BESIDE.match(text, at)
    money = MONEY.match(text, beside.end()) if beside else None
    budget = amount_of(money)
    if beside is None or money is None or budget is None:
        return None
    end = money.end()
    if beside["than"]:
        moved = _MOVED.match(text, end)
        if moved is None:
            return None
        by = MONEY.match(text, moved.end())
        difference = Number("0", Decimal(0), budget.unit) if moved["flat"] else amount_of(by)
        if difference is None:
            return None
        sign, executed, end = 0 if moved["flat"] else 1 if moved["rise"] else -1, None, by.end() if by else moved.end()
    else:
        share = PERCENT.match(text, end + text.startswith("的", end))
        if share is None:
            return None
        sign, difference, executed, end = 0, None, number(share, "%"), share.end()
    return OwnBudget(beside["subject"], slice(*beside.span("budget")), budget, money.start(), sign, difference, executed, end)
