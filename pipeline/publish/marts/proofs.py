"""What the marts say against what the documents print, and against one another: not against the code that made them.

Belongs here: proofs that read shipped tables only, each stated anew and simpler than the choice that it judges. How the marts are made
is in the other modules of this package, none of which is asked here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from pipeline.budget.rounding_columns import MONEY, places, step
from pipeline.budget.sums import NATURES_OUTSIDE_THE_YEAR
from schemas.marts import (
    BY_FUNCTION,
    DEPARTMENT_PROFILE,
    GRAND_TOTAL,
    MART_COVERAGE,
    MEASURES,
    PROFILE_TOTALS,
    SPENDING_BY_FUNCTION,
    WHOLE,
)
from schemas.tables import BUDGET_LINES, DOCUMENTS

_SCALE = 1000
"""A body's spending does not grow a thousandfold from one year to the next, nor from its budget to its account."""

_WITHIN = [figure.name for figure in PROFILE_TOTALS if figure.flow == "expenditure" and figure.name != WHOLE]


def faults_against_print(tables: Mapping[str, pl.DataFrame]) -> tuple[int, list[str]]:
    """Return how many totals were tested, and in a sentence each what contradicts what is printed or one another.

    Args:
        tables: `documents`, `budget_lines` and the marts of a dataset.
    """
    profile = tables[DEPARTMENT_PROFILE.name].sort("disclosure_id")
    amounts = [f"{stem}_{measure}" for measure in MEASURES for stem in (GRAND_TOTAL, *(figure.name for figure in PROFILE_TOTALS))]
    tested = sum(profile[name].count() for name in amounts)
    found = (_less_than_printed(tables), _parts_above_whole(profile), _rows_above_total(tables), _other_scales(profile))
    return tested, [fault for faults in found for fault in faults]


def _printed(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return lines of tables, with `disclosure_id` and the printed step in yuan, that no identity contradicts."""
    published = tables[DOCUMENTS.name].filter(pl.col("status") == "published").select("document_id", "disclosure_id").unique()
    sound = tables[BUDGET_LINES.name].filter(
        pl.col("source") == "table", pl.col("unit").is_null(), pl.col("column_evidence") != "ambiguous", pl.col("contradictions") == 0
    )
    return sound.join(published, on="document_id").with_columns(step=step(places()), amount=pl.col("amount").cast(MONEY))


def _less_than_printed(tables: Mapping[str, pl.DataFrame]) -> Iterator[str]:
    """The largest total that any file prints of a fund is the mart's, but for what is carried forward, or the mart says why not."""
    lines = _printed(tables).filter(pl.col("flow") == "expenditure", pl.col("measure").is_in(list(MEASURES)))
    outside = lines.filter(pl.col("nature").is_in(list(NATURES_OUTSIDE_THE_YEAR))).select("disclosure_id", "measure", "amount").unique()
    beside = pl.concat([outside, outside.group_by("disclosure_id", "measure").agg(pl.col("amount").sum())]).rename({"amount": "beside"})
    held = tables[MART_COVERAGE.name].filter(pl.col("reason").is_not_null()).select("disclosure_id", "figure", "measure").unique()
    for figure in BY_FUNCTION:
        totals = lines.filter(
            pl.col("statement").is_in(list(figure.statements)),
            pl.col("level") == 0,
            pl.col("nature") == "total",
            pl.col("fund").is_in(list(figure.funds)),
        )
        largest = totals.group_by("disclosure_id", "measure").agg(pl.col("amount").max(), pl.col("step").max())
        for measure in MEASURES:
            stem = GRAND_TOTAL if figure.name == WHOLE else figure.name
            said = tables[DEPARTMENT_PROFILE.name].select(
                "disclosure_id", "department", "kind", said=pl.col(f"{stem}_{measure}").cast(MONEY)
            )
            own = said.filter(pl.col("said").is_not_null() | (pl.col("kind") == ("budget" if measure == "budget" else "final_account")))
            both = own.join(largest.filter(measure=measure), on="disclosure_id").join(beside, on=["disclosure_id", "measure"], how="left")
            both = both.join(held.filter(figure=figure.name, measure=measure), on="disclosure_id", how="anti")
            gap = pl.col("amount") - pl.col("said")
            explained = both.filter((gap - pl.col("beside")).abs() <= pl.col("step")).select("disclosure_id")
            wrong = both.filter(pl.col("said").is_null() | (gap.abs() > pl.col("step"))).join(explained, on="disclosure_id", how="anti")
            for row in wrong.unique("disclosure_id").sort("disclosure_id").to_dicts():
                yield f"{row['disclosure_id']} {row['department']}: {stem}_{measure} is {row['said']}, a table prints {row['amount']}"


def _parts_above_whole(profile: pl.DataFrame) -> Iterator[str]:
    """No part is more than all spending: amounts may be rounded to 10,000 yuan."""
    rounded = pl.lit("10000").cast(MONEY)
    for measure in MEASURES:
        whole = pl.col(f"{GRAND_TOTAL}_{measure}").cast(MONEY)
        for name in (*_WITHIN, "expenditure_basic", "expenditure_project", WHOLE):
            for row in profile.filter(pl.col(f"{name}_{measure}").cast(MONEY) > whole + rounded).to_dicts():
                yield f"{row['disclosure_id']} {row['department']}: {name}_{measure} is more than all spending"
        basic, project = (pl.col(f"expenditure_{part}_{measure}").cast(MONEY).fill_null(0) for part in ("basic", "project"))
        for row in profile.filter(basic + project > whole + rounded).to_dicts():
            yield f"{row['disclosure_id']} {row['department']}: basic and project spending are more than all spending ({measure})"


def _rows_above_total(tables: Mapping[str, pl.DataFrame]) -> Iterator[str]:
    """The rows of a disclosure in a mart add up to no more than its total, but for rounding."""
    steps = _printed(tables).group_by("disclosure_id").agg(pl.col("step").max())
    profile = tables[DEPARTMENT_PROFILE.name].join(steps, on="disclosure_id", how="left")
    for figure in BY_FUNCTION:
        for measure in MEASURES:
            column = f"{figure.name}_{measure}"
            sums = (
                tables[SPENDING_BY_FUNCTION.name]
                .group_by("disclosure_id")
                .agg(rows=pl.col(column).cast(MONEY).sum(), number=pl.col(column).count())
            )
            rounding = pl.col("step").fill_null(0) * ((pl.col("number") + 1) / 2).cast(MONEY)
            both = profile.select("disclosure_id", "department", "step", said=pl.col(column).cast(MONEY)).join(sums, on="disclosure_id")
            for row in both.filter(pl.col("rows") > pl.col("said") + rounding).to_dicts():
                yield f"{row['disclosure_id']} {row['department']}: the rows of {column} are {row['rows']}, its total is {row['said']}"


def _other_scales(profile: pl.DataFrame) -> Iterator[str]:
    """Spending of a body is of the same scale in its neighbouring years, and in the budget and the account of one year."""
    total = pl.coalesce(*(f"{WHOLE}_{measure}" for measure in MEASURES)).cast(pl.Float64)  # only their ratio is looked at
    series = profile.select("disclosure_id", "department", "department_id", "level", "fiscal_year", total=total).filter(pl.col("total") > 0)
    series = series.sort("department_id", "level", "fiscal_year", "disclosure_id")
    ratio = pl.col("total") / pl.col("total").shift(1).over("department_id", "level")
    for row in series.with_columns(ratio=ratio).filter((pl.col("ratio") >= _SCALE) | (pl.col("ratio") <= 1 / _SCALE)).to_dicts():
        yield f"{row['disclosure_id']} {row['department']}: spending is {row['ratio']:g} times that of the disclosure before"
