"""What stands on damaged pages is held back and said: no wrong amount, and none lost without a word."""

from __future__ import annotations

import re
import zlib

import pytest

from pipeline.checks.grades import grade_of, is_reconciled
from pipeline.document.inputs.sources import Hint
from pipeline.stages.checking import Checked
from pipeline.stages.reading import read_document
from tests.pipeline.document.pdf.damaged import bodies, content_of, flipped, pages, replaced, sample


@pytest.fixture(scope="module")
def whole() -> Checked:
    return read_document(sample(), Hint())


def page_of_a_statement(whole: Checked) -> int:
    return min(line.page or 0 for line in whole.lines if line.source == "table" and line.statement == "expenditure_summary")


def failed(checked: Checked) -> set[tuple[str, str, str]]:
    return {(row["check_id"], row["subject"], row["severity"]) for row in checked.checks if row["outcome"] == "fail"}


def facts(checked: Checked) -> set[tuple[object, ...]]:
    return {(x.source, x.statement, x.name, x.code, x.unit, x.fund, x.nature, x.measure, x.amount) for x in checked.lines}


def test_the_whole_document_is_of_the_best_grade(whole: Checked) -> None:
    assert not failed(whole)
    assert [row["outcome"] for row in whole.checks if row["check_id"] == "C2"] == ["pass"]


@pytest.mark.parametrize("at", [0.1, 0.5, 0.999])
def test_a_damaged_page_gives_no_line_and_is_named(whole: Checked, at: float) -> None:
    page = page_of_a_statement(whole)
    damaged = read_document(flipped(sample(), content_of(sample(), page), at=at), Hint())
    assert ("C2", f"page {page}", "error") in failed(damaged)
    assert any((row["finding"], row["page"]) == ("amount_not_captured", page) and row["frequency"] for row in damaged.findings)
    assert not [line for line in damaged.lines if line.page == page]
    assert facts(damaged) <= facts(whole)
    assert is_reconciled(damaged.checks) is not True
    assert grade_of(damaged.lines, damaged.checks, 1, 1) == "C"


def test_digits_that_change_with_the_map_of_characters_are_not_published() -> None:
    data = sample()
    number = int(re.search(rb"/ToUnicode (\d+) 0 R", data)[1])  # type: ignore[index]
    assert read_document(flipped(data, number), Hint()).lines == ()


def test_damaged_shapes_change_nothing(whole: Checked) -> None:
    program = next(number for number, body in bodies(sample()).items() if b"/CIDFontType0C" in body)
    for at in (0.05, 0.3, 0.7):
        assert facts(read_document(flipped(sample(), program, at=at), Hint())) == facts(whole)


def test_a_page_that_is_gone_from_the_list_costs_the_grade(whole: Checked) -> None:
    number = pages(sample())[page_of_a_statement(whole) - 1]
    tree = bodies(sample())[2].replace(b"%d 0 R " % number, b"")
    tree = re.sub(rb"/Count (\d+)", lambda match: b"/Count %d" % (int(match[1]) - 1), tree)
    torn = read_document(replaced(sample(), {2: tree}), Hint())
    assert ("C2", "document", "error") in failed(torn)


def test_sentences_after_a_damaged_page_are_read_from_the_next_outer_heading_on(whole: Checked) -> None:
    prose = sorted({line.page or 0 for line in whole.lines if line.source == "narrative"})
    damaged = read_document(flipped(sample(), content_of(sample(), prose[0])), Hint())
    assert facts(damaged) <= facts(whole)
    assert not [line for line in damaged.lines if line.source == "narrative" and line.page == prose[0]]


def test_a_content_whose_words_are_all_lost_is_no_empty_page(whole: Checked) -> None:
    page = page_of_a_statement(whole)
    number = content_of(sample(), page)
    packed = zlib.compress(b"q Q")[:-2] + b"??"
    damaged = read_document(
        replaced(sample(), {number: b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed)}), Hint()
    )
    assert ("C2", f"page {page}", "error") in failed(damaged)
    assert facts(damaged) <= facts(whole)
