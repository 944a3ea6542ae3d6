"""Files of the published dataset that were held against their hashes, so that a build that changes little reads little.

Belongs here: when a file is still what it was. It is if its size, inode and both times of change are, as `pipeline.store.file_hashes`
has it for inputs; the publisher itself, whose links change the time of the entry, says so (`after_links`). A disk that forgets a bit is
not noticed so: `yusuan verify` reads everything.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from pipeline.publish.versions.replacement import keep_if_possible
from pipeline.store.file_hashes import KnownFile, is_settled

_RECORD = "known_files.msgpack"


@dataclass(slots=True)
class KnownFiles:
    """What is known of the files of a dataset.

    Attributes:
        folder: where it is kept: beside the versions of the dataset.
        files: by path in the dataset.
        changed: whether more is known than is kept.
    """

    folder: Path
    files: dict[str, KnownFile] = field(default_factory=dict)
    changed: bool = False

    @classmethod
    def load(cls, folder: Path) -> KnownFiles:
        """Return what is kept; nothing where it is damaged."""
        try:
            return cls(folder, _DECODER.decode((folder / _RECORD).read_bytes()))
        except (OSError, msgspec.DecodeError):
            return cls(folder)

    def sha256_of(self, path: str, status: os.stat_result) -> str | None:
        """Return the hash of a file that has this status now, if it is known."""
        found = self.files.get(path)
        return found.sha256 if found is not None and found.is_still(status) else None

    def remember(self, path: str, status: os.stat_result, sha256: str) -> None:
        """Keep the hash of a file that had this status before it was read."""
        if is_settled(status):
            self.files[path] = KnownFile.of(status, sha256)
            self.changed = True

    def save(self) -> None:
        """Keep what is known, if it is more than is kept; not at any price: without it, files are read."""
        if self.changed:
            keep_if_possible(self.folder / _RECORD, msgspec.msgpack.encode(self.files))
            self.changed = False

    def after_links(self, dataset: Path) -> None:
        """Keep what holds after the publisher linked files and removed links, which changes but the time of their entries."""
        now: dict[str, KnownFile] = {}
        for path, status in statuses(dataset):
            found = self.files.get(path)
            if found is not None and (found.size, found.changed, found.inode) == (status.st_size, status.st_mtime_ns, status.st_ino):
                now[path] = KnownFile.of(status, found.sha256)
        self.files, self.changed = now, True
        self.save()


def statuses(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Yield each file below a folder, by its path in it, with its status; links to folders are not followed."""
    waiting = [("", str(folder))]
    while waiting:
        prefix, place = waiting.pop()
        with os.scandir(place) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((f"{prefix}{entry.name}/", entry.path))
                else:
                    with suppress(FileNotFoundError):  # a link that leads nowhere
                        yield prefix + entry.name, entry.stat()


_DECODER = msgspec.msgpack.Decoder(dict[str, KnownFile])
