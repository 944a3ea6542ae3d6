"""Reasons that go on behind a full stop, and those that say that nothing changed; what stands behind them and is none."""

from __future__ import annotations

import pytest

from tests.pipeline.narrative.test_given_reasons import EXPENDITURE, reasons
from tests.pipeline.narrative.test_parts_of_wholes import read

CHANGE = "2023年支出预算80万元，比上年增加10万元，增长14.29%。主要原因是"


@pytest.mark.parametrize(
    "reason",
    [
        "一是人员增加。含新招录人员和调入人员。二是项目增加。包括两个新建项目",
        "一是人员增加。二是新增会议费补贴5万元",
        "人员增加。同时，社会保险缴费基数提高，增加支出12万元",
        "两年的统计口径不同。2022年将物业费计入项目支出，2023年计入基本支出",
        "上年度住房补贴并入工资。本年度按要求单独列示，相应支出增加",
        "经认定新增津贴。以前年度列在行政运行（2010301），今年使用此科目",
    ],
)
def test_a_reason_goes_on_in_the_next_sentence(reason: str) -> None:
    assert reasons(read(EXPENDITURE, f"{CHANGE}{reason}。")) == [reason]


@pytest.mark.parametrize(
    "behind",
    [
        "主要用于保障机构运转",
        "此外，本部门无政府性基金预算支出",
        "同时，本单位共有车辆12辆",
        "2023年将进一步压减一般性支出",
        "2022年接待来访20批次，2023年接待18批次",
        "包括基本支出和项目支出",
        "2023年计划完成全部项目",
        "截至2022年底，本部门共有用房两处",
        "本年度支出增加10万元",
    ],
)
def test_a_sentence_of_its_own_is_no_part_of_the_reason(behind: str) -> None:
    assert reasons(read(EXPENDITURE, f"{CHANGE}人员增加。{behind}。")) == ["人员增加"]


def test_a_sentence_that_states_an_amount_ends_the_reason() -> None:
    told = read(EXPENDITURE, f"{CHANGE}人员增加。此外，基本支出50万元，比上年增加2万元，主要原因是工资提高。")
    assert [(row["nature"], row["reason"]) for row in told.year_on_year] == [("total", "人员增加"), ("basic", "工资提高")]


def flat(said: str) -> list[bool]:
    told = read("三、“三公”经费情况说明", f"公务接待费2023年预算数5万元，比上年{said}。")
    return [row["flat"] for row in told.year_on_year]


@pytest.mark.parametrize(
    "said",
    [
        "增加0万元，增长0%，主要原因是与上年持平，无增减变化",
        "减少0.02万元，下降0.4%，主要原因是与上年基本持平",
        "增加0.00万元，主要是与2022年基本持平",
        "增加0万元，主要原因是与上年预算数持平",
    ],
)
def test_a_reason_may_say_that_nothing_changed(said: str) -> None:
    assert flat(said) == [True]


@pytest.mark.parametrize(
    "said",
    [
        "增加3万元，增长150%，主要原因是与上年持平",  # not after such a change
        "增加0.02万元，增长0.4%，主要原因是来访人数与上年持平，标准提高",
        "增加0.02万元，增长0.4%，主要原因是与2021年持平",
        "增加0.02万元，增长0.4%，主要原因是标准提高，来访与上年持平",
        "增加0.02万元，增长0.4%，主要原因是与上年人数持平，标准提高",
        "增加0.2万元，增长4.17%，主要原因是与上年决算数相同",  # of another base
        "增加0.1万元，增长2%，主要原因是保持不变，但物价上涨",
        "预算数增加0.2万元，增长4.17%，主要原因是与上年决算数基本持平",
    ],
)
def test_a_reason_that_says_it_of_something_else_leaves_the_change(said: str) -> None:
    assert flat(said) == [False]


@pytest.mark.parametrize(
    "behind",
    [
        "一是保障机构运转。二是完成重点工作",  # a list of its own
        "三是提升服务水平",
        "二是基本支出50万元。三是项目支出30万元",
        "同时，我局将增加执法力量",
        "同时，公务用车运行维护费减少1万元，主要原因是车辆减少",  # with a reason of its own
        "同时，项目支出减少1万元",  # of another line
        "2022年绩效自评得分为优，2023年目标为良",
        "2022年决算公开后，2023年预算按要求公开",
    ],
)
def test_another_list_a_plan_or_another_reason_is_no_part_of_it(behind: str) -> None:
    assert reasons(read(EXPENDITURE, f"{CHANGE}一是人员增加。{behind}。"))[0] == "一是人员增加"


def test_amounts_that_are_listed_behind_a_reason_are_read() -> None:
    told = read(EXPENDITURE, f"{CHANGE}一是人员增加。二是基本支出50万元。三是项目支出30万元。")
    assert [(line.nature, str(line.amount)) for line in told.lines][-2:] == [("basic", "500000.00"), ("project", "300000.00")]


def test_a_list_without_a_first_item_does_not_go_on() -> None:
    assert reasons(read(EXPENDITURE, f"{CHANGE}人员增加。二是加强队伍建设。")) == ["人员增加"]
