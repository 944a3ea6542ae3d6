"""Hashes of files are remembered only as long as nothing of the file may have changed."""

import os
import time
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

import pytest

from pipeline.document.inputs.archives import Contents
from pipeline.document.inputs.collecting import collect
from pipeline.document.inputs.sources import Looked, Source, look_here
from pipeline.store.file_hashes import FileHashes
from pipeline.store.results import ResultStore

LONG_AGO = time.time() - 1000


def written(path: Path, text: str, at: float = LONG_AGO) -> Path:
    path.write_text(text)
    os.utime(path, (at, at))
    return path


def hashes(folder: Path, hashed: FileHashes) -> list[str]:
    return [source.sha256 for source in collect([folder], look_here, hashed)]


def test_an_unchanged_file_is_not_read_again(tmp_path: Path) -> None:
    folder, store = tmp_path / "in", ResultStore(tmp_path / "results")
    folder.mkdir()
    file = written(folder / "a.txt", "one")
    first = FileHashes.load(store)
    (known,) = hashes(folder, first)
    first.save()
    assert FileHashes.load(store).look_up(file) == (known, 3, b"one", False)


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


def zipped(path: Path, **members: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    os.utime(path, (LONG_AGO, LONG_AGO))
    return path


def test_what_looks_like_an_archive_is_unpacked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, store = tmp_path / "in", ResultStore(tmp_path / "results")
    folder.mkdir()
    zipped(folder / "a.zip", one="1", two="22")
    zipped(folder / "b.xlsx", **{"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"})
    zipped(folder / "empty.zip")
    first = FileHashes.load(store)
    before = collect([folder], look_here, first)
    first.save()

    def look(files: Sequence[Source]) -> NoReturn:
        raise AssertionError(f"{files} were looked into again")

    def opened(file: Path, mode: str = "r") -> NoReturn:
        raise AssertionError(f"{file} was opened again")

    known = FileHashes.load(store)
    with monkeypatch.context() as closed:
        closed.setattr(Path, "open", opened)
        assert collect([folder], look, known) == before
    assert [source.file_name for source in before] == ["a.zip!/one", "a.zip!/two", "b.xlsx", "empty.zip"]
    assert before[-1].unavailable


def test_an_archive_of_which_nothing_could_be_had_is_looked_into_again_on_request(tmp_path: Path) -> None:
    store = ResultStore(tmp_path / "results")
    file = zipped(tmp_path / "a.zip", one="1")

    def refused(files: Sequence[Source]) -> Iterator[Looked]:
        yield from (Looked(own, Contents(refused="Reading took more than 180 seconds of processor time and was stopped.")) for own in files)

    def killed(files: Sequence[Source]) -> Iterator[Looked]:
        yield from (Looked(own, Contents(refused="The reader was killed."), lasting=False) for own in files)

    for look, known in ((killed, False), (refused, True)):
        hashed = FileHashes.load(store)
        (source,) = collect([file], look, hashed)
        assert source.unavailable and source.file_name == "a.zip"
        hashed.save()
        assert bool(FileHashes.load(store).contents) == known
    assert collect([file], look_here, FileHashes.load(store)) == [source]
    assert [own.file_name for own in collect([file], look_here, FileHashes.load(store, retry=True))] == ["a.zip!/one"]
