"""Servers that mean harm, or are broken: each costs what the limits allow, and no one else."""

from __future__ import annotations

import csv
import gzip
import json
import ssl
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from pipeline.fetch import fetching
from pipeline.fetch.job import Hints, Job, Limits, Seed
from pipeline.fetch.web_page import read_links
from tests.pipeline.fetch.sites import PDF, Served, drip, listing, served

LIMITS = Limits(page_bytes=300_000, document_bytes=400_000, seconds=2.0, redirects=3, failures=20, wait=3.0, retries=0, links=500, pages=30)
ELSEWHERE = (sys.executable, str(Path(__file__).with_name("crawl_elsewhere.py")))


def registry(inbox: Path) -> dict[str, dict[str, str]]:
    with (inbox / "registry.csv").open(encoding="utf-8", newline="") as file:
        return {row["url"]: row for row in csv.DictReader(file)}


def endless(answer: BaseHTTPRequestHandler) -> None:
    answer.send_response(200)
    answer.send_header("Connection", "close")
    answer.end_headers()
    while True:
        answer.wfile.write(b"%PDF-1.4 " * 4096)


def announced(size: int) -> Callable[[BaseHTTPRequestHandler], None]:
    """Serve a document that is said to have another size than it has."""

    def write(answer: BaseHTTPRequestHandler) -> None:
        answer.send_response(200)
        answer.send_header("Content-Length", str(size))
        answer.end_headers()
        answer.wfile.write(PDF)
        answer.close_connection = True

    return write


def moved(to: str) -> Served:
    return Served(status=302, headers={"Location": to, "Connection": "close"})


def certificate(folder: Path) -> ssl.SSLContext:
    """Return a TLS server's context with a certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    signed = made.not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1)).sign(key, hashes.SHA256())
    (folder / "own.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "own.pem")
    return context


def many_links() -> str:
    return listing("2026年部门预算公开", *((f"/d/{n}.pdf", f"某局{n}2026年部门预算") for n in range(10_000)))


def test_a_hostile_server_costs_what_the_limits_allow_and_nobody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "COMMAND", ELSEWHERE)
    with served() as bad, served() as good, served("127.0.0.9") as inside, served(context=certificate(tmp_path)) as unproven:
        port = bad.address.rpartition(":")[2]
        inside.document("/secret.pdf", PDF)
        unproven.document("/a.pdf", PDF)
        bad.pages |= {
            "/drip.pdf": Served(write=drip),
            "/endless.pdf": Served(write=endless),
            "/long.pdf": Served(write=announced(len(PDF) + 10)),
            "/huge.html": Served(write=announced(200 << 20)),
            "/bomb.pdf": Served(gzip.compress(b"%PDF" + bytes(20 << 20)), headers={"Content-Encoding": "gzip"}),
            "/bomb.html": Served(gzip.compress(b"<html>" + bytes(20 << 20)), headers={"Content-Encoding": "gzip"}),
            "/up.pdf": Served(PDF, headers={"Content-Disposition": 'attachment; filename="../../../../tmp/stolen.pdf"'}),
            "/login.pdf": Served(b"who are you", 401, {"WWW-Authenticate": 'Basic realm="x"'}),
            "/to-inside.pdf": moved(f"{inside.address}/secret.pdf"),
            "/to-named-inside.pdf": moved(f"http://inside.test:{inside.address.rpartition(':')[2]}/secret.pdf"),
            "/to-metadata.pdf": moved("http://169.254.169.254/latest/meta-data/"),
            "/to-file.pdf": moved("file:///etc/passwd"),
            "/to-itself.pdf": moved("/to-itself.pdf"),
            "/error.pdf": Served("<html><head><title>404</title></head><body>您访问的页面不存在</body></html>".encode()),
            "/empty.pdf": Served(),
            "/picture.pdf": Served(b"\x89PNG\r\n\x1a\n0000"),
            "/turning.pdf": Served(PDF, headers={"Connection": "close"}),
            "/robots.txt": Served(status=404, headers={"Connection": "close"}),
        }
        documents = [path for path in bad.pages if path.endswith(".pdf") and path != "/turning.pdf"]
        bad.page("/loop/1.html", listing("2026年部门预算公开", ("2.html", "下一页"), ("2.html", "某局2026年部门预算")))
        bad.page("/loop/2.html", listing("2026年部门预算公开", ("1.html", "下一页"), ("1.html", "某局2026年部门预算")))
        bad.page("/deep.html", "<div>" * 50_000)
        bad.page("/many.html", many_links()[:200_000])
        secret = f"{inside.address}/secret.pdf"
        head = "<title>2026年部门预算公开</title>"
        bad.page("/sends.html", f"{head}<script>location.href = '{inside.address}/list.html'</script>")
        bad.page("/shows.html", f"{head}<iframe src='/viewer.html?file={secret}'></iframe>")
        bad.page("/holds.html", f"{head}<script>var fj = [{{name: '附件.pdf', url: '{secret}'}}]</script>")
        bad.page("/data", json.dumps({"title": "某局2026年部门预算", "url": secret}))
        bad.page("/records.html", f"{head}<script><nextgroup><![CDATA[<a href='{inside.address}/2.xml'></a>]]></nextgroup></script>")
        good.page("/list.html", listing("2026年部门预算公开", ("a.pdf", "某局2026年部门预算")))
        good.pages["/list.html"] = Served(good.pages["/list.html"].body, headers={"Set-Cookie": "who=you; Path=/"})
        good.document("/a.pdf", PDF)
        seeds = [Seed(bad.address + path) for path in documents]
        seeds += [Seed(bad.address + path, "page") for path in ("/huge.html", "/bomb.html", "/deep.html")]
        seeds += [Seed(bad.address + path, "site") for path in ("/sends.html", "/shows.html", "/holds.html", "/data", "/records.html")]
        seeds += [Seed(bad.address + "/loop/1.html", "site"), Seed(f"{good.address}/list.html", "page"), Seed(f"{unproven.address}/a.pdf")]
        seeds += [Seed(f"http://turning.test:{port}/turning.pdf"), Seed("http://10.0.0.1:8080/a.pdf"), Seed("http://127.0.0.1:25/a.pdf")]
        seeds += [Seed("http://localhost:8080/a.pdf"), Seed("http://[::1]:8080/a.pdf")]
        started = time.monotonic()
        ended = fetching.fetch(Job(str(tmp_path / "in"), tuple(seeds), delay=0, limits=LIMITS))
        assert time.monotonic() - started < 60
    assert ended.complete
    rows = registry(tmp_path / "in")
    seen = {
        url.rpartition("/")[2]: (row["status"], row["reason"])
        for url, row in rows.items()
        if url.startswith((bad.address, unproven.address))
    }
    refused, failed = ({name for name, (status, _) in seen.items() if status == which} for which in ("refused", "failed"))
    assert {name for name, (status, _) in seen.items() if status == "fetched"} == {"up.pdf"}
    assert refused >= {
        "endless.pdf",
        "bomb.pdf",
        "huge.html",
        "bomb.html",
        "login.pdf",
        "to-inside.pdf",
        "to-named-inside.pdf",
        "to-metadata.pdf",
    }
    assert failed >= {"drip.pdf", "long.pdf", "to-itself.pdf", "error.pdf", "empty.pdf", "deep.html"}
    assert "not a public address" in seen["to-inside.pdf"][1] and "not a public address" in seen["to-named-inside.pdf"][1]
    assert "(TLS)" in rows[f"{unproven.address}/a.pdf"]["reason"]
    assert "not a public address" in rows[f"http://turning.test:{port}/turning.pdf"]["reason"]
    assert {rows[url]["status"] for url in ("http://10.0.0.1:8080/a.pdf", "http://127.0.0.1:25/a.pdf", "http://[::1]:8080/a.pdf")} == {
        "refused"
    }
    assert rows[secret]["status"] == "refused" and rows[secret]["landing_page"].startswith(bad.address)
    assert inside.asked == [] and unproven.asked == []
    assert not Path("/tmp/stolen.pdf").exists()
    assert rows[f"{good.address}/a.pdf"]["status"] == "fetched"
    assert [asked.headers.get("Cookie") for asked in good.asked] == [None] * 3
    kept = [path for path in (tmp_path / "in" / "documents").rglob("*") if path.is_file()]
    assert [path.name for path in kept] == [rows[f"{good.address}/a.pdf"]["sha256"]]


@pytest.mark.parametrize(
    "held",
    [
        '"/a.pdf",' * 100_000,
        '{"n":"某局","u":"/a.html"},' * 30_000,
        "<![CDATA[<nextgroup>" * 50_000,
        "location.href = " * 50_000,
        '"' + "\\" * 500_000,
        "{" * 500_000,
        "</script>" + "<div data-url='/a.pdf'>" * 900 + "<img alt=x>" * 50_000,
    ],
    ids=["addresses", "objects", "records", "ways on", "marks", "brackets", "nested"],
)
def test_what_a_script_holds_takes_little_time(held: str) -> None:
    started = time.process_time()
    read_links(f"<title>2026年部门预算公开</title><script>{held}</script>".encode(), "http://h.gov.cn/ys/index.html")
    assert time.process_time() - started < 10


def test_pages_with_many_links_are_followed_as_far_as_allowed_and_say_so(tmp_path: Path) -> None:
    with served() as site:
        site.page("/many.html", many_links())
        limits = Limits(links=20, addresses=15)
        told: list[object] = []
        fetching.fetch(Job(str(tmp_path), (Seed(f"{site.address}/many.html", "page"),), delay=0, private=True, limits=limits), told.append)
    assert len(site.paths()) == 15
    assert any("more links than are followed" in getattr(event, "note", "") for event in told)
    assert sum("were found from its source" in row["reason"] for row in registry(tmp_path).values()) == 6


def test_servers_are_left_alone_when_they_ask_for_it(tmp_path: Path) -> None:
    with served() as busy, served("127.0.0.2") as closed, served("127.0.0.3") as forbidding, served("127.0.0.4") as broken:
        answers = iter([Served(b"", 429, {"Retry-After": "1"})])

        def at_first_busy(answer: BaseHTTPRequestHandler) -> None:
            found = next(answers, Served(PDF))
            answer.send_response(found.status)
            for name, value in {**found.headers, "Content-Length": str(len(found.body))}.items():
                answer.send_header(name, value)
            answer.end_headers()
            answer.wfile.write(found.body)

        busy.pages["/a.pdf"] = Served(write=at_first_busy)
        closed.pages |= {f"/{n}.pdf": Served(b"", 429, {"Retry-After": "86400"}) for n in range(3)}
        forbidding.pages["/robots.txt"] = Served(b"User-agent: *\nDisallow: /secret/\nCrawl-delay: 1\n")
        for path in ("/secret/a.pdf", "/a.pdf", "/b.pdf"):
            forbidding.document(path, PDF + path.encode())
        broken.pages["/robots.txt"] = Served(b"", 503)
        broken.document("/a.pdf", PDF)
        seeds = [busy.address + "/a.pdf", *(f"{closed.address}/{n}.pdf" for n in range(3)), broken.address + "/a.pdf"]
        seeds += [forbidding.address + path for path in ("/secret/a.pdf", "/a.pdf", "/b.pdf")]
        job = Job(str(tmp_path), tuple(map(Seed, seeds)), delay=0, private=True, contact="me@example.org", limits=Limits(retries=1))
        fetching.fetch(job)
    rows = registry(tmp_path)
    first, second = (asked.at for asked in busy.asked if asked.path == "/a.pdf")
    assert second - first >= 1.0
    assert rows[busy.address + "/a.pdf"]["status"] == "fetched"
    assert len(closed.paths()) == 1
    assert all("asks to be left alone until" in rows[f"{closed.address}/{n}.pdf"]["reason"] for n in range(3))
    assert "/secret/a.pdf" not in forbidding.paths()
    assert rows[forbidding.address + "/secret/a.pdf"]["status"] == "refused"
    one, other = (asked.at for asked in forbidding.asked if asked.path != "/robots.txt")
    assert other - one >= 0.7  # a second, less what pauses vary by
    assert broken.paths() == [] and rows[broken.address + "/a.pdf"]["status"] == "failed"
    assert {asked.headers["User-Agent"] for asked in busy.asked} == {"yusuan/0 (+me@example.org)"}


def test_what_a_registry_says_cannot_be_asked_is_a_row_with_the_reason(tmp_path: Path) -> None:
    seeds = (
        Seed("ftp://127.0.0.1/a.pdf", refused="Its scheme is ftp: only http and https are asked."),
        Seed("http://10.1.2.3/a", hints=Hints("310000")),
    )
    fetching.fetch(Job(str(tmp_path), seeds, delay=0))
    assert {(row["url"], row["status"], row["region_code"]) for row in registry(tmp_path).values()} == {
        ("ftp://127.0.0.1/a.pdf", "refused", ""),
        ("http://10.1.2.3/a", "refused", "310000"),
    }
