"""The declarations keep what the dataset promises: names, order, types and keys that outside readers rely on."""

from collections import defaultdict

import polars as pl
import pytest

from pipeline.budget.line import Line
from schemas import columns
from schemas.columns import Column
from schemas.export import polars_schema
from schemas.tables import PARTITION_COLUMNS, TABLES, Table

KEYS = "document_id String, fiscal_year Int32, province String, region_code String?, department String?"

PROMISED = {
    "documents": "document_id String, sha256 String, file_name String, source_url String?, media_type String, bytes Int64, pages Int32?, "
    "reader String?, fiscal_year Int32, province String, region_code String?, region_name String?, department String?, "
    "parent_department String?, level String?, kind String?, status String, reason String?, superseded_by String?, "
    "statements List(String), lines Int32, amounts_printed Int32?, amounts_captured Int32?, checks_passed Int32, checks_failed Int32, "
    "checks_not_applicable Int32, reconciled Boolean?",
    "budget_lines": f"{KEYS}, unit String?, statement String, statement_title String?, statement_no Int16, source String, flow String, "
    "scheme String, code String?, code_source String?, level Int8, name String, standard_name String?, department_economic_code String?, "
    "government_economic_code String?, fund String?, nature String?, measure String, amount Decimal(18,2), amount_text String, "
    "unit_text String, column_evidence String, amount_evidence String, proofs Int32, is_leaf Boolean, page Int32?, row Int32, "
    "column Int16, x0 Float32?, y0 Float32?, x1 Float32?, y1 Float32?",
    "year_on_year": f"{KEYS}, statement String, flow String, scheme String, code String?, name String, unit String?, fund String?, "
    "nature String?, basis String, change_amount Decimal(18,2)?, change_pct Decimal(12,4)?, flat Boolean, reason String?",
    "key_figures": f"{KEYS}, indicator String, value Decimal(18,2), unit String",
    "projects": f"{KEYS}, project String, amount Decimal(18,2)?, basis String?, implementer String?, period String?, goal String?",
    "performance_indicators": f"{KEYS}, project String, dimension String?, sub_dimension String?, indicator String, operator String?, "
    "target String, target_value Decimal(18,6)?, unit String?, weight_pct Decimal(5,2)?",
    "checks": f"{KEYS}, check_id String, statement String?, subject String, expected Decimal(18,4)?, actual Decimal(18,4)?, "
    "difference Decimal(18,4)?, tolerance Decimal(18,4)?, outcome String, severity String, detail String",
    "codes": "scheme String, code String, name String, parent String?, level Int8, first_year Int32, last_year Int32?, evidence String, "
    "documents Int32?, successor String?, name_en String?, cofog String?",
}


def written(table: Table) -> list[str]:
    types = {
        name: str(dtype).lower().replace(", ", ",").replace("precision=", "").replace("scale=", "")
        for name, dtype in polars_schema(table).items()
    }
    return [f"{field.name} {types[field.name]}{'?' if field.nullable else ''}" for field in table.fields]


@pytest.mark.parametrize("name", PROMISED)
def test_promised_columns_come_first_and_unchanged(name: str) -> None:
    promised = [text.strip() for text in PROMISED[name].replace("(18,", "(18;").replace("(12,", "(12;").replace("(5,", "(5;").split(",")]
    promised = [f"{column} {kind.lower().replace(';', ',')}" for column, kind in (text.split(" ") for text in promised)]
    assert written(TABLES[name])[: len(promised)] == promised


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda t: t.name)
def test_a_table_is_consistent(table: Table) -> None:
    assert len(set(table.names)) == len(table.names)
    assert set(table.key) <= set(table.names)
    assert set(table.sort_order) >= set(table.key)
    assert table.partitioned == (set(PARTITION_COLUMNS) <= set(table.names))
    assert not set(PARTITION_COLUMNS) & {field.name for field in table.file_fields} or not table.partitioned


def test_a_column_is_declared_once_per_meaning() -> None:
    declared = [column for column in vars(columns).values() if isinstance(column, Column)]
    meanings = defaultdict(list)
    for column in declared:
        meanings[column.name].append(column.description)
    assert all(len(set(texts)) == len(texts) for texts in meanings.values())
    used = [field.column for table in TABLES.values() for field in table.fields]
    assert all(any(column is known for known in declared) for column in used)
    assert all(column in used for column in declared)


def test_the_line_has_the_columns_of_its_table() -> None:
    of_document = {"document_id", "fiscal_year", "province", "region_code", "department"}
    assert set(Line.__struct_fields__) == set(TABLES["budget_lines"].names) - of_document


def test_money_is_never_a_binary_fraction() -> None:
    binary = {f"{t.name}.{f.name}" for t in TABLES.values() for f in t.fields if f.column.dtype in (pl.Float32, pl.Float64)}
    with_places = ("budget_lines", "publisher_errors", "year_on_year", "key_figures", "projects", "performance_indicators")
    assert binary == {f"{table}.{edge}" for table in with_places for edge in ("x0", "y0", "x1", "y1")} | {"budget_lines.confidence"}
