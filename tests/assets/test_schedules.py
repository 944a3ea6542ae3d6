"""Schedules and sensors: what is launched when inputs changed or a run did not end well, and what is not when nothing is to be done."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import dagster as dg
import polars as pl
import pytest
from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteJobOrigin, RemoteRepositoryOrigin
from dagster._utils.schedules import schedule_execution_time_iterator

import assets.automation.dagster_runs
import assets.publication.assets
from assets.automation import alerts
from assets.automation.schedules import SCHEDULES
from assets.automation.sensors import changed_inputs, outdated_partitions, unpublished_partitions
from assets.data_versions import RAW
from assets.definitions import definitions_for
from assets.io import TableStorage
from assets.jobs import CATALOGUE_JOB, DATASET_JOB, PARTITION_JOB, publication_config
from assets.resources import Workspace
from assets.seasons import SEASONS
from pipeline.samples import DOCUMENTS as SAMPLES
from pipeline.store.chain import Stage
from pipeline.store.partitions.partition_maker import PartitionMaker
from pipeline.store.workers import in_processes
from tests.assets.conftest import Build, Reader, check, document
from tests.assets.test_build import tree

Requests = list[dg.RunRequest]
SENSED = {changed_inputs: CATALOGUE_JOB, outdated_partitions: PARTITION_JOB, unpublished_partitions: DATASET_JOB}


class House:
    """A workspace whose runs are recorded, and what its schedules and sensors ask for."""

    def __init__(self, folder: Path, instance: dg.DagsterInstance, sources: list[str] | None = None) -> None:
        self.instance = instance
        named = [str(folder / "in")] if sources is None else sources
        self.workspace = Workspace(sources=named, dataset=str(folder / "out"), results=str(folder / "results"))
        self.storage = TableStorage(folder=str(folder / "tables"))
        self.definitions = definitions_for(self.workspace, self.storage)

    def look(self) -> None:
        self.definitions.resolve_job_def(CATALOGUE_JOB).execute_in_process(instance=self.instance)

    def launch(self, requests: Iterable[dg.RunRequest], job: str) -> list[bool]:
        """Do what the daemon does with requests: a run each, but for those whose run key was launched before; say which succeeded."""
        known = {run.tags.get("dagster/run_key") for run in self.instance.get_runs()}
        return [
            self.definitions.resolve_job_def(job)
            .execute_in_process(
                instance=self.instance,
                partition_key=request.partition_key,
                run_config=request.run_config,
                tags={**request.tags, **({"dagster/run_key": request.run_key} if request.run_key else {})},
                raise_on_error=False,
            )
            .success
            for request in requests
            if request.run_key is None or request.run_key not in known
        ]

    def leave(self, request: dg.RunRequest, job: str, status: dg.DagsterRunStatus) -> None:
        """Leave a run of a request as it is while it is under way, or after it was killed."""
        partition = {"dagster/partition": request.partition_key} if request.partition_key else {}
        origin = RemoteJobOrigin(RemoteRepositoryOrigin(RegisteredCodeLocationOrigin("here"), "house"), job)  # a queued run needs one
        tags = {**request.tags, **partition}
        self.instance.add_run(dg.DagsterRun(job_name=job, status=status, tags=tags, remote_job_origin=origin))

    def catch_up(self) -> list[bool]:
        """Let each sensor launch what it wants, once."""
        return [done for sensor, job in SENSED.items() for done in self.launch(self.sense(sensor), job)]

    def published(self) -> list[str]:
        """Return the names of the published documents."""
        return sorted(pl.read_parquet(self.workspace.dataset + "/documents/**/*.parquet", columns=["file_name"])["file_name"])

    def tick(self, schedule: dg.ScheduleDefinition) -> Requests:
        with dg.build_schedule_context(instance=self.instance, repository_def=self.definitions.get_repository_def()) as context:
            return list(schedule.evaluate_tick(context).run_requests or [])

    def sense(self, sensor: dg.SensorDefinition) -> Requests:
        with dg.build_sensor_context(
            instance=self.instance,
            repository_def=self.definitions.get_repository_def(),
            resources={"workspace": self.workspace, "io_manager": self.storage},
        ) as context:
            # The daemon looks partition keys up through a reference, which an instance in memory has not.
            context.__dict__["caching_dynamic_partitions_loader"] = self.instance
            return list(sensor.evaluate_tick(context).run_requests or [])


@pytest.fixture
def house(tmp_path: Path, inputs: Path, reader: Reader) -> Iterator[House]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield House(tmp_path, instance)


budget_season = next(schedule for schedule in SCHEDULES if schedule.name == "budget_season")


def keys(requests: Requests) -> list[str | None]:
    return [request.partition_key for request in requests]


def test_seasons() -> None:
    assert {schedule.name: (schedule.cron_schedule, schedule.execution_timezone) for schedule in SCHEDULES} == {
        "budget_season": ("0 6 * 1-4 *", "Asia/Shanghai"),
        "final_account_season": ("0 6 * 7-10 *", "Asia/Shanghai"),
        "fetching_season": ("0 22 * 1-4,7-10 *", "Asia/Shanghai"),
    }
    assert {*SEASONS, "fetching_season"} == {schedule.name for schedule in SCHEDULES}


@pytest.mark.parametrize(("start", "first"), [("2024-03-05", "2024-03-05"), ("2024-04-30", "2024-04-30"), ("2024-05-01", "2025-01-01")])
def test_schedules_tick_in_their_season_only(start: str, first: str) -> None:
    ticks = schedule_execution_time_iterator(
        datetime.fromisoformat(f"{start}T00:00:00+08:00").astimezone(UTC).timestamp(), "0 6 * 1-4 *", "Asia/Shanghai"
    )
    assert next(ticks).isoformat() == f"{first}T06:00:00+08:00"


def test_a_tick_looks_at_the_inputs_whatever_seems_to_have_changed(
    tmp_path: Path, inputs: Path, reader: Reader, instance: dg.DagsterInstance
) -> None:
    house = House(tmp_path, instance)  # a schedule needs one on disk
    (inputs / "a.json").write_bytes(document(2019))
    for _ in range(2):
        (request,) = house.tick(budget_season)
        assert request.run_key is None
        assert house.launch([request], CATALOGUE_JOB) == [True]
    house.leave(request, CATALOGUE_JOB, dg.DagsterRunStatus.STARTED)
    assert house.tick(budget_season) == []


def test_new_inputs_are_read_first_then_their_partitions_are_made_then_published(
    house: House, inputs: Path, build: Build, tmp_path: Path
) -> None:
    (inputs / "a.json").write_bytes(document(2019))
    (inputs / "b.json").write_bytes(document(2020))
    assert house.sense(outdated_partitions) == house.sense(unpublished_partitions) == []
    assert house.launch(house.sense(changed_inputs), CATALOGUE_JOB) == [True]
    assert house.sense(changed_inputs) == []
    made = house.sense(outdated_partitions)
    assert keys(made) == ["2019|CN-SH", "2020|CN-SH"]
    assert house.sense(unpublished_partitions) == []
    assert house.launch(made, PARTITION_JOB) == [True, True]
    assert house.sense(outdated_partitions) == []
    assert house.launch(house.sense(unpublished_partitions), DATASET_JOB) == [True]
    assert house.sense(unpublished_partitions) == []
    build(out="plain")
    assert tree(tmp_path / "plain") == tree(tmp_path / "out")


def test_only_partitions_whose_inputs_changed_are_launched(house: House, inputs: Path, reader: Reader) -> None:
    (inputs / "a.json").write_bytes(document(2019))
    (inputs / "b.json").write_bytes(document(2021))
    house.catch_up()
    assert house.catch_up() == []
    (inputs / "b.json").write_bytes(document(2021, amounts={"201": 7}))
    reader.read.clear()
    house.look()
    assert keys(house.sense(outdated_partitions)) == ["2021|CN-SH"]
    house.catch_up()
    assert reader.read == ["b.json"]  # automated runs keep what fits


def test_a_document_removed_and_put_back_is_published_again(house: House, inputs: Path, build: Build, tmp_path: Path) -> None:
    others = [f"a{number}.json" for number in range(5)]  # so that one in six goes: more than a fifth would have to be acknowledged
    for number, name in enumerate(others):
        (inputs / name).write_bytes(document(2019, department=f"{number}局"))
    for there in (True, False, True):
        (inputs / "b.json").write_bytes(document(2020)) if there else (inputs / "b.json").unlink()
        assert set(house.catch_up()) == {True}
        assert house.published() == [*others, *(["b.json"] if there else [])]
    assert house.catch_up() == []
    build(out="plain")
    assert tree(tmp_path / "plain") == tree(tmp_path / "out")


@pytest.mark.parametrize("status", [dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED])
def test_a_run_that_was_killed_is_launched_again_by_the_next_tick(house: House, inputs: Path, status: dg.DagsterRunStatus) -> None:
    (inputs / "a.json").write_bytes(document(2019))
    (looked,) = house.sense(changed_inputs)
    house.leave(looked, CATALOGUE_JOB, status)
    (again,) = house.sense(changed_inputs)
    house.launch([again], CATALOGUE_JOB)
    (made,) = house.sense(outdated_partitions)
    house.leave(made, PARTITION_JOB, status)
    (again,) = house.sense(outdated_partitions)
    assert (again.partition_key, again.run_key) == ("2019|CN-SH", None)
    assert house.launch([again], PARTITION_JOB) == [True]
    assert house.sense(outdated_partitions) == []


def test_a_run_that_was_killed_between_tables_and_marts_is_launched_again(house: House, inputs: Path) -> None:
    (inputs / "a.json").write_bytes(document(2019))
    house.look()
    job: Callable[..., dg.ExecuteInProcessResult] = house.definitions.resolve_job_def(PARTITION_JOB).execute_in_process
    for some in (["documents"], ["documents", "budget_lines", "checks"]):
        job(instance=house.instance, partition_key="2019|CN-SH", asset_selection=[dg.AssetKey(name) for name in some])
        assert keys(house.sense(outdated_partitions)) == ["2019|CN-SH"]
    house.catch_up()
    assert house.published() == ["a.json"]


@pytest.mark.parametrize("status", [dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING])
def test_what_is_under_way_is_not_launched_twice(house: House, inputs: Path, status: dg.DagsterRunStatus) -> None:
    (inputs / "a.json").write_bytes(document(2019))
    (inputs / "b.json").write_bytes(document(2020))
    house.look()
    first, _ = house.sense(outdated_partitions)
    house.leave(first, "materialized_by_hand", status)
    assert keys(house.sense(outdated_partitions)) == ["2020|CN-SH"]
    house.leave(dg.RunRequest(), CATALOGUE_JOB, status)
    assert house.sense(outdated_partitions) == house.sense(changed_inputs) == []


def _full_disk(*_: object, **__: object) -> None:
    raise OSError("the disk is full")


def test_a_publication_that_failed_is_tried_again_by_the_next_tick(house: House, inputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (inputs / "a.json").write_bytes(document(2019))
    with monkeypatch.context() as full:
        full.setattr(assets.publication.assets, "publish", _full_disk)
        assert house.catch_up() == [True, True, False]
    again = house.sense(unpublished_partitions)
    house.leave(again[0], DATASET_JOB, dg.DagsterRunStatus.STARTED)
    assert house.sense(unpublished_partitions) == []
    house.instance.delete_run(house.instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED]))[0].run_id)
    assert house.launch(again, DATASET_JOB) == [True]
    assert house.published() == ["a.json"]
    assert house.sense(unpublished_partitions) == []


def test_what_fails_for_good_is_tried_ever_less_often_but_for_ever(house: House, inputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses = [assets.automation.dagster_runs.pause_after(failures) for failures in range(20)]
    assert pauses[:4] == [0, 0, 60, 120]
    assert set(pauses[8:]) == {3600}
    (inputs / "a.json").write_bytes(document(2019))
    house.look()
    for _ in range(2):
        (request,) = house.sense(outdated_partitions)
        house.leave(request, PARTITION_JOB, dg.DagsterRunStatus.FAILURE)
    assert house.sense(outdated_partitions) == []
    (inputs / "a.json").write_bytes(document(2019, department="新局"))
    house.look()
    assert keys(house.sense(outdated_partitions)) == ["2019|CN-SH"]  # other inputs are another matter
    (inputs / "a.json").write_bytes(document(2019))
    house.look()
    assert house.sense(outdated_partitions) == []
    monkeypatch.setattr(assets.automation.dagster_runs, "pause_after", lambda failures: 0.001)
    assert keys(house.sense(outdated_partitions)) == ["2019|CN-SH"]


def test_a_held_partition_is_not_tried_again_until_something_changes(house: House, inputs: Path) -> None:
    (inputs / "a.json").write_bytes(document(2019, checks=[check("H1", "pass"), check("R1", "pass")]))
    house.catch_up()
    (inputs / "a.json").write_bytes(document(2019, department="新局", checks=[check("H1", "pass"), check("R1", "fail")]))
    assert house.catch_up() == [True, False]  # the run of the partition fails: that is what people are told of
    assert house.catch_up() == []
    (inputs / "a.json").write_bytes(document(2019, department="新局", checks=[check("H1", "pass"), check("R1", "pass")]))
    assert house.catch_up() == [True, True, True]


def test_a_first_dataset_waits_for_all_its_partitions_and_lacks_but_those_that_cannot_be_made(
    house: House, inputs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (inputs / "a.json").write_bytes(document(2019))
    (inputs / "b.json").write_bytes(document(2021))
    house.look()
    failing, made = house.sense(outdated_partitions)
    house.launch([made], PARTITION_JOB)
    assert house.sense(unpublished_partitions) == []
    assert house.launch([dg.RunRequest(run_config=publication_config())], DATASET_JOB) == [False]  # by hand
    assert not (Path(house.workspace.dataset) / "manifest.json").exists()
    for _ in range(3):
        house.leave(failing, PARTITION_JOB, dg.DagsterRunStatus.FAILURE)
    assert house.launch(house.sense(unpublished_partitions), DATASET_JOB) == [True]
    assert house.published() == ["b.json"]


def test_tables_without_the_documents_of_the_inputs_are_not_published(house: House, inputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where a server of an older version made them."""
    (inputs / "a.json").write_bytes(document(2019))
    (inputs / "b.json").write_bytes(document(2019, department="乙局"))
    house.catch_up()
    (inputs / "c.json").write_bytes(document(2019, department="丙局"))
    tables = PartitionMaker.tables

    def older(self: PartitionMaker, partition: tuple[int, str]) -> dict[str, pl.DataFrame]:
        made = tables(self, partition)
        return {**made, "documents": made["documents"].head(2)}

    with monkeypatch.context() as older_code:
        older_code.setattr(PartitionMaker, "tables", older)
        assert house.catch_up() == [True, True, False]
    assert house.published() == ["a.json", "b.json"]


def test_a_partition_that_cannot_be_made_stays_published_as_it_was(house: House, inputs: Path) -> None:
    (inputs / "a.json").write_bytes(document(2019))
    (inputs / "b.json").write_bytes(document(2021))
    house.catch_up()
    (inputs / "a.json").rename(inputs / "a2.json")
    (inputs / "b.json").rename(inputs / "b2.json")
    house.look()
    failing, made = house.sense(outdated_partitions)
    house.leave(failing, PARTITION_JOB, dg.DagsterRunStatus.FAILURE)
    house.launch([made], PARTITION_JOB)
    house.launch(house.sense(unpublished_partitions), DATASET_JOB)
    assert house.published() == ["a.json", "b2.json"]


@pytest.mark.parametrize("stage", list(Stage))
def test_stored_results_that_are_lost_are_made_again_with_their_partition(house: House, inputs: Path, reader: Reader, stage: Stage) -> None:
    (inputs / "a.json").write_bytes(document(2019))
    house.look()
    (result,) = (path for path in (house.workspace.store.folder / stage).rglob("*") if path.is_file())
    result.write_bytes(result.read_bytes()[:-1])
    assert house.launch(house.sense(outdated_partitions), PARTITION_JOB) == [True]
    assert reader.read.count("a.json") == 2
    assert house.launch(house.sense(unpublished_partitions), DATASET_JOB) == [True]
    assert house.published() == ["a.json"]


def test_a_catalogue_that_is_lost_is_made_again(house: House, inputs: Path) -> None:
    (inputs / "a.json").write_bytes(document(2019))
    house.look()
    stored = house.storage.path(RAW)
    for damage in (stored.read_bytes()[:-1], None):
        stored.unlink()
        if damage is not None:
            stored.write_bytes(damage)
        assert house.sense(outdated_partitions) == house.sense(unpublished_partitions) == []
        assert house.launch(house.sense(changed_inputs), CATALOGUE_JOB) == [True]
        assert keys(house.sense(outdated_partitions)) == ["2019|CN-SH"]


@pytest.mark.parametrize("sources", ["samples", "nothing"])
def test_neither_samples_nor_nothing_replace_a_dataset_of_others_however_they_are_launched(
    house: House, inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sources: str
) -> None:
    (inputs / "a.json").write_bytes(document(2019))
    house.catch_up()
    before = tree(tmp_path / "out")
    monkeypatch.setattr("pipeline.store.workers.in_processes", in_processes)
    (tmp_path / "empty").mkdir()
    other = House(tmp_path, house.instance, [str(SAMPLES)] if sources == "samples" else [str(tmp_path / "empty")])
    done = other.catch_up()
    assert done[0] is True
    assert done[-1] is False
    assert tree(tmp_path / "out") == before


def test_a_failed_run_is_told_to_a_web_address() -> None:
    told: list[dict[str, str]] = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    run = dg.DagsterRun(job_name=PARTITION_JOB, tags={"dagster/partition": "2019|CN-SH"})
    message = alerts.message_of(run, "the disk is full")
    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/"
        assert alerts.deliver(message, url) is None
        thread.join(10)
    assert told == [message]
    assert message["text"] == f"yusuan: make_partition 2019|CN-SH failed: the disk is full (run {run.run_id})"
    assert alerts.deliver(message, url) is not None  # nobody listens any more
    assert alerts.deliver(message, "file:///etc/passwd") == "YUSUAN_WEBHOOK is no web address"
