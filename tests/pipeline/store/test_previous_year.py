"""Last year's figures against last year's document of the same body."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline.store.catalogue import CATALOGUE_SCHEMA
from pipeline.store.frames import document_frames
from pipeline.store.partitions.input_fingerprints import fingerprint_of
from pipeline.store.partitions.previous_year import previous_year_checks
from schemas.export import validate
from schemas.tables import CHECKS, Table
from tests.pipeline.publish.samples import facts, line, reading


class Stored:
    """What was checked of documents, by key."""

    def __init__(self) -> None:
        self.frames: dict[str, dict[str, pl.DataFrame]] = {}

    def table(self, key: str, table: Table) -> pl.DataFrame:
        return self.frames[key][table.name]


def catalogue(folder: Path, *documents: tuple[str, int, list[Any], dict[str, Any]]) -> tuple[pl.DataFrame, Stored]:
    """Keep readings and list them: (mark, year, lines, more)."""
    stored, rows = Stored(), []
    for mark, year, lines, more in documents:
        made = reading(year=year, lines=lines, **{k: v for k, v in more.items() if k == "year_on_year"})
        made.document.update({"kind": "budget", "level": "department"} | {k: v for k, v in more.items() if k != "year_on_year"})
        frames = document_frames(made, facts(mark, f"{mark}.pdf"))
        stored.frames[mark] = frames
        extra = {"published_at": None, "correction": False, "primary": True, "checked": mark, "content": mark}
        rows.append(frames["documents"].row(0, named=True) | extra)
    return pl.DataFrame(rows, schema=dict(CATALOGUE_SCHEMA), orient="row"), stored


def outcomes(folder: Path, *documents: tuple[str, int, list[Any], dict[str, Any]]) -> list[tuple[str, str]]:
    listed, stored = catalogue(folder, *documents)
    checks = validate(previous_year_checks(listed, stored, 2024, "CN-ZJ"), CHECKS)
    assert set(checks["severity"]) <= {"warning"}
    assert checks["item"].to_list() == list(range(2, 2 + checks.height))  # after the document's own check
    return [(row["outcome"], row["detail"]) for row in checks.iter_rows(named=True)]


@pytest.mark.parametrize(("last", "expected"), [("100.00", "pass"), ("100.01", "pass"), ("101.00", "fail")])
def test_a_prior_year_column_is_last_years_budget(tmp_path: Path, last: str, expected: str) -> None:
    now = [line(1, "100.00", measure="prior_year_budget")]
    ((outcome, detail),) = outcomes(tmp_path, ("a", 2024, now, {}), ("b", 2023, [line(1, last)], {}))
    assert outcome == expected
    assert "b" * 16 in detail


def test_a_final_account_answers_for_what_was_spent(tmp_path: Path) -> None:
    now = [line(1, "90.00", measure="prior_year_final")]
    last = [line(1, "100.00"), line(2, "90.00", measure="final", column=2)]
    assert [o for o, _ in outcomes(tmp_path, ("a", 2024, now, {}), ("b", 2023, last, {"kind": "final_account"}))] == ["pass"]
    assert [o for o, _ in outcomes(tmp_path / "x", ("a", 2024, now, {}), ("b", 2023, last, {}))] == ["not_applicable"]


@pytest.mark.parametrize(("change", "expected"), [("20.00", "pass"), ("30.00", "fail")])
def test_a_stated_change_implies_last_years_amount(tmp_path: Path, change: str, expected: str) -> None:
    now = [line(1, "120.00", source="narrative", statement_no=0)]
    said = {"statement": now[0].statement, "flow": "expenditure", "scheme": "function", "code": now[0].code, "name": now[0].name}
    said |= {"fund": "general_public", "nature": "total", "basis": "prior_year_budget", "change_amount": Decimal(change), "flat": False}
    documents = ("a", 2024, now, {"year_on_year": [said]}), ("b", 2023, [line(1, "100.00")], {})
    assert [o for o, _ in outcomes(tmp_path, *documents)] == [expected]


def test_without_last_years_document_nothing_is_tested(tmp_path: Path) -> None:
    now = [line(1, "100.00", measure="prior_year_budget")]
    for other in (("b", 2022, [line(1, "100.00")], {}), ("b", 2023, [line(1, "100.00")], {"department": "乙局"})):
        ((outcome, detail),) = outcomes(tmp_path / str(other[1]), ("a", 2024, now, {}), other)
        assert outcome == "not_applicable" and "last year's document" in detail


def test_a_partition_depends_on_the_year_before_it(tmp_path: Path) -> None:
    now = ("a", 2024, [line(1)], {})
    alone, _ = catalogue(tmp_path, now)
    beside, _ = catalogue(tmp_path, now, ("b", 2023, [line(1)], {}))
    later, _ = catalogue(tmp_path, now, ("c", 2025, [line(1)], {}))
    prints = [fingerprint_of(listed, "v", 2024, "CN-ZJ") for listed in (alone, beside, later)]
    assert prints[0] != prints[1] and prints[0] == prints[2]
