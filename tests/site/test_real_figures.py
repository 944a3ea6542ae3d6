"""The figures of twenty departments' pages are those of the dataset: the edition of real figures, walked amount by amount."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipeline.publish.versions.manifest import MANIFEST
from pipeline.site.edition import FOLDER
from pipeline.site.writer import write_site
from tests.pipeline.site.made import whole_pages
from tests.site.conftest import reader, served
from tests.site.tables_and_sql import assert_tables_equal_their_sql, connected

pytestmark = pytest.mark.skipif(not (FOLDER / MANIFEST).is_file(), reason="the edition is not here: make edition")

WALKED = 20
OF_THESE_IN_A_BROWSER = 5
"""A page's tables are each downloaded and asked for, which takes its seconds."""

LISTS = {"purchases": ("procurement", "name"), "projects": ("project_spending", "project")}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_site(FOLDER, tmp_path_factory.mktemp("edition") / "site").folder


@pytest.fixture(scope="module")
def pages(site: Path) -> list[Any]:
    """The twenty pages with the most figures."""
    return sorted(whole_pages(site), key=lambda page: (-len(json.dumps(page)), page["id"]))[:WALKED]


@pytest.fixture(scope="module")
def edition_address(site: Path) -> Iterator[str]:
    with served(site.parent) as address:
        yield f"{address}site/"


def yuan(fen: int | str | None) -> Decimal | None:
    return None if fen is None else Decimal(fen) / 100


def test_every_figure_of_twenty_departments_is_that_of_the_dataset(pages: list[Any]) -> None:
    walked = 0
    with connected(FOLDER) as sql:

        def said(query: str, *values: object) -> list[tuple[Any, ...]]:
            return sql.execute(query, values).fetchall()

        for body in pages:
            for one in body["disclosures"]:
                own = one["disclosure_id"]
                for column, (amount, *_) in one["totals"].items():
                    assert said(f"SELECT {column} FROM department_profile WHERE disclosure_id = ?", own) == [(yuan(amount),)]
                    walked += 1
                for part, mart in (("function", "spending_by_function"), ("economic", "spending_by_economic")):
                    for row in one[part]:
                        for column, amount in row["amounts"].items():
                            query = f"SELECT {column} FROM {mart} WHERE disclosure_id = ? AND code IS NOT DISTINCT FROM ? AND name = ?"
                            assert said(query, own, row["code"], row["name"]) == [(yuan(amount),)]
                            walked += 1
                for row in one["revenue"]:
                    for column, amount in row["amounts"].items():
                        query = f"SELECT {column} FROM revenue_by_source WHERE disclosure_id = ? AND fund = ?"
                        assert said(query, own, row["fund"]) == [(yuan(amount),)]
                        walked += 1
                for column, amount in (one["three_public"] or {"amounts": {}})["amounts"].items():
                    assert said(f"SELECT {column} FROM three_public WHERE disclosure_id = ?", own) == [(yuan(amount),)]
                    walked += 1
                for part, (mart, name) in LISTS.items():
                    query = f"SELECT {name}, amount, page FROM {mart} WHERE disclosure_id = ? ORDER BY amount DESC, item LIMIT ?"
                    shown = [(row["name"], yuan(row["amount"]), row["page"]) for row in one[part]["rows"]]
                    assert said(query, own, len(shown)) == shown
                    walked += len(shown)
                query = "SELECT name, amount, change_amount FROM changes_on_last_year WHERE disclosure_id = ? ORDER BY item"
                shown_changes = [(row["name"], yuan(row["amount"]), yuan(row["change_amount"])) for row in one["changes"]]
                assert sorted(said(query, own), key=str) == sorted(shown_changes, key=str)
                walked += len(shown_changes)
    assert len(pages) == WALKED and walked > 3000


def test_tables_of_real_departments_are_what_their_sql_gives(browser: Any, edition_address: str, pages: list[Any]) -> None:
    read = reader(browser, edition_address)
    tables = 0
    for body in pages[:OF_THESE_IN_A_BROWSER]:
        read.go(f"#/d/{body['id']}")
        tables += assert_tables_equal_their_sql(read, FOLDER)
    for asked in ("three_total", "three_execution&year=all", "function&code=205&share=1&by=region", "economic&code=30227"):
        read.go(f"#/compare?what={asked}")
        assert assert_tables_equal_their_sql(read, FOLDER) == 1
    read.page.context.close()
    assert tables >= 4 * OF_THESE_IN_A_BROWSER and read.trouble == []
