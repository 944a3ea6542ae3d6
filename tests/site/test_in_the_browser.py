"""The site in a browser, from the search to the page that a number is printed on."""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline.site.made import HOSTILE, LONG, TURNED, whole_pages
from tests.site.conftest import ROOT, Reader
from tests.site.tables_and_sql import assert_tables_equal_their_sql

AXE = ROOT / "site" / "node_modules" / "axe-core" / "axe.min.js"


def body_of(site: Path, years: int) -> Any:
    """The first body with so many disclosures."""
    return next(page for page in whole_pages(site) if len(page["disclosures"]) == years)


def figure_of(site: Path) -> tuple[str, Any]:
    """A document, and a figure of its text with a page."""
    for path in sorted((site / "data" / "documents").iterdir()):
        document = json.loads(path.read_text(encoding="utf-8"))
        for figure in document["figures"]:
            if str(figure["page"]) in document["pictures"]:
                return document["document_id"], figure
    raise LookupError("no document has a figure of its text")


def addresses(site: Path) -> dict[str, str]:
    """One page of each kind."""
    body = body_of(site, 3)
    line = next(places for row in body["disclosures"][0]["function"] for places in row["lines"].values())[0]
    document = body["documents"][line[0]]["document_id"]
    return {
        "start": "#/",
        "province": f"#/p/{body['province']}",
        "department": f"#/d/{body['id']}",
        "number": f"#/n/{document}/{line[1]}.{line[2]}.{line[3]}",
        "document": f"#/doc/{document}",
        "figure": f"#/f/{figure_of(site)[0]}/{figure_of(site)[1]['item']}",
        "compare": "#/compare",
        "quality": "#/quality",
        "errors": f"#/errors/{document}",
    }


def test_from_the_search_to_the_page_of_a_number(wide: Reader, shown_site: Path) -> None:
    body = body_of(shown_site, 3)
    wide.go()
    box = wide.page.locator(".search input")
    box.fill(body["name"][-4:])
    wide.page.get_by_role("option").first.wait_for()
    box.press("Enter")
    wide.page.get_by_role("heading", level=1, name=body["name"]).wait_for()
    wide.settled()
    one = body["disclosures"][0]
    amount, _, places, _ = one["totals"]["expenditure_budget"]
    link = wide.page.locator(".card.first a.amount")
    link.click()
    wide.page.locator(".big").wait_for()
    wide.settled()
    assert f"{Decimal(amount) / 100:,.2f} 元" in wide.page.inner_text(".big")
    place = places[0]
    assert wide.page.locator(".identity.holds").count() > 0
    image = wide.page.locator(".sheet img")
    assert image.evaluate("image => image.complete && image.naturalWidth > 500")
    assert f"/{place[4]}.webp" in image.get_attribute("src")
    box_ = wide.page.locator(".sheet rect.main").bounding_box()
    frame = wide.page.locator(".sheet .frame").bounding_box()
    assert frame["x"] <= box_["x"] and box_["x"] + box_["width"] <= frame["x"] + frame["width"]
    assert frame["y"] <= box_["y"] and box_["y"] + box_["height"] <= frame["y"] + frame["height"]
    assert wide.trouble == []


@pytest.mark.parametrize("question", ["initials", "part"])
def test_search_finds_by_part_and_by_initials(wide: Reader, shown_site: Path, question: str) -> None:
    from pipeline.site.search import initials

    name = body_of(shown_site, 3)["name"]
    wide.go()
    wide.page.locator(".search input").fill(initials(name)[1:5] if question == "initials" else name[2:5])
    wide.page.get_by_role("option").filter(has_text=name).first.wait_for()


def test_everything_is_reached_by_keyboard(wide: Reader, shown_site: Path) -> None:
    body = body_of(shown_site, 3)
    wide.go()
    keyboard = wide.page.keyboard
    keyboard.press("Tab")
    assert wide.page.evaluate("document.activeElement.className") == "skip"
    for _ in range(2):
        keyboard.press("Tab")
    assert wide.page.evaluate("document.activeElement.getAttribute('role')") == "combobox"
    keyboard.type(body["name"])
    wide.page.get_by_role("option").first.wait_for()
    keyboard.press("ArrowDown")
    keyboard.press("Enter")
    wide.page.get_by_role("heading", level=1, name=body["name"]).wait_for()
    wide.settled()
    for _ in range(60):
        keyboard.press("Tab")
        if wide.page.evaluate("document.activeElement.matches('main a.amount')"):
            break
    assert wide.page.locator(".tip").inner_text()  # how it is proven is told on focus too
    keyboard.press("Enter")
    wide.page.locator(".big").wait_for()
    assert "#/n/" in wide.page.url


def test_csv_of_a_department_is_what_its_sql_gives(wide: Reader, shown_site: Path, shown_dataset: Path) -> None:
    wide.go(f"#/d/{body_of(shown_site, 3)['id']}")
    assert assert_tables_equal_their_sql(wide, shown_dataset) >= 4
    wide.page.get_by_role("button", name="2025 决算").click()
    wide.settled()
    assert assert_tables_equal_their_sql(wide, shown_dataset) >= 4
    assert wide.page.locator("#account").count() == 1


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "?what=three_total&by=department",
        "?what=three_vehicles&year=all&by=year",
        "?what=expenditure&by=region&year=all",
        "?what=function&code=2&share=1&by=department",
        "?what=function&code=205&share=1&by=region&year=all",
        "?what=function&code=2&by=province",
        "?what=economic&code=302&share=1&by=region",
        "?what=economic&code=302",
        "?what=general_public&share=1",
        "?what=execution&year=all",
        "?what=three_total&share=1",
        "?what=vehicle_cost",
        "?what=vehicle_cost&by=region&year=all",
    ],
)
def test_a_comparison_is_what_its_sql_gives(wide: Reader, shown_dataset: Path, asked: str) -> None:
    wide.go(f"#/compare{asked}")
    assert assert_tables_equal_their_sql(wide, shown_dataset) == 1
    assert wide.trouble == []


@pytest.mark.parametrize("asked", ["?what=expenditure", "?what=function&code=2", "?what=three_vehicles"])
def test_an_amount_of_a_comparison_leads_to_where_it_is_printed(wide: Reader, asked: str) -> None:
    wide.go(f"#/compare{asked}")
    amount = wide.page.locator("#rows a.amount").first
    amount.hover()
    exact = wide.page.locator(".tip").inner_text().split(" ·")[0]
    amount.click()
    wide.page.locator(".big").wait_for()
    assert exact in wide.page.inner_text(".big")
    assert "#/n/" in wide.page.url
    wide.page.go_back()
    wide.page.locator("#rows").wait_for()  # not the way, which would lead there again
    assert wide.trouble == []


def test_a_figure_of_the_text_shows_its_page(wide: Reader, shown_site: Path) -> None:
    document, figure = figure_of(shown_site)
    wide.go(f"#/f/{document}/{figure['item']}")
    assert wide.page.locator(".sheet img").get_attribute("src").endswith(f"/{figure['page']}.webp")
    assert wide.page.locator(".sheet rect.main").count() == 1
    assert wide.trouble == []


def test_questions_of_the_start_lead_to_answers(wide: Reader) -> None:
    wide.go()
    questions = wide.page.locator(".questions a")
    addresses = questions.evaluate_all("links => links.map((link) => link.hash)")
    answered = 0
    for where in addresses:
        wide.go(where)
        answered += wide.page.locator("main table tbody tr").count() > 0
    assert len(addresses) >= 4 and answered >= 3  # no made document pays for outsourcing
    assert wide.trouble == []


def test_a_comparison_is_chosen_by_its_form(wide: Reader) -> None:
    wide.go("#/compare")
    for label, value in (("什么数", "function"), ("显示为", "1"), ("按", "region")):
        wide.page.locator(".choices label", has_text=re.compile(f"^{label}")).locator("select").select_option(value)
        wide.settled()
    assert "what=function" in wide.page.url and "share=1" in wide.page.url and "by=region" in wide.page.url
    assert "%" in wide.text()


def test_both_languages_say_everything(english: Reader, shown_site: Path) -> None:
    for name, where in addresses(shown_site).items():
        english.go(where)
        assert "undefined" not in english.text(), name
    english.go()
    assert "Every number shows the page" in english.text()
    english.page.get_by_role("button", name="中文").click()
    assert "每个数字" in english.text()
    assert english.page.evaluate("document.documentElement.lang") == "zh-CN"
    assert english.trouble == []


def test_the_unit_of_money_is_chosen_and_the_exact_amount_told(wide: Reader, shown_site: Path) -> None:
    body = body_of(shown_site, 3)
    amount = Decimal(body["disclosures"][0]["totals"]["expenditure_budget"][0]) / 100
    wide.go(f"#/d/{body['id']}")
    shown = wide.page.locator(".card.first a.amount")
    wide.page.locator("#unit").select_option("yuan")
    assert shown.inner_text() == f"{amount:,.2f} 元"
    wide.page.locator("#unit").select_option("wan")
    assert shown.inner_text() == f"{(amount / 10_000).quantize(Decimal('0.01'), 'ROUND_HALF_UP'):,} 万元"
    shown.hover()
    assert f"{amount:,.2f} 元" in wide.page.locator(".tip").inner_text()


def test_a_printed_department_says_of_which_year_it_is(wide: Reader, shown_site: Path) -> None:
    wide.go(f"#/d/{body_of(shown_site, 3)['id']}")
    years = wide.page.locator(".choice button")
    assert years.count() == 3
    wide.page.emulate_media(media="print")
    assert [years.nth(n).is_visible() for n in range(3)] == [True, False, False]
    assert not wide.page.locator("header.top").is_visible()


def test_no_page_is_wider_than_a_phone(phone: Reader, shown_site: Path) -> None:
    for name, where in addresses(shown_site).items():
        phone.go(where)
        assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390, name
    assert phone.trouble == []


def test_names_of_documents_are_shown_as_text(wide: Reader, shown_site: Path) -> None:
    pages = [json.loads(path.read_text(encoding="utf-8")) for path in (shown_site / "data" / "departments").iterdir()]
    body = next(page for page in pages if page["name"] == HOSTILE)
    wide.go(f"#/d/{body['id']}")
    assert HOSTILE in wide.text()
    wide.page.locator(".search input").fill("onerror")
    wide.page.get_by_role("option").first.wait_for()
    wide.page.locator(".search input").fill("")
    wide.go(f"#/doc/{body['documents'][0]['document_id']}")
    found = ""
    for value in wide.page.locator("#statement option").evaluate_all("options => options.map((option) => option.value)"):
        wide.page.locator("#statement").select_option(value)
        found += wide.page.locator("#statements").inner_text()
    assert HOSTILE in found and TURNED[1:-1] in found and LONG[:40] in found
    assert wide.page.locator("main img").count() == 0
    assert wide.page.title() != "1"
    assert wide.page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert wide.trouble == []


def test_no_request_leaves_and_nothing_foreign_runs(english: Reader, shown_site: Path) -> None:
    for where in addresses(shown_site).values():
        english.go(where)
    assert all(url.startswith((english.base, f"blob:{english.base}")) for url in english.asked)
    policy = english.page.request.get(english.base).headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    ran = english.page.evaluate(
        """async () => {
            const script = document.createElement('script');
            try { script.textContent = 'window.ran = 1'; } catch { return 'refused'; }
            document.body.append(script);
            return window.ran ? 'ran' : 'refused';
        }"""
    )
    assert ran == "refused"
    assert english.page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'refused')") == "refused"
    assert any("Content Security Policy" in message for message in english.trouble)


def test_ranges_are_used_where_the_host_has_them(english: Reader, shown_site: Path) -> None:
    got = english.page.request.get(
        f"{english.base}data/lines/{next((shown_site / 'data' / 'lines').iterdir()).name}", headers={"Range": "bytes=-8"}
    )
    assert got.status == 206 and len(got.body()) == 8
    english.go(addresses(shown_site)["number"])
    assert english.page.locator(".identity").count() > 0


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: npm --prefix site ci")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser: Any, address: str, shown_site: Path, scheme: str) -> None:
    # The policy keeps any other script out, axe-core too: this reader is let past it.
    context = browser.new_context(viewport={"width": 1280, "height": 844}, locale="zh-CN", bypass_csp=True, color_scheme=scheme)
    read = Reader(context.new_page(), address)
    serious = []
    for name, where in addresses(shown_site).items():
        read.page.goto("about:blank")
        read.go(where)
        read.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = read.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        serious += [
            (name, rule["id"], rule["nodes"][0]["html"][:160], rule["nodes"][0].get("failureSummary", "")[:200])
            for rule in found["violations"]
            if rule["impact"] in ("serious", "critical")
        ]
    context.close()
    assert serious == []


def test_the_first_picture_needs_the_page_alone(browser: Any, address: str) -> None:
    """Before any other file has come the page is painted, in its own fonts."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.route("**/*", lambda route: route.continue_() if route.request.is_navigation_request() else route.abort())
    page.goto(address)
    title = page.locator("h1")
    assert title.is_visible() and "serif" in title.evaluate("title => getComputedStyle(title).fontFamily")
    assert page.locator("header").evaluate("head => getComputedStyle(head).display") == "flex"
    context.close()


def test_the_start_needs_the_page_alone(browser: Any, address: str) -> None:
    """It has its script and what the start shows: figures, search and settings are there while no other file has come."""
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.route("**/*", lambda route: route.continue_() if route.request.is_navigation_request() else route.abort())
    page.goto(address)
    page.locator("main .facts").wait_for()
    assert page.locator(".search input").is_visible() and page.locator(".newest li").count()
    context.close()


def without_script(route: Any) -> None:
    """Answer with the page as it comes, its own script cut out."""
    answer = route.fetch()
    route.fulfill(response=answer, body=re.sub(r'<script type="module">.*?</script>', "", answer.text(), flags=re.DOTALL))


def test_start_and_department_load_little(wide: Reader, shown_site: Path) -> None:
    """Bytes of first loads, pictures left out: front end and data, not compressed."""
    for where, most in (("#/", 120_000), (f"#/d/{body_of(shown_site, 3)['id']}", 250_000)):
        context = wide.page.context.browser.new_context()
        page = context.new_page()
        sizes: list[int] = []
        page.on("response", lambda response, sizes=sizes: sizes.append(len(response.body())))
        page.goto(wide.base + where)
        page.wait_for_load_state("networkidle")
        context.close()
        assert sum(sizes) <= most


def test_what_a_first_visit_needs_is_asked_for_at_once(browser: Any, address: str, shown_site: Path) -> None:
    """Beside the script of the page: the view of the address and its files, each once; of no other page anything."""
    for name in ("start", "department", "number", "compare"):
        where = addresses(shown_site)[name]
        context = browser.new_context(locale="zh-CN")
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url.removeprefix(address)))
        page.route(address, without_script)  # what the page asks for without its script
        page.goto(address + where)
        page.wait_for_load_state("networkidle")
        before = list(asked)
        page.unroute(address)
        asked.clear()
        page.goto("about:blank")
        page.goto(address + where)
        page.locator("header .settings").wait_for()
        page.wait_for_load_state("networkidle")
        context.close()
        read = [path for path in asked if path.endswith((".js", ".json"))]
        assert len(read) == len(set(read)), name
        assert set(before) - set(asked) == set(), name
        views = [path for path in before if path.startswith("assets/")]
        assert bool(views) == (name != "start"), name
        if name == "department":
            body = body_of(shown_site, 3)["id"]
            assert {f"data/departments/{body}.json", f"data/disclosures/{body}.json"} <= set(before)


def test_amounts_of_one_table_have_one_unit(wide: Reader, shown_site: Path) -> None:
    wide.go(f"#/d/{body_of(shown_site, 3)['id']}")
    for part in ("#function table", "#economic .bars"):
        units = {text.split(" ")[-1] for text in wide.page.locator(f"{part} .amount").all_inner_texts() if text not in ("0", "–")}
        assert len(units) == 1, part
    wide.page.locator("#unit").select_option("yuan")
    assert {text.split(" ")[-1] for text in wide.page.locator("#function table .amount").all_inner_texts() if text != "0"} == {"元"}


def test_on_a_phone_tables_leave_out_what_they_can_do_without(phone: Reader, wide: Reader, shown_site: Path) -> None:
    seen = "cells => cells.filter((cell) => cell.checkVisibility()).length"
    for name in ("department", "document", "quality"):
        where = addresses(shown_site)[name]
        phone.go(where)
        wide.go(where)
        spare = wide.page.locator("th.spare").count()
        assert spare > 0 and wide.page.locator("th.spare").evaluate_all(seen) == spare, name
        assert phone.page.locator(".spare").evaluate_all(seen) == 0, name
        assert wide.page.locator(".narrow").evaluate_all(seen) == 0, name
    phone.go(addresses(shown_site)["document"])
    assert phone.page.locator("#statements .narrow").evaluate_all(seen) > 0


def test_what_checks_say_is_chinese_on_chinese_pages(wide: Reader, shown_site: Path) -> None:
    wide.go("#/quality")
    assert "文件是空的。" in wide.text() and "The file is empty." not in wide.text()
    wide.page.get_by_role("button", name="English").click()
    assert "The file is empty." in wide.text()


def test_a_page_that_is_not_there_says_so(wide: Reader) -> None:
    for where in ("#/d/none", "#/n/none/1.1.1", "#/f/none/1", "#/printed/none/totals/revenue_budget", "#/nowhere", "#/n/%E0%A4%A"):
        wide.go(where)
        assert "没有" in wide.text()


def test_a_department_lists_its_parts(wide: Reader, shown_site: Path) -> None:
    """Each part has a link, which brings it into view, and whose address does so when it is opened anew."""
    wide.go(addresses(shown_site)["department"])
    links = wide.page.locator("nav.contents a")
    assert links.all_inner_texts() == wide.page.locator("main section.part > h2").all_inner_texts()
    last = links.last
    where = str(last.get_attribute("href"))
    last.click()
    heading = wide.page.locator("main section.part > h2").last
    assert heading.bounding_box()["y"] < 844
    wide.page.goto("about:blank")
    wide.go(where)
    assert 0 < heading.bounding_box()["y"] < 844 and wide.trouble == []


def test_what_would_read_very_much_asks_first(wide: Reader) -> None:
    """A comparison over all years of all places of a very large dataset reads no mart until that is said."""

    def many(route: Any) -> None:
        told = route.fetch().json()
        (row, *_) = (row for row in told["rows"] if row[told["columns"].index("marts")])
        at = told["columns"].index("year")
        route.fulfill(json={**told, "rows": [[*row[:at], 1000 + n, *row[at + 1 :]] for n in range(301)]})

    wide.page.route("**/data/partitions.json", many)
    wide.go("#/compare?what=expenditure&year=all")
    assert "301" in wide.text() and not [url for url in wide.asked if "/marts/" in url]
    wide.page.get_by_role("button", name="仍然全部读取").click()
    wide.page.locator(".note.bad").wait_for()  # it does ask for them: of the made years there are no files
    assert [url for url in wide.asked if "/marts/" in url]


def test_a_document_without_proven_errors_is_no_letter(wide: Reader, shown_site: Path) -> None:
    pages = [json.loads(path.read_text(encoding="utf-8")) for path in (shown_site / "data" / "documents").iterdir()]
    good = next(page for page in pages if not page["errors"])
    wide.go(f"#/errors/{good['document_id']}")
    assert "致" not in wide.text() and wide.page.locator("main a").get_attribute("href") == f"#/doc/{good['document_id']}"


def test_a_row_of_places_says_of_how_many_disclosures_it_is(wide: Reader) -> None:
    wide.go("#/compare?what=expenditure&by=region")
    notes = wide.page.locator("#chart .bar-name").all_inner_texts()
    assert notes and all(re.search(r"[1-9]\d* 份公开", note) for note in notes)


def test_the_central_level_has_one_name(wide: Reader, shown_site: Path) -> None:
    """A country's own bodies are called central in lists of documents as in the list of places."""
    start = json.loads((shown_site / "data" / "overview.json").read_text(encoding="utf-8"))
    own = {row["region_name"] for row in start["newest"]}
    of_country = next(place for place in start["provinces"] if place["name"] in own)

    def central(route: Any) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace(f'"id":"{of_country["id"]}"', '"id":"CN"'))

    wide.page.route(wide.base, central)
    wide.go()
    places = wide.page.locator(".newest span bdi").all_inner_texts()
    assert "中央" in places and of_country["name"] not in places
