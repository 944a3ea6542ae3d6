"""The bodies that the site has a page for: departments and units with a published document, where they are, and who is like them.

Belongs here: what lists, search and neighbours show of a body. Its own page is in `departments.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any

import polars as pl

from pipeline.site.tables import Tables, fen
from schemas.marts import DEPARTMENT_PROFILE
from schemas.tables import DEPARTMENTS, DOCUMENTS

MOST_NEIGHBOURS = 60
"""Of so many a list is still read; further ones are found by the list of their place."""

_OF_TOTALS = ("department_id", "disclosure_id", "fiscal_year", "kind", "level", "grade", "expenditure_budget", "expenditure_final")


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest totals of a body: spending as budgeted, or as accounted for where no budget is known."""

    year: int
    kind: str | None
    grade: str | None
    expenditure: Decimal | None


@dataclass(slots=True)
class Body:
    """A department or unit.

    Attributes:
        id: `department_id`; what follows its hyphen is the same for the same office of every place.
        name, names: its newest name, and all that documents print.
        parent: `department_id` of the department of a unit.
        years: fiscal years of its published documents.
    """

    id: str
    name: str
    province: str
    region_code: str | None
    region_name: str | None
    names: tuple[str, ...] = ()
    parent: str | None = None
    years: set[int] = field(default_factory=set)
    latest: Latest | None = None

    @property
    def office(self) -> str:
        """What all places call an office of this kind."""
        return self.id.rpartition("-")[2]

    def listed(self) -> list[Any]:
        """Return what a list shows: identity, name, region, newest year, spending in fen, grade."""
        latest = self.latest
        told = (latest.year, fen(latest.expenditure), latest.grade) if latest else (max(self.years, default=0), None, None)
        return [self.id, self.name, self.region_name, *told]


def bodies_of(tables: Tables) -> dict[str, Body]:
    """Return all bodies with a published document, by identity, in order of province, region and name."""
    found: dict[str, Body] = {}
    columns = ("department_id", "department", "province", "region_code", "region_name", "fiscal_year")
    documents = tables.read(DOCUMENTS, columns=(*columns, "document_id", "status"))
    documents = documents.filter((pl.col("status") == "published") & pl.col("department_id").is_not_null())
    for own, name, province, region, region_name, year in documents.sort("fiscal_year", "document_id").select(columns).iter_rows():
        body = found.setdefault(own, Body(own, name, province, region, region_name))
        body.name, body.region_name = name, region_name or body.region_name
        body.years.add(year)
    for row in tables.read(DEPARTMENTS).iter_rows(named=True):
        named = found.get(row["department_id"])
        if named is not None:
            named.name, named.names, named.parent = row["department"], tuple(row["names"]), row["parent_department_id"]
    _add_latest(found, tables.read(DEPARTMENT_PROFILE, columns=_OF_TOTALS))
    return dict(sorted(found.items(), key=lambda item: (item[1].province, item[1].region_code or "", item[1].name, item[0])))


def _add_latest(bodies: Mapping[str, Body], profile: pl.DataFrame) -> None:
    """Give each body its newest totals: a budget before a final account of the same year, a department's before a unit's."""
    order = profile.sort(
        "fiscal_year",
        pl.col("kind") == "budget",
        pl.col("level") != "unit",
        pl.col("disclosure_id"),
        descending=[False, False, False, True],
    )
    for row in order.iter_rows(named=True):
        body = bodies.get(row["department_id"])
        if body is not None:
            spent = row["expenditure_budget"] if row["expenditure_budget"] is not None else row["expenditure_final"]
            body.latest = Latest(row["fiscal_year"], row["kind"], row["grade"], spent)


def neighbours_of(bodies: Sequence[Body]) -> dict[str, dict[str, list[list[Any]]]]:
    """Return for each body the same office of other places, others of its place, and its units, as lists show them."""
    places: dict[str | None, list[Body]] = defaultdict(list)
    offices: dict[str, list[Body]] = defaultdict(list)
    units: dict[str | None, list[Body]] = defaultdict(list)
    for body in bodies:
        places[body.region_code].append(body)
        offices[body.office].append(body)
        units[body.parent].append(body)

    def listed(body: Body, others: Sequence[Body]) -> list[list[Any]]:
        return [other.listed() for other in islice((other for other in others if other.id != body.id), MOST_NEIGHBOURS)]

    return {
        body.id: {
            "same_office": listed(body, offices[body.office]),
            "same_place": listed(body, places[body.region_code]),
            "units": listed(body, units[body.id]),
        }
        for body in bodies
    }
