"""What the tools that people read the dataset with see in it: rows, exact amounts, types, Chinese, leading zeros.

    python tests/readers/read.py DATASET [--json] [--node FOLDER]

Needs nothing of this project: run it in any environment, with whatever is installed there (`make readers` makes one). Prints a
markdown table, or with --json what the tests compare; what is not installed is said. FOLDER has hyparquet in its `node_modules`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from importlib import metadata
from pathlib import Path
from typing import Any

Row = Sequence[Any]

COLUMNS: Mapping[str, Sequence[str]] = {
    "budget_lines": ("document_id", "name", "code", "region_code", "amount"),
    "spending_by_function": ("budget_document_id", "class_name", "code", "region_code", "expenditure_budget"),
}
"""Of each table that is read: columns of text, of which the first is never null, and last an amount."""

_NODE = """
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
const [columns, ...paths] = [JSON.parse(process.argv[2]), ...process.argv.slice(3)]
const rows = []
for (const path of paths) {
  const file = await asyncBufferFromFile(path)
  for (const row of await parquetReadObjects({ file, compressors, columns })) rows.push(columns.map(name => row[name] ?? null))
}
console.log(JSON.stringify([typeof rows[0].at(-1), rows.map(row => [...row.slice(0, -1), row.at(-1)?.toFixed(2) ?? null])]))
"""


def by_polars(dataset: Path, table: str) -> tuple[str, list[Row]]:
    """Return the type of the amount and the rows."""
    import polars as pl

    rows = pl.read_parquet(f"{dataset}/{table}/**/*.parquet", hive_partitioning=True).select(COLUMNS[table])
    return str(rows.schema[COLUMNS[table][-1]]), rows.rows()


def by_pyarrow(dataset: Path, table: str) -> tuple[str, list[Row]]:
    import pyarrow.dataset as ds

    rows = ds.dataset(dataset / table, partitioning="hive").to_table(columns=list(COLUMNS[table]))
    return str(rows.schema.types[-1]), [tuple(row.values()) for row in rows.to_pylist()]


def by_pandas(dataset: Path, table: str) -> tuple[str, list[Row]]:
    import pandas as pd

    rows = pd.read_parquet(dataset / table)[list(COLUMNS[table])].astype(object)
    found = [tuple(None if value is None or value != value else value for value in row) for row in rows.itertuples(index=False)]
    return next(type(row[-1]).__name__ for row in found if row[-1] is not None), found


def by_duckdb_files(dataset: Path, table: str) -> tuple[str, list[Row]]:
    import duckdb

    files = f"read_parquet('{dataset}/{table}/**/*.parquet', hive_partitioning = true)"
    rows = duckdb.sql(f"SELECT {', '.join(COLUMNS[table])} FROM {files}")
    return str(rows.types[-1]), rows.fetchall()


def by_duckdb_database(dataset: Path, table: str) -> tuple[str, list[Row]]:
    import duckdb

    with duckdb.connect(str(dataset / "dataset.duckdb"), read_only=True) as connection:
        rows = connection.sql(f"SELECT {', '.join(COLUMNS[table])} FROM {table}")
        return str(rows.types[-1]), rows.fetchall()


def by_sqlalchemy(dataset: Path, table: str) -> tuple[str, list[Row]]:
    import duckdb_engine  # noqa: F401
    import sqlalchemy

    engine = sqlalchemy.create_engine(f"duckdb:///{dataset}/dataset.duckdb", connect_args={"read_only": True})
    with engine.connect() as connection:
        rows = connection.execute(sqlalchemy.text(f"SELECT {', '.join(COLUMNS[table])} FROM {table}")).fetchall()
    return next(type(row[-1]).__name__ for row in rows if row[-1] is not None), [tuple(row) for row in rows]


def by_hyper(dataset: Path, table: str) -> tuple[str, list[Row]]:
    from tableauhyperapi import Connection, HyperProcess, Telemetry

    files = ", ".join(f"'{path}'" for path in sorted(dataset.glob(f"{table}/**/*.parquet")))
    query = f"SELECT {', '.join(COLUMNS[table])} FROM external(ARRAY[{files}], FORMAT => 'parquet')"
    with (
        tempfile.TemporaryDirectory() as logs,
        HyperProcess(Telemetry.DO_NOT_SEND_USAGE_DATA_TO_TABLEAU, parameters={"log_dir": logs}) as hyper,
        Connection(hyper.endpoint) as connection,
        connection.execute_query(query) as result,
    ):
        kind = str(result.schema.columns[-1].type)
        return kind, [tuple(row) for row in result]


def by_mlcroissant(dataset: Path, table: str) -> tuple[str, list[Row]]:
    import mlcroissant

    records = mlcroissant.Dataset(jsonld=str(dataset / "croissant.json")).records(table)
    rows = []
    for record in records:
        *texts, amount = (record[f"{table}/{name}"] for name in COLUMNS[table])
        absent = amount is None or amount != amount
        rows.append((*(text.decode() if isinstance(text, bytes) else text for text in texts), None if absent else f"{amount:.2f}"))
    return "sc:Float", rows


def by_hyparquet(folder: Path, dataset: Path, table: str) -> tuple[str, list[Row]]:
    script = folder / "read.mjs"
    script.write_text(_NODE, encoding="utf-8")
    files = [str(path) for path in sorted(dataset.glob(f"{table}/**/*.parquet"))]
    run = subprocess.run(["node", str(script), json.dumps(COLUMNS[table]), *files], capture_output=True, text=True, check=True)
    kind, rows = json.loads(run.stdout)
    return kind, rows


READERS: Mapping[str, tuple[str, Callable[[Path, str], tuple[str, list[Row]]]]] = {
    "Polars": ("polars", by_polars),
    "PyArrow datasets": ("pyarrow", by_pyarrow),
    "pandas": ("pandas", by_pandas),
    "DuckDB, files": ("duckdb", by_duckdb_files),
    "DuckDB, database": ("duckdb", by_duckdb_database),
    "SQLAlchemy, duckdb-engine": ("duckdb-engine", by_sqlalchemy),
    "Tableau Hyper API": ("tableauhyperapi", by_hyper),
    "mlcroissant": ("mlcroissant", by_mlcroissant),
}


def seen(rows: Sequence[Row], kind: str) -> dict[str, Any]:
    """Return what is compared: the number of rows, the exact sum of their amounts, and the hash of all their values, sorted."""
    amounts = [None if row[-1] is None else Decimal(str(row[-1])) for row in rows]
    printed = ["" if amount is None else f"{amount:.2f}" for amount in amounts]
    texts = sorted("\x1f".join([*(value or "" for value in row[:-1]), amount]) for row, amount in zip(rows, printed, strict=True))
    total = sum((amount for amount in amounts if amount is not None), Decimal(0))
    return {"rows": len(rows), "sum": f"{total:.2f}", "values": hashlib.sha256("\n".join(texts).encode()).hexdigest(), "type": kind}


def data_package_errors(dataset: Path) -> list[str]:
    """Return what the Data Package v2 profile has against the descriptor."""
    import dplib
    import jsonschema

    profile = json.loads((Path(dplib.__file__).parent / "profiles/2.0/datapackage.json").read_text(encoding="utf-8"))
    descriptor = json.loads((dataset / "datapackage.json").read_text(encoding="utf-8"))
    return [error.message for error in jsonschema.validators.validator_for(profile)(profile).iter_errors(descriptor)]


def read_all(dataset: Path, node: Path | None) -> dict[str, Any]:
    """Return per reader its version and what it saw of each table, or what is not installed; and what the profile says."""
    readers = dict(READERS)
    if node and (node / "node_modules").is_dir():
        readers["hyparquet, Node"] = ("", lambda dataset, table: by_hyparquet(node, dataset, table))
    found: dict[str, Any] = {}
    for name, (package, read) in readers.items():
        try:
            of_tables = {}
            for table in COLUMNS:
                kind, rows = read(dataset, table)
                of_tables[table] = seen(rows, kind)
            found[name] = {"version": metadata.version(package) if package else "", "tables": of_tables}
        except ImportError as error:
            found[name] = {"missing": error.name}
    try:
        found["Data Package v2"] = {"errors": data_package_errors(dataset)}
    except ImportError as error:
        found["Data Package v2"] = {"missing": error.name}
    return found


def main() -> None:
    """Print what each reader saw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--node", type=Path)
    arguments = parser.parse_args()
    found = read_all(arguments.dataset.resolve(), arguments.node)
    if arguments.json:
        sys.stdout.write(json.dumps(found))
        return
    lines = ["| reader | table | rows | sum | all values | amount is |", "| --- | --- | --: | --: | --- | --- |"]
    for name, one in found.items():
        if "missing" in one:
            lines.append(f"| {name} | not installed: {one['missing']} | | | | |")
        for table, said in one.get("tables", {}).items():
            lines.append(f"| {name} {one['version']} | {table} | {said['rows']} | {said['sum']} | {said['values'][:8]} | {said['type']} |")
    profile = found["Data Package v2"]
    lines += ["", f"Data Package v2: {'; '.join(profile.get('errors', ['not installed'])) or 'valid'}"]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
