"""A budget of the generator is consistent: every sum can be reached by more than one way."""

from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.samples.sample_budget import FUNDS, ZERO, Budget, government_codes, load, official_names, random_budget

SAMPLES = ("tables_2019", "narrative_2022", "pdf_2024")


@pytest.mark.parametrize("name", SAMPLES)
def test_a_figure_file_gives_each_sum_of_its_own_rows(name: str) -> None:
    budget, figures = load(name)
    by_function = sum((Decimal(a) + Decimal(b) for *_, a, b in figures["items"]), ZERO)
    projects = sum((Decimal(row[4]) for row in figures["projects"]), ZERO)
    assert budget.amount(nature="basic") == by_function
    assert budget.amount(nature="project") == projects
    assert budget.amount() == by_function + projects
    public = [row for row in figures["items"] if row[2] == "general_public"]
    for nature, column in (("basic_personnel", 3), ("basic_operating", 4)):
        by_economic = sum((Decimal(amount) for _, kind, amount in figures["economics"] if kind == nature), ZERO)
        assert budget.amount(fund="general_public", nature=nature) == by_economic == sum((Decimal(r[column]) for r in public), ZERO)
    for code, nature, amount in figures["economics"]:
        assert budget.amount(economic=code, fund="general_public", nature=nature) == Decimal(amount)


def test_figures_of_the_2019_sample_are_those_published() -> None:
    budget, _ = load("tables_2019")
    assert budget.amount() == 171_482_661
    assert budget.amount("2010301", nature="basic") == 26_494_265
    assert budget.amount("208", nature="project") == 590_960
    assert budget.amount(economic="302", nature="basic") == 8_279_219
    assert budget.three_public.total == 630_000


def test_figures_that_contradict_each_other_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.samples.sample_budget.json.loads", lambda _: _contradicting())
    with pytest.raises(ValueError, match="different sums"):
        load("tables_2019")


def _contradicting() -> dict[str, object]:
    return {
        "items": [["1", "2010301", "general_public", "10", "0"]],
        "economics": [["30101", "basic_personnel", "9"]],
        "projects": [],
        "three_public": {},
        "units": [["1", "示范局"]],
    }


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 3), st.sampled_from([Decimal(100), Decimal("0.01")]))
def test_random_budgets_add_up_by_code_unit_fund_and_nature(seed: int, units: int, quantum: Decimal) -> None:
    budget = random_budget(Random(seed), quantum=quantum, units=units, funds=FUNDS)
    assert budget == random_budget(Random(seed), quantum=quantum, units=units, funds=FUNDS)
    total = budget.amount()
    assert total > 0
    assert all(entry.amount > 0 and entry.amount % quantum == 0 for entry in budget.entries)
    assert sum((budget.amount(unit=unit) for unit, _ in budget.units), ZERO) == total
    assert sum((budget.amount(fund=fund) for fund in FUNDS), ZERO) == total
    assert budget.amount(nature="basic") + budget.amount(nature="project") == total
    assert sum((budget.amount(unit=u, project=p) for u, p in budget.projects()), ZERO) == budget.amount(nature="project")
    _assert_children_sum_to_parents(budget)
    assert budget.three_public.reception == budget.amount(economic="30217", nature="basic")


def _assert_children_sum_to_parents(budget: Budget) -> None:
    codes = budget.functions()
    for parent in (code for code in codes if len(code) < 7):
        children = [code for code in codes if code.startswith(parent) and len(code) == len(parent) + 2]
        assert children
        assert sum((budget.amount(code) for code in children), ZERO) == budget.amount(parent)


def test_every_code_has_its_parents_name_and_a_known_government_code() -> None:
    names = official_names()
    for code in names:
        if len(code) > 3:
            assert code[: len(code) - 2] in names
    assert set(government_codes().values()) <= set(names)
