"""The header of a table of targets: which column says what.

Belongs here: rows of words that name columns. Does not belong here: what a form says above them (`target_forms.py`), the rows below
(`target_tables.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pipeline.budget.characters import REMEMBERED, fold, without_spaces
from pipeline.budget.patterns import ANY_UNIT, YEAR_DIGITS
from pipeline.document.content import Grid
from pipeline.targets.target_rows import OPERATORS, is_known_level, is_level, target_words
from schemas.vocabulary.phrases import WordPattern, any_of

_STOREYS = 2  # rows of a header above its last one
_WANTED = ({"dimension", "indicator"}, {"indicator", "target"}, {"sub_dimension", "target"}, {"project", "amount", "goal"})
_NAMES_OF_INDICATORS = ("dimension", "sub_dimension", "indicator")
_OF_INDICATORS = ("activity", "dimension", "sub_dimension", "indicator", *OPERATORS, "target", "unit", "weight", "remark")
_UNIT = re.compile(rf"[(:位](?:人民币)?(?P<unit>{ANY_UNIT})(?:\)|$)")
_LEAST_SAID = 2  # texts beside a level of indicators that make a row a row of targets
SAME_EDGE = 6.0
"""Points: a column starts as near on the next page."""
_LONGEST_HEAD = 16  # characters: a longer text is no head of a column
_ALL_BUT_ONE = 2  # of the three heads of a list of projects
_BEHIND = re.compile(r"\([^()]*\)$")
_YEAR = re.compile(rf"\(?{YEAR_DIGITS}年?度?\)?年?")
_MONEY_WORDS = WordPattern(lambda: any_of("performance_words.csv", "money_word", "beside_money_word"))

Rows = list[list[str]]
"""A grid as rows of texts, each cell's text in all places that it covers."""

Owners = list[list[int | None]]
"""A grid as rows of numbers of cells, each in all places that the cell covers."""


class Group(NamedTuple):
    """The columns of one of the indicators that a row says side by side, and their dimension where the header names it above them."""

    columns: dict[str, int]
    dimension: str


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a table of targets.

    Attributes:
        row: its row with the words that tell it.
        columns: attribute → column.
        top: its first row.
        below: the first row under it.
        groups: where it names the columns of indicators more than once, those of each; empty where once.
    """

    row: int
    columns: dict[str, int]
    top: int
    below: int
    groups: tuple[Group, ...] = ()


def owners_of(grid: Grid) -> Owners:
    """Return the grid as rows of numbers of cells."""
    rows: Owners = [[None] * grid.columns for _ in range(grid.rows)]
    for index, cell in enumerate(grid.cells):
        if cell.row_span == cell.column_span == 1 and cell.row < grid.rows and cell.column < grid.columns:  # as most are
            rows[cell.row][cell.column] = index
            continue
        for row in range(cell.row, min(cell.row + cell.row_span, grid.rows)):
            for column in range(cell.column, min(cell.column + cell.column_span, grid.columns)):
                rows[row][column] = index
    return rows


def texts_of(grid: Grid, owners: Owners) -> Rows:
    """Return the grid as rows of texts."""
    texts = [without_spaces(cell.text) for cell in grid.cells]
    return [["" if index is None else texts[index] for index in row] for row in owners]


@lru_cache(maxsize=REMEMBERED)
def names(attribute: str, text: str) -> bool:
    """Tell whether a text names one of the words of an attribute."""
    return any(word in text for word in target_words(attribute))


@lru_cache(maxsize=REMEMBERED)
def column_of(text: str) -> str:
    """Return the attribute that a header cell names, with or without what stands in brackets behind it; empty for none."""
    return column_named(fold(text))


@lru_cache(maxsize=REMEMBERED)
def column_named(folded: str) -> str:
    """Return the same of a text that is folded."""
    words = target_words("column")
    if folded in words:
        return words[folded]
    if len(folded) <= _LONGEST_HEAD and names("project_in_head", folded):
        return "project"
    return words.get(_BEHIND.sub("", folded), "") if folded.endswith(")") else ""


def may_have_header(texts: Iterable[str]) -> bool:
    """Tell whether one of the rows that some texts stand in could be a header, as in few grids of a budget."""
    named = {column_of(text) for text in texts if not text.isascii()}
    return bool(named & {"indicator", "target"}) or {"project", "amount"} <= named or {"project", "goal"} <= named


def find_header(rows: Rows, owners: Owners) -> Header | None:
    """Return the header of the first table of targets in a grid, or None where it has none (see `may_have_header`, which is quicker)."""
    heads = [_heads(row) for row in rows]
    at = next((i for need in _WANTED for i, row in enumerate(heads) if need <= set(row)), None)
    if at is None:
        return None
    columns = _columns(rows, owners, heads, at)
    below = _below(owners, at, columns)
    columns = {name: column for name, column in columns.items() if not _labels_rows(owners, at, below, column)}
    for row in range(at + 1, below):
        for column, name in enumerate(heads[row]):
            if name in ("fiscal_amount", "other_amount"):  # 其中：财政资金 | 其他资金 under a head over two rows
                columns.setdefault(name, column)
            elif name == "target" and names("year", fold(rows[row][column])):  # 前年 | 上年 | 当年 under 指标值
                columns[name] = column
    if "indicator" not in columns and "sub_dimension" in columns and "target" in columns:
        columns["indicator"] = columns.pop("sub_dimension")  # two levels of indicators: the second one is the indicator
    if "indicator" in columns and "project" in columns and heads[at][columns["project"]] != "project":
        columns = {name: column for name, column in columns.items() if name in _OF_INDICATORS}
    if "indicator" in columns:
        columns = {n: c for n, c in columns.items() if n != "unit" or c > columns["indicator"]}  # 单位 before it is a body
    groups = _groups(rows, owners, heads[at], at)
    if groups and (yearly := _of_the_year(rows[:at], groups)):
        columns, groups = columns | yearly.columns, ()
    return Header(at, columns, _top(owners, at, columns), below, groups)


def _columns(rows: Rows, owners: Owners, heads: Sequence[Sequence[str]], at: int) -> dict[str, int]:
    """Return the columns that the last row of a header and those above it name, the nearest of each."""
    columns: dict[str, int] = {}
    for above in range(at, max(-1, at - _STOREYS - 1), -1):
        for column, name in enumerate(heads[above]):
            if name == "target" and name in columns and names("year", fold(rows[above][column])):
                columns[name] = column
            elif name == "operator" and not (column and owners[above][column] == owners[above][column - 1]):
                free = (kind for kind in OPERATORS if kind not in columns)  # 指标性质 beside 指标方向 and 计算符号
                columns |= dict.fromkeys(list(free)[:1], column)
            elif name == "goal" and _is_rather_goal(rows[above], heads[above], columns.get(name), column):
                columns[name] = column  # what is to be reached, not what is done
            elif name and name != "operator":
                columns.setdefault(name, column)
    return columns


def _is_rather_goal(row: Sequence[str], heads: Sequence[str], known: int | None, column: int) -> bool:
    """Tell whether of two heads of one row the second says what is to be reached, the first what is done."""
    return known is not None and heads[known] == "goal" and names("goal_end", row[column]) and not names("goal_end", row[known])


def _groups(rows: Rows, owners: Owners, heads: Sequence[str], at: int) -> tuple[Group, ...]:
    """Return the groups of columns that each name an indicator and its target, where there are several."""
    found: list[dict[str, int]] = [{}]
    for column, name in enumerate(heads):
        if name not in _OF_INDICATORS or (column and owners[at][column] == owners[at][column - 1]):
            continue
        if name in _NAMES_OF_INDICATORS and "indicator" in found[-1] and (name == "indicator" or "target" in found[-1]):
            found.append({})
        found[-1].setdefault(name, column)
    groups = [group for group in found if {"indicator", "target"} <= group.keys()]
    if len(groups) == 1:
        return ()
    above = [rows[row] for row in range(at - 1, max(-1, at - _STOREYS - 1), -1)]
    dimensions = [next((row[group["indicator"]] for row in above if is_known_level(row[group["indicator"]])), "") for group in groups]
    return tuple(map(Group, groups, dimensions))


def _of_the_year(above: Rows, groups: Sequence[Group]) -> Group | None:
    """Return the group of the year, where the goals over the groups tell the year's from that of a longer period."""
    for row in reversed(above):
        goals = [row[group.columns["target"]] for group in groups]
        if all(fold(goal) in target_words("goal_below") for goal in goals):
            yearly = [names("year", goal) for goal in goals]
            return groups[yearly.index(True)] if yearly.count(True) == 1 else None
    return None


def edges_of(grid: Grid, columns: Mapping[str, int], owners: Owners, header: Header) -> dict[str, float]:
    """Return where each column starts on the page, by the cell of the header that starts there."""
    edges: dict[str, float] = {}
    for name, column in columns.items():
        for row in range(header.row, header.below):
            index = owners[row][column]
            if index is not None and grid.cells[index].column == column:
                edges[name] = grid.cells[index].box.x0
    return edges


def start_alike(edges: Mapping[str, float], others: Mapping[str, float]) -> bool:
    """Tell whether the columns of two headers start at the same places of the page."""
    return edges.keys() == others.keys() and all(abs(x0 - others[name]) < SAME_EDGE for name, x0 in edges.items())


def names_level(row: Sequence[str]) -> bool:
    """Tell whether a row names a level of indicators and says something beside it."""
    texts = {text for text in row if text}
    levels = {text for text in texts if is_level(text)}
    return bool(levels) and len(texts - levels) >= _LEAST_SAID


def units_in(rows: Rows) -> set[str]:
    """Return the units of money that texts state (`单位：万元`), those too in which no amounts are published."""
    return {m["unit"] for row in rows for text in row for m in _UNIT.finditer(fold(text))}


def _heads(row: Sequence[str]) -> list[str]:
    """Return the attribute that each cell of a row names; a word like 绩效指标 is the indicator only right of the levels above it."""
    heads = ["" if text.isascii() else column_of(text) for text in row]  # a number, as most texts of a table are
    if "indicator" not in heads and "target" in heads:
        levels = [column for column, name in enumerate(heads) if name in ("dimension", "sub_dimension")]
        for column in range(max(levels, default=-1) + 1, len(row)):
            heads[column] = heads[column] or target_words("lone_column").get(fold(row[column]), "")
    if "indicator" in heads and "target" not in heads:
        _head_of_targets(heads, row)
    known = {"project", "amount", "goal"} & set(heads)
    if len(known) == _ALL_BUT_ONE and "project" in known:  # a list of projects, one of whose heads is spelt otherwise
        for column, text in enumerate(row):
            if not heads[column]:
                heads[column] = (
                    "amount" if "goal" in known and is_money(text) else "goal" if "amount" in known and names("goal_end", text) else ""
                )
    return heads


def _head_of_targets(heads: list[str], row: Sequence[str]) -> None:
    """Name the column of targets in a header that spells it otherwise: of several, the one of the year or else the last."""
    ends = tuple(target_words("target_end"))
    found = [c for c, text in enumerate(row) if not heads[c] and fold(text).endswith(ends) and not names("no_target", text)]
    chosen = next((c for c in found if names("year", row[c])), found[-1] if found else None)
    if chosen is not None:
        heads[chosen] = "target"


def is_money(head: str) -> bool:
    """Tell whether a head or label is made of words of money alone: 年度预算资金, 2026年金额（万元）."""
    bare = _YEAR.sub("", _BEHIND.sub("", fold(head)))
    return any(word in bare for word in target_words("money_word")) and not _MONEY_WORDS.sub("", bare)


def _labels_rows(owners: Owners, at: int, below: int, column: int) -> bool:
    """Tell whether a cell of a header goes on beside the rows below: 整体绩效目标 left of them all, which heads no column."""
    return below < len(owners) and owners[at][column] is not None and owners[at][column] == owners[below][column]


def _top(owners: Owners, at: int, columns: dict[str, int]) -> int:
    """Return the first row of a header whose cells may stand over several rows."""
    row = at
    while row > 0 and any(owners[row - 1][c] == owners[at][c] is not None for c in columns.values()):
        row -= 1
    return row


def _below(owners: Owners, at: int, columns: dict[str, int]) -> int:
    """Return the first row under a header whose cells may stand over several rows."""
    told = [column for name, column in columns.items() if name in ("project", "indicator", "dimension")]
    row = at + 1
    while row < len(owners) and any(owners[row][c] == owners[at][c] is not None for c in told):
        row += 1
    return row
