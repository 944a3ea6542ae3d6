"""The same pages in another format give the same rows: what the benchmark writes is what an office would, and is read so."""

from __future__ import annotations

import random
from itertools import islice

import pytest

from benchmarks.other_formats import WAYS, WrittenTable, parts_of, rows_of
from pipeline.document.content import Content
from pipeline.document.pdf_reader import read_pdf
from pipeline.document.registry import read_content
from pipeline.samples.layouts import CATALOGUE, budget_for, print_budget

DOCUMENTS = {layout.name: print_budget(budget_for(layout, random.Random(7)), layout).data for layout in islice(CATALOGUE, 0, None, 4)}
CONTENTS: dict[str, Content] = {name: read_pdf(data) for name, data in DOCUMENTS.items()}


@pytest.fixture(scope="module")
def as_it_is() -> dict[str, object]:
    return {name: rows_of(data) for name, data in DOCUMENTS.items()}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_same_rows(name: str, way: str, as_it_is: dict[str, object]) -> None:
    assert rows_of(WAYS[way](CONTENTS[name])) == as_it_is[name]


@pytest.mark.parametrize("way", [way for way in WAYS if way != "by_page"])
def test_every_text_of_a_table_is_written_once(way: str) -> None:
    content = next(iter(CONTENTS.values()))
    written = read_content(WAYS[way](content))
    tables = [part for part in parts_of(content) if isinstance(part, WrittenTable)]
    found = [
        sorted("".join(cell.text.split()).replace(",", "") for grid in page.grids for cell in grid.cells if cell.text.strip())
        for page in written.pages
        if page.grids
    ]
    assert len(tables) == len(found) > 1
    for table, texts in zip(tables, found, strict=True):
        assert texts == sorted("".join(cell.text.split()).replace(",", "") for cell in table.cells if cell.text.strip())
