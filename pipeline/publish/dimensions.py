"""The dimension tables: lists that come with the code, and what all documents together say of codes and departments.

Belongs here: which rows a dimension is made of. What it says is decided in `schemas.classification`, `pipeline.budget.codes` and
`pipeline.identity`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

import polars as pl

from pipeline.budget.codes import attestations
from pipeline.identity import departments
from pipeline.publish.parquet import Partition, partition_of
from pipeline.publish.versions.manifest import read_manifest
from schemas.classification import code_lists, places
from schemas.export import polars_schema
from schemas.tables import (
    BUDGET_LINES,
    CODE_ATTESTATIONS,
    CODES,
    CODES_CROSSWALK,
    COFOG,
    DEPARTMENTS,
    DOCUMENTS,
    ECONOMIC_PAIRS,
    REGIONS,
    REGIONS_HISTORY,
    Table,
)

LISTS: Mapping[str, Callable[[], pl.DataFrame]] = {
    CODES_CROSSWALK.name: code_lists.crosswalk_frame,
    ECONOMIC_PAIRS.name: code_lists.economic_pairs_frame,
    COFOG.name: code_lists.cofog_frame,
    REGIONS.name: places.regions_frame,
    REGIONS_HISTORY.name: places.regions_history_frame,
}
"""Dimensions that no document changes."""

MINED: tuple[Table, ...] = (CODES, CODE_ATTESTATIONS, DEPARTMENTS)
"""Dimensions that grow with the documents."""

READ_FROM: Mapping[str, Sequence[str]] = {BUDGET_LINES.name: attestations.COLUMNS_READ, DOCUMENTS.name: departments.COLUMNS_READ}
"""Columns of partitioned tables that the mined dimensions are made of."""


def mined_dimensions(lines: pl.DataFrame, documents: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return the dimensions that grow with the documents, by table.

    Args:
        lines: the different rows of `READ_FROM` of `budget_lines`, over all partitions that the dataset will hold.
        documents: those of `documents`.
    """
    return {
        CODES.name: attestations.published_codes(lines),
        CODE_ATTESTATIONS.name: attestations.attestations(attestations.printed_pairs(lines)),
        DEPARTMENTS.name: departments.departments_frame(documents),
    }


def distinct_rows(
    table: Table, fresh: Mapping[Partition, pl.DataFrame], dataset: Path, replaced: Collection[Partition] | None
) -> pl.DataFrame:
    """Return the different rows of the columns `READ_FROM` of a table, over all partitions that the dataset will hold.

    Args:
        table: `budget_lines` or `documents`.
        fresh: its frames of the partitions that are made now.
        dataset: published; its other partitions stay.
        replaced: partitions of the dataset that do not stay; None: none stays.
    """
    columns = READ_FROM[table.name]
    frames = [pl.DataFrame(schema={name: polars_schema(table)[name] for name in columns})]
    frames += [frame.select(columns).unique() for frame in fresh.values()]
    kept = [] if replaced is None else [file for file in read_manifest(dataset).values() if file.table == table.name]
    for file in kept:
        if partition_of(file.path) not in (replaced or ()):
            year, province = partition_of(file.path)
            found = pl.read_parquet(dataset / file.path, hive_partitioning=False)
            found = found.with_columns(pl.lit(year, pl.Int32).alias("fiscal_year"), pl.lit(province).alias("province"))
            frames.append(found.select(columns).unique())
    return pl.concat(frames)
