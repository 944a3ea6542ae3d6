"""What people see: progress on a terminal, summaries, tables.

Belongs here: showing. On a terminal it is coloured and progress moves; in a pipe it is plain text without progress.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

_ASTRAL = 0x10000
"""Code points from here on JSON cannot write in one escape."""

_PIPE_WIDTH = 400
"""Wide enough that no row of a table is broken: lines are for other programs there."""


def console() -> Console:
    """Return where results are shown; in a pipe lines keep a fixed width, so that they do not depend on the caller's terminal."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else _PIPE_WIDTH
    return Console(highlight=False, soft_wrap=not sys.stdout.isatty(), width=width)


def print_json(summary: Mapping[str, Any]) -> None:
    """Print a summary for machines: one JSON object."""
    text = json.dumps(summary, ensure_ascii=False, indent=1, default=_plain)
    # JSON escapes control characters up to 0x1F only; the others, and marks that turn text around, reach a terminal too.
    shown = "".join(c if c.isprintable() or c == "\n" else f"\\u{ord(c):04x}" if ord(c) < _ASTRAL else c for c in text)
    sys.stdout.write(shown + "\n")


def _plain(value: object) -> object:
    if isinstance(value, Decimal | Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in a summary")


@dataclass(slots=True)
class Steps:
    """Progress over stages: each stage is a line of its own."""

    progress: Progress
    lines: dict[str, TaskID]

    def of(self, stage: str) -> Stage:
        """Return what tells the progress of one stage."""
        return Stage(self, stage)


@dataclass(frozen=True, slots=True)
class Stage:
    """Progress of one stage, called with steps done, steps in all, and what was just done."""

    steps: Steps
    name: str

    def __call__(self, done: int, total: int, what: str) -> None:
        """Show that `done` of `total` steps are done, `what` last."""
        lines, progress = self.steps.lines, self.steps.progress
        if self.name not in lines:
            lines[self.name] = progress.add_task(self.name, total=total, what="")
        progress.update(lines[self.name], completed=done, total=total, what=plain(what))


@contextmanager
def steps(shown: Console | None = None) -> Iterator[Steps]:
    """Show progress while the block runs: on standard error, or where the caller says; nothing where that is no terminal."""
    shown = shown or Console(stderr=True)
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[what]}", style="dim"),
        console=shown,
        disable=not shown.is_terminal,
        transient=True,
    )
    with progress:
        yield Steps(progress, {})


def table(title: str | None, *columns: str, right: tuple[str, ...] = ()) -> Table:
    """Return an empty table with the given columns, those in `right` aligned to the right."""
    made = Table(title=title, title_justify="left", box=None, header_style="bold", pad_edge=False)
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return made


def plain(text: str) -> str:
    """Return text of a document or a file name so that it stands on the terminal as it is: no markup, no control characters."""
    return escape(visible(text.replace("\n", "\\n")))


def visible(text: str) -> str:
    """Return text with line breaks as they are and all other control characters written out, so that they do nothing."""
    return "".join(character if character.isprintable() or character == "\n" else repr(character)[1:-1] for character in text)


def share(value: float | None) -> str:
    """Return a share as percent, a dash where there is none."""
    return "–" if value is None else f"{100 * value:.1f} %"
