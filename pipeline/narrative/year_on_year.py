"""Changes on the year before, as rows of `year_on_year`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pipeline.narrative.facts import Change, Narrative


def year_on_year(narrative: Narrative) -> list[dict[str, Any]]:
    """Return one row for each change that the narrative states, in order, without document keys."""
    return [_row(narrative, change) for change in narrative.changes]


def _row(narrative: Narrative, change: Change) -> dict[str, Any]:
    if change.target.line is not None:
        line = narrative.lines[change.target.line]
        subject = {
            "statement": line.statement, "flow": line.flow, "scheme": line.scheme, "code": line.code, "name": line.name,
            "unit": line.unit, "fund": line.fund, "nature": line.nature,
        }  # fmt: skip
    else:
        indicator = narrative.key_figures[change.target.figure or 0]["indicator"]
        subject = {
            "statement": "key_figures", "flow": "expenditure", "scheme": "indicator", "code": indicator, "name": indicator,
            "unit": None, "fund": "total", "nature": "total",
        }  # fmt: skip
    sign = change.sign or 1
    amount = change.amount.yuan * sign if change.amount else None
    percent = (change.percent.value * sign).quantize(Decimal("0.0001")) if change.percent else None
    return subject | {
        "basis": change.basis, "change_amount": amount, "change_pct": percent, "flat": change.flat, "reason": change.reason,
    }  # fmt: skip
