"""One table as a Parquet file: order, types, metadata and bytes.

Belongs here: how a frame becomes a file and where the file stands in a dataset. Which files a dataset has is decided in
`dataset.py`.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from schemas.export import arrow_schema, validate
from schemas.tables import Table

COMPRESSION_LEVEL = 9
_ROWS_PER_GROUP = 131_072

Partition = tuple[int, str]
"""Fiscal year (0 unknown) and province (`unknown` where unknown)."""


def key_of(partition: Partition) -> str:
    """Return the key of a partition as Dagster writes it: `key_of((2019, "CN-SH"))` is `2019|CN-SH`."""
    year, province = partition
    return f"{year}|{province}"


def partition_path(table: Table, partition: Partition) -> Path:
    """Return where the file of a partition stands, relative to the dataset."""
    year, province = partition
    return Path(table.name, f"fiscal_year={year}", f"province={province}", "part-0.parquet")


def partition_of(path: str) -> Partition:
    """Return the partition that a file of a partitioned table belongs to, by its path."""
    year, province = (part.partition("=")[2] for part in path.split("/")[1:3])
    return int(year), province


def dimension_path(table: Table) -> Path:
    """Return where the file of a dimension table stands, relative to the dataset."""
    return Path(f"{table.name}.parquet")


def write_table(frame: pl.DataFrame, table: Table, path: Path) -> None:
    """Write `frame` as a Parquet file of `table`: the same rows, in any order, always give the same bytes.

    Args:
        frame: valid rows of the table, partition columns included (they are not written).
        table: its declaration.
        path: the file; its folder is made, an existing file is replaced (not written into: it may be linked elsewhere).

    Raises:
        InvalidFrame: the frame is not what the table declares.
    """
    rows = validate(frame, table).sort(table.sort_order, nulls_last=True).select([field.name for field in table.file_fields])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    pq.write_table(
        rows.to_arrow().cast(arrow_schema(table)),
        path,
        compression="zstd",
        compression_level=COMPRESSION_LEVEL,
        row_group_size=_ROWS_PER_GROUP,
        write_page_index=True,
    )
