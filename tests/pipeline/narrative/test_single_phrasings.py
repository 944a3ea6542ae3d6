"""Wordings that single places use: counts in Han numerals, a reason of the other sign than its change."""

from __future__ import annotations

import pytest

from tests.pipeline.narrative.test_sentences import read


@pytest.mark.parametrize(
    ("said", "units"),
    [
        ("本部门是正局级机构，下设一个预算单位。", [1]),
        ("本部门下设两家二级预算单位。", [2]),
        ("本部门共有三个基层预算单位。", [3]),
        ("本部门没有一个预算单位。", []),
        ("本部门作为一个预算单位管理。", []),
        ("每一个预算单位均应公开。", []),
    ],
)
def test_units_are_counted_in_han_numerals_too(said: str, units: list[int]) -> None:
    told = read("一、部门机构设置", said)
    assert [figure["value"] for figure in told.key_figures] == units


def test_a_reason_of_the_other_sign_than_the_change_is_told() -> None:
    told = read(
        "二、“三公”经费情况", "1.公务接待费。2022年预算数6万元，比上年增加0万元。2022年公务接待费预算数比2021年减少的主要原因是厉行节约。"
    )  # fmt: skip
    assert [row["reason"] for row in told.year_on_year] == [None]
    assert ["厉行节约" in said[0] for said in told.remarks] == [True]


def test_money_of_another_levels_treasury_is_no_appropriation_of_the_own() -> None:
    told = read("一、收入预算情况说明", "2022年收入预算90万元，其中：一般公共预算拨款收入70万元，非同级财政拨款收入20万元，投资收益0万元。")
    assert [(line.name, line.fund) for line in told.lines] == [
        ("收入预算", "total"),
        ("一般公共预算拨款收入", "general_public"),
        ("非同级财政拨款收入", "other"),
    ]


@pytest.mark.parametrize("said", ["人员及公用经费", "人员和公用经费", "人员经费、公用经费", "人员经费和公用支出"])
def test_both_parts_of_basic_spending_at_once_are_all_of_it(said: str) -> None:
    told = read("三、一般公共预算支出情况说明", f"2022年一般公共预算支出30万元，其中：{said}20万元，项目支出10万元。")
    assert [(line.name, line.nature) for line in told.lines] == [("一般公共预算支出", "total"), (said, "basic"), ("项目支出", "project")]
