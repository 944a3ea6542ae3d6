"""Changes on the year before, as rows of `year_on_year`."""

from __future__ import annotations

from decimal import Decimal

from pipeline.document.content import PrintedPlace, printed_place
from pipeline.narrative.claims.facts import Change, Narrative, YearOnYear


def year_on_year(narrative: Narrative) -> list[YearOnYear]:
    """Return one row for each change that the narrative states, in order, without document keys."""
    return [_row(narrative, change) for change in narrative.changes]


def _place(change: Change) -> PrintedPlace:
    return printed_place(change.place.page, change.place.box) if change.place else printed_place(None, None)


def _row(narrative: Narrative, change: Change) -> YearOnYear:
    sign = change.sign or 1
    row: YearOnYear = {
        "statement": "key_figures", "flow": "expenditure", "scheme": "indicator", "code": None, "name": "",
        "unit": None, "fund": "total", "nature": "total", "basis": change.basis,
        "change_amount": change.amount.yuan * sign if change.amount else None,
        "change_pct": (change.percent.value * sign).quantize(Decimal("0.0001")) if change.percent else None,
        "flat": change.flat, "reason": change.reason, **_place(change),
    }  # fmt: skip
    target, line = change.target, change.unstated
    if target is not None and target.line is not None:
        line = narrative.lines[target.line]
    if line is not None:
        row |= {
            "statement": line.statement, "flow": line.flow, "scheme": line.scheme, "code": line.code, "name": line.name,
            "unit": line.unit, "fund": line.fund, "nature": line.nature,
        }  # fmt: skip
    else:
        figure = target.figure if target is not None else None
        row["code"] = row["name"] = narrative.key_figures[figure or 0]["indicator"]
        row["fund"] = target.fund if target is not None else "total"
    return row
