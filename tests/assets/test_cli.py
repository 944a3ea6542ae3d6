"""The console script: what it prints, where it leads, how it ends."""

import json
from pathlib import Path

import dagster as dg
import polars as pl
import pytest
from typer.testing import CliRunner, Result

from assets.cli import app
from pipeline.publish.versions.kept_versions import history
from tests.assets.conftest import Reader, check, document


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)


@pytest.fixture
def out(tmp_path: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "out"


@pytest.mark.parametrize("command", ["build", "inspect", "score", "backfill", "ui"])
def test_help_has_an_example(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"Example: yusuan {command}" in result.output


def test_build_says_what_it_did_and_where(inputs: Path, out: Path) -> None:
    (inputs / "good.json").write_bytes(document(checks=[check("H1", "pass")]))
    (inputs / "empty.pdf").write_bytes(b"")
    result = run("build", inputs, "--out", out)
    assert result.exit_code == 0
    assert "1 published, 1 quarantined" in result.output
    assert "quarantined empty.pdf" in result.output
    assert str(out) in result.output
    assert (out / "manifest.json").exists()


def test_as_many_versions_are_kept_as_asked_for(inputs: Path, out: Path) -> None:
    for name in "abc":
        (inputs / f"{name}.json").write_bytes(document(department=f"{name}局"))
        assert run("build", inputs, "--out", out, "--keep", 2).exit_code == 0
    assert len(history(out)) == 2
    assert run("build", inputs, "--out", out, "--keep", 0).exit_code == 2


def test_build_for_machines(inputs: Path, out: Path) -> None:
    (inputs / "good.json").write_bytes(document(checks=[check("H1", "fail")]))
    (inputs / "empty.pdf").write_bytes(b"")
    summary = json.loads(run("build", inputs, "--out", out, "--json").stdout)
    assert summary["dataset"] == str(out)
    assert summary["partitions"] == ["0|unknown", "2019|CN-SH"]
    assert summary["rows"]["budget_lines"] == 2
    assert [row["file_name"] for row in summary["not_published"]] == ["empty.pdf"]
    assert summary["score"]["checks_failed"] == 1
    assert {"table": "checks", "check": "identity_H1", "partition": "2019|CN-SH", "severity": "ERROR"} in summary["failed_checks"]


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"a": document()}, 0),
        ({"a": document(checks=[check("H1", "fail", "warning")])}, 0),
        ({"a": document(checks=[check("H1", "fail")])}, 1),
        ({"a": document(), "b": b""}, 1),
    ],
)
def test_strict(inputs: Path, out: Path, files: dict[str, bytes], code: int) -> None:
    for name, data in files.items():
        (inputs / name).write_bytes(data)
    assert run("build", inputs, "--out", out).exit_code == 0
    assert run("build", inputs, "--out", out, "--strict").exit_code == code
    assert run("score", out, "--strict").exit_code == code


def test_score(inputs: Path, out: Path) -> None:
    (inputs / "a.json").write_bytes(document(checks=[check("H1", "pass"), check("R1", "fail")]))
    run("build", inputs, "--out", out)
    told = run("score", out)
    assert "fails R1" in told.output
    assert "0 of 1 documents with tables are complete and reconciled" in told.output
    scored = json.loads(run("score", out, "--json").stdout)
    assert scored["overall"]["headline"] == 0.0
    assert [row["check_id"] for row in scored["identities"]] == ["H1", "R1", "Y1"]
    assert scored["documents"][0]["worst"] == "R1"
    assert "trend" not in scored
    page = out.parent / "page.html"
    assert str(page) in run("score", out, "--html", page).output
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize("text", ["2024|CN-SH", "CN-SH=why", "2024|CN-SH= "])
def test_an_acknowledgement_has_a_partition_and_a_reason(inputs: Path, text: str) -> None:
    (inputs / "a.json").write_bytes(document())
    assert run("build", inputs, "--acknowledge", text).exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["build", "nowhere"], "nowhere does not exist"),
        (["build", "in", "--out", "in/dataset"], "lies inside the source"),
        (["build", "in", "--out", "full"], "holds other files and no dataset"),
        (["build", "in", "--out", "full/file"], "is a file"),
        (["build", "no_registry.csv", "--out", "out"], "is no source registry"),
        (["build", "in", "--readings", "full/file/readings"], "full/file cannot be written to: name another folder with --results"),
        (["build", "in", "--out", "full/file/out"], "full/file cannot be written to: name another folder with --out"),
        (["score", "nowhere"], "yusuan build --out nowhere"),
        (["inspect", "in"], "is not a file"),
        (["inspect", "full/file", "--image", "x.png"], "--page N"),
        (["inspect", "full/file", "--page", "1", "--image", "x.jpg"], ".png"),
        (["backfill", "2018-2020"], "2018..2022"),
        (["backfill", "2020..2018"], "2018..2020"),
        (["backfill", "1990..1999"], "2008.."),
        (["backfill", "2019", "--province", "CN-XX"], "CN-XX is no province"),
    ],
)
def test_wrong_usage_says_what_to_do(inputs: Path, out: Path, tmp_path: Path, arguments: list[str], advice: str) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("mine")
    (inputs / "document").write_text("a document")
    (tmp_path / "no_registry.csv").write_text("a,b\n1,2\n")
    result = run(*arguments)
    assert result.exit_code == 2
    assert advice in result.stderr
    assert (tmp_path / "full" / "file").read_text() == "mine"
    assert not (tmp_path / "out").exists()


def test_an_unknown_option_is_wrong_usage() -> None:
    assert run("build", "--colour").exit_code == 2


def test_backfill_records_one_run_per_partition_with_its_checks(inputs: Path, out: Path, home: Path, tmp_path: Path) -> None:
    for year in (2018, 2019, 2021, 2023):
        (inputs / f"{year}.json").write_bytes(document(year, checks=[check("H1", "pass" if year == 2018 else "fail")]))
    (inputs / "elsewhere.json").write_bytes(document(2019, "CN-ZJ"))
    result = run("backfill", "2018..2022", inputs, "--out", out, "--province", "CN-SH", "--json")
    assert result.exit_code == 0
    expected = ["2018|CN-SH", "2019|CN-SH", "2021|CN-SH"]
    assert json.loads(result.stdout)["partitions"] == expected
    with dg.DagsterInstance.from_config(str(home)) as instance:
        runs = instance.get_runs(dg.RunsFilter(job_name="make_partition"))
        assert sorted(run.tags["dagster/partition"] for run in runs) == expected
        assert {run.status for run in runs} == {dg.DagsterRunStatus.SUCCESS}
        assert {run.tags["yusuan/backfill"] for run in runs} == {"2018..2022"}
        records = instance.event_log_storage.get_asset_check_execution_history(
            dg.AssetCheckKey(dg.AssetKey("checks"), "identity_H1"), limit=10
        )
        assert {(record.partition, record.status.value) for record in records} == {
            ("2018|CN-SH", "SUCCEEDED"),
            ("2019|CN-SH", "FAILED"),
            ("2021|CN-SH", "FAILED"),
        }
        assert {record.run_id for record in records} == {run.run_id for run in runs}
    years = pl.scan_parquet(out / "documents" / "**" / "*.parquet", hive_partitioning=True).collect()["fiscal_year"]
    assert sorted(years) == [2018, 2019, 2021]


def test_backfill_leaves_other_partitions(inputs: Path, out: Path, home: Path) -> None:
    (inputs / "new.json").write_bytes(document(2024))
    run("build", inputs, "--out", out)
    (inputs / "new.json").rename(inputs.parent / "new.json")
    (inputs / "old.json").write_bytes(document(2019))
    assert run("backfill", "2019", inputs, "--out", out).exit_code == 0
    years = pl.scan_parquet(out / "documents" / "**" / "*.parquet", hive_partitioning=True).collect()["fiscal_year"]
    assert sorted(years) == [2019, 2024]


def test_a_build_without_inputs_leaves_the_dataset_as_it_is(
    inputs: Path, out: Path, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("YUSUAN_SOURCES", raising=False)
    (inputs / "document").write_text("no budget")
    assert run("build", "in", "--out", "dataset").exit_code == 0
    before = (tmp_path / "dataset" / "manifest.json").read_bytes()
    (tmp_path / "empty").mkdir()
    for arguments, advice in (
        (["build", "empty", "--out", "dataset"], "holds no file"),
        (["build", "--out", "dataset"], "samples would replace"),
        (["build", "--record", "--out", "dataset"], "samples would replace"),
        (["backfill", "2019..2024", "--out", "dataset"], "samples would replace"),
        (["ui", "--out", "dataset"], "samples would replace"),
    ):
        result = run(*arguments)
        assert (result.exit_code, advice in result.stderr) == (2, True)
    assert (tmp_path / "dataset" / "manifest.json").read_bytes() == before


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], Path, int]]:
    """What the UI was asked to serve, instead of serving it."""
    calls: list[tuple[list[str], Path, int]] = []
    monkeypatch.setattr("assets.instance.serve", lambda *given: calls.append(given) or 0)
    monkeypatch.delenv("YUSUAN_SOURCES", raising=False)
    monkeypatch.delenv("YUSUAN_DATASET", raising=False)
    return calls


def test_the_ui_serves_what_is_named_or_set_else_the_samples(
    inputs: Path, out: Path, served: list[tuple[list[str], Path, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    (inputs / "document").write_text("a document")
    run("ui")
    run("ui", "in")
    monkeypatch.setenv("YUSUAN_SOURCES", "in")
    monkeypatch.setenv("YUSUAN_DATASET", "elsewhere")
    run("ui")
    run("ui", "--out", "out")
    folders = [([], "dataset"), (["in"], "dataset"), (["in"], "elsewhere"), (["in"], "out")]
    assert served == [(sources, Path(folder), 3000, None, []) for sources, folder in folders]
    monkeypatch.setenv("YUSUAN_SOURCES", "nowhere")
    assert "nowhere does not exist" in run("ui").stderr


def test_a_backfill_reads_again_when_it_is_told_to(inputs: Path, out: Path, home: Path, reader: Reader) -> None:
    (inputs / "a.json").write_bytes(document(2019))
    (inputs / "b.json").write_bytes(document(2020))
    run("build", inputs, "--out", out)
    reader.read.clear()
    assert run("backfill", "2019", inputs, "--out", out).exit_code == 0
    assert reader.read == []
    assert run("backfill", "2019", inputs, "--out", out, "--redo").exit_code == 0
    assert reader.read == ["a.json"]


def test_a_backfill_of_one_department_or_source_makes_its_partitions_and_reads_its_documents_alone(
    inputs: Path, out: Path, home: Path, reader: Reader, tmp_path: Path
) -> None:
    for name, year, department in (("a", 2019, "水利局"), ("b", 2019, "教育局"), ("c", 2020, "教育局")):
        (inputs / f"{name}.json").write_bytes(document(year, department=department))
    registry = tmp_path / "r.csv"
    rows = "".join(f"in/{name}.json,http://{host}.gov.cn/{name}\n" for name, host in (("a", "slj"), ("b", "jyj"), ("c", "jyj")))
    registry.write_text(f"path,source_url\n{rows}", encoding="utf-8")
    assert run("backfill", "2019..2020", registry, "--out", out).exit_code == 0
    for asked, read in ((["--department", "水利"], ["a.json"]), (["--source", "jyj.gov.cn"], ["b.json", "c.json"])):
        reader.read.clear()
        result = run("backfill", "2019..2020", registry, "--out", out, "--redo", "--json", *asked)
        assert result.exit_code == 0
        assert sorted(Path(name).name for name in reader.read) == read
        assert len(json.loads(result.stdout)["partitions_made"]) == len(read)
    assert pl.read_parquet(out / "documents/**/*.parquet").height == 3


@pytest.mark.parametrize("command", [("build",), ("build", "--record"), ("backfill", "2019")])
def test_the_environment_says_where_things_lie_and_options_win(
    inputs: Path, out: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    (inputs / "a.json").write_bytes(document(2019))
    for name in ("DATASET", "RESULTS", "STORAGE"):
        monkeypatch.setenv(f"YUSUAN_{name}", str(tmp_path / name.lower()))
    assert run(*command, inputs).exit_code == 0
    assert (tmp_path / "dataset" / "manifest.json").exists()
    assert (tmp_path / "results").is_dir()
    assert (tmp_path / "storage").is_dir() == (command != ("build",))
    assert run(*command, inputs, "--out", out).exit_code == 0
    assert (out / "manifest.json").exists()
    assert not (tmp_path / "cache").exists()
    monkeypatch.setenv("YUSUAN_WORKERS", "-1")
    assert run(*command, inputs).exit_code == 2
