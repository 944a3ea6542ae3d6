"""The instance on disk: prepared once, by however many at the same time; and the UI, on loopback only."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.events import EngineEventData
from dagster._core.launcher import WorkerStatus

import assets.instance
from assets.instance import prepare, serve


def test_many_that_prepare_at_once_all_succeed(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=prepare, args=(tmp_path / "home",)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(300)  # a busy machine
    assert [process.exitcode for process in processes] == [0, 0, 0]
    with dg.DagsterInstance.from_config(str(tmp_path / "home")) as instance:
        assert instance.get_runs_count() == 0


def test_an_instance_keeps_its_settings(tmp_path: Path) -> None:
    prepare(tmp_path)
    settings = tmp_path / "dagster.yaml"
    assert settings.read_text().startswith("# Settings of the Dagster instance")
    settings.write_text("telemetry:\n  enabled: false\n")
    prepare(tmp_path)
    assert settings.read_text() == "telemetry:\n  enabled: false\n"


SERVER = """
import pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
folder = pathlib.Path(sys.argv[1])
(folder / "new").write_text(str(child.pid))
(folder / "new").rename(folder / "child")
try:
    time.sleep(float(sys.argv[2]))
except KeyboardInterrupt:
    pass
"""


class Servers:
    """Starts servers that stand in for Dagster's: each starts a process that would outlive it, and ends by itself after some seconds."""

    def __init__(self, folder: Path, *lifetimes: float) -> None:
        self.folder, self.lifetimes = folder, lifetimes
        self.commands: list[list[str]] = []
        self.environments: list[dict[str, str]] = []

    def __call__(self, command: list[str], *, env: dict[str, str], process_group: int) -> subprocess.Popen[bytes]:
        lifetime = self.lifetimes[len(self.commands)]
        self.commands.append(command)
        self.environments.append(env)
        where = self.folder / f"server{len(self.commands)}"
        where.mkdir()
        return REAL(
            [sys.executable, "-c", SERVER, str(where), str(lifetime)], env=env, process_group=process_group, stderr=subprocess.DEVNULL
        )

    def children(self) -> list[int]:
        files = [self.folder / f"server{number}" / "child" for number in (1, 2)]
        return [int(file.read_text()) for file in files if file.exists()]


REAL = subprocess.Popen


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Servers:
    servers = Servers(tmp_path, 600, 600)
    monkeypatch.setattr(assets.instance.subprocess, "Popen", servers)
    return servers


def interrupt_once_started(servers: Servers, end: signal.Signals) -> threading.Thread:
    def interrupt() -> None:
        while len(servers.children()) < 2:
            time.sleep(0.05)
        os.kill(os.getpid(), end)

    thread = threading.Thread(target=interrupt)
    thread.start()
    return thread


@pytest.mark.skipif(not Path("/proc").exists(), reason="asks /proc which processes live")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_ui_serves_this_project_on_loopback_and_ends_with_all_that_it_started(
    tmp_path: Path, home: Path, servers: Servers, end: signal.Signals, request: pytest.FixtureRequest
) -> None:
    before = signal.signal(end, signal.SIG_DFL)  # whoever runs the tests may have it ignored, as `nohup` does
    request.addfinalizer(lambda: signal.signal(end, before))
    handlers = {sign: signal.getsignal(sign) for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    thread = interrupt_once_started(servers, end)
    assert serve([str(tmp_path)], tmp_path / "out", 3999) == 0
    thread.join(60)
    assert len(servers.children()) == 2
    assert not [child for child in servers.children() if lives(child)]
    assert {sign: signal.getsignal(sign) for sign in handlers} == handlers
    daemon, server = servers.commands
    assert "dagster._daemon" in daemon
    assert server[server.index("-h") + 1] == "127.0.0.1"
    assert server[server.index("-p") + 1] == "3999"
    assert all(command[-2:] == ["-m", "assets.definitions"] for command in (daemon, server))
    for environment in servers.environments:
        assert environment["DAGSTER_HOME"] == str(home)
        assert environment["YUSUAN_SOURCES"] == str(tmp_path)
        assert environment["YUSUAN_DATASET"] == str(tmp_path / "out")


@pytest.mark.skipif(not Path("/proc").exists(), reason="asks /proc which processes live")
@pytest.mark.parametrize("lifetimes", [(1, 600), (600, 1)])
def test_neither_server_goes_on_without_the_other(tmp_path: Path, home: Path, servers: Servers, lifetimes: tuple[float, float]) -> None:
    servers.lifetimes = lifetimes
    assert serve([], tmp_path / "out", 3999) == 0
    assert not [child for child in servers.children() if lives(child)]


def run_of(instance: dg.DagsterInstance, pid: int | None) -> dg.DagsterRun:
    """Return a run that a process said it executes."""
    run = instance.add_run(dg.DagsterRun(job_name="make_partition", status=dg.DagsterRunStatus.STARTED))
    instance.report_engine_event("Launched.", run)
    if pid is not None:
        instance.report_engine_event("Executing.", run, EngineEventData.in_process(pid))
    return run


def test_a_run_whose_process_is_gone_is_noticed(instance: dg.DagsterInstance) -> None:
    launcher = instance.run_launcher
    assert instance.run_monitoring_enabled
    assert launcher.supports_check_run_worker_health
    gone = REAL([sys.executable, "-c", ""])
    gone.wait()
    health = {pid: launcher.check_run_worker_health(run_of(instance, pid)).status for pid in (gone.pid, os.getpid(), None)}
    assert health == {gone.pid: WorkerStatus.FAILED, os.getpid(): WorkerStatus.RUNNING, None: WorkerStatus.RUNNING}
