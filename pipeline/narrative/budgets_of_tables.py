"""Which budget a sentence of a final account states, where a table beside it says which.

Belongs here: 预算 alone, which may be the one of the beginning of the year or the one that became of it. Does not belong here: what the
words of a sentence say themselves (`resolution.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from msgspec.structs import replace

from pipeline.budget.line import Line
from schemas.vocabulary.narrative import either
from schemas.vocabulary.phrases import WordPattern

_OF_BEGINNING = WordPattern(lambda: rf"{either('budget_of_beginning')}(?![^,;。:]{{0,12}}结[转余])")  # but 年初结转


def says_beginning(folded: str) -> bool:
    """Tell whether words say that a budget is the one of the beginning of the year, or the one that was approved.

    Args:
        folded: of the heading, and of the paragraph up to the end of the amount's sentence: names of lines may be without them.
    """
    return _OF_BEGINNING.search(folded) is not None


def with_budgets_of_tables(stated: Iterable[Line], printed: Sequence[Line], of_beginning: Collection[int] = ()) -> list[Line]:
    """Return the lines of sentences; a budget that the tables print as adjusted, and as no other, is the adjusted one.

    Args:
        stated: lines of sentences.
        printed: lines of the document's tables.
        of_beginning: rows of those sentences whose words say which budget they are of.
    """
    adjusted = {_what(line) for line in printed if line.measure == "adjusted_budget"}
    if not adjusted:  # as in every budget
        return list(stated)
    adjusted -= {_what(line) for line in printed if line.measure == "budget"}

    def is_adjusted(line: Line) -> bool:
        plain = line.measure == "budget" and line.row not in of_beginning and not says_beginning(line.name)
        return plain and _what(line) in adjusted

    return [replace(line, measure="adjusted_budget") if is_adjusted(line) else line for line in stated]


def _what(line: Line) -> tuple[object, ...]:
    return line.statement, line.flow, line.scheme, line.code, line.level, line.fund, line.nature, line.unit, line.amount
