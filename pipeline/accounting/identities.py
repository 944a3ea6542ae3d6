"""The identities of one document: from lines to results, and nothing else. No argument is changed, and their order does not matter.

Belongs here: trying all equations, telling failures that accuse nobody, counting what proves and what contradicts each line.
Does not belong here: why identities fail and what was misread (`pipeline/checks`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

from pipeline.accounting.check_row import Check, check_row
from pipeline.accounting.decimals_left_out import DecimalsLeftOut
from pipeline.accounting.equations.between_statements import equations_between, size_bounds
from pipeline.accounting.equations.within_statements import equations
from pipeline.accounting.evaluate import Excuse, IdentityResult, evaluate
from pipeline.accounting.printed_lines import PrintedLines, in_order
from pipeline.accounting.statement_set import Announced, of_no_budget
from pipeline.accounting.subjects import RevenueItems, Row, Statements
from pipeline.budget.line import Line, LineId
from pipeline.budget.sums import BETWEEN_UNITS, FUND_TREE, nature_parts, stands_beside_the_year
from schemas.check_catalogue import PRINTED_TWICE, RECONCILING, SUMS_DOWN_ROWS, Family

_IDENTITIES_OF_A_DOCUMENT = ("H1", "H2", "R1", "R2", "B1", "X1", "X2", "X3", "X4", "X5", "X6", "T1", "T2", "R3", "U1")
_UNTESTED = "no statements or columns between which this identity could be tested"
_ENOUGH_EXACT_SUMS = 5
_LEAST_OF_A_SUM = 3
"""Numbers other than zero in a sum that proves them: of two, the one is the other again."""
_MOST_TRIED = 10  # amounts of unknown columns in one row, of which all sums are tried
_ZERO = Decimal(0)

_Lines = Mapping[LineId, Line]


class Support(NamedTuple):
    """How many identities that hold a line takes part in, and how many that fail as errors."""

    proofs: int
    contradictions: int


def evaluate_identities(
    lines: Iterable[Line] | PrintedLines, statements: Announced, incomplete: Collection[int] = ()
) -> list[IdentityResult]:
    """Try every identity on one document.

    Args:
        lines: all budget lines of the document, in any order, no two with one `id`.
        statements: (number, kind, title) of the recognised statements in document order, empty ones too.
        incomplete: numbers of statements of which some amount was not captured: a gap in these may be a lost row.

    Returns:
        One result for each equation, in the order of print.
    """
    printed = in_order(lines)
    known = dict(zip(printed.ids, printed.lines, strict=True))
    found = equations(printed) + equations_between(printed, statements) + size_bounds(printed, statements)
    results = [evaluate(equation, known) for equation in found]
    excuses: tuple[Callable[[Sequence[IdentityResult]], dict[int, IdentityResult]], ...] = (
        lambda tried: _withheld(tried, known, incomplete),
        lambda tried: _of_other_scope(tried, known),
        lambda tried: _left_out(tried, known),
        lambda tried: _eliminated(tried, known),
        lambda tried: _part_alone(tried),
        lambda tried: _of_unknown_column(tried, known),
        lambda tried: _of_no_budget(tried, of_no_budget(statements)),
        lambda tried: _off_by_one_digit(tried, known),
        lambda tried: _within_rounding(tried),
    )
    for excuse in excuses:
        for n, judged in excuse(results).items():
            results[n] = judged
    return results


def identity_checks(lines: Iterable[Line], statements: Announced, incomplete: Collection[int] = ()) -> list[Check]:
    """Try every identity on one document: rows of the table `checks` without document keys; arguments as for `try_identities`."""
    return check_rows(evaluate_identities(lines, statements, incomplete))


def check_rows(results: Sequence[IdentityResult]) -> list[Check]:
    """Return what was tried as rows of `checks`; an identity of which there was nothing to try is one row `not_applicable`."""
    rows = [result.row() for result in results]
    present = Counter(r["check_id"] for r in rows)
    rows += [check_row(check, None, "document", "not_applicable", _UNTESTED) for check in _IDENTITIES_OF_A_DOCUMENT if not present[check]]
    return rows


def support_of(results: Iterable[IdentityResult], amounts: Mapping[LineId, Decimal]) -> dict[LineId, Support]:
    """Count what proves and what contradicts each line; a line in no identity is not listed.

    The same number in two places is no proof of itself: it may be misread alike. It counts where a sum of other numbers holds with it,
    in one place or the other.

    Args:
        results: of all identities of a document.
        amounts: of its lines.
    """
    held = [r for r in results if r.outcome == "pass" and not r.equation.at_least]  # a bound proves no amount
    filled = {i for i, amount in amounts.items() if amount}
    sums = [r.members for r in held]
    values: dict[Decimal, int] = {}
    alike = {i: values.setdefault(amount, len(values)) for i, amount in amounts.items()}  # numbers are compared quicker than amounts
    numbers = [members & filled for members in sums]
    summed = {i for members, own in zip(sums, numbers, strict=True) if len(own) >= _LEAST_OF_A_SUM for i in members}
    summed.update(*(members - filled for members in sums))  # nothing tells a zero from another
    proofs: Counter[LineId] = Counter()
    contradictions: Counter[LineId] = Counter()
    for one in _of_one_number(numbers, alike):
        if not summed.isdisjoint(one):
            summed.update(one)
    for members in sums:
        proofs.update(members & summed)
    for result in results:
        if result.outcome == "fail" and result.severity == "error":
            contradictions.update(result.members)
    return {i: Support(proofs[i], contradictions[i]) for i in proofs.keys() | contradictions.keys()}


def _of_one_number(sums: Iterable[Collection[LineId]], values: Mapping[LineId, int]) -> Iterator[list[LineId]]:
    """Yield the lines that identities say to be one number, and that are one, together where there are several.

    Args:
        sums: the lines of each identity that holds.
        values: the same number for lines of the same amount.
    """
    heads: dict[LineId, LineId] = {}

    def head(i: LineId) -> LineId:
        while heads.setdefault(i, i) != i:
            heads[i] = i = heads[heads[i]]
        return i

    for members in sums:
        firsts: dict[int, LineId] = {}
        for i in members:
            first = firsts.setdefault(values[i], i)
            if first is not i:
                heads[head(i)] = head(first)
    groups: dict[LineId, list[LineId]] = defaultdict(list)
    for i in list(heads):
        groups[head(i)].append(i)
    yield from groups.values()


def with_support(lines: Iterable[Line], results: Iterable[IdentityResult]) -> list[Line]:
    """Return the lines, in the given order, with their `proofs` and `contradictions` as `results` count them."""
    known = [(line.id, line) for line in lines]
    support = support_of(list(results), {i: line.amount for i, line in known})
    none = Support(0, 0)
    found = ((line, support.get(i, none)) for i, line in known)
    return [
        line
        if (line.proofs, line.contradictions) == (own.proofs, own.contradictions)
        else replace(line, proofs=own.proofs, contradictions=own.contradictions)
        for line, own in found
    ]


def _withheld(results: Sequence[IdentityResult], lines: _Lines, incomplete: Collection[int]) -> dict[int, IdentityResult]:
    """A parent above the sum of its children by the same gap in several columns withholds items: a warning (docs/checks.md, H1).

    The gap must be seen twice: as the same amount in another column or statement, or as the sum of the gaps in the natures of
    the same row. A misread number shows its gap once and breaks its row; a row that the reader lost leaves numbers of its
    statement uncaptured. Sentences may name some of the items only: where no table has the gap, they
    prove nothing withheld.
    """
    if any(r.outcome == "fail" and r.equation.check_id in ("R1", "R2") for r in results):
        return {}
    gaps: dict[Decimal, list[int]] = defaultdict(list)
    rows: dict[tuple[int, int, str | None], dict[str, int]] = defaultdict(dict)
    for n, r in enumerate(results):
        if r.outcome == "fail" and r.equation.check_id in SUMS_DOWN_ROWS and r.difference > 0 and r.whole:
            line = lines[r.whole[0]]
            if line.statement_no not in incomplete:
                gaps[r.difference].append(n)
                rows[line.statement_no, line.row, line.fund][line.nature or ""] = n
    printed = [members for members in gaps.values() if any(lines[results[n].whole[0]].source == "table" for n in members)]
    seen_twice = [n for members in printed if len(members) > 1 for n in members]
    by_nature: list[int] = []
    for natures in rows.values():
        parts = [natures[nature] for nature in nature_parts("total", natures)]
        if "total" in natures and parts and results[natures["total"]].difference == sum((results[n].difference for n in parts), _ZERO):
            (by_nature if len(parts) > 1 else seen_twice).extend((natures["total"], *parts))
    excused = {**dict.fromkeys(seen_twice, Excuse.WITHHELD), **dict.fromkeys(by_nature, Excuse.WITHHELD_BY_NATURE)}
    return {n: replace(results[n], severity="warning", excuse=excuse) for n, excuse in excused.items()}


def _of_other_scope(results: Sequence[IdentityResult], lines: _Lines) -> dict[int, IdentityResult]:
    """Where a table's total is the year's income, not the summary's expenditure, it leaves carried-over funds out: its classes differ."""
    compared = {
        n: (subject.left, subject.right, subject.of)
        for n, r in enumerate(results)
        if r.equation.check_id == "X2" and isinstance(subject := r.equation.subject, Statements)
    }
    narrower = set()
    for n, (*pair, of) in compared.items():
        r = results[n]
        if of == "total" and r.outcome == "pass" and len(r.whole) == len(r.parts) == 1:
            whole = lines[r.whole[0]]
            if whole.flow == "revenue" and lines[r.equation.whole[0]].amount != lines[r.parts[0]].amount:
                narrower.add((whole.statement_no, *pair))
    return {
        n: replace(r, outcome="not_applicable", excuse=Excuse.OTHER_SCOPE)
        for n, (left, right, _) in compared.items()
        if (r := results[n]).outcome == "fail" and r.whole and (lines[r.whole[0]].statement_no, left, right) in narrower
    }


def _left_out(results: Sequence[IdentityResult], lines: _Lines) -> dict[int, IdentityResult]:
    """A total that would hold without what is carried over or forward, which the table prints beside it, is a warning."""
    judged = {}
    for n, r in enumerate(results):
        if r.outcome != "fail" or r.severity != "error" or r.equation.family not in RECONCILING or r.difference >= 0:
            continue
        beside = [line.amount for line in map(lines.__getitem__, r.parts) if stands_beside_the_year(line)]
        if 0 < len(beside) < len(r.parts) and abs(r.difference + sum(beside, _ZERO)) <= r.tolerance:
            judged[n] = replace(r, severity="warning", excuse=Excuse.LEFT_OUT)
    return judged


def _eliminated(results: Sequence[IdentityResult], lines: _Lines) -> dict[int, IdentityResult]:
    """A total of units that is below their sum by just what their rows pay each other, or get from each other, is a warning."""
    judged = {}
    between: dict[tuple[int, int], Decimal] = defaultdict(lambda: _ZERO)
    for line in lines.values():
        if line.source == "table" and line.measure in ("budget", "final") and {line.fund, line.nature} & BETWEEN_UNITS:
            between[line.statement_no, line.row] += line.amount
    for n, r in enumerate(results):
        if r.outcome == "fail" and r.equation.check_id == "X4" and r.difference < 0 and between:
            paid = sum((between[row] for row in {(i.statement_no, i.row) for i in r.parts}), _ZERO)
            paid -= sum((between[row] for row in {(i.statement_no, i.row) for i in r.whole}), _ZERO)
            if paid > 0 and abs(r.difference + paid) <= r.tolerance:
                judged[n] = replace(r, severity="warning", excuse=Excuse.ELIMINATED)
    return judged


def _part_alone(results: Sequence[IdentityResult]) -> dict[int, IdentityResult]:
    """One part of an item of income (其中：一般公共预算拨款) that is less than the item need not be all of it."""
    return {
        n: replace(r, outcome="not_applicable", excuse=Excuse.PART_ALONE)
        for n, r in enumerate(results)
        if r.outcome == "fail" and r.difference > 0 and len(r.parts) == 1
        and isinstance(r.equation.subject, RevenueItems) and r.equation.subject.name in FUND_TREE
    }  # fmt: skip


def _of_unknown_column(results: Sequence[IdentityResult], lines: _Lines) -> dict[int, IdentityResult]:
    """A row that lacks just what it prints in columns of which it is not known what they are, some or all of it, cannot be tested."""
    unknown: dict[tuple[int, int], list[Decimal]] = defaultdict(list)
    for line in lines.values():
        if line.source == "table" and line.amount and not (line.fund and line.nature):
            unknown[line.statement_no, line.row].append(line.amount)
    return {
        n: replace(r, outcome="not_applicable", excuse=Excuse.UNKNOWN_COLUMN)
        for n, r in enumerate(results)
        if r.outcome == "fail" and r.difference > 0 and r.equation.family is Family.ROW and isinstance(r.equation.subject, Row)
        and any(_is_some_of(r.difference, unknown[row], r.tolerance) for row in unknown.keys() & {(i.statement_no, i.row) for i in r.whole})
    }  # fmt: skip


def _is_some_of(gap: Decimal, amounts: Sequence[Decimal], tolerance: Decimal) -> bool:
    """Tell whether some of the amounts add up to a gap; where they are too many to try, whether they are enough."""
    if len(amounts) > _MOST_TRIED:
        return gap - tolerance <= sum((amount for amount in amounts if amount > 0), _ZERO)
    sums = {_ZERO}
    for amount in amounts:
        sums |= {one + amount for one in sums}
    return any(abs(gap - one) <= tolerance for one in sums if one)


def _of_no_budget(results: Sequence[IdentityResult], numbers: Collection[int]) -> dict[int, IdentityResult]:
    """Statements of money that is in no department's budget are not bounded by it."""
    return {
        n: replace(r, outcome="not_applicable", excuse=Excuse.OF_NO_BUDGET)
        for n, r in enumerate(results)
        if r.equation.family is Family.SIZE and any(i.statement_no in numbers and i.source == "table" for i in r.parts)
    }


def _off_by_one_digit(results: Sequence[IdentityResult], lines: _Lines) -> dict[int, IdentityResult]:
    """The same number printed in two places may differ by one last digit: a warning (docs/checks.md, X1).

    So may a number that is printed with fewer decimals in one of the two.
    """
    judged: dict[int, IdentityResult] = {}
    doubtful = [(n, r) for n, r in enumerate(results) if r.outcome == "fail" and len(r.whole) == len(r.parts) == 1]
    if not doubtful:  # as in most documents
        return judged
    left_out = DecimalsLeftOut(results, lines)
    for n, r in doubtful:
        steps = [left_out.steps[lines[i].statement_no] for i in (*r.whole, *r.parts)]
        if left_out.explain_twice(r):
            judged[n] = replace(r, severity="warning", excuse=Excuse.FEWER_DECIMALS)
        elif r.equation.family in PRINTED_TWICE and abs(r.difference) <= max(steps):
            judged[n] = replace(r, severity="warning", excuse=Excuse.LAST_DIGIT)
    return judged


def _is_sum_of_table(result: IdentityResult) -> bool:
    several = len(result.parts) > 1 and not result.equation.at_least
    return several and all(i.source == "table" for i in (*result.whole, *result.parts))


def _within_rounding(results: Sequence[IdentityResult]) -> dict[int, IdentityResult]:
    """A difference that could be rounding, where every other sum of the document is exact, is a warning.

    Rounded documents show such differences in many places; a changed digit shows them only around one amount.
    """
    inexact = [n for n, r in enumerate(results) if not r.exact and r.outcome == "pass" and _is_sum_of_table(r)]
    if not inexact or sum(map(_is_sum_of_table, results)) - len(inexact) < _ENOUGH_EXACT_SUMS:
        return {}
    if not frozenset.intersection(*(results[n].members for n in inexact)):
        return {}
    return {n: replace(results[n], outcome="fail", severity="warning", excuse=Excuse.ROUNDING) for n in inexact}
