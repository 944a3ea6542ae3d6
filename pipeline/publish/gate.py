"""The gate before publication: what may not replace what is published.

A partition whose pass rate fell against its last version is held back until somebody acknowledges it, and so is the whole publication if
more than a fifth of the documents are no longer among the inputs. A dataset is never replaced by the embedded samples, or by nothing,
unless it is made of them.

Belongs here: these comparisons, and what was published of a partition. An acknowledgement with its reason is given to the build.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

from pipeline.publish.parquet import Partition, partition_of, partition_path
from pipeline.publish.versions.manifest import File, read_manifest
from pipeline.samples import DOCUMENTS as SAMPLES
from schemas.export import polars_schema
from schemas.marts import PUBLISHED
from schemas.tables import CHECKS, DOCUMENTS, PARTITION_COLUMNS, PARTITIONED, Table

FALL_CHECK = "pass_rate_kept"
"""Check of the table `checks` against its published version, which a look at the table alone cannot tell."""


LOST_DOCUMENTS = "documents"
"""Key under which somebody acknowledges that documents are gone, as others are keys of partitions."""

MOST_LOST = 0.2
"""Share of the published documents that may be gone from the inputs: of a folder that was emptied, moved or not mounted more are."""


_NAMED = 4  # partitions that a message names


class LostDocuments(ValueError):
    """Many documents of the dataset are no longer among the inputs; the message says how many, and what to do."""


class OtherStructure(ValueError):
    """What would stay of a dataset has other tables or columns than what would stand beside it."""


class InputsOfAnotherDataset(ValueError):
    """The inputs are not those of the dataset that they would replace."""


def refuse_lost(dataset: Path, replaced: Collection[Partition], inputs: pl.DataFrame) -> None:
    """Refuse to publish where many documents are gone: neither their bytes nor their names are among the inputs any more.

    Args:
        dataset: what is published now; need not exist.
        replaced: partitions of which the new version keeps nothing.
        inputs: `sha256` and `file_name` of all inputs of the new version.

    Raises:
        LostDocuments: more than `MOST_LOST` of the documents that the inputs should have are gone.
    """
    there = pl.col("sha256").is_in(inputs["sha256"].unique().implode()) | pl.col("file_name").is_in(inputs["file_name"].unique().implode())
    files = [file.path for file in read_manifest(dataset).values() if file.table == DOCUMENTS.name]
    own = _documents_in(dataset, [path for path in files if partition_of(path) in replaced])
    lost = own.filter(~there)
    if lost.is_empty():
        return
    others = _documents_in(dataset, [path for path in files if partition_of(path) not in replaced])
    expected = own.height + others.filter(there).height
    if lost.height > MOST_LOST * expected:
        first = ", ".join(lost["file_name"].sort().head(3))
        raise LostDocuments(
            f"{lost.height} of the {expected} documents that are published are no longer among the inputs ({first} …): is a folder "
            f"missing, moved or not mounted? Nothing was changed. If they are to go, publish with --acknowledge '{LOST_DOCUMENTS}=why'."
        )


def _documents_in(dataset: Path, files: Iterable[str]) -> pl.DataFrame:
    """Return hashes and names of the documents that files of the table `documents` list, of those that have bytes."""
    schema = {name: polars_schema(DOCUMENTS)[name] for name in ("sha256", "file_name")}
    frames = [pl.read_parquet(dataset / path, columns=list(schema), hive_partitioning=False) for path in files]
    return pl.concat([pl.DataFrame(schema=schema), *frames]).filter(pl.col("sha256") != "")


def refuse_foreign(dataset: Path, inputs: Iterable[str]) -> None:
    """Refuse to put the embedded samples, or nothing at all, in the place of a dataset of other documents.

    That is what happens where nobody named a source, or where the folder of the sources is not mounted.

    Args:
        dataset: what is published now; need not exist.
        inputs: sha256 of all inputs of the new version.

    Raises:
        InputsOfAnotherDataset: the message says what to do.
    """
    if set(inputs) - _samples():
        return
    files = [file.path for file in read_manifest(dataset).values() if file.table == DOCUMENTS.name]
    if set(_documents_in(dataset, files)["sha256"]) - _samples():
        raise InputsOfAnotherDataset(
            f"{dataset} holds a dataset of other documents, which the embedded samples would replace, or nothing: name the SOURCE of your "
            "documents, or set YUSUAN_SOURCES, or publish elsewhere with --out. Nothing was changed."
        )


@cache
def _samples() -> frozenset[str]:
    """Return the hashes of the embedded samples."""
    return frozenset(hashlib.sha256(path.read_bytes()).hexdigest() for path in SAMPLES.iterdir())


def refuse_none(inputs: int, documents: int) -> None:
    """Refuse a dataset without a single document though there are inputs, each of which has a row whatever becomes of it.

    Args:
        inputs: how many there are.
        documents: rows of `documents` in what would be published.

    Raises:
        LostDocuments: none of the inputs is there.
    """
    if inputs and not documents:
        raise LostDocuments(
            f"none of the {inputs} inputs is in what would be published: no partition of them was made. Nothing was changed. See why their "
            "partitions were not made, then build again."
        )


def refuse_other_structure(folder: Path, kept: Iterable[File], published: Iterable[File]) -> None:
    """Refuse to keep partitions beside new ones that were written with other tables or columns: readers would see a mixture.

    Args:
        folder: the dataset, or a copy of it.
        kept: its files of partitions that stay; one of each table is opened, for a version writes all alike.
        published: all its files.

    Raises:
        OtherStructure: the message says what differs and what to do.
    """
    files = [file for file in kept if len(Path(file.path).parts) > 1]  # dimension tables are written anew each time
    one = {str(file.table): file for file in files}
    known = {file.table for file in published}
    for table in PUBLISHED.values():
        if not (files and table.partitioned):
            continue
        has = set(pl.read_parquet_schema(folder / one[table.name].path)) if table.name in one else None
        differs = table.name not in known if has is None else has != set(table.names) - set(PARTITION_COLUMNS)
        if differs:
            stay = sorted({partition_of(file.path) for file in files})
            named = ", ".join(f"{year}|{province}" for year, province in stay[:_NAMED])
            more = f" and {len(stay) - _NAMED} more" if len(stay) > _NAMED else ""
            raise OtherStructure(
                f"{named}{more} would stay as another version of this program published them, where `{table.name}` has other columns or is "
                "not there. Have them made too: by `yusuan build` of all sources, one that is held back with --acknowledge; or publish "
                "to another folder."
            )


@dataclass(frozen=True, slots=True)
class PassRateFall:
    """Passed and failed checks of a partition's last version, and of the one that is to replace it."""

    passed_before: int
    failed_before: int
    passed: int
    failed: int

    def __str__(self) -> str:
        """Say the fall in words."""
        before, now = (100 * p / (p + f) for p, f in ((self.passed_before, self.failed_before), (self.passed, self.failed)))
        return (
            f"its pass rate falls from {before:.3f} % ({self.failed_before} of {self.passed_before + self.failed_before} fail) "
            f"to {now:.3f} % ({self.failed} of {self.passed + self.failed} fail)"
        )


def pass_rate_fall(before: pl.DataFrame | None, now: pl.DataFrame) -> PassRateFall | None:
    """Return the fall in pass rate between two versions of a partition's `checks`; None where it did not fall, or nothing was tried.

    Failures of severity `error` count; warnings, which are no proof of a fault, and what did not apply do not.
    """
    if before is None:
        return None
    (passed_before, failed_before), (passed, failed) = _counts(before), _counts(now)
    if not passed_before + failed_before or not passed + failed:
        return None
    if passed * (passed_before + failed_before) >= passed_before * (passed + failed):
        return None
    return PassRateFall(passed_before, failed_before, passed, failed)


def published_partition(dataset: Path, partition: Partition) -> dict[str, pl.DataFrame] | None:
    """Return the tables of a published partition; None if it is not published, or in another structure than today's."""
    listed = read_manifest(dataset)
    found = {}
    for table in PARTITIONED:
        path = partition_path(table, partition)
        if path.as_posix() not in listed:
            return None
        frame = _read(dataset / path, table, partition)
        if frame is None:
            return None
        found[table.name] = frame
    return found if found[CHECKS.name].height else None


def _read(path: Path, table: Table, partition: Partition) -> pl.DataFrame | None:
    schema = polars_schema(table)
    year, province = partition
    frame = pl.read_parquet(path, hive_partitioning=False).with_columns(
        fiscal_year=pl.lit(year, pl.Int32), province=pl.lit(province, pl.String)
    )
    if set(frame.columns) != set(schema):
        return None
    return frame.select(schema.keys())


def _counts(checks: pl.DataFrame) -> tuple[int, int]:
    failed = (pl.col("outcome") == "fail") & (pl.col("severity") == "error")
    return checks.filter(pl.col("outcome") == "pass").height, checks.filter(failed).height
