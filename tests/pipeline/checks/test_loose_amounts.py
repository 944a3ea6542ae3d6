"""Amounts outside every table are said where a page looks like a statement."""

from __future__ import annotations

import pytest

from pipeline.checks.findings import of_pages
from pipeline.document.model import Box, Content, Page, TextLine, Word
from tests.pipeline.publish.samples import line

AMOUNTS = ["1.50", "2.50", "3.50", "4.50", "5.50"]


def found(amounts: list[str], sentences: int = 0, **counted: str) -> list[tuple[int, str]]:
    """How many amounts of a page with so many sentences are said to be in no table, and which."""
    words = tuple(Word(text, Box(0, 0, 10, 10)) for text in amounts)
    page = Page(3, 600, 800, tuple(TextLine("本年预算增加。") for _ in range(sentences)), loose_amounts=words)
    lines = [line(n, text) for n, text in enumerate(counted.values())]
    return [(one["frequency"], one["subject"]) for one in of_pages(Content("grids", "by hand", (page,)), lines)]


@pytest.mark.parametrize(("number", "said"), [(3, []), (4, [(4, "1.50 2.50 3.50 4.50")]), (5, [(5, "1.50 2.50 3.50 4.50 5.50")])])
def test_four_amounts_make_a_page_look_like_a_statement(number: int, said: list[tuple[int, str]]) -> None:
    assert found(AMOUNTS[:number]) == said


@pytest.mark.parametrize(("sentences", "said"), [(2, 1), (3, 0)])
def test_a_page_of_three_sentences_is_prose(sentences: int, said: int) -> None:
    assert len(found(AMOUNTS, sentences)) == said


def test_amounts_that_are_lines_do_not_count() -> None:
    assert found(AMOUNTS[:4], told="4.50") == []
    assert found(AMOUNTS, told="5.50") == [(4, "1.50 2.50 3.50 4.50")]
