"""When inputs are looked at again: daily in the seasons of publication, and what follows from what was found.

Belongs here: schedules, sensors, and the comparison of a partition's inputs with those that it was last made from.
"""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from assets.catalogue import inputs_of
from assets.io import TableStorage, Workspace
from assets.jobs import DATASET_JOB, PARTITION_JOB, SEASON_JOB
from assets.partitions import key_of
from pipeline.build import publication_version
from pipeline.store.catalogue import NO_INPUTS, digest_of, fingerprints
from pipeline.store.chain import stage_versions
from schemas.tables import PARTITIONED

TIME_ZONE = "Asia/Shanghai"
SEASONS = {
    "budget_season": ("0 6 * 1-4 *", "Departments publish their budgets from January to April."),
    "final_account_season": ("0 6 * 7-10 *", "Departments publish their final accounts from July to October."),
}

_CATALOGUE = dg.AssetKey("source_catalogue")
_TABLES = [dg.AssetKey(table.name) for table in PARTITIONED]
_DATA_VERSION = "dagster/data_version"
_UNDER_WAY = [dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED]


def changed_partitions(instance: dg.DagsterInstance, catalogue: pl.DataFrame) -> dict[str, str]:
    """Return the partitions whose inputs are not those that their tables were last made from.

    Args:
        instance: knows what was made.
        catalogue: the table of `source_catalogue`.

    Returns:
        Partition keys, in order, with the fingerprint of their inputs now; partitions that lost all their inputs are among them.
    """
    now = {key_of(*partition): fingerprint for partition, fingerprint in fingerprints(catalogue, publication_version()).items()}
    made = [_data_versions(instance, table) for table in _TABLES]
    wanted = {**{key: NO_INPUTS for versions in made for key in versions}, **now}
    return {key: wanted[key] for key in sorted(wanted) if any(versions.get(key) != wanted[key] for versions in made)}


def _data_versions(instance: dg.DagsterInstance, asset: dg.AssetKey) -> dict[str, str]:
    tags = instance.event_log_storage.get_latest_tags_by_partition(
        asset, dg.DagsterEventType.ASSET_MATERIALIZATION, tag_keys=[_DATA_VERSION]
    )
    return {key: versions[_DATA_VERSION] for key, versions in tags.items()}


def _last_digest(instance: dg.DagsterInstance) -> str | None:
    event = instance.get_latest_materialization_event(_CATALOGUE)
    materialization = event.asset_materialization if event else None
    return (materialization.tags or {}).get(_DATA_VERSION) if materialization else None


def _season(name: str, cron: str, description: str) -> dg.ScheduleDefinition:
    @dg.schedule(
        name=name,
        cron_schedule=cron,
        execution_timezone=TIME_ZONE,
        job_name=SEASON_JOB,
        description=f"{description} Launches the partitions whose inputs changed; new documents are read first.",
    )
    def look(
        context: dg.ScheduleEvaluationContext, workspace: Workspace, io_manager: dg.ResourceParam[TableStorage]
    ) -> Iterator[dg.RunRequest | dg.SkipReason]:
        digest = digest_of(inputs_of(workspace), stage_versions().values())
        if digest != _last_digest(context.instance):
            yield dg.RunRequest(run_key=digest, asset_selection=[_CATALOGUE])
            return
        changed = changed_partitions(context.instance, io_manager.read(_CATALOGUE))
        for key, fingerprint in changed.items():
            yield dg.RunRequest(run_key=f"{key}@{fingerprint}", partition_key=key, asset_selection=_TABLES)
        if not changed:
            yield dg.SkipReason("Inputs and code are those of the last run.")

    return look


SCHEDULES: tuple[dg.ScheduleDefinition, ...] = tuple(_season(name, *season) for name, season in SEASONS.items())


@dg.asset_sensor(asset_key=_CATALOGUE, job_name=PARTITION_JOB, description="Makes the partitions that newly read documents belong to.")
def partitions_of_new_documents(
    context: dg.SensorEvaluationContext, io_manager: dg.ResourceParam[TableStorage]
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Launch one run per partition whose inputs changed, as soon as the catalogue was made."""
    changed = changed_partitions(context.instance, io_manager.read(_CATALOGUE))
    for key, fingerprint in changed.items():
        yield dg.RunRequest(run_key=f"{key}@{fingerprint}", partition_key=key)
    if not changed:
        yield dg.SkipReason("Every partition was made from its present inputs.")


@dg.sensor(job_name=DATASET_JOB, description="Publishes the dataset once no partition is being made any more.")
def publication_of_new_partitions(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Launch one publication for all partitions that were made since the last one."""
    makers = (PARTITION_JOB, SEASON_JOB)
    if any(context.instance.get_runs_count(dg.RunsFilter(job_name=job, statuses=_UNDER_WAY)) for job in makers):
        return dg.SkipReason("Partitions are being made.")
    made = [
        record.storage_id
        for job in makers
        for record in context.instance.get_run_records(dg.RunsFilter(job_name=job, statuses=[dg.DagsterRunStatus.SUCCESS]), limit=1)
    ]
    if not made or str(max(made)) == context.cursor:
        return dg.SkipReason("No partition was made since the last publication.")
    context.update_cursor(str(max(made)))
    return dg.RunRequest(run_key=str(max(made)))


SENSORS: tuple[dg.SensorDefinition, ...] = (partitions_of_new_documents, publication_of_new_partitions)
