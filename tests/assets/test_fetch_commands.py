"""`yusuan fetch`: what it says, its summary for machines, and what it refuses before anything is asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assets.cli.commands import app
from tests.pipeline.fetch.sites import PDF, listing, served

ALLOWED = ["--allow-private", "--delay", "0"]


def test_a_fetch_says_what_it_took_and_why(tmp_path: Path) -> None:
    with served() as site:
        site.page(
            "/l.html", listing("2026年部门预算公开", ("a.pdf", "某局2026年部门预算"), ("b.pdf", "2026年政府预算草案"), ("c.pdf", "附件"))
        )
        site.document("/a.pdf", PDF)
        registry = tmp_path / "r.csv"
        registry.write_text(f"url,follow\n{site.address}/l.html,page\n", encoding="utf-8")
        command = ["fetch", str(registry), "--into", str(tmp_path / "in"), *ALLOWED]
        tried = CliRunner().invoke(app, [*command, "--dry-run"])
        done = CliRunner().invoke(app, [*command, "--json", "--strict", "--contact", "me@example.org"])
    assert tried.exit_code == 0 and "document 某局2026年部门预算" in tried.stdout
    assert "政府预算 is of the whole government" in tried.stdout and "--contact" in tried.stderr
    summary = json.loads(done.stdout)
    assert (summary["complete"], summary["pages"], summary["fetched"], summary["failed"]) == (True, 1, 1, 1)
    assert summary["not_had"] == [{"url": f"{site.address}/c.pdf", "status": "failed", "reason": "The address answers HTTP 404."}]
    assert Path(summary["registry"]).is_file() and done.exit_code == 1  # --strict, and an address failed


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.csv"], "is not a file"),
        (["r.csv", "--into", "r.csv"], "is a file: name a folder"),
        (["r.csv", "--contact", "我@例"], "write it in ASCII"),
        (["r.csv", "--years", "soon"], "is no range of years"),
        (["empty.csv"], "name no address of the web"),
        (["wrong.csv"], "is no source registry"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("pipeline.fetch.fetching.fetch", lambda *_: pytest.fail("it was asked"))
    Path("r.csv").write_text("url\nhttp://127.0.0.1:1/a\n", encoding="utf-8")
    Path("empty.csv").write_text("url\n", encoding="utf-8")
    Path("wrong.csv").write_text("name\nx\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["fetch", *arguments])
    assert done.exit_code == 2 and said in " ".join(done.stderr.split())
