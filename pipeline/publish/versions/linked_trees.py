"""Folders that share their files by hard links: a twin of a folder, made of one that nobody needs any more where there is one.

Making and removing thousands of folders takes longer than all else of a small change. So a version that is given up is not removed but
laid by (`lay_by`), and the next version begins with its folders (`take_up`), of which only what differs is linked anew.

Belongs here: links, and forcing to disk what is no link. Nothing here knows what the folders hold.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""Errors of a disk that is full."""


def make_twin(folder: Path, target: Path) -> None:
    """Make `target` a twin of `folder` by hard links, or by copies where the file system has none.

    Links in `folder` are made anew, files linked. What is in `target` already, and is no link to the same file, goes.
    """
    _make_twin(str(folder), str(target), is_new=not target.exists())


def _make_twin(folder: str, target: str, *, is_new: bool) -> None:
    there: dict[str, os.DirEntry[str]] = {}
    if is_new:
        Path(target).mkdir()
        shutil.copymode(folder, target)
    else:
        with os.scandir(target) as entries:
            there = {entry.name: entry for entry in entries}
    with os.scandir(folder) as entries:
        for entry in entries:
            old, twin = there.pop(entry.name, None), f"{target}/{entry.name}"
            if entry.is_symlink():
                _remove(old)
                Path(twin).symlink_to(Path(entry.path).readlink())
            elif entry.is_dir():
                is_new = old is None or not old.is_dir(follow_symlinks=False)
                if is_new:
                    _remove(old)
                _make_twin(entry.path, twin, is_new=is_new)
            elif old is None or old.is_symlink() or not old.is_file() or old.inode() != entry.inode():
                _remove(old)
                link_or_copy(entry.path, twin)
    for old in there.values():
        _remove(old)


def relink(folder: Path, target: Path, paths: Iterable[str], gone: Iterable[str]) -> None:
    """Make files of `target` links to those at the same places in `folder`, as far as they are none yet.

    Args:
        folder: holds the files.
        target: may hold some of them, and others.
        paths: the files, relative to `folder`.
        gone: files of `target` that go, with the folders that they leave empty.
    """
    for path in gone:
        place = target / path
        place.unlink(missing_ok=True)
        for above in place.relative_to(target).parents[:-1]:
            with suppress(OSError):  # it is not empty, or not there
                (target / above).rmdir()
    for path in paths:
        source, link = f"{folder}/{path}", f"{target}/{path}"
        try:
            if os.path.samefile(source, link):  # noqa: PTH121 (texts, not paths: there are many)
                continue
            Path(link).unlink()
        except FileNotFoundError:
            Path(link).parent.mkdir(parents=True, exist_ok=True)
        link_or_copy(source, link)


def _remove(entry: os.DirEntry[str] | None) -> None:
    if entry is None:
        return
    if entry.is_dir(follow_symlinks=False):
        shutil.rmtree(entry.path)
    else:
        Path(entry.path).unlink()


def link_or_copy(source: str, target: str) -> None:
    """Make `target` the same file as `source`, or a copy of it where the file system has no hard links."""
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno in NO_SPACE:
            raise
        shutil.copy2(source, target)


def lay_by(folder: Path, spare: Path) -> None:
    """Move a folder that nobody needs any more to `spare`, for `take_up`; remove it where one lies there already."""
    if folder.exists() and not spare.exists():
        with suppress(OSError):
            spare.parent.mkdir(parents=True, exist_ok=True)
            folder.rename(spare)
    shutil.rmtree(folder, ignore_errors=True)


def take_up(spare: Path, target: Path) -> None:
    """Move what a spare folder holds to `target`, an empty folder.

    `target` stays what it is: whoever still works in the spare folder finds nothing there any more, and never what comes next.
    """
    if spare.is_dir():
        for entry in list(spare.iterdir()):
            entry.rename(target / entry.name)
        spare.rmdir()


def sync_tree(folder: Path, synced: Path | None = None) -> None:
    """Force all files and directories of `folder` to disk, but for files that are hard links of those at the same place in `synced`.

    Where the system can force a whole file system, it is asked to: one wait, where a thousand folders are a thousand.
    """
    if not _sync_file_system(folder):
        _sync_one_by_one(str(folder), str(synced) if synced else None)


def _sync_one_by_one(folder: str, synced: str | None) -> None:
    twins: dict[str, int] = {}
    if synced is not None:
        with suppress(OSError), os.scandir(synced) as entries:
            twins = {entry.name: entry.inode() for entry in entries if not entry.is_symlink()}
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                _sync_one_by_one(entry.path, f"{synced}/{entry.name}" if synced else None)
            elif not entry.is_symlink() and twins.get(entry.name) != entry.inode():
                sync(entry.path)
    sync(folder)


def _sync_file_system(folder: Path) -> bool:
    """Force all of the file system that `folder` is on to disk; False where that cannot be, or failed."""
    call = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if call is None:
        return False
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        return bool(call(descriptor) == 0)
    finally:
        os.close(descriptor)


def sync(path: str | Path) -> None:
    """Force a file or a directory to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
