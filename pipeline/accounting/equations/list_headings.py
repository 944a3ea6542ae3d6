"""Lists whose rows nest without codes or indentation: `X5` for each row that heads others.

Belongs here: what a heading row of a list must be the sum of. Which rows head others is said by the lines (`is_leaf`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal

from pipeline.accounting.equation import Equation
from pipeline.accounting.printed_lines import PrintedLines
from pipeline.accounting.subjects import Row

_MOST_ENDS = 40
"""How many ends of a heading's group are tried; further ones are not looked for."""


def headings(printed: PrintedLines, column: Sequence[int], leaf_rows: Collection[int], step: Decimal) -> list[Equation]:
    """Return one equation for each heading row: it is the sum of the finest rows that follow it, up to where another heading stands.

    Args:
        printed: lines of one document.
        column: positions of the amounts of one column of a list, total rows left out.
        leaf_rows: rows below which no finer one stands.
        step: last printed place of the table, in yuan.
    """
    lines, named = printed.lines, printed.named
    ordered = sorted(column, key=lambda i: lines[i].row)
    heads = [n for n, i in enumerate(ordered) if lines[i].row not in leaf_rows]
    found = []
    for at, n in enumerate(heads):
        ends = [*heads[at + 1 : at + _MOST_ENDS], *([len(ordered)] if len(heads) - at < _MOST_ENDS else [])]
        leaves = ([i for i in ordered[n + 1 : end] if lines[i].row in leaf_rows] for end in ends)
        sides = [(named((ordered[n],)), named(parts)) for parts in leaves if parts]
        if sides:
            line = lines[ordered[n]]
            subject = Row(line.row, line.name, line.nature, line.fund)
            found.append(Equation("X5", line.statement, subject, *sides[0], Decimal(0), alternatives=tuple(sides[1:]), step=step))
    return found
