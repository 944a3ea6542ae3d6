"""Totals of units that leave out what the units pay each other: a warning, and only where the rows say so."""

from __future__ import annotations

import pytest

from pipeline.accounting.identities import identity_checks
from tests.pipeline.statements.paper import lines as read
from tests.pipeline.statements.paper import page

HEADS = ["单位名称", "合计", "基本支出", "项目支出", "对附属单位补助支出"]


def x4(total: str, subsidy: str, of_total: str = "") -> list[tuple[str, str]]:
    rows = [
        HEADS,
        ["合计", total, "70.00", "30.00", of_total],
        ["清风数据局本级", f"{60 + float(subsidy):.2f}", "40.00", "20.00", subsidy],
        ["清风数据中心", "40.00", "30.00", "10.00", ""],
    ]
    found = read(page("支出预算分单位明细表", "单位：万元", rows))
    tried = identity_checks(found, [(1, "expenditure_by_unit", None)])
    return [(row["outcome"], row["severity"]) for row in tried if row["check_id"] == "X4" and "total total" in row["subject"]]


@pytest.mark.parametrize(
    ("total", "subsidy", "outcome"),
    [
        ("100.00", "5.00", ("fail", "warning")),
        ("105.00", "5.00", ("pass", "error")),
        ("101.00", "5.00", ("fail", "error")),
        ("99.00", "0.00", ("fail", "error")),
        ("110.00", "5.00", ("fail", "error")),
    ],
)
def test_a_total_may_leave_out_what_units_pay_each_other(total: str, subsidy: str, outcome: tuple[str, str]) -> None:
    assert x4(total, subsidy) == [outcome]
