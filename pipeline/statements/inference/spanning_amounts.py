"""Amounts in cells that go over several columns of amounts, or over several rows: which of these an amount is of, only sums can tell.

Belongs here: what such a cell covers, and the one place in which the sums of its statement hold. Does not belong here: borders that a
drawing lost and that the print shows all the same (`document/tables/lost_borders.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from math import prod

import msgspec

from pipeline.accounting.identities import evaluate_identities
from pipeline.budget.line import Line, LineId
from pipeline.statements.statement_model import Column, RowLabel, Statement, TableRow

_MOST_WAYS = 64
"""Ways to place the amounts of one statement that are tried: six cells over two columns. More would be a table without its columns."""


_MOST_CELLS = 100
"""Wide cells of one statement whose other places are tried, each with all sums of the statement: more are a table without its columns."""


def places_covered(
    rows: Sequence[TableRow], labels: Sequence[RowLabel | None], r: int, column: Column, columns: Sequence[Column]
) -> list[tuple[int, Column]]:
    """Return the rows and columns that a cell covers: one of each, but for cells over several with labels or meanings of their own.

    Args:
        rows: of the body.
        labels: what each is about.
        r: the first row of the cell.
        column: that it is looked at from.
        columns: those of amounts in which some cell of the table with text begins: in other strips nothing is printed.
    """
    row, at = rows[r], column.index
    wide = not row.left[at] or (at + 1 < len(row.left) and not row.left[at + 1])
    tall = r + 1 < len(rows) and not rows[r + 1].top[at]
    if not wide and not tall:
        return [(r, column)]
    own = _columns_covered(row, column, columns) if wide else [column]
    return [(each, other) for each in (_rows_covered(rows, labels, r, at) if tall else [r]) for other in own]


def _columns_covered(row: TableRow, column: Column, columns: Sequence[Column]) -> list[Column]:
    """Return the columns of amounts that the cell over one of them covers in a row; that one alone where all of them say the same."""
    start = row.start_of(column.index)
    covered = [other for other in columns if row.start_of(other.index) == start]
    says = {(c.flow, c.fund, c.nature, c.measure, c.item, c.path[-1:] if not c.understood else ()) for c in covered}
    return covered if len(says) > 1 else [column]


def _rows_covered(rows: Sequence[TableRow], labels: Sequence[RowLabel | None], first: int, column: int) -> list[int]:
    """Return the rows that the cell which begins in row `first` of a column covers, as far as they have labels of their own."""
    found = [first]
    for r in range(first + 1, len(rows)):
        if rows[r].top[column] or rows[r].page != rows[first].page or rows[r].cells[column] is None:
            break
        if (label := labels[r]) is not None and not label.goes_on:
            found.append(r)
    return found


def with_spanning_placed(statements: Sequence[Statement]) -> list[Statement]:
    """Return the statements with those amounts of wide cells for which one place alone makes all sums hold that they take part in.

    The others are in no line: they count as printed and not captured.
    """
    return [_placed(statement) if statement.spanning else statement for statement in statements]


def _placed(statement: Statement) -> Statement:
    if len(statement.spanning) > _MOST_CELLS:
        return statement
    found = _the_only_way(statement) if prod(map(len, statement.spanning)) <= _MOST_WAYS else _beside_the_likely(statement)
    return replace(statement, lines=(*statement.lines, *_as_solved(statement, found)))


def _the_only_way(statement: Statement) -> Sequence[Line]:
    fitting = [way for way in product(*statement.spanning) if _proven(statement, way) == set(way)]
    return fitting[0] if len(fitting) == 1 else ()


def _beside_the_likely(statement: Statement) -> Sequence[Line]:
    """Return the lines whose other places are each contradicted, all others being where amounts stand in wide cells: at the right."""
    likely = [max(places, key=lambda line: (-line.row, line.column)) for places in statement.spanning]
    proven = _proven(statement, likely)
    found = []
    for n, (line, places) in enumerate(zip(likely, statement.spanning, strict=True)):
        others = (_proven(statement, [*likely[:n], other, *likely[n + 1 :]]) for other in places if other is not line)
        if line in proven and not any(other in way for other, way in zip((x for x in places if x is not line), others, strict=True)):
            found.append(line)
    return found


def _proven(statement: Statement, way: Sequence[Line]) -> set[Line]:
    """Return the lines of a way to place the amounts that take part in a sum, and in none that does not hold."""
    if len({line.id for line in way}) < len(way):
        return set()
    announced = [(statement.number, statement.kind, statement.title)]
    held, failed = set[LineId](), set[LineId]()
    for result in evaluate_identities((*statement.lines, *way), announced):
        if result.outcome == "fail":
            failed |= result.members
        elif result.outcome == "pass" and result.expected:
            held |= result.members
    return {line for line in way if line.id in held - failed}


def _as_solved(statement: Statement, way: Sequence[Line]) -> Iterator[Line]:
    for line in way:
        beside = next((x.is_leaf for x in statement.lines if (x.row, x.code, x.name) == (line.row, line.code, line.name)), line.is_leaf)
        yield msgspec.structs.replace(line, column_evidence="solved", is_leaf=beside)
