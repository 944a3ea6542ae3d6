"""The start of the site: how much there is, where, from when, and how far it can be trusted.

Belongs here: counts over the whole dataset and its partitions. A body's own page is in `departments.py`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import polars as pl

from pipeline.site.bodies import Body
from pipeline.site.tables import Tables
from schemas.tables import DATASET_LICENCE, DATASET_NAME, DATASET_VERSION, PUBLISHER_ERRORS, REGIONS

FORMAT = 3
"""Version of the site's own files: a front end reads those of its version alone."""

NEWEST = 12
"""Documents that the start shows as the newest."""

_SUMS = ("lines", "amounts_printed", "amounts_captured", "checks_passed", "checks_failed", "checks_not_applicable")
_NOT_SHOWN = "checks_not_applicable"
GRADES = ("A", "B", "C", "D")


_NEWEST_COLUMNS = ("document_id", "department_id", "department", "region_name", "fiscal_year", "kind", "grade", "pages", "lines")
COUNTED = tuple(dict.fromkeys((*_NEWEST_COLUMNS, "province", "status", "reconciled", *_SUMS)))
"""Columns of `documents` that are looked at here."""


def overview(
    tables: Tables, documents: pl.DataFrame, bodies: Mapping[str, Body], snapshot: str | None, marts: Collection[str]
) -> dict[str, Any]:
    """Return what the start shows.

    Args:
        tables: the dataset.
        documents: its documents, with the columns `COUNTED`.
        bodies: those that have a page.
        snapshot: name of the dataset's content.
        marts: those of comparisons that have rows.
    """
    published = documents.filter(pl.col("status") == "published")
    years = sorted(set(published["fiscal_year"].to_list()) - {0})
    return {
        "format": FORMAT,
        "dataset": {"name": DATASET_NAME, "version": DATASET_VERSION, "snapshot": snapshot, "licence": DATASET_LICENCE},
        "counts": {
            "documents": documents.height,
            "published": published.height,
            "bodies": len(bodies),
            **{name: int(published[name].sum() or 0) for name in _SUMS},
            "publisher_errors": tables.read(PUBLISHER_ERRORS, columns=("fiscal_year",)).height,
        },
        "years": years,
        "marts": sorted(marts),
        "grades": _grades(published),
        "provinces": _provinces(tables, bodies, published),
        "newest": _newest(published, bodies),
    }


def partitions_page(tables: Tables, documents: pl.DataFrame, marts: Mapping[tuple[int, str], list[str]]) -> dict[str, Any]:
    """Return what there is of each fiscal year and province, and how good it is.

    Rows stand without the names of their columns, which are told once: there are as many as partitions.

    Args:
        tables: the dataset.
        documents: its documents, with the columns `COUNTED`.
        marts: which marts have rows, by partition.
    """
    names = sorted({name for filled in marts.values() for name in filled})
    errors = Counter(tables.read(PUBLISHER_ERRORS, columns=("fiscal_year", "province")).iter_rows())
    parts = [
        {**_partition(key, frame, errors), "marts": [names.index(name) for name in marts.get(key, ())]}
        for key, frame in _by_partition(documents)
    ]
    return {"marts": names, "columns": list(parts[0]) if parts else [], "rows": [list(part.values()) for part in parts]}


def province_page(province: str, bodies: Sequence[Body]) -> dict[str, Any]:
    """Return the bodies of a province, by region."""
    regions: dict[tuple[str, str], list[list[Any]]] = defaultdict(list)
    for body in bodies:
        regions[body.region_code or "", body.region_name or ""].append(body.listed())
    return {
        "province": province,
        "regions": [{"code": code, "name": name, "bodies": listed} for (code, name), listed in sorted(regions.items())],
    }


def _grades(documents: pl.DataFrame) -> dict[str, int]:
    found = Counter(documents["grade"].to_list())
    return {grade: found[grade] for grade in GRADES}


def _provinces(tables: Tables, bodies: Mapping[str, Body], published: pl.DataFrame) -> list[dict[str, Any]]:
    """Return each province with its names and how much there is of it."""
    top = tables.read(REGIONS).filter(pl.col("level") <= 1).sort("level", "region_code")
    names = {row["province"]: (row["region_name"], row["name_en"]) for row in reversed(top.to_dicts())}
    of_province = Counter(body.province for body in bodies.values())
    found = []
    for (province,), frame in published.partition_by("province", as_dict=True).items():
        chinese, english = names.get(str(province), (str(province), None))
        years = sorted(set(frame["fiscal_year"].to_list()))
        found.append(
            {
                "id": province,
                "name": chinese,
                "name_en": english,
                "bodies": of_province[str(province)],
                "documents": frame.height,
                "lines": int(frame["lines"].sum()),
                "years": [years[0], years[-1]],
                "grades": _grades(frame),
            }
        )
    return sorted(found, key=lambda row: (-row["documents"], row["id"]))


def _by_partition(documents: pl.DataFrame) -> list[tuple[tuple[int, str], pl.DataFrame]]:
    parts = documents.partition_by("fiscal_year", "province", as_dict=True)
    return sorted(((int(year), str(province)), frame) for (year, province), frame in parts.items())


def _partition(key: tuple[int, str], documents: pl.DataFrame, errors: Counter[tuple[Any, ...]]) -> dict[str, Any]:
    published = documents.filter(pl.col("status") == "published")
    return {
        "year": key[0],
        "province": key[1],
        "documents": documents.height,
        "published": published.height,
        "reconciled": int(published["reconciled"].sum() or 0),
        "grades": list(_grades(published).values()),
        **{name: int(published[name].sum() or 0) for name in _SUMS if name != _NOT_SHOWN},
        "publisher_errors": errors[key],
    }


def _newest(published: pl.DataFrame, bodies: Mapping[str, Body]) -> list[dict[str, Any]]:
    """Return documents of the newest years, one of each body, final accounts first: they are published later."""
    order = published.filter(pl.col("department_id").is_in(list(bodies))).sort(
        "fiscal_year", pl.col("kind") == "final_account", "checks_passed", "document_id", descending=[True, True, True, False]
    )
    return order.unique("department_id", keep="first", maintain_order=True).head(NEWEST).select(_NEWEST_COLUMNS).to_dicts()
