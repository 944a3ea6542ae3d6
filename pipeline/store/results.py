"""Results of stages kept between builds, each under the key of what went into it, each with a hash of its own.

Belongs here: where a result lies on disk, and that what is read is what was written. Does not belong here: what the results are
(`pipeline.stages`) and which are needed (`catalogue.py`).
"""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

_HASH_BYTES = 32
_CODEC = "zstd"
_LEVEL = 3  # a tenth of the time of level 9, for files a tenth larger; these are read again, not shipped
_SIZE_BYTES = 8
KEPT_VERSIONS = 3
"""Results of so many versions of a stage are kept, the latest used first: going back one commit makes nothing again."""


class DamagedResult(Exception):
    """A stored result is not what was written; it has to be made again."""


def default_folder() -> Path:
    """Return where results are kept if nobody says otherwise: in the user's cache folder."""
    cache_home = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache_home) if cache_home else Path.home() / ".cache") / "yusuan" / "stages"


def key_of(*parts: str) -> str:
    """Return the key of a result: a hash over what it is made from."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class ResultStore:
    """A folder of results, `<stage>/<version>/<two digits>/<key>`: a hash over the rest, the size unpacked, the packed bytes.

    Attributes:
        folder: where they lie; made on first use.
    """

    folder: Path

    def hash_of(self, stage: str, version: str, key: str) -> str | None:
        """Return the hash of a result without reading it; None where there is none.

        What it names is proven when the result is read (`get`).
        """
        try:
            with self._path(stage, version, key).open("rb") as file:
                head = file.read(_HASH_BYTES)
        except OSError:
            return None
        return head.hex() if len(head) == _HASH_BYTES else None

    def get(self, stage: str, version: str, key: str) -> bytes:
        """Return a stored result.

        Raises:
            DamagedResult: there is none, or it is not what was written.
        """
        try:
            stored = self._path(stage, version, key).read_bytes()
        except OSError as error:
            raise DamagedResult(f"the result of {stage} under {key} cannot be read: {error.strerror}") from None
        head, packed = stored[:_HASH_BYTES], stored[_HASH_BYTES:]
        if hashlib.sha256(packed).digest() != head or len(packed) < _SIZE_BYTES:
            raise DamagedResult(f"the result of {stage} under {key} is damaged")
        size = int.from_bytes(packed[:_SIZE_BYTES], "big")
        return bytes(pa.decompress(packed[_SIZE_BYTES:], size, _CODEC)) if size else b""

    def put(self, stage: str, version: str, key: str, data: bytes) -> str:
        """Keep a result and return its hash; other processes see all of it or nothing."""
        path = self._path(stage, version, key)
        path.parent.mkdir(parents=True, exist_ok=True)
        packed = pa.Codec(_CODEC, _LEVEL).compress(data, asbytes=True) if data else b""
        body = len(data).to_bytes(_SIZE_BYTES, "big") + packed
        digest = hashlib.sha256(body).digest()
        staged = path.with_name(f"{path.name}.{os.getpid()}")
        staged.write_bytes(digest + body)
        staged.replace(path)
        return digest.hex()

    def delete(self, stage: str, version: str, key: str) -> None:
        """Delete a result, if it is there."""
        self._path(stage, version, key).unlink(missing_ok=True)

    def delete_old_versions(self, stage: str, version: str) -> None:
        """Delete the results of all but the latest used versions of a stage; `version` is in use."""
        own = self.folder / stage / version
        own.mkdir(parents=True, exist_ok=True)
        os.utime(own)
        versions = sorted((p for p in own.parent.iterdir() if p.is_dir()), key=lambda p: p.stat().st_mtime, reverse=True)
        for old in versions[KEPT_VERSIONS:]:
            shutil.rmtree(old, ignore_errors=True)

    def _path(self, stage: str, version: str, key: str) -> Path:
        return self.folder / stage / version / key[:2] / key
