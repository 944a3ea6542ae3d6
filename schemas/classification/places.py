"""Places and bodies of government, as reviewed lists: administrative divisions (GB/T 2260), central bodies, reorganised offices.

Belongs here: the lists as rows and as frames. Does not belong here: codes of budgets (`code_lists.py`), how a document names its place
(`pipeline/identity`).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from schemas.classification.list_files import list_frame, list_rows, number

if TYPE_CHECKING:
    import polars as pl


class DepartmentChange(NamedTuple):
    """An office that a reorganisation put in another's place, both without the name of their place."""

    old: str
    new: str
    first_year: int
    reason: str


class Region(NamedTuple):
    """One administrative division; `level` is 0 the state, 1 province, 2 prefecture, 3 county. Fields as in `regions`."""

    region_code: str
    region_name: str
    parent: str | None
    level: int
    province: str
    name_en: str | None
    first_year: int | None
    last_year: int | None


@cache
def regions() -> dict[str, Region]:
    """Return the administrative divisions by their six-digit code, in the order of the codes."""
    return {
        row["region_code"]: Region(
            row["region_code"],
            row["region_name"],
            row["parent"] or None,
            int(row["level"]),
            row["province"],
            row["name_en"] or None,
            number(row["first_year"]),
            number(row["last_year"]),
        )
        for row in list_rows("regions.csv")
    }


@cache
def central_bodies() -> tuple[str, ...]:
    """Return how the names of bodies of the central government begin (a division named after such a beginning makes it local)."""
    return tuple(row["prefix"] for row in list_rows("central_bodies.csv"))


@cache
def department_changes() -> tuple[DepartmentChange, ...]:
    """Return the offices that the reorganisations of 2018 and 2023 put in the place of others."""
    return tuple(
        DepartmentChange(row["old"], row["new"], int(row["first_year"]), row["reason"]) for row in list_rows("department_changes.csv")
    )


def regions_frame() -> pl.DataFrame:
    """Return the table `regions`: one row per administrative division."""
    return list_frame("regions", list(regions().values()))


def regions_history_frame() -> pl.DataFrame:
    """Return the table `regions_history`: divisions and names that were in the standard in 2007 or later and are no more."""
    rows = [
        (
            row["region_code"],
            row["region_name"],
            int(row["first_year"]),
            int(row["last_year"]),
            row["successor"] or None,
            row["name_en"] or None,
        )
        for row in list_rows("regions_history.csv")
    ]
    return list_frame("regions_history", rows)
