"""The way out: dimension tables, and the published dataset as one replacement.

Belongs here: which stored partitions are published together. How files are written is in `pipeline.publish`.
"""

from pathlib import Path

import dagster as dg
import polars as pl

from assets.io import TableStorage, Workspace
from assets.metadata import column_schema
from assets.partitions import parts_of
from assets.statements import READING_TABLES
from pipeline.publish.dataset import publish
from schemas.classification.loader import codes_frame, regions_frame
from schemas.tables import CODES, DIMENSIONS, DOCUMENTS, REGIONS, Table

_PARTITIONED = (DOCUMENTS, *READING_TABLES)
_FRAMES = {CODES.name: codes_frame, REGIONS.name: regions_frame}


class Published(dg.Config):
    """What a run publishes.

    Attributes:
        partitions: keys of the partitions to replace; none stands for all that are stored.
        keep_others: keep what the dataset holds of further partitions; else the dataset is exactly what is named.
    """

    partitions: list[str] | None = None
    keep_others: bool = True


def _dimension(table: Table) -> dg.AssetsDefinition:
    @dg.asset(name=table.name, description=table.description, group_name="dimensions", kinds={"polars"}, metadata=column_schema(table))
    def rows() -> dg.MaterializeResult[pl.DataFrame]:
        frame = _FRAMES[table.name]()
        return dg.MaterializeResult(value=frame, metadata={"dagster/row_count": frame.height, **column_schema(table)})

    return rows


DIMENSION_ASSETS: tuple[dg.AssetsDefinition, ...] = tuple(_dimension(table) for table in DIMENSIONS)


@dg.asset(
    description="The published dataset: replaced as a whole in one step, so that no reader sees a part of it.",
    deps=[table.name for table in _PARTITIONED],
    ins={table.name: dg.AssetIn() for table in DIMENSIONS},
    group_name="publication",
    kinds={"parquet", "duckdb"},
)
def dataset(
    config: Published, workspace: Workspace, io_manager: dg.ResourceParam[TableStorage], codes: pl.DataFrame, regions: pl.DataFrame
) -> dg.MaterializeResult[None]:
    """Publish stored partitions together with the dimension tables, manifest, descriptions and database."""
    keys = io_manager.partitions(dg.AssetKey(DOCUMENTS.name)) if config.partitions is None else config.partitions
    frames = {parts_of(key): {table.name: io_manager.read(dg.AssetKey(table.name), key) for table in _PARTITIONED} for key in keys}
    publication = publish(Path(workspace.dataset), frames, {CODES.name: codes, REGIONS.name: regions}, keep_others=config.keep_others)
    return dg.MaterializeResult(
        metadata={
            "path": dg.MetadataValue.path(str(publication.folder.resolve())),
            "files": len(publication.files),
            "bytes": sum(file.bytes for file in publication.files),
            "partitions": len(keys),
            **{f"rows_{table}": rows for table, rows in publication.rows.items()},
        }
    )
