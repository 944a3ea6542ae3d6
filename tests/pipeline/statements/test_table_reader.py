"""Whole tables: every printed amount becomes one line that says what, whose, how much and where; what is not a line is counted."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline.accounting.identities import evaluate_identities, with_support
from pipeline.budget.line import Line
from tests.pipeline.statements.paper import ABOVE, LEFT, Rows, grid, lines, page, statements

UNIT = "单位：万元"
HEADER = ["科目编码", "科目名称", "合计", "基本支出", "项目支出"]
BODY = [
    ["", "合计", "9.00", "6.00", "3.00"],
    ["201", "一般公共服务支出", "5.00", "4.00", "1.00"],
    ["20103", "政府办公厅（室）及相关机构事务", "5.00", "4.00", "1.00"],
    ["205", "教育支出", "4.00", "2.00", "2.00"],
]


def expenditure(*rows: list[str], unit: str = UNIT, title: str = "支出总表") -> list[Line]:
    return lines(page(title, unit, [HEADER, *rows]))


def amounts(found: list[Line]) -> list[str]:
    return [line.amount_text for line in found]


# --- amounts -------------------------------------------------------------------------------------------------------


def test_every_amount_is_a_line_with_its_place() -> None:
    (statement,) = statements(page("支出总表", UNIT, [HEADER, *BODY]))
    assert (statement.kind, statement.title, statement.unit_text, statement.number, statement.pages) == (
        "expenditure_summary",
        "支出总表",
        "万元",
        1,
        (1,),
    )
    assert statement.amounts_printed == len(statement.lines) == 12
    assert [(line.row, line.column) for line in statement.lines] == [(row, column) for row in (2, 3, 4, 5) for column in (3, 4, 5)]
    first = statement.lines[0]
    assert (first.statement, first.statement_no, first.statement_title, first.source, first.page) == (
        "expenditure_summary",
        1,
        "支出总表",
        "table",
        1,
    )
    assert {(line.column_evidence, line.amount_evidence, line.measure, line.unit) for line in statement.lines} == {
        ("printed", "printed", "budget", None)
    }


def test_a_line_says_where_its_number_stands() -> None:
    rows = [HEADER, *BODY]
    table = grid(rows, top=100)
    found = lines(page("支出总表", UNIT, table))
    cell = next(c for c in table.cells if (c.row, c.column) == (2, 3))
    line = next(one for one in found if (one.row, one.column) == (3, 4))
    assert cell.text_box is not None
    assert (line.x0, line.y0, line.x1, line.y1) == tuple(cell.text_box)


@pytest.mark.parametrize(
    ("text", "unit", "amount", "printed"),
    [
        ("1,234.56", "单位：万元", "12345600.00", "1,234.56"),
        ("1,234.56", "单位：元", "1234.56", "1,234.56"),
        ("0.123456", "单位：万元", "1234.56", "0.123456"),
        ("12,868.0\n0", "单位：万元", "128680000.00", "12,868.00"),
        ("１２．５０", "单位：万元", "125000.00", "１２．５０"),
        ("-1.74", "单位：万元", "-17400.00", "-1.74"),
        ("△1.74", "单位：万元", "-17400.00", "△1.74"),
        ("(1.74)", "单位：万元", "-17400.00", "(1.74)"),
        ("0.00", "单位：万元", "0.00", "0.00"),
        ("0", "单位：元", "0.00", "0"),
    ],
)
def test_amounts_are_exact_yuan_as_printed(text: str, unit: str, amount: str, printed: str) -> None:
    (line,) = expenditure(["201", "一般公共服务支出", text, "", ""], unit=unit)
    assert (str(line.amount), line.amount_text, line.unit_text) == (amount, printed, unit[-2:].removeprefix("："))


@pytest.mark.parametrize("blank", ["", "-", "—", "——", "/", " "])
def test_a_blank_cell_is_no_line(blank: str) -> None:
    assert amounts(expenditure(["201", "一般公共服务支出", "5.00", "5.00", blank])) == ["5.00", "5.00"]


def test_a_broken_number_is_counted_and_never_mended() -> None:
    (statement,) = statements(page("支出总表", UNIT, [HEADER, ["201", "一般公共服务支出", "1,234.56", "12,34.56", "5.00"]]))
    assert amounts(statement.lines) == ["1,234.56", "5.00"]


def test_an_amount_that_covers_two_rows_is_of_neither_of_them() -> None:
    (found,) = statements(
        page(
            "支出总表",
            UNIT,
            [HEADER, ["201", "一般公共服务支出", "5.00", "5.00", "1.00"], ["205", "教育支出", ABOVE, "4.00", "2.00"]],
        )
    )
    assert [line.amount_text for line in found.lines] == ["5.00", "1.00", "4.00", "2.00"]
    assert found.amounts_printed == 5


def test_whole_yuan_that_look_like_codes_are_amounts() -> None:
    found = expenditure(
        ["", "合计", "503", "301", "202"],
        ["201", "一般公共服务支出", "201", "100", "101"],
        ["205", "教育支出", "302", "201", "101"],
        unit="单位：元",
    )
    assert [str(line.amount) for line in found[3:6]] == ["201.00", "100.00", "101.00"]
    assert [line.code for line in found] == [None, None, None, "201", "201", "201", "205", "205", "205"]


def test_amounts_beside_the_sheet_stand_on_the_next_page() -> None:
    left: Rows = [["科目编码", "科目名称", "合计"], ["", "合计", "12.00"], ["205", "教育支出", "12.00"]]
    right: Rows = [["基本支出", "项目支出"], ["8.00", "4.00"], ["8.00", "4.00"]]
    found = lines(page("支出总表", UNIT, left), page(right, number=2))
    assert [(line.nature, line.amount_text, line.page) for line in found[:3]] == [
        ("total", "12.00", 1),
        ("basic", "8.00", 2),
        ("project", "4.00", 2),
    ]


# --- units of money ------------------------------------------------------------------------------------------------


def test_a_column_may_print_its_own_unit() -> None:
    header = ["科目编码", "科目名称", "合计（元）", "基本支出（万元）"]
    found = lines(page("支出总表", [header, ["201", "一般公共服务支出", "50000.00", "3.00"]]))
    assert [(str(line.amount), line.unit_text) for line in found] == [("50000.00", "元"), ("30000.00", "万元")]


def test_a_column_with_its_own_unit_overrules_the_tables() -> None:
    header = ["科目编码", "科目名称", "合计（元）", "基本支出"]
    found = lines(page("支出总表", UNIT, [header, ["201", "一般公共服务支出", "50000.00", "3.00"]]))
    assert [str(line.amount) for line in found] == ["50000.00", "30000.00"]


def test_each_table_has_its_own_unit() -> None:
    found = lines(page("支出总表", "单位：元", [HEADER, *BODY], "一般公共预算支出表", "单位：万元", [HEADER, *BODY]))
    assert {(line.statement, line.unit_text) for line in found} == {("expenditure_summary", "元"), ("general_public_by_function", "万元")}


def test_without_a_unit_amounts_stay_as_printed_until_one_is_proven() -> None:
    (statement,) = statements(page("支出总表", [HEADER, *BODY]))
    assert statement.unit_text is None
    assert {line.unit_text for line in statement.lines} == {""}
    assert statement.lines[0].amount == Decimal("9.00")


# --- statements ----------------------------------------------------------------------------------------------------


def test_statements_are_numbered_in_order_over_pages() -> None:
    found = statements(
        page(
            "收支总表", UNIT, [["收入", LEFT, "支出", LEFT], ["项目", "预算数", "项目", "预算数"], ["事业收入", "9.00", "教育支出", "9.00"]]
        ),
        page("支出总表", UNIT, [HEADER, *BODY[:2]], number=2),
        page(BODY[2:], number=3),
        page("政府性基金预算支出表", UNIT, [HEADER, ["", "", "", "", ""]], number=4),
    )
    assert [(s.number, s.kind, s.pages, len(s.lines)) for s in found] == [
        (1, "revenue_expenditure_summary", (1,), 2), (2, "expenditure_summary", (2, 3), 12), (3, "government_fund_by_function", (4,), 0),
    ]  # fmt: skip
    assert [line.row for line in found[1].lines[::3]] == [2, 3, 4, 5]
    assert [line.page for line in found[1].lines[::3]] == [2, 2, 3, 3]


def test_column_numbers_printed_on_a_later_page_alone_are_no_amounts() -> None:
    found = lines(page("支出总表", UNIT, [HEADER, *BODY[:2]]), page([HEADER, ["栏次", "", "1", "2", "3"], *BODY[2:]], number=2))
    assert len(found) == 12 and "1" not in amounts(found)


def test_an_empty_statement_is_a_statement_without_lines() -> None:
    (statement,) = statements(page("国有资本经营预算支出表", UNIT, [HEADER, ["", "合计", "", "", ""]]))
    assert (statement.kind, statement.lines, statement.amounts_printed) == ("state_capital_by_function", (), 0)


def test_words_in_a_grid_are_no_statement() -> None:
    assert statements(page("联系方式", [["部门", "电话"], ["办公室", "请来函"]])) == []


def test_performance_targets_are_no_budget_lines() -> None:
    rows: Rows = [["项目名称", "金额", "备注"], ["平台维护", "30.00", "年内完成"], ["数据采购", "12.00", "年内完成"]]
    assert lines(page("项目支出绩效目标表", UNIT, rows)) == []


def test_an_unknown_table_of_amounts_is_other_with_its_amounts() -> None:
    rows: Rows = [["项目名称", "预算数", "备注"], ["平台维护", "30.00", "甲"], ["数据采购", "12.00", "乙"]]
    (statement,) = statements(page("其他资料", UNIT, rows))
    assert (statement.kind, amounts(statement.lines)) == ("other", ["30.00", "12.00"])


def test_without_a_title_a_total_may_be_of_one_fund_or_nature_only() -> None:
    header = [["科目名称", "合计", "政府性基金预算", LEFT], [ABOVE, ABOVE, "小计", "项目支出"]]
    table = [*header, ["教育支出", "30.00", "12.00", "9.00"]]
    untitled = lines(page("其他资料", UNIT, table))
    assert [(line.fund, line.nature) for line in untitled] == [(None, None), (None, None), ("government_fund", "project")]
    assert [line.column_evidence for line in untitled] == ["ambiguous", "ambiguous", "printed"]
    titled = lines(page("支出总表", UNIT, table))
    assert [(line.fund, line.nature) for line in titled] == [
        ("total", "total"),
        ("government_fund", "total"),
        ("government_fund", "project"),
    ]


def test_the_rows_codes_correct_a_title_that_leaves_the_classification_open() -> None:
    economic = lines(page("一般公共预算支出表", UNIT, [HEADER, ["301", "工资福利支出", "5.00", "5.00", ""]]))
    assert {(line.statement, line.scheme) for line in economic} == {("general_public_by_economic", "department_economic")}
    function = lines(page("一般公共预算基本支出表", UNIT, [HEADER[:3], ["2010301", "行政运行", "5.00"]]))
    assert {(line.statement, line.scheme, line.nature, line.fund) for line in function} == {
        ("basic_expenditure", "function", "basic", "general_public")
    }


# --- whose -----------------------------------------------------------------------------------------------------------


def test_lines_of_the_department_name_no_unit() -> None:
    found = lines(page("支出总表", "编制单位：清风数据局", UNIT, [HEADER, *BODY]))
    assert {line.unit for line in found} == {None}


def test_a_table_of_a_unit_names_it() -> None:
    found = lines(page("支出总表", "编制单位：清风数据中心", UNIT, [HEADER, *BODY]))
    assert {line.unit for line in found} == {"清风数据中心"}


def test_one_set_of_statements_for_each_unit() -> None:
    found = statements(
        page("支出总表", "编制单位：清风数据局", UNIT, [HEADER, *BODY]),
        page("支出总表", "编制单位：清风数据中心", UNIT, [HEADER, *BODY], number=2),
    )
    assert [(s.number, {line.unit for line in s.lines}) for s in found] == [(1, {None}), (2, {"清风数据中心"})]


# --- leaves --------------------------------------------------------------------------------------------------------


def leaves(found: list[Line]) -> list[str]:
    return [line.name for line in found if line.is_leaf]


def test_the_finest_rows_are_the_leaves() -> None:
    found = expenditure(*BODY)
    assert leaves(found[::3]) == ["政府办公厅（室）及相关机构事务", "教育支出"]
    assert sum(line.amount for line in found if line.is_leaf and line.nature == "total") == 90_000


def test_the_finest_three_public_items_are_the_leaves() -> None:
    header = [
        ["合计", "因公出国（境）费", "公务接待费", "公务用车购置及运行费", LEFT, LEFT],
        [ABOVE, ABOVE, ABOVE, "小计", "公务用车购置费", "公务用车运行费"],
    ]
    found = lines(page("“三公”经费预算表", UNIT, [*header, ["63.00", "30.00", "5.00", "28.00", "18.00", "10.00"]]))
    assert [line.code for line in found if line.is_leaf] == ["abroad", "reception", "vehicle_purchase", "vehicle_operation"]


def test_a_total_alone_is_its_own_leaf() -> None:
    assert leaves(expenditure(["", "合计", "9.00", "", ""])) == ["合计"]


def test_the_finest_revenue_items_are_the_leaves() -> None:
    rows: Rows = [
        ["收入", LEFT, "支出", LEFT],
        ["项目", "预算数", "项目", "预算数"],
        ["一、财政拨款收入", "6.00", "教育支出", "9.00"],
        ["（一）一般公共预算", "5.00", "", ""],
        ["（二）政府性基金预算", "1.00", "", ""],
        ["二、事业收入", "2.00", "", ""],
        ["三、其他收入", "1.00", "", ""],
        ["收入总计", "9.00", "支出总计", "9.00"],
    ]
    found = [line for line in lines(page("收支总表", UNIT, rows)) if line.flow == "revenue"]
    assert leaves(found) == ["一般公共预算", "政府性基金预算", "事业收入", "其他收入"]


def test_projects_below_their_group_are_the_leaves() -> None:
    rows: Rows = [["项目名称", "合计"], ["合计", "9.00"], ["信息化", "5.00"], ["平台维护", "2.00"], ["数据采购", "3.00"], ["会务", "4.00"]]
    found = lines(page("项目支出表", UNIT, rows))
    assert leaves(found) == ["平台维护", "数据采购", "会务"]
    assert {line.scheme for line in found[1:]} == {"project"} and {line.nature for line in found} == {"project"}


PURCHASE_HEADER = [
    ["科目编码", LEFT, LEFT, "单位编码", "采购项目", "采购目录", "部门预算支出经济科目编码", LEFT, "预算金额"],
    ["类", "款", "项", ABOVE, ABOVE, ABOVE, "类", "款", ABOVE],
]


def purchases(*rows: list[str]) -> list[Line]:
    return lines(page("政府采购预算表", UNIT, [*PURCHASE_HEADER, ["", "", "", "", "合计", "", "", "", "9.00"], *rows]))


def test_items_of_a_purchase_list_belong_to_the_unit_above_and_have_its_economic_codes() -> None:
    found = purchases(
        ["201", "03", "01", "253001", "清风数据中心", "", "", "", "5.00"],
        ["201", "03", "01", "", "办公设备", "家具", "310", "02", "2.00"],
        ["201", "03", "01", "", "物业", "服务", "302", "09", "3.00"],
        ["205", "08", "03", "253002", "清风档案馆", "", "", "", "4.00"],
        ["205", "08", "03", "", "培训", "服务", "302", "16", "4.00"],
    )
    assert [(line.scheme, line.code, line.name, line.unit, line.department_economic_code, line.is_leaf) for line in found] == [
        ("procurement_item", None, "合计", None, None, False),
        ("unit", "253001", "清风数据中心", None, None, False),
        ("procurement_item", None, "家具", "清风数据中心", "31002", True),
        ("procurement_item", None, "服务", "清风数据中心", "30209", True),
        ("unit", "253002", "清风档案馆", None, None, False),
        ("procurement_item", None, "服务", "清风档案馆", "30216", True),
    ]


def test_a_unit_s_code_beside_items_makes_them_no_units() -> None:
    found = purchases(
        ["201", "03", "01", "253001", "办公设备", "家具", "310", "02", "2.00"],
        ["201", "03", "01", "", "物业", "服务", "302", "09", "3.00"],
        ["201", "03", "01", "", "培训", "服务", "302", "16", "4.00"],
    )
    assert {line.scheme for line in found} == {"procurement_item"}
    assert [(line.name, line.project) for line in found] == [("合计", None), ("家具", "办公设备"), ("服务", "物业"), ("服务", "培训")]


# --- totals without a label ----------------------------------------------------------------------------------------


def test_a_total_printed_twice_without_a_label_is_a_line_too() -> None:
    found = expenditure(["", "", "9.00", "6.00", "3.00"], *BODY)
    assert len(found) == 15
    assert [(line.level, line.name, line.amount_text, line.row) for line in found if not line.name] == [
        (0, "", "9.00", 2), (0, "", "6.00", 2), (0, "", "3.00", 2),
    ]  # fmt: skip


def test_a_total_without_a_label_in_a_table_without_a_unit() -> None:
    (statement,) = statements(page("支出总表", [HEADER, ["", "", "9.00", "6.00", "3.00"], *BODY]))
    assert [line.amount_text for line in statement.lines if not line.name] == ["9.00", "6.00", "3.00"]
    assert {line.unit_text for line in statement.lines} == {""}


def test_a_department_over_its_units_in_a_table_without_a_unit() -> None:
    header = ["单位名称", "合计", "公务接待费"]
    rows: Rows = [header, ["清风数据局", "5.00", "5.00"], ["清风数据中心", "3.00", "3.00"], ["清风档案馆", "2.00", "2.00"]]
    found = lines(page("“三公”经费支出表", rows))
    assert [line.unit for line in found if line.code == "reception"] == [None, "清风数据中心", "清风档案馆"]


def test_numbers_without_a_label_that_are_no_total_are_counted_not_published() -> None:
    (statement,) = statements(page("支出总表", UNIT, [HEADER, ["", "", "8.00", "6.00", "2.00"], *BODY]))
    assert (statement.amounts_printed, len(statement.lines)) == (15, 12)


def test_numbers_with_one_comma_are_amounts() -> None:
    body = [[*row[:2], *(f"{cell[0]}28138,600.00" for cell in row[2:])] for row in BODY]
    (statement,) = statements(page("支出总表", "单位：元", [HEADER, *body]))
    assert [line.amount for line in statement.lines[:3]] == [Decimal("928138600"), Decimal("628138600"), Decimal("328138600")]
    assert statement.amounts_printed == len(statement.lines) == 12


def test_a_unit_in_a_cell_counts_for_this_cell() -> None:
    body = [[*BODY[0][:2], "90000.00元", "6.00", "3.00万元"], *BODY[1:]]
    (statement,) = statements(page("支出总表", UNIT, [HEADER, *body]))
    assert [(line.amount, line.unit_text) for line in statement.lines[:3]] == [
        (Decimal("90000.00"), "元"),
        (Decimal("60000.00"), "万元"),
        (Decimal("30000.00"), "万元"),
    ]
    assert statement.amounts_printed == len(statement.lines) == 12


@pytest.mark.parametrize("text", ["12,50", "1.2.3", "4.0O", "约4.00", "1,2345"])
def test_digits_in_an_amount_column_that_are_no_number_are_printed_and_not_captured(text: str) -> None:
    body = [*BODY[:3], ["205", "教育支出", text, "2.00", "2.00"]]
    (statement,) = statements(page("支出总表", UNIT, [HEADER, *body]))
    assert (statement.amounts_printed, len(statement.lines)) == (12, 11)


@pytest.mark.parametrize("text", ["", "-", "无"])
def test_a_cell_without_digits_prints_no_number(text: str) -> None:
    body = [*BODY[:3], ["205", "教育支出", text, "2.00", "2.00"]]
    (statement,) = statements(page("支出总表", UNIT, [HEADER, *body]))
    assert statement.amounts_printed == len(statement.lines) == 11


def test_a_note_across_the_table_prints_no_number() -> None:
    note = ["注：本部门2025年无政府性基金预算，故本表第3栏为空。", LEFT, LEFT, LEFT, LEFT]
    (statement,) = statements(page("支出总表", UNIT, [HEADER, *BODY, note]))
    assert statement.amounts_printed == len(statement.lines) == 12


# --- readings that a header leaves open ----------------------------------------------------------------------------


def test_rows_decide_whether_a_column_repeats_a_part() -> None:
    header = [*HEADER, "事业单位经营支出"]
    repeats = lines(page("支出总表", UNIT, [header, ["205", "教育支出", "9.00", "6.00", "3.00", "2.00"]]))
    completes = lines(page("支出总表", UNIT, [header, ["205", "教育支出", "11.00", "6.00", "3.00", "2.00"]]))
    assert (repeats[-1].nature, repeats[-1].column_evidence) == ("of_which_operating", "solved")
    assert (completes[-1].nature, completes[-1].column_evidence) == ("operating", "printed")


# --- all of it -----------------------------------------------------------------------------------------------------


def test_a_document_that_adds_up_passes_every_identity_that_it_prints() -> None:
    summary: Rows = [
        ["收入", LEFT, "支出", LEFT],
        ["项目", "预算数", "项目", "预算数"],
        ["一、一般公共预算拨款收入", "8.00", "一、一般公共服务支出", "5.00"],
        ["二、事业收入", "1.00", "二、教育支出", "4.00"],
        ["收入总计", "9.00", "支出总计", "9.00"],
    ]
    revenue: Rows = [
        ["科目编码", "科目名称", "合计", "一般公共预算拨款收入", "事业收入"],
        ["", "合计", "9.00", "8.00", "1.00"],
        ["201", "一般公共服务支出", "5.00", "5.00", ""],
        ["205", "教育支出", "4.00", "3.00", "1.00"],
    ]
    public: Rows = [
        HEADER,
        ["", "合计", "8.00", "6.00", "2.00"],
        ["201", "一般公共服务支出", "5.00", "4.00", "1.00"],
        ["205", "教育支出", "3.00", "2.00", "1.00"],
    ]
    economic: Rows = [
        ["科目编码", "科目名称", "合计", "人员经费", "公用经费"],
        ["", "合计", "6.00", "5.00", "1.00"],
        ["301", "工资福利支出", "5.00", "5.00", ""],
        ["302", "商品和服务支出", "1.00", "", "1.00"],
        ["30217", "公务接待费", "1.00", "", "1.00"],
    ]
    found = statements(
        page("收支总表", UNIT, summary),
        page("收入总表", UNIT, revenue, number=2),
        page("支出总表", UNIT, [HEADER, *BODY], number=3),
        page(
            "财政拨款收支总表",
            UNIT,
            [*summary[:2], ["一般公共预算", "8.00", "教育支出", "8.00"], ["收入总计", "8.00", "支出总计", "8.00"]],
            number=4,
        ),
        page("一般公共预算支出表", UNIT, public, number=5),
        page("一般公共预算基本支出表", UNIT, economic, number=6),
        page(
            "“三公”经费预算表",
            UNIT,
            [["合计", "因公出国（境）费", "公务接待费", "公务用车购置及运行费"], ["1.00", "", "1.00", ""]],
            number=7,
        ),
        page("政府性基金预算支出表", UNIT, [HEADER, ["", "", "", "", ""]], number=8),
    )
    every = [line for statement in found for line in statement.lines]
    tried = evaluate_identities(every, [(s.number, s.kind, s.title) for s in found])
    assert [t for t in tried if t.outcome == "fail"] == []
    assert {t.equation.check_id for t in tried if t.outcome == "pass"} >= {"H1", "H2", "R1", "R2", "B1", "X1", "X2", "X3", "T1", "T2"}
    assert sum(s.amounts_printed for s in found) == len(every)
    unproven = [line for line in with_support(every, tried) if not line.proofs]
    assert {line.statement for line in unproven} == {"three_public"}  # one item, printed twice


@pytest.mark.parametrize("unit", [UNIT, "部门：教育局"])
def test_the_number_of_a_seal_in_an_empty_cell_is_no_amount_but_counts_as_printed(unit: str) -> None:
    rows = [*BODY[:-1], ["205", "教育支出", "4.00", "2.00", "5108002023001"]]
    (statement,) = statements(page("支出总表", unit, [HEADER, *rows]))
    assert "5108002023001" not in amounts(statement.lines)
    assert statement.amounts_printed == 12


# --- where the unit of money is printed ----------------------------------------------------------------------------


def test_each_amount_says_where_its_unit_is_printed() -> None:
    header = ["科目编码", "科目名称", "合计（万元）", "项目支出"]
    found = lines(page("支出总表", UNIT, [header, ["201", "一般公共服务支出", "9.00", "3.00万元"], ["205", "教育支出", "8.00", "2.00"]]))
    assert [(line.unit_text, line.unit_evidence) for line in found] == [
        ("万元", "header"), ("万元", "amount"), ("万元", "header"), (UNIT.removeprefix("单位："), "table"),
    ]  # fmt: skip


@pytest.mark.parametrize(("mark", "unit"), [("单位：万元", "万元"), ("金额单位：元", "元"), ("项目", None)])
def test_a_unit_over_the_labels_of_the_rows_is_the_tables(mark: str, unit: str | None) -> None:
    rows = [[mark, "2022年", "2023年"], ["教育支出", "4.00", "5.00"], ["农林水支出", "1.00", "2.00"]]
    (found,) = statements(page("一般公共预算支出表", rows))
    assert found.unit_text == unit
    assert {(line.unit_text, line.measure) for line in found.lines} == {(unit or "", "prior_year"), (unit or "", "budget")}
