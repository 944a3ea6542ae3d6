"""Printed targets and weights taken apart."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline.checks.findings import of_splits
from pipeline.targets.target_forms import fields_of
from pipeline.targets.target_rows import RowPlace, Targets, is_one_name, level_of_target, read_money
from pipeline.targets.target_values import read_target, read_weight


@pytest.mark.parametrize(
    ("printed", "operator", "number", "unit"),
    [
        ("≥420人", "≥", "420", "人"),
        (">=95%", "≥", "95", "%"),
        ("≧5次", "≥", "5", "次"),
        ("≦1.4元", "≤", "1.4", "元"),
        ("＜＝30天", "≤", "30", "天"),
        ("》90%", "＞", "90", "%"),
        ("(=100%)", "＝", "100", "%"),
        ("（≥98％）", "≥", "98", "%"),
        ("=100（%）", "＝", "100", "%"),
        ("≥1.2万人", "≥", "1.2", "万人"),
        ("≧730.08万元/年", "≥", "730.08", "万元/年"),
    ],
)
def test_an_operator_a_number_and_a_unit_in_one_cell(printed: str, operator: str, number: str, unit: str) -> None:
    assert read_target(printed, None, None) == (operator, number, Decimal(number), unit)


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("不低于60%", ("≥", "不低于60%", Decimal(60), "%")),
        ("不超过12个工作日", ("≤", "不超过12个工作日", Decimal(12), "个工作日")),
        ("窗口群众满意度不少于85%", ("≥", "窗口群众满意度不少于85%", Decimal(85), "%")),
        ("差错率≤3%", ("≤", "差错率≤3%", Decimal(3), "%")),
        ("全区场次≥2.4万场", ("≥", "全区场次≥2.4万场", Decimal("2.4"), "万场")),
        ("办结率98％", (None, "办结率98％", Decimal(98), "%")),
        ("400条以上", ("≥", "400条以上", Decimal(400), "条")),
        ("达到95%以上", ("≥", "达到95%以上", Decimal(95), "%")),
        ("90分（含）以上", ("≥", "90分（含）以上", Decimal(90), "分")),
        ("控制在5%以内", ("≤", "控制在5%以内", Decimal(5), "%")),
        ("3个工作日内", ("≤", "3个工作日内", Decimal(3), "个工作日")),
        ("2027年以内", (None, "2027年以内", None, None)),
        ("省级以上", (None, "省级以上", None, None)),
        ("3级以上", (None, "3级以上", None, None)),  # of grades the smaller number may be more
        ("提高5%以上", (None, "提高5%以上", None, None)),
        ("≤文件印发后3日", ("≤", "文件印发后3日", None, None)),
        ("（≤文件印发后3日）", ("≤", "文件印发后3日", None, None)),
        ("≤2027/3/31", ("≤", "2027/3/31", None, None)),
        ("≥上年水平", ("≥", "上年水平", None, None)),
        ("≥1500㎡", ("≥", "1500", Decimal(1500), "㎡")),
        ("1500㎡", (None, "1500㎡", Decimal(1500), "㎡")),
        ("≤14元/㎡", ("≤", "14", Decimal(14), "元/㎡")),
        ("≥1500m2", ("≥", "1500", Decimal(1500), "m2")),
    ],
)
def test_a_bound_or_a_number_among_words(printed: str, said: tuple[str | None, str, Decimal | None, str | None]) -> None:
    assert read_target(printed, None, None) == said


@pytest.mark.parametrize(
    "printed",
    [
        "≥4次；≥9篇",
        "≥4次、≥9篇",
        "《某市办事指南》出台",
        "办结率98%，差错率1%",
        "不低于上年",
        "不少于4次的宣传活动",
        "人数不少于9人,册数不少于4册",
        "第2批完成率100%以上",
        "≥",
        "<草案>",
        "至少1次",
        "增长率比上年提高5%",
        "第2批完成率98%",
    ],
)
def test_several_bounds_or_none_stay_as_printed(printed: str) -> None:
    assert read_target(printed, None, None) == (None, printed, None, None)


@pytest.mark.parametrize(
    ("printed", "number", "unit"),
    [("100%", "100", "%"), ("24558套", "24558", "套"), ("12个月", "12", "个月"), ("3.5万平方米", "3.5", "万平方米")],
)
def test_a_number_with_its_unit_and_no_operator(printed: str, number: str, unit: str) -> None:
    assert read_target(printed, None, None) == (None, printed, Decimal(number), unit)
    assert read_target(printed, "≥", None) == ("≥", number, Decimal(number), unit)


@pytest.mark.parametrize("printed", ["2021年", "12月底前", "≥45、≥1000", "每季度1次", "100余场", "第2批400条以上", "有所提升"])
def test_what_is_no_number_of_a_unit_stays_as_printed(printed: str) -> None:
    assert read_target(printed, None, None) == (None, printed, None, None)


def test_an_operator_spelt_otherwise_is_the_sign_it_means() -> None:
    assert [read_target("5", operator, "次").operator for operator in ("大于等于", ">=", "≧", "＝", "定性")] == [
        "≥",
        "≥",
        "≥",
        "＝",
        "定性指标",
    ]


@pytest.mark.parametrize("printed", ["15", "15分", "15%", "（15分）", "15.00"])
def test_weights(printed: str) -> None:
    assert read_weight(printed) == 15


def test_a_level_counts_marks_that_are_no_part_of_its_name() -> None:
    levels = ("产出指标（50分）", "产出指标(50%)", "产出指标50分", "社会效益指标二级指标", "产出指标")
    assert [level_of_target(level) for level in levels] == ["产出指标", "产出指标", "产出指标", "社会效益指标", "产出指标"]


def test_a_level_whose_lines_were_printed_over_each_other() -> None:
    levels = ("社指会标效益指标", "可持指续标影响", "服务对象指标满意度指标", "工作管理指标")
    assert [level_of_target(level) for level in levels] == ["社会效益指标", "可持续影响指标", "服务对象满意度指标", "工作管理指标"]


def test_an_amount_has_its_own_unit() -> None:
    assert read_money({"amount": "33.29万元"}, None).amount == Decimal("332900.00")
    assert read_money({"amount": "332,900元"}, "万元").amount == Decimal("332900.00")
    assert read_money({"amount": "￥33.29", "fiscal_amount": "332900元", "other_amount": "0"}, "万元").fiscal == Decimal("332900.00")
    assert read_money({"amount": "33.29"}, None).amount is None


def test_two_spellings_of_one_name() -> None:
    assert is_one_name("安全生产和应急管理经费", "安全生产及应急管理经费")
    assert is_one_name("11000022T000000444016-公众评价", "公众评价")
    assert is_one_name("水源保护（一期）", "水源保护(一期)项目")
    assert not is_one_name("11000022T000000444016-公众评价", "11000023T000000444017-公众评价")
    assert not is_one_name("水源保护一期", "水源保护二期")


@pytest.mark.parametrize(
    ("whole", "parts", "fiscal"),
    [
        (["实施期资金总额", "90", "年度资金总额", "30"], ["其中：财政拨款", "90", "其中：财政拨款", "30"], "30"),
        (["年度资金总额", "30", "实施期资金总额", "90"], ["其中：财政拨款", "30", "其中：财政拨款", "90"], "30"),
        (["资金总额", "90", "资金总额", "30"], ["其中：财政拨款", "90", "其中：财政拨款", "30"], "90"),
    ],
)
def test_the_parts_of_the_years_amount_stand_in_its_half_of_the_form(whole: list[str], parts: list[str], fiscal: str) -> None:
    said = fields_of([["项目名称", "某项目", "主管部门", "某局"], whole, parts])
    assert (said["amount"], said["fiscal_amount"]) == (fiscal, fiscal)


@pytest.mark.parametrize(
    ("rows", "fiscal"),
    [
        ([["其中：中央财政资金", "40.5"], ["省级财政资金", ""], ["市级财政资金", "20"], ["其他资金", "1.5"]], "60.5"),
        ([["其中：中央财政资金", ""], ["市级财政资金", "62.000000"], ["其他资金", ""]], "62.000000"),
        ([["上级财政资金", "62"], ["其中：中央财政资金", "40"]], None),  # a part of the other
        ([["财政资金", "61"], ["其中：市级财政资金", "61"], ["其他资金", "1"]], "61"),
        ([["市级财政资金", "31", "市级财政资金", "31"]], None),
        ([["市级财政资金", "62元"]], None),
        ([["上级财政资金", "31"], ["其中：省级财政资金", "31"]], None),  # said to be a part, though both make up the amount
    ],
)
def test_what_the_levels_of_government_pay_is_fiscal_where_it_adds_up(rows: list[list[str]], fiscal: str | None) -> None:
    said = fields_of([["项目名称", "某项目"], ["年度金额：", "62"], *rows])
    assert (said["amount"], said.get("fiscal_amount")) == ("62", fiscal)


def test_a_split_that_does_not_add_up_is_told_with_its_page() -> None:
    money = read_money({"amount": "90", "fiscal_amount": "95", "other_amount": "0"}, "万元")
    assert (money.fiscal, money.other, money.differing) == (None, None, (Decimal(950000),))
    targets = Targets()
    for _ in range(2):  # the form goes on on the next page
        targets.project("某项目", money, None, at=(RowPlace(7, 1, 2),))
    assert targets.differing == [("某项目", 7, (Decimal(950000),))]
    (found,) = of_splits(targets.differing)
    assert (found["finding"], found["subject"], found["page"]) == ("amount_not_captured", "某项目: 950,000.00", 7)
    assert read_money({"amount": "90", "fiscal_amount": "90"}, "万元").differing == ()


def test_a_third_part_that_was_carried_over_completes_a_split() -> None:
    said = fields_of([
        ["项目名称", "某项目"], ["年度资金总额：", "18.6"], ["其中：财政拨款", "14.6"], ["上年结转资金", "4"], ["其他资金", "0"],
    ])  # fmt: skip
    money = read_money(said, "万元")
    assert (money.amount, money.fiscal, money.other, money.differing) == (Decimal(186000), Decimal(146000), Decimal(0), ())
    within = read_money({"amount": "18", "fiscal_amount": "14", "carried_amount": "3", "other_amount": "4"}, "万元")
    assert (within.fiscal, within.differing) == (Decimal(140000), ())  # carried over of what the others are
    short = read_money({"amount": "18", "fiscal_amount": "14", "carried_amount": "3", "other_amount": "0"}, "万元")
    assert (short.fiscal, short.differing) == (None, (Decimal(140000),))
    assert read_money({"amount": "18", "carried_amount": "3"}, "万元").differing == ()


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("95", ("定量指标", "95", Decimal(95), "%")),
        ("≥95%", ("≥", "95", Decimal(95), "%")),  # the sign says more
        ("不低于95%", ("≥", "不低于95%", Decimal(95), "%")),
    ],
)
def test_a_target_that_a_form_says_to_be_a_number(printed: str, said: tuple[str, str, Decimal, str]) -> None:
    assert read_target(printed, "定量", "%") == said
    assert read_target(printed, "定量指标", "%") == said


def test_a_unit_in_brackets_behind_a_number_is_no_part_of_it() -> None:
    assert read_target("90.00(度)", None, None) == (None, "90.00", Decimal(90), "度")
    assert read_target("≥90.00（度）", None, None) == ("≥", "90.00", Decimal(90), "度")
    assert read_target("90度", None, None) == (None, "90度", Decimal(90), "度")


@pytest.mark.parametrize(
    "printed",
    [
        "不得<5%",  # the sign with its negation is another bound
        "事故率不得≥5%",
        "未≤5%",
        "小于≥5%",
        "时间≤2024年",
        "完成时间≤12月底",
        "不低于2023年",
        "提高覆盖率5%",  # by, not to
        "较上年提高满意度5%",
        "上年完成率98%",
        "第四季度98%",
    ],
)
def test_a_bound_that_is_turned_around_a_date_or_a_change_gives_no_value(printed: str) -> None:
    assert read_target(printed, None, None) == (None, printed, None, None)


@pytest.mark.parametrize(("printed", "operator"), [("不超过5%", "≥"), ("满意度≥95%", "≤"), ("≤文件印发后3日", "≥"), ("不低于95%", "=")])
def test_a_column_of_operators_that_contradicts_the_words_gives_no_value(printed: str, operator: str) -> None:
    assert read_target(printed, operator, None)[1:] == (printed, None, None)


def test_a_rate_of_change_is_a_rate() -> None:
    assert read_target("增长率5%", None, None) == (None, "增长率5%", Decimal(5), "%")
    assert read_target("=2024年12月", None, None)[:3] == ("＝", "2024年12月", None)
