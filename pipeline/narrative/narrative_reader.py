"""The narrative of one document: from its paragraphs to lines, changes and key figures.

Belongs here: the order in which paragraphs are read. Projects and their targets are read in `pipeline.targets`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.budget.codes.book import CodeList
from pipeline.budget.patterns import YEAR_DIGITS
from pipeline.document.content import Content
from pipeline.narrative.claims.facts import Narrative
from pipeline.narrative.figures.key_figures import FigureReader
from pipeline.narrative.sections import ON_FIGURES
from pipeline.narrative.sentence_reader import SentenceReader
from pipeline.narrative.text.number_boxes import NumberBoxes
from pipeline.narrative.text.paragraphs import Paragraph, paragraphs
from pipeline.narrative.unit_budgets import UnitBudgetReader
from pipeline.narrative.year_on_year_rows import year_on_year
from schemas.vocabulary.narrative import either
from schemas.vocabulary.phrases import WordPattern

_YEAR = re.compile(rf"({YEAR_DIGITS})年")
_FUND_BUDGETS = WordPattern(lambda: either("fund_budget"))
_COUNTED = ("budget", "three_public", *ON_FIGURES, "fees", "project")
"""Topics of sections whose numbers belong into the dataset; those that projects take from their stories are subtracted later."""

_LONGEST_HEADING = 40  # characters


def read_narrative(
    content: Content,
    *,
    fiscal_year: int | None,
    book: CodeList,
    final: bool | None = None,
    department: str | None = None,
    text: Sequence[Paragraph] | None = None,
) -> Narrative:
    """Read what the sentences of a document say.

    Nothing is published that was not understood whole; what was held back is listed with its reason.

    Args:
        content: pages of lines and grids; lines inside grids are no sentences.
        fiscal_year: of the document (of a final account: the year it accounts for); None if unknown.
        book: the code book, for names printed without codes.
        final: whether the document is a final account, which states 年初预算 and 决算 side by side; None to tell by its headings.
        department: whose document it is; None if unknown.
        text: its paragraphs, where they are known already.
    """
    text = paragraphs(content) if text is None else text
    year, final = fiscal_year or _usual_year(text), _is_final(text) if final is None else final
    boxes = NumberBoxes(content.pages)
    walk = SentenceReader(book, year, final, boxes, department)
    figures = FigureReader(walk.ledger, walk.unread, boxes, year, department)
    units = UnitBudgetReader(walk.ledger, walk.unread, boxes, department=department, book=book, fiscal_year=year)
    for paragraph in text:
        walk.unread.begin()
        walk.paragraph(paragraph)
        figures.read(paragraph, walk.section)
        if not final:
            units.read(paragraph, walk.section)
        if walk.section.topic in _COUNTED or (walk.section.topic is None and walk.of_budget):
            walk.unread.end(paragraph, walk.section.heading, counts=walk.section.topic == "assets")
    figures.close()
    narrative = walk.ledger.close()
    narrative.unread = walk.unread.close()
    narrative.year_on_year = year_on_year(narrative)
    return narrative


def _is_final(text: Sequence[Paragraph]) -> bool | None:
    """Tell whether the document is a final account: its headings speak of 决算 more often than of 预算. None where they say neither."""
    heads = [p.folded for p in text if len(p.folded) <= _LONGEST_HEADING]
    spent, planned = sum("决算" in h for h in heads), sum("预算" in _FUND_BUDGETS.sub("", h) for h in heads)
    return spent > planned if spent or planned else None


def _usual_year(text: Sequence[Paragraph]) -> int | None:
    years = Counter(y for p in text for y in _YEAR.findall(p.folded))
    return int(years.most_common(1)[0][0]) if years else None
