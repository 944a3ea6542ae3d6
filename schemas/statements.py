"""The kinds of statements that departments publish, declared once: what each is about, and what follows from it.

Belongs here: everything that is particular to a kind of statement. A further kind is a declaration in `_BUILT_IN` and its
titles in `vocabulary/titles.csv`; readers, identities, marts and the dictionary ask the declaration, never the kind's name.
Does not belong here: the words of titles (`vocabulary/`), how statements are read, and how identities are computed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Literal

from schemas.vocabulary.titles import TitleMeaning, TitleRule, title_rules

ECONOMIC = ("department_economic", "government_economic")
"""The schemes that classify spending by what is bought."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """An identity between a statement and another one of the same body, of which it prints the same amounts or a part.

    Attributes:
        check_id: `X1`, `X2`, `X3`, `X5` or `X6`, `T2` (a bound).
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
        sides: what its columns print: `expenditure`, `revenue`, `both` beside each other, or `either` (expenditure, in places
            beside revenue).
        rows: scheme of its rows where neither its columns nor its codes say another.
        fund, nature: the scope that its 合计 covers, unless its title limits it further; None where it covers all, or the title
            alone decides.
        default_fund: fund of amounts for which neither title, header nor row names one, where the statement's subject implies it.
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
    sides: Literal["expenditure", "revenue", "both", "either"] = "expenditure"
    rows: str = "function"
    fund: str | None = None
    nature: str | None = None
    default_fund: str | None = None
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
    def is_known(self) -> bool:
        """Whether it is any kind in particular."""
        return self.id != OTHER.id

    @property
    def by_economic(self) -> bool:
        """Whether its rows are economic codes."""
        return self.rows in ECONOMIC


def _scope(fund: str, nature: str | None = None) -> dict[str, str | None]:
    return {"fund": fund, "nature": nature}


def _of_fund(fund: str) -> tuple[Comparison, ...]:
    """A statement of one fund's spending by function is that fund's column in the summary of 财政拨款."""
    summary = "fiscal_appropriation_summary"
    return tuple(Comparison("X2", summary, of, fund=fund, fund_of_whole=fund) for of in ("total", "classes"))


def _within_all(fund: str) -> Comparison:
    """Basic and project spending from one fund is at most that from all."""
    return Comparison("X6", "expenditure_summary", natures=("basic", "project"), fund=fund, at_least=True)


def _basic_of(by_function: str, fund: str) -> Comparison:
    """Basic spending is the same by economic code as by function."""
    natures = ("basic", "basic_personnel", "basic_operating")
    return Comparison("X3", by_function, natures=natures, fund=fund, fund_of_whole=fund)


REVENUE_EXPENDITURE_SUMMARY = StatementKind(
    "revenue_expenditure_summary",
    "收支预算总表",
    sides="both",
    family="all funds",
    figures={"revenue": 1, "expenditure": 2},
)
REVENUE_SUMMARY = StatementKind(
    "revenue_summary",
    "收入预算总表",
    sides="revenue",
    family="all funds",
    compared=tuple(Comparison("X1", REVENUE_EXPENDITURE_SUMMARY.id, of, flow="revenue") for of in ("total", "classes", "funds")),
    figures={"revenue": 2},
)
EXPENDITURE_SUMMARY = StatementKind(
    "expenditure_summary",
    "支出预算总表",
    becomes={"economic": "other"},
    family="all funds",
    compared=tuple(Comparison("X1", REVENUE_EXPENDITURE_SUMMARY.id, of) for of in ("total", "classes")),
    figures={"expenditure": 1},
)
THREE_PUBLIC = StatementKind(
    "three_public",
    "“三公”经费预算表",
    rows="item",
    items="three_public",
    default_fund="fiscal_appropriation",
    figures={"three_public": 1},
    key_figures={"agency_operating_expenditure": "agency_operating"},
)
PERFORMANCE_TARGETS = StatementKind("performance_targets", "绩效目标表", rows="item", holds_targets=True)
OTHER = StatementKind("other", "a statement that is none of these; its title tells", rows="item")
"""What a table is of which no title and no code says more."""

_BUILT_IN = (
    REVENUE_EXPENDITURE_SUMMARY,
    REVENUE_SUMMARY,
    EXPENDITURE_SUMMARY,
    StatementKind(
        "expenditure_by_unit",
        "支出预算分单位明细表",
        becomes={"economic": "other"},
        family="all funds",
        compared=(Comparison("X1", REVENUE_EXPENDITURE_SUMMARY.id),),
    ),
    StatementKind(
        "fiscal_appropriation_summary",
        "财政拨款收支预算总表",
        sides="both",
        fund="fiscal_appropriation",
        family="fiscal appropriation",
        figures={"general_public": 2, "government_fund": 2, "state_capital": 2},
    ),
    StatementKind(
        "fiscal_appropriation_by_function",
        "财政拨款支出预算表（功能科目）",
        fund="fiscal_appropriation",
        becomes={"economic": "other", "unit": "fiscal_appropriation_by_unit"},
        family="fiscal appropriation",
        compared=(_within_all("fiscal_appropriation"),),
    ),
    StatementKind(
        "fiscal_appropriation_basic_by_economic",
        "财政拨款基本支出预算表（经济科目）",
        rows="department_economic",
        fund="fiscal_appropriation",
        nature="basic",
        becomes={"function": "basic_expenditure"},
        family="basic",
        compared=(_basic_of("fiscal_appropriation_by_function", "fiscal_appropriation"), _within_all("fiscal_appropriation")),
        figures={"fiscal_appropriation_basic": 1},
    ),
    StatementKind(
        "basic_expenditure",
        "基本支出预算表",
        nature="basic",
        family="basic",
        compared=(Comparison("X3", EXPENDITURE_SUMMARY.id, natures=("basic",)),),
    ),
    StatementKind(
        "fiscal_appropriation_by_unit",
        "财政拨款支出预算明细表",
        fund="fiscal_appropriation",
        becomes={"economic": "other", "function": "fiscal_appropriation_by_function"},
        family="fiscal appropriation",
    ),
    StatementKind(
        "general_public_by_function",
        "一般公共预算支出功能分类预算表",
        fund="general_public",
        becomes={"economic": "general_public_by_economic"},
        compared=(
            *_of_fund("general_public"),
            _within_all("general_public"),
            Comparison("X6", EXPENDITURE_SUMMARY.id, "rest", fund="general_public", at_least=True),
        ),
        figures={"general_public": 1},
    ),
    StatementKind(
        "general_public_by_economic",
        "一般公共预算支出表（按经济分类）",
        rows="department_economic",
        fund="general_public",
        becomes={"function": "general_public_by_function"},
        figures={"general_public_economic": 1},
    ),
    StatementKind(
        "general_public_basic_by_economic",
        "一般公共预算基本支出经济分类预算表",
        rows="department_economic",
        fund="general_public",
        nature="basic",
        becomes={"function": "basic_expenditure"},
        family="basic",
        compared=(
            _basic_of("general_public_by_function", "general_public"),
            _within_all("general_public"),
            Comparison("T2", THREE_PUBLIC.id, "codes", natures=("basic",), fund="general_public", at_least=True),
        ),
        figures={"general_public_basic": 1},
    ),
    StatementKind(
        "general_public_project_by_economic",
        "一般公共预算项目支出表（按经济分类）",
        rows="department_economic",
        fund="general_public",
        nature="project",
    ),
    StatementKind(
        "agency_operating",
        "机关运行经费支出预算表",
        rows="department_economic",
        nature="basic_operating",
        key_figures={"agency_operating_expenditure": None},
    ),
    StatementKind("carryover_expenditure", "财政拨款上年结转资金支出表", fund="carryover", lists_projects=True),
    StatementKind(
        "government_fund_by_function",
        "政府性基金预算支出表",
        sides="either",
        often_empty=True,
        fund="government_fund",
        compared=_of_fund("government_fund"),
        figures={"government_fund": 1},
    ),
    StatementKind(
        "state_capital_by_function",
        "国有资本经营预算支出表",
        sides="either",
        often_empty=True,
        fund="state_capital",
        compared=_of_fund("state_capital"),
        figures={"state_capital": 1},
    ),
    THREE_PUBLIC,
    StatementKind(
        "project_expenditure",
        "项目支出预算表",
        rows="project",
        nature="project",
        is_list=True,
        lists_projects=True,
        compared=(Comparison("X5", EXPENDITURE_SUMMARY.id, natures=("project",)),),
    ),
    PERFORMANCE_TARGETS,
    StatementKind(
        "procurement",
        "政府采购预算表",
        rows="procurement_item",
        is_list=True,
        lists_projects=True,
        own_parts=frozenset({"of_which_procurement", "of_which_procurement_sme", "of_which_procurement_small_micro"}),
        key_figures={"procurement_total": None},
    ),
    OTHER,
)


class StatementKinds(Mapping[str, StatementKind]):
    """Declared kinds by id, in the order of the contract, with the titles that announce them."""

    def __init__(self, kinds: Iterable[StatementKind], titles: Iterable[TitleRule]) -> None:
        """Hold declarations together with their titles.

        Args:
            kinds: the declarations.
            titles: what titles announce; the first that fits counts.

        Raises:
            ValueError: two kinds have one id, or a title, a comparison or `becomes` names a kind that is not declared.
        """
        declared = tuple(kinds)
        self._kinds = {kind.id: kind for kind in declared}
        self.titles = tuple(titles)
        self._read: dict[str, TitleMeaning | None] = {}
        if len(self._kinds) < len(declared):
            raise ValueError("two kinds of statements have one id")
        named = {rule.meaning.statement for rule in self.titles}
        named |= {other for kind in declared for other in (*kind.becomes.values(), *(c.whole for c in kind.compared))}
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
            said = next((rule.meaning for rule in self.titles if rule.fits(folded)), None)
            self._read[folded] = said and self._within_scope(said)
        return self._read[folded]

    def _within_scope(self, said: TitleMeaning) -> TitleMeaning:
        kind = self._kinds[said.statement]
        return TitleMeaning(kind.id, said.fund or kind.fund, said.nature or kind.nature)

    def printing(self, figure: str) -> tuple[str, ...]:
        """Return the ids of the statements that print a figure of the marts, the most detailed first."""
        return tuple(kind.id for kind in sorted((k for k in self.values() if figure in k.figures), key=lambda k: k.figures[figure]))

    def compared(self, check_id: str, *of: str) -> tuple[tuple[StatementKind, Comparison], ...]:
        """Return the kinds that an identity holds against another statement, with the comparison; `of` limits what is compared."""
        return tuple((k, c) for k in self.values() for c in k.compared if c.check_id == check_id and (not of or c.of in of))

    def extended(self, kind: StatementKind, titles: Iterable[TitleRule]) -> StatementKinds:
        """Return these kinds and a further one, whose titles are tried before the others."""
        return StatementKinds((*self.values(), kind), (*titles, *self.titles))


BUILT_IN = StatementKinds(_BUILT_IN, title_rules())
"""The kinds of the contract, with the titles of the vocabulary."""

_declared: ContextVar[StatementKinds] = ContextVar("declared statement kinds", default=BUILT_IN)


def statement_kinds() -> StatementKinds:
    """Return the kinds that are declared: those of the contract, unless `declaring` others."""
    return _declared.get()


@contextmanager
def declaring(kinds: StatementKinds) -> Iterator[None]:
    """Let other kinds be declared within the block, in this thread or task."""
    token = _declared.set(kinds)
    try:
        yield
    finally:
        _declared.reset(token)


def kind_of(statement: str) -> StatementKind:
    """Return the declared kind with the id `statement`.

    Raises:
        KeyError: no such kind is declared.
    """
    return _declared.get()[statement]


def read_title(folded: str) -> TitleMeaning | None:
    """Return what a folded title announces, or None where it is no title of a declared statement."""
    return _declared.get().read_title(folded)
