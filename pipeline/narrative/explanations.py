"""Reasons as they stand in paragraphs: given to the changes that they explain, their words left out of what is read.

Belongs here: the state of reasons between clauses and paragraphs. Does not belong here: how far one goes (`reasons.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from pipeline.narrative.claims.changes import call_flat
from pipeline.narrative.claims.context import SentenceContext
from pipeline.narrative.claims.facts import Change
from pipeline.narrative.claims.unread import UnreadNumbers
from pipeline.narrative.comparisons import Comparisons
from pipeline.narrative.reasons import (
    Stated,
    before_comparison,
    explained,
    is_listed,
    is_use,
    may_explain,
    of_whole_too,
    reason_at_clause,
    reason_of_subject,
)
from pipeline.narrative.text.clauses import (
    CAUSE,
    MONEY,
    Clause,
    against_budget,
    caused_in,
    clauses,
    end_of_brackets,
    ends_as_reason,
    ends_in_change,
    has_comparison,
    move,
    names_year_before,
    read_change,
    reason_at,
    reason_from_budget,
    usage_at,
)
from pipeline.narrative.text.paragraphs import NUMBERING, LinePosition, Paragraph
from pipeline.narrative.text.subject_names import NONE_PLANNED, Subjects, states_measure
from schemas.vocabulary.narrative import either
from schemas.vocabulary.phrases import WordPattern

_NO_AMOUNT = WordPattern(lambda: rf"{NONE_PLANNED.compiled.pattern}|[为是][0零]$")
_UNCOUNTED = WordPattern(lambda: either("uncounted"))
_NAMES_REASON = WordPattern(lambda: either("names_reason"))
_OWN_BUDGET = WordPattern(lambda: either("own_budget"))
_STATES_REASON = WordPattern(lambda: either("reason"))
_NAMED_WITHIN = WordPattern(lambda: rf"(?:原因|因素)(?:{either('reason_link')}|$)")
_SENTENCE = "。;"
WITHOUT_CHANGE = "the reason of a change that is stated without an amount, or of something that is not known"
WITHOUT_CAUSE = "words behind a change that may say why, without a word of cause"
OF_UNKNOWN = "a reason of which it is not known what it explains"
OF_OWN_BUDGET = "the reason of a difference from the year's own budget, which no table holds"
WITHOUT_WORDS = "a reason without words, as a template has it"
_WORDS = re.compile(r"[\u4e00-\u9fff]|\d[A-WYZ]")  # 5G is one; 主要原因是11, 主要原因是qq, 原因是X have none

Remark = Callable[[str, LinePosition, str], None]
"""Is told a clause as printed, where it stands, and why no table holds what it says."""


_REASON_WITHIN = 20  # characters after a full stop in which a sentence begins that gives the reason of the one before


def is_explained(folded: str, start: int) -> bool:
    """Tell whether the sentence that begins at `start` gives a reason, or the one behind it if it says what money is used for."""
    if usage_at(folded[start:]):
        start = folded.find("。", start) + 1 or len(folded)
    return reason_at(folded[start : start + _REASON_WITHIN]) is not None


@dataclass(frozen=True, slots=True)
class Place:
    """A clause where it stands: its paragraph, the paragraph's clauses, its number, what has been said, the open classification.

    `counts` tells whether its section is one whose changes belong into the dataset.
    """

    paragraph: Paragraph
    parts: Sequence[Clause]
    number: int
    said: SentenceContext
    classification: str | None
    counts: bool = False

    @property
    def clause(self) -> Clause:
        """The clause itself."""
        return self.parts[self.number]


def _begin_of_explained(folded: str, start: int) -> int:
    """Return where the sentence begins that a clause at `start` explains: its own, or the one before if it begins one."""
    begin = max(folded.rfind(mark, 0, start) for mark in _SENTENCE) + 1
    return max(folded.rfind(mark, 0, max(begin - 1, 0)) for mark in _SENTENCE) + 1 if begin == start else begin


def _lack_reason(changes: Sequence[Change]) -> bool:
    return all(change.reason is None and change.sign for change in changes)


class Explanations:
    """Gives changes their reasons.

    `until` is the offset of the paragraph up to which words are those of a reason.
    """

    def __init__(
        self, subjects: Subjects, comparisons: Comparisons, unread: UnreadNumbers, remark: Remark, fiscal_year: int | None, final: bool
    ) -> None:
        """Prepare for one document.

        Args:
            subjects: reads what a sentence may go on to state.
            comparisons: knows the changes that were stated.
            unread: is told where the words of reasons stand.
            remark: is told a reason of which no change is known.
            fiscal_year: of the document; None if unknown.
            final: whether the document is a final account, which explains its differences from the year's own budget.
        """
        self.until = 0
        self._final = final
        self._year = fiscal_year
        self._subjects = subjects
        self._comparisons = comparisons
        self._unread = unread
        self._remark = remark
        self._open: list[Change] = []
        self._listed: list[Change] = []
        self._bracketed: list[Change] = []  # changes that brackets have explained
        self._bracketed_to = 0  # where these close
        self._told = -1  # offset of the clause of which has been told that its reason is not known

    def begin(self, paragraph: Paragraph) -> list[Change]:
        """Begin a paragraph; return the changes whose reason it is, since the one before it ended in 主要原因： or is its list."""
        self.until, self._told, self._bracketed = 0, -1, []
        if not (self._open or self._listed):  # as before nearly all
            return []
        states = MONEY.search(paragraph.folded) is not None
        opened = [] if states and NUMBERING.match(paragraph.folded) else self._open
        listed = self._listed if is_listed(paragraph.folded) and not states else []
        self._open, self._listed = [], []
        return opened or listed

    def give(self, at: Place, start: int, changes: Sequence[Change], opening: str = "", end: int | None = None) -> None:
        """Give changes the reason that begins at `start`, if it is one; of one that goes on from the paragraph before, its next item.

        Args:
            at: the clause.
            start: offset at which the reason's own words begin.
            changes: that it explains.
            opening: the words that introduce it in the same clause, folded.
            end: offset at which it ends; None where what follows tells.
        """
        folded = at.paragraph.folded
        said = Stated(start, end) if end else reason_at_clause(folded, at.parts, at.number, start, partial(self._states, at))
        if not changes and not end:
            said = before_comparison(folded, at.parts, at.number, said)
        self._unread.mark(at.clause.start, said.end)
        self.until = said.end
        if is_use(opening, folded[said.start : said.end].strip(",:;。"), changes):
            return
        reason = at.paragraph.text[said.start : said.end].strip("：:，,。；")
        if reason and not _WORDS.search(reason):
            if changes and all(change.reason is None for change in changes):
                self._remark(at.paragraph.text[at.clause.start : said.end], at.paragraph.place(at.clause.start), WITHOUT_WORDS)
            return
        for change in changes:
            if reason and reason not in (change.reason or ""):
                change.reason = f"{change.reason}；{reason}" if change.reason else reason
                call_flat([change], folded[said.start : said.end], self._year)
        if not reason:
            self._open = list(changes)
        elif start == 0 and is_listed(folded):
            self._listed = list(changes)

    def at_words(self, at: Place, offset: int, words: re.Match[str]) -> bool:
        """Take what the words of a reason introduce; tell whether it is one, and not a list that states amounts itself.

        Args:
            at: the clause.
            offset: in the clause, of the words.
            words: their match.
        """
        start = at.clause.start + offset + words.end()
        following = at.parts[at.number + 1 : at.number + 2]
        if following and _UNCOUNTED.search(at.paragraph.folded, following[0].start, following[0].end):
            self._unread.mark(at.clause.start, following[0].end)  # 由于年初预算为0，无法计算百分比: nothing changed for that
            return True
        if self._before_change(at, start):
            return True
        after_stop = offset == 0 and (at.number == 0 or at.parts[at.number - 1].stop == "。")
        sign = move(words[0])
        whole = of_whole_too(at.said.stated_of_whole, at.said.stated) if after_stop else []
        changes = explained([*whole, *at.said.stated], after_stop, sign)
        if not changes:
            changes = self._explained_in_brackets(at, at.clause.start + offset, after_stop=after_stop)
        if (not changes or is_listed(words[0])) and self._states(at, start, at.clause.end):
            return False
        self.give(at, start, changes, words[0])
        if not changes and (not at.said.stated or sign == -at.said.stated[-1].sign != 0):
            self._tell(at, words[0], start)
        elif not changes and self._bracketed and at.counts:
            self._remark(at.paragraph.text[at.clause.start : self.until], at.paragraph.place(at.clause.start), OF_UNKNOWN)
        return True

    def _explained_in_brackets(self, at: Place, words: int, *, after_stop: bool) -> list[Change]:
        """Return the change that brackets have explained and that words of a further reason are of as well.

        Between them stands no more than its percentage: 减少2万元(主要是压减),下降9.09%,主要原因是厉行节约. In a sentence of its own the
        reason may be of all that brackets have explained.
        """
        last = [change for change in at.said.stated[-1:] if any(change is other for other in self._bracketed)]
        if not last or (after_stop and len(self._bracketed) > 1):
            return []
        between = at.paragraph.folded[self._bracketed_to : words].strip(",;。")
        return last if all(ends_in_change(text) for text in between.split(",") if text) else []

    def of_clause(self, at: Place) -> bool:
        """Give what has just changed a reason that closes with what it did (`系人员增加所致`); tell whether the clause is one."""
        clause = at.clause
        text = at.paragraph.folded[clause.start : clause.end]
        if not at.said.changes or reason_at(text):
            return False
        start, last = caused_in(text), at.said.changes[-1]
        if start is None or (last.sign and move(text[start:]) == -last.sign):
            told = OF_UNKNOWN if ends_as_reason(text) else WITHOUT_CAUSE if may_explain(text) and _lack_reason(at.said.changes) else None
            if at.counts and told:
                self._remark(at.paragraph.text[clause.start : clause.end], at.paragraph.place(clause.start), told)
                self._told = clause.start
            return False
        self.give(at, clause.start + start, explained(at.said.stated, False, 0), end=clause.end)
        return True

    def in_brackets(self, at: Place, offset: int) -> int:
        """Give a change the reason in the brackets directly behind it (`增加10万元(主要是人员增加)`); return how long these are, or 0.

        Brackets behind an amount (`公务接待费5万元(主要是来访团组)`) are of what it is for.
        """
        clause = at.clause
        before, text = at.paragraph.folded[clause.start : clause.start + offset], at.paragraph.folded[clause.start + offset : clause.end]
        words, end = reason_at(text[1:]), end_of_brackets(text)
        if end is None or words is None or not ends_in_change(before):
            return 0
        changes = explained(at.said.stated, False, move(words[0]))
        if changes:
            begin = clause.start + offset
            self.give(at, begin + 1 + (0 if is_listed(words[0]) else words.end()), changes, words[0], begin + end)
            self._bracketed += changes
            self._bracketed_to = begin + end + 1
        return end + 1 if changes else 0

    def untaken(self, at: Place, listed: bool) -> None:
        """Tell a reason that stands behind words that are not understood, and so was given to nothing (`多的原因是人员增加`).

        Args:
            at: the clause, read to its end.
            listed: whether its words of a reason open a list of what is stated.
        """
        folded, clause = at.paragraph.folded, at.clause
        found = _NAMED_WITHIN.search(folded, clause.start, clause.end)
        if found is None or listed or not at.counts or self._told == clause.start or found.start() < self.until:
            return
        end = next((c.end for c in at.parts[at.number :] if c.stop in _SENTENCE), len(folded))
        begin = _begin_of_explained(folded, clause.start)
        compared = names_year_before(folded[begin : found.start()]) or has_comparison(folded[begin : found.start()])
        opens = (found.end() < clause.end or clause.stop == ":") and not MONEY.search(folded, found.end(), end)
        if opens and (at.said.changes or compared) and _WORDS.search(at.paragraph.text, found.end(), end):
            self._remark(at.paragraph.text[clause.start : end], at.paragraph.place(clause.start), OF_UNKNOWN)

    def _tell(self, at: Place, opening: str, start: int) -> None:
        """Tell a reason of a change on the year before that is stated without an amount, or of something that is not known."""
        folded = at.paragraph.folded
        begin = _begin_of_explained(folded, at.clause.start)
        compared = names_year_before(folded[begin:start]) or has_comparison(folded[begin:start])
        moved = move(opening) != 0 and _OWN_BUDGET.search(folded, begin, start) is None
        if self._final and at.counts and not compared and _NAMES_REASON.search(opening) and against_budget(folded[begin:start]):
            self._remark(at.paragraph.text[begin : self.until], at.paragraph.place(begin), OF_OWN_BUDGET)
        elif at.counts and (at.said.own_difference or (_NAMES_REASON.search(opening) and (compared or moved))):
            self._remark(at.paragraph.text[begin : self.until], at.paragraph.place(begin), WITHOUT_CHANGE)

    def of_own_budget(self, at: Place) -> bool:
        """Tell of the reason of a difference from the own budget (`决算数小于预算数的主要原因：…`); tell whether the clause is one."""
        clause = at.clause
        if not self._final:
            return False  # of a budget 收入和支出预算 may be what changed
        found = reason_from_budget(at.paragraph.folded, clause.start, min(clause.end + 1, len(at.paragraph.folded)))
        if found is None or has_comparison(found[0]):
            return False
        for following in at.parts[at.number :]:
            text = at.paragraph.folded[max(following.start, found.end()) : following.end]
            if MONEY.search(text) and states_measure(text, "final"):
                return False  # …的原因是按预算执行，支出决算50万元: an amount of its own
            if following.stop in _SENTENCE:
                break
        self.give(at, found.end(), [])
        if at.counts and _WORDS.search(at.paragraph.text, found.end(), self.until):
            self._remark(at.paragraph.text[clause.start : self.until], at.paragraph.place(clause.start), OF_OWN_BUDGET)
        return True

    def of_subject(self, at: Place) -> bool:
        """Give the reason of a subject that is named again (`收支增加的主要原因：…`) to its changes; tell whether it is one."""
        folded, clause = at.paragraph.folded, at.clause
        found = reason_of_subject(folded, clause.start, clause.end + 1)  # with the mark behind it
        if found is None or reason_at(folded[clause.start : clause.end]):
            return False
        subject = slice(clause.start, found.end("subject"))
        meaning = self._subjects.read(at.paragraph.text[subject], folded[subject], at.classification)
        sign = move(folded[subject.stop : found.end()])
        changes = self._comparisons.changes_of(meaning, sign) if meaning is not None else []
        following = at.parts[at.number + 1 : at.number + 2]
        if not changes and following and self._states(at, following[0].start, following[0].end):
            return False
        self.give(at, found.end(), changes)
        if not changes and (meaning is None or not self._comparisons.has_changed(meaning, sign)):
            self._tell(at, folded[subject.stop : found.end()], found.end())
        return True

    def _before_change(self, at: Place, start: int) -> bool:
        """Keep a cause that stands before the change that it explains (`由于…，比上年增加…`), or before an amount; tell whether it does."""
        folded, clause = at.paragraph.folded, at.clause
        end = next((c.end for c in at.parts[at.number :] if c.stop in _SENTENCE), len(folded))
        opens = at.number > 0 and at.parts[at.number - 1].stop == "。"
        if not CAUSE.match(folded, clause.start) or (at.said.changes and not opens):
            return False
        if opens and at.said.stated and _STATES_REASON.search(folded, clause.start, start):
            return False  # 原因是… begins no statement of its own
        compared, states = has_comparison(folded[clause.end + 1 : end]), self._states(at, clause.end + 1, end)
        if not states and (at.said.changes or not compared):
            return False
        if opens:
            if not compared and at.counts and any(change.reason is None for change in at.said.stated):
                self._remark(at.paragraph.text[clause.start : clause.end], at.paragraph.place(clause.start), OF_UNKNOWN)
            at.said.changes, at.said.stated = None, []
        if compared:
            at.said.because = at.paragraph.text[start : clause.end]
        self._unread.mark(clause.start, clause.end)
        return True

    def _states(self, at: Place, start: int, end: int, *, moved: bool = False) -> bool:
        """Tell whether the clauses between two offsets state an amount, or a change, of something that is known (see `States`)."""
        printed, folded = at.paragraph.text[:end], at.paragraph.folded[:end]
        for clause in clauses(printed, folded, start):
            text = folded[clause.start : clause.end]
            changed = read_change(text, 0, open_basis=at.said.listing or moved)
            money = MONEY.search(text)
            words = changed.subject if changed and changed.sign is not None else text[: money.start()] if money else ""
            if not words and (none := _NO_AMOUNT.search(text)):
                words = text[: none.start()]
            begin = clause.start + text.find(words)
            meaning = self._subjects.read(printed[begin : begin + len(words)], words, at.classification) if words else None
            if meaning is not None and meaning.kind != "bare":
                return True
        return False
