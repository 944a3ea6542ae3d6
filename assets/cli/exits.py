"""How a command ends and speaks: exit codes, refusals, what is shown."""

import sys
from collections.abc import Iterator
from typing import NoReturn

import typer

from assets.cli import terminal

SUCCESS, HELD_BACK, USAGE = 0, 1, 2


def usage(message: str) -> NoReturn:
    """End because of wrong usage: say what is wrong and what to do."""
    sys.stderr.write(f"yusuan: {message}\n")
    raise typer.Exit(USAGE)


def show(parts: Iterator[object] | list[str]) -> None:
    """Print what a command has to show."""
    out = terminal.console()
    for part in parts:
        out.print(part)
