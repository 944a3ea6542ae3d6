"""A build from beginning to end by recorded runs: look at the inputs, make each partition, publish.

Belongs here: the order of runs and what came of them. What a run does is in the assets; `pipeline.build` does the same without records.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg
import polars as pl

from assets.data_versions import RAW, wanted_versions
from assets.definitions import definitions_for
from assets.io import TableStorage
from assets.jobs import CATALOGUE_JOB, DATASET_JOB, PARTITION_JOB, partition_config, publication_config
from assets.partitions import parts_of
from assets.resources import Workspace
from pipeline.build import BuildResult, PartitionFilter, publication_version, published_partitions
from pipeline.checks.of_partitions.table_checks import TABLE_CHECKS, FailedCheck
from pipeline.checks.scorecard import overall
from pipeline.publish.gate import FALL_CHECK, LOST_DOCUMENTS
from pipeline.publish.parquet import key_of
from pipeline.publish.partition_digests import digests_of
from pipeline.publish.versions.damaged_dataset import replace_damaged
from pipeline.publish.versions.manifest import read_manifest, rows_per_table
from pipeline.publish.versions.partition_fingerprints import fingerprints_of
from pipeline.store.catalogue import Progress
from pipeline.store.chain import Stage

_QUIET: Mapping[str, Any] = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
"""What a run has to say is in its records and in the result."""


DocumentFilter = Callable[[Mapping[str, Any]], bool]
"""Says of a row of the catalogue whether it is meant."""


@dataclass(frozen=True, slots=True)
class _MadePartition:
    """What came of the run of a partition: the checks that did not pass, why it is held back, or the error that it broke down with."""

    failed_checks: tuple[FailedCheck, ...]
    held: str | None
    error: str | None


@dataclass(frozen=True, slots=True)
class _Runs:
    """Runs jobs in this process, recorded by the instance."""

    definitions: dg.Definitions
    instance: dg.DagsterInstance
    tags: Mapping[str, str]

    def run(self, job: str, config: Mapping[str, Any], **options: Any) -> dg.ExecuteInProcessResult:
        whole = {**_QUIET, **config}
        return self.definitions.resolve_job_def(job).execute_in_process(whole, self.instance, tags=dict(self.tags), **options)

    def partition(self, key: str, *, redo: bool, reason: str, documents: Sequence[str]) -> _MadePartition:
        config = partition_config(redo=redo, reason=reason, documents=documents)
        run = self.run(PARTITION_JOB, config, partition_key=key, raise_on_error=False)
        if _was_interrupted(run):
            raise KeyboardInterrupt  # whoever asked for an end means the whole build, not this partition
        evaluations = [e for e in run.get_asset_check_evaluations() if not e.passed and e.asset_key.path[-1] in TABLE_CHECKS]
        failed = tuple(FailedCheck(e.asset_key.path[-1], e.check_name, key, e.severity.value) for e in evaluations)
        held = next((str(e.metadata["fall"].value) for e in evaluations if e.check_name == FALL_CHECK), None)
        return _MadePartition(failed, held, None if run.success or held else _error_of(run))


def run_build(
    workspace: Workspace,
    storage: TableStorage,
    instance: dg.DagsterInstance,
    *,
    wanted: PartitionFilter | None = None,
    about: DocumentFilter | None = None,
    unchanged_too: bool = False,
    redo: bool = False,
    tags: Mapping[str, str] | None = None,
    acknowledged: Mapping[str, str] | None = None,
    reading: Progress | None = None,
    making: Progress | None = None,
) -> BuildResult:
    """Build the dataset: one run for the inputs, one for each partition to be made, one that publishes all of them in one step.

    Args:
        workspace: sources, dataset, results.
        storage: where tables are kept.
        instance: where the runs are recorded.
        wanted: which partitions to make; the others stay in the dataset as they are. None: all that have inputs, and nothing else stays.
        about: which documents it is about: only partitions that hold such are made, and only these are read again with `redo`. None: all.
        unchanged_too: make also wanted partitions of which nothing changed.
        redo: make all stages of the documents of wanted partitions again, though stored results fit.
        tags: put on every run.
        acknowledged: partition key → reason for which it is published although its pass rate fell.
        reading: is told of each document read.
        making: is told of each partition made.

    Raises:
        SourceError: a source cannot be used.
        NotADataset, CannotReplace: the dataset cannot be published there.
        InputsOfAnotherDataset: the inputs are the embedded samples, or none, and the dataset is one of other documents.
    """
    replaced = replace_damaged(workspace.dataset_folder, whole_build=wanted is None)
    definitions = definitions_for(workspace, storage) if reading is None else definitions_for(workspace, storage, reading)
    runs = _Runs(definitions, instance, tags or {})
    looked = runs.run(CATALOGUE_JOB, {})
    catalogue = storage.read(RAW)
    documents = None if about is None else _documents_by_partition(catalogue, about)

    def asked(key: str) -> bool:
        return (wanted is None or wanted(*parts_of(key))) and (documents is None or key in documents)

    now = {key: version for key, version in wanted_versions(catalogue).items() if asked(key)}
    published = [key_of(partition) for partition in published_partitions(workspace.dataset_folder)]
    recorded = fingerprints_of(workspace.dataset_folder)
    todo = [key for key in now if unchanged_too or redo or key not in published or recorded.get(key) != now[key]]
    outcomes: dict[str, _MadePartition] = {}
    for done, key in enumerate(todo, start=1):
        outcomes[key] = runs.partition(key, redo=redo, reason=(acknowledged or {}).get(key, ""), documents=(documents or {}).get(key, ()))
        if making is not None:
            making(done, len(todo), key)
    only = None if wanted is None and about is None else [key for key in {*now, *published} if asked(key)]
    broken = {key: made.error for key, made in sorted(outcomes.items()) if made.error is not None}
    config = publication_config(only, (acknowledged or {}).get(LOST_DOCUMENTS, ""), list(broken))
    publication = _metadata(runs.run(DATASET_JOB, config), "dataset")
    present = [key for key in now if key not in broken]
    whole = digests_of(workspace.dataset_folder, publication_version()).of([parts_of(key) for key in present])
    failed = [check for made in outcomes.values() for check in made.failed_checks]
    stages_made = _metadata(looked, "raw_documents")["stages_made"].value
    return BuildResult(
        dataset=workspace.dataset_folder,
        partitions=tuple(present),
        made=tuple(key for key, made in outcomes.items() if made.error is None and made.held is None),
        removed=tuple(publication["removed"].value),
        documents=whole.documents,
        score=overall(whole.scores),
        stages_made={stage: int(stages_made[stage]) for stage in Stage},
        rows=rows_per_table(tuple(read_manifest(workspace.dataset_folder).values())),
        failed_checks=tuple(sorted(failed, key=lambda check: (check.partition, check.table, check.check))),
        broken=broken,
        held={key: made.held for key, made in sorted(outcomes.items()) if made.held is not None},
        replaced=replaced,
    )


def _documents_by_partition(catalogue: pl.DataFrame, about: DocumentFilter) -> dict[str, list[str]]:
    """Return the ids of the documents that are meant, by the key of their partition."""
    found: dict[str, list[str]] = {}
    for row in catalogue.iter_rows(named=True):
        if row["document_id"] and about(row):
            found.setdefault(key_of((row["fiscal_year"], row["province"])), []).append(row["document_id"])
    return found


def _metadata(run: dg.ExecuteInProcessResult, asset: str) -> Mapping[str, Any]:
    return run.asset_materializations_for_node(asset)[0].metadata


def _was_interrupted(run: dg.ExecuteInProcessResult) -> bool:
    failures = [event.step_failure_data.error for event in run.all_events if event.is_step_failure]
    return any(error is not None and error.cls_name == dg.DagsterExecutionInterruptedError.__name__ for error in failures)


def _error_of(run: dg.ExecuteInProcessResult) -> str:
    for event in run.all_events:
        if event.is_step_failure and event.step_failure_data.error:
            error = event.step_failure_data.error
            while error.cause:
                error = error.cause
            return f"{event.step_key}: {' '.join(error.message.split())}"
    return "The run failed without an error of a step."
