"""A published dataset that is damaged: found before anything is built on it, and replaced by the last version that is whole.

Belongs here: whether files are those that their manifest lists, and what is put in the place of a damaged dataset. Whether a dataset says
what is true is proven in `verify.py`.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.publish.versions.kept_versions import LOCK_TIMEOUT, history, versions_folder
from pipeline.publish.versions.known_files import KnownFiles, statuses
from pipeline.publish.versions.manifest import (
    MANIFEST,
    DamagedManifest,
    File,
    file_of,
    is_as_written,
    manifest_of,
    read_manifest,
    snapshot_in,
    snapshot_of,
)
from pipeline.publish.versions.replacement import locked, put_in_place

_SHOWN = 5
"""Damaged files that a message names."""


class DamagedDataset(ValueError):
    """The published dataset is damaged, and what is asked for would carry the damage on; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """What was done about a damaged dataset.

    Attributes:
        faults: what was damaged.
        version: snapshot of the version that was put in its place; None where none was whole: nothing is published there now.
        kept: folder that the damaged one was moved to.
    """

    faults: tuple[str, ...]
    version: str | None
    kept: Path

    def __str__(self) -> str:
        """Say it in words."""
        place = f"version {self.version}, the last that is whole, took its place" if self.version else "no version of it was whole"
        return f"the published dataset was damaged ({listed(self.faults)}); {place}, and it was moved to {self.kept}"


def listed(faults: tuple[str, ...]) -> str:
    """Name the first faults, and how many more there are."""
    more = f" and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
    return "; ".join(faults[:_SHOWN]) + more


def damage_of(dataset: Path, known: KnownFiles | None = None) -> tuple[str, ...]:
    """Return what is damaged of a dataset: files that are missing, are others than the manifest says, or would be read though not listed.

    Args:
        dataset: its folder, or that of a kept version.
        known: files that were read before and did not change since; what is read now is added. None: every file is read.
    """
    try:
        files = read_manifest(dataset)
        named, said = snapshot_in(dataset), manifest_of(dataset).get("rows")
    except DamagedManifest as error:
        return (str(error),)
    if not files:
        return (f"{MANIFEST} is missing",)
    there = dict(statuses(dataset))
    faults = [fault for path, file in files.items() if (fault := _fault_of(dataset, path, file, there.get(path), known))]
    faults += [f"{path} is not in the manifest, and would be read with the table" for path in sorted(there) if _is_stray(path, files)]
    faults += [f"{path} is listed with the table {file.table}" for path, file in files.items() if file.table != _table_of(path)]
    counted = Counter[str]()
    for file in files.values():
        counted[file.table or ""] += file.rows or 0
    if not isinstance(said, dict) or +counted != {table: rows for table, rows in said.items() if rows}:
        faults.append(f"the rows that {MANIFEST} counts are not those of its files")
    if named != snapshot_of(files.values()):
        faults.append(f"the snapshot {named} is not that of the files, {snapshot_of(files.values())}")
    if not is_as_written(dataset):
        faults.append(f"{MANIFEST} is not as it was written")
    return tuple(faults)


def _fault_of(dataset: Path, path: str, file: File, status: os.stat_result | None, known: KnownFiles | None) -> str | None:
    """Return what is wrong with a file that the manifest lists; None where it is what it must be."""
    if status is not None and known is not None and (known.sha256_of(path, status), status.st_size) == (file.sha256, file.bytes):
        return None
    try:
        found = file_of(dataset, Path(path))
    except OSError as error:
        return f"{path} is missing" if isinstance(error, FileNotFoundError) else f"{path} cannot be read: {error.strerror}"
    if (found.sha256, found.bytes) != (file.sha256, file.bytes):
        return f"{path} is not what the manifest says: sha256 {found.sha256}, {found.bytes} bytes"
    if status is not None and known is not None:
        known.remember(path, status, found.sha256)
    return None


def _is_stray(path: str, files: Mapping[str, File]) -> bool:
    return path.endswith(".parquet") and path not in files


def _table_of(path: str) -> str | None:
    """Return the table that a file of a dataset belongs to, by its path; None for what stands beside the tables."""
    return path.partition("/")[0].removesuffix(".parquet") if path.endswith(".parquet") else None


def strangers(dataset: Path) -> Iterator[str]:
    """Yield the files of a dataset that its manifest does not list, in order."""
    listed_files = read_manifest(dataset)
    for folder, folders, names in os.walk(dataset):
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name).relative_to(dataset).as_posix()
            if path != MANIFEST and path not in listed_files:
                yield path


def is_published(dataset: Path) -> bool:
    """Tell whether a dataset is or was published there, whole or not."""
    return (dataset / MANIFEST).exists() or any(_kept(dataset))


def refuse_damaged(dataset: Path) -> None:
    """Refuse to keep parts of a damaged dataset of which no version is whole.

    Raises:
        DamagedDataset: it is damaged.
    """
    if is_published(dataset) and (faults := _changed(dataset)):
        raise DamagedDataset(
            f"{dataset} is damaged ({listed(faults)}), and no version kept of it is whole: partitions that are not made now would carry "
            "the damage on. Build all of it from its documents with `yusuan build SOURCE`. Nothing was changed."
        )


def replace_damaged(dataset: Path, *, wait: float = LOCK_TIMEOUT, whole_build: bool = True) -> Replaced | None:
    """Put the last whole version in the place of a damaged dataset, which is moved aside; None where it is whole, or nothing is there.

    Args:
        dataset: where it is published.
        wait: seconds to wait for another writer.
        whole_build: whether everything is made anew from documents; then a dataset without any whole version is moved aside too.

    Raises:
        DamagedDataset: no version is whole, and not everything is made anew. Nothing was changed.
        AnotherWriter: another process was publishing there all that time.
    """
    if not is_published(dataset) or not _changed(dataset):
        return None
    dataset = dataset.resolve()
    with locked(versions_folder(dataset) / "lock", wait, str(dataset)):
        faults = damage_of(dataset)  # another writer may have replaced it meanwhile
        if not faults:
            return None
        damaged = [version for version in _kept(dataset) if damage_of(version)]
        whole = next((version for version in _kept(dataset) if version not in damaged), None)
        if whole is None and not whole_build:
            refuse_damaged(dataset)
        for version in damaged:  # else the next publication of the same content would take it for kept already
            shutil.rmtree(version)
        aside = dataset.with_name(f".{dataset.name}.damaged")
        shutil.rmtree(aside, ignore_errors=True)
        if whole is not None:
            put_in_place(whole, dataset, aside)
        else:
            dataset.rename(aside)
    return Replaced(faults, whole.name if whole else None, aside)


def _changed(dataset: Path) -> tuple[str, ...]:
    """Return what is damaged of the published dataset, reading only what was not read before or has changed since."""
    known = KnownFiles.load(versions_folder(dataset))
    faults = damage_of(dataset, known)
    known.save()
    return faults


def _kept(dataset: Path) -> Iterator[Path]:
    """Yield the folders of the kept versions, the latest first."""
    store = versions_folder(dataset)
    for snapshot in reversed(history(dataset)):
        if (store / snapshot / MANIFEST).exists():
            yield store / snapshot
