"""How many faults planted in the lines of a dataset the marts notice: made again from the faulty lines, they are held against print.

    python benchmarks/planted_faults.py DATASET [--tries 500] [--seed 1]

A fault is noticed where `mart_coverage` of the body says something that it did not say before (an outcome for which nothing is used, or a
reason), or where a proof of `pipeline.publish.marts.proofs` fails that did not. One that is not noticed is harmless only where no number of
the marts has changed; those are counted apart.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl

from pipeline.publish.marts.proofs import faults_against_print
from pipeline.publish.marts.wide_tables import MADE_FROM, make_marts
from schemas.export import polars_schema
from schemas.marts import BY_ECONOMIC, BY_FUNCTION, MARTS
from schemas.tables import BUDGET_LINES, CODES

Tables = Mapping[str, pl.DataFrame]

_TEN_THOUSAND = 10_000
_STATEMENTS = sorted({name for figure in (*BY_FUNCTION, *BY_ECONOMIC) for name in figure.statements[:1]})
"""The tables whose rows the marts have."""


def _read(dataset: Path) -> dict[str, pl.DataFrame]:
    tables = {}
    for table in MADE_FROM:
        scanned = pl.scan_parquet(f"{dataset}/{table.name}/**/*.parquet", hive_partitioning=True)
        tables[table.name] = scanned.select(pl.col(name).cast(dtype) for name, dtype in polars_schema(table).items()).collect()
    return {**tables, CODES.name: pl.read_parquet(dataset / f"{CODES.name}.parquet")}


def _scaled(lines: pl.DataFrame, which: pl.Expr, up: bool) -> pl.DataFrame:
    """Return the lines with amounts read in the other unit: 元 as 万元, or the reverse."""
    amount = pl.col("amount")
    other = amount * _TEN_THOUSAND if up else (amount / _TEN_THOUSAND).round(2)
    unit = pl.lit("万元" if up else "元")
    return lines.with_columns(
        amount=pl.when(which).then(other.cast(pl.Decimal(18, 2), strict=False)).otherwise(amount),
        unit_text=pl.when(which).then(unit).otherwise("unit_text"),
    )


def _unit_of_statement(lines: pl.DataFrame, row: dict[str, object], chance: random.Random) -> pl.DataFrame:
    return _scaled(lines, pl.col("statement_no") == row["statement_no"], chance.random() < 0.5)


def _unit_of_number(lines: pl.DataFrame, row: dict[str, object], chance: random.Random) -> pl.DataFrame:
    return _scaled(lines, _is(row), chance.random() < 0.5)


def _total_as_leaf(lines: pl.DataFrame, row: dict[str, object], _: random.Random) -> pl.DataFrame:
    total = (pl.col("statement_no") == row["statement_no"]) & (pl.col("level") == 0)
    return lines.with_columns(level=pl.when(total).then(1).otherwise("level").cast(pl.Int8), is_leaf=total | pl.col("is_leaf"))


def _row_twice(lines: pl.DataFrame, row: dict[str, object], _: random.Random) -> pl.DataFrame:
    same = lines.filter(pl.col("statement_no") == row["statement_no"], pl.col("row") == row["row"], pl.col("source") == "table")
    last = lines.filter(pl.col("statement_no") == row["statement_no"])["row"].max()
    assert isinstance(last, int)
    return pl.concat(
        [lines, same.with_columns(row=pl.lit(last + 1, pl.Int32) if row["level"] == 1 else pl.col("row"), column=pl.col("column") + 50)]
    )


def _is(row: dict[str, object]) -> pl.Expr:
    return (pl.col("statement_no") == row["statement_no"]) & (pl.col("row") == row["row"]) & (pl.col("column") == row["column"])


FAULTS: Mapping[str, Callable[[pl.DataFrame, dict[str, object], random.Random], pl.DataFrame]] = {
    "unit of a statement set wrongly": _unit_of_statement,
    "元 for 万元 in one number": _unit_of_number,
    "a total made a leaf": _total_as_leaf,
    "a row twice": _row_twice,
}


def _said(made: Tables) -> Counter[tuple[object, ...]]:
    columns = ("document_id", "figure", "measure", "outcome", "reason")
    return Counter(made["mart_coverage"].select(columns).rows())


def _numbers(made: Tables) -> list[pl.DataFrame]:
    """Return the amounts of each mart by its key."""
    money = pl.selectors.decimal()
    return [
        frame.sort(MARTS[name].key).select(MARTS[name].key, money - pl.selectors.by_name(MARTS[name].key))
        for name, frame in made.items()
        if name != "mart_coverage"
    ]


def main() -> None:
    """Plant the faults and print how many of each kind were noticed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--tries", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    whole, chance = _read(given.dataset), random.Random(given.seed)
    usable = pl.col("statement").is_in(_STATEMENTS) & (pl.col("source") == "table") & (pl.col("amount") != 0) & pl.col("unit").is_null()
    counted = pl.col("column_evidence").ne("ambiguous") & pl.col("scheme").is_in(["function", "department_economic"])
    targets = whole[BUDGET_LINES.name].filter(usable, counted, pl.col("level") > 0, pl.col("nature").is_in(["total", "basic"]))
    documents = sorted(targets["document_id"].unique())
    tried: dict[str, Counter[str]] = {name: Counter() for name in FAULTS}
    for number in range(given.tries):
        name = list(FAULTS)[number % len(FAULTS)]
        document = chance.choice(documents)
        tables = {key: frame.filter(document_id=document) if "document_id" in frame.columns else frame for key, frame in whole.items()}
        row = chance.choice(targets.filter(document_id=document).to_dicts())
        before = make_marts(tables, tables[CODES.name])
        faulty = {**tables, BUDGET_LINES.name: FAULTS[name](tables[BUDGET_LINES.name], row, chance)}
        after = make_marts(faulty, tables[CODES.name])
        new = _said(after) - _said(before)
        proofs = set(faults_against_print({**faulty, **after})[1]) - set(faults_against_print({**tables, **before})[1])
        same = all(a.equals(b) for a, b in zip(_numbers(before), _numbers(after), strict=True))
        noticed = any(outcome not in ("complete", "total_only") or reason for *_, outcome, reason in new) or bool(proofs)
        tried[name]["noticed" if noticed else "harmless" if same else "missed"] += 1
        if not noticed and not same:
            print(
                "missed:",
                name,
                document,
                {key: str(row[key]) for key in ("statement", "statement_no", "code", "name", "nature", "fund", "amount")},
            )
    for name, outcomes in tried.items():
        counts = f"{outcomes['noticed']} noticed, {outcomes['missed']} missed, {outcomes['harmless']} change no number"
        print(f"{name}: {outcomes.total()} tried, {counts}")


if __name__ == "__main__":
    main()
