"""The layouts that publishers use, and a budget printed in one of them together with the lines that it states.

Belongs here: the catalogue and the whole document. Does not belong here: how a statement is built or set.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from pipeline.samples.sample_budget import Budget, random_budget
from pipeline.samples.sample_pdf import PdfWriter
from pipeline.samples.sample_sheets import ExpectedLine, Layout
from pipeline.samples.sample_statements import build
from pipeline.samples.typeset import Setter


@dataclass(frozen=True, slots=True)
class SampleDocument:
    """A document made by this package.

    Attributes:
        data: the file's bytes; file_name: a name that says nothing about its content.
        layout, budget: what it was made from.
        lines: every budget line that its tables state, in reading order.
    """

    data: bytes
    file_name: str
    layout: Layout
    budget: Budget
    lines: tuple[ExpectedLine, ...]


def print_budget(budget: Budget, layout: Layout) -> SampleDocument:
    """Return the budget as a PDF in the given layout: a cover, then each statement from a page of its own on."""
    writer = PdfWriter()
    what = "部门决算" if layout.final else "部门预算"
    setter = Setter(writer, budget.department, f"{budget.department}{budget.fiscal_year}年度{what}公开")
    setter.cover([f"{budget.fiscal_year}年度", budget.department, f"{what}公开"])
    lines: list[ExpectedLine] = []
    for number, statement in enumerate(layout.statements, 1):
        sheet = build(statement, budget, layout)
        setter.sheet(sheet, layout, number=number)
        lines += sheet.meanings()
    return SampleDocument(writer.to_bytes(), "document.pdf", layout, budget, tuple(lines))


def budget_for(layout: Layout, draw: Random) -> Budget:
    """Return a random budget that the layout can print exactly, with several units where the layout shows units."""
    places = Decimal(1).scaleb(4 - layout.decimals) if layout.unit == "万元" else Decimal(1).scaleb(-layout.decimals)
    quantum = max(places, Decimal("0.01")) * (5 if layout.further else 1)
    units = 1 if layout.units == "none" else 3
    several = layout.codes != "names" and draw.random() < 0.5
    funds = ("general_public", "government_fund", "business", "carryover") if several else ("general_public",)
    return random_budget(draw, quantum=quantum, units=units, funds=funds)


FINAL = (
    "revenue_expenditure_summary",
    "revenue_summary",
    "expenditure_summary",
    "fiscal_appropriation_summary",
    "general_public_by_function",
    "general_public_basic_by_economic",
    "three_public",
    "state_capital_by_function",
)
"""The statements of a final account."""

CATALOGUE: tuple[Layout, ...] = (
    Layout("plain"),
    Layout("three code columns", codes="columns", unit="元", decimals=0, total="bottom", titles=1),
    Layout("suffix codes", codes="suffix", titles=2, indent=True, split_basic=True, zeros="0.00"),
    Layout("partial codes", codes="partial", titles=2, numbering="**"),
    Layout("bracketed codes", codes="bracketed", titles=2, mark="above", zeros="0.00"),
    Layout("dashed leaves", codes="dashed", decimals=6, total="bottom", cross=True, total_word="合 计", page="landscape"),
    Layout("names alone", codes="names", titles=1, numbering="**", split_basic=True),
    Layout("column numbers", numbering="栏次", codes="columns", merged_total=True),
    Layout("yuan and cents", unit="元", decimals=2, codes="joined", indent=True, total="bottom"),
    Layout("no separators", separators=False, indent=True),
    Layout("dashes for zero", zeros="-", codes="joined", total_word="总计"),
    Layout("stroked rectangles", rules="rectangles", split_basic=True),
    Layout("filled hairlines", rules="filled", codes="columns", split_basic=True, basic_subtotal=False),
    Layout("horizontal rules", rules="horizontal", codes="joined", page="landscape"),
    Layout("no rules", rules="none", codes="joined", indent=True, zeros="0.00", page="landscape"),
    Layout("no rules, blank zeros", rules="none", codes="joined", indent=True, page="landscape"),
    Layout("landscape", codes="columns", split_basic=True, page="landscape"),
    Layout("turned pages", codes="joined", page="turned"),
    Layout("turned back", codes="columns", page="turned back"),
    Layout("continued with heading", rows_per_page=7, codes="columns", split_basic=True),
    Layout("continued with title", rows_per_page=7, continuation="title", titles=2),
    Layout("continued bare", rows_per_page=7, continuation="bare", codes="joined"),
    Layout("unit rows", units="rows", split_basic=True, zeros="0.00", page="landscape"),
    Layout("unit rows, continued", units="rows", rows_per_page=9, page="landscape"),
    Layout("unit column", units="column", codes="joined", total="bottom", page="landscape"),
    Layout("wide halves", wide_halves=True, spaced_words=True, page="landscape"),
    Layout("used classes only", all_classes=False, titles=1),
    Layout("appropriation as one", appropriation=True, codes="suffix"),
    Layout("doubled titles", double_titles=True, titles=2),
    Layout("narrow cells", narrow=True, decimals=2, unit="元", codes="columns"),
    Layout("prior year beside", further=frozenset({"prior_year", "percent", "change"}), split_basic=True, page="landscape"),
    Layout("procurement beside", further=frozenset({"procurement"}), page="landscape"),
    Layout("three public by unit", three_public="units", titles=1),
    Layout("three public as items", three_public="items", titles=2),
    Layout("by purpose too", purposes=True, titles=1),
    Layout("halves down to items", nested="numbered", zeros="0.00"),
    Layout("halves down to items, plain", nested="plain", titles=1, codes="names"),
    Layout("blocks", blocks=True, codes="joined"),
    Layout("running heads", furniture=True, rows_per_page=9, continuation="bare", codes="joined", page="landscape"),
    Layout("one below the other", flowing=True, note=True, all_classes=False),
    Layout("one below the other, furnished", flowing=True, furniture=True, all_classes=False, codes="columns", titles=1),
    Layout(
        "final account",
        final=True,
        line_numbers=True,
        blocks=True,
        codes="columns",
        numbering="栏次",
        note=True,
        statements=FINAL,
    ),
    Layout("final account, plainer", final=True, codes="joined", furniture=True, all_classes=False, statements=FINAL),
    Layout(
        "yuan, by unit",
        unit="元",
        decimals=0,
        codes="columns",
        titles=1,
        total="bottom",
        statements=(
            "revenue_expenditure_summary",
            "revenue_summary",
            "expenditure_summary",
            "expenditure_by_unit",
            "fiscal_appropriation_summary",
            "fiscal_appropriation_by_function",
            "general_public_by_function",
            "government_fund_by_function",
            "state_capital_by_function",
            "general_public_basic_by_economic",
            "three_public",
        ),
    ),
)
"""One layout per trait, as seen in published documents; a test reads a budget printed in each."""
