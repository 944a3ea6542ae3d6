"""Marts that are a query over the tables and the profile: one SQL file each, for whoever wants to know what a column is.

Belongs here: what the queries may read, and running them. What they say stands in `queries/<mart>.sql`; marts that have to settle what
several places print are code (`additive_lines.py`, `settled_totals.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from schemas.marts import (
    CHANGES_ON_LAST_YEAR,
    PROCUREMENT_MART,
    PROCUREMENT_TOTAL,
    PROJECT_SPENDING,
    PROJECTS_LISTED,
    UNITS_AND_ASSETS,
)
from schemas.tables import BUDGET_LINES, KEY_FIGURES, PROJECTS, YEAR_ON_YEAR, Table

READ_BY_QUERIES: tuple[Table, ...] = (BUDGET_LINES, KEY_FIGURES, PROJECTS, YEAR_ON_YEAR)
"""Tables that the queries read under their own names."""

_QUERIES: Mapping[Table, str] = {
    PROCUREMENT_MART: "procurement.sql",
    PROJECT_SPENDING: "project_spending.sql",
    CHANGES_ON_LAST_YEAR: "changes_on_last_year.sql",
    UNITS_AND_ASSETS: "units_and_assets.sql",
}
_MACROS = "macros.sql"
_HELD_TO_TOTALS = {PROCUREMENT_MART: PROCUREMENT_TOTAL.name, PROJECT_SPENDING: PROJECTS_LISTED}
"""Marts whose rows must not exceed a printed total, by the figure that `mart_coverage` calls it."""

_OFFICES = """
    SELECT fiscal_year, province, region_code, region_name, department_id, department, level, kind, standing, grade, doubts, disclosure_id,
           procurement_budget, procurement_final, expenditure_project_budget, expenditure_project_final
    FROM department_profile
"""
_FILES = """
    SELECT d.document_id, any_value(d.disclosure_id) AS disclosure_id, any_value(d.source_url) AS source_url,
           any_value(list_position(o.documents, d.document_id)) AS file_order, count(y.document_id) AS changes
    FROM documents d JOIN disclosures o USING (disclosure_id) LEFT JOIN year_on_year y ON y.document_id = d.document_id
    WHERE d.status = 'published' GROUP BY d.document_id
"""
_STATEMENTS = "SELECT disclosure_id, unnest(statements) AS statement, unnest(taken_from) AS document_id FROM disclosures"


def query_marts(
    frames: Mapping[str, pl.DataFrame], disclosures: pl.DataFrame, profile: pl.DataFrame
) -> tuple[dict[Table, pl.DataFrame], pl.DataFrame]:
    """Return the marts that are queries.

    Args:
        frames: `documents` and the tables `READ_BY_QUERIES` of whole partitions.
        disclosures: the table `disclosures` of the same.
        profile: the mart `department_profile` of the same.

    Returns:
        One frame per mart, and what was left out since its rows exceed the printed total: `disclosure_id`, `figure`, `measure`, `mart`,
        `rows`, `amount`, `printed_total`, `document_id`.
    """
    import duckdb  # a build without a change makes no marts

    with duckdb.connect() as connection:
        for name in ("documents", *(table.name for table in READ_BY_QUERIES)):
            connection.register(name, frames[name].to_arrow())
        connection.register("disclosures", disclosures.to_arrow())
        connection.register("department_profile", profile.to_arrow())
        for view, query in (("offices", _OFFICES), ("files", _FILES), ("disclosed_statements", _STATEMENTS)):
            connection.execute(f"CREATE TEMP TABLE {view} AS {query}")
        connection.execute(_text_of(_MACROS))
        made = {table: connection.sql(_text_of(query)).pl() for table, query in _QUERIES.items()}
    left_out = [_left_out(made[table], table, figure) for table, figure in _HELD_TO_TOTALS.items()]
    kept = {table: frame.filter(~pl.col("exceeds")) if table in _HELD_TO_TOTALS else frame for table, frame in made.items()}
    return kept, pl.concat(left_out)


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
