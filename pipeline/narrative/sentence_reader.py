"""The walk through the narrative: sentence by sentence, with what was said before in mind, to budget lines and changes.

Belongs here: the state between clauses (section, subject, the total being split) and the decision to publish or hold back.
Does not belong here: how a subject, a heading or a clause is read, what a line looks like, or what has been published.
"""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.budget.amounts import YUAN_PER
from pipeline.budget.codes.book import CodeList
from pipeline.budget.line import Line
from pipeline.narrative.comparisons import Comparisons
from pipeline.narrative.context import NamedEntity, SentenceContext
from pipeline.narrative.facts import NamedAmount, Number
from pipeline.narrative.ledger import NarrativeRecord
from pipeline.narrative.narrative_lines import SubjectContext, SubjectDoesNotFit, draft_coded, full_path, line_without_amount
from pipeline.narrative.sections import LEVEL_MARK, Headings, Section, heading_level, read_heading, split_heading
from pipeline.narrative.text.clauses import MONEY, Clause, clauses, follows_amount, number, read_change, read_share, reason_at, usage_at
from pipeline.narrative.text.paragraphs import NUMBERING, Paragraph
from pipeline.narrative.text.subject_names import SubjectMeaning, Subjects
from schemas.statements import REVENUE_EXPENDITURE_SUMMARY
from schemas.vocabulary.narrative import either, word_value, words
from schemas.vocabulary.phrases import WordPattern

_SCOPE = WordPattern(lambda: rf"{either('list_ahead')}|按.{{0,12}}{either('by_class')}")
_BY_SCHEME = re.compile(r"[^(\"]{0,8}按[^(\"]{2,28}")
_LEAD = WordPattern(lambda: either("parts"))
_AFTER_AMOUNT = WordPattern(lambda: rf"[(、,和及等]|{either('after_amount')}")
_NO_MEASURE = WordPattern(lambda: either("no_measure"))
_OF_WHICH = "其中"
_REASON_WITHIN = 20  # characters after a full stop in which a sentence begins that gives the reason of the one before
_LONGEST_SCOPE = 60  # characters of a phrase that limits the list after it
_LONGEST_SUBJECT = 110  # characters of a subject that stands in a clause of its own
_CHANGE_WITHIN = 40  # characters at the start of a paragraph in which it goes on with a change
_UNFINISHED = re.compile(r"^[^,。;:]*+[,。;:].*[^。;:!?,%)\"元]$|(?:^|[^\d,.])[\d,.]+$")
_SENTENCE = "。;"
_MEASURES = ("final", "adjusted_budget")
_NATURES_OF_CODES = ("basic", "basic_personnel", "basic_operating", "project")


class SentenceReader:
    """Reads paragraphs in order into a ledger."""

    def __init__(self, book: CodeList, fiscal_year: int | None, final: bool) -> None:
        """Prepare for one document.

        Args:
            book: the code book.
            fiscal_year: of the document; None if unknown.
            final: whether the document is a final account.
        """
        self.ledger = NarrativeRecord()
        self._subjects = Subjects(book, fiscal_year)
        self._book = book
        self._year = fiscal_year
        self._final = final
        self._headings = Headings()
        self._said = SentenceContext()
        self._outer: list[SentenceContext] = []
        self._path: dict[int, str] = {}
        self._body = NamedEntity()
        self._comparisons = Comparisons(self.ledger, self._subjects, self._body, fiscal_year)
        self._foreign = False
        self._three_public_fund = "fiscal_appropriation"
        self._unfinished = False
        self._listed_basis: tuple[str, Number | None, str] | None = None

    @property
    def section(self) -> Section:
        """What the open headings say."""
        section = self._headings.section
        # a heading that names the document's own body is no heading of one of its units
        return replace(section, unit=None) if section.unit and self._body.is_named_by_heading(section.unit) else section

    def paragraph(self, paragraph: Paragraph) -> None:
        """Read one paragraph."""
        start, level = split_heading(paragraph)
        broken = self._unfinished and not start and heading_level(paragraph.folded) is None
        self._unfinished = not start and _UNFINISHED.search(paragraph.folded) is not None
        if start and level is not None:
            self._heading(paragraph, start, level)
        elif (numbered := heading_level(paragraph.folded)) is not None:
            self._headings.beside(numbered)
        if start == len(paragraph.folded) or self.section.topic == "other":
            return
        if not start and not _goes_on(paragraph.folded):
            before = self._said
            parts_of_unknown = before.unknown and before.split
            self._said = SentenceContext(before.last, None, None if broken else before.pending, before.whole, before.flow)
            self._said.unknown = self._said.split = parts_of_unknown and NUMBERING.match(paragraph.folded) is not None
            if NUMBERING.match(paragraph.folded):
                self._said.last, self._said.basis = [], self._listed_basis
            else:
                self._listed_basis = None
        self._outer.clear()
        parts = clauses(paragraph.text, paragraph.folded, start)
        if broken:
            if MONEY.search(paragraph.folded, parts[0].start, parts[0].end):
                self._hold(paragraph, parts[0], "the rest of a sentence whose line was broken off")
            parts = parts[1:]
        for place, clause in enumerate(parts):
            self._clause(paragraph, parts, place, clause)
            self._end(paragraph, clause)
        if paragraph.folded.endswith(f"{_OF_WHICH}:") and self.section.topic == "budget":
            self._listed_basis = self._said.basis or self._listed_basis

    def _heading(self, paragraph: Paragraph, end: int, level: int) -> None:
        printed, folded = paragraph.text[:end], paragraph.folded[:end]
        before = self.section.topic
        self._headings.open(level, folded)
        self._listed_basis = None
        if self.section.topic == "three_public" and before != "three_public":
            self._three_public_fund = "general_public" if self.section.fund == "general_public" else "fiscal_appropriation"
        bare = folded.rstrip("。:")
        meaning = self._subjects.read(printed[: len(bare)], bare, self._economic())
        self._said = SentenceContext(pending=meaning if meaning and meaning.kind != "bare" else None)
        if meaning and meaning.kind == "nature" and meaning.nature not in ("basic", "project") and end < len(paragraph.folded):
            self._said.nature = meaning.nature
        if level <= 2 and not LEVEL_MARK.search(folded):
            self._path = {}
        if meaning and meaning.path and LEVEL_MARK.search(folded):
            self._remember(meaning)

    def _remember(self, meaning: SubjectMeaning) -> None:
        self._path = dict(full_path(meaning, self._path))

    def _economic(self) -> str | None:
        section = self.section
        if section.scheme and "economic" in section.scheme:
            return section.scheme
        return "department_economic" if section.scheme is None and section.aspect == "basic" else None

    def _end(self, paragraph: Paragraph, clause: Clause) -> None:
        """Close the clause: enter or leave brackets, end the sentence."""
        said = self._said
        if clause.stop == "(":
            self._outer.append(replace(said, last=list(said.last)))
        elif clause.stop == ")" and self._outer:
            self._said = self._outer.pop()
        elif clause.stop in _SENTENCE:
            said.skip = False
            if clause.stop == "。":
                said.unknown, said.totals = False, []
                said.end_list()
            if not paragraph.folded.startswith(_OF_WHICH, clause.end + 1):
                said.basis = None
            if clause.stop == "。" and not reason_at(paragraph.folded[clause.end + 1 : clause.end + _REASON_WITHIN]):
                said.changes = None

    def _clause(self, paragraph: Paragraph, parts: list[Clause], place: int, clause: Clause) -> None:
        if self._said.skip or clause.start == clause.end:
            return
        text = paragraph.folded[clause.start : clause.end]
        if _LEAD.match(text):
            self._said.split_up()
        at = 0
        while at < len(text):
            if text[at] in ",、和及且等":
                at += 1
                continue
            rest = text[at:]
            reason = reason_at(rest)
            if reason:
                self._reason(paragraph, parts, place, clause.start + at + reason.end())
                return
            if usage_at(rest):
                if not _SCOPE.search(rest):
                    self._said.skip = clause.stop not in _SENTENCE
                return
            share = read_share(text, at)
            if share:
                self._comparisons.share(self._said, share[0], share[1])
                at = share[2]
                continue
            at = self._step(paragraph, clause, text, at)

    def _step(self, paragraph: Paragraph, clause: Clause, text: str, at: int) -> int:
        """Read one change or one amount from `at` on; return where to go on."""
        money = MONEY.search(text, at)
        changed = read_change(text, at, self._said.basis is not None)
        if changed and (money is None or read_change(text[: money.start()], at, True) is not None):
            if refused := self._comparisons.change(self._said, changed, self._economic()):
                self._hold(paragraph, clause, refused)
            return max(changed.end, at + 1)
        if money is None:
            self._subject_alone(paragraph, clause, at)
            return len(text)
        rest = text[money.end() :]
        if money["tail"] or money["unit"] not in YUAN_PER:
            self._said.clear_subject()
            if not money["tail"]:
                self._hold(paragraph, clause, "an amount in a unit that is not published")
            return money.end()
        if rest and not _AFTER_AMOUNT.match(rest):
            self._said.clear_subject()
            self._hold(paragraph, clause, "words after the amount that are not understood")
            return len(text)
        subject = slice(clause.start + at, clause.start + money.start())
        if at == money.start() and self._is_doubled(paragraph.folded[: subject.stop], number(money, money["unit"])):
            self._hold(paragraph, clause, "another figure for what the one before it is of")
            return money.end()
        self._amount(paragraph, clause, subject, number(money, money["unit"]), clause.start + money.start())
        aside = re.match(r"\([^()]*\)", rest)
        return money.end() + (aside.end() if aside else 0)

    def _is_doubled(self, before: str, value: Number) -> bool:
        """Tell whether an amount is a second figure for the subject of the one that it directly follows.

        What is said next is still said of that subject. In a list (分别为…) each amount has a subject of its own.
        """
        said = self._said
        return follows_amount(before) and bool(said.last) and said.pending is None and said.last[0].number.value != value.value

    def _subject_alone(self, paragraph: Paragraph, clause: Clause, at: int) -> None:
        """Take a clause without an amount for a subject to come, a limit of what follows, or nothing."""
        start = clause.start + at
        printed, folded = paragraph.text[start : clause.end], paragraph.folded[start : clause.end]
        if (
            clause.stop in ":。"
            and clause.stop
            and _SCOPE.search(folded)
            and read_heading(folded).topic == "budget"
            and len(folded) < _LONGEST_SCOPE
        ):
            self._headings.limit_section(folded)
            return
        if _BY_SCHEME.fullmatch(folded) and read_heading(folded).scheme:
            self._headings.limit_section(folded)
            return
        if clause.stop not in ("。", ",", ":", "(") or len(folded) > _LONGEST_SUBJECT:
            return
        meaning = self._subjects.read(printed, folded, self._economic())
        if meaning is None or meaning.owner:
            return
        numbered = at == 0 and NUMBERING.match(folded) is not None  # （一）收入预算，2026年年初预算数…
        if meaning.kind not in ("code", "three_public", "nature") and not (numbered and meaning.kind in ("total", "fund")):
            return
        if meaning.kind == "nature" and clause.stop == ":":
            self._said.nature = meaning.nature
        self._said.pending = meaning
        if meaning.path and LEVEL_MARK.search(folded):
            self._remember(meaning)

    def _hold(self, paragraph: Paragraph, clause: Clause, reason: str) -> None:
        if self.section.topic in (None, "budget", "three_public"):
            self.ledger.narrative.held_back.append((paragraph.text[clause.start : clause.end], reason))

    # -- amounts -----------------------------------------------------------------------------------------------------

    def _amount(self, paragraph: Paragraph, clause: Clause, subject: slice, value: Number, offset: int) -> None:
        meaning = self._subjects.read(paragraph.text[subject], paragraph.folded[subject], self._economic())
        if meaning is not None and (self._of_another_year(meaning) or any(word in meaning.words for word in words("executed"))):
            return
        try:
            if meaning is None:
                raise SubjectDoesNotFit("a subject that is not known")
            measure = self._measure(meaning)
            resolved = self._refer(meaning, value)
            if resolved.kind == "figure":
                self._figure(resolved, value)
            elif self.section.topic in (None, "budget", "three_public"):
                self._publish(paragraph, resolved, value, measure, offset, paragraph.folded[subject])
            else:
                self._said.clear_subject()
        except SubjectDoesNotFit as misfit:
            self._said.clear_subject()
            self._hold(paragraph, clause, str(misfit))

    def _of_another_year(self, meaning: SubjectMeaning) -> bool:
        return meaning.year is not None and self._year is not None and meaning.year != self._year

    def _measure(self, meaning: SubjectMeaning) -> str:
        said = {measure for measure in _MEASURES if _says(meaning.words, measure)}
        if not self._final:
            if "final" in said:
                raise SubjectDoesNotFit("an amount of another measure")
            return "budget"
        if "final" in said or "adjusted_budget" in said:
            return "final" if "final" in said else "adjusted_budget"
        return "budget" if _says(_NO_MEASURE.sub("", meaning.words), "budget") else "final"

    def _refer(self, meaning: SubjectMeaning, value: Number) -> SubjectMeaning:
        """Return the meaning of an amount whose own words may only say 预算数 or, in a final account, 支出决算."""
        said = self._said
        elliptic = meaning.kind == "bare" or (
            self._final and meaning.kind == "total" and not meaning.owner and _says(meaning.words, "final")
        )
        if elliptic and said.pending is not None:
            return said.pending
        repeats = any(t.number.value == value.value and t.number.unit == value.unit for t in said.last)
        if elliptic and said.meaning is not None and (self._final or repeats):
            return said.meaning
        if meaning.kind == "bare":
            raise SubjectDoesNotFit("an amount without a subject of its own")
        return meaning

    def _publish(self, paragraph: Paragraph, meaning: SubjectMeaning, value: Number, measure: str, offset: int, words: str) -> None:
        """Publish the amount as one line, or two where it is revenue and expenditure at once."""
        whole = meaning.kind in ("total", "current") or (meaning.kind == "fund" and meaning.flow == "both")
        if not self._body.is_named(meaning.owner, first=whole or (meaning.code == "total" and meaning.year is not None)):
            self._foreign = self._foreign or (whole and bool(meaning.year))
            raise SubjectDoesNotFit("an amount of another body")
        self._foreign = self._foreign and not meaning.owner
        if self._foreign:
            raise SubjectDoesNotFit("an amount in the part on another body")
        section = self.section  # the owner may have shown that a heading names the document's own body
        if section.unit:
            raise SubjectDoesNotFit("an amount of one unit of the department")
        if self._said.unknown and self._said.split:
            raise SubjectDoesNotFit("a part of something that is not known")
        if (meaning.kind == "three_public") != (section.topic == "three_public"):
            raise SubjectDoesNotFit("a subject that does not belong to its section")
        if meaning.kind == "three_public" and meaning.code in ("total", "with_meetings_training") and "一般公共" in meaning.words:
            self._three_public_fund = "general_public"
        below = self.ledger.states(REVENUE_EXPENDITURE_SUMMARY.id, "revenue", "fiscal_appropriation")
        around = SubjectContext(section, self._said.nature, self._path, self._three_public_fund, below)
        if meaning.kind == "code":
            lines = [draft_coded(meaning, measure, around, self._subjects, self._book, self._year)]
            if meaning.path and LEVEL_MARK.search(words):
                self._remember(meaning)
        elif self._said.code is not None and meaning.nature in _NATURES_OF_CODES and not meaning.fund and "按" not in words:
            lines = [self._nature_of_code(meaning, value)]
        else:
            flows = ("revenue", "expenditure") if meaning.flow == "both" else (meaning.flow or self._flow(),)
            lines = [line_without_amount(meaning, flow, measure, around) for flow in flows]
        targets = [self.ledger.line(line, value, paragraph.place(offset), meaning.kind == "current") for line in lines]
        if not all(targets):
            # another total of all revenue: the narrative of another body has begun
            self._foreign = whole and lines[0].flow == "revenue" and lines[0].fund == "total"
            raise SubjectDoesNotFit("contradicts another sentence")
        self._published(meaning, lines, [t for t in targets if t is not None])

    def _nature_of_code(self, meaning: SubjectMeaning, value: Number) -> Line:
        """Return the line of a nature of the classification before it (`…（2082002）…。具体为：人员经费…`)."""
        code = self._said.code
        if code is None or not self._said.split or code.nature != "total" or value.yuan > code.amount:
            raise SubjectDoesNotFit("a nature after a classification, of which it may be a part")
        return replace(code, nature=meaning.nature)

    def _flow(self) -> str:
        flow = self._said.flow or {"revenue": "revenue", "expenditure": "expenditure"}.get(self.section.aspect or "", "")
        if not flow and self.section.aspect in ("basic", "project"):
            return "expenditure"
        if not flow:
            raise SubjectDoesNotFit("neither said to be revenue nor expenditure")
        return flow

    def _published(self, meaning: SubjectMeaning, lines: list[Line], targets: list[NamedAmount]) -> None:
        said = self._said
        said.last, said.meaning, said.pending, said.changes, said.basis = targets, meaning, None, None, None
        said.unknown = False
        said.parts += 1
        if meaning.kind in ("total", "fund"):
            said.totals = said.totals + targets
        if meaning.kind == "code":
            said.code, said.split = self.ledger.line_of(targets[0]), False
        elif meaning.kind != "nature":
            said.code = None
        if said.code is None or meaning.kind == "code":
            self._comparisons.name(meaning, targets)
        whole = meaning.kind in ("total", "current") or meaning.code == "total" or (meaning.kind == "fund" and lines[0].level == 0)
        if whole or (meaning.kind == "nature" and meaning.nature == self.section.nature):
            said.whole = targets[0]
            said.flow = lines[0].flow if len(lines) == 1 else ""

    def _figure(self, meaning: SubjectMeaning, value: Number) -> None:
        indicator = meaning.code or ""
        if self.section.topic in ("three_public", "project", "other") or self.section.unit:
            self._said.clear_subject()
            return
        part = indicator in ("procurement_goods", "procurement_works", "procurement_services")
        if part and ("procurement_total" not in self.ledger.figures or self.section.topic not in (None, "procurement")):
            self._said.clear_subject()
            return
        target = self.ledger.figure(indicator, value.yuan, "yuan", value)
        if target is None:
            raise SubjectDoesNotFit("contradicts another sentence")
        said = self._said
        said.last, said.meaning, said.pending, said.changes, said.basis, said.code = [target], meaning, None, None, None, None
        self._comparisons.name(meaning, [target])

    def _reason(self, paragraph: Paragraph, parts: list[Clause], place: int, start: int) -> None:
        end = next((c.end for c in parts[place:] if c.stop in _SENTENCE or c.stop == ")"), len(paragraph.text))
        reason = paragraph.text[start:end].strip("：:，,。；")
        for change in self._said.changes or ():
            if change.reason is None and reason:
                change.reason = reason
        self._said.skip = parts[place].stop not in _SENTENCE


def _says(said: str, measure: str) -> bool:
    return any(word in said for word in words("measure") if word_value("measure", word) == measure)


def _goes_on(folded: str) -> bool:
    """Tell whether a paragraph opens with a change of what the paragraph before it stated."""
    return folded.startswith(words("than")) and read_change(folded[:_CHANGE_WITHIN]) is not None
