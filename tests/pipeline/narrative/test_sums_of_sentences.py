"""Sums of sentences that may or may not have what was carried over, or is carried forward, in them."""

from __future__ import annotations

import pytest

from pipeline.accounting.identities import identity_checks
from tests.pipeline.narrative.test_parts_of_wholes import read


def failures(*paragraphs: str, final: bool = False) -> list[str]:
    lines = read(*paragraphs, final=final).lines
    return [row["check_id"] for row in identity_checks(lines, []) if row["outcome"] == "fail"]


@pytest.mark.parametrize(("total", "found"), [("100", []), ("90", []), ("95", ["H1"])])
def test_a_total_may_have_what_is_carried_forward_in_it(total: str, found: list[str]) -> None:
    said = f"2023年度支出总计{total}万元，包括：1.教育支出（类）60万元。2.卫生健康支出（类）30万元。3.年末结转和结余10万元。"
    assert failures("一、收入支出决算总体情况说明", said, final=True) == found


@pytest.mark.parametrize(("total", "found"), [("100", []), ("95", []), ("97", ["R2"])])
def test_what_was_carried_over_may_stand_beside_the_income(total: str, found: list[str]) -> None:
    said = f"2023年部门预算收入{total}万元，其中财政拨款收入80万元、事业收入15万元。上年结转5万元。"
    assert failures("一、收入预算情况说明", said) == found
