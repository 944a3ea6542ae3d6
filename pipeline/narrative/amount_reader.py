"""From an amount and the words before it to what is published: a budget line, two, a key figure, or an entry of what is held back.

Belongs here: one amount, after what has been said. Does not belong here: finding amounts (`sentence_reader.py`), or what line one is of
(`resolution.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from pipeline.budget.codes.book import FUNCTION, CodeList
from pipeline.budget.line import Line
from pipeline.budget.sums import PARTS_OF_BASIC
from pipeline.narrative.budgets_of_tables import says_beginning
from pipeline.narrative.claims.context import NamedEntity, SentenceContext
from pipeline.narrative.claims.facts import UNKNOWN_SUBJECT, NamedAmount
from pipeline.narrative.claims.ledger import NarrativeRecord
from pipeline.narrative.claims.open_classification import OpenClassification
from pipeline.narrative.claims.prior_year import OF_A_FIGURE
from pipeline.narrative.claims.unread import UnreadNumbers
from pipeline.narrative.comparisons import Comparisons
from pipeline.narrative.narrative_lines import OfAnotherBody, SubjectDoesNotFit
from pipeline.narrative.resolution import MEETINGS, LineResolver, divides_basic, is_of_the_year, is_procured, of_basic_part, of_the_year
from pipeline.narrative.sections import Headings, Section, fund_named
from pipeline.narrative.text.clauses import MONEY, ChangePhrase, Clause, percent_follows
from pipeline.narrative.text.comparison_base import basis_in, names_nothing
from pipeline.narrative.text.number_boxes import NumberBoxes
from pipeline.narrative.text.paragraphs import NUMBERING, LinePosition, Paragraph
from pipeline.narrative.text.printed_number import Number
from pipeline.narrative.text.quotations import begin_of_clause
from pipeline.narrative.text.subject_names import SubjectMeaning, Subjects
from schemas.vocabulary.narrative import either, words
from schemas.vocabulary.phrases import WordPattern

_PARTS = WordPattern(lambda: either("parts"))
_PART_OF_ANOTHER = "a figure that is a part of an amount of the budget"
_SECOND = re.compile(r"[、,和及]-?\d[\d,.]*(?:万元|亿元|千元|元|%)")
_EACH = WordPattern(lambda: either("each", "of_each"))
_CLAUSE_MARKS = ",;。:"
_YEAR_BEFORE_FIRST = WordPattern(lambda: rf"(?:{NUMBERING.pattern})?{either('year_before')}(?!结转|结余)")
OF_EACH = "a change of each of several amounts, of which it is not said whose it is"
OF_ANOTHER = "an amount of the year before beside one of another thing"


class AmountReader:
    """Publishes the amounts of one document; what has been said so far is kept up by it and by the reader of sentences."""

    def __init__(
        self, book: CodeList, fiscal_year: int | None, final: bool | None, boxes: NumberBoxes | None, department: str | None
    ) -> None:
        """Prepare for one document.

        Args:
            book: the code book.
            fiscal_year: of the document; None if unknown.
            final: whether the document is a final account; None if unknown.
            boxes: tells where numbers stand; None where they have no place.
            department: whose document it is; None if unknown.
        """
        self.ledger = NarrativeRecord()
        self.unread = UnreadNumbers()
        self.headings = Headings()
        self.said = SentenceContext()
        self.path = OpenClassification()
        self.boxes = boxes or NumberBoxes(())
        self.subjects = Subjects(book, fiscal_year, department)
        self._final = final
        self._body = NamedEntity(department)
        self.resolver = LineResolver(self.ledger, self.subjects, book, self._body, fiscal_year, final)
        self.comparisons = Comparisons(self.ledger, self.subjects, self._body, fiscal_year, bool(final), self._drafts)

    @property
    def section(self) -> Section:
        """What the open headings say."""
        section = self.headings.section
        # a heading that names the document's own body is no heading of one of its units
        return msgspec.structs.replace(section, unit=None) if section.unit and self._body.is_named_by_heading(section.unit) else section

    def hold(self, paragraph: Paragraph, clause: Clause, reason: str, named: bool = False) -> None:
        """Hold a clause back, where its section is one on the budget.

        Args:
            paragraph: that it stands in.
            clause: that states an amount or a change.
            reason: why it is in no table.
            named: whether its words name what is in budgets alone, whatever heading stands above.
        """
        if self.section.topic in (None, "budget", "three_public"):
            self.unread.mark(clause.start, clause.end)
            amount = MONEY.search(paragraph.folded, clause.start, clause.end)
            page = paragraph.place(amount.start() if amount else clause.start).page
            self.ledger.hold(paragraph.text[clause.start : clause.end], reason, page, doubtful=self.section.topic is None and not named)

    def change(self, paragraph: Paragraph, clause: Clause, changed: ChangePhrase, at: slice) -> None:
        """Record a change that a clause states, or hold it back.

        Args:
            paragraph: that it stands in.
            clause: that states it.
            changed: what it says.
            at: where its words stand in the paragraph.
        """
        folded, before = paragraph.folded, self.said.changes
        place = self.boxes.of_last(paragraph, at, changed.amount or changed.percent)
        by_percent = changed.percent is not None or percent_follows(folded, at.stop)
        if changed.subject.strip(",") in words("of_each") and not _SECOND.match(folded, at.stop):
            self.said.changes, self.said.basis, self.said.stated = None, None, []
            self.hold(paragraph, clause, OF_EACH)  # 人员经费70万元、公用经费20万元，分别增加5万元、减少2万元
        elif refused := self.comparisons.change(self.said, changed, self.section, place, by_percent):
            if before and len(before) > 1 and self.said.changes is before:
                self.comparisons.withdraw(self.said)  # 收、支总计分别增加8万元、减少7万元: whose each is, is not said
                clause = msgspec.structs.replace(clause, start=_begin_of_each(folded, clause.start))
            self.hold(paragraph, clause, refused)
        else:
            self.unread.mark(at.start, at.stop)
            if changed.base is not None and changed.basis is not None and self.said.basis is not None:
                self.prior(paragraph, clause, changed.base, changed.base_words, clause.start + changed.base_at)

    def prior(self, paragraph: Paragraph, clause: Clause, value: Number, words: str, offset: int) -> None:
        """Record last year's amount, said beside the changes or else the amounts that were stated last.

        Args:
            paragraph: that it stands in.
            clause: that states it.
            value: the amount.
            words: that say what it is of the year before.
            offset: of its digits in the paragraph.
        """
        changed = [change.target for change in self.said.changes or () if change.target is not None]
        place = self.boxes.of(paragraph, offset, len(value.text))
        begin = clause.start if clause.start < offset else begin_of_clause(paragraph.folded, offset)  # 上年：10万元 is two clauses
        targets = changed or self.said.last
        known = self.is_of_same(words, targets)
        if known is False:
            self.comparisons.withdraw(self.said)
            self.hold(paragraph, clause, OF_ANOTHER)
            return
        self.ledger.prior(value, basis_in(words), targets, place, paragraph.text[begin : clause.end], known is True)

    def is_of_same(self, words: str, targets: Sequence[NamedAmount]) -> bool | None:
        """Tell whether the words of last year's amount name what it is said beside; None where some of them are not known.

        `财政拨款支出90万元，比上年一般公共预算支出80万元增加10万元` compares two things.

        Args:
            words: before the amount, folded.
            targets: what it is said beside.
        """
        lines = [line for target in targets if (line := self.ledger.line_of(target)) is not None]
        if not lines or any(names_nothing(words, line.flow) for line in lines):
            return True
        meaning = self.subjects.read(words, words, self.section.classification)
        if meaning is None or self.resolver.names_last_year(meaning):
            return None
        if meaning.kind == "bare" or any(known is target for known in self.comparisons.of(meaning) for target in targets):
            return True
        return any(_of_one_thing(line, draft) for line in lines for draft in self._drafts(meaning))

    def read(self, paragraph: Paragraph, clause: Clause, subject: slice, value: Number, offset: int) -> None:
        """Publish an amount, or hold it back; in a section on something else it is neither.

        Args:
            paragraph: that it stands in.
            clause: that states it.
            subject: where in the paragraph the words stand that say what it is of.
            value: the amount.
            offset: of its digits in the paragraph.
        """
        printed, folded = paragraph.text[subject], paragraph.folded[subject]
        meaning = self.subjects.read(printed, folded, self.section.classification, misprints=True)
        if meaning is None and divides_basic(self.said, self.section) and not self._divides_code():
            meaning = self.subjects.economic_class(printed, folded)
        if meaning is not None and not meaning.words and self.said.pending is not None and self.resolver.names_last_year(self.said.pending):
            meaning, self.said.pending = self.said.pending, None
        self.said.elsewhere = self.said.elsewhere or self.resolver.is_elsewhere(paragraph.folded[subject], meaning)
        if meaning is not None and not self.resolver.is_of_this_year(meaning):
            self.said.elsewhere = True
            if not self.resolver.is_of_last_year(meaning):
                return
            if self.said.last and self.is_of_same(meaning.words, self.said.last) is False:
                self.hold(paragraph, clause, OF_ANOTHER)
            elif self.comparisons.base(self.said, value, meaning.words):
                self.unread.mark(subject.start, offset + len(value.text))
                self.prior(paragraph, clause, value, meaning.words, offset)
            return
        try:
            if meaning is None:
                raise SubjectDoesNotFit(UNKNOWN_SUBJECT)
            measure = self.resolver.measure_of_part(self.said, meaning)
            named = self.resolver.refer(self.said, meaning, value)
            resolved = self.resolver.in_section(self.resolver.of_its_fund(self.said, named), self.section)
            if resolved.kind == "figure":
                if not self._figure(resolved, measure, value, self.boxes.of(paragraph, offset, len(value.text))):
                    return
            elif self.section.topic in (None, "budget", "three_public"):
                self._publish(paragraph, resolved, value, measure, offset, paragraph.folded[subject])
                self.comparisons.name_part(self.said, named, resolved)
            else:
                self.said.clear_subject()
                return
            self.unread.mark(subject.start, offset + len(value.text))
        except SubjectDoesNotFit as misfit:
            if self._divides_code():
                self.said.lose_subject()  # 行政运行100万元，其中：基本支出80万元，包括…；项目支出20万元: of 行政运行
            elif meaning is None or meaning.kind != "bare" or self.said.before is None:
                self.said.clear_subject()  # else it is a second figure for what last year's amount before it is of
            self.said.elsewhere = self.said.elsewhere or isinstance(misfit, OfAnotherBody)
            known = meaning or (None if self.section.topic else self.subjects.read(printed, folded, FUNCTION))
            budgeted = known is not None and _names_budgets_alone(known)
            self.hold(paragraph, clause, UNKNOWN_SUBJECT if meaning is not None and meaning.misprinted else str(misfit), budgeted)

    def lists_basic_parts(self, text: str) -> bool:
        """Tell whether a clause behind words of usage gives parts of basic spending: `用于…日常支出，包括…等人员经费700万元`.

        Args:
            text: the clause, folded.
        """
        amount, lead = MONEY.search(text), _PARTS.match(text)
        if amount is None or lead is None or self.said.meaning is None or self.said.meaning.nature != "basic":
            return False
        words = text[lead.end() : amount.start()]
        part = self.subjects.read(words, words, self.section.classification)
        return part is not None and part.nature in PARTS_OF_BASIC

    def _divides_code(self) -> bool:
        """Tell whether the sentence lists the parts of one nature of one classification."""
        whole = self.said.parent
        if whole is None or whole[1] is None or whole[1].kind != "nature":
            return False
        return any((line := self.ledger.line_of(target)) is not None and line.code is not None for target in whole[0])

    def _publish(self, paragraph: Paragraph, meaning: SubjectMeaning, value: Number, measure: str, offset: int, words: str) -> None:
        """Publish the amount as one line, or two where it is revenue and expenditure at once."""
        whole = meaning.kind in ("total", "current") or (meaning.kind == "fund" and meaning.flow == "both")
        self.resolver.own(meaning, whole and bool(meaning.flow))
        # the owner may have shown that a heading names the document's own body
        section = of_basic_part(self.said, self.section, meaning)
        lines = self.resolver.lines(self.said, section, self.path.names, meaning, measure, value, by="按" in words)
        if self._final and is_of_the_year(meaning) and any(self.ledger.contradicts(line, value) for line in lines):
            meaning = of_the_year(meaning)  # 收入合计 beside 收入总计, which has what was carried over
            lines = self.resolver.lines(self.said, self.section, self.path.names, meaning, measure, value, by="按" in words)
        if meaning.kind == "code" and section is self.section:
            self.path.open(meaning, words)
        place = self.boxes.of(paragraph, offset, len(value.text))
        targets = [self.ledger.line(line, value, place, meaning.kind == "current", meaning.misprinted) for line in lines]
        if not all(targets):
            # another total of all revenue: the narrative of another body has begun
            self.resolver.foreign = whole and lines[0].flow == "revenue" and lines[0].fund == "total"
            raise (SubjectDoesNotFit if meaning.kind == "code" else OfAnotherBody)("contradicts another sentence")
        own = [t for t in targets if t is not None]
        said_with = paragraph.folded[: paragraph.folded.find("。", offset)]  # 完成年初预算的90% stands behind it
        if says_beginning(f"{section.heading};{said_with}"):
            self.ledger.of_beginning.update(t.line for t in own if t.line is not None)
        self._published(meaning, lines, own)

    def _drafts(self, meaning: SubjectMeaning) -> list[Line]:
        return self.resolver.drafts(self.said, self.section, self.path.names, meaning)

    def _published(self, meaning: SubjectMeaning, lines: list[Line], targets: list[NamedAmount]) -> None:
        said = self.said
        said.state(targets, meaning)
        if meaning.kind in ("total", "fund"):
            said.totals = said.totals + targets
        if meaning.kind == "code" and not meaning.divides_basic:
            said.code, said.split = self.ledger.line_of(targets[0]), False
        elif meaning.kind != "nature":
            said.code = None
        if said.code is None or meaning.kind == "code":
            self.comparisons.name(meaning, targets)
        whole = meaning.kind in ("total", "current") or meaning.code == "total" or (meaning.kind == "fund" and lines[0].level == 0)
        if whole or (meaning.kind == "nature" and meaning.nature == self.section.nature):
            said.whole = targets[0]
            said.flow = lines[0].flow if len(lines) == 1 else ""

    def _figure(self, meaning: SubjectMeaning, measure: str, value: Number, place: LinePosition) -> bool:
        """Record a key figure; tell whether its section is one that states it."""
        whole = self.said.parent[1] if self.said.parent is not None else None
        if whole is not None and is_procured(meaning) and not is_procured(whole):
            raise SubjectDoesNotFit(_PART_OF_ANOTHER)  # 公务用车购置费18万元，其中政府采购18万元
        if _YEAR_BEFORE_FIRST.match(meaning.words):
            raise SubjectDoesNotFit(OF_A_FIGURE)  # 上年政府采购总额161万元，2023年政府采购总额170万元
        indicator = self.resolver.indicator(meaning, measure, self.section)
        if indicator is None:
            self.said.clear_subject()
            return False
        target = self.ledger.figure(indicator, value.yuan, "yuan", value, place, fund_named(meaning.words) or "total")
        if target is None:
            raise SubjectDoesNotFit("contradicts another sentence")
        self.said.state([target], meaning)
        self.said.basis, self.said.code = None, None
        self.comparisons.name(meaning, [target])
        return True


def _names_budgets_alone(meaning: SubjectMeaning) -> bool:
    """Tell whether words name what stands in budgets alone, under whatever heading: a 三公 item, or a code by its full name."""
    if meaning.kind == "three_public":
        return meaning.code not in MEETINGS
    return meaning.kind == "code" and not meaning.misprinted


def _begin_of_each(folded: str, at: int) -> int:
    """Return where the clause begins that says of each of several things how it changed, in the sentence that goes on at `at`."""
    sentence = folded.rfind("。", 0, at) + 1
    each = max((m.start() for m in _EACH.finditer(folded, sentence, at)), default=sentence)
    return max(sentence, *(folded.rfind(mark, sentence, each) + 1 for mark in _CLAUSE_MARKS))


def _of_one_thing(line: Line, draft: Line) -> bool:
    """Tell whether two lines are of one thing, whatever year or measure they are of."""
    of = [(x.flow, x.scheme, x.code or (x.name if x.level and x.scheme == "function" else ""), x.fund, x.nature) for x in (line, draft)]
    return of[0] == of[1]
