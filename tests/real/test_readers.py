"""Readers against real and hostile files: nothing is lost, nothing takes the run down."""

from __future__ import annotations

import re
import time
from decimal import Decimal
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from pipeline.document.pdf_reader import read_pdf
from pipeline.store.processes.isolation import in_workers
from pipeline.store.processes.limits import Limits
from pipeline.store.processes.worker_server import Desk

SHARED = Path(__file__).parents[2].parent / "shared"
AMOUNT = re.compile(r"(?<![\d.,])-?(?:\d{1,3}(?:,\d{3})+(?:\.\d{2,6})?|\d+\.\d{2,6})(?![\d.,%])")
SPOKEN = re.compile(r"\d\s*[万亿]?元")  # an amount of a sentence


def amounts(text: str) -> set[Decimal]:
    return {Decimal(token.replace(",", "")) for token in AMOUNT.findall(text)} - {Decimal(0)}


def captured(_: Path, desk: Desk) -> tuple[int, int, list[str]]:
    """Distinct amounts of statement pages, how many of them stand alone in a cell of the document, and the others."""
    data = desk.read()
    alone: set[Decimal] = set()
    for page in read_pdf(data).pages:
        for grid in page.grids:
            for cell in grid.cells:
                found = amounts("".join(cell.text.split()))
                if len(found) == 1:
                    alone |= found
    printed: set[Decimal] = set()
    document = pdfium.PdfDocument(data)
    for page in document:
        text = page.get_textpage().get_text_range()
        tokens = AMOUNT.findall(text)
        if len(tokens) >= 4 and text.count("。") <= 2 and 3 * len(SPOKEN.findall(text)) < len(tokens):
            printed |= amounts(text)
    document.close()
    return len(printed), len(printed & alone), sorted(map(str, printed - alone))


def pages(_: Path, desk: Desk) -> int:
    return len(read_pdf(desk.read()).pages)


@pytest.mark.skipif(not (SHARED / "corpus").is_dir(), reason="needs the corpus beside the repository")
def test_the_amounts_of_real_statements_stand_alone_in_cells() -> None:
    files = sorted((SHARED / "corpus").rglob("*.pdf"))
    outcomes = list(in_workers(captured, files, tuple[int, int, list[str]], file_of=lambda path: path))
    assert [outcome.failure for outcome in outcomes if outcome.failure] == []
    results = {outcome.item: outcome.result for outcome in outcomes if outcome.result}
    printed, hit = sum(r[0] for r in results.values()), sum(r[1] for r in results.values())
    missing = {path.name: result[2][:5] for path, result in results.items() if result[2]}
    assert printed > 9000
    assert hit / printed > 0.998, missing


@pytest.mark.skipif(not (SHARED / "hostile").is_dir(), reason="needs the hostile files beside the repository")
def test_every_hostile_file_gets_a_result_or_a_reason() -> None:
    files = sorted(path for path in (SHARED / "hostile").rglob("*") if path.is_file() and path.suffix != ".tsv")
    started = time.monotonic()
    outcomes = list(in_workers(pages, files, int, file_of=lambda path: path, limits=Limits(cpu=15)))
    assert time.monotonic() - started < 60
    assert sorted(outcome.item for outcome in outcomes) == files
    assert all((outcome.result is None) != (outcome.failure is None) for outcome in outcomes)
    assert all(outcome.failure.endswith(".") or ": " in outcome.failure for outcome in outcomes if outcome.failure)
    failures = {outcome.item.name: outcome.failure for outcome in outcomes if outcome.failure}
    assert not [reason for reason in failures.values() if reason.startswith("Reading failed with")], failures
    assert sum("encrypted" in reason for reason in failures.values()) >= 10
