"""The marts of whole partitions: what is chosen and held against print, laid out by the queries.

Belongs here: the order in which they are made. Which amounts are chosen is in `additive_lines.py` and `held_back.py`, how they are laid out
in `queries/`, what the marts are in `schemas.marts`.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipeline.publish.marts.additive_lines import select_additive_lines
from pipeline.publish.marts.held_back import held_against_print
from pipeline.publish.marts.query_marts import Choice, as_declared, query_marts
from pipeline.store.partitions.disclosure_rows import disclosures_frame
from schemas.marts import DEPARTMENT_PROFILE, DISCLOSURES, MART_COVERAGE, MARTS
from schemas.tables import BUDGET_LINES, CHECKS, DOCUMENTS, KEY_FIGURES, PROJECTS, YEAR_ON_YEAR

MADE_FROM = (DOCUMENTS, BUDGET_LINES, KEY_FIGURES, CHECKS, PROJECTS, YEAR_ON_YEAR)
"""Tables that the marts are made from."""

_LAST_YEAR = 9999


def make_marts(frames: Mapping[str, pl.DataFrame], codes: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return the marts of whole partitions.

    Args:
        frames: the tables `MADE_FROM` of these partitions.
        codes: the table `codes`, for the names of the 类.

    Returns:
        One frame per mart, with the columns that it declares.
    """
    chosen, settled = held_against_print(select_additive_lines(frames["documents"], frames["budget_lines"]), frames)
    disclosures = disclosures_frame(frames["documents"], frames["budget_lines"], frames["checks"])
    queried, left_out = query_marts(frames, codes, disclosures, Choice(chosen.disclosures, chosen.lines, chosen.totals, settled))
    coverage = _with_left_out(chosen.coverage, left_out, queried[DEPARTMENT_PROFILE])
    made = {DISCLOSURES: disclosures, MART_COVERAGE: coverage, **queried}
    return {table.name: as_declared(made[table], table) for table in MARTS.values()}


def _with_left_out(coverage: pl.DataFrame, left_out: pl.DataFrame, profile: pl.DataFrame) -> pl.DataFrame:
    """Return the coverage with what the marts of single purchases and projects leave out, whose rows exceed the printed total."""
    about = profile.select("disclosure_id", "fiscal_year", "province", "region_code", "department")
    key = ["document_id", "figure", "measure"]
    rows = (
        left_out.join(about, on="disclosure_id")
        .with_columns(
            outcome=pl.lit("exceeds_total"),
            difference=pl.col("printed_total") - pl.col("amount"),
            reason=pl.format("`{}` has none of its rows: they add up to more than is printed", "mart"),
        )
        .drop("mart")
    )
    return pl.concat([coverage.join(rows, on=key, how="anti"), rows], how="diagonal_relaxed")


def class_names(codes: pl.DataFrame) -> pl.DataFrame:
    """Return the names of the 类 of each scheme with the years they are in force, from the table `codes`: what marts take from it."""
    names = codes.filter(pl.col("level") == 1).select(
        "scheme", "first_year", last=pl.col("last_year").fill_null(_LAST_YEAR), class_code="code", class_name="name"
    )
    return names.sort(names.columns)
