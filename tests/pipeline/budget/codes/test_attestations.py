"""The published codes are the book and what documents attest: no code of a line is missing, nothing decided is rewritten."""

from __future__ import annotations

import polars as pl
import pytest

from pipeline.budget.codes.attestations import (
    COLUMNS_READ,
    attestations,
    mentions_of_codes,
    printed_pairs,
    published_codes,
    summed_mentions,
)
from schemas.classification.code_lists import code_rows
from schemas.export import polars_schema, validate
from schemas.tables import BUDGET_LINES, CODE_ATTESTATIONS, CODES

Row = tuple[str, int, str, str, str | None, str | None, str]


def mentions(*rows: Row, statement: str = "general_public_by_function", further: dict[str, str] | None = None) -> pl.DataFrame:
    """Return mentions in lines of (document, year, scheme, code, source of the code, further code, name)."""
    columns = {name: polars_schema(BUDGET_LINES)[name] for name in COLUMNS_READ}
    values = [
        {
            "document_id": document,
            "fiscal_year": year,
            "statement": statement,
            "scheme": scheme,
            "code": code,
            "code_source": source,
            "name": name,
            "department_economic_code": department,
        }
        for document, year, scheme, code, source, department, name in rows
    ]
    return mentions_of_codes(pl.DataFrame(values, schema=columns))


def printed(document: str, year: int, code: str, name: str, scheme: str = "function") -> Row:
    return document, year, scheme, code, "printed", None, name


def row_of(frame: pl.DataFrame, code: str, name: str | None = None) -> dict[str, object]:
    found = frame.filter((pl.col("code") == code) & (pl.col("name") == name if name else pl.lit(True)))
    assert found.height == 1, found
    return dict(found.to_dicts()[0])


def test_a_pair_is_counted_in_documents_and_years() -> None:
    pairs = printed_pairs(
        mentions(
            printed("a", 2019, "2010301", "行政运行"),
            printed("a", 2019, "2010301", "行政运行"),
            printed("b", 2021, "2010301", "行政运行"),
            ("c", 2022, "function", "2010301", "name", None, "行政运行"),
        )
    )
    assert [tuple(pair) for pair in pairs] == [("function", "2010301", "行政运行", 2, 2019, 2021)]


def test_mentions_of_different_documents_add_up() -> None:
    rows = [
        printed("a", 2019, "2010301", "行政运行"),
        printed("b", 2021, "2010301", "行政运行"),
        ("c", 2022, "function", "2010301", "name", "30101", "工资"),
    ]
    apart = pl.concat([mentions(row) for row in rows])
    assert summed_mentions(apart).equals(mentions(*rows))


def test_rows_of_lists_name_what_is_paid_for() -> None:
    assert printed_pairs(mentions(printed("a", 2021, "2081004", "殡葬业务经费"), statement="project_expenditure")) == []


@pytest.mark.parametrize(
    ("code", "name", "conflict", "known_name", "other_code", "decision"),
    [
        ("2010301", "行政运行", None, "行政运行", None, None),
        ("20103", "政府办公厅(室)及相关机构事务", None, "政府办公厅（室）及相关机构事务", None, None),
        ("2130306", "水利工程运行与维", None, "水利工程运行与维护", None, None),
        ("20805", "行政事业单位离退休", None, "行政事业单位养老支出", None, None),
        ("2012345", "从未见过的事务", "unknown_code", None, None, None),
        ("2010308", "审计管理", "other_name", "信访事务", "2010805", None),
        ("2101101", "行政事业单位医疗", "other_name", "行政单位医疗", "21011", "misprint"),
    ],
)
def test_what_the_book_has_against_a_pair(
    code: str, name: str, conflict: str | None, known_name: str | None, other_code: str | None, decision: str | None
) -> None:
    frame = validate(attestations(printed_pairs(mentions(printed("a", 2023, code, name)))), CODE_ATTESTATIONS)
    row = row_of(frame, code)
    assert (row["conflict"], row["known_name"], row["other_code"], row["decision"]) == (conflict, known_name, other_code, decision)
    assert (row["reason"] is None) == (decision is None)


def test_an_unknown_code_is_published_as_printed_and_hangs_on_what_is_known() -> None:
    codes = validate(
        published_codes(
            mentions(
                printed("a", 2019, "3010203", "地方补贴", "department_economic"),
                printed("b", 2023, "3010203", "地方补贴", "department_economic"),
                printed("b", 2023, "2019701", "从未见过的事务"),
                printed("b", 2023, "29901", "没有的款"),
                ("c", 2023, "project", "X1", "printed", "3029901", "某项目"),
            )
        ),
        CODES,
    )
    local = row_of(codes, "3010203")
    assert (local["name"], local["parent"], local["level"]) == ("地方补贴", "30102", 3)
    assert (local["evidence"], local["documents"], local["first_year"], local["last_year"]) == ("attested", 2, 2019, 2023)
    assert row_of(codes, "2019701")["parent"] == "201"
    assert row_of(codes, "2019701")["evidence"] == "single"
    assert row_of(codes, "29901")["parent"] is None
    assert row_of(codes, "3029901")["parent"] == "30299"
    assert codes.filter(pl.col("code") == "X1").is_empty()


def test_documents_raise_evidence_and_years() -> None:
    before = next(row for row in code_rows() if (row.code, row.name) == ("2130316", "农村水利"))
    assert (before.first_year, before.evidence) == (2026, "single")
    codes = published_codes(mentions(printed("a", 2021, "2130316", "农村水利"), printed("b", 2022, "2130316", "农村水利")))
    after = row_of(codes, "2130316", "农村水利")
    assert (after["first_year"], after["evidence"], after["documents"]) == (2021, "attested", 2)
    assert row_of(codes, "2130316", "农田水利")["last_year"] == 2009


def test_years_never_reach_into_those_of_another_name() -> None:
    codes = published_codes(
        mentions(printed("a", 2024, "20805", "行政事业单位离退休"), printed("a", 2016, "20805", "行政事业单位养老支出"))
    )
    assert row_of(codes, "20805", "行政事业单位离退休")["last_year"] == 2019
    assert row_of(codes, "20805", "行政事业单位养老支出")["first_year"] == 2020


def test_what_a_person_decided_is_not_rewritten() -> None:
    pairs = [printed(document, 2015, "2050903", "地方教育基金支出") for document in "abc"]
    row = row_of(published_codes(mentions(*pairs)), "2050903", "地方教育基金支出")
    assert (row["last_year"], row["evidence"], row["documents"]) == (2009, "single", 3)


def test_without_lines_the_codes_are_the_book() -> None:
    codes = published_codes(mentions())
    assert codes.filter(~pl.col("scheme").is_in(["three_public", "revenue_item"])).height == len(code_rows())
    assert not codes.select("scheme", "code", "name").is_duplicated().any()
