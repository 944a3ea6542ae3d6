"""The page of one body: everything that it publishes, year by year, each amount with the lines that print it.

Belongs here: which rows of marts and tables a body's page shows, and their form in JSON: amounts in fen, references to lines. Layout and
words are the front end's (`site/`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import polars as pl

from pipeline.site.bodies import Body
from pipeline.site.labels import detail_in_both
from pipeline.site.pages.code_names import CodeNames, with_ancestors
from pipeline.site.pages.outliers import outliers_of
from pipeline.site.pages.references import References, Row
from pipeline.site.tables import fen
from schemas.marts import (
    BUDGET_VS_FINAL,
    BY_ECONOMIC,
    BY_FUNCTION,
    BY_SOURCE,
    CHANGES_ON_LAST_YEAR,
    DEPARTMENT_PROFILE,
    DISCLOSURES,
    GRAND_TOTAL,
    MART_COVERAGE,
    MEASURES,
    PROCUREMENT_MART,
    PROFILE_TOTALS,
    PROJECT_SPENDING,
    REVENUE_BY_SOURCE,
    SPENDING_BY_ECONOMIC,
    SPENDING_BY_FUNCTION,
    THREE_PUBLIC,
    THREE_PUBLIC_MART,
    THREE_PUBLIC_PARTS,
    MartAmount,
)
from schemas.statements import EXPENDITURE_SUMMARY, kind_of
from schemas.tables import BUDGET_LINES, DOCUMENTS, KEY_FIGURES, OUTLIERS, PERFORMANCE_INDICATORS, PROJECTS

OF_DISCLOSURES = (
    *(DISCLOSURES, DEPARTMENT_PROFILE, SPENDING_BY_FUNCTION, SPENDING_BY_ECONOMIC, REVENUE_BY_SOURCE),
    *(THREE_PUBLIC_MART, BUDGET_VS_FINAL, PROCUREMENT_MART, PROJECT_SPENDING, CHANGES_ON_LAST_YEAR),
)
OF_DOCUMENTS = (BUDGET_LINES, KEY_FIGURES, PROJECTS, PERFORMANCE_INDICATORS, OUTLIERS, MART_COVERAGE)

MOST_ROWS = 400
"""A list of purchases, units or projects has no more rows on the page, which says how many there are."""

_DOCUMENT = (
    *("document_id", "file_name", "source_url", "media_type", "pages", "fiscal_year", "kind", "level", "status", "grade", "lines"),
    *("amounts_printed", "amounts_captured", "checks_passed", "checks_failed", "reconciled", "sha256"),
)
_OF_LINES = (
    *("document_id", "statement_no", "statement", "row", "column", "page", "source", "flow", "scheme", "code", "level", "name"),
    *("standard_name", "unit", "fund", "nature", "measure", "amount", "amount_evidence", "column_evidence", "proofs", "contradictions"),
)
"""Columns of `budget_lines` that are looked at: lines are many, and each is held as a row."""
_NO_DOUBT = ("complete", "total_only")
_FUNCTION_LEVELS, _ECONOMIC_LEVELS = (3, 5), (3,)


@dataclass(frozen=True)
class Published:
    """What one body publishes: rows by table, those of `documents` and marts in order of year."""

    rows: Mapping[str, Sequence[Row]]

    @cached_property
    def _arranged(self) -> dict[tuple[str, str], dict[object, list[Row]]]:
        return {}

    def of(self, table: str) -> Sequence[Row]:
        """Return the rows of a table."""
        return self.rows.get(table, ())

    def where(self, table: str, column: str, value: object) -> Sequence[Row]:
        """Return the rows of a table that have a value in a column."""
        if (table, column) not in self._arranged:
            arranged: dict[object, list[Row]] = defaultdict(list)
            for row in self.of(table):
                arranged[row[column]].append(row)
            self._arranged[table, column] = arranged
        return self._arranged[table, column].get(value, ())

    @cached_property
    def profiles(self) -> list[Row]:
        """Rows of `department_profile`, the newest first; of a year the budget, of a kind the department's first."""
        rows = self.of(DEPARTMENT_PROFILE.name)
        return sorted(rows, key=lambda row: (-row["fiscal_year"], row["kind"] != "budget", row["level"] == "unit"))

    @cached_property
    def outliers(self) -> list[dict[str, Any]]:
        """What is far from what one would expect of this body."""
        return outliers_of(self.of(OUTLIERS.name), self.of(BUDGET_LINES.name))

    @cached_property
    def references(self) -> References:
        """Its lines, to be found by what they print."""
        documents = [row["document_id"] for row in self.of(DOCUMENTS.name)]
        far = {(row["document_id"], *place) for row in self.outliers for place in row["lines"]}
        return References.of(documents, self.of(BUDGET_LINES.name), self.of(MART_COVERAGE.name), far)


def by_body(read: Callable[..., pl.DataFrame]) -> Iterator[tuple[str, Published]]:
    """Yield the bodies that rows of whole tables are of, each with its rows; only those of one are held as rows.

    Args:
        read: returns a table, of its `columns` those named (`Tables.read`). Each is let go before the next one is asked for.
    """
    documents = read(DOCUMENTS).filter((pl.col("status") == "published") & pl.col("department_id").is_not_null())
    documents = documents.unique("document_id", keep="first", maintain_order=True)
    of_document = documents.select("document_id", own="department_id")
    of_disclosure = read(DISCLOSURES, columns=("disclosure_id", "department_id")).rename({"department_id": "own"})
    found: dict[str, dict[str, pl.DataFrame]] = defaultdict(dict)

    def arrange(name: str, frame: pl.DataFrame) -> None:
        for (own,), part in frame.partition_by("own", as_dict=True, maintain_order=True, include_key=False).items():
            found[str(own)][name] = part

    arrange(DOCUMENTS.name, documents.sort("fiscal_year", "document_id").with_columns(own="department_id"))
    for table in OF_DISCLOSURES:
        arrange(table.name, read(table).join(of_disclosure, on="disclosure_id", maintain_order="left"))
    for table in OF_DOCUMENTS:
        columns = _OF_LINES if table is BUDGET_LINES else None
        arrange(table.name, read(table, columns=columns).join(of_document, on="document_id", maintain_order="left"))
    for own in list(found):
        parts = found.pop(own)
        if DOCUMENTS.name in parts:
            yield own, Published({name: part.to_dicts() for name, part in parts.items()})


def department_page(body: Body, published: Published, neighbours: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content of a body's page that is there whichever year is chosen.

    Args:
        body: whose it is.
        published: its rows.
        neighbours: lists of other bodies, as `bodies.neighbours_of` makes them.
    """
    references = published.references
    return {
        "id": body.id,
        "name": body.name,
        "names": body.names,
        "province": body.province,
        "region": body.region_code,
        "region_name": body.region_name,
        "parent": body.parent,
        "documents": [{name: row[name] for name in _DOCUMENT} for row in published.of(DOCUMENTS.name)],
        "disclosures": [_head(row, published, references) for row in published.profiles],
        "neighbours": neighbours,
    }


def disclosure_pages(published: Published, names: CodeNames) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the identity of each disclosure of a body, and what its page shows of it."""
    references = published.references
    for profile in published.profiles:
        yield profile["disclosure_id"], _disclosure(profile, published, references, names)


def projects_page(published: Published) -> dict[str, Any]:
    """Return the projects of a body with their performance targets, by document."""
    targets: dict[tuple[str, int | None, str], list[list[Any]]] = defaultdict(list)
    columns = ("dimension", "sub_dimension", "indicator", "operator", "target", "unit", "weight_pct")
    for row in published.of(PERFORMANCE_INDICATORS.name):
        told = [None if row[name] is None else str(row[name]) for name in columns]
        targets[row["document_id"], row["project_no"], row["project"]].append(told)
    projects = []
    for row in published.of(PROJECTS.name):
        about = {name: row[name] for name in ("document_id", "fiscal_year", "project", "basis", "implementer", "period", "goal", "part_of")}
        own = targets.pop((row["document_id"], row["project_no"], row["project"]), [])
        projects.append({**about, "amount": fen(row["amount"]), "targets": own})
    for (document, _, project), own in targets.items():
        projects.append({"document_id": document, "project": project, "amount": None, "targets": own})
    return {"projects": projects}


def _files(profile: Row, published: Published) -> set[str]:
    """Return the documents of a disclosure."""
    about = published.where(DISCLOSURES.name, "disclosure_id", profile["disclosure_id"])
    return set(about[0]["documents"]) if about else {profile["budget_document_id"], profile["final_document_id"]}


def _head(profile: Row, published: Published, references: References) -> dict[str, Any]:
    """Return what is shown of a disclosure beside those of other years."""
    three = published.where(THREE_PUBLIC_MART.name, "disclosure_id", profile["disclosure_id"])
    files = _files(profile, published)
    kept = ("disclosure_id", "fiscal_year", "level", "kind", "grade", "reconciled", "standing", "doubts", "source_url")
    return {
        **{name: profile[name] for name in kept},
        "documents": [n for n, document in enumerate(references.documents) if document in files],
        "totals": _totals(profile, references),
        "three_public": _three_public(three[0], references) if three else None,
        "held_back_number": len(_held_back(files, published)),
    }


def _held_back(files: Collection[str], published: Published) -> list[Row]:
    """Return which figures of some documents are in doubt, or were not taken."""
    covered = [row for document in files for row in published.where(MART_COVERAGE.name, "document_id", document)]
    return [row for row in covered if row["reason"] is not None or row["outcome"] not in _NO_DOUBT]


def _disclosure(profile: Row, published: Published, references: References, names: CodeNames) -> dict[str, Any]:
    """Return what a body disclosed of a year."""
    own, files = profile["disclosure_id"], _files(profile, published)

    def of_files(table: str) -> list[Row]:
        return [row for document in references.documents if document in files for row in published.where(table, "document_id", document)]

    lines = of_files(BUDGET_LINES.name)
    function = published.where(SPENDING_BY_FUNCTION.name, "disclosure_id", own)
    economic = published.where(SPENDING_BY_ECONOMIC.name, "disclosure_id", own)
    revenue = published.where(REVENUE_BY_SOURCE.name, "disclosure_id", own)
    return {
        "function": _coded(function, BY_FUNCTION, references),
        "economic": _coded(economic, BY_ECONOMIC, references),
        "names_of_codes": _names(function, economic, names, profile["fiscal_year"]),
        "revenue": [{"fund": row["fund"], **_amounts(row, BY_SOURCE, references)} for row in revenue],
        "budget_vs_final": [
            {**{n: row[n] for n in ("figure", "class_code", "code", "name")}, **{n: fen(row[n]) for n in ("budget", "final", "difference")}}
            for row in published.where(BUDGET_VS_FINAL.name, "disclosure_id", own)
        ],
        "figures": [_figure(row, references) for row in of_files(KEY_FIGURES.name)],
        "changes": [_change(row) for row in published.where(CHANGES_ON_LAST_YEAR.name, "disclosure_id", own)],
        "purchases": _listed(published.where(PROCUREMENT_MART.name, "disclosure_id", own), "name", lines, references),
        "projects": _listed(published.where(PROJECT_SPENDING.name, "disclosure_id", own), "project", lines, references),
        "units": units_of(lines, references),
        "outliers": [row for row in published.outliers if row["document_id"] in files],
        "held_back": [
            {**{name: row[name] for name in ("figure", "measure", "outcome", "statement", "page")}, "reason": detail_in_both(row["reason"])}
            for row in _held_back([document for document in references.documents if document in files], published)
        ],
    }


def _totals(profile: Row, references: References) -> dict[str, Any]:
    """Return the totals of a profile.

    Per column the amount, where it is taken from, the line that prints it, and where no line does the document and page.
    """
    totals: dict[str, Any] = {}
    figures = {figure.name: figure for figure in PROFILE_TOTALS}
    for measure in MEASURES:
        for name, figure in figures.items():
            amount = profile[f"{name}_{measure}"]
            if amount is not None:
                nature = next(iter(figure.natures.values()))
                line = references.of_total(profile["disclosure_id"], figure, nature, measure, amount)
                place = None if line else references.place_of(profile["disclosure_id"], figure, measure)
                totals[f"{name}_{measure}"] = [fen(amount), profile[f"{name}_{measure}_source"], line, place]
        for column in (f"{GRAND_TOTAL}_{measure}", f"expenditure_basic_{measure}", f"expenditure_project_{measure}"):
            if profile[column] is not None:
                totals[column] = [fen(profile[column]), None, [], None]
    return totals


def _coded(rows: Iterable[Row], figures: Sequence[MartAmount], references: References) -> list[dict[str, Any]]:
    return [
        {"code": row["code"], "name": row["name"], "class_code": row["class_code"], **_amounts(row, figures, references)} for row in rows
    ]


def _amounts(row: Row, figures: Sequence[MartAmount], references: References) -> dict[str, Any]:
    """Return the amounts of a mart's row by column, and the lines that print each."""
    amounts: dict[str, Any] = {}
    lines: dict[str, Any] = {}
    for figure in figures:
        for column, (nature, measure) in figure.columns.items():
            amount: Decimal | None = row[column]
            if amount is not None:
                amounts[column] = fen(amount)
                if found := references.of_row(row["disclosure_id"], figure, nature, measure, row, amount):
                    lines[column] = found
    return {"amounts": amounts, "lines": lines}


def _three_public(row: Row, references: References) -> dict[str, Any]:
    amounts: dict[str, Any] = {}
    lines: dict[str, Any] = {}
    for code in THREE_PUBLIC_PARTS:
        for measure in MEASURES:
            column = f"{code}_{measure}"
            amount: Decimal | None = row[column]
            if amount is not None:
                amounts[column] = fen(amount)
                about = {"code": code, "name": ""}
                if found := references.of_row(row["disclosure_id"], THREE_PUBLIC, "total", measure, about, amount):
                    lines[column] = found
    return {"amounts": amounts, "lines": lines}


def _figure(row: Row, references: References) -> dict[str, Any]:
    """Return a key figure, with the number of its document and its item there."""
    kept = ("item", "indicator", "name", "unit", "page")
    return {**{name: row[name] for name in kept}, "document": references.documents.index(row["document_id"]), "value": fen(row["value"])}


def _change(row: Row) -> dict[str, Any]:
    columns = ("statement", "scheme", "code", "name", "unit", "reason")
    percent = row["change_pct"]
    return {
        **{name: row[name] for name in columns},
        **{name: fen(row[name]) for name in ("amount", "change_amount")},
        "change_pct": None if percent is None else f"{percent.normalize():f}",
    }


def _listed(rows: Sequence[Row], name: str, lines: Sequence[Row], references: References) -> dict[str, Any]:
    """Return rows of a mart as a list, the largest first, with the line that prints each, and how many there are."""
    printed: dict[tuple[Any, ...], Row] = {}
    for line in lines:
        if line["source"] == "table" and line["level"] > 0:
            printed.setdefault((line["document_id"], line["page"], line["measure"], line["name"], line["amount"]), line)
    order = sorted(rows, key=lambda row: (-row["amount"], row["item"]))
    listed = []
    for row in order[:MOST_ROWS]:
        printer = printed.get((row["document_id"], row["page"], row["measure"], row[name], row["amount"]))
        about = {"name": row[name], "unit": row["unit"], "amount": fen(row["amount"]), "page": row["page"]}
        listed.append({**about, "line": references.to(printer) if printer else None})
    return {"rows": listed, "number": len(rows)}


def units_of(lines: Sequence[Row], references: References) -> dict[str, Any]:
    """Return what each unit spends, the largest first: no mart has rows by unit. What a page prints of it in several columns is one row."""
    found = sorted(
        (line for line in lines if _is_unit(line)),
        key=lambda line: (-line["amount"], line["document_id"], line["statement_no"], line["row"], line["column"]),
    )
    once: dict[tuple[Any, ...], Row] = {}
    for line in found:
        once.setdefault((line["name"], line["amount"], line["page"]), line)
    chosen = list(once.values())
    listed = [
        {"name": line["name"], "unit": None, "amount": fen(line["amount"]), "page": line["page"], "line": references.to(line)}
        for line in chosen[:MOST_ROWS]
    ]
    return {"rows": listed, "number": len(chosen)}


def _is_unit(line: Row) -> bool:
    """Tell whether a line is all that one unit spends."""
    return bool(
        line["scheme"] == "unit"
        and line["flow"] == "expenditure"
        and kind_of(line["statement"]).family == EXPENDITURE_SUMMARY.family
        and line["source"] == "table"
        and line["measure"] in MEASURES
        and line["fund"] == "total"
        and line["nature"] == "total"
        and line["level"] > 0
    )


def _names(function: Sequence[Row], economic: Sequence[Row], names: CodeNames, year: int) -> dict[str, Any]:
    """Return the names of all codes that a disclosure has, and of those above them."""
    used = [{row["code"] for row in rows if row["code"]} for rows in (function, economic)]
    return {
        "function": names.of_codes("function", with_ancestors(used[0], _FUNCTION_LEVELS), year),
        "economic": names.of_codes("department_economic", with_ancestors(used[1], _ECONOMIC_LEVELS), year),
    }
