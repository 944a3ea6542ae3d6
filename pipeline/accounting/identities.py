"""Runs the identities: from equations and lines to rows of `checks`, proofs per line, and the verdict on a document."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from decimal import Decimal

from pipeline.accounting.between_statements import equations_across, sizes_across
from pipeline.accounting.check_row import Check, check_row
from pipeline.accounting.evaluate import Tried
from pipeline.accounting.within_statements import equations
from pipeline.budget.line import Line
from pipeline.budget.sums import nature_parts, printed_step, rounding_steps

_IDENTITIES_OF_A_DOCUMENT = ("H1", "H2", "R1", "R2", "B1", "X1", "X2", "X3", "X4", "X5", "X6", "T1", "T2", "R3", "U1")
_UNTESTED = "no statements or columns between which this identity could be tested"
WITHHELD = "withheld: the same gap in every column"
_ENOUGH_EXACT_SUMS = 5
_ZERO = Decimal(0)


def run_checks(lines: Sequence[Line], statements: Sequence[tuple[int, str, str | None]], incomplete: Collection[int] = ()) -> list[Check]:
    """Try every identity on one document and set each line's `proofs` and `contradictions`.

    Args:
        lines: all budget lines of the document; their `proofs` and `contradictions` are counted here.
        statements: (number, kind, title) of the recognised statements, empty ones too.
        incomplete: numbers of statements of which some amount was not captured: a gap in these may be a lost row.

    Returns:
        Rows of the table `checks` without document keys. An identity of which the document has nothing to test is one row
        `not_applicable` with the reason.
    """
    return check_rows(try_identities(lines, statements, incomplete))


def try_identities(lines: Sequence[Line], statements: Sequence[tuple[int, str, str | None]], incomplete: Collection[int]) -> list[Tried]:
    """Try every identity on one document and set each line's `proofs` and `contradictions`; arguments as for `run_checks`."""
    found = equations(lines) + equations_across(lines, statements) + sizes_across(lines, statements)
    results = [Tried(e, lines) for e in found]
    _mark_withheld(results, lines, incomplete)
    _mark_other_scope(results, lines)
    _mark_one_digit(results, lines)
    _mark_rounding(results, lines)
    for line in lines:
        line.proofs = line.contradictions = 0
    for result in results:
        for i in {*result.whole, *result.parts}:
            lines[i].proofs += result.outcome == "pass" and not result.equation.at_least  # a bound proves no amount
            lines[i].contradictions += result.outcome == "fail" and result.severity == "error"
    return results


def check_rows(results: Sequence[Tried]) -> list[Check]:
    """Return what was tried as rows of `checks`; an identity of which there was nothing to try is one row `not_applicable`."""
    rows = [result.row() for result in results]
    present = Counter(r["check_id"] for r in rows)
    rows += [check_row(check, None, "document", "not_applicable", _UNTESTED) for check in _IDENTITIES_OF_A_DOCUMENT if not present[check]]
    return rows


def _mark_withheld(results: Sequence[Tried], lines: Sequence[Line], incomplete: Collection[int]) -> None:
    """A parent above the sum of its children by the same gap in every column withholds items: a warning (DOMAIN.md, H1).

    The gap must be seen twice: as the same amount in another column or statement, or as the sum of the gaps in the natures of
    the same row. A misread number shows its gap once and breaks its row; a row that the reader lost leaves numbers of its
    statement uncaptured.
    """
    if any(r.outcome == "fail" and r.equation.check_id in ("R1", "R2") for r in results):
        return
    gaps: dict[Decimal, list[Tried]] = defaultdict(list)
    rows: dict[tuple[int, int, str | None], dict[str, Tried]] = defaultdict(dict)
    for r in results:
        if r.outcome == "fail" and r.equation.check_id in ("H1", "H2", "X5") and r.difference > 0 and r.whole:
            line = lines[r.whole[0]]
            if line.statement_no not in incomplete:
                gaps[r.difference].append(r)
                rows[line.statement_no, line.row, line.fund][line.nature or ""] = r
    seen_twice = [r for members in gaps.values() if len(members) > 1 for r in members]
    for natures in rows.values():
        parts = [natures[n] for n in nature_parts("total", natures)]
        if "total" in natures and parts and natures["total"].difference == sum((r.difference for r in parts), _ZERO):
            seen_twice += [natures["total"], *parts]
    for r in seen_twice:
        r.severity, r.cause = "warning", WITHHELD


def _mark_other_scope(results: Sequence[Tried], lines: Sequence[Line]) -> None:
    """Where a table's total is the year's income, not the summary's expenditure, it leaves carried-over funds out: its classes differ."""
    totals = [r for r in results if r.equation.check_id == "X2" and r.outcome == "pass" and len(r.whole) == len(r.parts) == 1]
    narrower = {
        (lines[r.whole[0]].statement_no, r.equation.subject.removesuffix("total"))
        for r in totals
        if lines[r.whole[0]].flow == "revenue" and lines[r.equation.whole[0]].amount != lines[r.parts[0]].amount
    }
    for r in results:
        if r.equation.check_id == "X2" and r.outcome == "fail" and r.whole:
            subject, _, _ = r.equation.subject.rpartition(" ")
            if (lines[r.whole[0]].statement_no, f"{subject} ") in narrower:
                r.outcome, r.cause = "not_applicable", "the table leaves carried-over funds out"


def _mark_one_digit(results: Sequence[Tried], lines: Sequence[Line]) -> None:
    """The same number printed in two places may differ by one last digit: a warning (DOMAIN.md, X1).

    So may a number that is printed with fewer decimals in one of the two.
    """
    steps = rounding_steps(lines)
    for r in results:
        if r.outcome != "fail" or not len(r.whole) == len(r.parts) == 1:
            continue
        one, other = lines[r.whole[0]], lines[r.parts[0]]
        if abs(r.difference) < max(printed_step(one), printed_step(other)):
            r.severity, r.cause = "warning", "printed with fewer decimals"
        elif r.equation.check_id[0] in "XB" and abs(r.difference) <= max(steps[one.statement_no], steps[other.statement_no]):
            r.severity, r.cause = "warning", "one last digit"


def _mark_rounding(results: Sequence[Tried], lines: Sequence[Line]) -> None:
    """A difference that could be rounding, where every other sum of the document is exact, is a warning.

    Rounded documents show such differences in many places; a changed digit shows them only around one amount.
    """
    sums = [
        r for r in results if len(r.parts) > 1 and not r.equation.at_least and all(lines[i].source == "table" for i in (*r.whole, *r.parts))
    ]
    inexact = [r for r in sums if not r.exact and r.outcome == "pass"]
    if not inexact or len(sums) - len(inexact) < _ENOUGH_EXACT_SUMS:
        return
    shared = set.intersection(*({*r.whole, *r.parts} for r in inexact))
    if shared:
        for r in inexact:
            r.outcome, r.severity, r.cause = "fail", "warning", "within rounding, but every other sum is exact"
