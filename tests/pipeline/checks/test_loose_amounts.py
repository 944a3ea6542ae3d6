"""What a document says of itself that others must know is a finding."""

import pytest

from pipeline.checks.findings import of_identity, of_pages
from pipeline.document.content import Box, Content, Page, TextLine, Word
from pipeline.identity.identify import Identity
from pipeline.store.catalogue import CORRECTION
from tests.pipeline.publish.samples import line


def test_a_correction_is_found_where_versions_are_compared() -> None:
    assert [row["finding"] for row in of_identity(Identity(department="某局", correction=True))] == [CORRECTION]
    assert of_identity(Identity(department="某局")) == []


def test_contradictions_of_the_registry_and_of_the_document_itself_are_told_apart() -> None:
    found = of_identity(Identity(contradictions=("one",), doubts=("two",)))
    assert [(row["finding"], row["subject"]) for row in found] == [("registry_contradiction", "one"), ("identity_contradiction", "two")]


AMOUNTS = ["1.50", "2.50", "3.50", "4.50", "5.50"]


def loose(amounts: list[str], sentences: int = 0, **counted: str) -> list[tuple[int, str]]:
    """How many amounts of a page with so many sentences are said to be in no table, and which."""
    words = tuple(Word(text, Box(0, 0, 10, 10)) for text in amounts)
    page = Page(3, 600, 800, tuple(TextLine("本年预算增加。") for _ in range(sentences)), loose_amounts=words)
    lines = [line(n, text) for n, text in enumerate(counted.values())]
    return [(one["frequency"], one["subject"]) for one in of_pages(Content("grids", "by hand", (page,)), lines)]


@pytest.mark.parametrize(("number", "said"), [(3, []), (4, [(4, "1.50 2.50 3.50 4.50")]), (5, [(5, "1.50 2.50 3.50 4.50 5.50")])])
def test_four_amounts_make_a_page_look_like_a_statement(number: int, said: list[tuple[int, str]]) -> None:
    assert loose(AMOUNTS[:number]) == said


@pytest.mark.parametrize(("sentences", "said"), [(2, 1), (3, 0)])
def test_a_page_of_three_sentences_is_prose(sentences: int, said: int) -> None:
    assert len(loose(AMOUNTS, sentences)) == said


def test_amounts_that_are_lines_do_not_count() -> None:
    assert loose(AMOUNTS[:4], told="4.50") == []
    assert loose(AMOUNTS, told="5.50") == [(4, "1.50 2.50 3.50 4.50")]
