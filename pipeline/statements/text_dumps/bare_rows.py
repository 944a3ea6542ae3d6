"""Text dumps: the rows and header lines of one table, apart.

Belongs here: the records that reading rows gives and building tables takes. Does not belong here: either of these.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from pipeline.budget.amounts import parse_amount
from pipeline.budget.characters import fold, without_spaces
from pipeline.statements.meaning.row_names import clean_name
from pipeline.statements.text_dumps.segments import DumpLine
from schemas.vocabulary import read_row_label

Number = tuple[Decimal | None, str]
"""A printed number in the printed unit with its text; None is a printed dash."""


def is_number(word: str) -> bool:
    """Tell whether a word is an amount by its form."""
    return parse_amount(word) is not None


def number_of(word: str) -> Number:
    """Return a printed number or dash."""
    return parse_amount(word), without_spaces(word)


@dataclass(slots=True)
class RowSide:
    """A label with the numbers printed for it.

    Attributes:
        label: as printed, numbering kept.
        code: its digits joined.
        unit_code: of a unit's row.
        lost_code: whether it prints digits of a code that could not be put together.
        government: code and name of the government's economic class that the row prints beside its own.
        classes: the words in which the row names its class in several classifications, by scheme.
        numbers: in print order.
        indent: the wide spaces that the label is printed behind.
        apart: whether its numbers stand on another line than its label, or before it.
    """

    label: str = ""
    code: str | None = None
    unit_code: str | None = None
    lost_code: bool = False
    government: tuple[str, str] | None = None
    classes: dict[str, str] = field(default_factory=dict)
    numbers: list[Number] = field(default_factory=list)
    indent: str = ""
    apart: bool = False

    @property
    def is_total(self) -> bool:
        """Whether the label is a word of totals."""
        return bool(read_row_label(fold(clean_name(self.label)[0])).get("total"))


@dataclass(slots=True)
class DumpRow:
    """A printed row: one half, or several side by side. `pieces` are the lines of text directly above it."""

    line: DumpLine
    halves: list[RowSide]
    pieces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HeaderLine:
    """A line of header phrases. `stretch` changes where rows stand between two header lines."""

    words: tuple[str, ...]
    stretch: int


@dataclass(slots=True)
class DumpTable:
    """The rows and header lines of one table.

    Attributes:
        above: the words of all lines above the first row that prints a number, whether they were understood as headings or not.
        set_above: the same lines as they are set, with their spaces.
        stray: how many numbers there are that stand in no row.
    """

    rows: list[DumpRow] = field(default_factory=list)
    header: list[HeaderLine] = field(default_factory=list)
    above: list[HeaderLine] = field(default_factory=list)
    set_above: list[str] = field(default_factory=list)
    stray: int = 0

    @property
    def amounts(self) -> int:
        """Count the numbers that the table prints, captured or not."""
        return self.stray + sum(value is not None for row in self.rows for half in row.halves for value, _ in half.numbers)
