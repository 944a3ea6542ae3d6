"""An amount in a cell over several columns or rows is given to one of them only where the sums leave no other."""

from __future__ import annotations

import time

import pytest

from tests.pipeline.statements.paper import ABOVE, LEFT, lines, page, statements

TITLE, UNIT = "一般公共预算支出表", "单位：万元"
PARTS = [
    ["科目编码", "科目名称", "合计", "基本支出", LEFT, "项目支出"],
    [ABOVE, ABOVE, ABOVE, "人员经费", "公用经费", ABOVE],
]
TOTAL = ["", "合计", "30.00", "20.00", "4.00", "6.00"]
GROUP = ["21303", "水利", "30.00", "20.00", "4.00", "6.00"]


def _read(*rows: list[str]) -> tuple[list[tuple[str | None, int, str, str]], int]:
    (found,) = statements(page(TITLE, UNIT, [*PARTS, *rows]))
    said = [(line.code, line.column, line.nature or "", line.column_evidence) for line in found.lines]
    return said, found.amounts_printed - len(found.lines)


def test_an_amount_over_two_parts_is_of_neither_of_them() -> None:
    said, held = _read(
        TOTAL, GROUP, ["2130301", "行政运行", "24.00", "24.00", LEFT, ""], ["2130305", "水利工程建设", "6.00", "", "", "6.00"]
    )
    assert held == 1
    assert [column for code, column, *_ in said if code == "2130301"] == [3]


@pytest.mark.parametrize(("personnel", "operating", "column"), [("24.00", "", 4), ("", "24.00", 5)])
def test_an_amount_that_only_one_column_adds_up_with_is_of_that_one(personnel: str, operating: str, column: int) -> None:
    above = ["30.00", personnel, operating, "6.00"]
    wide = ["2130301", "行政运行", "24.00", "24.00", LEFT, ""]
    said, held = _read(["", "合计", *above], ["21303", "水利", *above], wide, ["2130305", "水利工程建设", "6.00", "", "", "6.00"])
    assert held == 0
    assert [row for row in said if row[0] == "2130301"] == [
        ("2130301", 3, "total", "printed"),
        ("2130301", column, "basic_personnel" if column == 4 else "basic_operating", "solved"),
    ]


def test_without_a_sum_down_the_rows_nothing_tells_the_column() -> None:
    said, held = _read(["2130301", "行政运行", "24.00", "24.00", LEFT, ""])
    assert held == 1
    assert said == [("2130301", 3, "total", "printed")]


def test_more_wide_cells_than_ways_can_be_tried_stand_at_the_right_where_the_sums_agree() -> None:
    rows = [[f"21303{n:02}", f"第{n}项", f"{n}.00", f"{n}.00", LEFT, ""] for n in range(1, 9)]
    own = ["36.00", "", "36.00", ""]
    said, held = _read(["", "合计", *own], ["21303", "水利", *own], *rows)
    assert held == 0
    assert {column for code, column, *_ in said if code and len(code) == 7} == {3, 5}


def test_columns_that_say_the_same_are_one_column() -> None:
    rows = [["科目编码", "科目名称", "合计", LEFT], [*TOTAL[:3], LEFT], [*GROUP[:3], LEFT], ["2130301", "行政运行", "24.00", LEFT]]
    assert {(line.column, line.nature, line.column_evidence) for line in lines(page(TITLE, UNIT, rows))} == {(3, "total", "printed")}


def test_an_amount_over_two_rows_is_of_the_one_that_the_sums_leave() -> None:
    header, above = ["科目编码", "科目名称", "合计", "项目支出"], [["213", "农林水支出", "5.00", "5.00"], ["21303", "水利", "5.00", "5.00"]]
    wide = ["2130305", "水利工程建设", "5.00", "5.00"]
    for below, whose in ((["221", "住房保障支出", ABOVE, "6.00"], "2130305"), (["2130311", "水资源节约管理与保护", ABOVE, ""], None)):
        (found,) = statements(page("支出总表", UNIT, [header, *above, wide, below]))
        assert next((line.code for line in found.lines if line.column_evidence == "solved"), None) == whose
        assert found.amounts_printed - len(found.lines) == (0 if whose else 1)


def test_an_amount_beside_a_name_that_goes_over_the_same_rows_is_the_names() -> None:
    rows = [
        ["项目名称", "项目内容", "预算数"],
        ["灌区续建配套", "渠道衬砌", "60.00"],
        [ABOVE, "闸门更新", ABOVE],
        ["河道巡查", "巡查", "11.50"],
    ]
    assert [line.amount_text for line in lines(page("项目支出预算表", UNIT, rows))] == ["60.00", "11.50"]


def test_a_row_that_numbers_columns_parts_none_that_no_other_row_parts() -> None:
    wide = [[*row[:2], row[2], LEFT] for row in (TOTAL, GROUP, ["2130301", "行政运行", "30.00"])]
    rows = [["科目编码", "科目名称", "合计", LEFT], ["栏次", LEFT, "1", ""], *wide]
    found = lines(page(TITLE, UNIT, rows))
    assert [(line.column, line.amount_text, line.column_evidence) for line in found] == [(3, "30.00", "printed")] * 3


def test_hundreds_of_wide_cells_are_held_back_in_little_time() -> None:
    rows = [["科目编码", "科目名称", "基本支出", "项目支出"]]
    rows += [[f"201{n // 99 + 1:02}{n % 99 + 1:02}", f"事项{n}", "5.00", LEFT] for n in range(800)]
    started = time.process_time()
    (found,) = statements(page("支出总表", UNIT, [*rows, ["", "合计", "0.00", "4000.00"]]))
    assert found.amounts_printed - len(found.lines) == 800
    assert time.process_time() - started < 5
