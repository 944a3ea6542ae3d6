"""From the words around a table to what it is: title, unit, the body it is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.budget.characters import fold, squeeze
from pipeline.budget.patterns import HAN, UNIT_AT_END, UNIT_MARK, unit_of
from schemas.statements import read_title
from schemas.vocabulary.phrases import WordPattern, any_of
from schemas.vocabulary.titles import TitleMeaning

ENTITY = WordPattern(lambda: any_of("identity_words.csv", "label") + ":(?P<name>.+)")
MARK = re.compile(
    rf"^(?:附?件?[{HAN}\d]*[、.:]?)?(?:公开|预算|部门预算|单位预算|附|附件)?"
    rf"(?:表)?[-\dA-Z{HAN}]{{0,4}}(?:表)?(?:[-.]\d+)?[:、. ]?"
)
FOOTER = re.compile(r"^[-—–_·. ]*(?:第?\d{1,4}页?(?:[/共]?\d*页?)?)[-—–_·. ]*$")
_SENTENCE = "。；;"
_LONGEST_HALF = 40  # characters of the first line of a title: about as many as a page holds in large print
_TITLE = range(4, 61)  # characters of a title: 收支总表 at least, and no sentence
_SHORTEST_NAME = 3  # characters: a body's name is longer
# The second line of a title that was too long for one: it says little itself, the subject stands above it.
_ENDS_TITLE = re.compile(r"(?:支出)?(?:预算|决算)?(?:情况|明细)?(?:预算|决算)?(?:总)?表(?:[(].*[)])?$")
_HANGS = re.compile(r"(?:[及与和、的(“]|以及)$")
_SUBJECT = WordPattern(lambda: any_of("statement_words.csv", "subject"))


@dataclass(frozen=True, slots=True)
class Heading:
    """What the words above a table say.

    Attributes:
        title: as printed, spaces removed; None if no line reads as a title.
        meaning: what the title announces.
        unit_text: 元 or 万元, if printed.
        entity: the body named in a field such as 部门名称：….
    """

    title: str | None
    meaning: TitleMeaning | None
    unit_text: str | None
    entity: str | None


def read_heading(texts: Sequence[str]) -> Heading:
    """Read title, unit and body from the texts above a table (nearest last)."""
    title = meaning = unit = entity = None
    for i, text in reversed(list(enumerate(texts))):
        squeezed, folded = squeeze(text), fold(text)
        if unit is None and (match := UNIT_MARK.search(folded)):
            unit = unit_of(match)
        rest = UNIT_MARK.sub("", folded)
        if entity is None and (match := ENTITY.search(rest)) and len(match["name"]) > _SHORTEST_NAME:
            entity = re.split(r"(?:单位|金额|制表|日期|填报)[:]", _squeezed_tail(squeezed, match["name"]))[0]
        above, below = (fold(texts[i - 1]) if i else ""), (texts[i + 1] if i + 1 < len(texts) else "")
        if meaning is None and _is_tail(above, rest) and _begins_title(above) and is_title(above + rest):
            title, meaning = _without_mark(squeeze(texts[i - 1]) + squeezed), read_title(above + rest)  # a title on two lines
        elif meaning is None and is_title(rest):
            if _opens_bracket(rest) and fold(below).endswith(")") and not _opens_bracket(rest + fold(below)):
                squeezed, rest = squeezed + squeeze(below), rest + fold(below)  # its bracket closes on the next line
            title, meaning = _without_mark(squeezed), read_title(rest)
    return Heading(title, meaning, unit, entity or None)


def _is_tail(above: str, rest: str) -> bool:
    """Tell whether a line goes on with a title begun above: it says little of its own, or the line above is left hanging."""
    return _ENDS_TITLE.match(rest) is not None or _HANGS.search(above) is not None


def _opens_bracket(folded: str) -> bool:
    return folded.count("(") > folded.count(")")


def _begins_title(folded: str) -> bool:
    """Tell whether a line may be the first half of a title: it names a statement's subject and does not end as a title does."""
    if not folded or len(folded) > _LONGEST_HALF or folded.endswith(("表", "公开", ":")) or any(c in folded for c in _SENTENCE):
        return False
    return not ENTITY.search(folded) and not UNIT_MARK.search(folded) and bool(_SUBJECT.search(folded))


def _squeezed_tail(squeezed: str, folded_tail: str) -> str:
    """Return the printed form of the tail of a text whose folded tail is given (folding keeps lengths here)."""
    start = fold(squeezed).find(folded_tail)
    return squeezed[start : start + len(folded_tail)] if start >= 0 and len(fold(squeezed)) == len(squeezed) else folded_tail


def _without_mark(title: str) -> str:
    return UNIT_AT_END.sub("", title)


def is_title(folded: str) -> bool:
    """Tell whether a folded line reads as the title of a statement: it ends like one and names one."""
    if len(folded) not in _TITLE or any(c in folded for c in _SENTENCE) or "," in folded:
        return False
    bare = re.sub(r"[(][^()]*[)]*$", "", folded)
    if not (bare.endswith(("表", "表格", "情况")) or folded.endswith("表")):
        return False
    if "详见" in folded or (folded.endswith("情况") and "表" not in folded):
        return False
    return read_title(folded) is not None
