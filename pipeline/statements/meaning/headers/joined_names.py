"""Texts that are the names of several columns or rows in one, as they are where the ruling between two cells is lost.

Belongs here: whether a text is several names. Does not belong here: what a name says (`header_texts.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from pipeline.budget.characters import REMEMBERED
from pipeline.budget.patterns import HAN_NUMBER
from pipeline.budget.sums import PARTS_OF_BASIC, funds_within
from pipeline.statements.meaning.headers.header_texts import read_header_text
from schemas.vocabulary import read_row_label
from schemas.vocabulary.phrases import WordPattern, any_of, meanings

_WORDS = "statement_words.csv"
_NAME = WordPattern(lambda: rf".{{1,30}}?{any_of(_WORDS, 'name_end')}")
_JOINED_ON_PURPOSE = WordPattern(lambda: any_of(_WORDS, "joins"))
_ITEM = WordPattern(lambda: any_of("headers.csv", "three_public"))
_TOTAL_AND_MORE = WordPattern(lambda: rf"(.{{0,12}}?{any_of(_WORDS, 'total')})([\u4e00-\u9fff].{{0,40}})")
_NUMBERED_WITHIN = WordPattern(lambda: rf"{any_of(_WORDS, 'name_end')}{HAN_NUMBER}、")
_JOINT = re.compile(r"[、,和及与或+()]")
_LEFT_OUT = WordPattern(
    lambda: (
        rf"[(]{any_of(_WORDS, 'leaves_out')}[^()]*[)]|[(][^()]*{any_of(_WORDS, 'leaves_out_before')}[)]"
        rf"|[(]{any_of(_WORDS, 'with_others')}(?![^()]*{any_of(_WORDS, 'one_fund')})[^()]*[)]"  # 事业收入(含教育收费)
    )
)
_ABROAD = "(境)"  # the only bracket inside a name


@lru_cache(maxsize=REMEMBERED)
def are_several_names(folded: str) -> bool:
    """Tell whether a folded header is the names of several columns, one behind the other: 基本支出项目支出, 事业收入经营收入.

    A name may say a fund and a nature (一般公共预算基本支出), a fund and one that holds it (政府性基金预算财政拨款收入), or join two by a
    word (人员经费和公用经费).
    """
    text = folded.replace(_ABROAD, "")
    if _JOINED_ON_PURPOSE.search(text):
        return False
    if _names_several_items(text):
        return True
    names = [name[0] for name in _NAME.finditer(text)]
    if len(names) < 2 or "".join(names) != text:
        return False
    said = [read_header_text(name) for name in names]
    return any(_differ(one, other) for n, one in enumerate(said) for other in said[n + 1 :])


@lru_cache(maxsize=REMEMBERED)
def joins_what_differs(folded: str) -> bool:
    """Tell whether a folded header joins, by a word or bracket, funds or natures of which it is read as one: 事业收入和经营收入.

    Both parts of basic spending are basic, and a part within what is read says nothing else: 单位资金(含事业收入).
    """
    return bool(_joined(folded, read_header_text))


def without_joined_fund(says: dict[str, str], folded: str) -> dict[str, str]:
    """Return what the folded name of income says, without a fund where it joins several: 事业收入和经营收入."""
    return {key: value for key, value in says.items() if key != "fund"} if "fund" in _joined(folded, read_row_label) else says


def _joined(folded: str, read: Callable[[str], Mapping[str, str]]) -> set[str]:
    """Return of what a text says one, and names another as well: `fund`, `nature`."""
    names = [name for name in _JOINT.split(_LEFT_OUT.sub("", folded)) if name]
    whole, said = read(folded), [read(name) for name in names]
    found = set[str]()
    for key in ("fund", "nature"):
        values = [says.get(key) for says in said]
        if key in whole and whole[key] in values and any(_differ({key: whole[key]}, {key: value}) for value in values if value):
            found.add(key)
    return found


def names_another_row(folded: str) -> bool:
    """Tell whether a folded name in a summary goes on with that of another row, as it does where the ruling between the two is lost.

    本年支出合计年终结转结余 is a total and what stands below it, 政府性基金预算收入三、国有资本经营预算收入 is numbered in its middle.
    """
    if _NUMBERED_WITHIN.search(folded) or are_several_names(folded):
        return True
    found = _TOTAL_AND_MORE.fullmatch(folded)
    return found is not None and "total" in read_row_label(found[1]) and bool(read_row_label(found[2]))


def _names_several_items(text: str) -> bool:
    """Tell whether a text names 三公 items that have nothing to do with each other: 因公出国公务接待费."""
    known = meanings("headers.csv", "three_public")
    items = {known[found[0]].partition("_")[0].removesuffix("s") for found in _ITEM.finditer(text)}
    return len(items) > 1 and "total" not in items


def _differ(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Tell whether two names say of fund or nature what excludes each other."""
    funds, natures = ({said[key] for said in (one, other) if key in said} for key in ("fund", "nature"))
    apart = len(funds) == 2 and not any(fund in funds_within(whole) for fund in funds for whole in funds)
    return apart or (len(natures) == 2 and not natures <= {"basic", *PARTS_OF_BASIC})
