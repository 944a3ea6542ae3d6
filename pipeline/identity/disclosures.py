"""The identity of a disclosure: what one body publishes of one year, in one file or several.

Belongs here: which documents belong to one disclosure. Which of them gives what is in `pipeline.store.partitions.disclosure_rows`.
"""

from __future__ import annotations

_SAME_LEVEL = {"department_and_units": "department"}
"""The explanation of a department's budget and the tables of it and its units are one disclosure."""

_UNSAID = "unknown"


def disclosure_id(department_id: str | None, fiscal_year: int, kind: str | None, level: str | None) -> str | None:
    """Return the identity of the disclosure that a document belongs to; None where its body is unknown.

    It is made of nothing but the body, the year, the kind and the level, so that it is the same in every version of the dataset.

    Args:
        department_id: of the body, which has its region in it.
        fiscal_year: of the document.
        kind: `budget` or `final_account`, as far as it is known.
        level: whose budget it is, as far as it is known.
    """
    if department_id is None:
        return None
    return "-".join((department_id, str(fiscal_year), kind or _UNSAID, _SAME_LEVEL.get(level or "", level or _UNSAID)))
