"""The DuckDB file of a large dataset: views that find their files, whatever the working folder is; the same bytes wherever it is made."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pipeline.publish import database
from pipeline.publish.database import comment_on
from pipeline.publish.dataset import publish
from pipeline.publish.verify import verify
from pipeline.publish.versions.manifest import DATABASE
from schemas.export import polars_schema
from schemas.marts import PUBLISHED
from schemas.tables import DIMENSIONS
from tests.pipeline.publish.samples import sample_partitions, whole_dimensions


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A dataset of more rows than the database may hold."""
    monkeypatch.setattr(database, "MOST_ROWS_INSIDE", 100)
    return publish(tmp_path / "one" / "dataset", sample_partitions(), whole_dimensions()).folder


def test_views_have_the_rows_types_and_comments_of_the_tables(large: Path, samples_dataset: Path) -> None:
    with (
        duckdb.connect(str(large / DATABASE), read_only=True) as views,
        duckdb.connect(str(samples_dataset / DATABASE), read_only=True) as tables,
    ):
        held = {name for (name,) in views.sql("SELECT table_name FROM duckdb_tables()").fetchall()}
        assert held == {table.name for table in DIMENSIONS}
        comments = dict(views.sql("SELECT view_name, comment FROM duckdb_views() WHERE NOT internal").fetchall())
        assert comments == {name: comment_on(table) for name, table in PUBLISHED.items() if table.partitioned}
        for name, table in PUBLISHED.items():
            found = views.table(name).pl()
            assert dict(found.schema) == polars_schema(table)
            if table.partitioned:
                assert found.sort(table.key, nulls_last=True).equals(tables.table(name).pl().sort(table.key, nulls_last=True))
            of_columns = views.execute("SELECT column_name, comment FROM duckdb_columns() WHERE table_name = ?", [name]).fetchall()
            assert dict(of_columns) == {field.name: comment_on(field) for field in table.fields}
    assert [proof for proof in verify(large) if proof.faults] == []


def test_views_find_their_files_from_any_folder_and_after_a_move(large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = tmp_path / "elsewhere" / "with spaces"
    shutil.copytree(large, moved)
    shutil.rmtree(large)
    count = "SELECT count(*) FROM budget_lines"
    for folder, path in ((Path("/"), moved / DATABASE), (moved, Path(DATABASE)), (moved.parent, Path(moved.name) / DATABASE)):
        monkeypatch.chdir(folder)
        with duckdb.connect(str(path), read_only=True) as connection:
            ((rows,),) = connection.sql(count).fetchall()
        assert rows > 100
    with duckdb.connect() as connection:  # attached, it is looked for from the working folder, or from where the session says
        monkeypatch.chdir("/")
        connection.execute(f"ATTACH '{moved / DATABASE}' AS yusuan (READ_ONLY)")
        with pytest.raises(duckdb.IOException, match="No files found"):
            connection.sql("SELECT count(*) FROM yusuan.budget_lines").fetchall()
        connection.execute(f"SET file_search_path = '{moved}'")
        assert connection.sql("SELECT count(*) FROM yusuan.budget_lines").fetchall() == [(rows,)]


def test_the_file_is_the_same_wherever_and_however_it_came_to_be(large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    stepwise = Path("two") / "dataset"
    for partition, frames in sample_partitions().items():
        publish(stepwise, {partition: frames}, whole_dimensions(), keep_others=True)
    assert (stepwise / DATABASE).read_bytes() == (large / DATABASE).read_bytes()


def test_nothing_is_written_outside_the_folder_of_the_dataset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "MOST_ROWS_INSIDE", -1)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))  # a killed build could not clear away what lies there
    database.write_database(tmp_path / DATABASE, {}, rows=0)
    assert [path.name for path in tmp_path.iterdir()] == [DATABASE]


def test_a_writer_that_somebody_kills_is_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    beside = "os.path.join('..', 'killed')"
    killed_once = f"import os\nif not os.path.exists({beside}):\n    open({beside}, 'w').close()\n    os.kill(os.getpid(), 9)\n"
    monkeypatch.setattr(database, "_WRITER", killed_once + database._WRITER)
    database.write_database(tmp_path / DATABASE, {}, rows=0)
    assert sorted(path.name for path in tmp_path.iterdir()) == [DATABASE, "killed"]
    monkeypatch.setattr(database, "_WRITER", "import os\nos.kill(os.getpid(), 9)")
    with pytest.raises(RuntimeError, match="exit code -9"):
        database.write_database(tmp_path / DATABASE, {}, rows=0)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a writer finishes what it has begun")
def test_a_writer_ends_with_the_process_that_it_writes_for(tmp_path: Path) -> None:
    number = tmp_path / "number"
    waits = f"open({str(number)!r} + '.new', 'w').write(str(os.getpid())); os.rename({str(number)!r} + '.new', {str(number)!r})\n"
    waits += "import time\ntime.sleep(60)\n"
    writes = (
        "from pathlib import Path; from pipeline.publish import database\n"
        f"database._WRITER = database._WRITER.replace('import duckdb\\n', {waits!r})\n"
        f"database.write_database(Path({str(tmp_path / DATABASE)!r}), {{}}, 0)"
    )
    with subprocess.Popen([sys.executable, "-c", writes]) as build:
        try:
            _wait(number.exists, 30)
        finally:
            build.kill()
    status = Path(f"/proc/{number.read_text()}/status")
    _wait(lambda: not status.exists() or "State:\tZ" in status.read_text(), 10)


def _wait(until: Callable[[], bool], seconds: float) -> None:
    """Wait until something holds; fail where it does not in time."""
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end
        time.sleep(0.02)
