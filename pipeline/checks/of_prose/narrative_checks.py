"""Checks of what the sentences say: against the tables (`N1`), within themselves (`N2`, `P1`), and of target weights (`P2`).

Belongs here: comparing claims with lines, and arithmetic over printed precision. A failure of `N1` or `N2` may stem from the
reading of prose as well as from the publisher, so it is a warning; a document's reconciliation does not depend on it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import groupby, product
from typing import Any

from pipeline.accounting.check_row import Check, check_row
from pipeline.budget.amounts import YUAN_PER
from pipeline.budget.line import Line
from pipeline.budget.sums import printed_step, rounding_tolerance, step_of
from pipeline.narrative.claims.facts import Change, NamedAmount, Narrative, Share
from pipeline.narrative.text.printed_number import Number
from pipeline.targets.target_values import FULL_MARKS
from schemas.statements import PERFORMANCE_TARGETS, kind_of, statement_kinds

Interval = tuple[Decimal, Decimal]

_HUNDRED = Decimal(100)
_PROCURED = ("procurement_goods", "procurement_works", "procurement_services")


def check_narrative(lines: Sequence[Line], narrative: Narrative) -> list[Check]:
    """Try `N1`, `N2` and `P1` on one document.

    Args:
        lines: the document's budget lines from tables (narrative ones are ignored).
        narrative: what the sentences say.

    Returns:
        Rows of `checks` without document keys; what has no counterpart is `not_applicable`, one row for each statement.
    """
    return [
        *_against_tables([line for line in lines if line.source == "table"], narrative),
        *_shares_and_changes(narrative),
        *_procurement(narrative),
    ]


# -- N1 ------------------------------------------------------------------------------------------------------------------


def _meaning(line: Line) -> tuple[object, ...]:
    """Return what a line is the amount of, whatever statement states it."""
    if line.flow == "revenue":  # an item of the summary is the total of its fund's column in the revenue table
        what: object = "total" if line.level == 0 or line.scheme == "revenue_item" else (line.scheme, line.code)
    elif line.level == 0:
        what = line.code if line.scheme == "three_public" else "total"
    else:
        what = (line.scheme, line.code)
    return (line.flow, what, line.fund, line.nature, line.measure)


def _against_tables(tables: list[Line], narrative: Narrative) -> list[Check]:
    by_meaning: dict[tuple[object, ...], list[Line]] = defaultdict(list)
    for line in tables:
        unknown_item = line.scheme == "revenue_item" and line.level > 0 and line.fund == "total"
        if line.unit is None and line.column_evidence != "ambiguous" and not unknown_item and (line.level == 0 or line.code or line.fund):
            by_meaning[_meaning(line)].append(line)
    rows: list[Check] = []
    alone: dict[str, int] = defaultdict(int)
    for line in narrative.lines:
        found = _comparable(line, by_meaning.get(_meaning(line), [])) if line.unit is None else []
        if found:
            rows.append(_stated(line.statement, line.code or line.name, line.amount, step_of(line.unit_text, line.amount_text), found))
        else:
            alone[line.statement] += 1
    for figure in narrative.key_figures:
        indicator = figure["indicator"]
        places = [(kind.id, kind.key_figures[indicator]) for kind in statement_kinds().values() if indicator in kind.key_figures]
        found = [
            line for statement, code in places for line in tables
            if line.statement == statement and line.unit is None and line.fund is not None
            and (line.code == code if code else line.level == 0 and line.fund in ("total", "general_public") and line.column == 1)
        ]  # fmt: skip
        printed = narrative.printed.get(figure["indicator"])
        if found and printed and printed.unit in YUAN_PER:
            rows.append(_stated("key_figures", figure["indicator"], figure["value"], step_of(printed.unit, printed.text), found))
    rows += [
        check_row("N1", statement, "narrative", "not_applicable", f"{count} amounts of the narrative stand in no table of the document")
        for statement, count in alone.items()
    ]
    return rows


def _comparable(line: Line, found: list[Line]) -> list[Line]:
    """Return the lines of the same statement; failing that, of a statement that states the same totals."""
    same = [other for other in found if other.statement == line.statement]
    if same:
        return same
    family = kind_of(line.statement).family
    return [other for other in found if family and kind_of(other.statement).family == family]


def _stated(statement: str, subject: str, amount: Decimal, step: Decimal, found: Iterable[Line]) -> Check:
    nearest = min(found, key=lambda line: abs(line.amount - amount))
    other = printed_step(nearest)
    tolerance = Decimal(0) if step == other else max(step, other) / 2
    difference = abs(nearest.amount - amount)
    outcome = "pass" if difference <= tolerance else "fail"
    cut = "; less than one printed step apart" if tolerance < difference < 2 * tolerance else ""
    detail = f"narrative {amount:,.2f}, table {nearest.amount:,.2f} ({nearest.statement} {nearest.statement_no}){cut}"
    return check_row("N1", statement, subject, outcome, detail, expected=nearest.amount, actual=amount, tolerance=tolerance)


# -- N2 ------------------------------------------------------------------------------------------------------------------


def _interval(number: Number, sign: int = 1) -> Interval:
    """Return the values that a rounded printed number may stand for, in yuan (or percent points)."""
    scale = YUAN_PER.get(number.unit, Decimal(1))
    half = Decimal(10) ** -number.decimals / 2
    low, high = (number.value - half) * scale, (number.value + half) * scale
    return (low, high) if sign >= 0 else (-high, -low)


def _ratio(above: Iterable[Interval], below: Interval) -> Interval | None:
    """Return the percentages that a quotient may take over all corners; None where the divisor may be zero."""
    if below[0] <= 0 <= below[1]:
        return None
    values = [a / b * _HUNDRED for interval in above for a, b in product(interval, below)]
    return min(values), max(values)


def _overlaps(a: Interval, b: Interval) -> bool:
    return a[0] <= b[1] and b[0] <= a[1]


def _name(narrative: Narrative, target: NamedAmount) -> tuple[str, str]:
    if target.line is not None:
        line = narrative.lines[target.line]
        return line.statement, line.code or line.name
    return "key_figures", str(narrative.key_figures[target.figure or 0]["indicator"])


def _shares_and_changes(narrative: Narrative) -> list[Check]:
    rows = []
    open_shares: dict[str, int] = defaultdict(int)
    for share in narrative.shares:
        statement, subject = _name(narrative, share.part)
        if share.whole is None:
            open_shares[statement] += 1
            continue
        rows.append(_share(statement, subject, share, share.whole))
    seen = set()
    for change in narrative.changes:
        if change.percent is None or change.phrase in seen or change.target is None:
            continue
        seen.add(change.phrase)
        statement, subject = _name(narrative, change.target)
        rows.append(_change(statement, subject, change, change.percent, _interval(change.target.number)))
    rows += [
        check_row("N2", statement, "narrative", "not_applicable", f"{count} shares are of a whole that the narrative does not state")
        for statement, count in open_shares.items()
    ]
    return rows


def _share(statement: str, subject: str, share: Share, whole: NamedAmount) -> Check:
    said = _interval(share.percent)
    allowed = _ratio([_interval(share.part.number)], _interval(whole.number))
    subject = f"{subject} 占 {share.percent.text}%"
    if allowed is None:
        return check_row("N2", statement, subject, "not_applicable", "the whole is zero")
    return _percentage_check(statement, subject, share.percent.value, said, allowed)


def _change(statement: str, subject: str, change: Change, percent: Number, now: Interval) -> Check:
    sign = change.sign or 1
    said = _interval(percent, sign)
    subject = f"{subject} {'+' if sign > 0 else '-'}{percent.text}%"
    if change.amount is not None:
        moved = _interval(change.amount, sign)
        before = change.base and _interval(change.base)
        allowed = _ratio([moved], before) if before else _quotient(moved, now)
    elif change.base is not None:
        before = _interval(change.base)
        allowed = _ratio([(now[0] - before[1], now[1] - before[0])], before)
    else:
        return check_row("N2", statement, subject, "not_applicable", "neither the change nor last year's amount is stated")
    if allowed is None:
        return check_row("N2", statement, subject, "not_applicable", "last year's amount is zero")
    return _percentage_check(statement, subject, percent.value * sign, said, allowed)


def _quotient(moved: Interval, now: Interval) -> Interval | None:
    """Return the percentages of change ÷ (amount − change), each side within its printed precision."""
    before = (now[0] - moved[1], now[1] - moved[0])
    if before[0] <= 0:
        return None
    values = [c / (a - c) * _HUNDRED for c, a in product(moved, now) if a - c > 0]
    return (min(values), max(values)) if values else None


def _percentage_check(statement: str, subject: str, percent: Decimal, said: Interval, allowed: Interval) -> Check:
    outcome = "pass" if _overlaps(said, allowed) else "fail"
    middle = ((allowed[0] + allowed[1]) / 2).quantize(Decimal("0.0001"))
    tolerance = ((allowed[1] - allowed[0]) / 2 + (said[1] - said[0]) / 2).quantize(Decimal("0.0001"))
    detail = f"printed {percent}%, the printed numbers allow {allowed[0]:.4f}% to {allowed[1]:.4f}%"
    return check_row("N2", statement, subject, outcome, detail, expected=middle, actual=percent, tolerance=tolerance)


# -- P1, P2 --------------------------------------------------------------------------------------------------------------


def _procurement(narrative: Narrative) -> list[Check]:
    figures = {f["indicator"]: f["value"] for f in narrative.key_figures}
    total = figures.get("procurement_total")
    parts = [figures[k] for k in _PROCURED if k in figures]
    if total is None or not parts or (len(parts) < len(_PROCURED) and sum(parts) != total):
        return [
            check_row("P1", "key_figures", "procurement_total", "not_applicable", "the narrative does not state the total and its parts")
        ]
    steps = [step_of(n.unit, n.text) for k, n in narrative.printed.items() if k.startswith("procurement_") and n.unit in YUAN_PER]
    tolerance = rounding_tolerance(min(steps), len(parts))
    outcome = "pass" if abs(total - sum(parts)) <= tolerance else "fail"
    severity = "error" if len(parts) == len(_PROCURED) else "warning"
    detail = f"{total:,.2f} = Σ of {len(parts)}: {sum(parts):,.2f}"
    expected = sum(parts, Decimal(0))
    return [
        check_row(
            "P1", "key_figures", "procurement_total", outcome, detail,
            severity=severity, expected=expected, actual=total, tolerance=tolerance,
        )
    ]  # fmt: skip


def check_weights(indicators: Sequence[Mapping[str, Any]]) -> list[Check]:
    """Try `P2` on the indicators of one document, project by project: their weights add up to the printed full mark."""
    rows = []
    for (project, _), members in groupby(indicators, key=lambda r: (r["project"], r.get("project_no"))):
        weights = [m["weight_pct"] for m in members]
        if any(w is None for w in weights):
            missing = "no weights are printed" if all(w is None for w in weights) else "some weights are missing"
            rows.append(check_row("P2", PERFORMANCE_TARGETS.id, project, "not_applicable", missing))
            continue
        total = sum(weights, Decimal(0))
        full = min(FULL_MARKS, key=lambda mark: abs(mark - total))
        outcome = "pass" if total == full else "fail"
        detail = f"{len(weights)} weights add up to {total}"
        rows.append(check_row("P2", PERFORMANCE_TARGETS.id, project, outcome, detail, expected=full, actual=total, tolerance=Decimal(0)))
    return rows or [check_row("P2", PERFORMANCE_TARGETS.id, "document", "not_applicable", "no indicators")]
