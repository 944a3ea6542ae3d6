"""Statements whose columns are lost: which reading of the header their sums allow, and where the numbers of all of them stand.

Belongs here: what is placed together, and what is known of it. Does not belong here: how rows are placed (`row_placement.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import msgspec

from pipeline.accounting.equations.within_statements import equations
from pipeline.budget.line import Line
from pipeline.budget.sums import CODED
from pipeline.statements.inference.basic_parts import with_of_which_decided
from pipeline.statements.inference.leaves import with_leaves_by_code
from pipeline.statements.inference.lost_columns.cell_equations import equations_between_cells
from pipeline.statements.inference.lost_columns.row_placement import UnplacedRow, consistent, place
from pipeline.statements.inference.nesting import with_leaves_of_list
from pipeline.statements.statement_model import Statement, TableInterpretation, UnplacedNumbers


@dataclass(frozen=True, slots=True)
class StatementToPlace:
    """A statement with the lines of its placed numbers, and the rows of which the numbers are not placed yet.

    Attributes:
        addends: numbers of its columns that repeat no other, though they say the same.
    """

    statement: Statement
    rows: tuple[UnplacedRow, ...]
    addends: frozenset[int] = frozenset()

    @property
    def column_sums_unknown(self) -> bool:
        """Whether sums down its rows are unknown: some numbers stand in no row, or names without a code hide what contains what."""
        held = sum(number is not None for row in self.rows for number in row.numbers)
        nameless = any(cell.scheme in CODED and cell.level and not cell.code for row in self.rows for cell in row.cells)
        return nameless or held < self.statement.amounts_printed


def unplaced_rows(reading: TableInterpretation, lines: Sequence[Line]) -> list[UnplacedRow]:
    """Return the printed rows of which the numbers are unplaced, each with the lines of the cells in which they may stand.

    Args:
        reading: of the table.
        lines: of all its cells, those included in which an unplaced number may stand.
    """
    cells = {(line.row, line.column): line for line in lines}
    found: list[UnplacedRow] = []
    for r, row in enumerate(reading.rows, start=1):
        parts = []
        for part in row.unplaced:
            own = tuple(cells[r, c + 1] for c in part.columns if (r, c + 1) in cells)
            if len(own) == len(part.columns):
                parts.append(_loose(part, own, reading.before))
        found += _joined(parts)
    return found


def _loose(part: UnplacedNumbers, cells: tuple[Line, ...], before: Sequence[tuple[int, int]]) -> UnplacedRow:
    place_of = {c: n for n, c in enumerate(part.columns)}
    pairs = frozenset((place_of[a], place_of[b]) for a, b in before if a in place_of and b in place_of)
    return UnplacedRow(cells, tuple(n.value for n in part.numbers), tuple(n.text for n in part.numbers), pairs)


def _joined(parts: list[UnplacedRow]) -> list[UnplacedRow]:
    """Return the halves of a row as one where the right one has too many numbers: some of them belong to the left."""
    if len(parts) == 2 and len(parts[1].numbers) > len(parts[1].cells) and not parts[0].numbers:
        left, right = parts
        shift = len(left.cells)
        before = {*left.before, *((a + shift, b + shift) for a, b in right.before)}
        before |= {(a, b + shift) for a in range(shift) for b in range(len(right.cells))}
        return [UnplacedRow(left.cells + right.cells, right.numbers, right.texts, frozenset(before))]
    return parts


def choose_interpretation(readings: Sequence[StatementToPlace]) -> StatementToPlace | None:
    """Return the reading of a table that its rows allow: by their sums, then by a row that fills every column.

    Where several are left that say different things of the columns, the first, its columns ambiguous.
    """
    if len(readings) < 2:
        return readings[0] if readings else None
    summing = [r for r in readings if consistent(r.rows, equations)] or readings
    left = [r for r in summing if any(len(row.numbers) == len(row.cells) for row in r.rows)] or summing
    return left[0] if len(set(map(_meaning, left))) == 1 else _ambiguous(left[0])


def _meaning(reading: StatementToPlace) -> tuple[object, ...]:
    """Return what a reading says that its columns hold."""
    cells = ((c.column, c.flow, c.fund, c.nature, c.measure, c.scheme, c.code) for row in reading.rows for c in row.cells)
    return reading.statement.kind, *cells


def _ambiguous(reading: StatementToPlace) -> StatementToPlace:
    """Return a reading that says nothing of its columns: its numbers are kept as printed."""

    def opened(line: Line) -> Line:
        return msgspec.structs.replace(line, fund=None, nature=None, column_evidence="ambiguous")

    rows = tuple(replace(row, cells=tuple(map(opened, row.cells))) for row in reading.rows)
    return replace(reading, statement=replace(reading.statement, lines=tuple(map(opened, reading.statement.lines))), rows=rows)


def place_numbers(statements: Sequence[StatementToPlace]) -> list[Statement]:
    """Return the statements of a document with the lines of their unplaced numbers; those without a printed unit are each placed alone."""
    together = [s for s in statements if s.statement.unit_text]
    placed: dict[int, Statement] = {}
    for group in (together, *([s] for s in statements if not s.statement.unit_text)):
        if any(s.rows for s in group):
            placed |= {statement.number: statement for statement in _placed(group)}
    return [placed.get(s.statement.number, s.statement) for s in statements]


def _placed(group: Sequence[StatementToPlace]) -> Iterator[Statement]:
    announced = [(s.statement.number, s.statement.kind, s.statement.title) for s in group]
    rows = [row for s in group for row in s.rows]
    negative = any(number < 0 for row in rows for number in row.numbers if number is not None)
    leaky = frozenset(s.statement.number for s in group if s.column_sums_unknown)
    placed = place(rows, partial(equations_between_cells, statements=announced, only_positive=not negative), leaky=leaky)
    position = 0
    for loose in group:
        statement = loose.statement
        lines = list(statement.lines)
        for own in placed.rows[position : position + len(loose.rows)]:
            lines += [line if statement.unit_text else msgspec.structs.replace(line, unit_text="") for line in own]
        position += len(loose.rows)
        conflicts = tuple(c for c in placed.conflicts if statement.number in c.statements)
        yield replace(
            statement,
            lines=tuple(with_leaves_of_list(with_leaves_by_code(with_of_which_decided(lines), loose.addends))),
            conflicts=statement.conflicts + conflicts,
        )
