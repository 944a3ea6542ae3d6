"""A budget saved in another form gives the lines that it gives as a PDF, but for where they stand."""

from __future__ import annotations

from random import Random

import pytest

from pipeline.budget.line import Line
from pipeline.document.inputs.sources import Hint
from pipeline.document.outside.programs import NO_PROGRAMS, Programs
from pipeline.samples.layouts import CATALOGUE, SampleDocument, budget_for, print_budget
from pipeline.samples.sample_sheets import ExpectedLine, Layout
from pipeline.stages.reading import read_document
from tests.pipeline.document.forms.offices import as_web_page, as_word, as_workbook

LAYOUTS = {layout.name: layout for layout in CATALOGUE}
KEY = ("statement", "flow", "scheme", "code", "nature", "measure", "unit_text", "department_economic_code", "government_economic_code")
OPEN = ("level", "name", "fund", "unit")
FORMS = {
    "workbook": as_workbook,
    "workbook of texts": lambda printed: as_workbook(printed, as_text=True),
    "web page": as_web_page,
    "word": as_word,
}


def printed(layout: Layout) -> SampleDocument:
    return print_budget(budget_for(layout, Random(sorted(LAYOUTS).index(layout.name))), layout)


def compared(data: bytes, expected: SampleDocument, programs: Programs = NO_PROGRAMS) -> tuple[list[Line], list[ExpectedLine]]:
    """The lines that a document does not state, and what it states that is not among the lines."""
    missing, wrong = list(expected.lines), []
    for line in read_document(data, Hint(), programs=programs).lines:
        if line.source == "table":
            found = next((meaning for meaning in missing if _is(line, meaning)), None)
            if found is None:
                wrong.append(line)
            else:
                missing.remove(found)
            assert line.cell and line.page and (line.x0, line.y0, line.x1, line.y1) == (None,) * 4
    return wrong, missing


def _is(line: Line, meaning: ExpectedLine) -> bool:
    return (
        line.amount == meaning.amount
        and all(getattr(line, field) == getattr(meaning, field) for field in KEY)
        and all(getattr(meaning, field) in (None, getattr(line, field)) for field in OPEN)
    )


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_is_read_exactly_in_every_form(name: str, form: str) -> None:
    expected = printed(LAYOUTS[name])
    wrong, missing = compared(FORMS[form](expected), expected)
    assert not wrong
    assert not missing
