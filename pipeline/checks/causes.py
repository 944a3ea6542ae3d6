"""Causes and repairs as rows: of `findings` for all, of `publisher_errors` for what a publisher printed wrongly."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from pipeline.budget.amounts import decimals
from pipeline.budget.characters import fold
from pipeline.budget.line import Line, LineId
from pipeline.checks.attribution import Cause
from pipeline.checks.repair import Repair
from pipeline.narrative.claims.facts import Narrative
from schemas.check_catalogue import CauseKind

_OF_SENTENCES = ("N1", "N2", "N3", "N4", "P1", "E1")
"""Identities of what sentences say; those of lines have causes."""

_PERCENTAGE = re.compile(r" (?:占 |[+-])(?P<digits>[\d.,-]++)%$")


def cause_finding(cause: Cause, lines: Mapping[LineId, Line]) -> dict[str, Any]:
    """Return the row of `findings` for one cause, with all identities that it breaks."""
    first = lines[cause.cells[0]]
    return {
        "finding": "failed_identities",
        "subject": f"{first.statement} {first.name} {fold(first.amount_text)}".strip(),
        "frequency": len(cause.broken),
        "page": first.page,
        "detail": f"{cause.evidence}.",
        "cause": cause.kind.value,
        "severity": cause.severity,
        "identities": [str(t.equation.identity) for t in cause.broken],
        "cells": [_cell(lines[i]) for i in cause.cells],
    }


def sentence_findings(checks: Iterable[Mapping[str, Any]], narrative: Narrative) -> Iterator[dict[str, Any]]:
    """Yield the rows of `findings` for what sentences say and the numbers of tables, or of other sentences, contradict.

    Args:
        checks: rows of `checks` without document keys.
        narrative: what the sentences say: it tells the page of what a check is about.
    """
    pages: dict[tuple[str, str], set[int | None]] = defaultdict(set)  # by statement, and code or name
    for line in narrative.lines:
        pages[line.statement, line.code or line.name].add(line.page)
    for figure in narrative.key_figures:
        pages["key_figures", figure["indicator"]].add(figure["page"])
    for row in checks:
        if row["check_id"] not in _OF_SENTENCES or row["outcome"] != "fail":
            continue
        statement, subject = row["statement"] or "", row["subject"]
        named = _PERCENTAGE.sub("", subject)
        yield {
            "finding": "failed_identities",
            "subject": f"{statement} {subject}".strip(),
            "frequency": 1,
            "page": next(iter(where)) if len(where := pages.get((statement, named), ())) == 1 else None,
            "detail": row["detail"],
            "cause": (CauseKind.ROUNDING if _is_cut_off(row) else CauseKind.UNDECIDED).value,
            "severity": row["severity"],
            "identities": [f"{row['check_id']} {statement}: {subject}"],
            "cells": [],
        }


def _is_cut_off(row: Mapping[str, Any]) -> bool:
    """Tell whether a number that was cut off, and not rounded, explains a failure: it is less than a half of its last place too far off."""
    expected, actual, tolerance = row["expected"], row["actual"], row["tolerance"]
    if row["check_id"] not in ("N1", "N2") or None in (expected, actual, tolerance):
        return False
    percentage = _PERCENTAGE.search(row["subject"])
    half = Decimal(10) ** -decimals(percentage["digits"]) / 2 if percentage else tolerance
    return bool(abs(expected - actual) < tolerance + half)


def repair_finding(repair: Repair, lines: Mapping[LineId, Line]) -> dict[str, Any]:
    """Return the row of `findings` for one repair, with its proof."""
    line = lines[repair.line]
    says = "its picture may say" if repair.pictured else "the page prints"
    return {
        "finding": "repaired",
        "subject": f"{line.statement} {line.name} {fold(line.amount_text)}",
        "frequency": 1,
        "page": line.page,
        "detail": f"Read as {repair.before:,.2f}, {says} {repair.glyphs}: only {line.amount:,.2f} makes all its identities hold.",
        "cause": CauseKind.MISREAD_CELL.value,
        "severity": "warning",
        "identities": [str(t.equation.identity) for t in repair.proof],
        "cells": [_cell(line)],
    }


def publisher_error_rows(cause: Cause, lines: Mapping[LineId, Line]) -> Iterator[dict[str, Any]]:
    """Yield rows of `publisher_errors`: the numbers in question, if the publisher printed them so and an identity fails as an error."""
    if cause.kind is not CauseKind.PUBLISHER or cause.severity != "error":
        return
    names = ("statement", "statement_no", "row", "column", "name", "code", "fund", "nature", "measure", "amount", "amount_text", "page")
    for i in cause.cells:
        line = lines[i]
        implied = cause.implied.get(i) if cause.alternatives == 1 else None
        yield {
            **{name: getattr(line, name) for name in (*names, "x0", "y0", "x1", "y1")},
            "implied": None if implied == line.amount else implied,
            "alternatives": cause.alternatives,
            "identities": [str(t.equation.identity) for t in cause.broken],
            "detail": f"{cause.evidence}.",
        }


def _cell(line: Line) -> str:
    where = f"page {line.page} " if line.page else ""
    if None not in (line.x0, line.y0, line.x1, line.y1):
        where += "[" + " ".join(f"{value:.1f}" for value in (line.x0, line.y0, line.x1, line.y1) if value is not None) + "] "
    return f"{where}{line.name}: {fold(line.amount_text)}"
