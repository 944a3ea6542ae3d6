"""The narrative of one document: from its pages to lines, changes, key figures, projects and indicators."""

from __future__ import annotations

import re
from collections import Counter

from pipeline.budget.codes.book import FUNCTION, CodeBook
from pipeline.budget.codes.printed_codes import level_of
from pipeline.budget.patterns import YEAR_DIGITS
from pipeline.document.model import Content
from pipeline.narrative.facts import Narrative
from pipeline.narrative.flow import Paragraph, paragraphs
from pipeline.narrative.key_figures import read_figures
from pipeline.narrative.walk import Walk
from pipeline.narrative.year_on_year import year_on_year
from pipeline.targets.flattened_tables import read_flattened
from pipeline.targets.project_sentences import read_listed
from pipeline.targets.projects import read_projects
from pipeline.targets.target_rows import Targets
from pipeline.targets.target_tables import read_grids
from schemas.vocabulary.narrative import either
from schemas.vocabulary.phrases import WordPattern

_YEAR = re.compile(rf"({YEAR_DIGITS})年")
_FUND_BUDGETS = WordPattern(lambda: either("fund_budget"))
_LONGEST_HEADING = 40  # characters


def read_narrative(content: Content, *, fiscal_year: int | None, book: CodeBook, final: bool | None = None) -> Narrative:
    """Read what the sentences of a document say.

    Nothing is published that was not understood whole; what was held back is listed with its reason.

    Args:
        content: pages of lines and grids; lines inside grids are no sentences.
        fiscal_year: of the document (of a final account: the year it accounts for); None if unknown.
        book: the code book, for names printed without codes.
        final: whether the document is a final account, which states 年初预算 and 决算 side by side; None to tell by its headings.
    """
    text = paragraphs(content)
    walk = Walk(book, fiscal_year or _usual_year(text), _is_final(text) if final is None else final)
    for paragraph in text:
        walk.paragraph(paragraph)
        read_figures(walk.ledger, paragraph, walk.section)
    narrative = walk.ledger.close()
    targets = Targets()
    read_grids(content, targets)
    read_flattened(content, targets)
    read_projects(text, targets.projects)
    taken = read_listed(text, targets, lambda name: any(level_of(code) == 1 for code in book.candidates(FUNCTION, name)))
    narrative.held_back = [(clause, why) for clause, why in narrative.held_back if not _is_taken(clause, taken)]
    narrative.projects, narrative.performance_indicators = targets.projects, targets.indicators
    narrative.year_on_year = year_on_year(narrative)
    return narrative


def _is_taken(clause: str, projects: list[tuple[str, str]]) -> bool:
    """Tell whether a clause was held back for nothing: it names a project that was taken from a list, and its amount."""
    return any(name in clause and re.search(rf"(?<![\d.,]){re.escape(amount)}$", clause) for name, amount in projects)


def _is_final(text: list[Paragraph]) -> bool:
    """Tell whether the document is a final account: its headings speak of 决算 more often than of 预算."""
    heads = [p.folded for p in text if len(p.folded) <= _LONGEST_HEADING]
    return sum("决算" in h for h in heads) > sum("预算" in _FUND_BUDGETS.sub("", h) for h in heads)


def _usual_year(text: list[Paragraph]) -> int | None:
    years = Counter(y for p in text for y in _YEAR.findall(p.folded))
    return int(years.most_common(1)[0][0]) if years else None
