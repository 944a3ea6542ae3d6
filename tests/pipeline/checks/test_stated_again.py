"""Amounts of sentences that stand in a row of the dataset."""

from decimal import Decimal

import pytest

from pipeline.checks.findings import of_narrative
from pipeline.checks.of_prose.stated_again import PublishedAmounts
from pipeline.narrative.claims.facts import NO_SUBJECT, HeldBack, Narrative, Unread

PUBLISHED = PublishedAmounts(
    [("", Decimal("5342449.00")), ("", Decimal(-2151000)), ("增人增资", Decimal(800000)), ("对个人的补助", Decimal(0))]
)


@pytest.mark.parametrize(
    ("clause", "stated"),
    [
        ("增人增资534.24万元", True),  # at the precision that is printed
        ("增人增资534.25万元", False),
        ("增人增资5,342,449元", True),
        ("减少215.1万元", True),  # a sign is in the words
        ("其他80万元", False),  # so few digits may be equal by chance
        ("（四）增人增资80万元", True),  # but not if the row has the name that is said
        ("增人增资0万元", False),
        ("（三）对个人补助支出0.00万元", True),  # the particle says nothing
        ("（三）对单位补助支出0.00万元", False),
        ("甲534.24万元、乙99.99万元", False),  # each of them
        ("增人增资534.24万元以上", False),  # no amount but a threshold
        ("与上年持平", False),
    ],
)
def test_an_amount_is_published_at_the_precision_that_it_is_printed_with(clause: str, stated: bool) -> None:
    assert PUBLISHED.state(clause) is stated


def test_what_some_row_has_is_not_missed() -> None:
    told = Narrative(
        held_back=[
            HeldBack("增人增资534.24万元", NO_SUBJECT, 2),
            HeldBack("增人增资534.24万元", "contradicts another sentence", 2),
            HeldBack("其他99.99万元", NO_SUBJECT, None),
        ],
        unread=[Unread("资产", 3, ("资产总额534.24万元", "负债77.77万元")), Unread("其他", 4, ("资产534.24万元",))],
    )
    assert [(f["subject"], f["frequency"], f["page"]) for f in of_narrative(told, PUBLISHED)] == [
        ("增人增资534.24万元", 1, 2),  # a contradiction stays one
        ("其他99.99万元", 1, None),
        ("资产", 1, 3),
    ]
