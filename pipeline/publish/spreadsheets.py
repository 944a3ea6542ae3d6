"""A table of a dataset as CSV or XLSX, for those who work in spreadsheets.

Text from documents must stay text: what a spreadsheet would run as a formula is marked as text (CSV: an apostrophe before it, as
spreadsheets themselves write it; XLSX: the cell's own text mark, the content stays as it is).

Belongs here: these two formats. Which tables there are is in `schemas.marts`.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from schemas.export import column_descriptions, polars_schema
from schemas.marts import PUBLISHED
from schemas.tables import Table

FORMATS = (".csv", ".xlsx")
_FORMULA = "^[=+\\-@\t\r\n＝＋－＠]"
_MOST_ROWS = 1_048_575
_EXACT_DIGITS = 15
_MADE = datetime(2000, 1, 1)
"""Stands in the file instead of a clock: the same table gives the same bytes."""


class NoSheet(ValueError):
    """The table cannot be written like that; the message says why and what to do."""


def write_sheet(dataset: Path, name: str, target: Path) -> int:
    """Write one table of a dataset as the CSV or XLSX file `target`, and return its number of rows.

    CSV is UTF-8 with a mark at its beginning (spreadsheets need it for Chinese) and exact decimals. XLSX keeps codes as text, has
    money as numbers (of more than 15 digits, which it cannot hold, as text) and a second sheet with the meaning of each column.

    Raises:
        NoSheet: there is no such table or format, or it has more rows than a sheet.
    """
    table = PUBLISHED.get(name)
    if table is None:
        raise NoSheet(f"there is no table {name}: choose of {', '.join(PUBLISHED)}")
    if target.suffix not in FORMATS:
        raise NoSheet(f"{target} is neither .csv nor .xlsx")
    pattern = f"{dataset}/{name}/**/*.parquet" if table.partitioned else f"{dataset}/{name}.parquet"
    scanned = pl.scan_parquet(pattern, hive_partitioning=table.partitioned, glob=table.partitioned)
    schema = polars_schema(table)
    rows = scanned.select(pl.col(column).cast(dtype) for column, dtype in schema.items()).collect()
    rows = rows.sort(*(name for name in ("fiscal_year", "province") if name in schema), *table.sort_order, nulls_last=True)
    lists = [column for column, dtype in schema.items() if isinstance(dtype, pl.List)]
    rows = rows.with_columns(pl.col(lists).list.join("; "))
    if target.suffix == ".csv":
        _write_csv(rows, target)
    else:
        _write_workbook(rows, table, target)
    return rows.height


def _write_csv(rows: pl.DataFrame, target: Path) -> None:
    text = pl.col(pl.String)
    safe = rows.with_columns(pl.when(text.str.contains(_FORMULA)).then(pl.lit("'") + text).otherwise(text).name.keep())
    safe.write_csv(target, include_bom=True, line_terminator="\r\n")


def _write_workbook(rows: pl.DataFrame, table: Table, target: Path) -> None:
    if rows.height > _MOST_ROWS:
        raise NoSheet(f"{table.name} has {rows.height:,} rows, a sheet holds {_MOST_ROWS:,}: write .csv")
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "constant_memory": True}
    with xlsxwriter.Workbook(str(target), options) as book:
        book.set_properties({"created": _MADE, "title": table.name})
        head = book.add_format({"bold": True})
        money = book.add_format({"num_format": "#,##0.00"})
        marked = book.add_format({"quote_prefix": True})
        sheet = book.add_worksheet(table.name[:31])
        for column, name in enumerate(rows.columns):
            sheet.write_string(0, column, name, head)
        formulas = rows.select(pl.col(pl.String).str.contains(_FORMULA).fill_null(False))
        for number, (row, dangerous) in enumerate(zip(rows.iter_rows(), formulas.iter_rows(named=True), strict=True), start=1):
            for column, (name, value) in enumerate(zip(rows.columns, row, strict=True)):
                _write_cell(sheet, number, column, value, money, marked if dangerous.get(name) else None)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, rows.height, len(rows.columns) - 1)
        meanings = book.add_worksheet("columns")
        for number, described in enumerate(column_descriptions(table)):
            meanings.write_string(number, 0, described.name, head)
            meanings.write_string(number, 1, described.description)


def _write_cell(sheet: Any, row: int, column: int, value: Any, money: Any, marked: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, Decimal) and len(value.as_tuple().digits) > _EXACT_DIGITS:
        sheet.write_string(row, column, str(value))
    elif isinstance(value, Decimal):
        sheet.write_number(row, column, float(value), money)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, value, marked)
