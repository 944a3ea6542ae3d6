"""No text makes a regular expression of this project slow: the time that matching takes grows as the text does.

Documents are anybody's. A pattern that tries what it has passed again and again hangs on a text of a few hundred characters.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import re._constants as op
import re._parser as parser
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise, product
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from schemas.vocabulary.phrases import WordPattern

PACKAGES = ("schemas", "pipeline", "assets")
METHODS = {"search": "search", "finditer": "search", "findall": "search", "sub": "search", "subn": "search", "split": "search"}
METHODS |= {"match": "match", "fullmatch": "fullmatch"}

SHORT, LONG = 1_000, 4_000  # characters
WORTH_A_LOOK = 0.001  # seconds: what takes less on the long text is no trouble, whatever it does
STEEPEST = 8.0  # times as long for four times the text: linear takes 4, quadratic 16
HOPELESS = 0.5  # seconds of processor time after which a text is given up

MATERIAL = (
    "1", "1,", "1,234", "1.", "1.2", "12 ", "-", "(", ")", "()", "(1)", "（", "（中）", "[", "中", "中1", "一", "一、", "年", "2024年",
    "万元", "表", " ", "\n", " \n", ",", "，", "。", "，1", ".", "…", ":", "\"", "<", "x", "/L",
)  # fmt: skip
ENDS = ("\x01", "", ")")


class TooSlow(Exception):
    pass


def modules() -> Iterator[ModuleType]:
    for package in map(importlib.import_module, PACKAGES):
        yield package
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__"):
                yield importlib.import_module(found.name)


def held(value: object) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern | WordPattern):
        yield value.compiled if isinstance(value, WordPattern) else value
    elif type(value) in (tuple, list, dict):
        for part in value.values() if isinstance(value, dict) else value:  # type: ignore[attr-defined]
            yield from held(part)


def patterns() -> dict[re.Pattern[Any], tuple[str, set[str]]]:
    """Every pattern: those of modules and of what functions keep, and those written where they are used; where, and how it is used."""
    found: dict[re.Pattern[Any], tuple[str, set[str]]] = {}
    for module in modules():
        source = Path(str(module.__file__)).read_text(encoding="utf-8")
        for name, value in vars(module).items():
            kept = hasattr(value, "cache_info") and value.__module__ == module.__name__ and not inspect.signature(value).parameters
            used = {METHODS[method] for method in re.findall(rf"\b{name}(?:\(\))?\.({'|'.join(METHODS)})\b", source)}
            used |= {METHODS[method] for method in re.findall(rf"\bre\.({'|'.join(METHODS)})\({name}\b", source)}
            direct = isinstance(value, re.Pattern | WordPattern) or kept
            for pattern in held(value() if kept else value):
                found.setdefault(pattern, (f"{module.__name__}.{name}", set()))[1].update(used if direct else {"search", "fullmatch"})
        for node in ast.walk(ast.parse(source)):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name("re"), attr=method), args=[ast.Constant(value=str(text)), *_]):
                    used = {METHODS[method]} if method in METHODS else set()
                    found.setdefault(re.compile(text), (f"{module.__name__}:{node.lineno}", set()))[1].update(used)
    return found


def literals(pattern: re.Pattern[Any]) -> list[str]:
    """What a pattern itself names: its runs of literals and a character of each of its classes, in their order."""
    found: list[str] = []

    def walk(parts: Iterable[tuple[Any, Any]]) -> None:
        run = ""
        for kind, value in parts:
            if kind is op.LITERAL:
                run += chr(value)
                continue
            found.append(run)
            run = ""
            if kind is op.IN:
                found.extend(chr(v if k is op.LITERAL else v[0]) for k, v in value if k in (op.LITERAL, op.RANGE))
            elif kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
                walk(value[2])
            elif kind is op.SUBPATTERN:
                walk(value[3])
            elif kind is op.BRANCH:
                for branch in value[1]:
                    walk(branch)
            elif kind in (op.ASSERT, op.ASSERT_NOT):
                walk(value[1])
            elif kind is op.ATOMIC_GROUP:
                walk(value)
        found.append(run)

    text = pattern.pattern.decode("latin-1") if isinstance(pattern.pattern, bytes) else pattern.pattern
    walk(parser.parse(text, pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags))
    return [text for text in dict.fromkeys(found) if text]


def _before(unit: str) -> Iterator[tuple[str, str]]:
    """What stands before a run of spaces, with its end: what begins with a number, and is matched from there, never comes to them else."""
    if unit.isspace():
        yield "1", ENDS[0]


def hostile_texts(pattern: re.Pattern[Any]) -> Iterator[Callable[[int], Any]]:
    """Texts of any length that repeat what a pattern looks for, or what budgets hold, and end in what it cannot want."""
    own = literals(pattern)
    units = [*own[:24], *map("".join, pairwise(own[:24])), "".join(own), *MATERIAL]
    for unit in filter(None, dict.fromkeys(units)):
        for lead, end in (*product(("",), ENDS), *((first, ENDS[0]) for first in own[:1]), *_before(unit)):
            if isinstance(pattern.pattern, bytes):
                yield lambda size, unit=unit, lead=lead, end=end: f"{lead}{unit * (size // len(unit))}{end}".encode("latin-1", "replace")
            else:
                yield lambda size, unit=unit, lead=lead, end=end: f"{lead}{unit * (size // len(unit))}{end}"


def seconds(apply: Callable[[Any], object], text: Any) -> float:
    """Processor time that one match takes; infinite where it is hopeless."""
    begun = time.thread_time()
    signal.setitimer(signal.ITIMER_VIRTUAL, HOPELESS)
    try:
        apply(text)
    except TooSlow:
        return float("inf")
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.thread_time() - begun


def is_slow(apply: Callable[[Any], object], text_of: Callable[[int], Any]) -> bool:
    long = seconds(apply, text_of(LONG))
    if long < WORTH_A_LOOK:
        return False
    if long == float("inf"):
        return True
    return min(seconds(apply, text_of(LONG)) for _ in range(3)) > STEEPEST * min(seconds(apply, text_of(SHORT)) for _ in range(3))


TRIED = 5
"""Times that a text must make a pattern slow. What is slow is so each time; only a slow one is tried again."""


def slow_uses(pattern: re.Pattern[Any], used: set[str]) -> list[str]:
    """How a pattern is used in a way that some text makes slow, each time that it is tried: a busy machine slows down once."""
    return [
        method
        for method in sorted(used)
        if any(all(is_slow(getattr(pattern, method), text_of) for _ in range(TRIED)) for text_of in hostile_texts(pattern))
    ]


@pytest.fixture(autouse=True)
def _give_up() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGVTALRM, stop)
    yield
    signal.signal(signal.SIGVTALRM, before)


@pytest.mark.parametrize(
    ("text", "method"),
    [
        (r"(?:a|ab|b)*c", "match"),
        (r"(?:<!--.*?-->)*<html", "match"),
        (r"\d+元", "search"),
        (r"\s+$", "search"),
        (r".*a.*b", "fullmatch"),
        (r"\s*(\d{1,9})\s*(?:px)?\s*$", "match"),
    ],
)
def test_what_is_slow_is_found(text: str, method: str) -> None:
    assert slow_uses(re.compile(text), {method}) == [method]


def test_no_pattern_is_slow_on_any_text() -> None:
    found = patterns()
    assert len(found) > 300
    assert {(where, *slow) for pattern, (where, used) in found.items() if (slow := slow_uses(pattern, used))} == set()
