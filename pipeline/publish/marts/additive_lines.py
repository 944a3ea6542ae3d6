"""Which rows make the marts: of each disclosure, per figure one statement of one file, and of several disclosures of a body one.

A figure's rows are the finest that add up: where the rows below one do not add up to it (a withheld item), it stands for
them. They are held against the total that the statement prints; rows that exceed it are not used at all. Lines that are
ambiguous, or that an identity of severity error contradicts, are never used.

Belongs here: the choice and its record (`mart_coverage`). What the marts look like is in `wide_tables.py`, which figures there
are in `schemas.marts`, which totals are printed where and what contradicts them in `printed_totals.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from pipeline.budget.rounding_columns import MONEY, places, slack, step
from pipeline.publish.marts.row_doubts import contradicted_natures, doubts_of_rows, passed_over
from pipeline.store.partitions.disclosure_rows import statement_files
from schemas.export import polars_schema
from schemas.marts import FIGURES, MART_COVERAGE, MEASURES, THREE_PUBLIC, MartAmount

BODY_KEY = ("fiscal_year", "province", "department_id")
"""What identifies a body in a year."""

_STATEMENT = ("document_id", "statement", "statement_no", "by_unit")
USED = ("complete", "incomplete", "no_total", "total_only")
"""Outcomes of which the marts have the rows or the total."""

_REVENUE_TOTALS = ("total", "current_year")
_APPROPRIATION = ("general_public", "government_fund", "state_capital")
_CLASS_DIGITS, _GROUP_DIGITS = 3, 5
_PARTS = ("abroad", "reception", "vehicles")
_OF_VEHICLES = ("vehicle_purchase", "vehicle_operation")
_CANDIDATE = ("figure", "measure", *_STATEMENT, "outcome", "rows", "amount", "printed_total", "whole", "taken", "reason")
_ROW = ("figure", "measure", *_STATEMENT, "code", "name", "standard_name", "fund", "nature", "amount")
_LINE = (
    *("document_id", "source", "statement", "statement_no", "row", "column", "unit", "flow", "scheme", "level", "code", "name"),
    *("standard_name", "function_code", "department_economic_code", "government_economic_code", "project", "fund", "nature", "measure"),
    *("amount", "amount_text", "unit_text", "column_evidence", "contradictions"),
)
"""Columns of `budget_lines` that are looked at: each step copies the columns that it is given."""
_RANKS = {"complete": 0, "incomplete": 1, "no_total": 2, "total_only": 3, "exceeds_total": 4}
FEW = 2
"""Of so few rows one is no sum of the others: two equal amounts are common."""

_KIND_OF_MEASURE = {"budget": "budget", "final": "final_account"}


@dataclass(frozen=True, slots=True)
class AdditiveLines:
    """What the marts are made from.

    Attributes:
        disclosures: one row per disclosure: `disclosure_no`, its keys, `standing`, and per measure the document that it is mainly from.
        lines: the lines used, with `disclosure_no`, `figure`, `measure`; of a body in a year those of one disclosure per measure.
        totals: per `disclosure_no`, `figure`, `measure` the amount as a whole, of every disclosure.
        coverage: the table `mart_coverage`.
    """

    disclosures: pl.DataFrame
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
    usable = _usable(lines.select(_LINE).join(published.select("document_id"), on="document_id", how="semi"))
    taken = statement_files(documents, lines).select("document_id", "statement", "taken")
    parts = [_candidates(usable, taken, figure, measure) for figure in FIGURES for measure in MEASURES]
    rows = pl.concat([part[0] for part in parts])
    candidates = _of_disclosure(pl.concat([part[1] for part in parts]).join(published, on="document_id", how="left"))
    candidates = candidates.join(_disclosures_chosen(candidates), on=[*BODY_KEY, "measure"], how="left", nulls_equal=True)
    elsewhere = pl.col("disclosure_id") != pl.col("chosen")
    told = pl.coalesce("standing", pl.when(elsewhere).then(pl.lit("other_document")), "outcome")
    disclosures = _disclosures(published, candidates)
    own = candidates.filter(pl.col("outcome").is_in(USED)).join(disclosures.select("disclosure_no", "disclosure_id"), on="disclosure_id")
    used = own.filter(told.is_in(USED))
    keys = ["figure", "measure", *_STATEMENT]
    totals = own.select("disclosure_no", "figure", "measure", "document_id", total=pl.coalesce("whole", "amount"))
    return AdditiveLines(
        disclosures=disclosures,
        lines=rows.join(used.select("disclosure_no", *keys), on=keys, how="inner"),
        totals=totals.join(measures_of(disclosures), on=["disclosure_no", "measure"], how="semi"),
        coverage=_coverage(published, candidates.with_columns(outcome=told)),
    )


def _with_exclusion_reason(documents: pl.DataFrame) -> pl.DataFrame:
    """Add `standing`: why a document may not be counted, null where it may (a department's document comprises its units)."""
    kept = documents.select(
        *("document_id", *BODY_KEY, "disclosure_id", "region_code", "department", "region_name", "level", "kind", "parent_department"),
        *("reconciled", "grade", "lines", "source_url"),
    ).unique("document_id", keep="first", maintain_order=True)
    where = ["fiscal_year", "province", "region_code", "kind"]
    heads = kept.filter(pl.col("level") != "unit", pl.col("department").is_not_null())
    units = kept.filter(pl.col("level") == "unit", pl.col("department").is_not_null())
    pairs = units.join(heads.select(*where, head="department", comprising="disclosure_id"), on=where, nulls_equal=True)
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
        .alias("standing"),
        comprised_in=pl.col("comprising").filter(own).min(),
    )
    return kept.join(standing, on="document_id", how="left").with_columns(
        standing=pl.when(pl.col("department").is_null()).then(pl.lit("no_department")).otherwise("standing")
    )


def _usable(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the lines that may be used, with `by_unit` and the last printed `step` of their statement in yuan."""
    usable = lines.filter(
        pl.col("column_evidence") != "ambiguous", pl.col("measure").is_in(list(MEASURES)), pl.col("nature").is_not_null()
    ).with_columns(
        by_unit=pl.col("unit").is_not_null(),
        step=step(places().max().over("document_id", "source", "statement_no")),
        sound=pl.col("contradictions") == 0,
    )
    return usable.drop("column_evidence", "amount_text", "unit_text", "contradictions")


def _candidates(lines: pl.DataFrame, taken: pl.DataFrame, figure: MartAmount, measure: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows that `figure` could be made from, and per document the statement that gives it best.

    A statement that is taken from another file of the disclosure comes last.
    """
    mine = lines.filter(pl.col("statement").is_in(list(figure.statements)), pl.col("measure") == measure, pl.col("flow") == figure.flow)
    if figure is THREE_PUBLIC:
        rows, wholes, totals = _three_public(mine)
    else:
        rows, wholes, totals = _statement_rows(mine.filter(pl.col("source") == "table"), figure)
    sums = wholes.group_by(_STATEMENT).agg(
        pl.col("amount").cast(MONEY).sum(),
        rows=pl.len().cast(pl.Int32),
        step=pl.col("step").max(),
        largest=pl.col("amount").cast(MONEY).max(),
    )
    wrong = contradicted_natures(rows, mine, figure)
    rows = rows.join(wrong, on=[*_STATEMENT, "nature"], how="anti")
    doubts = pl.concat([doubts_of_rows(wholes, _STATEMENT), wrong.select(*_STATEMENT, "doubt")])
    doubts = doubts.group_by(_STATEMENT, maintain_order=True).agg(reason=pl.col("doubt").sort().str.join("; "))
    held = totals.join(sums, on=["document_id", "statement", "statement_no"], how="full", coalesce=True)
    gap = pl.col("total") - pl.col("amount")
    nearest = held.sort(gap.abs(), "total", nulls_last=True).group_by(_STATEMENT, maintain_order=True).first()
    allowed = slack(pl.col("step"), pl.col("rows"))
    outcome = (
        pl.when(pl.col("amount").is_null())
        .then(pl.when(pl.col("total_sound") & (pl.col("different") == 1)).then(pl.lit("total_only")))
        .when(pl.col("total").is_null() & (pl.col("rows") > FEW) & ((2 * pl.col("largest") - pl.col("amount")).abs() <= allowed))
        .then(pl.lit("exceeds_total"))  # one row is the sum of the others: a total that was not known as one
        .when(pl.col("total").is_null())
        .then(pl.lit("no_total"))
        .when(gap.abs() <= allowed)
        .then(pl.lit("complete"))
        .when(gap > 0)
        .then(pl.lit("incomplete"))
        .otherwise(pl.lit("exceeds_total"))
    )
    order = {statement: n for n, statement in enumerate(figure.statements)}
    ranked = (
        nearest.with_columns(outcome=outcome)
        .filter(pl.col("outcome").is_not_null())
        .join(taken, on=["document_id", "statement"], how="left", maintain_order="left")
        .with_columns(
            figure=pl.lit(figure.name),
            measure=pl.lit(measure),
            by_unit=pl.col("by_unit").fill_null(False),
            printed_total=pl.col("total"),
            whole=pl.when((pl.col("outcome") == "complete") | pl.col("total_sound")).then("total"),
        )
        .sort(
            pl.col("taken").not_(),
            pl.col("outcome").replace_strict(_RANKS),
            pl.col("statement_no") == 0,
            pl.col("statement").replace_strict(order, return_dtype=pl.Int32),
            "by_unit",
            "statement_no",
        )
    )
    best = (
        ranked.group_by("document_id", maintain_order=True)
        .first()
        .join(doubts, on=_STATEMENT, how="left", maintain_order="left")
        .join(passed_over(ranked, order), on="document_id", how="left", maintain_order="left")
        .with_columns(reason=pl.concat_str("reason", "doubt", separator="; ", ignore_nulls=True).replace("", None))
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
    finest = rows.filter(~pl.col("opened") & pl.col("one_opened").fill_null(True) & pl.col("two_opened").fill_null(True))
    return finest.with_columns(unopened=pl.col("below").is_not_null())


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
    lines = _without_units_of_whole(lines.filter(pl.col("by_unit") == pl.col("by_unit").min().over("document_id", "statement_no")))
    totals = (
        lines.filter(pl.col("code") == "total")
        .group_by("document_id", "statement", "statement_no")
        .agg(total=pl.col("amount").cast(MONEY).sum(), total_sound=pl.lit(True))
        .with_columns(different=pl.lit(1, dtype=pl.UInt32))
    )
    vehicles = (pl.col("code") == "vehicles").any().over("document_id", "statement_no", "unit", "fund")
    parts = lines.filter(pl.col("code").is_in(_PARTS) | (pl.col("code").is_in(_OF_VEHICLES) & ~vehicles))
    return lines, parts.with_columns(unopened=pl.lit(False)), totals


def _without_units_of_whole(lines: pl.DataFrame) -> pl.DataFrame:
    """Return rows of 三公 by unit; where the total of one unit is the sum of the others, that one is the whole and they are its parts."""
    amount, table = pl.col("amount").cast(MONEY), ("document_id", "statement_no", "fund")
    totals = lines.filter(pl.col("code") == "total", pl.col("by_unit"))
    sums = totals.group_by(table).agg(
        whole=pl.col("unit").sort_by(amount).last(), largest=amount.max(), sum=amount.sum(), number=pl.len(), step=pl.col("step").max()
    )
    is_whole = (2 * pl.col("largest") - pl.col("sum")).abs() <= slack(pl.col("step"), pl.col("number"))
    heads = sums.filter(is_whole, pl.col("number") > FEW, pl.col("largest") > 0).select(*table, "whole")
    marked = lines.join(heads, on=table, how="left", maintain_order="left")
    return marked.filter(pl.col("whole").is_null() | (pl.col("unit") == pl.col("whole"))).drop("whole")


def _of_disclosure(candidates: pl.DataFrame) -> pl.DataFrame:
    """Mark what another file of the disclosure gives: of the statements that are taken the one that is proven best."""
    rank = pl.col("outcome").replace_strict(_RANKS)
    order = candidates.sort("figure", "measure", ~pl.col("taken"), rank, "document_id")
    first = pl.col("document_id") == pl.col("document_id").first().over("figure", "measure", pl.coalesce("disclosure_id", "document_id"))
    return order.with_columns(outcome=pl.when(first).then("outcome").otherwise(pl.lit("other_document")))


def _disclosures_chosen(candidates: pl.DataFrame) -> pl.DataFrame:
    """Return per body, year and measure the one disclosure: the department's, of the measure's kind, that gives most."""
    usable = candidates.filter(pl.col("standing").is_null(), pl.col("outcome").is_in(USED))
    ranked = usable.group_by(*BODY_KEY, "measure", "disclosure_id").agg(
        pl.col("level", "kind").first(),
        figures=pl.len(),
        proven=(pl.col("outcome") == "complete").sum(),
        size=pl.coalesce("whole", "amount").sum(),
    )
    return (
        ranked.sort(
            pl.col("level") == "unit",
            pl.col("kind") != pl.col("measure").replace_strict(_KIND_OF_MEASURE),
            -pl.col("proven").cast(pl.Int64),
            -pl.col("figures").cast(pl.Int64),
            -pl.col("size"),
            "disclosure_id",
            nulls_last=True,
        )
        .group_by(*BODY_KEY, "measure", maintain_order=True)
        .agg(chosen=pl.col("disclosure_id").first())
    )


def _disclosures(published: pl.DataFrame, candidates: pl.DataFrame) -> pl.DataFrame:
    """Return one row per disclosure, each measure with the document that most of its figures are from."""
    files = published.filter(pl.col("disclosure_id").is_not_null()).sort(
        "disclosure_id", "lines", "document_id", descending=[False, True, False]
    )
    counted = files.group_by("disclosure_id", maintain_order=True).agg(
        pl.col(*BODY_KEY, "region_code", "region_name", "department", "level", "kind", "standing", "comprised_in", "source_url").first(),
        reconciled=pl.col("reconciled").min(),
        documents=pl.len().cast(pl.Int32),
        main=pl.col("document_id").first(),
    )
    used = candidates.filter(pl.col("outcome").is_in(USED)).group_by("disclosure_id", "measure", "document_id", "lines").len()
    most = used.sort("len", "lines", "document_id", descending=[True, True, False]).unique(
        ["disclosure_id", "measure"], keep="first", maintain_order=True
    )
    chosen = candidates.select("disclosure_id", "measure", "chosen").filter(pl.col("chosen") == pl.col("disclosure_id")).unique()
    for measure, kind in _KIND_OF_MEASURE.items():
        given = most.filter(pl.col("measure") == measure).select("disclosure_id", given="document_id")
        counts = chosen.filter(pl.col("measure") == measure).select("disclosure_id", counts=pl.lit(True))
        counted = counted.join(given, on="disclosure_id", how="left").join(counts, on="disclosure_id", how="left")
        own = pl.when(pl.col("kind").fill_null("budget") == kind).then(pl.coalesce("given", "main"))
        counted = counted.with_columns(pl.coalesce(own, pl.when("counts").then("given")).alias(f"{measure}_document_id")).drop(
            "given", "counts"
        )
    return counted.sort("disclosure_id").with_row_index("disclosure_no").drop("main")


def measures_of(disclosures: pl.DataFrame) -> pl.DataFrame:
    """Return `disclosure_no` and `measure`: what a disclosure speaks for.

    A final account repeats the budget that it is compared with; it speaks for it only where the budget's own disclosure is not there.
    """
    kind = pl.col("kind").fill_null("budget")
    found = []
    for measure, own in _KIND_OF_MEASURE.items():
        alone = ~(kind == own).any().over(BODY_KEY)
        found.append(disclosures.filter((kind == own) | alone).select("disclosure_no", measure=pl.lit(measure)))
    return pl.concat(found)


def _coverage(published: pl.DataFrame, candidates: pl.DataFrame) -> pl.DataFrame:
    silent = published.join(candidates, on="document_id", how="anti").with_columns(
        figure=pl.lit("none"),
        measure=pl.when(pl.col("kind") == "final_account").then(pl.lit("final")).otherwise(pl.lit("budget")),
        outcome=pl.coalesce("standing", pl.lit("no_statement")),
    )
    schema = polars_schema(MART_COVERAGE)
    told = (
        pl.concat([candidates, silent], how="diagonal")
        .with_columns(difference=pl.col("printed_total") - pl.col("amount"), source=pl.lit(None, pl.String), page=pl.lit(None, pl.Int32))
        .with_columns(total_statement=pl.lit(None, pl.String), total_document_id=pl.lit(None, pl.String))
    )
    return told.select(pl.col(name).cast(dtype) for name, dtype in schema.items())
