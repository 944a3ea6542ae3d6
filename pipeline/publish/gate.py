"""The gate before publication: what may not replace what is published.

A partition whose pass rate fell against its last version is held back until somebody acknowledges it, and so is the whole publication if
more than a fifth of the documents are no longer among the inputs. A dataset is never replaced by the embedded samples, or by nothing,
unless it is made of them, and its documents are those of the inputs, or nothing is published.

Belongs here: these comparisons, and what was published of a partition. An acknowledgement with its reason is given to the build.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

from pipeline.publish.parquet import Partition, key_of, partition_of, partition_path
from pipeline.publish.versions.kept_versions import current_snapshot
from pipeline.publish.versions.manifest import File, read_manifest
from pipeline.publish.versions.replacement import AnotherWriter
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

_DOCUMENT = ("sha256", "file_name")
"""Columns by which a document of the dataset is that of an input."""

_FILED = ("fiscal_year", "province")


@dataclass(frozen=True, slots=True)
class PublicationInputs:
    """What a publication is decided upon.

    Attributes:
        documents: `sha256`, `file_name`, `fiscal_year` and `province` of all inputs of the new version.
        upon: snapshot that was published when it was decided what stays, and which names and codes hold; None: nothing was.
        left_out: partitions of which something else may be published than their inputs say: held back, broken, not made yet, not asked for.
        lost: why many documents may be gone from the inputs; empty: they may not.
    """

    documents: pl.DataFrame
    upon: str | None
    left_out: Collection[Partition] = ()
    lost: str = ""


class LostDocuments(ValueError):
    """Many documents of the dataset are no longer among the inputs; the message says how many, and what to do."""


class OtherDocuments(ValueError):
    """What would be published does not hold the documents of its inputs; the message says where, and what to do."""


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


def refuse_other_version(dataset: Path, upon: str | None) -> None:
    """Refuse to publish upon another version than that by which it was decided what stays: another process published meanwhile.

    Its partitions would stay under names, codes and records that were made without them.

    Args:
        dataset: locked for this writer.
        upon: snapshot that was published when it was decided.

    Raises:
        AnotherWriter: another one is published now.
    """
    if current_snapshot(dataset) != upon:
        raise AnotherWriter(f"another process published to {dataset} meanwhile: its version is current, build again. Nothing was changed.")


def refuse_other_documents(draft: Path, files: Iterable[File], fresh: Collection[Partition], inputs: PublicationInputs) -> None:
    """Refuse a dataset that does not hold the documents of its inputs, each of which has a row whatever becomes of it.

    That is what comes of tables that other code made, that were lost, or that were made from other inputs.

    Args:
        draft: the dataset that would be published.
        files: of its data.
        fresh: partitions that are written now; of the others, which were compared when they were, documents are counted.
        inputs: what it should hold.

    Raises:
        OtherDocuments: the message names partitions.
    """
    there = {partition_of(file.path): file for file in files if file.table == DOCUMENTS.name and file.rows}
    if not there and inputs.documents.height:
        raise OtherDocuments(_differ(f"it would be without any of {inputs.documents.height}"))
    wanted = {(int(year), str(province)): rows for (year, province), rows in inputs.documents.partition_by(*_FILED, as_dict=True).items()}
    differing = []
    for partition in sorted((there.keys() | wanted.keys()) - set(inputs.left_out)):
        file, listed = there.get(partition), wanted.get(partition)
        found, expected = file.rows or 0 if file else 0, listed.height if listed is not None else 0
        if found == expected and file is not None and listed is not None and partition in fresh:
            own = pl.read_parquet(draft / file.path, columns=list(_DOCUMENT), hive_partitioning=False)
            if not own.sort(_DOCUMENT).equals(listed.select(_DOCUMENT).sort(_DOCUMENT)):
                differing.append(f"{key_of(partition)} ({found} documents, others than its inputs)")
        elif found != expected:
            differing.append(f"{key_of(partition)} ({found} of {expected} documents)")
    if differing:
        more = f" and {len(differing) - _NAMED} more" if len(differing) > _NAMED else ""
        raise OtherDocuments(_differ(", ".join(differing[:_NAMED]) + more))


def _differ(where: str) -> str:
    return (
        f"what would be published does not hold the documents of its inputs: {where}. Nothing was changed. Tables were lost, not made yet, "
        "or made by another version of yusuan, or the inputs changed meanwhile: end what runs another version, then build again."
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
