"""Which of several files about the same thing counts: duplicates, and versions that a later one supersedes.

Belongs here: the decision, from what the documents themselves and the registry say. Nothing is decided by a file's name
beyond choosing, among files of equal bytes, the one that stands for them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

import polars as pl

_SAME_BODY = ("fiscal_year", "province", "region_code", "parent_department", "department", "kind", "level")
_CONTENT = ("unit", "statement", "flow", "scheme", "code", "name", "fund", "nature", "measure", "amount")
_CHECKS = ("checks_passed", "checks_failed", "checks_not_applicable")
_UNJUDGED = {"reconciled": None, "grade": None}
_DATE = re.compile(r"(\d{4})\D+(\d{1,2})(?:\D+(\d{1,2}))?")

Row = dict[str, Any]


def resolve_versions(rows: Sequence[Row], lines_of: Callable[[Row], pl.DataFrame]) -> list[Row]:
    """Give every file its final status.

    Of equal bytes one file counts, the others are `duplicate`. Of several documents of one body, year, kind and level, one
    is `superseded` where another holds the same lines, or where a later one (marked as a correction, or published later by
    the registry) holds all of its statements. Without such evidence both stay: a narrative and its tables may be two files.

    Args:
        rows: one per file, with the columns of `documents`, and `primary` (stands for all files of its bytes),
            `correction` (says of itself that it corrects) and `published_at` (a date in digits, or None).
        lines_of: gives the budget lines of a document.

    Returns:
        The rows in their order, with `status`, `reason`, `superseded_by` decided; what is not in the dataset is not counted.
    """
    names = {row["sha256"]: row["file_name"] for row in rows if row["primary"]}
    resolved = []
    for row in rows:
        if row["primary"]:
            resolved.append(dict(row))
        else:
            reason = f"The same bytes as {names[row['sha256']]}."
            resolved.append({**row, "status": "duplicate", "reason": reason, **_UNJUDGED})
    published = [row for row in resolved if row["status"] == "published" and row["department"] is not None]
    for _, group in groupby(sorted(published, key=_identity), key=_identity):
        versions = sorted(group, key=_age)
        for position, row in enumerate(versions[:-1]):
            later = next((v for v in reversed(versions[position + 1 :]) if _supersedes(v, row, lines_of)), None)
            if later is not None:
                row.update(status="superseded", superseded_by=later["document_id"], reason=_reason(later, row), **_UNJUDGED)
    for row in resolved:
        if row["status"] != "published":
            row.update(lines=0, amounts_captured=None if row["amounts_captured"] is None else 0)
        if row["status"] in ("superseded", "duplicate"):
            row.update(dict.fromkeys(_CHECKS, 0))
    return resolved


def _identity(row: Row) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in _SAME_BODY)


def _age(row: Row) -> tuple[bool, tuple[int, ...], int, str]:
    return bool(row["correction"]), _day(row), len(row["statements"]), row["sha256"]


def _day(row: Row) -> tuple[int, ...]:
    """Return year, month and day of publication, as far as the registry says them in digits; empty if it does not."""
    found = _DATE.match(row["published_at"] or "")
    return tuple(int(part) for part in found.groups(default="0")) if found else ()


def _is_later(later: Row, earlier: Row) -> bool:
    if bool(later["correction"]) != bool(earlier["correction"]):
        return bool(later["correction"])
    return bool(_day(earlier)) and _day(later) > _day(earlier)


def _supersedes(later: Row, earlier: Row, lines_of: Callable[[Row], pl.DataFrame]) -> bool:
    if _is_later(later, earlier) and earlier["statements"] and set(earlier["statements"]) <= set(later["statements"]):
        return True
    return later["lines"] == earlier["lines"] > 0 and _content(lines_of(later)).equals(_content(lines_of(earlier)))


def _content(lines: pl.DataFrame) -> pl.DataFrame:
    return lines.select(_CONTENT).sort(_CONTENT)


def _reason(later: Row, earlier: Row) -> str:
    if _is_later(later, earlier):
        return f"A later version was published as document {later['document_id']}."
    return f"Document {later['document_id']} holds the same content."
