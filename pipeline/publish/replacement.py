"""Replacing a folder in one step: readers see all of the old content or all of the new, whenever the writer stops.

Belongs here: staging, locking, syncing and exchanging folders. Nothing here knows what the folder holds.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_AT_FDCWD = -100
_LINUX_RENAME_EXCHANGE = 2
_MACOS_RENAME_SWAP = 2
_NOT_SUPPORTED = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM}


class CannotReplace(OSError):
    """The folder cannot be replaced as a whole; the message says why and what to do."""


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """Yield a draft of `folder`, a copy of what it holds now, that takes its place in one step when the block ends.

    Files of the draft are hard links: they must be replaced, never written into. If the block raises, or the process is
    killed at any point, `folder` stays as it was. Writers of folders with the same parent wait for each other.

    Args:
        folder: need not exist; its parent is made.

    Raises:
        CannotReplace: `folder` is a file or a mount point.
    """
    folder = folder.resolve()
    if folder.exists() and not folder.is_dir():
        raise CannotReplace(f"{folder} is a file, not a folder")
    if folder.is_mount():
        raise CannotReplace(f"{folder} is a mount point and cannot be replaced: choose a folder inside it")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _locked(folder.parent):
        _recover(folder)
        draft = folder.with_name(f".{folder.name}.draft")
        try:
            if folder.exists():
                shutil.copytree(folder, draft, copy_function=_link, symlinks=True)
            else:
                draft.mkdir()
            yield draft
            _sync(draft)
            _put_in_place(draft, folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def _retired(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.retired")


def _recover(folder: Path) -> None:
    """Clear away what a killed writer left; where it died between two renames, put the old content back."""
    retired = _retired(folder)
    if retired.exists() and not folder.exists():
        retired.rename(folder)
    shutil.rmtree(retired, ignore_errors=True)
    shutil.rmtree(folder.with_name(f".{folder.name}.draft"), ignore_errors=True)


@contextmanager
def _locked(parent: Path) -> Iterator[None]:
    descriptor = os.open(parent, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links
        shutil.copy2(source, target)


def _sync(folder: Path) -> None:
    """Force all that is new in `folder` to disk: files without another link, and every directory."""
    for directory, _, names in os.walk(folder):
        for name in names:
            path = Path(directory, name)
            if not path.is_symlink() and path.stat().st_nlink == 1:
                _sync_path(path)
        _sync_path(Path(directory))


def _sync_path(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _put_in_place(draft: Path, folder: Path) -> None:
    if not folder.exists():
        draft.rename(folder)
    elif not _exchange(draft, folder):
        # Without an atomic exchange there is a moment without the folder, but never one with a mixture.
        folder.rename(_retired(folder))
        draft.rename(folder)
        shutil.rmtree(_retired(folder), ignore_errors=True)
    _sync_path(folder.parent)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders atomically; False where the system cannot."""
    library = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "darwin":
        exchange, arguments = getattr(library, "renamex_np", None), (os.fsencode(one), os.fsencode(other), _MACOS_RENAME_SWAP)
    else:
        exchange = getattr(library, "renameat2", None)
        arguments = (_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _LINUX_RENAME_EXCHANGE)
    if exchange is None:
        return False
    if exchange(*arguments) == 0:
        return True
    code = ctypes.get_errno()
    if code in _NOT_SUPPORTED:
        return False
    raise CannotReplace(code, os.strerror(code), str(other))
