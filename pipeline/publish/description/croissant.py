"""The dataset as Croissant JSON-LD (mlcommons.org/croissant/1.0), so that data catalogues and loaders for machine learning find it.

Belongs here: that vocabulary. What tables and columns mean comes from `schemas`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from pipeline.publish.versions.manifest import File
from schemas.export import describe_field, polars_schema
from schemas.marts import PUBLISHED
from schemas.tables import DATASET_LICENCE_URL, DATASET_NAME, DATASET_TITLE, DATASET_VERSION, PARTITION_COLUMNS, Field, Table

_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_ENCODING = "application/x-parquet"


def croissant(data: Sequence[File]) -> dict[str, Any]:
    """Return the Croissant description of a dataset that consists of the Parquet files `data`: every file with its hash, every column."""
    of_table = {name: [file for file in data if file.table == name] for name in PUBLISHED}
    distribution: list[dict[str, Any]] = []
    for name, files in of_table.items():
        distribution += [_file_object(file) for file in files]
        if PUBLISHED[name].partitioned:
            distribution.append(_file_set(name))
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": DATASET_NAME,
        "description": f"{DATASET_TITLE}, read from the documents that they publish and proven by their own accounting identities.",
        "license": DATASET_LICENCE_URL,
        "version": DATASET_VERSION,
        "citeAs": f"{DATASET_NAME} {DATASET_VERSION}: {DATASET_TITLE}",
        "distribution": distribution,
        "recordSet": [_record_set(PUBLISHED[name], files[0]) for name, files in of_table.items() if files],
    }


def _file_object(file: File) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path,
        "contentUrl": file.path,
        "contentSize": f"{file.bytes} B",
        "encodingFormat": _ENCODING,
        "sha256": file.sha256,
    }


def _file_set(table: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileSet",
        "@id": f"{table}-files",
        "name": f"{table}-files",
        "encodingFormat": _ENCODING,
        "includes": f"{table}/**/*.parquet",
    }


def _record_set(table: Table, first: File) -> dict[str, Any]:
    schema = polars_schema(table)
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.description,
        "key": [{"@id": f"{table.name}/{name}"} for name in table.key],
        "field": [_field(table, field, schema[field.name], first) for field in table.fields],
    }


def _field(table: Table, field: Field, dtype: pl.DataType, first: File) -> dict[str, Any]:
    source: dict[str, Any] = {"fileSet": {"@id": f"{table.name}-files"}} if table.partitioned else {"fileObject": {"@id": first.path}}
    if table.partitioned and field.name in PARTITION_COLUMNS:
        source |= {"extract": {"fileProperty": "fullpath"}, "transform": {"regex": f".*{field.name}=([^/]+)/.*"}}
    else:
        source |= {"extract": {"column": field.name}}
    described = {
        "@type": "cr:Field",
        "@id": f"{table.name}/{field.name}",
        "name": field.name,
        "description": describe_field(field),
        "dataType": _data_type(dtype),
        "source": source,
    }
    return described | ({"repeated": True} if isinstance(dtype, pl.List) else {})


def _data_type(dtype: pl.DataType) -> str:
    if isinstance(dtype, pl.Boolean):
        return "sc:Boolean"
    if dtype.is_integer():
        return "sc:Integer"
    if dtype.is_numeric():
        return "sc:Float"  # Croissant has no decimals: whoever needs exact money reads the Parquet files
    return "sc:Text"
