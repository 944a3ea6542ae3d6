"""The marts, made from the tables: wide, and never counting an amount twice.

Belongs here: how chosen amounts are laid out. Which amounts are chosen is in `additive_lines.py`, what the marts are in `schemas.marts`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from pipeline.publish.marts.additive_lines import AdditiveLines, select_additive_lines
from schemas.export import polars_schema
from schemas.marts import (
    BUDGET_VS_FINAL,
    BY_ECONOMIC,
    BY_FUNCTION,
    BY_SOURCE,
    DEPARTMENT_PROFILE,
    MART_COVERAGE,
    MEASURES,
    REVENUE_BY_SOURCE,
    SPENDING_BY_ECONOMIC,
    SPENDING_BY_FUNCTION,
    THREE_PUBLIC,
    THREE_PUBLIC_MART,
    THREE_PUBLIC_PARTS,
    MartAmount,
)
from schemas.tables import BUDGET_LINES, DOCUMENTS, KEY_FIGURES, Table

MADE_FROM = (DOCUMENTS, BUDGET_LINES, KEY_FIGURES)
"""Tables that the marts are made from."""

_CLASS_DIGITS = 3
_LAST_YEAR = 9999
_MONEY = pl.Decimal(18, 2)
_COMPARED = ("expenditure", "general_public")
"""Figures of which budget and final account are compared, the widest first."""

_COLUMN_OF_KEY_FIGURE = {
    "agency_operating_expenditure": "agency_operating_budget",
    "procurement_total": "procurement_budget",
    "budget_units": "budget_units",
}


def make_marts(frames: Mapping[str, pl.DataFrame], codes: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return the marts of whole partitions.

    Args:
        frames: the tables `documents`, `budget_lines` and `key_figures` of these partitions.
        codes: the table `codes`, for the names of the 类.

    Returns:
        One frame per mart, with the columns that it declares.
    """
    chosen = select_additive_lines(frames["documents"], frames["budget_lines"])
    function = _coded(chosen, BY_FUNCTION, codes, "function")
    made = {
        SPENDING_BY_FUNCTION: function,
        SPENDING_BY_ECONOMIC: _coded(chosen, BY_ECONOMIC, codes, "department_economic"),
        REVENUE_BY_SOURCE: _pivoted(chosen.lines, BY_SOURCE, ["fund"]).join(chosen.offices, on="office"),
        THREE_PUBLIC_MART: _three_public(chosen),
        BUDGET_VS_FINAL: _budget_vs_final(chosen, function),
        DEPARTMENT_PROFILE: _profile(chosen, frames["key_figures"]),
        MART_COVERAGE: chosen.coverage,
    }
    return {table.name: _as_declared(frame, table) for table, frame in made.items()}


def _as_declared(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    return frame.select(pl.col(name).cast(dtype) for name, dtype in polars_schema(table).items())


def _pivoted(lines: pl.DataFrame, figures: Sequence[MartAmount], rows: Sequence[str]) -> pl.DataFrame:
    """Return one row per office and `rows`, with a column for each nature and measure of the figures."""
    lines = lines.filter(pl.col("figure").is_in([figure.name for figure in figures]))
    sums = []
    for figure in figures:
        for column, (nature, measure) in figure.columns.items():
            here = (pl.col("figure") == figure.name) & (pl.col("nature") == nature) & (pl.col("measure") == measure)
            amounts = pl.col("amount").filter(here)
            sums.append(pl.when(amounts.len() > 0).then(amounts.sum()).cast(_MONEY).alias(column))
    return lines.group_by("office", *rows).agg(sums)


def class_names(codes: pl.DataFrame) -> pl.DataFrame:
    """Return the names of the 类 of each scheme with the years they are in force, from the table `codes`: what marts take from it."""
    names = codes.filter(pl.col("level") == 1).select(
        "scheme", "first_year", last=pl.col("last_year").fill_null(_LAST_YEAR), class_code="code", class_name="name"
    )
    return names.sort(names.columns)


def _coded(chosen: AdditiveLines, figures: Sequence[MartAmount], codes: pl.DataFrame, scheme: str) -> pl.DataFrame:
    """Return the spending of each office by code; a code has one name per office, a row without a code its own."""
    of_code = pl.coalesce(pl.col("standard_name").min(), pl.col("name").min()).over("office", "code")
    lines = chosen.lines.with_columns(name=pl.when(pl.col("code").is_not_null()).then(of_code).otherwise("name"))
    wide = _pivoted(lines, figures, ["code", "name"]).join(chosen.offices, on="office")
    classes = class_names(codes).filter(pl.col("scheme") == scheme).drop("scheme")
    years = wide.select("fiscal_year").unique().join(classes, how="cross")
    in_force = (
        years.filter(pl.col("fiscal_year").is_between("first_year", "last"))
        .sort("first_year", "class_name", descending=[True, False])
        .unique(["fiscal_year", "class_code"], keep="first", maintain_order=True)
        .select("fiscal_year", "class_code", "class_name")
    )
    return wide.with_columns(class_code=pl.col("code").str.head(_CLASS_DIGITS)).join(in_force, on=["fiscal_year", "class_code"], how="left")


def _three_public(chosen: AdditiveLines) -> pl.DataFrame:
    lines = chosen.lines.filter(pl.col("figure") == THREE_PUBLIC.name)
    sums = []
    for code in THREE_PUBLIC_PARTS:
        for measure in MEASURES:
            amounts = pl.col("amount").filter((pl.col("code") == code) & (pl.col("measure") == measure))
            sums.append(pl.when(amounts.len() > 0).then(amounts.sum()).cast(_MONEY).alias(f"{code}_{measure}"))
    made = lines.group_by("office").agg(sums)
    for measure in MEASURES:
        whole = pl.sum_horizontal(*(f"vehicle_{part}_{measure}" for part in ("purchase", "operation")))
        stated = pl.any_horizontal(pl.col(f"vehicle_{part}_{measure}").is_not_null() for part in ("purchase", "operation"))
        made = made.with_columns(pl.coalesce(f"vehicles_{measure}", pl.when(stated).then(whole)))
    return made.join(chosen.offices, on="office")


def _budget_vs_final(chosen: AdditiveLines, function: pl.DataFrame) -> pl.DataFrame:
    """Return budget beside final account, by function code, of the widest figure of which an office has both."""
    known = chosen.lines.group_by("office", "figure").agg(both=pl.col("measure").n_unique() == len(MEASURES)).filter("both")
    order = {figure: n for n, figure in enumerate(_COMPARED)}
    widest = (
        known.filter(pl.col("figure").is_in(list(_COMPARED)))
        .sort(pl.col("figure").replace_strict(order, return_dtype=pl.Int32))
        .group_by("office", maintain_order=True)
        .agg(pl.col("figure").first())
    )
    compared = []
    for figure in _COMPARED:
        budget, final = (pl.col(f"{figure}_{measure}") for measure in MEASURES)
        sides = function.join(widest.filter(pl.col("figure") == figure), on="office").filter(budget.is_not_null() | final.is_not_null())
        compared.append(sides.with_columns(budget=budget.fill_null(0), final=final.fill_null(0)))
    both = pl.concat(compared, how="diagonal")
    percent = (pl.col("final").cast(pl.Decimal(38, 8)) * 100 / pl.col("budget")).round(4)
    return both.with_columns(
        difference=pl.col("final") - pl.col("budget"), execution_pct=pl.when(pl.col("budget") != 0).then(percent).cast(pl.Decimal(12, 4))
    )


def _profile(chosen: AdditiveLines, key_figures: pl.DataFrame) -> pl.DataFrame:
    """Return one row per office: totals as printed, and what the narrative states."""
    sums = []
    for figure in (*BY_SOURCE, *BY_FUNCTION, THREE_PUBLIC):
        for measure in MEASURES:
            here = (pl.col("figure") == figure.name) & (pl.col("measure") == measure)
            sums.append(pl.col("total").filter(here).first().cast(_MONEY).alias(f"{figure.name}_{measure}"))
    totals = chosen.totals.group_by("office").agg(sums)
    parts = _pivoted(chosen.lines, BY_FUNCTION, []).select(
        "office", *(f"expenditure_{n}_{m}" for n in ("basic", "project") for m in MEASURES)
    )
    stated = (
        key_figures.filter(pl.col("indicator").is_in(list(_COLUMN_OF_KEY_FIGURE)))
        .sort("item")
        .group_by("document_id")
        .agg(*(pl.col("value").filter(pl.col("indicator") == name).first().alias(column) for name, column in _COLUMN_OF_KEY_FIGURE.items()))
        .rename({"document_id": "budget_document_id"})
    )
    return (
        chosen.offices.join(totals, on="office", how="left")
        .join(parts, on="office", how="left")
        .join(stated, on="budget_document_id", how="left")
    )
