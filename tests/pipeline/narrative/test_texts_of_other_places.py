"""Ways of writing that places outside the corpus have: a unit cut short, a line that ends in 其中：, a text that begins in the middle."""

from __future__ import annotations

import pytest

from pipeline.document.content import Content, Page, TextLine
from pipeline.narrative.text.paragraphs import paragraphs
from tests.pipeline.narrative.test_phrasings import THREE, Told, changes, read

ALL = "一、收入支出决算总体情况说明"


def test_an_amount_to_the_cent_whose_unit_ends_in_wan_is_money_in_wanyuan() -> None:
    told = read(THREE, "公务用车运行维护费7.00万元，公务接待费0.60万（含外宾接待），比上年增加0.20万元。", final=True)
    assert [(line.code, line.amount_text, line.unit_text) for line in told.lines] == [
        ("vehicle_operation", "7.00", "万元"),
        ("reception", "0.60", "万元"),
    ]
    assert changes(told) == [Told("reception", "0.2")]


@pytest.mark.parametrize("said", ["接待群众3.2万", "接待群众3万", "植树面积4.15万"])
def test_ten_thousands_of_what_is_not_said_are_held_back_and_what_follows_is_of_nothing_before(said: str) -> None:
    told = read(THREE, f"公务接待费0.60万元，{said}，比上年增加1.00万元。", final=True)
    assert [line.code for line in told.lines] == ["reception"]
    assert [held.clause for held in told.held_back] == [said, "比上年增加1.00万元"]
    assert changes(told) == []


@pytest.mark.parametrize("said", ["公务接待3.25万人次", "绿地4.15万平方米"])
def test_ten_thousands_of_something_are_no_money(said: str) -> None:
    told = read(THREE, f"公务接待费0.60万元，{said}。", final=True)
    assert [line.code for line in told.lines] == ["reception"]
    assert told.held_back == []


FULL = "本年度财政拨款安排用于保障单位日常运转与完成各项业务。"


@pytest.mark.parametrize(
    ("line", "following", "goes_on"),
    [
        ("机关事业单位基本养老保险缴费支出15.04万元，其中：", "基本支出15.04万元，项目支出0万元。", True),
        ("机关事业单位基本养老保险缴费支出15.04万元。其中：", "基本支出15.04万元，项目支出0万元。", False),
        ("机关事业单位基本养老保险缴费支出15.04万元，其中：", "1.基本支出15.04万元，项目支出0万元。", False),
        ("支出15.04万元，其中：", "基本支出15.04万元，项目支出0万元。", False),
    ],
)
def test_a_full_line_that_ends_in_of_which_within_a_sentence_goes_on(line: str, following: str, goes_on: bool) -> None:
    lines = map(TextLine, (FULL, line, following))
    found = paragraphs(Content("lines", "text", (Page(1, 0, 0, tuple(lines)),)))
    assert (found[-1].text != following) is goes_on


def test_amounts_by_the_full_names_of_codes_are_held_back_though_no_heading_says_where_they_stand() -> None:
    told = read("机关事业单位基本养老保险缴费支出15.04万元，全部是基本支出。", "全年植树支出2.00万元。", ALL, "2023年收入总计9.00万元。")
    assert [held.clause for held in told.held_back] == ["机关事业单位基本养老保险缴费支出15.04万元"]
    assert [line.amount_text for line in told.lines] == ["9.00"]


def test_a_class_is_named_with_its_level_behind_it() -> None:
    told = read("二、支出预算总体情况说明", "（一）教育支出类科目85.00万元，占支出总预算85%，同比减少5.00万元。")
    assert [(line.code, line.amount_text) for line in told.lines] == [("205", "85.00")]
    assert changes(told) == [Told("205", "-5")]


def test_a_reason_ends_where_it_is_said_what_the_money_is_for() -> None:
    told = read(
        THREE, "公务接待费2.00万元，比上年减少1.00万元，下降原因主要是厉行节约，该项经费主要用于公务往来；公务用车运行维护费3.00万元。"
    )
    assert changes(told) == [Told("reception", "-1", reason="厉行节约")]
    assert [line.code for line in told.lines] == ["reception", "vehicle_operation"]
