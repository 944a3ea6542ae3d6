"""The kinds of statements that departments publish, declared once: what each is about, and what follows from it.

Belongs here: everything that is particular to a kind of statement, in the form of `statement_kind.py`. A further kind is a
declaration in `_BUILT_IN` and its titles in `vocabulary/titles.csv`; readers, identities, marts and the dictionary ask the
declaration, never the kind's name. Does not belong here: the words of titles (`vocabulary/`), how statements are read, and how
identities are computed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from schemas.statement_kind import Comparison, StatementKind, StatementKinds
from schemas.vocabulary.titles import TitleMeaning, title_rules


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
    by_either=True,
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
OTHER = StatementKind("other", "a statement that is none of these; its title tells", is_known=False, rows="item")
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
        by_either=True,
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
