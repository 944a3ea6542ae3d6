"""What automation survives when it is real: the UI, Dagster's daemon, processes that are killed, a season that begins.

    python -m benchmarks.daemon [SCENARIO ...] [--folder DIR]

Serves made documents of three years and two provinces by `yusuan ui` on loopback, in a temporary folder with its own `$DAGSTER_HOME`, and
disturbs it. After each disturbance the dataset must become, file by file, what a plain `yusuan build` makes of the same documents; after
each end no process may be left. Prints a markdown table, a row per observation; exits with 1 if one is not as it must be. Takes about
fifteen minutes, most of it waiting for ticks.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import dagster as dg

from assets.instance import prepare
from assets.jobs import CATALOGUE_JOB, DATASET_JOB, PARTITION_JOB
from pipeline.samples.sample_budget import random_budget
from pipeline.samples.sample_pdf import PdfWriter
from pipeline.samples.sample_sheets import Layout
from pipeline.samples.sample_statements import build
from pipeline.samples.typeset import Setter
from schemas.marts import MARTS
from schemas.stage_indexes import STAGE_INDEXES
from schemas.tables import PARTITIONED

YEARS = (2022, 2023, 2024)
DEPARTMENTS = {"CN-SH": "上海市示范园林管理局", "CN-ZJ": "宁波市示范工作办公室"}
KEYS = [f"{year}|{province}" for year in YEARS for province in DEPARTMENTS]
PATIENCE = 600.0
"""Seconds within which a dataset must become what it should: three ticks of a minute and their runs take two minutes, longer on a busy
machine."""

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


def document(year: int, province: str, seed: int) -> bytes:
    """Return a budget as PDF; another `seed` has other amounts."""
    made = random_budget(random.Random(f"{year} {province} {seed}"), units=2)
    made = replace(made, fiscal_year=year, department=DEPARTMENTS[province])
    writer = PdfWriter()
    setter = Setter(writer, made.department)
    setter.cover([f"{year}年度", made.department, "部门预算公开"])
    layout = Layout(codes="joined", split_basic=True)
    for number, statement in enumerate(layout.statements, 1):
        setter.sheet(build(statement, made, layout), layout, number=number)
    return writer.to_bytes()


def tree(folder: Path) -> dict[str, str]:
    """Return path → sha256 of every file of a dataset."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@dataclass
class Observations:
    """What was seen, a row of the table each."""

    failed: list[str] = field(default_factory=list)

    def add(self, scenario: str, what: str, seen: str, good: bool) -> None:
        """Print an observation."""
        print(f"| {scenario} | {what} | {seen} | {'yes' if good else '**no**'} |", flush=True)
        if not good:
            self.failed.append(f"{scenario}: {what}")


class House:
    """A folder with documents, dataset, records and results, and the servers over it."""

    def __init__(self, folder: Path) -> None:
        """Make the documents."""
        self.folder, self.inputs, self.out, self.home = folder, folder / "in", folder / "dataset", folder / "home"
        self.inputs.mkdir(parents=True)
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
        return not self.runs(None, *(status for status in dg.DagsterRunStatus if status not in _ENDED))

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

        def look() -> tuple[str, int] | None:
            with self.instance() as instance:
                for run in instance.get_runs(dg.RunsFilter(job_name=job, statuses=[dg.DagsterRunStatus.STARTED])):
                    for entry in instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ENGINE_EVENT):
                        said = entry.get_dagster_event().engine_event_data.metadata.get("pid")
                        if run.run_id not in known and said is not None:
                            return run.run_id, int(str(said.value))
            return None

        found: tuple[str, int] = wait_for(look, f"a run of {job}", every=0.02)
        return found


_ENDED = {dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED}
_LOADED = "{ workspaceOrError { ... on Workspace { locationEntries { locationOrLoadError { __typename } } } } }"
_REPOSITORY = {"repositoryLocationName": "assets.definitions", "repositoryName": "__repository__"}
_LAUNCH_BACKFILL = """mutation($params: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $params) {
  __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message } } }"""
_LAUNCH_RUN = """mutation($params: ExecutionParams!) { launchPipelineExecution(executionParams: $params) {
  __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }"""
_BACKFILL = "query($id: String!) { partitionBackfillOrError(backfillId: $id) { ... on PartitionBackfill { status } } }"
_SENSORS = """query($of: RepositorySelector!) { sensorsOrError(repositorySelector: $of) { ... on Sensors { results {
  name id sensorState { id selectorId status } } } } }"""
_STOP = "mutation($id: String!) { stopSensor(id: $id) { __typename ... on PythonError { message } } }"
_FRESH = """{ assetNodes(assetKeys: [{path: ["raw_documents"]}]) { freshnessStatusInfo { freshnessStatus } } }"""


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


def free_port() -> int:
    """Return a port of the loopback address at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def changes(house: House, seen: Observations) -> None:
    """Let documents come, go, and come back."""
    house.serve()
    whole = house.plain()
    spent = house.becomes(whole)
    seen.add("documents", "six documents in a folder", _equal(spent), spent is not None)
    gone = house.inputs / "2023CN-SH.pdf"
    gone.unlink()
    spent = house.becomes(house.plain())
    seen.add("documents", "one is removed", _equal(spent), spent is not None)
    house.write(2023, "CN-SH", 0)
    spent = house.becomes(whole)
    seen.add("documents", "it is put back as it was", _equal(spent), spent is not None)
    wait_for(house.quiet, "no runs")
    before = len(house.runs())
    time.sleep(100)
    after = len(house.runs())
    seen.add("documents", "nothing changes for 100 s", f"{after - before} runs launched", after == before)
    end(house, seen, signal.SIGTERM, "idle")


def kills(house: House, seen: Observations) -> None:
    """Kill the process of a run, a publication in the middle, and everything at once."""
    with listener(house.told) as address:
        house.serve(YUSUAN_WEBHOOK=address)
        house.becomes(house.plain())
        wait_for(house.quiet, "no runs")
        for job, what in ((CATALOGUE_JOB, "inputs are read"), (PARTITION_JOB, "a partition is made")):
            known = {run.run_id for run in house.runs(job)}
            house.write(2022, "CN-SH", 1 if job == CATALOGUE_JOB else 2)
            killed, process = house.run_process(job, known)
            os.kill(process, signal.SIGKILL)
            wait_for(lambda killed=killed: _status(house, killed) in _ENDED, "the run's end")
            noticed = _status(house, killed)
            spent = house.becomes(house.plain())
            again = [run for run in house.runs(job) if run.run_id not in known and run.run_id != killed]
            by = "Dagster's retry" if any("dagster/retry_number" in run.tags for run in again) else "the next tick"
            seen.add("kill -9 of a run", what, f"{noticed.value}, launched again by {by}; {_equal(spent)}", spent is not None)
            wait_for(house.quiet, "no runs")
        old = tree(house.out)
        known = {run.run_id for run in house.runs(DATASET_JOB)}
        house.write(2022, "CN-SH", 3)
        wanted = house.plain()
        _, process = house.run_process(DATASET_JOB, known)
        wait_for(lambda: list(house.folder.glob(".dataset.draft.*")), "a draft", every=0.002)
        os.kill(process, signal.SIGKILL)
        untouched = tree(house.out) == old
        spent = house.becomes(wanted)
        left = list(house.folder.glob(".dataset.draft.*"))
        said = f"{'the old version whole' if untouched else 'a mixture'}; {_equal(spent)}; {len(left)} drafts left"
        seen.add("kill -9 of a publication", "while it writes its draft", said, untouched and spent is not None and not left)
        wait_for(house.quiet, "no runs")
        wait_for(lambda: len(house.told) >= 3, "messages", patience=90)
        jobs = sorted({message["job"] for message in house.told})
        seen.add("failure sensor", "a web address is set", f"{len(house.told)} messages, of {', '.join(jobs)}", len(jobs) == 3)
        known = {run.run_id for run in house.runs(PARTITION_JOB)}
        house.write(2022, "CN-SH", 4)
        wanted = house.plain()
        house.run_process(PARTITION_JOB, known)
        for left_over in house.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(left_over, signal.SIGKILL)
        assert house.server is not None
        house.server.wait()
        house.serve(YUSUAN_WEBHOOK=address)
        spent = house.becomes(wanted)
        seen.add("kill -9 of everything", "while a partition is made; started again", _equal(spent), spent is not None)
        wait_for(house.quiet, "no runs")
        known = {run.run_id for run in house.runs(PARTITION_JOB)}
        house.write(2022, "CN-SH", 5)
        run, _ = house.run_process(PARTITION_JOB, known)
        end(house, seen, signal.SIGINT, "while a partition is made", run)
        wanted = house.plain()
        house.serve()
        spent = house.becomes(wanted)
        seen.add("end", "started again", _equal(spent), spent is not None)
        end(house, seen, signal.SIGINT, "idle")


def foreign(house: House, seen: Observations) -> None:
    """Let the samples be served over a dataset of other documents."""
    house.command("build", str(house.inputs), "--out", str(house.out))
    before = tree(house.out)
    done = house.command("ui", "--out", str(house.out), "--port", str(house.port))
    said = f"exit {done.returncode}: “{done.stderr.strip().replace(str(house.folder), '…')}”"
    seen.add("foreign dataset", "`yusuan ui` without a SOURCE", said, done.returncode == 2 and tree(house.out) == before)
    with daemon(house, YUSUAN_DATASET=str(house.out)):
        wait_for(lambda: house.runs(DATASET_JOB, dg.DagsterRunStatus.FAILURE), "a refused publication")
    published = house.runs(DATASET_JOB, dg.DagsterRunStatus.SUCCESS)
    same = tree(house.out) == before
    said = f"publication fails, dataset {'untouched' if same else 'REPLACED'}"
    seen.add("foreign dataset", "Dagster's daemon without `yusuan ui`, no sources set", said, same and not published)


def season(house: House, seen: Observations) -> None:
    """Start the daemon shortly before six o'clock in Shanghai, in a season and between seasons."""
    for month, expected in ((2, True), (6, False)):
        start = datetime.fromisoformat(f"2026-{month:02d}-03T05:59:20+08:00").timestamp()
        shutil.rmtree(house.home, ignore_errors=True)
        with daemon(house, start, YUSUAN_SOURCES=str(house.inputs), YUSUAN_DATASET=str(house.out)):
            time.sleep(80)
        with house.instance() as instance:
            ticks = {
                state.instigator_name: [tick for tick in instance.get_ticks(state.instigator_origin_id, state.selector_id) if tick.run_ids]
                for state in instance.all_instigator_state()
                if state.instigator_type.value == "SCHEDULE"
            }
            times = [datetime.fromtimestamp(tick.timestamp).astimezone().isoformat() for of in ticks.values() for tick in of]
            runs = [run for run in house.runs(CATALOGUE_JOB) if "dagster/schedule_name" in run.tags]
        said = f"{', '.join(run.tags['dagster/schedule_name'] for run in runs) or 'no schedule'} launched, ticks at {times}"
        seen.add("schedules", f"2026-{month:02d}-03, from 05:59:20 in Shanghai", said, bool(runs) == expected and bool(times) == expected)


def backfills(house: House, seen: Observations) -> None:
    """Make three years of two provinces from the UI and from the command line, with sensors off."""
    house.serve()
    wait_for(lambda: len(_sensors(house)) >= 3, "sensors")
    for sensor in _sensors(house):
        house.ask(_STOP, id=sensor["sensorState"]["id"])
    wait_for(house.quiet, "no runs")
    wanted = house.plain()
    _materialise(house, CATALOGUE_JOB)
    assets = [*STAGE_INDEXES, *(table.name for table in PARTITIONED), *MARTS]
    selection = [{"path": [name]} for name in assets]
    start = time.monotonic()
    answer = house.ask(_LAUNCH_BACKFILL, params={"assetSelection": selection, "partitionNames": KEYS, "title": "three years"})
    assert answer is not None
    identity = answer["launchPartitionBackfill"]["backfillId"]
    wait_for(
        lambda: (house.ask(_BACKFILL, id=identity) or {})["partitionBackfillOrError"]["status"].startswith("COMPLETED"), "the backfill"
    )
    spent = time.monotonic() - start
    runs = [run for run in house.runs() if run.tags.get("dagster/backfill") == identity]
    good = sum(run.status == dg.DagsterRunStatus.SUCCESS for run in runs)
    _materialise(house, DATASET_JOB)
    same = tree(house.out) == wanted
    said = f"{good} of {len(runs)} runs succeeded, {spent:.0f} s; published: {'equal to a plain build' if same else 'DIFFERENT'}"
    seen.add("backfill of 3 years × 2 provinces", "launchPartitionBackfill, as the UI does", said, same and good == len(KEYS))
    end(house, seen, signal.SIGTERM, "idle")
    target = house.folder / "by command"
    provinces = [word for province in DEPARTMENTS for word in ("--province", province)]
    done = house.command("backfill", f"{YEARS[0]}..{YEARS[-1]}", str(house.inputs), *provinces, "--out", str(target), "--json")
    same = tree(target) == wanted
    said = f"exit {done.returncode}; {'equal to a plain build' if same else 'DIFFERENT'}"
    seen.add("backfill of 3 years × 2 provinces", "`yusuan backfill 2022..2024`", said, same and done.returncode == 0)


def end(house: House, seen: Observations, sign: signal.Signals, when: str, run: str | None = None) -> None:
    """End `yusuan ui` and say how long that took and what is left."""
    spent, code, left = house.end(sign)
    status = f", its run {_status(house, run).value}" if run else ""
    said = f"exit {code} after {spent:.1f} s, {len(left)} processes left{status}"
    seen.add("end", f"{sign.name}, {when}", said, code == 0 and not left and spent < 20)


@contextlib.contextmanager
def daemon(house: House, at: float | None = None, **environment: str) -> Iterator[None]:
    """Run Dagster's daemon alone, with another time of day if one is given (seconds since 1970), while the block runs."""
    prepare(house.home)
    command = ["-m", "dagster._daemon"] if at is None else ["-c", _DAEMON_AT, str(at)]
    with (house.folder / "daemon.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, *command, "run", "-m", "assets.definitions"],
            cwd=house.folder,
            env=house.environment(**environment),
            stdout=log,
            stderr=log,
        )
    try:
        yield
    finally:
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=60)
        for left in house.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(left, signal.SIGKILL)
        process.wait()


@contextlib.contextmanager
def listener(told: list[dict[str, str]]) -> Iterator[str]:
    """Yield a web address on loopback; what is sent to it goes to `told`."""

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def _materialise(house: House, job: str) -> None:
    """Launch a run of a job as the UI's launchpad does, and wait for its success."""
    params = {"selector": {**_REPOSITORY, "jobName": job}, "runConfigData": "{}", "mode": "default"}
    answer = house.ask(_LAUNCH_RUN, params=params)
    assert answer is not None
    run = answer["launchPipelineExecution"]["run"]["runId"]
    wait_for(lambda: _status(house, run) in _ENDED, f"a run of {job}")
    assert _status(house, run) == dg.DagsterRunStatus.SUCCESS, run


def _sensors(house: House) -> list[dict[str, Any]]:
    answer = house.ask(_SENSORS, of=_REPOSITORY) or {}
    return list(answer.get("sensorsOrError", {}).get("results", []))


def _status(house: House, run: str) -> dg.DagsterRunStatus:
    with house.instance() as instance:
        found = instance.get_run_by_id(run)
    assert found is not None
    return found.status


def _equal(spent: float | None) -> str:
    return f"not equal after {PATIENCE:.0f} s" if spent is None else f"equal to a plain build after {spent:.0f} s"


SCENARIOS = {scenario.__name__: scenario for scenario in (foreign, changes, kills, season, backfills)}


def main() -> None:
    """Run scenarios and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", nargs="*", choices=[*SCENARIOS, []], metavar="SCENARIO", help=f"Any of {', '.join(SCENARIOS)}.")
    parser.add_argument("--folder", type=Path, help="Keep what was made here, for a look at its logs.")
    arguments = parser.parse_args()
    seen = Observations()
    print("| scenario | what | seen | as it must be |\n| --- | --- | --- | --- |", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        for name in arguments.scenarios or SCENARIOS:
            house = House((arguments.folder or Path(scratch)).resolve() / name)
            try:
                SCENARIOS[name](house, seen)
            except (TimeoutError, AssertionError, RuntimeError) as error:
                seen.add(name, "the scenario ends", f"{type(error).__name__}: {error}", False)
            finally:
                for process in house.processes():
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(process, signal.SIGKILL)
    sys.exit(bool(seen.failed))


if __name__ == "__main__":
    main()
