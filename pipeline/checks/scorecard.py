"""The quality scorecard: how complete and how consistent the dataset is, per document and overall.

Belongs here: measures over the published tables, as pure functions. Nothing here reads files or prints.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipeline.checks.grades import COMPLETE_FROM, MOST_AMBIGUOUS

_FAILED = (pl.col("outcome") == "fail") & (pl.col("severity") == "error")
_OUTCOMES = {
    "passed": (pl.col("outcome") == "pass").sum(),
    "failed": _FAILED.sum(),
    "warned": ((pl.col("outcome") == "fail") & (pl.col("severity") == "warning")).sum(),
    "not_applicable": (pl.col("outcome") == "not_applicable").sum(),
}


@dataclass(frozen=True, slots=True)
class ScorecardTotals:
    """The scorecard in a few numbers; a share is None where there is nothing to take it of.

    Attributes:
        files: input files; `published`, `quarantined`, `superseded`, `duplicate` are what became of them.
        lines: budget lines; `lines_proven` of them take part in an identity that passed, the columns of `lines_solved` were
            proven by identities and those of `lines_ambiguous` stay open.
        amounts_printed, amounts_captured: numbers in statement tables, and of these those in the dataset.
        checks_passed, checks_failed, checks_warned, checks_not_applicable: outcomes; a failure of severity `warning` is a warning.
        with_tables: published documents in whose statements amounts are printed; `complete` of them are captured and
            `reconciled` hold every identity; `complete_and_reconciled` are both, and not ambiguous.
    """

    files: int
    published: int
    quarantined: int
    superseded: int
    duplicate: int
    lines: int
    lines_proven: int
    lines_solved: int
    lines_ambiguous: int
    amounts_printed: int
    amounts_captured: int
    checks_passed: int
    checks_failed: int
    checks_warned: int
    checks_not_applicable: int
    with_tables: int
    complete: int
    reconciled: int
    complete_and_reconciled: int

    @property
    def captured_rate(self) -> float | None:
        """Share of the printed amounts that are in the dataset."""
        return _share(self.amounts_captured, self.amounts_printed)

    @property
    def pass_rate(self) -> float | None:
        """Share of the applicable checks that passed; warnings count as not passed."""
        return _share(self.checks_passed, self.checks_passed + self.checks_failed + self.checks_warned)

    @property
    def headline(self) -> float | None:
        """Share of the published documents with tables that are complete, reconciled and not ambiguous."""
        return _share(self.complete_and_reconciled, self.with_tables)


def document_scores(documents: pl.DataFrame, budget_lines: pl.DataFrame, checks: pl.DataFrame) -> pl.DataFrame:
    """Return one row per input file with its counts, shares and verdicts, ordered by year, province, region and department.

    Args:
        documents: the published table.
        budget_lines: likewise.
        checks: likewise.

    Returns:
        The identifying columns of `documents`, then `lines`, `proven`, `solved`, `ambiguous` (lines), `captured_rate`,
        `passed`, `failed`, `warned`, `not_applicable` (checks), `reconciled`, `complete`, `worst` (the identity that fails
        most), `grade`, `source_url`.
    """
    lines = budget_lines.group_by("document_id").agg(
        proven=(pl.col("proofs") > 0).sum(),
        solved=(pl.col("column_evidence") == "solved").sum(),
        ambiguous=(pl.col("column_evidence") == "ambiguous").sum(),
    )
    outcomes = checks.group_by("document_id").agg(**_OUTCOMES)
    worst = (
        checks.filter(_FAILED)
        .group_by("document_id", "check_id")
        .len()
        .sort("document_id", "len", "check_id", descending=[False, True, False])
        .unique("document_id", keep="first", maintain_order=True)
        .select("document_id", worst="check_id")
    )
    counts = ("proven", "solved", "ambiguous", "passed", "failed", "warned", "not_applicable")
    published, counted = pl.col("status") == "published", pl.col("status").is_in(["published", "quarantined"])
    joined = documents
    for frame in (lines, outcomes, worst):
        joined = joined.join(frame, on="document_id", how="left")
    return (
        joined.with_columns(
            # what is counted of a document is counted once: for the file that stands for it
            *(pl.when(counted).then(pl.col(name).fill_null(0)).otherwise(0).alias(name) for name in counts),
            captured_rate=pl.when(published & (pl.col("amounts_printed") > 0)).then(
                pl.col("amounts_captured").fill_null(0) / pl.col("amounts_printed")
            ),
        )
        .with_columns(complete=pl.col("captured_rate") >= COMPLETE_FROM)
        .sort("fiscal_year", "province", "region_code", "department", "document_id", "file_name", "source_url")
        .select(
            *("document_id", "file_name", "fiscal_year", "province", "region_code", "department", "kind", "status", "reason"),
            *("lines", "proven", "solved", "ambiguous", "amounts_printed", "amounts_captured", "captured_rate"),
            *("passed", "failed", "warned", "not_applicable", "reconciled", "complete", "worst"),
            *("grade", "source_url"),
        )
    )


def overall(scores: pl.DataFrame) -> ScorecardTotals:
    """Return the scorecard of all documents from the scores of each (see `document_scores`)."""
    status = dict(scores["status"].value_counts().iter_rows())
    published = scores.filter(pl.col("status") == "published")
    with_tables = published.filter(pl.col("amounts_printed") > 0)
    complete, reconciled = pl.col("complete").fill_null(False), pl.col("reconciled").fill_null(False)
    clear = pl.col("ambiguous") <= MOST_AMBIGUOUS * pl.col("lines")
    total = {name: int(published[name].sum() or 0) for name in ("lines", "proven", "solved", "ambiguous")}
    total |= {name: int(with_tables[name].sum() or 0) for name in ("amounts_printed", "amounts_captured")}
    checks = {name: int(scores[name].sum() or 0) for name in ("passed", "failed", "warned", "not_applicable")}
    return ScorecardTotals(
        files=scores.height,
        published=status.get("published", 0),
        quarantined=status.get("quarantined", 0),
        superseded=status.get("superseded", 0),
        duplicate=status.get("duplicate", 0),
        lines=total["lines"],
        lines_proven=total["proven"],
        lines_solved=total["solved"],
        lines_ambiguous=total["ambiguous"],
        amounts_printed=total["amounts_printed"],
        amounts_captured=total["amounts_captured"],
        checks_passed=checks["passed"],
        checks_failed=checks["failed"],
        checks_warned=checks["warned"],
        checks_not_applicable=checks["not_applicable"],
        with_tables=with_tables.height,
        complete=with_tables.filter(complete).height,
        reconciled=with_tables.filter(reconciled).height,
        complete_and_reconciled=with_tables.filter(complete & reconciled & clear).height,
    )


def identity_scores(checks: pl.DataFrame) -> pl.DataFrame:
    """Return one row per identity with its outcomes: `check_id`, `passed`, `failed`, `warned`, `not_applicable`, `pass_rate`."""
    return (
        checks.group_by("check_id")
        .agg(**_OUTCOMES)
        .with_columns(tried=pl.col("passed") + pl.col("failed") + pl.col("warned"))
        .with_columns(pass_rate=pl.when(pl.col("tried") > 0).then(pl.col("passed") / pl.col("tried")))
        .drop("tried")
        .sort("check_id")
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
