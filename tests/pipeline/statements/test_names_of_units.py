"""What stands in a column of units and is none: kinds of spending, tasks, groups by financing. Rows below inherit no such unit."""

from __future__ import annotations

import pytest

from pipeline.statements.meaning.unit_rows import is_group_of_units, may_be_unit
from tests.pipeline.statements.paper import ABOVE, LEFT, Rows, lines, page

UNIT = "单位：万元"
SUMMARY: Rows = [
    ["收入", LEFT, "支出", LEFT],
    ["项目", "预算数", "项目", "预算数"],
    ["一、一般公共预算拨款收入", "9.00", "一、社会保障和就业支出", "5.00"],
    ["", "", "二、卫生健康支出", "1.00"],
    ["", "", "三、住房保障支出", "2.00"],
    ["", "", "四、粮油物资储备支出", "1.00"],
    ["收入总计", "9.00", "支出总计", "9.00"],
]


def targets(header: str, *tasks: str) -> Rows:
    return [[header, "主要内容", "绩效指标", "预算金额"], *([task, "按规定安排使用", "≥90%", "1.00"] for task in tasks)]


@pytest.mark.parametrize("title", ["部门整体支出绩效目标表", "项目绩效目标表", "部门预算项目支出绩效目标申报表"])
@pytest.mark.parametrize("header", ["部门（单位）名称", "实施单位", "项目单位", "单位名称"])
def test_tables_of_targets_name_no_units(title: str, header: str) -> None:
    found = lines(
        page("收支总表", UNIT, SUMMARY), page(title, UNIT, targets(header, "住房保障支出", "卫生健康支出", "粮食风险基金"), number=2)
    )
    assert {(line.code, line.scheme, line.unit) for line in found if line.level and line.flow == "expenditure"} == {
        (code, "function", None) for code in ("208", "210", "221", "222")
    }


@pytest.mark.parametrize("task", ["住房保障支出", "卫生健康支出", "退役军人管理事务", "行政事业单位养老支出", "粮食风险基金"])
def test_classes_and_money_in_a_column_of_units_are_no_units(task: str) -> None:
    listed: Rows = [["单位名称", "项目名称", "金额"], ["清风数据中心", "平台维护", "1.00"], [task, "按规定安排", "2.00"]]
    found = lines(page("收支总表", UNIT, SUMMARY), page("项目支出表", UNIT, listed, number=2))
    assert {line.unit for line in found if line.statement == "revenue_expenditure_summary"} == {None}
    assert not [line for line in found if line.statement == "revenue_expenditure_summary" and line.scheme == "unit"]


@pytest.mark.parametrize(
    "name",
    ["全额拨款", "差额拨款", "自收自支", "全额", "差额补助事业单位", "财政全额拨款事业单位", "参照公务员法管理单位", "全额拨款小计",
     "行政单位", "下属事业单位", "公益一类事业单位", "全额拨款单位：", "事业单位小计"],
)  # fmt: skip
def test_groups_of_units(name: str) -> None:
    assert is_group_of_units(name) and not may_be_unit(name)


@pytest.mark.parametrize("name", ["常德市机关事务管理局", "清风数据中心", "常德市行政审批服务局", "差额选举办公室", "常德市救助管理站"])
def test_bodies_are_no_groups(name: str) -> None:
    assert not is_group_of_units(name) and may_be_unit(name)


def purchases(group: str, code: str = "1") -> Rows:
    return [
        ["单位编码", "单位名称（采购项目）", "金额"],
        ["", "合计", "9.00"],
        [code, "全额拨款", "4.00"],
        ["253001", "清风数据局机关", "1.00"],
        ["", "复印纸", "1.00"],
        ["253002", "清风数据中心", "3.00"],
        ["", "服务器", "3.00"],
        [code, group, "5.00"],
        ["253003", "清风测绘院", "5.00"],
        ["", "测绘仪", "5.00"],
    ]


@pytest.mark.parametrize("group", ["差额拨款", "自收自支", "差额补助事业单位", "财政定额补助", "公益二类事业单位"])
@pytest.mark.parametrize("code", ["1", "", "2"])
def test_a_group_between_units_belongs_to_none(group: str, code: str) -> None:
    found = {line.name: line for line in lines(page("政府采购预算表", UNIT, purchases(group, code)))}
    assert (found[group].unit, found[group].code, found[group].scheme != "unit") == (None, None, True)
    assert (found["服务器"].unit, found["测绘仪"].unit) == ("清风数据中心", "清风测绘院")
    assert found["清风数据中心"].scheme == "unit"


TIERS: Rows = [
    ["科目编码", LEFT, LEFT, "单位编码", "采购项目", "采购目录", "预算金额"],
    ["类", "款", "项", ABOVE, ABOVE, ABOVE, ABOVE],
    ["", "", "", "", "合计", "", "9.00"],
    ["201", "03", "01", "1", "全额", "", "4.00"],
    ["201", "03", "01", "253001", "清风数据局机关", "", "4.00"],
    ["201", "03", "01", "", "办公设备", "A05040101复印纸", "4.00"],
    ["201", "03", "02", "1", "全额", "", "5.00"],
    ["201", "03", "02", "253002", "清风数据中心", "", "5.00"],
    ["201", "03", "02", "", "网络维护", "C99其他服务", "5.00"],
]


def test_purchases_below_a_group_and_its_units_keep_their_function_at_each_tier() -> None:
    found = {(line.name, line.row): line for line in lines(page("政府采购预算表", UNIT, TIERS)) if line.level}
    groups = [line for (name, _), line in found.items() if name == "全额"]
    assert {(line.scheme, line.project, line.catalogue_code, line.unit, line.is_leaf) for line in groups} == {
        ("item", None, None, None, False)
    }
    assert [line.function_code for line in groups] == ["2010301", "2010302"]
    assert [(line.name, line.function_code) for line in found.values() if line.scheme == "unit"] == [
        ("清风数据局机关", "2010301"),
        ("清风数据中心", "2010302"),
    ]
    bought = [line for line in found.values() if line.scheme == "procurement_item"]
    assert [(line.name, line.unit, line.project) for line in bought] == [
        ("复印纸", "清风数据局机关", "办公设备"),
        ("其他服务", "清风数据中心", "网络维护"),
    ]


def test_a_purchase_whose_project_is_called_as_groups_are_is_no_group() -> None:
    (line,) = (x for x in lines(page("政府采购预算表", UNIT, [["项目名称", "采购品目", "金额"], ["定额", "复印纸", "1.30"]])) if x.level)
    assert (line.scheme, line.name, line.project) == ("procurement_item", "复印纸", "定额")


@pytest.mark.parametrize("group", ["差额拨款", "自收自支事业单位", "行政单位"])
def test_a_group_in_a_column_of_units_is_no_unit(group: str) -> None:
    listed: Rows = [
        ["单位名称", "项目名称", "金额"],
        ["清风数据中心", "平台维护", "1.00"],
        [group, "", "2.00"],
        ["清风测绘院", "测绘仪", "2.00"],
    ]
    found = {line.name: line for line in lines(page("项目支出表", UNIT, listed))}
    assert (found[group].unit, found[group].scheme != "unit", found["测绘仪"].unit) == (None, True, "清风测绘院")


THREE_PUBLIC: Rows = [
    ["单位编码", "单位名称", "合计", "因公出国（境）费", "公务接待费"],
    ["", "合计", "9.00", "4.00", "5.00"],
    ["201001", "清风数据局机关服", "6.00", "2.00", "4.00"],
    ["201002", "清风数据局机关服", "3.00", "2.00", "1.00"],
]


def units_of_three_public(*listed: tuple[str, str]) -> set[str | None]:
    rows: Rows = [["单位编码", "单位名称", "合计"], *([code, name, "1.00"] for code, name in listed)]
    found = lines(page("收入总表", UNIT, rows), page("“三公”经费支出表", UNIT, THREE_PUBLIC, number=2))
    return {line.unit for line in found if line.statement == "three_public"} - {None}


def test_a_units_name_cut_by_its_cell_is_written_out_by_its_code() -> None:
    whole = {"清风数据局机关服务中心", "清风数据局机关服装管理所"}
    assert units_of_three_public(("201001", "清风数据局机关服务中心"), ("201002", "清风数据局机关服装管理所")) == whole


def test_a_units_name_is_not_written_out_by_another_code_nor_by_a_bracket() -> None:
    assert units_of_three_public(("201003", "清风数据局机关服务中心"), ("201002", "清风数据局机关服（本级）")) == {"清风数据局机关服"}


def test_what_is_listed_beside_a_unit_that_goes_over_its_rows_is_the_units() -> None:
    rows = [
        ["单位名称", "单位合计", "项目名称", "金额"],
        ["清风水文站", "60.00", "灌区续建配套", "40.00"],
        [ABOVE, ABOVE, "泵站改造", "20.00"],
        ["清风河道所", "11.50", "河道巡查", "11.50"],
    ]
    found = [line for line in lines(page("项目支出预算表", "单位：万元", rows)) if line.scheme == "project"]
    assert [(line.name, line.unit) for line in found] == [
        ("灌区续建配套", "清风水文站"),
        ("泵站改造", "清风水文站"),
        ("河道巡查", "清风河道所"),
    ]


def test_units_of_one_row_each_are_a_list_beside_the_other() -> None:
    rows = [
        ["单位名称", "预算数", "项目名称", "预算数"],
        ["清风水文站", "60.00", "灌区续建配套", "40.00"],
        ["清风河道所", "11.50", "河道巡查", "31.50"],
    ]
    found = [line for line in lines(page("项目支出预算表", "单位：万元", rows)) if line.scheme == "project"]
    assert [(line.name, line.unit) for line in found] == [("灌区续建配套", None), ("河道巡查", None)]


def units_by_code(code: str, *listed: tuple[str, str]) -> list[str | None]:
    """Of whom a purchase is that says so by a code alone, in a document that lists these units."""
    named: Rows = [["单位编码", "单位名称", "合计"], *([own, name, "1.00"] for own, name in listed)]
    bought: Rows = [
        ["科目编码", LEFT, LEFT, "单位编码", "采购项目", "采购目录", "预算金额"],
        ["类", "款", "项", ABOVE, ABOVE, ABOVE, ABOVE],
        ["", "", "", "", "合计", "", "9.00"],
        ["224", "01", "06", code, "应急救援", "其他专用汽车", "9.00"],
    ]
    found = lines(page("收入总表", UNIT, named), page("政府采购预算表", UNIT, bought, number=2))
    return [line.unit for line in found if line.statement == "procurement" and line.level]


def test_a_row_that_prints_a_units_code_alone_is_of_the_unit_whose_name_another_table_says() -> None:
    units = ("125001", "清风应急监察支队"), ("125002", "清风应急宣传中心")
    assert units_by_code("125002", *units) == ["清风应急宣传中心"]
    assert units_by_code("125003", *units) == [None]


def test_a_code_that_two_names_bear_or_that_heads_others_says_no_unit() -> None:
    assert units_by_code("125002", ("125002", "清风应急宣传中心"), ("125002", "清风应急培训中心")) == [None]
    assert units_by_code("125001", ("125001", "清风应急监察支队"), ("125001001", "清风应急宣传中心")) == [None]
