"""The walk through the narrative: sentence by sentence, with what was said before in mind, to budget lines and changes.

Belongs here: the state between clauses (section, subject, the total being split) and the decision to publish or hold back.
Does not belong here: how a subject, a heading or a clause is read, what a line looks like, or what has been published.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from msgspec import structs

from pipeline.budget.codes.book import CodeList
from pipeline.narrative.amount_reader import AmountReader
from pipeline.narrative.claims.context import UNKNOWN_NATURE, SentenceContext
from pipeline.narrative.claims.open_classification import LEVEL_MARK
from pipeline.narrative.explanations import Explanations, Place, is_explained
from pipeline.narrative.sections import ON_FIGURES, Section, goes_on, heading_level, limits_list, read_heading, split_heading
from pipeline.narrative.text.clauses import (
    MONEY,
    NO_NUMBER,
    PERCENT,
    UNIT_OF_MONEY,
    Clause,
    clauses,
    compared_with_budget,
    directly_follows_amount,
    from_budget,
    number,
    opens_change,
    opens_comparison,
    read_change,
    read_share,
    reason_at,
    usage_at,
)
from pipeline.narrative.text.number_boxes import NumberBoxes
from pipeline.narrative.text.own_budget import FROM_OWN_BUDGET, OwnBudget, own_budget
from pipeline.narrative.text.paragraphs import NUMBERING, Paragraph, is_rest
from pipeline.narrative.text.printed_number import Number
from pipeline.narrative.text.subject_names import NONE_PLANNED, SubjectMeaning
from schemas.vocabulary.narrative import either, word_value
from schemas.vocabulary.phrases import WordPattern

_LEAD = WordPattern(lambda: either("parts"))
_HEADED = WordPattern(lambda: rf"{either('heading_tail')}{{1,2}}$")
_FLOW_LEAD = WordPattern(lambda: either("flow_lead"))
_DIVIDED = WordPattern(lambda: rf"(?:{NUMBERING.pattern})?[^,:;。]{{0,4}}按[^,:;。\d]{{2,16}}{either('divided')}")
_BY = re.compile(r"按[^,;。\d]{2,16}")  # 按支出性质：基本支出…: of no classification before it
_AFTER_AMOUNT = WordPattern(lambda: rf"[(、,和及等]|{either('after_amount')}")
_REFERS_BACK = WordPattern(lambda: either("refers_back"))
_OF_WHICH = "其中"
_ZERO = re.compile(r"[为是](?P<n>[0零])$")
_LONGEST_SUBJECT = 110  # characters of a subject that stands in a clause of its own
_ASIDE = re.compile(r"\((?P<words>[^()]*)\)")
_SENTENCE = "。;"
_BEFORE_CLAUSE = ",;。:"
_JOINED = re.compile(r"以及|[,、和及且等]")
_NOT_PUBLISHED = "an amount in a unit that is not published"
_RATE = re.compile(r"每|人均")
_RATE_BEHIND = re.compile(r"的?标准|/|每")


class SentenceReader:
    """Reads paragraphs in order into a ledger."""

    def __init__(
        self, book: CodeList, fiscal_year: int | None, final: bool | None, boxes: NumberBoxes | None = None, department: str | None = None
    ) -> None:
        """Prepare for one document.

        Args:
            book: the code book.
            fiscal_year: of the document; None if unknown.
            final: whether the document is a final account; None if unknown.
            boxes: tells where numbers stand; None where they have no place.
            department: whose document it is; None if unknown.
        """
        self._amounts = amounts = AmountReader(book, fiscal_year, final, boxes, department)
        self.ledger, self.unread = amounts.ledger, amounts.unread
        self._final = final
        self._outer: list[SentenceContext] = []
        self._before = ""
        self._explanations = Explanations(
            amounts.subjects, amounts.comparisons, amounts.unread, amounts.ledger.remark, fiscal_year, bool(final)
        )
        self.of_budget = False
        self._natures_at: int | None = None  # level of the headings that name natures of spending
        self._listed_basis: tuple[str, Number | None, str] | None = None

    @property
    def section(self) -> Section:
        """What the open headings say."""
        return self._amounts.section

    @property
    def _said(self) -> SentenceContext:
        return self._amounts.said

    @_said.setter
    def _said(self, said: SentenceContext) -> None:
        self._amounts.said = said

    def paragraph(self, paragraph: Paragraph) -> None:
        """Read one paragraph."""
        self._amounts.resolver.begin(paragraph.folded)
        explains = self._explanations.begin(paragraph)
        start, level = (0, None) if explains else split_heading(paragraph)
        numbered = heading_level(paragraph.folded)
        broken = not start and numbered is None and not _LEAD.match(paragraph.folded) and is_rest(self._before, paragraph.folded)
        self._before = "" if start else paragraph.folded
        if start and level is not None:
            self._heading(paragraph, start, level)
        elif numbered is not None:
            self._amounts.headings.beside(paragraph.folded)
        self._amounts.headings.bare = start == len(paragraph.folded)
        if self._amounts.headings.bare or self.section.topic == "other":
            return
        if not start and not goes_on(paragraph.folded, self._said.skip):
            self._new_paragraph(paragraph, broken and not explains)
        self._outer.clear()
        parts = clauses(paragraph.text, paragraph.folded, start)
        if explains and not start and not _LEAD.match(paragraph.folded):  # the paragraph before it ended in 主要原因：
            self._explanations.give(self._at(paragraph, parts, 0), 0, explains)
        elif broken:
            if MONEY.search(paragraph.folded, parts[0].start, parts[0].end):
                self._amounts.hold(paragraph, parts[0], "the rest of a sentence whose line was broken off")
            parts = parts[1:]
        lines, figures = len(self.ledger.narrative.lines), len(self.ledger.figures)
        for place, clause in enumerate(parts):
            self._clause(paragraph, parts, place, clause)
            self._end(paragraph, clause)
        if paragraph.folded.endswith(f"{_OF_WHICH}:") and self.section.topic == "budget":
            self._listed_basis = self._said.basis or self._listed_basis
        self.of_budget = (len(self.ledger.narrative.lines), len(self.ledger.figures)) != (lines, figures)
        if self.of_budget:
            self.ledger.confirm()

    def _new_paragraph(self, paragraph: Paragraph, broken: bool) -> None:
        """Forget what a new paragraph does not go on with."""
        before, numbered = self._said, NUMBERING.match(paragraph.folded) is not None
        self._said = SentenceContext(before.last, None, None if broken else before.pending, before.whole, before.flow)
        self._said.unknown = self._said.split = self._said.parts_unknown = before.unknown and before.split and numbered
        if numbered:
            self._said.last, self._said.basis = [], self._listed_basis
        else:
            self._listed_basis = None
        if reason_at(paragraph.folded):
            self._said.changes, self._said.stated = before.changes or before.stated, before.stated

    def _heading(self, paragraph: Paragraph, end: int, level: int) -> None:
        printed, folded = paragraph.text[:end], paragraph.folded[:end]
        before = self.section.topic
        self._amounts.headings.open(level, folded)
        self.ledger.new_section()
        self._listed_basis = None
        if self.section.topic == "three_public" and before != "three_public":
            self._amounts.resolver.three_public_fund = "general_public" if self.section.fund == "general_public" else "fiscal_appropriation"
        bare = folded.rstrip("。:")
        meaning = self._amounts.subjects.read(printed[: len(bare)], bare, self.section.classification)
        if meaning is None and (named := _HEADED.search(bare)):  # 公务接待费支出情况说明
            meaning = self._amounts.subjects.read(printed[: named.start()], bare[: named.start()], self.section.classification)
            meaning = meaning if meaning is not None and meaning.kind == "three_public" else None
        self._said = SentenceContext(pending=meaning if meaning and meaning.kind != "bare" else None)
        self._open_nature(meaning, level, folded, runs_in=end < len(paragraph.folded))
        if level <= 2 and not LEVEL_MARK.search(folded):
            self._amounts.path.close()
        if meaning:
            self._amounts.path.open(meaning, folded)

    def _open_nature(self, meaning: SubjectMeaning | None, level: int, folded: str, runs_in: bool) -> None:
        """Let a heading before a list name the nature of its items (`（2）公用经费：①…`); one beside such headings names another.

        Args:
            meaning: of the heading.
            level: of its numbering.
            folded: its words.
            runs_in: whether the list stands in the same paragraph.
        """
        if self._natures_at is not None and level < self._natures_at:
            self._natures_at = None
        if not runs_in:
            return
        if meaning is not None and meaning.kind == "nature":
            if read_heading(folded).nature is None:  # else the section has it
                self._said.nature, self._natures_at = meaning.nature, level
        elif meaning is None and level == self._natures_at:
            self._said.nature = UNKNOWN_NATURE

    def _end(self, paragraph: Paragraph, clause: Clause) -> None:
        """Close the clause: enter or leave brackets, end the sentence."""
        said = self._said
        said.enumerate(clause.stop)
        if clause.stop == "(":
            self._outer.append(replace(said, last=list(said.last)))
        elif clause.stop == ")" and self._outer:
            self._said = self._outer.pop()
        elif clause.stop in _SENTENCE:
            said.skip, said.closed, said.beside_last = False, said.enumerated, 0
            parts_follow = paragraph.folded.startswith(_OF_WHICH, clause.end + 1)
            if clause.stop == "。":
                said.end_sentence(parts_follow, divided=_LEAD.match(paragraph.folded, clause.end + 1) is not None)
            if not parts_follow and not said.listing:
                said.basis = said.list_basis if clause.stop == ";" and said.parent is not None else None
            if clause.stop == "。" and not is_explained(paragraph.folded, clause.end + 1):
                said.changes, said.stated_of_whole = None, said.stated if parts_follow else []
                said.stated = said.stated if clause.end + 1 == len(paragraph.folded) else []

    def _at(self, paragraph: Paragraph, parts: list[Clause], place: int) -> Place:
        section = self.section
        return Place(paragraph, parts, place, self._said, section.classification, section.topic in ("budget", "three_public", *ON_FIGURES))

    def _clause(self, paragraph: Paragraph, parts: list[Clause], place: int, clause: Clause) -> None:
        text = paragraph.folded[clause.start : clause.end]
        apart = self._said.skip and self._amounts.lists_basic_parts(text)
        if self._said.skip and (opens_comparison(text) or apart):
            self._said.skip = False  # the words of usage have ended: 主要用于…，与上年持平
        if self._said.skip or not text or clause.start < self._explanations.until:
            return
        here = self._at(paragraph, parts, place)
        if self._explanations.of_own_budget(here) or self._explanations.of_subject(here) or self._explanations.of_clause(here):
            return
        if _LEAD.match(text):
            self._said.split_up(apart)
        if flow := _FLOW_LEAD.match(text):
            self._said.listed_flow = word_value("flow_lead", flow[0])
        if _DIVIDED.match(text) or (clause.stop == ":" and _BY.fullmatch(text)):
            self._said.code = None
        at, listed = 0, False
        while at < len(text):
            if joined := _JOINED.match(text, at):
                self._said.enumerate(joined[0] if at else "")
                at = joined.end()
                continue
            rest = text[at:]
            reason = reason_at(rest)
            if reason:
                if self._explanations.at_words(here, at, reason):
                    return
                at, listed = at + reason.end(), True  # 一是公务接待费4万元: an item of a list that states amounts
                continue
            if bracket := self._explanations.in_brackets(here, at):
                at += bracket
                continue
            if self._ends_clause(paragraph, clause, rest):
                return
            share = read_share(text, at)
            if share:
                self._amounts.comparisons.share(self._said, share[0], share[1])
                self.unread.mark(clause.start + at, clause.start + share[2])
                at = share[2]
                continue
            at = self._step(paragraph, clause, text, at)
        self._explanations.untaken(here, listed)

    def _ends_clause(self, paragraph: Paragraph, clause: Clause, rest: str) -> bool:
        """Leave the rest of a clause unread that says what money is for, or is a second percentage of one change; tell whether it is."""
        if usage_at(rest):
            self._said.skip = clause.stop not in _SENTENCE if not limits_list(rest) else self._said.skip
            return True
        if self._said.changes and PERCENT.fullmatch(rest):
            self._withdraw(paragraph, clause, clause.end - len(rest))
            return True
        return False

    def _step(self, paragraph: Paragraph, clause: Clause, text: str, at: int) -> int:
        """Read one change or one amount from `at` on; return where to go on."""
        if self._final and (beside := own_budget(paragraph.folded[: clause.end], clause.start + at)):
            self._beside(paragraph, clause, beside)
            return beside.end - clause.start
        money = MONEY.search(text, at)
        if money is None and (digits := NO_NUMBER.search(text, at)):
            self._amounts.hold(paragraph, clause, _NOT_PUBLISHED if digits["of"] else "digits that are no number")
            if not _is_rate(text, at, digits):
                self._said.lose_subject()
            return len(text)
        if money is None and compared_with_budget(text[at:]) is not None:
            self._amounts.comparisons.turn_to_named(self._said, paragraph.text[clause.start + at : clause.end], text[at:], self.section)
            return len(text)
        if self._final and money is not None and from_budget(text[at:]):
            self._amounts.hold(paragraph, clause, FROM_OWN_BUDGET)
            self._said.state_own_difference()  # the percentage behind it is of that difference
            return money.end()
        changed = read_change(text, at, self._said.basis is not None)
        moves = changed is not None and (changed.sign is not None or changed.basis is not None)  # 公务接待费有所增加 states nothing
        if changed and moves and (money is None or opens_change(text, at, money.start())):
            self._amounts.change(paragraph, clause, changed, slice(clause.start + at, clause.start + changed.end))
            return max(changed.end, at + 1)
        if money is None:
            self._subject_alone(paragraph, clause, at)
            return len(text)
        rest = text[money.end() :]
        if money["tail"] or money["unit"] not in UNIT_OF_MONEY:
            self._said.clear_subject()
            if not money["tail"]:
                self._amounts.hold(paragraph, clause, _NOT_PUBLISHED)
            return money.end()
        if rest and not _AFTER_AMOUNT.match(rest):
            self._said.clear_subject()
            self._amounts.hold(paragraph, clause, "words after the amount that are not understood")
            return len(text)
        subject = slice(clause.start + at, clause.start + money.start())
        before = paragraph.folded[: subject.stop]
        if at == money.start() and self._is_second(paragraph, clause, before, number(money, money["unit"])):
            return money.end()
        self._amounts.read(paragraph, clause, subject, number(money, money["unit"]), clause.start + money.start())
        return money.end() + _length_aside(rest)

    def _is_second(self, paragraph: Paragraph, clause: Clause, before: str, value: Number) -> bool:
        """Hold an amount back that directly follows another one of the same change, and then that too, or of the same thing."""
        if directly_follows_amount(before) and self._said.changes and not before.endswith("("):
            self._withdraw(paragraph, clause, len(before))
            return True
        doubled = self._said.is_doubled(before, value)
        if doubled:
            self._amounts.hold(paragraph, clause, "another figure for what the one before it is of")
        return doubled

    def _withdraw(self, paragraph: Paragraph, clause: Clause, second: int) -> None:
        """Hold back the change just stated and the number at `second` that directly follows its own (`分别减少12万元、2万元`)."""
        self._amounts.comparisons.withdraw(self._said)
        begin = clause.start
        if second == begin:
            begin = max(paragraph.folded.rfind(mark, 0, max(begin - 1, 0)) for mark in _BEFORE_CLAUSE) + 1
        self._amounts.hold(paragraph, structs.replace(clause, start=begin), "two amounts of one change")

    def _beside(self, paragraph: Paragraph, clause: Clause, beside: OwnBudget) -> None:
        """Publish the year's own budget beside what was spent, if that is known; what is said next is still said of what was spent."""
        self._amounts.comparisons.turn_to_words(self._said, beside.subject, self.section)
        spent = replace(self._said)
        if not spent.last or any(not beside.agrees(target.number) for target in spent.last):
            self._amounts.hold(paragraph, clause, FROM_OWN_BUDGET)
            return
        self._amounts.read(paragraph, clause, beside.words, beside.budget, beside.start)
        self._said = spent
        self.unread.mark(beside.words.start, beside.end)

    def _subject_alone(self, paragraph: Paragraph, clause: Clause, at: int) -> None:
        """Take a clause without an amount for a subject to come, a limit of what follows, or nothing."""
        start = clause.start + at
        printed, folded = paragraph.text[start : clause.end], paragraph.folded[start : clause.end]
        if self._amounts.headings.limited_by(folded, ahead=clause.stop in (":", "。")):
            return
        if NONE_PLANNED.search(folded):
            self._amounts.comparisons.turn_to_none(self._said, printed, folded, self.section)
            return
        if (
            (zero := _ZERO.search(folded))
            and (unit := self.ledger.last_unit())
            and self._amounts.subjects.read(printed[: zero.start()], folded[: zero.start()], self.section.classification)
        ):
            value, subject = Number(folded[zero.start("n")], Decimal(0), unit), slice(start, start + zero.start())
            self._amounts.read(paragraph, clause, subject, value, start + zero.start("n"))
            return
        if clause.stop not in ("。", ",", ":", "(") or len(folded) > _LONGEST_SUBJECT:
            return
        meaning = self._amounts.subjects.read(printed, folded, self.section.classification)
        if meaning is None:
            self._amounts.comparisons.turn_to_named(self._said, printed, folded, self.section)
            if clause.stop == ":" and self._said.nature:
                self._said.nature = UNKNOWN_NATURE  # a further head of a list that natures divide
            if _REFERS_BACK.match(folded) or self._said.names_another(folded, paragraph.folded[:start].endswith("。")):
                self._said.lose_subject()  # 上述两个科目不再反映，较上年减少5万元: of neither alone
        if meaning is None or meaning.owner or (meaning.kind == "code" and self.section.topic == "three_public"):
            return  # 210人次 is no code
        if clause.stop == ":" and self._amounts.resolver.names_last_year(meaning):
            self._said.pending = meaning  # 上年：10万元
            return
        numbered = at == 0 and NUMBERING.match(folded) is not None  # （一）收入预算，2026年年初预算数…
        if meaning.kind not in ("code", "three_public", "nature") and not (numbered and meaning.kind in ("total", "fund")):
            return
        if meaning.kind == "nature" and clause.stop == ":":
            self._said.nature = meaning.nature
        self._said.pending = meaning
        self._said.heads = meaning if clause.stop == ":" else None
        self._amounts.path.open(meaning, folded)


def _length_aside(rest: str) -> int:
    """Return how much of the words behind an amount is an aside; of one that states a change its bracket (`10万元（与上年持平）`)."""
    aside = _ASIDE.match(rest)
    if aside is None:
        return 0
    return aside.start("words") if opens_comparison(aside["words"]) else aside.end()


def _is_rate(text: str, at: int, digits: re.Match[str]) -> bool:
    """Tell whether digits state what is paid for each one (`每人1.2.3万元标准`), and so no amount of what was named before."""
    return _RATE.search(text, at, digits.start()) is not None or _RATE_BEHIND.match(text, digits.end()) is not None
