"""Which of several files about the same thing counts: duplicates, and versions that a later one supersedes.

Belongs here: the decision, from what the documents themselves and the registry say. Nothing is decided by a file's name
beyond choosing, among files of equal bytes, the one that stands for them.
Does not belong here: what a document holds (`contents_compared.py`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, groupby
from typing import NamedTuple

from pipeline.store.partitions.contents_compared import Row, TableOf, holds_all_parts, same_lines, says_all, states_otherwise

_SAME_BODY = ("fiscal_year", "province", "region_code", "parent_department", "department", "kind", "level")
_CHECKS = ("checks_passed", "checks_failed", "checks_not_applicable")
_UNJUDGED = {"reconciled": None, "grade": None}
_DATE = re.compile(r"(\d{4})\D+(\d{1,2})(?:\D+(\d{1,2}))?")

GONE = "gone"
"""Finding of a document whose address no longer gives it."""

OTHER_VERSION = "other_version"
"""Finding of a document beside which another of the same body, year, kind and level stands, neither holding all of the other."""


class Contested(NamedTuple):
    """Two documents that look like versions of one, and are both published; `why` is a sentence."""

    earlier: Row
    later: Row
    why: str


def resolve_versions(rows: Sequence[Row], table_of: TableOf) -> list[Row]:
    """Give every file its final status.

    Of equal bytes one file counts, the others are `duplicate`. Of several documents of one body, year, kind and level, one
    is `superseded` where another says all that it says, or where a later one (marked as a correction, fetched later from the same
    address, or published later by the registry) holds all of its statements and tables. Without such evidence both stay: a narrative
    and its tables may be two files, and a correction may be of one table only (see `contested_versions`). Of two that were fetched, one
    holding all parts of the other with other amounts, and of which nothing says which is later, none is published.

    Args:
        rows: one per file, with the columns of `documents`, and `primary` (stands for all files of its bytes),
            `correction` (says of itself that it corrects, or was said to), `published_at` (a date in digits, or None) and
            `fetched_at` (when it was fetched, in a form that sorts; None where it was not).
        table_of: gives what a document adds to a table.

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
    for versions in _versions(resolved):
        for position, row in enumerate(versions):
            later = [other for other in reversed(versions[position + 1 :]) if _supersedes(other, row, table_of)]
            same = [other for other in versions[:position] if other["status"] == "published" and _repeats(other, row, table_of)]
            if stands := next(iter([*later, *same]), None):
                row.update(status="superseded", superseded_by=stands["document_id"], reason=_reason(stands, row), **_UNJUDGED)
        for row, other in combinations([row for row in versions if row["status"] == "published"], 2):
            if _is_open(row, other, table_of):
                for held, against in ((row, other), (other, row)):
                    held.update(status="quarantined", reason=reason_held(against), **_UNJUDGED)
    for row in resolved:
        if row["status"] != "published":
            row.update(lines=0, amounts_captured=None if row["amounts_captured"] is None else 0)
        if row["status"] in ("superseded", "duplicate"):
            row.update(dict.fromkeys(_CHECKS, 0))
    return resolved


def contested_versions(resolved: Sequence[Row], table_of: TableOf) -> Iterator[Contested]:
    """Yield the published documents that look like versions of one another and yet are both published.

    Args:
        resolved: what `resolve_versions` returned.
        table_of: gives what a document adds to a table.
    """
    for versions in _versions(resolved):
        for position, earlier in enumerate(versions):
            for later in versions[position + 1 :]:
                if _is_later(later, earlier) and set(earlier["statements"]) & set(later["statements"]):
                    yield Contested(earlier, later, "The later one does not hold every statement and table of the earlier one.")
                elif _same_lines(later, earlier, table_of):
                    yield Contested(earlier, later, "Their budget lines are the same, and each says what the other does not.")


def _versions(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Yield the published documents of each body, year, kind and level, the oldest first."""
    published = [row for row in rows if row["status"] == "published" and row["department"] is not None]
    for _, group in groupby(sorted(published, key=_identity), key=_identity):
        yield sorted(group, key=_publication_order)


def _identity(row: Row) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in _SAME_BODY)


def _publication_order(row: Row) -> tuple[bool, tuple[int, ...], str, int, str]:
    return bool(row["correction"]), _day(row), row["fetched_at"] or "", len(row["statements"]), row["sha256"]


def _day(row: Row) -> tuple[int, ...]:
    """Return year, month and day of publication, as far as the registry says them in digits; empty if it does not."""
    found = _DATE.match(row["published_at"] or "")
    return tuple(int(part) for part in found.groups(default="0")) if found else ()


def _is_later(later: Row, earlier: Row) -> bool:
    if bool(later["correction"]) != bool(earlier["correction"]):
        return bool(later["correction"])
    if _same_address(later, earlier):
        return bool(later["fetched_at"] > earlier["fetched_at"])
    return bool(_day(earlier)) and _day(later) > _day(earlier)


def _same_address(row: Row, other: Row) -> bool:
    return bool(row["source_url"] and row["source_url"] == other["source_url"] and row["fetched_at"] and other["fetched_at"])


def _is_open(row: Row, other: Row, table_of: TableOf) -> bool:
    """Tell whether two fetched documents are versions of one that state other amounts, and nothing says which came later."""
    if not (row["fetched_at"] and other["fetched_at"]) or _is_later(row, other) or _is_later(other, row):
        return False
    whole = holds_all_parts(row, other, table_of) or holds_all_parts(other, row, table_of)
    return whole and states_otherwise(row, other, table_of)


def _supersedes(later: Row, earlier: Row, table_of: TableOf) -> bool:
    if _is_later(later, earlier) and earlier["statements"] and not Counter(earlier["statements"]) - Counter(later["statements"]):
        return holds_all_parts(later, earlier, table_of)
    return _repeats(later, earlier, table_of)


def _repeats(row: Row, other: Row, table_of: TableOf) -> bool:
    """Tell whether `row` has the same lines as `other`, and says all that it says besides."""
    return _same_lines(row, other, table_of) and says_all(row, other, table_of)


def _same_lines(row: Row, other: Row, table_of: TableOf) -> bool:
    return row["lines"] == other["lines"] > 0 and same_lines(row, other, table_of)


def reason_held(other: Row) -> str:
    """Return why a document is held back beside another version of it."""
    return (
        f"What it states differs from document {other['document_id']} of the same body, year and kind, and nothing says which came later."
    )


def _reason(later: Row, earlier: Row) -> str:
    if _is_later(later, earlier):
        return f"A later version was published as document {later['document_id']}."
    return f"Document {later['document_id']} holds the same content."
