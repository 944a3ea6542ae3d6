"""Contradictions found while columns were solved, as rows of `checks`: no placing of the printed numbers meets the identities.

Belongs here: which of them the identities tried on the finished lines do not already name (an ambiguous amount takes part in none).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.accounting.check_row import Check, check_row
from pipeline.statements.model import Statement


def contradiction_checks(statements: Iterable[Statement], checks: Sequence[Check]) -> list[Check]:
    """Return a failed check for each contradiction of which no identity has failed by itself.

    Args:
        statements: of one document, with their `conflicts` ("R1 kind: row …; H1 kind: code …").
        checks: what was tried on the document's lines.
    """
    failed = {(c["check_id"], c["subject"]) for c in checks if c["outcome"] == "fail"}
    found: dict[str, Check] = {}
    for statement in statements:
        for conflict in statement.conflicts:
            identities = [_identity(part) for part in conflict.split("; ")]
            if conflict in found or any((check_id, subject) in failed for check_id, _, subject in identities):
                continue
            check_id, kind, _ = identities[0]
            found[conflict] = check_row(
                check_id,
                kind,
                " and ".join(subject for _, _, subject in identities),
                "fail",
                f"no placing of the printed numbers in the columns of {statement.title or kind} meets {conflict}",
                severity="warning" if any("≥" in subject for _, _, subject in identities) else "error",
            )
    return list(found.values())


def _identity(text: str) -> tuple[str, str, str]:
    """Split "R1 kind: subject" into its three parts."""
    head, _, subject = text.partition(": ")
    check_id, _, kind = head.partition(" ")
    return check_id, kind, subject
