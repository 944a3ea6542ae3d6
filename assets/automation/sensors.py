"""What is made when something changed, or was not made well: inputs, partitions, the dataset.

Belongs here: sensors. What there is to do is decided in `versions.py`; requests have no run keys, since Dagster launches a key once and
never again.
"""

from collections.abc import Iterator

import dagster as dg

from assets.automation.dagster_runs import INPUTS_TAG, UnderWay, paused
from assets.automation.fetch_requests import next_fetch, unless_fetching
from assets.data_versions import (
    current_catalogue,
    inputs_seen,
    made_partitions,
    outdated,
    publication_plan,
    seen_last,
    version_over,
    wanted_versions,
)
from assets.fetching.resource import Fetching
from assets.io import TableStorage
from assets.jobs import CATALOGUE_JOB, DATASET_JOB, FETCH_JOB, PARTITION_JOB, partition_config, publication_config
from assets.partitions import add_partitions, parts_of
from assets.resources import Workspace
from pipeline.build import published_partitions
from pipeline.publish.parquet import key_of

_RUNNING = dg.DefaultSensorStatus.RUNNING
_LOOK_EVERY = 60
"""Seconds between two looks at names, sizes and times of the input files: milliseconds for a thousand files."""

_NOT_LOOKED = "The inputs changed, were not looked at yet, or what was found is lost: they are looked at first."


@dg.sensor(
    job_name=CATALOGUE_JOB,
    minimum_interval_seconds=_LOOK_EVERY,
    default_status=_RUNNING,
    description="Looks at the inputs when names, sizes or times of their files changed, the code of a stage did, or the catalogue is lost.",
)
def changed_inputs(
    context: dg.SensorEvaluationContext, workspace: Workspace, io_manager: dg.ResourceParam[TableStorage]
) -> dg.RunRequest | dg.SkipReason:
    """Launch a look at the inputs if they are not those of the last look."""
    under_way = UnderWay(context.instance)
    if under_way.catalogue:
        return dg.SkipReason("The inputs are being looked at.")
    if under_way.fetching:
        return dg.SkipReason("Documents are being fetched: they are read when all are there.")
    seen = inputs_seen(workspace)
    if seen == seen_last(context.instance) and current_catalogue(workspace, io_manager) is not None:
        return dg.SkipReason("Inputs and code are those of the last look.")
    if paused(context.instance, CATALOGUE_JOB, seen):
        return dg.SkipReason("Looking at these inputs failed several times: it is tried again after a pause. The runs say why.")
    return dg.RunRequest(tags={INPUTS_TAG: seen})


@dg.sensor(
    job_name=PARTITION_JOB,
    default_status=_RUNNING,
    description="Makes the partitions whose tables and marts were not made from their present inputs.",
)
def outdated_partitions(
    context: dg.SensorEvaluationContext, workspace: Workspace, io_manager: dg.ResourceParam[TableStorage]
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Launch one run per partition whose inputs changed, or whose run did not end well, once the inputs were looked at."""
    instance, under_way = context.instance, UnderWay(context.instance)
    if under_way.catalogue:
        yield dg.SkipReason("The inputs are being looked at.")
        return
    catalogue = current_catalogue(workspace, io_manager)
    if catalogue is None or inputs_seen(workspace) != seen_last(instance):
        yield dg.SkipReason(_NOT_LOOKED)
        return
    wanted = {
        key: version
        for key, version in outdated(wanted_versions(catalogue), made_partitions(instance)).items()
        if key not in under_way.partitions and not paused(instance, PARTITION_JOB, version, key)
    }
    if not wanted:
        yield dg.SkipReason("Every partition was made from its present inputs, is being made, or waits after failures.")
        return
    add_partitions(instance, map(parts_of, wanted))
    for key, version in wanted.items():
        yield dg.RunRequest(partition_key=key, run_config=partition_config(), tags={INPUTS_TAG: version})


@dg.sensor(
    job_name=DATASET_JOB,
    default_status=_RUNNING,
    description="Publishes the dataset once no partition is being made any more.",
)
def unpublished_partitions(
    context: dg.SensorEvaluationContext, workspace: Workspace, io_manager: dg.ResourceParam[TableStorage]
) -> dg.RunRequest | dg.SkipReason:
    """Launch one publication for all partitions that were made from their present inputs, if any of them is not published so."""
    instance, under_way = context.instance, UnderWay(context.instance)
    if under_way.catalogue or under_way.partitions:
        return dg.SkipReason("Partitions are being made.")
    if under_way.dataset:
        return dg.SkipReason("The dataset is being published.")
    catalogue = current_catalogue(workspace, io_manager)
    if catalogue is None or inputs_seen(workspace) != seen_last(instance):
        return dg.SkipReason(_NOT_LOOKED)
    made = made_partitions(instance)
    plan = publication_plan(wanted_versions(catalogue), made, workspace.dataset_folder)
    changes = {key: f"{decision} {version}" for key, version, decision in plan if decision in ("publish", "remove")}
    if not changes:
        held = [key for key, _, decision in plan if decision == "hold"]
        return dg.SkipReason(f"Held back, as their pass rate fell: {', '.join(held)}." if held else "What was made is published.")
    published = {key_of(partition) for partition in published_partitions(workspace.dataset_folder)}
    missing = {key: str(version) for key, version, decision in plan if decision == "wait" and key not in published}
    broken = [key for key, version in missing.items() if paused(instance, PARTITION_JOB, version, key)]
    if len(broken) < len(missing):
        return dg.SkipReason("Partitions that were never published are made first.")
    inputs = version_over(changes)
    if paused(instance, DATASET_JOB, inputs):
        return dg.SkipReason("Publication failed several times: it is tried again after a pause. The runs say why.")
    return dg.RunRequest(run_config=publication_config(broken=broken), tags={INPUTS_TAG: inputs})


@dg.sensor(
    job_name=FETCH_JOB,
    minimum_interval_seconds=_LOOK_EVERY,
    default_status=_RUNNING,
    description="Asks new sources, goes on with a fetch that was interrupted, makes up for a night left out, tries again what failed.",
)
def unfetched_sources(context: dg.SensorEvaluationContext, fetching: Fetching) -> dg.RunRequest | dg.SkipReason:
    """Launch one fetch, of all sources or of one that failed, unless one is under way."""
    return unless_fetching(context.instance, fetching) or next_fetch(context.instance, fetching)


SENSORS: tuple[dg.SensorDefinition, ...] = (unfetched_sources, changed_inputs, outdated_partitions, unpublished_partitions)
