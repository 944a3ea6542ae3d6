"""The marts as queries: one SQL file each, for whoever wants to know what a column is.

Belongs here: what the queries may read, and running them. What they say stands in `queries/<mart>.sql`; which rows and totals are chosen is
code (`additive_lines.py`, `settled_totals.py`), since it has to settle what several places print.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipeline.targets.target_rows import WHOLE_DEPARTMENT
from schemas.export import polars_schema
from schemas.marts import (
    BUDGET_VS_FINAL,
    CHANGES_ON_LAST_YEAR,
    DEPARTMENT_PROFILE,
    PROCUREMENT_MART,
    PROCUREMENT_TOTAL,
    PROJECT_SPENDING,
    PROJECTS_LISTED,
    REVENUE_BY_SOURCE,
    SPENDING_BY_ECONOMIC,
    SPENDING_BY_FUNCTION,
    THREE_PUBLIC_MART,
    UNITS_AND_ASSETS,
)
from schemas.tables import BUDGET_LINES, CHECKS, CODES, DOCUMENTS, KEY_FIGURES, PROJECTS, YEAR_ON_YEAR, Table
from schemas.vocabulary.phrases import meanings

READ_BY_QUERIES: tuple[Table, ...] = (DOCUMENTS, BUDGET_LINES, KEY_FIGURES, CHECKS, PROJECTS, YEAR_ON_YEAR)
"""Tables that the queries read under their own names, with `codes` and `disclosures`."""

_QUERIES: Mapping[Table, str] = {
    SPENDING_BY_FUNCTION: "spending_by_function.sql",
    SPENDING_BY_ECONOMIC: "spending_by_economic.sql",
    REVENUE_BY_SOURCE: "revenue_by_source.sql",
    BUDGET_VS_FINAL: "budget_vs_final.sql",
    DEPARTMENT_PROFILE: "department_profile.sql",
    PROCUREMENT_MART: "procurement.sql",
    PROJECT_SPENDING: "project_spending.sql",
    CHANGES_ON_LAST_YEAR: "changes_on_last_year.sql",
    UNITS_AND_ASSETS: "units_and_assets.sql",
    THREE_PUBLIC_MART: "three_public.sql",
}
"""Marts with their queries, each of which may read those before it. Named in full, so that they count for the version of publication."""

_BEFORE: Mapping[Table, tuple[str, ...]] = {SPENDING_BY_FUNCTION: ("macros.sql", "sources.sql"), PROCUREMENT_MART: ("disclosure_keys.sql",)}
"""Files that define what the query of a mart, and those after it, read."""

_WORDS = "mart_words.csv"

_HELD_TO_TOTALS = {PROCUREMENT_MART: PROCUREMENT_TOTAL.name, PROJECT_SPENDING: PROJECTS_LISTED}
"""Marts whose rows must not exceed a printed total, by the figure that `mart_coverage` calls it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is chosen for the marts, as the queries read it.

    Attributes:
        disclosures: `chosen_disclosures`, one row each: its keys and the documents that its amounts are from.
        lines: `chosen_lines`, the rows that add up, by `disclosure_no`, `figure` and `measure`.
        totals: of each figure and measure the amount as a whole; `chosen_totals` adds its `source` and, with what is carried forward,
            `grand`.
        settled: `settled_totals`, how the printed totals were settled, those that are held back among them.
    """

    disclosures: pl.DataFrame
    lines: pl.DataFrame
    totals: pl.DataFrame
    settled: pl.DataFrame


def query_marts(
    frames: Mapping[str, pl.DataFrame], codes: pl.DataFrame, disclosures: pl.DataFrame, choice: Choice
) -> tuple[dict[Table, pl.DataFrame], pl.DataFrame]:
    """Return the marts that are queries.

    Args:
        frames: the tables `READ_BY_QUERIES` of whole partitions.
        codes: the table `codes`, for the names of the 类.
        disclosures: the table `disclosures` of the same partitions.
        choice: which of their rows and totals count.

    Returns:
        One frame per mart, and what was left out since its rows exceed the printed total: `disclosure_id`, `figure`, `measure`, `mart`,
        `rows`, `amount`, `printed_total`, `document_id`.
    """
    import duckdb  # a build without a change makes no marts

    placed = choice.settled.select("disclosure_no", "figure", "measure", "source", "grand")
    read = {
        **{table.name: frames[table.name] for table in READ_BY_QUERIES},
        CODES.name: codes,
        "disclosures": disclosures,
        "purchase_categories": pl.DataFrame(list(meanings(_WORDS, "purchase_category").items()), schema=["word", "category"], orient="row"),
        "chosen_disclosures": choice.disclosures,
        "chosen_lines": choice.lines,
        "chosen_totals": choice.totals.join(placed, on=["disclosure_no", "figure", "measure"], how="left"),
        "settled_totals": choice.settled,
    }
    made = {}
    with duckdb.connect() as connection:
        for name, frame in read.items():
            connection.register(name, frame.to_arrow())
        for variable, value in _words().items():
            connection.execute(f"SET VARIABLE {variable} = $1", [value])
        for table, query in _QUERIES.items():
            for definitions in _BEFORE.get(table, ()):
                connection.execute(_text_of(definitions))
            made[table] = connection.sql(_text_of(query)).pl()
            connection.register(table.name, made[table].to_arrow())
    left_out = [_left_out(made[table], table, figure) for table, figure in _HELD_TO_TOTALS.items()]
    kept = {table: frame.filter(~pl.col("exceeds")) if table in _HELD_TO_TOTALS else frame for table, frame in made.items()}
    return kept, pl.concat(left_out)


def as_declared(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Return the columns of a mart, in the order and types that it declares."""
    return frame.select(pl.col(name).cast(dtype) for name, dtype in polars_schema(table).items())


def _words() -> dict[str, str]:
    """Return the words that queries ask for, as variables: patterns of the ones that do not tell projects apart, and no project's name."""
    joiners, endings = meanings(_WORDS, "project_joiner"), meanings(_WORDS, "project_ending")
    return {
        "project_joiners": "|".join(re.escape(word) for word in joiners),
        "project_endings": "".join(f"({re.escape(word)})?" for word in endings) + "$",
        "whole_department": WHOLE_DEPARTMENT,
    }


def _text_of(file: str) -> str:
    return Path(__file__).with_name("queries").joinpath(file).read_text(encoding="utf-8")


def _left_out(rows: pl.DataFrame, mart: Table, figure: str) -> pl.DataFrame:
    return (
        rows.filter("exceeds")
        .group_by("disclosure_id", "measure")
        .agg(pl.col("document_id").min(), pl.col("printed_total").max(), rows=pl.len().cast(pl.Int32), amount=pl.col("amount").sum())
        .select("disclosure_id", "measure", "document_id", "rows", "amount", "printed_total", figure=pl.lit(figure), mart=pl.lit(mart.name))
        .sort("disclosure_id", "figure", "measure")
    )
