"""Titles on several lines, broken wherever the line was full: in a word, between words, inside the last word."""

from __future__ import annotations

import pytest

from pipeline.statements.meaning.table_heading import read_heading


@pytest.mark.parametrize(
    ("texts", "statement", "fund"),
    [
        (["抚顺市国资委2024年一般公共预算支出预", "算表"], "general_public_by_function", "general_public"),
        (["清风市国资委2024年一般公共预算基本支", "出预算表"], "general_public_basic_by_economic", "general_public"),
        (["清风市国资委2024年一般公", "共预算支出表"], "general_public_by_function", "general_public"),
        (["清风市国资委2024年政府性基", "金预算支出表"], "government_fund_by_function", "government_fund"),
        (["清风市国资委2024年政府性基金", "预算支出表"], "government_fund_by_function", "government_fund"),
        (["清风市国资委2024年财政拨款收", "支总表"], "fiscal_appropriation_summary", "fiscal_appropriation"),
        (["清风市国资委2024年财政拨款收支预算总", "表"], "fiscal_appropriation_summary", "fiscal_appropriation"),
        (["清风市国资委2024年一般公共预算", "基本支出经济分类", "预算表"], "general_public_basic_by_economic", "general_public"),
        (["清风市国资委2024年国有资本经营预算支出情", "况表（按功能分类）"], "state_capital_by_function", "state_capital"),
    ],
)
def test_a_title_is_read_whole(texts: list[str], statement: str, fund: str | None) -> None:
    heading = read_heading([*texts, "单位：万元"])
    assert heading.meaning is not None
    assert (heading.meaning.statement, heading.meaning.fund, heading.title) == (statement, fund, "".join(texts))


@pytest.mark.parametrize(
    ("above", "title", "statement"),
    [
        ("清风市政府采购中心", "收支预算总表", "revenue_expenditure_summary"),  # a body, no first half of a title
        ("一般公共预算支出表", "收支预算总表", "revenue_expenditure_summary"),
        ("第二部分 部门预算表", "支出预算总表", "expenditure_summary"),
        ("单位名称：清风市政府采购", "支出预算总表", "expenditure_summary"),
    ],
)
def test_a_whole_title_takes_nothing_from_above(above: str, title: str, statement: str) -> None:
    heading = read_heading([above, title, "单位：万元"])
    assert heading.meaning is not None
    assert (heading.meaning.statement, heading.title) == (statement, title)
