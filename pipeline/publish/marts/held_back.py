"""The chosen rows held against the totals that are settled: what contradicts one another is not in the marts, and `mart_coverage` says why.

Belongs here: bringing both together. How rows are chosen is in `additive_lines.py`, how totals are settled in `settled_totals.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import polars as pl

from pipeline.budget.rounding_columns import MONEY
from pipeline.publish.marts.additive_lines import USED, AdditiveLines, measures_of
from pipeline.publish.marts.printed_totals import beside_the_year, printed_totals
from pipeline.publish.marts.settled_totals import OWN, Explanation, Key, Settled, by_key, of_other_scale, settle_all
from schemas.export import polars_schema
from schemas.marts import BY_ECONOMIC, BY_FUNCTION, FIGURES, MART_COVERAGE, MartAmount
from schemas.tables import BUDGET_LINES, CHECKS, DOCUMENTS, KEY_FIGURES

_FIGURE = ["disclosure_no", "figure", "measure"]
_ROWS_ONLY = {figure.name for figure in BY_ECONOMIC}
"""Figures that no mart has as a total: where no table of their own prints one there is nothing to hold."""

_MEASURE_OF_KIND = {"budget": "budget", "final_account": "final"}
_SETTLED = {
    **{"disclosure_no": pl.UInt32(), "figure": pl.String(), "measure": pl.String()},
    **{"value": MONEY, "grand": MONEY, "step": MONEY, "source": pl.String(), "held": pl.String(), "contradiction": pl.String()},
    **{"document_id": pl.String(), "statement": pl.String(), "statement_no": pl.Int16(), "page": pl.Int32()},
}


def held_against_print(chosen: AdditiveLines, frames: Mapping[str, pl.DataFrame]) -> tuple[AdditiveLines, pl.DataFrame]:
    """Return the choice without what is contradicted, and the totals that are settled.

    Args:
        chosen: rows and totals by statement.
        frames: the tables `documents`, `budget_lines`, `key_figures` and `checks` of the same partitions.

    Returns:
        The choice, its totals those that are settled (where nothing prints one, the sum of the rows); and per `disclosure_no`, `figure`,
        `measure` the settled total: `value`, `grand` (with what is carried forward), `source`, its place, `held`, `contradiction`.
    """
    settled = _settled(chosen.disclosures, frames)
    rows = chosen.coverage.join(
        chosen.disclosures.select("disclosure_no", "disclosure_id"), on="disclosure_id", how="left", maintain_order="left"
    )
    rows = rows.join(
        settled.drop("statement_no").rename({"page": "at", "source": "from", "document_id": "of", "statement": "in"}),
        on=_FIGURE,
        how="left",
        maintain_order="left",
    )
    counts = pl.col("outcome").is_in(USED)
    rounding = pl.col("step") * ((pl.col("rows").fill_null(0) + 1) / 2).cast(MONEY)
    exceeds = pl.col("amount") > pl.col("grand") + rounding
    more = pl.format("the rows are more than the largest printed total, {}", "grand")
    rows = rows.with_columns(
        outcome=pl.when(counts & pl.col("held").is_not_null())
        .then("held")
        .when(counts & exceeds)
        .then(pl.lit("exceeds_total"))
        .otherwise("outcome"),
        reason=pl.concat_str(
            pl.col("contradiction"), pl.when(counts & exceeds).then(more), "reason", separator="; ", ignore_nulls=True
        ).replace("", None),
        **{
            name: pl.when(pl.col("outcome") != "other_document").then(pl.col(settled_as))
            for name, settled_as in (("source", "from"), ("page", "at"), ("total_document_id", "of"), ("total_statement", "in"))
        },
    )
    coverage = pl.concat([rows.select(chosen.coverage.columns), _totals_alone(chosen, settled)])
    alone = chosen.totals.join(settled, on=_FIGURE, how="anti").select(*_FIGURE, "document_id", pl.col("total").cast(MONEY))
    used = settled.filter(pl.col("held").is_null()).select(*_FIGURE, "document_id", total="value")
    kept = chosen.lines.join(rows.filter(pl.col("outcome").is_in(USED)).select(_FIGURE), on=_FIGURE, how="semi")
    return replace(chosen, lines=kept, totals=pl.concat([used, alone]), coverage=_without_silence(coverage)), settled


def _settled(chosen_disclosures: pl.DataFrame, frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    documents, lines = frames[DOCUMENTS.name], frames[BUDGET_LINES.name]
    disclosures = documents.filter(pl.col("status") == "published").select("document_id", "disclosure_id").drop_nulls().unique()
    printed = printed_totals(documents, lines, frames[KEY_FIGURES.name]).join(disclosures, on="document_id")
    explanations: dict[tuple[str, str], list[Explanation]] = defaultdict(list)
    for disclosure, measure, amount, outside in (
        beside_the_year(lines)
        .join(disclosures, on="document_id")
        .select("disclosure_id", "measure", "amount", "outside")
        .unique()
        .sort(pl.all())
        .rows()
    ):
        explanations[disclosure, measure].append(Explanation(amount, outside))
    comprised = dict(chosen_disclosures.select("disclosure_id", "comprised_in").drop_nulls().rows())
    settled = settle_all(
        by_key(printed), explanations, comprised, _other_than_last_year(frames[CHECKS.name], documents), _revenue(lines, disclosures)
    )
    numbers = dict(chosen_disclosures.select("disclosure_id", "disclosure_no").rows())
    rows = [
        _row(numbers[key.disclosure_id], key, one)
        for key, one in settled.items()
        if key.figure not in _ROWS_ONLY or one.printed.source in OWN
    ]
    frame = pl.DataFrame(rows, schema=_SETTLED, orient="row")
    return frame.join(measures_of(chosen_disclosures), on=["disclosure_no", "measure"], how="semi", maintain_order="left")


def _revenue(lines: pl.DataFrame, disclosures: pl.DataFrame) -> dict[Key, list[Decimal]]:
    """Return what tables print of the revenue of each fund, per figure of its spending."""
    income = lines.filter(pl.col("flow") == "revenue", pl.col("source") == "table", pl.col("unit").is_null(), pl.col("amount") > 0)
    found: dict[Key, list[Decimal]] = defaultdict(list)
    for figure in BY_FUNCTION:
        of_fund = income.filter(pl.col("fund").is_in(list(figure.funds)), pl.col("column_evidence") != "ambiguous")
        amounts = of_fund.join(disclosures, on="document_id").select("disclosure_id", "measure", "amount").unique().sort(pl.all())
        for disclosure, measure, amount in amounts.rows():
            found[Key(disclosure, figure.name, measure)].append(amount)
    return found


def _row(disclosure_no: int, key: Key, one: Settled) -> tuple[object, ...]:
    at = one.printed
    where = (at.document_id, at.statement, at.statement_no, at.page)
    return (disclosure_no, key.figure, key.measure, at.amount, one.grand, at.step, at.source, one.held, one.reason, *where)


def _other_than_last_year(checks: pl.DataFrame, documents: pl.DataFrame) -> dict[Key, str]:
    """Return the figures of which a document says another scale of last year than last year's document does, with the sentence."""
    failed = checks.filter(check_id="Y1", outcome="fail").join(
        documents.filter(pl.col("status") == "published").select("document_id", "disclosure_id", "kind").unique("document_id"),
        on="document_id",
    )
    found = {}
    for row in failed.sort("document_id", "item").iter_rows(named=True):
        subject, nature, fund, _ = row["subject"].rsplit(" ", 3)
        if subject.isdigit() or not of_other_scale(row["expected"], row["actual"]):
            continue  # a single code may well grow from nothing
        for figure in FIGURES:
            if row["statement"] in figure.statements and _is_total(figure, subject, nature, fund):
                found[Key(row["disclosure_id"], figure.name, _MEASURE_OF_KIND.get(row["kind"], "budget"))] = row["detail"]
    return found


def _is_total(figure: MartAmount, subject: str, nature: str, fund: str) -> bool:
    if figure.scheme == "three_public":
        return subject == "total"
    return nature == next(iter(figure.natures.values())) and (not figure.funds or fund in figure.funds)


def _totals_alone(chosen: AdditiveLines, settled: pl.DataFrame) -> pl.DataFrame:
    """Return rows of `mart_coverage` for totals of which no statement gives rows."""
    known = chosen.coverage.select("disclosure_id", "figure", "measure").unique()
    chosen_disclosures = chosen.disclosures.drop("budget_document_id", "final_document_id", "reconciled", "documents")
    named = settled.join(chosen_disclosures, on="disclosure_no").join(known, on=["disclosure_id", "figure", "measure"], how="anti")
    told = named.with_columns(
        outcome=pl.coalesce("standing", "held", pl.lit("total_only")),
        printed_total="value",
        reason="contradiction",
        total_document_id="document_id",
        total_statement="statement",
        rows=None,
        amount=None,
        difference=None,
    )
    return told.select(pl.col(name).cast(dtype) for name, dtype in polars_schema(MART_COVERAGE).items())


def _without_silence(coverage: pl.DataFrame) -> pl.DataFrame:
    """Return the coverage without the remark that a document gives nothing, where it gives a total after all."""
    giving = coverage.filter(pl.col("figure") != "none").select("document_id").unique()
    silent = coverage.filter(pl.col("figure") == "none").join(giving, on="document_id", how="anti")
    return pl.concat([coverage.filter(pl.col("figure") != "none"), silent])
