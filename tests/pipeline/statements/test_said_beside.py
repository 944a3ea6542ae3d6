"""What is said of rows elsewhere than in their names: in a cell beside, a heading over a section, a cover, a title of another kind."""

from __future__ import annotations

import pytest

from pipeline.accounting.identities import identity_checks
from tests.pipeline.statements.paper import LEFT, lines, page, statements


def _attributes(found, column):
    return [(line.code, line.name, line.level, line.fund, line.nature) for line in found if line.column == column]


def _failed(statement):
    tried = identity_checks(statement.lines, [(statement.number, statement.kind, statement.title)])
    return [check for check in tried if check["outcome"] == "fail"]


def _spending(*rows, head=("科目编码", "科目名称", "合计", "基本支出", "项目支出"), title="财政拨款支出预算表"):
    return page(title, "单位：万元", [list(head), *map(list, rows)])


def test_a_row_has_the_fund_and_nature_that_cells_beside_its_name_say():
    table = _spending(
        ("2060101", "行政运行", "人员经费", "一般公共预算", "50.00"),
        ("2060101", "行政运行", "公用经费", "一般公共预算", "8.00"),
        ("2060199", "其他科学技术管理事务支出", "特定目标类", "单位资金", "12.00"),
        ("2060199", "其他科学技术管理事务支出", "专项", "其他来源", "3.00"),
        ("合计", LEFT, LEFT, LEFT, "73.00"),
        head=("科目编码", "科目名称", "支出类型", "资金来源", "金额"),
        title="部门支出明细表",
    )
    assert [(line.name, line.fund, line.nature) for line in lines(table)] == [
        ("行政运行", "general_public", "basic_personnel"),
        ("行政运行", "general_public", "basic_operating"),
        ("其他科学技术管理事务支出", "unit_funds", "project"),
        ("其他科学技术管理事务支出", None, None),  # words that nobody knows, among known ones
        ("合计", "total", "total"),
    ]


def test_where_columns_divide_the_funds_a_source_beside_the_row_changes_none():
    table = _spending(
        ("2060101", "行政运行", "财政拨款", "58.00", "58.00", ""),
        ("2060199", "其他科学技术管理事务支出", "单位资金", "12.00", "", "12.00"),
        head=("科目编码", "科目名称", "资金来源", "合计", "一般公共预算", "单位资金"),
        title="部门支出总表",
    )
    assert [line.fund for line in lines(table) if line.column == 4] == ["total", "total"]


def test_a_source_of_money_is_no_name_of_a_project():
    table = _spending(
        ("科普宣传", "一般公共预算", "61.80"),
        ("设备购置", "单位资金", "20.00"),
        ("合计", "", "81.80"),
        head=("项目名称", "资金来源", "金额"),
        title="项目支出预算表",
    )
    assert [(line.name, line.fund) for line in lines(table)] == [
        ("科普宣传", "general_public"),
        ("设备购置", "unit_funds"),
        ("合计", "total"),
    ]


_GENERAL = (
    ("206", "科学技术支出", "70.00", "58.00", "12.00"),
    ("2060101", "行政运行", "58.00", "58.00", ""),
    ("2060199", "其他科学技术管理事务支出", "12.00", "", "12.00"),
)
_OF_FUND = (("212", "城乡社区支出", "30.00", "", "30.00"), ("2120803", "城市建设支出", "30.00", "", "30.00"))
_WHOLE = ("", "合计", "100.00", "58.00", "42.00")


@pytest.mark.parametrize("amounts", [(("70.00", "58.00", "12.00"), ("30.00", "", "30.00")), (("", "", ""), ("", "", ""))])
def test_rows_below_the_sum_of_a_fund_are_of_that_fund(amounts):
    first, second = amounts
    table = _spending(_WHOLE, ("一、一般公共预算拨款", LEFT, *first), *_GENERAL, ("二、政府性基金预算拨款", LEFT, *second), *_OF_FUND)
    (found,) = statements(table)
    coded = [(line.code, line.fund) for line in found.lines if line.column == 3 and line.code]
    assert coded == [
        ("206", "general_public"), ("2060101", "general_public"), ("2060199", "general_public"),
        ("212", "government_fund"), ("2120803", "government_fund"),
    ]  # fmt: skip
    heads = [(line.name, line.level, line.fund) for line in found.lines if line.column == 3 and line.code is None]
    assert heads[0] == ("合计", 0, "fiscal_appropriation")
    assert heads[1:] == ([("一般公共预算拨款", 0, "general_public"), ("政府性基金预算拨款", 0, "government_fund")] if first[0] else [])
    assert not _failed(found)


def test_parts_of_the_total_by_fund_head_no_section():
    table = _spending(
        _WHOLE,
        ("", "其中：一般公共预算", "70.00", "58.00", "12.00"),
        ("", "其中：政府性基金预算", "30.00", "", "30.00"),
        *_GENERAL,
        *_OF_FUND,
    )
    (found,) = statements(table)
    assert {line.fund for line in found.lines if line.code} == {"fiscal_appropriation"}
    assert [line.fund for line in found.lines if line.column == 3 and line.code is None] == [
        "fiscal_appropriation", "general_public", "government_fund",
    ]  # fmt: skip
    assert not _failed(found)


def _funds(first: tuple[str, str, str], second: tuple[str, str, str]) -> dict[str, str | None]:
    """The fund of each code, in a table of two headings with the amounts `first` and `second`."""
    table = _spending(_WHOLE, ("一、一般公共预算拨款", LEFT, *first), *_GENERAL, ("二、政府性基金预算拨款", LEFT, *second), *_OF_FUND)
    return {line.code: line.fund for line in lines(table) if line.code}


def test_below_a_heading_that_is_not_the_sum_of_its_rows_their_fund_is_not_known():
    """It may head them, and a number be printed or read wrongly; they are of no wider fund for that. The other heading holds."""
    funds = _funds(("69.00", "58.00", "11.00"), ("30.00", "", "30.00"))
    assert funds == {"206": None, "2060101": None, "2060199": None, "212": "government_fund", "2120803": "government_fund"}
    funds = _funds(("70.00", "58.00", "12.00"), ("31.00", "", "31.00"))
    assert {funds["206"], funds["2060101"]} == {"general_public"}
    assert {funds["212"], funds["2120803"]} == {None}
    assert set(_funds(("69.00", "58.00", "11.00"), ("31.00", "", "31.00")).values()) == {None}


def test_below_a_heading_of_which_a_row_was_not_read_the_others_funds_are_not_known():
    funds = _funds(("90.00", "58.00", "32.00"), ("30.00", "", "30.00"))
    assert (funds["206"], funds["212"]) == (None, "government_fund")


def test_parts_by_fund_of_each_row_divide_no_rows():
    """Each source of money below each code: these are parts of the code above, and say nothing of the rows that follow."""
    rows = [
        ("206", "科学技术支出", "70.00", "58.00", "12.00"), ("", "一般公共预算", "50.00", "40.00", "10.00"),
        ("", "政府性基金预算", "20.00", "18.00", "2.00"), ("212", "城乡社区支出", "30.00", "", "30.00"),
        ("", "一般公共预算", "10.00", "", "10.00"), ("", "政府性基金预算", "20.00", "", "20.00"),
    ]  # fmt: skip
    assert {line.fund for line in lines(_spending(_WHOLE, *rows)) if line.code} == {"fiscal_appropriation"}


def test_a_heading_between_rows_that_says_how_they_are_classified_is_no_row():
    table = page(
        "部门收支总体情况表",
        "单位：万元",
        [
            ["收入", LEFT, "支出", LEFT],
            ["项目", "预算数", "项目", "预算数"],
            ["一、财政拨款收入", "100.00", "一、按支出功能分类", ""],
            ["", "", "　科学技术支出", "70.00"],
            ["", "", "　住房保障支出", "30.00"],
            ["", "", "二、按支出用途", "100.00"],
            ["", "", "　基本支出", "58.00"],
            ["", "", "　项目支出", "42.00"],
            ["收入合计", "100.00", "支出合计", "100.00"],
        ],
    )
    assert _attributes(lines(table), 4) == [
        ("206", "科学技术支出", 1, "total", "total"),
        ("221", "住房保障支出", 1, "total", "total"),
        (None, "按支出用途", 0, "total", "total"),
        (None, "基本支出", 0, "total", "basic"),
        (None, "项目支出", 0, "total", "project"),
        (None, "支出合计", 0, "total", "total"),
    ]


def test_shares_below_a_total_are_no_amounts():
    table = _spending(_WHOLE, ("", "占比（%）", "100.00", "58.00", "42.00"), *_GENERAL, *_OF_FUND)
    (found,) = statements(table)
    assert "占比（%）" not in {line.name for line in found.lines}
    assert found.amounts_printed == len(found.lines)
    assert not _failed(found)


@pytest.mark.parametrize(
    ("head", "published"),
    [("2022年1-9月执行数", False), ("2022年上半年执行数", False), ("截至2022年11月支出数", False), ("2022年1-12月执行数", True)],
)
def test_what_was_spent_in_some_months_is_no_years(head, published):
    table = _spending(
        ("206", "科学技术支出", "40.00", "70.00"), head=("科目编码", "科目名称", head, "2023年预算数"), title="一般公共预算支出表"
    )
    (spent, planned) = lines(table)
    assert (spent.column_evidence != "ambiguous") == published
    assert planned.measure == "budget" and planned.column_evidence == "printed"


@pytest.mark.parametrize(
    ("heads", "funds"),
    [
        (("合计", "财政拨款", "其他资金"), ["total", "fiscal_appropriation", "other"]),
        (("合计", "一般公共预算", "政府性基金预算"), ["fiscal_appropriation", "general_public", "government_fund"]),
    ],
)
def test_the_total_of_three_public_beside_other_money_is_of_all_funds(heads, funds):
    table = _spending(
        ("合计", "9.90", "8.90", "1.00"), ("公务接待费", "9.90", "8.90", "1.00"), head=("项目", *heads), title="“三公”经费预算表"
    )
    assert [line.fund for line in lines(table)] == funds * 2


def test_a_project_over_the_codes_that_divide_it_is_the_project():
    table = _spending(
        ("科普宣传", "", "", "61.80"),
        ("", "30201", "办公费", "11.80"),
        ("", "30227", "委托业务费", "50.00"),
        ("合计", "", "", "61.80"),
        head=("项目名称", "经济科目编码", "经济科目名称", "合计"),
        title="项目支出预算明细表",
    )
    assert [(line.scheme, line.level, line.code, line.is_leaf) for line in lines(table)] == [
        ("project", 1, None, False),
        ("department_economic", 2, "30201", True),
        ("department_economic", 2, "30227", True),
        ("department_economic", 0, None, False),
    ]


def test_a_name_with_all_its_parents_has_their_code():
    table = _spending(
        ("科学技术支出-科学技术管理事务-行政运行", "58.00", "58.00", ""),
        ("住房保障支出-行政运行", "1.00", "1.00", ""),  # no such parent
        ("合计", "59.00", "59.00", ""),
        head=("功能科目", "合计", "基本支出", "项目支出"),
        title="一般公共预算支出表",
    )
    assert [(line.code, line.code_source) for line in lines(table) if line.column == 2] == [("2060101", "name"), (None, None), (None, None)]


def test_what_is_collected_for_the_treasury_is_no_revenue_of_the_department():
    table = _spending(
        ("", "合计", "185.00", "45.00"),
        ("103044601", "行政事业性收费收入", "65.00", "45.00"),
        ("103070601", "资产出租收入", "120.00", ""),
        head=("收入科目编码", "收入科目名称", "合计", "缴入财政专户"),
        title="非税收入征收计划表",
    )
    found = lines(table)
    assert {(line.statement, line.flow, line.column_evidence) for line in found} == {("other", "revenue", "ambiguous")}
    assert not {line.scheme for line in found} & {"unit"}


def _general(title, amount="58.00"):
    return (title, "单位：万元", [["科目编码", "科目名称", "合计"], ["206", "科学技术支出", amount], ["", "合计", amount]])


@pytest.mark.parametrize(
    ("cover", "published"),
    [
        (["2022年度", "清风数据局部门预算公开"], False),
        (["2023年度", "清风数据局部门决算公开"], False),
        (["2023年度", "清风数据局部门预算公开"], True),
        (["第二部分 部门预算表", "2022年12月"], True),  # a date
    ],
)
def test_a_table_behind_the_cover_of_another_document_is_held_back_beside_the_own_one(cover, published):
    found = statements(
        page(*_general("一般公共预算支出表")), page(*cover, number=2), page(*_general("一般公共预算支出表", "49.00"), number=3)
    )
    assert [bool(statement.lines) for statement in found] == [True, published]
    assert found[1].amounts_printed == 2


def test_a_divider_left_standing_from_the_year_before_holds_nothing_back():
    found = statements(page("第二部分", "2022年部门预算表"), page(*_general("一般公共预算支出表"), number=2))
    assert len(found[0].lines) == 2


def test_what_was_spent_among_plans_is_held_back_beside_the_planned():
    tables = page(*_general("一般公共预算支出表")), page(*_general("一般公共预算财政拨款支出决算表", "49.00"), number=2)
    assert [bool(statement.lines) for statement in statements(*tables)] == [True, False]
    assert [bool(statement.lines) for statement in statements(*tables[1:])] == [True]  # alone, its title may be one left standing


def test_plans_beside_what_was_spent_in_one_table_are_read():
    spent = page(*_general("“三公”经费支出决算表"))
    both = page(
        "“三公”经费预算执行情况表",
        "单位：万元",
        [["项目", "预算数", "决算数"], ["公务接待费", "2.00", "1.00"], ["合计", "2.00", "1.00"]],
        number=2,
    )
    found = statements(spent, both, kind="final_account")
    assert [line.measure for line in found[1].lines] == ["budget", "final"] * 2


def test_sums_of_units_without_a_total_of_all_are_each_their_own_rows():
    head = ["单位名称", "科目编码", "科目名称", "合计", "基本支出", "项目支出"]
    units = [["清风数据局（本级）", "", "小计", "70.00", "58.00", "12.00"], *(["", *row] for row in _GENERAL)]
    units += [["清风信息中心", "", "小计", "30.00", "", "30.00"], *(["", *row] for row in _OF_FUND)]
    summary = page(
        "部门收支总表",
        "单位：万元",
        [
            ["收入", LEFT, "支出", LEFT],
            ["项目", "预算数", "项目", "预算数"],
            ["一、财政拨款收入", "100.00", "科学技术支出", "70.00"],
            ["", "", "城乡社区支出", "30.00"],
            ["收入总计", "100.00", "支出总计", "100.00"],
        ],
        number=2,
    )
    found = statements(page("部门支出总表", "单位：万元", [head, *units]), summary)
    every = [line for statement in found for line in statement.lines]
    tried = identity_checks(every, [(s.number, s.kind, s.title) for s in found])
    assert not [check for check in tried if check["outcome"] == "fail"]
    passed = [check["subject"] for check in tried if check["outcome"] == "pass" and check["check_id"] == "H1"]
    assert sum("小计" in str(subject) for subject in passed) == 5  # three columns of one unit, two of the other


def test_rows_above_the_sum_of_a_fund_are_of_that_fund():
    table = _spending(
        *_GENERAL, ("", "一般公共预算小计", "70.00", "58.00", "12.00"), *_OF_FUND, ("", "政府性基金预算小计", "30.00", "", "30.00"), _WHOLE
    )
    (found,) = statements(table)
    assert [(line.code, line.fund, line.level) for line in found.lines if line.column == 3] == [
        ("206", "general_public", 1), ("2060101", "general_public", 3), ("2060199", "general_public", 3), (None, "general_public", 0),
        ("212", "government_fund", 1), ("2120803", "government_fund", 3), (None, "government_fund", 0), (None, "fiscal_appropriation", 0),
    ]  # fmt: skip
    assert not _failed(found)


def test_income_by_codes_of_its_own_is_listed_by_items():
    table = _spending(
        ("10501", "一般公共预算拨款收入", "90.00"),
        ("10604", "事业收入", "10.00"),
        ("", "合计", "100.00"),
        head=("收入科目编码", "收入科目名称", "预算数"),
        title="部门收入总表",
    )
    assert [(line.scheme, line.code, line.fund, line.level) for line in lines(table)] == [
        ("revenue_item", None, "general_public", 1),
        ("revenue_item", None, "business", 1),
        ("revenue_item", None, "total", 0),
    ]


def test_a_sum_below_the_rows_of_a_code_without_amounts_has_this_code():
    table = _spending(
        ("206　科学技术支出", LEFT, "", "", ""),
        *_GENERAL[1:],
        ("", "小计", *_GENERAL[0][2:]),
        ("212　城乡社区支出", LEFT, "", "", ""),
        *_OF_FUND[1:],
        ("", "小计", *_OF_FUND[0][2:]),
        _WHOLE,
    )
    (found,) = statements(table)
    assert [(line.code, line.name, line.level, line.is_leaf) for line in found.lines if line.column == 3] == [
        ("2060101", "行政运行", 3, True), ("2060199", "其他科学技术管理事务支出", 3, True), ("206", "小计", 1, False),
        ("2120803", "城市建设支出", 3, True), ("212", "小计", 1, False), (None, "合计", 0, False),
    ]  # fmt: skip
    assert not _failed(found)


def test_a_sum_of_other_rows_than_those_of_the_code_above_stays_a_total():
    table = _spending(("206　科学技术支出", LEFT, "", "", ""), *_GENERAL[1:], ("", "小计", "71.00", "58.00", "13.00"))
    assert [(line.code, line.level) for line in lines(table) if line.column == 3][-1] == (None, 0)


_OF_PROJECTS = ("单位代码", "单位名称", "预算项目名称", "金额", "功能科目代码", "功能科目名称", "项目类别", "资金性质")
_CARRIED = (
    ("118001", "某市科学技术局", "科普场馆修缮", "9.00", "2060702", "科普活动", "项目支出", "一般公共预算支出"),
    ("118001", "某市科学技术局", "机房迁移", "2.60", "2060102", "一般行政管理事务", "项目支出", "政府性基金预算支出"),
    ("118001", "某市科学技术局", "办公用房", "1.40", "2060101", "行政运行", "基本支出", ""),
)


def _said(table):
    return [(line.code, line.name, line.project, line.fund, line.nature) for line in lines(table)]


def test_money_of_earlier_years_has_the_fund_the_nature_and_the_project_that_stand_beside_its_code():
    assert _said(_spending(*_CARRIED, head=_OF_PROJECTS, title="财政拨款上年结转资金支出表")) == [
        ("2060702", "科普活动", "科普场馆修缮", "carryover_general_public", "project"),
        ("2060102", "一般行政管理事务", "机房迁移", "carryover_government_fund", "project"),
        ("2060101", "行政运行", "办公用房", "carryover_fiscal_appropriation", "basic"),  # beside it stands no fund
    ]


def test_money_of_the_year_beside_the_same_words_is_not_carried_over():
    assert _said(_spending(*_CARRIED, head=_OF_PROJECTS, title="部门支出明细表"))[:2] == [
        ("2060702", "科普活动", "科普场馆修缮", "general_public", "project"),
        ("2060102", "一般行政管理事务", "机房迁移", "government_fund", "project"),
    ]


def test_kinds_of_projects_that_name_no_nature_say_none():
    rows = [(*row[:6], kind, row[7]) for row, kind in zip(_CARRIED, ("经常性", "一次性", "跨年度"), strict=True)]
    assert {said[-1] for said in _said(_spending(*rows, head=_OF_PROJECTS, title="财政拨款上年结转资金支出表"))} == {"total"}


def test_kinds_of_projects_say_no_nature_where_no_title_says_what_else_limits_the_money():
    table = page("单位：万元", [list(_OF_PROJECTS), *map(list, _CARRIED)])
    assert {(said[3], said[4]) for said in _said(table)} <= {(None, None), ("total", "total")}


def test_the_name_of_a_code_below_a_heading_of_projects_is_no_project():
    table = _spending(
        ("2060702", "科普活动", "9.00"),
        ("2060102", "一般行政管理事务", "2.60"),
        head=("科目编码", "项目名称", "金额"),
        title="一般公共预算支出表",
    )
    assert [(line.code, line.name, line.project) for line in lines(table)] == [
        ("2060702", "科普活动", None),
        ("2060102", "一般行政管理事务", None),
    ]
