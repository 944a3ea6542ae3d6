"""Where rows do not say what they seem to say beside them: words of several funds, sums of parts, covers and titles of others."""

from __future__ import annotations

import pytest

from pipeline.accounting.identities import identity_checks
from tests.pipeline.statements.paper import LEFT, lines, page, statements

_DETAIL = "部门支出明细表"
_RUNNING, _OTHER = ("2060101", "行政运行"), ("2060199", "其他科学技术管理事务支出")


def _table(*rows, head=("科目编码", "科目名称", "合计", "基本支出", "项目支出"), title="财政拨款支出预算表", number=1):
    return page(title, "单位：万元", [list(head), *map(list, rows)], number=number)


def _by_source(*rows, beside="资金来源"):
    return _table(*rows, head=("科目编码", "科目名称", beside, "金额"), title=_DETAIL)


def _failed(found):
    every = [line for statement in found for line in statement.lines]
    tried = identity_checks(every, [(s.number, s.kind, s.title) for s in found])
    return {check["check_id"] for check in tried if check["outcome"] == "fail"}


@pytest.mark.parametrize(
    ("said", "fund"),
    [
        ("财政拨款（一般公共预算）", "general_public"),  # the narrowest
        ("一般公共预算、单位资金", None),  # of several
        ("财政拨款以外资金", None),  # all but what is named
        ("非财政拨款", None),
        ("非财政拨款结余", "non_fiscal_surplus"),
        ("上年结转一般公共预算", "carryover_general_public"),
        ("政府性基金预算拨款结转", "carryover_government_fund"),
        ("上年结转", "carryover"),
        ("其他资金收入", "unit_funds"),  # a word inside a longer one names nothing
        ("全部资金来源合计", None),
    ],
)
def test_the_words_of_a_source_say_one_fund_or_none(said, fund):
    found = lines(_by_source((*_RUNNING, "政府性基金", "58.00"), (*_OTHER, said, "12.00")))
    assert [line.fund for line in found] == ["government_fund", fund]


@pytest.mark.parametrize(
    ("said", "nature"), [("人员经费和公用经费", "basic"), ("基本支出-人员经费", "basic_personnel"), ("人员经费、项目支出", None)]
)
def test_the_words_of_a_type_say_one_nature_or_none(said, nature):
    found = lines(_by_source((*_RUNNING, "项目支出", "58.00"), (*_OTHER, said, "12.00"), beside="支出类型"))
    assert [line.nature for line in found] == ["project", nature]


def test_beside_a_row_with_a_source_another_of_its_code_without_one_is_not_of_all():
    found = lines(_by_source((*_RUNNING, "一般公共预算", "50.00"), (*_RUNNING, "", "8.00"), (*_OTHER, "", "5.00")))
    assert [line.fund for line in found] == ["general_public", None, "total"]


@pytest.mark.parametrize(
    ("beside", "said"), [("资金来源", ("一般公共预算", "单位资金", "")), ("支出类型", ("基本支出", "项目支出", "项目支出"))]
)
@pytest.mark.parametrize(("whole", "fails"), [("63.00", set()), ("64.00", {"H1"})])
def test_a_code_over_rows_of_several_funds_or_natures_is_their_sum(beside, said, whole, fails):
    rows = ("50.00", "8.00", "5.00")
    below = [(*code, word, amount) for code, word, amount in zip((_RUNNING, _RUNNING, _OTHER), said, rows, strict=True)]
    assert _failed(statements(_by_source(("206", "科学技术支出", "", whole), *below, ("合计", "", "", whole), beside=beside))) == fails


def test_what_a_row_of_an_unknown_fund_is_a_part_of_proves_and_accuses_nothing():
    found = statements(
        _by_source(
            ("206", "科学技术支出", "", "63.00"),
            (*_RUNNING, "一般公共预算", "50.00"),
            (*_OTHER, "待定", "13.00"),
            ("合计", "", "", "63.00"),
        )
    )
    assert not _failed(found)


_GENERAL = (("206", "科学技术支出", "70.00", "58.00", "12.00"), (*_RUNNING, "58.00", "58.00", ""), (*_OTHER, "12.00", "", "12.00"))
_OF_FUND = (("212", "城乡社区支出", "30.00", "", "30.00"), ("2120803", "城市建设支出", "30.00", "", "30.00"))


def test_sums_of_funds_without_any_money_are_no_columns_of_the_rows_above():
    zeros = [("", name, "0.00", "0.00", "0.00") for name in ("政府性基金预算拨款", "国有资本经营预算拨款")]
    found = statements(
        _table(("", "一般公共预算拨款", "70.00", "58.00", "12.00"), *_GENERAL, *zeros, ("合计", LEFT, "70.00", "58.00", "12.00"))
    )
    assert {line.fund for line in found[0].lines if line.code} == {"general_public"}
    assert not _failed(found)


def test_what_is_carried_over_is_not_the_fund_of_this_year():
    found = lines(
        _table(
            ("", "一般公共预算", "70.00", "58.00", "12.00"),
            *_GENERAL,
            ("", "上年结转政府性基金", "30.00", "", "30.00"),
            *_OF_FUND,
            ("", "合计", "100.00", "58.00", "42.00"),
        )
    )
    assert {line.fund for line in found if line.code or line.name.startswith("上年")} == {"fiscal_appropriation"}


def test_a_sum_of_some_rows_of_a_code_is_not_the_code():
    found = lines(
        _table(
            ("206　科学技术支出", LEFT, "", "", ""),
            (*_RUNNING, "58.00", "58.00", ""),
            ("", "小计", "58.00", "58.00", ""),
            (*_OTHER, "12.00", "", "12.00"),
            ("合计", LEFT, "70.00", "58.00", "12.00"),
        )
    )
    assert "206" not in {line.code for line in found}


def _summary(*spending):
    rows = [["", "", *row] for row in spending]
    rows[0][:2] = ["一、财政拨款收入", "100.00"]
    head = [["收入", LEFT, "支出", LEFT], ["项目", "预算数", "项目", "预算数"]]
    return page("部门收支总体情况表", "单位：万元", [*head, *rows, ["收入合计", "100.00", "支出合计", "100.00"]])


def test_rows_that_divide_the_total_anew_have_no_nature_of_those_above():
    natures = ("按支出性质", "100.00"), ("基本支出", "58.00"), ("项目支出", "42.00")
    found = statements(_summary(*natures, ("按经济分类", "100.00"), ("工资福利支出", "58.00"), ("商品和服务支出", "42.00")))
    said = [line.nature for line in found[0].lines if line.column == 4]
    assert said == ["total", "basic", "project", "total", "total", "total", "total"]
    assert not _failed(found)


def test_rows_that_divide_a_part_of_the_total_are_parts_of_it():
    natures = ("一、基本支出", "58.00"), ("二、项目支出", "42.00")
    found = statements(_summary(*natures, ("按项目类别", "42.00"), ("　经常性项目", "40.00"), ("　一次性项目", "2.00")))
    assert [line.level for line in found[0].lines if line.name == "按项目类别"] == [1]
    assert not _failed(found)


def test_in_a_list_of_projects_words_of_classifying_are_a_name():
    found = lines(
        _table(("按规定用途", "5.00"), ("设备购置", "20.00"), ("合计", "25.00"), head=("项目名称", "金额"), title="项目支出预算表")
    )
    assert [(line.name, line.level) for line in found] == [("按规定用途", 1), ("设备购置", 1), ("合计", 0)]


def test_a_project_over_its_codes_counts_once_where_no_total_is_printed():
    found = lines(
        _table(
            ("科普宣传", "", "", "61.80"),
            ("", "30201", "办公费", "11.80"),
            ("", "30227", "委托业务费", "50.00"),
            head=("项目名称", "经济科目编码", "经济科目名称", "合计"),
            title="项目支出预算明细表",
        )
    )
    assert [(line.scheme, line.is_leaf) for line in found] == [
        ("project", False),
        ("department_economic", True),
        ("department_economic", True),
    ]


@pytest.mark.parametrize("body", ["清风市税收征收管理局", "清风市非税收入征收管理中心"])
def test_the_income_of_a_body_that_levies_is_its_income(body):
    found = lines(_table(("一、事业收入", "10.00"), ("收入总计", "10.00"), head=("项目", "预算数"), title=f"{body}收入预算总表"))
    assert {(line.statement, line.flow) for line in found} == {("revenue_summary", "revenue")}


def test_codes_beside_items_of_levied_income_are_no_units():
    found = lines(
        _table(
            ("103044601", "行政事业性收费收入", "65.00"),
            ("", "合计", "65.00"),
            head=("科目编码", "收入项目", "合计"),
            title="行政事业性收费征收计划表",
        )
    )
    assert {(line.scheme, line.fund) for line in found} == {("revenue_item", None)}


def _general(amount, number):
    return _table((*_RUNNING, amount, amount, ""), ("", "合计", amount, amount, ""), title="一般公共预算支出表", number=number)


def test_where_the_year_of_a_document_is_not_known_no_cover_is_of_another():
    found = statements(_general("58.00", 1), page("2023年度", "清风数据局部门预算公开", number=2), _general("49.00", 3), year=None)
    assert all(statement.lines for statement in found)


def test_plans_beside_what_was_really_spent_are_read_in_final_accounts():
    def three_public(title, number, *heads):
        return _table(("公务接待费", "2.00", "1.00"), ("合计", "2.00", "1.00"), head=("项目", *heads), title=title, number=number)

    found = statements(
        three_public("“三公”经费支出决算表", 1, "年初预算数", "决算数"),
        three_public("财政拨款“三公”经费支出预算表", 2, "年初预算", "实际支出"),
        kind="final_account",
    )
    assert all(statement.lines for statement in found)


def test_the_total_of_three_public_over_rows_of_other_money_is_of_all_funds():
    heads = ("合计", "因公出国（境）费", "公务接待费", "公务用车购置及运行费")
    found = lines(
        _table(
            ("清风数据局", "财政拨款", "6.00", "1.00", "2.00", "3.00"),
            ("清风信息中心", "其他资金", "1.00", "", "1.00", ""),
            ("合计", "", "7.00", "1.00", "3.00", "3.00"),
            head=("单位名称", "资金来源", *heads),
            title="“三公”经费预算表",
        )
    )
    assert [(line.unit, line.fund) for line in found if line.column == 3] == [
        ("清风数据局", "fiscal_appropriation"),
        ("清风信息中心", "other"),
        (None, "total"),
    ]


def test_beside_a_unit_with_sections_another_may_have_one():
    head = ["单位名称", "科目编码", "科目名称", "合计"]
    rows = [
        ["清风数据局", "", "一般公共预算", "70.00"],
        ["", "206", "科学技术支出", "70.00"],
        ["", "", "政府性基金预算", "30.00"],
        ["", "212", "城乡社区支出", "30.00"],
        ["清风信息中心", "", "一般公共预算", "5.00"],
        ["", "206", "科学技术支出", "5.00"],
        ["合计", "", "", "105.00"],
    ]
    found = statements(page("财政拨款支出预算表", "单位：万元", [head, *rows]))
    assert [line.fund for line in found[0].lines if line.code] == ["general_public", "government_fund", "general_public"]
    assert not _failed(found)
