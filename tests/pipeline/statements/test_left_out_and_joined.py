"""Names that leave out a part, or join what differs: they are not all that their first word says."""

from __future__ import annotations

import pytest

from pipeline.budget.characters import fold
from schemas.statements import read_title
from tests.pipeline.statements.paper import lines, of_column, page

UNIT = "单位：万元"


def _column(head: str, beside: str) -> tuple[str | None, str | None]:
    rows = [["科目编码", "科目名称", "合计", head, beside], ["2010301", "行政运行", "9.00", "5.00", "4.00"]]
    line = of_column(lines(page("2023年部门支出总表", UNIT, rows)), 4)
    return line.fund, line.nature


@pytest.mark.parametrize(
    ("head", "beside"),
    [
        ("基本支出（不含公用经费）", "公用经费"),
        ("基本支出（人员经费除外）", "人员经费"),
        ("财政拨款（不含政府性基金）", "政府性基金"),
        ("单位资金（不含事业收入）", "事业收入"),
        ("单位资金-非事业收入", "财政拨款"),
        ("非财政拨款", "财政拨款"),
    ],
)
def test_a_name_that_leaves_out_a_part_is_not_the_whole(head: str, beside: str) -> None:
    assert _column(head, beside) == (None, None)


@pytest.mark.parametrize(
    ("head", "beside"),
    [
        ("事业收入和经营收入", "财政拨款"),
        ("政府性基金和国有资本经营预算", "一般公共预算"),
        ("基本支出、项目支出", "经营支出"),
        ("财政拨款（一般公共预算、政府性基金）", "单位资金"),
        ("一般公共预算（含政府性基金）", "单位资金"),
    ],
)
def test_names_that_are_joined_are_none_of_them(head: str, beside: str) -> None:
    assert _column(head, beside) == (None, None)


@pytest.mark.parametrize(
    ("head", "beside", "read"),
    [
        ("一般公共预算（不含政府性基金）", "政府性基金", ("general_public", "total")),
        ("一般公共预算（不含上年结转）", "上年结转", ("general_public", "total")),
        ("单位资金（含事业收入、经营收入）", "一般公共预算", ("unit_funds", "total")),
        ("事业收入（含教育收费）", "一般公共预算", ("business", "total")),
        ("基本支出（人员经费、公用经费）", "项目支出", ("total", "basic")),
        ("项目支出（财政拨款）", "项目支出", ("fiscal_appropriation", "project")),
        ("人员支出及公用支出", "项目支出", ("total", "basic")),
        ("公用支出和人员支出", "项目支出", ("total", "basic")),
        ("上年结转和结余", "一般公共预算", ("carryover", "total")),
    ],
)
def test_what_leaves_out_or_joins_nothing_else_is_read(head: str, beside: str, read: tuple[str, str]) -> None:
    assert _column(head, beside) == read


@pytest.mark.parametrize(
    ("title", "statement"),
    [
        ("财政拨款（不含政府性基金）支出表", "other"),
        ("一般公共预算财政拨款基本支出表（不含公用经费）", "other"),
        ("财政拨款收支总表（不含国有资本经营预算）", "other"),
        ("政府性基金预算基本支出和项目支出表", "government_fund_by_function"),
        ("国有资本经营预算基本支出和项目支出表", "state_capital_by_function"),
        ("财政专户管理资金基本支出和项目支出表", "other"),
        ("一般公共预算项目支出和基本支出表", "general_public_by_function"),
        ("一般公共预算支出表（不含政府性基金）", "general_public_by_function"),
        ("一般公共预算支出表（不含上年结转）", "general_public_by_function"),
    ],
)
def test_titles_that_leave_out_or_join(title: str, statement: str) -> None:
    said = read_title(fold(title))
    assert said is not None
    assert said.statement == statement


@pytest.mark.parametrize(
    ("item", "fund"),
    [
        ("事业收入和经营收入", None),
        ("政府性基金和国有资本经营预算收入", None),
        ("一般公共预算（含政府性基金）", None),
        ("非财政拨款", None),
        ("事业收入（不含教育收费）", "business"),
        ("事业收入（含教育收费）", "business"),
    ],
)
def test_income_that_joins_funds_is_of_none(item: str, fund: str | None) -> None:
    rows = [
        ["收入", "<", "支出", "<"],
        ["项目", "预算数", "项目", "预算数"],
        [f"一、{item}", "5.00", "教育支出", "9.00"],
        ["二、其他收入", "4.00", "", ""],
        ["收入总计", "9.00", "支出总计", "9.00"],
    ]
    found = [line.fund for line in lines(page("2023年收支总表", UNIT, rows)) if line.flow == "revenue"]
    assert found[:2] == [fund, "other"]
