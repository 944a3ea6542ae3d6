"""A folder of made documents with servers over it: Dagster's daemon and UI as they are, to be disturbed.

Belongs here: starting, asking and ending them, and the clock of a daemon. What is done to them, and must come of it, is in `daemon.py`.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import dagster as dg

from assets.instance import prepare
from pipeline.samples.layouts import print_budget
from pipeline.samples.sample_budget import random_budget
from pipeline.samples.sample_sheets import Layout

YEARS = (2022, 2023, 2024)
DEPARTMENTS = {"CN-SH": "上海市示范园林管理局", "CN-ZJ": "宁波市示范工作办公室"}
KEYS = [f"{year}|{province}" for year in YEARS for province in DEPARTMENTS]
PATIENCE = 600.0
"""Seconds within which a dataset must become what it should: three ticks of a minute and their runs take two minutes, longer on a busy
machine."""

COMPRESSED = 6.0
"""How much faster the clock of a daemon goes that is set by a file."""

_YUSUAN = [sys.executable, "-c", "from assets.cli import main; main()"]
_DAEMON_AT = """
import sys, time
import dagster._time as clock
shift = float(sys.argv.pop(1)) - time.time()
real, now = clock._mockable_get_current_timestamp, clock._mockable_get_current_datetime
from datetime import timedelta
clock._mockable_get_current_timestamp = lambda: real() + shift
clock._mockable_get_current_datetime = lambda: now() + timedelta(seconds=shift)
from dagster._daemon.__main__ import main
main()
"""
_DAEMON_BY_CLOCK = """
import os, sys, time
from datetime import datetime, timezone
from dagster._daemon.cli import main
import dagster._daemon.sensor as sensor
import dagster._scheduler.scheduler as scheduler
import dagster._time as clock
path, rate = sys.argv.pop(1), float(sys.argv.pop(1))
def now():
    with open(path) as file:
        return float(file.read()) + (time.time() - os.fstat(file.fileno()).st_mtime) * rate
clock._mockable_get_current_timestamp = now
clock._mockable_get_current_datetime = lambda: datetime.fromtimestamp(now(), timezone.utc)
scheduler._get_next_scheduler_iteration_time = lambda start: start + 1
sensor.MIN_INTERVAL_LOOP_TIME /= rate
main()
"""


ENDED = {dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED}
_LOADED = "{ workspaceOrError { ... on Workspace { locationEntries { locationOrLoadError { __typename } } } } }"


def document(year: int, province: str, seed: int) -> bytes:
    """Return a budget as PDF; another `seed` has other amounts."""
    made = random_budget(random.Random(f"{year} {province} {seed}"), units=2)
    made = replace(made, fiscal_year=year, department=DEPARTMENTS[province])
    return print_budget(made, Layout(codes="joined", split_basic=True)).data


def tree(folder: Path) -> dict[str, str]:
    """Return path → sha256 of every file of a dataset."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


class House:
    """A folder with documents, dataset, records and results, and the servers over it."""

    def __init__(self, folder: Path) -> None:
        """Make the documents."""
        self.folder, self.inputs, self.out, self.home = folder, folder / "in", folder / "dataset", folder / "home"
        self.inputs.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.told: list[dict[str, str]] = []
        self.server: subprocess.Popen[bytes] | None = None
        for year in YEARS:
            for province in DEPARTMENTS:
                self.write(year, province, 0)

    def write(self, year: int, province: str, seed: int) -> None:
        """Put a document in its place."""
        (self.inputs / f"{year}{province}.pdf").write_bytes(document(year, province, seed))

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment of every command: nothing of the caller's settings, everything below the folder."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("YUSUAN_", "DAGSTER_"))}
        own = {"PYTHONPATH": str(Path.cwd()), "DAGSTER_HOME": str(self.home), "XDG_CACHE_HOME": str(self.folder / "cache")}
        return {**kept, **own, "TMPDIR": str(self.folder), **more}

    def command(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command of `yusuan`."""
        command = [*_YUSUAN, *arguments]
        return subprocess.run(command, cwd=self.folder, env=self.environment(**more), capture_output=True, text=True, check=False)

    def plain(self) -> dict[str, str]:
        """Return what a plain build makes of the documents as they are now, from nothing."""
        target = Path(tempfile.mkdtemp(prefix="plain", dir=self.folder))
        done = self.command("build", str(self.inputs), "--out", str(target), "--json")
        if done.returncode:
            raise RuntimeError(done.stderr)
        return tree(target)

    def serve(self, **more: str) -> None:
        """Start `yusuan ui` and wait until it answers."""
        with (self.folder / "ui.log").open("ab") as log:
            command = [*_YUSUAN, "ui", str(self.inputs), "--out", str(self.out), "--port", str(self.port)]
            self.server = subprocess.Popen(command, cwd=self.folder, env=self.environment(**more), stdout=log, stderr=log)
        wait_for(lambda: self.ask("{ version }") is not None, "the UI answers")
        wait_for(lambda: "workspaceOrError" in (self.ask(_LOADED) or {}), "the project is loaded")

    def end(self, sign: signal.Signals) -> tuple[float, int | None, list[int]]:
        """End `yusuan ui` by a signal: seconds until it has ended, its exit code, and what is left of its processes then."""
        assert self.server is not None
        start = time.monotonic()
        self.server.send_signal(sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.server.wait(timeout=60)
        spent = time.monotonic() - start
        return spent, self.server.poll(), self.processes()

    def processes(self) -> list[int]:
        """Return the processes that live and have this house's records for theirs."""
        found, mark = [], f"DAGSTER_HOME={self.home}".encode()
        for process in Path("/proc").iterdir():
            if process.name.isdecimal():
                with contextlib.suppress(OSError):
                    if mark in (process / "environ").read_bytes().split(b"\0"):
                        found.append(int(process.name))
        return found

    def ask(self, query: str, **variables: Any) -> dict[str, Any] | None:
        """Ask the webserver as the UI does; None where nobody answers."""
        data = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/graphql", data, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                said = json.load(answer)
        except (urllib.error.URLError, OSError):
            return None
        if said.get("errors"):
            raise RuntimeError(said["errors"])
        return dict(said["data"])

    @contextlib.contextmanager
    def instance(self) -> Iterator[dg.DagsterInstance]:
        """Yield the records."""
        prepare(self.home)
        with dg.DagsterInstance.from_config(str(self.home)) as instance:
            yield instance

    def runs(self, job: str | None = None, *statuses: dg.DagsterRunStatus) -> list[dg.DagsterRun]:
        """Return the runs of a job, newest first."""
        with self.instance() as instance:
            return list(instance.get_runs(dg.RunsFilter(job_name=job, statuses=list(statuses) or None)))

    def quiet(self) -> bool:
        """Return whether no run is queued or takes place."""
        return not self.runs(None, *(status for status in dg.DagsterRunStatus if status not in ENDED))

    def becomes(self, wanted: dict[str, str]) -> float | None:
        """Wait until the dataset is what it should be; return the seconds that it took, None where it did not."""
        start = time.monotonic()
        try:
            wait_for(lambda: tree(self.out) == wanted, "the dataset")
        except TimeoutError:
            return None
        return time.monotonic() - start

    def run_process(self, job: str, known: set[str]) -> tuple[str, int]:
        """Wait for a run of a job that is not in `known` and executes steps; return it and its process."""
        found: tuple[str, int] = wait_for(
            lambda: next((each for each in self.run_processes(job) if each[0] not in known), None), f"a run of {job}", every=0.02
        )
        return found

    def run_processes(self, job: str) -> list[tuple[str, int]]:
        """Return the runs of a job that execute steps now, each with its process."""
        found = []
        with self.instance() as instance:
            for run in instance.get_runs(dg.RunsFilter(job_name=job, statuses=[dg.DagsterRunStatus.STARTED])):
                events = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ENGINE_EVENT)
                said = [event.get_dagster_event().engine_event_data.metadata.get("pid") for event in events]
                found += [(run.run_id, int(str(each.value))) for each in said if each is not None]
        return found


def wait_for(look: Callable[[], Any], what: str, *, every: float = 0.5, patience: float = PATIENCE) -> Any:
    """Return what `look` answers as soon as it is anything.

    Raises:
        TimeoutError: it never was.
    """
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if answer := look():
            return answer
        time.sleep(every)
    raise TimeoutError(what)


def set_clock(clock: Path, at: float) -> None:
    """Set the clock of a daemon, a file, to a time in seconds since 1970."""
    draft = clock.with_suffix(".draft")
    draft.write_text(str(at), "ascii")
    draft.replace(clock)


def free_port() -> int:
    """Return a port of the loopback address at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Daemon:
    """Dagster's daemon alone, to be started and killed.

    Args:
        house: where it runs.
        at: another time of day (seconds since 1970) that it begins with, or a clock by which it goes (`set_clock`), faster than time.
        environment: variables beside those of the house.
        rate: how much faster a clock goes.
    """

    def __init__(self, house: House, at: float | Path | None, environment: dict[str, str], rate: float = COMPRESSED) -> None:
        """Keep what it is started with."""
        script = [_DAEMON_BY_CLOCK, str(at), str(rate)] if isinstance(at, Path) else [_DAEMON_AT, str(at)]
        command = ["-m", "dagster._daemon"] if at is None else ["-c", *script]
        self._command = [sys.executable, *command, "run", "-m", "assets.definitions"]
        self._house, self._environment = house, environment
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it."""
        with (self._house.folder / "daemon.log").open("ab") as log:
            environment = self._house.environment(**self._environment)
            self._process = subprocess.Popen(self._command, cwd=self._house.folder, env=environment, stdout=log, stderr=log)

    @property
    def process(self) -> int:
        """Its process."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """Kill it, and nothing that it started."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def end(self) -> None:
        """End it, and kill whatever is left of it."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=60)
        for left in self._house.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(left, signal.SIGKILL)
        self._process.wait()


@contextlib.contextmanager
def daemon(house: House, at: float | Path | None = None, rate: float = COMPRESSED, **environment: str) -> Iterator[Daemon]:
    """Run Dagster's daemon alone while the block runs; the arguments are those of `Daemon`."""
    prepare(house.home)
    running = Daemon(house, at, environment, rate)
    running.start()
    try:
        yield running
    finally:
        running.end()
