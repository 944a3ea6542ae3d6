"""The dimension tables: lists that come with the code, and what all documents together say of codes and departments.

Belongs here: which documents a dimension is made of. What it says is decided in `schemas.classification`, `pipeline.codes` and
`pipeline.documents`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
from pydantic import Field

from assets.io import TableStorage, Workspace
from assets.metadata import column_schema
from assets.partitions import parts_of
from pipeline.publish.dimensions import LISTS, MINED, distinct_rows, mined_dimensions
from schemas.tables import BUDGET_LINES, CODE_ATTESTATIONS, DIMENSIONS, DOCUMENTS, Table


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
    lines, documents = (_distinct_rows(table, config, workspace, io_manager) for table in (BUDGET_LINES, DOCUMENTS))
    for name, frame in mined_dimensions(lines, documents).items():
        numbers: dict[str, Any] = {}
        if name == CODE_ATTESTATIONS.name:
            open_pairs = frame.filter(pl.col("conflict").is_not_null() & pl.col("decision").is_null())
            numbers = {"conflicts_to_decide": open_pairs.height, "open": _listed(open_pairs)}
        yield dg.MaterializeResult(asset_key=name, value=frame, metadata={"dagster/row_count": frame.height, **numbers})


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


def _distinct_rows(table: Table, config: Published, workspace: Workspace, storage: TableStorage) -> pl.DataFrame:
    fresh = {parts_of(key): storage.read(dg.AssetKey(table.name), key) for key in keys_of(config, storage)}
    return distinct_rows(table, fresh, Path(workspace.dataset), fresh.keys() if config.keep_others else None)
