"""What a header leaves open, decided by the rows: a part of the total, or a part of one of its parts once more."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from pipeline.budget.line import Line
from pipeline.statements.inference.basic_parts import with_of_which_decided, with_of_which_of_document
from tests.pipeline.statements.paper import page, statements

NATURES = ("total", "basic", "project", "operating")


def row(number: int, *texts: str, natures: Sequence[str] = NATURES, **other: Any) -> list[Line]:
    values: dict[str, Any] = {
        "statement": "expenditure_summary", "statement_no": 1, "source": "table", "flow": "expenditure", "scheme": "function", "level": 3,
        "name": f"第{number}行", "fund": "total", "unit_text": "元", "row": number,
    }  # fmt: skip
    return [
        Line(**(values | {"nature": nature, "amount": Decimal(text), "amount_text": text, "column": column} | other))
        for column, (nature, text) in enumerate(zip(natures, texts, strict=True), 1)
        if text
    ]


def natures(lines: Sequence[Line]) -> list[tuple[str | None, str]]:
    return [(line.nature, line.column_evidence) for line in lines]


def test_spending_that_completes_the_total_is_a_part_of_it() -> None:
    lines = [*row(1, "90", "50", "30", "10"), *row(2, "80", "50", "30", "")]
    lines = with_of_which_decided(lines)
    assert natures(lines)[:4] == [("total", "printed"), ("basic", "printed"), ("project", "printed"), ("operating", "printed")]


def test_spending_that_the_total_holds_already_repeats_a_part() -> None:
    lines = [*row(1, "80", "50", "30", "10"), *row(2, "80", "50", "30", "20")]
    lines = with_of_which_decided(lines)
    assert [pair for pair in natures(lines) if "operating" in str(pair[0])] == [("of_which_operating", "solved")] * 2
    assert [pair for pair in natures(lines) if "operating" not in str(pair[0])] == [
        ("total", "printed"),
        ("basic", "printed"),
        ("project", "printed"),
    ] * 2


def test_rows_that_disagree_decide_nothing() -> None:
    lines = [*row(1, "80", "50", "30", "10"), *row(2, "90", "50", "30", "10")]
    lines = with_of_which_decided(lines)
    assert [line.nature for line in lines if line.column == 4] == ["operating", "operating"]


def test_rows_that_add_up_in_neither_way_decide_nothing() -> None:
    lines = row(1, "70", "50", "30", "10")
    lines = with_of_which_decided(lines)
    assert lines[3].nature == "operating"


def test_a_zero_decides_nothing() -> None:
    lines = row(1, "80", "50", "30", "0")
    lines = with_of_which_decided(lines)
    assert lines[3].nature == "operating"


def test_rounding_does_not_hide_what_repeats() -> None:
    lines = row(1, "8.01", "5.00", "3.00", "1.00")
    lines = with_of_which_decided(lines)
    assert lines[3].nature == "of_which_operating"


@pytest.mark.parametrize("nature", ["operating", "remittance_to_superiors", "subsidy_to_subordinates", "reserve"])
def test_each_further_nature_is_asked_by_itself(nature: str) -> None:
    other = "reserve" if nature != "reserve" else "operating"
    lines = row(1, "82", "50", "30", "10", "2", natures=("total", "basic", "project", nature, other))
    lines = with_of_which_decided(lines)
    assert [line.nature for line in lines] == ["total", "basic", "project", f"of_which_{nature}", other]


def test_funds_of_a_row_are_asked_apart() -> None:
    lines = [*row(1, "80", "50", "30", "10"), *row(1, "9", "5", "3", "1", fund="general_public")]
    lines = with_of_which_decided(lines)
    assert {line.nature for line in lines if line.column == 4} == {"operating"}  # the two rows of funds disagree


def test_revenue_is_not_asked() -> None:
    lines = row(1, "80", "50", "30", "10", flow="revenue")
    lines = with_of_which_decided(lines)
    assert lines[3].nature == "operating"


def test_a_table_without_lines_has_nothing_to_choose() -> None:
    lines: list[Line] = []
    lines = with_of_which_decided(lines)
    assert lines == []


def test_what_a_table_repeats_holds_of_its_torn_off_page_that_prints_noughts_alone() -> None:
    head = ["科目编码", "科目名称", "支出总计", "基本支出", "项目支出", "事业单位经营支出"]
    first = ["2010301", "行政运行", "80.00", "50.00", "30.00", "10.00"]
    torn = ["2010302", "一般行政管理事务", "30.00", "20.00", "10.00", "0.00"]
    other = ["2010303", "机关服务", "60.00", "30.00", "20.00", "10.00"]
    alone = [found for row in (first, torn, other) for found in statements(page("支出总表", "单位：万元", [head, row]))]
    assert [s.lines[3].nature for s in alone] == ["of_which_operating", "operating", "operating"]
    together = with_of_which_of_document(alone)
    assert [s.lines[3].nature for s in together] == ["of_which_operating", "of_which_operating", "operating"]
