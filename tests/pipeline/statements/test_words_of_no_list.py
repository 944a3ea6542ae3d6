"""Words that other places print and no list has: what they head or name is held open, and claims nothing else."""

from __future__ import annotations

import pytest

from pipeline.budget.characters import fold
from schemas.statements import read_title
from schemas.vocabulary import read_header
from tests.pipeline.statements.paper import LEFT, Rows, lines, of_column, page

UNIT = "单位：万元"
SIDES = ["收入", LEFT, "支出", LEFT]
ITEMS = ["项目", "预算数", "项目", "预算数"]


@pytest.mark.parametrize("word", ["本单位合计", "支出合计额", "各项合计", "支出用途总额"])
def test_a_total_among_units_is_no_unit(word: str) -> None:
    rows = [["单位名称", "科目编码", "科目名称", "合计"], [word, "", "", "5.00"], ["", "2010301", "行政运行", "5.00"]]
    found = lines(page("2023年部门支出总表", UNIT, rows))
    assert {line.unit for line in found} == {None}
    assert found[0].level == 0


def test_a_row_that_goes_on_the_numbers_of_natures_has_not_the_nature_above() -> None:
    rows = [
        ["一、一般公共预算拨款收入", "9.00", "一、基本支出", "5.00"],
        ["", "", "二、蓝色大象支出", "3.00"],
        ["", "", "三、经营支出", "1.00"],
    ]
    found = lines(page("2023年收支总表", UNIT, [SIDES, ITEMS, *rows]))
    assert [line.nature for line in found if line.flow == "expenditure"] == ["basic", None, "operating"]


def test_a_row_above_the_second_nature_is_not_of_all_natures() -> None:
    rows = [["一、一般公共预算拨款收入", "9.00", "一、蓝色大象支出", "5.00"], ["", "", "二、项目支出", "4.00"]]
    found = lines(page("2023年收支总表", UNIT, [SIDES, ITEMS, *rows]))
    assert [line.nature for line in found if line.flow == "expenditure"] == [None, "project"]


def test_a_list_of_functions_above_that_of_natures_is_of_all() -> None:
    rows = [
        ["一、一般公共预算拨款收入", "9.00", "一、教育支出", "9.00"],
        ["", "", "一、基本支出", "5.00"],
        ["", "", "二、项目支出", "4.00"],
    ]
    found = lines(page("2023年收支总表", UNIT, [SIDES, ITEMS, *rows]))
    assert [line.nature for line in found if line.flow == "expenditure"] == ["total", "basic", "project"]


def test_what_stands_below_an_unknown_item_again_may_be_carried_over() -> None:
    rows = [
        ["一、一般公共预算拨款收入", "9.00", "一、公共安全支出", "12.00"],
        ["二、蓝色大象", "3.00", "", ""],
        ["（一）一般公共预算拨款", "3.00", "", ""],
    ]
    found = lines(page("2023年收支总表", UNIT, [SIDES, ITEMS, *rows]))
    assert [line.fund for line in found if line.flow == "revenue"] == ["general_public", None, None]


@pytest.mark.parametrize(
    ("rows", "fund"),
    [
        ([["本年收入合计", "9.00", "", ""], ["上年结转", "3.00", "", ""]], "carryover_unit_funds"),
        ([["二、上年结转", "3.00", "", ""]], "carryover_unit_funds"),
        ([["上年结转", "3.00", "", ""]], None),  # an item of its own, or another part
    ],
)
def test_what_follows_a_part_of_what_is_carried_over_is_another_part(rows: Rows, fund: str | None) -> None:
    first = ["一、一般公共预算拨款收入", "9.00", "一、公共安全支出", "12.00"]
    below = [["其中：一般公共预算", "1.00", "", ""], ["单位资金", "2.00", "", ""]]
    found = lines(page("2023年收支总表", UNIT, [SIDES, ITEMS, first, *rows, *below]))
    assert next(line for line in found if line.name == "单位资金").fund == fund


@pytest.mark.parametrize(
    ("word", "whole"),
    [("蓝色大象费", None), ("公务用车购置及运行费", "vehicles"), ("车辆购置及运行费", "vehicles"), ("公车费", "vehicles")],
)
def test_an_unknown_word_over_vehicles_does_not_make_their_sum_that_of_all_items(word: str, whole: str | None) -> None:
    head = [["合计", "因公出国（境）费", "公务接待费", word, LEFT], ["合计", "因公出国（境）费", "公务接待费", "小计", "公务用车购置费"]]
    found = lines(page("2023年“三公”经费支出表", UNIT, [*head, ["9.00", "1.00", "2.00", "6.00", "4.00"]]))
    assert (of_column(found, 1).code, of_column(found, 4).code) == ("total", whole)
    assert of_column(found, 5).code == "vehicle_purchase"


def test_the_sum_of_buying_and_running_vehicles_is_that_of_vehicles_whatever_stands_over_it() -> None:
    head = [["合计", "公务接待费", "蓝色大象费", LEFT, LEFT], ["合计", "公务接待费", "小计", "购置费", "运行费"]]
    found = lines(page("2023年“三公”经费支出表", UNIT, [*head, ["9.00", "3.00", "6.00", "4.00", "2.00"]]))
    assert [of_column(found, n).code for n in range(1, 6)] == ["total", "reception", "vehicles", "vehicle_purchase", "vehicle_operation"]


def test_the_sum_of_vehicles_is_parted_by_funds() -> None:
    head = [
        ["合计", LEFT, "蓝色大象费", LEFT, LEFT, LEFT, LEFT, LEFT],
        ["合计", LEFT, "小计", LEFT, "公务用车购置费", LEFT, "公务用车运行费", LEFT],
        ["一般公共预算", "政府性基金"] * 4,
    ]
    found = lines(page("2023年“三公”经费支出表", UNIT, [*head, ["9.00", "1.00", "9.00", "1.00", "5.00", "1.00", "4.00", "0.00"]]))
    assert [of_column(found, n).code for n in (1, 3, 4, 5)] == ["total", "vehicles", "vehicles", "vehicle_purchase"]


def test_a_column_of_unknown_words_within_an_item_is_not_the_item() -> None:
    head = [
        ["合计", "公务用车购置及运行费", LEFT, LEFT],
        ["合计", "小计", "蓝色大象费", "公务用车运行费"],
        ["一般公共预算", "一般公共预算", "一般公共预算", "一般公共预算"],
    ]
    found = lines(page("2023年“三公”经费支出表", UNIT, [*head, ["6.00", "6.00", "4.00", "2.00"]]))
    assert of_column(found, 3).code != "vehicles"


def test_a_name_over_all_items_beside_meetings_keeps_their_sum() -> None:
    head = [["合计", "蓝色大象经费", LEFT, LEFT, "会议费"], ["合计", "小计", "因公出国（境）费", "公务接待费", "会议费"]]
    found = lines(page("2023年“三公”经费支出表", UNIT, [*head, ["9.00", "6.00", "4.00", "2.00", "3.00"]]))
    assert of_column(found, 3).code == "abroad"


def test_the_budget_beside_a_column_of_unknown_words_is_not_what_was_spent() -> None:
    head = ["科目编码", "科目名称", "预算数", "蓝色大象数"]
    found = lines(page("2023年支出决算表", UNIT, [head, ["2010301", "行政运行", "5.00", "4.00"]]), kind="final_account")
    assert of_column(found, 3).measure == "budget"


def test_the_budget_over_all_columns_of_a_final_account_is_what_was_spent() -> None:
    rows = [["科目编码", "科目名称", "预算数"], ["2010301", "行政运行", "5.00"]]
    found = lines(page("2023年支出决算表", UNIT, rows), kind="final_account")
    assert of_column(found, 3).measure == "final"


def test_names_below_a_head_of_remarks_are_of_their_own_half() -> None:
    rows = [["一、一般公共预算拨款收入", "9.00", "一、公共安全支出", "9.00"], ["本年收入合计", "9.00", "本年支出合计", "9.00"]]
    found = lines(page("2023年收支总表", UNIT, [SIDES, ["内容", "预算数", "内容", "预算数"], *rows]))
    assert [(line.flow, line.name) for line in found] == [
        ("revenue", "一般公共预算拨款收入"),
        ("revenue", "本年收入合计"),
        ("expenditure", "公共安全支出"),
        ("expenditure", "本年支出合计"),
    ]


@pytest.mark.parametrize(
    ("first", "second"), [("省级财政拨款", "市级财政拨款"), ("项目支出", "专项支出"), ("预算数", "批复数"), ("基本支出", "基本经费")]
)
def test_two_words_for_one_thing_beside_each_other_are_parts_or_one_within_the_other(first: str, second: str) -> None:
    rows = [["科目编码", "科目名称", "合计", first, second], ["2010301", "行政运行", "9.00", "3.00", "4.00"]]
    found = lines(page("2023年部门支出总表", UNIT, rows))
    assert {(of_column(found, n).fund, of_column(found, n).nature) for n in (4, 5)} == {(None, None)}


@pytest.mark.parametrize("unknown", ["蓝色大象资金", "公务资金"])
def test_a_column_of_unknown_words_is_not_all_income_of_the_year(unknown: str) -> None:
    head = [
        ["科目编码", "科目名称", "收入总计", "本年收入", LEFT, "上年结转"],
        ["科目编码", "科目名称", "收入总计", "一般公共预算", unknown, "上年结转"],
    ]
    found = lines(page("2023年部门收入总表", UNIT, [*head, ["2010301", "行政运行", "9.00", "3.00", "2.00", "4.00"]]))
    assert of_column(found, 5).fund is None


@pytest.mark.parametrize("title", ["2023年部门支出总表", "2023年一般公共预算支出表", "2023年一般公共预算基本支出表"])
def test_columns_of_economic_classes_are_none_of_them_all_spending(title: str) -> None:
    head = [
        ["科目编码", "科目名称", "合计", "基本支出", LEFT, LEFT],
        ["科目编码", "科目名称", "合计", "工资福利支出", "商品和服务支出", "对个人和家庭的补助"],
    ]
    found = lines(page(title, UNIT, [*head, ["2010301", "行政运行", "9.00", "4.00", "3.00", "2.00"]]))
    assert {of_column(found, n).nature for n in (4, 5, 6)} == {"of_which_other"}


def test_the_years_own_part_of_a_fund_beside_what_was_carried_over_repeats_some_of_its_sum() -> None:
    head = [
        ["科目编码", "科目名称", "一般公共预算", LEFT, LEFT, "政府性基金"],
        ["科目编码", "科目名称", "小计", "当年预算", "上年结转", "政府性基金"],
    ]
    found = lines(page("2023年部门支出总表", UNIT, [*head, ["2010301", "行政运行", "9.00", "4.00", "5.00", "1.00"]]))
    assert [of_column(found, n).nature for n in (3, 4, 5, 6)] == ["total", "of_which_other", "of_which_other", "total"]


def test_a_project_without_a_name_has_not_that_of_a_person() -> None:
    rows = [["项目名称", "联系人", "合计"], ["信息系统运维", "张三", "3.00"], ["", "李四", "2.00"]]
    assert {line.name for line in lines(page("2023年项目支出预算表", UNIT, rows))} == {"信息系统运维"}


@pytest.mark.parametrize(
    ("title", "statement", "fund"),
    [
        ("项目经费支出表", "project_expenditure", None),
        ("一般公共预算项目资金安排表", "project_expenditure", "general_public"),
        ("基本经费支出表", "basic_expenditure", None),
        ("一般公共预算人员及公用支出表", "general_public_basic_by_economic", "general_public"),
        ("财政资金收支总表", "fiscal_appropriation_summary", "fiscal_appropriation"),
        ("财政资金和其他资金支出预算表", "expenditure_summary", None),
        ("非财政资金支出表", "other", None),
        ("非财政拨款支出表", "other", None),
        ("财政性资金收支总表", "other", None),
        ("项目收入表", "other", None),
        ("基本各项支出表", "other", None),
        ("项目业务支出表", "other", None),
        ("政府性基金预算项目支出表", "project_expenditure", "government_fund"),
        ("国有资本经营预算项目支出表", "project_expenditure", "state_capital"),
        ("一般公共预算和政府性基金项目支出表", "project_expenditure", None),
        ("基本支出和项目支出表", "expenditure_summary", None),
        ("债券项目支出表", "other", None),
        ("科研项目支出预算表", "other", None),
        ("清风市教育局项目支出预算表", "project_expenditure", None),
        ("特定目标类项目支出表", "project_expenditure", None),
        ("二级项目支出汇总表", "project_expenditure", None),
        ("专项业务经费支出表", "project_expenditure", None),
        ("运动会支出表", "other", None),
        ("党代会支出表", "other", None),
        ("人代会支出表", "other", None),
        ("清风县红十字会支出表", "expenditure_summary", None),
        ("清风县工商业联合会支出表", "expenditure_summary", None),
        ("清风市民生支出总表", "other", None),
        ("清风市卫生支出总表", "other", None),
        ("清风县双拥支出总表", "expenditure_summary", None),
        ("清风市卫生健康局支出总表", "expenditure_summary", None),
    ],
)
def test_titles_of_a_part_are_not_of_the_whole(title: str, statement: str, fund: str | None) -> None:
    read = read_title(fold(title))
    assert read is not None
    assert (read.statement, read.fund) == (statement, fund)


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("上年年末结转", {"carryover": "carryover"}),
        ("年末结转", {"nature": "carryforward"}),
        ("非财政资金", {}),
        ("非财政专户资金", {}),
        ("非同级财政拨款", {"fund": "other"}),
        ("财政资金", {"fund": "fiscal_appropriation"}),
        ("一般预算拨款", {"fund": "general_public"}),
        ("公共财政资金", {"fund": "general_public"}),
    ],
)
def test_what_a_header_says(header: str, says: dict[str, str]) -> None:
    assert read_header(fold(header)) == says


def test_words_below_a_head_of_remarks_that_stand_alone_name_the_rows() -> None:
    rows = [["内容", "预算数"], ["因公出国（境）费用", "1.00"], ["公务接待费", "2.00"]]
    assert [line.code for line in lines(page("2023年“三公”经费支出表", UNIT, rows))] == ["abroad", "reception"]


def test_a_column_without_any_heading_beside_money_of_earlier_years_is_left_open():
    rows = [["科目名称", "", "上年结转", "事业收入"], ["教育支出", "30.00", "10.00", "20.00"], ["合计", "30.00", "10.00", "20.00"]]
    found = lines(page("收入总表", "单位：万元", rows))
    assert [line.amount_text for line in found if line.column == 2] == ["30.00", "30.00"]
