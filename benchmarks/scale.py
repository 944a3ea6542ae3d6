"""What ten million lines cost: publishing, sizes, queries, replacing one partition.

    python -m benchmarks.scale [--lines 10000000] [--out DIR [--ask]]

Publishes a made dataset of 2,013 partitions (61 years, 33 provinces) with its marts, database and descriptions, and asks it four
questions in DuckDB and Polars, each in a process of its own: first with none of the files in the page cache, then again. Bytes read
are those that came from the disk. Then one partition is published anew, several times. Prints markdown tables.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl

from pipeline.budget.filing import PROVINCES, UNKNOWN_PROVINCE
from pipeline.identity.departments import department_id
from pipeline.identity.disclosures import disclosure_id
from pipeline.publish.dataset import publish, split_by_partition
from pipeline.publish.parquet import Partition
from pipeline.publish.versions.manifest import DATABASE, MANIFEST
from schemas.classification.code_lists import codes_frame
from schemas.export import empty_frame, polars_schema
from schemas.marts import MARTS
from schemas.tables import BUDGET_LINES, DIMENSIONS, DOCUMENTS, PARTITIONED
from schemas.tables import CODES as CODES_TABLE

YEARS = range(1970, 2031)
WHERE = [province for province in PROVINCES if province != UNKNOWN_PROVINCE][:33]
LINES_OF_DOCUMENT = 250
CODES = codes_frame().filter(scheme="function", level=3)["code"].unique().sort().to_list()[: LINES_OF_DOCUMENT - 1]

DIMENSION_FRAMES = {table.name: empty_frame(table) for table in DIMENSIONS} | {CODES_TABLE.name: codes_frame()}

QUESTIONS = {
    "one department over all years, its province named": (
        "SELECT fiscal_year, sum(amount) FROM read_parquet('{0}/budget_lines/**/*.parquet', hive_partitioning = true) "
        "WHERE province = 'CN-SH' AND department = 'CN-SH局0' AND is_leaf GROUP BY ALL",
        "pl.scan_parquet('{0}/budget_lines/**/*.parquet', hive_partitioning=True)"
        ".filter(pl.col('province') == 'CN-SH', pl.col('department') == 'CN-SH局0', 'is_leaf')"
        ".group_by('fiscal_year').agg(pl.col('amount').sum()).collect()",
    ),
    "one department over all years": (
        "SELECT fiscal_year, sum(amount) FROM read_parquet('{0}/budget_lines/**/*.parquet', hive_partitioning = true) "
        "WHERE department = 'CN-SH局0' AND is_leaf GROUP BY ALL",
        "pl.scan_parquet('{0}/budget_lines/**/*.parquet', hive_partitioning=True).filter(pl.col('department') == 'CN-SH局0', 'is_leaf')"
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
def read_bytes(): return int(dict(line.split(": ") for line in open("/proc/self/io").read().splitlines())["read_bytes"])
duckdb.sql("SET enable_progress_bar = false")
before = read_bytes()
start = time.perf_counter()
answer = {0}
spent = time.perf_counter() - start
print(len(answer), round(spent, 2), round((read_bytes() - before) / 1e6, 1))
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
    named = {name: department_id(name, "110000") for name in heads["department"]}
    bodies = pl.DataFrame({"department": named.keys(), "department_id": named.values()}).with_columns(
        disclosure_id=pl.Series([disclosure_id(body, year, "budget", "department") for body in named.values()])
    )
    found = found.join(bodies, on="department", how="left", maintain_order="left")
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
    given |= {
        "fund": "total",
        "nature": "total",
        "measure": "budget",
        "unit_text": "元",
        "column_evidence": "printed",
        "page": 3,
        "unit_evidence": "table",
    }
    given |= {
        "amount_evidence": "printed",
        "proofs": 3,
        "contradictions": 0,
        "unit_evidence": "table",
        "region_code": "110000",
        "fiscal_year": year,
    }
    lines = pl.concat([lines, totals], how="diagonal").with_columns(
        **{name: pl.lit(value) for name, value in given.items()},
        amount_text=pl.col("amount").cast(pl.String),
        x0=(pl.col("row") % 97 * 5.1),
        y0=(pl.col("row") * 12.3),
    )
    made = {DOCUMENTS.name: _filled(found, DOCUMENTS), BUDGET_LINES.name: _filled(lines, BUDGET_LINES)}
    return {table.name: made.get(table.name, empty_frame(table)) for table in PARTITIONED}


def _filled(frame: pl.DataFrame, table) -> pl.DataFrame:  # type: ignore[no-untyped-def]
    missing = {name: 0 if name.startswith("checks") else None for name in polars_schema(table) if name not in frame.columns}
    frame = frame.with_columns(**{name: pl.lit(value) for name, value in missing.items()})
    return frame.select(pl.col(name).cast(dtype) for name, dtype in polars_schema(table).items())


class MadePartitions(Mapping[Partition, dict[str, pl.DataFrame]]):
    """All partitions with so many documents each; a year is made when one of its partitions is looked up."""

    def __init__(self, documents: int) -> None:
        self._documents = documents
        self._year: tuple[int, dict[Partition, dict[str, pl.DataFrame]]] = (0, {})

    def __getitem__(self, partition: Partition) -> dict[str, pl.DataFrame]:
        year, _ = partition
        if self._year[0] != year:
            self._year = (year, split_by_partition(year_of(year, self._documents)))
        return self._year[1][partition]

    def __iter__(self) -> Iterator[Partition]:
        return iter([(year, province) for year in YEARS for province in sorted(WHERE)])

    def __len__(self) -> int:
        return len(YEARS) * len(WHERE)


def evict(dataset: Path) -> None:
    """Take the files of `dataset` out of the page cache."""
    os.sync()
    for path in dataset.rglob("*"):
        if path.is_file():
            descriptor = os.open(path, os.O_RDONLY)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)


def ask(code: str) -> list[str]:
    """Return rows, seconds and megabytes of a question asked in a process of its own."""
    run = subprocess.run([sys.executable, "-c", _ASK.replace("{0}", code)], capture_output=True, text=True, check=True)
    return run.stdout.split()


def published(dataset: Path, partitions: Mapping[Partition, dict[str, pl.DataFrame]], keep_others: bool) -> str:
    """Publish, and return the seconds and the CPU seconds it took, and the memory that the process had at most."""
    start, cpu = time.perf_counter(), time.process_time()
    publish(dataset, partitions, DIMENSION_FRAMES, keep_others=keep_others)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return f"{time.perf_counter() - start:.1f} s ({time.process_time() - cpu:.1f} s of CPU), at most {memory:.2f} GB"


def sizes(dataset: Path) -> Iterator[str]:
    """Yield the rows of the table of sizes."""
    tables = [BUDGET_LINES.name, DOCUMENTS.name, *MARTS]
    for table in tables:
        files = list((dataset / table).rglob("*.parquet"))
        size = sum(file.stat().st_size for file in files)
        rows = pl.scan_parquet(f"{dataset}/{table}/**/*.parquet").select(pl.len()).collect().item()
        if rows:
            yield f"| {table} | {rows:,} | {len(files):,} | {size / 1e6:.1f} | {size / rows:.1f} |"
    for name in (DATABASE, MANIFEST, "datapackage.json", "croissant.json"):
        yield f"| {name} | | 1 | {(dataset / name).stat().st_size / 1e6:.1f} | |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=10_000_000)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--ask", action="store_true", help="of the dataset that --out holds already")
    parser.add_argument("--again", type=int, default=5, help="times that one partition is published anew")
    arguments = parser.parse_args()
    documents = max(1, round(arguments.lines / len(YEARS) / len(WHERE) / LINES_OF_DOCUMENT))
    with tempfile.TemporaryDirectory() as scratch:
        dataset = arguments.out or Path(scratch) / "dataset"
        partitions = MadePartitions(documents)
        lines = documents * LINES_OF_DOCUMENT * len(partitions)
        if not arguments.ask:
            print(f"{lines:,} lines in {len(partitions):,} partitions published: {published(dataset, partitions, False)}\n", flush=True)
        print("| table | rows | files | MB | bytes a row |\n| --- | --: | --: | --: | --: |")
        print(*sizes(dataset), sep="\n", flush=True)
        print(flush=True)
        print("| question | rows | DuckDB cold s | MB read | warm s | Polars cold s | MB read | warm s |")
        print("| --- | --: | --: | --: | --: | --: | --: | --: |", flush=True)
        for name, (sql, expression) in QUESTIONS.items():
            cells, heights = [], set()
            for code in (f'duckdb.sql("""{sql.format(dataset)}""").fetchall()', expression.format(dataset)):
                evict(dataset)
                height, cold, read = ask(code)
                cells.append(f"{cold} | {read} | {ask(code)[1]}")
                heights.add(height)
            (height,) = heights
            print(f"| {name} | {height} | {' | '.join(cells)} |", flush=True)
        for number in range(1, arguments.again + 1):
            changed = {**partitions[2019, "CN-SH"]}
            lines_of_it = changed[BUDGET_LINES.name]
            changed[BUDGET_LINES.name] = lines_of_it.with_columns(page=pl.lit(number, lines_of_it.schema["page"]))
            print(f"One partition published anew: {published(dataset, {(2019, 'CN-SH'): changed}, True)}", flush=True)


if __name__ == "__main__":
    main()
