"""Which requests the web server serves: those of this machine's own pages and programs."""

import asyncio
from typing import Any

import pytest

from assets.web_server import LocalOnly, refusal_of


def request(host: str, path: str = "/graphql", method: str = "POST", query: str = "", kind: str = "http", **headers: str) -> dict[str, Any]:
    given = {"host": host, **{name.replace("_", "-"): value for name, value in headers.items()}}
    encoded = [(name.encode(), value.encode()) for name, value in given.items()]
    return {"type": kind, "method": method, "path": path, "query_string": query.encode(), "headers": encoded}


@pytest.mark.parametrize(
    "served",
    [
        request("127.0.0.1:3000"),
        request("localhost:8080", origin="http://localhost:8080"),
        request("[::1]:3000", origin="http://[::1]:3000"),
        request("127.0.0.1:3000", path="/", method="GET", sec_fetch_site="cross-site", sec_fetch_mode="navigate"),
        request("127.0.0.1:3000", method="GET", sec_fetch_site="same-origin"),
        request("127.0.0.1:3000", kind="websocket", origin="http://127.0.0.1:3000"),
    ],
)
def test_own_pages_and_programs_are_served(served: dict[str, Any]) -> None:
    assert refusal_of(served) is None


@pytest.mark.parametrize(
    "refused",
    [
        request("evil.example"),
        request("evil.example:3000", origin="http://evil.example:3000"),
        request("127.0.0.1.evil.example:3000"),
        request("["),
        request(""),
        request("127.0.0.1:3000", origin="https://evil.example"),
        request("127.0.0.1:3000", origin="http://127.0.0.1:4000"),
        request("127.0.0.1:3000", origin="null"),
        request("127.0.0.1:3000", kind="websocket", origin="https://evil.example"),
        request("127.0.0.1:3000", sec_fetch_site="cross-site", sec_fetch_mode="no-cors"),
        request("127.0.0.1:3000", method="GET", query="query=mutation%7BlaunchRun%7D"),
    ],
)
def test_other_sites_are_refused(refused: dict[str, Any]) -> None:
    sent: list[Any] = []

    async def served(*_: Any) -> None:
        raise AssertionError("served")

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(LocalOnly(served)(refused, None, send))  # type: ignore[arg-type]
    assert sent[0].get("status", sent[0].get("code")) in (403, 1008)


def test_the_check_stands_before_all_that_dagster_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    from dagster_webserver import cli
    from dagster_webserver.webserver import DagsterWebserver

    from assets import web_server

    monkeypatch.setattr(DagsterWebserver, "build_middleware", DagsterWebserver.build_middleware)
    monkeypatch.setattr(cli, "main", lambda: None)
    web_server.main()
    server = DagsterWebserver.__new__(DagsterWebserver)
    server._app_path_prefix = ""
    assert DagsterWebserver.build_middleware(server)[0].cls is LocalOnly
