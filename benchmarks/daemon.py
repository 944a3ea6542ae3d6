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
import json
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import dagster as dg

from assets.data_versions import RAW
from assets.jobs import CATALOGUE_JOB, DATASET_JOB, PARTITION_JOB
from benchmarks.served import DEPARTMENTS, ENDED, KEYS, PATIENCE, YEARS, House, daemon, tree, wait_for
from schemas.marts import MARTS
from schemas.stage_index_columns import STAGE_INDEXES
from schemas.tables import PARTITIONED


@dataclass
class Observations:
    """What was seen, a row of the table each."""

    failed: list[str] = field(default_factory=list)

    def add(self, scenario: str, what: str, seen: str, good: bool) -> None:
        """Print an observation."""
        print(f"| {scenario} | {what} | {seen} | {'yes' if good else '**no**'} |", flush=True)
        if not good:
            self.failed.append(f"{scenario}: {what}")


_REPOSITORY = {"repositoryLocationName": "assets.definitions", "repositoryName": "__repository__"}
_LAUNCH_BACKFILL = """mutation($params: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $params) {
  __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message } } }"""
_LAUNCH_RUN = """mutation($params: ExecutionParams!) { launchPipelineExecution(executionParams: $params) {
  __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }"""
_BACKFILL = "query($id: String!) { partitionBackfillOrError(backfillId: $id) { ... on PartitionBackfill { status } } }"
_SENSORS = """query($of: RepositorySelector!) { sensorsOrError(repositorySelector: $of) { ... on Sensors { results {
  name id sensorState { id selectorId status } } } } }"""
_STOP = "mutation($id: String!) { stopSensor(id: $id) { __typename ... on PythonError { message } } }"


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
            wait_for(partial(_has_ended, house, killed), "the run's end")
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
    """Let it become six o'clock in Shanghai, then noon, in a season and between seasons."""
    for month, launched in ((2, ["budget_season"]), (6, [])):
        shutil.rmtree(house.home, ignore_errors=True)
        six = datetime.fromisoformat(f"2026-{month:02d}-03T06:00:00+08:00").timestamp()
        with daemon(house, six - 180, YUSUAN_SOURCES=str(house.inputs), YUSUAN_DATASET=str(house.out)):
            wait_for(partial(_beat_after, house, six + 60), "a minute past six")
        runs = house.runs(CATALOGUE_JOB)
        found = [run.tags["dagster/schedule_name"] for run in runs if "dagster/schedule_name" in run.tags]
        said = ", ".join(found) or "no schedule"
        seen.add("schedules", f"2026-{month:02d}-03, 05:57 to 06:01 in Shanghai", f"{said} launched", found == launched)


def freshness(house: House, seen: Observations) -> None:
    """Look at the inputs now, and let the daemon live now and on a day of a season on which nobody looked at them."""
    done = house.command("build", str(house.inputs), "--out", str(house.out), "--record")
    assert done.returncode == 0, done.stderr
    season = datetime.fromisoformat(f"{datetime.now().year + 1}-02-03T12:00:30+08:00").timestamp()
    for at, when, status in ((time.time(), "now", "PASS"), (season, "past noon of a day of a season, not looked at since", "FAIL")):
        with daemon(house, at, YUSUAN_SOURCES=str(house.inputs), YUSUAN_DATASET=str(house.out)), contextlib.suppress(TimeoutError):
            wait_for(partial(_has_freshness, house, status), "freshness", patience=200)
        said = _freshness(house)
        seen.add("freshness of raw_documents", when, str(said), said == status)


def _freshness(house: House) -> str | None:
    with house.instance() as instance:
        state = instance.get_freshness_state_records([RAW]).get(RAW)
    return state.freshness_state.value if state else None


def _has_freshness(house: House, status: str) -> bool:
    return _freshness(house) == status


def _beat_after(house: House, moment: float) -> bool:
    return _beat(house) > moment


def _has_ended(house: House, run: str) -> bool:
    return _status(house, run) in ENDED


def _beat(house: House) -> float:
    """Return the time at which the scheduler last showed that it lives, by the daemon's clock."""
    with house.instance() as instance:
        beat = instance.get_daemon_heartbeats().get("SCHEDULER")
    return beat.timestamp if beat else 0.0


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
    wait_for(lambda: _status(house, run) in ENDED, f"a run of {job}")
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


SCENARIOS = {scenario.__name__: scenario for scenario in (foreign, changes, kills, season, freshness, backfills)}


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
