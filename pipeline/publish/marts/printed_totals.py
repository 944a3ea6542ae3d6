"""Every total that the files of a disclosure print of a figure: where it is, and which are candidates for the marts.

Belongs here: gathering them, from the figure's own table, from the summaries, from other tables of all spending, from sentences. Which of
them the marts have, and what contradicts it, is in `settled_totals.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pipeline.budget.rounding_columns import MONEY, places, slack, step
from pipeline.budget.sums import FUND_TREE, NATURES_OUTSIDE_THE_YEAR, funds_within
from schemas.marts import FIGURES, MEASURES, SOURCES, THREE_PUBLIC, TOTALS_ONLY, MartAmount
from schemas.statement_kind import StatementKind
from schemas.statements import statement_kinds

_KIND_OF_MEASURE = {"budget": "budget", "final_account": "final"}
_TABLE = ("document_id", "statement", "statement_no", "measure")
_PRINTED = ("document_id", "figure", "measure", "source", "statement", "statement_no", "page", "amount", "step", "sound")
_THREE_PUBLIC_FUNDS = ("fiscal_appropriation", "total", "general_public")
_CARRYOVER = ("carryover", *FUND_TREE["carryover"], *funds_within("carryover"))

SCHEMA = {
    "document_id": pl.String(),
    "figure": pl.String(),
    "measure": pl.String(),
    "source": pl.Enum(list(SOURCES)),
    "statement": pl.String(),
    "statement_no": pl.Int16(),
    "page": pl.Int32(),
    "amount": MONEY,
    "step": MONEY,
    "sound": pl.Boolean(),
}
"""Columns of `printed_totals`: `step` is the last printed place in yuan, `sound` whether no identity contradicts it."""


def printed_totals(documents: pl.DataFrame, lines: pl.DataFrame, key_figures: pl.DataFrame) -> pl.DataFrame:
    """Return every total that a published document prints of a figure of the marts, one row per number; see `SCHEMA`.

    Args:
        documents: the table `documents`.
        lines: the table `budget_lines` of the same.
        key_figures: the table `key_figures` of the same.
    """
    published = documents.filter(pl.col("status") == "published").unique("document_id", keep="first", maintain_order=True)
    usable = lines.filter(
        pl.col("column_evidence") != "ambiguous", pl.col("measure").is_in(list(MEASURES)), pl.col("nature").is_not_null()
    ).join(published.select("document_id"), on="document_id", how="semi")
    usable = usable.with_columns(step=step(places()), sound=pl.col("contradictions") == 0, amount=pl.col("amount").cast(MONEY))
    own = usable.filter(pl.col("unit").is_null())
    found = [pl.DataFrame(schema=SCHEMA)]
    for figure in FIGURES:
        found += _three_public(own, figure) if figure is THREE_PUBLIC else _of_statements(own, figure)
        found.append(_empty_tables(published, usable, figure))
    for figure in TOTALS_ONLY:
        found += _beside(own, figure)
        found.append(_told(published, key_figures, figure))
    return pl.concat([frame.select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items()) for frame in found])


def beside_the_year(lines: pl.DataFrame) -> pl.DataFrame:
    """Return what explains that two totals of one thing differ: amounts carried forward (`outside`) and carried over from last year.

    Returns:
        `document_id`, `measure`, `amount`, `outside`; each amount once.
    """
    own = lines.filter(pl.col("unit").is_null(), pl.col("amount") != 0, pl.col("measure").is_in(list(MEASURES)))
    outside = own.filter(pl.col("nature").is_in(list(NATURES_OUTSIDE_THE_YEAR))).with_columns(outside=True)
    carried = own.filter(pl.col("fund").is_in(_CARRYOVER), pl.col("level") == 0).with_columns(outside=False)
    both = pl.concat([outside, carried]).select("document_id", "measure", pl.col("amount").cast(MONEY), "outside")
    return both.unique().sort(pl.all())


def _of_statements(lines: pl.DataFrame, figure: MartAmount) -> list[pl.DataFrame]:
    """Return the totals of a figure in tables and sentences: rows of level 0, else what the rows of units give."""
    nature = next(iter(figure.natures.values()))
    funds = figure.funds or ("total", "current_year")
    flow = lines.filter(pl.col("flow") == figure.flow, pl.col("nature") == nature, pl.col("fund").is_in(list(funds)))
    if not figure.funds:  # the sources of this year's money are a total only where no wider one is printed
        flow = flow.filter((pl.col("fund") == funds[0]) | ~(pl.col("fund") == funds[0]).any().over("document_id", "measure"))
    kinds = [kind for kind in statement_kinds().values() if kind.id in figure.statements or _prints_whole(kind, figure)]
    flow = flow.filter(pl.col("statement").is_in([kind.id for kind in kinds]))
    zero = flow.filter(pl.col("level") == 0)
    of_units = flow.filter(pl.col("scheme") == "unit", pl.col("level") == 1, pl.col("source") == "table")
    units = total_of_units(of_units).join(zero, on=_TABLE, how="anti")
    ranks = {name: "table" if n == 0 else "summary" for n, name in enumerate(figure.statements)}
    source = pl.col("statement").replace_strict(ranks, default="other_table", return_dtype=pl.String)
    return [
        zero.with_columns(
            figure=pl.lit(figure.name), source=pl.when(pl.col("source") == "narrative").then(pl.lit("narrative")).otherwise(source)
        ),
        units.with_columns(figure=pl.lit(figure.name), source=source),
    ]


def _prints_whole(kind: StatementKind, figure: MartAmount) -> bool:
    """Tell whether statements of a kind may print the whole of a figure in a column or row of their own."""
    lists = kind.is_list or kind.holds_targets or kind.items or kind.key_figures or not kind.is_known
    scopes = {None, *figure.funds, *(above for above in FUND_TREE for fund in figure.funds if fund in funds_within(above))}
    side = kind.sides in ("both", "either", figure.flow)
    return not lists and side and kind.fund in scopes and kind.nature in (None, next(iter(figure.natures.values())))


def total_of_units(rows: pl.DataFrame, table: Sequence[str] = _TABLE) -> pl.DataFrame:
    """Return the total that the rows of units give; one of them may be the whole department, the sum of the others."""
    sums = rows.group_by(table).agg(
        sum=pl.col("amount").sum(),
        largest=pl.col("amount").max(),
        number=pl.len(),
        step=pl.col("step").max(),
        sound=pl.col("sound").all(),
        page=pl.col("page").min(),
    )
    has_whole = (2 * pl.col("largest") - pl.col("sum")).abs() <= slack(pl.col("step"), pl.col("number"))
    return sums.select(*table, pl.when(has_whole).then("largest").otherwise("sum").alias("amount"), "step", "sound", "page")


def _three_public(lines: pl.DataFrame, figure: MartAmount) -> list[pl.DataFrame]:
    """Return the totals of 三公, in the widest fund that the table or the sentence states."""
    totals = lines.filter(
        pl.col("scheme") == figure.scheme, pl.col("code") == "total", pl.col("nature") == "total", pl.col("fund").is_in(_THREE_PUBLIC_FUNDS)
    )
    rank = pl.col("fund").replace_strict({fund: n for n, fund in enumerate(_THREE_PUBLIC_FUNDS)}, return_dtype=pl.Int32)
    widest = totals.filter(rank == rank.min().over("document_id", "statement_no", "measure"))
    source = pl.when(pl.col("source") == "narrative").then(pl.lit("narrative")).otherwise(pl.lit("table"))
    return [widest.with_columns(figure=pl.lit(figure.name), source=source)]


def _empty_tables(documents: pl.DataFrame, lines: pl.DataFrame, figure: MartAmount) -> pl.DataFrame:
    """Return zero for a document that prints the figure's own table without amounts: a statement of zero."""
    own = figure.statements[0]
    if not statement_kinds()[own].often_empty:
        return pl.DataFrame(schema=SCHEMA)
    filled = lines.filter(pl.col("statement") == own).select("document_id")
    measure = pl.col("kind").replace_strict(_KIND_OF_MEASURE, default="budget", return_dtype=pl.String)
    empty = documents.filter(pl.col("statements").list.contains(own)).join(filled, on="document_id", how="anti")
    return empty.select(
        "document_id",
        measure=measure,
        figure=pl.lit(figure.name),
        source=pl.lit("empty_table"),
        statement=pl.lit(own),
        statement_no=pl.lit(None),
        page=pl.lit(None),
        amount=pl.lit(0),
        step=pl.lit(0),
        sound=pl.lit(True),
    )


def _beside(lines: pl.DataFrame, figure: MartAmount) -> list[pl.DataFrame]:
    """Return the totals of what a table of its own lists, or statements of all spending repeat in a column.

    Of the funds of a total the widest is the total. A list without a total is the sum of its rows.
    """
    kinds = [(kind, code) for kind in statement_kinds().values() for name, code in kind.key_figures.items() if name == figure.key_figure]
    named = pl.lit(False)
    for kind, code in kinds:
        total = (pl.col("level") == 0) & pl.col("code").is_null() if code is None else pl.col("code") == code
        named |= (pl.col("statement") == kind.id) & total & ~pl.col("nature").str.starts_with("of_which")
    tables = lines.filter(named, pl.col("source") == "table", pl.col("flow") == "expenditure")
    lists = [kind.id for kind, code in kinds if code is None and kind.is_list]
    rows = lines.filter(pl.col("statement").is_in(lists), pl.col("is_leaf"), pl.col("fund") == "total", pl.col("nature") == "total")
    summed = rows.group_by(_TABLE).agg(pl.col("amount").sum(), pl.col("step").max(), pl.col("sound").all(), pl.col("page").min())
    found = [
        tables.sort("amount", descending=True).unique(_TABLE, keep="first", maintain_order=True).with_columns(source=pl.lit("table")),
        summed.join(tables, on=_TABLE, how="anti").with_columns(source=pl.lit("rows")),
    ]
    if figure.repeated_as:
        repeated = lines.filter(pl.col("nature") == figure.repeated_as, pl.col("fund") == "total", ~pl.col("statement").is_in(lists))
        zero = repeated.filter(pl.col("level") == 0)
        of_units = repeated.filter(pl.col("scheme") == "unit", pl.col("level") == 1)
        found += [
            frame.with_columns(source=pl.lit("other_table")) for frame in (zero, total_of_units(of_units).join(zero, on=_TABLE, how="anti"))
        ]
    return [frame.with_columns(figure=pl.lit(figure.name)) for frame in found]


def _told(documents: pl.DataFrame, key_figures: pl.DataFrame, figure: MartAmount) -> pl.DataFrame:
    """Return what sentences state as a key figure; they are printed in units of 10,000 yuan with decimals that are not kept."""
    stated = key_figures.filter(pl.col("indicator") == figure.key_figure, pl.col("unit") == "yuan")
    measure = pl.col("kind").replace_strict(_KIND_OF_MEASURE, default="budget", return_dtype=pl.String)
    return stated.join(documents.select("document_id", "kind"), on="document_id").select(
        "document_id",
        measure=measure,
        figure=pl.lit(figure.name),
        source=pl.lit("narrative"),
        statement=pl.lit(None),
        statement_no=pl.lit(0),
        page="page",
        amount="value",
        step=_told_step("value"),
        sound=pl.lit(True),
    )


def _told_step(value: str) -> pl.Expr:
    """Return the last place of an amount in yuan that is not zero: as much as is known of the place that it was printed to."""
    amount, found = pl.col(value).cast(MONEY), pl.lit("0.01").cast(MONEY)
    for zeros in range(-1, 5):
        place = pl.lit(10**zeros if zeros >= 0 else 0.1).cast(MONEY)
        found = pl.when(amount % place == 0).then(place).otherwise(found)
    return found
