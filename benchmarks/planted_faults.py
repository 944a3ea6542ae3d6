"""How many faults planted in the lines of a dataset the marts notice: made again from the faulty lines, they are held against print.

    python benchmarks/planted_faults.py DATASET [--tries 500] [--seed 1]

A fault is planted in every disclosure at once. It is noticed where `mart_coverage` of the body says something that it did not say before
(an outcome for which nothing is used, or a reason), or where a proof of `pipeline.publish.marts.proofs` fails that did not. One that is not
noticed is harmless only where no number of the marts has changed; those are counted apart, as are those that only `outliers` shows.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipeline.publish.marts.proofs import faults_against_print
from pipeline.publish.marts.wide_tables import MADE_FROM, make_marts
from pipeline.publish.outliers import cells_of, outliers
from schemas.export import polars_schema
from schemas.marts import BY_ECONOMIC, BY_FUNCTION, MARTS
from schemas.tables import BUDGET_LINES, CODES, DOCUMENTS, OUTLIERS

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
    return _scaled(lines, pl.col("statement_no").eq(row["statement_no"]), chance.random() < 0.5)


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
    return pl.all_horizontal(pl.col(name).eq(row[name]) for name in ("statement_no", "row", "column"))


FAULTS: Mapping[str, Callable[[pl.DataFrame, dict[str, object], random.Random], pl.DataFrame]] = {
    "unit of a statement set wrongly": _unit_of_statement,
    "元 for 万元 in one number": _unit_of_number,
    "a total made a leaf": _total_as_leaf,
    "a row twice": _row_twice,
}


def _said(made: Tables) -> Counter[tuple[object, ...]]:
    columns = ("disclosure_id", "document_id", "figure", "measure", "outcome", "reason")
    return Counter(made["mart_coverage"].select(columns).rows())


def _numbers(made: Tables) -> dict[str, list[pl.DataFrame]]:
    """Return the amounts of each mart by its key, per disclosure."""
    money = pl.selectors.decimal()
    found: dict[str, list[pl.DataFrame]] = defaultdict(list)
    for name, frame in made.items():
        if name != "mart_coverage":
            key = MARTS[name].key
            amounts = frame.sort(key).select("disclosure_id", *(one for one in key if one != "disclosure_id"), money)
            for (disclosure,), rows in amounts.partition_by("disclosure_id", as_dict=True, maintain_order=True).items():
                found[str(disclosure)].append(rows)
    return found


def _proven(tables: Tables, made: Tables) -> set[str]:
    return set(faults_against_print({**tables, **made})[1])


def _unusual(tables: Tables) -> set[tuple[object, ...]]:
    lines, documents = tables[BUDGET_LINES.name], tables[DOCUMENTS.name]
    found = outliers(cells_of(lines), documents).filter(pl.col("factor").is_not_null())
    return set(found.select("document_id", *OUTLIERS.key[1:]).rows())


@dataclass(frozen=True, slots=True)
class _Try:
    """One fault, planted in a document of one disclosure."""

    fault: str
    disclosure: str
    document: str
    row: Mapping[str, object]


def _planted(lines: pl.DataFrame, tries: Sequence[_Try], chance: random.Random) -> pl.DataFrame:
    of_document = lines.partition_by("document_id", as_dict=True, maintain_order=True)
    for one in tries:
        of_document[one.document,] = FAULTS[one.fault](of_document[one.document,], dict(one.row), chance)
    return pl.concat(of_document.values())


def main() -> None:
    """Plant the faults and print how many of each kind were noticed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--tries", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    whole, chance = _read(given.dataset), random.Random(given.seed)
    before = make_marts(whole, whole[CODES.name])
    said, numbers, proven, unusual = _said(before), _numbers(before), _proven(whole, before), _unusual(whole)
    published = whole[DOCUMENTS.name].filter(pl.col("status") == "published").select("document_id", "disclosure_id").unique()
    usable = pl.col("statement").is_in(_STATEMENTS) & (pl.col("source") == "table") & (pl.col("amount") != 0) & pl.col("unit").is_null()
    counted = pl.col("column_evidence").ne("ambiguous") & pl.col("scheme").is_in(["function", "department_economic"])
    targets = whole[BUDGET_LINES.name].filter(usable, counted, pl.col("level") > 0, pl.col("nature").is_in(["total", "basic"]))
    rows = {document: frame.to_dicts() for (document,), frame in targets.partition_by("document_id", as_dict=True).items()}
    disclosures: dict[str, list[str]] = defaultdict(list)
    for document, disclosure in published.sort("document_id").rows():
        if document in rows:
            disclosures[disclosure].append(document)
    tried: dict[str, Counter[str]] = {name: Counter() for name in FAULTS}
    number = 0
    while number < given.tries:  # a fault in each disclosure at once: no disclosure's marts speak of another's
        tries = []
        for disclosure in chance.sample(sorted(disclosures), min(len(disclosures), given.tries - number)):
            document = chance.choice(disclosures[disclosure])
            tries.append(_Try(list(FAULTS)[number % len(FAULTS)], disclosure, document, chance.choice(rows[document])))
            number += 1
        faulty = {**whole, BUDGET_LINES.name: _planted(whole[BUDGET_LINES.name], tries, chance)}
        after = make_marts(faulty, whole[CODES.name])
        new, now = _said(after) - said, _numbers(after)
        proofs = _proven(faulty, after) - proven
        warned = {document for document, *_ in _unusual(faulty) - unusual}
        for one in tries:
            own = [row for row in new if row[0] == one.disclosure]
            held = any(outcome not in ("complete", "total_only") or reason for *_, outcome, reason in own)
            noticed = held or any(proof.startswith(one.disclosure) for proof in proofs)
            same = _equal(numbers[one.disclosure], now[one.disclosure])
            outcome = "noticed" if noticed else "warned" if one.document in warned else "harmless" if same else "missed"
            tried[one.fault][outcome] += 1
            if outcome in ("missed", "harmless"):
                shown = ("statement", "statement_no", "code", "name", "nature", "fund", "amount")
                print(outcome, one.fault, one.document, {key: str(one.row[key]) for key in shown})
    for name, outcomes in tried.items():
        counts = f"{outcomes['noticed']} noticed, {outcomes['warned']} only as an outlier, {outcomes['missed']} missed"
        print(f"{name}: {outcomes.total()} tried, {counts}, {outcomes['harmless']} change no number")


def _equal(before: Sequence[pl.DataFrame], after: Sequence[pl.DataFrame]) -> bool:
    return len(before) == len(after) and all(a.equals(b) for a, b in zip(before, after, strict=True))


if __name__ == "__main__":
    main()
