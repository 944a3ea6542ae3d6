"""Everything that follows from the declared tables: schemas for Polars and Arrow, validation, descriptions for machines and catalogues.

Belongs here: pure derivations. Nothing here says what a column or table is (`columns.py`, `tables.py`), and nothing here writes files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
import pyarrow as pa

from schemas.columns import FISCAL_TYPES, MONEY, Column
from schemas.marts import PUBLISHED
from schemas.references import FOREIGN_KEYS, ForeignKey
from schemas.tables import (
    DATASET_LICENCE,
    DATASET_LICENCE_URL,
    DATASET_NAME,
    DATASET_TITLE,
    DATASET_VERSION,
    PARTITION_COLUMNS,
    Field,
    Table,
)

_SHOWN = 3
"""How many offending rows or values an error quotes."""

_ARROW: Mapping[Any, pa.DataType] = {
    pl.String: pa.string(),
    pl.Boolean: pa.bool_(),
    pl.Int8: pa.int8(),
    pl.Int16: pa.int16(),
    pl.Int32: pa.int32(),
    pl.Int64: pa.int64(),
    pl.Float32: pa.float32(),
}
_DATA_PACKAGE_TYPES: Mapping[Any, str] = {
    pl.String: "string",
    pl.Boolean: "boolean",
    pl.Int8: "integer",
    pl.Int16: "integer",
    pl.Int32: "integer",
    pl.Int64: "integer",
    pl.Float32: "number",
    pl.Decimal: "number",
    pl.List: "array",
}


class InvalidFrame(ValueError):
    """A frame is not what its table declares; the message names the table, the column and the first offending values."""


@dataclass(frozen=True, slots=True)
class ColumnDescription:
    """A column of a table as catalogues show it.

    Attributes:
        name: its name.
        type: its type as Polars writes it.
        description: meaning, unit and values in one text.
        nullable: whether it may be empty in this table.
        unique: whether it alone identifies a row.
    """

    name: str
    type: str
    description: str
    nullable: bool
    unique: bool


def polars_schema(table: Table, with_partitions: bool = True) -> dict[str, pl.DataType]:
    """Return the Polars types of `table` in order, with or without the columns that stand in the path of a file."""
    fields = table.fields if with_partitions else table.file_fields
    return {field.name: _instance(field.column.dtype) for field in fields}


def empty_frame(table: Table) -> pl.DataFrame:
    """Return a frame of `table` without rows."""
    return pl.DataFrame(schema=polars_schema(table))


def arrow_schema(table: Table) -> pa.Schema:
    """Return the schema of a Parquet file of `table`: without partition columns, with descriptions, units and dataset metadata."""
    metadata = {
        "title": f"{DATASET_NAME}.{table.name}",
        "description": table.description,
        "dataset_version": DATASET_VERSION,
        "licence": DATASET_LICENCE,
    }
    return pa.schema([_arrow_field(field) for field in table.file_fields], metadata=metadata)


def validate(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Return `frame` unchanged if it is a valid content of `table`, partition columns included.

    Args:
        frame: rows of the table.
        table: its declaration.

    Raises:
        InvalidFrame: a column is missing, unknown, out of order or of another type; a value is null or not in its list;
            a key occurs twice; a rule of the table does not hold.
    """
    expected, got = polars_schema(table), dict(frame.schema)
    if list(expected) != list(got):
        missing, unknown = [n for n in expected if n not in got], [n for n in got if n not in expected]
        what = f"lacks {missing}, has unknown {unknown}" if missing or unknown else f"has its columns in the order {list(got)}"
        raise InvalidFrame(f"{table.name} {what}")
    for name, dtype in expected.items():
        if got[name] != dtype:
            raise InvalidFrame(f"{table.name}.{name} is {got[name]}, declared as {dtype}")
    if frame.is_empty():
        return frame
    for field in table.fields:
        _validate_values(frame, table, field)
    for rule in table.rules:
        broken = frame.filter(~rule.holds.fill_null(False))
        if broken.height:
            raise InvalidFrame(f"{table.name}: not so in {broken.height} rows: {rule.meaning}: {_quote(broken, table.key)}")
    twice = frame.select(table.key).filter(pl.struct(table.key).is_duplicated())
    if twice.height:
        raise InvalidFrame(f"{table.name}: {twice.height} rows share their key: {_quote(twice.unique(maintain_order=True), table.key)}")
    return frame


def column_descriptions(table: Table) -> tuple[ColumnDescription, ...]:
    """Return the columns of `table` as a catalogue or an orchestrator shows them."""
    return tuple(
        ColumnDescription(
            name=field.name,
            type=str(_instance(field.column.dtype)),
            description=describe_field(field),
            nullable=field.nullable,
            unique=table.key == (field.name,),
        )
        for field in table.fields
    )


def describe_field(field: Field) -> str:
    """Return meaning, unit and values of a column as one text."""
    column = field.column
    parts = [column.description]
    if column.unit:
        parts.append(f"Unit: {column.unit}.")
    if column.values:
        further = ", …" if column.pattern else ""
        parts.append(f"Values: {', '.join(column.values)}{further}.")
    return " ".join(parts)


def data_package(files: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the Data Package descriptor of a dataset.

    Args:
        files: per file its `path` (relative to the dataset), `table`, `bytes`, `sha256`, in the order they are to be listed.

    Returns:
        A descriptor with one resource per table, each with its files and schema; tables without files are left out.
    """
    by_table: dict[str, list[Mapping[str, Any]]] = {}
    for file in files:
        by_table.setdefault(file["table"], []).append(file)
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": DATASET_NAME,
        "title": DATASET_TITLE,
        "version": DATASET_VERSION,
        "description": f"{DATASET_TITLE}, read from the documents that they publish and proven by their own accounting identities.",
        "licenses": [{"name": DATASET_LICENCE, "path": DATASET_LICENCE_URL, "title": "Creative Commons Attribution 4.0 International"}],
        "keywords": ["public finance", "budget", "China"],
        "resources": [_resource(PUBLISHED[name], by_table[name]) for name in PUBLISHED if name in by_table],
    }


def _validate_values(frame: pl.DataFrame, table: Table, field: Field) -> None:
    series = frame[field.name]
    if not field.nullable and series.null_count():
        empty = frame.filter(pl.col(field.name).is_null())
        raise InvalidFrame(f"{table.name}.{field.name} is null in {empty.height} rows: {_quote(empty, table.key)}")
    column = field.column
    if column.values:
        found = (series.explode() if isinstance(series.dtype, pl.List) else series).drop_nulls().unique(maintain_order=True)
        strange = [value for value in found if not _is_listed(column, value)]
        if strange:
            raise InvalidFrame(f"{table.name}.{field.name} has values that are not in its list: {strange[:_SHOWN]}")


def _is_listed(column: Column, value: str) -> bool:
    return value in column.values or (column.pattern is not None and re.fullmatch(column.pattern, value) is not None)


def _quote(frame: pl.DataFrame, key: Sequence[str]) -> str:
    rows = [", ".join(f"{name}={value}" for name, value in row.items()) for row in frame.select(key).head(_SHOWN).to_dicts()]
    return "; ".join(rows)


def _instance(dtype: Any) -> pl.DataType:
    return dtype if isinstance(dtype, pl.DataType) else dtype()


def _arrow_type(dtype: pl.DataType) -> pa.DataType:
    if isinstance(dtype, pl.Decimal):
        return pa.decimal128(dtype.precision, dtype.scale)
    if isinstance(dtype, pl.List):
        return pa.list_(_arrow_type(_instance(dtype.inner)))
    return _ARROW[type(dtype)]


def _arrow_field(field: Field) -> pa.Field:
    metadata = {"description": describe_field(field)}
    if field.column.unit:
        metadata["unit"] = field.column.unit
    return pa.field(field.name, _arrow_type(_instance(field.column.dtype)), nullable=field.nullable, metadata=metadata)


def _resource(table: Table, files: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    references = [_package_reference(key) for key in FOREIGN_KEYS if key.table == table.name]
    return {
        "name": table.name,
        "title": table.name.replace("_", " "),
        "description": table.description,
        "path": [file["path"] for file in files],
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "files": [{"path": file["path"], "bytes": file["bytes"], "hash": f"sha256:{file['sha256']}"} for file in files],
        "partitionColumns": list(PARTITION_COLUMNS) if table.partitioned else [],
        "schema": {
            "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
            "fields": [_package_field(field) for field in table.fields],
            "primaryKey": list(table.key),
            **({"foreignKeys": references} if references else {}),
        },
    }


def _package_reference(key: ForeignKey) -> dict[str, Any]:
    other = {} if key.target == key.table else {"resource": key.target}  # Data Package v2: a table's own rows are not named
    return {"fields": list(key.columns), "reference": {**other, "fields": list(key.keys)}}


def _package_field(field: Field) -> dict[str, Any]:
    column = field.column
    constraints: dict[str, Any] = {} if field.nullable else {"required": True}
    if column.values and not column.pattern and not isinstance(column.dtype, pl.List):
        constraints["enum"] = list(column.values)
    described: dict[str, Any] = {
        "name": field.name,
        "type": _DATA_PACKAGE_TYPES[type(_instance(column.dtype))],
        "description": column.description,
    }
    if column.unit:
        described["unit"] = column.unit
    if column.name in FISCAL_TYPES:
        described["columnType"] = FISCAL_TYPES[column.name]
    elif column.dtype == MONEY and column.unit == "CNY":
        described["columnType"] = "value"
    if constraints:
        described["constraints"] = constraints
    return described
