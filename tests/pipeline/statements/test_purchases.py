"""Lists of purchases: named by what is bought in the catalogue's words, with their project, function and economic codes beside it."""

from __future__ import annotations

import pytest

from pipeline.budget.line import Line
from tests.pipeline.statements.paper import ABOVE, LEFT, Rows, lines, page, statements

TITLE, UNIT = "政府采购预算表", "单位：元"
CODED: Rows = [
    ["科目编码", LEFT, LEFT, "采购项目", "采购目录", "数量", "部门预算支出", LEFT, "政府预算支出", LEFT, "预算金额"],
    ["类", "款", "项", ABOVE, ABOVE, ABOVE, "类", "款", "类", "款", ABOVE],
    ["", "", "", "合计", "", "4", "", "", "", "", "9,000.00"],
    ["201", "26", "04", "办公设备购置", "A02010601打印设备", "3", "310", "02", "503", "06", "4,000.00"],
    ["201", "26", "04", "综合管理费", "C99其他服务", "1", "302", "09", "502", "01", "5,000.00"],
]


def purchases(rows: Rows) -> list[Line]:
    return [line for line in lines(page(TITLE, UNIT, rows)) if line.level]


def test_a_purchase_is_named_by_the_catalogue_and_says_its_project_and_codes() -> None:
    first, second = purchases(CODED)
    assert (first.scheme, first.code, first.name, first.catalogue_code) == ("procurement_item", None, "打印设备", "A02010601")
    assert (first.project, first.function_code) == ("办公设备购置", "2012604")
    assert (first.department_economic_code, first.government_economic_code) == ("31002", "50306")
    assert (second.name, second.catalogue_code, second.project) == ("其他服务", "C99", "综合管理费")


@pytest.mark.parametrize(
    "heads", [("部门预算支出经济科目编码", "政府预算支出经济科目编码"), ("部门预算支出", "政府预算支出"), ("部门", "政府")]
)
def test_digits_tell_the_classification_of_codes_whose_heading_is_cut(heads: tuple[str, str]) -> None:
    cut = [[dict(zip(("部门预算支出", "政府预算支出"), heads, strict=True)).get(text, text) for text in row] for row in CODED]
    assert [(line.department_economic_code, line.government_economic_code) for line in purchases(cut)] == [
        ("31002", "50306"),
        ("30209", "50201"),
    ]


@pytest.mark.parametrize("code_header", ["品目编码", "采购品目编码", "采购目录代码"])
def test_the_code_of_the_catalogue_in_a_column_of_its_own(code_header: str) -> None:
    rows = [["项目名称", code_header, "采购品目", "金额"], ["合计", "", "", "9.00"], ["网络维护", "C08", "运行维护服务", "9.00"]]
    (line,) = purchases(rows)
    assert (line.name, line.catalogue_code, line.project) == ("运行维护服务", "C08", "网络维护")


def test_without_a_catalogue_a_purchase_is_named_by_its_project() -> None:
    (line,) = purchases([["采购项目", "金额"], ["合计", "9.00"], ["网络维护", "9.00"]])
    assert (line.name, line.project, line.catalogue_code) == ("网络维护", "网络维护", None)


def test_the_letter_of_a_kind_is_its_code_and_no_part_of_its_name() -> None:
    kinds = purchases([["采购类别", "金额"], ["A-货物", "4,000.00"], ["C-服务", "5,000.00"], ["A4纸", "10.00"], ["合计", "9,010.00"]])
    assert [(line.name, line.catalogue_code) for line in kinds] == [("货物", "A"), ("服务", "C"), ("A4纸", None)]


@pytest.mark.parametrize("kind", ["A－货物", "Ａ-货物", "Ａ\u2212货物", "A\u2010货物", "货物Ａ"])
def test_a_kind_s_letter_may_be_as_wide_as_its_name(kind: str) -> None:
    first, *_ = purchases([["采购类别", "金额"], [kind, "4,000.00"], ["C-服务", "5,000.00"], ["合计", "9,000.00"]])
    assert (first.name, first.catalogue_code) == ("货物", "A")


def test_a_kind_s_letter_may_stand_behind_it() -> None:
    kinds = purchases(
        [["采购类别", "金额"], ["一、货物A", "4,000.00"], ["二、服务C", "5,000.00"], ["工程A", "10.00"], ["合计", "9,010.00"]]
    )
    assert [(line.name, line.catalogue_code) for line in kinds] == [("货物", "A"), ("服务", "C"), ("工程A", None)]


def test_an_economic_class_printed_by_name_is_resolved_for_all_that_stands_under_it() -> None:
    rows = [
        ["专项名称", "经济科目", "采购物品名称", "总计"],
        ["合计", "", "", "14.00"],
        ["机关运转", "办公费", "", "9.00"],
        ["", "", "复印纸", "5.00"],
        ["", "", "墨粉", "4.00"],
        ["", "办公设备购置", "", "2.00"],  # a name below capital construction, and beside it
        ["", "", "计算机", "2.00"],
        ["会务", "会议费", "会议服务", "2.00"],
        ["信息化", "", "软件", "1.00"],
    ]
    found = {line.name: line.department_economic_code for line in purchases(rows)}
    assert found == {
        "机关运转": "30201", "复印纸": "30201", "墨粉": "30201", "办公设备购置": None, "计算机": None, "会议服务": "30215", "软件": None,
    }  # fmt: skip


def test_a_row_of_a_unit_buys_nothing_itself() -> None:
    rows = [
        ["单位名称", "采购项目", "采购目录", "金额"],
        ["清风市测绘中心", "", "", "9.00"],
        ["清风市测绘中心", "网络维护", "C99其他服务", "9.00"],
    ]
    unit, line = purchases(rows)
    assert (unit.scheme, unit.name, unit.project) == ("unit", "清风市测绘中心", None)
    assert (line.unit, line.name) == ("清风市测绘中心", "其他服务")


def test_a_project_says_the_function_that_it_is_booked_under() -> None:
    rows = [
        ["科目编码", "部门预算经济科目编码", "部门预算经济科目名称", "项目名称", "金额"],
        ["2010302", "30201", "办公费", "机关运转", "4.00"],
        ["2010302", "30227", "委托业务费", "机关运转", "5.00"],
    ]
    found = [line for line in lines(page("项目支出预算表", UNIT, rows)) if line.level]
    assert [(line.scheme, line.name, line.function_code, line.department_economic_code) for line in found] == [
        ("project", "机关运转", "2010302", "30201"),
        ("project", "机关运转", "2010302", "30227"),
    ]


def test_purchases_below_the_row_of_their_project_belong_to_it() -> None:
    rows = [
        ["采购品目大类", "专项名称", "经济科目", "采购物品名称", "总计"],
        ["合计", "", "", "", "20.00"],
        ["三、服务C", "", "", "", "20.00"],
        ["", "机要业务费", "培训费", "", "5.00"],
        ["", "", "", "会议服务", "5.00"],
        ["", "行政运转保障经费", "物业管理费", "", "15.00"],
        ["", "", "", "物业管理服务", "15.00"],
    ]
    assert [(line.name, line.project) for line in purchases(rows) if line.name.endswith("服务") and line.project] == [
        ("会议服务", "机要业务费"),
        ("物业管理服务", "行政运转保障经费"),
    ]


def test_a_column_of_words_about_what_is_bought_holds_no_amounts() -> None:
    rows = [
        ["科目编码", "采购项目", "采购目录", "购买服务的内容", "部门经济科目", "预算金额"],
        ["", "合计", "", "", "", "9.00"],
        ["2240106", "综合业务", "其他软件", "", "31007", "4.00"],
        ["2240106", "综合业务", "办公家具", "", "31002", "5.00"],
    ]
    found = lines(page(TITLE, UNIT, rows))
    assert [(line.name, line.level, line.function_code, line.nature) for line in found] == [
        ("合计", 0, None, "total"), ("其他软件", 1, "2240106", "total"), ("办公家具", 1, "2240106", "total"),
    ]  # fmt: skip


def test_how_many_are_bought_is_a_key_figure_and_no_amount_that_is_missed() -> None:
    rows = [[text if text not in ("4", "3") else {"4": "24,617.07", "3": "24,616.07"}[text] for text in row] for row in CODED]
    (statement,) = statements(page(TITLE, UNIT, rows))
    assert [(each.name, str(each.value), each.is_total) for each in statement.quantities] == [
        ("合计", "24617.07", True), ("打印设备", "24616.07", False), ("其他服务", "1", False),
    ]  # fmt: skip
    assert statement.amounts_printed == len(statement.lines) == 3
    box = statement.quantities[1].box
    assert box is not None
    assert statement.lines[1].x0 is not None
    assert box.x0 < statement.lines[1].x0


def test_a_number_of_other_things_is_none_of_purchases() -> None:
    rows = [["科目编码", "科目名称", "数量", "金额"], ["", "合计", "3", "9.00"], ["201", "一般公共服务支出", "3", "9.00"]]
    (statement,) = statements(page("部门支出总表", UNIT, rows))
    assert statement.quantities == ()


GROUPED = ["采购品目大类", "专项名称", "经济科目", "采购品目名称", "金额"]


def grouped(*rows: tuple[str, str, str, str]) -> list[tuple[str, str | None]]:
    """Return name and catalogue code of each purchase: of a list with kinds or units in its first column."""
    body = [[first, project, economic, bought, f"{10 + at}.00"] for at, (first, project, economic, bought) in enumerate(rows)]
    return [(line.name, line.catalogue_code) for line in purchases([GROUPED, ["合计", "", "", "", "99.00"], *body]) if line.project]


def test_a_purchase_below_a_kind_has_its_letter() -> None:
    goods, desk, care = ("货物", "", "", ""), ("", "设备购置", "办公设备购置", "办公桌"), ("", "维护", "办公费", "电梯维护")
    assert grouped(goods, desk, ("服务", "", "", ""), care) == [("办公桌", "A"), ("电梯维护", "C")]
    assert grouped(desk, care) == [("办公桌", None), ("电梯维护", None)]
    unit, other = ("某市档案馆", "", "", ""), ("某市图书馆", "", "", "")
    assert grouped(goods, unit, desk, other, desk, ("服务", "", "", ""), unit, care) == [
        ("办公桌", "A"), ("办公桌", "A"), ("电梯维护", "C"),
    ]  # fmt: skip
    assert grouped(unit, goods, desk, other, care) == [("办公桌", "A"), ("电梯维护", None)]
    assert grouped(goods, ("服务", "", "", ""), unit, desk, care) == [("办公桌", None), ("电梯维护", None)]  # a summary


def units_of_kinds(*rows: tuple[str, str, str, str]) -> list[tuple[str, str | None]]:
    """Return name and unit of each kind of purchases, of a list with kinds and units in its first column."""
    body = [[first, project, economic, bought, f"{10 + at}.00"] for at, (first, project, economic, bought) in enumerate(rows)]
    units: Rows = [["单位名称", "合计", "一般公共预算"], ["某市档案馆", "2.00", "2.00"], ["某市图书馆", "2.00", "2.00"]]
    found = statements(page("收入总表", UNIT, units), page(TITLE, UNIT, [GROUPED, ["合计", "", "", "", "99.00"], *body], number=2))
    return [(line.name, line.unit) for line in found[-1].lines if line.name in ("货物", "工程", "服务")]


def test_a_kind_over_units_is_not_of_the_unit_above_it() -> None:
    goods, works, services = ((kind, "", "", "") for kind in ("货物", "工程", "服务"))
    desk, care = ("", "设备购置", "办公设备购置", "办公桌"), ("", "维护", "办公费", "电梯维护")
    unit, other = ("某市档案馆", "", "", ""), ("某市图书馆", "", "", "")
    assert units_of_kinds(goods, unit, desk, other, desk, services, unit, care) == [("货物", None), ("服务", None)]
    assert units_of_kinds(unit, goods, desk, services, care, other, services, care) == [
        ("货物", "某市档案馆"), ("服务", "某市档案馆"), ("服务", "某市图书馆"),
    ]  # fmt: skip
    assert units_of_kinds(goods, unit, goods, other, goods) == [("货物", None), ("货物", "某市档案馆"), ("货物", "某市图书馆")]
    assert units_of_kinds(unit, goods, works, other, services) == [("货物", "某市档案馆"), ("工程", "某市档案馆"), ("服务", "某市图书馆")]


def test_an_economic_class_of_several_codes_is_told() -> None:
    rows: Rows = [
        GROUPED, ["合计", "", "", "", "21.00"],
        ["货物", "", "", "", "21.00"],
        ["", "设备购置", "办公设备购置", "办公桌", "10.00"],
        ["", "设备购置", "办公费", "打印纸", "11.00"],
    ]  # fmt: skip
    (read,) = statements(page(TITLE, UNIT, rows))
    assert [(line.name, line.department_economic_code) for line in read.lines if line.project] == [("办公桌", None), ("打印纸", "30201")]
    assert read.open_classes == ("办公设备购置",)
