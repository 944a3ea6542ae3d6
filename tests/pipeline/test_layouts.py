"""One budget, printed as publishers print: each layout must give exactly the lines it states, and never a wrong one."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from random import Random

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.budget.line import Line
from pipeline.document.inputs.sources import Hint
from pipeline.samples.layouts import CATALOGUE, SampleDocument, budget_for, print_budget
from pipeline.samples.sample_sheets import ExpectedLine, Layout
from pipeline.stages.reading import read_document

LAYOUTS = {layout.name: layout for layout in CATALOGUE}


@st.composite
def layouts(draw: st.DrawFn) -> Layout:
    """Any mixture of the traits of the catalogue, without those that exclude each other."""
    codes = draw(st.sampled_from(["columns", "suffix", "partial", "joined", "bracketed", "dashed", "names"]))
    unit, decimals = draw(st.sampled_from([("万元", 2), ("万元", 6), ("元", 0), ("元", 2)]))
    page = draw(st.sampled_from(["upright", "landscape", "turned", "turned back", "wide"]))
    rules = draw(st.sampled_from(["lines", "rectangles", "filled", "lines"]))
    return Layout(
        "mixed",
        codes=codes,
        indent=draw(st.booleans()),
        total=draw(st.sampled_from(["top", "bottom"])),
        total_word=draw(st.sampled_from(["合计", "总计", "合 计"])),
        merged_total=draw(st.booleans()),
        unit=unit,
        decimals=decimals,
        separators=draw(st.booleans()),
        zeros=draw(st.sampled_from(["", "0.00", "-"])),
        numbering=draw(st.sampled_from(["", "栏次", "**"])),
        titles=draw(st.integers(0, 4)),
        double_titles=draw(st.booleans()),
        spaced_words=draw(st.booleans()),
        rules=rules,
        page=page,
        rows_per_page=draw(st.sampled_from([0, 0, 8])),
        continuation=draw(st.sampled_from(["title", "heading", "bare"])),
        split_basic=draw(st.booleans()),
        basic_subtotal=draw(st.booleans()),
        further=draw(st.sampled_from([frozenset(), frozenset(), frozenset({"prior_year", "percent"}), frozenset({"procurement"})])),
        all_classes=draw(st.booleans()),
        wide_halves=draw(st.booleans()),
        appropriation=draw(st.booleans()),
        purposes=draw(st.booleans()),
        nested=draw(st.sampled_from(["", "", "numbered"])),
        blocks=draw(st.booleans()),
        furniture=draw(st.booleans()),
        flowing=draw(st.booleans()),
        note=draw(st.booleans()),
        cross=codes == "dashed",
        three_public=draw(st.sampled_from(["row", "units", "items"])),
        mark=draw(st.sampled_from(["beside", "above"])),
    )


def _printed(layout: Layout, seed: int) -> SampleDocument:
    return print_budget(budget_for(layout, Random(seed)), layout)


def _text(data: bytes) -> str:
    """All characters of a PDF in the order of its content, without white space."""
    return "".join("".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(data))


def _assert_generator_is_right(printed: SampleDocument) -> None:
    text = _text(printed.data)
    amounts = [printed.layout.number(line.amount) for line in printed.lines]
    lost = [amount for amount in amounts if amount not in text]
    assert not lost
    _assert_lines_add_up(printed.lines)


def _assert_lines_add_up(lines: tuple[ExpectedLine, ...]) -> None:
    """H1, H2 and R1 over the expected lines alone, however they came about."""
    trees: dict[tuple[object, ...], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    rows: dict[tuple[object, ...], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for line in lines:
        if line.scheme in ("function", "department_economic") and line.department_economic_code is None and line.code:
            trees[line.statement, line.scheme, line.unit, line.fund, line.nature, line.measure][line.code] += line.amount
            if line.flow == "expenditure" and line.measure == "budget":
                rows[line.statement, line.unit, line.fund, line.code][line.nature] += line.amount
    for place, tree in trees.items():
        for code, amount in tree.items():
            children = [value for child, value in tree.items() if len(child) == len(code) + 2 and child.startswith(code)]
            assert not children or sum(children) == amount, (place, code)
    for where, natures in rows.items():
        if "basic" in natures and natures.get("total"):
            assert natures["total"] == natures["basic"] + natures["project"], where
        if "basic_personnel" in natures and natures.get("basic"):
            assert natures["basic"] == natures["basic_personnel"] + natures["basic_operating"], where


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_generator_prints_every_amount_and_its_lines_add_up(name: str) -> None:
    _assert_generator_is_right(_printed(LAYOUTS[name], len(name)))


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(layouts(), st.integers(0, 10**6))
def test_the_generator_is_right_in_any_mixture_of_traits(layout: Layout, seed: int) -> None:
    _assert_generator_is_right(_printed(layout, seed))


def test_a_layout_refuses_an_amount_that_it_cannot_print_exactly() -> None:
    with pytest.raises(ValueError, match="cannot be printed"):
        Layout(unit="万元", decimals=2).number(Decimal("123456.78"))


KEY = ("statement", "flow", "scheme", "code", "nature", "measure", "unit_text", "department_economic_code", "government_economic_code")
OPEN = ("level", "name", "fund", "unit")


def _is(line: Line, meaning: ExpectedLine) -> bool:
    """Whether a line says what an amount was printed to mean; what the contract leaves open is not compared."""
    return (
        line.amount == meaning.amount
        and all(getattr(line, field) == getattr(meaning, field) for field in KEY)
        and all(getattr(meaning, field) in (None, getattr(line, field)) for field in OPEN)
    )


def _compared(printed: SampleDocument) -> tuple[list[Line], list[ExpectedLine]]:
    """Read a printed document; return the lines that it does not state, and what it states that is not among the lines."""
    missing = list(printed.lines)
    wrong = []
    for line in read_document(printed.data, Hint()).lines:
        if line.source == "table":
            found = next((meaning for meaning in missing if _is(line, meaning)), None)
            if found is None:
                wrong.append(line)
            else:
                missing.remove(found)
    return wrong, missing


UNRULED = {name: layout for name, layout in LAYOUTS.items() if layout.rules == "none"}


@pytest.mark.parametrize("name", sorted(LAYOUTS.keys() - UNRULED.keys()))
def test_a_layout_is_read_exactly(name: str) -> None:
    wrong, missing = _compared(_printed(LAYOUTS[name], sorted(LAYOUTS).index(name)))
    assert not wrong
    assert not missing


@pytest.mark.parametrize("name", UNRULED)
def test_without_rules_nothing_is_read_wrong_and_little_is_lost(name: str) -> None:
    printed = _printed(UNRULED[name], sorted(LAYOUTS).index(name))
    wrong, missing = _compared(printed)
    assert not wrong
    assert len(missing) < 0.06 * len(printed.lines), "only tables of one or two lines may be missed"


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(layouts(), st.integers(0, 10**6))
def test_any_mixture_of_traits_is_read_exactly(layout: Layout, seed: int) -> None:
    wrong, missing = _compared(_printed(layout, seed))
    assert not wrong
    assert not missing
