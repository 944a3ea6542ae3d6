"""The grade of a document, as docs/trust.md defines it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pipeline.checks.grades import grade_of, is_reconciled
from pipeline.store.frames import document_frames
from tests.pipeline.publish.samples import check, facts, line, reading

PROVEN = [line(row, proofs=1) for row in range(1, 101)]


@pytest.mark.parametrize(
    ("unproven", "ambiguous", "captured", "expected"),
    [
        (0, 0, 100, "A"),
        (10, 0, 100, "A"),
        (11, 0, 100, "B"),
        (0, 1, 100, "A"),
        (0, 2, 100, "B"),
        (0, 0, 99, "B"),
    ],
)
def test_an_a_is_complete_understood_and_proven(unproven: int, ambiguous: int, captured: int, expected: str) -> None:
    lines = [
        line(row, proofs=int(row > unproven), column_evidence="ambiguous" if row > 100 - ambiguous else "printed") for row in range(1, 101)
    ]
    assert grade_of(lines, [check()], 100, captured) == expected


@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        ([check(), check("fail", "T1")], "C"),
        ([check(), check("fail", "H1")], "C"),
        ([check(), check("fail", "H1", "warning")], "A"),
        ([check("not_applicable")], "D"),
        ([check("pass", "N1")], "D"),
        ([check("pass", "N1"), check("fail", "P1")], "C"),
        ([], "D"),
    ],
)
def test_the_checks_decide_between_proven_contradicted_and_untested(checks: list[dict[str, Any]], expected: str) -> None:
    assert grade_of(PROVEN, checks, 100, 100) == expected


@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        ([], None),
        ([check("pass", "N1")], None),
        ([check("fail", "N1")], None),
        ([check("not_applicable")], None),
        ([check(), check("not_applicable")], True),
        ([check("fail")], False),
        ([check(), check("fail", "X1")], False),
        ([check("fail", severity="warning")], True),
        ([check(), check("fail", "N1")], True),
    ],
)
def test_a_document_adds_up_where_no_identity_of_its_sums_fails(checks: list[dict[str, Any]], expected: bool | None) -> None:
    assert is_reconciled(checks) is expected


def test_lines_of_the_narrative_are_not_counted_with_those_of_tables() -> None:
    told = [line(row, source="narrative", statement_no=0, column_evidence="ambiguous") for row in range(1, 101)]
    assert grade_of([*PROVEN, *told], [check()], 100, 100) == "A"


@pytest.mark.parametrize(("printed", "captured"), [(None, None), (0, 0), (1, None), (2, 1)])
def test_without_all_printed_amounts_there_is_no_a(printed: int | None, captured: int | None) -> None:
    assert grade_of(PROVEN[:1], [check()], printed, captured) == "B"


def test_a_narrative_alone_is_at_best_consistent() -> None:
    lines = [line(1, source="narrative", statement_no=0, proofs=3)]
    assert grade_of(lines, [check()], None, None) == "B"


def test_only_a_published_document_has_a_grade() -> None:
    made = reading(lines=PROVEN)
    made.document.update({"amounts_printed": 100, "amounts_captured": 100})
    assert document_frames(made, facts())["documents"]["grade"].to_list() == ["A"]
    made.document.update({"status": "quarantined", "reason": "It says no year."})
    assert document_frames(made, facts())["documents"]["grade"].to_list() == [None]


def test_where_a_number_was_not_read_nobody_can_say_that_the_document_adds_up() -> None:
    unread = check("fail", "C1", "warning") | {"expected": Decimal(41), "actual": Decimal(0)}
    lacking = check("fail", "C1", "warning") | {"expected": Decimal(41), "actual": Decimal(40)}
    assert is_reconciled([check(), unread]) is None
    assert is_reconciled([check(), lacking]) is None
    assert grade_of(PROVEN, [check(), unread], 141, 100) == "B"
    assert grade_of(PROVEN, [check("fail", "H1"), unread], 141, 100) == "C"
