"""Hashes of input files that were read before, so that an unchanged file is not read again to be hashed; what archives hold, likewise.

Belongs here: when a remembered hash may be trusted. A file is the same if its path, size, inode and both times of change are (that of its
bytes, which anybody may set, and that of its entry, which the system sets), and if it had not just been changed when it was hashed (a
second change within the same tick of the clock would not show).
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from pipeline.document.inputs.archives import Contents
from pipeline.document.inputs.collecting import Hashed
from pipeline.store.processes.outside_programs import identity_of_unpackers
from pipeline.store.results import DamagedResult, ResultStore
from pipeline.store.stage_versions import version_of

_KIND, _VERSION, _KEY = "file_hashes", "4", "known"
_ARCHIVES = "archives"
_SETTLED = 2_000_000_000
"""Nanoseconds after a change from which the clock of every usual file system shows another one."""


class KnownFile(msgspec.Struct, frozen=True, array_like=True):
    """What was found of a file: its size, times of change and inode then, hash of its bytes, the first of them, whether it holds files."""

    size: int
    changed: int
    entry_changed: int
    inode: int
    sha256: str
    beginning: bytes = b""
    holds_files: bool = False

    @classmethod
    def of(cls, status: os.stat_result, sha256: str, beginning: bytes = b"", *, holds_files: bool = False) -> KnownFile:
        """Return what is known of a file with this status."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, sha256, beginning, holds_files)

    def is_still(self, status: os.stat_result) -> bool:
        """Tell whether a file with this status is the one that had this hash."""
        return self == KnownFile.of(status, self.sha256, self.beginning, holds_files=self.holds_files)


def is_settled(status: os.stat_result) -> bool:
    """Tell whether a file with this status was changed so long ago that a later change would show."""
    return time.time_ns() - status.st_mtime_ns > _SETTLED


@dataclass(slots=True)
class FileHashes:
    """Remembered hashes by path, and contents of archives by hash.

    Attributes:
        store: where they are kept.
        known: by absolute path.
        contents: by hash of the bytes, of what looks like an archive; kept by the version of the code that unpacks, and of its limits.
        changed: whether something was found that was not known.
    """

    store: ResultStore
    known: dict[str, KnownFile] = field(default_factory=dict)
    contents: dict[str, Contents] = field(default_factory=dict)
    changed: bool = False

    @classmethod
    def load(cls, store: ResultStore, *, retry: bool = False) -> FileHashes:
        """Return what is kept in a store; nothing where it is damaged.

        Args:
            store: of results.
            retry: look again into archives of which nothing could be had.
        """
        loaded = cls(store)
        with suppress(DamagedResult, msgspec.DecodeError):
            loaded.known = _DECODER.decode(store.get(_KIND, _VERSION, _KEY))
        with suppress(DamagedResult, msgspec.DecodeError):
            known = _CONTENTS.decode(store.get(_ARCHIVES, _archives_version(), _KEY))
            loaded.contents = {sha256: contents for sha256, contents in known.items() if not (retry and contents.refused)}
        return loaded

    def look_up(self, path: Path) -> Hashed | None:
        """Return what is known of a file as it is now."""
        found = self.known.get(str(path.absolute()))
        status = path.stat()
        known = found is not None and found.is_still(status)
        return Hashed(found.sha256, found.size, found.beginning, found.holds_files) if known and found is not None else None

    def remember(self, path: Path, status: os.stat_result, found: Hashed) -> None:
        """Keep what was found of a file that had this status before it was read."""
        if is_settled(status):
            self.known[str(path.absolute())] = KnownFile.of(status, found.sha256, found.beginning, holds_files=found.holds_files)
            self.changed = True

    def contents_of(self, sha256: str) -> Contents | None:
        """Return what bytes that look like an archive hold, if it is known."""
        return self.contents.get(sha256)

    def remember_contents(self, sha256: str, contents: Contents) -> None:
        """Keep what bytes that look like an archive hold."""
        self.contents[sha256] = contents
        self.changed = True

    def save(self) -> None:
        """Keep what is known, if something was added."""
        if self.changed:
            self.store.put(_KIND, _VERSION, _KEY, msgspec.msgpack.encode(self.known))
        if self.changed and self.contents:
            self.store.delete_old_versions(_ARCHIVES, _archives_version())
            self.store.put(_ARCHIVES, _archives_version(), _KEY, msgspec.msgpack.encode(self.contents))


def _archives_version() -> str:
    """Return what contents of archives depend on: the code, and the programs that unpack some of them, present or not."""
    code = version_of("pipeline.document.inputs.archives", "pipeline.store.processes.limits", "pipeline.store.processes.outside_programs")
    return f"{code}-{identity_of_unpackers()}"


_DECODER = msgspec.msgpack.Decoder(dict[str, KnownFile])
_CONTENTS = msgspec.msgpack.Decoder(dict[str, Contents])
