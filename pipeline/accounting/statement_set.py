"""The statements of one body (a department or one of its units), as the equations between statements look them up.

Belongs here: which lines are the totals, classes and codes of a statement. Does not belong here: the equations.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cached_property

from pipeline.accounting.printed_lines import PrintedLines
from pipeline.budget.characters import fold
from pipeline.budget.sums import funds_within, rounding_steps, stands_beside_the_year, without_own_parts
from schemas.statement_kind import Comparison, StatementKind
from schemas.statements import OTHER, REVENUE_EXPENDITURE_SUMMARY, kind_of, statement_kinds
from schemas.vocabulary.phrases import WordPattern, any_of

Announced = Sequence[tuple[int, str, str | None]]
"""(number, kind, title) of the recognised statements, empty ones too: an empty statement is zero."""

_OF_NO_BUDGET = WordPattern(lambda: any_of("statement_words.csv", "of_no_budget"))


def of_no_budget(statements: Announced) -> set[int]:
    """Return the numbers of the statements whose money is in no department's budget, by their titles: funds of insurance, levies."""
    others = ((number, title) for number, kind, title in statements if kind == OTHER.id and title)
    return {number for number, title in others if _OF_NO_BUDGET.search(fold(title))}


def kinds_compared(check_id: str, of: str) -> list[tuple[StatementKind, Comparison]]:
    """Return the kinds of statements that an identity holds against others, those of a part of other funds before these."""
    return sorted(statement_kinds().compared(check_id, of), key=lambda both: len(funds_within(both[1].fund)))


class StatementSet:
    """The statements of one body: for each kind the numbers of its printed tables, and access to their totals."""

    def __init__(self, printed: PrintedLines, tables: dict[str, list[int]], members: dict[int, list[int]]) -> None:
        self.printed, self.lines, self.tables, self.members = printed, printed.lines, tables, members
        self.measure = "final" if any(self.lines[i].measure == "final" for own in members.values() for i in own) else "budget"

    def totals(self, kind: str, *, flow: str, fund: str, nature: str) -> list[list[int]] | None:
        """Return the alternative total rows of the only statement of a kind: None if there is not exactly one, [] if empty.

        Of a statement over several units that has no total of them all: None.
        """
        numbers = self.tables.get(kind, [])
        if len(numbers) != 1:
            return None
        rows: dict[tuple[int, int], list[int]] = defaultdict(list)
        of_scope = kind_of(kind).is_summary and fund == (kind_of(kind).fund or "total")
        of_several = len({self.lines[i].unit for i in self.members[numbers[0]]}) > 1
        of_units = False
        for i in self.members[numbers[0]]:
            line = self.lines[i]
            if line.level or line.scheme == "three_public" or (line.flow, line.nature, line.measure) != (flow, nature, self.measure):
                continue
            if line.fund == fund or (of_scope and line.fund == "current_year"):
                if of_several and line.unit is not None:
                    of_units = True
                else:
                    rows[line.row, line.column].append(i)
        return list(rows.values()) if rows or not of_units else None

    def beside_the_year(self, kind: str, *, flow: str) -> list[int]:
        """Return what the only summary of a kind prints beside the year, of all its funds: 上年结转 of income, 结转下年 of spending."""
        numbers = self.tables.get(kind, []) if kind_of(kind).is_summary else []
        fund = kind_of(kind).fund or "total"
        found: dict[int, list[int]] = defaultdict(list)
        for i in self.members[numbers[0]] if len(numbers) == 1 else ():
            line = self.lines[i]
            if line.flow != flow or line.measure != self.measure or line.unit or not stands_beside_the_year(line):
                continue
            if (line.scheme == "revenue_item" and line.level) if flow == "revenue" else (not line.level and line.fund == fund):
                found[line.column].append(i)
        own = found[min(found)] if found else []  # a second half repeats it by another classification
        level = min((self.lines[i].level for i in own), default=0)
        own = [i for i in own if self.lines[i].level == level]
        kept = {line.id for line in without_own_parts([self.lines[i] for i in own])}
        return [i for i in own if self.lines[i].id in kept]

    def step(self, members: Iterable[int]) -> Decimal:
        """Return the last printed place, in yuan, of the coarsest of the statements that some lines are of."""
        return max(self._steps[self.lines[i].statement_no] for i in members)

    @cached_property
    def _steps(self) -> dict[int, Decimal]:
        return rounding_steps(self.lines[i] for own in self.members.values() for i in own)

    def grand_totals(self) -> list[list[int]]:
        """Return the total rows of the summary of all revenue and expenditure."""
        flows = ("revenue", "expenditure")
        kind = REVENUE_EXPENDITURE_SUMMARY.id
        return [row for flow in flows for row in self.totals(kind, flow=flow, fund="total", nature="total") or []]

    def classes(self, kind: str, *, flow: str, fund: str, nature: str) -> dict[str, list[int]] | None:
        """Return per 类 the lines of the only statement of a kind, None where it does not list function classes."""
        numbers = self.tables.get(kind, [])
        if len(numbers) != 1:
            return None
        found: dict[str, list[int]] = defaultdict(list)
        for i in self.members[numbers[0]]:
            line = self.lines[i]
            if line.scheme != "function" or line.level != 1 or not line.code or line.unit:
                continue
            if (line.flow, line.fund, line.nature, line.measure) == (flow, fund, nature, self.measure):
                found[line.code].append(i)
        return found or None

    def by_code(self, kind: str, nature: str) -> dict[str, list[int]]:
        """Return per departmental economic code the lines of one nature in all statements of a kind."""
        found: dict[str, list[int]] = defaultdict(list)
        for number in self.tables.get(kind, []):
            for i in self.members[number]:
                line = self.lines[i]
                if line.scheme == "department_economic" and line.code and line.nature == nature and line.measure == self.measure:
                    found[line.code].append(i)
        return found
