"""The name of a part that stands beside the name of its whole in one text: 基本支出（人员经费） is 人员经费, 单位资金-事业收入 is 事业收入.

Belongs here: which of the two such a text names. Does not belong here: parts that stand in cells of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from pipeline.budget.sums import FUND_TREE, PARTS_OF_BASIC
from schemas.vocabulary import phrase_rows
from schemas.vocabulary.phrases import WordPattern, any_of

_WHOLES = (("nature", "basic", PARTS_OF_BASIC), ("fund", "unit_funds", FUND_TREE["unit_funds"]))
_SEVERAL = re.compile(r"[、,和及与+]")
_AROUND = "-－—–/:·()其中"
_WITH_OTHERS = WordPattern(lambda: any_of("statement_words.csv", "with_others"))


def with_named_part(says: dict[str, str], folded: str, words: str, read: Callable[[str], dict[str, str]]) -> dict[str, str]:
    """Return what a text says, of a part that it names beside its whole; of the whole where it names several parts, or others as well.

    Args:
        says: what its words say, of the whole.
        folded: the text.
        words: the list that has them, `headers.csv` or `row_labels.csv`.
        read: returns what a text says by this list.
    """
    if (named_as := says.get("nature")) in PARTS_OF_BASIC and len(texts := _SEVERAL.split(folded)) > 1:
        named = {read(text.strip(_AROUND)).get("nature") for text in texts}
        if named_as in named and named >= {*PARTS_OF_BASIC}:
            return {**says, "nature": "basic"}  # 人员支出及公用支出
    for attribute, whole, parts in _WHOLES:
        if says.get(attribute) == whole and not _WITH_OTHERS.search(folded):
            beside = [text.strip(_AROUND) for text in _SEVERAL.split(_wordings(words, attribute, whole).sub("", folded))]
            named = {read(text).get(attribute) for text in beside if text}
            if len(named) == 1 and (part := named.pop()) in parts:
                return {**says, attribute: part}
    return says


@cache
def _wordings(words: str, attribute: str, value: str) -> re.Pattern[str]:
    """Return what finds the phrases of a list that say one thing."""
    phrases = [row["phrase"] for row in phrase_rows(words) if (row["attribute"], row["value"]) == (attribute, value)]
    return re.compile("|".join(map(re.escape, sorted(phrases, key=len, reverse=True))))
