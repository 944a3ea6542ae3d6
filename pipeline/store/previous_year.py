"""`Y1`: what a document says of last year, against last year's document of the same body.

Runs where all inputs are known, not where one document is read. Belongs here: finding the two documents and comparing their amounts.
A difference is a warning: bodies are reorganised, and a budget is adjusted, between two publications.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import polars as pl

from pipeline.accounting.check_row import Check, check_row
from pipeline.budget.sums import step_of
from pipeline.store.readings import ReadingStore
from pipeline.store.superseded import resolve_versions
from schemas.export import polars_schema
from schemas.tables import BUDGET_LINES, CHECKS, DOCUMENT_KEYS, YEAR_ON_YEAR

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


def previous_year_checks(catalogue: pl.DataFrame, store: ReadingStore, year: int, province: str) -> pl.DataFrame:
    """Return the rows of `checks` that compare the documents of a partition with those of the year before.

    Args:
        catalogue: all inputs (see `CATALOGUE_SCHEMA`).
        store: their readings.
        year: of the partition.
        province: of the partition.

    Returns:
        Rows with the full schema of `checks`, numbered after those of each document's own reading. A document without last year's
        beside it has one row `not_applicable`.
    """
    now, last = _published(catalogue, store, year, province), _published(catalogue, store, year - 1, province)
    by_body: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in last:
        by_body[_body(row)].append(row)
    found = []
    for row in now:
        own = store.table(str(row["reading"]), CHECKS.name)
        first = 1 + (own.height if own is not None else 0)
        keys = {name: row[name] for name in DOCUMENT_KEYS}
        checks = list(_compare(row, by_body.get(_body(row), []), store))
        found += [{**check, **keys, "item": item} for item, check in enumerate(checks, start=first)]
    return pl.DataFrame(found, schema=polars_schema(CHECKS), orient="row")


def _published(catalogue: pl.DataFrame, store: ReadingStore, year: int, province: str) -> list[Row]:
    rows = catalogue.filter((pl.col("fiscal_year") == year) & (pl.col("province") == province)) if year > 1 else catalogue.clear()
    empty = pl.DataFrame(schema=polars_schema(BUDGET_LINES))

    def lines_of(row: dict[str, Any]) -> pl.DataFrame:
        lines = store.table(str(row["reading"]), BUDGET_LINES.name)
        return empty if lines is None else lines

    return [row for row in resolve_versions(rows.to_dicts(), lines_of) if row["status"] == "published" and row["department"]]


def _body(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in _BODY)


def _compare(row: Row, last: Sequence[Row], store: ReadingStore) -> Iterator[Check]:
    if not last:
        yield check_row("Y1", None, "document", "not_applicable", "last year's document of this body is not among the inputs")
        return
    amounts: dict[tuple[str, str], dict[tuple[Any, ...], list[Row]]] = defaultdict(lambda: defaultdict(list))
    for other in last:
        for line in _lines(other, store):
            if line["unit"] is None and line["column_evidence"] != "ambiguous":
                amounts[str(other["kind"]), line["measure"]][_meaning(line)].append(line)
    compared = 0
    for line, measure, amount, step in _said_of_last_year(row, store):
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


def _said_of_last_year(row: Row, store: ReadingStore) -> Iterator[tuple[Row, str, Decimal, Decimal]]:
    """Yield what a document says of the year before: the line, what it speaks of, the amount and its printed step, in yuan."""
    lines = [line for line in _lines(row, store) if line["unit"] is None and line["column_evidence"] != "ambiguous"]
    for line in lines:
        if line["measure"] in _SPEAKS_OF:
            yield line, line["measure"], line["amount"], step_of(line["unit_text"], line["amount_text"])
    told = {_target(line): line for line in lines if line["source"] == "narrative" and line["measure"] in ("budget", "final")}
    changes = store.table(str(row["reading"]), YEAR_ON_YEAR.name)
    for change in changes.iter_rows(named=True) if changes is not None else ():
        match = told.get(_target(change))
        if match is not None and change["change_amount"] is not None and change["unit"] is None:
            step = step_of(match["unit_text"], match["amount_text"])
            yield match, change["basis"], match["amount"] - change["change_amount"], 2 * step


def _lines(row: Row, store: ReadingStore) -> Iterator[Row]:
    lines = store.table(str(row["reading"]), BUDGET_LINES.name)
    return lines.iter_rows(named=True) if lines is not None else iter(())


def _target(row: Row) -> tuple[Any, ...]:
    """Return which amount of the narrative a line states, or a change is of."""
    return tuple(row[name] for name in _MEANING[:-1])


def _meaning(line: Row) -> tuple[Any, ...]:
    """Return what an amount is of, whatever year; a code stands for its name, and so does being the total."""
    said = {**line, "name": "" if line["code"] or (line["level"] == 0 and line["scheme"] != "revenue_item") else line["name"]}
    return tuple(said[name] for name in _MEANING)
