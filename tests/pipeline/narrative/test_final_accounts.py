"""Sentences of final accounts: what was planned beside what was spent, and differences between the two."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline.budget.codes.book import code_book
from pipeline.document.content import Content, Page, TextLine
from pipeline.narrative.claims.facts import Narrative
from pipeline.narrative.narrative_reader import read_narrative

SUMMARY = "一、收入支出决算总体情况说明"
GENERAL = "五、一般公共预算财政拨款支出决算情况说明"
THREE = "七、“三公”经费支出决算情况说明"
OTHER = "十、其他重要事项的情况说明"
OWN_BUDGET = "a difference from the year's own budget"


def read(*paragraphs: str) -> Narrative:
    lines = tuple(TextLine(text) for paragraph in paragraphs for text in (paragraph, ""))
    content = Content("lines", "text", (Page(1, 0, 0, lines),))
    return read_narrative(content, fiscal_year=2022, book=code_book(), final=True, department="清风市某局")


def figures(told: Narrative) -> dict[str, Decimal]:
    return {f["indicator"]: f["value"] for f in told.key_figures}


def stated(told: Narrative) -> list[tuple[str | None, str, str]]:
    return [(line.code, line.measure, line.amount_text) for line in told.lines]


def test_a_figure_is_what_was_spent_and_what_was_planned_is_one_of_its_own() -> None:
    told = read(OTHER, "（一）机关运行经费支出情况说明", "2022年机关运行经费预算为40万元，支出决算为38.5万元。支出决算较上年减少1.5万元。")
    assert figures(told) == {
        "agency_operating_expenditure_budget": Decimal("400000.00"),
        "agency_operating_expenditure": Decimal("385000.00"),
    }
    (change,) = told.year_on_year
    assert (change["code"], change["change_amount"]) == ("agency_operating_expenditure", Decimal("-15000.00"))


def test_a_change_in_a_section_on_figures_is_of_no_total() -> None:
    told = read(
        SUMMARY,
        "2022年支出决算450万元。",
        OTHER,
        "（一）机关运行经费支出情况说明",
        "以上经费支出决算较上年减少1.5万元，主要原因是厉行节约。",
    )
    assert not told.year_on_year


def test_the_revenue_of_the_year_beside_a_total_with_what_was_carried_over() -> None:
    told = read(SUMMARY, "2022年收入支出决算总计均为456.78万元。", "2022年收入合计为440.56万元，其中：财政拨款收入440.56万元。")
    revenue = [(x.fund, x.level, x.amount_text) for x in told.lines if x.flow == "revenue"]
    assert revenue == [("total", 0, "456.78"), ("current_year", 0, "440.56"), ("fiscal_appropriation", 1, "440.56")]


def test_a_part_of_three_public_spending_by_its_heading() -> None:
    told = read(
        THREE, "（一）公务接待费支出情况说明。", "2022年公务接待15批次，120人次，预算为1.5万元，支出决算为0.9万元。",
        "（二）公务用车运行维护费支出情况说明。", "2022年保有公务用车1辆，支出2.05万元，较上年减少0.03万元。",
    )  # fmt: skip
    assert stated(told) == [("reception", "budget", "1.5"), ("reception", "final", "0.9"), ("vehicle_operation", "final", "2.05")]
    assert [(c["code"], c["change_amount"]) for c in told.year_on_year] == [("vehicle_operation", Decimal("-300.00"))]


def test_a_difference_from_the_years_own_budget_is_said_to_be_one_and_ends_no_list() -> None:
    told = read(
        GENERAL,
        "2022年一般公共预算财政拨款支出1741.75万元，比上年减少53.7万元；完成年初预算103%，决算数大于预算数55.93万元，"
        "主要原因：人员增加。其中：",
        "1.教育支出1595.95万元，占91.63%。",
    )
    assert stated(told) == [(None, "final", "1741.75"), ("205", "final", "1595.95")]
    assert [held[:2] for held in told.held_back] == [("决算数大于预算数55.93万元", OWN_BUDGET)]


def test_a_difference_from_the_budget_by_other_words() -> None:
    told = read(
        THREE,
        "2022年公务接待费支出决算2.8万元，较预算数减少0.7万元。",
        "2022年公务用车运行维护费支出决算1万元，年初预算为2万元，差值为1万元。",
    )
    assert [clause for clause, why, _ in told.held_back if why == OWN_BUDGET] == ["较预算数减少0.7万元", "差值为1万元"]


@pytest.mark.parametrize(
    ("said", "budget"),
    [
        ("比年初预算数3.50万元减少0.7万元，降低20%", ("budget", "3.50")),
        ("完成年初预算3.5万元的80%", ("budget", "3.5")),
        ("为全年预算3.5万元的80.00%", ("adjusted_budget", "3.5")),
        ("与预算数2.8万元持平", ("budget", "2.8")),
    ],
)
def test_the_budget_beside_what_was_spent_is_a_line(said: str, budget: tuple[str, str]) -> None:
    told = read(THREE, f"2022年公务接待费支出决算2.8万元，{said}，较上年决算数减少0.1万元，下降3.4%。")
    assert stated(told) == [("reception", "final", "2.8"), ("reception", *budget)]
    (change,) = told.year_on_year
    assert (change["change_amount"], change["change_pct"], change["basis"]) == (-1000, Decimal("-3.4"), "prior_year_execution")
    assert (told.held_back, told.unread) == ([], [])


@pytest.mark.parametrize("said", ["比年初预算数3.50万元减少0.9万元", "完成年初预算3.5万元的88%"])
def test_a_budget_that_does_not_fit_what_was_spent_is_held_back(said: str) -> None:
    told = read(THREE, f"2022年公务接待费支出决算2.8万元，{said}，较上年减少0.1万元。")
    assert stated(told) == [("reception", "final", "2.8")]
    assert [held[:2] for held in told.held_back] == [(said, OWN_BUDGET)]
    assert [change["change_amount"] for change in told.year_on_year] == [-1000]


def test_the_budget_of_what_the_clause_names() -> None:
    told = read(THREE, "2022年公务接待费支出决算2.8万元，“三公”经费支出决算9万元。", "公务接待费比年初预算数3.50万元减少0.7万元。")
    assert stated(told) == [("reception", "final", "2.8"), ("total", "final", "9"), ("reception", "budget", "3.50")]


def test_a_budget_beside_nothing_that_is_known_to_be_spent_is_held_back() -> None:
    told = read(THREE, "2022年“三公”经费支出决算9万元。", "公务接待费比年初预算数3.50万元减少0.7万元。")
    assert stated(told) == [("total", "final", "9")]
    assert [why for _, why, _ in told.held_back] == [OWN_BUDGET]


def test_income_of_the_year_in_a_section_on_one_fund() -> None:
    section = "八、政府性基金预算财政拨款收支决算情况说明"
    alone = read(section, "2022年度本年收入100万元，比上年增加5万元；本年支出90万元，比上年减少1万元。")
    assert [(x.statement, x.flow, x.fund, x.amount_text) for x in alone.lines] == [
        ("government_fund_by_function", "revenue", "government_fund", "100"),
        ("government_fund_by_function", "expenditure", "government_fund", "90"),
    ]
    assert [(row["flow"], row["change_amount"]) for row in alone.year_on_year] == [("revenue", 50000), ("expenditure", -10000)]
    carried = read(section, "2022年度政府性基金预算财政拨款年初结转和结余5万元，本年收入100万元，本年支出90万元，年末结转和结余15万元。")
    assert [(x.flow, x.fund, x.nature, x.amount_text) for x in carried.lines] == [
        ("revenue", "carryover_government_fund", "total", "5"),
        ("revenue", "current_year", "total", "100"),
        ("expenditure", "government_fund", "total", "90"),
        ("expenditure", "government_fund", "carryforward", "15"),
    ]
    assert (alone.held_back, carried.held_back) == ([], [])


def test_why_there_is_no_percentage_is_no_reason_of_a_change() -> None:
    told = read(
        THREE, "因公出国（境）费支出预算为0万元，支出决算为0万元，由于年初预算数为0万元，无法计算百分比，决算数与预算数持平，与上年持平。"
    )
    (change,) = told.year_on_year
    assert (change["code"], change["flat"], change["reason"]) == ("abroad", True, None)


def test_a_share_is_one_of_what_was_spent_not_of_what_was_planned() -> None:
    told = read(THREE, "2022年“三公”经费支出预算44万元，实际支出“三公经费”22万元，其中公务接待费20.1万元，占91.36%。")
    (share,) = told.shares
    assert share.whole is None or share.whole.number.text == "22"


def test_contracts_with_small_enterprises() -> None:
    told = read(
        OTHER,
        "（二）政府采购支出情况",
        "政府采购支出总额250万元，其中：政府采购服务支出250万元。授予中小企业合同金额200万元，占政府采购支出总额的80%，"
        "其中：授予小微企业合同金额150万元，占政府采购支出总额的60%。",
    )
    assert figures(told) == {
        "procurement_total": Decimal("2500000.00"),
        "procurement_services": Decimal("2500000.00"),
        "procurement_awarded_sme": Decimal("2000000.00"),
        "procurement_awarded_small_micro": Decimal("1500000.00"),
    }


def test_what_was_spent_beside_what_was_planned() -> None:
    told = read(THREE, "2022年“三公”经费年初预算5万元，实际支出3.6万元，与上年决算数4万元相比减少0.4万元。")
    assert stated(told) == [("total", "budget", "5"), ("total", "final", "3.6"), ("total", "prior_year_final", "4")]
    assert [(c["code"], c["change_amount"]) for c in told.year_on_year] == [("total", Decimal("-4000.00"))]


@pytest.mark.parametrize("planned", ["年初预算", "预算数", "全年预算", "预算"])
def test_what_was_spent_is_not_called_what_was_planned(planned: str) -> None:
    told = read(THREE, f"2022年“三公”经费财政拨款支出{planned}为0.95万元，支出决算为0.41万元。")
    spent = [line.name for line in told.lines if line.measure == "final"]
    assert spent == ["“三公”经费财政拨款支出"]


def test_a_fund_that_is_called_a_budget_keeps_its_name() -> None:
    told = read(GENERAL, "2022年一般公共预算年初预算为50万元，支出决算为41万元。")
    assert [line.name for line in told.lines if line.measure == "final"] == ["一般公共预算"]


def test_guests_from_abroad_are_no_guests_from_within() -> None:
    told = read(THREE, "公务接待费支出0.75万元，共接待国（境）外来访团组1个、来访外宾2人次；共接待国内来访团组12个、来宾85人次。")
    assert {name: int(value) for name, value in figures(told).items()} == {
        "foreign_reception_batches": 1,
        "foreign_reception_visitors": 2,
        "reception_batches": 12,
        "reception_visitors": 85,
    }


def test_appropriations_below_a_heading_on_one_fund_are_of_that_fund() -> None:
    told = read(
        "五、一般公共预算财政拨款支出决算情况说明",
        "（一）财政拨款支出决算总体情况",
        "清风市某局2022年度财政拨款支出100万元，占总支出90%。",
        "（二）财政拨款支出决算结构情况",
        "清风市某局2022年度财政拨款支出100万元，主要用于以下方面：教育（类）支出60万元，占60%；住房保障（类）支出40万元，占40%。",
    )
    assert {(line.statement, line.fund) for line in told.lines} == {("general_public_by_function", "general_public")}
    assert [line.amount_text for line in told.lines] == ["100", "60", "40"]


def test_an_unnumbered_heading_on_appropriations_stands_below_no_fund() -> None:
    told = read("五、政府性基金支出决算情况说明", "财政拨款支出决算总体情况", "清风市某局2022年度财政拨款支出100万元。")
    assert [(line.fund, line.amount_text) for line in told.lines] == [("fiscal_appropriation", "100")]


@pytest.mark.parametrize("words", ["费用支出", "费用", "该项支出", "经费", ""])
def test_what_is_said_of_the_money_alone_is_said_of_the_amount_before_it(words: str) -> None:
    told = read(
        THREE,
        f"公务接待费2.50万元，主要用于接待调研。{words}较年初预算数减少0.50万元，下降16.7%，主要原因是压减开支。"
        f"{words}较上年支出数增加0.10万元，增长4.2%，主要原因是任务增加。",
    )
    assert stated(told) == [("reception", "final", "2.50")]
    (change,) = told.year_on_year
    assert (change["code"], change["change_amount"], change["reason"]) == ("reception", Decimal("1000.00"), "任务增加")
    assert [held.why for held in told.held_back] == [OWN_BUDGET]


def test_no_difference_from_the_own_budget_of_the_money_alone_keeps_its_subject() -> None:
    told = read(THREE, "公务接待费2.50万元，主要用于接待调研。费用支出较年初预算数无增减。较上年支出数增加0.10万元，增长4.2%。")
    assert [(c["code"], c["change_amount"]) for c in told.year_on_year] == [("reception", Decimal("1000.00"))]


@pytest.mark.parametrize(
    "said",
    [
        "因公出国（境）费0万元，公务接待费2万元，公务用车运行费8万元。费用支出较上年减少1万元，下降9%。",
        "因公出国（境）费0万元，公务接待费2万元，公务用车运行费8万元。较上年减少1万元，下降9%。",
        "公务接待费2万元，公务用车运行费8万元，费用支出较上年减少1万元，下降9%。",
        "公务接待费2万元，别的招待费1万元。费用支出较上年减少1万元。",
    ],
)
def test_what_is_said_of_the_money_behind_several_amounts_is_of_none_of_them(said: str) -> None:
    told = read(THREE, said)
    assert told.year_on_year == []
    assert "a change of something that is not known" in [held.why for held in told.held_back]


def test_what_is_said_of_the_money_behind_a_whole_and_its_parts_is_of_the_whole() -> None:
    told = read(THREE, "“三公”经费支出10万元，其中：公务接待费2万元，公务用车运行费8万元。费用支出较上年减少1万元，下降9.1%。")
    assert [(c["code"], c["change_amount"]) for c in told.year_on_year] == [("total", Decimal("-10000.00"))]
