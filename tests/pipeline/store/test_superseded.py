"""Which of several files counts: equal bytes, equal content, corrections, and files that only look alike."""

from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from pipeline.store.superseded import resolve_versions
from schemas.export import polars_schema
from schemas.tables import BUDGET_LINES, DOCUMENTS


def row(mark: str, **said: Any) -> dict[str, Any]:
    given = {
        **dict.fromkeys(polars_schema(DOCUMENTS)),
        "document_id": mark * 16,
        "sha256": mark * 64,
        "file_name": f"{mark}.pdf",
        "fiscal_year": 2024,
        "province": "CN-ZJ",
        "region_code": "330000",
        "department": "某局",
        "kind": "budget",
        "level": "department",
        "status": "published",
        "statements": ["general_public_by_function"],
        "lines": 1,
        "amounts_captured": 1,
        "checks_passed": 3,
        "checks_failed": 0,
        "checks_not_applicable": 1,
        "reconciled": True,
        "grade": "A",
        "primary": True,
        "correction": False,
        "published_at": None,
    }
    return {**given, **said}


def lines_of(row: dict[str, Any]) -> pl.DataFrame:
    """Documents of the same `pages` hold the same amount."""
    amount = Decimal(row["pages"] or int(row["document_id"][0], 16))
    given = {"statement": "general_public_by_function", "code": "201", "name": "一般公共服务支出", "amount": amount}
    return pl.DataFrame([given], schema_overrides={"amount": pl.Decimal(18, 2)}).select(
        [pl.col(name) if name in given else pl.lit(None, dtype).alias(name) for name, dtype in polars_schema(BUDGET_LINES).items()]
    )


def outcome(*rows: dict[str, Any]) -> dict[str, tuple[str, str | None]]:
    return {row["file_name"]: (row["status"], row["superseded_by"]) for row in resolve_versions(rows, lines_of)}


def test_files_of_equal_bytes_count_once() -> None:
    resolved = resolve_versions([row("a"), row("a", file_name="copy.pdf", primary=False)], lines_of)
    assert [r["status"] for r in resolved] == ["published", "duplicate"]
    assert resolved[1]["reason"] == "The same bytes as a.pdf."
    assert (resolved[1]["lines"], resolved[1]["amounts_captured"], resolved[1]["reconciled"], resolved[1]["grade"]) == (0, 0, None, None)


def test_copies_of_a_quarantined_file_are_duplicates() -> None:
    held = {"status": "quarantined", "reason": "The file is empty.", "department": None}
    assert outcome(row("a", **held), row("a", file_name="copy", primary=False, **held)) == {
        "a.pdf": ("quarantined", None),
        "copy": ("duplicate", None),
    }


@pytest.mark.parametrize("said", [{"correction": True}, {"published_at": "2024-10-01"}, {"published_at": "2024/2/20"}])
def test_a_later_version_supersedes(said: dict[str, Any]) -> None:
    first = row("a", published_at="2024-2-1" if "published_at" in said else None)
    for rows in ([first, row("b", **said)], [row("b", **said), first]):
        assert outcome(*rows) == {"a.pdf": ("superseded", "b" * 16), "b.pdf": ("published", None)}


@pytest.mark.parametrize("date", [None, "", "unknown", "2024-02-01"])
def test_dates_that_say_no_order_supersede_nothing(date: str | None) -> None:
    assert outcome(row("a", published_at="2024-02-01"), row("b", published_at=date))["a.pdf"] == ("published", None)


def test_what_is_superseded_counts_nothing() -> None:
    first = resolve_versions([row("a"), row("b", correction=True)], lines_of)[0]
    assert [first[name] for name in ("lines", "checks_passed", "amounts_captured", "reconciled")] == [0, 0, 0, None]
    assert first["reason"] == f"A later version was published as document {'b' * 16}."


def test_of_three_versions_the_last_stands() -> None:
    dated = [row(mark, published_at=f"2024-0{month}-01") for month, mark in enumerate("abc", start=1)]
    assert outcome(*dated) == {
        "a.pdf": ("superseded", "c" * 16),
        "b.pdf": ("superseded", "c" * 16),
        "c.pdf": ("published", None),
    }


def test_the_same_content_in_other_bytes_counts_once() -> None:
    assert sorted(status for status, _ in outcome(row("a", pages=5), row("b", pages=5)).values()) == ["published", "superseded"]


def test_different_content_without_evidence_of_order_stays() -> None:
    assert outcome(row("a"), row("b")) == {"a.pdf": ("published", None), "b.pdf": ("published", None)}


@pytest.mark.parametrize(
    "other",
    [
        {"level": "unit"},
        {"department": "另一局"},
        {"kind": "final_account"},
        {"parent_department": "某部"},
        {"statements": ["three_public"]},
        {"status": "quarantined", "reason": "It is held back."},
    ],
)
def test_a_correction_of_something_else_supersedes_nothing(other: dict[str, Any]) -> None:
    assert outcome(row("a"), row("b", correction=True, **other))["a.pdf"] == ("published", None)


def test_bodies_without_a_name_are_never_the_same() -> None:
    assert outcome(row("a", department=None), row("b", department=None, correction=True))["a.pdf"] == ("published", None)
