"""Which tools read a dataset, and whether all see the same: rows, exact sums, types, Chinese, leading zeros.

    python benchmarks/conformance.py DATASET [--node FOLDER]

Needs nothing of this project: run it in any environment, with whatever is installed there (`pip install polars pyarrow pandas duckdb
sqlalchemy duckdb-engine tableauhyperapi mlcroissant dplib-py`; `npm install hyparquet hyparquet-compressors` in FOLDER). What is not
installed is said. Prints a markdown table; every line must show the same values.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from decimal import Decimal
from importlib import metadata
from pathlib import Path
from typing import Any

TABLE = "budget_lines"
QUERY = "SELECT count(*), sum(amount), max(name), min(region_code), count(code), any_value(typeof(amount)) FROM "
_NODE = """
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
let rows = 0, cents = 0n, name = '', region = null, codes = 0
for (const path of process.argv.slice(2)) {
  const file = await asyncBufferFromFile(path), columns = ['amount', 'name', 'region_code', 'code']
  for (const row of await parquetReadObjects({ file, compressors, columns })) {
    rows += 1; cents += BigInt(Math.round(Number(row.amount) * 100)); codes += row.code === null || row.code === undefined ? 0 : 1
    if (Buffer.compare(Buffer.from(row.name), Buffer.from(name)) > 0) name = row.name
    if (row.region_code && (region === null || row.region_code < region)) region = row.region_code
  }
}
const sign = cents < 0n ? '-' : '', whole = cents < 0n ? -cents : cents
console.log(JSON.stringify([rows, `${sign}${whole / 100n}.${String(whole % 100n).padStart(2, '0')}`, name, region, codes, 'number']))
"""


def by_polars(dataset: Path) -> list[Any]:
    import polars as pl

    lines = pl.read_parquet(f"{dataset}/{TABLE}/**/*.parquet", hive_partitioning=True)
    found = [lines.height, lines["amount"].sum(), lines["name"].max(), lines["region_code"].min(), lines["code"].count()]
    return [*found, str(lines["amount"].dtype)]


def by_pyarrow(dataset: Path) -> list[Any]:
    import pyarrow.compute as pc
    import pyarrow.dataset as ds

    lines = ds.dataset(dataset / TABLE, partitioning="hive").to_table()
    names = sorted(lines["name"].to_pylist(), key=lambda name: name.encode())
    found = [
        lines.num_rows,
        pc.sum(lines["amount"]).as_py(),
        names[-1],
        pc.min(lines["region_code"]).as_py(),
        pc.count(lines["code"]).as_py(),
    ]
    return [*found, str(lines["amount"].type)]


def by_pandas(dataset: Path) -> list[Any]:
    import pandas as pd

    lines = pd.read_parquet(dataset / TABLE)
    found = [len(lines), sum(lines["amount"]), max(lines["name"], key=lambda n: n.encode()), min(lines["region_code"].dropna())]
    return [*found, int(lines["code"].count()), type(lines["amount"].iloc[0]).__name__]


def by_duckdb_files(dataset: Path) -> list[Any]:
    import duckdb

    return list(duckdb.sql(f"{QUERY} read_parquet('{dataset}/{TABLE}/**/*.parquet', hive_partitioning = true)").fetchall()[0])


def by_duckdb_database(dataset: Path) -> list[Any]:
    import duckdb

    with duckdb.connect(str(dataset / "dataset.duckdb"), read_only=True) as connection:
        return list(connection.sql(f"{QUERY} {TABLE}").fetchall()[0])


def by_sqlalchemy(dataset: Path) -> list[Any]:
    import duckdb_engine  # noqa: F401
    import sqlalchemy

    engine = sqlalchemy.create_engine(f"duckdb:///{dataset}/dataset.duckdb", connect_args={"read_only": True})
    with engine.connect() as connection:
        return list(connection.execute(sqlalchemy.text(f"{QUERY} {TABLE}")).fetchall()[0])


def by_hyper(dataset: Path) -> list[Any]:
    from tableauhyperapi import Connection, HyperProcess, Telemetry

    files = ", ".join(f"'{path}'" for path in sorted(dataset.glob(f"{TABLE}/**/*.parquet")))
    with tempfile.TemporaryDirectory() as logs:
        settings = {"log_dir": logs}
        with (
            HyperProcess(Telemetry.DO_NOT_SEND_USAGE_DATA_TO_TABLEAU, parameters=settings) as hyper,
            Connection(hyper.endpoint) as connection,
        ):
            columns = 'count(*), sum(amount), max(name COLLATE "binary"), min(region_code), count(code)'
            query = f"SELECT {columns} FROM external(ARRAY[{{}}], FORMAT => 'parquet')"
            return [*connection.execute_list_query(query.format(files))[0], "NUMERIC(18, 2)"]


def by_hyparquet(dataset: Path, folder: Path) -> list[Any]:
    script = folder / "read.mjs"
    script.write_text(_NODE, encoding="utf-8")
    files = [str(path) for path in sorted(dataset.glob(f"{TABLE}/**/*.parquet"))]
    run = subprocess.run(["node", str(script), *files], capture_output=True, text=True, check=True)
    return list(json.loads(run.stdout))


def by_croissant(dataset: Path) -> list[Any]:
    import mlcroissant

    records = list(mlcroissant.Dataset(jsonld=str(dataset / "croissant.json")).records(TABLE))
    of = {name: [r[f"{TABLE}/{name}"] for r in records] for name in ("amount", "name", "region_code", "code")}
    cents = sum(Decimal(str(amount)).quantize(Decimal("0.01")) for amount in of["amount"])
    return [
        len(records),
        cents,
        max(of["name"]).decode(),
        min(r for r in of["region_code"] if r).decode(),
        sum(c is not None for c in of["code"]),
        "float",
    ]


def data_package(dataset: Path) -> str:
    """Return what the Data Package v2 profile says of the descriptor."""
    import dplib
    import jsonschema

    profile = json.loads((Path(dplib.__file__).parent / "profiles/2.0/datapackage.json").read_text(encoding="utf-8"))
    descriptor = json.loads((dataset / "datapackage.json").read_text(encoding="utf-8"))
    errors = list(jsonschema.validators.validator_for(profile)(profile).iter_errors(descriptor))
    return "valid" if not errors else "; ".join(error.message for error in errors[:3])


def told(name: str, package: str, read: Callable[[], list[Any]]) -> str:
    try:
        version = "" if package == "node" else metadata.version(package)
        rows, total, last, region, codes, kind = read()
    except ImportError as error:
        return f"| {name} | not installed: {error.name} | | | | | |"
    except metadata.PackageNotFoundError:
        return f"| {name} | not installed: {package} | | | | | |"
    return f"| {name} {version} | {rows} | {Decimal(str(total)):.2f} | {last} | {region} | {codes} | {kind} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--node", type=Path)
    arguments = parser.parse_args()
    dataset = arguments.dataset.resolve()
    readers = {
        ("Polars", "polars"): by_polars,
        ("PyArrow datasets", "pyarrow"): by_pyarrow,
        ("pandas", "pandas"): by_pandas,
        ("DuckDB, files", "duckdb"): by_duckdb_files,
        ("DuckDB, database", "duckdb"): by_duckdb_database,
        ("SQLAlchemy, duckdb-engine", "duckdb-engine"): by_sqlalchemy,
        ("Tableau Hyper API", "tableauhyperapi"): by_hyper,
        ("mlcroissant", "mlcroissant"): by_croissant,
    }
    print("| reader | rows | sum | last name | first region | codes | amount is |\n| --- | --: | --: | --- | --- | --: | --- |")
    for (name, package), read in readers.items():
        print(told(name, package, lambda read=read: read(dataset)), flush=True)  # type: ignore[misc]
    if arguments.node:
        print(told("hyparquet, Node", "node", lambda: by_hyparquet(dataset, arguments.node)), flush=True)
    try:
        sys.stdout.write(f"\nData Package v2: {data_package(dataset)}\n")
    except ImportError as error:
        sys.stdout.write(f"\nData Package v2: not installed: {error.name}\n")


if __name__ == "__main__":
    main()
