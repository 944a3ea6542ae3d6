"""The exact solver: which of several readings do the sums admit?

Belongs here: finite choices, linear constraints over integers, and the proof of what all solutions have in common. A row
that prints fewer numbers than its table has columns is one choice (each order-preserving placement is an alternative); so
is a column that two headings fit. Does not belong here: statements, codes, headings, money as decimals.

Method: each constraint keeps only the alternatives that some combination of the others can complete (exact over the
reachable sums, by bounds where these grow too many), then a search proves for every remaining alternative that a solution
holds it or that none does. Work is counted in steps, not seconds, so the same input always gives the same answer; when the
steps run out, an alternative counts as possible. Nothing is ever claimed unique that was not proven so.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

DEFAULT_STEPS = 4_000_000
_SUMS_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Variable:
    """One thing to be decided.

    Attributes:
        alternatives: its possible readings (≥ 1). Each gives the amounts of its cells as integers of one smallest unit;
            a cell that an alternative does not name is zero in it. No cell belongs to two choices.
    """

    alternatives: tuple[Mapping[int, int], ...]


@dataclass(frozen=True, slots=True)
class Constraint:
    """low ≤ Σ whole − Σ parts ≤ high, over cells; a cell that no choice names is zero. `high` None: no upper bound."""

    whole: tuple[int, ...]
    parts: tuple[int, ...]
    low: int = 0
    high: int | None = 0


@dataclass(frozen=True, slots=True)
class Conflict:
    """Constraints (by index) that cannot hold together, none of them dispensable."""

    constraints: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Solution:
    """What all solutions have in common.

    Attributes:
        possible: per choice the indexes of its alternatives that stand in a solution, or that the allowed steps could not
            exclude. Exactly one index is a proof of uniqueness, given the constraints.
        conflicts: empty if the constraints are consistent. Otherwise every choice in a conflict keeps the alternatives that the
            constraints on it alone allow (all, where these are in conflict), and no other constraint that touches it was used.
        undecided: choices for which the steps ran out.
    """

    possible: tuple[tuple[int, ...], ...]
    conflicts: tuple[Conflict, ...] = ()
    undecided: frozenset[int] = frozenset()


def solve(choices: Sequence[Variable], constraints: Sequence[Constraint], *, steps: int = DEFAULT_STEPS) -> Solution:
    """Return which alternatives of each choice stand in a solution of all constraints.

    Args:
        choices: what is to be decided; a choice with one alternative is a given fact.
        constraints: linear sums over the cells of the choices.
        steps: how much work may be spent (about 1–3 million steps a second), over all parts of the problem.
    """
    return _Problem(choices, constraints, steps).solve()


class _Infeasible(Exception):
    """A constraint that nothing can satisfy, met while narrowing; its index is the argument."""


class _OutOfSteps(Exception):
    """The allowed work is spent."""


Domains = list[tuple[int, ...]]


class _Problem:
    """The constraints compiled to per-choice values, and the work done on them."""

    def __init__(self, choices: Sequence[Variable], constraints: Sequence[Constraint], steps: int) -> None:
        self.choices = choices
        self.steps = steps
        self.full: Domains = [tuple(range(len(choice.alternatives))) for choice in choices]
        owner = {cell: n for n, choice in enumerate(choices) for alternative in choice.alternatives for cell in alternative}
        self.limits = [(c.low, c.high) for c in constraints]
        self.terms: list[dict[int, tuple[int, ...]]] = []
        self.watchers: list[list[int]] = [[] for _ in choices]
        for number, constraint in enumerate(constraints):
            signs: dict[int, dict[int, int]] = {}
            for sign, cells in ((1, constraint.whole), (-1, constraint.parts)):
                for cell in cells:
                    if cell in owner:
                        weights = signs.setdefault(owner[cell], {})
                        weights[cell] = weights.get(cell, 0) + sign
            self.terms.append(
                {
                    choice: tuple(
                        sum(weights.get(cell, 0) * amount for cell, amount in alternative.items())
                        for alternative in choices[choice].alternatives
                    )
                    for choice, weights in signs.items()
                }
            )
            for choice in signs:
                self.watchers[choice].append(number)

    def _by_themselves(self, active: set[int]) -> Domains:
        """Return what each choice allows by the constraints on it alone: no solution of all has more, whatever the others are."""
        domains = list(self.full)
        for number in sorted(active):
            (low, high), terms = self.limits[number], self.terms[number]
            if len(terms) == 1:
                ((choice, values),) = terms.items()
                kept = tuple(n for n in domains[choice] if low <= values[n] and (high is None or values[n] <= high))
                domains[choice] = kept or domains[choice]
        return domains

    def solve(self) -> Solution:
        active = set(range(len(self.terms)))
        conflicts: list[Conflict] = []
        while True:
            outcome = self._attempt(active)
            if isinstance(outcome, Solution):
                return Solution(outcome.possible, tuple(conflicts), outcome.undecided)
            touched = {choice for number in outcome for choice in self.terms[number]}
            conflicts.append(Conflict(tuple(sorted(outcome))))
            # What a wrong number takes part in proves nothing about the others; what holds of one choice alone is no such proof.
            broken = {choice for number in outcome if len(self.terms[number]) == 1 for choice in self.terms[number]}
            shared = {number for choice in touched for number in self.watchers[choice] if len(self.terms[number]) > 1}
            active -= shared | {number for choice in broken for number in self.watchers[choice]} | set(outcome)

    def _attempt(self, active: set[int]) -> Solution | list[int]:
        """Solve under the active constraints; a list is a smallest conflict among them."""
        full = self.full
        domains = list(full)
        reasons: list[list[int]] = [[] for _ in self.choices]
        try:
            self._propagate(domains, active, active, reasons)
        except _Infeasible as failure:
            return self._smallest(self._explain(failure.args[0], reasons))
        except _OutOfSteps:
            return Solution(tuple(self._by_themselves(active)), undecided=frozenset(n for n, d in enumerate(full) if len(d) > 1))
        possible = list(domains)
        undecided: set[int] = set()
        for part, inner in sorted(self._parts(domains, active), key=lambda p: (len(p[0]), p[0])):
            known: dict[int, set[int]] = {choice: set() for choice in part}
            try:
                found = self._search(domains, inner)
                if found is None:
                    around = set(inner)
                    for choice in {c for number in inner for c in self.terms[number]}:
                        around.update(reasons[choice])
                    for number in list(around):
                        around.update(self._explain(number, reasons))
                    return self._smallest(sorted(around))
                self._prove_values(domains, inner, part, found, known)
            except _OutOfSteps:
                undecided.update(part)
                if not any(known.values()):  # not even one solution: whatever led here may be wrong
                    linked, alone = self._linked(part, active), self._by_themselves(active)
                    undecided.update(n for n in linked if len(full[n]) > 1)
                    for choice in linked:
                        possible[choice] = alone[choice]
                continue
            for choice in part:
                possible[choice] = tuple(sorted(known[choice]))
        return Solution(tuple(possible), undecided=frozenset(undecided))

    def _prove_values(self, domains: Domains, inner: set[int], part: list[int], found: Domains, known: dict[int, set[int]]) -> None:
        """Prove for each alternative of each choice of a part that a solution holds it, or that none does."""
        for choice in part:
            known[choice].update(found[choice])
        for choice in part:
            for alternative in domains[choice]:
                if alternative in known[choice]:
                    continue
                trial = list(domains)
                trial[choice] = (alternative,)
                witness = self._search(trial, inner, start=[n for n in self.watchers[choice] if n in inner])
                if witness is not None:
                    for other in part:
                        known[other].update(witness[other])

    def _search(self, domains: Domains, inner: set[int], start: Iterable[int] | None = None) -> Domains | None:
        """Return one solution (every domain of the part a single alternative), or None if there is none."""
        pending = [(list(domains), inner if start is None else start)]
        while pending:
            trial, first = pending.pop()
            try:
                self._propagate(trial, first, inner)
            except _Infeasible:
                continue
            choice = self._next(trial, inner)
            if choice is None:
                return trial
            for alternative in reversed(trial[choice]):
                branch = list(trial)
                branch[choice] = (alternative,)
                pending.append((branch, [n for n in self.watchers[choice] if n in inner]))
        return None

    def _next(self, domains: Domains, inner: set[int]) -> int | None:
        """Return the open choice of the tightest constraint, None if all are decided."""
        self._spend(len(inner))
        best: tuple[int, int, int] | None = None
        for number in sorted(inner):
            still_open = [choice for choice in self.terms[number] if len(domains[choice]) > 1]
            for choice in still_open:
                rank = (len(still_open), len(domains[choice]), choice)
                if best is None or rank < best:
                    best = rank
        return None if best is None else best[2]

    def _parts(self, domains: Domains, active: set[int]) -> list[tuple[list[int], set[int]]]:
        """Return the independent parts of what is still open: its choices, and the constraints among them."""
        seen: set[int] = set()
        parts = []
        for first, domain in enumerate(domains):
            if len(domain) == 1 or first in seen:
                continue
            seen.add(first)
            part, inner, queue = [first], set[int](), [first]
            while queue:
                for number in self.watchers[queue.pop()]:
                    if number not in active or number in inner:
                        continue
                    inner.add(number)
                    fresh = [c for c in self.terms[number] if len(domains[c]) > 1 and c not in seen]
                    seen.update(fresh)
                    part.extend(fresh)
                    queue.extend(fresh)
            parts.append((sorted(part), inner))
        return parts

    def _linked(self, part: list[int], active: set[int]) -> set[int]:
        """Return every choice that is joined to a part by constraints, near or far."""
        reached, queue = set(part), list(part)
        while queue:
            for number in self.watchers[queue.pop()]:
                if number in active:
                    fresh = set(self.terms[number]) - reached
                    reached |= fresh
                    queue.extend(fresh)
        return reached

    def _propagate(self, domains: Domains, start: Iterable[int], within: set[int], reasons: list[list[int]] | None = None) -> None:
        """Narrow `domains` in place until no constraint excludes any further alternative.

        Raises:
            _Infeasible: a constraint cannot hold.
            _OutOfSteps: the work is spent.
        """
        queue = deque(sorted(start, key=lambda number: (len(self.terms[number]), number)))
        queued = set(queue)
        while queue:
            number = queue.popleft()
            queued.discard(number)
            for choice, domain in self._narrow(number, domains).items():
                domains[choice] = domain
                if reasons is not None:
                    reasons[choice].append(number)
                for other in self.watchers[choice]:
                    if other != number and other in within and other not in queued:
                        queue.append(other)
                        queued.add(other)

    def _narrow(self, number: int, domains: Domains) -> dict[int, tuple[int, ...]]:
        """Return the smaller domains that one constraint allows."""
        low, high = self.limits[number]
        fixed = 0
        values: list[tuple[int, list[int]]] = []
        for choice, row in self.terms[number].items():
            distinct = sorted({row[i] for i in domains[choice]})
            if len(distinct) == 1:
                fixed += distinct[0]
            else:
                values.append((choice, distinct))
        least, most = fixed + sum(v[0] for _, v in values), fixed + sum(v[-1] for _, v in values)
        self._spend(1 + sum(len(domains[choice]) for choice in self.terms[number]))
        if most < low or (high is not None and least > high):
            raise _Infeasible(number)
        if least >= low and (high is None or most <= high):
            return {}
        allowed = self._by_bounds(values, low, high, least, most)
        if all(allowed[choice] for choice, _ in values):
            exact = self._by_sums([(choice, sorted(allowed[choice])) for choice, _ in values], fixed, low, high)
            allowed = allowed if exact is None else exact
        if not all(allowed.values()):
            raise _Infeasible(number)
        changed = {}
        for choice, distinct in values:
            if len(allowed[choice]) < len(distinct):
                row = self.terms[number][choice]
                changed[choice] = tuple(i for i in domains[choice] if row[i] in allowed[choice])
        return changed

    @staticmethod
    def _by_bounds(values: list[tuple[int, list[int]]], low: int, high: int | None, least: int, most: int) -> dict[int, set[int]]:
        """Keep each value that the extremes of the other choices can complete."""
        return {
            choice: {v for v in distinct if most - distinct[-1] + v >= low and (high is None or least - distinct[0] + v <= high)}
            for choice, distinct in values
        }

    def _by_sums(self, values: list[tuple[int, list[int]]], fixed: int, low: int, high: int | None) -> dict[int, set[int]] | None:
        """Keep each value that some sum of the other choices completes; None where the sums are too many to list."""
        if high is None:
            return None  # bounds are exact for an inequality
        rest_least = [0] * (len(values) + 1)
        rest_most = [0] * (len(values) + 1)
        for n in range(len(values) - 1, -1, -1):
            rest_least[n] = rest_least[n + 1] + values[n][1][0]
            rest_most[n] = rest_most[n + 1] + values[n][1][-1]
        before = [{fixed}]
        for n, (_, distinct) in enumerate(values):
            reached = {s + v for s in before[-1] for v in distinct}
            reached = {s for s in reached if s + rest_most[n + 1] >= low and s + rest_least[n + 1] <= high}
            self._spend(len(reached))
            if len(reached) > _SUMS_AT_ONCE:
                return None
            before.append(reached)
        allowed: dict[int, set[int]] = {}
        after: set[int] = {0}
        for n in range(len(values) - 1, -1, -1):
            choice, distinct = values[n]
            ordered = sorted(before[n])
            kept: set[int] = set()
            further: set[int] = set()
            for v in distinct:
                for s in after:
                    at = bisect_left(ordered, low - v - s)
                    if at < len(ordered) and ordered[at] <= high - v - s:
                        kept.add(v)
                        further.add(v + s)
            self._spend(len(distinct) * len(after))
            if len(further) > _SUMS_AT_ONCE:
                return None
            allowed[choice] = kept
            after = further
        return allowed

    def _spend(self, steps: int) -> None:
        self.steps -= steps
        if self.steps < 0:
            raise _OutOfSteps

    def _explain(self, number: int, reasons: list[list[int]]) -> list[int]:
        """Return every constraint that took part in narrowing what constraint `number` speaks of, itself included."""
        reached, queue = {number}, [number]
        while queue:
            for choice in self.terms[queue.pop()]:
                fresh = [other for other in reasons[choice] if other not in reached]
                reached.update(fresh)
                queue.extend(fresh)
        return sorted(reached)

    def _smallest(self, conflicting: list[int]) -> list[int]:
        """Return a subset that is still in conflict and loses it with any one taken away (by deletion, widest first).

        Where the steps run out, the constraints not yet tried stay in.
        """
        kept = sorted(conflicting, key=lambda number: (-len(self.terms[number]), number))
        size = max(1, len(kept) // 2)
        while True:
            position = 0
            while position < len(kept) and len(kept) > 1:
                rest = kept[:position] + kept[position + size :]
                if rest and self._conflicting(set(rest)):
                    kept = rest
                else:
                    position += size
            if size == 1:
                return sorted(kept)
            size = max(1, size // 2)

    def _conflicting(self, constraints: set[int]) -> bool:
        """Tell whether the constraints provably cannot hold together."""
        try:
            return self._search(self.full, constraints) is None
        except _OutOfSteps:
            return False
