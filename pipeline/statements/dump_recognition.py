"""From bare lines to statements as understood. Which line ends a row, only the names of codes tell: so a code book is asked.

Belongs here: statements whose columns are lost. Those printed in grids are recognised without any code (`statement_recognition.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.budget.codes.book import CodeList
from pipeline.document.content import Content
from pipeline.statements.statement_model import RecognisedStatement
from pipeline.statements.statement_recognition import Recogniser, TableWithHeader, recognised_statement, recogniser
from pipeline.statements.text_dumps.dump_tables import LooseTable, loose_tables_of


def recognise_lines(
    content: Content, *, fiscal_year: int | None, kind: str | None, department: str | None, book: CodeList
) -> tuple[RecognisedStatement, ...]:
    """Return the statements printed in bare lines, in document order, as understood.

    Args:
        content: pages of text lines without boxes.
        fiscal_year: of the document, as far as it is known (so too the next two).
        kind: `budget` or `final_account`.
        department: the body that the document is about.
        book: tells whether a fragment completes the name of a code.

    Returns:
        Statements numbered from 1, empty ones too.
    """
    document = recogniser(fiscal_year, kind, department)
    tables = loose_tables_of(content, book)
    understood = [[document.with_header(reading, table.heading) for reading in table.readings] for table in tables]
    document = replace(document, units=document.units.union(*(reading.unit_names() for readings in understood for reading in readings)))
    numbered = enumerate(zip(tables, understood, strict=True), start=1)
    return tuple(_statement(document, table, readings, number) for number, (table, readings) in numbered)


def _statement(document: Recogniser, table: LooseTable, understood: Sequence[TableWithHeader], number: int) -> RecognisedStatement:
    return recognised_statement(
        number,
        next((read.heading for read in understood if read.heading != table.heading), table.heading),
        unknown_title=None,
        amounts_printed=table.amounts,
        unknown=table.unknown,
        pages=table.pages,
        ruled=True,
        readings=tuple(document.reading(reading) for reading in understood),
    )
