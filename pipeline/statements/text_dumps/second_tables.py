"""Text dumps: a second table in the lines of the first, where its title was lost.

Belongs here: what its rows tell. Does not belong here: where titles stand (`segments.py`).
"""

from __future__ import annotations

from pipeline.budget.codes.book import CodeList
from pipeline.budget.codes.printed_codes import SCHEME_OF_DIGIT
from pipeline.statements.text_dumps.bare_rows import DumpTable, RowSide
from schemas.statement_kind import ECONOMIC, StatementKind

_FEWEST_CODED_ROWS = 2  # one row may be a unit's number or a misprint


def keep_one_table(table: DumpTable, kind: StatementKind, book: CodeList) -> None:
    """Take out the rows of a table that is printed below the first without a title: their codes are of another classification.

    Rows that change to and fro are of one table that prints both. The numbers that are taken out are counted as stray.
    """
    found = [(n, economic) for n, row in enumerate(table.rows) if (economic := _is_economic(row.halves[0], book)) is not None]
    changes = [at for at in range(1, len(found)) if found[at][1] != found[at - 1][1]]
    if len(changes) != 1 or min(changes[0], len(found) - changes[0]) < _FEWEST_CODED_ROWS:
        return
    start = found[changes[0] - 1][0] + 1  # a total, and names without a code, stand above the codes of a table
    own_first = kind.rows not in ("function", *ECONOMIC) or kind.by_economic == found[0][1]
    lost = table.rows[start:] if own_first else table.rows[:start]
    table.rows = table.rows[:start] if own_first else table.rows[start:]
    table.stray += sum(len(half.numbers) for row in lost for half in row.halves)


def _is_economic(half: RowSide, book: CodeList) -> bool | None:
    """Tell whether the code of a row is of an economic classification; None where it has none that bears its name."""
    scheme = SCHEME_OF_DIGIT.get(half.code[0]) if half.code else None
    return scheme in ECONOMIC if scheme and half.code and book.is_named(scheme, half.code, half.label) else None
