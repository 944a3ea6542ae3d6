"""A browser, and sites served to it as any static host would: plain files below a path, and as `yusuan explore` serves them."""

import functools
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from pipeline.site import pictures
from pipeline.site.writer import pages_wanted, write_site
from tests.pipeline.site.made import frames, hostile, make_dataset, write_documents

ROOT = Path(__file__).parents[2]
QUIET = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]


def chromium() -> str | None:
    """The browser that this machine has: Playwright's own cannot be had everywhere."""
    named = os.environ.get("CHROMIUM")
    return named or next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)


FONTS = tuple(Path(place).expanduser() for place in ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts"))
"""Where chromium finds fonts."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = chromium()
    if path is None:
        pytest.skip("no chromium on this machine: apt-get install chromium, or name one in $CHROMIUM")
    if not any(font for folder in FONTS if folder.is_dir() for font in folder.rglob("*.[ot]t[cf]")):
        pytest.skip("no font on this machine, without which chromium ends: apt-get install fonts-dejavu-core")
    with playwright.sync_playwright() as started:
        running = started.chromium.launch(executable_path=path, args=QUIET)
        yield running
        running.close()


@pytest.fixture(scope="session")
def shown_dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dataset that is shown, hostile names in it."""
    return make_dataset(tmp_path_factory.mktemp("shown") / "dataset", tables=hostile(frames(), "units.pdf"))


@pytest.fixture(scope="session")
def shown_site(shown_dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    drawn = pictures.plan(write_documents(folder / "documents"), pages_wanted(shown_dataset))
    return write_site(shown_dataset, folder / "host" / "some" / "path", drawn=drawn).folder


class Quiet(SimpleHTTPRequestHandler):
    """A host without range requests, that says nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(root: Path) -> Iterator[str]:
    """A folder served by a host that knows nothing of what is in it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(root)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def address(shown_site: Path) -> Iterator[str]:
    """Where the site is served below a path, without ranges."""
    with served(shown_site.parents[1]) as host:
        yield f"{host}some/path/"


@pytest.fixture(scope="session")
def own_address(shown_site: Path) -> Iterator[str]:
    """Where it is served as `yusuan explore` does: with headers and ranges."""
    import uvicorn

    from assets.cli.site_server import application, listening

    listener = listening(0)
    server = uvicorn.Server(uvicorn.Config(application(shown_site), log_level="error", lifespan="off"))  # type: ignore[arg-type]
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    server.should_exit = True
    thread.join()


@dataclass
class Reader:
    """A page in a browser, and what went wrong or out while it was read."""

    page: Any
    base: str
    trouble: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def go(self, where: str = "#/") -> None:
        self.page.goto(self.base + where)
        self.settled()

    def settled(self) -> None:
        self.page.locator("header .settings").wait_for()  # the page as it comes has none: its script has run
        self.page.wait_for_load_state("networkidle")
        self.page.locator(".loading").first.wait_for(state="detached")

    def text(self) -> str:
        return str(self.page.inner_text("main"))


def reader(browser: Any, base: str, *, width: int = 1280, language: str = "zh-CN") -> Reader:
    context = browser.new_context(viewport={"width": width, "height": 844}, locale=language, accept_downloads=True)
    opened = Reader(context.new_page(), base)
    opened.page.on("console", lambda message: opened.trouble.append(message.text) if message.type in ("error", "warning") else None)
    opened.page.on("pageerror", lambda error: opened.trouble.append(str(error)))
    opened.page.on("request", lambda request: opened.asked.append(request.url))
    return opened


@pytest.fixture
def wide(browser: Any, address: str) -> Iterator[Reader]:
    opened = reader(browser, address)
    yield opened
    opened.page.context.close()


@pytest.fixture
def phone(browser: Any, address: str) -> Iterator[Reader]:
    opened = reader(browser, address, width=390)
    yield opened
    opened.page.context.close()


@pytest.fixture
def english(browser: Any, own_address: str) -> Iterator[Reader]:
    opened = reader(browser, own_address, language="en-US")
    yield opened
    opened.page.context.close()
