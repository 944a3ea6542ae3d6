"""Text dumps: whether the lines of a table are of the kind that a title announces.

A dump prints titles above their tables or below them, and in both readings each table has one title: what stands in the table decides.

Belongs here: codes, headings and sides that a title excludes. Does not belong here: finding tables and titles (`segments.py`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import IntEnum

from pipeline.budget.characters import fold, without_spaces
from pipeline.budget.codes.book import CodeList
from pipeline.budget.codes.printed_codes import SCHEME_OF_DIGIT
from pipeline.statements.meaning.headers.header_attributes import SINGLE_FUNDS
from schemas.statement_kind import ECONOMIC, StatementKind
from schemas.statements import kind_of
from schemas.vocabulary import read_header
from schemas.vocabulary.titles import TitleMeaning

_CODED_ROW = re.compile(r"\s*(\d{3}(?:\d{2}){0,2}(?:\s+\d{2}){0,2})\s*([^\s\d]+)")  # the digits of a code, and a name
_TOTAL_OF_SIDE = re.compile("(收入|支出)[合总]计")
_FEWEST_CODED_ROWS = 2  # one row may be a unit's number or a misprint


class TitleFit(IntEnum):
    """How a title fits the lines below it."""

    CONTRADICTED = -1
    RECLASSIFIED = 0
    """Its rows are classified otherwise than the title says, as some publishers print them."""
    FITS = 1


def title_fit(rows: Sequence[str], headings: Sequence[str], meaning: TitleMeaning, book: CodeList) -> TitleFit:
    """Return how a title fits a table.

    Args:
        rows: the table's lines with amounts, as printed.
        headings: its lines without.
        meaning: what the title announces.
        book: tells codes from the numbers of units.
    """
    kind = kind_of(meaning.statement)
    words = [read_header(fold(word)) for line in headings for word in line.split()]
    if _headings_contradict(words, kind, meaning) or _sides_contradict(rows, kind):
        return TitleFit.CONTRADICTED
    return _fit_of_codes(rows, kind, book)


def _fit_of_codes(rows: Sequence[str], kind: StatementKind, book: CodeList) -> TitleFit:
    """Hold the classification of the rows' codes against the title's; a list of 三公 has none."""
    codes = [(re.sub(r"\s", "", row[1]), row[2]) for text in rows if (row := _CODED_ROW.match(text))]
    schemes = [scheme for code, name in codes if (scheme := SCHEME_OF_DIGIT.get(code[0])) and book.is_named(scheme, code, name)]
    coded = Counter(scheme in ECONOMIC for scheme in schemes)
    if coded.total() < _FEWEST_CODED_ROWS or kind.is_summary:
        return TitleFit.FITS
    if kind.items:
        return TitleFit.CONTRADICTED
    by_economic = coded[True] > coded[False]
    return TitleFit.FITS if kind.rows not in ("function", *ECONOMIC) or by_economic == kind.by_economic else TitleFit.RECLASSIFIED


def _headings_contradict(words: Iterable[dict[str, str]], kind: StatementKind, meaning: TitleMeaning) -> bool:
    """Tell whether headings name another fund than the title, projects in a statement of basic spending, or natures over income."""
    said = list(words)
    funds = {says["fund"] for says in said if says.get("fund") in SINGLE_FUNDS}
    natures = {says["nature"] for says in said if "nature" in says}
    if meaning.fund in SINGLE_FUNDS and funds and meaning.fund not in funds:
        return True
    if meaning.nature == "basic" and "project" in natures:
        return True
    return kind.sides == "revenue" and {"basic", "project"} <= natures


def _sides_contradict(rows: Sequence[str], kind: StatementKind) -> bool:
    """Tell whether rows total both income and spending under a title of one of them, or only one under a title of both."""
    totals = {total[1] for row in rows for total in _TOTAL_OF_SIDE.finditer(without_spaces(row))}
    if kind.is_summary:
        return bool(rows) and len(totals) == 1 and not any("收入" in row for row in rows)
    return len(totals) == 2 and kind.sides in ("revenue", "expenditure")
