"""Sentences that list projects with their amounts: `项目支出N万元，具体包括：1.某项目A万元，主要包括：某工作a万元，用于…；…`.

Belongs here: lists under an amount of 项目支出. Does not belong here: the story of one project (`projects.py`), tables
(`target_tables.py`). An amount is taken only where a sum proves that the list was understood: the projects make up the
amount of 项目支出, or the parts of a project make up its amount.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Any

from pipeline.budget.amounts import to_yuan
from pipeline.budget.characters import fold
from pipeline.narrative.claims.facts import ListedAmount
from pipeline.narrative.claims.open_classification import LEVEL_MARK
from pipeline.narrative.sections import heading_level, read_heading
from pipeline.narrative.text.clauses import MONEY, amount_of
from pipeline.narrative.text.number_boxes import NumberBoxes
from pipeline.narrative.text.paragraphs import NUMBERING, LinePosition, Paragraph
from pipeline.narrative.text.printed_number import Number
from pipeline.narrative.text.subject_bounds import trimmed_range
from pipeline.targets.target_rows import Money, Targets, is_one_name
from schemas.vocabulary.narrative import either

_WHOLE = re.compile(rf"项目支出(?:预算)?(?:为|共|共计)?{MONEY.pattern}[,:;]?(?:其中|具体|主要)*(?:包括|有)?(?:如下|以下[^,:]{{0,8}})?[,:]?")
_OPEN = (":", ";", ",", "、", "：", "；", "，")
_OUTER = 2  # level of （一）
_MARKED = re.compile(LEVEL_MARK.pattern + r"|\d{5,7}")
_BUDGET = re.compile(r"(?:预算|预算数|预算额)$")
_LEGAL_BASIS = re.compile(
    r"[,:](?:(?P<basis>(?:根据|依据|按照)[^;。]+?)[,:](?=(?:主要|具体)?用于)|(?P<alone>(?:根据|依据|按照)[^,:;。]+)(?:,(?P<rest>[^;。]+))?)"
)
"""What a project rests on: up to what it is used for, or else the clause, with what is done on that ground behind it."""

_WITH_USE = re.compile(r",?(?P<goal>(?:包含|包括)[^;。用]{2,80}(?:以及|及|和|并)用于[^;]+)")
"""What a project holds besides what it is used for: 包含甲项目，以及用于乙业务."""

_NAMES = re.compile(r"[^,;:。]{2,70}")

_TELL_APART = "第〇一二三四五六七八九十0123456789东南西北中上下新老分甲乙丙丁"
"""Characters by which bodies of one kind are told apart."""


@dataclass(slots=True)
class _Part:
    """A project as a sentence names it: its name, amount, and the text that follows up to the next one.

    `at` is where in the text its amount starts; `clear` tells whether it opens a clause of a list of its own; `parts` are the amounts
    named after it; `printed` is its name here where a table calls it otherwise; `of_table` the amount of that table where it is rounded
    otherwise.
    """

    name: str
    amount: Number
    at: int
    tail: str
    clear: bool
    parts: list[_Part] = field(default_factory=list)
    printed: str | None = None
    of_table: Decimal | None = None

    @property
    def yuan(self) -> Decimal:
        """The amount in yuan."""
        return self.amount.yuan


@dataclass(frozen=True, slots=True)
class _Text:
    """What is said of one project, printed and folded.

    `paragraphs` are those that say it: where in the text it starts, the paragraph, and where in the paragraph that is.
    """

    printed: str
    folded: str
    paragraphs: tuple[tuple[int, Paragraph, int], ...]

    def and_further(self, paragraph: Paragraph) -> _Text:
        """Return it with the paragraph that goes on with it."""
        pieces = (*self.paragraphs, (len(self.printed), paragraph, 0))
        return _Text(self.printed + paragraph.text, self.folded + paragraph.folded, pieces)

    def place(self, at: int, length: int, boxes: NumberBoxes) -> LinePosition:
        """Return where the number stands that starts at an offset of the text."""
        begin, paragraph, start = next(piece for piece in reversed(self.paragraphs) if piece[0] <= at)
        return boxes.of(paragraph, start + at - begin, length)


@dataclass(slots=True)
class _List:
    """The list under one amount of 项目支出: the numbering level of that amount, whose it is, and the texts of its projects."""

    whole: Number
    level: int
    unit: str | None
    texts: list[_Text] = field(default_factory=list)


def read_project_lists(
    text: Sequence[Paragraph], targets: Targets, is_classified: Callable[[str], bool], boxes: NumberBoxes
) -> list[ListedAmount]:
    """Add to `targets` the projects that sentences list.

    Args:
        text: the document's paragraphs.
        targets: receives projects; those listed under another are its parts.
        is_classified: tells whether a name is one of a classification, and so no project's.
        boxes: tells where numbers stand.

    Returns:
        The amount of each project taken, as printed.
    """
    said: list[ListedAmount] = []
    for found in _lists(text):
        read = [(said_of, part) for said_of in found.texts if (part := _item(said_of.printed, said_of.folded)) is not None]
        items = [part for _, part in read]
        if any(is_classified(item.name) or _MARKED.search(item.name) for item in items):
            continue
        proven = _sums_up(found.whole, items)
        if proven:
            _take_names(found, items, targets)
        for said_of, item in read:
            nested = _parts(item)
            if not proven and not nested:
                continue
            whole = None
            for part in (item, *nested):
                row = _add(part, whole, found.unit, targets, said_of.place(part.at, len(part.amount.text), boxes))
                printed = part.amount.text + part.amount.unit
                said.append(ListedAmount(part.printed or part.name, printed, rounded_otherwise=part.of_table is not None))
                whole = whole or row
    return said


def _lists(text: Sequence[Paragraph]) -> list[_List]:
    lists: list[_List] = []
    current: _List | None = None
    unit: str | None = None
    for paragraph in text:
        folded = paragraph.folded
        level = heading_level(folded)
        goes_on = current is not None and bool(current.texts) and current.texts[-1].folded.endswith(_OPEN)
        numbering = NUMBERING.match(folded)
        if level is not None and numbering is not None and not goes_on:
            if level <= _OUTER and not MONEY.search(folded):
                unit = _unit(paragraph)
            start = numbering.end()
            if whole := amount_of(_WHOLE.fullmatch(folded, start)):
                current = _List(whole, level, unit)
                lists.append(current)
            elif current is not None and level <= current.level:
                current = None
            elif current is not None:
                current.texts.append(_Text(paragraph.text[start:], folded[start:], ((0, paragraph, start),)))
        elif current is not None and goes_on:
            current.texts[-1] = current.texts[-1].and_further(paragraph)
        elif current is not None and level is None and not current.texts:
            current = None
    return lists


def _unit(paragraph: Paragraph) -> str | None:
    """Return the unit of the department that a numbered heading names."""
    numbering = NUMBERING.match(paragraph.folded)
    if numbering is None or read_heading(paragraph.folded).unit is None:
        return None
    return paragraph.text[numbering.end() :]


@cache
def _introduction() -> re.Pattern[str]:
    return re.compile(rf"(?:{either('lead', 'usage')}|主要|具体|:|,)++")


def _item(printed: str, folded: str) -> _Part | None:
    """Read one project of a list with the parts that are named after it; None where it does not start with name and amount.

    The parts are sought in its first sentence, and where their amounts do not make up its own, in all that is said of it.
    """
    end = folded.find("。")
    first = _read(printed[:end], folded[:end]) if end >= 0 else _read(printed, folded)
    if first is None or end < 0 or _parts(first):
        return first
    whole = _read(printed, folded)
    return whole if whole and _parts(whole) else first


def _read(printed: str, folded: str) -> _Part | None:
    found = list(MONEY.finditer(folded))
    amounts = [amount for match in found if (amount := amount_of(match))]
    if not found or len(amounts) < len(found):
        return None
    parts: list[_Part] = []
    at = 0
    for place, (match, amount) in enumerate(zip(found, amounts, strict=True)):
        stop = found[place + 1].start() if place + 1 < len(found) else len(folded)
        name, clear = _name(printed[at : match.start()], folded[at : match.start()])
        if name is None:
            return None
        tail = folded[match.end() : stop]
        if place + 1 < len(found):  # the next one's name is no part of what is said of this one
            tail = tail[: max((tail.rfind(mark) for mark in ",;:、。"), default=0) + 1]
        tail = printed[match.end() : match.end() + len(tail)]
        parts.append(_Part(name, amount, match.start(), tail, clear))
        at = match.end()
    first, rest = parts[0], parts[1:]
    if not first.clear:
        return None
    first.parts = rest
    return first


def _name(printed: str, folded: str) -> tuple[str | None, bool]:
    """Return the name at the end of the words before an amount, and whether it opens a clause of a list of its own."""
    cut = max(folded.rfind(mark) for mark in ",;:。")
    clear = cut < 0 or folded[cut] in ";:。"
    printed, folded = printed[cut + 1 :], folded[cut + 1 :]
    if cut < 0 and folded[:1] == "、":
        printed, folded = printed[1:], folded[1:]
    lead = _introduction().match(folded)
    if lead:
        printed, folded, clear = printed[lead.end() :], folded[lead.end() :], True
    start, end = trimmed_range(folded)
    budget = _BUDGET.search(folded[start:end])
    if budget and budget.start() > 1:
        end = start + budget.start()
    name = printed[start:end]
    return (name, clear) if _NAMES.fullmatch(folded[start:end]) else (None, False)


def _parts(item: _Part) -> list[_Part]:
    """Return the parts of a project whose amounts make up its own: those of clauses of their own, or else all."""
    clear = [part for part in item.parts if part.clear]
    return next((parts for parts in (clear, item.parts) if parts and _sums_up(item.amount, parts)), [])


def _sums_up(whole: Number, parts: Sequence[_Part]) -> bool:
    """Tell whether the parts make up the whole, to the rounding of the digits printed."""
    if not parts:
        return False
    steps = [to_yuan(Decimal(10) ** -n.decimals, n.unit) for n in (whole, *(part.amount for part in parts))]
    slack = min(steps) * (len(parts) + 1) / 2 if len(parts) > 1 else Decimal(0)
    return abs(whole.yuan - sum(part.yuan for part in parts)) <= slack


def _take_names(found: _List, items: Sequence[_Part], targets: Targets) -> None:
    """Give the projects of a list the names of a table that states the same ones otherwise (市级人才专项经费, 市级人才专项资金项目).

    The table's projects of that body make up the same amount as the list's, to the rounding of the digits printed; a project that it
    does not name is the one of its amount, where neither has another of that amount left.
    """
    wholes = [p for p in targets.projects if p["part_of"] is None and p["amount"] is not None]
    if not any(p["implementer"] == found.unit for p in wholes):
        found.unit = _other_spelling(found.unit, items, wholes)
    known = [p for p in wholes if p["implementer"] in (None, found.unit)]
    rounded = to_yuan(Decimal(10) ** -found.whole.decimals, found.whole.unit) * (len(known) + 1) / 2
    if not known or abs(sum((p["amount"] for p in known), Decimal(0)) - found.whole.yuan) > rounded:
        return
    named = {
        i: p["project"] for i, item in enumerate(items) for p in known if p["amount"] == item.yuan and is_one_name(p["project"], item.name)
    }
    left = [p for p in known if p["project"] not in named.values()]
    for i, item in enumerate(items):
        same = [p for p in left if p["amount"] == item.yuan]
        others = [other for other in range(len(items)) if other not in named and items[other].yuan == item.yuan]
        if i not in named and len(same) == 1 and others == [i]:
            item.printed, item.name = item.name, same[0]["project"]
            named[i] = item.name
    items_left = [item for i, item in enumerate(items) if i not in named]
    left = [p for p in left if p["project"] not in named.values()]
    if len(items_left) == len(left) == 1:
        (item,), (project,) = items_left, left
        if not (_is_rounded_otherwise(item.amount, project["amount"]) and _share_a_word(item.name, project["project"])):
            return
        item.printed, item.name, item.of_table = item.name, project["project"], project["amount"]


def _is_rounded_otherwise(amount: Number, other: Decimal) -> bool:
    """Tell whether an amount is another but for one of the last place printed; for a half of it where it prints no decimals."""
    step = to_yuan(Decimal(10) ** -amount.decimals, amount.unit)
    return abs(amount.yuan - other) <= (step if amount.decimals else step / 2)


def _share_a_word(name: str, other: str) -> bool:
    """Tell whether two names have two characters beside one another in common."""
    return any(pair in fold(other) for pair in map("".join, pairwise(fold(name))))


def _other_spelling(unit: str | None, items: Sequence[_Part], wholes: Sequence[Mapping[str, Any]]) -> str | None:
    """Return the unit as a table spells it that has the very amounts of a list: 某市环境研究院 for 某市环境科学研究院; else as it is.

    One name has all characters of the other in their order, and begins and ends as it does, and none more that tells bodies of one kind
    apart (第二, 东): schools may have the same amounts. A single amount may be another unit's.
    """
    amounts = sorted(item.yuan for item in items)
    of_units: dict[str, list[Decimal]] = defaultdict(list)
    for project in wholes:
        if project["implementer"]:
            of_units[project["implementer"]].append(project["amount"])
    found = [name for name, own in of_units.items() if unit and len(amounts) > 1 and sorted(own) == amounts and _is_spelling(name, unit)]
    return found[0] if len(found) == 1 else unit


def _is_spelling(name: str, other: str) -> bool:
    short, long = sorted((fold(name), fold(other)), key=len)
    if (Counter(long) - Counter(short)).keys() & set(_TELL_APART):
        return False
    rest = iter(long)
    return short[:1] == long[:1] and short[-1:] == long[-1:] and all(character in rest for character in short)


def _add(part: _Part, whole: Mapping[str, Any] | None, unit: str | None, targets: Targets, place: LinePosition) -> dict[str, Any]:
    """Add a project, a part of another or not, and return its row of `projects`."""
    narrow = part.tail.translate(str.maketrans("，：；", ",:;"))
    ground = _LEGAL_BASIS.match(narrow)
    used = _WITH_USE.match(narrow) or re.search(r"用于(?P<goal>[^;]+)", narrow)
    said = used.span("goal") if used else ground.span("rest") if ground else (-1, -1)
    goal = part.tail[slice(*said)].strip("，；、：,;:") or None
    row = targets.project(part.name, Money(part.of_table or part.yuan), goal, unit, whole["project"] if whole else None, at=(place,))
    if whole and row["part_of_no"] is None:
        row["part_of_no"] = whole["project_no"]
    if ground and row["basis"] is None:
        row["basis"] = part.tail[slice(*ground.span("basis" if ground["basis"] else "alone"))]
    return row
