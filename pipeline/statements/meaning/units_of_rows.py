"""Units of money that a row prints for itself, and headers that contradict the unit above their table.

Belongs here: `差旅费（元）`, a column that says 万元 in one row and 个 in the next. Does not belong here: the words around a table
(`table_heading.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import msgspec

from pipeline.budget.amounts import parse_amount
from pipeline.budget.characters import fold
from pipeline.budget.patterns import ANY_UNIT, UNIT_IN_BRACKETS
from pipeline.statements.meaning.header_attributes import is_rate
from pipeline.statements.meaning.table_heading import Heading, the_unit, units_in
from pipeline.statements.statement_model import LABEL_ROLES, Column, TableRow

NO_MONEY = ""
"""Instead of a unit: what the row is measured in is no money (个, 平方米)."""

_LABEL = "单位"
_UNIT_ALONE = re.compile(rf"(?:人民币)?({ANY_UNIT})")
_NAMING = ("code", "name", "government_code", "government_name")
_LONGEST_LABEL = 20  # characters of a cell that may name its row; a longer one is a remark, of something else
_LONGEST_MEASURE = 4  # characters: 平方公里; a longer word is a remark


def units_of_rows(rows: Sequence[TableRow], columns: Sequence[Column], unit_text: str | None) -> list[str | None]:
    """Return for each row of a block the unit of money that it prints for itself, or that a row above it says for those below.

    Args:
        rows: of the body.
        columns: of the block.
        unit_text: of the table.

    Returns:
        A unit, also one that is not published, or two of them (`元/万元`); `NO_MONEY`; None where that of the table holds.
    """
    labels = [c for c in columns if c.role in LABEL_ROLES or c.role == "text"]
    texts = [[fold(cell.text) if (cell := row.cells[c.index]) is not None else "" for c in labels] for row in rows]
    counted = any(c.role == "quantity" for c in columns)  # what a column measures is the quantity then
    measuring = [] if counted else [n for n, c in enumerate(labels) if c.role not in _NAMING and _measures([own[n] for own in texts])]
    remarks = [n for n, c in enumerate(labels) if c.role == "text" and n not in measuring]
    found: list[str | None] = []
    since: str | None = None
    for row, own in zip(rows, texts, strict=True):
        since = _unit_from_here(row) or since if unit_text else None  # a grid whose heading fell into its body is not understood
        named = [text for n, text in enumerate(own) if n not in remarks or len(text) <= _LONGEST_LABEL]
        unit = _unit_of(named, [own[n] for n in measuring])
        found.append(unit if unit is not None or since == unit_text else since)
    return found


def _unit_from_here(row: TableRow) -> str | None:
    """Return the unit that a row without amounts says the rows below it are in: 单位：元 in the middle of a grid."""
    texts = {cell.text for cell in row.cells if cell is not None and _LABEL in cell.text}
    if not texts or any(cell is not None and parse_amount(cell.text) is not None for cell in row.cells):
        return None
    return "/".join(sorted(frozenset().union(*map(units_in, texts)))) or None


def _measures(texts: Sequence[str]) -> bool:
    """Tell whether the cells of a column say what its rows are measured in, money in most of them."""
    said = [text for text in texts if text]
    money = sum(_UNIT_ALONE.fullmatch(text) is not None for text in said)
    return 2 * money > len(said) and all(len(text) <= _LONGEST_MEASURE and not text.isdigit() for text in said)


def _unit_of(texts: Sequence[str], measures: Sequence[str]) -> str | None:
    found = {match[1] for text in measures if (match := _UNIT_ALONE.fullmatch(text))}
    found |= {match[1] for text in texts if (match := UNIT_IN_BRACKETS.search(text)) and match.end() == len(text)}
    if found:
        return "/".join(sorted(found))
    return NO_MONEY if any(measures) else None


def with_one_unit(heading: Heading, columns: Sequence[Column]) -> tuple[Heading, list[Column]]:
    """Return what stands above a table and its columns; without any unit where the headers of all amounts name another one."""
    amounts = [c for c in columns if c.role == "amount" and not is_rate(c.path)]
    named = {c.unit_text for c in amounts}
    other = the_unit({unit for unit in named if unit})
    if None in named or other is None or heading.unit_text in (None, other):
        return heading, list(columns)
    bare = [msgspec.structs.replace(c, unit_text=None) if c.role == "amount" else c for c in columns]
    return replace(heading, money_units=heading.money_units | {other}), bare
