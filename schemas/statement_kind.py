"""What is said of a kind of statement, and how declared kinds are looked up.

Belongs here: the form of a declaration. Does not belong here: the declarations (`schemas.statements`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from schemas.vocabulary.titles import (
    TitleMeaning,
    TitleRule,
    is_limited,
    leaves_out_a_part,
    names_a_part_of_nature,
    without_asides,
    without_body,
)

ECONOMIC = ("department_economic", "government_economic")
"""The schemes that classify spending by what is bought."""

_UNKNOWN = "other"  # the id of what is of no other kind


COMPARED = frozenset({"X1", "X2", "X3", "X5", "X6", "T2"})
"""The identities between statements that declarations of kinds ask for, and `pipeline.accounting.equations` tries."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """An identity between a statement and another one of the same body, of which it prints the same amounts or a part.

    Attributes:
        check_id: one of `COMPARED`; `T2` is a bound.
        whole: id of the other statement.
        of: what is compared: `total`, `classes` (per 类), `funds` (items of the one, columns of the other), `codes` (items of
            三公 with their economic codes), or `rest` (the total without basic spending, which another statement may print).
        natures: of the amounts on both sides.
        flow: of the amounts on both sides.
        fund: of the amounts on this statement's side.
        fund_of_whole: of those on the other's.
        at_least: the whole is at least the part; otherwise the two are equal.
    """

    check_id: str
    whole: str
    of: Literal["total", "classes", "funds", "codes", "rest"] = "total"
    natures: tuple[str, ...] = ("total",)
    flow: Literal["revenue", "expenditure"] = "expenditure"
    fund: str = "total"
    fund_of_whole: str = "total"
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class StatementKind:
    """One kind of statement.

    Attributes:
        id: canonical, as in `budget_lines.statement`.
        description: its usual title, or what it is, for people (a value of the dictionary).
        is_known: false of the one that stands for all that is no kind in particular.
        sides: what its columns print: `expenditure`, `revenue`, `both` beside each other, or `either` (expenditure, in places
            beside revenue).
        rows: scheme of its rows where neither its columns nor its codes say another.
        fund, nature: the scope that its 合计 covers, unless its title limits it further; None where it covers all, or the title
            alone decides.
        default_fund: fund of amounts for which neither title, header nor row names one, where the statement's subject implies it.
        by_either: its spending is listed by function in some documents, by economic class in others.
        items: the scheme whose items it lists by words of their own, in rows or in columns (`three_public`).
        is_list: only its finest rows add up, whatever codes they print: they say what an item is booked under.
        lists_projects: a name that stands in place of a unit's may be a project's.
        often_empty: bodies that have no money of its fund print it without amounts, and say so.
        holds_targets: it prints targets, whose numbers are no amounts of a budget.
        own_parts: words of headers that say `of_which_…` elsewhere, and here no more than what the statement is about.
        becomes: the kind that it is, when its rows are classified otherwise than its title says: by `economic` code, by
            `function` code, or by `unit` alone.
        family: statements of one family state the same totals, so that a sentence on one may be held against another.
        compared: the identities that hold it against other statements.
        figures: figures of the marts (`schemas.marts`) that it prints, and its rank among the statements that print the same
            one: 1 is the most detailed.
        key_figures: key figures of the narrative that it prints as well, and the code of the row; None is its total.
    """

    id: str
    description: str
    is_known: bool = True
    sides: Literal["expenditure", "revenue", "both", "either"] = "expenditure"
    rows: str = "function"
    fund: str | None = None
    nature: str | None = None
    default_fund: str | None = None
    by_either: bool = False
    items: str | None = None
    is_list: bool = False
    lists_projects: bool = False
    often_empty: bool = False
    holds_targets: bool = False
    own_parts: frozenset[str] = frozenset()
    becomes: Mapping[str, str] = field(default_factory=dict, hash=False)
    family: str | None = None
    compared: tuple[Comparison, ...] = ()
    figures: Mapping[str, int] = field(default_factory=dict, hash=False)
    key_figures: Mapping[str, str | None] = field(default_factory=dict, hash=False)

    @property
    def is_summary(self) -> bool:
        """Whether it sets revenue beside expenditure."""
        return self.sides == "both"

    @property
    def by_economic(self) -> bool:
        """Whether its rows are economic codes."""
        return self.rows in ECONOMIC


class StatementKinds(Mapping[str, StatementKind]):
    """Declared kinds by id, in the order of the contract, with the titles that announce them."""

    def __init__(self, kinds: Iterable[StatementKind], titles: Iterable[TitleRule]) -> None:
        """Hold declarations together with their titles.

        Args:
            kinds: the declarations.
            titles: what titles announce; the first that fits counts.

        Raises:
            ValueError: two kinds have one id; a title, a comparison or `becomes` names a kind that is not declared; a comparison
                has an id that nothing tries.
        """
        declared = tuple(kinds)
        self._kinds = {kind.id: kind for kind in declared}
        self.titles = tuple(titles)
        self._read: dict[str, TitleMeaning | None] = {}
        if len(self._kinds) < len(declared):
            raise ValueError("two kinds of statements have one id")
        named = {rule.meaning.statement for rule in self.titles}
        named |= {other for kind in declared for other in (*kind.becomes.values(), *(c.whole for c in kind.compared))}
        asked = {c.check_id for kind in declared for c in kind.compared}
        if unasked := sorted(asked - COMPARED):
            raise ValueError(f"nothing tries the comparisons {unasked}: their equations are missing in pipeline.accounting")
        if unknown := sorted(named - self._kinds.keys()):
            raise ValueError(f"no declaration of the statement kinds {unknown}")

    def __getitem__(self, id_: str) -> StatementKind:
        """Return the kind with this id."""
        return self._kinds[id_]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the ids."""
        return iter(self._kinds)

    def __len__(self) -> int:
        """Return how many kinds are declared."""
        return len(self._kinds)

    def read_title(self, folded: str) -> TitleMeaning | None:
        """Return what a folded title announces, or None where it is no title of a statement."""
        if folded not in self._read:
            plain = without_asides(folded)
            readings = dict.fromkeys((without_body(plain), plain, folded))
            rule = next((rule for title in readings for rule in self.titles if rule.fits(title)), None)
            self._read[folded] = self._limited(self._within_scope(rule.meaning), plain, rule) if rule else None
        return self._read[folded]

    def _limited(self, said: TitleMeaning, title: str, rule: TitleRule) -> TitleMeaning:
        """Return what a title announces, of no known kind where its words limit the amounts of one: 追加支出预算表."""
        kind = self._kinds[said.statement]
        if not kind.is_known or kind.holds_targets or _UNKNOWN not in self._kinds:
            return said
        if leaves_out_a_part(title, said):
            return TitleMeaning(_UNKNOWN, None if said.fund == "fiscal_appropriation" else said.fund, said.nature, said.flow)
        readings = (title, rule.without_words(title))
        of_part = kind.nature in ("basic", "project") and all(map(names_a_part_of_nature, readings))
        if not of_part and not is_limited(title, of_title=True):
            return said
        return TitleMeaning(_UNKNOWN, said.fund, said.nature, said.flow)

    def _within_scope(self, said: TitleMeaning) -> TitleMeaning:
        kind = self._kinds[said.statement]
        return TitleMeaning(kind.id, said.fund or kind.fund, said.nature or kind.nature, said.flow)

    def printing(self, figure: str) -> tuple[str, ...]:
        """Return the ids of the statements that print a figure of the marts, the most detailed first."""
        return tuple(kind.id for kind in sorted((k for k in self.values() if figure in k.figures), key=lambda k: k.figures[figure]))

    def compared(self, check_id: str, *of: str) -> tuple[tuple[StatementKind, Comparison], ...]:
        """Return the kinds that an identity holds against another statement, with the comparison; `of` limits what is compared."""
        return tuple((k, c) for k in self.values() for c in k.compared if c.check_id == check_id and (not of or c.of in of))

    def extended(self, kinds: Iterable[StatementKind], titles: Iterable[TitleRule]) -> StatementKinds:
        """Return these kinds and further ones, whose titles are tried before the others."""
        return StatementKinds((*self.values(), *kinds), (*titles, *self.titles))
