"""Reads the code lists and the administrative divisions that stand beside it as CSV.

Belongs here: the two lists as rows and as frames. Does not belong here: what a code means in a document (`pipeline/codes`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import polars as pl


class CodeRow(NamedTuple):
    """One name of one code in the years in which it is attested. Fields are the columns of the table `codes`.

    `evidence` is `official` (stated by the ministry's revision), `attested` (printed by several documents) or `single`
    (one document or one list of uncertain edition). `last_year` is None while the name is in force as far as is known.
    """

    scheme: str
    code: str
    name: str
    parent: str | None
    level: int
    first_year: int
    last_year: int | None
    evidence: str
    documents: int | None
    successor: str | None
    name_en: str | None
    cofog: str | None


class Region(NamedTuple):
    """One administrative division; `level` is 0 the state, 1 province, 2 prefecture, 3 county. Fields as in `regions`."""

    region_code: str
    region_name: str
    parent: str | None
    level: int
    province: str


def _rows(name: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(resources.files(__package__).joinpath(name).read_text(encoding="utf-8").splitlines())


def _number(text: str) -> int | None:
    return int(text) if text else None


@cache
def code_rows() -> tuple[CodeRow, ...]:
    """Return all rows of the code lists, sorted by scheme, code and first year."""
    return tuple(
        CodeRow(
            scheme=row["scheme"],
            code=row["code"],
            name=row["name"],
            parent=row["parent"] or None,
            level=int(row["level"]),
            first_year=int(row["first_year"]),
            last_year=_number(row["last_year"]),
            evidence=row["evidence"],
            documents=_number(row["documents"]),
            successor=row["successor"] or None,
            name_en=row["name_en"] or None,
            cofog=row["cofog"] or None,
        )
        for row in _rows("codes.csv")
    )


@cache
def regions() -> dict[str, Region]:
    """Return the administrative divisions by their six-digit code, in the order of the codes."""
    return {
        row["region_code"]: Region(row["region_code"], row["region_name"], row["parent"] or None, int(row["level"]), row["province"])
        for row in _rows("regions.csv")
    }


@cache
def central_bodies() -> tuple[str, ...]:
    """Return how the names of bodies of the central government begin (a division named after such a beginning makes it local)."""
    return tuple(row["prefix"] for row in _rows("central_bodies.csv"))


def codes_frame() -> pl.DataFrame:
    """Return the table `codes`: one row per scheme, code and name, with the years in which it is attested."""
    return _frame("codes", list(code_rows()))


def regions_frame() -> pl.DataFrame:
    """Return the table `regions`: one row per administrative division."""
    return _frame("regions", list(regions().values()))


def _frame(table: str, rows: Sequence[CodeRow | Region]) -> pl.DataFrame:
    import polars as pl  # kept out of the import: readers of the plain rows start without it

    from schemas.tables import TABLES

    return pl.DataFrame(rows, schema={field.column.name: field.column.dtype for field in TABLES[table].fields}, orient="row")
