"""Which of several files counts: equal bytes, equal content, corrections, and files that only look alike."""

from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from pipeline.store.partitions.superseded import contested_versions, resolve_versions
from schemas.export import polars_schema
from schemas.tables import BUDGET_LINES, DOCUMENTS, Table


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
        "fetched_at": None,
        "source_url": None,
        "gone": None,
    }
    return {**given, **said}


def table_of(row: dict[str, Any], table: Table) -> pl.DataFrame:
    """Documents of the same `pages` hold the same amount; `holds` adds rows to tables, and says which codes the lines have."""
    given: list[dict[str, Any]] = list(row.get("holds", {}).get(table.name, []))
    if table is BUDGET_LINES:
        amount = Decimal(row["pages"] or int(row["document_id"][0], 16))
        codes = given or [{"code": "201"}]
        given = [{"statement": "general_public_by_function", "name": "支出", "source": "table", "amount": amount, **line} for line in codes]
    schema = polars_schema(table)
    return pl.DataFrame([dict.fromkeys(schema) | line for line in given], schema=schema, orient="row")


def outcome(*rows: dict[str, Any]) -> dict[str, tuple[str, str | None]]:
    return {row["file_name"]: (row["status"], row["superseded_by"]) for row in resolve_versions(rows, table_of)}


def test_files_of_equal_bytes_count_once() -> None:
    resolved = resolve_versions([row("a"), row("a", file_name="copy.pdf", primary=False)], table_of)
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


def fetched(mark: str, day: int, url: str = "http://h/a.pdf", **said: Any) -> dict[str, Any]:
    return row(mark, source_url=url, fetched_at=f"2024-03-{day:02}T00:00:00Z", **said)


@pytest.mark.parametrize("marks", ["ab", "ba"])
def test_other_bytes_from_the_same_address_supersede(marks: str) -> None:
    first, second = marks
    for rows in ([fetched(first, 1), fetched(second, 2)], [fetched(second, 2), fetched(first, 1)]):
        assert outcome(*rows) == {f"{first}.pdf": ("superseded", second * 16), f"{second}.pdf": ("published", None)}


def test_a_later_smaller_file_from_the_same_address_supersedes_nothing() -> None:
    large, small = fetched("a", 1, **holding(budget_lines=[{"code": "201"}, {"code": "202"}])), fetched("b", 2)
    assert {status for status, _ in outcome(large, small).values()} == {"published"}
    resolved = resolve_versions([large, small], table_of)
    (contested,) = contested_versions(resolved, table_of)
    assert contested.later["document_id"] == "b" * 16 and "does not hold every" in contested.why


def test_two_fetched_versions_without_a_mark_are_held_with_the_reason() -> None:
    resolved = resolve_versions([fetched("a", 1), fetched("b", 2, "http://h/b.pdf")], table_of)
    assert [(r["status"], r["lines"], r["reconciled"]) for r in resolved] == [("quarantined", 0, None)] * 2
    assert resolved[0]["reason"] == (
        f"What it states differs from document {'b' * 16} of the same body, year and kind, and nothing says which came later."
    )


@pytest.mark.parametrize(
    ("more", "statuses"),
    [
        ({"pages": 10}, {"published", "superseded"}),  # the same amounts
        ({"published_at": "2024-03-05"}, {"published", "superseded"}),
        ({"correction": True}, {"published", "superseded"}),
        ({"statements": ["three_public"], "holds": {"budget_lines": [{"code": "t", "statement": "three_public"}]}}, {"published"}),
        ({"department": "另一局"}, {"published"}),
    ],
)
def test_fetched_documents_that_are_no_open_versions_are_not_held(more: dict[str, Any], statuses: set[str]) -> None:
    first = fetched("a", 1, published_at="2024-03-01" if "published_at" in more else None)
    assert {status for status, _ in outcome(first, fetched("b", 2, "http://h/b.pdf", **more)).values()} == statuses


def test_what_is_superseded_counts_nothing() -> None:
    first = resolve_versions([row("a"), row("b", correction=True)], table_of)[0]
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
        {"fiscal_year": 2023},
        {"province": "CN-JS"},
        {"region_code": "330100"},
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


# --- what another holds ----------------------------------------------------------------------------------------------


def holding(**tables: list[dict[str, Any]]) -> dict[str, Any]:
    return {"holds": tables, "lines": len(tables.get("budget_lines", [{}]))}


TARGETS = [{"project": "平台维护", "indicator": "可用率", "target": "99%"}]
FIGURES = [{"indicator": "procurement_total", "value": Decimal(5), "unit": "yuan"}]


@pytest.mark.parametrize(
    "more",
    [{"performance_indicators": TARGETS}, {"projects": [{"project": "平台维护"}]}, {"key_figures": FIGURES},
     {"year_on_year": [{"statement": "three_public", "name": "合计", "change_pct": Decimal(3)}]}],
)  # fmt: skip
@pytest.mark.parametrize("marks", ["ab", "ba"])
def test_of_the_same_lines_the_document_that_says_more_stands(more: dict[str, Any], marks: str) -> None:
    full, bare = marks
    found = outcome(row(full, pages=5, **holding(**more)), row(bare, pages=5))
    assert found == {f"{full}.pdf": ("published", None), f"{bare}.pdf": ("superseded", full * 16)}


def test_of_the_same_lines_both_stay_where_each_says_something_of_its_own() -> None:
    rows = [row("a", pages=5, **holding(key_figures=FIGURES)), row("b", pages=5, **holding(performance_indicators=TARGETS))]
    assert {status for status, _ in outcome(*rows).values()} == {"published"}
    assert [
        (c.earlier["document_id"][0], c.later["document_id"][0]) for c in contested_versions(resolve_versions(rows, table_of), table_of)
    ] == [("a", "b")]


CODES = [{"code": code} for code in ("201", "20101", "2010101", "208")]


@pytest.mark.parametrize(
    "smaller",
    [
        holding(budget_lines=CODES[:2]),
        holding(budget_lines=CODES),
        holding(budget_lines=CODES, performance_indicators=[{**TARGETS[0], "indicator": "满意度", "project": "会务"}]),
        holding(budget_lines=[{**line, "unit": "某中心"} for line in CODES], performance_indicators=TARGETS),
        holding(budget_lines=[{"code": str(code)} for code in (301, 302, 303, 310)], performance_indicators=TARGETS),
    ],
)
@pytest.mark.parametrize("said", [{"correction": True}, {"published_at": "2024-10-01"}])
def test_a_correction_of_a_part_supersedes_nothing(smaller: dict[str, Any], said: dict[str, Any]) -> None:
    first = row(
        "a", published_at="2024-02-01" if "published_at" in said else None, **holding(budget_lines=CODES, performance_indicators=TARGETS)
    )
    rows = [first, row("b", **smaller, **said)]
    assert {status for status, _ in outcome(*rows).values()} == {"published"}
    assert len(list(contested_versions(resolve_versions(rows, table_of), table_of))) == 1


def test_a_correction_may_name_a_row_anew() -> None:
    renamed = [*CODES[:3], {"code": "210"}]
    rows = [row("a", **holding(budget_lines=CODES)), row("b", correction=True, **holding(budget_lines=renamed, key_figures=FIGURES))]
    assert outcome(*rows)["a.pdf"] == ("superseded", "b" * 16)


def test_a_statement_printed_once_less_is_not_held() -> None:
    rows = [row("a", statements=["three_public"] * 2), row("b", correction=True, statements=["three_public"])]
    assert outcome(*rows)["a.pdf"] == ("published", None)


def test_files_without_a_statement_in_common_are_parts_and_contest_nothing() -> None:
    rows = [row("a"), row("b", correction=True, statements=["three_public"])]
    assert list(contested_versions(resolve_versions(rows, table_of), table_of)) == []


# --- what becomes of each file ---------------------------------------------------------------------------------------

COUNTED = ("lines", "amounts_captured", "checks_passed", "checks_failed", "checks_not_applicable", "reconciled", "grade")


def counted(*rows: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [tuple(found[name] for name in COUNTED) for found in resolve_versions(rows, table_of)]


def test_what_does_not_count_has_no_lines_checks_or_grade() -> None:
    held = row("d", status="quarantined", reason="x", department=None, checks_failed=2)
    given = [row("a"), row("a", file_name="copy.pdf", primary=False), row("b", correction=True), held]
    assert counted(*given) == [
        (0, 0, 0, 0, 0, None, None),
        (0, 0, 0, 0, 0, None, None),
        (1, 1, 3, 0, 1, True, "A"),
        (0, 0, 3, 2, 1, True, "A"),
    ]
    assert counted(row("a", amounts_captured=None), row("b", correction=True))[0][:2] == (0, None)
    assert given[0]["status"] == "published"  # what was given is as it was
    assert [one["file_name"] for one in resolve_versions(given, table_of)] == ["a.pdf", "copy.pdf", "b.pdf", "d.pdf"]


def test_the_reason_says_whether_a_version_is_later_or_the_same() -> None:
    same = resolve_versions([row("a", pages=5), row("b", pages=5)], table_of)
    assert [one["reason"] for one in same if one["status"] == "superseded"] == [f"Document {'b' * 16} holds the same content."]
    assert [one["superseded_by"] for one in same] == ["b" * 16, None]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("2024-9-30", "2024-10-1"),
        ("2024-02", "2024-03"),
        ("2024-02", "2024-02-01"),
        ("2023年12月31日", "2024年1月1日"),
        ("2024-02-01", "2024-02-02 10:00"),
    ],
)
def test_days_are_compared_as_days(earlier: str, later: str) -> None:
    rows = [row("b", published_at=earlier), row("a", published_at=later)]
    assert outcome(*rows) == {"b.pdf": ("superseded", "a" * 16), "a.pdf": ("published", None)}


def test_a_correction_comes_after_what_it_corrects_whatever_the_registry_says() -> None:
    rows = [row("a", published_at="2024-10-01"), row("b", published_at="2024-02-01", correction=True)]
    assert outcome(*rows)["a.pdf"] == ("superseded", "b" * 16)
    both = [row("a", published_at="2024-10-01", correction=True), row("b", published_at="2024-02-01", correction=True)]
    assert outcome(*both)["b.pdf"] == ("superseded", "a" * 16)
    undated = [row("a", correction=True), row("b", correction=True)]
    assert {status for status, _ in outcome(*undated).values()} == {"published"}


def test_a_smaller_version_does_not_supersede_a_larger_one() -> None:
    larger, smaller = ["general_public_by_function", "three_public"], ["general_public_by_function"]
    assert outcome(row("a", statements=larger), row("b", correction=True, statements=smaller))["a.pdf"] == ("published", None)
    assert outcome(row("a", statements=smaller), row("b", correction=True, statements=larger))["a.pdf"] == ("superseded", "b" * 16)


def test_a_version_without_statements_is_superseded_by_the_same_content_only() -> None:
    assert outcome(row("a", statements=[]), row("b", correction=True))["a.pdf"] == ("published", None)
    assert outcome(row("a", statements=[], pages=5), row("b", correction=True, pages=5))["a.pdf"] == ("superseded", "b" * 16)


def test_documents_without_lines_are_not_the_same() -> None:
    rows = [row("a", statements=[], lines=0, pages=5), row("b", statements=[], lines=0, pages=5)]
    assert {status for status, _ in outcome(*rows).values()} == {"published"}
    rows = [row("a", pages=5, lines=1), row("b", pages=5, lines=2)]
    assert {status for status, _ in outcome(*rows).values()} == {"published"}


def test_of_the_same_content_the_document_with_more_statements_stands() -> None:
    rows = [row("b", pages=5), row("a", pages=5, statements=["general_public_by_function", "three_public"])]
    assert outcome(*rows) == {"b.pdf": ("superseded", "a" * 16), "a.pdf": ("published", None)}


def test_the_same_further_rows_are_the_same_whatever_their_document_and_number() -> None:
    rows = [
        row(mark, pages=5, **holding(performance_indicators=[{**TARGETS[0], "document_id": mark * 16, "item": item}]))
        for mark, item in (("a", 1), ("b", 2))
    ]
    assert outcome(*rows) == {"a.pdf": ("superseded", "b" * 16), "b.pdf": ("published", None)}


def test_versions_of_each_body_are_apart() -> None:
    rows = [row("a"), row("b", department="另一局"), row("c", correction=True), row("d", department="另一局", correction=True)]
    assert outcome(*rows) == {
        "a.pdf": ("superseded", "c" * 16),
        "b.pdf": ("superseded", "d" * 16),
        "c.pdf": ("published", None),
        "d.pdf": ("published", None),
    }


def contested(*rows: dict[str, Any]) -> list[tuple[str, str, str]]:
    found = contested_versions(resolve_versions(rows, table_of), table_of)
    return [(one.earlier["document_id"][0], one.later["document_id"][0], one.why) for one in found]


def test_what_contests_is_said_with_the_reason() -> None:
    larger = ["general_public_by_function", "three_public"]
    assert contested(row("a", statements=larger), row("b", correction=True)) == [
        ("a", "b", "The later one does not hold every statement and table of the earlier one.")
    ]
    each = [row("a", pages=5, **holding(key_figures=FIGURES)), row("b", pages=5, **holding(performance_indicators=TARGETS))]
    assert contested(*each) == [("a", "b", "Their budget lines are the same, and each says what the other does not.")]
    assert contested(row("a"), row("b")) == []
    assert contested(row("a"), row("b", correction=True)) == []
    assert contested(row("a", statements=larger), row("b", correction=True, department="另一局")) == []


@pytest.mark.parametrize(
    ("codes", "superseded"),
    [
        (["201", "20101", "2010101"], False),
        (["201", "20101", "2010101", "208", "210"], True),
        (["201", "20101", "301", "302"], True),
        (["201", "301", "302", "303"], False),
    ],
    ids=["fewer rows", "more rows", "half of the rows", "other rows"],
)
def test_a_correction_has_at_least_as_many_rows_and_half_of_them_of_the_same_codes(codes: list[str], superseded: bool) -> None:
    later = row("b", correction=True, **holding(budget_lines=[{"code": code} for code in codes]))
    found = outcome(row("a", **holding(budget_lines=CODES)), later)["a.pdf"]
    assert found == (("superseded", "b" * 16) if superseded else ("published", None))
