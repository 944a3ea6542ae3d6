"""What a table of the site gives as CSV, beside what its SQL gives of the dataset."""

import csv
import io
import re
from decimal import Decimal
from pathlib import Path

import duckdb

from schemas.marts import PUBLISHED
from tests.site.conftest import Reader


def connected(dataset: Path) -> duckdb.DuckDBPyConnection:
    """The tables of a dataset from its Parquet files, by name."""
    sql = duckdb.connect()
    for table in PUBLISHED.values():
        files = f"{dataset}/{table.name}/**/*.parquet" if table.partitioned else f"{dataset}/{table.name}.parquet"
        types = (
            "hive_partitioning = true, hive_types = {'fiscal_year': INTEGER, 'province': VARCHAR}"
            if table.partitioned
            else "hive_partitioning = false"
        )
        sql.execute(f"CREATE VIEW {table.name} AS SELECT * FROM read_parquet('{files}', {types})")
    return sql


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def same(cell: str, value: object) -> bool:
    if value is None:
        return cell == ""
    if isinstance(value, Decimal | int | float) and not isinstance(value, bool):
        return cell != "" and abs(Decimal(cell) - Decimal(str(value))) < Decimal("0.0051" if isinstance(value, float) else "0.000001")
    text = str(value)
    return cell == (f"'{text}" if re.match(r"[=+\-@\t\r]", text) else text)


def assert_tables_equal_their_sql(read: Reader, dataset: Path) -> int:
    """Each table of a page: its CSV is what its SQL gives in DuckDB. Return how many there are."""
    tables = read.page.locator(".tools:has(button.sql)")
    with connected(dataset) as sql:
        for n in range(tables.count()):
            tools = tables.nth(n)
            with read.page.expect_download() as saved:
                tools.locator("button.csv").click()
            head, *rows = rows_of(Path(saved.value.path()).read_text(encoding="utf-8"))
            tools.locator("button.sql").click()
            query = tools.locator("pre").inner_text()
            answer = sql.execute(query)
            assert [column[0] for column in answer.description] == head, query
            expected = answer.fetchall()
            assert len(rows) == len(expected), query
            for row, values in zip(rows, expected, strict=True):
                assert all(same(cell, value) for cell, value in zip(row, values, strict=True)), (query, row, values)
    return tables.count()
