"""The tables of a published dataset, by partition, as the site needs them: money in whole fen, so that no reader makes a float of it.

Belongs here: reading Parquet files that a manifest lists, and the exact forms of amounts. What the site shows of them is in the
modules that write its files.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path

import polars as pl

from pipeline.publish.parquet import Partition, partition_of
from pipeline.publish.versions.manifest import File, read_manifest
from schemas.export import empty_frame, polars_schema
from schemas.marts import PUBLISHED
from schemas.tables import DOCUMENTS, Table

FEN = 100
"""Fen in a yuan."""

_INT64 = 2**63 - 1
LARGEST_INTEGER = 2**53 - 1
"""The largest integer that JSON readers take exactly; a larger one is written as text."""


@dataclass(frozen=True)
class Tables:
    """A published dataset, read table by table and province by province.

    Attributes:
        dataset: its folder.
    """

    dataset: Path

    @cached_property
    def _files(self) -> dict[str, dict[Partition | None, File]]:
        """The Parquet files of each table, as the manifest lists them, by partition; of a dimension by None."""
        found: dict[str, dict[Partition | None, File]] = {}
        for file in read_manifest(self.dataset).values():
            if file.table is not None:
                partition = partition_of(file.path) if PUBLISHED[file.table].partitioned else None
                found.setdefault(file.table, {})[partition] = file
        return found

    @cached_property
    def partitions(self) -> tuple[Partition, ...]:
        """Fiscal years and provinces that have documents, in order."""
        return tuple(sorted(partition for partition, file in self._files.get(DOCUMENTS.name, {}).items() if partition and file.rows))

    @property
    def provinces(self) -> tuple[str, ...]:
        """Provinces that have documents, in order."""
        return tuple(sorted({province for _, province in self.partitions}))

    def read(
        self, table: Table, *, province: str | None = None, year: int | None = None, columns: Sequence[str] | None = None
    ) -> pl.DataFrame:
        """Return rows of a table, its partition columns included.

        Args:
            table: any table of the dataset.
            province: of a partitioned table, only this province; None: all.
            year: of a partitioned table, only this fiscal year; None: all.
            columns: only these, in this order, which is all that is read; None: all.
        """
        schema = polars_schema(table)
        wanted = list(columns or schema)
        files = self._files.get(table.name, {})
        if year is not None and province is not None:
            files = {partition: file for partition, file in [((year, province), files.get((year, province)))] if file is not None}
        frames = [empty_frame(table).select(wanted)]
        for partition, file in files.items():
            if partition is not None and (province not in (None, partition[1]) or year not in (None, partition[0])):
                continue
            path = self.dataset / file.path
            frame = pl.read_parquet(path, hive_partitioning=False, columns=None if columns is None else _stored(path, wanted))
            if partition is not None:
                frame = frame.with_columns(
                    pl.lit(partition[0], dtype=pl.Int32).alias("fiscal_year"), pl.lit(partition[1]).alias("province")
                )
            frames.append(_with_columns(frame, {name: schema[name] for name in wanted}).select(wanted))
        return pl.concat(frames)


def _stored(path: Path, wanted: Collection[str]) -> list[str]:
    """Return which columns of a file are wanted; the first where none is: columns of the partition have as many rows as the file."""
    names = list(pl.read_parquet_schema(path))
    return [name for name in names if name in wanted] or names[:1]


def _with_columns(frame: pl.DataFrame, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Add columns that a table has got since a dataset was published, without values."""
    return frame.with_columns(pl.lit(None, dtype=dtype).alias(name) for name, dtype in schema.items() if name not in frame.columns)


def in_fen(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame with every amount of money as an integer of fen."""
    money = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.Decimal) and dtype.scale == 2]
    return frame.with_columns((pl.col(name).cast(pl.Decimal(38, 2)) * FEN).cast(pl.Int64) for name in money)


def fen(amount: Decimal | None) -> int | str | None:
    """Return an amount in yuan as fen for JSON: an integer, as text where JSON readers would round it."""
    if amount is None:
        return None
    number = int(amount.scaleb(2))
    return number if abs(number) <= LARGEST_INTEGER else str(number)


def in_64_bits(amount: Decimal) -> int | None:
    """Return an amount in yuan as fen for a column of 64-bit integers; None where it does not fit."""
    number = int(amount.scaleb(2))
    return number if abs(number) <= _INT64 else None
