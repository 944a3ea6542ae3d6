"""Which lines are leaves: the finest rows of their statement, over which a sum never counts twice.

Belongs here: what codes, numbering and items tell. Does not belong here: lists (`nesting.py`), and rows of a classification that only
sums can tell (`counted_twice.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec.structs import replace

from pipeline.budget.characters import fold
from pipeline.budget.codes.printed_codes import parents_of
from pipeline.budget.line import Line
from pipeline.budget.sums import CODED, adds_up, comprises, funds_within, is_of_which, printed_step
from pipeline.identity.same_body import is_own_office, without_own_office
from pipeline.statements.meaning.headers.header_texts import read_header_text
from pipeline.statements.statement_model import Column
from schemas.vocabulary.phrases import WordPattern, any_of, meanings

_PARTS_OF_ITEM = {
    "total": {"abroad", "reception", "vehicles"},
    "vehicles": {"vehicle_purchase", "vehicle_operation"},
    "with_meetings_training": {"total"},
}

_TOTALS = {"total", "current_total", "plain"}  # what a header says of itself that may cover its neighbours, or say what they say
_SUM = WordPattern(lambda: any_of("statement_words.csv", "total"))  # anywhere in a name that is not known: 项目支出合计数
_FEWEST_UNITS = 2  # below a department: of two rows of one amount none can be told to be the other's sum


def addend_columns(columns: Sequence[Column], lines: Iterable[Line] = ()) -> frozenset[int]:
    """Return the numbers (from 1) of columns that divide a group by more than its attributes: 教育收费 beside other parts of 财政专户.

    They say the same of fund and nature and none repeats another: each has a name of its own below the group's, and none is a total,
    by its name or by its amounts in all rows. Nor does one repeat another that the rows' sums need beside it (see `open_columns`).

    Args:
        columns: of one statement.
        lines: what its rows print.
    """
    rows: dict[int, dict[int, Line]] = defaultdict(dict)
    for line in lines:
        if line.amount:
            rows[line.row][line.column] = line
    groups: dict[tuple[object, ...], list[Column]] = defaultdict(list)
    for column in columns:
        if column.role == "amount" and column.understood and len(column.path) > 1:
            says = (column.flow, column.fund, column.nature, column.measure, column.item)
            groups[column.block, column.path[:-1], says].append(column)
    needed = frozenset(
        c.index + 1 for c in columns if c.solved and c.path and c.path[-1] in meanings("statement_words.csv", "further_part")
    )
    return needed.union(
        column.index + 1
        for group in groups.values()
        if len({column.path[-1] for column in group}) == len(group) > 1
        and not any(read_header_text(column.path[-1]).keys() & _TOTALS for column in group)
        and not _one_is_sum([column.index + 1 for column in group], rows.values(), [column.path[-1] for column in group])
        for column in group
    )


def _one_is_sum(group: Sequence[int], rows: Iterable[Mapping[int, Line]], names: Sequence[str]) -> bool:
    """Tell whether a column of a group is the sum of the others in all rows; where none prints an amount, whether its name says so."""
    printed = [found for row in rows if (found := {number: row[number] for number in group if number in row})]
    if not printed:
        return any(_SUM.search(name) for name in names)

    def is_sum_in(row: Mapping[int, Line], whole: int) -> bool:
        parts = [line for number, line in row.items() if number != whole]
        return whole in row and adds_up(row[whole].amount, parts, min(map(printed_step, row.values())))

    return any(all(is_sum_in(row, number) for row in printed) for number in group)


def with_leaves_by_code(lines: Sequence[Line], addends: Collection[int] = ()) -> list[Line]:
    """Return the lines with `is_leaf`: no finer row of the same statement stands below the line's row.

    Args:
        lines: of one statement.
        addends: numbers of columns that repeat no other, though they say the same (see `addend_columns`).
    """
    is_leaf = _finest_rows(lines)
    for n in _head_of_units(lines):
        is_leaf[n] = False
    is_leaf |= _leaves_of_revenue(lines)
    _leave_out_repetitions(lines, is_leaf, addends)
    return with_leaves(lines, (is_leaf[n] for n in range(len(lines))))


def with_leaves(lines: Sequence[Line], is_leaf: Iterable[bool]) -> list[Line]:
    """Return lines with other values of `is_leaf`, one for each."""
    return [line if line.is_leaf == leaf else replace(line, is_leaf=leaf) for line, leaf in zip(lines, is_leaf, strict=True)]


def _finest_rows(lines: Sequence[Line]) -> dict[int, bool]:
    """Return for each line, by its place, whether no other line has a code, item or unit below its own."""
    codes = {(line.unit, line.scheme, line.code) for line in lines if line.code and line.scheme in CODED}
    parents = {(u, s, p) for u, s, c in codes for p in parents_of(c)}
    finer = {_attributes(line) for line in lines if line.level and line.scheme != "three_public"}
    units_with_rows = {line.unit for line in lines if line.unit and line.scheme != "unit"}
    items_of_revenue = any(line.scheme == "revenue_item" and line.level for line in lines)
    items = {line.code for line in lines if line.scheme == "three_public"}
    of_units = {(line.code, line.fund, line.measure) for line in lines if line.scheme == "three_public" and line.unit}

    open_columns = {line.column for line in lines if line.level and line.fund is None}
    plain = {(line.row, line.flow) for line in lines if not is_of_which(line.nature)}

    def is_finest(line: Line) -> bool:
        if line.scheme in CODED and line.code:
            return (line.unit, line.scheme, line.code) not in parents
        if line.scheme in CODED and (line.row, line.flow) not in plain:
            return False  # 其中 repeats a part of the row above
        if line.scheme == "three_public":
            whole = line.unit is None and (line.code, line.fund, line.measure) in of_units
            return not whole and not _PARTS_OF_ITEM.get(line.code or "", set()) & items
        if line.scheme == "unit" and line.level:
            return line.name not in units_with_rows
        if line.level == 0:
            is_whole = _attributes(line) in finer or line.column in open_columns  # what is of no known fund may be a part of it
            return not is_whole and not (line.scheme == "revenue_item" and items_of_revenue)
        return line.is_leaf

    return {n: is_finest(line) for n, line in enumerate(lines)}


def _head_of_units(lines: Sequence[Line]) -> list[int]:
    """Return the lines of the department above its units, which is no leaf: a first or last row that is the sum of all other rows.

    Of zeros any row is the sum: there its own office （本级） must stand among the others.
    """
    units = [line for line in lines if line.scheme == "unit" and line.level]
    rows = sorted({line.row for line in units})
    for row in (rows[0], rows[-1]) if len(rows) > 1 else ():
        heads, others = [line for line in units if line.row == row], [line for line in units if line.row != row]
        offices = {without_own_office(name) for line in others if is_own_office(name := fold(line.name))}
        has_office = all(fold(line.name) in offices for line in heads)
        if not has_office and len(rows) <= _FEWEST_UNITS:
            continue
        whole = comprises(heads, others) or (has_office and not any(line.amount for line in units))
        if whole and {line.column for line in others if line.amount} <= {line.column for line in heads}:
            return [n for n, line in enumerate(lines) if line.scheme == "unit" and line.level and line.row == row]
    return []


def _attributes(line: Line) -> tuple[str, str | None, str | None, str]:
    return line.flow, line.fund, line.nature, line.measure


def _leaves_of_revenue(lines: Sequence[Line]) -> dict[int, bool]:
    """An item of revenue is a leaf unless the items printed below it make it up: 其中 rows are none, and leave what they repeat one."""
    columns: dict[int, list[int]] = defaultdict(list)
    is_leaf: dict[int, bool] = {}
    for n, line in enumerate(lines):
        if line.scheme == "revenue_item" and line.level:
            if is_of_which(line.nature):
                is_leaf[n] = False
            else:
                columns[line.column].append(n)
    for places in columns.values():
        column = [lines[n] for n in places]
        within = 0  # up to here, what is printed is a part of a leaf
        for n, line in enumerate(column):
            end = next((m for m in range(n + 1, len(column)) if column[m].level <= line.level), len(column))
            leaf = n >= within and not _is_sum_of(line, column[n + 1 : end]) and not _is_sum_of_funds(line, column, n)
            is_leaf[places[n]] = leaf
            if leaf:
                within = max(within, end)
    return is_leaf


def _is_sum_of_funds(line: Line, column: Sequence[Line], n: int) -> bool:
    """Tell whether the items next to one at their level, below it or above it, name parts of its fund and add up to it."""
    within = funds_within(line.fund or "")
    for beside in (column[n + 1 :], column[:n][::-1]):
        end = next((m for m, other in enumerate(beside) if other.level < line.level or other.fund not in within), len(beside))
        parts = [other for other in beside[:end] if other.level == line.level]
        if line.amount and adds_up(line.amount, parts, min(map(printed_step, (line, *parts)))):
            return True
    return False


def _is_sum_of(whole: Line, below: Sequence[Line]) -> bool:
    """Tell whether items add up to the one above them, but for rounding."""
    level = min((line.level for line in below), default=0)
    parts = [line for line in below if line.level == level]
    step = min(map(printed_step, (whole, *parts)))
    return adds_up(whole.amount, parts, step)


def _leave_out_repetitions(lines: Sequence[Line], is_leaf: dict[int, bool], addends: Collection[int]) -> None:
    """Of rows, columns and classifications that say the same thing twice, leave leaves (by their places) in one only."""
    schemes: dict[tuple[object, ...], str] = {}
    rows: set[tuple[object, ...]] = set()
    totals: dict[tuple[object, ...], int] = {}
    for n, line in sorted(enumerate(lines), key=lambda item: (item[1].column, item[1].row)):
        key = _attributes(line)
        if line.scheme in CODED and line.level and schemes.setdefault(key, line.scheme) != line.scheme:
            is_leaf[n] = False  # the same money by another classification, beside the first
        if line.scheme != "three_public" and line.fund:
            own = (line.row, line.name, line.code, line.unit, line.column if line.column in addends else 0, *key)
            is_leaf[n] = is_leaf[n] and own not in rows  # the same total in a second column
            rows.add(own)
            if line.level == 0 and is_leaf[n]:
                earlier = totals.setdefault((line.column, line.unit, *key), n)
                is_leaf[earlier] = earlier == n  # 本年支出合计 above 支出总计
                totals[(line.column, line.unit, *key)] = n
