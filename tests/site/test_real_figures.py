"""The figures of twenty departments' pages are those of the dataset: the edition of real figures, walked amount by amount."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from pipeline.publish.versions.manifest import MANIFEST
from pipeline.site.edition import FOLDER
from pipeline.site.writer import write_site
from tests.site.conftest import reader, served
from tests.site.tables_and_sql import assert_tables_equal_their_sql
from tests.site.walked import figures_walked, fullest_pages

pytestmark = pytest.mark.skipif(not (FOLDER / MANIFEST).is_file(), reason="the edition is not here: make edition")

WALKED = 20
OF_THESE_IN_A_BROWSER = 5
"""A page's tables are each downloaded and asked for, which takes its seconds."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_site(FOLDER, tmp_path_factory.mktemp("edition") / "site").folder


@pytest.fixture(scope="module")
def pages(site: Path) -> list[Any]:
    """The twenty pages with the most figures."""
    return fullest_pages(site, WALKED)


@pytest.fixture(scope="module")
def edition_address(site: Path) -> Iterator[str]:
    with served(site.parent) as address:
        yield f"{address}site/"


def test_every_figure_of_twenty_departments_is_that_of_the_dataset(pages: list[Any]) -> None:
    assert len(pages) == WALKED and figures_walked(pages, FOLDER) > 3000


def test_tables_of_real_departments_are_what_their_sql_gives(browser: Any, edition_address: str, pages: list[Any]) -> None:
    tables = sum(_tables_on(browser, edition_address, [f"d/{body['id']}"]) for body in pages[:OF_THESE_IN_A_BROWSER])
    asked = ("three_total", "three_execution&year=all", "function&code=205&share=1&by=region", "economic&code=30227", "vehicle_cost")
    assert _tables_on(browser, edition_address, [f"compare?what={one}" for one in asked]) == len(asked)
    assert tables >= 4 * OF_THESE_IN_A_BROWSER


def _tables_on(browser: Any, address: str, places: Sequence[str]) -> int:
    """How many tables some pages have, each held against its SQL. They have a tab of their own: one may start ten downloads in a row."""
    read = reader(browser, address)
    found = 0
    for place in places:
        read.go(f"#/{place}")
        found += assert_tables_equal_their_sql(read, FOLDER)
    read.page.context.close()
    assert read.trouble == []
    return found
