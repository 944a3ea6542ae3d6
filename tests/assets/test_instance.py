"""The instance on disk: prepared once, by however many at the same time; and the UI, on loopback only."""

import multiprocessing
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

import assets.instance
from assets.instance import prepare, serve


def test_many_that_prepare_at_once_all_succeed(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=prepare, args=(tmp_path / "home",)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    with dg.DagsterInstance.from_config(str(tmp_path / "home")) as instance:
        assert instance.get_runs_count() == 0


def test_an_instance_keeps_its_settings(tmp_path: Path) -> None:
    prepare(tmp_path)
    settings = tmp_path / "dagster.yaml"
    assert settings.read_text().startswith("# Settings of the Dagster instance")
    settings.write_text("telemetry:\n  enabled: false\n")
    prepare(tmp_path)
    assert settings.read_text() == "telemetry:\n  enabled: false\n"


class Started:
    """Stands in for a started command."""

    commands: list[list[str]]
    environments: list[dict[str, str]]

    def __init__(self, command: list[str], env: dict[str, str]) -> None:
        self.commands.append(command)
        self.environments.append(env)
        self.ended: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        self.ended = self.ended or 0
        return self.ended

    def poll(self) -> int | None:
        return self.ended

    def send_signal(self, signal: int) -> None:
        self.ended = -signal


def test_the_ui_serves_this_project_on_loopback(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: dict[str, Any] = {"commands": [], "environments": []}
    monkeypatch.setattr(assets.instance.subprocess, "Popen", type("Fake", (Started,), started))
    assert serve([str(tmp_path)], tmp_path / "out", 3999) == 0
    daemon, server = started["commands"]
    assert "dagster._daemon" in daemon
    assert server[server.index("-h") + 1] == "127.0.0.1"
    assert server[server.index("-p") + 1] == "3999"
    assert all(command[-2:] == ["-m", "assets.definitions"] for command in (daemon, server))
    for environment in started["environments"]:
        assert environment["DAGSTER_HOME"] == str(home)
        assert environment["YUSUAN_SOURCES"] == str(tmp_path)
        assert environment["YUSUAN_DATASET"] == str(tmp_path / "out")
