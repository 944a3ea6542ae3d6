"""From header cells to what the amounts below them are: flow, fund, nature, measure; what stays open is never guessed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.budget.characters import fold
from pipeline.statements.column_numbers import is_column_numbers
from pipeline.statements.layout.stitching import tables_of
from pipeline.statements.meaning.headers.header_columns import header_depth
from pipeline.statements.meaning.headers.header_texts import read_header_text, storeys_of
from pipeline.statements.statement_model import Table
from tests.pipeline.statements.paper import ABOVE, LEFT, Rows, content, lines, page, statements

Meaning = tuple[str | None, str | None]


def table(rows: Rows) -> Table:
    (found,) = tables_of(content(page("支出总表", rows)))
    return found


def meanings(
    title: str, header: Rows, texts: Sequence[str], *, year: int | None = 2023, kind: str = "budget"
) -> list[tuple[str | None, str | None, str]]:
    """(fund, nature, measure) of each amount of one row of body below the header."""
    return [
        (line.fund, line.nature, line.measure) for line in lines(page(title, "单位：万元", [*header, list(texts)]), year=year, kind=kind)
    ]


def funds_and_natures(title: str, header: Rows, texts: Sequence[str]) -> list[Meaning]:
    return [(fund, nature) for fund, nature, _ in meanings(title, header, texts)]


# --- header rows ---------------------------------------------------------------------------------------------------

BODY = ["2010301", "行政运行", "1,234.56", "1,000.00", "234.56"]
ONE = ["科目编码", "科目名称", "合计", "基本支出", "项目支出"]


@pytest.mark.parametrize(
    ("header", "depth", "body"),
    [
        ([ONE], 1, 1),
        ([["科目", LEFT, "支出", LEFT, LEFT], ONE], 2, 2),
        ([ONE, ["栏次", "", "1", "2", "3"]], 1, 2),
        ([ONE, ["**", "**", "1", "2", "3"]], 1, 2),
        ([["科目编码", "科目名称", "合计", "其中：", LEFT], [ABOVE, ABOVE, ABOVE, "基本支出", "项目支出"]], 2, 2),
    ],
)
def test_which_rows_are_header(header: Rows, depth: int, body: int) -> None:
    assert header_depth(table([*header, BODY])) == (depth, body)


def test_a_table_without_a_header_has_none() -> None:
    assert header_depth(table([["201", "一般公共服务支出", "503", "301"], ["205", "教育支出", "12", "12"]])) == (0, 0)


def test_a_total_row_is_no_header() -> None:
    assert header_depth(table([ONE, ["合计", LEFT, "12", "8", "4"], BODY])) == (1, 1)


@pytest.mark.parametrize(
    ("texts", "numbers"),
    [
        (["栏次", "1", "2", "3"], True),
        (["1", "2", "3", "4=5+6"], True),
        (["甲", "乙", "1", "2"], True),
        (["**", "**", "1", "2"], True),
        (["201", "1", "2", "4"], False),
        (["行政运行", "1", "2", "3"], False),
        (["1", "5", "2", "3"], False),
        (["5", "5", "5"], False),
    ],
)
def test_a_row_that_numbers_the_columns_prints_no_amounts(texts: list[str], numbers: bool) -> None:
    head = ["科目编码", "科目名称", "合计", "基本支出"][: len(texts)]
    assert is_column_numbers(table([head, texts]).rows[-1]) is numbers


@pytest.mark.parametrize(
    ("texts", "numbers"),
    [
        (["类 款 项", "栏次", "1", "2"], True),
        (["类", "款 项", "栏次", "1"], True),
        (["类款项", "1", "2", "3"], True),
        (["类款项", "栏次", "12", "30"], False),
        (["类 款 项 栏次", "1", "2", "3"], True),
        (["类 款 项 栏次", "12", "30"], False),
        (["款项", "1", "2"], False),
        (["类款项", "工程款", "1", "2"], False),
    ],
)
def test_headings_of_codes_that_run_together_stand_beside_column_numbers(texts: list[str], numbers: bool) -> None:
    head = ["科目编码", "科目名称", "合计", "基本支出"][: len(texts)]
    assert is_column_numbers(table([head, texts]).rows[-1]) is numbers


def test_numbers_of_columns_are_no_amounts() -> None:
    (statement,) = statements(page("支出总表", "单位：万元", [ONE, ["栏次", "", "1", "2", "3"], BODY]))
    assert [line.amount_text for line in statement.lines] == ["1,234.56", "1,000.00", "234.56"]


# --- natures -------------------------------------------------------------------------------------------------------


def test_natures_under_a_merged_header() -> None:
    header = [
        ["科目编码", "科目名称", "合计", "基本支出", LEFT, LEFT, "项目支出"],
        [ABOVE, ABOVE, ABOVE, "小计", "人员经费", "公用经费", ABOVE],
    ]
    assert funds_and_natures("支出总表", header, ["2010301", "行政运行", "9.00", "7.00", "4.00", "3.00", "2.00"]) == [
        ("total", "total"), ("total", "basic"), ("total", "basic_personnel"), ("total", "basic_operating"), ("total", "project"),
    ]  # fmt: skip


def test_further_natures_of_an_expenditure_table() -> None:
    header = [["科目编码", "科目名称", "合计", "基本支出", "项目支出", "事业单位经营支出", "上缴上级支出", "对附属单位补助支出"]]
    found = funds_and_natures("支出总表", header, ["2010301", "行政运行", "15.00", "1.00", "2.00", "3.00", "4.00", "5.00"])
    assert [nature for _, nature in found] == [
        "total",
        "basic",
        "project",
        "operating",
        "remittance_to_superiors",
        "subsidy_to_subordinates",
    ]


def test_natures_of_which_that_complete_the_sum_are_plain() -> None:
    header = [["科目编码", "科目名称", "小计", "其中：", LEFT], [ABOVE, ABOVE, ABOVE, "基本支出", "项目支出"]]
    assert [nature for _, nature in funds_and_natures("支出总表", header, ["2010301", "行政运行", "9.00", "7.00", "2.00"])] == [
        "total",
        "basic",
        "project",
    ]


def test_a_part_of_a_nature_is_that_part() -> None:
    header = [["科目编码", "科目名称", "合计", "项目支出", LEFT], [ABOVE, ABOVE, ABOVE, "小计", "其中：政府采购"]]
    assert [nature for _, nature in funds_and_natures("支出总表", header, ["2010301", "行政运行", "9.00", "9.00", "1.00"])] == [
        "total", "project", "of_which_procurement",
    ]  # fmt: skip


def test_a_groups_name_in_the_cell_of_its_column_leaves_the_column_its_own() -> None:
    header = [["科目编码", "科目名称", "合计", "财政拨款", "单位资金事业收入", "上级补助收入", "单位资金其他收入"]]
    row = ["2010301", "行政运行", "15.00", "9.00", "3.00", "2.00", "1.00"]
    funds = ["total", "fiscal_appropriation", "business", "superior_subsidy", "other"]
    assert funds_and_natures("支出总表", header, row) == [(fund, "total") for fund in funds]


@pytest.mark.parametrize("lost", ["", "预算拨款"])
def test_a_column_whose_own_name_is_lost_is_not_what_its_group_is(lost: str) -> None:
    """Below 财政拨款 stands a part of it: which, nothing says."""
    header = [
        ["科目编码", "科目名称", "合计", "财政拨款", LEFT, LEFT, "单位资金", LEFT],
        [ABOVE, ABOVE, ABOVE, "一般公共预算拨款", lost, "国有资本经营预算拨款", "事业收入", "其他收入"],
    ]
    row = ["2010301", "行政运行", "15.00", "5.00", "4.00", "3.00", "2.00", "1.00"]
    assert funds_and_natures("支出总表", header, row) == [
        ("total", "total"), ("general_public", "total"), (None, None), ("state_capital", "total"),
        ("business", "total"), ("other", "total"),
    ]  # fmt: skip


def test_a_part_whose_name_is_cut_beside_one_that_is_understood_is_not_told() -> None:
    header = [
        ["科目编码", "科目名称", "合计", "政府采购项目", LEFT, LEFT],
        [ABOVE, ABOVE, ABOVE, "小计", "其中：政府采购项目中小企业的资金规模", "其中：政府采购项目中预留给小型企业的资金规模"],
    ]
    assert funds_and_natures("支出总表", header, ["2010301", "行政运行", "9.00", "5.00", "4.00", "3.00"]) == [
        ("total", "total"), ("total", "of_which_procurement"), (None, None), ("total", "of_which_procurement_small_micro"),
    ]  # fmt: skip


def test_all_parts_of_a_group_are_of_its_fund_where_its_known_ones_are() -> None:
    header = [
        ["单位名称", "合计", "财政专户拨款收入", LEFT, "其他资金收入", LEFT],
        [ABOVE, ABOVE, "教育收费", "专户里的别的拨款", "事业收入", "其他收入"],
    ]
    assert funds_and_natures("收入总表", header, ["某某局", "10.00", "4.00", "3.00", "2.00", "1.00"]) == [
        ("total", "total"), ("special_account", "total"), ("special_account", "total"), ("business", "total"), ("other", "total"),
    ]  # fmt: skip


def test_a_column_whose_own_name_is_lost_is_told_by_the_sums() -> None:
    header = [["科目编码", "科目名称", "合计", "基本支出", LEFT, LEFT, "项目支出"], [ABOVE, ABOVE, ABOVE, "小计", "人员经费", "", ABOVE]]
    found = funds_and_natures("支出总表", header, ["2010301", "行政运行", "9.00", "7.00", "4.00", "3.00", "2.00"])
    assert found[3] == ("total", "basic_operating")


def test_what_says_no_more_than_the_column_beside_it_repeats_a_part_of_it() -> None:
    header = [["科目编码", "科目名称", "合计", "基本支出", "项目支出", "其中：除大修以外的项目支出"]]
    assert funds_and_natures("支出总表", header, ["2010301", "行政运行", "9.00", "7.00", "2.00", "1.00"])[-2:] == [
        ("total", "project"),
        ("total", "of_which_other"),
    ]


def test_procurement_of_which_is_never_the_budget() -> None:
    header = [["科目编码", "科目名称", "合计", "基本支出", "项目支出", "其中：政府采购"]]
    assert funds_and_natures("支出总表", header, ["2010301", "行政运行", "9.00", "7.00", "2.00", "1.00"])[-1] == (
        "total",
        "of_which_procurement",
    )


@pytest.mark.parametrize(
    ("title", "fund", "nature"),
    [
        ("支出总表", "total", "total"),
        ("基本支出预算表", "total", "basic"),
        ("一般公共预算支出表", "general_public", "total"),
        ("一般公共预算基本支出表", "general_public", "basic"),
        ("一般公共预算项目支出表", "general_public", "project"),
        ("政府性基金预算支出表", "government_fund", "total"),
        ("国有资本经营预算支出表", "state_capital", "total"),
        ("财政拨款支出预算表", "fiscal_appropriation", "total"),
        ("财政拨款上年结转资金支出表", "carryover_fiscal_appropriation", "total"),
    ],
)
def test_the_title_fixes_what_a_bare_total_covers(title: str, fund: str, nature: str) -> None:
    assert funds_and_natures(title, [["科目编码", "科目名称", "合计"]], ["2010301", "行政运行", "9.00"]) == [(fund, nature)]


def test_halves_may_be_headed_by_their_items() -> None:
    header = [["收入", LEFT, "支出", LEFT], ["收入项目", "预算数", "支出项目", "预算数"]]
    found = lines(page("收支预算总表", "单位：万元", [*header, ["一、事业收入", "3.00", "一、基本支出", "2.00"]]))
    assert [(line.flow, line.name, line.fund, line.nature) for line in found] == [
        ("revenue", "事业收入", "business", "total"),
        ("expenditure", "基本支出", "total", "basic"),
    ]


def test_income_that_is_no_education_fee_is_of_the_institutions_business() -> None:
    header = [["科目名称", "总计", "事业收入", LEFT], [ABOVE, ABOVE, "非教育收费收入", "教育收费收入"]]
    assert funds_and_natures("收入总表", header, ["教育支出", "3.00", "2.00", "1.00"])[1:] == [
        ("business", "total"),
        ("special_account", "total"),
    ]


def test_a_narrow_title_narrows_its_columns() -> None:
    header = [["科目编码", "科目名称", "合计", "财政拨款", "基本支出"]]
    found = funds_and_natures("一般公共预算支出表", header, ["2010301", "行政运行", "9.00", "9.00", "7.00"])
    assert found == [("general_public", "total"), ("general_public", "total"), ("general_public", "basic")]


# --- funds ---------------------------------------------------------------------------------------------------------


def test_funds_of_a_revenue_table() -> None:
    header = [
        [
            "科目编码",
            "科目名称",
            "合计",
            "一般公共预算拨款收入",
            "政府性基金预算拨款收入",
            "财政专户管理资金收入",
            "事业收入",
            "事业单位经营收入",
            "其他收入",
        ]
    ]
    found = lines(
        page("收入总表", "单位：万元", [*header, ["2010301", "行政运行", "21.00", "1.00", "2.00", "3.00", "4.00", "5.00", "6.00"]])
    )
    assert [line.fund for line in found] == [
        "total",
        "general_public",
        "government_fund",
        "special_account",
        "business",
        "operating",
        "other",
    ]
    assert {(line.flow, line.nature, line.scheme, line.code) for line in found} == {("revenue", "total", "function", "2010301")}


def test_funds_of_the_year_and_carried_over() -> None:
    header = [
        ["科目编码", "科目名称", "合计", "本年收入", LEFT, LEFT, "上年结转", LEFT, LEFT],
        [ABOVE, ABOVE, ABOVE, "小计", "一般公共预算", "单位资金", "小计", "一般公共预算", "单位资金"],
    ]
    found = funds_and_natures("收入总表", header, ["2010301", "行政运行", "12.00", "9.00", "6.00", "3.00", "3.00", "2.00", "1.00"])
    assert [fund for fund, _ in found] == [
        "total", "current_year", "general_public", "unit_funds", "carryover", "carryover_general_public", "carryover_unit_funds",
    ]  # fmt: skip


def test_a_subtotal_under_the_revenue_of_the_year() -> None:
    header = [["科目编码", "科目名称", "总计", "本年收入", LEFT, LEFT], [ABOVE, ABOVE, ABOVE, "小计", "一般公共预算", "事业收入"]]
    found = funds_and_natures("收入总表", header, ["2010301", "行政运行", "9.00", "9.00", "6.00", "3.00"])
    assert [fund for fund, _ in found] == ["total", "current_year", "general_public", "business"]


def test_all_columns_of_the_year_beside_those_carried_over_are_of_the_years_funds() -> None:
    header = [
        ["科目编码", "科目名称", "总计", "本年支出", LEFT, LEFT, "结转支出", LEFT],
        [ABOVE, ABOVE, ABOVE, "小计", "基本支出", "项目支出", "基本支出", "项目支出"],
    ]
    assert funds_and_natures("支出总表", header, ["205", "教育支出", "9.00", "6.00", "4.00", "2.00", "1.00", "2.00"]) == [
        ("total", "total"),
        ("current_year", "total"), ("current_year", "basic"), ("current_year", "project"),
        ("carryover", "basic"), ("carryover", "project"),
    ]  # fmt: skip


def test_natures_of_the_year_beside_those_carried_over_are_of_the_year_in_a_statement_of_one_fund_too() -> None:
    header = [
        ["科目编码", "科目名称", "合计", "本年预算", LEFT, LEFT, "上年结转", LEFT, LEFT],
        [ABOVE, ABOVE, ABOVE, "小计", "基本支出", "项目支出", "小计", "基本支出", "项目支出"],
    ]
    row = ["2010301", "行政运行", "9.00", "6.00", "4.00", "2.00", "3.00", "1.00", "2.00"]
    assert funds_and_natures("一般公共预算支出表", header, row) == [
        ("general_public", "total"),
        ("current_year", "total"), ("current_year", "basic"), ("current_year", "project"),
        ("carryover_general_public", "total"), ("carryover_general_public", "basic"), ("carryover_general_public", "project"),
    ]  # fmt: skip


def test_a_subtotal_beside_what_is_carried_over_is_that_of_the_year() -> None:
    header = [
        ["科目编码", "科目名称", "总计", "资金来源", LEFT, LEFT, "上年结转"],
        [ABOVE, ABOVE, ABOVE, "合计", "一般公共预算", "单位资金", ABOVE],
    ]
    found = funds_and_natures("收入总表", header, ["2010301", "行政运行", "12.00", "9.00", "6.00", "3.00", "3.00"])
    assert [fund for fund, _ in found] == ["total", "current_year", "general_public", "unit_funds", "carryover"]


def test_fiscal_funds_under_their_subtotal() -> None:
    header = [
        ["科目编码", "科目名称", "合计", "财政拨款", LEFT, LEFT, LEFT],
        [ABOVE, ABOVE, ABOVE, "小计", "一般公共预算", "政府性基金预算", "国有资本经营预算"],
    ]
    found = funds_and_natures("支出总表", header, ["2010301", "行政运行", "9.00", "8.00", "5.00", "2.00", "1.00"])
    assert [fund for fund, _ in found] == ["total", "fiscal_appropriation", "general_public", "government_fund", "state_capital"]


def test_a_fund_and_a_nature_in_one_path_are_both_kept() -> None:
    header = [
        ["科目编码", "科目名称", "合计", "一般公共预算", LEFT, "政府性基金预算", LEFT],
        [ABOVE, ABOVE, ABOVE, "基本支出", "项目支出", "基本支出", "项目支出"],
    ]
    assert funds_and_natures("支出总表", header, ["2010301", "行政运行", "10.00", "1.00", "2.00", "3.00", "4.00"]) == [
        ("total", "total"), ("general_public", "basic"), ("general_public", "project"),
        ("government_fund", "basic"), ("government_fund", "project"),
    ]  # fmt: skip


# --- halves --------------------------------------------------------------------------------------------------------


def test_revenue_stands_left_and_expenditure_right() -> None:
    rows: Rows = [["收入", LEFT, "支出", LEFT], ["项目", "预算数", "项目", "预算数"], ["一般公共预算拨款收入", "9.00", "教育支出", "8.00"]]
    found = lines(page("收支总表", "单位：万元", rows))
    assert [(line.flow, line.fund, line.nature, line.column) for line in found] == [
        ("revenue", "general_public", "total", 2), ("expenditure", "total", "total", 4),
    ]  # fmt: skip


def test_funds_of_the_right_half() -> None:
    rows: Rows = [
        ["收入", LEFT, "支出", LEFT, LEFT, LEFT],
        ["项目", "金额", "项目", "合计", "一般公共预算", "政府性基金预算"],
        ["一、一般公共预算拨款", "9.00", "教育支出", "8.00", "7.00", "1.00"],
    ]
    found = lines(page("财政拨款收支总表", "单位：万元", rows))
    assert [(line.flow, line.fund) for line in found] == [
        ("revenue", "general_public"), ("expenditure", "fiscal_appropriation"),
        ("expenditure", "general_public"), ("expenditure", "government_fund"),
    ]  # fmt: skip


# --- measures ------------------------------------------------------------------------------------------------------


def test_last_year_and_the_change_are_not_the_budget() -> None:
    header = [["科目编码", "科目名称", "上年预算数", "2022年执行数", "2023年预算数", "增减金额", "增减幅度"]]
    found = meanings("一般公共预算支出表", header, ["2010301", "行政运行", "8.00", "7.00", "9.00", "1.00", "12.50"])
    assert [measure for _, _, measure in found] == ["prior_year_budget", "prior_year_final", "budget", "change"]  # a percentage is no line


def test_a_year_before_that_says_no_more_is_a_prior_year() -> None:
    header = [["科目编码", "科目名称", "2022年", "2023年预算数"]]
    assert [measure for _, _, measure in meanings("支出总表", header, ["2010301", "行政运行", "8.00", "9.00"])] == ["prior_year", "budget"]


def test_the_documents_own_year_is_the_budget() -> None:
    header = [["科目编码", "科目名称", "2023年预算数"]]
    assert [measure for _, _, measure in meanings("支出总表", header, ["2010301", "行政运行", "9.00"])] == ["budget"]
    assert [measure for _, _, measure in meanings("支出总表", header, ["2010301", "行政运行", "9.00"], year=2024)] == ["prior_year_budget"]


def test_a_final_account_prints_what_was_spent() -> None:
    header = [["科目编码", "科目名称", "年初预算数", "全年预算数", "决算数"]]
    found = meanings("支出决算表", header, ["2010301", "行政运行", "7.00", "8.00", "9.00"], kind="final_account")
    assert [measure for _, _, measure in found] == ["budget", "adjusted_budget", "final"]


def test_in_a_final_account_bare_columns_are_final() -> None:
    header = [["科目编码", "科目名称", "合计", "基本支出"]]
    assert [measure for _, _, measure in meanings("支出决算表", header, ["2010301", "行政运行", "9.00", "8.00"], kind="final_account")] == [
        "final",
        "final",
    ]


def test_a_bare_budget_column_of_a_final_account_is_the_budget() -> None:
    header = [["科目编码", "科目名称", "预算数", "决算数"]]
    assert [measure for _, _, measure in meanings("支出决算表", header, ["2010301", "行政运行", "9.00", "8.00"], kind="final_account")] == [
        "budget",
        "final",
    ]


# --- what is not understood ----------------------------------------------------------------------------------------


def test_a_header_that_nobody_knows_leaves_its_amounts_open_and_is_reported() -> None:
    header = [["科目编码", "科目名称", "合计", "蓝色大象"]]
    (statement,) = statements(page("支出总表", "单位：万元", [*header, ["2010301", "行政运行", "9.00", "8.00"]]))
    known, unknown = statement.lines
    assert (known.fund, known.nature, known.column_evidence) == ("total", "total", "printed")
    assert (unknown.fund, unknown.nature, unknown.column_evidence) == (None, None, "ambiguous")
    assert str(unknown.amount) == "80000.00"
    assert statement.unknown == ("蓝色大象",)


def test_counts_and_percentages_are_no_amounts() -> None:
    header = [["项目名称", "数量", "单价", "合计", "占比"]]
    found = lines(page("项目支出表", "单位：万元", [*header, ["平台运行维护", "12", "3.50", "42.00", "100.00"]]))
    assert [line.amount_text for line in found] == ["42.00"]


def test_the_price_of_all_is_the_amount_and_the_price_of_one_is_none() -> None:
    header = [["采购品目名称", "数量", "单价", "总价"]]
    (line,) = lines(page("政府采购预算表", "单位：万元", [*header, ["台式计算机", "10", "0.50", "5.00"]]))
    assert (line.amount_text, line.fund, line.nature, line.column_evidence) == ("5.00", "total", "total", "printed")


@pytest.mark.parametrize("maker", ["填表人：张某", "制表人", "单位负责人（签字）：", "联系电话：5123456"])
def test_who_made_the_table_is_no_row_of_it(maker: str) -> None:
    header = [["科目编码", "科目名称", "合计", "基本支出", "项目支出"]]
    rows = [["2010301", "行政运行", "9.00", "8.00", "1.00"], [maker, LEFT, "联系电话", "5123456", ""]]
    assert [line.amount_text for line in lines(page("支出总表", "单位：万元", [*header, *rows]))] == ["9.00", "8.00", "1.00"]


def test_what_is_of_the_operating_kind_is_spent_on_operating() -> None:
    header = [["单位名称", "基本支出", LEFT], [ABOVE, "人员类", "公用类"]]
    found = lines(page("支出总表", "单位：万元", [*header, ["第一中学", "9.00", "8.00"]]))
    assert [(line.nature, line.column_evidence) for line in found] == [("basic_personnel", "printed"), ("basic_operating", "printed")]


# --- three public --------------------------------------------------------------------------------------------------

THREE = [
    ["合计", "因公出国（境）费", "公务接待费", "公务用车购置及运行费", LEFT, LEFT],
    [ABOVE, ABOVE, ABOVE, "小计", "公务用车购置费", "公务用车运行费"],
]


def test_items_of_three_public_stand_in_columns() -> None:
    found = lines(page("“三公”经费预算表", "单位：万元", [*THREE, ["63.00", "30.00", "5.00", "28.00", "18.00", "10.00"]]))
    assert [(line.code, line.level) for line in found] == [
        ("total", 0), ("abroad", 1), ("reception", 1), ("vehicles", 1), ("vehicle_purchase", 2), ("vehicle_operation", 2),
    ]  # fmt: skip
    assert {(line.scheme, line.fund, line.nature, line.code_source) for line in found} == {
        ("three_public", "fiscal_appropriation", "total", "printed")
    }


def test_a_total_over_meetings_and_training_includes_them() -> None:
    header = [
        ["合计", "“三公”经费", LEFT, LEFT, LEFT, "会议费", "培训费"],
        [ABOVE, "小计", "因公出国（境）费", "公务接待费", "公务用车购置及运行费", ABOVE, ABOVE],
    ]
    found = lines(
        page("“三公”经费、会议费、培训费支出表", "单位：万元", [*header, ["70.00", "63.00", "30.00", "5.00", "28.00", "4.00", "3.00"]])
    )
    assert [line.code for line in found] == ["with_meetings_training", "total", "abroad", "reception", "vehicles", "conference", "training"]


def test_operating_costs_beside_three_public_are_no_part() -> None:
    header = [["“三公”经费合计", "因公出国（境）费", "公务接待费", "公务用车购置及运行费", "机关运行经费"]]
    found = lines(page("“三公”经费和机关运行经费预算表", "单位：万元", [*header, ["63.00", "30.00", "5.00", "28.00", "500.00"]]))
    assert [line.code for line in found] == ["total", "abroad", "reception", "vehicles", "agency_operating"]


def test_a_three_public_table_of_one_fund_keeps_it() -> None:
    found = lines(page("一般公共预算“三公”经费支出表", "单位：万元", [*THREE, ["63.00", "30.00", "5.00", "28.00", "18.00", "10.00"]]))
    assert {line.fund for line in found} == {"general_public"}


def test_what_is_spent_of_a_units_own_funds_names_their_source() -> None:
    header = [
        ["科目编码", "科目名称", "合计", "一般公共预算", "单位资金", LEFT, LEFT, LEFT],
        [ABOVE, ABOVE, ABOVE, ABOVE, "小计", "事业支出", "事业单位经营支出", "其他支出"],
    ]
    body = ["2010301", "行政运行", "10.00", "4.00", "6.00", "3.00", "2.00", "1.00"]
    assert funds_and_natures("支出预算表", header, body) == [
        ("total", "total"),
        ("general_public", "total"),
        ("unit_funds", "total"),
        ("business", "total"),
        ("operating", "total"),
        ("other", "total"),
    ]


def test_spending_beside_the_budget_is_a_nature() -> None:
    header = [["科目编码", "科目名称", "合计", "基本支出", "事业单位经营支出"]]
    assert funds_and_natures("支出预算表", header, ["2010301", "行政运行", "3.00", "2.00", "1.00"])[-1] == ("total", "operating")


def test_rates_over_several_columns_are_no_amounts() -> None:
    header = [
        ["科目编码", "科目名称", "2022年预算数", LEFT, "2023年预算数", LEFT, "2023年预算数比2022年预算数增减%", LEFT],
        [ABOVE, ABOVE, "合计", "基本支出", "合计", "基本支出", "合计", "基本支出"],
    ]
    found = statements(
        page("一般公共预算支出表", "单位：万元", [*header, ["201", "一般公共服务支出", "2.00", "1.00", "3.00", "1.50", "50.00", "50.00"]])
    )
    (statement,) = found
    assert [(line.measure, line.nature) for line in statement.lines] == [
        ("prior_year_budget", "total"), ("prior_year_budget", "basic"), ("budget", "total"), ("budget", "basic"),
    ]  # fmt: skip
    assert statement.amounts_printed == 4


def test_a_change_of_budgets_is_a_change() -> None:
    header = [["项目", "2022年预算数", "2023年预算数", "2023年预算数比2022年预算数增减额"]]
    measures = [m for _, _, m in meanings("“三公”经费支出表", header, ["合计", "5.00", "7.00", "2.00"])]
    assert measures == ["prior_year_budget", "budget", "change"]


def test_a_last_row_of_words_below_cells_that_reach_down_is_header_even_if_unknown() -> None:
    rows: Rows = [["名称", "合计", "来源", LEFT], [ABOVE, ABOVE, "红色", "蓝色"], ["行政运行", "3.00", "2.00", "1.00"]]
    assert header_depth(table(rows)) == (2, 2)


def test_a_named_fund_counts_before_that_it_is_appropriated() -> None:
    narrow = ["一般公共预算财政拨款收入", "政府性基金预算财政拨款收入", "国有资本经营预算财政拨款收入"]
    header = [
        ["科目编码", "科目名称", "总计", "财政拨款收入", LEFT, LEFT, LEFT, "非财政拨款收入"],
        [ABOVE, ABOVE, ABOVE, "小计", *narrow, ABOVE],
    ]
    found = funds_and_natures("收入预算总表", header, ["2010301", "行政运行", "9.00", "8.00", "5.00", "2.00", "1.00", "1.00"])
    assert found == [
        ("total", "total"), ("fiscal_appropriation", "total"), ("general_public", "total"), ("government_fund", "total"),
        ("state_capital", "total"), (None, None),
    ]  # fmt: skip


def test_non_tax_revenue_of_the_special_account_is_that_fund() -> None:
    header = [["科目编码", "科目名称", "合计", "一般公共预算", "其中：非税收入", "纳入专户管理的行政事业性收费等非税收入"]]
    found = funds_and_natures("收入预算总表", header, ["2010301", "行政运行", "9.00", "8.00", "5.00", "1.00"])
    assert found[-2][1] == "of_which_non_tax_revenue"
    assert found[-1] == ("special_account", "total")


@pytest.mark.parametrize(
    "change",
    ["2023比2022", "2023年比2022年", "2023年较2022年", "比2022年增减", "较上年", "比上年变动", "与上年相比增减额", "差额", "变动情况"],
)
def test_a_comparison_by_years_is_this_years_budget_last_years_and_the_change(change: str) -> None:
    header: Rows = [["项目", "预算金额", LEFT, LEFT], [ABOVE, "2023年", "2022年", change]]
    rows = [
        ("合计", "25.80", "28.40", "-2.60"),
        ("公务接待费", "7.80", "9.40", "-1.60"),
        ("公务用车购置及运行费", "18.00", "19.00", "-1.00"),
    ]
    found = lines(page("2023年“三公”经费预算表", "单位：万元", [*header, *rows]))
    assert [line.measure for line in found] == ["budget", "prior_year_budget", "change"] * 3


def test_years_in_the_order_of_time() -> None:
    found = meanings(
        "支出总表",
        [["科目编码", "科目名称", "2021年决算", "2022年", "2023年", "2023年较2022年增减"]],
        ["201", "一般公共服务支出", "1.00", "2.00", "3.00", "1.00"],
    )
    assert [measure for _, _, measure in found] == ["prior_year_final", "prior_year", "budget", "change"]


def test_rates_of_change_are_no_amounts() -> None:
    for rate in ("2023年比2022年增长%", "比上年增减（%）", "较上年增长率"):
        header: Rows = [["科目编码", "科目名称", "预算数", LEFT, LEFT], [ABOVE, ABOVE, "2023年", "2022年", rate]]
        assert [m for _, _, m in meanings("支出总表", header, ["201", "一般公共服务支出", "3.00", "2.00", "50.00"])] == [
            "budget",
            "prior_year_budget",
        ]


# --- parts that are printed beside their wholes -------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        [["科目编码", "科目名称", "2022年执行数", "其中：扣除中央基建", "2023年预算数", "其中：扣除中央基建"]],
        [
            ["科目编码", "科目名称", "一般公共预算支出", LEFT, LEFT, LEFT],
            [ABOVE, ABOVE, "2022年执行数", "其中：扣除中央基建", "2023年预算数", "其中：扣除中央基建"],
        ],
        [
            ["科目编码", "科目名称", "2022年执行数", LEFT, "2023年预算数", LEFT],
            [ABOVE, ABOVE, "小计", "扣除中央基建投资", "小计", "扣除中央基建投资"],
        ],
        [["科目编码", "科目名称", "2022年执行数", "扣除中央基建后", "2023年预算数", "扣除中央基建后"]],
        [["科目编码", "科目名称", "上年执行数", "其中：中央转移支付", "本年预算数", "其中：中央转移支付"]],
    ],
)
def test_a_part_is_of_the_year_of_the_whole_left_of_it(header: Rows) -> None:
    row = ["2080505", "机关事业单位基本养老保险缴费支出", "151.88", "101.88", "159.53", "109.53"]
    assert meanings("2023年一般公共预算支出表", header, row) == [
        ("general_public", "total", "prior_year_final"),
        ("general_public", "of_which_other", "prior_year_final"),
        ("general_public", "total", "budget"),
        ("general_public", "of_which_other", "budget"),
    ]


def test_two_unknown_parts_of_one_whole_are_left_open() -> None:
    header = ["科目编码", "科目名称", "合计", "其中：中央资金", "其中：省级资金"]
    assert funds_and_natures("2023年一般公共预算支出表", [header], ["2080505", "养老", "151.88", "101.88", "50.00"])[1:] == [
        (None, None),
        (None, None),
    ]


# --- what the texts of a column say ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("amounts", "names", "is_amount"), [(2, 2, False), (3, 2, True), (2, 3, False), (4, 0, True)])
def test_a_column_under_an_unknown_header_is_of_amounts_where_more_than_half_of_its_texts_are(
    amounts: int, names: int, is_amount: bool
) -> None:
    texts = [f"{n}.50" for n in range(1, amounts + 1)] + ["甲类", "乙类", "丙类"][:names]
    rows = [[f"2010{n}", f"第{n}类支出", "5.00", text] for n, text in enumerate(texts, start=1)]
    found = lines(page("支出总表", "单位：万元", [["科目编码", "科目名称", "合计", "某某事项"], *rows]))
    assert any(line.column == 4 for line in found) is is_amount


def test_a_column_of_codes_under_an_unknown_header_is_none_of_amounts() -> None:
    rows = [["20101", "人大事务", "5.00", "30101"], ["20103", "政府办公厅", "6.00", "30201"]]
    found = lines(page("支出总表", "单位：万元", [["科目编码", "科目名称", "合计", "某某事项"], *rows]))
    assert {line.column for line in found} == {3}


# --- headings over groups that were lost, cut or laid over one column -------------------------------------------------


@pytest.mark.parametrize(
    ("title", "header", "held"),
    [
        ("支出总表", [["科目编码", "科目名称", "总计", "小计", "一般公共预算"]], [4]),
        ("支出总表", [["科目编码", "科目名称", "总计", "财政拨款", LEFT], [ABOVE, ABOVE, ABOVE, "小计", "一般公共预算"]], []),
        ("支出总表", [["科目编码", "科目名称", "总计", "财政拨款", ""]], [4, 5]),
        ("支出总表", [["科目编码", "科目名称", "总计", "财政拨款", "单位资金"]], []),
        ("收入总表", [["科目编码", "科目名称", "总计", "上年结余", LEFT], [ABOVE, ABOVE, ABOVE, "其他收入", "、结转"]], [4]),
    ],
)
def test_a_column_whose_group_lost_its_heading_claims_no_other_meaning(title: str, header: Rows, held: list[int]) -> None:
    found = lines(page(title, "单位：万元", [*header, ["2010301", "行政运行", "9.00", "5.00", "4.00"]]))
    assert [line.column for line in found if line.column_evidence == "ambiguous"] == held


DIGITS = ["万", "千", "百", "十", "元", "角", "分"]


@pytest.mark.parametrize(
    "header",
    [
        [["科目编码", "科目名称", "合计", *[LEFT] * 5], [ABOVE, ABOVE, *DIGITS[1:]]],
        [["科目编码", "科目名称", "合计", "", "", "", "", ""], ["", "", "万", "千 百", "十", "元", "角", "分"]],
    ],
    ids=["ruled", "heads that ran together"],
)
def test_digits_in_columns_of_their_own_are_no_amounts_and_one_number_in_each_row(header: Rows) -> None:
    row = ["2010301", "行政运行", "", "8", "0", "0", "0", "0"]
    (statement,) = statements(page("支出总表", "单位：元", [*header, row, ["205", "教育支出", "1", *row[3:]]]))
    assert (statement.lines, statement.amounts_printed) == ((), 2)


def test_units_of_money_over_columns_are_no_places_of_digits() -> None:
    assert len(lines(page("支出总表", "单位：万元", [["科目编码", "科目名称", "合计", "基本支出", "万元"], BODY]))) == 3


@pytest.mark.parametrize(("name", "evidence"), [("结转结余", "ambiguous"), ("年末结转和结余", "printed"), ("上年结转结余", "printed")])
def test_what_is_carried_over_behind_plan_and_spending_must_say_of_which_end_of_the_year(name: str, evidence: str) -> None:
    header = [["项目名称", "年初预算数", "全年预算数", "决算数", name]]
    found = lines(page("项目支出决算表", "单位：万元", [*header, ["防汛", "12.00", "12.00", "9.30", "2.70"]]), kind="final_account")
    assert [line.column_evidence for line in found] == ["printed"] * 3 + [evidence]


def test_what_is_carried_over_beside_other_funds_of_a_plan_is_a_fund() -> None:
    found = meanings("支出总表", [["科目编码", "科目名称", "合计", "一般公共预算", "结转结余"]], BODY)
    assert [fund for fund, _, _ in found] == ["total", "general_public", "carryover"]


@pytest.mark.parametrize(
    ("head", "role"),
    [
        ("科目编码及名称", "name"),
        ("功能分类科目（编码、名称）", "name"),
        ("支出经济分类科目名称及代码", "name"),
        ("单位代码和名称", "unit_name"),
        ("政府预算支出经济分类科目编码/名称", "government_name"),
        ("科目编码", "code"),
        ("统一编码规则及名称变更", None),
        ("规格代码及数量", None),
    ],
)
def test_a_head_of_codes_and_names_in_one_cell_is_that_of_names(head: str, role: str | None) -> None:
    assert read_header_text(fold(head)).get("role") == role


def test_codes_and_names_in_one_column_leave_the_heads_beside_them_as_they_are() -> None:
    rows = [
        ["科目编码及名称", "小计", "其中：", LEFT],
        [ABOVE, ABOVE, "基本支出", "项目支出"],
        ["合计", "30.00", "20.00", "10.00"],
        ["204 公共安全支出", "30.00", "20.00", "10.00"],
    ]
    (statement,) = statements(page("一般公共预算支出表", "单位：万元", rows))
    assert [(line.code, line.name, line.nature) for line in statement.lines[3:]] == [
        ("204", "公共安全支出", "total"),
        ("204", "公共安全支出", "basic"),
        ("204", "公共安全支出", "project"),
    ]


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("基本支出（人员经费）", {"nature": "basic_personnel"}),
        ("基本支出-公用经费", {"nature": "basic_operating"}),
        ("基本支出中：公用支出", {"nature": "basic_operating"}),
        ("人员类基本支出", {"nature": "basic_personnel"}),
        ("单位资金（事业收入）", {"fund": "business"}),
        ("基本支出（人员经费和公用经费）", {"nature": "basic"}),
        ("基本支出（人员经费、日常公用经费）", {"nature": "basic"}),
        ("单位资金（事业收入、其他收入）", {"fund": "unit_funds"}),
        ("单位资金（含事业收入）", {"fund": "unit_funds"}),
        ("单位资金（事业收入等）", {"fund": "unit_funds"}),
        ("单位资金收入", {"fund": "unit_funds"}),
        ("预算数-决算数", {}),
        ("年初预算数/决算数", {}),
        ("预决算增减额", {"measure": "change"}),
    ],
)
def test_a_head_that_names_a_part_beside_its_whole_is_of_the_part(head: str, said: dict[str, str]) -> None:
    assert read_header_text(fold(head)) == said


@pytest.mark.parametrize(
    ("head", "storeys"),
    [
        ("一般公共预算-基本支出-人员经费", ("一般公共预算", "基本支出", "人员经费")),
        ("2023年预算数—合计", ("2023年预算数", "合计")),
        ("公务用车购置及运行费/公务用车购置费", ("公务用车购置及运行费", "公务用车购置费")),
        ("收入-支出", ("收入-支出",)),
        ("预算数-决算数", ("预算数-决算数",)),
        ("政府性基金-国有资本经营预算", ("政府性基金-国有资本经营预算",)),
        ("科目编码-科目名称", ("科目编码-科目名称",)),
        ("1-9月", ("1-9月",)),
        ("2021年-会议费", ("2021年", "会议费")),
        ("2022年-2021年", ("2022年-2021年",)),
        ("2022年-2021年增减", ("2022年-2021年增减",)),
        ("基本支出-课题费", ("基本支出-课题费",)),
    ],
)
def test_heads_joined_in_one_text_are_storeys_where_each_is_known(head: str, storeys: tuple[str, ...]) -> None:
    assert storeys_of(head) == storeys


@pytest.mark.parametrize(
    "names", [("人员经费", "公用经费"), ("基本支出（人员经费）", "基本支出（公用经费）"), ("基本支出-人员经费", "基本支出-公用经费")]
)
def test_rows_that_name_a_part_of_basic_spending_are_of_the_part(names: tuple[str, str]) -> None:
    rows = [["项目", "预算数"], ["支出总计", "40.00"], [names[0], "20.00"], [names[1], "10.00"], ["项目支出", "10.00"]]
    (statement,) = statements(page("支出总表", "单位：万元", rows))
    assert [line.nature for line in statement.lines] == ["total", "basic_personnel", "basic_operating", "project"]
