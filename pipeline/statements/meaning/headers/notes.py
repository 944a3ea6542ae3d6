"""What the note below a table says of its columns.

Belongs here: words that a form prints in small type and that change what a header means. Does not belong here: notes on what a
table is without (`said_empty`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from pipeline.budget.characters import fold
from pipeline.statements.meaning.headers.header_attributes import measure_of
from pipeline.statements.statement_model import Column, Table

NOTE = re.compile(r"[附备]?注[:释]|说明:")
_ON_PLANS = re.compile(r"(?:^|[^一-鿿]|其中)[\"']?预算数?[\"']?栏?(?:[为指即系]|是指?|反映)(?P<said>[^;。]{1,80})")
_LAST_ROWS = 3  # of a table that may hold its note: it, the maker, the date
_PART = re.compile(r"[^,、]+")
_NOT = re.compile(r"[不未非无]")


def measured_as_noted(columns: Sequence[Column], table: Table) -> list[Column]:
    """Return the columns of a final account; 预算数 is the adjusted budget where the note says so (预算数为全年预算数)."""
    within = (fold(cell.text) for row in table.rows[-_LAST_ROWS:] for cell in row.cells if cell is not None)
    note = "。".join([table.note, *(text for text in within if NOTE.match(text))])
    said = {measure for match in _ON_PLANS.finditer(note) for measure in _measures(match["said"])}
    plain = [c for c in columns if c.role == "amount" and c.measure == "budget" and any(text in ("预算数", "预算") for text in c.path)]
    named = any(c.role == "amount" and c.measure == "adjusted_budget" for c in columns)
    if said != {"adjusted_budget"} or named:
        return list(columns)
    return [replace(c, measure="adjusted_budget") if c in plain else c for c in columns]


def _measures(said: str) -> set[str]:
    """Return the measures that what is said of 预算数 names; nothing where it is denied."""
    parts = [part[0].replace("的", "") for part in _PART.finditer(said)]
    return set() if _NOT.search(said) else {measure for part in parts if (measure := measure_of(part, None)) and "预算" in part}
