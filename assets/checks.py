"""Asset checks: what must hold of every partition, shown where people look at the assets.

Belongs here: filing the verdicts of `pipeline.checks.table_checks` under their asset and partition, and the gate's.
"""

import warnings
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl

from assets.io import TableStorage, Workspace
from assets.partitions import FISCAL_YEAR_BY_PROVINCE, parts_of
from pipeline.checks.table_checks import TABLE_CHECKS, Verdict
from pipeline.publish.gate import FALL_CHECK, fall_of, published_partition

_SHOWN = 20
"""How many failed rows a verdict lists."""

with warnings.catch_warnings():
    # Partitions of a check are announced as a preview. Without them a newer partition would hide the failures of an older one.
    warnings.simplefilter("ignore", dg.PreviewWarning)
    _SPECS = [
        dg.AssetCheckSpec(check.name, asset=table, description=check.description, partitions_def=FISCAL_YEAR_BY_PROVINCE)
        for table, checks in TABLE_CHECKS.items()
        for check in checks
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
    key = context.partition_key
    for table, checks in TABLE_CHECKS.items():
        asset = dg.AssetKey(table)
        names = {selected.name for selected in context.selected_asset_check_keys if selected.asset_key == asset}
        frame = io_manager.read(asset, key) if names else pl.DataFrame()
        judged = [(check.name, check.judge(frame)) for check in checks if check.name in names]
        if FALL_CHECK in names:
            judged.append((FALL_CHECK, _pass_rate(workspace, key, frame)))
        for name, verdict in judged:
            if verdict is not None:
                yield dg.AssetCheckResult(
                    passed=verdict.passed,
                    asset_key=asset,
                    check_name=name,
                    metadata={**verdict.numbers, **_listed(verdict.rows)},
                    severity=dg.AssetCheckSeverity[verdict.severity],
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
