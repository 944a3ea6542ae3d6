"""Where the amounts of marts are printed: the lines behind each of them.

A mart says of which document and statement a figure is taken (`mart_coverage`); which line of it prints an amount follows from code,
nature and measure. An amount whose lines do not add up to it exactly gets none: no reference is better than a wrong one.

Belongs here: finding these lines. Which amounts the site shows is in `departments.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from pipeline.publish.marts.additive_lines import USED
from schemas.marts import MartAmount

Row = Mapping[str, Any]
"""A row of a table, by column."""

Reference = tuple[int, int, int, int, int | None, int, str]
"""Number of the document in the list of its page, `statement_no`, `row`, `column`, `page`, `proofs`, and a mark of what is special:
`!` contradicted, `f` far from what one would expect, `r` repaired, `s` solved column, `n` printed in a sentence, else empty."""

_Column = tuple[str, int, str, str]
"""`document_id`, `statement_no`, `flow` and `measure` of lines."""

_Key = tuple[str, str | None]
"""What a row of a mart is about: `fund`, `code` or `name`, and which."""

MOST_LINES = 60
"""An amount that is the sum of more lines is shown without them."""

_NARRATIVE = 0


def mark_of(line: Row, *, far: bool = False) -> str:
    """Return what is special about a line: how it is proven, or that it is far from what one would expect."""
    if line["contradictions"]:
        return "!"
    if far:
        return "f"
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
        lines: rows of `budget_lines` by document, `statement_no`, flow and measure.
        coverage: rows of `mart_coverage` of used figures, by disclosure, figure and measure.
        far: lines that are far from what one would expect, by document, `statement_no`, `row` and `column`.
    """

    documents: Sequence[str]
    lines: Mapping[_Column, Sequence[Row]]
    coverage: Mapping[tuple[str, str, str], Row]
    far: Collection[tuple[str, int, int, int]] = ()

    @classmethod
    def of(
        cls, documents: Sequence[str], lines: Iterable[Row], coverage: Iterable[Row], far: Collection[tuple[str, int, int, int]] = ()
    ) -> References:
        """Arrange lines and coverage for look-up."""
        columns: dict[_Column, list[Row]] = defaultdict(list)
        for line in lines:
            columns[line["document_id"], line["statement_no"], line["flow"], line["measure"]].append(line)
        own = [row for row in coverage if row["disclosure_id"] is not None and (row["outcome"] in USED or row["source"] is not None)]
        own.sort(key=lambda row: row["outcome"] in USED)  # the file that is used is looked up, not the others of its disclosure
        return cls(documents, columns, {(row["disclosure_id"], row["figure"], row["measure"]): row for row in own}, far)

    def to(self, line: Row) -> Reference:
        """Return the reference to a line."""
        number = self.documents.index(line["document_id"])
        place = line["statement_no"], line["row"], line["column"]
        return number, *place, line["page"], line["proofs"], mark_of(line, far=(line["document_id"], *place) in self.far)

    def of_row(self, disclosure: str, figure: MartAmount, nature: str, measure: str, row: Row, amount: Decimal) -> list[Reference]:
        """Return the lines behind an amount of a mart's row, which has `code` and `name`, or `fund`."""
        covered = self.coverage.get((disclosure, figure.name, measure))
        if covered is None or covered["statement_no"] is None:
            return []
        column = covered["document_id"], covered["statement_no"], figure.flow, measure
        same = [line for line in self._rows(column).get(_key_of(row), ()) if line["nature"] == nature]
        return self._adding_up(same, figure.funds, amount)

    def _rows(self, column: _Column) -> Mapping[_Key, Sequence[Row]]:
        """Return the lines of a column by all that a mart's row may call them."""
        if column not in self._by_key:
            rows: dict[_Key, list[Row]] = defaultdict(list)
            for line in self.lines.get(column, ()):
                for key in _keys_of(line):
                    rows[key].append(line)
            self._by_key[column] = rows
        return self._by_key[column]

    @cached_property
    def _by_key(self) -> dict[_Column, Mapping[_Key, Sequence[Row]]]:
        return {}

    def of_total(self, disclosure: str, figure: MartAmount, nature: str, measure: str, amount: Decimal) -> list[Reference]:
        """Return the line that prints a total."""
        covered = self.coverage.get((disclosure, figure.name, measure))
        if covered is None or covered["statement_no"] is None:
            return []
        column = self.lines.get((covered["document_id"], covered["statement_no"], figure.flow, measure), ())
        natures = {nature, figure.repeated_as} if figure.repeated_as else {nature}
        same = [line for line in column if line["nature"] in natures and line["amount"] == amount]
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


def _key_of(row: Row) -> _Key:
    """Return what a mart's row is about: a fund, a code, or where it has none a name."""
    if "fund" in row:
        return "fund", row["fund"]
    return ("name", row["name"]) if row["code"] is None else ("code", row["code"])


def _keys_of(line: Row) -> set[_Key]:
    """Return what rows of marts may call a line."""
    named = {("name", line[of]) for of in ("standard_name", "name")} if line["code"] is None else {("code", line["code"])}
    return {("fund", line["fund"]), *named}


def _first(lines: Sequence[Row], funds: Sequence[str]) -> Row:
    """Return the line of the figure's own fund, the department's own before a unit's, the first in print."""
    return min(lines, key=lambda line: (line["fund"] not in funds, line["unit"] is not None, line["row"], line["column"]))
