"""What a document prints where lines stand, read a second time (see `pipeline.document.text_layer`).

Belongs here: the second reading asked for lines, `F1`, and holding back the lines of which the two readings differ.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from pipeline.accounting.check_row import Check, check_row
from pipeline.budget.amounts import split_unit
from pipeline.budget.characters import fold
from pipeline.budget.line import Line
from pipeline.document.content import Box, Content, Page, box_with
from pipeline.document.text_layer import SPELLING, NumbersOfPages, numbers_at, spells, spelt_numbers
from pipeline.statements.statement_model import Statement


def printed_numbers(content: Content, known: Iterable[Line], lines: Sequence[Line]) -> list[str | None]:
    """Return the number that the page prints at the place of each line; None for all where one of them has no place.

    Args:
        content: pages with their numbers.
        known: all lines of the document: a number that stands at the place of another line is none of this one's.
        lines: those asked for.
    """
    places = _places(lines)
    return numbers_at(content, places, set(_places(known))) if len(places) == len(lines) else [None] * len(lines)


def hold_differing(content: Content, statements: Sequence[Statement]) -> tuple[list[Statement], list[Line]]:
    """Take from statements the lines whose number the text layer does not have at its place.

    Args:
        content: pages with their numbers.
        statements: of the document.

    Returns:
        The statements, their count of printed amounts unchanged: what was taken is not captured. And the lines taken.
    """
    pages = NumbersOfPages(content)
    differing = [line for s in statements for line in s.lines if is_spelt(pages, line) is False]
    held = {line.id for line in differing}
    kept = [replace(s, lines=tuple(line for line in s.lines if line.id not in held)) if held else s for s in statements]
    return kept, differing


def check_fidelity(content: Content, lines: Iterable[Line], differing: Sequence[Line]) -> list[Check]:
    """Return one row for each statement whose numbers were read twice, and one for each number of which the readings differ.

    Args:
        content: pages with their numbers.
        lines: of the document, without those that differ: a number that was read twice was read equal.
        differing: lines that were held back.
    """
    pages = {page.number: page for page in content.pages}
    equal = Counter((line.statement_no, line.statement) for line in lines if _is_read_twice(pages, line))
    other: dict[tuple[int, str], list[Line]] = defaultdict(list)
    for line in differing:
        other[line.statement_no, line.statement].append(line)
    rows = []
    for number, statement in sorted({*equal, *other}):
        same, lost = equal[number, statement], other[number, statement]
        if same:
            detail, count = f"{same} numbers read twice and equal", Decimal(same)
            subject = f"statement {number}"
            rows.append(check_row("F1", statement, subject, "pass", detail, expected=count, actual=count, tolerance=Decimal(0)))
        for line in lost:
            subject = f"statement {number} row {line.row} column {line.column}"
            (printed,) = printed_numbers(content, (), [line])
            detail = f"read {line.amount_text}, the text of page {line.page} has {printed or 'nothing'} there: held back"
            rows.append(check_row("F1", statement, subject, "fail", detail))
    return rows or [check_row("F1", None, "document", "not_applicable", "no number of a statement has a place in a text layer")]


def are_same_glyphs(text: str, own: str) -> bool:
    """Tell whether two readings of a number are of the same glyphs; fake bold prints each of them twice."""
    one, (other, _) = fold(text), split_unit(own)
    return one in (other, other * 2, "".join(c * 2 for c in other))


def is_spelt(pages: NumbersOfPages, line: Line) -> bool | None:
    """Tell whether the two readings of a line's number are equal; None where there is only one."""
    place = _place(line) if line.source == "table" else None
    numbers = pages.around(*place, SPELLING.slack) if place else None
    return None if place is None or numbers is None else spells(numbers, place[1], line.amount_text)


def _is_read_twice(pages: Mapping[int, Page], line: Line) -> bool:
    """Tell whether the text layer has the page of a table's line as well."""
    page, box = _place(line) or (0, None) if line.source == "table" else (0, None)
    return box is not None and page in pages and spelt_numbers(pages[page], box) is not None


def _places(lines: Iterable[Line]) -> list[tuple[int, Box]]:
    return [place for line in lines if (place := _place(line))]


def _place(line: Line) -> tuple[int, Box] | None:
    """Return the page and box of a line; None where it has none."""
    if not line.page or line.x0 is None or line.y0 is None or line.x1 is None or line.y1 is None:
        return None
    return line.page, box_with((line.x0, line.y0, line.x1, line.y1))
