"""The dataset as one DuckDB file, for SQL and BI tools, with a comment on each table and column.

A small dataset's file holds the tables themselves. From `MOST_ROWS_INSIDE` on it holds the dimensions, and of each partitioned table a
view over its Parquet files, which stand beside it: then its size, and what it costs to write, do not grow with the dataset (ADR 0018).

Belongs here: making that file from the Parquet files. The storage version is an old one, so that older DuckDB can open it.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from schemas.dictionary import in_chinese
from schemas.export import describe_field, polars_schema
from schemas.marts import PUBLISHED
from schemas.tables import Field, Table

STORAGE_VERSION = "v1.0.0"

MOST_ROWS_INSIDE = 250_000
"""Rows of all partitioned tables up to which the file holds them: a city's decade. Written in under three seconds."""

_BESIDE = r"regexp_replace(current_setting('temp_directory'), '[^/\\]*$', '')"
"""Folder of the database in SQL: DuckDB's folder for temporary files is `<path of the opened database>.tmp`. Empty, so that paths are
relative to the working folder or to `file_search_path`, where the file is attached to a session that was opened without one."""

# Of the compressions that DuckDB would choose, FSST samples at random, and bit packing keeps what stood beside the numbers.
_STABLE_COMPRESSION = "SET force_compression = 'uncompressed'"
_PARTITIONS = "hive_partitioning = true, hive_types = {'fiscal_year': INTEGER, 'province': VARCHAR}"
_WRITER = """
import ctypes, json, os, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, 9, 0, 0, 0)
if os.getppid() != int(sys.argv[1]):
    sys.exit()
import duckdb
with duckdb.connect(config={"threads": 1}) as connection:
    for statement in json.load(sys.stdin):
        connection.execute(statement)
"""
"""Writes the database; ends with the process that it writes for (asks Linux to see to it): the rest would be of use to nobody."""

_TRIES = 3
"""Times that a writer is started which somebody else kills (a person, the system for want of memory)."""

_SCRATCH_PREFIX = ".database."
_ZEROED_MEMORY = {"DUCKDB_JE_MALLOC_CONF": "zero:true", "PYTHONIOENCODING": "utf-8"}

_SQL_TYPES = {
    pl.String: "VARCHAR",
    pl.Boolean: "BOOLEAN",
    pl.Int8: "TINYINT",
    pl.Int16: "SMALLINT",
    pl.Int32: "INTEGER",
    pl.Int64: "BIGINT",
    pl.Float32: "FLOAT",
}


def write_database(path: Path, files: Mapping[str, Sequence[Path]], rows: int) -> None:
    """Write the DuckDB file at `path` from Parquet files; the same files give the same bytes.

    DuckDB writes whatever stood in memory where a number is null or a block is not full. So the file is written by a process
    of its own, whose memory begins as zeros (where DuckDB brings its own allocator: on Linux), and by one thread. All is one transaction:
    with one for each comment, it takes three times as long.

    Args:
        path: the database, in the folder of the dataset; an existing file is replaced.
        files: Parquet files per table, in the order in which their rows are stored.
        rows: of all partitioned tables together.

    Raises:
        OSError: the disk is full.
        RuntimeError: DuckDB could not write it; the message is DuckDB's.
    """
    path = path.absolute()
    statements = [_STABLE_COMPRESSION, f"ATTACH {_text(path)} AS dataset (STORAGE_VERSION '{STORAGE_VERSION}')", "BEGIN"]
    for table in PUBLISHED.values():
        if table.partitioned and rows > MOST_ROWS_INSIDE:
            statements += [*_view_statements(table), *_comments("VIEW", table)]
        else:
            statements += [*_table_statements(table, files.get(table.name, ())), *_comments("TABLE", table)]
    statements += ["COMMIT", "DETACH dataset"]
    for _ in range(_TRIES):
        path.unlink(missing_ok=True)
        writer = _written(path.parent, statements)
        if writer.returncode != -signal.SIGKILL:
            break
    if writer.returncode:
        if os.strerror(errno.ENOSPC) in writer.stderr:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        raise RuntimeError(f"{path.name} could not be written: {writer.stderr.strip() or f'exit code {writer.returncode}'}")


def _written(folder: Path, statements: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Have statements executed by a process that works in a folder of its own: there a view finds the few files that it is made with.

    The folder is in `folder`, which is a draft: what a killed build leaves of it, the next one clears away with the draft.
    """
    with tempfile.TemporaryDirectory(dir=folder, prefix=_SCRATCH_PREFIX) as scratch:
        return subprocess.run(
            [sys.executable, "-P", "-c", _WRITER, str(os.getpid())],
            input=json.dumps(statements),
            env={**os.environ, **_ZEROED_MEMORY},
            cwd=scratch,
            text=True,
            encoding="utf-8",
            capture_output=True,
            check=False,
        )


def sql_type(dtype: pl.DataType) -> str:
    """Return the DuckDB type of a Polars type."""
    if isinstance(dtype, pl.Decimal):
        return f"DECIMAL({dtype.precision}, {dtype.scale})"
    if isinstance(dtype, pl.List):
        inner = dtype.inner if isinstance(dtype.inner, pl.DataType) else dtype.inner()
        return f"{sql_type(inner)}[]"
    return _SQL_TYPES[type(dtype)]


def _table_statements(table: Table, files: Sequence[Path]) -> list[str]:
    name = f"dataset.{_name(table.name)}"
    schema = polars_schema(table)
    columns = ", ".join(_definition(field, schema[field.name]) for field in table.fields)
    statements = [f"CREATE TABLE {name} ({columns})"]
    if files:
        listed = ", ".join(_text(file.absolute()) for file in files)
        source = f"read_parquet([{listed}], {_PARTITIONS if table.partitioned else 'hive_partitioning = false'})"
        selected = ", ".join(_name(column) for column in schema)
        statements.append(f"INSERT INTO {name} SELECT {selected} FROM {source}")
    return statements


def _view_statements(table: Table) -> list[str]:
    """Return statements for a view over the Parquet files of a table that finds them beside the database, whatever the working folder is.

    DuckDB makes a view only where it finds files: one, in the writer's own folder, costs nothing, however many there are.
    """
    schema = polars_schema(table)
    values = {name: f"NULL::{sql_type(dtype)}" for name, dtype in schema.items()} | {"fiscal_year": "0", "province": "'CN'"}
    row = ", ".join(f"{value} AS {_name(name)}" for name, value in values.items())
    columns = ", ".join(_name(name) for name in schema)
    files = f"{_BESIDE} || {_text(f'{table.name}/**/*.parquet')}"
    return [
        f"COPY (SELECT {row}) TO {_text(table.name)} (FORMAT parquet, PARTITION_BY (fiscal_year, province))",
        f"CREATE VIEW dataset.{_name(table.name)} AS SELECT {columns} FROM read_parquet({files}, {_PARTITIONS})",
    ]


def _comments(kind: str, table: Table) -> list[str]:
    name = f"dataset.{_name(table.name)}"
    of_columns = [f"COMMENT ON COLUMN {name}.{_name(field.name)} IS {_text(comment_on(field))}" for field in table.fields]
    return [f"COMMENT ON {kind} {name} IS {_text(comment_on(table))}", *of_columns]


def comment_on(described: Table | Field) -> str:
    """Return the comment on a table or a column: what it is, in English, and in Chinese on a line of its own."""
    if isinstance(described, Table):
        return f"{described.description}\n{in_chinese(described.description)}"
    return f"{describe_field(described)}\n{in_chinese(described.column.description)}"


def _definition(field: Field, dtype: pl.DataType) -> str:
    """Return a column's definition, with the compression that keeps it small and always gives the same bytes."""
    compression = ""
    if isinstance(dtype, pl.String):
        compression = " USING COMPRESSION dictionary"
    elif dtype.is_integer():
        compression = " USING COMPRESSION rle"
    return f"{_name(field.name)} {sql_type(dtype)}{compression}"


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def _text(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"
