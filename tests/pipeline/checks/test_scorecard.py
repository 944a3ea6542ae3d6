"""The scorecard: what counts as complete, consistent and understood."""

from typing import Any

import polars as pl
import pytest

from pipeline.checks.scorecard import document_scores, identity_scores, overall
from schemas.export import polars_schema
from schemas.tables import BUDGET_LINES, CHECKS, DOCUMENTS, Table

A, B = "a" * 16, "b" * 16


def frame(table: Table, *rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([{"fiscal_year": 2024, "province": "CN-ZJ", **row} for row in rows], schema=polars_schema(table))


def documents(*rows: dict[str, Any]) -> pl.DataFrame:
    given = {"file_name": "x.pdf", "status": "published", "lines": 100, "amounts_printed": 100, "amounts_captured": 100, "reconciled": True}
    return frame(DOCUMENTS, *({**given, **row} for row in rows))


def lines(document: str, **evidence: int) -> list[dict[str, Any]]:
    return [
        {"document_id": document, "column_evidence": kind, "proofs": 2 if kind == "printed" else 0}
        for kind, count in evidence.items()
        for _ in range(count)
    ]


def check(document: str, check_id: str, outcome: str, severity: str = "error") -> dict[str, Any]:
    return {"document_id": document, "check_id": check_id, "outcome": outcome, "severity": severity}


def scores(*rows: dict[str, Any], lines: list[dict[str, Any]] | None = None, checks: list[dict[str, Any]] | None = None) -> pl.DataFrame:
    return document_scores(documents(*rows), frame(BUDGET_LINES, *(lines or [])), frame(CHECKS, *(checks or [])))


def test_a_document_is_counted_in_all_its_parts() -> None:
    tried = [check(A, "H1", "pass"), check(A, "H1", "fail"), check(A, "R1", "fail", "warning"), check(A, "X4", "not_applicable")]
    row = scores({"document_id": A}, lines=lines(A, printed=5, solved=3, ambiguous=2), checks=tried).row(0, named=True)
    assert [row[name] for name in ("proven", "solved", "ambiguous")] == [5, 3, 2]
    assert [row[name] for name in ("passed", "failed", "warned", "not_applicable")] == [1, 1, 1, 1]
    assert (row["worst"], row["captured_rate"], row["complete"]) == ("H1", 1.0, True)


@pytest.mark.parametrize(
    ("said", "ambiguous", "good"),
    [
        ({}, 0, True),
        ({"amounts_captured": 99}, 0, True),
        ({"amounts_captured": 98}, 0, False),
        ({"reconciled": False}, 0, False),
        ({"reconciled": None}, 0, False),
        ({}, 1, True),
        ({}, 2, False),
    ],
)
def test_the_headline_counts_what_is_complete_reconciled_and_understood(said: dict[str, Any], ambiguous: int, good: bool) -> None:
    total = overall(scores({"document_id": A, **said}, lines=lines(A, ambiguous=ambiguous)))
    assert total.headline == (1.0 if good else 0.0)


def test_only_published_documents_with_tables_count_in_the_headline() -> None:
    total = overall(
        scores(
            {"document_id": A},
            {"document_id": A, "file_name": "copy.pdf", "status": "duplicate", "lines": 0, "amounts_captured": 0},
            {"document_id": B, "status": "quarantined", "amounts_printed": None, "reconciled": None},
            {"document_id": "c" * 16, "amounts_printed": None, "reconciled": None},
            lines=lines(A, printed=4),
            checks=[check(A, "H1", "pass")],
        )
    )
    assert (total.files, total.published, total.quarantined, total.duplicate, total.with_tables) == (4, 2, 1, 1, 1)
    assert (total.headline, total.captured_rate, total.pass_rate) == (1.0, 1.0, 1.0)
    assert (total.lines_proven, total.checks_passed) == (4, 1)


def test_nothing_has_no_shares() -> None:
    total = overall(scores())
    assert (total.files, total.headline, total.captured_rate, total.pass_rate) == (0, None, None, None)


def test_identities_are_scored_apart() -> None:
    tried = [check(A, "H1", "pass"), check(B, "H1", "pass"), check(A, "H1", "fail"), check(A, "X4", "not_applicable")]
    rows = {row["check_id"]: row for row in identity_scores(frame(CHECKS, *tried)).iter_rows(named=True)}
    assert rows["H1"]["pass_rate"] == pytest.approx(2 / 3)
    assert (rows["X4"]["pass_rate"], rows["X4"]["not_applicable"]) == (None, 1)
