"""What codes are called on the site: in the words of the year that is shown, and in English.

Belongs here: looking names up in the table `codes`. Names as documents print them stand in their lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

_OPEN = 9999  # a code that is in force


class _Name(NamedTuple):
    first: int
    last: int
    chinese: str
    english: str | None


@dataclass(frozen=True)
class CodeNames:
    """Names by classification, code and year."""

    names: Mapping[tuple[str, str], list[_Name]]

    @classmethod
    def of(cls, codes: pl.DataFrame) -> CodeNames:
        """Take the names from the table `codes`."""
        names: dict[tuple[str, str], list[_Name]] = defaultdict(list)
        columns = ("scheme", "code", "first_year", "last_year", "name", "name_en")
        for scheme, code, first, last, chinese, english in codes.select(columns).sort("first_year", "name").iter_rows():
            names[scheme, code].append(_Name(first, _OPEN if last is None else last, chinese, english))
        return cls(names)

    def of_codes(self, scheme: str, codes: Iterable[str], year: int) -> dict[str, tuple[str, str | None]]:
        """Return Chinese and English names of codes in a year; codes that the list does not hold are left out."""
        found = {}
        for code in sorted(set(codes)):
            known = self.names.get((scheme, code), [])
            of_year = [name for name in known if name.first <= year <= name.last] or known[-1:]
            if of_year:
                found[code] = (of_year[-1].chinese, of_year[-1].english)
        return found


def with_ancestors(codes: Collection[str], lengths: Collection[int]) -> set[str]:
    """Return codes with those above them, which are their beginnings of these lengths."""
    return {code[:length] for code in codes for length in lengths if len(code) >= length} | set(codes)
