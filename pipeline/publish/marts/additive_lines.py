"""Which amounts of which document make the marts: one document per department, year and measure, one statement per figure.

A figure's rows are the finest that add up: where the rows below one do not add up to it (a withheld item), it stands for
them. They are held against the total that the statement prints; rows that exceed it are not used at all. Lines that are
ambiguous, or that an identity of severity error contradicts, are never used.

Belongs here: the choice and its record (`mart_coverage`). What the marts look like is in `marts.py`, which figures there
are in `schemas.marts`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from pipeline.budget.rounding_columns import MONEY, places, slack, step
from schemas.export import polars_schema
from schemas.marts import FIGURES, MART_COVERAGE, MEASURES, THREE_PUBLIC, MartAmount

DEPARTMENT_KEY = ("fiscal_year", "province", "region_code", "department")
"""What identifies a department in a year."""

_STATEMENT = ("document_id", "statement", "statement_no", "by_unit")
_USED = ("complete", "incomplete", "no_total", "total_only")
_REVENUE_TOTALS = ("total", "current_year")
_APPROPRIATION = ("general_public", "government_fund", "state_capital")
_CLASS_DIGITS, _GROUP_DIGITS = 3, 5
_PARTS = ("abroad", "reception", "vehicles")
_OF_VEHICLES = ("vehicle_purchase", "vehicle_operation")
_CANDIDATE = ("figure", "measure", *_STATEMENT, "outcome", "rows", "amount", "printed_total", "whole")
_ROW = ("figure", "measure", *_STATEMENT, "code", "name", "standard_name", "fund", "nature", "amount")


@dataclass(frozen=True, slots=True)
class AdditiveLines:
    """What the marts are made from.

    Attributes:
        offices: one row per department and year: `office`, its keys, `region_name`, `level`, and per measure the document.
        lines: the lines used, with `office`, `figure`, `measure`.
        totals: per `office`, `figure`, `measure` the amount as a whole.
        coverage: the table `mart_coverage`.
    """

    offices: pl.DataFrame
    lines: pl.DataFrame
    totals: pl.DataFrame
    coverage: pl.DataFrame


def select_additive_lines(documents: pl.DataFrame, lines: pl.DataFrame) -> AdditiveLines:
    """Choose what the marts are made from.

    Args:
        documents: the table `documents` of whole partitions.
        lines: the table `budget_lines` of the same.
    """
    published = _with_exclusion_reason(documents.filter(pl.col("status") == "published"))
    usable = _usable(lines.join(published.select("document_id"), on="document_id", how="semi"))
    parts = [_candidates(usable, figure, measure) for figure in FIGURES for measure in MEASURES]
    rows = pl.concat([part[0] for part in parts])
    candidates = pl.concat([part[1] for part in parts]).join(published, on="document_id", how="left")
    candidates = candidates.join(_documents_chosen(candidates), on=[*DEPARTMENT_KEY, "measure"], how="left", nulls_equal=True)
    candidates = candidates.with_columns(
        outcome=pl.coalesce(
            "standing", pl.when(pl.col("document_id") != pl.col("chosen")).then(pl.lit("other_document")), pl.col("outcome")
        )
    )
    offices = _offices(published, candidates)
    used = candidates.filter(pl.col("outcome").is_in(_USED)).join(
        offices.select("office", *DEPARTMENT_KEY), on=DEPARTMENT_KEY, nulls_equal=True
    )
    keys = ["figure", "measure", *_STATEMENT]
    return AdditiveLines(
        offices=offices,
        lines=rows.join(used.select("office", *keys), on=keys, how="inner"),
        totals=used.select("office", "figure", "measure", "document_id", total=pl.coalesce("whole", "amount")),
        coverage=_coverage(published, candidates),
    )


def _with_exclusion_reason(documents: pl.DataFrame) -> pl.DataFrame:
    """Add `standing`: why a document may not be counted, null where it may (a department's document comprises its units)."""
    kept = documents.select("document_id", *DEPARTMENT_KEY, "region_name", "level", "kind", "parent_department", "reconciled").unique(
        "document_id", keep="first", maintain_order=True
    )
    where = ["fiscal_year", "province", "region_code", "kind"]
    heads = kept.filter(pl.col("level") != "unit", pl.col("department").is_not_null())
    units = kept.filter(pl.col("level") == "unit", pl.col("department").is_not_null())
    pairs = units.join(heads.select(*where, head="department"), on=where, nulls_equal=True)
    own = (
        (pl.col("head") == pl.col("parent_department"))
        | pl.col("department").str.starts_with(pl.col("head"))
        | pl.col("parent_department").fill_null("").str.starts_with(pl.col("head"))
    )
    standing = pairs.group_by("document_id").agg(
        pl.when(own.any())
        .then(pl.lit("part_of_department"))
        .when(pl.col("parent_department").first().is_null())
        .then(pl.lit("perhaps_part_of_department"))
        .alias("standing")
    )
    return kept.join(standing, on="document_id", how="left").with_columns(
        standing=pl.when(pl.col("department").is_null()).then(pl.lit("no_department")).otherwise("standing")
    )


def _usable(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the lines that may be used, with `by_unit` and the last printed `step` of their statement in yuan."""
    return lines.filter(
        pl.col("column_evidence") != "ambiguous", pl.col("measure").is_in(list(MEASURES)), pl.col("nature").is_not_null()
    ).with_columns(
        by_unit=pl.col("unit").is_not_null(),
        step=step(places().max().over("document_id", "source", "statement_no")),
        sound=pl.col("contradictions") == 0,
    )


def _candidates(lines: pl.DataFrame, figure: MartAmount, measure: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows that `figure` could be made from, and per document the statement that gives it best."""
    mine = lines.filter(pl.col("statement").is_in(list(figure.statements)), pl.col("measure") == measure, pl.col("flow") == figure.flow)
    if figure is THREE_PUBLIC:
        rows, wholes, totals = _three_public(mine)
    else:
        rows, wholes, totals = _statement_rows(mine.filter(pl.col("source") == "table"), figure)
    sums = wholes.group_by(_STATEMENT).agg(pl.col("amount").cast(MONEY).sum(), rows=pl.len().cast(pl.Int32), step=pl.col("step").max())
    held = totals.join(sums, on=["document_id", "statement", "statement_no"], how="full", coalesce=True)
    gap = pl.col("total") - pl.col("amount")
    nearest = held.sort(gap.abs(), "total", nulls_last=True).group_by(_STATEMENT, maintain_order=True).first()
    allowed = slack(pl.col("step"), pl.col("rows"))
    outcome = (
        pl.when(pl.col("amount").is_null())
        .then(pl.when(pl.col("total_sound") & (pl.col("different") == 1)).then(pl.lit("total_only")))
        .when(pl.col("total").is_null())
        .then(pl.lit("no_total"))
        .when(gap.abs() <= allowed)
        .then(pl.lit("complete"))
        .when(gap > 0)
        .then(pl.lit("incomplete"))
        .otherwise(pl.lit("exceeds_total"))
    )
    ranks = {"complete": 0, "incomplete": 1, "no_total": 2, "total_only": 3, "exceeds_total": 4}
    order = {statement: n for n, statement in enumerate(figure.statements)}
    best = (
        nearest.with_columns(outcome=outcome)
        .filter(pl.col("outcome").is_not_null())
        .with_columns(
            figure=pl.lit(figure.name),
            measure=pl.lit(measure),
            by_unit=pl.col("by_unit").fill_null(False),
            printed_total=pl.col("total"),
            whole=pl.when((pl.col("outcome") == "complete") | pl.col("total_sound")).then("total"),
        )
        .sort(
            pl.col("outcome").replace_strict(ranks),
            pl.col("statement_no") == 0,
            pl.col("statement").replace_strict(order, return_dtype=pl.Int32),
            "by_unit",
            "statement_no",
        )
        .group_by("document_id", maintain_order=True)
        .first()
    )
    return rows.with_columns(figure=pl.lit(figure.name)).select(_ROW), best.select(_CANDIDATE)


def _statement_rows(lines: pl.DataFrame, figure: MartAmount) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return the rows of a figure's natures, those of its whole, and the printed totals of their statements."""
    natures = list(figure.natures.values())
    whole = pl.col("nature") == natures[0]
    of_fund = pl.col("fund").is_in(list(figure.funds)) if figure.funds else pl.lit(True)
    rows = lines.filter(of_fund, pl.col("scheme") == figure.scheme, pl.col("level") > 0, pl.col("nature").is_in(natures), pl.col("sound"))
    wholes = _finest_that_add_up(rows.filter(whole), [*_STATEMENT, "unit", *(["fund"] if figure.funds else [])])
    kept = rows.join(wholes.select(*_STATEMENT, "row").unique(), on=[*_STATEMENT, "row"], how="semi")
    total_funds = of_fund if figure.funds else pl.col("fund").is_in(_REVENUE_TOTALS)
    printed = lines.filter(total_funds, whole, pl.col("unit").is_null())
    statement = ["document_id", "statement", "statement_no"]
    zero = printed.filter(pl.col("level") == 0).select(*statement, total=pl.col("amount").cast(MONEY), total_sound=pl.col("sound"))
    of_units = printed.filter(pl.col("scheme") == "unit", pl.col("level") == 1)
    units = _total_of_units(of_units, statement).join(zero, on=statement, how="anti")
    totals = pl.concat([zero, units]).unique(maintain_order=True)
    return kept, wholes, totals.with_columns(different=pl.col("total").n_unique().over(statement))


def _total_of_units(rows: pl.DataFrame, statement: Sequence[str]) -> pl.DataFrame:
    """Return the total that the rows of units give; one of them may be the whole department, the sum of the others."""
    amount = pl.col("amount").cast(MONEY)
    sums = rows.group_by(statement).agg(
        sum=amount.sum(), largest=amount.max(), number=pl.len(), step=pl.col("step").max(), total_sound=pl.col("sound").all()
    )
    has_whole = (2 * pl.col("largest") - pl.col("sum")).abs() <= slack(pl.col("step"), pl.col("number"))
    return sums.select(*statement, pl.when(has_whole).then("largest").otherwise("sum").alias("total"), "total_sound")


def _finest_that_add_up(rows: pl.DataFrame, table: Sequence[str]) -> pl.DataFrame:
    """Return the finest rows of which each is contained in no other: children stand for a row only if they add up to it.

    A row's parent is the last row above it of a lower level; where the codes of both say that it is not, the one with its code.
    """
    rows = rows.sort(*table, "row", "column", nulls_last=True)
    for ancestor, level in (("one", 1), ("two", 2)):
        at = pl.col("level") == level
        rows = rows.with_columns(
            pl.when(at).then("row").forward_fill().over(table).alias(ancestor),
            pl.when(at).then(pl.col("code").fill_null("")).forward_fill().over(table).alias(f"{ancestor}_code"),
        )
    rows = rows.with_columns(two=pl.when(pl.col("two") > pl.col("one").fill_null(0)).then("two"))
    for ancestor, level, digits in (("one", 1, _CLASS_DIGITS), ("two", 2, _GROUP_DIGITS)):
        below = pl.col("level") > level
        fits = pl.col("code").is_null() | pl.col("code").str.starts_with(pl.col(f"{ancestor}_code"))
        of_code = (
            rows.filter(pl.col("level") == level, pl.col("code").is_not_null())
            .group_by(*table, prefix="code")
            .agg(pl.col("row").first().alias("by_code"), alone=pl.len() == 1)
            .filter("alone")
        )
        rows = rows.with_columns(prefix=pl.col("code").str.head(digits)).join(of_code, on=[*table, "prefix"], how="left", nulls_equal=True)
        rows = rows.with_columns(pl.when(below & fits).then(ancestor).when(below).then("by_code").alias(ancestor))
        rows = rows.drop("prefix", "by_code", "alone")
    rows = rows.with_columns(parent=pl.coalesce("two", "one"))
    children = (
        rows.filter(pl.col("parent").is_not_null())
        .group_by(*table, "parent")
        .agg(below=pl.col("amount").cast(MONEY).sum(), number=pl.len())
        .rename({"parent": "row"})
    )
    rows = rows.join(children, on=[*table, "row"], how="left", nulls_equal=True)
    allowed = slack(pl.col("step"), pl.col("number"))
    rows = rows.with_columns(opened=((pl.col("below") - pl.col("amount")).abs() <= allowed).fill_null(False))
    opened = rows.select(*table, "row", "opened").unique([*table, "row"])
    for ancestor in ("one", "two"):
        of_ancestor = opened.rename({"row": ancestor, "opened": f"{ancestor}_opened"})
        rows = rows.join(of_ancestor, on=[*table, ancestor], how="left", nulls_equal=True)
    return rows.filter(~pl.col("opened") & pl.col("one_opened").fill_null(True) & pl.col("two_opened").fill_null(True))


def _three_public(lines: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return the rows of 三公 in one fund per statement, those that make its total, and the printed total."""
    lines = lines.filter(pl.col("scheme") == "three_public", pl.col("nature") == "total", pl.col("sound"))
    rank = (
        pl.when(pl.col("fund") == "fiscal_appropriation")
        .then(0)
        .when(pl.col("fund") == "total")
        .then(1)
        .when(pl.col("fund").is_in(_APPROPRIATION))
        .then(2)
    )
    lines = lines.with_columns(rank=rank).filter(pl.col("rank").is_not_null())
    lines = lines.filter(pl.col("rank") == pl.col("rank").min().over(_STATEMENT))
    lines = lines.unique(["document_id", "statement_no", "unit", "code", "fund"], keep="first", maintain_order=True)
    # where the document's own rows and those of its units stand together, its own count
    lines = lines.filter(pl.col("by_unit") == pl.col("by_unit").min().over("document_id", "statement_no"))
    totals = (
        lines.filter(pl.col("code") == "total")
        .group_by("document_id", "statement", "statement_no")
        .agg(total=pl.col("amount").cast(MONEY).sum(), total_sound=pl.lit(True))
        .with_columns(different=pl.lit(1, dtype=pl.UInt32))
    )
    vehicles = (pl.col("code") == "vehicles").any().over("document_id", "statement_no", "unit", "fund")
    parts = lines.filter(pl.col("code").is_in(_PARTS) | (pl.col("code").is_in(_OF_VEHICLES) & ~vehicles))
    return lines, parts, totals


def _documents_chosen(candidates: pl.DataFrame) -> pl.DataFrame:
    """Return per department, year and measure the one document: the department's, of the measure's kind, that gives most."""
    kinds = {"budget": "budget", "final": "final_account"}
    usable = candidates.filter(pl.col("standing").is_null(), pl.col("outcome").is_in(_USED))
    ranked = usable.group_by(*DEPARTMENT_KEY, "measure", "document_id", "level", "kind").agg(
        figures=pl.len(), proven=(pl.col("outcome") == "complete").sum(), size=pl.coalesce("whole", "amount").sum()
    )
    return (
        ranked.sort(
            pl.col("level") == "unit",
            pl.col("kind") != pl.col("measure").replace_strict(kinds),
            -pl.col("proven").cast(pl.Int64),
            -pl.col("figures").cast(pl.Int64),
            -pl.col("size"),
            "document_id",
            nulls_last=True,
        )
        .group_by(*DEPARTMENT_KEY, "measure", maintain_order=True)
        .agg(chosen=pl.col("document_id").first())
    )


def _offices(published: pl.DataFrame, candidates: pl.DataFrame) -> pl.DataFrame:
    counted = published.filter(pl.col("standing").is_null()).group_by(DEPARTMENT_KEY).agg(documents=pl.len().cast(pl.Int32))
    chosen = candidates.filter(pl.col("chosen").is_not_null()).select(*DEPARTMENT_KEY, "measure", "chosen").unique()
    for measure in MEASURES:
        of_measure = chosen.filter(pl.col("measure") == measure).select(*DEPARTMENT_KEY, pl.col("chosen").alias(f"{measure}_document_id"))
        counted = counted.join(of_measure, on=DEPARTMENT_KEY, how="left", nulls_equal=True)
    described = published.select("region_name", "level", "reconciled", first="document_id")
    return (
        counted.filter(pl.any_horizontal(pl.col(f"{measure}_document_id").is_not_null() for measure in MEASURES))
        .with_columns(first=pl.coalesce(*(f"{measure}_document_id" for measure in MEASURES)))
        .join(described, on="first", how="left")
        .sort(DEPARTMENT_KEY, nulls_last=True)
        .with_row_index("office")
        .drop("first")
    )


def _coverage(published: pl.DataFrame, candidates: pl.DataFrame) -> pl.DataFrame:
    silent = published.join(candidates, on="document_id", how="anti").with_columns(
        figure=pl.lit("none"),
        measure=pl.when(pl.col("kind") == "final_account").then(pl.lit("final")).otherwise(pl.lit("budget")),
        outcome=pl.coalesce("standing", pl.lit("no_statement")),
    )
    schema = polars_schema(MART_COVERAGE)
    told = pl.concat([candidates, silent], how="diagonal").with_columns(difference=pl.col("printed_total") - pl.col("amount"))
    return told.select(pl.col(name).cast(dtype) for name, dtype in schema.items())
