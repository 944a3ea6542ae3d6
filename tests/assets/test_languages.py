"""The command line in Chinese: everything that it says of its own has a row, and rows fill in what the English says."""

from __future__ import annotations

import ast
import csv
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from assets.cli import languages
from assets.cli.commands import app
from assets.cli.languages import Language, language_of, say, speak

FOLDER = Path(languages.__file__).parent
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture
def in_chinese() -> Iterator[None]:
    speak(Language.CHINESE)
    yield
    speak(Language.ENGLISH)


def helps(command: Any) -> Iterator[str]:
    yield from filter(None, (command.help, command.epilog))
    yield from filter(None, (getattr(parameter, "help", None) for parameter in command.params))
    for below in getattr(command, "commands", {}).values():
        yield from helps(below)


def messages() -> Iterator[str]:
    """The sentences that refusals end with, as far as they stand in the code of the command line."""
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("usage", "end"):
                said = node.args[-1]
                if isinstance(said, ast.JoinedStr):
                    yield "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in said.values)
                elif isinstance(said, ast.Constant):
                    yield str(said.value)


@pytest.mark.usefixtures("in_chinese")
def test_all_help_and_every_refusal_has_chinese() -> None:
    english = [text for text in (*helps(get_command(app)), *messages()) if not CHINESE.search(say(text))]
    assert not english


def test_rows_fill_in_all_that_the_english_says() -> None:
    with (FOLDER / "chinese.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            gaps = {str(number) for number in range(row["english"].count("{}"))}
            assert set(re.findall(r"\{(\d)\}", row["chinese"])) == gaps, row


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        (["build"], {}, Language.ENGLISH),
        (["--lang", "zh", "build"], {}, Language.CHINESE),
        (["--lang=zh"], {"LANG": "en_GB.UTF-8"}, Language.CHINESE),
        (["--lang", "en"], {"LANG": "zh_CN.UTF-8"}, Language.ENGLISH),
        ([], {"LANG": "zh_CN.UTF-8"}, Language.CHINESE),
        ([], {"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, Language.ENGLISH),
        (["--lang"], {}, Language.ENGLISH),
    ],
)
def test_what_is_asked_for_goes_before_the_locale(arguments: list[str], environment: dict[str, str], language: Language) -> None:
    assert language_of(arguments, environment) is language


@pytest.mark.usefixtures("in_chinese")
def test_what_is_filled_in_stays_as_it_is_and_other_texts_stay_english() -> None:
    assert say("a {b} does not exist: give files, folders or a registry (CSV).").startswith("a {b} 不存在")
    assert (
        say("3 files (1 documents read, the others known): 2 published, 1 quarantined")
        == "3 个文件（读取 1 份，其余已知）：2 份已发布，1 份被隔离"
    )
    assert say("The PDF is encrypted and needs a password.") == "The PDF is encrypted and needs a password."


def test_english_is_said_as_it_is() -> None:
    assert say("Print the version and exit.") == "Print the version and exit."


def test_a_refusal_on_the_command_line(tmp_path: Path) -> None:
    asked = [sys.executable, "-c", "from assets.cli import main; main()", "--lang", "zh", "build", str(tmp_path / "missing")]
    done = subprocess.run(asked, capture_output=True, text=True, encoding="utf-8", check=False, cwd=FOLDER.parents[1])
    assert done.returncode == 2
    assert "不存在：请给出文件" in done.stderr
