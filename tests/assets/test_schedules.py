"""Schedules and sensors: what is launched when inputs changed, and what is not when they did not."""

from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.schedule_definition import ScheduleExecutionData

from assets.build import run_build
from assets.definitions import definitions_for
from assets.io import TableStorage, Workspace
from assets.jobs import PARTITION_JOB
from assets.schedules import SCHEDULES, SEASONS, changed_partitions, partitions_of_new_documents, publication_of_new_partitions
from tests.assets.conftest import Reader, document

Requests = list[dg.RunRequest]
CATALOGUE = dg.AssetKey("source_catalogue")


class House:
    """A workspace whose runs are recorded, and what its schedules and sensors ask for."""

    def __init__(self, folder: Path, instance: dg.DagsterInstance) -> None:
        self.instance = instance
        self.workspace = Workspace(sources=[str(folder / "in")], dataset=str(folder / "out"), readings=str(folder / "readings"))
        self.storage = TableStorage(folder=str(folder / "tables"))
        self.definitions = definitions_for(self.workspace, self.storage)

    def build(self) -> None:
        run_build(self.workspace, self.storage, self.instance)

    def look(self) -> None:
        self.definitions.resolve_job_def("look_at_inputs").execute_in_process(instance=self.instance)

    def make(self, key: str) -> None:
        self.definitions.resolve_job_def(PARTITION_JOB).execute_in_process(instance=self.instance, partition_key=key)

    def tick(self, schedule: dg.ScheduleDefinition) -> ScheduleExecutionData:
        with dg.build_schedule_context(
            instance=self.instance,
            repository_def=self.definitions.get_repository_def(),
            resources={"workspace": self.workspace, "io_manager": self.storage},
        ) as context:
            return schedule.evaluate_tick(context)

    def sense(self, sensor: dg.SensorDefinition, cursor: str | None = None) -> tuple[Requests, str | None]:
        with dg.build_sensor_context(
            instance=self.instance,
            cursor=cursor,
            repository_def=self.definitions.get_repository_def(),
            resources={"workspace": self.workspace, "io_manager": self.storage},
        ) as context:
            data = sensor.evaluate_tick(context)
        return list(data.run_requests or []), data.cursor


@pytest.fixture
def house(tmp_path: Path, inputs: Path, reader: Reader, instance: dg.DagsterInstance) -> House:
    return House(tmp_path, instance)


budget_season = next(schedule for schedule in SCHEDULES if schedule.name == "budget_season")


def keys(requests: Requests) -> list[str | None]:
    return [request.partition_key for request in requests]


def test_seasons() -> None:
    assert {schedule.name: (schedule.cron_schedule, schedule.execution_timezone) for schedule in SCHEDULES} == {
        "budget_season": ("0 6 * 1-4 *", "Asia/Shanghai"),
        "final_account_season": ("0 6 * 7-10 *", "Asia/Shanghai"),
    }
    assert set(SEASONS) == {schedule.name for schedule in SCHEDULES}


def test_new_inputs_are_read_first_then_their_partitions_are_made_then_published(house: House, inputs: Path) -> None:
    (inputs / "a.json").write_bytes(document(2019))
    (inputs / "b.json").write_bytes(document(2020))
    requests = house.tick(budget_season).run_requests
    assert [(request.partition_key, request.asset_selection) for request in requests or []] == [(None, [CATALOGUE])]

    house.look()
    made, cursor = house.sense(partitions_of_new_documents)
    assert keys(made) == ["2019|CN-SH", "2020|CN-SH"]
    assert house.sense(partitions_of_new_documents, cursor)[0] == []

    assert house.sense(publication_of_new_partitions)[0] == []
    for key in keys(made):
        house.make(str(key))
    published, cursor = house.sense(publication_of_new_partitions)
    assert len(published) == 1
    assert house.sense(publication_of_new_partitions, cursor)[0] == []


def test_only_partitions_whose_inputs_changed_are_launched(house: House, inputs: Path) -> None:
    (inputs / "a.json").write_bytes(document(2019))
    (inputs / "b.json").write_bytes(document(2020))
    house.build()
    unchanged = house.tick(budget_season)
    assert not unchanged.run_requests
    assert unchanged.skip_message == "Inputs and code are those of the last run."

    (inputs / "b.json").write_bytes(document(2020, amounts={"201": 7}))
    assert [request.asset_selection for request in house.tick(budget_season).run_requests or []] == [[CATALOGUE]]
    house.look()
    requests = house.tick(budget_season).run_requests or []
    assert keys(requests) == ["2020|CN-SH"]
    assert {key.to_user_string() for key in requests[0].asset_selection or []} >= {"documents", "budget_lines", "checks"}
    first = requests[0].run_key
    assert first == (house.tick(budget_season).run_requests or [])[0].run_key
    house.make("2020|CN-SH")
    assert not house.tick(budget_season).run_requests


def test_a_partition_that_lost_its_inputs_is_launched_once_more(house: House, inputs: Path) -> None:
    (inputs / "a.json").write_bytes(document(2019))
    (inputs / "b.json").write_bytes(document(2020))
    house.build()
    (inputs / "b.json").unlink()
    house.look()
    catalogue = house.storage.read(CATALOGUE)
    assert list(changed_partitions(house.instance, catalogue)) == ["2020|CN-SH"]
    house.make("2020|CN-SH")
    assert changed_partitions(house.instance, catalogue) == {}


def test_a_partition_is_launched_again_while_one_of_its_tables_is_missing(
    house: House, inputs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (inputs / "a.json").write_bytes(document(2019))
    house.look()
    job: Callable[..., dg.ExecuteInProcessResult] = house.definitions.resolve_job_def(PARTITION_JOB).execute_in_process
    job(instance=house.instance, partition_key="2019|CN-SH", asset_selection=[dg.AssetKey("documents")])
    assert list(changed_partitions(house.instance, house.storage.read(CATALOGUE))) == ["2019|CN-SH"]
