"""Hashes of input files that were read before, so that an unchanged file is not read again to be hashed.

Belongs here: when a remembered hash may be trusted. A file is the same if its path, size, inode and both times of change are (that of its
bytes, which anybody may set, and that of its entry, which the system sets), and if it had not just been changed when it was hashed (a
second change within the same tick of the clock would not show).
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from pipeline.store.results import DamagedResult, ResultStore

_KIND, _VERSION, _KEY = "file_hashes", "2", "known"
_SETTLED = 2_000_000_000
"""Nanoseconds after a change from which the clock of every usual file system shows another one."""


class KnownFile(msgspec.Struct, frozen=True, array_like=True):
    """What was found of a file: its size, times of change and inode then, and the hash of its bytes."""

    size: int
    changed: int
    entry_changed: int
    inode: int
    sha256: str

    @classmethod
    def of(cls, status: os.stat_result, sha256: str) -> KnownFile:
        """Return what is known of a file with this status."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, sha256)


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
            return cls(store, _DECODER.decode(store.get(_KIND, _VERSION, _KEY)))
        except (DamagedResult, msgspec.DecodeError):
            return cls(store)

    def look_up(self, path: Path) -> tuple[str, int] | None:
        """Return hash and size of a file as it is now, if they are known."""
        found = self.known.get(str(path.absolute()))
        status = path.stat()
        return (found.sha256, found.size) if found is not None and found == KnownFile.of(status, found.sha256) else None

    def remember(self, path: Path, status: os.stat_result, sha256: str) -> None:
        """Keep what was found of a file that had this status before it was read."""
        if time.time_ns() - status.st_mtime_ns > _SETTLED:
            self.known[str(path.absolute())] = KnownFile.of(status, sha256)
            self.changed = True

    def save(self) -> None:
        """Keep what is known, if something was added."""
        if self.changed:
            self.store.put(_KIND, _VERSION, _KEY, msgspec.msgpack.encode(self.known))


_DECODER = msgspec.msgpack.Decoder(dict[str, KnownFile])
