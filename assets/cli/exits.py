"""How a command ends and speaks: exit codes, refusals, what is shown."""

import signal
import sys
from collections.abc import Iterable
from typing import NoReturn

import typer

from assets.cli import terminal
from assets.cli.languages import say

SUCCESS = 0
"""Done."""

HELD_BACK = 1
"""Done, but something was held back, failed or is not proven: a partition, with --strict a document or a check, a proof of `verify`."""

USAGE = 2
"""Not begun: what was asked for cannot be (a source, a target, an option)."""

IMPOSSIBLE = 3
"""Not done: this machine or the dataset does not let it (no room, no walls around workers, a damaged dataset)."""

INTERRUPTED, TERMINATED = 128 + signal.SIGINT, 128 + signal.SIGTERM
"""Ended by Ctrl-C (130) or SIGTERM (143), see `Stopped`."""


class Stopped(BaseException):
    """A signal asked this process to end; the message says what that means for what it was doing."""

    def __init__(self, number: int) -> None:
        how = "interrupted" if number == signal.SIGINT else "asked to end"
        super().__init__(f"{how}. What was published is as it was; what was read is kept, and the next build goes on from there.")
        self.code = 128 + number


def end(code: int, message: str) -> NoReturn:
    """End with a sentence on standard error."""
    sys.stderr.write(f"yusuan: {terminal.visible(say(message))}\n")
    raise typer.Exit(code)


def usage(message: str) -> NoReturn:
    """End because of wrong usage: say what is wrong and what to do."""
    end(USAGE, message)


def stop(number: int, _: object) -> NoReturn:
    """Stop what is being done, because of a signal: a handler for `signal.signal`."""
    raise Stopped(number)


def tell_missing_walls() -> None:
    """Say once which walls this system does not have, if documents were read without them."""
    from pipeline.store.processes.server_process import missing_walls

    if missing := missing_walls():
        sys.stderr.write(
            f"yusuan: this system lacks {', '.join(missing)}: a document that takes over its reader could do more than read "
            "(--isolation strict refuses to read then; docs/operating.md says what each wall holds off).\n"
        )


def show(parts: Iterable[object]) -> None:
    """Print what a command has to show."""
    out = terminal.console()
    for part in parts:
        out.print(say(part) if isinstance(part, str) else part)
