"""Units of money that the document itself contradicts: the same amount, ten thousand times as large in another place.

No sum of a table notices the wrong unit, for all its amounts are wrong alike. Two places that print the same digits for the same
thing in two units do: one of them is misprinted. Belongs here: which of the two is believed, and that none is where nothing tells.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations

from pipeline.budget.amounts import YUAN_PER
from pipeline.budget.line import Line
from pipeline.budget.sums import CODED, step_of
from pipeline.statements.statement_model import Statement

CONTRADICTED = "an amount whose unit another place of the document contradicts"

_APART = YUAN_PER["万元"] / YUAN_PER["元"]
_LEAST_DIGITS = 4  # of the numbers that are the same but for the unit, taken together: fewer may be so by chance
_LEAST_DIGITS_OF_ANY = 5  # one more of totals of which is not said that they are of the same thing
_LEAST_DIGITS_APART = 6  # of such totals in two units, taken together, for them to contradict each other
_WHOLE = ("total", "fiscal_appropriation", "general_public")
"""Funds of which a body spends all of a year, or nearly all."""

_LEAST_BUDGET = Decimal(100_000)  # yuan: the smallest office spends more in a year
_LEAST_AMOUNT = Decimal(100)  # yuan: no statement that has amounts comes to less in a year
_OF_AMOUNT = ("amount", "row")
"""Evidence of a unit that is one amount's own, and no matter of its table."""

_SEVERAL = 2
_MANY_TIMES = 100  # less may be a department beside the wholes of its units


@dataclass(frozen=True, slots=True)
class _Place:
    """One statement, or one sentence: what it prints in one unit.

    Attributes:
        number: of the statement; 0 for a sentence.
        lines: of which nothing but the unit of the place is in question.
        times: how many sentences say the same.
    """

    number: int
    lines: tuple[Line, ...]
    times: int = 1

    @property
    def is_table(self) -> bool:
        return self.number > 0


def hold_contradicted_units(
    statements: Sequence[Statement], narrative: Sequence[Line]
) -> tuple[list[Statement], list[int], list[Line], list[Line]]:
    """Return what is left of statements and sentences without those whose unit of money the document contradicts.

    Args:
        statements: of one document, with their units.
        narrative: lines of its sentences.

    Returns:
        The statements, without the lines of those that are held back; the numbers of these; the lines of sentences that stay; those
        that are held back.
    """
    same: dict[tuple[object, ...], list[Line]] = defaultdict(list)
    for line in narrative:
        same[_said(line)].append(line)
    places = [_Place(s.number, _in_question(s)) for s in statements]
    places = [place for place in places if place.lines] + [_Place(0, (lines[0],), len(lines)) for lines in same.values()]
    wrong = _disbelieved(places) | _too_small(places)
    held = [place.number for n, place in enumerate(places) if n in wrong and place.is_table]
    left = [replace(s, lines=tuple(x for x in s.lines if x.unit_evidence in _OF_AMOUNT)) if s.number in held else s for s in statements]
    unbelieved = {_said(place.lines[0]) for n, place in enumerate(places) if n in wrong and not place.is_table}
    told, not_told = ([x for x in narrative if (_said(x) in unbelieved) is is_wrong] for is_wrong in (False, True))
    return left, held, told, not_told


def _said(line: Line) -> tuple[object, ...]:
    """Return what a sentence says, wherever it stands: several that say the same are compared with the others once."""
    whose = (line.flow, line.scheme, line.code, line.name, line.level, line.fund, line.nature, line.measure, line.unit)
    return (*whose, line.amount, line.amount_text, line.unit_text)


def _in_question(statement: Statement) -> tuple[Line, ...]:
    return tuple(x for x in statement.lines if x.unit_evidence not in _OF_AMOUNT and x.amount and x.column_evidence != "ambiguous")


def _too_small(places: Sequence[_Place]) -> set[int]:
    """Return the tables in 元, beside others in 万元, whose amounts are all too small for it."""
    tables = {n: place for n, place in enumerate(places) if place.is_table}
    in_yuan = {n for n, place in tables.items() if all(line.unit_text == "元" for line in place.lines)}
    if len(in_yuan) == len(tables):
        return set()
    return {n for n in in_yuan if max(abs(line.amount) for line in tables[n].lines) < _LEAST_AMOUNT}


def _disbelieved(places: Sequence[_Place]) -> set[int]:
    """Return which places have a unit that is not believed, of those that contradict each other."""
    amounts: dict[tuple[object, ...], list[tuple[int, Line]]] = defaultdict(list)
    for n, place in enumerate(places):
        for meaning, lines in _by_meaning(place.lines).items():
            if len({line.amount for line in lines}) == 1:  # of several amounts none is the amount of that
                amounts[meaning].append((n, lines[0]))
    agree, differ = Counter[tuple[int, int]](), Counter[tuple[int, int]]()
    for same in amounts.values():
        for (n, line), (m, other) in combinations(same, 2):
            if digits := _same_digits(line, other, Decimal(1)):
                agree[n, m] += digits
            elif digits := _same_digits(line, other, _APART):
                differ[n, m] += digits
    totals = [_totals(place) for place in places]
    for n, m in _with_same_digits(totals) - agree.keys() - differ.keys():
        if digits := sum(map(_digits_of, totals[n].keys() & totals[m].keys())):
            agree[n, m] = digits
        apart = sum(_digits_of(a) for a in totals[n] if _are_apart(a, totals[n], totals[m]) or _are_apart(a, totals[n], totals[m], -1))
        if apart >= _LEAST_DIGITS_APART:
            differ[n, m] = apart
    pairs = [pair for pair, digits in differ.items() if digits >= _LEAST_DIGITS and agree[pair] < digits]
    sides = _Sides(places, [pair for pair, digits in agree.items() if digits > differ[pair]])
    within = {n for pair in pairs if len(set(map(sides.side, pair))) == 1 for n in pair}
    wrong = within.union(*(sides.weaker(n, m) for n, m in {(sides.side(n), sides.side(m)) for n, m in pairs} if n != m))
    return wrong | sides.too_large(wrong)


def _with_same_digits(totals: Sequence[Mapping[Decimal, str]]) -> set[tuple[int, int]]:
    """Return the pairs of places of which two totals have the same digits, whatever their unit."""
    places: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for n, own in enumerate(totals):
        for digits in {amount.as_tuple().digits for amount in own}:
            places[digits].append(n)
    return {pair for same in places.values() for pair in combinations(same, 2)}


def _totals(place: _Place) -> dict[Decimal, str]:
    """Return the totals of a place with their unit, those that have so many digits that hardly another amount has the same by chance."""
    totals = {abs(line.amount).normalize(): line.unit_text for line in place.lines if line.level == 0}
    return {amount: unit for amount, unit in totals.items() if _digits_of(amount) >= _LEAST_DIGITS_OF_ANY}


def _are_apart(amount: Decimal, own: Mapping[Decimal, str], others: Mapping[Decimal, str], power: int = 1) -> bool:
    """Tell whether another place prints the digits of an amount in another unit."""
    unit = others.get(amount * _APART**power)
    return unit is not None and unit != own[amount]


def _digits_of(amount: Decimal) -> int:
    return len(amount.normalize().as_tuple().digits)


def _by_meaning(lines: Iterable[Line]) -> dict[tuple[object, ...], list[Line]]:
    """Return lines by what they are the amount of, whatever statement states it."""
    found: dict[tuple[object, ...], list[Line]] = defaultdict(list)
    for line in lines:
        total = line.level == 0 or (line.flow == "revenue" and line.scheme == "revenue_item")
        what = line.code if line.scheme == "three_public" else "total" if total else (line.scheme, line.code or line.name)
        if line.fund is not None and line.nature is not None:
            found[line.flow, what, line.fund, line.nature, line.measure, line.unit].append(line)
    return found


def _same_digits(line: Line, other: Line, factor: Decimal) -> int:
    """Return how many digits two amounts have in common, if one is `factor` times the other as far as both are printed; else none."""
    large, small = sorted((line, other), key=lambda x: abs(x.amount), reverse=True)
    steps = (step_of(large.unit_text, large.amount_text), step_of(small.unit_text, small.amount_text) * factor)
    if abs(abs(large.amount) - abs(small.amount) * factor) > (max(steps) / 2 if steps[0] != steps[1] else 0):
        return 0
    return min(len("".join(filter(str.isdigit, x.amount_text)).strip("0")) for x in (large, small))


def _whole_of(line: Line) -> Decimal:
    """Return the amount of a line that is all that a body spends or receives; zero where it is a part."""
    whole = (line.fund, line.nature, line.level) == ("total", "total", 0) and line.scheme in (*CODED, "revenue_item", "unit")
    return abs(line.amount) if whole else Decimal(0)


class _Sides:
    """The places of a document by which of them agree, directly or by others."""

    def __init__(self, places: Sequence[_Place], agreeing: Iterable[tuple[int, int]]) -> None:
        self.places = places
        self.root = list(range(len(places)))
        for n, m in agreeing:
            self.root[self.side(m)] = self.side(n)
        self.members: dict[int, set[int]] = defaultdict(set)
        for n in range(len(places)):
            self.members[self.side(n)].add(n)

    def side(self, n: int) -> int:
        """Return the place that stands for all that agree with one."""
        while self.root[n] != n:
            self.root[n] = n = self.root[self.root[n]]
        return n

    def weaker(self, n: int, m: int) -> set[int]:
        """Return the places on the side that is not believed, of two sides that contradict each other: those of both where nothing tells.

        A side that has more support is not believed all the same where no body could live on its amounts: small bodies do.
        """
        one, other = self.members[n], self.members[m]
        for loser, winner in ((one, other), (other, one)):
            if self._kinds(winner) > self._kinds(loser) and (self._is_impossible(loser) or not self._is_impossible(winner)):
                return loser
        return one | other

    def too_large(self, wrong: set[int]) -> set[int]:
        """Return tables of a part, in 万元, that come to many times the whole on which several places agree, as they would not in 元."""
        sides = self.members.values()
        wholes = [max(map(_whole_of, place.lines)) for place in self.places]
        several = [side for side in sides if sum(self.places[n].times for n in side) >= _SEVERAL]
        most = max((wholes[n] for side in several for n in side if n not in wrong), default=Decimal(0))
        parts = [n for (n, *others) in sides if not others and self.places[n].is_table and not wholes[n]]
        largest = {n: max(abs(line.amount) for line in self.places[n].lines) for n in parts}
        in_wan = {n for n in parts if all(line.unit_text == "万元" for line in self.places[n].lines)}
        return {n for n in in_wan if most * _MANY_TIMES <= largest[n] <= most * _APART}

    def _kinds(self, side: set[int]) -> tuple[bool, bool]:
        """Return how well a side is supported: by tables and sentences, which are written apart; by several of either."""
        tables = sum(self.places[n].is_table for n in side)
        sentences = sum(self.places[n].times for n in side) - tables
        return tables > 0 < sentences, max(tables, sentences) >= _SEVERAL

    def _is_impossible(self, side: set[int]) -> bool:
        """Tell whether all that a body spends or receives in a year would be less than any body does."""
        wholes = [abs(x.amount) for n in side for x in self.places[n].lines if x.fund in _WHOLE and (x.nature, x.level) == ("total", 0)]
        return bool(wholes) and max(wholes) < _LEAST_BUDGET
