"""From pages to the inbox: what is kept and noted, asked again, resumed after a kill, and read by a build."""

from __future__ import annotations

import csv
import hashlib
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from pipeline.document.inputs.collecting import collect
from pipeline.document.inputs.source_registry import SourceError
from pipeline.document.inputs.sources import look_here
from pipeline.fetch.china_time import is_night
from pipeline.fetch.crawl import __main__ as crawl_process
from pipeline.fetch.fetching import FetchFailed, fetch
from pipeline.fetch.inbox import COLUMNS, DocumentSaid, Inbox, InboxInUse, in_use
from pipeline.fetch.job import Ended, Hints, Job, Limits, PageSeen, Seed, merged, seeds_of
from tests.pipeline.fetch.sites import PDF, Served, Site, listing, served

DAY = 86_400.0
NOW = 1_772_500_000.0  # 3 March 2026, 09:06 in China
DOCUMENTS = ("/ys/jyj.pdf", "/ys/jyj2.pdf", "/ys/mzj.pdf", "/down.jsp?file=slj.pdf")
CONTRACT = [
    *("path", "url", "region_code", "department", "fiscal_year", "kind", "published_at", "source_url"),
    *("landing_page", "link_text", "final_url", "content_type", "etag", "last_modified", "fetched_at", "sha256", "status", "reason"),
]


def rows(inbox: Path) -> list[dict[str, str]]:
    with (inbox / "registry.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def statuses(inbox: Path) -> dict[str, str]:
    return {row["url"].rpartition("/")[2]: row["status"] for row in rows(inbox)}


def job(inbox: Path, *seeds: Seed, **more: object) -> Job:
    return Job(str(inbox), seeds, delay=0, private=True, **{"now": NOW, **more})  # type: ignore[arg-type]


def city(site: Site) -> Seed:
    """Serve a list over two pages, offices with attachments of several kinds, one page in GBK; return where to begin."""
    more = '<a href="index_1.html">下一页</a>'
    site.page("/ys/index.html", listing("2026年部门预算公开", ("jyj.html", "市教育局"), ("mzj.html", "市民政局2026年部门预算"), more=more))
    site.page("/ys/index_1.html", listing("2026年部门预算公开", ("gbk.html", "市水利局2026年部门预算"), ("zc.html", "部门预算管理制度")))
    site.page("/ys/jyj.html", listing("市教育局2026年部门预算", ("jyj.pdf", "市教育局2026年部门预算"), ("jyj2.pdf", "附件2")))
    site.page("/ys/mzj.html", "<title>市民政局2026年部门预算</title><iframe src='mzj_view.html'></iframe>")
    site.page("/ys/mzj_view.html", "<title>市民政局2026年部门预算</title><embed src='mzj.pdf'>")
    gbk = listing("市水利局2026年部门预算", ("/down.jsp?file=slj.pdf", "市水利局2026年部门预算")).replace("utf-8", "gbk")
    site.page("/ys/gbk.html", gbk, encoding="gbk")
    for path in DOCUMENTS:
        site.document(path, PDF + path.encode())
    return Seed(site.address + "/ys/index.html", "site", Hints(region_code="310000"))


def test_a_site_is_walked_and_what_pages_know_is_in_the_registry(tmp_path: Path) -> None:
    with served() as site:
        fetch(job(tmp_path, city(site)))
        assert Counter(site.paths()).most_common(1)[0][1] == 1
        assert "/ys/zc.html" not in site.paths()
    with (tmp_path / "registry.csv").open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    assert header == list(COLUMNS) and header[: len(CONTRACT)] == CONTRACT
    found = {row["url"].removeprefix(site.address): row for row in rows(tmp_path)}
    assert set(found) == {"/ys/jyj.pdf", "/ys/jyj2.pdf", "/ys/mzj.pdf", "/down.jsp?file=slj.pdf"}
    row = found["/ys/jyj.pdf"]
    data = (tmp_path / row["path"]).read_bytes()
    assert row["path"] == f"documents/{row['sha256'][:2]}/{row['sha256']}" and hashlib.sha256(data).hexdigest() == row["sha256"]
    assert row["landing_page"] == site.address + "/ys/jyj.html" and row["link_text"] == "市教育局2026年部门预算"
    assert (row["region_code"], row["fiscal_year"], row["kind"], row["published_at"]) == ("310000", "2026", "budget", "2026-03-02")
    assert (row["status"], row["content_type"], row["page_title"], row["office"]) == (
        "fetched",
        "application/pdf",
        "市教育局2026年部门预算",
        "某市财政局",
    )
    assert row["fetched_at"] == "2026-03-03T01:06:40Z" or row["fetched_at"].startswith("2026-03-03T01:0")


def test_what_did_not_change_is_not_sent_again_and_what_did_is_kept_beside(tmp_path: Path) -> None:
    with served() as site:
        seed = city(site)
        fetch(job(tmp_path, seed))
        site.asked.clear()
        site.page("/ys/gbk.html", listing("市水利局2026年部门预算"))  # what it listed is still there, and asked for
        site.document("/ys/jyj.pdf", PDF + b"corrected")
        del site.pages["/ys/jyj2.pdf"]
        fetch(job(tmp_path, seed, now=NOW + DAY))
        conditional = {asked.path for asked in site.asked if "If-None-Match" in asked.headers}
        assert conditional == {"/ys/jyj.pdf", "/ys/jyj2.pdf", "/ys/mzj.pdf", "/down.jsp?file=slj.pdf"}
    found = rows(tmp_path)
    versions = {row["status"]: row for row in found if row["url"].endswith("/jyj.pdf")}
    assert set(versions) == {"gone", "fetched"}
    assert versions["fetched"]["sha256"][:16] in versions["gone"]["reason"] and versions["gone"]["path"]
    assert {row["status"] for row in found if row["url"].endswith("/jyj2.pdf")} == {"gone"}
    assert {row["status"] for row in found if row["url"].endswith("/mzj.pdf")} == {"unchanged"}
    assert len([path for path in (tmp_path / "documents").rglob("*") if path.is_file()]) == 5


def test_a_document_that_comes_back_and_bytes_that_come_back(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    address, said = "http://h.gov.cn/a.pdf", DocumentSaid()
    found = []
    for day, body in enumerate((b"1", None, b"1", b"2", b"1")):
        inbox.begin(NOW + day * DAY)
        if body is None:
            inbox.missed(address, "gone", "The address answers HTTP 404.", said, NOW + day * DAY)
        else:
            inbox.had(address, inbox.keep(body), 1, said, NOW + day * DAY)
        inbox.end(NOW + day * DAY, 1)
        found.append([(known.status, known.current) for known in inbox.documents()])
    assert found[:3] == [[("fetched", True)], [("gone", True)], [("unchanged", True)]]
    assert found[3] == [("gone", False), ("fetched", True)] and found[4] == [("fetched", True), ("gone", False)]
    inbox.close()


def test_old_documents_are_asked_for_seldom(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    inbox.begin(NOW)
    inbox.had("http://h.gov.cn/a.pdf", inbox.keep(PDF), 1, DocumentSaid(), NOW)
    asked = []
    for day in (1, 40, 100, 101, 106, 108, 500, 508, 531):
        known = inbox.document("http://h.gov.cn/a.pdf")
        assert known is not None
        if inbox.is_due(known, NOW + day * DAY):
            asked.append(day)
            inbox.unchanged(known.address, NOW + day * DAY)
    assert asked == [1, 40, 100, 108, 500, 531]
    inbox.close()


def test_a_page_that_is_the_document_is_kept_and_its_counter_changes_nothing(tmp_path: Path) -> None:
    text = "".join(f"<p>一般公共服务支出{n}.30万元</p>" for n in range(9))
    with served() as site:
        site.page("/l.html", listing("2026年部门预算公开", ("a.html", "市民政局2026年部门预算情况说明")))
        seed = Seed(site.address + "/l.html", "page")
        for visits in (1, 2):
            page = f"<title>市民政局2026年部门预算情况说明</title><div class='TRS_Editor'>{text}</div><div id='foot'>{visits}</div>"
            site.page("/a.html", page)
            fetch(job(tmp_path, seed, now=NOW + visits))
    (row,) = rows(tmp_path)
    assert (row["url"], row["content_type"], row["status"]) == (site.address + "/a.html", "text/html", "unchanged")
    assert row["landing_page"] == site.address + "/l.html"


def test_a_document_behind_one_more_page_and_an_error_page_for_a_document(tmp_path: Path) -> None:
    with served() as site:
        site.page("/view.pdf", "<title>附件下载</title><iframe src='/real.pdf'></iframe>")
        site.document("/real.pdf", PDF)
        site.page("/missing.pdf", "<title>某局</title><p>请稍后</p>")
        site.page("/named", "<title>某局2026年部门预算</title><iframe src='/shown.pdf'></iframe>")
        site.document("/shown.pdf", PDF + b"shown")
        fetch(job(tmp_path, *(Seed(site.address + path) for path in ("/view.pdf", "/missing.pdf", "/named"))))
    expected = {"view.pdf": "failed", "real.pdf": "fetched", "missing.pdf": "failed", "named": "failed", "shown.pdf": "fetched"}
    assert statuses(tmp_path) == expected
    assert not list((tmp_path / "documents").rglob("*.html"))


def test_lists_and_documents_that_stand_as_data_are_followed(tmp_path: Path) -> None:
    def record(n: int) -> str:
        return f"<record><![CDATA[<li><a href='/art/{n}.html' title='某局{n}2026年部门预算'>某局…</a></li>]]></record>"

    further = "<nextgroup><![CDATA[<a href='/proxy.jsp?page=1'></a>]]></nextgroup>"
    with served() as site:
        site.page("/col/index.html", f"<title>部门预算</title><script type='text/xml'><datastore>{further}{record(1)}</datastore></script>")
        site.pages["/proxy.jsp?page=1"] = Served(f"<?xml version='1.0'?><datastore>{record(2)}</datastore>".encode())
        site.page("/art/1.html", "<title>某局12026年部门预算</title><iframe src='/js/viewer.html?file=/files/1.pdf'></iframe>")
        site.page("/art/2.html", "<title>某局2026年部门预算</title><script>var fj=[{name:'附件.pdf',url:'/files/2.pdf'}]</script>")
        site.pages["/api/all/254"] = Served(b'{"articles":[{"title":"\\u9884\\u7b97\\u516c\\u5f00","url":"\\/art\\/3.html"}]}')
        site.page("/art/3.html", "<title>某局2026年部门预算</title><p><a href='/download?id=3'>某局2026年部门预算.pdf</a></p>")
        for path in ("/files/1.pdf", "/files/2.pdf", "/download?id=3"):
            site.document(path, PDF + path.encode())
        fetch(job(tmp_path, Seed(site.address + "/col/index.html", "site"), Seed(site.address + "/api/all/254", "page")))
    assert {row["url"].removeprefix(site.address): row["status"] for row in rows(tmp_path)} == {
        "/files/1.pdf": "fetched",
        "/files/2.pdf": "fetched",
        "/download?id=3": "fetched",
    }


def test_what_only_a_script_would_show_is_a_row_that_says_so(tmp_path: Path) -> None:
    with served() as site:
        site.page("/l.html", "<title>预决算公开平台</title><div id='app'>正在加载</div><script src='a.js'></script>")
        told: list[object] = []
        fetch(job(tmp_path, Seed(site.address + "/l.html", "site")), told.append)
    (row,) = rows(tmp_path)
    assert row["status"] == "failed" and row["reason"].startswith("Its list is shown by scripts")
    assert any(isinstance(event, PageSeen) and event.note == row["reason"] for event in told)
    assert site.paths() == ["/l.html"]


def test_a_dry_run_asks_for_no_document_and_keeps_nothing(tmp_path: Path) -> None:
    with served() as site:
        told: list[object] = []
        fetch(job(tmp_path / "in", city(site), dry_run=True), told.append)
        assert not any(path.endswith(".pdf") for path in site.paths())
    assert not (tmp_path / "in").exists()
    links = [link for event in told if isinstance(event, PageSeen) for link in event.links]
    assert {link[0] for link in links} == {"", "page", "next", "document"} and all(link[3] for link in links)


@pytest.mark.parametrize("moment", [4, 9])
def test_a_fetch_killed_at_any_moment_loses_nothing_and_asks_nothing_twice(tmp_path: Path, moment: int) -> None:
    with served() as site:
        seed = city(site)
        command = [sys.executable, "-m", "pipeline.fetch.crawl"]
        slow = msgspec.structs.replace(job(tmp_path, seed), delay=0.1)
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            assert process.stdin is not None
            process.stdin.write(msgspec.json.encode(slow) + b"\n")
            process.stdin.flush()
            until = time.monotonic() + 20
            while len(site.asked) < moment and time.monotonic() < until:
                time.sleep(0.005)
            process.send_signal(signal.SIGKILL)
        ended = fetch(slow)
        again = [path for path, count in Counter(site.paths()).items() if count > 1]
    assert ended.complete
    assert set(statuses(tmp_path).values()) == {"fetched"} and len(rows(tmp_path)) == 4
    assert {source.source_url: source.read() for source in collect([tmp_path / "registry.csv"], look_here)} == {
        site.address + path: PDF + path.encode() for path in DOCUMENTS
    }
    assert len(again) <= 1  # what was under way
    assert not list(tmp_path.rglob(".draft-*"))


def test_a_fetch_has_not_ended_before_its_registry_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = job(tmp_path / "inbox", Seed("http://127.0.0.2/l.html", "page"))
    at_writing: list[int | None] = []

    def crawl(job: Job, inbox: Inbox, _: object) -> tuple[Ended, float]:
        inbox.begin(NOW, job.scope)
        return Ended(True), NOW

    monkeypatch.setattr(crawl_process, "_crawl", crawl)
    monkeypatch.setattr(Inbox, "write_registry", lambda self: at_writing.append(self.unfinished(NOW, asked.scope)))
    assert crawl_process.run(asked, print).complete
    assert at_writing == [1]  # who is killed while it is written goes on, and writes it then
    assert Inbox(tmp_path / "inbox").unfinished(NOW, asked.scope) is None


def test_a_fetch_ends_with_the_one_who_asked_and_only_one_uses_an_inbox(tmp_path: Path) -> None:
    with served() as site, in_use(tmp_path), pytest.raises(InboxInUse):
        fetch(job(tmp_path, Seed(site.address + "/a.pdf")))
    with served() as site:
        site.pages["/a.pdf"] = Served(write=lambda _: threading.Event().wait(20))  # type: ignore[arg-type, return-value]
        with subprocess.Popen([sys.executable, "-m", "pipeline.fetch.crawl"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
            assert process.stdin is not None
            process.stdin.write(msgspec.json.encode(job(tmp_path, Seed(site.address + "/a.pdf"))) + b"\n")
            process.stdin.flush()
            while not site.paths():
                time.sleep(0.02)
            process.stdin.close()
            assert process.wait(10) == 1


def test_a_process_that_ends_before_it_is_done_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.fetch.fetching.COMMAND", (sys.executable, "-c", "import sys; sys.exit('no room')"))
    with pytest.raises(FetchFailed, match="no room"):
        fetch(job(tmp_path, Seed("http://127.0.0.1/a.pdf")))


def test_a_host_that_is_down_stops_itself_and_no_one_else(tmp_path: Path) -> None:
    with served() as site, served("127.0.0.2") as down:
        site.document("/a.pdf", PDF)
        address = down.address
    with served() as site:
        site.document("/a.pdf", PDF)
        seeds = [*(Seed(f"{address}/{n}.pdf") for n in range(6)), Seed(site.address + "/a.pdf")]
        started = time.monotonic()
        fetch(job(tmp_path, *seeds, limits=Limits(retries=1)))
        assert time.monotonic() - started < 15
    assert Counter(statuses(tmp_path).values()) == {"failed": 6, "fetched": 1}
    missed = next(source for source in collect([tmp_path / "registry.csv"], look_here) if source.path is None)
    assert (missed.unavailable or "").startswith("The address was not fetched: The site's robots.txt could not be had")


def test_only_nights_if_asked(tmp_path: Path) -> None:
    assert [is_night(NOW + hours * 3600) for hours in (0, 12, 14, 20)] == [False, False, True, True]
    ended = fetch(job(tmp_path, Seed("http://127.0.0.1:1024/a.pdf"), nights=True))
    assert not ended.complete and "22:00" in ended.why and ended.requests == {}


def test_rows_of_registries(tmp_path: Path) -> None:
    registry = tmp_path / "r.csv"
    registry.write_text(
        "url,region_code,follow,fiscal_year\nhttp://H.gov.cn/a,310000,site,2026\nhttp://h.gov.cn/a,320000,,2026\nftp://h/b,,,\nhttp://h/c,,nowhere,\n",
        encoding="utf-8",
    )
    first, ftp, nowhere = merged(list(seeds_of(registry)))
    assert first == Seed("http://h.gov.cn/a", "site", Hints(fiscal_year="2026"))
    assert "scheme" in ftp.refused and "'nowhere'" in nowhere.refused
    (tmp_path / "none.csv").write_text("name\nx\n", encoding="utf-8")
    with pytest.raises(SourceError, match="no source registry"):
        list(seeds_of(tmp_path / "none.csv"))


def test_an_inbox_that_is_written_by_nobody_has_no_drafts_left(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    sha256 = inbox.keep(PDF)
    draft = tmp_path / "documents" / sha256[:2] / ".draft-x"
    draft.write_bytes(b"half")
    assert inbox.begin(NOW) is False and not draft.exists()
    assert inbox.begin(NOW + 1) is True
    assert inbox.begin(NOW + 30 * DAY) is False
    inbox.close()
    assert [path.name for path in (tmp_path / "documents" / sha256[:2]).iterdir()] == [sha256]
