"""The dimension tables: lists that come with the code, and what all documents together say of codes and departments.

Belongs here: which documents a dimension is made of. What it says is decided in `schemas.classification`, `pipeline.codes` and
`pipeline.documents`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import dagster as dg
import polars as pl
from pydantic import Field

from assets.io import TableStorage, Workspace
from assets.metadata import column_schema
from assets.partitions import key_of
from pipeline.budget.codes import attestations as attest
from pipeline.identity import departments as offices
from pipeline.publish.manifest import read_manifest
from pipeline.publish.parquet import partition_of
from schemas.classification import loader
from schemas.export import polars_schema
from schemas.tables import (
    BUDGET_LINES,
    CODE_ATTESTATIONS,
    CODES,
    CODES_CROSSWALK,
    COFOG,
    DEPARTMENTS,
    DIMENSIONS,
    DOCUMENTS,
    ECONOMIC_PAIRS,
    REGIONS,
    REGIONS_HISTORY,
    Table,
)

LISTS: Mapping[str, Callable[[], pl.DataFrame]] = {
    CODES_CROSSWALK.name: loader.crosswalk_frame,
    ECONOMIC_PAIRS.name: loader.economic_pairs_frame,
    COFOG.name: loader.cofog_frame,
    REGIONS.name: loader.regions_frame,
    REGIONS_HISTORY.name: loader.regions_history_frame,
}
"""Dimensions that no document changes."""

MINED: tuple[Table, ...] = (CODES, CODE_ATTESTATIONS, DEPARTMENTS)
"""Dimensions that grow with the documents."""


class Published(dg.Config):
    """What a run publishes.

    Attributes:
        partitions: keys of the partitions to replace; none stands for all that are stored.
        keep_others: keep what the dataset holds of further partitions; else the dataset is exactly what is named.
        acknowledged: partition key → reason for which it is published although its pass rate fell.
    """

    partitions: list[str] | None = None
    keep_others: bool = True
    acknowledged: dict[str, str] = Field(default_factory=dict)


def keys_of(config: Published, storage: TableStorage) -> list[str]:
    """Return the keys of the stored partitions that a run publishes."""
    return storage.partitions(dg.AssetKey(DOCUMENTS.name)) if config.partitions is None else config.partitions


def _list(table: Table) -> dg.AssetsDefinition:
    @dg.asset(name=table.name, description=table.description, group_name="dimensions", kinds={"polars"}, metadata=column_schema(table))
    def rows() -> dg.MaterializeResult[pl.DataFrame]:
        frame = LISTS[table.name]()
        return dg.MaterializeResult(value=frame, metadata={"dagster/row_count": frame.height, **column_schema(table)})

    return rows


@dg.multi_asset(
    outs={
        table.name: dg.AssetOut(description=table.description, group_name="dimensions", kinds={"polars"}, metadata=column_schema(table))
        for table in MINED
    },
    deps=[DOCUMENTS.name, BUDGET_LINES.name],
)
def dimensions_of_documents(
    config: Published, workspace: Workspace, io_manager: dg.ResourceParam[TableStorage]
) -> Iterator[dg.MaterializeResult[pl.DataFrame]]:
    """Mine printed codes and names of departments from everything that the dataset will hold after this run."""
    lines = _whole(BUDGET_LINES, attest.COLUMNS_READ, config, workspace, io_manager)
    documents = _whole(DOCUMENTS, offices.COLUMNS_READ, config, workspace, io_manager)
    pairs = attest.attestations(attest.printed_pairs(lines))
    open_pairs = pairs.filter(pl.col("conflict").is_not_null() & pl.col("decision").is_null())
    frames = {
        CODES: (attest.published_codes(lines), {}),
        CODE_ATTESTATIONS: (pairs, {"conflicts_to_decide": open_pairs.height, "open": _listed(open_pairs)}),
        DEPARTMENTS: (offices.departments_frame(documents), {}),
    }
    for table, (frame, numbers) in frames.items():
        metadata = {"dagster/row_count": frame.height, **numbers, **column_schema(table)}
        yield dg.MaterializeResult(asset_key=table.name, value=frame, metadata=metadata)


DIMENSION_ASSETS: tuple[dg.AssetsDefinition, ...] = (
    dimensions_of_documents,
    *(_list(table) for table in DIMENSIONS if table.name in LISTS),
)


def _listed(pairs: pl.DataFrame) -> dg.MarkdownMetadataValue:
    shown = pairs.sort("documents", descending=True, maintain_order=True).head(50)
    lines = (
        f"| {row['scheme']} | {row['code']} | {row['name']} | {row['known_name'] or ''} | {row['documents']} |" for row in shown.to_dicts()
    )
    return dg.MetadataValue.md(
        "\n".join(["| scheme | code | printed | in the book | documents |", "| --- | --- | --- | --- | --: |", *lines])
    )


def _whole(table: Table, columns: Sequence[str], config: Published, workspace: Workspace, storage: TableStorage) -> pl.DataFrame:
    """Return the different rows of some columns of a partitioned table, over all partitions that the dataset will hold."""
    keys = keys_of(config, storage)
    frames = [pl.DataFrame(schema={name: polars_schema(table)[name] for name in columns})]
    frames += [storage.read(dg.AssetKey(table.name), key).select(columns).unique() for key in keys]
    if config.keep_others:
        dataset = Path(workspace.dataset)
        for file in read_manifest(dataset).values():
            if file.table == table.name and key_of(*partition_of(file.path)) not in keys:
                year, province = partition_of(file.path)
                found = pl.read_parquet(dataset / file.path, hive_partitioning=False)
                found = found.with_columns(pl.lit(year, pl.Int32).alias("fiscal_year"), pl.lit(province).alias("province"))
                frames.append(found.select(columns).unique())
    return pl.concat(frames)
