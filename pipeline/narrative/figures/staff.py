"""Numbers of staff: posts that are established (编制), people in them, and those who have retired.

Belongs here: which counts of people in a paragraph are of the body's staff, and of which kind. A count is taken where all words before
it are known and no other body has been named: what a unit of the department has is not what the department has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.budget.characters import fold
from pipeline.narrative.text.paragraphs import Paragraph
from schemas.vocabulary.entity_endings import body_ending
from schemas.vocabulary.narrative import either, word_value, words
from schemas.vocabulary.phrases import WordPattern

UNKNOWN_STAFF = "a count of staff of which it is not known whose or what kind it is"

_COUNT = re.compile(r"(?P<words>[^,;。:()、\d]{1,40})(?<!\d)(?P<n>\d{1,6})[人名](?![次均/以])")
_TOTAL = WordPattern(lambda: either("staff"))
_PART = WordPattern(lambda: either("staff_part"))
_OWN = WordPattern(lambda: rf"(?:本|我){body_ending('self')}|{either('own_scope')}")
_KNOWN = WordPattern(lambda: rf"(?:{either('staff', 'staff_part', 'staff_filler', 'parts')}|(?:本|我){body_ending('self')})++")
_OF_ITS_KIND = WordPattern(lambda: rf"(?:为|是|系|属于)[^,;。\d]{{0,16}}{either('unit_kind')}")
_OF_ANOTHER = WordPattern(lambda: rf"{body_ending('owner')}|{either('own_office', 'subordinate')}")
_POSTS = WordPattern(lambda: rf"{either('posts')}数?$")
_SENTENCE = "。"


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
    total, last = "", 0
    for match in _COUNT.finditer(folded):
        said = match["words"].replace(named, "") if named else match["words"]
        if _SENTENCE in folded[last : match.start("n")]:
            total = ""
        last = match.end()
        found = [word_value("staff", m[0]) for m in _TOTAL.finditer(said)]
        if not found and not (total and _PART.search(said)):
            continue
        before = folded[: match.start()]
        kind = _kind(said, found, total) if not _is_in_brackets(before) and not _names_another(before, named) else None
        total = kind.partition("_of_")[0] if kind and found else "" if found else total
        indicator = kind.replace("_of_", "_") if kind else None
        yield StaffCount(indicator, match.start("n"), match["n"], slice(match.start(), match.end()))


def _kind(said: str, found: list[str], total: str) -> str | None:
    """Return what a count is of: `staff_established`, `staff_in_post_of_administrative`; None where its words do not say it."""
    if _KNOWN.fullmatch(said) is None or (len(set(found)) > 1 and _POSTS.search(said) is None):
        return None  # 在职编制人员: posts or people
    parts = {word_value("staff_part", m[0]) for m in _PART.finditer(_TOTAL.sub("", said))}
    whole = f"staff_{found[-1]}" if found else total
    if not parts:
        return whole
    return f"{whole}_of_{parts.pop()}" if len(parts) == 1 else None


def _is_in_brackets(before: str) -> bool:
    return before.count("(") > before.count(")")


def _names_another(before: str, named: str) -> bool:
    """Tell whether the words before a count name a body that may be another than the document's own."""
    own = _OF_ITS_KIND.sub("", _OWN.sub("", before.replace(named, "") if named else before))
    return _OF_ANOTHER.search(_KNOWN.sub("", own)) is not None
