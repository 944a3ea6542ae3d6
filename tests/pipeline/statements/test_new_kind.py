"""A further kind of statement is a declaration and its titles: nothing else has to know it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from pipeline.accounting.identities import identity_checks
from pipeline.accounting.subjects import Bound
from pipeline.budget.line import Line, by_id
from pipeline.statements.inference.lost_columns.cell_equations import equations_between_cells
from pipeline.statements.statement_model import Statement
from schemas.statement_kind import Comparison, StatementKind
from schemas.statements import BUILT_IN, declaring
from schemas.vocabulary.titles import title_rules
from tests.pipeline.statements.paper import page, statements

FUND = "special_account"
BY_FUNCTION = StatementKind(
    "special_account_by_function",
    "财政专户管理资金支出预算表",
    fund=FUND,
    becomes={"economic": "special_account_basic_by_economic"},
    compared=(Comparison("X6", "expenditure_summary", natures=("basic", "project"), fund=FUND, at_least=True),),
)
BASIC = StatementKind(
    "special_account_basic_by_economic",
    "财政专户管理资金基本支出预算表",
    rows="department_economic",
    fund=FUND,
    nature="basic",
    compared=(Comparison("X3", BY_FUNCTION.id, natures=("basic",), fund=FUND, fund_of_whole=FUND),),
)
PROJECTS = StatementKind("special_projects", "专户项目表", rows="project", fund=FUND, nature="project", is_list=True, lists_projects=True)
TITLES = [
    {"statement": BASIC.id, "fund": "", "nature": "", "requires": "财政专户 基本支出", "excludes": ""},
    {"statement": BY_FUNCTION.id, "fund": "", "nature": "", "requires": "财政专户 支出", "excludes": "总表"},
    {"statement": PROJECTS.id, "fund": "", "nature": "", "requires": "专户项目表", "excludes": ""},
]

UNIT = "单位：万元"
HEADER = ["科目编码", "科目名称", "合计", "基本支出", "项目支出"]
ALL = ("支出总表", UNIT, [HEADER, ["", "合计", "9.00", "6.00", "3.00"], ["205", "教育支出", "9.00", "6.00", "3.00"]])
OF_FUND = (
    "财政专户管理资金支出预算表",
    UNIT,
    [
        HEADER,
        ["", "合计", "5.00", "4.00", "1.00"],
        ["205", "教育支出", "5.00", "4.00", "1.00"],
        ["20502", "普通教育", "5.00", "4.00", "1.00"],
    ],
)
BY_CODE = (
    "财政专户管理资金基本支出预算表",
    UNIT,
    [["科目编码", "科目名称", "合计"], ["", "合计", "4.00"], ["301", "工资福利支出", "3.00"], ["302", "商品和服务支出", "1.00"]],
)


@pytest.fixture
def declared() -> Iterator[None]:
    rules = title_rules(TITLES)
    with declaring(BUILT_IN.extended((BY_FUNCTION, BASIC, PROJECTS), rules)):
        yield


def lines_of(found: list[Statement]) -> list[Line]:
    return [line for statement in found for line in statement.lines]


def announced(found: list[Statement]) -> list[tuple[int, str, str | None]]:
    return [(statement.number, statement.kind, statement.title) for statement in found]


def test_without_its_declaration_it_is_none_of_the_known() -> None:
    (statement,) = statements(page(*OF_FUND))
    assert statement.kind == "other"


@pytest.mark.usefixtures("declared")
def test_its_lines_have_the_fund_and_the_nature_of_its_scope() -> None:
    found = statements(page(*OF_FUND), page(*BY_CODE, number=2))
    assert announced(found) == [(1, BY_FUNCTION.id, OF_FUND[0]), (2, BASIC.id, BY_CODE[0])]
    by_function, basic = (statement.lines for statement in found)
    assert {(line.statement, line.scheme, line.flow, line.fund) for line in by_function} == {
        (BY_FUNCTION.id, "function", "expenditure", FUND)
    }
    assert [line.nature for line in by_function] == ["total", "basic", "project"] * 3
    assert {(line.statement, line.scheme, line.fund, line.nature) for line in basic} == {(BASIC.id, "department_economic", FUND, "basic")}


@pytest.mark.usefixtures("declared")
def test_its_identities_are_tried() -> None:
    found = statements(page(*ALL), page(*OF_FUND, number=2), page(*BY_CODE, number=3))
    checks = identity_checks(lines_of(found), announced(found))
    own = {(c["check_id"], c["statement"], c["outcome"]) for c in checks if c["statement"] in (BY_FUNCTION.id, BASIC.id)}
    assert {("H1", BY_FUNCTION.id, "pass"), ("R1", BY_FUNCTION.id, "pass"), ("H2", BASIC.id, "pass")} <= own
    between = {c["subject"]: c["outcome"] for c in checks if c["check_id"] in ("X3", "X6")}
    assert between == {
        f"{BY_FUNCTION.id} = {BASIC.id}: basic": "pass",
        f"expenditure_summary ≥ {BY_FUNCTION.id}: basic": "pass",
        f"expenditure_summary ≥ {BY_FUNCTION.id}: project": "pass",
    }


@pytest.mark.usefixtures("declared")
def test_one_code_of_a_fund_is_at_most_that_code_of_all_funds() -> None:
    found = statements(page(*ALL), page(*OF_FUND, number=2))
    lines = by_id(lines_of(found))
    every = equations_between_cells(list(lines.values()), announced(found), only_positive=True)
    bounds = [e for e in every if e.subject == Bound("205 total", BY_FUNCTION.id)]
    assert {(lines[e.whole[0]].amount, lines[e.parts[0]].amount) for e in bounds} == {(Decimal(90000), Decimal(50000))}


@pytest.mark.usefixtures("declared")
def test_the_codes_of_its_rows_correct_its_title() -> None:
    (statement,) = statements(page(OF_FUND[0], *BY_CODE[1:]))
    assert statement.kind == BASIC.id


@pytest.mark.usefixtures("declared")
def test_a_list_is_read_as_a_list() -> None:
    rows = [["项目名称", "合计"], ["合计", "5.00"], ["校舍维修", "3.00"], ["设备购置", "2.00"]]
    (statement,) = statements(page("专户项目表", UNIT, rows))
    assert statement.kind == PROJECTS.id
    assert {(line.scheme, line.fund, line.nature) for line in statement.lines} == {("project", FUND, "project")}
