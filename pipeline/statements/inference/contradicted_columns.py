"""Tables read against their own rows: what they say of columns that their rows contradict is held back.

Which heading stands over which column is a reading, not a fact, where no vertical ruling separates the columns, or where rulings are lost
and two columns come under one heading. The amounts stay as printed, but no column is said to be of a fund or nature.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import NamedTuple

import msgspec

from pipeline.accounting.evaluate import IdentityResult
from pipeline.accounting.identities import evaluate_identities
from pipeline.budget.line import Line
from pipeline.budget.sums import is_of_which
from pipeline.statements.statement_model import Statement
from schemas.check_catalogue import ALONG_ROWS

_of_row = attrgetter("name", "code", "level", "scheme", "unit", "function_code", "catalogue_code", "project")
_of_column = attrgetter("flow", "fund", "nature", "measure", "department_economic_code", "government_economic_code")

_TOLERATED_ROWS = 1
"""Rows that may contradict a reading that other rows confirm: a misprint."""


def mark_contradicted_ambiguous(statements: Sequence[Statement], incomplete: Collection[int]) -> list[Statement]:
    """Return the statements, their columns ambiguous that their rows contradict.

    These are all columns of a table without vertical rulings whose rows do not add up, and in any table the columns that say the same of a
    row and print different amounts: at most one of them can be what they say, unless they are parts that rows add up with. (Two amounts
    of everything, each of which adds up, add up together as well: their wholes are two, and that says nothing.) Without rulings a column
    of a part right of them is ambiguous, too.

    Args:
        statements: of a document.
        incomplete: numbers of statements of which some amount was not captured.
    """
    return [_without_meaning(s, _contradicted(s, incomplete)) for s in statements]


def _contradicted(statement: Statement, incomplete: Collection[int]) -> Sequence[Line]:
    double = _said_of_two_columns(statement)
    if statement.ruled and not double:
        return ()
    results = [
        result
        for result in evaluate_identities(statement.lines, [(statement.number, statement.kind, statement.title)], incomplete)
        if result.equation.family in ALONG_ROWS and result.severity == "error"
    ]
    if not statement.ruled and _fail(results):
        return statement.lines
    together = [{*result.parts} for result in results if result.outcome == "pass" and result.expected and len(result.whole) == 1]
    found: list[Line] = []
    for columns in double:
        if not any(members >= {line.id for line in row} for row in columns.differing for members in together):
            found += columns.lines
    if statement.ruled:
        return found
    unknown = {line.column for line in found} | {line.column for line in statement.lines if not line.nature}
    return [*found, *_parts_beside(statement, unknown)]


def _parts_beside(statement: Statement, unknown: Collection[int]) -> list[Line]:
    """Return the lines of columns that repeat a part (其中：…) of a column of unknown meaning, right of it: of what fund is not known."""
    return [line for line in statement.lines if is_of_which(line.nature) and line.column - 1 in unknown]


def _without_meaning(statement: Statement, lines: Collection[Line]) -> Statement:
    if not lines:
        return statement
    ids = {line.id for line in lines}
    held = (
        msgspec.structs.replace(line, fund=None, nature=None, column_evidence="ambiguous") if line.id in ids else line
        for line in statement.lines
    )
    return replace(statement, lines=tuple(held))


class _DoubleColumns(NamedTuple):
    """Columns that say the same.

    Attributes:
        lines: all of them.
        differing: of each row in which they print different amounts, its lines.
    """

    lines: list[Line]
    differing: list[list[Line]]


def _said_of_two_columns(statement: Statement) -> list[_DoubleColumns]:
    """Return the columns that say the same as another column, where the two print different amounts in some row."""
    alike: dict[tuple[int, object], list[Line]] = defaultdict(list)
    for line in statement.lines:
        if line.column_evidence != "ambiguous":
            alike[line.row, _of_column(line)].append(line)
    differing: dict[object, list[list[Line]]] = defaultdict(list)
    for (_, meaning), together in alike.items():
        if len(together) > 1:  # in few tables any
            of_row: dict[object, list[Line]] = defaultdict(list)
            for line in together:
                of_row[_of_row(line)].append(line)
            differing[meaning] += [lines for lines in of_row.values() if len({line.amount for line in lines}) > 1]
    return [_DoubleColumns([x for x in statement.lines if _of_column(x) == meaning], rows) for meaning, rows in differing.items() if rows]


def _fail(results: Sequence[IdentityResult]) -> bool:
    """Tell whether rows do not add up, but for a misprint."""
    rows: dict[str, set[int]] = defaultdict(set)
    for result in results:
        if result.outcome != "pass" or result.expected:  # zeros agree with any reading
            rows[result.outcome].add(min(i.row for i in result.members))
    confirmed = rows["pass"] - rows["fail"]
    return len(rows["fail"]) > (_TOLERATED_ROWS if confirmed else 0)
