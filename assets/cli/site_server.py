"""The site served to this machine only, with the headers that a browser is to hold it to.

Belongs here: serving a folder. What is in it is written by `pipeline.site`.
"""

from __future__ import annotations

import re
import socket
import threading
import webbrowser
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from assets.web_server import Application, LocalOnly, Message, Receive, Scope, Send

if TYPE_CHECKING:
    from starlette.applications import Starlette

LOOPBACK = "127.0.0.1"

_HEADERS = {
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-cache",
}
_SMALLEST_COMPRESSED = 1024  # bytes
_POLICY_IN_PAGE = re.compile(r'http-equiv="Content-Security-Policy"\s+content="([^"]+)"')
_NOT_IN_A_FRAME = "frame-ancestors 'none'"  # a page cannot say this of itself


class PortInUse(Exception):
    """The site cannot be served on the port asked for."""


def policy_of(folder: Path) -> str:
    """Return the content security policy of a site: that of its page, which names the hashes of its styles and script; not to be framed.

    What the page may load and run are its own files: nothing inline but these two, nothing of another origin.

    Raises:
        ValueError: the page has none.
    """
    found = _POLICY_IN_PAGE.search((folder / "index.html").read_text(encoding="utf-8"))
    if found is None:
        raise ValueError(f"{folder / 'index.html'} says no content security policy")
    return f"{found[1]}; {_NOT_IN_A_FRAME}"


class WithHeaders:
    """Middleware that adds headers to every answer."""

    def __init__(self, app: Application, headers: Mapping[str, str]) -> None:
        self.app = app
        self.headers = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, its answer with the headers."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *self.headers]}
            await send(message)

        await self.app(scope, receive, with_headers)


def application(folder: Path) -> Starlette:
    """Return the ASGI application that serves a site to this machine's own browser."""
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.middleware.gzip import GZipMiddleware
    from starlette.routing import Mount
    from starlette.staticfiles import StaticFiles

    headers = {"content-security-policy": policy_of(folder), **_HEADERS}
    middleware = [
        Middleware(LocalOnly),
        Middleware(WithHeaders, headers=headers),
        Middleware(GZipMiddleware, minimum_size=_SMALLEST_COMPRESSED),
    ]
    return Starlette(routes=[Mount("/", StaticFiles(directory=folder, html=True))], middleware=middleware)


def listening(port: int) -> socket.socket:
    """Return a socket that listens on a port of the loopback; 0 takes a free one.

    Raises:
        PortInUse: something else listens there.
    """
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
        listener.listen()  # at once: whoever calls before the server runs waits, and a second server is told the port is taken
    except OSError as error:
        listener.close()
        raise PortInUse(f"Port {port} is in use: choose another with --port.") from error
    return listener


def serve(folder: Path, listener: socket.socket, *, show: bool) -> None:
    """Serve a site until interrupted.

    Args:
        folder: the site.
        listener: where to listen, by `listening`.
        show: open it in the browser.
    """
    import uvicorn

    server = uvicorn.Server(uvicorn.Config(application(folder), log_level="warning", lifespan="off"))
    if show:
        address = f"http://{LOOPBACK}:{listener.getsockname()[1]}/"
        threading.Timer(0.5, webbrowser.open, [address]).start()
    server.run(sockets=[listener])
