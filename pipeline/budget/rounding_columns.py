"""How far rounded sums may be off, for whole tables at once: what `sums.py` says of single amounts, as columns of a frame.

Belongs here: the same rules over polars columns; a test holds them against those of `sums.py`.
"""

from __future__ import annotations

import polars as pl

from pipeline.budget.amounts import YUAN_PER

MONEY = pl.Decimal(38, 2)
"""Sums of amounts in yuan."""


def places() -> pl.Expr:
    """Return how many decimals of a yuan the last printed place of each line is, by its unit and text; negative above a yuan."""
    zeros = {unit: len(str(yuan)) - 1 for unit, yuan in YUAN_PER.items()}  # units are powers of ten
    decimals = pl.col("amount_text").str.extract(r"\.(\d+)", 1).str.len_chars().fill_null(0).cast(pl.Int32)
    return decimals - pl.col("unit_text").replace_strict(zeros, default=0, return_dtype=pl.Int32)


def step(places: pl.Expr) -> pl.Expr:
    """Return the printed step, in yuan, of a last printed place as `places` counts it; less than a 分 is none."""
    return (pl.lit(10.0) ** (-places)).round(4).cast(MONEY)


def slack(step: pl.Expr, addends: pl.Expr) -> pl.Expr:
    """Return how far a sum of `addends` rounded numbers may be off; one addend is the same number again: nothing."""
    return pl.when(addends > 1).then(step * ((addends + 1) / 2).cast(MONEY)).otherwise(0)
