"""What a first visit of the site loads, and when something is seen, on a slow line: start and departments.

    python -m benchmarks.first_loads SITE [--runs 3] [--department ID] [--slower 4]

`SITE` is written by `yusuan explore DATASET --out SITE`. Each page is opened in a new context of Chromium, nothing kept, with 400 kbit/s
and 2 s of latency (Lighthouse's and the browser's own slow 3G): from a host that compresses and from one that does not. First picture is
first contentful paint; search is when its box is there; interactive when the first figures or the title of the page itself are there and
the browser has nothing to do, so that a click is answered; whole is when all has come but the icon of the site, which a browser asks for
last. Prints a markdown table. Needs playwright and chromium.
"""

from __future__ import annotations

import argparse
import functools
import gzip
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

SLOW_3G = {"offline": False, "latency": 2000, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
TEXT = (".html", ".js", ".json", ".svg")
MOST_BODIES = 2
QUIET = ("--headless", "--no-sandbox", "--disable-gpu")
_PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
_OWN_TITLE = "main h1:not(.hero), main .facts"
_ICON = "icon.svg"
_SEARCH = ".search input"
_IDLE = "new Promise((done) => requestIdleCallback(() => done(performance.now())))"


class Plain(SimpleHTTPRequestHandler):
    """A host that sends files as they are."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Compressing(Plain):
    """A host that compresses text."""

    def do_GET(self) -> None:
        """Send a file, text compressed."""
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            path /= "index.html"
        if path.suffix not in TEXT or not path.is_file():
            super().do_GET()
            return
        content = gzip.compress(path.read_bytes())
        self.send_response(200)
        for name, value in (("Content-Type", self.guess_type(path)), ("Content-Encoding", "gzip"), ("Content-Length", str(len(content)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def served(folder: Path, handler: type[Plain]) -> Iterator[str]:
    """Serve a folder on a free port of the loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def first_load(browser: Any, address: str, slower: int) -> tuple[float, float, float, float, int]:
    """Return seconds to the first picture, to the search, to when it is interactive, to its last file; and bytes sent."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW_3G)
    line.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    addresses: dict[str, str] = {}
    sent: list[tuple[float, float, str]] = []
    line.on("Network.requestWillBeSent", lambda event: addresses.setdefault(event["requestId"], event["request"]["url"]))
    line.on(
        "Network.loadingFinished",
        lambda event: sent.append((time.monotonic(), event["encodedDataLength"], addresses.get(event["requestId"], ""))),
    )
    started = time.monotonic()
    page.goto(address, wait_until="commit", timeout=60_000)
    page.locator(_SEARCH).first.wait_for(timeout=60_000)
    search = time.monotonic() - started
    page.locator(_OWN_TITLE).first.wait_for(timeout=60_000)
    interactive = page.evaluate(_IDLE)
    page.wait_for_load_state("networkidle", timeout=60_000)
    whole = max(at for at, _, url in sent if not url.endswith(_ICON)) - started
    painted = page.evaluate(_PAINTED)
    context.close()
    return painted / 1000, search, interactive / 1000, whole, round(sum(size for _, size, _ in sent))


def largest_bodies(site: Path) -> list[str]:
    """Return the bodies with the most to load."""
    sizes: dict[str, int] = {}
    for file in (site / "data" / "departments").glob("*.json"):
        page = json.loads(file.read_text(encoding="utf-8"))
        sizes[page["id"]] = file.stat().st_size + (site / "data" / "disclosures" / file.name).stat().st_size
    return sorted(sizes, key=lambda own: (-sizes[own], own))[:MOST_BODIES]


def main() -> None:
    """Measure and print."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--department", action="append", metavar="ID", help="instead of the largest")
    parser.add_argument("--slower", type=int, default=1, help="as a processor so many times slower: 4 is Lighthouse's phone")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    given = parser.parse_args()
    pages = {"start": "#/", **{f"department {own}": f"#/d/{own}" for own in given.department or largest_bodies(given.site)}}
    print("| page | host | kB | first picture s | search s | interactive s | whole s |\n| --- | --- | --: | --: | --: | --: | --: |")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=given.chromium, args=list(QUIET))
        for handler in (Compressing, Plain):
            with served(given.site, handler) as address:
                for name, where in pages.items():
                    runs = [first_load(browser, address + where, given.slower) for _ in range(given.runs)]
                    *seconds, sent = (sorted(values)[len(values) // 2] for values in zip(*runs, strict=True))
                    told = " | ".join(f"{value:.1f}" for value in seconds)
                    print(f"| {name} | {handler.__name__.lower()} | {sent / 1000:.0f} | {told} |", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
