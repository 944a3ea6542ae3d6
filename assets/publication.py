"""The way out: the published dataset as one replacement.

Belongs here: which stored partitions are published together. How files are written is in `pipeline.publish`.
"""

from pathlib import Path

import dagster as dg
import polars as pl

from assets.dimensions import Published, keys_of
from assets.io import TableStorage, Workspace
from assets.partitions import parts_of
from pipeline.publish.dataset import publish
from pipeline.publish.gate import fall_of, published_partition
from schemas.tables import CHECKS, DIMENSIONS, PARTITIONED


@dg.asset(
    description="The published dataset: replaced as a whole in one step, so that no reader sees a part of it.",
    deps=[table.name for table in PARTITIONED],
    ins={table.name: dg.AssetIn() for table in DIMENSIONS},
    group_name="publication",
    kinds={"parquet", "duckdb"},
)
def dataset(
    config: Published, workspace: Workspace, io_manager: dg.ResourceParam[TableStorage], **dimensions: pl.DataFrame
) -> dg.MaterializeResult[None]:
    """Publish stored partitions together with the dimension tables, manifest, descriptions and database."""
    keys = keys_of(config, io_manager)
    frames = {parts_of(key): {table.name: io_manager.read(dg.AssetKey(table.name), key) for table in PARTITIONED} for key in keys}
    held = {}
    for key in keys:
        last = published_partition(Path(workspace.dataset), parts_of(key))
        fall = fall_of(last[CHECKS.name] if last else None, frames[parts_of(key)][CHECKS.name])
        if last and fall and key not in config.acknowledged:
            held[key] = str(fall)
            frames[parts_of(key)] = last  # what was published stays
    publication = publish(
        Path(workspace.dataset), frames, dimensions, keep_others=config.keep_others, keep_versions=workspace.keep_versions
    )
    return dg.MaterializeResult(
        metadata={
            "path": dg.MetadataValue.path(str(publication.folder.resolve())),
            "files": len(publication.files),
            "bytes": sum(file.bytes for file in publication.files),
            "partitions": len(keys),
            "held": held,
            "acknowledged": config.acknowledged,
            **{f"rows_{table}": rows for table, rows in publication.rows.items()},
        },
    )
