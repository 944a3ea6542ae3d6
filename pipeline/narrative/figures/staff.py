"""Numbers of staff: posts that are established (编制), people in them, and those who have retired.

Belongs here: which counts of people in a paragraph are of the body's staff, and of which kind. A count is taken where all words before
it are known and no other body has been named: what a unit of the department has is not what the department has. Who came or went, and
by how much a number changed, is no count of all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline.budget.characters import fold
from pipeline.narrative.text.paragraphs import Paragraph
from schemas.vocabulary.entity_endings import body_ending
from schemas.vocabulary.narrative import either, word_value, words
from schemas.vocabulary.phrases import WordPattern

UNKNOWN_STAFF = "a count of staff of which it is not known whose or what kind it is"

_COUNT = re.compile(
    r"(?P<words>[^,;。:()、\d]{1,40}(?:\([^,;。:()\d]{1,16}\)[^,;。:()、\d]{0,20})?)(?<!\d)(?P<n>\d{1,6})[人名](?![次均/以])"
)
_TOTAL = WordPattern(lambda: either("staff"))
_PART = WordPattern(lambda: either("staff_part"))
_OWN = WordPattern(lambda: rf"(?:本|我){body_ending('self')}|{either('own_body')}")
_KNOWN = WordPattern(lambda: rf"(?:{either('staff', 'staff_part', 'staff_filler', 'parts')}|(?:本|我){body_ending('self')})++")
_OF_ITS_KIND = WordPattern(lambda: rf"(?:为|是|系|属于)[^,;。\d]{{0,16}}{either('unit_kind')}")
_OF_ANOTHER = WordPattern(lambda: rf"{body_ending('owner')}|{either('own_office', 'subordinate')}")
_EVENT = WordPattern(lambda: either("staff_event", "rise", "fall", "than_before"))
_STOCK = WordPattern(lambda: either("staff_stock"))
_RETIRED = ("staff_retired_on_full_pay", "staff_retired_on_pension")
_POSTS = WordPattern(lambda: rf"{either('posts')}数?$")
_PLACE = re.compile(r"^.*?[省市县区州旗盟](?=.{3})")
_LEAST_OF_NAME = 3  # characters: a shorter end of a name may be that of any body
_DIVIDED = re.compile(r"(?<!\d)(?P<n>\d{1,6})[人名],?(?:其中|包括)[:,]?(?P<parts>[^;。]{1,400})")
_PART_OF_BODY = re.compile(r"(?P<body>[^,;。:()、\d]{1,40})(?P<n>\d{1,6})[人名](?:[,、]|$)")
_LEAST_BODIES = 2  # among which a count is divided
_SENTENCE = "。"
_CLAUSE_MARKS = ",;。:"


@dataclass(frozen=True, slots=True)
class StaffCount:
    """A count of staff: its indicator (None where it is not known what it is of), its digits, and the clause that states it."""

    indicator: str | None
    start: int
    digits: str
    clause: slice


def is_on_staff(heading: str) -> bool:
    """Tell whether a section is on the body's staff, by its heading (folded)."""
    return any(word in heading for word in words("staff_heading"))


def staff_counts(paragraph: Paragraph, department: str | None) -> Iterator[StaffCount]:
    """Yield the counts of staff of a paragraph.

    Args:
        paragraph: any paragraph.
        department: whose document it is; None if unknown.
    """
    folded = paragraph.folded
    named = fold(department) if department else ""
    state, counts = _Before(), list[StaffCount]()
    divided, own = _divisions(folded), set[frozenset[str]]()
    parts = {part.start("n") for whole in _DIVIDED.finditer(folded) if whole.start("n") in divided for part in _parts_of(whole)}
    for match in _COUNT.finditer(folded):
        said = _without(match["words"], named)
        state.pass_to(folded, match, named)
        found = [word_value("staff", m[0]) for m in _TOTAL.finditer(said)]
        state.counted = state.counted or bool(found)
        if not found and not ((state.total or (state.counted and state.is_closed)) and _PART.search(said)):
            if state.counted and match.start("n") in parts:  # 离退休29人，其中机关26人、中心3人
                counts.append(StaffCount(None, match.start("n"), match["n"], slice(match.start(), match.end())))
            continue
        among = divided.get(match.start("n"))
        closed = state.is_closed and not (among in own and state.is_closed_by_body_alone)
        kind = None if closed else _kind(said, found, state.total)
        if kind and among:
            own.add(among)  # another count that is divided among the same bodies is of the same whole
        if kind in _RETIRED and not (state.total or _STOCK.search(said)):
            kind = None  # 2022年退休2人: who has left in the year
        state.total = kind.partition("_of_")[0] if kind and found else "" if found else state.total
        counts.append(StaffCount(kind, match.start("n"), match["n"], slice(match.start(), match.end())))
    yield from _by_posts(counts)


@dataclass(slots=True)
class _Before:
    """What stands before a count: whose total its sentence has stated, and what closes it, kept up from count to count.

    Attributes:
        total: the kind of the last count of its sentence that parts may follow.
        brackets: how many are open; `another`: whether a body has been named that may be another than the document's own;
            `event`: whether the sentence has told a change, or who came and went; `counted`: whether it has counted all of a kind.
    """

    total: str = ""
    brackets: int = 0
    another: bool = False
    event: bool = False
    counted: bool = False
    _at: int = 0
    _named_to: int = 0

    @property
    def is_closed(self) -> bool:
        """Whether counts are not, or need not be, those of the body's staff."""
        return self.brackets > 0 or self.another or self.event

    @property
    def is_closed_by_body_alone(self) -> bool:
        """Whether nothing closes a count but that a body has been named."""
        return not (self.brackets or self.event)

    def pass_to(self, folded: str, match: re.Match[str], named: str) -> None:
        """Take in what stands before a count."""
        passed = folded[self._at : match.start()]
        self.brackets = max(self.brackets + passed.count("(") - passed.count(")"), 0)
        self.another = self.another or _names_another(folded[self._named_to : match.start()], named)
        self._named_to = max(self._named_to, *(folded.rfind(mark, self._named_to, match.start()) + 1 for mark in _CLAUSE_MARKS))
        if _SENTENCE in passed:
            self.total, self.event, self.counted = "", False, False
        begin = max(self._at, folded.rfind(_SENTENCE, self._at, match.start()) + 1)
        self.event = self.event or _EVENT.search(folded, begin, match.start("n")) is not None
        self._at = match.start()


def _divisions(folded: str) -> dict[int, frozenset[str]]:
    """Return the place of each count that those of bodies behind it make up (`105人，其中机关87人、中心18人`), with these bodies."""
    found = {}
    for whole in _DIVIDED.finditer(folded):
        parts = _parts_of(whole)
        bodies = frozenset(_KNOWN.sub("", part["body"]) for part in parts) - {""}
        complete = sum(part.end() - part.start() for part in parts) == len(whole["parts"])
        if complete and len(bodies) == len(parts) >= _LEAST_BODIES and sum(int(part["n"]) for part in parts) == int(whole["n"]):
            found[whole.start("n")] = bodies
    return found


def _parts_of(whole: re.Match[str]) -> list[re.Match[str]]:
    return [*_PART_OF_BODY.finditer(whole.string, *whole.span("parts"))]


def _by_posts(counts: list[StaffCount]) -> Iterator[StaffCount]:
    """Yield the counts of a paragraph; people between kinds of posts are in those before (`行政编制12名，实有11名；事业编制8名`)."""
    kinds = [count.indicator for count in counts]
    posts = [at for at, kind in enumerate(kinds) if kind and kind.startswith("staff_established_of_")]
    between = {at + 1 for at in posts if kinds[at + 1 : at + 2] == ["staff_in_post"]}
    mixed = any(at < posts[-1] for at in between)
    for at, count in enumerate(counts):
        kind = None if mixed and at in between else count.indicator
        yield replace(count, indicator=kind.replace("_of_", "_") if kind else None)


def _kind(said: str, found: list[str], total: str) -> str | None:
    """Return what a count is of: `staff_established`, `staff_in_post_of_administrative`; None where its words do not say it."""
    if _KNOWN.fullmatch(said) is None or (len(set(found)) > 1 and _POSTS.search(said) is None):
        return None  # 在职编制人员: posts or people
    parts = {word_value("staff_part", m[0]) for m in _PART.finditer(_TOTAL.sub("", said))}
    whole = f"staff_{found[-1]}" if found else total
    if not parts:
        return whole
    return f"{whole}_of_{parts.pop()}" if len(parts) == 1 else None


def _without(text: str, named: str) -> str:
    """Return words without the name of the document's body, in full or without its place (水务局 of 某县水务局, not 市水务局)."""
    if not named:
        return text
    short = _PLACE.sub("", named)
    rest = text.replace(named, "")
    return re.sub(rf"(?<![省市县区州旗盟级]){re.escape(short)}", "", rest) if len(short) >= _LEAST_OF_NAME else rest


def _names_another(before: str, named: str) -> bool:
    """Tell whether words before a count name a body that may be another than the document's own."""
    own = _OF_ITS_KIND.sub("", _OWN.sub("", _without(before, named)))
    return _OF_ANOTHER.search(_KNOWN.sub("", own)) is not None
