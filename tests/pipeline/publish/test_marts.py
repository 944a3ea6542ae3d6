"""The marts: right totals, nothing counted twice, nothing left out unsaid. Every expected amount is added up by hand."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from pipeline.publish.marts.wide_tables import make_marts
from pipeline.stages.checking import Checked
from pipeline.store.frames import document_frames
from schemas.classification.code_lists import codes_frame
from schemas.export import validate
from schemas.marts import BY_FUNCTION, MARTS
from schemas.tables import PARTITIONED
from tests.pipeline.publish.samples import facts, line, sample_documents

Marts = Mapping[str, pl.DataFrame]


def function(row: int, level: int, code: str | None, amount: str, **changes: Any) -> Any:
    given = {"statement": "expenditure_summary", "fund": "total", "level": level, "code": code, "is_leaf": level == 3}
    given |= {"code_source": "printed" if code else None, "name": f"科目{code or row}"}
    return line(row, amount, **{**given, **changes})


def total(row: int, amount: str, **changes: Any) -> Any:
    return function(row, 0, None, amount, **{"name": "合计", "is_leaf": False, "scheme": "function", **changes})


NESTED = [
    function(1, 1, "201", "100", is_leaf=False),
    function(2, 2, "20103", "100", is_leaf=False),
    function(3, 3, "2010301", "60"),
    function(4, 3, "2010302", "40"),
    function(5, 1, "208", "20", is_leaf=False),
    function(6, 2, "20805", "20", is_leaf=False),
    function(7, 3, "2080505", "20"),
    total(8, "120"),
]


def document(lines: Sequence[Any], mark: str = "a", **changes: Any) -> dict[str, pl.DataFrame]:
    about = {"status": "published", "fiscal_year": 2024, "province": "CN-ZJ", "region_code": "330000", "department": "某局"}
    about |= {"level": "department", "kind": "budget", "statements": [], "pages": 1, **changes}
    figures = [{"indicator": "budget_units", "value": 4, "unit": "count"}] if mark == "a" else []
    return document_frames(Checked(document=about, lines=list(lines), key_figures=figures), facts(mark, f"{mark}.pdf"))


def marts(*documents: dict[str, pl.DataFrame]) -> Marts:
    made = make_marts({t.name: pl.concat([d[t.name] for d in documents]) for t in PARTITIONED}, codes_frame())
    for name, frame in made.items():
        validate(frame, MARTS[name])
    return made


def coverage(made: Marts, figure: str = "expenditure") -> list[tuple[Any, ...]]:
    rows = made["mart_coverage"].filter(pl.col("figure") == figure).sort("document_id")
    return rows.select("outcome", "amount", "printed_total").rows()


def summed(made: Marts, column: str, mart: str = "spending_by_function") -> Decimal:
    return Decimal(made[mart][column].sum())


def test_the_finest_rows_add_up_to_the_printed_total() -> None:
    made = marts(document(NESTED))
    rows = made["spending_by_function"].sort("code").select("code", "class_code", "class_name", "expenditure_budget").rows()
    assert rows == [
        ("2010301", "201", "一般公共服务支出", 60),
        ("2010302", "201", "一般公共服务支出", 40),
        ("2080505", "208", "社会保障和就业支出", 20),
    ]
    assert coverage(made) == [("complete", 120, 120)]
    assert made["department_profile"].select("expenditure_budget", "budget_units", "documents").rows() == [(120, 4, 1)]


def test_what_a_publisher_withholds_leaves_its_parent_standing() -> None:
    withheld = [one for one in NESTED if one.code != "2010302"]
    made = marts(document(withheld))
    rows = made["spending_by_function"].sort("code").select("code", "expenditure_budget").rows()
    assert rows == [("20103", 100), ("2080505", 20)]
    assert coverage(made) == [("complete", 120, 120)]


def test_rows_that_exceed_the_total_are_not_used_and_rows_below_it_say_what_is_missing() -> None:
    exceeding = marts(document([*NESTED[:-1], total(8, "110")]))
    assert exceeding["spending_by_function"].is_empty()
    assert coverage(exceeding) == [("exceeds_total", 120, 110)]
    missing = marts(document([*NESTED[:-1], total(8, "150")]))
    assert summed(missing, "expenditure_budget") == 120
    assert coverage(missing) == [("incomplete", 120, 150)]
    assert missing["mart_coverage"]["difference"].to_list() == [30]


def test_a_sum_of_rounded_amounts_is_complete() -> None:
    rounded = [function(n, 1, code, "0.33", unit_text="万元", amount_text="0.33") for n, code in ((1, "201"), (2, "208"), (3, "221"))]
    made = marts(document([*rounded, total(4, "1.00", unit_text="万元", amount_text="1.00")]))
    assert coverage(made) == [("complete", Decimal("0.99"), 1)]


def test_the_same_money_in_several_statements_counts_once() -> None:
    summary = [function(1, 1, "201", "100", statement="revenue_expenditure_summary", statement_no=2)]
    narrative = [function(1, 3, "2010301", "60", source="narrative", statement_no=0)]
    again = [function(n.row, n.level, n.code, str(n.amount), statement_no=3) for n in NESTED[:-1]]
    assert summed(marts(document([*NESTED, *summary, *narrative, *again])), "expenditure_budget") == 120


@pytest.mark.parametrize(
    "changes",
    [
        {"column_evidence": "ambiguous", "fund": None, "nature": None},
        {"contradictions": 1},
        {"nature": "of_which_other"},
        {"measure": "change"},
    ],
    ids=["ambiguous", "contradicted", "repeated part", "a change"],
)
def test_what_is_not_sure_or_no_amount_of_its_own_is_left_out(changes: dict[str, Any]) -> None:
    extra = function(9, 1, "221", "7", is_leaf=True, **changes)
    assert summed(marts(document([*NESTED, extra])), "expenditure_budget") == 120


@pytest.mark.parametrize("status", ["quarantined", "superseded", "duplicate"])
def test_only_published_documents_count(status: str) -> None:
    gone = document(NESTED, "b", department="他局", status=status, reason="x", superseded_by="a" * 16)
    made = marts(document(NESTED), gone)
    assert summed(made, "expenditure_budget") == 120
    assert made["mart_coverage"]["document_id"].unique().to_list() == ["a" * 16]


def test_a_unit_of_a_department_that_is_there_does_not_count() -> None:
    known = document(NESTED, "b", level="unit", department="某中心", parent_department="某局")
    named = document(NESTED, "c", level="unit", department="某局信息中心")
    orphan = document(NESTED, "d", level="unit", department="别的中心")
    made = marts(document(NESTED), known, named, orphan)
    assert summed(made, "expenditure_budget") == 120
    assert [row[0] for row in coverage(made)] == ["complete", "part_of_department", "part_of_department", "perhaps_part_of_department"]


def test_units_of_departments_that_are_not_there_count() -> None:
    one, other = (document(NESTED, m, level="unit", department=f"单位{m}", region_code="330100") for m in "bc")
    made = marts(document(NESTED), one, other)
    assert summed(made, "expenditure_budget") == 360
    assert made["department_profile"].group_by("level").len().sort("level").rows() == [("department", 1), ("unit", 2)]


def test_of_two_documents_of_a_department_one_counts() -> None:
    made = marts(document(NESTED), document(NESTED[:5], "b"))
    assert summed(made, "expenditure_budget") == 120
    assert [row[0] for row in coverage(made)] == ["complete", "other_document"]
    assert made["department_profile"].select("budget_document_id", "documents").rows() == [("a" * 16, 2)]


def test_a_document_without_department_or_without_amounts_is_said() -> None:
    made = marts(document(NESTED, department=None), document([], "b", department="空局"))
    assert made["mart_coverage"].sort("document_id").select("figure", "outcome").rows() == [
        ("expenditure", "no_department"),
        ("none", "no_statement"),
    ]
    assert made["spending_by_function"].is_empty()


def test_a_table_by_unit_counts_each_unit_once() -> None:
    first = [function(n, 3, "2010301", a, unit=u) for n, (a, u) in enumerate((("60", "甲"), ("40", "乙")), start=2)]
    of_units = [
        function(10 + n, 1, None, a, scheme="unit", name=u) for n, (a, u) in enumerate((("100", "某局"), ("60", "甲"), ("40", "乙")))
    ]
    made = marts(document([*first, *of_units]))
    assert made["spending_by_function"].select("code", "expenditure_budget").rows() == [("2010301", 100)]
    assert coverage(made) == [("complete", 100, 100)]
    with_whole = marts(document([*NESTED, *[function(20 + n.row, 3, n.code, "1", unit="甲") for n in first]]))
    assert summed(with_whole, "expenditure_budget") == 120


def test_budget_stands_beside_final_account() -> None:
    accounted = [
        function(n.row, n.level, n.code, str(n.amount + 5 * (n.code in ("2010301", "20103", "201", None))), measure="final") for n in NESTED
    ]
    made = marts(document(NESTED), document(accounted, "b", kind="final_account"))
    rows = made["budget_vs_final"].sort("code").select("figure", "code", "budget", "final", "difference", "execution_pct").rows()
    assert rows == [
        ("expenditure", "2010301", 60, 65, 5, Decimal("108.3333")),
        ("expenditure", "2010302", 40, 40, 0, 100),
        ("expenditure", "2080505", 20, 20, 0, 100),
    ]
    assert made["budget_vs_final"]["disclosure_id"].unique().str.contains("final_account").all()
    assert made["budget_vs_final"].select("budget_document_id", "final_document_id").unique().rows() == [("a" * 16, "b" * 16)]
    assert made["spending_by_function"].height == 6  # one row set per disclosure
    assert made["spending_by_function"]["expenditure_budget"].sum() == 120
    assert marts(document(NESTED))["budget_vs_final"].is_empty()


def test_a_budget_of_next_to_nothing_has_no_percentage_of_execution() -> None:
    budget = [function(1, 1, "201", "1"), total(2, "1")]
    accounted = [function(1, 1, "201", "1000000", measure="final"), total(2, "1000000", measure="final")]
    rows = marts(document(budget), document(accounted, "b", kind="final_account"))["budget_vs_final"]
    assert rows.select("budget", "final", "execution_pct").rows() == [(1, 1000000, None)]


def test_revenue_is_by_its_finest_source() -> None:
    def revenue(row: int, level: int, fund: str, amount: str) -> Any:
        statement = {"statement": "revenue_expenditure_summary", "scheme": "revenue_item", "flow": "revenue", "code": None}
        return line(row, amount, **{**statement, "code_source": None, "level": level, "fund": fund, "name": fund, "is_leaf": level == 2})

    made = marts(
        document(
            [
                revenue(1, 1, "fiscal_appropriation", "90"),
                revenue(2, 2, "general_public", "80"),
                revenue(3, 2, "government_fund", "10"),
                revenue(4, 1, "business", "5"),
                revenue(5, 0, "current_year", "95"),
                revenue(6, 1, "carryover", "3"),
                revenue(7, 0, "total", "98"),
            ]
        )
    )
    rows = made["revenue_by_source"].sort("fund").select("fund", "revenue_budget").rows()
    assert rows == [("business", 5), ("carryover", 3), ("general_public", 80), ("government_fund", 10)]
    assert coverage(made, "revenue") == [("complete", 98, 98)]


def test_three_public_is_one_row_of_the_table_not_of_the_narrative() -> None:
    def part(column: int, code: str, amount: str, **changes: Any) -> Any:
        given = {"statement": "three_public", "scheme": "three_public", "fund": "fiscal_appropriation", "code": code, "name": code}
        level = {"total": 0, "vehicle_purchase": 2, "vehicle_operation": 2}.get(code, 1)
        return line(1, amount, **{**given, "code_source": None, "column": column, "level": level, **changes})

    table = [part(1, "total", "63"), part(2, "abroad", "30"), part(3, "reception", "5"), part(4, "vehicle_operation", "28")]
    told = [part(1, "total", "63.5", source="narrative", statement_no=0)]
    made = marts(document([*table, *told]))
    columns = [
        "total_budget",
        "abroad_budget",
        "reception_budget",
        "vehicles_budget",
        "vehicle_purchase_budget",
        "vehicle_operation_budget",
    ]
    assert made["three_public"].select(columns).rows() == [(63, 30, 5, 28, None, 28)]
    assert made["department_profile"]["three_public_budget"].to_list() == [63]


def test_economic_codes_nest_by_code_where_the_rows_do_not() -> None:
    def economic(row: int, level: int, code: str | None, amount: str, nature: str = "basic") -> Any:
        given = {"statement": "general_public_basic_by_economic", "scheme": "department_economic", "name": code or "合计"}
        return line(row, amount, **{**given, "level": level, "code": code, "nature": nature, "code_source": None})

    lines = [
        economic(1, 1, "301", "10"),
        economic(2, 1, "302", "7"),
        economic(3, 2, "30101", "10"),
        economic(4, 2, "30201", "3"),
        economic(5, 3, "3021502", "4"),
        economic(6, 0, None, "17"),
    ]
    made = marts(document(lines))
    assert made["spending_by_economic"].sort("code").select("code", "basic_budget").rows() == [("30101", 10), ("30201", 3), ("3021502", 4)]
    assert coverage(made, "general_public_basic") == [("complete", 17, 17)]


def test_the_samples_add_up_to_what_their_statements_print() -> None:
    read = sample_documents()
    made = marts(*read)
    lines = pl.concat([one["budget_lines"] for one in read])
    seen = 0
    for figure in BY_FUNCTION:
        for document_id, amount in (
            made["spending_by_function"].group_by("budget_document_id").agg(pl.col(f"{figure.name}_budget").sum()).iter_rows()
        ):
            zero = pl.col("level") == 0
            of = lines.filter(
                zero, document_id=document_id, statement=figure.statements[0], nature="total", source="table", flow="expenditure"
            )
            printed = of.filter(pl.col("fund").is_in(figure.funds), pl.col("unit").is_null(), pl.col("measure") == "budget")[
                "amount"
            ].to_list()
            if printed and amount:
                assert amount in printed
                seen += 1
    assert seen >= 3
