"""The `documents` table: what became of every input file.

Belongs here: the final status of a partition's files. What is known of each alone comes from `source_catalogue`.
"""

import dagster as dg
import polars as pl

from assets.io import Workspace
from assets.metadata import column_schema, numbers_of
from assets.partitions import FISCAL_YEAR_BY_PROVINCE, parts_of
from pipeline.build import publication_version
from pipeline.store.catalogue import fingerprint_of
from pipeline.store.chain import Stage, stage_versions
from pipeline.store.partition import CheckedTables, documents_table
from pipeline.store.previous_year import previous_year_checks
from pipeline.store.results import ResultStore
from schemas.tables import DOCUMENTS


@dg.asset(
    partitions_def=FISCAL_YEAR_BY_PROVINCE,
    description=DOCUMENTS.description,
    group_name="tables",
    kinds={"polars"},
    metadata=column_schema(DOCUMENTS),
)
def documents(
    context: dg.AssetExecutionContext, source_catalogue: pl.DataFrame, workspace: Workspace
) -> dg.MaterializeResult[pl.DataFrame]:
    """Decide what is published, duplicate or superseded among the files of one partition."""
    checked = CheckedTables(ResultStore(workspace.results_folder), stage_versions()[Stage.CHECKING])
    year, province = parts_of(context.partition_key)
    further = previous_year_checks(source_catalogue, checked, year, province)
    frame = documents_table(source_catalogue, checked, further, year, province)
    counts = {
        f"files_{status}": frame.filter(pl.col("status") == status).height
        for status in ("published", "quarantined", "superseded", "duplicate")
    }
    return dg.MaterializeResult(
        value=frame,
        metadata={**numbers_of(frame, DOCUMENTS), **counts},
        data_version=dg.DataVersion(fingerprint_of(source_catalogue, publication_version(), year, province)),
    )
