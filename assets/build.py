"""A build from beginning to end without a server: look at the inputs, make each partition, publish.

Belongs here: the order of runs and what came of them. What a run does is in the assets; what is shown is in `terminal.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl

from assets.catalogue import without_display
from assets.definitions import definitions_for
from assets.io import TableStorage, Workspace
from assets.jobs import CATALOGUE_JOB, DATASET_JOB
from assets.making import QUIET, make_partitions
from assets.partitions import key_of
from pipeline.build import BuildResult, Wanted
from pipeline.checks.scorecard import document_scores, overall
from pipeline.checks.table_checks import FailedCheck
from pipeline.publish.manifest import read_manifest, rows_per_table
from pipeline.publish.parquet import partition_of
from pipeline.store.catalogue import Progress
from pipeline.store.chain import Stage
from schemas.export import polars_schema
from schemas.tables import BUDGET_LINES, CHECKS, DOCUMENTS, Table

Making = Callable[[int, int, str], None]
"""Called with the number of partitions made, how many are to be made, and the key of the one that was just made."""


def run_build(
    workspace: Workspace,
    storage: TableStorage,
    instance: dg.DagsterInstance,
    *,
    wanted: Wanted | None = None,
    tags: Mapping[str, str] | None = None,
    acknowledged: Mapping[str, str] | None = None,
    reading: Progress = without_display,
    making: Making = without_display,
) -> BuildResult:
    """Build the dataset: one run for the inputs, one for each partition, one that publishes all of them in one step.

    Args:
        workspace: sources, dataset, readings.
        storage: where tables are kept.
        instance: where the runs are recorded.
        wanted: which partitions to make; the others stay in the dataset as they are. None: all that have inputs, and nothing else stays.
        tags: put on every run.
        acknowledged: partition key → reason for which it is published although its pass rate fell.
        reading: is told of each document read.
        making: is told of each partition made.

    Raises:
        SourceError: a source cannot be used.
        NotADataset, CannotReplace: the dataset cannot be published there.
    """
    definitions = definitions_for(workspace, storage, reading)
    marks = dict(tags or {})
    looked = _run(definitions, CATALOGUE_JOB, instance, marks)
    catalogue = storage.read(dg.AssetKey("source_catalogue"))
    catalogued = catalogue.select("fiscal_year", "province").unique().sort("fiscal_year", "province").rows()
    published = _published_partitions(Path(workspace.dataset))
    keys = [key_of(*partition) for partition in catalogued if wanted is None or wanted(*partition)]
    emptied = [key_of(*partition) for partition in published if partition not in catalogued and (wanted is None or wanted(*partition))]
    failed: list[FailedCheck] = []
    broken: dict[str, str] = {}
    for done, made in enumerate(make_partitions((*keys, *emptied), workspace, storage, instance, marks), start=1):
        failed += made.failed_checks
        if made.error:
            broken[made.key] = made.error
        making(done, len(keys) + len(emptied), made.key)
    whole = [key for key in (*keys, *emptied) if key not in broken]
    config = {"partitions": whole, "keep_others": wanted is not None or bool(broken), "acknowledged": dict(acknowledged or {})}
    steps = ("dimensions_of_documents", "dataset")
    published_now = _run(definitions, DATASET_JOB, instance, marks, {step: {"config": config} for step in steps})
    documents, lines, checks = (_stored(storage, table, whole) for table in (DOCUMENTS, BUDGET_LINES, CHECKS))
    made_now = _metadata(looked, "source_catalogue")["stages_made"].value
    return BuildResult(
        dataset=Path(workspace.dataset),
        partitions=tuple(key for key in keys if key not in broken),
        made=tuple(key for key in keys if key not in broken),
        removed=tuple(key for key in emptied if key not in broken),
        documents=documents,
        score=overall(document_scores(documents, lines, checks)),
        stages_made={stage: int(made_now[stage]) for stage in Stage},
        rows=rows_per_table(tuple(read_manifest(Path(workspace.dataset)).values())),
        failed_checks=tuple(sorted(failed, key=lambda check: (check.partition, check.table, check.check))),
        broken={key: broken[key] for key in sorted(broken)},
        held={str(key): str(fall) for key, fall in _metadata(published_now, "dataset")["held"].value.items()},
    )


def _metadata(run: dg.ExecuteInProcessResult, asset: str) -> Mapping[str, Any]:
    return run.asset_materializations_for_node(asset)[0].metadata


def _run(
    definitions: dg.Definitions, job: str, instance: dg.DagsterInstance, tags: Mapping[str, str], ops: Mapping[str, Any] | None = None
) -> dg.ExecuteInProcessResult:
    return definitions.resolve_job_def(job).execute_in_process({**QUIET, "ops": dict(ops or {})}, instance, tags=dict(tags))


def _stored(storage: TableStorage, table: Table, keys: Sequence[str]) -> pl.DataFrame:
    empty = pl.DataFrame(schema=polars_schema(table))
    return pl.concat([empty, *(storage.read(dg.AssetKey(table.name), key) for key in keys)])


def _published_partitions(dataset: Path) -> list[tuple[int, str]]:
    """Return the fiscal years and provinces that the published dataset holds documents of."""
    files = read_manifest(dataset).values()
    return sorted(partition_of(file.path) for file in files if file.table == DOCUMENTS.name and file.rows)
