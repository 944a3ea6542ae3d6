"""What an identity is about, as values; and as the words of `checks.subject`, which are written here alone.

Belongs here: one class per shape of identity. Nothing reads the words back: what needs to know compares the values.
The classes are tagged, so that stored results tell them apart.
"""

from __future__ import annotations

from msgspec import Struct


class Rows(Struct, frozen=True, tag=True):
    """A row that is the sum of other rows, in the columns of one nature and fund.

    Attributes:
        name: the row's code, or its name where it has none.
        nature, fund: of its columns; empty where the rows themselves name them.
        unit: the budget unit whose row group it is.
    """

    name: str
    nature: str
    fund: str
    unit: str | None = None

    def __str__(self) -> str:
        return f"{self.unit + ': ' if self.unit else ''}{self.name} {self.nature} {self.fund}"


class NatureRows(Struct, frozen=True, tag=True):
    """A row that is the sum of rows which name natures, down one column."""

    name: str

    def __str__(self) -> str:
        return f"{self.name} of natures"


class Row(Struct, frozen=True, tag=True):
    """A cell of one row that is the sum of others: of its natures, of its funds, of two years, or of the rows that it heads.

    Attributes:
        row: its number.
        name: its code, or its name where it has none.
        nature, fund: of the cell.
        by_fund: whether its funds are what adds up.
        by_year: whether last year and the change are.
    """

    row: int
    name: str
    nature: str | None
    fund: str | None
    by_fund: bool = False
    by_year: bool = False

    def __str__(self) -> str:
        says = (self.fund, self.nature) if self.by_fund else (self.nature, self.fund)
        return f"row {self.row} {self.name} {'change ' if self.by_year else ''}{says[0]} {says[1]}"


class RevenueItems(Struct, frozen=True, tag=True):
    """A total or fund of a summary's revenue that is the sum of items."""

    name: str
    measure: str

    def __str__(self) -> str:
        return f"{self.name} {self.measure}"


class ThreePublicItem(Struct, frozen=True, tag=True):
    """An item of 三公 that is the sum of others: in the row `row`, or down the columns of one fund and measure."""

    item: str
    row: int | None
    fund: str | None
    measure: str

    def __str__(self) -> str:
        return f"row {self.row} {self.item}" if self.row is not None else f"{self.fund} {self.measure} {self.item}"


class Balance(Struct, frozen=True, tag=True):
    """Revenue and expenditure of a summary; its expenditure may stand there by more than one classification, half after half."""

    statement: str
    half: int

    def __str__(self) -> str:
        return f"{self.statement}: revenue = expenditure" + (f", half {self.half}" if self.half > 1 else "")


class Statements(Struct, frozen=True, tag=True):
    """Two statements, and what is compared between them: `total`, a code, a fund or a nature."""

    left: str
    right: str
    of: str
    at_least: bool = False

    def __str__(self) -> str:
        return f"{self.left} {'≥' if self.at_least else '='} {self.right}: {self.of}"


class Bound(Struct, frozen=True, tag=True):
    """What is at least something else: a cell or item, by its words, and what it holds."""

    whole: str
    part: str

    def __str__(self) -> str:
        return f"{self.whole} ≥ {self.part}"


class FundColumn(Struct, frozen=True, tag=True):
    """A fund of a summary, and the column of the revenue table that repeats it."""

    fund: str
    statement: str

    def __str__(self) -> str:
        return f"{self.fund} = {self.statement}"


Subject = Rows | NatureRows | Row | RevenueItems | ThreePublicItem | Balance | Statements | Bound | FundColumn
