"""Dagster's web server for this machine only: requests that another site's page sends are refused.

The server takes orders (launch a run, delete records) without asking who gives them, and any page in a browser on this machine can send
requests to it. So a request must name this machine as its host, which a foreign name that was pointed here does not, and must not come from
a page of another origin.

Belongs here: that check, put before all that Dagster serves. What it serves, and where, is Dagster's and `instance.py`'s.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

OWN_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
"""Names of this machine to itself; whatever port, since it may be forwarded."""

_POLICY_VIOLATION = 1008  # code with which a web socket is closed


class LocalOnly:
    """Middleware that serves requests of this machine's own pages and programs, and refuses others."""

    def __init__(self, app: Application) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or refuse it with the reason."""
        refusal = refusal_of(scope) if scope["type"] in ("http", "websocket") else None
        if refusal is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": refusal})
        else:
            headers = [(b"content-type", b"text/plain; charset=utf-8")]
            await send({"type": "http.response.start", "status": 403, "headers": headers})
            await send({"type": "http.response.body", "body": refusal.encode()})


def refusal_of(scope: Scope) -> str | None:
    """Return why a request is refused, in one sentence; None where it is served."""
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    host, origin = headers.get("host", ""), headers.get("origin")
    if _name_of(f"//{host}") not in OWN_NAMES:
        return "Only requests to 127.0.0.1 or localhost are served."
    if origin is not None and urlsplit(origin).netloc != host:
        return "Requests from pages of other sites are not served."
    if headers.get("sec-fetch-site") == "cross-site" and headers.get("sec-fetch-mode") != "navigate":
        return "Requests from pages of other sites are not served."
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and scope["path"].endswith("/graphql") and "query" in asked:
        return "Queries are sent by POST: a link or a picture of another site could send this one."
    return None


def _name_of(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def main() -> None:
    """Run Dagster's web server, with its own arguments, behind the check."""
    from dagster_webserver import cli
    from dagster_webserver.webserver import DagsterWebserver
    from starlette.middleware import Middleware

    own = DagsterWebserver.build_middleware

    def checked(self: DagsterWebserver[Any, Any]) -> list[Middleware]:
        return [Middleware(LocalOnly), *own(self)]

    setattr(DagsterWebserver, "build_middleware", checked)  # noqa: B010 (its command makes the server itself, and takes no middleware)
    serve: Callable[[], None] = cli.main
    serve()


if __name__ == "__main__":
    main()
