"""What the words of a title announce, as rows of `titles.csv`: the first row that fits counts.

Belongs here: the form of these rows. Does not belong here: what the announced statements are (`schemas.statements`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from schemas.vocabulary import phrase_rows
from schemas.vocabulary.entity_endings import body_ending
from schemas.vocabulary.phrases import WordPattern, any_of

_WORDS = "statement_words.csv"
_LONGEST_PLACE, _LONGEST_REST = 24, 12  # characters of a body's name before and behind the subject that it is named after
_BODY = WordPattern(lambda: _body())


def _body() -> str:
    """Return the pattern of a title's beginning that names a body, and of what may stand before the name."""
    of_name = rf"(?:(?!{any_of(_WORDS, 'no_name_of_body')})[\u4e00-\u9fff])"
    name = rf"{of_name}{{0,{_LONGEST_PLACE}}}?{any_of(_WORDS, 'named_after')}{of_name}{{0,{_LONGEST_REST}}}?{body_ending('name')}"
    mark = r"(?:附?表[-\d一二三四五六七八九十]{0,4}[、.:]?)?(?:\d{4}年度?)?"
    return rf"{mark}[(]?{name}[)]?(?=\d{{4}}年|{any_of(_WORDS, 'behind_body')})"


@dataclass(frozen=True, slots=True)
class TitleMeaning:
    """What a title says: the statement, and the fund and nature that its 合计 covers (None: not limited).

    `flow` is the side of its amounts where the title says it and the statement's kind does not: 政府性基金预算收入表.
    """

    statement: str
    fund: str | None
    nature: str | None
    flow: str | None = None


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
            TitleMeaning(row["statement"], row["fund"] or None, row["nature"] or None, row.get("flow") or None),
            tuple(tuple(group.split("|")) for group in row["requires"].split()),
            tuple(word for word in row["excludes"].split("|") if word),
        )
        for row in (phrase_rows("titles.csv") if rows is None else rows)
    )


def without_body(folded: str) -> str:
    """Return a folded title without the name of a body that is named after what statements are about.

    某市国有资产监督管理委员会2022年收入总表 is a statement of income, 某县政府采购中心支出总表 one of spending.
    """
    body = _BODY.match(folded)
    return folded[body.end() :] if body else folded
