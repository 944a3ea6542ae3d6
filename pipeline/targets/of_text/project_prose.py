"""Prose about one project: its basis, implementer, period, goal and yearly amount.

Belongs here: sections that describe a project under headings of its own. Tables of targets are read by `target_tables.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from pipeline.budget.characters import REMEMBERED
from pipeline.narrative.text.clauses import MONEY, amount_of
from pipeline.narrative.text.number_boxes import NumberBoxes
from pipeline.narrative.text.paragraphs import NUMBERING, LinePosition, Paragraph
from pipeline.targets.target_rows import Money, Targets, is_one_name, target_words
from schemas.vocabulary.phrases import WordPattern, any_of

_WORDS = "performance_words.csv"
_PROJECT_HEADING = WordPattern(lambda: rf"(?P<name>[^,。;:]{{4,60}}?{any_of(_WORDS, 'project_end')}){any_of(_WORDS, 'story')}")
_AMOUNT = WordPattern(lambda: rf"{any_of(_WORDS, 'yearly_amount')}(?:是|为|共|:)?")
_INLINE = WordPattern(lambda: rf"(?P<part>{any_of(_WORDS, 'inline_part')}):")
_INLINE_NAME = WordPattern(lambda: rf"{any_of(_WORDS, 'inline_name')}:(?P<name>[^:;。]{{2,70}})。?")
_NEXT_SECTION = WordPattern(lambda: rf"{any_of(_WORDS, 'story')}$")
_LONGEST_STORY = 70  # characters of the heading of a project's story: name and 情况说明
_LONGEST_PART = 20  # characters of the heading of a part of it
_LONGEST_TEXT = 400  # characters of a part: what follows tells the same at length
_YEAR_FIRST, _NUMBER_FIRST = re.compile(r"^\d{4}年"), re.compile(r"^\d\.")
_UNQUOTED = str.maketrans("", "", "\"'")
_FOLDED_UNQUOTED = str.maketrans("（）", "()", "“”\"'")


def read_projects(text: Sequence[Paragraph], targets: Targets, boxes: NumberBoxes) -> None:
    """Complete the projects of `targets` by what the prose says of each, and add projects that only prose describes.

    Args:
        text: the document's paragraphs.
        targets: what the tables of targets gave; changed in place.
        boxes: tells where numbers stand.
    """
    current: dict[str, Any] | None = None
    part: str | None = None
    announced: tuple[str, LinePosition] | None = None  # 项目名称：… is a project's once a part of its story or its amount follows
    for paragraph in text:
        folded = paragraph.folded
        undated = _YEAR_FIRST.sub("", NUMBERING.sub("", folded, count=1))
        story = _PROJECT_HEADING.fullmatch(undated) if len(folded) <= _LONGEST_STORY else None
        if story and not any(word in folded for word in target_words("no_project_story")):
            shift = len(folded) - len(undated)
            name = paragraph.text[shift + story.start("name") : shift + story.end("name")]
            current, part = _row(targets, name, paragraph.place(0)), None
            continue
        named = _named(folded, targets.projects)
        if named:
            current, part = named, None
            continue
        heading = NUMBERING.match(folded)
        begin = heading.end() if heading else 0
        if called := _INLINE_NAME.fullmatch(folded, begin):
            current, part = None, None
            announced = (paragraph.text[called.start("name") : called.end("name")], paragraph.place(called.start("name")))
            continue
        if current is None and announced and (_INLINE.match(folded, begin) or _AMOUNT.match(folded, begin)):
            current, announced = _row(targets, *announced), None
        if heading and heading["one"] and _NEXT_SECTION.search(folded):
            current = announced = None
        if current is None:
            continue
        if heading and len(folded) <= _LONGEST_PART:
            label = folded[heading.end() :]
            if label in target_words("part") or label.startswith(tuple(target_words("amount_part"))):
                part = target_words("part").get(label)
                continue
            if heading["one"]:
                current = None
                continue
        inline = _INLINE.match(folded, begin)
        if inline:
            _append_text(current, target_words("inline_part")[inline["part"]], paragraph.text[inline.end() :])
        elif part:
            _append_text(current, part, paragraph.text)
        _take_amount(current, paragraph, boxes)


def _take_amount(row: dict[str, Any], paragraph: Paragraph, boxes: NumberBoxes) -> None:
    for match in _AMOUNT.finditer(paragraph.folded):
        value = amount_of(MONEY.match(paragraph.folded, match.end()))
        if value and row["amount"] is None:
            row |= {"amount": value.yuan, "printed": (boxes.of(paragraph, match.end(), len(value.text)),)}


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
