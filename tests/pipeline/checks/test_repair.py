"""A number is mended only where exactly one value that the page may print is proven."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from pipeline.budget.line import Line, by_id
from pipeline.checks.repair import Judgement, evaluate_and_repair, possible_amounts
from tests.pipeline.publish.samples import line

STATEMENTS = [(1, "general_public_by_function", None), (2, "general_public_by_function", None)]


def row(number: int, code: str | None, amount: str, **changes: Any) -> Line:
    level = (len(code) - 1) // 2 if code else 0
    return line(number, amount.replace(",", ""), **{"code": code, "name": code or "合计", "level": level, "amount_text": amount, **changes})


def judged(lines: Sequence[Line], glyphs: dict[int, str | None], statements: Sequence[Any] = STATEMENTS[:1]) -> Judgement:
    """What is said of lines of which the page prints other glyphs in some rows."""

    def printed(asked: Sequence[Line]) -> list[str | None]:
        return [glyphs.get(one.row, one.amount_text) for one in asked]

    return evaluate_and_repair(lines, statements, (), printed)


def amounts(found: Judgement) -> list[str]:
    return [f"{one.amount}{'*' if one.amount_evidence == 'repaired' else ''}" for one in found.lines]


def test_what_its_identities_prove_stands_for_a_misread_number() -> None:
    lines = [row(1, None, "90.00"), row(2, "201", "60.00"), row(3, "208", "3.00")]
    found = judged(lines, {3: "30.00"})
    assert amounts(found) == ["90.00", "60.00", "30.00*"]
    (repair,) = found.repairs
    assert (repair.line, repair.after, repair.before, repair.glyphs) == (lines[2].id, Decimal(30), Decimal(3), "30.00")
    assert {t.outcome for t in repair.proof} == {"fail"}
    assert all(lines[2].id in t.equation.members() for t in repair.proof)
    assert {t.outcome for t in found.tried} == {"pass"}
    assert found.causes == ()


@pytest.mark.parametrize(("glyphs", "mended"), [("0.1", "19"), ("1", "1.00*")], ids=["0.1 or 01", "1 alone"])
def test_of_two_values_that_fit_neither_is_proven(glyphs: str, mended: str) -> None:
    # printed in whole yuan, both sums of the number may be off by one and a half
    natures = ("total", "basic", "project")
    table = {1: (None, "91", "50", "41"), 2: ("201", "90", "49", "41"), 3: ("208", "19", "1", "0")}
    lines = [row(n, code, text, nature=natures[c], column=c) for n, (code, *texts) in table.items() for c, text in enumerate(texts)]

    def printed(asked: Sequence[Line]) -> list[str | None]:
        return [glyphs if (one.row, one.column) == (3, 0) else one.amount_text for one in asked]

    assert possible_amounts("19", "0.1", "元") == {Decimal("0.1"), Decimal(1)}
    found = evaluate_and_repair(lines, STATEMENTS[:1], (), printed)
    assert amounts(found)[6] == mended
    assert [cause.kind for cause in found.causes] == (["misread_cell"] if mended == "19" else [])


def test_a_value_must_meet_every_identity_of_the_number() -> None:
    # 30 makes the total right and the class below it wrong
    lines = [row(1, None, "90.00"), row(2, "201", "60.00"), row(3, "208", "3.00"), row(4, "20801", "3.00"), row(5, "20805", "4.00")]
    assert amounts(judged(lines, {3: "30.00"}))[2] == "3.00"


def test_a_warning_neither_proves_nor_forbids() -> None:
    lines = [row(1, None, "90.00"), row(2, "201", "60.00"), row(3, "208", "3.00")]
    found = judged(lines, {3: "30.00"})
    assert {t.severity for t in found.repairs[0].proof} == {"error"}


@pytest.mark.parametrize("glyphs", [None, "", "3.00", "3.003.00", "33..0000", "３.００"])
def test_what_the_page_does_not_print_otherwise_stays(glyphs: str | None) -> None:
    lines = [row(1, None, "90.00"), row(2, "201", "60.00"), row(3, "208", "3.00")]
    assert judged(lines, {3: glyphs}).repairs == ()


def test_a_number_is_mended_once() -> None:
    lines = [row(1, None, "90.00"), row(2, "201", "60.00"), row(3, "208", "3.00", amount_evidence="repaired")]
    assert judged(lines, {3: "30.00"}).repairs == ()


def test_a_number_that_fits_is_not_touched_whatever_the_page_prints() -> None:
    lines = [row(1, None, "90.00"), row(2, "201", "60.00"), row(3, "208", "30.00")]
    assert judged(lines, {3: "300.00"}).repairs == ()


def test_each_misread_number_is_mended_by_its_own_identities() -> None:
    lines = [row(1, None, "90.00"), row(2, "201", "60.00"), row(3, "208", "3.00")]
    second = [row(n, c, a, statement_no=2) for n, c, a in ((11, None, "50.00"), (12, "201", "2.00"), (13, "208", "30.00"))]
    found = judged([*lines, *second], {3: "30.00", 12: "20.00"}, STATEMENTS)
    assert amounts(found) == ["90.00", "60.00", "30.00*", "50.00", "20.00*", "30.00"]
    assert {repair.line for repair in found.repairs} == {lines[2].id, second[1].id}
    assert found.causes == ()


def test_lines_come_back_in_their_order_with_what_supports_them() -> None:
    lines = [row(1, None, "90.00"), row(2, "201", "60.00"), row(3, "208", "3.00")]
    found = judged(lines, {})
    assert [one.id for one in found.lines] == [one.id for one in lines]
    assert [(one.proofs, one.contradictions) for one in found.lines] == [(0, 1)] * 3
    assert [(one.proofs > 0, one.contradictions) for one in judged(lines, {3: "30.00"}).lines] == [(True, 0)] * 3
    assert len(by_id(found.lines)) == 3


def test_a_misread_number_is_mended_in_a_table_that_was_not_captured_whole_too() -> None:
    lines = [row(1, None, "90.00"), row(2, "201", "60.00"), row(3, "208", "3.00")]
    found = evaluate_and_repair(lines, STATEMENTS[:1], (1,), lambda asked: ["30.00" if one.row == 3 else one.amount_text for one in asked])
    assert amounts(found)[2] == "30.00*"


@pytest.mark.parametrize(
    ("read", "glyphs", "unit", "expected"),
    [
        ("5.00", "50.00", "元", {"50", "5000"}),
        ("5.00", "1,250.00", "元", {"1250"}),
        ("12,86", "12,868.0", "元", {"12868", "12.86", "1286"}),
        ("1.234", "1,234", "元", {"1234"}),
        ("1.234", "9", "元", {"9"}),
        ("2.5万元", "25", "万元", {"250000"}),
        ("1.5", "15.0", "万元", {"150000", "1500000"}),
        ("5.00", "5.00", "元", {"500"}),
        ("7", "甲", "元", set()),
        ("甲", "7", "元", {"7"}),
    ],
)
def test_which_amounts_a_misread_number_may_be(read: str, glyphs: str, unit: str, expected: set[str]) -> None:
    assert possible_amounts(read, glyphs, unit) == {Decimal(value) for value in expected}


def test_the_part_of_a_split_number_may_have_another_separator() -> None:
    assert Decimal(1234) in possible_amounts("1.234", "1.234 5", "元")
    assert Decimal(1234) not in possible_amounts("1.234", "5", "元")


def test_of_several_numbers_that_may_be_wrong_the_one_that_the_page_prints_otherwise_is_mended() -> None:
    lines = [row(1, "201", "10.00"), row(2, "20101", "4.00"), row(3, "20102", "5.00")]
    assert amounts(judged(lines, {1: "", 2: "5.00"})) == ["10.00", "5.00*", "5.00"]


def test_after_a_repair_what_still_fails_has_its_own_cause() -> None:
    mended = [row(1, None, "90.00"), row(2, "201", "60.00"), row(3, "208", "3.00")]
    natures = ("total", "basic", "project")
    table = {1: (None, "100.00", "70.00", "30.00"), 2: ("201", "60.00", "40.00", "20.00")}
    table |= {3: ("20101", "45.00", "30.00", "15.00"), 4: ("20102", "15.00", "10.00", "5.00")}
    short = [
        row(n, code, text, nature=natures[c], column=c, statement_no=2)
        for n, (code, *texts) in table.items()
        for c, text in enumerate(texts)
    ]

    def printed(asked: Sequence[Line]) -> list[str | None]:
        return ["30.00" if one.id == mended[2].id else one.amount_text for one in asked]

    found = evaluate_and_repair([*mended, *short], STATEMENTS, (2,), printed)
    assert amounts(found)[2] == "30.00*"
    assert {cause.kind for cause in found.causes} == {"missing_row"}


def test_after_a_repair_the_page_is_asked_again_about_what_still_fails() -> None:
    mended = [row(1, None, "90.00"), row(2, "201", "60.00"), row(3, "208", "3.00")]
    wrong = [row(n, c, a, statement_no=2) for n, c, a in ((11, None, "100.00"), (12, "201", "60.00"), (13, "208", "50.00"))]
    found = judged([*mended, *wrong], {3: "30.00"}, STATEMENTS)
    assert amounts(found)[2] == "30.00*"
    assert [cause.kind for cause in found.causes] == ["publisher"]
