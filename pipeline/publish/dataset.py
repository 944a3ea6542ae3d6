"""The published dataset as a whole: partitions and dimension tables in, a complete and consistent folder out.

Belongs here: which files a dataset consists of and that they always fit together. How one file is written is in
`parquet.py`, how the folder is replaced in `replacement.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipeline.budget.filing import UNKNOWN_PROVINCE, UNKNOWN_YEAR
from pipeline.publish.database import write_database
from pipeline.publish.description.release_notes import compare, release_notes
from pipeline.publish.description.texts import write_descriptions
from pipeline.publish.gate import (
    PublicationInputs,
    refuse_foreign,
    refuse_lost,
    refuse_other_documents,
    refuse_other_structure,
    refuse_other_version,
)
from pipeline.publish.marts.wide_tables import MADE_FROM, make_marts
from pipeline.publish.parquet import Partition, dimension_path, partition_of, partition_path, write_table
from pipeline.publish.versions.damaged_dataset import is_published, refuse_damaged
from pipeline.publish.versions.kept_versions import KEPT, LOCK_TIMEOUT, keep_notes, publishing
from pipeline.publish.versions.manifest import DATABASE, MANIFEST, File, file_of, read_manifest, rows_per_table, snapshot_of, write_manifest
from schemas.export import empty_frame
from schemas.marts import MARTS, PUBLISHED
from schemas.tables import BUDGET_LINES, CODES, DIMENSIONS, DOCUMENTS, PARTITIONED, Table

_LINES_TOGETHER = 50_000
"""Lines whose marts are made together: a call costs little more for many than for few, but memory for each (250 MB for so many)."""

_OF_PARTITIONS = (*PARTITIONED, *MARTS.values())
_PLACES = {table: place for place, table in enumerate(PUBLISHED)}

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


def publish(
    folder: Path,
    partitions: Mapping[Partition, Frames],
    dimensions: Frames,
    keep_others: bool = False,
    *,
    inputs: PublicationInputs | None = None,
    keep_versions: int = KEPT,
    wait: float = LOCK_TIMEOUT,
) -> Publication:
    """Publish partitions as a dataset, all at once: a reader sees the dataset from before or this one, never a mixture.

    Args:
        folder: the dataset; made if it does not exist. Files in it that are not the dataset's own stay.
        partitions: per fiscal year and province the frames of the partitioned tables, each looked up once and forgotten when it is
            written, so that they need not be in memory. A partition without documents is removed; a table that is left out has no
            rows there. Marts that are left out are made.
        dimensions: the frames of `codes` and `regions`.
        keep_others: keep the published partitions that are not in `partitions`; else they are removed.
        inputs: what the dataset is made of, for the gate; None where the partitions are the caller's own.
        keep_versions: how many versions are kept beside the dataset, the new one included.
        wait: seconds to wait for another writer.

    Returns:
        What the dataset now consists of.

    Raises:
        InvalidFrame: a frame is not what its table declares. Nothing is published then.
        InputsOfAnotherDataset: the samples, or nothing, would replace a dataset of other documents. Nothing is published then.
        LostDocuments: many documents are gone from the inputs. Nothing is published then.
        OtherDocuments: a partition would not hold the documents of its inputs. Nothing is published then.
        OtherStructure: what would stay was written with other tables or columns. Nothing is published then.
        NotADataset: `folder` holds files, but no manifest.
        DamagedDataset: what is published there is damaged (see `replace_damaged`). Nothing is published then.
        AnotherWriter: another process was publishing there all that time, or published since it was decided what stays. Nothing is
            published then.
        CannotReplace: `folder` is a file or a mount point, or the disk is full. Nothing is published then.
    """
    if folder.is_dir() and any(folder.iterdir()) and not is_published(folder):
        raise NotADataset(f"{folder} is not empty and holds no dataset: choose another folder")
    refuse_damaged(folder)
    with publishing(folder, keep=keep_versions, wait=wait) as draft:
        if inputs is not None:
            refuse_other_version(folder, inputs.upon)
            refuse_foreign(folder, inputs.documents["sha256"])
            if not inputs.lost:
                refuse_lost(folder, partitions.keys(), inputs.documents)
        data = _write_data(draft, partitions, dimensions, keep_others)
        rows = rows_per_table(data)
        if inputs is not None:
            refuse_other_documents(draft, data, partitions.keys(), inputs)
        by_table: dict[str, list[Path]] = {}
        for file in data:
            by_table.setdefault(str(file.table), []).append(draft / file.path)
        write_database(draft / DATABASE, by_table, sum(rows[table.name] for table in _OF_PARTITIONS))
        files = write_manifest(draft, data, write_descriptions(draft, data))
        old = folder if (folder / MANIFEST).exists() else None
        keep_notes(folder, snapshot_of(files), lambda: release_notes(compare(old, draft)))
    return Publication(folder, files, rows)


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
    """Write the Parquet files into `draft`, remove those that have gone, and return all that are there.

    A table without rows in a partition leaves no file there. A table without any row keeps one empty file in the first
    partition, so that every table can be scanned.
    """
    published = {path: file for path, file in read_manifest(draft).items() if file.table is not None}
    replaced = {partition_path(table, partition).as_posix() for table in _OF_PARTITIONS for partition in partitions}
    data = {path: file for path, file in published.items() if keep_others and path not in replaced and file.rows}
    refuse_other_structure(draft, data.values(), published.values())

    def write(frame: pl.DataFrame, table: Table, path: Path) -> None:
        write_table(frame, table, draft / path)
        data[path.as_posix()] = file_of(draft, path, table.name, frame.height)

    for batch in _batches(partitions):
        without = [frames for frames in batch.values() if not MARTS.keys() <= frames.keys()]
        marts = _marts(without, dimensions[CODES.name]) if without else {}
        for partition, frames in batch.items():
            for table in _OF_PARTITIONS:
                frame = frames[table.name] if table.name in frames else marts[table.name].get(partition)
                if frame is not None and frame.height:
                    write(frame, table, partition_path(table, partition))
    present = [partition_of(file.path) for file in data.values() if file.table == DOCUMENTS.name]
    first = min(present, default=(UNKNOWN_YEAR, UNKNOWN_PROVINCE))
    filled = {file.table for file in data.values()}
    for table in _OF_PARTITIONS:
        if table.name not in filled:
            write(empty_frame(table), table, partition_path(table, first))
    for table in DIMENSIONS:
        write(dimensions[table.name], table, dimension_path(table))
    for path_text in published.keys() - data.keys():
        _remove(draft, Path(path_text))
    return [data[path] for path in sorted(data, key=_reading_order)]


def _whole(partition: Partition, frames: Frames) -> dict[str, pl.DataFrame]:
    """Return all tables of a partition, those without rows too, and its marts where they are given."""
    whole = {table.name: frames.get(table.name, empty_frame(table)) for table in PARTITIONED}
    if MARTS.keys() <= frames.keys():
        whole |= {name: frames[name] for name in MARTS}
    for name, frame in whole.items():
        _refuse_other_partitions(frame, partition, name)
    return whole


def _batches(partitions: Mapping[Partition, Frames]) -> Iterator[dict[Partition, Frames]]:
    """Yield the partitions that have documents, whole, in groups whose marts are made together."""
    batch: dict[Partition, Frames] = {}
    lines = 0
    for partition in partitions:
        frames = partitions[partition]
        if frames[DOCUMENTS.name].is_empty():
            continue
        batch[partition] = _whole(partition, frames)
        lines += batch[partition][BUDGET_LINES.name].height
        if lines >= _LINES_TOGETHER:
            yield batch
            batch, lines = {}, 0
    if batch:
        yield batch


def _marts(partitions: Sequence[Frames], codes: pl.DataFrame) -> dict[str, dict[Partition, pl.DataFrame]]:
    """Return each mart's rows by partition."""
    tables = {table.name: pl.concat([empty_frame(table), *(frames[table.name] for frames in partitions)]) for table in MADE_FROM}
    return {
        name: {
            (int(year), str(province)): frame
            for (year, province), frame in mart.partition_by("fiscal_year", "province", as_dict=True, maintain_order=True).items()
        }
        for name, mart in make_marts(tables, codes).items()
    }


def _refuse_other_partitions(frame: pl.DataFrame, partition: Partition, table: str) -> None:
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
    return _PLACES[path.partition("/")[0].removesuffix(".parquet")], path
