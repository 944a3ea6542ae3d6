"""What goes wrong in a worker costs one item, with a reason that a person understands."""

import itertools
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from pipeline.store.processes import isolation, limits
from pipeline.store.processes.isolation import in_workers
from pipeline.store.processes.limits import GIBIBYTE, Limits, workers_for
from pipeline.store.processes.server_process import ServerProcess, borrowed
from pipeline.store.processes.worker_server import clear_abandoned
from tests.pipeline.store.trouble import asked, attack, told, work

BRIEF = Limits(cpu=1)


def test_every_item_comes_back_once() -> None:
    items = [f"item {number}" for number in range(12)]
    outcomes = list(in_workers(work, items, str, limits=BRIEF, workers=2))
    assert sorted(outcome.item for outcome in outcomes) == sorted(items)
    assert all(outcome.result == outcome.item.upper() and outcome.failure is None for outcome in outcomes)


def test_trouble_costs_its_own_item() -> None:
    items = ["a", "crash", "b", "c", "spin", "d", "bomb", "e", "deep", "f", "refuse", "g", "bug", "h", "abort", "leave", "lie", "babble"]
    outcomes = {outcome.item: outcome for outcome in in_workers(work, items, str, limits=BRIEF, workers=2)}
    assert {item for item, outcome in outcomes.items() if outcome.failure is None} == set("abcdefgh")
    assert {item: outcome.failure for item, outcome in outcomes.items() if outcome.failure} == {
        "crash": "The reader crashed on this document (SIGSEGV).",
        "spin": "Reading took more than 1 seconds of processor time and was stopped.",
        "bomb": "Reading needs more than 2 GiB of memory.",
        "deep": "The document is nested too deeply to be read.",
        "refuse": "It is only a picture.",
        "bug": "Reading failed with ValueError: no such thing [31m",
        "abort": "The reader stopped itself on this document, most likely for want of memory.",
        "leave": "The reader crashed on this document (exit code 3).",
        "lie": "What the reader said of this document is not valid.",
        "babble": "The reader said what it cannot say of this document, and was stopped.",
    }
    assert {item for item, outcome in outcomes.items() if outcome.lasting} == {"crash", "spin", "bomb", "deep", "abort", "leave", "babble"}


def test_what_hangs_is_stopped() -> None:
    started = time.monotonic()
    items = ["hang", "half a word"]
    outcomes = list(in_workers(work, items, str, limits=Limits(standstill=1.5), workers=2))
    assert {outcome.failure for outcome in outcomes} == {"Reading stood still for 1.5 seconds and was stopped."}
    assert time.monotonic() - started < 30


def test_a_worker_that_somebody_kills_is_replaced_and_given_up_in_the_end() -> None:
    killed = []

    def kill(item: str, question: bytes) -> bytes:
        killed.append(int(question))
        os.kill(killed[-1], signal.SIGKILL)
        return b""

    outcomes = {outcome.item: outcome for outcome in in_workers(work, ["a", "killed", "b"], str, answer=kill, workers=1)}
    assert (outcomes["a"].result, outcomes["b"].result) == ("A", "B")
    assert outcomes["killed"].failure is not None and "killed from outside 3 times" in outcomes["killed"].failure
    assert not outcomes["killed"].lasting
    assert len(set(killed)) == 3


@pytest.mark.parametrize("moment", [0, 1, 3])
def test_a_server_that_is_killed_is_replaced(moment: int) -> None:
    """Before the first task, between tasks, before the last."""
    with borrowed(work.__module__) as server:
        process = server._process
        assert process is not None
    outcomes = in_workers(work, ["a", "b", "c", "d"], str, workers=1)
    done = []
    for number in range(4):
        if number == moment:
            process.kill()
            process.wait()
        done.append(next(outcomes))
    assert sorted(str(outcome.result) for outcome in done) == ["A", "B", "C", "D"]


def test_a_server_that_never_comes_up_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.store.processes import server_process

    server_process.stop_servers()
    monkeypatch.setattr(server_process, "_START", "raise SystemExit(1)")
    with pytest.raises(server_process.ServerGone, match="does not start"):
        list(in_workers(work, ["a"], str))
    server_process.stop_servers()


def test_items_are_taken_as_they_are_needed() -> None:
    taken = itertools.count()
    outcomes = in_workers(work, (f"item {next(taken)}" for _ in range(500)), str, limits=BRIEF, workers=1)
    next(outcomes)
    outcomes.close()  # type-checkers see an Iterator; it is a generator
    assert next(taken) < 10


@pytest.mark.parametrize("workers", [1, 3])
def test_no_items_no_outcomes(workers: int) -> None:
    assert list(in_workers(work, [], str, workers=workers)) == []


def test_a_worker_reads_its_file_and_asks_the_parent(tmp_path: Path) -> None:
    large = os.urandom(3 << 20)  # more than a pipe holds
    (tmp_path / "file").write_bytes(large)
    files = [tmp_path / "file", tmp_path / "none"]
    read, missing = sorted(in_workers(told, files, bytes, file_of=lambda path: path, workers=1), key=lambda outcome: outcome.item.name)
    assert read.result == large
    assert missing.failure == "The file cannot be read: No such file or directory."
    (answered,) = in_workers(asked, ["what"], str, answer=lambda item, question: f"{item}: {question.decode()} ".encode() * 200_000)
    assert answered.result == "what: what " * 200_000


def test_memory_is_shared_out_by_what_the_machine_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "memory_of_machine", lambda: 16 * GIBIBYTE)
    monkeypatch.setattr(limits, "usable_processors", lambda: 32)
    assert workers_for(None, Limits(memory=2 * GIBIBYTE)) == 6
    assert workers_for(3, Limits(memory=2 * GIBIBYTE)) == 3
    assert workers_for(None, Limits(memory=20 * GIBIBYTE)) == 1


PARENT = """
import signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_DFL)
from pathlib import Path
from pipeline.store.processes.isolation import in_workers
from tests.pipeline.store.trouble import work
outcomes = in_workers(work, ["a", *sys.argv[2:]], str, workers=2)
next(outcomes)
Path(sys.argv[1]).write_text("begun")
next(outcomes)
"""


def processes_with(temporary: Path) -> list[int]:
    """Processes that have this folder for temporary files: the parent, the server, its workers."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if f"TMPDIR={temporary}\0".encode() in (place / "environ").read_bytes():
                found.append(int(place.name))
        except OSError:
            continue
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("busy", ["hang", "spin"])
def test_a_killed_parent_leaves_no_process_and_no_file(tmp_path: Path, end: signal.Signals, busy: str) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path / "sign"), busy, busy], env=environment, cwd=Path(__file__).parents[3]
    )
    until = time.monotonic() + 30
    while not (tmp_path / "sign").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert len(processes_with(tmp_path)) >= 3
    parent.send_signal(end)
    parent.wait(30)
    until = time.monotonic() + 10
    while (processes_with(tmp_path) or list(tmp_path.glob("yusuan-workers-*"))) and time.monotonic() < until:
        time.sleep(0.05)
    assert processes_with(tmp_path) == []
    assert [path.name for path in tmp_path.iterdir()] == ["sign"]


def test_what_a_killed_server_leaves_goes_with_its_parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    server = ServerProcess(attack.__module__)
    server.start()
    assert server.missing is not None  # it is up
    assert [path.name for path in tmp_path.iterdir()] != []
    assert server._process is not None
    server._process.kill()
    server.stop()
    assert [path.name for path in tmp_path.iterdir()] == []


def test_what_another_server_holds_is_not_cleared_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    server = ServerProcess(attack.__module__)
    server.start()
    try:
        assert server.missing is not None  # it is up
        clear_abandoned()
        assert len(list(tmp_path.iterdir())) == 1
    finally:
        server.stop()


def walls_of_this_system() -> tuple[str, ...]:
    with borrowed(attack.__module__) as server:
        return server.missing


@pytest.fixture
def walls() -> None:
    if missing := walls_of_this_system():
        pytest.skip(f"this system lacks {', '.join(missing)}")


ATTACKS = (
    "socket", "unix-socket", "run", "become", "fork", "read {key}", "read /etc/passwd", "read /proc/{parent}/environ", "list /",
    "list {folder}", "write {folder}/new", "write {key}", "delete {key}", "more-memory", "more-time", "signal {parent}", "trace {parent}",
    "environment SECRET", "mount",
)  # fmt: skip


@pytest.mark.usefixtures("walls")
def test_an_attack_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = tmp_path / "id_key"
    key.write_text("secret")
    monkeypatch.setenv("SECRET", "token")
    items = [attack.format(key=key, folder=tmp_path, parent=os.getpid()) for attack in ATTACKS]
    outcomes = {outcome.item: outcome for outcome in in_workers(attack, [*items, "scratch", "library"], str)}
    assert {outcomes[item].result for item in ("scratch", "library")} == {"done"}
    assert [item for item in items if outcomes[item].failure is None] == []
    refusals = {item: outcomes[item].failure or "" for item in items}
    assert [item for item, refusal in refusals.items() if "Error" not in refusal] == []
    assert (sorted(path.name for path in tmp_path.iterdir()), key.read_text()) == (["id_key"], "secret")


def test_where_a_wall_is_missing_strict_work_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with borrowed(work.__module__) as server:
        assert server.missing is not None
        monkeypatch.setattr(server, "_missing", ("Landlock (files)",))
    with pytest.raises(isolation.WallsMissing, match="Landlock"):
        list(in_workers(work, ["a"], str, strict=True))
    assert [outcome.result for outcome in in_workers(work, ["a"], str)] == ["A"]
