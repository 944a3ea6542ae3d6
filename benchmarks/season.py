"""Two seasons of a made city on loopback: what is fetched day by day, what is read of it, what is told, and what kills cost.

    python -m benchmarks.season [SCENARIO ...] [--folder DIR] [--minutes M]

`days`: forty offices, three structures of pages, GBK and UTF-8, a list over five pages, attachments of every form, two corrected a
season, a page that moves, a host that is down for two days, one that drips, one that asks to be left alone, one that forbids: two
seasons, a fetch for each day by the clock of the season, and a build of what was fetched. `daemon`: the same seasons by Dagster's
daemon, whose clock is set to each night in turn; it stops after so many minutes and goes on in the same folder. `kills`: the process that
fetches is killed at twenty moments; what follows where the daemon or a run is killed is in `killed_nights.py`. Prints markdown tables;
exits with 1 if something is not as it must be.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from assets.jobs import CATALOGUE_JOB, DATASET_JOB, FETCH_JOB, PARTITION_JOB
from benchmarks.city import CORRECTED, CORRECTED_BESIDE, CORRECTIONS, DOWN, DRIPS, FORBIDS, NIGHTS, OFFICES, City, city, troubled
from benchmarks.daemon import listener
from benchmarks.served import COMPRESSED, ENDED, House, daemon, set_clock, wait_for
from pipeline.fetch.fetching import COMMAND, fetch
from pipeline.fetch.inbox import Inbox
from pipeline.fetch.job import Job, Limits, Seed
from pipeline.fetch.source_report import alerts_of, reports_of
from tests.pipeline.fetch.sites import listing, served

LIMITS = Limits(seconds=4.0, retries=1)
YEARS = (2025, 2026)
DUE = "2026-04-02"
"""A day on which the budgets of the year are due."""

SHORTLY = 6.0
"""Seconds before ten at night to which the clock is set: a fetch, by whose clock no time passes but its own, ends after ten."""

LOOK_EVERY = 2.0
"""Seconds between two looks at how far a night is: each opens the records anew."""

_FILED = ("published", "superseded")

NIGHT_PATIENCE = 900.0
"""Seconds within which a night must be fetched, read and published."""


def _count(told: Counter[str], event: object) -> None:
    told[getattr(event, "status", "page")] += 1


def nights() -> Iterator[tuple[int, int]]:
    """Yield each night: year, and day of its season."""
    yield from ((year, day) for year in YEARS for day in range(NIGHTS))


def date_of(year: int, day: int) -> str:
    """Return the date of a night."""
    return f"{year}-03-{3 + day:02}"


def at(day: str, hour: int = 22) -> float:
    """Return a time in China."""
    return datetime.fromisoformat(f"{day}T{hour:02}:00:00+08:00").timestamp()


def row(*cells: object) -> None:
    """Print a row of a table."""
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)


def sources_of(made: City, year: int) -> dict[str, str]:
    """Return what the registry names in a year: the portal, and the page of the office that it does not list."""
    own = {made.source_of(DOWN, each): "page" for each in YEARS if each <= year}
    return {f"{made.portal.address}/ys/index.html": "site", **own}


def expected_of(made: City, year: int, day: int) -> Mapping[str, int]:
    """Return how many documents of a year are published and superseded after a night."""
    missing = {FORBIDS} | ({DRIPS} if day == 0 else set())
    published = len(made.published[year] - missing)
    return {"published": published, **({"superseded": 2} if day >= CORRECTIONS else {})}


def due_alerts(made: City) -> list[tuple[str, str]]:
    """Return what must be told once the budgets of 2026 are due: kind and source."""
    return sorted((("missing_offices", f"{made.portal.address}/ys/index.html"), ("no_documents", made.source_of(DOWN, 2025))))


def days(folder: Path) -> list[str]:
    """Let two seasons pass; return what is not as it must be."""
    wrong: list[str] = []
    inbox = folder / "inbox"
    with city(folder) as made:
        row("day", "happens", "requests", "with ETag", "fetched", "unchanged", "gone", "refused", "failed", "alerts")
        row(*["---"] * 10)
        for year, day in nights():
            what, now = made.pass_day(day, year), at(date_of(year, day))
            for site in made.sites:
                site.asked.clear()
            told: Counter[str] = Counter()
            with troubled(made, day, year):
                seeds = tuple(Seed(address, follow) for address, follow in sources_of(made, year).items())
                job = Job(str(inbox), seeds, delay=0.02, private=True, contact="bench@example.org", limits=LIMITS, now=now)
                ended = fetch(job, partial(_count, told))
            asked = [each for site in made.sites for each in site.asked]
            conditional = sum("If-None-Match" in each.headers for each in asked)
            alerts = Counter(kind for kind, _ in _alerts(inbox, now))
            counts = [told[status] for status in ("fetched", "unchanged", "gone", "refused", "failed")]
            row(date_of(year, day), what, len(asked), conditional, *counts, dict(alerts) or "–")
            wrong += [] if ended.complete else [f"{year} day {day}: not complete"]
            wrong += _of_requests(made, f"{year} day {day}")
            if alerts != Counter({"source_failed": year - 2024} if day in (1, 2) else {}):
                wrong.append(f"{year} day {day}: alerts {alerts}")
        due = _alerts(inbox, at(DUE))
        row(DUE, "budgets are due", *[""] * 7, "; ".join(f"{kind} {source}" for kind, source in due) or "–")
        wrong += [] if due == due_alerts(made) else [f"alerts when budgets are due: {due}"]
        out = folder / "dataset"
        command = [sys.executable, "-c", "from assets.cli import main; main()", "build", str(inbox / "registry.csv")]
        done = subprocess.run([*command, "--out", str(out), "--json"], capture_output=True, text=True, check=False)
        print(done.stderr[-500:])
        return wrong + _of_dataset(made, out, inbox)


def _alerts(inbox: Path, now: float) -> list[tuple[str, str]]:
    kept = Inbox(inbox)
    found = sorted((alert.kind, alert.source) for alert in alerts_of(reports_of(kept), now))
    kept.close()
    return found


def _of_requests(made: City, when: str) -> list[str]:
    """Return what was asked that must not be: what robots.txt forbids, the bytes of a document more than once."""
    sent = Counter((site.address, each.path) for site in made.sites for each in site.asked if each.sent and each.path.startswith("/files/"))
    wrong = [f"{when}: {address}{path} was sent {count} times" for (address, path), count in sent.items() if count > 1]
    if any(each.path.startswith("/files/") for each in made.offices[FORBIDS].asked):
        wrong.append(f"{when}: what robots.txt forbids was asked")
    return wrong


def statuses_of(out: Path) -> dict[int, Counter[str]]:
    """Return how many documents of each year are published and superseded in a dataset."""
    counted: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for file in out.glob("documents/fiscal_year=*/**/*.parquet"):
        year = int(file.relative_to(out).parts[1].removeprefix("fiscal_year="))
        with suppress(FileNotFoundError):  # a publication puts another tree in its place
            counted[year].update(status for status in pl.read_parquet(file, columns=["status"])["status"] if status in _FILED)
    return counted


def _of_dataset(made: City, out: Path, inbox: Path) -> list[str]:
    """Return what of a dataset and of the registry is not what the city published."""
    with (inbox / "registry.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    once = Counter((each["url"], each["sha256"]) for each in rows)
    print(f"\nRegistry: {len(rows)} rows, {dict(Counter(each['status'] for each in rows))}; documents of the dataset: {statuses_of(out)}")
    wrong = [f"{key} stands {count} times" for key, count in once.items() if count > 1]
    documents = pl.read_parquet(str(out / "documents/**/*.parquet"), hive_partitioning=True)
    for year in YEARS:
        of_year = documents.filter(pl.col("fiscal_year").cast(pl.String) == str(year))
        published = of_year.filter(pl.col("status") == "published")
        names = Counter(published["department"])
        wanted = Counter(f"青岛市{OFFICES[number]}" for number in made.published[year] - {FORBIDS})
        wrong += [
            f"{year}: {name} is published {names[name]} times" for name in names.keys() | wanted.keys() if names[name] != wanted[name]
        ]
        corrected = of_year.filter(pl.col("status") == "superseded").join(
            published, left_on="superseded_by", right_on="document_id", how="inner", suffix="_by"
        )
        pairs = sorted(zip(corrected["department"], corrected["department_by"], strict=True))
        traced = sorted((f"青岛市{OFFICES[number]}",) * 2 for number in (CORRECTED, CORRECTED_BESIDE))
        wrong += [] if pairs == traced else [f"{year}: corrections traced: {pairs}"]
    return wrong


def kills(folder: Path) -> list[str]:
    """Kill the process that fetches at twenty moments of one fetch; what was had is never asked for again."""
    wrong: list[str] = []
    with served("127.0.0.2") as site:
        names = [f"示范{number}局" for number in range(40)]
        site.page("/l.html", listing("2026年部门预算公开", *((f"{n}.pdf", f"{name}2026年部门预算") for n, name in enumerate(names))))
        for number in range(len(names)):
            site.document(f"/{number}.pdf", b"%PDF-1.4 " + str(number).encode())
        job = Job(str(folder / "killed"), (Seed(f"{site.address}/l.html", "page"),), delay=0.05, private=True)
        killed = 0
        for _ in range(20):
            goal = len(site.asked) + 3  # robots.txt, then two more
            with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
                assert process.stdin is not None
                process.stdin.write(msgspec.json.encode(job) + b"\n")
                process.stdin.flush()
                while len(site.asked) < goal and process.poll() is None:
                    time.sleep(0.002)
                if process.poll() is None:
                    killed += 1
                process.send_signal(signal.SIGKILL)
        ended = fetch(job)
        asked = Counter(path for path in site.paths())
    with (folder / "killed" / "registry.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    again = sum(count - 1 for count in asked.values())
    left = list((folder / "killed").rglob(".draft-*"))
    row(
        "kill -9 of a fetch",
        f"{killed} kills",
        f"{len(rows)} of {len(names)} documents",
        f"{again} asked again",
        f"{len(left)} drafts left",
    )
    if not ended.complete or len(rows) != len(names) or {each["status"] for each in rows} - {"fetched", "unchanged"} or left:
        wrong.append("kills: something was lost")
    if again > killed + 1:
        wrong.append(f"kills: {again} were asked for again")
    return wrong


def by_daemon(folder: Path, minutes: float) -> list[str]:
    """Let Dagster's daemon fetch, read and publish the two seasons night by night, as far as it gets; a folder is gone on with."""
    until = time.monotonic() + minutes * 60
    wrong: list[str] = []
    house = House(folder / "house")
    inbox, registry, clock, diary = (house.folder / name for name in ("inbox", "r.csv", "clock", "nights.json"))
    past: list[list[Any]] = json.loads(diary.read_text("utf-8")) if diary.exists() else []
    runs = "runs: fetch / look / partition / publish"
    row("night", "happens", runs, "requests", "with ETag", "published + superseded", "told", "seconds")
    row(*["---"] * 8)
    for cells in past:
        row(*cells)
    with city(folder) as made, listener(house.told) as webhook:
        kept = Inbox(inbox)
        kept.write_registry()
        kept.close()
        settings = {
            "YUSUAN_INBOX": str(inbox),
            "YUSUAN_REGISTRIES": str(registry),
            "YUSUAN_SOURCES": str(inbox / "registry.csv"),
            "YUSUAN_DATASET": str(house.out),
            "YUSUAN_FETCH_PRIVATE": "1",
            "YUSUAN_FETCH_DELAY": "0.05",
            "YUSUAN_FETCH_NOW": str(clock),
            "YUSUAN_WEBHOOK": webhook,
        }
        ahead = list(nights())
        for year, day in ahead[: len(past)]:
            made.pass_day(day, year)
        if not past:
            set_clock(clock, at(date_of(*ahead[0])) - SHORTLY)
            write_registry(registry, sources_of(made, ahead[0][0]))
        with daemon(house, clock, COMPRESSED, **settings):
            for year, day in ahead[len(past) :]:
                if time.monotonic() > until:
                    print(f"\nStopped after {minutes:g} minutes, {len(past)} of {len(ahead)} nights done.")
                    return wrong
                past.append(_night(house, made, clock, registry, year, day))
                row(*past[-1])
                wrong += _of_requests(made, f"{year} day {day}")
                diary.write_text(json.dumps(past), "utf-8")
            house.told.clear()
            set_clock(clock, at(DUE, 20))
            wait_for(lambda: {kind for kind, _ in due_alerts(made)} <= {each.get("kind") for each in house.told}, "alerts", patience=120)
        told = sorted((each["kind"], each["source"]) for each in house.told if "kind" in each)
        row(DUE, "budgets are due", *[""] * 4, "; ".join(f"{kind} {source}" for kind, source in told), "")
        wrong += [] if told == due_alerts(made) else [f"told when budgets are due: {told}"]
        return wrong + _of_dataset(made, house.out, inbox)


def _night(house: House, made: City, clock: Path, registry: Path, year: int, day: int) -> list[Any]:
    """Let a night pass; return what is printed of it.

    Raises:
        TimeoutError: the dataset does not become what was published.
    """
    happens = made.pass_day(day, year)
    for site in made.sites:
        site.asked.clear()
    house.told.clear()
    known = {run.run_id for run in house.runs()}
    started = time.monotonic()

    def of_all_sources() -> bool:
        """Return whether the fetch of all sources ended: the schedule's, or the sensor's where a source was never asked."""
        runs = [run for run in house.runs(FETCH_JOB) if run.run_id not in known and "dagster/asset_partition_range_start" in run.tags]
        return bool(runs) and all(run.status in ENDED for run in runs)

    with troubled(made, day, year):
        write_registry(registry, sources_of(made, year))
        set_clock(clock, at(date_of(year, day)) - SHORTLY)
        wait_for(of_all_sources, "the night's fetch", every=LOOK_EVERY, patience=NIGHT_PATIENCE)
    wanted = expected_of(made, year, day)
    wait_for(
        lambda: statuses_of(house.out)[year] == wanted and house.quiet(),
        f"the dataset of {year} day {day}",
        every=LOOK_EVERY,
        patience=NIGHT_PATIENCE,
    )
    asked = [each for site in made.sites for each in site.asked]
    runs = Counter(run.job_name for run in house.runs() if run.run_id not in known)
    told = Counter(each.get("kind") or f"failed {each['job']}" for each in house.told)
    return [
        date_of(year, day),
        happens,
        " / ".join(str(runs[job]) for job in (FETCH_JOB, CATALOGUE_JOB, PARTITION_JOB, DATASET_JOB)),
        len(asked),
        sum("If-None-Match" in each.headers for each in asked),
        " + ".join(map(str, wanted.values())),
        ", ".join(f"{kind} {count}" for kind, count in sorted(told.items())) or "–",
        round(time.monotonic() - started),
    ]


def write_registry(path: Path, sources: Mapping[str, str]) -> None:
    """Write the registry that the daemon fetches, if it is another than before."""
    text = "url,follow\n" + "".join(f"{address},{follow}\n" for address, follow in sources.items())
    if not path.exists() or path.read_text("utf-8") != text:
        path.write_text(text, "utf-8")


SCENARIOS = ("days", "kills", "daemon")


def main() -> None:
    """Run scenarios and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help=f"Any of {', '.join(SCENARIOS)}; all if none is named.")
    parser.add_argument("--folder", type=Path, help="Where everything is kept; else a temporary folder.")
    parser.add_argument("--minutes", type=float, default=60.0, help="After so many the daemon begins no further night.")
    given = parser.parse_args()
    folder = (given.folder or Path(tempfile.mkdtemp(prefix="season"))).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    run: dict[str, Callable[[Path], list[str]]] = {"days": days, "kills": kills, "daemon": lambda folder: by_daemon(folder, given.minutes)}
    wrong = [fault for name in given.scenarios or SCENARIOS for fault in run[name](folder / name)]
    print(json.dumps(wrong, ensure_ascii=False, indent=1) if wrong else "\nAll as it must be.")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    os.umask(0o022)
    main()
