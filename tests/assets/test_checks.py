"""Verdicts on tables, and where Dagster keeps them."""

from collections.abc import Callable
from pathlib import Path

import dagster as dg
import polars as pl
import pytest
from dagster._core.event_api import PartitionKeyFilter
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus

from pipeline.checks.of_partitions.table_checks import TABLE_CHECKS, Verdict
from schemas.export import polars_schema
from schemas.tables import CHECKS as CHECKS_TABLE
from schemas.tables import DOCUMENTS
from tests.assets.conftest import Build, check, document

KEYS = {"document_id": "a" * 16, "fiscal_year": 2019, "province": "CN-SH"}


def checks(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame([{**KEYS, "item": number, **row} for number, row in enumerate(rows, start=1)], schema=polars_schema(CHECKS_TABLE))


def documents(*rows: dict[str, object]) -> pl.DataFrame:
    given = {**KEYS, "sha256": "a" * 64, "media_type": "text/plain", "bytes": 1, "status": "published", "statements": [], "lines": 0}
    counts = {"checks_passed": 0, "checks_failed": 0, "checks_not_applicable": 0}
    made = [{**given, **counts, "file_name": f"{number}", **row} for number, row in enumerate(rows)]
    return pl.DataFrame(made, schema=polars_schema(DOCUMENTS))


def judged(table: str, name: str, frame: pl.DataFrame) -> Verdict:
    (check,) = (check for check in TABLE_CHECKS[table] if check.name == name)
    return check.judge(frame)


def test_an_identity_that_holds_passes() -> None:
    verdict = judged("checks", "identity_H1", checks(check("H1", "pass"), check("H1", "not_applicable"), check("R1", "fail")))
    assert verdict.passed
    assert verdict.numbers["pass_rate"] == 1.0
    assert verdict.numbers["not_applicable"] == 1


@pytest.mark.parametrize(("severities", "expected"), [(["error", "warning"], "ERROR"), (["warning"], "WARN")])
def test_a_failed_identity_fails_as_severely_as_its_worst(severities: list[str], expected: str) -> None:
    verdict = judged("checks", "identity_R1", checks(check("R1", "pass"), *(check("R1", "fail", severity) for severity in severities)))
    assert not verdict.passed
    assert verdict.severity == expected
    assert verdict.numbers["failed"] == len(severities)


@pytest.mark.parametrize("rows", [[], [check("H2", "not_applicable")], [check("R1", "fail")]])
def test_an_identity_that_applied_to_nothing_says_so(rows: list[dict[str, object]]) -> None:
    verdict = judged("checks", "identity_H2", checks(*rows))
    assert (verdict.passed, verdict.numbers) == (True, {})
    assert verdict.not_applicable == "no document of this partition prints what the identity compares"


def test_a_shared_key_fails() -> None:
    twice = checks(check("H1", "pass"), check("H1", "pass")).with_columns(item=pl.lit(1, pl.Int32))
    assert not judged("checks", "key_unique", twice).passed
    assert judged("checks", "key_unique", twice.head(1)).passed


def test_a_value_that_is_not_declared_fails() -> None:
    strange = checks({**check("H1", "pass"), "outcome": "perhaps"})
    verdict = judged("checks", "as_declared", strange)
    assert not verdict.passed
    assert "perhaps" in verdict.numbers["error"]


def test_amounts_that_are_missing_fail() -> None:
    whole = {"amounts_printed": 10, "amounts_captured": 10}
    assert judged("documents", "complete", documents(whole)).passed
    verdict = judged("documents", "complete", documents(whole, {"amounts_printed": 10, "amounts_captured": 9}))
    assert not verdict.passed
    assert verdict.numbers["captured_rate"] == 0.95
    assert judged("documents", "complete", documents({"amounts_printed": None})).not_applicable


def test_a_quarantined_document_fails() -> None:
    assert judged("documents", "none_quarantined", documents({})).passed
    verdict = judged("documents", "none_quarantined", documents({}, {"status": "quarantined", "reason": "The file is empty."}))
    assert not verdict.passed
    assert "The file is empty." in verdict.rows["reason"].to_list()


def test_a_document_that_does_not_add_up_fails() -> None:
    assert judged("documents", "reconciled", documents({"reconciled": True}, {"reconciled": None})).passed
    assert not judged("documents", "reconciled", documents({"reconciled": True}, {"reconciled": False})).passed
    assert judged("documents", "reconciled", documents({"reconciled": None})).not_applicable


def test_verdicts_are_filed_under_their_partition(recorded_build: Build, inputs: Path, published: Callable[..., pl.DataFrame]) -> None:
    (inputs / "a.json").write_bytes(document(2019, checks=[check("H1", "fail")]))
    (inputs / "b.json").write_bytes(document(2020, checks=[check("H1", "pass")]))
    with dg.DagsterInstance.ephemeral() as instance:
        recorded_build(instance=instance)
        key = dg.AssetCheckKey(dg.AssetKey("checks"), "identity_H1")
        records = instance.event_log_storage.get_asset_check_execution_history(key, limit=10)
        outcome = {record.partition: record.status for record in records}
        (other,) = instance.event_log_storage.get_asset_check_execution_history(
            dg.AssetCheckKey(dg.AssetKey("checks"), "identity_H2"), limit=1, partition_filter=PartitionKeyFilter(key="2019|CN-SH")
        )
        assert other.event and other.event.dagster_event
        said = other.event.dagster_event.asset_check_evaluation_data
        assert (said.passed, said.description) == (
            True,
            "Not applicable: no document of this partition prints what the identity compares.",
        )
        materialization = (
            instance.fetch_materializations(dg.AssetRecordsFilter(dg.AssetKey("checks"), asset_partitions=["2019|CN-SH"]), limit=1)
            .records[0]
            .asset_materialization
        )
    assert outcome == {"2019|CN-SH": AssetCheckExecutionRecordStatus.FAILED, "2020|CN-SH": AssetCheckExecutionRecordStatus.SUCCEEDED}
    assert materialization is not None
    assert {name: materialization.metadata[name].value for name in ("dagster/row_count", "documents", "pass_rate")} == {
        "dagster/row_count": 2,  # and that last year's document is not there
        "documents": 1,
        "pass_rate": 0.0,
    }
    assert "dagster/column_schema" in materialization.metadata
