"""The projects of one document and their performance targets (绩效目标), wherever it states them: in tables, in lists, in prose.

Belongs here: the order in which the places are read, since a later one completes what an earlier one named.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.budget.codes.book import FUNCTION, CodeList
from pipeline.budget.codes.printed_codes import level_of
from pipeline.document.content import Box, Content, box_with
from pipeline.narrative.claims.facts import ROUNDED_OTHERWISE, HeldBack
from pipeline.narrative.text.number_boxes import NumberBoxes
from pipeline.narrative.text.paragraphs import Paragraph, paragraphs
from pipeline.targets.of_text.flattened_tables import read_flattened
from pipeline.targets.of_text.project_prose import read_projects
from pipeline.targets.of_text.project_sentences import read_project_lists
from pipeline.targets.printed_places import place_rows
from pipeline.targets.printed_targets import printed_evaluations, printed_targets
from pipeline.targets.target_pieces import printed_grids
from pipeline.targets.target_rows import Targets
from pipeline.targets.target_tables import read_grids

_WITHIN_NUMBER = re.compile(r"[\d.,]$")


def read_targets(content: Content, book: CodeList, text: Sequence[Paragraph] | None = None, fiscal_year: int | None = None) -> Targets:
    """Return the projects and performance indicators that a document states.

    Args:
        content: pages of lines and grids.
        book: the code book; a name of a classification is no project's.
        text: its paragraphs, where they are known already.
        fiscal_year: of the document, where it is known: an amount of another year is no project's.
    """
    text = paragraphs(content) if text is None else text
    targets, grids = Targets(), printed_grids(content)
    read_grids(grids, targets)
    read_flattened(content, targets)
    boxes = NumberBoxes(content.pages)
    read_projects(text, targets, boxes, fiscal_year)
    in_lists = read_project_lists(text, targets, lambda name: any(level_of(code) == 1 for code in book.candidates(FUNCTION, name)), boxes)
    targets.listed += in_lists
    targets.number()
    targets.weigh()
    place_rows(content, grids, targets)
    targets.missed.update(printed_targets(grids))
    targets.evaluated = printed_evaluations(grids, set(map(_place_of, (*targets.projects, *targets.indicators))))
    return targets


def _place_of(row: Mapping[str, Any]) -> tuple[int, str | Box]:
    """Return the page of a row, and its address or its box there."""
    box = (row["x0"], row["y0"], row["x1"], row["y1"])
    return row["page"] or 0, row["cell"] or box_with(box)


def drop_project_amounts(held_back: Sequence[HeldBack], targets: Targets) -> list[HeldBack]:
    """Return the clauses that the narrative held back, without those whose amount was taken as a project's.

    Args:
        held_back: as the narrative has them.
        targets: of the same document.
    """
    left, kept = list(targets.listed), []
    for held in held_back:
        own = next((p for p in left if p.page in (None, held.page) and _states(held.clause, p.words, p.amount)), None)
        if own is None:
            kept.append(held)
        elif own.rounded_otherwise:
            kept.append(held._replace(why=ROUNDED_OTHERWISE))
        elif own.page is not None:  # one statement, which captures one amount
            left.remove(own)
    return kept


def _states(clause: str, name: str, amount: str) -> bool:
    """Tell whether a clause names a project and ends with its amount."""
    before = clause.removesuffix(amount)
    return name in clause and clause.endswith(amount) and _WITHIN_NUMBER.search(before) is None
