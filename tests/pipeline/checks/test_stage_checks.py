"""Verdicts on what stages made of the documents of a partition."""

import polars as pl
import pytest

from pipeline.checks.of_partitions.stage_checks import STAGE_CHECKS
from pipeline.checks.of_partitions.table_checks import Verdict
from pipeline.store.chain import Stage
from schemas.export import polars_schema
from schemas.stage_index_columns import STAGE_INDEXES

GOOD: dict[str, dict[str, object]] = {
    "extracted_tables": {"grids": 2, "amounts_in_cells": 40, "amounts_outside": 3, "pages_with_loose_amounts": 0},
    "recognised_statements": {
        "fiscal_year": 2019,
        "province": "CN-SH",
        "department": "甲局",
        "kind": "budget",
        "contradictions": 0,
        "statements": 2,
        "kinds": ["revenue_summary", "other"],
        "titles": ["收入总表", None],
        "titles_unknown": 0,
        "headers_unknown": 0,
        "statements_without_unit": 0,
    },
    "coded_lines": {"lines": 9, "lines_coded": 8, "lines_uncoded": 0, "codes_without_parent": 0},
    "checked_lines": {
        "status": "published",
        "reconciled": True,
        "checks_passed": 5,
        "checks_failed": 0,
        "amounts_printed": 9,
        "amounts_captured": 9,
    },
}


def judged(stage: str, name: str, *rows: dict[str, object]) -> Verdict:
    known = {"document_id": "a" * 16, "file_name": "a.pdf", "result": "b" * 64}
    index = pl.DataFrame([{**known, **row} for row in rows], schema=polars_schema(STAGE_INDEXES[stage]), orient="row")
    (check,) = (check for check in STAGE_CHECKS[stage] if check.name == name)
    return check.judge(index)


def test_every_stage_is_judged() -> None:
    assert list(STAGE_CHECKS) == list(STAGE_INDEXES) == [str(stage) for stage in Stage]


ALL = [(stage, check.name) for stage, checks in STAGE_CHECKS.items() for check in checks]


@pytest.mark.parametrize(("stage", "name"), ALL)
def test_what_holds_passes_and_what_there_is_not_does_not_apply(stage: str, name: str) -> None:
    good = judged(stage, name, GOOD[stage])
    assert (good.passed, good.not_applicable) == (True, None)
    assert good.numbers
    none = judged(stage, name)
    assert none.passed and none.not_applicable


@pytest.mark.parametrize(
    ("stage", "name", "fault"),
    [
        ("extracted_tables", "opened", {"failure": "The file is empty.", "result": None}),
        ("extracted_tables", "numbers_in_cells", {"pages_with_loose_amounts": 1}),
        ("extracted_tables", "numbers_in_cells", {"grids": 0, "pages_with_loose_amounts": 1}),
        ("recognised_statements", "identified", {"department": None}),
        ("recognised_statements", "identified", {"fiscal_year": None}),
        ("recognised_statements", "titles_understood", {"titles_unknown": 1}),
        ("recognised_statements", "columns_understood", {"headers_unknown": 2}),
        ("recognised_statements", "units_understood", {"statements_without_unit": 1}),
        ("coded_lines", "resolved", {"lines_uncoded": 1}),
        ("coded_lines", "parents_exist", {"codes_without_parent": 1}),
        ("checked_lines", "identities_hold", {"reconciled": False, "checks_failed": 1}),
        ("checked_lines", "amounts_captured", {"amounts_captured": 8}),
        ("checked_lines", "amounts_captured", {"amounts_captured": None}),
    ],
)
def test_a_fault_fails_and_names_the_document(stage: str, name: str, fault: dict[str, object]) -> None:
    verdict = judged(stage, name, GOOD[stage], {**GOOD[stage], "file_name": "bad.pdf", **fault})
    assert (verdict.passed, verdict.severity) == (False, "WARN")
    assert verdict.rows["file_name"].to_list() == ["bad.pdf"]


def test_a_page_of_a_template_says_nothing_of_identity() -> None:
    template = {**GOOD["recognised_statements"], "department": None, "unpublishable": "It is a form."}
    assert judged("recognised_statements", "identified", template).not_applicable
