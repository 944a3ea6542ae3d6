"""How different publishers phrase the same statements: each sentence is read whole, and nothing is given to another subject."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.budget.codes.book import code_book
from pipeline.checks.findings import of_narrative
from pipeline.checks.of_prose.stated_again import PublishedAmounts
from pipeline.document.content import Content, Page, TextLine
from pipeline.narrative.claims.facts import ListedAmount, Narrative, Unread, YearOnYear
from pipeline.narrative.claims.unread import without_projects
from pipeline.narrative.narrative_reader import read_narrative

SUMMARY = "一、收支预算总体情况说明"
GENERAL = "二、一般公共预算支出情况说明"
THREE = "三、“三公”经费预算情况说明"
TEN_THOUSAND = 10000


def read(*paragraphs: str, final: bool = False) -> Narrative:
    lines = tuple(TextLine(text) for paragraph in paragraphs for text in (paragraph, ""))
    return read_narrative(
        Content("lines", "text", (Page(1, 0, 0, lines),)), fiscal_year=2023, book=code_book(), final=final, department="某局"
    )


def subject(row: YearOnYear) -> str:
    """What a change is of, in one word."""
    if row["code"]:
        return row["code"]
    return row["nature"] if row["nature"] not in ("total", None) else f"{row['flow']}:{row['fund']}"


class Told(NamedTuple):
    """A change as these tests compare it: amounts in 万元."""

    of: str
    amount: str | None = None
    percent: str | None = None
    flat: bool = False
    reason: str | None = None


def plain(number: Decimal | None, unit: int = 1) -> str | None:
    return None if number is None else format((number / unit).normalize(), "f")


def changes(narrative: Narrative) -> list[Told]:
    return [
        Told(subject(c), plain(c["change_amount"], TEN_THOUSAND), plain(c["change_pct"]), c["flat"], c["reason"])
        for c in narrative.year_on_year
    ]


def three_public(narrative: Narrative) -> dict[str | None, str | None]:
    return {x.code: plain(x.amount, TEN_THOUSAND) for x in narrative.lines}


def figures(narrative: Narrative) -> dict[str, str | None]:
    return {f["indicator"]: plain(f["value"]) for f in narrative.key_figures}


# -- reasons ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("主要原因是人员增加。", "人员增加"),
        ("主要原因：人员增加。", "人员增加"),
        ("主要原因，一是人员增加；二是项目增加。", "一是人员增加；二是项目增加"),
        ("原因为：一是人员增加8万元；二是项目增加2万元。", "一是人员增加8万元；二是项目增加2万元"),
        ("增长的主要原因是：1、人员增加；2、项目增加。", "1、人员增加；2、项目增加"),
        ("主要是人员增加；同时压减了会议。", "人员增加；同时压减了会议"),
        ("主要系人员增加。", "人员增加"),
        ("主要为人员增加，主要用于工资。", "人员增加"),
        ("由于人员增加。", "人员增加"),
        ("主要原因是为保障运转。", "为保障运转"),
    ],
)
def test_a_reason_is_whole(said: str, reason: str) -> None:
    told = read(SUMMARY, f"支出预算100万元，比上年增加10万元，增长11.1%，{said}")
    assert changes(told) == [Told("expenditure:total", "10", "11.1", False, reason)]


def test_a_reason_ends_where_something_else_is_stated() -> None:
    told = read(
        SUMMARY,
        "收入预算100万元，比上年增加10万元，主要原因是人员增加；支出预算100万元，比上年增加10万元，主要原因是工资提高；其中：基本支出60万元。",
    )
    assert changes(told) == [
        Told("revenue:total", "10", reason="人员增加"),
        Told("expenditure:total", "10", reason="工资提高"),
    ]
    assert [(x.flow, x.nature) for x in told.lines] == [("revenue", "total"), ("expenditure", "total"), ("expenditure", "basic")]


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        (("收入预算100万元，比上年增加10万元；支出预算100万元，比上年增加10万元。主要原因是人员增加。",), ["人员增加", "人员增加"]),
        (("收入预算100万元，比上年增加10万元；支出预算100万元，比上年增加10万元，主要原因是人员增加。",), ["人员增加", "人员增加"]),
        (("收入预算100万元，比上年增加10万元；支出预算90万元，比上年增加5万元，主要原因是人员增加。",), [None, "人员增加"]),
        (("收入预算100万元，比上年增加10万元。支出预算100万元，比上年减少10万元。", "支出减少的主要原因是项目减少。"), [None, "项目减少"]),
        (
            ("收入预算100万元，比上年增加10万元；支出预算100万元，比上年增加10万元。", "收支预算增加的主要原因：人员增加。"),
            ["人员增加"] * 2,
        ),
        (
            ("收入预算100万元，比上年增加10万元，主要原因：", "一是人员增加；二是项目增加。支出预算100万元。"),
            ["一是人员增加；二是项目增加"],
        ),
        (("收入预算100万元，比上年增加10万元。主要原因：", "1.人员增加。", "2.项目增加。"), ["1.人员增加；2.项目增加"]),
        (("收入预算100万元，由于人员增加，比上年增加10万元，增长11.1%。",), ["人员增加"]),
        (("收入预算100万元，比上年增加10万元；", "主要原因是人员增加。"), ["人员增加"]),
        (("1.收入预算100万元，比上年增加10万元。", "2.收入预算增加的主要原因，新增项目，人员增加"), ["新增项目，人员增加"]),
        (
            (
                "2023年收入预算100万元，比上年增加10万元。2023年支出预算100万元，比上年增加10万元。",
                "预算收支增加主要原因说明：1.中央资金某更新项目结转较上年增加7.00万元；2.新增第四次全国某普查项目预算3.00万元；3.补贴政策到期。",
            ),
            ["1.中央资金某更新项目结转较上年增加7.00万元；2.新增第四次全国某普查项目预算3.00万元；3.补贴政策到期"] * 2,
        ),
    ],
)
def test_a_reason_serves_the_changes_that_it_explains(text: tuple[str, ...], reasons: list[str | None]) -> None:
    assert [c["reason"] for c in read(SUMMARY, *text).year_on_year] == reasons


def test_a_reason_names_the_sign_of_what_it_explains() -> None:
    told = read(SUMMARY, "支出预算100万元，比上年增加5万元，其中：人员经费增加6万元；公用经费减少1万元。增加的主要原因是新增人员。")
    assert [(c["nature"], c["reason"]) for c in told.year_on_year] == [
        ("total", "新增人员"), ("basic_personnel", "新增人员"), ("basic_operating", None),
    ]  # fmt: skip
    mixed = read(THREE, "公务接待费4万元，比上年减少1万元；公务用车运行维护费6万元，与上年持平。主要原因是厉行节约。")
    assert [c["reason"] for c in mixed.year_on_year] == ["厉行节约", None]


def test_a_reason_of_a_change_that_was_held_back_is_given_to_no_other() -> None:
    told = read(THREE, "公务接待费1万元，与上年持平；陌生费用费12万元，比上年减少2万元，减少的主要原因是任务减少。")
    assert changes(told) == [Told("reception", flat=True)]
    assert told.held_back


def test_a_reason_that_was_left_empty_does_not_swallow_the_next_item() -> None:
    told = read(THREE, "（二）公务用车购置及运行费5万元，与上年持平，主要原因是", "（三）公务接待费3万元，与上年持平。")
    assert three_public(told) == {"vehicles": "5", "reception": "3"}
    assert changes(told) == [Told("vehicles", flat=True), Told("reception", flat=True)]


# -- changes of parts, of what is named again, without amounts -----------------------------------------------------------------


def test_parts_of_a_change_are_changes_of_their_own() -> None:
    told = read(
        SUMMARY,
        "支出预算100万元，其中：教育支出100万元。支出较去年增加10万元，其中基本支出增加8万元，主要是调资；项目支出增加2万元，主要为新增项目。",
    )
    assert changes(told) == [
        Told("expenditure:total", "10"), Told("basic", "8", reason="调资"), Told("project", "2", reason="新增项目"),
    ]  # fmt: skip
    assert {(x.code, x.nature) for x in told.lines} == {(None, "total"), ("205", "total")}  # no amount of them is printed


def test_a_part_named_in_another_section_is_another_one() -> None:
    told = read(
        "三、支出预算情况说明",
        "支出预算100万元，其中：基本支出60万元。",
        "五、一般公共预算支出情况说明",
        "一般公共预算支出90万元，比上年增加9万元，其中：基本支出增加5万元。",
    )
    assert [(c["fund"], c["nature"], plain(c["change_amount"], TEN_THOUSAND)) for c in told.year_on_year] == [
        ("general_public", "total", "9"),
        ("general_public", "basic", "5"),
    ]


def test_parts_are_compared_with_what_their_whole_is_compared_with() -> None:
    told = read(
        THREE,
        "2023年“三公”经费预算10万元，比上年减少1万元，下降9.1%，其中：公务接待费4万元，减少1万元，下降20%；公务用车运行维护费6万元，持平。",
    )
    assert changes(told) == [Told("total", "-1", "-9.1"), Told("reception", "-1", "-20"), Told("vehicle_operation", flat=True)]


def test_all_of_a_sentence_may_be_unchanged() -> None:
    told = read(THREE, "2023年“三公”经费预算10万元，较上年减少1万元。公务接待费4万元，公务用车运行维护费6万元，均与上年持平。")
    assert changes(told) == [Told("total", "-1"), Told("reception", flat=True), Told("vehicle_operation", flat=True)]


def test_changes_listed_after_the_amounts_are_of_those_named() -> None:
    told = read(
        "七、“三公”经费情况说明",
        "2023年“三公”经费财政拨款预算数为10万元，其中：因公出国（境）费0万元，公务用车购置0万元，公务用车运行费6万元，公务接待费4万元。",
        "2023年“三公”经费财政拨款预算比上年减少1万元，其中：因公出国（境）费增加0万元，主要原因是未安排；公务用车购置费为0，未安排预算。"
        "公务用车运行费减少1万元，主要原因是压减；公务接待费增加0万元，主要原因是与上年一致。",
    )
    assert three_public(told) == {"total": "10", "abroad": "0", "vehicle_purchase": "0", "vehicle_operation": "6", "reception": "4"}
    assert changes(told) == [
        Told("total", "-1"), Told("abroad", "0", reason="未安排"), Told("vehicle_operation", "-1", reason="压减"),
        Told("reception", "0", flat=True, reason="与上年一致"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "某局2023年收入总计60万元，支出总计60万元。与上年相比，收、支总计各增加5万元，增长9.1%，主要原因：人员增加。",
        "某局2023年收入总计60万元，支出总计60万元。与上年相比，收支总计各增加5万元，增长9.1%，主要原因：人员增加。",
        "某局2023年收支总预算60万元，同比增加5万元，增长9.1%，主要原因：人员增加。",
        "某局2023年收支预算总数60万元，比2022年收支预算总数增加5万元，增长9.1%，主要是人员增加。",
    ],
)
def test_a_change_of_both_sides_is_one_of_each(text: str) -> None:
    told = read(SUMMARY, text)
    assert changes(told) == [Told(f"{flow}:total", "5", "9.1", False, "人员增加") for flow in ("revenue", "expenditure")]


def test_a_change_of_both_sides_is_not_that_of_the_side_named_before() -> None:
    told = read(
        "二、收入决算情况说明",
        "2023年度收入合计60万元，其中：财政拨款收入50万元。",
        "四、财政拨款收入支出决算总体情况说明",
        "2023年度财政拨款收、支总计均为55万元。与2022年度相比，财政拨款收、支总计各增加9万元，增长19.6%。",
        final=True,
    )
    assert changes(told) == [Told(f"{flow}:fiscal_appropriation", "9", "19.6") for flow in ("revenue", "expenditure")]
    assert {c["statement"] for c in told.year_on_year} == {"fiscal_appropriation_summary"}
    unstated = read("一、收入支出决算总体情况说明", "收、支总计陌生。与2022年度相比，收、支总计各增加9万元。", final=True)
    assert [(c["name"], c["flow"]) for c in unstated.year_on_year] == [("收、支总计", "revenue"), ("收、支总计", "expenditure")]


def test_sentences_without_an_amount_speak_of_the_amount_named_before() -> None:
    told = read(
        "六、“三公”经费财政拨款预算安排情况说明",
        "某局2023年“三公”经费财政拨款预算数10万元，其中：因公出国（境）经费0万元，公务接待费4万元，公务用车购置及运行维护费6万元。",
        "（一）因公出国（境）经费与2022年预算持平。",
        "（二）公务接待费较2022年预算下降10%。",
        "2023年公务接待费计划用于执行公务。",
        "（三）公务用车购置及运行维护费与2022年预算持平。",
    )
    assert changes(told) == [Told("abroad", flat=True), Told("reception", percent="-10"), Told("vehicles", flat=True)]


def test_the_list_of_a_three_public_section_that_a_phrase_announces() -> None:
    told = read(
        "八、“三公”经费支出预算情况说明",
        "某局2023年“三公”经费预算为10万元。2023年“三公”经费支出预算数比2022年减少1万元。具体支出情况如下：",
        "（一）因公出国（境）费0万元，主要用于出国。预算数与2022年相同。",
        "（二）公务用车购置及运行费6万元，其中，公务用车购置费0万元；公务用车运行维护费6万元，主要用于燃油。"
        "公务用车购置费预算数与2022年相同。公务用车运行维护费预算数比2022年减少1万元，主要原因：压减车辆。",
        "（三）公务接待费4万元，主要用于接待。预算数比2022年减少1万元。",
    )
    assert three_public(told) == {
        "total": "10", "abroad": "0", "vehicles": "6", "vehicle_purchase": "0", "vehicle_operation": "6", "reception": "4",
    }  # fmt: skip
    assert changes(told) == [
        Told("total", "-1"), Told("abroad", flat=True), Told("vehicle_purchase", flat=True),
        Told("vehicle_operation", "-1", reason="压减车辆"), Told("reception", "-1"),
    ]  # fmt: skip
    assert not told.held_back


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("三公经费", "total"),
        ("“三公”经费一般公共预算", "total"),
        ("一般公共预算财政拨款“三公”经费", "total"),
        ("因公出国（境）", "abroad"),
        ("因公临时出国（境）费用", "abroad"),
        ("公务用车购置和运行维护费", "vehicles"),
        ("公务用车购置及运维费", "vehicles"),
        ("公务用车购置费及运行维护费", "vehicles"),
        ("公务车购置费", "vehicle_purchase"),
        ("公务用车运维费", "vehicle_operation"),
        ("公车运行维护费", "vehicle_operation"),
    ],
)
def test_names_of_the_three_public_parts(name: str, code: str) -> None:
    told = read(THREE, f"2023年安排{name}5万元，比上年减少1万元。")
    assert [(x.code, x.amount) for x in told.lines] == [(code, Decimal(50000))]
    assert changes(told) == [Told(code, "-1")]


# -- words of no change ----------------------------------------------------------------------------------------------------


def test_no_change_is_said_of_its_own_subject_alone() -> None:
    told = read(THREE, "“三公”经费10万元，比上年增加5万元，增长111.8%，其中公务接待费与上年持平，公务用车运行维护费增加5万元。")
    assert changes(told) == [Told("total", "5", "111.8"), Told("reception", flat=True), Told("vehicle_operation", "5")]
    beside = read(THREE, "“三公”经费10万元，比上年增加5万元，增长111.8%，与上年持平。")
    assert changes(beside) == [Told("total", "5", "111.8")]
    assert [held[:2] for held in beside.held_back] == [("与上年持平", "said to be unchanged beside a change of it")]


def test_what_is_not_planned_is_not_the_amount_before_it() -> None:
    told = read(THREE, "公务接待费4万元，比上年减少1万元。2023年未安排公务用车购置费，与上年持平。")
    assert changes(told) == [Told("reception", "-1"), Told("vehicle_purchase", flat=True)]


def test_nearly_unchanged_beside_a_small_change_is_one_change() -> None:
    told = read(SUMMARY, "支出预算100万元，比上年增加0.8万元，增长0.8%，与上年基本持平。")
    assert changes(told) == [Told("expenditure:total", "0.8", "0.8", True)]


@pytest.mark.parametrize("words", ["持平", "一致", "相等", "保持不变", "持平，零增长", "相比无变化", "相比没有增减"])
def test_words_of_no_change(words: str) -> None:
    assert changes(read(SUMMARY, f"支出预算100万元，与上年预算数{words}。")) == [Told("expenditure:total", flat=True)]


def test_a_change_after_words_of_usage_is_read() -> None:
    told = read(
        THREE, "公务用车购置费0万元，主要用于经批准购置的0辆公务用车，与上年预算数持平；公务接待费4万元，主要用于接待，比上年减少1万元。"
    )
    assert changes(told) == [Told("vehicle_purchase", flat=True), Told("reception", "-1")]


def test_a_change_that_is_not_understood_takes_its_percentage_along() -> None:
    told = read(SUMMARY, "支出预算100万元。按统计口径一致相比，陌生费比上年减少16万元，下降4.39%。")
    assert changes(told) == []
    assert told.held_back


@pytest.mark.parametrize(
    ("clause", "amount", "percent"),
    [
        ("同比增加10万元", "10", None),
        ("与上年对比增加10万元", "10", None),
        ("本年数小于上年预算数10万元", "-10", None),
        ("上年预算90万元，增加10万元，增长11.11%", "10", "11.11"),
        ("比上年增加（减少）0万元", "0", None),
        ("比2022年预算90万元增加10万元，增幅为11.11%", "10", "11.11"),
        ("较上年增长11.11%（增加10万元）", "10", "11.11"),
    ],
)
def test_forms_of_a_change(clause: str, amount: str | None, percent: str | None) -> None:
    assert changes(read(SUMMARY, f"支出预算100万元，{clause}。")) == [Told("expenditure:total", amount, percent)]


def test_a_template_that_leaves_the_sign_open_is_no_change() -> None:
    assert changes(read(SUMMARY, "支出预算100万元，比上年增加（减少）5万元。")) == []


def test_another_change_on_the_same_basis_is_held_back() -> None:
    told = read(SUMMARY, "支出预算100万元，比上年增加10万元。支出预算比上年增加12万元。")
    assert changes(told) == [Told("expenditure:total", "10")]
    assert "another change than the one stated before" in [why for _, why, _ in told.held_back]


# -- funds and lists -------------------------------------------------------------------------------------------------------


def test_splits_of_the_appropriation_by_fund() -> None:
    told = read(
        "四、财政拨款收支总体情况说明",
        "某局2023年财政拨款收支总预算120万元。收入包括：一般公共预算财政拨款110万元，政府性基金预算财政拨款10万元。"
        "支出包括：一般公共预算支出110万元，政府性基金预算支出10万元。",
    )
    assert {(x.statement, x.flow, x.fund, plain(x.amount, TEN_THOUSAND)) for x in told.lines} == {
        ("fiscal_appropriation_summary", flow, fund, amount)
        for flow in ("revenue", "expenditure")
        for fund, amount in (("fiscal_appropriation", "120"), ("general_public", "110"), ("government_fund", "10"))
    }
    both = read("四、财政拨款收入支出预算总体情况说明", "某局2023年一般公共预算收支预算110万元，政府性基金收支预算10万元。")
    assert {(x.flow, x.fund) for x in both.lines} == {
        (flow, fund) for flow in ("revenue", "expenditure") for fund in ("general_public", "government_fund")
    }


def test_ways_of_dividing_do_not_mix() -> None:
    told = read(
        "（二）支出预算情况",
        "2023年支出预算总额为100万元，较上年预算安排增加3万元，其中：",
        "按支出项目类别划分：基本支出70万元，占支出预算总额的70%，较上年预算安排增加4万元；项目支出30万元，较上年预算安排减少1万元。",
        "按支出功能科目划分：教育支出100万元。按支出项目类别划分：基本支出70万元。",
    )
    assert changes(told) == [Told("expenditure:total", "3"), Told("basic", "4"), Told("project", "-1")]
    assert {(x.code, x.nature) for x in told.lines} == {(None, "total"), (None, "basic"), (None, "project"), ("205", "total")}
    assert not told.held_back


def test_a_zero_may_stand_without_its_unit() -> None:
    told = read(SUMMARY, "财政拨款支出预算20万元，其中：一般公共预算拨款支出预算20万元；政府性基金拨款支出预算为0。")
    assert [(x.fund, x.amount_text, x.unit_text) for x in told.lines][-1] == ("government_fund", "0", "万元")


def test_a_known_body_may_be_named_first_by_a_part() -> None:
    told = read("四、一般公共预算当年拨款情况说明", "某局2023年一般公共预算当年拨款12万元，比2022年预算数增加1万元。")
    assert [(x.fund, plain(x.amount, TEN_THOUSAND)) for x in told.lines] == [("general_public", "12")]


# -- what is of another year, and lists that begin like reasons --------------------------------------------------------------


@pytest.mark.parametrize(
    "last_year",
    [
        "2022年“三公”经费支出20万元，其中：公务接待费12万元，公务用车运行维护费8万元。",
        "2022年度“三公”经费合计支出20万元，其中，公务接待费12万元，公务用车运行维护费8万元。",
        "2022年陌生费20万元，其中，公务接待费12万元，公务用车运行维护费8万元。",
    ],
)
def test_parts_of_another_year_are_not_this_years(last_year: str) -> None:
    told = read(THREE, last_year, "2023年“三公”经费预算18万元，其中：公务接待费10万元，公务用车运行维护费8万元。")
    assert three_public(told) == {"total": "18", "reception": "10", "vehicle_operation": "8"}
    assert len(told.lines) == 3


def test_parts_of_a_whole_in_unknown_words_are_read_where_they_name_themselves() -> None:
    told = read(THREE, "某局陌生的经费合计24万元。其中：公务接待费16万元；公务用车运行维护费8万元，与上年持平。")
    assert three_public(told) == {"reception": "16", "vehicle_operation": "8"}
    foreign = read(THREE, "“三公”经费9万元。", "某院2023年“三公”经费24万元，其中：公务接待费16万元。")
    assert three_public(foreign) == {"total": "9"}


def test_a_short_name_in_brackets_is_the_subject() -> None:
    told = read(THREE, "某局2023年开支的出国（境）经费、车辆购置及运行费、公务接待费（简称“三公”经费）支出合计24万元，比上年减少1万元。")
    assert three_public(told) == {"total": "24"}
    assert changes(told) == [Told("total", "-1")]


def test_a_list_that_begins_like_a_reason_states_amounts() -> None:
    told = read(
        THREE,
        "2023年“三公”经费预算安排52万元，与2022年预算持平。一是因公出国（境）费预算17万元，与2022年预算相比增加7万元，主要原因是任务增加。"
        "二是公务接待费预算20万元，与2022年预算相比持平。",
    )
    assert three_public(told) == {"total": "52", "abroad": "17", "reception": "20"}
    assert changes(told) == [Told("total", flat=True), Told("abroad", "7", reason="任务增加"), Told("reception", flat=True)]


def test_a_reason_that_turns_out_to_state_the_amounts_is_none() -> None:
    told = read(THREE, "“三公”经费预算增减变化的主要原因是：2023年“三公”经费支出预算合计24万元，比上年预算数减少4万元。")
    assert three_public(told) == {"total": "24"}
    assert changes(told) == [Told("total", "-4")]


def test_a_change_after_a_list_of_unknown_parts_is_of_the_whole() -> None:
    told = read(THREE, "公务用车运行维护费6万元，其中：公务用车加油3万元，公务用车维修2万元，公务用车保险1万元。比上年减少1万元。")
    assert three_public(told) == {"vehicle_operation": "6"}
    assert changes(told) == [Told("vehicle_operation", "-1")]


def test_the_same_scope_is_no_other_subject() -> None:
    told = read(
        THREE,
        "“三公”经费33万元。其中，公务接待费4万元，公务用车运行费29万元。同口径比2022年减少8万元，其中：公务接待费同口径比2022年减少3万元。",
    )
    assert changes(told) == [Told("total", "-8"), Told("reception", "-3")]


def test_a_body_and_its_budget_is_all_that_the_section_is_about() -> None:
    told = read("第三部分 部门预算支出具体情况", "一、某局", "某局（本级）预算34万元，包括公用经费14万元、项目支出20万元。")
    assert [(x.statement, x.flow, x.nature, plain(x.amount, TEN_THOUSAND)) for x in told.lines] == [
        ("expenditure_summary", "expenditure", nature, amount)
        for nature, amount in (("total", "34"), ("basic_operating", "14"), ("project", "20"))
    ]
    assert not read("第三部分 部门预算支出具体情况", "一、某站", "某站预算34万元。", "二、收支总体情况", "某局预算9万元。").lines


# -- key figures -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("本部门5个项目纳入绩效目标管理，涉及资金40万元。", ("5", "400000")),
        ("实行绩效目标管理的项目5个，涉及预算金额40万元。", ("5", "400000")),
        ("编报绩效目标的项目共5个，涉及项目预算资金40万元。", ("5", "400000")),
        ("所有项目支出预算纳入绩效管理，涉及预算资金40万元，设置并编报5个项目绩效目标。", ("5", "400000")),
        ("本部门整体支出纳入绩效目标管理，涉及资金90万元；共5个项目纳入绩效目标管理，涉及资金合计40万元。", ("5", "400000")),
        ("均实行绩效目标管理，共计5个项目，涉及资金40万元。同时对3个项目开展绩效评价，涉及资金10万元。", ("5", "400000")),
    ],
)
def test_projects_with_targets(text: str, expected: tuple[str | None, str]) -> None:
    told = figures(read("七、预算绩效情况说明", text))
    assert (told.get("performance_projects"), told.get("performance_amount")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("项目全面实施绩效目标管理，涉及一级预算项目5个，预算资金40万元，其中财政拨款30万元。", {"first_level": "5"}),
        ("均实行绩效目标管理，共计5个一级项目，涉及资金40万元。同时对3个项目开展绩效评价，涉及资金10万元。", {"first_level": "5"}),
        ("项目支出全部实行绩效目标管理，涉及二级项目12个，预算资金40万元。", {"second_level": "12"}),
        (
            "项目实行绩效目标管理，共12个项目，涉及一级项目5个、二级项目12个，资金40万元。",
            {"": "12", "first_level": "5", "second_level": "12"},
        ),
        ("全部项目实行绩效目标管理，涉及一级项目5个、一级项目12个，资金40万元。", {}),
        ("全部项目实行绩效目标管理，共13个项目，涉及一级项目5个、二级项目12个，资金40万元。", {}),  # 13 is neither
        ("一级项目均编制绩效目标，实行绩效目标管理的项目5个，涉及资金40万元。", {"": "5"}),
    ],
)
def test_projects_of_a_level_with_targets_are_not_all_that_have_them(text: str, expected: dict[str, str]) -> None:
    told = figures(read("七、预算绩效情况说明", text))
    counted = {name: value for name, value in told.items() if name.startswith("performance_") and name.endswith("projects")}
    assert counted == {f"performance_{level}_projects".replace("__", "_"): value for level, value in expected.items()}
    assert told["performance_amount"] == "400000"


def test_money_of_targets_by_fund_is_no_whole_where_several_are_named() -> None:
    told = figures(read("七、绩效目标", "绩效目标管理全覆盖，涉及一般公共预算拨款40万元，政府性基金预算拨款8万元。"))
    assert told == {"performance_amount_general_public": "400000", "performance_amount_government_fund": "80000"}


def test_money_of_targets_that_is_given_by_fund_has_no_whole_that_is_not_printed() -> None:
    told = figures(read("七、绩效目标", "绩效目标管理全覆盖，涉及当年一般公共预算拨款40万元，政府性基金预算拨款0万元。"))
    assert told == {"performance_amount_general_public": "400000", "performance_amount_government_fund": "0"}
    told = figures(read("七、绩效目标", "绩效目标管理全覆盖，涉及一般公共预算拨款40万元，其他资金8万元。"))
    assert told == {"performance_amount_general_public": "400000", "performance_amount_unit_funds": "80000"}
    told = figures(read("七、绩效目标", "编报绩效目标的项目5个，涉及项目支出40万元。"))
    assert told["performance_amount"] == "400000"  # all that projects spend


def test_money_of_targets_of_a_fund_without_an_indicator_is_told() -> None:
    told = read("七、绩效目标", "编报绩效目标的项目5个，涉及事业收入40万元。")
    assert figures(told) == {"performance_projects": "5"}
    assert len(told.unread) == 1


def test_counts_of_one_section_over_its_sentences() -> None:
    told = figures(
        read(
            "六、国有资产占有使用情况",
            "截至2022年12月底，共有公务用车3辆，其中，机要通信用车1辆，执法执勤用车2辆。单位价值50万元以上通用设备3台（件、套）。",
            "2023年拟报废处置公务用车9辆，拟新增配置公务用车5辆；新增配备单位价值100万元以上专用设备7台。",
        )
    )
    assert told == {
        "vehicles_owned": "3", "vehicles_owned_confidential_mail": "1", "vehicles_owned_law_enforcement": "2",
        "equipment_over_500k_owned": "3", "vehicles_to_purchase": "5", "equipment_over_1m_to_purchase": "7",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("共有车辆3辆，一般公务用车2辆、执法执勤用车1辆。", {"": "3", "_general": "2", "_law_enforcement": "1"}),
        ("共有执法执勤用车2辆。", {"_law_enforcement": "2"}),
        ("共有一般公务用车2辆。", {"": "2"}),
        ("公务用车编制5辆、实有4辆。", {"": "4"}),
    ],
)
def test_vehicles_of_a_use_are_not_all_vehicles(text: str, expected: dict[str, str]) -> None:
    told = figures(read("六、国有资产占有使用情况", f"截至2022年底，本部门{text}"))
    assert told == {f"vehicles_owned{use}": count for use, count in expected.items()}


def test_an_establishment_is_no_count_of_vehicles() -> None:
    assert figures(read("六、国有资产占有使用情况", "截至2022年底，车辆编制数9辆，实有车辆8辆。")) == {"vehicles_owned": "8"}


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("2023年纳入部门预算的政府采购项目共有10万元，其中：货物类项目2万元、工程类项目3万元、服务类项目5万元。", "100000"),
        ("2023年我部门政府采购预算总金额为10万元。其中拟购买货物2万元；拟购买工程3万元；拟购买服务5万元。", "100000"),
        ("2023年安排政府采购预算10万元，其中：政府采购货物支出2万元，政府采购工程支出3万元，政府采购服务支出5万元。", "100000"),
        ("2023年度政府采购金额（以合同签订为准）为10万元，其中：货物采购金额2万元、工程采购金额3万元、服务采购金额5万元。", "100000"),
    ],
)
def test_procurement(text: str, total: str) -> None:
    assert figures(read("四、政府采购情况", text)) == {
        "procurement_total": total, "procurement_goods": "20000", "procurement_works": "30000", "procurement_services": "50000",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "2023年本部门机关本级和所属单位的机关运行经费当年一般公共预算拨款10万元，比上一年增加1万元。",
        "2023年部门（含下属单位）安排机关运行经费10万元，比上年增加1万元。",
        "2023年机关运行费预算10万元，比上年增加1万元。",
        "2023年一般公共预算财政拨款运行经费10万元，比上年增加1万元。",
    ],
)
def test_agency_operating_expenditure(text: str) -> None:
    told = read("三、机关运行经费", text)
    assert figures(told) == {"agency_operating_expenditure": "100000"}
    assert changes(told) == [Told("agency_operating_expenditure", "1")]


def test_running_costs_of_vehicles_are_no_agency_expenditure() -> None:
    told = read(THREE, "公务用车运行费6万元。")
    assert not told.key_figures
    assert three_public(told) == {"vehicle_operation": "6"}


def test_outsourcing_with_its_fund_behind() -> None:
    told = read(
        "四、委托业务费情况", "委托业务费指委托外单位办理业务的费用。2023年本部门委托业务费财政拨款预算为9万元，比上年预算增加1万元。"
    )
    assert figures(told) == {"outsourcing_fee": "90000"}
    assert changes(told) == [Told("outsourcing_fee", "1")]


# -- what is missed is counted -----------------------------------------------------------------------------------------------


def test_numbers_that_nothing_was_made_of_are_counted_by_section() -> None:
    told = read(
        "六、国有资产占有使用情况",
        "截至2022年底，共有车辆3辆，其中：观光车1辆；流动资产50万元。",
        SUMMARY,
        "支出预算90万元，主要用于修缮60万元、绿化30万元。",
    )
    assert [(said.section, len(said.numbers)) for said in told.unread] == [("六、国有资产占有使用情况", 2), (SUMMARY, 2)]
    assert not read(SUMMARY, "支出预算90万元，比上年增加1万元，增长1.12%，主要原因是修缮增加1万元。").unread


def test_sums_in_prose_that_is_not_of_the_budget_are_no_amounts() -> None:
    told = read("一、加快转型升级", "争取投资不少于10亿元，完成投资9081万元。", SUMMARY, "支出预算90万元。")
    assert not told.held_back
    assert not told.unread


# -- composed sentences whose truth is known -----------------------------------------------------------------------------------

amounts = st.decimals(min_value=0, max_value=10**6, places=2, allow_nan=False, allow_infinity=False)
PARTS = {
    "因公出国（境）费": "abroad",
    "公务接待费": "reception",
    "公务用车运行维护费": "vehicle_operation",
    "公务用车购置费": "vehicle_purchase",
}


class Item(NamedTuple):
    """One part of a composed paragraph: its name and amount, its change (None: unchanged), its reason."""

    name: str
    amount: Decimal
    change: Decimal | None
    reason: str | None


items = st.lists(
    st.builds(
        Item,
        st.sampled_from(sorted(PARTS)),
        amounts,
        st.one_of(st.none(), amounts.filter(bool), amounts.filter(bool).map(lambda a: -a)),
        st.one_of(st.none(), st.sampled_from(["厉行节约", "一是任务增加；二是人员增加3万元", "根据实际需要", "车辆老化，维修增加"])),
    ),
    min_size=1,
    unique_by=lambda item: item.name,
)


def sentence(item: Item, compared: str, money: str, link: str) -> str:
    if item.change is None:
        change = f"与{compared}持平"
    else:
        change = f"{'较' if item.change > 0 else '比'}{compared}{'增加' if item.change > 0 else '减少'}{money.format(abs(item.change))}"
    return f"{item.name}{money.format(item.amount)}，{change}" + (f"，{link}{item.reason}" if item.reason else "")


@given(
    items,
    st.sampled_from(["上年", "2022年预算", "上年预算数", "2022年年初预算数"]),
    st.sampled_from(["{:,}万元", "{}万元", "{:,}元"]),
    st.sampled_from(["；", "。", "。\n"]),
    st.sampled_from(["其中：", "其中，", "具体为：", ""]),
    st.sampled_from(["主要原因是", "主要是", "增减变化的主要原因：", "原因为"]),
)
def test_composed_lists_are_read_as_they_were_composed(
    listed: list[Item], compared: str, money: str, between: str, lead: str, link: str
) -> None:
    total = sum((item.amount for item in listed), Decimal(0))
    text = f"2023年“三公”经费预算{money.format(total)}。{lead}" + between.join(sentence(i, compared, money, link) for i in listed) + "。"
    told = read(THREE, *text.split("\n"))
    unit = 1 if money.endswith("}元") else TEN_THOUSAND
    assert {x.code: x.amount for x in told.lines} == {"total": total * unit, **{PARTS[i.name]: i.amount * unit for i in listed}}
    assert [(c["code"], c["change_amount"], c["flat"], c["reason"]) for c in told.year_on_year] == [
        (PARTS[i.name], None if i.change is None else i.change * unit, i.change is None, i.reason) for i in listed
    ]
    assert {c["basis"] for c in told.year_on_year} == {"prior_year_budget" if "预算" in compared else "prior_year"}
    assert not told.held_back
    assert not told.unread


def test_amounts_of_projects_that_sentences_list_are_not_missed() -> None:
    said = [Unread("第三部分", 8, ("主要包括：河道养护工作12.5万元", "数据运维3万元")), Unread("其他", 9, ("绿化5万元",))]
    listed = [ListedAmount("河道养护工作", "12.5万元"), ListedAmount("绿化", "6万元")]
    assert without_projects(said, listed) == [Unread("第三部分", 8, ("数据运维3万元",)), said[1]]


def test_what_is_missed_is_a_finding_with_its_section_and_page() -> None:
    told = read("六、国有资产占有使用情况", "流动资产50万元，无形资产20万元。")
    (finding,) = of_narrative(told, PublishedAmounts([]))
    assert (finding["finding"], finding["subject"], finding["frequency"], finding["page"]) == (
        "amount_not_captured", "六、国有资产占有使用情况", 2, 1,
    )  # fmt: skip
    assert "流动资产50万元" in finding["detail"]


# -- one change said twice; parts of something unknown; short forms ------------------------------------------------------------


def test_an_amount_and_a_percentage_after_one_comparison_each_are_one_change() -> None:
    told = read(SUMMARY, "2023年收入总预算1157.55万元，同比减少518.08万元，同比下降30.92%。")
    assert changes(told) == [Told("revenue:total", "-518.08", "-30.92")]
    two = read(SUMMARY, "2023年收入总预算1157.55万元，比上年预算减少518万元，比上年执行数下降3%。")
    assert [(c["basis"], c["change_pct"]) for c in two.year_on_year] == [("prior_year_budget", None), ("prior_year_execution", -3)]


def test_the_parts_of_a_sentence_that_was_not_understood_are_not_given_to_the_summary() -> None:
    told = read(SUMMARY, "2023年收入预算9万元。", "2023年某种说不清的费用7万元。其中：基本支出6万元，项目支出1万元。")
    assert [line.amount_text for line in told.lines] == ["9"]
    assert [clause for clause, *_ in told.held_back] == ["2023年某种说不清的费用7万元", "基本支出6万元", "项目支出1万元"]


def test_the_parts_of_this_years_amount_after_last_years() -> None:
    told = read(
        THREE, "公务用车购置及运行维护费：2023年预算25万元，上年预算25万元，与上年持平。其中：公务用车运行维护费25万元，与上年持平。"
    )
    assert three_public(told) == {"vehicles": "25", "vehicle_operation": "25"}


def test_one_character_for_rise_and_fall() -> None:
    told = read(SUMMARY, "2023年基本支出预算较上年增17.1万元，增幅17.18%。", "2023年项目支出预算较上年减5万元，减100%。")
    assert changes(told) == [Told("basic", "17.1", "17.18"), Told("project", "-5", "-100")]


def test_expected_amounts() -> None:
    told = read(SUMMARY, "2023年部门预算总收入预计2552.73万元，比上年增加77.68万元。")
    assert [line.amount_text for line in told.lines] == ["2552.73"]
    assert changes(told) == [Told("revenue:total", "77.68")]


def test_a_part_that_there_is_not_is_as_it_was() -> None:
    told = read(THREE, "本部门本年度无因公出国（境）支出，较上年无变化。")
    assert changes(told) == [Told("abroad", flat=True)]


def test_a_title_says_what_the_sentences_below_it_are_about() -> None:
    told = read("某局2023年“三公”经费预算公开", "2023年“三公”经费预算为14.01万元，其中：公务用车运行维护费14.01万元，公务接待费0万元。")
    assert three_public(told) == {"total": "14.01", "vehicle_operation": "14.01", "reception": "0"}


@pytest.mark.parametrize("words", ["主要是因为", "主要是由于", "主要由于"])
def test_the_words_of_a_reason_are_none_of_it(words: str) -> None:
    assert changes(read(SUMMARY, f"2023年收入预算9万元，比上年增加1万元，{words}人员增加。"))[0].reason == "人员增加"


def test_what_money_is_used_for_is_no_reason() -> None:
    told = read(THREE, "公务接待费2023年预算数14万元，较上年增加0.00万元，主要是用于接待上级部门。", "“三公”经费预算14万元。")
    assert changes(told) == [Told("reception", "0")]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("与上年持平。主要是保障公务接待需要。", None),
        ("与上年持平，主要是上级部门来访发生的接待费用。", None),
        ("较上年增加0.00万元，主要为2辆公务车的运行及维护支出等。", None),
        ("与上年持平，主要是严格控制公务接待支出。", "严格控制公务接待支出"),
        ("与上年持平，主要是按定额核算接待经费。", "按定额核算接待经费"),
        ("与上年持平，主要为维持上年水平。", "维持上年水平"),
        ("与上年持平，主要是执行统一标准的接待费用。", "执行统一标准的接待费用"),
        ("与上年持平，主要原因是保障公务接待需要。", "保障公务接待需要"),
        ("比上年增加1万元，主要是来访接待费用。", "来访接待费用"),
    ],
)
def test_what_money_is_for_is_no_reason_of_what_has_not_changed(said: str, reason: str | None) -> None:
    told = read(THREE, f"公务接待费2023年预算数14万元，{said}公务用车运行维护费3万元。")
    assert [c["reason"] for c in told.year_on_year] == [reason]
    assert three_public(told) == {"reception": "14", "vehicle_operation": "3"}


def test_a_heading_with_the_words_of_a_reason_is_one() -> None:
    told = read(SUMMARY, "（一）收支预算增减变动的主要原因说明", "2023年收入预算9万元，比上年增加1万元。")
    assert changes(told) == [Told("revenue:total", "1")]


def test_a_reason_behind_what_money_is_used_for() -> None:
    told = read(THREE, "公务接待费预算12.8万元，比上年增加0.6万元。主要用于接待上级检查。增加的主要原因是按定额编制。")
    assert changes(told) == [Told("reception", "0.6", reason="按定额编制")]


def test_a_reason_ends_where_a_list_of_items_is_announced() -> None:
    told = read(
        GENERAL,
        "2023年一般公共预算支出9万元，比上年增加1万元，主要原因是人员增加，主要支出项目（按科目）包括：",
        "（一）2010301行政运行9万元。",
    )
    assert changes(told)[0].reason == "人员增加"
    assert [line.code for line in told.lines] == [None, "2010301"]


def test_appropriation_in_a_section_on_the_general_budget_is_that_budgets() -> None:
    told = read(GENERAL, "2023年一般公共预算财政拨款支出8300万元。与2022年相比，财政拨款支出增加500万元，增长6.41%。")
    assert changes(told) == [Told("expenditure:general_public", "500", "6.41")]


def test_targets_of_important_projects_are_targets() -> None:
    told = read("（四）重点项目预算绩效目标情况", "2023年纳入绩效管理项目9个，资金规模23000万元。")
    assert figures(told) == {"performance_projects": "9", "performance_amount": "230000000"}
