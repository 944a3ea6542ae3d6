"""The `documents` table: what became of every input file.

Belongs here: the final status of a partition's files. What is known of each alone comes from `source_catalogue`.
"""

import dagster as dg
import polars as pl

from assets.io import Workspace
from assets.metadata import column_schema, numbers_of
from assets.partitions import FISCAL_YEAR_BY_PROVINCE, parts_of
from pipeline.catalogue.catalogue import files_of_partition, fingerprint_of
from pipeline.catalogue.store import ReadingStore, code_version
from pipeline.catalogue.versions import resolve_versions
from schemas.export import polars_schema
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
    store = ReadingStore(workspace.readings_folder, code_version())
    empty = pl.DataFrame(schema=polars_schema(DOCUMENTS))

    def lines_of(row: dict[str, object]) -> pl.DataFrame:
        lines = store.table(str(row["reading"]), "budget_lines")
        assert lines is not None, f"{row['document_id']} counts lines and keeps none"
        return lines

    rows = files_of_partition(source_catalogue, *parts_of(context.partition_key))
    frame = pl.DataFrame(resolve_versions(rows.to_dicts(), lines_of), schema=rows.schema).select(empty.columns)
    frame = frame.sort(DOCUMENTS.sort_order, nulls_last=True, maintain_order=True)
    counts = {
        f"files_{status}": frame.filter(pl.col("status") == status).height
        for status in ("published", "quarantined", "superseded", "duplicate")
    }
    return dg.MaterializeResult(
        value=frame,
        metadata={**numbers_of(frame, DOCUMENTS), **counts},
        data_version=dg.DataVersion(fingerprint_of(rows, store.version)),
    )
