"""`G1`: in each printed row the amounts stand from left to right in the order of the columns that they were given.

Belongs here: what the places of numbers say about their columns, independent of all sums. Needs boxes: a text dump has none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from pipeline.accounting.check_row import Check, check_row
from pipeline.budget.line import Line


def check_order(lines: Sequence[Line]) -> list[Check]:
    """Return one row for each statement whose numbers have boxes.

    Args:
        lines: of one document; columns that go on beside the sheet stand on another page and are compared there.
    """
    rows: dict[tuple[int, str], dict[tuple[int, int | None], list[tuple[int, float]]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        if line.source == "table" and line.x0 is not None and line.x1 is not None:
            rows[line.statement_no, line.statement][line.row, line.page].append((line.column, line.x0 + line.x1))
    found = []
    for (number, statement), printed in sorted(rows.items()):
        wrong = sorted(row for (row, _), places in printed.items() if not _ordered(places))
        detail = f"{len(printed) - len(wrong)} of {len(printed)} rows in the order of their columns"
        if wrong:
            detail += f", not row {', '.join(map(str, wrong[:8]))}"
        outcome = "fail" if wrong else "pass"
        counts = {"expected": Decimal(len(printed)), "actual": Decimal(len(printed) - len(wrong)), "tolerance": Decimal(0)}
        found.append(check_row("G1", statement, f"statement {number}", outcome, detail, severity="error", **counts))
    return found or [check_row("G1", None, "document", "not_applicable", "no number of a statement has a known place")]


def _ordered(places: Sequence[tuple[int, float]]) -> bool:
    ordered = sorted(places)
    return all(left[0] == right[0] or left[1] < right[1] for left, right in pairwise(ordered))
