"""How a budget hangs together: which codes, funds and natures are the sum of which, and how far a rounded sum may be off.

Belongs here: what holds for every budget. Does not belong here: the equations of one document (`pipeline/accounting/equations`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from functools import cache, lru_cache, partial
from itertools import accumulate, takewhile

from pipeline.budget.amounts import YUAN_PER, decimals
from pipeline.budget.characters import REMEMBERED
from pipeline.budget.line import Line

ITEMS = ("project", "procurement_item", "item")
"""Schemes whose rows are a list, in which a row may be the sum of those below it."""

THREE_PUBLIC_PARTS = {
    "vehicles": (("vehicle_purchase", "vehicle_operation"),),
    "total": (("abroad", "reception", "vehicles"), ("abroad", "reception", "vehicle_purchase", "vehicle_operation")),
    "with_meetings_training": (("abroad", "reception", "vehicles", "conference", "training"), ("total", "conference", "training")),
}
"""Items of 三公 that are the sum of others: the parts that they may be listed with."""

CODED = ("function", "department_economic", "government_economic")
"""Schemes whose codes nest by prefix."""

NATURES_OF_TOTAL = (
    "basic",
    "project",
    "operating",
    "remittance_to_superiors",
    "subsidy_to_subordinates",
    "reserve",
    "carryforward",
    "surplus_distribution",
    "undisposed_balance",
)
"""Natures that add up to `total`; without a `basic` column its two parts stand in for it."""

NATURES_OUTSIDE_THE_YEAR = ("carryforward", "surplus_distribution", "undisposed_balance")
"""Natures that stand beside the expenditure of the year (本年支出合计), inside the grand total."""

BETWEEN_UNITS = frozenset({"remittance_to_superiors", "subsidy_to_subordinates", "superior_subsidy", "subordinate_remittance"})
"""Natures and funds of what units of one department may pay each other: a total of them all may leave it out."""

PARTS_OF_BASIC = ("basic_personnel", "basic_operating")

FUND_TREE: dict[str, tuple[str, ...]] = {
    "total": ("current_year", "non_fiscal_surplus", "unit_account_balance", "carryover"),
    "current_year": ("fiscal_appropriation", "special_account", "unit_funds"),
    "fiscal_appropriation": ("general_public", "government_fund", "state_capital"),
    "unit_funds": ("business", "operating", "superior_subsidy", "subordinate_remittance", "other"),
    "carryover": (
        "carryover_fiscal_appropriation",
        "carryover_special_account",
        "carryover_unit_funds",
    ),
    "carryover_fiscal_appropriation": ("carryover_general_public", "carryover_government_fund", "carryover_state_capital"),
}
"""Which funds a fund is the sum of (docs/checks.md, R2). Where a fund is not printed, its parts stand in for it."""

FUNDS_OUTSIDE_THE_YEAR = frozenset(
    {*FUND_TREE["total"], *FUND_TREE["carryover"], *FUND_TREE["carryover_fiscal_appropriation"]} - {"current_year"}
)
"""Funds that stand beside the income of the year (本年收入合计), inside the grand total."""


def is_of_which(nature: str | None) -> bool:
    """Tell whether a nature is that of amounts which repeat a part of others (其中：政府采购)."""
    return nature is not None and nature.startswith("of_which_")


def stands_beside_the_year(line: Line) -> bool:
    """Tell whether a line is of what is carried over (上年结转) or forward (结转下年): in the grand total, and not in that of the year."""
    of_income = line.flow == "revenue" and line.fund in FUNDS_OUTSIDE_THE_YEAR
    return of_income or (line.flow == "expenditure" and line.nature in NATURES_OUTSIDE_THE_YEAR)


def without_own_parts(lines: Sequence[Line]) -> list[Line]:
    """Return rows beside the year without those that repeat one above them: the next ones of its nature and fund that add up to it.

    Args:
        lines: of one column or in one order of rows, from the top down.
    """
    kept: list[Line] = []
    at = 0
    while at < len(lines):
        whole = lines[at]
        kept.append(whole)
        at += 1
        alike = takewhile(partial(_stands_as, whole), lines[at:])
        sums = accumulate((line.amount for line in alike), initial=Decimal(0))
        step = printed_step(whole)
        at += next((n for n, own in enumerate(sums) if n and whole.amount and abs(whole.amount - own) <= rounding_tolerance(step, n)), 0)
    return kept


def _stands_as(line: Line, other: Line) -> bool:
    return (line.nature, line.fund, line.column) == (other.nature, other.fund, other.column)


def printed_step(line: Line) -> Decimal:
    """Return the last printed place of a line's amount, in yuan; in the printed unit while that is not known, as the amount is."""
    return step_of(line.unit_text, line.amount_text)


@lru_cache(maxsize=REMEMBERED)
def step_of(unit: str, text: str) -> Decimal:
    """Return the last printed place of a number, in yuan; without a unit, in whatever it is printed in."""
    return (YUAN_PER[unit] if unit else 1) * Decimal(10) ** -decimals(text)


def last_printed_place(lines: Collection[Line]) -> Decimal:
    """Return the smallest printed step of lines, in yuan.

    A zero without decimals (0元 among amounts in 万元 with two) says nothing of how exactly the others are printed.
    """
    return min(map(printed_step, [line for line in lines if line.amount or decimals(line.amount_text)] or lines))


def rounding_steps(lines: Iterable[Line]) -> dict[int, Decimal]:
    """Return per printed table the smallest printed step in yuan: the most decimals that any of its amounts prints."""
    members: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        members[line.statement_no].append(line)
    return {number: last_printed_place(own) for number, own in members.items()}


def is_prefix_of_others(code: str | None, codes: Iterable[str]) -> bool:
    """Tell whether a budget unit's code begins those of others: the department above them."""
    return bool(code) and any(other != code and other.startswith(code) for other in codes if code)


def rounding_tolerance(step: Decimal, addends: int) -> Decimal:
    """Return how far a sum of `addends` rounded numbers may be off; one addend is the same number again: nothing."""
    return step * (addends + 1) / 2 if addends > 1 else Decimal(0)


def is_sum(whole: Decimal, parts: Sequence[Decimal], step: Decimal) -> bool:
    """Tell whether `whole` is the sum of `parts`, but for rounding at the printed place `step`; of nothing, zero is."""
    return abs(whole - sum(parts, Decimal(0))) <= rounding_tolerance(step, len(parts))


def adds_up(whole: Decimal, parts: Sequence[Line], step: Decimal) -> bool:
    """Tell whether `whole` is the sum of the lines `parts`, but for rounding at the printed place `step`; of nothing, nothing is."""
    return bool(parts) and is_sum(whole, [line.amount for line in parts], step)


def comprises(head: Sequence[Line], others: Iterable[Line]) -> bool:
    """Tell whether a row is the department above budget units: each of its amounts is the sum of theirs, and some are not zero.

    Args:
        head: the row's lines.
        others: lines of all other units.
    """
    columns: dict[tuple[int, str], list[Line]] = defaultdict(list)
    for line in others:
        columns[line.column, line.measure].append(line)

    def is_whole(line: Line) -> bool:
        parts = columns[line.column, line.measure]
        return adds_up(line.amount, parts, min(map(printed_step, (line, *parts))))

    return any(line.amount for line in head) and all(map(is_whole, head))


def fund_parts(fund: str, present: Iterable[str]) -> tuple[str, ...]:
    """Return the funds among `present` that add up to `fund`, each counted once (a missing fund's parts stand in)."""
    return _fund_parts(fund, frozenset(present))


@lru_cache(maxsize=1024)
def _fund_parts(fund: str, have: frozenset[str]) -> tuple[str, ...]:
    def cover(node: str) -> list[str]:
        return [node] if node in have else [p for child in FUND_TREE.get(node, ()) for p in cover(child)]

    return tuple(p for child in FUND_TREE.get(fund, ()) for p in cover(child))


@cache
def funds_within(fund: str) -> frozenset[str]:
    """Return the funds that are parts of `fund`, at any depth."""
    children = FUND_TREE.get(fund, ())
    return frozenset(children).union(*(funds_within(child) for child in children))


def nature_parts(nature: str, present: Iterable[str]) -> tuple[str, ...]:
    """Return the natures among `present` that add up to `nature`, or nothing where they cannot be complete."""
    return _nature_parts(nature, frozenset(present))


@lru_cache(maxsize=1024)
def _nature_parts(nature: str, have: frozenset[str]) -> tuple[str, ...]:
    basic = tuple(n for n in PARTS_OF_BASIC if n in have)
    if nature == "basic":
        return basic if len(basic) == len(PARTS_OF_BASIC) else ()
    if nature != "total":
        return ()
    parts = tuple(n for n in NATURES_OF_TOTAL if n in have)
    if "basic" not in have:
        parts = basic + parts
    return parts if len(parts) > 1 and {"basic", "project", *basic} & set(parts) else ()


def parent_code(code: str, known: Collection[str]) -> str | None:
    """Return the nearest ancestor of `code` in `known`: its longest proper prefix of 3, 5, … digits."""
    for length in range(len(code) - 2, 2, -2):
        if code[:length] in known:
            return code[:length]
    return None
