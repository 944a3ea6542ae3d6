"""Where the words of a subject begin and end: without numbering, introducing and linking words, asides and fillers.

Belongs here: what is cut off at either side. Does not belong here: what the words name (`subject_names.py`).
"""

from __future__ import annotations

from functools import cache

from pipeline.narrative.text.paragraphs import NUMBERING
from schemas.vocabulary.narrative import either, words
from schemas.vocabulary.phrases import WordPattern

_ASIDE = WordPattern(lambda: rf"\({either('aside')}[^()]*\)$")
_TAIL = WordPattern(lambda: either("link", "total", "filler") + "$")
_FILLERS = WordPattern(lambda: either("filler"))
_LEAD = WordPattern(lambda: rf"(?:[,:、和及与]|{either('lead', 'lead_verb')}|按[^,:]{{2,14}}?(?:分类|划分)[,:]?(?:支出)?)++")

_EXPENSE = WordPattern(
    lambda: rf"(?:{NUMBERING.pattern})?(?!{either('explains')})[^,;:。\d]{{1,16}}?(?:{either('use_end')}|经费){either('heading_tail')}?"
)


def names_expense(folded: str) -> bool:
    """Tell whether a clause is the name of an expense (`外事接待费用情况`), and none that says by what rule it is spent."""
    return _EXPENSE.fullmatch(folded) is not None


@cache
def core_words(folded: str) -> str:
    """Return a subject without asides, total words at its end, linking words and filler words."""
    text = _ASIDE.sub("", folded)
    while True:
        shorter = _ASIDE.sub("", _TAIL.sub("", text))
        if shorter == text:
            break
        text = shorter
    return _FILLERS.sub("", text)


def trimmed_range(folded: str) -> tuple[int, int]:
    """Return start and end of `folded` without numbering and introducing words at its start and linking words at its end."""
    start, end = 0, len(folded)
    while True:
        match = NUMBERING.match(folded, start) or _LEAD.match(folded, start)
        if not match or match.end() == start:
            break
        start = match.end()
    links = words("link")
    while end > start:
        link = next((w for w in links if folded.endswith(w, start, end)), None)
        if not link:
            break
        end -= len(link)
    return start, end


def range_without_circled(printed: str, folded: str) -> tuple[int, int]:
    """Return start and end of `folded` trimmed, also of a number in a circle, which is a digit in the folded words."""
    start, end = trimmed_range(folded)
    return (start + 1 + trimmed_range(folded[start + 1 : end])[0] if "①" <= printed[start : start + 1] <= "⑳" else start), end
