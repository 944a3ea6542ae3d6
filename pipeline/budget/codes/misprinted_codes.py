"""Rows whose printed code and name are of two things: a misprint, or a row number that stands where codes stand.

Does not belong here: codes found by their names (`resolve.py`), rows whose code is completed from the row above.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

import msgspec

from pipeline.budget.characters import REMEMBERED
from pipeline.budget.codes.book import CodeList
from pipeline.budget.line import Line, LineId
from pipeline.budget.sums import CODED

_LEAST_MISNAMED = 3  # rows of a class with the names of other codes: one or two are misprints
_DIGITS = 2  # of a row number below its class


def is_misnamed(line: Line, book: CodeList) -> bool:
    """Tell whether a line prints a code and the name of other codes, none of them above its own."""
    if line.scheme not in CODED or line.code_source != "printed" or not line.code:
        return False
    return _bears_another_name(book, line.scheme, line.code, line.name)


@lru_cache(maxsize=REMEMBERED)  # tables of a document list the same codes again
def _bears_another_name(book: CodeList, scheme: str, code: str, name: str) -> bool:
    return book.bears_another_name(scheme, code, name)


def numbered_serially(lines: Iterable[Line], book: CodeList) -> set[LineId]:
    """Return the ids of lines whose code is their number in the list of their class, and whose name is not that of the code.

    The rows of the class count up from 01 without a gap, and several have the names of other codes: what the book does not know by
    name is then no more what its number says.

    Args:
        lines: of a document.
        book: code names.
    """
    classes: dict[tuple[object, ...], dict[str, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        if line.source == "table" and line.scheme in CODED and line.code_source == "printed" and line.code and len(line.code) > _DIGITS:
            of_class = line.statement_no, line.unit, line.scheme, line.code[:-_DIGITS]
            classes[of_class][line.code].append(line)
    found: set[LineId] = set()
    for rows in classes.values():
        if sorted(code[-_DIGITS:] for code in rows) != [f"{n:0{_DIGITS}}" for n in range(1, len(rows) + 1)]:
            continue
        misnamed = [code for code, own in rows.items() if any(is_misnamed(line, book) for line in own)]
        if len(misnamed) >= _LEAST_MISNAMED:
            found |= {line.id for code, own in rows.items() for line in own if not book.is_named(line.scheme, code, line.name)}
    return found


def without_names_of_others(lines: Sequence[Line], book: CodeList) -> list[Line]:
    """Return the lines, without a standard name where it is that of another thing than the row names."""
    numbers = numbered_serially(lines, book)
    return [
        msgspec.structs.replace(line, standard_name=None)
        if line.standard_name and ((numbers and line.id in numbers) or is_misnamed(line, book))
        else line
        for line in lines
    ]
