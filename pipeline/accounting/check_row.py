"""A row of the table `checks`, as every check makes it (without the document keys)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

Check = dict[str, Any]


def check_row(
    check_id: str, statement: str | None, subject: str, outcome: str, detail: str, *, severity: str = "warning",
    expected: Decimal | None = None, actual: Decimal | None = None, tolerance: Decimal | None = None,
) -> Check:  # fmt: skip
    """Return a check tried: amounts in yuan, `difference` = actual - expected where both are known."""
    return {
        "check_id": check_id, "statement": statement, "subject": subject, "expected": expected, "actual": actual,
        "difference": None if expected is None or actual is None else actual - expected, "tolerance": tolerance,
        "outcome": outcome, "severity": severity, "detail": detail,
    }  # fmt: skip
