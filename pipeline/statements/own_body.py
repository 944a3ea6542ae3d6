"""Whose a table is, once all tables are read: lines of the body that a document is about belong to no unit of it.

Belongs here: which `unit` is none, and whose a table is that names no body where others do. Does not belong here: how rows and fields
name units (`meaning/unit_rows.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from pipeline.budget.line import Line
from pipeline.budget.sums import comprises, is_prefix_of_others
from pipeline.identity.claims import UNIT
from pipeline.identity.identify import Identity
from pipeline.identity.named_places import without_places
from pipeline.identity.same_body import bare_name, is_own_office, same_body
from pipeline.statements.statement_model import RecognisedStatement, Statement


def with_bodies_of_sections(recognised: Sequence[RecognisedStatement]) -> list[RecognisedStatement]:
    """Return the statements, each that names no body with that of the section it stands in, where its like stands in another's section.

    A document with one set of tables after another may name the body above the first table of each set alone: a second table of one
    title is not the first body's again.

    Args:
        recognised: the statements of a document, in its order.
    """
    sections: list[str | None] = []
    whose: dict[tuple[str, str | None], set[str | None]] = {}
    for statement in recognised:
        sections.append(statement.entity or (sections[-1] if sections else None))
        whose.setdefault((statement.kind, statement.title), set()).add(sections[-1])

    def is_of_its_section(statement: RecognisedStatement) -> bool:
        return statement.titled and not statement.entity and len(whose[statement.kind, statement.title]) > 1

    return [replace(s, entity=section) if is_of_its_section(s) else s for s, section in zip(recognised, sections, strict=True)]


def with_units_settled(statements: Sequence[Statement], identity: Identity) -> list[Statement]:
    """Return the statements, `unit` None in lines of the document's own body, in whatever way it is printed.

    In a document over several units 某局（本级） is one of them, and so is 某局 in a statement that prints it beside others, or below the
    department's code with one of its own: its rows there are a part of the body's. Where only a list of units tells that there are
    several, the body whom the field above a table names is all of them, in whatever way. A unit's own budget has no lines of its
    department, though the field above a table may name it.

    Args:
        statements: of the document.
        identity: of the document.
    """
    body = identity.department
    if body is None:
        return list(statements)
    units = {statement.number: {line.unit for line in statement.lines if line.unit} for statement in statements}
    above = identity.parent_department if identity.level == UNIT else None
    beside = _units_beside_own_office(statements, body)
    own = {name for names in units.values() for name in names if same_body(name, body) or (above and same_body(name, above))} - beside
    over_several = identity.level != UNIT and any(names - own for names in units.values())
    listed = identity.level != UNIT and bool(beside)

    below = {statement.number for statement in statements if _is_below_department(statement, own)}

    def is_body(line: Line, entity: str | None) -> bool:
        if line.unit is None or line.unit not in own:
            return False
        beside_others = over_several and (bool(units[line.statement_no] - own) or line.statement_no in below)
        of_several = over_several or (listed and line.unit != entity)
        return not beside_others and not (of_several and is_own_office(line.unit))

    return [
        replace(s, lines=tuple(msgspec.structs.replace(x, unit=None) if is_body(x, s.entity) else x for x in s.lines)) for s in statements
    ]


def _is_below_department(statement: Statement, own: set[str]) -> bool:
    """Tell whether a statement prints the body by the department's budget code (201) and, below it, by that of a unit (201001)."""
    codes = {line.code for line in statement.lines if line.scheme == "unit" and line.name in own}
    return any(is_prefix_of_others(code, (other for other in codes if other)) for code in codes)


def _units_beside_own_office(statements: Sequence[Statement], body: str) -> set[str]:
    """Return the names of units that lists of units have beside the body's own office.

    A list calls a body by one name: 应急管理综合行政执法监督局 is no longer way to say 应急管理局 there. The body itself may stand over
    its units as it calls itself, beside 市发改委（本级）.
    """
    longest = len(without_places(bare_name(body)))
    beside: set[str] = set()
    for statement in statements:
        names = {line.name for line in statement.lines if line.scheme == "unit" and line.level}
        offices = {bare_name(name) for name in names if is_own_office(name) and same_body(name, body)}
        if offices:
            of_list = [line for line in statement.lines if line.scheme == "unit" and line.level]
            whole = {
                name
                for name in names
                if same_body(name, body) and (len(without_places(bare_name(name))) <= longest or _is_over_others(name, of_list))
            }
            beside |= {name for name in names - whole if bare_name(name) not in offices}
    return beside


def _is_over_others(name: str, lines: Sequence[Line]) -> bool:
    own = [line for line in lines if line.name == name]
    return comprises(own, [line for line in lines if line.name != name])
