"""Killing the daemon, or the process of a run, at a given share of its usual life; and what lives of a folder.

Belongs here: whom, and when. What must come of it is in `killed_nights.py`.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import dagster as dg

from benchmarks.served import Daemon, House

DAEMON = "daemon"
_LAUNCHING = 1.0  # seconds between a run's launch and its process, at most that by which the launch is seen late
_UNDER_WAY = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED]
_ALL_UNDER_WAY = [*_UNDER_WAY, dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED]


@dataclass
class Killer:
    """Kills one process in one night.

    Attributes:
        house, instance, daemon: where, the records, and the daemon.
        victim: `DAEMON`, or a job, of which the first new run is killed; empty kills nothing.
        share: of the victim's usual life after which it is killed.
        lives: job → seconds that a run of it usually takes; `DAEMON` → those of a night.
        known: runs that were there before the night.
        at: when it was killed, by the clock that only goes forward; None: it was not, since it ended earlier.
        while_: what was under way when it was killed.
    """

    house: House
    instance: dg.DagsterInstance
    daemon: Daemon
    victim: str
    share: float
    lives: Mapping[str, float]
    known: frozenset[str]
    at: float | None = None
    while_: str = ""
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Killer:
        """Begin to look for the victim."""
        self._thread = threading.Thread(target=self._kill if self.victim else lambda: None)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Look no longer."""
        self._over.set()
        self._thread.join()

    def _kill(self) -> None:
        pause = self.share * self.lives[self.victim]
        if self.victim == DAEMON:
            if not self._over.wait(pause):
                self.while_ = self._what()
                self.daemon.kill()
                self.at = time.monotonic()
                self.daemon.start()
            return
        awaited = [dg.DagsterRunStatus.STARTED] if self.share else _UNDER_WAY
        while not (runs := self._runs(awaited, self.victim)):
            if self._over.wait(0.05):
                return
        seen = time.clock_gettime(time.CLOCK_BOOTTIME)
        if self._over.wait(pause):
            return
        while (process := self._process_of(runs[0], seen)) is None:
            if self._over.wait(0.05):
                return
        self.while_ = self._what()
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
            self.at = time.monotonic()

    def _runs(self, statuses: list[dg.DagsterRunStatus], job: str | None = None) -> list[dg.DagsterRun]:
        found = self.instance.get_runs(dg.RunsFilter(job_name=job, statuses=statuses))
        return [run for run in reversed(found) if run.run_id not in self.known]

    def _what(self) -> str:
        runs = self._runs(_ALL_UNDER_WAY)
        return ", ".join(f"{run.job_name} {run.status.value.lower()}" for run in runs) or "nothing under way"

    def _process_of(self, run: dg.DagsterRun, seen: float) -> int | None:
        """Return the process that a run says is its own; of one that said none yet, the youngest that a code server started since."""
        record = self.instance.get_run_by_id(run.run_id)
        if record is None or record.status not in _UNDER_WAY:
            return None
        events = self.instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ENGINE_EVENT)
        for event in events:
            said = event.get_dagster_event().engine_event_data.metadata.get("pid")
            if said is not None:
                return int(str(said.value))
        made = [each for each in self.house.processes() if "multiprocessing.spawn" in command_of(each)]
        return max((each for each in made if _started(each) > seen - _LAUNCHING), key=_started, default=None)


def living_in(folder: Path) -> set[int]:
    """Return the processes that work in a folder, or were told of it, but for this one and those that started it."""
    mark, found = str(folder).encode(), set()
    for process in Path("/proc").iterdir():
        if not process.name.isdecimal():
            continue
        with suppress(OSError):
            told = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
            if mark in told or str((process / "cwd").readlink()).startswith(str(folder)):
                found.add(int(process.name))
    above, parents = os.getpid(), _parents()
    while above:
        found.discard(above)
        above = parents.get(above, 0)
    return found


def descendants(process: int) -> set[int]:
    """Return a process and all that it started, and these started."""
    found, parents = {process}, _parents()
    while more := {each for each, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def command_of(process: int) -> str:
    """Return the command line of a process; empty if it is gone."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""


def _parents() -> dict[int, int]:
    found = {}
    for process in Path("/proc").iterdir():
        if process.name.isdecimal():
            with suppress(OSError):
                found[int(process.name)] = int(_fields(int(process.name))[1])
    return found


def _started(process: int) -> float:
    """Return when a process was started, in seconds since the machine was."""
    try:
        return int(_fields(process)[19]) / os.sysconf("SC_CLK_TCK")
    except OSError:
        return 0.0


def _fields(process: int) -> list[str]:
    """Return what the system says of a process, from its state on."""
    return Path(f"/proc/{process}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
