"""The tables that are taken from the readings: one asset per table, made together.

Belongs here: gathering the rows of a partition's documents. What the rows say was decided when the document was read.
"""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from assets.io import Workspace
from assets.metadata import column_schema, numbers_of
from assets.partitions import FISCAL_YEAR_BY_PROVINCE, parts_of
from pipeline.store.catalogue import files_of_partition, fingerprint_of
from pipeline.store.previous_year import previous_year_checks
from pipeline.store.readings import ReadingStore, code_version
from schemas.export import polars_schema
from schemas.tables import CHECKS, PARTITIONED, Table

EXPLAINED_WHEN_QUARANTINED = frozenset({"checks", "findings"})
"""Tables that also speak of quarantined documents: they say what is wrong with them."""

READING_TABLES: tuple[Table, ...] = tuple(table for table in PARTITIONED if table.name != "documents")


@dg.multi_asset(
    outs={
        table.name: dg.AssetOut(
            description=table.description, group_name="tables", kinds={"polars"}, metadata=column_schema(table), is_required=False
        )
        for table in READING_TABLES
    },
    partitions_def=FISCAL_YEAR_BY_PROVINCE,
    can_subset=True,
)
def tables_of_readings(
    context: dg.AssetExecutionContext, source_catalogue: pl.DataFrame, documents: pl.DataFrame, workspace: Workspace
) -> Iterator[dg.MaterializeResult[pl.DataFrame]]:
    """Gather the rows of one partition, table by table. One step for all, because a step costs more than the gathering."""
    year, province = parts_of(context.partition_key)
    inputs = files_of_partition(source_catalogue, year, province)
    readings = inputs.filter(pl.col("primary") & pl.col("reading").is_not_null()).select("document_id", "reading").sort("document_id")
    store = ReadingStore(workspace.readings_folder, code_version())
    version = fingerprint_of(source_catalogue, store.version, year, province)
    for table in READING_TABLES:
        if table.name not in context.op_execution_context.selected_output_names:
            continue
        statuses = ["published", "quarantined"] if table.name in EXPLAINED_WHEN_QUARANTINED else ["published"]
        wanted = readings.join(documents.filter(pl.col("status").is_in(statuses)), on="document_id", how="semi")
        frames = [pl.DataFrame(schema=polars_schema(table))]
        frames += [frame for key in wanted["reading"] if (frame := store.table(key, table.name)) is not None]
        if table.name == CHECKS.name:
            further = previous_year_checks(source_catalogue, store, year, province)
            frames.append(further.join(wanted, on="document_id", how="semi"))
        rows = pl.concat(frames).sort(table.sort_order, nulls_last=True, maintain_order=True)
        yield dg.MaterializeResult(asset_key=table.name, value=rows, metadata=numbers_of(rows, table), data_version=dg.DataVersion(version))
