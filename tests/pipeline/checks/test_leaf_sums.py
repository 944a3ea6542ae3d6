"""L1: a sum over leaves is the printed total, or the check says that it is not."""

from __future__ import annotations

from decimal import Decimal

from pipeline.budget.line import Line
from pipeline.checks.leaf_sums import check_leaves


def line(amount: str, row: int, level: int = 1, *, leaf: bool = True, scheme: str = "function", **more: object) -> Line:
    values: dict[str, object] = {
        "statement": "expenditure_summary", "statement_no": 1, "source": "table", "flow": "expenditure", "scheme": scheme, "level": level,
        "name": f"第{row}行", "fund": "total", "nature": "total", "amount": Decimal(amount), "amount_text": amount, "unit_text": "元",
        "row": row, "column": 1, "is_leaf": leaf,
    }  # fmt: skip
    return Line(**{**values, **more})  # type: ignore[arg-type]


def outcomes(*lines: Line) -> list[tuple[str, str, Decimal | None]]:
    return [(c["outcome"], c["severity"], c["difference"]) for c in check_leaves(lines)]


def test_leaves_that_sum_to_the_total_pass_and_others_do_not() -> None:
    total = line("9.00", 1, 0, leaf=False)
    assert outcomes(total, line("4.00", 2), line("5.00", 3)) == [("pass", "warning", 0)]
    assert outcomes(total, line("9.00", 2), line("4.00", 3), line("5.00", 4)) == [("fail", "warning", -9)]
    assert outcomes(total, line("4.00", 2)) == [("fail", "warning", 5)]


def test_rounding_is_no_failure() -> None:
    assert outcomes(line("9.01", 1, 0, leaf=False), line("4.00", 2), line("5.00", 3)) == [("pass", "warning", Decimal("0.01"))]


def test_each_fund_nature_and_measure_has_its_own_total() -> None:
    basic = [line("3.00", 1, 0, leaf=False, nature="basic", column=2), line("4.00", 2, nature="basic", column=2)]
    assert outcomes(line("4.00", 1, 0, leaf=False), line("4.00", 2), *basic) == [("fail", "warning", -1), ("pass", "warning", 0)]


def test_of_two_totals_the_one_of_the_year_may_be_meant() -> None:
    assert outcomes(line("9.00", 3, 0, leaf=False), line("10.00", 4, 0, leaf=False), line("9.00", 1)) == [("pass", "warning", 0)]


def test_what_is_carried_over_stands_between_two_totals_of_revenue() -> None:
    def item(amount: str, row: int, level: int, fund: str, *, leaf: bool) -> Line:
        return line(amount, row, level, leaf=leaf, scheme="revenue_item", flow="revenue", fund=fund)

    rows = [
        item("8.00", 1, 1, "general_public", leaf=True), item("8.00", 2, 0, "current_year", leaf=False),
        item("1.00", 3, 1, "carryover", leaf=True), item("9.00", 4, 0, "total", leaf=False),
    ]  # fmt: skip
    assert outcomes(*rows) == [("pass", "warning", 0), ("pass", "warning", 0)]


def test_the_leaves_of_a_unit_sum_to_its_row() -> None:
    unit = line("5.00", 2, leaf=False, scheme="unit", name="清风数据中心")
    own = line("4.00", 3, unit="清风数据中心")
    again = [line("7.00", 4, leaf=False, scheme="unit", name="清风数据中心"), line("7.00", 5, unit="清风数据中心")]
    assert outcomes(unit, own, *again) == [("fail", "warning", 1), ("pass", "warning", 0)]
    assert outcomes(line("4.00", 1, 0, leaf=False), unit, own) == [("pass", "warning", 0), ("fail", "warning", 1)]


def test_meetings_and_operating_costs_beside_three_public_are_no_part_of_it() -> None:
    def item(amount: str, row: int, code: str, *, leaf: bool = True) -> Line:
        return line(amount, row, scheme="three_public", code=code, leaf=leaf)

    rows = [item("3.00", 1, "total", leaf=False), item("1.00", 2, "abroad"), item("2.00", 3, "vehicles"), item("7.00", 4, "conference")]
    assert outcomes(*rows, item("90.00", 5, "agency_operating")) == [("pass", "warning", 0)]


def test_without_a_total_there_is_nothing_to_compare() -> None:
    assert outcomes(line("4.00", 1), line("5.00", 2)) == [("not_applicable", "warning", None)]
    assert outcomes(line("4.00", 1, source="narrative")) == [("not_applicable", "warning", None)]


def test_an_item_of_no_known_fund_is_a_leaf_of_the_total_of_its_column() -> None:
    def item(amount: str, row: int, level: int, fund: str | None, *, leaf: bool, column: int = 1) -> Line:
        nature = "total" if fund else None
        return line(amount, row, level, leaf=leaf, scheme="revenue_item", flow="revenue", fund=fund, nature=nature, column=column)

    rows = [item("8.00", 1, 1, "business", leaf=True), item("9.00", 3, 0, "total", leaf=False)]
    assert outcomes(*rows, item("1.00", 2, 1, None, leaf=True)) == [("pass", "warning", 0)]
    assert outcomes(*rows, item("1.00", 2, 1, None, leaf=True, column=2)) == [("fail", "warning", 1)]
