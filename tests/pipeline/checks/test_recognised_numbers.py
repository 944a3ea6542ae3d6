"""A number of a picture is mended by a reading that sums prove alone, held back where they contradict it, else published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import msgspec
import pytest

from pipeline.budget.line import Line
from pipeline.checks.causes import repair_finding
from pipeline.checks.findings import of_statements
from pipeline.checks.grades import grade_of
from pipeline.checks.of_pages.printed_numbers import is_spelt, printed_numbers
from pipeline.checks.of_pages.recognised_numbers import RecognisedNumbers, doubtful, of_broken_tables, with_confidence, without
from pipeline.checks.repair import Judgement, evaluate_and_repair
from pipeline.document.content import Box, Content, Page, RecognisedNumber, Word
from pipeline.document.scans.hidden_text import compared
from pipeline.document.text_layer import NumbersOfPages
from pipeline.statements.statement_model import Statement
from schemas.check_catalogue import CauseKind
from tests.pipeline.checks.test_repair import STATEMENTS, amounts, row
from tests.pipeline.publish.samples import check


def judged(lines: Sequence[Line], others: dict[int, tuple[str, ...]]) -> Judgement:
    """What is said of lines whose page cannot be asked again."""
    nothing: list[str | None] = [None]
    return evaluate_and_repair(
        lines, STATEMENTS[:1], (), lambda asked: nothing * len(asked), others=lambda one: others.get(one.row, ()) if one.column == 1 else ()
    )


def test_the_only_other_reading_that_makes_up_stands() -> None:
    lines = [row(1, None, "90.00"), row(2, "201", "50.00"), row(3, "208", "30.00")]
    found = judged(lines, {2: ("60.00", "56.00"), 3: ("80.00",)})
    assert amounts(found) == ["90.00", "60.00*", "30.00"]
    (repair,) = found.repairs
    assert repair.pictured
    assert "its picture may say 60.00" in repair_finding(repair, {one.id: one for one in found.lines})["detail"]
    assert found.causes == ()


@pytest.mark.parametrize(
    "others",
    [{}, {2: ("61.00",)}, {2: ("60.00",), 3: ("40.00",)}, {2: ("6O.00",)}],
    ids=["none", "none that makes up", "two that make up", "none that is a number"],
)
def test_what_is_not_proven_alone_is_not_changed(others: dict[int, tuple[str, ...]]) -> None:
    lines = [row(1, None, "90.00"), row(2, "201", "50.00"), row(3, "208", "30.00")]
    found = judged(lines, others)
    assert amounts(found) == ["90.00", "50.00", "30.00"]
    assert {cause.kind for cause in found.causes} == {CauseKind.UNDECIDED}  # nobody blames the publisher for what a machine read


def test_another_reading_must_make_all_its_sums_hold() -> None:
    lines = [row(1, None, "90.00"), row(2, "201", "50.00"), row(3, "208", "30.00"), row(4, "20101", "50.00")]
    assert amounts(judged(lines, {2: ("60.00",)})) == ["90.00", "50.00", "30.00", "50.00"]


def content_of(*numbers: RecognisedNumber) -> Content:
    words = tuple(Word(number.text, number.box) for number in numbers)
    return Content("grids", "ocr", (Page(1, 595, 842), Page(2, 595, 842), Page(3, 595, 842, numbers=words, recognised=numbers)))


PLACE = Box(100.0, 20.0, 130.0, 30.0)


def test_a_line_knows_how_certain_its_number_is() -> None:
    one = row(1, "201", "60.00")
    content = content_of(RecognisedNumber("60.00", PLACE, 0.93, ("50.00",)), RecognisedNumber("7", Box(0, 0, 5, 5), 0.2))
    (statement,) = with_confidence(content, [Statement(1, "other", None, "元", lines=(one, msgspec.structs.replace(one, page=2, row=2)))])
    assert [line.confidence for line in statement.lines] == [0.93, None]
    assert RecognisedNumbers(content).others(one) == ("50.00",)
    assert is_spelt(NumbersOfPages(content), one) is None  # the same reading is no second one
    assert printed_numbers(content, [one], [one]) == [None]


def test_a_wrapped_number_is_as_certain_as_its_least_certain_piece() -> None:
    upper, lower = (
        RecognisedNumber(text, PLACE._replace(y0=y, y1=y + 5), sure, ("1",)) for text, y, sure in (("60,", 20, 0.9), ("000", 25, 0.8))
    )
    numbers = RecognisedNumbers(content_of(upper, lower))
    assert numbers.with_confidence(row(1, "201", "60,000")).confidence == 0.8
    assert numbers.others(row(1, "201", "60,000")) == ()


@pytest.mark.parametrize(
    ("confidence", "proofs", "contradictions", "held"),
    [
        (None, 0, 1, False),
        (0.99, 0, 1, False),
        (0.9, 0, 1, True),
        (0.9, 2, 1, True),
        (0.9, 0, 0, False),
        (0.5, 0, 0, True),
        (0.5, 1, 0, False),
        (0.0, 0, 0, True),
    ],
)
def test_what_is_doubtful_is_held_back(confidence: float | None, proofs: int, contradictions: int, held: bool) -> None:
    one = row(1, "201", "60.00", confidence=confidence, proofs=proofs, contradictions=contradictions)
    assert bool(doubtful([one])) is held
    assert not doubtful([msgspec.structs.replace(one, amount_evidence="repaired")])
    if held:
        (statement,) = without([Statement(1, "other", None, "元", lines=(one,), amounts_printed=1)], [one])
        assert (statement.lines, statement.amounts_printed) == ((), 1)
        (finding,) = of_statements([statement], (), (), [one])
        assert finding["finding"] == "amount_not_captured"
        assert finding["detail"].startswith("Held back: recognised in a picture with a confidence of")


@pytest.mark.parametrize(
    ("code", "name", "confidence", "held"),
    [
        ("2010301", "行政运行", 0.99, False),
        ("2070301", "机关服务", 0.99, True),
        ("201030101", "行政运行", 0.99, False),
        ("2070301", "机关服务", None, False),
        ("2010301", "没有这个科目", 0.99, False),
    ],
)
def test_a_row_whose_code_has_another_name_is_held_back(code: str, name: str, confidence: float | None, held: bool) -> None:
    one = row(1, code, "60.00", name=name, confidence=confidence, proofs=3, code_source="printed")
    assert bool(doubtful([one])) is held
    if held:
        (finding,) = of_statements([], (), (), [one])
        assert finding["detail"] == f"Held back: recognised in a picture, and the row's code {code} has another name."


def test_what_nothing_proves_of_a_picture_is_no_a() -> None:
    lines = [row(n, "201", "1.00", proofs=int(n > 1), confidence=0.99) for n in range(1, 101)]
    assert grade_of(lines, [check()], 100, 100) == "B"
    assert grade_of([msgspec.structs.replace(one, confidence=None) for one in lines], [check()], 100, 100) == "A"
    assert grade_of([msgspec.structs.replace(one, proofs=1) for one in lines], [check()], 100, 100) == "A"


def test_a_hidden_text_is_one_more_reading() -> None:
    number = RecognisedNumber("60.00", PLACE, 0.99, ("80.00",))
    page = content_of(number).pages[2]

    def read(text: str, box: Box = PLACE) -> RecognisedNumber:
        (found,) = compared(page, [Word(text, box)]).recognised or ()
        return found

    assert read("50.00") == replace(number, others=("50.00", "80.00"), confidence=0.9)
    assert read("60.0") == read("5O.00") == read("50.00", Box(300, 20, 330, 30)) == number


def test_amounts_are_exact() -> None:
    lines = [row(1, None, "90.00"), row(2, "201", "50.00"), row(3, "208", "30.00")]
    assert judged(lines, {2: ("60.00",)}).repairs[0].after == Decimal(60)


def test_a_name_that_may_be_another_is_held_back_since_no_sum_proves_it() -> None:
    one = row(1, None, "60.00", confidence=0.99, proofs=2, contradictions=0)
    left, right, below = (
        Box(one_x, (one.y0 or 0) + down, one_x + 8, (one.y1 or 0) + down) for one_x, down in (((one.x0 or 0) - 40, 0), (500, 0), (20, 60))
    )
    for unclear, held in ((left, True), (right, False), (below, False)):
        recognised = RecognisedNumbers(Content("grids", "ocr", (Page(3, 595, 842, recognised=(), unclear=(unclear,)),)))
        assert bool(doubtful([one], recognised.is_unclear)) is held
        assert not doubtful([msgspec.structs.replace(one, code="201", scheme="function")], recognised.is_unclear)
    (finding,) = of_statements([], (), (), [one])
    assert "its row's name" in finding["detail"]


def test_a_number_without_the_places_of_all_others_lost_its_point() -> None:
    lines = [row(n, "201", f"{n}.25", confidence=0.99) for n in range(1, 10)]
    lost = row(10, "201", "254", confidence=0.99)
    assert doubtful([*lines, lost]) == [lost]
    assert doubtful([*lines, msgspec.structs.replace(lost, contradictions=2)]) == [msgspec.structs.replace(lost, contradictions=2)]
    assert not doubtful([*lines, msgspec.structs.replace(lost, proofs=1), row(11, "201", "0", confidence=0.99)])
    assert not doubtful([*lines[:3], lost])  # too few tell


def test_a_zero_is_proven_by_no_sum() -> None:
    zero = row(1, "201", "0", confidence=0.1, proofs=2)
    assert doubtful([zero]) == [zero]


def test_a_row_without_a_name_or_code_is_held_back_unless_sums_prove_it() -> None:
    nameless = msgspec.structs.replace(row(1, None, "60.00", confidence=0.99), name="")
    assert doubtful([nameless]) == [nameless]
    assert not doubtful([msgspec.structs.replace(nameless, proofs=2)])


def test_a_table_of_which_numbers_are_missing_and_sums_prove_little_gives_only_what_they_prove() -> None:
    lines = [row(n, "201", f"{n}.25", confidence=0.99, proofs=int(n == 1)) for n in range(1, 5)]
    statement = Statement(1, "other", None, "元", lines=tuple(lines), amounts_printed=6)
    assert of_broken_tables([statement], lines) == lines[1:]
    assert not of_broken_tables([replace(statement, amounts_printed=4)], lines)
    assert not of_broken_tables([statement], [msgspec.structs.replace(line, proofs=1) for line in lines])
    assert not of_broken_tables([statement], [msgspec.structs.replace(line, confidence=None) for line in lines])
