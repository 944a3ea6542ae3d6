"""The engine of identities as a function: the order of lines, asking twice and what was asked before change nothing."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.accounting.equation import Contradiction, Equation
from pipeline.accounting.identities import check_rows, evaluate_identities, support_of, with_support
from pipeline.accounting.subjects import Balance, Bound, NatureRows, RevenueItems, Row, Rows, Statements, Subject, ThreePublicItem
from pipeline.budget.line import Line, LineId, by_id
from pipeline.checks.attribution import explain_failures
from pipeline.checks.repair import evaluate_and_repair

SUMMARY, BY_FUNCTION, THREE_PUBLIC = "revenue_expenditure_summary", "general_public_by_function", "three_public"
ANNOUNCED = [(1, SUMMARY, None), (2, "expenditure_summary", None), (3, BY_FUNCTION, None), (4, THREE_PUBLIC, None)]


@st.composite
def documents(draw: st.DrawFn) -> list[Line]:
    """A document whose statements print any numbers: halves side by side, natures, funds, 三公, a nameless total, prose."""
    numbers = st.sampled_from(["0", "1", "2", "3", "5", "5.00", "8", "13.4", "21"])
    lines: list[Line] = []

    def put(statement: int, row: int, column: int, flow: str, scheme: str, code: str | None, name: str, fund: str, nature: str) -> None:
        text = draw(st.one_of(st.none(), numbers))
        if text is not None:
            level = (len(code) - 1) // 2 if code and code.isdigit() else 0 if name.endswith(("合计", "总计", "")) and not code else 1
            kind = ANNOUNCED[statement - 1][1] if statement else "general_public_by_function"
            lines.append(
                Line(
                    statement=kind, statement_no=statement, source="table" if statement else "narrative", flow=flow, scheme=scheme,
                    level=level, name=name, fund=fund, nature=nature, amount=Decimal(text), amount_text=text, unit_text="元", row=row,
                    column=column, code=code,
                )
            )  # fmt: skip

    for row, (name, fund) in enumerate((("一般公共预算", "general_public"), ("事业收入", "business"), ("收入总计", "total")), 1):
        put(1, row, 2, "revenue", "revenue_item", None, name, fund, "total")
        code = (None, "201", "208")[row - 1]
        put(1, row, 4, "expenditure", "function", code, code or "支出总计", "total", "total")
    for number, fund in ((2, "total"), (3, "general_public")):
        for row, code in enumerate((None, "201", "20101", "20102", "208"), 1):
            for column, nature in enumerate(("total", "basic", "project"), 3):
                put(number, row, column, "expenditure", "function", code, code or "合计", fund, nature)
    put(3, 6, 3, "expenditure", "function", None, "", "general_public", "total")
    for row, item in enumerate(("total", "abroad", "reception", "vehicles"), 1):
        put(4, row, 2, "expenditure", "three_public", item, item, "fiscal_appropriation", "total")
    for row, code in enumerate(("201", "20101", "20102"), 1):
        put(0, row, 0, "expenditure", "function", code, code, "general_public", "total")
    return lines


def as_read(lines: Sequence[Line]) -> list[str | None]:
    return [line.amount_text for line in lines]


@settings(max_examples=25, deadline=None)
@given(documents(), st.randoms(use_true_random=False), st.sets(st.integers(1, 4)))
def test_results_do_not_depend_on_the_order_of_lines(lines: list[Line], random: object, incomplete: set[int]) -> None:
    shuffled = list(lines)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = (evaluate_and_repair(given_lines, ANNOUNCED, incomplete, as_read) for given_lines in (lines, shuffled))
    assert one.tried == other.tried
    assert check_rows(one.tried) == check_rows(other.tried)
    assert one.causes == other.causes
    assert by_id(one.lines) == by_id(other.lines)
    assert [line.id for line in other.lines] == [line.id for line in shuffled]


@settings(max_examples=25, deadline=None)
@given(documents(), st.sets(st.integers(1, 4)))
def test_asking_twice_gives_the_same_and_changes_nothing(lines: list[Line], incomplete: set[int]) -> None:
    before, announced = deepcopy(lines), list(ANNOUNCED)
    first = evaluate_and_repair(lines, announced, incomplete, as_read)
    assert evaluate_and_repair(lines, announced, incomplete, as_read) == first
    assert evaluate_and_repair(first.lines, announced, incomplete, as_read) == first
    explain_failures(first.tried, lines, incomplete, as_read)
    assert (lines, announced) == (before, ANNOUNCED)


@settings(max_examples=25, deadline=None)
@given(documents())
def test_lines_carry_the_counts_of_the_results(lines: list[Line]) -> None:
    tried = evaluate_identities(lines, ANNOUNCED)
    support = support_of(tried, {line.id: line.amount for line in lines})
    for line in with_support(lines, tried):
        own = [t for t in tried if line.id in t.members]
        proofs = sum(t.outcome == "pass" and not t.equation.at_least for t in own)
        contradictions = sum(t.outcome == "fail" and t.severity == "error" for t in own)
        assert line.proofs in (0, proofs)  # none where only the same number elsewhere speaks for it
        assert (line.proofs, line.contradictions) == (line.proofs, contradictions) == tuple(support.get(line.id, (0, 0)))


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        (Rows("20101", "basic", "total"), "20101 basic total"),
        (Rows("20101", "basic", "total", "甲中心"), "甲中心: 20101 basic total"),
        (NatureRows("合计"), "合计 of natures"),
        (Row(3, "20101", "total", "business"), "row 3 20101 total business"),
        (Row(3, "20101", "total", "business", by_fund=True), "row 3 20101 business total"),
        (Row(3, "20101", "total", "business", by_year=True), "row 3 20101 change total business"),
        (RevenueItems("收入总计", "budget"), "收入总计 budget"),
        (ThreePublicItem("vehicles", 4, "total", "final"), "row 4 vehicles"),
        (ThreePublicItem("vehicles", None, "total", "final"), "total final vehicles"),
        (Balance(SUMMARY, 1), f"{SUMMARY}: revenue = expenditure"),
        (Balance(SUMMARY, 2), f"{SUMMARY}: revenue = expenditure, half 2"),
        (Statements(SUMMARY, "revenue_summary", "201"), f"{SUMMARY} = revenue_summary: 201"),
        (Statements(SUMMARY, "revenue_summary", "basic", at_least=True), f"{SUMMARY} ≥ revenue_summary: basic"),
        (Bound("abroad", "30212"), "abroad ≥ 30212"),
    ],
)
def test_a_subject_has_its_words_and_survives_being_stored(subject: Subject, words: str) -> None:
    assert str(subject) == words
    cell = LineId("table", 1, 2, 3)
    contradiction = Contradiction((Equation("H1", SUMMARY, subject, (cell,), (cell,), Decimal("0.15")),))
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(contradiction), type=Contradiction) == contradiction


@settings(max_examples=50, deadline=None)
@given(documents())
def test_a_number_is_proven_by_a_sum_that_it_is_in_or_that_the_same_number_is_in(lines: list[Line]) -> None:
    amounts = {line.id: line.amount for line in lines}
    tried = evaluate_identities(lines, ANNOUNCED)
    held = [t.members for t in tried if t.outcome == "pass" and not t.equation.at_least]
    proven = {i for members in held if sum(bool(amounts[i]) for i in members) > 2 for i in members}
    proven |= {i for members in held for i in members if not amounts[i]}
    before: set[object] = set()
    while before != proven:
        before = set(proven)
        proven |= {i for members in held for i in members if any(other in proven and amounts[other] == amounts[i] for other in members)}
    support = support_of(tried, amounts)
    assert {i: own.proofs for i, own in support.items() if own.proofs} == {i: sum(i in members for members in held) for i in proven}
