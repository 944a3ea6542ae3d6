"""Every figure of a body's page, held against the dataset that the site is made of."""

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.pipeline.site.made import whole_pages
from tests.site.tables_and_sql import connected

LISTS = {"purchases": ("procurement", "name"), "projects": ("project_spending", "project")}


def fullest_pages(site: Path, number: int) -> list[Any]:
    """The pages of bodies with the most figures."""
    return sorted(whole_pages(site), key=lambda page: (-len(json.dumps(page)), page["id"]))[:number]


def yuan(fen: int | str | None) -> Decimal | None:
    return None if fen is None else Decimal(fen) / 100


def figures_walked(pages: Sequence[Any], dataset: Path) -> int:
    """Hold every figure of some bodies' pages against the dataset's Parquet, and return how many there are."""
    walked = 0
    with connected(dataset) as sql:

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
                for row in one["figures"]:
                    query = "SELECT indicator, name, value, page FROM key_figures WHERE document_id = ? AND item = ?"
                    shown_figure = (row["indicator"], row["name"], yuan(row["value"]), row["page"])
                    assert said(query, body["documents"][row["document"]]["document_id"], row["item"]) == [shown_figure]
                    walked += 1
    return walked
