"""Hashes of input files that were read before, so that an unchanged file is not read again to be hashed.

Belongs here: when a remembered hash may be trusted. A file is the same if its path, size, time of change and inode are, and if it had
not just been changed when it was hashed (a second change within the same tick of the clock would not show).
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from pipeline.store.results import DamagedResult, ResultStore
from pipeline.store.versions import version_of

_KIND, _KEY = "file_hashes", "known"
_SETTLED = 2_000_000_000
"""Nanoseconds after a change from which the clock of every usual file system shows another one."""


class KnownFile(msgspec.Struct, frozen=True, array_like=True):
    """What was found of a file: its size, time of change and inode then, and hash and type of its bytes."""

    size: int
    changed: int
    inode: int
    sha256: str
    media_type: str


@dataclass(slots=True)
class FileHashes:
    """Remembered hashes by path.

    Attributes:
        store: where they are kept.
        known: by absolute path.
        changed: whether something was found that was not known.
    """

    store: ResultStore
    known: dict[str, KnownFile] = field(default_factory=dict)
    changed: bool = False

    @classmethod
    def load(cls, store: ResultStore) -> FileHashes:
        """Return what is kept in a store; nothing where it is damaged."""
        try:
            return cls(store, _DECODER.decode(store.get(_KIND, _version(), _KEY)))
        except (DamagedResult, msgspec.DecodeError):
            return cls(store)

    def look_up(self, path: Path) -> tuple[str, int, str] | None:
        """Return hash, size and media type of a file as it is now, if they are known."""
        found = self.known.get(str(path.absolute()))
        status = path.stat()
        if found is None or (found.size, found.changed, found.inode) != (status.st_size, status.st_mtime_ns, status.st_ino):
            return None
        return found.sha256, found.size, found.media_type

    def remember(self, path: Path, status: os.stat_result, sha256: str, media_type: str) -> None:
        """Keep what was found of a file that had this status before it was read."""
        if time.time_ns() - status.st_mtime_ns > _SETTLED:
            self.known[str(path.absolute())] = KnownFile(status.st_size, status.st_mtime_ns, status.st_ino, sha256, media_type)
            self.changed = True

    def save(self) -> None:
        """Keep what is known, if something was added."""
        if self.changed:
            self.store.put(_KIND, _version(), _KEY, msgspec.msgpack.encode(self.known))


def _version() -> str:
    """Return the version of what tells the type of bytes."""
    return version_of("pipeline.document.media_types")


_DECODER = msgspec.msgpack.Decoder(dict[str, KnownFile])
