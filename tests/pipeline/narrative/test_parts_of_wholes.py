"""What a part is of: the measure, fund and year of its whole, and never of an amount before another subject.

The sentences are in the wording of towns, schools and offices that publish a page of text; names and figures are made.
"""

from __future__ import annotations

import pytest

from pipeline.budget.codes.book import code_book
from pipeline.document.content import Content, Page, TextLine
from pipeline.narrative.claims.facts import Narrative
from pipeline.narrative.narrative_reader import read_narrative

SUMMARY = "二、部门预算情况说明"
THREE = "三、“三公”经费情况说明"


def read(*lines: str, final: bool = False) -> Narrative:
    content = Content("lines", "text", (Page(1, 0, 0, tuple(TextLine(line) for line in lines)),))
    return read_narrative(content, fiscal_year=2023, book=code_book(), final=final, department="某局")


def lines(told: Narrative) -> list[tuple[str | None, str | None, str, str]]:
    return [(x.code or x.nature, x.fund, x.measure, x.amount_text) for x in told.lines]


def changes(told: Narrative) -> list[tuple[str | None, str | None]]:
    return [
        (c["code"] or c["nature"], None if c["change_amount"] is None else f"{(c['change_amount'] / 10000).normalize():f}")
        for c in told.year_on_year
    ]


def test_parts_of_what_was_planned_were_planned() -> None:
    told = read(
        THREE,
        "2023年我镇“三公”经费预算为20万元，其中：公务接待费9万元，公务用车运行维护费11万元。",
        "2023年“三公”经费支出共计9.07万元，其中：公务接待费4万元。",
        final=True,
    )
    assert [(code, measure, amount) for code, _, measure, amount in lines(told)] == [
        ("total", "budget", "20"), ("reception", "budget", "9"), ("vehicle_operation", "budget", "11"),
        ("total", "final", "9.07"), ("reception", "final", "4"),
    ]  # fmt: skip


def test_parts_beside_what_was_spent_are_what_their_own_words_say() -> None:
    told = read(THREE, "2023年“三公”经费支出2.05万元，年初预算为2.95万元。其中：公务接待费支出2.05万元，年初预算为2万元。", final=True)
    assert [(code, measure, amount) for code, _, measure, amount in lines(told)] == [
        ("total", "final", "2.05"), ("total", "budget", "2.95"), ("reception", "final", "2.05"), ("reception", "budget", "2"),
    ]  # fmt: skip


def test_parts_of_one_funds_spending_are_of_that_fund() -> None:
    told = read(
        SUMMARY,
        "2023年一般公共预算财政拨款支出100万元，比2022年减少10万元。其中：基本支出60万元，比2022年增加5万元；项目支出40万元，比2022年减少15万元。"
        "基本支出增加的主要原因是人员增加。",
    )
    assert [(x.statement, x.fund, x.nature) for x in told.lines] == [
        ("fiscal_appropriation_summary", "general_public", nature) for nature in ("total", "basic", "project")
    ]
    assert [(c["fund"], c["nature"], c["reason"]) for c in told.year_on_year] == [
        ("general_public", "total", None), ("general_public", "basic", "人员增加"), ("general_public", "project", None),
    ]  # fmt: skip


def test_classes_of_one_funds_spending_are_of_that_fund() -> None:
    told = read("一、收支预算情况", "一般公共预算支出100万元，其中：教育支出60万元，住房保障支出40万元。")
    assert [(x.code, x.fund) for x in told.lines if x.code] == [("205", "general_public"), ("221", "general_public")]


@pytest.mark.parametrize(
    "said",
    [
        "公务用车运行维护费支出决算比预算无增减变化，比去年增加1.05万元",
        "公务用车运行维护费有所增加，比去年增加1.05万元",
    ],
)
def test_a_subject_without_an_amount_ends_what_is_said_of_the_one_before(said: str) -> None:
    told = read(
        THREE,
        f"“三公”经费支出决算为5.48万元，比去年增加1.55万元。其中，公务用车购置支出决算比预算无增减变化，比去年无变化；{said}。",
        final=True,
    )
    assert changes(told) == [("total", "1.55"), ("vehicle_purchase", None), ("vehicle_operation", "1.05")]


def test_what_is_compared_with_the_budget_is_still_spoken_of() -> None:
    told = read(THREE, "公务接待费支出决算为2万元，决算数与预算数持平，比去年增加1万元。", final=True)
    assert changes(told) == [("reception", "1")]


def test_changes_of_another_years_amounts_are_held_back() -> None:
    told = read(
        THREE,
        "2023年度“三公”经费支出20万元，其中：公务接待费12万元，公务用车运行费8万元。",
        "2024年度“三公”经费预算较2023年度增加1.68万元，其中公务接待费较上年减少0.58万元。公务用车运行费较上年增加2.27万元。",
        final=True,
    )
    assert not told.year_on_year
    assert len(told.held_back) == 3


@pytest.mark.parametrize("amount", ["1.55万元", "1,000,000.00元"])
def test_a_line_that_begins_with_an_amount_goes_on_with_the_line_before(amount: str) -> None:
    told = read(
        THREE,
        "2023年“三公”经费支出预算总额为5.48万元，比去年增加",
        f"{amount}，增长39.4%，主要原因是公务用车的维修增加较多，保险费用也有提高。",
    )
    assert len(told.year_on_year) == 1
    assert not told.held_back


def test_units_in_brackets_behind_a_unit_are_that_units() -> None:
    told = read("一、单位构成", "纳入部门预算的单位由某局机关及下属的8个事业单位组成，某公路局(包含路政处、养护段等4个三级预算单位)。")
    assert "budget_units" not in {f["indicator"] for f in told.key_figures}


def test_the_second_line_of_a_title_goes_on_with_the_first() -> None:
    told = read(
        "某局2023年三公经费预算", "增减情况说明", "2023年“三公”经费预算支出83.53万元：其中公务接待费支出为50万元，公务车运行费为33.53万元。"
    )
    assert [code for code, *_ in lines(told)] == ["total", "reception", "vehicle_operation"]


def test_a_title_below_a_heading_that_nothing_stands_under_opens_a_part_of_its_own() -> None:
    told = read(
        "（八）机关运行经费：指为保障行政单位运行用于购买货物和服务的各项资金。",
        "2023年部门预算编制说明",
        "2023年，支出预算100万元，其中：基本支出60万元。",
    )
    assert [(x.nature, x.amount_text) for x in told.lines] == [("total", "100"), ("basic", "60")]


def test_a_school_is_an_owner_of_its_totals() -> None:
    content = Content(
        "lines",
        "text",
        (Page(1, 0, 0, (TextLine("（一）收入支出决算总体情况说明"), TextLine("赤岸镇尚阳小学2022年度收、支总计均为1,512.38万元。"))),),
    )
    told = read_narrative(content, fiscal_year=2022, book=code_book(), final=True, department="赤岸镇尚阳小学")
    assert [(x.flow, x.amount_text) for x in told.lines] == [("revenue", "1,512.38"), ("expenditure", "1,512.38")]


def test_money_in_the_words_of_other_years_and_places() -> None:
    told = read("（一）收入预算", "2023年收入预算956.4万元，其中：公共财政拨款756.4万元，公共预算财政拨款756.4万元，上级补助200万元。")
    assert [(x.fund, x.amount_text) for x in told.lines] == [("total", "956.4"), ("general_public", "756.4"), ("superior_subsidy", "200")]
    told = read(THREE, "2023年“三公”经费支出决算汇总数为58.83万元，其中：公务接待费为20.25万元。", final=True)
    assert [x.code for x in told.lines] == ["total", "reception"]
    told = read(THREE, "2023年“三公”经费支出74.6万元，其中公务用车及运行维护费用61.8万元，公务接待费12.8万元。")
    assert [x.code for x in told.lines] == ["total", "vehicles", "reception"]


def test_a_reason_ends_where_something_with_a_reason_of_its_own_is_stated() -> None:
    told = read(
        THREE,
        "公务用车运行费150万元，与2022年预算相比减少170万元，主要原因是厉行节约，相应核减预算，公务用车购置费0万元，主要原因是未购车，"
        "三、2023年公务接待费预算200万元，与2022年预算相比持平，主要原因是做好接待。",
    )
    assert [code for code, *_ in lines(told)] == ["vehicle_operation", "vehicle_purchase", "reception"]
    assert [(c["code"], c["reason"]) for c in told.year_on_year] == [
        ("vehicle_operation", "厉行节约，相应核减预算"),
        ("reception", "做好接待"),
    ]


def test_income_and_spending_as_a_whole_are_both_totals() -> None:
    told = read(
        "一、收入支出决算总体情况说明",
        "2023年度收入总计434.72万元，支出总计434.72万元。收入支出总体与上年相比，增加58.21万元，增长15.46%，主要原因是：增加人员经费。",
        final=True,
    )
    assert [(c["flow"], c["reason"]) for c in told.year_on_year] == [("revenue", "增加人员经费"), ("expenditure", "增加人员经费")]


def test_items_of_a_list_by_function_are_known_by_names_that_only_one_item_has() -> None:
    told = read(
        "五、一般公共预算支出情况说明",
        "2023年一般公共预算拨款支出263172元，其中：基本支出209472元，项目支出53700元，具体支出预算如下：",
        "（一）一般公共预算支出按支出功能分类科目划分。",
        "机关事业单位基本养老保险缴费支出150384元，其中：基本支出150384元，项目支出0元。主要用于单位人员基本养老保险缴费支出。",
        "住房公积金112788元，其中：基本支出59088元，项目支出53700元。",
        "行政运行100元，其中：基本支出100元。",
    )
    assert [(x.code, x.nature, x.amount_text) for x in told.lines if x.level] == [
        ("2080505", "total", "150384"), ("2080505", "basic", "150384"), ("2080505", "project", "0"),
        ("2210201", "total", "112788"), ("2210201", "basic", "59088"), ("2210201", "project", "53700"),
    ]  # fmt: skip
    assert {x.statement for x in told.lines} == {"general_public_by_function"}
    assert [clause for clause, *_ in told.held_back] == ["行政运行100元", "基本支出100元"]


def test_what_a_comma_opens_behind_a_list_joined_by_strokes_is_said_of_its_whole() -> None:
    told = read(
        SUMMARY,
        "2023年收入预算80万元，其中：一般公共预算拨款50万元、政府性基金预算拨款0万元、上年结转30万元，较上年减少20万元，主要原因是项目减少。",
        "2023年支出预算80万元，其中：基本支出50万元，比上年减少2万元、项目支出30万元，比上年减少18万元。",
    )
    assert [(c["fund"], c["nature"]) for c in told.year_on_year] == [("total", "total"), ("total", "basic"), ("total", "project")]
    assert [amount for _, amount in changes(told)] == ["-20", "-2", "-18"]


def test_a_second_change_behind_such_a_list_is_held_back() -> None:
    told = read(THREE, "2023年“三公”经费预算8万元，比上年减少1万元，其中：公务接待费3万元、公务用车运行维护费5万元，比上年减少0.4万元。")
    assert changes(told) == [("total", "-1")]
    assert [reason for _, reason, _ in told.held_back] == ["another change than the one stated before"]


def test_three_public_paid_from_two_funds_are_of_neither_alone() -> None:
    told = read(
        "一、一般公共预算及政府性基金财政拨款“三公”经费支出情况",
        "2023年一般公共预算及政府性基金财政拨款“三公”经费支出预算6万元，其中：公务接待费2万元，公务用车运行维护费4万元。",
    )
    assert lines(told) == [
        ("total", "fiscal_appropriation", "budget", "6"), ("reception", "fiscal_appropriation", "budget", "2"),
        ("vehicle_operation", "fiscal_appropriation", "budget", "4"),
    ]  # fmt: skip


@pytest.mark.parametrize("offices", ["县级各部门（单位）", "全市各部门", "镇级所有单位", "自治区本级行政事业单位", "市本级预算单位"])
def test_what_all_offices_of_a_government_spend_is_no_offices_own(offices: str) -> None:
    told = read(THREE, f"经汇总，2023年{offices}一般公共预算“三公”经费支出预算900万元，其中：公务接待费300万元，因公出国（境）费用0万元。")
    assert not told.lines
    assert [reason for _, reason, _ in told.held_back] == ["an amount of another body", *["a part of something that is not known"] * 2]


def test_without_a_kind_only_amounts_that_say_what_they_are_become_lines() -> None:
    content = [THREE, "2023年财政预算拨款“三公”经费支出合计5万元，其中：公务接待费2万元。", "公务用车运行维护费支出决算3万元。"]
    told = read_narrative(
        Content("lines", "text", (Page(1, 0, 0, tuple(TextLine(line) for line in content)),)), fiscal_year=2023, book=code_book(),
        final=None, department="某局",
    )  # fmt: skip
    assert lines(told) == [("vehicle_operation", "fiscal_appropriation", "final", "3")]
    assert told.held_back[0][1] == "neither said to be planned nor spent"


def test_a_decrease_of_less_than_nothing_is_held_back() -> None:
    told = read(THREE, "2023年公务接待费2万元，比上年减少-0.5万元。公务用车运行维护费4万元，比上年增加-0.5万元。")
    assert changes(told) == [("vehicle_operation", "-0.5")]


def test_the_name_of_the_body_may_stand_before_a_total_without_a_word_of_budgets() -> None:
    told = read("（二）支出决算情况", "2023年，某局支出为46万元。其中：基本支出30万元，项目支出16万元。", final=True)
    assert [x.amount_text for x in told.lines] == ["46", "30", "16"]
    assert [x.amount_text for x in read("（二）支出决算情况", "2023年，办公室支出为46万元。", final=True).lines] == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("公务用车（含执法执勤用车）运行维护费4万元", "vehicle_operation"),
        ("现有公务用车2辆，购置及运行维护费4万元", "vehicles"),
        ("2023年某局安排公务用车购置及运行费4万元", "vehicles"),
    ],
)
def test_three_public_in_other_words(words: str, code: str) -> None:
    assert [line[0] for line in lines(read(THREE, f"{words}，比上年无增加或减少。"))] == [code]


def test_a_change_of_one_funds_three_public_is_not_given_to_those_of_all() -> None:
    told = read(
        THREE,
        "2023年财政拨款“三公”经费支出预算为12万元，支出决算为9万元。2023年一般公共预算财政拨款“三公”经费支出决算数比上年减少1万元，下降10%。",
        final=True,
    )
    assert [c["fund"] for c in told.year_on_year] == ["general_public"]


def test_what_a_list_numbers_below_an_income_is_a_part_of_it() -> None:
    told = read(
        "二、收入预算情况说明",
        "2023年度收入预算100.00万元。",
        "（一）本年财政拨款收入60.00万元",
        "1.一般公共预算拨款收入60.00万元。",
        "（二）本年其他资金收入30.00万元",
        "2.财政专户管理资金收入5.00万元。",
        "3.事业收入25.00万元。",
        "（三）上年结转结余10.00万元",
        "4.上年结转结余10.00万元。",
    )
    assert [(x.fund, x.level, x.is_leaf) for x in told.lines] == [
        ("total", 0, False), ("fiscal_appropriation", 1, False), ("general_public", 2, True),
        ("special_account", 2, True), ("business", 2, True), ("carryover", 1, True),
    ]  # fmt: skip
    assert [held.clause for held in told.held_back] == ["本年其他资金收入 30.00万元"]  # of the special account and of the units


def test_parts_of_what_is_carried_over_stand_below_it() -> None:
    told = read(
        "二、收入预算情况说明",
        "某局2023年收入预算合计100.00万元，包括本年收入90.00万元，上年结转结余10.00万元。",
        "其中：",
        "本年一般公共预算收入90.00万元，占90%；",
        "上年结转结余的一般公共预算收入8.00万元，占8%；",
        "上年结转结余的单位资金2.00万元，占2%。",
    )
    assert [(x.fund, x.level, x.is_leaf) for x in told.lines] == [
        ("total", 0, False), ("current_year", 0, False), ("carryover", 1, False), ("general_public", 1, True),
        ("carryover_general_public", 2, True), ("carryover_unit_funds", 2, True),
    ]  # fmt: skip


def test_what_is_left_in_a_unit_s_accounts_is_a_fund_of_its_income() -> None:
    told = read("二、部门收支总体情况", "2023年本部门预算收入100.00万元，其中一般公共预算拨款收入80.00万元、上年实户资金余额20.00万元。")
    assert [(x.fund, x.level, x.amount_text) for x in told.lines] == [
        ("total", 0, "100.00"), ("general_public", 1, "80.00"), ("unit_account_balance", 1, "20.00"),
    ]  # fmt: skip


def test_a_total_behind_what_heads_it_is_of_that() -> None:
    told = read(
        "五、财政拨款支出预算情况说明",
        "2023年财政拨款预算支出90万元。其中：",
        "（一）教育支出（类）",
        "普通教育（款）：2023年预算支出合计60万元。其中：1.小学教育（项）：支出50万元。2.初中教育（项）：支出10万元。",
        "（二）卫生健康支出（类）",
        "公立医院（款）：2023年预算支出合计30万元。",
    )
    assert [(line.code, str(line.amount)) for line in told.lines] == [
        (None, "900000.00"), ("20502", "600000.00"), ("2050202", "500000.00"), ("2050203", "100000.00"), ("21002", "300000.00"),
    ]  # fmt: skip
    assert told.held_back == []


def test_a_total_in_a_sentence_of_its_own_is_not_of_what_stood_before_a_colon() -> None:
    told = read("三、支出预算情况说明", "教育支出（类）：主要用于办学。2023年支出预算合计90万元。")
    assert [(line.code, str(line.amount)) for line in told.lines if line.code] == []


def test_spending_is_divided_by_the_source_of_its_money() -> None:
    told = read(
        "（一）收支预算总体情况",
        "2023年部门预算支出100万元，其中：一般公共预算拨款支出80万元、事业收入支出10万元、事业单位经营收入支出6万元、其他收入支出4万元。",
    )
    assert [(line.flow, line.fund, line.nature, str(line.amount)) for line in told.lines] == [
        ("expenditure", "total", "total", "1000000.00"), ("expenditure", "general_public", "total", "800000.00"),
        ("expenditure", "business", "total", "100000.00"), ("expenditure", "operating", "total", "60000.00"),
        ("expenditure", "other", "total", "40000.00"),
    ]  # fmt: skip


def test_spending_of_operations_is_a_nature_and_no_source() -> None:
    told = read("（一）收支预算总体情况", "2023年部门预算支出100万元，其中：基本支出80万元、事业单位经营支出20万元。")
    assert [(line.fund, line.nature) for line in told.lines] == [("total", "total"), ("total", "basic"), ("total", "operating")]


def test_a_change_that_names_no_year_is_told() -> None:
    told = read("三、支出预算情况说明", "教育支出（类）60万元，增加60万元，主要原因是新设。")
    assert told.year_on_year == []
    assert [(held.clause, held.why) for held in told.held_back] == [
        ("增加60万元", "a change of which no words say what it compares with")
    ]  # fmt: skip


@pytest.mark.parametrize("whole", ["本部门支出合计", "2023年部门支出合计"])
def test_a_total_of_the_department_behind_what_heads_it_is_its_own(whole: str) -> None:
    told = read("三、支出预算情况说明", f"教育支出（类）：{whole}100万元，其中教育支出60万元。")
    assert [(line.code, str(line.amount)) for line in told.lines] == [(None, "1000000.00"), ("205", "600000.00")]
