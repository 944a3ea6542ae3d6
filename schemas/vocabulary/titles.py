"""What the words of a title announce, as rows of `titles.csv`: the first row that fits counts.

Belongs here: the form of these rows. Does not belong here: what the announced statements are (`schemas.statements`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from schemas.vocabulary import phrase_rows


@dataclass(frozen=True, slots=True)
class TitleMeaning:
    """What a title says: the statement, and the fund and nature that its 合计 covers (None: not limited)."""

    statement: str
    fund: str | None
    nature: str | None


@dataclass(frozen=True, slots=True)
class TitleRule:
    """A row: titles with a word of each group in `requires` and none of `excludes` have this meaning."""

    meaning: TitleMeaning
    requires: tuple[tuple[str, ...], ...]
    excludes: tuple[str, ...] = ()

    def fits(self, title: str) -> bool:
        """Tell whether a folded title has this meaning."""
        return all(any(w in title for w in group) for group in self.requires) and not any(w in title for w in self.excludes)


def title_rules(rows: Iterable[Mapping[str, str]] | None = None) -> tuple[TitleRule, ...]:
    """Return rows with the columns of `titles.csv` (by default, its own) as rules, in their order."""
    return tuple(
        TitleRule(
            TitleMeaning(row["statement"], row["fund"] or None, row["nature"] or None),
            tuple(tuple(group.split("|")) for group in row["requires"].split()),
            tuple(word for word in row["excludes"].split("|") if word),
        )
        for row in (phrase_rows("titles.csv") if rows is None else rows)
    )
