"""Rows of projects and performance indicators, completed from whatever states them: grids, lines, prose.

Belongs here: what a row is, and its amounts. Does not belong here: finding any of it, taking a target apart (`target_values.py`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, NamedTuple

from pipeline.budget.amounts import parse_amount, to_yuan
from pipeline.budget.characters import REMEMBERED, fold
from pipeline.budget.patterns import UNIT
from pipeline.document.content import PrintedPlace
from pipeline.narrative.claims.facts import ListedAmount
from pipeline.narrative.text.paragraphs import LinePosition
from pipeline.targets.target_values import FULL_MARKS, read_target, read_weight
from schemas.vocabulary.phrases import meanings

_WORDS = "performance_words.csv"
_PRINTED_MONEY = re.compile(rf"(?:人民币|[¥￥])*(?P<number>[-\d,.()]+)(?P<unit>{UNIT})?")
_CODE_BEFORE = re.compile(r"[0-9A-Z]{12,}[-—]*")
_SAME_WORDS = re.compile("[和及与、]|(?:项目)?(?:支出)?$")
_UNQUOTED = str.maketrans("", "", "“”\"'《》()")
_LEAST_MIXED = 5  # characters that no other word has: 社会效益指标
_ENOUGH_PROVEN = 2  # projects: by chance the remarks of one may make up a full mark
_LONGEST_LEVEL = 16  # characters: a longer text is no level of indicators
_WORDS_ALONE = re.compile(r"[\u4e00-\u9fff]+")
_LEVEL = "指标"  # ends a level that is no other table's; its characters are in such a level, however the print mixes them up

WHOLE_DEPARTMENT = "部门整体支出"
"""`project` of the targets that a department sets for all its spending."""

AMOUNTS = ("amount", "fiscal_amount", "other_amount", "carried_amount")
"""Attributes of a project that are money; what was carried over has no column, and completes a split where it is printed as a part."""


OPERATORS = ("operator", "second_operator", "third_operator")
"""Attributes of an indicator in which its sign may stand: 指标性质, 指标方向, 计算符号 side by side."""


@cache
def target_words(attribute: str) -> Mapping[str, str]:
    """Return phrase → value of one attribute: `column`, `label`, `head`, `dimension`, `sub` (its dimension), `operator` and more."""
    return meanings(_WORDS, attribute)


@dataclass(frozen=True, slots=True)
class Money:
    """The amount of a project in yuan, and its split into 财政拨款 and other funds where one that adds up is printed.

    `differing` are the parts of one that does not.
    """

    amount: Decimal | None = None
    fiscal: Decimal | None = None
    other: Decimal | None = None
    without_unit: bool = False
    differing: tuple[Decimal, ...] = ()

    def columns(self) -> dict[str, Decimal | None]:
        """Return the columns of `projects`."""
        return {"amount": self.amount, "fiscal_amount": self.fiscal, "other_amount": self.other}


@lru_cache(maxsize=REMEMBERED)
def read_printed_money(printed: str) -> tuple[Decimal, str | None] | None:
    """Return the number of an amount and the unit printed with it (`33.29万元`), None for no unit; None for no amount."""
    match = _PRINTED_MONEY.fullmatch(fold(printed))
    number = parse_amount(match["number"]) if match else None
    return None if match is None or number is None else (number, match["unit"])


def read_money(said: Mapping[str, str], unit: str | None) -> Money:
    """Return what the printed amounts say; nothing where their unit is not known.

    A split that does not add up to the amount is not published, but told.

    Args:
        said: the amounts as printed, each with its own unit or without.
        unit: of those without.
    """
    amount, fiscal, other, carried = (_yuan(said.get(name, ""), unit) for name in AMOUNTS)
    if amount is None and (printed := read_printed_money(said.get(AMOUNTS[0], ""))) and printed[0]:
        return Money(without_unit=True)
    if amount is None or (fiscal is None and other is None):
        return Money(amount)
    beside = (fiscal or 0) + (other or 0)
    if amount not in (beside, beside + (carried or 0)):
        return Money(amount, differing=tuple(part for part in (fiscal, other) if part))
    return Money(amount, fiscal, other)


def _yuan(printed: str, unit: str | None) -> Decimal | None:
    found = read_printed_money(printed)
    own = found[1] or unit if found else None
    return to_yuan(found[0], own) if found and own else None


def is_one_name(name: str, other: str) -> bool:
    """Tell whether two names are spellings of one: they differ in brackets, quotes, 和 or 及, 项目 at the end, or a code that one lacks."""
    one, another = (_CODE_BEFORE.match(fold(text)) for text in (name, other))
    if one and another and one[0] != another[0]:
        return False
    bare, others = (_SAME_WORDS.sub("", _CODE_BEFORE.sub("", fold(text)).translate(_UNQUOTED)) for text in (name, other))
    return bare == others


class RowPlace(NamedTuple):
    """Where a row of targets is printed: its page, the number of the table on it from 1 (0: lines beside the tables), and its row there."""

    page: int
    table: int
    row: int


Places = Sequence[RowPlace | LinePosition]
"""Where a row of `projects` or `performance_indicators` is printed: rows of grids, or lines of text; empty where nothing says."""


class Project(PrintedPlace):
    """A row of `projects` without document keys: amounts in yuan; `cell` as of a budget line."""

    project: str
    amount: Decimal | None
    fiscal_amount: Decimal | None
    other_amount: Decimal | None
    basis: str | None
    implementer: str | None
    period: str | None
    goal: str | None
    part_of: str | None
    project_no: int
    cell: str | None
    part_of_no: int | None


class Indicator(PrintedPlace):
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
    activity: str | None
    project_no: int | None
    cell: str | None


@dataclass(slots=True)
class Targets:
    """What a document states of its projects.

    Attributes:
        projects, indicators: rows of `projects` and `performance_indicators` without document keys, each with its `Places` as `printed`.
        listed: of each project that sentences list, and of each statement of an amount in a project's story.
        taken: rows that gave an indicator or a project.
        missed: rows that print one which is in neither table.
        without_unit: page → how many projects have an amount there whose unit of money nothing says.
        remarks: number of an indicator → the number that its row prints in a column of remarks (备注).
        held_back: rows of which a goal, a name or a target is not published, since it cannot be told from another text.
        evaluated: page → how many cells say what was spent, achieved or scored, which no table of the dataset holds.
        differing: name of a project, its page (None: unknown) and the parts of its amount that do not add up to it.
    """

    projects: list[dict[str, Any]] = field(default_factory=list)
    indicators: list[dict[str, Any]] = field(default_factory=list)
    listed: list[ListedAmount] = field(default_factory=list)
    taken: set[RowPlace] = field(default_factory=set)
    missed: set[RowPlace] = field(default_factory=set)
    without_unit: Counter[int] = field(default_factory=Counter)
    remarks: dict[int, Decimal] = field(default_factory=dict)
    held_back: set[RowPlace] = field(default_factory=set)
    evaluated: dict[int, int] = field(default_factory=dict)
    differing: list[tuple[str, int | None, tuple[Decimal, ...]]] = field(default_factory=list)

    @property
    def mixed(self) -> dict[tuple[int, int], int]:
        """Page and number of each table → of how many rows a text is held back."""
        return dict(sorted(Counter((place.page, place.table) for place in self.held_back).items()))

    @property
    def unread(self) -> dict[tuple[int, int], int]:
        """Page and number of each table (0: lines beside the tables) → how many rows of targets it prints that gave nothing."""
        return dict(sorted(Counter((place.page, place.table) for place in self.missed - self.taken).items()))

    def project(
        self, name: str, money: Money, goal: str | None, implementer: str | None = None, part_of: str | None = None, *, at: Places
    ) -> dict[str, Any]:
        """Add a project, or complete the one of that name, amount and implementer; return its row.

        Two spellings of one name are one project where they state the same amount.
        """
        if money.differing and not any((told, parts) == (name, money.differing) for told, _, parts in self.differing):
            self.differing.append((name, at[0].page or None if at else None, money.differing))
        for known in self.projects:
            same_amount = known["amount"] == money.amount
            if (
                (known["project"] == name or (money.amount is not None and same_amount and is_one_name(known["project"], name)))
                and (known["amount"] is None or money.amount is None or same_amount)
                and (known["implementer"] is None or implementer is None or known["implementer"] == implementer)
                and known["part_of"] == (part_of or known["part_of"])
                and not (goal and known["goal"] not in (None, goal) and self._has_indicators(known))
            ):
                if known["amount"] is None and money.amount is not None:
                    known |= money.columns() | {"printed": at}
                known["goal"] = known["goal"] or goal
                known["implementer"] = known["implementer"] or implementer
                return known
        return self.add(name, money, goal, implementer, part_of, at=at)

    def add(
        self, name: str, money: Money, goal: str | None = None, implementer: str | None = None, part_of: str | None = None, *, at: Places
    ) -> dict[str, Any]:
        """Add a project of its own and return its row."""
        row = {"project": name, "basis": None, "implementer": implementer, "period": None, "goal": goal, "part_of": part_of, "printed": at}
        row["part_of_no"] = None
        self.without_unit.update({place.page for place in at} if money.without_unit else ())
        self.projects.append(row | money.columns() | {"project_no": len(self.projects) + 1})
        return self.projects[-1]

    def number(self) -> None:
        """Give the indicators of a whole department its number among `projects`, and parts that of the only project of the whole's name."""
        numbers = {row["project"]: row["project_no"] for row in reversed(self.projects)}
        named = Counter(row["project"] for row in self.projects)
        for row in self.projects:
            if row["part_of_no"] is None and named[row["part_of"]] == 1:
                row["part_of_no"] = numbers[row["part_of"]]
        for row in self.indicators:
            if row["project_no"] is None:
                row["project_no"] = numbers.get(row["project"])

    def weigh(self) -> None:
        """Take the numbers of columns of remarks for weights, in projects all of whose indicators have one.

        They are weights where those of a project make up a full mark; where two projects prove it, in all of the document.
        """
        of_projects: dict[tuple[str, int | None], list[int]] = {}
        for at, row in enumerate(self.indicators):
            of_projects.setdefault((row["project"], row["project_no"]), []).append(at)
        marked = [rows for rows in of_projects.values() if len(rows) > 1 and self.remarks.keys() >= set(rows)]
        proven = [rows for rows in marked if sum(self.remarks[at] for at in rows) in FULL_MARKS]
        for rows in marked if len(proven) >= _ENOUGH_PROVEN else proven:
            for at in rows:
                self.indicators[at]["weight_pct"] = self.remarks[at]

    def _has_indicators(self, project: Mapping[str, Any]) -> bool:
        return any(row["project_no"] == project["project_no"] for row in self.indicators)

    def indicator(self, project: Mapping[str, Any], parts: Mapping[str, str], at: Places) -> bool:
        """Add an indicator row of a project from its printed parts; tell whether it has a name and a target: else there is none."""
        name, printed = parts.get("indicator", ""), parts.get("target", "")
        if not name or not printed:
            return False
        dimension, sub = level_of_target(parts.get("dimension", "")), level_of_target(parts.get("sub_dimension", ""))
        dimension, sub = (None if level and len(level) > _LONGEST_LEVEL else level for level in (dimension, sub))  # texts run into it
        if dimension is None and sub is None:
            dimension, sub, name = _levels_before(name)
        dimension = dimension or target_words("sub").get(sub or "")
        operator, unit = _operator_and_unit(parts)
        target = read_target(printed, operator, unit, name)
        if "weight" not in parts and (remark := read_weight(parts.get("remark", ""))) is not None:
            self.remarks[len(self.indicators)] = remark
        self.indicators.append({
            "project": project["project"], "dimension": dimension, "sub_dimension": sub, "indicator": name, "operator": target.operator,
            "target": target.text, "target_value": target.value, "unit": target.unit, "weight_pct": read_weight(parts.get("weight", "")),
            "activity": parts.get("activity") or None, "project_no": project["project_no"], "printed": at,
        })  # fmt: skip
        return True


def _operator_and_unit(parts: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Return the operator and the unit of a row; a sign in the column of units is its operator, and what stands in that one's the unit."""
    signs = [said for key in OPERATORS if (said := parts.get(key))]
    unit = parts.get("unit") or None
    operators = [said for said in signs if fold(said) in target_words("operator")]
    if not operators and unit is not None and fold(unit) in target_words("sign"):
        return unit, signs[0] if len(signs) == 1 else None
    return next((sign for sign in operators if not _WORDS_ALONE.fullmatch(sign)), operators[0] if operators else None), unit


@lru_cache(maxsize=REMEMBERED)  # asked of each text six times: without, a third of coding
def level_of_target(printed: str) -> str | None:
    """Return a level of indicators as printed, without the marks that it counts (`产出指标（50分）`) or a header run into it."""
    folded = fold(printed)
    if not folded or folded.isascii():
        return printed or None  # a number, as most texts of a table are
    before = folded[: folded.rfind("(")] if folded.endswith(")") else folded.removesuffix("分").rstrip("0123456789")
    marked = folded[len(before) : len(before) + 2].strip("(")[:1].isdigit()
    if before and marked and folded[-1] in ")分":
        return before
    known = _known_levels()
    if folded in known or len(folded) > 2 * _LONGEST_LEVEL:
        return printed
    for word in _heads_of_levels():
        if folded.endswith(word) and folded.removesuffix(word) in known:
            return folded.removesuffix(word)
    return _mixed_levels().get("".join(sorted(folded)), printed)


@cache
def _heads_of_levels() -> tuple[str, ...]:
    """Return the words that head columns of levels."""
    return tuple(word for word, column in target_words("column").items() if column.endswith("dimension"))


def is_level(printed: str) -> bool:
    """Tell whether a text is a level of indicators that no other table has: 数量 and 成本 may head a column of any."""
    return _LEVEL[-1] in printed and is_known_level(printed) and (level_of_target(printed) or "").endswith(_LEVEL)


@lru_cache(maxsize=REMEMBERED)
def is_known_level(printed: str) -> bool:
    """Tell whether a text is a level of indicators of the vocabulary."""
    return level_of_target(printed) in _known_levels()


@cache
def _known_levels() -> dict[str, None]:
    """Return the levels of indicators of the vocabulary, in its order: dimensions, then what is below them."""
    return dict.fromkeys((*target_words("dimension"), *target_words("sub")))


@cache
def _mixed_levels() -> Mapping[str, str]:
    """Return the characters, sorted, of levels whose two lines were printed over each other, one of them perhaps twice → the level."""
    levels = [level for level in reversed(_known_levels()) if len(level) >= _LEAST_MIXED]
    twice = {"".join(sorted(level + _LEVEL)): level for level in levels}
    return twice | {"".join(sorted(level)): level for level in levels}


def _levels_before(name: str) -> tuple[str | None, str | None, str]:
    """Take the two levels off an indicator that stands in one cell with them: `产出指标数量指标检查次数`."""
    for dimension in target_words("dimension"):
        rest = name.removeprefix(dimension)
        sub = next((sub for sub in sorted(target_words("sub"), key=len, reverse=True) if rest.startswith(sub)), None)
        if rest != name and sub and len(rest) > len(sub):
            return dimension, sub, rest[len(sub) :]
    return None, None, name
