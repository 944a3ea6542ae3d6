"""Working files in a folder: what a killed writer left goes, what another is writing stays."""

from __future__ import annotations

import fcntl
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.store.storage import FolderStorage

KILLED_WHILE_WRITING = """
import os, signal, sys
from pathlib import Path
from pipeline.store.storage import FolderStorage

def parts():
    yield b"half"
    os.kill(os.getpid(), signal.SIGKILL)

folder = Path(sys.argv[1])
FolderStorage(folder)._written(folder / "stage" / "v1" / "0a" / "0a1b", parts())
"""


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_what_a_killed_writer_left_goes_with_the_next_write(tmp_path: Path) -> None:
    writer = subprocess.run([sys.executable, "-c", KILLED_WHILE_WRITING, str(tmp_path)], cwd=Path(__file__).parents[3], check=False)
    assert writer.returncode == -signal.SIGKILL
    assert len(files(tmp_path)) == 1
    FolderStorage(tmp_path).write("stage/v1/0b/0b2c", b"whole")
    assert files(tmp_path) == ["stage/v1/0b/0b2c"]


def test_what_another_is_writing_stays(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    storage.write("stage/v1/0a/0a1b", b"one")
    with (tmp_path / ".staging" / "of another").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        storage.write("stage/v1/0a/0a1b", b"two")
        assert files(tmp_path) == [".staging/of another", "stage/v1/0a/0a1b"]
    storage.write("stage/v1/0a/0a1b", b"two")
    assert files(tmp_path) == ["stage/v1/0a/0a1b"]


def test_a_file_that_was_taken_for_abandoned_is_written_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, taken = fcntl.flock, []

    def flock(file: object, operation: int) -> None:
        if not taken:  # between opening and locking another writer clears up
            (staged,) = (tmp_path / ".staging").iterdir()
            staged.unlink()
            taken.append(staged)
        real(file, operation)  # type: ignore[arg-type]

    monkeypatch.setattr(fcntl, "flock", flock)
    FolderStorage(tmp_path).write("stage/v1/0a/0a1b", b"whole")
    assert (taken != [], (tmp_path / "stage/v1/0a/0a1b").read_bytes()) == (True, b"whole")


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "stage" / "v1" / "0a" / "0a1b").mkdir(parents=True)
    with pytest.raises(OSError, match="0a1b"):
        FolderStorage(tmp_path).write("stage/v1/0a/0a1b", b"no room")
    assert files(tmp_path) == []
