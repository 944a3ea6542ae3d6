"""Every reader sees the same: rows, exact sums, types, Chinese text, leading zeros.

The readers of the project's own environment always run. Others (an older DuckDB, Tableau's Hyper, mlcroissant, hyparquet under
Node, the Data Package profile) are installed by `make readers`; without it their tests are skipped and say so.
"""

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline.publish.dataset import publish, split_by_partition
from pipeline.store.frames import document_frames
from schemas.tables import PARTITIONED
from tests.pipeline.publish.samples import facts, line, reading, sample_dimensions, sample_documents

SCRIPT = Path(__file__).with_name("read.py")
INSTALLED = Path(__file__).parents[2] / ".readers"
HARD = ("𠮷野家（补助）　ＡＢ", "行政运行\"'，;", "=SUM(A1)", "一、基本支出 − 人员")
AMOUNTS = ("-0.01", "9999999999999.99", "0.00", "0.10")

TABLE = "budget_lines"
MART = "spending_by_function"
EXACT = {
    "Polars": "Decimal(precision=18, scale=2)",
    "PyArrow datasets": "decimal128(18, 2)",
    "pandas": "Decimal",
    "DuckDB, files": "DECIMAL(18,2)",
    "DuckDB, database": "DECIMAL(18,2)",
    "SQLAlchemy, duckdb-engine": "Decimal",
}
OTHERS = {
    "DuckDB, files": "DECIMAL(18,2)",
    "DuckDB, database": "DECIMAL(18,2)",
    "Tableau Hyper API": "NUMERIC(18, 2)",
    "mlcroissant": "sc:Float",
    "hyparquet, Node": "number",
}


@pytest.fixture(scope="module")
def documents() -> list[dict[str, pl.DataFrame]]:
    """The sample documents, and one with what readers get wrong: signs, quotes, rare characters, numbers that are names."""
    rows = [line(n, amount, name=name, code=f"00{n}", level=0) for n, (name, amount) in enumerate(zip(HARD, AMOUNTS, strict=True), start=1)]
    awkward = document_frames(reading(2024, "CN-ZJ", lines=rows), facts("0"))
    return [*sample_documents(), awkward]


@pytest.fixture(scope="module")
def dataset(documents: list[dict[str, pl.DataFrame]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    tables = {table.name: pl.concat([document[table.name] for document in documents]) for table in PARTITIONED}
    return publish(tmp_path_factory.mktemp("matrix") / "dataset", split_by_partition(tables), sample_dimensions()).folder


def run(python: Path | str, dataset: Path, *options: str) -> dict[str, Any]:
    command = [str(python), str(SCRIPT), str(dataset), "--json", *options]
    return dict(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))


@pytest.fixture(scope="module")
def own(dataset: Path) -> dict[str, Any]:
    """What the readers of this environment saw."""
    return run(sys.executable, dataset)


@pytest.fixture(scope="module")
def others(dataset: Path) -> dict[str, Any]:
    """What the readers of the other environment saw."""
    if not (INSTALLED / "done").exists():
        pytest.skip("the other readers are not installed: make readers")
    return run(INSTALLED / "bin" / "python", dataset, "--node", str(INSTALLED))


def test_what_went_in_is_what_polars_sees(own: dict[str, Any], documents: list[dict[str, pl.DataFrame]]) -> None:
    lines = pl.concat([document[TABLE] for document in documents])
    assert own["Polars"]["tables"][TABLE]["rows"] == lines.height
    assert Decimal(own["Polars"]["tables"][TABLE]["sum"]) == sum(lines["amount"].drop_nulls().to_list(), Decimal(0))


@pytest.mark.parametrize(("reader", "kind"), EXACT.items())
@pytest.mark.parametrize("table", [TABLE, MART])
def test_readers_of_the_environment(own: dict[str, Any], reader: str, kind: str, table: str) -> None:
    assert own[reader]["tables"][table] == own["Polars"]["tables"][table] | {"type": kind}


@pytest.mark.parametrize(("reader", "kind"), OTHERS.items())
@pytest.mark.parametrize("table", [TABLE, MART])
def test_other_readers(own: dict[str, Any], others: dict[str, Any], reader: str, kind: str, table: str) -> None:
    if reader not in others:
        pytest.skip("hyparquet is not installed: make readers, with npm")
    assert others[reader]["tables"][table] == own["Polars"]["tables"][table] | {"type": kind}


def test_the_other_duckdb_is_an_older_one(own: dict[str, Any], others: dict[str, Any]) -> None:
    def minor(found: dict[str, Any]) -> list[str]:
        return str(found["DuckDB, files"]["version"]).split(".")[:2]

    assert minor(others) < minor(own)


def test_the_data_package_is_valid(others: dict[str, Any]) -> None:
    assert others["Data Package v2"] == {"errors": []}
