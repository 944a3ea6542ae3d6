"""What Dagster shows of each stage: one row per document of a partition, with counts. The content itself lies in the store of results.

Belongs here: the columns of these indexes. They are no tables of the dataset, and nothing is published of them.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from schemas import columns as c
from schemas.columns import Column
from schemas.tables import Field, Table


def _count(name: str, description: str) -> Column:
    return Column(name, pl.Int32, description)


_RESULT = Column("result", pl.String, "Hash of the stage's stored result; none where the document broke down.")
_FAILURE = Column("failure", pl.String, "Why the stage has no result of the document, in one sentence.")

_EXTRACTED = (
    c.MEDIA_TYPE,
    c.READER,
    _count("pages", "Pages of the document; a text dump has one per form feed."),
    _count("grids", "Grids of cells that were found."),
    _count("cells", "Cells of these grids that hold text."),
    _count("amounts_in_cells", "Cells that hold an amount."),
    _count(
        "amounts_outside",
        "Amounts of the text layer that stand in no cell, or share one with another amount; those of sentences do.",
    ),
    _count("pages_with_loose_amounts", "Pages without sentences that print several amounts outside every cell: lost tables."),
    _count("warnings", "What the reader noticed: pages without text, without Unicode maps …"),
)
_RECOGNISED = (
    c.FISCAL_YEAR,
    c.PROVINCE,
    c.DEPARTMENT,
    c.DOCUMENT_KIND,
    c.DOCUMENT_LEVEL,
    Column("unpublishable", pl.String, "Why the document is no budget or final account to publish, in one sentence."),
    _count("contradictions", "Statements of the registry that the document's own words contradict."),
    _count("statements", "Statements that were recognised."),
    Column("kinds", pl.List(pl.String), "Their kinds, in order; `other` where the title announces none that is known."),
    Column("titles", pl.List(pl.String), "Their titles as printed, in order."),
    Column("units", pl.List(pl.String), "Their units of money, in order; empty where neither printed nor proven."),
    _count("titles_unknown", "Titles above tables that announce no statement of the vocabulary."),
    _count("headers_unknown", "Phrases of column headers that the vocabulary does not have."),
    _count("statements_without_unit", "Statements whose unit of money is neither printed nor proven."),
)
_CODED = (
    _count("lines", "Budget lines, those of sentences included."),
    _count("lines_coded", "Lines of tables in a code hierarchy that have a code."),
    _count("lines_uncoded", "Lines of tables in a code hierarchy whose row gives no single code."),
    _count("codes_without_parent", "Different codes whose parent is in no list of codes of any year."),
    _count("lines_of_narrative", "Lines of sentences."),
    _count("projects", "Rows of project lists and targets of projects."),
    _count("performance_indicators", "Rows of performance targets."),
)
_CHECKED = (
    c.STATUS,
    c.DOCUMENT_REASON,
    c.LINES,
    c.AMOUNTS_PRINTED,
    c.AMOUNTS_CAPTURED,
    c.CHECKS_PASSED,
    c.CHECKS_FAILED,
    c.CHECKS_NOT_APPLICABLE,
    c.RECONCILED,
    c.GRADE,
)


def _index(name: str, description: str, columns: tuple[Column, ...]) -> Table:
    known = (Field(c.DOCUMENT_ID), Field(c.FILE_NAME), Field(_RESULT, nullable=True), Field(_FAILURE, nullable=True))
    own = tuple(Field(column, nullable=True) for column in columns)
    return Table(name=name, description=description, fields=(*known, *own), key=("document_id",), partitioned=False)


EXTRACTED_TABLES = _index(
    "extracted_tables",
    "Pages of text lines and grids of cells of each document: the only stage that opens its file.",
    _EXTRACTED,
)
RECOGNISED_STATEMENTS = _index(
    "recognised_statements",
    "What each document is, and its statements as understood: titles, columns, units of money.",
    _RECOGNISED,
)
CODED_LINES = _index(
    "coded_lines",
    "The budget lines of each document in the code hierarchy, before anything is judged.",
    _CODED,
)
CHECKED_LINES = _index(
    "checked_lines",
    "The lines of each document with the identities tried on them, causes, repairs, grades and findings.",
    _CHECKED,
)

STAGE_INDEXES: Mapping[str, Table] = {table.name: table for table in (EXTRACTED_TABLES, RECOGNISED_STATEMENTS, CODED_LINES, CHECKED_LINES)}
"""The indexes by name, in the order of the stages."""
