"""Columns whose header is not understood, decided by the rows: what completes a sum, and of what columns it is the sum.

基本 = 人员 + 公用 and 合计 = 基本 + 项目 (docs/checks.md, R1) hold in every row. Where one of these columns has a header that no
phrase of the vocabulary knows, the rows tell which it is: the one reading under which every row adds up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec.structs import replace

from pipeline.budget.amounts import decimals, parse_amount
from pipeline.budget.sums import PARTS_OF_BASIC, fund_parts, is_of_which, is_sum, nature_parts
from pipeline.statements.statement_model import Column, TableRow
from schemas.vocabulary.phrases import meanings

_ZERO = Decimal(0)
_INTERPRETATIONS = ("total", "basic", "project", *PARTS_OF_BASIC)

_Amounts = dict[int, Decimal]
_Sum = tuple[int, tuple[int, ...]]
"""A column and the columns that add up to it, by index."""


def solve_unidentified_columns(columns: Sequence[Column], rows: Sequence[TableRow]) -> tuple[Column, ...]:
    """Return the columns, with the one fund and nature under which all rows add up for each that was not understood.

    It is decided only if a row with at least two amounts in the sum proves it and no row speaks against it; its lines are then
    `solved`. Otherwise it stays open. A column that completes a sum of funds stays open too: its name alone could say which fund
    it is.

    Args:
        columns: of one statement, attributed.
        rows: its body.
    """
    amounts = [c for c in columns if c.role == "amount" and c.item is None]
    if all(c.understood for c in amounts):
        return tuple(columns)
    printed = [_amounts(row, amounts) for row in rows]
    step = min((Decimal(10) ** -decimals(c.text) for row in rows for n in amounts if (c := row.cells[n.index])), default=Decimal(1))
    amounts = _with_further_parts(amounts, printed, step)
    for n, column in enumerate(amounts):
        if column.understood:
            continue
        beside = [c for c in amounts if c.index != column.index and c.understood and _same_money(c, column)]
        proven = {reading for reading, sums in _interpretations(column, beside) if _proves(sums, printed, step)}
        if len(proven) == 1:
            ((fund, nature),) = proven
            amounts[n] = replace(column, fund=fund, nature=nature, understood=True, solved=True)
    decided = {column.index: column for column in amounts}
    return tuple(decided.get(column.index, column) for column in columns)


def _with_further_parts(amounts: Sequence[Column], rows: Sequence[_Amounts], step: Decimal) -> list[Column]:
    """Return the columns, those headed as a further part of a nature decided where all rows add up with them, and only so.

    对个人和家庭的补助 beside 人员经费 and 公用经费 is staff's too, 特定目标类项目 beside 其他运转类项目 project spending. Elsewhere
    either repeats a part of what stands beside it.
    """
    said = meanings("statement_words.csv", "further_part")
    further = {c.index: said[c.path[-1]] for c in amounts if not c.understood and c.path and c.path[-1] in said}
    decided: dict[int, str] = {}
    for column in (c for c in amounts if c.index in further and c.index not in decided):
        natures: dict[str, list[int]] = defaultdict(list)
        for c in amounts:
            if _same_money(c, column) and c.fund == column.fund and (c.understood or c.index in further):
                natures[further.get(c.index) or c.nature or "total"].append(c.index)
        sums = [
            (natures[whole][0], tuple(i for part in parts for i in natures[part]))
            for whole in ("total", "basic")
            if len(natures.get(whole, ())) == 1 and (parts := nature_parts(whole, natures))
        ]
        own = [(whole, parts) for whole, parts in sums if column.index in parts]
        if own and all(_proves([each], rows, step) and _all_count(each[1], further, rows) for each in own):
            decided |= {i: further[i] for _, parts in own for i in parts if i in further}
    return [replace(c, nature=decided[c.index], understood=True, solved=True) if c.index in decided else c for c in amounts]


def _all_count(parts: Sequence[int], further: Mapping[int, str], rows: Sequence[_Amounts]) -> bool:
    """Tell whether each of the parts that are asked for prints an amount: of zeros everything is the sum."""
    return all(any(row.get(i) for row in rows) for i in parts if i in further)


def _same_money(one: Column, other: Column) -> bool:
    plain = not is_of_which(one.nature)
    return plain and (one.block, one.measure, one.flow) == (other.block, other.measure, other.flow)


def _interpretations(column: Column, beside: Sequence[Column]) -> Iterator[tuple[tuple[str, str], list[_Sum]]]:
    """Yield each (fund, nature) that the column may have beside the others, with the sums that it would take part in."""
    by_fund: dict[str, dict[str, int]] = {}
    by_nature: dict[str, dict[str, int]] = {}
    for c in beside:
        by_fund.setdefault(c.fund or "total", {}).setdefault(c.nature or "total", c.index)
        by_nature.setdefault(c.nature or "total", {}).setdefault(c.fund or "total", c.index)
    for fund, natures in by_fund.items():
        for nature in _INTERPRETATIONS:
            if nature not in natures and _is_told_from_its_whole(nature, natures):
                yield (fund, nature), list(_sums_of_natures({**natures, nature: column.index}, column.index))
    for nature, funds in by_nature.items():
        if "total" not in funds and len(parts := fund_parts("total", funds)) > 1:
            yield ("total", nature), [(column.index, tuple(funds[p] for p in parts))]


def _is_told_from_its_whole(nature: str, present: dict[str, int]) -> bool:
    """Tell whether a nature is asked for at all: one half of 基本 only beside the other, 基本 only beside none or both of them."""
    halves = [n for n in PARTS_OF_BASIC if n in present]
    if nature in PARTS_OF_BASIC:
        return len(halves) == 1
    return nature != "basic" or len(halves) != 1


def _sums_of_natures(natures: dict[str, int], index: int) -> Iterator[_Sum]:
    for whole in ("total", "basic"):
        parts = nature_parts(whole, natures) if whole in natures else ()
        if parts and index in (natures[whole], *(natures[p] for p in parts)):
            yield natures[whole], tuple(natures[p] for p in parts)


def _proves(sums: Sequence[_Sum], rows: Sequence[_Amounts], step: Decimal) -> bool:
    proof = False
    for whole, parts in sums:
        for row in rows:
            addends = [row[p] for p in parts if row.get(p)]
            if not is_sum(row.get(whole, _ZERO), addends, step):
                return False
            proof = proof or len(addends) > 1
    return proof


def _amounts(row: TableRow, columns: Sequence[Column]) -> _Amounts:
    """Return the numbers that a row prints in the given columns."""
    found = {}
    for column in columns:
        cell = row.cells[column.index]
        if cell is not None and row.top[column.index] and (value := parse_amount(cell.text)) is not None:
            found[column.index] = value
    return found
