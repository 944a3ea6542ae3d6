"""Every table of the dataset, declared once: its columns in order, key and partitioning.

Belongs here: which columns make a table, which may be null, what identifies a row. What is derived from it (Polars and
Arrow schemas, validation, data package) is in `export.py`, the dictionary in `dictionary.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from schemas import columns as c
from schemas.columns import Column

DATASET_NAME = "yusuan"
DATASET_TITLE = "Budgets and final accounts of Chinese government departments"
DATASET_VERSION = "1.0.0"
"""Version of the dataset's structure: the major number changes when a column is renamed, retyped or dropped."""

DATASET_LICENCE = "CC-BY-4.0"
"""Licence of the compiled data; the disclosed figures themselves are facts from official documents."""

CODE_LICENCE = "MIT"
DATASET_LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"

PARTITION_COLUMNS = ("fiscal_year", "province")
"""They stand in the path of a file, and not in the file."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column in a table: `nullable` tells whether it may be empty there."""

    column: Column
    nullable: bool = False

    @property
    def name(self) -> str:
        """Name of the column."""
        return self.column.name


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition that each row of a table meets; `holds` is a Boolean expression, `meaning` says it for people."""

    meaning: str
    holds: pl.Expr


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    Attributes:
        name: as it stands in the dataset.
        description: what a row is.
        fields: its columns, in order.
        key: names of the columns that identify a row (a null counts as a value).
        partitioned: by fiscal year and province; a dimension table is one file.
        rules: conditions between the columns of a row.
    """

    name: str
    description: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    partitioned: bool = True
    rules: tuple[Rule, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all columns, in order."""
        return tuple(field.name for field in self.fields)

    @property
    def file_fields(self) -> tuple[Field, ...]:
        """The fields that stand in the Parquet files: all but the partition columns of a partitioned table."""
        return tuple(field for field in self.fields if not (self.partitioned and field.name in PARTITION_COLUMNS))

    @property
    def sort_order(self) -> tuple[str, ...]:
        """Columns that the rows of a file are sorted by: region, department, then the key."""
        leading = tuple(name for name in ("region_code", "department") if self.partitioned and name in self.names)
        return leading + tuple(name for name in self.key if name not in leading)


def _fields(*columns: Column, optional: tuple[Column, ...] = ()) -> tuple[Field, ...]:
    return tuple(Field(column, nullable=column in optional) for column in columns)


_PLACE = (c.PAGE, c.X0, c.Y0, c.X1, c.Y1)

_DOCUMENT_KEYS = _fields(c.DOCUMENT_ID, c.FISCAL_YEAR, c.PROVINCE, c.REGION_CODE, c.DEPARTMENT, optional=(c.REGION_CODE, c.DEPARTMENT))

DOCUMENT_KEYS = tuple(field.column.name for field in _DOCUMENT_KEYS)
"""Columns that every partitioned table has: whose document a row is from."""

DOCUMENTS = Table(
    name="documents",
    description="One row per input file, whatever became of it.",
    fields=_fields(
        c.DOCUMENT_ID,
        c.SHA256,
        c.FILE_NAME,
        c.SOURCE_URL,
        c.MEDIA_TYPE,
        c.BYTES,
        c.PAGES,
        c.READER,
        c.FISCAL_YEAR,
        c.PROVINCE,
        c.REGION_CODE,
        c.REGION_NAME,
        c.DEPARTMENT,
        c.PARENT_DEPARTMENT,
        c.DOCUMENT_LEVEL,
        c.DOCUMENT_KIND,
        c.STATUS,
        c.DOCUMENT_REASON,
        c.SUPERSEDED_BY,
        c.STATEMENTS_FOUND,
        c.LINES,
        c.AMOUNTS_PRINTED,
        c.AMOUNTS_CAPTURED,
        c.CHECKS_PASSED,
        c.CHECKS_FAILED,
        c.CHECKS_NOT_APPLICABLE,
        c.RECONCILED,
        c.GRADE,
        c.DEPARTMENT_ID,
        c.DISCLOSURE_ID,
        optional=(
            c.SOURCE_URL,
            c.PAGES,
            c.READER,
            c.REGION_CODE,
            c.REGION_NAME,
            c.DEPARTMENT,
            c.PARENT_DEPARTMENT,
            c.DOCUMENT_LEVEL,
            c.DOCUMENT_KIND,
            c.DOCUMENT_REASON,
            c.SUPERSEDED_BY,
            c.AMOUNTS_PRINTED,
            c.AMOUNTS_CAPTURED,
            c.RECONCILED,
            c.GRADE,
            c.DEPARTMENT_ID,
            c.DISCLOSURE_ID,
        ),
    ),
    key=("document_id", "file_name", "source_url"),
    rules=(
        Rule("document_id is the beginning of sha256", pl.col("sha256").str.starts_with(pl.col("document_id"))),
        Rule("only a published document has a grade", (pl.col("status") == "published") | pl.col("grade").is_null()),
        Rule("a quarantined document has a reason", (pl.col("status") != "quarantined") | pl.col("reason").is_not_null()),
    ),
)

BUDGET_LINES = Table(
    name="budget_lines",
    description="Every amount of every statement, in long form: one row per printed amount.",
    fields=(
        *_DOCUMENT_KEYS,
        *_fields(
            c.BUDGET_UNIT,
            c.STATEMENT,
            c.STATEMENT_TITLE,
            c.STATEMENT_NO,
            c.SOURCE,
            c.FLOW,
            c.SCHEME,
            c.CODE,
            c.CODE_SOURCE,
            c.LINE_LEVEL,
            c.NAME,
            c.STANDARD_NAME,
            c.DEPARTMENT_ECONOMIC_CODE,
            c.GOVERNMENT_ECONOMIC_CODE,
            c.FUND,
            c.NATURE,
            c.MEASURE,
            c.AMOUNT,
            c.AMOUNT_TEXT,
            c.UNIT_TEXT,
            c.COLUMN_EVIDENCE,
            c.AMOUNT_EVIDENCE,
            c.PROOFS,
            c.IS_LEAF,
            c.PAGE,
            c.ROW,
            c.COLUMN,
            c.X0,
            c.Y0,
            c.X1,
            c.Y1,
            c.CONTRADICTIONS,
            c.FUNCTION_CODE,
            c.CATALOGUE_CODE,
            c.ROW_PROJECT,
            c.CELL,
            c.UNIT_EVIDENCE,
            c.CONFIDENCE,
            optional=(
                c.CONFIDENCE,
                c.BUDGET_UNIT,
                c.STATEMENT_TITLE,
                c.CODE,
                c.FUNCTION_CODE,
                c.CATALOGUE_CODE,
                c.ROW_PROJECT,
                c.CELL,
                c.CODE_SOURCE,
                c.STANDARD_NAME,
                c.DEPARTMENT_ECONOMIC_CODE,
                c.GOVERNMENT_ECONOMIC_CODE,
                c.FUND,
                c.NATURE,
                c.PAGE,
                c.X0,
                c.Y0,
                c.X1,
                c.Y1,
            ),
        ),
    ),
    key=("document_id", "source", "statement_no", "row", "column"),
    rules=(
        Rule(
            "fund and nature are known unless the column is ambiguous",
            (pl.col("column_evidence") == "ambiguous") | (pl.col("fund").is_not_null() & pl.col("nature").is_not_null()),
        ),
        Rule("only the narrative has statement_no 0", (pl.col("statement_no") == 0) == (pl.col("source") == "narrative")),
    ),
)

YEAR_ON_YEAR = Table(
    name="year_on_year",
    description="Changes on the year before that the narrative states.",
    fields=(
        *_DOCUMENT_KEYS,
        *_fields(
            c.CHANGE_STATEMENT,
            c.FLOW,
            c.CHANGE_SCHEME,
            c.CHANGE_CODE,
            c.NAME,
            c.BUDGET_UNIT,
            c.FUND,
            c.NATURE,
            c.CHANGE_BASIS,
            c.CHANGE_AMOUNT,
            c.CHANGE_PCT,
            c.FLAT,
            c.CHANGE_REASON,
            c.ITEM,
            *_PLACE,
            optional=(c.CHANGE_CODE, c.BUDGET_UNIT, c.FUND, c.NATURE, c.CHANGE_AMOUNT, c.CHANGE_PCT, c.CHANGE_REASON, *_PLACE),
        ),
    ),
    key=("document_id", "item"),
)

KEY_FIGURES = Table(
    name="key_figures",
    description="Other amounts and counts: those that the narrative states, and how many of each thing purchases are of.",
    fields=(
        *_DOCUMENT_KEYS,
        *_fields(c.FIGURE, c.VALUE, c.VALUE_UNIT, c.ITEM, *_PLACE, c.CELL, c.FIGURE_NAME, optional=(*_PLACE, c.CELL, c.FIGURE_NAME)),
    ),
    key=("document_id", "item"),
)

PROJECTS = Table(
    name="projects",
    description="Projects that the document describes.",
    fields=(
        *_DOCUMENT_KEYS,
        *_fields(
            c.PROJECT,
            c.AMOUNT,
            c.PROJECT_BASIS,
            c.IMPLEMENTER,
            c.PERIOD,
            c.GOAL,
            c.FISCAL_AMOUNT,
            c.OTHER_AMOUNT,
            c.PART_OF,
            c.ITEM,
            c.PROJECT_NO,
            *_PLACE,
            c.CELL,
            c.PART_OF_NO,
            optional=(
                c.AMOUNT,
                c.PROJECT_BASIS,
                c.IMPLEMENTER,
                c.PERIOD,
                c.GOAL,
                c.FISCAL_AMOUNT,
                c.OTHER_AMOUNT,
                c.PART_OF,
                *_PLACE,
                c.CELL,
                c.PART_OF_NO,
            ),
        ),
    ),
    key=("document_id", "item"),
)

PERFORMANCE_INDICATORS = Table(
    name="performance_indicators",
    description="Indicators of the performance targets, with what is to be reached.",
    fields=(
        *_DOCUMENT_KEYS,
        *_fields(
            c.PROJECT,
            c.DIMENSION,
            c.SUB_DIMENSION,
            c.PERFORMANCE_INDICATOR,
            c.OPERATOR,
            c.TARGET,
            c.TARGET_VALUE,
            c.TARGET_UNIT,
            c.WEIGHT_PCT,
            c.ITEM,
            c.PROJECT_NO,
            c.ACTIVITY,
            *_PLACE,
            c.CELL,
            optional=(
                c.DIMENSION,
                c.SUB_DIMENSION,
                c.OPERATOR,
                c.TARGET_VALUE,
                c.TARGET_UNIT,
                c.WEIGHT_PCT,
                c.PROJECT_NO,
                c.ACTIVITY,
                *_PLACE,
                c.CELL,
            ),
        ),
    ),
    key=("document_id", "item"),
)

CHECKS = Table(
    name="checks",
    description="Every accounting identity that was tried on every document, with what came of it.",
    fields=(
        *_DOCUMENT_KEYS,
        *_fields(
            c.CHECK_ID,
            c.CHECKED_STATEMENT,
            c.CHECK_SUBJECT,
            c.EXPECTED,
            c.ACTUAL,
            c.DIFFERENCE,
            c.TOLERANCE,
            c.OUTCOME,
            c.SEVERITY,
            c.CHECK_DETAIL,
            c.ITEM,
            optional=(c.CHECKED_STATEMENT, c.EXPECTED, c.ACTUAL, c.DIFFERENCE, c.TOLERANCE),
        ),
    ),
    key=("document_id", "item"),
)

FINDINGS = Table(
    name="findings",
    description="What was noticed in a document and is no amount: why identities fail (one row per cause), unknown phrases, "
    "contradictions, amounts that were not captured.",
    fields=(
        *_DOCUMENT_KEYS,
        *_fields(
            c.FINDING,
            c.FINDING_SUBJECT,
            c.FREQUENCY,
            c.PAGE,
            c.FINDING_DETAIL,
            c.ITEM,
            c.CAUSE,
            c.FINDING_SEVERITY,
            c.BROKEN,
            c.CELLS,
            optional=(c.PAGE, c.CAUSE, c.FINDING_SEVERITY, c.BROKEN, c.CELLS),
        ),
    ),
    key=("document_id", "item"),
)

IDENTITY_EVIDENCE = Table(
    name="identity_evidence",
    description="Where a document says what it is (whose, of which year and kind), value by value, and what says otherwise.",
    fields=(*_DOCUMENT_KEYS, *_fields(c.ATTRIBUTE, c.ATTRIBUTE_VALUE, c.PLACE, c.IS_PUBLISHED, c.ITEM)),
    key=("document_id", "attribute", "value", "place"),
)

PUBLISHER_ERRORS = Table(
    name="publisher_errors",
    description="Numbers that a document itself contradicts, printed as they were read: errors of the publisher, never mended. One row per "
    "number in question.",
    fields=(
        *_DOCUMENT_KEYS,
        *_fields(
            c.STATEMENT,
            c.STATEMENT_NO,
            c.ROW,
            c.COLUMN,
            c.NAME,
            c.CODE,
            c.FUND,
            c.NATURE,
            c.MEASURE,
            c.AMOUNT,
            c.AMOUNT_TEXT,
            c.IMPLIED,
            c.ALTERNATIVES,
            c.BROKEN,
            c.FINDING_DETAIL,
            c.PAGE,
            c.X0,
            c.Y0,
            c.X1,
            c.Y1,
            c.ITEM,
            optional=(c.CODE, c.FUND, c.NATURE, c.IMPLIED, c.PAGE, c.X0, c.Y0, c.X1, c.Y1),
        ),
    ),
    key=("document_id", "item"),
)

CODES = Table(
    name="codes",
    description="Codes of the classifications, with the years in which each name is attested and by what.",
    fields=_fields(
        c.SCHEME,
        c.LIST_CODE,
        c.LIST_NAME,
        c.PARENT,
        c.CODE_LEVEL,
        c.FIRST_YEAR,
        c.LAST_YEAR,
        c.EVIDENCE,
        c.DOCUMENTS,
        c.SUCCESSOR,
        c.NAME_EN,
        c.COFOG,
        c.SERIES,
        c.COFOG_CONFIDENCE,
        c.COFOG_REASON,
        optional=(c.PARENT, c.LAST_YEAR, c.DOCUMENTS, c.SUCCESSOR, c.NAME_EN, c.COFOG, c.COFOG_CONFIDENCE, c.COFOG_REASON),
    ),
    key=("scheme", "code", "name", "first_year"),
    partitioned=False,
)

CODE_ATTESTATIONS = Table(
    name="code_attestations",
    description="Pairs of code and name as the documents of this dataset print them, and those that the code book does not hold, for a "
    "person to decide.",
    fields=_fields(
        c.SCHEME,
        c.ATTESTED_CODE,
        c.ATTESTED_NAME,
        c.ATTESTING_DOCUMENTS,
        c.FIRST_PRINTED,
        c.LAST_PRINTED,
        c.CONFLICT,
        c.KNOWN_NAME,
        c.OTHER_CODE,
        c.DECISION,
        c.DECISION_REASON,
        optional=(c.CONFLICT, c.KNOWN_NAME, c.OTHER_CODE, c.DECISION, c.DECISION_REASON),
    ),
    key=("scheme", "code", "name"),
    partitioned=False,
)

CODES_CROSSWALK = Table(
    name="codes_crosswalk",
    description="What became of each name of a code that is no longer in force: renamed, moved, merged, split, or the code reused.",
    fields=_fields(
        c.SCHEME,
        c.LIST_CODE,
        c.LIST_NAME,
        c.SUCCESSOR,
        c.SUCCESSOR_NAME,
        c.RELATION,
        c.CHANGE_YEAR,
        c.EVIDENCE,
        c.CROSSING_REASON,
        optional=(c.SUCCESSOR, c.SUCCESSOR_NAME),
    ),
    key=("scheme", "code", "name", "successor"),
    partitioned=False,
)

ECONOMIC_PAIRS = Table(
    name="economic_pairs",
    description="Which government economic codes are printed beside a departmental economic code, and by how many documents.",
    fields=_fields(c.PAIR_DEPARTMENT_CODE, c.PAIR_GOVERNMENT_CODE, c.EVIDENCE, c.DOCUMENTS, c.PAIR_NOTE, optional=(c.PAIR_NOTE,)),
    key=("department_economic_code", "government_economic_code"),
    partitioned=False,
)

COFOG = Table(
    name="cofog",
    description="Divisions and groups of the UN classification of the functions of government (COFOG 1999).",
    fields=_fields(c.COFOG_CODE, c.COFOG_NAME, c.COFOG_PARENT, c.COFOG_LEVEL, optional=(c.COFOG_PARENT,)),
    key=("cofog",),
    partitioned=False,
)

REGIONS = Table(
    name="regions",
    description="Administrative divisions (GB/T 2260), with the province that their documents are filed under.",
    fields=_fields(
        c.REGION_CODE,
        c.REGION_NAME,
        c.REGION_PARENT,
        c.REGION_LEVEL,
        c.PROVINCE,
        c.REGION_NAME_EN,
        c.REGION_FIRST_YEAR,
        c.REGION_LAST_YEAR,
        optional=(c.REGION_PARENT, c.REGION_NAME_EN, c.REGION_FIRST_YEAR, c.REGION_LAST_YEAR),
    ),
    key=("region_code",),
    partitioned=False,
)

REGIONS_HISTORY = Table(
    name="regions_history",
    description="Divisions and names that GB/T 2260 held in 2007 or later and holds no more.",
    fields=_fields(
        c.REGION_CODE,
        c.REGION_NAME,
        c.REGION_FIRST_YEAR,
        c.REGION_LAST_YEAR,
        c.REGION_SUCCESSOR,
        c.REGION_NAME_EN,
        optional=(c.REGION_SUCCESSOR, c.REGION_NAME_EN),
    ),
    key=("region_code", "region_name"),
    partitioned=False,
)

DEPARTMENTS = Table(
    name="departments",
    description="The offices that documents are about, each once over all years and spellings, and the departments of units.",
    fields=_fields(
        c.OFFICE_ID,
        c.OFFICE,
        c.REGION_CODE,
        c.PROVINCE,
        c.OFFICE_PARENT,
        c.OFFICE_NAMES,
        c.OFFICE_FIRST_YEAR,
        c.OFFICE_LAST_YEAR,
        c.OFFICE_DOCUMENTS,
        c.OFFICE_SUCCESSOR,
        c.OFFICE_CHANGE,
        optional=(c.REGION_CODE, c.OFFICE_PARENT, c.OFFICE_SUCCESSOR, c.OFFICE_CHANGE),
    ),
    key=("department_id",),
    partitioned=False,
)

OUTLIERS = Table(
    name="outliers",
    description="Totals and classes of tables that differ by a factor of a thousand or more from the same cell of the body's nearest other "
    "year, or of its peers: warnings, which hold nothing back. A slip between 元 and 万元 is a factor of ten thousand.",
    fields=_fields(
        *(c.DOCUMENT_ID, c.DISCLOSURE_ID, c.FISCAL_YEAR, c.REGION_CODE, c.DEPARTMENT_ID, c.DEPARTMENT, c.DOCUMENT_LEVEL),
        *(c.STATEMENT, c.FLOW, c.OUTLIER_SCHEME, c.OUTLIER_CODE, c.NAME, c.FUND, c.NATURE, c.MEASURE, c.AMOUNT, c.PAGE),
        *(c.COMPARED_WITH, c.TYPICAL, c.FACTOR, c.PEER_BODIES, c.OTHER_YEAR, c.OTHER_DOCUMENT, c.OUTLIER_EVIDENCE),
        optional=(
            *(c.DISCLOSURE_ID, c.REGION_CODE, c.DOCUMENT_LEVEL, c.OUTLIER_SCHEME, c.OUTLIER_CODE, c.PAGE),
            *(c.PEER_BODIES, c.OTHER_YEAR, c.OTHER_DOCUMENT),
        ),
    ),
    key=("document_id", "statement", "flow", "scheme", "code", "fund", "nature", "measure", "compared_with"),
    partitioned=False,
)

TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        DOCUMENTS,
        BUDGET_LINES,
        YEAR_ON_YEAR,
        KEY_FIGURES,
        PROJECTS,
        PERFORMANCE_INDICATORS,
        CHECKS,
        FINDINGS,
        PUBLISHER_ERRORS,
        IDENTITY_EVIDENCE,
        CODES,
        CODE_ATTESTATIONS,
        CODES_CROSSWALK,
        ECONOMIC_PAIRS,
        COFOG,
        REGIONS,
        REGIONS_HISTORY,
        DEPARTMENTS,
        OUTLIERS,
    )
}
"""All tables by name, in the order in which they are described."""

PARTITIONED: tuple[Table, ...] = tuple(table for table in TABLES.values() if table.partitioned)
DIMENSIONS: tuple[Table, ...] = tuple(table for table in TABLES.values() if not table.partitioned)
