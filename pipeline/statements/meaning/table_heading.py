"""From the words around a table to what it is: title, unit, the body it is about."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pipeline.budget.amounts import YUAN_PER
from pipeline.budget.characters import fold, normalise_characters, without_spaces
from pipeline.budget.patterns import HAN, UNIT, UNIT_AT_END, UNIT_MARK, unit_of
from schemas.statements import read_title
from schemas.vocabulary.entity_endings import body_ending
from schemas.vocabulary.phrases import WordPattern, any_of, phrases
from schemas.vocabulary.titles import TitleMeaning

_WORDS = "statement_words.csv"
ENTITY = WordPattern(lambda: any_of("identity_words.csv", "label") + ":(?P<name>.+)")
_FIELD = WordPattern(lambda: any_of("identity_words.csv", "label", "field_end"))
_NEXT_FIELD = re.compile(r"\s([^\s:：]{1,8})\s*[:：]")
_UNITS = re.compile(rf"{UNIT}(?:[/、或,(]|$)")
_HAN = re.compile(r"[\u4e00-\u9fff]")
MARK = re.compile(
    rf"^(?:附?件?[{HAN}\d]*[、.:]?)?(?:公开|预算|部门预算|单位预算|附|附件)?"
    rf"(?:表)?[-\dA-Z{HAN}]{{0,4}}(?:表)?(?:[-.]\d+)?[:、. ]?"
)
FOOTER = re.compile(r"^[-—–_·. ]*(?:第?\d{1,4}页?(?:[/共]?\d*页?)?)[-—–_·. ]*$")
CONTINUED = WordPattern(lambda: rf"[(]?{any_of(_WORDS, 'continued')}[{HAN}\d]{{0,2}}[)]?:?")
_SENTENCE = "。；;"
_LAST_BRACKET = re.compile(r"[(][^()]*[)]*$")
_PART = re.compile(
    r"(?<=表)[-—–]{1,2}[\u4e00-\u9fff、]{2,16}(?<!说明|情况)$"
)  # 基本支出预算明细表—工资福利支出: which part of a statement it is
_QUOTED = re.compile(rf"(?:附?表?[(]?[{HAN}\d]{{1,3}}[)]?[、.:]?)?《(?P<title>[^《》]+)》")
_LONGEST_HALF = 40  # characters of the first line of a title: about as many as a page holds in large print
_TITLE = range(4, 61)  # characters of a title: 收支总表 at least, and no sentence
_SHORTEST_NAME = 3  # characters: a body's name is longer
_TITLE_LINES = 3  # lines of a title in large print
# What goes on with a title says little itself: the subject stands above it.
_ENDS_TITLE = WordPattern(lambda: rf"{any_of(_WORDS, 'title_word')}*表(?:[(].*[)])?$")
_BODY_NAME = WordPattern(lambda: rf"{body_ending('name')}$")
_ENDS_UNFINISHED = re.compile(r"(?:[及与和、的(“]|以及)$")
_SUBJECT = WordPattern(lambda: any_of(_WORDS, "subject"))
_SCOPE = WordPattern(lambda: any_of(_WORDS, "subject", "title_scope"))


@dataclass(frozen=True, slots=True)
class Heading:
    """What the words above a table say.

    Attributes:
        title: as printed, spaces removed; None if no line reads as a title.
        meaning: what the title announces.
        money_units: units of money that are printed for the table, whatever they are: none, one, or several that contradict each other.
        entity: the body named in a field such as 部门名称：….
    """

    title: str | None
    meaning: TitleMeaning | None
    money_units: frozenset[str]
    entity: str | None

    @property
    def unit_text(self) -> str | None:
        """元 or 万元, if it alone is printed."""
        return the_unit(self.money_units)


def read_heading(texts: Sequence[str], marks: Sequence[str] = (), further: Sequence[str] = ()) -> Heading:
    """Read title, unit and body of a table.

    Args:
        texts: above it, nearest last.
        marks: below it: they say its unit where no text above does.
        further: above its further pages: what they say of its unit counts as what stands above it.
    """
    title = meaning = entity = None
    first = len(texts)  # line on which the title begins
    for i, text in reversed(list(enumerate(texts))):
        squeezed = without_spaces(text)
        rest = _without_units(text)
        if entity is None and (match := ENTITY.search(rest)) and len(match["name"]) > _SHORTEST_NAME and not _UNITS.match(match["name"]):
            name = re.split(r"(?:单位|金额|制表|日期|填报)[:]", _before_next_field(match["name"], text))[0]
            entity = _squeezed_tail(squeezed, name)
        below = texts[i + 1] if i + 1 < len(texts) else ""
        start = title_start(texts, i) if meaning is None else None
        first = first if start is None else start
        if start is not None and start < i:
            squeezed, rest = "".join(map(without_spaces, texts[start : i + 1])), "".join([*map(fold, texts[start:i]), rest])
            title, meaning = _without_mark(squeezed), read_title(rest)
        elif start is not None:
            if opens_bracket(rest) and fold(below).endswith(")") and not opens_bracket(rest + fold(below)):
                squeezed, rest = squeezed + without_spaces(below), rest + fold(below)  # its bracket closes on the next line
            title, meaning = _without_mark(squeezed), read_title(rest)
        if start is not None and meaning is not None and (scope := _scope_below(rest, below)):
            title, meaning = f"{title}{without_spaces(below)}", read_title(rest + scope) or meaning
    if title is not None and _is_of_two(fold(title)):
        meaning = None  # of tables side by side, read as one
    above = _units_above(texts, first, meaning)
    return Heading(title, meaning, above.union(*map(units_in, (*further, *(() if above else marks)))), entity or None)


def _is_of_two(title: str) -> bool:
    """Tell whether a folded title is one behind another, of two kinds of statements: …支出表…“三公”经费支出表."""
    parts = [part for part in re.split(r"(?<=表)(?![)格])", title) if part]
    kinds = {meaning.statement for part in parts if is_title(part) and (meaning := read_title(part)) is not None}
    return len(parts) > 1 and len(kinds) > 1


def _units_above(texts: Sequence[str], first: int, meaning: TitleMeaning | None) -> frozenset[str]:
    """Return the units of money that the texts above a table print for it.

    Those on the lines from its title on; where there are none, those above its title, unless another title stands above: its unit.

    Args:
        texts: above the table, nearest last.
        first: the line on which its title begins; one past the last line where there is no title.
        meaning: of the title.
    """
    said = [units_in(text) for text in texts]
    if below := frozenset().union(*said[first:]):
        return below
    if any((other := title_on(text)) is not None and other != meaning for text in texts[:first]):
        return frozenset()
    return frozenset().union(*said)


def title_on(text: str) -> TitleMeaning | None:
    """Return what the title on one line announces, None where the line is no title."""
    folded = _without_units(text)
    return read_title(folded) if is_title(folded) else None


def is_bracket(text: str) -> bool:
    """Tell whether a line is one bracket and no more: （按支出功能分类科目）."""
    folded = fold(text)
    return folded.startswith("(") and folded.endswith(")") and folded.count("(") == folded.count(")") == 1


def _scope_below(title: str, below: str) -> str | None:
    """Return the line below a title, folded, where it is one bracket that limits what the title says: （不含上年结转）."""
    folded = fold(below)
    return folded if is_bracket(below) and not title.endswith(folded) and not _unit_marks(below) and _SCOPE.search(folded) else None


def _before_next_field(name: str, text: str) -> str:
    """Return what stands in a field before the label of the next one, whatever that label is: words after a gap, with a colon."""
    for label in _NEXT_FIELD.findall(normalise_characters(text)):
        name = name.split(fold(label) + ":")[0] or name
    return name


def units_in(text: str) -> frozenset[str]:
    """Return the units of money that a text says amounts are in, those too in which no statement is published.

    单位:元谋县财政局 says none: 元 begins a name, if words that are no field of a heading follow it without a gap.
    """
    return frozenset(map(unit_of, _unit_marks(text)))


def the_unit(units: Collection[str]) -> str | None:
    """Return the unit of money that units name: None where they are several, or none that statements are published in."""
    return next(iter(units)) if len(units) == 1 and YUAN_PER.keys() >= set(units) else None


def _unit_marks(text: str) -> list[re.Match[str]]:
    folded, printed = fold(text), normalise_characters(text)
    marks = []
    for match in UNIT_MARK.finditer(folded):
        rest = folded[match.end() :]
        runs_on = bool(_HAN.match(rest)) and "元" + rest[0] in printed and not _FIELD.match(rest)
        if match[0].endswith("万元") or not runs_on:
            marks.append(match)
    return marks


def _without_units(text: str) -> str:
    """Return a folded text without the marks of units in it."""
    folded = fold(text)
    for match in reversed(_unit_marks(text)):
        folded = folded[: match.start()] + folded[match.end() :]
    return folded


def title_start(texts: Sequence[str], end: int) -> int | None:
    """Return which line begins the title that ends on line `end` of a heading: often this line itself; None where no title ends there."""
    last = UNIT_MARK.sub("", fold(texts[end]))
    if not last:
        return None
    whole = [n for n in range(max(end - _TITLE_LINES + 1, 0), end) if is_title(UNIT_MARK.sub("", fold(texts[n])))]
    first = max([end - _TITLE_LINES + 1, 0, *(n + 1 for n in whole)])
    for start in range(first, end):
        above, rest = fold(texts[start]), "".join([*map(fold, texts[start + 1 : end]), last])
        if _begins_title(above, rest) and is_title(above + rest):
            return start
    return end if is_title(last) else None


def without_continuation(title: str | None) -> str:
    """Return a title, folded, without the words that say that the table goes on: 支出总表(续)."""
    folded = fold(title or "")
    marks = [match for match in CONTINUED.finditer(folded) if match.start() == 0 or match.end() == len(folded)]
    for match in reversed(marks):
        folded = folded[: match.start()] + folded[match.end() :]
    return folded


def opens_bracket(folded: str) -> bool:
    """Tell whether a folded text opens a bracket that it does not close."""
    return folded.count("(") > folded.count(")")


def _begins_title(above: str, rest: str) -> bool:
    """Tell whether a title begins on the line `above` and goes on with `rest`.

    The line above names a statement's subject, and is no whole title, field or body's name; what follows says little of its own, or
    goes on with a word of which the line above has the beginning, or that line is left hanging.
    """
    if not above or len(above) > _LONGEST_HALF or above.endswith(("表", "公开", ":")) or any(c in above for c in _SENTENCE):
        return False
    if ENTITY.search(above) or UNIT_MARK.search(above) or _BODY_NAME.search(above):
        return False
    cut = _cut_word(above, rest)
    return bool(_SUBJECT.search(above + cut)) and bool(cut or _ENDS_UNFINISHED.search(above) or _ENDS_TITLE.match(rest))


def _cut_word(above: str, rest: str) -> str:
    """Return the end of the word of a title that the break between two lines has cut, where only little follows it; else nothing."""
    for word in (*phrases(_WORDS, "subject"), *phrases(_WORDS, "title_word")):
        for k in range(1, len(word)):
            if above.endswith(word[:k]) and rest.startswith(word[k:]) and _ENDS_TITLE.match(rest[len(word) - k :]):
                return word[k:]
    return ""


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
    bare = folded
    while (shorter := _LAST_BRACKET.sub("", bare)) != bare:  # …表(工资福利支出)(按部门预算经济分类)
        bare = shorter
    bare = _PART.sub("", bare)
    if quoted := _QUOTED.fullmatch(bare):
        bare = quoted["title"]
    if not (bare.endswith(("表", "表格", "情况")) or folded.endswith("表")):
        return False
    if "详见" in folded or (folded.endswith("情况") and "表" not in folded):
        return False
    return read_title(folded) is not None
