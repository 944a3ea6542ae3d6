"""Making partitions: one Dagster run each, in this process.

Belongs here: the run of a partition, and what came of it. Which partitions are made is decided in `build.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg

from assets.definitions import definitions_for
from assets.io import TableStorage, Workspace
from assets.jobs import PARTITION_JOB
from pipeline.checks.table_checks import FailedCheck

QUIET: Mapping[str, Any] = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
"""What a run has to say is in its records and in the result."""


@dataclass(frozen=True, slots=True)
class Made:
    """What came of the run of a partition: the checks that did not pass, or the error that it broke down with."""

    key: str
    failed_checks: tuple[FailedCheck, ...] = ()
    error: str | None = None


class Maker:
    """Makes partitions in this process.

    Args:
        workspace: sources, dataset, readings.
        storage: where tables are kept.
        instance: where the runs are recorded.
        tags: put on every run.
    """

    def __init__(self, workspace: Workspace, storage: TableStorage, instance: dg.DagsterInstance, tags: Mapping[str, str]) -> None:
        self._job = definitions_for(workspace, storage).resolve_job_def(PARTITION_JOB)
        self._instance, self._tags = instance, dict(tags)

    def make(self, key: str) -> Made:
        """Make one partition; what goes wrong is in the result."""
        run = self._job.execute_in_process(QUIET, self._instance, partition_key=key, tags=self._tags, raise_on_error=False)
        return Made(key, _failed_checks(run, key)) if run.success else Made(key, error=_error_of(run))


def make_partitions(
    keys: Sequence[str], workspace: Workspace, storage: TableStorage, instance: dg.DagsterInstance, tags: Mapping[str, str]
) -> Iterator[Made]:
    """Make partitions, one run after the other (SQLite has one writer), and yield each, as it is made."""
    maker = Maker(workspace, storage, instance, tags)
    yield from map(maker.make, keys)


def _failed_checks(run: dg.ExecuteInProcessResult, partition: str) -> tuple[FailedCheck, ...]:
    return tuple(
        FailedCheck(evaluation.asset_key.path[-1], evaluation.check_name, partition, evaluation.severity.value)
        for evaluation in run.get_asset_check_evaluations()
        if not evaluation.passed
    )


def _error_of(run: dg.ExecuteInProcessResult) -> str:
    for event in run.all_events:
        if event.is_step_failure and event.step_failure_data.error:
            error = event.step_failure_data.error
            while error.cause:
                error = error.cause
            return f"{event.step_key}: {' '.join(error.message.split())}"
    return "The run failed without an error of a step."
