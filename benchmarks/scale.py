"""What ten million lines cost: sizes, queries, replacing one partition.

    python -m benchmarks.scale [--lines 10000000] [--out DIR]

Generates a dataset of 2,013 partitions (61 years, 33 provinces) with its marts, without documents behind it, and asks it three
questions in DuckDB and Polars, each in a process of its own, cold in that process and warm in the page cache. Bytes read are
what the process asked the system for. Then one partition is written again, as a publication does. Prints markdown tables.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from pipeline.catalogue.filing import PROVINCES, UNKNOWN_PROVINCE
from pipeline.publish.marts import make_marts
from pipeline.publish.parquet import partition_path, write_table
from schemas.classification.loader import codes_frame
from schemas.export import empty_frame, polars_schema
from schemas.marts import MARTS
from schemas.tables import BUDGET_LINES, DOCUMENTS, KEY_FIGURES

YEARS = range(1970, 2031)
WHERE = [province for province in PROVINCES if province != UNKNOWN_PROVINCE][:33]
LINES_OF_DOCUMENT = 250
CODES = codes_frame().filter(scheme="function", level=3)["code"].unique().sort().to_list()[: LINES_OF_DOCUMENT - 1]

QUESTIONS = {
    "one department over all years": (
        "SELECT fiscal_year, sum(amount) FROM read_parquet('{0}/budget_lines/**/*.parquet', hive_partitioning = true) "
        "WHERE department = 'CN-SH局1' AND is_leaf GROUP BY ALL",
        "pl.scan_parquet('{0}/budget_lines/**/*.parquet', hive_partitioning=True).filter(pl.col('department') == 'CN-SH局1', 'is_leaf')"
        ".group_by('fiscal_year').agg(pl.col('amount').sum()).collect()",
    ),
    "one function in one year, all provinces": (
        "SELECT province, sum(amount) FROM read_parquet('{0}/budget_lines/**/*.parquet', hive_partitioning = true) "
        "WHERE fiscal_year = 2019 AND code = '2010301' GROUP BY ALL",
        "pl.scan_parquet('{0}/budget_lines/**/*.parquet', hive_partitioning=True).filter(fiscal_year=2019, code='2010301')"
        ".group_by('province').agg(pl.col('amount').sum()).collect()",
    ),
    "a whole mart: class by year": (
        "SELECT fiscal_year, class_code, sum(expenditure_budget) "
        "FROM read_parquet('{0}/spending_by_function/**/*.parquet', hive_partitioning = true) GROUP BY ALL",
        "pl.scan_parquet('{0}/spending_by_function/**/*.parquet', hive_partitioning=True).group_by('fiscal_year', 'class_code')"
        ".agg(pl.col('expenditure_budget').sum()).collect()",
    ),
}
_ASK = """
import sys, time, duckdb, polars as pl
duckdb.sql("SELECT 1").fetchall()
before = dict(line.split(": ") for line in open("/proc/self/io").read().splitlines())
start = time.perf_counter()
answer = {0}
spent = time.perf_counter() - start
after = dict(line.split(": ") for line in open("/proc/self/io").read().splitlines())
print(len(answer), round(spent, 2), round((int(after["rchar"]) - int(before["rchar"])) / 1e6, 1))
"""


def year_of(year: int, documents: int) -> dict[str, pl.DataFrame]:
    """Return the tables of one year: in each province so many documents of 250 lines that add up."""
    heads = pl.DataFrame({"province": WHERE}).join(pl.DataFrame({"n": range(documents)}), how="cross")
    place = pl.col("province").rank("dense").cast(pl.String).str.zfill(2)
    identity = pl.format("{}{}{}", pl.lit(f"{year:04x}"), place, pl.col("n").cast(pl.String).str.zfill(3))
    heads = heads.with_columns(document_id=identity.str.pad_end(16, "0"), department=pl.format("{}局{}", "province", "n"))
    known = {"fiscal_year": year, "level": "department", "kind": "budget", "status": "published", "lines": LINES_OF_DOCUMENT}
    known |= {"bytes": 1, "media_type": "application/pdf", "file_name": "made.pdf", "region_code": "110000"}
    found = heads.with_columns(**{name: pl.lit(value) for name, value in known.items()}, statements=pl.lit([]).cast(pl.List(pl.String)))
    found = found.with_columns(
        sha256=pl.col("document_id").str.pad_end(64, "0"), **{n: pl.lit(0) for n in ("checks_passed", "checks_failed")}
    )
    rows = pl.DataFrame({"row": range(1, len(CODES) + 1), "code": CODES}).with_columns(level=pl.lit(3), is_leaf=pl.lit(True), name="code")
    amounts = (pl.col("row") * 7919 + pl.col("n") * 104729 + year * 31) % 9_999_991
    lines = heads.join(rows, how="cross").with_columns(amount=amounts.cast(pl.Decimal(18, 2)))
    totals = lines.group_by(heads.columns, maintain_order=True).agg(amount=pl.col("amount").sum().cast(pl.Decimal(18, 2)))
    totals = totals.with_columns(row=pl.lit(len(CODES) + 1, dtype=pl.Int64), level=pl.lit(0), is_leaf=pl.lit(False), name=pl.lit("合计"))
    given = {
        "statement": "expenditure_summary",
        "statement_no": 1,
        "source": "table",
        "flow": "expenditure",
        "scheme": "function",
        "column": 1,
    }
    given |= {"fund": "total", "nature": "total", "measure": "budget", "unit_text": "元", "column_evidence": "printed", "page": 3}
    given |= {"amount_evidence": "printed", "proofs": 3, "contradictions": 0, "region_code": "110000", "fiscal_year": year}
    lines = pl.concat([lines, totals], how="diagonal").with_columns(
        **{name: pl.lit(value) for name, value in given.items()},
        amount_text=pl.col("amount").cast(pl.String),
        x0=(pl.col("row") % 97 * 5.1),
        y0=(pl.col("row") * 12.3),
    )
    return {DOCUMENTS.name: _filled(found, DOCUMENTS), BUDGET_LINES.name: _filled(lines, BUDGET_LINES)}


def _filled(frame: pl.DataFrame, table) -> pl.DataFrame:  # type: ignore[no-untyped-def]
    missing = {name: 0 if name.startswith("checks") else None for name in polars_schema(table) if name not in frame.columns}
    frame = frame.with_columns(**{name: pl.lit(value) for name, value in missing.items()})
    return frame.select(pl.col(name).cast(dtype) for name, dtype in polars_schema(table).items())


def generate(out: Path, wanted: int) -> tuple[int, int, float, float]:
    """Write the dataset; returns lines, partitions, and the seconds that files and marts took."""
    documents = max(1, round(wanted / len(YEARS) / len(WHERE) / LINES_OF_DOCUMENT))
    codes, total, writing, making = codes_frame(), 0, 0.0, 0.0
    for year in YEARS:
        tables = year_of(year, documents)
        start = time.perf_counter()
        marts = make_marts({**tables, KEY_FIGURES.name: empty_frame(KEY_FIGURES)}, codes)
        making += time.perf_counter() - start
        start = time.perf_counter()
        declared = {DOCUMENTS.name: DOCUMENTS, BUDGET_LINES.name: BUDGET_LINES, **MARTS}
        for name, frame in {**tables, **marts}.items():
            for (province,), part in frame.partition_by("province", as_dict=True).items():
                write_table(part, declared[name], out / partition_path(declared[name], (year, str(province))))
        writing += time.perf_counter() - start
        total += tables[BUDGET_LINES.name].height
    return total, len(YEARS) * len(WHERE), writing, making


def ask(code: str) -> list[str]:
    """Return rows, seconds and megabytes of a question asked in a process of its own."""
    run = subprocess.run([sys.executable, "-c", _ASK.replace("{0}", code)], capture_output=True, text=True, check=True)
    return run.stdout.split()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=10_000_000)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        out = arguments.out or Path(scratch) / "dataset"
        lines, partitions, writing, making = generate(out, arguments.lines)
        print(f"{lines:,} lines, {partitions:,} partitions: files {writing:.0f} s, marts {making:.0f} s\n", flush=True)
        print("| table | MB | bytes a row |\n| --- | --: | --: |")
        for table in (BUDGET_LINES.name, "spending_by_function", "mart_coverage"):
            files = list((out / table).rglob("*.parquet"))
            size, rows = (
                sum(f.stat().st_size for f in files),
                pl.scan_parquet(f"{out}/{table}/**/*.parquet").select(pl.len()).collect().item(),
            )
            print(f"| {table} ({rows:,} rows, {len(files):,} files) | {size / 1e6:.0f} | {size / rows:.1f} |")
        print("\n| question | DuckDB s | MB read | Polars s | MB read |\n| --- | --: | --: | --: | --: |", flush=True)
        for name, (sql, expression) in QUESTIONS.items():
            answers = [ask(f'duckdb.sql("""{sql.format(out)}""").fetchall()'), ask(expression.format(out))]
            assert answers[0][0] == answers[1][0]
            print(f"| {name} ({answers[0][0]} rows) | {' | '.join(f'{a[1]} | {a[2]}' for a in answers)} |", flush=True)
        start = time.perf_counter()
        tables = year_of(2019, max(1, round(arguments.lines / len(YEARS) / len(WHERE) / LINES_OF_DOCUMENT)))
        part = {name: frame.filter(province="CN-SH") for name, frame in tables.items()}
        start = time.perf_counter()
        marts = make_marts({**part, KEY_FIGURES.name: empty_frame(KEY_FIGURES)}, codes_frame())
        target = out / partition_path(BUDGET_LINES, (2019, "CN-SH"))
        write_table(part[BUDGET_LINES.name], BUDGET_LINES, target)
        for name, frame in marts.items():
            write_table(frame, MARTS[name], out / partition_path(MARTS[name], (2019, "CN-SH")))
        os.sync()
        print(
            f"\nOne partition of {part[BUDGET_LINES.name].height:,} lines with its marts written again: {time.perf_counter() - start:.2f} s"
        )


if __name__ == "__main__":
    main()
