"""Rows that sums leave open one by one: decided class by class where one division meets the printed totals, and not by chance."""

from __future__ import annotations

from random import Random

import msgspec
import pytest

from pipeline.budget.line import Line
from pipeline.statements.inference.lost_columns.solver import Constraint, Variable, solve
from pipeline.statements.inference.lost_columns.tied_rows import decide_together
from tests.pipeline.statements.text_dumps.test_dump_statements import lines_of, read

PERSONNEL = ("30101", "30102", "30103", "30107", "30108", "30109", "30110", "30111", "30112", "30113", "30199", "30301", "30302", "30305")
OPERATING = ("30201", "30202", "30205", "30206", "30207", "30211", "30213", "30215", "30216", "30217", "30226", "30228", "30229", "30231")
HEAD = "一般公共预算基本支出表\n单位：元\n科目编码 合计 人员经费 公用经费\n"


def table(amounts: dict[str, int], operating: set[str], *, total: tuple[int, int] | None = None, step: int = 1) -> list[Line]:
    """Return the lines read of rows that print their amount twice: as 合计, and in the column that `operating` says."""
    own = total or (sum(a for c, a in amounts.items() if c not in operating), sum(a for c, a in amounts.items() if c in operating))
    rows = "".join(f"{code} 某项支出 {printed(a * step)} {printed(a * step)}\n" for code, a in amounts.items())
    return lines_of(read(f"{HEAD}合计 {printed(sum(own) * step)} {printed(own[0] * step)} {printed(own[1] * step)}\n{rows}"))


def printed(cents: int) -> str:
    return f"{cents // 100:,}.{cents % 100:02d}"


def of_row(lines: list[Line], nature: str) -> set[str | None]:
    return {line.code for line in lines if line.nature == nature and line.code}


@pytest.mark.parametrize("seed", range(3))
def test_classes_stand_in_one_column_where_the_totals_say_so(seed: int) -> None:
    random = Random(seed)
    amounts = {code: random.randrange(10_000, 90_000_000) for code in (*PERSONNEL, *OPERATING)}
    lines = table(amounts, set(OPERATING))
    assert of_row(lines, "basic_personnel") == set(PERSONNEL)
    assert of_row(lines, "basic_operating") == set(OPERATING)
    assert {line.column_evidence for line in lines if line.code and line.nature != "basic"} == {"solved"}


def test_a_class_that_is_divided_stays_open() -> None:
    random = Random(7)
    amounts = {code: random.randrange(10_000, 90_000_000) for code in (*PERSONNEL, *OPERATING)}
    lines = table(amounts, {*OPERATING, "30113", "30302"})
    assert not of_row(lines, "basic_personnel") | of_row(lines, "basic_operating")


def test_totals_of_few_digits_prove_no_division() -> None:
    amounts = dict.fromkeys((*PERSONNEL, *OPERATING), 1) | {"30101": 2, "30201": 2}
    lines = table(amounts, set(OPERATING), step=100_000)
    assert not of_row(lines, "basic_personnel") | of_row(lines, "basic_operating")


def test_totals_that_fail_decide_nothing() -> None:
    random = Random(3)
    amounts = {code: random.randrange(10_000, 90_000_000) for code in (*PERSONNEL, *OPERATING)}
    personnel, operating = sum(amounts[c] for c in PERSONNEL), sum(amounts[c] for c in OPERATING)
    lines = table(amounts, set(OPERATING), total=(personnel + 100, operating))
    assert not of_row(lines, "basic_personnel") | of_row(lines, "basic_operating")


def row(n: int) -> Line:
    return msgspec.structs.replace(next(iter(table({"30101": 7}, set()))), row=n, code="30101", statement_no=1)


def two_ways(cell: int, amount: int) -> Variable:
    """A row with its 合计 and one of two columns."""
    return Variable(({cell: amount, cell + 1: amount}, {cell: amount, cell + 2: amount}))


def decided(constraints: list[Constraint]) -> list[int]:
    """Of a total row and three rows of one class: which are decided."""
    amounts = [123_456_789, 234_567_891, 345_678_912]
    total = Variable(({0: sum(amounts), 1: sum(amounts)},))
    choices = [total, *(two_ways(3 * n, amount) for n, amount in enumerate(amounts, 1))]
    patterns = [[(0, 1)], *([(0, 1), (0, 2)] for _ in amounts)]
    cells = [msgspec.structs.replace(row(0), code=None), *(row(n) for n in (1, 2, 3))]
    found = decide_together(cells, choices, patterns, constraints, solve(choices, constraints))
    return [n for n, left in enumerate(found) if n and len(left) == 1]


def test_a_bound_on_one_row_decides_no_other_row_of_its_class() -> None:
    down = Constraint((0,), (3, 6, 9))  # 合计, which holds however the rows are placed
    bound = Constraint((4,), (), 1, None)  # the first row stands in the first of the two columns
    assert decided([down, bound]) == [1]


def test_a_total_of_the_column_decides_the_class() -> None:
    assert decided([Constraint((0,), (3, 6, 9)), Constraint((1,), (4, 7, 10))]) == [1, 2, 3]
