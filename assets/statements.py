"""The tables that are taken from the readings: one asset per table, made together.

Belongs here: gathering the rows of a partition's documents. What the rows say was decided when the document was read.
"""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from assets.io import Workspace
from assets.metadata import column_schema, numbers_of
from assets.partitions import FISCAL_YEAR_BY_PROVINCE, parts_of
from pipeline.build import publication_version
from pipeline.store.catalogue import fingerprint_of
from pipeline.store.chain import Stage, stage_versions
from pipeline.store.partition import GATHERED, CheckedTables, gathered_table
from pipeline.store.previous_year import previous_year_checks
from pipeline.store.results import ResultStore


@dg.multi_asset(
    outs={
        table.name: dg.AssetOut(
            description=table.description, group_name="tables", kinds={"polars"}, metadata=column_schema(table), is_required=False
        )
        for table in GATHERED
    },
    partitions_def=FISCAL_YEAR_BY_PROVINCE,
    can_subset=True,
)
def tables_of_readings(
    context: dg.AssetExecutionContext, source_catalogue: pl.DataFrame, documents: pl.DataFrame, workspace: Workspace
) -> Iterator[dg.MaterializeResult[pl.DataFrame]]:
    """Gather the rows of one partition, table by table. One step for all, because a step costs more than the gathering."""
    year, province = parts_of(context.partition_key)
    checked = CheckedTables(ResultStore(workspace.results_folder), stage_versions()[Stage.CHECKING])
    further = previous_year_checks(source_catalogue, checked, year, province)
    version = fingerprint_of(source_catalogue, publication_version(), year, province)
    for table in GATHERED:
        if table.name in context.op_execution_context.selected_output_names:
            rows = gathered_table(table, source_catalogue, checked, documents, further, year, province)
            yield dg.MaterializeResult(
                asset_key=table.name, value=rows, metadata=numbers_of(rows, table), data_version=dg.DataVersion(version)
            )
