"""`yusuan explore`: what it refuses, what it says, what it serves."""

import base64
import gzip
import hashlib
import json
import re
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner, Result

from assets.cli import app
from assets.cli.site_server import PortInUse, application, listening, policy_of
from pipeline.site import edition
from pipeline.site.writer import bundle
from tests.pipeline.site.made import make_dataset, write_documents


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_dataset(tmp_path_factory.mktemp("explored") / "dataset")


def test_help_has_an_example() -> None:
    result = run("explore", "--help")
    assert result.exit_code == 0 and "Example: yusuan explore" in result.output


def test_it_writes_a_site_and_says_how_to_serve_it(dataset: Path, tmp_path: Path) -> None:
    result = run("explore", dataset, "--out", tmp_path / "site", "--documents", write_documents(tmp_path / "documents"))
    assert result.exit_code == 0
    told, drawn, *_ = result.output.splitlines()
    assert "pages of" in told and "about" in told  # before they are drawn
    assert "departments and units" in drawn and "of them pages" in drawn
    assert (tmp_path / "site" / "index.html").is_file() and list((tmp_path / "site" / "pages").rglob("*.webp"))


def test_copies_in_gzip_say_what_their_files_say(dataset: Path, tmp_path: Path) -> None:
    assert run("explore", dataset, "--out", tmp_path / "site", "--gzip").exit_code == 0
    copies = list((tmp_path / "site").rglob("*.gz"))
    assert {"index.html.gz", "overview.json.gz"} <= {path.name for path in copies}
    for copy in copies:
        assert gzip.decompress(copy.read_bytes()) == copy.with_name(copy.name.removesuffix(".gz")).read_bytes()


def test_for_machines(dataset: Path, tmp_path: Path) -> None:
    summary = json.loads(run("explore", dataset, "--out", tmp_path / "site", "--json").stdout)
    assert summary["folder"] == str(tmp_path / "site") and summary["documents"] == 7 and summary["pictures"] == 0


def test_what_is_refused(dataset: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").write_text("mine")
    cases: list[tuple[list[Any], str]] = [
        ([tmp_path / "none"], "holds no dataset"),
        ([dataset, "--out", tmp_path / "full"], "holds other files"),
        ([dataset, "--out", dataset / "site"], "lies in the dataset"),
        ([dataset, "--out", tmp_path / "site", "--documents", tmp_path / "nowhere"], "does not exist"),
        ([dataset, "--gzip"], "give --out"),
    ]
    for arguments, reason in cases:
        result = run("explore", *arguments)
        assert result.exit_code == 2 and reason in result.stderr
    assert not (tmp_path / "site").exists()


def test_the_edition_is_shown_without_naming_it(dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edition, "FOLDER", dataset)
    assert run("explore", "--edition", "--out", tmp_path / "site").exit_code == 0
    monkeypatch.setattr(edition, "FOLDER", tmp_path / "none")
    assert run("explore", "--edition", "--out", tmp_path / "other").exit_code == 2


def test_a_port_in_use_is_refused(dataset: Path) -> None:
    with listening(0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(PortInUse):
            listening(port)
        result = run("explore", dataset, "--port", port)
    assert result.exit_code == 2 and "Port" in result.stderr


def test_who_calls_before_the_server_runs_is_not_refused() -> None:
    with listening(0) as listener, socket.create_connection(listener.getsockname(), timeout=5):
        pass


def test_only_this_machine_is_served_and_held_to_the_policy(tmp_path: Path) -> None:
    shutil.copytree(bundle(), tmp_path / "site")
    client = TestClient(application(tmp_path / "site"), base_url="http://127.0.0.1")  # type: ignore[arg-type]
    got = client.get("/")
    assert got.status_code == 200
    assert got.headers["content-security-policy"].startswith("default-src 'none'")
    assert got.headers["content-security-policy"].endswith("frame-ancestors 'none'")
    assert got.headers["content-encoding"] == "gzip"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert client.get("/", headers={"host": "evil.example"}).status_code == 403
    assert client.get("/../../etc/passwd").status_code == 404


def test_the_page_has_its_styles_and_scripts_and_its_policy_names_them_alone() -> None:
    """Nothing else has to come before the start is there, and no other style or script is let in."""
    page = (bundle() / "index.html").read_text(encoding="utf-8")

    def allowed(start: str, end: str) -> set[str]:
        parts = re.findall(f"{re.escape(start)}(.*?){re.escape(end)}", page, flags=re.DOTALL)
        return {f"'sha256-{base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()}'" for part in parts}

    policy = {name: set(sources) for name, *sources in (part.split() for part in policy_of(bundle()).split(";"))}
    scripts = allowed("<script>", "</script>") | allowed('<script type="module">', "</script>")
    assert policy["style-src"] == allowed("<style>", "</style>") and len(policy["style-src"]) == 1
    assert policy["script-src"] == {"'self'"} | scripts and len(scripts) == 2
    assert not re.search(r'rel="stylesheet"', page) and len(page.encode()) < 90_000


def test_a_page_without_a_policy_is_not_served(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<p>here</p>")
    with pytest.raises(ValueError, match="no content security policy"):
        application(tmp_path)
