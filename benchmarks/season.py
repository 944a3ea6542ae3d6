"""Two seasons of a made city on loopback: what is fetched day by day, what is read of it, what is told, and what kills cost.

    python -m benchmarks.season [SCENARIO ...] [--folder DIR]

`days`: forty offices, three structures of pages, GBK and UTF-8, a list over five pages, attachments of every form, two corrections a
season, a page that moves, a host that is down for two days, one that drips, one that asks to be left alone, one that forbids: two
seasons, a fetch for each day by the clock of the season, and a build of what was fetched. `kills`: the process that fetches is killed at
twenty moments. `daemon`: some nights of it by Dagster's daemon, with its clock set. Prints markdown tables; exits with 1 if something is
not as it must be.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import msgspec
import polars as pl

from assets.jobs import FETCH_JOB
from benchmarks.served import House, daemon, wait_for
from pipeline.fetch.fetching import COMMAND, fetch
from pipeline.fetch.inbox import Inbox
from pipeline.fetch.job import Job, Limits, Seed
from pipeline.fetch.source_report import alerts_of, reports_of
from pipeline.samples.layouts import print_budget
from pipeline.samples.sample_budget import random_budget
from pipeline.samples.sample_sheets import Layout
from tests.pipeline.fetch.sites import Served, Site, drip, listing, served

MATTERS = (
    *(
        "教育",
        "文化",
        "财政",
        "民政",
        "水利",
        "交通",
        "住房",
        "城市",
        "环境",
        "卫生",
        "医保",
        "体育",
        "农业",
        "林业",
        "园林",
        "统计",
        "安全",
    ),
    *(
        "商务",
        "应急",
        "信息",
        "能源",
        "海洋",
        "旅游",
        "科技",
        "国资",
        "人事",
        "档案",
        "福利",
        "保障",
        "建设",
        "资源",
        "公共",
        "劳动",
        "水务",
    ),
    *("机关", "管理", "规划", "年金", "监管", "地理"),
)
OFFICES = [f"示范{matter}局" for matter in MATTERS]
LIMITS = Limits(seconds=4.0, retries=1)
HOME = "http://127.0.0.2"
ON_A_PAGE = 9
"""Offices on one page of the portal's list: forty are five pages."""

DOWN, DRIPS, BUSY, FORBIDS, CORRECTED, CORRECTED_BESIDE, MOVES, NONE = 6, 7, 8, 9, 10, 11, 12, 13
"""Offices to which something happens: their places in the list."""


def pdf(office: str, year: int, seed: int) -> bytes:
    """Return an office's budget; another seed has the same rows with other amounts, as a correction has."""
    made = random_budget(random.Random(f"{office} {year}"), quantum=Decimal(100 * (1 + seed)), units=2)
    made = replace(made, fiscal_year=year, department=f"青岛市{office}")
    return print_budget(made, Layout(codes="joined", split_basic=True)).data


@dataclass
class City:
    """A portal and its offices, each on a host of its own."""

    portal: Site
    offices: list[Site]
    published: dict[int, set[int]] = field(default_factory=dict)
    corrections: dict[int, set[int]] = field(default_factory=dict)

    def publish(self, year: int, which: range) -> None:
        """Put the budgets of some offices on their sites, and list them."""
        for number in which:
            if number == NONE and year == 2026:
                continue
            self.published.setdefault(year, set()).add(number)
            self._office(number, year)
        self.list(year)

    def list(self, year: int) -> None:
        """Write the portal's list over five pages, with links to further pages in three ways."""
        shown = sorted(self.published[year])
        pages = [shown[start : start + ON_A_PAGE] for start in range(0, len(shown), ON_A_PAGE)] or [[]]
        title = f"{year}年部门预算公开"
        for page, numbers in enumerate(pages):
            links = [(self._page_of(number, year), self._named(number, year)) for number in numbers]
            further = f'<script>createPageHTML({len(pages)}, {page}, "index", "html");</script>' if year == 2025 else ""
            if year == 2026 and page + 1 < len(pages):
                further = f'<a href="index_{page + 1}.html">下一页</a>'
            noise = '<p><a href="/zf.pdf">某市2026年政府预算草案</a></p><p><a href="/jd.html">部门预算解读</a></p>'
            self.portal.page(f"/ys/index{f'_{page}' if page else ''}.html", listing(title, *links, more=further + noise))

    def _named(self, number: int, year: int) -> str:
        return OFFICES[number] if number % 3 == 0 else f"{OFFICES[number]}{year}年部门预算"

    def _page_of(self, number: int, year: int) -> str:
        moved = "new" if number == MOVES and self.corrections.get(year) else "ys"
        return f"{self.offices[number].address}/{moved}/{year}.html"

    def _office(self, number: int, year: int, seed: int = 0) -> None:
        """Write an office's page in one of three structures, and what it attaches."""
        office, site = OFFICES[number], self.offices[number]
        title = f"{office}{year}年部门预算"
        path = f"/files/{year}.pdf"
        data = pdf(office, year, seed)
        site.document(path, data)
        link = f'<a href="{path}">附件：{title}.pdf</a>'
        if number % 5 == 1:
            link = f'<a href="javascript:void(0)" onclick="window.open(\'{path}\')">{title}</a>'
        elif number % 5 == 2:
            link = f'<iframe src="{path}"></iframe>'
        elif number % 5 == 3:
            packed = io.BytesIO()
            with zipfile.ZipFile(packed, "w") as archive:
                archive.writestr(zipfile.ZipInfo("budget.pdf"), data)
            path = f"/files/{year}.zip"
            site.document(path, packed.getvalue())
            link = f'<span data-url="{path}">{title}</span>'
        encoding = "gbk" if number % 2 else "utf-8"
        html = listing(title, more=f"<div class='fujian'><p>{link}</p></div>").replace("utf-8", encoding)
        site.page(self._page_of(number, year).removeprefix(site.address), html, encoding=encoding)

    def correct(self, year: int) -> None:
        """Correct two budgets, one in its place and one beside it, and move a page."""
        self.corrections[year] = {CORRECTED, CORRECTED_BESIDE}
        self._office(CORRECTED, year, seed=1)
        office, site = OFFICES[CORRECTED_BESIDE], self.offices[CORRECTED_BESIDE]
        site.document(f"/files/{year}b.pdf", pdf(office, year, 1))
        title = f"{office}{year}年部门预算"
        links = ((f"/files/{year}.pdf", title), (f"/files/{year}b.pdf", f"{title}（更正）"))
        site.page(self._page_of(CORRECTED_BESIDE, year).removeprefix(site.address), listing(title, *links))
        moving = self.offices[MOVES]
        moving.pages[f"/new/{year}.html"] = moving.pages.pop(f"/ys/{year}.html")
        self.list(year)


@contextmanager
def city() -> Iterator[City]:
    """Serve a city."""
    with ExitStack() as stack:
        offices = [stack.enter_context(served(f"127.0.1.{number + 1}")) for number in range(len(OFFICES))]
        made = City(stack.enter_context(served("127.0.0.2")), offices)
        offices[FORBIDS].pages["/robots.txt"] = Served(b"User-agent: *\nDisallow: /files/\n")
        yield made


@contextmanager
def troubled(made: City, day: int, year: int) -> Iterator[None]:
    """Let one host be down on the second and third day, one drip on the first, and one ask to be left alone for two seconds."""
    kept: list[tuple[Site, str, Served]] = []

    def instead(number: int, path: str, answer: Served) -> None:
        site = made.offices[number]
        if path in site.pages:
            kept.append((site, path, site.pages[path]))
            site.pages[path] = answer

    if day in (1, 2):
        for path in list(made.offices[DOWN].pages):
            instead(DOWN, path, Served(write=lambda answer: setattr(answer, "close_connection", True)))
        kept.append((made.offices[DOWN], "/robots.txt", Served(b"", 404)))
        made.offices[DOWN].pages["/robots.txt"] = Served(write=lambda answer: setattr(answer, "close_connection", True))
    if day == 0:
        instead(DRIPS, f"/files/{year}.pdf", Served(write=drip))
        first = iter([Served(b"", 429, {"Retry-After": "2", "Content-Length": "0"})])
        usual = made.offices[BUSY].pages.get(f"/ys/{year}.html")

        def busy(answer: BaseHTTPRequestHandler) -> None:
            found = next(first, usual)
            assert found is not None
            answer.send_response(found.status)
            for name, value in {"Content-Length": str(len(found.body)), **found.headers}.items():
                answer.send_header(name, value)
            answer.end_headers()
            answer.wfile.write(found.body)

        instead(BUSY, f"/ys/{year}.html", Served(write=busy))
    try:
        yield
    finally:
        for site, path, answer in kept:
            site.pages[path] = answer


def at(day: str, hour: int = 22) -> float:
    """Return a time in China."""
    return datetime.fromisoformat(f"{day}T{hour:02}:00:00+08:00").timestamp()


def row(*cells: object) -> None:
    """Print a row of a table."""
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)


def days(folder: Path) -> list[str]:
    """Let two seasons pass; return what is not as it must be."""
    wrong: list[str] = []
    inbox = folder / "inbox"
    with city() as made:
        seed = Seed(f"{made.portal.address}/ys/index.html", "site")
        row("day", "happens", "requests", "with ETag", "fetched", "unchanged", "gone", "refused", "failed", "alerts")
        row(*["---"] * 10)
        for year in (2025, 2026):
            for day in range(6):
                happens = ("half of the offices; one drips, one is busy", "a host down; more offices", "still down; the last")
                what = [*happens, "up again", "two corrections, a page moved", "nothing"][day]
                if day < 3:
                    made.publish(year, (range(20), range(20, 35), range(35, 40))[day])
                if day == 4:
                    made.correct(year)
                now = at(f"{year}-03-{3 + day:02}")
                sites = [made.portal, *made.offices]
                for site in sites:
                    site.asked.clear()
                told: Counter[str] = Counter()
                with troubled(made, day, year):
                    job = Job(str(inbox), (seed,), delay=0.02, private=True, contact="bench@example.org", limits=LIMITS, now=now)
                    ended = fetch(job, lambda event, told=told: told.update([getattr(event, "status", "page")]))
                asked = [each for site in sites for each in site.asked]
                conditional = sum("If-None-Match" in each.headers for each in asked)
                kept = Inbox(inbox)
                alerts = Counter(alert.kind for alert in alerts_of(reports_of(kept), now))
                kept.close()
                counts = [told[status] for status in ("fetched", "unchanged", "gone", "refused", "failed")]
                row(f"{year}-03-{3 + day:02}", what, len(asked), conditional, *counts, dict(alerts) or "–")
                if not ended.complete:
                    wrong.append(f"{year} day {day}: not complete")
                twice = [path for path, count in Counter((s.address, a.path) for s in sites for a in s.asked).items() if count > 2]
                if twice and day not in (1, 2):
                    wrong.append(f"{year} day {day}: asked more than twice: {twice[:3]}")
                if any(each.path.startswith("/files/") for each in made.offices[FORBIDS].asked):
                    wrong.append("what robots.txt forbids was asked")
        kept = Inbox(inbox)
        due = [alert.text for alert in alerts_of(reports_of(kept), at("2026-04-02"))]
        kept.close()
    row("2026-04-02", "budgets are due", "", "", "", "", "", "", "", "; ".join(due) or "–")
    return wrong + _of_build(folder, inbox)


def _of_build(folder: Path, inbox: Path) -> list[str]:
    """Build what was fetched, and compare it with what was published."""
    with (inbox / "registry.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    once = Counter((each["url"], each["sha256"]) for each in rows)
    command = [sys.executable, "-c", "from assets.cli import main; main()", "build", str(inbox / "registry.csv")]
    out = folder / "dataset"
    done = subprocess.run([*command, "--out", str(out), "--json"], capture_output=True, text=True, check=False)
    print(done.stderr[-500:])
    documents = pl.read_parquet(str(out / "documents/**/*.parquet"), hive_partitioning=True)
    counted = documents.group_by("fiscal_year", "status").len().sort("fiscal_year", "status").rows()
    print(f"\nRegistry: {len(rows)} rows, {Counter(each['status'] for each in rows)}; documents of the build: {counted}")
    notes = subprocess.run([*command[:3], "sources", "--into", str(inbox)], capture_output=True, text=True, check=False).stdout
    print(notes[-600:])
    wrong = [f"{key} stands {count} times" for key, count in once.items() if count > 1]
    for year in (2025, 2026):
        published = documents.filter((pl.col("fiscal_year") == year) & (pl.col("status") == "published")).height
        superseded = documents.filter((pl.col("fiscal_year") == year) & (pl.col("status") == "superseded")).height
        expected = len(OFFICES) - (1 if year == 2025 else 2)  # one forbids; in 2026 one gives none
        if (published, superseded) != (expected, 2):
            wrong.append(f"{year}: {published} published, {superseded} superseded; {expected} and 2 were expected")
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


def by_daemon(folder: Path) -> list[str]:
    """Let Dagster's daemon fetch, read and publish two nights of a small part of the city, one correction and one host down among them."""
    wrong: list[str] = []
    house = House(folder / "house")
    inbox, registry = folder / "house" / "inbox", folder / "house" / "r.csv"
    with city() as made:
        registry.write_text(f"url,follow\n{made.portal.address}/ys/index.html,site\n", encoding="utf-8")
        made.publish(2026, range(4))
        Inbox(inbox).close()
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
        }

        def statuses() -> Counter[str]:
            files = list(house.out.glob("documents/**/*.parquet")) if house.out.is_dir() else []
            return Counter(pl.read_parquet(files, columns=["status"])["status"]) if files else Counter()

        for night, change, wanted in (
            ("2026-03-03", "four offices publish", Counter(published=4)),
            ("2026-03-04", "one budget is corrected in its place", Counter(published=4, superseded=1)),
            ("2026-03-05", "nothing", Counter(published=4, superseded=1)),
        ):
            if night == "2026-03-04":
                made._office(0, 2026, seed=1)
            before = len(house.runs(FETCH_JOB))
            for site in (made.portal, *made.offices):
                site.asked.clear()
            started = time.monotonic()
            with daemon(house, at(night) - 60, YUSUAN_FETCH_NOW=str(at(night)), **settings):
                wait_for(lambda before=before: len(house.runs(FETCH_JOB)) > before, "a fetch", patience=400)
                wait_for(lambda wanted=wanted: statuses() == wanted and house.quiet(), "the dataset", patience=500)
            fetches = [run.tags.get("dagster/schedule_name") or run.tags.get("dagster/sensor_name") for run in house.runs(FETCH_JOB)]
            asked = sum(len(site.asked) for site in (made.portal, *made.offices))
            row(
                night,
                change,
                f"{len(fetches) - before} fetch by {fetches[0]}",
                f"{asked} requests",
                dict(statuses()),
                f"{time.monotonic() - started:.0f} s",
            )
    return wrong


SCENARIOS = {"days": days, "kills": kills, "daemon": by_daemon}


def main() -> None:
    """Run scenarios and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help=f"Any of {', '.join(SCENARIOS)}; all if none is named.")
    parser.add_argument("--folder", type=Path, help="Where everything is kept; else a temporary folder.")
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="season"))
    folder.mkdir(parents=True, exist_ok=True)
    wrong = [fault for name in given.scenarios or SCENARIOS for fault in SCENARIOS[name](folder)]
    print(json.dumps(wrong, ensure_ascii=False, indent=1) if wrong else "\nAll as it must be.")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    os.umask(0o022)
    main()
