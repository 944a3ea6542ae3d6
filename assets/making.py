"""Making partitions: one Dagster run each, in this process or in several.

Belongs here: where the run of a partition takes place, and what came of it. Which partitions are made is decided in `build.py`.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any

import dagster as dg

from assets.definitions import definitions_for
from assets.instance import forgetful
from assets.io import TableStorage, Workspace
from assets.jobs import PARTITION_JOB
from pipeline.store.isolation import usable_processors

QUIET: Mapping[str, Any] = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
"""What a run has to say is in its records and in the result."""

_WORTH_A_PROCESS = 4
"""Partitions whose runs take longer than a further process takes to import Dagster."""


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """An asset check that did not pass: its table, its name, the partition, and `ERROR` or `WARN`."""

    table: str
    check: str
    partition: str
    severity: str


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
    """Make partitions and yield each, as it is made.

    Where nothing is to be recorded, and enough partitions are to be made, several processes share them. Runs that are recorded
    take place here, one after the other: SQLite has one writer.
    """
    processes = min(workspace.workers or usable_processors(), len(keys) // _WORTH_A_PROCESS)
    left = list(keys)
    if instance.is_ephemeral and processes > 1:
        for made in _made_elsewhere(keys, processes, workspace, storage, tags):
            left.remove(made.key)
            yield made
    if left:
        here = Maker(workspace, storage, instance, tags)
        yield from map(here.make, left)


def _made_elsewhere(
    keys: Sequence[str], processes: int, workspace: Workspace, storage: TableStorage, tags: Mapping[str, str]
) -> Iterator[Made]:
    """Yield the partitions that other processes could make; none are lost: a process that dies leaves its partition to the caller."""
    context = multiprocessing.get_context("forkserver")
    pool = ProcessPoolExecutor(processes, context, _begin, (workspace.model_dump(), storage.folder, dict(tags)))
    try:
        for future in as_completed([pool.submit(_make, key) for key in keys]):
            try:
                yield future.result()
            except BrokenProcessPool:
                return
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


_maker: Maker | None = None
"""Of a process that shares the work."""


def _begin(workspace: Mapping[str, Any], folder: str, tags: Mapping[str, str]) -> None:
    global _maker
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # interrupts are the parent's business
    _maker = Maker(Workspace(**workspace), TableStorage(folder=folder), forgetful(), tags)


def _make(key: str) -> Made:
    assert _maker is not None, "the process was begun"
    return _maker.make(key)


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
