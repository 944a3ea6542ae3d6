"""What somebody can do about a document that could not be published, by the reason that it bears.

Belongs here: the advice beside each reason (`advice.csv`, by how the reason begins). Reasons are said where they are found.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path


def advice_on(reason: str) -> str | None:
    """Return what to do about a document that was quarantined for a reason, in words to stand after it; None where nothing is known."""
    return next((advice for beginning, advice in _advice() if reason.startswith(beginning)), None)


@cache
def _advice() -> tuple[tuple[str, str], ...]:
    """Return beginnings of reasons with their advice, the longest first."""
    with Path(__file__).with_name("advice.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row["reason"], row["advice"]) for row in csv.DictReader(file)]
    return tuple(sorted(rows, key=lambda row: -len(row[0])))
