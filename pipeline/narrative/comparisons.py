"""Changes and shares: what a clause compares, found among what has been said.

Belongs here: to which amounts the words of change and share refer. Does not belong here: their grammar (`clauses.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from pipeline.budget.line import Line
from pipeline.narrative.claims.changes import complete, contradicts, repeats, say_flat
from pipeline.narrative.claims.context import NamedEntity, SentenceContext
from pipeline.narrative.claims.facts import Change, NamedAmount, Share
from pipeline.narrative.claims.ledger import NarrativeRecord
from pipeline.narrative.sections import ON_FIGURES, Section
from pipeline.narrative.text.clauses import ChangePhrase, compared_with_budget
from pipeline.narrative.text.comparison_base import basis_in, is_of_other_measure, is_of_part_of_year
from pipeline.narrative.text.own_budget import FROM_OWN_BUDGET
from pipeline.narrative.text.paragraphs import LinePosition
from pipeline.narrative.text.printed_number import Number
from pipeline.narrative.text.subject_bounds import core_words
from pipeline.narrative.text.subject_names import SubjectMeaning, Subjects, is_elliptic, is_of_general_public, year_named
from schemas.vocabulary import narrative as vocabulary

_NO_PERCENTAGE = Decimal(10) ** 8
"""Percent: a million times. No comparison prints so much; digits have run together, and no column of percentages holds it."""

OF_LIST_OR_PART = "a change of a list or of its last part"
OF_OTHER_MEASURE = "a change from an adjusted budget or an estimate of the year before"
OF_PART_OF_YEAR = "a change from a part of the year before"
WITHOUT_BASIS = "a change of which no words say what it compares with"
_GENERAL = "general_public"
_NAMED_BEFORE = ("figure", "three_public", "code")
"""Kinds of subjects of which 支出决算 may be said without naming them again."""

Drafts = Callable[[SubjectMeaning], Sequence[Line]]
"""Returns the lines, without amounts, of a subject of which only the change is stated; none where there is no such line."""


class Comparisons:
    """Records changes and shares of what the document names."""

    def __init__(
        self, ledger: NarrativeRecord, subjects: Subjects, body: NamedEntity, fiscal_year: int | None, final: bool, drafts: Drafts
    ) -> None:
        """Prepare for one document.

        Args:
            ledger: receives changes and shares.
            subjects: reads the words that name what is compared.
            body: whose budget the document is about.
            fiscal_year: of the document; a comparison with any year but the one before is left out.
            final: whether the document is a final account, whose 支出决算 may be of what was named before.
            drafts: see `Drafts`.
        """
        self._drafts = drafts
        self._ledger = ledger
        self._subjects = subjects
        self._body = body
        self._year = fiscal_year
        self._final = final
        self._named: dict[tuple[str, ...], list[NamedAmount]] = {}
        self._sides: dict[tuple[str, ...], list[NamedAmount]] = {}

    def name(self, meaning: SubjectMeaning, targets: list[NamedAmount]) -> None:
        """Remember the amounts that a subject has been given, for sentences that name them again."""
        self._named[_key(meaning)] = targets
        if meaning.flow == "both" and len(targets) == len(_FLOWS):
            for flow, target in zip(_FLOWS, targets, strict=True):
                self._sides[_key(_of_flow(meaning, flow))] = [target]

    def of(self, meaning: SubjectMeaning) -> list[NamedAmount]:
        """Return the amounts that a subject has been given; of revenue and expenditure at once those of each."""
        if meaning.flow != "both":
            return self._named.get(_key(meaning)) or self._sides.get(_key(meaning), [])
        sides = [self.of(_of_flow(meaning, flow)) for flow in _FLOWS]
        return [t for side in sides for t in side] if all(sides) else []

    def changes_of(self, meaning: SubjectMeaning, sign: int) -> list[Change]:
        """Return the changes without a reason of what a subject names, of the sign given (0: any)."""
        own = self.of(meaning)
        known = [c for c in self._ledger.narrative.changes if c.reason is None and any(c.target is t for t in own)]
        return [c for c in known if sign in (0, c.sign)]

    def has_changed(self, meaning: SubjectMeaning, sign: int) -> bool:
        """Tell whether a change of what a subject names has been stated, of the sign given (0: any)."""
        own = self.of(meaning)
        return any(c.target is t for c in self._ledger.narrative.changes if sign in (0, c.sign) for t in own)

    def name_part(self, said: SentenceContext, named: SubjectMeaning, meaning: SubjectMeaning) -> None:
        """Remember the last amount by its own words where it was taken for a part of one fund's: later sentences call it 基本支出 alone."""
        if meaning is not named:
            said.of_fund.append((named, said.last))
            if not self.of(named):
                self.name(named, said.last)

    def turn_to_named(self, said: SentenceContext, printed: str, folded: str, section: Section) -> None:
        """Let a clause that says something else of another subject end what is said of the amount before it.

        `公务用车购置支出决算比预算无增减变化，比去年减少1万元`, `公务接待费有所压缩，比上年下降5%` are not of the total before them.

        Args:
            said: what the sentences so far have said.
            printed: a clause without an amount, as printed.
            folded: the same, folded.
            section: where it stands.
        """
        words = compared_with_budget(folded)
        if words is None:
            meaning = self._subjects.leading_three_public(printed, folded) if section.topic == "three_public" else None
        elif not core_words(words) or words in vocabulary.words("unsaid"):  # 决算数与预算数持平, 费用支出较年初预算数无增减
            return
        elif (meaning := self._subjects.read(printed[: len(words)], words, section.classification)) is None:
            said.clear_subject()
        self._turn_to(said, meaning)

    def turn_to_words(self, said: SentenceContext, words: str, section: Section) -> None:
        """Go on with what folded words name, if they name anything; with nothing, where they are not understood."""
        if core_words(words):
            meaning = self._subjects.read(words, words, section.classification)
            if meaning is None:
                said.clear_subject()
            self._turn_to(said, meaning)

    def _turn_to(self, said: SentenceContext, meaning: SubjectMeaning | None) -> None:
        if meaning is not None and not (said.meaning is not None and _key(said.meaning) == _key(meaning)):
            said.turn_to(meaning, self.of(meaning))
            said.basis = said.changes = None

    def turn_to_none(self, said: SentenceContext, printed: str, folded: str, section: Section) -> None:
        """Take what a clause says to have no amount (`公务接待费未安排`) for the subject of what follows, not the amount before it."""
        basis = said.basis if said.listing else None
        said.clear_subject()
        said.unknown, said.basis = False, basis
        said.pending = self._subjects.without_amount(printed, folded, section.classification)

    def share(self, said: SentenceContext, words: str, percent: Number) -> None:
        """Record that the last amount is `percent` of the whole that `words` name (the total being split, if they are empty)."""
        if not said.last:
            return
        part, of = said.last[-1], said.whole
        if words:
            of = self._whole(said, words, part)
        if of is not None and not self._are_of_one_measure(part, of):
            of = None  # a part of what was spent, after the budget was stated first
        if of is not part:
            self._ledger.narrative.shares.append(Share(part, of, percent))

    def base(self, said: SentenceContext, value: Number, words: str) -> bool:
        """Take last year's amount for the base of the change that it follows, or of the next; tell whether it can be one.

        `与上年持平（上年预算0万元）`, `上年执行数为50万元，今年预算60万元，比上年执行数增加20%`.

        Args:
            said: what the sentences so far have said.
            value: the amount.
            words: before it, which say of what measure it is.
        """
        for change in said.changes or ():
            change.base = change.base or value
        if said.changes or not said.last:
            return bool(said.changes)
        said.before = value
        said.basis = (basis_in(words), value, "")  # 上年预算5万元，减少1万元
        return True

    def _whole(self, said: SentenceContext, words: str, part: NamedAmount) -> NamedAmount | None:
        """Return the total being split, where the words name a total, or else the last amount of that name."""
        meaning = self._subjects.read(words, words)
        if meaning is None or meaning.kind in ("bare", "code"):
            return None
        split = said.whole
        if split is not None and split is not part and split.line is not None:
            line = self._ledger.narrative.lines[split.line]
            if meaning.kind in ("total", "current"):
                return split if line.flow == meaning.flow else None
            if meaning.kind == "nature" and not meaning.fund and line.nature == meaning.nature:
                return split  # 占基本支出的 in a section on 财政拨款基本支出
        # 总支出 may be a narrower total than that of 收支总计, with what is carried over
        named = self._named.get(_key(meaning))
        return named[0] if named else None

    def _are_of_one_measure(self, part: NamedAmount, whole: NamedAmount) -> bool:
        lines = [line for target in (part, whole) if (line := self._ledger.line_of(target)) is not None]
        return len({line.measure for line in lines}) <= 1

    def change(self, said: SentenceContext, changed: ChangePhrase, section: Section, place: LinePosition, by_percent: bool) -> str | None:
        """Record a change, complete the one that the sentence has begun, or open a comparison.

        Args:
            said: what the sentences so far have said; its changes and basis are kept up.
            changed: the words of change.
            section: where they stand: in one on 三公, or on key figures, nothing else changes.
            place: where the change is printed.
            by_percent: whether a percentage of it follows, which tells a whole from its part.

        Returns:
            The reason why the change is held back, if it is.
        """
        if refused := _is_no_change(changed):
            said.changes, said.basis = None, None
            return refused
        if self._is_of_another_year(said, changed):
            said.changes = said.basis = None
            return None if changed.sign is None else "a change of another year's amount"
        if said.changes and repeats(said.changes, changed, self._year):
            return complete(said, said.changes, changed) or self._settle(said)  # 同比减少5万元，同比下降3%
        if changed.basis is not None:
            said.changes, said.of_own_budget = None, self._final and changed.year is not None and changed.year == self._year
            if changed.year is not None and self._year is not None and changed.year != self._year - 1:
                said.basis = None
                return self._from_own_budget(said, changed)
            said.basis = (changed.basis, changed.base, changed.subject if changed.sign is None else "")
        if changed.sign is None:
            return None
        if said.changes and changed.basis is None and not changed.subject:
            return complete(said, said.changes, changed) or self._settle(said)
        if said.basis is None:
            return self._from_own_budget(said, changed)
        named = changed.subject or said.basis[2]
        targets = [t for t in self._changing(said, named, section) if self._belongs(t, section)]
        said.last_part, of_whole = [], said.is_of_whole(changed.sign, changed.amount)
        if not named and said.parent is not None and (of_whole or _proves_whole(said, changed)):
            said.last_part = said.last if of_whole and said.enumerated else []
            targets = [t for t in said.parent[0] if self._belongs(t, section)]  # 其中A 5万元、B 3万元，较上年增加4万元
        refused = OF_LIST_OR_PART if said.may_be_of_whole_or_part(changed, named, by_percent) else None
        if refused or not targets:
            # what follows (增长 p%) is of the same thing, and must not be taken for a change of another
            said.changes, said.basis, said.stated = None, None, []
            return refused or "a change of something that is not known"
        flat = changed.sign == 0
        stated = [c for c in self._ledger.narrative.changes[-2:] if any(c.target is t for t in targets if t is not None)]
        if flat and stated:
            said.changes = stated
            return say_flat(stated)
        basis, base, _ = said.basis
        base, said.before = base or said.before, None
        if any(contradicts(c, basis, changed) for c in self._ledger.narrative.changes if c.target and any(c.target is t for t in targets)):
            said.changes, said.basis, said.stated = None, None, []
            return "another change than the one stated before"
        phrase = len(self._ledger.narrative.changes)
        said.changes = [
            self._ledger.change(
                Change(
                    t if isinstance(t, NamedAmount) else None, basis, changed.sign, changed.amount, changed.percent, base, flat, phrase,
                    unstated=t if isinstance(t, Line) else None, place=place,
                )
            )
            for t in targets
        ]  # fmt: skip
        for change in said.changes:
            change.reason = change.reason or said.because or None
        said.enumerated = False
        said.because, said.listing = "", changed.basis is None and bool(changed.subject)
        said.stated, said.own_difference = said.stated + said.changes, False
        said.turn_by_percent()
        return self._settle(said)

    def _from_own_budget(self, said: SentenceContext, changed: ChangePhrase) -> str | None:
        """Return why a difference is held back: it is from the year's own budget (`与2021年度预算相比，减少…`), or from nothing named."""
        if not (said.of_own_budget and changed.sign and changed.amount is not None):
            return WITHOUT_BASIS if said.last and not said.stated and changed.sign and changed.amount is not None else None
        said.state_own_difference()
        return FROM_OWN_BUDGET

    def withdraw(self, said: SentenceContext) -> None:
        """Take back the changes just stated: another amount behind theirs (`各减少12万元、2万元`) leaves open whose each is."""
        self._take_back(said.changes or [])
        said.changes, said.basis, said.stated = None, None, []

    def _take_back(self, changes: Sequence[Change]) -> None:
        told = self._ledger.narrative
        told.changes = [c for c in told.changes if not any(c is taken for taken in changes)]

    def _settle(self, said: SentenceContext) -> str | None:
        """Let the percentage say whether the change behind a list is the whole's or its last part's; take it back where it says neither.

        `支出80万元，其中：基本支出50万元、项目支出30万元，比上年减少20万元，下降40%` is said of the last part alone.
        """
        changes, part = said.changes or [], said.last_part
        if not part or not all(c.amount is not None and c.percent is not None and c.percent.value for c in changes):
            return None
        said.last_part = []
        of_whole = all(c.target is not None and c.percent is not None and c.is_percent_of(c.target, c.percent) for c in changes)
        of_part = len(part) == 1 and all(c.percent is not None and c.is_percent_of(part[0], c.percent) for c in changes)
        if of_whole and not of_part:
            return None
        told, first = self._ledger.narrative, changes[0]
        self._take_back(changes)
        if of_whole or not of_part or any(contradicts(c, first.basis, first) for c in told.changes if c.target is part[0]):
            said.changes, said.basis, said.stated = None, None, []
            return OF_LIST_OR_PART
        said.stated = [c for c in said.stated if not any(c is taken for taken in changes)]
        first.target = part[0]
        said.changes = [self._ledger.change(first)]
        said.stated += said.changes
        return None

    def _is_of_another_year(self, said: SentenceContext, changed: ChangePhrase) -> bool:
        """Tell whether the amount that changed is another year's: its subject says so, or that of the change before it."""
        if self._year is None:
            return False
        year = year_named(changed.subject)
        if year is not None or changed.year == self._year - 1:
            said.of_another_year = year is not None and year != self._year
        return said.of_another_year

    def _changing(self, said: SentenceContext, words: str, section: Section) -> Sequence[NamedAmount | Line]:
        """Return what a change is a change of, by the words that name it; by default what was named last."""
        words = words.strip(",")
        if words in vocabulary.words("all_of"):
            return said.named
        unsaid = core_words(words)
        if not unsaid or unsaid in vocabulary.words("unsaid"):
            if words in vocabulary.words("each") and said.totals:
                return said.totals
            if said.pending is None and (unsaid and said.states_list_alone() if said.named else said.listed_alone):
                return []  # 公务接待费2万元，公务用车运行费8万元。较上年减少1万元
            return self._of_meaning(said.pending) if said.pending is not None else said.last
        each = (*vocabulary.words("each"), *vocabulary.words("of_each"))
        words = next((words.removesuffix(word) for word in each if words.endswith(word)), words)
        meaning = self._subjects.read(words, words, section.classification)
        if meaning is None:
            return []
        of_what = said.meaning.kind if said.meaning is not None else ""
        if meaning.kind == "bare" or (self._final and of_what in _NAMED_BEFORE and is_elliptic(meaning)):
            return said.last
        if said.meaning and _key(said.meaning) == _key(meaning) and not self._is_of_narrower_fund(meaning, said.last):
            said.code = said.code if meaning.kind == "code" else None
            return said.last
        if section.fund == _GENERAL and said.meaning and said.last and _is_general_public(said.meaning, meaning):
            return said.last
        targets = (_part_of_fund(said, meaning) or self._of_meaning(meaning)) if self._body.is_named(meaning.owner) else []
        said.turn_to(meaning, [t for t in targets if isinstance(t, NamedAmount)])
        return targets

    def _is_of_narrower_fund(self, meaning: SubjectMeaning, targets: Sequence[NamedAmount]) -> bool:
        """Tell whether 一般公共预算财政拨款“三公”经费 are named after those of all 财政拨款: they are others."""
        lines = [line for target in targets if (line := self._ledger.line_of(target)) is not None]
        named = meaning.kind == "three_public" and is_of_general_public(meaning.words)
        return named and any(line.fund == "fiscal_appropriation" for line in lines)

    def _belongs(self, target: NamedAmount | Line, section: Section) -> bool:
        """Tell whether what changes is what its section is about."""
        line = target if isinstance(target, Line) else self._ledger.line_of(target)
        if section.topic == "three_public":
            return line is None or line.scheme == "three_public"
        return line is None or section.topic not in ON_FIGURES

    def _of_meaning(self, meaning: SubjectMeaning) -> Sequence[NamedAmount | Line]:
        """Return the amounts that a subject has been given, unless they are of other funds than it is of in this section."""
        named, drafts = self.of(meaning), self._drafts(meaning)
        funds = {line.fund for target in named if (line := self._ledger.line_of(target)) is not None}
        return drafts if drafts and funds != {line.fund for line in drafts} else named


def _is_no_change(changed: ChangePhrase) -> str | None:
    """Return why the words of change state none that a table holds; None where they may."""
    if changed.percent is not None and changed.percent.value >= _NO_PERCENTAGE:
        return "a percentage that is none"
    if is_of_other_measure(changed.base_words):
        return OF_OTHER_MEASURE
    return OF_PART_OF_YEAR if is_of_part_of_year(changed.base_words) else None


def _proves_whole(said: SentenceContext, changed: ChangePhrase) -> bool:
    """Tell whether last year's amount and the change make up the whole of a list, and not its last part.

    `总计90万元，其中：A 50万元，B 40万元，比上年80万元增加10万元`.
    """
    if said.parent is None or changed.base is None or changed.amount is None or not changed.sign:
        return False
    now = changed.base.yuan + changed.sign * changed.amount.yuan
    return all(t.number.yuan == now for t in said.parent[0]) and all(t.number.yuan != now for t in said.last)


def _part_of_fund(said: SentenceContext, meaning: SubjectMeaning) -> Sequence[NamedAmount]:
    """Return the amounts of a part of one fund's money that the paragraph has given under the same words."""
    return next((targets for named, targets in reversed(said.of_fund) if _key(named) == _key(meaning)), ())


_FLOWS = ("revenue", "expenditure")


def _of_flow(meaning: SubjectMeaning, flow: str) -> SubjectMeaning:
    """Return one side of a meaning that is revenue and expenditure at once."""
    return replace(meaning, flow=flow, nature="total" if flow == "revenue" else "")


def _key(meaning: SubjectMeaning) -> tuple[str, ...]:
    name = "/".join(n for _, n in meaning.path) if meaning.kind == "code" and meaning.code is None else ""
    return (meaning.kind, meaning.flow, meaning.fund, meaning.nature, meaning.code or name)


def _is_general_public(stated: SubjectMeaning, named: SubjectMeaning) -> bool:
    """Tell whether 财政拨款支出 is said of the 一般公共预算财政拨款支出 that has just been stated."""
    funds = (stated.fund, named.fund) == (_GENERAL, "fiscal_appropriation")
    return funds and stated.kind == named.kind == "fund" and stated.flow == named.flow and not named.owner
