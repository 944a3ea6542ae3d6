"""Why identities fail: the smallest explanation of all failures of a document, one cause at a time.

A cause is a change of few printed numbers under which failed identities hold and (almost) none that holds breaks. Belongs here: the
search for it. Whether a number was misread or is printed wrongly, only its glyphs tell: `printed` says what stands on the page.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import msgspec

from pipeline.accounting.decimals_left_out import DecimalsLeftOut
from pipeline.accounting.evaluate import Excuse, IdentityResult
from pipeline.accounting.printed_lines import PrintedLines
from pipeline.budget.characters import fold
from pipeline.budget.line import Line, LineId
from pipeline.checks.of_pages.clean_tables import Doubt, no_doubt
from pipeline.checks.of_pages.printed_numbers import are_same_glyphs
from schemas.check_catalogue import RULES, SUMS_DOWN_ROWS, CauseKind, Family

PrintedAt = Callable[[Sequence[Line]], Sequence[str | None]]
"""Gives the text that a page prints where each line's number stands, read anew; None where that cannot be told."""

_TEN_THOUSAND = Decimal(10_000)
_OF_EXCUSE = {
    Excuse.WITHHELD: CauseKind.WITHHELD,
    Excuse.WITHHELD_BY_NATURE: CauseKind.WITHHELD,
    Excuse.LEFT_OUT: CauseKind.LEFT_OUT,
    Excuse.ELIMINATED: CauseKind.LEFT_OUT,
    Excuse.LAST_DIGIT: CauseKind.ROUNDING,
    Excuse.FEWER_DECIMALS: CauseKind.ROUNDING,
    Excuse.ROUNDING: CauseKind.ROUNDING,
}
"""Failures of which trying the identities has told the cause."""

_CELL = CauseKind.PUBLISHER
"""A change of numbers explains failures: they are taken to be printed so, until the page has been asked."""

_OF_NUMBERS = (_CELL, CauseKind.UNDECIDED)
"""Causes that name numbers of which the page can tell whether they were misread."""

_RANK = {_CELL: 0, CauseKind.SHIFTED_COLUMN: 1, CauseKind.WRONG_UNIT: 2}
"""Which explanation is preferred where several explain as much by as little."""

_WITHIN = {Family.HIERARCHY, Family.ROW, Family.BALANCE, Family.THREE_PUBLIC}
"""Families of identities within one statement: of two statements that differ, none is known to be the wrong one."""

_FEW = 3
"""So many failures of one identity are told from a misread header by how many of it hold: fewer are not."""

_MOST_CELLS = 8
"""As many numbers a finding names at most where each could be the wrong one."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause and all that it breaks.

    Attributes:
        kind: which cause.
        cells: the lines in question.
        implied: line → the amount, in yuan, under which the identities hold, where one amount is.
        broken: the failed identities.
        evidence: what speaks for it, in words.
        alternatives: how many numbers could each be the wrong one (1: it is known which).
        breaks: how many identities that hold would fail under `implied`.
        one_slip: whether one slip can have caused it: one number, however often it is printed or summed, or one row left out.
    """

    kind: CauseKind
    cells: tuple[LineId, ...]
    implied: Mapping[LineId, Decimal]
    broken: tuple[IdentityResult, ...]
    evidence: str
    alternatives: int = 1
    breaks: int = 0
    one_slip: bool = True

    @property
    def severity(self) -> str:
        """`error` if any of the identities fails as an error."""
        return "error" if any(t.severity == "error" for t in self.broken) else "warning"


def explain_failures(
    tried: Sequence[IdentityResult], lines: Sequence[Line], incomplete: Iterable[int], printed: PrintedAt, doubt: Doubt = no_doubt
) -> list[Cause]:
    """Explain every failed identity of one document.

    Args:
        tried: all identities tried, those that hold too.
        lines: the document's lines, in any order.
        incomplete: numbers of statements of which some amount was not captured.
        printed: what the page prints at a line's place.
        doubt: what speaks against the reading of a statement.

    Returns:
        Causes, most identities first; each failed identity is in exactly one.
    """
    failed = [t for t in tried if t.outcome == "fail"]
    if not failed:
        return []
    causes, open_ones = [], []
    told: dict[Excuse, list[IdentityResult]] = defaultdict(list)
    for t in failed:
        if t.excuse in _OF_EXCUSE:
            told[t.excuse].append(t)
        else:
            open_ones.append(t)
    for excuse, members in told.items():
        causes += [Cause(_OF_EXCUSE[excuse], _totals_in(group), {}, tuple(group), excuse.value) for group in _connected(members)]
    search = _CauseSearch(tried, PrintedLines(lines), set(incomplete))
    for group in _connected(open_ones):
        causes += search.explain(group)
    jury = _Jury(tried, search.lines, search.incomplete, printed, doubt)
    judged = [jury.judged(cause) for cause in _merged(causes, search.lines)]
    return sorted(judged, key=lambda c: (-len(c.broken), [search.place[i] for i in c.cells]))


def _connected(tried: Sequence[IdentityResult]) -> list[list[IdentityResult]]:
    """Group failures that share a number, a row of totals, or the gap."""
    groups: list[tuple[set[object], list[IdentityResult]]] = []
    for t in tried:
        marks: set[object] = {*t.members, ("gap", abs(t.difference))}
        marks |= {("row", i.statement_no, i.row) for i in t.whole if i.source == "table"}
        touching = [g for g in groups if g[0] & marks]
        joined = [m for _, members in touching for m in members] + [t]
        groups = [g for g in groups if g not in touching]
        groups.append((marks.union(*(g[0] for g in touching)), joined))
    return [members for _, members in groups]


def _totals_in(group: Iterable[IdentityResult]) -> tuple[LineId, ...]:
    return tuple(dict.fromkeys(i for t in group for i in (t.whole or t.parts)[:1]))


@dataclass(frozen=True, slots=True)
class _Explanation:
    """A change of printed amounts (line → amount) and the failures that it would fix; the highest score explains best."""

    score: tuple[int, int, int, int]
    kind: CauseKind
    changes: dict[LineId, Decimal]
    fixed: list[IdentityResult]
    evidence: str
    ties: int = 1
    breaks: int = 0
    one_slip: bool = True


class _CauseSearch:
    """Looks for the smallest change that explains failures."""

    def __init__(self, tried: Sequence[IdentityResult], printed: PrintedLines, incomplete: set[int]) -> None:
        self.lines = dict(zip(printed.ids, printed.lines, strict=True))
        self.place = {i: n for n, i in enumerate(printed.ids)}
        self.incomplete = incomplete
        self.touching: dict[LineId, list[IdentityResult]] = defaultdict(list)
        for t in tried:
            if t.outcome != "not_applicable":
                for i in set(t.equation.members()):
                    self.touching[i].append(t)
        self.rows: dict[tuple[int, int], list[LineId]] = defaultdict(list)
        for i in printed.ids:
            if i.source == "table":
                self.rows[i.statement_no, i.row].append(i)

    def explain(self, failed: list[IdentityResult]) -> Iterator[Cause]:
        """Yield causes until nothing of a connected group of failures is left."""
        left = list(failed)
        while left:
            best = self._best(left)
            if best is None:
                yield Cause(CauseKind.UNDECIDED, _totals_in(left), {}, tuple(left), "no change of one number or row explains it")
                return
            cells = tuple(best.changes) if best.ties == 1 else tuple(best.changes)[:_MOST_CELLS]
            if best.kind is CauseKind.WRONG_UNIT:
                cells = cells[:1]
            implied = {i: best.changes[i] for i in cells}
            yield Cause(best.kind, cells, implied, tuple(best.fixed), best.evidence, best.ties, best.breaks, best.one_slip)
            fixed = set(map(id, best.fixed))
            left = [t for t in left if id(t) not in fixed]

    def _best(self, left: Sequence[IdentityResult]) -> _Explanation | None:
        found = list(self._under_another_code(left)) + list(self._listed_but_not_summed(left))
        sums = any(not t.equation.at_least for t in left)
        for kind, changes in self._candidates(left):
            fixed = [t for t in left if t.members & changes.keys() and t.holds_with(self.lines, changes)]
            if kind is CauseKind.WRONG_UNIT:  # a sum within the table fails in any unit, but for what rounding allows
                fixed = [t for t in fixed if not t.members <= changes.keys()]
            touched = {id(t): t for i in changes for t in self.touching[i] if t.outcome == "pass"}
            broken = sum(not t.holds_with(self.lines, changes) for t in touched.values())
            evidence = f"{_amounts(changes, self.lines)} would make {_count(len(fixed))} hold and break {broken or 'none'}"
            size = 1 if kind is CauseKind.WRONG_UNIT else len(changes)
            one_slip = len({abs(amount - self.lines[i].amount) for i, amount in changes.items()}) == 1
            proving = sum(not t.equation.at_least for t in fixed) if sums else len(fixed)  # any number large enough meets a bound
            score = (proving - broken, proving, -size, _RANK[kind])
            found.append(_Explanation(score, kind, changes, fixed, evidence, breaks=broken, one_slip=one_slip))
        best = max(found, key=lambda e: e.score, default=None)
        if best is None or best.score[0] <= 0:
            return None
        equal = [e for e in found if e.score == best.score and e.kind == best.kind and _sums_of(e) == _sums_of(best)]
        if len(equal) > 1:
            beside = [e for e in equal if all(self._beside(i, amount) for i, amount in e.changes.items())]
            if len(beside) != 1:  # several numbers explain it equally well: none is named alone
                evidence = f"any one of {len(equal)} changes of printed numbers would make {_count(len(best.fixed))} hold"
                cells = {i: amount for e in equal for i, amount in e.changes.items()}
                breaks, one_slip = max(e.breaks for e in equal), all(e.one_slip for e in equal)
                return _Explanation(best.score, best.kind, cells, best.fixed, evidence, len(equal), breaks, one_slip)
            (best,) = beside
            best = replace(best, evidence=f"{best.evidence}; its own row prints that amount beside it")
        too_small = best.kind is _CELL and all(t.equation.check_id in SUMS_DOWN_ROWS and t.difference > 0 for t in best.fixed)
        if too_small and {i.statement_no for t in best.fixed for i in t.whole} & self.incomplete:
            evidence = "the parts are too small, and not every number of the table was captured"
            return replace(best, kind=CauseKind.MISSING_ROW, evidence=evidence)
        return best

    def _beside(self, i: LineId, amount: Decimal) -> bool:
        """Tell whether another column of a line's row prints an amount, as 合计 and 小计 do of a single fund."""
        row = self.rows.get((i.statement_no, i.row), ())
        return any(j != i and self.lines[j].amount == amount and amount for j in row)

    def _listed_but_not_summed(self, left: Sequence[IdentityResult]) -> Iterator[_Explanation]:
        """Sums that hold without a row that is listed among their parts."""
        rows: dict[tuple[int, int], dict[LineId, IdentityResult]] = defaultdict(dict)
        for t in left:
            for i in t.parts if t.whole and len(t.parts) > 1 else ():
                if self.lines[i].amount == -t.difference and i.source == "table":
                    rows[i.statement_no, i.row][i] = t
        for own in rows.values():
            fixed = list({id(t): t for t in own.values()}.values())
            line = self.lines[next(iter(own))]
            evidence = f"{_count(len(fixed))} would hold without {line.code or ''} {line.name}, which is listed and left out of the total"
            wholes = {i: self.lines[i].amount - t.difference for t in fixed for i in t.whole[:1]}
            yield _Explanation((len(fixed), len(fixed), -len(fixed), 1), _CELL, wholes, fixed, evidence)

    def _under_another_code(self, left: Sequence[IdentityResult]) -> Iterator[_Explanation]:
        """The same amount under one code here and another there."""
        alone = [t for t in left if len(t.members) == 1 and bool(t.whole) != bool(t.parts)]
        for one in alone:
            for other in alone:
                if one.whole and other.parts and self.lines[one.whole[0]].amount == self.lines[other.parts[0]].amount:
                    cells = {i: self.lines[i].amount for i in (one.whole[0], other.parts[0])}
                    codes = " and ".join(str(self.lines[i].code) for i in cells)
                    evidence = f"the same amount stands under {codes} in the two statements"
                    yield _Explanation((2, 2, -1, 1), _CELL, cells, [one, other], evidence)

    def _candidates(self, left: Sequence[IdentityResult]) -> Iterator[tuple[CauseKind, dict[LineId, Decimal]]]:
        shifts: dict[LineId, dict[Decimal, None]] = defaultdict(dict)
        for t in left:
            for i in t.members:
                shifts[i][-t.difference if i in t.whole else t.difference] = None
        failing = sorted(shifts, key=self.place.__getitem__)
        for i in failing:
            for shift in shifts[i]:
                yield _CELL, {i: self.lines[i].amount + shift}
        columns: dict[tuple[int, int, Decimal], list[LineId]] = defaultdict(list)
        for i in failing:
            for shift in shifts[i]:
                columns[i.statement_no, i.column, shift].append(i)
        for (number, _, shift), own in columns.items():
            if number and len(own) > 1:  # one slip carried into the total of its column
                yield _CELL, {i: self.lines[i].amount + shift for i in own}
        rows = sorted({(i.statement_no, i.row) for i in shifts if i.source == "table"})
        for row in rows:
            own = [i for i in self.rows[row] if i in shifts]
            if len(own) > 1:
                yield _CELL, {i: self.lines[i].amount + next(iter(shifts[i])) for i in own}
            yield from self._swaps(row, shifts.keys())
        numbers = sorted({number for number, _ in rows})
        if len(numbers) > 1 or any(t.equation.family is Family.SIZE for t in left):
            for number in numbers:
                members = [i for i in self.lines if i.statement_no == number and i.source == "table"]
                for factor in (1 / _TEN_THOUSAND, _TEN_THOUSAND):
                    yield CauseKind.WRONG_UNIT, {i: self.lines[i].amount * factor for i in members}

    def _swaps(self, row: tuple[int, int], failing: Collection[LineId]) -> Iterator[tuple[CauseKind, dict[LineId, Decimal]]]:
        """Neighbouring amounts of a row that changed places."""
        by_column = {i.column: i for i in self.rows[row]}
        for column, i in by_column.items():
            j = by_column.get(column + 1)
            if j is not None and (i in failing or j in failing):
                yield CauseKind.SHIFTED_COLUMN, {i: self.lines[j].amount, j: self.lines[i].amount}


def _merged(causes: Sequence[Cause], lines: Mapping[LineId, Line]) -> list[Cause]:
    """Join what is one cause: the same slip printed in several tables, and sums of one table that nothing single explains."""
    merged: dict[object, Cause] = {}
    for cause in causes:
        key = _common_fault(cause, lines)
        if key not in merged:
            merged[key] = cause
            continue
        first = merged[key]
        cells = tuple(dict.fromkeys((*first.cells, *cause.cells)))
        implied, broken = {**first.implied, **cause.implied}, (*first.broken, *cause.broken)
        if cause.kind is _CELL and cause.alternatives == 1:
            evidence = f"{_amounts(implied, lines)} would make {_count(len(broken))} hold"
            merged[key] = replace(first, cells=cells, implied=implied, broken=broken, evidence=evidence)
        else:
            evidence = f"{_count(len(broken))} of the table fail, and no change of one number or row explains all"
            merged[key] = replace(
                first, kind=CauseKind.UNDECIDED, cells=cells, implied={}, broken=broken, evidence=evidence, alternatives=len(cells)
            )
    return list(merged.values())


def _common_fault(cause: Cause, lines: Mapping[LineId, Line]) -> object:
    """Return what causes have in common that are one."""
    if cause.kind not in _OF_NUMBERS:
        return id(cause)
    if cause.kind is _CELL and cause.alternatives == 1:
        shifts = {abs(amount - lines[i].amount) for i, amount in cause.implied.items()}
        return (shifts.pop(),) if len(shifts) == 1 and 0 not in shifts else id(cause)
    first = lines[cause.cells[0]]
    return (first.source, first.statement, first.statement_no, cause.broken[0].equation.check_id)


class _Jury:
    """Tells what the page prints as it was read from what was misread, and the publisher's slips from what may be the reading's fault."""

    def __init__(
        self, tried: Sequence[IdentityResult], lines: Mapping[LineId, Line], incomplete: Collection[int], printed: PrintedAt, doubt: Doubt
    ) -> None:
        self.lines = lines
        self.incomplete = incomplete
        self.printed = printed
        self.doubt = doubt
        self.left_out = DecimalsLeftOut(tried, lines)
        self.outcomes: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
        for t in tried:
            for number in {i.statement_no for i in t.members}:
                self.outcomes[t.equation.check_id, number][t.outcome] += 1

    def judged(self, cause: Cause) -> Cause:
        """Return a cause with what the page says of it."""
        if cause.kind not in _OF_NUMBERS:
            return cause
        if any(i.source == "narrative" for t in cause.broken for i in (*cause.cells, *t.members)):
            return replace(cause, kind=CauseKind.UNDECIDED, evidence=f"{cause.evidence}; sentences may name some of the parts only")
        glyphs = self.printed([self.lines[i] for i in cause.cells])
        read = [self.lines[i].amount_text for i in cause.cells]
        if any(text is None for text in glyphs):
            return replace(cause, kind=CauseKind.UNDECIDED, evidence=f"{cause.evidence}; the page cannot be asked again")
        if not all(are_same_glyphs(text or "", own) for text, own in zip(glyphs, read, strict=True)):
            other = ", ".join(f"{own} ({text})" for text, own in zip(glyphs, read, strict=True) if not are_same_glyphs(text or "", own))
            return replace(cause, kind=CauseKind.MISREAD_CELL, evidence=f"{cause.evidence}; the page prints otherwise: {other}")
        if all(map(self.left_out.explain_sum, cause.broken)):
            excused = (msgspec.structs.replace(t, severity="warning", excuse=Excuse.FEWER_DECIMALS) for t in cause.broken)
            return replace(cause, kind=CauseKind.ROUNDING, broken=tuple(excused), evidence=Excuse.FEWER_DECIMALS.value)
        doubt = next(self._doubts(cause), None)
        if doubt:
            return replace(cause, kind=CauseKind.UNDECIDED, evidence=f"{cause.evidence}; {doubt}")
        return replace(cause, kind=CauseKind.PUBLISHER, evidence=f"{cause.evidence}; the page prints {', '.join(map(fold, read))}")

    def _doubts(self, cause: Cause) -> Iterator[str]:
        """Yield why a cause may be the reading's fault although each of its numbers stands on the page.

        Blame needs tables that were read whole and cleanly, and a cause that one slip in an intact table can have.
        """
        if cause.kind is CauseKind.UNDECIDED:
            yield "nothing decides between reading and publisher"
        if all(t.equation.severity == "warning" for t in cause.broken):
            yield "the difference alone proves no fault"
        if cause.breaks or not cause.one_slip:
            yield "no single slip explains it"
        if any(amount < 0 <= self.lines[i].amount for i, amount in cause.implied.items()):
            yield "a number would have to be negative"
        numbers = sorted({i.statement_no for t in cause.broken for i in t.members})
        if any(number in self.incomplete for number in numbers):
            yield "not every number of the table was captured"
        codes = {self.lines[i].code for i in cause.cells}
        if len(codes) == 1 and not any(RULES[t.equation.check_id].family in _WITHIN for t in cause.broken):
            yield "each of the tables adds up by itself"
        if all(t.equation.check_id in SUMS_DOWN_ROWS and t.difference > 0 for t in cause.broken):
            yield "the parts are too small: a row may be missing or withheld"
        for number in numbers:
            for check_id in sorted({t.equation.check_id for t in cause.broken}):
                outcomes = self.outcomes[check_id, number]
                if outcomes["fail"] >= _FEW and outcomes["fail"] >= outcomes["pass"]:
                    yield f"{check_id} fails in most of the table: its header may be misread"
        yield from (doubt for number in numbers if (doubt := self.doubt(number)))


def _sums_of(explanation: _Explanation) -> set[int]:
    """Tell what an explanation would fix: the sums, where there are any."""
    return {id(t) for t in explanation.fixed if not t.equation.at_least} or set(map(id, explanation.fixed))


def _amounts(changes: Mapping[LineId, Decimal], lines: Mapping[LineId, Line]) -> str:
    shown = [f"{amount:,.2f} for {lines[i].amount:,.2f}" for i, amount in list(changes.items())[:_MOST_CELLS]]
    return ", ".join(dict.fromkeys(shown)) + (" …" if len(changes) > _MOST_CELLS else "")


def _count(identities: int) -> str:
    return "1 identity" if identities == 1 else f"{identities} identities"
