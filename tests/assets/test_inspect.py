"""One document on the terminal, read by the real reader in a real worker process."""

import json
import zipfile
from pathlib import Path
from random import Random

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from assets.cli import app
from pipeline.samples import DOCUMENTS
from pipeline.samples.layouts import SampleDocument, budget_for, print_budget
from pipeline.samples.sample_sheets import Layout
from tests.pipeline.document.forms.offices import as_workbook
from tests.pipeline.document.scans.copier import Copier, needs_ocr


@pytest.fixture(scope="module")
def readings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("readings")


def inspect(file: Path, readings: Path, *options: object) -> Result:
    arguments = ["inspect", file, "--readings", readings, *options]
    return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)


def test_a_document_is_shown_whole(readings: Path) -> None:
    result = inspect(DOCUMENTS / "tables_2019.txt", readings)
    assert result.exit_code == 0
    for part in ("budget of 2019", "published", "expenditure_summary", "2010301", "reader text"):
        assert part in result.output


def test_halves_side_by_side_and_funds_named_by_rows_are_told_apart(readings: Path) -> None:
    shown = inspect(DOCUMENTS / "budget_2024.pdf", readings).output.splitlines()
    start = next(n for n, text in enumerate(shown) if "revenue_expenditure_summary" in text)
    summary = [" ".join(text.split()) for text in shown[start : start + 14]]
    assert "code name 2: (by row) total 4: total total" in summary
    assert "一般公共预算拨款收入 3,169.50" in summary
    assert "212 城乡社区支出 3,673.44" in summary


def test_for_machines(readings: Path) -> None:
    said = json.loads(inspect(DOCUMENTS / "tables_2019.txt", readings, "--json").stdout)
    assert said["document"]["fiscal_year"] == 2019
    assert {line["statement"] for line in said["budget_lines"]} >= {"revenue_summary", "expenditure_summary"}
    assert {check["severity"] for check in said["checks"] if check["outcome"] == "fail"} <= {"warning"}
    assert sum(check["outcome"] == "pass" for check in said["checks"]) > 50


def test_a_page_is_drawn(readings: Path, tmp_path: Path) -> None:
    pdf = DOCUMENTS / "budget_2024.pdf"
    lines = json.loads(inspect(pdf, readings, "--json").stdout)["budget_lines"]
    page = next(line["page"] for line in lines if line["source"] == "table")
    picture = tmp_path / "page.png"
    result = inspect(pdf, readings, "--page", page, "--image", picture)
    assert result.exit_code == 0
    assert str(picture) in result.output
    assert_marked(picture)


def test_a_page_of_a_document_in_an_archive_is_drawn(readings: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(DOCUMENTS / "budget_2024.pdf", "a.pdf")
    result = inspect(tmp_path / "a.zip!/a.pdf", readings, "--page", 1, "--image", tmp_path / "page.png")
    assert result.exit_code == 0, result.stderr
    with Image.open(tmp_path / "page.png") as image:
        assert image.width > 100


def assert_marked(picture: Path) -> None:
    """Some amount is marked as proven."""
    with Image.open(picture) as image:
        colours = {colour for _, colour in image.getcolors(1 << 24) or []}
    assert len(colours) > 10
    assert any(green > red + 60 and green > blue + 40 for red, green, blue in colours), "no proven amount is marked"


def short_sample() -> SampleDocument:
    layout = Layout("short", statements=("revenue_expenditure_summary", "general_public_by_function"))
    return print_budget(budget_for(layout, Random(1)), layout)


@pytest.mark.parametrize("form", ["sheet", pytest.param("scan", marks=needs_ocr)])
def test_a_sheet_and_a_scan_are_drawn_as_a_page_is(form: str, readings: Path, tmp_path: Path) -> None:
    sample, file, picture = short_sample(), tmp_path / form, tmp_path / "page.png"
    file.write_bytes(as_workbook(sample) if form == "sheet" else Copier(slope=1.0).pdf(sample.data))
    result = inspect(file, readings, "--page", 2, "--image", picture)
    assert result.exit_code == 0, result.stderr
    assert_marked(picture)


def test_what_cannot_be_drawn_is_said(readings: Path, tmp_path: Path) -> None:
    no_page = inspect(DOCUMENTS / "budget_2024.pdf", readings, "--page", 999, "--image", tmp_path / "x.png")
    assert (no_page.exit_code, "There is no page 999" in no_page.stderr) == (2, True)
    no_pdf = inspect(DOCUMENTS / "tables_2019.txt", readings, "--page", 1, "--image", tmp_path / "x.png")
    assert (no_pdf.exit_code, "no pages or sheets" in no_pdf.stderr) == (2, True)


def test_a_file_that_is_no_document_is_explained(readings: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.pdf").write_bytes(b"")
    result = inspect(tmp_path / "empty.pdf", readings)
    assert result.exit_code == 0
    assert "quarantined: The file is empty." in result.output
    assert inspect(tmp_path / "empty.pdf", readings, "--strict").exit_code == 1


def test_a_document_in_an_archive_is_shown(tmp_path: Path, readings: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(DOCUMENTS / "tables_2019.txt", "部门/tables.txt")
    result = inspect(tmp_path / "a.zip!" / "部门" / "tables.txt", readings)
    assert result.exit_code == 0 and "budget of 2019" in result.output
    gone = inspect(tmp_path / "a.zip!" / "gone.txt", readings)
    assert gone.exit_code == 0 and "does not hold the file" in " ".join(gone.output.split())
