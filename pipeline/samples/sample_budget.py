"""A department's budget as one consistent set of entries, from which every statement follows by addition.

Belongs here: the model, its sums, budgets from figure files and random ones. Does not belong here: how anything is printed.
Money is exact Decimal in yuan.
"""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

FISCAL = ("general_public", "government_fund", "state_capital")
"""The funds that make up 财政拨款."""

FUNDS = (*FISCAL, "special_account", "business", "other", "carryover")
"""Every fund that an entry may have."""

_FUNDS_OF = {"total": FUNDS, "current_year": FUNDS[:-1], "fiscal_appropriation": FISCAL}
_NATURES_OF = {
    "total": ("basic_personnel", "basic_operating", "project"),
    "basic": ("basic_personnel", "basic_operating"),
}
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Entry:
    """The smallest part of a budget: what one unit spends for one purpose, on one thing, from one fund.

    Attributes:
        unit: budget code of the unit.
        function: function classification, 项 (7 digits).
        economic: departmental economic classification, 款 (5 digits), or 类 (3 digits) where no finer one is known.
        fund: one of `FUNDS`.
        nature: `basic_personnel`, `basic_operating` or `project`.
        amount: yuan.
        project: name of the project, for nature `project`.
    """

    unit: str
    function: str
    economic: str
    fund: str
    nature: str
    amount: Decimal
    project: str = ""


@dataclass(frozen=True, slots=True)
class ThreePublic:
    """The 三公 amounts in yuan, all of general public funds, and the 机关运行经费 printed beside them."""

    abroad: Decimal
    reception: Decimal
    vehicle_purchase: Decimal
    vehicle_operation: Decimal
    agency_operating: Decimal

    @property
    def vehicles(self) -> Decimal:
        """Purchase and operation of vehicles, yuan."""
        return self.vehicle_purchase + self.vehicle_operation

    @property
    def total(self) -> Decimal:
        """出国 + 接待 + 车辆, yuan."""
        return self.abroad + self.reception + self.vehicles


@dataclass(frozen=True, slots=True)
class Budget:
    """One department's budget of one year. Every statement is a sum over `entries`; revenue equals expenditure.

    Attributes:
        department: its full name; fiscal_year: the budget year.
        units: its budget units as (code, name), at least one.
        names: official names of the codes used, function and economic (3, 5 and 7 digits).
    """

    department: str
    fiscal_year: int
    units: tuple[tuple[str, str], ...]
    names: Mapping[str, str]
    entries: tuple[Entry, ...]
    three_public: ThreePublic

    def amount(
        self, function: str = "", *, economic: str = "", unit: str = "", fund: str = "total", nature: str = "total", project: str = ""
    ) -> Decimal:
        """Return the sum, in yuan, of the entries under a function code and an economic code (prefixes, "" = all)."""
        funds = _FUNDS_OF.get(fund, (fund,))
        natures = _NATURES_OF.get(nature, (nature,))
        return sum(
            (
                e.amount
                for e in self.entries
                if e.function.startswith(function)
                and e.economic.startswith(economic)
                and unit in ("", e.unit)
                and e.fund in funds
                and e.nature in natures
                and project in ("", e.project)
            ),
            ZERO,
        )

    def functions(self, *, unit: str = "", funds: Iterable[str] = FUNDS) -> list[str]:
        """Return the function codes in use, parents before children, in the order of the codes."""
        used = {e.function for e in self.entries if unit in ("", e.unit) and e.fund in set(funds)}
        return sorted({code[:length] for code in used for length in (3, 5, 7)})

    def economics(self, *, fund: str = "general_public", nature: str = "basic") -> list[str]:
        """Return the economic codes in use for a fund and nature, parents before children."""
        natures = _NATURES_OF.get(nature, (nature,))
        funds = _FUNDS_OF.get(fund, (fund,))
        used = {e.economic for e in self.entries if e.fund in funds and e.nature in natures}
        return sorted({code[:length] for code in used for length in (3, 5)})

    def projects(self) -> list[tuple[str, str]]:
        """Return the projects as (unit code, name), in the order of the entries."""
        return list(dict.fromkeys((e.unit, e.project) for e in self.entries if e.nature == "project"))


@cache
def official_names() -> dict[str, str]:
    """Return code → official name of the function and economic classifications that budgets of this package use."""
    return {row["code"]: row["name"] for row in _names()}


@cache
def government_codes() -> dict[str, str]:
    """Return departmental economic code → government economic code."""
    return {row["code"]: row["government_code"] for row in _names() if row["government_code"]}


def _names() -> list[dict[str, str]]:
    text = (resources.files(__package__) / "figures" / "names.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def load(name: str) -> tuple[Budget, dict[str, Any]]:
    """Return the budget of the figure file `name`, and the file's own content (for what narrative needs besides).

    Basic amounts are known by function and by economic code, not by both: they are matched in order, which leaves every
    sum of either classification as given.

    Raises:
        ValueError: the two classifications of the file do not have the same sum.
    """
    data = json.loads((resources.files(__package__) / "figures" / f"{name}.json").read_text(encoding="utf-8"))
    entries: list[Entry] = []
    for nature in ("basic_personnel", "basic_operating"):
        column = {"basic_personnel": 3, "basic_operating": 4}[nature]
        wanted = [(i[0], i[1], i[2], Decimal(i[column])) for i in data["items"] if Decimal(i[column])]
        public = [w for w in wanted if w[2] == "general_public"]
        given = [(code, Decimal(amount)) for code, nat, amount in data["economics"] if nat == nature]
        entries += [Entry(u, f, e, fund, nature, a) for (u, f, fund), e, a in _match([(w[:3], w[3]) for w in public], given)]
        first = given[0][0] if given else "301"
        entries += [Entry(u, f, first, fund, nature, a) for u, f, fund, a in wanted if fund != "general_public"]
    entries += [Entry(u, f, e, fund, "project", Decimal(a), name) for u, f, fund, e, a, name in data["projects"]]
    three = ThreePublic(**{key: Decimal(value) for key, value in data["three_public"].items()})
    units = tuple((code, unit) for code, unit in data["units"])
    names = {**official_names(), **data.get("names", {})}
    return Budget(data["department"], data["fiscal_year"], units, names, tuple(entries), three), data


def _match(
    wanted: list[tuple[tuple[str, str, str], Decimal]], given: list[tuple[str, Decimal]]
) -> list[tuple[tuple[str, str, str], str, Decimal]]:
    if sum((a for _, a in wanted), ZERO) != sum((a for _, a in given), ZERO):
        raise ValueError("the figures by function and by economic code have different sums")
    rest = list(given)
    found = []
    for key, amount in wanted:
        missing = amount
        while missing:
            code, left = rest.pop(0)
            part = min(missing, left)
            found.append((key, code, part))
            missing -= part
            if left > part:
                rest.insert(0, (code, left - part))
    return found


_PERSONNEL = ("30101", "30102", "30103", "30108", "30113", "30199", "30302", "30399")
_OPERATING = ("30201", "30202", "30211", "30213", "30215", "30216", "30228", "30239", "30299", "31002")


def random_budget(
    draw: random.Random, *, quantum: Decimal = Decimal(100), units: int = 1, funds: Iterable[str] = ("general_public",)
) -> Budget:
    """Return a random budget, every amount a multiple of `quantum` yuan, consistent in itself.

    Args:
        draw: the source of chance; the same state gives the same budget.
        quantum: 100 for prints in 万元 with two decimals, 0.01 for 元.
        units: how many budget units it has.
        funds: funds it may spend from (`general_public` always).
    """
    names = official_names()
    identity = json.loads((resources.files(__package__) / "figures" / "departments.json").read_text(encoding="utf-8"))
    department = draw.choice(identity["departments"])
    unit_names = [department + "（本级）" if units > 1 else department, *(department + end for end in identity["subordinates"])][:units]
    unit_list = tuple((f"{301 + n // 9}{n % 9 + 1:03d}", name) for n, name in enumerate(unit_names))
    pool = [code for code in names if len(code) == 7 and not code.startswith(("3", "5"))]
    pools = {
        "government_fund": [c for c in pool if c.startswith(("21208", "21213", "22960"))],
        "state_capital": [c for c in pool if c.startswith("223")],
    }
    ordinary = [c for c in pool if not c.startswith(("21208", "21213", "22960", "223"))]
    entries: list[Entry] = []

    def money(largest: int) -> Decimal:
        """A log-uniform amount below 10**largest quanta, at least one."""
        return quantum * draw.randrange(1, 10 ** draw.randint(2, largest))

    for number, (unit, _) in enumerate(unit_list):
        chosen = sorted(draw.sample(ordinary, draw.randint(4, 9)))
        for code in chosen:
            kinds = draw.choice(
                (("basic_personnel",), ("basic_personnel", "basic_operating"), ("project",), ("basic_operating", "project"))
            )
            for kind in kinds:
                things = {"basic_personnel": _PERSONNEL, "basic_operating": _OPERATING, "project": ("30227",)}[kind]
                for thing in sorted(draw.sample(things, min(len(things), draw.randint(1, 3)))):
                    project = f"{names[code]}{draw.choice(identity['project_endings'])}" if kind == "project" else ""
                    entries.append(Entry(unit, code, thing, "general_public", kind, money(5), project))
        if number == 0:
            entries.append(Entry(unit, chosen[0], "30217", "general_public", "basic_operating", money(3)))
            entries.append(Entry(unit, chosen[0], "30231", "general_public", "basic_operating", money(3)))
            entries.append(Entry(unit, chosen[0], "30101", "general_public", "basic_personnel", money(5)))
        for fund in funds:
            if fund != "general_public":
                code = draw.choice(pools.get(fund, chosen))
                project = f"{names[code]}{draw.choice(identity['project_endings'])}"
                entries.append(Entry(unit, code, "30227", fund, "project", money(4), project))
    reception = sum((e.amount for e in entries if e.economic == "30217"), ZERO)
    operation = sum((e.amount for e in entries if e.economic == "30231"), ZERO)
    three = ThreePublic(
        abroad=ZERO,
        reception=reception,
        vehicle_purchase=ZERO,
        vehicle_operation=operation,
        agency_operating=sum((e.amount for e in entries if e.nature == "basic_operating"), ZERO),
    )
    return Budget(department, draw.choice((2021, 2022, 2023, 2024, 2025, 2026)), unit_list, names, tuple(entries), three)
