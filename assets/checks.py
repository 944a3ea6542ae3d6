"""Asset checks: what must hold of every partition, shown where people look at the assets.

Belongs here: verdicts on stored tables, filed under their partition. The identities themselves were tried when the documents were
read; here each family of them gives one verdict. A family that applied to nothing gives none: what did not run has not passed.
"""

import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl

from assets.io import TableStorage, Workspace
from assets.partitions import FISCAL_YEAR_BY_PROVINCE, parts_of
from pipeline.publish.gate import fall_of, published_partition
from schemas import columns
from schemas.export import InvalidFrame, validate
from schemas.tables import PARTITIONED, Table

_SHOWN = 20
"""How many failed rows a verdict lists."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found. `severity` counts only if it did not pass."""

    passed: bool
    metadata: Mapping[str, Any]
    severity: dg.AssetCheckSeverity = dg.AssetCheckSeverity.ERROR


@dataclass(frozen=True, slots=True)
class Check:
    """A check of one table's partition; `judge` returns None where there is nothing to judge."""

    name: str
    description: str
    judge: Callable[[pl.DataFrame], Verdict | None]


def _declared(table: Table) -> Check:
    def judge(frame: pl.DataFrame) -> Verdict:
        try:
            validate(frame, table)
        except InvalidFrame as error:
            return Verdict(False, {"error": str(error)})
        return Verdict(True, {"rows": frame.height})

    return Check("as_declared", "Columns, types, values, nulls and rules are those that the table declares.", judge)


def _unique(table: Table) -> Check:
    def judge(frame: pl.DataFrame) -> Verdict:
        twice = frame.select(table.key).filter(pl.struct(table.key).is_duplicated())
        return Verdict(twice.is_empty(), {"rows_sharing_a_key": twice.height, **_listed(twice)})

    return Check("key_unique", f"No two rows share {', '.join(table.key)}.", judge)


def _identity(check_id: str, meaning: str) -> Check:
    def judge(frame: pl.DataFrame) -> Verdict | None:
        tried = frame.filter(pl.col("check_id") == check_id)
        passed = tried.filter(pl.col("outcome") == "pass").height
        failed = tried.filter(pl.col("outcome") == "fail")
        if not passed + failed.height:
            return None
        errors = failed.filter(pl.col("severity") == "error").height
        shown = failed.select("document_id", "statement", "subject", "expected", "actual", "difference", "severity", "detail")
        return Verdict(
            passed=failed.is_empty(),
            metadata={
                "passed": passed,
                "failed": failed.height,
                "not_applicable": tried.height - passed - failed.height,
                "pass_rate": passed / (passed + failed.height),
                **_listed(shown),
            },
            severity=dg.AssetCheckSeverity.ERROR if errors else dg.AssetCheckSeverity.WARN,
        )

    return Check(f"identity_{check_id}", meaning, judge)


def _complete(documents: pl.DataFrame) -> Verdict | None:
    counted = documents.filter((pl.col("status") == "published") & (pl.col("amounts_printed") > 0))
    if counted.is_empty():
        return None
    printed, captured = int(counted["amounts_printed"].sum()), int(counted["amounts_captured"].fill_null(0).sum())
    lacking = counted.filter(pl.col("amounts_captured").fill_null(0) < pl.col("amounts_printed"))
    return Verdict(
        passed=lacking.is_empty(),
        metadata={
            "amounts_printed": printed,
            "amounts_captured": captured,
            "captured_rate": captured / printed,
            **_listed(lacking.select("document_id", "file_name", "amounts_printed", "amounts_captured")),
        },
        severity=dg.AssetCheckSeverity.WARN,
    )


def _none_quarantined(documents: pl.DataFrame) -> Verdict:
    held = documents.filter(pl.col("status") == "quarantined")
    return Verdict(
        passed=held.is_empty(),
        metadata={"quarantined": held.height, **_listed(held.select("document_id", "file_name", "reason"))},
        severity=dg.AssetCheckSeverity.WARN,
    )


def _reconciled(documents: pl.DataFrame) -> Verdict | None:
    judged = documents.filter((pl.col("status") == "published") & pl.col("reconciled").is_not_null())
    if judged.is_empty():
        return None
    failed = judged.filter(~pl.col("reconciled"))
    return Verdict(
        passed=failed.is_empty(),
        metadata={
            "reconciled": judged.height - failed.height,
            "reconciled_rate": 1 - failed.height / judged.height,
            **_listed(failed.select("document_id", "file_name", "checks_failed")),
        },
    )


def _pass_rate(workspace: Workspace, partition: str, checks: pl.DataFrame) -> Verdict | None:
    """Compare a partition with its published version; one that fell is not published (`publication.py`)."""
    last = published_partition(Path(workspace.dataset), parts_of(partition))
    if last is None:
        return None
    fall = fall_of(last["checks"], checks)
    if fall is None:
        return Verdict(True, {"published_checks": last["checks"].height, "checks": checks.height})
    return Verdict(False, {"fall": str(fall), **asdict(fall)})


def _listed(frame: pl.DataFrame) -> dict[str, Any]:
    if frame.is_empty():
        return {}
    names = frame.columns
    rows = ["| " + " | ".join(str(value).replace("|", "\\|") for value in row) + " |" for row in frame.head(_SHOWN).rows()]
    return {"rows_listed": dg.MetadataValue.md("\n".join([f"| {' | '.join(names)} |", "|" + " --- |" * len(names), *rows]))}


def checks_of(table: Table) -> tuple[Check, ...]:
    """Return the checks of a table: those of every table, and its own."""
    own: tuple[Check, ...] = ()
    if table.name == "checks":
        own = tuple(_identity(check_id, meaning) for check_id, meaning in columns.CHECK_ID.values.items())
    elif table.name == "documents":
        own = (
            Check("complete", "Every amount printed in a statement is in the dataset.", _complete),
            Check("none_quarantined", "Every document could be published.", _none_quarantined),
            Check("reconciled", "No document fails an accounting identity.", _reconciled),
        )
    return (_declared(table), _unique(table), *own)


CHECKS: Mapping[str, Mapping[str, Check]] = {table.name: {check.name: check for check in checks_of(table)} for table in PARTITIONED}
"""All checks by table and name."""

FALL_CHECK = "pass_rate_kept"
"""Check of the table `checks` against its last version, which a look at the table alone cannot tell."""

with warnings.catch_warnings():
    # Partitions of a check are announced as a preview. Without them a newer partition would hide the failures of an older one.
    warnings.simplefilter("ignore", dg.PreviewWarning)
    _SPECS = [
        dg.AssetCheckSpec(check.name, asset=table, description=check.description, partitions_def=FISCAL_YEAR_BY_PROVINCE)
        for table, checks in CHECKS.items()
        for check in checks.values()
    ]
    _SPECS.append(
        dg.AssetCheckSpec(
            FALL_CHECK,
            asset="checks",
            description="The share of checks that hold did not fall against the partition's published version; else it is held back.",
            partitions_def=FISCAL_YEAR_BY_PROVINCE,
        )
    )


@dg.multi_asset_check(specs=_SPECS, can_subset=True)
def verdicts(
    context: dg.AssetCheckExecutionContext, workspace: Workspace, io_manager: dg.ResourceParam[TableStorage]
) -> Iterator[dg.AssetCheckResult]:
    """Judge the tables of one partition. One step for all, because a step costs more than the judging."""
    for table, checks in CHECKS.items():
        selected = [
            check for name, check in checks.items() if dg.AssetCheckKey(dg.AssetKey(table), name) in context.selected_asset_check_keys
        ]
        frame = io_manager.read(dg.AssetKey(table), context.partition_key) if selected else pl.DataFrame()
        judged = [(check.name, check.judge(frame)) for check in selected]
        if dg.AssetCheckKey(dg.AssetKey(table), FALL_CHECK) in context.selected_asset_check_keys:
            judged.append(
                (FALL_CHECK, _pass_rate(workspace, context.partition_key, io_manager.read(dg.AssetKey(table), context.partition_key)))
            )
        for name, verdict in judged:
            if verdict is not None:
                yield dg.AssetCheckResult(
                    passed=verdict.passed,
                    asset_key=dg.AssetKey(table),
                    check_name=name,
                    metadata=dict(verdict.metadata),
                    severity=verdict.severity,
                )
