"""Every printed total reaches the profile with its source; what is contradicted is held back with its reason, and the proofs see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from pipeline.publish.marts.proofs import faults_against_print
from pipeline.publish.marts.wide_tables import make_marts
from pipeline.stages.checking import Checked
from pipeline.store.frames import document_frames
from schemas.classification.code_lists import codes_frame
from schemas.export import validate
from schemas.marts import MARTS
from schemas.tables import PARTITIONED
from tests.pipeline.publish.samples import facts, line

Tables = Mapping[str, pl.DataFrame]


def spent(row: int, level: int, code: str | None, amount: str, **changes: Any) -> Any:
    given: dict[str, Any] = {"statement": "expenditure_summary", "fund": "total", "level": level, "code": code}
    given |= {"name": f"科目{code}" if code else "合计", "code_source": "printed" if code else None, **changes}
    return line(row, amount, **given)


def table(*amounts: str, number: int = 1, **changes: Any) -> list[Any]:
    """A total and two 类."""
    whole, *parts = amounts
    rows = [
        spent(n, 1, code, a, statement_no=number, **changes) for n, (code, a) in enumerate(zip(("201", "208"), parts, strict=True), start=2)
    ]
    return [spent(1, 0, None, whole, statement_no=number, **changes), *rows]


SUMMARY = {"statement": "revenue_expenditure_summary", "number": 2}
PUBLIC = {"statement": "general_public_by_function", "fund": "general_public", "number": 3}


def told(row: int, amount: str, **changes: Any) -> Any:
    return spent(row, 0, None, amount, **{"source": "narrative", "statement_no": 0, **changes})


def procurement(row: int, level: int, amount: str, **changes: Any) -> Any:
    given = {"statement": "procurement", "scheme": "procurement_item", "statement_no": 9, "is_leaf": level > 0}
    return spent(row, level, None, amount, **{**given, **changes})


def document(
    lines: Sequence[Any], mark: str = "a", key_figures: Sequence[Any] = (), checks: Sequence[Any] = (), **changes: Any
) -> dict[str, pl.DataFrame]:
    about = {"status": "published", "fiscal_year": 2024, "province": "CN-ZJ", "region_code": "330000", "department": "某局"}
    about |= {"level": "department", "kind": "budget", "statements": [], "pages": 1, **changes}
    checked = Checked(document=about, lines=list(lines), key_figures=list(key_figures), checks=list(checks))
    return document_frames(checked, facts(mark, f"{mark}.pdf"))


def made(*documents: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    tables = {t.name: pl.concat([d[t.name] for d in documents]) for t in PARTITIONED}
    marts = make_marts(tables, codes_frame())
    for name, frame in marts.items():
        validate(frame, MARTS[name])
    return {**tables, **marts}


def profile(tables: Tables, *names: str) -> list[tuple[Any, ...]]:
    return tables["department_profile"].sort("disclosure_id").select(names).rows()


def outcome(tables: Tables, figure: str = "expenditure") -> list[tuple[Any, ...]]:
    rows = tables["mart_coverage"].filter(pl.col("figure") == figure).sort("document_id")
    return rows.select("outcome", pl.col("reason").is_not_null()).rows()


EXPENDITURE = ("expenditure_budget", "expenditure_budget_source")


def test_a_total_comes_from_its_table_a_summary_or_a_sentence_and_the_column_says_which() -> None:
    assert profile(made(document(table("100", "60", "40"))), *EXPENDITURE) == [(100, "table")]
    assert profile(made(document(table("100", "60", "40", **SUMMARY))), *EXPENDITURE) == [(100, "summary")]
    only_told = made(document([told(1, "100")]))
    assert profile(only_told, *EXPENDITURE) == [(100, "narrative")]
    assert outcome(only_told) == [("total_only", False)]
    assert profile(made(document(table("100", "60", "40")[1:])), *EXPENDITURE) == [(100, "rows")]
    assert profile(made(document([line(1)])), *EXPENDITURE) == [(None, None)]


def test_a_fund_whose_table_is_printed_empty_is_zero() -> None:
    tables = made(document(table("100", "60", "40"), statements=["expenditure_summary", "government_fund_by_function"]))
    assert profile(tables, "government_fund_budget", "government_fund_budget_source", "state_capital_budget") == [(0, "empty_table", None)]


def test_the_tables_and_the_explanation_of_one_disclosure_are_one_row() -> None:
    explanation = document([told(1, "100")], "a", key_figures=[{"indicator": "procurement_total", "value": Decimal(7), "unit": "yuan"}])
    tables = made(explanation, document(table("100", "60", "40"), "b"))
    columns = ("expenditure_budget", "procurement_budget", "procurement_budget_source", "documents", "budget_document_id")
    assert profile(tables, *columns) == [(100, 7, "narrative", 2, "b" * 16)]
    assert tables["spending_by_function"]["expenditure_budget"].sum() == 100


def test_procurement_is_that_of_its_table_before_what_a_sentence_says() -> None:
    stated = [{"indicator": "procurement_total", "value": Decimal(9), "unit": "yuan"}]
    columns = ("procurement_budget", "procurement_budget_source")
    whole = [procurement(1, 0, "12"), procurement(2, 1, "7"), procurement(3, 1, "5")]
    tables = made(document(whole, key_figures=stated))
    assert profile(tables, *columns) == [(12, "table")]
    assert outcome(tables, "procurement") == [("total_only", True)]
    assert profile(tables, "doubts") == [(1,)]
    assert profile(made(document(whole[1:])), *columns) == [(12, "rows")]
    assert profile(made(document([], key_figures=stated)), *columns) == [(9, "narrative")]
    units = [
        spent(n, 1, None, a, scheme="unit", name=u, nature="of_which_procurement")
        for n, (u, a) in enumerate((("某局", "8"), ("甲", "5"), ("乙", "3")), 1)
    ]
    assert profile(made(document(units)), *columns) == [(8, "other_table")]


def test_what_a_final_account_says_is_no_budget() -> None:
    stated = [{"indicator": "procurement_total", "value": Decimal(9), "unit": "yuan"}]
    tables = made(document(table("100", "60", "40", measure="final"), key_figures=stated, kind="final_account"))
    columns = ("procurement_budget", "procurement_final", "expenditure_final", "grand_total_final")
    assert profile(tables, *columns) == [(None, 9, 100, 100)]


def test_the_grand_total_is_the_largest_and_spending_is_without_what_is_carried_forward() -> None:
    lines = [*table("100", "60", "40"), spent(1, 0, None, "120", **{"statement": "revenue_expenditure_summary", "statement_no": 2})]
    lines.append(spent(2, 0, None, "20", statement="revenue_expenditure_summary", statement_no=2, nature="carryforward", name="结转下年"))
    tables = made(document(lines))
    assert profile(tables, "grand_total_budget", "expenditure_budget") == [(120, 100)]
    assert faults_against_print(tables)[1] == []


def test_two_tables_that_differ_hold_the_figure_back() -> None:
    tables = made(document([*table("100", "60", "40"), *table("1000000", "600000", "400000", **SUMMARY)]))
    assert profile(tables, *EXPENDITURE, "doubts") == [(None, None, 1)]
    assert tables["spending_by_function"].is_empty()
    assert outcome(tables) == [("contradicted", True)]


def test_a_part_above_the_whole_is_held_back_and_the_whole_stays() -> None:
    tables = made(document([*table("100", "60", "40"), *table("120", "80", "40", **PUBLIC)]))
    assert profile(tables, "expenditure_budget", "general_public_budget") == [(100, None)]
    assert outcome(tables, "general_public") == [("exceeds_whole", True)]
    assert tables["spending_by_function"]["general_public_budget"].null_count() == 2


def test_a_total_made_a_leaf_does_not_double_the_rows() -> None:
    rows = table("100", "60", "40")
    leaf = [*rows[1:], spent(9, 1, None, "100")]
    assert outcome(made(document(leaf))) == [("exceeds_total", False)]
    tables = made(document([*leaf, *table("100", "60", "40", **SUMMARY)]))
    assert tables["spending_by_function"]["expenditure_budget"].sum() == 100
    assert outcome(tables) == [("complete", True)]  # from the summary; the reason says that the table was passed over


def test_columns_whose_rows_are_not_their_printed_total_are_left_out_with_the_reason() -> None:
    parts = [
        spent(n, level, code, a, nature="basic", column=2)
        for n, level, code, a in ((1, 0, None, "70"), (2, 1, "201", "40"), (3, 1, "208", "30"))
    ]
    right = made(document([*table("100", "60", "40"), *parts]))
    assert profile(right, "expenditure_budget", "expenditure_basic_budget") == [(100, 70)]
    wrong = [*parts[:2], spent(3, 1, "208", "300000", nature="basic", column=2)]
    tables = made(document([*table("100", "60", "40"), *wrong]))
    assert profile(tables, "expenditure_budget", "expenditure_basic_budget") == [(100, None)]
    assert outcome(tables) == [("complete", True)]


def test_a_unit_stands_in_the_profile_and_says_that_its_department_comprises_it() -> None:
    unit = document(table("30", "20", "10"), "b", level="unit", department="某局信息中心")
    tables = made(document(table("100", "60", "40")), unit)
    assert sorted(profile(tables, "level", "standing", "expenditure_budget")) == [
        ("department", "counted", 100),
        ("unit", "part_of_department", 30),
    ]
    assert tables["spending_by_function"]["expenditure_budget"].sum() == 100
    larger = document(table("300", "200", "100"), "b", level="unit", department="某局信息中心")
    assert sorted(profile(made(document(table("100", "60", "40")), larger), "level", "expenditure_budget"), key=str) == [
        ("department", 100),
        ("unit", None),
    ]


def test_last_years_document_of_another_scale_holds_back() -> None:
    check = {"check_id": "Y1", "statement": "expenditure_summary", "subject": "合计 total total prior_year_budget", "outcome": "fail"}
    check |= {
        "expected": Decimal(1000000),
        "actual": Decimal(100),
        "severity": "warning",
        "detail": "last year 100.00 here, 1,000,000.00 there",
    }
    tables = made(document(table("100", "60", "40"), checks=[check]))
    assert profile(tables, "expenditure_budget") == [(None,)]
    assert outcome(tables) == [("other_scale", True)]
    near = made(document(table("100", "60", "40"), checks=[{**check, "expected": Decimal(110)}]))
    assert profile(near, "expenditure_budget") == [(100,)]


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("department_profile", {"grand_total_budget": 90}, "grand_total_budget is 90.00, a table prints 100"),
        ("department_profile", {"grand_total_budget": None}, "grand_total_budget is None"),
        ("department_profile", {"three_public_budget": 20_000}, "three_public_budget is more than all spending"),
        ("department_profile", {"expenditure_basic_budget": 9_000, "expenditure_project_budget": 9_000}, "basic and project spending"),
        ("spending_by_function", {"expenditure_budget": 90}, "the rows of expenditure_budget are 180.00, its total is 100"),
    ],
)
def test_marts_that_say_otherwise_than_print_are_found(name: str, change: dict[str, Any], said: str) -> None:
    tables = made(document(table("100", "60", "40")))
    assert faults_against_print(tables)[1] == []
    forged = tables[name].with_columns(pl.lit(value).cast(tables[name].schema[column]).alias(column) for column, value in change.items())
    assert any(said in fault for fault in faults_against_print({**tables, name: forged})[1])


def test_a_body_does_not_grow_a_thousandfold_in_a_year() -> None:
    million = document(table("1000000", "600000", "400000"), "b", fiscal_year=2025)
    (fault,) = faults_against_print(made(document(table("100", "60", "40")), million))[1]
    assert "spending is 10000 times that of the disclosure before" in fault
