"""The narrative of one document: from its pages to lines, changes, key figures, projects and indicators."""

from __future__ import annotations

import re
from collections import Counter

from pipeline.codes.book import CodeBook
from pipeline.narrative.changes import year_on_year
from pipeline.narrative.claims import Narrative
from pipeline.narrative.figures import read_figures
from pipeline.narrative.flow import Paragraph, paragraphs
from pipeline.narrative.performance import read_targets
from pipeline.narrative.projects import read_projects
from pipeline.narrative.walk import Walk
from pipeline.readers.page import Content

_YEAR = re.compile(r"(20\d\d)年")


def read_narrative(content: Content, *, fiscal_year: int | None, book: CodeBook) -> Narrative:
    """Read what the sentences of a document say.

    Nothing is published that was not understood whole; what was held back is listed with its reason.

    Args:
        content: pages of lines and grids; lines inside grids are no sentences.
        fiscal_year: of the document (of a final account: the year it accounts for); None if unknown.
        book: the code book, for names printed without codes.
    """
    text = paragraphs(content)
    walk = Walk(book, fiscal_year or _usual_year(text), _is_final(text))
    for paragraph in text:
        walk.paragraph(paragraph)
        read_figures(walk, paragraph, walk.section.topic)
    narrative = walk.narrative
    targets = read_targets(content)
    read_projects(text, targets.projects)
    narrative.projects, narrative.performance_indicators = targets.projects, targets.indicators
    _mark_leaves(narrative)
    narrative.year_on_year = year_on_year(narrative)
    return narrative


def _is_final(text: list[Paragraph]) -> bool:
    """Tell whether the document is a final account: its headings speak of 决算 more often than of 预算."""
    heads = [p.folded for p in text if len(p.folded) <= 40]
    return sum("决算" in h for h in heads) > sum("预算" in h.replace("一般公共预算", "").replace("基金预算", "") for h in heads)


def _usual_year(text: list[Paragraph]) -> int | None:
    years = Counter(y for p in text for y in _YEAR.findall(p.folded))
    return int(years.most_common(1)[0][0]) if years else None


def _mark_leaves(narrative: Narrative) -> None:
    """Clear `is_leaf` of lines that have finer lines of the same statement, fund, nature and measure below them."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for index, line in enumerate(narrative.lines):
        key = (line.statement, line.flow, line.scheme, line.measure, None if line.flow == "revenue" else (line.fund, line.nature))
        groups.setdefault(key, []).append(index)
    for members in groups.values():
        for index in members:
            line = narrative.lines[index]
            for other in members:
                below = narrative.lines[other]
                if below.level <= line.level:
                    continue
                if line.level == 0 or not line.code or (below.code or "").startswith(line.code) or line.code == "vehicles":
                    line.is_leaf = line.is_leaf and not _inside(line.scheme, line.code, below.code, line.level)


def _inside(scheme: str, code: str | None, below: str | None, level: int) -> bool:
    if level == 0:
        return True
    if scheme == "three_public":
        return code == "vehicles" and (below or "").startswith("vehicle_")
    return bool(code and below and below.startswith(code))
