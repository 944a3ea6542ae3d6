"""The steps of a build as jobs: look at the inputs, make one partition, publish.

Belongs here: which assets run together, and what automated runs of them are told. One run makes one partition, so that its checks are
filed under it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dagster as dg

from assets.dimensions.assets import DIMENSION_ASSETS
from assets.fetching.assets import fetched_documents
from assets.marts.assets import marts_of_tables
from assets.publication.assets import PLAN_STEP, dataset, publication_plan
from assets.raw.assets import raw_documents
from assets.stages.assets import STAGES_STEP, stages_of_documents
from assets.tables.assets import TABLES_STEP, tables_of_documents

FETCH_JOB = "fetch_documents"
CATALOGUE_JOB = "look_at_inputs"
PARTITION_JOB = "make_partition"
DATASET_JOB = "publish_dataset"

SHORT = {"dagster/max_runtime": "3600"}
"""Tag of runs that read few documents or none: the largest take minutes, so that one without an end after an hour (in seconds) hangs."""

JOBS = (
    dg.define_asset_job(
        FETCH_JOB,
        dg.AssetSelection.assets(fetched_documents),
        description="Ask the sources for documents that are new or changed, one request at a time to a host.",
    ),
    dg.define_asset_job(CATALOGUE_JOB, dg.AssetSelection.assets(raw_documents), description="List the inputs and read what is new."),
    dg.define_asset_job(
        PARTITION_JOB,
        dg.AssetSelection.assets(stages_of_documents, tables_of_documents, marts_of_tables),
        description="Show the stages, and make and check all tables and marts, of one fiscal year and province.",
        tags=SHORT,
    ),
    dg.define_asset_job(
        DATASET_JOB,
        dg.AssetSelection.assets(publication_plan, *DIMENSION_ASSETS, dataset),
        description="Publish what was made from its present inputs, and is not published so.",
        tags=SHORT,
    ),
)


def partition_config(*, redo: bool = False, reason: str = "", documents: Sequence[str] = ()) -> dict[str, Any]:
    """Return the run config of `make_partition`.

    Args:
        redo: make all stages of its documents again.
        reason: why its pass rate may fall; empty: it may not.
        documents: ids of those whose stages are made again; none: all.
    """
    return {"ops": {STAGES_STEP: {"config": {"redo": redo, "documents": list(documents)}}, TABLES_STEP: {"config": {"reason": reason}}}}


def publication_config(partitions: Sequence[str] | None = None, lost: str = "", broken: Sequence[str] = ()) -> dict[str, Any]:
    """Return the run config of `publish_dataset`.

    Args:
        partitions: keys of those that it is about, None for all.
        lost: why many documents may be gone from the inputs; empty: they may not.
        broken: keys of those that cannot be made, and of which nothing may be published.
    """
    plan = {} if partitions is None else {"partitions": list(partitions)}
    return {"ops": {PLAN_STEP: {"config": plan}, "dataset": {"config": {"lost": lost, "broken": list(broken)}}}}
