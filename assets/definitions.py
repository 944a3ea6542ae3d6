"""Everything that Dagster knows of this project, in one place."""

from __future__ import annotations

import dagster as dg

from assets.automation.alerts import ALERTS
from assets.automation.schedules import SCHEDULES
from assets.automation.sensors import SENSORS
from assets.dimensions.assets import DIMENSION_ASSETS
from assets.fetching.assets import fetched_documents
from assets.fetching.resource import Fetching
from assets.io import TableStorage
from assets.jobs import JOBS
from assets.marts.assets import marts_of_tables
from assets.publication.assets import dataset, publication_plan
from assets.raw.assets import raw_documents
from assets.resources import Workspace
from assets.stages.assets import stages_of_documents
from assets.tables.assets import tables_of_documents
from pipeline.store.catalogue import Progress


def _without_display(done: int, total: int, name: str) -> None:
    """Show nothing: a run without a terminal says in its records what it did."""


def definitions_for(
    workspace: Workspace, storage: TableStorage, progress: Progress = _without_display, fetching: Fetching | None = None
) -> dg.Definitions:
    """Return the project's definitions, bound to what they work on.

    Args:
        workspace: sources, dataset and results.
        storage: where tables are kept between runs.
        progress: is told of every document read.
        fetching: what is fetched, and how; None: what the environment says.
    """
    return dg.Definitions(
        assets=[
            fetched_documents,
            raw_documents,
            stages_of_documents,
            tables_of_documents,
            marts_of_tables,
            publication_plan,
            *DIMENSION_ASSETS,
            dataset,
        ],
        jobs=JOBS,
        schedules=SCHEDULES,
        sensors=(*SENSORS, *ALERTS),
        # One process per run: the steps of a partition take less time than starting a process for each would.
        executor=dg.in_process_executor,
        resources={
            "io_manager": storage,
            "workspace": workspace,
            "fetching": fetching or Fetching(),
            "progress": dg.ResourceDefinition.hardcoded_resource(progress),
        },
    )


defs = definitions_for(Workspace(), TableStorage())
