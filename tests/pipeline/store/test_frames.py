"""From readings to frames: exact values, document keys, counts, and nothing invalid let through."""

from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.checks.grades import is_reconciled
from pipeline.stages.checking import Checked
from pipeline.store.frames import document_frames
from schemas.export import validate
from schemas.tables import PARTITIONED, TABLES
from tests.pipeline.publish.samples import check, facts, line, reading


def test_every_table_comes_validated_and_with_the_document_keys() -> None:
    frames = document_frames(reading(), facts("a"))
    assert list(frames) == [table.name for table in PARTITIONED]
    for name, frame in frames.items():
        validate(frame, TABLES[name])
    lines = frames["budget_lines"]
    assert lines.select("document_id", "fiscal_year", "province", "region_code", "department").unique().row(0) == (
        "a" * 16,
        2024,
        "CN-ZJ",
        "330000",
        "某局",
    )
    assert lines["row"].to_list() == [1, 2, 3]
    assert frames["projects"].height == 0


def test_the_document_counts_what_was_read() -> None:
    checks = [check(), check("fail", "N1"), check("not_applicable", "X2"), check("fail", "H1", "warning")]
    row = document_frames(reading(checks=checks), facts())["documents"].row(0, named=True)
    assert (row["lines"], row["checks_passed"], row["checks_failed"], row["checks_not_applicable"]) == (3, 1, 2, 1)
    assert row["reconciled"] is True
    assert (row["sha256"], row["file_name"], row["bytes"], row["pages"]) == ("a" * 64, "budget.pdf", 1000, 7)


@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        ([], None),
        ([check("not_applicable")], None),
        ([check("pass", "N1")], None),
        ([check("pass", "B1")], True),
        ([check("pass"), check("fail", "N1"), check("fail", "T1")], True),
        ([check("pass"), check("fail", "X1", "warning")], True),
        ([check("pass"), check("fail", "X1")], False),
    ],
)
def test_reconciled_rests_on_the_deciding_kinds(checks: list[dict[str, Any]], expected: bool | None) -> None:
    assert is_reconciled(checks) is expected


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=2))
def test_amounts_are_kept_to_the_fen(amount: Decimal) -> None:
    frames = document_frames(reading(lines=[line(1, str(amount))], checks=[]), facts())
    assert frames["budget_lines"]["amount"].to_list() == [amount]


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ({"lines": [line(1, fund="lottery")]}, "budget_lines.fund has values that are not in its list: ['lottery']"),
        ({"lines": [line(1, fund=None)]}, "fund and nature are known unless the column is ambiguous"),
        ({"lines": [line(1), line(1)]}, "2 rows share their key"),
        ({"lines": [line(1, "1E17")]}, "out of range"),
        ({"lines": [line(1, name=None)]}, "budget_lines.name is null"),
        ({"lines": [line(1, page="3")]}, "budget_lines.page is not Int32"),
        ({"key_figures": [{"indicator": "vehicles_owned", "value": 0.1, "unit": "count"}]}, "not an exact number"),
        ({"projects": [{"project": "p", "colour": "red"}]}, "projects has no columns ['colour']"),
    ],
    ids=["value", "rule", "key", "range", "null", "type", "float", "column"],
)
def test_an_invalid_reading_is_quarantined_with_its_reason(part: dict[str, Any], message: str) -> None:
    frames = document_frames(reading(**part), facts())
    row = frames["documents"].row(0, named=True)
    assert row["status"] == "quarantined"
    assert message in row["reason"]
    assert (row["fiscal_year"], row["department"], row["lines"], row["reconciled"]) == (2024, "某局", 0, None)
    assert frames["budget_lines"].height == 0


def test_a_document_that_says_nothing_valid_is_still_filed() -> None:
    frames = document_frames(Checked(document={"status": "done", "fiscal_year": "this year"}), facts())
    row = frames["documents"].row(0, named=True)
    assert (row["status"], row["fiscal_year"], row["province"]) == ("quarantined", 0, "unknown")
    assert row["reason"]


def test_an_ambiguous_amount_has_no_fund() -> None:
    open_line = line(1, fund=None, nature=None, column_evidence="ambiguous")
    frames = document_frames(reading(lines=[open_line]), facts())
    assert frames["budget_lines"].select("fund", "nature", "column_evidence").row(0) == (None, None, "ambiguous")


def test_findings_are_counted_once_each() -> None:
    unknown = {"finding": "unknown_phrase", "subject": "其他列", "page": 2, "detail": "A header that is not known."}
    frames = document_frames(reading(findings=[unknown, {**unknown, "page": 3}, {**unknown, "frequency": 4}]), facts())
    assert frames["findings"].select("page", "frequency", "item").rows() == [(2, 5, 1), (3, 1, 2)]


def test_rows_are_numbered_in_document_order() -> None:
    named = [{"project_no": n, "project": name, "amount": Decimal(1)} for n, name in enumerate(("乙", "甲", "乙"), start=1)]
    frames = document_frames(reading(projects=named), facts())
    assert frames["projects"].select("project", "item").rows() == [("乙", 1), ("甲", 2), ("乙", 3)]
    assert isinstance(frames["projects"].schema["amount"], pl.Decimal)
