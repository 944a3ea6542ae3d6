"""Replacing a folder in one step: readers see all of the old content or all of the new, whenever the writer stops.

Belongs here: staging, locking and exchanging folders. Nothing here knows what the folder holds. Links are made in `linked_trees.py`.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.publish.versions.linked_trees import NO_SPACE, lay_by, make_twin, sync, sync_tree, take_up

_AT_FDCWD = -100
_LINUX_RENAME_EXCHANGE = 2
_MACOS_RENAME_SWAP = 2
_NOT_SUPPORTED = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM}
_SECONDS_BETWEEN_TRIES = 0.05
_USUAL_MODE = 0o755


class CannotReplace(OSError):
    """The folder cannot be replaced as a whole; the message says why and what to do."""


class AnotherWriter(CannotReplace):
    """Another process is writing at the moment; nothing was changed."""


def keep_if_possible(path: Path, content: bytes) -> None:
    """Replace a file of which nothing but time depends, in one step; where that fails, what is kept stays.

    A process that was killed meanwhile left its draft beside the file: it goes, even if it is of one that writes just now, which
    then keeps nothing.
    """
    with suppress(OSError):
        for left in path.parent.glob(f"{path.name}.*"):
            left.unlink(missing_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.write_bytes(content)
        draft.replace(path)


@contextmanager
def locked(path: Path, wait: float, subject: str) -> Iterator[None]:
    """Hold the lock of the file at `path`, which is made; it is released with the block, or when the process dies.

    Args:
        path: its folder is made.
        wait: seconds to wait for another holder.
        subject: what is written, for the message.

    Raises:
        AnotherWriter: the lock was held all that time.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        until = time.monotonic() + wait
        while not _lock_acquired(descriptor):
            if time.monotonic() >= until:
                raise AnotherWriter(f"another process is writing {subject}: nothing was changed, try again when it has finished")
            time.sleep(_SECONDS_BETWEEN_TRIES)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def atomic_replacement(folder: Path, spare: Path | None = None) -> Iterator[Path]:
    """Yield a draft of `folder`, a copy of what it holds now, that takes its place in one step when the block ends.

    Files of the draft are hard links: they must be replaced, never written into. If the block raises, or the process is
    killed at any point, `folder` stays as it was. Only one writer at a time: see `locked`.

    Args:
        folder: need not exist; its parent is made.
        spare: place on the same file system where what is replaced is laid by, for the next replacement; None: it is removed.

    Raises:
        CannotReplace: `folder` is a file or a mount point, or the disk is full.
    """
    folder = folder.resolve()
    if folder.exists() and not folder.is_dir():
        raise CannotReplace(f"{folder} is a file, not a folder")
    if folder.is_mount():
        raise CannotReplace(f"{folder} is a mount point and cannot be replaced: choose a folder inside it")
    folder.parent.mkdir(parents=True, exist_ok=True)
    _recover(folder)
    # A name of its own: a process that a killed writer started may still be writing into that writer's draft.
    draft = Path(tempfile.mkdtemp(prefix=_draft_of(folder), dir=folder.parent))
    try:
        draft.chmod(folder.stat().st_mode if folder.exists() else _USUAL_MODE)
        if folder.exists():
            if spare is not None:
                take_up(spare, draft)
            make_twin(folder, draft)
        yield draft
        sync_tree(draft, folder)
        _put_in_place(draft, folder)
        if spare is not None:
            lay_by(draft, spare)
    except OSError as error:
        if error.errno in NO_SPACE:
            raise CannotReplace(
                f"no space is left for a new version beside {folder}, which stays as it was: free some and try again"
            ) from error
        raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _lock_acquired(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _draft_of(folder: Path) -> str:
    return f".{folder.name}.draft."


def _old_content_folder(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.retired")


def _recover(folder: Path) -> None:
    """Clear away what a killed writer left; where it died between two renames, put the old content back."""
    retired = _old_content_folder(folder)
    if retired.exists() and not folder.exists():
        retired.rename(folder)
    shutil.rmtree(retired, ignore_errors=True)
    for left in folder.parent.iterdir():
        if left.name.startswith(_draft_of(folder)):
            shutil.rmtree(left, ignore_errors=True)


def put_in_place(version: Path, folder: Path, aside: Path) -> None:
    """Put a twin of `version` in the place of `folder`, whose content moves to `aside`, which must not exist. See `locked`."""
    draft = Path(tempfile.mkdtemp(prefix=_draft_of(folder), dir=folder.parent))
    try:
        draft.chmod(folder.stat().st_mode if folder.exists() else _USUAL_MODE)
        make_twin(version, draft)
        sync_tree(draft, version)
        if folder.exists() and _exchange(draft, folder):
            draft.rename(aside)
        else:
            if folder.exists():
                folder.rename(aside)
            draft.rename(folder)
        sync(folder.parent)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _put_in_place(draft: Path, folder: Path) -> None:
    if not folder.exists():
        draft.rename(folder)
    elif not _exchange(draft, folder):
        # Without an atomic exchange there is a moment without the folder, but never one with a mixture.
        folder.rename(_old_content_folder(folder))
        draft.rename(folder)
        shutil.rmtree(_old_content_folder(folder), ignore_errors=True)
    sync(folder.parent)


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
