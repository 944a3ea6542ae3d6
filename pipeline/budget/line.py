"""The budget line in memory: one amount of one statement, with all that the contract says of it.

The document keys are added on publication. A test holds the fields against the table `budget_lines` in `schemas`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import partial
from typing import NamedTuple

import msgspec


class LineId(NamedTuple):
    """What names a line within its document, in memory and in the dataset: the key of `budget_lines` without the document."""

    source: str
    statement_no: int
    row: int
    column: int


_id_of: Callable[[Iterable[str | int]], LineId] = partial(tuple.__new__, LineId)  # in half of the time, for what is asked most


class Line(msgspec.Struct, frozen=True, gc=False):
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
        return _id_of((self.source, self.statement_no, self.row, self.column))


def by_id(lines: Iterable[Line]) -> dict[LineId, Line]:
    """Return the lines of one document by what names them."""
    return {line.id: line for line in lines}
