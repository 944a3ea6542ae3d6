"""Disclosures: one identity for the files of a body, year, kind and level; each statement from the fullest; totals compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest

from pipeline.identity.disclosures import disclosure_id
from pipeline.stages.checking import Checked
from pipeline.store.frames import document_frames
from pipeline.store.partitions.disclosure_rows import disclosure_checks, disclosures_frame, statement_files
from schemas.export import validate
from schemas.marts import DISCLOSURES
from schemas.tables import CHECKS
from tests.pipeline.publish.samples import facts, line

Frames = dict[str, pl.DataFrame]


def total(amount: str, row: int = 9, **changes: Any) -> Any:
    given = {"level": 0, "name": "合计", "code": None, "code_source": None, "statement": "expenditure_summary", "fund": "total"}
    return line(row, amount, **{**given, **changes})


def told(amount: str, row: int = 9, **changes: Any) -> Any:
    return total(amount, row, source="narrative", statement_no=0, **changes)


def document(lines: Sequence[Any], mark: str = "a", **changes: Any) -> Frames:
    about = {"status": "published", "fiscal_year": 2024, "province": "CN-ZJ", "region_code": "330000", "department": "某局"}
    about |= {"level": "department", "kind": "budget", "statements": [], "pages": 1, **changes}
    return document_frames(Checked(document=about, lines=list(lines)), facts(mark, f"{mark}.pdf"))


def tables(*documents: Frames) -> Frames:
    return {name: pl.concat([one[name] for one in documents]) for name in ("documents", "budget_lines", "checks")}


def disclosures(*documents: Frames) -> list[dict[str, Any]]:
    given = tables(*documents)
    return validate(disclosures_frame(given["documents"], given["budget_lines"], given["checks"]), DISCLOSURES).to_dicts()


def compared(*documents: Frames) -> list[tuple[Any, ...]]:
    given = tables(*documents)
    found = disclosure_checks(given["documents"], given["budget_lines"], {"a" * 16: 5})
    validate(found, CHECKS)
    return found.select("document_id", "statement", "subject", "outcome", "severity", "item").rows()


def test_the_identity_is_that_of_body_year_kind_and_level() -> None:
    assert disclosure_id("330000-12345678", 2024, "budget", "department") == "330000-12345678-2024-budget-department"
    assert disclosure_id("330000-12345678", 2024, "budget", "department_and_units") == "330000-12345678-2024-budget-department"
    assert disclosure_id("330000-12345678", 2024, None, None) == "330000-12345678-2024-unknown-unknown"
    assert disclosure_id(None, 2024, "budget", "department") is None


@pytest.mark.parametrize("changes", [{"fiscal_year": 2023}, {"kind": "final_account"}, {"level": "unit"}, {"department": "他局"}])
def test_what_differs_in_any_of_these_is_another_disclosure(changes: dict[str, Any]) -> None:
    assert len(disclosures(document([total("1")]), document([total("1")], "b", **changes))) == 2


def test_the_explanation_and_the_tables_are_one_disclosure_each_statement_from_the_fullest_file() -> None:
    explanation = document([told("100"), told("70", row=10, statement="general_public_by_function")], "a")
    of_tables = document([line(1), total("100")], "b", level="department_and_units")
    (one,) = disclosures(explanation, of_tables)
    assert one["documents"] == ["b" * 16, "a" * 16]  # the tables' file first
    given = dict(zip(one["statements"], one["taken_from"], strict=True))
    assert given == {"expenditure_summary": "b" * 16, "general_public_by_function": "b" * 16}
    assert (one["department"], one["kind"], one["level"], one["contradictions"]) == ("某局", "budget", "department_and_units", 0)


def test_of_equally_full_files_the_fuller_as_a_whole_counts_then_the_first() -> None:
    def taken(*documents: Frames) -> list[str]:
        given = tables(*documents)
        files = statement_files(given["documents"], given["budget_lines"]).filter("taken", statement="expenditure_summary")
        return files["document_id"].to_list()

    assert taken(document([total("1")], "b"), document([total("1")], "a")) == ["a" * 16]
    assert taken(document([total("1"), line(1)], "b"), document([total("1")], "a")) == ["b" * 16]
    assert taken(document([total("1")], "b"), document([told("1"), told("1", row=2), line(1), line(2)], "a")) == ["b" * 16]


def test_an_empty_statement_is_one_that_the_file_prints() -> None:
    (one,) = disclosures(document([], statements=["government_fund_by_function"]), document([total("1")], "b"))
    assert dict(zip(one["statements"], one["taken_from"], strict=True))["government_fund_by_function"] == "a" * 16


def test_only_published_files_belong_to_the_row() -> None:
    later = document([total("1")], "b", status="superseded", superseded_by="a" * 16, reason="x")
    (one,) = disclosures(document([total("1")]), later)
    assert one["documents"] == ["a" * 16]
    assert later["documents"]["disclosure_id"].to_list() == [one["disclosure_id"]]
    assert disclosures(later) == []


def test_totals_of_the_other_files_are_compared() -> None:
    fuller = document([line(1), line(2, statement="expenditure_summary"), total("100")], "b")
    same, about, other = (document([each]) for each in (total("100"), told("1000000", unit_text="万元", amount_text="100"), total("120")))
    subject = "expenditure total total budget"
    assert compared(fuller, same) == [("a" * 16, "expenditure_summary", subject, "pass", "error", 6)]
    assert compared(fuller, other) == [("a" * 16, "expenditure_summary", subject, "fail", "error", 6)]
    assert compared(fuller, about) == [("a" * 16, "expenditure_summary", subject, "fail", "warning", 6)]
    rounded = document([told("100.4", unit_text="元", amount_text="100")])
    assert [row[3] for row in compared(fuller, rounded)] == ["pass"]
    assert compared(fuller) == [] and compared(fuller, document([total("120")], department="他局")) == []


def test_what_is_carried_forward_is_no_difference_between_files() -> None:
    fuller = document([line(1), total("100"), total("20", nature="carryforward", row=10)], "b")
    assert [row[3] for row in compared(fuller, document([told("120")]))] == ["pass"]
    assert [row[3] for row in compared(fuller, document([told("125")]))] == ["fail"]


def test_a_contradiction_between_files_is_counted() -> None:
    given = tables(document([line(1), line(2, statement="expenditure_summary"), total("100")], "b"), document([total("120")]))
    checks = disclosure_checks(given["documents"], given["budget_lines"], {})
    (one,) = disclosures_frame(given["documents"], given["budget_lines"], checks).to_dicts()
    assert one["contradictions"] == 1
