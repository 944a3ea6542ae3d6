"""Progress and texts: moving on a terminal, silent in a pipe, never taken for markup."""

import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from rich.console import Console

from assets.cli import terminal


def shown(force_terminal: bool) -> str:
    out = io.StringIO()
    with terminal.steps(Console(file=out, force_terminal=force_terminal, width=120)) as steps:
        reading, making = steps.of("reading documents"), steps.of("making partitions")
        reading(1, 2, "first.pdf")
        reading(2, 2, "[red]second[/].pdf")
        making(1, 1, "2019|CN-SH")
    return out.getvalue()


def test_progress_moves_on_a_terminal() -> None:
    text = shown(True)
    assert "reading documents" in text
    assert "2/2" in text
    assert "[red]second" in text


def test_a_pipe_stays_silent() -> None:
    assert shown(False) == ""


def test_texts_of_others_are_shown_as_they_are() -> None:
    out = io.StringIO()
    Console(file=out, width=80).print(terminal.plain("a[bold]b\x1b[2J\nc预算"))
    assert out.getvalue() == "a[bold]b\\x1b[2J\\nc预算\n"


@pytest.mark.parametrize(("value", "text"), [(None, "–"), (1.0, "100.0 %"), (0.98765, "98.8 %")])
def test_shares(value: float | None, text: str) -> None:
    assert terminal.share(value) == text


def test_summaries_keep_exact_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.print_json({"amount": Decimal("1.10"), "path": Path("a/b")})
    assert json.loads(capsys.readouterr().out) == {"amount": "1.10", "path": "a/b"}
    with pytest.raises(TypeError):
        terminal.print_json({"what": object()})
