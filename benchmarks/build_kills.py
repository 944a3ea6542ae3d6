"""Killing builds and their processes, each at a random moment, and building on.

Belongs here: whom, when, and what must come of it. Processes of a house that fetches are killed by `killer.py`.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.watched_builds import command_of, left, parent, spent, started, tree
from pipeline.publish.versions.manifest import MANIFEST

BETWEEN_LOOKS = 0.01
"""Seconds between two looks at how far a build is."""

CLEARED = 10.0
"""Seconds after a kill in which no process and no temporary file may be left."""


def kills(sources: list[Path], times: int | None, scratch: Path, chance: random.Random) -> int:
    """Kill builds, and processes of theirs, at moments spread over their lives; look what is left, and build on.

    Moments are of processor time, so that load does not move them. Each is tried with the build as the victim and with one of its other
    processes: a worker, the server of workers, what writes the database. Every second one is of a build over the dataset of half of the
    files, the others of a first build. A moment that comes after the end is drawn again.
    """
    files = sorted(path for source in sources for path in (source.rglob("*") if source.is_dir() else [source]) if path.is_file())
    wrong, turns = 0, times or 100
    started(files[::2], scratch, "out").wait()
    kept_aside(scratch, "before")
    first, update = undisturbed(files, scratch, None), undisturbed(files, scratch, "before")
    for turn in chance.sample(range(turns), turns):  # however early the trial is ended, it has been everywhere
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
        seconds: of processor time that it took, with all its processes.
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
    """A kill: whom, after how many seconds of processor time, what the build was doing, and what came otherwise than it must."""

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
    build = started(files, scratch, "out")
    _, _, used = os.wait4(build.pid, 0)
    seconds = used.ru_utime + used.ru_stime
    return Undisturbed("an update" if before else "a first build", before, seconds, tree(scratch / "out"), old, names(scratch))


def names(scratch: Path) -> set[str]:
    """Return the names of the files that a build left beside its dataset and in its cache."""
    places = [place for pattern in OWN[1:] for place in scratch.glob(pattern)]
    return {path.relative_to(scratch).as_posix() for place in places for path in place.rglob("*") if path.is_file()}


def kill(files: list[Path], whole: Undisturbed, moment: float, of_build: bool, scratch: Path, chance: random.Random) -> Killed | None:
    """Kill a build or one of its processes; None where there was none to kill any more."""
    begun_with(scratch, whole.before)
    build = started(files, scratch, "out")
    while build.poll() is None and spent(left(scratch)) < moment:
        time.sleep(BETWEEN_LOOKS)
    victim, what = build.pid, "build"
    while not of_build and victim == build.pid and build.poll() is None:
        others = [process for process in left(scratch) if process != build.pid]
        servers = [process for process in others if parent(process) == build.pid]
        workers = [process for process in others if process not in servers]
        chosen = workers if workers and chance.random() < 0.5 else servers
        victim, what = chance.choice(chosen or [build.pid]), "worker" if chosen is workers else "child of the build"
    phase = phase_of(scratch, whole, build.pid)
    if build.poll() is not None:
        return None
    if what == "child of the build":
        what = "writer of the database" if "duckdb" in command_of(victim) else "server of workers"
    now = spent(left(scratch))
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
    if of_build and (again := started(files, scratch, "out").wait()):
        faults.append(f"building on ended with {again}")
    if tree(scratch / "out") != whole.dataset:
        faults.append("other bytes")
    faults += [f"{'left' if name not in whole.names else 'lacking'} {name}" for name in names(scratch) ^ whole.names]
    return Killed(what, now, phase, faults)


def remains(scratch: Path) -> list[str]:
    """Return the processes of builds, and their temporary files."""
    return [*map(str, left(scratch)), *map(str, (scratch / "temporary").iterdir())]


def phase_of(scratch: Path, whole: Undisturbed, build: int) -> str:
    """Return what a build is at, by what lies on disk and which processes there are: quickly, so that it still is at it."""
    try:
        published = hashlib.sha256((scratch / "out" / MANIFEST).read_bytes()).hexdigest()
    except OSError:
        published = None
    if published != whole.old.get(MANIFEST):
        return "published"
    if list(scratch.glob(".out.draft.*")):
        return "publishing"
    if list((scratch / "cache" / "yusuan" / "stages" / "partitions").glob("*")):
        return "making partitions"
    return "reading" if any(parent(process) != build for process in left(scratch) if process != build) else "before or between documents"
