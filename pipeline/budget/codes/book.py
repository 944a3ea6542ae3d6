"""The code book: which code means what, in which years.

Belongs here: looking codes up by name and names by code. Does not belong here: reading printed codes (`printed_codes.py`), choosing
between candidates by their place in a statement (`resolve.py`). The book is incomplete by nature: a code that it does not
hold is unknown, never wrong.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from pipeline.budget.characters import REMEMBERED, fold
from pipeline.budget.patterns import ARABIC_NUMBER, HAN_NUMBER, LEVEL_WORDS
from schemas.classification.code_lists import CodeRow, Decision, code_rows, decisions

FUNCTION = "function"
DEPARTMENT_ECONOMIC = "department_economic"
GOVERNMENT_ECONOMIC = "government_economic"

_RANGES = {"2": FUNCTION, "3": DEPARTMENT_ECONOMIC, "5": GOVERNMENT_ECONOMIC}
_LEVEL_MARK = re.compile(rf"\([{LEVEL_WORDS}]级?\)")
_NUMBERING = re.compile(rf"(?:{HAN_NUMBER}[,.、]|\({HAN_NUMBER}\)(?=.)|{ARABIC_NUMBER}[.,](?=\D)|其中:)")
_PUNCTUATION = re.compile(r"[^\w]|_")
# 对个人和家庭的补助 is printed without 的; no two names of the lists differ by these alone
_PARTICLES = str.maketrans({"的": None, "与": "和", "及": "和"})
_LEAST_OF_A_NAME = 6  # characters that a name cut short by its cell must keep, and the share of the whole name
_LEAST_SHARE = 0.6


@lru_cache(maxsize=REMEMBERED)
def exact_key(name: str) -> str:
    """Return `name` as names are compared: folded, without level marks （类）, numbering (一、) and 其中：."""
    key = _LEVEL_MARK.sub("", fold(name))
    while match := _NUMBERING.match(key):
        key = key[match.end() :]
    return key


@lru_cache(maxsize=REMEMBERED)
def loose_key(name: str) -> str:
    """Return the tolerant key of `name`: without any punctuation, without 的 and a closing 支出, 与 and 及 read as 和."""
    key = _PUNCTUATION.sub("", exact_key(name)).translate(_PARTICLES)
    return key.removesuffix("支出") or key


class CodeList:
    """Names and codes of the classifications, each in the years in which it is attested."""

    def __init__(self, rows: Iterable[CodeRow], spellings: Iterable[Decision] = ()) -> None:
        """Index `rows` (see `schemas.classification`) by code and by name; `spellings` are further names of codes among them."""
        self._by_code: dict[tuple[str, str], list[CodeRow]] = defaultdict(list)
        self._by_key: dict[tuple[str, str], list[CodeRow]] = defaultdict(list)
        self._schemes_of_name: dict[str, set[str]] = defaultdict(set)
        self._standard_names: dict[tuple[str, str, int | None], str] = {}
        for row in rows:
            key = loose_key(row.name)
            self._by_code[row.scheme, row.code].append(row)
            self._by_key[row.scheme, key].append(row)
            self._schemes_of_name[key].add(row.scheme)
        for spelling in spellings:
            self._by_key[spelling.scheme, loose_key(spelling.name)] += self._by_code[spelling.scheme, spelling.code]
        self._keys: dict[str, list[str]] = defaultdict(list)
        for scheme, key in sorted(self._by_key):
            self._keys[scheme].append(key)
        self._candidates = lru_cache(maxsize=REMEMBERED)(self._bearing)  # of a name each scheme and several walks over its table ask

    def knows(self, scheme: str, code: str) -> bool:
        """Tell whether the book holds `code`; False says only that nobody has attested it here."""
        return (scheme, code) in self._by_code

    def names(self, scheme: str, code: str, year: int | None = None) -> tuple[str, ...]:
        """Return the names of `code` in `year`; where none is attested for that year, of the nearest years attested.

        Without a year all its names, oldest first. Empty for an unknown code.
        """
        rows = self._by_code.get((scheme, code), [])
        if year is None or not rows:
            return tuple(row.name for row in rows)
        nearest = min(_distance(row, year) for row in rows)
        return tuple(row.name for row in rows if _distance(row, year) == nearest)

    def standard_name(self, scheme: str, code: str, year: int | None = None) -> str | None:
        """Return the one standard name of `code` in `year` (the newest without a year); None for an unknown code."""
        asked = scheme, code, year
        known = self._standard_names.get(asked)  # asked of each line, and the tables of a document list the same codes again
        if known is None and (names := self.names(scheme, code, year)):
            known = self._standard_names[asked] = names[-1]
        return known

    def candidates(self, scheme: str, name: str, year: int | None = None) -> Mapping[str, int]:
        """Return every code that bears `name`, with how far the match is from perfect.

        0 is the name exactly, in a year for which it is attested; 1 is added where punctuation, a particle or a closing 支出
        differs, 2 where the name is attested for other years only. A name that nothing bears and that is the beginning of a longer
        one (水利工程运行与维, cut short by its cell) is taken for that.
        """
        return self._candidates(scheme, name, year)

    def _bearing(self, scheme: str, name: str, year: int | None) -> Mapping[str, int]:
        found: dict[str, int] = {}
        exact, key = exact_key(name), loose_key(name)
        for row in self._by_key.get((scheme, key), ()) or self._cut_short(scheme, key):
            cost = (exact != exact_key(row.name)) + 2 * (year is not None and _distance(row, year) > 0)
            found[row.code] = min(cost, found.get(row.code, cost))
        return found

    def _cut_short(self, scheme: str, key: str) -> list[CodeRow]:
        """Return the rows of the one name that `key` begins; none where it begins several, or too little is left of it."""
        if len(key) < _LEAST_OF_A_NAME:
            return []
        keys = self._keys[scheme]
        place = bisect_left(keys, key)
        longer = []
        while place < len(keys) and keys[place].startswith(key):
            longer.append(keys[place])
            place += 1
        if len(longer) != 1 or len(key) < _LEAST_SHARE * len(longer[0]):
            return []
        return self._by_key[scheme, longer[0]]

    def codes(self, scheme: str, name: str, parent: str | None = None, year: int | None = None) -> tuple[str, ...]:
        """Return the codes that `name` may mean below `parent`, only the best matches; more than one is undecided.

        Args:
            scheme: the classification.
            name: as printed.
            parent: a code somewhere above; None for anywhere.
            year: fiscal year; codes attested for it are preferred.
        """
        found = {
            code: cost
            for code, cost in self.candidates(scheme, name, year).items()
            if parent is None or (code != parent and code.startswith(parent))
        }
        best = min(found.values(), default=0)
        return tuple(sorted(code for code, cost in found.items() if cost == best))

    def is_named(self, scheme: str, code: str, name: str) -> bool:
        """Tell whether `code` bears `name` in any year."""
        return any(row.code == code for row in self._by_key.get((scheme, loose_key(name)), ()))

    def bears_another_name(self, scheme: str, code: str, name: str) -> bool:
        """Tell whether `name` is that of other codes, and neither of `code` nor of one above it."""
        named = self.candidates(scheme, name)
        return bool(named) and not any(code.startswith(other) for other in named)

    def scheme_of(self, code: str | None, name: str = "") -> str | None:
        """Return the classification that a printed code belongs to; without a code, the only one that knows `name`."""
        if code:
            return _RANGES.get(code[0])
        schemes = self._schemes_of_name.get(loose_key(name), set())
        return next(iter(schemes)) if len(schemes) == 1 else None


def _distance(row: CodeRow, year: int) -> int:
    """Return by how many years `year` lies outside the years of `row`."""
    if year < row.first_year:
        return row.first_year - year
    return max(0, year - row.last_year) if row.last_year is not None else 0


@cache
def code_book() -> CodeList:
    """Return the book made from the project's own lists."""
    return CodeList(code_rows(), [decision for decision in decisions() if decision.action == "variant"])
