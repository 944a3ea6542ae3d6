"""What a build did and how good a dataset is, in words for people and as values for machines.

Belongs here: summaries. How they get on the terminal is in `terminal.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import polars as pl
from rich.console import RenderableType

from assets.cli.terminal import plain, share, table
from pipeline.checks.advice import advice_on
from pipeline.checks.scorecard import ScorecardTotals
from pipeline.publish.description.scorecard_page import causes_of

if TYPE_CHECKING:
    from pipeline.build import BuildResult

_SHOWN = 4
"""How many partitions a line names."""

_STATUSES = ("published", "quarantined", "superseded", "duplicate")


def summary_of(result: BuildResult, seconds: float) -> dict[str, Any]:
    """Return what a build did, for machines."""
    return {
        "dataset": str(result.dataset),
        "partitions": list(result.partitions),
        "partitions_made": list(result.made),
        "removed_partitions": list(result.removed),
        "broken_partitions": dict(result.broken),
        "held_partitions": dict(result.held),
        "documents_read": result.documents_read,
        "stages_made": {str(stage): count for stage, count in result.stages_made.items()},
        "rows": dict(result.rows),
        "score": score_values(result.score),
        "not_published": [
            {**{name: row[name] for name in ("file_name", "document_id", "status", "reason")}, "advice": advice_on(row["reason"] or "")}
            for row in result.documents.filter(pl.col("status") != "published").iter_rows(named=True)
        ],
        "damaged_dataset_replaced": None if result.replaced is None else str(result.replaced),
        "failed_checks": [asdict(check) for check in result.failed_checks],
        "seconds": round(seconds, 2),
    }


def told(result: BuildResult, seconds: float) -> Iterator[RenderableType]:
    """Yield what a build did, for people."""
    score = result.score
    if result.replaced is not None:
        yield f"[red]Damaged[/]: {plain(str(result.replaced))}"
    counts = ", ".join(f"{getattr(score, status)} {status}" for status in _STATUSES if getattr(score, status))
    yield f"{score.files} files ({result.documents_read} documents read, the others known): {counts or 'none'}"
    for row in result.documents.filter(pl.col("status") == "quarantined").sort("file_name").iter_rows(named=True):
        advice = advice_on(row["reason"])
        yield f"  [yellow]quarantined[/] {plain(row['file_name'])}: {plain(row['reason'])}{f' → {advice}' if advice else ''}"
    yield f"{score.lines} budget lines, {share(score.captured_rate)} of the amounts printed in tables captured"
    yield f"{score.checks_passed} checks passed, {score.checks_failed} failed, {score.checks_warned} warnings"
    places: dict[tuple[str, str, str], list[str]] = {}
    for check in result.failed_checks:
        places.setdefault((check.severity, check.table, check.check), []).append(check.partition)
    for (severity, name, verdict), partitions in sorted(places.items()):
        colour = "red" if severity == "ERROR" else "yellow"
        more = f" and {len(partitions) - _SHOWN} more" if len(partitions) > _SHOWN else ""
        yield f"  [{colour}]{severity.lower()}[/] {name}: {verdict} in {', '.join(partitions[:_SHOWN])}{more}"
    if result.removed:
        yield f"No longer in the dataset, for want of inputs: {', '.join(result.removed)}"
    for key, error in result.broken.items():
        yield f"[red]Not made[/] {key}: {plain(error)}"
    for key, fall in result.held.items():
        yield f"[red]Held back[/] {key}: {fall}. What was published stays; publish it with --acknowledge '{key}=why it may fall'"
    count = len(result.partitions) - len(result.held)
    unchanged = len(result.partitions) - len(result.made) - len(result.held)
    known = f" ({unchanged} of them unchanged)" if unchanged else ""
    yield f"{count} partitions published to [bold]{plain(str(result.dataset))}[/]{known} in {seconds:.1f} s"


def score_values(score: ScorecardTotals) -> dict[str, Any]:
    """Return the overall scorecard with its shares, for machines."""
    shares = {"captured_rate": score.captured_rate, "pass_rate": score.pass_rate, "headline": score.headline}
    return {**asdict(score), **{name: None if value is None else round(value, 4) for name, value in shares.items()}}


def scorecard(scores: pl.DataFrame, identities: pl.DataFrame, score: ScorecardTotals) -> Iterator[RenderableType]:
    """Yield the scorecard for people: per document, per identity, overall."""
    numbers = ("lines", "captured", "passed", "failed", "warned", "ambiguous")
    documents = table("Documents", "document", "year", "province", "department", "status", *numbers, "verdict", right=numbers)
    for row in scores.iter_rows(named=True):
        documents.add_row(
            row["document_id"],
            str(row["fiscal_year"]),
            row["province"],
            plain(row["department"] or row["file_name"]),
            row["status"],
            str(row["lines"]),
            share(row["captured_rate"]),
            *(str(row[name]) for name in ("passed", "failed", "warned", "ambiguous")),
            _verdict(row),
        )
    yield documents
    yield ""
    outcomes = ("passed", "failed", "warned", "not applicable", "rate")
    tried = table("Identities", "id", *outcomes, right=outcomes)
    for row in identities.iter_rows(named=True):
        values = (str(row[name]) for name in ("passed", "failed", "warned", "not_applicable"))
        tried.add_row(row["check_id"], *values, share(row["pass_rate"]))
    yield tried
    yield ""
    yield (
        f"{score.files} files: {score.published} published, {score.quarantined} quarantined, "
        f"{score.superseded} superseded, {score.duplicate} duplicate"
    )
    yield (
        f"{score.lines} budget lines: {score.lines_proven} proven by an identity, {score.lines_solved} with a solved column, "
        f"{score.lines_ambiguous} ambiguous"
    )
    yield f"{score.amounts_captured} of {score.amounts_printed} amounts printed in tables captured ({share(score.captured_rate)})"
    yield (
        f"{score.checks_passed} checks passed, {score.checks_failed} failed, {score.checks_warned} warnings, "
        f"{score.checks_not_applicable} not applicable ({share(score.pass_rate)} passed)"
    )
    yield (
        f"[bold]{score.complete_and_reconciled} of {score.with_tables}[/] documents with tables are complete and reconciled "
        f"({share(score.headline)})"
    )


def causes_and_trend(findings: pl.DataFrame, trend: dict[str, Any] | None) -> Iterator[RenderableType]:
    """Yield why identities fail, and what changed since another version, for people."""
    causes = causes_of(findings)
    if causes:
        yield ""
        numbers = ("findings", "documents", "identities")
        shown = table("Why identities fail", "severity", "cause", *numbers, right=numbers)
        for row in causes:
            shown.add_row(row["severity"], row["cause"], *(str(row[name]) for name in numbers))
        yield shown
    if trend:
        yield ""
        changes = table(f"Since {trend['before']}", "measure", "before", "now", "change", right=("before", "now", "change"))
        for row in trend["rows"]:
            colour = {"up": "green", "down": "red"}.get(row["direction"])
            changes.add_row(row["measure"], row["before"], row["now"], f"[{colour}]{row['change']}[/]" if colour else row["change"])
        yield changes
        for moved in trend["moved"]:
            yield f"  {plain(moved['label'])}: grade {moved['before'] or '–'} → {moved['now'] or '–'}"


def _verdict(row: dict[str, Any]) -> str:
    if row["status"] != "published":
        return plain(row["reason"] or "")
    parts = []
    if row["reconciled"] is not None:
        parts.append("[green]reconciled[/]" if row["reconciled"] else f"[red]fails {row['worst']}[/]")
    if row["complete"] is False:
        parts.append("[yellow]incomplete[/]")
    return ", ".join(parts) or "nothing to check"
