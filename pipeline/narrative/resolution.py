"""From what a subject means, in its section and after what has been said, to the budget lines that its amount is of.

Belongs here: whose, of which year and of which measure an amount is, and why it may be of nothing that can be published.
Does not belong here: what a section fixes of a line (`narrative_lines.py`), or what was published before (`ledger.py`).
"""

from __future__ import annotations

from dataclasses import replace

import msgspec

from pipeline.budget.codes.book import FUNCTION, CodeList
from pipeline.budget.line import Line
from pipeline.budget.sums import FUND_TREE, PARTS_OF_BASIC
from pipeline.narrative.claims.context import UNKNOWN_NATURE, NamedEntity, SentenceContext
from pipeline.narrative.claims.facts import NO_SUBJECT, OF_ANOTHER_BODY, OF_ONE_UNIT, UNKNOWN_SUBJECT, NamedAmount
from pipeline.narrative.claims.ledger import NarrativeRecord
from pipeline.narrative.narrative_lines import DIVIDED, OfAnotherBody, SubjectContext, SubjectDoesNotFit, draft_coded, line_without_amount
from pipeline.narrative.sections import Section, heading_level
from pipeline.narrative.text.printed_number import Number
from pipeline.narrative.text.subject_names import SubjectMeaning, Subjects, is_elliptic, is_of_general_public, states_measure, year_named
from schemas.vocabulary.narrative import either, words
from schemas.vocabulary.phrases import WordPattern, any_of

_GOVERNMENTS = "identity_words.csv"  # of headings too: what is no body in one is none in the other
_OF_GOVERNMENT = WordPattern(
    lambda: rf"[^\d,;:。]{{0,12}}?{any_of(_GOVERNMENTS, 'government_level')}{any_of(_GOVERNMENTS, 'office_of_level')}*+"
)
"""What names all offices of one government, and no body: 区级部门(单位), 某市市本级."""

_REST = WordPattern(lambda: either("rest_of_funds"))
_OF_WHOLE = WordPattern(lambda: either("own"))
_CARRIED = WordPattern(lambda: either("carried"))
_NO_MEASURE = WordPattern(lambda: either("no_measure"))
_MEASURE_LAST = WordPattern(lambda: either("filler") + "$")
_MEASURES = ("final", "adjusted_budget")
_OF_APPROPRIATION = ("fiscal_appropriation", *FUND_TREE["fiscal_appropriation"])
_SAID = ("final", "adjusted_budget", "budget")
_PARTS = ("three_public", "code", "nature", "fund", "figure")
"""Kinds of subjects that name what they are of: 支出 or 预算数 alone may go on with the whole."""

PROCURED = ("procurement_goods", "procurement_works", "procurement_services")
"""Figures that their words name only beside a procurement total."""

_PART_OF_UNKNOWN = "a part of something that is not known"
MEETINGS = ("conference", "training")
_AGENCY = "agency_operating_expenditure"
_ALWAYS_PLANNED = "procurement_reserved"
BUDGETED = "_budget"
"""Ends the indicator of a figure that was planned, in a final account."""

_REST_OF_LIST = ("229", "399", "599")
"""Codes of 其他支出: after an amount that was held back they are the rest of that list, of whatever classification it is."""

_NOT_BASIC = ("project", "operating")
_BY_PURPOSE = WordPattern(lambda: either("purpose") + "$")

_NATURES_OF_CODES = ("basic", "basic_personnel", "basic_operating", "project")


class LineResolver:
    """Tells the lines of amounts; remembers whose narrative it is and which fund the 三公 section is about."""

    def __init__(
        self, ledger: NarrativeRecord, subjects: Subjects, book: CodeList, body: NamedEntity, year: int | None, final: bool | None
    ) -> None:
        """Prepare for one document.

        Args:
            ledger: what has been published.
            subjects: resolves paths of classifications.
            book: the code book.
            body: whose budget the document is about.
            year: fiscal year; None if unknown.
            final: whether the document is a final account; None if unknown: then each amount must say it itself.
        """
        self.three_public_fund = "fiscal_appropriation"
        self.compared_fund = ""  # of the 三公 that a paragraph compares with last year's, without their amounts
        self.carried = False  # whether the paragraph speaks of what was carried over
        self.foreign = False
        self._numbered: int | None = None
        self._divided: int | None = None
        self._ledger = ledger
        self._subjects = subjects
        self._book = book
        self._body = body
        self._year = year
        self._final = final

    def begin(self, folded: str) -> None:
        """Begin a paragraph; by the level of its number a list goes on below the income that its heading states."""
        self.compared_fund, self.carried, numbered = "", _CARRIED.search(folded) is not None, heading_level(folded)
        self._numbered = numbered
        if numbered is not None and self._divided is not None and numbered <= self._divided:
            self._divided = None

    def is_of_this_year(self, meaning: SubjectMeaning) -> bool:
        """Tell whether an amount is of the document's year, and of what it plans or accounts for."""
        other = meaning.year is not None and self._year is not None and meaning.year != self._year
        return not other and not any(word in meaning.words for word in words("executed"))

    def is_of_last_year(self, meaning: SubjectMeaning) -> bool:
        """Tell whether an amount that is not this year's may be last year's: no other year is named."""
        return meaning.year is None or self._year is None or meaning.year == self._year - 1

    def names_last_year(self, meaning: SubjectMeaning) -> bool:
        """Tell whether words name nothing but the year before (上年, 上年预算数)."""
        return meaning.kind == "bare" and meaning.year is not None and self._year is not None and meaning.year == self._year - 1

    def is_elsewhere(self, folded: str, meaning: SubjectMeaning | None) -> bool:
        """Tell whether the words before an amount name another year, or a 三公 total in words that may name another body.

        Args:
            folded: the words.
            meaning: what they mean; None where they are not understood.
        """
        year = year_named(folded)
        return (meaning is None and "三公" in folded) or (year is not None and self._year is not None and year != self._year)

    def measure(self, meaning: SubjectMeaning) -> str:
        """Return the measure that the subject's words say, in a budget or a final account.

        Raises:
            SubjectDoesNotFit: where a budget speaks of a final account.
        """
        said = {measure for measure in _MEASURES if states_measure(meaning.words, measure)}
        planned = states_measure(_NO_MEASURE.sub("", meaning.words), "budget")
        if self._final is None and not said and not planned:
            raise SubjectDoesNotFit("neither said to be planned nor spent")
        if self._final is False:
            if "final" in said:
                raise SubjectDoesNotFit("an amount of another measure")
            return "budget"
        if "final" in said or "adjusted_budget" in said:
            return "final" if "final" in said else "adjusted_budget"
        return "budget" if planned else "final"

    def measure_of_part(self, said: SentenceContext, meaning: SubjectMeaning) -> str:
        """Return the measure of an amount; a part that 其中 opens is of its whole's, unless its own words say another.

        `2021年“三公”经费预算为20万元，其中：公务接待费9万元` of a final account is what was planned.

        Raises:
            SubjectDoesNotFit: as `measure`.
        """
        own = self.measure(meaning)
        if not self._final or said.parent is None or meaning.kind not in _PARTS:
            return own
        if any(states_measure(_NO_MEASURE.sub("", meaning.words), measure) for measure in _SAID):
            return own
        measures = {self._measure_of(target) for target in (*said.parent[0], *said.beside)}
        return measures.pop() if len(measures) == 1 else own

    def _measure_of(self, target: NamedAmount) -> str:
        line = self._ledger.line_of(target)
        if line is not None:
            return line.measure
        return "budget" if self._ledger.indicator_of(target).endswith(BUDGETED) else "final"

    def of_its_fund(self, said: SentenceContext, meaning: SubjectMeaning) -> SubjectMeaning:
        """Return a nature or classification that 其中 gives as a part of one fund's money as one of that fund.

        `一般公共预算财政拨款支出100万元，其中：基本支出60万元` says nothing of the basic spending from all funds.
        """
        whole = said.parent[1] if said.parent is not None else None
        if (
            whole is None
            or whole.kind != "fund"
            or whole.fund not in _OF_APPROPRIATION
            or meaning.fund
            or meaning.kind not in ("nature", "code")
        ):
            return meaning
        return replace(meaning, fund=whole.fund)

    def refer(self, said: SentenceContext, meaning: SubjectMeaning, value: Number) -> SubjectMeaning:
        """Return the meaning of an amount whose own words may only say 预算数 or, in a final account, 支出决算.

        Raises:
            SubjectDoesNotFit: where nothing else says what it is of.
        """
        elliptic = meaning.kind == "bare" or (self._final and is_elliptic(meaning)) or _spends(said, bool(self._final), meaning)
        if elliptic and said.pending is not None:
            return self._named_for(said.pending, meaning)
        repeats = any(t.number.value == value.value and t.number.unit == value.unit for t in said.last)
        if elliptic and said.meaning is not None and (self._final or repeats):
            return self._named_for(said.meaning, meaning)
        if meaning.kind == "bare":
            raise SubjectDoesNotFit(NO_SUBJECT)
        return meaning

    def _named_for(self, named: SubjectMeaning, meaning: SubjectMeaning) -> SubjectMeaning:
        """Return what an amount refers to, without the words for another measure than its own (…年初预算, of what was spent)."""
        if not self._final or self.measure(named) == self.measure(meaning):
            return named
        return replace(named, name=_MEASURE_LAST.sub("", named.name) or named.name)

    def lines(
        self,
        said: SentenceContext,
        section: Section,
        path: dict[int, str],
        meaning: SubjectMeaning,
        measure: str,
        value: Number | None,
        by: bool,
    ) -> list[Line]:
        """Return the lines, without amounts, of what a subject means: two where it is revenue and expenditure at once.

        Args:
            said: what the sentences so far have said.
            section: where it stands.
            path: the classification that headings have opened.
            meaning: of the subject, of any kind but `figure` and `bare`.
            measure: of its amount.
            value: its amount; None where only its change is stated.
            by: whether its words say by what they divide (按…分), so that a nature is not of the classification before it.

        Raises:
            SubjectDoesNotFit: where there is no such line.
        """
        if section.unit:
            raise SubjectDoesNotFit(OF_ONE_UNIT)
        if said.nature == UNKNOWN_NATURE:
            raise SubjectDoesNotFit(_PART_OF_UNKNOWN)
        # a part of 三公, or a 款 or 项, is one whatever the words of its whole were, unless that is another's or another year's
        own = meaning.kind == "three_public" or (meaning.kind == "code" and meaning.level > 1)
        if (said.unknown and said.elsewhere) or (said.parts_unknown and not own):
            raise SubjectDoesNotFit(_PART_OF_UNKNOWN)
        if (meaning.kind == "three_public") != (section.topic == "three_public"):
            raise SubjectDoesNotFit("a subject that does not belong to its section")
        if meaning.kind == "three_public" and meaning.code in ("total", "with_meetings_training") and is_of_general_public(meaning.words):
            self.compared_fund = "general_public"
            if value is not None:
                self.three_public_fund = "general_public"
        fund = self.compared_fund or self.three_public_fund
        part = self._divided is not None and self._numbered is not None and self._numbered > self._divided
        around = SubjectContext(section, said.nature, path, fund, self._ledger.incomes(), part, self.carried)
        if meaning.kind == "code":
            beside = said.meaning is not None and said.meaning.divides_basic and meaning.scheme == FUNCTION
            if (said.unknown or beside) and meaning.code in _REST_OF_LIST:
                raise SubjectDoesNotFit(_PART_OF_UNKNOWN)  # 医疗业务支出…，管理费用…，其他支出…: of a list of its own
            return [draft_coded(meaning, measure, around, self._subjects, self._book, self._year)]
        if said.code is not None and meaning.nature in _NATURES_OF_CODES and not meaning.fund and not by:
            return [_nature_of_code(said, meaning, value)]
        if _REST.search(meaning.words) and not meaning.words.endswith("收入") and _flow(said, section, "revenue") == "expenditure":
            raise SubjectDoesNotFit(UNKNOWN_SUBJECT)  # the rest of what spending is paid from
        flows = ("revenue", "expenditure") if meaning.flow == "both" else (meaning.flow or _flow(said, section),)
        found = [line_without_amount(meaning, flow, measure, around) for flow in flows]
        if _divides_other_spending(said, section, meaning) or any(self._is_beside_parts(line, meaning) for line in found):
            raise SubjectDoesNotFit(_PART_OF_UNKNOWN)
        if value is not None and any(line.scheme == "revenue_item" and line.level == 1 and line.fund in DIVIDED for line in found):
            self._divided = self._numbered
        return found

    def _is_beside_parts(self, line: Line, meaning: SubjectMeaning) -> bool:
        """Tell whether basic spending is named by its purpose beside one of its parts: 人员经费…、保障机构正常运转的日常支出…."""
        if not _is_by_purpose(meaning) or self._ledger.states(line):
            return False
        return any(self._ledger.states(msgspec.structs.replace(line, nature=part)) for part in PARTS_OF_BASIC)

    def drafts(self, said: SentenceContext, section: Section, path: dict[int, str], meaning: SubjectMeaning) -> list[Line]:
        """Return the lines (see `lines`), without amounts, of a subject of which only the change is stated; none where there is none."""
        if meaning.kind in ("figure", "bare", "current") or section.topic not in (None, "budget", "three_public"):
            return []
        try:
            self.own(meaning, whole=False)
            return self.lines(said, section, path, meaning, self.measure(meaning), None, by=False)
        except SubjectDoesNotFit:
            return []

    def in_section(self, meaning: SubjectMeaning, section: Section) -> SubjectMeaning:
        """Return 会议费 or 培训费 as a figure of its own in a section on them, which says of no fund that it pays them."""
        if section.topic != "meetings" or meaning.kind != "three_public" or meaning.code not in MEETINGS:
            return meaning
        return replace(meaning, kind="figure", code=f"{meaning.code}_fee")

    def indicator(self, meaning: SubjectMeaning, measure: str, section: Section) -> str | None:
        """Return the indicator of a key figure; None where its section is on something else.

        Args:
            meaning: of its subject, of kind `figure`.
            measure: of its amount: a final account states what was planned before what became of it.
            section: where it stands.

        Raises:
            SubjectDoesNotFit: where its words do not say what it is in this section.
        """
        code = meaning.code or ""
        planned = BUDGETED if self._final and measure != "final" and not code.startswith(_ALWAYS_PLANNED) else ""
        beside = section.topic == "three_public" and code == _AGENCY and "机关" in meaning.words  # “三公”经费和机关运行经费情况
        if (section.topic in ("three_public", "project", "other") and not beside) or section.unit:
            return None
        if not belongs(code, meaning.words, section.topic):
            raise SubjectDoesNotFit("a figure that does not belong to its section")
        unproven = f"procurement_total{planned}" not in self._ledger.figures or section.topic not in (None, "procurement")
        return None if code in PROCURED and unproven else f"{code}{planned}"

    def own(self, meaning: SubjectMeaning, whole: bool) -> None:
        """Check that an amount is the document's own.

        Args:
            meaning: of its subject.
            whole: whether it is a total of all revenue, of all expenditure, or of a fund.

        Raises:
            SubjectDoesNotFit: where it is another body's.
        """
        if meaning.owner and _OF_GOVERNMENT.fullmatch(meaning.owner):
            raise OfAnotherBody(OF_ANOTHER_BODY)
        if not self._body.is_named(meaning.owner, first=whole or (meaning.code == "total" and meaning.year is not None)):
            self.foreign = self.foreign or (whole and bool(meaning.year))
            raise OfAnotherBody(OF_ANOTHER_BODY)
        self.foreign = self.foreign and not meaning.owner
        if self.foreign:
            raise OfAnotherBody("an amount in the part on another body")


def _is_by_purpose(meaning: SubjectMeaning) -> bool:
    """Tell whether words name basic spending by what it is for."""
    return meaning.nature == "basic" and _BY_PURPOSE.search(meaning.words) is not None


def _divides_other_spending(said: SentenceContext, section: Section, meaning: SubjectMeaning) -> bool:
    """Tell whether staff or running costs are parts of projects or of business: `项目支出50万元，包括人员经费20万元`."""
    whole = said.parent[1] if said.parent is not None else None
    nature = whole.nature if whole is not None and whole.kind == "nature" else section.nature
    return nature in _NOT_BASIC and (meaning.nature in PARTS_OF_BASIC or _is_by_purpose(meaning))


def divides_basic(said: SentenceContext, section: Section) -> bool:
    """Tell whether the sentence lists the parts of basic spending, in a section on nothing narrower (`基本支出…，包括工资福利支出…`)."""
    whole = said.parent[1] if said.parent is not None else None
    listed = whole is not None and whole.kind == "nature" and whole.nature == "basic"
    return listed and section.topic == "budget" and section.nature is None and section.scheme in (None, FUNCTION)


def of_basic_part(said: SentenceContext, section: Section, meaning: SubjectMeaning) -> Section:
    """Return what holds for a part of basic spending by economic class: that of a section on basic spending, of its whole's fund."""
    if not meaning.divides_basic or said.parent is None or said.parent[1] is None:
        return section
    return msgspec.structs.replace(section, aspect="basic", nature="basic", fund=said.parent[1].fund or section.fund)


def _spends(said: SentenceContext, final: bool, meaning: SubjectMeaning) -> bool:
    """Tell whether 支出 is said of a part of 三公 that has just been named (`公务接待费支出情况。…批次，支出2万元`), or heads it.

    `检察（款）：2018年预算支出合计90万元` states the total of what stands before the colon; `本部门支出合计` does not.
    """
    named = said.pending or (said.meaning if final else None)
    if named is None or meaning.kind != "total" or meaning.flow != "expenditure" or meaning.owner:
        return False
    return named.kind == "three_public" or (named.kind == "code" and named is said.heads and not _OF_WHOLE.search(meaning.words))


def is_of_the_year(meaning: SubjectMeaning) -> bool:
    """Tell whether a total may be of this year alone by its word (收入合计, where 收入总计 has what was carried over too)."""
    return meaning.kind == "total" and meaning.flow in ("revenue", "expenditure") and meaning.words.endswith("合计")


def of_the_year(meaning: SubjectMeaning) -> SubjectMeaning:
    """Return a total as one of this year alone."""
    return replace(meaning, kind="current", fund="current_year" if meaning.flow == "revenue" else "")


def belongs(indicator: str, said: str, topic: str | None) -> bool:
    """Tell whether a figure's words say what it is in this section: 运行经费 and 固定资产 say it only in theirs."""
    if indicator.startswith("fixed_assets"):
        return topic == "assets"
    return indicator != _AGENCY or "机关" in said or topic == "agency"


def is_procured(meaning: SubjectMeaning) -> bool:
    """Tell whether words name what is procured, or a part of it."""
    return meaning.kind == "figure" and (meaning.code or "").startswith("procurement")


def _nature_of_code(said: SentenceContext, meaning: SubjectMeaning, value: Number | None) -> Line:
    """Return the line of a nature of the classification before it (`…（2082002）…。具体为：人员经费…`)."""
    code = said.code
    if code is None or not said.split or code.nature != "total" or (value is not None and value.yuan > code.amount):
        raise SubjectDoesNotFit("a nature after a classification, of which it may be a part")
    return msgspec.structs.replace(code, nature=meaning.nature)


def _flow(said: SentenceContext, section: Section, usual: str = "") -> str:
    flow = said.listed_flow or said.flow or {"revenue": "revenue", "expenditure": "expenditure"}.get(section.aspect or "", "")
    if not flow and section.aspect in ("basic", "project"):
        return "expenditure"
    flow = flow or usual
    if not flow:
        raise SubjectDoesNotFit("neither said to be revenue nor expenditure")
    return flow
