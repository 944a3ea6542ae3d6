"""`C2`: every page is printed by whole bytes. What stands on other pages is held back: it may be other than what was read.

Belongs here: what becomes of damaged pages. Does not belong here: how damage is noticed (`pipeline.document.pdf.file_structure.damage`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from pipeline.accounting.check_row import Check, check_row
from pipeline.budget.amounts import is_amount_alone
from pipeline.budget.characters import fold
from pipeline.document.content import Content
from pipeline.narrative.sections import heading_level
from pipeline.statements.statement_model import Statement

_HELD = "The bytes that print the page are damaged: what it shows may be other than what was read, and is held back."
_OUTER = (0, 1)
"""Levels of headings that nothing before them explains: 第…部分, 一、."""
_BROKEN = "the bytes that print the page are damaged"
_TORN = "pages may be missing, doubled or in another order: the list of pages does not hold together"


def whole_pages(content: Content) -> Content:
    """Return content without what stands on damaged pages: sentences and targets are read on the others.

    Sentences after such a page are read from the next outer heading on: what they speak of may have been said on it.
    """
    if not _damaged(content):
        return content
    pages, open_ended = [], False
    for page in content.pages:
        if page.damaged:
            page, open_ended = replace(page, lines=(), grids=(), loose_amounts=(), numbers=()), True
        elif open_ended:
            prose = [n for n, line in enumerate(page.lines) if not line.in_grid]
            head = next((n for n in prose if heading_level(fold(page.lines[n].text)) in _OUTER), len(page.lines))
            open_ended = head == len(page.lines)
            page = replace(page, lines=tuple(line for n, line in enumerate(page.lines) if n >= head or line.in_grid))
        pages.append(page)
    return replace(content, pages=tuple(pages))


def hold_damaged(content: Content, statements: Sequence[Statement]) -> list[Statement]:
    """Return statements without the lines that a damaged page may have touched, their count of printed amounts unchanged.

    These are the lines on it, and those that follow in the same table: title, unit, header and group of a row may have stood there.

    Args:
        content: pages of the document.
        statements: of the document.
    """
    damaged = _damaged(content)
    if not damaged:
        return list(statements)
    return [
        replace(
            s,
            lines=tuple(line for line in s.lines if not _is_touched(s, line.page, damaged)),
            quantities=tuple(quantity for quantity in s.quantities if not _is_touched(s, quantity.page, damaged)),
        )
        for s in statements
    ]


def _damaged(content: Content) -> list[int]:
    return [page.number for page in content.pages if page.damaged]


def _is_touched(statement: Statement, printed_on: int | None, damaged: Collection[int]) -> bool:
    if not printed_on or not statement.pages:
        return False
    first, last = statement.pages[0], statement.pages[-1]
    if not statement.title:  # it may be the rest of a table on the page before
        first -= 1
    return any(first <= page <= last and page <= printed_on for page in damaged)


def check_damage(content: Content) -> list[Check]:
    """Return one row for each damaged page, or one that says that there is none.

    Args:
        content: pages of the document.
    """
    if content.sheets is None:
        return [check_row("C2", None, "document", "not_applicable", "the document has no pages")]
    rows = [check_row("C2", None, f"page {number}", "fail", _BROKEN, severity="error") for number in _damaged(content)]
    if content.torn:
        rows.append(check_row("C2", None, "document", "fail", _TORN, severity="error"))
    return rows or [check_row("C2", None, "document", "pass", f"the bytes of {content.sheets} pages are whole")]


def of_damage(content: Content) -> list[dict[str, Any]]:
    """List the damaged pages as rows of `findings`, with the amounts that were seen there (at least one, if none was)."""
    found = []
    for page in content.pages:
        if page.damaged:
            amounts = sum(is_amount_alone(fold(word.text)) for word in page.numbers or ())
            row = {"finding": "amount_not_captured", "subject": f"damaged page {page.number}", "frequency": max(1, amounts)}
            found.append({**row, "page": page.number, "detail": _HELD})
    return found
