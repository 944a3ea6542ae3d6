"""Lists of values that readers of the dataset build on: exactly these, in whatever table a column of that name and meaning stands."""

from __future__ import annotations

import polars as pl
import pytest

from schemas.export import polars_schema
from schemas.marts import MARTS, PUBLISHED
from schemas.tables import TABLES

FUNDS = (
    "total current_year fiscal_appropriation general_public government_fund state_capital special_account unit_funds business operating "
    "superior_subsidy subordinate_remittance other non_fiscal_surplus unit_account_balance carryover carryover_general_public "
    "carryover_government_fund carryover_state_capital carryover_fiscal_appropriation carryover_special_account carryover_unit_funds"
)
NATURES = (
    "total basic basic_personnel basic_operating project operating remittance_to_superiors subsidy_to_subordinates reserve carryforward "
    "surplus_distribution undisposed_balance"
)
SCHEMES = "function department_economic government_economic revenue_item unit three_public project procurement_item item"
PROMISED = {
    ("documents", "status"): "published quarantined superseded duplicate",
    ("documents", "level"): "department unit department_and_units",
    ("documents", "kind"): "budget final_account",
    ("budget_lines", "source"): "table narrative",
    ("budget_lines", "flow"): "revenue expenditure",
    ("budget_lines", "scheme"): SCHEMES,
    ("budget_lines", "code_source"): "printed name",
    ("budget_lines", "fund"): FUNDS,
    ("budget_lines", "nature"): NATURES,
    ("budget_lines", "measure"): "budget adjusted_budget final prior_year_budget prior_year_final prior_year change",
    ("budget_lines", "unit_text"): "元 万元",
    ("budget_lines", "column_evidence"): "printed solved ambiguous",
    ("budget_lines", "amount_evidence"): "printed repaired",
    ("year_on_year", "basis"): "prior_year_execution prior_year_budget prior_year",
    ("key_figures", "unit"): "yuan count percent m2",
    ("checks", "outcome"): "pass fail not_applicable",
    ("checks", "severity"): "error warning",
    ("codes", "evidence"): "official attested single",
}


@pytest.mark.parametrize(("table", "column"), sorted(PROMISED))
def test_a_column_has_the_promised_values(table: str, column: str) -> None:
    (field,) = [field for field in PUBLISHED[table].fields if field.name == column]
    assert set(field.column.values or ()) == set(PROMISED[table, column].split())


@pytest.mark.parametrize("column", ["fund", "nature", "measure", "level", "kind", "statement"])
def test_marts_use_no_value_that_the_tables_do_not_have(column: str) -> None:
    def declared(name: str) -> set[str]:
        fields = [field.column for field in PUBLISHED[name].fields if field.name == column and field.column.dtype == pl.String]
        return {value for one in fields for value in one.values or ()}

    known = set().union(*map(declared, TABLES))
    assert {name: values for name in MARTS if not (values := declared(name)) <= known} == {}


def test_money_is_exact_everywhere() -> None:
    inexact = [
        (table.name, field.name)
        for table in PUBLISHED.values()
        for field in table.fields
        if field.column.unit == "CNY" and polars_schema(table)[field.name] != pl.Decimal(18, 2)
    ]
    assert inexact == []
