"""CSV and XLSX: nothing that a spreadsheet would run, codes and Chinese intact, the same bytes each time."""

import csv
import zipfile
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from pipeline.publish.dataset import publish, split_by_partition
from pipeline.publish.spreadsheet_export import NoSheet, write_sheet
from pipeline.store.frames import document_frames
from tests.pipeline.publish.samples import facts, line, reading, sample_dimensions

DANGEROUS = ["=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "＝1+1", "－合计"]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset of lines with names that a spreadsheet would run."""
    lines = [line(row, "0.10", name=name, code=None, code_source=None) for row, name in enumerate(DANGEROUS, start=1)]
    lines += [line(20, "-1234.50", code="0012"), line(21, "9999999999999999.99")]
    frames = document_frames(reading(lines=lines), facts())
    folder = tmp_path_factory.mktemp("sheets") / "dataset"
    return publish(folder, split_by_partition(frames), sample_dimensions(5)).folder


def test_csv_marks_formulas_and_keeps_the_rest(dataset: Path, tmp_path: Path) -> None:
    assert write_sheet(dataset, "budget_lines", tmp_path / "lines.csv") == 9
    text = (tmp_path / "lines.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(text.decode("utf-8-sig").splitlines()))
    assert [row["name"] for row in rows[:7]] == [f"'{name}" for name in DANGEROUS]
    assert [(row["name"], row["code"], row["amount"]) for row in rows[7:]] == [
        ("行政运行", "0012", "-1234.50"),
        ("行政运行", "2010301", "9999999999999999.99"),
    ]
    assert rows[0]["province"] == "CN-ZJ"


def test_xlsx_holds_text_as_text(dataset: Path, tmp_path: Path) -> None:
    write_sheet(dataset, "budget_lines", tmp_path / "lines.xlsx")
    with zipfile.ZipFile(tmp_path / "lines.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        styles = book.read("xl/styles.xml").decode()
        strings = sheet
    assert "<f>" not in sheet
    assert 'quotePrefix="1"' in styles
    assert "=cmd|" in strings
    assert "<v>-1234.5</v>" in sheet
    assert ">9999999999999999.99<" in sheet


def test_a_workbook_reads_back_with_codes_as_text(dataset: Path, tmp_path: Path) -> None:
    write_sheet(dataset, "budget_lines", tmp_path / "one.xlsx")
    write_sheet(dataset, "budget_lines", tmp_path / "two.xlsx")
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_sums_of_a_csv_are_exact(samples_dataset: Path, tmp_path: Path) -> None:
    rows = write_sheet(samples_dataset, "spending_by_function", tmp_path / "mart.csv")
    written = csv.DictReader((tmp_path / "mart.csv").read_text(encoding="utf-8-sig").splitlines())
    summed = sum((Decimal(row["general_public_budget"] or 0) for row in written), Decimal(0))
    mart = pl.read_parquet(f"{samples_dataset}/spending_by_function/**/*.parquet", hive_partitioning=True)
    assert (rows, summed) == (mart.height, mart["general_public_budget"].sum())


def test_every_table_can_be_written(samples_dataset: Path, tmp_path: Path) -> None:
    for table in ("documents", "codes", "budget_vs_final", "mart_coverage"):
        assert write_sheet(samples_dataset, table, tmp_path / f"{table}.xlsx") >= 0
        assert write_sheet(samples_dataset, table, tmp_path / f"{table}.csv") >= 0


def test_what_cannot_be_written_is_said(samples_dataset: Path, tmp_path: Path) -> None:
    with pytest.raises(NoSheet, match="there is no table budgets"):
        write_sheet(samples_dataset, "budgets", tmp_path / "x.csv")
    with pytest.raises(NoSheet, match=r"neither \.csv nor \.xlsx"):
        write_sheet(samples_dataset, "codes", tmp_path / "x.ods")


def test_a_workbook_reads_back_value_by_value(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    name = "a < b & c > d \x01"
    lines = [line(1, "100.00", name=name), line(2, "-0.50", name="=1+1", page=None, x0=None)]
    frames = document_frames(reading(lines=lines), facts())
    dataset = publish(tmp_path / "dataset", split_by_partition(frames), sample_dimensions(5)).folder
    write_sheet(dataset, "budget_lines", tmp_path / "lines.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "lines.xlsx").worksheets[0]
    head, *rows = [dict(zip([cell.value for cell in sheet[1]], [cell.value for cell in row], strict=True)) for row in sheet.iter_rows()]
    assert list(head) == list(head.values())
    assert [(row["amount"], row["code"], row["is_leaf"], row["page"], row["row"]) for row in rows] == [
        (100, "2010301", True, 3, 1),
        (-0.5, "2010301", True, None, 2),
    ]
    assert [row["name"] for row in rows] == ["a < b & c > d \ufffd", "=1+1"]
    assert sheet["A1"].font.bold and sheet.dimensions.endswith("3") and sheet.freeze_panes == "A2"
