"""Which columns refer to a row of another table: declared once for proofs, descriptions and joins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from schemas.marts import DISCLOSURES, PUBLISHED
from schemas.tables import (
    BUDGET_LINES,
    CODES,
    CODES_CROSSWALK,
    COFOG,
    DEPARTMENTS,
    DOCUMENTS,
    OUTLIERS,
    PARTITION_COLUMNS,
    REGIONS,
    REGIONS_HISTORY,
    Table,
)


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Columns that, where none of them is null, are found together in a row of another table.

    Attributes:
        table, columns: what refers.
        target, keys: to what, column by column.
    """

    table: str
    columns: tuple[str, ...]
    target: str
    keys: tuple[str, ...]


_OF_DOCUMENTS = ("document_id", "superseded_by", "budget_document_id", "final_document_id", "total_document_id")
LISTS_OF_DOCUMENTS: tuple[tuple[str, str], ...] = ((DISCLOSURES.name, "documents"), (DISCLOSURES.name, "taken_from"))
"""Tables and columns of which each value lists documents of `documents`."""

_OF_DIMENSIONS = (
    ForeignKey(BUDGET_LINES.name, ("scheme", "code", "standard_name"), CODES.name, ("scheme", "code", "name")),
    ForeignKey(CODES.name, ("scheme", "parent"), CODES.name, ("scheme", "code")),
    ForeignKey(CODES.name, ("scheme", "successor"), CODES.name, ("scheme", "code")),
    ForeignKey(CODES.name, ("cofog",), COFOG.name, ("cofog",)),
    ForeignKey(CODES_CROSSWALK.name, ("scheme", "code", "name"), CODES.name, ("scheme", "code", "name")),
    ForeignKey(CODES_CROSSWALK.name, ("scheme", "successor"), CODES.name, ("scheme", "code")),
    ForeignKey(COFOG.name, ("parent",), COFOG.name, ("cofog",)),
    ForeignKey(REGIONS.name, ("parent",), REGIONS.name, ("region_code",)),
    ForeignKey(REGIONS_HISTORY.name, ("successor",), REGIONS.name, ("region_code",)),
    ForeignKey(DEPARTMENTS.name, ("region_code",), REGIONS.name, ("region_code",)),
    ForeignKey(DEPARTMENTS.name, ("parent_department_id",), DEPARTMENTS.name, ("department_id",)),
    ForeignKey(DEPARTMENTS.name, ("successor_id",), DEPARTMENTS.name, ("department_id",)),
    ForeignKey(OUTLIERS.name, ("document_id",), DOCUMENTS.name, ("document_id",)),
    ForeignKey(OUTLIERS.name, ("other_document_id",), DOCUMENTS.name, ("document_id",)),
    ForeignKey(OUTLIERS.name, ("disclosure_id",), DISCLOSURES.name, ("disclosure_id",)),
    ForeignKey(OUTLIERS.name, ("department_id",), DEPARTMENTS.name, ("department_id",)),
    ForeignKey(OUTLIERS.name, ("region_code",), REGIONS.name, ("region_code",)),
)


def _of_partitioned(table: Table) -> Iterator[ForeignKey]:
    for column in _OF_DOCUMENTS:
        if column in table.names and (table.name, column) != (DOCUMENTS.name, "document_id"):
            # A document's own rows stand in its partition; it may be superseded by, or compared with, one of another.
            beside = PARTITION_COLUMNS if column == "document_id" else ()
            yield ForeignKey(table.name, (column, *beside), DOCUMENTS.name, ("document_id", *beside))
    if "disclosure_id" in table.names and table not in (DOCUMENTS, DISCLOSURES):  # documents that are not published have one as well
        yield ForeignKey(table.name, ("disclosure_id", *PARTITION_COLUMNS), DISCLOSURES.name, ("disclosure_id", *PARTITION_COLUMNS))
    if "department_id" in table.names and table not in (DOCUMENTS, DEPARTMENTS):
        yield ForeignKey(table.name, ("department_id",), DEPARTMENTS.name, ("department_id",))
    if "region_code" in table.names:
        yield ForeignKey(table.name, ("region_code",), REGIONS.name, ("region_code",))


FOREIGN_KEYS: tuple[ForeignKey, ...] = (
    *(key for table in PUBLISHED.values() if table.partitioned for key in _of_partitioned(table)),
    *_OF_DIMENSIONS,
)
"""All references of a published dataset."""
