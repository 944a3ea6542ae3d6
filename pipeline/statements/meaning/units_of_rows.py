"""Units of money that a row prints for itself, and headers that contradict the unit above their table.

Belongs here: `差旅费（元）`, a column that says 万元 in one row and 个 in the next. Does not belong here: the words around a table
(`table_heading.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import accumulate

import msgspec

from pipeline.budget.amounts import parse_amount
from pipeline.budget.characters import fold
from pipeline.budget.patterns import ANY_UNIT, UNIT_IN_BRACKETS, UNIT_LABEL
from pipeline.statements.meaning.headers.header_texts import is_rate
from pipeline.statements.meaning.table_heading import ENTITY, Heading, the_unit, units_in
from pipeline.statements.statement_model import LABEL_ROLES, Column, TableRow

NO_MONEY = ""
"""Instead of a unit: what the row is measured in is no money (个, 平方米)."""

_MARK = re.compile(rf"[(]?{UNIT_LABEL.pattern}[(]?(?:人民币)?[(]?{ANY_UNIT}[)]{{0,2}}|以{ANY_UNIT}为单位")
_UNKNOWN = "?"  # beside a unit: it may be of the rows below, or of something else
_UNIT_ALONE = re.compile(rf"(?:人民币)?({ANY_UNIT})")
_NAMING = ("code", "name", "government_code", "government_name")
_LONGEST_LABEL = 20  # characters of a cell that may name its row; a longer one is a remark, of something else
_LEAST_DIGITS = 3  # of a number that two rows print: fewer are the same by chance
_MOST_LEVELS = 3  # levels of rows that each add up to the total: class, group, item
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
    # a grid whose heading fell into its body is not understood
    marked = {r: unit for r, row in enumerate(rows) if (unit := _unit_from_here(row)) is not None} if unit_text else {}
    doubted = _doubted(rows, [c.index for c in columns if c.role == "amount"], marked, unit_text)
    since: str | None = None
    for r, own in enumerate(texts):
        since = marked.get(r, since)
        named = [text for n, text in enumerate(own) if n not in remarks or len(text) <= _LONGEST_LABEL]
        unit = _unit_of(named, [own[n] for n in measuring])
        found.append(doubted or (unit if unit is not None or since == unit_text else since))
    return found


def _unit_from_here(row: TableRow) -> str | None:
    """Return the unit that a row says the rows below it are in: 单位：元 in the middle of a grid, beside nothing but fields of a heading.

    Words that name the row or remark on it (`下属单位(元)`) say nothing of other rows.
    """
    texts = {cell.text for cell in row.cells if cell is not None and cell.text.strip()}
    marks = [text for text in texts if "元" in text and _is_mark(text)]
    if not marks:
        return None
    found = frozenset().union(*map(units_in, marks))
    if all(text in marks or ENTITY.match(fold(text)) for text in texts):
        return "/".join(sorted(found))
    return None if any(parse_amount(text) is not None for text in texts) else "/".join(sorted(found | {_UNKNOWN}))


def _is_mark(text: str) -> bool:
    """Tell whether a text is a unit of money and its label, alone or behind another field and a gap."""
    if _MARK.fullmatch(fold(text)):
        return bool(units_in(text))
    *fields, last = text.split()
    return bool(fields) and _MARK.fullmatch(fold(last)) is not None and ENTITY.match(fold("".join(fields))) is not None


def _doubted(rows: Sequence[TableRow], columns: Sequence[int], marked: Mapping[int, str], unit_text: str | None) -> str | None:
    """Return the units between which nothing tells, where the rows on both sides of a mark of another unit add up in one unit."""
    for r, unit in marked.items():
        if unit != unit_text and any(_add_up([_number(row, c) for row in rows], r) for c in columns):
            return f"{unit_text}/{unit}"
    return None


def _number(row: TableRow, column: int) -> Decimal:
    cell = row.cells[column]
    return (parse_amount(cell.text) or Decimal(0)) if cell is not None and row.top[column] and row.left[column] else Decimal(0)


def _add_up(numbers: Sequence[Decimal], mark: int) -> bool:
    """Tell whether a number above a mark is printed again below it, or is the sum of what follows it, past the mark.

    Rows below may be of two or three levels: each counts the whole.
    """
    sums = list(accumulate(numbers))
    above = {(n, number) for n, number in enumerate(numbers[:mark]) if _digits(number) >= _LEAST_DIGITS}
    below = set(numbers[mark:])
    past, whole = set(sums[mark:]) - {sums[mark]}, sums[-1] - sums[mark]
    return any(
        number in below or sums[n] + number in past or any(number * levels == whole for levels in range(1, _MOST_LEVELS + 1))
        for n, number in above
    )


def _digits(number: Decimal) -> int:
    return sum(map(str.isdigit, f"{number.normalize():f}"))


def _measures(texts: Sequence[str]) -> bool:
    """Tell whether the cells of a column say what its rows are measured in, money in most of them."""
    said = [text for text in texts if text]
    money = sum(_UNIT_ALONE.fullmatch(text) is not None for text in said)
    return 2 * money > len(said) and all(len(text) <= _LONGEST_MEASURE and not text.isdigit() for text in said)


def _unit_of(texts: Sequence[str], measures: Sequence[str]) -> str | None:
    found = {match[1] for text in measures if (match := _UNIT_ALONE.fullmatch(text))}
    found |= {match[1] for text in texts if text.endswith(")") and (match := UNIT_IN_BRACKETS.search(text)) and match.end() == len(text)}
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
