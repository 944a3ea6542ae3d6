"""Sentences of budget prose become lines, or are held back: never a wrong amount, code, fund or nature."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.budget.codes.book import code_book
from pipeline.document.content import Content, Page, TextLine
from pipeline.narrative.claims.facts import Narrative
from pipeline.narrative.narrative_reader import read_narrative


def read(*paragraphs: str, year: int = 2022, final: bool = False) -> Narrative:
    lines = tuple(TextLine(text) for paragraph in paragraphs for text in (paragraph, ""))
    content = Content("lines", "text", (Page(1, 0, 0, lines),))
    return read_narrative(content, fiscal_year=year, book=code_book(), final=final)


def facts(narrative: Narrative) -> list[tuple[object, ...]]:
    return [(x.statement, x.flow, x.code, x.level, x.fund, x.nature, x.amount) for x in narrative.lines]


SUMMARY = "一、收支预算总体情况说明"
GENERAL = "二、一般公共预算支出情况说明"


def test_totals_and_items_of_the_summary() -> None:
    told = read(
        SUMMARY,
        "收入预算总计1,200.50万元，其中：一般公共预算拨款收入1,100.50万元，事业收入0万元，上年结转100万元。",
        "支出预算总计1,200.50万元。按支出用途分类：基本支出900.50万元，项目支出300万元。",
    )
    summary = "revenue_expenditure_summary"
    assert facts(told) == [
        (summary, "revenue", None, 0, "total", "total", Decimal("12005000.00")),
        (summary, "revenue", None, 1, "general_public", "total", Decimal("11005000.00")),
        (summary, "revenue", None, 1, "business", "total", Decimal("0.00")),
        (summary, "revenue", None, 1, "carryover", "total", Decimal("1000000.00")),
        (summary, "expenditure", None, 0, "total", "total", Decimal("12005000.00")),
        (summary, "expenditure", None, 0, "total", "basic", Decimal("9005000.00")),
        (summary, "expenditure", None, 0, "total", "project", Decimal("3000000.00")),
    ]
    assert not told.held_back
    assert [line.row for line in told.lines] == list(range(1, 8))
    assert {(line.source, line.statement_no, line.column, line.unit_text) for line in told.lines} == {("narrative", 0, 1, "万元")}


def test_funds_listed_below_an_appropriation_and_below_other_money_stand_below_them() -> None:
    told = read(
        "一、收入预算情况说明",
        "2022年收入预算130万元。",
        "（一）本年财政拨款收入90万元",
        "1.一般公共预算拨款收入80万元。",
        "2.政府性基金预算拨款收入10万元。",
        "（二）本年其他资金收入40万元",
        "1.事业收入30万元。",
        "2.其他收入10万元。",
    )
    assert [(line.fund, line.level, line.is_leaf) for line in told.lines] == [
        ("total", 0, False),
        ("fiscal_appropriation", 1, False),
        ("general_public", 2, True),
        ("government_fund", 2, True),
        ("unit_funds", 1, False),
        ("business", 2, True),
        ("other", 2, True),
    ]


def test_full_path_gives_code_and_name_as_printed() -> None:
    told = read(GENERAL, "卫生健康支出（类）行政事业单位医疗（款）行政单位医疗（项）预算为52.15万元，主要用于缴费。与上年基本持平。")
    (line,) = told.lines
    assert (line.code, line.code_source, line.name, line.level) == ("2101101", "name", "行政单位医疗", 3)
    assert (line.statement, line.fund, line.amount_text) == ("general_public_by_function", "general_public", "52.15")
    (change,) = told.year_on_year
    assert (change["code"], change["basis"], change["flat"], change["change_amount"]) == ("2101101", "prior_year", True, None)


@pytest.mark.parametrize(
    ("subject", "code", "name"),
    [
        ("1.行政运行（2010301）", "2010301", "行政运行"),
        ("（二）2080501-行政单位离退休", "2080501", "行政单位离退休"),
        ("公共安全支出（204类）司法（06款）普法宣传（05项）", "2040605", "普法宣传"),
        ("“住房保障支出”科目", "221", "住房保障支出"),
        ("“住房保障支出-住房改革支出-购房补贴”科目", "2210203", "购房补贴"),
    ],
)
def test_printed_forms_of_one_classification(subject: str, code: str, name: str) -> None:
    told = read(GENERAL, f"{subject}8.20万元。")
    assert [(x.code, x.name, x.amount) for x in told.lines] == [(code, name, Decimal("82000.00"))]


def test_headings_hold_the_outer_levels_of_a_path() -> None:
    told = read(
        GENERAL,
        "（一）住房保障支出（类）",
        "1.住房改革支出（款）提租补贴（项）支出33.1万元。",
        "2.住房改革支出（款）购房补贴（项）支出85万元。",
    )
    assert [x.code for x in told.lines] == ["2210202", "2210203"]


def test_a_name_alone_that_many_places_bear_is_held_back() -> None:
    told = read(GENERAL, "行政运行支出12万元。")
    assert not told.lines
    assert [held[:2] for held in told.held_back] == [("行政运行支出12万元", "a subject that is not known")]


def test_one_amount_stated_twice_is_one_line_and_a_contradiction_is_none() -> None:
    twice = read(GENERAL, "一般公共预算支出合计80万元。", "一般公共预算支出合计为80.00万元，其中：", "教育支出（类）支出80万元，占100%。")
    assert [(x.code, x.amount) for x in twice.lines] == [(None, Decimal(800000)), ("205", Decimal(800000))]
    told = read(GENERAL, "教育支出（类）支出80万元。", "教育支出（类）支出81万元。")
    assert not told.lines
    assert len(told.held_back) == 2


def test_a_list_of_one_nature_is_not_taken_for_the_whole() -> None:
    told = read(
        GENERAL,
        "行政运行（2013301）70万元，培训支出（2050803）30万元。",
        "（1）人员经费：①行政运行（2013301）60万元；",
        "（2）公用经费：①行政运行（2013301）10万元；②培训支出（2050803）30万元。",
    )
    assert [(x.code, x.nature, x.amount / 10000) for x in told.lines] == [
        ("2013301", "total", 70),
        ("2050803", "total", 30),
        ("2013301", "basic_personnel", 60),
        ("2013301", "basic_operating", 10),
        ("2050803", "basic_operating", 30),
    ]


def test_natures_below_a_classification_are_its_own() -> None:
    told = read(GENERAL, "（1）民政管理事务（20802）90万元，较上年增加5万元。具体为：人员经费60万元，较上年无变化；公用经费30万元。")
    assert [(x.code, x.nature, x.amount / 10000) for x in told.lines] == [
        ("20802", "total", 90),
        ("20802", "basic_personnel", 60),
        ("20802", "basic_operating", 30),
    ]
    assert [(c["nature"], c["change_amount"], c["flat"]) for c in told.year_on_year] == [
        ("total", Decimal("50000.00"), False),
        ("basic_personnel", None, True),
    ]


def test_three_public_takes_the_fund_of_its_heading() -> None:
    text = (
        "“三公”经费预算数为9万元，与2021年预算持平。其中：",
        "（一）因公出国（境）费0万元。",
        "（二）公务用车购置及运行费6万元（公务用车购置费0万元，比上年增加0万元；公务用车运行费6万元，比上年减少1万元。）比上年减少1万元。",
        "（三）公务接待费。2022年预算数3万元。",
    )
    named = read("三、一般公共预算“三公”经费预算情况", *text)
    unnamed = read("三、“三公”经费预算情况说明", *text)
    assert {x.fund for x in named.lines} == {"general_public"}
    assert {x.fund for x in unnamed.lines} == {"fiscal_appropriation"}
    assert [(x.code, x.level, x.amount / 10000) for x in named.lines] == [
        ("total", 0, 9), ("abroad", 1, 0), ("vehicles", 1, 6), ("vehicle_purchase", 2, 0), ("vehicle_operation", 2, 6), ("reception", 1, 3),
    ]  # fmt: skip
    assert [(c["code"], c["change_amount"]) for c in named.year_on_year] == [
        ("total", None), ("vehicle_purchase", Decimal(0)), ("vehicle_operation", Decimal(-10000)), ("vehicles", Decimal(-10000)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("clause", "basis", "amount", "percent", "flat"),
    [
        ("比上年执行数增加8.60万元，增长24.94%", "prior_year_execution", "86000", "24.94", False),
        ("较2021年年初预算减少3万元，下降5％", "prior_year_budget", "-30000", "-5", False),
        ("与上年预算数相同", "prior_year_budget", None, None, True),
        ("较上年减少2万元（4%）", "prior_year", "-20000", "-4", False),
        ("与上年相比，收、支预算总计各增加7万元，增长16.3%", "prior_year", "70000", "16.3", False),
        ("比2021年年初预算数47万元增加3万元", "prior_year_budget", "30000", None, False),
    ],
)
def test_changes(clause: str, basis: str, amount: str | None, percent: str | None, flat: bool) -> None:
    told = read(SUMMARY, f"某某局2022年度收入、支出预算总计50万元，{clause}。主要原因是人员增加。")
    assert [x.flow for x in told.lines if x.measure == "budget"] == ["revenue", "expenditure"]
    assert [
        (c["basis"], c["change_amount"], c["change_pct"], c["flat"], c["reason"]) for c in told.year_on_year
    ] == [(basis, amount and Decimal(amount), percent and Decimal(percent), flat, "人员增加")] * 2  # fmt: skip


def test_amounts_of_other_years_units_and_reasons_are_no_lines() -> None:
    told = read(
        SUMMARY,
        "2021年收入预算70万元。",
        "收入预算80万元，主要原因是基本支出增加6万元；二是项目支出4万元。",
        "收入预算增加10万元。",
        "支出预算约1.2亿元。",
        "支出预算90万元以上。",
    )
    assert [x.amount for x in told.lines] == [Decimal(800000)]
    assert len(told.held_back) == 2


def test_a_unit_of_the_department_is_not_the_department() -> None:
    told = read(
        "第二部分 收支总体情况",
        "某市水务局部门预算支出500万元。",
        "第三部分 部门预算支出具体情况",
        "一、某市水文监测站",
        "基本支出40万元。",
    )
    assert [x.amount for x in told.lines] == [Decimal(5000000)]
    assert ("基本支出40万元", "an amount of one unit of the department") in [held[:2] for held in told.held_back]


def test_final_account_keeps_budget_and_outcome_apart() -> None:
    told = read(
        "五、一般公共预算财政拨款支出决算情况说明",
        "1.教育支出（类）进修及培训（款）培训支出（项）。年初预算为18.60万元，支出决算为18.03万元，完成年初预算的96.9%。",
        year=2023,
        final=True,
    )
    assert [(x.code, x.measure, x.amount_text) for x in told.lines] == [("2050803", "budget", "18.60"), ("2050803", "final", "18.03")]


def test_glossary_and_duties_state_no_amounts() -> None:
    told = read("一、主要职能", "收入预算9万元。", "五、名词解释", "支出预算8万元。")
    assert not told.lines
    assert not told.held_back


def test_thousands_in_full_width_and_digits_apart_are_no_wrong_amount() -> None:
    told = read(SUMMARY, "收入预算总计7，896.16万元。", "支出预算总计1 240.07万元。")
    assert not told.lines


def test_a_leaf_has_nothing_below_it() -> None:
    told = read(GENERAL, "一般公共预算支出9万元，其中：教育支出（类）9万元。", "教育支出（类）进修及培训（款）培训支出（项）9万元。")
    assert [(x.level, x.is_leaf) for x in told.lines] == [(0, False), (1, False), (3, True)]


amounts = st.decimals(min_value=0, max_value=10**7, places=2, allow_nan=False, allow_infinity=False)


@given(amounts, amounts, st.sampled_from(["{:,}", "{}"]), st.integers(8, 40))
def test_any_amounts_wrapped_anywhere_are_read_exactly(basic: Decimal, project: Decimal, form: str, width: int) -> None:
    text = f"支出预算总计{form.format(basic + project)}万元，其中：基本支出{form.format(basic)}万元，项目支出{form.format(project)}万元。"
    wrapped = [text[i : i + width] for i in range(0, len(text), width)]
    content = Content("lines", "text", (Page(1, 0, 0, (TextLine(SUMMARY), TextLine(""), *map(TextLine, wrapped))),))
    told = read_narrative(content, fiscal_year=2022, book=code_book(), final=False)
    stated = {(x.nature, x.amount) for x in told.lines}
    true = {("total", (basic + project) * 10000), ("basic", basic * 10000), ("project", project * 10000)}
    assert stated <= true
    # narrower than any page: what is not understood is held back; digits at a line's end that may be a code are counted as unread
    assert stated == true or width < 24 or told.unread


def test_a_subject_before_its_year_and_amount() -> None:
    told = read(
        GENERAL,
        "卫生健康支出（类）行政事业单位医疗（款）行政单位医疗（项）2022年预算数为52万元，比2021年执行数增加2万元，增长4%。",
        "三、收支预算总体情况",
        "（一）收入预算，2022年年初预算数60万元，其中，一般公共预算拨款52万元，上年结转8万元。",
    )
    assert [(x.statement, x.code, x.fund, x.amount / 10000) for x in told.lines] == [
        ("general_public_by_function", "2101101", "general_public", 52),
        ("revenue_expenditure_summary", None, "total", 60),
        ("revenue_expenditure_summary", None, "general_public", 52),
        ("revenue_expenditure_summary", None, "carryover", 8),
    ]
    assert [(c["basis"], c["change_pct"]) for c in told.year_on_year] == [("prior_year_execution", 4)]


def test_words_that_end_like_a_name_are_no_body() -> None:
    told = read(SUMMARY, "办公室支出5万元。", "信息中心项目支出预算6万元。")
    assert not told.lines


def test_the_narrative_of_a_second_body_is_held_back() -> None:
    told = read(
        SUMMARY,
        "某某局2022年收入预算总计100万元。",
        "一般公共预算拨款收入100万元。",
        SUMMARY,
        "某某监测站2022年收入预算总计40万元。",
        "事业收入40万元。",
    )
    assert [x.amount / 10000 for x in told.lines] == [100, 100]
    unnamed = read(SUMMARY, "收入预算总计100万元。", SUMMARY, "收入预算总计40万元。", "事业收入40万元。")
    assert [x.amount / 10000 for x in unnamed.lines] == [100]


def test_a_template_note_does_not_move_the_section() -> None:
    told = read(
        "八、一般公共预算基本支出预算情况说明",
        "（一）人员经费12万元。主要包括：基本工资等。（按“财政拨款基本支出预算表”中经济分类支出事项填写）",
        "（二）公用经费3万元。",
    )
    assert [(x.statement, x.fund, x.nature) for x in told.lines] == [
        ("general_public_basic_by_economic", "general_public", "basic_personnel"),
        ("general_public_basic_by_economic", "general_public", "basic_operating"),
    ]


def test_parts_of_what_is_not_known_are_held_back() -> None:
    told = read(
        SUMMARY, "支出预算总计90万元。", "2.河道疏浚费50万元，其中：财政拨款支出30万元。", "3.绿化费20万元，其中：", "1.项目支出20万元。"
    )
    assert [x.amount / 10000 for x in told.lines] == [90]


def test_a_phrase_limits_a_list_by_classification() -> None:
    told = read(
        GENERAL,
        "支出按经济科目分类的明细情况。按部门预算支出经济分类，一般公共预算支出90万元，其中：",
        "（1）工资福利支出（301）60万元。",
        "（2）商品和服务支出30万元。",
    )
    assert [(x.statement, x.scheme, x.code, x.amount / 10000) for x in told.lines] == [
        ("general_public_by_function", "function", None, 90),
        ("general_public_by_economic", "department_economic", "301", 60),
        ("general_public_by_economic", "department_economic", "302", 30),
    ]


def test_a_change_after_a_list_is_of_its_whole() -> None:
    told = read(SUMMARY, "支出预算90万元，其中：基本支出60万元、项目支出30万元。比上年减少9万元，下降9.09%。")
    assert [(c["nature"], c["change_amount"]) for c in told.year_on_year] == [("total", Decimal("-90000.00"))]
    either = read(SUMMARY, "支出预算90万元，其中：项目支出30万元。比上年减少9万元。")
    assert not either.year_on_year


@pytest.mark.parametrize("second", ["，102.45万元，", "、102.45万元，", "（102.45万元），", "，1,024,500元，"])
@pytest.mark.parametrize("lead", ["其中：", "包括"])
def test_a_second_figure_is_held_back_and_what_follows_is_of_the_same_subject(second: str, lead: str) -> None:
    told = read(
        GENERAL,
        f"社会保障和就业支出（类）100.38万元{second}{lead}机关事业单位基本养老保险缴费支出（2080505）66.92万元，"
        "机关事业单位职业年金缴费支出（2080506）33.46万元。",
    )
    assert [(x.code, str(x.amount)) for x in told.lines] == [("208", "1003800.00"), ("2080505", "669200.00"), ("2080506", "334600.00")]
    assert {x.statement for x in told.lines} == {"general_public_by_function"}
    assert [why for _, why, _ in told.held_back] == ["another figure for what the one before it is of"]


def test_amounts_of_a_list_are_no_second_figures() -> None:
    told = read(GENERAL, "卫生健康支出（类）、住房保障支出（类）分别为52.15万元、66.56万元，其中：行政单位医疗（2101101）52.15万元。")
    assert not any(x.amount == Decimal("665600.00") for x in told.lines)
    assert "another figure for what the one before it is of" not in [why for _, why, _ in told.held_back]


def test_a_percentage_of_a_million_times_is_held_back_alone() -> None:
    told = read(
        "一、收入预算情况说明", "2022年收入预算100万元，比上年增加99万元，增长123456789012%。支出预算100万元，比上年增加50万元，增长100%。"
    )
    assert [(c["flow"], c["change_amount"], c["change_pct"]) for c in told.year_on_year] == [
        ("revenue", 990000, None),
        ("expenditure", 500000, 100),
    ]
    assert [reason for _, reason, _ in told.held_back] == ["a percentage that is none"]


def test_a_sentence_behind_a_row_of_numbers_is_not_its_rest() -> None:
    told = read("一、“三公”经费预算情况说明", "12.50 0.00 9.50 3.00", "2022年“三公”经费预算12.50万元，比上年减少1万元。")
    assert [line.amount for line in told.lines] == [125000]
    assert ([row["change_amount"] for row in told.year_on_year], told.held_back) == ([-10000], [])
    cut = read("一、“三公”经费预算情况说明", "公务接待费预算1", "2022年预算12万元，“三公”经费预算9万元。")
    assert [why for _, why, _ in cut.held_back] == ["the rest of a sentence whose line was broken off"]
