"""Which links of a page are taken and which are left: one page of each kind that sites of offices are built of."""

from __future__ import annotations

import pytest

from pipeline.fetch.addresses import Refused, address_of, ending_of, is_above, is_front_page, is_public, prove_allowed, site_of
from pipeline.fetch.finding import DOCUMENT, NEXT, PAGE, candidates_of, is_error_page, is_itself_a_disclosure, said_of, what_scripts_hide
from pipeline.fetch.web_page import MOST_LINKS, read_links
from tests.pipeline.fetch.sites import listing

HERE = "http://czj.city.gov.cn/xxgk/ys/202603/t1.html"


def taken(html: str, encoding: str = "utf-8", here: str = HERE, years: tuple[int, int] | None = None) -> dict[str, str]:
    """Return what is taken of a page: address, relative to the site, → what it is expected to be."""
    page = read_links(html.encode(encoding), here)
    return {c.link.address.removeprefix("http://czj.city.gov.cn"): c.expects for c in candidates_of(page, years) if c.taken}


def reasons(html: str) -> dict[str, str]:
    return {c.link.text: c.reason for c in candidates_of(read_links(html.encode(), HERE)) if not c.taken}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("市教育局2026年部门预算", DOCUMENT),
        ("某区某某中心2026年单位预算公开", DOCUMENT),
        ("2025年度部门决算", DOCUMENT),
        ("某局2026年预算", DOCUMENT),
        ("市审计局2026年部门预算", DOCUMENT),
        ("2026年“三公”经费预算表", DOCUMENT),
        ("2026年政府预算草案", None),
        ("某市2026年财政预算报告", None),
        ("某市本级2026年预算执行情况", None),
        ("2026年社会保险基金预算", None),
        ("2026年部门预算解读", None),
        ("一图读懂2026年预算", None),
        ("部门预算管理办法", None),
        ("关于编制2026年部门预算的通知", None),
        ("2025年度预算执行审计结果", None),
        ("2025年度部门整体支出绩效自评报告", None),
        ("采购意向公告", None),
        ("市民手册", None),
    ],
)
def test_words_of_a_link_decide(words: str, expected: str | None) -> None:
    found = taken(f'<title>文件</title><ul><li><a href="a.pdf">{words}</a></li></ul>')
    assert found.get("/xxgk/ys/202603/a.pdf") == expected


def test_attachments_of_a_page_about_a_budget_are_taken_whatever_they_are_called() -> None:
    html = listing("市教育局2026年部门预算", ("./P01.pdf", "附件1"), ("P02.xls", "表一"), ("x.jpg", "图片"), ("/about.html", "联系我们"))
    assert taken(html) == {"/xxgk/ys/202603/P01.pdf": DOCUMENT, "/xxgk/ys/202603/P02.xls": DOCUMENT}


def test_offices_of_a_list_are_pages_and_those_of_the_foot_are_not() -> None:
    foot = '<div class="footer-links"><a href="http://www.other.gov.cn/x.html">外交部</a><a href="http://b.city.gov.cn/">市水利局</a></div>'
    html = listing("2026年部门预算公开", ("/jyj/1.html", "1 市教育局"), ("http://mzj.city.gov.cn/ys/2.html", "市民政局（本级）"), more=foot)
    assert taken(html) == {"/jyj/1.html": PAGE, "http://mzj.city.gov.cn/ys/2.html": PAGE}


def test_other_years_of_the_same_kind_are_left() -> None:
    html = listing("某局2026年部门预算", ("a.pdf", "某局2026年部门预算"), ("b.pdf", "某局2019年部门预算"), ("c.pdf", "某局2024年部门决算"))
    assert set(taken(html)) == {"/xxgk/ys/202603/a.pdf", "/xxgk/ys/202603/c.pdf"}
    assert set(taken(html, years=(2019, 2019))) == {"/xxgk/ys/202603/b.pdf"}


@pytest.mark.parametrize(
    "element",
    [
        '<a href="javascript:void(0)" onclick="window.open(\'/files/a.pdf\')">某局2026年部门预算</a>',
        "<a href=\"javascript:download('/files/a.pdf')\">某局2026年部门预算</a>",
        '<span data-url="/files/a.pdf">某局2026年部门预算</span>',
        '<div data-href="http://czj.city.gov.cn/files/a.pdf" title="某局2026年部门预算"></div>',
        '<iframe src="/files/a.pdf"></iframe>',
        '<embed src="/files/a.pdf">',
        '<object data="/files/a.pdf"></object>',
        '<a href="/files/a.pdf"><img src="i.png" alt="x"></a>某局2026年部门预算',
    ],
)
def test_documents_behind_calls_data_and_frames(element: str) -> None:
    assert taken(f"<title>某局2026年部门预算</title><p>{element}</p>") == {"/files/a.pdf": DOCUMENT}


def test_a_page_that_sends_on_is_followed() -> None:
    html = '<html><head><meta http-equiv="refresh" content="0; url=new.html"><title>2026年部门预算公开</title></head><body></body></html>'
    assert taken(html) == {"/xxgk/ys/202603/new.html": PAGE}


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-16"])
def test_pages_in_any_encoding(encoding: str) -> None:
    html = '<html><head><title>2026年部门预算公开</title></head><body><a href="某局.pdf">某局2026年部门预算</a></body></html>'
    page = read_links(html.encode(encoding), HERE)
    assert [c.link.address for c in candidates_of(page) if c.taken] == ["http://czj.city.gov.cn/xxgk/ys/202603/%E6%9F%90%E5%B1%80.pdf"]


def test_a_server_that_names_the_wrong_encoding_is_not_believed() -> None:
    html = '<html><head><meta charset="gbk"><title>2026年部门预算公开</title></head><body></body></html>'
    assert read_links(html.encode("gbk"), HERE, "utf-8").title == "2026年部门预算公开"
    assert read_links(html.encode("gbk"), HERE, "gbk").title == "2026年部门预算公开"


def test_next_pages_of_a_list() -> None:
    links = (("index_1.html", "2"), ("index_2.html", "3"), ("index_1.html", "下一页"), ("/x/9.html", "9"))
    more = "".join(f'<a href="{address}">{text}</a>' for address, text in links)
    found = taken(listing("2026年部门预算公开", more=more), here="http://czj.city.gov.cn/ys/index.html")
    assert found == {"/ys/index_1.html": NEXT, "/ys/index_2.html": NEXT}
    script = '<script>createPageHTML(5, 0, "index", "shtml");</script>'
    found = taken(listing("2026年部门预算公开", more=script), here="http://czj.city.gov.cn/ys/index.shtml")
    assert found == {f"/ys/index_{number}.shtml": NEXT for number in range(1, 5)}


def test_sections_are_followed_and_what_leads_up_is_not() -> None:
    links = '<a href="/xxgk/czyjs/">财政预决算</a><a href="../../">预算/决算</a><a href="/">首页</a>'
    html = f'<title>某市财政局</title><div class="nav">{links}</div>'
    assert taken(html) == {"/xxgk/czyjs/": PAGE}
    assert "leads up" in reasons(html)["预算/决算"]


def test_what_scripts_show_is_said_and_nothing_is_guessed() -> None:
    html = '<title>预决算公开平台</title><div id="app">正在加载</div><ul><li>{{item.title}}</li></ul><script src="app.js"></script>'
    page = read_links(html.encode(), HERE)
    said = what_scripts_hide(page, candidates_of(page))
    assert said is not None and "{{item.title}}" in said and "loading" in said and "1 scripts" in said
    plain = read_links(listing("2026年部门预算公开", ("a.pdf", "某局2026年部门预算"), more="<script></script>").encode(), HERE)
    assert what_scripts_hide(plain, candidates_of(plain)) is None


def test_what_a_page_says_of_itself() -> None:
    page = read_links(listing("某局2026年部门预算", ("a.pdf", "附件")).encode(), HERE)
    assert (page.title, page.published, page.office) == ("某局2026年部门预算", "2026-03-02", "某市财政局")
    plain = read_links(
        "<h1>某局2026年预算</h1><title>某局2026年预算-某市</title><p>发布时间：2026年3月2日 来源：市教育局</p>".encode(), HERE
    )
    assert (plain.title, plain.published, plain.office) == ("某局2026年预算", "2026-03-02", "市教育局")


def test_pages_that_are_documents_and_pages_that_are_errors() -> None:
    text = "<p>收入总计 1,234.56万元，支出 12.30万元，其中 3.00万元、4.00万元、5.10万元。</p>"
    assert is_itself_a_disclosure(read_links(listing("某局2026年部门预算情况说明", more=text).encode(), HERE))
    assert not is_itself_a_disclosure(read_links(listing("某局2026年部门预算情况说明").encode(), HERE))
    assert not is_itself_a_disclosure(read_links(listing("市政府工作报告", more=text).encode(), HERE))
    assert is_error_page(read_links("<title>提示</title><p>您访问的页面不存在</p>".encode(), HERE))


def test_ten_thousand_links_in_one_row_take_no_time() -> None:
    row = "".join(f'<a href="{n}.pdf" title="某局{n}2026年部门预算">{n}</a>' for n in range(10_000))
    page = read_links(f"<title>2026年部门预算公开</title><p>{row}</p>".encode(), HERE)
    assert len(page.links) == MOST_LINKS and page.holds_back
    assert len(candidates_of(page)) == MOST_LINKS


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("某局2026年部门预算", (2026, "budget")),
        ("2024年度部门决算", (2024, "final_account")),
        ("2026年预算和2024年决算", (None, None)),
        ("部门预决算", (None, None)),
        ("发布于2026-03-02", (None, None)),
        ("P020260302346748437806.pdf", (None, None)),
    ],
)
def test_year_and_kind_that_words_say(words: str, said: tuple[int | None, str | None]) -> None:
    assert said_of(words) == said


def test_addresses_have_one_spelling() -> None:
    page = "http://www.city.gov.cn/ys/index.html"
    assert address_of(" ./a b.pdf#page=1 ", page) == "http://www.city.gov.cn/ys/a%20b.pdf"
    assert address_of("//Other.GOV.cn:80/../x", page) == "http://other.gov.cn/x"
    assert address_of("/s?w=预算", page, "gb18030") == "http://www.city.gov.cn/s?w=%D4%A4%CB%E3"
    assert address_of("https://h:8443/%E4%B8%80") == "https://h:8443/%E4%B8%80"
    for bad in (
        "javascript:void(0)",
        "ftp://h/a",
        "file:///etc/passwd",
        "http://u:p@h/",
        "http://[::1",
        "http://h:99999/",
        "http://h/" + "a" * 3000,
    ):
        with pytest.raises(Refused):
            address_of(bad, page)


@pytest.mark.parametrize(
    "address",
    [
        *("http://127.0.0.1:8080/", "http://[::1]/", "http://10.1.2.3/", "http://172.16.0.1/", "http://192.168.1.1/", "http://0.0.0.0/"),
        *("http://169.254.169.254/", "http://100.100.100.200/", "http://168.63.129.16/", "http://[fd00:ec2::254]/", "http://224.0.0.1/"),
        *("http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://localhost/", "http://a.localhost/", "http://printer.local/"),
        "http://h.gov.cn:25/",
    ],
)
def test_machines_that_are_not_public_are_refused(address: str) -> None:
    with pytest.raises(Refused):
        prove_allowed(address, private=False)
    prove_allowed(address, private=True)


def test_public_machines_are_allowed() -> None:
    for address in ("http://www.city.gov.cn/", "https://www.city.gov.cn:8443/a", "http://59.41.9.54/webapp/"):
        prove_allowed(address, private=False)
    from ipaddress import ip_address

    assert is_public(ip_address("2400:3200::1")) and not is_public(ip_address("2002:7f00:1::"))


def test_what_addresses_tell() -> None:
    assert ending_of("http://h/a/%E9%A2%84%E7%AE%97.PDF?x=1") == ".pdf"
    assert ending_of("http://h/download.jsp?fileName=a.docx&size=3") == ".docx"
    assert ending_of("http://h/a.html?from=b.jsp") == ".html"
    assert is_above("http://h/a/", "http://h/a/b.html") and is_above("http://h/a/b.html", "http://h/a/b.html")
    assert not is_above("http://h/a/c.html", "http://h/a/b.html") and not is_above("http://h/a?p=2", "http://h/a")
    assert is_front_page("http://h/") and not is_front_page("http://h/?a=1")
    assert (
        site_of("http://jyj.city.gov.cn/x") == "city.gov.cn"
        and site_of("http://www.h.com/") == "h.com"
        and site_of("http://1.2.3.4/") == "1.2.3.4"
    )
