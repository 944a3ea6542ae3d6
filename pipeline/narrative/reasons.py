"""Why something changed: where the words of a reason end, and which changes they explain.

Belongs here: the extent of a reason and its attribution. Does not belong here: the words that open one (`text/clauses.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.budget.patterns import CIRCLED_NUMBER, HAN, YEAR_DIGITS
from pipeline.narrative.claims.facts import Change
from pipeline.narrative.text.clauses import MONEY, PERCENT, Clause, has_comparison, move, opens_comparison, reason_at, usage_at
from pipeline.narrative.text.paragraphs import NUMBERING
from pipeline.narrative.text.subject_names import NONE_PLANNED
from schemas.vocabulary.narrative import either
from schemas.vocabulary.phrases import WordPattern

_ORDINAL = WordPattern(lambda: rf"{either('ordinal')}|第[一二三四五六七八九]")
_ENUMERATED = re.compile(rf"(?:\d{{1,2}}[、.](?!\d)|\(\d{{1,2}}\)|{CIRCLED_NUMBER})")
_PARTS = WordPattern(lambda: either("parts"))
_APART = WordPattern(lambda: either("apart_from_reason"))


def _year_compared() -> str:
    return rf"(?:{either('year_before')}|20\d\d年度?)"


_SUBJECT_FIRST = WordPattern(
    lambda: (
        rf"(?P<subject>[^,;。:()]{{2,40}}?)(?:(?:{either('than')}{_year_compared()}[^,;。:()]{{0,6}}?|{either('than_before')})?{either('reason_move')}"
        rf"|{either('above', 'below')}{_year_compared()}[^,;。:()]{{0,6}}?)"
        rf"(?:变动|变化|情况)?的?{either('reason')}{either('reason_link')}?[,:]?"
    )
)

_REASON_OR_USE = WordPattern(lambda: rf"{either('reason_or_use')}[,:]?")
_USE = WordPattern(lambda: rf"{either('use_lead')}.*|.*{either('use_end')}等?")
_EXPLAINS = WordPattern(lambda: either("explains", "rise", "fall", "flat", "cause"))
_NUMBERS = "一二三四五六七八九十"
_NUMBERED = re.compile(rf"(?<![{HAN}])([{_NUMBERS}])是")
_DETAIL = WordPattern(lambda: either("reason_detail"))
_YEAR_NAMED = WordPattern(
    lambda: rf"(?P<before>{either('year_before', 'years_before')})|(?P<own>{either('year_itself')})|{YEAR_DIGITS}(?=年)"
)
_OWN_REASON = WordPattern(lambda: either("reason"))
_NO_CAUSE = WordPattern(lambda: either("no_cause"))
_UNCOUNTED = WordPattern(lambda: either("uncounted"))
_BOOKED = WordPattern(lambda: either("booked"))
_INTENDED = WordPattern(lambda: either("intended"))
_COUNTED = re.compile(r"(?<![\d年月])\d++(?![年月])")  # digits of no date: a sentence that states something
_ASIDE = re.compile(r"\([^()]{0,60}\)|《[^《》]{0,80}》|〔[^〔〕]{0,12}〕")  # digits in them name a code or a document
_OPENS_REASON = (",", ":", "是", "为", "系", "于")  # end the words before a reason


class States(Protocol):
    """Tells whether the clauses between two offsets state something known; `moved`: also by how much it moved, on whatever basis."""

    def __call__(self, start: int, end: int, *, moved: bool = False) -> bool:
        """Tell it."""


"""Tells whether the clauses between two offsets state an amount or a change of something that is known."""


@dataclass(frozen=True, slots=True)
class Stated:
    """Where the words of a reason stand in a paragraph."""

    start: int
    end: int


def is_listed(folded: str) -> bool:
    """Tell whether a paragraph begins like an item of a list of reasons (`一是…`, `1.…`)."""
    return (_ORDINAL.match(folded) or _ENUMERATED.match(folded)) is not None


def reason_of_subject(folded: str, start: int, end: int) -> re.Match[str] | None:
    """Return the match of a subject with the words of its reason (`收支预算增加的主要原因：`) at the start of a clause, or None."""
    found = _SUBJECT_FIRST.match(folded, start, end)
    return None if found is None or MONEY.search(found["subject"]) or PERCENT.search(found["subject"]) else found


def gives_reason(folded: str) -> bool:
    """Tell whether a paragraph says of a subject why it changed (`3.收支预算减少的主要原因，项目支出减少`), so that it heads nothing.

    The words alone (`（三）收支预算增减变动的主要原因说明`) may be a heading.
    """
    found = reason_of_subject(folded, numbering.end() if (numbering := NUMBERING.match(folded)) else 0, len(folded))
    return found is not None and found.end() < len(folded) and folded[found.end() - 1] in _OPENS_REASON


def reason_at_clause(folded: str, parts: Sequence[Clause], place: int, start: int, states: States) -> Stated:
    """Return the extent of the reason that begins at `start` in clause `place`.

    It ends with the sentence, unless the next goes on with it (see `_goes_on`); at a semicolon only where what follows states
    something itself, and before words of usage.

    Args:
        folded: the paragraph.
        parts: its clauses.
        place: of the clause that the reason begins in.
        start: offset at which the reason's own words begin.
        states: see `States`.
    """
    depth = parts[place].depth
    numbered = _ENUMERATED.match(folded, start) is not None
    for at in range(place, len(parts)):
        clause = parts[at]
        if clause.stop == "。" and depth == clause.depth and _goes_on(folded, start, parts, at + 1, states):
            continue
        if clause.stop in ("。", "") or (clause.stop == ")" and clause.depth == depth > 0) or at + 1 == len(parts):
            return Stated(start, clause.end)
        following = parts[at + 1]
        apart = _APART.match(folded, following.start) or (_PARTS.match(folded, following.start) and _state(folded, parts, at + 1, states))
        if clause.stop == "," and (apart or _another_follows(folded, parts, at + 1, states)):
            return Stated(start, clause.end)
        if clause.stop == ";" and _ends(folded, parts, at + 1, numbered, states):
            return Stated(start, clause.end)
    return Stated(start, len(folded))


def before_comparison(folded: str, parts: Sequence[Clause], place: int, said: Stated) -> Stated:
    """Return the extent of a reason that explains no change on the year before: it ends where such a change is stated.

    `决算数小于预算数的主要原因是厉行节约，与上年相比减少0.5万元`. In a list of reasons
    (`一是调资，比上年增加5万元`) it may be of one of them.

    Args:
        folded: the paragraph.
        parts: its clauses.
        place: of the clause that the reason begins in.
        said: its extent by its own words.
    """
    listed = is_listed(folded[said.start : said.end].lstrip(":,"))
    for before, clause in zip(parts[place:], parts[place + 1 :], strict=False):
        if listed or clause.start >= said.end:
            break
        if before.end > said.start and opens_comparison(folded[clause.start : clause.end]):
            return Stated(said.start, before.end)
    return said


def _goes_on(folded: str, start: int, parts: Sequence[Clause], place: int, states: States) -> bool:
    """Tell whether the sentence that begins with clause `place` goes on with the reason that began at `start`.

    It does that if it states nothing itself and is the next item of its list (`二是…`), says what such an item holds (`包括…`), adds
    what else moved (`同时，…增加…`), or ends a contrast of two years (`上年…列在…。本年…单独编列，相应支出增加`).
    """
    if place >= len(parts):
        return False
    begin = parts[place].start
    last = next((c for c in parts[place:] if c.stop in "。;"), parts[-1])
    said = folded[begin : last.end]
    if usage_at(said) or NONE_PLANNED.search(said) or _state(folded, parts, place, states):
        return False
    before = folded[start:begin]
    if item := _NUMBERED.match(said):
        last_item = max((_NUMBERS.find(m[1]) for m in _NUMBERED.finditer(before)), default=-1)
        return _NUMBERS.find(item[1]) == last_item + 1 > 0 and not states(begin + item.end(), last.end)
    if _ORDINAL.match(said):
        if states(begin, last.end, moved=True):
            return False
        return move(said) != 0 and not has_comparison(said) and _OWN_REASON.search(said) is None and not _INTENDED.search(said)
    if _COUNTED.search(_ASIDE.sub("", said)) or ":" in said or reason_at(said):
        return False
    if _DETAIL.match(said):
        return _NUMBERED.search(before) is not None
    return _is_contrast(before, said)


def _is_contrast(before: str, said: str) -> bool:
    """Tell whether a sentence sets two years against each other, by itself or with the one before it, of which it says what moved."""
    opens = _YEAR_NAMED.match(said)
    if opens is None or has_comparison(said) or _INTENDED.search(said):
        return False
    if len(_years(said)) > 1:
        return move(said) != 0 or _BOOKED.search(said) is not None
    own = before[before.rstrip("。").rfind("。") + 1 :]
    return len(_years(own)) == 1 and len(_years(own) | _years(said)) > 1 and move(said) != 0


def _years(folded: str) -> set[str]:
    return {"before" if m["before"] else "own" if m["own"] else m[0] for m in _YEAR_NAMED.finditer(folded)}


def _another_follows(folded: str, parts: Sequence[Clause], place: int, states: States) -> bool:
    """Tell whether clause `place` states something that the sentence gives another reason for."""
    if not states(parts[place].start, parts[place].end):
        return False
    for clause in parts[place + 1 :]:
        if reason_at(folded[clause.start : clause.end]):
            return True
        if clause.stop == "。":
            break
    return False


def _ends(folded: str, parts: Sequence[Clause], place: int, numbered: bool, states: States) -> bool:
    """Tell whether the reason ended at the semicolon before clause `place`."""
    begin = parts[place].start
    if _ORDINAL.match(folded, begin) or (numbered and _ENUMERATED.match(folded, begin)):
        return False
    if _PARTS.match(folded, begin) or _APART.match(folded, begin):
        return True
    return _state(folded, parts, place, states)


def _state(folded: str, parts: Sequence[Clause], place: int, states: States) -> bool:
    """Tell whether the clauses from `place` to the next full stop or semicolon state something."""
    begin = parts[place].start
    last = next((c for c in parts[place:] if c.stop in "。;"), parts[-1])
    segment = folded[begin : last.end]
    return states(begin, last.end) or (has_comparison(segment) and MONEY.search(segment) is not None)


def is_use(opening: str, said: str, changes: Sequence[Change]) -> bool:
    """Tell whether words behind 主要是 say what money is for, and not why it is what it was (`与上年持平。主要是保障公务接待需要`).

    Of what has changed they say in what it changed, which is a reason.

    Args:
        opening: the words that introduce them, folded.
        said: the words, folded.
        changes: those that they would explain.
    """
    if not _REASON_OR_USE.fullmatch(opening) or any(map(_moved, changes)):
        return False
    return _USE.fullmatch(said) is not None and _EXPLAINS.search(said) is None


def may_explain(clause: str) -> bool:
    """Tell whether a clause behind a change may say why, without a word of cause (`…增长21.43%，新增3座水库移交管护`)."""
    states = MONEY.search(clause) or PERCENT.search(clause) or has_comparison(clause) or usage_at(clause) or _PARTS.match(clause)
    states = states or _UNCOUNTED.search(clause) or _NO_CAUSE.match(clause)  # 无法计算增减比率, 不断扩大影响
    return not states and (move(clause) != 0 or _EXPLAINS.match(clause) is not None)


def explained(changes: Sequence[Change], after_stop: bool, sign: int) -> list[Change]:
    """Return the changes of a sentence that a reason at its end explains.

    A reason in a sentence of its own explains all changes before it that have none, rises and falls before what stayed the same;
    one in the same sentence explains the last change, and those before it of the same amount and percentage.

    Args:
        changes: of the sentence, in order.
        after_stop: whether the reason stands behind the sentence's full stop.
        sign: of the change that the words of the reason name (增加的主要原因); 0 where they name none.
    """
    if not changes:
        return []
    last = changes[-1]
    if after_stop:
        unexplained = [c for c in changes if c.reason is None]
        moved = [c for c in unexplained if _moved(c) and sign in (0, c.sign)]
        return moved or [c for c in unexplained if not _moved(c)]
    if sign and last.sign == -sign and _moved(last):
        return []
    return [c for c in changes if c.reason is None and (c.phrase == last.phrase or (_moved(c) and _printed(c) == _printed(last)))]


def of_whole_too(whole: Sequence[Change], parts: Sequence[Change]) -> list[Change]:
    """Return the changes of a whole that a reason behind the sentence of its parts explains too: where that is of several parts or none.

    A reason behind one part is that part's, and one of parts that rose is none of a whole that fell.

    Args:
        whole: changes that the sentence before stated last, of one phrase.
        parts: changes of the sentence of the parts.
    """
    signs = {change.sign for change in parts if _moved(change)}
    if len(parts) == 1 or any(change.reason for change in parts):
        return []
    return [change for change in whole if (not parts or {change.sign} == signs) and change.phrase == whole[-1].phrase]


def _moved(change: Change) -> bool:
    return change.sign != 0 and any(n is not None and n.value for n in (change.amount, change.percent))


def _printed(change: Change) -> tuple[object, ...]:
    return change.sign, change.amount, change.percent
