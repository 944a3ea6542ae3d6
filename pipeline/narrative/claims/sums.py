"""Sums that sentences state: whether an amount whose label is misprinted makes up the total beside it, as its label would."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.budget.line import Line
from pipeline.budget.sums import FUND_TREE, THREE_PUBLIC_PARTS, adds_up, last_printed_place, nature_parts

_WHOLES = ("total", "basic")
_ITEMS_WITH_PARTS = ("vehicles", "total")  # of 三公; that with meetings and training no sentence gives item by item


def fund_of_rest(whole: Line, lines: Iterable[Line]) -> str | None:
    """Return the fund of a line of 其他资金: that of the units where their funds stand below it as parts, else one of its own.

    Of a subtotal that has money of the special account below it as well, and of one beside 其他收入, no fund is the name: None.
    """
    of = (whole.unit, whole.statement, whole.flow, whole.scheme, whole.measure)
    beside = [line for line in lines if (line.unit, line.statement, line.flow, line.scheme, line.measure) == of]
    parts = [line for line in beside if line.fund in FUND_TREE["unit_funds"]]
    total = next((line.amount for line in beside if line.fund == "total"), None)
    level = [line for line in beside if line.level == whole.level and line.fund != "total"]
    level = [line for line in level if not any(line.fund in FUND_TREE.get(x.fund or "", ()) for x in level if x is not whole)]
    of_year = sum(line.amount for line in level if not (line.fund or "").startswith("carryover"))
    listed = total is not None and total in (of_year, sum(line.amount for line in level))  # each beside the others makes up the total
    if not listed and adds_up(whole.amount, parts, last_printed_place((whole, *parts))):
        return "unit_funds"
    if any(line.fund == "special_account" and line.amount and line.level > whole.level for line in beside):
        return None
    below = [line for line in parts if line.level > whole.level]
    if below and sum(line.amount for line in below) <= whole.amount:
        return "unit_funds"
    too_much = total is not None and of_year > total  # what stands beside it is a part of it
    return None if too_much or any(line.fund == "other" for line in beside) else "other"


def decided_by_sum(line: Line, lines: Sequence[Line]) -> bool:
    """Tell whether a total that sentences state is the sum of its parts with a line, one of several, and not without it.

    Args:
        line: of the narrative, not zero.
        lines: of the narrative, the line among them.
    """
    beside = [x for x in lines if _same(x, line)]
    if not line.amount:
        return False
    if line.scheme == "three_public":
        by_code = {x.code or "": x for x in beside}
        return any(_is_sum(by_code, line, whole, parts) for whole in _ITEMS_WITH_PARTS for parts in THREE_PUBLIC_PARTS[whole])
    by_nature = {x.nature or "": x for x in beside}
    return any(_is_sum(by_nature, line, whole, nature_parts(whole, by_nature)) for whole in _WHOLES)


def _same(line: Line, other: Line) -> bool:
    """Tell whether two lines are of the same money but for the item of 三公, or the nature of spending."""
    if line.scheme == "three_public" and line.nature != other.nature:
        return False
    keys = [
        (x.statement, x.unit, x.flow, x.scheme, x.fund, x.measure, None if x.scheme == "three_public" else (x.code, x.level))
        for x in (line, other)
    ]
    return keys[0] == keys[1]


def _is_sum(known: dict[str, Line], line: Line, whole: str, parts: Iterable[str]) -> bool:
    """Tell whether `whole` is the sum of those of its parts that are stated, the line being it or one of them."""
    stated = [known[part] for part in parts if part in known]
    if whole not in known or not stated or not any(x is line for x in (known[whole], *stated)):
        return False
    return adds_up(known[whole].amount, stated, last_printed_place((known[whole], *stated)))
