"""Kinds of statements: each declared once, its titles within its scope, everything that it names declared as well."""

from dataclasses import replace

import pytest

from pipeline.budget.sums import funds_within
from schemas import columns
from schemas.check_catalogue import CHECK_RULES
from schemas.marts import FIGURES, MartAmount
from schemas.statement_kind import Comparison, StatementKind, StatementKinds
from schemas.statements import BUILT_IN, declaring, read_title, statement_kinds
from schemas.vocabulary.titles import TitleMeaning, TitleRule, title_rules

KINDS = tuple(BUILT_IN.values())


def test_the_list_of_values_is_what_is_declared() -> None:
    assert dict(columns.STATEMENTS) == {kind.id: kind.description for kind in KINDS}
    assert columns.STATEMENT.values == columns.STATEMENTS


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_what_a_declaration_names_exists(kind: StatementKind) -> None:
    assert kind.rows in columns.SCHEMES
    assert kind.items is None or kind.items in columns.SCHEMES
    assert {kind.fund, kind.default_fund} - {None} <= set(columns.FUNDS)
    assert {kind.nature} - {None} <= set(columns.NATURES)
    assert all(columns.NATURE.pattern and part.startswith("of_which_") for part in kind.own_parts)
    assert set(kind.becomes) <= {"economic", "function", "unit"}
    assert set(kind.figures) <= {figure.name for figure in FIGURES}
    assert set(kind.key_figures) <= set(columns.FIGURE.values)
    rules = {rule.id for rule in CHECK_RULES}
    for comparison in kind.compared:
        assert comparison.check_id in rules
        assert comparison.whole != kind.id
        assert set(comparison.natures) <= set(columns.NATURES)
        assert {comparison.fund, comparison.fund_of_whole} <= set(columns.FUNDS)


@pytest.mark.parametrize("rule", title_rules(), ids=lambda rule: f"{rule.meaning.statement} {rule.requires}")
def test_a_title_limits_its_statement_no_less_than_the_declaration(rule: TitleRule) -> None:
    kind = BUILT_IN[rule.meaning.statement]
    said = rule.meaning
    assert said.fund is None or kind.fund is None or said.fund in funds_within(kind.fund)
    assert said.nature is None or kind.nature is None


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_every_figure_of_the_marts_is_printed_somewhere_in_one_order(figure: MartAmount) -> None:
    name = figure.name
    ranks = [kind.figures[name] for kind in KINDS if name in kind.figures]
    assert sorted(ranks) == list(range(1, len(ranks) + 1))
    assert ranks


def test_titles_and_comparisons_of_undeclared_statements_are_refused() -> None:
    alone = StatementKind("debt_service", "债务还本付息支出表", compared=(Comparison("X1", "expenditure_summary"),))
    with pytest.raises(ValueError, match="expenditure_summary"):
        StatementKinds((alone,), ())
    with pytest.raises(ValueError, match="debt_service"):
        StatementKinds(KINDS, [TitleRule(TitleMeaning("debt_service", None, None), (("债务",),))])
    with pytest.raises(ValueError, match="X9"):
        StatementKinds((replace(KINDS[0], compared=(Comparison("X9", KINDS[0].id),)), *KINDS[1:]), ())
    with pytest.raises(ValueError, match="one id"):
        StatementKinds((*KINDS, KINDS[0]), ())


def test_another_list_of_kinds_counts_where_it_is_declared() -> None:
    debt = StatementKind("debt_service", "债务还本付息支出表", fund="general_public")
    kinds = BUILT_IN.extended([debt], [TitleRule(TitleMeaning(debt.id, None, "project"), (("债务",), ("支出",)))])
    title = "债务还本付息支出表"
    with declaring(kinds):
        assert read_title(title) == TitleMeaning("debt_service", "general_public", "project")
        assert statement_kinds()["debt_service"] is debt
    assert read_title(title) == TitleMeaning("other", None, None)
    assert "debt_service" not in statement_kinds()
