"""The steps of a build as jobs: look at the inputs, make the tables of one partition, publish.

Belongs here: which assets run together. One run makes one partition, so that its checks are filed under it.
"""

from __future__ import annotations

import dagster as dg

from assets.catalogue import source_catalogue
from assets.dimensions import DIMENSION_ASSETS
from assets.documents import documents
from assets.publication import dataset
from assets.statements import tables_of_readings

CATALOGUE_JOB = "look_at_inputs"
PARTITION_JOB = "make_partition"
DATASET_JOB = "publish_dataset"
SEASON_JOB = "season"

TABLES = dg.AssetSelection.assets(documents, tables_of_readings)

JOBS = (
    dg.define_asset_job(CATALOGUE_JOB, dg.AssetSelection.assets(source_catalogue), description="List the inputs and read what is new."),
    dg.define_asset_job(
        PARTITION_JOB,
        TABLES,
        description="Make and check all tables of one fiscal year and province.",
    ),
    dg.define_asset_job(
        DATASET_JOB, dg.AssetSelection.assets(*DIMENSION_ASSETS, dataset), description="Publish the stored partitions as the dataset."
    ),
    dg.define_asset_job(
        SEASON_JOB,
        dg.AssetSelection.assets(source_catalogue) | TABLES,
        description="What a schedule launches: the first job's part for new inputs, the second's for partitions that changed.",
    ),
)
