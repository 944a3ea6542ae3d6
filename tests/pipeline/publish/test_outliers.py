"""Amounts a thousand times what other years or other bodies lead to expect are listed, with what was expected; others are not."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from pipeline.publish.outliers import FEWEST_PEERS, cells_of, outliers
from pipeline.stages.checking import Checked
from pipeline.store.frames import document_frames
from schemas.export import validate
from schemas.tables import BUDGET_LINES, DOCUMENTS, OUTLIERS
from tests.pipeline.publish.samples import facts, line


def spent(row: int, amount: str, code: str | None = None, **changes: Any) -> Any:
    given = {
        "statement": "expenditure_summary",
        "fund": "total",
        "level": 1 if code else 0,
        "code": code,
        "name": f"科目{code}" if code else "",
    }
    return line(row, amount, **{**given, "code_source": "printed" if code else None, **changes})


def document(
    number: int, *lines: Any, year: int = 2024, department: str | None = None, level: str = "department"
) -> dict[str, pl.DataFrame]:
    about = {"status": "published", "fiscal_year": year, "province": "CN-ZJ", "region_code": "330000", "kind": "budget", "level": level}
    about |= {"department": department or f"第{number}局", "statements": [], "pages": 1}
    return document_frames(Checked(document=about, lines=list(lines)), facts(f"{number:02d}", f"{number}.pdf"))


def found(*documents: dict[str, pl.DataFrame]) -> pl.DataFrame:
    lines, about = (pl.concat([one[table.name] for one in documents]) for table in (BUDGET_LINES, DOCUMENTS))
    frame = outliers(cells_of(lines), about)
    validate(frame, OUTLIERS)
    return frame


def peers(number: int = FEWEST_PEERS) -> list[dict[str, pl.DataFrame]]:
    """Bodies that spend from 1,000 to 9,000, a tenth of it in class 208."""
    return [document(n, spent(1, f"{n}000"), spent(2, f"{n}00", "208")) for n in range(1, number + 1)]


def years(*amounts: tuple[int, str]) -> list[dict[str, pl.DataFrame]]:
    """All spending of one body in several years."""
    return [document(n, spent(1, amount), year=year, department="某局") for n, (year, amount) in enumerate(amounts, start=1)]


def test_ten_thousand_times_last_year_is_seen_in_both_years_with_its_evidence() -> None:
    rows = found(*years((2023, "1000000"), (2024, "100"))).sort("fiscal_year")
    assert rows.select("fiscal_year", "amount", "compared_with", "typical", "other_year").rows() == [
        (2023, 1000000, "own_years", 100, 2024),
        (2024, 100, "own_years", 1000000, 2023),
    ]
    assert [float(factor) for factor in rows["factor"]] == [10000, 0.0001]
    assert rows["evidence"][0].startswith("100.00 in 2024")


@pytest.mark.parametrize("amount", ["1000.01", "999999", "10000000"])
def test_years_that_differ_by_less_are_no_outliers(amount: str) -> None:
    assert found(*years((2023, "1000000"), (2024, amount))).is_empty()


def test_the_nearest_year_is_compared() -> None:
    assert found(*years((2020, "100"), (2023, "900000"), (2024, "950000"))).select("fiscal_year", "other_year").rows() == [(2020, 2023)]


def test_a_class_in_another_unit_than_its_whole_is_seen_by_its_share_among_peers() -> None:
    assert found(*peers()).is_empty()
    slipped = document(20, spent(1, "5000"), spent(2, "0.05", "208"))
    rows = found(*peers(), slipped).select("department", "code", "amount", "compared_with", "typical", "bodies").rows()
    assert [(name, code, float(amount), by, typical, bodies) for name, code, amount, by, typical, bodies in rows] == [
        ("第20局", "208", 0.05, "peers", 500, FEWEST_PEERS + 1)
    ]


def test_all_spending_in_another_unit_is_seen_by_its_amount() -> None:
    whole = found(*peers(), document(20, spent(1, "50000000")))
    assert whole.select("department", "code", "compared_with").rows() == [("第20局", None, "peers")]


def test_few_bodies_and_bodies_of_another_level_are_no_peers() -> None:
    slipped = [spent(1, "5000"), spent(2, "0.05", "208")]
    assert found(*peers(FEWEST_PEERS - 2), document(20, *slipped)).is_empty()
    assert found(*peers(), document(20, *slipped, level="unit")).is_empty()


def test_lines_of_units_of_prose_and_parts_of_others_are_not_compared() -> None:
    others = (
        {"unit": "某中心"},
        {"source": "narrative", "statement_no": 0},
        {"nature": "of_which_procurement"},
        {"measure": "change"},
        {"level": 3},
    )
    lines = pl.concat([document(n, spent(1, "5", "208", **changes))[BUDGET_LINES.name] for n, changes in enumerate(others)])
    assert cells_of(lines).is_empty()


def test_nothing_gives_nothing() -> None:
    assert found(document(1)).is_empty()
