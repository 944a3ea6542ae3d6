"""What the sentences so far have said, which the next may refer to without naming it, and whose budget they speak of."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.budget.characters import fold
from pipeline.budget.line import Line
from pipeline.narrative.claims.facts import Change, NamedAmount
from pipeline.narrative.text.clauses import ChangePhrase, follows_amount, move
from pipeline.narrative.text.printed_number import Number
from pipeline.narrative.text.subject_bounds import core_words, names_expense
from pipeline.narrative.text.subject_names import SubjectMeaning
from schemas.vocabulary.narrative import either, words
from schemas.vocabulary.phrases import WordPattern

_FORMS = WordPattern(lambda: rf"\(.{{0,60}}?\)|{either('form')}$")


_OF_WHICH = "其中"
_JOINS = ("、", "和", "及", "以及")

UNKNOWN_NATURE = "unknown"
"""Nature of a list whose head is not understood, beside lists whose heads name natures."""


@dataclass(slots=True)
class SentenceContext:
    """What the sentences so far have said and the next may refer to.

    Attributes:
        last: targets of the last amount; `meaning`: of its subject.
        pending: a subject named without an amount yet.
        whole: the total that is being split; `flow`: whether into revenue or expenditure; `listed_flow`: of the list that
            the sentence has opened (收入包括：…).
        changes: the changes that the sentence is stating; `basis`: what it compares with (basis, base amount, subject).
        skip: whether the rest of the sentence is reason or usage.
        nature: set by `公用经费：` for the list after it; `UNKNOWN_NATURE` where such a head is not understood.
        code: the last line of a classification; `split`: whether 其中 or 具体为 has followed it.
        unknown: whether the last amount was held back; `parts_unknown`: whether 其中 has split such an amount in this sentence.
        stated: changes that the sentence has stated; `because`: a reason given before the change that it explains;
            `listing`: whether the last change is one of a list under one comparison (`比上年…，其中：A增加…，B减少…`);
            `before`: last year's amount, stated before the change.
        named: all amounts that the sentence has stated (均与上年持平); `list_basis`: what the whole of a list was compared with, and
            its parts are (`比上年减少…，其中：公务接待费4万元，减少1万元`).
        elsewhere: whether the last amount is of another year or of another body, and so are the parts that 其中 opens.
        parent: targets and meaning of the whole that 其中 has opened a list of; `parts`: how many parts it has given;
            `parts_beside`: whether the whole stands in the same sentence; `stated_before_parts`: how many changes were stated then.
        of_fund: subjects without a fund of their own that were given as parts of one fund's money, with their amounts.
        beside: amounts that were stated with the whole of a list before 其中.
        of_another_year: whether the changes that the paragraph states are of another year's amounts.
        enumerated: whether 、 has joined amounts of the list that 其中 has opened: what a comma opens then is said of the whole,
            unless the percentage beside it is one of its last part; `last_part`: that part, while `changes` are the whole's;
            `closed`: whether a semicolon has closed such a list: an amount behind it is none of its parts.
        of_own_budget: whether the comparison that the sentence has opened is one with the year's own budget.
        heads: the subject that stands alone before a colon (`检察（款）：`): a total behind it is of that.
        own_difference: whether the last difference that was stated is one from the year's own budget, which no table holds.
        totals: the totals and funds that the sentence has stated (`各增加` is of all of them).
        beside_last: how many amounts the list has stated since its last semicolon.
        lost: how many amounts the sentence has stated that were held back.
        stated_of_whole: changes of the sentence before the one that 其中 opens: a reason behind that one may explain them too.
        apart: whether words of usage stand before the list that 包括 has opened: a change behind it may be of what stands before them.
        listed_alone: whether the sentence before stated several amounts, and no whole of them.
    """

    last: list[NamedAmount] = field(default_factory=list)
    meaning: SubjectMeaning | None = None
    pending: SubjectMeaning | None = None
    whole: NamedAmount | None = None
    flow: str = ""
    changes: list[Change] | None = None
    basis: tuple[str, Number | None, str] | None = None
    skip: bool = False
    nature: str = ""
    code: Line | None = None
    split: bool = False
    unknown: bool = False
    parts_unknown: bool = False
    of_fund: list[tuple[SubjectMeaning, list[NamedAmount]]] = field(default_factory=list)
    beside: list[NamedAmount] = field(default_factory=list)
    of_another_year: bool = False
    of_own_budget: bool = False
    own_difference: bool = False
    totals: list[NamedAmount] = field(default_factory=list)
    listed_alone: bool = False
    parent: tuple[list[NamedAmount], SubjectMeaning | None] | None = None
    parts: int = 0
    parts_beside: bool = False
    stated_before_parts: int = 0
    enumerated: bool = False
    closed: bool = False
    last_part: list[NamedAmount] = field(default_factory=list)
    stated: list[Change] = field(default_factory=list)
    because: str = ""
    listing: bool = False
    before: Number | None = None
    listed_flow: str = ""
    elsewhere: bool = False
    named: list[NamedAmount] = field(default_factory=list)
    list_basis: tuple[str, Number | None, str] | None = None
    heads: SubjectMeaning | None = None
    lost: int = 0
    beside_last: int = 0
    stated_of_whole: list[Change] = field(default_factory=list)
    apart: bool = False

    def is_doubled(self, before: str, value: Number) -> bool:
        """Tell whether an amount is a second figure for the subject of the one that it directly follows.

        What is said next is still said of that subject. In a list (分别为…) each amount has a subject of its own.
        """
        return follows_amount(before) and bool(self.last) and self.pending is None and self.last[0].number.value != value.value

    def enumerate(self, mark: str) -> None:
        """Take note of what joins two amounts of the list that 其中 has opened."""
        if mark in _JOINS and self.changes is None and self.parent is not None and self.parts:
            self.enumerated = True

    def names_another(self, folded: str, begins: bool = False) -> bool:
        """Tell whether a clause names a part, or below a heading an expense, that is not understood: what follows is said of that.

        `其中基本工资增长，比上年增加5万元`; `外事接待费用，与上年持平` below a heading on all 三公, or as the beginning of a sentence.

        Args:
            folded: the clause.
            begins: whether it begins a sentence.
        """
        part = folded.removeprefix(_OF_WHICH)
        if part != folded:
            return move(part) != 0 or names_expense(part.lstrip(":"))
        of_heading = self.pending is not None and self.meaning is None and not self.last
        return (of_heading or begins) and names_expense(folded) and core_words(folded) not in words("unsaid")

    def split_up(self, apart: bool = False) -> None:
        """Take the last amount for the whole of the list that 其中 opens.

        Args:
            apart: whether words of usage stand between the whole and its list.
        """
        self.apart = apart
        self.split, self.enumerated, self.closed = True, False, False
        self.list_basis = self.basis
        if self.elsewhere:
            self.unknown = True
        self.parts_unknown = self.parts_unknown or self.unknown
        if self.last:
            self.beside_last = 0
            self.parent, self.parts, self.parts_beside = (self.last, self.meaning), 0, bool(self.named)
            self.stated_before_parts = len(self.stated)
            self.beside = self.named or self.beside

    def is_of_whole(self, sign: int | None, amount: Number | None) -> bool:
        """Tell whether a change after the last part of a list is of the whole: 、 joins the parts, or its one part cannot have risen so.

        `收入总计231万元，其中年初结转0万元，较上年增加5万元`: last year's 年初结转 would have been less than nothing.
        """
        if self.parent is None or self.parts_unknown:
            return False
        rise = amount.yuan if amount is not None and sign == 1 else None
        part, whole = self.last[:1], self.parent[0][:1]
        if rise is None or not self._has_one_part() or not all(t.line is not None for t in (*part, *whole)):
            return self.enumerated
        return self.enumerated or (any(t.number.yuan < rise for t in part) and all(t.number.yuan >= rise for t in whole))

    def _has_one_part(self) -> bool:
        """Tell whether 其中 has named one part of what the same sentence states: what follows may be said of either."""
        return self.parts == 1 and self.parts_beside

    def may_be_of_whole_or_part(self, changed: ChangePhrase, named: str, by_percent: bool) -> bool:
        """Tell whether a change stands behind a list of parts none of which has a change of its own, and nothing says of which it is.

        `支出80万元，其中：基本支出50万元、项目支出30万元，比上年下降40%`, `其中：A…，B…；该费用较上年减少5万元`. Beside an amount of change
        a percentage says it itself.

        Args:
            changed: the words of change.
            named: those that name what changed.
            by_percent: whether a percentage stands with the change, or follows it.
        """
        if named:
            unproved = not by_percent and core_words(named.strip(",")) in words("unsaid")
        else:
            alone = changed.amount is None if changed.percent is not None else self.apart and not self.enumerated
            unproved = alone if changed.sign else changed.sign == 0 and self.beside_last > 1
        return unproved and self.lists_parts_alone()

    def turn_by_percent(self) -> None:
        """Let the percentage that is stated with an amount (`减少0.5万元（下降3.85%）`) tell whether a whole or its part changed."""
        for change in self.changes or ():
            if change.amount is not None and change.percent is not None:
                change.target = self.by_percent(change, change.percent)

    def lists_parts_alone(self) -> bool:
        """Tell whether 其中 has listed several parts of what the same sentence states, and no change of it or of a part is stated."""
        beside = self.parent is not None and self.parts_beside and self.parts > 1
        return beside and not self.listing and len(self.stated) <= self.stated_before_parts and not self._whole_changed()

    def _whole_changed(self) -> bool:
        """Tell whether the change of the whole was stated before 其中: what is said behind its parts is not said of it."""
        whole = self.parent[0] if self.parent is not None else []
        return any(change.target is each for change in self.stated[: self.stated_before_parts] for each in whole)

    def _is_first_of_parts(self, change: Change) -> bool:
        """Tell whether a change is the first that is stated since 其中 has listed several parts of what the same sentence states."""
        first = self.stated[self.stated_before_parts :][:1]
        several = self.parts_beside and self.parts > 1 and not self.listing
        return several and len(first) == 1 and first[0] is change and not self._whole_changed()

    def by_percent(self, change: Change, percent: Number) -> NamedAmount | None:
        """Return what changed, by the percentage of it: the whole of a list instead of its last part where it is one of the whole alone."""
        whole = self.parent[0] if self.parent is not None and (self._has_one_part() or self._is_first_of_parts(change)) else []
        if change.target is None or len(whole) != 1 or len(self.last) != 1 or change.target is not self.last[0] or not percent.value:
            return change.target  # 上级补助收入减少0万元，下降0%: nothing of either
        of_whole_alone = change.is_percent_of(whole[0], percent) and not change.is_percent_of(change.target, percent)
        return whole[0] if of_whole_alone else change.target

    def state(self, targets: list[NamedAmount], meaning: SubjectMeaning) -> None:
        """Take an amount for the last that was stated."""
        self.last, self.meaning, self.pending, self.changes = targets, meaning, None, None
        self.basis = self.basis if self.listing else self.list_basis
        self.named = self.named + targets
        self.unknown = self.elsewhere = self.of_another_year = self.of_own_budget = self.own_difference = False
        self.parts += 1
        self.beside_last += 1
        self.enumerated, self.closed = self.enumerated and not self.closed, False

    def state_own_difference(self) -> None:
        """Take a difference from the year's own budget for the last that was stated: a reason behind it is not of another one before."""
        self.changes, self.basis, self.stated, self.own_difference = None, None, [], True

    def turn_to(self, meaning: SubjectMeaning, targets: list[NamedAmount]) -> None:
        """Go on with another subject than the last amount's: what is said next without a subject is said of it."""
        self.last, self.meaning, self.code = targets, meaning, None
        self.pending = None if targets else meaning
        self.parts += 1

    def end_sentence(self, parts_follow: bool = False, *, divided: bool = False) -> None:
        """Forget what holds for one sentence.

        Args:
            parts_follow: whether the next one opens with 其中: then it splits the last amount of this one, known or not.
            divided: whether it opens with other words for parts (具体为): those of an amount that was held back are of nothing known.
        """
        if not parts_follow:
            self.unknown, self.elsewhere = self.unknown and divided, False
        elif self.stated:
            self.elsewhere = False  # a change on last year's amount, which the sentence stated too, is of this year's
        self.listed_alone = self.states_list_alone() if self.named else self.listed_alone
        self.parts_unknown = self.of_own_budget = False
        self.beside = self.named if parts_follow else []
        self.totals, self.named, self.lost, self.listed_flow, self.list_basis, self.heads = [], [], 0, "", None, None
        self._end_list()

    def states_list_alone(self) -> bool:
        """Tell whether the sentence states several amounts, and no whole of them: what it says of 费用 then may be said of any."""
        return self.parent is None and len(self.named) + self.lost > len(self.last)

    def _end_list(self) -> None:
        """End the list of a sentence: what is said next without a subject is said of the whole of its list, not of the last part.

        Of a list of one part it may be said of either, and is then said of nothing, unless both are the same amount.
        """
        self.enumerated = self.closed = False
        if self.parent is None:
            return
        whole, meaning = self.parent
        same = [t.number.value for t in whole[:1]] == [t.number.value for t in self.last[:1]]
        if self.parts > 1 or same:
            self.last, self.meaning, self.code = whole, meaning, self.code if meaning is None or meaning.kind == "code" else None
        elif self.parts == 1:
            self.last = []
        self.parent = None

    def clear_subject(self) -> None:
        """Forget the subject: what follows must not be taken for its change, its share or, after 其中, for a part of another."""
        self.lose_subject()
        self.split, self.code = False, None

    def lose_subject(self) -> None:
        """Forget the subject, but not the classification that is being divided: the next part is one of it."""
        self.unknown = True
        self.lost += 1
        self.last, self.meaning, self.pending, self.changes, self.basis = [], None, None, None, None
        self.stated, self.before = [], None
        self.parts += 1


class NamedEntity:
    """The body that the document is about, as its sentences name it."""

    def __init__(self, name: str | None = None) -> None:
        """Start.

        Args:
            name: of the body, if it is known; else its first total names it.
        """
        self._given = fold(name) if name else None
        self._name: str | None = None

    def is_named(self, words: str, first: bool = False) -> bool:
        """Tell whether `words` name the body, in full or abbreviated; no words name it too.

        Args:
            words: that stand before a subject as its owner.
            first: whether they may be the first to name it.
        """
        if not words:
            return True
        if self._given is not None and is_form_of(words, self._given):
            self._name = self._name or words
            return True
        if self._name is None:
            self._name = words if first else None
            return first
        return is_form_of(words, self._name)

    def is_named_by_heading(self, heading: str) -> bool:
        """Tell whether a heading that names a unit names the body itself, in the very same words."""
        return heading.removesuffix("部门") in {name.removesuffix("部门") for name in (self._name, self._given) if name is not None}


def is_form_of(words: str, name: str) -> bool:
    """Tell whether words are a name, in full, in one of its forms, or abbreviated."""
    if words == name:
        return True
    plain, known = _FORMS.sub("", words), _FORMS.sub("", name)
    rest = iter(known)
    return known.endswith(plain) or plain.endswith(known) or (plain[-2:] == known[-2:] and all(c in rest for c in plain))
