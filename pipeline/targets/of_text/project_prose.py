"""Prose about one project: its basis, implementer, period, goal and yearly amount.

Belongs here: sections that describe a project under headings of its own. Tables of targets are read by `target_tables.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pipeline.budget.characters import REMEMBERED, fold
from pipeline.budget.patterns import YEAR_DIGITS
from pipeline.narrative.claims.facts import ListedAmount
from pipeline.narrative.text.clauses import MONEY, amount_of
from pipeline.narrative.text.number_boxes import NumberBoxes
from pipeline.narrative.text.paragraphs import NUMBERING, LinePosition, Paragraph
from pipeline.targets.target_rows import Money, RowPlace, Targets, is_one_name, target_words
from schemas.vocabulary.phrases import WordPattern, any_of

_WORDS = "performance_words.csv"
_PROJECT_HEADING = WordPattern(lambda: rf"(?P<name>[^,。;:]{{4,60}}?{any_of(_WORDS, 'project_end')}){any_of(_WORDS, 'story')}")
_AMOUNT = WordPattern(lambda: rf"{any_of(_WORDS, 'yearly_amount')}(?:是|为|共|:)?")
_INLINE = WordPattern(lambda: rf"(?P<part>{any_of(_WORDS, 'inline_part')}):")
_INLINE_NAME = WordPattern(lambda: rf"{any_of(_WORDS, 'inline_name')}:(?P<name>[^:;。]{{2,70}})。?")
_NEXT_SECTION = WordPattern(lambda: rf"{any_of(_WORDS, 'story')}$")
_NAMELESS = WordPattern(lambda: rf"{any_of(_WORDS, 'nameless_story')}{any_of(_WORDS, 'story')}")
_BUILT = WordPattern(
    lambda: (
        rf"(?:由[^,。;:的]{{2,40}}{any_of(_WORDS, 'builds')}的)?"
        rf"(?P<name>[^,。;:的是为]{{4,50}}{any_of(_WORDS, 'built_end')}),?{any_of(_WORDS, 'situated')}"
    )
)
"""Begins what is said of something that is built, with its name: 由某局建设的某馆新建工程，位于…."""
_NO_NAME = WordPattern(lambda: any_of(_WORDS, "no_name_of_built"))
_FIRST = ("一", "1")  # a story numbers its parts anew
_WORDS_BEFORE = 24  # characters before an amount that tell it from an equal one elsewhere
_PARTS = ("goal", "basis", "implementer", "period")
_SHORTEST_GOAL = 20
"""Characters of a goal that two projects hardly share: 保障正常运转 is the goal of many."""
_LONGEST_STORY = 70  # characters of the heading of a project's story: name and 情况说明
_LONGEST_PART = 20  # characters of the heading of a part of it
_LONGEST_TEXT = 400  # characters of a part: what follows tells the same at length
_YEAR_FIRST, _NUMBER_FIRST = re.compile(r"^\d{4}年"), re.compile(r"^\d\.")
_YEARS = re.compile(rf"(?<!\d){YEAR_DIGITS}(?=年|[-—~至到])")
_CLAUSE = re.compile("[,。;:]")
_UNQUOTED = str.maketrans("", "", "\"'")
_FOLDED_UNQUOTED = str.maketrans("（）", "()", "“”\"'")


@dataclass(slots=True)
class _Nameless:
    """A story under a heading that names no project: its page, what its parts say, whether one has begun, and names that they give."""

    page: int
    said: dict[str, Any] = field(default_factory=lambda: dict.fromkeys((*_PARTS, "amount")))
    opened: bool = False
    names: dict[str, LinePosition] = field(default_factory=dict)


def read_projects(text: Sequence[Paragraph], targets: Targets, boxes: NumberBoxes, fiscal_year: int | None) -> None:
    """Complete the projects of `targets` by what the prose says of each, and add projects that only prose describes.

    Args:
        text: the document's paragraphs.
        targets: what the tables of targets gave; changed in place. A story without a project's name (项目经费情况说明) completes the
            one project that states the same goal, else that whose name its first words give; where none does, its heading is among what was
            missed.
        boxes: tells where numbers stand.
        fiscal_year: of the document, where it is known.
    """
    stories = _Stories(targets, boxes, fiscal_year)
    for paragraph in text:
        stories.read(paragraph)
    stories.close()


class _Stories:
    """The story that is open, and what has been read of those without a name."""

    def __init__(self, targets: Targets, boxes: NumberBoxes, fiscal_year: int | None) -> None:
        self._targets = targets
        self._boxes = boxes
        self._fiscal_year = fiscal_year
        self._current: dict[str, Any] | None = None
        self._part: str | None = None
        self._nameless: list[_Nameless] = []
        self._announced: tuple[str, LinePosition] | None = None  # 项目名称：… is a project's once a part of its story follows

    def read(self, paragraph: Paragraph) -> None:
        """Read the next paragraph."""
        folded = paragraph.folded
        if self._is_heading(paragraph):
            return
        heading = NUMBERING.match(folded)
        begin = heading.end() if heading else 0
        if called := _INLINE_NAME.fullmatch(folded, begin):
            self._current, self._part = None, None
            self._announced = (paragraph.text[called.start("name") : called.end("name")], paragraph.place(called.start("name")))
            return
        if self._current is None and self._announced and (_INLINE.match(folded, begin) or _AMOUNT.match(folded, begin)):
            self._current, self._announced = _row(self._targets, *self._announced), None
        if heading and heading["one"] and _NEXT_SECTION.search(folded):
            self._current = self._announced = None
        if self._current is not None and self._is_of_story(folded, heading):
            self._say(self._current, paragraph, begin)

    def _is_heading(self, paragraph: Paragraph) -> bool:
        """Open the story whose heading a paragraph is; tell whether it is one."""
        folded = paragraph.folded
        undated = _YEAR_FIRST.sub("", NUMBERING.sub("", folded, count=1))
        story = _PROJECT_HEADING.fullmatch(undated) if len(folded) <= _LONGEST_STORY else None
        if story and not any(word in folded for word in target_words("no_project_story")):
            shift = len(folded) - len(undated)
            name = paragraph.text[shift + story.start("name") : shift + story.end("name")]
            self._current, self._part = _row(self._targets, name, paragraph.place(0)), None
            return True
        if len(folded) <= _LONGEST_STORY and _NAMELESS.fullmatch(undated):
            self._nameless.append(_Nameless(paragraph.place(0).page))
            self._current, self._part, self._announced = self._nameless[-1].said, None, None
            return True
        named = _named(folded, self._targets.projects)
        if named:
            self._current, self._part = named, None
        return named is not None

    def _is_of_story(self, folded: str, heading: re.Match[str] | None) -> bool:
        """Tell whether a paragraph says something of the open story: it is no heading of a part, and does not end the story."""
        if self._nameless and self._current is self._nameless[-1].said and not self._nameless[-1].opened:
            if not _is_first_part(folded, heading):
                self._current = None
                return False
            self._nameless[-1].opened = True
        if heading and len(folded) <= _LONGEST_PART:
            label = folded[heading.end() :].rstrip(":。")
            heads_amount = label.startswith(tuple(target_words("amount_part")))
            if label in target_words("part") or heads_amount:
                self._part = target_words("part").get(label)
                return heads_amount and MONEY.search(label) is not None  # 四、年度预算安排100万元 says it itself
            if heading["one"]:
                self._current = None
                return False
        return True

    def _say(self, row: dict[str, Any], paragraph: Paragraph, begin: int) -> None:
        inline = _INLINE.match(paragraph.folded, begin)
        if self._nameless and row is self._nameless[-1].said and not inline and not self._part:
            self._name(self._nameless[-1], paragraph)
        if inline and inline.end() < len(paragraph.text):
            _append_text(row, target_words("inline_part")[inline["part"]], paragraph.text[inline.end() :])
        elif inline:  # 绩效目标： over its text
            self._part = target_words("inline_part")[inline["part"]]
        elif self._part:
            _append_text(row, self._part, paragraph.text)
        self._targets.listed += _take_amount(row, paragraph, self._boxes, self._fiscal_year)

    def _name(self, story: _Nameless, paragraph: Paragraph) -> None:
        """Keep the name of what is built that a paragraph of a story begins with."""
        built = _BUILT.match(paragraph.folded)
        if built and not _NO_NAME.search(built["name"]):
            story.names.setdefault(paragraph.text[slice(*built.span("name"))], paragraph.place(built.start("name")))

    def close(self) -> None:
        """Give what the stories without a name say to the projects of their goals or names, or count it as missed."""
        for number, told in enumerate(self._nameless, 1):
            if not any(told.said[name] for name in _PARTS) or _complete_by_goal(told.said, self._targets):
                continue
            if len(told.names) != 1 or not self._complete_by_name(told.said, *next(iter(told.names.items()))):
                self._targets.missed.add(RowPlace(told.page, 0, -number))  # a heading is no row

    def _complete_by_name(self, story: Mapping[str, Any], name: str, place: LinePosition) -> bool:
        """Add the project that a story without a name names, or complete it; tell whether the story is of it: of one amount."""
        known = next((row for row in self._targets.projects if is_one_name(row["project"], name)), None)
        if known and None not in (known["amount"], story["amount"]) and known["amount"] != story["amount"]:
            return False
        project = known or _row(self._targets, name, place)
        _complete(project, story)
        if project["amount"] is None and story["amount"] is not None:
            project |= {"amount": story["amount"], "printed": story["printed"]}
        return True


def _is_first_part(folded: str, heading: re.Match[str] | None) -> bool:
    """Tell whether a paragraph is the first part of a story: a table of contents goes on counting, a section of sentences has no parts."""
    if heading is None or heading[0].strip("()、.") in _FIRST:
        begin = heading.end() if heading else 0
        return folded[begin:] in target_words("part") or _INLINE.match(folded, begin) is not None
    return False


def _complete_by_goal(story: dict[str, Any], targets: Targets) -> bool:
    """Complete the one project that states the goal of a story without a name; tell whether there is one."""
    goal = _bare_goal(story)
    same = [row for row in targets.projects if len(goal) >= _SHORTEST_GOAL and _bare_goal(row) == goal]
    if len(same) != 1 or story["amount"] not in (None, same[0]["amount"]):
        return False
    _complete(same[0], story)
    return True


def _complete(project: dict[str, Any], story: Mapping[str, Any]) -> None:
    for name in _PARTS:
        project[name] = project[name] or story[name]


def _bare_goal(row: Mapping[str, Any]) -> str:
    return fold(row["goal"] or "").rstrip("。;")


def _take_amount(row: dict[str, Any], paragraph: Paragraph, boxes: NumberBoxes, fiscal_year: int | None) -> Iterator[ListedAmount]:
    """Give a project the one amount of the year that a paragraph of its story states; yield each statement of it."""
    found = [
        (match.end(), value)
        for match in _AMOUNT.finditer(paragraph.folded)
        if (value := amount_of(MONEY.match(paragraph.folded, match.end()))) and _is_of_year(paragraph.folded[: match.start()], fiscal_year)
    ]
    if row["amount"] is None and len({value.yuan for _, value in found}) == 1:
        at, value = found[0]
        row |= {"amount": value.yuan, "printed": (boxes.of(paragraph, at, len(value.text)),)}
    for at, value in found:
        if row["amount"] == value.yuan and "project" in row:
            yield ListedAmount(paragraph.text[max(0, at - _WORDS_BEFORE) : at], value.text + value.unit, paragraph.place(at).page or None)


def _is_of_year(before: str, fiscal_year: int | None) -> bool:
    """Tell whether what stands before the words of an amount names no other year than the document's in its clause."""
    clause = _CLAUSE.split(before)[-1]
    if any(word in clause for word in target_words("other_year")):
        return False
    return fiscal_year is None or set(map(int, _YEARS.findall(clause))) <= {fiscal_year}


def _row(targets: Targets, name: str, place: LinePosition) -> dict[str, Any]:
    named = [row for row in targets.projects if row["project"] == name] or [
        row for row in targets.projects if is_one_name(row["project"], name)
    ]
    return named[0] if named else targets.add(name, Money(), at=(place,))


def _named(folded: str, known: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the project that a numbered line names alone (`1.某项目。`)."""
    text = NUMBERING.sub("", folded, count=1)
    if text == folded and not _NUMBER_FIRST.match(folded):
        return None
    plain = _NUMBER_FIRST.sub("", text).rstrip("。").translate(_UNQUOTED)
    return next((row for row in known if _unquoted(row["project"]) == plain), None)


@lru_cache(maxsize=REMEMBERED)  # asked of each project by each paragraph
def _unquoted(name: str) -> str:
    return name.translate(_FOLDED_UNQUOTED)


def _append_text(row: dict[str, Any], part: str, text: str) -> None:
    before = row[part]
    said = text.strip("。") if before is None else text
    if before is None or (len(before) < _LONGEST_TEXT and said not in before):
        row[part] = said if before is None else f"{before}\n{said}"
