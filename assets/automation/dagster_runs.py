"""Runs as the instance knows them: which are under way, and how soon what failed is tried again.

Belongs here: questions about runs. What was made, and what is to be made, is in `versions.py`.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime

import dagster as dg
from dagster._core.storage.tags import AUTO_RETRY_RUN_ID_TAG, WILL_RETRY_TAG

from assets.data_versions import RAW
from assets.jobs import CATALOGUE_JOB, DATASET_JOB, FETCH_JOB

INPUTS_TAG = "yusuan/inputs"
"""Tag of a run that a schedule or sensor launched: the version of what it is made from."""

FIRST_PAUSE = 60.0
"""Seconds before what failed twice on the same inputs is tried a third time; the pause doubles with each failure. The second try follows at
once: most runs that fail once were killed."""

RETRY_AWAITED = 120.0
"""Seconds after a run was killed for which Dagster's retry of it is awaited, instead of launching another beside it: the daemon launches it
within seconds if it lives, and within a minute of its next start."""

LONGEST_PAUSE = 3600.0
"""Seconds: what fails for good is tried once an hour, which costs little, and once an hour is soon enough after its cause was mended."""

_PARTITION = "dagster/partition"
_UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
_FAILED = (dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)
_FAILURES_COUNTED = 8
"""With so many the pause has reached its longest."""


class UnderWay:
    """The runs that are queued or take place now, and those that Dagster is about to try again.

    Look at them before what was made is looked at: a run that ends in between then counts as under way, and nothing is made twice.
    """

    def __init__(self, instance: dg.DagsterInstance) -> None:
        runs = [*instance.get_runs(dg.RunsFilter(statuses=_UNDER_WAY)), *_about_to_be_retried(instance)]
        self.partitions = frozenset(run.tags[_PARTITION] for run in runs if _PARTITION in run.tags)
        self.fetching = any(_makes(run, dg.AssetKey("fetched_documents"), FETCH_JOB) for run in runs)
        self.catalogue = any(_makes(run, RAW, CATALOGUE_JOB) for run in runs)
        self.dataset = any(_makes(run, dg.AssetKey("dataset"), DATASET_JOB) for run in runs)


def _about_to_be_retried(instance: dg.DagsterInstance) -> list[dg.DagsterRun]:
    """Return the runs that were killed, and of which the daemon did not yet launch the retry that it has announced."""
    since = datetime.fromtimestamp(time.time() - RETRY_AWAITED, UTC)
    killed = dg.RunsFilter(statuses=[dg.DagsterRunStatus.FAILURE], tags={WILL_RETRY_TAG: "true"}, updated_after=since)
    return [run for run in instance.get_runs(killed) if AUTO_RETRY_RUN_ID_TAG not in run.tags]


def _makes(run: dg.DagsterRun, asset: dg.AssetKey, job: str) -> bool:
    return asset in run.asset_selection if run.asset_selection else run.job_name == job


def paused(instance: dg.DagsterInstance, job: str, inputs: str, partition: str | None = None) -> bool:
    """Return whether runs on the same inputs failed so often in a row that the next one has to wait.

    Args:
        instance: knows how runs ended.
        job: that such a run is of.
        inputs: version of what the run is made from.
        partition: that the run is of.
    """
    tags = {INPUTS_TAG: inputs} | ({_PARTITION: partition} if partition else {})
    failures, last = 0, 0.0
    for record in instance.get_run_records(dg.RunsFilter(job_name=job, tags=tags), limit=_FAILURES_COUNTED):
        if record.dagster_run.status not in _FAILED:
            break
        failures += 1
        last = max(last, record.end_time or record.update_timestamp.timestamp())
    pause = pause_after(failures)
    return pause > 0 and time.time() < last + pause


def pause_after(failures: int) -> float:
    """Return how many seconds after so many failures in a row the next run has to wait."""
    return 0.0 if failures < 2 else min(FIRST_PAUSE * 2 ** (failures - 2), LONGEST_PAUSE)
