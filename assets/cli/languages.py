"""The command line in Chinese: what it says, and its help, looked up in `chinese.csv` beside this module.

A row is a text as the code has it, with `{}` for what is filled in, and the same in Chinese with `{0}`, `{1}` for the same. What stands
in no row is said in English: reasons and names are data, and data are as they are in the dataset.

Belongs here: which language is spoken, and the looking up. Does not belong here: the dataset's own descriptions (`schemas/chinese.csv`).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from schemas.message_templates import Templates

_OPTION = "--lang"
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Environment variables that say the user's language, the first that is set decides (POSIX)."""


class Language(StrEnum):
    """What the command line speaks."""

    ENGLISH = "en"
    CHINESE = "zh"


_spoken = Language.ENGLISH


def speak(language: Language) -> None:
    """Let everything that is said from now on be in this language."""
    global _spoken
    _spoken = language


def language_of(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """Return the language asked for by `--lang`, else that of the locale; English where neither says Chinese."""
    asked = next((after for option, after in pairwise(arguments) if option == _OPTION), "")
    asked = asked or next((option.partition("=")[2] for option in arguments if option.startswith(f"{_OPTION}=")), "")
    said = asked or next((value for name in _LOCALE if (value := environment.get(name))), "")
    return Language.CHINESE if said.lower().startswith(Language.CHINESE) else Language.ENGLISH


def say(text: str) -> str:
    """Return a text in the language that is spoken; a text of several lines line by line, where it has no row as a whole."""
    if _spoken is Language.ENGLISH or not text.strip():
        return text
    whole = _in_chinese(text)
    return "\n".join(_in_chinese(line) or line for line in text.split("\n")) if whole is None else whole


def say_help(command: Any) -> Any:
    """Return a command of the command line whose help, and that of all below it, is in the language that is spoken."""
    command.help, command.epilog = (text and say(text) for text in (command.help, command.epilog))
    command.short_help = command.short_help and say(command.short_help)
    for parameter in command.params:
        shown = getattr(parameter, "help", None)
        if shown:
            parameter.help = say(shown)
    for below in getattr(command, "commands", {}).values():
        say_help(below)
    return command


def _in_chinese(text: str) -> str | None:
    return _rows().said(text, say)


@cache
def _rows() -> Templates:
    with Path(__file__).with_name("chinese.csv").open(encoding="utf-8", newline="") as file:
        return Templates.of((row["english"], row["chinese"]) for row in csv.DictReader(file))
