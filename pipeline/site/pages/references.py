"""Where the amounts of marts are printed: the lines behind each of them.

A mart says of which document and statement a figure is taken (`mart_coverage`); which line of it prints an amount follows from code,
nature and measure. An amount whose lines do not add up to it exactly gets none: no reference is better than a wrong one.

Belongs here: finding these lines. Which amounts the site shows is in `departments.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pipeline.publish.marts.additive_lines import USED
from schemas.marts import MartAmount

Row = Mapping[str, Any]
"""A row of a table, by column."""

Reference = tuple[int, int, int, int, int | None, int, str]
"""Number of the document in the list of its page, `statement_no`, `row`, `column`, `page`, `proofs`, and a mark of what is special:
`!` contradicted, `r` repaired, `s` solved column, `n` printed in a sentence, else empty."""

MOST_LINES = 60
"""An amount that is the sum of more lines is shown without them."""

_NARRATIVE = 0


def mark_of(line: Row) -> str:
    """Return what is special about how a line is proven."""
    if line["contradictions"]:
        return "!"
    if line["amount_evidence"] == "repaired":
        return "r"
    if line["column_evidence"] == "solved":
        return "s"
    return "n" if line["source"] == "narrative" else ""


@dataclass(frozen=True)
class References:
    """The lines of some documents, by document and statement.

    Attributes:
        documents: identities of the documents, in the order in which references number them.
        lines: rows of `budget_lines` by document and `statement_no`.
        coverage: rows of `mart_coverage` of used figures, by disclosure, figure and measure.
    """

    documents: Sequence[str]
    lines: Mapping[tuple[str, int], Sequence[Row]]
    coverage: Mapping[tuple[str, str, str], Row]

    @classmethod
    def of(cls, documents: Sequence[str], lines: Iterable[Row], coverage: Iterable[Row]) -> References:
        """Arrange lines and coverage for look-up."""
        by_statement: dict[tuple[str, int], list[Row]] = defaultdict(list)
        for line in lines:
            by_statement[line["document_id"], line["statement_no"]].append(line)
        own = [row for row in coverage if row["disclosure_id"] is not None and (row["outcome"] in USED or row["source"] is not None)]
        own.sort(key=lambda row: row["outcome"] in USED)  # the file that is used is looked up, not the others of its disclosure
        return cls(documents, by_statement, {(row["disclosure_id"], row["figure"], row["measure"]): row for row in own})

    def to(self, line: Row) -> Reference:
        """Return the reference to a line."""
        number = self.documents.index(line["document_id"])
        return number, line["statement_no"], line["row"], line["column"], line["page"], line["proofs"], mark_of(line)

    def of_row(self, disclosure: str, figure: MartAmount, nature: str, measure: str, row: Row, amount: Decimal) -> list[Reference]:
        """Return the lines behind an amount of a mart's row, which has `code` and `name`, or `fund`."""
        covered = self.coverage.get((disclosure, figure.name, measure))
        if covered is None or covered["statement_no"] is None:
            return []
        statement = self.lines.get((covered["document_id"], covered["statement_no"]), ())
        same = [
            line
            for line in statement
            if line["flow"] == figure.flow and line["nature"] == nature and line["measure"] == measure and _is_about(line, row)
        ]
        return self._adding_up(same, figure.funds, amount)

    def of_total(self, disclosure: str, figure: MartAmount, nature: str, measure: str, amount: Decimal) -> list[Reference]:
        """Return the line that prints a total."""
        covered = self.coverage.get((disclosure, figure.name, measure))
        if covered is None or covered["statement_no"] is None:
            return []
        statement = self.lines.get((covered["document_id"], covered["statement_no"]), ())
        natures = {nature, figure.repeated_as} if figure.repeated_as else {nature}
        same = [
            line
            for line in statement
            if line["flow"] == figure.flow and line["measure"] == measure and line["nature"] in natures and line["amount"] == amount
        ]
        narrative = covered["statement_no"] == _NARRATIVE
        totals = [line for line in same if _is_total(line, figure) or (narrative and line["statement"] in figure.statements)]
        return [self.to(_first(totals, figure.funds))] if totals else []

    def place_of(self, disclosure: str, figure: MartAmount, measure: str) -> tuple[int, int | None] | None:
        """Return the document that a total is taken from, by its number, and the page."""
        covered = self.coverage.get((disclosure, figure.name, measure))
        return None if covered is None else (self.documents.index(covered["document_id"]), covered["page"])

    def _adding_up(self, lines: Sequence[Row], funds: Sequence[str], amount: Decimal) -> list[Reference]:
        exact = [line for line in lines if line["amount"] == amount]
        if exact:
            return [self.to(_first(exact, funds))]
        for fund in (*funds, None):
            parts = [line for line in lines if fund in (None, line["fund"])]
            if parts and len(parts) <= MOST_LINES and sum(line["amount"] for line in parts) == amount:
                return [self.to(line) for line in parts]
        return []


def _is_total(line: Row, figure: MartAmount) -> bool:
    """Tell whether a line is a whole: a total, a unit with all it spends, or the figure's own row in the statement of another."""
    return bool(line["level"] == 0 or line["scheme"] == "unit" or line["code"] == figure.name)


def _is_about(line: Row, row: Row) -> bool:
    if "fund" in row:
        return bool(line["fund"] == row["fund"])
    if row["code"] is not None:
        return bool(line["code"] == row["code"])
    return bool(line["code"] is None and row["name"] in (line["standard_name"], line["name"]))


def _first(lines: Sequence[Row], funds: Sequence[str]) -> Row:
    """Return the line of the figure's own fund, the department's own before a unit's, the first in print."""
    return min(lines, key=lambda line: (line["fund"] not in funds, line["unit"] is not None, line["row"], line["column"]))
