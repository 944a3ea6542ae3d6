"""Marts that are a query: purchases, projects, changes, units and assets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from msgspec.structs import replace

from pipeline.publish.marts import query_marts
from pipeline.publish.marts.wide_tables import make_marts
from pipeline.stages.checking import Checked
from pipeline.store.frames import document_frames
from pipeline.store.stage_versions import depends_on
from schemas.classification.code_lists import codes_frame
from schemas.export import validate
from schemas.marts import MARTS
from schemas.tables import PARTITIONED
from tests.pipeline.publish.samples import facts, line

Tables = Mapping[str, pl.DataFrame]
NOWHERE = {"page": None, "x0": None, "y0": None, "x1": None, "y1": None}


def row(number: int, level: int, amount: str, statement: str, **changes: Any) -> Any:
    given: dict[str, Any] = {"statement": statement, "fund": "total", "level": level, "code": None, "is_leaf": level > 0, "nature": "total"}
    return line(number, amount, **{**given, **changes})


def bought(number: int, amount: str, name: str = "家具", **changes: Any) -> Any:
    return row(number, 1, amount, "procurement", scheme="procurement_item", name=name, statement_no=9, **changes)


def project_row(number: int, amount: str, name: str, **changes: Any) -> Any:
    return row(number, 1, amount, "project_expenditure", scheme="project", name=name, statement_no=8, nature="project", **changes)


def spending(total: str, project: str) -> list[Any]:
    """A table of all spending with its project spending."""
    whole = {"scheme": "function", "name": "合计", "is_leaf": False}
    part = {"scheme": "function", "name": "一般公共服务支出", "code": "201", "code_source": "printed"}
    return [
        row(1, 0, total, "expenditure_summary", **whole), row(1, 0, project, "expenditure_summary", column=3, **whole, nature="project"),
        row(2, 1, total, "expenditure_summary", **part), row(2, 1, project, "expenditure_summary", column=3, **part, nature="project"),
    ]  # fmt: skip


def described(name: str, amount: str | None, **changes: Any) -> dict[str, Any]:
    given = {"project": name, "amount": Decimal(amount) if amount else None, "fiscal_amount": None, "other_amount": None, "basis": None}
    given |= {"implementer": None, "period": None, "goal": None, "part_of": None, "project_no": 1, **NOWHERE, "cell": None}
    return {**given, **changes}


def figure(indicator: str, value: str, unit: str = "count", **changes: Any) -> dict[str, Any]:
    return {"indicator": indicator, "value": Decimal(value), "unit": unit, "name": None, **NOWHERE, "cell": None, **changes}


def document(lines: Sequence[Any], mark: str = "a", kind: str = "budget", **changes: Any) -> dict[str, pl.DataFrame]:
    about = {"status": "published", "fiscal_year": 2024, "province": "CN-ZJ", "region_code": "330000", "department": "某局"}
    about |= {"level": "department", "kind": kind, "statements": sorted({each.statement for each in lines}), "pages": 1}
    return document_frames(Checked(document=about, lines=list(lines), **changes), facts(mark, f"{mark}.pdf"))


def made(*documents: dict[str, pl.DataFrame]) -> Tables:
    marts = make_marts({t.name: pl.concat([d[t.name] for d in documents]) for t in PARTITIONED}, codes_frame())
    for name, frame in marts.items():
        validate(frame, MARTS[name])
    return marts


def coverage(tables: Tables, figure: str) -> list[tuple[Any, ...]]:
    return tables["mart_coverage"].filter(pl.col("figure") == figure).select("outcome", "rows", "amount", "printed_total").rows()


# --- purchases --------------------------------------------------------------------------------------------------------


def procured(*amounts: str, total: str, **changes: Any) -> list[Any]:
    head = row(1, 0, total, "procurement", scheme="procurement_item", name="合计", statement_no=9, is_leaf=False, **changes)
    return [head, *(bought(n, amount, **changes) for n, amount in enumerate(amounts, start=2))]


def test_purchases_one_by_one_with_what_their_catalogue_letter_says() -> None:
    lines = procured("60", "40", total="100")
    lines[1:] = [
        bought(2, "60", "打印设备", catalogue_code="A02010601", project="办公", page=7),
        bought(3, "40", "其他服务", catalogue_code="C99", page=8),
    ]
    tables = made(document(lines))
    rows = tables["procurement"].sort("item").select("item", "name", "category", "project", "amount", "page", "measure").rows()
    assert rows == [(1, "打印设备", "goods", "办公", 60, 7, "budget"), (2, "其他服务", "services", None, 40, 8, "budget")]


def test_columns_by_fund_are_not_added_to_the_one_that_comprises_them() -> None:
    funds = [bought(2, "60", column=3, fund="general_public"), bought(2, "0", column=4, fund="government_fund")]
    tables = made(document([*procured("60", total="60"), *funds]))
    assert tables["procurement"]["amount"].to_list() == [60]


def test_purchases_beyond_the_printed_total_are_left_out_and_said() -> None:
    tables = made(document(procured("60000", "50000", total="100000")))
    assert tables["procurement"].is_empty()
    assert coverage(tables, "procurement") == [("exceeds_total", 2, 110000, 100000)]
    within_rounding = made(document(procured("60000", "40100", total="100000")))
    assert within_rounding["procurement"].height == 2


# --- projects ---------------------------------------------------------------------------------------------------------


def test_projects_of_the_table_with_what_is_described_of_them() -> None:
    lines = [*spending("500000", "300000"), project_row(1, "200000", "信息化建设"), project_row(2, "100000", "房屋维修")]
    tables = made(document(lines, projects=[described("信息化建设项目", "200000", goal="建好系统", implementer="信息中心")]))
    rows = tables["project_spending"].sort("item").select("project", "amount", "source", "goal", "implementer").rows()
    assert rows == [("信息化建设", 200000, "table", "建好系统", "信息中心"), ("房屋维修", 100000, "table", None, None)]
    assert coverage(tables, "projects") == []


def test_spellings_of_one_project_are_one() -> None:
    told = [
        described("“十四五”规划(编制)", "5"),
        described("十四五规划编制项目", "5"),
        described("监测和维护经费", "7"),
        described("监测维护经费", "7"),
    ]
    tables = made(document(spending("500", "300"), projects=told))
    assert tables["project_spending"].sort("amount").select("project", "amount", "source").rows() == [
        ("“十四五”规划(编制)", 5, "description"), ("监测和维护经费", 7, "description"),
    ]  # fmt: skip


def test_tasks_within_a_project_and_the_whole_department_are_no_further_money() -> None:
    told = [described("某项目", "9"), described("某任务", "4", part_of="某项目"), described("部门整体支出", "500")]
    tables = made(document(spending("500", "300"), projects=told))
    assert tables["project_spending"].select("project", "amount").rows() == [("某项目", 9)]


def test_of_two_lists_the_one_counts_that_does_not_exceed_what_is_printed() -> None:
    lines = [*spending("500000", "300000"), project_row(1, "200000", "甲"), project_row(2, "90000", "乙")]
    tables = made(document(lines, projects=[described("甲", "200000"), described("丙", "400000")]))
    assert tables["project_spending"].sort("item").select("project", "source").rows() == [("甲", "table"), ("乙", "table")]


def test_projects_beyond_the_printed_spending_are_left_out_and_said() -> None:
    tables = made(document(spending("500000", "300000"), projects=[described("甲", "200000"), described("乙", "200000")]))
    assert tables["project_spending"].is_empty()
    assert coverage(tables, "projects") == [("exceeds_total", 2, 400000, 300000)]


# --- changes, units and assets ----------------------------------------------------------------------------------------


def change(name: str, amount: str, **changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "statement": "revenue_expenditure_summary",
        "flow": "expenditure",
        "scheme": "item",
        "code": None,
        "name": name,
    }
    given |= {"unit": None, "fund": "total", "nature": "total", "basis": "prior_year_budget", "change_amount": Decimal(amount)}
    return {**given, "change_pct": None, "flat": False, "reason": "增人", **NOWHERE, **changes}


def test_a_change_stands_beside_the_amounts_of_both_years() -> None:
    said = row(1, 0, "90", "revenue_expenditure_summary", scheme="item", name="支出预算", source="narrative", statement_no=0)
    tables = made(document([said], year_on_year=[change("支出预算", "5", page=3), change("会议费", "-2")]))
    rows = tables["changes_on_last_year"].sort("item").select("name", "amount", "before", "change_amount", "reason", "page").rows()
    assert rows == [("支出预算", 90, 85, 5, "增人", 3), ("会议费", None, None, -2, "增人", None)]


def test_a_change_of_a_key_figure_has_its_amount() -> None:
    operating = "agency_operating_expenditure"
    changed = change(operating, "3", statement="key_figures", scheme="indicator", code=operating)
    tables = made(document([bought(1, "1")], year_on_year=[changed], key_figures=[figure(operating, "30", "yuan")]))
    assert tables["changes_on_last_year"].select("amount", "before").rows() == [(30, 27)]


def test_units_and_assets_are_one_row_and_nothing_is_a_blank() -> None:
    told = [figure("vehicles_owned", "12"), figure("budget_units", "3"), figure("vehicles_owned", "9", name="某单位")]
    tables = made(
        document([bought(1, "1")], key_figures=told),
        document([bought(1, "1")], "b", key_figures=[figure("procurement_total", "1", "yuan")]),
    )
    rows = tables["units_and_assets"].select("vehicles_owned", "budget_units", "buildings_owned").rows()
    assert rows == [(12, 3, None)]


def test_a_change_of_any_query_makes_the_marts_again() -> None:
    """A file counts for the version of publication where a module names it."""
    queries = {path.name for path in Path(query_marts.__file__).with_name("queries").iterdir()}
    counted = {Path(file).name for file in depends_on("pipeline.publish.dataset")}
    assert queries <= counted
    assert "mart_words.csv" in counted


@pytest.mark.parametrize("mart", ["procurement", "project_spending", "changes_on_last_year", "units_and_assets"])
def test_nothing_gives_nothing(mart: str) -> None:
    assert made(document([row(1, 0, "1", "expenditure_summary", scheme="function", name="合计")]))[mart].is_empty()


def test_tasks_of_the_whole_department_and_a_row_named_like_it_are_no_projects() -> None:
    told = [described("甲", "200000"), described("任务1", "900", part_of="部门整体支出"), described("某局", "300000")]
    tables = made(document(spending("500000", "300000"), projects=told))
    assert tables["project_spending"].select("project", "amount").rows() == [("甲", 200000)]


def test_the_largest_printed_total_of_projects_holds_where_the_profile_has_none() -> None:
    total = row(1, 0, "300000", "project_expenditure", scheme="project", name="合计", statement_no=8, nature="project", is_leaf=False)
    tables = made(document([total], projects=[described("甲", "200000"), described("乙", "200000")]))
    assert tables["project_spending"].is_empty()
    assert coverage(tables, "projects") == [("exceeds_total", 2, 400000, 300000)]


def test_one_name_twice_in_a_table_without_units_stays_two_rows() -> None:
    lines = [*spending("500000", "300000"), project_row(1, "50000", "公车统管"), project_row(2, "10000", "公车统管")]
    assert sorted(made(document(lines))["project_spending"]["amount"].to_list()) == [10000, 50000]
    of_one_unit = [replace(line, unit="某中心") if line.scheme == "project" else line for line in lines]
    assert made(document(of_one_unit))["project_spending"]["amount"].to_list() == [60000]


@pytest.mark.parametrize(
    ("name", "category"), [("A-货物", "goods"), ("工程", "works"), ("服务类", "services"), ("货物运输", None), ("A4纸", None)]
)
def test_the_word_for_goods_works_or_services_says_the_category(name: str, category: str | None) -> None:
    lines = procured("60", total="60")
    lines[1] = bought(2, "60", name)
    assert made(document(lines))["procurement"]["category"].to_list() == [category]


def test_a_final_account_s_change_is_of_what_it_accounts_for() -> None:
    said = [
        row(n, 0, amount, "revenue_expenditure_summary", scheme="item", name="支出", source="narrative", statement_no=0, measure=measure)
        for n, (amount, measure) in enumerate((("80", "budget"), ("90", "final")), start=1)
    ]
    tables = made(document(said, year_on_year=[change("支出", "5")], kind="final_account"))
    assert tables["changes_on_last_year"].select("amount", "before").rows() == [(90, 85)]


def test_an_amount_below_zero_is_no_year_s() -> None:
    said = row(1, 0, "3", "revenue_expenditure_summary", scheme="item", name="支出", source="narrative", statement_no=0)
    tables = made(document([said], year_on_year=[change("支出", "5")]))
    assert tables["changes_on_last_year"].select("amount", "before").rows() == [(3, None)]


# --- 三公, personnel ----------------------------------------------------------------------------------------------------


def public(number: int, amount: str, code: str = "total", **changes: Any) -> Any:
    given = {"scheme": "three_public", "fund": "fiscal_appropriation", "name": code, "code": code, "statement_no": 6}
    level = 0 if code == "total" else 1
    return row(number, level, amount, "three_public", **{**given, "is_leaf": level > 0, **changes})


def test_last_year_s_total_is_the_one_that_the_table_prints_else_what_a_sentence_leads_to() -> None:
    lines = [public(1, "800000"), public(1, "800000", "reception", column=2)]
    said = {"statement": "three_public", "scheme": "three_public", "code": "total", "fund": "fiscal_appropriation"}
    sentence = public(1, "800000", source="narrative", statement_no=0)
    printed = public(1, "750000", column=3, measure="prior_year_budget")
    changed = change("total", "30000", **said)
    columns = ("total_before", "before_source", "before_basis", "change_reason")
    only_told = made(document([*lines, sentence], year_on_year=[changed]))["three_public"].select(columns).rows()
    assert only_told == [(770000, "narrative", "prior_year_budget", "增人")]
    both = made(document([*lines, sentence, printed], year_on_year=[changed]))["three_public"].select(columns).rows()
    assert both == [(750000, "table", "prior_year_budget", "增人")]
    other = public(1, "200000", source="narrative", statement_no=0)
    assert made(document([*lines, other], year_on_year=[changed]))["three_public"].select(columns).rows() == [(None, None, None, "增人")]


def basic(number: int, amount: str, code: str | None, nature: str = "basic", **changes: Any) -> Any:
    given = {"scheme": "department_economic", "fund": "general_public", "code": code, "name": code or "合计", "is_leaf": bool(code)}
    given |= {"nature": nature, "code_source": "printed" if code else None, "statement_no": 7}
    return row(number, 2 if code else 0, amount, "general_public_basic_by_economic", **{**given, **changes})


BASIC = [basic(1, "1000000", None), basic(2, "700000", "30101"), basic(3, "200000", "30201"), basic(4, "100000", "30301")]


def columns_of(personnel: str, operating: str) -> list[Any]:
    """The columns 人员经费 and 公用经费 of `BASIC`: part of 302 counts as personnel."""
    parts = [("30101", "700000", "0"), ("30201", "50000", "150000"), ("30301", "100000", "0")]
    rows = [
        basic(n, amount, code, nature, column=column)
        for n, (code, *both) in enumerate(parts, start=2)
        for column, (nature, amount) in enumerate(zip(("basic_personnel", "basic_operating"), both, strict=True), start=2)
    ]
    totals = [basic(1, personnel, None, "basic_personnel", column=2), basic(1, operating, None, "basic_operating", column=3)]
    return [*BASIC, *rows, *totals]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (BASIC, (1000000, 800000, 200000, "classes")),
        (columns_of("850001", "149999"), (1000000, 850001, 149999, "table")),
        ([each for each in columns_of("1", "1") if each.level or each.nature == "basic"], (1000000, 850000, 150000, "rows")),
    ],
    ids=["by classes", "as printed, not the sum of rounded rows", "no totals of the columns"],
)
def test_personnel_spending_has_one_shape_and_says_by_which_definition(lines: list[Any], expected: tuple[Any, ...]) -> None:
    profile = made(document(lines))["department_profile"]
    columns = ("basic_general_public_budget", "basic_personnel_budget", "basic_operating_budget", "basic_split_budget_source")
    assert profile.select(columns).rows() == [expected]


def test_a_total_that_a_sentence_states_has_its_page() -> None:
    told = figure("procurement_total", "500000", "yuan", page=9)
    coverage = made(document([row(1, 0, "1", "expenditure_summary", scheme="function", name="合计")], key_figures=[told]))["mart_coverage"]
    assert coverage.filter(figure="procurement").select("source", "page", "total_document_id").rows() == [("narrative", 9, "a" * 16)]


def test_the_statement_of_a_total_is_the_one_that_its_page_is_in() -> None:
    """Rows may be from a summary where the figure's own table prints only its total."""
    rows = [row(2, 1, "100", "revenue_expenditure_summary", scheme="function", code="201", name="科目", statement_no=1, page=1)]
    zero = {"scheme": "function", "name": "合计", "is_leaf": False}
    lines = [*rows, row(1, 0, "100", "revenue_expenditure_summary", statement_no=1, page=1, **zero),
             row(1, 0, "100", "expenditure_summary", statement_no=3, page=5, **zero)]  # fmt: skip
    said = made(document(lines))["mart_coverage"].filter(figure="expenditure")
    assert said.select("statement", "total_statement", "page").rows() == [("revenue_expenditure_summary", "expenditure_summary", 5)]
