"""The site of the corpus: every figure of twenty departments' pages is what its Parquet says, and no sum of lines is another amount."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline.build import Inputs, build
from pipeline.site.writer import write_site
from pipeline.store.workers import archives_in_processes, in_processes
from tests.site.walked import figures_walked, fullest_pages

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")

WALKED = 20
WORKERS = 2


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    inputs = Inputs((str(CORPUS),), folder / "dataset", folder / "results", keep_versions=1)
    build(inputs, in_processes(WORKERS), archives_in_processes(WORKERS))
    return folder / "dataset"


@pytest.fixture(scope="module")
def site(dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_site(dataset, tmp_path_factory.mktemp("site") / "site").folder


def test_every_figure_of_twenty_departments_is_that_of_the_dataset(dataset: Path, site: Path) -> None:
    pages = fullest_pages(site, WALKED)
    assert len(pages) == WALKED and figures_walked(pages, dataset) > 5000


def test_lines_that_an_amount_leads_to_add_up_to_it(site: Path) -> None:
    amounts: dict[str, dict[tuple[int, ...], Decimal]] = {}

    def printed(document: str, line: list[Any]) -> Decimal:
        if document not in amounts:
            frame = pl.read_parquet(site / "data" / "lines" / f"{document}.parquet", columns=["statement_no", "row", "column", "amount"])
            amounts[document] = {row[:3]: Decimal(row[3]) for row in frame.iter_rows()}
        return amounts[document][tuple(line[1:4])]

    led = 0
    for body in fullest_pages(site, WALKED):
        documents = [document["document_id"] for document in body["documents"]]
        for one in body["disclosures"]:
            for row in (*one["function"], *one["economic"], *one["revenue"], one["three_public"] or {"lines": {}}):
                for column, lines in row["lines"].items():
                    total = sum(printed(documents[line[0]], line) for line in lines)
                    assert total == Decimal(row["amounts"][column]), (one["disclosure_id"], row.get("code"), column)
                    led += 1
    assert led > 3000
