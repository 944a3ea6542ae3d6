"""Which budget sentences of a final account state, by the tables beside them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from pipeline.budget.line import Line
from pipeline.narrative.budgets_of_tables import with_budgets_of_tables
from tests.pipeline.narrative.test_phrasings import GENERAL, read


def _line(source: str, measure: str, amount: str = "9.00", *, name: str = "“三公”经费支出预算", code: str = "total") -> Line:
    money, text = Decimal(amount) * 10000, amount
    return Line(
        "three_public", 9 if source == "table" else 0, source, "expenditure", "three_public", 0, name, "general_public", "total",
        money, text, "万元", 1, 1, code=code, measure=measure,
    )  # fmt: skip


def _measures(stated: list[Line], printed: list[Line]) -> list[str]:
    return [line.measure for line in with_budgets_of_tables(stated, printed)]


def test_a_budget_that_the_table_prints_as_adjusted_is_adjusted() -> None:
    stated = [_line("narrative", "budget"), _line("narrative", "final", "6.00")]
    printed = [_line("table", "adjusted_budget"), _line("table", "final", "6.00")]
    assert _measures(stated, printed) == ["adjusted_budget", "final"]


@pytest.mark.parametrize(
    ("stated", "printed"),
    [
        (_line("narrative", "budget", name="“三公”经费支出年初预算"), [_line("table", "adjusted_budget")]),
        (_line("narrative", "budget"), [_line("table", "adjusted_budget"), _line("table", "budget")]),  # they are the same amount
        (_line("narrative", "budget"), [_line("table", "adjusted_budget", "8.00")]),
        (_line("narrative", "budget"), [_line("table", "adjusted_budget", code="reception")]),
        (_line("narrative", "budget"), [_line("table", "budget")]),
        (_line("narrative", "budget"), []),
    ],
)
def test_a_budget_is_left_as_its_words_say_where_no_table_says_more(stated: Line, printed: list[Line]) -> None:
    assert _measures([stated], printed) == ["budget"]


def test_a_label_without_its_words_is_of_the_beginning_where_the_sentence_says_so() -> None:
    stated = [_line("narrative", "budget", name="农林水支出"), replace(_line("narrative", "budget", name="教育支出"), row=2)]
    printed = [_line("table", "adjusted_budget")]
    assert [line.measure for line in with_budgets_of_tables(stated, printed, {1})] == ["budget", "adjusted_budget"]


@pytest.mark.parametrize(
    ("said", "of_beginning"),
    [
        ("农林水支出（类）年初预算为10.00万元，支出决算为9.00万元。", {1}),
        ("2023年度批复的预算，农林水支出（类）预算为10.00万元，支出决算为9.00万元。", {1}),
        ("农林水支出（类）预算为10.00万元，支出决算为9.00万元，完成年初预算的90.00%。", {1}),
        ("农林水支出（类）预算为10.00万元，支出决算为9.00万元。", set()),
        ("农林水支出（类）预算为10.00万元，支出决算为9.00万元。年初安排的项目已完成。", set()),
        ("年初财政拨款结转和结余不计在内，农林水支出（类）预算为10.00万元，支出决算为9.00万元。", set()),
    ],
)
def test_which_budgets_sentences_say_to_be_of_the_beginning(said: str, of_beginning: set[int]) -> None:
    told = read(GENERAL, said, final=True)
    budgets = {line.row for line in told.lines if line.measure == "budget"}
    assert len(budgets) == 1
    assert told.of_beginning & budgets == of_beginning
