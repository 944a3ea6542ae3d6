"""Sentences that say of a whole what stands behind its part, and lists of which not all is known: nothing is given to what it cannot be of.

The sentences are in the wording of schools, clinics and courts that publish a page of text; names and figures are made.
"""

from __future__ import annotations

import pytest

from pipeline.narrative.claims.facts import Narrative
from tests.pipeline.narrative.test_parts_of_wholes import read


def lines(told: Narrative) -> list[tuple[str | None, str | None, str, str]]:
    return [(x.code or x.nature, x.fund, x.measure, x.amount_text) for x in told.lines]


@pytest.mark.parametrize(
    ("carried", "percent", "changed"),
    [
        ("0", "2.3", "total"),  # last year's would have been less than nothing
        ("10.00", "2.3", "total"),
        ("10.00", "110.08", "carryover"),
    ],
)
def test_a_change_after_the_one_part_of_a_list_is_of_what_can_have_changed_so(carried: str, percent: str, changed: str) -> None:
    told = read(
        "一、收入决算情况说明",
        f"本部门2023年度收入总计231.24万元，其中年初结转和结余{carried}万元，较2022年增加5.24万元，增长{percent}%；本年收入合计231.24万元。",
        final=True,
    )
    assert [(c["fund"], str(c["change_amount"])) for c in told.year_on_year] == [(changed, "52400.00")]


@pytest.mark.parametrize(
    ("said", "changed"),
    [
        ("减少20万元，下降40%", ["project"]),
        ("减少20万元（下降40%）", ["project"]),
        ("减少20万元，下降20%", ["total"]),
        ("减少20万元，下降30%", []),
        ("减少20万元", ["total"]),
    ],
)
def test_a_percentage_says_whether_a_change_behind_a_list_is_its_last_part_s(said: str, changed: list[str]) -> None:
    told = read("二、支出预算情况说明", f"2023年支出预算80万元，其中：基本支出50万元、项目支出30万元，比上年{said}。")
    assert [c["nature"] for c in told.year_on_year] == changed
    assert [why for _, why, _ in told.held_back] == ([] if changed else ["a change of a list or of its last part"])


def test_a_percentage_says_it_of_items_and_funds_too() -> None:
    told = read(
        "三、“三公”经费情况说明",
        "2023年“三公”经费预算8万元，其中：公务接待费3万元、公务用车运行维护费5万元，比上年增加1万元，增长25%。",
    )
    assert [(c["code"], str(c["change_amount"])) for c in told.year_on_year] == [("vehicle_operation", "10000.00")]
    told = read("二、收入预算情况说明", "2023年收入预算80万元，其中：一般公共预算拨款50万元、上年结转30万元，较上年增加10万元，增长50%。")
    assert [(c["fund"], str(c["change_amount"])) for c in told.year_on_year] == [("carryover", "100000.00")]


@pytest.mark.parametrize(("percent", "changed"), [("20", ["procurement_total"]), ("40", ["procurement_services"]), ("30", [])])
def test_a_percentage_says_it_of_key_figures_too(percent: str, changed: list[str]) -> None:
    told = read(
        "四、政府采购情况",
        f"2023年政府采购预算总额80万元，其中：政府采购货物预算50万元、政府采购服务预算30万元，比上年减少20万元，下降{percent}%。",
    )
    assert [c["code"] for c in told.year_on_year] == changed


def test_no_change_of_a_part_is_none_of_the_whole() -> None:
    told = read(
        "一、收入决算情况说明",
        "某局2023年度收入合计4312.45万元。其中：财政拨款收入4300.00万元，上级补助收入0.00万元，其他收入12.45万元。与上年相比，"
        "收入合计增加112.45万元，增长2.68%。其中：财政拨款收入增加100.00万元，增长2.38%；上级补助收入减少0.00万元，下降0.00%；"
        "其他收入增加12.45万元，增长100.00%。",
        final=True,
    )
    assert [c["fund"] for c in told.year_on_year] == ["total", "fiscal_appropriation", "superior_subsidy", "other"]


def test_the_rest_of_a_list_that_is_not_known_is_no_function() -> None:
    told = read(
        "三、支出决算情况说明",
        "2023年总支出7778.55万元，其中基本支出7095.35万元。基本支出中医疗业务支出5868.43万元，管理费用1111.10万元，其他支出115.82万元。",
        final=True,
    )
    assert [amount for *_, amount in lines(told)] == ["7778.55", "7095.35"]
    assert ("其他支出115.82万元", "a part of something that is not known") in [held[:2] for held in told.held_back]


def test_words_of_older_accounts_for_totals_and_parts() -> None:
    told = read(
        "二、收支预算总表说明",
        "某局本年度预算总收入为3836.27万元。财政补助收入3831.27万元，其他收入5万元。",
        "支出按类别分：基本支出3571.27万元，其中：人员经费支出2950.9万元，公用经费支出620.37万元。",
    )
    assert lines(told) == [
        ("total", "total", "budget", "3836.27"), ("total", "fiscal_appropriation", "budget", "3831.27"), ("total", "other", "budget", "5"),
        ("basic", "total", "budget", "3571.27"), ("basic_personnel", "total", "budget", "2950.9"),
        ("basic_operating", "total", "budget", "620.37"),
    ]  # fmt: skip


def test_a_heading_that_ends_with_reasons_names_no_unit() -> None:
    told = read("一、2023年度部门预算数据变动情况及原因", "2023年部门预算收支总计3214.50万元，比上年减少1214.50万元，主要原因是项目减少。")
    assert [amount for *_, amount in lines(told)] == ["3214.50", "3214.50"]
