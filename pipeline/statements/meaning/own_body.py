"""Lines of the body that a document is about belong to no unit of it: the body's own names among the units that its tables name.

Belongs here: which `unit` is none, once all tables are read. Does not belong here: how rows and fields name units (`unit_rows.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.budget.line import Line
from pipeline.identity.claims import UNIT
from pipeline.identity.identify import Identity
from pipeline.identity.same_body import is_own_office, same_body
from pipeline.statements.statement_model import Statement


def with_units_settled(statements: Sequence[Statement], identity: Identity) -> list[Statement]:
    """Return the statements, `unit` None in lines of the document's own body, in whatever way it is printed.

    A document over several units keeps the names that its own rows have there: 某局（本级） is one of the units, and so is 某局
    where a list prints it as one (a row of the whole has no unit before that). A unit's own budget has no lines of its department,
    though the field above a table may name it.

    Args:
        statements: of the document.
        identity: of the document.
    """
    body = identity.department
    if body is None:
        return list(statements)
    lines = [line for statement in statements for line in statement.lines if line.unit]
    named = {line.unit: same_body(line.unit, body) for line in lines if line.unit}
    above = identity.parent_department if identity.level == UNIT else None
    named |= {name: True for name in named if above and same_body(name, above)}
    several = identity.level != UNIT and not all(named.values())
    of_fields = {statement.number: statement.entity for statement in statements}

    def settled(line: Line) -> Line:
        if line.unit is None or not named.get(line.unit):
            return line
        whole = line.unit == of_fields.get(line.statement_no) and not is_own_office(line.unit)  # the field speaks of the whole table
        return replace(line, unit=None) if whole or not several else line

    return [replace(statement, lines=tuple(map(settled, statement.lines))) for statement in statements]
