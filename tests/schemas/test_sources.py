"""The landing pages that come with the program: their form."""

from __future__ import annotations

import csv
import re
from datetime import date

from pipeline.fetch.addresses import address_of, prove_allowed
from pipeline.fetch.job import FOLLOW, merged, seeds_of
from schemas.classification.places import regions
from schemas.sources import ENTRIES, LANDING_PAGES

COLUMNS = ["region_code", "url", "follow", "entry", "fiscal_year_in_address", "checked", "note"]


def rows() -> list[dict[str, str]]:
    with LANDING_PAGES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_landing_pages_have_their_form() -> None:
    with LANDING_PAGES.open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    assert lines[0] == COLUMNS and {len(line) for line in lines} == {len(COLUMNS)}
    for row in rows():
        assert row["region_code"] in regions(), row
        assert address_of(row["url"]) == row["url"], row
        prove_allowed(row["url"], private=False)
        assert row["follow"] in FOLLOW and row["entry"] in ENTRIES, row
        assert not row["fiscal_year_in_address"] or row["fiscal_year_in_address"] in row["url"], row
        assert not row["checked"] or date.fromisoformat(row["checked"]), row


def test_rows_stand_once_in_order_and_a_year_in_an_address_is_said() -> None:
    places = [(row["region_code"], row["url"]) for row in rows()]
    assert places == sorted(set(places))
    for row in rows():
        assert bool(re.search(r"(?<![\da-z])202\d(?!\d)", row["url"])) <= bool(row["fiscal_year_in_address"] or row["note"]), row


def test_they_are_a_registry_that_can_be_fetched() -> None:
    seeds = merged(list(seeds_of(LANDING_PAGES)))
    assert len(seeds) >= 98 and not any(seed.refused for seed in seeds)
    shared = [seed for seed in seeds if not seed.hints.region_code]
    assert len(shared) == 1  # one platform of three cities: whose a document is, it says itself
