"""Tables without vertical rulings: what their rows contradict is held back, what they confirm is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.document.content import WHITESPACE
from pipeline.statements.inference.contradicted_columns import mark_contradicted_ambiguous
from pipeline.statements.statement_model import Statement
from tests.pipeline.statements.paper import ABOVE, LEFT, grid, page, statements

HEADER = ["科目编码", "科目名称", "合计", "基本支出", "项目支出"]
RIGHT = ["201", "一般公共服务支出", "5.00", "4.00", "1.00"]
WRONG = ["205", "教育支出", "3.00", "9.00", "2.00"]
TOO = ["208", "社会保障和就业支出", "2.00", "6.00", "1.00"]
ZERO = ["210", "卫生健康支出", "0.00", "0.00", "0.00"]


def judged(reader: str, *rows: list[str], header: list[str] = HEADER) -> tuple[bool, Statement]:
    """Whether the statement of these rows was held back, and the statement."""
    table = replace(grid([header, *rows], top=80.0), reader=reader)
    (statement,) = statements(page("支出总表", "单位：万元", table))
    before = [(line.fund, line.nature) for line in statement.lines]
    (judged,) = mark_contradicted_ambiguous([statement], ())
    assert [(line.fund, line.nature) for line in statement.lines] == before
    return [(line.fund, line.nature) for line in judged.lines] != before, judged


@pytest.mark.parametrize(("rows", "held"), [((RIGHT, WRONG, TOO), True), ((RIGHT, WRONG), False), ((ZERO, WRONG), True), ((RIGHT,), False)])
def test_columns_that_their_rows_contradict_say_nothing(rows: tuple[list[str], ...], held: bool) -> None:
    found, statement = judged(WHITESPACE, *rows)
    assert found is held
    assert {line.column_evidence for line in statement.lines} == {"ambiguous" if held else "printed"}
    assert all((line.fund is None and line.nature is None) is held for line in statement.lines)
    assert [line.amount_text for line in statement.lines] == [text for row in rows for text in row[2:]]


def test_one_part_of_an_item_that_need_not_be_all_contradicts_no_column() -> None:
    rows = [
        ["项目", "金额"],
        ["一、财政拨款收入", "12.00"],
        ["其中：一般公共预算拨款", "11.00"],
        ["二、事业收入", "2.00"],
        ["本年收入合计", "14.00"],
    ]
    table = replace(grid(rows, top=80.0), reader=WHITESPACE)
    (statement,) = statements(page("收入总表", "单位：万元", table))
    assert mark_contradicted_ambiguous([statement], ()) == [statement]


def test_where_rulings_separate_the_columns_the_publisher_is_believed() -> None:
    found, statement = judged("by hand", RIGHT, WRONG, TOO)
    assert not found
    assert {line.nature for line in statement.lines} == {"total", "basic", "project"}


def test_two_columns_under_one_heading_say_nothing_where_a_row_prints_different_amounts() -> None:
    header = ["科目编码", "科目名称", "基本支出", LEFT, "项目支出"]
    found, statement = judged("by hand", RIGHT, WRONG, header=header)
    assert found
    assert [line.nature for line in statement.lines if line.row == 2] == [None, None, "project"]
    assert [line.column_evidence for line in statement.lines if line.row == 2] == ["ambiguous", "ambiguous", "printed"]


@pytest.mark.parametrize(
    ("reader", "told"), [(WHITESPACE, [None, None, None, "project"]), ("by hand", [None, None, "of_which_procurement", "project"])]
)
def test_without_rulings_a_part_of_a_column_that_says_nothing_is_of_no_known_fund(reader: str, told: list[str | None]) -> None:
    header = ["科目编码", "科目名称", "基本支出", LEFT, "其中：政府采购", "项目支出"]
    rows = [["201", "一般公共服务支出", "5.00", "4.00", "2.00", "1.00"], ["205", "教育支出", "3.00", "9.00", "3.00", "2.00"]]
    (statement,) = statements(page("支出总表", "单位：万元", replace(grid([header, *rows], top=80.0), reader=reader)))
    (found,) = mark_contradicted_ambiguous([statement], ())
    assert [line.nature for line in found.lines if line.row == 2] == told


def test_two_columns_under_one_heading_are_believed_where_they_print_the_same() -> None:
    header = ["科目编码", "科目名称", "基本支出", LEFT, "项目支出"]
    found, _ = judged("by hand", ["201", "一般公共服务支出", "4.00", "4.00", "1.00"], header=header)
    assert not found


@pytest.mark.parametrize(("total", "held"), [("9.00", False), ("8.00", True)])
def test_two_parts_of_one_fund_are_believed_where_rows_add_up_with_both(total: str, held: bool) -> None:
    rows = [
        ["单位名称", "合计", "财政拨款收入", "财政专户拨款收入", LEFT],
        [ABOVE, ABOVE, ABOVE, "教育收费", "其他专户收入拨款"],
        ["清风数据局", total, "4.00", "3.00", "2.00"],
    ]
    (statement,) = statements(page("收入总表", "单位：万元", rows))
    assert [line.fund for line in statement.lines] == ["total", "fiscal_appropriation", "special_account", "special_account"]
    (found,) = mark_contradicted_ambiguous([statement], ())
    assert [line.fund for line in found.lines][2:] == ([None, None] if held else ["special_account"] * 2)


def test_two_amounts_of_everything_under_one_heading_add_up_together_and_prove_nothing() -> None:
    rows = [
        ["“三公”经费合计", LEFT, "公务用车购置及运行费", LEFT, "公务接待费", LEFT],
        ["16.00", "9.00", "12.00", "8.00", "4.00", "1.00"],
    ]
    (statement,) = statements(page("“三公”经费支出决算表", "单位：万元", rows), kind="final_account")
    assert {line.code for line in statement.lines} == {"total", "vehicles", "reception"}
    (found,) = mark_contradicted_ambiguous([statement], ())
    assert {(line.fund, line.nature, line.column_evidence) for line in found.lines} == {(None, None, "ambiguous")}
