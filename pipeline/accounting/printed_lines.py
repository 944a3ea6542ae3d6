"""The lines of one document in the order of print, whichever order they come in: from here on results depend on the lines alone.

Belongs here: that order. Equations are built over positions in it, which is quick, and leave with what names the lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from pipeline.budget.line import Line, LineId

_Column = tuple[str, int, int]


class PrintedLines:
    """Lines in the order of print: tables before prose, table by table, half by half, row by row.

    A total that is printed again in a row without a name stands after the rows that have one: of several totals the first counts.
    """

    def __init__(self, lines: Iterable[Line]) -> None:
        given = tuple(lines)
        halves = _halves(given)
        self.lines = sorted(given, key=lambda line: (*_statement(line), not line.name, halves[_column(line)], line.row, line.column))

    @cached_property
    def ids(self) -> list[LineId]:
        """What names the line at each position."""
        return [line.id for line in self.lines]

    def named(self, positions: Iterable[int]) -> tuple[LineId, ...]:
        """Return what names the lines at some positions."""
        ids = self.ids
        return tuple([ids[i] for i in positions])


def in_order(lines: Iterable[Line] | PrintedLines) -> PrintedLines:
    """Return lines in the order of print; those that are so already as they are."""
    return lines if isinstance(lines, PrintedLines) else PrintedLines(lines)


def _statement(line: Line) -> tuple[bool, int]:
    return line.source != "table", line.statement_no


def _column(line: Line) -> _Column:
    return line.source, line.statement_no, line.column


def _halves(lines: Iterable[Line]) -> dict[_Column, int]:
    """Return for each column in which of the halves it stands that are printed side by side: these list other things in the same rows."""
    lists: dict[_Column, dict[int, tuple[str, str]]] = defaultdict(dict)
    for line in lines:
        lists[_column(line)][line.row] = (line.flow, line.scheme)
    halves: dict[_Column, int] = {}
    left: _Column | None = None
    for column in sorted(lists):
        halves[column] = 0
        if left is not None and left[:2] == column[:2]:
            one, other = lists[left], lists[column]
            halves[column] = halves[left] + any(one[row] != other[row] for row in one.keys() & other.keys())
        left = column
    return halves
