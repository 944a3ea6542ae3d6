"""Rows of projects and performance indicators, completed from whatever states them: grids, lines, prose.

Belongs here: what a row is, its amounts, and how a printed target is taken apart. Does not belong here: finding any of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypedDict

from pipeline.budget.amounts import parse_amount, to_yuan
from pipeline.budget.characters import fold
from schemas.vocabulary.phrases import WordPattern, any_of, meanings

_WORDS = "performance_words.csv"
_INLINE = WordPattern(
    lambda: (
        rf"(?P<operator>≥|≤|=|>|<|(?P<words>{any_of(_WORDS, 'not_more_or_less')}))?(?P<number>\d[\d,]*(?:\.\d+)?)"
        r"\(?(?P<unit>[^\d()≥≤=<>,;]{0,8}(?:m[23])?)\)?"
    )
)
_BRACKETED_UNIT = re.compile(r".+\((?P<unit>[^()\d]{1,6})\)")
_ANGLES = str.maketrans("＝﹥﹤＞＜", "=><><")
_FULL_MARKS = 100  # percent: a weight beyond is none

DASHES = ("", "/", "-", "--")
"""What a cell prints that states nothing."""


def target_words(attribute: str) -> Mapping[str, str]:
    """Return phrase → value of one attribute: `column`, `label`, `head`, `dimension`, `sub` (its dimension), `operator` and more."""
    return meanings(_WORDS, attribute)


@dataclass(frozen=True, slots=True)
class Money:
    """The amount of a project in yuan, and its split into 财政拨款 and other funds where one that adds up is printed."""

    amount: Decimal | None = None
    fiscal: Decimal | None = None
    other: Decimal | None = None

    def columns(self) -> dict[str, Decimal | None]:
        """Return the columns of `projects`."""
        return {"amount": self.amount, "fiscal_amount": self.fiscal, "other_amount": self.other}


def read_money(said: Mapping[str, str], unit: str | None) -> Money:
    """Return what the printed `amount`, `fiscal_amount` and `other_amount` say; nothing where their unit is not known.

    A split that does not add up to the amount is not published.
    """
    amount, fiscal, other = (parse_amount(said.get(name, "")) for name in ("amount", "fiscal_amount", "other_amount"))
    if amount is None or unit is None:
        return Money()
    whole = to_yuan(amount, unit)
    if (fiscal is None and other is None) or (fiscal or 0) + (other or 0) != amount:
        return Money(whole)
    return Money(whole, *(None if part is None else to_yuan(part, unit) for part in (fiscal, other)))


class Project(TypedDict):
    """A row of `projects` without document keys: amounts in yuan."""

    project: str
    amount: Decimal | None
    fiscal_amount: Decimal | None
    other_amount: Decimal | None
    basis: str | None
    implementer: str | None
    period: str | None
    goal: str | None
    part_of: str | None


class Indicator(TypedDict):
    """A row of `performance_indicators` without document keys."""

    project: str
    dimension: str | None
    sub_dimension: str | None
    indicator: str
    operator: str | None
    target: str
    target_value: Decimal | None
    unit: str | None
    weight_pct: Decimal | None


@dataclass(slots=True)
class Targets:
    """What a document states of its projects.

    Attributes:
        projects, indicators: rows of `projects` and `performance_indicators` without document keys.
        listed: name, and number with unit, of each project that sentences list, as printed.
    """

    projects: list[dict[str, Any]] = field(default_factory=list)
    indicators: list[dict[str, Any]] = field(default_factory=list)
    listed: list[tuple[str, str]] = field(default_factory=list)

    def project(
        self, name: str, money: Money, goal: str | None, implementer: str | None = None, part_of: str | None = None
    ) -> dict[str, Any]:
        """Add a project, or complete the one of that name, amount and implementer; return its row."""
        for known in self.projects:
            if (
                known["project"] == name
                and (known["amount"] is None or money.amount is None or known["amount"] == money.amount)
                and (known["implementer"] is None or implementer is None or known["implementer"] == implementer)
                and known["part_of"] == (part_of or known["part_of"])
            ):
                if known["amount"] is None:
                    known |= money.columns()
                known["goal"] = known["goal"] or goal
                known["implementer"] = known["implementer"] or implementer
                return known
        row = {"project": name, "basis": None, "implementer": implementer, "period": None, "goal": goal, "part_of": part_of}
        self.projects.append(row | money.columns())
        return self.projects[-1]

    def indicator(self, project: str, parts: dict[str, str]) -> None:
        """Add an indicator row from its printed parts; without a name or a target there is none."""
        name, target = parts.get("indicator", ""), parts.get("target", "")
        if not name or not target:
            return
        operator, unit = parts.get("operator") or None, parts.get("unit") or None
        if operator is None:
            operator, target, unit = _split(target, unit)
        value = parse_amount(target)
        if unit is None and value is not None and (bracket := _BRACKETED_UNIT.fullmatch(fold(name))):
            unit = bracket["unit"]
        weight = parse_amount(parts.get("weight", "").replace("%", "").replace("％", ""))
        self.indicators.append({
            "project": project, "dimension": parts.get("dimension") or None, "sub_dimension": parts.get("sub_dimension") or None,
            "indicator": name, "operator": operator, "target": target, "target_value": value, "unit": unit,
            "weight_pct": weight if weight is not None and 0 <= weight <= _FULL_MARKS else None,
        })  # fmt: skip


def _split(target: str, unit: str | None) -> tuple[str | None, str, str | None]:
    """Split `≤77.48万元`, `=100.00（%）` into operator, number and unit; leave any other wording as it is."""
    match = _INLINE.fullmatch(fold(target).translate(_ANGLES))
    if not match or not match["operator"] or match["words"]:
        return None, target, unit
    return match["operator"], match["number"], unit or match["unit"] or None
