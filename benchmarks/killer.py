"""Killing processes of a house while it works, each at a random moment of its life.

Belongs here: whom, and when. What must come of it is in `season.py`.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assets.jobs import FETCH_JOB
from benchmarks.served import Daemon, House

LONGEST_LIFE = 4.0
"""Seconds after a process appeared within which it is killed."""


@dataclass
class Killer:
    """Kills processes of a night, each at a random moment after it appeared.

    Attributes:
        house, daemon: whose.
        victims: what is killed: `fetch` (the process that fetches), `daemon`, else the process of a run of that job.
        killed: what was.
    """

    house: House
    daemon: Daemon
    victims: Sequence[str]
    known: set[str]
    killed: list[str] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Killer:
        """Begin to look for victims, all at once."""
        self._threads = [threading.Thread(target=self._kill, args=(victim,)) for victim in self.victims]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Look no longer."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _kill(self, victim: str) -> None:
        while not self._over.wait(0.2):
            process = self._process_of(FETCH_JOB if victim == "daemon" else victim)
            if process is not None:
                break
        else:
            return
        time.sleep(random.uniform(0, LONGEST_LIFE))
        if victim == "daemon":
            self.daemon.kill()
            self.daemon.start()
        else:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                return
        self.killed.append(victim)

    def _process_of(self, victim: str) -> int | None:
        """Return the process that fetches, or that of a run of a job that was not known before."""
        if victim == "fetch":
            return next((each for each in self.house.processes() if "pipeline.fetch.crawl" in _command_of(each)), None)
        return next((process for run, process in self.house.run_processes(victim) if run not in self.known), None)


def _command_of(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""
