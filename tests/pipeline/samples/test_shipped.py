"""The shipped samples are what the generator makes, byte for byte, and hold what they are made from."""

import pypdfium2

from pipeline.budget.amounts import parse_amount
from pipeline.samples import DOCUMENTS, shipped
from pipeline.samples.sample_budget import load
from pipeline.samples.sample_text import tables_text


def test_the_shipped_files_are_what_the_generator_makes() -> None:
    made = shipped.make()
    assert {path.name for path in DOCUMENTS.iterdir()} == set(made)
    for path in DOCUMENTS.iterdir():
        assert path.read_bytes() == made[path.name], f"{path.name} is stale: python -m pipeline.samples.shipped"


def test_samples_stay_small() -> None:
    assert sum(path.stat().st_size for path in DOCUMENTS.iterdir()) < 200_000


def test_flattened_tables_print_every_amount_of_their_lines() -> None:
    text, lines = tables_text(*load("tables_2019"))
    printed = [value for token in text.split() if (value := parse_amount(token)) is not None]
    for line in lines:
        value = line.amount if line.unit_text == "元" else line.amount / 10_000
        printed.remove(value)
    assert len(lines) > 150


def test_the_pdf_has_text_and_rulings_on_every_page_of_tables() -> None:
    document = pypdfium2.PdfDocument(shipped.make()["budget_2024.pdf"])
    texts = [page.get_textpage().get_text_range() for page in document]
    tables = [n for n, text in enumerate(texts) if text.startswith("公开")]
    assert len(tables) == 9
    assert all(sum(item.type == 2 for item in document[n].get_objects()) >= 4 for n in tables)
    assert "青岛市示范园林管理局" in texts[0]
