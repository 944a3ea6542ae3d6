"""Tables read against their own rows: what they say of columns that their rows contradict is held back.

Which heading stands over which column is a reading, not a fact, where no vertical ruling separates the columns, or where rulings are lost
and two columns come under one heading. The amounts stay as printed, but no column is said to be of a fund or nature.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal
from operator import attrgetter

from pipeline.accounting.identities import evaluate_identities
from pipeline.budget.line import Line, with_values
from pipeline.statements.statement_model import Statement
from schemas.check_catalogue import ALONG_ROWS

_of_row = attrgetter("name", "code", "level", "scheme", "unit", "function_code", "catalogue_code", "project")
_of_column = attrgetter("flow", "fund", "nature", "measure", "department_economic_code", "government_economic_code")

_TOLERATED_ROWS = 1
"""Rows that may contradict a reading that other rows confirm: a misprint."""


def mark_contradicted_ambiguous(statements: Sequence[Statement], incomplete: Collection[int]) -> list[Statement]:
    """Return the statements, their columns ambiguous that their rows contradict.

    These are all columns of a table without vertical rulings whose rows do not add up, and in any table the columns that say the same of a
    row and print different amounts: at most one of them can be what they say.

    Args:
        statements: of a document.
        incomplete: numbers of statements of which some amount was not captured.
    """
    return [
        _without_meaning(s, s.lines if not s.ruled and _is_contradicted(s, incomplete) else _said_of_two_columns(s)) for s in statements
    ]


def _without_meaning(statement: Statement, lines: Collection[Line]) -> Statement:
    if not lines:
        return statement
    ids = {line.id for line in lines}
    held = (with_values(line, fund=None, nature=None, column_evidence="ambiguous") if line.id in ids else line for line in statement.lines)
    return replace(statement, lines=tuple(held))


def _said_of_two_columns(statement: Statement) -> list[Line]:
    """Return the lines of columns that say the same as another column, where the two print different amounts in one row."""
    amounts: dict[tuple[object, ...], dict[int, Decimal]] = defaultdict(dict)
    for line in statement.lines:
        if line.column_evidence != "ambiguous":
            amounts[line.row, _of_row(line), _of_column(line)][line.column] = line.amount
    double = {key[-1] for key, found in amounts.items() if len(set(found.values())) > 1}
    return [line for line in statement.lines if _of_column(line) in double]


def _is_contradicted(statement: Statement, incomplete: Collection[int]) -> bool:
    rows: dict[str, set[int]] = {"fail": set(), "pass": set()}
    for result in evaluate_identities(statement.lines, [(statement.number, statement.kind, statement.title)], incomplete):
        nothing = result.outcome == "pass" and not result.expected  # zeros agree with any reading
        if result.equation.family in ALONG_ROWS and result.severity == "error" and not nothing:
            rows[result.outcome].add(min(i.row for i in result.members))
    confirmed = rows["pass"] - rows["fail"]
    return len(rows["fail"]) > (_TOLERATED_ROWS if confirmed else 0)
