"""What can be searched for: bodies, units, projects and codes, by any part of their name or by the initials of its pinyin.

A browser reads one file of it: entries stand in as many files as their number asks for, each under every two neighbouring characters
of its name, so that the first two characters of a question lead to the file that has all answers.

Belongs here: entries and their files. How answers are ranked is the front end's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pypinyin import Style, lazy_pinyin

from pipeline.site.files import shard_of

ENTRIES_PER_FILE = 1500
"""So many entries are some 100 kB: what is read for one question."""

LONGEST_NAME = 120
"""Characters of a name that are searched; what is longer is found by its beginning."""


class Entry(NamedTuple):
    """Something to find.

    Attributes:
        kind: `d` a body, `u` a unit within a body's budget, `p` a project, `c` a code.
        name: what it is called.
        about: what tells it from others of its name: region, body; of a code the code, a blank, and what the code above it is called.
        target: `department_id`, or classification and code, and where there are amounts of it the newest year and measure with any.
        weight: the higher, the sooner it is shown among those that fit alike; of a code how many disclosures have an amount of it.
    """

    kind: str
    name: str
    about: str
    target: str
    weight: int


def initials(name: str) -> str:
    """Return the initials of the pinyin of a name, and its Latin letters and digits: 某省水务局 → msswj."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors=_plain)).lower()


def _plain(text: str) -> str:
    """Return of what is not Chinese the letters and digits that a keyboard has."""
    return "".join(character for character in text if character.isascii() and character.isalnum())


def files_of(entries: Iterable[Entry]) -> list[list[list[object]]]:
    """Return the files of the index: per file rows of kind, name, initials, about, target and weight."""
    rows = sorted({(e.kind, e.name[:LONGEST_NAME], initials(e.name[:LONGEST_NAME]), e.about, e.target, e.weight) for e in entries})
    number = -(-len(rows) // ENTRIES_PER_FILE)
    if number <= 1:
        return [[list(row) for row in rows]]
    files: list[list[list[object]]] = [[] for _ in range(number)]
    for row in rows:
        keys = _pairs(row[1].lower()) | _pairs(row[2]) | (_pairs(row[3].split(" ")[0]) if row[0] == "c" else set())
        for shard in sorted({shard_of(key, number) for key in keys}):
            files[shard].append(list(row))
    return files


def _pairs(text: str) -> set[str]:
    """Return each two neighbouring characters; of a single one itself."""
    return {text[n : n + 2] for n in range(len(text) - 1)} or {text}


def unit_entries(units: Mapping[tuple[str, str], int], names: Mapping[str, str]) -> list[Entry]:
    """Return entries of units named in budgets of several units: per body and unit the number of their lines."""
    return [Entry("u", unit, names[own], own, min(lines, 1000)) for (own, unit), lines in sorted(units.items()) if unit != names[own]]


def project_entries(projects: Sequence[tuple[str, str]], names: Mapping[str, str]) -> list[Entry]:
    """Return entries of projects: body and name."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    for own, project in projects:
        found[own, project] += 1
    return [Entry("p", project, names[own], own, 0) for own, project in sorted(found)]
