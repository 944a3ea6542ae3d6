"""The budget line in memory: one amount of one statement, with all that the contract says of it.

The document keys are added on publication. A test holds the fields against the table `budget_lines` in `schemas`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple


class LineId(NamedTuple):
    """What names a line within its document, in memory and in the dataset: the key of `budget_lines` without the document."""

    source: str
    statement_no: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Line:
    """One printed amount. Fields are the columns of `budget_lines` (see `schemas.columns` for their meaning).

    `amount` is exact yuan; boxes are PDF points, origin top left of the upright page.
    """

    statement: str
    statement_no: int
    source: str  # table | narrative
    flow: str
    scheme: str
    level: int
    name: str
    fund: str | None
    nature: str | None
    amount: Decimal
    amount_text: str
    unit_text: str
    row: int
    column: int
    statement_title: str | None = None
    unit: str | None = None
    code: str | None = None
    code_source: str | None = None
    standard_name: str | None = None
    department_economic_code: str | None = None
    government_economic_code: str | None = None
    measure: str = "budget"
    column_evidence: str = "printed"
    amount_evidence: str = "printed"
    proofs: int = 0
    is_leaf: bool = True
    page: int | None = None
    x0: float | None = None
    y0: float | None = None
    x1: float | None = None
    y1: float | None = None
    contradictions: int = 0
    function_code: str | None = None
    catalogue_code: str | None = None
    project: str | None = None
    cell: str | None = None
    unit_evidence: str = "amount"
    confidence: float | None = None

    @property
    def id(self) -> LineId:
        """What names the line among all of its document."""
        return LineId(self.source, self.statement_no, self.row, self.column)


_values_of = attrgetter(*(field.name for field in fields(Line)))
_PLACES = {field.name: place for place, field in enumerate(fields(Line))}


def with_values(line: Line, **values: Any) -> Line:
    """Return a line with other values of some columns: `dataclasses.replace` in half of the time, for what is done to each line."""
    columns = list(_values_of(line))
    for name, value in values.items():
        columns[_PLACES[name]] = value
    return Line(*columns)


def by_id(lines: Iterable[Line]) -> dict[LineId, Line]:
    """Return the lines of one document by what names them."""
    return {line.id: line for line in lines}
