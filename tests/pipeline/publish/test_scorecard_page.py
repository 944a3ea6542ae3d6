"""The scorecard as a page: what stands on it, and that text of documents stays text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipeline.publish.dataset import publish, split_by_partition
from pipeline.publish.description.scorecard_page import causes_of, read_version, scorecard_page, trend_of, version_before
from pipeline.store.frames import document_frames
from schemas.export import empty_frame
from schemas.tables import DIMENSIONS
from tests.pipeline.publish.samples import check, facts, line, reading

FINDING = {
    "finding": "failed_identities", "subject": "合计", "frequency": 2, "page": 7, "detail": "One number.", "cause": "publisher",
    "severity": "error", "identities": ["H1 x: 201", "R1 x: row 3"], "cells": ["page 7 合计: 1.00"],
}  # fmt: skip


def published(folder: Path, url: str | None = None, **parts: Any) -> Path:
    made = reading(**parts)
    made.document.update({"amounts_printed": 3, "amounts_captured": 3})
    source = facts()
    frames = document_frames(made, type(source)(source.file_name, source.sha256, source.bytes, source.media_type, url))
    publish(folder, split_by_partition(frames), {table.name: empty_frame(table) for table in DIMENSIONS})
    return folder


def page_of(folder: Path, **parts: Any) -> str:
    return scorecard_page(read_version(published(folder, **parts)))


def test_a_failed_cell_is_marked_and_links_to_its_page(tmp_path: Path) -> None:
    lines = [
        line(1, "12.34", contradictions=1),
        line(2, "5.00", proofs=1),
        line(3, "6.00", column_evidence="ambiguous", fund=None, nature=None),
    ]
    page = page_of(tmp_path / "d", lines=lines, checks=[check("fail")], findings=[FINDING], url="https://example.org/a.pdf")
    assert 'class="n failed"' in page.split("12.34")[0][-400:]
    assert 'class="n ambiguous"' in page
    assert '<a href="https://example.org/a.pdf#page=7">page 7</a>' in page
    assert "<li>R1 x: row 3</li>" in page
    assert '<span class="grade gC">C</span>' in page


def test_text_of_documents_stays_text(tmp_path: Path) -> None:
    page = page_of(tmp_path / "d", department="<script>alert(1)</script>", lines=[line(1, name="<b>甲</b>")])
    assert "<script" not in page and "<b>甲" not in page


def test_without_failures_the_page_says_so(tmp_path: Path) -> None:
    page = page_of(tmp_path / "d", lines=[line(1, proofs=1)])
    assert "Every identity that applies holds." in page
    assert "No published document fails a check" in page


def test_no_address_no_link(tmp_path: Path) -> None:
    assert '<a href="http' not in page_of(tmp_path / "d", url="javascript:alert(1)", findings=[FINDING])
    assert "javascript" not in page_of(tmp_path / "e", url="javascript:alert(1)", findings=[FINDING])


@pytest.mark.parametrize(("outcome", "direction", "grades"), [("fail", "down", ["B → C"]), ("pass", "", [])])
def test_the_trend_is_against_the_version_before(tmp_path: Path, outcome: str, direction: str, grades: list[str]) -> None:
    published(tmp_path / "d")
    published(tmp_path / "d", checks=[check(), check(outcome)])
    older = version_before(tmp_path / "d")
    assert older is not None
    trend = trend_of(read_version(tmp_path / "d"), read_version(older))
    rows = {row["measure"]: row for row in trend["rows"]}
    assert rows["checks passed"]["direction"] == direction
    assert [f"{m['before']} → {m['now']}" for m in trend["moved"]] == grades
    assert ("Since the version before" in scorecard_page(read_version(tmp_path / "d"), read_version(older))) is True


def test_causes_are_counted_by_severity(tmp_path: Path) -> None:
    version = read_version(published(tmp_path / "d", findings=[FINDING, {**FINDING, "page": 8}]))
    assert [(r["severity"], r["cause"], r["findings"], r["documents"], r["identities"]) for r in causes_of(version.findings)] == [
        ("error", "publisher", 2, 1, 4)
    ]
