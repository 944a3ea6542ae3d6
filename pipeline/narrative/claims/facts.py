"""What sentences claim, before it is split into the dataset's tables: amounts, changes, shares, and what was held back.

Belongs here: the records that reading the narrative leaves, with the printed digits that the checks need.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from pipeline.budget.amounts import YUAN_PER
from pipeline.budget.line import Line
from pipeline.document.content import PrintedPlace
from pipeline.narrative.text.paragraphs import LinePosition
from pipeline.narrative.text.printed_number import Number

UNKNOWN_SUBJECT = "a subject that is not known"
NO_SUBJECT = "an amount without a subject of its own"
OF_ONE_UNIT = "an amount of one unit of the department"
OF_ANOTHER_BODY = "an amount of another body"
ROUNDED_OTHERWISE = "an amount that a table prints rounded otherwise: the table's is published"
NOT_PLACED = frozenset({UNKNOWN_SUBJECT, NO_SUBJECT, OF_ONE_UNIT, OF_ANOTHER_BODY})
"""Why an amount is no line of the narrative though nothing contradicts it: the words do not say which line it is."""

_ROUNDED = Decimal("0.1")  # percentage points: what rounding of amounts and of the percentage makes of it


@dataclass(slots=True)
class NamedAmount:
    """What an amount is of: a budget line or a key figure, by its index in the narrative's lists; `fund` is what a figure's words name."""

    number: Number
    line: int | None = None
    figure: int | None = None
    fund: str = "total"


@dataclass(slots=True)
class Change:
    """A change on the year before that a sentence states of one target.

    Attributes:
        target: the amount that changed; None where only its change is stated.
        basis: `prior_year_execution`, `prior_year_budget` or `prior_year`.
        sign: +1 or -1; 0 where the sentence says that nothing changed.
        amount, percent: as printed, unsigned; None where not stated.
        base: last year's amount, where the sentence states it.
        flat: whether 持平 or the like is said.
        phrase: number of the phrase that says it; one phrase may speak of several targets.
        reason: in the document's words.
        unstated: the line, without its amount, where only its change is stated.
        place: where its amount is printed, else its percentage, else the words that say it.
    """

    target: NamedAmount | None
    basis: str
    sign: int = 0
    amount: Number | None = None
    percent: Number | None = None
    base: Number | None = None
    flat: bool = False
    phrase: int = 0
    reason: str | None = None
    unstated: Line | None = None
    place: LinePosition | None = None

    def is_percent_of(self, target: NamedAmount, percent: Number) -> bool:
        """Tell whether the percentage beside the amount of change is one of last year's amount of `target`."""
        if self.amount is None or target.number.unit not in YUAN_PER:
            return False
        before = target.number.yuan - self.sign * self.amount.yuan
        return before > 0 and abs(self.amount.yuan / before * 100 - percent.value) <= _ROUNDED


@dataclass(frozen=True, slots=True)
class Share:
    """占 p%: the part's share of a whole; the whole is None where the sentence names one that is not in the narrative."""

    part: NamedAmount
    whole: NamedAmount | None
    percent: Number


class HeldBack(NamedTuple):
    """An amount that is in no table: the clause that states it, as printed, the reason, and the page (None: unknown)."""

    clause: str
    why: str
    page: int | None


class ListedAmount(NamedTuple):
    """An amount that was taken as a project's: the words before it, and number with unit, as printed.

    With its page (None: unknown) it is one statement, and captures one number; without, each that the words name. One that a table
    rounds otherwise captures none: the table's amount is the project's.
    """

    words: str
    amount: str
    page: int | None = None
    rounded_otherwise: bool = False


@dataclass(frozen=True, slots=True)
class Unread:
    """Numbers of one section on one page that no sentence was understood to state.

    Attributes:
        section: its heading; empty where there is none.
        page: from 1.
        numbers: each with the words before it, as printed.
    """

    section: str
    page: int | None
    numbers: tuple[str, ...]


class YearOnYear(PrintedPlace):
    """A row of `year_on_year` without document keys (see `schemas.columns`)."""

    statement: str
    flow: str
    scheme: str
    code: str | None
    name: str
    unit: str | None
    fund: str | None
    nature: str | None
    basis: str
    change_amount: Decimal | None
    change_pct: Decimal | None
    flat: bool
    reason: str | None


class KeyFigure(PrintedPlace):
    """A row of `key_figures` without document keys: amounts in yuan, else counts, percentages or areas."""

    indicator: str
    value: Decimal
    unit: str
    name: str | None
    cell: str | None


@dataclass(slots=True)
class Narrative:
    """All that the narrative of one document says.

    Attributes:
        lines: budget lines (source `narrative`, statement_no 0, row = order of the amounts, column 1).
        year_on_year, key_figures: rows of these tables without document keys.
        changes, shares: the same changes, and the shares, with their printed digits, for the checks.
        printed: indicator → the number as printed, of each key figure.
        held_back: amounts that were not understood or contradict an earlier sentence.
        unread: numbers that are neither captured nor held back, by section and page.
        remarks: (printed clause, page, why) of counts, marks and reasons that no table holds.
        of_beginning: rows of the lines whose words say that they are of the beginning of the year.
    """

    lines: list[Line] = field(default_factory=list)
    year_on_year: list[YearOnYear] = field(default_factory=list)
    key_figures: list[KeyFigure] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    shares: list[Share] = field(default_factory=list)
    printed: dict[str, Number] = field(default_factory=dict)
    held_back: list[HeldBack] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    remarks: list[tuple[str, int | None, str]] = field(default_factory=list)
    of_beginning: set[int] = field(default_factory=set)
