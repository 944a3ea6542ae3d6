"""How far a document's figures can be trusted: its grade, from what was tested and what that proved.

Belongs here: the definition that docs/trust.md explains. Does not belong here: the tests themselves (`catalogue.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.budget.line import Line
from schemas.check_catalogue import RECONCILING, RULES

COMPLETE_FROM = 0.99
"""Share of the printed amounts from which a document counts as complete on the scorecard. For grade A it must be all of them."""

MOST_AMBIGUOUS = 0.01
"""Share of a document's lines that may be ambiguous in a document that counts as understood."""

_WHOLE = ("C1", "C2")
"""Checks that say whether a document was read whole."""

PROVEN_FROM = 0.90
"""Share of the amounts in tables that must take part in an identity that holds, for a document to count as proven."""


def is_reconciled(checks: Iterable[Mapping[str, Any]]) -> bool | None:
    """Tell whether a document adds up.

    None if no check of the reconciling families applies, or some number that it prints is not in the dataset (`C1`), or its pages are
    damaged (`C2`): what holds says nothing of what was not read. Else whether none of them fails as an error; that one fails is said
    whatever was not read.
    """
    checks = list(checks)
    adds_up = _adds_up(checks)
    return None if adds_up and any(row["check_id"] in _WHOLE and row.get("outcome") == "fail" for row in checks) else adds_up


def _adds_up(checks: Iterable[Mapping[str, Any]]) -> bool | None:
    deciding = [row for row in checks if RULES[row["check_id"]].family in RECONCILING and row.get("outcome") != "not_applicable"]
    if not deciding:
        return None
    return not any(row.get("outcome") == "fail" and row.get("severity") == "error" for row in deciding)


def grade_of(
    lines: Sequence[Line], checks: Sequence[Mapping[str, Any]], printed: int | None, captured: int | None, beside: int = 0, targets: int = 0
) -> str:
    """Return the grade of a published document.

    Args:
        lines: its budget lines, with their proofs.
        checks: what was tried on it.
        printed: numbers seen in its statement tables, None where it has none.
        captured: of these, those in the dataset.
        beside: numbers that pages of statements print outside every table, and that sentences state, in no line and no key figure.
        targets: rows of performance targets and projects that are printed and in neither table.

    Returns:
        `C` where a check of severity error fails; else `D` where no identity of the reconciling families applies; else `A` where the
        tables, those of targets too, and the narrative are captured whole, the tables' columns known and their amounts proven, each of
        them that was recognised in a picture; else `B`.
    """
    if any(row.get("outcome") == "fail" and row.get("severity") == "error" for row in checks):
        return "C"
    if _adds_up(checks) is None:
        return "D"
    in_tables = [line for line in lines if line.source == "table"]
    if not printed or not in_tables or (captured or 0) < printed or beside or targets:
        return "B"
    if any(line.confidence is not None and not line.proofs for line in in_tables):
        return "B"
    ambiguous = sum(line.column_evidence == "ambiguous" for line in in_tables)
    proven = sum(line.proofs > 0 for line in in_tables)
    return "A" if ambiguous <= MOST_AMBIGUOUS * len(in_tables) and proven >= PROVEN_FROM * len(in_tables) else "B"
