"""Rows with lost columns: which numbers may be claimed for which column, and which not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import msgspec

from pipeline.accounting.equation import Equation
from pipeline.accounting.equations.within_statements import equations
from pipeline.budget.line import Line
from pipeline.statements.inference.lost_columns.row_placement import UnplacedRow, place
from pipeline.statements.inference.lost_columns.unplaced_numbers import StatementToPlace, choose_interpretation, place_numbers
from pipeline.statements.statement_model import Statement

COLUMNS = ("total", "basic", "project")
IN_ORDER = frozenset({(0, 1), (1, 2)})


def cell(row: int, column: int, code: str | None, nature: str, unit: str = "元") -> Line:
    level = {None: 0, 3: 1, 5: 2, 7: 3}[len(code) if code else None]
    return Line(
        statement="expenditure_summary",
        statement_no=1,
        source="table",
        flow="expenditure",
        scheme="function",
        level=level,
        name=code or "合计",
        fund="total",
        nature=nature,
        amount=Decimal(0),
        amount_text="",
        unit_text=unit,
        row=row,
        column=column,
        code=code,
    )


def row(number: int, code: str | None, *printed: str, order: frozenset[tuple[int, int]] = IN_ORDER, unit: str = "元") -> UnplacedRow:
    cells = tuple(cell(number, 3 + n, code, nature, unit) for n, nature in enumerate(COLUMNS))
    numbers = tuple(None if text == "-" else Decimal(text.replace(",", "")) for text in printed)
    return UnplacedRow(cells, numbers, printed, order)


def natures(lines: tuple[Line, ...]) -> list[tuple[str | None, Decimal, str]]:
    return [(line.nature, line.amount, line.column_evidence) for line in lines]


def test_sums_place_numbers_and_full_rows_are_printed() -> None:
    placed = place(
        [row(1, "201", "30,000", "10,000", "20,000"), row(2, "20103", "10,000", "10,000"), row(3, "20106", "20,000", "20,000")], equations
    )
    assert natures(placed.rows[0]) == [("total", 30000, "printed"), ("basic", 10000, "printed"), ("project", 20000, "printed")]
    assert natures(placed.rows[1]) == [("total", 10000, "solved"), ("basic", 10000, "solved")]
    assert natures(placed.rows[2]) == [("total", 20000, "solved"), ("project", 20000, "solved")]
    assert not placed.conflicts


def test_amounts_are_yuan_and_keep_their_text() -> None:
    (line, *_), *_ = place([row(1, "201", "1.234567", "1.234567", "-", unit="万元")], equations).rows
    assert (line.amount, line.amount_text, line.unit_text) == (Decimal("12345.67"), "1.234567", "万元")


def test_a_printed_dash_holds_its_column_and_is_no_line() -> None:
    (lines,) = place([row(1, "201", "500", "-", "500")], equations).rows
    assert natures(lines) == [("total", 500, "printed"), ("project", 500, "printed")]


def test_columns_of_unknown_order_stay_open_where_sums_do_not_tell_them_apart() -> None:
    (lines,) = place([row(1, "201", "900", "400", "500", order=frozenset({(0, 1), (0, 2)}))], equations).rows
    assert natures(lines) == [("total", 900, "solved"), (None, 400, "ambiguous"), (None, 500, "ambiguous")]
    assert len({line.column for line in lines}) == 3


def test_a_row_with_more_numbers_than_columns_gives_no_line() -> None:
    placed = place([row(1, "201", "1", "2", "3", "4"), row(2, "208", "500", "200", "300")], equations)
    assert placed.rows[0] == ()
    assert len(placed.rows[1]) == 3


def test_contradicting_rows_are_named_and_prove_nothing() -> None:
    placed = place(
        [row(1, "201", "30,000", "10,000", "20,000"), row(2, "20103", "10,000", "19,000"), row(3, "20106", "20,000", "20,000")], equations
    )
    assert [c.statements for c in placed.conflicts] == [frozenset({1})]
    assert "20103" in str(placed.conflicts[0])
    assert {line.column_evidence for line in placed.rows[1]} == {"ambiguous"}
    assert natures(placed.rows[2])[1] == (None, 20000, "ambiguous")  # only its sum with the wrong row could have told


def test_a_table_with_numbers_outside_its_rows_is_not_summed() -> None:
    rows = [row(1, "201", "30,000", "10,000", "20,000"), row(2, "20103", "10,000", "10,000"), row(3, "20106", "20,000", "20,000")]
    placed = place(rows, equations, leaky=frozenset({1}))
    assert natures(placed.rows[1])[1][2] == "ambiguous"
    assert natures(placed.rows[0])[1][2] == "printed"


def test_a_side_without_any_row_says_only_that_a_row_was_not_found() -> None:
    rows = [row(1, "201", "30,000", "10,000", "20,000"), row(2, "20103", "10,000", "10,000"), row(3, "20106", "20,000", "20,000")]

    def with_an_empty_side(cells: Sequence[Line]) -> list[Equation]:
        basic = next(cell.id for cell in cells if cell.row == 2 and cell.nature == "basic")
        found = equations(cells)
        nowhere = msgspec.structs.replace(found[0], whole=(), parts=(basic,))
        return [*found, nowhere, msgspec.structs.replace(nowhere, whole=(basic,), parts=())]

    placed = place(rows, with_an_empty_side)
    assert placed == place(rows, equations)
    assert not placed.conflicts
    assert natures(placed.rows[1]) == [("total", 10000, "solved"), ("basic", 10000, "solved")]


# --- headers that may mean several things --------------------------------------------------------------------------


def reading(rows: Sequence[UnplacedRow], *natures: str) -> StatementToPlace:
    """A reading of a table under which its columns hold these natures."""
    cells = [[msgspec.structs.replace(c, nature=n) for c, n in zip(r.cells, natures, strict=True)] for r in rows]
    read = tuple(replace(r, cells=tuple(own)) for r, own in zip(rows, cells, strict=True))
    return StatementToPlace(Statement(1, "expenditure_summary", "支出总表", "元", amounts_printed=sum(len(r.numbers) for r in rows)), read)


def test_a_reading_that_the_sums_contradict_is_none() -> None:
    rows = [row(1, "201", "30,000", "10,000", "20,000"), row(2, "20103", "30,000", "10,000", "20,000")]
    right, wrong = reading(rows, "total", "basic", "project"), reading(rows, "basic", "total", "project")
    assert choose_interpretation([wrong, right]) == right


def test_of_readings_that_the_sums_allow_alike_no_column_is_said_to_hold_anything() -> None:
    rows = [row(1, "201", "30,000"), row(2, "20103", "30,000")]
    chosen = choose_interpretation([reading(rows, "total", "basic", "project"), reading(rows, "total", "project", "operating")])
    assert chosen is not None
    assert {(c.fund, c.nature, c.column_evidence) for r in chosen.rows for c in r.cells} == {(None, None, "ambiguous")}
    (statement,) = place_numbers([chosen])
    assert {(line.amount, line.nature, line.column_evidence) for line in statement.lines} <= {(Decimal(30000), None, "ambiguous")}


def test_readings_that_say_the_same_are_one() -> None:
    rows = [row(1, "201", "30,000")]
    same = reading(rows, "total", "basic", "project")
    assert choose_interpretation([same, reading(rows, "total", "basic", "project")]) == same
