"""其他资金 in sentences: a subtotal of the funds of units, a fund of its own, or one that holds money of the special account too."""

from __future__ import annotations

import pytest

from tests.pipeline.narrative.test_parts_of_wholes import read

REVENUE = "一、收入预算情况说明"
SEVERAL = "an amount of several funds, for which the dataset has no name together"


def funds(*paragraphs: str) -> list[tuple[str, str | None, str]]:
    return [(line.name, line.fund, str(line.amount)) for line in read(REVENUE, *paragraphs).lines]


@pytest.mark.parametrize("name", ["本年其他资金收入", "其他资金收入", "其他资金"])
def test_over_the_funds_of_units_it_is_their_subtotal(name: str) -> None:
    told = funds(
        "2023年收入预算130万元。", "（一）本年财政拨款收入90万元。", f"（二）{name}40万元。", "1.事业收入30万元。", "2.其他收入10万元。"
    )
    assert told[2] == (name, "unit_funds", "400000.00")


@pytest.mark.parametrize("name", ["其他资金收入", "其他资金"])
def test_without_them_it_is_the_fund_that_tables_have(name: str) -> None:
    told = funds("2023年收入预算100万元，其中：", f"1.财政拨款收入90万元。2.财政专户管理资金收入6万元。3.{name}4万元。")
    assert [fund for _, fund, _ in told] == ["total", "fiscal_appropriation", "special_account", "other"]


def test_with_money_of_the_special_account_in_it_no_fund_is_its_name() -> None:
    told = read(
        REVENUE,
        "2023年收入预算130万元。", "（一）本年财政拨款收入90万元。", "（二）本年其他资金收入40万元。",
        "1.财政专户管理资金收入5万元。", "2.事业收入25万元。", "3.其他收入10万元。",
    )  # fmt: skip
    assert [line.fund for line in told.lines] == ["total", "fiscal_appropriation", "special_account", "business", "other"]
    assert [(held.clause, held.why) for held in told.held_back] == [("本年其他资金收入 40万元", SEVERAL)]


def test_an_empty_special_account_leaves_it_what_it_is() -> None:
    told = funds("2023年收入预算130万元。", "（一）本年财政拨款收入90万元。", "（二）本年其他资金收入40万元。",
                 "1.财政专户管理资金收入0万元。", "2.事业收入30万元。", "3.其他收入10万元。")  # fmt: skip
    assert told[2] == ("本年其他资金收入", "unit_funds", "400000.00")


def test_beside_a_larger_fund_of_units_it_is_one_of_its_own() -> None:
    told = funds("2023年收入预算100万元，其中：财政拨款收入70万元，事业收入26万元，其他资金4万元。")
    assert [fund for _, fund, _ in told] == ["total", "fiscal_appropriation", "business", "other"]


def test_what_money_of_the_units_is_called_is_no_rest() -> None:
    assert funds("2023年收入预算100万元，其中：财政拨款收入96万元，单位资金4万元。")[2] == ("单位资金", "unit_funds", "40000.00")


@pytest.mark.parametrize(
    "named", ["事业收入20万元，其他资金20万元", "事业收入10万元，其他资金30万元", "上级补助收入10万元，上年结转5万元，其他资金25万元"]
)
def test_beside_funds_that_make_up_the_total_with_it_it_is_one_of_its_own(named: str) -> None:
    assert funds(f"2023年收入预算100万元，其中：财政拨款收入60万元，{named}。")[-1][1] == "other"


@pytest.mark.parametrize(
    "paragraphs",
    [
        ("2023年收入预算100万元。", "（一）财政拨款60万元。", "（二）其他资金40万元。其中：财政专户管理资金5万元、单位资金35万元。"),
        ("2023年收入预算100万元，其中：财政拨款收入60万元，经营收入10万元，其他收入10万元，其他资金20万元。",),
    ],
)
def test_with_the_special_account_or_other_income_beside_it_it_is_held_back(paragraphs: tuple[str, ...]) -> None:
    told = read(REVENUE, *paragraphs)
    assert "其他资金" not in [line.name for line in told.lines]
    assert any(held.why == SEVERAL for held in told.held_back)


@pytest.mark.parametrize(
    "said",
    [
        "2023年部门预算支出100万元，其中：财政拨款支出80万元，其他资金20万元。",
        "2023年项目支出100万元，其中：财政拨款60万元，其他资金40万元。",
        "2023年支出预算100万元，按资金来源：一般公共预算80万元，其他资金20万元。",
    ],
)
def test_what_spending_is_paid_from_is_no_income(said: str) -> None:
    told = read("二、支出预算情况说明", said)
    assert {line.flow for line in told.lines} == {"expenditure"}
    assert any("其他资金" in held.clause for held in told.held_back)
