"""Last year's amounts that sentences state beside this year's: lines of their own where the change beside them proves them.

Belongs here: whether last year's amount, this year's and the change between them agree as printed. Does not belong here: finding them
(`sentence_reader.py`, `amount_reader.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from msgspec.structs import replace

from pipeline.budget.amounts import YUAN_PER
from pipeline.budget.line import Line
from pipeline.narrative.claims.facts import Change, HeldBack, NamedAmount
from pipeline.narrative.text.paragraphs import LinePosition
from pipeline.narrative.text.printed_number import Number

UNCONFIRMED = "last year's amount, which no change beside it confirms"
OF_A_FIGURE = "last year's amount of a key figure, for which there is no row"
UNKNOWN_WORDS = "last year's amount, in words that do not say what it is of that year"
TWO_AMOUNTS = "last year's amount, of which another sentence states another one"

_MEASURES = {"prior_year_execution": "prior_year_final", "prior_year_budget": "prior_year_budget", "prior_year": "prior_year"}
"""Measure of an amount by what a comparison with it is based on."""

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class PriorAmount:
    """Last year's amount as a sentence states it.

    Attributes:
        number: as printed; the same object is the base of the change beside it.
        basis: what it is: `prior_year_execution`, `prior_year_budget`, `prior_year`.
        targets: this year's amounts that it is said beside.
        place: where it is printed.
        clause: that states it, as printed.
        at: how many lines the narrative had before it.
        known: whether all words that say what it is of that year are known: an adjusted budget, or some months, are no whole year's.
    """

    number: Number
    basis: str
    targets: tuple[NamedAmount, ...]
    place: LinePosition
    clause: str
    at: int
    known: bool


def prior_lines(
    priors: Sequence[PriorAmount], changes: Sequence[Change], lines: Sequence[Line]
) -> tuple[list[tuple[int, Line]], list[HeldBack]]:
    """Return the lines of last year's amounts, each with the number of lines before it, and those that are held back.

    Args:
        priors: in the order of the document.
        changes: that sentences state.
        lines: of the narrative, by the numbers that named amounts have.
    """
    found: list[tuple[int, Line]] = []
    held: list[HeldBack] = []
    for prior in priors:
        beside = [c for c in changes if c.base is prior.number or any(c.target is t for t in prior.targets)]
        own = [c for c in beside if c.basis == prior.basis or "prior_year" in (c.basis, prior.basis)]  # which is of either
        stated = list(_lines_of(own, prior, lines))
        if not prior.known:
            held.append(_held(prior, lines, UNKNOWN_WORDS))
        elif stated:
            for line in stated:
                if not any(_is_of(line, other) for _, other in found):
                    found.append((prior.at, line))
            differ = any(_is_of(line, other) and line.amount != other.amount for line in stated for _, other in found)
            held += [_held(prior, lines, TWO_AMOUNTS)] if differ else []
        else:
            of_figure = any(target.figure is not None for target in prior.targets)
            held.append(_held(prior, lines, OF_A_FIGURE if of_figure else UNCONFIRMED))
    return found, held


def _lines_of(changes: Sequence[Change], prior: PriorAmount, lines: Sequence[Line]) -> Iterator[Line]:
    """Yield last year's lines of what has changed as the sentence says."""
    for change in changes:
        line = lines[change.target.line] if change.target is not None and change.target.line is not None else change.unstated
        if line is None or prior.number.unit not in YUAN_PER or not agrees(change, prior.number):
            continue
        x0, y0, x1, y1 = prior.place.box or (None, None, None, None)
        basis = change.basis if prior.basis == "prior_year" else prior.basis
        yield replace(
            line, measure=_MEASURES[basis], amount=prior.number.yuan, amount_text=prior.number.text, unit_text=prior.number.unit,
            page=prior.place.page, x0=x0, y0=y0, x1=x1, y1=y1,
        )  # fmt: skip


def agrees(change: Change, before: Number) -> bool:
    """Tell whether a change is the one from last year's amount to this year's, each as printed.

    A percentage alone proves it too; 持平 only where both are the same, for 基本持平 is said of amounts that differ.

    Args:
        change: of this year's amount, or of one that is not stated: then its amount must be its percentage of last year's.
        before: last year's amount.
    """
    now = change.target.number if change.target is not None else None
    if now is None:
        return (
            change.amount is not None and change.percent is not None and bool(change.percent.value)
            and _is_percent(change.percent, change.amount.yuan, change.amount.step / 2, before)
        )  # fmt: skip
    moved, slack = now.yuan - before.yuan, (now.step + before.step) / 2 if now.text != before.text else Decimal(0)
    if change.amount is not None:
        return abs(moved - change.sign * change.amount.yuan) <= slack + change.amount.step / 2
    if change.percent is not None:
        return _is_percent(change.percent, change.sign * moved, slack, before)
    return change.flat and abs(moved) <= slack


def _is_percent(percent: Number, moved: Decimal, slack: Decimal, before: Number) -> bool:
    """Tell whether a movement is so many percent of last year's amount, to the rounding of each."""
    if before.yuan <= 0:
        return False
    half = Decimal(10) ** -percent.decimals / 2
    return abs(moved / before.yuan * _HUNDRED - percent.value) <= half + (slack + before.step / 2) / before.yuan * _HUNDRED


def _is_of(line: Line, other: Line) -> bool:
    """Tell whether two lines are last year's amounts of one thing."""
    what = [
        (x.unit, x.statement, x.flow, x.scheme, x.code or x.name, x.level, x.fund, x.nature, x.measure) for x in (line, other)
    ]  # fmt: skip
    return what[0] == what[1]


def _held(prior: PriorAmount, lines: Sequence[Line], why: str) -> HeldBack:
    """Return last year's amount as one that is held back, with the name of what it is said beside."""
    names = [lines[target.line].name for target in prior.targets if target.line is not None]
    return HeldBack(" ".join([*names[:1], prior.clause]), why, prior.place.page or None)
