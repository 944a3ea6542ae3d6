"""Nights of a season in which the daemon, or the process of a run, is killed: what comes of each, against a night that nobody disturbs.

    python -m benchmarks.killed_nights [--folder DIR] [--minutes M] [--nights N]

A made town (`town.py`) publishes and corrects a budget each night; Dagster's daemon, whose clock is thirty times as fast as time,
fetches, reads and publishes it. In each of ten nights the daemon is killed twice, and started again as a service is, and the processes of
two runs, in all five of each job, at moments spread over their usual lives. Beside it, an inbox of its own is fetched without Dagster and
built plainly. Each night must come to the same files with the same bytes, ask for nothing twice whose answer was stored, and leave no
process and no draft. Stops after so many minutes, and goes on in the same folder. Prints a markdown table; exits with 1 if something is not
as it must be.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import msgspec

from assets.instance import prepare
from assets.jobs import CATALOGUE_JOB, DATASET_JOB, FETCH_JOB, PARTITION_JOB
from benchmarks.killer import DAEMON, Killer, command_of, descendants, living_in
from benchmarks.season import row, statuses_of, write_registry
from benchmarks.served import ENDED, Daemon, House, daemon, set_clock, tree, wait_for
from benchmarks.town import LAST_NIGHT, Town, town
from pipeline.fetch.fetching import fetch
from pipeline.fetch.inbox import Inbox
from pipeline.fetch.job import Job, Seed

RATE = 30.0
"""How much faster than time the clock of the daemon goes: sensors that look every minute look every two seconds."""

BEGINS = datetime.fromisoformat("2026-02-01T22:00:00+08:00")
SHORTLY = 30.0
"""Seconds before ten at night to which the clock is set: one of time."""

STORING = 0.5
"""Seconds before a kill within which an answer that was had may not have been stored: it goes through a parser and onto the disk."""

PATIENCE = 600.0
"""Seconds within which a night must be fetched, read and published, whatever is killed: usual ones take half a minute, on a machine that is
shared by many some."""

DYING = 60.0
"""Seconds in which what a killed process started must end: a code server waits twenty for a sign of life, and for runs that take place."""

UNDISTURBED = 2
"""Nights before the first kill: how long runs take is measured in them."""

KILLS = (
    tuple((job, number / 5) for number in range(5) for job in (FETCH_JOB, CATALOGUE_JOB)),
    tuple((job, number / 5) for number in range(5) for job in (PARTITION_JOB, DATASET_JOB)),
    tuple((DAEMON, number * 3 % 10 / 20) for number in range(10)),
    tuple((DAEMON, 0.5 + number * 7 % 10 / 20) for number in range(10)),
)
"""Whom, and after which share of its usual life: of runs from their first step on, or, at none, while they are launched; of the daemon from
ten o'clock on. One of each row is killed in a night, the next of the row in the next."""

SOONER = {
    "  class: QueuedRunCoordinator\n\n": "  class: QueuedRunCoordinator\n  config:\n    dequeue_interval_seconds: 1\n\n",
    "poll_interval_seconds: 60": "poll_interval_seconds: 5",
    "start_timeout_seconds: 90": f"start_timeout_seconds: {90 * RATE:.0f}",
}
"""What of the project's settings goes by the time of the machine, and so would take most of a night; and what goes by the daemon's clock,
but is about processes of the machine."""

SENSORS = ("unfetched_sources", "changed_inputs", "outdated_partitions", "unpublished_partitions")
"""Those that launch runs."""


class Night(msgspec.Struct):
    """What a night came to: whether each that was to be killed was, and the seconds of its runs by job, where nothing was."""

    cells: list[Any]
    wrong: list[str]
    killed: list[bool | None] = []
    lives: dict[str, float] = {}


class Nights:
    """The town, the daemon over it, and what undisturbed nights come to."""

    def __init__(self, folder: Path, made: Town) -> None:
        self.folder, self.made = folder, made
        self.house = House(folder / "house")
        self.inbox, self.registry, self.clock = (self.house.folder / name for name in ("inbox", "r.csv", "clock"))
        self.control = folder / "control"
        write_registry(self.registry, {made.source: "site"})
        for inbox in (self.inbox, self.control / "inbox"):
            kept = Inbox(inbox)
            kept.write_registry()
            kept.close()
        prepare(self.house.home)
        settings = self.house.home / "dagster.yaml"
        said = settings.read_text("utf-8")
        for before, after in SOONER.items():
            assert before in said or after in said
            said = said.replace(before, after)
        settings.write_text(said, "utf-8")

    @property
    def settings(self) -> dict[str, str]:
        """The environment of the daemon."""
        return {
            "YUSUAN_INBOX": str(self.inbox),
            "YUSUAN_REGISTRIES": str(self.registry),
            "YUSUAN_SOURCES": str(self.inbox / "registry.csv"),
            "YUSUAN_DATASET": str(self.house.out),
            "YUSUAN_FETCH_PRIVATE": "1",
            "YUSUAN_FETCH_DELAY": "0.05",
            "YUSUAN_FETCH_NOW": str(self.clock),
            "DAGSTER_EVENT_LOG_CONSUMER_DAEMON_INTERVAL_SECONDS": "1",
        }

    def now(self) -> float:
        """Return the time by the daemon's clock."""
        return float(self.clock.read_text("ascii")) + (time.time() - self.clock.stat().st_mtime) * RATE

    def begin(self, night: int) -> dict[str, str]:
        """Let a night begin; return what it comes to where nobody disturbs it: path → sha256 of the dataset."""
        self.made.pass_night(night)
        wanted = self._undisturbed(night)
        for site in self.made.sites:
            site.asked.clear()
        set_clock(self.clock, _ten(night) - SHORTLY)
        return wanted

    def _undisturbed(self, night: int) -> dict[str, str]:
        job = Job(str(self.control / "inbox"), (Seed(self.made.source, "site"),), delay=0.05, private=True, now=_ten(night))
        assert fetch(job).complete
        done = self.house.command(
            *("build", str(self.control / "inbox/registry.csv"), "--out", str(self.control / "dataset"), "--json"),
            XDG_CACHE_HOME=str(self.control / "cache"),
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        counted: Counter[str] = sum(statuses_of(self.control / "dataset").values(), Counter())
        assert dict(+counted) == {each: count for each, count in self.made.expected(night).items() if count}, counted
        return tree(self.control / "dataset")

    def pass_night(self, running: Daemon, instance: dg.DagsterInstance, night: int, wanted: dict[str, str], past: list[Night]) -> Night:
        """Let a night pass that began, in which something is killed, or nothing."""
        known = frozenset(run.run_id for run in instance.get_runs() if run.status in ENDED)
        kills, lives = _next_kills(past), _usual(past)
        started, wrong = time.monotonic(), []
        killers = [kill and Killer(self.house, instance, running, *kill, lives, known) for kill in kills]
        at_work = [killer for killer in killers if killer is not None]
        with ExitStack() as stack:
            for killer in at_work:
                stack.enter_context(killer)
            try:
                wait_for(lambda: self._is(wanted, instance), "the dataset of an undisturbed night", patience=PATIENCE)
            except TimeoutError as error:
                wrong.append(f"{error} was not reached; {_differing(tree(self.house.out), wanted)}")
            spent = time.monotonic() - started
        wrong += self._rest(running, instance, wanted)
        twice, allowed = self._asked_twice([killer.at for killer in at_work if killer.at is not None])
        wrong += [f"asked again: {each}" for each in twice]
        runs = [run for run in instance.get_runs() if run.run_id not in known]
        ended = Counter(f"{run.job_name} {run.status.value.lower()}" for run in runs)
        wrong += [f"run left: {run.job_name} {run.status.value}" for run in runs if run.status not in ENDED]
        happened = "; ".join(f"{each.victim} at {each.share:.2f}: {each.while_ or 'had ended'}" for each in at_work) or "–"
        counts = " / ".join(str(sum(run.job_name == job for run in runs)) for job in (FETCH_JOB, CATALOGUE_JOB, PARTITION_JOB, DATASET_JOB))
        failed = ", ".join(f"{what} {count}" for what, count in sorted(ended.items()) if not what.endswith("success")) or "–"
        cells = [night, happened, counts, failed, allowed, len(twice), round(spent), "; ".join(wrong) or "yes"]
        usual = {} if at_work else _lives(instance, runs, spent)
        return Night(cells, wrong, [None if each is None else each.at is not None for each in killers], usual)

    def _is(self, wanted: dict[str, str], instance: dg.DagsterInstance) -> bool:
        under_way = dg.RunsFilter(statuses=[status for status in dg.DagsterRunStatus if status not in ENDED])
        return not instance.get_runs(under_way, limit=1) and tree(self.house.out) == wanted

    def _rest(self, running: Daemon, instance: dg.DagsterInstance, wanted: dict[str, str]) -> list[str]:
        """Wait until each sensor looked once more, and what was killed is gone; return what is not as it was, or is left."""
        since, before = self.now(), len(instance.get_runs())

        def looked() -> bool:
            states = {state.instigator_name: state.instigator_data for state in instance.all_instigator_state()}
            return all(getattr(states.get(name), "last_tick_start_timestamp", 0.0) or since < 0.0 for name in SENSORS)

        wrong = []
        try:
            wait_for(looked, "a look of each sensor", patience=DYING)
            wait_for(lambda: self._is(wanted, instance), "rest", patience=DYING)
        except TimeoutError as error:
            wrong.append(f"no {error}")
        if more := len(instance.get_runs()) - before:
            wrong.append(f"{more} more runs though everything was done")
        try:
            wait_for(lambda: not living_in(self.folder) - descendants(running.process), "no process left", patience=DYING)
        except TimeoutError:
            left = living_in(self.folder) - descendants(running.process)
            wrong += [f"process left: {command_of(each)[:120]}" for each in left]
        drafts = [*self.house.folder.glob(".dataset.draft.*"), *self.inbox.rglob(".draft-*")]
        return wrong + [f"left: {draft.name}" for draft in drafts]

    def _asked_twice(self, kills: Sequence[float]) -> tuple[list[str], int]:
        """Return what was asked for again though it was answered long before the kill, and how much else was."""
        twice, allowed = [], 0
        for site in self.made.sites:
            times: dict[str, list[float]] = {}
            for asked in site.asked:
                times.setdefault(asked.path, []).append(asked.at)
            times.pop("/robots.txt", None)  # holds for one process
            for path, all_times in times.items():
                for at in all_times[:-1]:
                    if any(kill - STORING < at <= kill for kill in kills):
                        allowed += 1
                    else:
                        twice.append(f"{site.address}{path}")
        return twice, allowed


def _ten(night: int) -> float:
    """Return ten o'clock of a night."""
    return (BEGINS + timedelta(days=night)).timestamp()


def _lives(instance: dg.DagsterInstance, runs: list[dg.DagsterRun], night: float) -> dict[str, float]:
    lives = {DAEMON: night}
    for run in runs:
        stats = instance.get_run_stats(run.run_id)
        started, ended = getattr(stats, "start_time", None), getattr(stats, "end_time", None)
        if started and ended:  # both by the time of the machine
            lives[run.job_name] = ended - started
    return lives


def _differing(found: dict[str, str], wanted: dict[str, str]) -> str:
    differing = sorted(path for path in found.keys() | wanted.keys() if found.get(path) != wanted.get(path))
    return f"{len(differing)} files differ: {', '.join(differing[:4])}"


def killed_nights(folder: Path, minutes: float, count: int) -> list[str]:
    """Let nights pass until everything was killed that is to be, or time is over; return what was not as it must be."""
    until = time.monotonic() + minutes * 60
    diary = folder / "nights.json"
    past = msgspec.json.decode(diary.read_bytes(), type=list[Night]) if diary.exists() else []
    row(
        "night",
        "killed while",
        "runs: fetch / look / partition / publish",
        "failed",
        "in flight",
        "asked twice",
        "seconds",
        "as undisturbed",
    )
    row(*["---"] * 8)
    for night in past:
        row(*night.cells)
    with town(folder / "made") as made:
        nights = Nights(folder, made)
        for number in range(len(past)):
            made.pass_night(number)
        wanted = nights.begin(len(past))
        with nights.house.instance() as instance, daemon(nights.house, nights.clock, RATE, **nights.settings) as running:
            while True:
                past.append(nights.pass_night(running, instance, len(past), wanted, past))
                row(*past[-1].cells)
                diary.write_bytes(msgspec.json.encode(past))
                if len(past) >= min(count, LAST_NIGHT + 1) or time.monotonic() > until:
                    break
                wanted = nights.begin(len(past))
    left = [*living_in(folder)]
    return [f"night {number}: {fault}" for number, night in enumerate(past) for fault in night.wrong] + [
        f"left at the end: {command_of(each)}" for each in left
    ]


def _next_kills(past: list[Night]) -> list[tuple[str, float] | None]:
    """Return what is killed next: of each row the first that was not yet; what had ended before it was to be killed, earlier."""
    if len(past) < UNDISTURBED:
        return []
    kills: list[tuple[str, float] | None] = []
    for number, each in enumerate(KILLS):
        tried = [night.killed[number] for night in past if night.killed]
        victim, share = each[min(tried.count(True), len(each) - 1)]
        escaped = bool(tried) and tried[-1] is False
        kills.append(None if tried.count(True) == len(each) else (victim, share * random.random() if escaped else share))
    return kills


def _usual(past: list[Night]) -> dict[str, float]:
    usual = {}
    for victim in {victim for night in past[1:] for victim in night.lives}:  # the first night begins with everything
        usual[victim] = statistics.median(night.lives[victim] for night in past[1:] if victim in night.lives)
    return usual


def main() -> None:
    """Run it and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, help="Where everything is kept; else a temporary folder.")
    parser.add_argument("--minutes", type=float, default=60.0, help="After so many no further night begins.")
    parser.add_argument("--nights", type=int, default=LAST_NIGHT + 1, help="How many nights at most.")
    given = parser.parse_args()
    folder = (given.folder or Path(tempfile.mkdtemp(prefix="nights"))).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    wrong = killed_nights(folder, given.minutes, given.nights)
    print(json.dumps(wrong, ensure_ascii=False, indent=1) if wrong else "\nAll as it must be.")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    os.umask(0o022)
    main()
