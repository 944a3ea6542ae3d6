"""Lists divided by the nature of spending: its heads, in paragraphs or inside one, say of which nature each item is."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline.narrative.claims.facts import Narrative
from tests.pipeline.narrative.test_sentences import GENERAL, read

WHOLE = (
    "2022年一般公共预算支出90万元，其中：工资福利支出（301）30万元，比上年增加2万元，原因是调资；"
    "商品和服务支出（302）60万元，比上年增加3万元，原因是新增任务。"
)
ECONOMIC = "三、一般公共预算支出按经济分类情况"


def by_nature(told: Narrative) -> list[tuple[str | None, str | None, Decimal]]:
    return [(line.code, line.nature, line.amount / 10000) for line in told.lines if line.code]


@pytest.mark.parametrize("first", ["其中①人员经费：", "其中：①人员经费：", "①人员经费："])
@pytest.mark.parametrize("stop", ["；", "。"])
def test_heads_inside_a_paragraph(first: str, stop: str) -> None:
    parts = (
        f"{first}工资福利支出（301）30万元，比上年增加2万元，原因是调资；商品和服务支出（302）10万元，比上年增加1万元，原因是甲{stop}"
        f"②公用经费：商品和服务支出（302）20万元，比上年减少4万元，原因是乙{stop}③项目支出：商品和服务支出（302）30万元，比上年增加6万元。"
    )
    told = read(ECONOMIC, WHOLE, parts)
    assert by_nature(told) == [
        ("301", "total", 30),
        ("302", "total", 60),
        ("301", "basic_personnel", 30),
        ("302", "basic_personnel", 10),
        ("302", "basic_operating", 20),
        ("302", "project", 30),
    ]
    assert [(row["code"], row["nature"], row["reason"]) for row in told.year_on_year] == [
        ("301", "total", "调资"),
        ("302", "total", "新增任务"),
        ("301", "basic_personnel", "调资"),
        ("302", "basic_personnel", "甲"),
        ("302", "basic_operating", "乙"),
        ("302", "project", None),
    ]
    assert not told.held_back


def test_heads_of_paragraphs_whatever_the_nature() -> None:
    item = "①行政运行（2013201）{}万元，比上年增加1万元；"
    told = read(
        GENERAL,
        "（1）行政运行（2013201）60万元，比上年增加3万元；",
        *("（1）人员经费：" + item.format(30), "（2）公用经费：" + item.format(20), "（3）专项业务经费：" + item.format(10)),
    )
    natures = ["total", "basic_personnel", "basic_operating", "project"]
    assert [line.nature for line in told.lines] == natures
    assert [row["nature"] for row in told.year_on_year] == natures
    assert not told.held_back


LONG = "以下各项均为本部门履行职能和完成年度重点任务所需的支出，按照有关规定编列并依法向社会公开，接受各方面监督。"


def test_a_head_holds_for_its_paragraph_alone() -> None:
    told = read(GENERAL, LONG, "（1）专项业务经费：①行政运行（2013201）10万元。", "行政运行（2013201）60万元。")
    assert by_nature(told) == [("2013201", "project", 10), ("2013201", "total", 60)]


@pytest.mark.parametrize(
    "lists",
    [
        ["（1）人员经费：①行政运行（2013201）30万元；", "（2）某某经费：①行政运行（2013201）20万元；"],
        ["①人员经费：行政运行（2013201）30万元；②某某经费：行政运行（2013201）20万元。"],
    ],
)
def test_under_a_head_that_is_not_understood_beside_natures_nothing_is_published(lists: list[str]) -> None:
    told = read(GENERAL, LONG, *lists)
    assert by_nature(told) == [("2013201", "basic_personnel", 30)]
    assert [held.why for held in told.held_back] == ["a part of something that is not known"]


def test_digits_that_are_no_number_are_told_and_their_change_is_no_others() -> None:
    told = read(
        GENERAL,
        "行政运行（2013201）60万元，比上年增加3万元。具体为：人员经费1,300.50.00万元，比上年增加4万元；公用经费20万元，比上年减少1万元。",
    )
    assert by_nature(told) == [("2013201", "total", 60), ("2013201", "basic_operating", 20)]
    assert [(row["nature"], row["change_amount"]) for row in told.year_on_year] == [("total", 30000), ("basic_operating", -10000)]
    assert [held[:2] for held in told.held_back] == [
        ("人员经费1,300.50.00万元", "digits that are no number"),
        ("比上年增加4万元", "a change of something that is not known"),
    ]


@pytest.mark.parametrize("words", ["上述两个科目不再列示", "以上三项合并编列"])
def test_a_change_of_several_things_named_before_is_not_the_last_ones(words: str) -> None:
    told = read(GENERAL, "行政运行（2013201）60万元，比上年增加3万元。", f"另外，{words}，比上年减少50万元。")
    assert [row["change_amount"] for row in told.year_on_year] == [30000]
    assert [held[:2] for held in told.held_back] == [("比上年减少50万元", "a change of something that is not known")]
