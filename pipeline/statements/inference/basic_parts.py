"""Readings that a header leaves open, decided by the identities: what is a part of the sum, and what repeats a part of it.

经营支出, 上缴上级支出 … beside 基本支出 and 项目支出 complete the total with some publishers and repeat a part of it with
others; under a header 其中 it may be either. Only the rows can tell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal

import msgspec

from pipeline.budget.line import Line
from pipeline.budget.sums import is_sum, nature_parts, printed_step
from pipeline.statements.statement_model import Statement

_FURTHER = ("operating", "remittance_to_superiors", "subsidy_to_subordinates", "reserve")
_ZERO = Decimal(0)


def with_of_which_decided(lines: Sequence[Line]) -> list[Line]:
    """Return the lines of a statement, natures that repeat a part of the total as `of_which_…` where every row that prints them says so.

    A nature is turned only if all rows with such an amount add up without it and none adds up with it; the lines' columns
    are then `solved`.
    """
    if not any(line.nature in _FURTHER for line in lines):
        return list(lines)
    rows: dict[tuple[object, ...], dict[str, Decimal]] = defaultdict(dict)
    for line in lines:
        if line.flow == "expenditure" and line.nature and line.scheme not in ("three_public", "revenue_item"):
            key = (line.row, line.code, line.name, line.fund, line.measure)
            rows[key][line.nature] = rows[key].get(line.nature, _ZERO) + line.amount
    if not rows:
        return list(lines)
    step = min((printed_step(line) for line in lines if line.unit_text), default=Decimal("0.01"))
    repeated: set[str | None] = set()
    for nature in _FURTHER:
        without = within = 0
        for cells in rows.values():
            parts = nature_parts("total", cells)
            if cells.get(nature) and "total" in cells and nature in parts:
                without += is_sum(cells["total"], [cells[n] for n in parts if n != nature], step)
                within += is_sum(cells["total"], [cells[n] for n in parts], step)
        if without and not within:
            repeated.add(nature)
    return _as_parts(lines, repeated)


def with_of_which_of_document(statements: Sequence[Statement]) -> list[Statement]:
    """Return the statements of a document, natures of which one prints only 0 as `of_which_…` where rows of its kind say so elsewhere.

    A table that is torn into several by its pages is of one form, and a 0 alone does not tell what it is a part of.
    """
    decided = {
        (statement.kind, nature)
        for statement in statements
        for nature in _FURTHER
        if any(line.nature == f"of_which_{nature}" and line.column_evidence == "solved" for line in statement.lines)
    }
    return [_as_elsewhere(statement, {nature for kind, nature in decided if kind == statement.kind}) for statement in statements]


def _as_elsewhere(statement: Statement, decided: set[str]) -> Statement:
    zeros = {nature for nature in decided if not any(line.amount for line in statement.lines if line.nature == nature)}
    if not any(line.nature in zeros for line in statement.lines):
        return statement
    return replace(statement, lines=tuple(_as_parts(statement.lines, zeros)))


def _as_parts(lines: Sequence[Line], natures: Collection[str | None]) -> list[Line]:
    """Return the lines, those of some natures as parts of others: the rows have told so."""
    return [
        msgspec.structs.replace(line, nature=f"of_which_{line.nature}", column_evidence="solved") if line.nature in natures else line
        for line in lines
    ]
