"""Amounts that are far from what one would expect of them: warnings with evidence, which hold nothing back.

Two comparisons, each one sentence long. **Own years**: the amount is a thousand times, or less than a thousandth of, the same cell of the
same body in the nearest other year of the dataset. **Peers**: its share of all spending of the body is a thousand times, or less than a
thousandth of, the median share of the same cell among all bodies of the same level; of at least `FEWEST_PEERS` of them. All spending itself
is compared as it is. An amount read as 元 that is 万元, or the reverse, is off by ten thousand.

Cells are printed totals and 类 (of 三公 its parts) of tables, by statement, flow, fund, nature and measure.

Belongs here: this statistic. What two amounts of one document say of each other is judged by identities (`pipeline/accounting`) and when
totals are settled (`marts/settled_totals.py`), where a contradiction holds back.
"""

from __future__ import annotations

import polars as pl

from schemas.export import empty_frame, polars_schema
from schemas.marts import MEASURES, WHOLE
from schemas.statements import statement_kinds
from schemas.tables import OUTLIERS

FAR = 1000
"""Factor from what is expected; a slip between 元 and 万元 is ten times as much, and years of one body differ by less."""

FEWEST_PEERS = 8
"""Of so few bodies one more or less does not move the median far."""

_CELL = ["statement", "flow", "scheme", "code", "fund", "nature", "measure"]
_CODED = ("function", "department_economic", "three_public")
_THREE_PUBLIC = "three_public"

CELLS = {
    **{name: polars_schema(OUTLIERS)[name] for name in ("document_id", *_CELL, "name")},
    **{"page": pl.Int32(), "amount": pl.Decimal(18, 2)},
}
"""Columns of `cells_of`."""


def cells_of(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the cells of documents that are compared, one row each; see `CELLS`.

    Args:
        lines: the table `budget_lines`.
    """
    total, coded = pl.col("level") == 0, pl.col("scheme").is_in(list(_CODED))
    named = (pl.col("level") == 1) & coded & pl.col("code").is_not_null() & (pl.col("nature") == "total")
    wanted = lines.filter(
        (total & (pl.col("code").is_null() | (pl.col("scheme") == _THREE_PUBLIC))) | named,
        pl.col("source") == "table",
        pl.col("unit").is_null(),
        pl.col("fund").is_not_null(),
        pl.col("measure").is_in(list(MEASURES)),
        pl.col("amount") > 0,
        pl.col("nature").str.starts_with("of_which").not_(),
    )
    of_total = wanted.with_columns(scheme=pl.when(pl.col("code").is_not_null()).then("scheme"))
    cell = ["document_id", *_CELL]
    largest = of_total.sort(*cell, -pl.col("amount"), "page", "name", nulls_last=True)
    return largest.unique(cell, keep="first", maintain_order=True).select(CELLS.keys())


def outliers(cells: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Return the table `outliers`.

    Args:
        cells: of all documents of the dataset.
        documents: rows of `documents` of the same.
    """
    about = ("document_id", "disclosure_id", "fiscal_year", "region_code", "department_id", "department", "level")
    published = documents.filter(pl.col("status") == "published", pl.col("department_id").is_not_null()).select(about).unique("document_id")
    known = cells.join(published, on="document_id").sort("document_id", *_CELL, nulls_last=True)
    if known.is_empty():
        return empty_frame(OUTLIERS)
    known = known.with_columns(size=pl.col("amount").cast(pl.Float64))  # only ratios are looked at
    found = pl.concat([_against_own_years(known), _against_peers(known)], how="diagonal")
    told = found.with_columns(factor=(pl.col("size") / pl.col("typical")).round(6), typical=pl.col("typical").round(2))
    said = (
        pl.when(pl.col("compared_with") == "own_years")
        .then(pl.format("{} in {} ({})", _in_words("typical"), "other_year", "other_document_id"))
        .otherwise(pl.format("{} by the median of {} bodies of its level", _in_words("typical"), "bodies"))
    )
    rows = told.with_columns(evidence=said).select(pl.col(n).cast(t) for n, t in polars_schema(OUTLIERS).items())
    return rows.sort(*OUTLIERS.key, nulls_last=True)


def _in_words(amount: str) -> pl.Expr:
    return pl.col(amount).round(2).cast(pl.Decimal(24, 2)).cast(pl.String)


def _far(amount: pl.Expr, typical: pl.Expr) -> pl.Expr:
    return (amount >= FAR * typical) | (amount * FAR <= typical)


def _against_own_years(known: pl.DataFrame) -> pl.DataFrame:
    """Return the cells that are far from the body's own in the nearest other year, the one before where two are as near."""
    body = ["department_id", "level", *_CELL]
    other = known.select(*body, other_year="fiscal_year", other_document_id="document_id", typical="size")
    pairs = known.join(other, on=body, nulls_equal=True).filter(pl.col("fiscal_year") != pl.col("other_year"))
    distance = (pl.col("fiscal_year") - pl.col("other_year")).abs()
    nearest = pairs.sort(distance, "other_year", "other_document_id").unique(["document_id", *_CELL], keep="first", maintain_order=True)
    return nearest.filter(_far(pl.col("size"), pl.col("typical"))).with_columns(
        compared_with=pl.lit("own_years"), bodies=pl.lit(None, pl.Int32)
    )


def _against_peers(known: pl.DataFrame) -> pl.DataFrame:
    """Return the cells whose share of all spending is far from the median share of their peers; all spending itself by its amount."""
    of_all = [kind.id for kind in statement_kinds().values() if WHOLE in kind.figures]
    is_whole = (
        pl.col("statement").is_in(of_all)
        & (pl.col("flow") == "expenditure")
        & (pl.col("fund") == "total")
        & (pl.col("nature") == "total")
        & pl.col("code").is_null()
    )
    whole = known.filter(is_whole).group_by("document_id").agg(whole=pl.col("size").max())
    shares = known.join(whole, on="document_id", how="left", maintain_order="left").with_columns(
        whole=pl.when(is_whole).then(1.0).otherwise("whole")
    )
    peers = ["level", *_CELL]
    shares = shares.filter(pl.col("whole").is_not_null()).with_columns(share=pl.col("size") / pl.col("whole"))
    typical = shares.with_columns(
        typical=pl.col("share").median().over(peers) * pl.col("whole"),
        bodies=pl.col("department_id").n_unique().over(peers).cast(pl.Int32),
    )
    return typical.filter(pl.col("bodies") >= FEWEST_PEERS, _far(pl.col("size"), pl.col("typical"))).with_columns(
        compared_with=pl.lit("peers"), other_document_id=pl.lit(None, pl.String), other_year=pl.lit(None, pl.Int32)
    )
