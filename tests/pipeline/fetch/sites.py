"""A web server on loopback that imitates the sites of offices: what it serves can be changed, and what it was asked is counted."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@dataclass(slots=True)
class Served:
    """One answer.

    Attributes:
        body: its bytes.
        status, headers: of the answer.
        etag: where given, the answer to a question with this one is 304.
        write: writes headers and body itself, for servers that misbehave.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str = ""
    write: Callable[[BaseHTTPRequestHandler], None] | None = None


@dataclass(slots=True)
class Asked:
    """One question; `sent` is true once it was answered with a body in full."""

    path: str
    headers: dict[str, str]
    at: float
    sent: bool = False


@dataclass(slots=True)
class Site:
    """A running server.

    Attributes:
        address: of its root, without the slash.
        pages: path → answer.
        asked: questions, in order.
    """

    address: str
    pages: dict[str, Served] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def page(self, path: str, body: str, encoding: str = "utf-8", **more: Any) -> None:
        """Serve a page."""
        self.pages[path] = Served(body.encode(encoding), headers={"Content-Type": "text/html"}, **more)

    def document(self, path: str, body: bytes, **more: Any) -> None:
        """Serve a document, under the hash of its bytes as ETag."""
        self.pages[path] = Served(body, headers={"Content-Type": "application/pdf"}, etag=f'"{hashlib.sha256(body).hexdigest()}"', **more)

    def paths(self) -> list[str]:
        """Return what was asked for but robots.txt."""
        return [asked.path for asked in self.asked if asked.path != "/robots.txt"]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Stay silent: whoever asks may be killed."""


@contextmanager
def served(host: str = "127.0.0.1", context: Any = None, port: int = 0) -> Iterator[Site]:
    """Serve a site while the block runs, at any free port if none is named."""
    site: Site

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = Asked(self.path, dict(self.headers.items()), time.monotonic())
            site.asked.append(asked)
            answer = site.pages.get(self.path, Served(b"not here", 404))
            try:
                if answer.write is not None:
                    answer.write(self)
                    return
                unchanged = bool(answer.etag) and self.headers.get("If-None-Match") == answer.etag
                body = b"" if unchanged else answer.body
                self.send_response(304 if unchanged else answer.status)
                headers = {"Content-Length": str(len(body)), **answer.headers, **({"ETag": answer.etag} if answer.etag else {})}
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
                asked.sent = answer.status == 200 and not unchanged
            except OSError:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    server = _Server((host, port), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    scheme = "http" if context is None else "https"
    site = Site(f"{scheme}://{host}:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


def listing(title: str, *links: tuple[str, str], more: str = "") -> str:
    """Return a page that lists links as an office's article does."""
    rows = "".join(f'<p><a href="{address}">{text}</a></p>' for address, text in links)
    return (
        f'<html><head><meta charset="utf-8"><title>{title}</title><meta name="ArticleTitle" content="{title}">'
        f'<meta name="PubDate" content="2026-03-02 09:30"><meta name="ContentSource" content="某市财政局"></head>'
        f'<body><div class="header"><a href="/">首页</a></div><h1>{title}</h1><div class="TRS_Editor">{rows}</div>{more}</body></html>'
    )


def drip(answer: BaseHTTPRequestHandler) -> None:
    """Send a byte now and then."""
    answer.send_response(200)
    answer.send_header("Content-Length", "100000")
    answer.end_headers()
    for _ in range(200):
        answer.wfile.write(b"x")
        answer.wfile.flush()
        time.sleep(0.1)
