"""The manifest of a dataset, and the files that stand beside its data: all derived, and free of clocks.

Belongs here: which files there are, and their hashes. What they say is in `texts.py`, `croissant.py` and `schemas.export`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from schemas.marts import PUBLISHED
from schemas.tables import DATASET_LICENCE, DATASET_NAME, DATASET_VERSION

MANIFEST = "manifest.json"
DATABASE = "dataset.duckdb"

_OWN_HASH = "manifest_sha256"
"""Field of the manifest with the hash of all that it says besides."""

_FIELDS = {"dataset", "version", "snapshot", "licence", "rows", "files"}


class DamagedManifest(ValueError):
    """The manifest of a dataset cannot be read, or is none; the message says so."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of the dataset, as the manifest lists it.

    Attributes:
        path: relative to the dataset, with forward slashes.
        bytes, sha256: of its content.
        dataset_version: version of the structure that it was written with.
        table, rows: of a Parquet file.
    """

    path: str
    bytes: int
    sha256: str
    dataset_version: str = DATASET_VERSION
    table: str | None = None
    rows: int | None = None


def file_of(dataset: Path, path: Path, table: str | None = None, rows: int | None = None) -> File:
    """Return the manifest's entry for the file at `path` (relative to `dataset`), reading it for its hash."""
    digest = hashlib.sha256()
    with (dataset / path).open("rb") as content:
        while block := content.read(1 << 20):
            digest.update(block)
        size = content.tell()
    return File(path=path.as_posix(), bytes=size, sha256=digest.hexdigest(), table=table, rows=rows)


def read_manifest(dataset: Path) -> dict[str, File]:
    """Return the files that the manifest of `dataset` lists, by path; empty if there is no dataset.

    Raises:
        DamagedManifest: it is no manifest.
    """
    entries = manifest_of(dataset).get("files", ())
    try:
        files = {file.path: file for file in msgspec.convert(entries, list[File])}
        usable = all(map(_is_usable, files.values()))
    except (msgspec.ValidationError, TypeError):
        usable = False
    if not usable:
        raise DamagedManifest(f"{MANIFEST} is damaged: it does not list files")
    return files


def manifest_of(dataset: Path) -> dict[str, Any]:
    """Return the manifest of `dataset` as it stands there; empty if there is none.

    Raises:
        DamagedManifest: it is no manifest.
    """
    path = dataset / MANIFEST
    if not path.exists():
        return {}
    try:
        manifest = msgspec.json.decode(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise DamagedManifest(f"{MANIFEST} is damaged: {error}") from None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), list):
        raise DamagedManifest(f"{MANIFEST} is damaged: it does not list files")
    return manifest


def snapshot_in(dataset: Path) -> str | None:
    """Return the snapshot that the manifest of `dataset` names.

    Raises:
        DamagedManifest: it is no manifest.
    """
    named = manifest_of(dataset).get("snapshot")
    return None if named is None else str(named)


def _is_usable(file: File) -> bool:
    """Tell whether an entry is of a table and has rows, or neither, and has a path that stays in the dataset."""
    return (file.rows is None) == (file.table is None) and not file.path.startswith("/") and ".." not in file.path.split("/")


def snapshot_of(files: Iterable[File]) -> str:
    """Return the name of a dataset's content: the first 16 hex digits of the hash over `sha256sum`'s lines of its files, by path."""
    lines = sorted((file.path, file.sha256) for file in files)
    text = "".join(f"{sha256}  {path}\n" for path, sha256 in lines)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def write_text(path: Path, text: str) -> None:
    """Write a text file; an existing one is replaced (not written into: it may be linked elsewhere)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def as_json(content: Mapping[str, Any]) -> str:
    """Return `content` as a JSON text."""
    return msgspec.json.format(msgspec.json.encode(content), indent=1).decode() + "\n"


def write_manifest(dataset: Path, data: Sequence[File], beside: Sequence[str]) -> tuple[File, ...]:
    """Write the manifest over the Parquet files `data` and the files `beside` them, and return all entries."""
    described = [file_of(dataset, Path(name)) for name in beside]
    files = tuple(sorted([*data, *described], key=lambda file: file.path))
    content = {
        "dataset": DATASET_NAME,
        "version": DATASET_VERSION,
        "snapshot": snapshot_of(files),
        "licence": DATASET_LICENCE,
        "rows": rows_per_table(data),
        "files": [msgspec.to_builtins(file) for file in files],
    }
    write_text(dataset / MANIFEST, as_json({**content, _OWN_HASH: _hash_of(content)}))
    return files


def is_as_written(dataset: Path) -> bool:
    """Tell whether the manifest of `dataset` is what was written, to the letter; one without a hash of its own, as it once was, passes.

    Raises:
        DamagedManifest: it is no manifest.
    """
    manifest = manifest_of(dataset)
    if _OWN_HASH not in manifest:
        return manifest.keys() == _FIELDS
    content = {name: value for name, value in manifest.items() if name != _OWN_HASH}
    whole = as_json({**content, _OWN_HASH: _hash_of(content)})
    return whole.encode() == (dataset / MANIFEST).read_bytes()


def _hash_of(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(as_json(content).encode()).hexdigest()


def rows_per_table(data: Iterable[File]) -> dict[str, int]:
    """Return how many rows each table has, for all tables in their order."""
    rows = dict.fromkeys(PUBLISHED, 0)
    for file in data:
        if file.table in rows:
            rows[file.table] += file.rows or 0
    return rows
