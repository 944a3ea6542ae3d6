"""The definitions as a whole: an accidental change of a key, a check or a schedule shows up here."""

import re
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
import yaml
from syrupy.assertion import SnapshotAssertion

from assets.automation.sensors import SENSORS
from assets.definitions import defs
from assets.partitions import FISCAL_YEAR_BY_PROVINCE, parts_of, set_partitions
from pipeline.budget.filing import PROVINCES, YEARS, partition_of_document
from pipeline.publish.parquet import key_of
from schemas.classification.places import regions
from schemas.columns import CHECK_ID
from schemas.marts import PUBLISHED
from schemas.stage_index_columns import STAGE_INDEXES

ROOT = Path(__file__).parents[2]


JOB_SENSORS = {sensor.job_name: sensor.name for sensor in SENSORS}
WITHOUT_COLUMNS = {dg.AssetKey("dataset")}  # a folder of tables


def columns_of(key: dg.AssetKey) -> list[dg.TableColumn]:
    schema = defs.resolve_asset_graph().get(key).metadata.get("dagster/column_schema")
    return [] if schema is None else list(schema.columns)


def executed(job: str) -> set[dg.AssetKey]:
    return set(defs.resolve_job_def(job).asset_layer.executable_asset_keys)


def test_every_asset_says_what_it_is_and_is_made_by_a_sensor() -> None:
    graph = defs.resolve_asset_graph()
    keys = graph.get_all_asset_keys()
    assert keys
    for key in keys:
        node = graph.get(key)
        assert node.code_version, key
        assert list(node.owners) == ["team:data"], key
        assert node.kinds, key
        assert node.group_name != "default", key
        assert (node.description or "").endswith("."), key
        assert bool(columns_of(key)) == (key not in WITHOUT_COLUMNS), key
        assert all(column.type and column.description for column in columns_of(key)), key
        assert [job for job in JOB_SENSORS if key in executed(job)], key
    running = {sensor.name for sensor in SENSORS if sensor.default_status == dg.DefaultSensorStatus.RUNNING}
    assert running == set(JOB_SENSORS.values())


def test_definitions(snapshot: SnapshotAssertion) -> None:
    graph = defs.resolve_asset_graph()
    assert {
        "assets": {
            key.to_user_string(): {
                "after": sorted(parent.to_user_string() for parent in graph.get(key).parent_keys),
                "group": graph.get(key).group_name,
                "partitioned": graph.get(key).partitions_def is not None,
                "kinds": sorted(graph.get(key).kinds),
                "owners": list(graph.get(key).owners),
                "versioned": bool(graph.get(key).code_version),
                "described": bool(graph.get(key).description),
                "columns": bool(columns_of(key)),
                "fresh by": getattr(graph.get(key).freshness_policy, "deadline_cron", None),
                "made by": sorted(JOB_SENSORS[job] for job in JOB_SENSORS if key in executed(job)),
                "checks": sorted(check.name for check in graph.get(key).check_keys),
            }
            for key in sorted(graph.get_all_asset_keys())
        },
        "jobs": {
            job.name: sorted(key.to_user_string() for key in defs.resolve_job_def(job.name).asset_layer.executable_asset_keys)
            for job in sorted(defs.jobs or [], key=lambda job: job.name)
        },
        "schedules": {
            schedule.name: {
                "cron": schedule.cron_schedule,
                "time zone": schedule.execution_timezone,
                "job": schedule.job_name,
                "by default": schedule.default_status.value,
            }
            for schedule in defs.schedules or []
            if isinstance(schedule, dg.ScheduleDefinition)
        },
        "sensors": {sensor.name: sensor.default_status.value for sensor in defs.sensors or []},
    } == snapshot


def test_every_table_of_the_dataset_is_an_asset() -> None:
    keys = {key.to_user_string() for key in defs.resolve_asset_graph().get_all_asset_keys()}
    assert set(PUBLISHED) | set(STAGE_INDEXES) <= keys


def test_every_identity_has_its_check() -> None:
    names = {key.name for key in defs.resolve_asset_graph().get(dg.AssetKey("checks")).check_keys}
    assert {f"identity_{check_id}" for check_id in CHECK_ID.values} <= names


def test_checks_of_partitioned_assets_are_partitioned() -> None:
    graph = defs.resolve_asset_graph()
    specs = [graph.get_check_spec(key) for key in graph.asset_check_keys]
    assert specs
    over_all = {"sources_give_what_they_gave"}  # judges all sources in one sentence each
    assert {spec.name for spec in specs if spec.partitions_def != FISCAL_YEAR_BY_PROVINCE} == over_all


def test_columns_are_described() -> None:
    columns = defs.resolve_asset_graph().get(dg.AssetKey("budget_lines")).metadata["dagster/column_schema"]
    amount = next(column for column in columns.columns if column.name == "amount")
    assert "CNY" in amount.description
    assert amount.type.startswith("Decimal")


def test_every_province_has_a_partition() -> None:
    assert {region.province for region in regions().values()} <= set(PROVINCES)


@pytest.mark.parametrize(("year", "province"), [(0, "unknown"), (2019, "CN-SH"), (2024, "CN")])
def test_partition_keys(year: int, province: str) -> None:
    key = key_of((year, province))
    assert parts_of(key) == (year, province)
    with dg.DagsterInstance.ephemeral() as instance:
        set_partitions(instance, [(2024, "CN")])
        assert FISCAL_YEAR_BY_PROVINCE.get_partition_keys(dynamic_partitions_store=instance) == ["2024|CN"]
        set_partitions(instance, [(year, province)])
        assert FISCAL_YEAR_BY_PROVINCE.get_partition_keys(dynamic_partitions_store=instance) == [key]


@pytest.mark.parametrize(
    ("said", "filed"),
    [
        ((2019, "CN-SH"), (2019, "CN-SH")),
        ((None, None), (0, "unknown")),
        ((1987, "CN-SH"), (0, "CN-SH")),
        ((2019, "Mars"), (2019, "unknown")),
    ],
)
def test_filing(said: tuple[int | None, str | None], filed: tuple[int, str]) -> None:
    assert partition_of_document(*said) == filed
    assert filed[0] in YEARS


def test_every_setting_says_why() -> None:
    lines = (ROOT / "dagster.yaml").read_text().splitlines()
    assert yaml.safe_load("\n".join(lines))["telemetry"] == {"enabled": False}
    for section in [number for number, line in enumerate(lines) if line and line[0].isalpha()]:
        block = lines[section + 1 : next((n for n in range(section + 1, len(lines)) if not lines[n]), len(lines))]
        assert any(line.strip().startswith("#") for line in block), f"{lines[section]} does not say why"


def test_nothing_of_the_environment_is_read_at_import() -> None:
    settings = {"YUSUAN_SOURCES": "nowhere", "YUSUAN_DATASET": "nowhere", "YUSUAN_WORKERS": "many"}
    script = "from assets.definitions import defs; print(sorted(defs.resolve_asset_graph().get_all_asset_keys())[0].to_user_string())"
    loaded = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (loaded.returncode, loaded.stdout) == (0, "budget_lines\n"), loaded.stderr
    reads = re.compile(r"os\.environ|getenv|setting\(")
    for path in (ROOT / "assets").rglob("*.py"):
        unindented = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith((" ", "def "))]
        assert not [line for line in unindented if reads.search(line)], path
