"""Columns whose header no phrase knows: decided by the sums of the rows, or left open."""

from __future__ import annotations

import pytest

from tests.pipeline.statements.paper import ABOVE, LEFT, Rows, lines, page


def meanings(title: str, rows: Rows) -> list[tuple[str | None, str | None, str]]:
    """Fund, nature and evidence of each amount column, in printed order."""
    found = {line.column: (line.fund, line.nature, line.column_evidence) for line in lines(page(title, "单位：万元", rows))}
    return [found[column] for column in sorted(found)]


BODY = [["", "合计", "9.00", "5.00", "4.00"], ["2010301", "行政运行", "9.00", "5.00", "4.00"]]


@pytest.mark.parametrize(
    ("headers", "natures"),
    [
        (["合计", "基本支出", "甲类开支"], ["total", "basic", "project"]),
        (["合计", "甲类开支", "项目支出"], ["total", "basic", "project"]),
        (["甲类开支", "基本支出", "项目支出"], ["total", "basic", "project"]),
    ],
)
def test_the_column_that_completes_the_sum_is_solved(headers: list[str], natures: list[str]) -> None:
    found = meanings("支出总表", [["科目编码", "科目名称", *headers], *BODY])
    assert [nature for _, nature, _ in found] == natures
    assert [evidence for _, _, evidence in found] == ["solved" if h == "甲类开支" else "printed" for h in headers]


def test_one_half_of_basic_spending_is_told_from_the_other() -> None:
    header = ["科目编码", "科目名称", "合计", "基本支出", "甲类开支", "公用经费", "项目支出"]
    rows = [["2010301", "行政运行", "9.00", "5.00", "3.00", "2.00", "4.00"], ["2010302", "一般事务", "1.00", "", "", "", "1.00"]]
    assert meanings("支出总表", [header, *rows])[2] == ("total", "basic_personnel", "solved")


def test_halves_of_basic_spending_leave_the_rest_to_projects() -> None:
    header = ["科目编码", "科目名称", "合计", "人员经费", "公用经费", "甲类开支"]
    assert meanings("支出总表", [header, ["2010301", "行政运行", "9.00", "3.00", "2.00", "4.00"]])[3] == ("total", "project", "solved")


def test_the_sum_of_all_funds_is_the_total() -> None:
    header = ["科目编码", "科目名称", "甲类资金", "一般公共预算", "政府性基金"]
    assert meanings("收入总表", [header, ["2010301", "行政运行", "9.00", "5.00", "4.00"]])[0] == ("total", "total", "solved")


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        # adds up in one row and not in the other
        (["合计", "基本支出", "甲类开支"], [["2010301", "甲", "9.00", "5.00", "4.00"], ["2010302", "乙", "9.00", "5.00", "3.00"]]),
        # the same number again proves nothing
        (["合计", "基本支出", "甲类开支"], [["2010301", "甲", "9.00", "", "9.00"]]),
        # a fund that completes the sum has no name of ours
        (["合计", "一般公共预算", "甲类资金"], [["2010301", "甲", "9.00", "5.00", "4.00"]]),
        # all natures are there already
        (["合计", "基本支出", "项目支出", "甲类开支"], [["2010301", "甲", "9.00", "5.00", "4.00", "4.00"]]),
    ],
)
def test_what_the_rows_do_not_prove_stays_open(header: list[str], rows: list[list[str]]) -> None:
    assert meanings("支出总表", [["科目编码", "科目名称", *header], *rows])[-1] == (None, None, "ambiguous")


def test_a_column_of_which_only_the_side_is_known_is_no_second_total() -> None:
    header = [["科目编码", "科目名称", "支出", LEFT, LEFT], [ABOVE, ABOVE, "合计", "基本支出", "甲类开支"]]
    assert meanings("支出总表", [*header, *BODY])[2] == ("total", "project", "solved")
    other = [["2010301", "行政运行", "9.00", "5.00", "1.00"]]
    assert meanings("支出总表", [*header, *other])[2] == (None, None, "ambiguous")


@pytest.mark.parametrize(
    ("header", "is_told"),
    [
        ("追加一般公共预算", False),
        ("一般公共预算未下达", False),
        ("中央财政拨款", False),
        ("提前下达财政拨款", False),
        ("财政拨款结转", False),
        ("政府性基金专项债券", False),
        ("追加项目支出", False),
        ("其他人员经费", False),
        ("常年性项目支出", False),
        ("9月底执行数", False),
        ("追加预算数", False),
        ("一般公共预算（含上级资金）", True),
        ("上年结转项目支出", True),
        ("日常公用经费", True),
        ("追加后预算数", True),
    ],
)
def test_a_column_of_limited_money_is_not_all_of_its_fund_or_nature(header: str, is_told: bool):
    table = page("部门支出总表", "单位：万元", [["科目编码", "科目名称", "合计", header], ["2010301", "行政运行", "9.00", "5.00"]])
    assert {line.column_evidence == "printed" for line in lines(table) if line.column == 4} == {is_told}
