"""Lists of words as patterns: rows of a list by attribute, and patterns that are compiled from them when they are first used.

Belongs here: what all lists with the columns `phrase`, `attribute`, `value` share. Does not belong here: what a list is about.
The grammar of the rows is in docs/vocabulary.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, cached_property

from schemas.vocabulary import phrase_rows


@cache
def phrases(name: str, attribute: str) -> tuple[str, ...]:
    """Return the phrases of one attribute of a list, longest first."""
    found = [r["phrase"] for r in phrase_rows(name) if r["attribute"] == attribute]
    return tuple(sorted(found, key=lambda phrase: -len(phrase)))


@cache
def meanings(name: str, attribute: str) -> Mapping[str, str]:
    """Return phrase → value of one attribute of a list, in the order of its rows."""
    return {r["phrase"]: r["value"] for r in phrase_rows(name) if r["attribute"] == attribute}


@cache
def any_of(name: str, *attributes: str) -> str:
    """Return a pattern that matches any phrase of the attributes of a list, longest first; it captures nothing.

    `unless_before` and `unless_after` of a row (words parted by `|`) are what must not stand directly before and after its phrase.
    """
    rows = [r for r in phrase_rows(name) if r["attribute"] in attributes]
    parts = {_guarded(r): len(r["phrase"]) for r in rows}
    return "(?:" + "|".join(sorted(parts, key=lambda part: -parts[part])) + ")"


def _guarded(row: Mapping[str, str]) -> str:
    before = "".join(f"(?<!{re.escape(word)})" for word in (row.get("unless_before") or "").split("|") if word)
    after = "|".join(re.escape(word) for word in (row.get("unless_after") or "").split("|") if word)
    return before + re.escape(row["phrase"]) + (f"(?!{after})" if after else "")


class WordPattern:
    """A pattern of words, compiled when it is first used, so that importing a module reads no list."""

    def __init__(self, pattern: Callable[[], str]) -> None:
        """Keep how the pattern is made."""
        self._make = pattern

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The pattern."""
        return re.compile(self._make())

    @cached_property
    def match(self) -> Callable[..., re.Match[str] | None]:
        """`match` of the pattern."""
        return self.compiled.match

    @cached_property
    def fullmatch(self) -> Callable[..., re.Match[str] | None]:
        """`fullmatch` of the pattern."""
        return self.compiled.fullmatch

    @cached_property
    def search(self) -> Callable[..., re.Match[str] | None]:
        """`search` of the pattern."""
        return self.compiled.search

    @cached_property
    def finditer(self) -> Callable[..., Iterator[re.Match[str]]]:
        """`finditer` of the pattern."""
        return self.compiled.finditer

    @cached_property
    def sub(self) -> Callable[..., str]:
        """`sub` of the pattern."""
        return self.compiled.sub
