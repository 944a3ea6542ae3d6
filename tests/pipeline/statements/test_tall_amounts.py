"""Amounts whose cells begin in the last row of a header."""

from __future__ import annotations

from tests.pipeline.statements.paper import ABOVE, LEFT, lines, page

HEAD = [
    ["“三公”经费合计", LEFT, "公务用车购置及运行费", LEFT, "公务接待费", LEFT, "机关运行经费决算数"],
    ["预算数", "决算数", "预算数", "决算数", "预算数", "决算数", "45.10"],
]


def test_an_amount_beside_the_last_row_of_a_header_is_of_the_row_that_its_cell_reaches() -> None:
    body = ["16.00", "9.00", "12.00", "8.00", "4.00", "1.00", ABOVE]
    found = lines(page("“三公”经费及机关运行经费支出决算表", "单位：万元", [*HEAD, body]), kind="final_account")
    assert [(line.code, line.measure, line.amount_text) for line in found] == [
        ("total", "budget", "16.00"),
        ("total", "final", "9.00"),
        ("vehicles", "budget", "12.00"),
        ("vehicles", "final", "8.00"),
        ("reception", "budget", "4.00"),
        ("reception", "final", "1.00"),
        ("agency_operating", "final", "45.10"),
    ]
    assert {line.row for line in found} == {3}


def test_an_amount_over_two_rows_of_a_body_leaves_the_header_where_it_ends() -> None:
    rows = [
        ["项目", "类别", "本年预算数", "上年预算数"],
        ["基本支出", "合计", "12.00", "7.00"],
        [ABOVE, "小计", ABOVE, "5.00"],
    ]
    found = lines(page("支出总表", "单位：万元", rows))
    assert "7.00" in {line.amount_text for line in found}
