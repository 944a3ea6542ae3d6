"""A department, its units and its own office, two years, budget and final account: nothing counts twice and no ranking mixes them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from pipeline.publish.marts.proofs import faults_against_print
from pipeline.publish.marts.wide_tables import make_marts
from pipeline.stages.checking import Checked
from pipeline.store.frames import document_frames
from schemas.classification.code_lists import codes_frame
from schemas.export import validate
from schemas.marts import MARTS
from schemas.tables import PARTITIONED
from tests.pipeline.publish.samples import facts, line

Tables = Mapping[str, pl.DataFrame]
HEAD, OFFICE, CENTRE = "某局", "某局（本级）", "信息中心"
SPENT = {
    # by year: budget and account of the department, in two codes, and what of it its own office and its centre have
    2023: {"budget": (600, 400), "final": (580, 390), "office": (600, 0), "centre": (0, 400)},
    2024: {"budget": (700, 500), "final": (650, 520), "office": (700, 0), "centre": (0, 500)},
}


def table(amounts: tuple[int, int], measure: str) -> list[Any]:
    given: dict[str, Any] = {"statement": "expenditure_summary", "fund": "total", "measure": measure}
    rows = [
        line(n, str(a), level=3, code=code, name=f"科目{code}", **given)
        for n, (code, a) in enumerate(zip(("2010301", "2050803"), amounts, strict=True), start=2)
        if a
    ]
    return [line(1, str(sum(amounts)), level=0, code=None, code_source=None, name="合计", is_leaf=False, **given), *rows]


def document(mark: str, year: int, amounts: tuple[int, int], measure: str = "budget", **changes: Any) -> dict[str, pl.DataFrame]:
    about = {"status": "published", "fiscal_year": year, "province": "CN-ZJ", "region_code": "330000", "department": HEAD}
    about |= {"level": "department", "kind": "final_account" if measure == "final" else "budget", "statements": ["expenditure_summary"]}
    return document_frames(Checked(document={**about, "pages": 1, **changes}, lines=table(amounts, measure)), facts(mark, f"{mark}.pdf"))


def unit(name: str) -> dict[str, Any]:
    return {"level": "unit", "department": name, "parent_department": HEAD}


def made(*documents: dict[str, pl.DataFrame]) -> Tables:
    tables = {t.name: pl.concat([d[t.name] for d in documents]) for t in PARTITIONED}
    marts = make_marts(tables, codes_frame())
    for name, frame in marts.items():
        validate(frame, MARTS[name])
    return {**tables, **marts}


@pytest.fixture(scope="module")
def whole() -> Tables:
    documents = []
    for year, spent in SPENT.items():
        mark = str(year)[-1]
        documents += [
            document(f"a{mark}", year, spent["budget"]),
            document(f"b{mark}", year, spent["final"], "final"),
            document(f"c{mark}", year, spent["office"], **unit(OFFICE)),
            document(f"d{mark}", year, spent["centre"], **unit(CENTRE)),
        ]
    return made(*documents)


def test_each_year_has_the_department_s_sum_once(whole: Tables) -> None:
    sums = whole["spending_by_function"].group_by("fiscal_year").agg(pl.col("expenditure_budget", "expenditure_final").sum())
    assert sums.sort("fiscal_year").rows() == [(2023, 1000, 970), (2024, 1200, 1170)]
    counted = whole["department_profile"].filter(standing="counted").group_by("fiscal_year", "kind").agg(pl.col("expenditure_budget").sum())
    assert counted.filter(kind="budget").sort("fiscal_year")["expenditure_budget"].to_list() == [1000, 1200]


def test_units_and_the_own_office_stand_beside_it_and_say_what_they_are(whole: Tables) -> None:
    of_2024 = whole["department_profile"].filter(fiscal_year=2024, kind="budget").sort("expenditure_budget", descending=True)
    assert of_2024.select("department", "level", "standing", "expenditure_budget").rows() == [
        (HEAD, "department", "counted", 1200), (OFFICE, "unit", "part_of_department", 700), (CENTRE, "unit", "part_of_department", 500),
    ]  # fmt: skip


def test_budget_stands_beside_account_of_the_same_year_and_body(whole: Tables) -> None:
    rows = whole["budget_vs_final"].sort("fiscal_year", "code")
    assert rows.select("fiscal_year", "level", "code", "budget", "final", "difference", "execution_pct", "budget_source").rows() == [
        (2023, "department", "2010301", 600, 580, -20, Decimal("96.6667"), "budget"),
        (2023, "department", "2050803", 400, 390, -10, Decimal("97.5"), "budget"),
        (2024, "department", "2010301", 700, 650, -50, Decimal("92.8571"), "budget"),
        (2024, "department", "2050803", 500, 520, 20, Decimal("104"), "budget"),
    ]
    assert rows["budget_document_id"].n_unique() == rows["final_document_id"].n_unique() == 2


def test_nothing_of_it_contradicts_print(whole: Tables) -> None:
    tested, faults = faults_against_print(whole)
    assert (tested > 0, faults) == (True, [])
    assert whole["mart_coverage"]["reason"].drop_nulls().is_empty()


def test_units_alone_count_where_the_department_s_own_disclosure_is_not_there() -> None:
    alone = made(document("c4", 2024, (700, 0), **unit(OFFICE)), document("d4", 2024, (0, 500), **unit(CENTRE)))
    assert alone["department_profile"].sort("department").select("level", "standing").unique().rows() == [("unit", "counted")]
    assert alone["spending_by_function"]["expenditure_budget"].sum() == 1200


def test_a_unit_with_more_than_its_department_is_held_back() -> None:
    tables = made(document("a4", 2024, (700, 500)), document("d4", 2024, (0, 12_000_000), **unit(CENTRE)))
    held = tables["mart_coverage"].filter(department=CENTRE, figure="expenditure")
    assert tables["department_profile"].filter(department=CENTRE)["expenditure_budget"].to_list() == [None]
    assert "its department has 1,200.00" in held["reason"].item()


def test_a_final_account_of_one_year_is_not_set_against_the_budget_of_another() -> None:
    tables = made(document("a3", 2023, (600, 400)), document("b4", 2024, (650, 520), "final"))
    assert tables["budget_vs_final"].is_empty()


def repeated(budget: int, final: int, row: int, level: int = 3, code: str | None = "2010301") -> list[Any]:
    given: dict[str, Any] = {"statement": "general_public_by_function", "source": "narrative", "statement_no": 0, "level": level}
    given |= {"code": code, "code_source": "printed" if code else None, "name": f"科目{code}" if code else "支出", "is_leaf": level == 3}
    return [
        line(row, str(budget), measure="budget", **given),
        line(row + 1, str(final), measure="final", **given),
    ]


@pytest.mark.parametrize(("budget_of_all", "rows"), [(1_000_000, 2), (2_000_000, 0)], ids=["adds up", "does not"])
def test_a_final_account_s_own_budgets_count_where_both_add_up(budget_of_all: int, rows: int) -> None:
    told = [
        *repeated(budget_of_all, 970_000, 1, level=0, code=None),
        *repeated(600_000, 580_000, 3),
        *repeated(400_000, 390_000, 5, code="2050803"),
    ]
    about = {"status": "published", "fiscal_year": 2024, "province": "CN-ZJ", "region_code": "330000", "department": HEAD, "pages": 1}
    about |= {"level": "department", "kind": "final_account", "statements": ["general_public_by_function"]}
    tables = made(document_frames(Checked(document=about, lines=told), facts("b", "b.pdf")))
    both = tables["budget_vs_final"].sort("code").select("figure", "code", "budget", "final", "budget_source").rows()
    expected = [
        ("general_public", "2010301", 600_000, 580_000, "final_account"),
        ("general_public", "2050803", 400_000, 390_000, "final_account"),
    ]
    assert both == expected[:rows]
