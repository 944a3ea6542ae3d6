"""The marts, made from the tables: wide, and never counting an amount twice.

Belongs here: how chosen amounts are laid out. Which amounts are chosen is in `additive_lines.py`, what the marts are in `schemas.marts`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from pipeline.publish.marts.additive_lines import BODY_KEY, AdditiveLines, select_additive_lines
from pipeline.publish.marts.held_back import held_against_print
from pipeline.publish.marts.query_marts import query_marts
from pipeline.store.partitions.disclosure_rows import CHECK_ID as BETWEEN_FILES
from pipeline.store.partitions.disclosure_rows import disclosures_frame
from schemas.export import polars_schema
from schemas.marts import (
    BUDGET_VS_FINAL,
    BY_ECONOMIC,
    BY_FUNCTION,
    BY_SOURCE,
    DEPARTMENT_PROFILE,
    DISCLOSURES,
    GRAND_TOTAL,
    MART_COVERAGE,
    MARTS,
    MEASURES,
    PROFILE_TOTALS,
    REVENUE_BY_SOURCE,
    SPENDING_BY_ECONOMIC,
    SPENDING_BY_FUNCTION,
    THREE_PUBLIC,
    THREE_PUBLIC_MART,
    THREE_PUBLIC_PARTS,
    WHOLE,
    MartAmount,
)
from schemas.tables import BUDGET_LINES, CHECKS, DOCUMENTS, KEY_FIGURES, PROJECTS, YEAR_ON_YEAR, Table

MADE_FROM = (DOCUMENTS, BUDGET_LINES, KEY_FIGURES, CHECKS, PROJECTS, YEAR_ON_YEAR)
"""Tables that the marts are made from."""

_CLASS_DIGITS = 3
_LAST_YEAR = 9999
_MONEY = pl.Decimal(18, 2)
_COMPARED = ("expenditure", "general_public")
"""Figures of which budget and final account are compared, the widest first."""

_BUDGET_UNITS = "budget_units"


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
    function = _coded(chosen, BY_FUNCTION, codes, "function")
    made = {
        DISCLOSURES: disclosures,
        SPENDING_BY_FUNCTION: function,
        SPENDING_BY_ECONOMIC: _coded(chosen, BY_ECONOMIC, codes, "department_economic"),
        REVENUE_BY_SOURCE: _pivoted(chosen.lines, BY_SOURCE, ["fund"]).join(chosen.offices, on="office"),
        THREE_PUBLIC_MART: _three_public(chosen),
        BUDGET_VS_FINAL: _budget_vs_final(chosen, function),
        DEPARTMENT_PROFILE: _as_declared(_profile(chosen, settled, disclosures, frames), DEPARTMENT_PROFILE),
    }
    queried, left_out = query_marts(frames, disclosures, made[DEPARTMENT_PROFILE])
    made |= {MART_COVERAGE: _with_left_out(chosen.coverage, left_out, made[DEPARTMENT_PROFILE]), **queried}
    return {table.name: _as_declared(made[table], table) for table in MARTS.values()}


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
    """Return budget beside final account, by function code, of the widest figure of which a body has both."""
    bodies = chosen.lines.join(chosen.offices.select("office", *BODY_KEY), on="office")
    known = bodies.group_by(*BODY_KEY, "figure").agg(both=pl.col("measure").n_unique() == len(MEASURES)).filter("both")
    order = {figure: n for n, figure in enumerate(_COMPARED)}
    widest = (
        known.filter(pl.col("figure").is_in(list(_COMPARED)))
        .sort(pl.col("figure").replace_strict(order, return_dtype=pl.Int32))
        .group_by(BODY_KEY, maintain_order=True)
        .agg(pl.col("figure").first())
    )
    compared = []
    for figure in _COMPARED:
        mine = function.join(widest.filter(pl.col("figure") == figure), on=BODY_KEY)
        compared.append(_side_by_side(mine, *(f"{figure}_{measure}" for measure in MEASURES)))
    both = pl.concat(compared, how="diagonal")
    percent = (pl.col("final").cast(pl.Decimal(38, 8)) * 100 / pl.col("budget")).round(4)
    return both.with_columns(
        difference=pl.col("final") - pl.col("budget"), execution_pct=pl.when(pl.col("budget") != 0).then(percent).cast(pl.Decimal(12, 4))
    )


def _side_by_side(rows: pl.DataFrame, budget: str, final: str) -> pl.DataFrame:
    """Return one row per body and code of rows that may stand in two disclosures, under the final account's; a blank is zero."""
    code = [*BODY_KEY, "figure", "code"]
    unresolved = pl.when(pl.col("code").is_null()).then("name")
    of_final = rows.filter(pl.col(final).is_not_null()).select(*BODY_KEY, head="disclosure_id").unique(BODY_KEY)
    stated = rows.filter(pl.any_horizontal(pl.col(budget, final).is_not_null())).join(of_final, on=BODY_KEY)
    order = stated.sort(pl.col("disclosure_id") != pl.col("head"), maintain_order=True)
    described = ["province", "region_code", "region_name", "department", "level", "class_code", "class_name"]
    return (
        order.group_by(*code, unresolved.alias("unresolved"), maintain_order=True)
        .agg(
            pl.col(*(name for name in described if name not in BODY_KEY), "name").first(),
            pl.col("head").first().alias("disclosure_id"),
            budget=pl.col(budget).sum(),
            final=pl.col(final).sum(),
        )
        .join(_document_of(rows, budget, "budget_document_id"), on=BODY_KEY)
        .join(_document_of(rows, final, "final_document_id"), on=BODY_KEY)
        .drop("unresolved")
    )


def _document_of(rows: pl.DataFrame, amount: str, column: str) -> pl.DataFrame:
    return rows.filter(pl.col(amount).is_not_null()).group_by(BODY_KEY).agg(pl.col(column).drop_nulls().first())


def _profile(chosen: AdditiveLines, settled: pl.DataFrame, disclosures: pl.DataFrame, frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return one row per disclosure: totals as printed, their sources, and how far to trust them."""
    sums = []
    placed = chosen.totals.join(
        settled.select("office", "figure", "measure", "source", "grand", "held"), on=["office", "figure", "measure"], how="left"
    )
    for figure in PROFILE_TOTALS:
        for measure in MEASURES:
            here = (pl.col("figure") == figure.name) & (pl.col("measure") == measure)
            stem = f"{figure.name}_{measure}"
            sums.append(pl.col("total").filter(here).first().cast(_MONEY).alias(stem))
            sums.append(pl.col("source").fill_null("rows").filter(here).first().alias(f"{stem}_source"))
            if figure.name == WHOLE:
                sums.append(pl.coalesce("grand", "total").filter(here).first().cast(_MONEY).alias(f"{GRAND_TOTAL}_{measure}"))
    totals = placed.group_by("office").agg(sums)
    parts = _pivoted(chosen.lines, BY_FUNCTION, []).select(
        "office", *(f"expenditure_{n}_{m}" for n in ("basic", "project") for m in MEASURES)
    )
    documents = frames["documents"].filter(pl.col("status") == "published").select("document_id", "disclosure_id").unique()
    units = (
        frames["key_figures"]
        .filter(pl.col("indicator") == _BUDGET_UNITS)
        .join(documents, on="document_id")
        .sort("document_id", "item")
        .group_by("disclosure_id", maintain_order=True)
        .agg(pl.col("value").first().alias(_BUDGET_UNITS))
    )
    return (
        chosen.offices.join(totals, on="office", how="left")
        .join(parts, on="office", how="left")
        .join(units, on="disclosure_id", how="left")
        .join(disclosures.select("disclosure_id", "grade"), on="disclosure_id", how="left")
        .join(_doubts(settled, frames["checks"], documents, chosen.offices), on="disclosure_id", how="left")
        .with_columns(pl.col("doubts").fill_null(0), standing=pl.col("standing").fill_null("counted"))
    )


def _doubts(settled: pl.DataFrame, checks: pl.DataFrame, documents: pl.DataFrame, offices: pl.DataFrame) -> pl.DataFrame:
    """Return the number of open doubts per disclosure: failed checks (of severity error, or between files), and totals in question."""
    failed = checks.filter(pl.col("outcome") == "fail", (pl.col("severity") == "error") | (pl.col("check_id") == BETWEEN_FILES))
    of_checks = failed.join(documents, on="document_id").select("disclosure_id")
    of_totals = settled.filter(pl.col("contradiction").is_not_null()).join(offices.select("office", "disclosure_id"), on="office")
    both = pl.concat([of_checks, of_totals.select("disclosure_id")])
    return both.group_by("disclosure_id").agg(doubts=pl.len())
