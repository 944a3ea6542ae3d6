"""What is derived from the declarations: schemas, validation, data package."""

import json
from decimal import Decimal

import polars as pl
import pyarrow as pa
import pytest

from schemas.export import InvalidFrame, arrow_schema, column_descriptions, data_package, polars_schema, validate
from schemas.tables import DATASET_LICENCE, DATASET_VERSION, TABLES, Table

FIGURES = TABLES["key_figures"]
FIGURE = {
    "document_id": "0123456789abcdef",
    "fiscal_year": 2024,
    "province": "CN",
    "region_code": None,
    "department": "某局",
    "indicator": "vehicles_owned",
    "value": Decimal("3.00"),
    "unit": "count",
    "item": 1,
}


def figures(*changes: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame([{**FIGURE, **change} for change in changes], schema=polars_schema(FIGURES))


def test_a_valid_frame_comes_back_as_it_is() -> None:
    frame = figures({}, {"item": 2, "indicator": "a_figure_not_yet_listed"})
    assert validate(frame, FIGURES) is frame


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (figures({}).drop("value"), r"key_figures lacks \['value'\]"),
        (figures({}).with_columns(extra=1), r"unknown \['extra'\]"),
        (figures({}).select(reversed(FIGURES.names)), "in the order"),
        (figures({}).with_columns(pl.col("value").cast(pl.Float64)), "key_figures.value is Float64"),
        (figures({"value": None}), "key_figures.value is null in 1 rows: document_id=0123456789abcdef, item=1"),
        (figures({"unit": "dozen"}), r"key_figures.unit has values that are not in its list: \['dozen'\]"),
        (figures({"indicator": "Not a name"}), "key_figures.indicator has values"),
        (figures({}, {"value": Decimal(4)}), "2 rows share their key"),
    ],
    ids=["missing", "unknown", "order", "type", "null", "value", "pattern", "key"],
)
def test_an_invalid_frame_is_refused_by_name(frame: pl.DataFrame, message: str) -> None:
    with pytest.raises(InvalidFrame, match=message):
        validate(frame, FIGURES)


def test_a_null_in_a_key_counts_as_a_value() -> None:
    documents = TABLES["documents"]
    row = dict.fromkeys(documents.names)
    row |= {"document_id": "ab", "sha256": "abc", "file_name": "f", "media_type": "text/plain", "bytes": 1, "fiscal_year": 0}
    row |= {"province": "unknown", "status": "quarantined", "reason": "Empty file.", "statements": [], "lines": 0}
    row |= {"checks_passed": 0, "checks_failed": 0, "checks_not_applicable": 0}
    once = pl.DataFrame([row], schema=polars_schema(documents))
    validate(once, documents)
    with pytest.raises(InvalidFrame, match="share their key"):
        validate(pl.concat([once, once]), documents)
    with pytest.raises(InvalidFrame, match=r"documents.statements has values that are not in its list: \['poetry'\]"):
        validate(once.with_columns(statements=pl.lit(["procurement", "poetry"])), documents)
    with pytest.raises(InvalidFrame, match="a quarantined document has a reason"):
        validate(once.with_columns(reason=pl.lit(None, pl.String)), documents)


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda t: t.name)
def test_arrow_says_what_polars_says(table: Table) -> None:
    schema = arrow_schema(table)
    empty = pl.from_arrow(schema.empty_table())
    assert isinstance(empty, pl.DataFrame)
    assert dict(empty.schema) == polars_schema(table, with_partitions=not table.partitioned)
    assert [field.nullable for field in schema] == [field.nullable for field in table.file_fields]
    assert all(field.metadata[b"description"] for field in schema)
    assert schema.metadata[b"dataset_version"] == DATASET_VERSION.encode()
    assert schema.metadata[b"licence"] == DATASET_LICENCE.encode()


def test_units_stand_in_the_field_metadata() -> None:
    lines = arrow_schema(TABLES["budget_lines"])
    assert lines.field("amount").metadata[b"unit"] == b"CNY"
    assert lines.field("x0").metadata[b"unit"] == b"point"
    assert lines.field("amount").type == pa.decimal128(18, 2)


def test_descriptions_carry_meaning_unit_and_values() -> None:
    by_name = {column.name: column for column in column_descriptions(TABLES["budget_lines"])}
    assert by_name["amount"].type == "Decimal(precision=18, scale=2)"
    assert "CNY" in by_name["amount"].description
    assert "carryover_unit_funds" in by_name["fund"].description
    assert by_name["fund"].nullable
    assert not by_name["amount"].nullable
    assert [c.name for c in column_descriptions(TABLES["regions"]) if c.unique] == ["region_code"]


def test_the_data_package_lists_files_and_fields() -> None:
    files = [{"path": "codes.parquet", "table": "codes", "bytes": 7, "sha256": "ff"}]
    package = json.loads(json.dumps(data_package(files)))
    (codes,) = package["resources"]
    assert codes["path"] == ["codes.parquet"]
    assert codes["schema"]["primaryKey"] == list(TABLES["codes"].key)
    references = codes["schema"]["foreignKeys"]
    assert {"fields": ["scheme", "parent"], "reference": {"fields": ["scheme", "code"]}} in references
    assert {"fields": ["cofog"], "reference": {"resource": "cofog", "fields": ["cofog"]}} in references
    fields = {field["name"]: field for field in codes["schema"]["fields"]}
    assert list(fields) == list(TABLES["codes"].names)
    assert fields["evidence"]["constraints"] == {"required": True, "enum": ["official", "attested", "single"]}
    assert "constraints" not in fields["cofog"]
