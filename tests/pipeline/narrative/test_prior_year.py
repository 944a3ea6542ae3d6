"""Last year's amounts in sentences: lines of their own where the change beside them proves them, told with their page where it does not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline.accounting.identities import evaluate_identities
from pipeline.budget.codes.book import code_book
from pipeline.document.content import Box, Content, Page, TextLine, Word
from pipeline.narrative.amount_reader import OF_ANOTHER
from pipeline.narrative.claims.facts import Narrative
from pipeline.narrative.claims.prior_year import OF_A_FIGURE, TWO_AMOUNTS, UNCONFIRMED, UNKNOWN_WORDS
from pipeline.narrative.comparisons import OF_OTHER_MEASURE, OF_PART_OF_YEAR
from pipeline.narrative.narrative_reader import read_narrative
from tests.pipeline.narrative.test_sentences import GENERAL, SUMMARY, read

ITEM = "1.“教育支出（类）普通教育（款）小学教育（项）”{now}万元，主要用于学校运转。"


def prior(told: Narrative) -> list[tuple[str | None, str, Decimal]]:
    return [(line.code, line.measure, line.amount) for line in told.lines if line.measure.startswith("prior_year")]


def why(told: Narrative) -> list[tuple[str, str, int | None]]:
    return [tuple(held) for held in told.held_back]


@pytest.mark.parametrize(
    ("now", "said", "measure", "amount"),
    [
        ("66.5", "2021年当年预算执行数为61.5万元，2022年预算安排66.5万元，比2021年预算执行数增加5万元。", "prior_year_final", 615000),
        ("66.5", "2021年当年预算执行数为66.5万元，2022年预算安排66.5万元，与2021年预算执行数持平。", "prior_year_final", 665000),
        ("66.5", "2021年当年预算执行数为61.5万元，2022年预算安排66.5万元，比2021年预算执行数增长8.13%。", "prior_year_final", 615000),
        ("66.5", "上年年初预算数为70万元，比上年预算数减少3.5万元，下降5%。", "prior_year_budget", 700000),
        ("66.5", "比上年年初预算数70万元减少3.5万元，下降5%。", "prior_year_budget", 700000),
        ("66.5", "较上年的70万元减少3.5万元。", "prior_year", 700000),
    ],
)
def test_last_years_amount_is_a_line_where_the_change_proves_it(now: str, said: str, measure: str, amount: int) -> None:
    told = read(GENERAL, ITEM.format(now=now) + said)
    assert prior(told) == [("2050202", measure, amount)]
    assert [line.measure for line in told.lines] == ["budget", measure]
    assert [line.row for line in told.lines] == [1, 2]
    this, last = told.lines
    same = ("statement", "flow", "scheme", "code", "name", "fund", "nature", "level", "unit")
    assert all(getattr(this, name) == getattr(last, name) for name in same)
    assert (this.is_leaf, last.is_leaf) == (True, True)
    assert not told.held_back


@pytest.mark.parametrize(
    "said",
    [
        "2021年当年预算执行数为61.5万元，2022年预算安排66.5万元，比2021年预算执行数增加8万元。",  # another difference
        "2021年当年预算执行数为61.5万元，2022年预算安排66.5万元，与2021年预算执行数持平。",
        "2021年当年预算执行数为61.5万元，2022年预算安排66.5万元，比2021年预算执行数增长18.1%。",
        "2021年当年预算执行数为61.5万元，比2021年预算数增加5万元。",  # on another basis
        "2021年当年预算执行数为61.5万元。",
    ],
)
def test_what_the_change_does_not_prove_is_told(said: str) -> None:
    told = read(GENERAL, ITEM.format(now="66.5") + said)
    assert prior(told) == []
    assert why(told)[-1] == ("小学教育 2021年当年预算执行数为61.5万元", UNCONFIRMED, 1)


@pytest.mark.parametrize("before", ["61.5", "66.5"])  # the same amount as this year's is last year's too
def test_last_years_amount_behind_its_item_is_told_with_its_name(before: str) -> None:
    told = read(GENERAL, ITEM.format(now="66.5").replace("，主要", f"，上年:{before}万元，主要"))
    assert (prior(told), why(told)) == ([], [(f"小学教育 上年:{before}万元", UNCONFIRMED, 1)])
    assert len(told.lines) == 1


def test_last_years_amounts_in_brackets_are_told_with_their_items() -> None:
    told = read(SUMMARY, "支出预算总计90万元。其中：基本支出50万元（上年45万元）、项目支出40万元（上年35万元）。")
    assert why(told) == [("基本支出 上年45万元", UNCONFIRMED, 1), ("项目支出 上年35万元", UNCONFIRMED, 1)]
    assert len(told.lines) == 3


def test_an_amount_of_an_earlier_year_is_no_base_of_a_change() -> None:
    told = read(GENERAL, ITEM.format(now="66.5") + "2020年预算执行数为61.5万元，比2021年预算执行数增加5万元。")
    assert prior(told) == []
    assert [said.numbers[0] for said in told.unread] == ["2020年预算执行数为61.5万元"]
    assert [row["change_amount"] for row in told.year_on_year] == [50000]


def test_parts_of_last_years_amounts_are_no_leaves_of_this_years() -> None:
    told = read(SUMMARY, "支出预算总计90万元，比上年预算数80万元增加10万元。其中：基本支出50万元，比上年预算数45万元增加5万元。")
    assert [(x.nature, x.measure, x.amount) for x in told.lines] == [
        ("total", "budget", 900000),
        ("total", "prior_year_budget", 800000),
        ("basic", "budget", 500000),
        ("basic", "prior_year_budget", 450000),
    ]


def test_last_years_amount_of_a_key_figure_is_told() -> None:
    told = read("三、机关运行经费安排情况", "机关运行经费预算安排66.5万元，较上年的61.5万元增加5万元。")
    assert why(told) == [("较上年的61.5万元增加5万元", OF_A_FIGURE, 1)]
    assert [row["change_amount"] for row in told.year_on_year] == [50000]


def test_two_of_last_years_amounts_for_one_thing_are_told() -> None:
    again = "2.“教育支出（类）普通教育（款）小学教育（项）”66.5万元。比上年预算数60.5万元增长9.92%。"
    told = read(GENERAL, ITEM.format(now="66.5") + "比上年预算数61.5万元增加5万元。", again)
    assert prior(told) == [("2050202", "prior_year_budget", 615000)]
    assert [row[1] for row in why(told)] in ([TWO_AMOUNTS], [UNCONFIRMED], ["another change than the one stated before"])


def test_the_box_is_that_of_last_years_number() -> None:
    line = TextLine("支出预算总计90万元，比上年预算数80万元增加10万元。", Box(50, 100, 350, 112))
    numbers = tuple(Word(text, Box(x, 100, x + 12, 112)) for text, x in (("90", 122), ("80", 220), ("10", 290)))
    page = Page(1, 400, 800, (TextLine(SUMMARY, Box(50, 60, 250, 72)), line), numbers=numbers)
    told = read_narrative(Content("grids", "pdfium", (page,)), fiscal_year=2022, book=code_book(), final=False)
    assert [(x.measure, x.x0, x.x1) for x in told.lines] == [("budget", 122.0, 134.0), ("prior_year_budget", 220.0, 232.0)]


@pytest.mark.parametrize(
    ("said", "measure"),
    [
        ("2022年一般公共预算财政拨款支出90万元，比上年一般公共预算财政拨款支出80万元增加10万元。", "prior_year"),
        ("2022年一般公共预算财政拨款支出90万元，2021年一般公共预算财政拨款支出80万元，同比增加10万元。", "prior_year"),
        ("2022年一般公共预算财政拨款支出90万元，比上年预算实际支出80万元增加10万元。", "prior_year_final"),
        ("2022年一般公共预算财政拨款支出90万元，比2021年部门预算执行数80万元增加10万元。", "prior_year_final"),
        ("2022年一般公共预算财政拨款支出90万元，比上年一般公共预算支出年初预算80万元增加10万元。", "prior_year_budget"),
    ],
)
def test_the_budget_in_the_name_of_a_fund_is_no_budget_of_the_year_before(said: str, measure: str) -> None:
    told = read("五、一般公共预算财政拨款支出决算情况说明", said, final=True)
    assert [(x.measure, x.amount) for x in told.lines] == [("final", 900000), (measure, 800000)]


@pytest.mark.parametrize(
    "words",
    ["上年结转", "上年初步决算数"],
)
def test_last_years_amount_in_other_words_is_told(words: str) -> None:
    told = read(GENERAL, ITEM.format(now="66.5") + f"比{words}61.5万元增加5万元。")
    assert prior(told) == []
    assert [row[1] for row in why(told)] == [UNKNOWN_WORDS]
    assert all(row["basis"] == "prior_year" for row in told.year_on_year if "决算" not in words)


@pytest.mark.parametrize("words", ["上年调整预算数", "上年调整后预算数", "上年预算调整数", "上年预计执行数", "2021年追加后预算数"])
@pytest.mark.parametrize("before", ["61.5万元", ""])
def test_a_change_from_what_last_years_budget_became_is_held_back(words: str, before: str) -> None:
    told = read(GENERAL, ITEM.format(now="66.5") + f"比{words}{before}增加5万元，增长8.13%。")
    assert (prior(told), told.year_on_year) == ([], [])
    assert [row[1] for row in why(told)] == [OF_OTHER_MEASURE]


def test_a_budget_that_was_adjusted_upwards_is_no_other_measure() -> None:
    (row,) = read(GENERAL, ITEM.format(now="66.5") + "比上年预算调整增加5万元。").year_on_year
    assert (row["basis"], row["change_amount"]) == ("prior_year", 50000)


@pytest.mark.parametrize("words", ["1-9月执行数", "一至九月执行数", "前三季度执行数", "上半年支出"])
def test_a_change_from_a_part_of_the_year_before_is_held_back(words: str) -> None:
    told = read(GENERAL, ITEM.format(now="66.5") + f"比上年{words}61.5万元增加5万元。")
    assert (prior(told), told.year_on_year) == ([], [])
    assert [row[1] for row in why(told)] == [OF_PART_OF_YEAR]


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("四、财政拨款支出预算情况说明", "2022年财政拨款支出预算90万元，比上年一般公共预算支出80万元增加10万元。"),
        ("四、财政拨款支出预算情况说明", "2022年财政拨款支出预算90万元，2021年一般公共预算支出80万元，增加10万元。"),
        (SUMMARY, "支出预算总计90万元，比上年基本支出80万元增加10万元。"),
        (SUMMARY, "支出预算总计90万元，比2021年财政拨款支出80万元增加10万元。"),
        ("三、“三公”经费情况说明", "公务接待费预算9万元，比上年公务用车运行维护费8万元增加1万元。"),
    ],
)
def test_last_years_amount_of_another_thing_is_held_back(heading: str, said: str) -> None:
    told = read(heading, said)
    assert prior(told) == []
    assert OF_ANOTHER in [row[1] for row in why(told)]


def test_last_years_amount_and_the_change_say_that_the_whole_of_a_list_has_changed() -> None:
    told = read(SUMMARY, "支出预算总计90万元，其中：基本支出50万元，项目支出40万元，比上年80万元增加10万元。")
    assert [(row["nature"], row["change_amount"]) for row in told.year_on_year] == [("total", 100000)]
    told = read(SUMMARY, "支出预算总计90万元，其中：基本支出50万元，项目支出40万元，比上年30万元增加10万元。")
    assert [(row["nature"], row["change_amount"]) for row in told.year_on_year] == [("project", 100000)]


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        (
            SUMMARY,
            "支出预算总计90万元，比上年预算数80万元增加10万元。其中：基本支出50万元，比上年预算数45万元增加5万元；项目支出40万元。",
        ),
        (
            "三、“三公”经费情况说明",
            "“三公”经费预算10万元，比上年预算数12万元减少2万元。其中：公务接待费预算4万元，比上年预算数6万元减少2万元；"
            "公务用车运行维护费预算6万元，与上年持平。",
        ),
    ],
)
def test_last_years_amounts_of_some_parts_fail_no_sum(heading: str, said: str) -> None:
    told = read(heading, said)
    assert len(prior(told)) == 2
    assert [r for r in evaluate_identities(told.lines, []) if r.outcome == "fail"] == []


def test_last_years_amount_that_two_changes_prove_is_one_line() -> None:
    told = read(GENERAL, ITEM.format(now="66.5") + "比上年增加5万元；比2021年决算数61.5万元增加5万元。")
    assert prior(told) == [("2050202", "prior_year_final", 615000)]
