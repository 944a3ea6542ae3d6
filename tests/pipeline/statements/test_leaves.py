"""Leaves: over them a sum never counts twice, whether codes, numbers, indentation or only the sums show what is part of what."""

from __future__ import annotations

import pytest

from pipeline.accounting.identities import identity_checks
from pipeline.budget.line import Line
from tests.pipeline.statements.paper import LEFT, lines, page


def revenue(*rows: tuple[str, str], title: str = "收支总表") -> list[Line]:
    head = [["收入", LEFT, "支出", LEFT], ["项目", "预算数", "项目", "预算数"]]
    found = lines(page(title, "单位：万元", [*head, *([name, amount, "", ""] for name, amount in rows)]))
    return [line for line in found if line.flow == "revenue"]


def read(found: list[Line]) -> list[tuple[str, int, bool]]:
    return [(line.name, line.level, line.is_leaf) for line in found]


NAMES = ("财政拨款收入", "一般公共预算拨款收入", "政府性基金预算拨款收入", "事业收入")


@pytest.mark.parametrize(
    "printed",
    [
        ("财政拨款收入", "  一般公共预算拨款收入", "  政府性基金预算拨款收入", "事业收入"),
        (" 财政拨款收入", "    一般公共预算拨款收入", "    政府性基金预算拨款收入", " 事业收入"),
        ("一、财政拨款收入", "一般公共预算拨款收入", "政府性基金预算拨款收入", "二、事业收入"),
        ("一、财政拨款收入", "  一般公共预算拨款收入", "  政府性基金预算拨款收入", "二、事业收入"),
        ("一、财政拨款收入", "1.一般公共预算拨款收入", "2.政府性基金预算拨款收入", "二、事业收入"),
    ],
)
def test_parts_of_an_item_stand_one_level_below_it(printed: tuple[str, ...]) -> None:
    found = revenue(*zip(printed, ("12.94", "11.44", "1.50", "0.86"), strict=True), ("收入合计", "13.80"))
    assert read(found) == [
        (NAMES[0], 1, False), (NAMES[1], 2, True), (NAMES[2], 2, True), (NAMES[3], 1, True), ("收入合计", 0, False),
    ]  # fmt: skip


def test_a_carried_over_part_is_the_leaf_of_what_is_carried_over() -> None:
    found = revenue(("一、一般公共预算资金", "8.00"), ("二、上年结转", "2.00"), ("一般公共预算拨款", "2.00"), ("收入总计", "10.00"))
    assert read(found) == [("一般公共预算资金", 1, True), ("上年结转", 1, False), ("一般公共预算拨款", 2, True), ("收入总计", 0, False)]


@pytest.mark.parametrize("amounts", [("12.94", "11.44", "1.50"), ("11.44", "11.44", "0.00")])
def test_without_numbers_and_indentation_the_sum_tells_parts_from_neighbours(amounts: tuple[str, ...]) -> None:
    found = revenue(*zip(NAMES, amounts, strict=False), ("收入合计", amounts[0]))
    assert [line.is_leaf for line in found] == [False, True, True, False]


def test_funds_beside_each_other_are_no_parts() -> None:
    found = revenue(("财政拨款收入", "12.00"), ("政府性基金预算拨款收入", "1.50"), ("收入合计", "13.50"))
    assert [line.is_leaf for line in found] == [True, True, False]


def test_names_in_the_middle_of_their_cells_are_not_indented() -> None:
    found = revenue(("  一般公共预算拨款收入", "12.00"), ("       事业收入", "1.00"), ("     其他收入", "0.50"), ("     收入合计", "13.50"))
    assert read(found)[:3] == [("一般公共预算拨款收入", 1, True), ("事业收入", 1, True), ("其他收入", 1, True)]


# --- units ---------------------------------------------------------------------------------------------------------

UNITS = [
    ("清风数据局机关", "1862.18", ""),
    ("清风数据中心", "947.36", "300.00"),
    ("清风数据研究所", "688.02", ""),
    ("清风管理站", "563.90", ""),
]


@pytest.mark.parametrize("total", [[("合计", "4061.45", "300.00")], []])
@pytest.mark.parametrize("last", [False, True])
def test_a_department_above_its_units_is_no_leaf(total: list[tuple[str, ...]], last: bool) -> None:
    head = [("清风数据局", "4061.45", "300.00")]  # the last digit is off by rounding, and one column is filled for one unit only
    rows = UNITS + head if last else head + UNITS
    found = lines(
        page("收入预算表（分单位）", "单位：万元", [("单位名称", "合计", "政府性基金"), *total, *rows]), department="云山省清风数据局"
    )
    assert {line.name for line in found if line.is_leaf} == {name for name, *_ in UNITS}
    assert {line.level for line in found if line.name == "清风数据局"} == {1}


@pytest.mark.parametrize(
    ("below", "head_is_leaf"),
    [
        ([("清风数据局（本级）", "0.00"), ("清风数据中心", "0.00")], False),
        ([("清风数据局（本级）", "7.00")], False),
        ([("清风数据中心", "0.00"), ("清风管理站", "0.00")], True),  # nothing says that they are its own
    ],
)
def test_the_department_above_its_own_office(below: list[tuple[str, str]], head_is_leaf: bool) -> None:
    amount = below[0][1]
    found = lines(page("收入预算表（分单位）", "单位：万元", [("单位名称", "合计"), ("合计", amount), ("清风数据局", amount), *below]))
    assert [line.is_leaf for line in found if line.level] == [head_is_leaf, *(True for _ in below)]


def test_groups_of_units_below_the_department() -> None:
    rows = [
        ("合计", "9.00"),
        ("清风数据局", "9.00"),
        ("清风一局", "5.00"),
        ("清风一站", "2.00"),
        ("清风二站", "3.00"),
        ("清风中心", "4.00"),
    ]
    found = lines(page("支出预算分单位表", "单位：万元", [("单位名称", "合计"), *rows]))
    assert [line.name for line in found if line.is_leaf] == ["清风一站", "清风二站", "清风中心"]


# --- rows without a code among coded ones --------------------------------------------------------------------------

CODES = ("科目编码", "科目名称", "合计", "项目支出")


def spending(*rows: tuple[str, ...]) -> list[str]:
    """The names of the leaves of the first column."""
    return [line.name for line in lines(page("支出总表", "单位：万元", [CODES, *rows])) if line.is_leaf and line.column == 3]


def test_a_project_below_a_coded_item_is_its_leaf() -> None:
    rows = [
        ("", "合计", "8.00", "5.00"),
        ("201", "一般公共服务支出", "3.00", ""),
        ("21999", "其他支出", "5.00", "5.00"),
        ("", "对口援建", "5.00", "5.00"),
    ]
    assert spending(*rows) == ["一般公共服务支出", "对口援建"]


def test_parts_that_do_not_make_up_a_coded_item_leave_it_the_leaf() -> None:
    rows = [
        ("", "合计", "8.00", "5.00"),
        ("201", "一般公共服务支出", "8.00", "5.00"),
        ("20103", "政府办公厅（室）及相关机构事务", "8.00", "5.00"),
        ("", "会务专项", "5.00", "5.00"),
    ]
    assert spending(*rows) == ["政府办公厅（室）及相关机构事务"]


@pytest.mark.parametrize("place", [1, 2])
def test_a_heading_that_no_list_knows_counts_nothing_twice(place: int) -> None:
    rows = [("", "合计", "8.00", "5.00"), ("201", "一般公共服务支出", "3.00", ""), ("208", "社会保障和就业支出", "5.00", "5.00")]
    rows.insert(place, ("", "民生类小计款", "5.00", "5.00"))
    assert spending(*rows) == ["一般公共服务支出", "社会保障和就业支出"]


def test_a_row_whose_code_is_lost_stays_a_leaf() -> None:
    rows = [("", "合计", "8.00", "5.00"), ("201", "一般公共服务支出", "3.00", ""), ("", "蓝色大象支出", "5.00", "5.00")]
    assert spending(*rows) == ["一般公共服务支出", "蓝色大象支出"]


def test_a_part_that_is_only_named_is_no_leaf_and_of_the_fund_that_it_repeats() -> None:
    found = revenue(
        ("1、财政拨款", "12.00"), ("(1)一般公共预算拨款", "11.00"), ("其中：专项资金列入部门预算的项目", "9.00"),
        ("(2)政府性基金拨款", "1.00"), ("2、事业收入", "0.50"), ("其中：纳入财政专户管理的收费", "0.50"), ("收入合计", "12.50"),
    )  # fmt: skip
    assert [(line.name, line.is_leaf) for line in found if line.level] == [
        ("财政拨款", False), ("一般公共预算拨款", True), ("专项资金列入部门预算的项目", False), ("政府性基金拨款", True),
        ("事业收入", True), ("纳入财政专户管理的收费", False),
    ]  # fmt: skip
    repeated = next(line for line in found if line.name.startswith("专项"))
    assert (repeated.fund, repeated.nature) == ("general_public", "of_which_special_funds")


# --- columns that say the same -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "leaves"),
    [
        (("教育收费", "其他专户收入拨款"), [True, True]),
        (("教育收费", "教育收费"), [True, False]),
    ],
)
def test_parts_of_a_group_that_say_the_same_are_each_a_leaf(parts: tuple[str, str], leaves: list[bool]) -> None:
    head = [("科目编码", "科目名称", "合计", "一般公共预算", "财政专户拨款收入", LEFT), ("^", "^", "^", "^", *parts)]
    rows = [("", "合计", "8.00", "5.00", "2.00", "1.00"), ("201", "一般公共服务支出", "8.00", "5.00", "2.00", "1.00")]
    found = lines(page("收入预算总表", "单位：万元", [*head, *rows]))
    assert [line.is_leaf for line in found if line.fund == "special_account" and line.code] == leaves


@pytest.mark.parametrize(
    ("parts", "amounts", "leaves"),
    [
        (("项目支出合计数", "部门项目", "专项"), ("8.00", "3.00", "5.00"), [True, False, False]),
        (("项目支出数", "部门项目", "专项"), ("8.00", "3.00", "5.00"), [True, False, False]),
        (("项目支出合计数", "部门项目", "专项"), ("0.00", "0.00", "0.00"), [True, False, False]),
        (("某类项目", "部门项目", "专项"), ("8.00", "3.00", "4.00"), [True, True, True]),
    ],
)
def test_a_group_with_its_own_sum_is_not_divided_by_all_its_columns(
    parts: tuple[str, ...], amounts: tuple[str, ...], leaves: list[bool]
) -> None:
    head = [("科目编码", "科目名称", "合计", "项目支出", LEFT, LEFT), ("^", "^", "^", *parts)]
    found = lines(page("支出预算表", "单位：万元", [*head, ("201", "一般公共服务支出", amounts[0], *amounts)]))
    assert [line.is_leaf for line in found if line.nature == "project"] == leaves


def test_a_part_named_below_a_coded_row_has_no_code_of_its_own_and_repeats_that_row() -> None:
    """其中：专项业务 below 2010302 is no 2013105, the only code of that name; with a code printed it is what that says."""
    head = ["科目编码", "科目名称", "合计", "基本支出", "项目支出"]
    rows = [
        ["", "合计", "9.00", "4.00", "5.00"],
        ["201", "一般公共服务支出", "9.00", "4.00", "5.00"],
        ["20103", "政府办公厅（室）及相关机构事务", "9.00", "4.00", "5.00"],
        ["2010301", "行政运行", "4.00", "4.00", ""],
        ["2010302", "一般行政管理事务", "5.00", "", "5.00"],
    ]
    found = lines(page("支出总表", "单位：万元", [head, *rows, ["", "其中：专项业务", "3.00", "", "3.00"]]))
    below = [line for line in found if line.name == "专项业务"]
    assert {(line.code, line.nature, line.is_leaf) for line in below} == {(None, "of_which_other", False)}
    assert [line.amount for line in found if line.is_leaf and line.nature == "total"] == [40000, 50000]
    assert all(row["outcome"] != "fail" for row in identity_checks(found, [(1, "expenditure_summary", None)]))

    printed = lines(page("支出总表", "单位：万元", [head, *rows[:-1], ["", "其中：一般行政管理事务", "5.00", "", "5.00"]]))
    assert {line.code for line in printed if line.name == "一般行政管理事务"} in ({None}, {"2010302"})
    above = lines(page("支出总表", "单位：万元", [head, *rows[:3], ["", "其中：行政运行", "4.00", "4.00", ""], rows[-1]]))
    assert {line.code for line in above if line.name == "行政运行"} == {"2010301"}  # below a 款 it is one of the rows that make it up


def test_what_a_surplus_is_distributed_to_is_no_leaf_beside_a_row_of_revenue() -> None:
    rows = [
        ["一、事业收入", "10.00", "一、教育支出", "6.00"], ["本年收入合计", "10.00", "本年支出合计", "6.00"],
        ["", "", "结余分配", "4.00"], ["收入总计", "10.00", "交纳所得税", "1.00"], ["", "", "提取职工福利基金", "3.00"],
    ]  # fmt: skip
    head = [["收入", LEFT, "支出", LEFT], ["项目", "决算数", "项目", "决算数"]]
    found = lines(page("收入支出决算总表", "单位：万元", [*head, *rows]), kind="final_account")
    below = {line.name: line.is_leaf for line in found if line.nature == "of_which_other"}
    assert below == {"交纳所得税": False, "提取职工福利基金": False}
