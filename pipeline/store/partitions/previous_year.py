"""`Y1`: what a document says of last year, against last year's document of the same body.

Runs where all inputs are known, not where one document is read. Belongs here: finding the two documents and comparing their amounts.
A difference is a warning: bodies are reorganised, and a budget is adjusted, between two publications.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol

import polars as pl

from pipeline.accounting.check_row import Check, check_row
from pipeline.budget.sums import step_of
from pipeline.store.partitions.superseded import resolve_versions
from schemas.export import polars_schema
from schemas.tables import BUDGET_LINES, CHECKS, DOCUMENT_KEYS, YEAR_ON_YEAR, Table

Row = Mapping[str, Any]

_BODY = ("region_code", "parent_department", "department", "level")
_MEANING = ("statement", "flow", "scheme", "code", "name", "fund", "nature", "level")
_SPEAKS_OF = {
    "prior_year_budget": (("budget", "budget"),),
    "prior_year_final": (("final_account", "final"),),
    "prior_year_execution": (("final_account", "final"),),
    "prior_year": (("budget", "budget"), ("final_account", "final")),
}
"""Which amounts of which kind of document a measure or basis speaks of."""


class Tables(Protocol):
    """What was checked of documents, by key."""

    def table(self, key: str, table: Table) -> pl.DataFrame:
        """Return what a document adds to a table."""
        ...


def previous_year_checks(catalogue: pl.DataFrame, checked: Tables, year: int, province: str) -> pl.DataFrame:
    """Return the rows of `checks` that compare the documents of a partition with those of the year before.

    Args:
        catalogue: all inputs (see `CATALOGUE_SCHEMA`).
        checked: of their documents.
        year: of the partition.
        province: of the partition.

    Returns:
        Rows with the full schema of `checks`, numbered after those of each document's own reading. A document without last year's
        beside it has one row `not_applicable`.
    """
    now, last = _published(catalogue, checked, year, province), _published(catalogue, checked, year - 1, province)
    by_body: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in last:
        by_body[_entity_key(row)].append(row)
    found = []
    for row in now:
        first = 1 + checked.table(str(row["checked"]), CHECKS).height
        keys = {name: row[name] for name in DOCUMENT_KEYS}
        checks = list(_compare(row, by_body.get(_entity_key(row), []), checked))
        found += [{**check, **keys, "item": item} for item, check in enumerate(checks, start=first)]
    return pl.DataFrame(found, schema=polars_schema(CHECKS), orient="row")


def _published(catalogue: pl.DataFrame, checked: Tables, year: int, province: str) -> list[Row]:
    rows = catalogue.filter((pl.col("fiscal_year") == year) & (pl.col("province") == province)) if year > 1 else catalogue.clear()
    resolved = resolve_versions(rows.to_dicts(), lambda row, table: checked.table(str(row["checked"]), table))
    return [row for row in resolved if row["status"] == "published" and row["department"]]


def _entity_key(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in _BODY)


def _compare(row: Row, last: Sequence[Row], checked: Tables) -> Iterator[Check]:
    if not last:
        yield check_row("Y1", None, "document", "not_applicable", "last year's document of this body is not among the inputs")
        return
    amounts: dict[tuple[str, str], dict[tuple[Any, ...], list[Row]]] = defaultdict(lambda: defaultdict(list))
    for other in last:
        for line in _lines(other, checked):
            if line["unit"] is None and line["column_evidence"] != "ambiguous":
                amounts[str(other["kind"]), line["measure"]][_meaning(line)].append(line)
    compared = 0
    for line, measure, amount, step in _stated_of_last_year(row, checked):
        places = [found for place in _SPEAKS_OF[measure] if (found := amounts.get(place, {}).get(_meaning(line)))]
        if not places:
            continue
        compared += 1
        nearest = min((other for found in places for other in found), key=lambda other: abs(other["amount"] - amount))
        tolerance = (step + step_of(nearest["unit_text"], nearest["amount_text"])) / 2
        outcome = "pass" if abs(nearest["amount"] - amount) <= tolerance else "fail"
        subject = f"{line['code'] or line['name']} {line['nature']} {line['fund']} {measure}"
        detail = f"last year {amount:,.2f} here, {nearest['amount']:,.2f} in document {nearest['document_id']}"
        yield check_row(
            "Y1", line["statement"], subject, outcome, detail, expected=nearest["amount"], actual=amount, tolerance=tolerance
        )  # fmt: skip
    if not compared:
        yield check_row("Y1", None, "document", "not_applicable", "nothing that it says of last year stands in last year's document")


def _stated_of_last_year(row: Row, checked: Tables) -> Iterator[tuple[Row, str, Decimal, Decimal]]:
    """Yield what a document says of the year before: the line, what it speaks of, the amount and its printed step, in yuan."""
    lines = [line for line in _lines(row, checked) if line["unit"] is None and line["column_evidence"] != "ambiguous"]
    for line in lines:
        if line["measure"] in _SPEAKS_OF:
            yield line, line["measure"], line["amount"], step_of(line["unit_text"], line["amount_text"])
    told = {_target(line): line for line in lines if line["source"] == "narrative" and line["measure"] in ("budget", "final")}
    for change in checked.table(str(row["checked"]), YEAR_ON_YEAR).iter_rows(named=True):
        match = told.get(_target(change))
        if match is not None and change["change_amount"] is not None and change["unit"] is None:
            step = step_of(match["unit_text"], match["amount_text"])
            yield match, change["basis"], match["amount"] - change["change_amount"], 2 * step


def _lines(row: Row, checked: Tables) -> Iterator[Row]:
    return checked.table(str(row["checked"]), BUDGET_LINES).iter_rows(named=True)


def _target(row: Row) -> tuple[Any, ...]:
    """Return which amount of the narrative a line states, or a change is of."""
    return tuple(row[name] for name in _MEANING[:-1])


def _meaning(line: Row) -> tuple[Any, ...]:
    """Return what an amount is of, whatever year; a code stands for its name, and so does being the total."""
    said = {**line, "name": "" if line["code"] or (line["level"] == 0 and line["scheme"] != "revenue_item") else line["name"]}
    return tuple(said[name] for name in _MEANING)
