"""What describes the dataset to machines: every file that is named is there, with the hash and the schema that are given."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from schemas.marts import PUBLISHED
from schemas.tables import PARTITION_COLUMNS

# Data Package types of Arrow types.
TYPES = {"string": "string", "bool": "boolean", "int8": "integer", "int16": "integer", "int32": "integer", "int64": "integer"}
TYPES |= {"float": "number", "list<element: string>": "array"}


@pytest.fixture(scope="module")
def parquet(samples_dataset: Path) -> dict[str, str]:
    """Every Parquet file that there is, with its hash."""
    files = samples_dataset.rglob("*.parquet")
    return {path.relative_to(samples_dataset).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def described(dataset: Path, name: str) -> dict[str, Any]:
    return dict(json.loads((dataset / name).read_text(encoding="utf-8")))


def test_the_data_package_names_every_file_with_its_hash(samples_dataset: Path, parquet: dict[str, str]) -> None:
    resources = described(samples_dataset, "datapackage.json")["resources"]
    assert [resource["name"] for resource in resources] == list(PUBLISHED)
    files = {file["path"]: file["hash"].removeprefix("sha256:") for resource in resources for file in resource["files"]}
    assert files == parquet
    for resource in resources:
        assert resource["path"] == [file["path"] for file in resource["files"]]
        assert [file["bytes"] for file in resource["files"]] == [(samples_dataset / path).stat().st_size for path in resource["path"]]


def test_the_data_package_gives_the_schema_of_every_file(samples_dataset: Path) -> None:
    for resource in described(samples_dataset, "datapackage.json")["resources"]:
        fields = {field["name"]: field["type"] for field in resource["schema"]["fields"]}
        in_path = list(PARTITION_COLUMNS) if PUBLISHED[resource["name"]].partitioned else []
        assert resource["partitionColumns"] == in_path
        for path in resource["path"]:
            schema = pq.read_schema(samples_dataset / path)
            there = {field.name: "number" if str(field.type).startswith("decimal") else TYPES[str(field.type)] for field in schema}
            assert {name: kind for name, kind in fields.items() if name not in in_path} == there


def test_croissant_names_every_file_with_its_hash_and_every_column(samples_dataset: Path, parquet: dict[str, str]) -> None:
    croissant = described(samples_dataset, "croissant.json")
    objects = [one for one in croissant["distribution"] if one["@type"] == "cr:FileObject"]
    assert {one["contentUrl"]: one["sha256"] for one in objects} == parquet
    sets = {one["@id"]: one["includes"] for one in croissant["distribution"] if one["@type"] == "cr:FileSet"}
    for table in PUBLISHED.values():
        (records,) = [one for one in croissant["recordSet"] if one["name"] == table.name]
        assert [field["name"] for field in records["field"]] == list(table.names)
        if table.partitioned:
            assert {path.relative_to(samples_dataset).as_posix() for path in samples_dataset.glob(sets[f"{table.name}-files"])} == {
                path for path in parquet if path.startswith(f"{table.name}/")
            }
