"""A program of the system costs no more than it may, sees nothing but its folder, and leaves nothing behind; stand-ins are run here."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.document.content import UnreadableDocument
from pipeline.store.processes.outside_programs import AttendedPrograms, ProgramLimits, attend, found_programs, identity_of
from pipeline.store.processes.server_process import borrowed
from tests.pipeline.store.stand_ins import NAME, stand_in

BRIEF = ProgramLimits(cpu=2, deadline=20.0)


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@contextmanager
def attended(tmp_path: Path, program: str, limits: ProgramLimits = BRIEF, *, strict: bool = False) -> Iterator[AttendedPrograms]:
    folder = tmp_path / "scratch"
    folder.mkdir(exist_ok=True)
    own = attend({NAME: str(stand_in(tmp_path / "bin", program))}, folder, limits, strict=strict)
    try:
        yield own
        assert list(folder.iterdir()) == []
    finally:
        own.close()


@pytest.fixture
def walls() -> None:
    with borrowed("tests.pipeline.store.trouble") as server:
        if server.missing:
            pytest.skip(f"this system lacks {', '.join(server.missing)}")


def test_bytes_go_in_and_come_out(tmp_path: Path) -> None:
    program = """
        import os, sys
        sys.stdout.buffer.write(open("input", "rb").read()[::-1])
        sys.stderr.write(" ".join([*sys.argv[1:], os.environ["LANG"], *sorted(os.environ)]))
        open("left", "w").write("behind")
        assert os.environ["HOME"] == os.environ["TMPDIR"] == os.getcwd()
    """
    large = os.urandom(3 << 20)  # more than a pipe holds
    with attended(tmp_path, program) as programs:
        assert programs.has(NAME) and not programs.has("another")
        for data in (large, b""):
            ran = programs.run(NAME, ["-a", "b c"], data, 4 << 20)
            assert (ran.output, ran.well) == (data[::-1], True)
        words = ran.complaints.split(" ")
        assert words[:4] == ["-a", "b", "c", "C.UTF-8"]
        assert set(words[4:]) <= {"HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "LC_CTYPE"}
        with pytest.raises(UnreadableDocument, match="another could not begin: it is not installed"):
            programs.run("another", [], b"", 1)


def test_what_a_program_says_of_itself(tmp_path: Path) -> None:
    with attended(tmp_path, "import sys; sys.stderr.write('x' * 9_000_000); sys.exit(3)") as programs:
        ran = programs.run(NAME, [], b"", 1)
        assert not ran.well and len(ran.complaints) < 2 << 20


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("import sys\nwhile True: sys.stdout.write('x' * 65536)", "more than 1 MiB"),
        ("import time; time.sleep(600)", "took longer than 1.5 seconds"),
        ("import os, time; os.close(1); os.close(2); time.sleep(600)", "took longer than 1.5 seconds"),
        ("import ctypes; ctypes.string_at(1)", r"crashed \(SIGSEGV\)"),
    ],
)
def test_what_does_not_end_is_ended(tmp_path: Path, program: str, reason: str) -> None:
    begun = time.monotonic()
    with attended(tmp_path, program, ProgramLimits(cpu=20, deadline=1.5)) as programs, pytest.raises(UnreadableDocument, match=reason):
        programs.run(NAME, [], b"", 1 << 20)
    assert time.monotonic() - begun < 15


def test_limits_hold(tmp_path: Path) -> None:
    took = pytest.raises(UnreadableDocument, match="more than 1 seconds of processor time")
    with attended(tmp_path, "while True: pass", ProgramLimits(cpu=1, deadline=60)) as programs, took:
        programs.run(NAME, [], b"", 1)
    with attended(tmp_path, "bytearray(64 << 30)") as programs:
        ran = programs.run(NAME, [], b"", 1)
        assert not ran.well and "MemoryError" in ran.complaints
    with attended(tmp_path, "open('big', 'wb').truncate(300 << 20)") as programs:
        ran = programs.run(NAME, [], b"", 1)
        assert not ran.well and "File too large" in ran.complaints


ATTACKS = {
    "read": "open({secret!r}).read()",
    "list": "import os; os.listdir({folder!r})",
    "write": "open({folder!r} + '/new', 'w').write('x')",
    "delete": "import os; os.unlink({secret!r})",
    "socket": "import socket; socket.socket()",
    "unix socket": "import socket; socket.socket(socket.AF_UNIX)",
    "fork": "import os; os.fork()",
    "leave the group": "import os; os.setsid()",
    "signal": "import os; os.kill({parent}, 0)",
    "become another": "import os; os.execv({folder!r} + '/bin2', ['x'])",
    "more memory": "import resource; resource.setrlimit(resource.RLIMIT_AS, (1 << 50, 1 << 50))",
    "proc": "open('/proc/{parent}/environ', 'rb').read()",
}


@pytest.mark.usefixtures("walls")
@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_refused(tmp_path: Path, attack: str) -> None:
    secret, other = tmp_path / "secret", tmp_path / "bin2"
    secret.write_text("secret")
    other.write_bytes(Path("/bin/true").resolve().read_bytes())
    other.chmod(0o700)
    program = ATTACKS[attack].format(secret=str(secret), folder=str(tmp_path), parent=os.getpid())
    with attended(tmp_path, program, strict=True) as programs:
        ran = programs.run(NAME, [], b"", 1 << 20)
    assert not ran.well
    assert "Error" in ran.complaints, ran.complaints
    assert (sorted(path.name for path in tmp_path.iterdir()), secret.read_text()) == (["bin", "bin2", "scratch", "secret"], "secret")


def test_children_that_are_left_behind_are_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system has no walls, a program may fork: its group is killed with it."""
    monkeypatch.setattr("pipeline.store.processes.walls.confine", lambda _: ("all",))
    sign = tmp_path / "children"
    program = f"""
        import os, time
        for _ in range(3):
            if os.fork() == 0:
                with open({str(sign)!r}, "a") as file:
                    file.write(f"{{os.getpid()}}\\n")
                time.sleep(600)
        while len(open({str(sign)!r}).read().split()) < 3 if os.path.exists({str(sign)!r}) else True:
            time.sleep(0.01)
    """
    with attended(tmp_path, program) as programs:
        assert programs.run(NAME, [], b"", 1).well
    until = time.monotonic() + 10
    children = [int(number) for number in sign.read_text().split()]
    assert len(children) == 3
    while any(_lives(child) for child in children) and time.monotonic() < until:
        time.sleep(0.02)
    assert not any(_lives(child) for child in children)


def _lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_program_ends_with_what_runs_it(tmp_path: Path) -> None:
    folder = tmp_path / "scratch"
    with attended(tmp_path, "import time; time.sleep(600)", ProgramLimits(deadline=600)) as programs:
        ender = threading.Timer(1.0, os.kill, (programs.attendant, signal.SIGKILL))
        ender.start()
        with pytest.raises(UnreadableDocument, match="Reading by bsdtar ended"):
            programs.run(NAME, [], b"", 1)
        shutil.rmtree(next(folder.iterdir()))  # as the process does that workers are forked from, with the rest of a worker's
    until = time.monotonic() + 10
    while _running(str(tmp_path / "bin")) and time.monotonic() < until:
        time.sleep(0.02)
    assert not _running(str(tmp_path / "bin"))


def _running(text: str) -> bool:
    return any(_command_has(place, text) for place in Path("/proc").glob("[0-9]*"))


def _command_has(place: Path, text: str) -> bool:
    try:
        return text.encode() in (place / "cmdline").read_bytes() and _lives(int(place.name))
    except OSError:
        return False


def test_without_walls_strict_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.store.processes.walls.confine", lambda _: ("Landlock (files)",))
    with attended(tmp_path, "print(1)", strict=True) as programs, pytest.raises(UnreadableDocument, match="lacks walls around it"):
        programs.run(NAME, [], b"", 1)
    with attended(tmp_path, "print(1)") as programs:
        assert programs.run(NAME, [], b"", 9).output == b"1\n"


def test_programs_are_found_on_the_path_and_known_by_what_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert found_programs() == {}
    before = identity_of({})
    program = stand_in(tmp_path, "print(1)", "bsdtar")
    assert found_programs() == {"bsdtar": os.path.realpath(program)}
    installed = identity_of(found_programs())
    os.utime(program, (1, 1))
    assert len({before, installed, identity_of(found_programs())}) == 3
