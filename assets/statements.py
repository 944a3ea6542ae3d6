"""The tables that are taken from the readings: one asset per table, all made by one factory.

Belongs here: gathering the rows of a partition's documents. What the rows say was decided when the document was read.
"""

import dagster as dg
import polars as pl

from assets.io import Workspace
from assets.metadata import column_schema, of_table
from assets.partitions import FISCAL_YEAR_BY_PROVINCE, parts_of
from pipeline.documents.catalogue import files_of_partition, fingerprint_of
from pipeline.documents.store import ReadingStore, code_version
from schemas.export import polars_schema
from schemas.tables import PARTITIONED, Table

EXPLAINED_WHEN_QUARANTINED = frozenset({"checks", "findings"})
"""Tables that also speak of quarantined documents: they say what is wrong with them."""

READING_TABLES: tuple[Table, ...] = tuple(table for table in PARTITIONED if table.name != "documents")


def _asset_of(table: Table) -> dg.AssetsDefinition:
    statuses = ["published", "quarantined"] if table.name in EXPLAINED_WHEN_QUARANTINED else ["published"]

    @dg.asset(
        name=table.name,
        description=table.description,
        partitions_def=FISCAL_YEAR_BY_PROVINCE,
        group_name="tables",
        kinds={"polars"},
        metadata=column_schema(table),
    )
    def rows_of_documents(
        context: dg.AssetExecutionContext, source_catalogue: pl.DataFrame, documents: pl.DataFrame, workspace: Workspace
    ) -> dg.MaterializeResult[pl.DataFrame]:
        inputs = files_of_partition(source_catalogue, *parts_of(context.partition_key))
        wanted = documents.filter(pl.col("status").is_in(statuses)).select("document_id").unique()
        keys = (
            inputs.filter(pl.col("primary") & pl.col("reading").is_not_null())
            .join(wanted, on="document_id", how="semi")
            .sort("document_id")["reading"]
        )
        store = ReadingStore(workspace.readings_folder, code_version())
        frames = [pl.DataFrame(schema=polars_schema(table))]
        frames += [frame for key in keys if (frame := store.table(key, table.name)) is not None]
        rows = pl.concat(frames).sort(table.sort_order, nulls_last=True, maintain_order=True)
        return of_table(rows, table, fingerprint_of(inputs, code_version()))

    return rows_of_documents


READING_ASSETS: tuple[dg.AssetsDefinition, ...] = tuple(_asset_of(table) for table in READING_TABLES)
