"""What a number's page says of its identities is what the checks said: of the excuses, too, that only the page can tell."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from pipeline.accounting.evaluate import Excuse
from pipeline.budget.line import Line
from pipeline.checks.repair import evaluate_and_repair
from pipeline.site.pages.proofs import identities_of
from tests.pipeline.checks.test_attribution import BY_FUNCTION, ROUNDED, as_read, budget


def frame(lines: list[Line]) -> pl.DataFrame:
    return pl.DataFrame([{name: getattr(line, name) for name in Line.__struct_fields__} for line in lines], infer_schema_length=None)


def test_an_excuse_that_the_page_was_asked_for_is_taken_from_the_checks() -> None:
    lines = budget(**ROUNDED)
    for printed, excuse in ((as_read, Excuse.FEWER_DECIMALS.name.lower()), (lambda asked: [None] * len(asked), None)):
        tried = evaluate_and_repair(lines, BY_FUNCTION, (), printed).tried
        failed = [t.row() for t in tried if t.outcome == "fail"]
        shown = identities_of(frame(lines), ["general_public_by_function"], failed).filter(pl.col("outcome") == "fail")
        assert set(shown["excuse"]) == {excuse}
        assert set(shown["severity"]) == {"warning" if excuse else "error"} == {row["severity"] for row in failed}
        assert all(isinstance(row["actual"], Decimal) for row in failed)
