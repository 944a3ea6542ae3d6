"""Columns that repeat a part of the total beside them, by words that are no fund and no nature.

Belongs here: parts that a header names by economic class, or by year within one fund. Does not belong here: those after 其中 and below a
group's name (`header_attributes.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from pipeline.budget.sums import is_of_which
from pipeline.statements.meaning.headers.header_texts import read_header_text, without_year_and_unit
from pipeline.statements.statement_model import Column
from schemas.vocabulary.phrases import WordPattern, any_of, phrases

_WORDS = "statement_words.csv"
_PART = "of_which_other"
_CLASS = WordPattern(lambda: rf"{any_of(_WORDS, 'economic_class')}(?:支出|经费)?")


def mark_class(amounts: Sequence[Column], column: Column) -> Column:
    """Return the column, marked as a part of the total beside it where its header is an economic class (工资福利支出), beside another.

    No attribute says of which class a column is; without the mark each would be all basic spending, or all of the project's.
    """
    if not _is_class(column) or is_of_which(column.nature):
        return column
    beside = [c for c in amounts if c.index != column.index and c.block == column.block and c.measure == column.measure]
    classes = any(_is_class(c) and c.path[:-1] == column.path[:-1] for c in beside)
    totals = any(c.path and "total" in read_header_text(c.path[-1]) for c in beside)
    return replace(column, nature=_PART, understood=True) if classes and totals else column


def mark_own_year(amounts: Sequence[Column], column: Column) -> Column:
    """Return the column, marked where it is the year's own part (当年预算) of a fund's 小计 that holds what was carried over, too."""
    if len(column.path) < 2 or not column.path[-1].startswith(phrases(_WORDS, "this_year")) or is_of_which(column.nature):
        return column
    if "plain" not in read_header_text(column.path[-1]):
        return column
    beside = [c for c in amounts if c.index != column.index and (c.block, c.path[:-1]) == (column.block, column.path[:-1])]
    same = (column.fund, column.nature, column.measure, column.flow)
    whole = any("total" in read_header_text(c.path[-1]) and (c.fund, c.nature, c.measure, c.flow) == same for c in beside)
    carried = any("carryover" in read_header_text(c.path[-1]) for c in beside)
    return replace(column, nature=_PART) if whole and carried else column


def _is_class(column: Column) -> bool:
    return bool(column.path) and column.item is None and _CLASS.fullmatch(without_year_and_unit(column.path[-1])) is not None
