"""What heads and closes a table without saying so: departments over their units, totals without a name, titles on two lines."""

from __future__ import annotations

from tests.pipeline.statements.paper import lines, page, statements

UNITS = ["单位名称", "合计", "基本支出", "项目支出"]


def test_a_department_that_is_the_sum_of_its_units_is_no_leaf() -> None:
    rows = [
        UNITS,
        ["清风水务局", "9.00", "5.00", "4.00"],
        ["清风水务局（本级）", "6.00", "3.00", "3.00"],
        ["清风水文站", "3.00", "2.00", "1.00"],
    ]
    found = lines(page("支出总表", "单位：万元", rows), department="清风水务局")
    assert {(line.name, line.is_leaf) for line in found} == {("清风水务局", False), ("清风水务局（本级）", True), ("清风水文站", True)}
    rows[1] = ["清风水务局", "9.00", "5.00", "4.10"]  # one column does not add up: it is a unit like the others
    assert all(line.is_leaf for line in lines(page("支出总表", "单位：万元", rows), department="清风水务局"))


CLOSED = [
    ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
    ["2010301", "行政运行", "6.00", "3.00", "3.00"],
    ["2010302", "一般事务", "3.00", "2.00", "1.00"],
]


def test_a_last_row_without_a_name_is_the_total_if_every_number_adds_up() -> None:
    found = lines(page("支出总表", "单位：万元", [*CLOSED, ["", "", "9.00", "5.00", "4.00"]]))
    assert [(line.level, line.code, line.amount_text, line.nature) for line in found if line.row == 4] == [
        (0, None, "9.00", "total"),
        (0, None, "5.00", "basic"),
        (0, None, "4.00", "project"),
    ]
    assert not any(line.is_leaf for line in found if line.row == 4)


def test_a_last_row_that_does_not_add_up_stays_uncaptured() -> None:
    (statement,) = statements(page("支出总表", "单位：万元", [*CLOSED, ["", "", "9.00", "5.00", "4.10"]]))
    assert {line.row for line in statement.lines} == {2, 3}
    assert statement.amounts_printed - len(statement.lines) == 3


def test_a_title_whose_bracket_closes_on_the_next_line() -> None:
    (statement,) = statements(page("一般公共预算支出明细表（按支出功能分", "类科目-不含上年结转）", "单位：万元", CLOSED))
    assert (statement.kind, statement.title) == ("general_public_by_function", "一般公共预算支出明细表（按支出功能分类科目-不含上年结转）")


def test_a_title_left_hanging_goes_on_in_one_that_could_stand_alone() -> None:
    rows = [["单位名称", "合计", "会议费", "培训费"], ["清风水文站", "3.00", "2.00", "1.00"]]
    (statement,) = statements(page("一般公共预算拨款“三公”经费及", "会议费、培训费支出预算表", "单位：万元", rows))
    assert (statement.kind, statement.title) == ("three_public", "一般公共预算拨款“三公”经费及会议费、培训费支出预算表")
    assert {line.fund for line in statement.lines} == {"general_public"}


def test_of_rows_without_names_only_one_alone_is_the_total() -> None:
    header = ["科目编码", "科目名称", "合计", "基本支出"]
    alone = lines(page("支出总表", "单位：万元", [header, ["", "", "9.00", "9.00"], ["", "", "—", ""]]))
    assert [(line.level, line.name, line.amount_text) for line in alone] == [(0, "", "9.00"), (0, "", "9.00")]
    (several,) = statements(page("支出总表", "单位：万元", [header, ["", "", "9.00", "9.00"], ["", "", "4.00", "4.00"]]))
    assert not several.lines
    assert several.amounts_printed == 4
