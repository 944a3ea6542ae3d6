"""What pages say of their figures: the whole that rows are held against, sums, names of codes, and what a phone shows of it."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline.site.writer import write_site
from schemas.tables import BUDGET_LINES, DOCUMENTS
from tests.pipeline.site.made import frames, make_dataset, whole_pages
from tests.site.conftest import Reader, reader, served
from tests.site.test_in_the_browser import addresses, body_of

CARRIED = 12_345_00
"""Fen that a printed grand total has over the spending of the year."""


@pytest.fixture(scope="module")
def withheld_site(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, Decimal]:
    """A site with a body whose tables leave out the rows of its largest function; the body, and what is left out."""
    tables = frames()
    lines = tables[BUDGET_LINES.name]
    documents = tables[DOCUMENTS.name]
    own = documents.filter(pl.col("file_name") == "second.pdf")["document_id"][0]
    mine = (pl.col("document_id") == own) & (pl.col("scheme") == "function")
    summed = lines.filter(mine & (pl.col("statement") == "expenditure_summary") & (pl.col("nature") == "total") & pl.col("is_leaf"))
    largest = summed.sort("amount")["code"][-1][:3]
    left_out = mine & pl.col("code").str.starts_with(largest)
    tables[BUDGET_LINES.name] = lines.filter(~left_out.fill_null(value=False))
    tables[DOCUMENTS.name] = documents.with_columns(
        checks_failed=pl.when(pl.col("document_id") == own).then(3).otherwise("checks_failed").cast(documents["checks_failed"].dtype)
    )
    folder = tmp_path_factory.mktemp("withheld")
    dataset = make_dataset(folder / "dataset", tables=tables)
    site = write_site(dataset, folder / "site").folder
    amount = summed.filter(pl.col("code").str.starts_with(largest))["amount"].sum()
    body = documents.filter(pl.col("document_id") == own)["department_id"][0]
    path = site / "data" / "departments" / f"{body}.json"
    page = json.loads(path.read_text(encoding="utf-8"))
    for one in page["disclosures"]:  # no made document carries anything to the next year
        if "grand_total_budget" in one["totals"]:
            one["totals"]["grand_total_budget"][0] += CARRIED
    path.write_text(json.dumps(page), encoding="utf-8")
    return site, documents.filter(pl.col("document_id") == own)["department_id"][0], amount


def test_what_the_rows_leave_of_a_printed_total_is_shown(browser: Any, withheld_site: tuple[Path, str, Decimal]) -> None:
    site, body, amount = withheld_site
    with served(site.parent) as address:
        read = reader(browser, f"{address}site/")
        read.go(f"#/d/{body}")
        read.page.get_by_role("button", name="2025 预算").click()
        read.settled()
        read.page.locator("#unit").select_option("yuan")
        printed = read.page.locator(".card.first a.amount").inner_text()
        path = read.page.locator(".treemap .path").inner_text()
        assert printed in path and "印出的合计" in path and "全部" not in path
        rest = f"{amount:,.2f}"
        assert read.page.locator(".tiles [data-tip*='未列明或未公开']").get_attribute("data-tip").startswith(f"未列明或未公开 {rest} 元")
        assert rest in read.page.locator("#function tfoot").inner_text()
        assert rest in read.page.locator("#function .note.doubt").inner_text()
        assert read.page.locator(".sankey path[data-tip*='未列明或未公开']").count() == 1
        first = read.page.locator(".card.first").inner_text()
        grand = Decimal(printed.split()[0].replace(",", "")) + Decimal(CARRIED) / 100
        assert first.startswith("本年支出") and f"支出总计（含结转下年） {grand:,.2f} 元" in first
        assert "3 处对不上，但证明不了有错" in read.page.locator(".standing").inner_text()
        assert "处存疑" in read.page.locator(".standing").inner_text()
        assert read.trouble == []
        read.page.context.close()


def shares_of(read: Reader, where: str) -> tuple[dict[str, list[str]], str]:
    """The rows of a comparison by the name of the body, and what it says of whom it counts."""
    read.go(where)
    rows = read.page.locator("#rows tbody tr").evaluate_all("rows => rows.map((row) => [...row.cells].map((cell) => cell.innerText))")
    return {row[0]: row for row in rows}, read.page.locator(".counted").inner_text()


def test_a_share_is_of_the_printed_total_and_says_whom_it_counts(browser: Any, withheld_site: tuple[Path, str, Decimal]) -> None:
    site, body, _ = withheld_site
    page = next(page for page in whole_pages(site) if page["id"] == body)
    one = next(one for one in page["disclosures"] if (one["fiscal_year"], one["kind"]) == (2025, "budget"))
    code = next(row["code"] for row in one["function"] if "expenditure_budget" in row["amounts"])
    part = sum(row["amounts"].get("expenditure_budget", 0) for row in one["function"] if row["code"] == code)
    heads = [one for page in whole_pages(site) for one in page["disclosures"] if one["fiscal_year"] == 2025]
    listing = [
        one
        for one in heads
        if "expenditure_budget" in one["totals"] and any("expenditure_budget" in row["amounts"] for row in one["function"])
    ]
    with served(site.parent) as address:
        read = reader(browser, f"{address}site/")
        rows, counted = shares_of(read, f"#/compare?what=function&code={code}&share=1&year=2025")
        share = (Decimal(100 * part) / Decimal(one["totals"]["expenditure_budget"][0])).quantize(Decimal("0.01"), "ROUND_HALF_UP")
        assert rows[page["name"]][-1] == f"{share}%"
        assert f"计入 {len(listing)} 份公开；{len(heads) - len(listing)} 份没有" in counted and len(heads) > len(listing)
        assert read.trouble == []
        read.page.context.close()


def test_a_sum_of_several_lines_says_that_it_is_one_and_of_which(wide: Reader, shown_site: Path) -> None:
    page, lines = next(
        (page, row["lines"]["expenditure_budget"])
        for page in whole_pages(shown_site)
        for row in (page["disclosures"][0]["function"] if page["disclosures"] else [])
        if len(row["lines"].get("expenditure_budget", ())) > 1
    )
    wide.go(f"#/d/{page['id']}")
    wide.page.locator("#function a.amount", has_text=f"{len(lines)} 处之和").first.click()
    wide.page.locator(".big").wait_for()
    assert f"由下列 {len(lines)} 行相加" in wide.text()
    assert wide.page.locator(".terms a").count() == len(lines)


@pytest.mark.parametrize(("asked", "name"), [("function&code=205", "教育支出"), ("function&code=20805", None), ("economic&code=302", None)])
def test_a_comparison_calls_its_code_by_name(wide: Reader, shown_site: Path, asked: str, name: str | None) -> None:
    wide.go(f"#/compare?what={asked}")
    heading = wide.page.locator("#chart h2").inner_text()
    code = asked.split("=")[1]
    known = {
        row[3].split(" ")[0]: row[1] for path in (shown_site / "data" / "search").iterdir() for row in json.loads(path.read_text("utf-8"))
    }
    assert heading.endswith(f"{code} {name or known[code]}")


def test_codes_of_one_name_are_told_apart(wide: Reader, shown_site: Path) -> None:
    rows = [row for path in (shown_site / "data" / "search").iterdir() for row in json.loads(path.read_text("utf-8")) if row[0] == "c"]
    name, about, target = next((row[1], row[3], row[4]) for row in rows if " " in row[3] and row[5])
    wide.go()
    wide.page.locator(".search input").fill(about.split(" ")[0])
    option = wide.page.get_by_role("option").filter(has_text=name).first
    option.wait_for()
    assert about in option.inner_text()
    option.locator("a").click()
    wide.settled()
    assert wide.page.locator("#rows tbody tr").count() > 0 and f"year={target.split(':')[2]}" in wide.page.url


def test_a_turned_phone_still_shows_the_number(phone: Reader, shown_site: Path) -> None:
    phone.go(addresses(shown_site)["number"])
    for width, height in ((844, 390), (390, 844)):
        phone.page.set_viewport_size({"width": width, "height": height})
        phone.page.wait_for_timeout(200)
        box = phone.page.locator(".sheet rect.main").bounding_box()
        frame = phone.page.locator(".sheet .frame").bounding_box()
        assert frame["x"] <= box["x"] and box["x"] + box["width"] <= frame["x"] + frame["width"]
        assert frame["y"] <= box["y"] and box["y"] + box["height"] <= frame["y"] + frame["height"]


def test_a_table_wider_than_the_phone_says_so(phone: Reader, wide: Reader, shown_site: Path) -> None:
    for read, told in ((phone, True), (wide, False)):
        read.go(f"#/d/{body_of(shown_site, 3)['id']}")
        read.page.get_by_role("button", name="2025 决算").click()
        read.settled()
        table = read.page.locator("#account .table")
        clipped = table.locator(".scroll").evaluate("frame => frame.scrollWidth > frame.clientWidth + 1")
        assert table.locator(".wider").is_visible() == clipped == told
