"""The lines of one printed statement, as its equations are built over them.

Belongs here: what all equations of one statement share. Which equations there are is in `within_statements.py` and the modules beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from msgspec.structs import replace

from pipeline.accounting.equation import Equation
from pipeline.accounting.printed_lines import PrintedLines
from pipeline.accounting.subjects import Subject
from pipeline.budget.line import Line, LineId
from pipeline.budget.sums import last_printed_place, rounding_tolerance


def is_of_this_year(total: Line) -> bool:
    """Tell whether a total row is that of the year alone (本年收入合计), without carry-over."""
    return total.fund == "current_year" or total.name.startswith(("本年", "当年"))


class PrintedTable:
    """One statement: positions of its lines, its last printed place in yuan, and how grave it is if its sums do not hold."""

    def __init__(self, printed: PrintedLines, members: list[int]) -> None:
        self.printed, self.lines, self.members = printed, printed.lines, members
        self.step = last_printed_place([self.lines[i] for i in members])
        self._tolerances: dict[int, Decimal] = {}  # by the number of addends
        self.statement = self.lines[members[0]].statement
        # Prose may name some of the parts only, so that its sums prove but do not accuse.
        self.severity = "warning" if self.lines[members[0]].source == "narrative" else "error"

    def equation(self, check_id: str, subject: Subject, whole: Sequence[int], parts: Sequence[int]) -> Equation:
        """Return Σ whole = Σ parts, but for rounding at the statement's last printed place."""
        named, addends = self.printed.named, len(parts)
        tolerance = self._tolerances.get(addends)
        if tolerance is None:
            tolerance = self._tolerances[addends] = rounding_tolerance(self.step, addends)
        return Equation(check_id, self.statement, subject, named(whole), named(parts), tolerance, self.severity)

    def or_else(self, equation: Equation, whole: tuple[LineId, ...], parts: tuple[LineId, ...]) -> Equation:
        """Return an equation of which another pair of sides may hold instead."""
        return replace(equation, alternatives=(*equation.alternatives, (whole, parts)), step=self.step)
