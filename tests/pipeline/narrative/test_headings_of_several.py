"""Headings that name several funds or natures: an amount below one is of none of these unless its own words say so."""

from __future__ import annotations

import pytest

from pipeline.narrative.sections import SEVERAL_FUNDS, read_heading
from tests.pipeline.narrative.test_phrasings import GENERAL, read

FUNDS = "八、政府性基金预算和国有资本经营预算支出情况说明"


def said_of(*paragraphs: str) -> list[tuple[str, str | None, str | None, str]]:
    return [(line.statement, line.code or line.nature, line.fund, line.amount_text) for line in read(*paragraphs).lines]


@pytest.mark.parametrize(
    ("heading", "fund"),
    [
        (FUNDS, SEVERAL_FUNDS),
        ("四、一般公共预算财政拨款、政府性基金预算财政拨款支出情况", SEVERAL_FUNDS),
        ("四、财政拨款（一般公共预算、政府性基金预算、国有资本经营预算）收支情况", "fiscal_appropriation"),
        ("七、一般公共预算及政府性基金财政拨款“三公”经费情况", "fiscal_appropriation"),
        ("四、一般公共预算财政拨款支出情况", "general_public"),
        ("四、一般公共预算财政拨款支出情况（不含政府性基金预算）", "general_public"),
        ("四、政府性基金预算支出情况（不包括一般公共预算）", "government_fund"),
        ("四、不含政府性基金预算的一般公共预算支出情况", "general_public"),
    ],
)
def test_a_heading_of_several_funds_is_of_none_of_them(heading: str, fund: str) -> None:
    assert read_heading(heading.replace("（", "(").replace("）", ")")).fund == fund


def test_amounts_below_a_heading_of_several_funds_are_of_those_that_they_name() -> None:
    told = said_of(FUNDS, "2023年政府性基金预算支出10.00万元，其中：城乡社区支出10.00万元。", "2023年国有资本经营预算支出3.00万元。")
    assert told == [
        ("government_fund_by_function", "total", "government_fund", "10.00"),
        ("government_fund_by_function", "212", "government_fund", "10.00"),
        ("state_capital_by_function", "total", "state_capital", "3.00"),
    ]


@pytest.mark.parametrize("said", ["2023年支出10.00万元，比上年增加2.00万元。", "教育支出10.00万元，占100%，与上年持平。"])
def test_what_does_not_say_its_fund_is_held_back(said: str) -> None:
    told = read(FUNDS, said)
    assert (told.lines, told.year_on_year) == ([], [])
    assert [held.clause for held in told.held_back][:1] == [said.partition("，")[0]]


def test_a_heading_inside_that_names_one_fund_decides() -> None:
    told = said_of(FUNDS, "（一）政府性基金预算支出", "2023年支出10.00万元。", "（二）国有资本经营预算支出", "2023年支出3.00万元。")
    assert told == [
        ("government_fund_by_function", "total", "government_fund", "10.00"),
        ("state_capital_by_function", "total", "state_capital", "3.00"),
    ]


BOTH = "（二）按支出结构划分，分为基本支出预算和项目支出预算。"


def test_a_class_below_a_heading_of_both_natures_is_not_taken_for_basic_spending() -> None:
    told = read(BOTH, "1.基本支出预算90.00万元。", "2.项目支出预算20.00万元，其中：", "商品和服务支出预算20.00万元，同比增加2.00万元。")
    assert [(line.code, line.nature, line.amount_text) for line in told.lines] == [(None, "basic", "90.00"), (None, "project", "20.00")]
    assert told.year_on_year == []


def test_the_whole_of_both_natures_is_told() -> None:
    told = said_of("一、支出预算", "（一）基本支出和项目支出情况", "支出预算110.00万元，其中：基本支出90.00万元，项目支出20.00万元。")
    assert [(nature, amount) for _, nature, _, amount in told] == [("total", "110.00"), ("basic", "90.00"), ("project", "20.00")]


def test_a_number_before_a_year_is_no_number_with_decimals() -> None:
    told = said_of(GENERAL, "1.2023年一般公共预算支出9.00万元。")
    assert told == [("general_public_by_function", "total", "general_public", "9.00")]


def test_what_a_heading_leaves_out_is_no_nature_of_its_amounts() -> None:
    assert read_heading("四、一般公共预算基本支出情况(不含项目支出)").nature == "basic"
