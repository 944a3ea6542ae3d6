"""Real documents are what their covers, fields and tables say: facts established by eye, in `identities.csv`."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest

from pipeline.document.inputs.sources import Hint
from pipeline.document.pdf_reader import read_pdf
from pipeline.document.text_dump import read_text
from pipeline.identity.identify import Identity, identify

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[2] / "shared"
EXPECTED = {row["document_id"]: row for row in csv.DictReader((HERE / "identities.csv").open(encoding="utf-8"))}


def documents() -> dict[str, Path]:
    files = [*(SHARED / "corpus").rglob("*.pdf"), *(SHARED / "seeds").glob("*.txt")]
    return {hashlib.sha256(path.read_bytes()).hexdigest()[:16]: path for path in files}


FILES = documents() if SHARED.is_dir() else {}


def identity(path: Path, hint: Hint | None = None) -> Identity:
    data = path.read_bytes()
    return identify(read_pdf(data) if path.suffix == ".pdf" else read_text(data), hint)


@pytest.mark.parametrize("document_id", sorted(EXPECTED))
def test_document_is_what_it_says(document_id: str) -> None:
    if document_id not in FILES:
        pytest.skip("the shared documents are not beside this repository")
    expected = EXPECTED[document_id]
    found = identity(FILES[document_id])
    for name in ("kind", "level", "department", "region_code", "province", "parent_department"):
        assert (getattr(found, name) or "") == expected[name], name
    assert str(found.fiscal_year) == expected["fiscal_year"]
    assert found.is_template == (expected["remark"] == "template")
    assert bool(found.unpublishable) == found.is_template
    assert not found.correction


def test_a_registry_that_is_wrong_is_contradicted() -> None:
    document_id = next((name for name, row in EXPECTED.items() if row["province"] == "CN"), "")
    if document_id not in FILES:
        pytest.skip("the shared documents are not beside this repository")
    found = identity(FILES[document_id], Hint(region_code="350100", fiscal_year=2026, kind="budget"))
    assert (found.fiscal_year, found.kind, found.province) == (2024, "final_account", "CN")
    assert len(found.contradictions) == 3
