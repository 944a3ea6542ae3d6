"""The samples shipped with the package: three documents of departments that do not exist, made from the figure files.

`python -m pipeline.samples.shipped` writes them anew; a test holds the shipped files against what it makes.
"""

from __future__ import annotations

from pipeline.samples import DOCUMENTS
from pipeline.samples.sample_budget import load
from pipeline.samples.sample_pdf import PdfWriter
from pipeline.samples.sample_sheets import Layout
from pipeline.samples.sample_statements import build
from pipeline.samples.sample_text import hard_wrapped, narrative, tables_text
from pipeline.samples.typeset import Setter


def make() -> dict[str, bytes]:
    """Return the samples as file name → bytes: flattened tables, a narrative, and a PDF with both."""
    tables, tables_figures = load("tables_2019")
    words, words_figures = load("narrative_2022")
    return {
        "tables_2019.txt": tables_text(tables, tables_figures)[0].encode(),
        "narrative_2022.txt": _narrative_text(hard_wrapped(narrative(words, words_figures)), words.department, words.fiscal_year),
        "budget_2024.pdf": _pdf(),
    }


def _narrative_text(text: str, department: str, year: int) -> bytes:
    return f"{department}{year}年部门预算情况说明\n\n{text}".encode()


def _pdf() -> bytes:
    budget, figures = load("pdf_2024")
    writer = PdfWriter()
    setter = Setter(writer, budget.department)
    setter.cover([f"{budget.fiscal_year}年度", budget.department, "部门预算公开"])
    setter.paragraphs(narrative(budget, figures, targets=False))
    layout = Layout(codes="joined", indent=True, split_basic=True, all_classes=False)
    for number, statement in enumerate(layout.statements, 1):
        setter.sheet(build(statement, budget, layout), layout, number=number)
    return writer.to_bytes()


def main() -> None:
    """Write the samples beside this module."""
    DOCUMENTS.mkdir(exist_ok=True)
    for name, data in make().items():
        (DOCUMENTS / name).write_bytes(data)


if __name__ == "__main__":
    main()
