"""Why an amount is not the year's own budget: no table holds it, and it is told; other comparisons are what they were."""

from __future__ import annotations

import pytest

from tests.pipeline.narrative.test_given_reasons import reasons
from tests.pipeline.narrative.test_parts_of_wholes import read

SPENT = "五、一般公共预算财政拨款支出决算情况说明"
OF_OWN_BUDGET = "the reason of a difference from the year's own budget, which no table holds"
ITEM = "1.教育支出（类）普通教育（款）小学教育（项）。年初预算为60万元，支出决算为50万元"


def told(said: str) -> list[tuple[str, str]]:
    return [(clause, why) for clause, _, why in read(SPENT, said, final=True).remarks]


@pytest.mark.parametrize(
    "said",
    [
        "决算数小于预算数的主要原因：人员减少",
        "决算数低于年初预算数的主要原因是项目推迟，资金结转下年",
        "支出决算数与年初预算数存在差异的原因是人员减少",
        "决算数大于全年预算数的主要原因：一是追加预算；二是人员增加",
        "决算数等于预算数的主要原因：按计划执行",
        "2023年度教育支出决算数小于预算数的主要原因：项目推迟",
    ],
)
def test_the_reason_of_a_difference_from_the_own_budget_is_told(said: str) -> None:
    assert told(f"{ITEM}，完成年初预算的83.33%。{said}。") == [(said, OF_OWN_BUDGET)]


def test_so_is_one_behind_how_much_was_spent() -> None:
    said = f"{ITEM}，完成年初预算的83.33%，主要原因是人员减少"
    assert [why for _, why in told(f"{said}。")] == [OF_OWN_BUDGET]


@pytest.mark.parametrize("said", ["决算数小于预算数的主要原因：", "决算数与预算数持平", "决算数小于预算数"])
def test_words_without_a_reason_are_none(said: str) -> None:
    assert told(f"{ITEM}。{said}。") == []


def test_the_reason_of_a_change_on_the_year_before_stays_that() -> None:
    found = read(SPENT, "教育支出（类）50万元，比2022年决算数减少10万元，下降16.67%，主要原因是人员减少。", final=True)
    assert (reasons(found), found.remarks) == (["人员减少"], [])


def test_the_amounts_around_it_are_read() -> None:
    found = read(SPENT, f"{ITEM}。决算数小于预算数的主要原因：人员减少。", "2.卫生健康支出（类）30万元，占20%。", final=True)
    assert [(line.measure, str(line.amount)) for line in found.lines] == [
        ("budget", "600000.00"), ("final", "500000.00"), ("final", "300000.00")
    ]  # fmt: skip


def test_a_budget_that_is_compared_with_the_last_ones_is_not_meant() -> None:
    said = "2023年支出预算80万元，比上年预算数增加10万元，主要原因是人员增加。"
    found = read("二、支出预算情况说明", said)
    assert (reasons(found), found.remarks) == (["人员增加"], [])


def test_of_a_budget_it_is_the_budget_that_changed() -> None:
    said = "2023年收支总预算80万元，比上年增加10万元，增长14.29%。"
    found = read("一、收支预算总体情况说明", f"{said}收支预算增加的主要原因是人员增加。", final=False)
    assert (reasons(found), found.remarks) == (["人员增加"] * 2, [])
    named = read("一、收支预算总体情况说明", f"{said}收入预算和支出预算数增加的主要原因是人员增加。", final=False)
    assert [why for *_, why in named.remarks] != [OF_OWN_BUDGET]


def test_an_amount_behind_the_reason_is_read() -> None:
    found = read(SPENT, "决算数与年初预算数持平的原因是按预算执行，支出决算50万元。", final=True)
    assert [(line.measure, str(line.amount)) for line in found.lines] == [("final", "500000.00")]
