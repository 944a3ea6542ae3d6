"""Hashes of files are remembered only as long as nothing of the file may have changed."""

import os
import time
from pathlib import Path

from pipeline.document.sources import collect
from pipeline.store.file_hashes import FileHashes
from pipeline.store.results import ResultStore

LONG_AGO = time.time() - 1000


def written(path: Path, text: str, at: float = LONG_AGO) -> Path:
    path.write_text(text)
    os.utime(path, (at, at))
    return path


def hashes(folder: Path, hashed: FileHashes) -> list[str]:
    return [source.sha256 for source in collect([folder], hashed)]


def test_an_unchanged_file_is_not_read_again(tmp_path: Path) -> None:
    folder, store = tmp_path / "in", ResultStore(tmp_path / "results")
    folder.mkdir()
    file = written(folder / "a.txt", "one")
    first = FileHashes.load(store)
    (known,) = hashes(folder, first)
    first.save()
    assert FileHashes.load(store).look_up(file) == (known, 3)


def test_a_file_whose_time_was_set_back_is_read(tmp_path: Path) -> None:
    hashed = FileHashes.load(ResultStore(tmp_path / "results"))
    file = written(tmp_path / "a.txt", "one")
    hashes(file, hashed)
    written(file, "two")
    assert hashed.look_up(file) is None


def test_a_changed_file_is_read(tmp_path: Path) -> None:
    folder, store = tmp_path / "in", ResultStore(tmp_path / "results")
    folder.mkdir()
    file = written(folder / "a.txt", "one")
    first = FileHashes.load(store)
    (before,) = hashes(folder, first)
    first.save()
    for change in (
        lambda: written(file, "two", LONG_AGO + 1),
        lambda: written(file, "three"),
        lambda: written(folder / "b", "six").replace(file),
    ):
        change()
        (now,) = hashes(folder, FileHashes.load(store))
        assert now not in ("", before)


def test_a_file_changed_just_now_is_not_remembered(tmp_path: Path) -> None:
    """A second change within the same tick of the clock would not show."""
    hashed = FileHashes.load(ResultStore(tmp_path / "results"))
    file = written(tmp_path / "a.txt", "one", time.time())
    hashes(file, hashed)
    assert hashed.look_up(file) is None


def test_damage_forgets_everything(tmp_path: Path) -> None:
    store = ResultStore(tmp_path / "results")
    hashed = FileHashes.load(store)
    hashes(written(tmp_path / "a.txt", "one"), hashed)
    hashed.save()
    (kept,) = (path for path in (tmp_path / "results").rglob("*") if path.is_file())
    kept.write_bytes(kept.read_bytes()[:-1] + b"x")
    assert FileHashes.load(store).known == {}
