"""What the words of a title announce, as rows of `titles.csv`: the first row that fits counts.

Belongs here: the form of these rows. Does not belong here: what the announced statements are (`schemas.statements`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from schemas.vocabulary import is_negated, phrase_rows, read_header
from schemas.vocabulary.entity_endings import body_ending
from schemas.vocabulary.phrases import WordPattern, any_of

_WORDS = "statement_words.csv"
_LONGEST_PLACE, _LONGEST_REST = 24, 12  # characters of a body's name before and behind the subject that it is named after
_MARK = r"(?:附?表?[-\d一二三四五六七八九十]{0,4}[、.:]?)?(?:\d{4}年度?)?"
_LEADING_BODY = WordPattern(lambda: rf"{_MARK}[(]?{_body()}[)]?(?=\d{{4}}年|{any_of(_WORDS, 'behind_body')})")
_TRAILING_BODY = WordPattern(lambda: rf"[(]{_body()}[)]$")
_ASIDE = WordPattern(lambda: rf"[(]{any_of(_WORDS, 'aside')}(?:[^()]|[(][^()]*[)])*[)]")
_LEFT_OUT = WordPattern(
    lambda: rf"[(]{any_of(_WORDS, 'leaves_out')}(?P<what>[^()]+)[)]|[(](?P<before>[^()]+){any_of(_WORDS, 'leaves_out_before')}[)]"
)
_OF_WHOLE = WordPattern(lambda: any_of(_WORDS, "of_whole"))
_PURPOSE = WordPattern(lambda: any_of(_WORDS, "purpose"))
_OF_ALL = WordPattern(lambda: any_of(_WORDS, "of_all"))
_WORDS_OF_A_TITLE = re.compile(r"(?<![\u4e00-\u9fff])(?![零一二三四五六七八九十]+(?![\u4e00-\u9fff]))[\u4e00-\u9fff]{2,}")
_MONTHS = r"(?<!\d)(?!0?1月?[-—~至到]12月)\d{1,2}月?[-—~至到]\d{1,2}月"
_LIMITS = WordPattern(lambda: rf"{_MONTHS}|{any_of(_WORDS, 'limits')}")
_LIMITS_A_TITLE = WordPattern(lambda: any_of(_WORDS, "limits_title"))
_BASIC = WordPattern(lambda: rf"{any_of('headers.csv', 'nature')}|{any_of(_WORDS, 'economic_class')}")
_IN_A_PLACE = re.compile(r"[\u4e00-\u9fff]{2,8}(?:省|市|县|(?<!社)区|州|盟|旗|镇|乡|街道)")
_A_BODY = WordPattern(
    lambda: (
        rf"(?:{_of_name()}{{2,{_LONGEST_PLACE}}}?|[本我某省市县区镇乡]){body_ending('name')}"
        rf"(?=[^\u4e00-\u9fff]|$|{any_of(_WORDS, 'behind_body', 'of_whole')})"
    )
)
_ONE_FUND = WordPattern(lambda: any_of(_WORDS, "one_fund"))


def _of_name() -> str:
    """Return the pattern of a character that may stand in the name of a body."""
    return rf"(?:(?!{any_of(_WORDS, 'no_name_of_body')})[\u4e00-\u9fff])"


def _body() -> str:
    """Return the pattern of the name of a body that is named after what statements are about."""
    of_name = _of_name()
    return rf"{of_name}{{0,{_LONGEST_PLACE}}}?{any_of(_WORDS, 'named_after')}{of_name}{{0,{_LONGEST_REST}}}?{body_ending('name')}"


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
    """A row: titles with a word of each group in `requires` and none of `excludes` have this meaning.

    A statement of the `whole` has a title of which all words are known (`names_a_part`): 民生支出表 is not all spending.
    """

    meaning: TitleMeaning
    requires: tuple[tuple[str, ...], ...]
    excludes: tuple[str, ...] = ()
    whole: bool = False

    def fits(self, title: str) -> bool:
        """Tell whether a folded title has this meaning."""
        if not all(any(_says(title, w) for w in group) for group in self.requires) or any(w in title for w in self.excludes):
            return False
        return not (self.whole and names_a_part(title))

    def without_words(self, title: str) -> str:
        """Return a folded title without the words that it must have."""
        for word in sorted((word for group in self.requires for word in group), key=len, reverse=True):
            title = title.replace(word, " ")
        return title


def _says(title: str, word: str) -> bool:
    """Tell whether a word stands in a title, and not only behind 非 or in what the title leaves out."""
    title = _LEFT_OUT.sub("", title)
    return word in title and not is_negated(word, title)


def title_rules(rows: Iterable[Mapping[str, str]] | None = None) -> tuple[TitleRule, ...]:
    """Return rows with the columns of `titles.csv` (by default, its own) as rules, in their order."""
    return tuple(
        TitleRule(
            TitleMeaning(row["statement"], row["fund"] or None, row["nature"] or None, row.get("flow") or None),
            tuple(tuple(group.split("|")) for group in row["requires"].split()),
            tuple(word for word in row["excludes"].split("|") if word),
            whole=row.get("whole") == "yes",
        )
        for row in (phrase_rows("titles.csv") if rows is None else rows)
    )


def leaves_out_a_part(folded: str, meaning: TitleMeaning) -> bool:
    """Tell whether a title leaves out a fund or nature that its statement would have: 财政拨款支出表(不含政府性基金)."""
    for found in _LEFT_OUT.finditer(folded):
        out = read_header(found["what"] or found["before"])
        fund, nature = out.get("fund", "carryover"), out.get("nature", "carryforward")
        of_budget = _ONE_FUND.search(found[0]) is not None  # most have no 政府性基金: without it a statement of all is still read as that
        if fund != "carryover" and meaning.fund == ("fiscal_appropriation" if of_budget else None):
            return True
        if nature != "carryforward" and (meaning.nature is None or (meaning.nature == "basic" and nature.startswith("basic_"))):
            return True
    return False


@lru_cache(maxsize=4_000)
def is_limited(folded: str, *, of_title: bool = False) -> bool:
    """Tell whether a folded title or header has words that limit its amounts, whatever it is of: 追加项目支出, 1-9月支出.

    Some words do so in titles alone (`of_title`): a column of 事业支出 has a meaning of its own.
    """
    said = _A_BODY.sub(" ", _ASIDE.sub("", folded))
    return _LIMITS.search(said) is not None or (of_title and _LIMITS_A_TITLE.search(said) is not None)


def names_a_part_of_nature(folded: str) -> bool:
    """Tell whether a folded title of basic or project spending says of whom or what more than is known: 离退休人员基本支出表."""
    return names_a_part(_BASIC.sub(" ", folded))


@lru_cache(maxsize=4_000)  # each rule of the whole asks of the same title
def names_a_part(folded: str) -> bool:
    """Tell whether a folded title has words that may limit what its statement is of: all but those of `of_whole` and names of bodies.

    涉农资金支出表 may be of a part of all spending, and 清风县教育局支出预算表 is not. A body whose name does not end like one
    is told from other words by its place, in a title that says that it is of all (清风县双拥支出总表).
    """
    if is_limited(folded):
        return True
    rest = _OF_WHOLE.sub(" ", _A_BODY.sub(" ", folded))  # names of bodies first: 应急管理局 has a word of statements in it
    said = [word for word in _WORDS_OF_A_TITLE.findall(rest) if not _IN_A_PLACE.fullmatch(word)]
    bodies = all(_IN_A_PLACE.match(word) and not _PURPOSE.search(word) for word in said)
    return bool(said) and not (bodies and _OF_ALL.search(folded))


def without_body(folded: str) -> str:
    """Return a folded title without the name of a body that is named after what statements are about.

    某市国有资产监督管理委员会2022年收入总表 is a statement of income, 支出总表(某县政府采购中心) one of spending.
    """
    if body := _LEADING_BODY.match(folded) or _TRAILING_BODY.search(folded):
        return folded[body.end() :] if body.end() < len(folded) else folded[: body.start()]
    return folded


def without_asides(folded: str) -> str:
    """Return a folded title without brackets that say what is in it too: 项目支出表(含采购项目) is of projects.

    They stay where the title names one fund and they another: 一般公共预算支出表(含政府性基金) is not of the first alone.
    """
    rest = _ASIDE.sub("", folded)
    if rest != folded and _ONE_FUND.search(rest) and any(_ONE_FUND.search(aside[0]) for aside in _ASIDE.finditer(folded)):
        return folded
    return rest
