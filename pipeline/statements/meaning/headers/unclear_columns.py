"""Columns that must not claim what their header seems to say: its group is lost, its words are known in part, or it goes on below.

Belongs here: where a meaning that was read is taken back. Does not belong here: reading it (`header_attributes.py`), and what sums
decide later (`pipeline/statements/inference/`).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from msgspec.structs import replace

from pipeline.budget.amounts import parse_with_unit
from pipeline.budget.characters import fold
from pipeline.budget.sums import PARTS_OF_BASIC, funds_within, is_of_which
from pipeline.statements.meaning.headers.header_texts import read_header_text, says_nothing, without_year_and_unit
from pipeline.statements.statement_model import Column, TableRow
from schemas.statements import THREE_PUBLIC
from schemas.vocabulary.phrases import WordPattern, any_of, meanings
from schemas.vocabulary.titles import is_limited, names_a_part

_GOES_ON = ("、", ",", ")")  # no name begins so: it is the rest of the one above
_ALL_ITEMS = "total"
_NATURE = WordPattern(lambda: any_of("headers.csv", "nature"))
_LEAVES_OUT = WordPattern(
    lambda: (
        rf"(?:{any_of('statement_words.csv', 'leaves_out')}|[-－—–/:(]非)(?P<behind>[^()]{{2,20}})"
        rf"|(?P<before>[^()]{{2,20}}){any_of('statement_words.csv', 'leaves_out_before')}"
    )
)


def without_lost_groups(columns: Sequence[Column]) -> list[Column]:
    """Return the columns, not understood where the heading over their group was lost, cut or laid over one of them alone.

    Where no ruling tells what a heading spans, a column must not claim what may be the name of its neighbours.
    """
    amounts = [c for c in columns if c.role == "amount"]
    lost = {
        c.index
        for n, c in enumerate(amounts)
        if _totals_what_another_does(amounts[:n], c)
        or _is_of_unknown_source(amounts, c)
        or _may_name_neighbours(amounts[max(n - 1, 0) : n + 2], c)
        or _shares_a_cut_name(amounts, c)
        or _may_be_of_either_end(amounts, c)
    }
    return [replace(c, understood=False) if c.index in lost else c for c in columns]


def _totals_what_another_does(before: Sequence[Column], column: Column) -> bool:
    """Tell whether a bare 小计 would be the total of all again: that of a group whose heading is lost."""
    if len(column.path) != 1 or "total" not in read_header_text(column.path[0]):
        return False
    return any(_meaning(c) == _meaning(column) and c.path and "total" in read_header_text(c.path[-1]) for c in before)


def _is_of_unknown_source(amounts: Sequence[Column], column: Column) -> bool:
    """Tell whether a column stands below a heading that may name a source of money, for nobody knows what it says.

    基本支出 below 横向课题款 is not the basic spending from all sources. Such a heading stands beside the name of a fund, or beside
    another that is divided in the same columns; of words that limit nothing (支出构成) it names no source beside a single column.
    """
    for n, text in enumerate(column.path[:-1]):
        if not says_nothing(text):
            continue
        for other in amounts:
            path = other.path
            if other.block != column.block or len(path) <= n or path[:n] != column.path[:n] or path[n] == text:
                continue
            is_fund, alike = "fund" in read_header_text(path[n]), path[n + 1 :] == column.path[n + 1 :]
            if (alike and (is_fund or says_nothing(path[n]))) or (is_fund and names_a_part(text)):
                return True
    return False


def _may_name_neighbours(beside: Sequence[Column], column: Column) -> bool:
    """Tell whether the name of a fund that has parts stands over one column, beside one without any name."""
    if len(column.path) != 1 or "fund" not in read_header_text(column.path[0]) or not funds_within(column.fund or ""):
        return False
    return any(not c.path and c.block == column.block for c in beside)


def _shares_a_cut_name(amounts: Sequence[Column], column: Column) -> bool:
    """Tell whether the name over the column is only the beginning of another column's: 上年结余 over 、结转 and 其他收入."""
    beside = [c for c in amounts if c.path and (c.block, c.path[:-1]) == (column.block, column.path[:-1])]
    return len(column.path) > 1 and any(c.index != column.index and c.path[-1].startswith(_GOES_ON) for c in beside)


def _may_be_of_either_end(amounts: Sequence[Column], column: Column) -> bool:
    """Tell whether nobody says whether a column is what the year began with or ended with: 结转结余 behind what was planned and spent."""
    beside = [c for c in amounts if c.index != column.index]
    measures = {c.measure for c in beside}
    bare = bool(column.path) and column.path[-1] in meanings("statement_words.csv", "carried_of_no_year")
    return bare and "final" in measures and len(measures) > 1 and len({c.fund for c in beside}) == 1


def _meaning(column: Column) -> tuple[object, ...]:
    return column.block, column.fund, column.nature, column.measure, column.flow, column.item


def without_torn_header(columns: Sequence[Column], rows: Sequence[TableRow]) -> list[Column]:
    """Return the columns, no amounts understood where the header goes on in rows over the first amounts.

    Without rulings a heading over a group may stand over one column alone, and the names of all the group's columns below it are read
    as a row.
    """
    amounts = [c for c in columns if c.role == "amount"]
    above = list(takewhile(lambda row: not any(_prints(row, c) for c in amounts), rows))
    own = [row.cells[c.index] for row in above for c in amounts if row.top[c.index] and row.left[c.index]]
    texts = [cell.text for cell in own if cell is not None]
    if len(above) < len(rows) and any(read_header_text(fold(text)) for text in texts):
        return [replace(c, understood=False) if c.role == "amount" else c for c in columns]
    return list(columns)


def _prints(row: TableRow, column: Column) -> bool:
    """Tell whether an amount begins in a row's cell in a column."""
    cell = row.cells[column.index]
    return cell is not None and row.top[column.index] and row.left[column.index] and parse_with_unit(cell.text)[0] is not None


def is_part_of_an_item(amounts: Sequence[Column], column: Column) -> bool:
    """Tell whether words that nobody knows part a column from a 三公 item that its header names: it is of another part, or another item.

    Below them stands a part of the item over them; a 小计 below them is theirs, not that of all items.
    """
    if column.item is None or len(column.path) < 2:
        return False
    for n, text in enumerate(column.path):
        if not says_nothing(text):
            continue
        beside = [c for c in amounts if c.index != column.index and c.block == column.block and c.path[:n] == column.path[:n]]
        others = [c for c in beside if c.path[n : n + 1] != (text,) and c.item is not None and c.measure == column.measure]
        inside = {c.item for c in beside if c not in others} - {None, "vehicle_purchase", "vehicle_operation"}
        over_items = bool(inside)  # 公务经费 over all items, beside 会议费
        if others and (_named_by(column, column.path[:n]) or (column.item == _ALL_ITEMS and not over_items)):
            return True
    return False


def _named_by(column: Column, path: Sequence[str]) -> bool:
    """Tell whether the words over a column that name its 三公 item are among those of a path, and none below."""
    said = [THREE_PUBLIC.items in read_header_text(text) for text in column.path]
    return any(said[: len(path)]) and not any(said[len(path) :])


def is_part_of_a_nature(column: Column) -> bool:
    """Tell whether a header says more beside the nature of spending than is known, and no fund: 横向课题项目支出, 离退休人员经费."""
    if is_of_which(column.nature) or any("fund" in read_header_text(text) for text in column.path):
        return False
    natures = [text for text in column.path if "nature" in read_header_text(text)]
    return any(names_a_part(_NATURE.sub(" ", without_year_and_unit(text))) for text in natures)


def says_what_another_does(amounts: Sequence[Column], column: Column) -> bool:
    """Tell whether another column's header says the same in other words: 省级财政拨款 beside 市级财政拨款, 批复数 beside 预算数.

    Each is a part then, or one is within the other: none is all that its word says.
    """
    if not column.path or is_of_which(column.nature) or column.item is not None:
        return False
    own = read_header_text(column.path[-1])
    named = {key for key in ("fund", "nature", "plain") if key in own}
    if not named or own.keys() & {"total", "current_total"}:
        return False
    for other in amounts:
        beside = other.index != column.index and other.path[:-1] == column.path[:-1] and _meaning(other) == _meaning(column)
        if beside and other.path and other.path[-1] != column.path[-1] and named & read_header_text(other.path[-1]).keys():
            return True
    return False


def is_of_limited_money(column: Column) -> bool:
    """Tell whether a header limits the money of a fund or measure that it names: 追加一般公共预算, 中央财政拨款, 9月底执行数."""
    return not is_of_which(column.nature) and any(is_limited(text) for text in column.path)


def leaves_out_a_part(column: Column) -> bool:
    """Tell whether a header leaves out a part of what it names: 基本支出(不含公用经费), 财政拨款(政府性基金除外).

    What is left out and no part of it changes nothing: 一般公共预算(不含政府性基金).
    """
    for text in column.path:
        for found in _LEAVES_OUT.finditer(text):
            out = read_header_text(found["behind"] or found["before"])
            fund, nature = out.get("fund", "carryover"), out.get("nature", "carryforward")  # these are of another year
            if fund != "carryover" and (column.fund == "total" or fund in funds_within(column.fund or "")):
                return True
            if nature != "carryforward" and (column.nature == "total" or (column.nature == "basic" and nature in PARTS_OF_BASIC)):
                return True
    return False
