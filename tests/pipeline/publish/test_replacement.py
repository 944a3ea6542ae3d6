"""Replacing a folder: all or nothing, also when the writer is killed at any moment."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.publish.versions import replacement
from pipeline.publish.versions.replacement import CannotReplace, atomic_replacement, keep_if_possible

WRITER = """
import sys
from pathlib import Path
from pipeline.publish.versions.replacement import atomic_replacement
folder, version = Path(sys.argv[1]), 0
while True:
    version += 1
    with atomic_replacement(folder) as draft:
        for name in "abcdefgh":
            path = draft / name
            path.unlink(missing_ok=True)
            path.write_text(f"{sys.argv[2]}-{version}")
    print(version, flush=True)
"""


def write(folder: Path, text: str) -> None:
    with atomic_replacement(folder) as draft:
        for name in ("one", "two"):
            (draft / name).unlink(missing_ok=True)
            (draft / name).write_text(text)


def texts(folder: Path) -> set[str]:
    return {path.read_text() for path in folder.iterdir()}


@pytest.mark.parametrize("atomic", [True, False], ids=["exchange", "two renames"])
def test_the_new_content_takes_the_place_of_the_old(tmp_path: Path, atomic: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not atomic:
        monkeypatch.setattr(replacement, "_exchange", lambda one, other: False)
    folder = tmp_path / "deep" / "folder"
    write(folder, "first")
    write(folder, "second")
    assert texts(folder) == {"second"}
    assert [path.name for path in folder.parent.iterdir()] == ["folder"]


def test_a_failing_writer_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    write(folder, "first")
    with pytest.raises(RuntimeError), atomic_replacement(folder) as draft:
        (draft / "one").unlink()
        raise RuntimeError
    assert texts(folder) == {"first"}
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_writer_that_died_between_two_renames_is_undone(tmp_path: Path) -> None:
    write(tmp_path / "folder", "first")
    (tmp_path / "folder").rename(tmp_path / ".folder.retired")
    with atomic_replacement(tmp_path / "folder") as draft:
        assert texts(draft) == {"first"}


def test_a_link_is_followed_and_stays(tmp_path: Path) -> None:
    write(tmp_path / "real", "first")
    (tmp_path / "link").symlink_to("real")
    write(tmp_path / "link", "second")
    assert (tmp_path / "link").is_symlink()
    assert texts(tmp_path / "real") == {"second"}


def test_a_file_and_a_mount_point_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(CannotReplace, match="is a file"), atomic_replacement(tmp_path / "file"):
        pass
    with pytest.raises(CannotReplace, match="mount point"), atomic_replacement(Path("/")):
        pass
    assert (tmp_path / "file").read_text() == "mine"


def test_killed_writers_never_leave_a_mixture(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    chance = random.Random(7)
    seen = set()
    for attempt in range(12):
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-c", WRITER, str(folder), str(attempt)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()  # it has replaced the folder once
            time.sleep(chance.uniform(0, 0.03))
            writer.send_signal(signal.SIGKILL)
        names, contents = {path.name for path in folder.iterdir()}, texts(folder)
        assert names == set("abcdefgh")
        assert len(contents) == 1
        seen |= contents
    assert len(seen) == 12
    write(folder, "after")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_what_a_killed_process_left_beside_a_kept_file_goes(tmp_path: Path) -> None:
    kept, left, other = tmp_path / "record", tmp_path / "record.12690", tmp_path / "records"
    left.write_bytes(b"half of")
    other.write_bytes(b"another's")
    keep_if_possible(kept, b"all that is known")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"record": b"all that is known", "records": b"another's"}


def test_a_file_that_cannot_be_kept_is_no_error(tmp_path: Path) -> None:
    keep_if_possible(tmp_path / "no folder" / "record", b"all that is known")
    assert list(tmp_path.iterdir()) == []
