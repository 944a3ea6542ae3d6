"""`C1`: every number that a statement, or a page of figures beside its statements, prints is in the dataset. Counts, never amounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from pipeline.accounting.check_row import Check, check_row
from pipeline.checks.of_pages.uncaptured import NOT_SAID_TO_BE_MONEY
from pipeline.statements.statement_model import Statement


def check_completeness(statements: Sequence[Statement], uncaptured: Sequence[Mapping[str, Any]]) -> list[Check]:
    """Return one row for each statement that prints numbers, and for each finding of numbers that no statement counts.

    Args:
        statements: of one document, with the numbers seen in them and the lines made of them.
        uncaptured: what pages print and no row has (`pipeline.checks.of_pages.uncaptured`).
    """
    rows = []
    for s in statements:
        if not s.amounts_printed:
            continue
        captured = min(len(s.lines), s.amounts_printed)
        outcome = "pass" if captured == s.amounts_printed else "fail"
        detail = f"{captured} of {s.amounts_printed} printed numbers are in the dataset"
        printed, taken = Decimal(s.amounts_printed), Decimal(captured)
        subject = f"statement {s.number}"
        rows.append(check_row("C1", s.kind, subject, outcome, detail, expected=printed, actual=taken, tolerance=Decimal(0)))
    for finding in uncaptured:
        if finding["detail"] == NOT_SAID_TO_BE_MONEY:
            continue
        detail, seen = f"{finding['frequency']} further numbers that the page prints are in no row", Decimal(finding["frequency"])
        subject = f"page {finding['page']}"
        rows.append(check_row("C1", None, subject, "fail", detail, expected=seen, actual=Decimal(0), tolerance=Decimal(0)))
    return rows or [check_row("C1", None, "document", "not_applicable", "no statement prints a number")]
