"""Parts of one file that are documents of their own: a budget bound with last year's final account, or with another year's budget.

Belongs here: covers inside a file, and tables that stand behind one of another year or kind. Does not belong here: whose the file is
(`pipeline/identity`), sections of several units.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pipeline.budget.characters import fold
from pipeline.budget.patterns import FISCAL_YEAR
from pipeline.document.content import Content, single_pages
from schemas.vocabulary.phrases import WordPattern, any_of

_MOST_CHARACTERS = 120  # on a cover: title, body, date; a page of contents or of prose has more
_YEAR = re.compile(rf"(?<!\d)({FISCAL_YEAR})年(?!\d{{1,2}}月)")
_FUND_BUDGET = WordPattern(lambda: any_of("statement_words.csv", "fund_budget"))
_KINDS = {"预算": "budget", "决算": "final_account"}


@dataclass(frozen=True, slots=True)
class Cover:
    """A page that says of what year and kind what stands behind it is, and little more."""

    page: int
    year: int
    kind: str


def covers(content: Content) -> list[Cover]:
    """Return the covers in a document, in order: pages of few words, among them one year and one kind, and no date's."""
    found = []
    for page in single_pages(content.pages):
        if page.grids or sum(len(line.text) for line in page.lines) > 2 * _MOST_CHARACTERS:
            continue
        words = fold("".join(line.text for line in page.lines))
        years, kind = set(_YEAR.findall(words)), kind_said(words)
        if kind and len(years) == 1 and len(words) <= _MOST_CHARACTERS:
            found.append(Cover(page.number, int(years.pop()), kind))
    return found


def kind_said(folded: str) -> str | None:
    """Return the kind of document that words name alone; the names of funds (一般公共预算) say nothing of it."""
    bare = _FUND_BUDGET.sub("", folded)
    kinds = {kind for word, kind in _KINDS.items() if word in bare}
    return kinds.pop() if len(kinds) == 1 else None


def of_other_documents(
    pages: Sequence[int], meanings: Sequence[object], found: Sequence[Cover], *, year: int | None, kind: str
) -> Collection[int]:
    """Return which tables stand behind a cover of another year or kind, where a table of the same meaning stands in this document's part.

    A cover that contradicts the document alone may be one left standing from the year before.

    Args:
        pages: on which each table begins.
        meanings: what the title of each table announces; None for nothing that is known.
        found: covers of the file.
        year: of the document; None where it is not known, and no cover is of another.
        kind: of the document.
    """
    firsts = [cover.page for cover in found]
    behind = [bisect_left(firsts, page) - 1 for page in pages]
    other = {n for n, cover in enumerate(found) if cover.kind != kind or year not in (cover.year, None)}
    own = {meaning for meaning, part in zip(meanings, behind, strict=True) if part not in other} - {None}
    twice = {part for meaning, part in zip(meanings, behind, strict=True) if part in other and meaning in own}
    return {n for n, part in enumerate(behind) if part in twice}
