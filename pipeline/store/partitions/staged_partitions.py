"""Tables of partitions that wait on disk to be published, so that a build of any size has one of them in memory.

Belongs here: where they lie meanwhile. They are made in `partition_maker.py`, published in `pipeline.publish`.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from schemas.export import empty_frame
from schemas.tables import PARTITIONED

Partition = tuple[int, str]


class StagedPartitions(Mapping[Partition, Mapping[str, pl.DataFrame]]):
    """Tables by partition; each look-up reads them."""

    def __init__(self, folder: Path) -> None:
        """Keep them in an empty folder."""
        self._folder = folder
        self._heights: dict[Partition, dict[str, int]] = {}

    def put(self, partition: Partition, tables: Mapping[str, pl.DataFrame]) -> None:
        """Keep the tables of a partition."""
        place = self._place(partition)
        place.mkdir(exist_ok=True)
        self._heights[partition] = {name: frame.height for name, frame in tables.items()}
        for name, frame in tables.items():
            if frame.height:
                frame.write_ipc(place / name, compression="zstd")

    def __getitem__(self, partition: Partition) -> Mapping[str, pl.DataFrame]:
        """Read the tables of a partition."""
        place = self._place(partition)
        return {
            name: pl.read_ipc(place / name) if height else empty_frame(_TABLES[name]) for name, height in self._heights[partition].items()
        }

    def __iter__(self) -> Iterator[Partition]:
        """Iterate over the partitions in the order in which they came."""
        return iter(self._heights)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._heights)

    def _place(self, partition: Partition) -> Path:
        year, province = partition
        return self._folder / f"{year}-{province}"


@contextmanager
def staged_partitions(folder: Path) -> Iterator[StagedPartitions]:
    """Yield a place for partitions below `folder`, which is cleared away afterwards; so is what a killed build left there."""
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder):
        for left in folder.iterdir():
            if _is_abandoned(left):
                shutil.rmtree(left, ignore_errors=True)
        place = Path(tempfile.mkdtemp(dir=folder))
        held = os.open(place, os.O_RDONLY)
        fcntl.flock(held, fcntl.LOCK_EX)
    try:
        yield StagedPartitions(place)
    finally:
        os.close(held)
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _is_abandoned(place: Path) -> bool:
    """Tell whether no build works there any more."""
    try:
        descriptor = os.open(place, os.O_RDONLY)
    except FileNotFoundError:
        return False  # its build has just removed it
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


_TABLES = {table.name: table for table in PARTITIONED}
