"""Contradictions found while columns were solved, as rows of `checks`: no placing of the printed numbers meets the identities.

Belongs here: which of them the identities tried on the finished lines do not already name (an ambiguous amount takes part in none).
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.accounting.check_row import Check, check_row
from pipeline.accounting.equation import Identity
from pipeline.accounting.evaluate import IdentityResult
from pipeline.statements.statement_model import Statement


def contradiction_checks(statements: Iterable[Statement], tried: Iterable[IdentityResult]) -> list[Check]:
    """Return a failed check for each contradiction of which no identity has failed by itself.

    Args:
        statements: of one document, with their `conflicts`.
        tried: what was tried on the document's lines.
    """
    failed = {(t.equation.check_id, t.equation.subject) for t in tried if t.outcome == "fail"}
    found: dict[tuple[Identity, ...], Check] = {}
    for statement in statements:
        for conflict in statement.conflicts:
            identities = conflict.identities
            if identities in found or any((identity.check_id, identity.subject) in failed for identity in identities):
                continue
            first = identities[0]
            found[identities] = check_row(
                first.check_id,
                first.statement,
                " and ".join(str(identity.subject) for identity in identities),
                "fail",
                f"no placing of the printed numbers in the columns of {statement.title or first.statement} meets {conflict}",
                severity=conflict.severity,
            )
    return list(found.values())
