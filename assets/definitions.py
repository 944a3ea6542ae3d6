"""Everything that Dagster knows of this project, in one place."""

from __future__ import annotations

import dagster as dg

from assets.catalogue import source_catalogue, without_display
from assets.checks import verdicts
from assets.dimensions import DIMENSION_ASSETS
from assets.documents import documents
from assets.io import TableStorage, Workspace, storage_folder
from assets.jobs import JOBS
from assets.publication import dataset
from assets.schedules import SCHEDULES, SENSORS
from assets.statements import tables_of_readings
from pipeline.store.catalogue import Progress


def definitions_for(workspace: Workspace, storage: TableStorage, progress: Progress = without_display) -> dg.Definitions:
    """Return the project's definitions, bound to what they work on.

    Args:
        workspace: sources, dataset and readings.
        storage: where tables are kept between runs.
        progress: is told of every document read.
    """
    return dg.Definitions(
        assets=[source_catalogue, documents, tables_of_readings, *DIMENSION_ASSETS, dataset],
        asset_checks=[verdicts],
        jobs=JOBS,
        schedules=SCHEDULES,
        sensors=SENSORS,
        # One process per run: the steps of a partition take less time than starting a process for each would.
        executor=dg.in_process_executor,
        resources={
            "io_manager": storage,
            "workspace": workspace,
            "progress": dg.ResourceDefinition.hardcoded_resource(progress),
        },
    )


defs = definitions_for(Workspace.from_environment(), TableStorage(folder=storage_folder()))
