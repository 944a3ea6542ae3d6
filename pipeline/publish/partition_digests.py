"""What the dataset as a whole needs of each partition, kept beside it, so that a build that changes one partition reads one.

These are its rows of `documents`, their scores, how often they mention codes, and the amounts that are compared between bodies and
years. A digest holds for the files that it was made of, by their hashes in the manifest, and for the version of the code; where none is
kept, it is made again from the files, one partition at a time.

Belongs here: making, keeping and finding digests. What is made of them is in `dimensions.py` and `pipeline.checks.scorecard`.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path

import msgspec
import polars as pl

from pipeline.budget.codes import attestations
from pipeline.checks.scorecard import document_scores
from pipeline.publish.outliers import cells_of
from pipeline.publish.parquet import Partition, partition_of, partition_path
from pipeline.publish.versions.kept_versions import current_version_folder, versions_folder
from pipeline.publish.versions.manifest import File, read_manifest
from pipeline.publish.versions.replacement import keep_if_possible
from schemas.export import empty_frame, polars_schema
from schemas.tables import BUDGET_LINES, CHECKS, DOCUMENTS, Table

MADE_OF = (DOCUMENTS, BUDGET_LINES, CHECKS)
"""Tables that a digest is made of."""

_RECORD = "partition_digests.bin"
_HASH_BYTES = 32
_YEAR, _PROVINCE = "of_year", "of_province"
_OF = {_YEAR: pl.Int32(), _PROVINCE: pl.String()}
"""Columns that say which partition a row is of."""


@dataclass(frozen=True, slots=True)
class Digests:
    """Digests of partitions, together.

    Attributes:
        documents: their rows of `documents`.
        scores: of these (see `document_scores`).
        mentions: of codes (see `mentions_of_codes`).
        cells: that are compared with one another (see `outliers.cells_of`).
    """

    documents: pl.DataFrame
    scores: pl.DataFrame
    mentions: pl.DataFrame
    cells: pl.DataFrame

    def of(self, partitions: Collection[Partition]) -> Digests:
        """Return those of some partitions."""
        wanted = _keys(partitions)
        return self._each(lambda frame: frame.join(wanted, on=list(_OF), how="semi", maintain_order="left"))

    def without(self, partitions: Collection[Partition]) -> Digests:
        """Return those of all other partitions."""
        others = _keys(partitions)
        return self._each(lambda frame: frame.join(others, on=list(_OF), how="anti", maintain_order="left"))

    def _each(self, change: Callable[[pl.DataFrame], pl.DataFrame]) -> Digests:
        return Digests(*(change(getattr(self, field.name)) for field in fields(self)))


class PackedDigests(Mapping[Partition, Digests]):
    """Digests by partition; each look-up unpacks them: as frames those of small partitions take five times the memory."""

    def __init__(self) -> None:
        """Begin without any."""
        self._packed: dict[Partition, list[bytes]] = {}

    def put(self, partition: Partition, digests: Digests) -> None:
        """Keep the digests of a partition."""
        self._packed[partition] = _packed(digests)

    def __getitem__(self, partition: Partition) -> Digests:
        """Unpack the digests of a partition."""
        return _unpacked(self._packed[partition])

    def __iter__(self) -> Iterator[Partition]:
        """Iterate over the partitions in the order in which they came."""
        return iter(self._packed)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._packed)


def digest_of(partition: Partition, tables: Mapping[str, pl.DataFrame]) -> Digests:
    """Return the digest of one partition, by its tables (at least `MADE_OF`)."""
    documents, lines, checks = (tables[table.name] for table in MADE_OF)
    year, province = partition
    of = (pl.lit(year, pl.Int32).alias(_YEAR), pl.lit(province).alias(_PROVINCE))
    frames = documents, document_scores(documents, lines, checks), attestations.mentions_of_codes(lines), cells_of(lines)
    return Digests(*(frame.with_columns(of) for frame in frames))


def together(digests: Iterable[Digests]) -> Digests:
    """Return digests of different partitions as one."""
    every = [digest_of((0, ""), {table.name: empty_frame(table) for table in MADE_OF}), *digests]
    return Digests(*(pl.concat([getattr(one, field.name) for one in every]) for field in fields(Digests)))


def digests_of(dataset: Path, version: str, fresh: Iterable[tuple[Partition, Digests]] = (), written: Iterable[File] = ()) -> Digests:
    """Return the digests of all published partitions.

    Args:
        dataset: published.
        version: of the code that makes digests.
        fresh: digests that were made just now; these need not be made again where what is published now is what they were made of.
        written: the files that were published of them.
    """
    folder = current_version_folder(dataset)  # one version, whatever is published while it is read
    now, own = _files_of(read_manifest(folder).values()), _files_of(written)
    new = {partition: digest for partition, digest in fresh if partition in now and now[partition] == own.get(partition)}
    known, kept = _load(versions_folder(dataset), version)
    valid = [partition for partition, files in known.items() if now.get(partition) == files and partition not in new]
    missing = now.keys() - new.keys() - set(valid)
    new |= {partition: digest_of(partition, published_tables(folder, partition)) for partition in sorted(missing)}
    if not new and len(valid) == len(known):
        return kept
    whole = together([kept.of(valid), *new.values()])
    _save(versions_folder(dataset), version, now, whole)
    return whole


def published_tables(dataset: Path, partition: Partition) -> dict[str, pl.DataFrame]:
    """Return the tables `MADE_OF` of a published partition."""
    listed = read_manifest(dataset)
    return {table.name: _published_table(dataset, table, partition, listed) for table in MADE_OF}


def _published_table(dataset: Path, table: Table, partition: Partition, listed: Collection[str]) -> pl.DataFrame:
    path = partition_path(table, partition).as_posix()
    if path not in listed:
        return empty_frame(table)
    year, province = partition
    found = pl.read_parquet(dataset / path, hive_partitioning=False).with_columns(
        fiscal_year=pl.lit(year, pl.Int32), province=pl.lit(province)
    )
    columns = polars_schema(table)  # a file of an older structure lacks some
    return found.select(pl.col(name) if name in found.columns else pl.lit(None, dtype).alias(name) for name, dtype in columns.items())


def _files_of(listed: Iterable[File]) -> dict[Partition, str]:
    """Return a hash over the files that the digest of each partition that has documents is made of."""
    hashes: dict[Partition, list[str]] = {}
    filled = set()
    of_digests = {table.name for table in MADE_OF}
    for file in listed:
        if file.table in of_digests:
            partition = partition_of(file.path)
            hashes.setdefault(partition, []).append(f"{file.table} {file.sha256}")
            if file.table == DOCUMENTS.name and file.rows:
                filled.add(partition)
    return {
        partition: hashlib.sha256("\0".join(sorted(of)).encode()).hexdigest() for partition, of in hashes.items() if partition in filled
    }


class _Record(msgspec.Struct, array_like=True):
    """What is kept: the version of the code, each partition with its files, and the frames."""

    version: str
    partitions: list[tuple[Partition, str]]
    frames: list[bytes]


def _load(folder: Path, version: str) -> tuple[dict[Partition, str], Digests]:
    """Return what is kept: of which files of which partitions, and the digests; nothing where it is damaged or of other code."""
    nothing: tuple[dict[Partition, str], Digests] = ({}, together(()))
    try:
        stored = (folder / _RECORD).read_bytes()
        if hashlib.sha256(stored[_HASH_BYTES:]).digest() != stored[:_HASH_BYTES]:
            return nothing
        record = msgspec.msgpack.decode(stored[_HASH_BYTES:], type=_Record)
    except (OSError, msgspec.DecodeError):
        return nothing
    if record.version != version:
        return nothing
    return dict(record.partitions), _unpacked(record.frames)


def _save(folder: Path, version: str, partitions: Mapping[Partition, str], digests: Digests) -> None:
    """Keep digests; not at any price: without them, files are read."""
    body = msgspec.msgpack.encode(_Record(version, list(partitions.items()), _packed(digests)))
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    keep_if_possible(folder / _RECORD, hashlib.sha256(body).digest() + body)


def _packed(digests: Digests) -> list[bytes]:
    frames = []
    for field in fields(digests):
        buffer = io.BytesIO()
        getattr(digests, field.name).write_ipc(buffer, compression="zstd")
        frames.append(buffer.getvalue())
    return frames


def _unpacked(frames: Iterable[bytes]) -> Digests:
    return Digests(*(pl.read_ipc(io.BytesIO(frame)) for frame in frames))


def _keys(partitions: Collection[Partition]) -> pl.DataFrame:
    return pl.DataFrame(list(partitions), schema=_OF, orient="row")
