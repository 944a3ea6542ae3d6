"""Programs that stand in for those of a system: small scripts, written by the tests that run them."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

NAME = "bsdtar"


def stand_in(folder: Path, program: str, name: str = NAME) -> Path:
    """Write a program in Python into a folder, and return its place."""
    folder.mkdir(exist_ok=True)
    made = folder / name
    made.write_text(f"#!{Path(sys.executable).resolve()} -IS\n{textwrap.dedent(program)}\n", encoding="utf-8")
    made.chmod(0o700)
    return made
