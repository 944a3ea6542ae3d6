"""Quotations begin and end where a clause does, and never inside a number."""

from __future__ import annotations

import re

import pytest

from pipeline.narrative.text.quotations import begin_of_quotation, shortened

LONG = "用于保障全市各级单位开展日常巡查以及跨区域联合检查等各项常规工作"


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("一般性支出预算90万元", "一般性支出预算90万元"),
        (f"{LONG},安排甲项目16,483.25元,主要包括:日常巡查工作3,120.40万元", "主要包括:日常巡查工作3,120.40万元"),
        (f"{LONG},收费标准6.50元/吨(某发〔2015〕88号),收入预计170000万元", "收入预计170000万元"),
        (f"年初安排1,200.50万元,{LONG}700万元", f"{LONG}700万元"),  # the clause is longer than what is usually quoted
        (f"{LONG},A、B、C共3类,90万元", "A、B、C共3类,90万元"),  # a clause of its own says nothing
    ],
)
def test_a_number_is_quoted_with_the_clauses_before_it(text: str, quoted: str) -> None:
    start = [m.start() for m in re.finditer(r"(?<![\d.,])\d", text)][-1]
    assert text[begin_of_quotation(text, start) :] == quoted


def test_no_quotation_begins_or_ends_inside_a_number() -> None:
    text = "无标点的一长串文字" * 9 + "1,234,567.89元" * 12 + "之后安排5万元"
    start = text.rindex("5万元")
    for more in range(20):
        begin = begin_of_quotation("字" * more + text, start + more) - more
        assert not re.match(r"[\d.,]元?[\d.,元]", text[begin - 1 :]) or text[begin - 1] == "元"
    for longest in range(90, 140):
        cut = shortened(text, longest)
        assert len(cut) <= longest and cut.endswith("…")
        assert not re.search(r"[\d.,]$", cut[:-1]) or text[len(cut) - 1] not in "0123456789.,元"


def test_what_is_short_enough_is_not_cut() -> None:
    assert shortened("其他99.99万元整", 9) == "其他…"
    assert shortened("其他99.99万元", 9) == "其他99.99万元"
    assert shortened("预算10万元,其中甲7万元,乙3万元", 14) == "预算10万元,其中甲7万元…"
    assert shortened("预算10万元,其中甲7万元,乙3万元", 16) == "预算10万元,其中甲7万元…"
