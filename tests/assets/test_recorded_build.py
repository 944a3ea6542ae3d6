"""Builds by recorded runs: the same bytes as a plain build, only what changed, and stages that are redone when they are materialised."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest

from assets.definitions import definitions_for
from assets.io import TableStorage
from assets.jobs import PARTITION_JOB
from assets.resources import Workspace
from pipeline.store.catalogue import Task
from pipeline.store.chain import Stage
from pipeline.store.partitions.partition_maker import PartitionMaker
from schemas.marts import MARTS
from schemas.stage_index_columns import STAGE_INDEXES
from schemas.tables import PARTITIONED
from tests.assets.conftest import Build, Reader, check, document
from tests.assets.test_build import tree

Table = Callable[..., pl.DataFrame]


@pytest.fixture
def ephemeral() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def test_a_recorded_build_publishes_the_bytes_of_a_plain_one(
    build: Build, recorded_build: Build, inputs: Path, tmp_path: Path, ephemeral: dg.DagsterInstance
) -> None:
    for number in range(4):
        data = document(2019 + number % 3, department=f"{number}局", checks=[check("H1", "pass"), check("R1", "fail")])
        (inputs / f"{number}.json").write_bytes(data)
    (inputs / "empty.pdf").write_bytes(b"")
    for change in range(3):
        if change == 1:
            (inputs / "4.json").write_bytes(document(2020, amounts={"299": 5, "2019701": 7}))  # a 类 that no list knows
            (inputs / "1.json").write_bytes(document(2020, department="新局"))
        if change == 2:
            (inputs / "2.json").unlink()
        plain, recorded = build(out="plain"), recorded_build(out="recorded", instance=ephemeral)
        assert tree(tmp_path / "plain") == tree(tmp_path / "recorded"), change
        assert set(recorded.made) <= set(plain.made)  # a plain build makes all partitions again where only the names in marts changed
        for name in ("partitions", "removed", "rows", "held", "broken", "score"):
            assert getattr(plain, name) == getattr(recorded, name), name
        assert [c for c in plain.failed_checks if c.partition in recorded.made] == list(recorded.failed_checks)
    keys = ephemeral.get_dynamic_partitions("fiscal_year_by_province")
    assert sorted(keys) == ["0|unknown", "2019|CN-SH", "2020|CN-SH"]


def test_every_partition_there_is_has_every_asset(recorded_build: Build, inputs: Path, ephemeral: dg.DagsterInstance) -> None:
    (inputs / "a.json").write_bytes(document(2019))
    (inputs / "b.json").write_bytes(document(2020, "CN-ZJ"))
    recorded_build(instance=ephemeral)
    there = set(ephemeral.get_dynamic_partitions("fiscal_year_by_province"))
    assert there == {"2019|CN-SH", "2020|CN-ZJ"}
    for name in (*STAGE_INDEXES, *(table.name for table in PARTITIONED), *MARTS):
        assert ephemeral.get_materialized_partitions(dg.AssetKey(name)) == there


def test_a_second_build_makes_only_what_changed(
    recorded_build: Build, build: Build, inputs: Path, reader: Reader, ephemeral: dg.DagsterInstance
) -> None:
    (inputs / "a.json").write_bytes(document(2019))
    (inputs / "b.json").write_bytes(document(2021))
    assert recorded_build(instance=ephemeral).made == ("2019|CN-SH", "2021|CN-SH")
    reader.read.clear()
    assert recorded_build(instance=ephemeral).made == ()
    assert build().made == ()  # a plain build knows what was published by recorded runs
    (inputs / "b.json").write_bytes(document(2021, department="新局"))
    assert recorded_build(instance=ephemeral).made == ("2021|CN-SH",)
    assert reader.read == ["b.json"]


def test_a_partition_whose_pass_rate_falls_blocks_its_run_until_acknowledged(
    recorded_build: Build, inputs: Path, published: Table, ephemeral: dg.DagsterInstance
) -> None:
    (inputs / "a.json").write_bytes(document(2019, amounts={"201": 100}, checks=[check("H1", "pass"), check("R1", "pass")]))
    (inputs / "b.json").write_bytes(document(2020))
    recorded_build(instance=ephemeral)
    (inputs / "a.json").write_bytes(document(2019, amounts={"201": 777}, checks=[check("H1", "pass"), check("R1", "fail")]))
    held = recorded_build(instance=ephemeral)
    assert "50.000 %" in held.held["2019|CN-SH"]
    assert 777 not in published("budget_lines")["amount"].to_list()
    (run,) = ephemeral.get_runs(dg.RunsFilter(job_name=PARTITION_JOB, statuses=[dg.DagsterRunStatus.FAILURE]))
    assert run.tags["dagster/partition"] == "2019|CN-SH"
    plan = ephemeral.get_latest_materialization_event(dg.AssetKey("publication_plan"))
    assert plan and plan.asset_materialization and plan.asset_materialization.metadata["hold"].value == 1
    reason = {"2019|CN-SH": "the publisher corrected one number and not its total"}
    assert recorded_build(instance=ephemeral, acknowledged=reason).held == {}
    assert 777 in published("budget_lines")["amount"].to_list()


@pytest.fixture
def tasks(monkeypatch: pytest.MonkeyPatch, reader: Reader) -> list[Task]:
    """The tasks that stages hand to workers."""
    seen: list[Task] = []

    def processes(number: int | None = None, **options: object) -> Callable[[Sequence[Task]], Any]:
        def run(given: Sequence[Task]) -> Any:
            seen.extend(given)
            return reader(given)

        return run

    monkeypatch.setattr("pipeline.store.workers.in_processes", processes)
    return seen


@pytest.mark.parametrize("stage", list(Stage))
def test_materialising_a_stage_of_a_partition_redoes_it_for_its_documents(
    recorded_build: Build, inputs: Path, tmp_path: Path, tasks: list[Task], ephemeral: dg.DagsterInstance, stage: Stage
) -> None:
    (inputs / "a.json").write_bytes(document(2019))
    (inputs / "b.json").write_bytes(document(2020))
    recorded_build(instance=ephemeral)
    folder = tmp_path / "results" / stage
    results = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    tasks.clear()
    workspace = Workspace(sources=[str(inputs)], dataset=str(tmp_path / "out"), results=str(tmp_path / "results"))
    job = definitions_for(workspace, TableStorage(folder=str(tmp_path / "tables"))).resolve_job_def(PARTITION_JOB)
    selected = {"partition_key": "2019|CN-SH", "asset_selection": [dg.AssetKey(str(stage))]}
    kept = {"ops": {"stages_of_documents": {"config": {"redo": False}}}}
    assert job.execute_in_process(kept, ephemeral, **selected).success
    assert tasks == []
    assert job.execute_in_process(None, ephemeral, **selected).success
    assert [(task.source.file_name, task.redo) for task in tasks] == [("a.json", (stage,))]
    now = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    assert sum(now[path] != time for path, time in results.items()) == 1
    materialization = ephemeral.get_latest_materialization_event(dg.AssetKey(str(stage)))
    assert materialization and materialization.asset_materialization
    assert materialization.asset_materialization.metadata["redone"].value is True
    checks = {key.name for key in job.asset_layer.asset_graph.get(dg.AssetKey(str(stage))).check_keys}
    assert checks


def test_an_end_asked_for_within_the_run_of_a_partition_ends_the_build(
    recorded_build: Build, inputs: Path, tmp_path: Path, ephemeral: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    (inputs / "a.json").write_bytes(document(2019))
    (inputs / "b.json").write_bytes(document(2020))

    def interrupted(*_: object, **__: object) -> Any:
        raise dg.DagsterExecutionInterruptedError

    monkeypatch.setattr(PartitionMaker, "tables", interrupted)
    with pytest.raises(KeyboardInterrupt):
        recorded_build(instance=ephemeral)
    assert not (tmp_path / "out" / "manifest.json").exists()
