"""Results of stages kept between builds, each under the key of what went into it, each with a hash of its own.

Belongs here: where a result lies on disk, and that what is read is what was written. Does not belong here: what the results are
(`pipeline.stages`) and which are needed (`catalogue.py`).
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from pipeline.store.storage import Storage, storage_at

_HASH_BYTES = 32
_CODEC = "zstd"
_LEVEL = 3  # a tenth of the time of level 9, for files a tenth larger; these are read again, not shipped
_SIZE_BYTES = 8

LARGEST_PACKED = 32 << 20
"""Bytes of a packed result at most: of a document of 500 pages it takes one million."""

LARGEST_UNPACKED = 256 << 20
"""Bytes of a result at most."""

KEPT_VERSIONS = 3
"""Results of so many versions of a stage are kept, the latest used first: going back one commit makes nothing again."""


class DamagedResult(Exception):
    """A stored result is not what was written; it has to be made again."""


class CannotKeep(OSError):
    """The folder of results cannot be written; the message says why and what to do."""


class TooLarge(Exception):
    """A result is larger than any document's may be."""


def packed(data: bytes) -> bytes:
    """Return the body of a stored result: its size, and it compressed.

    Raises:
        TooLarge: it is larger than a result may be.
    """
    body = len(data).to_bytes(_SIZE_BYTES, "big") + (pa.Codec(_CODEC, _LEVEL).compress(data, asbytes=True) if data else b"")
    if len(data) > LARGEST_UNPACKED or len(body) > LARGEST_PACKED:
        raise TooLarge(f"a result of {len(data)} bytes, {len(body)} packed")
    return body


def unpacked(body: bytes) -> bytes:
    """Return the result in a body.

    Raises:
        DamagedResult: it is none, or a larger one than there may be.
    """
    size = int.from_bytes(body[:_SIZE_BYTES], "big")
    if len(body) < _SIZE_BYTES or size > LARGEST_UNPACKED:
        raise DamagedResult("the result has no size that it may have")
    try:
        return bytes(pa.decompress(body[_SIZE_BYTES:], size, _CODEC)) if size else b""
    except MemoryError:  # also the one of Arrow, which is one of its exceptions too
        raise
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DamagedResult(str(error)) from None


def hash_of_body(body: bytes) -> str:
    """Return the hash by which a result is named."""
    return hashlib.sha256(body).hexdigest()


class Results(Protocol):
    """Where results of stages are: the store, or, for a worker, its parent."""

    def hash_of(self, stage: str, version: str, key: str) -> str | None:
        """Return the hash of a result without reading it; None where there is none."""
        ...

    def get(self, stage: str, version: str, key: str) -> bytes:
        """Return a result; `DamagedResult` where there is none, or it is not what was written."""
        ...

    def put(self, stage: str, version: str, key: str, data: bytes) -> str:
        """Keep a result and return its hash."""
        ...

    def delete(self, stage: str, version: str, key: str) -> None:
        """Delete a result, if it is there."""
        ...


def default_folder() -> Path:
    """Return where results are kept if nobody says otherwise: in the user's cache folder."""
    cache_home = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache_home) if cache_home else Path.home() / ".cache") / "yusuan" / "stages"


def key_of(*parts: str) -> str:
    """Return the key of a result: a hash over what it is made from."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class ResultStore:
    """Results by name, `<stage>/<version>/<two digits>/<key>`: a hash over the rest, the size unpacked, the packed bytes.

    Attributes:
        folder: where they lie, a folder or a URL (see `storage`); made on first use.
    """

    folder: Path | str

    @property
    def storage(self) -> Storage:
        """Where the files lie."""
        return storage_at(self.folder)

    def hash_of(self, stage: str, version: str, key: str) -> str | None:
        """Return the hash of a result without reading it; None where there is none.

        What it names is proven when the result is read (`get`).
        """
        try:
            head = self.storage.head(_name(stage, version, key), _HASH_BYTES)
        except OSError:
            return None
        return head.hex() if len(head) == _HASH_BYTES else None

    def get(self, stage: str, version: str, key: str) -> bytes:
        """Return a stored result.

        Raises:
            DamagedResult: there is none, or it is not what was written.
        """
        return unpacked(self.body(stage, version, key))

    def body(self, stage: str, version: str, key: str) -> bytes:
        """Return a stored result as it is packed.

        Raises:
            DamagedResult: there is none, or it is not what was written.
        """
        try:
            stored = self.storage.read(_name(stage, version, key))
        except OSError as error:
            raise DamagedResult(f"the result of {stage} under {key} cannot be read: {error.strerror}") from None
        head, body = stored[:_HASH_BYTES], stored[_HASH_BYTES:]
        if hashlib.sha256(body).digest() != head:
            raise DamagedResult(f"the result of {stage} under {key} is damaged")
        return body

    def put(self, stage: str, version: str, key: str, data: bytes) -> str:
        """Keep a result and return its hash; other processes see all of it or nothing.

        Raises:
            CannotKeep: there is no room, or no right to write.
        """
        return self.put_body(stage, version, key, packed(data))

    def put_body(self, stage: str, version: str, key: str, body: bytes) -> str:
        """Keep a result that is packed, and return its hash."""
        digest = hashlib.sha256(body).digest()
        try:
            self.storage.write(_name(stage, version, key), digest, body)
        except OSError as error:
            raise CannotKeep(
                f"results of reading cannot be kept in {self.folder}: {error.strerror}. Make room there, or name another with --results"
            ) from error
        return digest.hex()

    def delete(self, stage: str, version: str, key: str) -> None:
        """Delete a result, if it is there."""
        self.storage.delete(_name(stage, version, key))

    def delete_old_versions(self, stage: str, version: str) -> None:
        """Delete the results of all but the latest used versions of a stage; `version` is in use."""
        self.storage.use(stage, version, KEPT_VERSIONS)


def _name(stage: str, version: str, key: str) -> str:
    return f"{stage}/{version}/{key[:2]}/{key}"
