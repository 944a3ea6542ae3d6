"""The dataset as one DuckDB file, for SQL and BI tools: the tables themselves, with a comment on each table and column.

Belongs here: making that file from the Parquet files. The storage version is an old one, so that older DuckDB can open it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import polars as pl

from schemas.export import describe_field, polars_schema
from schemas.tables import TABLES, Table

STORAGE_VERSION = "v1.0.0"

_SQL_TYPES = {
    pl.String: "VARCHAR",
    pl.Boolean: "BOOLEAN",
    pl.Int8: "TINYINT",
    pl.Int16: "SMALLINT",
    pl.Int32: "INTEGER",
    pl.Int64: "BIGINT",
    pl.Float32: "FLOAT",
}


def write_database(path: Path, files: Mapping[str, Sequence[Path]]) -> None:
    """Write the DuckDB file at `path` from Parquet files; the same files give the same bytes.

    Args:
        path: the database; an existing file is replaced.
        files: Parquet files per table, in the order in which their rows are stored.
    """
    path.unlink(missing_ok=True)
    # One thread: with more, row groups land in the file in the order in which threads finish.
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute(f"ATTACH {_text(path)} AS dataset (STORAGE_VERSION '{STORAGE_VERSION}')")
        for table in TABLES.values():
            _write(connection, table, files.get(table.name, ()))
        connection.execute("DETACH dataset")


def sql_type(dtype: pl.DataType) -> str:
    """Return the DuckDB type of a Polars type."""
    if isinstance(dtype, pl.Decimal):
        return f"DECIMAL({dtype.precision}, {dtype.scale})"
    if isinstance(dtype, pl.List):
        inner = dtype.inner if isinstance(dtype.inner, pl.DataType) else dtype.inner()
        return f"{sql_type(inner)}[]"
    return _SQL_TYPES[type(dtype)]


def _write(connection: duckdb.DuckDBPyConnection, table: Table, files: Sequence[Path]) -> None:
    name = f"dataset.{_name(table.name)}"
    schema = polars_schema(table)
    columns = [f"{_name(column)} {sql_type(dtype)}" for column, dtype in schema.items()]
    connection.execute(f"CREATE TABLE {name} ({', '.join(columns)})")
    if files:
        listed = ", ".join(_text(file) for file in files)
        partitions = "hive_partitioning = true, hive_types = {'fiscal_year': INTEGER, 'province': VARCHAR}"
        source = f"read_parquet([{listed}], {partitions if table.partitioned else 'hive_partitioning = false'})"
        selected = ", ".join(_name(column) for column in schema)
        connection.execute(f"INSERT INTO {name} SELECT {selected} FROM {source}")
    connection.execute(f"COMMENT ON TABLE {name} IS {_text(table.description)}")
    for field in table.fields:
        connection.execute(f"COMMENT ON COLUMN {name}.{_name(field.name)} IS {_text(describe_field(field))}")


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def _text(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"
