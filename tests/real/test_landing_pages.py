"""Real pages of offices: what a person who reads them would go on to, in `landing_pages.csv`, against what is taken.

The list was made by eye, from texts and addresses of the pages alone. Of front pages that name no budgets it has the nearest way on.
"""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest

from pipeline.fetch.finding import Candidate, candidates_of, what_scripts_hide
from pipeline.fetch.web_page import read_links

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[2] / "shared" / "landing_pages"
WANTED = list(csv.DictReader((HERE / "landing_pages.csv").open(encoding="utf-8")))
ADDRESSES = {row["page"]: row["address"] for row in WANTED}


def pages() -> dict[str, bytes]:
    files = [path.read_bytes() for path in SHARED.glob("*.html")] if SHARED.is_dir() else []
    return {hashlib.sha256(data).hexdigest()[:16]: data for data in files}


PAGES = pages()


def taken(page: str) -> set[tuple[str, str]]:
    if page not in PAGES:
        pytest.skip("the shared pages are not beside this repository")
    found = candidates_of(read_links(PAGES[page], ADDRESSES[page]))
    return {(candidate.expects, _address(candidate)) for candidate in found if candidate.taken}


def _address(candidate: Candidate) -> str:
    return candidate.link.address + (f"#{candidate.link.fragment}" if candidate.link.fragment else "")


@pytest.mark.parametrize("page", sorted(ADDRESSES), ids=ADDRESSES.get)
def test_what_a_person_would_go_on_to_is_taken_and_nothing_else(page: str) -> None:
    assert taken(page) == {(row["expects"], row["leads_to"]) for row in WANTED if row["page"] == page}


def test_every_link_has_a_reason() -> None:
    for page, data in PAGES.items():
        read = read_links(data, ADDRESSES[page])
        found = candidates_of(read)
        assert len(found) == len(read.links) > 50 and all(candidate.reason for candidate in found)
        assert what_scripts_hide(read, found) is None
