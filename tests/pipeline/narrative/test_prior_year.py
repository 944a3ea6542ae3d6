"""Last year's amounts in sentences: lines of their own where the change beside them proves them, told with their page where it does not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline.budget.codes.book import code_book
from pipeline.document.content import Box, Content, Page, TextLine, Word
from pipeline.narrative.claims.facts import Narrative
from pipeline.narrative.claims.prior_year import OF_A_FIGURE, TWO_AMOUNTS, UNCONFIRMED
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
