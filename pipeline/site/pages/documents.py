"""One document of the site: what it is and how that is known, its lines, the identities between them, what is wrong in it.

Belongs here: the files that a number's page and the page of a document read. Pictures of pages are in `pictures.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import polars as pl

from pipeline.site.labels import detail_in_both, subject_in_both
from pipeline.site.pages.outliers import outliers_of
from pipeline.site.pages.references import Row
from pipeline.site.tables import fen, in_fen
from schemas.tables import BUDGET_LINES, DOCUMENTS

LINE_COLUMNS = (
    *("source", "statement_no", "row", "column", "statement", "statement_title", "unit", "flow", "scheme", "code", "level", "name"),
    *("standard_name", "fund", "nature", "measure", "amount", "amount_text", "unit_text", "column_evidence", "amount_evidence"),
    *("proofs", "contradictions", "is_leaf", "page", "x0", "y0", "x1", "y1", "cell", "project"),
)
"""Columns of `budget_lines` that a number's page shows."""

_OWN = {field.name for field in DOCUMENTS.fields} - {"statements", "department_id", "disclosure_id"}
_ORDER = ("statement_no", "row", "column", "source")


def in_order(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the lines of one document in the order of its file, which numbers them."""
    return lines.sort(_ORDER)


def lines_file(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the lines of one document, in order, as its file has them: money in fen."""
    assert set(LINE_COLUMNS) <= {field.name for field in BUDGET_LINES.fields}
    return in_fen(lines.select(LINE_COLUMNS))


def document_page(
    document: Row,
    evidence: Sequence[Row],
    findings: Sequence[Row],
    errors: Sequence[Row],
    failed: Sequence[Row],
    figures: Sequence[Row],
    *,
    outliers: Sequence[Row] = (),
    lines: Iterable[Row] = (),
) -> dict[str, Any]:
    """Return the content of a document's page.

    Args:
        document: its row of `documents`.
        evidence: its rows of `identity_evidence`.
        findings: its rows of `findings`.
        errors: its rows of `publisher_errors`.
        failed: its rows of `checks` that do not hold.
        figures: its rows of `key_figures`.
        outliers: its rows of `outliers`.
        lines: its rows of `budget_lines`, of which those are looked for that are outliers.
    """
    return {
        **{name: value for name, value in document.items() if name in _OWN},
        "department_id": document["department_id"],
        "disclosure_id": document["disclosure_id"],
        "evidence": [{name: row[name] for name in ("attribute", "value", "place", "is_published")} for row in evidence],
        "findings": [{**{name: row[name] for name in ("finding", "page", "cause", "severity")}, **_words(row)} for row in findings],
        "errors": [_error(row) for row in errors],
        "failed": [
            {
                **{name: row[name] for name in ("check_id", "statement", "severity")},
                **_words(row),
                **{name: _plain(row[name]) for name in ("expected", "actual", "difference", "tolerance")},
            }
            for row in failed
        ],
        "outliers": outliers_of(outliers, lines),
        "figures": [
            {
                **{name: row[name] for name in ("item", "indicator", "name", "unit", "page", "cell")},
                "value": fen(row["value"]),
                "box": _box(row),
            }
            for row in figures
        ],
    }


def _words(row: Row) -> dict[str, Any]:
    """Return what a check or finding is about and what it says, in Chinese and English."""
    return {"subject": subject_in_both(row["subject"]), "detail": detail_in_both(row["detail"])}


def _error(row: Row) -> dict[str, Any]:
    """Return a number that a document itself contradicts, with its box."""
    kept = ("statement", "statement_no", "row", "column", "name", "amount_text", "alternatives", "identities", "page")
    return {**{name: row[name] for name in kept}, "amount": fen(row["amount"]), "implied": fen(row["implied"]), "box": _box(row)}


def _box(row: Row) -> list[float | None]:
    return [row[side] for side in ("x0", "y0", "x1", "y1")]


def _plain(number: Decimal | None) -> str | None:
    """Return a number without zeros at its end."""
    return None if number is None else f"{number.normalize():f}"
