"""The catalogue of checks: whole, and written out in docs/checks.md."""

from pathlib import Path

from pipeline.accounting.identities import identity_checks
from schemas.check_catalogue import CAUSES, CHECK_RULES, RULES, CauseKind, Family, catalogue_page
from schemas.columns import CAUSE, CHECK_ID

PAGE = Path(__file__).resolve().parents[2] / "docs" / "checks.md"
OF_THE_DOMAIN = {"H1", "H2", "R1", "R2", "B1", "X1", "X2", "X3", "X4", "X5", "T1", "T2", "N1", "N2", "P1", "P2", "Y1"}


def test_the_page_is_the_declaration() -> None:
    assert PAGE.read_text(encoding="utf-8") == catalogue_page(), "run: python -m schemas.check_catalogue > docs/checks.md"


def test_every_check_is_declared_once_and_wholly() -> None:
    ids = [rule.id for rule in CHECK_RULES]
    assert len(set(ids)) == len(ids)
    assert set(ids) >= OF_THE_DOMAIN
    assert set(CHECK_ID.values) == set(ids)
    for rule in CHECK_RULES:
        assert any("\u4e00" <= character <= "\u9fff" for character in rule.chinese)
        assert all((rule.english, rule.source, rule.needs, rule.tolerance))
        assert rule.severity.split(";")[0] in ("error", "warning")
        assert rule.scope in ("document", "dataset")


def test_the_engine_tries_the_families_of_the_statements_and_no_other() -> None:
    own = {Family.HIERARCHY, Family.ROW, Family.BALANCE, Family.CROSS, Family.THREE_PUBLIC, Family.SIZE}
    assert {check["check_id"] for check in identity_checks([], [])} == {rule.id for rule in CHECK_RULES if rule.family in own}
    assert set(Family) == {rule.family for rule in RULES.values()}


def test_every_cause_is_explained() -> None:
    assert set(CAUSES) == set(CauseKind)
    assert CAUSE.values == {kind.value: meaning for kind, meaning in CAUSES.items()}
