"""A budget that was printed and scanned gives the lines that it gives as a PDF with text."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from pipeline.document.inputs.sources import Hint
from pipeline.document.registry import read_content
from pipeline.samples.layouts import CATALOGUE, SampleDocument, budget_for, print_budget
from pipeline.stages.reading import read_document
from tests.pipeline.document.scans.copier import Copier, needs_ocr

pytestmark = needs_ocr

KEY = ("statement", "flow", "scheme", "code", "fund", "nature", "measure", "unit_text", "unit", "amount")
NAMES = ("three code columns", "names alone", "final account, plainer")


def printed(name: str, statements: int = 3) -> SampleDocument:
    """The first statements of a layout."""
    layout = next(layout for layout in CATALOGUE if layout.name == name)
    shorter = replace(layout, statements=layout.statements[:statements])
    return print_budget(budget_for(shorter, Random(name)), shorter)


def said(data: bytes) -> list[tuple[object, ...]]:
    """What the lines of a document's tables say, whatever their provenance."""
    lines = [line for line in read_document(data, Hint()).lines if line.source == "table"]
    return sorted((tuple(getattr(line, field) for field in KEY) for line in lines), key=repr)


@pytest.mark.parametrize("name", NAMES)
def test_a_scanned_budget_says_what_the_printed_one_says(name: str) -> None:
    document = printed(name)
    assert said(Copier().pdf(document.data)) == said(document.data)


@pytest.mark.parametrize(
    "copier",
    [Copier(dpi=300, slope=-0.8), Copier(dpi=150), Copier(two_tone=True, noise=0), Copier(quarters=1), Copier(quarters=2)],
    ids=["fine", "coarse", "black and white", "on its side", "on its head"],
)
def test_however_it_was_scanned(copier: Copier) -> None:
    document = printed("plain", statements=1)
    assert said(copier.pdf(document.data)) == said(document.data)


def test_a_scan_says_what_it_is_and_how_certain_its_numbers_are() -> None:
    document = printed("plain", statements=2)
    read = read_document(Copier().pdf(document.data), Hint())
    assert read.document["reader"] == "ocr"
    assert read.document["status"] == "published"
    lines = [line for line in read.lines if line.source == "table"]
    assert all(line.confidence is not None and 0.5 < line.confidence <= 1 for line in lines)
    assert all(line.confidence is None for line in read_document(document.data, Hint()).lines)
    outcomes = {row["outcome"] for row in read.checks if row["check_id"] == "F1"}
    assert outcomes == {"not_applicable"}  # one reading is no second one


def test_a_file_of_pictures_is_a_document() -> None:
    document = printed("plain", statements=1)
    data = Copier().picture(document.data, "TIFF")
    assert said(data) == said(document.data)
    pages = read_content(Copier(dpi=100).picture(document.data, "PNG")).pages
    assert len(pages) == 1
    assert document.budget.department in [line.text for line in pages[0].lines]
