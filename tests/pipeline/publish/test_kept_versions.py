"""Versions: what a reader holds, what is kept, what becomes of a second writer, of a killed one, and of a full disk."""

import errno
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.publish.versions.kept_versions import current_version_folder, history, publishing, versions_folder
from pipeline.publish.versions.manifest import file_of, read_manifest, snapshot_of, write_manifest
from pipeline.publish.versions.replacement import AnotherWriter, CannotReplace

ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
NAMES = [f"{name}.parquet" for name in "abcd"]

WRITER = """
import sys
from pathlib import Path
from tests.pipeline.publish.test_kept_versions import write
number = 0
while True:
    number += 1
    write(Path(sys.argv[1]), f"{sys.argv[2]}-{number}", keep=100)
    print(number, flush=True)
"""
ADDING = """
import sys
from pathlib import Path
from pipeline.publish.versions.replacement import AnotherWriter
from tests.pipeline.publish.test_kept_versions import add
try:
    add(Path(sys.argv[1]), sys.argv[2], wait=float(sys.argv[3]))
except AnotherWriter as error:
    sys.exit(str(error))
"""


def write(dataset: Path, text: str, **options: float) -> None:
    """Publish a version of files that all say `text`."""
    with publishing(dataset, **options) as draft:  # type: ignore[arg-type]
        for name in NAMES:
            (draft / name).unlink(missing_ok=True)
            (draft / name).write_text(text)
        write_manifest(draft, [file_of(draft, Path(name), "documents", 1) for name in NAMES], ())


def add(dataset: Path, name: str, **options: float) -> None:
    """Publish a version with one more file."""
    with publishing(dataset, **options) as draft:  # type: ignore[arg-type]
        held = list(read_manifest(draft).values())
        (draft / name).write_text(name)
        write_manifest(draft, [*held, file_of(draft, Path(name), "documents", 1)], ())


def says(folder: Path) -> str:
    """Return the one text of all files of a version, having held every file against the manifest."""
    files = read_manifest(folder)
    assert {path: hashlib.sha256((folder / path).read_bytes()).hexdigest() for path in files} == {p: f.sha256 for p, f in files.items()}
    (text,) = {(folder / path).read_text() for path in files}
    return text


def test_a_held_version_stays_as_it_is(tmp_path: Path) -> None:
    write(tmp_path / "dataset", "first")
    held = current_version_folder(tmp_path / "dataset")
    write(tmp_path / "dataset", "second")
    assert (says(held), says(tmp_path / "dataset"), says(current_version_folder(tmp_path / "dataset"))) == ("first", "second", "second")


def test_the_version_s_name_is_what_sha256sum_says_of_its_files(tmp_path: Path) -> None:
    write(tmp_path / "dataset", "first")
    lines = "".join(f"{hashlib.sha256(b'first').hexdigest()}  {name}\n" for name in NAMES)
    expected = hashlib.sha256(lines.encode()).hexdigest()[:16]
    assert json.loads((tmp_path / "dataset/manifest.json").read_text())["snapshot"] == expected
    assert current_version_folder(tmp_path / "dataset").name == expected


def test_as_many_versions_are_kept_as_asked_for(tmp_path: Path) -> None:
    for number in range(5):
        write(tmp_path / "dataset", str(number), keep=3)
    versions = versions_folder(tmp_path / "dataset")
    kept = history(tmp_path / "dataset")
    assert [says(versions / snapshot) for snapshot in kept] == ["2", "3", "4"]
    assert {path.name for path in versions.iterdir()} - {"spare", "known_files.msgpack"} == {*kept, "history.json", "lock"}
    write(tmp_path / "dataset", "2", keep=1)
    assert [says(versions / snapshot) for snapshot in history(tmp_path / "dataset")] == ["2"]
    with pytest.raises(ValueError, match="at least"):
        write(tmp_path / "dataset", "3", keep=0)


def test_versions_are_out_of_the_way_of_every_pattern(tmp_path: Path) -> None:
    write(tmp_path / "dataset", "first")
    write(tmp_path / "dataset", "second")
    assert sorted(path.name for path in (tmp_path / "dataset").rglob("*")) == [*NAMES, "manifest.json"]
    assert sorted(path for path in tmp_path.glob("*/**/*.parquet") if "spare" not in path.parts) == sorted(
        [tmp_path / "dataset" / name for name in NAMES]
        + [versions_folder(tmp_path / "dataset") / snapshot / name for snapshot in history(tmp_path / "dataset") for name in NAMES]
    )


def test_a_dataset_from_elsewhere_is_its_own_version(tmp_path: Path) -> None:
    write(tmp_path / "dataset", "first")
    (tmp_path / "dataset").rename(tmp_path / "downloaded")
    assert current_version_folder(tmp_path / "downloaded") == tmp_path / "downloaded"
    write(tmp_path / "downloaded", "second")
    assert [says(versions_folder(tmp_path / "downloaded") / s) for s in history(tmp_path / "downloaded")] == ["first", "second"]


def test_a_second_writer_is_told_and_changes_nothing(tmp_path: Path) -> None:
    write(tmp_path / "dataset", "first")
    with publishing(tmp_path / "dataset") as draft:
        with pytest.raises(AnotherWriter, match="another process is writing"):
            write(tmp_path / "dataset", "second", wait=0.1)
        assert draft.is_dir()
        assert says(draft) == "first"
    assert says(tmp_path / "dataset") == "first"
    write(tmp_path / "dataset", "second")
    assert says(tmp_path / "dataset") == "second"


@pytest.mark.parametrize("wait", ["0", "30"], ids=["the loser is told", "the loser waits"])
def test_no_update_of_two_writers_is_lost(tmp_path: Path, wait: str) -> None:
    expected = set()
    for attempt in range(4):
        names = [f"{attempt}{writer}.parquet" for writer in "xy"]
        command = [sys.executable, "-c", ADDING, str(tmp_path / "dataset")]
        writers = [subprocess.Popen([*command, name, wait], env=ENVIRONMENT, stderr=subprocess.PIPE) for name in names]
        errors = [writer.communicate()[1].decode() for writer in writers]
        for name, error in zip(names, errors, strict=True):
            assert not error or (wait == "0" and error.startswith("another process is writing")), error
            expected |= set() if error else {name}
        assert {path.name for path in (tmp_path / "dataset").glob("*.parquet")} == expected
    if wait != "0":
        assert len(expected) == 8


def test_killed_writers_leave_readers_a_whole_version(tmp_path: Path) -> None:
    dataset, chance = tmp_path / "dataset", random.Random(11)
    write(dataset, "before")
    done, reads, torn = threading.Event(), [0], list[str]()

    def read() -> None:
        while not done.is_set():
            try:
                says(current_version_folder(dataset))
            except (AssertionError, OSError, ValueError) as error:
                torn.append(repr(error))
            reads[0] += 1

    reader = threading.Thread(target=read)
    reader.start()
    for attempt in range(6):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(dataset), str(attempt)], stdout=subprocess.PIPE, env=ENVIRONMENT
        ) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(chance.uniform(0, 0.05))
            writer.send_signal(signal.SIGKILL)
        says(dataset)
    done.set()
    reader.join()
    assert torn == []
    assert reads[0] > 50
    write(dataset, "after")
    assert {path.name for path in tmp_path.iterdir()} == {"dataset", versions_folder(dataset).name}
    left = {path.name for path in versions_folder(dataset).iterdir()} - {"spare", "known_files.msgpack"}
    assert left == {*history(dataset), "history.json", "lock"}


def test_a_full_disk_is_said_and_the_old_version_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "dataset", "first")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pipeline.publish.versions.linked_trees.link_or_copy", full)
    with pytest.raises(CannotReplace, match="no space is left"):
        write(tmp_path / "dataset", "second")
    assert says(tmp_path / "dataset") == "first"
    assert {path.name for path in tmp_path.iterdir()} == {"dataset", versions_folder(tmp_path / "dataset").name}


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """Yield a file system of its own that holds `size`; skip where none can be made."""
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip(f"a small file system needs the right to mount: {mounted.stderr.decode().strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="tmpfs is of Linux")
def test_a_disk_that_is_really_full_is_said_too(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "512k") as disk:
        write(disk / "dataset", "small")
        with pytest.raises(CannotReplace, match="no space is left"):
            write(disk / "dataset", "x" * 200_000)
        assert says(disk / "dataset") == "small"
        write(disk / "dataset", "again")
        assert says(current_version_folder(disk / "dataset")) == "again"


def test_the_name_depends_on_content_and_place_alone(tmp_path: Path) -> None:
    write(tmp_path / "one", "same")
    files = read_manifest(tmp_path / "one")
    assert snapshot_of(reversed(list(files.values()))) == snapshot_of(files.values())
