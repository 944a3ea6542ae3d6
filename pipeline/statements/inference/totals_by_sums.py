"""Rows whose name is in no list of words, but which are the total of their columns: only the sums tell.

Belongs here: telling an unknown total from a row of the statement, before any line is made. Does not belong here: totals that
print no name at all (`nameless_totals.py`), and rows that are sums of a part of the others (`nesting.py`, `leaves.py`).
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from pipeline.budget.characters import fold
from pipeline.budget.codes.printed_codes import parents_of
from pipeline.budget.sums import (
    CODED,
    ITEMS,
    NATURES_OUTSIDE_THE_YEAR,
    THREE_PUBLIC_PARTS,
    is_of_which,
    is_prefix_of_others,
    nature_parts,
    rounding_tolerance,
)
from pipeline.statements.inference.nesting import parents_by_sums
from pipeline.statements.meaning.unit_rows import names_body
from pipeline.statements.statement_model import RowLabel
from schemas.vocabulary.phrases import WordPattern, any_of

_SIGN = WordPattern(lambda: any_of("statement_words.csv", "total_sign"))
_THIS_YEAR = WordPattern(lambda: f"^{any_of('statement_words.csv', 'this_year')}")
_SUBTOTAL = "小计"
_TOTALS_OF_THREE_PUBLIC = ("total", "with_meetings_training")


class PrintedAmount(msgspec.Struct, frozen=True, gc=False):
    """An amount and its last printed place, both in one unit of money."""

    amount: Decimal
    step: Decimal


class LabelledRow(msgspec.Struct, frozen=True, gc=False):
    """A row of a block: what it is about, and what it prints in which column."""

    label: RowLabel
    amounts: Mapping[int, PrintedAmount]

    @property
    def is_coded(self) -> bool:
        """Whether the row has a code of a classification."""
        return self.label.scheme in CODED and self.label.code is not None


def with_totals(rows: Sequence[LabelledRow | None]) -> list[RowLabel | None]:
    """Return the labels of a block's rows, with those at level 0 that are the total of its rows by their sums alone.

    A row is one if it stands before or behind all rows that it may be the sum of, its name is no code's, unit's or fund's, and
    each of its amounts is the sum of its column's top rows. Among items, of which one may be the sum of others by nesting, a
    total whose name is known excludes an unknown one.

    Args:
        rows: in printed order, with their codes; None for rows without any label.
    """
    found = _with_sums_of_headings(rows)
    filled, three_public = _filled(found), _of_three_public(found)
    for n, row in enumerate(found):
        if row is not None and _may_be_total(row):
            by_sums = _revenue_total if row.label.scheme == "revenue_item" else _three_public if three_public else _total
            if label := by_sums(n, row, [(m, other) for m, other in filled if m != n]):
                found[n] = replace(row, label=label)
                filled, three_public = _filled(found), _of_three_public(found)
    return [None if row is None else row.label for row in found]


def _filled(rows: Sequence[LabelledRow | None]) -> list[tuple[int, LabelledRow]]:
    """Return the rows that print amounts, with their places."""
    return [(n, row) for n, row in enumerate(rows) if row and row.label.measure is None and row.amounts]


def _with_sums_of_headings(rows: Sequence[LabelledRow | None]) -> list[LabelledRow | None]:
    """Return the rows; 小计 below a code without amounts has this code, where it is the sum of all its rows, which stand between."""
    found = list(rows)
    heading: tuple[int, LabelledRow] | None = None
    for n, row in enumerate(rows):
        if row is not None and row.is_coded and not row.amounts:
            heading = (n, row)
        elif row is not None and heading is not None and not row.label.level and fold(row.label.name) == _SUBTOTAL:
            between = [other for other in rows[heading[0] + 1 : n] if other is not None]
            code, codes = heading[1].label.code or "", {other.label.code for other in between}
            own = bool(code) and all(other.is_coded and code in parents_of(other.label.code or "") for other in between)
            after = next((other for other in rows[n + 1 :] if other is not None), None)
            goes_on = after is not None and after.label.unit == row.label.unit and code in parents_of(after.label.code or "")
            if own and not goes_on and is_sum(row, [other for other in between if not is_below(other, codes)]):
                above = heading[1].label
                found[n] = replace(row, label=replace(above, name=row.label.name, goes_on=False))
            heading = None
    return found


def _may_be_total(row: LabelledRow) -> bool:
    label = row.label
    if not label.level or label.code or label.digits or label.measure or label.fund or is_of_which(label.nature):
        return False
    if names_body(label.name):
        return False  # a department above its units is one of them
    return any(printed.amount for printed in row.amounts.values())


def _is_signed(row: LabelledRow) -> bool:
    """Tell whether a row's name sounds like a total: of two rows of one amount only a word can tell which is the other's total."""
    return _SIGN.search(fold(row.label.name)) is not None


def _of_three_public(rows: Sequence[LabelledRow | None]) -> bool:
    return any(row and row.label.scheme == "three_public" for row in rows)


Others = Sequence[tuple[int, LabelledRow]]
"""The other rows that print amounts, with their places among all rows."""


def _revenue_total(n: int, row: LabelledRow, others: Others) -> RowLabel | None:
    """A row of the revenue half that names no fund, and is the sum of all items above it."""
    above = [other for m, other in others if m < n and other.label.level and other.label.scheme == "revenue_item"]
    if not (is_sum(row, above) and (len(above) > 1 or _is_signed(row))):
        return None
    return replace(row.label, level=0, fund="current_year" if _THIS_YEAR.search(fold(row.label.name)) else None)


def _three_public(_: int, row: LabelledRow, others: Others) -> RowLabel | None:
    """An unknown row of a 三公 statement that is the sum of its items."""
    items = {other.label.code: other for _, other in others if other.label.scheme == "three_public"}
    for code, parts in ((whole, parts) for whole in _TOTALS_OF_THREE_PUBLIC for parts in THREE_PUBLIC_PARTS[whole]):
        rows = [items[part] for part in parts if part in items]
        complete = len(rows) > 1 and (code == "total" or {"conference", "training"} & items.keys())
        if code not in items and complete and is_sum(row, rows):
            return replace(row.label, scheme="three_public", code=code, code_source="printed", level=0, nature=None)
    return None


def _total(n: int, row: LabelledRow, others: Others) -> RowLabel | None:
    body = [(m, other) for m, other in others if other.label.level or other.label.nature]
    if row.label.scheme == "project" and any(other.is_coded for _, other in body):
        return None  # a project over the codes that divide it: one alone is the sum of all rows
    coded = [(m, other) for m, other in body if other.is_coded]
    if not coded and any(not other.label.level and not other.label.nature for _, other in others):
        return None
    body = coded or body
    if not body or body[0][0] < n < body[-1][0]:
        return None
    around = [other for _, other in others], [other for m, other in others if m < n]
    beside = [other for _, other in others if not other.label.level and other.label.nature in NATURES_OUTSIDE_THE_YEAR]
    for tops in map(_tops, around if n > body[-1][0] else around[:1]):
        shown = len(tops) > 1 or (coded and n < body[0][0]) or _is_signed(row)
        if shown and (is_sum(row, tops) or (beside and is_sum(row, [*tops, *beside]))):
            scheme = coded[0][1].label.scheme if coded else row.label.scheme
            return replace(row.label, level=0, unit=None, nature=None, scheme=scheme)
    return None


def _tops(rows: Sequence[LabelledRow]) -> list[LabelledRow]:
    """Return the rows that are no part of another one."""
    natures = nature_parts("total", [row.label.nature for row in rows if not row.label.level and row.label.nature])
    if natures:
        return [row for row in rows if not row.label.level and row.label.nature in natures]
    units = [row for row in rows if row.label.level and row.label.scheme == "unit"]
    heads = [row for row in units if is_prefix_of_others(row.label.code, [unit.label.code or "" for unit in units])]
    named = {row.label.name for row in units}
    rest = [row for row in rows if row.label.level and row.label.scheme != "unit" and row.label.unit not in named]
    codes = {row.label.code for row in rest if row.is_coded}
    top = [row for row in rest if (not is_below(row, codes) if row.is_coded else row.label.level == 1)]
    return [*(heads or units), *top]


def is_below(row: LabelledRow, codes: Container[str | None]) -> bool:
    """Tell whether a row's code is below one of some codes."""
    return any(parent in codes for parent in parents_of(row.label.code or ""))


def is_sum(whole: LabelledRow, parts: Sequence[LabelledRow]) -> bool:
    """Tell whether each amount of a row is the sum of its column's rows, and no column has a sum that the row does not print."""
    columns = {column for row in (whole, *parts) for column in row.amounts}
    return bool(parts) and all(_adds_up(whole, parts, column) for column in columns)


def _adds_up(whole: LabelledRow, rows: Sequence[LabelledRow], column: int) -> bool:
    own = whole.amounts.get(column)
    amount = own.amount if own else Decimal(0)
    parts = [(row, printed) for row in rows if (printed := row.amounts.get(column))]
    if not parts:
        return not amount
    step = min(printed.step for printed in (*(p for _, p in parts), *([own] if own else [])))
    if abs(amount - sum((p.amount for _, p in parts), Decimal(0))) <= rounding_tolerance(step, len(parts)):
        return True
    items = all(row.label.scheme in (*ITEMS, "unit", "revenue_item") for row, _ in parts)
    return bool(amount) and items and parents_by_sums([p.amount for _, p in parts], amount, step) is not None
