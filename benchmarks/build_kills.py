"""Killing builds and their processes, each at a random moment, and building on.

Belongs here: whom, when, and what must come of it. Processes of a house that fetches are killed by `killer.py`.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.watched_builds import left, parent, started, tree

CLEARED = 10.0
"""Seconds after a kill in which no process and no temporary file may be left."""


def kills(sources: list[Path], times: int | None, scratch: Path, chance: random.Random) -> int:
    """Kill builds, and processes of theirs, at moments spread over their lives; look what is left, and build on.

    Each moment is tried with the build as the victim and with one of its other processes, a worker or the server of workers. Odd moments
    are of a first build, even ones of a build over the dataset of every second file. A moment that comes after the end is drawn again.
    """
    files = sorted(path for source in sources for path in (source.rglob("*") if source.is_dir() else [source]) if path.is_file())
    wrong, turns = 0, times or 100
    started(files[::2], scratch, "out").wait()
    kept_aside(scratch, "before")
    first, update = undisturbed(files, scratch, None), undisturbed(files, scratch, "before")
    for turn in range(turns):
        whole = update if turn % 2 else first
        for of_build in (True, False):
            moment = (turn + chance.random()) / turns * whole.seconds
            while not (tried := kill(files, whole, moment, of_build, scratch, chance)):
                moment = chance.random() * whole.seconds
            wrong += bool(tried.faults)
            print(f"{turn}: {tried.victim} of {whole.name} after {tried.moment:.2f} of {whole.seconds:.2f} s, {tried.phase}: ", end="")
            print("; ".join(tried.faults) or "the same bytes, nothing left", flush=True)
    return wrong


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """A build that nobody killed.

    Attributes:
        name: what it was.
        before: name of what stood before it, results and dataset; None: nothing.
        seconds: that it took.
        dataset: hash of each file that it published.
        old: of each that was published before.
        names: of all files that it left beside the dataset and in its cache.
    """

    name: str
    before: str | None
    seconds: float
    dataset: dict[str, str]
    old: dict[str, str]
    names: set[str]


@dataclass(frozen=True, slots=True)
class Killed:
    """A kill: whom, after how many seconds, what the build was doing, and what came otherwise than it must."""

    victim: str
    moment: float
    phase: str
    faults: list[str]


OWN = ("out", ".out.*", "cache", "temporary")
"""What a build leaves in its scratch folder."""


def kept_aside(scratch: Path, name: str) -> None:
    """Keep what a build left, to begin with it again."""
    for pattern in OWN:
        for place in scratch.glob(pattern):
            (scratch / name).mkdir(exist_ok=True)
            shutil.move(place, scratch / name / place.name)


def begun_with(scratch: Path, name: str | None) -> None:
    """Clear away what builds left; put there what was kept aside."""
    for pattern in OWN:
        for place in scratch.glob(pattern):
            shutil.rmtree(place)
    if name is not None:
        shutil.copytree(scratch / name, scratch, dirs_exist_ok=True)


def undisturbed(files: list[Path], scratch: Path, before: str | None) -> Undisturbed:
    """Build, and return what came of it."""
    begun_with(scratch, before)
    old = tree(scratch / "out")
    begun = time.monotonic()
    started(files, scratch, "out").wait()
    seconds = time.monotonic() - begun
    return Undisturbed("an update" if before else "a first build", before, seconds, tree(scratch / "out"), old, names(scratch))


def names(scratch: Path) -> set[str]:
    """Return the names of the files that a build left beside its dataset and in its cache."""
    places = [place for pattern in OWN[1:] for place in scratch.glob(pattern)]
    return {path.relative_to(scratch).as_posix() for place in places for path in place.rglob("*") if path.is_file()}


def kill(files: list[Path], whole: Undisturbed, moment: float, of_build: bool, scratch: Path, chance: random.Random) -> Killed | None:
    """Kill a build or one of its processes; None where there was none to kill any more."""
    begun_with(scratch, whole.before)
    begun = time.monotonic()
    build = started(files, scratch, "out")
    time.sleep(moment)
    victim, what = build.pid, "build"
    while not of_build and victim == build.pid and build.poll() is None:
        others = [process for process in left(scratch) if process != build.pid]
        servers = [process for process in others if parent(process) == build.pid]
        workers = [process for process in others if process not in servers]
        chosen = workers if workers and chance.random() < 0.5 else servers
        victim, what = chance.choice(chosen or [build.pid]), "worker" if chosen is workers else "server of workers"
    phase, moment = phase_of(scratch, whole, build.pid), time.monotonic() - begun
    if build.poll() is not None:
        return None
    try:
        os.kill(victim, signal.SIGKILL)
    except ProcessLookupError:  # a worker that had just done its work
        build.wait()
        return None
    if build.wait() == 0 and of_build:
        return None  # it had just done its work
    until = time.monotonic() + CLEARED
    while remains(scratch) and time.monotonic() < until:
        time.sleep(0.05)
    faults = [f"left {what_is_left}" for what_is_left in remains(scratch)]
    stands = tree(scratch / "out")
    if stands not in ([whole.old, whole.dataset] if of_build else [whole.dataset]):
        faults.append("the dataset is none of those before and after")
    if build.returncode != (-signal.SIGKILL if of_build else 0):
        faults.append(f"the build ended with {build.returncode}")
    if again := started(files, scratch, "out").wait():
        faults.append(f"building on ended with {again}")
    if tree(scratch / "out") != whole.dataset:
        faults.append("other bytes")
    faults += [f"{'left' if name not in whole.names else 'lacking'} {name}" for name in names(scratch) ^ whole.names]
    return Killed(what, moment, phase, faults)


def remains(scratch: Path) -> list[str]:
    """Return the processes of builds, and their temporary files."""
    return [*map(str, left(scratch)), *map(str, (scratch / "temporary").iterdir())]


def phase_of(scratch: Path, whole: Undisturbed, build: int) -> str:
    """Return what a build is at, by what lies on disk and which processes there are."""
    if tree(scratch / "out") != whole.old:
        return "published"
    if list(scratch.glob(".out.draft.*")):
        return "publishing"
    if list((scratch / "cache" / "yusuan" / "stages" / "partitions").glob("*")):
        return "making partitions"
    return "reading" if any(parent(process) != build for process in left(scratch) if process != build) else "before or between documents"
