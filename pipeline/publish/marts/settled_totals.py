"""Which total of a figure the marts have, where it is printed, and what contradicts it: held back rather than wrong.

The largest total that the files of a disclosure print is the whole. It counts from the figure's own table, else a summary, else another
table, else a sentence. A smaller one is no contradiction where what is carried forward explains it: then it is the spending of the year.
What nothing explains holds the figure back unless more places print the larger one; a factor of a thousand (元 read as 万元, and the
reverse) holds it back wherever it shows, in prose and in last year's document too.

Belongs here: this decision. Which totals are printed is gathered in `printed_totals.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

import polars as pl

from schemas.marts import BY_ECONOMIC, BY_FUNCTION, FIGURES, THREE_PUBLIC, TOTALS_ONLY, WHOLE, MartAmount

SCALE = 1000
"""Amounts of one thing that differ by such a factor were read in different units (元, 万元): budgets do not grow like that."""

OWN = ("table", "summary")
"""Sources that print a figure as their own: what differs between them is a contradiction."""
_NESTED = {THREE_PUBLIC.name, *(figure.name for figure in TOTALS_ONLY)}
"""Figures of which smaller totals are those of units, or of funds: no contradiction."""

_PARTS = {figure.name for figure in (*FIGURES, *TOTALS_ONLY) if figure.flow == "expenditure"} - {WHOLE}


def _first(figure: MartAmount) -> str:
    """Return the nature of a figure's whole."""
    return next(iter(figure.natures.values()))


_BASIC = {whole.name: part.name for whole in BY_FUNCTION for part in BY_ECONOMIC if part.funds == whole.funds and _first(part) == "basic"}
"""Per figure the one of its basic spending by economic code: which of the two is wrong where this is the larger, nothing tells."""


class Printed(NamedTuple):
    """A number that a document prints as the total of a figure; `step` is its last printed place."""

    amount: Decimal
    step: Decimal
    source: str
    document_id: str
    statement: str | None
    statement_no: int | None
    page: int | None
    sound: bool


class Key(NamedTuple):
    """A figure of a disclosure, in one measure."""

    disclosure_id: str
    figure: str
    measure: str


@dataclass(frozen=True, slots=True)
class Settled:
    """What the marts have of a figure.

    Attributes:
        printed: the number, with its place.
        grand: the largest total, with what is carried forward.
        held: outcome for which it is held back; None: it counts.
        reason: what else is printed of it, in one sentence; None: nothing.
    """

    printed: Printed
    grand: Decimal
    held: str | None = None
    reason: str | None = None


class Explanation(NamedTuple):
    """An amount that stands beside the year's: carried forward (`outside`), or carried over from the year before."""

    amount: Decimal
    outside: bool


def settle(printed: Sequence[Printed], explanations: Sequence[Explanation], figure: str) -> Settled:
    """Decide on the total of one figure.

    Args:
        printed: all totals of it, at least one.
        explanations: what may explain a difference between them.
        figure: its name.
    """
    trusted = [one for one in printed if one.sound]
    sound = [one for one in printed if one.sound or any(_equal(one, other) for other in trusted)]  # said elsewhere too
    if not sound:
        first = _ordered(printed)[0]
        return Settled(first, first.amount, "contradicted", f"an identity of severity error contradicts {first.amount:,.2f}")
    own = [one for one in sound if one.source in OWN]
    pool = own or next(
        (of for name in ("other_table", "narrative", "rows", "empty_table") if (of := [one for one in sound if one.source == name])), sound
    )
    groups = _groups(pool)
    top, grand, chosen, reasons, held = groups[0], groups[0][0].amount, groups[0], [], None
    for lower in groups[1:] if figure not in _NESTED else []:
        kind = _explained(top, lower, explanations)
        if kind is not None:
            chosen = lower if kind.outside else chosen
            continue
        reasons.append(f"{_said(top)} and {_said(lower)} differ")
        if _places(lower) >= _places(top):
            held = "contradicted"
    counted = {id(one) for group in groups for one in group}
    others = [one for one in sound if id(one) not in counted and one.source not in ("rows", "empty_table")]
    agreeing = [one for one in others if any(_equal(one, other) for group in groups for other in group)]
    for source in ("other_table", "narrative"):
        said = [one for one in others if one.source == source]
        if said and not any(one in agreeing for one in said):
            other = max(said, key=lambda one: one.amount)
            if _explained(top, [other], explanations) is None and not (figure in _NESTED and source == "other_table"):
                reasons.append(f"{_said(chosen)} and {_said([other])} differ")
                held = held or ("other_scale" if of_other_scale(chosen[0].amount, other.amount) else None)
    doubtful = [one for one in printed if one not in sound]
    if held is None and _places(chosen) == 1 and not agreeing and _all_of_other_scale(chosen[0].amount, [one.amount for one in doubtful]):
        reasons.append(f"{_said(chosen)} and {_said(doubtful)} differ")  # which of the two is read wrong, nothing tells
        held = "other_scale"
    return Settled(_ordered(chosen)[0], grand, held, "; ".join(reasons) or None)


def settle_all(
    totals: Mapping[Key, Sequence[Printed]],
    explanations: Mapping[tuple[str, str], Sequence[Explanation]],
    comprised: Mapping[str, str],
    last_year: Mapping[Key, str],
    revenue: Mapping[Key, Sequence[Decimal]] | None = None,
) -> dict[Key, Settled]:
    """Decide on all figures, and hold those back that are more than their whole.

    Args:
        totals: what is printed, by figure.
        explanations: by disclosure and measure.
        comprised: per disclosure of a unit that of the department that comprises it.
        last_year: per figure that differs from last year's document by `SCALE`, the sentence that says so.
        revenue: per figure of a fund what tables print of the fund's revenue: spending is of its scale.
    """
    settled = {
        key: settle(printed, explanations.get((key.disclosure_id, key.measure), ()), key.figure) for key, printed in sorted(totals.items())
    }
    for key, one in settled.items():
        whole = settled.get(Key(key.disclosure_id, WHOLE, key.measure))
        head = settled.get(Key(comprised.get(key.disclosure_id, ""), key.figure, key.measure))
        basic = settled.get(Key(key.disclosure_id, _BASIC.get(key.figure, ""), key.measure))
        if one.held:
            continue
        if basic and not basic.held and _exceeds(basic.printed, one):
            settled[key] = _held(one, "contradicted", f"its basic spending is {basic.printed.amount:,.2f}")
        elif (income := (revenue or {}).get(key)) and _all_of_other_scale(one.printed.amount, income):
            settled[key] = _held(one, "other_scale", f"the revenue of its fund is {max(income):,.2f}")
        elif key in last_year:
            settled[key] = replace(one, held="other_scale", reason=last_year[key])
        elif key.figure in _PARTS and whole and not whole.held and _exceeds(one.printed, whole):
            settled[key] = _held(one, "exceeds_whole", f"all spending is {whole.grand:,.2f}")
        elif head and not head.held and _exceeds(one.printed, head):
            settled[key] = _held(one, "exceeds_department", f"its department has {head.grand:,.2f}")
    return settled


def of_other_scale(one: Decimal, other: Decimal) -> bool:
    """Tell whether two amounts of one thing differ by so much that their units must."""
    small, large = sorted((abs(one), abs(other)))
    return bool(small) and large >= SCALE * small


def _all_of_other_scale(one: Decimal, others: Sequence[Decimal]) -> bool:
    return bool(others) and all(of_other_scale(one, other) for other in others)


def by_key(frame: pl.DataFrame) -> dict[Key, list[Printed]]:
    """Return the rows of `printed_totals`, with `disclosure_id`, by figure."""
    found: dict[Key, list[Printed]] = defaultdict(list)
    columns = (
        "disclosure_id",
        "figure",
        "measure",
        "amount",
        "step",
        "source",
        "document_id",
        "statement",
        "statement_no",
        "page",
        "sound",
    )
    for disclosure, figure, measure, *rest in frame.select(columns).iter_rows():
        found[Key(disclosure, figure, measure)].append(Printed(*rest))
    return dict(found)


def _held(one: Settled, outcome: str, reason: str) -> Settled:
    return replace(one, held=outcome, reason="; ".join(part for part in (f"{_said([one.printed])}, {reason}", one.reason) if part))


def _exceeds(part: Printed, whole: Settled) -> bool:
    return part.amount > whole.grand + max(part.step, whole.printed.step)


def _ordered(printed: Iterable[Printed]) -> list[Printed]:
    """Return numbers with the one that counts first: by its source, then the one that is printed most exactly, then by place."""
    order = ("table", "summary", "other_table", "narrative", "rows", "empty_table")
    return sorted(printed, key=lambda p: (order.index(p.source), p.step, p.document_id, p.statement_no or 0, p.page or 0, p.amount))


def _equal(one: Printed, other: Printed) -> bool:
    """Tell whether two numbers are the same, printed to different places."""
    return abs(one.amount - other.amount) <= max(one.step, other.step)


def _groups(printed: Sequence[Printed]) -> list[list[Printed]]:
    """Return the numbers that are the same together, the largest first."""
    groups: list[list[Printed]] = []
    for one in sorted(printed, key=lambda p: (-p.amount, p.step)):
        group = next((group for group in groups if any(_equal(one, other) for other in group)), None)
        if group is None:
            groups.append([one])
        else:
            group.append(one)
    return groups


def _explained(top: Sequence[Printed], lower: Sequence[Printed], explanations: Sequence[Explanation]) -> Explanation | None:
    """Return what explains that a total is smaller than the largest, what is carried forward before what was carried over."""
    difference, step = abs(top[0].amount - lower[0].amount), max(one.step for one in (*top, *lower))
    for outside in (True, False):
        amounts = [one.amount for one in explanations if one.outside is outside]
        for amount in (*amounts, sum(amounts, Decimal(0))):
            if amount and abs(difference - amount) <= step:
                return Explanation(amount, outside)
    return None


def _places(group: Sequence[Printed]) -> int:
    """Return in how many places numbers are printed: tables and the prose of a file each count once."""
    return len({(one.document_id, one.statement, one.statement_no) for one in group})


def _said(group: Sequence[Printed]) -> str:
    first = _ordered(group)[0]
    where = first.statement or "key figures"
    return f"{first.amount:,.2f} ({where}{', narrative' if first.source == 'narrative' else ''} of {first.document_id})"
