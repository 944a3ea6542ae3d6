"""Where working files lie: a folder, or a bucket of an object store (S3 and what speaks like it); the same names and bytes in both.

Belongs here: reading, writing and deleting by name. What the files are is in `results.py`; published datasets in object storage are in
`pipeline.publish.versions.object_storage`.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, Protocol

_STAGING = ".staging"
"""Folder of files that are being written, each locked by its writer: what nobody locks, a killed writer left."""

_USED = ".used"
"""Object whose time says when a version was used last, as the time of a folder does."""

_TRIES = 40
"""Times that a request is sent again which the service could not answer (5xx, no connection), at growing distances up to 15 seconds."""

_PATIENCE = timedelta(minutes=3)
"""Time after which an answer is not waited for any more."""


class StorageUnreachable(Exception):
    """The object store does not answer, or refuses; the message says what and which."""


class Storage(Protocol):
    """Files by name, with `/` between the parts of a name."""

    def head(self, name: str, length: int) -> bytes:
        """Return the first bytes of a file; `OSError` where there is none."""
        ...

    def read(self, name: str) -> bytes:
        """Return a file; `OSError` where there is none."""
        ...

    def write(self, name: str, *parts: bytes) -> None:
        """Write a file, of which others see all or nothing; `OSError` where that cannot be."""
        ...

    def delete(self, name: str) -> None:
        """Delete a file, if it is there."""
        ...

    def use(self, group: str, member: str, keep: int) -> None:
        """Note that the files below `group/member/` are in use, and delete those of all but the `keep` members used last."""
        ...


def storage_at(place: Path | str) -> Storage:
    """Return the storage at a folder, or at a URL (`s3://bucket/prefix`).

    Raises:
        StorageUnreachable: it is a URL that cannot be used here.
    """
    if is_url(place):
        return _bucket_at(str(place))
    return FolderStorage(Path(place))


def is_url(place: Path | str) -> bool:
    """Tell whether a place is one of an object store."""
    return isinstance(place, str) and "://" in place


@dataclass(frozen=True, slots=True)
class FolderStorage:
    """Files in a folder, which is made on first use."""

    folder: Path

    def head(self, name: str, length: int) -> bytes:
        """Return the first bytes of a file; `OSError` where there is none."""
        with (self.folder / name).open("rb") as file:
            return file.read(length)

    def read(self, name: str) -> bytes:
        """Return a file; `OSError` where there is none."""
        return (self.folder / name).read_bytes()

    def write(self, name: str, *parts: bytes) -> None:
        """Write a file, of which others see all or nothing; `OSError` where that cannot be."""
        while not self._written(self.folder / name, parts):
            pass  # another took the file for abandoned before it was held

    def _written(self, path: Path, parts: Iterable[bytes]) -> bool:
        staging = self.folder / _STAGING
        for folder in (path.parent, staging):
            folder.mkdir(parents=True, exist_ok=True)
        _clear_abandoned(staging)
        staged = staging / f"{path.name}.{secrets.token_hex(8)}"  # machines may share the folder
        try:
            with staged.open("xb") as file:
                with suppress(OSError):  # where files cannot be held, nothing is taken for abandoned either
                    fcntl.flock(file, fcntl.LOCK_EX)
                file.writelines(parts)
                file.flush()
                staged.replace(path)
        except FileNotFoundError:
            return False
        except OSError:
            with suppress(OSError):
                staged.unlink()
            raise
        return True

    def delete(self, name: str) -> None:
        """Delete a file, if it is there."""
        (self.folder / name).unlink(missing_ok=True)

    def use(self, group: str, member: str, keep: int) -> None:
        """Note that the files below `group/member/` are in use, and delete those of all but the `keep` members used last."""
        own = self.folder / group / member
        own.mkdir(parents=True, exist_ok=True)
        os.utime(own)
        members = sorted((p for p in own.parent.iterdir() if p.is_dir()), key=lambda p: p.stat().st_mtime, reverse=True)
        for old in members[keep:]:
            shutil.rmtree(old, ignore_errors=True)


def _clear_abandoned(staging: Path) -> None:
    """Remove the files that nobody writes any more."""
    for left in staging.iterdir():
        with suppress(OSError), left.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink()


@cache
def _bucket_at(url: str) -> BucketStorage:
    try:
        from obstore.store import from_url
    except ImportError as error:
        raise StorageUnreachable("working files in object storage need obstore: pip install 'yusuan[s3]'") from error
    endpoint = os.environ.get("AWS_ENDPOINT_URL") or os.environ.get("AWS_ENDPOINT") or ""
    opened: Any = from_url
    options: Any = {"client_options": {"allow_http": True}} if endpoint.startswith("http://") else {}
    if endpoint and url.startswith("s3://"):
        options["config"] = {"aws_endpoint": endpoint}
    try:
        return BucketStorage(url, opened(url, retry_config={"max_retries": _TRIES, "retry_timeout": _PATIENCE}, **options))
    except Exception as error:  # obstore's own, of any kind
        raise StorageUnreachable(f"{url} cannot be used as storage: {error}") from error


@dataclass(frozen=True, slots=True)
class BucketStorage:
    """Objects below a URL.

    Attributes:
        url: for messages.
        store: of obstore; credentials and endpoint come from the environment (`AWS_…`).
    """

    url: str
    store: Any

    def head(self, name: str, length: int) -> bytes:
        """Return the first bytes of an object; `OSError` where there is none."""
        import obstore
        import obstore.exceptions

        with self._asked():
            try:
                return bytes(obstore.get_range(self.store, name, start=0, length=length))
            except obstore.exceptions.BaseError:
                if obstore.head(self.store, name)["size"]:
                    raise
                return b""  # of nothing no range can be asked

    def read(self, name: str) -> bytes:
        """Return an object; `OSError` where there is none."""
        import obstore

        with self._asked():
            return bytes(obstore.get(self.store, name).bytes())

    def write(self, name: str, *parts: bytes) -> None:
        """Write an object, of which others see all or nothing."""
        import obstore

        try:
            with self._asked():
                obstore.put(self.store, name, b"".join(parts))
        except FileNotFoundError:
            raise StorageUnreachable(f"{self.url} is not there: make the bucket first") from None

    def delete(self, name: str) -> None:
        """Delete an object, if it is there."""
        import obstore

        with suppress(FileNotFoundError), self._asked():
            obstore.delete(self.store, name)

    def use(self, group: str, member: str, keep: int) -> None:
        """Note that the objects below `group/member/` are in use, and delete those of all but the `keep` members used last."""
        import obstore

        self.write(f"{group}/{member}/{_USED}", b"used")
        with self._asked():
            members = obstore.list_with_delimiter(self.store, prefix=f"{group}/")["common_prefixes"]
        if len(members) <= keep:
            return
        for old in sorted(members, key=self._used_last, reverse=True)[keep:]:
            with self._asked():
                names = [item["path"] for batch in obstore.list(self.store, prefix=f"{old.rstrip('/')}/") for item in batch]
                obstore.delete(self.store, names)

    def _used_last(self, member: str) -> float:
        import obstore

        try:
            with self._asked():
                return float(obstore.head(self.store, f"{member.rstrip('/')}/{_USED}")["last_modified"].timestamp())
        except FileNotFoundError:
            return 0.0

    @contextmanager
    def _asked(self) -> Iterator[None]:
        """Say what the store refuses in the words of files: what is not there is `FileNotFoundError`."""
        from obstore.exceptions import BaseError, NotFoundError

        try:
            yield
        except NotFoundError as error:
            raise FileNotFoundError(str(error)) from None
        except FileNotFoundError:
            raise
        except (BaseError, OSError) as error:
            raise StorageUnreachable(f"{self.url} does not answer as it should: {' '.join(str(error).split())[:300]}") from error
