"""A table of a dataset as CSV or XLSX, for those who work in spreadsheets.

Text from documents must stay text: what a spreadsheet would run as a formula is marked as text (CSV: an apostrophe before it, as
spreadsheets themselves write it; XLSX: the cell's own text mark, the content stays as it is).

Belongs here: these two formats. Which tables there are is in `schemas.marts`.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from pathlib import Path
from typing import IO

import polars as pl
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from schemas.dictionary import in_chinese
from schemas.export import column_descriptions, polars_schema
from schemas.marts import PUBLISHED
from schemas.tables import Table

FORMATS = (".csv", ".xlsx")
_FORMULA = "^[=+\\-@\t\r\n＝＋－＠]"
_MOST_ROWS = 1_048_575
_EXACT_DIGITS = 15
_ROWS_TOGETHER = 20_000  # so many rows of XML, some 50 MB, are held at a time
_COMPRESSION = 1  # twice as fast as the usual 6, and a tenth larger
_FIRST_SHEET = "xl/worksheets/sheet1.xml"
_SECOND_ROW = re.compile(r'<row r="2"[^<>]*><c r="A2" s="(?P<money>\d+)"/><c r="B2" s="(?P<marked>\d+)"/></row>')
_DIMENSION = re.compile(r'<dimension ref="[^"]*"/>')
_NO_XML = "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]"
_NUMBER = "row number"
_MADE = datetime(2000, 1, 1)
"""Stands in the file instead of a clock: the same table gives the same bytes."""


class NoSheet(ValueError):
    """The table cannot be written like that; the message says why and what to do."""


def write_sheet(dataset: Path, name: str, target: Path) -> int:
    """Write one table of a dataset as the CSV or XLSX file `target`, and return its number of rows.

    CSV is UTF-8 with a mark at its beginning (spreadsheets need it for Chinese) and exact decimals. XLSX keeps codes as text, has
    money as numbers (of more than 15 digits, which it cannot hold, as text) and a second sheet with the meaning of each column, in
    English and in Chinese.

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
    """Write the workbook: its frame by the library, the rows of its first sheet as text that is made column by column.

    Cell by cell, 170,000 lines take a minute; the library has no faster way.
    """
    if rows.height > _MOST_ROWS:
        raise NoSheet(f"{table.name} has {rows.height:,} rows, a sheet holds {_MOST_ROWS:,}: write .csv")
    frame = io.BytesIO()
    with xlsxwriter.Workbook(frame, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": _MADE, "title": table.name})
        head = book.add_format({"bold": True})
        sheet = book.add_worksheet(table.name[:31])
        for column, name in enumerate(rows.columns):
            sheet.write_string(0, column, name, head)
        sheet.write_blank(1, 0, None, book.add_format({"num_format": "#,##0.00"}))
        sheet.write_blank(1, 1, None, book.add_format({"quote_prefix": True}))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, rows.height, len(rows.columns) - 1)
        meanings = book.add_worksheet("columns")
        for number, (described, field) in enumerate(zip(column_descriptions(table), table.fields, strict=True)):
            meanings.write_string(number, 0, described.name, head)
            meanings.write_string(number, 1, described.description)
            meanings.write_string(number, 2, in_chinese(field.column.description))
    with zipfile.ZipFile(frame) as made, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=_COMPRESSION) as book:
        for part in made.infolist():
            entry = zipfile.ZipInfo(part.filename, date_time=_MADE.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            with book.open(entry, "w", force_zip64=True) as file:
                if part.filename == _FIRST_SHEET:
                    _write_rows(rows, made.read(part).decode(), file)
                else:
                    file.write(made.read(part))


def _write_rows(rows: pl.DataFrame, sheet: str, file: IO[bytes]) -> None:
    """Write the XML of a sheet with `rows` in place of its second row, whose two cells have the formats of money and of marked text."""
    found = _SECOND_ROW.search(sheet)
    assert found is not None, "the library has written the two cells just before"
    money, marked = found["money"], found["marked"]
    last = xl_rowcol_to_cell(rows.height, len(rows.columns) - 1)
    file.write(_DIMENSION.sub(f'<dimension ref="A1:{last}"/>', sheet[: found.start()]).encode())
    numbered = rows.with_row_index(_NUMBER, offset=2).with_columns(pl.col(_NUMBER).cast(pl.String))
    cells = [_cell(name, dtype, xl_col_to_name(column), money, marked) for column, (name, dtype) in enumerate(rows.schema.items())]
    row = pl.concat_str(pl.lit('<row r="'), pl.col(_NUMBER), pl.lit('">'), *cells, pl.lit("</row>"))
    for batch in numbered.iter_slices(_ROWS_TOGETHER):
        file.write("".join(batch.select(row).to_series()).encode())
    file.write(sheet[found.end() :].encode())


def _cell(name: str, dtype: pl.DataType, letters: str, money: str, marked: str) -> pl.Expr:
    """Return the XML of a column's cells; a null has none."""
    value, at = pl.col(name), pl.concat_str(pl.lit(f'<c r="{letters}'), pl.col(_NUMBER))
    if isinstance(dtype, pl.Boolean):
        cell = pl.concat_str(at, pl.lit('" t="b"><v>'), value.cast(pl.Int8).cast(pl.String), pl.lit("</v></c>"))
    elif isinstance(dtype, pl.Decimal):
        digits = value.cast(pl.String)
        exact = digits.str.replace_all(r"\D", "").str.len_chars() > _EXACT_DIGITS
        number = digits.str.replace(r"\.?0+$", "") if dtype.scale else digits
        as_number = pl.concat_str(at, pl.lit(f'" s="{money}"><v>'), number, pl.lit("</v></c>"))
        cell = pl.when(exact).then(_text(at, digits)).otherwise(as_number)
    elif dtype.is_numeric():
        number = value.cast(pl.Float64) if dtype.is_float() else value
        cell = pl.concat_str(at, pl.lit('"><v>'), number.cast(pl.String), pl.lit("</v></c>"))
    else:
        text = value.str.replace_all(r"(_x[0-9a-fA-F]{4}_)", "_x005F${1}").str.replace_all(_NO_XML, "\ufffd")
        for mark, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
            text = text.str.replace_all(mark, written, literal=True)
        cell = pl.when(value.str.contains(_FORMULA)).then(_text(at, text, marked)).otherwise(_text(at, text))
    return pl.when(value.is_null()).then(pl.lit("")).otherwise(cell)


def _text(at: pl.Expr, text: pl.Expr, style: str = "") -> pl.Expr:
    mark = f'" s="{style}" t="inlineStr">' if style else '" t="inlineStr">'
    return pl.concat_str(at, pl.lit(mark + '<is><t xml:space="preserve">'), text, pl.lit("</t></is></c>"))
