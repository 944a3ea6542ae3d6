"""What is doubtful in rows that add up as a whole: columns that do not, rows that stand twice, a table passed over.

Belongs here: these doubts, as sentences for `mart_coverage`. Which rows and statement count is decided in `additive_lines.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipeline.budget.rounding_columns import MONEY, slack
from schemas.marts import MartAmount

_TABLE = ("document_id", "statement", "statement_no")
_WHAT = ("unit", "code", "name", "function_code", "department_economic_code", "government_economic_code", "project", "fund")
"""What a row is of: one function or class may stand in many rows of a statement that crosses classifications."""


def contradicted_natures(rows: pl.DataFrame, lines: pl.DataFrame, figure: MartAmount) -> pl.DataFrame:
    """Return the columns of a figure, beside its whole, whose rows are not the total that the statement prints of them.

    Args:
        rows: the finest rows that add up, all natures of the figure, by unit or not (`by_unit`).
        lines: of the statements, printed totals among them.
        figure: whose natures.

    Returns:
        `document_id`, `statement`, `statement_no`, `by_unit`, `nature`, `doubt`.
    """
    parts = list(figure.natures.values())[1:]
    of_fund = pl.col("fund").is_in(list(figure.funds)) if figure.funds else pl.lit(True)
    printed = lines.filter(of_fund, pl.col("nature").is_in(parts), pl.col("level") == 0, pl.col("unit").is_null())
    totals = printed.select(*_TABLE, "nature", total=pl.col("amount").cast(MONEY)).unique()
    sums = (
        rows.filter(pl.col("nature").is_in(parts))
        .group_by(*_TABLE, "by_unit", "nature")
        .agg(pl.col("amount").cast(MONEY).sum(), number=pl.len(), step=pl.col("step").max())
    )
    gap = pl.col("total") - pl.col("amount")
    nearest = sums.join(totals, on=[*_TABLE, "nature"]).sort(gap.abs(), "total").unique([*_TABLE, "by_unit", "nature"], keep="first")
    wrong = nearest.filter(gap.abs() > slack(pl.col("step"), pl.col("number")))
    said = pl.format("its rows of {} are {}, it prints {}", "nature", "amount", "total")
    return wrong.select(*_TABLE, "by_unit", "nature", doubt=said).sort(pl.all())


def doubts_of_rows(wholes: pl.DataFrame, statement: Sequence[str]) -> pl.DataFrame:
    """Return per statement what is doubtful in its rows: parents that stand for rows that do not add up, and codes that stand twice.

    Args:
        wholes: the finest rows that add up, with `unopened`.
        statement: columns of one statement.
    """
    above = wholes.filter("unopened").group_by(statement).len("above")
    said = pl.format("{} rows stand for those below them, which do not add up to them", "above")
    named = wholes.filter(pl.col("code").is_not_null(), pl.col("amount") != 0)
    same = named.group_by(*statement, *_WHAT, "amount").len("times").filter(pl.col("times") > 1)
    twice = same.group_by(statement).agg(pl.format("{} stands twice with one amount", pl.col("name").sort().first()).first().alias("doubt"))
    return pl.concat([above.select(*statement, doubt=said), twice])


def passed_over(ranked: pl.DataFrame, order: dict[str, int]) -> pl.DataFrame:
    """Return per document that a more detailed table than the one that counts does not add up, or prints no total to be held against.

    Args:
        ranked: its statements, the one that counts first, with `outcome`.
        order: rank of each statement, the most detailed first.
    """
    rank = pl.col("statement").replace_strict(order, return_dtype=pl.Int32)
    first = rank.first().over("document_id")
    contradicted = pl.col("outcome").is_in(["incomplete", "exceeds_total", "no_total"]) & (rank < first) & pl.col("taken")
    printed = pl.when(pl.col("total").is_null()).then(pl.lit("no total")).otherwise(pl.col("total").cast(pl.String))
    said = pl.format("rows of {} are {}, it prints {}", "statement", "amount", printed)
    return ranked.filter(contradicted).select("document_id", doubt=said).unique("document_id", keep="first", maintain_order=True)
