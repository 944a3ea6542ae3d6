"""The statement in memory: what a printed table was understood to be, between its cells and its lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import msgspec

from pipeline.accounting.equation import Contradiction
from pipeline.budget.line import Line
from pipeline.document.content import Box, Cell

LABEL_ROLES = (
    "code",
    "name",
    "government_code",
    "government_name",
    "unit_code",
    "unit_name",
    "serial",
    "group",
    "catalogue",
    "catalogue_code",
)
"""Roles of columns that say what a row is about."""

NO_AMOUNTS = ("percent", "count", "page_sum")
"""Measures of rows whose numbers are no amounts of the statement: shares, counts, and what a page only repeats of other rows."""

NO_BOX = Box(0.0, 0.0, 0.0, 0.0)
"""Of a cell of bare lines, which do not say where they stand."""

UNNAMED = "合计"
"""Standard name of a row that prints no word: it is the total of its columns."""


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A number in the printed unit with its text; a printed dash has no value."""

    value: Decimal | None
    text: str


@dataclass(frozen=True, slots=True)
class UnplacedNumbers:
    """Numbers of a row of which only is known in which columns they may stand, each in one of its own.

    Attributes:
        columns: of the table, by index; as many numbers or more, since a blank cell left no trace.
        numbers: in printed order; none where the row prints none.
    """

    columns: tuple[int, ...]
    numbers: tuple[PrintedNumber, ...]


class TableRow(msgspec.Struct, frozen=True, gc=False):
    """A printed row.

    Attributes:
        page: on which it is printed.
        cells: for each column of the table the cell that covers it, or None.
        top: true in a cell's first row.
        left: true in the first column of the row that a cell covers.
        beside, over: columns from `beside` on are printed `over` pages later (a table too wide for its sheet).
        unplaced: numbers whose columns are lost: those of each half of the row apart.
        apart: whether numbers of it stand on another line of a bare text than its label.
    """

    page: int
    cells: tuple[Cell | None, ...]
    top: tuple[bool, ...]
    left: tuple[bool, ...]
    beside: int | None = None
    over: int = 1
    unplaced: tuple[UnplacedNumbers, ...] = ()
    apart: bool = False

    def start_of(self, column: int) -> int:
        """Return the first column that the cell over a column covers."""
        while not self.left[column]:
            column -= 1
        return column

    def page_of(self, column: int) -> int:
        """Return the page on which a column of this row is printed."""
        return self.page + self.over if self.beside is not None and column >= self.beside else self.page


@dataclass(frozen=True, slots=True)
class Table:
    """A printed table, stitched over its pages, with the words that stand above it.

    Attributes:
        heading: texts above the first page's grid, nearest last.
        rows: all rows of all pages, header rows included.
        edges: x of the left edge of each column on its first page (points).
        ruled: whether rulings separate the columns, on all its pages.
        headers: of a table whose columns are lost: the header texts of each column, top to bottom; its rows are then its body.
        before: of such a table: pairs of columns, by index, of which the print proves that the first stands left of the second.
        marks: texts below it that say a unit of money.
        further: those above its further pages.
        note: below it, folded.
    """

    heading: tuple[str, ...]
    rows: tuple[TableRow, ...]
    edges: tuple[float, ...]
    ruled: bool = True
    headers: tuple[tuple[str, ...], ...] | None = None
    before: tuple[tuple[int, int], ...] = ()
    marks: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    note: str = ""


class Column(msgspec.Struct, frozen=True, gc=False):
    """What a column of a statement holds.

    Attributes:
        index: from 0, as printed.
        role: `amount`, one of LABEL_ROLES, `digit` (one of an amount), or `text` (nothing that is a line).
        block: side-by-side halves are blocks 0, 1, …
        path: folded header texts, top to bottom.
        headers: the same as printed, spaces removed.
        named: the header that says which 三公 item the column holds.
        scheme: of the codes or names in a label column, where the header says it.
        flow, fund, nature, measure, item: of an amount column; `item` is a three_public code.
        unit_text: where the header prints its own unit.
        understood: false where no known phrase says what the amounts are, and no sum of the rows either.
        solved: the rows' sums decided what it is.
    """

    index: int
    role: str
    block: int = 0
    path: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    named: str = ""
    scheme: str | None = None
    flow: str | None = None
    fund: str | None = None
    nature: str | None = None
    measure: str | None = None
    item: str | None = None
    unit_text: str | None = None
    understood: bool = True
    solved: bool = False


class RowLabel(msgspec.Struct, frozen=True, gc=False):
    """What one row of one block is about.

    Attributes:
        name: as printed, numbering and marks removed.
        code, code_source, scheme, level: of the row's main classification.
        fund, nature: where the row itself names one.
        fund_beside, nature_beside: where a cell beside the name, or a heading over a section of rows, says it; empty where its word
            is not known.
        unit: the budget unit whose row group this is.
        unit_code: of a row that says whose it is by a unit's budget code alone.
        indent: x of the name inside its cell (points), for names without codes.
        numbered: the level that the row's numbering shows, where it has one.
        heads_units: whether a unit row is the department above the other units.
        measure: where the row itself names one (a row per year), or one of NO_AMOUNTS.
        function_code: that the row prints beside another classification.
        catalogue_code: of a purchase: its code in the procurement catalogue.
        project: that a purchase, or the money of a row of codes, belongs to.
        is_bought: whether the row says what is bought.
        economic_name: of a purchase: the class of the departmental economic classification that it is printed under, by name alone.
        completed: whether the code's first digits are those of the row above, where the cells for them are blank.
        digits: what stands in the code cells where that is no whole code (`99` for 20899).
        flow: of an income row in a column that holds both sides.
        goes_on: whether all that labels the row stands in cells that reach down from the row above: no row of its own.
        above: names of the classes above its own, outermost first, where they stand in columns of their own.
    """

    name: str
    scheme: str
    level: int
    code: str | None = None
    code_source: str | None = None
    department_economic_code: str | None = None
    government_economic_code: str | None = None
    fund: str | None = None
    nature: str | None = None
    unit: str | None = None
    unit_code: str | None = None
    indent: float = 0.0
    numbered: int | None = None
    completed: bool = False
    digits: str = ""
    heads_units: bool = False
    measure: str | None = None
    function_code: str | None = None
    catalogue_code: str | None = None
    project: str | None = None
    is_bought: bool = False
    economic_name: str | None = None
    flow: str | None = None
    goes_on: bool = False
    fund_beside: str | None = None
    nature_beside: str | None = None
    above: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowContext:
    """What is known of a block before its rows are read.

    Attributes:
        statement: canonical id.
        flow: of the block's amounts.
        scheme: that the header or title names, if any.
        unit_names: folded names of budget units known in this document.
        fiscal_year: of the document.
    """

    statement: str
    flow: str
    scheme: str | None
    unit_names: frozenset[str]
    fiscal_year: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One of the halves that stand side by side in a table, or its only one.

    Attributes:
        number: from 0; its columns are those of that `block`.
        flow: of its amounts.
        scheme: that header or title name for its rows, if any.
        labels: what each row of the body is about, as read; None for rows without any label.
    """

    number: int
    flow: str
    scheme: str | None
    labels: tuple[RowLabel | None, ...]


@dataclass(frozen=True, slots=True)
class TableInterpretation:
    """What the columns and rows of a table may mean.

    Attributes:
        kind: canonical id of the statement that the table is under this reading.
        rows: all its rows, header included; `body` of them come before the first one of the body.
        columns: what each column holds.
        before: see `Table.before`.
        blocks: those with amounts.
    """

    kind: str
    rows: tuple[TableRow, ...]
    body: int
    columns: tuple[Column, ...]
    before: tuple[tuple[int, int], ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class RecognisedStatement:
    """What a printed table was understood to be, before any name gets its code and any sum is drawn.

    Attributes:
        number: 1, 2, … printed tables in document order.
        kind: canonical id of what the title announces (`other` for none of the known).
        title, entity: as printed around it; None where they are not.
        money_units: units of money that are printed for it: none, one, or several that contradict each other.
        titled: whether a title announces what it is.
        unknown_title: the words above the table where they announce no known statement.
        amounts_printed: numbers seen in its amount columns and loose in its body.
        unknown: header phrases that were not understood.
        pages: on which it is printed.
        ruled: whether rulings separate its columns.
        readings: one; several where the columns are lost and the header leaves open what they were; none where of no number can
            be said what it is.
        printed_on: page, and how many of `amounts_printed` stand there; empty where that is not known.
    """

    number: int
    kind: str
    title: str | None
    money_units: tuple[str, ...]
    entity: str | None
    titled: bool
    unknown_title: str | None
    amounts_printed: int
    unknown: tuple[str, ...]
    pages: tuple[int, ...]
    ruled: bool
    readings: tuple[TableInterpretation, ...]
    printed_on: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Quantity:
    """How many of a thing a row of purchases buys: no amount of money.

    Attributes:
        name: of the row.
        value: the printed number.
        is_total: whether the row is the total of others, of a unit or of all, not one thing bought.
        page, box, cell: where it stands, as of a budget line.
    """

    name: str
    value: Decimal
    is_total: bool
    page: int
    box: Box | None = None
    cell: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One recognised statement with its lines.

    Attributes:
        number: 1, 2, … printed tables in document order.
        kind: canonical id (`other` for none of the known).
        title: as printed; None where the table has none.
        unit_text: 元 or 万元; None while unknown (then it has no lines yet).
        money_units: units of money that are printed for it, where that settles none: one that is not published, or several.
        amounts_printed: numbers seen in its amount columns and loose in its body.
        unknown: header phrases that were not understood.
        unknown_title: the words above the table where they announce no known statement.
        conflicts: where columns were lost in print: identities that no placement of the printed numbers satisfies.
        ruled: whether rulings separate the columns of its table.
        quantities: of its rows, where it is one of purchases.
        spanning: for each amount in a cell over several columns or rows the lines that it may be, one for each place.
        open_classes: for each of its purchases printed under an economic class by a name that has not one code: that name.
        printed_on: page, and how many numbers were seen there, counts that are no amounts among them; empty where that is not known.
        apart: its rows of which the numbers stand on another line of a bare text than the label.
    """

    number: int
    kind: str
    title: str | None
    unit_text: str | None
    lines: tuple[Line, ...] = ()
    amounts_printed: int = 0
    unknown: tuple[str, ...] = ()
    conflicts: tuple[Contradiction, ...] = ()
    unknown_title: str | None = None
    entity: str | None = None
    ruled: bool = True
    pages: tuple[int, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    open_classes: tuple[str, ...] = ()
    money_units: tuple[str, ...] = ()
    spanning: tuple[tuple[Line, ...], ...] = ()
    printed_on: tuple[tuple[int, int], ...] = ()
    apart: frozenset[int] = frozenset()


def statement_kinds(statements: Sequence[Statement]) -> list[str]:
    """Return the recognised statements in order, empty ones too (the `statements` column of `documents`)."""
    return [s.kind for s in statements]
