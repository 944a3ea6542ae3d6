"""What cannot be held against a document: amounts of which it is not known what they are, and lists of some projects only."""

from __future__ import annotations

import pytest

from pipeline.accounting.identities import identity_checks
from tests.pipeline.statements.paper import lines as read
from tests.pipeline.statements.paper import page

CODED = ["科目编码", "科目名称", "合计", "基本支出", "项目支出"]


def by_code(total: str, *, unknown: str = "10.00", kind: str = "应急周转资金") -> set[str]:
    """What R1 says of a table with a column that no word of the vocabulary names."""
    rows = [
        [*CODED, kind],
        ["", "合计", total, "60.00", "30.00", unknown],
        ["201", "一般公共服务支出", total, "60.00", "30.00", unknown],
    ]
    tried = identity_checks(read(page("支出预算总表", "单位：万元", rows)), [(1, "expenditure_summary", None)])
    return {row["outcome"] for row in tried if row["check_id"] == "R1"}


def test_a_row_with_an_amount_of_unknown_kind_cannot_be_tested() -> None:
    assert by_code("100.00") == {"not_applicable"}
    assert by_code("90.00") == {"pass"}  # it repeats what another column holds
    assert by_code("80.00") == {"fail"}  # the known parts alone are too much
    assert by_code("100.00", unknown="") == {"fail"}
    assert by_code("130.00") == {"fail"}  # with what is unknown they are not enough: an amount was lost
    assert by_code("95.00") == {"fail"}  # nor is the unknown amount what is lacking


@pytest.mark.parametrize(
    ("title", "outcome"),
    [
        ("项目支出预算表", "fail"),
        ("重点项目支出预算表", None),
        ("重大项目支出预算表", None),
        ("部分项目支出预算表", None),
        ("部门项目支出预算表", "fail"),
    ],
)
def test_a_list_of_some_projects_is_not_all_project_spending(title: str, outcome: str | None) -> None:
    spending = [CODED, ["", "合计", "90.00", "60.00", "30.00"], ["201", "一般公共服务支出", "90.00", "60.00", "30.00"]]
    projects = [["项目名称", "金额"], ["合计", "20.00"], ["水利建设", "20.00"]]
    found = read(page("支出预算总表", "单位：万元", spending), page(title, "单位：万元", projects, number=2))
    tried = identity_checks(found, [(1, "expenditure_summary", "支出预算总表"), (2, "project_expenditure", title)])
    between = [row["outcome"] for row in tried if row["check_id"] == "X5" and row["outcome"] != "not_applicable" and "=" in row["subject"]]
    assert between == ([outcome] if outcome else [])
