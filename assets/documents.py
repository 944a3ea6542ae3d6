"""The `documents` table: what became of every input file.

Belongs here: the final status of a partition's files. What is known of each alone comes from `source_catalogue`.
"""

import dagster as dg
import polars as pl

from assets.io import Workspace
from assets.metadata import column_schema, numbers_of
from assets.partitions import FISCAL_YEAR_BY_PROVINCE, parts_of
from pipeline.store.catalogue import files_of_partition, fingerprint_of
from pipeline.store.previous_year import previous_year_checks
from pipeline.store.readings import ReadingStore, code_version
from pipeline.store.superseded import resolve_versions
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

    year, province = parts_of(context.partition_key)
    rows = files_of_partition(source_catalogue, year, province)
    frame = pl.DataFrame(resolve_versions(rows.to_dicts(), lines_of), schema=rows.schema).select(empty.columns)
    frame = _with_outcomes(frame, previous_year_checks(source_catalogue, store, year, province))
    frame = frame.sort(DOCUMENTS.sort_order, nulls_last=True, maintain_order=True)
    counts = {
        f"files_{status}": frame.filter(pl.col("status") == status).height
        for status in ("published", "quarantined", "superseded", "duplicate")
    }
    return dg.MaterializeResult(
        value=frame,
        metadata={**numbers_of(frame, DOCUMENTS), **counts},
        data_version=dg.DataVersion(fingerprint_of(source_catalogue, store.version, year, province)),
    )


def _with_outcomes(documents: pl.DataFrame, checks: pl.DataFrame) -> pl.DataFrame:
    """Return `documents` with further checks counted, for the files that stand for the documents."""
    outcomes = {"pass": "checks_passed", "fail": "checks_failed", "not_applicable": "checks_not_applicable"}
    counted = checks.group_by("document_id").agg(
        (pl.col("outcome") == outcome).sum().alias(f"{name}_more") for outcome, name in outcomes.items()
    )
    joined = documents.join(counted, on="document_id", how="left", maintain_order="left")
    more = [
        pl.when(pl.col("status") == "published")
        .then(pl.col(name) + pl.col(f"{name}_more").fill_null(0))
        .otherwise(pl.col(name))
        .cast(pl.Int32)
        for name in outcomes.values()
    ]
    return joined.with_columns(more).select(documents.columns)
