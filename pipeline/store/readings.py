"""Readings kept between builds: what was read from a document, under the hash of its bytes and the version of the code.

Belongs here: where a reading lies on disk and when it is still valid. Does not belong here: how documents are read
(`pipeline/reading.py`) or which inputs there are (`catalogue.py`).
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

import polars as pl

from pipeline.document.sources import Hint

_SOURCE_FOLDERS = ("schemas", "pipeline")
_SOURCE_ENDINGS = frozenset({".py", ".csv", ".json", ".toml", ".yaml"})
_READING_LIBRARIES = ("polars", "pypdfium2", "tablers", "camelot-py", "ortools", "rapidocr")
"""Libraries whose version changes what is read from a document."""

_KEPT_VERSIONS = 3
"""Readings of so many versions of the code are kept, the latest used first: going back one commit reads nothing again."""

_STAMP = (1980, 1, 1, 0, 0, 0)


def default_folder() -> Path:
    """Return where readings are kept if nobody says otherwise: in the user's cache folder."""
    cache_home = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache_home) if cache_home else Path.home() / ".cache") / "yusuan" / "readings"


@cache
def code_version() -> str:
    """Return a hash over the sources of `schemas` and `pipeline` and the versions of the libraries that read.

    Any change of code or of reviewed data gives another version, and so makes every document be read again.
    """
    root = Path(__file__).resolve().parents[2]
    digest = hashlib.sha256()
    for folder in _SOURCE_FOLDERS:
        for path in sorted(p for p in (root / folder).rglob("*") if p.suffix in _SOURCE_ENDINGS):
            content = path.read_bytes()
            digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
    for library in _READING_LIBRARIES:
        try:
            digest.update(f"{library}\0{metadata.version(library)}\0".encode())
        except metadata.PackageNotFoundError:
            digest.update(f"{library}\0absent\0".encode())
    return digest.hexdigest()[:16]


def reading_key(sha256: str, hint: Hint) -> str:
    """Return the name of a reading: the hash of the document and, if any, of the hint, which may fill in what the text leaves open."""
    if hint == Hint():
        return sha256
    return f"{sha256}-{hashlib.sha256(repr(hint).encode()).hexdigest()[:8]}"


@dataclass(frozen=True, slots=True)
class ReadingStore:
    """A folder of readings.

    Attributes:
        folder: where they lie; made on first use.
        version: version of the code that read them, see `code_version`.
    """

    folder: Path
    version: str

    def table(self, key: str, table: str) -> pl.DataFrame | None:
        """Return the rows of `table` in the reading under `key`; None if there is no (whole) reading or it has no such rows."""
        try:
            with zipfile.ZipFile(self._path(key)) as reading:
                return pl.read_ipc(io.BytesIO(reading.read(f"{table}.arrow")))
        except (OSError, KeyError, zipfile.BadZipFile):
            return None

    def write(self, key: str, tables: Mapping[str, pl.DataFrame]) -> None:
        """Keep a reading; other processes see all of it or nothing. Empty tables are left out."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        staged = path.with_suffix(f".{os.getpid()}")
        with zipfile.ZipFile(staged, "w", zipfile.ZIP_STORED) as reading:
            for name, frame in tables.items():
                if frame.height:
                    buffer = io.BytesIO()
                    frame.write_ipc(buffer, compression="zstd")
                    reading.writestr(zipfile.ZipInfo(f"{name}.arrow", _STAMP), buffer.getvalue())
        staged.replace(path)

    def forget_old_versions(self) -> None:
        """Delete the readings of all but the latest used versions of the code."""
        (self.folder / self.version).mkdir(parents=True, exist_ok=True)
        os.utime(self.folder / self.version)
        versions = sorted((p for p in self.folder.iterdir() if p.is_dir()), key=lambda p: p.stat().st_mtime, reverse=True)
        for old in versions[_KEPT_VERSIONS:]:
            shutil.rmtree(old, ignore_errors=True)

    def _path(self, key: str) -> Path:
        return self.folder / self.version / key[:2] / f"{key}.reading"
