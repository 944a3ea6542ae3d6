"""The published dataset as a whole: partitions and dimension tables in, a complete and consistent folder out.

Belongs here: which files a dataset consists of and that they always fit together. How one file is written is in
`parquet.py`, how the folder is replaced in `replacement.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipeline.catalogue.filing import UNKNOWN_PROVINCE, UNKNOWN_YEAR
from pipeline.publish.database import write_database
from pipeline.publish.describe import DATABASE, MANIFEST, File, file_of, read_manifest, rows_per_table, write_descriptions, write_manifest
from pipeline.publish.frames import empty_frames
from pipeline.publish.parquet import Partition, dimension_path, partition_path, write_table
from pipeline.publish.replacement import replacing
from schemas.tables import DIMENSIONS, PARTITIONED, TABLES

Frames = Mapping[str, pl.DataFrame]
"""One frame per table, by name."""


class NotADataset(ValueError):
    """The folder to publish to holds something else, which would be lost."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What was published.

    Attributes:
        folder: the dataset.
        files: everything in it that the manifest lists.
        rows: per table.
    """

    folder: Path
    files: tuple[File, ...]
    rows: Mapping[str, int]


def publish(folder: Path, partitions: Mapping[Partition, Frames], dimensions: Frames, keep_others: bool = False) -> Publication:
    """Publish partitions as a dataset, all at once: a reader sees the dataset from before or this one, never a mixture.

    Args:
        folder: the dataset; made if it does not exist. Files in it that are not the dataset's own stay.
        partitions: per fiscal year and province the frames of the partitioned tables. A partition without documents is
            removed; a table that is left out has no rows there.
        dimensions: the frames of `codes` and `regions`.
        keep_others: keep the published partitions that are not in `partitions`; else they are removed.

    Returns:
        What the dataset now consists of.

    Raises:
        InvalidFrame: a frame is not what its table declares. Nothing is published then.
        NotADataset: `folder` holds files, but no manifest.
        CannotReplace: `folder` is a file or a mount point.
    """
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MANIFEST).exists():
        raise NotADataset(f"{folder} is not empty and holds no dataset: choose another folder")
    with replacing(folder) as draft:
        data = _write_data(draft, partitions, dimensions, keep_others)
        write_database(draft / DATABASE, {table: [draft / f.path for f in data if f.table == table] for table in TABLES})
        write_descriptions(draft, data)
        files = write_manifest(draft, data)
    return Publication(folder, files, rows_per_table(data))


def split_by_partition(frames: Frames) -> dict[Partition, dict[str, pl.DataFrame]]:
    """Return whole tables as one set of frames per partition that has documents, in order of year and province."""
    found = frames["documents"].select("fiscal_year", "province").unique().sort("fiscal_year", "province")
    return {
        (year, province): {
            name: frame.filter((pl.col("fiscal_year") == year) & (pl.col("province") == province)) for name, frame in frames.items()
        }
        for year, province in found.iter_rows()
    }


def _write_data(draft: Path, partitions: Mapping[Partition, Frames], dimensions: Frames, keep_others: bool) -> list[File]:
    """Write the Parquet files into `draft`, remove those that have gone, and return all that are there."""
    published = {path: file for path, file in read_manifest(draft).items() if file.table is not None}
    replaced = {partition_path(table, partition).as_posix() for table in PARTITIONED for partition in partitions}
    replaced |= {dimension_path(table).as_posix() for table in DIMENSIONS}
    kept = {path: file for path, file in published.items() if keep_others and path not in replaced}
    written: dict[str, File] = {}
    present = {partition: frames for partition, frames in partitions.items() if frames["documents"].height}
    if not present and not kept:
        present = {(UNKNOWN_YEAR, UNKNOWN_PROVINCE): {}}  # so that every table can be scanned, also without rows
    empty = empty_frames()
    for partition, frames in present.items():
        for table in PARTITIONED:
            path = partition_path(table, partition)
            frame = frames.get(table.name, empty[table.name])
            _refuse_strangers(frame, partition, table.name)
            write_table(frame, table, draft / path)
            written[path.as_posix()] = file_of(draft, path, table.name, frame.height)
    for table in DIMENSIONS:
        path = dimension_path(table)
        write_table(dimensions[table.name], table, draft / path)
        written[path.as_posix()] = file_of(draft, path, table.name, dimensions[table.name].height)
    for path_text in published.keys() - written.keys() - kept.keys():
        _remove(draft, Path(path_text))
    data = {**kept, **written}
    return [data[path] for path in sorted(data, key=_reading_order)]


def _refuse_strangers(frame: pl.DataFrame, partition: Partition, table: str) -> None:
    year, province = partition
    strangers = frame.filter((pl.col("fiscal_year") != year) | (pl.col("province") != province)).height
    if strangers:
        raise ValueError(f"{strangers} rows of {table} do not belong to the partition {year}, {province}")


def _remove(draft: Path, path: Path) -> None:
    (draft / path).unlink()
    for folder in path.parents[:-1]:
        if any((draft / folder).iterdir()):
            return
        (draft / folder).rmdir()


def _reading_order(path: str) -> tuple[int, str]:
    table = Path(path).parts[0].removesuffix(".parquet")
    return list(TABLES).index(table), path
