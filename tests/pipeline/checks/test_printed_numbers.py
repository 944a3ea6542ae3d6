"""Numbers of which two readings differ are held back, one by one, and said."""

from __future__ import annotations

from msgspec.structs import replace

from pipeline.budget.line import Line
from pipeline.checks.findings import of_statements
from pipeline.checks.of_pages.printed_numbers import check_fidelity, hold_differing
from pipeline.document.content import Box, Content, Page, Word
from pipeline.statements.statement_model import Statement
from tests.pipeline.publish.samples import line

PLACE = {"page": 1, "x0": 10.0, "y0": 10.0, "x1": 60.0, "y1": 20.0}


def numbers_of(lines: list[Line], *words: str | None) -> Content:
    """A page whose text layer has one word at the place of each line."""
    numbers = [Word(text, Box(own.x0 or 0, own.y0 or 0, own.x1 or 0, own.y1 or 0)) for own, text in zip(lines, words, strict=True) if text]
    return Content("grids", "pdfium", (Page(1, 400, 300, numbers=tuple(numbers)),))


def two_lines() -> list[Line]:
    first = replace(line(1), amount_text="4279.11", **PLACE)
    return [first, replace(line(2), amount_text="12.5", **{**PLACE, "y0": 30.0, "y1": 40.0})]


def test_a_number_that_differs_is_taken_from_its_statement_and_is_not_captured() -> None:
    lines = two_lines()
    statement = Statement(1, lines[0].statement, None, "万元", lines, amounts_printed=2)
    (kept,), differing = hold_differing(numbers_of(lines, "79.11", "12.5"), [statement])
    assert [own.row for own in kept.lines] == [2]
    assert [own.row for own in differing] == [1]
    assert kept.amounts_printed == 2
    findings = of_statements([kept], (), differing)
    assert [(f["finding"], f["frequency"], f["page"]) for f in findings] == [("amount_not_captured", 1, 1)]
    assert "4279.11" in findings[0]["subject"]


def test_equal_readings_are_counted_and_each_that_differs_is_named() -> None:
    lines = two_lines()
    content = numbers_of(lines, "79.11", "12.5")
    rows = check_fidelity(content, lines[1:], lines[:1])
    assert [(row["outcome"], row["expected"], row["severity"]) for row in rows] == [("pass", 1, "warning"), ("fail", None, "warning")]
    assert "row 1" in rows[1]["subject"]
    assert "79.11" in rows[1]["detail"]


def test_without_a_text_layer_nothing_is_read_twice() -> None:
    lines = two_lines()
    content = Content("grids", "csv", (Page(1, 0, 0),))
    statement = Statement(1, lines[0].statement, None, "万元", lines, amounts_printed=2)
    assert hold_differing(content, [statement]) == ([statement], [])
    assert [row["outcome"] for row in check_fidelity(content, lines, [])] == ["not_applicable"]
