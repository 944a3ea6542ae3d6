"""The versions of a dataset: the published one at its own path, older ones beside it, and which of them a reader holds.

    dataset/                             the published version: a real folder, exchanged in one step
    .dataset.versions/<snapshot>/        every version kept, the published one too: the same files by hard links, never changed
    .dataset.versions/<snapshot>.md      what it changed, as release notes
    .dataset.versions/history.json       their order, oldest first
    .dataset.versions/spare/             trees of versions that are given up: the next ones begin with them

A path that is read file by file may be exchanged between two files. So a reader of many files resolves the version once
(`held_version`) and reads from its folder, which stays as it is until `keep` newer versions have been published.

Belongs here: the order of writing, keeping and forgetting. How a folder is exchanged is in `replacement.py`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.publish.versions.known_files import KnownFiles
from pipeline.publish.versions.linked_trees import lay_by, relink, sync, sync_tree, take_up
from pipeline.publish.versions.manifest import MANIFEST, DamagedManifest, read_manifest, snapshot_in, snapshot_of
from pipeline.publish.versions.replacement import atomic_replacement, locked

KEPT = 3
"""Versions that are kept, the published one included, unless said otherwise."""

LOCK_TIMEOUT = 60.0
"""Seconds that a writer waits for another one before it gives up."""

_HISTORY = "history.json"
_STAGED = ".staged"
_SPARES = "spare"
"""Folder of trees that belong to no version any more (see `linked_trees`)."""


def versions_folder(dataset: Path) -> Path:
    """Return where the versions of `dataset` are kept: beside it, so that no pattern over its tables meets them."""
    dataset = dataset.resolve()
    return dataset.with_name(f".{dataset.name}.versions")


def current_version_folder(dataset: Path) -> Path:
    """Return the folder of the version that is published now; its files never change, whatever is published later.

    A dataset that no publication stands beside (a copy, a download) is itself that folder.
    """
    kept = versions_folder(dataset) / str(snapshot_in(dataset))
    return kept if kept.is_dir() else dataset


def history(dataset: Path) -> list[str]:
    """Return the snapshots of the versions that are kept, oldest first; the last is the published one.

    Where the list is damaged, the versions are taken in the order in which their folders were made.
    """
    store = versions_folder(dataset)
    known = _listed(store)
    try:
        current = current_snapshot(dataset)
    except DamagedManifest:
        current = None
    ordered = [snapshot for snapshot in known if snapshot != current] + ([current] if current else [])
    return [snapshot for snapshot in ordered if snapshot == current or (store / snapshot).is_dir()]


def _listed(store: Path) -> list[str]:
    path = store / _HISTORY
    if not path.exists():
        return []
    try:
        return [str(snapshot) for snapshot in json.loads(path.read_text(encoding="utf-8"))["versions"]]
    except (OSError, ValueError, KeyError, TypeError):
        folders = [folder for folder in store.iterdir() if (folder / MANIFEST).exists()]
        return [folder.name for folder in sorted(folders, key=lambda folder: (folder.stat().st_mtime_ns, folder.name))]


@contextmanager
def publishing(dataset: Path, *, keep: int = KEPT, wait: float = LOCK_TIMEOUT) -> Iterator[Path]:
    """Yield a draft of the next version, which is published in one step when the block ends; see `replacing`.

    The draft must hold a manifest by then. What it held before is kept as a version of its own, until `keep` newer ones have come.

    Args:
        dataset: where it is published; need not exist.
        keep: how many versions are kept, the new one included; at least one.
        wait: seconds to wait for another writer.

    Raises:
        AnotherWriter: another process was publishing there all that time. Nothing was changed.
        CannotReplace: `dataset` is a file or a mount point, or the disk is full. Nothing was changed.
    """
    if keep < 1:
        raise ValueError(f"at least the published version is kept, not {keep}")
    dataset = dataset.resolve()
    store = versions_folder(dataset)
    with locked(store / "lock", wait, str(dataset)):
        _delete_old_versions(store, history(dataset))  # what a killed writer left
        known = history(dataset)
        with atomic_replacement(dataset, store / _SPARES / "dataset") as draft:
            _store_version(dataset, store)
            yield draft
            _store_version(draft, store, dataset)
        current = current_snapshot(dataset)
        ordered = [*(snapshot for snapshot in known if snapshot != current), *([current] if current else [])][-keep:]
        with suppress(OSError):  # the version is out; what is left undone here, the next publication does
            _delete_old_versions(store, ordered)
            write_synced(store / _HISTORY, json.dumps({"versions": ordered}, indent=1) + "\n")
            KnownFiles.load(store).after_links(dataset)


def keep_notes(dataset: Path, snapshot: str, notes: Callable[[], str]) -> None:
    """Write the release notes of a version that is being published, once: publishing it again does not change them."""
    path = versions_folder(dataset) / f"{snapshot}.md"
    if not path.exists():
        write_synced(path, notes())


def notes_of(dataset: Path) -> Path | None:
    """Return the release notes of the published version, if there are any."""
    current = current_snapshot(dataset)
    path = versions_folder(dataset) / f"{current}.md"
    return path if current and path.exists() else None


def current_snapshot(dataset: Path) -> str | None:
    """Return the name of the published version's content; None where nothing is published."""
    files = read_manifest(dataset)
    return snapshot_of(files.values()) if files else None


def _store_version(tree: Path, store: Path, synced: Path | None = None) -> None:
    """Keep what the manifest of `tree` lists as a version, complete and on disk before it gets its name.

    Args:
        tree: a draft, or the published dataset itself.
        store: where it is kept.
        synced: a folder whose files are on disk, which the new version shares some of.
    """
    files = read_manifest(tree)
    if not files:
        return
    target = store / snapshot_of(files.values())
    if target.is_dir():
        return
    staged = store / f"{target.name}{_STAGED}"
    staged.mkdir()
    before = _take_up_spare(store / _SPARES / "version", staged)
    relink(tree, staged, [MANIFEST, *files], gone=before.difference(files))
    sync_tree(staged, synced)
    staged.rename(target)
    sync(store)


def _take_up_spare(spare: Path, staged: Path) -> set[str]:
    """Move a version that was given up to `staged`, and return the files that it has; without its manifest, it may lack some, and goes."""
    try:
        files = set(read_manifest(spare))
    except DamagedManifest:
        files = set()
    if files:
        (spare / MANIFEST).unlink()
        take_up(spare, staged)
    shutil.rmtree(spare, ignore_errors=True)
    return files


def _delete_old_versions(store: Path, kept: Sequence[str]) -> None:
    """Remove all that is no version to keep."""
    for path in store.iterdir() if store.is_dir() else ():
        if path.name == _SPARES:
            continue
        if path.is_dir() and path.suffix == _STAGED:
            shutil.rmtree(path, ignore_errors=True)
        elif path.is_dir() and path.name not in kept:
            lay_by(path, store / _SPARES / "version")
        elif path.suffix == ".md" and path.stem not in kept:
            path.unlink(missing_ok=True)


def write_synced(path: Path, text: str) -> None:
    """Replace a text file in one step, and force it to disk."""
    staged = path.with_suffix(".new")
    staged.write_text(text, encoding="utf-8", newline="\n")
    sync(staged)
    staged.replace(path)
    sync(path.parent)
