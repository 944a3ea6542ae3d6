"""The accounting identities as equations between lines. One set serves the solver, the choice of reading and the checks.

An equation says: the sum of `whole` equals the sum of `parts`. It is built from the lines' keys alone (statement, row,
column, code, fund, nature …), never from their amounts, so that the solver can build it before it knows them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Equation:
    """Σ whole = Σ parts, over indexes into the list of lines that the equations were built from.

    Attributes:
        check_id: identity of DOMAIN.md §5 (`H1`, `R1`, …).
        statement: the statement it belongs to (of the whole).
        subject: the row, code or pair it is about, for people.
        whole, parts: line indexes; a blank cell is no line and counts as zero.
        tolerance: how far the sides may differ, in yuan, for rounding (0 where one number is printed twice).
        severity: `error`, or `warning` where a difference is no proof of a fault.
    """

    check_id: str
    statement: str
    subject: str
    whole: tuple[int, ...]
    parts: tuple[int, ...]
    tolerance: Decimal
    severity: str = "error"
